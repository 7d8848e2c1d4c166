"""The course of events, from top to bottom, as SVG text and as sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from shishin.pictures.text import FAINT, INK, PAPER, drawing, element, measure, number, words, wrap
from shishin.problem import Failure, Words

WIDTH = 720.0
HEIGHT = 880.0  # with the key: 190 mm where the width is 155 mm
EDGE = 6.0
TITLE, WHEN, STATUS = 14.0, 12.5, 12.0
LINE = 18.0  # from one line of text to the next
GAP, LEAST_GAP = 18.0, 8.0  # between events
MOST_WHEN = 13.0  # em: longer dates are broken
RADIUS = 6.5
TINT, SPINE = "#edf0f3", "#9aa5b1"
LEGEND = "凡例"


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


def _done(x: float, y: float, _ground: str) -> list[str]:
    return [element("circle", cx=x, cy=y, r=RADIUS, fill=INK)]


def _planned(x: float, y: float, _ground: str) -> list[str]:
    return [element("circle", cx=x, cy=y, r=RADIUS - 0.7, fill=PAPER, stroke=INK, stroke_width=1.6)]


def _cancelled(x: float, y: float, ground: str) -> list[str]:
    # the cross stands on the ground's colour, so that the line behind it doesn't make it a star
    arm = RADIUS - 0.8
    way = "".join(
        f"M{number(x - arm)} {number(y - arm * slope)}L{number(x + arm)} {number(y + arm * slope)}" for slope in (1, -1)
    )
    gap = element("circle", cx=x, cy=y, r=RADIUS + 2.5, fill=ground)
    return [gap, element("path", d=way, fill="none", stroke=INK, stroke_width=2.6)]


def _postponed(x: float, y: float, _ground: str) -> list[str]:
    corners = ((x, y - RADIUS - 0.5), (x + RADIUS + 0.5, y + RADIUS - 1), (x - RADIUS - 0.5, y + RADIUS - 1))
    way = "M" + "L".join(f"{number(right)} {number(down)}" for right, down in corners) + "Z"
    return [element("path", d=way, fill=PAPER, stroke=INK, stroke_width=1.6)]


MARKS: Mapping[str, Callable[[float, float, str], list[str]]] = {
    "done": _done,
    "planned": _planned,
    "postponed": _postponed,
    "cancelled": _cancelled,
}
"""Shapes, so that nothing is told by colour alone."""


@dataclass(frozen=True, slots=True)
class Row:
    """An event with its wrapped words, the middle of its first line, and the height of its words."""

    event: Event
    when: tuple[str, ...]
    title: tuple[str, ...]
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """The columns (right edge of the dates, the line, status words, titles) and the rows."""

    when: float
    spine: float
    status: float
    title: float
    rows: tuple[Row, ...]
    bottom: float


def timeline(events: tuple[Event, ...], *, title: str) -> str:
    """Draw events one below another: when at the left, a mark on the line, its word and what at the right."""
    sheet = lay_out(events)
    parts = []
    for row in sheet.rows:
        if row.event.major:
            top, tall = row.y - LINE / 2 - 4, row.height + 8
            parts.append(element("rect", x=EDGE, y=top, width=WIDTH - 2 * EDGE, height=tall, rx=4, fill=TINT))
    if len(sheet.rows) > 1:
        way = f"M{number(sheet.spine)} {number(sheet.rows[0].y)}V{number(sheet.rows[-1].y)}"
        parts.append(element("path", d=way, fill="none", stroke=SPINE, stroke_width=2))
    for row in sheet.rows:
        event = row.event
        parts += MARKS[event.mark](sheet.spine, row.y, TINT if event.major else PAPER)
        for at, line in enumerate(row.when):
            # a closing bracket is half empty: it hangs over, so that the dates end in one line
            hang = WHEN * 0.45 if line.endswith(("）", "」")) else 0.0
            parts.append(words(sheet.when + hang, row.y + WHEN * 0.36 + at * LINE, line, size=WHEN, anchor="end"))
        usual = event.mark == "done"
        parts.append(
            words(
                sheet.status, row.y + STATUS * 0.36, event.status, size=STATUS, anchor="start", bold=not usual,
                ink=FAINT if usual else INK,
            )
        )  # fmt: skip
        for at, line in enumerate(row.title):
            y = row.y + TITLE * 0.36 + at * LINE
            parts.append(words(sheet.title, y, line, size=TITLE, anchor="start", bold=event.major))
    parts += _legend(events, sheet.spine, sheet.bottom + 14)
    return drawing(title, "".join(timeline_text(events)), WIDTH, sheet.bottom + 28 if events else 2 * EDGE, parts)


def timeline_text(events: tuple[Event, ...]) -> tuple[str, ...]:
    """Say the picture: one sentence per event."""
    return tuple(f"{event.when}、{event.title}（{event.status}）。" for event in events)


def lay_out(events: Sequence[Event]) -> Sheet:
    """Compute where everything stands; many events stand closer."""
    for event in events:
        if event.mark not in MARKS:
            raise Failure(
                Words(
                    ja=f"年表の印「{event.mark}」はありません。",
                    en=f"The timeline has no mark “{event.mark}”.",
                ),
                Words(ja=f"使える印: {'、'.join(MARKS)}", en=f"Marks: {', '.join(MARKS)}"),
            )
    whens = [wrap(event.when, MOST_WHEN) for event in events]
    when = EDGE + 10 + max((measure(line) for lines in whens for line in lines), default=0) * WHEN
    spine = when + 22
    status = spine + 16
    title = status + max((measure(event.status) for event in events), default=0) * STATUS + 14
    titles = [wrap(event.title, (WIDTH - EDGE - 8 - title) / TITLE) for event in events]
    heights = [max(len(one), len(other), 1) * LINE for one, other in zip(whens, titles, strict=True)]
    gap = GAP
    if len(events) > 1:
        gap = min(GAP, max(LEAST_GAP, (HEIGHT - 40 - sum(heights)) / (len(events) - 1)))
    rows = []
    y = EDGE + 4 + LINE / 2
    for event, dates, lines, height in zip(events, whens, titles, heights, strict=True):
        rows.append(Row(event, dates, lines, y, height))
        y += height + gap
    bottom = y - gap - LINE / 2 + 12 if rows else 0.0
    return Sheet(when, spine, status, title, tuple(rows), bottom)


def _legend(events: Sequence[Event], x: float, y: float) -> list[str]:
    """Draw the key: each mark in use with the words it stands for."""
    meant: dict[str, dict[str, None]] = {}
    for event in events:
        meant.setdefault(event.mark, {})[event.status] = None
    if not meant:
        return []
    parts = [words(x - 22, y + STATUS * 0.36, LEGEND, size=STATUS, anchor="end", bold=True)]
    for mark, draw in MARKS.items():
        if mark in meant:
            told = "・".join(meant[mark])
            parts += draw(x, y, PAPER)
            parts.append(words(x + 14, y + STATUS * 0.36, told, size=STATUS, anchor="start"))
            x += 14 + measure(told) * STATUS + 28
    return parts
