"""Run LibreOffice without a screen: a Word file becomes a PDF, to learn on which page everything stands."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from shishin.problem import Failure, Words

FONTS = Path(__file__).parent.parent / "fonts"
LIMIT = 120
"""Seconds after which a conversion is given up."""

ALIASES = {
    "BIZ UDMincho": ("游明朝", "Yu Mincho", "ＭＳ 明朝", "MS Mincho"),
    "BIZ UDGothic": ("游ゴシック", "Yu Gothic", "ＭＳ ゴシック", "MS Gothic"),
}
"""The package's fonts stand in for those of Windows, which no other system has."""

_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files/LibreOffice/program/soffice.exe",
    "C:/Program Files (x86)/LibreOffice/program/soffice.exe",
)
_OPTIONS = {
    "ExportBookmarksToPDFDestination": {"type": "boolean", "value": "true"},
    "UseTaggedPDF": {"type": "boolean", "value": "false"},
}


def program() -> str | None:
    """Return the path of LibreOffice, or None where it isn't installed."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((place for place in _PLACES if Path(place).is_file()), None)


def to_pdf(data: bytes) -> bytes | None:
    """Return the Word file as PDF whose named destinations are its bookmarks; None without LibreOffice."""
    return convert(data, f"pdf:writer_pdf_Export:{json.dumps(_OPTIONS)}", "pdf")


def convert(data: bytes, form: str, ending: str) -> bytes | None:
    """Return the Word file in another format; None without LibreOffice."""
    office = program()
    if office is None:
        return None
    with tempfile.TemporaryDirectory(prefix="shishin-") as name:
        folder = Path(name)
        given = folder / "document.docx"
        given.write_bytes(data)
        (folder / "fonts.conf").write_text(_fonts_conf(folder), encoding="utf-8")
        command = [
            office, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore",
            "--nolockcheck", "--convert-to", form, "--outdir", str(folder / "out"), str(given),
        ]  # fmt: skip
        environment = os.environ | {
            "FONTCONFIG_FILE": str(folder / "fonts.conf"),
            "HOME": name,
            "TZ": "UTC",
            "LC_ALL": "C.UTF-8",
        }
        told = _run(command, environment)
        made = folder / "out" / f"document.{ending}"
        if not made.is_file():
            raise _failure(told, told)
        return made.read_bytes()


def _run(command: list[str], environment: Mapping[str, str]) -> str:
    """Run LibreOffice to its end, or end it with all that it started, and return what it complained of."""
    try:
        # A session of its own: `soffice` is a script, and the program it starts must end with it.
        running = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment, start_new_session=True
        )
    except OSError as broken:
        raise _failure(str(broken), str(broken)) from broken
    try:
        return running.communicate(timeout=LIMIT)[1].decode("utf-8", "replace").strip()
    except subprocess.TimeoutExpired as late:
        if hasattr(os, "killpg"):
            os.killpg(running.pid, signal.SIGKILL)
        running.kill()
        running.communicate()
        raise _failure(f"{LIMIT} 秒たっても終わりません", f"not finished within {LIMIT} seconds") from late


def pages(pdf: bytes, bookmarks: Iterable[str]) -> dict[str, int]:
    """Return the sheet, counted from 1, on which each of the bookmarks stands in a PDF of `to_pdf`."""
    from pypdf import PdfReader  # only a build with pages loads it

    reader = PdfReader(io.BytesIO(pdf))
    sheets = {
        page.indirect_reference.idnum: place for place, page in enumerate(reader.pages, 1) if page.indirect_reference
    }
    destinations = reader.named_destinations
    found: dict[str, int] = {}
    for name in bookmarks:
        destination = destinations.get(f"/{_escaped(name)}") or destinations.get(name)
        number = getattr(destination.page, "idnum", None) if destination else None
        if number in sheets:
            found[name] = sheets[number]
    return found


def _escaped(name: str) -> str:
    # LibreOffice 7.4 writes every character of a name but ASCII letters and digits as two hexadecimal digits.
    return "".join(char if char.isascii() and char.isalnum() else f"{ord(char):02X}" for char in name)


@cache
def version() -> str | None:
    """Return the version of LibreOffice; None where it isn't installed."""
    office = program()
    if office is None:
        return None
    done = subprocess.run([office, "--version"], capture_output=True, timeout=LIMIT, check=False)
    words = done.stdout.decode("utf-8", "replace").split()
    return words[1] if len(words) > 1 else ""


def _failure(ja: str, en: str) -> Failure:
    return Failure(Words(ja=f"LibreOffice の変換に失敗しました: {ja}", en=f"LibreOffice failed: {en}"))


def _fonts_conf(folder: Path) -> str:
    # The system's own fonts stay out: pages must break alike on every machine.
    aliases = "".join(
        f'<match target="pattern"><test name="family"><string>{escape(name)}</string></test>'
        f'<edit name="family" mode="assign" binding="strong"><string>{family}</string></edit></match>'
        for family, names in ALIASES.items()
        for name in names
    )
    return (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig>'
        f"<dir>{escape(str(FONTS))}</dir><cachedir>{escape(str(folder / 'cache'))}</cachedir>{aliases}</fontconfig>"
    )
