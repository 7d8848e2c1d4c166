"""A minimal item of a kind, made from its schema alone: every required field, each with a value that is allowed.

Editors see it beside the fields; a test holds each against the real schema.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from shishin.schema import Kind, Shape

_EXAMPLE = re.compile(r"例[:：]\s*(?P<words>[^。]+)")
_CHARACTERS = "1aAあア一- "


def specimen(kind: Kind) -> dict[str, Any]:
    """Return a minimal item of a kind as values."""
    made: dict[str, Any] = _value(kind.shape, 0, kind)
    return made


def specimen_text(kind: Kind) -> str:
    """Return a minimal item of a kind as YAML, as it stands in its file."""
    value: Any = specimen(kind)
    if kind.file and not kind.folder:
        value = [value]
    return yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)


class _Dumper(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)  # entries stand under their key, moved in


def _written(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    tag = "tag:yaml.org,2002:str"
    typed = dumper.resolve(yaml.ScalarNode, text, (True, False)) != tag  # type: ignore[no-untyped-call]
    return dumper.represent_scalar(tag, text, style="|" if "\n" in text else '"' if typed else None)


_Dumper.add_representer(str, _written)


def _value(shape: Shape, number: int, kind: Kind | None = None) -> Any:
    """Return an allowed value; `number` tells the entries of one list apart."""
    match shape.type:
        case "object":
            return {
                name: f"{_slug(kind.name)}-1" if kind and name == "id" else _value(inner, number)
                for name, inner in shape.properties.items()
                if name in shape.required
            }
        case "array":
            assert shape.items is not None
            count = max(1, int(shape.limits.get("minItems", 1)))
            return [_value(shape.items, place) for place in range(count)]
        case "integer":
            least = int(shape.limits.get("minimum", 0))
            return min(max(least, 1) + number, int(shape.limits.get("maximum", 10**9)))
        case "boolean":
            return True
    return _text(shape, number)


def _text(shape: Shape, number: int) -> str:
    if shape.enum:
        return shape.enum[number % len(shape.enum)]
    if shape.ref:
        return f"{_slug(shape.ref[0])}-{number + 1}"
    found = next((one for one in _candidates(shape, number) if _allowed(one, shape)), None)
    text = found if found is not None else _matching(str(shape.limits.get("pattern", "")))
    return f"{text}\n" if shape.text == "markdown" else text


def _slug(name: str) -> str:
    """Return an id's beginning: a reference to any item is an id."""
    return re.sub("[^a-z0-9]+", "-", name.lower()).strip("-")[:20] or "item"


def _candidates(shape: Shape, number: int) -> Iterator[str]:
    more = str(number + 1) if number else ""
    if shape.date:
        yield f"2026-04-{number + 1:02}"
    if told := _EXAMPLE.search(shape.description):
        yield told["words"].strip() + more
    words = f"{shape.title}の例{more}" if shape.text != "markdown" else f"{shape.title}を書く。{more}"
    yield words
    yield words[: int(shape.limits.get("maxLength", len(words)))]
    yield words.ljust(int(shape.limits.get("minLength", 0)), "例")
    yield from (f"よみ{'い' * number}", f"https://example.org/{more}", "2026-04-01")
    yield _matching(str(shape.limits.get("pattern", "")))


def _allowed(text: str, shape: Shape) -> bool:
    return (
        int(shape.limits.get("minLength", 0)) <= len(text) <= int(shape.limits.get("maxLength", len(text)))
        and re.search(str(shape.limits.get("pattern", "")), text) is not None
    )


# ---------------------------------------------------------------- a text that a pattern allows


def _matching(pattern: str) -> str:
    """Return a short text that a regular expression allows: each first branch, each repetition as rarely as can be."""
    return _branches(pattern, 0)[0]


def _branches(pattern: str, place: int) -> tuple[str, int]:
    first, place = _sequence(pattern, place)
    while pattern[place : place + 1] == "|":
        _, place = _sequence(pattern, place + 1)
    return first, place


def _sequence(pattern: str, place: int) -> tuple[str, int]:
    parts: list[str] = []
    while place < len(pattern) and pattern[place] not in "|)":
        one, place = _atom(pattern, place)
        times, place = _times(pattern, place)
        parts.append(one * times)
    return "".join(parts), place


def _atom(pattern: str, place: int) -> tuple[str, int]:
    match pattern[place]:
        case "^" | "$":
            return "", place + 1
        case "(":
            start = re.compile(r"\((\?(?P<looks><?[=!])|\?:|\?P?<\w+>)?").match(pattern, place)
            assert start is not None
            inner, place = _branches(pattern, start.end())
            return "" if start["looks"] else inner, place + 1
        case "[":
            end = re.compile(r"\[\^?\]?(\\.|[^\]\\])*\]").match(pattern, place)
            return (_one_of(end[0]), end.end()) if end else ("[", place + 1)
        case "\\":
            escape = pattern[place : place + 2]
            return _one_of(escape) if escape[1:] in "dDwWsS" else escape[1:].strip("bB"), place + 2
        case ".":
            return "あ", place + 1
        case char:
            return char, place + 1


def _one_of(characters: str) -> str:
    """Return a character of a class: a usual one, else one that the class itself names."""
    return next((one for one in (*_CHARACTERS, *characters) if re.fullmatch(characters, one)), "")


def _times(pattern: str, place: int) -> tuple[int, int]:
    found = re.compile(r"(?:(?P<none>[?*])|(?P<some>\+)|\{(?P<least>\d*)(?:,\d*)?\})[?+]?").match(pattern, place)
    if not found:
        return 1, place
    return 1 if found["some"] else int(found["least"] or 0), found.end()
