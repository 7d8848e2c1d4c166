"""Bodies in layers and the lines between them (体制図), as SVG text and as sentences."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import inf

from shishin.pictures.nets import Link, Net, Wire, split
from shishin.pictures.place import Tie, placements, rows_of
from shishin.pictures.route import Pin, Routes, route
from shishin.pictures.strokes import HEAD, LOOKS, RADIUS, Head, Point, Rect, Segment, Spot, Stroke, any_spot, draw, length, spots, tag, whole_dashes
from shishin.pictures.text import FAINT, INK, PAPER, drawing, element, measure, words, wrap
from shishin.problem import Failure, Words


@dataclass(frozen=True, slots=True)
class Box:
    """A body: its id, what stands in its box, and a smaller second text."""

    id: str
    label: str
    sub: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A layer: a band with its label at the left."""

    label: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Edge:
    """A relation between two boxes. `label` replaces the word of its kind on the line."""

    source: str
    target: str
    kind: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of relation: its word, how it is drawn and said.

    `look` is a key of LOOKS; `ends` is "arrow" (a head at the target), "both" or "none". Relations with arrows
    and the same word share a line where they can. `parent` is "source" or "target" where that end stands above the
    other inside a layer. `sentence` holds {source}, {target} and {label}.
    """

    kind: str
    label: str
    look: str = "solid"
    ends: str = "arrow"
    parent: str = ""
    sentence: str = ""


WIDTH = 720.0
KIN, ASIDE = 3.0, 0.06
FAR = 230.0
MOST = 5  # boxes in one row
LABEL_SIZE, SUB_SIZE, BAND_SIZE = 13.0, 10.5, 12.0
LABEL_STEP, SUB_STEP = 16.0, 13.0
EDGE, BAND_PAD, TRACK, BOX_PAD = 4.0, 10.0, 13.0, 8.0
BAND_INK, TINT, LABEL_TINT = "#9aa5b1", "#f3f5f7", "#e1e7ec"
LEGEND = "凡例"


@dataclass(frozen=True, slots=True)
class Face:
    """A box with its place and its wrapped words."""

    box: Box
    area: Rect
    label: tuple[str, ...]
    sub: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tag:
    """A word on a line."""

    text: str
    spot: Spot


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole picture as geometry."""

    faces: tuple[Face, ...]
    bands: tuple[tuple[str, Rect], ...]
    strokes: tuple[Stroke, ...]
    tags: tuple[Tag, ...]
    label_width: float
    bottom: float


def layers(
    groups: tuple[Group, ...],
    edges: tuple[Edge, ...],
    *,
    legend: tuple[Line, ...],
    title: str,
    kinds: Collection[str] | None = None,
) -> str:
    """Draw groups of boxes as bands with the relations between them.

    `kinds` leaves out the lines of other kinds; the boxes stand alike whatever is left out.
    """
    _check(groups, edges, legend)
    shown = [line for line in legend if kinds is None or line.kind in kinds]
    drawn = plan(groups, edges, legend=legend, kinds=kinds)
    looks = {line.kind: LOOKS[line.look] for line in legend}
    parts: list[str] = []
    for label, area in drawn.bands:
        parts += _band(label, area, drawn.label_width)
    for stroke in drawn.strokes:
        parts += draw(stroke, looks[stroke.kind])
    for _, area in drawn.bands:
        parts.append(_frame(area, fill="none", stroke=BAND_INK, stroke_width=0.7))
    for face in drawn.faces:
        parts += _face(face)
    for one in drawn.tags:
        parts += tag(one.text, one.spot)
    used = {edge.kind for edge in edges}
    height, key = _legend([line for line in shown if line.kind in used], drawn.bottom + 8)
    told = layers_text(groups, edges, legend=legend, kinds=kinds)
    return drawing(title, "".join(told), WIDTH, height, parts + key)


def layers_text(
    groups: tuple[Group, ...], edges: tuple[Edge, ...], *, legend: tuple[Line, ...], kinds: Collection[str] | None = None
) -> tuple[str, ...]:
    """Say the picture: one sentence per layer, then one per relation."""
    _check(groups, edges, legend)
    lines = {line.kind: line for line in legend}
    names = {box.id: box.label for group in groups for box in group.boxes}
    told = [f"{group.label}には、{'、'.join(box.label for box in group.boxes)}がある。" for group in groups if group.boxes]
    for edge in edges:
        line = lines[edge.kind]
        if kinds is None or edge.kind in kinds:
            plain = "{source}から{target}へ「{label}」の関係がある。"
            mutual = "{source}と{target}は「{label}」の関係にある。"
            pattern = line.sentence or (plain if line.ends == "arrow" else mutual)
            told.append(pattern.format(
                source=names[edge.source], target=names[edge.target], label=edge.label or line.label
            ))  # fmt: skip
    return tuple(told)


def _check(groups: Sequence[Group], edges: Sequence[Edge], legend: Sequence[Line]) -> None:
    ids = [box.id for group in groups for box in group.boxes]
    known = {line.kind for line in legend}
    for box in ids:
        if ids.count(box) > 1:
            raise Failure(Words(f"図に同じ箱「{box}」が2つあります。", f"The picture has the box “{box}” twice."))
    for line in legend:
        if line.look not in LOOKS or line.ends not in ("arrow", "both", "none"):
            raise Failure(Words(
                f"図の線「{line.kind}」の描き方「{line.look}」「{line.ends}」はありません。",
                f"The picture's line “{line.kind}” has an unknown look: “{line.look}”, “{line.ends}”.",
            ))  # fmt: skip
    for edge in edges:
        for box in (edge.source, edge.target):
            if box not in ids:
                raise Failure(Words(f"図の線の先「{box}」の箱がありません。", f"A line leads to “{box}”, which has no box."))
        if edge.source == edge.target:
            raise Failure(Words(f"「{edge.source}」から自分自身への線は描けません。", f"“{edge.source}” has a line to itself."))
        if edge.kind not in known:
            raise Failure(Words(f"図の線の種類「{edge.kind}」が凡例にありません。", f"The legend has no kind “{edge.kind}”."))


# ---------------------------------------------------------------- geometry


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

    faces_of, heights = {}, []
    for row in rows:
        texts = {box: _texts(boxes[box], spans[box][1] - spans[box][0]) for box in row}
        heights.append(max(_height(*pair) for pair in texts.values()))
        faces_of |= texts
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

    weaver = _Weaver(areas, {box: level for level, row in enumerate(rows) for box in row}, routes, channels, lines)
    strokes = [weaver.link(link) for link in links] + [weaver.net(number, net) for number, net in enumerate(nets)]
    texts_ = [link.wire.label or lines[link.wire.kind].label for link in links]
    texts_ += [net.label or lines[net.kind].label for net in nets]
    tags = _tags(strokes, texts_, list(areas.values()))
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
    wires = [Wire(edge.source, edge.target, edge.kind, edge.label, lines[edge.kind].ends == "arrow") for edge in edges]
    links, nets = split(wires, ordered, most=3)
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
    wide = min(pitch - 40, pitch * 0.72) // 8 * 8
    first = (left + (right - left - columns * pitch) / 2) // 4 * 4 + pitch / 2
    for slots in placements(tuple(tuple(index[box] for box in row) for row in rows), tuple(ties), columns):
        centres = {box: first + slots[number] * pitch / 2 for box, number in index.items()}
        yield {box: (centre - wide / 2, centre + wide / 2) for box, centre in centres.items()}


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


@dataclass(slots=True)
class _Weaver:
    """Turns routes into the corners of lines."""

    areas: Mapping[str, Rect]
    row_of: Mapping[str, int]
    routes: Routes
    channels: Sequence[tuple[float, float]]
    lines: Mapping[str, Line]

    def link(self, link: Link) -> Stroke:
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
        pins = [(pin, x) for pin, x in zip(self.routes.pins, self.routes.x, strict=True) if pin.net == number]
        home = self.row_of[net.hub]
        passes = {pin.row: x for pin, x in pins if not pin.side}
        hub_x = next(x for pin, x in pins if pin.box == net.hub)
        hub_end = (hub_x, self._edge(net.hub, net.side))
        leaves = sorted(
            ((pin, x) for pin, x in pins if pin.side and pin.box != net.hub),
            key=lambda leaf: (-abs(leaf[0].row - home), abs(leaf[1] - hub_x), leaf[1]),
        )
        covered: dict[int, tuple[float, float]] = {}
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
        covered: dict[int, tuple[float, float]],
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
                return _joined(points, x, y, leave, covered, channel, -net.side)
            covered[channel] = (min(x, leave), max(x, leave))
            if x != leave:
                points += [(x, y), (leave, y)]
            x = leave
        return (*points, hub_end)


def _joined(
    points: list[Point], x: float, y: float, leave: float, covered: dict[int, tuple[float, float]], channel: int, on: int
) -> tuple[Point, ...]:
    low, high = covered[channel]
    covered[channel] = (min(low, x), max(high, x))
    if x == leave:
        return (*points, (x, y + on * RADIUS))
    toward = 1 if leave > x else -1
    if low < x < high:
        return (*points, (x, y), (x + toward * min(RADIUS, abs(leave - x)), y))
    end = low if x <= low else high
    if end == leave:
        return (*points, (x, y), (leave, y), (leave, y + on * RADIUS))
    return (*points, (x, y), (end + toward * RADIUS, y))


def _tags(strokes: Sequence[Stroke], texts: Sequence[str], areas: Sequence[Rect]) -> tuple[Tag, ...]:
    """Find places for the words of the lines where they cover nothing else; short lines choose first.

    A line with a long way gets its word a second time, where there is room far from the first.
    """
    pieces: list[list[Segment]] = [list(stroke.segments()) for stroke in strokes]
    lengths = [sum(length(*piece) for piece in segments) for segments in pieces]
    heads = [
        Rect(min(x, x - dx * HEAD) - 4, min(y, y - dy * HEAD) - 4, max(x, x - dx * HEAD) + 4, max(y, y - dy * HEAD) + 4)
        for stroke in strokes for (x, y), (dx, dy) in ((head.tip, head.way) for head in stroke.heads)
    ]  # fmt: skip
    found: list[Tag] = []

    def options(number: int) -> Iterator[tuple[float, Spot]]:
        hub, merged = strokes[number].ways[0][-1], len(strokes[number].ways) > 1
        for segment in pieces[number]:
            (x1, y1), (x2, y2) = segment
            middle = ((x1 + x2) / 2, (y1 + y2) / 2)
            whole = length(*segment)
            for spot in spots(segment, texts[number]):
                area = Rect(spot.area.left - 1, spot.area.top - 0.5, spot.area.right + 1, spot.area.bottom + 0.5)
                cost = 100.0 * sum(area.overlaps(other) for other in areas)
                cost += 100.0 * sum(area.overlaps(other.spot.area, 1) for other in found)
                cost += 30.0 * sum(area.overlaps(other) for other in heads)
                cost += sum(
                    (12.0 if other == number else 25.0)
                    for other, segments in enumerate(pieces) for piece in segments
                    if piece != segment and area.meets(piece)
                )  # fmt: skip
                cost += (2.0 if spot.upright else 0.0) - min(whole, 120) / 60 + _distance(area, middle) / whole * 3
                # words of a branching line stand near the hub, where all branches run together
                yield cost + (min(_distance(area, hub), 400) / 150 if merged else 0), spot

    order = sorted(range(len(strokes)), key=lambda number: (lengths[number], number))
    for number in order:
        _, spot = min(options(number), key=lambda option: option[0], default=(0, any_spot(pieces[number], texts[number])))
        found.append(Tag(texts[number], spot))
    for number, first in zip(order, found[:], strict=True):
        if lengths[number] > FAR * 2:
            far = [option for option in options(number) if _distance(first.spot.area, _centre(option[1].area)) > FAR]
            cost, spot = min(far, key=lambda option: option[0], default=(inf, first.spot))
            if cost < 10:
                found.append(Tag(texts[number], spot))
    return tuple(found)


def _centre(area: Rect) -> Point:
    return ((area.left + area.right) / 2, (area.top + area.bottom) / 2)


def _distance(area: Rect, point: Point) -> float:
    return length(_centre(area), point)


# ---------------------------------------------------------------- drawing


def _frame(area: Rect, **look: str | float) -> str:
    return element("rect", x=area.left, y=area.top, width=area.right - area.left, height=area.bottom - area.top, **look)


def _band(label: str, area: Rect, label_width: float) -> list[str]:
    parts = [_frame(replace(area, right=area.left + label_width), fill=LABEL_TINT)]
    lines = wrap(label, (label_width - 10) / BAND_SIZE)
    y = (area.top + area.bottom) / 2 - len(lines) * 15 / 2 + 11.5
    x = area.left + label_width / 2
    return parts + [words(x, y + at * 15, line, size=BAND_SIZE, bold=True) for at, line in enumerate(lines)]


def _face(face: Face) -> list[str]:
    area = face.area
    parts = [_frame(area, rx=5, fill=TINT, stroke=INK, stroke_width=1.2)]
    x = (area.left + area.right) / 2
    y = (area.top + area.bottom) / 2 - (len(face.label) * LABEL_STEP + len(face.sub) * SUB_STEP) / 2
    for line in face.label:
        parts.append(words(x, y + 12.4, line, size=LABEL_SIZE, bold=True))
        y += LABEL_STEP
    for line in face.sub:
        parts.append(words(x, y + 10, line, size=SUB_SIZE, ink=FAINT))
        y += SUB_STEP
    return parts


def _legend(lines: Sequence[Line], top: float) -> tuple[float, list[str]]:
    """Draw the key below the picture; return the height of the whole and the parts."""
    if not lines:
        return top + EDGE, []
    x, y = EDGE + measure(LEGEND) * 11 + 18, top + 14
    parts = [words(EDGE + 2, y, LEGEND, size=11, anchor="start", bold=True)]
    for line in lines:
        wide = 54 + measure(line.label) * 11 + 20
        if x + wide > WIDTH - EDGE:
            x, y = EDGE + measure(LEGEND) * 11 + 18, y + 20
        end = (x + 48, y - 4)
        start = (end[0] - HEAD + 1 - whole_dashes(LOOKS[line.look].dash, 48 - HEAD), y - 4)
        heads = {"arrow": (Head(end, (1, 0)),), "both": (Head(end, (1, 0)), Head(start, (-1, 0)))}.get(line.ends, ())
        parts += draw(Stroke(line.kind, ((start, end),), heads), LOOKS[line.look], casing=False)
        parts.append(words(x + 54, y, line.label, size=11, anchor="start"))
        x += wide
    return y + 12, parts
