"""The course of events, from top to bottom, as SVG text and as sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from shishin.pictures.text import FAINT, INK, PAPER, drawing, element, words

WIDTH = 500.0
STEP = 25.0
TOP = 16.0
LINE_X = 190.0
SIZE, SMALL = 13.0, 11.5
RADIUS = 6.0


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, or should have: when, what, its status in a word; `major` ones stand out.

    `mark` is a key of MARKS.
    """

    when: str
    title: str
    status: str
    mark: str = "done"
    major: bool = False


def _done(x: float, y: float) -> list[str]:
    return [element("circle", cx=x, cy=y, r=RADIUS, fill=INK)]


def _planned(x: float, y: float) -> list[str]:
    return [element("circle", cx=x, cy=y, r=RADIUS, fill=PAPER, stroke=INK, stroke_width=1.6)]


def _cancelled(x: float, y: float) -> list[str]:
    ground = element("circle", cx=x, cy=y, r=RADIUS + 2, fill=PAPER)
    size = RADIUS - 0.5
    way = f"M{x - size} {y - size} L{x + size} {y + size} M{x - size} {y + size} L{x + size} {y - size}"
    return [ground, element("path", d=way, stroke=INK, stroke_width=2.6, fill="none")]


def _postponed(x: float, y: float) -> list[str]:
    way = f"M{x} {y - RADIUS} L{x + RADIUS + 0.5} {y + RADIUS - 0.5} L{x - RADIUS - 0.5} {y + RADIUS - 0.5} Z"
    return [element("path", d=way, fill=PAPER, stroke=INK, stroke_width=1.6)]


MARKS: Mapping[str, Callable[[float, float], list[str]]] = {
    "done": _done,
    "planned": _planned,
    "cancelled": _cancelled,
    "postponed": _postponed,
}
"""Shapes, so that nothing is told by colour alone."""


def timeline(events: tuple[Event, ...], *, title: str) -> str:
    """Draw events one below another: when at the left, a mark on the line, what and its status at the right."""
    bottom = TOP + STEP * (len(events) - 1)
    line = element("path", d=f"M{LINE_X} {TOP} V{bottom}", stroke=FAINT, stroke_width=1.4, fill="none")
    parts = [line] if len(events) > 1 else []
    for place, event in enumerate(events):
        y = TOP + STEP * place
        base = y + SIZE * 0.36
        parts += MARKS[event.mark](LINE_X, y)
        parts.append(words(LINE_X - 22, base, event.when, size=SMALL, anchor="end", ink=FAINT))
        told = event.title if event.mark == "done" else f"{event.title}（{event.status}）"
        parts.append(words(LINE_X + 22, base, told, size=SIZE, anchor="start", bold=event.major))
    parts += _legend(events, bottom + STEP + 6)
    return drawing(title, "".join(timeline_text(events)), WIDTH, bottom + STEP + 22, parts)


def _legend(events: tuple[Event, ...], y: float) -> list[str]:
    used = {event.mark: event.status for event in events}
    parts = [words(LINE_X - 22, y + SMALL * 0.36, "凡例", size=SMALL, anchor="end", bold=True)]
    x = LINE_X
    for mark, draw in MARKS.items():
        if mark in used:
            parts += draw(x, y)
            parts.append(words(x + 16, y + SMALL * 0.36, used[mark], size=SMALL, anchor="start"))
            x += 90
    return parts


def timeline_text(events: tuple[Event, ...]) -> tuple[str, ...]:
    """Say the picture: one sentence per event."""
    return tuple(f"{event.when}、{event.title}（{event.status}）。" for event in events)
