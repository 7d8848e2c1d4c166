"""Python loads this file first: folders list their entries in another order, and the machine has another name.

LISTING is "native" (as the file system has them), "reversed" or "shuffled"; HOST_NAME is the machine's name.
"""

import os
import platform
import random
import socket
from collections.abc import Iterator
from types import TracebackType
from typing import Any

_scandir = os.scandir
_LISTING = os.environ.get("LISTING", "native")
_HOST = os.environ.get("HOST_NAME", "")


class _Entries:
    """The entries of a folder in our order: what `os.scandir` gives, but for that."""

    def __init__(self, path: Any = ".") -> None:
        with _scandir(path) as found:
            self._entries = _ordered(list(found), lambda entry: os.fsencode(entry.name))
        self._rest = iter(self._entries)

    def __iter__(self) -> Iterator[Any]:
        return self._rest

    def __next__(self) -> Any:
        return next(self._rest)

    def __enter__(self) -> "_Entries":
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Nothing is open."""


def _ordered(entries: list[Any], key: Any) -> list[Any]:
    entries.sort(key=key, reverse=True)
    if _LISTING == "shuffled":
        random.Random(4711).shuffle(entries)
    return entries


if _LISTING != "native":
    _listdir = os.listdir
    os.scandir = _Entries  # type: ignore[assignment]
    os.listdir = lambda path=".": _ordered(_listdir(path), os.fsencode)

if _HOST:
    _uname = os.uname()
    socket.gethostname = lambda: _HOST
    platform.node = lambda: _HOST
    os.uname = lambda: os.uname_result((_uname[0], _HOST, *_uname[2:]))
