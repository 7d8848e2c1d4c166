"""The repair step: from what pandoc wrote to what a Word user expects, with one parse of document.xml.

pandoc sets bookmarks outside paragraphs, leaves sections without headers, lets tables touch, gives lists its
own marks, and knows nothing of the place a paragraph stands in; all that is mended here, in one walk.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from shishin.document import Document, Note, Table, sections
from shishin.problem import Failure, Words
from shishin.renderers.word_front import COVER_HEADER, FOOTER, HEADER, ROMAN_FOOTER, section_end
from shishin.renderers.word_numbering import Numbering
from shishin.renderers.word_paragraphs import (
    NO_NUMBER,
    Lists,
    all_small,
    glue_hyphens,
    keep_with_next,
    list_number,
    properties_of,
    repair_lists,
    set_list,
    set_style,
    style_of,
    text_of,
)
from shishin.renderers.word_styles import HEADING_INDENTS
from shishin.renderers.word_tables import Grid, keep_last_row, repair_table
from shishin.renderers.word_walk import walk
from shishin.renderers.word_xml import EM, GOTHIC, PAGES, bookmark, element, serialise, w

_P, _TBL, _START, _END = w("p"), w("tbl"), w("bookmarkStart"), w("bookmarkEnd")
_PLAIN = ("", "BodyText", "FirstParagraph", "Compact")
_BODY = ("BodyText", "BodyText", "BodyText3", "BodyText4", "BodyText5")
_LEAD = 90
"""A paragraph of up to this many characters stays with the list or table it leads to."""


def repair(
    parts: dict[str, bytes], document: Document, plan: Numbering, bookmarks: Mapping[str, int]
) -> etree._Element:
    """Repair the parts in place; document.xml is taken out of them and returned as a tree."""
    parts["word/numbering.xml"], lists = repair_lists(parts["word/numbering.xml"])
    root = _parse(parts.pop("word/document.xml"))
    body = root.find(w("body"))
    assert body is not None
    _Body(document, plan, lists, bookmarks).repair(body)
    _runs(root)
    glue_hyphens(root)
    if "word/footnotes.xml" in parts:
        notes = _parse(parts["word/footnotes.xml"])
        _footnotes(notes, document, lists)
        _runs(notes)
        glue_hyphens(notes)
        parts["word/footnotes.xml"] = serialise(notes)
    return root


def fill_pages(root: etree._Element, printed: Mapping[str, str]) -> None:
    """Write the printed pages, by bookmark, into the cached results of the page fields."""
    for code in root.iter(w("instrText")):
        words = (code.text or "").split()
        field = code.getparent()
        if words[:1] != ["PAGEREF"] or words[1] not in printed or field is None:
            continue
        for following in field.itersiblings():
            text = following.find(w("t"))
            if text is not None:
                text.text = printed[words[1]]
                break


def _parse(data: bytes) -> etree._Element:
    try:
        return etree.fromstring(data, etree.XMLParser(huge_tree=True, resolve_entities=False))
    except etree.XMLSyntaxError as broken:
        raise Failure(
            Words(ja=f"Word の本文が XML になりません: {broken}", en=f"The Word text is no XML: {broken}"),
            Words(ja="文書に制御文字がないか確かめてください。", en="Look for control characters in the text."),
        ) from broken


def _lost(ja: str, en: str) -> Failure:
    return Failure(
        Words(ja=f"Word の中身が文書と合いません: {ja}", en=f"The Word file differs from the document: {en}")
    )


class _Body:
    """One walk over the children of w:body; it knows under which heading it stands."""

    def __init__(self, document: Document, plan: Numbering, lists: Lists, bookmarks: Mapping[str, int]) -> None:
        self.open: list[int] = []  # the levels of the sections that we stand in
        self.lists = lists
        self.bookmarks = bookmarks
        pairs = zip(sections(document.sections), plan.headings, strict=True)
        self.headings = (pair for pair in pairs if pair[0].title)
        self.grids: Iterator[Grid] = (block for block in walk(document.sections) if isinstance(block, Table | Note))
        body = sections(tuple(section for section in document.sections if section.part != "front"))
        self.book, self.lines, self.page = document.layout == "book", document.line_numbers, PAGES[document.layout]
        self.first = next((section.id for section in body if section.title), "") if self.book else ""

    @property
    def level(self) -> int:
        """The level of the section that we stand in."""
        return self.open[-1] if self.open else 1

    def repair(self, body: etree._Element) -> None:
        """Repair the whole text."""
        for child in list(body):
            if child.tag == _P:
                self._paragraph(child)
            elif child.tag == _TBL:
                self._table(child)
            elif child.tag == _END:
                previous = child.getprevious()
                assert previous is not None and previous.tag == _P
                previous.append(child)
                self.open.pop()  # the bookmark of a section ends where the section does
            elif child.tag == _START:
                body.remove(child)
        if next(self.headings, None) is not None:
            raise _lost("見出しが足りません", "headings are missing")
        if next(self.grids, None) is not None:
            raise _lost("表が足りません", "tables are missing")
        end = body.find(w("sectPr"))
        assert end is not None
        body.replace(end, element(self._end()))

    def _end(self) -> str:
        if not self.book:
            return section_end(HEADER, FOOTER, "decimal", 1, page=self.page, lines=self.lines, first=COVER_HEADER)
        if not self.first:
            return self._front_end()
        return section_end(HEADER, FOOTER, "decimal", 1, lines=self.lines)

    def _front_end(self) -> str:
        return section_end(HEADER, ROMAN_FOOTER, "lowerRoman", 1, lines=self.lines)

    def _paragraph(self, paragraph: etree._Element) -> None:
        style = style_of(paragraph)
        number = list_number(paragraph)
        if style.startswith("Heading"):
            self._heading(paragraph)
        elif number is not None:
            set_list(paragraph, number, self.lists, "", HEADING_INDENTS[self.level - 1] + EM, EM)
            if _begins_list(paragraph):
                keep_with_next(paragraph)
        elif style == "ImageCaption":
            _caption_above_note(paragraph)
        elif style in _PLAIN:
            self._plain(paragraph)

    def _plain(self, paragraph: etree._Element) -> None:
        following = paragraph.getnext()
        if all_small(paragraph):
            properties = set_style(paragraph, "SourceLine")
            if self.level > 2:
                properties.append(element(f'<w:ind w:left="{HEADING_INDENTS[self.level - 1]}"/>'))
            _keep_previous(paragraph)
            return
        properties = set_style(paragraph, _BODY[self.level - 1])
        if _leads(paragraph):
            keep_with_next(paragraph)
        if following is not None and following.tag == _TBL:
            properties.append(element('<w:spacing w:after="80"/>'))

    def _heading(self, paragraph: etree._Element) -> None:
        section, instance = next(self.headings, (None, None))
        if section is None:
            raise _lost("見出しが多すぎます", "it has more headings")
        self.open.append(section.level)
        if section.id == self.first:
            self._end_front(paragraph)
        properties, depth = properties_of(paragraph), section.level - 1
        following = paragraph.getnext()
        if following is not None and following.tag == _TBL:
            properties.append(element('<w:spacing w:after="100"/>'))
        if instance is None:
            properties.insert(1, element(f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{NO_NUMBER}"/></w:numPr>'))
            properties.append(element(f'<w:ind w:left="{HEADING_INDENTS[depth]}" w:firstLine="0"/>'))
        elif instance > 0:
            number = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{instance + 1}"/></w:numPr>'
            properties.insert(1, element(number))

    def _end_front(self, paragraph: etree._Element) -> None:
        previous = paragraph.getprevious()
        while previous is not None and previous.tag != _P:
            previous = previous.getprevious()
        assert previous is not None
        properties_of(previous).append(element(self._front_end()))

    def _table(self, table: etree._Element) -> None:
        following = table.getnext()
        noted = following is not None and following.tag == _P and style_of(following) == "SourceNote"
        node = repair_table(table, self.grids, self._cell_paragraph, self.page.text_width, noted=noted)
        if isinstance(node, Table) and node.id and not (node.caption or node.number):
            _mark_first_cell(table, bookmark(node.id), self.bookmarks[node.id])
        if following is not None and following.tag == _P and following.find(w("r")) is None:
            set_style(following, "AfterTable")  # pandoc's own empty line between two tables
        elif not noted:
            # Two tables in a row would become one, and a file may not end with a table.
            table.addnext(element('<w:p><w:pPr><w:pStyle w:val="AfterTable"/></w:pPr></w:p>'))

    def _cell_paragraph(self, paragraph: etree._Element, style: str) -> None:
        repair_cell_paragraph(paragraph, style, self.lists)


def repair_cell_paragraph(paragraph: etree._Element, style: str, lists: Lists) -> None:
    """Give a paragraph inside a table its style, and a list its small indents."""
    number = list_number(paragraph)
    if number is not None:
        set_list(paragraph, number, lists, style, 0, 190)
    elif style_of(paragraph) in _PLAIN:
        set_style(paragraph, style)


def _leads(paragraph: etree._Element) -> bool:
    """Say whether a short paragraph leads to a list or table, which it must not leave."""
    following = paragraph.getnext()
    if following is None:
        return False
    if following.tag == _P:
        led = list_number(following) is not None or style_of(following) in ("TableCaption", "Figure")
    else:
        led = following.tag == _TBL
    return led and len(text_of(paragraph)) <= _LEAD


def _begins_list(paragraph: etree._Element) -> bool:
    """Say whether a list entry is the first below a heading or its lead: they stand above two entries, not one."""
    previous, following = paragraph.getprevious(), paragraph.getnext()
    if previous is None or previous.tag != _P or following is None or following.tag != _P:
        return False
    heading = style_of(previous).startswith("Heading")
    lead = style_of(previous) in _BODY and previous.find(f"{w('pPr')}/{w('keepNext')}") is not None
    return (heading or lead) and list_number(following) is not None


def _keep_previous(paragraph: etree._Element) -> None:
    """Keep what stands before on the same page: a source alone at the head of a page says nothing."""
    previous = paragraph.getprevious()
    if previous is None or previous.tag != _P or style_of(previous).startswith("TOC"):
        return
    keep_with_next(previous)
    table = previous.getprevious()
    if table is not None and table.tag == _TBL:
        keep_last_row(table)


def _caption_above_note(paragraph: etree._Element) -> None:
    """Keep a picture's caption with its note, and set the note below the middle of the picture like the caption."""
    note = paragraph.getnext()
    if note is not None and note.tag == _P and style_of(note) == "SourceNote":
        keep_with_next(paragraph)
        properties_of(paragraph).append(element('<w:spacing w:before="60" w:after="0"/>'))
        properties_of(note).append(element('<w:jc w:val="center"/>'))


def _mark_first_cell(table: etree._Element, name: str, number: int) -> None:
    paragraph = next(table.iter(_P))
    paragraph.insert(1, element(f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>'))
    paragraph.append(element(f'<w:bookmarkEnd w:id="{number}"/>'))


def _footnotes(notes: etree._Element, document: Document, lists: Lists) -> None:
    grids: Iterator[Grid] = (block for block in walk(document.sections, notes=True) if isinstance(block, Table | Note))
    for mark in notes.iter(w("footnoteRef")):
        # pandoc sets a space after the mark; a tab lets the first line begin where the others do.
        run = mark.getparent()
        gap = run.getnext() if run is not None else None
        space = gap.find(w("t")) if gap is not None else None
        if gap is not None and space is not None and space.text == " ":
            gap.replace(space, gap.makeelement(w("tab")))
    for note in notes:
        for child in list(note):
            number = list_number(child) if child.tag == _P else None
            if number is not None:
                set_list(child, number, lists, "FootnoteText", EM, 170)
            elif child.tag == _TBL:
                repair_table(child, grids, lambda paragraph, style: repair_cell_paragraph(paragraph, style, lists))


_BEFORE_LINE = tuple(map(w, (
    "rStyle", "rFonts", "b", "bCs", "i", "iCs", "caps", "smallCaps", "strike", "dstrike", "outline", "shadow", "emboss",
    "imprint", "noProof", "snapToGrid", "vanish", "webHidden", "color", "spacing", "w", "kern", "position", "sz", "szCs",
    "highlight",
)))  # fmt: skip
"""What the standard wants before w:u."""


def _double(mark: etree._Element) -> None:
    """Draw the double underline that small capitals stand in for (pandoc.DOUBLE)."""
    properties = mark.getparent()
    assert properties is not None
    properties.remove(mark)
    line = properties.find(w("u"))
    if line is None:
        line = properties.makeelement(w("u"))
        properties.insert(sum(one.tag in _BEFORE_LINE for one in properties), line)
    line.set(w("val"), "double")


def _runs(root: etree._Element) -> None:
    """Japanese type knows neither italics nor a bold Mincho: both voices are Gothic. Inner links look like text."""
    for mark in list(root.iter(w("smallCaps"))):
        _double(mark)
    bold, italic = w("b"), w("i")
    for mark in list(root.iter(bold, italic)):
        properties = mark.getparent()
        if properties is None or properties.tag != w("rPr"):
            continue
        if mark.tag == italic:
            for old in (mark, properties.find(w("iCs"))):
                if old is not None:
                    properties.remove(old)
        named = properties.find(w("rFonts"))
        if named is None:
            named = properties.makeelement(w("rFonts"))
            properties.insert(1 if properties.find(w("rStyle")) is not None else 0, named)
        for script in ("ascii", "hAnsi", "eastAsia", "cs"):
            named.set(w(script), GOTHIC)
    for link in root.iter(w("hyperlink")):
        if link.get(w("anchor")) is not None:
            for style in list(link.iter(w("rStyle"))):
                properties = style.getparent()
                if style.get(w("val")) == "Hyperlink" and properties is not None:
                    properties.remove(style)
