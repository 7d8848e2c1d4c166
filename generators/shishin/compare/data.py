"""A comparison as plain data and back: what a release stores as comparison.json."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from shishin.comparison import Aligned, Change, Comparison, ItemChange, Reason, Side
from shishin.snapshot import Place

FORMAT = 1
"""Version of the data's shape."""


def to_data(comparison: Comparison) -> dict[str, Any]:
    """Return a comparison as plain data for JSON: the same comparison, the same data in the same order."""
    return {
        "format": FORMAT,
        "old": _plain(comparison.old),
        "new": _plain(comparison.new),
        "dictionary": comparison.dictionary,
        "items": [_plain(item) for item in comparison.items],
        "silent": [_plain(item) for item in comparison.silent],
        "reasons": {item: [_plain(reason) for reason in given] for item, given in sorted(comparison.reasons.items())},
        "templates": [list(one) for one in comparison.templates],
    }


def _plain(value: Any) -> Any:
    """Return one of the comparison's values as data; fields that are as usual are left out."""
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if not isinstance(value, Side | ItemChange | Change | Aligned | Reason | Place):
        return value
    given = {one.name: getattr(value, one.name) for one in fields(value) if getattr(value, one.name) != one.default}
    return {name: _plain(inner) for name, inner in given.items()}


def from_data(data: Mapping[str, Any]) -> Comparison:
    """Return the comparison that `to_data` made this data of; raise ValueError where it is no such data."""
    try:
        if data["format"] != FORMAT:
            raise ValueError(f"format {data['format']}")
        return Comparison(
            old=Side(**data["old"]),
            new=Side(**data["new"]),
            items=tuple(_item(one) for one in data["items"]),
            dictionary=data["dictionary"],
            reasons={item: tuple(_reason(one) for one in given) for item, given in data["reasons"].items()},
            templates=tuple((anchor, old, new) for anchor, old, new in data["templates"]),
            silent=tuple(_item(one) for one in data["silent"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(str(error)) from error


def _item(data: Mapping[str, Any]) -> ItemChange:
    given = dict(data)
    for name in ("old_place", "new_place"):
        given[name] = Place(**given[name]) if given[name] else None
    given["changes"] = tuple(_change(one) for one in given["changes"])
    given["silent"] = tuple(_change(one) for one in given.get("silent", ()))
    given["aligned"] = tuple(
        Aligned(
            old_path=tuple(one["old_path"]),
            new_path=tuple(one["new_path"]),
            pairs=tuple((i, j) for i, j in one["pairs"]),
        )
        for one in given.get("aligned", ())
    )
    given["ranks"] = tuple(given.get("ranks", (0, 0)))
    return ItemChange(**given)


def _change(data: Mapping[str, Any]) -> Change:
    given = dict(data)
    for name in ("old_path", "new_path"):
        given[name] = None if given[name] is None else tuple(given[name])
    for name in ("field", "old_field"):
        given[name] = tuple(given.get(name, ()))
    return Change(**given)


def _reason(data: Mapping[str, Any]) -> Reason:
    return Reason(**{**data, "comments": tuple(data.get("comments", ()))})
