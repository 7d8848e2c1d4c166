"""Lines that share a way: relations of one kind to one box (or from one box) become one branching line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wire:
    """One relation to draw, with the word on it; `merge`: it may share a line with others of its kind and word."""

    source: str
    target: str
    kind: str
    label: str
    merge: bool


@dataclass(frozen=True, slots=True)
class Net:
    """One branching line: from the hub's lower (`side` +1) or upper (-1) edge to every leaf."""

    kind: str
    label: str
    hub: str
    side: int
    leaves: tuple[str, ...]
    outward: bool  # the hub is the source of the relations


@dataclass(frozen=True, slots=True)
class Link:
    """A straight line between two neighbours of one row; `place` of `count` stacked ones."""

    wire: Wire
    place: int
    count: int


def split(
    wires: Sequence[Wire], rows: Sequence[Sequence[str]], most: int, fits: Callable[[Wire], bool]
) -> tuple[tuple[Link, ...], tuple[Net, ...]]:
    """Part the wires into side links between neighbours (at most `most` each, whose
    words fit between them) and nets through the channels.

    `rows` are in order from left to right.
    """
    row_of = {box: level for level, row in enumerate(rows) for box in row}
    place_of = {box: place for row in rows for place, box in enumerate(row)}
    beside: dict[tuple[str, str], list[Wire]] = {}
    rest: list[Wire] = []
    for wire in dict.fromkeys(wires):
        ends = sorted((wire.source, wire.target), key=lambda box: place_of[box])
        pair = beside.setdefault((ends[0], ends[1]), [])
        near = row_of[ends[0]] == row_of[ends[1]] and place_of[ends[1]] - place_of[ends[0]] == 1
        (pair if near and len(pair) < most and fits(wire) else rest).append(wire)
    links = tuple(Link(wire, place, len(pair)) for pair in beside.values() for place, wire in enumerate(pair))
    return links, tuple(_nets(rest, row_of))


def _nets(wires: Sequence[Wire], row_of: Mapping[str, int]) -> list[Net]:
    nets: list[Net] = []
    left = list(wires)
    last = max(row_of.values(), default=0)
    while left:
        stars: dict[tuple[str, str, str, bool, int, int], list[Wire]] = {}
        for place, wire in enumerate(left):
            for hub, leaf, outward in ((wire.target, wire.source, False), (wire.source, wire.target, True)):
                way = row_of[leaf] - row_of[hub]
                # neighbours of a row that don't touch meet below it, or above the last row
                side = (1 if way > 0 else -1) if way else (1 if row_of[hub] < last else -1)
                alone = -1 if wire.merge else place
                key = (wire.kind, wire.label, hub, outward, side, alone)
                stars.setdefault(key, []).append(wire)
        # the star with the most lines first; ties go to what comes first
        (kind, label, hub, outward, side, _), star = max(stars.items(), key=lambda entry: len(entry[1]))
        leaves = tuple(wire.target if outward else wire.source for wire in star)
        nets.append(Net(kind=kind, label=label, hub=hub, side=side, leaves=leaves, outward=outward))
        left = [wire for wire in left if wire not in star]
    return nets
