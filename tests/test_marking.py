"""Words, lists and tables of two versions as one; either version out of it again."""

from __future__ import annotations

import pytest

from canonical import said
from shishin.document import (
    Anchor,
    Block,
    BulletList,
    Cell,
    Emphasis,
    Figure,
    Footnote,
    Inline,
    Inserted,
    LineBreak,
    Note,
    OrderedList,
    Paragraph,
    Quote,
    Reference,
    Removed,
    Ruby,
    Rule,
    Section,
    Strong,
    Table,
    Text,
    Underlined,
)
from shishin.marking import merged_blocks, merged_inlines, sides
from shishin.marking.versions import taken
from shishin.rewrite import walk

Inlines = tuple[Inline, ...]


def t(text: str) -> Inlines:
    return (Text(text=text),)


def p(*inlines: Inline | str) -> Paragraph:
    return Paragraph(inlines=tuple(Text(text=one) if isinstance(one, str) else one for one in inlines))


def gone(text: str) -> Removed:
    return Removed(inlines=t(text))


def come(text: str) -> Inserted:
    return Inserted(inlines=t(text))


def row(*texts: str, rows: int = 1) -> tuple[Cell, ...]:
    cells = (Cell(blocks=(p(text),) if text else ()) for text in texts)
    return tuple(Cell(blocks=cell.blocks, rows=rows if place == 0 else 1) for place, cell in enumerate(cells))


def table(*rows: tuple[Cell, ...], id: str = "tab", number: str = "", caption: str = "") -> Table:
    return Table(id=id, caption=t(caption) if caption else (), number=number, widths=(0.5, 0.5), head=(), rows=rows)


def section(id: str, title: str, *blocks: Block, number: str = "") -> Section:
    return Section(id=id, item=id, kind="chapter", level=1, number=number, title=t(title), blocks=blocks)


def both_ways(old: tuple[Block, ...], new: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return the merged blocks, after looking that each version comes back and no mark stands inside a mark."""
    merged = merged_blocks(old, new)
    assert said(taken(merged, Removed)) == said(new)
    assert said(taken(merged, Inserted)) == said(old)
    for node in walk(merged):
        if isinstance(node, Inserted | Removed):
            assert not any(isinstance(inner, Inserted | Removed) for inner in walk(node.inlines))
    return merged


# ---------------------------------------------------------------- words


def test_a_word_is_never_cut() -> None:
    merged = merged_inlines(t("在宅医療の報告は7日前までに行う。"), t("在宅療養の報告は10日前までに行う。"))
    assert merged == (
        Text(text="在宅"),
        gone("医療"),
        come("療養"),
        Text(text="の報告は"),
        gone("7日前"),
        come("10日前"),
        Text(text="までに行う。"),
    )


def test_a_style_alone_is_a_change() -> None:
    strong = Strong(inlines=t("基本"))
    assert merged_inlines((Text(text="区分は"), Text(text="基本")), (Text(text="区分は"), strong)) == (
        Text(text="区分は"),
        gone("基本"),
        Inserted(inlines=(strong,)),
    )


def test_marks_stand_inside_a_style_that_both_have() -> None:
    merged = merged_inlines((Strong(inlines=t("在宅医療")),), (Strong(inlines=t("在宅療養")),))
    assert merged == (Strong(inlines=(Text(text="在宅"), gone("医療"), come("療養"))),)


def test_a_style_that_begins_inside_a_word_does_not_cut_it() -> None:
    visit = (Strong(inlines=t("訪")), Text(text="問"))
    merged = merged_inlines((*visit, Text(text="を行う。")), (*visit[:1], Text(text="欧を行う。")))
    assert merged[0] == Removed(inlines=visit)
    assert merged[-1] == Text(text="を行う。")


def test_an_anchor_stays_one() -> None:
    merged = merged_inlines(
        (Anchor(id="x", item="x", inlines=t("在宅医療")),), (Anchor(id="x", item="x", inlines=t("在宅療養")),)
    )
    assert [node.id for node in walk(merged) if isinstance(node, Anchor)] == ["x"]


def test_other_inlines_are_words_of_their_own() -> None:
    old = (Ruby(base="褥瘡", reading="じょくそう"), Text(text="を見る。"), LineBreak(), Text(text="終わり。"))
    new = (Ruby(base="褥瘡", reading="ジョクソウ"), Text(text="を見る。"), Text(text="終わり。"))
    assert merged_inlines(old, new) == (
        Removed(inlines=old[:1]),
        Inserted(inlines=new[:1]),
        Text(text="を見る。"),
        Removed(inlines=(LineBreak(),)),
        Text(text="終わり。"),
    )


def test_a_footnote_is_marked_inside() -> None:
    old = (Text(text="本文"), Footnote(blocks=(p("注は一つである。"),)))
    new = (Text(text="本文"), Footnote(blocks=(p("注は二つである。"),)))
    assert merged_inlines(old, new) == (
        Text(text="本文"),
        Footnote(blocks=(p("注は", gone("一つ"), come("二つ"), "である。"),)),
    )
    merged = both_ways((Paragraph(inlines=old),), (p("別の話をする。"), Paragraph(inlines=t("本文"))))
    assert any(isinstance(node, Footnote) for node in walk(merged))
    assert not any(
        isinstance(inner, Footnote)
        for node in walk(merged)
        if isinstance(node, Removed)
        for inner in walk(node.inlines)
    )


def test_unlike_sentences_are_replaced_whole() -> None:
    old, new = t("雨の日は、傘を持って出かける。"), t("会議の記録は、翌週に配る。")
    assert merged_inlines(old, new) == (Removed(inlines=old), Inserted(inlines=new))


def test_a_reference_keeps_its_target() -> None:
    old, new = (Reference(target="a", inlines=t("協議")),), (Reference(target="b", inlines=t("協議")),)
    assert merged_inlines(old, new) == (Removed(inlines=old), Inserted(inlines=new))


def test_marked_text_is_refused() -> None:
    with pytest.raises(ValueError, match="marks already"):
        merged_inlines((gone("あ"),), t("い"))


# ---------------------------------------------------------------- blocks


def test_a_paragraph_of_one_side_is_one_mark() -> None:
    extra = p("新しい", Strong(inlines=t("一文")), "である。")
    assert both_ways((p("前。"), p("後。")), (p("前。"), extra, p("後。"))) == (
        p("前。"),
        Paragraph(inlines=(Inserted(inlines=extra.inlines),)),
        p("後。"),
    )


def test_entries_go_together() -> None:
    old = BulletList(items=((p("計画を作る。"),), (p("会議を開く。"),), (p("記録を残す。"),)))
    new = BulletList(items=((p("計画を作る。"),), (p("記録を三年残す。"),), (p("公表する。"),)))
    (merged,) = both_ways((old,), (new,))
    assert isinstance(merged, BulletList)
    assert merged.items == (
        (p("計画を作る。"),),
        (p(gone("会議を開く。")),),
        (p("記録を", come("三年"), "残す。"),),
        (p(come("公表する。")),),
    )


def test_another_list_is_another_list() -> None:
    old, new = (BulletList(items=((p("一。"),),)),), (OrderedList(items=((p("一。"),),)),)
    assert len(both_ways(old, new)) == 2


def test_rows_go_together_by_anchor_then_likeness() -> None:
    def about(id: str, text: str, value: str) -> tuple[Cell, ...]:
        return (Cell(blocks=(p(Anchor(id=id, item=id, inlines=t(text))),)), *row(value))

    old = table(about("a", "甲", "一つ"), about("b", "乙", "二つ"), row("丙", "三つ"))
    new = table(about("b", "乙の新名", "別"), row("丙", "四つ"), about("c", "丁", "五つ"))
    (merged,) = both_ways((old,), (new,))
    assert isinstance(merged, Table)
    assert [one[1].blocks for one in merged.rows] == [
        (p(gone("一つ")),),
        (p(gone("二つ"), come("別")),),
        (p(gone("三つ"), come("四つ")),),
        (p(come("五つ")),),
    ]


def test_a_cell_that_spans_rows_grows_and_shrinks() -> None:
    old = table(row("群", "計画を作る", rows=3), row("会議を開く"), row("記録を残す"), row("他", "なし"))
    new = table(row("群", "会議を開く", rows=3), row("記録を五年残す"), row("公表する"), row("他", "なし"))
    (merged,) = both_ways((old,), (new,))
    assert isinstance(merged, Table)
    assert [cell.rows for cell in merged.rows[0]] == [4, 1]
    assert len(merged.rows) == 5


def test_a_blank_row_is_there_or_not() -> None:
    blank = row("", "")
    both_ways((table(row("名", "値")),), (table(row("名", "値"), blank),))
    both_ways((table(row("名", "値"), blank),), (table(row("名", "値")),))
    both_ways((table(row("名", "値")),), (table(row("", "")),))
    both_ways((BulletList(items=((),)),), (BulletList(items=((), (p("一。"),))),))


def test_other_columns_make_another_table() -> None:
    merged = both_ways((table(row("名", "値")),), (table(row("名", "値", "注")),))
    assert [len(one.rows[0]) for one in merged if isinstance(one, Table)] == [2, 3]


def test_another_picture_stands_beside_the_old_one() -> None:
    old = Figure(id="fig", caption=t("体制"), number="図1", alt="二つ", svg="<svg/>")
    new = Figure(id="fig", caption=t("体制"), number="図1", alt="三つ", svg="<svg></svg>")
    merged = both_ways((old,), (new,))
    assert [one.caption for one in merged if isinstance(one, Figure)] == [(gone("図1　体制"),), (come("図1　体制"),)]
    renamed = Figure(id="fig", caption=(), number="", alt="二つ", svg="<svg/>")
    assert len(both_ways((old,), (renamed,))) == 1


def test_numbers_are_words() -> None:
    old, new = section("x", "連携", number="第3章"), section("x", "連携", number="第5章")
    (merged,) = both_ways((old,), (new,))
    assert isinstance(merged, Section)
    assert merged.title == (gone("第3章"), come("第5章"), Text(text="　連携"))
    assert merged.number == ""


def test_sections_go_together_by_id_only() -> None:
    old = (section("a", "はじめに", p("一。")), section("b", "会議", p("二。")))
    new = (section("b", "運営会議", p("二。")), section("c", "はじめに", p("一。")))
    merged = both_ways(old, new)
    assert [one.id for one in merged if isinstance(one, Section)] == ["a", "b", "c"]


def test_quotes_notes_and_rules() -> None:
    old = (Quote(blocks=(p("引いた言葉である。"),)), Note(title=t("注意"), blocks=(p("気を付ける。"),)), Rule())
    new = (Quote(blocks=(p("引いた文である。"),)), Note(title=t("注意点"), blocks=(p("よく気を付ける。"),)))
    assert len(both_ways(old, new)) == 2
    assert Rule() in both_ways(new, old)


# ---------------------------------------------------------------- two columns


def test_sides_underline_what_only_one_has() -> None:
    old = (p(Anchor(id="x", item="x", inlines=t("会議")), "は年1回開く。"), p("終わる。"))
    new = (p(Anchor(id="x", item="x", inlines=t("会議")), "は年2回開く。"),)
    left, right = sides(merged_blocks(old, new))
    assert left == (
        p("会議", "は年", Underlined(inlines=t("1回"), change="old"), "開く。"),
        p(Underlined(inlines=t("終わる。"), change="old")),
    )
    assert right == (p(new[0].inlines[0], "は年", Underlined(inlines=t("2回"), change="new"), "開く。"),)


def test_faults_are_seen() -> None:
    """What these tests rest on: a lost mark, a swapped one, a lost entry don't come back as either version."""
    old, new = (p("年1回開く。"),), (p("年2回開く。"),)
    merged = merged_blocks(old, new)
    (paragraph,) = merged
    assert isinstance(paragraph, Paragraph)
    lost = (Paragraph(inlines=tuple(one for one in paragraph.inlines if not isinstance(one, Removed))),)
    assert said(taken(lost, Inserted)) != said(old)
    swap = {Removed: Inserted, Inserted: Removed}
    swapped = (
        Paragraph(
            inlines=tuple(
                swap[type(one)](inlines=one.inlines) if type(one) in swap else one for one in paragraph.inlines
            )
        ),
    )
    assert said(taken(swapped, Inserted)) != said(old)
    entries = (BulletList(items=((p("一。"),), (p("二。"),))),)
    assert said((BulletList(items=entries[0].items[1:]),)) != said(entries)
    assert said((p(Emphasis(inlines=t("一。"))),)) != said((p("一。"),))
