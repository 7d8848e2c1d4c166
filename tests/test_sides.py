"""The two sides of a comparison: which name means what, what is read, what commits say about items."""

from __future__ import annotations

from pathlib import Path

import pytest

from shishin.cache import no_cache
from shishin.check import check, errors
from shishin.git import open_repository
from shishin.problem import Failure
from shishin.sides import WORKING, Broken, by_item, find_side, only_changed, partly_read, read_side
from shishin.tree import FolderTree
from test_git import git, lay


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two commits; the second changes one chapter."""
    git(tmp_path, "init", "-q", "-b", "main")
    lay(tmp_path)
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    chapter = tmp_path / "guideline/chapters/ch-one.yml"
    chapter.write_text(chapter.read_text("utf-8").replace("本文である。", "本文を改めた。"), "utf-8")
    git(tmp_path, "commit", "-qam", "second\n\nReason: 読みにくかった\nMeeting: m-1")
    return tmp_path


def test_a_name_is_working_a_folder_or_a_revision_in_this_order(root: Path, tmp_path: Path) -> None:
    repository = open_repository(root)
    git(root, "branch", WORKING)
    assert find_side(root, WORKING, repository).commit == ""
    assert find_side(root, str(root), repository).commit == ""
    assert len(find_side(root, "HEAD~1", repository).commit) == 40
    with pytest.raises(Failure):
        find_side(root, "nowhere", repository)
    with pytest.raises(Failure):
        find_side(root, "HEAD~1", None)


def test_a_side_is_composed(root: Path) -> None:
    repository = open_repository(root)
    read = read_side(root, find_side(root, "HEAD~1", repository))
    assert read.snapshot.edition == read.place.commit[:9]
    assert read.files["guideline/chapters/ch-one.yml"] == ("ch-one",)
    assert read.snapshot.places["ch-one"].number == "第1章"


def test_a_broken_side_names_its_problems(root: Path) -> None:
    (root / "guideline/chapters/ch-one.yml").write_text("id: ch-one\n", "utf-8")
    with pytest.raises(Broken) as broken:
        read_side(root, find_side(root, WORKING, None))
    assert broken.value.problems


def test_only_what_changed_is_read(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = open_repository(root)
    old, new = only_changed((find_side(root, "HEAD~1", repository), find_side(root, "HEAD", repository)), repository)
    snapshots = [partly_read(side, no_cache()) for side in (old, new)]
    assert [[one.id for one in side.entries if one.kind == "chapter"] for side in snapshots] == [["ch-one"]] * 2
    asked: list[str] = []
    read = FolderTree.read
    monkeypatch.setattr(FolderTree, "read", lambda tree, path: asked.append(path) or read(tree, path))
    old, new = only_changed((find_side(root, "HEAD~1", repository), find_side(root, WORKING, repository)), repository)
    asked.clear()
    partly_read(new, no_cache())
    assert sorted(asked) == ["guideline/chapters/ch-one.yml", "guideline/guideline.yml"]


def test_commits_say_why(root: Path) -> None:
    repository = open_repository(root)
    assert repository is not None
    old, new = (read_side(root, find_side(root, name, repository)) for name in ("HEAD~1", "HEAD"))
    told = by_item(repository.trailers(old.place.commit, new.place.commit), old, new, {"m-1": "第1回会議"})
    assert [(item, one.text, one.meeting) for item, ones in told.items() for one in ones] == [
        ("ch-one", "読みにくかった", "第1回会議")
    ]


def test_content_of_the_past_is_not_measured_by_the_rules_of_today(root: Path) -> None:
    chapter = root / "guideline/chapters/ch-one.yml"
    chapter.write_text(chapter.read_text("utf-8").replace("本文を改めた。", "平成35年のことである。"), "utf-8")
    _, problems = check(FolderTree(root))
    assert {one.code for one in errors(problems)} == {"K09"}
    assert errors(problems, past=True) == ()
    chapter.write_text(chapter.read_text("utf-8").replace("[[ch-two]]", "[[ch-ten]]"), "utf-8")
    _, problems = check(FolderTree(root))
    assert {one.code for one in errors(problems, past=True)} == {"R301"}
