"""Changes told apart from an item's text: of its sources, and of fields that steer the layout."""

from __future__ import annotations

from collections.abc import Iterable

import pairs
from shishin.compare import compare
from shishin.document import Block, Paragraph, plain
from shishin.papers.aside import only_sources
from shishin.papers.counts import sort_of
from shishin.papers.parallel import OMITTED
from shishin.papers.rows import CHANGED_SOURCES, SOURCES, Row, rows
from shishin.rewrite import walk
from shishin.tree import DictTree


def found(*changes: tuple[str, str, str]) -> list[Row]:
    """Return the rows of a paper about changes in files of the handbook."""
    tree: DictTree = pairs.rich().old
    other = tree
    for path, old, new in changes:
        other = pairs.changed(other, path, old, new)
    first, second = pairs.made(tree).snapshot, pairs.made(other).snapshot
    return [row for row in rows(compare(first, second), first, second) if row.changes]


def said(blocks: Iterable[Block]) -> list[str]:
    return [plain(one.inlines) for one in walk(tuple(blocks)) if isinstance(one, Paragraph)]


ABOUT = "guideline/chapters/ch-about.yml"
AIM = ("at: 第2章", "at: 第2章（ねらい）")
CODES = ("at: 別表1", "at: 別表2")


def test_an_item_of_which_only_sources_changed_says_so_and_shows_them_on_both_sides() -> None:
    (row,) = found((ABOUT, *AIM), (ABOUT, *CODES))
    assert (row.look, row.label, row.marks) == ("sources", "", (SOURCES,))
    assert [line.partition("／")[2] for line in said(row.old)] == ["", "第2章", "", "別表1"]
    assert [line.partition("／")[2] for line in said(row.new)] == ["", "第2章（ねらい）", "", "別表2"]
    assert said(row.new)[0] == said(row.old)[0] == "ねらい"
    assert len(row.changes) == 2


def test_sources_stand_together_below_what_else_changed() -> None:
    text, sources = found((ABOUT, *AIM), (ABOUT, "地域の人の手で支える", "地域の人が支える"))
    assert plain(text.new_title) == "ねらい" and not any("第2章" in line for line in said(text.new))
    assert sources.look == "item" and sources.label == CHANGED_SOURCES and not sources.marks
    assert not any(OMITTED in line for line in said(sources.new))


def test_items_of_which_only_sources_changed_come_last_in_their_chapter() -> None:
    last = found((ABOUT, *AIM), ("guideline/systems.yml", "title: 活動の符号", "title: 活動につける符号"))[-1]
    assert (last.look, last.item) == ("sources", "ch-about")


def test_a_field_that_is_not_printed_is_told_in_the_remarks() -> None:
    (row,) = found((ABOUT, "at: 別表1\n    basis: stated", "at: 別表1\n    basis: derived"))
    assert row.marks == ("「符号の見方」の根拠の別：「原典に記載」→「種文書に基づく再構成」",)
    assert said(row.new) == said(row.old) == [OMITTED] and len(row.changes) == 1
    (row,) = (one for one in found((ABOUT, "part: body", "part: back")) if one.item == "ch-about")
    assert row.marks[-1] == "位置：「本文」→「後付け」"


def test_a_new_section_shows_its_text_and_not_what_steers_it() -> None:
    section = "  - key: more\n    title: 相談先\n    body: |\n      職員に相談する。\n    basis: stated\n"
    row = found((ABOUT, "  - key: codes\n", f"{section}  - key: codes\n"))[0]
    assert (
        plain(row.new_title) == "相談先" and said(row.new)[0] == "職員に相談する。" and said(row.old)[0] == "（新設）"
    )
    assert not any("根拠の別" in line for line in said(row.new))


def test_what_only_has_other_sources_counts_by_itself() -> None:
    tree = pairs.rich().old
    first, second = (pairs.made(one).snapshot for one in (tree, pairs.changed(tree, ABOUT, *AIM)))
    (item,) = compare(first, second).items
    assert sort_of(item) == "sources" and only_sources(item)
    (item,) = (one for one in compare(first, pairs.made(pairs.rich().new).snapshot).items if one.id == "act-shelf")
    assert sort_of(item) == "changed" and not only_sources(item)
