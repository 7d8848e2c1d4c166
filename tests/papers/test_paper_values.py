"""A field's value as blocks of a paper."""

from __future__ import annotations

from typing import Any

import pytest

from shishin.document import Block, BulletList, OrderedList, Paragraph, Quote, plain
from shishin.papers.values import blocks, flat, head_fields, key_of, line, suited, table_lines, tabular
from shishin.schema import Shape

NAMES = {"body-one": "事務局", "work-one": "受付"}
TEXT = Shape(type="string", title="文", text="inline")
LONG = Shape(type="string", title="本文", text="markdown")
WHO = Shape(type="string", title="主体", ref=("body",))
PART = Shape(type="string", title="役", enum=("lead",), labels={"lead": "主担当"})
KEY = Shape(type="string", title="キー", limits={"pattern": "^[a-z]+$"})


def entries(align: str, **properties: Shape) -> Shape:
    return Shape(
        type="array", title="一覧", align=align, items=Shape(type="object", title="一件", properties=properties)
    )


DUTIES = entries("key:who", who=WHO, part=PART, what=TEXT)
SECTIONS = entries("key:key", key=KEY, title=TEXT, body=LONG, basis=PART)


def lines(parts: tuple[Block, ...], mark: str = "") -> list[str]:
    said: list[str] = []
    for block in parts:
        match block:
            case Paragraph():
                said.append(mark + plain(block.inlines))
            case BulletList() | OrderedList():
                said += [one for entry in block.items for one in lines(entry, "・")]
            case Quote():
                said += lines(block.blocks, ">")
    return said


@pytest.mark.parametrize(
    ("value", "shape", "said"),
    [
        ("会議", Shape(type="string", title="名"), ["会議"]),
        ("2026-10-01", Shape(type="string", title="日", date=True), ["令和8年10月1日"]),
        ("2026-10", Shape(type="string", title="月"), ["令和8年10月"]),
        ("lead", PART, ["主担当"]),
        ("gone", PART, ["gone"]),
        ("body-one", WHO, ["事務局"]),
        ("body-gone", WHO, ["body-gone"]),
        (3, Shape(type="integer", title="数"), ["3"]),
        (True, Shape(type="boolean", title="要否"), ["はい"]),
        ("[[work-one]]を行う", TEXT, ["受付を行う"]),
        ("[手順](#work-one--steps)による", TEXT, ["手順による"]),
        (["body-one", "x"], Shape(type="array", title="主体", align="set", items=WHO), ["事務局、x"]),
        (["一", "二"], Shape(type="array", title="進め方", align="sequence", items=TEXT), ["・一", "・二"]),
        ("一段目。\n\n- 甲\n- 乙", LONG, ["一段目。", "・甲", "・乙"]),
        ("| 甲 | 乙 |\n|---|---|\n| 一 | 二 |", LONG, ["甲／乙", "一／二"]),
        ("本文[^1]である。\n\n[^1]: 注の文。", LONG, ["本文（注　注の文。）である。"]),
        ([{"who": "body-one", "part": "lead", "what": "受ける"}], DUTIES, ["・事務局／主担当／受ける"]),
        (
            [{"key": "aim", "title": "ねらい", "body": "本文。", "basis": "lead"}],
            SECTIONS,
            ["ねらい", "本文。"],  # 根拠の別 isn't printed
        ),
        (None, TEXT, []),
        ([], DUTIES, []),
    ],
)
def test_values_are_printed_by_their_shape(value: Any, shape: Shape, said: list[str]) -> None:
    assert lines(blocks(value, shape, NAMES)) == said


@pytest.mark.parametrize(
    ("value", "shape", "said"),
    [
        (["一", "二"], TEXT, ["・一", "・二"]),
        ("一", DUTIES, ["一"]),
        ({"a": "一", "b": ["二"]}, TEXT, ["a：一", "b：", "・二"]),
        ([{"a": "一"}, {"a": "二"}], LONG, ["・一", "・二"]),
        (["一"], DUTIES, ["・一"]),
    ],
)
def test_a_value_of_another_sort_than_its_shape_is_printed_all_the_same(
    value: Any, shape: Shape, said: list[str]
) -> None:
    assert lines(blocks(value, shape, NAMES)) == said


def test_lists_are_told_apart() -> None:
    assert tabular(DUTIES) and not tabular(SECTIONS)
    assert key_of(DUTIES) == "who" and key_of(TEXT) == ""
    assert [name for name, _ in head_fields(DUTIES)] == ["who", "part", "what"]
    assert [name for name, _ in head_fields(SECTIONS)] == ["title"]
    assert flat(TEXT) and not flat(LONG) and not flat(DUTIES)


def test_a_table_in_a_text_is_seen() -> None:
    assert table_lines("| 甲 |\n|---|\n| 一 |", LONG, NAMES) == {"甲", "一"}
    assert not table_lines("甲 | 乙", LONG, NAMES) and not table_lines("| 甲 |\n|---|\n| 一 |", TEXT, NAMES)


def test_a_shape_fits_its_value() -> None:
    assert suited("一", TEXT) is TEXT
    assert suited(["一"], TEXT).items is not None
    assert plain(line({"甲": 1}, TEXT, {})) == "1"
