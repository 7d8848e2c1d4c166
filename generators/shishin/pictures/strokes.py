"""Lines as drawn: looks that tell kinds apart in black and white, rounded corners, arrow heads, places for labels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, pairwise

from shishin.pictures.text import INK, PAPER, element, measure, number, words

Point = tuple[float, float]
Segment = tuple[Point, Point]

RADIUS = 5.0
HEAD = 7.5  # length of an arrow head
LABEL = 10.5  # size of the words on lines
_CASING = 4.5  # white around a line, so that crossing lines read as a bridge


@dataclass(frozen=True, slots=True)
class Look:
    """How a kind of line is drawn: stroke width, dash pattern ("" for none), two thin lines instead of one."""

    width: float
    dash: str = ""
    double: bool = False


LOOKS: dict[str, Look] = {
    "bold": Look(2.4),
    "solid": Look(1.1),
    "long": Look(1.3, "11 4"),
    "dot": Look(1.3, "1.6 2.6"),
    "double": Look(3.6, double=True),
    "dash": Look(1.3, "5 3"),
    "dash-dot": Look(1.3, "9 3 1.6 3"),
    "dash-dot-dot": Look(1.3, "9 3 1.6 3 1.6 3"),
}
"""Looks a legend may name, easy ones to tell apart first."""


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle by its edges."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Rect, by: float = 0.0) -> bool:
        """Tell whether the two share an area, or come nearer than `by`."""
        return (
            self.left < other.right + by
            and other.left < self.right + by
            and self.top < other.bottom + by
            and other.top < self.bottom + by
        )

    def meets(self, segment: Segment) -> bool:
        """Tell whether a horizontal or vertical segment runs through the inside."""
        (x1, y1), (x2, y2) = segment
        return (
            min(x1, x2) < self.right
            and max(x1, x2) > self.left
            and min(y1, y2) < self.bottom
            and max(y1, y2) > self.top
        )


@dataclass(frozen=True, slots=True)
class Head:
    """An arrow head: its tip and the direction it points to (one of the four unit steps)."""

    tip: Point
    way: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Stroke:
    """One line with its branches, as the corners of its ways, and its arrow heads."""

    kind: str
    ways: tuple[tuple[Point, ...], ...]
    heads: tuple[Head, ...]

    def segments(self) -> Iterator[Segment]:
        """Yield every straight piece."""
        for way in self.ways:
            yield from pairwise(way)


def _path(points: Sequence[Point]) -> str:
    """Write a way with rounded corners."""
    parts = [f"M{number(points[0][0])} {number(points[0][1])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        room = min(RADIUS, length(before, corner) / 2, length(corner, after) / 2)
        enter, leave = _toward(corner, before, room), _toward(corner, after, room)
        parts.append(f"L{number(enter[0])} {number(enter[1])}")
        parts.append(f"Q{number(corner[0])} {number(corner[1])} {number(leave[0])} {number(leave[1])}")
    parts.append(f"L{number(points[-1][0])} {number(points[-1][1])}")
    return "".join(parts)


def length(one: Point, other: Point) -> float:
    """Return the length of a horizontal or vertical segment (of others, the way along both)."""
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def _toward(start: Point, end: Point, distance: float) -> Point:
    whole = length(start, end) or 1.0
    return (start[0] + (end[0] - start[0]) * distance / whole, start[1] + (end[1] - start[1]) * distance / whole)


def _drawn(way: tuple[Point, ...], heads: Iterable[Head]) -> list[tuple[Point, ...]]:
    """Return a way as it is drawn: it ends at the base of its heads, and dashes begin at them."""
    tips = {head.tip for head in heads}
    points = list(way)
    start, end = points[0] in tips, points[-1] in tips
    if start:
        points[0] = _toward(points[0], points[1], HEAD - 1)
    if end:
        points[-1] = _toward(points[-1], points[-2], HEAD - 1)
    if start and end and len(points) == 2:
        middle = ((points[0][0] + points[1][0]) / 2, (points[0][1] + points[1][1]) / 2)
        return [(points[0], middle), (points[1], middle)]
    return [tuple(reversed(points)) if end else tuple(points)]


def whole_dashes(dash: str, room: float) -> float:
    """Return the length of the most dashes that fit, so that a sample doesn't end in a piece of one."""
    marks = [float(mark) for mark in dash.split()]
    if not marks:
        return room
    filled = marks[0]
    for gap, mark in zip(cycle(marks[1::2]), cycle(marks[2::2] + marks[:1]), strict=False):
        if filled + gap + mark > room:
            break
        filled += gap + mark
    return filled


def draw(stroke: Stroke, look: Look, *, casing: bool = True) -> list[str]:
    """Draw a line: first its white casing, then the ink."""
    whole = "".join(_path(part) for way in stroke.ways for part in _drawn(way, stroke.heads))
    parts = []
    if casing:
        parts.append(element("path", d=whole, fill="none", stroke=PAPER, stroke_width=look.width + _CASING))
    dash = {"stroke_dasharray": look.dash} if look.dash else {}
    parts.append(element("path", d=whole, fill="none", stroke=INK, stroke_width=look.width, **dash))
    if look.double:
        parts.append(element("path", d=whole, fill="none", stroke=PAPER, stroke_width=look.width - 2.2))
    if look.dash:
        # where dashes join, a rounded corner doesn't show: a dot does
        parts += [element("circle", cx=way[-1][0], cy=way[-1][1], r=2, fill=INK) for way in stroke.ways[1:]]
    return parts


def draw_heads(stroke: Stroke, look: Look) -> list[str]:
    """Draw the arrow heads: after all lines, so that no casing cuts them."""
    parts = []
    for head in stroke.heads:
        (x, y), (right, down) = head.tip, head.way
        wing = 3.6 if look.width < 2 else 4.4
        back = (x - right * HEAD, y - down * HEAD)
        corners = (
            (x, y),
            (back[0] + down * wing, back[1] + right * wing),
            (back[0] - down * wing, back[1] - right * wing),
        )
        outline = "M" + "L".join(f"{number(a)} {number(b)}" for a, b in corners) + "Z"
        parts.append(element("path", d=outline, fill=INK))
    return parts


@dataclass(frozen=True, slots=True)
class Spot:
    """A place for a label on its line; `upright` sets the characters one below another."""

    area: Rect
    upright: bool


def spots(segment: Segment, text: str) -> Iterator[Spot]:
    """Yield the places a label may take on a segment, from the middle outward."""
    (x1, y1), (x2, y2) = segment
    wide, thick = measure(text) * LABEL + 3, LABEL + 1
    if x1 != x2:
        for x in _along(min(x1, x2), max(x1, x2), wide):
            yield Spot(_around(x, y1, wide, thick), False)
        return
    if _may_stand(text):
        tall = len(text) * (LABEL + 0.5) + 2
        for y in _along(min(y1, y2), max(y1, y2), tall):
            yield Spot(_around(x1, y, thick, tall), True)
    for y in _along(min(y1, y2), max(y1, y2), thick + 4):
        yield Spot(_around(x1, y, wide, thick), False)


def any_spot(segments: Sequence[Segment], text: str) -> Spot:
    """Return the middle of the longest segment: where a label goes that fits nowhere."""
    (x1, y1), (x2, y2) = max(segments, key=lambda segment: length(*segment))
    return Spot(_around((x1 + x2) / 2, (y1 + y2) / 2, measure(text) * LABEL + 3, LABEL + 1), False)


def _may_stand(text: str) -> bool:
    """Tell whether the characters can stand one below another without being turned."""
    return len(text) <= 4 and all(measure(one) == 1 and one.isalpha() and one != "ー" for one in text)


def _along(low: float, high: float, size: float) -> Iterator[float]:
    low, high = low + 4 + size / 2, high - 4 - size / 2
    middle, step = (low + high) / 2, 4.0
    for turn in range(int((high - low) / 2 / step) + 1 if high >= low else 0):
        yield middle - turn * step
        if turn:
            yield middle + turn * step


def _around(x: float, y: float, wide: float, tall: float) -> Rect:
    return Rect(x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2)


def tag(text: str, spot: Spot) -> list[str]:
    """Write a label on its line, on white."""
    area = spot.area
    x = (area.left + area.right) / 2
    ground = element(
        "rect", x=area.left, y=area.top, width=area.right - area.left, height=area.bottom - area.top, fill=PAPER
    )
    if not spot.upright:
        return [ground, words(x, area.bottom - 2.4, text, size=LABEL)]
    first = area.top + LABEL - 0.6
    return [ground, *(words(x, first + at * (LABEL + 0.5), one, size=LABEL) for at, one in enumerate(text))]
