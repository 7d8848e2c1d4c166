"""The same input gives the same bytes: two builds in different surroundings have the same hashes."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema_rs
import pytest

from conftest import ROOT
from shishin.schema import shipped


def build(folder: Path, *, umask: int, **env: str) -> dict[str, str]:
    """Build a copy of everything in `folder` and return path → SHA-256."""
    for name in ("guideline", "schemas", "site"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "mkdocs.yml", folder)
    surroundings = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT / "generators"),
        **env,
    }
    done = subprocess.run(
        [sys.executable, "-m", "shishin", "build"],
        cwd=folder,
        env=surroundings,
        capture_output=True,
        text=True,
        umask=umask,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads((folder / "dist/build.json").read_text(encoding="utf-8"))
    for artifact in report["artifacts"]:
        assert (folder / "dist" / artifact["path"]).stat().st_size == artifact["size"]
    return {artifact["path"]: artifact["sha256"] for artifact in report["artifacts"]}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    folder = tmp_path_factory.mktemp("a")
    return folder, build(folder, umask=0o022, TZ="UTC", LANG="C.UTF-8", PYTHONHASHSEED="1", HOME=str(folder))


def test_two_builds_are_byte_equal(first: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    other, home = tmp_path / "長い 名前のフォルダ" / "b", tmp_path / "home"
    other.mkdir(parents=True)
    home.mkdir()
    _, made = first
    again = build(
        other, umask=0o077, TZ="Asia/Tokyo", LC_ALL="C", PYTHONHASHSEED="4711", HOME=str(home), SOURCE_DATE_EPOCH="1"
    )
    assert sorted(made) == sorted(again)
    assert [path for path in made if made[path] != again[path]] == []
    papers = ("niigata-coordinator-working.docx", "niigata-coordinator-working.pdf")
    for name in ("document.json", "edition.json", *papers, "site/index.html"):
        assert f"working/{name}" in made


def test_the_hashes_would_differ(first: tuple[Path, dict[str, str]]) -> None:
    """The comparison isn't blind: the report's hashes are those of the files."""
    folder, made = first
    for path, digest in made.items():
        assert hashlib.sha256((folder / "dist" / path).read_bytes()).hexdigest() == digest


def test_the_report_has_its_documented_shape(first: tuple[Path, dict[str, str]]) -> None:
    shape = json.loads(shipped("shapes")["build.schema.json"])
    report = json.loads((first[0] / "dist/build.json").read_text(encoding="utf-8"))
    jsonschema_rs.Draft202012Validator(shape).validate(report)
    pages = {item["id"]: item["pages"] for item in report["items"]}
    assert set(pages["task-discharge"]) == {"docx", "pdf"}


def test_no_path_or_host_in_the_artifacts(first: tuple[Path, dict[str, str]]) -> None:
    folder, made = first
    needles = [str(folder).encode(), str(ROOT).encode()]
    contents = {path: (folder / "dist" / path).read_bytes() for path in made}
    assert [path for path, data in contents.items() if any(needle in data for needle in needles)] == []
