"""PDF: the tree goes as data into a Typst template that walks it; nothing is spliced as source.

Out: one file, PDF/UA-1 and PDF/A-2a, and the printed page of each anchor.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path

from shishin.document import Document, Figure, Section, plain, to_data
from shishin.problem import Failure, Words
from shishin.renderers.rendering import Rendering

TEMPLATE = Path(__file__).parent / "typst" / "guideline.typ"


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfRenderer:
    """Writes <guideline>-<edition>.pdf."""

    name: str = "pdf"

    def render(self, document: Document, folder: Path) -> Rendering:
        """Write the file into `folder`; raise Failure that names the item at fault."""
        from shishin.tools import typst  # loaded when a PDF is wanted, not before

        try:
            compiled = typst.compile_pdf(TEMPLATE, {"document": _json(document)}, document.date)
        except typst.Fault as fault:
            if fault.code == "typst" and "SVG" in fault.what:
                raise _failure("svg", _bad_picture(document), fault.what) from fault
            if fault.code == "glyph":
                raise _failure("glyph", _place_of(document, fault.what), _named(fault.what)) from fault
            if fault.code == "typst":
                raise
            raise _failure(fault.code, _place(document, fault.where), fault.what) from fault
        file = folder / f"{document.guideline}-{document.edition}.pdf"
        file.write_bytes(compiled.pdf)
        return Rendering(files=(file,), pages=_pages(compiled.report))


def _json(document: Document) -> str:
    def refuse(value: object) -> object:
        name = type(value).__name__
        raise _failure("unknown-node", _join(place for place, part in _parts(document) if part is value), name)

    return json.dumps(to_data(document), ensure_ascii=False, default=refuse)


def _pages(report: object) -> Mapping[str, int]:
    assert isinstance(report, dict)
    return {str(anchor): int(page) for anchor, page in report.items()}


# ---------------------------------------------------------------- faults, told so that one can mend them

_SENTENCES: Mapping[str, Callable[[str], Words]] = {
    "unknown-node": lambda what: Words(
        ja=f"PDF の出力が知らない種類の要素「{what}」です。", en=f"the PDF output knows no node {what!r}."
    ),
    "unknown-look": lambda what: Words(
        ja=f"PDF の出力が知らない見せ方「{what}」です。", en=f"the PDF output knows no look {what!r}."
    ),
    "no-alt": lambda what: Words(
        ja=f"図「{what}」に代替テキストがありません。", en=f"figure {what!r} has no alt text."
    ),
    "svg": lambda what: Words(ja=f"図の SVG を読めません: {what}", en=f"the picture's SVG can't be read: {what}"),
    "unknown-target": lambda what: Words(
        ja=f"参照先「{what}」がこの文書にありません。", en=f"the target {what!r} of a reference isn't in this document."
    ),
    "same-anchor": lambda what: Words(
        ja=f"識別子「{what}」が二度出てきます。", en=f"the anchor {what!r} occurs twice."
    ),
    "heading-jump": lambda what: Words(
        ja=f"見出しの段が飛んで {what} 段目になっています。", en=f"the heading skips to level {what}."
    ),
    "mark-in-mark": lambda what: Words(
        ja="追加・削除の印の中に、さらに印があります。", en="a mark of change stands inside another."
    ),
    "table-widths": lambda what: Words(
        ja=f"表「{what}」の列の数と列幅の数が合いません。",
        en=f"table {what!r} has other numbers of columns and widths.",
    ),
    "glyph": lambda what: Words(
        ja=f"収録した書体に無い文字です: {what}", en=f"no font of the package has these characters: {what}"
    ),
}

_DOCUMENT = Words(ja="文書全体・表紙", en="cover or whole document")


def _failure(code: str, place: Words, what: str) -> Failure:
    said = _SENTENCES[code](what)
    return Failure(Words(ja=f"{place.ja}: {said.ja}", en=f"{place.en}: {said.en}"))


def _place(document: Document, anchor: str) -> Words:
    return _join(place for place, part in _parts(document) if isinstance(part, Section) and part.id == anchor)


def _place_of(document: Document, characters: str) -> Words:
    return _join(place for place, part in _parts(document) if isinstance(part, str) and set(part) & set(characters))


def _bad_picture(document: Document) -> Words:
    from shishin.tools import raster

    def broken(figure: Figure) -> bool:
        try:
            raster.png(figure.svg, 20.0)
        except Failure:
            return True
        return False

    return _join(place for place, part in _parts(document) if isinstance(part, Figure) and broken(part))


def _join(places: Iterator[Words]) -> Words:
    found = list(dict.fromkeys(places)) or [_DOCUMENT]
    return Words(ja="、".join(place.ja for place in found), en=", ".join(place.en for place in found))


def _parts(value: object, place: Words = _DOCUMENT) -> Iterator[tuple[Words, object]]:
    # Every node and every text of the tree, each with the innermost section it stands in.
    if isinstance(value, Section):
        title = " ".join(words for words in (value.number, plain(value.title)) if words)
        place = Words(ja=f"{value.id}「{title}」", en=f"{value.id} “{title}”")
    yield place, value
    if isinstance(value, tuple):
        for part in value:
            yield from _parts(part, place)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _parts(getattr(value, field.name), place)


def _named(characters: str) -> str:
    return " ".join(f"{character} (U+{ord(character):04X})" for character in dict.fromkeys(characters))
