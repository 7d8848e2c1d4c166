"""What points where: the quick way there sees what reading every field sees."""

from __future__ import annotations

import pytest

from conftest import CHAPTER, ROOT, small_tree
from shishin.cache import Cache
from shishin.guideline import Guideline, read_guideline
from shishin.markdown import parse_field, parse_inline
from shishin.references import mentions, references
from shishin.tree import DictTree, FolderTree
from shishin.values import leaves


def read(tree: DictTree | FolderTree) -> Guideline:
    guideline, problems = read_guideline(tree, Cache(file=None))
    assert guideline is not None
    assert problems == ()
    return guideline


@pytest.fixture(scope="module")
def real() -> Guideline:
    return read(FolderTree(ROOT))


def test_references_and_mentions_are_those_the_check_sees(real: Guideline) -> None:
    """The quick way to what refers to what agrees with reading every field."""
    pointing, mentioning = set(), set()
    for item in real.items:
        for _, shape, value in leaves(item.data, item.kind.shape):
            if shape.ref:
                pointing.add((item.id, value))
            if shape.text:
                parsed = parse_field(value) if shape.text == "markdown" else parse_inline(value)
                mentioning |= {(item.id, target.partition("--")[0]) for target, _, _ in parsed.mentions}
    assert {(item.id, value) for item, found in references(real.items) for _, value in found} == pointing
    assert {(item.id, target) for item, target in mentions(real.items)} == mentioning
    assert len(pointing) > 500
    assert len(mentioning) > 100


@pytest.mark.parametrize("lead", ["`[[ch-two]]`", "``a ` [[ch-two]]``", "\\[[ch-two]]", "（ch-two）", "[[Ch-two]]"])
def test_what_is_no_mention(lead: str) -> None:
    changed = CHAPTER.replace("この章は[[ch-two]]へ\n  つながる。", f"{lead}と[[ch-refs]]")
    guideline = read(small_tree(ch_one=changed))
    assert [target for item, target in mentions(guideline.items) if item.id == "ch-one"] == ["ch-refs"]
