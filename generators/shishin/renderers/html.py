"""A document as one HTML file that stands alone: no other host, no script, readable on paper, phone and by ear.

Numbers of pages and lines belong to paper: this file has neither.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path

from shishin.document import Anchor, Document, Figure, Section, Table
from shishin.problem import Failure, Words
from shishin.renderers.html_walk import Paper, block_html, notes_html, tag, text_html
from shishin.renderers.rendering import Rendering, heading_words
from shishin.renderers.site_text import WORDS, attributes

_STYLE = Path(__file__).parent / "paper.css"
_PAGES = {
    "book": "size: A4; margin: 25mm 25mm 25mm 30mm",
    "sheet": "size: A4; margin: 25mm 25mm 25mm 30mm",
    "wide": "size: A4 landscape; margin: 20mm",
}
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_LISTED = 2
"""Levels of headings in the contents of a book."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlRenderer:
    """Writes <guideline>-<edition>.html."""

    name: str = "html"

    def render(self, document: Document, folder: Path) -> Rendering:
        """Write the file into `folder`."""
        file = folder / f"{document.guideline}-{document.edition}.html"
        file.write_bytes(html(document))
        return Rendering(files=(file,))


def html(document: Document) -> bytes:
    """Return the file; raise Failure for a node or a look that it doesn't know."""
    if document.layout not in _PAGES:
        raise Failure(
            Words(
                ja=f"HTML の出力が知らない版面「{document.layout}」です。",
                en=f"The HTML output knows no layout '{document.layout}'.",
            )
        )
    words = {**WORDS, **dict(document.labels)}
    title = " ".join(text for text in (document.cover.title, document.cover.subtitle) if text)
    paper = Paper(anchors=frozenset(_anchors(document.sections)), words=words, title=title)
    main = block_html(document.sections, paper)
    body = [
        tag("header", _head(document, words), class_="gl-head"),
        _contents(document, words["contents"]) if document.layout == "book" else "",
        tag("main", f"\n{main}\n{notes_html(paper)}\n"),
    ]
    head = [
        '<meta charset="utf-8">',
        f"<meta{attributes(http_equiv='Content-Security-Policy', content=_POLICY)}>",
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        tag("title", text_html(title)),
        f"<style>\n{_style(document)}</style>",
    ]
    page = tag("head", "\n" + "\n".join(head) + "\n") + "\n"
    page += tag("body", "\n" + "\n".join(part for part in body if part) + "\n", class_=f"gl-{document.layout}")
    return f"<!DOCTYPE html>\n{tag('html', page, lang=document.language)}\n".encode()


def _head(document: Document, words: dict[str, str]) -> str:
    cover = document.cover
    status = "" if cover.status in cover.edition else cover.status
    as_of = f"{dict(document.labels).get('as_of', '')}{cover.as_of}" if cover.as_of else ""
    number = tag("span", text_html(cover.paper_number), class_="gl-paper") if cover.paper_number else ""
    above = [number, *map(text_html, (cover.meeting, cover.meeting_date))]
    below = map(text_html, (cover.edition, status, as_of, cover.publisher, cover.notice))
    lines = [
        *(tag("p", text, class_="gl-right") for text in above if text),
        tag("h1", text_html(cover.title)),
        tag("p", text_html(cover.subtitle), class_="gl-subtitle") if cover.subtitle else "",
        *(tag("p", text, class_="gl-right") for text in below if text),
    ]
    return "\n" + "\n".join(line for line in lines if line) + "\n"


def _contents(document: Document, title: str) -> str:
    entries = "\n".join(_entries(document.sections, 1))
    if not title or not entries:
        return ""
    return tag("nav", tag("h2", text_html(title), id="contents") + tag("ul", entries), aria_labelledby="contents")


def _entries(blocks: tuple[object, ...], depth: int) -> Iterator[str]:
    for section in blocks:
        if not isinstance(section, Section):
            continue
        below = "\n".join(_entries(section.blocks, depth + 1)) if depth < _LISTED else ""
        words = "　".join(part for part in (section.number, heading_words(section)) if part)
        if section.title:
            yield tag("li", tag("a", text_html(words), href=f"#{section.id}") + (tag("ul", below) if below else ""))
        elif below:
            yield below


def _style(document: Document) -> str:
    head = f"@top-right {{ content: {_quoted(document.header)}; font-size: 8pt }}"
    foot = '@bottom-center { content: "- " counter(page) " -"; font-size: 10pt }'
    first = "@page :first { @top-right { content: none } }"
    page = f"@page {{ {_PAGES[document.layout]}; {head} {foot} }}\n{first}\n"
    return _STYLE.read_text(encoding="utf-8") + page


def _quoted(text: str) -> str:
    """Return a string of CSS; what might end it, or the element around it, is written as a number."""
    return '"' + "".join(one if one.isalnum() else f"\\{ord(one):06x}" for one in text) + '"'


def _anchors(value: object) -> Iterator[str]:
    if isinstance(value, tuple):
        for part in value:
            yield from _anchors(part)
    elif is_dataclass(value):
        if isinstance(value, Section | Table | Figure | Anchor) and value.id:
            yield value.id
        for field in fields(value):
            yield from _anchors(getattr(value, field.name))
