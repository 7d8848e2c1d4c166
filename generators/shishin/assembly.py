"""What becomes of a template's blocks: headings gather what follows them, table heads find their tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from shishin.document import Block, Cell, Inline, Section, Table, Text

HEADING = "heading"
"""The kind of a section that is only begun: a heading mark, before `nested` gathers its blocks."""
HEAD, STUB, MERGE = "head", "stub", "merge"
"""Marks in the number of a table that is only begun, by a template's `table(…)`."""


def joined_tables(blocks: tuple[Block, ...], missing: Callable[[Table], None]) -> Iterator[Block]:
    """Join each table's head with the table that follows it; `missing` is told each head that has none."""
    head: Table | None = None
    for block in blocks:
        begun = isinstance(block, Table) and block.number.startswith(HEAD)
        if isinstance(block, Table) and begun:
            if head is not None:
                missing(head)
            head = block
        elif head is not None:
            if isinstance(block, Table):
                yield _headed(block, head)
            else:
                missing(head)
                yield block
            head = None
        else:
            yield block
    if head is not None:
        missing(head)


def without_stop(inlines: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """Drop the full stop at the end: inside brackets it has none."""
    if inlines and isinstance(inlines[-1], Text) and inlines[-1].text.endswith("。"):
        return (*inlines[:-1], Text(text=inlines[-1].text[:-1]))
    return inlines


def _headed(table: Table, head: Table) -> Table:
    columns = len((*table.head, *table.rows, ())[0])
    rows = table.rows
    marks = head.number.split()
    if STUB in marks:
        rows = tuple((replace(row[0], header=True), *row[1:]) for row in rows)
    if MERGE in marks:
        rows = tuple(_merged(rows))
    widths = head.widths if len(head.widths) == columns else table.widths
    return replace(table, id=head.id, caption=head.caption, widths=widths, note=head.note, look=head.look, rows=rows)


def _merged(rows: tuple[tuple[Cell, ...], ...]) -> Iterator[tuple[Cell, ...]]:
    """Let a first cell span the rows below it whose first cell is empty; those rows lose it."""
    for place, row in enumerate(rows):
        if not row[0].blocks and place:
            yield row[1:]
            continue
        below = 1
        while place + below < len(rows) and not rows[place + below][0].blocks:
            below += 1
        yield (replace(row[0], rows=below), *row[1:])


def nested(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Turn headings followed by blocks into sections that hold them."""
    index = 0
    while index < len(blocks):
        block = blocks[index]
        index += 1
        if not (isinstance(block, Section) and block.kind == HEADING):
            yield block
            continue
        start = index
        while index < len(blocks):
            other = blocks[index]
            if isinstance(other, Section) and other.kind == HEADING and other.level <= block.level:
                break
            index += 1
        yield replace(block, kind="part", level=0, blocks=tuple(nested(blocks[start:index])))
