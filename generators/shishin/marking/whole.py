"""Two editions of a whole document as one with marks (見え消し), and either edition out of it again.

Property: `accepted(marked(old, new))` says what `new` says and `rejected(…)` what `old` says, block by block: words,
styles, lists, tables, pictures, and the numbers, which are words here. Only lines between thoughts (Rule) are the
newer edition's, and the title page says both. Stage: beside compare.py, which compares items instead of texts.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from shishin.document import (
    Anchor,
    Block,
    BulletList,
    Cover,
    Document,
    Inline,
    Inserted,
    Note,
    OrderedList,
    Paragraph,
    Quote,
    Removed,
    Section,
    Table,
)
from shishin.marking.blocks import merged_blocks
from shishin.marking.versions import Mark, taken, there, with_cells, without_anchors
from shishin.rewrite import map_inlines, marks

NAME = "見え消し版"
NOTICE = "取消線は削った字句、下線は加えた字句を示す。"


def marked(old: Document, new: Document) -> Document:
    """Return both editions as one document: what only the old one says is Removed, what only the new one is Inserted.

    A section goes with the section of the same id. One that stands elsewhere now is removed there and inserted here.
    Every number is printed as words. The title page, the settings and the order are the new edition's.
    """
    sections = merged_blocks(old.sections, new.sections)
    sections = unique(sections, frozenset(marks(*new.sections).anchors))
    return replace(
        new,
        cover=_cover(old.cover, new.cover),
        # without the guideline's title: a chapter's own needs the room beside it
        header=f"{new.cover.edition or new.header}　{NAME}",
        sections=tuple(section for section in sections if isinstance(section, Section)),
    )


def accepted(document: Document) -> Document:
    """Return the newer edition of a document with marks."""
    return _edition(document, Removed)


def rejected(document: Document) -> Document:
    """Return the older edition of a document with marks."""
    return _edition(document, Inserted)


def _edition(document: Document, gone: Mark) -> Document:
    sections = taken(document.sections, gone)
    return replace(document, sections=tuple(section for section in sections if isinstance(section, Section)))


def _cover(old: Cover, new: Cover) -> Cover:
    """Return the new title page, saying what each line said before: 令和2年2月（旧：令和元年11月）."""

    def both(name: str) -> str:
        before, after = getattr(old, name), getattr(new, name)
        return f"{after}（旧：{before}）" if before and after and before != after else after

    told = {name: both(name) for name in ("title", "subtitle", "edition", "as_of", "publisher")}
    return replace(new, **told, status=NAME, notice=" ".join(filter(None, (NOTICE, new.notice))))


# ---------------------------------------------------------------- anchors


def unique(blocks: tuple[Block, ...], known: Collection[str]) -> tuple[Block, ...]:
    """Return merged blocks in which every anchor is there once; `known` are those of the newer edition.

    What was removed keeps its id, unless the newer edition has it elsewhere: then mentions lead there.
    """
    return tuple(_unique(block, known) for block in blocks)


def _unique(block: Block, known: Collection[str]) -> Block:
    if there((block,), Removed) is False:
        return without_anchors(block, known)
    block = map_inlines(block, lambda inline: _without_homes(inline, known))
    match block:
        case Section() | Quote() | Note():
            return replace(block, blocks=unique(block.blocks, known))
        case BulletList() | OrderedList():
            return replace(block, items=tuple(unique(entry, known) for entry in block.items))
        case Table():
            return with_cells(block, lambda blocks: unique(blocks, known))
        case _:
            return block


def _without_homes(inline: Inline, known: Collection[str]) -> tuple[Inline, ...]:
    if not isinstance(inline, Removed | Anchor) or there((Paragraph(inlines=(inline,)),), Removed) is not False:
        return (inline,)
    inner = without_anchors(Paragraph(inlines=(inline,)), known)
    return inner.inlines if isinstance(inner, Paragraph) else ()
