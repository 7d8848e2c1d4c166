"""Either version out of a text with marks: what the other side alone has goes, with the blocks that held nothing else.

A paragraph all of whose words go was not there at all; neither was a list entry, a row, a table, a section of such.
Stage: the way back from marking.py and merge.py.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias, assert_never

from shishin.document import (
    Anchor,
    Block,
    BulletList,
    Cell,
    CodeText,
    Emphasis,
    Figure,
    Footnote,
    Inline,
    Inserted,
    LineBreak,
    Link,
    Note,
    OrderedList,
    PageOf,
    Paragraph,
    Quote,
    Reference,
    Removed,
    Ruby,
    Rule,
    Section,
    Small,
    Strong,
    Table,
    Text,
    Underlined,
)
from shishin.rewrite import map_inlines

Mark: TypeAlias = type[Inserted] | type[Removed]
Row: TypeAlias = tuple[Cell, ...]
There: TypeAlias = bool | None
"""Whether something is in this version; None where it says nothing about that (a blank cell)."""


def bare(inlines: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """Return the words of a mark without the mark."""
    return inlines


def taken(
    blocks: tuple[Block, ...], gone: Mark, keep: Callable[[tuple[Inline, ...]], tuple[Inline, ...]] = bare
) -> tuple[Block, ...]:
    """Return the version without the words marked as `gone`; the words in the other mark become what `keep` makes."""
    return _Taking(gone, keep).blocks(blocks)[0]


def there(blocks: tuple[Block, ...], gone: Mark) -> There:
    """Tell whether the version without the words marked as `gone` has anything of these blocks."""
    return _Taking(gone, bare).blocks(blocks)[1]


def _any(states: Iterable[There]) -> There:
    """Return what parts say about their whole: one is enough."""
    all_states = set(states)
    return True if True in all_states else False if False in all_states else None


@dataclass(frozen=True, slots=True)
class _Taking:
    gone: Mark
    keep: Callable[[tuple[Inline, ...]], tuple[Inline, ...]]

    def inlines(self, inlines: tuple[Inline, ...]) -> tuple[tuple[Inline, ...], There]:
        done: list[Inline] = []
        states: list[There] = []
        for inline in inlines:
            match inline:
                case Inserted() | Removed():
                    states.append(not isinstance(inline, self.gone))
                    if states[-1] and inline.inlines:
                        done += self.keep(inline.inlines)
                case Emphasis() | Strong() | Link() | Reference() | Anchor() | Small() | Underlined():
                    inner, state = self.inlines(inline.inlines)
                    states.append(state if inline.inlines else True)
                    if state is not False:
                        done.append(inline if inner == inline.inlines else replace(inline, inlines=inner))
                case Footnote():
                    blocks, state = self.blocks(inline.blocks)
                    states.append(state)
                    if state is not False:
                        done.append(Footnote(blocks=blocks))
                case Text() | CodeText() | Ruby() | LineBreak() | PageOf():
                    states.append(True)
                    done.append(inline)
                case _:
                    assert_never(inline)
        return tuple(done), _any(states)

    def blocks(self, blocks: tuple[Block, ...]) -> tuple[tuple[Block, ...], There]:
        done = [self.block(block) for block in blocks]
        return tuple(block for block, state in done if state is not False), _any(state for _, state in done)

    def block(self, block: Block) -> tuple[Block, There]:
        match block:
            case Paragraph():
                inlines, state = self.inlines(block.inlines)
                return Paragraph(inlines=inlines), state
            case Section():
                title, titled = self.inlines(block.title)
                blocks, state = self.blocks(block.blocks)
                return replace(block, title=title, blocks=blocks), _any((titled, state))
            case BulletList() | OrderedList():
                entries = [self.blocks(entry) for entry in block.items]
                items = tuple(entry for entry, state in entries if state is not False)
                return replace(block, items=items), bool(items) if entries else None
            case Table():
                caption, titled = self.inlines(block.caption)
                note, noted = self.inlines(block.note)
                head, rows = self.rows(block.head), self.rows(block.rows)
                state = bool(head or rows) if block.head or block.rows else None
                return replace(block, caption=caption, head=head, rows=rows, note=note), _any((titled, state, noted))
            case Figure():
                caption, titled = self.inlines(block.caption)
                note, noted = self.inlines(block.note)
                return replace(block, caption=caption, note=note), titled is not False or noted is True
            case Quote():
                blocks, state = self.blocks(block.blocks)
                return Quote(blocks=blocks), state
            case Note():
                title, titled = self.inlines(block.title)
                blocks, state = self.blocks(block.blocks)
                return replace(block, title=title, blocks=blocks), _any((titled, state))
            case Rule():
                return block, None
            case _:
                assert_never(block)

    def rows(self, rows: tuple[Row, ...]) -> tuple[Row, ...]:
        done: list[tuple[Row, bool]] = []
        for row in rows:
            cells = [self.blocks(cell.blocks) for cell in row]
            own = [one for one, cell in zip(cells, row, strict=True) if cell.rows == 1] or cells
            kept = _any(state for _, state in own) is not False
            done.append(
                (tuple(replace(cell, blocks=blocks) for cell, (blocks, _) in zip(row, cells, strict=True)), kept)
            )
        return tuple(row for row, _ in done) if all(kept for _, kept in done) else _without_rows(done)


@dataclass(slots=True)
class _Placed:
    """A cell in the grid of its table: its column, the rows below that it still covers, those of them that stay."""

    cell: Cell
    column: int
    left: int
    kept: int = 0


def _without_rows(rows: list[tuple[Row, bool]]) -> tuple[Row, ...]:
    """Return the rows that are kept; a cell that spans rows shrinks, and moves down where its first row goes."""
    covering: list[_Placed] = []
    done: list[list[_Placed]] = []
    for row, kept in rows:
        taken_columns = {one.column + place for one in covering for place in range(one.cell.columns)}
        column = 0
        for cell in row:
            while column in taken_columns:
                column += 1
            covering.append(_Placed(cell, column, cell.rows))
            column += cell.columns
        if kept:
            done.append(sorted((one for one in covering if not one.kept), key=lambda one: one.column))
        for one in covering:
            one.left -= 1
            one.kept += kept
        covering = [one for one in covering if one.left]
    return tuple(tuple(replace(one.cell, rows=one.kept) for one in row) for row in done)


# ---------------------------------------------------------------- two columns


def sides(blocks: tuple[Block, ...]) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """Return merged blocks as the two columns of a 対照表: each version with the words that only it has underlined.

    The old column has no anchors: what links to them lands in the new one. Its pictures keep an id of their own.
    """

    def underlined(change: str) -> Callable[[tuple[Inline, ...]], tuple[Inline, ...]]:
        return lambda inlines: (Underlined(inlines=inlines, change=change),)

    old = tuple(without_anchors(block) for block in taken(blocks, Inserted, underlined("old")))
    return old, taken(blocks, Removed, underlined("new"))


def without_anchors(block: Block, known: Collection[str] | None = None) -> Block:
    """Return a block that nothing can link to by these anchors (by any): sections, tables, pictures get other ids."""

    def other(anchor: str) -> str:
        return f"{anchor}-old" if anchor and (known is None or anchor in known) else anchor

    def without(inner: tuple[Block, ...]) -> tuple[Block, ...]:
        return tuple(without_anchors(one, known) for one in inner)

    def words(inline: Inline) -> tuple[Inline, ...]:
        return inline.inlines if isinstance(inline, Anchor) and other(inline.id) != inline.id else (inline,)

    block = map_inlines(block, words)
    match block:
        case Section():
            anchor = other(block.id)
            item = block.item if anchor == block.id else ""
            return replace(block, id=anchor, item=item, blocks=without(block.blocks))
        case Table():
            return replace(with_cells(block, without), id=other(block.id))
        case Figure():
            return replace(block, id=other(block.id))
        case BulletList() | OrderedList():
            return replace(block, items=tuple(map(without, block.items)))
        case Quote() | Note():
            return replace(block, blocks=without(block.blocks))
        case Paragraph() | Rule():
            return block
        case _:
            assert_never(block)


def with_cells(table: Table, change: Callable[[tuple[Block, ...]], tuple[Block, ...]]) -> Table:
    """Return a table with what stands in each cell changed."""

    def rows(some: tuple[Row, ...]) -> tuple[Row, ...]:
        return tuple(tuple(replace(cell, blocks=change(cell.blocks)) for cell in row) for row in some)

    return replace(table, head=rows(table.head), rows=rows(table.rows))
