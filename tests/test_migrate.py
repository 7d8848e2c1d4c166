"""Older formats: told by the check, brought to this one by steps that show what they do."""

import json
from dataclasses import replace

import pytest

from conftest import SETTINGS as TEXT
from conftest import small_tree
from shishin.check import check
from shishin.guideline import SETTINGS
from shishin.migrate import CURRENT, STEPS, Step, format_problem, migrated, texts
from shishin.problem import Failure, Words
from shishin.schema import shipped
from shishin.source import Mapping, parse
from shishin.tree import DictTree, Tree

OLD = "# 設定\n\n# 題名など\n" + TEXT.removeprefix("format: 1\n")


def tree_of(settings: str, **more: str | None) -> DictTree:
    return small_tree(**{SETTINGS: settings, **more})


def applied_to(tree: DictTree, steps: tuple[Step, ...] = STEPS) -> DictTree:
    changed = texts(migrated(tree, steps))
    return DictTree({**tree.content, **{path: text.encode() for path, text in changed.items()}})


def test_the_schema_and_the_steps_speak_of_one_format() -> None:
    field = json.loads(shipped("schemas")["guideline.schema.json"])["properties"]["format"]
    assert (field["minimum"], field["maximum"]) == (CURRENT, CURRENT)


def test_the_current_format_is_no_problem_and_needs_no_step() -> None:
    assert format_problem(small_tree()) is None
    assert migrated(small_tree()) == ()


def test_an_older_format_is_told_with_the_command() -> None:
    problem = format_problem(tree_of(OLD))
    assert problem is not None
    assert (problem.code, problem.position.line) == ("C206", 1)
    assert problem.hint is not None
    assert "shishin migrate" in problem.hint.ja
    assert "shishin migrate" in problem.hint.en
    problem = format_problem(small_tree(), current=2)
    assert problem is not None
    assert (problem.code, problem.position.line, problem.position.column, problem.path) == ("C206", 1, 9, "format")


def test_a_newer_format_is_refused() -> None:
    tree = tree_of(TEXT.replace("format: 1", "format: 9"))
    problem = format_problem(tree)
    assert problem is not None
    assert (problem.code, problem.position.column) == ("C207", 9)
    with pytest.raises(Failure, match="format 9"):
        migrated(tree)


@pytest.mark.parametrize("text", ["", "- a\n", "format: [\n", "format: x\n", 'format: "1"\n', "format: ²\n", "format: 1\nformat: 2\n", "format: 99999\n"])  # fmt: skip
def test_what_is_no_format_is_left_to_the_other_checks(text: str) -> None:
    assert format_problem(tree_of(text)) is None
    with pytest.raises(Failure):
        migrated(tree_of(text))


def test_without_a_number_the_first_step_writes_it_and_nothing_else() -> None:
    tree = tree_of(OLD)
    assert check(tree)[1] != ()
    (done,) = migrated(tree)
    assert texts((done,)) == {SETTINGS: "# 設定\n\n# 題名など\n" + TEXT}
    assert done.diff() == (
        "--- guideline/guideline.yml\n+++ guideline/guideline.yml\n@@ -1,6 +1,7 @@\n # 設定\n \n # 題名など\n"
        "+format: 1\n id: small\n title: 小さな指針\n publisher: 事務局\n"
    )
    after = applied_to(tree)
    assert check(after)[1] == ()
    assert migrated(after) == ()


# A later program with two more steps: a field is renamed in every chapter, then a file moves into the settings.


def rename(tree: Tree) -> dict[str, str]:
    changed = {}
    for path in tree.files("guideline/chapters"):
        text = tree.read(path).decode()
        node, _ = parse(text, path)
        assert isinstance(node, Mapping)
        lines = text.split("\n")
        for key, _value in node.entries:
            if key.text == "lead":
                lines[key.line - 1] = lines[key.line - 1].replace("lead", "preface", 1)
        changed[path] = "\n".join(lines)
    changed["guideline/references.yml"] = (
        tree.read("guideline/references.yml").decode().replace("issuer: 県", "issuer: 国")
    )
    return changed


def retitle(tree: Tree) -> dict[str, str]:
    assert b"preface: |" in tree.read("guideline/chapters/ch-one.yml"), "a step sees what the steps before it did"
    return {SETTINGS: tree.read(SETTINGS).decode().replace("title: 小さな指針", "title: 指針")}


WHY = Words(ja="わけ", en="why")
LATER = (*STEPS, Step(why=WHY, change=rename), Step(why=WHY, change=retitle))


def test_steps_run_one_by_one_from_the_guidelines_format_on() -> None:
    assert [one.to for one in migrated(tree_of(OLD), LATER)] == [1, 2, 3]
    done = migrated(tree_of(TEXT.replace("format: 1", "format:   1  # 書式")), LATER)
    assert [one.to for one in done] == [2, 3]
    assert sorted(done[0].after) == [
        "guideline/chapters/ch-one.yml",
        "guideline/chapters/ch-two.yml",
        SETTINGS,
        "guideline/references.yml",
    ], "ch-refs has no such field"
    assert "-lead: |\n+preface: |\n" in done[0].diff()
    assert "-format:   2  # 書式\n+format:   3  # 書式\n" in done[1].diff()
    assert list(texts(done))[-1] == SETTINGS, "the number is written last"
    assert "format:   3  # 書式\n" in texts(done)[SETTINGS]


def test_an_interrupted_run_is_finished_by_the_next() -> None:
    tree = tree_of(TEXT)
    half = dict(list(texts(migrated(tree, LATER)).items())[:1])
    broken_off = DictTree({**tree.content, **{path: text.encode() for path, text in half.items()}})
    assert applied_to(broken_off, LATER).content == applied_to(tree, LATER).content


def test_a_text_without_a_last_line_end_is_shown_as_such() -> None:
    (done,) = migrated(tree_of("id: x"))
    assert done.diff().endswith("+format: 1\n id: x\n\\ No newline at end of file\n")
    assert replace(done, after={}).diff() == ""
