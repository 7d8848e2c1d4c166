"""Ways of lines through the channels between rows: where they leave boxes, pass rows and turn.

Rows and channels alternate: channel k lies above row k. A line runs straight down or up from its pins and along one
horizontal track in each channel. Pins are moved as long as crossings, bends and length become less; then the tracks
of each channel are put in the order with the fewest crossings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shishin.pictures.nets import Net

GRID = 4.0
APART = 10.0  # least distance of two lines
MARGIN = 8.0  # from a line to the corner of a box, inside and outside
_CROSSING, _OVERLAP, _BEND, _LENGTH, _OFF_CENTRE = 6.0, 40.0, 3.0, 0.03, 0.012
_PASSES = 8


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


def pins_of(number: int, net: Net, row_of: Mapping[str, int]) -> list[Pin]:
    """Return the pins of a net: the hub's, one per leaf, one for each row passed."""
    home = row_of[net.hub]
    pins = [Pin(number, home, net.hub, net.side)]
    pins += [Pin(number, row_of[leaf], leaf, net.side if row_of[leaf] == home else -net.side) for leaf in net.leaves]
    farthest = max((abs(row_of[leaf] - home) for leaf in net.leaves), default=0)
    pins += [Pin(number, home + net.side * step, "", 0) for step in range(1, farthest)]
    return pins


@dataclass(frozen=True, slots=True)
class Routes:
    """The result: the x of each pin, and the track of each net in each channel (None: straight through)."""

    pins: tuple[Pin, ...]
    x: tuple[float, ...]
    tracks: Mapping[tuple[int, int], int | None]  # (channel, net)
    heights: tuple[int, ...]  # tracks in each channel
    cost: float  # crossings, bends and lengths: less is better


@dataclass(frozen=True, slots=True)
class _Span:
    """A net in one channel: its pins above and below, and how far its track reaches."""

    above: tuple[float, ...]
    below: tuple[float, ...]
    low: float
    high: float


def _span_cost(span: _Span) -> float:
    if span.high == span.low:
        return 0.0
    # a branch that goes straight on has one bend less
    bends = _BEND / 2 if set(span.above) & set(span.below) else _BEND
    return (span.high - span.low) * _LENGTH + bends


def _order_cost(upper: _Span, lower: _Span) -> float:
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


def _pair_cost(one: _Span, other: _Span) -> float:
    if one.low - MARGIN >= other.high or other.low - MARGIN >= one.high:
        return 0.0
    for straight, turning in ((one, other), (other, one)):
        if straight.low == straight.high:
            near = sum(abs(x - straight.low) < APART - 2 for x in turning.above + turning.below)
            return near * _OVERLAP + (_CROSSING if turning.low < straight.low < turning.high else 0.0)
    return min(_order_cost(one, other), _order_cost(other, one))


@dataclass(slots=True)
class _Wiring:
    pins: list[Pin]
    choices: list[tuple[float, ...]]
    centres: list[float]
    barred: Mapping[int, Sequence[tuple[float, float]]]
    x: list[float] = field(default_factory=list)
    of_net: dict[int, list[int]] = field(default_factory=dict)
    in_channel: dict[int, list[int]] = field(default_factory=dict)  # nets
    rivals: list[list[int]] = field(default_factory=list)  # pins on the same edge of the row
    parts: list[list[tuple[tuple[int, int], list[int], list[int]]]] = field(default_factory=list)
    spans: dict[tuple[int, int], _Span] = field(default_factory=dict)

    def prepare(self) -> None:
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
            self.spans[key] = _Span(tuple(high), tuple(low), min(everything), max(everything))

    def move(self, number: int, x: float) -> None:
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


def _spread(wiring: _Wiring) -> None:
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
        for place, pin in enumerate(here):
            wished = middle + (place - (len(here) - 1) / 2) * step
            wiring.move(pin, min(choices, key=lambda x: (abs(x - wished), x)))
    for number, pin in enumerate(wiring.pins):
        if not pin.box:
            aim = _aim(wiring, number)
            free = [
                x for x in wiring.choices[number]
                if all(abs(x - wiring.x[other]) >= APART for other in wiring.rivals[number] if other < number)
            ]  # fmt: skip
            wiring.move(number, min(free or wiring.choices[number], key=lambda x: (abs(x - aim), x)))


def _aim(wiring: _Wiring, number: int) -> float:
    others = [wiring.centres[other] for other in wiring.of_net[wiring.pins[number].net] if other != number]
    return sum(others) / len(others) if others else wiring.centres[number]


def route(
    nets: Sequence[Net],
    rows: Sequence[Sequence[str]],
    spans: Mapping[str, tuple[float, float]],
    left: float,
    right: float,
    barred: Mapping[int, Sequence[tuple[float, float]]],
    *,
    fine: bool = True,
) -> Routes:
    """Find the ways of `nets` between boxes whose left and right edges are `spans`.

    `barred` are gaps of rows that other lines take already: passing there counts as a crossing.
    """
    row_of = {box: level for level, row in enumerate(rows) for box in row}
    pins = [pin for number, net in enumerate(nets) for pin in pins_of(number, net, row_of)]
    gaps = [_gaps([spans[box] for box in row], left, right) for row in rows]
    choices, centres = [], []
    for pin in pins:
        if pin.box:
            start, end = spans[pin.box]
            choices.append(_grid(start + MARGIN, end - MARGIN) or ((start + end) / 2,))
            centres.append((start + end) / 2)
        else:
            choices.append(gaps[pin.row])
            hub = spans[nets[pin.net].hub]
            centres.append((hub[0] + hub[1]) / 2)
    wiring = _Wiring(pins, choices, centres, barred)
    wiring.prepare()
    _spread(wiring)
    wiring.improve(fine=False)
    if fine:
        wiring.improve(fine=True)
    tracks: dict[tuple[int, int], int | None] = {}
    heights = []
    for channel in range(len(rows) + 1):
        found = _tracks({net: wiring.spans[channel, net] for net in wiring.in_channel.get(channel, [])})
        tracks |= {(channel, net): track for net, track in found.items()}
        heights.append(max((track + 1 for track in found.values() if track is not None), default=0))
    return Routes(tuple(pins), tuple(wiring.x), tracks, tuple(heights), wiring.total())


def _grid(start: float, end: float) -> tuple[float, ...]:
    first, last = -(-start // GRID), end // GRID
    return tuple(step * GRID for step in range(int(first), int(last) + 1))


def _gaps(boxes: Sequence[tuple[float, float]], left: float, right: float) -> tuple[float, ...]:
    """Return the places where a line may pass a row: between its boxes and beside them."""
    places: list[float] = []
    start = left
    for begin, end in (*sorted(boxes), (right + MARGIN, right + MARGIN)):
        places += _grid(start, begin - MARGIN)
        start = end + MARGIN
    return tuple(places) or (left,)


def _tracks(spans: Mapping[int, _Span]) -> dict[int, int | None]:
    """Order the nets of a channel from the top so that few lines cross, and share tracks where they don't meet."""
    found: dict[int, int | None] = {net: None for net in spans}
    order = sorted((net for net, span in spans.items() if span.high > span.low), key=lambda net: (spans[net].low, net))
    costs = {(one, other): _order_cost(spans[one], spans[other]) for one in order for other in order if one != other}

    def total(nets: list[int]) -> float:
        return sum(costs[one, other] for place, one in enumerate(nets) for other in nets[place + 1 :])

    least = total(order)
    better = True
    while better:
        better = False
        for net in list(order):
            rest = [other for other in order if other != net]
            for place in range(len(rest) + 1):
                trial = [*rest[:place], net, *rest[place:]]
                cost = total(trial)
                if cost < least - 1e-6:
                    order, least, better = trial, cost, True
    for place, net in enumerate(order):
        span = spans[net]
        meets = [
            found[other] or 0 for other in order[:place]
            if spans[other].low - APART - 2 < span.high and span.low - APART - 2 < spans[other].high
        ]  # fmt: skip
        found[net] = max(meets, default=-1) + 1
    return found
