"""改定の概要: what changed, why, for whom, on one page whatever its size."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

import pairs
from shishin.compare import compare, reasons
from shishin.comparison import Comparison, Reason
from shishin.document import BulletList, Document, Paragraph, Table, plain
from shishin.papers.counts import counted, sort_of
from shishin.papers.headings import both
from shishin.papers.settings import PRESETS
from shishin.papers.summary import concerned, summary, within
from shishin.renderers.pdf import PdfRenderer
from shishin.rewrite import walk
from shishin.snapshot import Entry, Snapshot

KUNI = PRESETS["kuni"]


def made(pair: pairs.Pair) -> tuple[Comparison, Snapshot, Snapshot]:
    old, new = pairs.made(pair.old).snapshot, pairs.made(pair.new).snapshot
    comparison = compare(old, new)
    return replace(comparison, reasons=reasons(comparison, old, new, {})), old, new


def lines(document: Document, section: int) -> list[str]:
    return [plain(one.inlines) for one in walk((document.sections[section],)) if isinstance(one, Paragraph)]


def pages(document: Document, folder: Path) -> int:
    rendering = PdfRenderer().render(document, folder)
    (file,) = rendering.files
    return max(int(count) for count in re.findall(rb"/Type/Pages/Count ([0-9]+)", file.read_bytes()))


def test_each_item_counts_once() -> None:
    comparison, _, _ = made(pairs.rich())
    assert sum(number for _, number in counted(comparison)) == len(comparison.items)
    assert dict(counted(comparison)) == {
        "新設": 3, "削除": 1, "分割": 1, "統合": 1, "移動": 2, "改題": 4, "内容": 9, "表記のみ": 1, "番号のみ": 3, "その他": 4,
    }  # fmt: skip


def test_what_happened_is_told_in_a_sentence_for_each_sort() -> None:
    said = lines(summary(*made(pairs.rich()), KUNI), 0)
    assert "第1章2(3)「行事の符号」、第4章5「オンラインおはなし会」など3件を新設する。" in said
    assert "（旧）第3章3「目録カードの整理」を削る。" in said
    assert "第3章4「本の装備」を「本の修理と装備」から分ける。" in said
    assert "「ちらしの配布」を「行事のお知らせ」に統合する。" in said
    assert "第3章6「活動記録票」を第5章1(1)から、第4章1「おはなし会」を第3章6から移す。" in said
    assert "「担い手」を「担い手と役割」に、「本の修理と装備」を「本の修理」に改題する（ほか2件）。" in said
    assert "第3章2「返却本の配架」の表記を改める。" in said


def test_what_went_into_one_is_told_together() -> None:
    comparison, old, new = made(pairs.outline())
    said = "".join(lines(summary(comparison, old, new, KUNI), 0))
    assert "など5項目を「コーディネーターの基本的な業務」に統合する。" in said


def test_reasons_are_told_once_with_what_stands_behind_them() -> None:
    said = lines(summary(*made(pairs.rich()), KUNI), 1)
    assert "来館が難しい子どもにもおはなし会を届けるため。（意見2、第2回手引き検討会）" in said
    assert len(said) == len(set(said))


def test_without_reasons_it_says_so() -> None:
    comparison, old, new = made(pairs.rich())
    assert "理由の記録はない。" in lines(summary(replace(comparison, reasons={}), old, new, KUNI), 1)


def test_whom_it_concerns_is_read_off_the_keyed_lists() -> None:
    comparison, old, new = made(pairs.rich())
    ((title, found),) = concerned(comparison, both(old, new))
    assert title == old.kinds["team"].shape.title
    assert dict(found)["読み聞かせの会"] == ("おはなし会", "テーマ展示", "オンラインおはなし会")


def test_new_numbers_alone_concern_nobody() -> None:
    comparison, old, new = made(pairs.rich())
    fair = tuple(one for one in comparison.items if sort_of(one) == "renumbered")
    assert fair and not list(concerned(replace(comparison, items=fair), both(old, new)))


def test_no_change_is_said() -> None:
    _, old, _ = made(pairs.rich())
    assert "改定した箇所はない。" in lines(summary(compare(old, old), old, old, KUNI), 0)


def test_what_does_not_fit_is_counted() -> None:
    assert within(["あ" * 40, "い" * 41, "う"], 4) == ["あ" * 40, "い" * 41, "う"]
    assert within(["あ" * 40, "い" * 41, "う"], 3) == ["あ" * 40, "う", "ほか1件"]
    assert within(["あ"], 1) == ["あ"] and within([], 1) == []


@pytest.mark.parametrize("pair", [pairs.outline, pairs.rebuilt, pairs.rich])
def test_it_is_one_page(pair: object, tmp_path: Path) -> None:
    comparison, old, new = made(pair())  # type: ignore[operator]
    assert pages(summary(comparison, old, new, KUNI), tmp_path) == 1


def test_it_stays_one_page_where_everything_is_long(tmp_path: Path) -> None:
    comparison, old, new = made(pairs.rebuilt())
    items = tuple(
        replace(one, old_name=one.old_name + "前の長い題名" * 5, new_name=one.new_name + "新しい長い題名" * 5)
        for one in comparison.items
    )
    why = {
        one.id: (Reason(text=f"{one.new_name}を改めた理由は、次のとおり長い。", meeting="第1回会議"),) for one in items
    }
    document = summary(
        replace(comparison, items=items, reasons=why), old, new, replace(KUNI, number="資料3", meeting="会")
    )
    assert pages(document, tmp_path) == 1
    assert any("ほか" in line for line in lines(document, 1))


def test_counts_stand_in_a_table_and_sentences_in_a_list() -> None:
    kinds = [type(block) for block in summary(*made(pairs.rich()), KUNI).sections[0].blocks]
    assert kinds == [Table, BulletList, Table]


def test_the_counts_of_the_chapters_sum_up_to_all() -> None:
    _, chapters = (one for one in summary(*made(pairs.rebuilt()), KUNI).sections[0].blocks if isinstance(one, Table))
    numbers = [
        int(plain(one.inlines))
        for one in walk(block for cell in chapters.rows[0] for block in cell.blocks)
        if isinstance(one, Paragraph) and plain(one.inlines).isdigit()
    ]
    assert sum(numbers[:-1]) == numbers[-1] == len(made(pairs.rebuilt())[0].items)


def test_whom_it_is_for_is_said_where_the_record_of_the_edition_says_it() -> None:
    comparison, old, new = made(pairs.rich())
    assert "対象" not in [plain(one.title) for one in summary(comparison, old, new, KUNI).sections]
    record = Entry(id=new.edition, kind="edition", name="第2版（案）", data={"audience": "登録した方"})
    document = summary(comparison, old, replace(new, entries=(*new.entries, record)), KUNI)
    assert [lines(document, place) for place, one in enumerate(document.sections) if plain(one.title) == "対象"] == [
        ["登録した方"]
    ]
