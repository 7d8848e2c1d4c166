"""Two sides beside each other: what goes together stands at the same height."""

from __future__ import annotations

from collections.abc import Iterable

from shishin.document import Block, BulletList, OrderedList, Paragraph, Text, plain
from shishin.papers.parallel import ADDED, LEFT_OUT, OMITTED, REMOVED, Piece, aligned, height, joined, level, said
from shishin.rewrite import walk

KEPT = "この文は変わらない。"


def paragraphs(*texts: str) -> tuple[Block, ...]:
    return tuple(Paragraph(inlines=(Text(text=text),)) for text in texts)


def bullets(*texts: str) -> tuple[Block, ...]:
    return (BulletList(items=tuple(paragraphs(text) for text in texts)),)


def numbered(*texts: str) -> tuple[Block, ...]:
    return (OrderedList(items=tuple(paragraphs(text) for text in texts)),)


def words(blocks: Iterable[Block]) -> list[str]:
    return [plain(one.inlines) for one in walk(tuple(blocks)) if isinstance(one, Paragraph)]


def both(pieces: Iterable[Piece]) -> list[tuple[list[str], list[str]]]:
    return [(words(one.old), words(one.new)) for one in pieces]


def test_each_changed_paragraph_stands_beside_its_own() -> None:
    old = paragraphs("会議は年に2回開く。", KEPT, "記録は事務局が保管する。")
    new = paragraphs("会議は年に3回開く。", KEPT, "記録は座長が保管する。")
    assert both(aligned(old, new)) == [
        (["会議は年に2回開く。"], ["会議は年に3回開く。"]),
        ([OMITTED], [OMITTED]),
        (["記録は事務局が保管する。"], ["記録は座長が保管する。"]),
    ]


def test_what_only_one_side_has_stands_beside_the_words_that_say_so() -> None:
    assert both(aligned(paragraphs(KEPT), paragraphs(KEPT, "新しい文。", "続く文。"))) == [
        ([OMITTED], [OMITTED]),
        ([ADDED], ["新しい文。", "続く文。"]),
    ]
    assert both(aligned(bullets("甲を行う。", "乙を配る。"), bullets("甲を行う。"))) == [
        ([OMITTED], [OMITTED]),
        (["乙を配る。"], [REMOVED]),
    ]


def test_what_went_stands_beside_what_came_in_its_place() -> None:
    old, new = paragraphs(KEPT, "図書館は月曜日に休む。"), paragraphs(KEPT, "おはなし会の参加費は要らない。")
    assert both(aligned(old, new))[1:] == [(["図書館は月曜日に休む。"], ["おはなし会の参加費は要らない。"])]


def test_an_entry_of_a_numbered_list_keeps_the_number_of_its_side() -> None:
    old = numbered("受け付ける。", "本を棚に戻す。")
    new = numbered("名札を付ける。", "受け付ける。", "本を元の棚に戻す。")
    found = [
        (one.old, one.new)
        for piece in aligned(old, new)
        for one in [piece]
        if isinstance(one.old[0], OrderedList) and isinstance(one.new[0], OrderedList)
    ]
    ((before, after),) = found
    assert isinstance(before[0], OrderedList) and isinstance(after[0], OrderedList)
    assert (before[0].start, after[0].start) == (2, 3)


def test_a_row_goes_on_as_long_as_both_sides_are_of_one_height() -> None:
    short, other = (Piece(old=paragraphs(text), new=paragraphs(text)) for text in ("甲。", "乙。"))
    longer = Piece(old=said(ADDED), new=paragraphs("あ" * 100))
    assert level([short, other]) == [(short, other)]
    assert level([longer, other]) == [(longer,), (other,)]


def test_nothing_but_what_is_left_out_makes_no_row() -> None:
    longer = Piece(old=said(ADDED), new=paragraphs("あ" * 100))
    assert level([longer, LEFT_OUT]) == [(longer, LEFT_OUT)]
    assert words(joined((longer, LEFT_OUT, LEFT_OUT)).new)[1:] == [OMITTED]


def test_rows_of_a_table_stand_apart_from_text() -> None:
    text, row = (Piece(old=said("一"), new=said("二"), framed=framed) for framed in (False, True))
    assert level([text, row, row]) == [(text,), (row, row)]


def test_wide_characters_fill_a_line_and_narrow_ones_half_of_it() -> None:
    assert [height(paragraphs(char * 60)) for char in ("あ", "a")] == [2, 1]
    assert height(bullets("あ" * 31, "い")) == 3
