"""Read a Word file with tracked changes as it is after accepting or rejecting all: a reader that shares no code.

What is read is what a reader sees: style, level, printed number (Word's counters, played through), indents, letters
with their look, links with their targets, notes with their words, pictures with their bytes, the shape of tables.
Page numbers of fields and what only governs where pages break are left out.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
PAGES = {f"{W}{name}" for name in ("keepNext", "keepLines", "spacing", "rPr", "sectPr", "pStyle", "numPr")}
KANA = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
TENS = "一二三四五六七八九"


def unzip(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}


class Faulty(AssertionError):
    """The file can't be what Word would make of it."""


# ---------------------------------------------------------------- accepting and rejecting


def settled(root: etree._Element, side: str) -> etree._Element:
    """Return a copy with all changes accepted or rejected, as Word does it."""
    root = deepcopy(root)
    drop, keep = ("del", "ins") if side == "accept" else ("ins", "del")
    for row in list(root.iter(f"{W}tr")):
        if row.find(f"{W}trPr/{W}{drop}") is not None:
            row.getparent().remove(row)  # type: ignore[union-attr]
    for table in list(root.iter(f"{W}tbl")):
        if table.find(f"{W}tr") is None:
            table.getparent().remove(table)  # type: ignore[union-attr]
    ended = [p for p in root.iter(f"{W}p") if p.find(f"{W}pPr/{W}rPr/{W}{drop}") is not None]
    for name in (drop, keep):
        for mark in list(root.iter(f"{W}{name}")):
            parent = mark.getparent()
            assert parent is not None
            if name == keep and parent.tag not in (f"{W}rPr", f"{W}trPr"):
                for child in list(mark):
                    mark.addprevious(child)
            parent.remove(mark)
    for node in root.iter(f"{W}delText", f"{W}delInstrText"):
        node.tag = f"{W}t" if node.tag == f"{W}delText" else f"{W}instrText"
    for paragraph in ended:
        _join(paragraph)
    return root


def _join(paragraph: etree._Element) -> None:
    """Let a paragraph without its mark run on into the next."""
    following = paragraph.getnext()
    parent = paragraph.getparent()
    assert parent is not None
    content = [node for node in paragraph if node.tag != f"{W}pPr"]
    if paragraph.find(f"{W}pPr/{W}sectPr") is not None:
        raise Faulty("the end of a section would go")
    if following is not None and following.tag == f"{W}p":
        place = 1 if following.find(f"{W}pPr") is not None else 0
        following[place:place] = content
    elif any(node.tag in (f"{W}r", f"{W}hyperlink") and "".join(node.itertext()) for node in content):
        raise Faulty(f"a paragraph with text loses its end before a table or an end: {''.join(paragraph.itertext())}")
    elif following is None or following.tag == f"{W}sectPr":
        raise Faulty("the last paragraph of a cell or text can't go")
    else:  # before a table: bookmarks go on to the next letter
        after = next(following.iter(f"{W}p"))
        after[1:1] = [node for node in content if node.tag in (f"{W}bookmarkStart", f"{W}bookmarkEnd")]
    parent.remove(paragraph)


# ---------------------------------------------------------------- printed numbers


def _written(form: str, value: int) -> str:
    if form == "decimalFullWidth":
        return "".join(chr(ord(digit) + 0xFEE0) for digit in str(value))
    if form == "aiueoFullWidth":
        return KANA[value - 1]
    if form == "japaneseCounting":
        tens, ones = divmod(value, 10)
        return ("" if tens < 1 else ("" if tens == 1 else TENS[tens - 2 + 1]) + "十") + (TENS[ones - 1] if ones else "")
    if form == "decimalEnclosedCircle":
        return chr(ord("①") + value - 1)
    if form == "lowerLetter":
        return chr(ord("a") + value - 1)
    return str(value)


class Counters:
    """Word's counters: one set per abstract list; a start override counts at the first use of its number."""

    def __init__(self, numbering: bytes) -> None:
        root = etree.fromstring(numbering)
        self.abstracts = {node.get(f"{W}abstractNumId"): node for node in root.findall(f"{W}abstractNum")}
        self.base: dict[str, str] = {}
        self.starts: dict[str, dict[int, int]] = {}
        for number in root.findall(f"{W}num"):
            id = number.get(f"{W}numId", "")
            self.base[id] = number.find(f"{W}abstractNumId").get(f"{W}val")  # type: ignore[union-attr, assignment]
            self.starts[id] = {
                int(one.get(f"{W}ilvl", "0")): int(one.find(f"{W}startOverride").get(f"{W}val"))  # type: ignore[union-attr, arg-type]
                for one in number.findall(f"{W}lvlOverride")
            }
        self.values: dict[str, dict[int, int]] = {}
        self.used: set[tuple[str, int]] = set()

    def next(self, id: str, depth: int) -> str:
        """Return what Word prints for the next paragraph of a list."""
        if id not in self.base:
            raise Faulty(f"no list {id}")
        base = self.base[id]
        levels = {int(one.get(f"{W}ilvl", "0")): one for one in self.abstracts[base].findall(f"{W}lvl")}
        form = self._of(levels[depth], "numFmt")
        text = self._of(levels[depth], "lvlText")
        if form in ("none", "bullet"):
            return text
        counts = self.values.setdefault(base, {})
        if (id, depth) not in self.used and depth in self.starts[id]:
            self.used.add((id, depth))
            counts[depth] = self.starts[id][depth]
        elif depth in counts:
            counts[depth] += 1
        else:
            counts[depth] = self._start(id, levels[depth], depth)
        for below in [one for one in counts if one > depth and self._of(levels[one], "lvlRestart") != "0"]:
            del counts[below]

        def value(found: re.Match[str]) -> str:
            at = int(found[1]) - 1
            return _written(self._of(levels[at], "numFmt"), counts.get(at) or self._start(id, levels[at], at))

        return re.sub("%([1-9])", value, text)

    def _start(self, id: str, level: etree._Element, depth: int) -> int:
        return self.starts[id].get(depth, int(self._of(level, "start") or "1"))

    @staticmethod
    def _of(level: etree._Element, name: str) -> str:
        found = level.find(f"{W}{name}")
        return found.get(f"{W}val", "") if found is not None else ""


# ---------------------------------------------------------------- reading


class File:
    """One Word file, read as clean or after settling its changes."""

    def __init__(self, data: bytes, side: str = "accept") -> None:
        self.parts = unzip(data)
        self.root = settled(etree.fromstring(self.parts["word/document.xml"]), side)
        self.counters = Counters(self.parts["word/numbering.xml"])
        styles = etree.fromstring(self.parts["word/styles.xml"])
        self.styles = {style.get(f"{W}styleId"): style for style in styles.findall(f"{W}style")}
        self.targets = self._relations("document")
        self.note_targets = self._relations("footnotes")
        notes = etree.fromstring(self.parts["word/footnotes.xml"])
        self.notes = {note.get(f"{W}id"): note for note in notes}

    def _relations(self, part: str) -> dict[str, str]:
        found = {}
        for row in etree.fromstring(self.parts[f"word/_rels/{part}.xml.rels"]):
            target = row.get("Target", "")
            data = self.parts.get(f"word/{target}") if row.get("Type", "").endswith("/image") else None
            found[row.get("Id", "")] = target if data is None else hashlib.sha256(data).hexdigest()[:12]
        return found

    def blocks(self) -> list[Any]:
        """Return all blocks of the text."""
        return list(self._blocks(self.root.find(f"{W}body")))  # type: ignore[arg-type]

    def _blocks(self, parent: etree._Element) -> Iterator[Any]:
        for node in parent:
            if node.tag == f"{W}p":
                yield self._paragraph(node)
            elif node.tag == f"{W}tbl":
                yield self._table(node)
            elif node.tag not in (f"{W}sectPr", f"{W}tcPr"):
                raise Faulty(f"{node.tag} among blocks")

    def _paragraph(self, node: etree._Element) -> dict[str, Any]:
        properties = node.find(f"{W}pPr")
        style = self._value(properties, "pStyle")
        others = [self._plain(one) for one in properties if one.tag not in PAGES] if properties is not None else []
        return {
            "style": style,
            "level": self._value(self._style(style), "pPr/outlineLvl"),
            "number": self._number(properties, style),
            "look": others,
            "text": self._joined(self._runs(node, "", self.targets)),
        }

    def _style(self, style: str) -> etree._Element | None:
        return self.styles.get(style)

    def _number(self, properties: etree._Element | None, style: str) -> str:
        found = properties.find(f"{W}numPr") if properties is not None else None
        if found is None:
            named = self._style(style)
            found = named.find(f"{W}pPr/{W}numPr") if named is not None else None
        if found is None:
            return ""
        return self.counters.next(self._value(found, "numId"), int(self._value(found, "ilvl") or "0"))

    def _runs(self, parent: etree._Element, link: str, targets: dict[str, str]) -> Iterator[tuple[str, str]]:
        field: str | None = None
        for node in parent:
            if node.tag == f"{W}hyperlink":
                target = targets.get(node.get(f"{R}id", ""), "") or "#" + node.get(f"{W}anchor", "")
                yield from self._runs(node, target, targets)
            elif node.tag == f"{W}r":
                mark = node.find(f"{W}fldChar")
                if mark is not None:
                    field = {"begin": "", "separate": field, "end": None}[mark.get(f"{W}fldCharType", "")]
                elif field is not None:
                    field += "".join(code.text or "" for code in node.findall(f"{W}instrText"))
                    if node.find(f"{W}instrText") is not None and "PAGEREF" in field:
                        yield f"<{field.strip()}>", link
                    if field.strip().startswith("TOC"):
                        field = None  # its entries are paragraphs like others
                else:
                    yield from self._run(node, link, targets)

    def _run(self, run: etree._Element, link: str, targets: dict[str, str]) -> Iterator[tuple[str, str]]:
        properties = run.find(f"{W}rPr")
        looks = [self._plain(one) for one in properties] if properties is not None else []
        look = " ".join([link, *(one for one in looks if one != "rFonts")]).strip()
        for node in run:
            name = etree.QName(node).localname
            if name in ("t", "noBreakHyphen", "tab", "br"):
                yield {"noBreakHyphen": "‑", "tab": "\t", "br": "\n"}.get(name, node.text or ""), look
            elif name == "footnoteReference":
                note = self.notes[node.get(f"{W}id")]
                words = "/".join(
                    "".join(text for text, _ in self._runs(p, "", self.note_targets)) for p in note.iter(f"{W}p")
                )
                yield f"<note {words}>", look
            elif name == "drawing":
                drawn = [self._plain(one) for one in node.iter("{*}extent")]
                files = [
                    targets[value] for one in node.iter() for key, value in one.attrib.items() if key.startswith(R)
                ]
                yield f"<picture {next(node.iter('{*}docPr')).get('descr')} {drawn} {files}>", look
            elif name == "ruby":
                yield "<ruby " + "|".join(text.text or "" for text in node.iter(f"{W}t")) + ">", look
            elif name not in ("rPr", "footnoteRef", "commentReference", "lastRenderedPageBreak"):
                raise Faulty(f"{name} in a run")

    @staticmethod
    def _joined(runs: Iterator[tuple[str, str]]) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        for text, look in runs:
            if found and found[-1][1] == look:
                found[-1] = (found[-1][0] + text, look)
            elif text:
                found.append((text, look))
        return found

    @staticmethod
    def _plain(node: etree._Element) -> str:
        words = [etree.QName(node).localname]
        words += [f"{etree.QName(key).localname}={node.get(key)}" for key in sorted(node.attrib) if key != f"{W}hint"]
        return ":".join([*words, *(File._plain(one) for one in node)])

    def _table(self, node: etree._Element) -> dict[str, Any]:
        properties = node.find(f"{W}tblPr")
        look = properties.find(f"{W}tblLook")  # type: ignore[union-attr]
        return {
            "table": self._value(properties, "tblStyle"),
            "look": self._plain(look) if look is not None else "",
            "columns": len(node.findall(f"{W}tblGrid/{W}gridCol")),
            "rows": [self._row(row) for row in node.findall(f"{W}tr")],
        }

    def _row(self, row: etree._Element) -> list[Any]:
        head = row.find(f"{W}trPr/{W}tblHeader") is not None
        cells = []
        for cell in row.findall(f"{W}tc"):
            properties = [one for one in cell.find(f"{W}tcPr") if one.tag != f"{W}tcW"]  # type: ignore[union-attr]
            cells.append({"shape": [self._plain(one) for one in properties], "blocks": list(self._blocks(cell))})
        return [head, cells]

    @staticmethod
    def _value(node: etree._Element | None, path: str) -> str:
        found = node.find("/".join(f"{W}{name}" for name in path.split("/"))) if node is not None else None
        return found.get(f"{W}val", "") if found is not None else ""

    def places(self) -> dict[str, str]:
        """Return each bookmark with the text it encloses."""
        open_: dict[str, tuple[str, list[str]]] = {}
        found: dict[str, str] = {}
        for node in self.root.iter():
            if node.tag == f"{W}bookmarkStart":
                open_[node.get(f"{W}id", "")] = (node.get(f"{W}name", ""), [])
            elif node.tag == f"{W}bookmarkEnd":
                name, words = open_.pop(node.get(f"{W}id", ""))
                found[name] = "".join(words)
            elif node.tag == f"{W}t":
                for _, words in open_.values():
                    words.append(node.text or "")
        if open_:
            raise Faulty(f"never closed: {open_}")
        return found


# ---------------------------------------------------------------- what must hold of the file itself


def faults(data: bytes, author: str, date: str) -> Iterator[str]:
    """Yield what is wrong with the tracked changes of a file, whatever they say."""
    parts = unzip(data)
    root = etree.fromstring(parts["word/document.xml"])
    changes = list(root.iter(f"{W}ins", f"{W}del"))
    marks = [*changes, *root.iter(f"{W}bookmarkStart")]
    yield from (f"id twice: {id}" for id, n in Counter(one.get(f"{W}id") for one in marks).items() if n > 1)
    names = Counter(one.get(f"{W}name") for one in root.iter(f"{W}bookmarkStart"))
    yield from (f"bookmark twice: {name}" for name, n in names.items() if n > 1)
    for link in root.iter(f"{W}hyperlink"):
        if link.get(f"{W}anchor") is not None and link.get(f"{W}anchor") not in names:
            yield f"link to nowhere: {link.get(f'{W}anchor')}"
    for one in changes:
        if one.get(f"{W}author") != author or one.get(f"{W}date") != f"{date}T00:00:00Z":
            yield "author or date"
        if one.find(f".//{W}hyperlink") is not None or one.find(f".//{W}ins") is not None:
            yield "a link or change inside a change"
        if one.getparent().tag not in {f"{W}{name}" for name in ("p", "hyperlink", "rPr", "trPr")}:  # type: ignore[union-attr]
            yield f"change in {one.getparent().tag}"  # type: ignore[union-attr]
    for text in root.iter(f"{W}t", f"{W}instrText"):
        if next(text.iterancestors(f"{W}del"), None) is not None:
            yield "deleted text as plain text"
    for text in root.iter(f"{W}delText", f"{W}delInstrText"):
        if next(text.iterancestors(f"{W}del"), None) is None:
            yield "deleted text outside a deletion"
    for text in root.iter(f"{W}t", f"{W}delText"):
        space = text.get("{http://www.w3.org/XML/1998/namespace}space")
        if (text.text or "") != (text.text or "").strip() and space != "preserve":
            yield "space not kept"
    for table in root.iter(f"{W}tbl"):
        if table.getnext() is None or table.getnext().tag == f"{W}tbl":  # type: ignore[union-attr]
            yield "tables touch"
    depth = 0
    for field in root.iter(f"{W}fldChar"):
        depth += {"begin": 1, "end": -1}.get(field.get(f"{W}fldCharType", ""), 0)
        if depth < 0:
            yield "field ends before it begins"
    if depth:
        yield "field never ends"
    drawn = [one.get("id") for one in root.iter("{*}docPr")]
    if len(set(drawn)) != len(drawn):
        yield "drawing id twice"


def difference(one: list[Any], other: list[Any]) -> str:
    """Return where two lists of blocks first differ, "" where they don't."""
    for place, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return f"block {place}:\n  {a}\n  {b}\n before: {one[place - 1] if place else ''}"
    return (
        ""
        if len(one) == len(other)
        else f"{len(one)} and {len(other)} blocks: {one[len(other) :][:2]} {other[len(one) :][:2]}"
    )
