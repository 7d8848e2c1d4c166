"""新旧対照表 as a document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import pytest

import pairs
from shishin.compare import compare, reasons
from shishin.comparison import Comparison, Reason
from shishin.document import (
    Block,
    Cell,
    Document,
    Inline,
    Paragraph,
    Table,
    Text,
    Underlined,
    from_data,
    plain,
    to_data,
)
from shishin.papers import table as module
from shishin.papers.rows import rows
from shishin.papers.settings import NEVER, PRESETS, Look
from shishin.papers.table import table
from shishin.rewrite import marks, walk
from shishin.snapshot import Snapshot


def made() -> tuple[Comparison, Snapshot, Snapshot]:
    pair = pairs.rich()
    old, new = pairs.made(pair.old).snapshot, pairs.made(pair.new).snapshot
    comparison = compare(old, new)
    return replace(comparison, reasons=reasons(comparison, old, new, {})), old, new


def the_table(document: Document) -> Table:
    (section,) = document.sections
    (found,) = section.blocks
    assert isinstance(found, Table)
    return found


def said(cell: Cell) -> list[str]:
    return [plain(one.inlines) for one in walk(cell.blocks) if isinstance(one, Paragraph)]


def row_with(document: Document, words: str) -> tuple[Cell, ...]:
    return next(row for row in the_table(document).rows if any(words in line for cell in row for line in said(cell)))


@pytest.mark.parametrize(
    ("preset", "heads", "widths"),
    [
        ("kuni", ["改定後", "改定前", "備考"], (105, 105, 32)),
        ("reiki-old-left", ["改定前", "改定後", "備考"], (105, 105, 32)),
        ("simple", ["項目", "新", "旧", "備考"], (28, 105, 105, 32)),
    ],
)
def test_columns_stand_as_the_preset_says(preset: str, heads: list[str], widths: tuple[int, ...]) -> None:
    found = the_table(table(*made(), PRESETS[preset]))
    assert [said(cell)[0] for cell in found.head[0]] == heads
    assert found.widths == pytest.approx([width / sum(widths) for width in widths], abs=0.001)
    assert sum(found.widths) == pytest.approx(1) and found.look == "compare"
    assert {sum(cell.columns for cell in row) for row in found.rows} == {len(heads)}


def test_sides_change_places_with_the_preset() -> None:
    kuni, reiki = (row_with(table(*made(), PRESETS[name]), "無理なく") for name in ("kuni", "reiki-old-left"))
    assert kuni[:2] == reiki[1::-1]


def test_the_title_block_names_both_editions() -> None:
    look = replace(PRESETS["kuni"], number="資料2", meeting="第2回検討会")
    document = table(*made(), look)
    cover = document.cover
    assert cover.title == "図書館ボランティア活動の手引き　新旧対照表"
    assert cover.subtitle == "改定後：第2版（案）（令和8年10月1日）　／　改定前：第1版（令和8年4月1日）"
    assert (cover.paper_number, cover.meeting) == ("資料2", "第2回検討会")
    assert cover.notice.startswith("（下線部分は改定部分、二重下線部分は移動した部分、太枠内は")
    assert (document.layout, document.date) == ("wide", "2026-10-01")


def test_long_names_of_editions_stand_in_lines_of_their_own() -> None:
    comparison, old, new = made()
    long = replace(comparison, new=replace(comparison.new, label="長い名前の版" * 6))
    cover = table(long, old, new, PRESETS["kuni"]).cover
    assert not cover.subtitle and cover.edition.startswith("改定後：長い") and cover.as_of.startswith("改定前：第1版")


def test_no_date_stands_at_the_end_of_a_line_that_is_too_long() -> None:
    comparison, old, new = made()
    long = replace(comparison, new=replace(comparison.new, label="長い名前の版" * 10))
    cover = table(long, old, new, PRESETS["kuni"]).cover
    assert cover.subtitle == "改定後：令和8年10月1日　／　改定前：令和8年4月1日"
    assert cover.edition == "改定後：" + "長い名前の版" * 10 and cover.as_of == "改定前：第1版"


def test_a_date_in_the_name_of_an_edition_is_said_once() -> None:
    side = made()[0].new
    assert replace(side, label="構成案（令和8年10月1日）").line == "構成案（令和8年10月1日）"


def test_the_lead_line_is_short_where_there_is_only_text_and_can_be_set() -> None:
    comparison, old, new = made()
    item = next(one for one in comparison.items if one.id == "act-return")
    only = replace(comparison, items=(item,))
    assert table(only, old, new, PRESETS["kuni"]).cover.notice == "（下線部分は改定部分）"
    own = replace(PRESETS["kuni"], lead="（傍線は改正箇所）", new_word="改正後")
    assert table(only, old, new, own).cover.notice == "（傍線は改正箇所）"
    assert table(only, old, new, replace(own, lead="")).cover.notice == "（下線部分は改正部分）"


def test_remarks_tell_reason_opinions_and_meeting() -> None:
    remark = row_with(table(*made(), PRESETS["kuni"]), "おはなし会を届ける")[-1]
    assert said(remark)[-3:] == ["来館が難しい子どもにもおはなし会を届けるため。", "意見2", "第2回手引き検討会"]


def test_without_a_remark_there_is_no_column_for_them() -> None:
    comparison, old, new = made()
    item = next(one for one in comparison.items if one.id == "act-shelf")
    plainly = replace(item, changes=tuple(one for one in item.changes if one.kind == "changed"))
    found = the_table(table(replace(comparison, items=(plainly,), reasons={}), old, new, PRESETS["kuni"]))
    assert found.widths == (0.5, 0.5)


def test_marks_stand_in_the_text_where_remarks_are_not_wanted() -> None:
    look = replace(PRESETS["kuni"], remarks=NEVER)
    row = row_with(table(*made(), look), "から分割")
    assert len(row) == 2 and said(row[0])[-1] == "（「本の修理と装備」から分割）"


def test_a_chapter_heads_its_rows_over_all_columns() -> None:
    found = the_table(table(*made(), PRESETS["simple"]))
    heads = [said(row[0])[0] for row in found.rows if len(row) == 1]
    assert heads == ["表紙・体裁", "第3章　日ごろの活動", "第4章　行事", "記録"]
    assert all(row[0].columns == 4 and row[0].header for row in found.rows if len(row) == 1)


def test_items_have_a_column_in_the_simple_form() -> None:
    row = row_with(table(*made(), PRESETS["simple"]), "館内の地図")
    assert said(row[0]) == ["用具"] and row[1].framed and row[2].framed and not row[0].framed


def test_new_numbers_alone_share_a_row_with_their_neighbours() -> None:
    comparison, old, new = made()
    renumbered = tuple(one for one in comparison.items if [change.kind for change in one.changes] == ["renumbered"])
    found = the_table(table(replace(comparison, items=renumbered), old, new, PRESETS["kuni"]))
    rows = [row for row in found.rows if "番号のみ" in said(row[-1])]
    lines = [line for row in rows for line in said(row[0])]
    assert len(lines) == len(renumbered) and "第4章2　本のリサイクル市" in lines


def test_no_change_is_said_in_a_row() -> None:
    _, old, new = made()
    nothing = replace(compare(old, old), new=compare(new, new).new)
    empty = replace(old, places={})
    assert said(the_table(table(nothing, empty, empty, PRESETS["kuni"])).rows[0][0]) == ["改定した箇所はない。"]


@pytest.mark.parametrize("name", list(PRESETS))
def test_the_paper_points_nowhere_and_is_data(name: str) -> None:
    look: Look = PRESETS[name]
    document = table(*made(), look)
    assert marks(*document.sections).targets == ()
    assert from_data(to_data(document)) == document
    assert table(*made(), look) == document


def test_every_underline_says_which_change_it_is() -> None:
    found = [one for one in walk(table(*made(), PRESETS["kuni"]).sections) if isinstance(one, Underlined)]
    assert {one.change for one in found} == {"old", "new", "moved"}


def underlines(nodes: Iterable[Block | Inline]) -> Counter[tuple[str, str]]:
    found = (one for one in walk(tuple(nodes)) if isinstance(one, Underlined))
    return Counter((one.change, plain(one.inlines)) for one in found)


def marked(comparison: Comparison, old: Snapshot, new: Snapshot) -> Counter[tuple[str, str]]:
    parts = [
        part
        for row in rows(comparison, old, new)
        for part in (row.old_heading, row.new_heading, row.old_title, row.new_title, row.old, row.new)
    ]
    return underlines(node for part in parts for node in part)


@pytest.mark.parametrize("name", list(PRESETS))
def test_every_mark_of_every_row_is_in_the_table_once(name: str) -> None:
    assert underlines(table(*made(), PRESETS[name]).sections) == marked(*made())


def test_a_mark_that_is_lost_in_the_layout_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_listed", lambda group, side: iter(()))
    assert underlines(table(*made(), PRESETS["kuni"]).sections) != marked(*made())


def test_what_is_left_out_stands_between_the_heading_and_the_field() -> None:
    row = row_with(table(*made(), PRESETS["kuni"]), "無理なく")
    assert said(row[0])[:3] == ["第1章　この手引きについて", "（略）", "ねらい"] and said(row[0])[-1] == "（略）"
    item, text, *_ = row_with(table(*made(), PRESETS["simple"]), "無理なく")
    assert said(item) == ["第1章　この手引きについて", "ねらい"] and len(said(text)) == 1


def test_where_something_stood_before_has_a_line_of_its_own() -> None:
    remark = row_with(table(*made(), PRESETS["kuni"]), "第4章1")[-1]
    assert said(remark)[:2] == ["移動", "（旧　第3章6）"]


def test_what_is_gone_is_known_for_an_old_number_where_there_is_one_column_for_items() -> None:
    row = row_with(table(*made(), PRESETS["simple"]), "目録カードの整理")
    assert said(row[0]) == ["（旧）第3章3　目録カードの整理"]


def test_a_reason_of_many_items_stands_once_below_the_table() -> None:
    comparison, old, new = made()
    why, own = Reason(text="同じ理由である。"), Reason(text="この項目の理由である。")
    items = [item.id for item in comparison.items]
    told = replace(comparison, reasons={item: (why,) for item in items[:4]} | {items[0]: (why, own)})
    for preset in PRESETS:
        words = "".join(_words(table(told, old, new, PRESETS[preset])))
        assert words.count("同じ理由である。") == 1, preset
        assert words.count("この項目の理由である。") == 1, preset
        assert "理由1" in words and "理由の番号は表の後に" in words, preset
    few = replace(comparison, reasons={item: (why,) for item in items[:3]})
    words = "".join(_words(table(few, old, new, PRESETS["kuni"])))
    assert words.count("同じ理由である。") == 3
    assert "理由1" not in words


def _words(document: Document) -> list[str]:
    return [document.cover.notice, *(node.text for node in walk(document.sections) if isinstance(node, Text))]
