"""What a document says, in a form that can be compared: numbers as words, texts joined, nothing that only points."""

from __future__ import annotations

from typing import Any

from shishin.document import (
    Anchor,
    Block,
    BulletList,
    Figure,
    Footnote,
    Inline,
    Inserted,
    Note,
    OrderedList,
    Paragraph,
    Quote,
    Removed,
    Section,
    Table,
    Text,
    to_data,
)
from shishin.marking.blocks import with_number


def said(blocks: tuple[Block, ...]) -> tuple[Any, ...]:
    """Return blocks as nested tuples: words with their styles, and the structure around them.

    Left out: anchors and ids (a removed part gives its id to the part that follows it), lines between thoughts, widths
    and alignment, kinds; styles, paragraphs, lists, tables and sections that say nothing.
    """
    return tuple(found for block in blocks if (found := _block(block)))


def runs(inlines: tuple[Inline, ...]) -> tuple[Any, ...]:
    """Return inlines as runs of (styles, words)."""
    found: list[Any] = []
    for path, words, joins in _leaves(inlines, ()):
        if joins and found and found[-1][0] == path and found[-1][2]:
            words = found.pop()[1] + words
        found.append((path, words, joins))
    return tuple(found)


def _leaves(inlines: tuple[Inline, ...], path: tuple[str, ...]) -> Any:
    for inline in inlines:
        match inline:
            case Text(text=text):
                if text:
                    yield path, text, True
            case Footnote(blocks=blocks):
                if inner := said(blocks):
                    yield path, ("footnote", inner), False
            case Anchor():
                yield from _leaves(inline.inlines, path)
            case Inserted() | Removed():
                raise AssertionError("a mark is left")
            case _ if hasattr(inline, "inlines"):
                style = repr({name: value for name, value in to_data(inline).items() if name != "inlines"})  # type: ignore[attr-defined]
                yield from _leaves(inline.inlines, (*path, style))
            case _:
                yield path, repr(inline), False


def _block(block: Block) -> Any:
    match block:
        case Paragraph():
            found = runs(block.inlines)
            return ("p", found) if found else None
        case BulletList():
            return ("ul", tuple(map(said, block.items))) if block.items else None
        case OrderedList():
            return ("ol", block.start, tuple(map(said, block.items))) if block.items else None
        case Table():
            caption, note = runs(with_number(block.number, block.caption)), runs(block.note)
            head, rows = _rows(block.head), _rows(block.rows)
            return ("table", block.look, caption, head, rows, note) if caption or head or rows or note else None
        case Figure():
            caption = runs(with_number(block.number, block.caption))
            return "figure", caption, block.alt, block.svg, runs(block.note)
        case Quote():
            inner = said(block.blocks)
            return ("quote", inner) if inner else None
        case Note():
            title, inner = runs(block.title), said(block.blocks)
            return ("note", block.look, title, inner) if title or inner else None
        case Section():
            title, inner = runs(with_number(block.number, block.title)), said(block.blocks)
            return ("section", block.level, block.part, title, inner) if title or inner else None
        case _:
            return None


def _rows(rows: Any) -> Any:
    return tuple(
        tuple((cell.header, cell.columns, cell.rows, cell.framed, said(cell.blocks)) for cell in row) for row in rows
    )
