"""Where boxes stand: rows inside their groups, then columns, so that lines stay short and cross seldom.

Rows follow from relations that have a parent (設置, 所属): a child stands one row below its parent of the same
group. Columns are found by barycentre sweeps and then by small moves, as long as they make the picture better.
Nothing is random: ties keep the order the caller gave.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations, permutations
from math import inf

Slots = tuple[int, ...]  # the half column of each box; two boxes in a row stand at least 2 apart

_CROSSING = 5.0
_THROUGH = 4.0  # a straight line would run through a box, so it needs a way round
_BEND = 1.0
_SWEEPS = 4
_TURNS = 3
_PASSES = 12
_EFFORT = 20_000_000  # about a second: a picture too big to be read needn't be perfect


@dataclass(frozen=True, slots=True)
class Tie:
    """Two boxes (by index) that a line joins; heavy ties are kept short first."""

    one: int
    other: int
    weight: float = 1.0


def ranks(members: Sequence[str], parents: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Return how many parents stand above each member, given (parent, child) pairs; circles are cut."""
    inside = set(members)
    above: dict[str, list[str]] = {member: [] for member in members}
    for parent, child in parents:
        if parent in inside and child in inside:
            above[child].append(parent)
    depth: dict[str, int] = {}

    def visit(member: str, below: frozenset[str]) -> int:
        if member not in depth:
            path = below | {member}
            depth[member] = max((1 + visit(parent, path) for parent in above[member] if parent not in path), default=0)
        return depth[member]

    for member in members:
        visit(member, frozenset())
    return depth


def rows_of(members: Sequence[str], parents: Sequence[tuple[str, str]], most: int) -> tuple[tuple[str, ...], ...]:
    """Split a group into rows: parents above children, at most `most` boxes in a row."""
    depth = ranks(members, parents)
    rows: list[tuple[str, ...]] = []
    for level in sorted(set(depth.values())):
        row = [member for member in members if depth[member] == level]
        pieces = -(-len(row) // most)
        size = -(-len(row) // pieces)
        rows += [tuple(row[start : start + size]) for start in range(0, len(row), size)]
    return tuple(rows)


@dataclass(slots=True)
class _Board:
    """The rows, and how bad a placement is."""

    rows: tuple[tuple[int, ...], ...]
    ties: tuple[Tie, ...]
    columns: int
    drops: tuple[tuple[Tie, int, int], ...]  # each tie from its upper row to its lower one
    rivals: tuple[tuple[int, ...], ...]  # for each tie, the later ones that share some height with it
    effort: int = _EFFORT  # what is left of it

    def spread(self, row: Sequence[int]) -> dict[int, int]:
        start = self.columns - len(row)
        return {box: start + 2 * place for place, box in enumerate(row)}

    def cost(self, slots: Sequence[int], limit: float = inf) -> float:
        """Weigh a placement; above `limit` any number above it will do."""
        self.effort -= len(self.ties) * (8 + len(self.ties))
        total = 0.0
        middle = self.columns - 1
        for row in self.rows:
            # a row balanced about the middle looks calm
            total += 0.4 * abs(sum(slots[box] for box in row) / len(row) - middle)
        lines = []
        for tie, y1, y2 in self.drops:
            x1, x2 = slots[tie.one], slots[tie.other]
            lines.append((x1, y1, x2, y2))
            if x1 != x2:
                total += tie.weight * (abs(x1 - x2) + (_BEND if y1 != y2 else 0))
            total += _THROUGH * self._boxes_between(slots, x1, y1, x2, y2)
        for number, others in enumerate(self.rivals):
            if total > limit:
                break
            x1, y1, x2, y2 = lines[number]
            low, high = (x1, x2) if x1 < x2 else (x2, x1)
            for other in others:
                u1, v1, u2, v2 = lines[other]
                if (u1 >= low or u2 >= low) and (u1 <= high or u2 <= high) and _cross(x1, y1, x2, y2, u1, v1, u2, v2):
                    total += _CROSSING
        return total

    def _boxes_between(self, slots: Sequence[int], x1: int, y1: int, x2: int, y2: int) -> int:
        if y1 == y2:
            return sum(x1 < slots[box] < x2 for box in self.rows[y1])
        found = 0
        for row in range(y1 + 1, y2):
            x = x1 + (x2 - x1) * (row - y1) / (y2 - y1)
            found += sum(abs(slots[box] - x) < 0.8 for box in self.rows[row])
        return found

    def seats(self, row: Sequence[int]) -> Iterator[dict[int, int]]:
        """Yield every way to seat a row (a row is short: at most some hundred ways)."""
        last = 2 * self.columns - 2
        for free in combinations(range(last + 1 - (len(row) - 1)), len(row)):
            for order in permutations(row):
                yield {box: slot + place for place, (slot, box) in enumerate(zip(free, order, strict=True))}


def _changed(slots: Slots, changes: dict[int, int]) -> Slots:
    return tuple(changes.get(box, slot) for box, slot in enumerate(slots))


def _cross(x1: int, y1: int, x2: int, y2: int, u1: int, v1: int, u2: int, v2: int) -> bool:
    """Tell whether two straight lines cross (sharing an end is no crossing)."""
    if (x1, y1) in ((u1, v1), (u2, v2)) or (x2, y2) in ((u1, v1), (u2, v2)):
        return False
    one = (x2 - x1) * (v1 - y1) - (y2 - y1) * (u1 - x1)
    two = (x2 - x1) * (v2 - y1) - (y2 - y1) * (u2 - x1)
    three = (u2 - u1) * (y1 - v1) - (v2 - v1) * (x1 - u1)
    four = (u2 - u1) * (y2 - v1) - (v2 - v1) * (x2 - u1)
    return one * two < 0 and three * four < 0


@cache
def placements(rows: tuple[tuple[int, ...], ...], ties: tuple[Tie, ...], columns: int) -> tuple[Slots, ...]:
    """Return good placements, the best first: the half column (0 to 2·columns-2) of each box.

    `rows` holds every index once.
    """
    level = {box: level for level, row in enumerate(rows) for box in row}
    drops = []
    for tie in ties:
        down = tie if level[tie.one] <= level[tie.other] else Tie(tie.other, tie.one, tie.weight)
        drops.append((down, level[down.one], level[down.other]))
    rivals = tuple(
        tuple(other for other in range(number + 1, len(drops)) if max(top, drops[other][1]) < min(low, drops[other][2]))
        for number, (_, top, low) in enumerate(drops)
    )
    board = _Board(rows, ties, columns, tuple(drops), rivals)
    found: dict[Slots, float] = {}
    for start in _starts(board):
        slots, cost = _settle(board, start)
        mirrored = tuple(2 * columns - 2 - slot for slot in slots)
        # of two mirrored pictures the one that has the rows' first boxes more to the left
        found.setdefault(min(slots, mirrored, key=lambda seats: sum(seats[row[0]] for row in rows)), cost)
    return tuple(sorted(found, key=lambda slots: found[slots]))


def _settle(board: _Board, slots: Slots) -> tuple[Slots, float]:
    """Seat one row after the other as well as the rest allows, until nothing gets better."""
    cost = board.cost(slots)
    for _ in range(_PASSES):
        before = cost
        for row in board.rows:
            if board.effort < 0:
                return slots, cost
            for seats in board.seats(row):
                trial = _changed(slots, seats)
                found = board.cost(trial, cost)
                if found < cost - 1e-9:
                    slots, cost = trial, found
        if cost >= before:
            break
    return slots, cost


def _starts(board: _Board) -> Iterator[Slots]:
    """Yield the order as given, after barycentre sweeps down and up, and turned about in some ways."""
    for turn in range(_TURNS):
        slots: dict[int, int] = {}
        for level, row in enumerate(board.rows):
            cut = turn * (level + 1) % len(row)
            turned = (row[cut:] + row[:cut])[:: -1 if turn > level % 2 else 1]
            slots |= board.spread(row if turn == 0 else turned)
        yield tuple(slots[box] for box in range(len(slots)))
        yield _swept(board, slots)


def _swept(board: _Board, slots: Mapping[int, int]) -> Slots:
    swept = dict(slots)
    near: dict[int, list[tuple[int, float]]] = {box: [] for box in slots}
    for tie in board.ties:
        near[tie.one].append((tie.other, tie.weight))
        near[tie.other].append((tie.one, tie.weight))
    for sweep in range(_SWEEPS):
        for row in board.rows[:: -1 if sweep % 2 else 1]:
            pull = {}
            for box in row:
                weights = sum(weight for _, weight in near[box])
                whole = sum(swept[other] * weight for other, weight in near[box])
                pull[box] = whole / weights if weights else float(swept[box])
            swept |= board.spread(sorted(row, key=lambda box: (pull[box], swept[box])))
    return tuple(swept[box] for box in range(len(swept)))
