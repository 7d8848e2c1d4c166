"""Bodies in layers and the lines between them (体制図), as SVG text and as sentences."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from shishin.pictures.model import Box, Edge, Group, Line
from shishin.pictures.plan import (
    BAND_SIZE,
    EDGE,
    LABEL_SIZE,
    LABEL_STEP,
    SUB_SIZE,
    SUB_STEP,
    WIDTH,
    Face,
    plan,
)  # fmt: skip
from shishin.pictures.strokes import HEAD, LOOKS, Head, Rect, Stroke, draw, draw_heads, tag, whole_dashes
from shishin.pictures.text import FAINT, INK, drawing, element, measure, words, wrap
from shishin.problem import Failure, Words

__all__ = ["Box", "Edge", "Group", "Line", "layers", "layers_text"]

BAND_INK, TINT, LABEL_TINT = "#9aa5b1", "#f3f5f7", "#e1e7ec"
LEGEND = "凡例"


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
    for stroke in drawn.strokes:
        parts += draw_heads(stroke, looks[stroke.kind])
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
    groups: tuple[Group, ...],
    edges: tuple[Edge, ...],
    *,
    legend: tuple[Line, ...],
    kinds: Collection[str] | None = None,
) -> tuple[str, ...]:
    """Say the picture: one sentence per layer, then one per relation."""
    _check(groups, edges, legend)
    lines = {line.kind: line for line in legend}
    names = {box.id: box.label for group in groups for box in group.boxes}
    told = [
        f"{group.label}には、{'、'.join(box.label for box in group.boxes)}がある。" for group in groups if group.boxes
    ]
    for edge in edges:
        line = lines[edge.kind]
        if kinds is None or edge.kind in kinds:
            plain = "{source}から{target}へ「{label}」の関係がある。"
            mutual = "{source}と{target}は「{label}」の関係にある。"
            pattern = line.sentence or (plain if line.ends == "arrow" else mutual)
            told.append(_said(pattern, names[edge.source], names[edge.target], edge.label or line.label))
    return tuple(told)


def _said(pattern: str, source: str, target: str, label: str) -> str:
    # not str.format: a pattern comes from the caller's data and may hold any brackets
    values = {"{source}": source, "{target}": target, "{label}": label}
    return re.sub("|".join(map(re.escape, values)), lambda found: values[found[0]], pattern)


def _check(groups: Sequence[Group], edges: Sequence[Edge], legend: Sequence[Line]) -> None:
    ids = [box.id for group in groups for box in group.boxes]
    known = {line.kind for line in legend}
    for box in ids:
        if ids.count(box) > 1:
            raise Failure(Words(ja=f"図に同じ箱「{box}」が2つあります。", en=f"The picture has the box “{box}” twice."))
    for line in legend:
        if line.look not in LOOKS or line.ends not in ("arrow", "both", "none"):
            raise Failure(
                Words(
                    ja=f"図の線「{line.kind}」の描き方「{line.look}」「{line.ends}」はありません。",
                    en=f"The picture's line “{line.kind}” has an unknown look: “{line.look}”, “{line.ends}”.",
                )
            )
    for edge in edges:
        for box in (edge.source, edge.target):
            if box not in ids:
                raise Failure(
                    Words(ja=f"図の線の先「{box}」の箱がありません。", en=f"A line leads to “{box}”, which has no box.")
                )
        if edge.source == edge.target:
            raise Failure(
                Words(
                    ja=f"「{edge.source}」から自分自身への線は描けません。", en=f"“{edge.source}” has a line to itself."
                )
            )
        if edge.kind not in known:
            raise Failure(
                Words(
                    ja=f"図の線の種類「{edge.kind}」が凡例にありません。", en=f"The legend has no kind “{edge.kind}”."
                )
            )


# ---------------------------------------------------------------- drawing


def _frame(area: Rect, **look: str | float) -> str:
    wide, tall = area.right - area.left, area.bottom - area.top
    return element("rect", x=area.left, y=area.top, width=wide, height=tall, **look)


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
        sample, look = Stroke(line.kind, ((start, end),), heads), LOOKS[line.look]
        parts += draw(sample, look, casing=False) + draw_heads(sample, look)
        parts.append(words(x + 54, y, line.label, size=11, anchor="start"))
        x += wide
    return y + 12, parts
