from pathlib import Path

import pytest

from conftest import CHAPTER, small_tree
from shishin.check import check
from shishin.tree import MAX_BYTES, DictTree, FolderTree, Laid, Part, Refused, Tree


def test_files_are_sorted_bytewise_and_hidden_ones_left_out(tmp_path: Path) -> None:
    for name in ("b.yml", "a.yml", "あ.yml", "B.yml", ".hidden"):
        (tmp_path / "g" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "g" / name).write_text("x")
    assert FolderTree(tmp_path).files("g") == ("g/B.yml", "g/a.yml", "g/b.yml", "g/あ.yml")


def test_line_ends_become_lf(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1\r\n2\n")
    assert FolderTree(tmp_path).read("a") == b"1\n2\n"
    assert DictTree({"a": b"1\r\n"}).read("a") == b"1\n"


def test_links_are_listed_but_not_read(tmp_path: Path) -> None:
    (tmp_path / "g").mkdir()
    (tmp_path / "secret").write_text("x")
    (tmp_path / "g" / "link.yml").symlink_to(tmp_path / "secret")
    (tmp_path / "g" / "folder").symlink_to(tmp_path)
    tree = FolderTree(tmp_path)
    assert tree.files("g") == ("g/folder", "g/link.yml")
    for path in tree.files("g"):
        with pytest.raises(Refused, match="link") as refused:
            tree.read(path)
        assert refused.value.code == "Y110"
        with pytest.raises(Refused):
            tree.admit(path)


def test_a_link_is_one_problem_among_others(tmp_path: Path) -> None:
    for path, data in small_tree(ch_one=CHAPTER.replace("order: 1", "order: x")).content.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    (tmp_path / "guideline/chapters/ch-link.yml").symlink_to("/etc/hostname")
    (tmp_path / "guideline/chapters/ch-big.yml").write_bytes(b"#" * (MAX_BYTES + 1))
    _, problems = check(FolderTree(tmp_path))
    assert {one.code for one in problems if one.severity == "error"} == {"Y110", "Y115", "S104"}


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * (MAX_BYTES + 1))
    with pytest.raises(Refused, match="large"):
        FolderTree(tmp_path).read("a")


def test_raw_bytes_come_as_they_are_up_to_a_limit(tmp_path: Path) -> None:
    data = b"a\r\nb\n" + b"x" * MAX_BYTES
    (tmp_path / "g").mkdir()
    (tmp_path / "g/a").write_bytes(data)
    (tmp_path / "g/link").symlink_to(tmp_path / "g/a")
    folder, files = FolderTree(tmp_path), DictTree({"g/a": data})
    trees: tuple[Tree, ...] = (
        folder, files, Laid(files, DictTree({"g/a": b"under"})), Laid(DictTree({}), files), Part(files, frozenset({"g/a"})),
    )  # fmt: skip
    for tree in trees:
        assert tree.raw("g/a", len(data)) == data
        with pytest.raises(Refused, match="large"):
            tree.raw("g/a", len(data) - 1)
    with pytest.raises(Refused, match="link"):
        folder.raw("g/link", len(data))
