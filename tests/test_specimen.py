"""Minimal items: allowed by the real schemas and converter, and written as editors write them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from conftest import ROOT
from shishin.schema import Kind, Shape, load_schemas
from shishin.source import Sequence, parse
from shishin.specimen import _allowed, _matching, _text, specimen, specimen_text
from shishin.tree import FolderTree
from shishin.values import convert

SCHOOL = Path(__file__).parent / "school"


def kinds(root: Path) -> list[Kind]:
    schemas, problems = load_schemas(FolderTree(root))
    assert problems == ()
    assert schemas is not None
    return [*schemas.kinds.values(), schemas.guideline]


@pytest.mark.parametrize("kind", [*kinds(ROOT), *kinds(SCHOOL)], ids=lambda kind: kind.name)
def test_the_reader_the_converter_and_the_schema_allow_it(kind: Kind) -> None:
    text = specimen_text(kind)
    node, problems = parse(text, "x.yml")
    assert problems == ()
    assert node is not None
    if kind.file and not kind.folder:
        assert isinstance(node, Sequence)
        (node,) = node.items
    _, faults = convert(node, kind, "x.yml")
    assert tuple(faults) == ()
    assert list(kind.validator.iter_errors(specimen(kind))) == []


@pytest.mark.parametrize("kind", kinds(ROOT), ids=lambda kind: kind.name)
def test_it_is_minimal(kind: Kind) -> None:
    value = specimen(kind)
    for name in value:
        less = {key: inner for key, inner in value.items() if key != name}
        assert list(kind.validator.iter_errors(less)), f"{name} is not required"


def test_it_is_written_as_editors_write() -> None:
    kind = next(kind for kind in kinds(ROOT) if kind.name == "term")
    text = specimen_text(kind)
    assert text.startswith("- id: term-1\n  title: ")
    assert "definition: |\n    " in text
    assert yaml.safe_load(text) == [specimen(kind)]


def test_text_that_yaml_would_type_is_quoted() -> None:
    kind = next(kind for kind in kinds(ROOT) if kind.name == "meeting")
    assert 'sort: "2026-04-01"' in specimen_text(kind)


@pytest.mark.parametrize(
    "pattern",
    [
        "^[A-Z]-[0-9]{2}$", r"^R\d+-\d{2,4}$", "^(foo|bar)+$", "^[^a1]x?$", r"^(?!z)[ァ-ヶ]{2}\.$", "^[一-龠]+$",
        r"^(?:\w+)@x$", "^[]a]$", r"^\[a\]$", "a*?b", "^[ぁ-ゖー]+$", "^(19|20)[0-9][0-9]-", "^.{3}$", "^a{2}|b$", r"^\S\s\D$",
    ],
)  # fmt: skip
def test_a_pattern_is_met(pattern: str) -> None:
    assert re.search(pattern, _matching(pattern))


@given(st.from_regex(r"\A([a-z]|\[[a-c0-9]{1,3}\]|\([a-z]\|[0-9]\)|\\d)([?*+]|\{[1-3]\})?([a-z]|\[[x-z]\])*\Z"))
def test_any_simple_pattern_is_met(pattern: str) -> None:
    assert re.fullmatch(pattern, _matching(pattern))


def test_limits_of_length_are_kept() -> None:
    long = Shape(type="string", title="とても長い題名の欄", limits={"maxLength": 4})
    short = Shape(type="string", title="題", limits={"minLength": 9})
    assert len(_text(long, 0)) <= 4
    assert len(_text(short, 0)) >= 9
    assert _allowed(_text(short, 0), short)


def test_entries_of_one_list_differ() -> None:
    shape = Shape(type="string", title="語")
    assert len({_text(shape, number) for number in range(3)}) == 3
