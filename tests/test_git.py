"""Real repositories: revisions as trees, what changed, trailers, and nothing of the repository's own that runs."""

import subprocess
from pathlib import Path

import pytest

from conftest import small_tree
from shishin.git import Repository, Trailer, open_repository
from shishin.problem import Failure
from shishin.tree import FolderTree, Refused


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=事務局", "-c", "user.email=office@example.org")
    done = subprocess.run(["git", *who, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def lay(folder: Path, **changes: str) -> None:
    tree = small_tree(**changes)
    for path in tree.content:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(tree.content[path])


@pytest.fixture(params=["", "inside/deeper"])
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A guideline at the top of a repository, and one further below."""
    git(tmp_path, "init", "-q", "-b", "main")
    root = tmp_path / request.param
    root.mkdir(parents=True, exist_ok=True)
    lay(root)
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    return root


def opened(folder: Path) -> Repository:
    found = open_repository(folder)
    assert found is not None
    return found


def revise(folder: Path, message: str = "second") -> None:
    (folder / "guideline/references.yml").write_text("- id: ref-one\n", "utf-8")
    git(folder, "commit", "-qam", message)


def test_a_revision_is_a_tree(folder: Path) -> None:
    repository = opened(folder)
    first = repository.commit("main")
    assert first is not None
    before = {path: FolderTree(folder).read(path) for path in FolderTree(folder).files("guideline")}
    revise(folder)
    tree = repository.tree(first)
    assert {path: tree.read(path) for path in tree.files("guideline")} == before
    assert tree.files("guideline") == FolderTree(folder).files("guideline")


def test_what_changed_is_told_by_ids(folder: Path) -> None:
    repository = opened(folder)
    first = repository.commit("main")
    revise(folder)
    second = repository.commit("main")
    assert first is not None
    assert second is not None
    assert repository.changed(first, second) == ("guideline/references.yml",)
    assert repository.changed(first, first) == ()
    (folder / "guideline/new.yml").write_text("id: new\n", "utf-8")
    (folder / "guideline/chapters/ch-one.yml").unlink()
    found = repository.changed_in_folder(second)
    assert found == ("guideline/chapters/ch-one.yml", "guideline/new.yml")


def test_trailers_tell_why(folder: Path) -> None:
    repository = opened(folder)
    first = repository.commit("main")
    revise(
        folder, "後から\n\nくわしい説明。\n\nReason: 出典を改めた\nComment: c-01, c-02\nComment: c-03\nMeeting: wg-1"
    )
    second = repository.commit("main")
    assert first is not None
    assert second is not None
    assert repository.trailers(first, second) == (
        Trailer(
            files=("guideline/references.yml",),
            reason="出典を改めた",
            comments=("c-01", "c-02", "c-03"),
            meeting="wg-1",
        ),
    )
    assert repository.trailers(second, second) == ()


def test_links_are_listed_but_not_read(folder: Path) -> None:
    (folder / "guideline/link.yml").symlink_to("/etc/hostname")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "link")
    repository = opened(folder)
    tree = repository.tree(repository.commit("main") or "")
    assert "guideline/link.yml" in tree.files("guideline")
    with pytest.raises(Refused) as refused:
        tree.read("guideline/link.yml")
    assert refused.value.code == "Y110"


def test_line_ends_are_lf(folder: Path) -> None:
    (folder / "guideline/crlf.yml").write_bytes(b"id: a\r\n")
    git(folder, "-c", "core.autocrlf=false", "add", ".")
    git(folder, "commit", "-qm", "crlf")
    repository = opened(folder)
    assert repository.tree(repository.commit("main") or "").read("guideline/crlf.yml") == b"id: a\n"


def test_names_that_look_like_options_are_revisions_that_dont_exist(folder: Path) -> None:
    repository = opened(folder)
    for name in ("-x", "--help", "--output=made", "nothing", ""):
        assert repository.commit(name) is None
    assert not (folder / "made").exists()


def test_a_branch_with_the_name_of_an_option(folder: Path) -> None:
    head = git(folder, "rev-parse", "HEAD")
    git(folder, "update-ref", "refs/heads/-x", head)
    assert opened(folder).commit("refs/heads/-x") == head


def test_nothing_of_the_repository_runs(folder: Path) -> None:
    top = Path(git(folder, "rev-parse", "--show-toplevel"))
    for hook in ("pre-commit", "commit-msg", "post-commit"):
        script = top / ".git/hooks" / hook
        script.parent.mkdir(exist_ok=True)
        script.write_text(f"#!/bin/sh\ntouch {top}/ran-{hook}\n")
        script.chmod(0o755)
    monitor = top / "monitor"
    monitor.write_text(f"#!/bin/sh\ntouch {top}/ran-monitor\n")
    monitor.chmod(0o755)
    git(folder, "config", "core.fsmonitor", str(monitor))
    git(folder, "config", "user.name", "事務局")
    git(folder, "config", "user.email", "office@example.org")
    repository = opened(folder)
    (folder / "guideline/new.yml").write_text("id: new\n", "utf-8")
    repository.changed_in_folder("HEAD")
    repository.save(["guideline/new.yml"], "third")
    assert sorted(path.name for path in top.glob("ran-*")) == []


def test_saving_takes_only_what_is_named(folder: Path) -> None:
    git(folder, "config", "user.name", "事務局")
    git(folder, "config", "user.email", "office@example.org")
    (folder / "guideline/other.yml").write_text("id: other\n", "utf-8")
    git(folder, "add", ".")
    (folder / "guideline/new.yml").write_text("id: new\n", "utf-8")
    repository = opened(folder)
    before = repository.commit("HEAD")
    made = repository.save(["guideline/new.yml"], "版を確定")
    assert before is not None
    assert repository.changed(before, made) == ("guideline/new.yml",)
    assert "guideline/other.yml" in git(folder, "diff", "--cached", "--name-only")


def test_no_repository(tmp_path: Path) -> None:
    assert open_repository(tmp_path) is None
    assert open_repository(tmp_path / "nowhere") is None


def test_a_failing_command_says_why(folder: Path) -> None:
    with pytest.raises(Failure, match=r"Git|bad|unknown|Not"):
        opened(folder).changed("0" * 40, "1" * 40)
