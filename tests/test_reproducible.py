"""The same input gives the same bytes: sixteen builds in different surroundings have the same hashes.

The real guideline is built each time, to all outputs. The sixteen hold every pair of the values of every two factors
of surroundings.py; `make soak` makes sixty.
"""

import hashlib
import json
import re
import shutil
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from conftest import ROOT
from difference import first_difference, members
from shishin.schema import shipped
from surroundings import FACTORS, Place, build_all, choose, compile_locales, needles, snapshot

ROWS = choose(FACTORS, 16)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Place, tuple[str, ...]]:
    """Where the first was built, and where each other differs from it."""
    folder = tmp_path_factory.mktemp("builds")
    sources, locales = snapshot(folder / "sources"), compile_locales(folder / "locales")
    return build_all(sources, folder / "places", locales, ROWS)


@pytest.fixture(scope="module")
def dist(built: tuple[Place, tuple[str, ...]]) -> Path:
    return built[0].dist


@pytest.fixture(scope="module")
def report(dist: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((dist / "build.json").read_text(encoding="utf-8"))
    return found


def test_sixteen_builds_are_byte_equal(built: tuple[Place, tuple[str, ...]]) -> None:
    differing = [f"{said}\n  in {dict(row)}" for row, said in zip(ROWS[1:], built[1], strict=True) if said]
    assert differing == [], "\n".join(differing)


def test_a_build_with_a_warm_cache_is_byte_equal(built: tuple[Place, tuple[str, ...]], tmp_path: Path) -> None:
    place, _ = built
    assert any((place.root / ".cache").iterdir())
    shutil.copytree(place.dist, tmp_path / "cold")
    assert place.build("--force") == ""
    assert first_difference(tmp_path / "cold", place.dist) == ""


def test_every_file_is_in_the_report_with_its_hash(dist: Path, report: dict[str, Any]) -> None:
    files = {path.relative_to(dist).as_posix(): path for path in dist.rglob("*") if path.is_file()}
    del files["build.json"]
    told = {one["path"]: (one["size"], one["sha256"]) for one in report["artifacts"]}
    read = {name: path.read_bytes() for name, path in files.items()}
    assert told == {name: (len(data), hashlib.sha256(data).hexdigest()) for name, data in read.items()}
    papers = ("niigata-coordinator-working.docx", "niigata-coordinator-working.pdf")
    for name in ("document.json", "edition.json", *papers, "site/index.html"):
        assert f"working/{name}" in told


def test_the_report_has_its_documented_shape(report: dict[str, Any]) -> None:
    shape = json.loads(shipped("shapes")["build.schema.json"])
    jsonschema_rs.Draft202012Validator(shape).validate(report)
    pages = {item["id"]: item["pages"] for item in report["items"]}
    assert set(pages["task-discharge"]) == {"docx", "pdf"}


def test_all_the_report_tells_of_the_machine_are_versions(report: dict[str, Any]) -> None:
    assert set(report) == {"format", "guideline", "edition", "tools", "artifacts", "items"}
    assert [tool for tool, said in report["tools"].items() if not re.fullmatch(r"\d+(\.\w+)+", said)] == []


def test_no_artifact_tells_of_its_surroundings(dist: Path) -> None:
    """No path, user, machine or day of a clock, in packed parts either. All sixteen are equal: one is searched."""
    settings = yaml.safe_load((ROOT / "guideline/guideline.yml").read_text(encoding="utf-8"))
    words = needles(dist.parents[2], settings["edition"]["as_of"])
    written = {word.encode(encoding): word for word in words for encoding in ("utf-8", "utf-16-be")}
    told, looked = [], set()
    for path in sorted(path for path in dist.rglob("*") if path.is_file()):
        data = path.read_bytes()
        digest = hashlib.sha256(data).digest()
        if digest not in looked:  # the site offers copies of the papers
            looked.add(digest)
            inside = members(path.name, data)
            told += [f"{name}: {word}" for name, part in inside for needle, word in written.items() if needle in part]
    assert told == []
