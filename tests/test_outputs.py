"""A comparison as text, Markdown, workbook and JSON: every change once, nothing that its reader would take amiss.

Each output is read back by a reader of its own and held against the comparison; `PLANTED` shows that the readers notice
a change that is lost, told twice or turned round.
"""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from io import BytesIO
from typing import Any

import jsonschema_rs
import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from pairs import PAIRS, Pair, made, outline, rich
from shishin.compare import compare, reasons
from shishin.comparison import FIELD, KINDS, Change, Comparison, ItemChange
from shishin.outputs import data, markdown, terminal, told, workbook
from shishin.papers.settings import look
from shishin.schema import shipped
from shishin.snapshot import Snapshot

Said = tuple[str, str, str, str]
"""A change as an output tells it: id, label, what the older and the newer side say ("" where it isn't told)."""
ANSI = re.compile(r"\x1b\[[0-9;]*m")


@cache
def sides(pair: Callable[[], Pair]) -> tuple[Comparison, Snapshot, Snapshot]:
    old, new = made(pair().old).snapshot, made(pair().new).snapshot
    comparison = compare(old, new)
    return replace(comparison, reasons=reasons(comparison, old, new, {})), old, new


# ---------------------------------------------------------------- readers


def expected(comparison: Comparison, old: Snapshot, new: Snapshot) -> Counter[Said]:
    """Return what is to be told, from `tell`, which test_told_in_full holds against the comparison itself."""
    return Counter(
        (item.item.id, one.label, one.old, one.new) for item in told.tell(comparison, old, new) for one in item.told
    )


def read_json(comparison: Comparison, old: Snapshot, new: Snapshot) -> Counter[Said]:
    found = json.loads(data.json(comparison, old, new))
    return Counter(
        (item["id"], one["label"], one["old_text"], one["new_text"])
        for item in found["items"]
        for one in item["changes"]
    )


def sheet_of(comparison: Comparison, old: Snapshot, new: Snapshot) -> Worksheet:
    return load_workbook(BytesIO(workbook.xlsx(comparison, old, new))).worksheets[0]


def read_xlsx(comparison: Comparison, old: Snapshot, new: Snapshot) -> Counter[Said]:
    rows = sheet_of(comparison, old, new).iter_rows(min_row=5, values_only=True)
    found: Counter[Said] = Counter()
    for row in rows:
        _, _, _, item, label, _, newer, older, *_ = (str(cell) if cell is not None else "" for cell in row)
        found[item, label, "" if older == told.ADDED else older, "" if newer == told.REMOVED else newer] += 1
    return found


def read_md(comparison: Comparison, old: Snapshot, new: Snapshot) -> Counter[Said]:
    """Return the rows; unchanged words may be cut, so only the changed ones are told."""
    found: Counter[Said] = Counter()
    item = ""
    for line in markdown.md(comparison, old, new).partition("## ")[2].splitlines():
        cells = line[2:-2].split(" | ") if line.startswith("| ") else []
        if len(cells) != 5 or cells[0] == "項目" or cells[0].startswith("---"):
            continue
        if cells[0].strip():
            item = re.findall(r"<br>`([^`]*)`$", cells[0])[0]
        label, newer, older = cells[1:4]
        found[item, html.unescape(label), _between(older, "del"), _between(newer, "ins")] += 1
    return found


def _between(cell: str, tag: str) -> str:
    words = "".join(re.findall(f"<{tag}>(.*?)</{tag}>", cell))
    return html.unescape(words.replace("<br>", "\n"))


def read_text(comparison: Comparison, old: Snapshot, new: Snapshot) -> Counter[tuple[str, str]]:
    """Return the beginnings of the rows, each with its item: a long label has a line for itself."""
    found: Counter[tuple[str, str]] = Counter()
    item = ""
    lines = terminal.text(comparison, old, new, width=100_000).splitlines()
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        if heading := re.fullmatch(r"  (\S) .* \(([a-z0-9-]+)\)", line):
            item = heading[2]
        elif row := re.match(r"    [-+~] (.*)", line):
            found[item, f"{row[1]}  {after.strip()}"] += 1
    return found


def changed_words(comparison: Comparison, old: Snapshot, new: Snapshot) -> Counter[Said]:
    """Return what is to be told where unchanged words may be cut."""
    return Counter(
        (item.item.id, one.label, *_changed(one)) for item in told.tell(comparison, old, new) for one in item.told
    )


def _changed(one: told.Told) -> tuple[str, str]:
    if one.instead:
        return one.old, one.new
    parts = [("".join(words for tag, words in one.parts if tag == side)) for side in ("old", "new")]
    return parts[0], parts[1]


def tells_all(found: Counter[tuple[str, str]], comparison: Comparison, old: Snapshot, new: Snapshot) -> bool:
    """Tell whether each change has a row of its own that begins as it must, and no row is left over."""
    left = Counter(found)
    for item in told.tell(comparison, old, new):
        for one in item.told:
            begun = (key for key in left if key[0] == item.item.id and left[key] and _begins(key[1], one))
            row = max(begun, key=lambda key: len(key[1]), default=None)
            if row is None:
                return False
            left[row] -= 1
    return not +left


def _begins(row: str, one: told.Told) -> bool:
    if not row.startswith(one.label):
        return False
    return row.removeprefix(one.label).strip().startswith(_first_line(one).strip())


def _first_line(one: told.Told) -> str:
    if one.instead:
        return f"{one.old} → {one.new}".split("\n")[0]
    if not one.old or not one.new:
        return (one.new or one.old).split("\n")[0]
    marks = {"old": "[-{}-]", "new": "{{+{}+}}", "same": "{}"}
    near = "".join(marks[tag].format(words) for tag, words in told.near(one.parts, terminal.KEPT))
    return near.split("\n")[0]


CHECKED: dict[str, Callable[[Comparison, Comparison, Snapshot, Snapshot], bool]] = {
    "json": lambda made_of, true, old, new: read_json(made_of, old, new) == expected(true, old, new),
    "xlsx": lambda made_of, true, old, new: read_xlsx(made_of, old, new) == expected(true, old, new),
    "md": lambda made_of, true, old, new: read_md(made_of, old, new) == changed_words(true, old, new),
    "text": lambda made_of, true, old, new: tells_all(read_text(made_of, old, new), true, old, new),
}
"""Tells of each output whether what it says of one comparison is what another one has."""


# ---------------------------------------------------------------- every change once


@pytest.mark.parametrize("output", CHECKED)
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.__name__)
def test_every_change_is_told_once(pair: Callable[[], Pair], output: str) -> None:
    comparison, old, new = sides(pair)
    assert CHECKED[output](comparison, comparison, old, new)


def _edited(comparison: Comparison, kinds: tuple[str, ...], edit: Callable[[Change], tuple[Change, ...]]) -> Comparison:
    """Return a comparison in which one change was edited."""
    for place, item in enumerate(comparison.items):
        for at, change in enumerate(item.changes):
            if change.kind in kinds and change.old != change.new and len(item.changes) > 1:
                changes = (*item.changes[:at], *edit(change), *item.changes[at + 1 :])
                items = (*comparison.items[:place], replace(item, changes=changes), *comparison.items[place + 1 :])
                return replace(comparison, items=items)
    raise AssertionError(kinds)


def _turned(change: Change) -> tuple[Change, ...]:
    return (replace(change, old=change.new, new=change.old, old_path=change.new_path, new_path=change.old_path),)


PLANTED: dict[str, Callable[[Comparison], Comparison]] = {
    "a lost change of a field": lambda one: _edited(one, FIELD, lambda _: ()),
    "a lost number": lambda one: _edited(one, ("renumbered", "moved"), lambda _: ()),
    "a change told twice": lambda one: _edited(one, FIELD, lambda change: (change, change)),
    "sides turned round": lambda one: _edited(one, FIELD, _turned),
    "a lost item": lambda one: replace(one, items=one.items[:-1]),
}


@pytest.mark.parametrize("output", CHECKED)
@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_noticed(fault: str, output: str) -> None:
    comparison, old, new = sides(rich)
    assert not CHECKED[output](PLANTED[fault](comparison), comparison, old, new)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.__name__)
def test_told_in_full(pair: Callable[[], Pair]) -> None:
    comparison, old, new = sides(pair)
    items = told.tell(comparison, old, new)
    assert Counter(one.item.id for one in items) == Counter(one.id for one in comparison.items)
    for item in items:
        assert [one.change for one in item.told] == list(item.item.changes)
        for one in item.told:
            assert one.old or one.new, f"{item.item.id}: {one.change} says nothing"
            assert one.old != one.new, f"{item.item.id}: {one.change} says the same twice"
            for side, words in (("old", one.old), ("new", one.new)):
                assert "".join(part for tag, part in one.parts if tag in ("same", side)) == words


def test_what_is_gone_is_known_for_an_old_number() -> None:
    (gone,) = (item for item in told.tell(*sides(rich)) if item.item.id == "act-card")
    assert gone.heading == "（旧）第3章3 目録カードの整理" and gone.chapter == "第3章 日ごろの活動"
    lost = {item.chapter for item in told.tell(*sides(outline)) if item.item.old_place and not item.item.new_place}
    assert "（旧）第4章 センター事業(ア) 在宅医療のコーディネート" in lost


def test_what_steers_the_layout_is_no_content() -> None:
    (come,) = (item for item in told.tell(*sides(rich)) if item.item.id == "ch-safety")
    (added,) = come.told
    assert "前文：" in added.new and "位置" not in added.new and "根拠の別" not in added.new


def test_every_kind_of_change_has_its_words() -> None:
    assert tuple(told.KINDS) == KINDS


def test_json_holds_the_changes_as_they_are_and_keeps_its_shape() -> None:
    schema = jsonschema_rs.Draft202012Validator(json.loads(shipped("shapes")["comparison.schema.json"]))
    for pair in PAIRS:
        comparison, old, new = sides(pair)
        found = json.loads(data.json(comparison, old, new))
        assert [str(one) for one in schema.iter_errors(found)] == []
        by_id = {one.id: one for one in comparison.items}
        for item in found["items"]:
            assert [_told(one) for one in item["changes"]] == [_told(_plain(one)) for one in by_id[item["id"]].changes]


def _plain(change: Change) -> dict[str, Any]:
    plain = {name: getattr(change, name) for name in ("kind", "field", "old_path", "new_path", "old", "new")}
    return dict(json.loads(json.dumps(plain)))


def _told(change: dict[str, Any]) -> list[Any]:
    return [change[name] for name in ("kind", "field", "old_path", "new_path", "old", "new")]


# ---------------------------------------------------------------- text


def test_text_fits_the_terminal_in_columns() -> None:
    comparison, old, new = sides(rich)
    for width in (40, 61, 80, 120):
        lines = terminal.text(comparison, old, new, width=width).splitlines()
        over = [line for line in lines[3:] if terminal.columns(line) > width + 2]  # a closing sign may stand out
        assert [line for line in over if not re.fullmatch(r"  \S .*\([a-z0-9-]+\)", line)] == []
        assert not [line for line in lines if re.match(r"\s*[、。）」]", line)]


def test_text_goes_through_cp932_and_carries_no_colour_unasked() -> None:
    comparison, old, new = sides(rich)
    for language in ("ja", "en"):
        words = terminal.text(comparison, old, new, language=language)
        assert words.encode("cp932", "strict").decode("cp932")
        assert "\x1b" not in words
    assert "retitled" in words
    assert "改題" not in words


def test_colour_says_what_the_signs_say() -> None:
    comparison, old, new = sides(rich)
    plain = terminal.text(comparison, old, new, width=10_000)
    coloured = terminal.text(comparison, old, new, width=10_000, colour=True)
    assert "\x1b[31;9m探す\x1b[0m\x1b[32;4m読みたい\x1b[0m" in coloured
    assert ANSI.sub("", coloured) == re.sub(r"\[-|-\]|\{\+|\+\}", "", plain)


def test_nothing_from_the_data_steers_the_terminal() -> None:
    evil = "前\x1b[2J後"
    comparison, old, new = with_text(evil)
    words = terminal.text(comparison, old, new)
    assert "\x1b" not in words
    assert "<U+001B>" in words


def test_the_same_twice_is_said_in_a_word() -> None:
    _, old, _ = sides(rich)
    assert "違いはありません。" in terminal.text(compare(old, old), old, old)
    assert "No differences." in terminal.text(compare(old, old), old, old, language="en")
    assert "違いはありません。" in markdown.md(compare(old, old), old, old)
    assert load_workbook(BytesIO(workbook.xlsx(compare(old, old), old, old))).sheetnames == ["新旧対照表", "一覧"]


def test_reasons_stand_with_their_item() -> None:
    comparison, old, new = sides(rich)
    assert comparison.reasons
    for output in (terminal.text(comparison, old, new, width=10_000), markdown.md(comparison, old, new)):
        assert "目録カードを使わなくなったため。（第2回手引き検討会）" in output
    row = next(one for one in sheet_of(comparison, old, new).iter_rows(values_only=True) if one[3] == "act-guide")
    assert row[8:] == ("案内で答えられない質問の扱いを明らかにするため。", "1", "第2回手引き検討会")


def test_words_of_templates_are_told() -> None:
    comparison, old, new = sides(rich)
    comparison = replace(comparison, templates=(("act-shelf--steps", "進め方", "手順"),))
    assert "[-進め方-]{+手順+}" in terminal.text(comparison, old, new)
    assert "<ins>手順</ins> | <del>進め方</del>" in markdown.md(comparison, old, new)
    assert json.loads(data.json(comparison, old, new))["templates"] == [
        {"anchor": "act-shelf--steps", "old": "進め方", "new": "手順"}
    ]
    assert "手順" in str(list(sheet_of(comparison, old, new).iter_rows(values_only=True)))


# ---------------------------------------------------------------- markdown and workbook


def with_text(words: str) -> tuple[Comparison, Snapshot, Snapshot]:
    """Return the pair in which one field's new text is `words`."""
    comparison, old, new = sides(rich)

    def put(change: Change) -> tuple[Change, ...]:
        return (replace(change, new=words),)

    texts = {"old_path": ("purpose",), "new_path": ("purpose",)}
    for item in comparison.items:
        for change in item.changes:
            if change.new_path == texts["new_path"] and change.old_path == texts["old_path"]:
                only: ItemChange = replace(item, changes=put(change))
                return replace(comparison, items=(only,)), old, new
    raise AssertionError


def test_markdown_reads_nothing_into_the_words() -> None:
    comparison, old, new = with_text("a | b <b> @somebody #9876 `x` https://example.org")
    row = next(line for line in markdown.md(comparison, old, new).splitlines() if "somebody" in line)
    assert row.count(" | ") == 4
    for sign in ("<b>", "@somebody", "#9876", "`x`", "https://"):
        assert sign not in row


def test_the_presets_turn_the_sides() -> None:
    comparison, old, new = sides(rich)
    turned = markdown.md(comparison, old, new, look({}, "reiki-old-left"))
    assert "| 項目 | 欄 | 改定前 | 改定後 | 備考 |" in turned
    assert "| 項目 | 欄 | 改定後 | 改定前 | 備考 |" in markdown.md(comparison, old, new)
    book = load_workbook(BytesIO(workbook.xlsx(comparison, old, new, look({}, "simple"))))
    assert [cell.value for cell in book.worksheets[0][4]][6:8] == ["新", "旧"]


@pytest.mark.parametrize("words", ["=1+1", "+81", "-1", "@SUM(A1)", "https://example.org"])
def test_a_cell_holds_text_whatever_it_begins_with(words: str) -> None:
    comparison, old, new = with_text(words)
    cells = [cell for row in sheet_of(comparison, old, new).iter_rows() for cell in row if cell.value == words]
    assert [cell.data_type for cell in cells] == ["s"]
    assert cells[0].hyperlink is None


def test_a_text_too_long_for_a_cell_is_cut_and_says_so() -> None:
    comparison, old, new = with_text("長" * 40_000)
    values = [str(cell) for row in sheet_of(comparison, old, new).iter_rows(values_only=True) for cell in row]
    longest = max(values, key=len)
    assert len(longest) < 32_767
    assert longest.endswith(workbook.CUT)


def test_the_workbook_is_ready_to_print_and_always_the_same() -> None:
    comparison, old, new = sides(rich)
    once = workbook.xlsx(comparison, old, new)
    assert once == workbook.xlsx(comparison, old, new)
    book = load_workbook(BytesIO(once), rich_text=True)
    sheet = book.worksheets[0]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.print_title_rows == "$4:$4"
    assert str(sheet.auto_filter.ref).startswith("A4:K")
    assert book.properties.created.isoformat() == "2026-10-01T00:00:00"
    purpose = next(row for row in sheet.iter_rows(min_row=5) if row[3].value == "act-shelf" and row[4].value == "目的")
    marked = [str(one.text) for one in purpose[6].value if getattr(one.font, "u", None)]
    assert marked == ["読みたい", "早く"]
