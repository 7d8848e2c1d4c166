"""The local hooks, run by the real pre-commit in a repository of their own: a faulty commit is refused."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import CHAPTER, small_tree

ROOT = Path(__file__).parent.parent
CONFIG = ROOT / ".pre-commit-config.yaml"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A clone of a small guideline with the hooks installed, and nothing of ours in its surroundings."""
    folder = tmp_path / "guideline of ours"
    for path, data in small_tree().content.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    (folder / CONFIG.name).write_bytes(CONFIG.read_bytes())
    assert git(folder, "init", "--quiet").returncode == 0
    assert shishin(folder, "format").returncode == 0  # writes the files for editors
    installed = subprocess.run(
        [sys.executable, "-m", "pre_commit", "install"],
        cwd=folder,
        env=surroundings(folder),
        capture_output=True,
        text=True,
        check=False,
    )
    assert installed.returncode == 0, installed.stdout + installed.stderr
    return folder


def surroundings(folder: Path) -> dict[str, str]:
    """Return an environment in which the command is found, and no address leads anywhere."""
    return {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(folder.parent),
        "LANG": "ja_JP.UTF-8",
        "PYTHONUTF8": "1",
        "PRE_COMMIT_HOME": str(folder.parent / "pre-commit"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.org",
        "http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9",
    }  # fmt: skip


def git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["git", *arguments], cwd=folder, env=surroundings(folder), capture_output=True, text=True, check=False
    )


def shishin(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "shishin", *arguments],
        cwd=folder,
        env=surroundings(folder),
        capture_output=True,
        text=True,
        check=False,
    )


def commit(folder: Path) -> tuple[int, str]:
    assert git(folder, "add", "--all").returncode == 0
    done = git(folder, "commit", "--quiet", "--message", "x")
    return done.returncode, done.stdout + done.stderr


def test_the_settings_are_valid_and_name_no_other_host() -> None:
    command = [sys.executable, "-m", "pre_commit", "validate-config", str(CONFIG)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "://" not in CONFIG.read_text(encoding="utf-8")


def test_a_faulty_commit_is_refused_with_our_words(repository: Path) -> None:
    code, said = commit(repository)
    assert code == 0, said
    chapter = repository / "guideline" / "chapters" / "ch-one.yml"

    chapter.write_text(CHAPTER.replace("basis: stated", "basis: statd"), encoding="utf-8")
    code, said = commit(repository)
    assert code != 0
    assert "guideline/chapters/ch-one.yml:14:8" in said
    assert "S103" in said
    assert "stated" in said

    chapter.write_text(CHAPTER.replace("order: 1", "order:    1"), encoding="utf-8")
    code, said = commit(repository)
    assert code != 0
    assert "guideline/chapters/ch-one.yml" in said
    assert "shishin format" in said

    assert shishin(repository, "format").returncode == 0
    assert chapter.read_text(encoding="utf-8") == CHAPTER
    (repository / "README").write_text("x", encoding="utf-8")
    code, said = commit(repository)
    assert code == 0, said
