"""A comparison counted and told in sentences: what the 概要 and the page of a website say at a glance."""

from __future__ import annotations

from collections.abc import Iterator

from shishin.comparison import Comparison, ItemChange
from shishin.papers.aside import only_sources
from shishin.papers.headings import Editions, named, of_kind, where
from shishin.schema import Shape

SORTS = (
    ("added", "新設"),
    ("removed", "削除"),
    ("split", "分割"),
    ("merged", "統合"),
    ("moved", "移動"),
    ("retitled", "改題"),
    ("changed", "内容"),
    ("sources", "出典のみ"),
    ("wording", "表記のみ"),
    ("renumbered", "番号のみ"),
    ("record", "その他"),
)
"""What an item counts as, the first that holds."""
_VERBS = {
    "added": "を新設する",
    "removed": "を削る",
    "split": "分ける",
    "merged": "統合する",
    "moved": "移す",
    "retitled": "改題する",
    "changed": "の内容を改める",
    "sources": "の出典を改める",
    "wording": "の表記を改める",
    "renumbered": "の番号を改める",
}
_CLAUSES = ("split", "merged", "moved", "retitled")
"""Sorts told with what stood before: 「A」を「B」に、「C」を「D」に改題する."""
_AS_CHANGED = ("changed", "responsibility", "code")


def sort_of(item: ItemChange) -> str:
    """Return what an item counts as: each counts once."""
    if item.old_place is None and item.new_place is None:
        return "record"
    if only_sources(item):
        return "sources"
    kinds = {
        "changed" if one.kind in _AS_CHANGED or (one.kind == "moved" and one.field) else one.kind
        for one in item.changes
    }
    if item.old_data is None and "split" not in kinds:
        return "added"
    if item.new_data is None and "merged" not in kinds:
        return "removed"
    return next((kind for kind, _ in SORTS if kind in kinds), "changed")


def counted(comparison: Comparison) -> tuple[tuple[str, int], ...]:
    """Return how many items there are of each sort, those that occur: (新設, 3) …"""
    found = [sort_of(item) for item in comparison.items]
    return tuple((word, found.count(kind)) for kind, word in SORTS if kind in found)


NAMED = 2
"""So many items are named in a sentence about several."""


def sentences(comparison: Comparison, editions: Editions) -> Iterator[str]:
    """Yield a sentence for each sort of change, what concerns whole items first: their names, and how many."""
    for sort, _ in SORTS:
        items = tuple(item for item in comparison.items if sort_of(item) == sort)
        if not items or sort not in _VERBS:
            continue
        said = list(_clauses(items, sort, editions)) if sort in _CLAUSES else [named(item, editions) for item in items]
        head, more = "、".join(said[:NAMED]), len(said) - NAMED
        if sort in _CLAUSES:
            yield f"{head}{_VERBS[sort]}{f'（ほか{more}件）' if more > 0 else ''}。"
        else:
            yield f"{head}{f'など{len(said)}件' if more > 0 else ''}{_VERBS[sort]}。"


def _clauses(items: tuple[ItemChange, ...], sort: str, editions: Editions) -> Iterator[str]:
    """Yield what became what: 「A」を第3章6から, 「A」「B」を「C」に."""
    into: dict[str, list[str]] = {}
    for item in items:
        match sort:
            case "moved":
                yield f"{named(item, editions)}を{where(item.old_place, editions.old, editions.old_names)}から"
            case "split":
                yield f"{named(item, editions)}を「{_other(item, 'split', editions)}」から"
            case "merged":
                into.setdefault(_other(item, "merged", editions), []).append(f"「{item.old_name}」")
            case _:
                yield f"「{item.old_name}」を「{item.new_name}」に"
    for target, names in into.items():
        more = f"など{len(names)}項目" if len(names) > NAMED else ""
        yield f"{''.join(names[:NAMED])}{more}を「{target}」に"


def _other(item: ItemChange, kind: str, editions: Editions) -> str:
    """Return the item that another was split from or merged into, as its edition names it."""
    one = of_kind(item, kind)
    assert one is not None
    if kind == "split":
        return editions.old_names.get(str(one.old), str(one.old))
    return editions.name(str(one.new))


def fields_of(item: ItemChange, editions: Editions) -> tuple[str, ...]:
    """Return the names of an item's changed fields."""
    shapes: dict[str, Shape] = {}
    for edition in (editions.old, editions.new):
        if item.kind in edition.kinds:
            shapes |= edition.kinds[item.kind].shape.properties
    names = (one.field[0] for one in item.changes if one.field)
    return tuple(dict.fromkeys(shapes[name].title if name in shapes else name for name in names))


def by_chapter(comparison: Comparison, editions: Editions) -> tuple[tuple[str, int], ...]:
    """Return how many items changed or are new in each numbered chapter of the newer edition: (第1章, 3) …"""
    counts: dict[str, int] = {}
    for item in comparison.items:
        if item.new_place is not None:
            chapter = editions.new.places.get(item.new_place.chapter)
            if chapter is not None and chapter.number:
                counts[chapter.number] = counts.get(chapter.number, 0) + 1
    return tuple(counts.items())
