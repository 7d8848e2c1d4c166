"""What each item's template yields, item by item: proof that a guideline composes, without building the document.

A build composes the whole document; a check on every save needs to know only that nothing is wrong with it. The
survey renders each item alone, keeps which anchors, homes and mentions came of it, and remembers that as long as
nothing that the template looked at has changed. Where anything is wrong it says no more than that: composing the
document tells what and where.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from shishin.cache import Cache, digest
from shishin.composer import Composer
from shishin.document import Paragraph, Section, Text
from shishin.edition import Edition
from shishin.guideline import Guideline, Item
from shishin.rewrite import Marks, marks
from shishin.schema import Shape
from shishin.unmarked import plain_targets
from shishin.view import View


def composes(edition: Edition, cache: Cache) -> bool:
    """Tell whether the document can be composed without a problem."""
    guideline = edition.guideline
    surveyor = Surveyor(edition, cache)
    shared = digest(json.dumps(guideline.settings, ensure_ascii=False), *_templates(guideline))
    reached: dict[str, Marks] = {}
    waiting = [item for item in edition.items if item.kind.name == "chapter"]
    while waiting:
        item = waiting.pop()
        seen = surveyor.survey(item, shared)
        if seen is None or item.id in reached:
            return False
        reached[item.id] = seen
        waiting += (surveyor.by_id[child] for child in seen.placed)
    anchors = Counter(anchor for seen in reached.values() for anchor in seen.anchors)
    homes = Counter(home for seen in reached.values() for home in seen.homes)
    targets = {target for seen in reached.values() for target in seen.targets}
    known = anchors.keys() | surveyor.by_id.keys()
    return (
        all(count == 1 for count in (*anchors.values(), *homes.values()))
        and targets <= known
        and all(item.id in homes for item in edition.items if item.kind.use == "item")
        and all(surveyor.names_well(item, shared) for item in edition.items)
    )


_STUB = (Paragraph(inlines=(Text(text="文"),)),)


def _templates(guideline: Guideline) -> list[str]:
    return [part for name, text in sorted(guideline.templates.items()) for part in (name, text)]


class Surveyor(Composer):
    """A composer that renders one item at a time and notes what its template looked at."""

    def __init__(self, edition: Edition, cache: Cache) -> None:
        super().__init__(edition, cache)
        self._seen: set[tuple[str, str]] = set()
        self._children: list[str] = []
        self._mentioned: list[str] = []
        self._columns: dict[tuple[str, str], str] = {}

    def survey(self, item: Item, shared: str) -> Marks | None:
        """Return what an item's own template yields, None where anything is wrong with it."""
        made_from = digest(item.digest, shared)
        known = self.cache.recall("survey", item.id, made_from)
        if known is not None and self._state(known["looked"]) == known["state"]:
            return Marks(**{name: tuple(known[name]) for name in Marks._fields})
        section = self._alone(item, lambda: self.section(item))
        if section is None:
            return None
        found = marks(section)
        found = found._replace(targets=(*found.targets, *self._mentioned), placed=tuple(self._children))
        self._keep("survey", item.id, made_from, {name: list(values) for name, values in found._asdict().items()})
        return found

    def names_well(self, item: Item, shared: str) -> bool:
        """Tell whether an item can be named where it is mentioned."""
        if f"names/{item.kind.name}.j2" not in self.templates:
            return True
        made_from = digest(item.digest, shared)
        known = self.cache.recall("name", item.id, made_from)
        if known is not None and self._state(known["looked"]) == known["state"]:
            return True
        if self._alone(item, lambda: self.name(item)) is None:
            return False
        self._keep("name", item.id, made_from, {})
        return True

    def _alone(self, item: Item, render: Any) -> Any:
        self._seen, self._children, self._mentioned, self._subject = set(), [], [], item
        self._names = {}  # a name made for an earlier item would hide what it looked at
        self._placed, self._homes, self._used_keys, self._levels, self.problems = {}, {}, set(), {}, []
        made = render()
        return None if self.problems else made

    def _keep(self, part: str, name: str, made_from: str, found: Mapping[str, Any]) -> None:
        looked = sorted(map(list, self._seen))
        self.cache.keep(part, name, made_from, {**found, "looked": looked, "state": self._state(looked)})

    # ------------------------------------------------ what a template looks at beyond its item

    def read(self, item: Item, name: str) -> None:
        """Note that a field of another item was looked at."""
        if item is not self._subject:
            self._seen.add((item.kind.name, name))

    def views(self, kind: str, **where: Any) -> list[View]:
        """Return the items of a kind, noting which there are."""
        self._seen.update((kind, name) for name in ("id", *where))
        return super().views(kind, **where)

    def here(self) -> None:
        """Don't look for the line of the template: composing the document tells it, where anything is wrong."""

    def prose(self, text: str, shape: Shape) -> str:
        """Let a stub stand for a text of plain paragraphs."""
        targets = plain_targets(text)
        if targets is None or not text.strip():
            return super().prose(text, shape)
        self._mentioned += targets
        return self.mark(_STUB if shape.text == "markdown" else _STUB[0].inlines)

    def item_of(self, item_id: str) -> View:
        """Return an item by its id, noting that it must be there."""
        view = super().item_of(item_id)
        self._seen.add((self.by_id[item_id].kind.name, "id"))
        return view

    def place(self, view: View) -> Markup:
        """Note that an item has its home here, without rendering it."""
        item = self._claimed(view)
        self._children.append(item.id)
        stub = Section(id="", item="", kind="", level=0, number="", title=(), blocks=())
        return self.mark((stub,), block=True)

    def figure(self, name: str, options: Mapping[str, Any]) -> Any:
        """Draw a picture, noting that it may show anything of its kind."""
        self._seen.add((str(options.get("kind", "")), "*"))
        return super().figure(name, options)

    def _state(self, looked: list[list[str]]) -> str:
        return digest(*(self._column(kind, field) for kind, field in looked))

    def _column(self, kind: str, field: str) -> str:
        """Return the digest of one field of all items of a kind, of all their fields for "*"."""
        if (kind, field) not in self._columns:
            items = self.edition.guideline.of(kind)
            whole = (item.digest for item in items)
            one = (json.dumps([item.id, item.data.get(field)], ensure_ascii=False) for item in items)
            self._columns[kind, field] = digest(*(whole if field == "*" else one))
        return self._columns[kind, field]
