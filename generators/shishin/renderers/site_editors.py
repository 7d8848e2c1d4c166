"""The site's pages for editors: what is defined, one page per kind and an overview.

The tables are document tables, so that they are told on a narrow screen as all others are.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass

from shishin.describe import Described, Description
from shishin.describe.tables import Grid, card_rows, grids, overview, word
from shishin.document import Cell, CodeText, Inline, Paragraph, Reference, Table, Text
from shishin.renderers.site_inlines import Sheet
from shishin.renderers.site_markdown import block_text

FOLDER, ALL = "editors", "all-kinds"
LANGUAGE = "ja"  # as all of the site


@dataclass(frozen=True, slots=True, kw_only=True)
class EditorPage:
    """A page for editors: where it lies, its title, what it is about, its Markdown."""

    path: str
    title: str
    about: str
    text: str


def editor_pages(description: Description) -> Iterator[EditorPage]:
    """Yield the overview, then a page for every kind."""
    addresses = {f"kind-{kind.name}": f"{FOLDER}/{kind.name}.md" for kind in description.kinds}
    path = f"{FOLDER}/{ALL}.md"
    sheet = Sheet(path=path, addresses=addresses)
    parts = [
        "# 種別と欄 { #editors }",
        "指針を YAML で書く人のための頁。何を、どこに、どう書くかを、スキーマから示す。",
    ]
    for number, grid in enumerate(overview(description, LANGUAGE), 1):
        parts += [f"## {grid.title} {{ #table-{number} }}", _table(grid, sheet)]
    yield EditorPage(path=path, title="種別と欄", about="種別、関係、規則、注釈の一覧。", text="\n\n".join(parts))
    for kind in description.kinds:
        path = addresses[f"kind-{kind.name}"]
        title = f"{kind.title}（{kind.name}）"
        text = _kind_text(kind, title, description, Sheet(path=path, addresses=addresses))
        yield EditorPage(path=path, title=title, about=kind.about, text=text)


def _kind_text(kind: Described, title: str, description: Description, sheet: Sheet) -> str:
    rows = tuple(
        (Cell(blocks=(_paragraph(label),), header=True), Cell(blocks=(_paragraph(value),)))
        for label, value in card_rows(kind, LANGUAGE)
    )
    card = Table(id="", caption=(), number="", widths=(0.2, 0.8), head=(), rows=rows, look="card")
    about = block_text((_paragraph(kind.about), card), sheet)
    parts = [f"# {_plain(title, sheet)} {{ #kind-{kind.name} }}", about]
    for number, grid in enumerate(grids(kind, description, LANGUAGE), 1):
        parts += [f"## {grid.title} {{ #table-{number} }}", _table(grid, sheet)]
    parts += [f"## {word('example', LANGUAGE)} {{ #example }}", _example(kind)]
    return "\n\n".join(parts)


def _example(kind: Described) -> str:
    """Return the example as it is typed, in a box that the keyboard can scroll.

    Without `<code>`: Material takes such a box's place in the order of the Tab key away where nothing hovers.
    """
    return f'<div class="gl-box"><pre>{html.escape(kind.example)}</pre></div>'


def _plain(text: str, sheet: Sheet) -> str:
    return block_text((_paragraph(text),), sheet)


def _paragraph(text: str) -> Paragraph:
    return Paragraph(inlines=(Text(text=text),))


def _table(grid: Grid, sheet: Sheet) -> str:
    head = tuple(Cell(blocks=(_paragraph(words),), header=True) for words in grid.heads)
    rows = tuple(
        tuple(
            Cell(blocks=(Paragraph(inlines=_inlines(words, place, grid, sheet)),) if words else (), header=place == 0)
            for place, words in enumerate(row)
        )
        for row in grid.rows
    )
    table = Table(id="", caption=(), number="", widths=grid.widths, head=(head,), rows=rows)
    return block_text((table,), sheet)


def _inlines(words: str, place: int, grid: Grid, sheet: Sheet) -> tuple[Inline, ...]:
    inner: Inline = CodeText(text=words) if place in grid.code else Text(text=words)
    name = words.rpartition("(")[2].removesuffix(")")
    if place in grid.links and f"kind-{name}" in sheet.addresses:
        return (Reference(target=f"kind-{name}", inlines=(inner,)),)
    return (inner,)
