"""Whether a build would give what lies there already: told from names, sizes and times alone, before anything is read.

What is compared: every source file, every file of the output, the tool itself and the packages beside it. A file
that changed shortly before the last build began is not trusted, as its time may not show another change.
Kept light on purpose: it decides before anything heavy is imported.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import Any

SOURCES = ("guideline", "schemas", "site", "mkdocs.yml")
_STATE = "built.json"
_PACKAGE = os.path.dirname(os.path.abspath(__file__))
_SETTLED = 2_000_000_000
"""Nanoseconds a source must be older than the build: FAT, the coarsest file system, counts in two seconds."""


def _entries(path: str) -> Iterator[os.DirEntry[str]]:
    waiting = [path]
    while waiting:
        try:
            found = sorted(os.scandir(waiting.pop()), key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in found:
            if entry.name != "__pycache__":
                yield entry
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)


def _told(paths: Iterable[str]) -> tuple[str, int]:
    """Return a digest of what the file system tells about everything below `paths`, and the newest time in it."""
    made = blake2b(digest_size=16)
    newest = 0
    for path in paths:
        made.update(os.fsencode(path))
        try:
            state = os.stat(path)
        except OSError:
            continue
        rows = [(path, state)] if not os.path.isdir(path) else []
        for name, one in (*rows, *((entry.path, entry.stat(follow_symlinks=False)) for entry in _entries(path))):
            made.update(
                b"%s %d %d %d %d\n" % (os.fsencode(name), one.st_size, one.st_mtime_ns, one.st_ctime_ns, one.st_ino)
            )
            newest = max(newest, one.st_mtime_ns, one.st_ctime_ns)
    return made.hexdigest(), newest


def sources(root: str) -> tuple[str, int]:
    """Return a digest of the sources and of the tool as they lie there, and the newest time of a source."""
    found, newest = _told([*(os.path.join(root, name) for name in SOURCES), *_elsewhere(root)])
    tool, _ = _told([_PACKAGE])
    beside = [
        name
        for folder in sys.path
        if folder.endswith("-packages") and os.path.isdir(folder)
        for name in sorted(os.listdir(folder))
        if name.endswith(".dist-info")
    ]
    around = json.dumps([sys.version, beside, _offices()])
    return blake2b(f"{found} {tool} {around}".encode(), digest_size=16).hexdigest(), newest


def _offices() -> list[str]:
    """Return where LibreOffice could be started from: with it, the contents of the Word file have page numbers."""
    folders = os.environ.get("PATH", "").split(os.pathsep)
    found = (os.path.join(folder, name) for folder in folders for name in ("soffice", "libreoffice", "soffice.exe"))
    return [f"{path} {os.stat(path).st_mtime_ns}" for path in found if os.path.exists(path)]


def _elsewhere(root: str) -> list[str]:
    """Return what mkdocs.yml names outside the folder: a theme shared with others, say."""
    try:
        with open(os.path.join(root, "mkdocs.yml"), encoding="utf-8") as file:
            words = file.read().split()
    except (OSError, ValueError):
        return []
    return [os.path.join(root, word) for word in words if word.startswith("../") or os.path.isabs(word)]


def _state_file(root: str) -> str:
    return os.path.join(root, ".cache", _STATE)


def recall(root: str, out: str, wanted: str) -> dict[str, str] | None:
    """Return what the last build said, by language, where nothing has changed since; `wanted` names its options."""
    try:
        with open(_state_file(root), encoding="utf-8") as file:
            state = json.load(file)
        same = state["wanted"] == wanted and state["out"] == _told([out])[0] and state["sources"] == sources(root)[0]
        return dict(state["said"]) if same else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def remember(root: str, out: str, wanted: str, before: tuple[str, int], began: int, said: dict[str, str]) -> None:
    """Keep what a build said; `before` are its sources as they lay when it began, at `began` on the disk's clock."""
    if sources(root)[0] != before[0] or before[1] > began - _SETTLED:
        return
    state: dict[str, Any] = {"wanted": wanted, "out": _told([out])[0], "sources": before[0], "said": said}
    file = _state_file(root)
    temporary = f"{file}-{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(file), exist_ok=True)
        with open(temporary, "w", encoding="utf-8") as opened:
            json.dump(state, opened, ensure_ascii=False)
        os.replace(temporary, file)
    except OSError:  # a read-only folder: the next build does the work again
        if os.path.exists(temporary):
            os.unlink(temporary)
