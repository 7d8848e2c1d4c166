import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shishin.dialect import CLOSE, OPEN, escape, reader
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
from shishin.markdown import _Reading, parse_field, parse_inline, parse_template


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


TARGETS = st.sampled_from(["[[ch-one]]", "[[x]]", "[[]]", "[[a b]]"])
PARTS = st.one_of(
    st.sampled_from(["あ", "文。", "word", " ", "\n", "\n\n", "　", "1. ", "- ", "# ", "=", "*", "**", "<b>", "|", "a", "1", "(", ")", "!", ":", "\\"]),
    TARGETS,
)  # fmt: skip


@settings(max_examples=600)
@given(st.lists(PARTS, max_size=12).map("".join))
def test_text_without_marks_is_read_as_the_parser_would(text: str) -> None:
    whole = _Reading(text=text, placed={}).read()
    assert parse_field(text) == whole
    row = text.strip()
    if "\n" not in row:
        reading = _Reading(text=text, placed={})
        assert parse_inline(text).inlines == reading.inlines(reader().parseInline(row)[0].children or [], 1)


@pytest.mark.parametrize("text", ["本文である。\n次の行[[ch-one]]へ。\n\n二つ目の段落。", "word\nword"])
def test_ordinary_text_needs_no_parser(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = _Reading(text=text, placed={}).read()
    monkeypatch.setattr("shishin.markdown.reader", lambda: pytest.fail("asked the parser"))
    parse_field.cache_clear()
    assert parse_field(text) == expected


def test_templates_that_differ_in_their_places_only_are_parsed_once() -> None:
    texts = [f"前 \ue000{number}\ue001 後\n\n- \ue000{number + 1}\ue001\n" for number in (1, 41)]
    placed = {number: (Text(text=str(number)),) for number in (1, 2, 41, 42)}
    one, other = (parse_template(text, placed) for text in texts)
    assert plain(one.inlines) == "前 1 後"
    assert plain(other.inlines) == "前 41 後"
    assert one.blocks[1] == BulletList(items=((Paragraph(inlines=(Text(text="2"),)),),))
