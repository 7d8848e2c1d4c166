"""HTML of document nodes for a file that stands alone: one function per node type."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import NoReturn

from shishin.document import (
    Anchor,
    Block,
    BulletList,
    Cell,
    CodeText,
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
from shishin.problem import Failure, Words
from shishin.renderers.html_sides import sides
from shishin.renderers.site_inlines import without_pages
from shishin.renderers.site_tables import head_words, placed
from shishin.renderers.site_text import attributes, printable

_LOOKS = {
    Table: ("grid", "card", "plain", "compare"),
    Note: ("note", "caution", "source"),
}
_LINES = {"old": "del", "new": "ins", "moved": "span"}


@dataclass(slots=True, kw_only=True)
class Paper:
    """One file while it is written.

    `anchors` are what links may lead to, `words` what the file says by itself, `title` the words for a table that has
    no caption; `notes` collects the footnotes met so far, `linked` says that we are inside a link.
    """

    anchors: frozenset[str]
    words: Mapping[str, str]
    title: str
    notes: list[Footnote] = field(default_factory=list)
    linked: bool = False


def tag(name: str, inner: str, **attrs: str | int | None) -> str:
    """Return an element."""
    return f"<{name}{attributes(**attrs)}>{inner}</{name}>"


# ---------------------------------------------------------------- inlines


def inline_html(inlines: Iterable[Inline], paper: Paper) -> str:
    """Return inlines as HTML."""
    return "".join(_inline(one, paper) for one in without_pages(tuple(inlines), paper.words["page"]))


def text_html(text: str) -> str:
    """Return plain text as HTML."""
    return escape(printable(text))


def _inline(inline: Inline, paper: Paper) -> str:
    match inline:
        case Text(text=text):
            return text_html(text)
        case Emphasis(inlines=inner):
            return tag("em", inline_html(inner, paper))
        case Strong(inlines=inner):
            return tag("strong", inline_html(inner, paper))
        case CodeText(text=text):
            return tag("code", text_html(text))
        case Link(url=url, inlines=inner):
            return _link(url, inner, paper)
        case Reference(target=target, inlines=inner):
            return _link(f"#{target}", inner, paper) if target in paper.anchors else inline_html(inner, paper)
        case Anchor(id=name, inlines=inner):
            return tag("span", inline_html(inner, paper), id=name)
        case PageOf():
            return ""  # a file has no pages
        case Footnote():
            return _footnote(inline, paper)
        case Ruby(base=base, reading=reading):
            return f"<ruby>{text_html(base)}<rp>（</rp><rt>{text_html(reading)}</rt><rp>）</rp></ruby>"
        case LineBreak():
            return "<br>"
        case Small(inlines=inner):
            return tag("span", inline_html(inner, paper), class_="gl-small")
        case Inserted(inlines=inner):
            return _change("ins", "inserted", inner, paper)
        case Removed(inlines=inner):
            return _change("del", "removed", inner, paper)
        case Underlined(inlines=inner, change=change):
            if change not in _LINES:
                raise _unknown_look(change)
            return _change(_LINES[change], change, inner, paper, f"gl-{change}")
        case _:
            _unknown(inline)


def _link(url: str, inlines: Sequence[Inline], paper: Paper) -> str:
    """Return a link; one can't hold another, so that what is a link inside it is only its words."""
    if paper.linked:
        return inline_html(inlines, paper)
    marks = [one for one in inlines if isinstance(one, Footnote)]
    paper.linked = True
    words = inline_html((one for one in inlines if not isinstance(one, Footnote)), paper)
    paper.linked = False
    return tag("a", words, href=url) + inline_html(marks, paper)


def _footnote(note: Footnote, paper: Paper) -> str:
    paper.notes.append(note)
    number = len(paper.notes)
    words = f"{paper.words['note']}{number}"
    inner = words if paper.linked else tag("a", words, href=f"#fn:{number}", role="doc-noteref")
    return tag("sup", inner, id=f"fnref:{number}")


def _change(name: str, word: str, inlines: Sequence[Inline], paper: Paper, look: str | None = None) -> str:
    # Colour and lines alone would not reach the ear.
    before, after = (tag("span", text_html(paper.words[key]), class_="gl-hidden") for key in (word, f"{word}_end"))
    return tag(name, before + inline_html(inlines, paper) + after, class_=look)


# ---------------------------------------------------------------- blocks


def block_html(blocks: Iterable[Block], paper: Paper, *, silent: int = 0) -> str:
    """Return blocks as HTML; `silent` counts the sections around that print no heading."""
    return "\n".join(_block(block, paper, silent) for block in blocks)


def _block(block: Block, paper: Paper, silent: int) -> str:
    match block:
        case Paragraph(inlines=inlines):
            return tag("p", inline_html(inlines, paper)) if inlines else ""
        case BulletList(items=items):
            return tag("ul", _items(items, paper))
        case OrderedList(items=items, start=start):
            return tag("ol", _items(items, paper), start=start if start != 1 else None)
        case Table():
            return _table(block, paper)
        case Figure():
            return _figure(block, paper)
        case Quote(blocks=blocks):
            return tag("blockquote", block_html(blocks, paper))
        case Note():
            return _note(block, paper)
        case Rule():
            return "<hr>"
        case Section():
            return _section(block, paper, silent)
        case _:
            _unknown(block)


def _held(blocks: Sequence[Block], paper: Paper) -> str:
    """Return blocks inside an element; a single paragraph goes in without a `<p>` of its own."""
    if len(blocks) == 1 and isinstance(only := blocks[0], Paragraph):
        return inline_html(only.inlines, paper)
    return block_html(blocks, paper)


def _items(items: Iterable[Sequence[Block]], paper: Paper) -> str:
    return "\n".join(tag("li", _held(item, paper)) for item in items)


def _section(section: Section, paper: Paper, silent: int) -> str:
    if not section.title:
        return tag("section", block_html(section.blocks, paper, silent=silent + 1), id=section.id or None)
    words = _numbered(section.number, inline_html(section.title, paper))
    level = min(max(section.level + 1 - silent, 2), 6)
    heading = tag(f"h{level}", words)
    return tag("section", f"{heading}\n{block_html(section.blocks, paper, silent=silent)}", id=section.id or None)


def _numbered(number: str, words: str) -> str:
    return f"{text_html(number)}　{words}" if number and words else text_html(number) or words


def _note(note: Note, paper: Paper) -> str:
    if note.look not in _LOOKS[Note]:
        raise _unknown_look(note.look)
    title = tag("p", inline_html(note.title, paper), class_="gl-note-title") if note.title else ""
    return tag("div", title + block_html(note.blocks, paper), class_=f"gl-note gl-{note.look}", role="note")


def _figure(figure: Figure, paper: Paper) -> str:
    source = f"data:image/svg+xml;base64,{b64encode(figure.svg.encode()).decode()}"
    picture = f"<img{attributes(src=source, alt=figure.alt, style=f'width: {figure.width:.0%}')}>"
    caption = _numbered(figure.number, inline_html(figure.caption, paper))
    foot = tag("figcaption", caption) if caption else ""
    return tag("figure", picture + foot + _remark(figure.note, paper), id=figure.id or None)


def _remark(note: Sequence[Inline], paper: Paper) -> str:
    return tag("p", inline_html(note, paper), class_="gl-remark") if note else ""


# ---------------------------------------------------------------- tables


def _table(table: Table, paper: Paper) -> str:
    if table.look not in _LOOKS[Table]:
        raise _unknown_look(table.look)
    words = _numbered(table.number, inline_html(table.caption, paper))
    caption = tag("caption", words) if words else ""
    if not words and table.look == "compare":  # whoever listens must know what is compared
        caption = tag("caption", tag("span", text_html(paper.title), class_="gl-hidden"))
    shares = "".join(f"<col{attributes(style=f'width: {width:.1%}')}>" for width in table.widths)
    heads = [head_words(cell) for cell in table.head[0]] if len(table.head) == 1 else []
    head = "\n".join(tag("tr", "".join(_cell(cell, paper, head=True) for cell in row)) for row in table.head)
    order = _order(table)
    rows: list[str] = []
    for row in placed(table):
        cells = (
            _cell(cell, paper, label=_label(table, cell, column, heads), order=order.get(column, ""))
            for column, cell in row
        )
        rows.append(tag("tr", "".join(cells)))
    parts = [caption, tag("colgroup", shares), tag("thead", head) if head else "", tag("tbody", "\n".join(rows))]
    look = f"gl-table gl-table-{table.look}"
    return tag("table", "\n".join(part for part in parts if part), class_=look, id=table.id or None) + _remark(
        table.note, paper
    )


def _order(table: Table) -> dict[int, str]:
    """Return the class of each column that a narrow screen sets elsewhere than on paper."""
    pair = sides(table) if table.look == "compare" else None
    if pair is None:
        return {}
    old, new = pair
    after = {column: "gl-after" for column in range(max(pair) + 1, len(table.widths))}
    return {old: "gl-older", new: "gl-newer"} | after


def _label(table: Table, cell: Cell, column: int, heads: Sequence[str]) -> str:
    told = table.look == "compare" and not cell.header and cell.columns == 1 and column < len(heads)
    return heads[column] if told else ""


def _cell(cell: Cell, paper: Paper, *, head: bool = False, label: str = "", order: str = "") -> str:
    empty = not cell.blocks
    looks = (
        order,
        f"gl-{cell.align}" if cell.align != "left" else "",
        "gl-framed" if cell.framed else "",
        "gl-empty" if empty else "",
    )
    across, down = cell.columns > 1, cell.rows > 1
    scope = None
    if cell.header and not empty:  # an empty corner is no heading of anything
        scope = ("colgroup" if across else "col") if head else ("rowgroup" if down else "row")
    return tag(
        "th" if scope else "td", _held(cell.blocks, paper), class_=" ".join(look for look in looks if look) or None,
        scope=scope, colspan=cell.columns if across else None, rowspan=cell.rows if down else None,
        data_label=label or None,
    )  # fmt: skip


# ---------------------------------------------------------------- footnotes, and what can't be written


def notes_html(paper: Paper) -> str:
    """Return the footnotes, each with a link back to where it was called."""
    items: list[str] = []
    for number, note in enumerate(paper.notes, start=1):  # a note that calls a note lengthens the list it walks
        back = tag("a", "&#8617;", href=f"#fnref:{number}", role="doc-backlink", aria_label=paper.words["back"])
        items.append(tag("li", f"{_held(note.blocks, paper)} {back}", id=f"fn:{number}"))
    if not items:
        return ""
    return tag(
        "section", "<hr>" + tag("ol", "\n".join(items)), class_="gl-notes", role="doc-endnotes",
        aria_label=paper.words["notes"],
    )  # fmt: skip


def _unknown(node: object) -> NoReturn:
    name = type(node).__name__
    raise Failure(
        Words(ja=f"HTML の出力が知らない種類の要素「{name}」です。", en=f"The HTML output knows no node '{name}'.")
    )


def _unknown_look(look: str) -> Failure:
    return Failure(
        Words(ja=f"HTML の出力が知らない見せ方「{look}」です。", en=f"The HTML output knows no look '{look}'.")
    )
