"""Which items were moved: printed around another item, or in another order than what stands beside them explains."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from shishin.compare.align import steady
from shishin.compare.lineage import Lineage, Pair
from shishin.snapshot import Place

Places: TypeAlias = Mapping[str, Place]


def moved(old: Places, new: Places, lineage: Lineage) -> set[Pair]:
    """Return the pairs of ids of what was moved.

    What only came or went around an item doesn't move it: the innermost item around it that both editions have counts.
    """
    pairs = [pair for pair in lineage.same.items() if pair[0] in old and pair[1] in new]
    back = {there: here for here, there in lineage.same.items()}

    def then(one: str) -> Pair | None:
        there = lineage.same.get(one) or lineage.merged.get(one)
        return (back.get(there, one), there) if there else None

    def now(one: str) -> Pair | None:
        here = back.get(one) or lineage.split.get(one)
        return (here, lineage.same.get(here, one)) if here else None

    around = {pair: (_around(pair[0], old, then), _around(pair[1], new, now)) for pair in pairs}
    found = {pair for pair in pairs if around[pair][0] != around[pair][1]}
    beside: dict[Pair | str, list[Pair]] = {}
    for pair in pairs:
        if pair not in found:
            beside.setdefault(around[pair][0], []).append(pair)
    for group in beside.values():
        group.sort(key=lambda pair: old[pair[0]].order)
        order = [new[there].order for _, there in group]
        if any(order[place] > order[place + 1] for place in range(len(order) - 1)):
            kept = steady(order, ["\n".join(sorted(pair)) for pair in group])
            found |= {pair for place, pair in enumerate(group) if place not in kept}
    return found


def _around(item: str, places: Places, known: Callable[[str], Pair | None]) -> Pair | str:
    """Return the innermost item around an item that both editions have, else the chapter that is no item."""
    above = places[item].parent
    while above:
        if pair := known(above):
            return pair
        above = places[above].parent if above in places else ""
    chapter = places[item].chapter
    return "" if chapter in places else chapter
