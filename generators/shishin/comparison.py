"""The comparison of two editions as values: which items changed, how, and why. Made by compare.py, printed by papers.

Stage: between two snapshots and the papers about their differences. Types only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from shishin.era import wareki
from shishin.snapshot import Place

Path: TypeAlias = tuple[str | int, ...]
"""Where a value stands in an item: names of fields and places in lists, from 0."""

WHOLE = ("added", "removed", "moved", "retitled", "renumbered", "split", "merged")
"""Kinds of change that concern an item as a whole."""
FIELD = ("changed", "wording", "responsibility", "code")
"""Kinds of change of a field: what it says · only how it is written (表記のみ) · who does it · a code system."""
KINDS = WHOLE + FIELD


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference at one place of one item.

    `field` is the row it belongs to in a table: a field, or an entry of a keyed list (("sections", "background")).
    `old_path` and `new_path` are the exact places on each side, None where that side has nothing there; an entry
    that came into or left a list is a change of its own. `old` and `new` are the values there as data.
    Of an item as a whole: `field` is (), `old`/`new` its titles (retitled, added, removed), numbers (renumbered),
    places as data (moved), or the ids that went together (split: old = the id it came from; merged: new = the id it
    went into). "moved" with a `field` is an entry that changed its place in a keyed list: `old`/`new` are its places
    there, from 1.
    `old_field` and `old_label` are row and label in the older edition's words, where those differ.
    """

    kind: str
    field: tuple[str, ...]
    old_path: Path | None
    new_path: Path | None
    label: str  # 進め方 · 役割分担（県）
    old: Any
    new: Any
    old_field: tuple[str, ...] = ()
    old_label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aligned:
    """How the entries of two lists go together, in the order they are shown: (old place, new place), None for none."""

    old_path: Path
    new_path: Path
    pairs: tuple[tuple[int | None, int | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChange:
    """Everything that changed about one item: `old_id` or `new_id` is "" where that edition lacks it.

    `old_data` and `new_data` are the item's fields on each side, None where it isn't there.
    The settings of the guideline are the item with the id "guideline" and the kind "guideline".
    `silent` are differences in what a comparison leaves out (x-compare: false; the new id of a renamed item where it
    is referred to): only applying it needs them. `ranks` is the item's place in the newer edition's reading order and
    in the older one's, each counted with what the other edition lacks standing where it stood.
    """

    kind: str  # kind of the item
    old_id: str
    new_id: str
    old_name: str
    new_name: str
    old_place: Place | None
    new_place: Place | None
    old_data: Mapping[str, Any] | None
    new_data: Mapping[str, Any] | None
    changes: tuple[Change, ...]
    aligned: tuple[Aligned, ...] = ()
    silent: tuple[Change, ...] = ()
    ranks: tuple[int, int] = (0, 0)
    use: str = "item"  # item | record

    @property
    def id(self) -> str:
        """The item's id in the newer edition, else in the older."""
        return self.new_id or self.old_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why an item was changed: a sentence, the opinions behind it (ids), the meeting that decided (its name)."""

    text: str
    comments: tuple[str, ...] = ()
    meeting: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What a paper says about one of the two editions."""

    guideline: str
    title: str
    publisher: str
    edition: str
    label: str
    status: str
    status_label: str
    as_of: str

    @property
    def line(self) -> str:
        """Its name and date: 再構成版（案）（令和8年11月22日）; a date in the name isn't said again."""
        day = wareki(self.as_of)
        return self.label if day in self.label else f"{self.label}（{day}）"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All differences of two editions, in the newer one's reading order; removed items where they stood.

    `reasons` by item id. `dictionary` names what cut Japanese text into words. `templates` tells text of the papers
    that differs though no item changed: (anchor of the section, old text, new text). `silent` are the items of which
    only such things differ that a comparison leaves out: no paper shows them, applying the comparison needs them.
    `part` names the chapter and the item it was narrowed to, for readers; () where nothing was left out.
    """

    old: Side
    new: Side
    items: tuple[ItemChange, ...]
    dictionary: str
    reasons: Mapping[str, tuple[Reason, ...]] = field(default_factory=dict)
    templates: tuple[tuple[str, str, str], ...] = ()
    silent: tuple[ItemChange, ...] = ()
    part: tuple[str, ...] = ()
