"""Run the pandoc that `pypandoc_binary` ships: sandboxed, dated, its warnings are failures."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from shishin.problem import Failure, Words

LIMIT = 120
"""Seconds after which a run is given up."""

_ROOM = ("+RTS", "-A1m", "-H1m", "-F4", "-O64m", "-RTS")
"""How pandoc uses memory: new values fit a processor's cache, and what lives long is collected seldom.

That saves a quarter of the time on a long document and a sixth on a short one.
"""


@cache
def program() -> Path:
    """Return the path of the pandoc program."""
    # pypandoc itself is never imported: that alone costs as much as a small document.
    spec = importlib.util.find_spec("pypandoc")
    for folder in spec.submodule_search_locations or () if spec else ():
        for name in ("pandoc", "pandoc.exe"):
            path = Path(folder) / "files" / name
            if path.is_file():
                return path
    raise Failure(
        Words(ja="pandoc が見つかりません。", en="pandoc was not found."),
        Words(ja="pip install pypandoc_binary を行ってください。", en="Run pip install pypandoc_binary."),
    )


@cache
def version() -> str:
    """Return the version of pandoc, e.g. "3.9"."""
    return _run(["--version"], b"", "").decode("utf-8").split()[1]


@cache
def default_file(name: str) -> bytes:
    """Return one of pandoc's own data files, e.g. its reference.docx."""
    return _run([f"--print-default-data-file={name}"], b"", "")


def to_docx(tree: bytes, reference: bytes, date: str) -> bytes:
    """Return the Word file that pandoc makes of its JSON; `date` is the only date it carries."""
    with tempfile.TemporaryDirectory(prefix="shishin-") as folder:
        file = Path(folder) / "reference.docx"
        file.write_bytes(reference)
        # a data folder of its own: templates and translations of the user's would change the text
        options = ["--from=json", "--to=docx", f"--reference-doc={file}", f"--data-dir={folder}", "--output=-"]
        return _run(["--sandbox", "--fail-if-warnings", *options, *_ROOM], tree, date)


def _run(arguments: Sequence[str], data: bytes, date: str) -> bytes:
    moment = datetime.fromisoformat(date).replace(tzinfo=UTC) if date else datetime.fromtimestamp(0, UTC)
    environment = os.environ | {"SOURCE_DATE_EPOCH": str(int(moment.timestamp())), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    try:
        done = subprocess.run(
            [str(program()), *arguments], input=data, capture_output=True, env=environment, timeout=LIMIT, check=False
        )
    except subprocess.TimeoutExpired as late:
        raise Failure(
            Words(ja=f"pandoc が {LIMIT} 秒たっても終わりません。", en=f"pandoc did not finish within {LIMIT} seconds.")
        ) from late
    except OSError as broken:
        raise Failure(
            Words(ja=f"pandoc を起動できません: {broken}", en=f"pandoc can't be started: {broken}")
        ) from broken
    told = done.stderr.decode("utf-8", "replace").strip()
    if done.returncode != 0 or told:
        raise Failure(Words(ja=f"pandoc の変換に失敗しました: {told}", en=f"pandoc failed: {told}"))
    return done.stdout
