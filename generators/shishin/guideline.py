"""Reading a whole guideline: settings, items and records, as frozen values with their places.

Knows no kind of the subject: which folders and files there are is what the schemas say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any

from shishin.cache import Cache, digest
from shishin.manifest import EDITIONS, stored_paths
from shishin.problem import Failure, Position, Problem, Words
from shishin.schema import Kind, Schemas, Shape, load_schemas
from shishin.source import Node, Path, Scalar, Sequence, find, gate, parse
from shishin.tree import Refused, Tree
from shishin.values import convert, place_of, quick

ROOT = "guideline"
SETTINGS = "guideline/guideline.yml"
_ID = re.compile(r"^(?:- )?id: *([a-z][a-z0-9-]*)", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Item:
    """One unit of content (or one record) with its permanent id."""

    id: str
    kind: Kind
    file: str
    data: Mapping[str, Any]  # its fields as the schema types them
    text: str  # of the whole file: places are looked up in it when they are asked for
    digest: str  # of the file and of the schemas
    entry: int = -1  # its place in a list file

    def position(self, path: Path = (), *, key: bool = False) -> Position:
        """Return where a field (or the item itself) stands."""
        line, column = place_of(self._node, path, key=key)
        return Position(file=self.file, line=line, column=column)

    def inside(self, path: Path, line: int, column: int) -> Position:
        """Return where a place inside a text field stands; line and column of the text count from 1."""
        _, node = find(self._node, path)
        if not isinstance(node, Scalar):
            return self.position(path)
        found_line, found_column = node.position_of(line, column)
        return Position(file=self.file, line=found_line, column=found_column)

    @property
    def _node(self) -> Node:
        root = _root(self.text, self.file)
        if self.entry >= 0 and isinstance(root, Sequence) and self.entry < len(root.items):
            return root.items[self.entry]
        return root


@lru_cache(maxsize=64)
def _root(text: str, file: str) -> Node:
    root, _ = parse(text, file)
    return root if root is not None else Scalar("", "", 1, 1)


@dataclass(frozen=True, kw_only=True, eq=False)
class Guideline:
    """Everything a working group writes, read and typed."""

    own: Item  # guideline.yml itself
    schemas: Schemas
    items: tuple[Item, ...]  # items and records, by kind, then in their printed order
    aids: Mapping[str, tuple[Item, ...]]  # what steers the checks, by kind: rules, words, retired ids …
    templates: Mapping[str, str]  # name → text, the guideline's own
    unread: frozenset[str] = frozenset()  # ids of items that have problems of their own: they exist, but aren't here

    @property
    def settings(self) -> Mapping[str, Any]:
        """What guideline.yml says."""
        return self.own.data

    def of(self, kind: str) -> tuple[Item, ...]:
        """Return the items of one kind in their printed order."""
        return self._of.get(kind, ())

    @cached_property
    def by_id(self) -> Mapping[str, Item]:
        """Every item by its id."""
        return MappingProxyType({item.id: item for item in self.items})

    @cached_property
    def _of(self) -> Mapping[str, tuple[Item, ...]]:
        return _by_kind(self.items)


def _by_kind(items: Iterable[Item]) -> Mapping[str, tuple[Item, ...]]:
    found: dict[str, list[Item]] = {}
    for item in items:
        found.setdefault(item.kind.name, []).append(item)
    return {kind: tuple(members) for kind, members in found.items()}


def read_guideline(tree: Tree, cache: Cache) -> tuple[Guideline | None, tuple[Problem, ...]]:
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
    own = _read_settings(tree, schemas.guideline, found)
    items: list[Item] = []
    unread: set[str] = set()
    templates: dict[str, str] = {}
    stored = stored_paths(tree, paths)
    for path in paths:
        if path == SETTINGS or path in stored:
            continue
        local = path.removeprefix(f"{ROOT}/")
        if local.startswith("templates/"):
            text = text_of(tree, path, found)
            templates[local.removeprefix("templates/")] = text if text is not None else ""
            continue
        kind = kind_of(local, schemas)
        if kind is None:
            found.append(_stray(path, schemas))
            continue
        items += _read_items(tree, path, kind, schemas.digest, cache, found, unread)
    if own is None:
        return None, tuple(found)
    order = {name: place for place, name in enumerate(schemas.kinds)}
    items.sort(key=lambda item: (order[item.kind.name], *_sort_key(item)))
    guideline = Guideline(
        own=own,
        schemas=schemas,
        items=tuple(item for item in items if item.kind.use != "aid"),
        aids=_by_kind(item for item in items if item.kind.use == "aid"),
        templates=MappingProxyType(templates),
        unread=frozenset(unread),
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


def kind_of(local: str, schemas: Schemas) -> Kind | None:
    """Return the kind whose file this is, by its path below guideline/."""
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
    if path.startswith(f"{EDITIONS}/"):
        return Problem(
            code="R304",
            severity="error",
            position=Position(file=path),
            path="",
            message=Words(ja="版のファイルではありません。", en="This file belongs to no edition."),
            hint=Words(
                ja="版のフォルダには、edition.yml と、確定したときのファイルだけを置きます。",
                en="An edition's folder holds its edition.yml, and what was stored when it was released.",
            ),
        )
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


def text_of(tree: Tree, path: str, problems: list[Problem]) -> str | None:
    """Return a file's text, or None where it can't be read; why is added to `problems`."""
    try:
        data = tree.read(path)
    except Refused as refused:
        problems.append(_whole_file(refused.code, path, refused.message, refused.hint))
        return None
    try:
        text = data.decode("utf-8-sig")
        found = tuple(gate(text, path))
        problems += found
        return None if any(one.severity == "error" for one in found) else text
    except UnicodeDecodeError as error:
        before = data[: error.start]
        problems.append(
            Problem(
                code="Y100",
                severity="error",
                position=Position(
                    file=path,
                    line=before.count(b"\n") + 1,
                    column=len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1,
                ),
                path="",
                message=Words(ja="文字コードが UTF-8 ではありません。", en="The file is not UTF-8."),
                hint=Words(ja="「UTF-8 で保存」し直してください。", en="Save it as UTF-8."),
            )
        )
        return None


def _whole_file(code: str, path: str, message: Words, hint: Words | None = None) -> Problem:
    return Problem(code=code, severity="error", position=Position(file=path), path="", message=message, hint=hint)


def _read_settings(tree: Tree, kind: Kind, problems: list[Problem]) -> Item | None:
    text = text_of(tree, SETTINGS, problems)
    if text is None:
        return None
    data = quick(text, kind.shape)
    if data is None or not kind.validator.is_valid(data):
        node = _parsed(text, SETTINGS, problems)
        if node is None:
            return None
        data, faults = convert(node, kind, SETTINGS)
        problems += faults
        if faults:
            return None
    return Item(id="", kind=kind, file=SETTINGS, data=data, text=text, digest=digest(text))


def _parsed(text: str, path: str, problems: list[Problem]) -> Node | None:
    node, faults = parse(text, path)
    problems += faults
    if node is None and not faults:
        problems.append(_whole_file("Y107", path, Words(ja="ファイルが空です。", en="The file is empty.")))
    return node


def _read_items(
    tree: Tree, path: str, kind: Kind, schemas: str, cache: Cache, problems: list[Problem], unread: set[str]
) -> Iterable[Item]:
    text = text_of(tree, path, problems)
    if text is None:
        return ()
    made_from = digest(path, text, schemas)
    found = cache.recall("read", path, made_from)
    if found is None:
        values = quick(text, kind.shape if kind.folder else Shape(type="array", title="", items=kind.shape))
        found = [values] if kind.folder else values if isinstance(values, list) else []
        if not found or not all(map(kind.validator.is_valid, found)):
            return _read_slowly(text, path, kind, made_from, problems, unread)
        cache.keep("read", path, made_from, found)
    entries = (-1,) if kind.folder else range(len(found))
    items = [
        Item(id=data["id"], kind=kind, file=path, data=data, text=text, entry=entry, digest=_of_entry(made_from, entry))
        for data, entry in zip(found, entries, strict=True)
    ]
    for item in items:
        problems += _misnamed(item)
    return items


def _of_entry(made_from: str, entry: int) -> str:
    return made_from if entry < 0 else f"{made_from}-{entry}"


def _read_slowly(
    text: str, path: str, kind: Kind, made_from: str, problems: list[Problem], unread: set[str]
) -> Iterable[Item]:
    """Read a file that has something unusual, and report what is wrong with it."""
    node = _parsed(text, path, problems)
    if node is None:
        unread.update(_ID.findall(text))
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
    for entry, one in enumerate(nodes):
        data, faults = convert(one, kind, path)
        problems += faults
        if not isinstance(data, dict) or not isinstance(data.get("id"), str):
            continue
        place = -1 if kind.folder else entry
        item = Item(
            id=data["id"],
            kind=kind,
            file=path,
            data=data,
            text=text,
            entry=place,
            digest=_of_entry(made_from, place),
        )
        problems += _misnamed(item)
        if faults:
            unread.add(item.id)
        else:
            yield item


def _misnamed(item: Item) -> Iterable[Problem]:
    """Yield a problem where an item with a file of its own has another id than the file."""
    kind, path = item.kind, item.file
    expected = path.rsplit("/", 2)[-2] if kind.file else path.rpartition("/")[2].removesuffix(".yml")
    if kind.folder and item.id != expected:
        yield Problem(
            code="R303",
            severity="error",
            position=item.position(("id",)),
            path="id",
            message=Words(
                ja=f"ID「{item.id}」とファイルの名前「{expected}」が違います。",
                en=f"The id '{item.id}' differs from the file's name '{expected}'.",
            ),
            hint=Words(
                ja=f"id を「{expected}」に直してください（ファイルの名前を {item.id}.yml に変えてもかまいません）。",
                en=f"Change the id to '{expected}', or rename the file to {item.id}.yml.",
            ),
        )
