import threading
from pathlib import Path

from shishin.write import keep_others, new_folder, sha256, swap_in, write_file


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    file = tmp_path / "a"
    write_file(file, b"old")
    write_file(file, b"new")
    assert file.read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert sha256(file) == "11507a0e2f5e69d5dfa40a62a1bd7b6ee57e6bcd85c67c9b8431b36fff21c437"


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
