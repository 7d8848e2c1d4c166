"""Reading a whole guideline: settings, items and records, as frozen values with their places.

Knows no kind of the subject: which folders and files there are is what the schemas say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

from shishin.problem import Failure, Position, Problem, Words
from shishin.schema import Kind, Schemas, load_schemas
from shishin.source import Node, Sequence, parse
from shishin.tree import Tree
from shishin.values import Valued, convert

ROOT = "guideline"
SETTINGS = "guideline/guideline.yml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One unit of content (or one record) with its permanent id."""

    id: str
    kind: Kind
    file: str
    valued: Valued

    @property
    def data(self) -> Mapping[str, Any]:
        """The item's fields as the schema types them."""
        return MappingProxyType(self.valued.value)

    def position(self, path: tuple[str | int, ...] = (), *, key: bool = False) -> Position:
        """Return where a field (or the item itself) stands."""
        line, column = self.valued.place(path, key=key)
        return Position(file=self.file, line=line, column=column)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guideline:
    """Everything a working group writes, read and typed."""

    own: Item  # guideline.yml itself
    schemas: Schemas
    items: tuple[Item, ...]  # items and records, by kind, then in their printed order
    templates: Mapping[str, str]  # name → text, the guideline's own

    @property
    def settings(self) -> Mapping[str, Any]:
        """What guideline.yml says."""
        return self.own.data

    def of(self, kind: str) -> tuple[Item, ...]:
        """Return the items of one kind in their printed order."""
        return tuple(item for item in self.items if item.kind.name == kind)

    @property
    def by_id(self) -> Mapping[str, Item]:
        """Every item by its id."""
        return {item.id: item for item in self.items}


def read_guideline(tree: Tree) -> tuple[Guideline | None, tuple[Problem, ...]]:
    """Return the guideline a tree holds and every problem of reading it.

    The guideline is None where its settings or schemas can't be read at all.
    """
    paths = tree.files(ROOT)
    if SETTINGS not in paths:
        raise Failure(
            Words(ja=f"{SETTINGS} がありません。", en=f"{SETTINGS} is missing."),
            Words(
                ja="guideline/ と schemas/ を持つフォルダで実行するか、--root で指してください。",
                en="Run inside the folder that holds guideline/ and schemas/, or name it with --root.",
            ),
        )
    schemas, problems = load_schemas(tree)
    if schemas is None:
        return None, problems
    found: list[Problem] = list(problems)
    settings = _read_one(tree, SETTINGS, schemas.guideline, found)
    items: list[Item] = []
    templates: dict[str, str] = {}
    for path in paths:
        if path == SETTINGS:
            continue
        local = path.removeprefix(f"{ROOT}/")
        if local.startswith("templates/"):
            text = _text(tree, path, found)
            templates[local.removeprefix("templates/")] = text if text is not None else ""
            continue
        kind = _kind_of(local, schemas)
        if kind is None:
            found.append(_stray(path, schemas))
            continue
        items += _read_items(tree, path, kind, found)
    if settings is None:
        return None, tuple(found)
    order = {name: place for place, name in enumerate(schemas.kinds)}
    items.sort(key=lambda item: (order[item.kind.name], *_sort_key(item)))
    guideline = Guideline(
        own=Item(id="", kind=schemas.guideline, file=SETTINGS, valued=settings),
        schemas=schemas,
        items=tuple(items),
        templates=MappingProxyType(templates),
    )
    return guideline, tuple(found)


def _sort_key(item: Item) -> tuple[Any, ...]:
    value = item.data.get(item.kind.sort)
    if isinstance(value, int):
        return (0, value, "", item.id)
    return (1, 0, gojuon(str(value or "")), item.id)


def gojuon(reading: str) -> str:
    """Return the key that puts readings into 五十音 order (JIS X 4061, simplified).

    First without regard to voicing, small kana and long vowel marks (は=ば=ぱ, つ=っ, かー=かあ), then by the
    reading itself.
    """
    folded: list[str] = []
    for char in reading:
        if char == "ー" and folded:
            char = _VOWEL.get(folded[-1], "ー")
        folded.append(_FOLD.get(char, char))
    return "".join(folded) + "\0" + reading


_FOLD = dict(
    zip(
        "がぎぐげござじずぜぞだぢづでどばびぶべぼぱぴぷぺぽぁぃぅぇぉっゃゅょゎゔ",
        "かきくけこさしすせそたちつてとはひふへほはひふへほあいうえおつやゆよわう",
        strict=True,
    )
)
_VOWEL = {
    char: vowel
    for vowel, row in {
        "あ": "あかさたなはまやらわ",
        "い": "いきしちにひみり",
        "う": "うくすつぬふむゆる",
        "え": "えけせてねへめれ",
        "お": "おこそとのほもよろを",
    }.items()
    for char in row
}


def _kind_of(local: str, schemas: Schemas) -> Kind | None:
    folder, _, name = local.rpartition("/")
    for kind in schemas.kinds.values():
        if kind.folder and kind.file:
            if folder.startswith(kind.folder + "/") and name == kind.file:
                return kind
        elif kind.folder:
            if folder == kind.folder and name.endswith(".yml"):
                return kind
        elif local == kind.file:
            return kind
    return None


def _stray(path: str, schemas: Schemas) -> Problem:
    folders = [f"{kind.folder}/" if kind.folder else kind.file for kind in schemas.kinds.values()]
    name = path.removeprefix(f"{ROOT}/")
    near = get_close_matches(name.partition("/")[0] + ("/" if "/" in name else ""), folders, 1)
    return Problem(
        code="R304",
        severity="error",
        position=Position(file=path),
        path="",
        message=Words(ja="どの種別のファイルか分かりません。", en="No kind claims this file."),
        hint=Words(
            ja=f"もしかして: {near[0]}" if near else "置けるのは " + "、".join(sorted(folders)),
            en=f"Did you mean {near[0]}?" if near else "Known places: " + ", ".join(sorted(folders)),
        ),
    )


def _text(tree: Tree, path: str, problems: list[Problem]) -> str | None:
    data = tree.read(path)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        problems.append(
            Problem(
                code="Y100",
                severity="error",
                position=Position(file=path, line=line),
                path="",
                message=Words(ja="文字コードが UTF-8 ではありません。", en="The file is not UTF-8."),
                hint=Words(ja="「UTF-8 で保存」し直してください。", en="Save it as UTF-8."),
            )
        )
        return None


def _read_one(tree: Tree, path: str, kind: Kind, problems: list[Problem]) -> Valued | None:
    text = _text(tree, path, problems)
    if text is None:
        return None
    node, faults = parse(text, path)
    problems += faults
    if node is None:
        if not faults:
            problems.append(_empty(path))
        return None
    valued, shape_faults = convert(node, kind, path)
    problems += shape_faults
    return None if shape_faults else valued


def _empty(path: str) -> Problem:
    return Problem(
        code="Y107",
        severity="error",
        position=Position(file=path),
        path="",
        message=Words(ja="ファイルが空です。", en="The file is empty."),
    )


def _read_items(tree: Tree, path: str, kind: Kind, problems: list[Problem]) -> Iterable[Item]:
    text = _text(tree, path, problems)
    if text is None:
        return
    node, faults = parse(text, path)
    problems += faults
    if node is None:
        if not faults:
            problems.append(_empty(path))
        return
    if kind.folder:
        nodes: tuple[Node, ...] = (node,)
    elif isinstance(node, Sequence):
        nodes = node.items
    else:
        problems.append(
            Problem(
                code="S104",
                severity="error",
                position=Position(file=path, line=node.line, column=node.column),
                path="",
                message=Words(
                    ja="このファイルは一覧（- で始まる行）でなければなりません。", en="This file must be a list."
                ),
                hint=Words(ja="一件ごとに「- id: …」と書き始めてください。", en="Begin each entry with '- id: …'."),
            )
        )
        return
    for one in nodes:
        valued, shape_faults = convert(one, kind, path)
        problems += shape_faults
        value = valued.value
        if not isinstance(value, dict) or not isinstance(value.get("id"), str):
            continue
        item = Item(id=value["id"], kind=kind, file=path, valued=valued)
        expected = path.rsplit("/", 2)[-2] if kind.file else path.rpartition("/")[2].removesuffix(".yml")
        if kind.folder and item.id != expected:
            problems.append(
                Problem(
                    code="R303",
                    severity="error",
                    position=item.position(("id",)),
                    path="id",
                    message=Words(
                        ja=f"ID「{item.id}」とファイルの名前「{expected}」が違います。",
                        en=f"The id '{item.id}' differs from the file's name '{expected}'.",
                    ),
                    hint=Words(
                        ja=f"ファイルを {item.id}.yml とするか、ID を直してください。", en="Rename one of them."
                    ),
                )
            )
        if not shape_faults:
            yield item
