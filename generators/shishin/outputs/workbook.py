"""A comparison as a workbook: the 新旧対照表 to sort and filter, and how much changed.

The workbook carries the newer edition's date and no other, so the same comparison gives the same bytes. Every cell is
written as text: what begins with = + - @ stays what it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from shishin.comparison import Comparison
from shishin.era import wareki
from shishin.outputs.told import ADDED, KINDS, REMOVED, Told, ToldItem, counted, tell
from shishin.papers.settings import DEFAULT, PRESETS, Look
from shishin.segment import Part
from shishin.snapshot import Snapshot

LONGEST = 32_000
"""Characters of a cell; Excel takes 32,767 UTF-16 units and drops a longer text without a word."""
CUT = "…（長いため以下を省略。全文は JSON にある）"
LEAD = "（下線部分は改定部分）"
FONT = "BIZ UDGothic"
_WIDTHS = {"番号": 5, "章": 15, "項目": 19, "ID": 13, "欄": 13, "種別": 8, "意見番号": 8, "会議": 13}
_SIDE_WIDTH, _REMARK_WIDTH = 38, 20
_BASE = {"font_name": FONT, "font_size": 10, "valign": "top", "text_wrap": True, "border": 1}


def xlsx(comparison: Comparison, old: Snapshot, new: Snapshot, look: Look = PRESETS[DEFAULT]) -> bytes:
    """Return a comparison as xlsx."""
    import xlsxwriter  # type: ignore[import-untyped]

    told = tell(comparison, old, new)
    file = BytesIO()
    book = xlsxwriter.Workbook(
        file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties(
        {
            "title": f"{comparison.new.title} 新旧対照表",
            "author": comparison.new.publisher,
            "created": datetime.fromisoformat(comparison.new.as_of),
        }
    )
    _Table(book, comparison, _numbers(old, new), look).write(told)
    _counts(book, comparison, told)
    book.close()
    return file.getvalue()


class _Table:
    """The sheet 新旧対照表, written row by row."""

    def __init__(self, book: Any, comparison: Comparison, numbers: Mapping[str, str], look: Look) -> None:
        self.sheet = book.add_worksheet("新旧対照表")
        self.comparison, self.numbers, self.look = comparison, numbers, look
        self.cell = book.add_format(_BASE)
        self.all_marked = book.add_format({**_BASE, "underline": 1})
        self.head = book.add_format({**_BASE, "bold": True, "align": "center", "bg_color": "#E7E6E6"})
        self.title = book.add_format({"font_name": FONT, "font_size": 14, "bold": True})
        self.note = book.add_format({"font_name": FONT, "font_size": 10})
        plain = {"font_name": FONT, "font_size": 10}
        self.same, self.marked = book.add_format(plain), book.add_format({**plain, "underline": 1})

    def write(self, told: Sequence[ToldItem]) -> None:
        sides = (self.look.new_word, self.look.old_word)
        if not self.look.new_left:
            sides = (sides[1], sides[0])
        heads = ["番号", "章", "項目", "ID", "欄", "種別", *sides, self.look.remark_word, "意見番号", "会議"]
        old, new = self.comparison.old, self.comparison.new
        self.sheet.write_string(0, 0, f"{new.title}　新旧対照表", self.title)
        self.sheet.write_string(
            1,
            0,
            f"{old.line} → {new.line}　{self.look.lead or LEAD}",
            self.note,
        )
        for column, words in enumerate(heads):
            wide = _SIDE_WIDTH if words in sides else _REMARK_WIDTH
            self.sheet.set_column(column, column, _WIDTHS.get(words, wide))
            self.sheet.write_string(3, column, words, self.head)
        row = 3
        for item in told:
            for one in item.told:
                row += 1
                self.row(row, item, one)
        self.sheet.autofilter(3, 0, max(row, 4), len(heads) - 1)
        self.sheet.freeze_panes(4, 0)
        self.sheet.repeat_rows(3)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)  # A4
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        self.sheet.set_footer("&C&P / &N")

    def row(self, row: int, item: ToldItem, told: Told) -> None:
        self.sheet.write_number(row, 0, row - 3, self.cell)
        words = [item.chapter, item.heading, item.item.id, told.label, KINDS[told.change.kind].ja]
        for column, one in enumerate(words, 1):
            self.sheet.write_string(row, column, _fit(one), self.cell)
        new, old = _sides(told)
        for column, parts in enumerate((new, old) if self.look.new_left else (old, new), 6):
            self.rich(row, column, parts)
        comments = dict.fromkeys(self.numbers.get(one, one) for reason in item.reasons for one in reason.comments)
        meetings = dict.fromkeys(reason.meeting for reason in item.reasons if reason.meeting)
        for column, lines in enumerate(([one.text for one in item.reasons], comments, meetings), 8):
            self.sheet.write_string(row, column, _fit("\n".join(lines)), self.cell)

    def rich(self, row: int, column: int, parts: Sequence[Part]) -> None:
        """Write a text with its changed words underlined."""
        parts = _fit_parts(parts)
        if len(parts) == 1:  # Excel knows no rich string of one part
            tag, words = parts[0]
            self.sheet.write_string(row, column, words, self.cell if tag == "same" else self.all_marked)
            return
        pieces: list[Any] = []
        for tag, words in parts:
            pieces += [self.same if tag == "same" else self.marked, words]
        done = self.sheet.write_rich_string(row, column, *pieces, self.cell)
        assert done == 0, done


def _sides(told: Told) -> tuple[Sequence[Part], Sequence[Part]]:
    """Return what the newer and the older side say, in parts."""
    if told.instead:
        return (("new", told.new),), (("old", told.old),)
    new = tuple(one for one in told.parts if one[0] != "old")
    old = tuple(one for one in told.parts if one[0] != "new")
    return new or (("same", REMOVED),), old or (("same", ADDED),)


def _numbers(*editions: Snapshot) -> dict[str, str]:
    """Return the printed numbers of opinions by their ids."""
    return {
        one.id: str(one.data["number"])
        for edition in editions
        for one in edition.entries
        if one.kind == "comment" and "number" in one.data
    }


def _fit(words: str) -> str:
    return words if len(words) <= LONGEST else words[:LONGEST] + CUT


def _fit_parts(parts: Iterable[Part]) -> Sequence[Part]:
    """Return parts that together fit into a cell; a cut is told."""
    done: list[Part] = []
    room = LONGEST
    for tag, words in parts:
        if len(words) > room:
            return (*done, (tag, words[:room]), ("same", CUT)) if room else (*done, ("same", CUT))
        done.append((tag, words))
        room -= len(words)
    return done


def _counts(book: Any, comparison: Comparison, told: Sequence[ToldItem]) -> None:
    """Write the sheet 一覧: what was compared, and how many changes there are of each kind in each chapter."""
    sheet = book.add_worksheet("一覧")
    cell = book.add_format(_BASE)
    head = book.add_format({**_BASE, "bold": True, "bg_color": "#E7E6E6"})
    facts = [("題名", comparison.new.title)]
    for word, side in (("新しい版", comparison.new), ("古い版", comparison.old)):
        facts.append((word, f"{side.label}（{side.status_label}、{wareki(side.as_of)}、{side.edition}）"))
    facts.append(("語の区切り", comparison.dictionary))
    for row, (name, words) in enumerate(facts):
        sheet.write_string(row, 0, name, head)
        sheet.write_string(row, 1, words, cell)
    kinds = list(counted(told))
    start = len(facts) + 1
    chapters: dict[str, Counter[str]] = {}
    for item in told:
        chapters.setdefault(item.chapter, Counter()).update(one.change.kind for one in item.told)
    rows = [*chapters.items(), ("計", sum(chapters.values(), Counter()))]
    for column, words in enumerate(["章", *(KINDS[kind].ja for kind in kinds), "計"]):
        sheet.write_string(start, column, words, head)
    for row, (chapter, counts) in enumerate(rows, start + 1):
        sheet.write_string(row, 0, chapter, cell)
        for column, kind in enumerate(kinds, 1):
            sheet.write_number(row, column, counts[kind], cell)
        sheet.write_number(row, len(kinds) + 1, counts.total(), cell)
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, len(kinds) + 1, 16)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
