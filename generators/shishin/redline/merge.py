"""Which blocks of the two files become one, and the merged text made of them.

First a plan, down to the cells, then the text: a row or section whose ends can't be brought together (`Apart`) must
be known before anything is written. The mark that ends a cell or section can't be tracked, so the last paragraphs of
both sides have to be of one kind.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal, TypeAlias

from lxml import etree

from shishin.redline import align
from shishin.redline.reading import END, START, Block, P
from shishin.redline.runs import Change, merged, paragraph_mark, track_all
from shishin.renderers.word_xml import element, w

ALIKE = 0.35
"""How much two paragraphs of one style must have in common to be shown as one."""
ALIKE_TABLES = 0.2

SEPARATOR = '<w:p><w:pPr><w:pStyle w:val="AfterTable"/></w:pPr></w:p>'


Mark: TypeAlias = Literal["", "ins", "del", "keep"]
"""How a paragraph's own mark is tracked; "keep": not at all, though its words are."""


class Apart(Exception):
    """Two cells or sections end in paragraphs that can't become one."""


@dataclass(frozen=True, slots=True)
class Step:
    """One block of the merged text: of both sides, of the old or of the new one.

    `rows` are those of a table of both sides, `cells` of a row. `mark` tells how the paragraph's own mark is tracked.
    """

    old: Block | None
    new: Block | None
    mark: Mark = ""
    rows: tuple[Step, ...] = ()
    cells: tuple[tuple[Step, ...], ...] = ()

    @property
    def block(self) -> Block:
        """The block; the new one where there are both."""
        found = self.new or self.old
        assert found is not None
        return found

    @property
    def both(self) -> bool:
        """Whether it is of both sides."""
        return self.old is not None and self.new is not None

    @property
    def side(self) -> Change:
        """How all of it is changed."""
        return "" if self.both else "del" if self.new is None else "ins"


# ---------------------------------------------------------------- the plan


def plan(old: Sequence[Block], new: Sequence[Block]) -> tuple[Step, ...]:
    """Return the merged order of the blocks of a cell or section; raise `Apart` where the ends don't go together."""
    steps = []
    for i, j in _aligned(old, new, _alike):
        step = Step(old[i] if i is not None else None, new[j] if j is not None else None)
        steps += _table(step) if step.both and step.block.table else [step]
    return tuple(_marked(_separated(_ended(steps))))


def _aligned(
    old: Sequence[Block], new: Sequence[Block], alike: Callable[[Block, Block], float]
) -> list[tuple[int | None, int | None]]:
    """Align by names, then by equal content, then by likeness; a pair of unlike shape falls into two."""
    names = [block.mark for block in old], [block.mark for block in new]
    named = align.named(*names)
    shared = set(names[0]) & set(names[1])
    owners = _owners(names[0], shared), _owners(names[1], shared)
    keys = [
        list(zip(owners[side], names[side], (block.key for block in blocks), strict=True))
        for side, blocks in enumerate((old, new))
    ]

    def score(i: int, j: int) -> float:
        same = owners[0][i] == owners[1][j] and not (names[0][i] and names[1][j])
        return alike(old[i], new[j]) if same or (old[i].key == new[j].key and "__" not in names[0][i]) else 0

    pairs: list[align.Pair] = []
    apart: set[align.Pair] = set()
    for (i1, j1), (i2, j2) in zip([(-1, -1), *named], [*named, (len(old), len(new))], strict=True):
        pairs += _between(keys[0], keys[1], (i1 + 1, i2, j1 + 1, j2), score)
        if i2 < len(old):
            pairs.append((i2, j2))
            if old[i2].shape != new[j2].shape:
                apart.add((i2, j2))
    found: list[tuple[int | None, int | None]] = []
    for i, j in align.steps(len(old), len(new), pairs):
        found += [(i, None), (None, j)] if (i, j) in apart else [(i, j)]
    return found


def _owners(names: Sequence[str], shared: Collection[str]) -> list[str]:
    """Return under which name each block stands, "?" for one that only this side has: words stay in their section."""
    found, owner = [], ""
    for name in names:
        if name:
            owner = name if name in shared else "?"
        found.append(owner)
    return found


def _between(
    old: Sequence[Hashable], new: Sequence[Hashable], gap: tuple[int, int, int, int], score: Callable[[int, int], float]
) -> list[align.Pair]:
    i1, i2, j1, j2 = gap
    places = [(i1 + i, j1 + j) for i, j in align.equal(old[i1:i2], new[j1:j2])]
    found: list[align.Pair] = []
    for (a1, b1), (a2, b2) in zip([(i1 - 1, j1 - 1), *places], [*places, (i2, j2)], strict=True):
        a, b = a1 + 1, b1 + 1
        likes = align.similar(a2 - a, b2 - b, partial(_shifted, score, a, b))
        found += [(a + i, b + j) for i, j in likes]
        if (a2, b2) != (i2, j2):
            found.append((a2, b2))
    return found


def _shifted(score: Callable[[int, int], float], a: int, b: int, i: int, j: int) -> float:
    return score(a + i, b + j)


def _alike(old: Block, new: Block) -> float:
    if old.shape != new.shape:
        return 0
    if old.table and len(old.rows) == len(new.rows) == 1 and len(old.rows[0].cells) == 1:
        return max(align.likeness(old.letters, new.letters), 0.1)  # a frame around text
    alike = align.likeness(old.letters, new.letters)
    return alike if alike >= (ALIKE_TABLES if old.table else ALIKE) else 0


def _alike_rows(old: Block, new: Block) -> float:
    if old.shape != new.shape:
        return 0
    first = old.cells and [one.text for one in old.cells[0]] == [one.text for one in new.cells[0]] != [""]
    alike = align.likeness(old.letters, new.letters) + (0.3 if first else 0)
    return alike if alike >= ALIKE else 0


def _table(step: Step) -> list[Step]:
    """Return a table of both sides with its rows; two tables where no row goes with another."""
    old, new = step.old, step.new
    assert old is not None and new is not None
    if old.key == new.key:
        return [step]
    rows: list[Step] = []
    single = len(old.rows) == len(new.rows) == 1 and old.rows[0].shape == new.rows[0].shape
    for i, j in [(0, 0)] if single else _aligned(old.rows, new.rows, _alike_rows):
        rows += _row(old.rows[i] if i is not None else None, new.rows[j] if j is not None else None)
    if not any(row.both for row in rows):
        return [replace(step, new=None), replace(step, old=None)]
    return [replace(step, rows=tuple(rows))]


def _row(old: Block | None, new: Block | None) -> list[Step]:
    step = Step(old, new)
    if old is None or new is None or old.key == new.key:
        return [step]
    try:
        cells = tuple(plan(before, after) for before, after in zip(old.cells, new.cells, strict=True))
    except Apart:
        return [Step(old, None), Step(None, new)]
    return [replace(step, cells=cells)]


# ---------------------------------------------------------------- the end of a cell or section


def _ended(steps: list[Step]) -> list[Step]:
    """Bring the ends of both sides together: the last mark of all stays untracked."""
    tail = len(steps)
    while tail and not steps[tail - 1].both:
        tail -= 1
    rest = steps[tail:]
    if not rest:
        return steps
    dropped, added = [one for one in rest if one.new is None], [one for one in rest if one.old is None]
    if dropped and added:
        last, other = dropped[-1].block, added[-1].block
        if last.shape != other.shape or last.table:
            raise Apart
        return [*steps[:tail], *dropped[:-1], *added[:-1], Step(last, other)]
    if not tail:
        return _alone(steps)
    before = steps[tail - 1]
    assert before.old is not None and before.new is not None
    last = rest[-1].block
    if before.block.table or last.table or last.shape != before.block.shape:
        raise Apart
    side: Change = rest[-1].side
    if not last.text and not before.block.text:  # nothing but a line: the last one is that of both sides
        first = Step(None, before.new) if side == "ins" else Step(before.old, None)
        end = Step(before.old, last) if side == "ins" else Step(last, before.new)
        return [*steps[: tail - 1], first, *rest[:-1], end]
    if any(one.block.table for one in rest):
        raise Apart
    # As Word does at the end of a text: the mark before the added words is the new one.
    return [*steps[: tail - 1], replace(before, mark=side), *rest[:-1], replace(rest[-1], mark="keep")]


def _alone(steps: list[Step]) -> list[Step]:
    """Return the steps of a section that only one side has: its end stays as an empty line."""
    if steps[-1].block.table:
        raise Apart
    return [*steps[:-1], replace(steps[-1], mark="keep")]


def _separated(steps: list[Step]) -> list[Step]:
    """Let no two tables touch, of which Word would make one."""
    found: list[Step] = []
    for place, step in enumerate(steps):
        found.append(step)
        following = steps[place + 1] if place + 1 < len(steps) else None
        if following is None or not (step.block.table and following.block.table):
            continue
        after = steps[place + 2] if place + 2 < len(steps) else None
        if after is not None and after.both and not after.block.table and not after.mark and place + 3 < len(steps):
            # The line behind both tables falls into two, one for each.
            found.append(Step(after.old, None))
            steps[place + 2] = Step(None, after.new)
        else:
            found.append(Step(None, None))
    return found


def _marked(steps: Sequence[Step]) -> list[Step]:
    """Track the marks of paragraphs that only one side has."""
    return [
        replace(step, mark=step.side) if (step.old or step.new) and not step.mark and not step.block.table else step
        for step in steps
    ]


# ---------------------------------------------------------------- the text


def written(steps: Sequence[Step]) -> list[etree._Element]:
    """Return the merged blocks; elements of both files are used up."""
    return [_written(step) for step in steps]


def _written(step: Step) -> etree._Element:
    if step.old is None and step.new is None:
        separator = element(SEPARATOR)
        paragraph_mark(separator, "ins", "del")
        return separator
    if step.block.table:
        return _written_table(step)
    if not step.both:
        node = track_all(step.block.node, step.side)
        if step.mark == "keep":
            _untrack(node)
        return node
    assert step.old is not None and step.new is not None
    if step.old.key == step.new.key and not _places(step.old.node):
        node = step.new.node
    else:
        node = merged(step.old.node, step.new.node)
    if step.mark == "ins" or step.mark == "del":
        paragraph_mark(node, step.mark)
    return node


def _untrack(paragraph: etree._Element) -> None:
    look = paragraph.find(f"{w('pPr')}/{w('rPr')}")
    assert look is not None
    for mark in list(look):
        if mark.tag in (w("ins"), w("del")):
            look.remove(mark)
    if not len(look):
        look.getparent().remove(look)  # type: ignore[union-attr]


def _places(node: etree._Element) -> list[etree._Element]:
    return list(node.iter(START, END))


def _written_table(step: Step) -> etree._Element:
    if not step.both:
        return track_all(step.block.node, step.side)
    assert step.old is not None and step.new is not None
    table = step.new.node
    if not step.rows:
        _keep_places(step.old.node, table)
        return table
    rows = [_written_row(row) for row in step.rows]
    for row in table.findall(w("tr")):
        table.remove(row)
    table.extend(rows)
    return table


def _written_row(step: Step) -> etree._Element:
    if not step.both:
        return track_all(step.block.node, step.side)
    assert step.old is not None and step.new is not None
    row = step.new.node
    if not step.cells:
        _keep_places(step.old.node, row)
        return deepcopy(row)
    for cell, steps in zip(row.findall(w("tc")), step.cells, strict=True):
        blocks = written(steps)
        for block in list(cell):
            if block.tag in (P, w("tbl")):
                cell.remove(block)
        cell.extend(blocks)
    return row


def _keep_places(old: etree._Element, new: etree._Element) -> None:
    """Bring old bookmarks into the first paragraph of a table that is otherwise the same."""
    paragraph = next(new.iter(P), None)
    for mark in _places(old):
        if paragraph is not None:
            paragraph.append(mark)
