from pathlib import Path

import pytest

from shishin.problem import Failure
from shishin.tree import MAX_BYTES, DictTree, FolderTree


def test_files_are_sorted_bytewise_and_hidden_ones_left_out(tmp_path: Path) -> None:
    for name in ("b.yml", "a.yml", "あ.yml", "B.yml", ".hidden"):
        (tmp_path / "g" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "g" / name).write_text("x")
    assert FolderTree(tmp_path).files("g") == ("g/B.yml", "g/a.yml", "g/b.yml", "g/あ.yml")


def test_line_ends_become_lf(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1\r\n2\n")
    assert FolderTree(tmp_path).read("a") == b"1\n2\n"
    assert DictTree({"a": b"1\r\n"}).read("a") == b"1\n"


def test_links_are_refused(tmp_path: Path) -> None:
    (tmp_path / "g").mkdir()
    (tmp_path / "secret").write_text("x")
    (tmp_path / "g" / "link.yml").symlink_to(tmp_path / "secret")
    with pytest.raises(Failure, match="link"):
        FolderTree(tmp_path).files("g")


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * (MAX_BYTES + 1))
    with pytest.raises(Failure, match="large"):
        FolderTree(tmp_path).read("a")
