"""Schemas: the single definition of every kind of item and record.

A guideline's own `schemas/<kind>.schema.json` comes before the one the tool ships. The meta-schema closes the list
of keywords and of `x-` annotations; everything generic (check, comparison, templates, manual) reads a `Shape`,
which is a schema with its references resolved.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any, TypeAlias

import jsonschema_rs

from shishin.cache import digest
from shishin.problem import Position, Problem, Words
from shishin.reasons import in_japanese
from shishin.source import Path, find, gate, parse
from shishin.tree import Refused, Tree

LIMITS = ("pattern", "minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems", "uniqueItems")
"""What a schema may ask of a value beyond its type."""


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
    quote: bool = False  # others' words
    acyclic: bool = False
    date: bool = False
    limits: Mapping[str, int | str] = field(default_factory=dict)  # pattern, maxLength, minimum …


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of item, record or aid: where its files lie, which field is its title, what it looks like.

    An aid steers the checks (a rule, a word, a retired id) and is no part of an edition.
    """

    name: str
    use: str  # item | record | aid
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
    digest: str  # of all their files


def shipped(folder: str) -> dict[str, bytes]:
    """Return the files the tool ships in one of its folders, by name."""
    found: dict[str, bytes] = {}
    for entry in files("shishin").joinpath(folder).iterdir():
        if entry.is_file():
            found[entry.name] = entry.read_bytes().replace(b"\r\n", b"\n")  # as tree.py reads: a checkout on Windows
    return dict(sorted(found.items()))


@cache
def _meta() -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(json.loads(shipped("schemas")["meta.schema.json"]))


def load_schemas(tree: Tree) -> tuple[Schemas | None, tuple[Problem, ...]]:
    """Return the kinds that `tree` and the tool define, and what is wrong with the schemas."""
    sources: dict[str, tuple[str, bytes]] = {
        name: (f"schemas/{name}", data) for name, data in shipped("schemas").items() if name != "meta.schema.json"
    }
    problems: list[Problem] = []
    for path in tree.files("schemas"):
        if path.endswith(".schema.json"):
            try:
                sources[path.rpartition("/")[2]] = (path, tree.read(path))
            except Refused as refused:
                problems.append(
                    Problem(
                        code=refused.code,
                        severity="error",
                        position=Position(file=path),
                        path="",
                        message=refused.message,
                        hint=refused.hint,
                    )
                )
    texts: dict[str, _Text] = {}
    schemas: dict[str, Any] = {}
    for name, (path, data) in sorted(sources.items()):
        texts[name] = text = _Text(path=path, text=data.decode("utf-8-sig", "replace"))
        if found := tuple(one for one in gate(text.text, path) if one.severity == "error"):
            problems += found
            continue
        try:
            schema = json.loads(data)
        except json.JSONDecodeError as error:
            problems.append(text.problem("C201", str(error), (error.lineno, error.colno)))
            continue
        except (UnicodeDecodeError, RecursionError) as error:
            problems.append(text.problem("C201", str(error)))
            continue
        faults = [problem for fault in _meta().iter_errors(schema) for problem in _meta_problems(fault, text)]
        problems += faults
        if not faults:
            schemas[name] = schema
    if problems:
        return None, tuple(problems)
    shapes: dict[str, Shape] = {}
    names = set(names_of(schemas))
    for name, schema in schemas.items():
        try:
            shapes[name] = _shape(schema, schemas)
        except (KeyError, RecursionError) as error:
            problems.append(texts[name].lost(str(error.args[0]) if error.args else ""))
            continue
        problems += (
            texts[name].problem("C204", reason, texts[name].place(path))
            for path, reason in _shape_faults(shapes[name], schema, names)
        )
    if problems:
        return None, tuple(problems)
    registry = jsonschema_rs.Registry(list(schemas.items()))
    kinds: dict[str, Kind] = {}
    guideline: Kind | None = None
    for name, schema in schemas.items():
        try:
            validator = jsonschema_rs.Draft202012Validator(schema, registry=registry, validate_formats=True)
        except ValueError as error:  # a pattern that is no regular expression
            at = tuple(getattr(error, "instance_path", ()))
            problems.append(texts[name].problem("C205", str(error).partition("\n")[0], texts[name].place(at)))
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
    made_from = digest(*(part for name, (path, data) in sorted(sources.items()) for part in (path, data)))
    return Schemas(kinds=dict(sorted(kinds.items())), guideline=guideline, digest=made_from), ()


def names_of(schemas: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of the kinds that schemas define."""
    for schema in schemas.values():
        if "x-kind" in schema:
            yield schema["x-kind"]["name"]


Reasons: TypeAlias = Iterator[tuple[Path, str]]


def _shape_faults(shape: Shape, schema: Mapping[str, Any], kinds: set[str]) -> Reasons:
    """Yield place and reason of what is wrong with a kind beyond what the meta-schema sees: names that lead nowhere."""
    if "x-kind" in schema:
        for mark, default in (("x-title", "title"), ("x-sort", "order")):
            name = schema.get(mark, default)
            if name not in shape.properties:
                yield (mark,), f"{mark}: '{name}' is no field"
            elif mark == "x-title" and name not in shape.required:
                yield (mark,), f"{mark}: '{name}' must be required"
        if "id" not in shape.required:
            yield ("required",), "'id' must be required"
    yield from _inner_faults(shape, kinds, (), ())


def _inner_faults(shape: Shape, kinds: set[str], field: Path, place: Path) -> Reasons:
    at = dotted(field) or "the kind"
    for unknown in [kind for kind in shape.ref if kind != "*" and kind not in kinds]:
        yield (*place, "x-ref", shape.ref.index(unknown)), f"{at}: x-ref names '{unknown}', which is no kind"
    for missing in [name for name in shape.required if name not in shape.properties]:
        yield (*place, "required", shape.required.index(missing)), f"{at}: '{missing}' is required but no field"
    for missing in [code for code in shape.enum if shape.labels and code not in shape.labels]:
        yield (*place, "x-labels"), f"{at}: x-labels has no label for '{missing}'"
    if shape.type == "array" and shape.items is None:
        yield place, f"{at}: an array needs items"
    for name, inner in shape.properties.items():
        yield from _inner_faults(inner, kinds, (*field, name), (*place, "properties", name))
    if shape.items is not None:
        yield from _inner_faults(shape.items, kinds, field, (*place, "items"))


def _meta_problems(fault: jsonschema_rs.ValidationError, text: _Text) -> Iterator[Problem]:
    place = tuple(fault.instance_path)
    at = "/".join(map(str, place))
    for unknown in fault.kind.as_dict().get("unexpected") or ():
        near = get_close_matches(unknown, _keywords(), 1)
        hint = Words(ja=f"もしかして: {near[0]}", en=f"Did you mean '{near[0]}'?") if near else None
        where = text.place((*place, unknown), key=True)
        yield text.problem(
            "C202", f"{at}: Additional properties are not allowed ('{unknown}' was unexpected)", where, hint
        )
    if "unexpected" not in fault.kind.as_dict():
        yield text.problem("C202", f"{at}: {fault.message}", text.place(place))


@cache
def _keywords() -> list[str]:
    return list(json.loads(shipped("schemas")["meta.schema.json"])["$defs"]["node"]["properties"])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """A schema's text, in which the places of problems are looked up: JSON reads as YAML."""

    path: str
    text: str

    def place(self, path: Path, *, key: bool = False) -> tuple[int, int]:
        node, _ = parse(self.text, self.path)
        if node is None:
            return 1, 1
        name, found = find(node, path)
        at = name if key and name is not None else found
        return at.line, at.column

    def lost(self, reference: str) -> Problem:
        """Return the problem of a $ref that leads nowhere or in a circle."""
        before, found, _ = self.text.partition(f'"{reference}"')
        place = (before.count("\n") + 1, len(before) - before.rfind("\n")) if found else (1, 1)
        return self.problem("C203", f"$ref {reference}", place)

    def problem(self, code: str, reason: str, place: tuple[int, int] = (1, 1), hint: Words | None = None) -> Problem:
        return Problem(
            code=code,
            severity="error",
            position=Position(file=self.path, line=place[0], column=place[1]),
            path="",
            message=Words(
                ja=f"スキーマが正しくありません（{in_japanese(reason)}）。", en=f"The schema is not valid: {reason}."
            ),
            hint=hint
            or Words(
                ja="使える書き方は shishin schema で見られます。", en="'shishin schema' tells what can be written."
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
        reference = merged.pop("$ref")
        file, _, name = reference.partition("#/$defs/")
        try:
            target = schemas[file or "common.schema.json"]["$defs"][name]
        except KeyError as error:
            raise KeyError(reference) from error
        merged = {**target, **merged}
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
        quote=merged.get("x-quote", False),
        acyclic=merged.get("x-acyclic", False),
        date=merged.get("format") == "date",
        limits={name: merged[name] for name in LIMITS if name in merged},
    )


def dotted(path: Path) -> str:
    """Return a path as people read it; list places count from 1."""
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in path)
