"""What is defined: kinds, their fields, how they point to each other, annotations and rules, from the schemas alone.

One description serves the command `shishin schema` (text, Markdown, data) and the site's pages for editors.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
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
    type: str  # a key of TYPES
    many: bool
    required: bool
    choices: tuple[tuple[str, str], ...]
    refs: tuple[str, ...]
    limits: tuple[tuple[str, int | str], ...]
    marks: tuple[str, ...]  # keys of MARKS


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


TYPES = {
    "line": Words(ja="1行の文字", en="one line of text"),
    "inline": Words(ja="1行の Markdown", en="one line of Markdown"),
    "markdown": Words(ja="Markdown", en="Markdown"),
    "date": Words(ja="日付", en="date"),
    "integer": Words(ja="整数", en="whole number"),
    "boolean": Words(ja="true か false", en="true or false"),
    "choice": Words(ja="選択", en="choice"),
    "ref": Words(ja="ID", en="id"),
    "object": Words(ja="欄の集まり", en="fields"),
}
MARKS = {
    "code": Words(ja="固定の符号", en="fixed code"),
    "private": Words(ja="公開しない", en="private"),
    "quote": Words(ja="原文のまま", en="others' words"),
    "acyclic": Words(ja="循環しない", en="no circles"),
    "silent": Words(ja="比較に現れない", en="not compared"),
}
USES = {
    "item": Words(ja="項目（版に載る）", en="item (printed)"),
    "record": Words(ja="記録", en="record"),
    "aid": Words(ja="検査の補助", en="aid to the checks"),
    "settings": Words(ja="指針の設定", en="the guideline's settings"),
}
_LIMITS = {
    "pattern": Words(ja="型 {}", en="pattern {}"),
    "minLength": Words(ja="{} 字以上", en="at least {} characters"),
    "maxLength": Words(ja="{} 字以内", en="at most {} characters"),
    "minimum": Words(ja="{} 以上", en="at least {}"),
    "maximum": Words(ja="{} 以下", en="at most {}"),
    "minItems": Words(ja="{} 件以上", en="at least {} entries"),
    "maxItems": Words(ja="{} 件以内", en="at most {} entries"),
    "uniqueItems": Words(ja="重複なし", en="no entry twice"),
}


_PLAIN = (("minLength", 1), ("minItems", 1), ("minimum", 0), ("uniqueItems", True))
"""Limits that tell an editor nothing new."""


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


# ---------------------------------------------------------------- words for both languages


def name_of(kind: str, description: Description) -> str:
    """Return a kind's Japanese name with its name in the files, or the word for any kind."""
    return f"{description.names[kind]} ({kind})" if kind in description.names else kind


def type_words(field: Field, language: str) -> str:
    """Return what sort of value a field takes."""
    said = TYPES[field.type].said(language)
    if field.many:
        said = f"{said}の一覧" if language == "ja" else f"list: {said}"
    if not field.refs or ANY in field.refs:
        return said
    return f"{said}（{'、'.join(field.refs)}）" if language == "ja" else f"{said} ({', '.join(field.refs)})"


def about_words(field: Field, language: str) -> str:
    """Return what to write: the schema's words, the choices with their labels, limits and marks."""
    stop = "。" if language == "ja" else "."
    parts = [field.about] if field.about else []
    if field.choices:
        choices = [f"{code}（{label}）" if label else code for code, label in field.choices]
        parts.append("、".join(choices) + stop)
    notes = [
        _LIMITS[name].said(language).format(limit)
        for name, limit in field.limits
        if (name, limit) not in _PLAIN and not (name == "pattern" and field.about)
    ]
    notes += [MARKS[mark].said(language) for mark in field.marks]
    if notes:
        parts.append(f"［{'、'.join(notes)}］")
    return "".join(parts) if language == "ja" else " ".join(parts)


_WORDS = {
    "kinds": Words(ja="種別", en="Kinds"),
    "kind": Words(ja="種別", en="kind"),
    "name": Words(ja="日本語", en="Japanese"),
    "what": Words(ja="内容", en="what it is"),
    "use": Words(ja="用途", en="use"),
    "place": Words(ja="ファイル", en="files"),
    "title_field": Words(ja="題名の欄", en="title field"),
    "sort_field": Words(ja="並べる欄", en="sorted by"),
    "field": Words(ja="欄", en="field"),
    "fields": Words(ja="欄", en="Fields"),
    "type": Words(ja="書き方", en="type"),
    "required": Words(ja="必須", en="required"),
    "yes": Words(ja="必須", en="yes"),
    "about": Words(ja="何を書くか", en="what to write"),
    "example": Words(ja="最小の例", en="Minimal example"),
    "points": Words(ja="この種別が指すもの", en="Points to"),
    "pointed": Words(ja="この種別を指すもの", en="Pointed to by"),
    "relations": Words(ja="種別どうしの関係", en="Relations between kinds"),
    "to": Words(ja="指す種別", en="points to"),
    "any": Words(ja="どの種別でも", en="any kind"),
    "annotations": Words(ja="スキーマの注釈", en="Annotations of schemas"),
    "annotation": Words(ja="注釈", en="annotation"),
    "meaning": Words(ja="意味", en="meaning"),
    "values": Words(ja="値", en="values"),
    "rules": Words(ja="規則", en="Rules"),
    "rule": Words(ja="規則", en="rule"),
    "severity": Words(ja="重さ", en="severity"),
    "holds": Words(ja="成り立つべき式", en="what must hold"),
}


def word(name: str, language: str) -> str:
    """Return a word of the reference itself."""
    return _WORDS[name].said(language)


# ---------------------------------------------------------------- tables, the same for every output


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table of plain words: its heading, the heads and the shares of its columns, its rows.

    `code` and `links` mark the columns that hold code and names of kinds.
    """

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    code: tuple[int, ...] = ()
    links: tuple[int, ...] = ()


def fields_grid(kind: Described, language: str) -> Grid:
    """Return the fields of a kind as a table."""
    return Grid(
        title=word("fields", language),
        heads=tuple(word(name, language) for name in ("field", "name", "type", "required", "about")),
        rows=tuple(
            (
                field.path,
                field.title,
                type_words(field, language),
                word("yes", language) if field.required else "",
                about_words(field, language),
            )
            for field in kind.fields
        ),
        widths=(0.2, 0.16, 0.18, 0.1, 0.36),
        code=(0,),
    )


def card_rows(kind: Described, language: str) -> tuple[tuple[str, str], ...]:
    """Return what a kind is, as labels with values."""
    rows = (
        ("use", USES[kind.use].said(language)),
        ("place", kind.place),
        ("title_field", kind.title_field),
        ("sort_field", kind.sort_field),
    )
    return tuple((word(name, language), value) for name, value in rows if value)


def relations_grid(description: Description, chosen: Sequence[Relation], title: str, language: str) -> Grid:
    """Return relations as a table; what a page is about anyway has no column there."""
    columns = {"points": ("field", "name", "to"), "pointed": ("kind", "field", "name")}.get(
        title, ("kind", "field", "name", "to")
    )
    any_kind = word("any", language)
    rows = [
        {
            "kind": name_of(one.kind, description),
            "field": one.path,
            "name": one.title,
            "to": any_kind if one.to == ANY else name_of(one.to, description),
        }
        for one in chosen
    ]
    return Grid(
        title=word(title, language),
        heads=tuple(word(name, language) for name in columns),
        rows=tuple(tuple(row[name] for name in columns) for row in rows),
        widths=(1 / len(columns),) * len(columns),
        code=(columns.index("field"),),
        links=tuple(place for place, name in enumerate(columns) if name in ("kind", "to")),
    )


def kinds_grid(description: Description, language: str) -> Grid:
    """Return all kinds as a table."""
    return Grid(
        title=word("kinds", language),
        heads=tuple(word(name, language) for name in ("kind", "name", "place", "what")),
        rows=tuple((kind.name, kind.title, kind.place, kind.about) for kind in description.kinds),
        widths=(0.15, 0.15, 0.35, 0.35),
        code=(0, 2),
        links=(0,),
    )


def annotations_grid(description: Description, language: str) -> Grid:
    """Return the annotations as a table."""
    return Grid(
        title=word("annotations", language),
        heads=tuple(word(name, language) for name in ("annotation", "values", "meaning")),
        rows=tuple((one.name, one.values, one.title) for one in description.annotations),
        widths=(0.15, 0.4, 0.45),
        code=(0, 1),
    )


def rules_grid(description: Description, rules: Sequence[Rule], language: str) -> Grid:
    """Return rules as a table."""
    return Grid(
        title=word("rules", language),
        heads=tuple(word(name, language) for name in ("rule", "kind", "severity", "meaning", "holds")),
        rows=tuple((one.id, name_of(one.kind, description), one.severity, one.title, one.holds) for one in rules),
        widths=(0.2, 0.15, 0.1, 0.25, 0.3),
        code=(0, 4),
        links=(1,),
    )


def overview(description: Description, language: str) -> tuple[Grid, ...]:
    """Return the tables over all kinds; a table without rows is left out."""
    made = (
        kinds_grid(description, language),
        relations_grid(description, description.relations, "relations", language),
        rules_grid(description, description.rules, language),
        annotations_grid(description, language),
    )
    return tuple(grid for grid in made if grid.rows)


def grids(kind: Described, description: Description, language: str) -> tuple[Grid, ...]:
    """Return the tables of one kind; a table without rows is left out."""
    points = [one for one in description.relations if one.kind == kind.name]
    pointed = [one for one in description.relations if one.to == kind.name]
    made = (
        fields_grid(kind, language),
        relations_grid(description, points, "points", language),
        relations_grid(description, pointed, "pointed", language),
        rules_grid(description, [rule for rule in description.rules if rule.kind == kind.name], language),
    )
    return tuple(grid for grid in made if grid.rows)


# ---------------------------------------------------------------- outputs


def as_data(description: Description) -> dict[str, Any]:
    """Return a description as plain data for JSON."""
    return {"format": 1, **asdict(description)}


def as_markdown(description: Description, language: str = "ja") -> str:
    """Return a description as Markdown with tables."""
    parts: list[str] = []
    if len(description.kinds) > 1:
        for grid in overview(description, language):
            parts += [f"# {grid.title}", _markdown_table(grid)]
    for kind in description.kinds:
        parts += [f"# {kind.title} (`{kind.name}`)", kind.about]
        parts.append("\n".join(f"- {label}: `{value}`" for label, value in card_rows(kind, language)))
        for grid in grids(kind, description, language):
            parts += [f"## {grid.title}", _markdown_table(grid)]
        parts += [f"## {word('example', language)}", f"```yaml\n{kind.example}```"]
    return "\n\n".join(parts) + "\n"


def _markdown_table(grid: Grid) -> str:
    def line(cells: Sequence[str], code: Sequence[int] = ()) -> str:
        shown = [f"`{cell}`" if place in code and cell else cell for place, cell in enumerate(cells)]
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in shown) + " |"

    rows = [line(row, grid.code) for row in grid.rows]
    return "\n".join([line(grid.heads), "|" + "---|" * len(grid.heads), *rows])


def as_text(description: Description, language: str, columns: int = 100) -> str:
    """Return a description for a terminal: aligned, Japanese characters counted as two columns."""
    parts: list[str] = []
    if len(description.kinds) > 1:
        for grid in overview(description, language):
            parts += [f"■ {grid.title}", _text_table(grid, columns)]
    for kind in description.kinds:
        parts.append("\n".join([f"■ {kind.title} ({kind.name})", *_wrapped(kind.about, columns)]))
        rows = card_rows(kind, language)
        wide = max(_width(label) for label, _ in rows)
        parts.append("\n".join(f"  {_padded(label, wide)}  {value}" for label, value in rows))
        for grid in grids(kind, description, language):
            parts += [f"▸ {grid.title}", _text_table(grid, columns)]
        parts += [f"▸ {word('example', language)}", _moved_in(kind.example.rstrip())]
    return "\n\n".join(parts) + "\n"


def _moved_in(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.split("\n"))


LEAST = 30
"""Columns that the last cell of a row keeps however wide the others are; where less is left it goes below."""


def _text_table(grid: Grid, columns: int) -> str:
    """Return a table of aligned columns; its last column takes what room is left and wraps."""
    *fixed, _ = zip(grid.heads, *grid.rows, strict=True)
    widths = [max(map(_width, cells)) for cells in fixed]
    start = 2 + sum(widths) + 2 * len(widths)
    below = columns - start < LEAST
    if below:
        start = 6
    lines: list[str] = []
    for row in (grid.heads, *grid.rows):
        before = "  " + "  ".join(_padded(cell, wide) for cell, wide in zip(row[:-1], widths, strict=True))
        last = _wrapped(row[-1], max(LEAST, columns - start)) or [""]
        if below:
            lines += [before.rstrip(), *(" " * start + line for line in last if line)]
        else:
            lines += [f"{before}  {last[0]}".rstrip(), *(" " * start + line for line in last[1:])]
    return "\n".join(lines)


_PIECES = re.compile(r"[!-~]+|\s+|.")
_NOT_FIRST = "、。）］」』"


def _wrapped(text: str, columns: int) -> list[str]:
    """Break text into lines of at most `columns`: between Japanese characters, never inside a word of Latin ones."""
    lines, line = [], ""
    for piece in _PIECES.findall(text):
        if line and _width(line + piece) > columns and piece not in _NOT_FIRST:
            lines.append(line.rstrip())
            line = ""
        line += piece if line or piece.strip() else ""
    return [*lines, line.rstrip()] if line.strip() else lines


def _padded(text: str, columns: int) -> str:
    return text + " " * (columns - _width(text))


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)
