"""The rows of a 新旧対照表: every change once, on its own side, what doesn't differ equal on both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pairs
from shishin.compare import compare, mirror
from shishin.comparison import Comparison
from shishin.document import Block, Inline, Paragraph, Underlined, plain
from shishin.papers import rows as module
from shishin.papers.parallel import ADDED, OMITTED, REMOVED
from shishin.papers.pieces import Walk
from shishin.papers.rows import Row, rows, shown
from shishin.rewrite import map_inlines, walk
from shishin.snapshot import OWN, Entry, Snapshot

PROPERTY = settings(derandomize=True, database=None, deadline=None, max_examples=60)
NAMES = ("outline", "rebuilt", "rich")


@cache
def editions(name: str) -> tuple[Snapshot, Snapshot]:
    pair: pairs.Pair = getattr(pairs, name)()
    return pairs.made(pair.old).snapshot, pairs.made(pair.new).snapshot


def mixed(old: Snapshot, new: Snapshot, choices: bytes) -> Snapshot:
    """Return an edition between two: each item, and each field of an item, as one of them has it, or not at all."""
    before, after = ({one.id: one for one in edition.entries} for edition in (old, new))
    ids = list(dict.fromkeys((*before, *after)))
    entries: list[Entry] = []
    places = {}
    for place, item in enumerate(ids):
        choice = choices[place % len(choices)] + place // len(choices)
        found = [one for one in (before.get(item), after.get(item)) if one is not None]
        if choice % 7 == 0 and item != OWN:
            continue
        entry = found[choice % len(found)]
        if len(found) == 2 and choice % 3 == 0:
            other = found[(choice + 1) % 2]
            optional = set(other.data) - set(new.kinds[entry.kind].shape.required)
            entry = replace(
                entry, data={**entry.data, **{key: other.data[key] for key in sorted(optional)[: choice % 5]}}
            )
        entries.append(entry)
        edition = new if entry is after.get(item) or item not in before else old
        if item in edition.places:
            places[item] = edition.places[item]
    return replace(new, entries=tuple(entries), places=places)


def ids(changes: Iterable[tuple[str, object]]) -> Counter[tuple[str, int]]:
    return Counter((item, id(change)) for item, change in changes)


def every(comparison: Comparison) -> Counter[tuple[str, int]]:
    return ids((item.id, change) for item in comparison.items for change in item.changes)


def words(blocks: Iterable[Block], *changes: str) -> str:
    """Return what is underlined in blocks, in these ways."""
    return "".join(
        plain(one.inlines) for one in walk(tuple(blocks)) if isinstance(one, Underlined) and one.change in changes
    )


def bare(row: Row, side: str) -> str:
    """Return what isn't underlined on a side, without the paper's own words."""

    def drop(inline: Inline) -> tuple[Inline, ...]:
        return () if isinstance(inline, Underlined) else (inline,)

    heading, blocks = (row.old_heading, row.old) if side == "old" else (row.new_heading, row.new)
    left = (map_inlines(block, drop) for block in (Paragraph(inlines=heading), *blocks))
    text = "".join(plain(one.inlines) for block in left for one in walk((block,)) if isinstance(one, Paragraph))
    for own in (OMITTED, ADDED, REMOVED, "　"):
        text = text.replace(own, "")
    return text


# ---------------------------------------------------------------- every change, once


@pytest.mark.parametrize("name", NAMES)
def test_every_change_of_a_real_pair_is_shown_once(name: str) -> None:
    old, new = editions(name)
    comparison = compare(old, new)
    assert every(comparison)
    assert ids(shown(comparison, old, new)) == every(comparison)


@given(st.binary(min_size=20, max_size=60))
@PROPERTY
def test_every_change_of_any_two_editions_is_shown_once(choices: bytes) -> None:
    old, new = editions("rich")
    other = mixed(old, new, choices)
    comparison = compare(old, other)
    assert ids(shown(comparison, old, other)) == every(comparison)
    back = mirror(comparison)
    assert ids(shown(back, other, old)) == every(back)


def drop_fields(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last row of an item gets lost."""
    real = module._field_rows
    monkeypatch.setattr(module, "_field_rows", lambda *given: real(*given)[:-1])


def keep_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A change that was shown is shown again."""
    monkeypatch.setattr(Walk, "claim", Walk.below)


def drop_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last entry of a list gets lost."""
    real = Walk.entries
    monkeypatch.setattr(Walk, "entries", lambda *given: real(*given)[:-1])


@pytest.mark.parametrize("fault", [drop_fields, keep_claimed, drop_entries])
def test_a_lost_or_doubled_change_is_noticed(
    monkeypatch: pytest.MonkeyPatch, fault: Callable[[pytest.MonkeyPatch], None]
) -> None:
    old, new = editions("rich")
    comparison = compare(old, new)
    fault(monkeypatch)
    assert ids(shown(comparison, old, new)) != every(comparison)


# ---------------------------------------------------------------- the right words on the right side


def told(entry: Entry | None) -> str:
    """Return every text of an item as it stands in its file."""

    def texts(value: object) -> Iterator[str]:
        if isinstance(value, dict):
            for inner in value.values():
                yield from texts(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from texts(inner)
        else:
            yield str(value)

    return "".join(texts(dict(entry.data))) if entry else ""


@pytest.mark.parametrize("name", NAMES)
def test_what_is_not_underlined_is_the_same_on_both_sides(name: str) -> None:
    old, new = editions(name)
    for row in rows(compare(old, new), old, new):
        if row.old_heading and row.new_heading and row.look == "item":
            assert bare(row, "old") == bare(row, "new"), row


@given(st.binary(min_size=20, max_size=60))
@PROPERTY
def test_a_side_underlines_only_its_own_marks(choices: bytes) -> None:
    old, new = editions("rich")
    other = mixed(old, new, choices)
    for row in rows(compare(old, other), old, other):
        assert not words(row.old, "new") and not words(row.new, "old")
        assert words(row.old, "moved") == words(row.new, "moved")


def test_the_words_that_changed_are_underlined_on_their_sides() -> None:
    old, new = editions("rich")
    found = {(row.item, row.label): row for row in rows(compare(old, new), old, new)}
    aim = found["act-shelf", "目的"]
    assert (words(aim.old, "old"), words(aim.new, "new")) == ("探すすぐに", "読みたい早く")
    steps = found["act-story", "進め方"]
    assert words(steps.old, "old") == "会場に敷物を敷く。30分参加した人数を記録する。"
    assert words(steps.new, "new") == "名札を付けて、子どもを迎える。40分参加した人数を記録する。"


def test_a_side_that_is_swapped_is_noticed() -> None:
    old, new = editions("rich")
    comparison = compare(old, new)
    swapped = {(row.item, row.label): row for row in rows(mirror(comparison), new, old)}
    assert words(swapped["act-shelf", "目的"].new, "new") == "探すすぐに"


# ---------------------------------------------------------------- what rows look like


@cache
def by_item(name: str = "rich") -> dict[str, list[Row]]:
    old, new = editions(name)
    found: dict[str, list[Row]] = {}
    for row in rows(compare(old, new), old, new):
        found.setdefault(row.item, []).append(row)
    return found


def lines(blocks: Iterable[Block]) -> list[str]:
    return [plain(one.inlines) for one in walk(tuple(blocks)) if isinstance(one, Paragraph)]


def test_what_came_stands_whole_beside_the_words_that_say_so() -> None:
    (row,) = by_item()["act-online"]
    assert lines(row.old) == [ADDED] and not row.old_heading
    assert words(row.new, "new") == "".join(lines(row.new))
    assert "読み聞かせを20分行う。" in lines(row.new) and "開始日：令和8年10月1日" in lines(row.new)


def test_what_went_stands_whole_beside_the_words_that_say_so() -> None:
    (row,) = by_item()["act-card"]
    assert lines(row.new) == [REMOVED] and not row.new_heading
    assert words(row.old, "old") == "".join(lines(row.old))


def test_what_was_moved_is_marked_on_both_sides_and_tells_where_it_stood() -> None:
    row = by_item()["act-story"][0]
    assert "移動（旧　第3章6）" in row.marks
    assert [plain(one.inlines) for one in row.new_heading if isinstance(one, Underlined)] == ["第4章1", "おはなし会"]
    assert {one.change for one in row.new_heading if isinstance(one, Underlined)} == {"moved"}


def test_splits_and_merges_are_told() -> None:
    assert by_item()["act-cover"][0].marks == ("「本の修理と装備」から分割",)
    assert by_item()["act-leaflet"][0].marks == ("「行事のお知らせ」へ統合",)


def test_writing_codes_and_duties_are_told() -> None:
    marks = {(row.item, row.label): row.marks for found in by_item().values() for row in found}
    assert marks["act-return", "目的"] == ("表記のみ",)
    assert "符号の変更" in marks["act-guide", "符号"]
    assert marks["act-show", "役割分担"] == ("担い手の変更",)


def test_what_only_got_another_number_has_no_text() -> None:
    (row,) = by_item()["act-fair"]
    assert row.marks == ("番号のみ",) and not row.old and not row.new
    assert plain(row.new_heading) == "第4章2　本のリサイクル市"


def test_a_changed_table_is_framed_and_a_paragraph_is_not() -> None:
    framed = {(row.item, row.label) for found in by_item().values() for row in found if row.framed}
    assert ("act-shelf", "用具") in framed and ("act-shelf", "目的") not in framed


def test_unchanged_text_is_left_out_once() -> None:
    for found in by_item().values():
        for row in found:
            for side in (row.old, row.new):
                texts = [lines((block,)) for block in side]
                assert not any(one == other == [OMITTED] for one, other in pairwise(texts))


def test_chapters_without_a_change_are_one_row() -> None:
    old, new = editions("rebuilt")
    item = next(one for one in compare(old, new).items if one.new_place and one.new_place.number.startswith("第5章"))
    comparison = replace(compare(old, new), items=(item,))
    texts = [lines(row.new) for row in rows(comparison, old, new)]
    assert ["はじめにから第4章まで　（略）"] in texts
    assert ["第6章から奥付まで　（略）"] in texts


def test_a_revision_without_changes_has_rows_only_for_what_is_left_out() -> None:
    old, _ = editions("rich")
    assert {row.look for row in rows(compare(old, old), old, old)} == {"omitted"}


def test_words_of_the_layout_that_changed_are_shown() -> None:
    old, new = editions("rich")
    comparison = replace(compare(old, new), templates=(("act-shelf--steps", "手順", "進め方"),))
    row = rows(comparison, old, new)[-1]
    assert (words(row.old, "old"), words(row.new, "new")) == ("手順", "進め方")
    assert plain(row.new_heading) == "書架の整理"


# ---------------------------------------------------------------- other schemas


def test_a_field_of_another_sort_in_one_edition_is_shown() -> None:
    old, new = editions("rich")
    kind = old.kinds["activity"]
    steps, purpose = kind.shape.properties["steps"], kind.shape.properties["purpose"]
    shape = replace(kind.shape, properties={**kind.shape.properties, "purpose": steps, "steps": purpose})
    entries = tuple(
        replace(one, data={**one.data, "purpose": [one.data["purpose"]], "steps": "まとめて書いた進め方。"})
        if one.kind == "activity"
        else one
        for one in old.entries
    )
    other = replace(old, entries=entries, kinds={**old.kinds, "activity": replace(kind, shape=shape)})
    for one, two in ((other, new), (new, other)):
        comparison = compare(one, two)
        assert ids(shown(comparison, one, two)) == every(comparison)


def test_choices_are_told_in_the_words_of_their_edition() -> None:
    old, new = editions("rich")
    kind = old.kinds["activity"]
    properties = dict(kind.shape.properties)
    field = properties["level"]
    properties["level"] = replace(field, labels={code: f"旧の{label}" for code, label in field.labels.items()})
    other = replace(
        old, kinds={**old.kinds, "activity": replace(kind, shape=replace(kind.shape, properties=properties))}
    )
    row = next(
        one for one in rows(compare(other, new), other, new) if (one.item, one.label) == ("act-guide", field.title)
    )
    assert words(row.old, "old").startswith("旧の")
