"""The geometry of a picture of layers: rows, columns, heights, lines and their words."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from shishin.pictures.model import Box, Edge, Group, Line
from shishin.pictures.nets import Link, Net, Wire, split
from shishin.pictures.place import Tie, placements, rows_of
from shishin.pictures.route import Routes, route
from shishin.pictures.strokes import HEAD, LABEL, Rect, Stroke
from shishin.pictures.tags import Tag, place_tags
from shishin.pictures.text import measure, wrap
from shishin.pictures.weave import TRACK, Weaver

WIDTH = 720.0
EDGE = 4.0
MOST = 5  # boxes in one row
KIN = 3.0  # how much shorter lines from parent to child should be than others
ASIDE = 0.06  # and what a child that stands aside costs, by distance
NARROW = 88.0  # boxes don't get narrower for the words of lines between them
LABEL_SIZE, SUB_SIZE, BAND_SIZE = 13.0, 10.5, 12.0
LABEL_STEP, SUB_STEP = 16.0, 13.0
BAND_PAD, BOX_PAD = 10.0, 8.0


@dataclass(frozen=True, slots=True)
class Face:
    """A box with its place and its wrapped words."""

    box: Box
    area: Rect
    label: tuple[str, ...]
    sub: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole picture as geometry."""

    faces: tuple[Face, ...]
    bands: tuple[tuple[str, Rect], ...]
    strokes: tuple[Stroke, ...]
    tags: tuple[Tag, ...]
    label_width: float
    bottom: float


def plan(
    groups: Sequence[Group],
    edges: Sequence[Edge],
    *,
    legend: Sequence[Line],
    kinds: Collection[str] | None = None,
) -> Plan:
    """Compute where everything stands."""
    lines = {line.kind: line for line in legend}
    boxes = {box.id: box for group in groups for box in group.boxes}
    rows, group_of_row = _rows(groups, edges, lines)
    label_width = max((min(measure(group.label), 6) * BAND_SIZE + 16 for group in groups), default=0)
    left, right = EDGE + label_width + 6, WIDTH - EDGE - 2
    spans = _best_columns(rows, tuple(edges), tuple(legend), tuple(boxes), left, right)
    shown = [edge for edge in edges if kinds is None or edge.kind in kinds]
    layout = _laid(rows, spans, shown, lines, left, right, fine=True)
    rows, links, nets, routes = layout.rows, layout.links, layout.nets, layout.routes

    faces_of: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    heights = []
    for row in rows:
        written = {box: _texts(boxes[box], spans[box][1] - spans[box][0]) for box in row}
        heights.append(max(_height(*pair) for pair in written.values()))
        faces_of |= written
    tops, channels = _stack(heights, group_of_row, routes.heights, nets, rows)
    areas = {
        box: Rect(spans[box][0], tops[level], spans[box][1], tops[level] + heights[level])
        for level, row in enumerate(rows) for box in row
    }  # fmt: skip
    faces = tuple(Face(boxes[box], areas[box], *faces_of[box]) for row in rows for box in row)
    bands = []
    for place_, group in enumerate(group for group in groups if group.boxes):
        levels = [level for level, of in enumerate(group_of_row) if of == place_]
        top, bottom = tops[levels[0]] - BAND_PAD, tops[levels[-1]] + heights[levels[-1]] + BAND_PAD
        bands.append((group.label, Rect(EDGE, top, WIDTH - EDGE, bottom)))

    weaver = Weaver(areas, {box: level for level, row in enumerate(rows) for box in row}, routes, channels, lines)
    strokes = [weaver.link(link) for link in links] + [weaver.net(number, net) for number, net in enumerate(nets)]
    texts = [link.wire.label for link in links] + [net.label for net in nets]
    tags = place_tags(strokes, texts, list(areas.values()))
    bottom = max((area.bottom for _, area in bands), default=0.0)
    bottom = max(bottom, channels[-1][1] if channels else 0.0)
    return Plan(faces, tuple(bands), tuple(strokes), tags, label_width, bottom)


@dataclass(frozen=True, slots=True)
class _Layout:
    """Boxes in columns with the ways of lines between them, before heights are known."""

    rows: tuple[tuple[str, ...], ...]
    spans: Mapping[str, tuple[float, float]]
    links: tuple[Link, ...]
    nets: tuple[Net, ...]
    routes: Routes


def _laid(
    rows: Sequence[Sequence[str]], spans: Mapping[str, tuple[float, float]], edges: Sequence[Edge],
    lines: Mapping[str, Line], left: float, right: float, *, fine: bool,
) -> _Layout:  # fmt: skip
    ordered = tuple(tuple(sorted(row, key=lambda box: spans[box])) for row in rows)
    wires = [
        Wire(edge.source, edge.target, edge.kind, _word(edge, lines), merge=lines[edge.kind].ends == "arrow")
        for edge in edges
    ]

    def fits(wire: Wire) -> bool:
        one, other = sorted((spans[wire.source], spans[wire.target]))
        return other[0] - one[1] >= _gap(wire.label)

    links, nets = split(wires, ordered, most=3, fits=fits)
    routes = route(nets, ordered, spans, left + 4, right - 4, _barred(links, ordered, spans), fine=fine)
    return _Layout(ordered, spans, links, nets, routes)


def _rows(
    groups: Sequence[Group], edges: Sequence[Edge], lines: Mapping[str, Line]
) -> tuple[tuple[tuple[str, ...], ...], tuple[int, ...]]:
    parents = []
    for edge in edges:
        match lines[edge.kind].parent:
            case "source":
                parents.append((edge.source, edge.target))
            case "target":
                parents.append((edge.target, edge.source))
    rows: list[tuple[str, ...]] = []
    group_of: list[int] = []
    for number, group in enumerate(group for group in groups if group.boxes):
        found = rows_of([box.id for box in group.boxes], parents, MOST)
        rows += found
        group_of += [number] * len(found)
    return tuple(rows), tuple(group_of)


@cache
def _best_columns(
    rows: tuple[tuple[str, ...], ...], edges: tuple[Edge, ...], legend: tuple[Line, ...], boxes: tuple[str, ...],
    left: float, right: float,
) -> Mapping[str, tuple[float, float]]:  # fmt: skip
    """Try the good placements with all lines drawn, whatever is shown, and return the one with the best lines."""
    lines = {line.kind: line for line in legend}
    best: tuple[float, Mapping[str, tuple[float, float]]] | None = None
    for spans in _columns(rows, edges, lines, boxes, left, right):
        routes = _laid(rows, spans, edges, lines, left, right, fine=False).routes
        aside = sum(abs(spans[edge.source][0] - spans[edge.target][0]) for edge in edges if lines[edge.kind].parent)
        cost = routes.cost + aside * ASIDE
        if best is None or cost < best[0] - 1e-6:
            best = (cost, spans)
    assert best is not None
    return best[1]


def _columns(
    rows: Sequence[Sequence[str]],
    edges: Sequence[Edge],
    lines: Mapping[str, Line],
    boxes: Sequence[str],
    left: float,
    right: float,
) -> Iterator[dict[str, tuple[float, float]]]:
    """Yield good ways to give each box its left and right edge."""
    index = {box: number for number, box in enumerate(boxes)}
    weights: dict[tuple[int, int], float] = {}
    for edge in edges:
        pair = (min(index[edge.source], index[edge.target]), max(index[edge.source], index[edge.target]))
        weights[pair] = weights.get(pair, 0.0) + (KIN if lines[edge.kind].parent else 1.0)
    columns = max((len(row) for row in rows), default=1)
    ties = [Tie(*pair, weight) for pair, weight in weights.items()]
    pitch = min(176.0, (right - left) / columns // 8 * 8)
    gap = max((_gap(_word(edge, lines)) for edge in edges), default=0.0)
    wide = min(pitch - 40, pitch * 0.72, max(pitch - gap, NARROW)) // 8 * 8
    first = (left + (right - left - columns * pitch) / 2) // 4 * 4 + pitch / 2
    for slots in placements(tuple(tuple(index[box] for box in row) for row in rows), tuple(ties), columns):
        centres = {box: first + slots[number] * pitch / 2 for box, number in index.items()}
        yield {box: (centre - wide / 2, centre + wide / 2) for box, centre in centres.items()}


def _word(edge: Edge, lines: Mapping[str, Line]) -> str:
    return edge.label or lines[edge.kind].label


def _gap(word: str) -> float:
    """Return how far apart neighbours stand so that a line with heads and its word fits between them."""
    return measure(word) * LABEL + 2 * HEAD + 7


def _texts(box: Box, wide: float) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return wrap(box.label, (wide - BOX_PAD) / LABEL_SIZE), wrap(box.sub, (wide - BOX_PAD) / SUB_SIZE)


def _height(label: Sequence[str], sub: Sequence[str]) -> float:
    return max(36.0, len(label) * LABEL_STEP + len(sub) * SUB_STEP + 14)


def _barred(
    links: Sequence[Link], rows: Sequence[Sequence[str]], spans: Mapping[str, tuple[float, float]]
) -> dict[int, list[tuple[float, float]]]:
    """Return the gaps that side links cross, by row: other lines better pass elsewhere."""
    barred: dict[int, list[tuple[float, float]]] = {}
    for link in links:
        one, other = sorted((spans[link.wire.source], spans[link.wire.target]))
        level = next(level for level, row in enumerate(rows) if link.wire.source in row)
        barred.setdefault(level, []).append((one[1], other[0]))
    return barred


def _stack(
    heights: Sequence[float], group_of: Sequence[int], tracks: Sequence[int], nets: Sequence[Net],
    rows: Sequence[Sequence[str]],
) -> tuple[list[float], list[tuple[float, float]]]:  # fmt: skip
    """Return the top of each row, and the upper and lower edge of each channel."""
    tops: list[float] = []
    channels: list[tuple[float, float]] = []
    y = EDGE
    for level, height in enumerate(heights):
        if level == 0:
            room = BAND_PAD + (tracks[0] * TRACK + 12 if tracks[0] else 0)
        else:
            room = max(40.0, tracks[level] * TRACK + 28.0)
            if group_of[level] != group_of[level - 1]:
                room = max(44.0, room + 4)
        channels.append((y, y + room))
        tops.append(y + room)
        y += room + height
    room = tracks[-1] * TRACK + 12 if tracks and tracks[-1] else 0
    channels.append((y, y + BAND_PAD + room))
    return tops, channels
