"""What earlier runs found out, kept by the digest of everything it was made from.

Files in `.cache/`. They may be deleted or damaged at any moment: then the work is done again. An answer
comes out of them only where the digest of its inputs, and of the tool itself, is the same.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeAlias

FOLDER = ".cache"
_PACKAGE = Path(__file__).parent


def digest(*parts: bytes | str) -> str:
    """Return 32 hex digits that stand for these parts in this order."""
    made = blake2b(digest_size=16)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        made.update(b"%d:" % len(data))
        made.update(data)
    return made.hexdigest()


@cache
def code() -> str:
    """Return the digest of the tool's own files: what tells two states of one version apart."""
    parts: list[bytes | str] = []
    for path in sorted(_PACKAGE.rglob("*")):
        if path.suffix in (".py", ".j2", ".json", ".typ", ".yml"):
            parts += (path.relative_to(_PACKAGE).as_posix(), path.read_bytes())
    return digest(*parts)


@cache
def tool() -> str:
    """Return the digest of the tool: its own files, the packages beside it, and Python."""
    parts: list[bytes | str] = [sys.version, code()]
    for folder in sys.path:  # names of installed packages carry their versions
        if folder.endswith("-packages") and Path(folder).is_dir():
            parts += sorted(name for name in os.listdir(folder) if name.endswith(".dist-info"))  # noqa: PTH208
    return digest(*parts)


Entry: TypeAlias = tuple[str, bytes]
"""The digest of what an answer was made from, and the answer as JSON."""


@dataclass(slots=True)
class Cache:
    """Answers by part ("read", "survey" …) and name, each with the digest of what it was made from.

    They stay JSON until they are asked for, and are written one by one: thousands of items take little memory.
    """

    file: Path | None
    _old: dict[str, dict[str, Entry]] = field(default_factory=dict)
    _new: dict[str, dict[str, Entry]] = field(default_factory=dict)
    _changed: bool = False

    def beside(self, name: str) -> Cache:
        """Return another cache in the same folder, for what only some commands need; it knows nothing beside none."""
        return _open(self.file.with_name(f"{name}.cache")) if self.file is not None else no_cache()

    def recall(self, part: str, name: str, made_from: str) -> Any:
        """Return what is known about `name`, or None where it was made from something else."""
        found = self._old.get(part, {}).get(name)
        if found is None or found[0] != made_from:
            return None
        self._new.setdefault(part, {})[name] = found
        return json.loads(found[1])

    def keep(self, part: str, name: str, made_from: str, answer: Any) -> None:
        """Remember an answer; it must be what JSON can carry, and not None."""
        if self.file is not None:
            self._new.setdefault(part, {})[name] = (made_from, _dumped(answer))
            self._changed = True

    def save(self) -> None:
        """Write what this run used and found; nothing is written where nothing is new."""
        forgotten = any(len(self._old[part]) > len(self._new[part]) for part in self._new if part in self._old)
        if self.file is None or not (self._changed or forgotten):
            return
        temporary = self.file.with_name(f".{self.file.name}-{os.getpid()}")
        check = blake2b(tool().encode(), digest_size=16)
        try:
            self.file.parent.mkdir(exist_ok=True)
            with temporary.open("wb") as opened:
                for part, entries in {**self._old, **self._new}.items():
                    for name, (made_from, answer) in entries.items():
                        line = _dumped([part, name, made_from]) + b"\t" + answer + b"\n"
                        opened.write(line)
                        check.update(line)
                opened.write(check.hexdigest().encode())
            temporary.replace(self.file)
        except OSError:  # a read-only folder: the next run does the work again
            with suppress(OSError):
                temporary.unlink()


def _dumped(answer: Any) -> bytes:
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def no_cache() -> Cache:
    """Return a cache that knows nothing and keeps nothing."""
    return Cache(file=None)


def open_cache(root: Path) -> Cache:
    """Return the cache of the guideline in `root`; an unreadable or foreign one is empty."""
    return _open(root / FOLDER / "shishin.cache")


def _open(file: Path) -> Cache:
    if file.is_symlink() or file.parent.is_symlink():
        return no_cache()
    check = blake2b(tool().encode(), digest_size=16)
    found: dict[str, dict[str, Entry]] = {}
    try:
        with file.open("rb") as opened:
            for line in opened:
                if not line.endswith(b"\n"):
                    if line == check.hexdigest().encode():
                        return Cache(file=file, _old=found)
                    break
                check.update(line)
                head, _, answer = line.partition(b"\t")
                part, name, made_from = json.loads(head)
                found.setdefault(part, {})[name] = (made_from, answer[:-1])
    except (OSError, ValueError, TypeError):
        pass
    return Cache(file=file)
