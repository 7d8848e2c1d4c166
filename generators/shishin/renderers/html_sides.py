"""Which column of a comparison holds the older words: on a narrow screen they come first, whatever stands left on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from shishin.document import Table, Underlined
from shishin.renderers.site_tables import head_words, placed

_WORDS = {"old": re.compile(r"前|現行|旧|\bold|before|current", re.IGNORECASE),
          "new": re.compile(r"後|案|新|\bnew|after", re.IGNORECASE)}  # fmt: skip


def sides(table: Table) -> tuple[int, int] | None:
    """Return the columns of the older and of the newer words; None where it can't be told."""
    found = {side: _marked(table, side) for side in _WORDS}
    heads = [head_words(cell) for cell in table.head[0]] if table.head else []
    for side, words in _WORDS.items():
        if found[side] is None and len(heads) == len(table.widths):
            taken = set(found.values())
            free = (at for at, head in enumerate(heads) if at not in taken and words.search(head))
            found[side] = next(free, None)
    old, new = found["old"], found["new"]
    return (old, new) if old is not None and new is not None and old != new else None


def _marked(table: Table, change: str) -> int | None:
    """Return the one column that has words underlined as this change."""
    columns = {
        column
        for row in placed(table)
        for column, cell in row
        if any(isinstance(node, Underlined) and node.change == change for node in _nodes(cell.blocks))
    }
    return columns.pop() if len(columns) == 1 else None


def _nodes(value: object) -> Iterator[object]:
    if isinstance(value, tuple):
        for part in value:
            yield from _nodes(part)
    elif is_dataclass(value):
        yield value
        for field in fields(value):
            yield from _nodes(getattr(value, field.name))
