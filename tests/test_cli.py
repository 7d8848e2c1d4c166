"""The command line as a person uses it: a real process, a real folder."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT


def shishin(*arguments: str, cwd: Path = ROOT, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "shishin", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT / "generators"), **env},
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        timeout=120,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the guideline and its schemas to spoil."""
    for name in ("guideline", "schemas"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def test_check_is_clean_on_the_shipped_guideline() -> None:
    done = shishin("check")
    assert (done.returncode, done.stderr) == (0, "")


def test_problems_are_printed_with_their_place(copy: Path) -> None:
    task = copy / "guideline/tasks/task-discharge.yml"
    task.write_text(task.read_text(encoding="utf-8").replace("tier: basic", "tier: basci"), encoding="utf-8")
    done = shishin("check", "--lang", "en", cwd=copy)
    assert done.returncode == 1
    line = next(n for n, row in enumerate(task.read_text(encoding="utf-8").splitlines(), 1) if row.startswith("tier"))
    assert f"guideline/tasks/task-discharge.yml:{line}:7: S103" in done.stdout
    assert "Did you mean 'basic'?" in done.stdout
    japanese = shishin("check", "--lang", "ja", cwd=copy)
    assert "もしかして: basic" in japanese.stdout


def test_build_stops_at_problems_and_writes_nothing(copy: Path) -> None:
    (copy / "guideline/tasks/task-discharge.yml").write_text("id: [", encoding="utf-8")
    done = shishin("build", "--to", "json", cwd=copy)
    assert done.returncode == 1
    assert "Y101" in done.stdout
    assert not (copy / "dist").exists()


def test_build_prints_a_table(copy: Path) -> None:
    done = shishin("build", "--to", "json", "--lang", "ja", cwd=copy)
    assert (done.returncode, done.stderr) == (0, "")
    assert "document.json" in done.stdout
    assert (copy / "dist/working/document.json").exists()
    assert (copy / "dist/build.json").exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["build", "--to", "docs"], 2),
        (["build", "--edition", "v9"], 1),
        (["check", "--root", "/nonexistent"], 1),
        (["nonsense"], 2),
        ([], 2),
    ],
)
def test_wrong_calls_say_so_without_a_traceback(arguments: list[str], code: int) -> None:
    done = shishin(*arguments)
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert done.stderr + done.stdout


@pytest.mark.parametrize("encoding", ["cp932", "ascii", "utf-8"])
def test_no_console_encoding_breaks_the_output(copy: Path, encoding: str) -> None:
    path = copy / "guideline/tasks/task-discharge.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("tier: basic", "tier: 𠮷髙한"), encoding="utf-8")
    for language in ("ja", "en"):
        done = shishin("check", "--lang", language, cwd=copy, PYTHONIOENCODING=encoding)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        assert "S103" in done.stdout


def test_version_imports_nothing_heavy() -> None:
    code = "import sys; sys.argv=['shishin','--version']\nfrom shishin.__main__ import main\ntry: main()\nexcept SystemExit: pass\n"
    code += (
        "print([name for name in ('mkdocs','jinja2','git','yaml','typst','lxml','markdown_it') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT / "generators")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"
