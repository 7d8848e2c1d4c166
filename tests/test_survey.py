"""The survey says yes exactly where composing the document finds nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import CHAPTER, LAST, ROOT, small_tree
from shishin.cache import no_cache, open_cache
from shishin.check import check, errors
from shishin.compose import compose
from shishin.composer import Composer
from shishin.edition import Edition, working_edition
from shishin.rewrite import marks
from shishin.survey import Surveyor, composes
from shishin.tree import Tree
from test_faults import TEMPLATE_FAULTS

OWN = "guideline/templates/parts/own.md.j2"
SHOWN = LAST.replace("- references\n", "- references\n  - own\n")


def edition_of(tree: Tree) -> Edition:
    guideline, problems = check(tree)
    assert guideline is not None
    assert errors(problems) == ()
    return working_edition(guideline)


@pytest.mark.parametrize("template", [*TEMPLATE_FAULTS, "{{ table(caption='a') }}\n\n{{ table(caption='b') }}\n"])
def test_a_fault_in_a_template_is_seen(template: str) -> None:
    edition = edition_of(small_tree(ch_refs=SHOWN, **{OWN: template}))
    assert compose(edition).problems
    assert not composes(edition, no_cache())


@pytest.mark.parametrize(
    "changes",
    [
        {"ch_one": CHAPTER.replace("[[ch-two]]", "[x](#ch-two--nowhere)")},
        {"ch_one": CHAPTER.replace("[[ch-two]]", "**強く**[x](#ch-two--nowhere)|")},
        {"ch_refs": LAST.replace("show:\n  - references\n", "")},
        {"ch_refs": LAST.replace("- references\n", "- references\n  - references\n")},
        {"ch_refs": SHOWN, OWN: "{{ place(item_of('ch-one')) }}"},
        {"ch_refs": SHOWN, OWN: "{{ heading('a', 'x') }}\n\n{{ heading('a', 'y') }}"},
        {"ch_refs": SHOWN, OWN: "{{ table(id='ch-one--first') }}\n\n| a |\n|---|\n| b |\n"},
        {"guideline/templates/names/chapter.j2": "{{ item.nothing }}"},
        {"ch_one": CHAPTER.replace("[[ch-two]]", "- 箇条\n  - 書き"), "guideline/templates/items/chapter.md.j2": "前 {{ item.lead }} 後"},
    ],
)  # fmt: skip
def test_a_fault_of_the_whole_document_is_seen(changes: dict[str, str]) -> None:
    edition = edition_of(small_tree(**changes))
    assert compose(edition).problems
    assert not composes(edition, no_cache())


def test_what_is_fine_is_fine() -> None:
    assert composes(edition_of(small_tree()), no_cache())


def test_it_sees_the_same_anchors_homes_and_mentions_as_the_document(edition: Edition) -> None:
    assert composes(edition, no_cache())
    surveyor = Surveyor(edition, no_cache())
    seen = [
        surveyor.survey(item, "") for item in edition.items if f"items/{item.kind.name}.md.j2" in surveyor.templates
    ]
    whole = marks(*compose(edition).document.sections)
    placed = [one for one in seen if one is not None and set(one.homes) & set(whole.homes)]
    assert sorted(anchor for one in placed for anchor in one.anchors) == sorted(whole.anchors)
    assert sorted(home for one in placed for home in one.homes) == sorted(whole.homes)
    assert {target for one in placed for target in one.targets} >= set(whole.targets)


def test_what_is_known_is_not_rendered_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edition = edition_of(small_tree())
    first = open_cache(tmp_path)
    assert composes(edition, first)
    first.save()
    monkeypatch.setattr(Composer, "section", lambda *_: pytest.fail("rendered again"))
    assert composes(edition, open_cache(tmp_path))


def test_the_shipped_guideline_composes(edition: Edition) -> None:
    assert ROOT.is_dir()
    assert composes(edition, no_cache())
