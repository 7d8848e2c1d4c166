"""Turn a document into pandoc's JSON, as far as Word needs it.

What pandoc has no node for (ruby, page fields, bookmarks, pictures with an SVG beside them) is written as raw
WordprocessingML. Tables and boxed remarks go out as plain pandoc tables; the repair step gives them their
looks, one after the other in the order of the file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, assert_never

from shishin.document import (
    Anchor,
    Block,
    BulletList,
    Cell,
    CodeText,
    Document,
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
    sections,
)
from shishin.problem import Failure, Words
from shishin.renderers.word_numbering import Numbering
from shishin.renderers.word_xml import bookmark, field, link, run

API = [1, 23, 1, 1]
"""The version of pandoc's JSON that pandoc 3.9 reads."""

NO_PAGE = "○"
"""Printed for a page that isn't known: the blank that Japanese papers leave for a number to come."""

Json: TypeAlias = dict[str, Any]
_SMALL_STYLE = "小さい字"
_NONE: list[Any] = ["", [], []]
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_BODY, _SMALL_TYPE, _NOTES, _HEADINGS = 21, 19, 17, (34, 27, 23, 21, 21)  # half points, as in the styles

DOUBLE = "SmallCaps"
"""Stands in for the double underline, which pandoc has no node for; the repair step draws it."""

_BOLD, _LINE, _SMALL_LOOK = "<w:b/>", '<w:u w:val="single"/>', '<w:rStyle w:val="Small"/>'
_LINES = {"old": ("Underline", _LINE), "new": ("Underline", _LINE), "moved": (DOUBLE, '<w:u w:val="double"/>')}
_ORDER = ("<w:rStyle", "<w:b/", "<w:i/", "<w:strike", "<w:sz", "<w:u ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What the walk needs to know: bookmark numbers by anchor, drawings by figure, and how the text here is set."""

    bookmarks: Mapping[str, int]
    drawings: Mapping[Figure, str]
    size: int = _BODY
    looks: tuple[str, ...] = ()  # run properties, for what is written as raw XML
    small: bool = False

    @property
    def look(self) -> str:
        """The run properties in the order in which the standard wants them."""
        return _ordered(self.looks)


def to_json(document: Document, front: str, plan: Numbering, context: Context) -> bytes:
    """Return the document as pandoc JSON; `front` is the raw XML of cover and contents."""
    numbers = {
        section.id: section.number
        for section, instance in zip(sections(document.sections), plan.headings, strict=True)
        if instance is None
    }
    # Each block is written at once: a whole tree of small dicts would keep Python's collector busy half of the time.
    blocks = [_ENCODE(_raw_block(front))]
    for section in document.sections:
        blocks += map(_ENCODE, _section(section, context, numbers))
    return f'{{"pandoc-api-version":{_ENCODE(API)},"meta":{{}},"blocks":[{",".join(blocks)}]}}'.encode()


# ---------------------------------------------------------------- blocks


def _drawing(figure: Figure, context: Context) -> str:
    if figure not in context.drawings:
        raise Failure(
            Words(ja=f"図「{figure.id}」が脚注の中にあります。", en=f"The picture '{figure.id}' stands in a footnote.")
        )
    return context.drawings[figure]


def _section(section: Section, context: Context, numbers: Mapping[str, str]) -> Iterator[Json]:
    if not 1 <= section.level <= len(_HEADINGS):
        raise Failure(
            Words(
                ja=f"見出し「{section.id}」が深すぎます（{section.level} 段目）。",
                en=f"The heading '{section.id}' is too deep (level {section.level}).",
            )
        )
    title = _inlines(section.title, replace(context, size=_HEADINGS[section.level - 1]))
    if title and numbers.get(section.id):
        title = [_text(f"{numbers[section.id]}　"), *title]
    start, end = _range(section.id, context)
    if title:
        yield {"t": "Header", "c": [section.level, _NONE, [*start, *title]]}
    for block in section.blocks:
        yield from _section(block, context, numbers) if isinstance(block, Section) else _block(block, context)
    if end:
        yield _raw_block(end)


def _blocks(blocks: Iterable[Block], context: Context) -> list[Json]:
    return [node for block in blocks for node in _block(block, context)]


def _block(block: Block, context: Context) -> list[Json]:
    match block:
        case Paragraph(inlines=inlines):
            return [{"t": "Para", "c": _inlines(inlines, context)}] if inlines else []
        case BulletList(items=items):
            return [{"t": "BulletList", "c": [_blocks(item, context) for item in items]}]
        case OrderedList(items=items, start=start):
            shape = [start, {"t": "Decimal"}, {"t": "OneParen"}]
            return [{"t": "OrderedList", "c": [shape, [_blocks(item, context) for item in items]]}]
        case Table():
            return _table(block, context)
        case Figure():
            picture = {"t": "Para", "c": [_raw(_drawing(block, context))]}
            caption = _caption(block, context)
            return [_styled("Figure", picture), *_styled_text("Image Caption", caption), *_note(block.note, context)]
        case Quote(blocks=blocks):
            return [{"t": "BlockQuote", "c": _blocks(blocks, context)}]
        case Note(title=title, blocks=blocks):
            small = replace(context, size=_SMALL_TYPE)
            content = [*_styled_text("注記の題", _inlines(title, small)), *_blocks(blocks, small)]
            return [_grid((1.0,), (), [[_grid_cell(content)]])]
        case Rule():
            return [_raw_block('<w:p><w:pPr><w:pStyle w:val="Rule"/></w:pPr></w:p>')]
        case Section():
            raise Failure(
                Words(
                    ja=f"見出し「{block.id}」が表や箇条書の中にあります。",
                    en=f"The heading '{block.id}' stands inside a table or a list.",
                )
            )
        case _:
            assert_never(block)


def _table(table: Table, context: Context) -> list[Json]:
    small = replace(context, size=_SMALL_TYPE)
    caption = _caption(table, context)
    head = [[_cell(cell, small) for cell in row] for row in table.head]
    rows = [[_cell(cell, small) for cell in row] for row in table.rows]
    return [*_styled_text("Table Caption", caption), _grid(table.widths, head, rows), *_note(table.note, context)]


def _caption(block: Table | Figure, context: Context) -> list[Json]:
    text = _inlines(block.caption, replace(context, size=_SMALL_TYPE))
    if block.number:
        text = [_text(f"{block.number}　" if text else block.number), *text]
    if not text:
        return []
    start, end = _range(block.id, context)
    return [*start, *text, *([_raw(end)] if end else [])]


def _note(note: tuple[Inline, ...], context: Context) -> list[Json]:
    return _styled_text("図表の注", _inlines(note, replace(context, size=_NOTES)))


def _grid(widths: Sequence[float], head: Sequence[list[Any]], rows: Sequence[list[Any]]) -> Json:
    columns = [[{"t": "AlignDefault"}, {"t": "ColWidth", "c": width}] for width in widths]
    body = [_NONE, 0, [], [[_NONE, row] for row in rows]]
    return {
        "t": "Table",
        "c": [_NONE, [None, []], columns, [_NONE, [[_NONE, row] for row in head]], [body], [_NONE, []]],
    }


def _grid_cell(blocks: list[Json], rows: int = 1, columns: int = 1) -> list[Any]:
    return [_NONE, {"t": "AlignDefault"}, rows, columns, blocks]


def _cell(cell: Cell, context: Context) -> list[Any]:
    return _grid_cell(_blocks(cell.blocks, context), cell.rows, cell.columns)


def _styled(style: str, *blocks: Json) -> Json:
    return {"t": "Div", "c": [["", [], [["custom-style", style]]], list(blocks)]}


def _styled_text(style: str, inlines: list[Json]) -> list[Json]:
    return [_styled(style, {"t": "Para", "c": inlines})] if inlines else []


# ---------------------------------------------------------------- inlines


def _inlines(inlines: Iterable[Inline], context: Context) -> list[Json]:
    return [_inline(inline, context) for inline in inlines]


def _inline(inline: Inline, context: Context) -> Json:
    match inline:
        case Text(text=text):
            return _text(text)
        case Emphasis(inlines=inner):
            return _marked("Emph", "<w:i/>", inner, context)
        case Strong(inlines=inner):
            return _marked("Strong", _BOLD, inner, context)
        case CodeText(text=text):
            return {"t": "Code", "c": [_NONE, text]}
        case Link(url=url, inlines=inner):
            return {"t": "Link", "c": [_NONE, _words(inner, context), [url, ""]]}
        case Reference(target=target, inlines=inner):
            words = _words(inner, context)
            if target not in context.bookmarks:
                return {"t": "Span", "c": [_NONE, words]}
            return {"t": "Link", "c": [_NONE, words, [f"#{bookmark(target)}", ""]]}
        case Anchor(id=anchor, inlines=inner):
            start, end = _range(anchor, context)
            return {"t": "Span", "c": [_NONE, [*start, *_inlines(inner, context), _raw(end)]]}
        case PageOf(target=target):
            return _raw(page_field(target, context.look) if target in context.bookmarks else run(NO_PAGE, context.look))
        case Footnote(blocks=blocks):
            return {"t": "Note", "c": _blocks(blocks, replace(context, size=_NOTES))}
        case Ruby(base=base, reading=reading):
            return _raw(_ruby(base, reading, context))
        case LineBreak():
            return {"t": "LineBreak"}
        case Small(inlines=inner):
            small = replace(_looking(context, _SMALL_LOOK), small=True)
            return _styled_span(_SMALL_STYLE, _inlines(inner, small))
        case Inserted(inlines=inner):
            return _marked("Underline", _LINE, (Strong(inlines=inner),), context)
        case Removed(inlines=inner):
            return _marked("Strikeout", "<w:strike/>", inner, context)
        case Underlined(inlines=inner, change=change):
            if change not in _LINES:
                raise Failure(
                    Words(
                        ja=f"Word の出力が知らない下線「{change}」です。",
                        en=f"Word output knows no underline {change!r}.",
                    )
                )
            return _marked(*_LINES[change], inner, context)
        case _:
            assert_never(inline)


def _words(inlines: Iterable[Inline], context: Context) -> list[Json]:
    """Return the words of a link: pandoc gives them the links' style, so small type is said again inside."""
    words = _inlines(inlines, context)
    return [_styled_span(_SMALL_STYLE, words)] if context.small else words


def _marked(node: str, look: str, inner: Iterable[Inline], context: Context) -> Json:
    """Return a node of pandoc's around the words; one inside another of its sort would be written twice."""
    if look in context.looks:
        return {"t": "Span", "c": [_NONE, _inlines(inner, context)]}
    return {"t": node, "c": _inlines(inner, _looking(context, look))}


def _looking(context: Context, look: str) -> Context:
    return context if look in context.looks else replace(context, looks=(*context.looks, look))


def _ordered(looks: Iterable[str]) -> str:
    return "".join(sorted(looks, key=lambda look: next(at for at, tag in enumerate(_ORDER) if look.startswith(tag))))


def page_field(target: str, look: str = "") -> str:
    """Return the field that prints the page of an anchor; the repair step fills in the number."""
    return link(bookmark(target), field(f"PAGEREF {bookmark(target)} \\h", NO_PAGE, look))


def _ruby(base: str, reading: str, context: Context) -> str:
    half = max(context.size // 2, 8)
    # A line under the reading would strike through the base.
    looks = (look for look in context.looks if not look.startswith("<w:u "))
    small = _ordered((*looks, f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'))
    return (
        f'<w:r><w:rPr>{context.look}</w:rPr><w:ruby><w:rubyPr><w:rubyAlign w:val="distributeSpace"/><w:hps w:val="{half}"/>'
        f'<w:hpsRaise w:val="{context.size - 3}"/><w:hpsBaseText w:val="{context.size}"/><w:lid w:val="ja-JP"/></w:rubyPr>'
        f"<w:rt>{run(reading, small)}</w:rt><w:rubyBase>{run(base, context.look)}</w:rubyBase></w:ruby></w:r>"
    )


def _range(anchor: str, context: Context) -> tuple[list[Json], str]:
    number = context.bookmarks.get(anchor)
    if number is None:
        return [], ""
    start = f'<w:bookmarkStart w:id="{number}" w:name="{bookmark(anchor)}"/>'
    return [_raw(start)], f'<w:bookmarkEnd w:id="{number}"/>'


def _styled_span(style: str, inlines: list[Json]) -> Json:
    return {"t": "Span", "c": [["", [], [["custom-style", style]]], inlines]}


def _text(text: str) -> Json:
    return {"t": "Str", "c": text}


def _raw(xml: str) -> Json:
    return {"t": "RawInline", "c": ["openxml", xml]}


def _raw_block(xml: str) -> Json:
    return {"t": "RawBlock", "c": ["openxml", xml]}
