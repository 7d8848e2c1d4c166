"""Walks over the document tree: every inline mapped, every anchor and every home listed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from operator import is_
from typing import Any, TypeVar, assert_never

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
)

Change = Callable[[Inline], tuple[Inline, ...]]
_B = TypeVar("_B", bound=Block)
_T = TypeVar("_T", bound=tuple[Any, ...])


def map_inlines(block: _B, change: Change) -> _B:
    """Return a block with every inline replaced by what `change` gives for it, inner ones first."""
    done = _block(block, change)
    assert isinstance(done, type(block))
    return done


def _block(block: Block, change: Change) -> Block:
    # What doesn't change stays the same object: most of a document has nothing to rewrite.
    match block:
        case Paragraph():
            inlines = _inlines(block.inlines, change)
            return block if inlines is block.inlines else replace(block, inlines=inlines)
        case Section():
            title, blocks = _inlines(block.title, change), _blocks(block.blocks, change)
            return (
                block if title is block.title and blocks is block.blocks else replace(block, title=title, blocks=blocks)
            )
        case BulletList() | OrderedList():
            items = _same(block.items, tuple(_blocks(entry, change) for entry in block.items))
            return block if items is block.items else replace(block, items=items)
        case Table():
            caption, note = _inlines(block.caption, change), _inlines(block.note, change)
            head, rows = _rows(block.head, change), _rows(block.rows, change)
            if caption is block.caption and note is block.note and head is block.head and rows is block.rows:
                return block
            return replace(block, caption=caption, note=note, head=head, rows=rows)
        case Figure():
            return replace(block, caption=_inlines(block.caption, change), note=_inlines(block.note, change))
        case Quote():
            return replace(block, blocks=_blocks(block.blocks, change))
        case Note():
            return replace(block, title=_inlines(block.title, change), blocks=_blocks(block.blocks, change))
        case Rule():
            return block
        case _:
            assert_never(block)


def _same(old: _T, new: _T) -> _T:
    """Return `old` where every element of two equally long tuples is the same object."""
    return old if all(map(is_, old, new)) else new


def _blocks(blocks: tuple[Block, ...], change: Change) -> tuple[Block, ...]:
    return _same(blocks, tuple([_block(block, change) for block in blocks]))


def _rows(rows: tuple[tuple[Cell, ...], ...], change: Change) -> tuple[tuple[Cell, ...], ...]:
    return _same(rows, tuple([_same(row, tuple([_cell(cell, change) for cell in row])) for row in rows]))


def _cell(cell: Cell, change: Change) -> Cell:
    blocks = _blocks(cell.blocks, change)
    return cell if blocks is cell.blocks else replace(cell, blocks=blocks)


def _inlines(inlines: tuple[Inline, ...], change: Change) -> tuple[Inline, ...]:
    done: list[Inline] = []
    for inline in inlines:
        match inline:
            case Text() | CodeText() | PageOf() | Ruby() | LineBreak():
                done += change(inline)
            case Emphasis() | Strong() | Link() | Reference() | Anchor() | Small() | Inserted() | Removed():
                inner = _inlines(inline.inlines, change)
                done += change(inline if inner is inline.inlines else replace(inline, inlines=inner))
            case Footnote():
                done += change(replace(inline, blocks=_blocks(inline.blocks, change)))
            case _:
                assert_never(inline)
    return inlines if len(done) == len(inlines) and all(map(is_, done, inlines)) else tuple(done)


def _marks(block: Block) -> Iterator[Anchor]:
    found: list[Anchor] = []

    def note(inline: Inline) -> tuple[Inline, ...]:
        if isinstance(inline, Anchor):
            found.append(inline)
        return (inline,)

    _block(block, note)
    yield from found


def anchors(blocks: tuple[Block, ...]) -> Iterator[str]:
    """Yield every anchor of the document: sections, tables, figures, marked words."""
    for block in blocks:
        match block:
            case Section():
                yield block.id
                yield from anchors(block.blocks)
            case Table() | Figure():
                if block.id:
                    yield block.id
                yield from (mark.id for mark in _marks(block))
            case _:
                yield from (mark.id for mark in _marks(block))


def homes(blocks: tuple[Block, ...]) -> Iterator[str]:
    """Yield the id of every item that has its home in these blocks, as a section or as a row."""
    for block in blocks:
        if isinstance(block, Section):
            if block.item:
                yield block.item
            yield from homes(block.blocks)
        else:
            yield from (mark.item for mark in _marks(block) if mark.item)
