"""Which item of one edition is which of the other: by id, and by what the data says of renames, splits and merges.

`replaces`, `split_from` and `merged_into` are read on both sides, so that a split seen backwards is a merge.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from shishin.snapshot import Entry, Snapshot

Pair: TypeAlias = tuple[str, str]
"""The id of an item in the older edition and in the newer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineage:
    """What became of the items: the same (by old id), split off (new id: from which), merged (old id: into which)."""

    same: Mapping[str, str]
    split: Mapping[str, str]
    merged: Mapping[str, str]

    @property
    def renamed(self) -> dict[str, str]:
        """Items whose id is another one now."""
        return {old: new for old, new in self.same.items() if old != new}


def lineage_of(old: Snapshot, new: Snapshot) -> Lineage:
    """Return what became of the items of an edition in another."""
    before, after = {one.id: one for one in old.entries}, {one.id: one for one in new.entries}
    same = {one: one for one in before if one in after and before[one].kind == after[one].kind}
    links = _links(old, new)
    both = [pair for earlier, later in links for pair in ((earlier, later), (later, earlier))]
    taken = set(same.values())
    for here, there in both:
        gone, come = here in before and here not in after, there in after and there not in before
        if gone and come and here not in same and there not in taken and before[here].kind == after[there].kind:
            same[here] = there
            taken.add(there)
    back = {there: here for here, there in same.items()}
    split: dict[str, str] = {}
    merged: dict[str, str] = {}
    for one, other in both:  # ids of renamed items lead to what they are called on each side
        here, there = one if one in before else back.get(one, ""), other if other in after else same.get(other, "")
        if here in same and there in after and there not in taken and there not in before:
            split.setdefault(there, here)
        elif there in taken and here in before and here not in same and here not in after:
            merged.setdefault(here, there)
    return Lineage(same=same, split=split, merged=merged)


def _links(old: Snapshot, new: Snapshot) -> list[Pair]:
    """Return what came from what: replacements first, as listed, then in reading order; the same from either side.

    Of two editions of different days only the later one tells: what the earlier one says of its past is no change.
    """
    found: dict[Pair, tuple[int, int, int, str, str]] = {}
    for side, other in ((old, new), (new, old)):
        for order, entry in enumerate(side.entries):
            for rank, place, earlier, later in _told(entry, past=not side.as_of < other.as_of):
                key = (rank, place, order, earlier, later)
                found[earlier, later] = min(found.get((earlier, later), key), key)
    return sorted(found, key=lambda link: found[link])


def _told(entry: Entry, *, past: bool) -> Iterator[tuple[int, int, str, str]]:
    """Yield rank, place in the list, the earlier and the later id of what an item tells of its past and its end."""
    if past:
        for place, earlier in enumerate(_listed(entry.data.get("replaces"))):
            yield 0, place, earlier, entry.id
        for place, earlier in enumerate(_listed(entry.data.get("split_from"))):
            yield 1, place, earlier, entry.id
    for place, later in enumerate(_listed(entry.data.get("merged_into"))):
        yield 2, place, entry.id, later


def _listed(value: Any) -> list[str]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]
