"""Pictures: nothing overlaps, lines end at their boxes and keep out of others, and the bytes are always the same."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from shishin.pictures import timeline as course
from shishin.pictures.layers import Box, Edge, Group, Line, layers, layers_text
from shishin.pictures.plan import BOX_PAD, LABEL_SIZE, LABEL_STEP, SUB_SIZE, SUB_STEP, WIDTH, Plan, plan
from shishin.pictures.strokes import LABEL, LOOKS, Point, Rect, Segment
from shishin.pictures.text import escape, measure, number, wrap
from shishin.pictures.timeline import Event, timeline, timeline_text
from shishin.problem import Failure
from shishin.tools import raster

ROLES = Path(__file__).parent.parent / "guideline" / "roles"
SVG = "{http://www.w3.org/2000/svg}"
LEGEND = (
    Line("found", "設置", "bold", parent="source"),
    Line("help", "支援"),
    Line("pay", "補助", "double", sentence="{source}は{target}に補助する。"),
    Line("meet", "連携", "dash", ends="both"),
    Line("join", "所属", "dot", parent="target"),
)
GROUPS = (
    Group("国", (Box("ministry", "中央省庁"),)),
    Group(
        "広域",
        (Box("state", "県"), Box("office", "県福祉課", "本庁"), Box("union", "県協会"), Box("hub", "基幹型事務所")),
    ),
    Group("地域", (Box("town", "市町村", "30（市20、町6、村4）"), Box("club", "郡市協会"), Box("base", "事務所"))),
)
EDGES = (
    Edge("ministry", "state", "help"),
    Edge("office", "state", "join"),
    Edge("union", "hub", "found"),
    Edge("office", "union", "pay"),
    Edge("office", "club", "pay"),
    Edge("state", "town", "help"),
    Edge("office", "town", "help"),
    Edge("hub", "base", "help"),
    Edge("club", "base", "found"),
    Edge("town", "club", "meet"),
    Edge("town", "base", "meet"),
    Edge("ministry", "base", "help"),
)


def sample() -> str:
    return layers(GROUPS, EDGES, legend=LEGEND, title="体制図")


def real() -> tuple[tuple[Group, ...], tuple[Edge, ...], tuple[Line, ...]]:
    """Return the bodies of the guideline in this repository."""
    roles = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(ROLES.glob("*.yml"))]
    roles.sort(key=lambda role: role["order"])
    bands = {"national": "国・管外", "wide": "広域", "middle": "中間", "local": "地域", "person": "個人"}
    groups = tuple(
        Group(
            label,
            tuple(Box(role["id"], role["short"], role.get("count", "")) for role in roles if role["layer"] == code),
        )
        for code, label in bands.items()
    )
    edges = tuple(Edge(role["id"], tie["to"], tie["type"]) for role in roles for tie in role.get("relations", ()))
    legend = (
        Line("establish", "設置", "bold", parent="source"),
        Line("entrust", "委託", "long"),
        Line("support", "支援"),
        Line("report", "報告", "dash-dot"),
        Line("subsidise", "補助", "double"),
        Line("cooperate", "連携", "dash", ends="both"),
        Line("belong", "所属", "dot", parent="target"),
    )
    return groups, edges, legend


# ---------------------------------------------------------------- what holds for every picture


def on_border(point: Point, area: Rect) -> bool:
    x, y = point
    across = area.left <= x <= area.right and y in (area.top, area.bottom)
    along = area.top <= y <= area.bottom and x in (area.left, area.right)
    return across or along


def near(point: Point, segment: Segment) -> bool:
    (x, y), ((x1, y1), (x2, y2)) = point, segment
    return min(x1, x2) - 0.1 <= x <= max(x1, x2) + 0.1 and min(y1, y2) - 0.1 <= y <= max(y1, y2) + 0.1


def check(drawn: Plan) -> None:
    areas = {face.box.id: face.area for face in drawn.faces}
    for one, other in combinations(areas.values(), 2):
        assert not one.overlaps(other, 8)
    for face in drawn.faces:
        wide = face.area.right - face.area.left
        assert all(measure(line) * LABEL_SIZE <= wide - BOX_PAD for line in face.label)
        assert all(measure(line) * SUB_SIZE <= wide - BOX_PAD for line in face.sub)
        assert len(face.label) * LABEL_STEP + len(face.sub) * SUB_STEP <= face.area.bottom - face.area.top
        assert face.area.left >= 0 and face.area.right <= WIDTH
    for stroke in drawn.strokes:
        ends = set()
        for place, way in enumerate(stroke.ways):
            assert all(x1 == x2 or y1 == y2 for (x1, y1), (x2, y2) in pairwise(way)), "lines are upright or level"
            started = [box for box, area in areas.items() if on_border(way[0], area)]
            assert started, "every way starts at a box"
            ended = [box for box, area in areas.items() if on_border(way[-1], area)]
            if not ended:
                before = [segment for earlier in stroke.ways[:place] for segment in pairwise(earlier)]
                assert any(near(way[-1], segment) for segment in before), "or joins a way that is there"
            ends |= {*started, *ended}
        assert len(ends) == len(stroke.ways) + 1
        for head in stroke.heads:
            assert any(on_border(head.tip, area) for area in areas.values())
        for segment in stroke.segments():
            assert not any(area.meets(segment) for area in areas.values()), "a line runs through a box"
    assert len({tag.text for tag in drawn.tags}) <= len(drawn.strokes) <= len(drawn.tags)


def relations(drawn: Plan) -> set[tuple[str, str, str]]:
    """Read the relations back from the drawn arrows: (source, target, kind)."""
    found = set()
    for stroke in drawn.strokes:
        touched = [
            (face.box.id, way[place])
            for way in stroke.ways
            for place in (0, -1)
            for face in drawn.faces
            if on_border(way[place], face.area)
        ]
        tips = {head.tip for head in stroke.heads}
        targets = {box for box, point in touched if point in tips}
        sources = {box for box, point in touched if point not in tips}
        if not sources:  # a head at both ends
            one, other = sorted(targets)
            found |= {(one, other, stroke.kind)}
        else:
            found |= {(source, target, stroke.kind) for source in sources for target in targets}
    return found


def told(edges: tuple[Edge, ...], legend: tuple[Line, ...]) -> set[tuple[str, str, str]]:
    mutual = {line.kind for line in legend if line.ends == "both"}
    return {
        (*sorted((edge.source, edge.target)), edge.kind)
        if edge.kind in mutual
        else (edge.source, edge.target, edge.kind)
        for edge in edges
    }  # type: ignore[misc]


def test_sample_holds() -> None:
    drawn = plan(GROUPS, EDGES, legend=LEGEND)
    check(drawn)
    assert relations(drawn) == told(EDGES, LEGEND)


@pytest.mark.parametrize("left_out", [set(), {"cooperate"}, {"support", "belong"}], ids=["all", "no 連携", "some"])
def test_real_bodies_hold(left_out: set[str]) -> None:
    groups, edges, legend = real()
    kinds = {line.kind for line in legend} - left_out
    drawn = plan(groups, edges, legend=legend, kinds=kinds)
    check(drawn)
    assert relations(drawn) == told(tuple(edge for edge in edges if edge.kind in kinds), legend)
    assert drawn.bottom < 960, "it fits on a page of A4 with its caption"
    boxes = [face.area for face in drawn.faces]
    for one, other in combinations([tag.spot.area for tag in drawn.tags], 2):
        assert not one.overlaps(other)
    for tag in drawn.tags:
        assert not any(tag.spot.area.overlaps(area) for area in boxes)
    for one_stroke, other_stroke in combinations(drawn.strokes, 2):
        for one_piece in one_stroke.segments():
            for other_piece in other_stroke.segments():
                assert not runs_along(one_piece, other_piece), "two lines lie on each other"


def runs_along(one: Segment, other: Segment) -> bool:
    for across, along in ((0, 1), (1, 0)):
        if one[0][across] == one[1][across] and other[0][across] == other[1][across]:
            low = max(min(one[0][along], one[1][along]), min(other[0][along], other[1][along]))
            high = min(max(one[0][along], one[1][along]), max(other[0][along], other[1][along]))
            if abs(one[0][across] - other[0][across]) < 3 and high - low > 1:
                return True
    return False


def test_boxes_stand_alike_whatever_is_left_out() -> None:
    groups, edges, legend = real()
    whole = plan(groups, edges, legend=legend)
    part = plan(groups, edges, legend=legend, kinds={"support"})
    assert [(face.box.id, face.area.left) for face in whole.faces] == [
        (face.box.id, face.area.left) for face in part.faces
    ]


@st.composite
def pictures(draw: st.DrawFn) -> tuple[tuple[Group, ...], tuple[Edge, ...]]:
    sizes = draw(st.lists(st.integers(0, 7), min_size=1, max_size=4))
    words = st.text(st.sampled_from("県市町村協会センターabc 12（）・"), min_size=1, max_size=18)
    ids = [[f"{group}-{box}" for box in range(size)] for group, size in enumerate(sizes)]
    groups = tuple(Group(draw(words), tuple(Box(one, draw(words), draw(words)) for one in members)) for members in ids)
    everything = [one for members in ids for one in members]
    if len(everything) < 2:
        return groups, ()
    ends = st.lists(st.sampled_from(everything), min_size=2, max_size=2, unique=True)
    ties = st.tuples(ends, st.sampled_from([line.kind for line in LEGEND]))
    drawn = draw(st.lists(ties, max_size=14))
    return groups, tuple(Edge(one, other, kind) for (one, other), kind in drawn)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(pictures())
def test_any_picture_holds(made: tuple[tuple[Group, ...], tuple[Edge, ...]]) -> None:
    groups, edges = made
    drawn = plan(groups, edges, legend=LEGEND)
    check(drawn)
    assert relations(drawn) == told(edges, LEGEND)
    parse(layers(groups, edges, legend=LEGEND, title="x"))


# ---------------------------------------------------------------- the SVG


def parse(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def elements(svg: str) -> Iterator[ElementTree.Element]:
    yield from parse(svg).iter()


EVENTS = (
    Event("平成30年度", "ヒアリング", "実施"),
    Event("令和元年12月19日", "第1回ワーキンググループ", "実施", major=True),
    Event("令和2年1月中（予定）", "第1案の作成", "予定", "planned"),
    Event("令和2年3月4日", "第2回ワーキンググループ", "中止", "cancelled", major=True),
    Event("令和2年5月（予定）", "指針の完成と周知", "延期", "postponed"),
)


@pytest.mark.parametrize("svg", [sample(), timeline(EVENTS, title="経過")], ids=["layers", "timeline"])
def test_only_what_every_program_draws_alike(svg: str) -> None:
    root = parse(svg)
    assert root.attrib["role"] == "img"
    assert root.attrib["viewBox"] == f"0 0 {root.attrib['width']} {root.attrib['height']}"
    assert [child.tag for child in root][:2] == [f"{SVG}title", f"{SVG}desc"]
    names = {element.tag.removeprefix(SVG) for element in elements(svg)}
    assert names <= {"svg", "title", "desc", "rect", "path", "circle", "text"}
    attributes = {name for element in elements(svg) for name in element.attrib}
    assert not attributes & {"id", "class", "style", "href", "dominant-baseline", "transform"}
    for element in elements(svg):
        for name, value in element.attrib.items():
            if name not in ("font-family", "fill", "stroke"):
                assert not re.search(r"\d\.\d\d", value), f"{name}={value}: one decimal is enough"


def test_text_is_large_enough_in_print() -> None:
    for svg in (sample(), timeline(EVENTS, title="経過")):
        sizes = [float(element.attrib["font-size"]) for element in elements(svg) if element.tag == f"{SVG}text"]
        width = float(parse(svg).attrib["width"])
        # 155 mm are 439 points
        assert min(sizes) * 439 / width >= 6


def test_same_bytes_in_another_process() -> None:
    code = "import test_picture as t; print(t.sample(), end='')"
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"},
            capture_output=True, encoding="utf-8", check=True,
        )  # fmt: skip
        assert done.stdout == sample()


def test_text_is_escaped() -> None:
    nasty = "<b>&\"'\x07</title>"
    group = (Group(nasty, (Box("a", nasty, nasty), Box("b", "乙"))),)
    svg = layers(group, (Edge("a", "b", "help", nasty),), legend=LEGEND, title=nasty)
    assert parse(svg)[0].text == nasty.replace("\x07", "")
    assert parse(timeline((Event(nasty, nasty, nasty),), title=nasty))[0].text == nasty.replace("\x07", "")
    assert escape("\ud800a\ufffe") == "a"


def test_typst_draws_both() -> None:
    for svg in (sample(), timeline(EVENTS, title="経過")):
        assert raster.png(svg, 155, 96).startswith(b"\x89PNG")


def test_legend_shows_the_kinds_in_use() -> None:
    svg = layers(GROUPS, EDGES, legend=LEGEND, title="体制図", kinds={"pay", "meet"})
    told = [element.text for element in elements(svg) if element.tag == f"{SVG}text"]
    assert told[-2:] == ["補助", "連携"]
    assert "支援" not in told


def test_looks_differ() -> None:
    assert len(set(LOOKS.values())) == len(LOOKS)


# ---------------------------------------------------------------- sentences and refusals


def test_layers_are_said() -> None:
    told = layers_text(GROUPS, EDGES[2:4] + EDGES[9:10], legend=LEGEND)
    assert told == (
        "国には、中央省庁がある。",
        "広域には、県、県福祉課、県協会、基幹型事務所がある。",
        "地域には、市町村、郡市協会、事務所がある。",
        "県協会から基幹型事務所へ「設置」の関係がある。",
        "県福祉課は県協会に補助する。",
        "市町村と郡市協会は「連携」の関係にある。",
    )
    assert layers_text(GROUPS, EDGES, legend=LEGEND, kinds=())[3:] == ()


def test_patterns_may_hold_brackets() -> None:
    legend = (Line("help", "支援", sentence="{source}{0}{target!r}{label}"),)
    assert layers_text(GROUPS, EDGES[:1], legend=legend)[-1] == "中央省庁{0}{target!r}支援"


def test_events_are_said() -> None:
    assert timeline_text(EVENTS)[3] == "令和2年3月4日、第2回ワーキンググループ（中止）。"


@pytest.mark.parametrize(
    ("groups", "edges", "legend"),
    [
        ((Group("a", (Box("a", "甲"), Box("a", "乙"))),), (), LEGEND),
        (GROUPS, (Edge("state", "nobody", "help"),), LEGEND),
        (GROUPS, (Edge("state", "state", "help"),), LEGEND),
        (GROUPS, (Edge("state", "town", "hinder"),), LEGEND),
        (GROUPS, (), (Line("help", "支援", "wavy"),)),
        (GROUPS, (), (Line("help", "支援", ends="left"),)),
    ],
    ids=["twice", "unknown box", "itself", "unknown kind", "unknown look", "unknown ends"],
)
def test_faults_are_told(groups: tuple[Group, ...], edges: tuple[Edge, ...], legend: tuple[Line, ...]) -> None:
    with pytest.raises(Failure):
        layers(groups, edges, legend=legend, title="x")
    with pytest.raises(Failure):
        layers_text(groups, edges, legend=legend)


def test_unknown_mark_is_told() -> None:
    with pytest.raises(Failure):
        timeline((Event("今日", "会議", "実施", "star"),), title="x")


def test_empty_pictures() -> None:
    parse(layers((), (), legend=LEGEND, title="x"))
    parse(layers((Group("国", ()),), (), legend=LEGEND, title="x"))
    parse(layers((Group("国", (Box("a", ""),)),), (), legend=LEGEND, title="x"))
    parse(timeline((), title="x"))
    parse(timeline(EVENTS[:1], title="x"))


# ---------------------------------------------------------------- the course of events


@pytest.mark.parametrize("count", [1, 13, 20])
def test_events_keep_apart_and_fit(count: int) -> None:
    events = tuple(
        Event(f"令和元年{at % 12 + 1}月{at}日まで", "会議の名前" * (1 + at % 9), "実施") for at in range(count)
    )
    sheet = course.lay_out(events)
    for one, other in pairwise(sheet.rows):
        assert one.y + one.height + course.LEAST_GAP <= other.y + 0.01
    for row in sheet.rows:
        assert all(measure(line) * course.WHEN <= sheet.when - course.EDGE for line in row.when)
        assert all(sheet.title + measure(line) * course.TITLE <= course.WIDTH - course.EDGE for line in row.title)
    assert sheet.bottom + 28 <= 929, "200 mm where the width is 155 mm"


def test_marks_differ_in_shape() -> None:
    assert len({str(mark(10, 10, "#fff")) for mark in course.MARKS.values()}) == len(course.MARKS)


# ---------------------------------------------------------------- text


@pytest.mark.parametrize(
    ("text", "limit", "lines"),
    [
        ("基幹型コーディネーター", 8, ("基幹型", "コーディネーター")),
        ("市町村の担当者", 7, ("市町村の担当者",)),
        ("30（市20、町6、村4）", 7, ("30（市20、", "町6、村4）")),
        ("令和元年12月から令和2年1月まで", 9, ("令和元年12月から", "令和2年1月まで")),
        ("ab", 0.5, ("a", "b")),
        ("", 5, ()),
        ("あ\n い", 5, ("あ い",)),
    ],
)
def test_lines_break_at_good_places(text: str, limit: float, lines: tuple[str, ...]) -> None:
    assert wrap(text, limit) == lines


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(st.sampled_from("県の会議、「設置」（案）ーッabc 12"), max_size=40), st.integers(2, 12))
def test_wrapped_text_is_whole_and_fits(text: str, limit: int) -> None:
    lines = wrap(text, limit)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(measure(line) <= limit for line in lines)


def test_numbers_are_short() -> None:
    assert [number(value) for value in (1.0, 2.25, -0.04, 3.96)] == ["1", "2.2", "0", "4"]


def test_tag_size_is_legible() -> None:
    assert LABEL >= 10
