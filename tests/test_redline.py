"""Tracked changes in Word: accepted the new file, rejected the old one — by two readers, by LibreOffice, at random."""

from __future__ import annotations

import json
import random
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from docx_integrity.finding import Severity
from docx_integrity.inspector import check
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

import pairs
import tracked
from sample import SVG, cell, p, sample_document, t
from shishin.document import (
    BulletList,
    Cell,
    Document,
    Figure,
    Footnote,
    Link,
    Note,
    OrderedList,
    Paragraph,
    Section,
    Strong,
    Table,
    Text,
)  # fmt: skip
from shishin.problem import Failure
from shishin.redline import Redlined, redline
from shishin.redline.told import EMPTY_LINE
from shishin.renderers.word import WordRenderer
from shishin.renderers.word_package import pack
from shishin.tools import libreoffice, pandoc
from tracked import W

AUTHOR, DATE = "県の協議会", "2026-11-22"
PAIRS = ("outline", "rebuilt", "rich", "sample")


@cache
def word(document: Document) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return WordRenderer(pages=False).render(document, Path(folder)).files[0].read_bytes()


@cache
def pair(name: str) -> tuple[bytes, bytes]:
    if name == "sample":
        return word(sample_document()), word(changed_sample())
    one = {make.__name__: make for make in pairs.PAIRS}[name]()
    old, new = (pairs.made(tree).composed.document for tree in (one.old, one.new))
    return word(old), word(new)


@cache
def tracked_changes(old: bytes, new: bytes) -> Redlined:
    return redline(old, new, author=AUTHOR, date=DATE)


def changed_sample() -> Document:
    """Return the sample with everything in it changed that can be: see the list in the code."""
    document = sample_document()
    preface, first, second, colophon = document.sections
    task = second.blocks[0].blocks[0]  # type: ignore[union-attr]
    assert isinstance(task, Section)
    _, steps, roles, terms, note, small = task.blocks
    assert isinstance(roles, Table) and isinstance(terms, Table) and isinstance(note, Note)
    changed = replace(task, title=t("入退院支援"), blocks=(
        Paragraph(inlines=(
            Text(text="病院と在宅の間を必ずつなぐ。"), Text(text="抱え込まない"), Text(text="ことが大切である"),
            Footnote(blocks=(p("別の注になった。"),)), Text(text="。"), Footnote(blocks=(p("二つ目の注。"),)),
            Link(url="https://example.org/other", inlines=t("別の頁")),
        )),
        replace(steps, blocks=(OrderedList(items=(  # type: ignore[type-var]
            (p("まず様子を聞く。"),), (p("相談を受け、記録票に書く。"),),
            (p("後方病院に連絡する。"), BulletList(items=((p("電話"),), (p("訪問"),), (p("面談"),)))),
        )),)),
        replace(roles, rows=(roles.rows[0], (cell("保健所", header=True), cell("協力", align="center"), cell("助言する。")), *roles.rows[1:])),
        replace(terms, widths=(0.2, 0.6, 0.2), head=((*terms.head[0], cell("出典", header=True)),),
                rows=((*terms.rows[0], cell("国の手引")),)),
        replace(note, blocks=(*note.blocks, BulletList(items=((p("連絡先を控える。"),),)))),
        small,
    ))  # fmt: skip
    added = Section(
        id="ch-new", item="ch-new", kind="chapter", level=1, number="第2章", title=t("連絡"),
        blocks=(p("新しい章である。"), Figure(id="fig-new", caption=t("新しい図"), number="図表2-1", alt="二つの箱", svg=SVG.replace("県医師会", "市"), width=0.5)),
    )  # fmt: skip
    return replace(document, sections=(
        replace(preface, blocks=(p("この文書について。"), p("改めた。"))), first, added,
        replace(second, number="第3章", blocks=(replace(second.blocks[0], blocks=(changed,)),)),  # type: ignore[type-var]
        replace(colophon, title=t("奥付と連絡先")),
    ))  # fmt: skip


# ---------------------------------------------------------------- the proof


def broken(docx: bytes, old: bytes, new: bytes, *, line: bool = False) -> str:
    """Return the first way in which a file isn't the tracked difference of two; `line`: an empty line was told."""
    try:
        for fault in tracked.faults(docx, AUTHOR, DATE):
            return fault
        for side, clean in (("accept", new), ("reject", old)):
            wanted, found = tracked.File(clean).blocks(), tracked.File(docx, side).blocks()
            if line:
                wanted, found = _without_lines(wanted), _without_lines(found)
            if told := tracked.difference(found, wanted):
                return f"{side}: {told}"
        wanted_places, found_places = tracked.File(new).places(), tracked.File(docx).places()
        for name, text in wanted_places.items():
            if found_places.get(name) != text:
                return f"bookmark {name}: {found_places.get(name)!r}, not {text!r}"
        alone = tracked.File(old).places().keys() - wanted_places.keys()  # the others stand where the new text has them
        if alone - tracked.File(docx, "reject").places().keys():
            return "an old bookmark is lost"
    except (tracked.Faulty, KeyError) as fault:
        return repr(fault)
    return ""


def _without_lines(blocks: list[Any]) -> list[Any]:
    return [block for block in blocks if block.get("style") != "AfterTable" or block["text"]]


def proven(old: bytes, new: bytes) -> Redlined:
    made = tracked_changes(old, new)
    assert broken(made.docx, old, new, line=EMPTY_LINE in made.untracked) == ""
    return made


def integrity(docx: bytes) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "tracked.docx"
        file.write_bytes(docx)
        return [f"{one.code}: {one.message}" for one in check(file) if one.severity is Severity.ERROR]


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize("way", ["forth", "back"])
def test_accepted_it_is_the_new_file_and_rejected_the_old(name: str, way: str) -> None:
    old, new = pair(name) if way == "forth" else pair(name)[::-1]
    made = proven(old, new)
    assert integrity(made.docx) == []


def test_two_files_of_quite_another_shape() -> None:
    proven(pair("sample")[0], pair("outline")[1])
    proven(pair("outline")[1], pair("rich")[0])


@pytest.mark.parametrize("name", ["outline", "rich", "sample"])
def test_a_file_and_itself_differ_in_nothing(name: str) -> None:
    for side in pair(name):
        made = proven(side, side)
        assert made.untracked == ()
        root = etree.fromstring(tracked.unzip(made.docx)["word/document.xml"])
        assert next(root.iter(f"{W}ins", f"{W}del"), None) is None


def test_same_input_same_bytes() -> None:
    assert redline(*pair("rich"), author=AUTHOR, date=DATE) == redline(*pair("rich"), author=AUTHOR, date=DATE)


def test_a_file_that_has_changes_already_is_refused() -> None:
    old, new = pair("sample")
    with pytest.raises(Failure):
        redline(tracked_changes(old, new).docx, new, author=AUTHOR, date=DATE)


# ---------------------------------------------------------------- the proof notices


def without_a_deletion(root: etree._Element) -> None:
    mark = next(one for one in root.iter(f"{W}del") if one.getparent().tag == f"{W}p")  # type: ignore[union-attr]
    mark.getparent().remove(mark)  # type: ignore[union-attr]


def without_a_mark_of_deletion(root: etree._Element) -> None:
    mark = next(one for one in root.iter(f"{W}del") if one.getparent().tag == f"{W}p")  # type: ignore[union-attr]
    for node in mark.iter(f"{W}delText"):
        node.tag = f"{W}t"
    for run in list(mark):
        mark.addprevious(run)
    mark.getparent().remove(mark)  # type: ignore[union-attr]


def with_sides_swapped(root: etree._Element) -> None:
    mark = next(one for one in root.iter(f"{W}ins") if one.getparent().tag == f"{W}p")  # type: ignore[union-attr]
    mark.tag = f"{W}del"
    for node in mark.iter(f"{W}t"):
        node.tag = f"{W}delText"


def without_a_row_mark(root: etree._Element) -> None:
    mark = next(one for one in root.iter(f"{W}ins", f"{W}del") if one.getparent().tag == f"{W}trPr")  # type: ignore[union-attr]
    mark.getparent().remove(mark)  # type: ignore[union-attr]


def without_a_paragraph_mark(root: etree._Element) -> None:
    mark = next(one for one in root.iter(f"{W}ins", f"{W}del") if one.getparent().tag == f"{W}rPr")  # type: ignore[union-attr]
    mark.getparent().remove(mark)  # type: ignore[union-attr]


def without_a_list_entry(root: etree._Element) -> None:
    entry = next(one for one in root.iter(f"{W}p") if one.find(f"{W}pPr/{W}numPr") is not None)
    entry.getparent().remove(entry)  # type: ignore[union-attr]


def without_a_list_number(root: etree._Element) -> None:
    number = [one for one in root.iter(f"{W}numPr") if one.find(f"{W}numId").get(f"{W}val") != "900"][-1]  # type: ignore[union-attr]
    number.getparent().remove(number)  # type: ignore[union-attr]


def with_another_list(root: etree._Element) -> None:
    number = next(one for one in root.iter(f"{W}p") if _style(one) == "ListNumber").find(f"{W}pPr/{W}numPr/{W}numId")
    number.set(f"{W}val", "900")  # type: ignore[union-attr]


def without_a_footnote(root: etree._Element) -> None:
    mark = next(root.iter(f"{W}footnoteReference"))
    mark.getparent().remove(mark)  # type: ignore[union-attr]


def with_another_style(root: etree._Element) -> None:
    style = next(one for one in root.iter(f"{W}pStyle") if one.get(f"{W}val") == "Heading3")
    style.set(f"{W}val", "Heading4")


def without_bold(root: etree._Element) -> None:
    mark = next(root.iter(f"{W}b"))
    mark.getparent().remove(mark)  # type: ignore[union-attr]


def without_a_link(root: etree._Element) -> None:
    link = next(one for one in root.iter(f"{W}hyperlink") if next(one.iter(f"{W}t"), None) is not None)
    for node in list(link):
        link.addprevious(node)
    link.getparent().remove(link)  # type: ignore[union-attr]


def with_an_id_twice(root: etree._Element) -> None:
    one, other, *_ = root.iter(f"{W}ins")
    other.set(f"{W}id", one.get(f"{W}id", ""))


def without_a_space(root: etree._Element) -> None:
    text = next(one for one in root.iter(f"{W}t") if " " in (one.text or ""))
    text.text = (text.text or "").replace(" ", "")


def with_a_cell_less(root: etree._Element) -> None:
    found = next(root.iter(f"{W}tc"))
    found.getparent().remove(found)  # type: ignore[union-attr]


def _style(paragraph: etree._Element) -> str:
    found = paragraph.find(f"{W}pPr/{W}pStyle")
    return found.get(f"{W}val", "") if found is not None else ""


FAULTS: tuple[Callable[[etree._Element], None], ...] = (
    without_a_deletion, without_a_mark_of_deletion, with_sides_swapped, without_a_row_mark, without_a_paragraph_mark,
    without_a_list_entry, without_a_list_number, with_another_list, without_a_footnote, with_another_style, without_bold,
    without_a_link, with_an_id_twice, without_a_space, with_a_cell_less,
)  # fmt: skip


@pytest.mark.parametrize("plant", FAULTS, ids=lambda plant: plant.__name__)
def test_the_proof_notices(plant: Callable[[etree._Element], None]) -> None:
    old, new = pair("sample")
    parts = tracked.unzip(tracked_changes(old, new).docx)
    root = etree.fromstring(parts["word/document.xml"])
    plant(root)
    docx = pack({**parts, "word/document.xml": etree.tostring(root)})
    assert broken(docx, old, new, line=True) != ""


# ---------------------------------------------------------------- pandoc


def ast(docx: bytes, side: str = "accept") -> list[Any]:
    """Return pandoc's blocks. It knows no row marks, so rows are settled before, and forgets what bookmarks it wants."""
    parts = tracked.unzip(docx)
    root = etree.fromstring(parts["word/document.xml"])
    drop = "del" if side == "accept" else "ins"
    for row in list(root.iter(f"{W}tr")):
        if row.find(f"{W}trPr/{W}{drop}") is not None:
            row.getparent().remove(row)  # type: ignore[union-attr]
    for table in list(root.iter(f"{W}tbl")):
        if table.find(f"{W}tr") is None:
            table.getparent().remove(table)  # type: ignore[union-attr]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "file.docx"
        file.write_bytes(pack({**parts, "word/document.xml": etree.tostring(root)}))
        command = [str(pandoc.program()), f"--track-changes={side}", "-f", "docx+styles", "-t", "json", str(file)]
        done = subprocess.run(command, capture_output=True, check=True)
    found = _plain(json.loads(done.stdout)["blocks"])
    assert isinstance(found, list)
    return found


def _plain(node: Any) -> Any:
    """Return pandoc's tree without names of places, pictures' files, and what holds nothing; texts in one piece.

    pandoc leaves an empty heading or list entry where such a paragraph is deleted, and makes figures and captions
    of neighbours: both are undone here, on all sides alike.
    """
    if isinstance(node, dict):
        kind, held = node.get("t"), node.get("c")
        if kind == "Image":
            return {"t": "Image", "c": [_plain(held[1])]}
        if kind == "ColWidth":
            return {"t": kind}  # told, not tracked
        if kind in ("Header", "Div", "Span", "Link", "Table", "Cell", "Row"):
            held = [["", *one[1:]] if _names(one) else one for one in held]
        if kind in ("Para", "Plain"):
            return {"t": "Para", "c": _trimmed(_plain(held))}
        return {"t": kind, "c": _plain(held)} if kind else {key: _plain(value) for key, value in node.items()}
    if not isinstance(node, list):
        return node
    found: list[Any] = []
    for one in (flat for inner in node for flat in _flat(inner)):
        _append(found, _plain(one))
    return found


def _trimmed(inlines: list[Any]) -> list[Any]:
    """Return inlines without the spaces that pandoc sets where it joins two paragraphs."""
    found = list(inlines)
    for end in (0, -1):
        if found and found[end]["t"] == "Str":
            words = found[end]["c"].strip(" ") if len(found) == 1 else found[end]["c"]
            words = words.lstrip(" ") if end == 0 else words.rstrip(" ")
            found[end : end + 1 or None] = [{"t": "Str", "c": words}] if words else []
    return found


def _names(one: Any) -> bool:
    return isinstance(one, list) and len(one) == 3 and isinstance(one[0], str) and isinstance(one[1], list)


def _flat(node: Any) -> list[Any]:
    kind = node.get("t") if isinstance(node, dict) else ""
    if kind == "Figure":
        attributes, (_, caption), blocks = node["c"]
        return [{"t": "Div", "c": [attributes, [{"t": "Para", "c": one["c"]} for one in blocks]]}, *caption]
    if kind == "Table" and node["c"][1][1]:
        caption = node["c"][1][1]
        return [*caption, {"t": "Table", "c": [node["c"][0], [None, []], *node["c"][2:]]}]
    if kind in ("Space", "SoftBreak"):
        return [{"t": "Str", "c": " "}]
    return [node]


def _append(found: list[Any], one: Any) -> None:
    kind = one.get("t") if isinstance(one, dict) else ""
    last = found[-1] if found and isinstance(found[-1], dict) else {}
    if kind in ("Span", "Link", "Div", "Header") and one["c"][-1 if kind in ("Div", "Header", "Span") else 1] == []:
        return
    if kind in ("Para", "Plain", "BulletList", "Strong", "Emph") and one["c"] == []:
        return
    if kind == "OrderedList" and one["c"][1] == []:
        return
    if kind in ("BulletList", "OrderedList"):
        entries = [entry for entry in (one["c"] if kind == "BulletList" else one["c"][1]) if entry]
        one = {"t": kind, "c": entries if kind == "BulletList" else [one["c"][0], entries]}
        if not entries:
            return
    if kind == "Link" and one["c"][2][0].startswith("#"):  # pandoc makes names of its own for headings
        one = {"t": kind, "c": [*one["c"][:2], ["#", ""]]}
    before = found[-2] if len(found) > 1 and isinstance(found[-2], dict) else {}
    if kind == "Span" == before.get("t") and last == {"t": "Str", "c": " "} and before["c"][0] == one["c"][0]:
        found[-2:] = [{"t": kind, "c": [one["c"][0], _plain([*before["c"][1], last, *one["c"][1]])]}]
        return
    if kind == "Div" and one["c"][0][2] in ([["custom-style", "Title"]], [["custom-style", "Subtitle"]]):
        return  # at the head of a text they are no blocks for pandoc
    if kind == "Span" and one["c"][0] == ["", [], []]:
        for inner in one["c"][1]:
            _append(found, inner)
    elif kind == last.get("t") == "Str":
        found[-1] = {"t": "Str", "c": last["c"] + one["c"]}
    elif kind == last.get("t") and kind in ("BulletList", "Strong", "Emph"):
        found[-1] = {"t": kind, "c": _plain([*last["c"], *one["c"]])}
    elif kind == last.get("t") == "Link" and last["c"][2] == one["c"][2]:
        found[-1] = {"t": kind, "c": [last["c"][0], _plain([*last["c"][1], *one["c"][1]]), one["c"][2]]}
    elif kind == last.get("t") == "Span" and last["c"][0] == one["c"][0]:
        found[-1] = {"t": kind, "c": [last["c"][0], _plain([*last["c"][1], *one["c"][1]])]}
    else:
        found.append(one)


@pytest.mark.parametrize("name", PAIRS)
def test_pandoc_accepts_and_rejects_to_the_same_blocks(name: str) -> None:
    old, new = pair(name)
    made = tracked_changes(old, new)
    for side, clean in (("accept", new), ("reject", old)):
        found, wanted = ast(made.docx, side), ast(clean)
        for one, other in zip(found, wanted, strict=False):
            assert one == other
        assert len(found) == len(wanted)


# ---------------------------------------------------------------- LibreOffice


@pytest.mark.parametrize("name", ["outline", "rich"])
def test_libreoffice_opens_it_with_the_same_changes(name: str) -> None:
    old, new = pair(name)
    saved = libreoffice.convert(tracked_changes(old, new).docx, "docx", "docx")
    assert saved is not None
    for side, clean in (("accept", new), ("reject", old)):
        assert texts(saved, side) == texts(clean, "accept")


def texts(docx: bytes, side: str) -> list[str]:
    """Return the paragraphs of a file, without readings of letters, empty lines and the numbers that fields show."""
    root = tracked.settled(etree.fromstring(tracked.unzip(docx)["word/document.xml"]), side)
    found = []
    for paragraph in root.iter(f"{W}p"):
        words = ""
        for node in paragraph.iter(f"{W}t", f"{W}noBreakHyphen"):
            if next(node.iterancestors(f"{W}rt"), None) is None:
                words += "-" if node.tag != f"{W}t" else (node.text or "")
        found.append(words.replace("\u2011", "-"))
    return [words for words in found if words]


# ---------------------------------------------------------------- at random


class Editor:
    """Edits a document at random; ids stay unique."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.made = 0

    def document(self, document: Document) -> Document:
        return replace(document, sections=tuple(self.blocks(document.sections, outer=True)))  # type: ignore[arg-type]

    def blocks(self, blocks: tuple[Any, ...], *, outer: bool = False) -> Iterator[Any]:
        found = [self.block(block) for block in blocks]
        sections = [one for one in found if isinstance(one, Section)]
        others = [one for one in found if not isinstance(one, Section)]
        for _ in range(self.chance.choice((0, 0, 0, 1, 2))):
            action = self.chance.randrange(4)
            if action == 0 and len(others) > 1:
                others.pop(self.chance.randrange(len(others)))
            elif action == 1 and others:
                others.append(others.pop(self.chance.randrange(len(others))))
            elif action == 2 and not outer:
                others.insert(self.chance.randint(0, len(others)), self.fresh())
            elif action == 3 and len(sections) > 1 and not outer:
                sections.pop(self.chance.randrange(len(sections)))
        yield from others
        yield from sections

    def fresh(self) -> Any:
        self.made += 1
        return self.chance.choice((
            p(f"新しい段落{self.made}である。"),
            BulletList(items=((p("一つ目"),), (p(f"追加{self.made}"),))),
            OrderedList(items=((p("聞く。"),), (p(f"書く{self.made}。"),))),
            Note(title=t("注意"), blocks=(p("急がない。"), OrderedList(items=((p("待つ。"),),)))),
            Table(id="", caption=(), number="", widths=(0.5, 0.5), head=(), rows=((cell("左"), cell(f"右{self.made}")),)),
            Paragraph(inlines=(Text(text="注のある文"), Footnote(blocks=(p(f"注{self.made}"),)), Strong(inlines=t("強い語")))),
            Figure(id=f"fig-{self.made}-{self.chance.randrange(10**6)}", caption=t("図"), number="", alt="図", svg=SVG.replace("県医師会", f"図{self.made}"), width=0.4),
        ))  # fmt: skip

    def block(self, block: Any) -> Any:
        match block:
            case Paragraph():
                return replace(block, inlines=self.inlines(block.inlines))
            case BulletList() | OrderedList():
                items = [tuple(self.blocks(item)) for item in block.items]
                return replace(block, items=tuple(self.shaken(items)))
            case Note():
                looks = (block.look, block.look, "note", "caution")
                return replace(block, blocks=tuple(self.blocks(block.blocks)), look=self.chance.choice(looks))
            case Table():
                return self.table(block)
            case Section():
                blocks = tuple(self.blocks(block.blocks)) if block.blocks else ()
                return replace(block, title=self.inlines(block.title), blocks=blocks)
        return block

    def table(self, table: Table) -> Table:
        rows = [tuple(replace(one, blocks=tuple(self.blocks(one.blocks))) for one in row) for row in table.rows]
        if self.chance.random() < 0.2 and all(one.columns == 1 for row in (*table.head, *rows) for one in row):
            count = len(table.widths) + 1
            more: Callable[[tuple[Cell, ...]], tuple[Cell, ...]] = lambda row: (*row, cell("欄"))  # noqa: E731
            return replace(
                table, widths=(1 / count,) * count, head=tuple(map(more, table.head)), rows=tuple(map(more, rows))
            )
        return replace(table, rows=tuple(self.shaken(rows)))

    def shaken(self, rows: list[Any]) -> list[Any]:
        action = self.chance.randrange(8)
        if action == 0 and len(rows) > 1:
            rows.pop(self.chance.randrange(len(rows)))
        elif action == 1:
            rows.insert(self.chance.randint(0, len(rows)), self.without_places(self.chance.choice(rows)))
        elif action == 2:
            self.chance.shuffle(rows)
        return rows

    def without_places(self, row: Any) -> Any:
        if row and isinstance(row[0], Cell):
            return tuple(replace(one, blocks=(p(f"写し{self.made}"),)) for one in row)
        return (p(f"写し{self.made}"),)

    def inlines(self, inlines: tuple[Any, ...]) -> tuple[Any, ...]:
        if self.chance.random() < 0.6:
            return inlines
        return tuple(
            replace(one, text=self.text(one.text)) if isinstance(one, Text) and one.text else one for one in inlines
        )

    def text(self, text: str) -> str:
        at = self.chance.randrange(len(text))
        return self.chance.choice(
            (text[:at] + "新しく" + text[at:], text[:at] + text[at + 1 :] + "。", "全く別の文とした。", text)
        )


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10**9))
def test_any_edit_of_a_document_can_be_accepted_and_rejected(seed: int) -> None:
    chance = random.Random(seed)
    old = Editor(chance).document(sample_document())
    new = Editor(chance).document(old)
    proven(word(old), word(new))


# ---------------------------------------------------------------- what can't be tracked


def test_what_is_not_tracked_stands_on_the_cover() -> None:
    old, new = pair("outline")
    made = tracked_changes(old, new)
    parts = tracked.unzip(made.docx)
    comments = etree.fromstring(parts["word/comments.xml"])
    said = ["".join(text.text or "" for text in one.iter(f"{W}t")) for one in comments.iter(f"{W}p")]
    assert said[1:] == [words.ja for words in made.untracked]
    assert comments[0].get(f"{W}author") == AUTHOR
    root = etree.fromstring(parts["word/document.xml"])
    marked = next(root.iter(f"{W}commentRangeStart")).getparent()
    assert marked is not None and _style(marked) == "Title"
    assert any(re.search("構成案（令和元年11月6日）.*構成案（令和2年2月時点）", one) for one in said)


def test_a_table_of_another_shape_is_told() -> None:
    told = [words.ja for words in tracked_changes(*pair("sample")).untracked]
    assert "表「図表2-2　用語」は形が変わったため、全体を削除と追加で示す。" in told
