"""Word: the tree goes through pandoc into a docx with our styles; one repair step; page numbers from LibreOffice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from shishin.document import Document, Figure, PageOf
from shishin.problem import Failure, Words
from shishin.renderers import pandoc as pandoc_json
from shishin.renderers.rendering import Rendering
from shishin.renderers.word_front import front
from shishin.renderers.word_numbering import numbering
from shishin.renderers.word_package import Picture, drawing, pack, picture_size, surroundings, unpack
from shishin.renderers.word_reference import OWN, reference
from shishin.renderers.word_repair import fill_pages, repair
from shishin.renderers.word_sheet import looks, title_block
from shishin.renderers.word_walk import bookmarks, marks_of, walk
from shishin.renderers.word_xml import PAGES, TWIPS_PER_MM, bookmark, serialise
from shishin.tools import libreoffice, pandoc, raster

NO_PAGES = Words(
    ja="LibreOffice が見つからないため、Word の目次と「○頁」に頁番号を入れていません。",
    en="LibreOffice was not found: the Word file has no page numbers in its contents and page references.",
)
UNSETTLED = Words(
    ja="Word の頁番号が定まりませんでした。目次の頁を確かめてください。",
    en="The page numbers of the Word file did not settle: check those of the contents.",
)
_PASSES = 3
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class WordRenderer:
    """The renderer `docx`; `pages` asks LibreOffice for page numbers, which takes some seconds."""

    pages: bool = True

    @property
    def name(self) -> str:
        """Return the renderer's name on the command line."""
        return "docx"

    def render(self, document: Document, folder: Path) -> Rendering:
        """Write <guideline>-<edition>.docx into `folder`."""
        # A paper without contents asks for page numbers only where its text names a page.
        wanted = self.pages and (document.layout == "book" or _names_pages(document))
        paged = wanted and libreoffice.program() is not None
        parts, root = build(document, paged=paged)
        pages, remarks = _paginate(document, parts, root) if paged else ({}, (NO_PAGES,) if wanted else ())
        file = folder / f"{document.guideline}-{document.edition}.docx"
        file.write_bytes(_file(parts, root))
        return Rendering(files=(file,), pages=pages, remarks=remarks)


def build(document: Document, *, paged: bool) -> tuple[dict[str, bytes], etree._Element]:
    """Return the parts of the file and, apart, the tree of its document.xml; page numbers are still open."""
    if document.layout not in PAGES:
        raise Failure(
            Words(
                ja=f"Word の出力が知らない版面「{document.layout}」です。",
                en=f"The Word output knows no layout '{document.layout}'.",
            )
        )
    plan = numbering(document)
    marks = bookmarks(document)
    pictures = _pictures(document)
    drawings = {picture.figure: drawing(picture) for picture in pictures}
    context = pandoc_json.Context(bookmarks=marks, drawings=drawings)
    head = front(document, pages=paged) if document.layout == "book" else title_block(document)
    text = pandoc_json.to_json(document, head, plan, context)
    styles = reference(pandoc.default_file("reference.docx"), plan, looks(document))
    parts = unpack(pandoc.to_docx(text, styles, document.date))
    parts |= {name: data for name, data in unpack(styles).items() if name in OWN}
    root = repair(parts, document, plan, marks)
    return parts | surroundings(document, pictures, parts), root


def _file(parts: Mapping[str, bytes], root: etree._Element) -> bytes:
    return pack({**parts, "word/document.xml": serialise(root)})


def _pictures(document: Document) -> tuple[Picture, ...]:
    figures = [block for block in walk(document.sections) if isinstance(block, Figure)]
    pictures = []
    for number, figure in enumerate(figures, 1):
        width, height = picture_size(figure.width, raster.proportion(figure.svg), PAGES[document.layout])
        png = raster.png(figure.svg, width / TWIPS_PER_MM)
        pictures.append(Picture(figure=figure, png=png, width=width, height=height, number=number))
    return tuple(pictures)


# ---------------------------------------------------------------- pages


def _paginate(
    document: Document, parts: Mapping[str, bytes], root: etree._Element
) -> tuple[dict[str, int], tuple[Words, ...]]:
    """Fill in the page numbers; return the page of each anchor of the body, and what went wrong."""
    first = next((section.id for section in document.sections if section.part != "front"), "")
    anchors = {bookmark(anchor): anchor for anchor in bookmarks(document)}
    in_text = _names_pages(document)
    shown: dict[str, str] = {}
    for _ in range(_PASSES):
        pdf = libreoffice.to_pdf(_file(parts, root))
        assert pdf is not None
        sheets = {anchors[name]: sheet for name, sheet in libreoffice.pages(pdf, anchors).items()}
        start = sheets.get(first, 2) if document.layout == "book" else 1
        printed = {
            bookmark(anchor): str(sheet - start + 1) if sheet >= start else _roman(sheet - 1)
            for anchor, sheet in sheets.items()
        }
        settled = printed == shown
        fill_pages(root, printed)
        shown = printed
        # Numbers in the contents can't move the text, which begins on a new page; numbers in the text can.
        if settled or not in_text:
            break
    else:
        return {}, (UNSETTLED,)
    pages = {anchor: sheet - start + 1 for anchor, sheet in sheets.items() if sheet >= start}
    missing = sorted(anchors.values() - sheets.keys())
    if missing:
        return pages, (
            Words(
                ja=f"Word の頁が分からない項目があります: {', '.join(missing)}",
                en=f"The Word page of some items is unknown: {', '.join(missing)}",
            ),
        )
    return pages, ()


def _names_pages(document: Document) -> bool:
    return any(isinstance(mark, PageOf) for mark in marks_of(document))


def _roman(value: int) -> str:
    written = ""
    for size, letters in _ROMAN:
        count, value = divmod(value, size)
        written += letters * count
    return written
