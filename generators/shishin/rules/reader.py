"""What can be known of an expression before any item is looked at: names, kinds, fields and ids that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from jinja2 import nodes

from shishin.expression import METHODS, Wrong, environment
from shishin.guideline import Guideline
from shishin.problem import Words
from shishin.rules.world import ELSEWHERE, NAMES
from shishin.schema import Shape


@dataclass(frozen=True, slots=True)
class Reader:
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
        if node.name not in NAMES:
            raise Wrong(
                "R403",
                node.lineno - 1,
                Words(ja=f"「{node.name}」という名前は式で使えません。", en=f"'{node.name}' is no name for a rule."),
                near(node.name, NAMES),
            )
        if node.name in ELSEWHERE:
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
            near(name, base.properties),
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
                raise Wrong("R403", node.node.lineno, words, near(node.node.attr, METHODS))
            return None
        if not isinstance(node.node, nodes.Name) or node.node.name not in ELSEWHERE:
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
                raise no_kind(given["kind"].value, kinds, given["kind"].lineno)
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
                    near(given["field"].value, names),
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
                    near(given["id"].value, self.guideline.by_id),
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
                near(node.name, known),
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


def no_kind(name: str, kinds: Iterable[str], offset: int) -> Wrong:
    """Return what is wrong with the name of a kind that doesn't exist."""
    message = Words(ja=f"「{name}」という種別はありません。", en=f"There is no kind '{name}'.")
    return Wrong("R403", offset, message, near(name, kinds))


def near(name: str, known: Iterable[str]) -> Words:
    """Return a hint: the known name that is most like this one, else what is known."""
    listed = sorted(known)
    if near := get_close_matches(name, listed, 1, 0.5):
        return Words(ja=f"もしかして: {near[0]}", en=f"Did you mean '{near[0]}'?")
    shown = ", ".join(listed[:30])
    return Words(ja=f"使えるのは {shown}", en=f"Known: {shown}")
