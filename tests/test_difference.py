"""Differences are named to the place: planted ones of every kind of file; what is packed is looked into."""

import gzip
import io
import zipfile
import zlib
from pathlib import Path

import pytest

from difference import difference, first_difference, members


def archive(
    *, text: str = "あ", date: tuple[int, ...] = (1980, 1, 1, 0, 0, 0), mode: int = 0o600, last: str = "z"
) -> bytes:
    body = f"<w:document><w:p><w:t>{'前' * 90}</w:t></w:p><w:p><w:t>{text}</w:t></w:p></w:document>"
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as made:
        for name, inside in (("[Content_Types].xml", "<Types/>"), ("word/document.xml", body), (last, "")):
            info = zipfile.ZipInfo(name, date)  # type: ignore[arg-type]
            info.external_attr = mode << 16
            made.writestr(info, inside)
    return data.getvalue()


def pdf(*, text: str = "BT (same) Tj ET", title: str = "t", packed: bool = True) -> bytes:
    stream = zlib.compress(text.encode("utf-16-be")) if packed else text.encode()
    kind = " /Filter /FlateDecode" if packed else ""
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>",
        f"<< /Length {len(stream)}{kind} >>\nstream\n".encode() + stream + b"\nendstream",
        f"<< /Title <{('﻿' + title).encode('utf-16-be').hex()}> >>".encode(),
    ]
    data, places = b"%PDF-1.7\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n".encode() + part + b"\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"xref\n0 6\n0000000000 65535 f \n{table}trailer\n<< /Size 6 /Root 1 0 R /Info 5 0 R >>\nstartxref\n{len(data)}\n%%EOF\n"
    return data + end.encode()


CASES = [
    ("a.json", b'{"a": [1, {"b": "x"}]}', b'{"a": [1, {"b": "y"}]}', 'a.json → $.a[1].b: «"x"» ≠ «"y"»'),
    ("a.json", b'{"a": 1, "b": 2}', b'{"b": 2, "a": 1}', "a.json → $: keys ['a', 'b'] ≠ ['b', 'a']"),
    ("a.json", b"[1]", b"[1, 2]", "a.json → $: 1 ≠ 2 entries"),
    ("a.json", b"[1]", b"[true]", "a.json → $[0]: «1» ≠ «true»"),
    ("a.json", b"[1]", b"[1 ]", "a.json → line 1, column 3: «[1]» ≠ «[1 ]»"),
    ("a.html", "一\n二 x 三\n".encode(), "一\n二 y 三\n".encode(), "a.html → line 2, column 3: «二 x 三» ≠ «二 y 三»"),
    ("a.md", b"a\n", b"a\r\n", "a.md → line 1, column 2: «a» ≠ «a\r»"),
    ("a.css", b"a\n", b"a\n\n", "a.css → line 2: 2 ≠ 3 lines"),
    ("a.png", b"\x89PNG\xff1", b"\x89PNG\xff2", "a.png → byte 5"),
    ("a.json", b"\xff", b"\xfe", "a.json → byte 0"),
    ("s.xml.gz", gzip.compress(b"a", mtime=1), gzip.compress(b"b", mtime=1), "s.xml.gz → inside, line 1, column 1: «a» ≠ «b»"),
    ("s.xml.gz", gzip.compress(b"a", mtime=1), gzip.compress(b"a", mtime=2), "s.xml.gz → gzip header or packing, byte 4"),
    ("a.docx", archive(), archive(text="い"), "a.docx → word/document.xml → element 5 <w:t>, character 134: «"),
    ("a.docx", archive(), archive(date=(1999, 12, 31, 0, 0, 0)), "a.docx → [Content_Types].xml → date_time: (1980, "),
    ("a.docx", archive(), archive(mode=0o644), "a.docx → [Content_Types].xml → external_attr: "),
    ("a.docx", archive(), archive(last="y"), "a.docx → member 2: ['z'] ≠ ['y']"),
    ("a.docx", b"no zip", b"at all", "a.docx → byte 0"),
    ("a.pdf", pdf(), pdf(text="BT (lame) Tj ET"), "a.pdf → object 4 0 stream, byte 9: «"),
    ("a.pdf", pdf(), pdf(title="u"), "a.pdf → object 5 0, byte 12: «{'/Title': 't'}» ≠ «{'/Title': 'u'}»"),
    ("a.pdf", pdf(packed=False), pdf(), "a.pdf → object 4 0, byte "),
    ("a.pdf", b"no pdf", b"at all", "a.pdf → byte 0"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "one", "other", "said"), CASES, ids=[f"{number}-{case[0]}" for number, case in enumerate(CASES)]
)
def test_a_planted_difference_is_named(name: str, one: bytes, other: bytes, said: str) -> None:
    assert difference(name, one, one) == ""
    assert difference(name, one, other).startswith(said)
    assert difference(name, other, one) != ""


def test_sixty_characters_stand_on_each_side() -> None:
    found = difference("a.docx", archive(text="い" + "後" * 90), archive(text="ろ" + "後" * 90))
    assert found.endswith(
        f"«{'前' * 38}</w:t></w:p><w:p><w:t>い{'後' * 59}» ≠ «{'前' * 38}</w:t></w:p><w:p><w:t>ろ{'後' * 59}»"
    )


def test_folders_are_compared_file_by_file(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name / "working").mkdir(parents=True)
        (tmp_path / name / "build.json").write_text("{}")
        (tmp_path / name / "working/a.md").write_text("a")
    one, other = tmp_path / "one", tmp_path / "other"
    assert first_difference(one, other) == ""
    (other / "build.json").write_text("[]")
    assert first_difference(one, other) == "build.json → $: «{}» ≠ «[]»"
    (other / "working/a.md").write_text("b")
    assert first_difference(one, other).startswith("working/a.md → line 1")
    (other / "working/0.md").touch()
    assert first_difference(one, other) == "working/0.md → missing in the first build"
    assert first_difference(other, one) == "working/0.md → missing in the second build"


@pytest.mark.parametrize(
    ("name", "data", "encoding"),
    [
        ("a.docx", archive(text="/home/me"), "utf-8"),
        ("s.xml.gz", gzip.compress(b"/home/me"), "utf-8"),
        ("a.pdf", pdf(title="/home/me"), "utf-8"),
        ("a.pdf", pdf(text="/home/me"), "utf-16-be"),
    ],
)
def test_what_is_packed_is_seen(name: str, data: bytes, encoding: str) -> None:
    needle = "/home/me".encode(encoding)
    if name.endswith(("gz", "pdf")):
        assert needle not in data
    assert [member for member, inside in members(name, data) if needle in inside] != []
