"""A field's value as a reader of a paper sees it: blocks of the document tree, by the field's shape.

Mentions become the names items have in the edition, choices their labels, dates the Japanese calendar. A comparison
can't point into the guideline, and its cells hold no tables: a table becomes a line per row, a note follows its word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from shishin.document import (
    Block,
    BulletList,
    Footnote,
    Inline,
    OrderedList,
    Paragraph,
    Quote,
    Reference,
    Table,
    Text,
    plain,
)
from shishin.era import wareki
from shishin.markdown import parse_field, parse_inline
from shishin.rewrite import map_inlines, walk
from shishin.schema import Shape
from shishin.snapshot import Snapshot

_B = TypeVar("_B", bound=Block)
Names = Mapping[str, str]
"""How items are named in an edition, by their ids."""
STEERING = frozenset({"part", "order", "show", "basis"})
"""Fields of the shipped schemas that steer the layout and aren't printed as they are: a change is told by itself."""
SOURCE = "source"
"""The field of the shipped schemas that tells where something was taken from."""
_DAY = re.compile(r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])(-[0-9]{2})?")
PLAIN = Shape(type="string", title="")
COLUMN = "／"
"""Stands between the values of one row or entry."""


def names_of(snapshot: Snapshot) -> Names:
    """Return how an edition names its items where they are mentioned."""
    return {one.id: one.name for one in snapshot.entries}


def visible(shape: Shape) -> Iterable[tuple[str, Shape]]:
    """Yield the fields that count in a comparison."""
    return ((name, inner) for name, inner in shape.properties.items() if inner.compare and not inner.private)


def key_of(shape: Shape) -> str:
    """Return the field by which the entries of a list are told apart, "" where there is none."""
    return shape.align.removeprefix("key:") if shape.align.startswith("key:") else ""


def columns(shape: Shape) -> Iterable[tuple[str, Shape]]:
    """Yield the fields of a list's entries that are printed: a key that is only a name in the file is not."""
    entry = shape.items or shape
    key = key_of(shape)
    for name, inner in visible(entry):
        if name != key or inner.ref or inner.code or "pattern" not in inner.limits:
            yield name, inner


def head_fields(shape: Shape) -> tuple[tuple[str, Shape], ...]:
    """Return the fields of an entry of the list `shape` that make its line; those of an object have lines of their own.

    Entries with paragraphs are headed by their title alone.
    """
    if shape.items is None:
        return ()
    fields = tuple((name, inner) for name, inner in columns(shape) if flat(inner))
    return fields if not _prose(shape) else tuple(one for one in fields if one[1].text)[:1]


def fits(value: Any, shape: Shape) -> bool:
    """Tell whether a value is of its shape's sort: editions can have other shapes for a field of the same name."""
    if shape.items is not None:
        return isinstance(value, list)
    return isinstance(value, Mapping) == bool(shape.properties) and not isinstance(value, list)


def suited(value: Any, shape: Shape) -> Shape:
    """Return the shape of a value, or one made after the value where it is of another sort."""
    if fits(value, shape):
        return shape
    if isinstance(value, list):
        return Shape(type="array", title=shape.title, items=suited(value[0], PLAIN) if value else PLAIN)
    if isinstance(value, Mapping):
        named = {name: suited(inner, Shape(type="string", title=name)) for name, inner in value.items()}
        return Shape(type="object", title=shape.title, properties=named)
    return Shape(type="string", title=shape.title)


def flat(shape: Shape) -> bool:
    """Tell whether a value fits into one line: a scalar, a set of scalars, an object of such."""
    if shape.items is not None:
        return shape.align == "set" and not shape.items.properties and flat(shape.items)
    if shape.properties:
        return all(flat(inner) for _, inner in visible(shape))
    return shape.text != "markdown"


def tabular(shape: Shape) -> bool:
    """Tell whether a list is printed as a table or form: keyed entries none of which holds paragraphs."""
    return bool(key_of(shape)) and not _prose(shape)


def _prose(shape: Shape) -> bool:
    if shape.items is not None:
        return _prose(shape.items)
    return shape.text == "markdown" or any(_prose(inner) for inner in shape.properties.values())


def line(value: Any, shape: Shape, names: Names) -> tuple[Inline, ...]:
    """Return a flat value as one line."""
    if value is None:
        return ()
    shape = suited(value, shape)
    if shape.items is not None:
        return _joined((line(one, shape.items, names) for one in value), "、")
    if shape.properties:
        return entry_line(value, visible(shape), names)
    if isinstance(value, bool):
        return (Text(text="はい" if value else "いいえ"),)
    if not isinstance(value, str):
        return (Text(text=str(value)),)
    if shape.ref:
        return (Text(text=names.get(value, value)),)
    if shape.text:
        return _plainly(Paragraph(inlines=parse_inline(value).inlines), names).inlines
    if shape.date or _DAY.fullmatch(value):
        return (Text(text=wareki(value)),)
    return (Text(text=shape.labels.get(value, value)),)


def entry_line(value: Mapping[str, Any], fields: Iterable[tuple[str, Shape]], names: Names) -> tuple[Inline, ...]:
    """Return the flat fields of one entry as one line: 主体／分担／すること."""
    parts: list[tuple[Inline, ...]] = []
    for name, inner in fields:
        if name not in value or not flat(inner):
            continue
        said = line(value[name], inner, names)
        bare = inner.type in ("boolean", "integer")
        parts.append((Text(text=f"{inner.title}　"), *said) if bare and inner.title else said)
    return _joined(parts, COLUMN)


def blocks(value: Any, shape: Shape, names: Names) -> tuple[Block, ...]:
    """Return a value as blocks; nothing where there is no value."""
    if value is None or value == []:
        return ()
    shape = suited(value, shape)
    if flat(shape):
        return (Paragraph(inlines=line(value, shape, names)),)
    if shape.items is not None:
        entries = tuple(entry_blocks(one, shape, names) for one in value)
        if shape.items.properties and not flat(shape.items):
            return tuple(block for entry in entries for block in entry)
        return (BulletList(items=entries),)
    if shape.properties:
        return entry_blocks(value, shape, names)
    return prose(value, names)


def entry_blocks(value: Any, shape: Shape, names: Names) -> tuple[Block, ...]:
    """Return one entry of a list (or an object): a line of its short fields, below it the long ones."""
    entry = shape.items or shape
    if not entry.properties or not fits(value, entry):
        return blocks(value, entry, names)
    heads = head_fields(shape)
    head = entry_line(value, heads, names)
    done: list[Block] = [Paragraph(inlines=head)] if head else []
    for name, inner in columns(shape):
        if name in value and name not in dict(heads) and name not in STEERING:
            done += labelled(value[name], inner, names)
    return tuple(done)


def labelled(value: Any, shape: Shape, names: Names) -> tuple[Block, ...]:
    """Return a value with the name of its field before it; paragraphs inside an entry speak for themselves."""
    if flat(shape) and shape.title:
        return (Paragraph(inlines=_joined(((Text(text=shape.title),), line(value, shape, names)), "：")),)
    return (*label(shape), *blocks(value, shape, names))


def label(shape: Shape) -> tuple[Block, ...]:
    """Return the name of a long field inside an entry; paragraphs speak for themselves."""
    return () if shape.text == "markdown" or not shape.title else (Paragraph(inlines=(Text(text=f"{shape.title}："),)),)


def prose(text: str, names: Names) -> tuple[Block, ...]:
    """Return the blocks of a Markdown field."""
    return tuple(_plainly(row, names) for block in parse_field(text).blocks for row in _untabled(block))


def table_lines(text: Any, shape: Shape, names: Names) -> frozenset[str]:
    """Return the lines that the rows of the tables in a Markdown field are shown as."""
    if shape.text != "markdown" or not isinstance(text, str) or "|" not in text:
        return frozenset()
    tables = (node for node in walk(parse_field(text).blocks) if isinstance(node, Table))
    rows = (_plainly(row, names) for table in tables for row in _untabled(table))
    return frozenset(plain(row.inlines) for row in rows if isinstance(row, Paragraph))


def _untabled(block: Block) -> Iterable[Block]:
    """Yield a block with every table in it as a line per row."""
    match block:
        case Table():
            for row in (*block.head, *block.rows):
                yield Paragraph(inlines=_joined((_said(cell.blocks) for cell in row), COLUMN))
        case BulletList() | OrderedList():
            items = tuple(tuple(part for one in entry for part in _untabled(one)) for entry in block.items)
            yield (
                BulletList(items=items)
                if isinstance(block, BulletList)
                else OrderedList(items=items, start=block.start)
            )
        case Quote():
            yield Quote(blocks=tuple(part for one in block.blocks for part in _untabled(one)))
        case _:
            yield block


def _said(parts: tuple[Block, ...]) -> tuple[Inline, ...]:
    return tuple(inline for part in parts if isinstance(part, Paragraph) for inline in part.inlines)


def _plainly(block: _B, names: Names) -> _B:
    """Return a block in which mentions are names and notes stand in brackets after their word."""

    def change(inline: Inline) -> tuple[Inline, ...]:
        if isinstance(inline, Reference):
            return inline.inlines or (Text(text=names.get(inline.target, inline.target)),)
        if isinstance(inline, Footnote):
            words = "".join(plain(_said((one,))) for one in inline.blocks)
            return (Text(text=f"（注　{words}）"),)
        return (inline,)

    return map_inlines(block, change)


def _joined(parts: Iterable[tuple[Inline, ...]], between: str) -> tuple[Inline, ...]:
    done: list[Inline] = []
    for part in filter(None, parts):
        for inline in (Text(text=between), *part) if done else part:
            if isinstance(inline, Text) and done and isinstance(done[-1], Text):
                done[-1] = Text(text=done[-1].text + inline.text)
            else:
                done.append(inline)
    return tuple(done)
