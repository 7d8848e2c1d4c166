"""Where a guideline is read from: a folder, a Git revision (later) or a dict in tests.

Everything above this module sees paths relative to the folder that holds `guideline/` and `schemas/`,
with "/" between the parts, sorted bytewise, and bytes with LF line ends.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from shishin.problem import Failure, Words

MAX_BYTES = 2_000_000
"""A larger source file is refused: no item, schema or template comes near it."""


class Tree(Protocol):
    """A readable set of files."""

    def files(self, under: str) -> tuple[str, ...]:
        """Return the paths of all files below the folder `under`, sorted bytewise."""
        ...

    def read(self, path: str) -> bytes:
        """Return a file's bytes with LF line ends."""
        ...


@dataclass(frozen=True, slots=True)
class FolderTree:
    """A folder on disk. Links and hidden files are not followed (safety: a link may lead out of the tree)."""

    root: Path

    def files(self, under: str) -> tuple[str, ...]:
        """Return the paths of all files below the folder `under`, sorted bytewise."""
        if (self.root / under).is_symlink():
            raise _link(under)
        found: list[str] = []
        waiting = [under]
        while waiting:
            folder = waiting.pop()
            try:
                entries = list(os.scandir(self.root / folder))
            except (FileNotFoundError, NotADirectoryError):
                continue
            except OSError as error:
                raise _unreadable(folder, error) from error
            for entry in entries:
                path = f"{folder}/{entry.name}"
                if entry.name.startswith("."):
                    continue
                if entry.is_symlink():
                    raise _link(path)
                if entry.is_dir():
                    waiting.append(path)
                elif entry.is_file():  # a pipe or device would hang its reader
                    found.append(path)
        return tuple(sorted(found, key=os.fsencode))

    def read(self, path: str) -> bytes:
        """Return a file's bytes with LF line ends."""
        try:
            data = (self.root / path).read_bytes()
        except OSError as error:
            raise _unreadable(path, error) from error
        if len(data) > MAX_BYTES:
            raise Failure(
                Words(
                    ja=f"{path} は大きすぎます（{len(data):,} バイト）。",
                    en=f"{path} is too large ({len(data):,} bytes).",
                ),
                Words(ja=f"{MAX_BYTES:,} バイトまでです。", en=f"The limit is {MAX_BYTES:,} bytes."),
            )
        return data.replace(b"\r\n", b"\n")


def _link(path: str) -> Failure:
    return Failure(
        Words(ja=f"{path} はリンクです。", en=f"{path} is a link."),
        Words(ja="リンク先の中身を、ふつうのファイルとして置いてください。", en="Put a plain file in its place."),
    )


def _unreadable(path: str, error: OSError) -> Failure:
    return Failure(
        Words(ja=f"{path} を読めません（{error.strerror}）。", en=f"{path} can't be read: {error.strerror}.")
    )


@dataclass(frozen=True, slots=True)
class DictTree:
    """Files held in memory: tests, and one tree laid over another."""

    content: Mapping[str, bytes]

    def files(self, under: str) -> tuple[str, ...]:
        """Return the paths of all files below the folder `under`, sorted bytewise."""
        return tuple(sorted((path for path in self.content if path.startswith(under + "/")), key=os.fsencode))

    def read(self, path: str) -> bytes:
        """Return a file's bytes with LF line ends."""
        return self.content[path].replace(b"\r\n", b"\n")
