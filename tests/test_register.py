"""The list of editions, and which of them is in force on a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from conftest import small_tree
from shishin.problem import Failure
from shishin.register import Record, in_force, records, rows
from shishin.tree import DictTree
from stored import FOLDER, as_yaml, frozen, record, with_release


def tree(*editions: dict[str, str]) -> DictTree:
    more = {f"{FOLDER}/{one['id']}/edition.yml": as_yaml(one) for one in editions}
    return DictTree({**small_tree().content, **more})


FIRST = record("ver-one", status="effective", effective="2024-04-01")
SECOND = record("ver-two", status="effective", effective="2026-04-01", supersedes="ver-one")


def on(day: str, *editions: dict[str, str]) -> str:
    return in_force(records(tree(*editions)), day)


def told(day: str, *editions: dict[str, str]) -> tuple[str, str]:
    with pytest.raises(Failure) as caught:
        on(day, *editions)
    hint = caught.value.hint
    assert hint is not None
    return caught.value.message.ja, hint.ja


def test_the_edition_in_force_is_the_newest_that_has_taken_effect() -> None:
    assert on("2024-04-01", FIRST, SECOND) == "ver-one"
    assert on("2026-03-31", FIRST, SECOND) == "ver-one"
    assert on("2026-04-01", FIRST, SECOND) == "ver-two"
    assert on("2030-01-01", SECOND, FIRST) == "ver-two"


def test_before_the_first_none_is_in_force() -> None:
    message, hint = told("2024-03-31", FIRST, SECOND)
    assert message == "令和6年3月31日に施行中の版はありません。"
    assert hint == "版: ver-one（施行・施行 令和6年4月1日）、ver-two（施行・施行 令和8年4月1日）"
    assert told("2024-03-31")[1] == "版: なし"


@pytest.mark.parametrize("status", ["draft", "consultation", "provisional", "postponed"])
def test_what_is_not_decided_is_not_in_force(status: str) -> None:
    assert on("2026-05-01", FIRST, {**SECOND, "status": status}) == "ver-one"
    assert "施行中の版はありません" in told("2026-05-01", {**SECOND, "status": status})[0]


def test_a_fixed_edition_without_a_date_is_not_in_force() -> None:
    fixed = record("ver-two", status="fixed", supersedes="ver-one")
    assert on("2026-05-01", FIRST, fixed) == "ver-one"
    assert on("2026-05-01", FIRST, {**fixed, "effective": "2026-05-01"}) == "ver-two"
    assert "確定・施行日なし" in told("2026-05-01", fixed)[1]


def test_an_abolished_edition_was_in_force_until_its_day() -> None:
    ended = {**FIRST, "status": "abolished", "abolished": "2026-01-01"}
    assert on("2025-12-31", ended) == "ver-one"
    assert "廃止 令和8年1月1日" in told("2026-01-01", ended)[1]
    assert "施行中の版はありません" in told("2025-12-31", {**FIRST, "status": "abolished"})[0]
    assert "施行中の版はありません" in told("2026-01-01", {**FIRST, "abolished": "2026-01-01"})[0]


def test_the_abolition_of_the_newer_does_not_bring_back_the_older() -> None:
    """Once superseded, an edition is in force again only by a new decision."""
    ended = {**SECOND, "abolished": "2027-01-01"}
    assert on("2026-12-31", FIRST, ended) == "ver-two"
    for one in (ended, {**ended, "status": "abolished"}):
        assert "施行中の版はありません" in told("2027-01-01", FIRST, one)[0]


def test_an_edition_replaces_those_before_it_over_one_that_never_took_effect() -> None:
    between = record("ver-mid", status="postponed", supersedes="ver-one")
    last = {**SECOND, "supersedes": "ver-mid"}
    assert on("2026-05-01", FIRST, between, last) == "ver-two"


def test_two_editions_that_know_nothing_of_each_other_are_told() -> None:
    message, hint = told("2026-05-01", FIRST, {**SECOND, "supersedes": "other"})
    assert message.endswith("複数あります: ver-one（第1版 ver-one）、ver-two（第1版 ver-two）")
    assert "--edition" in hint


def test_editions_that_supersede_each_other_end() -> None:
    assert "ありません" in told("2026-05-01", {**FIRST, "supersedes": "ver-two"}, SECOND)[0]


@pytest.mark.parametrize("day", ["", "2026-02-30", "20260401", "令和8年", "2026-4-1"])
def test_a_day_must_be_a_date(day: str) -> None:
    with pytest.raises(Failure) as caught:
        in_force([], day)
    assert f"「{day}」" in caught.value.message.ja


def test_at_most_one_edition_of_a_chain_is_in_force_on_any_day() -> None:
    chain = [
        record(f"v-{number}", status="effective", effective=f"20{20 + number}-04-01", supersedes=f"v-{number - 1}")
        for number in range(6)
    ]
    known = records(tree(*chain))
    day, found = date(2020, 4, 1), []
    while day < date(2026, 1, 1):
        found.append(in_force(known, day.isoformat()))
        day += timedelta(days=13)
    assert found == sorted(found)
    assert set(found) == {f"v-{number}" for number in range(6)}


def test_the_list_has_dates_states_and_hashes() -> None:
    more = {"version": "ver.1", "effective": "2026-12-01", "note": "本文は残っていない", "summary": "はじめての版"}
    planned = record("ed-two", as_of="2027-03-31", status="draft", supersedes="ed-one", **more)
    content = {**with_release(frozen()).content, **tree(planned).content}
    first, second = rows(DictTree(content))
    assert (first.record.id, first.released, len(first.hash)) == ("ed-one", True, 64)
    assert (second.record.id, second.released, second.hash) == ("ed-two", False, "")
    assert second.record.status_label == "案"
    assert second.record.dates == (("基準日", "令和9年3月31日"), ("施行日", "令和8年12月1日"))
    assert (second.record.version, second.record.note) == ("ver.1", "本文は残っていない")
    assert rows(small_tree()) == ()


def test_records_are_read_whatever_becomes_of_the_content() -> None:
    content = {**tree(FIRST).content, "guideline/guideline.yml": b"[", "schemas/chapter.schema.json": b"{"}
    assert [one.id for one in records(DictTree(content))] == ["ver-one"]
    alone = DictTree({f"{FOLDER}/ver-one/edition.yml": as_yaml(FIRST)})
    assert records(alone) == records(tree(FIRST))


@pytest.mark.parametrize(
    "text",
    [b"id: [", b"", b"- a\n", b"\xff", b'id: "ver-one"\n', as_yaml({**FIRST, "id": "other"}),
     as_yaml({**FIRST, "as_of": "2026-13-01"})],
)  # fmt: skip
def test_a_record_that_cant_be_read_is_named(text: bytes) -> None:
    with pytest.raises(Failure) as caught:
        records(DictTree({f"{FOLDER}/ver-one/edition.yml": text}))
    assert f"{FOLDER}/ver-one/edition.yml" in caught.value.message.ja
    assert caught.value.hint is not None
    assert "shishin check" in caught.value.hint.ja


def test_a_record_names_what_the_schema_names() -> None:
    """A field that the schema loses or renames must not be read in vain."""
    import json
    from dataclasses import fields

    from shishin.schema import shipped

    known = json.loads(shipped("schemas")["edition.schema.json"])["properties"]
    assert [one.name for one in fields(Record) if one.name not in known] == []
