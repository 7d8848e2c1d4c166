"""送付資料一覧: the cover of the papers that are sent together."""

from __future__ import annotations

import re
from pathlib import Path

import pairs
from shishin.compare import compare
from shishin.document import Document, Inserted, Paragraph, Removed, Underlined, plain
from shishin.papers.pack import pack_cover
from shishin.papers.settings import PRESETS
from shishin.problem import Words
from shishin.renderers.pdf import PdfRenderer
from shishin.rewrite import walk

FILES = (("table.docx", "新旧対照表"), ("table.pdf", "新旧対照表"), ("tracked.docx", "見え消し版（変更履歴）"))


def cover(*untracked: Words) -> Document:
    pair = pairs.rich()
    comparison = compare(pairs.made(pair.old).snapshot, pairs.made(pair.new).snapshot)
    return pack_cover(comparison, FILES, untracked, PRESETS["kuni"])


def lines(document: Document, section: int) -> list[str]:
    # what is removed isn't heard: the mark itself is looked at elsewhere
    return [plain(one.inlines) for one in walk((document.sections[section],)) if isinstance(one, Paragraph)]


def test_every_paper_is_listed_once_with_its_files() -> None:
    said = lines(cover(), 0)
    assert said[3:] == ["1", "新旧対照表", "table（.docx、.pdf）", "2", "見え消し版（変更履歴）", "tracked.docx"]


def test_both_editions_are_named_with_date_and_status() -> None:
    said = lines(cover(), 1)
    assert said[-8:-4] == ["改定後", "第2版（案）", "令和8年10月1日", "案"]
    assert said[-4:] == ["改定前", "第1版", "令和8年4月1日", "確定"]


def test_each_mark_is_shown_as_it_looks() -> None:
    found = [type(one) for one in walk((cover().sections[2],)) if isinstance(one, Underlined | Inserted | Removed)]
    assert found == [Underlined, Underlined, Inserted, Removed]


def test_what_word_cannot_track_is_listed() -> None:
    assert lines(cover(), 3)[-1] == "変更履歴に表せない変更はない。"
    assert lines(cover(Words(ja="第5章の表の列", en="columns")), 3)[-1] == "第5章の表の列"


def test_it_is_one_page(tmp_path: Path) -> None:
    (file,) = PdfRenderer().render(cover(), tmp_path).files
    assert re.findall(rb"/Type/Pages/Count ([0-9]+)", file.read_bytes()) == [b"1"]
