"""The two files as one package: what the old text refers to is brought into the new file under numbers of its own.

Afterwards the old text can stand inside the new one: its pictures, links, footnotes and lists are there, and what is
the same on both sides has the same number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import PurePosixPath

from lxml import etree

from shishin.redline.reading import (
    NAME,
    P_PR,
    START,
    VAL,
    Counts,
    Look,
    P,
    canonical,
    numbers,
    style_of,
)  # fmt: skip
from shishin.renderers.word_xml import R, child, element, serialise, w

_NUM, _NUM_ID, _ABSTRACT, _ABSTRACT_ID = w("num"), w("numId"), w("abstractNum"), w("abstractNumId")
_NUM_PR, _REFERENCE, _ID, _TYPE = w("numPr"), w("footnoteReference"), w("id"), w("type")


def parse(data: bytes) -> etree._Element:
    """Return a part as a tree without the white space between elements."""
    root = etree.fromstring(data, etree.XMLParser(huge_tree=True, resolve_entities=False))
    for node in root.iter():
        node.tail = None
    return root


# ---------------------------------------------------------------- relations: links and pictures


def adopt_relations(old: Mapping[str, bytes], new: dict[str, bytes], part: str, tree: etree._Element) -> None:
    """Bring the links and pictures of a part of the old file into the new one; `tree` is the old part."""
    name = f"word/_rels/{part}.xml.rels"
    if name not in old or name not in new:
        return
    there = etree.fromstring(new[name])
    known = {_target(row, new): row.get("Id", "") for row in there}
    taken = {row.get("Id") for row in there}
    renamed: dict[str, str] = {}
    for row in etree.fromstring(old[name]):
        if not row.get("Type", "").endswith(("/hyperlink", "/image")):
            continue
        target = _target(row, old)
        if target not in known:
            number = next(count for count in range(1, 1 << 30) if f"rIdOld{count}" not in taken)
            copy = deepcopy(row)
            copy.set("Id", f"rIdOld{number}")
            if isinstance(target[1], bytes):
                file = PurePosixPath("media", f"old{number}{PurePosixPath(row.get('Target', '')).suffix}")
                new[f"word/{file}"] = target[1]
                copy.set("Target", str(file))
            there.append(copy)
            known[target] = f"rIdOld{number}"
            taken.add(known[target])
        renamed[row.get("Id", "")] = known[target]
    for node in tree.iter():
        for key, value in node.attrib.items():
            if str(key).startswith(f"{{{R}}}") and value in renamed:
                node.set(key, renamed[value])
    new[name] = serialise(there)


def _target(row: etree._Element, parts: Mapping[str, bytes]) -> tuple[str, str | bytes]:
    target = row.get("Target", "")
    return row.get("Type", ""), parts.get(f"word/{target}", target) if row.get("Type", "").endswith(
        "/image"
    ) else target


# ---------------------------------------------------------------- footnotes


def adopt_footnotes(notes: etree._Element, old: etree._Element, body: etree._Element) -> None:
    """Add the old notes that the new file lacks to `notes`; the references in the old body follow."""
    free: dict[Look, list[str]] = defaultdict(list)
    for note in notes:
        free[_words(note)].append(note.get(_ID, ""))
    renamed: dict[str, str] = {}
    last = max((int(note.get(_ID, "0")) for note in notes), default=0)
    for note in list(old):
        id = note.get(_ID, "")
        if note.get(_TYPE) is not None:
            continue
        if free[_words(note)]:
            renamed[id] = free[_words(note)].pop(0)
        else:
            last += 1
            renamed[id] = str(last)
            note.set(_ID, renamed[id])
            notes.append(note)
    for mark in body.iter(_REFERENCE):
        mark.set(_ID, renamed.get(mark.get(_ID, ""), mark.get(_ID, "")))


def _words(note: etree._Element) -> Look:
    return tuple(canonical(node) for node in note)


# ---------------------------------------------------------------- lists


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists of one file: what each number stands for, whether it counts, and which list a style brings."""

    kinds: Mapping[str, Look]
    counting: Mapping[str, bool]
    styles: Mapping[str, tuple[str, str]]

    @property
    def counts(self) -> Counts:
        """What a reader of blocks has to know."""
        return {id: (repr(self.kinds[id]), self.counting[id]) for id in self.kinds}


def lists_of(numbering: etree._Element, styles: etree._Element) -> Lists:
    """Return the lists that a file defines."""
    abstracts = {node.get(_ABSTRACT_ID, ""): node for node in numbering.findall(_ABSTRACT)}
    kinds, counting = {}, {}
    for number in numbering.findall(_NUM):
        base, id = child(number, _ABSTRACT_ID), number.get(_NUM_ID, "")
        assert base is not None
        abstract = abstracts[base.get(VAL, "")]
        overrides = tuple(canonical(one) for one in number if one.tag != _ABSTRACT_ID)
        kinds[id] = (_levels(abstract), overrides)
        counting[id] = any(form.get(VAL) not in ("bullet", "none") for form in abstract.iter(w("numFmt")))
    return Lists(kinds, counting, _styled(styles))


def _levels(abstract: etree._Element) -> Look:
    return tuple(canonical(level) for level in abstract if level.tag == w("lvl"))


def _styled(styles: etree._Element) -> dict[str, tuple[str, str]]:
    found = {}
    for style in styles.findall(w("style")):
        number = style.find(f"{P_PR}/{_NUM_PR}")
        if number is not None:
            found[style.get(w("styleId"), "")] = numbers(number)
    return found


def adopt_lists(
    numbering: etree._Element, new: Lists, body: etree._Element, old_numbering: etree._Element, old: Lists,
    others: Iterable[etree._Element], old_body: etree._Element,
) -> None:  # fmt: skip
    """Give the old paragraphs list numbers of the new file: that of the same list, or one added for an old list alone.

    `numbering` is the new file's and grows; `others` are the old notes, whose lists go along.
    """
    renamed = _same_lists(_used(old_body, old), _used(body, new), old, new)
    used = {numbers(one)[0] for tree in (old_body, *others) for one in tree.iter(_NUM_PR)}
    bound = {old.styles[style][0] for style in map(style_of, old_body.iter(P)) if style in old.styles}
    for id in sorted((used | bound) - renamed.keys(), key=lambda id: (len(id), id)):
        if id in old.kinds:
            renamed[id] = _added(numbering, old_numbering, id)
    none = next((id for id, kind in sorted(new.kinds.items()) if not new.counting[id] and _silent(kind)), "")
    for tree in (old_body, *others):
        for paragraph in tree.iter(P):
            _renumber(paragraph, renamed, old, new, none)


def _silent(kind: Look) -> bool:
    return "'none'" in repr(kind)


def _used(body: etree._Element, lists: Lists) -> dict[str, tuple[str, list[str]]]:
    """Return the lists in their order, each with the place where it begins and the texts of its entries."""
    found: dict[str, tuple[str, list[str]]] = {}
    place = ""
    for paragraph in body.iter(P):
        for mark in paragraph.iter(START):
            place = mark.get(NAME, "")
        properties = child(paragraph, P_PR)
        number = child(properties, _NUM_PR) if properties is not None else None
        id = numbers(number)[0] if number is not None else lists.styles.get(style_of(paragraph), ("", ""))[0]
        if id in lists.kinds:
            found.setdefault(id, (place, []))[1].append("".join(text.text or "" for text in paragraph.iter(w("t"))))
    return found


def _same_lists(
    old: Mapping[str, tuple[str, list[str]]], new: Mapping[str, tuple[str, list[str]]], olds: Lists, news: Lists
) -> dict[str, str]:
    """Return which old list is which new one: alike in kind, and in place or words."""
    by_place: dict[tuple[Look, str], list[str]] = defaultdict(list)
    by_kind: dict[Look, list[str]] = defaultdict(list)
    for id, (place, _) in new.items():
        by_place[news.kinds[id], place].append(id)
        by_kind[news.kinds[id]].append(id)
    candidates = []
    for order, (id, (place, words)) in enumerate(old.items()):
        kind, mine = olds.kinds[id], set(words)
        here = by_place[kind, place]
        for rank, other in enumerate(here):
            candidates.append((-len(mine & set(new[other][1])), abs(rank), order, id, other))
        if not here and len(by_kind[kind]) == 1:
            candidates.append((0, 0, order, id, by_kind[kind][0]))
    renamed: dict[str, str] = {}
    taken: set[str] = set()
    for *_, id, other in sorted(candidates):
        if id not in renamed and other not in taken:
            renamed[id] = other
            taken.add(other)
    return renamed


def _added(numbering: etree._Element, old: etree._Element, id: str) -> str:
    """Copy an old list into the new numbering and return its new number."""
    number = deepcopy(next(one for one in old.findall(_NUM) if one.get(_NUM_ID) == id))
    base = child(number, _ABSTRACT_ID)
    assert base is not None
    abstract = next(one for one in old.findall(_ABSTRACT) if one.get(_ABSTRACT_ID) == base.get(VAL))
    there = {one.get(_ABSTRACT_ID, ""): one for one in numbering.findall(_ABSTRACT)}
    same = next(
        (
            name
            for name, one in there.items()
            if _levels(one) == _unbound(abstract) or _levels(one) == _levels(abstract)
        ),
        "",
    )
    if not same:
        same = str(max(map(int, there), default=0) + 1)
        abstract = deepcopy(abstract)
        abstract.set(_ABSTRACT_ID, same)
        sign = child(abstract, w("nsid"))
        if sign is not None:
            sign.set(VAL, f"5A15{int(same):04X}"[:8])
        for binding in list(abstract.iter(w("pStyle"))):  # a style is bound to one list only: the new one
            parent = binding.getparent()
            assert parent is not None
            parent.remove(binding)
        numbering.insert(len(there), abstract)
    base.set(VAL, same)
    fresh = str(max(int(one.get(_NUM_ID, "0")) for one in numbering.findall(_NUM)) + 1)
    number.set(_NUM_ID, fresh)
    numbering.append(number)
    return fresh


def _unbound(abstract: etree._Element) -> Look:
    copy = deepcopy(abstract)
    for binding in list(copy.iter(w("pStyle"))):
        binding.getparent().remove(binding)  # type: ignore[union-attr]
    return _levels(copy)


def _renumber(paragraph: etree._Element, renamed: Mapping[str, str], old: Lists, new: Lists, none: str) -> None:
    properties = child(paragraph, P_PR)
    number = child(properties, _NUM_PR) if properties is not None else None
    style = style_of(paragraph)
    if number is not None:
        id = child(number, _NUM_ID)
        if id is not None:
            id.set(VAL, renamed.get(id.get(VAL, ""), id.get(VAL, "")))
        return
    bound = old.styles.get(style)
    wanted = (renamed[bound[0]], bound[1]) if bound is not None and bound[0] in renamed else None
    if properties is None or wanted == new.styles.get(style):
        return
    # The style brings another list in the new file: the old paragraph names its own.
    id_, depth = wanted or (none, "0")
    if id_:
        mark = element(f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{id_}"/></w:numPr>')
        place = sum(1 for one in properties if one.tag in (w("pStyle"), w("keepNext"), w("keepLines")))
        properties.insert(place, mark)
