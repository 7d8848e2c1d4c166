"""Walks over the document tree: every inline mapped, every node visited, every anchor, home and mention listed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from itertools import chain
from operator import is_
from typing import Any, NamedTuple, TypeVar, assert_never

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
            return block if inlines is block.inlines else Paragraph(inlines=inlines)
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
            case (
                Emphasis()
                | Strong()
                | Link()
                | Reference()
                | Anchor()
                | Small()
                | Inserted()
                | Removed()
                | Underlined()
            ):
                inner = _inlines(inline.inlines, change)
                done += change(inline if inner is inline.inlines else replace(inline, inlines=inner))
            case Footnote():
                done += change(replace(inline, blocks=_blocks(inline.blocks, change)))
            case _:
                assert_never(inline)
    return inlines if len(done) == len(inlines) and all(map(is_, done, inlines)) else tuple(done)


_CHILDREN: dict[type, Callable[[Any], tuple[Block | Inline, ...]]] = {
    Section: lambda node: (*node.title, *node.blocks),
    Paragraph: lambda node: node.inlines,
    BulletList: lambda node: tuple(chain.from_iterable(node.items)),
    OrderedList: lambda node: tuple(chain.from_iterable(node.items)),
    Table: lambda node: (
        *node.caption,
        *(block for row in (*node.head, *node.rows) for cell in row for block in cell.blocks),
        *node.note,
    ),
    Figure: lambda node: (*node.caption, *node.note),
    Quote: lambda node: node.blocks,
    Note: lambda node: (*node.title, *node.blocks),
    Footnote: lambda node: node.blocks,
    **dict.fromkeys(
        (Emphasis, Strong, Link, Reference, Anchor, Small, Inserted, Removed, Underlined), lambda node: node.inlines
    ),
    **dict.fromkeys((Rule, Text, CodeText, PageOf, Ruby, LineBreak), lambda node: ()),
}


def walk(blocks: Iterable[Block | Inline], without: Collection[str] = ()) -> Iterator[Block | Inline]:
    """Yield every node below `blocks`, each before its children, in reading order.

    Sections whose ids are in `without` are left out with everything in them.
    """
    waiting = [*blocks][::-1]
    while waiting:
        node = waiting.pop()
        if without and isinstance(node, Section) and node.id in without:
            continue
        yield node
        if children := _CHILDREN[type(node)](node):
            waiting.extend(children[::-1])


class Marks(NamedTuple):
    """What a part of the document holds that others may point to, and what it points to."""

    anchors: tuple[str, ...]  # sections, tables, figures, marked words
    homes: tuple[str, ...]  # items that have their home here
    targets: tuple[str, ...]  # of mentions, each once
    placed: tuple[str, ...] = ()  # items that the survey left out here


def marks(*blocks: Block) -> Marks:
    """Return the marks of these blocks and everything in them."""
    anchors: list[str] = []
    homes: list[str] = []
    targets: dict[str, None] = {}
    for node in walk(blocks):
        match node:
            case Section() | Anchor():
                anchors += (node.id,) if node.id else ()
                homes += (node.item,) if node.item else ()
            case Table() | Figure():
                anchors += (node.id,) if node.id else ()
            case Reference():
                targets.setdefault(node.target)
            case _:
                pass
    return Marks(tuple(anchors), tuple(homes), tuple(targets))
