"""Papers in Word: the layouts "sheet" and "wide", with a title block on the first page instead of cover and contents."""

from __future__ import annotations

from dataclasses import replace

from shishin.document import Document
from shishin.renderers.word_styles import PARAGRAPHS, Look
from shishin.renderers.word_xml import PAGES, Page, ems, run

_BOX_PADDING = 300


def looks(document: Document) -> tuple[Look, ...]:
    """Return the paragraph styles of a document: those of the book, or with the differences of a paper."""
    made = (
        PARAGRAPHS if document.layout == "book" else tuple(_paper(look, PAGES[document.layout]) for look in PARAGRAPHS)
    )
    if not document.line_numbers:
        return made
    # Lines are numbered where the text stands, not where something is only set around it.
    around = ("Title", "Subtitle", "Cover", "TOC", "Header", "Footer", "AfterTable", "Rule")
    return tuple(replace(look, counted=not look.id.startswith(around)) for look in made)


def _paper(look: Look, page: Page) -> Look:
    match look.id:
        case "Heading1":
            return replace(look, size=26, before=320, after=120, line=400, page_break=False, border="")
        case "Heading2":
            return replace(look, size=23, before=280, after=80, line=380)
        case "Heading3":
            return replace(look, size=21, before=220, after=60, line=360)
        case "Header":
            return replace(look, size=16, tabs=f'<w:tab w:val="right" w:pos="{page.text_width}"/>')
        case "CoverNumber":
            return replace(look, size=22, line=360, after=40)
        case "CoverMeeting":
            return replace(look, size=20, before=0, line=320)
        case "Title":
            return replace(look, size=32, before=160, after=60, line=480)
        case "Subtitle":
            return replace(look, size=22, before=40, line=360)
        case "CoverEdition" | "CoverDate" | "CoverPublisher":
            return replace(look, font="", size=20, before=0, line=320, align="right")
        case "CoverNotice":
            return replace(look, size=18, before=60, left=0, right=0, align="right", border="")
        case _:
            return look


def title_block(document: Document) -> str:
    """Return the head of the first page, as raw WordprocessingML; empty texts are left out."""
    cover, labels = document.cover, dict(document.labels)
    status = "" if cover.status in cover.edition else cover.status
    rows = (
        ("CoverNumber", cover.paper_number),
        ("CoverMeeting", cover.meeting),
        ("CoverMeeting", cover.meeting_date),
        ("Title", cover.title),
        ("Subtitle", cover.subtitle),
        ("CoverEdition", cover.edition),
        ("CoverEdition", status),
        ("CoverDate", f"{labels.get('as_of', '')}{cover.as_of}" if cover.as_of else ""),
        ("CoverPublisher", cover.publisher),
        ("CoverNotice", cover.notice),
    )
    printed = [row for row in rows if row[1]]
    own = {look.id: look for look in looks(document)}
    width = PAGES[document.layout].text_width
    last = len(printed) - 1
    return "".join(
        _paragraph(own[style], text, width, first=place == 0, last=place == last)
        for place, (style, text) in enumerate(printed)
    )


def _paragraph(look: Look, text: str, width: int, *, first: bool, last: bool) -> str:
    before, after = 0 if first else look.before, 200 if last else look.after
    space = f'<w:spacing w:before="{before}" w:after="{after}" w:line="{look.line}" w:lineRule="exact"/>'
    left = width - round(ems(text) * look.size * 10) - _BOX_PADDING
    box = f'<w:ind w:left="{left}"/>' if look.id == "CoverNumber" else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{look.id}"/>{space}{box}</w:pPr>{run(text)}</w:p>'
