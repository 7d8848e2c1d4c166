"""What the tests share: the shipped guideline, a tiny one in memory, and the option that rewrites golden files."""

from __future__ import annotations

from pathlib import Path

import pytest

from shishin.check import check
from shishin.compose import Composed, compose
from shishin.edition import Edition, working_edition
from shishin.manifest import stored_paths
from shishin.snapshot import Snapshot, snapshot_of
from shishin.tree import DictTree, FolderTree

ROOT = Path(__file__).parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden files")


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def edition() -> Edition:
    """The shipped guideline as its working edition."""
    guideline, problems = check(FolderTree(ROOT))
    assert [one for one in problems if one.severity != "note"] == []
    assert guideline is not None
    return working_edition(guideline)


@pytest.fixture(scope="session")
def composed(edition: Edition) -> Composed:
    """The shipped guideline as a document."""
    return compose(edition)


@pytest.fixture(scope="session")
def snapshot(edition: Edition, composed: Composed) -> Snapshot:
    """What the shipped guideline's working edition says."""
    return snapshot_of(edition, composed.document, composed.names)


def shipped_sources() -> dict[str, bytes]:
    """Return the files of the shipped guideline and its schemas, without what its releases store."""
    tree = FolderTree(ROOT)
    paths = [path for folder in ("guideline", "schemas") for path in tree.files(folder)]
    return {path: tree.read(path) for path in sorted(set(paths) - stored_paths(tree, paths))}


SETTINGS = """\
format: 1
id: small
title: 小さな指針
publisher: 事務局
language: ja
contact:
  name: 事務局
  how: メール
numbering: chapter
edition:
  id: working
  label: 第1版（案）
  status: draft
  as_of: "2026-11-22"
"""
CHAPTER = """\
id: ch-one
title: はじめの章
order: 1
part: body
lead: |
  この章は[[ch-two]]へ
  つながる。
sections:
  - key: first
    title: 節
    body: 本文である。
source:
  - ref: ref-one
basis: stated
"""
SECOND = (
    CHAPTER.replace("ch-one", "ch-two")
    .replace("[[ch-two]]", "[前の章](#ch-one--first)")
    .replace("order: 1", "order: 2")
)
LAST = """\
id: ch-refs
title: 参考
order: 3
part: body
show:
  - references
source:
  - ref: ref-one
basis: stated
"""
REFERENCES = """\
- id: ref-one
  title: もとの資料
  order: 1
  issuer: 県
  category: report
  basis: stated
"""


def small_tree(**changes: str | None) -> DictTree:
    """Return a complete guideline of three chapters; `changes` replace files (ch_one=…) or drop them (None)."""
    files: dict[str, str | None] = {
        "guideline/guideline.yml": SETTINGS,
        "guideline/chapters/ch-one.yml": CHAPTER,
        "guideline/chapters/ch-two.yml": SECOND,
        "guideline/chapters/ch-refs.yml": LAST,
        "guideline/references.yml": REFERENCES,
    }
    names = {path.rpartition("/")[2].partition(".")[0].replace("-", "_"): path for path in files}
    for name, text in changes.items():
        files[names.get(name, name)] = text
    return DictTree({path: text.encode() for path, text in files.items() if text is not None})
