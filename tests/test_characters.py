"""The text gate: every forbidden character is found where it stands, ordinary Japanese text passes."""

import re
import unicodedata

import pytest

from conftest import shipped_sources
from shishin.characters import _IDEOGRAPHS, BROKEN, doubtful, doubts, findings

ORDINARY = "指針の本文。「漢字」とカタカナー、ABC 123（全角）〜～−―…※→●■々〇〻 葛城市 﨑 𠮟る ℃ × ÷ ± § é Ω\n  二行目\n"


@pytest.mark.parametrize(
    ("char", "code"),
    [
        ("\u202e", "Y111"), ("\u2066", "Y111"), ("\u200f", "Y111"), ("\u061c", "Y111"),
        ("\u200b", "Y112"), ("\u200d", "Y112"), ("\u00ad", "Y112"), ("\ufeff", "Y112"), ("\u3164", "Y112"),
        ("\u115f", "Y112"), ("\uffa0", "Y112"), ("\U000e0041", "Y112"), ("\u2060", "Y112"), ("\u00a0", "Y112"),
        ("\ufe0f", "Y112"), ("\U000e0100", "Y112"), ("\ufffc", "Y112"),
        ("\x00", "Y113"), ("\x1b", "Y113"), ("\x7f", "Y113"), ("\x9b", "Y113"), ("\r", "Y113"), ("\x0b", "Y113"),
        ("\t", "Y114"),
    ],
    ids=lambda value: f"{ord(value):04X}" if len(value) == 1 else value,
)  # fmt: skip
def test_each_is_found_where_it_stands(char: str, code: str) -> None:
    found = findings(f"id: a\ntext: 本文は{char}続き\n")
    assert [(one.line, one.column, one.code, one.severity) for one in found] == [(2, 10, code, "error")]
    assert f"U+{ord(char):04X}" in found[0].message.ja
    assert f"U+{ord(char):04X}" in found[0].message.en
    assert char not in found[0].message.ja.replace("\r", "")


def test_ordinary_text_passes() -> None:
    assert findings(ORDINARY) == ()
    assert doubts(ORDINARY) == ()


def test_every_character_of_the_bmp_is_judged_by_its_nature() -> None:
    """Nothing invisible slips past the cheap look, and nothing visible is refused."""
    for number in (*range(0x20, 0xD800), *range(0xF900, 0x10000), *range(0xE0000, 0xE0200)):
        char = chr(number)
        refused = bool(findings("あ" + char))
        category = unicodedata.category(char)
        if category in ("Cc", "Cf", "Zl", "Zp") and number not in (0x85, 0x2028, 0x2029):
            expected = not 0x600 <= number <= 0x605 and number not in (0x6DD, 0x70F, 0x890, 0x891, 0x8E2)  # seen ones
            assert refused is expected, hex(number)
        elif category[0] in "LNPS" and char not in "\u115f\u1160\u3164\uffa0\ufffc":
            assert not refused, hex(number)


def test_variation_selectors_stand_after_kanji_only() -> None:
    assert findings("葛\U000e0100城市、辻\U000e0101") == ()
    assert [one.code for one in findings("か\U000e0100")] == ["Y112"]
    assert [one.code for one in findings("\U000e0100葛")] == ["Y112"]
    assert [one.code for one in findings("葛\U000e0100\U000e0100")] == ["Y112"]


def test_files_that_are_not_yaml_may_have_tabs() -> None:
    assert findings("a\tb", yaml=False) == ()
    assert [one.code for one in findings("a\u2028b\ue000c\x85", yaml=False)] == ["Y109", "Y108", "Y109"]
    assert findings("a\u2028b\ue000c\x85") == ()  # source.py tells these


def test_messages_come_in_order_with_their_places() -> None:
    found = findings("\tあ\nい\u200bう\u202e\n\x07")
    assert [(one.line, one.column, one.code) for one in found] == [
        (1, 1, "Y114"), (2, 2, "Y112"), (2, 4, "Y111"), (3, 1, "Y113"),
    ]  # fmt: skip


def test_compatibility_ideographs_are_those_that_normalisation_would_change() -> None:
    for number in (*range(0xF900, 0xFB00), *range(0x2F800, 0x2FA20)):
        char = chr(number)
        assert bool(BROKEN.match(char)) is bool(unicodedata.decomposition(char)), hex(number)


@pytest.mark.parametrize(
    ("text", "start", "said", "right"),
    [
        ("\ufa19社", 0, "U+FA19", "神"),
        ("\u2f00つ", 0, "U+2F00", "一"),
        ("か\u3099ん", 1, "U+3099", "が"),
        ("は゜", 1, "U+309C", "ぱ"),
        ("㈱富士", 0, "U+3231", "（株）"),
        ("㍻", 0, "U+337B", "平成"),
        ("第Ⅲ章", 1, "U+2162", "III"),
        ("①", 0, "U+2460", "1"),
        ("ﾃｽﾄ用", 0, "U+FF83–FF84", "テスト"),
    ],
)
def test_doubtful_characters_name_what_they_look_like(text: str, start: int, said: str, right: str) -> None:
    (found,) = doubtful(text)
    assert found[0] == start
    assert said in found[2].ja
    assert said in found[2].en
    assert f"「{right}」" in found[2].ja + found[3].ja


def test_quotations_are_asked_for_broken_characters_alone() -> None:
    assert doubtful("①か\u3099", BROKEN)[0][0] == 2
    assert len(doubtful("①か\u3099", BROKEN)) == 1


def test_the_shipped_files_are_clean() -> None:
    for path, data in shipped_sources().items():
        if path.startswith("guideline/"):
            assert findings(data.decode("utf-8"), yaml=path.endswith(".yml")) == (), path


def test_the_compatibility_ideographs_are_those_unicode_decomposes() -> None:
    pattern = re.compile(f"[{_IDEOGRAPHS}]")
    for code in (*range(0xF900, 0xFB00), *range(0x2F800, 0x2FA20)):
        assert bool(pattern.match(chr(code))) == bool(unicodedata.decomposition(chr(code))), hex(code)
