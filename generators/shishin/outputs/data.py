"""A comparison as data for other programs (shapes/comparison.schema.json tells the shape)."""

from __future__ import annotations

from dataclasses import asdict
from json import dumps
from typing import Any

from shishin.comparison import Comparison
from shishin.outputs.told import Told, ToldItem, counted, tell
from shishin.snapshot import Place, Snapshot

FORMAT = 1
"""Version of the shape."""


def as_data(comparison: Comparison, old: Snapshot, new: Snapshot) -> dict[str, Any]:
    """Return a comparison as plain data: values as they are in the files, texts as people read them."""
    told = tell(comparison, old, new)
    return {
        "format": FORMAT,
        "old": asdict(comparison.old),
        "new": asdict(comparison.new),
        "dictionary": comparison.dictionary,
        "counts": counted(told),
        "items": [_item(one) for one in told],
        "templates": [
            {"anchor": anchor, "old": before, "new": after} for anchor, before, after in comparison.templates
        ],
    }


def json(comparison: Comparison, old: Snapshot, new: Snapshot) -> bytes:
    """Return a comparison as JSON, the same bytes for the same comparison."""
    return (dumps(as_data(comparison, old, new), ensure_ascii=False, indent=2) + "\n").encode()


def _item(told: ToldItem) -> dict[str, Any]:
    item = told.item
    return {
        "id": item.id,
        "kind": item.kind,
        "old_id": item.old_id,
        "new_id": item.new_id,
        "chapter": told.chapter,
        "number": told.number,
        "title": told.title,
        "old_place": _place(item.old_place),
        "new_place": _place(item.new_place),
        "changes": [_change(one) for one in told.told],
        "reasons": [{"text": one.text, "comments": list(one.comments), "meeting": one.meeting} for one in told.reasons],
    }


def _place(place: Place | None) -> dict[str, Any] | None:
    return asdict(place) if place else None


def _change(told: Told) -> dict[str, Any]:
    change = told.change
    return {
        "kind": change.kind,
        "label": told.label,
        "field": list(change.field),
        "old_path": None if change.old_path is None else list(change.old_path),
        "new_path": None if change.new_path is None else list(change.new_path),
        "old": change.old,
        "new": change.new,
        "old_text": told.old,
        "new_text": told.new,
        "words": [list(one) for one in told.parts],
    }
