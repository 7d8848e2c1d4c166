"""The manifest: written as sha256sum writes it, read strictly."""

from __future__ import annotations

import pytest

from shishin.manifest import LIMIT, digest, parsed, stored_paths, written
from shishin.tree import DictTree
from stored import FOLDER

HASHES = {"b.pdf": digest(b"b"), "a.json": digest(b"a")}


def test_what_is_written_is_read() -> None:
    assert parsed(written(HASHES)) == (HASHES, ())
    assert written(HASHES).startswith(digest(b"a").encode() + b"  a.json\n")
    assert parsed(b"") == ({}, ())


@pytest.mark.parametrize(
    "line",
    [
        b"", b"x", digest(b"a").encode(), digest(b"a").encode() + b" a", digest(b"a").upper().encode() + b"  a",
        digest(b"a").encode() + b"  ../a", digest(b"a").encode() + b"  a/b", digest(b"a").encode() + b"  .a",
        digest(b"a").encode() + b"  edition.yml", digest(b"a").encode() + b"  SHA256SUMS",
        digest(b"a").encode() + b"  c\r", digest(b"a").encode() + b"  a.json", digest(b"a").encode() + b" *c",
        b"# a remark",
    ],
)  # fmt: skip
def test_a_line_that_says_nothing_usable_is_counted(line: bytes) -> None:
    assert parsed(written(HASHES) + line + b"\n") == (HASHES, (3,))


def test_files_belong_to_an_edition_where_its_manifest_names_them() -> None:
    content = {
        f"{FOLDER}/e/SHA256SUMS": written(HASHES),
        f"{FOLDER}/e/a.json": b"",
        f"{FOLDER}/e/more.pdf": b"",
        f"{FOLDER}/e/deep/SHA256SUMS": written(HASHES),
        "guideline/chapters/SHA256SUMS": written(HASHES),
    }
    tree = DictTree(content)
    named = {f"{FOLDER}/e/{name}" for name in ("SHA256SUMS", "a.json", "b.pdf")}
    assert stored_paths(tree, tree.files("guideline")) == named


def test_a_manifest_that_cant_be_read_names_nothing() -> None:
    class Large(bytes):
        def __len__(self) -> int:
            return LIMIT + 1

    tree = DictTree({f"{FOLDER}/e/SHA256SUMS": Large()})
    assert stored_paths(tree, tree.files("guideline")) == {f"{FOLDER}/e/SHA256SUMS"}
