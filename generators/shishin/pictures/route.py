"""Ways of lines through the channels between rows: where they leave boxes, pass rows and turn.

Rows and channels alternate: channel k lies above row k. A line runs straight down or up from its pins and along one
horizontal track in each channel. Pins are moved as long as crossings, bends and length become less; then the tracks
of each channel are put in the order with the fewest crossings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shishin.pictures.nets import Net
from shishin.pictures.wiring import APART, GRID, MARGIN, Pin, Span, Wiring, order_cost, spread


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
    wiring = Wiring(pins, choices, centres, barred)
    wiring.prepare()
    spread(wiring)
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


def _tracks(spans: Mapping[int, Span]) -> dict[int, int | None]:
    """Order the nets of a channel from the top so that few lines cross, and share tracks where they don't meet."""
    found: dict[int, int | None] = {net: None for net in spans}
    order = sorted((net for net, span in spans.items() if span.high > span.low), key=lambda net: (spans[net].low, net))
    costs = {(one, other): order_cost(spans[one], spans[other]) for one in order for other in order if one != other}

    better = True
    while better:
        better = False
        for net in order:
            home = order.index(net)
            rest = [*order[:home], *order[home + 1 :]]
            # the cost at the top, then what changes with each step down past another net
            places = [0.0]
            for other in rest:
                places.append(places[-1] + costs[other, net] - costs[net, other])
            best = min(range(len(places)), key=lambda place: (places[place], place))
            if places[best] < places[home] - 1e-6:
                order, better = [*rest[:best], net, *rest[best:]], True
    for place, net in enumerate(order):
        span = spans[net]
        meets = [
            found[other] or 0 for other in order[:place]
            if spans[other].low - APART - 2 < span.high and span.low - APART - 2 < spans[other].high
        ]  # fmt: skip
        found[net] = max(meets, default=-1) + 1
    return found
