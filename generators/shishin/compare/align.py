"""How two lists go together. Every alignment is the same seen from either side: aligned(b, a) mirrors aligned(a, b)."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import TypeAlias

Pairs: TypeAlias = tuple[tuple[int | None, int | None], ...]
"""(old place, new place) in the order they are shown; None where a side has nothing."""

ALIKE = 0.4
"""From this share of common letter pairs on, two entries of a list are taken for one that was reworded."""
DEAREST = 40_000
"""Pairs of entries that are weighed; longer lists are aligned by what is equal in them."""


def shown(matching: Mapping[int, int], old: int, new: int) -> Pairs:
    """Return the order in which two lists of given lengths are shown: the newer one's.

    What only the older one has stands behind what it stood behind there.
    """
    behind: dict[int | None, list[int]] = {}
    anchor: int | None = None
    for place in range(old):
        if place in matching:
            anchor = matching[place]
        else:
            behind.setdefault(anchor, []).append(place)
    back = {there: here for here, there in matching.items()}
    pairs: list[tuple[int | None, int | None]] = [(place, None) for place in behind.get(None, ())]
    for place in range(new):
        pairs.append((back.get(place), place))
        pairs += [(gone, None) for gone in behind.get(place, ())]
    return tuple(pairs)


def by_key(old: Sequence[Hashable], new: Sequence[Hashable]) -> dict[int, int]:
    """Return which entries have the same key: the first with the first, the second with the second, …"""
    places = {key: place for place, key in enumerate(counted(new))}
    return {place: places[key] for place, key in enumerate(counted(old)) if key in places}


def counted(keys: Sequence[Hashable]) -> list[tuple[Hashable, int]]:
    """Return keys with how often each stood there before: so all differ."""
    seen: Counter[Hashable] = Counter()
    found = []
    for key in keys:
        found.append((key, seen[key]))
        seen[key] += 1
    return found


def by_sequence(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Return the best alignment of two lists of texts that keeps their order: equal ones, then similar ones."""
    if list(old) > list(new):  # one direction decides, so that both give the same
        return {here: there for there, here in by_sequence(new, old).items()}
    shorter = min(len(old), len(new))
    head = next((place for place in range(shorter) if old[place] != new[place]), shorter)
    tail = next((place for place in range(shorter - head) if old[-1 - place] != new[-1 - place]), shorter - head)
    matching = {place: place for place in range(head)}
    matching |= {len(old) - 1 - place: len(new) - 1 - place for place in range(tail)}
    inner_old, inner_new = old[head : len(old) - tail], new[head : len(new) - tail]
    inner = _best if len(inner_old) * len(inner_new) <= DEAREST else _equal
    return matching | {here + head: there + head for here, there in inner(inner_old, inner_new).items()}


def _equal(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    blocks = SequenceMatcher(None, old, new).get_matching_blocks()
    return {block.a + step: block.b + step for block in blocks for step in range(block.size)}


def _best(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Align so that the sum of likenesses is greatest (Needleman and Wunsch)."""
    weights = [[_weight(one, other) for other in new] for one in old]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        row, below = best[i], best[i + 1]
        for j in range(len(new) - 1, -1, -1):
            weight = weights[i][j]
            row[j] = max(below[j], row[j + 1], weight + below[j + 1] if weight else 0.0)
    matching: dict[int, int] = {}
    i = j = 0
    while i < len(old) and j < len(new):
        if weights[i][j] and best[i][j] == weights[i][j] + best[i + 1][j + 1]:
            matching[i] = j
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return matching


def _weight(one: str, other: str) -> float:
    if one == other:
        return 1.0
    alike = likeness(one, other)
    return alike * 0.99 if alike >= ALIKE else 0.0


def likeness(one: str, other: str) -> float:
    """Return how much of two texts is the same, from 0 to 1: the share of common pairs of letters."""
    first, second = _letter_pairs(one), _letter_pairs(other)
    total = first.total() + second.total()
    return 2 * (first & second).total() / total if total else 1.0


@lru_cache(maxsize=4096)
def _letter_pairs(text: str) -> Counter[str]:
    return Counter(text[place : place + 2] for place in range(max(len(text) - 1, 1)))


def steady(places: Sequence[int], names: Sequence[str]) -> set[int]:
    """Return which entries kept their order, as places in the older one; the others were moved.

    `places` tells for each entry, in the older order, its place in the newer. Of several longest runs that keep their
    order it's the one whose names come first: the same seen from either side.
    """
    lengths = [0] * len(places)
    ends: list[int] = []
    for at in range(len(places) - 1, -1, -1):
        length = bisect_left(ends, -places[at])
        ends[length : length + 1] = [-places[at]]
        lengths[at] = length + 1
    levels: dict[int, list[int]] = {}
    for at, length in enumerate(lengths):
        levels.setdefault(length, []).append(at)
    kept: set[int] = set()
    last = reached = -1
    for length in range(len(ends), 0, -1):
        last = min((at for at in levels[length] if at > last and places[at] > reached), key=lambda at: names[at])
        reached = places[last]
        kept.add(last)
    return kept
