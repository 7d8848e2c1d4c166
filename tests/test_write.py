import threading
from pathlib import Path

import pytest

from shishin.problem import Failure
from shishin.write import keep_others, new_folder, swap_in, usable_target


@pytest.mark.parametrize("name", [".", "guideline", "guideline/x", "site", "..", "notes", "file", "link"])
def test_a_build_never_replaces_what_it_has_not_made(tmp_path: Path, name: str) -> None:
    root = tmp_path / "project"
    for folder in ("guideline", "site", "notes"):
        (root / folder).mkdir(parents=True)
    (root / "notes" / "mine.txt").write_text("x")
    (root / "file").write_text("x")
    (root / "link").symlink_to(root / "notes")
    with pytest.raises(Failure, match="can't be replaced"):
        usable_target(root / name if name not in (".", "..") else (root / name).resolve(), root)


def test_a_new_an_empty_and_a_built_folder_may_be_replaced(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "build.json").write_text("{}")
    for name in ("new", "empty", "dist"):
        usable_target(tmp_path / name, tmp_path)


def fill(folder: Path, word: str) -> None:
    for name in ("a", "b"):
        (folder / name).write_text(word)


def test_a_failed_build_leaves_nothing_behind(tmp_path: Path) -> None:
    target = tmp_path / "dist"
    try:
        with new_folder(target) as folder:
            fill(folder, "half")
            raise RuntimeError
    except RuntimeError:
        pass
    assert list(tmp_path.iterdir()) == []


def test_readers_see_the_old_or_the_new_whole(tmp_path: Path) -> None:
    """A reader that opens the folder once finds both files of one build; the folder is never missing."""
    target = tmp_path / "dist"
    with new_folder(target) as folder:
        fill(folder, "0")
        swap_in(folder, target)
    stop = threading.Event()
    seen: list[str] = []

    def read() -> None:
        import os

        while not stop.is_set():
            try:
                opened = os.open(target, os.O_RDONLY)
            except FileNotFoundError:
                seen.append("missing")
                continue
            try:
                words = set()
                for name in ("a", "b"):
                    file = os.open(name, os.O_RDONLY, dir_fd=opened)
                    words.add(os.read(file, 10))
                    os.close(file)
                seen.append("whole" if len(words) == 1 else "mixed")
            except FileNotFoundError:
                pass  # this reader held a folder that has since been removed
            finally:
                os.close(opened)

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(1, 200):
        with new_folder(target) as folder:
            fill(folder, str(number))
            swap_in(folder, target)
    stop.set()
    reader.join()
    assert "whole" in seen
    assert set(seen) == {"whole"}


def test_a_swap_keeps_other_editions(tmp_path: Path) -> None:
    target = tmp_path / "dist"
    (target / "v1").mkdir(parents=True)
    (target / "v1" / "x").write_text("kept")
    with new_folder(target) as folder:
        (folder / "working").mkdir()
        keep_others(target, folder, frozenset({"working"}))
        swap_in(folder, target)
    assert sorted(path.name for path in target.iterdir()) == ["v1", "working"]
    assert (target / "v1" / "x").read_text() == "kept"
