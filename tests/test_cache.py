"""The cache may be gone, damaged or foreign at any moment, and never changes an answer."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from conftest import CHAPTER, small_tree
from shishin import cache as module
from shishin.cache import digest, no_cache, open_cache
from shishin.pipeline import check
from shishin.tree import FolderTree

NAMES = ("chapters/ch-one.yml", "chapters/ch-two.yml", "references.yml", "guideline.yml")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path, data in small_tree().content.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    return tmp_path


def checked(folder: Path) -> list[tuple[str, str]]:
    return [(one.code, one.position.file) for one in check(FolderTree(folder), open_cache(folder))]


def test_an_answer_comes_back_only_for_the_same_digest(tmp_path: Path) -> None:
    first = open_cache(tmp_path)
    first.keep("part", "name", "made", ["answer"])
    first.save()
    again = open_cache(tmp_path)
    assert again.recall("part", "name", "made") == ["answer"]
    assert again.recall("part", "name", "other") is None
    assert again.recall("part", "else", "made") is None


def test_what_a_run_did_not_use_is_forgotten_but_other_parts_stay(tmp_path: Path) -> None:
    first = open_cache(tmp_path)
    for part in ("a", "b"):
        first.keep(part, "old", "1", 1)
    first.save()
    second = open_cache(tmp_path)
    second.keep("a", "new", "1", 2)
    second.save()
    third = open_cache(tmp_path)
    assert third.recall("a", "old", "1") is None
    assert third.recall("a", "new", "1") == 2
    assert third.recall("b", "old", "1") == 1


@pytest.mark.parametrize("damage", [b"", b"x", b"\xff" * 40, b"0" * 32 + b"\n{}", b"0" * 32 + b"\n{"])
def test_a_damaged_cache_is_an_empty_one(folder: Path, damage: bytes) -> None:
    assert checked(folder) == []
    file = folder / ".cache/shishin.cache"
    whole = file.read_bytes()
    file.write_bytes(damage or whole[:-20])
    assert checked(folder) == []
    file.write_bytes(whole.replace(b"ch-one", b"ch-uno"))  # changed by hand: the digest says so
    assert checked(folder) == []


def test_another_tool_starts_anew(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = open_cache(folder)
    cache.keep("part", "name", "made", 1)
    cache.save()
    monkeypatch.setattr(module, "tool", lambda: "another")
    assert open_cache(folder).recall("part", "name", "made") is None


def test_a_folder_that_cannot_be_written_is_no_problem(folder: Path) -> None:
    (folder / ".cache").write_text("a file where the folder should be")
    assert checked(folder) == []


def test_a_link_is_not_followed(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other") / "target"
    other.write_text("mine")
    (folder / ".cache").mkdir()
    (folder / ".cache/shishin.cache").symlink_to(other)
    assert checked(folder) == []
    assert other.read_text() == "mine"


@pytest.mark.parametrize(
    ("path", "old", "new", "code"),
    [
        ("chapters/ch-one.yml", "order: 1", "order: eins", "S104"),
        ("chapters/ch-one.yml", "[[ch-two]]", "[[ch-tow]]", "R301"),
        ("chapters/ch-one.yml", "[[ch-two]]", "[x](#ch-two--nowhere)", "R306"),
        ("chapters/ch-two.yml", "key: first", "key: other", "R306"),
        ("chapters/ch-two.yml", "#ch-one--first", "#ch-one--nowhere", "R306"),
        ("chapters/ch-one.yml", "本文である。", "本文の<b>である。", "M402"),
        ("references.yml", "id: ref-one", "id: ref-two", "R301"),
        ("chapters/ch-refs.yml", "- references", "- nothing", "T502"),
    ],
)
def test_what_breaks_after_a_clean_run_is_found(folder: Path, path: str, old: str, new: str, code: str) -> None:
    assert checked(folder) == []
    file = folder / "guideline" / path
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    fresh = [(one.code, one.position.file) for one in check(FolderTree(folder), no_cache())]
    assert checked(folder) == fresh
    if not (path == "chapters/ch-two.yml" and new == "key: other"):  # nothing points there: both say so
        assert code in {found for found, _ in fresh}
    file.write_text(text, encoding="utf-8")
    assert checked(folder) == []


def test_a_template_is_an_input_too(folder: Path) -> None:
    assert checked(folder) == []
    own = folder / "guideline/templates/items/chapter.md.j2"
    own.parent.mkdir(parents=True)
    own.write_text("{{ item.nothing }}", encoding="utf-8")
    assert "T501" in {code for code, _ in checked(folder)}
    own.unlink()
    assert checked(folder) == []


def test_what_a_template_reads_of_other_items_is_an_input(folder: Path) -> None:
    part = folder / "guideline/templates/parts/own.md.j2"
    part.parent.mkdir(parents=True)
    part.write_text("{% for one in items('chapter') %}\n\n{{ 1 / one.order }}\n{% endfor %}\n", encoding="utf-8")
    chapter = folder / "guideline/chapters/ch-refs.yml"
    chapter.write_text(chapter.read_text(encoding="utf-8").replace("- references", "- references\n  - own"), "utf-8")
    assert checked(folder) == []
    one = folder / "guideline/chapters/ch-one.yml"
    one.write_text(CHAPTER.replace("order: 1", "order: 0"), encoding="utf-8")
    assert {code for code, _ in checked(folder)} == {"T501"}


def test_nothing_is_written_where_nothing_is_new(folder: Path) -> None:
    checked(folder)
    file = folder / ".cache/shishin.cache"
    os.utime(file, ns=(1, 1))
    checked(folder)
    assert file.stat().st_mtime_ns == 1


def test_parts_cannot_run_together() -> None:
    assert digest("ab", "c") != digest("a", "bc") != digest("abc")
