"""What stands where in the Word file: blocks, footnotes and anchors of a document in the order of the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import assert_never

from shishin.document import (
    Anchor,
    Block,
    BulletList,
    CodeText,
    Document,
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
from shishin.problem import Failure, Words


def walk(blocks: Iterable[Block], *, notes: bool = False) -> Iterator[Block]:
    """Yield all blocks, the outer before the inner; with `notes`, only those inside footnotes."""
    for block in blocks:
        if not notes:
            yield block
        for inner, inlines in _parts(block):
            if notes:
                for mark in _marks(inlines):
                    if isinstance(mark, Footnote):
                        yield from walk(mark.blocks)
            if inner:
                yield from walk(inner, notes=notes)


def bookmarks(document: Document) -> Mapping[str, int]:
    """Return the number of the bookmark of every anchor: sections, tables, figures, marked words."""
    found: dict[str, int] = {}
    for block in walk(document.sections):
        silent = isinstance(block, Section) and not block.title  # nothing is printed that could be marked
        names = [block.id] if isinstance(block, Section | Table | Figure) and block.id and not silent else []
        names += [mark.id for _, inlines in _parts(block) for mark in _marks(inlines) if isinstance(mark, Anchor)]
        for name in names:
            if name in found:
                raise Failure(
                    Words(
                        ja=f"文書の中に「{name}」という場所が二つあります。",
                        en=f"The document has two places named '{name}'.",
                    )
                )
            found[name] = len(found) + 1
    return found


def marks_of(document: Document) -> Iterator[Footnote | Anchor | PageOf]:
    """Yield the footnotes, anchors and page references of a document, those inside footnotes too."""
    for notes in (False, True):
        for block in walk(document.sections, notes=notes):
            for _, inlines in _parts(block):
                yield from _marks(inlines)


def _parts(block: Block) -> Iterator[tuple[Sequence[Block], Sequence[Inline]]]:
    """Yield what stands in a block, in the order in which it is written."""
    match block:
        case Paragraph(inlines=inlines):
            yield (), inlines
        case BulletList(items=items) | OrderedList(items=items):
            for item in items:
                yield item, ()
        case Table():
            yield (), block.caption
            for row in (*block.head, *block.rows):
                for cell in row:
                    yield cell.blocks, ()
            yield (), block.note
        case Figure():
            yield (), block.caption
            yield (), block.note
        case Quote(blocks=blocks):
            yield blocks, ()
        case Note(title=title, blocks=blocks) | Section(title=title, blocks=blocks):
            yield (), title
            yield blocks, ()
        case Rule():
            pass
        case _:
            assert_never(block)


def _marks(inlines: Iterable[Inline]) -> Iterator[Footnote | Anchor | PageOf]:
    for inline in inlines:
        match inline:
            case Text() | CodeText() | Ruby() | LineBreak():
                pass
            case Footnote() | PageOf():
                yield inline
            case Anchor(inlines=inner):
                yield inline
                yield from _marks(inner)
            case (
                Emphasis(inlines=inner) | Strong(inlines=inner) | Link(inlines=inner) | Reference(inlines=inner)
                | Small(inlines=inner) | Inserted(inlines=inner) | Removed(inlines=inner) | Underlined(inlines=inner)
            ):  # fmt: skip
                yield from _marks(inner)
            case _:
                assert_never(inline)
