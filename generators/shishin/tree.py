"""Where a guideline is read from: a folder, a Git revision (later) or a dict in tests.

Everything above this module sees paths relative to the folder that holds `guideline/` and `schemas/`,
with "/" between the parts, sorted bytewise, and bytes with LF line ends.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from shishin.problem import Failure, Words
from shishin.reasons import in_japanese

MAX_BYTES = 2_000_000
"""A larger source file is refused: no item, schema or template comes near it."""

NEEDED = ("schemas/", "guideline/guideline.yml")
"""What reading anything of a guideline needs."""

_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


class Refused(Failure):
    """A file that isn't read: a link (Y110), too large (Y115), unreadable (Y116). `code` says which."""

    def __init__(self, code: str, message: Words, hint: Words | None = None) -> None:
        """Keep the code, so that a reader of many files can report it as a problem and go on."""
        super().__init__(message, hint)
        self.code = code


class Tree(Protocol):
    """A readable set of files."""

    def files(self, under: str) -> tuple[str, ...]:
        """Return the paths of all files below the folder `under`, sorted bytewise."""
        ...

    def read(self, path: str) -> bytes:
        """Return a file's bytes with LF line ends; raise Refused where it can't or may not be read."""
        ...

    def raw(self, path: str, limit: int) -> bytes:
        """Return a file's bytes as they are, up to a limit; raise Refused where it can't or may not be read."""
        ...


@dataclass(frozen=True, slots=True)
class FolderTree:
    """A folder on disk. Hidden files are left out; links are listed, but neither followed nor read.

    A link may lead out of the tree, and what it points to may be anything.
    """

    root: Path

    def files(self, under: str) -> tuple[str, ...]:
        """Return the paths of all files and links below the folder `under`, sorted bytewise."""
        if (self.root / under).is_symlink():
            raise link_refused(under)
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
                    found.append(path)
                elif entry.is_dir():
                    waiting.append(path)
                elif entry.is_file():  # a pipe or device would hang its reader
                    found.append(path)
        return tuple(sorted(found, key=os.fsencode))

    def admit(self, path: str) -> None:
        """Raise Refused where a path is a link."""
        if (self.root / path).is_symlink():
            raise link_refused(path)

    def read(self, path: str) -> bytes:
        """Return a file's bytes with LF line ends; raise Refused where it can't or may not be read."""
        return self.raw(path, MAX_BYTES).replace(b"\r\n", b"\n")

    def raw(self, path: str, limit: int) -> bytes:
        """Return a file's bytes as they are, up to a limit; raise Refused where it can't or may not be read."""
        try:
            with open(os.open(f"{self.root}/{path}", _FLAGS), "rb") as file:  # noqa: PTH123  # pathlib can't refuse links
                small = os.fstat(file.fileno()).st_size <= limit
                data = file.read() if small else b""
        except OSError as error:
            if error.errno == errno.ELOOP:
                raise link_refused(path) from error
            raise _unreadable(path, error) from error
        if not hasattr(os, "O_NOFOLLOW"):
            self.admit(path)
        if not small:
            raise too_large(path, limit)
        return data


def link_refused(path: str) -> Refused:
    """Return why a link isn't read."""
    return Refused(
        "Y110",
        Words(ja=f"{path} はリンクです。", en=f"{path} is a link."),
        Words(ja="リンク先の中身を、ふつうのファイルとして置いてください。", en="Put a plain file in its place."),
    )


def too_large(path: str, limit: int) -> Refused:
    """Return why a file of more than `limit` bytes isn't read."""
    return Refused(
        "Y115",
        Words(ja=f"{path} は大きすぎます。", en=f"{path} is too large."),
        Words(ja=f"{limit:,} バイトまでです。", en=f"The limit is {limit:,} bytes."),
    )


def _unreadable(path: str, error: OSError) -> Refused:
    return Refused(
        "Y116",
        Words(
            ja=f"{path} を読めません（{in_japanese(error.strerror or '')}）。",
            en=f"{path} can't be read: {error.strerror}.",
        ),
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

    def raw(self, path: str, limit: int) -> bytes:
        """Return a file's bytes as they are, up to a limit."""
        data = self.content[path]
        if len(data) > limit:
            raise too_large(path, limit)
        return data


@dataclass(frozen=True, slots=True)
class Laid:
    """One tree laid over another: its files come before those of the same path below."""

    over: Tree
    under: Tree

    def files(self, under: str) -> tuple[str, ...]:
        """Return the paths of the files of both."""
        return tuple(sorted({*self.over.files(under), *self.under.files(under)}, key=os.fsencode))

    def read(self, path: str) -> bytes:
        """Return a file's bytes with LF line ends."""
        return self._holder(path).read(path)

    def raw(self, path: str, limit: int) -> bytes:
        """Return a file's bytes as they are, up to a limit."""
        return self._holder(path).raw(path, limit)

    def _holder(self, path: str) -> Tree:
        return self.over if path in self.over.files(path.rpartition("/")[0]) else self.under


@dataclass(frozen=True, slots=True)
class Part:
    """Some files of a tree, and those that everything needs: what did not change need not be read."""

    tree: Tree
    paths: frozenset[str]

    def files(self, under: str) -> tuple[str, ...]:
        """Return the paths of the files that belong to it, sorted bytewise."""
        return tuple(path for path in self.tree.files(under) if path in self.paths or path.startswith(NEEDED))

    def read(self, path: str) -> bytes:
        """Return a file's bytes with LF line ends."""
        return self.tree.read(path)

    def raw(self, path: str, limit: int) -> bytes:
        """Return a file's bytes as they are, up to a limit."""
        return self.tree.raw(path, limit)
