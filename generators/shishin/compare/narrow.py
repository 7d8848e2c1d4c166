"""Look at a part of a comparison: what concerns one item, or one chapter; and tell why items were changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from shishin.comparison import Comparison, ItemChange, Reason
from shishin.schema import Shape
from shishin.snapshot import Entry, Snapshot

RECORD = "change"
"""The kind of the records that give reasons."""


def only(comparison: Comparison, old: Snapshot, new: Snapshot, *, about: str = "", chapter: str = "") -> Comparison:
    """Return what of a comparison concerns an item, what stands in a chapter, or both.

    What concerns an item is the item itself and every other whose fields name it or whose texts mention it.
    """
    if not about and not chapter:
        return comparison
    names = {about, *(name for item in comparison.items for name in _both_ids(item, about))}
    items = tuple(
        item
        for item in comparison.items
        if (not about or _concerns(item, names, old, new)) and (not chapter or _stands_in(item, chapter))
    )
    kept = {item.id for item in items}
    return replace(
        comparison,
        items=items,
        reasons={item: given for item, given in comparison.reasons.items() if item in kept},
        templates=(),
        silent=(),
        part=tuple(_called(one, old, new) for one in (chapter, about) if one),
    )


def _called(one: str, old: Snapshot, new: Snapshot) -> str:
    """Return how an item is called, with its number: 第4章　必要な視点."""
    for side in (new, old):
        for entry in side.entries:
            if entry.id == one:
                place = side.places.get(one)
                return "　".join(part for part in (place.number if place else "", entry.name) if part)
    return one


def _both_ids(item: ItemChange, one: str) -> tuple[str, ...]:
    """Return an item's ids on both sides if one of them is the one asked for."""
    return tuple(filter(None, (item.old_id, item.new_id))) if one and one in (item.old_id, item.new_id) else ()


def _stands_in(item: ItemChange, chapter: str) -> bool:
    if chapter in (item.old_id, item.new_id):
        return True
    return any(place is not None and place.chapter == chapter for place in (item.old_place, item.new_place))


def _concerns(item: ItemChange, names: set[str], old: Snapshot, new: Snapshot) -> bool:
    if names & {item.old_id, item.new_id}:
        return True
    return any(
        data is not None and not names.isdisjoint(_named(data, side.kinds[item.kind].shape))
        for side, data in ((old, item.old_data), (new, item.new_data))
    )


_MENTION = re.compile(r"\[\[([a-z0-9-]+)\]\]|\]\(#([a-z0-9-]+)\)")


def _named(value: Any, shape: Shape | None) -> Iterator[str]:
    """Yield the ids a value refers to and those its texts mention."""
    if shape is None:
        return
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _named(inner, shape.properties.get(name))
    elif isinstance(value, list):
        for inner in value:
            yield from _named(inner, shape.items)
    elif isinstance(value, str) and shape.ref:
        yield value
    elif isinstance(value, str) and shape.text:
        for mention in _MENTION.finditer(value):
            yield (mention[1] or mention[2]).partition("--")[0]


# ---------------------------------------------------------------- reasons


def reasons(
    comparison: Comparison, old: Snapshot, new: Snapshot, trailers: Mapping[str, tuple[Reason, ...]]
) -> dict[str, tuple[Reason, ...]]:
    """Return why items were changed, by their ids in the newer edition, else in the older.

    That is what the records say that the older edition hasn't got, or has otherwise, and then what commits say.
    """
    ids = {one: item.id for item in comparison.items for one in (item.old_id, item.new_id) if one}
    names = {one.id: one.name for one in (*old.entries, *new.entries)}
    known = {one.id: one.data for one in old.entries if one.kind == RECORD}
    past = _past(old, new)
    given = [
        (item, _reason(one, names))
        for one in new.entries
        if one.kind == RECORD and known.get(one.id) != one.data and one.data.get("edition", "") not in past
        for item in one.data["items"]
    ]
    given += [(item, reason) for item, told in sorted(trailers.items()) for reason in told]
    found: dict[str, dict[Reason, None]] = {}
    for item, reason in given:
        found.setdefault(ids.get(item, item), {})[reason] = None
    return {item: tuple(told) for item, told in sorted(found.items())}


def _past(old: Snapshot, new: Snapshot) -> set[str]:
    """Return the older edition and those before it: what was changed for them isn't what changed since."""
    before = {one.id: one.data.get("supersedes", "") for one in (*old.entries, *new.entries) if one.kind == "edition"}
    past: set[str] = set()
    edition = old.edition
    while edition and edition not in past:
        past.add(edition)
        edition = before.get(edition, "")
    return past


def _reason(record: Entry, names: Mapping[str, str]) -> Reason:
    data = record.data
    meeting = data.get("meeting", "")
    return Reason(text=data["reason"], comments=tuple(data.get("comments", ())), meeting=names.get(meeting, meeting))
