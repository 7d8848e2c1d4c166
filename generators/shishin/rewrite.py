"""Walks over the document tree: every inline mapped, every anchor and every home listed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeVar, assert_never

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


def map_inlines(block: _B, change: Change) -> _B:
    """Return a block with every inline replaced by what `change` gives for it, inner ones first."""
    done = _block(block, change)
    assert isinstance(done, type(block))
    return done


def _block(block: Block, change: Change) -> Block:
    match block:
        case Section():
            return replace(block, title=_inlines(block.title, change), blocks=_blocks(block.blocks, change))
        case Paragraph():
            return replace(block, inlines=_inlines(block.inlines, change))
        case BulletList() | OrderedList():
            return replace(block, items=tuple(_blocks(entry, change) for entry in block.items))
        case Table():
            return replace(
                block,
                caption=_inlines(block.caption, change),
                note=_inlines(block.note, change),
                head=tuple(tuple(_cell(cell, change) for cell in row) for row in block.head),
                rows=tuple(tuple(_cell(cell, change) for cell in row) for row in block.rows),
            )
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


def _blocks(blocks: tuple[Block, ...], change: Change) -> tuple[Block, ...]:
    return tuple(_block(block, change) for block in blocks)


def _cell(cell: Cell, change: Change) -> Cell:
    return replace(cell, blocks=_blocks(cell.blocks, change))


def _inlines(inlines: tuple[Inline, ...], change: Change) -> tuple[Inline, ...]:
    done: list[Inline] = []
    for inline in inlines:
        match inline:
            case Emphasis() | Strong() | Link() | Reference() | Anchor() | Small() | Inserted() | Removed():
                done += change(replace(inline, inlines=_inlines(inline.inlines, change)))
            case Footnote():
                done += change(replace(inline, blocks=_blocks(inline.blocks, change)))
            case Text() | CodeText() | PageOf() | Ruby() | LineBreak():
                done += change(inline)
            case _:
                assert_never(inline)
    return tuple(done)


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
