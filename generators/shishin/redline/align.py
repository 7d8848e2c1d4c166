"""Which parts of two lists go together: equal ones first, then similar ones, never crossing."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from difflib import SequenceMatcher
from typing import TypeAlias

Pair: TypeAlias = tuple[int, int]

DEAREST = 60_000
"""Pairs that are compared one by one at most; in a larger gap only equal parts go together."""


def rising(pairs: Sequence[Pair]) -> list[Pair]:
    """Return the longest part of pairs (sorted by their first) whose seconds rise too."""
    tails: list[int] = []  # the least second that ends a chain of each length
    chain: list[int] = []  # and the place of its pair
    before: list[int] = []
    for place, (_, second) in enumerate(pairs):
        length = bisect_left(tails, second)
        before.append(chain[length - 1] if length else -1)
        tails[length : length + 1] = [second]
        chain[length : length + 1] = [place]
    found: list[Pair] = []
    at = chain[-1] if chain else -1
    while at >= 0:
        found.append(pairs[at])
        at = before[at]
    return found[::-1]


def named(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    """Return the places that have the same name ("" is none), in one order on both sides."""
    return rising(_unique(old, new, ""))


def equal(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Pair]:
    """Return the places that are equal: what occurs once on both sides leads, the rest is found between."""
    found: list[Pair] = []
    open_ = [(0, len(old), 0, len(new))]
    while open_:
        i1, i2, j1, j2 = open_.pop()
        while i1 < i2 and j1 < j2 and old[i1] == new[j1]:
            found.append((i1, j1))
            i1, j1 = i1 + 1, j1 + 1
        while i1 < i2 and j1 < j2 and old[i2 - 1] == new[j2 - 1]:
            i2, j2 = i2 - 1, j2 - 1
            found.append((i2, j2))
        if i1 == i2 or j1 == j2:
            continue
        anchors = rising(_unique(old[i1:i2], new[j1:j2], None))
        if anchors:
            places = [(i1 + i, j1 + j) for i, j in anchors]
            found += places
            starts, ends = [(i1, j1), *((i + 1, j + 1) for i, j in places)], [*places, (i2, j2)]
            open_ += [(a[0], b[0], a[1], b[1]) for a, b in zip(starts, ends, strict=True)]
        elif (i2 - i1) * (j2 - j1) <= DEAREST:
            matcher = SequenceMatcher(None, old[i1:i2], new[j1:j2], autojunk=False)
            for i, j, size in matcher.get_matching_blocks():
                found += [(i1 + i + place, j1 + j + place) for place in range(size)]
    return sorted(found)


def _unique(old: Sequence[Hashable], new: Sequence[Hashable], nothing: Hashable) -> list[Pair]:
    once = [{value for value, count in Counter(side).items() if count == 1} for side in (old, new)]
    both = (once[0] & once[1]) - {nothing}
    places = {value: place for place, value in enumerate(new) if value in both}
    return [(place, places[value]) for place, value in enumerate(old) if value in both]


def similar(old: int, new: int, score: Callable[[int, int], float]) -> list[Pair]:
    """Return the pairs, in order, whose scores add up to most; a score of 0 never makes a pair."""
    if not old or not new or old * new > DEAREST:
        return []
    best = [[0.0] * (new + 1) for _ in range(old + 1)]
    scores = [[score(i, j) for j in range(new)] for i in range(old)]
    for i in range(old - 1, -1, -1):
        for j in range(new - 1, -1, -1):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], scores[i][j] + best[i + 1][j + 1] if scores[i][j] else 0)
    found, i, j = [], 0, 0
    while i < old and j < new:
        if scores[i][j] and best[i][j] == scores[i][j] + best[i + 1][j + 1]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return found


def likeness(old: Counter[str], new: Counter[str]) -> float:
    """Return how much of two texts, counted by pairs of letters, is common: 0 to 1."""
    total = old.total() + new.total()
    return 2 * sum((old & new).values()) / total if total else 1.0


def letters(text: str) -> Counter[str]:
    """Return the pairs of neighbouring letters of a text."""
    return Counter(text[place : place + 2] for place in range(len(text) - 1)) if len(text) > 1 else Counter(text)


def steps(old: int, new: int, pairs: Sequence[Pair]) -> list[tuple[int | None, int | None]]:
    """Return all places of both sides in one order: in each gap the old ones, then the new ones, then the pair."""
    found: list[tuple[int | None, int | None]] = []
    i = j = 0
    for a, b in (*pairs, (old, new)):
        found += [(place, None) for place in range(i, a)]
        found += [(None, place) for place in range(j, b)]
        if a < old and b < new:
            found.append((a, b))
        i, j = a + 1, b + 1
    return found
