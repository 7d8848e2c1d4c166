"""What is defined, printed: aligned text for a terminal, Markdown, plain data for JSON."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from shishin.describe import Description
from shishin.describe.tables import Grid, card_rows, grids, overview, word


def as_data(description: Description) -> dict[str, Any]:
    """Return a description as plain data for JSON."""
    return {"format": 1, **asdict(description)}


def as_markdown(description: Description, language: str = "ja") -> str:
    """Return a description as Markdown with tables."""
    parts: list[str] = []
    if len(description.kinds) > 1:
        for grid in overview(description, language):
            parts += [f"# {grid.title}", _markdown_table(grid)]
    for kind in description.kinds:
        parts += [f"# {kind.title} (`{kind.name}`)", kind.about]
        parts.append("\n".join(f"- {label}: `{value}`" for label, value in card_rows(kind, language)))
        for grid in grids(kind, description, language):
            parts += [f"## {grid.title}", _markdown_table(grid)]
        parts += [f"## {word('example', language)}", f"```yaml\n{kind.example}```"]
    return "\n\n".join(parts) + "\n"


def _markdown_table(grid: Grid) -> str:
    def line(cells: Sequence[str], code: Sequence[int] = ()) -> str:
        shown = [f"`{cell}`" if place in code and cell else cell for place, cell in enumerate(cells)]
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in shown) + " |"

    rows = [line(row, grid.code) for row in grid.rows]
    return "\n".join([line(grid.heads), "|" + "---|" * len(grid.heads), *rows])


def as_text(description: Description, language: str, columns: int = 100) -> str:
    """Return a description for a terminal: aligned, Japanese characters counted as two columns."""
    parts: list[str] = []
    if len(description.kinds) > 1:
        for grid in overview(description, language):
            parts += [f"■ {grid.title}", _text_table(grid, columns)]
    for kind in description.kinds:
        parts.append("\n".join([f"■ {kind.title} ({kind.name})", *_wrapped(kind.about, columns)]))
        rows = card_rows(kind, language)
        wide = max(_width(label) for label, _ in rows)
        parts.append("\n".join(f"  {_padded(label, wide)}  {value}" for label, value in rows))
        for grid in grids(kind, description, language):
            parts += [f"▸ {grid.title}", _text_table(grid, columns)]
        parts += [f"▸ {word('example', language)}", _moved_in(kind.example.rstrip())]
    return "\n\n".join(parts) + "\n"


def _moved_in(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.split("\n"))


LEAST = 30
"""Columns that the last cell of a row keeps however wide the others are; where less is left it goes below."""


def _text_table(grid: Grid, columns: int) -> str:
    """Return a table of aligned columns; its last column takes what room is left and wraps."""
    *fixed, _ = zip(grid.heads, *grid.rows, strict=True)
    widths = [max(map(_width, cells)) for cells in fixed]
    start = 2 + sum(widths) + 2 * len(widths)
    below = columns - start < LEAST
    if below:
        start = 6
    lines: list[str] = []
    for row in (grid.heads, *grid.rows):
        before = "  " + "  ".join(_padded(cell, wide) for cell, wide in zip(row[:-1], widths, strict=True))
        last = _wrapped(row[-1], max(LEAST, columns - start)) or [""]
        if below:
            lines += [before.rstrip(), *(" " * start + line for line in last if line)]
        else:
            lines += [f"{before}  {last[0]}".rstrip(), *(" " * start + line for line in last[1:])]
    return "\n".join(lines)


_PIECES = re.compile(r"[!-~]+|\s+|.")
_NOT_FIRST = "、。）］」』"


def _wrapped(text: str, columns: int) -> list[str]:
    """Break text into lines of at most `columns`: between Japanese characters, never inside a word of Latin ones."""
    lines, line = [], ""
    for piece in _PIECES.findall(text):
        if line and _width(line + piece) > columns and piece not in _NOT_FIRST:
            lines.append(line.rstrip())
            line = ""
        line += piece if line or piece.strip() else ""
    return [*lines, line.rstrip()] if line.strip() else lines


def _padded(text: str, columns: int) -> str:
    return text + " " * (columns - _width(text))


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)
