"""Where the words of lines stand: on their line, covering nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf

from shishin.pictures.strokes import HEAD, LABEL, Point, Rect, Segment, Spot, Stroke, any_spot, length, spots
from shishin.pictures.text import measure

FAR = 230.0  # a line that leads farther gets its word twice


@dataclass(frozen=True, slots=True)
class Tag:
    """A word on a line."""

    text: str
    spot: Spot


def place_tags(strokes: Sequence[Stroke], texts: Sequence[str], areas: Sequence[Rect]) -> tuple[Tag, ...]:
    """Find places for the words of the lines where they cover nothing else; short lines choose first.

    A line with a long way gets its word a second time, where there is room far from the first.
    """
    pieces: list[list[Segment]] = [list(stroke.segments()) for stroke in strokes]
    lengths = [sum(length(*piece) for piece in segments) for segments in pieces]
    heads = [
        Rect(
            min(x, x - dx * HEAD) - abs(dy) * 4,
            min(y, y - dy * HEAD) - abs(dx) * 4,
            max(x, x - dx * HEAD) + abs(dy) * 4,
            max(y, y - dy * HEAD) + abs(dx) * 4,
        )
        for stroke in strokes
        for (x, y), (dx, dy) in ((head.tip, head.way) for head in stroke.heads)
    ]
    found: list[Tag] = []

    def options(number: int) -> Iterator[tuple[float, Spot]]:
        hub, merged = strokes[number].ways[0][-1], len(strokes[number].ways) > 1
        for segment in pieces[number]:
            (x1, y1), (x2, y2) = segment
            middle = ((x1 + x2) / 2, (y1 + y2) / 2)
            whole = length(*segment)
            reach = measure(texts[number]) * LABEL + 6
            around = Rect(min(x1, x2) - reach, min(y1, y2) - reach, max(x1, x2) + reach, max(y1, y2) + reach)
            # what a label here might cover, with the price of it
            crowd = [(100.0, area) for area in areas if around.overlaps(area)]
            crowd += [(100.0, _grown(tag.spot.area, 1)) for tag in found if around.overlaps(tag.spot.area)]
            crowd += [(30.0, head) for head in heads if around.overlaps(head)]
            crowd += [
                (12.0 if other == number else 25.0, _box(piece))
                for other, segments in enumerate(pieces)
                for piece in segments
                if piece != segment and around.meets(piece)
            ]
            for spot in spots(segment, texts[number]):
                area = Rect(spot.area.left - 1, spot.area.top - 0.5, spot.area.right + 1, spot.area.bottom + 0.5)
                cost = sum(price for price, other in crowd if area.overlaps(other))
                cost += (2.0 if spot.upright else 0.0) - min(whole, 120) / 60 + _distance(area, middle) / whole * 3
                # words of a branching line stand near the hub, where all branches run together
                yield cost + (min(_distance(area, hub), 400) / 150 if merged else 0), spot

    order = sorted(range(len(strokes)), key=lambda number: (lengths[number], number))
    for number in order:
        _, spot = min(
            options(number), key=lambda option: option[0], default=(0, any_spot(pieces[number], texts[number]))
        )
        found.append(Tag(texts[number], spot))
    for number, first in zip(order, found[:], strict=True):
        if lengths[number] > FAR * 2:
            far = [option for option in options(number) if _distance(first.spot.area, _centre(option[1].area)) > FAR]
            cost, spot = min(far, key=lambda option: option[0], default=(inf, first.spot))
            if cost < 10:
                found.append(Tag(texts[number], spot))
    return tuple(found)


def _box(piece: Segment) -> Rect:
    (x1, y1), (x2, y2) = piece
    return Rect(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))


def _grown(area: Rect, by: float) -> Rect:
    return Rect(area.left - by, area.top - by, area.right + by, area.bottom + by)


def _centre(area: Rect) -> Point:
    return ((area.left + area.right) / 2, (area.top + area.bottom) / 2)


def _distance(area: Rect, point: Point) -> float:
    return length(_centre(area), point)
