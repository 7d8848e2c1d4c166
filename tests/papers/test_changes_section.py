"""The section 「この版で変わったこと」 of an edition's website."""

from __future__ import annotations

from dataclasses import replace

import pytest

import pairs
from shishin.compare import compare, reasons
from shishin.document import Paragraph, Reference, Section, plain, sections
from shishin.papers.settings import PRESETS
from shishin.papers.site import changes_section
from shishin.rewrite import marks, walk


def made(pair: pairs.Pair) -> tuple[Section, frozenset[str]]:
    old, new = pairs.made(pair.old), pairs.made(pair.new)
    comparison = compare(old.snapshot, new.snapshot)
    comparison = replace(comparison, reasons=reasons(comparison, old.snapshot, new.snapshot, {}))
    section = changes_section(comparison, old.snapshot, new.snapshot, PRESETS["kuni"])
    return section, frozenset(marks(*new.composed.document.sections).anchors)


def lines(section: Section) -> list[str]:
    return [plain(one.inlines) for one in walk((section,)) if isinstance(one, Paragraph)]


@pytest.mark.parametrize("pair", [pairs.outline, pairs.rebuilt, pairs.rich])
def test_every_link_leads_to_something_the_edition_has(pair: object) -> None:
    section, anchors = made(pair())  # type: ignore[operator]
    targets = marks(section).targets
    assert targets and set(targets) <= anchors


def test_each_item_is_told_once_under_its_sort() -> None:
    section, _ = made(pairs.rich())
    heads = [(one.id, plain(one.title)) for one in sections(section.blocks)]
    assert heads[0] == ("changes--added", "新設（3項目）") and ("changes--wording", "表記のみ（1項目）") in heads
    links = [one.target for one in walk((section,)) if isinstance(one, Reference)]
    assert len(links) == len(set(links))


def test_a_line_tells_what_changed_and_why() -> None:
    section, _ = made(pairs.rich())
    story = next(line for line in lines(section) if "「おはなし会」" in line)
    assert story.startswith("第4章1「おはなし会」　移動（旧　第3章6）、符号の体系・符号・区分・進め方の変更")
    assert "理由：来館が難しい子どもにもおはなし会を届けるため。" in story


def test_what_is_gone_is_named_without_a_link() -> None:
    section, _ = made(pairs.rich())
    assert "第3章3「目録カードの整理」" in "".join(lines(section))
    assert "act-card" not in [one.target for one in walk((section,)) if isinstance(one, Reference)]


def test_the_section_has_a_fixed_place() -> None:
    section, _ = made(pairs.rich())
    assert (section.id, plain(section.title), section.level) == ("changes", "この版で変わったこと", 1)
