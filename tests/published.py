"""Released editions of the library's handbook, to be published: stored as a release stores them, without a run of it."""

from __future__ import annotations

from functools import cache

import pairs
from shishin.compare import compare
from shishin.compose import Composed, compose
from shishin.edition import issued
from shishin.manifest import EDITIONS
from shishin.release import Facts, freeze
from shishin.snapshot import Snapshot, snapshot_of
from shishin.tree import DictTree

RECORDS = {
    "trial": ("試行版", "abolished", "2025-10-01", "abolished: 2026-03-31\n"),
    "first": ("第1版", "effective", "2026-04-01", "effective: 2026-04-01\nsupersedes: trial\n"),
    "second-draft": ("第2版（案）", "draft", "2026-10-01", "supersedes: first\nsummary: 章を組み替えた。\n"),
    "second": ("第2版", "effective", "2027-04-01", "decided: 2027-03-10\neffective: 2027-04-01\nsupersedes: first\n"),
}
"""Label, status, day and the rest of the records, by edition; the two of the second edition say the same."""


def record(id: str, status: str = "") -> str:
    """Return the record of an edition, with another status where one is given."""
    label, own, day, rest = RECORDS[id]
    return f'id: {id}\nlabel: {label}\nstatus: {status or own}\nas_of: "{day}"\n' + "".join(
        f'{line.partition(": ")[0]}: "{line.partition(": ")[2]}"\n' for line in rest.splitlines()
    )


def tree(*ids: str, url: str = "") -> DictTree:
    """Return the handbook with the records of these editions and what is stored of each; `url` is where they go."""
    files = dict(pairs.rich().new.content)
    for id in ids:
        folder = f"{EDITIONS}/{id}"
        files[f"{folder}/edition.yml"] = record(id).encode()
        files |= {f"{folder}/{name}": data for name, data in _stored(id, ids, url).items()}
    return DictTree(files)


def _stored(id: str, ids: tuple[str, ...], url: str) -> dict[str, bytes]:
    snapshot, composed = _made(id, url)
    label, status, day, rest = RECORDS[id]
    before = rest.partition("supersedes: ")[2].partition("\n")[0]
    comparison = compare(_made(before, url)[0], snapshot) if before in ids else None
    papers = {f"library-volunteers-{id}.{ending}": ending.encode() * 1000 for ending in ("docx", "pdf")}
    facts = Facts(record={"id": id, "label": label, "status": status, "as_of": day}, tools={}, fonts={})
    return freeze(snapshot, composed.document, comparison, papers, facts)


@cache
def _made(id: str, url: str) -> tuple[Snapshot, Composed]:
    side = pairs.rich().new if id.startswith("second") else pairs.rich().old
    site = "site:\n  pages:\n    - activity\n" + (f"  url: {url}\n" if url else "")
    own = pairs.changed(side, "guideline/guideline.yml", "paper:\n", f"{site}paper:\n")
    label, status, day, _ = RECORDS[id]
    record = {"id": id, "label": label, "status": status, "as_of": day}
    edition = issued(pairs.made(own).edition.guideline, record)
    composed = compose(edition)
    return snapshot_of(edition, composed.document, composed.names), composed
