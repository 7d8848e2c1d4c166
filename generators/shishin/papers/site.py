"""「この版で変わったこと」: the section of an edition's website that tells what it changed."""

from __future__ import annotations

from collections.abc import Iterator

from shishin.comparison import Comparison, ItemChange
from shishin.document import Block, BulletList, Inline, Paragraph, Reference, Section, Text
from shishin.papers.counts import SORTS, counted, fields_of, sort_of
from shishin.papers.headings import Editions, both, field_marks, marks, named, reasons
from shishin.papers.settings import Look
from shishin.papers.summary import counts_table
from shishin.papers.table import text
from shishin.snapshot import Snapshot

ID = "changes"
TITLE = "この版で変わったこと"


def changes_section(comparison: Comparison, old: Snapshot, new: Snapshot, look: Look) -> Section:
    """Return the section: how many items changed, then each with what changed, linked where the edition has it."""
    editions = both(old, new)
    blocks: list[Block] = [text(f"「{comparison.old.line}」からの変更である。")]
    if found := counted(comparison):
        blocks.append(counts_table(found))
    else:
        blocks.append(text(f"{look.verb}した箇所はない。"))
    for sort, word in SORTS:
        items = tuple(item for item in comparison.items if sort_of(item) == sort)
        if items:
            entries = BulletList(items=tuple((_told(item, comparison, editions),) for item in items))
            blocks.append(_part(f"{ID}--{sort}", f"{word}（{len(items)}項目）", (entries,)))
    return Section(
        id=ID, item="", kind="part", level=1, number="", title=_words(TITLE), blocks=tuple(blocks), part="back"
    )


def _part(anchor: str, title: str, blocks: tuple[Block, ...]) -> Section:
    return Section(id=anchor, item="", kind="part", level=2, number="", title=_words(title), blocks=blocks)


def _told(item: ItemChange, comparison: Comparison, editions: Editions) -> Paragraph:
    """Return an item's line: its name, what changed about it, why."""
    name = _words(named(item, editions))
    inlines: tuple[Inline, ...] = (Reference(target=item.new_id, inlines=name),) if _there(item, editions) else name
    return Paragraph(inlines=(*inlines, *_words("".join(_more(item, comparison, editions)))))


def _there(item: ItemChange, editions: Editions) -> bool:
    return item.new_data is not None and item.new_id in editions.new.places


def _more(item: ItemChange, comparison: Comparison, editions: Editions) -> Iterator[str]:
    fields = fields_of(item, editions)
    special = field_marks(tuple(one for one in item.changes if one.field))
    said = (*marks(item, editions), *((f"{'・'.join(fields)}の変更",) if fields else ()), *special)
    if said:
        yield f"　{'、'.join(said)}"
    if why := reasons(item, comparison, editions):
        yield f"。理由：{'　'.join(why)}"


def _words(words: str) -> tuple[Inline, ...]:
    return (Text(text=words),) if words else ()
