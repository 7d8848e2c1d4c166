"""The differences of one item's fields, read off the shape its schema gives it.

Lists are aligned as `x-align` says; what `x-compare: false` leaves out is kept apart, for applying a comparison only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from shishin.compare.align import Pairs, by_key, by_sequence, counted, shown, steady
from shishin.comparison import Aligned, Change, Path
from shishin.schema import Shape
from shishin.segment import only_writing

Shapes: TypeAlias = tuple[Shape, Shape]
"""The shapes of a value in the older edition and in the newer: a schema can have changed between them."""

_ANY = Shape(type="", title="")
_MENTION = re.compile(r"(?<=\[\[)[a-z0-9-]+(?=\]\])|(?<=\]\(#)[a-z0-9-]+(?=\))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How one edition calls the items: their names in print, and for each renamed one an id both editions share."""

    names: Mapping[str, str]
    shared: Mapping[str, str]

    def id(self, one: Any) -> Any:
        """Return the shared id of a value that refers to an item."""
        return self.shared.get(one, one) if isinstance(one, str) else one

    def text(self, text: str) -> str:
        """Return a text with the ids it mentions as both editions call them."""
        return _MENTION.sub(lambda found: self.id(found[0]), text) if self.shared else text


@dataclass(frozen=True, slots=True, kw_only=True)
class _At:
    """Where the comparison stands in an item; a path is None where that side has nothing."""

    old: Path | None = ()
    new: Path | None = ()
    row: tuple[str, ...] = ()
    old_row: tuple[str, ...] = ()
    label: str = ""
    old_label: str = ""
    listed: bool = False  # inside a list: the row stays
    code: bool = False
    passed: frozenset[str] = frozenset()  # choices that passed between this entry and another

    def down(self, old: str | int | None, new: str | int | None) -> _At:
        """Return the place of a part."""
        return replace(
            self,
            old=None if old is None or self.old is None else (*self.old, old),
            new=None if new is None or self.new is None else (*self.new, new),
        )

    def row_of(self, old: str, new: str, old_label: str, label: str) -> _At:
        """Return the same place as a row of its own."""
        return replace(self, row=(*self.row, new), old_row=(*self.old_row, old), old_label=old_label, label=label)


@dataclass(slots=True, kw_only=True)
class Fields:
    """The differences of one item: `differ` fills the lists."""

    kind: str
    titles: tuple[Path, Path]  # of the field that is the item's title, on each side
    terms: tuple[Terms, Terms]
    order: Path = ()  # of the number that only says where the item stands, which is told otherwise
    changes: list[Change] = field(default_factory=list)
    silent: list[Change] = field(default_factory=list)
    aligned: list[Aligned] = field(default_factory=list)

    def differ(self, old: Any, new: Any, shapes: Shapes) -> None:
        """Collect the differences of an item's data."""
        self._values(old, new, shapes, _At())

    def _values(self, old: Any, new: Any, shapes: Shapes, at: _At) -> None:
        if old == new:
            return
        if not all(shape.compare for shape in shapes):
            self._tell("", old, new, at)
        elif isinstance(old, Mapping) and isinstance(new, Mapping):
            self._objects(old, new, shapes, at)
        elif isinstance(old, list) and isinstance(new, list):
            self._lists(old, new, shapes, at)
        else:
            self._tell(self._sort(old, new, shapes, at), old, new, at)

    def _objects(self, old: Mapping[str, Any], new: Mapping[str, Any], shapes: Shapes, at: _At) -> None:
        coded = any(inner.code for shape in shapes for inner in shape.properties.values())
        for name in dict.fromkeys((*shapes[1].properties, *shapes[0].properties, *sorted({*old, *new}))):
            if old.get(name, _ANY) == new.get(name, _ANY):
                continue
            before, after = (shape.properties.get(name) for shape in shapes)
            inner = (before or after or _ANY, after or before or _ANY)
            here = at.down(name if name in old else None, name if name in new else None)
            if not at.listed:
                labels = _joined(at.old_label, inner[0].title), _joined(at.label, inner[1].title)
                here = here.row_of(name, name, *labels)
            if coded:
                here = replace(here, code=any(self._of_code(name, shape) for shape in shapes))
            if name in old and name in new:
                self._values(old[name], new[name], inner, here)
            else:
                self._alone(old.get(name), new.get(name), inner, here)

    def _alone(self, old: Any, new: Any, shapes: Shapes, at: _At, kind: str = "changed") -> None:
        """Tell of what only one side has."""
        if not all(shape.compare for shape in shapes):
            kind = ""
        elif at.code:
            kind = "code"
        self._tell(kind, old, new, at)

    def _of_code(self, name: str, shape: Shape) -> bool:
        """Tell whether a field is a fixed code, or names the system that the code beside it belongs to."""
        own = shape.properties.get(name, _ANY)
        beside = any(inner.code for inner in shape.properties.values())
        return own.code or (beside and own.type == "string" and bool(own.ref) and self.kind not in own.ref)

    def _sort(self, old: Any, new: Any, shapes: Shapes, at: _At) -> str:
        """Return the kind of change of a single value, "" if it says the same: the same item by its new id."""
        (was, now), shape = self.terms, shapes[1]
        texts = isinstance(old, str) and isinstance(new, str)
        if (shape.ref and was.id(old) == now.id(new)) or (shape.text and texts and was.text(old) == now.text(new)):
            return ""
        if at.new and at.new == self.order == at.old:
            return ""
        if at.code:
            return "code"
        if at.new and at.new[-1] in at.passed:
            return "responsibility"
        if texts and not (shape.enum or shape.ref or shape.date) and only_writing(old, new):
            return "wording"
        return "retitled" if (at.old, at.new) == self.titles else "changed"

    def _tell(self, kind: str, old: Any, new: Any, at: _At) -> None:
        """Add a change, or without a kind what only applying needs."""
        here = at.new is not None
        row, label = (at.row, at.label) if here else (at.old_row, at.old_label)
        change = Change(
            kind=kind or "changed",
            field=() if kind == "retitled" else row,
            old_path=at.old,
            new_path=at.new,
            label=label,
            old=old,
            new=new,
            old_field=at.old_row if here and at.old is not None and at.old_row != row and kind != "retitled" else (),
            old_label=at.old_label if here and at.old is not None and at.old_label != label else "",
        )
        (self.changes if kind else self.silent).append(change)

    def _lists(self, old: list[Any], new: list[Any], shapes: Shapes, at: _At) -> None:
        inner = (shapes[0].items or _ANY, shapes[1].items or _ANY)
        mode = shapes[0].align if shapes[0].align == shapes[1].align else ""
        if mode.startswith("key:"):
            self._keyed(old, new, inner, at, mode.removeprefix("key:"))
            return
        texts = [_texts(old, inner[0], self.terms[0]), _texts(new, inner[1], self.terms[1])]
        matching = by_key(*texts) if mode == "set" else by_sequence(*texts)
        for i, j in self._pairs(matching, old, new, at):
            self._entry(old, new, inner, replace(at.down(i, j), listed=True, passed=frozenset()), (i, j))

    def _entry(
        self,
        old: list[Any],
        new: list[Any],
        shapes: Shapes,
        at: _At,
        places: tuple[int | None, int | None],
        kind: str = "changed",
    ) -> None:
        i, j = places
        if i is None or j is None:
            self._alone(None if i is None else old[i], None if j is None else new[j], shapes, at, kind)
        else:
            self._values(old[i], new[j], shapes, at)

    def _pairs(self, matching: Mapping[int, int], old: list[Any], new: list[Any], at: _At) -> Pairs:
        pairs = shown(matching, len(old), len(new))
        if any(i != j for i, j in pairs):
            self.aligned.append(Aligned(old_path=at.old or (), new_path=at.new or (), pairs=pairs))
        return pairs

    def _keyed(self, old: list[Any], new: list[Any], shapes: Shapes, at: _At, key: str) -> None:
        keys = [
            [_key(entry, key, shape, terms) for entry in entries]
            for entries, shape, terms in zip((old, new), shapes, self.terms, strict=True)
        ]
        matching = by_key(*keys)
        order = sorted(matching)
        names = [f"{name}\n{number}" for name, number in counted(keys[0])]
        kept = {order[place] for place in steady([matching[i] for i in order], [names[i] for i in order])}
        duties = self._duties(shapes, key)
        passed = {name: _passed(name, keys, old, new) for name in duties}
        for i, j in self._pairs(matching, old, new, at):
            here = replace(at.down(i, j), listed=True, passed=frozenset())
            if not at.listed:
                here = self._row(here, key, None if i is None else old[i], None if j is None else new[j], shapes)
            if i is not None and j is not None:
                if i not in kept:
                    self._tell("moved", i + 1, j + 1, here)
                here = replace(here, passed=frozenset(name for name in duties if keys[0][i] in passed[name]))
            self._entry(old, new, shapes, here, (i, j), "responsibility" if duties else "changed")

    def _duties(self, shapes: Shapes, key: str) -> tuple[str, ...]:
        """Return the choices in the entries of a list that tells who of another kind does what; () of other lists."""
        to = shapes[1].properties.get(key, _ANY).ref
        if not to or self.kind in to:
            return ()
        return tuple(name for name, shape in shapes[1].properties.items() if shape.enum)

    def _row(self, at: _At, key: str, old: Any, new: Any, shapes: Shapes) -> _At:
        """Return the row of an entry: its key, and the list's label with the entry's name."""
        one, other = (old if old is not None else new), (new if new is not None else old)
        return at.row_of(
            str(one.get(key, "")),
            str(other.get(key, "")),
            _row_label(at.old_label, one, key, shapes[0], self.terms[0]),
            _row_label(at.label, other, key, shapes[1], self.terms[1]),
        )


def _joined(above: str, title: str) -> str:
    return f"{above}・{title}" if above and title else above or title


def _key(entry: Mapping[str, Any], key: str, shape: Shape, terms: Terms) -> str:
    value = entry.get(key, "")
    return str(terms.id(value) if shape.properties.get(key, _ANY).ref else value)


def _name(entry: Mapping[str, Any], key: str, shape: Shape, terms: Terms) -> str:
    """Return how an entry of a keyed list is called in print."""
    value = str(entry.get(key, ""))
    inner = shape.properties.get(key, _ANY)
    if inner.ref:
        return terms.names.get(value, value)
    if value in inner.labels:
        return inner.labels[value]
    title = entry.get("title")
    return title if isinstance(title, str) else value


def _row_label(label: str, entry: Mapping[str, Any], key: str, shape: Shape, terms: Terms) -> str:
    """Return the label of an entry's row: 用具（ブックトラック）; of one with paragraphs, such as a section, its title."""
    name = _name(entry, key, shape, terms)
    headed = any(inner.text == "markdown" for inner in shape.properties.values()) and name == entry.get("title")
    return name if headed else f"{label}（{name}）"


def _passed(name: str, keys: Sequence[Sequence[str]], old: Sequence[Any], new: Sequence[Any]) -> set[str]:
    """Return the keys whose choice went to another key, or came from one."""
    was = {key: entry.get(name) for key, entry in zip(keys[0], old, strict=True)}
    now = {key: entry.get(name) for key, entry in zip(keys[1], new, strict=True)}
    changed = [key for key in {**was, **now} if was.get(key) != now.get(key)]
    gave = {was[key] for key in changed if key in was}
    got = {now[key] for key in changed if key in now}
    return {key for key in changed if was.get(key) in got or now.get(key) in gave}


def _texts(values: Sequence[Any], shape: Shape, terms: Terms) -> list[str]:
    return [_text(value, shape, terms) for value in values]


def _text(value: Any, shape: Shape, terms: Terms) -> str:
    """Return what a comparison sees of a value, as text."""
    seen = _seen(value, shape, terms)
    return seen if isinstance(seen, str) else json.dumps(seen, ensure_ascii=False, sort_keys=True)


def _seen(value: Any, shape: Shape, terms: Terms) -> Any:
    if isinstance(value, Mapping):
        inner = ((name, one, shape.properties.get(name, _ANY)) for name, one in value.items())
        return {name: _seen(one, field, terms) for name, one, field in inner if field.compare}
    if isinstance(value, list):
        return [_seen(one, shape.items or _ANY, terms) for one in value]
    if isinstance(value, str):
        return terms.id(value) if shape.ref else terms.text(value) if shape.text else value
    return value
