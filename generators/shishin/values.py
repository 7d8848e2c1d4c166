"""Nodes → values: text converted by the schema's types, and every problem of an item's shape with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import jsonschema_rs

from shishin.problem import Position, Problem, Words
from shishin.schema import Kind, Path, Shape, dotted
from shishin.source import Mapping as MappingNode
from shishin.source import Node, Scalar, Sequence

_INTEGER = re.compile(r"0|-?[1-9][0-9]*")
# What the core schema of YAML 1.2.2 (§10.3.2) types as null, bool, int or float; PyYAML's 1.1 rules type more.
_TYPED = re.compile(
    r"~|null|Null|NULL|true|True|TRUE|false|False|FALSE|[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"
    r"|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?(\.inf|\.Inf|\.INF)|\.nan|\.NaN|\.NAN"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Valued:
    """A node's values after conversion, and where each stands: path → (line, column) of key and of value."""

    value: Any
    keys: Mapping[Path, tuple[int, int]]
    values: Mapping[Path, Scalar | tuple[int, int]]

    def place(self, path: Path, *, key: bool = False) -> tuple[int, int]:
        """Return line and column of a path: of the value, or of its key; the nearest known one around it."""
        while True:
            if key and path in self.keys:
                return self.keys[path]
            if (found := self.values.get(path)) is not None:
                return (found.line, found.column) if isinstance(found, Scalar) else found
            if not path:
                return 1, 1
            path = path[:-1]


def convert(node: Node, kind: Kind, file: str) -> tuple[Valued, tuple[Problem, ...]]:
    """Return an item's values (text converted by the schema's types) and every problem of its shape."""
    keys: dict[Path, tuple[int, int]] = {}
    values: dict[Path, Scalar | tuple[int, int]] = {}
    problems: list[Problem] = []

    def walk(node: Node, shape: Shape | None, path: Path) -> Any:
        if isinstance(node, MappingNode):
            values[path] = (node.line, node.column)
            result = {}
            for key, inner in node.entries:
                keys[(*path, key.text)] = (key.line, key.column)
                result[key.text] = walk(inner, shape.properties.get(key.text) if shape else None, (*path, key.text))
            return result
        if isinstance(node, Sequence):
            values[path] = (node.line, node.column)
            return [walk(item, shape.items if shape else None, (*path, place)) for place, item in enumerate(node.items)]
        values[path] = node
        if shape is None:
            return node.text
        if node.style == "":
            if shape.type == "integer" and len(node.text) < 10 and _INTEGER.fullmatch(node.text):
                return int(node.text)
            if shape.type == "boolean" and node.text in ("true", "false"):
                return node.text == "true"
            if shape.type == "string" and _TYPED.fullmatch(node.text):
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
    valued = Valued(value=value, keys=keys, values=values)
    problems += (_fault(fault, valued, kind, file) for fault in kind.validator.iter_errors(value))
    return valued, tuple(problems)


def shape_at(shape: Shape | None, path: Path) -> Shape | None:
    """Return the shape at a path, or None where the schema knows nothing."""
    for part in path:
        if shape is None:
            return None
        shape = shape.items if isinstance(part, int) else shape.properties.get(part)
    return shape


def _fault(fault: jsonschema_rs.ValidationError, valued: Valued, kind: Kind, file: str) -> Problem:
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
            hint = Words(ja=description or f"{missing}: を書き足してください。", en=f"Add '{missing}:'.")
        case "additionalProperties":
            unknown = detail["unexpected"][0]
            path, key = (*path, unknown), True
            near = get_close_matches(unknown, list(shape.properties) if shape else [], 1)
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
            message = Words(ja=f"{name}に {said} は使えません。", en=f"{said} is not a choice for '{dotted(path)}'.")
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
        case "pattern" | "maxLength" | "minLength" | "format" | "minimum" | "maximum":
            code = "S105"
            message = Words(
                ja=f"{name} {said} は書き方が違います。", en=f"{said} is not a valid '{dotted(path)}': {fault.message}."
            )
            if fault.kind.name == "format":
                hint = Words(
                    ja="実在する日付を YYYY-MM-DD で書いてください。", en="Write an existing date as YYYY-MM-DD."
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
    line, column = valued.place(path, key=key)
    return Problem(
        code=code,
        severity="error",
        path=dotted(path),
        position=Position(file=file, line=line, column=column),
        message=message,
        hint=hint,
    )


def _limit(detail: Mapping[str, Any]) -> str:
    return str(detail.get("limit", detail.get("pattern", detail.get("format", ""))))


def leaves(value: Any, shape: Shape, path: Path = ()) -> Iterator[tuple[Path, Shape, Any]]:
    """Yield every scalar of a value with its path and shape, in the order of the file."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key in shape.properties:
                yield from leaves(inner, shape.properties[key], (*path, key))
    elif isinstance(value, list | tuple):
        if shape.items is not None:
            for place, inner in enumerate(value):
                yield from leaves(inner, shape.items, (*path, place))
    else:
        yield path, shape, value
