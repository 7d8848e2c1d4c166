"""What stands before the text in the Word file: the cover and the contents, as raw WordprocessingML.

The cover is set by computed distances, not by frames or text boxes: plain paragraphs are what every program and
every screen reader handles alike.
"""

from __future__ import annotations

import math

from shishin.document import Cover, Document, Section, sections
from shishin.renderers.rendering import heading_words
from shishin.renderers.word_styles import PARAGRAPHS, Look
from shishin.renderers.word_xml import (
    PORTRAIT,
    TEXT_HEIGHT,
    TEXT_WIDTH,
    Page,
    bookmark,
    ems,
    field,
    link,
    run,
)

COVER_HEADER, HEADER, FOOTER = "rIdHeaderNone", "rIdHeader", "rIdFooter"
ROMAN_FOOTER = "rIdFooterRoman"
"""Relationship ids of the headers and footers that the repair step adds."""

UNKNOWN_PAGE = "00"
"""Holds the place of a page number until it is known."""

_LOOKS = {look.id: look for look in PARAGRAPHS}
_CONTENTS_DEPTH = 3
_SLACK = 1300
"""Room left on the cover: programs differ in the room they give to boxes and type."""


def front(document: Document, *, pages: bool) -> str:
    """Return cover and contents; `pages` says whether page numbers will be filled in."""
    return cover(document.cover, dict(document.labels)) + contents(document, pages=pages)


def section_end(
    header: str, footer: str, form: str, start: int | None = None, *,
    page: Page = PORTRAIT, lines: bool = False, first: str = "",
) -> str:  # fmt: skip
    """Return w:sectPr: header and footer, pages counted in `form`.

    `lines` asks for a number beside every line, from 1 on each page; `first` is the header of the first page alone.
    """
    edges = f'<w:headerReference w:type="default" r:id="{header}"/>'
    edges += f'<w:headerReference w:type="first" r:id="{first}"/>' if first else ""
    edges += f'<w:footerReference w:type="default" r:id="{footer}"/>' if footer else ""
    edges += f'<w:footerReference w:type="first" r:id="{footer}"/>' if first and footer else ""
    count = f' w:start="{start}"' if start is not None else ""
    turned = ' w:orient="landscape"' if page.width > page.height else ""
    numbers = '<w:lnNumType w:countBy="1" w:distance="227" w:restart="newPage"/>' if lines else ""
    apart = "<w:titlePg/>" if first else ""
    return (
        f'<w:sectPr>{edges}<w:footnotePr><w:numFmt w:val="decimal"/></w:footnotePr><w:type w:val="nextPage"/>'
        f'<w:pgSz w:w="{page.width}" w:h="{page.height}"{turned}/>'
        f'<w:pgMar w:top="{page.edge}" w:right="{page.right}" w:bottom="{page.edge}" w:left="{page.left}" '
        f'w:header="{page.header}" w:footer="{page.footer}" w:gutter="0"/>{numbers}'
        f'<w:pgNumType w:fmt="{form}"{count}/><w:cols w:space="425"/>{apart}'
        '<w:docGrid w:type="lines" w:linePitch="360"/></w:sectPr>'
    )


# ---------------------------------------------------------------- cover


def cover(cover: Cover, labels: dict[str, str]) -> str:
    """Return the title page; empty texts are left out."""
    draft = labels.get("draft", "")
    status = "" if draft or cover.status in cover.edition else cover.status
    top = (
        ("CoverNumber", cover.paper_number),
        ("CoverStatus", draft),
        ("CoverMeeting", cover.meeting),
        ("CoverMeeting", cover.meeting_date),
    )
    middle = (
        ("Title", cover.title),
        ("Subtitle", cover.subtitle),
        ("CoverEdition", cover.edition),
        ("CoverEdition", status),
    )
    bottom = (
        ("CoverDate", f"{labels.get('as_of', '')}{cover.as_of}" if cover.as_of else ""),
        ("CoverPublisher", cover.publisher),
    )
    groups = [[(style, text) for style, text in group if text] for group in (top, middle, bottom)]
    groups.append([("CoverNotice", cover.notice)] if cover.notice else [])
    used = [sum(_height(style, text) for style, text in group) for group in groups]
    # The title stands a little above the middle, as on a report; what is left goes between the parts.
    free = TEXT_HEIGHT - sum(used) - _SLACK
    title_at = max(600, int(TEXT_HEIGHT * 0.30) - used[0])
    rest = max(800, free - title_at)
    gaps = (0, title_at, int(rest * 0.62), int(rest * 0.38))
    rows = [
        (style, text, gap if first else 0)
        for group, gap in zip(groups, gaps, strict=True)
        for first, (style, text) in ((place == 0, row) for place, row in enumerate(group))
    ]
    return "".join(
        _cover_paragraph(style, text, gap, last=place == len(rows) - 1) for place, (style, text, gap) in enumerate(rows)
    )


def _cover_paragraph(style: str, text: str, gap: int, *, last: bool) -> str:
    look = _LOOKS[style]
    space = (
        f'<w:spacing w:before="{gap + look.before}" w:after="{look.after}" w:line="{look.line}" w:lineRule="exact"/>'
    )
    space = space if gap else ""
    end = section_end(COVER_HEADER, "", "decimal", 1) if last else ""
    lines = "<w:r><w:br/></w:r>".join(run(line) for line in _lines(style, text))
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{space}{end}</w:pPr>{lines}</w:p>'


def _lines(style: str, text: str) -> list[str]:
    """Break a title that is too long for one line where its writer put a space."""
    look = _LOOKS[style]
    width = _width(look)
    if style not in ("Title", "Subtitle") or ems(text) <= width:
        return [text]
    lines = [""]
    for word in text.replace("　", " ").split(" "):
        if lines[-1] and ems(f"{lines[-1]} {word}") > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _width(look: Look) -> float:
    return (TEXT_WIDTH - look.left - look.right) / (look.size * 10)


def _height(style: str, text: str) -> int:
    look = _LOOKS[style]
    lines = sum(max(1, math.ceil(ems(line) / _width(look))) for line in _lines(style, text))
    return lines * look.line + look.before + look.after


# ---------------------------------------------------------------- contents


def contents(document: Document, *, pages: bool) -> str:
    """Return the contents page: a TOC field with its entries written out and linked, never dirty."""
    title = dict(document.labels).get("contents", "")
    entries = [section for section in sections(document.sections) if section.level <= _CONTENTS_DEPTH and section.title]
    head = f'<w:p><w:pPr><w:pStyle w:val="TOCHeading"/></w:pPr>{run(title)}</w:p>' if title else ""
    begin = f'{_mark("begin")}<w:r><w:instrText xml:space="preserve"> {_TOC} </w:instrText></w:r>{_mark("separate")}'
    rows = [
        f'<w:p><w:pPr><w:pStyle w:val="TOC{entry.level}"/>{_kept(entries, place)}</w:pPr>{begin if place == 0 else ""}'
        f"{_entry(entry, pages=pages)}{_mark('end') if place == len(entries) - 1 else ''}</w:p>"
        for place, entry in enumerate(entries)
    ]
    return head + "".join(rows)


def _kept(entries: list[Section], place: int) -> str:
    """Keep an entry on the page of the first one below it."""
    return "<w:keepNext/>" if place + 1 < len(entries) and entries[place + 1].level > entries[place].level else ""


_TOC = rf'TOC \o "1-{_CONTENTS_DEPTH}" \h \z \u'


def _mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def _entry(section: Section, *, pages: bool) -> str:
    title = heading_words(section)
    words = f"{section.number}　{title}" if section.number else title
    name = bookmark(section.id)
    number = "<w:r><w:tab/></w:r>" + field(rf"PAGEREF {name} \h", UNKNOWN_PAGE) if pages else ""
    return link(name, run(words) + number)
