"""Text that differs between two documents though no item says so: what a template changed.

Every word that differs must be told by a change of the comparison: by an item that has its home here or is mentioned
here, by a value shown elsewhere that changed in the same way, by a relation that came or went, by the edition's own
name and date. Numbers and places are computed and not compared. What nothing tells, a template must have changed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from shishin.comparison import Comparison, ItemChange, Side
from shishin.document import (
    Anchor,
    Block,
    BulletList,
    CodeText,
    Document,
    Figure,
    Footnote,
    Inline,
    Inserted,
    Note,
    OrderedList,
    Paragraph,
    Quote,
    Reference,
    Removed,
    Ruby,
    Section,
    Table,
    Text,
    sections,
)
from shishin.era import wareki
from shishin.marking import merged_blocks, merged_inlines, only_on
from shishin.numbering import below
from shishin.rewrite import map_inlines, walk
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


class Chunk(NamedTuple):
    """Words that differ: what they are, what they point to, what stands just before and after them."""

    old: bool
    text: str
    target: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """A paragraph, a list entry, a row: the items it is about, its words that differ; `whole` if all of it does."""

    anchor: str
    items: frozenset[str]
    chunks: tuple[Chunk, ...]
    whole: bool
    section: bool = False  # all of its section is in one edition only


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
    units = tuple(_units(_without_numbers(old), _without_numbers(new)))
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
    """Tell whether a change says these words; signs alone only count with a word beside them."""
    bits = [bit for bit in _BETWEEN.split(chunk.text) if bit]
    if not bits:
        beside = {chunk.before + chunk.text, chunk.text + chunk.after} - {chunk.text}
        return any(told.says(_plain(text), old=chunk.old) for text in beside)
    return told.says(_plain(chunk.text), old=chunk.old) or all(told.says(_plain(bit), old=chunk.old) for bit in bits)


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
                found.setdefault(node.target, _words(node.inlines))
            case Anchor():
                found.setdefault(node.id, _words(node.inlines))
            case _:
                pass
    for section in sections(document.sections):
        found.setdefault(section.id, _words(section.title))
    return found


def _words(inlines: Iterable[Inline]) -> str:
    return "".join(
        node.base if isinstance(node, Ruby) else node.text
        for node in walk(inlines)
        if isinstance(node, Text | CodeText | Ruby)
    )


def _layout_words(document: Document) -> frozenset[str]:
    """Return the texts that stand alone in a paragraph, a cell, a style: labels among them."""
    return frozenset(node.text for node in walk(document.sections) if isinstance(node, Text))


def _without_numbers(document: Document) -> Document:
    """Return a document without what `account.numbered` and the numbering have put in."""
    numbers = dict(_numbers(document.sections, ""))
    after = {f"（{number}）" for number in numbers.values() if number}

    def change(inline: Inline) -> tuple[Inline, ...]:
        if isinstance(inline, Text) and inline.text in after:
            return ()
        if isinstance(inline, Reference) and _words(inline.inlines) in (numbers.get(inline.target), ""):
            return (replace(inline, inlines=(Text(text="№"),)),)
        return (inline,)

    return replace(document, sections=tuple(map_inlines(section, change) for section in document.sections))


def _numbers(blocks: tuple[Block, ...], above: str) -> Iterator[tuple[str, str]]:
    for block in blocks:
        match block:
            case Section():
                number = below(above, block.number) if block.number else ""
                yield block.id, number
                yield from _numbers(block.blocks, number)
            case Table() | Figure() if block.number and block.id:
                yield block.id, block.number
            case _:
                pass


def _units(old: Document, new: Document) -> Iterator[Unit]:
    """Yield everything that differs, section by section wherever it stands now."""
    before, after = ({one.id: (one, item) for one, item in _homes(side.sections, "")} for side in (old, new))
    for anchor in dict.fromkeys((*before, *after)):
        was, item_was = before.get(anchor, (None, ""))
        now, item_now = after.get(anchor, (None, ""))
        items = frozenset({anchor, item_was, item_now, anchor.partition("--")[0]} - {""})
        titles = [one.title if one else () for one in (was, now)]
        bodies = [_body(one.blocks) if one else () for one in (was, now)]
        if titles[0] != titles[1]:
            yield from _paragraph(anchor, items, merged_inlines(titles[0], titles[1]), whole=not (was and now))
        if was is None or now is None:
            mark = Removed if was else Inserted
            merged = tuple(only_on(block, mark) for block in (*bodies[0], *bodies[1]))
        elif bodies[0] == bodies[1]:
            continue
        else:
            merged = merged_blocks(bodies[0], bodies[1])
        for unit in _in_blocks(anchor, items, merged):
            yield unit if was and now else replace(unit, section=True)


def _homes(blocks: tuple[Block, ...], item: str) -> Iterator[tuple[Section, str]]:
    for block in blocks:
        if isinstance(block, Section):
            yield block, block.item or item
            yield from _homes(block.blocks, block.item or item)


def _body(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return what stands under a heading itself, without numbers; of a picture, its words."""
    own = (block for block in blocks if not isinstance(block, Section))
    return tuple(_worded(block) for block in own)


def _worded(block: Block) -> Block:
    match block:
        case Table():
            return replace(block, number="")
        case Figure():
            texts = (Paragraph(inlines=(Text(text=block.alt),)), Paragraph(inlines=block.note))
            return Note(title=block.caption, blocks=texts, look=block.id)
        case _:
            return block


def _in_blocks(anchor: str, items: frozenset[str], blocks: tuple[Block, ...]) -> Iterator[Unit]:
    for block in blocks:
        match block:
            case Paragraph():
                yield from _paragraph(anchor, items, block.inlines)
            case BulletList() | OrderedList():
                for entry in block.items:
                    yield from _together(anchor, items, entry)
            case Table():
                yield from _paragraph(anchor, items, block.caption)
                for row in (*block.head, *block.rows):
                    yield from _together(anchor, items, tuple(inner for cell in row for inner in cell.blocks))
                yield from _paragraph(anchor, items, block.note)
            case Note():
                yield from _paragraph(anchor, items, block.title)
                yield from _in_blocks(anchor, items, block.blocks)
            case Quote():
                yield from _in_blocks(anchor, items, block.blocks)
            case _:
                pass


def _together(anchor: str, items: frozenset[str], blocks: tuple[Block, ...]) -> Iterator[Unit]:
    """Yield a row or an entry as one unit, so that one mention explains all of it."""
    inlines = tuple(inline for block in _flat(blocks) for inline in (*block, Text(text=" ")))
    yield from _paragraph(anchor, items, inlines)


def _flat(blocks: Iterable[Block]) -> Iterator[tuple[Inline, ...]]:
    for node in walk(blocks):
        match node:
            case Paragraph():
                yield node.inlines
            case Note():
                yield node.title
            case Table() | Figure():
                yield node.caption
                yield node.note
            case _:
                pass


def _paragraph(
    anchor: str, items: frozenset[str], inlines: tuple[Inline, ...], *, whole: bool = False
) -> Iterator[Unit]:
    chunks, same = [], ""
    marked = list(_chunks(inlines, None, ""))
    for place, (old, text, target) in enumerate(marked):
        if old is None:
            same += text.strip()
            continue
        before = next((one for state, one, _ in reversed(marked[:place]) if state in (None, old)), "")[-2:]
        after = next((one for state, one, _ in marked[place + 1 :] if state in (None, old)), "")[:2]
        chunks.append(Chunk(old, text, target, before, after))
    if chunks:
        mentioned = {node.target for node in walk(inlines) if isinstance(node, Reference)}
        mentioned |= {node.id for node in walk(inlines) if isinstance(node, Anchor)}
        yield Unit(anchor, items | mentioned, tuple(chunks), whole or not same)


def _chunks(inlines: Iterable[Inline], old: bool | None, target: str) -> Iterator[tuple[bool | None, str, str]]:
    """Yield the words of inlines, leaf by leaf: which side alone says them, what they point to."""
    for inline in inlines:
        match inline:
            case Text() | CodeText():
                yield old, inline.text, target
            case Ruby():
                yield old, inline.base, target
            case Removed() | Inserted():
                yield from _chunks(inline.inlines, isinstance(inline, Removed), target)
            case Reference():
                yield from _chunks(inline.inlines, old, inline.target)
            case Footnote():
                for inner in _flat(inline.blocks):
                    yield from _chunks(inner, old, target)
            case _ if hasattr(inline, "inlines"):
                yield from _chunks(inline.inlines, old, target)
            case _:
                pass
