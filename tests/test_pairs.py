"""The pairs of editions that tests of comparisons use are sound, and hold what they say they hold."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pairs import PAIRS, Pair, changed, made, outline, rich
from shishin.check import check
from shishin.guideline import Item
from shishin.snapshot import Snapshot


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.__name__)
def test_a_pair_is_two_guidelines_without_errors(pair: Callable[[], Pair]) -> None:
    for tree in (pair().old, pair().new):
        _, problems = check(tree)
        # rules of wording came after these revisions: what they say about them stays as it is
        assert [one for one in problems if one.severity == "error" and not one.code.startswith("K")] == []
        assert made(tree).composed.left_out == ()


def test_the_artificial_pair_has_no_warnings_either() -> None:
    for tree in (rich().old, rich().new):
        _, problems = check(tree)
        assert [one for one in problems if one.severity != "note"] == []


def test_a_tree_is_made_once_and_a_changed_one_anew() -> None:
    tree = outline().old
    other = changed(tree, "guideline/guideline.yml", "subtitle: 新潟県", "subtitle: 別の県")
    assert made(tree) is made(outline().old)
    assert made(other).snapshot.settings["subtitle"] == "別の県"
    with pytest.raises(AssertionError):
        changed(tree, "guideline/guideline.yml", "無い言葉", "")


def _item(tree_snapshot: Snapshot, item: str) -> dict[str, object]:
    return dict(next(one.data for one in tree_snapshot.entries if one.id == item))


def test_the_artificial_pair_moves_renumbers_and_reassigns() -> None:
    old, new = made(rich().old).snapshot, made(rich().new).snapshot
    assert (old.places["act-story"].chapter, new.places["act-story"].chapter) == ("ch-daily", "ch-event")
    assert (old.places["form-record"].chapter, new.places["form-record"].chapter) == ("ch-annex", "ch-daily")
    assert _item(old, "act-fair") == _item(new, "act-fair")
    assert old.places["act-fair"].number != new.places["act-fair"].number
    parts = [next(iter(_item(one, "act-show")["parts"])) for one in (old, new)]  # type: ignore[call-overload]
    assert [part["team"] for part in parts] == ["team-staff", "team-circle"]
    assert parts[0]["what"] == parts[1]["what"]


def test_records_and_codes_are_there() -> None:
    items: tuple[Item, ...] = made(rich().new).edition.items
    assert {"comment", "meeting", "change", "activity", "team", "system", "form", "term"} <= {
        one.kind.name for one in items
    }
