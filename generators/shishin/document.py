"""The document tree: what a reader will see, free of any output format.

Stage: between composing (templates, items) and rendering (site, Word, PDF, JSON).
Types only. A renderer walks these nodes with one function per node type; a node type
it doesn't know is an error, never an empty string.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, TypeAlias, assert_never

FORMAT = 1
"""Version of the tree's shape, written to document.json."""


# ---------------------------------------------------------------- inlines


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Plain text."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Emphasis:
    """Stressed words."""

    inlines: tuple[Inline, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Strong:
    """Strongly stressed words (ゴシック in print)."""

    inlines: tuple[Inline, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeText:
    """Words as typed: a file name, a command."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link out of the document; the scheme has been checked (https, http, mailto, tel)."""

    url: str
    inlines: tuple[Inline, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A mention of an item or of a numbered table or figure, by its anchor.

    `inlines` is what to print; every output makes it a link to `target`.
    """

    target: str
    inlines: tuple[Inline, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """The home of an item that is a row or an entry, not a section: what links to `id` lands here.

    `inlines` is the marked text (the term of a glossary row). Word puts the item's bookmark around it.
    """

    id: str
    item: str
    inlines: tuple[Inline, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOf:
    """The page on which `target` begins; outputs without pages print nothing."""

    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Footnote:
    """A note at the foot of the page, marked here."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruby:
    """Characters with their reading above."""

    base: str
    reading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineBreak:
    """A new line inside a paragraph."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Small:
    """Words in small grey type: printed ids, marks of derived content."""

    inlines: tuple[Inline, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inserted:
    """Words that the newer edition has and the older lacks."""

    inlines: tuple[Inline, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """Words that the older edition has and the newer lacks."""

    inlines: tuple[Inline, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Underlined:
    """Words of a comparison that differ between two editions, underlined.

    `change` is "old" (only the older edition has them), "new" (only the newer) or "moved" (both, elsewhere).
    """

    inlines: tuple[Inline, ...]
    change: str


Inline: TypeAlias = (
    Text
    | Emphasis
    | Strong
    | CodeText
    | Link
    | Reference
    | Anchor
    | PageOf
    | Footnote
    | Ruby
    | LineBreak
    | Small
    | Inserted
    | Removed
    | Underlined
)


# ---------------------------------------------------------------- blocks


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph."""

    inlines: tuple[Inline, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletList:
    """A list without an order; each entry holds blocks."""

    items: tuple[tuple[Block, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedList:
    """A numbered list; each entry holds blocks."""

    items: tuple[tuple[Block, ...], ...]
    start: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A table cell: blocks, whether it heads its row or column, what it spans, how it is aligned.

    `framed` draws thick lines around it: the mark of a changed table in a comparison.
    """

    blocks: tuple[Block, ...]
    header: bool = False
    columns: int = 1
    rows: int = 1
    align: str = "left"  # left | center | right
    framed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table whose cells hold blocks.

    `widths` are shares of the text width (they sum to 1). `head` rows repeat on each page.
    `number` is the printed label (図表2-1) or "" where the table has none. `look` is "grid" or
    "card" (a label column and a value column; narrow screens stack it), "plain" (no rules) or
    "compare" (two editions side by side: rows may be long and break over pages).
    """

    id: str
    caption: tuple[Inline, ...]
    number: str
    widths: tuple[float, ...]
    head: tuple[tuple[Cell, ...], ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: tuple[Inline, ...] = ()
    look: str = "grid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A picture made from data. `alt` is its text alternative, `svg` the picture itself.

    `width` is the share of the text width (0 to 1).
    """

    id: str
    caption: tuple[Inline, ...]
    number: str
    alt: str
    svg: str
    width: float = 1.0
    note: tuple[Inline, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words of somebody else."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A boxed remark: `look` is "note", "caution" or "source"."""

    title: tuple[Inline, ...]
    blocks: tuple[Block, ...]
    look: str = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A line between two thoughts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading with what stands under it.

    `id` is the anchor: an item's id, `item--key` for a part of an item. `item` is the item's id
    where this section is the home of an item, else "". `kind` is the item's kind, or "part" for a
    heading inside an item. `number` is printed before the title ("第1章", "(2)") or "". `level` is 1 to 5:
    the depth of the heading; `part` says where a section of level 1 stands: front, body or back.
    """

    id: str
    item: str
    kind: str
    level: int
    number: str
    title: tuple[Inline, ...]
    blocks: tuple[Block, ...]
    part: str = "body"


Block: TypeAlias = Paragraph | BulletList | OrderedList | Table | Figure | Quote | Note | Rule | Section


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What the title page says. Empty texts are left out in print."""

    title: str
    subtitle: str
    edition: str  # 再構成版（案）
    status: str  # 案
    as_of: str  # 令和8年11月22日
    publisher: str
    paper_number: str  # 資料1
    meeting: str  # 第2回…ワーキング
    meeting_date: str
    notice: str  # 種文書に基づく再構成 …


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole guideline as one edition prints it, or a paper about one: cover, then sections of level 1.

    `layout` is "book" (title page, contents, a page for each chapter), "sheet" (title block on the first page,
    then the text, without contents) or "wide" (the same on A4 landscape). A section without a title prints no heading.
    `line_numbers` asks for numbers beside the lines, so that a committee can say where.
    """

    guideline: str  # file-name stem, e.g. "city-guide"
    edition: str  # edition id
    language: str
    date: str  # ISO date of the edition: the only date outputs may carry
    cover: Cover
    header: str  # running header: edition and status
    sections: tuple[Section, ...]
    labels: tuple[tuple[str, str], ...] = ()  # words of the outputs (目次, …) as (key, text)
    layout: str = "book"
    line_numbers: bool = False


# ---------------------------------------------------------------- the tree as data

Node: TypeAlias = Inline | Block | Cell | Cover | Document

NODES: tuple[type[Node], ...] = (
    Text,
    Emphasis,
    Strong,
    CodeText,
    Link,
    Reference,
    Anchor,
    PageOf,
    Footnote,
    Ruby,
    LineBreak,
    Small,
    Inserted,
    Removed,
    Underlined,
    Paragraph,
    BulletList,
    OrderedList,
    Cell,
    Table,
    Figure,
    Quote,
    Note,
    Rule,
    Section,
    Cover,
    Document,
)
"""Every node type; tests hold the renderers and the JSON schema against it."""


def to_data(value: object) -> object:
    """Return a node as plain data for JSON: each node is an object with its type under "node"."""
    if isinstance(value, NODES):
        shape = {"node": type(value).__name__}
        return shape | {field.name: to_data(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [to_data(part) for part in value]
    return value


_BY_NAME = {node.__name__: node for node in NODES}


def from_data(data: object) -> Any:
    """Return the node that `to_data` made this data of; raise ValueError where it is no such data."""
    if isinstance(data, dict):
        node = _BY_NAME.get(str(data.get("node")))
        if node is None:
            raise ValueError(f"unknown node {data.get('node')!r}")
        try:
            return node(**{key: from_data(value) for key, value in data.items() if key != "node"})
        except TypeError as error:
            raise ValueError(str(error)) from error
    if isinstance(data, list):
        return tuple(from_data(part) for part in data)
    return data


def plain(inlines: tuple[Inline, ...]) -> str:
    """Return what a reader hears: the text of inlines without marks, footnotes and readings."""
    words: list[str] = []
    for inline in inlines:
        match inline:
            case Text(text=text) | CodeText(text=text):
                words.append(text)
            case Ruby(base=base):
                words.append(base)
            case (
                Emphasis(inlines=inner)
                | Strong(inlines=inner)
                | Link(inlines=inner)
                | Reference(inlines=inner)
                | Anchor(inlines=inner)
                | Small(inlines=inner)
                | Inserted(inlines=inner)
                | Underlined(inlines=inner)
            ):
                words.append(plain(inner))
            case LineBreak():
                words.append(" ")
            case Footnote() | PageOf() | Removed():
                pass
            case _:
                assert_never(inline)
    return "".join(words)


def sections(blocks: tuple[Block, ...]) -> Iterator[Section]:
    """Yield every section in reading order, the outer before the inner."""
    for block in blocks:
        if isinstance(block, Section):
            yield block
            yield from sections(block.blocks)
