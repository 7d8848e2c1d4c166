"""What an edition says, free of the files it came from: its public items, their kinds, and where each is printed.

This is what a release stores and what a comparison compares. Made from an allow-list: what the schema calls private
never enters. As data (`to_data`) it is plain JSON; `from_data` gives the same value again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any

from shishin.document import Document, Section
from shishin.edition import Edition, public
from shishin.guideline import Item
from shishin.numbering import below
from shishin.rewrite import marks
from shishin.schema import Kind, Shape

FORMAT = 2
"""Version of the snapshot's shape in edition.json."""
OWN = "guideline"
"""The id and the kind of the guideline's own settings among the entries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A kind as an edition keeps it: without what only reading files needs."""

    name: str
    use: str  # item | record
    title: str  # the field that is an item's title
    sort: str
    shape: Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item (or record) of an edition: its public fields, and its name where it is mentioned in print."""

    id: str
    kind: str
    name: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an item is printed: its number from the top (第5章3(2)), its chapter, the item around it, its order.

    An item that is a row of a table has the number of the section that holds the table.
    """

    number: str
    chapter: str  # the id of the section of level 1
    parent: str  # the id of the innermost item around it, "" at the top
    order: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One edition: what stands on its cover, kinds, items, places."""

    guideline: str
    title: str
    publisher: str
    language: str
    edition: str
    label: str
    status: str
    status_label: str
    as_of: str
    kinds: Mapping[str, Definition]
    entries: tuple[Entry, ...]
    places: Mapping[str, Place]

    @property
    def settings(self) -> Mapping[str, Any]:
        """What guideline.yml says."""
        return next(one.data for one in self.entries if one.kind == OWN)


def snapshot_of(edition: Edition, document: Document | None, names: Mapping[str, str]) -> Snapshot:
    """Return what an edition says; `names` tells how each item is named in print.

    Without a document no item has a place.
    """
    guideline, settings = edition.guideline, edition.guideline.settings
    entries = (own_entry(edition), *(entry(item, names.get(item.id, "")) for item in edition.items))
    used = {one.kind for one in entries}
    return Snapshot(
        guideline=settings["id"],
        title=settings["title"],
        publisher=settings["publisher"],
        language=settings["language"],
        edition=edition.id,
        label=edition.label,
        status=edition.status,
        status_label=edition.status_label,
        as_of=edition.as_of,
        kinds={
            kind.name: definition(kind)
            for kind in (guideline.schemas.guideline, *guideline.schemas.kinds.values())
            if kind.name in used
        },
        entries=entries,
        places=places(document) if document is not None else {},
    )


def definition(kind: Kind) -> Definition:
    """Return a kind without what only reading files needs."""
    return Definition(name=kind.name, use=kind.use, title=kind.title, sort=kind.sort, shape=kind.shape)


def entry(item: Item, name: str = "") -> Entry:
    """Return an item's public fields; without `name` it is named by its title."""
    name = name or str(item.data[item.kind.title])
    return Entry(id=item.id, kind=item.kind.name, name=name, data=public(item.data, item.kind.shape))


def own_entry(edition: Edition) -> Entry:
    """Return the guideline's settings, with the edition's own label, status and date."""
    own = edition.guideline.own
    data = public(own.data, own.kind.shape)
    data["edition"] = {"id": edition.id, "label": edition.label, "status": edition.status, "as_of": edition.as_of}
    return Entry(id=OWN, kind=OWN, name=str(own.data["title"]), data=data)


# ---------------------------------------------------------------- places


def places(document: Document) -> dict[str, Place]:
    """Return where each item of a document has its home."""
    found: dict[str, Place] = {}

    def note(item: str, number: str, chapter: str, parent: str) -> None:
        found.setdefault(item, Place(number=number, chapter=chapter, parent=parent, order=len(found)))

    def walk(section: Section, above: str, chapter: str, parent: str) -> None:
        number = below(above, section.number) if section.number else ""
        if section.item:
            note(section.item, number, chapter, parent)
            parent = section.item
        for block in section.blocks:
            if isinstance(block, Section):
                walk(block, number, chapter, parent)
            else:
                for home in marks(block).homes:
                    note(home, number, chapter, parent)

    for section in document.sections:
        walk(section, "", section.id, "")
    return found


# ---------------------------------------------------------------- as data


def to_data(snapshot: Snapshot) -> dict[str, Any]:
    """Return a snapshot as plain data for JSON."""
    return {
        "format": FORMAT,
        "guideline": {
            "id": snapshot.guideline,
            "title": snapshot.title,
            "publisher": snapshot.publisher,
            "language": snapshot.language,
        },
        "id": snapshot.edition,
        "label": snapshot.label,
        "status": snapshot.status,
        "status_label": snapshot.status_label,
        "as_of": snapshot.as_of,
        "kinds": {
            kind.name: {"use": kind.use, "title": kind.title, "sort": kind.sort, "shape": _shape_data(kind.shape)}
            for kind in snapshot.kinds.values()
        },
        "items": [
            {"id": one.id, "kind": one.kind, "name": one.name, "fields": one.data, **_place_data(snapshot, one.id)}
            for one in snapshot.entries
        ],
    }


def _place_data(snapshot: Snapshot, item: str) -> dict[str, Any]:
    place = snapshot.places.get(item)
    return {"place": {one.name: getattr(place, one.name) for one in fields(Place)}} if place else {}


def from_data(data: Mapping[str, Any]) -> Snapshot:
    """Return the snapshot that `to_data` made this data of; raise ValueError where it is no such data."""
    try:
        if data["format"] != FORMAT:
            raise ValueError(f"format {data['format']}")
        own = data["guideline"]
        return Snapshot(
            guideline=own["id"],
            title=own["title"],
            publisher=own["publisher"],
            language=own["language"],
            edition=data["id"],
            label=data["label"],
            status=data["status"],
            status_label=data["status_label"],
            as_of=data["as_of"],
            kinds={
                name: Definition(
                    name=name,
                    use=kind["use"],
                    title=kind["title"],
                    sort=kind["sort"],
                    shape=_shape_from(kind["shape"]),
                )
                for name, kind in data["kinds"].items()
            },
            entries=tuple(
                Entry(id=one["id"], kind=one["kind"], name=one["name"], data=one["fields"]) for one in data["items"]
            ),
            places={one["id"]: Place(**one["place"]) for one in data["items"] if "place" in one},
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(str(error)) from error


def _shape_data(shape: Shape) -> dict[str, Any]:
    """Return a shape as data, without what is as usual."""
    data: dict[str, Any] = {}
    for one in fields(Shape):
        value = getattr(shape, one.name)
        usual = one.default_factory() if one.default_factory is not MISSING else one.default
        if value == usual:
            continue
        if isinstance(value, Shape):
            value = _shape_data(value)
        elif one.name == "properties":
            value = {name: _shape_data(inner) for name, inner in value.items()}
        elif isinstance(value, tuple):
            value = list(value)
        data[one.name] = dict(value) if isinstance(value, Mapping) else value
    return data


def _shape_from(data: Mapping[str, Any]) -> Shape:
    given: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}
    if "items" in given:
        given["items"] = _shape_from(given["items"])
    if "properties" in given:
        given["properties"] = {name: _shape_from(inner) for name, inner in given["properties"].items()}
    return Shape(**given)
