"""Text that differs between two documents though no item says so: what a template changed.

Every word that differs must be told by a change of the comparison: by an item that has its home here or is mentioned
here, by a value shown elsewhere that changed in the same way, by a relation that came or went, by the edition's own
name and date. Numbers and places are computed and not compared. What nothing tells, a template must have changed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from shishin.comparison import Comparison, ItemChange, Side
from shishin.document import (
    Anchor,
    Document,
    Reference,
    Text,
    sections,
)
from shishin.era import wareki
from shishin.marking.differing import Chunk, Unit, units_of
from shishin.marking.pairing import words
from shishin.rewrite import walk
from shishin.schema import Shape
from shishin.snapshot import Snapshot

FAR = 8
"""So many characters of a value must appear together to be known again where its item is neither home nor mentioned."""
SHORT = 12
"""A code or a yes/no is printed as a word of no more characters."""
_MENTION = re.compile(r"\[\[([a-z0-9-]+)\]\]|\[([^\]\n]*)\]\(#[^)\n]*\)")
_MARKUP = re.compile(r"\*\*|[*_`\\｜]|《[^》]*》|\[\^[^\]]*\]:?|^\s*(?:[-+]|[0-9]+\.|#+|>)\s+", re.MULTILINE)
_BETWEEN = re.compile(r"[\s、。，．・：；／/|（）()「」『』［］\[\]〜～－―→]+")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(slots=True)
class Told:
    """What the changes of an item tell: texts of each side, ids that came or went, whether codes or fields did."""

    texts: dict[bool, list[str]] = field(default_factory=lambda: {True: [], False: []})
    ids: set[str] = field(default_factory=set)
    codes: bool = False
    fields: bool = False
    whole: bool = False

    def says(self, text: str, *, old: bool) -> bool:
        """Tell whether a changed value of that side says this."""
        return any(text in one for one in self.texts[old])


def template_changes(
    old: Document, new: Document, comparison: Comparison, labels: Mapping[str, Collection[str]] | None = None
) -> tuple[tuple[str, str, str], ...]:
    """Return what differs between two documents though no change of the comparison tells it.

    Each is (anchor of the section, old words, new words). `labels` (`labels_of` the snapshots) says how codes are
    printed; without it, any short word beside the change of a code passes for its label.
    """
    names = _names(old), _names(new)
    told = {
        item: _told(change, names, labels)
        for change in comparison.items
        for item in {change.old_id, change.new_id} - {""}
    }
    edition = _of_edition(comparison)
    common = _layout_words(old) & _layout_words(new)
    common |= {label for some in (labels or {}).values() for label in some}  # of groups that came or went
    units = tuple(units_of(old, new))
    both = {(item, one.text, one.old) for unit in units for item in unit.items for one in unit.chunks}
    found: dict[tuple[str, str, str], None] = {}
    for unit in units:
        local = [told[item] for item in sorted(unit.items) if item in told]
        unknown = tuple(
            one
            for one in _unknown(unit, local, edition, told, common)
            if not any((item, one.text, not one.old) in both for item in unit.items)  # only its place is another
        )
        if unknown:
            before, after = ("".join(one.text for one in unknown if one.old is side) for side in (True, False))
            found.setdefault((unit.anchor, before, after))
    return tuple(found)


def _unknown(
    unit: Unit, local: list[Told], edition: Told, told: Mapping[str, Told], common: frozenset[str]
) -> tuple[Chunk, ...]:
    """Return the words of a unit that nothing tells."""

    def related(chunk: Chunk) -> bool:
        other = told.get(chunk.target)
        here = any(chunk.target in one.ids for one in local)
        return bool(chunk.target) and (here or (other is not None and (other.whole or bool(other.ids & unit.items))))

    def known(chunk: Chunk) -> bool:
        if related(chunk) or any(_says(one, chunk) for one in (*local, edition)):
            return True
        return len(chunk.text) >= FAR and any(_says(one, chunk) for one in told.values())

    def may_be_known(chunk: Chunk) -> bool:
        """Tell whether it may be a label that came or went with its field, or the word for a code."""
        if unit.section and chunk.text in common:
            return True
        if (chunk.text in common or unit.section) and any(one.fields for one in local):
            return True
        return any(one.codes for one in local) and len(chunk.text) <= SHORT

    if unit.whole and any(related(chunk) or one.whole for chunk in unit.chunks for one in local or [edition]):
        return ()
    unknown = tuple(chunk for chunk in unit.chunks if not known(chunk))
    if all(map(may_be_known, unknown)):
        return ()
    if any(all(_says(one, chunk) for chunk in unknown) for one in _changing(unknown, told)):
        return ()
    return unknown


def _changing(chunks: tuple[Chunk, ...], told: Mapping[str, Told]) -> Iterable[Told]:
    """Return the items whose values might have changed just so: a lone particle is no evidence."""
    return told.values() if all(len(_BETWEEN.sub("", chunk.text)) > 1 for chunk in chunks) else ()


def _says(told: Told, chunk: Chunk) -> bool:
    """Tell whether a change says these words: long ones anywhere, short ones as a value or with a word beside them."""
    text = _plain(chunk.text)
    bits = [_plain(bit) for bit in _BETWEEN.split(chunk.text) if bit]
    if bits and text in told.texts[chunk.old]:
        return True
    if len(text) < FAR or not bits:
        beside = {_plain(chunk.before) + text, text + _plain(chunk.after)} - {text}
        return any(told.says(one, old=chunk.old) for one in beside) or (
            bool(bits) and all(bit in told.texts[chunk.old] for bit in bits)
        )
    return told.says(text, old=chunk.old) or all(told.says(bit, old=chunk.old) for bit in bits)


# ---------------------------------------------------------------- what the changes tell


def labels_of(*snapshots: Snapshot) -> dict[str, set[str]]:
    """Return how the codes of all kinds are printed."""
    found: dict[str, set[str]] = {}

    def collect(shape: Shape) -> None:
        for code, label in shape.labels.items():
            found.setdefault(code, set()).add(label)
        for inner in (*shape.properties.values(), *((shape.items,) if shape.items else ())):
            collect(inner)

    for snapshot in snapshots:
        for kind in snapshot.kinds.values():
            collect(kind.shape)
    return found


def _told(
    change: ItemChange, names: tuple[Mapping[str, str], Mapping[str, str]], labels: Mapping[str, Collection[str]] | None
) -> Told:
    told = Told(whole=change.old_id != change.new_id or change.old_data is None or change.new_data is None)
    if change.old_name != change.new_name or told.whole:
        told.texts[True].append(_plain(change.old_name))
        told.texts[False].append(_plain(change.new_name))
    values = [(one.old, one.new) for one in change.changes]
    if told.whole:
        values.append((change.old_data, change.new_data))
    for pair in values:
        told.fields = told.fields or any(not value for value in pair)
        for old, value, known in zip((True, False), pair, names, strict=True):
            for leaf in _leaves(value):
                told.ids |= {leaf} & known.keys()
                told.ids |= {found[1] for found in _MENTION.finditer(leaf) if found[1]}
                told.codes = told.codes or (labels is None and leaf.isascii() and leaf not in known)
                told.texts[old] += [*_texts(leaf, known), *sorted((labels or {}).get(leaf, ()))]
    return told


def _of_edition(comparison: Comparison) -> Told:
    told = Told()
    for old, side in ((True, comparison.old), (False, comparison.new)):
        told.texts[old] += [_plain(text) for text in _of_side(side)]
    return told


def _of_side(side: Side) -> tuple[str, ...]:
    day = (wareki(side.as_of),) if side.as_of else ()
    return (side.title, side.publisher, side.label, side.status_label, side.as_of, *day)


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _leaves(inner)
    elif value is not None:
        yield str(value)


def _texts(leaf: str, names: Mapping[str, str]) -> list[str]:
    """Return how a value may stand in print: without markup, mentions by name, dates in the Japanese calendar."""
    if leaf in names:
        return [_plain(names[leaf])]
    named = _MENTION.sub(lambda found: found[2] if found[1] is None else names.get(found[1], ""), leaf)
    days = [wareki(leaf)] if _DAY.fullmatch(leaf) else []
    return [_plain(_MARKUP.sub("", text)) for text in (named, *days)]


def _plain(text: str) -> str:
    """Return text without the spaces that tell nothing."""
    return re.sub(r"\s+", "", text)


# ---------------------------------------------------------------- what the documents say


def _names(document: Document) -> dict[str, str]:
    """Return how each thing is called where it is mentioned, or in its title."""
    found: dict[str, str] = {}
    for node in walk(document.sections):
        match node:
            case Reference():
                found.setdefault(node.target, words(node.inlines))
            case Anchor():
                found.setdefault(node.id, words(node.inlines))
            case _:
                pass
    for section in sections(document.sections):
        found.setdefault(section.id, words(section.title))
    return found


def _layout_words(document: Document) -> frozenset[str]:
    """Return the texts that stand alone in a paragraph, a cell, a style: labels among them."""
    return frozenset(node.text for node in walk(document.sections) if isinstance(node, Text))
