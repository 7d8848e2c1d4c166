"""Papers in Word: title block, landscape, frames, lines under what changed, numbers beside lines."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from renderers.word_harness import W, body_of, faults, pages_of, parts_of, said
from sample import p, sample_document, t
from sample_papers import new, sheet, wide
from shishin.document import Document, PageOf, Paragraph, Section, Text, Underlined
from shishin.problem import Failure
from shishin.renderers.word import WordRenderer
from shishin.tools import libreoffice


def rendered(document: Document, folder: Path, *, pages: bool = False) -> bytes:
    return WordRenderer(pages=pages).render(document, folder).files[0].read_bytes()


def texts_with(root: etree._Element, path: str) -> set[str]:
    """Return the texts of the runs whose properties hold `path`."""
    found = (run for run in root.iter(f"{W}r") if run.find(f"{W}rPr/{path}") is not None)
    return {"".join(text.text or "" for text in run.iter(f"{W}t")) for run in found}


@pytest.mark.parametrize("document", [wide(), wide(columns=2), sheet(), replace(sheet(), line_numbers=True)])
def test_papers_are_whole(document: Document, tmp_path: Path) -> None:
    assert faults(document, rendered(document, tmp_path)) == []


def test_a_lost_line_of_the_title_block_would_be_told(tmp_path: Path) -> None:
    document = wide()
    data = rendered(replace(document, cover=replace(document.cover, notice="")), tmp_path)
    assert any("下線部分" in fault for fault in faults(document, data))


def test_the_page_is_one_section_with_its_header_from_the_second_page(tmp_path: Path) -> None:
    for document, width in ((wide(), 16838), (sheet(), 11906)):
        root = body_of(parts_of(rendered(document, tmp_path)))
        (section,) = root.iter(f"{W}sectPr")
        size = section.find(f"{W}pgSz")
        assert size is not None and int(size.get(f"{W}w", "")) == width
        assert (size.get(f"{W}orient") == "landscape") is (document.layout == "wide")
        assert section.find(f"{W}titlePg") is not None
        kinds = [(etree.QName(one).localname, one.get(f"{W}type")) for one in section if "Reference" in str(one.tag)]
        assert kinds == [
            ("headerReference", "default"), ("headerReference", "first"), ("footerReference", "default"),
            ("footerReference", "first"),
        ]  # fmt: skip


def test_on_paper_the_pages_say_what_they_are(tmp_path: Path) -> None:
    pdf = libreoffice.to_pdf(rendered(wide(), tmp_path))
    assert pdf is not None
    sheets = pages_of(pdf)
    assert len(sheets) > 2
    for number, text in enumerate(sheets, 1):
        assert f"-{number}-" in text
        assert ("新旧対照表（令和8年12月）" in text) is (number > 1)
        assert "改定後" in text and "備考" in text  # the head row returns
    assert "目次" not in "".join(sheets)


def test_every_cell_has_its_width_and_frames_are_thick(tmp_path: Path) -> None:
    root = body_of(parts_of(rendered(wide(), tmp_path)))
    table = next(root.iter(f"{W}tbl"))
    columns = [int(column.get(f"{W}w", "")) for column in table.findall(f"{W}tblGrid/{W}gridCol")]
    assert sum(columns) == 14570
    framed = [
        cell for cell in table.iter(f"{W}tc")
        if (borders := cell.find(f"{W}tcPr/{W}tcBorders")) is not None and {edge.get(f"{W}sz") for edge in borders} == {"12"}
    ]  # fmt: skip
    assert len(framed) == 2
    assert all(cell.find(f"{W}tbl") is not None for cell in framed)


def test_a_frame_goes_on_where_the_cell_does(tmp_path: Path) -> None:
    document = wide(columns=2)
    (section,) = document.sections
    table = section.blocks[0]
    cell = replace(table.rows[0][0], framed=True, rows=2)  # type: ignore[union-attr]
    rows = ((cell, table.rows[0][1]), (table.rows[1][1],))  # type: ignore[union-attr]
    changed = replace(document, sections=(replace(section, blocks=(replace(table, rows=rows),)),))  # type: ignore[type-var]
    root = body_of(parts_of(rendered(changed, tmp_path)))
    merged = [cell for cell in root.iter(f"{W}tc") if cell.find(f"{W}tcPr/{W}vMerge") is not None]
    assert [one.find(f"{W}tcPr/{W}tcBorders") is not None for one in merged] == [True, True]


def test_lines_under_words(tmp_path: Path) -> None:
    root = body_of(parts_of(rendered(wide(), tmp_path)))
    assert {"業務と進め方", "業務"} <= texts_with(root, f'{W}u[@{W}val="single"]')
    assert any("会議は年" in text for text in texts_with(root, f'{W}u[@{W}val="double"]'))
    assert root.find(f".//{W}smallCaps") is None
    root = body_of(parts_of(rendered(sheet(), tmp_path)))
    assert {"旧い考え方", "電話", "旧い節"} <= texts_with(root, f"{W}strike")
    assert {"新しい考え方", "面談と", "同行"} <= texts_with(root, f'{W}u[@{W}val="single"]') & texts_with(root, f"{W}b")


def test_lines_are_numbered_on_request(tmp_path: Path) -> None:
    for document in (sheet(), sample_document()):
        plain, numbered = (
            body_of(parts_of(rendered(replace(document, line_numbers=wanted), tmp_path))) for wanted in (False, True)
        )
        assert plain.find(f".//{W}lnNumType") is None
        marks = list(numbered.iter(f"{W}lnNumType"))
        assert {mark.get(f"{W}countBy") for mark in marks} == {"1"}
        assert {mark.get(f"{W}restart") for mark in marks} == {"newPage"}


def test_a_section_without_a_title_prints_no_heading(tmp_path: Path) -> None:
    inner = Section(id="inner", item="", kind="part", level=2, number="1", title=t("中の節"), blocks=(p("中の文。"),))
    silent = Section(id="silent", item="", kind="part", level=1, number="第9章", title=(), blocks=(p("文。"), inner))
    for document in (replace(sheet(), sections=(silent,)), replace(sample_document(), sections=(silent,))):
        data = rendered(document, tmp_path)
        assert faults(document, data) == []
        assert "第9章" not in "".join(said(body_of(parts_of(data)))[0])


def test_pages_are_asked_for_only_where_the_text_names_one(tmp_path: Path) -> None:
    asking = Paragraph(inlines=(Text(text="（"), PageOf(target="why"), Text(text="頁）")))
    document = sheet()
    asked = replace(document, sections=(replace(document.sections[0], blocks=(asking,)), *document.sections[1:]))
    assert WordRenderer().render(document, tmp_path).pages == {}
    rendering = WordRenderer().render(asked, tmp_path)
    assert rendering.pages["why"] == 1
    assert faults(asked, rendering.files[0].read_bytes()) == []


def test_what_word_does_not_know_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="layout"):
        rendered(replace(sheet(), layout="poster"), tmp_path)
    odd = Paragraph(inlines=(replace(new("語"), change="odd"),))
    assert isinstance(odd.inlines[0], Underlined)
    with pytest.raises(Failure, match="underline"):
        rendered(replace(sheet(), sections=(replace(sheet().sections[0], blocks=(odd,)),)), tmp_path)
