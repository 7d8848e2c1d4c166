"""What an expression of a rule sees: items with their fields as plain values, and functions that find others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from shishin.expression import Fields, Stopped
from shishin.guideline import Guideline, Item
from shishin.references import mentions, references
from shishin.schema import Shape

MAX_STEPS = 3_000_000
"""How many fields and items one rule may look at."""

NAMES = ("item", "settings", "items", "item_of", "used_by", "mentioned_by")
"""What an expression may name."""
ELSEWHERE = frozenset(NAMES[2:])
"""Those of the names that look at other items: functions all."""


class Dangling(Exception):
    """An expression came to an id that doesn't exist: reported where it stands, no matter of the rule."""


class _Seen(Fields):
    """One item, or one object inside an item, as an expression sees it: fields by name, as plain values.

    A field that isn't given is None, a list that isn't given is empty; an unknown field is an error.
    """

    __slots__ = ("_data", "_item", "_shape", "_world")

    def __init__(self, world: World, item: Item, data: Mapping[str, Any], shape: Shape) -> None:
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

    def __repr__(self) -> str:  # in a list that is printed: an id, never an address in memory
        return self._item.id

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
class World:
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
        if self.spent:
            self.stop()

    @property
    def spent(self) -> bool:
        """Tell whether a rule has looked at too much."""
        return self.steps > MAX_STEPS

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
            raise Dangling
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
