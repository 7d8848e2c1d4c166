"""The rows of a 新旧対照表 as values: what each says on both editions, and which changes it shows.

Every change of a comparison stands in exactly one row (`shown` tells which); how rows are laid out is table.py's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from shishin.comparison import Change, Comparison, ItemChange, Path
from shishin.document import Block, Inline, Paragraph, Text
from shishin.papers.headings import Editions, both, field_marks, headings, marks, only, reasons, retitled
from shishin.papers.pieces import (
    ADDED,
    OMITTED,
    REMOVED,
    Blocks,
    Piece,
    Walk,
    compared,
    joined,
    said,
    walk_of,
    whole,
)
from shishin.papers.values import STEERING, Names, blocks, flat, has_table, key_of, labelled, tabular, visible
from shishin.schema import Shape
from shishin.snapshot import OWN, Snapshot

UNPRINTED = "記録"
COVER = "表紙・体裁"
LAYOUT = "見出しなど体裁の字句"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: a chapter's name, an item (its heading in its first row, then field by field), a record that
    came or went and isn't printed, or what is left out."""

    look: str  # chapter | item | record | omitted
    item: str = ""
    old_heading: tuple[Inline, ...] = ()
    new_heading: tuple[Inline, ...] = ()
    label: str = ""
    old: Blocks = ()
    new: Blocks = ()
    led: bool = False  # unchanged fields of the item come before
    trailed: bool = False  # …and after
    framed: bool = False
    marks: tuple[str, ...] = ()  # what happened, where the underlines don't tell
    reasons: tuple[str, ...] = ()
    changes: tuple[tuple[str, Change], ...] = ()


def shown(comparison: Comparison, old: Snapshot, new: Snapshot) -> Iterator[tuple[str, Change]]:
    """Yield every change that the rows show, with the id of its item, in the order shown."""
    for row in rows(comparison, old, new):
        yield from row.changes


def rows(comparison: Comparison, old: Snapshot, new: Snapshot) -> tuple[Row, ...]:
    """Return the rows in reading order: chapters, their changed items, （略） for what lies between."""
    editions = both(old, new)
    renamed = {one.old_id: one.new_id for one in (*comparison.items, *comparison.silent) if one.old_id and one.new_id}
    by_chapter: dict[str, list[ItemChange]] = {}
    for item in comparison.items:
        by_chapter.setdefault(_chapter(item, renamed), []).append(item)
    done: list[Row] = []
    skipped: list[str] = []
    for chapter in (COVER, *_chapters(old, new, renamed), UNPRINTED):
        items = by_chapter.pop(chapter, [])
        if not items:
            skipped += () if chapter in (COVER, UNPRINTED) else (chapter,)
            continue
        done += _left_out(skipped, editions)
        skipped = []
        if items[0].id != chapter:  # else the chapter's own row tells its name
            done.append(_chapter_row(chapter, editions))
        done += _chapter_rows(items, comparison, editions)
    return (*done, *_left_out(skipped, editions), *_template_rows(comparison, editions))


# ---------------------------------------------------------------- chapters


def _chapter(item: ItemChange, renamed: Mapping[str, str]) -> str:
    if item.kind == OWN:
        return COVER
    if item.new_place:
        return item.new_place.chapter
    return renamed.get(item.old_place.chapter, item.old_place.chapter) if item.old_place else UNPRINTED


def _chapters(old: Snapshot, new: Snapshot, renamed: Mapping[str, str]) -> tuple[str, ...]:
    """Return all chapters in the newer edition's order, those it lacks after the one they followed."""
    done = _in_order(new)
    before = ""
    for chapter in (renamed.get(one, one) for one in _in_order(old)):
        if chapter not in done:
            done.insert(done.index(before) + 1 if before else 0, chapter)
        before = chapter
    return tuple(done)


def _in_order(edition: Snapshot) -> list[str]:
    places = sorted(edition.places.values(), key=lambda place: place.order)
    return list(dict.fromkeys(place.chapter for place in places))


def _chapter_heading(chapter: str, edition: Snapshot, names: Names) -> str:
    place = edition.places.get(chapter)
    return "　".join(filter(None, (place.number if place else "", names.get(chapter, ""))))


def _chapter_row(chapter: str, editions: Editions) -> Row:
    if chapter in (COVER, UNPRINTED):
        words = chapter
    else:
        words = _chapter_heading(chapter, editions.new, editions.new_names) or _chapter_heading(
            chapter, editions.old, editions.old_names
        )
    heading: tuple[Inline, ...] = (Text(text=words),)
    return Row(look="chapter", old_heading=heading, new_heading=heading)


def _left_out(chapters: list[str], editions: Editions) -> Iterator[Row]:
    """Yield one row for chapters without a change: 第2章から第4章まで　（略）."""
    if chapters:
        old, new = (
            said(f"{_stretch(chapters, edition, names)}　{OMITTED}")
            for edition, names in ((editions.old, editions.old_names), (editions.new, editions.new_names))
        )
        yield Row(look="omitted", old=old, new=new)


def _stretch(chapters: list[str], edition: Snapshot, names: Names) -> str:
    there = [chapter for chapter in chapters if chapter in edition.places]
    if len(there) < 2:
        return "".join(_chapter_heading(chapter, edition, names) for chapter in there)
    first, last = (edition.places[one].number or names.get(one, "") for one in (there[0], there[-1]))
    return f"{first}から{last}まで"


def _template_rows(comparison: Comparison, editions: Editions) -> Iterator[Row]:
    """Yield what the papers say otherwise though no item changed: words of the layout."""
    if comparison.templates:
        heading: tuple[Inline, ...] = (Text(text=LAYOUT),)
        yield Row(look="chapter", old_heading=heading, new_heading=heading)
    for anchor, old, new in comparison.templates:
        name: tuple[Inline, ...] = (Text(text=editions.name(anchor.partition("--")[0])),)
        first, second = compared(said(old) if old else (), said(new) if new else ())
        yield Row(look="item", old_heading=name, new_heading=name, old=first, new=second)


# ---------------------------------------------------------------- items of a chapter


def _chapter_rows(items: list[ItemChange], comparison: Comparison, editions: Editions) -> Iterator[Row]:
    omitted = Row(look="omitted", old=said(OMITTED), new=said(OMITTED))
    gaps = _Gaps(comparison, editions)
    before: ItemChange | None = None
    for item in items:
        if gaps.between(before, item):
            yield omitted
        yield from _item_rows(item, comparison, editions)
        before = item
    if before is not None and gaps.between(before, None):
        yield omitted


class _Gaps:
    """Tells whether something unchanged is printed between two changed items of a chapter."""

    def __init__(self, comparison: Comparison, editions: Editions) -> None:
        changed = {one.new_id for one in comparison.items} | {one.old_id for one in comparison.items}
        self.old, self.new = (
            {chapter: _unchanged(edition, chapter, changed) for chapter in _in_order(edition)}
            for edition in (editions.old, editions.new)
        )

    def between(self, first: ItemChange | None, second: ItemChange | None) -> bool:
        """Tell whether something unchanged stands after the one and before the other (None: the chapter's ends)."""
        one, other = (item.new_place if item else None for item in (first, second))
        there = self.new
        if (first and one is None) or (second and other is None):
            one, other = (item.old_place if item else None for item in (first, second))
            there = self.old
        if one is None and other is None:
            return False
        if one is not None and other is not None and one.chapter != other.chapter:
            return False
        chapter = (one or other).chapter  # type: ignore[union-attr]
        low, high = one.order if one else -1, other.order if other else float("inf")
        return any(low < order < high for order in there.get(chapter, ()))


def _unchanged(edition: Snapshot, chapter: str, changed: set[str]) -> tuple[int, ...]:
    return tuple(
        place.order for item, place in edition.places.items() if place.chapter == chapter and item not in changed
    )


def _item_rows(item: ItemChange, comparison: Comparison, editions: Editions) -> Iterator[Row]:
    """Yield an item's rows; the first has its heading, what happened to it as a whole, and why."""
    first, second = headings(item, editions)
    base = Row(
        look="item",
        item=item.id,
        old_heading=first,
        new_heading=second,
        marks=marks(item, editions),
        reasons=reasons(item, comparison, editions),
    )
    if item.old_data is None or item.new_data is None:
        every = tuple((item.id, one) for one in item.changes)
        if item.old_place is None and item.new_place is None:  # it isn't printed: that it came or went is enough
            old, new = (said(ADDED), ()) if item.old_data is None else ((), said(REMOVED))
            yield replace(base, look="record", old=old, new=new, changes=every)
            return
        old = _everything(item, editions, "old") if item.old_data is not None else said(ADDED)
        new = _everything(item, editions, "new") if item.new_data is not None else said(REMOVED)
        yield replace(base, old=old, new=new, changes=every)
        return
    own = tuple((item.id, one) for one in item.changes if one in _of_heading(item, editions))
    fields = list(_field_rows(item, editions))
    if not fields:
        body = () if only(item, "renumbered") else said(OMITTED)
        yield replace(base, old=body, new=body, changes=own)
        return
    for place, row in enumerate(fields):
        if place == 0:
            row = replace(
                row,
                old_heading=first,
                new_heading=second,
                marks=tuple(dict.fromkeys(base.marks + row.marks)),
                reasons=base.reasons,
                changes=own + row.changes,
            )
        yield row


def _of_heading(item: ItemChange, editions: Editions) -> tuple[Change, ...]:
    """Return the changes that an item's heading shows."""
    return (*(one for one in item.changes if not one.field), *retitled(item, editions))


def _everything(item: ItemChange, editions: Editions, side: str) -> Blocks:
    """Return all fields of an item that came or went, underlined."""
    edition, names = (editions.old, editions.old_names) if side == "old" else (editions.new, editions.new_names)
    data = item.old_data if side == "old" else item.new_data
    kind = edition.kinds[item.kind]
    done: list[Block] = []
    for name, shape in visible(kind.shape):
        if data is None or name in (kind.title, kind.sort) or name not in data or name in STEERING:
            continue
        if shape.text or flat(shape):
            done += (
                labelled(data[name], shape, names)
                if flat(shape) and not shape.text
                else blocks(data[name], shape, names)
            )
        else:
            done += (_bracketed(shape.title), *blocks(data[name], shape, names))
    return whole(tuple(done), side)


def _bracketed(label: str) -> Paragraph:
    return Paragraph(inlines=(Text(text=f"［{label}］"),))


# ---------------------------------------------------------------- fields of an item


@dataclass(slots=True)
class _Fields:
    """The rows of one item under way: `skipped` says that something unchanged came before the next row."""

    item: ItemChange
    walk: Walk
    done: list[Row]
    skipped: bool = False

    def add(self, pieces: list[Piece], label: str, *, framed: bool = False) -> None:
        body = joined(pieces)
        self.done.append(
            Row(
                look="item",
                item=self.item.id,
                label=label,
                old=body.old,
                new=body.new,
                led=self.skipped,
                framed=framed,
                marks=field_marks(body.changes),
                changes=tuple((self.item.id, one) for one in body.changes),
            )
        )
        self.skipped = False


def _field_rows(item: ItemChange, editions: Editions) -> list[Row]:
    assert item.old_data is not None and item.new_data is not None
    old_kind, new_kind = editions.old.kinds[item.kind], editions.new.kinds[item.kind]
    changes = tuple(one for one in item.changes if one not in _of_heading(item, editions))
    fields = _Fields(
        item=item, walk=walk_of(item, changes, editions.old_names, editions.new_names, old_kind.shape), done=[]
    )
    if not changes:
        return []
    shapes = {**dict(visible(old_kind.shape)), **dict(visible(new_kind.shape))}
    order = (*(name for name, _ in visible(new_kind.shape)), *(name for name, _ in visible(old_kind.shape)))
    for name in dict.fromkeys(order):
        shape, path = shapes[name], (name,)
        old, new = item.old_data.get(name), item.new_data.get(name)
        if not fields.walk.below(path, path):
            titles = name in (new_kind.title, new_kind.sort)
            fields.skipped |= not titles and (old is not None or new is not None)
        elif old and new and key_of(shape) and not tabular(shape):
            _entry_rows(fields, old, new, shape, path)
        else:
            framed = tabular(shape) or has_table(old, shape) or has_table(new, shape)
            fields.add(fields.walk.value(old, new, shape, path, path), shape.title or name, framed=framed)
    for one in tuple(fields.walk.pending):  # no place was found for it
        fields.add([fields.walk.alone(one, new_kind.shape)], one.label)
    fields.done[-1] = replace(fields.done[-1], trailed=fields.skipped)
    return fields.done


def _entry_rows(
    fields: _Fields, old: list[dict[str, object]], new: list[dict[str, object]], shape: Shape, path: Path
) -> None:
    """Add a row for each changed entry of a keyed list of paragraphs, such as the sections of a chapter."""
    pairs = fields.walk.pairs(old, new, shape, path, path)
    assert pairs is not None
    for before, after in pairs:
        at = None if before is None else (*path, before)
        to = None if after is None else (*path, after)
        if not fields.walk.below(at, to):
            fields.skipped = True
            continue
        values = None if before is None else old[before], None if after is None else new[after]
        texts = [text for value in values if value for text in value.values()]
        framed = any(
            isinstance(text, str) and has_table(text, Shape(type="string", title="", text="markdown")) for text in texts
        )
        fields.add(
            fields.walk.one_entry(*values, shape, at, to), shape.items.title if shape.items else "", framed=framed
        )
