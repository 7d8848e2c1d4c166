"""Templates hold layout words only, and each is used by something."""

from __future__ import annotations

import pytest

from conftest import LAST, ROOT, small_tree
from shishin.check import check
from shishin.tree import FolderTree, Tree

SHOWN = LAST.replace("- references\n", "- references\n  - own\n")
PARTS = "guideline/templates/parts"


def found(tree: Tree) -> list[tuple[str, str, int, int]]:
    return [
        (one.code, one.position.file.rpartition("/")[2], one.position.line, one.position.column)
        for one in check(tree)[1]
        if one.code.startswith("T")
    ]


@pytest.mark.parametrize(
    "path",
    [f"{PARTS}/own.md.j2", "guideline/templates/items/nothing.md.j2", "guideline/templates/other/own.md.j2", "guideline/templates/items/chapter.j2"],
)  # fmt: skip
def test_a_template_nothing_uses_is_told(path: str) -> None:
    assert found(small_tree(**{path: "{{ item.title }}"})) == [("T509", path.rpartition("/")[2], 1, 1)]


@pytest.mark.parametrize(
    "changes",
    [
        {"ch_refs": SHOWN, f"{PARTS}/own.md.j2": "名称"},
        {"ch_refs": SHOWN, f"{PARTS}/own.md.j2": '{{ part("two") }}', f"{PARTS}/two.md.j2": "名称"},
        {"ch_refs": SHOWN, f"{PARTS}/own.md.j2": "{% include 'parts/two.md.j2' %}", f"{PARTS}/two.md.j2": "名称"},
        {"guideline/templates/items/chapter.md.j2": "{{ item.lead }}"},
        {"guideline/templates/names/chapter.j2": "{{ item.title }}"},
    ],
)
def test_what_is_used_is_fine(changes: dict[str, str]) -> None:
    assert found(small_tree(**changes)) == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("相談を受けた人は、その日のうちに記録を残すものとする。", (1, 1)),
        ("| a |\n|---|\n| 相談を受けた人は、その日のうちに記録を残すものとする。 |", (3, 3)),
        ('{{ note("注意", "相談を受けた人は、その日のうちに記録を残すものとする。") }}', (1, 16)),
    ],
)
def test_committee_text_is_told_where_it_stands(text: str, place: tuple[int, int]) -> None:
    assert found(small_tree(ch_refs=SHOWN, **{f"{PARTS}/own.md.j2": text})) == [("T511", "own.md.j2", *place)]


@pytest.mark.parametrize(
    "text",
    [
        "{# 相談を受けた人は、その日のうちに記録を残すものとする。 #}\n名称",
        "{{ item.title }}は{{ item.order }}番である。",
        "線は省いた。",
    ],
)
def test_layout_words_and_comments_are_fine(text: str) -> None:
    assert found(small_tree(ch_refs=SHOWN, **{f"{PARTS}/own.md.j2": text})) == []


@pytest.mark.parametrize("root", [ROOT, ROOT / "tests/school"], ids=["niigata", "school"])
def test_the_shipped_guidelines_keep_to_it(root: object) -> None:
    assert found(FolderTree(root)) == []  # type: ignore[arg-type]
