"""Markdown of document nodes: one function per node type (inlines: site_inlines).

Text, headings and links are Markdown, so that MkDocs checks every link and makes the contents. What holds blocks
(lists, tables, notes, quotations) is HTML with a `markdown` attribute (Python-Markdown's md_in_html): Markdown's
own lists join their neighbours and can't hold a table, and its tables can't hold blocks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import assert_never

from shishin.document import (
    Anchor,
    Block,
    BulletList,
    Cell,
    Figure,
    Footnote,
    Inline,
    Note,
    OrderedList,
    Paragraph,
    Quote,
    Rule,
    Section,
    Small,
    Table,
)  # fmt: skip
from shishin.renderers.site_inlines import Sheet, inline_text, linked
from shishin.renderers.site_tables import Telling, tellings
from shishin.renderers.site_text import attributes, escaped


def block_text(blocks: Sequence[Block], sheet: Sheet) -> str:
    """Return blocks as Markdown, parted by empty lines; sections with their own page become a list of entries."""
    parts: list[str] = []
    for own, run in groupby(blocks, lambda block: isinstance(block, Section) and block.id in sheet.own):
        if own:
            parts.append(entries([block for block in run if isinstance(block, Section)], sheet))
        else:
            parts.extend(_block(block, sheet) for block in run)
    return "\n\n".join(part for part in parts if part)


def _block(block: Block, sheet: Sheet) -> str:
    match block:
        case Paragraph():
            return inline_text(block.inlines, sheet)
        case BulletList():
            return _list("ul", "", block.items, sheet)
        case OrderedList():
            return _list("ol", attributes(start=block.start if block.start != 1 else None), block.items, sheet)
        case Table():
            return _table(block, sheet)
        case Figure():
            return _figure(block, sheet)
        case Quote():
            return element("blockquote", "", block_text(block.blocks, sheet))
        case Note():
            return _note(block, sheet)
        case Rule():
            return "<hr>"
        case Section():
            return section_text(block, sheet)
        case _:
            assert_never(block)


def element(tag: str, attrs: str, inner: str) -> str:
    """Return an HTML element whose content MkDocs goes on reading as Markdown blocks."""
    return f'<{tag}{_twice(attrs)} markdown="block">\n\n{inner}\n\n</{tag}>'


def line(tag: str, attrs: str, inner: str) -> str:
    """Return an HTML element that holds one line of Markdown."""
    return f'<{tag}{_twice(attrs)} markdown="span">{inner}</{tag}>'


def _twice(attrs: str) -> str:
    # Python-Markdown reads the attributes of such an element and, writing them, leaves alone what looks like a
    # character reference: an ampersand must still be one after that.
    return attrs.replace("&#38;", "&#38;amp;")


def holder(tag: str, attrs: str, blocks: Sequence[Block], sheet: Sheet) -> str:
    """Return an element around blocks; a single paragraph goes in without a `<p>` of its own."""
    if len(blocks) == 1 and isinstance(only := blocks[0], Paragraph):
        return line(tag, attrs, inline_text(only.inlines, sheet))
    return element(tag, attrs, block_text(blocks, sheet))


def _list(tag: str, attrs: str, items: Sequence[Sequence[Block]], sheet: Sheet) -> str:
    return element(tag, attrs, "\n".join(_list_item(item, sheet) for item in items))


def _list_item(item: Sequence[Block], sheet: Sheet) -> str:
    match item:
        case (Paragraph() as first, (BulletList() | OrderedList()) as second):  # the usual list in a list stays tight
            inner = f"{inline_text(first.inlines, sheet)}\n\n{_block(second, sheet)}"
            return element("li", attributes(class_="gl-tight"), inner)
        case _:
            return holder("li", "", item, sheet)


_LOOKS = {"note": "note", "caution": "warning", "source": "quote"}


def _note(note: Note, sheet: Sheet) -> str:
    title = inline_text(note.title, sheet)
    head = line("p", attributes(class_="admonition-title"), title) + "\n\n" if title else ""
    attrs = attributes(class_=f"admonition {_LOOKS[note.look]}", role="note")
    return element("div", attrs, head + block_text(note.blocks, sheet))


# ---------------------------------------------------------------- tables and figures


def _table(table: Table, sheet: Sheet) -> str:
    """Return a table with its caption, its id, and its note."""
    told = tellings(table)
    untold = [(Telling(),) * len(row) for row in table.rows]
    rows = [
        *((row, (Telling(),) * len(row), True) for row in table.head),
        *((row, tale, False) for row, tale in zip(table.rows, told or untold, strict=True)),
    ]
    shares = _shares(table)
    lines = [_row(row, tale, head, () if place else shares, sheet) for place, (row, tale, head) in enumerate(rows)]
    top = len(table.head)
    parts = [
        element(tag, "", "\n".join(part)) for tag, part in (("thead", lines[:top]), ("tbody", lines[top:])) if part
    ]
    caption = _caption(table.number, table.caption, sheet)
    name = f"{table.id}--caption" if caption and table.id else None
    look = f"gl-table gl-{table.look}" + (" gl-stack" if told else "")
    grid = element("table", attributes(class_=look, aria_labelledby=name), "\n".join(parts))
    box = element("div", attributes(class_="gl-box"), grid)
    head = line("figcaption", attributes(id=name), caption) + "\n\n" if caption else ""
    tail = "\n\n" + _remark(table.note, sheet) if table.note else ""
    tag = "figure" if caption else "div"
    return element(tag, attributes(class_="gl-tabled", id=table.id or None), head + box + tail)


def _shares(table: Table) -> tuple[int, ...]:
    """Return the width of each column in steps of five per cent: there is one class per step, and no inline style."""
    return tuple(max(5, round(width * 20) * 5) for width in table.widths)


def _row(row: Sequence[Cell], tale: Sequence[Telling], head: bool, shares: Sequence[int], sheet: Sheet) -> str:
    cells: list[str] = []
    column = 0  # right for the first row only, where nothing reaches down from above, and only that has shares
    for cell, telling in zip(row, tale, strict=True):
        share = sum(shares[column : column + cell.columns])
        cells.append(_cell(cell, telling, head, share, sheet))
        column += cell.columns
    return element("tr", "", "\n".join(cells))


def _cell(cell: Cell, telling: Telling, head: bool, share: int, sheet: Sheet) -> str:
    empty = not any(cell.blocks)
    classes = [
        telling.look,
        f"gl-{cell.align}" if cell.align != "left" else "",
        f"gl-w{min(share, 100)}" if share else "",
        "gl-empty" if empty else "",
        "gl-framed" if cell.framed else "",
    ]
    scope = None
    if cell.header and not empty:  # an empty corner is no heading of anything
        across = "colgroup" if cell.columns > 1 else "col"
        scope = across if head else "row"
    attrs = attributes(
        class_=" ".join(word for word in classes if word) or None,
        scope=scope,
        colspan=cell.columns if cell.columns > 1 else None,
        rowspan=cell.rows if cell.rows > 1 else None,
        data_label=telling.label or None,
    )
    return holder("th" if scope else "td", attrs, cell.blocks, sheet)


_BOX = re.compile(r'viewBox="[-\d.]+[ ,]+[-\d.]+[ ,]+([\d.]+)[ ,]+([\d.]+)"')


def figure_path(figure: Figure) -> str:
    """Return where the picture of a figure lies, counted from the folder of all pages."""
    return f"assets/figures/{figure.id}.svg"


def _figure(figure: Figure, sheet: Sheet) -> str:
    """Return a figure: the picture with its text alternative, then caption and note."""
    source = sheet.to(figure_path(figure))
    # With its size known the page doesn't jump when the picture arrives.
    size = _BOX.search(figure.svg)
    sizes = f'{{ width="{round(float(size[1]))}" height="{round(float(size[2]))}" }}' if size else ""
    share = f"gl-w{min(100, max(5, round(figure.width * 20) * 5))}"
    picture = line("div", attributes(class_=f"gl-picture {share}"), f"![{escaped(figure.alt)}]({source}){sizes}")
    caption = _caption(figure.number, figure.caption, sheet)
    larger = f'<span class="gl-larger">[{escaped(sheet.words["enlarge"])}]({source})</span>'
    foot = line("figcaption", "", f"{caption} {larger}".strip())
    tail = "\n\n" + _remark(figure.note, sheet) if figure.note else ""
    return element("figure", attributes(class_="gl-figure", id=figure.id), picture + "\n\n" + foot + tail)


def _caption(number: str, caption: Sequence[Inline], sheet: Sheet) -> str:
    text = inline_text(caption, sheet)
    return f'<span class="gl-number">{escaped(number)}</span> {text}' if number else text


def _remark(note: Sequence[Inline], sheet: Sheet) -> str:
    return line("p", attributes(class_="gl-remark"), inline_text(note, sheet))


# ---------------------------------------------------------------- sections


def heading(section: Section, sheet: Sheet) -> str:
    """Return the heading of a section: number, title, and its id as anchor."""
    level = min(max(section.level - sheet.top + 1, 1), 6)
    return f"{'#' * level} {numbered(section.number, inline_text(section.title, sheet))} {{ #{section.id} }}"


def numbered(number: str, title: str) -> str:
    """Return a printed number before a title."""
    return f'<span class="gl-number">{escaped(number)}</span> {title}' if number else title


def section_text(section: Section, sheet: Sheet) -> str:
    """Return a section: its heading and what stands under it."""
    body = block_text(section.blocks, sheet)
    if not section.title:  # it prints no heading, but links may lead here
        return f"<div{attributes(id=section.id)}></div>\n\n{body}"
    return f"{heading(section, sheet)}\n\n{body}" if body else heading(section, sheet)


def entries(sections: Sequence[Section], sheet: Sheet, *, numbers: bool = True) -> str:
    """Return a list of links to sections, each with its number, title and summary."""
    items = [_entry(section, section.number if numbers else "", sheet) for section in sections]
    return element("ul", attributes(class_="gl-entries"), "\n".join(items))


def _entry(section: Section, number: str, sheet: Sheet) -> str:
    title = f"[{linked(section.title, sheet)[0]}]({sheet.link(section.id)})"
    head = line("p", attributes(class_="gl-entry-title"), numbered(number, title))
    text = summary(section)
    return element("li", "", head + ("\n" + line("p", "", inline_text(text, sheet)) if text else ""))


def summary(section: Section) -> tuple[Inline, ...]:
    """Return the first paragraph of a section, without footnotes and anchors: they have their home elsewhere."""
    for block in section.blocks:
        if isinstance(block, Paragraph) and not all(isinstance(one, Small) for one in block.inlines):
            return tuple(_bare(block.inlines))
    return ()


def _bare(inlines: Sequence[Inline]) -> Iterator[Inline]:
    for one in inlines:
        match one:
            case Footnote():
                continue
            case Anchor():
                yield from _bare(one.inlines)
            case _:
                yield one


def notes_text(sheet: Sheet) -> str:
    """Return the footnotes of the page, each with a link back to where it was called."""
    items: list[str] = []
    for number, note in enumerate(sheet.notes, start=1):  # a note that calls a note lengthens the list it walks
        back = (
            f' <a class="footnote-backref" href="#fnref:{number}" role="doc-backlink"'
            f"{attributes(aria_label=sheet.words['back'], title=sheet.words['back'])}>&#8617;</a>"
        )
        *before, last = [_block(block, sheet) for block in note.blocks] or [""]
        inner = [*before, last + back] if isinstance(note.blocks[-1], Paragraph) else [*before, last, back]
        items.append(element("li", attributes(id=f"fn:{number}"), "\n\n".join(inner)))
    if not items:
        return ""
    attrs = attributes(class_="footnote", role="doc-endnotes", aria_label=sheet.words["notes"])
    return element("section", attrs, "<hr>\n\n" + element("ol", "", "\n".join(items)))
