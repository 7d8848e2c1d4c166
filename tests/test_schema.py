import json

import pytest

from conftest import CHAPTER, SETTINGS, small_tree
from shishin.check import check
from shishin.schema import load_schemas, shipped
from shishin.tree import DictTree


def found(**changes: str | None) -> list[tuple[str, str]]:
    """Code and place of every problem of the small guideline with these files changed."""
    _, problems = check(small_tree(**changes))
    return [
        (one.code, f"{one.position.file.rpartition('/')[2]}:{one.position.line}:{one.position.column}")
        for one in problems
        if one.severity != "note"
    ]


def test_the_small_guideline_is_clean() -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("order: 1\n", "", ("S101", "ch-one.yml:1:1")),
        ("part: body", "part: bodi", ("S103", "ch-one.yml:4:7")),
        ("lead: |", "laed: |", ("S102", "ch-one.yml:5:1")),
        ("order: 1", "order: eins", ("S104", "ch-one.yml:3:8")),
        ("order: 1", "order: -1", ("S105", "ch-one.yml:3:8")),
        ("title: 節", "title: 12", ("S110", "ch-one.yml:10:12")),
        ("title: 節", "title: ''", ("S105", "ch-one.yml:10:12")),
        ("  - ref: ref-one", "  []", ("S106", "ch-one.yml:13:3")),
        ("ref: ref-one", "ref: ref-onne", ("R301", "ch-one.yml:13:10")),
        ("ref: ref-one", "ref: ch-two", ("R305", "ch-one.yml:13:10")),
        ("[[ch-two]]", "[[ch-tow]]", ("R301", "ch-one.yml:6:7")),
        ("つながる。", "<b>つながる</b>。", ("M402", "ch-one.yml:7:3")),
        ("つながる。", "[x](javascript:a)", ("M403", "ch-one.yml:7:7")),
        ("id: ch-one", "id: ch-uno", ("R303", "ch-one.yml:1:5")),
    ],
)
def test_each_fault_is_found_at_its_place(old: str, new: str, expected: tuple[str, str]) -> None:
    assert old in CHAPTER
    assert expected in found(ch_one=CHAPTER.replace(old, new))


def test_all_problems_come_in_one_run() -> None:
    broken = CHAPTER.replace("order: 1", "order: eins").replace("part: body", "part: bodi").replace("lead:", "laed:")
    assert [code for code, _ in found(ch_one=broken)] == ["S104", "S103", "S102"]


def test_a_near_miss_is_suggested() -> None:
    _, problems = check(small_tree(ch_one=CHAPTER.replace("ref: ref-one", "ref: ref-onne")))
    assert problems[0].hint is not None
    assert problems[0].hint.ja == "もしかして: ref-one"


def test_a_label_leads_to_its_code() -> None:
    _, problems = check(small_tree(ch_one=CHAPTER.replace("part: body", "part: 本文")))
    assert problems[0].hint is not None
    assert problems[0].hint.ja.startswith("もしかして: body")


def test_dates_must_exist() -> None:
    assert found(guideline=SETTINGS.replace("2026-11-22", "2026-02-30")) == [("S105", "guideline.yml:14:10")]


def test_a_file_no_kind_claims_is_a_problem() -> None:
    assert ("R304", "x.yml:1:1") in found(**{"guideline/chapter/x.yml": "id: x\n"})


def test_an_id_twice_is_a_problem() -> None:
    twice = "- id: ch-one\n  title: もとの資料\n  order: 1\n  issuer: 県\n  category: report\n  basis: stated\n"
    assert "R302" in [code for code, _ in found(references=twice.replace("ch-one", "ref-one") + twice)]


def test_shipped_schemas_obey_the_meta_schema() -> None:
    schemas, problems = load_schemas(DictTree({}))
    assert problems == ()
    assert schemas is not None
    assert {"chapter", "term", "reference", "form", "meeting", "member", "comment"} <= set(schemas.kinds)


def test_an_unknown_annotation_is_refused() -> None:
    schema = json.loads(shipped("schemas")["term.schema.json"])
    schema["x-colour"] = "red"
    schemas, problems = load_schemas(DictTree({"schemas/term.schema.json": json.dumps(schema).encode()}))
    assert schemas is None
    assert [(one.code, one.position.file) for one in problems] == [("C202", "schemas/term.schema.json")]
    assert "x-colour" in problems[0].message.ja


def test_annotations_are_few() -> None:
    meta = json.loads(shipped("schemas")["meta.schema.json"])
    marks = [name for name in meta["$defs"]["node"]["properties"] if name.startswith("x-")]
    assert len(marks) <= 12
