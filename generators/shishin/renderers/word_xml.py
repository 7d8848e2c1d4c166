"""Names and small makers of WordprocessingML that all parts of the Word renderer share."""

from __future__ import annotations

import hashlib
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
SVG = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"

MINCHO = "游明朝"
GOTHIC = "游ゴシック"
FIXED = "ＭＳ ゴシック"

TWIPS_PER_MM = 1440 / 25.4
EMU_PER_TWIP = 635
PAGE_WIDTH, PAGE_HEIGHT = 11906, 16838  # A4
MARGIN = 1417  # 25 mm
MARGIN_LEFT = 1701  # 30 mm: the edge that is bound
TEXT_WIDTH = PAGE_WIDTH - MARGIN_LEFT - MARGIN  # 155 mm
TEXT_HEIGHT = PAGE_HEIGHT - 2 * MARGIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page and its margins, in twips."""

    width: int
    height: int
    edge: int  # at head and foot
    left: int
    right: int
    header: int
    footer: int

    @property
    def text_width(self) -> int:
        """The width of a line."""
        return self.width - self.left - self.right

    @property
    def text_height(self) -> int:
        """The height of the text."""
        return self.height - 2 * self.edge


PORTRAIT = Page(
    width=PAGE_WIDTH, height=PAGE_HEIGHT, edge=MARGIN, left=MARGIN_LEFT, right=MARGIN, header=794, footer=680
)
# 20 mm on all sides: 257 mm for two columns of 115 mm and a narrow one.
LANDSCAPE = Page(width=PAGE_HEIGHT, height=PAGE_WIDTH, edge=1134, left=1134, right=1134, header=567, footer=510)
PAGES = {"book": PORTRAIT, "sheet": PORTRAIT, "wide": LANDSCAPE}
"""The page of each layout of a document."""

EM = 210  # one full-width character of the body, 10.5 pt
LINE = 360  # one line of the body, 18 pt

_PART = f' xmlns:w="{W}" xmlns:r="{R}"'


def w(tag: str) -> str:
    """Return the full name of a tag or attribute of WordprocessingML."""
    return f"{{{W}}}{tag}"


def element(xml: str) -> etree._Element:
    """Return one element written with the prefixes w: and r:."""
    return copy(_parsed(xml))


@lru_cache(maxsize=1000)
def _parsed(xml: str) -> etree._Element:
    # A document says the same few things of thousands of paragraphs; a copy costs a quarter of parsing.
    end = next(place for place, letter in enumerate(xml) if letter in " />")
    return etree.fromstring(f"{xml[:end]}{_PART}{xml[end:]}")


def child(parent: etree._Element, tag: str) -> etree._Element | None:
    """Return the first child with this full name; for the few children of properties find() costs three times as much."""
    for found in parent:
        if found.tag == tag:
            return found
    return None


def part(root: str, content: str) -> bytes:
    """Return a whole part: `root` is its root element's name, `content` the XML inside."""
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<{root}{_PART}>{content}</{root}>'.encode()


def serialise(root: etree._Element) -> bytes:
    """Return a part's bytes."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def fonts(name: str) -> str:
    """Return w:rFonts that names one font for all four scripts."""
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:eastAsia="{name}" w:cs="{name}"/>'


def run(text: str, properties: str = "") -> str:
    """Return a run of plain text."""
    look = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def field(code: str, shown: str, properties: str = "") -> str:
    """Return a complex field with its cached result; never dirty, so that Word doesn't ask to update."""
    look = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    mark = f'<w:r>{look}<w:fldChar w:fldCharType="'
    return (
        f'{mark}begin"/></w:r><w:r>{look}<w:instrText xml:space="preserve"> {escape(code)} </w:instrText></w:r>'
        f'{mark}separate"/></w:r>{run(shown, properties)}{mark}end"/></w:r>'
    )


def link(anchor: str, content: str) -> str:
    """Return a link to a bookmark of the same file."""
    return f'<w:hyperlink w:anchor={quoteattr(anchor)} w:history="1">{content}</w:hyperlink>'


def bookmark(anchor: str) -> str:
    """Return the name of the bookmark of an anchor: at most 40 letters, digits and underscores, as Word demands."""
    name = "GL_" + anchor.replace("-", "_")
    if len(name) <= 40 and name.isascii() and name.replace("_", "").isalnum():
        return name
    start = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in name[3:29])
    return f"GL_{start}_{hashlib.sha256(anchor.encode()).hexdigest()[:10]}"


def ems(text: str) -> float:
    """Return the width of text in full-width characters; Latin letters and digits count half."""
    return sum(0.5 if letter < "\u2000" else 1.0 for letter in text)
