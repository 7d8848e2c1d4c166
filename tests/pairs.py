"""Pairs of editions that every test of comparisons uses.

`outline` and `rebuilt` are revisions of this repository's own guideline, kept as files because a shallow clone has no
history: 4e09710 → f2be883 (the outlines of November 2019 and February 2020) and 0d2b0bc → 80077e2 (the rebuilt draft
and its revision). Both carry the retired.yml of a later commit, which explains the ids of the past. `rich` was
written by hand: a library's handbook for volunteers, with every kind of change (tests/pairs/rich/README.md lists them).

rebuilt.tar.xz holds old/ and new/, each with guideline/ and schemas/ as `git archive` gives them, in one USTAR archive
(names sorted, no dates, no owners) packed by lzma at preset 9 | PRESET_EXTREME.
"""

from __future__ import annotations

import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from shishin.check import check
from shishin.compose import Composed, compose
from shishin.edition import Edition, working_edition
from shishin.snapshot import Snapshot, snapshot_of
from shishin.tree import DictTree

FOLDER = Path(__file__).parent / "pairs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two editions of one guideline, as files."""

    name: str
    old: DictTree
    new: DictTree


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A tree read, composed and noted down."""

    edition: Edition
    composed: Composed
    snapshot: Snapshot


@cache
def outline() -> Pair:
    """Return the two outlines: chapters come, go, are retitled and go into others."""
    return Pair(name="outline", old=_tree("outline/both", "outline/old"), new=_tree("outline/both", "outline/new"))


@cache
def rebuilt() -> Pair:
    """Return the rebuilt draft before and after its revision: some 230 items, 50 files reworded."""
    sides: dict[str, dict[str, bytes]] = {"old": {}, "new": {}}
    with tarfile.open(FOLDER / "rebuilt.tar.xz") as archive:
        for member in archive:
            file = archive.extractfile(member)
            assert file is not None
            side, _, path = member.name.partition("/")
            sides[side][path] = file.read()
    return Pair(name="rebuilt", old=DictTree(sides["old"]), new=DictTree(sides["new"]))


@cache
def rich() -> Pair:
    """Return the handbook in which everything that can happen to an item happens once."""
    return Pair(name="rich", old=_tree("rich/both", "rich/old"), new=_tree("rich/both", "rich/new"))


PAIRS: tuple[Callable[[], Pair], ...] = (outline, rebuilt, rich)


def made(tree: DictTree) -> Made:
    """Return a tree's edition, document and snapshot; the same content is made once a session."""
    digest = sha256()
    for path in sorted(tree.content):
        digest.update(f"{path}\0{len(tree.content[path])}\0".encode())
        digest.update(tree.content[path])
    key = digest.hexdigest()
    if key not in _MADE:
        guideline, problems = check(tree)
        assert guideline is not None, problems
        edition = working_edition(guideline)
        composed = compose(edition)
        assert not [one for one in composed.problems if one.severity == "error"], composed.problems
        snapshot = snapshot_of(edition, composed.document, composed.names)
        _MADE[key] = Made(edition=edition, composed=composed, snapshot=snapshot)
    return _MADE[key]


_MADE: dict[str, Made] = {}


def changed(tree: DictTree, path: str, old: str, new: str) -> DictTree:
    """Return a tree in which one file says `new` where it said `old`, once."""
    text = tree.content[path].decode()
    assert text.count(old) == 1, f"{path}: {text.count(old)} times {old!r}"
    return DictTree({**tree.content, path: text.replace(old, new).encode()})


def _tree(*folders: str) -> DictTree:
    """Return the files of some folders below pairs/, the later laid over the earlier."""
    files: dict[str, bytes] = {}
    for folder in folders:
        root = FOLDER / folder
        for path in sorted(root.rglob("*.*")):
            if path.is_file():
                files[path.relative_to(root).as_posix()] = path.read_bytes()
    return DictTree(files)
