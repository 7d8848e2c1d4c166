"""What is defined, as readers of the reference get it: complete, true to the schemas, aligned, in both languages."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import ROOT
from shishin.describe import Description, describe, one_kind
from shishin.describe.printed import as_data, as_markdown, as_text
from shishin.describe.tables import MARKS, TYPES, about_words, type_words
from shishin.problem import Failure
from shishin.schema import Schemas, Shape, load_schemas, shipped
from shishin.tree import FolderTree

SCHOOL = Path(__file__).parent / "school"
RULE = {"id": "one-lead", "title": "主担当は一つ", "kind": "task", "severity": "error", "holds": "1\n  == 1"}


def schemas_of(root: Path) -> Schemas:
    schemas, problems = load_schemas(FolderTree(root))
    assert problems == ()
    assert schemas is not None
    return schemas


@pytest.fixture(scope="module")
def schemas() -> Schemas:
    return schemas_of(ROOT)


@pytest.fixture(scope="module")
def described(schemas: Schemas) -> Description:
    return describe(schemas, [RULE])


def leaves(shape: Shape, path: str = "") -> Iterator[tuple[str, Shape]]:
    """Walk a shape on another way than the module does: by what is in it, lists seen through."""
    while shape.items is not None:
        shape = shape.items
    for name, inner in shape.properties.items():
        yield f"{path}{name}", inner
        yield from leaves(inner, f"{path}{name}.")


def test_every_kind_and_field_is_there(schemas: Schemas, described: Description) -> None:
    wanted = {kind.name: [path for path, _ in leaves(kind.shape)] for kind in schemas.kinds.values()}
    wanted["guideline"] = [path for path, _ in leaves(schemas.guideline.shape)]
    assert {kind.name: [field.path for field in kind.fields] for kind in described.kinds} == wanted


def test_every_relation_is_there(schemas: Schemas, described: Description) -> None:
    wanted = set()
    for kind in (*schemas.kinds.values(), schemas.guideline):
        for path, shape in leaves(kind.shape):
            inner = shape.items or shape
            wanted |= {(kind.name, path, target) for target in inner.ref}
    assert {(one.kind, one.path, one.to) for one in described.relations} == wanted
    assert len(wanted) > 40


def test_every_annotation_of_the_closed_list_is_there(described: Description) -> None:
    meta = shipped("schemas")["meta.schema.json"].decode()
    assert {one.name for one in described.annotations} == set(re.findall(r'"(x-[a-z]+)"', meta))
    assert all(one.title for one in described.annotations)


def test_where_files_lie(described: Description) -> None:
    places = {kind.name: kind.place for kind in described.kinds}
    assert places["task"] == "guideline/tasks/<id>.yml"
    assert places["term"] == "guideline/terms.yml"
    assert places["edition"] == "guideline/editions/<id>/edition.yml"
    assert places["guideline"] == "guideline/guideline.yml"


def test_a_field_says_what_to_write(described: Description) -> None:
    fields = {field.path: field for field in one_kind(described, "task").kinds[0].fields}
    assert type_words(fields["responsibilities.role"], "ja") == "ID（role）"
    assert type_words(fields["scenes"], "ja") == "IDの一覧（scene）"
    assert type_words(fields["steps"], "en") == "list: one line of Markdown"
    assert about_words(fields["tier"], "ja").endswith("basic（基本）、advanced（発展）。")
    assert "24 字以内" in about_words(fields["id"], "ja")
    assert fields["title"].required
    assert not fields["forms"].required


def test_a_rule_stands_with_its_kind(described: Description) -> None:
    assert [rule.id for rule in one_kind(described, "task").rules] == ["one-lead"]
    assert one_kind(described, "role").rules == ()
    assert "誤り" in as_text(one_kind(described, "task"), "ja")
    assert "| 1 == 1 |" in as_markdown(one_kind(described, "task")).replace("`", "")


def test_one_kind_keeps_what_points_to_it(described: Description) -> None:
    relations = one_kind(described, "role").relations
    assert ("task", "responsibilities.role") in {(one.kind, one.path) for one in relations}
    assert "業務 (task)" in as_text(one_kind(described, "role"), "ja")


def test_an_unknown_kind_is_told_with_the_nearest(described: Description) -> None:
    with pytest.raises(Failure) as told:
        one_kind(described, "taks")
    assert told.value.hint is not None
    assert told.value.hint.ja == "もしかして: task"
    with pytest.raises(Failure) as told:
        one_kind(described, "zzzzz")
    assert told.value.hint is not None
    assert "task" in told.value.hint.ja


# ---------------------------------------------------------------- outputs


def width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("columns", [80, 100])
def test_text_is_aligned(described: Description, language: str, columns: int) -> None:
    text = as_text(one_kind(described, "scene"), language, columns)
    names = {"title": "名称", "goal": "場面の目標", "order": "並び順"}
    fields = text.split("▸")[1].split("\n")
    rows = [line for line in fields if line.strip() and line.split()[0] in names]
    assert len(rows) == 3
    assert len({width(line[: line.index(names[line.split()[0]])]) for line in rows}) == 1


def test_text_keeps_to_the_columns_where_it_wraps(described: Description) -> None:
    lines = as_text(one_kind(described, "chapter"), "ja", 100).split("\n")
    assert max(width(line) for line in lines if line.startswith("      ")) <= 102  # a stop may hang
    assert not [line for line in lines if line.strip().startswith(("、", "。", "）"))]


def test_everything_stands_in_text_and_markdown(described: Description) -> None:
    for printed in (as_text(described, "ja"), as_markdown(described)):
        for kind in described.kinds:
            assert kind.title in printed
            assert kind.place in printed
            for field in kind.fields:
                assert field.path in printed
                assert field.title in printed
        for annotation in described.annotations:
            assert annotation.name in printed


def test_english_has_no_word_of_the_japanese_reference(described: Description) -> None:
    text = as_text(one_kind(described, "scene"), "en")
    assert "Minimal example" in text
    assert "必須" not in text
    assert "書き方" not in text


def test_markdown_tables_have_the_same_columns_everywhere(described: Description) -> None:
    for table in re.findall(r"(?:^\|.*\n?)+", as_markdown(described), re.MULTILINE):
        counts = {len(re.findall(r"(?<!\\)\|", line)) for line in table.strip().split("\n")}
        assert len(counts) == 1, table


def test_data_is_plain_json(described: Description) -> None:
    data = json.loads(json.dumps(as_data(described), ensure_ascii=False))
    assert data["format"] == 1
    assert {kind["name"] for kind in data["kinds"]} >= {"task", "guideline"}
    assert data["names"]["task"] == "業務"


def test_words_exist_for_every_type_and_mark(described: Description) -> None:
    assert {field.type for kind in described.kinds for field in kind.fields} <= set(TYPES)
    assert {mark for kind in described.kinds for field in kind.fields for mark in field.marks} <= set(MARKS)


def test_the_same_schemas_give_the_same_words(schemas: Schemas, described: Description) -> None:
    assert as_text(describe(schemas_of(ROOT), [RULE]), "ja") == as_text(described, "ja")


def test_the_reference_needs_no_word_of_a_field() -> None:
    text = as_text(describe(schemas_of(SCHOOL)), "ja")
    assert "備蓄品 (supply)" in text
    assert "業務 (task)" not in text
