"""Schemas: the single definition of every kind of item and record.

A guideline's own `schemas/<kind>.schema.json` comes before the one the tool ships. The meta-schema closes the list
of keywords and of `x-` annotations; everything generic (check, comparison, templates, manual) reads a `Shape`,
which is a schema with its references resolved.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema_rs

from shishin.problem import Position, Problem, Words
from shishin.source import Mapping as MappingNode
from shishin.source import Node, Scalar, Sequence
from shishin.tree import Tree

Path = tuple[str | int, ...]
_INTEGER = re.compile(r"0|-?[1-9][0-9]*")
# What the core schema of YAML 1.2.2 (§10.3.2) types as null, bool, int or float; PyYAML's 1.1 rules type more.
_TYPED = re.compile(
    r"~|null|Null|NULL|true|True|TRUE|false|False|FALSE|[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"
    r"|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?(\.inf|\.Inf|\.INF)|\.nan|\.NaN|\.NAN"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One value's definition: its type, words for people and annotations."""

    type: str
    title: str
    description: str = ""
    properties: Mapping[str, Shape] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    items: Shape | None = None
    enum: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    text: str = ""  # "" | inline | markdown
    ref: tuple[str, ...] = ()
    align: str = ""
    compare: bool = True
    code: bool = False
    private: bool = False
    date: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of item or record: where its files lie, which field is its title, what it looks like."""

    name: str
    use: str  # item | record
    folder: str  # one file per item, or "" where…
    file: str  # …all items stand in one file as a list
    title: str
    sort: str
    shape: Shape
    validator: jsonschema_rs.Draft202012Validator


@dataclass(frozen=True, slots=True, kw_only=True)
class Schemas:
    """All kinds, and the shape of guideline.yml."""

    kinds: Mapping[str, Kind]
    guideline: Kind


def shipped(folder: str) -> dict[str, bytes]:
    """Return the files the tool ships in one of its folders, by name."""
    found: dict[str, bytes] = {}
    for entry in files("shishin").joinpath(folder).iterdir():
        if entry.is_file():
            found[entry.name] = entry.read_bytes()
    return dict(sorted(found.items()))


@cache
def _meta() -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(json.loads(shipped("schemas")["meta.schema.json"]))


def load_schemas(tree: Tree) -> tuple[Schemas | None, tuple[Problem, ...]]:
    """Return the kinds that `tree` and the tool define, and what is wrong with the schemas."""
    sources: dict[str, tuple[str, bytes]] = {
        name: (f"schemas/{name}", data) for name, data in shipped("schemas").items() if name != "meta.schema.json"
    }
    for path in tree.files("schemas"):
        if path.endswith(".schema.json"):
            sources[path.rpartition("/")[2]] = (path, tree.read(path))
    problems: list[Problem] = []
    schemas: dict[str, Any] = {}
    for name, (path, data) in sorted(sources.items()):
        try:
            schema = json.loads(data)
        except ValueError as error:
            line = getattr(error, "lineno", 1)
            problems.append(_schema_problem("C201", path, line, getattr(error, "colno", 1), f"{error}"))
            continue
        faults = [
            _schema_problem("C202", path, 1, 1, "/".join(map(str, fault.instance_path)) + ": " + fault.message)
            for fault in _meta().iter_errors(schema)
        ]
        problems += faults
        if not faults:
            schemas[name] = schema
    if problems:
        return None, tuple(problems)
    shapes: dict[str, Shape] = {}
    names = set(names_of(schemas))
    for name, schema in schemas.items():
        path = sources[name][0]
        try:
            shapes[name] = _shape(schema, schemas)
        except (KeyError, RecursionError) as error:
            problems.append(_schema_problem("C203", path, 1, 1, f"$ref {error}"))
            continue
        problems += (_schema_problem("C204", path, 1, 1, fault) for fault in _shape_faults(shapes[name], schema, names))
    if problems:
        return None, tuple(problems)
    registry = jsonschema_rs.Registry(list(schemas.items()))
    kinds: dict[str, Kind] = {}
    guideline: Kind | None = None
    for name, schema in schemas.items():
        try:
            validator = jsonschema_rs.Draft202012Validator(schema, registry=registry, validate_formats=True)
        except ValueError as error:  # a pattern that is no regular expression
            problems.append(_schema_problem("C205", sources[name][0], 1, 1, str(error)))
            continue
        at = schema.get("x-kind", {})
        kind = Kind(
            name=at.get("name", name.partition(".")[0]),
            use=at.get("use", ""),
            folder=at.get("folder", ""),
            file=at.get("file", ""),
            title=schema.get("x-title", "title"),
            sort=schema.get("x-sort", "order"),
            shape=shapes[name],
            validator=validator,
        )
        if name == "guideline.schema.json":
            guideline = kind
        elif at:
            kinds[kind.name] = kind
    if problems or guideline is None:
        return None, tuple(problems)
    return Schemas(kinds=dict(sorted(kinds.items())), guideline=guideline), ()


def names_of(schemas: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of the kinds that schemas define."""
    for schema in schemas.values():
        if "x-kind" in schema:
            yield schema["x-kind"]["name"]


def _shape_faults(shape: Shape, schema: Mapping[str, Any], kinds: set[str]) -> Iterator[str]:
    """Yield what is wrong with a kind beyond what the meta-schema sees: names that lead nowhere."""
    if "x-kind" in schema:
        for mark, default in (("x-title", "title"), ("x-sort", "order")):
            name = schema.get(mark, default)
            if name not in shape.properties:
                yield f"{mark}: '{name}' is no field"
            elif mark == "x-title" and name not in shape.required:
                yield f"{mark}: '{name}' must be required"
        if "id" not in shape.required:
            yield "'id' must be required"
    yield from _inner_faults(shape, kinds, ())


def _inner_faults(shape: Shape, kinds: set[str], path: Path) -> Iterator[str]:
    at = dotted(path) or "the kind"
    for unknown in [kind for kind in shape.ref if kind != "*" and kind not in kinds]:
        yield f"{at}: x-ref names '{unknown}', which is no kind"
    for missing in [name for name in shape.required if name not in shape.properties]:
        yield f"{at}: '{missing}' is required but no field"
    for missing in [code for code in shape.enum if shape.labels and code not in shape.labels]:
        yield f"{at}: x-labels has no label for '{missing}'"
    if shape.type == "array" and shape.items is None:
        yield f"{at}: an array needs items"
    for name, inner in shape.properties.items():
        yield from _inner_faults(inner, kinds, (*path, name))
    if shape.items is not None:
        yield from _inner_faults(shape.items, kinds, path)


def _schema_problem(code: str, path: str, line: int, column: int, reason: str) -> Problem:
    return Problem(
        code=code,
        severity="error",
        position=Position(file=path, line=line, column=column),
        path="",
        message=Words(ja=f"スキーマが正しくありません（{reason}）。", en=f"The schema is not valid: {reason}."),
        hint=Words(
            ja="使える書き方は generators/shishin/schemas/meta.schema.json にあります。",
            en="See generators/shishin/schemas/meta.schema.json for what is allowed.",
        ),
    )


def _shape(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Shape:
    """Resolve references: what stands beside a $ref comes before what it points to."""
    merged = dict(schema)
    followed: set[str] = set()
    while "$ref" in merged:
        if merged["$ref"] in followed:
            raise KeyError(merged["$ref"])  # a circle
        followed.add(merged["$ref"])
        file, _, name = merged.pop("$ref").partition("#/$defs/")
        merged = {**schemas[file or "common.schema.json"]["$defs"][name], **merged}
    return Shape(
        type=merged.get("type", "object"),
        title=merged.get("title", ""),
        description=merged.get("description", ""),
        properties={key: _shape(value, schemas) for key, value in merged.get("properties", {}).items()},
        required=tuple(merged.get("required", ())),
        items=_shape(merged["items"], schemas) if "items" in merged else None,
        enum=tuple(merged.get("enum", ())),
        labels=merged.get("x-labels", {}),
        text=merged.get("x-text", ""),
        ref=tuple(merged.get("x-ref", ())),
        align=merged.get("x-align", ""),
        compare=merged.get("x-compare", True),
        code=merged.get("x-code", False),
        private=merged.get("x-private", False),
        date=merged.get("format") == "date",
    )


# ---------------------------------------------------------------- nodes → values


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


def dotted(path: Path) -> str:
    """Return a path as people read it; list places count from 1."""
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in path)


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
