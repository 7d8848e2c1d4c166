"""Japanese text as words: what one word is, what a difference looks like, what is only another way of writing."""

from __future__ import annotations

import re
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shishin import segment
from shishin.segment import dictionary, differences, matched, only_writing, segments

PROPERTY = settings(derandomize=True, database=None, deadline=None, max_examples=80)
WORDS = [
    "在宅",
    "医療",
    "療養",
    "の",
    "は",
    "看護師",
    "7日前",
    "1,741",
    "第3章",
    "。",
    "、",
    "確保しなければならない",
    "https://example.org/a?b=1",
    "COVID-19",
    "[[term-a]]",
    "**強調**",
    "①",
    "𠮷野",
    "é",
    "👩\u200d⚕️",
    "ｶﾅ",
    "\ufeff",
]
TEXTS = st.lists(
    st.sampled_from([*WORDS, "\n", "\n\n", " ", "\u3000"]),
    max_size=25,
).map("".join)


def shown(old: str, new: str) -> str:
    marks = {"same": "{}", "old": "[-{}-]", "new": "{{+{}+}}"}
    return "".join(marks[kind].format(text) for kind, text in differences(old, new))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("7日前までに", "7日前|まで|に"),
        ("24時間の体制", "24時間|の|体制"),
        ("第3章に示す", "第3章|に|示す"),
        ("全国の1,741市区町村", "全国|の|1,741市区町村"),
        ("令和2年5月から3年間", "令和2年5月|から|3年間"),
        ("午後5時30分", "午後5時30分"),
        ("二十四時間", "二十四時間"),
        ("図表－6と別添4-2", "図表－6|と|別添4-2"),
        ("１００％未満", "１００％未満"),
        ("約30分程度、3か月", "約30分程度|、|3か月"),
        ("2020-02-01のver.1.2", "2020-02-01|の|ver.1.2"),
        ("訪問看護師、関係者", "訪問|看護師|、|関係者"),
        ("行わなければならない。", "行わなけれ|ば|ならない|。"),
        ("https://example.org/a/b?c=1を見る", "https://example.org/a/b?c=1|を|見る"),
        ("", ""),
    ],
)
def test_words(text: str, words: str) -> None:
    assert "|".join(segments(text)) == words


@pytest.mark.parametrize(
    ("old", "new", "marked"),
    [
        (
            "訪問診療を行う医師は、24時間の連絡体制を確保しなければならない。",
            "訪問診療を行う医師及び訪問看護師は、24時間連絡が取れる体制を確保することが望ましい。",
            "訪問診療を行う医師{+及び訪問看護師+}は、24時間[-の-]連絡{+が取れる+}体制を確保"
            "[-しなければならない-]{+することが望ましい+}。",
        ),
        ("在宅医療", "在宅療養", "在宅[-医療-]{+療養+}"),
        ("7日前までに", "10日前までに", "[-7日前-]{+10日前+}までに"),
        ("訪問看護師", "訪問看護師、薬剤師", "訪問看護師{+、薬剤師+}"),
        ("医師の診療を", "看護師の訪問を", "[-医師の診療-]{+看護師の訪問+}を"),  # one particle between two changes
        ("説明した。", "説明していた。", "説明[-した-]{+していた+}。"),  # never inside a word
        ("同じ", "同じ", "同じ"),
        ("", "新しい", "{+新しい+}"),
        ("古い", "", "[-古い-]"),
    ],
)
def test_differences(old: str, new: str, marked: str) -> None:
    assert shown(old, new) == marked


@given(TEXTS)
@PROPERTY
def test_words_are_the_text(text: str) -> None:
    assert "".join(segments(text)) == text
    assert all(segments(text))


@given(TEXTS, TEXTS)
@PROPERTY
def test_differences_hold_both_texts(old: str, new: str) -> None:
    parts = differences(old, new)
    assert "".join(text for kind, text in parts if kind != "new") == old
    assert "".join(text for kind, text in parts if kind != "old") == new
    assert not [one for one, other in pairwise(parts) if one[0] == other[0]]


@given(TEXTS, TEXTS)
@PROPERTY
def test_steps_cover_both_and_leave_no_lone_particle(old: str, new: str) -> None:
    before, after = segments(old), segments(new)
    i = j = 0
    steps = matched(before, after)
    for tag, i1, i2, j1, j2 in steps:
        assert (i1, j1) == (i, j)
        assert (tag == "equal") == (before[i1:i2] == after[j1:j2])
        i, j = i2, j2
    assert (i, j) == (len(before), len(after))
    for _, (tag, i1, i2, _, _), _ in zip(steps, steps[1:], steps[2:], strict=False):
        assert not (tag == "equal" and i2 - i1 == 1 and segment.PARTICLE.fullmatch(before[i1]))


def test_long_texts_are_cut_where_sentences_end() -> None:
    text = "在宅医療を推進する。" * 5000 + "在" * 40_000
    words = segments(text)
    assert "".join(words) == text
    assert set(words[:5000]) == {"在宅", "医療", "を", "推進", "する", "。"}


def test_long_texts_are_compared_in_bounded_time() -> None:
    sentences = [[f"語{number}", "の", f"語{number + 1}", "。"] for number in range(4000)]
    old = [word for one in sentences for word in one]
    new = [word for place, one in enumerate(reversed(sentences)) for word in (["新"] if place % 7 == 0 else one)]
    start = time.perf_counter()
    steps = matched(old, new)
    matched(["の"] * 12_000, ["は", *["の"] * 11_999])
    matched([f"a{n % 90}" for n in range(9000)], [f"a{n % 91}" for n in range(9000)])
    assert time.perf_counter() - start < 5
    assert steps[-1][2] == len(old)
    changed = [*old]
    changed[8000] = "別"
    assert [step for step in matched(old, changed) if step[0] != "equal"] == [("replace", 8000, 8001, 8000, 8001)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("取組み", "取り組み"),
        ("及び", "および"),
        ("行なう", "行う"),
        ("(ア)を", "（ア）を"),
        ("ＡＢＣ，１２", "ABC、12"),
        ("サーバ", "サーバー"),
        ("3ヶ月", "3か月"),
        ("出来る", "できる"),
        ("1 冊", "1冊"),
        ("5～6人", "5〜6人"),
        ("一行\nの文", "一行の文"),
    ],
)
def test_only_writing(old: str, new: str) -> None:
    assert only_writing(old, new)
    assert only_writing(new, old)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("在宅医療", "在宅療養"),
        ("24時間の連絡", "24時間連絡"),
        ("医師会が", "医師会は"),
        ("行う", "行わない"),
        ("1.5倍", "15倍"),
        ("1,741", "1.741"),
        ("7日前", "10日前"),
        ("一段落\n\n二段落", "一段落二段落"),
        ("望ましい", "必要である"),
        ("次のとおり\n- 一つ", "次のとおり- 一つ"),
        ("two\nwords", "twowords"),
        ("同じ", "同じ"),
        ("する", ""),
    ],
)
def test_more_than_writing(old: str, new: str) -> None:
    assert not only_writing(old, new)
    assert not only_writing(new, old)


def test_dictionary_is_named_with_its_version() -> None:
    assert dictionary() == "SudachiPy 0.7.0, SudachiDict-core 20261015"


def test_faults_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The properties above fail when a word is lost, cut, or left between two changes."""
    monkeypatch.setattr(segment, "PARTICLE", re.compile("$^"))
    differences.cache_clear()
    assert shown("医師の診療を", "看護師の訪問を") != "[-医師の診療-]{+看護師の訪問+}を"
    segment._words.cache_clear()
    monkeypatch.setattr(segment, "_end_of_word", lambda units, start: start + 1)
    assert "|".join(segments("訪問看護師は7日前")) == "訪問|看護|師|は|7|日|前"
    segment._words.cache_clear()
    differences.cache_clear()
