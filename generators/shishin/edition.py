"""An edition: a guideline as issued, resolved, with its label, status and date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shishin.era import wareki
from shishin.guideline import Guideline, Item

DRAFTS = frozenset({"draft", "consultation", "provisional", "postponed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What one edition prints: its items, and what stands on its cover."""

    id: str
    label: str
    status: str  # draft | consultation | …
    status_label: str  # 案
    as_of: str  # ISO date
    guideline: Guideline

    @property
    def draft(self) -> bool:
        """Tell whether every page must say that this isn't decided yet."""
        return self.status in DRAFTS

    @property
    def as_of_text(self) -> str:
        """The basis date in the Japanese calendar."""
        return wareki(self.as_of)

    @property
    def items(self) -> tuple[Item, ...]:
        """Items and records of this edition."""
        return self.guideline.items


def working_edition(guideline: Guideline) -> Edition:
    """Return the edition of the content as it stands in the folder."""
    return issued(guideline, guideline.settings["edition"])


def issued(guideline: Guideline, record: Mapping[str, Any]) -> Edition:
    """Return the edition of this content with the id, label, status and date that a record gives it."""
    labels = guideline.schemas.guideline.shape.properties["edition"].properties["status"].labels
    return Edition(
        id=record["id"],
        label=record["label"],
        status=record["status"],
        status_label=labels[record["status"]],
        as_of=record["as_of"],
        guideline=guideline,
    )


def public(value: Any, shape: Any) -> Any:
    """Return what of a value may be shown: an allow-list, field by field of its schema."""
    if isinstance(value, list):
        return [public(one, shape.items) for one in value]
    if isinstance(value, Mapping):
        return {
            key: public(inner, shape.properties[key])
            for key, inner in value.items()
            if key in shape.properties and not shape.properties[key].private
        }
    return value
