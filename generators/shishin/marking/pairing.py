"""Which parts of two texts go together: blocks, entries, rows of tables, in order, by id first and then by likeness.

Stage: under marking.py. Nothing here looks at words; `segment` does that inside what was paired.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeAlias

from shishin.document import (
    Anchor,
    Block,
    BulletList,
    Cell,
    CodeText,
    Figure,
    Inline,
    Note,
    OrderedList,
    Paragraph,
    Quote,
    Reference,
    Ruby,
    Section,
    Table,
    Text,
)
from shishin.rewrite import walk

Row: TypeAlias = tuple[Cell, ...]
Pairs: TypeAlias = list[tuple[int | None, int | None]]
"""Places in the old and the new sequence, None where there is no counterpart; both sides in order."""

ALIKE = 0.4
"""From here on two paragraphs are versions of one another."""
AKIN = 0.2
"""From here on two lists or tables are: what stands in them is paired again."""
MOST = 1_000_000
"""Comparisons that one alignment may cost; longer sequences only pair what has an id or is the same."""
_CERTAIN = 2.0
_CONTAINERS = (BulletList, OrderedList, Table, Quote, Note)


def likeness(old: frozenset[str], new: frozenset[str]) -> float:
    """Return how alike two texts are, from 0 to 1, by the pairs of characters they have in common."""
    return 2 * len(old & new) / (len(old) + len(new)) if old or new else 1.0


def grams(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring characters of a text."""
    return frozenset(map("".join, pairwise(text))) or frozenset([text] if text else [])


def words(nodes: Iterable[Block | Inline]) -> str:
    """Return everything that nodes say, footnotes too."""
    return "".join(
        node.base if isinstance(node, Ruby) else node.text
        for node in walk(nodes)
        if isinstance(node, Text | CodeText | Ruby)
    )


class Part:
    """One element of a sequence that is being paired: what it holds, its shape, its id if it has one, its head word."""

    def __init__(
        self, value: Any, nodes: tuple[Block | Inline, ...], shape: Any, key: str = "", name: str = ""
    ) -> None:
        self.value = value
        self.nodes = nodes
        self.shape = shape  # only parts of one shape go together
        self.key = key  # parts with keys only go together by them
        self.name = name  # parts of one name are versions of one another, unless others are much more alike

    @cached_property
    def grams(self) -> frozenset[str]:
        """The pairs of characters of its words."""
        return grams(words(self.nodes))

    def fits(self, other: Part) -> float:
        """Return how good a pair it makes with a part of the new side; 0 is none."""
        if self.shape != other.shape:
            return 0.0
        if self.key or other.key:
            return _CERTAIN + likeness(self.grams, other.grams) if self.key == other.key else 0.0
        if self.value == other.value:
            return 1.0
        alike = likeness(self.grams, other.grams)
        if self.name and self.name == other.name:
            return alike + ALIKE
        return alike if alike >= (AKIN if isinstance(self.value, _CONTAINERS) else ALIKE) else 0.0


def of_block(block: Block) -> Part:
    """Return a block as a part of a sequence."""
    match block:
        case Section():
            return Part(block, block.title, (Section, block.level, block.part), block.id)
        case Table():
            columns = max((sum(cell.columns for cell in row) for row in (*block.head, *block.rows)), default=0)
            return Part(block, (block,), (Table, columns, block.look, tuple(map(shape_of, block.head))), block.id)
        case Figure():  # two pictures are never merged: only the words around the same one
            return Part(block, (), (Figure, block.svg, block.alt))
        case OrderedList():
            return Part(block, (block,), (OrderedList, block.start))
        case Note():
            return Part(block, (block,), (Note, block.look))
        case Paragraph() | BulletList() | Quote():
            return Part(block, (block,), type(block))
        case _:
            return Part(block, (), type(block))


def of_entry(entry: tuple[Block, ...]) -> Part:
    """Return an entry of a list as a part of a sequence."""
    return Part(entry, entry, "entry", _anchor(entry))


def of_rows(rows: tuple[Row, ...]) -> Part:
    """Return rows that share cells (or one row) as a part of a sequence."""
    nodes = tuple(block for row in rows for cell in row for block in cell.blocks)
    name = words(rows[0][0].blocks) if rows[0] else ""
    regular = spanning(rows) is not None
    shape = tuple((cell.columns, cell.header) for cell in rows[0]) if regular else tuple(map(shape_of, rows))
    return Part(rows, nodes, shape, _anchor(nodes) or _mention(rows[0]), name)


def shape_of(row: Row) -> tuple[tuple[int, int, bool], ...]:
    """Return what a row looks like without its words."""
    return tuple((cell.columns, cell.rows, cell.header) for cell in row)


def spanning(rows: tuple[Row, ...]) -> frozenset[int] | None:
    """Return which cells of the first row stand beside all of these rows; None where others span rows too."""
    first, *others = rows
    if not others:
        return frozenset()
    found = frozenset(place for place, cell in enumerate(first) if cell.rows == len(rows))
    single = all(cell.rows == 1 for row in others for cell in row)
    if single and all(cell.rows == 1 for place, cell in enumerate(first) if place not in found):
        return found if len(found) < len(first) else None
    return None


def _anchor(nodes: tuple[Block, ...]) -> str:
    return next((node.id for node in walk(nodes) if isinstance(node, Anchor)), "")


def _mention(row: Row) -> str:
    """Return what the first cell points to: a row about an item."""
    first = row[0].blocks if row else ()
    return next((f"→{node.target}" for node in walk(first) if isinstance(node, Reference)), "")


def row_groups(rows: tuple[Row, ...]) -> list[tuple[Row, ...]]:
    """Return rows in groups: those that one cell spans stay together."""
    groups: list[tuple[Row, ...]] = []
    start = end = 0
    for place, row in enumerate(rows):
        end = max([end, *(place + cell.rows for cell in row)])
        if place + 1 >= end:
            groups.append(rows[start : place + 1])
            start = end = place + 1
    return [*groups, rows[start:]] if start < len(rows) else groups


def paired(old: Sequence[Any], new: Sequence[Any], part: Callable[[Any], Part]) -> Pairs:
    """Return how two sequences go together best; what only the old one has comes before what only the new one has."""
    shorter = min(len(old), len(new))
    head = next((place for place in range(shorter) if old[place] != new[place]), shorter)
    tail = next((place for place in range(shorter - head) if old[-1 - place] != new[-1 - place]), shorter - head)
    inner = _best(
        [part(one) for one in old[head : len(old) - tail]],
        [part(one) for one in new[head : len(new) - tail]],
    )
    return [
        *((place, place) for place in range(head)),
        *((None if i is None else i + head, None if j is None else j + head) for i, j in inner),
        *((len(old) - place, len(new) - place) for place in range(tail, 0, -1)),
    ]


def _best(old: list[Part], new: list[Part]) -> Pairs:
    if len(old) * len(new) > MOST:
        return _by_key(old, new)
    fits = [[one.fits(other) for other in new] for one in old]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        row, below, fit = best[i], best[i + 1], fits[i]
        for j in range(len(new) - 1, -1, -1):
            without = max(below[j], row[j + 1])
            row[j] = max(without, fit[j] + below[j + 1]) if fit[j] else without
    done: Pairs = []
    i = j = 0
    while i < len(old) and j < len(new):
        if fits[i][j] and best[i][j] == fits[i][j] + best[i + 1][j + 1]:
            done.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            done.append((i, None))
            i += 1
        else:
            done.append((None, j))
            j += 1
    return [*done, *((place, None) for place in range(i, len(old))), *((None, place) for place in range(j, len(new)))]


def _by_key(old: list[Part], new: list[Part]) -> Pairs:
    """Return the pairs of very long sequences: the same keys or the same words, and nothing in between."""
    from difflib import SequenceMatcher

    done: Pairs = []
    before, after = ([(one.shape, one.key or one.value) for one in side] for side in (old, new))
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            done += zip(range(i1, i2), range(j1, j2), strict=True)
        else:
            done += [(place, None) for place in range(i1, i2)]
            done += [(None, place) for place in range(j1, j2)]
    return done
