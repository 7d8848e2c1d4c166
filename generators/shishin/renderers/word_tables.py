"""Give pandoc's tables the looks of a paper: fixed widths, rules, shading, repeated heads, rows that hold together."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import TypeAlias
from xml.sax.saxutils import quoteattr

from lxml import etree

from shishin.document import Cell, Note, Table, plain
from shishin.problem import Failure, Words
from shishin.renderers.word_paragraphs import keep_lines, keep_with_next, properties_of, text_of
from shishin.renderers.word_styles import TABLES
from shishin.renderers.word_xml import TEXT_WIDTH, child, element, ems, w

Grid: TypeAlias = Table | Note
Restyle: TypeAlias = Callable[[etree._Element, str], None]
"""Gives a paragraph of a cell its style; lists get their indents."""

HEAD, LABEL = "E3E3E3", "F2F2F2"
WHOLE_ROW = 8
"""Rows up to this many lines stay on one page; a longer one may break, or it would leave half a page empty."""
WHOLE_NOTE = 14
WHOLE_TABLE = 8
"""Tables up to this many lines stay on one page; longer ones would leave too much of a page empty."""
WHOLE_GROUP, GROUP_LINES = 8, 24
"""Rows that share their first cell stay on one page up to this many rows and lines."""

_EM = 190  # one character of a cell, 9.5 pt
_P, _TC, _TR, _TBL, _VAL = w("p"), w("tc"), w("tr"), w("tbl"), w("val")
_TR_PR, _TC_PR, _GRID_SPAN, _V_MERGE, _CANT_SPLIT = w("trPr"), w("tcPr"), w("gridSpan"), w("vMerge"), w("cantSplit")
_STYLES = {
    "grid": "GuidelineGrid", "compare": "GuidelineGrid", "card": "GuidelineCard", "plain": "GuidelinePlain",
    "note": "GuidelineNote", "caution": "GuidelineCaution", "source": "GuidelineSource",
}  # fmt: skip
_FRAME = "".join(
    f'<w:{side} w:val="single" w:sz="12" w:space="0" w:color="000000"/>' for side in ("top", "left", "bottom", "right")
)
_FRAME = f"<w:tcBorders>{_FRAME}</w:tcBorders>"  # 太枠: 1.5 pt
_MARGINS = {grid.id: grid.margins[1] + grid.margins[3] for grid in TABLES}


def repair_table(
    table: etree._Element, grids: Iterator[Grid], restyle: Restyle, width: int = TEXT_WIDTH, *, noted: bool = False
) -> Grid:
    """Repair one table and those inside it; `grids` gives the next nodes, `noted` says that a note follows."""
    node = next(grids, None)
    if node is None:
        raise Failure(
            Words(ja="Word の表の数が文書と合いません。", en="The Word file has other tables than the document.")
        )
    style = _STYLES.get(node.look)
    if style is None:
        raise Failure(
            Words(
                ja=f"Word の出力が知らない見せ方「{node.look}」です。",
                en=f"The Word output knows no look '{node.look}'.",
            )
        )
    rows = table.findall(_TR)
    columns = _columns(node, width)
    _frame(table, node, style, columns)
    framed: set[int] = set()
    lines = [_row(row, node, place, columns, framed, _MARGINS[style], grids, restyle) for place, row in enumerate(rows)]
    limit = WHOLE_NOTE if isinstance(node, Note) else WHOLE_ROW
    for row, height in zip(rows, lines, strict=True):
        if height <= limit:
            _row_properties(row).insert(0, row.makeelement(_CANT_SPLIT))
    if isinstance(node, Table):
        _keep(node, rows, lines, noted=noted)
    return node


def _columns(node: Grid, width: int) -> list[int]:
    if isinstance(node, Note):
        return [width]
    count = sum(cell.columns for cell in (*node.head, *node.rows, ())[0])
    shares = node.widths if len(node.widths) == count else (1 / max(count, 1),) * count
    total = sum(shares) or 1.0
    edges = [0, *(round(width * edge / total) for edge in accumulate(shares))]
    return [right - left for left, right in pairwise(edges)]


def _frame(table: etree._Element, node: Grid, style: str, columns: Sequence[int]) -> None:
    # w:tblCaption stays out: it would say the caption twice to a reader by ear when a caption stands above.
    labels = isinstance(node, Table) and any(row and row[0].header for row in node.rows)
    head = int(isinstance(node, Table) and bool(node.head))
    described = ""
    if isinstance(node, Note) and node.title:
        described = f"<w:tblCaption w:val={quoteattr(plain(node.title))}/>"
    properties = element(
        f'<w:tblPr><w:tblStyle w:val="{style}"/><w:tblW w:w="{sum(columns)}" w:type="dxa"/><w:tblInd w:w="0" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/><w:tblLook w:val="{0x20 * head + 0x80 * labels + 0x600:04X}" w:firstRow="{head}" '
        f'w:lastRow="0" w:firstColumn="{int(labels)}" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>{described}</w:tblPr>'
    )
    grid = element("<w:tblGrid>" + "".join(f'<w:gridCol w:w="{width}"/>' for width in columns) + "</w:tblGrid>")
    for old in (child(table, w("tblPr")), child(table, w("tblGrid"))):
        if old is not None:
            table.remove(old)
    table.insert(0, properties)
    table.insert(1, grid)


def _row(
    row: etree._Element, node: Grid, place: int, columns: Sequence[int], framed: set[int], margin: int,
    grids: Iterator[Grid], restyle: Restyle,
) -> int:  # fmt: skip
    """Repair the cells of a row and return how many lines its highest cell has.

    `framed` holds the columns whose last cell has a frame: a cell goes on in the next row with the same.
    """
    old = child(row, _TR_PR)
    if old is not None:
        row.remove(old)
    head = isinstance(node, Table) and place < len(node.head)
    if head:
        _row_properties(row).append(row.makeelement(w("tblHeader")))
    given = iter(_given(node, place))
    column, highest = 0, 1
    for tc in row.findall(_TC):
        span, merge = _spans(tc)
        count = int(span.get(_VAL, "1")) if span is not None else 1
        width = sum(columns[column : column + count])
        continues = merge is not None and merge.get(_VAL, "continue") != "restart"
        cell = None if continues else next(given, None)
        if cell is not None:
            (framed.add if cell.framed else framed.discard)(column)
        tc.insert(0, _cell_properties(node, cell, width, span, merge, head=head, framed=column in framed))
        column += count
        lines = _content(tc, node, cell, width - margin, grids, restyle, head=head)
        highest = max(highest, 1 if cell is None or cell.rows > 1 else lines)
    return highest


def _given(node: Grid, place: int) -> Sequence[Cell]:
    if isinstance(node, Note):
        return (Cell(blocks=node.blocks),)
    rows = (*node.head, *node.rows)
    return rows[place] if place < len(rows) else ()


def _spans(tc: etree._Element) -> tuple[etree._Element | None, etree._Element | None]:
    """Take pandoc's properties out of a cell and return what they say of its columns and rows."""
    old = child(tc, _TC_PR)
    if old is None:
        return None, None
    tc.remove(old)
    return child(old, _GRID_SPAN), child(old, _V_MERGE)


def _cell_properties(
    node: Grid, cell: Cell | None, width: int, span: etree._Element | None, merge: etree._Element | None, *,
    head: bool, framed: bool,
) -> etree._Element:  # fmt: skip
    named = cell is not None and cell.header
    fill = "" if isinstance(node, Note) or node.look == "plain" else HEAD if head else LABEL if named else ""
    new = element(
        f'<w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>'
        + (_FRAME if framed else "")
        + (f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else "")
        + ('<w:vAlign w:val="center"/>' if head else "")  # all else begins at the top: one rule for whole tables
        + "</w:tcPr>"
    )
    new[1:1] = [one for one in (span, merge) if one is not None]
    return new


def _content(
    tc: etree._Element,
    node: Grid,
    cell: Cell | None,
    width: int,
    grids: Iterator[Grid],
    restyle: Restyle,
    *,
    head: bool,
) -> int:
    """Give the paragraphs of a cell their style and return about how many lines they fill."""
    named = cell is not None and cell.header
    style = "NoteText" if isinstance(node, Note) else "TableHeader" if head else "TableLabel" if named else "TableText"
    align = cell.align if cell is not None else "left"
    lines = 0
    for block in list(tc):
        if block.tag == _P:
            restyle(block, style)
            if align != "left" and not isinstance(node, Note):
                _align(block, align)
            lines += max(1, math.ceil(ems(text_of(block)) / max(1.0, width / _EM)))
        elif block.tag == _TBL:
            repair_table(block, grids, restyle, width)
            lines += WHOLE_ROW
    last = tc[-1]
    if last.tag != _P:  # Word refuses a cell that ends with a table
        tc.append(element('<w:p><w:pPr><w:pStyle w:val="AfterTable"/></w:pPr></w:p>'))
    return lines


def _align(paragraph: etree._Element, align: str) -> None:
    properties = properties_of(paragraph)
    old = child(properties, w("jc"))
    if old is not None:
        properties.remove(old)
    properties.append(element(f'<w:jc w:val="{align}"/>'))


def _row_properties(row: etree._Element) -> etree._Element:
    found = child(row, _TR_PR)
    if found is None:
        found = row.makeelement(_TR_PR)
        row.insert(0, found)
    return found


def _keep(node: Table, rows: Sequence[etree._Element], lines: Sequence[int], *, noted: bool) -> None:
    """Keep together a short table, the head and the first two rows, the last two rows, a group of rows."""
    head = len(node.head)
    if sum(lines) <= WHOLE_TABLE:
        kept = set(range(len(rows) - 1))
    else:
        pairs = (place for place in (head, len(rows) - 2) if max(lines[place : place + 2], default=0) <= WHOLE_ROW)
        kept = {*range(head), *pairs, *_grouped(node, lines)}
    if noted:
        kept.add(len(rows) - 1)
    for place in kept:
        if 0 <= place < len(rows):
            _keep_row(rows[place])


def _grouped(node: Table, lines: Sequence[int]) -> Iterator[int]:
    """Yield the rows whose first cell goes on in the next row: overleaf it would be blank."""
    start = 0
    given = (*node.head, *node.rows)
    while start < len(given):
        count = given[start][0].rows if given[start] else 1
        if count <= WHOLE_GROUP and sum(lines[start : start + count]) <= GROUP_LINES:
            yield from range(start, start + count - 1)
        start += max(count, 1)


def keep_last_row(table: etree._Element) -> None:
    """Keep the end of a table on the page of what follows it, unless its last row may break."""
    rows = table.findall(_TR)
    properties = child(rows[-1], _TR_PR)
    whole = child(properties, _CANT_SPLIT) if properties is not None else None
    if properties is None or whole is None:
        return
    _keep_row(rows[-1])
    if len(rows) == 1:
        # LibreOffice takes a table that can't break for one that needs no company; its paragraphs hold it together.
        properties.remove(whole)
        for paragraph in rows[-1].iter(_P):
            keep_lines(paragraph)


def _keep_row(row: etree._Element) -> None:
    for paragraph in row.iter(_P):
        keep_with_next(paragraph)
