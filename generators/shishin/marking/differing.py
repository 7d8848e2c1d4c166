"""What differs between two documents: words, unit by unit, each with the items it is about.

A section is compared with itself wherever it stands; a paragraph, a list entry, a row is one unit. What numbering puts
in (numbers of headings and captions, the places after mentions) is left out: it is computed. Stage: under unexplained.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from shishin.document import (
    Anchor,
    Block,
    BulletList,
    CodeText,
    Document,
    Figure,
    Footnote,
    Inline,
    Inserted,
    Note,
    OrderedList,
    Paragraph,
    Quote,
    Reference,
    Removed,
    Ruby,
    Section,
    Table,
    Text,
)
from shishin.marking.blocks import merged_blocks, merged_inlines, only_on
from shishin.marking.pairing import words
from shishin.numbering import below
from shishin.rewrite import map_inlines, walk


class Chunk(NamedTuple):
    """Words that differ: what they are, what they point to, what stands just before and after them."""

    old: bool
    text: str
    target: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """A paragraph, a list entry, a row: the items it is about, its words that differ; `whole` if all of it does."""

    anchor: str
    items: frozenset[str]
    chunks: tuple[Chunk, ...]
    whole: bool
    section: bool = False  # all of its section is in one edition only


def units_of(old: Document, new: Document) -> Iterator[Unit]:
    """Yield everything that differs, section by section wherever it stands now; computed numbers don't count."""
    old, new = _without_numbers(old), _without_numbers(new)
    before, after = ({one.id: (one, item) for one, item in _homes(side.sections, "")} for side in (old, new))
    for anchor in dict.fromkeys((*before, *after)):
        was, item_was = before.get(anchor, (None, ""))
        now, item_now = after.get(anchor, (None, ""))
        items = frozenset({anchor, item_was, item_now, anchor.partition("--")[0]} - {""})
        titles = [one.title if one else () for one in (was, now)]
        bodies = [_body(one.blocks) if one else () for one in (was, now)]
        if titles[0] != titles[1]:
            for unit in _paragraph(anchor, items, merged_inlines(titles[0], titles[1]), whole=not (was and now)):
                yield unit if was and now else replace(unit, section=True)
        if was is None or now is None:
            mark = Removed if was else Inserted
            merged = tuple(only_on(block, mark) for block in (*bodies[0], *bodies[1]))
        elif bodies[0] == bodies[1]:
            continue
        else:
            merged = merged_blocks(bodies[0], bodies[1])
        for unit in _in_blocks(anchor, items, merged):
            yield unit if was and now else replace(unit, section=True)


def _homes(blocks: tuple[Block, ...], item: str) -> Iterator[tuple[Section, str]]:
    for block in blocks:
        if isinstance(block, Section):
            yield block, block.item or item
            yield from _homes(block.blocks, block.item or item)


def _body(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return what stands under a heading itself, without numbers; of a picture, its words."""
    own = (block for block in blocks if not isinstance(block, Section))
    return tuple(_worded(block) for block in own)


def _worded(block: Block) -> Block:
    match block:
        case Table():
            return replace(block, number="")
        case Figure():
            texts = (Paragraph(inlines=(Text(text=block.alt),)), Paragraph(inlines=block.note))
            return Note(title=block.caption, blocks=texts, look=block.id)
        case _:
            return block


def _in_blocks(anchor: str, items: frozenset[str], blocks: tuple[Block, ...]) -> Iterator[Unit]:
    for block in blocks:
        match block:
            case Paragraph():
                yield from _paragraph(anchor, items, block.inlines)
            case BulletList() | OrderedList():
                for entry in block.items:
                    yield from _together(anchor, items, entry)
            case Table():
                yield from _paragraph(anchor, items, block.caption)
                for row in (*block.head, *block.rows):
                    yield from _together(anchor, items, tuple(inner for cell in row for inner in cell.blocks))
                yield from _paragraph(anchor, items, block.note)
            case Note():
                yield from _paragraph(anchor, items, block.title)
                yield from _in_blocks(anchor, items, block.blocks)
            case Quote():
                yield from _in_blocks(anchor, items, block.blocks)
            case _:
                pass


def _together(anchor: str, items: frozenset[str], blocks: tuple[Block, ...]) -> Iterator[Unit]:
    """Yield a row or an entry as one unit, so that one mention explains all of it."""
    inlines = tuple(inline for block in _flat(blocks) for inline in (*block, Text(text=" ")))
    yield from _paragraph(anchor, items, inlines)


def _flat(blocks: Iterable[Block]) -> Iterator[tuple[Inline, ...]]:
    for node in walk(blocks):
        match node:
            case Paragraph():
                yield node.inlines
            case Note():
                yield node.title
            case Table() | Figure():
                yield node.caption
                yield node.note
            case _:
                pass


def _paragraph(
    anchor: str, items: frozenset[str], inlines: tuple[Inline, ...], *, whole: bool = False
) -> Iterator[Unit]:
    chunks, same = [], ""
    marked = list(_chunks(inlines, None, ""))
    for place, (old, text, target) in enumerate(marked):
        if old is None:
            same += text.strip()
            continue
        before = next((one for state, one, _ in reversed(marked[:place]) if state in (None, old)), "")[-2:]
        after = next((one for state, one, _ in marked[place + 1 :] if state in (None, old)), "")[:2]
        chunks.append(Chunk(old, text, target, before, after))
    if chunks:
        mentioned = {node.target for node in walk(inlines) if isinstance(node, Reference)}
        mentioned |= {node.id for node in walk(inlines) if isinstance(node, Anchor)}
        yield Unit(anchor, items | mentioned, tuple(chunks), whole or not same)


def _chunks(inlines: Iterable[Inline], old: bool | None, target: str) -> Iterator[tuple[bool | None, str, str]]:
    """Yield the words of inlines, leaf by leaf: which side alone says them, what they point to."""
    for inline in inlines:
        match inline:
            case Text() | CodeText():
                yield old, inline.text, target
            case Ruby():
                yield old, inline.base, target
            case Removed() | Inserted():
                yield from _chunks(inline.inlines, isinstance(inline, Removed), target)
            case Reference():
                yield from _chunks(inline.inlines, old, inline.target)
            case Footnote():
                for inner in _flat(inline.blocks):
                    yield from _chunks(inner, old, target)
            case _ if hasattr(inline, "inlines"):
                yield from _chunks(inline.inlines, old, target)
            case _:
                pass


def _without_numbers(document: Document) -> Document:
    """Return a document without what `account.numbered` and the numbering have put in."""
    numbers = dict(_numbers(document.sections, ""))
    after = {f"（{number}）" for number in numbers.values() if number}

    def change(inline: Inline) -> tuple[Inline, ...]:
        if isinstance(inline, Text) and inline.text in after:
            return ()
        if isinstance(inline, Reference) and words(inline.inlines) in (numbers.get(inline.target), ""):
            return (replace(inline, inlines=(Text(text="№"),)),)
        return (inline,)

    return replace(document, sections=tuple(map_inlines(section, change) for section in document.sections))


def _numbers(blocks: tuple[Block, ...], above: str) -> Iterator[tuple[str, str]]:
    for block in blocks:
        match block:
            case Section():
                number = below(above, block.number) if block.number else ""
                yield block.id, number
                yield from _numbers(block.blocks, number)
            case Table() | Figure() if block.number and block.id:
                yield block.id, block.number
            case _:
                pass
