"""Changes that are told apart from an item's text: of its sources, and of fields that steer the layout.

A change of a field that isn't printed as it is stands in the column 備考; changed sources stand together, one row for
an item, so that they don't bury what changed in its text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shishin.comparison import Change, ItemChange
from shishin.document import Inline, plain
from shishin.papers.headings import Editions
from shishin.papers.parallel import Piece, said
from shishin.papers.pieces import Walk, shape_at
from shishin.papers.values import SOURCE, STEERING, head_fields, key_of, line
from shishin.schema import Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """The changes of an item that its heading doesn't show, by where they are told."""

    text: tuple[Change, ...] = ()
    sources: tuple[Change, ...] = ()
    steering: tuple[Change, ...] = ()
    only_sources: bool = False  # nothing else happened to the item


def set_aside(item: ItemChange, shown: tuple[Change, ...]) -> Aside:
    """Return the changes of an item by where they are told; `shown` are those its heading shows."""
    text: list[Change] = []
    sources: list[Change] = []
    steering: list[Change] = []
    there = item.old_data is not None and item.new_data is not None
    for one in item.changes if there else ():
        if any(one is other for other in shown):
            continue
        if _of_source(one):
            sources.append(one)
        elif _steers(one):
            steering.append(one)
        else:
            text.append(one)
    return Aside(
        text=tuple(text),
        sources=tuple(sources),
        steering=tuple(steering),
        only_sources=only_sources(item),
    )


def only_sources(item: ItemChange) -> bool:
    """Tell whether nothing but the sources of an item changed."""
    there = item.old_data is not None and item.new_data is not None
    return there and bool(item.changes) and all(one.field and _of_source(one) for one in item.changes)


def _of_source(change: Change) -> bool:
    """Tell whether a change is inside the sources of an item or of an entry of it."""
    return all(path is None or path[:1] == (SOURCE,) or path[2:3] == (SOURCE,) for path in _paths(change))


def _steers(change: Change) -> bool:
    """Tell whether a change is one of a field that steers the layout: of the item or of an entry of it."""
    single = not isinstance(change.old, list | dict) and not isinstance(change.new, list | dict)
    return single and all(path is None or (len(path) in (1, 3) and path[-1] in STEERING) for path in _paths(change))


def _paths(change: Change) -> tuple[tuple[str | int, ...] | None, ...]:
    return change.old_path, change.new_path


# ---------------------------------------------------------------- told


def steering_marks(aside: Aside, item: ItemChange, editions: Editions) -> Iterator[str]:
    """Yield what a field that isn't printed said and says now: 根拠の別：「原典に記載」→「公開資料に記載」."""
    for one in aside.steering:
        edition, data, path = editions.new, item.new_data, one.new_path
        if path is None:
            edition, data, path = editions.old, item.old_data, one.old_path
        assert data is not None and path is not None
        own = edition.kinds[item.kind].shape
        was = shape_at(editions.old.kinds[item.kind].shape, one.old_path or path)
        old, new = line(one.old, was, editions.old_names), line(one.new, shape_at(own, path), editions.new_names)
        within = ""
        match path:
            case (str(name), int(place), _):
                within = f"「{_name(data[name][place], own.properties[name])}」の"
        yield f"{within}{shape_at(own, path).title}：{_quoted(old)}→{_quoted(new)}"


def source_pieces(walk: Walk, item: ItemChange, shapes: Mapping[str, Shape]) -> list[Piece]:
    """Return the changed sources of an item and of its entries, each entry's under its name."""
    assert item.old_data is not None and item.new_data is not None
    done: list[Piece] = []
    for name, shape in shapes.items():
        old, new, path = item.old_data.get(name), item.new_data.get(name), (name,)
        if name == SOURCE:
            done += _changed(walk.value(old, new, shape, path, path))
            continue
        inner = shape.items.properties.get(SOURCE) if shape.items else None
        if not old or not new or inner is None:
            continue
        for i, j in walk.pairs(old, new, shape, path, path) or ():
            if i is None or j is None:
                continue
            at, to = (name, i, SOURCE), (name, j, SOURCE)
            if walk.below(at, to):
                title = said(_name(new[j], shape))
                done.append(Piece(old=title, new=title))
                done += _changed(walk.value(old[i].get(SOURCE), new[j].get(SOURCE), inner, at, to))
    return done


def _changed(pieces: list[Piece]) -> list[Piece]:
    return [one for one in pieces if one.changes or one.old != one.new]


def _quoted(words: tuple[Inline, ...]) -> str:
    return f"「{plain(words)}」" if words else "なし"


def _name(entry: Mapping[str, Any], shape: Shape) -> str:
    """Return how an entry of a list is called: its title, else its key."""
    fields = (*(name for name, _ in head_fields(shape)), key_of(shape))
    return next((str(entry[name]) for name in fields if name in entry), "")
