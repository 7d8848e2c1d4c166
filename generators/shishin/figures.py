"""Pictures from a guideline's data: which items stand in them is what a template asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shishin.document import plain
from shishin.era import wareki
from shishin.guideline import Guideline, Item
from shishin.markdown import parse_inline
from shishin.pictures.layers import Box, Edge, Group, Line, layers, layers_text
from shishin.pictures.timeline import Event, timeline, timeline_text
from shishin.schema import Shape


def layers_figure(guideline: Guideline, options: Mapping[str, Any]) -> tuple[str, str]:
    """Return SVG and text alternative of bodies in layers with their relations.

    Options: `kind` of the items; `group`, a field with choices that makes the bands; `label` and `sub`, fields for
    the boxes; `edges`, a keyed list with `type` and `to`; `lines`, how each type is drawn and said; `leave_out`,
    types that aren't drawn.
    """
    kind = guideline.schemas.kinds[options["kind"]]
    items = guideline.of(kind.name)
    group_shape = kind.shape.properties[options["group"]]
    edge_shape = kind.shape.properties[options["edges"]].items
    assert edge_shape is not None
    groups = tuple(
        Group(
            group_shape.labels[code],
            tuple(
                Box(item.id, _words(item, options.get("label", kind.title)), _words(item, options.get("sub", "")))
                for item in items
                if item.data[options["group"]] == code
            ),
        )
        for code in group_shape.enum
    )
    edges = tuple(
        Edge(item.id, edge["to"], edge["type"]) for item in items for edge in item.data.get(options["edges"], ())
    )
    type_shape = edge_shape.properties["type"]
    given = {line["kind"]: line for line in options.get("lines", ())}
    legend = tuple(Line(code, type_shape.labels[code], **_drawn(given.get(code, {}))) for code in type_shape.enum)
    shown = set(type_shape.enum) - set(options.get("leave_out", ()))
    title = str(options.get("caption", ""))
    svg = layers(groups, edges, legend=legend, title=title, kinds=shown)
    return svg, "".join(layers_text(groups, edges, legend=legend, kinds=shown))


def _drawn(line: Mapping[str, str]) -> dict[str, str]:
    return {name: line[name] for name in ("look", "ends", "parent", "sentence") if name in line}


def timeline_figure(guideline: Guideline, options: Mapping[str, Any]) -> tuple[str, str]:
    """Return SVG and text alternative of a course of events.

    Options: `kind` of the items; fields `date`, `when` (said instead of the date), `title`, `status` (choices) and
    `major` (true for the events that stand out); `marks`, the shape of each status.
    """
    kind = guideline.schemas.kinds[options["kind"]]
    status: Shape = kind.shape.properties[options["status"]]
    events = tuple(
        Event(
            when=_words(item, options["when"]) or wareki(item.data[options["date"]]),
            title=_words(item, options["title"]),
            status=status.labels[item.data[options["status"]]],
            mark=options.get("marks", {}).get(item.data[options["status"]], "done"),
            major=bool(item.data.get(options["major"], False)),
        )
        for item in guideline.of(kind.name)
    )
    return timeline(events, title=str(options.get("caption", ""))), "".join(timeline_text(events))


FIGURES = {"layers": layers_figure, "timeline": timeline_figure}


def _words(item: Item, field: str) -> str:
    """Return a field's text without marks, or "" where it isn't given."""
    value = item.data.get(field)
    return plain(parse_inline(str(value)).inlines) if value is not None else ""
