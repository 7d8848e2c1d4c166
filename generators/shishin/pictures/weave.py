"""From routes to the corners of lines: heights of channels are known now, and branches join."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shishin.pictures.model import Line
from shishin.pictures.nets import Link, Net
from shishin.pictures.route import Routes
from shishin.pictures.strokes import LOOKS, RADIUS, Head, Point, Rect, Stroke
from shishin.pictures.wiring import Pin

TRACK = 13.0  # distance of parallel lines


@dataclass(slots=True)
class Weaver:
    """Turns routes into the corners of lines."""

    areas: Mapping[str, Rect]
    row_of: Mapping[str, int]
    routes: Routes
    channels: Sequence[tuple[float, float]]
    lines: Mapping[str, Line]

    def link(self, link: Link) -> Stroke:
        """Lead a line straight from side to side."""
        wire = link.wire
        source, target = self.areas[wire.source], self.areas[wire.target]
        y = (source.top + source.bottom) / 2 + (link.place - (link.count - 1) / 2) * TRACK
        rightward = source.left < target.left
        start = (source.right if rightward else source.left, y)
        end = (target.left if rightward else target.right, y)
        way = 1 if rightward else -1
        return Stroke(wire.kind, ((start, end),), self._heads(wire.kind, (end, (way, 0)), (start, (-way, 0))))

    def _heads(self, kind: str, *ends: tuple[Point, tuple[int, int]]) -> tuple[Head, ...]:
        match self.lines[kind].ends:
            case "arrow":
                return (Head(*ends[0]),)
            case "both":
                return tuple(Head(*end) for end in ends)
            case _:
                return ()

    def _track(self, channel: int, net: int) -> float:
        top, bottom = self.channels[channel]
        count = self.routes.heights[channel]
        track = self.routes.tracks[channel, net]
        assert track is not None
        middle = (top + bottom) / 2
        if channel == 0:
            return bottom - 14 - (count - 1 - track) * TRACK
        if channel == len(self.channels) - 1:
            return top + 14 + track * TRACK
        return middle + (track - (count - 1) / 2) * TRACK

    def net(self, number: int, net: Net) -> Stroke:
        """Lead every leaf to the hub, the farthest first; the others join where they meet it."""
        pins = [(pin, x) for pin, x in zip(self.routes.pins, self.routes.x, strict=True) if pin.net == number]
        home = self.row_of[net.hub]
        passes = {pin.row: x for pin, x in pins if not pin.side}
        hub_x = next(x for pin, x in pins if pin.box == net.hub)
        hub_end = (hub_x, self._edge(net.hub, net.side))
        leaves = sorted(
            ((pin, x) for pin, x in pins if pin.side and pin.box != net.hub),
            key=lambda leaf: (-abs(leaf[0].row - home), abs(leaf[1] - hub_x), leaf[1]),
        )
        covered: dict[int, tuple[float, float, bool]] = {}
        ways = [self._way(number, net, pin, x, passes, hub_end, covered) for pin, x in leaves]
        down = -net.side  # a head at the hub points against the side its lines leave
        leaf_heads = [Head((x, self._edge(pin.box, pin.side)), (0, -pin.side)) for pin, x in leaves]
        match self.lines[net.kind].ends:
            case "arrow":
                heads = leaf_heads if net.outward else [Head(hub_end, (0, down))]
            case "both":
                heads = [Head(hub_end, (0, down)), *leaf_heads]
            case _:
                heads = []
        return Stroke(net.kind, tuple(ways), tuple(heads))

    def _edge(self, box: str, side: int) -> float:
        area = self.areas[box]
        return area.bottom if side > 0 else area.top

    def _way(
        self, number: int, net: Net, pin: Pin, x: float, passes: Mapping[int, float], hub_end: Point,
        covered: dict[int, tuple[float, float, bool]],
    ) -> tuple[Point, ...]:  # fmt: skip
        """Lead one leaf to the hub, or to where it joins a way that is already there."""
        home = self.row_of[net.hub]
        points: list[Point] = [(x, self._edge(pin.box, pin.side))]
        first = pin.channels[0]
        last = home + 1 if net.side > 0 else home
        for channel in range(first, last - net.side, -net.side):
            # the row between this channel and the next one on the way to the hub
            row = channel - 1 if net.side > 0 else channel
            leave = hub_end[0] if channel == last else passes[row]
            if self.routes.tracks[channel, number] is None:
                continue
            y = self._track(channel, number)
            if channel in covered:
                return _joined(
                    points, x, y, leave, covered, channel, -net.side, bool(LOOKS[self.lines[net.kind].look].dash)
                )
            covered[channel] = (min(x, leave), max(x, leave), x == leave)
            if x != leave:
                points += [(x, y), (leave, y)]
            x = leave
        return (*points, hub_end)


def _joined(
    points: list[Point],
    x: float,
    y: float,
    leave: float,
    covered: dict[int, tuple[float, float, bool]],
    channel: int,
    on: int,
    square: bool,
) -> tuple[Point, ...]:
    """End a way where it meets the track: in a curve toward the hub, or squarely where a dot marks the place."""
    low, high, straight = covered[channel]  # `straight`: the first way went on without a turn
    covered[channel] = (min(low, x), max(high, x), straight)
    if x == leave:
        return (*points, (x, y + on * RADIUS))
    toward = 1 if leave > x else -1
    if low < x < high:
        return (*points, (x, y)) if square else (*points, (x, y), (x + toward * min(RADIUS, abs(leave - x)), y))
    end = low if x <= low else high
    if end == leave:
        turn = (*points, (x, y), (leave, y))
        return turn if square and straight else (*turn, (leave, y + on * RADIUS))
    return (*points, (x, y), (end + toward * RADIUS, y))
