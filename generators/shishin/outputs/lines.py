"""Blocks of a field's value as plain lines, for outputs without a look of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shishin.document import Block, BulletList, Note, OrderedList, Paragraph, Quote, Section, plain

NEWLINE, BULLET = "\n", "・"


def text_of(content: Iterable[Block]) -> str:
    """Return blocks as lines of plain text, lists with their marks."""
    return NEWLINE.join(line for block in content for line in _lines(block))


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Paragraph(inlines=inlines):
            yield plain(inlines)
        case BulletList(items=items):
            for entry in items:
                yield from _hung(BULLET, entry)
        case OrderedList(items=items, start=start):
            for number, entry in enumerate(items, start):
                yield from _hung(f"{number} ", entry)
        case Quote(blocks=inner):
            yield from _hung("> ", inner)
        case Note(title=title, blocks=inner):
            yield f"［{plain(title)}］"
            for one in inner:
                yield from _lines(one)
        case Section(title=title, blocks=inner):
            yield plain(title)
            for one in inner:
                yield from _lines(one)
        case _:
            raise TypeError(f"a field's value has no {type(block).__name__}")


def _hung(mark: str, content: tuple[Block, ...]) -> Iterator[str]:
    for place, line in enumerate(line for block in content for line in _lines(block)):
        yield line if place else mark + line
