"""How a table is told on a narrow screen: each row as a card.

A card begins with the name of its row; before each other value stands the head of its column. A first cell that spans
rows names the group of the rows beside it. A table whose cells span anything else can't be told that way: it keeps
its shape and scrolls inside its own box.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shishin.document import Cell, Paragraph, Table, plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What a cell is on a card: the name of its row or group (`look`), or a value with a label."""

    look: str = ""
    label: str = ""


def tellings(table: Table) -> tuple[tuple[Telling, ...], ...]:
    """Return the telling of each cell of each row, nothing where the rows can't stand alone."""
    rows = tuple(placed(table))
    cells = [(column, cell) for row in rows for column, cell in row]
    if len(table.head) != 1 or any(cell.columns > 1 or (cell.rows > 1 and column > 0) for column, cell in cells):
        return ()
    heads = tuple(head_words(cell) for cell in table.head[0])
    grouped = any(cell.rows > 1 for _, cell in cells)
    labelled = table.look == "compare"
    return tuple(tuple(_telling(column, cell, heads, grouped, labelled) for column, cell in row) for row in rows)


def _telling(column: int, cell: Cell, heads: tuple[str, ...], grouped: bool, labelled: bool) -> Telling:
    first = 1 if grouped else 0
    if column < first:
        return Telling(look="gl-group")
    # Of two columns the first is the name, and the second speaks for itself; but a comparison names both its sides.
    alone = not labelled and len(heads) - first <= 2
    if column == first and (grouped or cell.header or alone):
        return Telling(look="gl-name")
    return Telling(label="" if alone or column >= len(heads) else heads[column])


def placed(table: Table) -> Iterator[list[tuple[int, Cell]]]:
    """Yield the cells of each row with their columns, counting those that reach down from rows above."""
    reaching: dict[int, int] = {}
    for row in table.rows:
        cells: list[tuple[int, Cell]] = []
        column = 0
        for cell in row:
            while reaching.get(column, 0):
                reaching[column] -= 1
                column += 1
            cells.append((column, cell))
            for over in range(column, column + cell.columns):
                reaching[over] = cell.rows - 1
            column += cell.columns
        for over in reaching:
            if over >= column and reaching[over]:
                reaching[over] -= 1
        yield cells


def head_words(cell: Cell) -> str:
    """Return the words of a cell that heads a column."""
    return " ".join(plain(block.inlines) for block in cell.blocks if isinstance(block, Paragraph)).strip()
