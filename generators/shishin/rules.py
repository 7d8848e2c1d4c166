"""Rules across items as data: rules.yml says what must hold, this module looks whether it does.

A rule is one expression over an item and what refers to it. The rules the tool ships come first; a guideline's own
rule with the same id takes the place of one. A rule that is wrong itself is a problem inside rules.yml, told once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from importlib.resources import files
from typing import Any, NoReturn

from jinja2 import Template, nodes

from shishin.cache import digest
from shishin.expression import METHODS, Fields, Stopped, Wrong, call, compiled, environment, parse, reason_of, run
from shishin.guideline import SETTINGS, Guideline, Item
from shishin.problem import Position, Problem, Words
from shishin.relations import mentions, references
from shishin.schema import Kind, Shape, dotted
from shishin.source import Path
from shishin.values import quick, shape_at

KIND = "rule"
SHIPPED = "rules.yml"
WHOLE = "guideline"
"""The kind of a rule that looks once, at guideline.yml."""
MAX_STEPS = 3_000_000
"""How many fields and items one rule may look at."""
MAX_SHOWN = 8
"""How many entries of a list a message shows."""

_NEEDED = ("title", "kind", "holds", "severity")
_NAMES = ("item", "settings", "items", "item_of", "used_by", "mentioned_by")
_MESSAGES = ("message", "message_en", "hint")
_ELSEWHERE = frozenset(_NAMES[2:])


def findings(guideline: Guideline, *, complete: bool = True) -> Iterator[tuple[Item, Problem]]:
    """Yield every problem the rules find with the item it stands in: the one that breaks a rule, or the rule.

    `complete` False tells that some files couldn't be read: rules that look at more than the item are left out then
    (they would accuse items falsely), and a note says so.
    """
    world = _World(guideline)
    left_out: list[Item] = []
    for item in rules_of(guideline):
        if missing := [name for name in _NEEDED if not isinstance(item.data.get(name), str)]:
            yield item, _unusable(item, missing[0])
            continue
        judge = _Judge(guideline, world, item, complete=complete)
        if judge.looks_elsewhere and not complete:
            left_out.append(item)
            yield from judge.own_faults()
        else:
            yield from judge.judge()
    if left_out:
        ids = [item.id for item in left_out]
        yield (
            left_out[-1],
            Problem(
                code="R405",
                severity="note",
                position=Position(file=SETTINGS),
                path="",
                message=Words(
                    ja=f"ほかの問題があるため、ほかの項目を見る規則は調べていません（{'、'.join(ids)}）。",
                    en=f"Rules that look at other items were left out, as there are other problems ({', '.join(ids)}).",
                ),
            ),
        )


def rules_of(guideline: Guideline) -> tuple[Item, ...]:
    """Return the rules in force: the shipped ones that the guideline doesn't replace, then its own."""
    own = guideline.aids.get(KIND, ())
    replaced = {item.id for item in own}
    kinds = guideline.schemas.kinds
    given = _shipped(kinds[KIND]) if KIND in kinds else ()
    return (*(item for item in given if item.id not in replaced and item.data["kind"] in kinds), *own)


def _unusable(rule: Item, missing: str) -> Problem:
    """Return what is wrong with a rule that only a guideline's own schema of rules lets through."""
    return Problem(
        code="R401",
        severity="error",
        position=rule.position(),
        path="",
        message=Words(ja=f"規則に「{missing}」がありません。", en=f"The rule has no '{missing}'."),
    )


def _shipped(kind: Kind) -> tuple[Item, ...]:
    text = files("shishin").joinpath(SHIPPED).read_text(encoding="utf-8")
    entries = quick(text, Shape(type="array", title="", items=kind.shape)) or ()
    return tuple(
        Item(id=data["id"], kind=kind, file=SHIPPED, data=data, text=text, digest=digest(text), entry=entry)
        for entry, data in enumerate(entries)
    )


# ---------------------------------------------------------------- what an expression sees


class _Dangling(Exception):
    """An expression came to an id that doesn't exist: reported where it stands, no matter of the rule."""


class _Seen(Fields):
    """One item, or one object inside an item, as an expression sees it: fields by name, as plain values.

    A field that isn't given is None, a list that isn't given is empty; an unknown field is an error.
    """

    __slots__ = ("_data", "_item", "_shape", "_world")

    def __init__(self, world: _World, item: Item, data: Mapping[str, Any], shape: Shape) -> None:
        self._world, self._item, self._data, self._shape = world, item, data, shape

    def __getitem__(self, name: str) -> Any:
        world = self._world
        world.steps += 1
        if world.steps > MAX_STEPS:
            world.stop()
        value = self._data.get(name)
        if value is not None:
            return world.see(value, self._shape.properties[name], self._item)
        if name in self._shape.properties:
            return [] if self._shape.properties[name].type == "array" else None
        if name == "kind" and self._data is self._item.data:
            return self._item.kind.name
        kind = self._item.kind
        raise Stopped(f"{kind.shape.title}に「{name}」という欄はありません", f"'{name}' is no field of {kind.name}")

    def __str__(self) -> str:
        return self._item.id

    def __eq__(self, other: object) -> bool:
        self._world.look(1)
        if isinstance(other, _Seen):
            return self._item.id == other._item.id and self._data == other._data
        return isinstance(other, str) and self._item.id == other

    def __hash__(self) -> int:
        return hash(self._item.id)


@dataclass(slots=True)
class _World:
    """What a guideline's expressions share: its items as they see them, and what refers to each."""

    guideline: Guideline
    current: Item = field(init=False)
    steps: int = 0
    _seen: dict[str, _Seen] = field(default_factory=dict)
    _lists: dict[str, list[_Seen]] = field(default_factory=dict)
    _used: dict[str, list[tuple[Item, str]]] | None = None
    _mentioned: dict[str, list[Item]] | None = None

    def look(self, count: int) -> None:
        """Count what a rule looks at, and stop one that would never end."""
        self.steps += count
        if self.steps > MAX_STEPS:
            self.stop()

    def stop(self) -> NoReturn:
        """Stop a rule that has looked at too much."""
        raise Stopped(
            f"{MAX_STEPS:,} を超える欄を見ようとしています", f"the rule looks at more than {MAX_STEPS:,} fields"
        )

    def see(self, value: Any, shape: Shape, item: Item) -> Any:
        """Return a value as expressions see it."""
        if value.__class__ is str:
            return self._target(value) if shape.ref else value
        if isinstance(value, list):
            inner = shape.items
            assert inner is not None
            if inner.ref:
                return [self._target(one) for one in value]
            return [self.see(one, inner, item) for one in value]
        if isinstance(value, Mapping):
            return _Seen(self, item, value, shape)
        return value

    def of(self, item: Item) -> _Seen:
        """Return an item as expressions see it."""
        found = self._seen.get(item.id)
        if found is None:
            found = self._seen[item.id] = _Seen(self, item, item.data, item.kind.shape)
        return found

    def _target(self, item_id: str) -> _Seen:
        if item_id in self._seen:
            return self._seen[item_id]
        item = self.guideline.by_id.get(item_id)
        if item is None:
            raise _Dangling
        return self.of(item)

    # ------------------------------------------------ functions for expressions

    def item_of(self, item_id: object) -> _Seen:
        """Return the item with an id."""
        item = self.guideline.by_id.get(str(item_id))
        if item is None:
            raise Stopped(f"「{item_id}」という ID はありません", f"there is no id '{item_id}'")
        return self.of(item)

    def items(self, kind: str) -> list[_Seen]:
        """Return the items of a kind in their printed order."""
        self._known(kind)
        if kind not in self._lists:
            self._lists[kind] = [self.of(item) for item in self.guideline.of(kind)]
        self.look(len(self._lists[kind]))
        return self._lists[kind]

    def used_by(self, kind: str = "", field: str = "", of: _Seen | None = None) -> list[_Seen]:
        """Return the items with a field that points to this one (or to `of`), in their printed order."""
        self._known(kind)
        if self._used is None:
            self._used = {}
            for item, found in references(self.guideline.items):
                for name, named in found:
                    self._used.setdefault(named, []).append((item, name))
        target = of._item if of is not None else self.current
        users = self._used.get(target.id, ())
        self.look(len(users))
        return self._others(
            (user for user, name in users if not field or name == field or name.startswith(f"{field}.")), kind, target
        )

    def mentioned_by(self, kind: str = "", of: _Seen | None = None) -> list[_Seen]:
        """Return the items with a text that mentions this one (or `of`), in their printed order."""
        self._known(kind)
        if self._mentioned is None:
            self._mentioned = {}
            for item, mentioned in mentions((self.guideline.own, *self.guideline.items)):
                self._mentioned.setdefault(mentioned, []).append(item)
        target = of._item if of is not None else self.current
        users = self._mentioned.get(target.id, ())
        self.look(len(users))
        return self._others(users, kind, target)

    def _others(self, users: Iterable[Item], kind: str, target: Item) -> list[_Seen]:
        """Return each user once; an item's own reference to itself is no use of it."""
        found = {user.id: user for user in users if user is not target and (not kind or user.kind.name == kind)}
        return [self.of(user) for user in found.values()]

    def _known(self, kind: str) -> None:
        if kind and (kind not in self.guideline.schemas.kinds or self.guideline.schemas.kinds[kind].use == "aid"):
            raise Stopped(f"「{kind}」という種別はありません", f"'{kind}' is no kind")

    def names(self) -> dict[str, Any]:
        """Return what expressions may name, besides the item."""
        own = self.guideline.own
        return {
            "settings": _Seen(self, own, own.data, own.kind.shape),
            "items": self.items,
            "item_of": self.item_of,
            "used_by": self.used_by,
            "mentioned_by": self.mentioned_by,
        }


# ---------------------------------------------------------------- what can be known before any item is looked at


@dataclass(frozen=True, slots=True)
class _Reader:
    """Follows an expression through the schemas, and finds names that lead nowhere."""

    guideline: Guideline
    item: Shape
    complete: bool

    def read(self, node: nodes.Node) -> Shape | None:
        """Return the shape of what a node gives, None where only running it can tell."""
        match node:
            case nodes.Name():
                return self._name(node)
            case nodes.Getattr():
                return self._field(self.read(node.node), node.attr, node.lineno)  # behind the dot
            case nodes.Getitem():
                base, argument = self.read(node.node), node.arg
                if isinstance(argument, nodes.Const) and isinstance(argument.value, str):
                    return self._field(base, argument.value, argument.lineno)
                self.read(argument)
                return self._entry(base) if isinstance(argument, nodes.Const) else None
            case nodes.Call():
                return self._call(node)
            case nodes.Filter():
                return self._filter(node)
        for child in node.iter_child_nodes():
            self.read(child)
        return None

    def _name(self, node: nodes.Name) -> Shape | None:
        if node.name not in _NAMES:
            raise Wrong(
                "R403",
                node.lineno - 1,
                Words(ja=f"「{node.name}」という名前は式で使えません。", en=f"'{node.name}' is no name for a rule."),
                _near(node.name, _NAMES),
            )
        if node.name in _ELSEWHERE:
            raise Wrong(
                "R401",
                node.lineno - 1,
                Words(ja=f"「{node.name}」の後に ( ) が要ります。", en=f"'{node.name}' needs ( ) behind it."),
            )
        return self.item if node.name == "item" else self.guideline.own.kind.shape

    def _field(self, base: Shape | None, name: str, offset: int) -> Shape | None:
        if base is None:
            return None
        if base.type == "array":
            raise Wrong(
                "R403",
                offset,
                Words(ja=f"一覧から「{name}」は取れません。", en=f"'{name}' can't be taken from a list."),
                Words(
                    ja=f'一つずつ取るには | map(attribute="{name}") と書きます。',
                    en=f'Write | map(attribute="{name}") to take it from each entry.',
                ),
            )
        if base.type != "object":
            raise Wrong(
                "R403",
                offset,
                Words(ja=f"この欄の中に「{name}」はありません。", en=f"This field holds no '{name}'."),
            )
        if name in base.properties:
            return self._resolved(base.properties[name])
        if name == "kind":
            return None
        raise Wrong(
            "R403",
            offset,
            Words(ja=f"「{name}」という欄はありません。", en=f"There is no field '{name}'."),
            _near(name, base.properties),
        )

    def _resolved(self, shape: Shape) -> Shape | None:
        if not shape.ref:
            return shape
        kinds = self.guideline.schemas.kinds
        return kinds[shape.ref[0]].shape if len(shape.ref) == 1 and shape.ref[0] in kinds else None

    def _entry(self, base: Shape | None) -> Shape | None:
        return self._resolved(base.items) if base is not None and base.items is not None else None

    def _call(self, node: nodes.Call) -> Shape | None:
        for child in [*node.args, *node.kwargs]:
            self.read(child)
        if isinstance(node.node, nodes.Getattr):
            base = self.read(node.node.node)
            if base is not None and (base.type != "string" or node.node.attr not in METHODS):
                words = Words(ja=f"「{node.node.attr}」は呼び出せません。", en=f"'{node.node.attr}' can't be called.")
                raise Wrong("R403", node.node.lineno, words, _near(node.node.attr, METHODS))
            return None
        if not isinstance(node.node, nodes.Name) or node.node.name not in _ELSEWHERE:
            self.read(node.node)
            return None
        order = {"items": ("kind",), "used_by": ("kind", "field"), "mentioned_by": ("kind",), "item_of": ("id",)}
        function = node.node.name
        named = [*zip(order[function], node.args, strict=False), *((one.key, one.value) for one in node.kwargs)]
        given = {
            name: value for name, value in named if isinstance(value, nodes.Const) and isinstance(value.value, str)
        }
        kind = None
        kinds = {name: one for name, one in self.guideline.schemas.kinds.items() if one.use != "aid"}
        if "kind" in given and given["kind"].value:
            kind = kinds.get(given["kind"].value)
            if kind is None:
                raise _no_kind(given["kind"].value, kinds, given["kind"].lineno)
        if "field" in given and given["field"].value:
            wanted = tuple(given["field"].value.split("."))
            shapes = [kind.shape] if kind else [one.shape for one in kinds.values()]
            if not any(_through(shape, wanted) for shape in shapes):
                names = sorted({name for shape in shapes for name in shape.properties})
                raise Wrong(
                    "R403",
                    given["field"].lineno,
                    Words(
                        ja=f"「{given['field'].value}」という欄はありません。",
                        en=f"There is no field '{given['field'].value}'.",
                    ),
                    _near(given["field"].value, names),
                )
        if "id" in given:
            item = self.guideline.by_id.get(given["id"].value)
            if item is not None:
                return item.kind.shape
            if self.complete:
                raise Wrong(
                    "R403",
                    given["id"].lineno,
                    Words(
                        ja=f"「{given['id'].value}」という ID はありません。",
                        en=f"There is no id '{given['id'].value}'.",
                    ),
                    _near(given["id"].value, self.guideline.by_id),
                )
        if function in ("items", "used_by", "mentioned_by") and kind:
            return Shape(type="array", title="", items=kind.shape)
        return None

    def _filter(self, node: nodes.Filter) -> Shape | None:
        base = self.read(node.node) if node.node is not None else None
        for child in [*node.args, *node.kwargs]:
            self.read(child)
        known = environment().filters
        if node.name not in known:
            raise Wrong(
                "R403",
                node.lineno - 1,
                Words(ja=f"「| {node.name}」は式で使えません。", en=f"There is no filter '{node.name}' for rules."),
                _near(node.name, known),
            )
        entry = self._entry(base)
        chosen = next((one.value for one in node.kwargs if one.key == "attribute"), None)
        if chosen is None and node.name in ("selectattr", "rejectattr", "groupby", "sum") and node.args:
            chosen = node.args[0]
        result: Shape | None = None
        if isinstance(chosen, nodes.Const) and isinstance(chosen.value, str):
            result, offset = entry, chosen.lineno
            for part in chosen.value.split("."):
                result = self._field(result, part, offset)
                offset += len(part) + 1
        if node.name in ("first", "last", "min", "max"):
            return entry
        if node.name in ("list", "rejectattr", "reject", "reverse", "selectattr", "select", "sort", "unique"):
            return base
        return Shape(type="array", title="", items=result) if node.name == "map" and result else None


def _through(shape: Shape, names: tuple[str, ...]) -> Shape | None:
    """Return the shape at a path of names, whatever lists lie between."""
    for name in names:
        while shape.items is not None:
            shape = shape.items
        if name not in shape.properties:
            return None
        shape = shape.properties[name]
    return shape


def _no_kind(name: str, kinds: Iterable[str], offset: int) -> Wrong:
    message = Words(ja=f"「{name}」という種別はありません。", en=f"There is no kind '{name}'.")
    return Wrong("R403", offset, message, _near(name, kinds))


def _near(name: str, known: Iterable[str]) -> Words:
    listed = sorted(known)
    if near := get_close_matches(name, listed, 1, 0.5):
        return Words(ja=f"もしかして: {near[0]}", en=f"Did you mean '{near[0]}'?")
    shown = ", ".join(listed[:30])
    return Words(ja=f"使えるのは {shown}", en=f"Known: {shown}")


# ---------------------------------------------------------------- one rule


class _Judge:
    """One rule, made ready: what is wrong with itself, and then which items break it."""

    def __init__(self, guideline: Guideline, world: _World, rule: Item, *, complete: bool) -> None:
        self.guideline, self.world, self.rule, self.complete = guideline, world, rule, complete
        self.faults: list[Problem] = []
        self.looks_elsewhere = False
        self.messages: dict[str, list[str | nodes.Expr]] = {}
        self.printers: dict[str, Template] = {}
        self.template: Template | None = None
        kinds = guideline.schemas.kinds
        name = rule.data["kind"]
        kind = guideline.own.kind if name == WHOLE else kinds.get(name)
        if kind is None or kind.use == "aid":
            known = [WHOLE, *(one.name for one in kinds.values() if one.use != "aid")]
            self._fault(_no_kind(name, known, 0), "kind")
            return
        self.items = (guideline.own,) if name == WHOLE else guideline.of(name)
        self.blamed: Path = tuple(rule.data["field"].split(".")) if "field" in rule.data else ()
        if shape_at(kind.shape, self.blamed) is None:
            shape = kind.shape
            words = Words(
                ja=f"「{dotted(self.blamed)}」という欄はありません。", en=f"There is no field '{dotted(self.blamed)}'."
            )
            self._fault(Wrong("R403", 0, words, _near(str(self.blamed[-1]), shape.properties)), "field")
        self.reader = _Reader(guideline, kind.shape, complete)
        self.template = self._made_ready()
        for name in _MESSAGES:
            if name in rule.data:
                self.messages[name] = self._split(name)

    # ------------------------------------------------ making ready

    def _made_ready(self) -> Template | None:
        """Return the loop that finds the items which break the rule; line 1 is its condition, line 2 the rest."""
        parts = {
            name: self._parsed(name, self.rule.data[name], 0) for name in ("when", "holds") if name in self.rule.data
        }
        if None in parts.values():
            return None
        item = nodes.Name("item", "load")
        body: list[nodes.Node] = [
            nodes.If(nodes.Not(parts["holds"], lineno=2), [call("found", item)], [], [], lineno=2)
        ]
        if "when" in parts:
            body = [nodes.If(parts["when"], body, [], [], lineno=1)]
        feed = nodes.Name("feed", "load")
        loop = nodes.For(nodes.Name("item", "store"), feed, body, [], None, False, lineno=1)
        return compiled([loop])

    def _parsed(self, name: str, text: str, start: int) -> nodes.Expr | None:
        """Return the expression that begins at `start` of a field's text, None with a fault where it is wrong."""
        try:
            expression = parse(text)
            used = {one.name for one in expression.find_all(nodes.Name)}
            self.looks_elsewhere |= bool(used & _ELSEWHERE)
            self.reader.read(expression)
        except Wrong as wrong:
            wrong.offset += start
            if name in _MESSAGES and wrong.code == "R401":
                wrong.code = "R404"
            self._fault(wrong, name)
            return None
        return expression

    def _split(self, name: str) -> list[str | nodes.Expr]:
        """Return a message's words and expressions in their order."""
        text: str = self.rule.data[name]
        if (begin := text.find("{%")) >= 0:
            words = Words(ja="知らせる文に {% は書けません。", en="A message can't hold {%.")
            self._fault(Wrong("R404", begin, words), name)
            return []
        parts: list[str | nodes.Expr] = []
        place = 0
        while (begin := text.find("{{", place)) >= 0:
            parts.append(text[place:begin])
            end = text.find("}}", begin)
            if end < 0:
                words = Words(ja="{{ が閉じられていません。", en="A {{ isn't closed.")
                self._fault(Wrong("R404", begin, words), name)
                return []
            if expression := self._parsed(name, text[begin + 2 : end], begin + 2):
                parts.append(expression)
            place = end + 2
        return [*parts, text[place:]]

    def _fault(self, wrong: Wrong, name: str) -> None:
        before = self.rule.data[name][: wrong.offset]
        self.faults.append(
            Problem(
                code=wrong.code,
                severity="error",
                position=self.rule.inside((name,), before.count("\n") + 1, wrong.offset - before.rfind("\n")),
                path=name,
                message=wrong.message,
                hint=wrong.hint,
            )
        )

    # ------------------------------------------------ judging

    def judge(self) -> Iterator[tuple[Item, Problem]]:
        """Yield what is wrong with the rule; where nothing is, what breaks it."""
        if not self.faults and self.template is not None:
            yield from self._broken_by(self._feed())
        yield from self.own_faults()

    def own_faults(self) -> Iterator[tuple[Item, Problem]]:
        """Yield what is wrong with the rule itself."""
        for fault in self.faults:
            yield self.rule, fault

    def _feed(self) -> Iterator[_Seen]:
        self.world.steps = 0
        for item in self.items:
            self.world.current = item
            yield self.world.of(item)

    def _broken_by(self, feed: Iterator[_Seen]) -> Iterator[tuple[Item, Problem]]:
        assert self.template is not None
        broken: list[Item] = []
        failures: list[tuple[Item, Exception]] = []
        names = {**self.world.names(), "feed": feed, "found": lambda seen: broken.append(seen._item)}
        while True:  # a failure ends the loop over the items; the feed goes on behind it
            try:
                run(self.template, names)
                break
            except _Dangling:
                continue
            except Exception as error:  # whatever an expression may do wrong is the rule's problem
                failures.append((self.world.current, error))
                if self.world.steps > MAX_STEPS:
                    break
        for item in broken:
            yield item, self._violation(item)
        if failures:
            yield self.rule, self._failed(*failures[0], len(failures))

    def _failed(self, item: Item, error: Exception, count: int) -> Problem:
        assert self.template is not None
        line, trace = 2, error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_globals.get("environment") is environment():
                line = self.template.get_corresponding_lineno(trace.tb_lineno)
            trace = trace.tb_next
        name = "when" if line == 1 and "when" in self.rule.data else "holds"
        reason = reason_of(error)
        others = f"、ほか {count - 1} 件" if count > 1 else ""
        more = f" and {count - 1} more" if count > 1 else ""
        at = item.id or WHOLE
        return Problem(
            code="R402",
            severity="error",
            position=self.rule.position((name,)),
            path=name,
            message=Words(
                ja=f"「{at}」を調べる途中で式が止まりました（{reason.ja}{others}）。",
                en=f"The expression failed at '{at}'{more}: {reason.en}.",
            ),
            hint=Words(
                ja="書かれていない欄は none です。欄がある項目だけを調べるには when: item.欄の名前 と書きます。",
                en="A field that isn't given is none. 'when: item.<field>' keeps to the items that have it.",
            )
            if "None" in str(error)
            else None,
        )

    def _violation(self, item: Item) -> Problem:
        self.world.current = item
        path: Path = ()
        value: Any = item.data
        for part in self.blamed:
            value = value.get(part) if isinstance(value, Mapping) else None
        if value is not None:
            path = self.blamed
        message = self._said("message", item) or self.rule.data["title"]
        english = self._said("message_en", item) or message
        hint = self._said("hint", item)
        return Problem(
            code=self.rule.id,
            severity=self.rule.data["severity"],
            position=item.position(path, key=isinstance(value, list | Mapping)),
            path=dotted(path),
            message=Words(ja=message, en=english),
            hint=Words(ja=hint, en=hint) if hint else None,
        )

    def _said(self, name: str, item: Item) -> str:
        """Return a message with its expressions printed, "" where there is none or it can't be printed."""
        said: list[str] = []
        names = {**self.world.names(), "item": self.world.of(item), "say": lambda value: said.append(_printed(value))}
        try:
            if name not in self.printers:
                parts = self.messages.get(name, ())
                self.printers[name] = compiled(
                    [call("say", nodes.Const(part) if isinstance(part, str) else part) for part in parts]
                )
            run(self.printers[name], names)
        except _Dangling:
            return ""
        except Exception as error:  # as above
            reason = reason_of(error)
            words = Words(
                ja=f"「{item.id or WHOLE}」について知らせる文を作れません（{reason.ja}）。",
                en=f"The message for '{item.id or WHOLE}' can't be printed: {reason.en}.",
            )
            if not any(fault.path == name for fault in self.faults):
                self._fault(Wrong("R404", 0, words), name)
            return ""
        return "".join(said).strip()


def _printed(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return "、".join(map(_printed, value[:MAX_SHOWN])) + ("…" if len(value) > MAX_SHOWN else "")
    text = str(value)
    if len(text) > 1_000:
        raise Stopped("1,000字を超えています", "longer than 1,000 characters")
    return text
