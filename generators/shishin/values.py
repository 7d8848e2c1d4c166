"""Text → values: converted by the schema's types, and every problem of an item's shape with its place.

Two ways lead to the same values. `quick` reads a text that has nothing unusual and keeps no places: most files, on
every save. `convert` goes over nodes that know their places; it is asked where `quick` gave up or the schema refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

import jsonschema_rs
import yaml

from shishin.characters import findings
from shishin.problem import Position, Problem, Words
from shishin.schema import Kind, Shape, dotted
from shishin.source import FOREIGN_BREAK, LOADER, MAX_DEPTH, UNREAD, UNUSABLE, Node, Path, Sequence, find, joined
from shishin.source import Mapping as MappingNode

_INTEGER = re.compile(r"0|-?[1-9][0-9]*")
# What the core schema of YAML 1.2.2 (§10.3.2) types as null, bool, int or float; PyYAML's 1.1 rules type more.
_TYPED = re.compile(
    r"~|null|Null|NULL|true|True|TRUE|false|False|FALSE|[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"
    r"|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?(\.inf|\.Inf|\.INF)|\.nan|\.NaN|\.NAN"
)


class _Unusual(Exception):
    """The text needs the slow way."""


def quick(text: str, shape: Shape) -> Any:
    """Return the values of a text, or None where anything about it is unusual."""
    if UNUSABLE.search(text) or FOREIGN_BREAK.search(text):
        return None
    loader = LOADER(text)
    try:
        return _quick_document(loader.get_event, shape, text)
    except (_Unusual, yaml.YAMLError):
        return None
    finally:
        loader.dispose()


def _quick_document(next_event: Callable[[], Any], shape: Shape, text: str) -> Any:
    lines: list[str] = []

    start: Any
    end: Any

    def build(event: Any, shape: Shape | None, depth: int) -> Any:
        nonlocal start, end
        if depth > MAX_DEPTH or event.anchor or event.__class__ is yaml.AliasEvent or event.tag:
            raise _Unusual
        if event.__class__ is yaml.ScalarEvent:
            value, style = event.value, event.style
            if style == "|":
                return value
            start, end = event.start_mark, event.end_mark
            if end.line > start.line:
                if not lines:
                    lines.extend(text.split("\n"))
                value = joined(value, lines[start.line : end.line + 1])
            if style == '"' and findings(value, yaml=False):
                raise _Unusual
            return _plain(value, shape) if shape is not None and not style else value
        if event.__class__ is yaml.SequenceStartEvent:
            entry = shape.items if shape else None
            items = []
            while (inner := next_event()).__class__ is not yaml.SequenceEndEvent:
                items.append(build(inner, entry, depth + 1))
            return items
        fields = shape.properties if shape else {}
        result = {}
        while (key := next_event()).__class__ is not yaml.MappingEndEvent:
            if key.__class__ is not yaml.ScalarEvent:
                raise _Unusual
            start, end = key.start_mark, key.end_mark
            simple = not (key.style or key.anchor or key.tag) and start.line == end.line
            name = key.value if simple else build(key, None, depth + 1)
            if name in result or name == "<<":
                raise _Unusual
            result[name] = build(next_event(), fields.get(name), depth + 1)
        return result

    if next_event().__class__ is not yaml.StreamStartEvent or next_event().__class__ is not yaml.DocumentStartEvent:
        raise _Unusual
    value = build(next_event(), shape, 1)
    if next_event().__class__ is not yaml.DocumentEndEvent or next_event().__class__ is not yaml.StreamEndEvent:
        raise _Unusual
    return value


def _plain(value: str, shape: Shape) -> Any:
    """Return what a scalar without quotes means; text that YAML 1.2 would type is for `convert` to report."""
    if shape.type == "integer" and len(value) < 10 and _INTEGER.fullmatch(value):
        return int(value)
    if shape.type == "boolean" and value in ("true", "false"):
        return value == "true"
    if shape.type == "string" and _TYPED.fullmatch(value):
        raise _Unusual
    return value


def convert(node: Node, kind: Kind, file: str) -> tuple[Any, tuple[Problem, ...]]:
    """Return an item's values (text converted by the schema's types) and every problem of its shape."""
    problems: list[Problem] = []

    def walk(node: Node, shape: Shape | None, path: Path) -> Any:
        if isinstance(node, MappingNode):
            return {
                key.text: walk(inner, shape.properties.get(key.text) if shape else None, (*path, key.text))
                for key, inner in node.entries
            }
        if isinstance(node, Sequence):
            return [walk(item, shape.items if shape else None, (*path, place)) for place, item in enumerate(node.items)]
        if shape is None or node.style:
            return node.text
        try:
            return _plain(node.text, shape)
        except _Unusual:
            problems.append(
                Problem(
                    code="S110",
                    severity="error",
                    path=dotted(path),
                    position=Position(file=file, line=node.line, column=node.column),
                    message=Words(
                        ja=f"「{node.text}」は文字のつもりでも、YAML では数や空として読まれます。",
                        en=f"'{node.text}' is meant as text, but YAML reads it as a number, a boolean or nothing.",
                    ),
                    hint=Words(ja=f'引用符で囲んでください: "{node.text}"', en=f'Quote it: "{node.text}"'),
                )
            )
            return node.text

    value = walk(node, kind.shape, ())
    told: set[tuple[str, Position, str]] = set()
    for fault in kind.validator.iter_errors(value):
        if fault.instance == UNREAD:
            continue
        for unknown in fault.kind.as_dict().get("unexpected", ("",)):  # each unknown field is a problem of its own
            problem = _fault(fault, node, kind, file, unknown)
            if (problem.code, problem.position, unknown) not in told:  # a date may break its format and its pattern
                told.add((problem.code, problem.position, unknown))
                problems.append(problem)
    return value, tuple(problems)


def place_of(node: Node, path: Path, *, key: bool = False) -> tuple[int, int]:
    """Return line and column of a path: of the value, or of its key; the nearest known one around it."""
    name, found = find(node, path)
    at = name if key and name is not None else found
    return at.line, at.column


def shape_at(shape: Shape | None, path: Path) -> Shape | None:
    """Return the shape at a path, or None where the schema knows nothing."""
    for part in path:
        if shape is None:
            return None
        shape = shape.items if isinstance(part, int) else shape.properties.get(part)
    return shape


def _fault(fault: jsonschema_rs.ValidationError, node: Node, kind: Kind, file: str, unknown: str) -> Problem:
    detail = fault.kind.as_dict()
    path: Path = tuple(fault.instance_path)
    shape = shape_at(kind.shape, path)
    name = shape.title if shape else dotted(path)
    said = repr(fault.instance) if not isinstance(fault.instance, str) else f"「{fault.instance}」"
    hint: Words | None = None
    key = False
    match fault.kind.name:
        case "required":
            missing = detail["property"]
            title = shape.properties[missing].title if shape else missing
            code = "S101"
            message = Words(ja=f"「{missing}」（{title}）がありません。", en=f"'{missing}' is missing.")
            description = shape.properties[missing].description if shape else ""
            given = fault.instance if isinstance(fault.instance, dict) else {}
            strangers = [name for name in given if shape and name not in shape.properties]
            misspelt = [name for name in strangers if name == title] or get_close_matches(missing, strangers, 1)
            hint = (
                Words(
                    ja=f"「{misspelt[0]}」と書いていないか確かめてください。",
                    en=f"Is it written as '{misspelt[0]}'?",
                )
                if misspelt
                else Words(
                    ja=f"「{missing}: 」で始まる行を書き足してください。{description}",
                    en=f"Add a line '{missing}: …'.",
                )
            )
        case "additionalProperties":
            path, key = (*path, unknown), True
            by_title = {field.title: name for name, field in shape.properties.items()} if shape else {}
            near = get_close_matches(unknown, [*by_title.values(), *by_title], 1)
            near = [by_title.get(found, found) for found in near]
            code = "S102"
            message = Words(ja=f"「{unknown}」という欄はありません。", en=f"There is no field '{unknown}'.")
            choices = "、".join(shape.properties) if shape else ""
            hint = (
                Words(ja=f"もしかして: {near[0]}", en=f"Did you mean '{near[0]}'?")
                if near
                else Words(ja=f"使える欄: {choices}", en=f"Fields: {choices}")
            )
        case "enum":
            options = detail["options"]
            by_label = {label: option for option, label in (shape.labels if shape else {}).items()}
            near = get_close_matches(str(fault.instance), [*options, *by_label], 1)
            near = [by_label.get(found, found) for found in near]
            code = "S103"
            message = Words(ja=f"{name}に{said}は使えません。", en=f"{said} is not a choice for '{dotted(path)}'.")
            labels = shape.labels if shape else {}
            listed = "、".join(f"{option}（{labels[option]}）" if option in labels else option for option in options)
            if near:
                hint = Words(
                    ja=f"もしかして: {near[0]}。使えるのは {listed}", en=f"Did you mean '{near[0]}'? Choices: {listed}"
                )
            else:
                hint = Words(ja=f"使えるのは {listed}", en=f"Choices: {listed}")
        case "type":
            code = "S104"
            wanted = {
                "object": "欄の集まり",
                "array": "一覧（- で始まる行）",
                "integer": "整数",
                "boolean": "true か false",
            }
            type_ = shape.type if shape else "string"
            message = Words(
                ja=f"{name or 'ここ'}は{wanted.get(type_, '文字')}でなければなりません。",
                en=f"'{dotted(path)}' must be of type {type_}.",
            )
            hint = _form(type_, fault.instance)
        case "pattern" | "maxLength" | "minLength" | "format" | "minimum" | "maximum":
            code = "S105"
            message = Words(
                ja=f"{name}の{said}は書き方が違います。", en=f"{said} is not a valid '{dotted(path)}': {fault.message}."
            )
            if fault.kind.name == "format":
                hint = Words(
                    ja='実在する日付を "2026-11-22" の形で、引用符で囲んで書いてください。',
                    en='Write an existing date in the form "2026-11-22", in quotes.',
                )
            elif shape and shape.description:
                hint = Words(ja=shape.description, en=f"Rule: {fault.kind.name} {_limit(detail)}")
            else:
                hint = Words(
                    ja=f"決まり: {fault.kind.name} {_limit(detail)}", en=f"Rule: {fault.kind.name} {_limit(detail)}"
                )
        case "minItems":
            code = "S106"
            message = Words(ja=f"{name}が空です。", en=f"'{dotted(path)}' is empty.")
            hint = Words(
                ja="書くことがなければ欄ごと消してください。", en="Remove the field if there is nothing to say."
            )
        case "uniqueItems":
            code = "S107"
            message = Words(ja=f"{name}に同じものが二度あります。", en=f"'{dotted(path)}' has an entry twice.")
        case other:
            code = "S100"
            message = Words(ja=f"{name}が決まりに合いません（{other}）。", en=f"'{dotted(path)}': {fault.message}.")
    line, column = place_of(node, path, key=key)
    return Problem(
        code=code,
        severity="error",
        path=dotted(path),
        position=Position(file=file, line=line, column=column),
        message=message,
        hint=hint,
    )


def _form(type_: str, instance: Any) -> Words:
    """Return how to write a value of a type, seeing what stands there."""
    if type_ == "array" and isinstance(instance, str) and instance.startswith("-"):
        return Words(ja="「-」の後に半角の空白を一つ入れてください。", en="Put a space after '-'.")
    if instance in ("", None, [], {}):
        return Words(ja="値を書くか、書くことがなければ欄ごと消してください。", en="Give a value or remove the field.")
    return _FORMS.get(type_, _FORMS["string"])


_FORMS = {
    "array": Words(
        ja="次の行から、一つずつ「  - 」（空白2つ、-、空白）で書き始めてください。",
        en="Begin each entry on a line of its own with '  - '.",
    ),
    "object": Words(
        ja="次の行から、半角の空白2つ下げて「欄の名前: 値」を書いてください。",
        en="Write 'field: value' in the next lines, indented by two spaces.",
    ),
    "integer": Words(ja="半角の数字だけを、引用符なしで書いてください。", en="Write digits only, without quotes."),
    "boolean": Words(ja="true か false を、引用符なしで書いてください。", en="Write true or false, without quotes."),
    "string": Words(
        ja='文字を一つ書きます。記号で始まる文は、全体を " で囲んでください。',
        en="Write one text; quote it where it begins with a sign.",
    ),
}


def _limit(detail: Mapping[str, Any]) -> str:
    return str(detail.get("limit", detail.get("pattern", detail.get("format", ""))))


def leaves(value: Any, shape: Shape, path: Path = ()) -> Iterator[tuple[Path, Shape, Any]]:
    """Return every scalar of a value with its path and shape, in the order of the file."""
    found: list[tuple[Path, Shape, Any]] = []
    _gather(value, shape, path, found)
    return iter(found)


def _gather(value: Any, shape: Shape, path: Path, found: list[tuple[Path, Shape, Any]]) -> None:
    if value.__class__ is dict:
        for key, inner in value.items():
            if key in shape.properties:
                _gather(inner, shape.properties[key], (*path, key), found)
    elif value.__class__ is list:
        if shape.items is not None:
            for place, inner in enumerate(value):
                _gather(inner, shape.items, (*path, place), found)
    else:
        found.append((path, shape, value))
