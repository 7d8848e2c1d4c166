"""The text rules: each finds its mistake where it stands and is silent about the mended text.

X01 … X22 are the slips found in the report this project began with, in short sentences of their own. They are
checked against the words the shipped guideline has.
"""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from conftest import CHAPTER, REFERENCES, SETTINGS, shipped_sources, small_tree
from shishin.cache import no_cache
from shishin.guideline import Guideline, read_guideline
from shishin.problem import Problem, Words
from shishin.tree import DictTree, FolderTree
from shishin.wording import Marked, _slips, check_wording, compile_rules, item_findings, settled
from shishin.wording.passage import MENTION, read
from shishin.wording.words import entries, fault_of, shipped

SYSTEM = """\
{
  "title": "体系", "description": "符号の体系", "type": "object",
  "x-kind": {"name": "system", "use": "item", "file": "systems.yml"}, "x-title": "title", "x-sort": "id",
  "properties": {
    "id": {"$ref": "common.schema.json#/$defs/id"},
    "title": {"type": "string", "title": "名称", "x-text": "inline"},
    "short": {"type": "string", "title": "短い名称", "x-text": "inline"}
  },
  "required": ["id", "title"], "additionalProperties": false
}
"""
ENTRY = """\
{
  "title": "事業項目", "description": "符号のある項目", "type": "object",
  "x-kind": {"name": "entry", "use": "item", "file": "entries.yml"}, "x-title": "title", "x-sort": "id",
  "properties": {
    "id": {"$ref": "common.schema.json#/$defs/id"},
    "system": {"type": "string", "title": "体系", "x-ref": ["system"]},
    "code": {"type": "string", "title": "符号", "x-code": true},
    "title": {"type": "string", "title": "名称", "x-text": "inline"},
    "aliases": {"$ref": "common.schema.json#/$defs/aliases"}
  },
  "required": ["id", "system", "code", "title"], "additionalProperties": false
}
"""
SYSTEMS = "- id: sys-center\n  title: 在宅医療推進センター運営事業\n  short: センター事業\n"
ENTRIES = """\
- id: ent-a
  system: sys-center
  code: "(ア)"
  title: 在宅医療のコーディネート
  aliases:
    - name: 在宅医療提供体制のコーディネート
      at: 図表-7
- id: ent-i
  system: sys-center
  code: "(イ)"
  title: 運営会議の開催
"""
TERMS = """\
- id: term-center
  title: 在宅医療推進センター
  reading: せんたー
  definition: 拠点である。
  aliases: [センター, 拠点]
  avoid:
    - word: 在宅医療センター
      reason: 「推進」が抜けている
    - word: 新潟県在宅医療推進支援センター
      reason: "[[term-tochigi]]と紛れる"
  source: [{ref: ref-one}]
  basis: stated
- id: term-core-center
  title: 基幹型在宅医療推進センター
  reading: きかんがた
  definition: 県に置く。
  avoid: [{word: 基幹型在宅医療センター, reason: 「推進」が抜けている}]
  source: [{ref: ref-one}]
  basis: stated
- id: term-coordinator
  title: コーディネーター
  reading: こ
  definition: つなぐ人である。
  aliases: [Co]
  avoid: [{word: コーディネータ, reason: 長音記号を付ける}]
  source: [{ref: ref-one}]
  basis: stated
- id: term-tochigi
  title: 在宅医療推進支援センター
  reading: とちぎ
  definition: 栃木県にある。
  source: [{ref: ref-one}]
  basis: stated
- id: term-acp
  title: ACP（人生会議）
  reading: えー
  definition: 話合いである。
  aliases: [KDBシステム, MCS]
  source: [{ref: ref-one}]
  basis: stated
"""
QUOTED = REFERENCES.replace("もとの資料", "手続きの取り組みについて") + "  note: 注である。\n"


def read_small(**files: str | None) -> Guideline:
    """Return a small guideline with the words of the shipped one, unless `files` say otherwise."""
    root = Path(__file__).parent.parent / "guideline"
    given: dict[str, str | None] = {
        "schemas/system.schema.json": SYSTEM,
        "schemas/entry.schema.json": ENTRY,
        "guideline/systems.yml": SYSTEMS,
        "guideline/entries.yml": ENTRIES,
        "guideline/words.yml": (root / "words.yml").read_text(encoding="utf-8"),
        "guideline/terms.yml": TERMS,
    }
    names = {path.rpartition("/")[2].partition(".")[0]: path for path in given}
    given |= {names.get(name, name): text for name, text in files.items()}
    guideline, problems = read_guideline(small_tree(**given), no_cache())
    assert problems == ()
    assert guideline is not None
    return guideline


@pytest.fixture(scope="module")
def small() -> Guideline:
    return read_small()


@pytest.fixture(scope="module")
def shipped_guideline(root: Path) -> Guideline:
    guideline, _ = read_guideline(FolderTree(root), no_cache())
    assert guideline is not None
    return guideline


def marked(guideline: Guideline, text: str) -> list[Marked]:
    """Return what is found in a chapter whose opening is `text`."""
    rules = compile_rules(guideline)
    chapter = guideline.by_id["ch-one"]
    body = {"id": "ch-one", "title": "章", "order": 1, "lead": text}
    source = "id: ch-one\ntitle: 章\norder: 1\nlead: |\n" + "".join(f"  {line}\n" for line in text.split("\n"))
    return list(item_findings(replace(chapter, data=body, text=source), rules))


def found(guideline: Guideline, text: str) -> set[tuple[str, str]]:
    return {(one.problem.code, one.rule) for one in marked(guideline, text)}


def codes(guideline: Guideline, text: str) -> list[str]:
    return [one.problem.code for one in marked(guideline, text)]


# case, the mistake, mended, code, rule
FOUND = [
    ("X01", "27年度に15か所、28年度に14か所、29年度の4月に1か所の計33か所を整備した。",
     "27年度に15か所、28年度に14か所、29年度の4月に1か所の計30か所を整備した。", "K12", "K12"),
    ("X02", "センターは、現在は15か所の設置が完了した。", "センターは、現在は16か所の設置が完了した。", "K12", "w-gma-count"),
    ("X03", "3月末時点の構成案は、次のとおりである。", "2月時点の構成案は、次のとおりである。", "K12", "w-outline-date"),
    ("X04", "意見を受け、1216版を直した。", "意見を受け、第1案を直した。", "K10", "w-dated-name"),
    ("X05", "平成27年に成立した改正介護保険法による。", "平成26年に成立した改正介護保険法による。", "K12", "w-law-2014"),
    ("X06", "保健福祉部高齢福祉保健課が連携する。", "福祉保健部高齢福祉保健課が連携する。", "K10", "w-fukushi-hoken"),
    ("X07", "新潟県在宅医療推進支援センターの研修会", "新潟県の在宅医療推進センターの研修会", "K10", "term-center"),
    ("X08", "基幹型在宅医療センターの課題でもある。", "基幹型在宅医療推進センターの課題でもある。", "K10", "term-core-center"),
    ("X08", "在宅医療センターが担う。", "在宅医療推進センターが担う。", "K10", "term-center"),
    ("X09", "埼玉県保健福祉部医療整備課の資料", "埼玉県保健医療部医療整備課の資料", "K10", "w-hoken-iryo"),
    ("X10", "大阪市の手引き書を読む。", "大阪市の手引書を読む。", "K10", "w-osaka-tebiki"),
    ("X10", "手引書（ver3.0）を読む。", "手引書（ver.3）を読む。", "K10", "w-osaka-version"),
    ("X10", "高齢者在宅医療・介護連携に関する相談支援事業", "高齢者等在宅医療・介護連携に関する相談支援事業", "K10", "w-osaka-title"),
    ("X11", "在宅医療提供体制のコーディネートを行う。", "在宅医療のコーディネートを行う。", "K10", "ent-a"),
    ("X12", "地域の取り組みを支える。", "地域の取組を支え、課題に取り組み、続ける。", "K05", "w-torikumi"),
    ("X13", "コーディネータならではのもの", "コーディネーターならではのもの", "K10", "term-coordinator"),
    ("X14", "センター事業（ア）を行う。", "センター事業(ア)を行う。", "K03", "K03"),
    ("X15", "新型コロナウィルス感染症", "新型コロナウイルス感染症", "K04", "w-virus"),
    ("X16", "後方支援対英を整える。", "後方支援体制を整える。", "K16", "w-taisei"),
    ("X17", "職員には定期的な移動がある。", "職員には定期的な異動がある。", "K16", "w-idou"),
    ("X17", "市町村の事業にと紐づける。", "市町村の事業に紐づける。", "K16", "w-particles"),
    ("X18", "話して頂きたい。", "話していただきたい。", "K06", "w-itadaku"),
    ("X18", "引継ぎが出来た。", "引継ぎができた。", "K06", "w-dekiru"),
    ("X19", "計画（平成30～35年度）による。", "計画（平成30年度から令和5年度まで）による。", "K09", "K09"),
    ("X20", "H31.4に始めた。", "平成31年4月に始めた。", "K09", "K09"),
    ("X20", "2020.1.1に始めた。", "令和2年1月1日に始めた。", "K09", "K09"),
    ("X21", "自治体の課題を聞く。", "市町村の課題を聞く。", "K10", "w-jichitai"),
    ("X22", "拠点Co.が集まる。", "拠点Coが集まる。", "K14", "w-co"),
    ("X22", "拠点COが集まる。", "拠点Coが集まる。", "K14", "w-co"),
]  # fmt: skip
NOT_FOUND = [
    # Two sentences that contradict each other without a number that a pattern could hold against an agreed value.
    ("X02", "郡市医師会の一部では、設置が来年度になる。"),
    # The mistake lies between two records (the name of a version, the date of a meeting), not in a sentence.
    ("X04", "令和元年12月19日の会議で案を検討した。"),
    # Right names both; which of them is meant in this place only a reader knows.
    ("X20", "平成31年と2019年に調べた。"),
    ("X21", "市町の職員が加わる。"),
]


@pytest.mark.parametrize(("case", "wrong", "right", "code", "rule"), FOUND, ids=[f"{x[0]}-{x[4]}" for x in FOUND])
def test_the_slips_of_the_report(small: Guideline, case: str, wrong: str, right: str, code: str, rule: str) -> None:
    assert found(small, wrong) == {(code, rule)}
    assert found(small, right) == set()


@pytest.mark.parametrize(("case", "text"), NOT_FOUND)
def test_what_can_not_be_found(small: Guideline, case: str, text: str) -> None:
    assert found(small, text) == set()


def test_every_case_is_stated() -> None:
    assert {case for case, *_ in FOUND} == {f"X{number:02}" for number in range(1, 23)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("県，市、町．", ["K01", "K01"]),
        ("県、市,町.", ["K01", "K01"]),
        ("3,000人の1.5倍。ver.3とfile.pdf", []),
        ("種文書(図表-6)を見る。", ["K03"]),
        ("種文書（図表-6)を見る。", ["K03"]),
        ("図表3(2)と(1)、（2）、English (only) text", []),
        ("33ヶ所を3ケ月、数カ所を5カ国、2箇月", ["K07"] * 5),
        ("33か所を3か月で、修正箇所は関ケ原", []),
        ("(ア)を行う。", ["K13"]),
        ("センター事業(ア)〜(イ)と、センター事業の(イ)、在宅医療推進センター運営事業(ア)", []),
        ("センター事業を行う。その後(イ)を行う。", ["K13"]),
        ("MSWと話す。MSWに聞く。", ["K14"]),
        ("MSW（医療ソーシャルワーカー）と話す。MSWに聞く。", []),
        ("医療ソーシャルワーカー（MSW）と話す。MSWに聞く。", []),
        ("PDFとACPとMCSとKDBとM-02とIII", []),
        ("①と㈱とⅢとﾃｽﾄ", ["K15"] * 4),
        ("か\u3099ん", ["K15"]),
    ],
)
def test_how_a_text_is_written(small: Guideline, text: str, expected: list[str]) -> None:
    assert codes(small, text) == expected


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("令和1年度", "令和元年度"),
        ("平成35年度", "令和5年度"),
        ("昭和65年", "平成2年"),
        ("2019年（平成30年）", "令和元年"),
        ("平成30年度（2019年度）", "令和元年"),
        ("1989年度（昭和64年度）", "平成元年"),
        ("平成31年5月", "令和元年5月"),
        ("令和元年4月", "平成31年4月"),
        ("平成31年4月31日", "確かめて"),
        ("令和元年12月19日（金）", "木曜日"),
        ("２０１９年１１月５日（水）", "火曜日"),
        ("2019年（令和元年）11月5日（月曜日）", "火曜日"),
        ("R1.4.30", "平成31年4月30日"),
        ("2020/1/15", "令和2年1月15日"),
    ],
)
def test_dates_that_can_not_be(small: Guideline, text: str, hint: str) -> None:
    problems = [one.problem for one in marked(small, f"調べたのは{text}である。")]
    assert [one.code for one in problems] == ["K09"]
    assert problems[0].hint is not None
    assert hint in problems[0].hint.ja
    assert problems[0].position.column == 8  # two of the indentation, five characters before the date


def test_the_end_of_a_span_is_where_the_mistake_stands(small: Guideline) -> None:
    for text in ("平成30～35年度", "平成30年度から35年度まで", "平成30・35年"):
        (one,) = marked(small, text)
        assert (one.problem.code, one.problem.position.column) == ("K09", 3 + text.index("35"))


@pytest.mark.parametrize(
    "text",
    [
        "令和元年度、平成30年度から令和5年度まで、平成31年4月30日、令和元年5月1日",
        "2019年（令和元年）11月5日（火）、2019年（平成31年）4月1日（月）、2019年度（令和元年度）、2019年度（平成31年度）",
        "2018年11月現在、2015年・2025年・2040年、2024年2月29日、平成25年から40年間",
        "第3.1節、図表1.2、1/2、10.5倍とVer.2.0",
        "昭和64年1月7日、平成元年1月8日、昭和60年から63年まで、1989年（昭和64年）",
    ],
)
def test_dates_that_are_right(small: Guideline, text: str) -> None:
    assert codes(small, text) == []


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("計33か所（A 15、B 14、C 1）", "30"),
        ("計5人（甲3人、乙4人）", "7"),
        ("拠点は33か所（北15か所、中14か所、南1か所）ある。", "30"),
        ("合計1,001人（甲900、乙100）", "1000"),
        ("市20・町6・村3の計30市町村", ""),
        ("市内454＋広域353＝808", "807"),
        ("甲が3人、乙が4人の合わせて8人が出た。", "7"),
    ],
)
def test_sums(small: Guideline, text: str, total: str) -> None:
    problems = [one.problem for one in marked(small, text)]
    assert [one.code for one in problems] == (["K12"] if total else [])
    assert all(total in one.message.ja for one in problems)


@pytest.mark.parametrize(
    "text",
    [
        "計30か所（A 15、B 14、C 1）", "市20・町6・村4の計30市町村", "5人（医師1、看護師2など）", "計画は3回（5月、6月）",
        "第3回（5月10日、6月12日）", "合計は、3人の班を2つ作ると6人になる。", "15か所である。計33か所のうち残りは来年度である。",
        "時計2台と合計3人", "12＋30＝42", "33人（15、14）が来た。",
    ],
)  # fmt: skip
def test_sums_that_are_right(small: Guideline, text: str) -> None:
    assert codes(small, text) == []


def test_notes_on_readability(small: Guideline) -> None:
    for text in ("あ" * 121 + "。", "一、二、三、四、五。", "甲等、乙等、丙など。", "行わないわけではない。"):
        problems = [one.problem for one in marked(small, text)]
        assert [(one.code, one.severity) for one in problems] == [("K08", "note")], text
    assert codes(small, "あ" * 120 + "。一、二、三、四。平等、均等、同等、等級など。行わない。") == []


@pytest.mark.parametrize(
    "text",
    [
        "「在宅医療センター」と書かない。",
        "『取り組み』は名詞である。「平成35年度」とある。",
        "> 在宅医療センターの取り組み",
        "`取り組み` と https://example.org/ACB,MSW",
        "[市町村](#role-取り組み)と[[ch-two]]",
    ],
)
def test_others_words_are_left_alone(small: Guideline, text: str) -> None:
    assert codes(small, text) == []


def test_quotation_fields_are_left_alone_but_for_broken_characters() -> None:
    assert list(check_wording(read_small(references=QUOTED))) == []
    problems = list(check_wording(read_small(references=QUOTED.replace("手続き", "手続か\u3099"))))
    assert [(one.code, one.path, one.position.line, one.position.column) for one in problems] == [
        ("K15", "title", 2, 13)
    ]
    problems = list(check_wording(read_small(references=QUOTED.replace("注である", "手続きである"))))
    assert [(one.code, one.path) for one in problems] == [("K05", "note")]


def test_places_inside_text(small: Guideline) -> None:
    text = "一行目は[取組](#ch-two)である。\n二行目の**在宅医**\n療センターと\n\n- 打ち合わせを行う。\n\n  手続き"
    places = [(one.problem.code, one.problem.position.line, one.problem.position.column) for one in marked(small, text)]
    assert places == [("K10", 6, 9), ("K05", 9, 5), ("K05", 11, 5)]


def test_a_field_is_read_without_its_marks() -> None:
    passage = read("甲[乙](#a)、**丙**\n[[id]]と`x`\n次 and\nmore[^1]\n\n| 丁 |\n> 戊\n\n｜己《き》\\*\n\n[^1]: 庚")
    assert passage.text == f"甲乙、丙{MENTION}と{MENTION}次 and more\n 丁 |\n己*\n庚"
    assert passage.place(passage.text.index("丙")) == (1, 12)
    assert passage.place(passage.text.index("次")) == (3, 1)
    assert passage.place(passage.text.index("己")) == (9, 2)
    assert passage.place(passage.text.index("庚")) == (11, 7)


def test_longer_right_names_hold_shorter_wrong_ones() -> None:
    terms = """\
- {id: term-a, title: 福祉支援室, reading: あ, definition: 意味, avoid: [{word: 支援室}], source: [{ref: ref-one}], basis: stated}
- {id: term-i, title: 子ども支援室分室, reading: い, definition: 意味, source: [{ref: ref-one}], basis: stated}
"""
    guideline = read_small(terms=terms, words=None)
    assert codes(guideline, "福祉支援室と子ども支援室分室") == []
    assert codes(guideline, "子ども支援室と支援室") == ["K10", "K10"]


def test_an_avoided_name_is_avoided_even_where_another_term_has_it() -> None:
    terms = """\
- {id: term-a, title: 福祉室, reading: あ, definition: 意味, aliases: [支援室], source: [{ref: ref-one}], basis: stated}
- {id: term-i, title: 相談室, reading: い, definition: 意味, avoid: [{word: 支援室}], source: [{ref: ref-one}], basis: stated}
"""
    assert found(read_small(terms=terms, words=None), "支援室と福祉室") == {("K10", "term-i")}


def test_a_word_may_name_longer_words_that_are_right() -> None:
    own = "- {id: w-a, title: 事務局, words: [事務所], keep: [福祉事務所, 事務所長], reason: 組織の名称}\n"
    guideline = read_small(words=own)
    assert codes(guideline, "福祉事務所と事務所長") == []
    assert [one.problem.position.column for one in marked(guideline, "福祉事務所と事務所")] == [9]


def test_a_guideline_replaces_a_shipped_word() -> None:
    own = "- {id: w-tetsuzuki, title: 手続き, words: [手続], keep: [手続き], rule: K05, reason: 住民向けの文書である}\n"
    guideline = read_small(words=own)
    assert codes(guideline, "手続きを行う。") == []
    assert found(guideline, "手続を行う。") == {("K05", "w-tetsuzuki")}


def test_settings_choose_the_style() -> None:
    settings = SETTINGS + "wording: {punctuation: ，。, brackets: narrow}\n"
    guideline = read_small(**{"guideline/guideline.yml": settings})
    assert codes(guideline, "県，市(町)。") == []
    assert codes(guideline, "県、市（町）。") == ["K01", "K03"]


@pytest.mark.parametrize(
    ("entry", "path"),
    [
        ("title: 甲, reason: 乙", "id"),
        ("title: 甲, words: [丙], pattern: 丙, reason: 乙", "id"),
        ("title: 甲, pattern: '(丙', reason: 乙", "pattern"),
        ("title: 甲, pattern: '丙*', reason: 乙", "pattern"),
        ("title: 甲, pattern: 丙, value: 丁, reason: 乙", "pattern"),
        ("title: 甲, pattern: '(?P<value>丙)', reason: 乙", "pattern"),
        ("title: 甲, words: [丙], value: 丁, reason: 乙", "value"),
    ],
)
def test_a_wrong_word_is_a_problem_itself(entry: str, path: str) -> None:
    guideline = read_small(words=f"- {{id: w-a, {entry}}}\n")
    assert [(one.code, one.severity, one.path) for one in check_wording(guideline)] == [("K93", "error", path)]


WRONG = CHAPTER.replace("本文である。", "取り組みの手続きである。取り組みもある。")


def with_exceptions(text: str, **files: str | None) -> list[Problem]:
    return list(check_wording(read_small(ch_one=WRONG, **{"guideline/exceptions.yml": text}, **files)))


@pytest.mark.parametrize(
    ("exception", "left"),
    [
        ("rule: K05, item: ch-one", 0),
        ("rule: K05", 0),
        ("rule: w-torikumi, item: ch-one", 1),
        ("rule: w-torikumi, item: ch-one, field: sections.1.body, text: 取り組みの", 2),
        ("rule: K05, item: ch-one, field: sections.1.body", 0),
        ("rule: K05, item: ch-one, field: sections.1", 0),
        ("rule: K05, text: 手続き", 2),
    ],
)
def test_exceptions(exception: str, left: int) -> None:
    problems = with_exceptions(f"- {{id: e-a, {exception}, reason: 理由}}\n")
    assert [one.code for one in problems] == ["K05"] * left


@pytest.mark.parametrize(
    ("exception", "code", "severity", "path"),
    [
        ("rule: K04, item: ch-one", "K90", "warning", "rule"),
        ("rule: K05, item: ch-two", "K90", "warning", "rule"),
        ("rule: K05, item: ch-one, field: lead", "K90", "warning", "rule"),
        ("rule: K05, item: ch-one, text: 届け出", "K90", "warning", "rule"),
        ("rule: K55, item: ch-one", "K91", "error", "rule"),
        ("rule: w-torikum, item: ch-one", "K91", "error", "rule"),
        ("rule: K05, item: ch-ona", "K92", "error", "item"),
    ],
)
def test_exceptions_that_lead_nowhere(exception: str, code: str, severity: str, path: str) -> None:
    text = f"- id: e-a\n  {exception.replace(', ', chr(10) + '  ')}\n  reason: 理由\n"
    problems = with_exceptions(text)
    assert [one.code for one in problems if one.code == "K05"] == ["K05"] * 3
    (own,) = [one for one in problems if one.code != "K05"]
    assert (own.code, own.severity, own.path, own.position.file) == (code, severity, path, "guideline/exceptions.yml")
    assert own.position.line == text.split("\n").index(next(x for x in text.split("\n") if f"{path}: " in x)) + 1


def test_exceptions_to_rules_of_others_are_left_to_them(small: Guideline) -> None:
    other = replace(small.aids["word"][0], id="r-someone", kind=replace(small.aids["word"][0].kind, name="rule"))
    text = "- {id: e-a, rule: r-someone, reason: 理由}\n"
    guideline = read_small(**{"guideline/exceptions.yml": text})
    assert [one.code for one in check_wording(guideline)] == ["K91"]
    guideline = replace(guideline, aids={**guideline.aids, "rule": (other,)})
    assert list(check_wording(guideline)) == []


def test_findings_of_others_may_be_excepted_too(small: Guideline) -> None:
    text = "- {id: e-a, rule: r-someone, item: ch-one, reason: 理由}\n"
    guideline = read_small(**{"guideline/exceptions.yml": text})
    rules = compile_rules(guideline)
    place = guideline.by_id["ch-one"].position(("title",))
    says = Words(ja="守られていない。", en="Broken.")
    problem = Problem(code="r-someone", severity="error", position=place, path="title", message=says)
    ours = [Marked(rule="r-someone", item="ch-one", problem=problem)]
    theirs = [Marked(rule="r-someone", item="ch-two", problem=problem)]
    assert list(settled(guideline, rules, ours, others=["r-someone"])) == []
    assert [one.code for one in settled(guideline, rules, theirs, others=["r-someone"])] == ["r-someone", "K90"]


def test_unread_files_are_no_reason_to_doubt_an_exception() -> None:
    text = "- {id: e-a, rule: K05, item: ch-nine, reason: 理由}\n- {id: e-i, rule: K05, item: ch-one, reason: 理由}\n"
    guideline = read_small(**{"guideline/exceptions.yml": text})
    rules = compile_rules(guideline)
    assert [one.code for one in settled(guideline, rules, [])] == ["K92", "K90"]
    assert list(settled(guideline, rules, [], complete=False)) == []


def test_kept_findings_may_be_settled_later(small: Guideline) -> None:
    rules = compile_rules(small)
    kept = [one for item in (small.own, *small.items) for one in item_findings(item, rules)]
    assert list(settled(small, rules, kept)) == list(check_wording(small))


def test_the_fingerprint_follows_what_the_rules_are_made_from(small: Guideline) -> None:
    own = compile_rules(small).fingerprint
    assert compile_rules(read_small()).fingerprint == own
    assert compile_rules(read_small(ch_one=WRONG)).fingerprint == own  # a text is not part of the rules
    changed = [
        read_small(words=None),
        read_small(terms=None),
        read_small(entries=ENTRIES.replace("(イ)", "(ウ)")),
        read_small(entries=ENTRIES.replace("提供体制の", "の")),
        read_small(systems=SYSTEMS.replace("センター事業", "甲事業")),
        read_small(references=REFERENCES.replace("もとの資料", "在宅医療センターの資料")),
        read_small(**{"guideline/guideline.yml": SETTINGS + "wording: {brackets: free}\n"}),
    ]
    prints = [compile_rules(one).fingerprint for one in changed]
    assert len({own, *prints}) == len(prints) + 1


def test_every_word_finds_its_mistake_and_not_what_it_asks_for(shipped_guideline: Guideline) -> None:
    """No word's right form is another word's mistake."""
    rules = compile_rules(shipped_guideline)
    for word, avoided in [pair for found_here in rules.lexicon.words.values() for pair in found_here]:
        assert avoided.id in {slip.rule for slip in rules.lexicon.slips(f"、{word}を", "")}, word
        assert list(rules.lexicon.slips(f"、{avoided.right}を", "")) == [], word


def test_the_shipped_words_are_sound(small: Guideline) -> None:
    general = shipped(small.schemas.kinds["word"])
    assert len(general) > 30
    assert [entry["id"] for entry in general if fault_of(entry)] == []
    assert all(small.schemas.kinds["word"].validator.is_valid(entry) for entry in general)
    assert len({entry["id"] for entry in entries(small)}) == len(entries(small))


def test_the_shipped_guideline_is_clean(shipped_guideline: Guideline) -> None:
    assert [one for one in check_wording(shipped_guideline) if one.severity != "note"] == []


def test_planted_mistakes_are_found_in_the_shipped_guideline(root: Path) -> None:
    files = shipped_sources()
    path = "guideline/chapters/ch-center.yml"
    text = files[path].decode()
    planted = text.replace("県の補助事業である。", "県の補助の取り組みである。").replace(
        "限定されていない", "限定，されていない"
    )
    files[path] = planted.replace("31の拠点", "31の(拠点)").encode()
    guideline, _ = read_guideline(DictTree(files), no_cache())
    assert guideline is not None
    problems = [one for one in check_wording(guideline) if one.severity != "note"]
    lines = planted.replace("31の拠点", "31の(拠点)").split("\n")
    assert [one.code for one in problems] == ["K05", "K03", "K01"]
    for problem, said in zip(problems, ("取り組み", "(拠点)", "，"), strict=True):
        assert lines[problem.position.line - 1][problem.position.column - 1 :].startswith(said)


@pytest.mark.parametrize(
    "piece",
    [
        "](",
        "[",
        "計1",
        "1+",
        "1人（",
        "（",
        "平成1 ",
        "《",
        "｜",
        "`",
        "*",
        "令和元年1月",
        "な",
        "、",
        "(ア)",
        "2019年（",
        "取り組み",
        "1人、",
    ],
)
def test_no_text_takes_long(small: Guideline, piece: str) -> None:
    rules = compile_rules(small)
    began = time.process_time()
    text = piece * (40_000 // len(piece)) + "=（）"
    for slip in _slips(read(text).text, small.by_id["ch-one"], rules, set()):
        assert slip.start < slip.end
    assert time.process_time() - began < 30  # a pattern that runs away would take hours
