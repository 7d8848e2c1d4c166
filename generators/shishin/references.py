"""What points where: the ids that items name in their fields, and those their texts mention.

The quick way there: of each kind only the fields that matter are looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from shishin.guideline import Item
from shishin.schema import Shape


@dataclass(frozen=True, slots=True)
class _Way:
    """The way to the fields of a kind that a reader looks for; everything else is passed by."""

    name: str  # of the field, dotted, without the places in lists
    fields: tuple[tuple[str, _Way], ...] = ()
    entries: _Way | None = None
    leads_on: bool = False  # there is more behind the field than its own text


def _way(shape: Shape, wanted: str, name: str = "") -> _Way | None:
    if shape.items is not None:
        inner = _way(shape.items, wanted, name)
        return _Way(name, entries=inner, leads_on=True) if inner else None
    if getattr(shape, wanted):
        return _Way(name)
    ways = [(key, _way(field, wanted, f"{name}.{key}" if name else key)) for key, field in shape.properties.items()]
    fields = tuple((key, way) for key, way in ways if way)
    return _Way(name, fields=fields, leads_on=True) if fields else None


Found: TypeAlias = list[tuple[str, str]]
"""Names of fields, dotted and without the places in lists, each with the text that stands there."""


def _gather(value: Any, way: _Way, found: Found) -> None:
    if way.fields:
        for key, inner in way.fields:
            if key in value:
                if inner.leads_on:
                    _gather(value[key], inner, found)
                else:
                    found.append((inner.name, value[key]))
    elif way.entries is not None:
        if way.entries.leads_on:
            for entry in value:
                _gather(entry, way.entries, found)
        else:
            found += [(way.name, entry) for entry in value]


def fields_with(items: Iterable[Item], wanted: str) -> Iterator[tuple[Item, Found]]:
    """Yield every item with the texts in its fields of which the shape says `wanted`."""
    ways: dict[str, _Way | None] = {}
    for item in items:
        name = item.kind.name
        if name not in ways:
            ways[name] = _way(item.kind.shape, wanted)
        if way := ways[name]:
            found: Found = []
            _gather(item.data, way, found)
            yield item, found


def references(items: Iterable[Item]) -> Iterator[tuple[Item, Found]]:
    """Yield items with their fields that point to another, and the id each names."""
    return fields_with(items, "ref")


_MENTION = re.compile(r"\[\[(?P<id>[a-z0-9-]+)\]\]|\]\(#(?P<anchor>[a-z0-9-]+)\)")
# What stands in a code span or after a backslash is no mention.
_PLAIN = re.compile(r"(?<!`)(`+)(?!`)(?:.*?[^`])?\1(?!`)|\\.", re.DOTALL)


def mentions(items: Iterable[Item]) -> Iterator[tuple[Item, str]]:
    """Yield items with each id their texts mention: [[id]] or [words](#id)."""
    for item, found in fields_with(items, "text"):
        for _, text in found:
            if "[[" in text or "](#" in text:
                said = _PLAIN.sub("", text) if "`" in text or "\\" in text else text
                for mention in _MENTION.finditer(said):
                    yield item, (mention["id"] or mention["anchor"]).partition("--")[0]
