"""The two files as one package: what the old text refers to is brought into the new file under numbers of its own.

Afterwards the old text can stand inside the new one: its pictures, links, footnotes and lists are there, and what is
the same on both sides has the same number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from copy import deepcopy
from pathlib import PurePosixPath

from lxml import etree

from shishin.redline.reading import Look, canonical
from shishin.renderers.word_xml import R, serialise, w

_REFERENCE, _ID, _TYPE = w("footnoteReference"), w("id"), w("type")


def parse(data: bytes) -> etree._Element:
    """Return a part as a tree."""
    return etree.fromstring(data, etree.XMLParser(huge_tree=True, resolve_entities=False))


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
