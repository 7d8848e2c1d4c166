"""The lists of both files under numbers that hold together: what one list is on both sides has one number.

Word counts by these numbers. After accepting, the paragraphs of the new file must have the lists they had there, and
after rejecting those of the old file theirs; so an old list takes the number of the new one that it is, if any.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from hashlib import sha256

from lxml import etree

from shishin.redline.reading import NAME, P_PR, START, VAL, Counts, P, canonical, numbers, style_of
from shishin.renderers.word_xml import child, element, w

_NUM, _NUM_ID, _ABSTRACT, _ABSTRACT_ID = w("num"), w("numId"), w("abstractNum"), w("abstractNumId")
_NUM_PR, _LEVEL, _FORM, _BOUND = w("numPr"), w("lvl"), w("numFmt"), w("pStyle")


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists of one file: what kind each number is of, which count, which print nothing, which a style brings."""

    kinds: Mapping[str, str]
    counting: frozenset[str]
    silent: frozenset[str]
    styles: Mapping[str, tuple[str, str]]

    @property
    def counts(self) -> Counts:
        """What a reader of blocks has to know."""
        return {id: (kind, id in self.counting) for id, kind in self.kinds.items()}


def lists_of(numbering: etree._Element, styles: etree._Element) -> Lists:
    """Return the lists that a file defines."""
    abstracts = {node.get(_ABSTRACT_ID, ""): node for node in numbering.findall(_ABSTRACT)}
    looks = {id: _look(node) for id, node in abstracts.items()}
    forms = {id: {form.get(VAL) for form in node.iter(_FORM)} for id, node in abstracts.items()}
    kinds, bases = {}, {}
    for number in numbering.findall(_NUM):
        id, base = number.get(_NUM_ID, ""), _base(number)
        overrides = [canonical(one) for one in number if one.tag != _ABSTRACT_ID]
        kinds[id], bases[id] = f"{looks[base]} {overrides}", base
    return Lists(
        kinds=kinds,
        counting=frozenset(id for id, base in bases.items() if forms[base] - {"bullet", "none"}),
        silent=frozenset(id for id, base in bases.items() if forms[base] == {"none"}),
        styles=_styled(styles),
    )


def _base(number: etree._Element) -> str:
    found = child(number, _ABSTRACT_ID)
    assert found is not None
    return found.get(VAL, "")


def _look(abstract: etree._Element) -> str:
    """Return in short what a list looks like on all its levels, and to which styles it is bound."""
    return sha256(repr([canonical(level) for level in abstract.findall(_LEVEL)]).encode()).hexdigest()


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
    used |= {old.styles[style][0] for style in map(style_of, old_body.iter(P)) if style in old.styles}
    alone = sorted((used & old.kinds.keys()) - renamed.keys(), key=lambda id: (len(id), id))
    renamed |= _added(numbering, old_numbering, alone)
    none = min(new.silent, default="")
    for tree in (old_body, *others):
        for paragraph in tree.iter(P):
            _renumber(paragraph, renamed, old, new, none)


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
    by_place: dict[tuple[str, str], list[str]] = defaultdict(list)
    by_kind: dict[str, list[str]] = defaultdict(list)
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


def _added(numbering: etree._Element, old: etree._Element, ids: Iterable[str]) -> dict[str, str]:
    """Copy old lists into the new numbering and return their new numbers."""
    numbers_ = {one.get(_NUM_ID, ""): one for one in old.findall(_NUM)}
    abstracts = {one.get(_ABSTRACT_ID, ""): one for one in old.findall(_ABSTRACT)}
    there = numbering.findall(_ABSTRACT)
    known = {_look(one): one.get(_ABSTRACT_ID, "") for one in there}
    last = max((int(one.get(_NUM_ID, "0")) for one in numbering.findall(_NUM)), default=0)
    bases: dict[str, str] = {}
    renamed = {}
    for fresh, id in enumerate(ids, last + 1):
        number = deepcopy(numbers_[id])
        base = _base(number)
        if base not in bases:
            bases[base] = known.get(_look(abstracts[base]), "") or _added_abstract(numbering, abstracts[base])
        found = child(number, _ABSTRACT_ID)
        assert found is not None
        found.set(VAL, bases[base])
        number.set(_NUM_ID, str(fresh))
        numbering.append(number)
        renamed[id] = str(fresh)
    return renamed


def _added_abstract(numbering: etree._Element, old: etree._Element) -> str:
    there = numbering.findall(_ABSTRACT)
    fresh = max((int(one.get(_ABSTRACT_ID, "0")) for one in there), default=0) + 1
    abstract = deepcopy(old)
    abstract.set(_ABSTRACT_ID, str(fresh))
    sign = child(abstract, w("nsid"))
    if sign is not None:
        sign.set(VAL, f"5A15{fresh:04X}")
    for bound in list(abstract.iter(_BOUND)):  # a style is bound to one list only: the new one
        bound.getparent().remove(bound)  # type: ignore[union-attr]
    numbering.insert(len(there), abstract)
    return str(fresh)


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
