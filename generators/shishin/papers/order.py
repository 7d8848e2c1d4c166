"""The reading order of two editions together: which chapter an item is told in, what stands between two items."""

from __future__ import annotations

from collections.abc import Mapping

from shishin.comparison import ItemChange
from shishin.papers.headings import Editions
from shishin.snapshot import OWN, Snapshot

UNPRINTED = "記録"
COVER = "表紙・体裁"


def chapter_of(item: ItemChange, renamed: Mapping[str, str]) -> str:
    """Return the chapter an item is told in, or what stands for one where it is in none."""
    if item.kind == OWN:
        return COVER
    if item.new_place:
        return item.new_place.chapter
    return renamed.get(item.old_place.chapter, item.old_place.chapter) if item.old_place else UNPRINTED


def chapters(old: Snapshot, new: Snapshot, renamed: Mapping[str, str]) -> tuple[str, ...]:
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


class Gaps:
    """Tells whether something unchanged is printed between two changed items of a chapter."""

    def __init__(self, items: list[ItemChange], editions: Editions) -> None:
        changed = {one.new_id for one in items} | {one.old_id for one in items}
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
