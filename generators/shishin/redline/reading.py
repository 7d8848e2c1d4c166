"""What stands in a paragraph or table of our Word files, in a form that can be compared."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from lxml import etree

from shishin.problem import Failure, Words
from shishin.redline.align import letters
from shishin.renderers.word_xml import PIC, WP, R, child, w

P, TBL, TR, TC, RUN, LINK = w("p"), w("tbl"), w("tr"), w("tc"), w("r"), w("hyperlink")
P_PR, R_PR, T, VAL, SECT_PR = w("pPr"), w("rPr"), w("t"), w("val"), w("sectPr")
START, END, NAME, ID = w("bookmarkStart"), w("bookmarkEnd"), w("name"), w("id")
FIELD, KIND, CODE = w("fldChar"), w("fldCharType"), w("instrText")
SHOWN: Mapping[str, str] = {w("noBreakHyphen"): "-", w("tab"): "\t", w("br"): "\n"}
"""Elements of a run that stand for a letter."""

Look: TypeAlias = tuple[Hashable, ...]

_NUM_PR, _NUM_ID, _DEPTH, _STYLE = w("numPr"), w("numId"), w("ilvl"), w("pStyle")
_PLACED = {_NUM_PR, _STYLE, R_PR, SECT_PR, w("keepNext"), w("keepLines"), w("spacing")}
"""Properties of a paragraph that are compared apart, or only govern where pages break and how a cover is set."""
_ACCIDENTAL = {w("hint"), f"{{{R}}}history", w("history")}
_NO_FONT: Look = (w("rFonts"), (), "", ())
_HINTED = [w("hint")]
_OWN_NUMBER = (f"{{{WP}}}docPr", f"{{{PIC}}}cNvPr")

Counts: TypeAlias = Mapping[str, tuple[str, bool]]
"""By list number: what the list is, and whether it counts (a list that doesn't looks alike under any number)."""


def canonical(node: etree._Element) -> Look:
    """Return an element as a value: equal where two elements show the same."""
    given = [pair for pair in node.items() if pair[0] not in _ACCIDENTAL]
    if node.tag in _OWN_NUMBER:
        given = [pair for pair in given if pair[0] not in ("id", "name")]
    return (node.tag, tuple(sorted(given)), node.text or "", tuple(map(canonical, node)) if len(node) else ())


# ---------------------------------------------------------------- inside a paragraph


@dataclass(frozen=True, slots=True)
class Piece:
    """Some letters of one look, or one thing that is no text (picture, footnote, field) under a letter of its own.

    `node` is the element inside the run, None for plain text; `runs` are those of a whole field.
    """

    text: str
    look: Look
    properties: etree._Element | None
    link: etree._Element | None
    node: etree._Element | None = None
    runs: tuple[etree._Element, ...] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """What a paragraph holds: its pieces in order, and the bookmarks with the place of the letter they stand before."""

    pieces: tuple[Piece, ...]
    marks: tuple[tuple[int, etree._Element], ...]

    @property
    def text(self) -> str:
        """The letters of all pieces."""
        return "".join(piece.text for piece in self.pieces)


def content(paragraph: etree._Element) -> Content:
    """Return what a paragraph holds; an element that our renderer never writes is a failure."""
    pieces: list[Piece] = []
    marks: list[tuple[int, etree._Element]] = []
    at = 0
    field_runs: list[etree._Element] = []
    for node, link in _nodes(paragraph):
        if node.tag in (START, END):
            marks.append((at, node))
            continue
        if field_runs or _begins_whole_field(node):
            field_runs.append(node)
            if _field_mark(node) == "end":
                found = [_field(field_runs, link)]
                field_runs = []
            else:
                continue
        else:
            found = list(_run(node, link))
        pieces += found
        at += sum(len(piece.text) for piece in found)
    return Content(pieces=tuple(pieces), marks=tuple(marks))


def _nodes(
    parent: etree._Element, link: etree._Element | None = None
) -> Iterator[tuple[etree._Element, etree._Element | None]]:
    for node in parent:
        if node.tag in (RUN, START, END):
            yield node, link
        elif node.tag == LINK:
            yield from _nodes(node, node)
        elif node.tag != P_PR:
            raise _foreign(node)


def _foreign(node: etree._Element) -> Failure:
    return foreign(f"w:{etree.QName(node).localname}")


def foreign(name: str) -> Failure:
    """Return the failure that a file isn't as our renderer writes it; `name` is what is wrong there."""
    return Failure(
        Words(
            ja=f"変更履歴を作れない Word ファイルです（{name}）。",
            en=f"Tracked changes can't be made of this Word file ({name}).",
        ),
        Words(
            ja="shishin が書き出したままの二つのファイルを渡してください。", en="Give two files as shishin wrote them."
        ),
    )


def _field_mark(node: etree._Element) -> str:
    mark = child(node, FIELD)
    return mark.get(KIND, "") if mark is not None else ""


def _begins_whole_field(node: etree._Element) -> bool:
    """Say whether a field begins here that ends in the same place; that of the contents goes over paragraphs."""
    return _field_mark(node) == "begin" and any(_field_mark(one) == "end" for one in node.itersiblings(RUN))


def _field(runs: list[etree._Element], link: etree._Element | None) -> Piece:
    code = "".join(part.text or "" for run in runs for part in run.iter(CODE))
    look = ("field", code.strip(), _target(link))  # what it shows (a page number) isn't compared
    return Piece(text=_sign(look), look=look, properties=None, link=link, runs=tuple(runs))


def _run(run: etree._Element, link: etree._Element | None) -> Iterator[Piece]:
    properties = child(run, R_PR)
    look = (_run_look(properties), _target(link))
    for node in run:
        if node.tag == T:
            if node.text:
                yield Piece(text=node.text, look=look, properties=properties, link=link)
        elif node.tag != R_PR:
            own = (*look, canonical(node))
            yield Piece(text=SHOWN.get(node.tag) or _sign(own), look=own, properties=properties, link=link, node=node)


def _run_look(properties: etree._Element | None) -> Look:
    if properties is None or (len(properties) == 1 and properties[0].keys() == _HINTED):
        return ()  # nearly every run: this costs a tenth
    looks = (canonical(one) for one in properties)
    return tuple(look for look in looks if look != _NO_FONT)


def _target(link: etree._Element | None) -> Look:
    return () if link is None else tuple(sorted((k, v) for k, v in link.attrib.items() if k not in _ACCIDENTAL))


def _sign(look: Look) -> str:
    """Return a letter of the private area for a thing; what it is decides, so that equal things get equal letters."""
    return chr(0xF0000 + zlib.crc32(repr(look).encode()) % 0xFFF0)


# ---------------------------------------------------------------- blocks


@dataclass
class Block:
    """A paragraph, table or row, with all that decides whether and with what it can be merged.

    `shape` must be equal for two to become one; `key` is equal where nothing differs. `mark` names the place.
    """

    node: etree._Element
    shape: Look
    key: Look
    mark: str
    text: str
    rows: tuple[Block, ...] = ()
    cells: tuple[tuple[Block, ...], ...] = ()
    style: str = ""

    @property
    def table(self) -> bool:
        """Whether it is a table."""
        return self.node.tag == TBL

    @cached_property
    def letters(self) -> Counter[str]:
        """The text as it is compared for likeness."""
        return letters(self.text)


class Reader:
    """Reads the blocks of one side; `counts` tells of its lists, `styles` which list a style brings with it."""

    def __init__(self, counts: Counts, styles: Mapping[str, tuple[str, str]]) -> None:
        self.counts = counts
        self.styles = styles

    def blocks(self, nodes: Iterator[etree._Element] | list[etree._Element]) -> list[Block]:
        """Return the paragraphs and tables among elements."""
        found = []
        for node in nodes:
            if node.tag == P:
                found.append(self._paragraph(node))
            elif node.tag == TBL:
                found.append(self._table(node))
            elif node.tag not in (w("tcPr"), SECT_PR):
                raise _foreign(node)
        return found

    def _paragraph(self, node: etree._Element) -> Block:
        held = content(node)
        style, number, others = "", None, []
        properties = child(node, P_PR)
        for one in properties if properties is not None else ():
            if one.tag == _STYLE:
                style = one.get(VAL, "")
            elif one.tag == _NUM_PR:
                number = one
            elif one.tag not in _PLACED:
                others.append(canonical(one))
        shape = ("p", style, self._number(number, style), tuple(others))
        looks: list[tuple[str, Look]] = []
        for piece in held.pieces:
            if looks and looks[-1][1] == piece.look and piece.node is None:
                looks[-1] = (looks[-1][0] + piece.text, piece.look)
            else:
                looks.append((piece.text, piece.look))
        return Block(node, shape, (shape, *looks), _place(node, style), held.text, style=style)

    def _number(self, number: etree._Element | None, style: str) -> Look:
        id, depth = self.styles.get(style, ("", "")) if number is None else numbers(number)
        kind, counting = self.counts.get(id, ("", False))
        return (kind, depth, id if counting else "")

    def _table(self, node: etree._Element) -> Block:
        properties, grid = child(node, w("tblPr")), child(node, w("tblGrid"))
        assert properties is not None and grid is not None
        looks = tuple(canonical(one) for one in properties if one.tag in (w("tblStyle"), w("tblLook")))
        rows = tuple(self._row(row) for row in node.findall(TR))
        shape = ("tbl", looks, len(grid))
        widths = tuple(column.get(w("w")) for column in grid)
        text = "".join(row.text for row in rows)
        return Block(node, shape, (shape, widths, *(row.key for row in rows)), "", text, rows=rows)

    def _row(self, row: etree._Element) -> Block:
        cells, shape = [], [row.find(f"{w('trPr')}/{w('tblHeader')}") is not None]
        for cell in row.findall(TC):
            properties = child(cell, w("tcPr"))
            if properties is not None:
                shape.append(tuple(canonical(one) for one in properties if one.tag != w("tcW")))  # type: ignore[arg-type]
            cells.append(tuple(self.blocks(list(cell))))
        text = "".join(block.text for cell in cells for block in cell)
        mark = next((block.mark for cell in cells for block in cell if block.mark), "")
        key = tuple(tuple(block.key for block in cell) for cell in cells)
        return Block(row, tuple(shape), (tuple(shape), key), mark, text, cells=tuple(cells))


def numbers(number: etree._Element) -> tuple[str, str]:
    """Return the list number and the depth of w:numPr."""
    id, depth = child(number, _NUM_ID), child(number, _DEPTH)
    return (id.get(VAL, "") if id is not None else "", depth.get(VAL, "0") if depth is not None else "0")


def style_of(paragraph: etree._Element) -> str:
    """Return the style of a paragraph, "" where it has none."""
    properties = child(paragraph, P_PR)
    found = child(properties, _STYLE) if properties is not None else None
    return found.get(VAL, "") if found is not None else ""


def _place(paragraph: etree._Element, style: str) -> str:
    """Return the name of the first bookmark; an entry of the contents has the name of what it leads to."""
    if style.startswith("TOC"):
        link = child(paragraph, LINK)
        return f"TOC {link.get(w('anchor'), '')}" if link is not None else ""
    found = next(paragraph.iter(START), None)
    return found.get(NAME, "") if found is not None else ""
