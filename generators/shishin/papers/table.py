"""新旧対照表: the rows of a comparison laid out as one table on A4 landscape."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TypeVar

from shishin.comparison import Comparison
from shishin.document import Block, Cell, Cover, Document, Inline, Paragraph, Section, Strong, Table, Text, Underlined
from shishin.era import wareki
from shishin.papers.headings import FORMER, MANY, RENUMBERED, Editions, both, reason_lines, shared_reasons
from shishin.papers.parallel import OMITTED, Blocks, height, said, tidy
from shishin.papers.rows import SOURCES, Row, rows
from shishin.papers.settings import NEEDED, NEVER, Look
from shishin.rewrite import map_inlines, walk
from shishin.snapshot import Snapshot

_T = TypeVar("_T")
ITEM, TEXT, REMARK = 28.0, 105.0, 32.0
"""Widths of the columns in mm."""
LINE = {"wide": 56, "sheet": 34}
"""Characters of both editions' names that one line under the title holds."""
LINES = {"wide": 64, "sheet": 42}
"""Characters of one edition's name that a line at the right holds."""


def table(comparison: Comparison, old: Snapshot, new: Snapshot, look: Look) -> Document:
    """Return the 新旧対照表 of two editions."""
    found = rows(comparison, old, new)
    remarks = look.remarks != NEVER and (look.remarks != NEEDED or any(row.marks or row.reasons for row in found))
    layout = _Layout(look, remarks=remarks)
    body = tuple(layout.rows(found)) or (layout.nothing(),)
    compared = Table(
        id="changes",
        caption=(),
        number="",
        widths=layout.widths,
        head=(layout.head(),),
        rows=body,
        look="compare",
    )
    why = tuple(_reasons(comparison, both(old, new))) if remarks else ()
    section = Section(id="table", item="", kind="part", level=1, number="", title=(), blocks=(compared, *why))
    return paper(comparison, look, "新旧対照表", (section,), layout="wide", lead=lead(found, look, below=bool(why)))


def _reasons(comparison: Comparison, editions: Editions) -> Iterator[Paragraph]:
    """Yield the reasons that the column 備考 names by their numbers."""
    shared = shared_reasons(comparison)
    if shared:
        yield strong((Text(text=f"備考の理由（{MANY}項目以上に共通のもの）"),))
    for reason, number in shared.items():
        yield text(f"理由{number}　{'　'.join(reason_lines(reason, editions))}")


def lead(found: tuple[Row, ...], look: Look, *, below: bool = False) -> str:
    """Return the line that tells what the marks mean: 「（下線部分は改定部分）」 and what else there is."""
    if look.lead:
        return look.lead
    moved = any("移動（" in mark for row in found for mark in row.marks)
    framed = any(row.framed for row in found)
    parts = [f"下線部分は{look.verb}部分"]
    parts += ["二重下線部分は移動した部分"] if moved else []
    parts += [f"太枠内は{look.verb}のある表"] if framed else []
    parts += ["備考の理由の番号は表の後に示す"] if below else []
    return f"（{'、'.join(parts)}）"


# ---------------------------------------------------------------- what papers of a comparison share


def paper(
    comparison: Comparison,
    look: Look,
    name: str,
    sections: tuple[Section, ...],
    *,
    layout: str = "sheet",
    lead: str = "",
) -> Document:
    """Return a paper about a comparison: the title block names both editions, the date is the newer one's."""
    part = f"（抜粋：{'、'.join(comparison.part)}）" if comparison.part else ""
    title = f"{comparison.new.title}　{name}{part}"
    new, old = (
        f"{word}：{side.line}" for word, side in ((look.new_word, comparison.new), (look.old_word, comparison.old))
    )
    one_line = len(new) + len(old) <= LINE[layout]
    subtitle = f"{new}　／　{old}" if one_line else ""
    if max(len(new), len(old)) > LINES[layout]:  # no date may break at the end of a line
        new, old = f"{look.new_word}：{comparison.new.label}", f"{look.old_word}：{comparison.old.label}"
        dates = wareki(comparison.new.as_of), wareki(comparison.old.as_of)
        subtitle = f"{look.new_word}：{dates[0]}　／　{look.old_word}：{dates[1]}"
    return Document(
        guideline=comparison.new.guideline,
        edition=comparison.new.edition,
        language="ja",
        date=comparison.new.as_of,
        cover=Cover(
            title=title,
            subtitle=subtitle,
            edition="" if one_line else new,
            status="",
            as_of="" if one_line else old,
            publisher=comparison.new.publisher,
            paper_number=look.number,
            meeting=look.meeting,
            meeting_date="",
            notice=lead,
        ),
        header=title,
        sections=sections,
        layout=layout,
    )


def text(words: str) -> Paragraph:
    """Return a paragraph of plain words."""
    return Paragraph(inlines=(Text(text=words),))


def strong(inlines: tuple[Inline, ...]) -> Paragraph:
    """Return a paragraph in bold."""
    return Paragraph(inlines=(Strong(inlines=inlines),))


# ---------------------------------------------------------------- layout


class _Layout:
    """Puts rows into the columns that a look asks for."""

    def __init__(self, look: Look, *, remarks: bool) -> None:
        self.look, self.remarks = look, remarks
        widths = [ITEM] * look.items_column + [TEXT, TEXT] + [REMARK] * remarks
        total = sum(widths)
        shares = [round(width / total, 4) for width in widths[:-1]]
        self.widths = (*shares, round(1 - sum(shares), 4))

    def head(self) -> tuple[Cell, ...]:
        words = [self.look.item_word] * self.look.items_column
        words += self.ordered(self.look.new_word, self.look.old_word)
        words += [self.look.remark_word] * self.remarks
        return tuple(Cell(blocks=(text(word),), header=True, align="center") for word in words)

    def ordered(self, new: _T, old: _T) -> tuple[_T, _T]:
        return (new, old) if self.look.new_left else (old, new)

    def rows(self, found: tuple[Row, ...]) -> Iterator[tuple[Cell, ...]]:
        for together, group in groupby(found, key=_together):
            if together:
                yield from map(self.listed, _even(tuple(group)))
            else:
                yield from map(self.row, group)

    def row(self, row: Row) -> tuple[Cell, ...]:
        if row.look == "chapter":
            return (Cell(blocks=(strong(row.new_heading),), header=True, columns=len(self.widths)),)
        cells = [self.item_cell(row)] if self.look.items_column else []
        new, old = self.side(row, "new"), self.side(row, "old")
        cells += self.ordered(Cell(blocks=new, framed=row.framed), Cell(blocks=old, framed=row.framed))
        if self.remarks:
            cells.append(Cell(blocks=tuple(map(text, _remarks((*row.marks, *row.reasons))))))
        return tuple(cells)

    def item_cell(self, row: Row) -> Cell:
        heading = _unmarked(row.new_heading) or _unmarked(row.old_heading)
        if row.old_heading and not row.new_heading:
            heading = (Text(text=FORMER), *heading)
        parts: list[Block] = [strong(heading)] if heading else []
        if title := _unmarked(row.new_title or row.old_title):
            parts.append(Paragraph(inlines=title))
        parts += [text(row.label)] if row.label else []
        return Cell(blocks=tuple(parts))

    def side(self, row: Row, side: str) -> Blocks:
        new = side == "new"
        heading, title = (row.new_heading, row.new_title) if new else (row.old_heading, row.old_title)
        parts: list[Block] = []
        apart = self.look.items_column  # that column tells which item and field this is, and so what isn't shown
        if heading and (not apart or _has_marks(row.new_heading + row.old_heading)):
            parts.append(strong(heading))
        parts += said(OMITTED) if row.led and not apart else ()
        if title and (not apart or _has_marks(row.new_title + row.old_title)):
            parts.append(strong(title))
        parts += (text(f"［{row.label}］"),) if row.label and not apart else ()
        parts += row.new if new else row.old
        parts += said(OMITTED) if row.trailed and not apart else ()
        if new and not self.remarks:
            parts += [text(f"（{mark}）") for mark in row.marks]
        return tidy(parts)

    def listed(self, group: tuple[Row, ...]) -> tuple[Cell, ...]:
        """Return one row for items of which little is told: the headings, and changed sources below them."""
        first = group[0]
        cells = [Cell(blocks=(text(_LISTED[_together(first)]),))] if self.look.items_column else []
        new, old = (tuple(_listed(group, side)) for side in ("new", "old"))
        marks = tuple(dict.fromkeys(mark for row in group for mark in row.marks))
        if not self.remarks and marks:
            new = (*new, *(text(f"（{mark}）") for mark in marks))
        cells += self.ordered(Cell(blocks=new), Cell(blocks=old))
        if self.remarks:
            cells.append(Cell(blocks=tuple(map(text, marks))))
        return tuple(cells)

    def nothing(self) -> tuple[Cell, ...]:
        return (Cell(blocks=(text(f"{self.look.verb}した箇所はない。"),), columns=len(self.widths)),)


_LISTED = {RENUMBERED: "番号", SOURCES: "出典", "came": "記録", "went": "記録"}
"""What stands in the column 項目 beside rows told in one."""


def _together(row: Row) -> str:
    """Return what rows have in common that are told in one: nothing where a row stands for itself."""
    if row.reasons:
        return ""
    if row.look == "sources":
        return SOURCES
    if RENUMBERED in row.marks:
        return RENUMBERED
    if row.look == "record":
        return "came" if row.new_heading else "went"
    return ""


def _listed(group: tuple[Row, ...], side: str) -> Iterator[Block]:
    """Yield a side of rows told in one; the words for what isn't there stand once."""
    for row in group:
        heading, body = (row.new_heading, row.new) if side == "new" else (row.old_heading, row.old)
        if row.look == "sources":
            yield from (Paragraph(inlines=heading), *body) if heading else body
        elif heading:
            yield Paragraph(inlines=heading)
        elif row is group[0]:
            yield from body


def _even(group: tuple[Row, ...]) -> Iterator[tuple[Row, ...]]:
    """Yield rows told in one, a new one where both sides would no longer stand side by side."""
    done: list[Row] = []
    for row in group:
        done.append(row)
        if row.look == "sources" and height(_listed((row,), "new")) != height(_listed((row,), "old")):
            yield tuple(done)
            done = []
    if done:
        yield tuple(done)


def _remarks(said: tuple[str, ...]) -> Iterator[str]:
    """Yield the lines of the column 備考: where something stood before on a line of its own."""
    for words in said:
        what, bracket, where = words.partition("（旧")
        yield from (what, bracket + where) if what and bracket else (words,)


def _has_marks(inlines: tuple[Inline, ...]) -> bool:
    return any(isinstance(one, Underlined) for one in walk(inlines))


def _unmarked(inlines: tuple[Inline, ...]) -> tuple[Inline, ...]:
    def bare(inline: Inline) -> tuple[Inline, ...]:
        return inline.inlines if isinstance(inline, Underlined) else (inline,)

    return map_inlines(Paragraph(inlines=inlines), bare).inlines
