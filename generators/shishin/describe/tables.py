"""What is defined, as words and tables in both languages: the same for a terminal, Markdown and the site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shishin.describe import ANY, Described, Description, Field, Relation, Rule
from shishin.problem import Words

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
