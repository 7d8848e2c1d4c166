"""Rules across items: planted faults are found where they stand, wrong rules are told where they are wrong."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from random import Random

import pytest

from conftest import CHAPTER, ROOT, SECOND, shipped_sources, small_tree
from shishin.cache import Cache
from shishin.expression import Wrong, numbers, parse
from shishin.guideline import Guideline, read_guideline
from shishin.problem import Problem
from shishin.rules import findings, rules_of
from shishin.schema import shipped
from shishin.tree import DictTree, FolderTree

RULE = """\
- id: some-rule
  title: 題
  kind: chapter
  holds: {holds}
  field: title
  severity: error
  message: 文
"""


def read(tree: DictTree | FolderTree) -> Guideline:
    guideline, problems = read_guideline(tree, Cache(file=None))
    assert guideline is not None
    assert problems == ()
    return guideline


def check_rules(guideline: Guideline, *, complete: bool = True) -> list[Problem]:
    return [problem for _, problem in findings(guideline, complete=complete)]


def small(rules: str, **changes: str | None) -> Guideline:
    return read(small_tree(**{"guideline/rules.yml": rules}, **changes))


def found(rules: str, **changes: str | None) -> list[Problem]:
    return check_rules(small(rules, **changes))


def told(problem: Problem) -> tuple[str, str, int, int]:
    position = problem.position
    return problem.code, position.file.rpartition("/")[2], position.line, position.column


def broken(holds: str, **changes: str | None) -> set[str]:
    """Return the files of the chapters that break a rule; no rule may be wrong itself."""
    problems = found(RULE.format(holds=f"'{holds}'"), **changes)
    assert {one.code for one in problems} <= {"some-rule"}, problems
    return {one.position.file.rpartition("/")[2] for one in problems}


# ---------------------------------------------------------------- the real guideline


@pytest.fixture(scope="module")
def real() -> Guideline:
    return read(FolderTree(ROOT))


def test_the_shipped_guideline_keeps_its_rules(real: Guideline) -> None:
    assert len(real.aids["rule"]) > 15
    assert [told(one) for one in check_rules(real) if one.severity != "note"] == []
    assert {one.code for one in check_rules(real)} == {"goal-has-indicator"}


def planted(file: str, old: str, new: str) -> list[Problem]:
    """Return what the rules find after a change to the real guideline."""
    content = shipped_sources()
    path = f"guideline/{file}"
    assert content[path].decode().count(old) >= 1
    content[path] = content[path].decode().replace(old, new).encode()
    return [one for one in check_rules(read(DictTree(content))) if one.severity != "note"]


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("tasks/task-discharge.yml", "part: lead", "part: assign", {("task-one-lead", "task-discharge.yml", 28, 1)}),
        ("tasks/task-discharge.yml", "part: assign", "part: lead", {("task-one-lead", "task-discharge.yml", 28, 1)}),
        (
            "tasks/task-discharge.yml",
            "program: gma-a",
            "program: renkei-u",
            {("task-program-of-center", "task-discharge.yml", 4, 10)},
        ),
        (
            "indicators/ind-facilities.yml",
            "goal: goal-system",
            "goal: goal-qol",
            {("indicator-serves-goal", "ind-facilities.yml", 4, 7)},
        ),
        (
            "scenes/scene-daily.yml",
            "goal: goal-daily",
            "goal: goal-discharge",
            {("scene-own-goal", "scene-daily.yml", 7, 7), ("scene-own-goal", "scene-discharge.yml", 7, 7)},
        ),
        ("programs/gma-e.yml", 'code: "(エ)"', 'code: "(ウ)"', {("code-once", "gma-e.yml", 3, 7), ("code-once", "gma-u.yml", 3, 7)}),
        ("roles/role-municipality.yml", "町6", "町7", {("count-adds-up", "role-municipality.yml", 11, 8)}),
        ("roles/role-center.yml", "31拠点", "30拠点", {("centers-one-number", "guideline.yml", 1, 1)}),
        ("terms.yml", "県内に34名", "県内に33名", {("centers-one-number", "guideline.yml", 1, 1)}),
        ("crosswalk.yml", "    - renkei-ki\n", "    - renkei-ka\n", {("crosswalk-complete", "renkei-ki.yml", 1, 5)}),
        ("meetings.yml", '  sort: "2019-06-14"', '  sort: "2019-06-15"', {("meeting-sorted-by-date", "meetings.yml", 40, 9)}),
        (
            "comments/c-08409bb4a94a9dac.yml",
            'received: "2019-12-19"',
            'received: "2019-12-16"',
            {("comment-of-that-day", "c-08409bb4a94a9dac.yml", 7, 11)},
        ),
        (
            "roles/role-rhb.yml",
            "[[term-observer]]",
            "オブザーバー",
            {("term-used", "terms.yml", 718, 7)},
        ),
    ],
)  # fmt: skip
def test_a_planted_fault_is_found_where_it_stands(
    file: str, old: str, new: str, expected: set[tuple[str, str, int, int]]
) -> None:
    assert {told(one) for one in planted(file, old, new)} == expected


def test_messages_name_what_is_wrong() -> None:
    (problem,) = planted("tasks/task-discharge.yml", "part: assign", "part: lead")
    assert "退院支援と入退院先の調整" in problem.message.ja
    assert "2 あります" in problem.message.ja
    assert "コーディネーター、センター" in problem.message.ja
    assert problem.message.en == "'task-discharge' needs exactly one lead."
    assert problem.hint is not None
    assert problem.path == "responsibilities"


# ---------------------------------------------------------------- what an expression can say


@pytest.mark.parametrize(
    ("holds", "expected"),
    [
        ("item.order < 2", {"ch-two.yml", "ch-refs.yml"}),
        ('item.id == "ch-one"', {"ch-two.yml", "ch-refs.yml"}),
        ('item.kind == "chapter"', set()),
        ("item.sections", {"ch-refs.yml"}),
        ("item.lead is none", {"ch-one.yml", "ch-two.yml"}),
        ("item.show | count == 0", {"ch-refs.yml"}),  # a list that isn't given is empty
        ('item.sections | map(attribute="body") | select', {"ch-refs.yml"}),  # filters give lists, never generators
        ('item.source | map(attribute="ref") | map(attribute="title") | join("、") == "もとの資料"', set()),
        ('(item.source | first).ref == item_of("ref-one")', set()),
        ('(item.source | first).ref == "ref-one"', set()),
        ("used_by()", {"ch-one.yml", "ch-two.yml", "ch-refs.yml"}),
        ("mentioned_by()", {"ch-refs.yml"}),
        ('mentioned_by("chapter")', {"ch-refs.yml"}),
        ('mentioned_by("reference")', {"ch-one.yml", "ch-two.yml", "ch-refs.yml"}),
        ('used_by("chapter", "source.ref", of=item_of("ref-one")) | count == 3', set()),
        ('used_by("chapter", "source", of=item_of("ref-one")) | count == 3', set()),
        ('items("chapter") | map(attribute="order") | sum == 6', set()),
        ('items("chapter") | map(attribute="order") | unique | count == 3', set()),
        ("item in items(\"chapter\")", set()),
        ("settings.edition.status == \"draft\"", set()),
        ('item.title.startswith("は")', {"ch-refs.yml"}),
        ('"2026" in settings.edition.as_of and settings.edition.as_of > "2026-01-01"', set()),
        ("settings.edition.as_of | numbers | first == 2026", set()),
        ("item.order * 2 > 3", {"ch-one.yml"}),
        ('(items("chapter") | groupby("part") | first).list | count == 3', set()),
    ],
)  # fmt: skip
def test_what_an_expression_sees(holds: str, expected: set[str]) -> None:
    assert broken(holds) == expected


def test_a_reference_to_nothing_is_not_told_twice() -> None:
    """The reference itself is a problem of the check; a rule says nothing about such an item."""
    lost = CHAPTER.replace("ref: ref-one", "ref: ref-none")
    assert broken('(item.source | first).ref.title == "x"', ch_one=lost) == {"ch-two.yml", "ch-refs.yml"}


def test_an_items_own_reference_is_no_use_of_it() -> None:
    own = CHAPTER.replace("[[ch-two]]", "[[ch-one]]")
    assert broken("mentioned_by()", ch_one=own, ch_two=SECOND.replace("[前の章](#ch-one--first)", "前の章")) == {
        "ch-one.yml", "ch-two.yml", "ch-refs.yml",
    }  # fmt: skip


def test_what_is_blamed() -> None:
    rule = RULE.format(holds="1 == 2") + '  when: item.id == "ch-one"\n'
    assert told(found(rule)[0]) == ("some-rule", "ch-one.yml", 2, 8)  # a scalar: its value
    assert told(found(rule.replace("field: title", "field: source"))[0]) == (
        "some-rule",
        "ch-one.yml",
        12,
        1,
    )  # its key
    assert told(found(rule.replace("field: title", "field: show"))[0]) == ("some-rule", "ch-one.yml", 1, 1)  # not given
    assert told(found(rule.replace("  field: title\n", ""))[0]) == ("some-rule", "ch-one.yml", 1, 1)
    assert found(rule.replace("field: title", "field: show"))[0].path == ""
    settings = rule.replace("kind: chapter", "kind: guideline").replace("field: title", "field: edition.as_of")
    assert told(found(settings.replace('item.id == "ch-one"', "1 == 1"))[0]) == ("some-rule", "guideline.yml", 14, 10)


def test_severity_and_words() -> None:
    rule = (
        RULE.format(holds="1 == 2")
        .replace("error", "warning")
        .replace("文", "'{{ item.title }}（{{ items(\"chapter\") }}）'")
    )
    problem = found(
        rule + '  when: item.order == 2\n  message_en: "see {{ item }}"\n  hint: "次 {{ item.lead.missing }}"\n'
    )[0]
    assert problem.code == "R403"  # the hint names a field that isn't there
    problem = found(
        rule + '  when: item.order == 2\n  message_en: "see {{ item }}"\n  hint: "並び {{ item.order }}"\n'
    )[0]
    assert (problem.severity, problem.path) == ("warning", "title")
    assert problem.message.ja == "はじめの章（ch-one、ch-two、ch-refs）"
    assert problem.message.en == "see ch-two"
    assert problem.hint is not None
    assert problem.hint.ja == "並び 2"


# ---------------------------------------------------------------- wrong rules


@pytest.mark.parametrize(
    ("holds", "code", "column", "said"),
    [
        ("item.order = 2", "R401", 16, "=="),
        ("item.order == 2 && true", "R401", 21, "and"),
        ("item.order == (2", "R401", None, "式を読めません"),
        ("item.order == 2 extra", "R401", 21, "extra"),
        ("item.order ==", "R401", None, "式を読めません"),
        ("item.title == 'x", "R401", None, "式を読めません"),
        ("item.order ** 9 > 1", "R401", 5, "**"),
        ("(item.order) ? 1 : 2", "R401", 18, "式を読めません"),
        ("(" * 250 + "1" + ")" * 250, "R401", None, "深すぎます"),
        ("-" * 250 + "item.order", "R401", None, "深すぎます"),
        ("used_by", "R401", 5, "( )"),
        ("item.ordr == 2", "R403", 10, "order"),
        ("item.sections.title", "R403", 19, 'map(attribute="title")'),
        ('item.sections | map(attribute="titel") | first', "R403", 36, "title"),
        ('item.sections | selectattr("kye", "eq", "x")', "R403", 33, "key"),
        ('item.source | map(attribute="ref.titel")', "R403", 38, "title"),
        ('items("chaptr")', "R403", 12, "chapter"),
        ('used_by("reference", "nope")', "R403", 27, "nope"),
        ('used_by(kind="refrence")', "R403", 19, "reference"),
        ('item_of("ch-oen")', "R403", 14, "ch-one"),
        ("itm.order == 2", "R403", 5, "item"),
        ("range(100000000)", "R403", 5, "range"),
        ("item.title | center(1000000000)", "R403", 18, "center"),
        ("item.order.real", "R403", 16, "real"),
        ("item.title.center(1000000000)", "R403", 16, "center"),
        ("settings.tilte", "R403", 14, "title"),
        ("item.lead | count > 2 and item.lead.nope", "R403", 41, "nope"),
    ],
)  # fmt: skip
def test_a_wrong_expression_is_told_with_its_column(holds: str, code: str, column: int | None, said: str) -> None:
    problems = found(RULE.replace("{holds}", "|\n    " + holds))
    assert [one.code for one in problems] == [code]
    problem = problems[0]
    assert problem.position.file == "guideline/rules.yml"
    words = problem.message.ja + (problem.hint.ja if problem.hint else "")
    assert said in words
    if column is not None:
        assert (problem.position.line, problem.position.column) == (5, column)
    assert problem.path == "holds"


@pytest.mark.parametrize(
    ("holds", "said"),
    [
        ("item.show.0.x and item.lead.strip() == 1", ""),
        ("item.lead | count > 1", "NoneType"),
        ("item.title + 1", ""),
        ('item.title * 1000000000', "numbers only"),
        ('[1] * 1000000000', "numbers only"),
        ('"%1000000000d" % 1', "numbers only"),
        ('items("chapter") | map("center", 1000000000) | first', "center"),
        ("item.order / 0", "division"),
        ("1 ~ (1).title", "title"),
        ("items(item.title)", "no kind"),
        ("item_of(item.title)", "no id"),
        ("item()", ""),
        ("settings.__class__", ""),
        ('item.title.__class__.__mro__', ""),
        ("[1] | sum | count", ""),
    ],
)  # fmt: skip
def test_a_failing_expression_names_the_item(holds: str, said: str) -> None:
    problems = found(RULE.replace("{holds}", f"|\n    {holds}"))
    assert len(problems) == 1
    assert problems[0].code in ("R402", "R403", "R401"), problems
    assert problems[0].position.file == "guideline/rules.yml"
    if problems[0].code == "R402":
        assert "「ch-" in problems[0].message.ja
        assert said in problems[0].message.en


def test_a_failure_is_told_once_with_its_line_and_the_other_items_are_still_judged() -> None:
    rule = RULE.format(holds="item.lead | count > 100")
    problems = found(rule, ch_refs=None, ch_two=None, ch_one=CHAPTER.replace("[[ch-two]]", ""))
    assert [told(one) for one in problems] == [("some-rule", "ch-one.yml", 2, 8)]
    problems = found(rule)
    assert [told(one) for one in problems] == [
        ("some-rule", "ch-one.yml", 2, 8),
        ("some-rule", "ch-two.yml", 2, 8),
        ("R402", "rules.yml", 4, 10),
    ]
    assert "ch-refs" in problems[-1].message.ja
    assert problems[-1].hint is not None
    assert "none" in problems[-1].hint.ja
    assert "書かれていない欄" in problems[-1].message.ja
    problems = found(RULE.format(holds="1 == 1") + "  when: item.lead | count > 100\n")
    assert [told(one) for one in problems] == [("R402", "rules.yml", 8, 9)]


def test_text_can_not_grow_without_bound() -> None:
    growing = (
        "item.title | list | join(item.lead) | list | join(item.lead) | list | join(item.lead) | list | join(item.lead)"
    )
    long = CHAPTER.replace("つながる。", "つながる。" * 30)
    problems = found(RULE.format(holds=growing) + '  when: item.id == "ch-one"\n', ch_one=long)
    assert [one.code for one in problems] == ["R402"]
    assert "longer than" in problems[0].message.en


def test_what_stands_between_counts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shishin.expression.MAX_TEXT", 50)
    assert [one.code for one in found(RULE.format(holds="item.title | list | join(item.title ~ item.title)"))] == [
        "R402"
    ]
    assert found(RULE.format(holds="item.title | list | join(item.id)")) == []


def test_work_can_not_grow_without_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shishin.rules.world.MAX_STEPS", 20)
    rule = RULE.format(holds='\'items("chapter") | map(attribute="source") | map("first") | map(attribute="ref")\'')
    problems = found(rule + rule.replace("some-rule", "next-rule").replace("'items(", "'item.order > 0 or items("))
    assert [one.code for one in problems] == ["R402"]
    assert "more than 20" in problems[0].message.en


@pytest.mark.parametrize(
    ("message", "code", "column"),
    [
        ('"{{ item.nope }}"', "R403", 21),
        ('"{{ item.title | }}"', "R404", None),
        ('"{{ item.title"', "R404", 13),
        ('"{% if x %}"', "R404", 13),
        ("\"{{ item_of('a' ~ item.title) }}\"", "R404", None),
        ("\"{{ (item.lead ~ ('x' if item.lead is none else '')).split('') }}\"", "R404", None),
    ],
)  # fmt: skip
def test_a_message_that_can_not_be_printed(message: str, code: str, column: int | None) -> None:
    problems = found(RULE.format(holds="1 == 2").replace("文", message))
    assert [one.code for one in problems].count(code) == 1
    wrong = next(one for one in problems if one.code == code)
    assert (wrong.position.file, wrong.position.line) == ("guideline/rules.yml", 7)
    assert column is None or wrong.position.column == column
    # what breaks the rule is told all the same, by the rule's title, unless the message could never be printed
    others = [one for one in problems if one.code == "some-rule"]
    assert {one.message.ja for one in others} <= {"題"}


def test_wrong_names_in_a_rule() -> None:
    assert told(found(RULE.format(holds="1 == 1").replace("kind: chapter", "kind: chaptr"))[0]) == (
        "R403",
        "rules.yml",
        3,
        9,
    )
    assert told(found(RULE.format(holds="1 == 1").replace("field: title", "field: titel"))[0]) == (
        "R403",
        "rules.yml",
        5,
        10,
    )
    assert told(found(RULE.format(holds="1 == 1").replace("kind: chapter", "kind: rule"))[0]) == (
        "R403",
        "rules.yml",
        3,
        9,
    )


def test_place_inside_a_block_of_several_lines() -> None:
    holds = "|\n    item.order > 0\n    and item.ordr > 0\n"
    assert told(found(RULE.replace("{holds}\n", holds))[0]) == ("R403", "rules.yml", 6, 14)


# ---------------------------------------------------------------- shipped rules, incomplete guidelines


def test_orphans_of_the_tools_own_kinds() -> None:
    alone = "- id: ref-two\n  title: 引かれない資料\n  order: 2\n  issuer: 県\n  category: report\n  basis: stated\n"
    references = small_tree().read("guideline/references.yml").decode() + alone
    problems = check_rules(read(small_tree(references=references)))
    assert [(*told(one), one.severity) for one in problems] == [("reference-cited", "references.yml", 7, 7, "warning")]
    assert "「ref-two」" in problems[0].message.ja
    own = RULE.format(holds="1 == 1").replace("some-rule", "reference-cited").replace("chapter", "reference")
    assert found(own, references=references) == []  # a rule of the guideline's own takes the shipped one's place


def test_shipped_rules_are_sound() -> None:
    guideline = read(small_tree())
    assert [item.id for item in rules_of(guideline)] == ["reference-cited", "term-used", "form-used"]
    kind = guideline.schemas.kinds["rule"]
    assert all(kind.validator.is_valid(item.data) for item in rules_of(guideline))
    assert check_rules(guideline) == []


def test_with_files_that_can_not_be_read_nothing_is_accused_falsely() -> None:
    guideline = small(RULE.format(holds="mentioned_by()") + RULE.format(holds="item.order < 2").replace("some", "own"))
    assert {one.code for one in check_rules(guideline)} == {"some-rule", "own-rule"}
    problems = check_rules(guideline, complete=False)
    assert {one.code for one in problems} == {"own-rule", "R405"}
    (note,) = (one for one in problems if one.code == "R405")
    assert note.severity == "note"
    assert "some-rule" in note.message.ja


def test_a_schema_of_rules_of_a_guidelines_own_breaks_nothing() -> None:
    schema = json.loads(shipped("schemas")["rule.schema.json"])
    schema["required"] = ["id", "title"]
    loose = {"schemas/rule.schema.json": json.dumps(schema)}
    assert told(found("- id: some-rule\n  title: 題\n", **loose)[0]) == ("R401", "rules.yml", 1, 3)
    schema["x-kind"]["name"] = "law"
    named = read(small_tree(**{"schemas/rule.schema.json": json.dumps(schema)}))
    assert check_rules(named) == []


def test_shipped_rules_fit_kinds_of_a_guidelines_own() -> None:
    schema = json.loads(shipped("schemas")["form.schema.json"])
    schema["x-kind"]["name"] = "paper"
    assert check_rules(read(small_tree(**{"schemas/form.schema.json": json.dumps(schema)}))) == []
    schema["x-kind"]["name"] = "form"
    schema["x-title"] = "label"
    schema["properties"] = {"id": schema["properties"]["id"], "label": {"type": "string", "title": "名"}}
    schema["properties"]["order"] = {"$ref": "common.schema.json#/$defs/order"}
    schema["required"] = ["id", "label"]
    form = {"guideline/forms/form-one.yml": "id: form-one\nlabel: 様式\n"}
    problems = check_rules(read(small_tree(**{"schemas/form.schema.json": json.dumps(schema)}, **form)))
    assert [told(one) for one in problems] == [("form-used", "form-one.yml", 1, 5)]


def test_findings_name_their_item() -> None:
    guideline = small(RULE.format(holds="item.order < 3"))
    assert [(item.id, problem.code) for item, problem in findings(guideline)] == [("ch-refs", "some-rule")]
    guideline = small(RULE.format(holds="item.nope"))
    assert [(item.id, problem.code) for item, problem in findings(guideline)] == [("some-rule", "R403")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30（市20、町6、村4）", [30, 20, 6, 4]),
        ("１，２３４名", [1234]),
        ("12,345か所と1,2", [12345, 1, 2]),
        ("なし", []),
        ("", []),
    ],
)
def test_numbers(text: str, expected: list[int]) -> None:
    assert numbers(text) == expected


def test_decimals_stay_exact() -> None:
    assert sum(numbers("0.1 0.2")) == numbers("0.3")[0]


def test_offsets_are_exact() -> None:
    with pytest.raises(Wrong) as wrong:
        parse("a.b and $")
    assert wrong.value.offset == 8


def test_the_same_answers_twice(real: Guideline) -> None:
    assert check_rules(real) == check_rules(real)


PIECES = [
    "item", "settings", ".title", ".order", ".lead", ".source", ".sections", ".nope", "used_by", "mentioned_by", "items",
    "item_of", "(", ")", "[", "]", "{", "}", '"chapter"', '"ref-one"', '"x', "1", "2.5", " + ", " - ", " * ", " ~ ", " // ",
    " == ", " = ", " in ", " not ", " and ", " or ", " if ", " else ", " is ", "none", "defined", " | ", "count", "first",
    "map", "selectattr", '(attribute="ref")', "join", "sort", "numbers", "sum", "groupby", ",", ":", "%}", "}}", "{{", "#}",
    "\\", "|", "**", "`", "あ", "　", "\t", "__class__", ".mro", "loop", "feed", "found", "self", "caller", "varargs", "range",
]  # fmt: skip


FORMS = [
    "item", "item.title", "item.order", "item.lead", "item.source", "item.sections", "settings.edition", "used_by()",
    'mentioned_by("chapter")', 'items("chapter")', 'item_of("ref-one")', "1", "2.5", '"x"', "none", "[]", "[1, none]",
    "({0}) + ({1})", "({0}) * ({1})", "({0}) ~ ({1})", "({0}) // ({1})", "({0}) == ({1})", "({0}) < ({1})", "({0}) in ({1})",
    "({0}) if ({1}) else item", "not ({0})", "({0}) and ({1})", "({0}) | count", "({0}) | first", "({0}) | sort",
    '({0}) | map(attribute="ref")', '({0}) | selectattr("key", "eq", {1})', "({0}) | join({1})", "({0}) | numbers",
    "({0}) | sum", '({0}) | groupby("part")', "({0}) | unique", "({0})[{1}]", "({0}).title", "({0}).split({1})", "({0})()",
    "({0}) | map({1})", "({0}) | int", "({0}) | round({1})", "({0}) is defined", "({0}) | select({1})", "used_by(of={0})",
]  # fmt: skip


def composed(chance: Random, depth: int) -> str:
    form = chance.choice(FORMS[:17] if depth == 0 else FORMS)
    return form.format(composed(chance, depth - 1), composed(chance, depth - 1)) if depth else form


def test_whatever_stands_in_a_rule_is_no_traceback() -> None:
    """150 rules of random pieces and 150 of well-formed expressions: each gives problems, and nothing else."""
    chance = Random(20261122)
    guideline = small(RULE.format(holds="1 == 1"))
    (rule,) = guideline.aids["rule"]
    seen: Counter[str] = Counter()
    for number in range(300):
        if number % 2:
            text, said = ("".join(chance.choices(PIECES, k=chance.randint(1, 9))) for _ in range(2))
        else:
            text, said = composed(chance, 2), composed(chance, 2)
        changed = replace(rule, data={**rule.data, "holds": text, "message": "{{ " + said + " }}"})
        for problem in check_rules(replace(guideline, aids={"rule": (changed,)})):
            assert problem.code in ("some-rule", "R401", "R402", "R403", "R404"), (text, problem)
            assert problem.position.file.startswith("guideline/")
            assert problem.position.line > 0
            assert problem.position.column > 0
            seen[problem.code] += 1
    assert min(seen[code] for code in ("some-rule", "R401", "R402", "R403", "R404")) > 10, seen
