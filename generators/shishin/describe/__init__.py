"""What is defined: kinds, their fields, how they point to each other, annotations and rules, from the schemas alone.

One description serves the command `shishin schema` and the site's pages for editors. Here it is data; `tables` says
it in words and tables of both languages, `printed` prints it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from shishin.problem import Failure, Words
from shishin.schema import Kind, Schemas, Shape, shipped
from shishin.specimen import specimen_text

ANY = "*"
"""The target of a relation that may point to any kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a kind; `path` names those inside it with a dot (responsibilities.part)."""

    path: str
    title: str
    about: str
    type: str  # a key of tables.TYPES
    many: bool
    required: bool
    choices: tuple[tuple[str, str], ...]
    refs: tuple[str, ...]
    limits: tuple[tuple[str, int | str], ...]
    marks: tuple[str, ...]  # keys of tables.MARKS


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A kind: what it is, where its files lie, its fields, and a minimal item as YAML."""

    name: str
    title: str
    about: str
    use: str  # item | record | aid | settings
    place: str
    title_field: str
    sort_field: str
    fields: tuple[Field, ...]
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A field by which one kind points to another (`to` may be ANY)."""

    kind: str
    path: str
    title: str
    to: str
    many: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """One of the closed list of annotations a schema may use."""

    name: str
    title: str
    values: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule across items."""

    id: str
    title: str
    kind: str
    severity: str  # its label
    holds: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """All that is defined, guideline.yml included; `names` gives the Japanese name of every kind."""

    names: Mapping[str, str]
    kinds: tuple[Described, ...]
    relations: tuple[Relation, ...]
    annotations: tuple[Annotation, ...]
    rules: tuple[Rule, ...]


def describe(schemas: Schemas, rules: Iterable[Mapping[str, Any]] = ()) -> Description:
    """Return what the schemas define; `rules` are the rules in force as data, in their order."""
    kinds = (*schemas.kinds.values(), schemas.guideline)
    relations = tuple(relation for kind in kinds for relation in _relations(kind.name, kind.shape, (), (), many=False))
    return Description(
        names={kind.name: kind.shape.title for kind in kinds},
        kinds=tuple(_described(kind) for kind in kinds),
        relations=relations,
        annotations=tuple(_annotations()),
        rules=tuple(_rules(schemas, rules)),
    )


def one_kind(description: Description, name: str) -> Description:
    """Return the description of one kind, with what it points to and what points to it."""
    kind = next((one for one in description.kinds if one.name == name), None)
    if kind is None:
        near = get_close_matches(name, description.names, 1)
        names = "、".join(description.names)
        raise Failure(
            Words(ja=f"「{name}」という種別はありません。", en=f"There is no kind '{name}'."),
            Words(ja=f"もしかして: {near[0]}", en=f"Did you mean '{near[0]}'?")
            if near
            else Words(ja=f"種別: {names}", en=f"Kinds: {names}"),
        )
    return Description(
        names=description.names,
        kinds=(kind,),
        relations=tuple(one for one in description.relations if name in (one.kind, one.to)),
        annotations=(),
        rules=tuple(rule for rule in description.rules if rule.kind == name),
    )


def _described(kind: Kind) -> Described:
    return Described(
        name=kind.name,
        title=kind.shape.title,
        about=kind.shape.description,
        use=kind.use or "settings",
        place=_place(kind),
        title_field=kind.title,
        sort_field=kind.sort if kind.use else "",
        fields=tuple(_fields(kind.shape, ())),
        example=specimen_text(kind),
    )


def _place(kind: Kind) -> str:
    if not kind.use:
        return "guideline/guideline.yml"
    parts = [kind.folder, "<id>", kind.file] if kind.folder and kind.file else [kind.folder or kind.file]
    return "/".join(["guideline", *parts]) + ("/<id>.yml" if kind.folder and not kind.file else "")


def _fields(shape: Shape, path: tuple[str, ...]) -> Iterator[Field]:
    for name, outer in shape.properties.items():
        inner, limits = outer, dict(outer.limits)
        while inner.items is not None:
            inner = inner.items
            limits |= inner.limits
        yield Field(
            path=".".join((*path, name)),
            title=outer.title,
            about=outer.description or inner.description,
            type=_type(inner),
            many=inner is not outer,
            required=name in shape.required,
            choices=tuple((code, inner.labels.get(code, "")) for code in inner.enum),
            refs=inner.ref,
            limits=tuple(limits.items()),
            marks=tuple(_marks(outer, inner)),
        )
        yield from _fields(inner, (*path, name))


def _type(shape: Shape) -> str:
    if shape.type != "string":
        return shape.type
    if shape.enum:
        return "choice"
    if shape.ref:
        return "ref"
    return shape.text or ("date" if shape.date else "line")


def _marks(outer: Shape, inner: Shape) -> Iterator[str]:
    for name in ("code", "private", "quote", "acyclic"):
        if getattr(outer, name) or getattr(inner, name):
            yield name
    if not outer.compare:
        yield "silent"


def _relations(
    kind: str, shape: Shape, path: tuple[str, ...], titles: tuple[str, ...], *, many: bool
) -> Iterator[Relation]:
    for target in shape.ref:
        yield Relation(kind=kind, path=".".join(path), title=" › ".join(titles), to=target, many=many)
    for name, inner in shape.properties.items():
        yield from _relations(kind, inner, (*path, name), (*titles, inner.title), many=many)
    if shape.items is not None:
        yield from _relations(kind, shape.items, path, titles, many=True)


def _annotations() -> Iterator[Annotation]:
    nodes = json.loads(shipped("schemas")["meta.schema.json"])["$defs"]["node"]["properties"]
    for name, node in nodes.items():
        if name.startswith("x-"):
            values = " | ".join(node.get("enum", ())) or str(node.get("pattern", node["type"]))
            yield Annotation(name=name, title=node["title"], values=values)


def _rules(schemas: Schemas, rules: Iterable[Mapping[str, Any]]) -> Iterator[Rule]:
    for rule in rules:
        labels = schemas.kinds["rule"].shape.properties["severity"].labels
        yield Rule(
            id=rule["id"],
            title=rule["title"],
            kind=rule["kind"],
            severity=labels.get(rule["severity"], rule["severity"]),
            holds=" ".join(str(rule["holds"]).split()),
        )
