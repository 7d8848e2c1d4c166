"""Use a comparison: make the newer edition's items out of the older one's, or look at it from the other side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from shishin.compare.align import shown
from shishin.comparison import Aligned, Change, Comparison, ItemChange, Path
from shishin.snapshot import Snapshot

Placed = TypeVar("Placed", Change, Aligned)

_MIRRORED = {"added": "removed", "removed": "added", "split": "merged", "merged": "split"}


def apply(comparison: Comparison, old: Snapshot) -> dict[str, tuple[str, Mapping[str, Any]]]:
    """Return kind and data of every item of the newer edition, made of the older one's by the changes alone.

    Raise ValueError where the comparison isn't one with this edition.
    """
    items = {one.id: (one.kind, one.data) for one in old.entries}
    found = (*comparison.items, *comparison.silent)
    taken = {item.old_id: items.pop(item.old_id, None) for item in found if item.old_id}
    for item in found:
        kinds = {change.kind for change in item.changes}
        source = taken.get(item.old_id)
        if item.old_id and (source is None or source[1] != item.old_data):
            raise ValueError(f"{item.old_id}: not what was compared")
        if source is None and item.new_data is not None and kinds & {"added", "split"}:
            items[item.new_id] = (item.kind, item.new_data)
        elif source is not None and not (not item.new_id and kinds & {"removed", "merged"}):
            items[item.new_id or item.old_id] = (item.kind, _Item(item).made(source[1]))
    return items


class _Item:
    """The changes of one item by where they belong."""

    def __init__(self, item: ItemChange) -> None:
        values = [one for one in (*item.changes, *item.silent) if one.old_path or one.new_path]
        self.values = [one for one in values if one.kind != "moved"]
        self.changed = {one.old_path: one for one in self.values if one.old_path and one.new_path}
        self.gone = {one.old_path: one for one in self.values if one.new_path is None}
        self.come = {one.new_path: one for one in self.values if one.old_path is None}
        self.aligned = {one.old_path: one for one in item.aligned}

    def made(self, data: Mapping[str, Any]) -> Any:
        """Return the newer data of the item."""
        return self._value(data, (), ())

    def _value(self, value: Any, old: Path, new: Path) -> Any:
        if change := self.changed.get(old):
            _expect(change, value, new)
            return change.new
        if isinstance(value, Mapping):
            made = {}
            for name, inner in value.items():
                if change := self.gone.get((*old, name)):
                    _expect(change, inner, None)
                else:
                    made[name] = self._value(inner, (*old, name), (*new, name))
            return made | {
                str(path[-1]): change.new
                for path, change in self.come.items()
                if path and path[:-1] == new and isinstance(path[-1], str)
            }
        return self._list(value, old, new) if isinstance(value, list) else value

    def _list(self, values: list[Any], old: Path, new: Path) -> list[Any]:
        aligned = self.aligned.get(old)
        pairs = aligned.pairs if aligned else tuple((place, place) for place in range(len(values)))
        made: dict[int, Any] = {}
        for i, j in pairs:
            if j is None:
                if i is None or (*old, i) not in self.gone:
                    raise ValueError(f"{old}: an entry goes without a change")
                _expect(self.gone[*old, i], values[i], None)
            elif i is not None:
                made[j] = self._value(values[i], (*old, i), (*new, j))
            elif (*new, j) in self.come:
                made[j] = self.come[*new, j].new
        return [made[place] for place in sorted(made)]


def _expect(change: Change, value: Any, new: Path | None) -> None:
    if change.old != value or change.new_path != new:
        raise ValueError(f"{change.old_path}: not what was compared")


# ---------------------------------------------------------------- from the other side


def mirror(comparison: Comparison) -> Comparison:
    """Return the comparison seen from the other side: what came is what went, and a split is a merge."""
    return replace(
        comparison,
        old=comparison.new,
        new=comparison.old,
        items=_mirrored_items(comparison.items),
        silent=_mirrored_items(comparison.silent),
        templates=tuple((anchor, new, old) for anchor, old, new in comparison.templates),
    )


def _mirrored_items(items: Iterable[ItemChange]) -> tuple[ItemChange, ...]:
    return tuple(sorted((_mirrored(item) for item in items), key=lambda item: item.ranks))


def _mirrored(item: ItemChange) -> ItemChange:
    aligned = tuple(_turned(one) for one in item.aligned)
    return replace(
        item,
        old_id=item.new_id,
        new_id=item.old_id,
        old_name=item.new_name,
        new_name=item.old_name,
        old_place=item.new_place,
        new_place=item.old_place,
        old_data=item.new_data,
        new_data=item.old_data,
        changes=_ordered([_swapped(change) for change in item.changes], aligned),
        silent=_ordered([_swapped(change) for change in item.silent], aligned),
        aligned=_ordered(aligned, aligned),
        ranks=(item.ranks[1], item.ranks[0]),
    )


def _swapped(change: Change) -> Change:
    both = change.old_path is not None and change.new_path is not None
    return replace(
        change,
        kind=_MIRRORED.get(change.kind, change.kind),
        field=change.old_field or change.field,
        old_path=change.new_path,
        new_path=change.old_path,
        label=change.old_label or change.label,
        old=change.new,
        new=change.old,
        old_field=change.field if change.old_field and both else (),
        old_label=change.label if change.old_label and both else "",
    )


def _turned(aligned: Aligned) -> Aligned:
    matching = {j: i for i, j in aligned.pairs if i is not None and j is not None}
    old, new = (sum(pair[side] is not None for pair in aligned.pairs) for side in (0, 1))
    return Aligned(old_path=aligned.new_path, new_path=aligned.old_path, pairs=shown(matching, new, old))


def _ordered(found: Sequence[Placed], aligned: Iterable[Aligned]) -> tuple[Placed, ...]:
    """Bring what concerns the entries of lists into the order in which the lists are shown."""
    ordered = list(found)
    for one in aligned:
        places = {(side, pair[side]): rank for rank, pair in enumerate(one.pairs) for side in (0, 1)}
        ranks = [
            _rank(each.old_path, one.old_path, 0, places) or _rank(each.new_path, one.new_path, 1, places)
            for each in ordered
        ]
        inside = [place for place, rank in enumerate(ranks) if rank]
        for place, source in zip(inside, sorted(inside, key=lambda at: ranks[at]), strict=True):
            ordered[place] = found[source]
        found = list(ordered)
    return tuple(ordered)


def _rank(path: Path | None, above: Path, side: int, places: Mapping[tuple[int, Any], int]) -> int:
    """Return where the entry of a list that a path leads into is shown, from 1; 0 for any other path."""
    if path is None or len(path) <= len(above) or path[: len(above)] != above:
        return 0
    return places[side, path[len(above)]] + 1
