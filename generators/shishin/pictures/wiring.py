"""Where lines touch boxes and pass rows: pins, moved as long as crossings, bends and lengths become less."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

GRID = 4.0
APART = 10.0  # least distance of two lines
MARGIN = 8.0  # from a line to the corner of a box, inside and outside
_CROSSING, _OVERLAP, _BEND, _LENGTH, _OFF_CENTRE = 6.0, 40.0, 3.0, 0.03, 0.012
_PASSES = 8
_EFFORT = 500_000  # nets looked at: about a second


@dataclass(frozen=True, slots=True)
class Pin:
    """Where a net meets a row: an edge of a box (`side` +1 lower, -1 upper) or, with no box, a way through."""

    net: int
    row: int
    box: str
    side: int

    @property
    def channels(self) -> tuple[int, ...]:
        """The channels this pin stands in, the upper first."""
        if self.side:
            return (self.row + 1,) if self.side > 0 else (self.row,)
        return (self.row, self.row + 1)


@dataclass(frozen=True, slots=True)
class Span:
    """A net in one channel: its pins above and below, and how far its track reaches."""

    above: tuple[float, ...]
    below: tuple[float, ...]
    low: float
    high: float


def _span_cost(span: Span) -> float:
    if span.high == span.low:
        return 0.0
    # a branch that goes straight on has one bend less
    bends = _BEND / 2 if set(span.above) & set(span.below) else _BEND
    return (span.high - span.low) * _LENGTH + bends


def order_cost(upper: Span, lower: Span) -> float:
    """Count crossings when one net's track lies above the other's; overlapping lines weigh most."""
    cost = 0.0
    for x in upper.below:
        if lower.low - MARGIN < x < lower.high + MARGIN:
            cost += _CROSSING
            cost += sum(_OVERLAP for other in lower.above if abs(x - other) < APART - 2)
    for x in lower.above:
        if upper.low - MARGIN < x < upper.high + MARGIN:
            cost += _CROSSING
    return cost


def _pair_cost(one: Span, other: Span) -> float:
    if one.low - MARGIN >= other.high or other.low - MARGIN >= one.high:
        return 0.0
    for straight, turning in ((one, other), (other, one)):
        if straight.low == straight.high:
            near = sum(abs(x - straight.low) < APART - 2 for x in turning.above + turning.below)
            return near * _OVERLAP + (_CROSSING if turning.low < straight.low < turning.high else 0.0)
    return min(order_cost(one, other), order_cost(other, one))


@dataclass(slots=True)
class Wiring:
    """The pins of all nets with the places they may take, where they stand now, and what that costs."""

    pins: list[Pin]
    choices: list[tuple[float, ...]]
    centres: list[float]
    barred: Mapping[int, Sequence[tuple[float, float]]]
    x: list[float] = field(default_factory=list)
    of_net: dict[int, list[int]] = field(default_factory=dict)
    in_channel: dict[int, list[int]] = field(default_factory=dict)  # nets
    rivals: list[list[int]] = field(default_factory=list)  # pins on the same edge of the row
    parts: list[list[tuple[tuple[int, int], list[int], list[int]]]] = field(default_factory=list)
    spans: dict[tuple[int, int], Span] = field(default_factory=dict)
    effort: int = _EFFORT  # what is left of it

    def prepare(self) -> None:
        """Look up once which pins, nets and channels have to do with each other."""
        for number, pin in enumerate(self.pins):
            self.of_net.setdefault(pin.net, []).append(number)
            for channel in pin.channels:
                nets = self.in_channel.setdefault(channel, [])
                if pin.net not in nets:
                    nets.append(pin.net)
        for number, pin in enumerate(self.pins):
            self.rivals.append(
                [
                    other
                    for other, rival in enumerate(self.pins)
                    if other != number and rival.row == pin.row and rival.box == pin.box and rival.side == pin.side
                ]
            )
            self.parts.append([])
            for channel in pin.channels:
                mates = [other for other in self.of_net[pin.net] if channel in self.pins[other].channels]
                # a pin below its row's boxes, or a way through the row above, enters from above
                above = [other for other in mates if self.pins[other].row < channel]
                below = [other for other in mates if self.pins[other].row >= channel]
                self.parts[-1].append(((channel, pin.net), above, below))
        self.x = list(self.centres)
        for number in range(len(self.pins)):
            self._refresh(number)

    def _refresh(self, number: int) -> None:
        for key, above, below in self.parts[number]:
            high = [self.x[other] for other in above]
            low = [self.x[other] for other in below]
            everything = high + low
            self.spans[key] = Span(tuple(high), tuple(low), min(everything), max(everything))

    def move(self, number: int, x: float) -> None:
        """Put a pin somewhere else."""
        self.x[number] = x
        self._refresh(number)

    def cost(self, *numbers: int) -> float:
        """Return the part of the cost that depends on these pins."""
        cost = 0.0
        touched: dict[tuple[int, int], None] = {}
        for number in numbers:
            cost += self._own_cost(number)
            for key, _, _ in self.parts[number]:
                touched[key] = None
        for channel, own in touched:
            span = self.spans[channel, own]
            cost += _span_cost(span)
            self.effort -= len(self.in_channel[channel])
            low, high = span.low - MARGIN, span.high + MARGIN
            for net in self.in_channel[channel]:
                # a pair of nets that are both touched counts once
                if net == own or (net < own and (channel, net) in touched):
                    continue
                other = self.spans[channel, net]
                if other.high > low and other.low < high:
                    cost += _pair_cost(span, other)
        return cost

    def _own_cost(self, number: int) -> float:
        pin, x = self.pins[number], self.x[number]
        cost = sum(200.0 for other in self.rivals[number] if abs(self.x[other] - x) < APART)
        if pin.box:
            return cost + abs(x - self.centres[number]) * _OFF_CENTRE
        for low, high in self.barred.get(pin.row, ()):
            if low < x < high:
                # in the middle it would also take the place of the word on the line it crosses
                cost += _CROSSING + (_BEND if low + APART < x < high - APART else 0)
        return cost

    def total(self) -> float:
        """Return the cost of everything, each thing counted once."""
        return self.cost(*range(len(self.pins)))

    def improve(self, *, fine: bool) -> None:
        """Move pins until nothing gets better; `fine` also moves facing pins together."""
        for _ in range(_PASSES):
            better = False
            for number in range(len(self.pins)):
                if self.effort < 0:
                    return
                better |= self._try_places(number)
                better |= self._try_swaps(number)
                if fine:
                    better |= self._try_straight(number)
            if not better:
                return

    def _try_places(self, number: int) -> bool:
        home = best = self.x[number]
        least = self.cost(number) - 1e-6
        pin = self.pins[number]
        wished = {self.x[other] for other in self.of_net[pin.net] if set(self.pins[other].channels) & set(pin.channels)}
        taken = [self.x[other] for other in self.rivals[number]]
        for x in self.choices[number]:
            # ways through a row have many places; every second and the straight ones are enough
            if x == home or (not pin.box and x % (2 * GRID) and x not in wished):
                continue
            if any(abs(x - other) < APART for other in taken):
                continue
            self.move(number, x)
            cost = self.cost(number)
            if cost < least:
                least, best = cost - 1e-6, x
        self.move(number, best)
        return best != home

    def _try_swaps(self, number: int) -> bool:
        better = False
        for other in self.rivals[number]:
            if other < number:
                continue
            before = self.cost(number, other)
            here, there = self.x[number], self.x[other]
            self.move(number, there)
            self.move(other, here)
            if self.cost(number, other) < before - 1e-6:
                better = True
            else:
                self.move(number, here)
                self.move(other, there)
        return better

    def _try_straight(self, number: int) -> bool:
        """Move pins of one net that face each other to the same place, and their rivals aside."""
        pin = self.pins[number]
        mates = self.of_net[pin.net]
        facing = [
            [number, other] for other in mates if other > number and set(pin.channels) & set(self.pins[other].channels)
        ]
        if number == mates[0]:  # once for each net: the ways through rows, alone and with each end
            ways = [other for other in mates if not self.pins[other].box]
            if ways:
                facing += [ways, *([*ways, other] for other in mates if self.pins[other].box), mates]
        return any([self._try_together(group) for group in facing])

    def _try_together(self, group: Sequence[int]) -> bool:
        if len({self.x[one] for one in group}) == 1 and len(group) < len(self.of_net[self.pins[group[0]].net]):
            return False
        near = list(dict.fromkeys([*group, *(rival for one in group for rival in self.rivals[one])]))
        before = {one: self.x[one] for one in near}
        least, best = self.cost(*near) - 1e-6, before
        common = set(self.choices[group[0]]).intersection(*(self.choices[one] for one in group))
        for x in sorted(common):
            if x % (2 * GRID) and all(x != before[one] for one in group):
                continue
            if all([self._settle(one, x) for one in group]):
                cost = self.cost(*near)
                if cost < least:
                    least, best = cost - 1e-6, {one: self.x[one] for one in near}
            self._restore(before)
        self._restore(best)
        return best is not before

    def _restore(self, places: Mapping[int, float]) -> None:
        for number, x in places.items():
            if self.x[number] != x:
                self.move(number, x)

    def _settle(self, number: int, x: float) -> bool:
        """Put a pin at `x` and push its rivals aside; tell whether there was room for all."""
        for way in (-1, 1):
            limit = x
            side = [
                rival
                for rival in self.rivals[number]
                if (self.x[rival] - x) * way > 0 or (self.x[rival] == x and (self.x[number] - x) * way < 0)
            ]
            for rival in sorted(side, key=lambda one: self.x[one] * way):
                limit += way * 3 * GRID
                if (self.x[rival] - limit) * way >= 0:
                    break
                if limit not in self.choices[rival]:
                    return False
                self.move(rival, limit)
        self.move(number, x)
        return True


def spread(wiring: Wiring) -> None:
    """Give the pins of each box edge their first places: side by side, in the order of where they lead."""
    done: set[int] = set()
    for number, rivals in enumerate(wiring.rivals):
        if number in done:
            continue
        here = sorted([number, *rivals], key=lambda pin: (_aim(wiring, pin), pin))
        done.update(here)
        if not wiring.pins[number].box:
            continue
        middle = wiring.centres[number]
        choices = wiring.choices[number]
        step = min(3 * GRID, max(GRID, (choices[-1] - choices[0]) // GRID * GRID / max(1, len(here) - 1)))
        for place, other in enumerate(here):
            wished = middle + (place - (len(here) - 1) / 2) * step
            wiring.move(other, min(choices, key=lambda x: (abs(x - wished), x)))
    for number, pin in enumerate(wiring.pins):
        if not pin.box:
            aim = _aim(wiring, number)
            free = [
                x for x in wiring.choices[number]
                if all(abs(x - wiring.x[other]) >= APART for other in wiring.rivals[number] if other < number)
            ]  # fmt: skip
            wiring.move(number, min(free or wiring.choices[number], key=lambda x: (abs(x - aim), x)))


def _aim(wiring: Wiring, number: int) -> float:
    others = [wiring.centres[other] for other in wiring.of_net[wiring.pins[number].net] if other != number]
    return sum(others) / len(others) if others else wiring.centres[number]
