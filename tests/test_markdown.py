import pytest
from hypothesis import given
from hypothesis import strategies as st

from shishin.dialect import CLOSE, OPEN, escape
from shishin.document import (
    BulletList,
    Footnote,
    OrderedList,
    Paragraph,
    Quote,
    Reference,
    Ruby,
    Strong,
    Table,
    Text,
    plain,
)
from shishin.markdown import parse_field, parse_inline, parse_template


def words(text: str) -> str:
    return plain(parse_field(text).inlines)


def test_line_breaks_between_japanese_vanish() -> None:
    assert words("これは\n文である。\nEnglish\nwords と\n続く。") == "これは文である。English words と続く。"


def test_mentions_carry_their_place() -> None:
    parsed = parse_field("一行目\n二行目の[[task-one]]と[語](#role-two)。")
    assert parsed.mentions == (("task-one", 2, 5), ("role-two", 2, 21))
    references = [inline for inline in parsed.inlines if isinstance(inline, Reference)]
    assert [(one.target, plain(one.inlines)) for one in references] == [("task-one", ""), ("role-two", "語")]


def test_the_same_mention_twice_has_two_places() -> None:
    assert parse_field("[[a]]と[[a]]").mentions == (("a", 1, 1), ("a", 1, 7))


def test_ruby_footnote_and_strong() -> None:
    inlines = parse_field("｜看取《みと》り[^1]を**共に**。\n\n[^1]: 注。").inlines
    assert Ruby(base="看取", reading="みと") in inlines
    assert any(isinstance(inline, Footnote) and inline.blocks for inline in inlines)
    assert any(isinstance(inline, Strong) for inline in inlines)


def test_blocks() -> None:
    blocks = parse_field("- あ\n- い\n\n1. う\n\n> 引用\n\n| a | b |\n|---|---|\n| c | [[d]] |\n").blocks
    assert [type(block) for block in blocks] == [BulletList, OrderedList, Quote, Table]


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("文\n\n<div>x</div>", "M402", 3, 1),
        ("文 <b>x", "M402", 1, 3),
        ("[x](javascript:alert)", "M403", 1, 5),
        ("[x](data:text/html,x)", "M403", 1, 5),
        ("[x](other.md)", "M403", 1, 5),
        ("![図](a.png)", "M406", 1, 1),
        ("# 見出し", "M404", 1, 1),
        ("文\n\n    code", "M405", 3, 1),
        ("太字**「括弧」**が", "M407", 1, 3),
        ("文[^1]。", "M408", 1, 2),
        ("文^[注]。", "M408", 1, 2),
        ("文。\n\n[^2]: 呼ばれない注", "M408", 3, 1),
    ],
)
def test_what_the_tree_cannot_carry_is_a_fault(text: str, code: str, line: int, column: int) -> None:
    faults = parse_field(text).faults
    assert (faults[0].code, faults[0].line, faults[0].column) == (code, line, column)


def test_one_line_fields_are_never_lists() -> None:
    assert plain(parse_inline("1. これは手順").inlines) == "1. これは手順"
    assert plain(parse_inline("- これも").inlines) == "- これも"


def test_placeholders_bring_blocks_and_inlines() -> None:
    placed = {0: (Text(text="あ"),), 1: (Quote(blocks=()),)}
    blocks = parse_template(
        f"前{OPEN}0{CLOSE}後\n\n{OPEN}1{CLOSE}\n\n| x |\n|---|\n| {OPEN}1{CLOSE} |\n", placed
    ).blocks
    assert plain(blocks[0].inlines) == "前あ後"  # type: ignore[union-attr]
    assert blocks[1] == Quote(blocks=())
    assert isinstance(blocks[2], Table)
    assert blocks[2].rows[0][0].blocks == (Quote(blocks=()),)


def test_an_open_fence_in_one_field_cannot_swallow_the_next() -> None:
    fence = parse_field("```\n開いたまま").blocks
    after = parse_field("次の項目").blocks
    blocks = parse_template(f"{OPEN}0{CLOSE}\n\n{OPEN}1{CLOSE}", {0: fence, 1: after}).blocks
    assert [plain(block.inlines) for block in blocks if isinstance(block, Paragraph)] == ["次の項目"]


@given(
    st.text(alphabet=st.characters(exclude_categories=["C", "Z"], exclude_characters="｜《》"), min_size=1, max_size=60)
)
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    blocks = parse_template("x" + escape(text), {}).blocks
    assert len(blocks) == 1
    assert isinstance(blocks[0], Paragraph)
    assert plain(blocks[0].inlines) == "x" + text


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(text: str) -> None:
    for fault in parse_field(text.replace(OPEN, "")).faults:
        assert fault.line >= 1
