"""A small stored edition, for every test that reads, tampers with or publishes releases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conftest import CHAPTER, small_tree
from shishin.check import check
from shishin.compare import compare
from shishin.comparison import Comparison
from shishin.compose import compose
from shishin.document import Document
from shishin.edition import issued
from shishin.release import Facts, content_hash, freeze
from shishin.snapshot import Snapshot, snapshot_of
from shishin.tree import DictTree

FOLDER = "guideline/editions"
PAPERS = {"docx": b"PK\x03\x04 a Word file\r\n\x00 of some bytes", "pdf": b"%PDF-1.7\r\n\xff\xfe a PDF of some bytes"}
FONTS = {"Mincho.ttf": "1.060 sha256:00"}


def record(id: str = "ed-one", **fields: str) -> dict[str, str]:
    """The public data of an edition's record."""
    return {"id": id, "label": f"第1版 {id}", "status": "fixed", "as_of": "2026-11-01", **fields}


def as_yaml(data: Mapping[str, str]) -> bytes:
    return "".join(f'{key}: "{value}"\n' for key, value in data.items()).encode()


def made(tree: DictTree, data: Mapping[str, str]) -> tuple[Snapshot, Document]:
    """An edition composed from a tree."""
    guideline, problems = check(tree)
    assert [one for one in problems if one.severity == "error"] == []
    assert guideline is not None
    edition = issued(guideline, data)
    composed = compose(edition)
    assert composed.problems == ()
    return snapshot_of(edition, composed.document, composed.names), composed.document


def frozen(
    data: Mapping[str, str] | None = None,
    tree: DictTree | None = None,
    version: str = "0.1.0",
    comparison: Comparison | None = None,
    **facts: Any,
) -> dict[str, bytes]:
    """The files of a release by name, with papers that only look like papers."""
    data = data or record()
    snapshot, document = made(tree or small_tree(), data)
    papers = {f"{snapshot.guideline}-{snapshot.edition}.{ending}": bytes_ for ending, bytes_ in PAPERS.items()}
    known = Facts(record=data, tools={"shishin": version, "typst": "0.15.2"}, fonts=FONTS, **facts)
    return freeze(snapshot, document, comparison, papers, known)


def later(tree: DictTree | None = None) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Two stored editions, the second with one sentence changed and what it changed about the first."""
    first = frozen()
    reworded = small_tree(ch_one=CHAPTER.replace("本文である。", "改めた本文である。"))
    data = record("ed-two", as_of="2027-04-01", supersedes="ed-one")
    comparison = compare(made(small_tree(), record())[0], made(tree or reworded, data)[0])
    older = ("ed-one", content_hash(first))
    return first, frozen(data, tree or reworded, comparison=comparison, supersedes=older)


def with_release(files: Mapping[str, bytes], data: Mapping[str, str] | None = None) -> DictTree:
    """The small guideline with a release in it."""
    data = data or record()
    folder = f"{FOLDER}/{data['id']}"
    content = dict(small_tree().content) | {f"{folder}/{name}": text for name, text in files.items()}
    return DictTree(content | {f"{folder}/edition.yml": as_yaml(data)})
