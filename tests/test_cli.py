"""The command line as a person uses it: a real process, a real folder."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import CHAPTER, ROOT, SETTINGS, small_tree
from shishin.__main__ import main


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


def small_folder(folder: Path, **changes: str | None) -> Path:
    for path, data in small_tree(**changes).content.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


def test_format_lists_then_mends_then_has_nothing_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = small_folder(tmp_path, ch_one=CHAPTER.replace("order: 1", "order:   1"), ch_two="id: [\n")
    chapter = root / "guideline" / "chapters" / "ch-one.yml"
    call = ["--lang", "en", "format", "--root", str(root)]
    assert main([*call, "--check"]) == 1
    said = capsys.readouterr()
    assert "guideline/chapters/ch-two.yml:2:1: Y101" in said.out
    assert "\nguideline/chapters/ch-one.yml\n" in said.out
    assert "shishin format" in said.err
    assert "order:   1" in chapter.read_text(encoding="utf-8")
    assert main(call) == 1, "one file can't be read"
    assert chapter.read_text(encoding="utf-8") == CHAPTER
    assert (root / "guideline" / "chapters" / "ch-two.yml").read_text(encoding="utf-8") == "id: [\n"
    assert (root / "schemas" / "editor" / "chapter.json").exists()
    assert main([*call, "--check", str(chapter)]) == 0
    assert main([*call, str(root / "guideline" / "none.yml")]) == 1
    small_folder(root)
    assert main([*call, "--check"]) == 0
    assert "Every file" in capsys.readouterr().out
    assert not [path for path in root.rglob("*.new")]


def test_migrate_shows_then_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = SETTINGS.removeprefix("format: 1\n")
    root = small_folder(tmp_path, guideline=old)
    settings = root / "guideline" / "guideline.yml"
    assert main(["--lang", "en", "check", "--root", str(root)]) == 1
    said = capsys.readouterr()
    assert said.out.count("C206") == 1
    assert "shishin migrate" in said.out
    assert main(["migrate", "--dry-run", "--root", str(root)]) == 0
    assert "+format: 1\n" in capsys.readouterr().out
    assert settings.read_text(encoding="utf-8") == old
    assert main(["migrate", "--root", str(root)]) == 0
    assert settings.read_text(encoding="utf-8") == SETTINGS
    assert main(["migrate", "--root", str(root)]) == 0
    settings.write_text(SETTINGS.replace("format: 1", "format: 9"), encoding="utf-8")
    capsys.readouterr()
    assert main(["--lang", "en", "check", "--root", str(root)]) == 1
    assert "C207" in capsys.readouterr().out
    assert main(["--lang", "en", "migrate", "--root", str(root)]) == 1
    assert "format 9" in capsys.readouterr().err
