"""Papers as PDF: title block, landscape, frames, lines under what changed, numbers beside lines."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from renderers.test_pdf import missing, pages_of, rendered, squeezed
from sample import p, sample_document, t
from sample_papers import line, new, sheet, side, wide
from shishin.document import (
    Block,
    Cell,
    Document,
    Inline,
    PageOf,
    Paragraph,
    Reference,
    Removed,
    Ruby,
    Section,
    Small,
    Underlined,
)
from shishin.problem import Failure


def with_blocks(*blocks: Block, layout: str = "sheet") -> Document:
    (first, *_) = sheet().sections
    return replace(sheet(), sections=(replace(first, blocks=blocks),), layout=layout)


def drawn(pdf: Path) -> str:
    return "\n".join(page.get_contents().get_data().decode("latin-1") for page in PdfReader(pdf).pages)  # type: ignore[union-attr]


def titles(pdf: Path) -> list[str]:
    def walk(nodes: list[object]) -> list[str]:
        return [
            title
            for node in nodes
            for title in (walk(node) if isinstance(node, list) else [str(node.title)])  # type: ignore[attr-defined]
        ]

    return walk(PdfReader(pdf).outline)  # type: ignore[arg-type]


@pytest.mark.parametrize("document", [wide(), wide(columns=2), sheet(), replace(sheet(), line_numbers=True)])
def test_no_text_is_lost(document: Document, tmp_path: Path) -> None:
    assert missing(replace(document, line_numbers=False), rendered(document, tmp_path)) == []


def test_pages_say_what_they_are(tmp_path: Path) -> None:
    for document, turned in ((wide(), True), (sheet(), False)):
        pdf = rendered(document, tmp_path)
        size = PdfReader(pdf).pages[0].mediabox
        assert (size.width > size.height) is turned
        sheets = pages_of(pdf)[: len(PdfReader(pdf).pages)]
        assert len(sheets) > 1
        for number, text in enumerate(sheets, 1):
            assert f"-{number}-" in text
            assert (squeezed(document.header) in text) is (number > 1)
            assert ("改定後" in text and "備考" in text) or not turned  # the head row returns
        assert "目次" not in "".join(sheets)
        assert all(squeezed(words) in sheets[0] for words in ("資料1-2", document.cover.title, document.cover.notice))


def test_a_heading_that_is_removed_says_so(tmp_path: Path) -> None:
    assert titles(rendered(sheet(), tmp_path)) == [
        "1　何を、なぜ改めたか",
        "旧い節（削除）",
        "2　改定の進め方",
        "(1)　意見",
    ]
    assert titles(rendered(wide(), tmp_path)) == []


def test_frames_are_thick(tmp_path: Path) -> None:
    thick = re.compile(r"\b1\.5 w\b")
    # Two cells: the line at the foot of each, and the rules of the table around them.
    assert len(thick.findall(drawn(rendered(wide(), tmp_path)))) > 2
    rows = ((side(p("甲")), side(p("乙"))),)
    table = replace(wide(columns=2).sections[0].blocks[0], rows=rows)  # type: ignore[type-var]
    assert not thick.search(drawn(rendered(with_blocks(table), tmp_path)))


def test_a_frame_is_closed_at_the_foot_of_a_page(tmp_path: Path) -> None:
    def rows(*lines: int) -> tuple[tuple[Cell, ...], ...]:
        return tuple((side(*(p("丙") for _ in range(count))), side()) for count in lines)

    def thick(*rows: tuple[Cell, ...]) -> int:
        table = replace(wide(columns=2).sections[0].blocks[0], rows=rows)  # type: ignore[type-var]
        reader = PdfReader(rendered(with_blocks(table), tmp_path))
        (page,) = (page for page in reader.pages if "甲" in page.extract_text())
        last = len(reader.pages) == 2 and page == reader.pages[0]
        assert last is (len(rows) > 1)  # the next row has gone overleaf
        contents = page.get_contents()
        assert contents is not None
        return len(re.findall(rb"\b1\.5 w\b", contents.get_data()))

    framed = (side(p("甲"), framed=True), side(p("乙")))
    assert thick(*rows(24), framed, *rows(8, 1)) == 4


def test_lines_under_words(tmp_path: Path) -> None:
    def lines(*blocks: Block) -> int:
        return len(re.findall(r"\bS$", drawn(rendered(with_blocks(*blocks), tmp_path)), re.MULTILINE))

    plain = lines(p("字句"))
    for change, count in (("old", 1), ("new", 1), ("moved", 2)):
        assert lines(Paragraph(inlines=(Underlined(inlines=t("字句"), change=change),))) == plain + count


def test_lines_are_numbered_on_request(tmp_path: Path) -> None:
    text = "".join(
        f"{one}の次に{other}が来る。" for one in "甲乙丙丁戊己庚辛" for other in "子丑寅卯辰巳午未申酉戌亥" * 4
    )
    for layout in ("sheet", "book"):
        document = with_blocks(p(text), layout=layout)
        document = replace(document, sections=(replace(document.sections[0], number=""),))
        counted, plain = (
            [re.findall(r"^\s*(\d+)(?!\d)", text, re.MULTILINE) for text in layout_of(rendered(one, tmp_path))]
            for one in (replace(document, line_numbers=True), document)
        )
        assert not any(plain)
        numbered = [page for page in counted if page]
        assert len(numbered) > 1
        for page in numbered:
            assert page == [str(number) for number in range(1, len(page) + 1)]


def layout_of(pdf: Path) -> list[str]:
    return [page.extract_text(extraction_mode="layout") for page in PdfReader(pdf).pages]


def test_marks_nest_in_what_a_paper_quotes(tmp_path: Path) -> None:
    inside = (Ruby(base="看取", reading="みと"), Reference(target="why", inlines=t("参照")))
    document = with_blocks(
        *(Paragraph(inlines=(Underlined(inlines=inside, change=change),)) for change in ("old", "moved"))
    )
    assert missing(document, rendered(document, tmp_path)) == []


def test_a_section_without_a_title_prints_no_heading(tmp_path: Path) -> None:
    inner = Section(id="inner", item="", kind="part", level=2, number="1", title=t("中の節"), blocks=(p("中の文。"),))
    silent = Section(id="silent", item="", kind="part", level=1, number="第9章", title=(), blocks=(p("文。"), inner))
    for document in (replace(sheet(), sections=(silent,)), replace(sample_document(), sections=(silent,))):
        pdf = rendered(document, tmp_path)
        assert "第9章" not in "".join(pages_of(pdf))
        assert titles(pdf)[-1:] == ["1　中の節"]


def test_references_may_lead_out_of_a_paper_but_not_out_of_a_book(tmp_path: Path) -> None:
    out = line(Reference(target="elsewhere", inlines=t("別の項目")), "（", PageOf(target="elsewhere"), "頁）")
    assert "別の項目（○頁）" in "".join(pages_of(rendered(with_blocks(out), tmp_path)))
    with pytest.raises(Failure, match="elsewhere"):
        rendered(with_blocks(out, layout="book"), tmp_path)


def test_what_the_pdf_does_not_know_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="poster"):
        rendered(replace(sheet(), layout="poster"), tmp_path)
    with pytest.raises(Failure, match="odd"):
        rendered(with_blocks(line(replace(new("語"), change="odd"))), tmp_path)
    with pytest.raises(Failure, match="mark of change"):
        rendered(with_blocks(line(Removed(inlines=(new("語"),)))), tmp_path)


def test_a_source_that_is_removed_is_small_type_still(tmp_path: Path) -> None:
    small = Small(inlines=t("出典：旧い要綱"))

    def left(*inlines: Inline) -> float:
        pdf = rendered(with_blocks(Paragraph(inlines=inlines)), tmp_path)
        found: list[float] = []
        PdfReader(pdf).pages[0].extract_text(
            visitor_text=lambda text, outer, inner, font, size: found.append(outer[4]) if "出典" in text else None
        )
        return found[0]

    assert left(Removed(inlines=(small,))) == left(small) < left(*t("出典：本文"))
