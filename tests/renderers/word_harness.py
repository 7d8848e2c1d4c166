"""Read a Word file back without the renderer's code, and tell everything that is wrong with it."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from docx_integrity.finding import Severity
from docx_integrity.inspector import check
from lxml import etree

from shishin.document import (
    Anchor,
    Block,
    BulletList,
    CodeText,
    Document,
    Emphasis,
    Figure,
    Footnote,
    Inline,
    Inserted,
    LineBreak,
    Link,
    Note,
    OrderedList,
    PageOf,
    Paragraph,
    Quote,
    Reference,
    Removed,
    Ruby,
    Rule,
    Section,
    Small,
    Strong,
    Table,
    Text,
    Underlined,
)
from shishin.renderers.word_xml import bookmark

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

# The order in which the standard wants the children of these elements (ISO/IEC 29500-1, wml.xsd).
ORDERS = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
    "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd "
    "snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment "
    "textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid "
    "vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em "
    "lang eastAsianLayout specVanish oMath",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing "
    "tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark",
    "sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType "
    "pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid printerSettings",
    "lvl": "start numFmt lvlRestart pStyle isLgl suff lvlText lvlPicBulletId legacy lvlJc pPr rPr",
    "numbering": "numPicBullet abstractNum num numIdMacAtCleanup",
    "style": "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat locked "
    "personal personalCompose personalReply rsid pPr rPr tblPr trPr tcPr tblStylePr",
}


# ---------------------------------------------------------------- what the document says


def wanted(document: Document) -> tuple[list[str], list[str]]:
    """Return the paragraphs of the text and those of the footnotes, as the document has them."""
    cover = document.cover
    labels = dict(document.labels)
    first = [
        cover.paper_number,
        labels.get("draft", "") if document.layout == "book" else "",
        cover.meeting,
        cover.meeting_date,
    ]
    first += [cover.title, cover.subtitle, cover.edition]
    first += [labels.get("as_of", "") + cover.as_of, cover.publisher, cover.notice]
    notes: list[str] = []
    texts = [text for text in first if text]
    for section in document.sections:
        texts += _block(section, notes)
    return [squeezed(text) for text in texts if text.strip()], [squeezed(note) for note in notes]


def squeezed(text: str) -> str:
    return re.sub(r"[ \u3000]", "", text)


def _block(block: Block, notes: list[str]) -> Iterator[str]:
    match block:
        case Paragraph(inlines=inlines):
            yield _inlines(inlines, notes)
        case BulletList(items=items) | OrderedList(items=items):
            for item in items:
                yield from _all(item, notes)
        case Table():
            yield block.number + _inlines(block.caption, notes)
            for row in (*block.head, *block.rows):
                for cell in row:
                    yield from _all(cell.blocks, notes)
            yield _inlines(block.note, notes)
        case Figure():
            yield block.number + _inlines(block.caption, notes)
            yield _inlines(block.note, notes)
        case Quote(blocks=blocks):
            yield from _all(blocks, notes)
        case Note(title=title, blocks=blocks) | Section(title=title, blocks=blocks):
            yield _inlines(title, notes)
            yield from _all(blocks, notes)
        case Rule():
            pass


def _all(blocks: tuple[Block, ...], notes: list[str]) -> Iterator[str]:
    for block in blocks:
        yield from _block(block, notes)


def _inlines(inlines: tuple[Inline, ...], notes: list[str]) -> str:
    text = ""
    for inline in inlines:
        match inline:
            case Text(text=words) | CodeText(text=words):
                text += words
            case Ruby(base=base, reading=reading):
                text += reading + base
            case Footnote(blocks=blocks):
                notes += _all(blocks, notes)
            case LineBreak() | PageOf():
                pass
            case (
                Emphasis(inlines=inner)
                | Strong(inlines=inner)
                | Link(inlines=inner)
                | Reference(inlines=inner)
                | Anchor(inlines=inner)
                | Small(inlines=inner)
                | Inserted(inlines=inner)
                | Removed(inlines=inner)
                | Underlined(inlines=inner)
            ):
                text += _inlines(inner, notes)
    return text


def places(document: Document) -> dict[str, str]:
    """Return every anchor with the text that its bookmark must enclose."""
    found: dict[str, str] = {}

    def look(block: Block) -> None:
        match block:
            case Section() if block.title:  # one without a title prints nothing to mark
                found[block.id] = squeezed("".join(_block(block, [])))
            case Table() | Figure() if block.id and (block.caption or block.number):
                found[block.id] = squeezed(block.number + _inlines(block.caption, []))
            case Table() if block.id:
                first = (*block.head, *block.rows)[0][0].blocks[0]
                found[block.id] = squeezed("".join(_block(first, [])))
            case _:
                pass

    def marks(value: object) -> None:
        if isinstance(value, Anchor):
            found[value.id] = squeezed(_inlines(value.inlines, []))
        if isinstance(value, tuple):
            for one in value:
                marks(one)
        elif hasattr(type(value), "__dataclass_fields__"):
            if isinstance(value, Block):  # type: ignore[arg-type, misc]
                look(value)  # type: ignore[arg-type]
            for name in type(value).__dataclass_fields__:
                marks(getattr(value, name))

    marks(document.sections)
    return found


# ---------------------------------------------------------------- what the file says


def parts_of(data: bytes) -> dict[str, bytes]:
    import io

    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert file.testzip() is None
        return {name: file.read(name) for name in file.namelist()}


def body_of(parts: dict[str, bytes]) -> etree._Element:
    return etree.fromstring(parts["word/document.xml"])


def style_of(paragraph: etree._Element) -> str:
    found = paragraph.find(f"{W}pPr/{W}pStyle")
    return found.get(f"{W}val", "") if found is not None else ""


def said(root: etree._Element) -> tuple[list[str], dict[str, str]]:
    """Return the paragraphs of a part, without contents and page numbers, and the text in each bookmark."""
    texts: list[str] = []
    open_marks: dict[str, str] = {}
    inside: dict[str, list[str]] = {}
    closed: dict[str, str] = {}
    in_field, in_contents = False, False
    for node in root.iter():
        if node.tag == f"{W}p":
            in_contents = style_of(node).startswith("TOC")
            texts.append("")
        elif node.tag == f"{W}fldChar":
            in_field = {"separate": True, "end": False}.get(node.get(f"{W}fldCharType", ""), in_field)
        elif node.tag == f"{W}bookmarkStart":
            open_marks[node.get(f"{W}id", "")] = node.get(f"{W}name", "")
            inside[node.get(f"{W}id", "")] = []
        elif node.tag == f"{W}bookmarkEnd":
            number = node.get(f"{W}id", "")
            closed[open_marks.pop(number, "?")] = squeezed("".join(inside.pop(number, [])))
        elif node.tag in (f"{W}t", f"{W}noBreakHyphen") and not in_field and not in_contents:
            text = "-" if node.tag == f"{W}noBreakHyphen" else node.text or ""
            texts[-1] += text
            for words in inside.values():
                words.append(text)
    for name in open_marks.values():
        closed[name] = "never closed"
    return [squeezed(text) for text in texts if squeezed(text)], closed


def faults(document: Document, data: bytes) -> list[str]:
    """Return everything that is wrong with the file as a copy of the document."""
    parts = parts_of(data)
    root = body_of(parts)
    return [
        *_text_faults(document, parts, root),
        *_bookmark_faults(document, root),
        *_structure_faults(parts, root),
        *_checker_faults(data),
    ]


def _text_faults(document: Document, parts: dict[str, bytes], root: etree._Element) -> Iterator[str]:
    texts, notes = wanted(document)
    found = said(root)[0]
    found_notes = said(etree.fromstring(parts["word/footnotes.xml"]))[0]
    for kind, one, other in (("text", texts, found), ("footnotes", notes, found_notes)):
        if one != other:
            lost, more = Counter(one) - Counter(other), Counter(other) - Counter(one)
            order = "" if lost or more else "order differs"
            yield f"{kind}: lost {list(lost)} more {list(more)} {order}"


def _bookmark_faults(document: Document, root: etree._Element) -> Iterator[str]:
    names = [mark.get(f"{W}name", "") for mark in root.iter(f"{W}bookmarkStart")]
    numbers = [mark.get(f"{W}id", "") for mark in root.iter(f"{W}bookmarkStart")]
    ends = [mark.get(f"{W}id", "") for mark in root.iter(f"{W}bookmarkEnd")]
    yield from (f"bookmark twice: {name}" for name, count in Counter(names).items() if count > 1)
    yield from (f"bookmark id twice: {number}" for number, count in Counter(numbers).items() if count > 1)
    if sorted(numbers) != sorted(ends):
        yield "bookmarks without start or end"
    for mark in root.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd"):
        parent = mark.getparent()
        if parent is None or parent.tag not in (f"{W}p", f"{W}hyperlink"):
            yield f"bookmark outside a paragraph: {mark.get(f'{W}name') or mark.get(f'{W}id')}"
    inside = said(root)[1]
    places_ = {bookmark(anchor): text for anchor, text in places(document).items()}
    for name, text in places_.items():
        if name not in inside:
            yield f"no bookmark {name}"
        elif inside[name] != text:
            yield f"bookmark {name} encloses {inside[name][:60]!r}, not {text[:60]!r}"
    yield from (f"foreign bookmark {name}" for name in inside.keys() - places_.keys())
    for link in root.iter(f"{W}hyperlink"):
        anchor = link.get(f"{W}anchor")
        if anchor is not None and anchor not in names:
            yield f"link to nowhere: {anchor}"


def _structure_faults(parts: dict[str, bytes], root: etree._Element) -> Iterator[str]:
    for name, data in parts.items():
        if name.endswith(".xml"):
            yield from (f"{name}: {fault}" for fault in _order_faults(etree.fromstring(data)))
    if b"w:updateFields" in parts["word/settings.xml"] or root.find(f".//{W}fldChar[@{W}dirty]") is not None:
        yield "Word would ask to update fields"
    if b"w:sdt>" in parts["word/document.xml"]:
        yield "content control"
    if b"Theme=" in parts["word/styles.xml"]:
        yield "fonts of the theme"
    depth = 0
    for field in root.iter(f"{W}fldChar"):
        depth += {"begin": 1, "end": -1}.get(field.get(f"{W}fldCharType", ""), 0)
        if depth < 0:
            yield "field ends before it begins"
    if depth:
        yield "field never ends"
    for table in root.iter(f"{W}tbl"):
        columns = [int(column.get(f"{W}w", "0")) for column in table.findall(f"{W}tblGrid/{W}gridCol")]
        for row in table.findall(f"{W}tr"):
            widths = [int(cell.get(f"{W}w", "0")) for cell in row.findall(f"{W}tc/{W}tcPr/{W}tcW")]
            if sum(widths) != sum(columns):
                yield f"row of {widths} in a table of {columns}"
        following = table.getnext()
        if following is None or following.tag == f"{W}tbl":
            yield "table touches the next or ends the text"
    drawn = [node.get("id") for node in root.iter("{*}docPr")]
    if len(set(drawn)) != len(drawn):
        yield "drawing id twice"
    if not all(node.get("descr") for node in root.iter("{*}docPr")):
        yield "picture without text"


def _order_faults(root: etree._Element) -> Iterator[str]:
    for name, order in ORDERS.items():
        ranks = {f"{W}{child}": place for place, child in enumerate(order.split())}
        for node in root.iter(f"{W}{name}"):
            seen = [ranks.get(str(child.tag), -1) for child in node]
            if -1 in seen or seen != sorted(seen) or (len({*seen}) != len(seen) and name in ("pPr", "rPr", "tcPr")):
                yield f"{name}: {[etree.QName(child).localname for child in node]}"


def _checker_faults(data: bytes) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "document.docx"
        file.write_bytes(data)
        for finding in check(file):
            if finding.severity is Severity.ERROR:
                yield f"docx-integrity {finding.code}: {finding.message}"


# ---------------------------------------------------------------- other programs


def pages_of(pdf: bytes) -> list[str]:
    """Return the text of each sheet of a PDF, as poppler reads it, without spaces."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "document.pdf"
        file.write_bytes(pdf)
        done = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, check=True)
    return [re.sub(r"[ \u3000]", "", page) for page in done.stdout.decode().split("\f")[:-1]]


def render_apart(script: str, *arguments: str, **environment: str) -> str:
    """Run a script in a process of its own and return what it prints."""
    import os

    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | environment,
    )
    return done.stdout.strip()
