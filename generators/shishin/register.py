"""The register of a guideline's editions: what their records say, which is in force on a day, which are stored.

Reads only guideline/editions/, without schemas: a record's texts and dates are all that is asked of it here, and the
list must come out whatever becomes of the content.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date

from shishin.era import wareki
from shishin.manifest import EDITIONS, RECORD
from shishin.problem import Failure, Problem, Words
from shishin.schema import shipped
from shishin.source import Mapping, Scalar, parse
from shishin.tree import Tree

COUNTING = frozenset({"fixed", "effective", "abolished"})
"""Statuses of editions that have been in force from their 施行日 on; an abolished one was until its 廃止日."""
_DATES = ("as_of", "decided", "published", "effective", "abolished")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What the record of an edition says; "" where it says nothing. Dates are ISO dates."""

    id: str
    label: str
    status: str
    as_of: str
    version: str = ""
    decided: str = ""
    published: str = ""
    effective: str = ""
    abolished: str = ""
    decision: str = ""
    meeting: str = ""
    supersedes: str = ""
    audience: str = ""
    summary: str = ""
    note: str = ""

    @property
    def status_label(self) -> str:
        """The status as it is printed: 案."""
        return _labels("status").get(self.status, self.status)

    @property
    def dates(self) -> tuple[tuple[str, str], ...]:
        """The dates it has, each with its name, in the Japanese calendar."""
        titles = _titles()
        return tuple((titles[name], wareki(getattr(self, name))) for name in _DATES if getattr(self, name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the list of editions: the record, and the release's hash ("" where it isn't released)."""

    record: Record
    hash: str

    @property
    def released(self) -> bool:
        """Tell whether the edition is stored."""
        return bool(self.hash)


def records(tree: Tree) -> tuple[Record, ...]:
    """Return the records of all editions, the oldest first; raise Failure where one can't be read."""
    found = [
        _record(tree, path)
        for path in tree.files(EDITIONS)
        if path.endswith(f"/{RECORD}") and path.count("/") == EDITIONS.count("/") + 2
    ]
    return tuple(sorted(found, key=lambda one: (one.as_of, one.id)))


def rows(tree: Tree) -> tuple[Row, ...]:
    """Return the list of editions, the oldest first."""
    from shishin.manifest import released
    from shishin.release import hash_of

    stored = frozenset(released(tree))
    return tuple(Row(record=one, hash=hash_of(tree, one.id) if one.id in stored else "") for one in records(tree))


def in_force(editions: Iterable[Record], day: str) -> str:
    """Return the id of the edition in force on a day (an ISO date); raise Failure where none or several are.

    It has taken effect, isn't abolished yet, and no edition that supersedes it (itself or over others) has taken
    effect: once superseded, an edition doesn't come back when the newer one is abolished. Only 確定 and 施行 count;
    an edition that is 廃止 today counts before its 廃止日.
    """
    editions = tuple(editions)
    _iso(day)
    begun = [one for one in editions if one.status in COUNTING and one.effective and one.effective <= day]
    replaced = {older for one in begun for older in _ancestors(one, editions)}
    found = [one for one in begun if one.id not in replaced and not _ended(one, day)]
    if len(found) == 1:
        return found[0].id
    if found:
        told = "、".join(f"{one.id}（{one.label}）" for one in found)
        raise Failure(
            Words(
                ja=f"{wareki(day)}に施行中の版が複数あります: {told}",
                en=f"Several editions are in force on {day}: {', '.join(one.id for one in found)}",
            ),
            Words(
                ja="--edition で版を指すか、後の版の記録に「前の版」（supersedes）を書いてください。",
                en="Name one with --edition, or say in the later record which one it supersedes.",
            ),
        )
    raise Failure(
        Words(ja=f"{wareki(day)}に施行中の版はありません。", en=f"No edition is in force on {day}."),
        Words(
            ja="版: " + ("、".join(f"{one.id}（{_state_ja(one)}）" for one in editions) or "なし"),
            en="Editions: " + (", ".join(f"{one.id} ({_state_en(one)})" for one in editions) or "none"),
        ),
    )


def _ended(one: Record, day: str) -> bool:
    return one.abolished <= day if one.abolished else one.status == "abolished"


def _ancestors(one: Record, editions: tuple[Record, ...]) -> Iterator[str]:
    by_id = {other.id: other for other in editions}
    seen: set[str] = set()
    older = one.supersedes
    while older and older not in seen:
        seen.add(older)
        yield older
        older = by_id[older].supersedes if older in by_id else ""


def _state_ja(one: Record) -> str:
    since = f"・施行 {wareki(one.effective)}" if one.effective else "・施行日なし"
    return one.status_label + since + (f"・廃止 {wareki(one.abolished)}" if one.abolished else "")


def _state_en(one: Record) -> str:
    since = f", effective {one.effective}" if one.effective else ", no effective date"
    return one.status + since + (f", abolished {one.abolished}" if one.abolished else "")


def _record(tree: Tree, path: str) -> Record:
    try:
        node, problems = parse(tree.read(path).decode("utf-8-sig"), path)
    except UnicodeDecodeError as error:
        raise _unreadable(path) from error
    if problems or not isinstance(node, Mapping):
        raise _unreadable(path, problems)
    said = {key.text: value.text for key, value in node.entries if isinstance(value, Scalar)}
    known = {field.name for field in fields(Record)}
    try:
        found = Record(**{name: text.strip() for name, text in said.items() if name in known})
        for name in _DATES:
            if getattr(found, name):
                _iso(getattr(found, name))
    except (TypeError, Failure) as error:
        raise _unreadable(path) from error
    if found.id != path.split("/")[-2]:
        raise _unreadable(path)
    return found


def _iso(day: str) -> None:
    try:
        right = date.fromisoformat(day).isoformat() == day
    except ValueError:
        right = False
    if not right:
        raise Failure(
            Words(ja=f"「{day}」という日付はありません。", en=f"There is no date '{day}'."),
            Words(ja="2027-04-01 のように書いてください。", en="Write it like 2027-04-01."),
        )


def _unreadable(path: str, problems: tuple[Problem, ...] = ()) -> Failure:
    why = problems[0].message if problems else None
    return Failure(
        Words(
            ja=f"版の記録 {path} を読めません。" + (why.ja if why else ""),
            en=f"The record {path} can't be read." + (f" {why.en}" if why else ""),
        ),
        Words(ja="shishin check で誤りを確かめてください。", en="See what 'shishin check' says about it."),
    )


def _shape() -> dict[str, dict[str, dict[str, str]]]:
    found = json.loads(shipped("schemas")["edition.schema.json"])["properties"]
    assert isinstance(found, dict)
    return found


def _labels(name: str) -> dict[str, str]:
    return _shape()[name]["x-labels"]


def _titles() -> dict[str, str]:
    return {name: str(one["title"]) for name, one in _shape().items() if "title" in one}
