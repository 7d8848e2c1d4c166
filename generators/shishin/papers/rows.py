"""The rows of a 新旧対照表 as values: what each says on both editions, and which changes it shows.

Every change of a comparison stands in exactly one row (`shown` tells which); how rows are laid out is table.py's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from shishin.comparison import Change, Comparison, ItemChange, Path
from shishin.document import Block, Inline, Paragraph, Text
from shishin.papers.aside import Aside, set_aside, source_pieces, steering_marks
from shishin.papers.headings import (
    Editions,
    both,
    field_marks,
    former,
    headings,
    marks,
    only,
    reasons,
    retitled,
    shared_reasons,
)
from shishin.papers.order import COVER, UNPRINTED, Gaps, chapter_of, chapters
from shishin.papers.parallel import (
    ADDED,
    OMITTED,
    REMOVED,
    Blocks,
    Piece,
    compared,
    joined,
    level,
    said,
    whole,
)
from shishin.papers.pieces import Walk, walk_of
from shishin.papers.values import (
    SOURCE,
    STEERING,
    Names,
    blocks,
    flat,
    head_fields,
    key_of,
    labelled,
    tabular,
    visible,
)
from shishin.schema import Shape
from shishin.snapshot import Snapshot

LAYOUT = "見出しなど体裁の字句"
SOURCES = "出典のみ"
"""What changed about an item of which nothing but the sources did."""
CHANGED_SOURCES = "出典（改めたもの）"
"""Heads the sources of an item below what else changed about it: those that stayed the same aren't listed."""


LONGEST = 120
"""Characters of both sides up to which words that only a template changed are printed."""
ARRANGED = "（図や表の組み方の変更。項目の内容は変わらない）"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: a chapter's name, an item (its heading in its first row, then what changed, part by part), an item of
    which nothing but the sources changed, a record that came or went and isn't printed, or what is left out.

    `old_title` and `new_title` are those of an entry of the item, such as a chapter's section; without a title the
    label tells which field it is.
    """

    look: str  # chapter | item | sources | record | omitted
    item: str = ""
    old_heading: tuple[Inline, ...] = ()
    new_heading: tuple[Inline, ...] = ()
    label: str = ""
    old_title: tuple[Inline, ...] = ()
    new_title: tuple[Inline, ...] = ()
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
    editions = replace(both(old, new), shared=shared_reasons(comparison))
    renamed = {one.old_id: one.new_id for one in (*comparison.items, *comparison.silent) if one.old_id and one.new_id}
    by_chapter: dict[str, list[ItemChange]] = {}
    for item in comparison.items:
        by_chapter.setdefault(chapter_of(item, renamed), []).append(item)
    done: list[Row] = []
    skipped: list[str] = []
    for chapter in (COVER, *chapters(old, new, renamed), UNPRINTED):
        items = by_chapter.pop(chapter, [])
        if not items:
            skipped += () if chapter in (COVER, UNPRINTED) else (chapter,)
            continue
        done += () if comparison.part else _left_out(skipped, editions)  # what wasn't asked for may well have changed
        skipped = []
        found = tuple(_chapter_rows(items, comparison, editions))
        if found[0].item != chapter or found[0].look != "item":  # else the chapter's own row tells its name
            done.append(_chapter_row(chapter, editions))
        done += found
    done += () if comparison.part else _left_out(skipped, editions)
    return (*done, *_template_rows(comparison, editions))


# ---------------------------------------------------------------- chapters


def _chapter_heading(chapter: str, edition: Snapshot, names: Names) -> str:
    place = edition.places.get(chapter)
    return "　".join(filter(None, (place.number if place else "", names.get(chapter, ""))))


def _chapter_row(chapter: str, editions: Editions) -> Row:
    if chapter in (COVER, UNPRINTED):
        words = chapter
    else:
        words = _chapter_heading(chapter, editions.new, editions.new_names) or former(
            _chapter_heading(chapter, editions.old, editions.old_names)
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
        if len(old) + len(new) > LONGEST:  # scraps of a picture's or a table's words, which nobody can read
            yield Row(look="item", old_heading=name, new_heading=name, old=said(ARRANGED), new=said(ARRANGED))
            continue
        first, second = compared(said(old) if old else (), said(new) if new else ())
        yield Row(look="item", old_heading=name, new_heading=name, old=first, new=second)


# ---------------------------------------------------------------- items of a chapter


def _chapter_rows(items: list[ItemChange], comparison: Comparison, editions: Editions) -> Iterator[Row]:
    """Yield the rows of a chapter; items of which nothing but the sources changed come together at its end."""
    asides = {item.id: set_aside(item, _of_heading(item, editions)) for item in items}
    cited = [
        item
        for item in items
        if asides[item.id].only_sources and editions.shared.keys() >= set(comparison.reasons.get(item.id, ()))
    ]
    text = [item for item in items if item not in cited]
    omitted = Row(look="omitted", old=said(OMITTED), new=said(OMITTED))
    gaps = Gaps(text, editions)
    before: ItemChange | None = None
    for item in text:
        if gaps.between(before, item):
            yield omitted
        yield from _item_rows(item, asides[item.id], comparison, editions)
        before = item
    if before is not None and gaps.between(before, None):
        yield omitted
    for item in cited:
        yield from _item_rows(item, asides[item.id], comparison, editions)


def _item_rows(item: ItemChange, aside: Aside, comparison: Comparison, editions: Editions) -> Iterator[Row]:
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
    told = (*_of_heading(item, editions), *aside.steering)
    own = tuple((item.id, one) for one in item.changes if any(one is other for other in told))
    base = replace(base, marks=(*base.marks, *steering_marks(aside, item, editions)))
    fields = _field_rows(item, aside, editions)
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

    def add(
        self,
        pieces: list[Piece],
        label: str,
        *,
        titles: tuple[tuple[Inline, ...], tuple[Inline, ...]] = ((), ()),
        framed: bool = False,
    ) -> None:
        """Add the rows of a field or an entry: a new row where both sides would no longer stand side by side."""
        for place, group in enumerate(level(pieces)):
            body = joined(group)
            self.done.append(
                Row(
                    look="item",
                    item=self.item.id,
                    label="" if place else label,
                    old_title=() if place else titles[0],
                    new_title=() if place else titles[1],
                    old=body.old,
                    new=body.new,
                    led=self.skipped and not place,
                    framed=framed or body.framed,
                    marks=field_marks(body.changes),
                    changes=tuple((self.item.id, one) for one in body.changes),
                )
            )
        self.skipped = False


def _field_rows(item: ItemChange, aside: Aside, editions: Editions) -> list[Row]:
    assert item.old_data is not None and item.new_data is not None
    old_kind, new_kind = editions.old.kinds[item.kind], editions.new.kinds[item.kind]

    def walk(changes: tuple[Change, ...]) -> Walk:
        return walk_of(item, changes, editions.old_names, editions.new_names, old_kind.shape)

    fields = _Fields(item=item, walk=walk(aside.text), done=[])
    shapes = {**dict(visible(old_kind.shape)), **dict(visible(new_kind.shape))}
    order = (*(name for name, _ in visible(new_kind.shape)), *(name for name, _ in visible(old_kind.shape)))
    for name in dict.fromkeys(order if aside.text else ()):
        shape, path = shapes[name], (name,)
        old, new = item.old_data.get(name), item.new_data.get(name)
        if not fields.walk.below(path, path):
            quiet = name in (new_kind.title, new_kind.sort, SOURCE) or name in STEERING
            fields.skipped |= not quiet and (old is not None or new is not None)
        elif old and new and key_of(shape) and not tabular(shape):
            _entry_rows(fields, old, new, shape, path)
        else:
            fields.add(fields.walk.value(old, new, shape, path, path), shape.title or name, framed=tabular(shape))
    for one in tuple(fields.walk.pending):  # no place was found for it
        fields.add([fields.walk.alone(one, new_kind.shape)], one.label)
    if fields.done:
        fields.done[-1] = replace(fields.done[-1], trailed=fields.skipped)
    fields.skipped = False
    if aside.sources:
        texts = len(fields.done)
        cited = walk(aside.sources)
        fields.add(source_pieces(cited, item, shapes), CHANGED_SOURCES)
        for one in tuple(cited.pending):
            fields.add([cited.alone(one, new_kind.shape)], one.label)
        if aside.only_sources:
            first = fields.done[texts]
            fields.done[texts:] = [replace(row, look="sources") for row in fields.done[texts:]]
            fields.done[texts] = replace(first, look="sources", label="", marks=(SOURCES, *first.marks))
    return fields.done


def _entry_rows(
    fields: _Fields, old: list[dict[str, object]], new: list[dict[str, object]], shape: Shape, path: Path
) -> None:
    """Add the rows of each changed entry of a keyed list of paragraphs, such as the sections of a chapter."""
    pairs = fields.walk.pairs(old, new, shape, path, path)
    assert pairs is not None
    heads = head_fields(shape)
    for before, after in pairs:
        at = None if before is None else (*path, before)
        to = None if after is None else (*path, after)
        if not fields.walk.below(at, to):
            fields.skipped = True
            continue
        values = None if before is None else old[before], None if after is None else new[after]
        pieces = fields.walk.one_entry(*values, shape, at, to)
        titled = [value is not None and any(name in value for name, _ in heads) for value in values]
        label = shape.items.title if shape.items and not any(titled) else ""
        first, titles = _untitled(pieces[0], titled)
        fields.add([first, *pieces[1:]], label, titles=titles)


def _untitled(piece: Piece, titled: list[bool]) -> tuple[Piece, tuple[tuple[Inline, ...], tuple[Inline, ...]]]:
    """Return the first piece of an entry without its title, and the title on both sides."""
    titles: list[tuple[Inline, ...]] = []
    rest: list[Blocks] = []
    for side, has in zip((piece.old, piece.new), titled, strict=True):
        head = side[0] if has and side else None
        titles.append(head.inlines if isinstance(head, Paragraph) else ())
        rest.append(side[1:] if isinstance(head, Paragraph) else side)
    return replace(piece, old=rest[0], new=rest[1]), (titles[0], titles[1])
