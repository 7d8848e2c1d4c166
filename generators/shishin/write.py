"""Writing: files and folders appear whole or not at all."""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from shishin.problem import Failure, Words
from shishin.reasons import in_japanese

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_RENAME_SWAP = 2  # macOS renamex_np


def usable_target(target: Path, root: Path) -> None:
    """Raise Failure unless `target` may be replaced by what is built from `root`.

    It must be new, empty or an earlier build's, and hold none of the sources.
    """
    sources = [root / name for name in ("guideline", "schemas", "site", "generators", "tests", ".git")]
    around = target == root or target in root.parents
    inside = any(target == source or source in target.parents for source in sources)
    foreign = target.is_symlink() or (target.exists() and not target.is_dir())
    if not foreign and target.is_dir():
        foreign = not (target / "build.json").exists() and any(target.iterdir())
    if around or inside or foreign:
        raise Failure(
            Words(
                ja=f"{target} には書き出せません（元のファイルか、ビルド以外のものがあります）。",
                en=f"{target} can't be replaced by a build: it holds sources or things no build has made.",
            ),
            Words(ja="--out で新しいフォルダを指してください。", en="Name a new folder with --out."),
        )


@contextmanager
def new_folder(beside: Path) -> Iterator[Path]:
    """Give an empty folder next to `beside`, removed afterwards unless it was moved away."""
    folder = beside.parent / f".{beside.name}-{os.getpid()}.new"
    try:
        beside.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    except OSError as error:
        raise Failure(
            Words(
                ja=f"{beside.parent} に書けません（{in_japanese(error.strerror or '')}）。",
                en=f"Can't write to {beside.parent}: {error.strerror}.",
            ),
            Words(ja="--out で書けるフォルダを指してください。", en="Name a folder you may write to with --out."),
        ) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Let one process at a time work in a folder; the system frees it when a process ends, however that ends."""
    try:
        descriptor = _open_to_lock(folder)
        _lock(descriptor)
    except OSError as error:
        raise Failure(
            Words(
                ja=f"{folder} を一つの処理だけで使うようにできません（{in_japanese(error.strerror or '')}）。",
                en=f"{folder} can't be locked: {error.strerror}.",
            ),
            Words(
                ja="この PC のディスクに置いたフォルダで実行してください。",
                en="Work in a folder on this computer's disk.",
            ),
        ) from error
    try:
        yield
    finally:
        os.close(descriptor)


if sys.platform == "win32":

    def _open_to_lock(folder: Path) -> int:
        name = f"shishin-{hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:32]}"
        return os.open(Path(tempfile.gettempdir()) / name, os.O_RDWR | os.O_CREAT)

    def _lock(descriptor: int) -> None:
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)

else:

    def _open_to_lock(folder: Path) -> int:
        return os.open(folder, os.O_RDONLY)

    def _lock(descriptor: int) -> None:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX)


def disk_time(beside: Path) -> int:
    """Return the time of now as the disk of `beside` writes it, in nanoseconds; 0 where it can't be asked."""
    try:
        folder = beside / ".cache"
        folder.mkdir(exist_ok=True)
        probe = folder / f"clock-{os.getpid()}"
        probe.touch()
        now = probe.stat().st_mtime_ns
        probe.unlink()
        return now
    except OSError:
        return 0


def discard(folder: Path) -> None:
    """Remove a folder of ours, if it is there."""
    shutil.rmtree(folder, ignore_errors=True)


def keep_others(old: Path, new: Path, names: frozenset[str]) -> None:
    """Link what `old` holds beyond `names` into `new`, so that a swap loses nothing. Links stay links."""
    if not old.is_dir():
        return
    for entry in sorted(old.iterdir()):
        if entry.name in names or (new / entry.name).exists():
            continue
        if entry.is_symlink():
            (new / entry.name).symlink_to(entry.readlink())
        elif entry.is_dir():
            shutil.copytree(entry, new / entry.name, copy_function=_link, symlinks=True)
        else:
            _link(str(entry), str(new / entry.name))


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # a file system without hard links
        shutil.copy2(source, target)


def swap_in(new: Path, target: Path) -> None:
    """Put the folder `new` in the place of `target` in one step where the system can exchange two names.

    Linux (renameat2) and macOS (renamex_np) can; elsewhere two renames leave a moment in which the
    target is missing. The old folder is left at `new`.
    """
    with ThreadPoolExecutor(8) as pool:  # a disk serves many requests together faster than one by one
        list(pool.map(_sync_file, (file for file in new.rglob("*") if file.is_file())))
        list(pool.map(_sync_folder, (new, *(folder for folder in new.rglob("*") if folder.is_dir()))))
    try:
        if not target.exists():
            new.rename(target)
        elif not _exchange(new, target):
            aside = target.with_name(f".{target.name}-{os.getpid()}.old")
            target.rename(aside)
            new.rename(target)
            shutil.rmtree(aside, ignore_errors=True)
    except OSError as error:
        raise Failure(
            Words(
                ja=f"{target} を置き換えられません（{in_japanese(error.strerror or '')}）。",
                en=f"{target} can't be replaced: {error.strerror}.",
            ),
            Words(
                ja="中のファイルを開いている Word などを閉じてください。", en="Close programs that have its files open."
            ),
        ) from error
    _sync_folder(target.parent)


def _sync_file(file: Path) -> None:
    with file.open("r+b") as opened:
        os.fsync(opened.fileno())


def _exchange(one: Path, other: Path) -> bool:
    try:
        library = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "linux":
            call = library.renameat2
            done = call(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE)
        elif sys.platform == "darwin":
            done = library.renamex_np(os.fsencode(one), os.fsencode(other), _RENAME_SWAP)
        else:
            return False
    except (OSError, AttributeError, TypeError):
        return False
    return bool(done == 0)


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_file(path: Path, data: bytes) -> None:
    """Replace a file's content in one step; a reader sees the old bytes or the new ones, also after a power cut."""
    new = path.with_name(f".{path.name}-{os.getpid()}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with new.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, new)
        new.replace(path)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise Failure(
            Words(
                ja=f"{path} に書けません（{in_japanese(error.strerror or '')}）。",
                en=f"Can't write {path}: {error.strerror}.",
            ),
            Words(ja="ファイルを開いているプログラムを閉じてください。", en="Close programs that have it open."),
        ) from error
    _sync_folder(path.parent)


def sha256(path: Path) -> str:
    """Return a file's SHA-256 in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
