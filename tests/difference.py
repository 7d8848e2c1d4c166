"""Where two artifacts differ first: file → member → place, with what stands there in each."""

from __future__ import annotations

import gzip
import io
import json
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import IndirectObject, StreamObject

AROUND = 60
"""Characters shown on each side of the first difference."""


def first_difference(one: Path, other: Path) -> str:
    """Return where two folders differ first, "" for nowhere."""
    names = [
        {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} for folder in (one, other)
    ]
    for name in sorted(names[0] | names[1]):
        for found, folder in zip(names, ("first", "second"), strict=True):
            if name not in found:
                return f"{name} → missing in the {folder} build"
        # the report follows the files: only where it differs alone is it the one to name
        if name != "build.json" and (said := difference(name, (one / name).read_bytes(), (other / name).read_bytes())):
            return said
    return difference("build.json", (one / "build.json").read_bytes(), (other / "build.json").read_bytes())


def difference(name: str, one: bytes, other: bytes) -> str:
    """Return where two files of one name differ first, "" for nowhere."""
    if one == other:
        return ""
    look = _LOOKS.get(name.rpartition(".")[2].lower(), _lines)
    try:
        place = look(one, other)
    except (ValueError, OSError, EOFError, zipfile.BadZipFile, zlib.error, PyPdfError):
        place = ""  # it isn't what its name says
    return f"{name} → {place or _bytes(one, other)}"


def _bytes(one: bytes, other: bytes) -> str:
    at = _first(one, other)
    return f"byte {at}: {one[max(at - 8, 0) : at + 24]!r} ≠ {other[max(at - 8, 0) : at + 24]!r}"


def _first(one: Any, other: Any) -> int:
    """Return the index of the first difference of two sequences."""
    same = (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    return next(same, min(len(one), len(other)))


def _show(one: str, other: str) -> str:
    at = _first(one, other)
    shown = (f"«{text[max(at - AROUND, 0) : at + AROUND]}»" for text in (one, other))
    return " ≠ ".join(shown)


def _lines(one: bytes, other: bytes) -> str:
    texts = one.decode("utf-8"), other.decode("utf-8")
    before = texts[0][: _first(*texts)]
    number = before.count("\n")
    lines = [text.split("\n")[number] for text in texts]
    if lines[0] == lines[1]:
        return f"line {number + 1}: {texts[0].count(chr(10)) + 1} ≠ {texts[1].count(chr(10)) + 1} lines"
    return f"line {number + 1}, column {_first(*lines) + 1}: {_show(*lines)}"


def _xml(one: bytes, other: bytes) -> str:
    texts = one.decode("utf-8"), other.decode("utf-8")
    at = _first(*texts)
    opened = re.findall(r"<([A-Za-z_][^\s/>]*)", texts[0][:at])
    name = f" <{opened[-1]}>" if opened else ""
    return f"element {len(opened)}{name}, character {at}: {_show(*texts)}"


def _json(one: bytes, other: bytes) -> str:
    values = json.loads(one), json.loads(other)
    return _json_path("$", *values) or _lines(one, other)


def _json_path(path: str, one: Any, other: Any) -> str:
    if type(one) is type(other) and isinstance(one, dict):
        if list(one) != list(other):
            at = _first(list(one), list(other))
            return f"{path}: keys {list(one)[at : at + 3]} ≠ {list(other)[at : at + 3]}"
        parts = ((f"{path}.{key}", one[key], other[key]) for key in one)
    elif type(one) is type(other) and isinstance(one, list):
        if len(one) != len(other) and one[: len(other)] == other[: len(one)]:
            return f"{path}: {len(one)} ≠ {len(other)} entries"
        parts = ((f"{path}[{at}]", a, b) for at, (a, b) in enumerate(zip(one, other, strict=False)))
    elif one != other or type(one) is not type(other):
        return f"{path}: {_show(*(json.dumps(value, ensure_ascii=False) for value in (one, other)))}"
    else:
        return ""
    return next((said for part in parts if (said := _json_path(*part))), "")


def _gzip(one: bytes, other: bytes) -> str:
    inside = gzip.decompress(one), gzip.decompress(other)
    return f"inside, {_lines(*inside)}" if inside[0] != inside[1] else f"gzip header or packing, {_bytes(one, other)}"


def _zip(one: bytes, other: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(one)) as a, zipfile.ZipFile(io.BytesIO(other)) as b:
        names = a.namelist(), b.namelist()
        if names[0] != names[1]:
            at = _first(*names)
            return f"member {at}: {names[0][at : at + 1]} ≠ {names[1][at : at + 1]}"
        for name in names[0]:
            if said := difference(name, a.read(name), b.read(name)):
                return said
        for entry, twin in zip(a.infolist(), b.infolist(), strict=True):
            for key in (
                "date_time",
                "external_attr",
                "create_system",
                "compress_type",
                "extra",
                "comment",
                "flag_bits",
            ):
                if getattr(entry, key) != getattr(twin, key):
                    return f"{entry.filename} → {key}: {getattr(entry, key)} ≠ {getattr(twin, key)}"
    return ""


def _pdf(one: bytes, other: bytes) -> str:
    objects = [list(pdf_objects(data)) for data in (one, other)]
    for (name, data), (twin, again) in zip(*objects, strict=False):
        if name != twin:
            return f"{name} ≠ {twin}"
        if data != again:
            texts = data.decode("latin-1"), again.decode("latin-1")
            return f"{name}, byte {_first(*texts)}: {_show(*texts)}"
    if len(objects[0]) != len(objects[1]):
        return f"{len(objects[0])} ≠ {len(objects[1])} objects"
    return ""


def pdf_objects(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Return every object of a PDF with its name; a stream's data unpacked, as a part of its own."""
    reader = PdfReader(io.BytesIO(data))
    for number in range(1, int(str(reader.trailer["/Size"]))):
        found = reader.get_object(IndirectObject(number, 0, reader))
        kind = found.get("/Type", "") if isinstance(found, dict) else ""
        name = f"object {number} 0 {kind}".rstrip()
        yield name, _written(found)
        if isinstance(found, StreamObject):
            yield f"{name} stream", _stream(found)
    yield "trailer", _written(reader.trailer)  # its ID is made of all the rest


def _written(found: object) -> bytes:
    # a reference shows where its reader lies in memory
    return re.sub(r"IndirectObject\((\d+), (\d+), \d+\)", r"\1 \2 R", repr(found)).encode()


def _stream(found: StreamObject) -> bytes:
    try:
        return found.get_data()
    except (PyPdfError, NotImplementedError):  # pictures that pypdf can't unpack
        return bytes(found._data)


def members(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """Return a file and everything packed into it: parts of a docx, streams and texts of a PDF, what a gz holds."""
    yield name, data
    ending = name.rpartition(".")[2].lower()
    if ending in ("docx", "zip"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for part in archive.namelist():
                yield from members(f"{name} → {part}", archive.read(part))
    elif ending == "gz":
        yield from members(f"{name} → {name.removesuffix('.gz')}", gzip.decompress(data))
    elif ending == "pdf":
        yield from ((f"{name} → {part}", inside) for part, inside in pdf_objects(data))


_LOOKS: dict[str, Callable[[bytes, bytes], str]] = {
    "json": _json,
    "docx": _zip,
    "zip": _zip,
    "gz": _gzip,
    "pdf": _pdf,
    "xml": _xml,
    "rels": _xml,
    "svg": _xml,
}
