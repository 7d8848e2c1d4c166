"""What the website says of words, cells and sections that a comparison marks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sample import t
from sample_papers import moved, new, old, sheet, wide
from shishin.document import Inserted, Removed
from shishin.problem import Failure
from shishin.renderers.site_inlines import Sheet, inline_text
from shishin.renderers.site_markdown import block_text

SHEET = Sheet(path="index.md", addresses={"gone": "index.md#gone"})


@pytest.mark.parametrize(
    ("words", "tag", "end", "said"),
    [
        (old("語"), '<del class="gl-old">', "</del>", "変更前"),
        (new("語"), '<ins class="gl-new">', "</ins>", "変更後"),
        (moved("語"), '<span class="gl-moved">', "</span>", "移動"),
        (Inserted(inlines=t("語")), "<ins>", "</ins>", "追加"),
        (Removed(inlines=t("語")), "<del>", "</del>", "削除"),
    ],
)
def test_changes_are_said_in_words(words: Inserted, tag: str, end: str, said: str) -> None:
    before, after = (f'<span class="gl-hidden">［{said}{more}］</span>' for more in ("", "終わり"))
    assert inline_text((words,), SHEET) == f"{tag}{before}語{after}{end}"


def test_an_unknown_underline_is_refused() -> None:
    with pytest.raises(Failure, match="odd"):
        inline_text((replace(new("語"), change="odd"),), SHEET)


def test_frames_are_marked() -> None:
    written = block_text(wide(columns=2).sections[0].blocks, SHEET)
    assert written.count('class="gl-framed"') == 2
    assert 'class="gl-table gl-compare gl-stack"' in written


def test_a_section_without_a_title_keeps_its_place() -> None:
    written = block_text((replace(sheet().sections[1], title=()),), SHEET)
    assert written.startswith('<div id="gone"></div>\n\n')
    assert "#" not in written
