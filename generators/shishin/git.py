"""Git: revisions as trees, what changed between two of them, and why. The only module that touches Git.

GitPython opens the repository and runs plumbing. Objects are read, never checked out; the repository's hooks, its
file monitor and other protocols stay off, and nothing is fetched. Without Git everything works but this module.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, BinaryIO

from shishin.problem import Failure, Words
from shishin.tree import MAX_BYTES, NEEDED, FolderTree, Refused, link_refused, too_large

if TYPE_CHECKING:
    from git import Git

_SAFE = (
    "-c", "core.hooksPath=/dev/null",
    "-c", "core.fsmonitor=false",
    "-c", "core.quotePath=false",
    "-c", "protocol.allow=never",
    "-c", "safe.bareRepository=explicit",
    "-c", "log.showSignature=false",
    "-c", "commit.gpgSign=false",
)  # fmt: skip
_ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "LC_ALL": "C",
}
_LINK, _FILE = "120000", "100"
SOURCES = (".yml", ".j2", ".schema.json")
"""Endings of the files that reading a guideline reads; what releases store is larger and read one by one."""
_TRAILERS = ("Reason", "Comment", "Meeting")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trailer:
    """What a commit's trailers say about the files it touched: why, by which opinions, in which meeting."""

    files: tuple[str, ...]
    reason: str
    comments: tuple[str, ...]
    meeting: str


@dataclass(frozen=True, kw_only=True)
class Repository:
    """A Git repository; `root` is the folder that holds guideline/ and schemas/, `prefix` its path inside ("" or a/)."""

    root: Path
    prefix: str
    git: Git

    def run(self, *arguments: str, given: BinaryIO | None = None) -> bytes:
        """Return what git prints; raise Failure where it fails. `given` is a file it reads from."""
        from git.exc import GitCommandError

        try:
            done = self.git.execute(
                ["git", *_SAFE, *arguments],
                istream=given,
                stdout_as_string=False,
                strip_newline_in_stdout=False,
                env=_ENVIRONMENT,
            )
        except GitCommandError as error:
            said = str(error.stderr).strip().removeprefix("stderr: ").strip("'\n ")
            raise Failure(Words(ja=f"Git の命令が失敗しました: {said}", en=f"A Git command failed: {said}")) from error
        assert isinstance(done, bytes)
        return done

    def commit(self, revision: str) -> str | None:
        """Return the id of the commit that a revision names, or None where there is none."""
        try:
            found = self.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        except Failure:
            return None
        return found.decode("ascii").strip()

    def tree(self, commit: str) -> GitTree:
        """Return the files of a commit."""
        return GitTree(repository=self, commit=commit)

    def changed(self, old: str, new: str) -> tuple[str, ...]:
        """Return the paths (below the root) whose content differs between two commits, told by object ids alone."""
        found = self.run("diff-tree", "-r", "-z", "--name-only", "--no-renames", old, new, "--", *self._folders)
        return tuple(sorted((self._local(name) for name in _names(found)), key=os.fsencode))

    def changed_in_folder(self, commit: str) -> tuple[str, ...]:
        """Return the paths (below the root) whose content in the folder differs from a commit's, new files included."""
        known = self.run("diff-index", "-z", "--name-only", "--no-renames", commit, "--", *self._folders)
        others = self.run("ls-files", "-z", "--others", "--full-name", "--", *self._folders)
        tree, folder = self.tree(commit), FolderTree(self.root)
        # Git's index goes by times: after a copy of the folder it takes every file for a changed one
        changed = {name for name in map(self._local, _names(known)) if not _same(tree, folder, name)}
        return tuple(sorted({*changed, *map(self._local, _names(others))}, key=os.fsencode))

    def objects(self, numbers: list[str]) -> dict[str, bytes]:
        """Return the blobs with these ids."""
        with TemporaryFile() as asked:
            asked.write("".join(f"{number}\n" for number in numbers).encode("ascii"))
            asked.seek(0)
            told = self.run("cat-file", "--batch", given=asked)
        found = {}
        place = 0
        for number in numbers:
            end = told.index(b"\n", place)
            size = int(told[place:end].split(b" ")[2])
            found[number] = told[end + 1 : end + 1 + size]
            place = end + size + 2
        return found

    def contents(self, path: str) -> Iterator[bytes]:
        """Yield what a file (below the root) has held, the newest first."""
        name = self.prefix + path
        for line in self.run("log", "--format=%H", "-z", "--", f":(top,literal){name}").split(b"\0"):
            if line.strip():
                revision = line.strip().decode("ascii")
                try:
                    yield self.git.get_object_data(f"{revision}:{name}")[3]
                except ValueError:  # the commit that removed it
                    continue

    def trailers(self, old: str, new: str) -> tuple[Trailer, ...]:
        """Return what the commits after `old` up to `new` say in their trailers, oldest first."""
        values = "%x1f".join(f"%(trailers:key={key},valueonly,unfold,separator=%x1e)" for key in _TRAILERS)
        told = self.run(
            "log", "--topo-order", "--reverse", "-z", "--name-only", "--no-renames", "-m", "--first-parent",
            f"--format=%x1d{values}%x1d", f"{old}..{new}", "--", *self._folders,
        ).decode("utf-8", "replace")  # fmt: skip
        found = []
        for part in re.findall(r"\x1d([^\x1d]*)\x1d([^\x1d]*)", told):
            reason, comments, meeting = (value.strip() for value in part[0].split("\x1f"))
            files = tuple(self._local(name.strip("\n")) for name in part[1].split("\0") if name.strip("\n"))
            if reason or comments or meeting:
                found.append(
                    Trailer(
                        files=files,
                        reason="　".join(reason.split("\x1e")),
                        comments=tuple(one for one in re.split(r"[\s,、\x1e]+", comments) if one),
                        meeting=meeting.split("\x1e")[-1],
                    )
                )
        return tuple(found)

    def save(self, paths: Iterable[str], message: str) -> str:
        """Commit these files (below the root) and nothing else that may be staged; return the commit's id."""
        files = [str((self.root / path).absolute()) for path in paths]
        self.run("--literal-pathspecs", "add", "--", *files)
        self.run("--literal-pathspecs", "commit", "--quiet", "--no-verify", "-m", message, "--only", "--", *files)
        return self.commit("HEAD") or ""

    @property
    def _folders(self) -> tuple[str, ...]:
        return tuple(f":(top,literal){self.prefix}{name}" for name in ("guideline", "schemas"))

    def _local(self, name: str) -> str:
        return name.removeprefix(self.prefix)


def _same(one: GitTree, other: FolderTree, path: str) -> bool:
    try:
        return one.raw(path, MAX_BYTES) == other.raw(path, MAX_BYTES) or one.read(path) == other.read(path)
    except (KeyError, Refused):
        return False


def _names(told: bytes) -> Iterator[str]:
    return (name.decode("utf-8", "surrogateescape") for name in told.split(b"\0") if name)


def open_repository(root: Path) -> Repository | None:
    """Return the repository that holds a folder, or None where there is none (or no Git)."""
    try:
        from git import Git
        from git.exc import GitError
    except ImportError:  # GitPython says so where it finds no git program
        return None
    if not root.is_dir():
        return None
    git = Git(str(root))
    git.update_environment(**_ENVIRONMENT)
    try:
        found = git.execute(["git", *_SAFE, "rev-parse", "--show-prefix"], env=_ENVIRONMENT)
    except (GitError, OSError):
        return None
    assert isinstance(found, str)
    return Repository(root=root, prefix=found.strip("\n"), git=git)


@dataclass(frozen=True, kw_only=True)
class GitTree:
    """The files of one commit, as a Tree: hidden files are left out, links are listed but not read."""

    repository: Repository
    commit: str
    paths: frozenset[str] | None = None  # only these, and those that everything needs

    def part(self, paths: frozenset[str]) -> GitTree:
        """Return these files only, and those that everything needs: what did not change is not read."""
        return replace(self, paths=paths)

    @cached_property
    def _entries(self) -> Mapping[str, tuple[str, str, int]]:
        """The mode, object id and size of each file, by path below the root."""
        found = {}
        listed = self.repository.run("ls-tree", "-r", "-l", "-z", "--full-tree", self.commit)
        prefix = self.repository.prefix
        for line in listed.split(b"\0"):
            head, _, name = line.partition(b"\t")
            path = name.decode("utf-8", "surrogateescape")
            if not path.startswith(prefix) or not path:
                continue
            mode, _, number, size = head.decode("ascii").split()
            local = path.removeprefix(prefix)
            hidden = any(part.startswith(".") for part in local.split("/"))
            wanted = self.paths is None or local in self.paths or local.startswith(NEEDED)
            if wanted and not hidden and mode.startswith((_LINK, _FILE)):
                found[local] = (mode, number, int(size))
        return found

    def files(self, under: str) -> tuple[str, ...]:
        """Return the paths of all files below the folder `under`, sorted bytewise."""
        return tuple(sorted((path for path in self._entries if path.startswith(under + "/")), key=os.fsencode))

    def read(self, path: str) -> bytes:
        """Return a file's bytes with LF line ends; raise Refused where it may not be read."""
        return self.raw(path, MAX_BYTES).replace(b"\r\n", b"\n")

    def raw(self, path: str, limit: int) -> bytes:
        """Return a file's bytes as they are stored, up to a limit."""
        mode, number, size = self._entries[path]
        if mode == _LINK:
            raise link_refused(path)
        if size > limit:
            raise too_large(path, limit)
        if number in self._sources:
            return self._sources[number]
        data: bytes = self.repository.git.get_object_data(number)[3]
        return data

    @cached_property
    def _sources(self) -> Mapping[str, bytes]:
        """What the source files hold, by object id: one `git cat-file --batch` is asked for all of them at once."""
        wanted = {
            number
            for path, (mode, number, size) in self._entries.items()
            if mode != _LINK and size <= MAX_BYTES and path.endswith(SOURCES)
        }
        return self.repository.objects(sorted(wanted))
