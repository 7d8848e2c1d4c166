"""A build where nothing has changed does nothing; any change is seen, and the state file is never an answer."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import ROOT, small_tree
from shishin import unchanged


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small guideline whose files have lain there for an hour, as far as their times of change tell."""
    for path, data in small_tree().content.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    return tmp_path


def remember(folder: Path, said: str = "said") -> None:
    """Keep a build of `folder`, as if its sources had settled long before it began."""
    out = folder / "dist"
    out.mkdir(exist_ok=True)
    (out / "made").write_text("made")
    state = unchanged.sources(str(folder))
    unchanged.remember(str(folder), str(out), "all", state, state[1] + 10_000_000_000, {"ja": said, "en": said})


def recalled(folder: Path, wanted: str = "all") -> dict[str, str] | None:
    return unchanged.recall(str(folder), str(folder / "dist"), wanted)


def test_nothing_changed(folder: Path) -> None:
    assert recalled(folder) is None
    remember(folder)
    assert recalled(folder) == {"ja": "said", "en": "said"}
    assert recalled(folder, "other") is None


CHANGES: dict[str, Callable[[Path], object]] = {
    "text": lambda folder: (folder / "guideline/chapters/ch-one.yml").write_text("id: x"),
    "new file": lambda folder: (folder / "guideline/new.yml").write_text(""),
    "gone file": lambda folder: (folder / "guideline/references.yml").unlink(),
    "renamed file": lambda folder: (folder / "guideline/references.yml").rename(folder / "guideline/other.yml"),
    "new schema": lambda folder: ((folder / "schemas").mkdir(), (folder / "schemas/x.schema.json").write_text("{}")),
    "settings of the site": lambda folder: (folder / "mkdocs.yml").write_text("a: 1"),
    "touched": lambda folder: os.utime(folder / "guideline/references.yml"),
    "output changed": lambda folder: (folder / "dist/made").write_text("else"),
    "output gone": lambda folder: (folder / "dist/made").unlink(),
    "something more in the output": lambda folder: (folder / "dist/more").write_text(""),
    "state damaged": lambda folder: (folder / ".cache/built.json").write_text("{"),
    "state of another form": lambda folder: (folder / ".cache/built.json").write_text("[1]"),
    "state gone": lambda folder: (folder / ".cache/built.json").unlink(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_is_seen(folder: Path, change: str) -> None:
    remember(folder)
    CHANGES[change](folder)
    assert recalled(folder) is None


def test_the_same_size_and_an_old_time_do_not_hide_a_change(folder: Path) -> None:
    remember(folder)
    file = folder / "guideline/references.yml"
    state = file.stat()
    file.write_bytes(file.read_bytes().replace(b"ref-one", b"ref-two"))
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert recalled(folder) is None


def test_a_change_during_the_build_is_not_missed(folder: Path) -> None:
    (folder / "dist").mkdir()
    before = unchanged.sources(str(folder))
    (folder / "guideline/references.yml").write_text("changed while building")
    unchanged.remember(
        str(folder), str(folder / "dist"), "all", before, before[1] + 10_000_000_000, {"ja": "", "en": ""}
    )
    assert recalled(folder) is None


def test_what_changed_just_before_the_build_is_not_trusted(folder: Path) -> None:
    (folder / "dist").mkdir()
    before = unchanged.sources(str(folder))
    unchanged.remember(
        str(folder), str(folder / "dist"), "all", before, before[1] + 1_000_000_000, {"ja": "", "en": ""}
    )
    assert recalled(folder) is None


def test_the_second_build_says_the_same_and_touches_nothing(folder: Path) -> None:
    def build(*more: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "shishin", "build", "--to", "json", "--lang", "en", *more],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT / "generators")},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    time.sleep(2.1)  # so that the sources have settled
    first = build()
    made = (folder / "dist/build.json").stat().st_mtime_ns
    again = build()
    assert again == "nothing has changed.\n" + first
    assert (folder / "dist/build.json").stat().st_mtime_ns == made
    assert build("--force") == first
    assert (folder / "dist/build.json").stat().st_mtime_ns != made


def test_deciding_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom shishin import __main__, unchanged\n__main__._parser()\n"
        "print([name for name in ('pathlib','dataclasses','yaml','jinja2','mkdocs','lxml','rich') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(ROOT / 'generators')!r})\n{code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
