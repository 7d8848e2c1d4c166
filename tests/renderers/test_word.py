"""The Word file: complete, sound, the same everywhere, and read back by other programs as it was meant."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from renderers.word_harness import W, body_of, faults, pages_of, parts_of, places, render_apart, squeezed
from sample import SVG, cell, p, sample_document, t
from shishin.compose import Composed
from shishin.document import (
    Block,
    BulletList,
    Document,
    Note,
    PageOf,
    Paragraph,
    Quote,
    Reference,
    Rule,
    Section,
    Small,
    Table,
    Text,
    sections,
)
from shishin.numbering import number_sections
from shishin.problem import Failure
from shishin.renderers.rendering import Renderer, Rendering
from shishin.renderers.word import NO_PAGES, WordRenderer
from shishin.renderers.word_front import cover
from shishin.renderers.word_numbering import numbering
from shishin.renderers.word_xml import bookmark, element, w
from shishin.tools import libreoffice, pandoc, raster

_: Renderer = WordRenderer()


def rendered(document: Document, folder: Path, *, pages: bool = False) -> tuple[bytes, Rendering]:
    rendering = WordRenderer(pages=pages).render(document, folder)
    return rendering.files[0].read_bytes(), rendering


def small(*chapters: Section, **changes: object) -> Document:
    return replace(sample_document(), sections=chapters, **changes)  # type: ignore[arg-type]


def section(id: str, title: str, *blocks: Block, number: str = "", level: int = 1, part: str = "body") -> Section:
    return Section(id=id, item=id, kind="chapter", level=level, number=number, title=t(title), blocks=blocks, part=part)


@pytest.fixture(scope="module")
def paged(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, Rendering, list[str]]:
    """The sample with page numbers, and the sheets of its PDF."""
    data, rendering = rendered(sample_document(), tmp_path_factory.mktemp("word"), pages=True)
    pdf = libreoffice.to_pdf(data)
    assert pdf is not None
    return data, rendering, pages_of(pdf)


# ---------------------------------------------------------------- complete and sound


def test_the_sample_is_whole(paged: tuple[bytes, Rendering, list[str]]) -> None:
    assert faults(sample_document(), paged[0]) == []


def test_the_shipped_guideline_is_whole(composed: Composed, tmp_path: Path) -> None:
    data, rendering = rendered(composed.document, tmp_path, pages=True)
    assert faults(composed.document, data) == []
    assert rendering.remarks == ()
    pdf = libreoffice.to_pdf(data)
    assert pdf is not None
    sheets = pages_of(pdf)
    assert_numbers_read_back(composed.document, sheets)
    assert_pages_are_right(composed.document, rendering, sheets)
    assert_no_lonely_headings(composed.document, sheets)


def assert_no_lonely_headings(document: Document, sheets: list[str]) -> None:
    headings = {
        squeezed(f"{one.number}{''.join(part.text for part in one.title if isinstance(part, Text))}")
        for one in sections(document.sections)
    }
    for sheet in sheets[1:]:
        lines = [line for line in sheet.splitlines() if line.strip()]
        assert lines[-2] not in headings, lines[-2]


def planted(data: bytes, change: Callable[[str], str]) -> bytes:
    parts = parts_of(data)
    old = parts["word/document.xml"].decode()
    new = change(old)
    assert new != old
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name, content in parts.items():
            file.writestr(name, new if name == "word/document.xml" else content)
    return made.getvalue()


PARAGRAPH = re.compile(r"<w:p><w:pPr><w:pStyle w:val=\"BodyText4?\"/>(?:(?!</w:p>).)*</w:p>")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda xml: PARAGRAPH.sub("", xml, count=1), "text: lost"),
        (lambda xml: PARAGRAPH.sub(lambda found: found[0] * 2, xml, count=1), "text: lost [] more"),
        (lambda xml: xml.replace("協力", "協カ"), "text: lost ['協力']"),
        (
            lambda xml: xml.replace(
                '<w:bookmarkEnd w:id="1"/>',
                '<w:bookmarkEnd w:id="1"/><w:bookmarkStart w:id="999" w:name="GL_task_one"/><w:bookmarkEnd w:id="999"/>',
            ),
            "bookmark twice: GL_task_one",
        ),
        (lambda xml: xml.replace('w:name="GL_role_one"', 'w:name="GL_role_two"'), "no bookmark GL_role_one"),
        (
            lambda xml: re.sub(r'(<w:bookmarkStart w:id="\d+" w:name="GL_task_one"/>)(<w:r>.*?</w:r>)', r"\2\1", xml),
            "bookmark GL_task_one encloses",
        ),
        (lambda xml: xml.replace('w:anchor="GL_term_one"', 'w:anchor="GL_term_two"'), "link to nowhere"),
        (lambda xml: xml.replace("<w:keepNext/>", "<w:keepNext/><w:keepNext/>", 1), "pPr:"),
        (lambda xml: xml.replace('<w:fldChar w:fldCharType="end"/>', "", 1), "field never ends"),
        (lambda xml: xml.replace('descr="', 'title="'), "picture without text"),
        (lambda xml: re.sub(r'<w:p><w:pPr><w:pStyle w:val="AfterTable"/></w:pPr></w:p>', "", xml), "touches"),
    ],
    ids=[
        "paragraph dropped", "paragraph doubled", "letter changed", "bookmark doubled", "bookmark renamed",
        "bookmark moved", "link broken", "order of properties", "field open", "picture dumb", "tables touch",
    ],
)  # fmt: skip
def test_planted_faults_are_found(
    paged: tuple[bytes, Rendering, list[str]], change: Callable[[str], str], told: str
) -> None:
    found = faults(sample_document(), planted(paged[0], change))
    assert any(told in fault for fault in found), found


def test_an_unknown_node_is_an_error(tmp_path: Path) -> None:
    class Strange:
        pass

    with pytest.raises(AssertionError):
        rendered(small(section("one", "章", Strange())), tmp_path)  # type: ignore[arg-type]


def test_an_unknown_look_is_a_failure(tmp_path: Path) -> None:
    table = Table(id="", caption=(), number="", widths=(1.0,), head=(), rows=((cell("値"),),), look="round")
    with pytest.raises(Failure, match="round"):
        rendered(small(section("one", "章", table)), tmp_path)


def test_two_places_of_one_name_are_a_failure(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="one"):
        rendered(small(section("one", "章"), section("one", "章")), tmp_path)


def test_control_characters_are_a_failure(tmp_path: Path) -> None:
    with pytest.raises(Failure):
        rendered(small(section("one", "章\x0b")), tmp_path)


# ---------------------------------------------------------------- what each node becomes


def test_each_node_has_its_form(paged: tuple[bytes, Rendering, list[str]]) -> None:
    parts = parts_of(paged[0])
    xml = parts["word/document.xml"].decode()
    assert re.search(r"<w:ruby>.*?<w:rt>.*?みと.*?</w:rt><w:rubyBase>.*?看取.*?</w:rubyBase></w:ruby>", xml)
    assert re.search(r"<w:b/>(?:(?!</w:r>).)*抱え込まない", xml)
    assert re.search(r'<w:rStyle w:val="VerbatimChar"/>(?:(?!</w:r>).)*GL_task', xml)
    assert re.search(r'<w:b/>(?:(?!</w:r>).)*<w:u w:val="single"/>(?:(?!</w:r>).)*新しい語', xml)
    assert re.search(r"<w:strike/>(?:(?!</w:r>).)*旧い語", xml)
    assert re.search(r'<w:rStyle w:val="Small"/>(?:(?!</w:r>).)*［task-one］', xml)  # searchable
    link = re.search(r'<w:hyperlink w:anchor="GL_role_one"><w:r>((?:(?!</w:r>).)*)コーディネーター', xml)
    assert link
    assert "rStyle" not in link[1]
    assert re.search(r"PAGEREF GL_task_one \\h </w:instrText>.*?<w:t[^>]*>2</w:t>", xml)
    assert "<w:br/>" in xml
    assert xml.count("<w:tblHeader/>") == 2
    assert 'w:val="BlockText"' in xml
    assert 'w:val="Rule"' in xml
    assert 'w:val="GuidelineCaution"' in xml
    assert re.search(r'descr="県医師会がセンターを支援する。"', xml)
    assert "asvg:svgBlip" in xml
    assert parts["word/media/picture1.png"].startswith(b"\x89PNG")
    assert b"<svg" in parts["word/media/picture1.svg"]
    assert "大阪市の手引書" in parts["word/footnotes.xml"].decode()
    assert b"https://example.org/" in parts["word/_rels/document.xml.rels"]


def test_fonts_language_and_spacing_are_japanese(paged: tuple[bytes, Rendering, list[str]]) -> None:
    parts = parts_of(paged[0])
    styles = parts["word/styles.xml"].decode()
    fonts = '<w:rFonts w:ascii="{0}" w:hAnsi="{0}" w:eastAsia="{0}" w:cs="{0}"/>'
    defaults = styles[: styles.index("</w:docDefaults>")]
    assert fonts.format("游明朝") in defaults
    assert 'w:eastAsia="ja-JP"' in defaults
    heading = styles[styles.index('w:styleId="Heading1"') :]
    assert fonts.format("游ゴシック") in heading[: heading.index("</w:style>")]
    assert b"compressPunctuation" in parts["word/settings.xml"]
    assert (
        b'compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"' in parts["word/settings.xml"]
    )


def test_a_draft_says_so_on_every_page_but_the_cover(paged: tuple[bytes, Rendering, list[str]]) -> None:
    sheets = paged[2]
    assert "案" in sheets[0]
    for sheet in sheets[1:]:
        assert "コーディネーター活動指針再構成版（案）" in sheet.splitlines()[0]
        assert "案" in "".join(sheet.split("（案）", 1)[1].split()[:1])


def test_pages_are_counted_from_the_first_chapter(paged: tuple[bytes, Rendering, list[str]]) -> None:
    feet = [sheet.strip().splitlines()[-1] for sheet in paged[2]]
    assert feet[1:] == ["i", "ii", "-1-", "-2-", "-3-"]


def test_properties_carry_no_name_and_no_clock(paged: tuple[bytes, Rendering, list[str]]) -> None:
    parts = parts_of(paged[0])
    core = parts["docProps/core.xml"].decode()
    assert "creator" not in core
    assert "lastModifiedBy" not in core
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2026-11-22T00:00:00Z"}
    assert "<dc:language>ja</dc:language>" in core
    assert "在宅医療推進センター" in core
    assert "sample@working" in parts["docProps/custom.xml"].decode()


def test_tables_have_fixed_widths_and_whole_short_rows(tmp_path: Path) -> None:
    long = "長い文である。" * 60
    table = Table(
        id="tab", caption=t("表"), number="図表1", widths=(1 / 3, 1 / 3, 1 / 3),
        head=((cell("あ", header=True), cell("い", header=True), cell("う", header=True)),),
        rows=((cell("一"), cell("二"), cell("三")), (cell("四", rows=2), cell("五", columns=2)), (cell("六"), cell(long))),
    )  # fmt: skip
    data, _ = rendered(small(section("one", "章", table, table_of(cell("次の表")))), tmp_path)
    root = body_of(parts_of(data))
    first = next(root.iter(f"{W}tbl"))
    assert sum(int(column.get(f"{W}w", "")) for column in first.iter(f"{W}gridCol")) == 8788
    rows = first.findall(f"{W}tr")
    assert [row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows] == [True, True, True, False]
    assert [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows] == [True, False, False, False]
    assert [found for found in faults(small(), data) if "row of" in found or "touches" in found] == []


def table_of(*cells: object) -> Table:
    return Table(id="", caption=(), number="", widths=(), head=(), rows=((*cells,),))  # type: ignore[arg-type]


def test_small_words_stay_small_where_they_are_a_link(tmp_path: Path) -> None:
    source = Paragraph(inlines=(Small(inlines=(Text(text="出典："), Reference(target="one", inlines=t("資料")))),))
    data, _ = rendered(small(section("one", "章", source)), tmp_path)
    xml = parts_of(data)["word/document.xml"].decode()
    assert re.search(r'<w:hyperlink w:anchor="GL_one"><w:r><w:rPr><w:rStyle w:val="Small"/>', xml)


def test_a_source_stays_with_the_box_before_it(tmp_path: Path) -> None:
    note = Note(look="caution", title=t("留意点"), blocks=(p("一つ。"), p("二つ。")))
    source = Paragraph(inlines=(Small(inlines=t("出典：図表-9　［role-one］")),))
    data, _ = rendered(small(section("one", "章", note, source)), tmp_path)
    root = body_of(parts_of(data))
    table = next(root.iter(f"{W}tbl"))
    gap = table.getnext()
    assert gap is not None
    for paragraph in (*table.iter(f"{W}p"), gap):
        assert paragraph.find(f"{W}pPr/{W}keepNext") is not None
    assert all(paragraph.find(f"{W}pPr/{W}keepLines") is not None for paragraph in table.iter(f"{W}p"))
    assert len(list(root.iter(f"{W}noBreakHyphen"))) == 1  # 図表-6; the printed id keeps its hyphen


def test_rows_of_one_group_and_the_start_of_a_table_stay_together(tmp_path: Path) -> None:
    rows = ((cell("群", rows=3), cell("一")), (cell("二"),), (cell("三"),), *((cell("別"), cell("値")),) * 9)
    table = Table(id="", caption=(), number="", widths=(0.5, 0.5), head=((cell("あ"), cell("い")),), rows=rows)
    data, _ = rendered(small(section("one", "章", table)), tmp_path)
    first = next(body_of(parts_of(data)).iter(f"{W}tbl"))
    kept = [row.find(f".//{W}keepNext") is not None for row in first.findall(f"{W}tr")]
    assert kept == [True, True, True, *(False,) * 8, True, False]


def test_the_first_two_entries_stay_with_their_heading(tmp_path: Path) -> None:
    entries = BulletList(items=((p("一"),), (p("二"),), (p("三"),)))
    data, _ = rendered(small(section("one", "章", entries)), tmp_path)
    found = [one for one in body_of(parts_of(data)).iter(f"{W}p") if one.find(f"{W}pPr/{W}numPr/{W}ilvl") is not None]
    assert [one.find(f"{W}pPr/{W}keepNext") is not None for one in found[-3:]] == [True, False, False]


def test_a_draft_says_so_in_a_box_on_the_cover() -> None:
    document = sample_document()
    assert re.search(r'"CoverStatus"/>.*案</w:t>', cover(document.cover, dict(document.labels)))
    assert "CoverStatus" not in cover(document.cover, {})


def test_a_heading_before_a_table_stays_with_it(tmp_path: Path) -> None:
    chapter = section("one", "章", section("two", "節", table_of(cell("値")), level=2, number="1"), number="第1章")
    data, _ = rendered(small(chapter), tmp_path)
    styles = etree.fromstring(parts_of(data)["word/styles.xml"])
    heading = styles.find(f"{W}style[@{W}styleId='Heading2']/{W}pPr/{W}keepNext")
    assert heading is not None


def test_long_anchors_become_short_bookmarks() -> None:
    names = [bookmark("a-" * 18 + part) for part in ("one--two--three", "one--two--four")]
    assert len(set(names)) == 2
    assert all(len(name) <= 40 and re.fullmatch(r"GL_\w+", name) for name in names)


def test_an_element_is_never_shared() -> None:
    one, other = (element('<w:ind w:left="10"/>') for _ in range(2))
    one.set(w("left"), "20")
    assert (other.get(w("left")), element('<w:ind w:left="10"/>').get(w("left"))) == ("10", "10")


def test_a_long_title_breaks_where_its_writer_put_a_space() -> None:
    xml = cover(sample_document().cover, {})
    assert "在宅医療推進センター</w:t></w:r><w:r><w:br/></w:r>" in xml


# ---------------------------------------------------------------- numbers


def assert_numbers_read_back(document: Document, sheets: list[str]) -> None:
    # Sheets with dot leaders are the contents; the headings themselves follow.
    text = "".join(line for sheet in sheets[1:] if "......" not in sheet for line in sheet.splitlines())
    place = 0
    for found in sections(document.sections):
        heading = squeezed(f"{found.number}{''.join(part.text for part in found.title if isinstance(part, Text))}")
        place = text.find(heading, place)
        assert place >= 0, heading


def assert_pages_are_right(document: Document, rendering: Rendering, sheets: list[str]) -> None:
    first = next(place for place, sheet in enumerate(sheets) if sheet.strip().endswith("-1-"))
    for found in sections(document.sections):
        if found.id in rendering.pages:
            sheet = sheets[first + rendering.pages[found.id] - 1]
            title = squeezed("".join(part.text for part in found.title if isinstance(part, Text)))
            assert title[:12] in sheet.replace("\n", ""), found.id


def test_numbers_and_pages_of_the_sample(paged: tuple[bytes, Rendering, list[str]]) -> None:
    _, rendering, sheets = paged
    assert_numbers_read_back(sample_document(), sheets)
    assert_pages_are_right(sample_document(), rendering, sheets)
    assert rendering.pages["ch-two"] == 2
    assert "preface" not in rendering.pages
    assert set(rendering.pages) == set(places(sample_document())) - {"preface"}
    contents = sheets[1]
    assert re.search(r"はじめに\.+ii\n", contents)
    assert re.search(r"\(1\)入退院支援と入退院先の調整\.+2\n", contents)


def tree(depth: int, widths: tuple[int, ...] = (2, 2, 2, 3, 2), prefix: str = "s") -> tuple[Section, ...]:
    if depth == len(widths):
        return ()
    return tuple(
        section(
            f"{prefix}{place}", f"題{prefix[1:]}{place}", *tree(depth + 1, widths, f"{prefix}{place}"), level=depth + 1
        )
        for place in range(widths[depth])
    )


ODD = (
    section("a", "序", section("a1", "節", level=2, number="1"), section("a2", "節二", level=2, number="2")),
    section("b", "三", section("b1", "節三", level=2, number="1"), number="第3章"),
    section("c", "付録", section("c1", "節四", level=2, number="1")),
    section("d", "四", section("d2", "節五", level=2, number="5"), number="第4章"),
)
TEXT = (section("a", "甲", number="別紙A.1"), section("b", "乙", number="別紙A.2"), section("c", "丙", number="その3"))


def word_lines(data: bytes) -> list[str]:
    text = libreoffice.convert(data, "txt:Text (encoded):UTF8", "txt")
    assert text is not None
    return [squeezed(line) for line in text.decode("utf-8-sig").splitlines()]


@pytest.mark.parametrize("preset", ["chapter", "koyobun", "hen", "odd", "text"])
def test_word_counts_as_the_document_does(preset: str, tmp_path: Path) -> None:
    given = {"odd": ODD, "text": TEXT}.get(preset)
    made = given or number_sections(tree(0), preset, "図表")
    data, _ = rendered(small(*made), tmp_path)
    wanted = [squeezed(f"{one.number}{one.title[0].text}") for one in sections(made)]  # type: ignore[union-attr]
    lines = word_lines(data)
    contents = lines.index(wanted[0])
    listed = [line for line, one in zip(wanted, sections(made), strict=True) if one.level <= 3]
    assert [line for line in lines[contents:] if line in set(wanted)] == listed + wanted
    automatic = [instance for instance in numbering(small(*made)).headings if instance is not None]
    assert bool(automatic) == (preset != "text")
    assert data.count(b"") and (preset in ("odd", "text") or set(automatic) == {0})


def test_numbers_that_run_on_through_parts_need_no_second_list() -> None:
    parts = tuple(
        section(f"p{n}", "編", *(section(f"c{n}{m}", "章", level=2, number=f"第{2 * n + m - 2}章") for m in (1, 2)),
                number=f"第{n}編")
        for n in (1, 2)
    )  # fmt: skip
    plan = numbering(small(*parts))
    assert len(plan.instances) == 1
    assert plan.levels[1] is not None
    assert not plan.levels[1].restarts


# ---------------------------------------------------------------- the same everywhere, and without LibreOffice


SCRIPT = """
import hashlib, os, sys, tempfile
from pathlib import Path
os.umask(int(sys.argv[1], 8))
sys.path[:0] = sys.argv[2:]
from sample import sample_document
from shishin.renderers.word import WordRenderer
folder = Path(tempfile.mkdtemp())
file = WordRenderer(pages=False).render(sample_document(), folder).files[0]
print(hashlib.sha256(file.read_bytes()).hexdigest())
"""


def test_the_same_bytes_everywhere(root: Path) -> None:
    folders = (str(root / "generators"), str(root / "tests"))
    one = render_apart(SCRIPT, "022", *folders, TZ="Asia/Tokyo", PYTHONHASHSEED="1", LANG="ja_JP.UTF-8")
    other = render_apart(SCRIPT, "077", *folders, TZ="America/New_York", PYTHONHASHSEED="2", LANG="C", LC_ALL="C")
    assert one == other


def test_without_libreoffice_no_page_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libreoffice, "program", lambda: None)
    data, rendering = rendered(sample_document(), tmp_path, pages=True)
    assert rendering.remarks == (NO_PAGES,)
    assert rendering.pages == {}
    assert faults(sample_document(), data) == []
    xml = parts_of(data)["word/document.xml"].decode()
    contents = xml[xml.index("TOCHeading") : xml.index('GL_preface"/>')]
    assert "PAGEREF" not in contents
    assert "<w:tab/>" not in contents
    assert re.search(r"PAGEREF GL_task_one.*?<w:t[^>]*>○</w:t>", xml)


def test_a_page_of_nothing_is_a_blank(tmp_path: Path) -> None:
    words = Paragraph(inlines=(PageOf(target="gone"), Text(text="頁"), Reference(target="gone", inlines=t("先"))))
    data, _ = rendered(small(section("one", "章", words, Quote(blocks=(p("引用"),)), Rule())), tmp_path)
    xml = parts_of(data)["word/document.xml"].decode()
    assert "○" in xml
    assert "GL_gone" not in xml


# ---------------------------------------------------------------- the programs behind it


def test_a_warning_of_pandoc_is_a_failure() -> None:
    picture = b'{"pandoc-api-version":[1,23,1,1],"meta":{},"blocks":[{"t":"Para","c":[{"t":"Image","c":[["",[],[]],[],["x.png",""]]}]}]}'
    with pytest.raises(Failure, match=r"x\.png"):
        pandoc.to_docx(picture, pandoc.default_file("reference.docx"), "2026-11-22")


def test_a_hanging_libreoffice_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office = tmp_path / "soffice"
    office.write_text(f"#!/bin/sh\nsleep 60 &\necho $! > {tmp_path}/child\nwait\n", encoding="utf-8")
    office.chmod(0o755)
    monkeypatch.setattr(libreoffice, "program", lambda: str(office))
    monkeypatch.setattr(libreoffice, "LIMIT", 1)
    with pytest.raises(Failure, match="not finished"):
        libreoffice.to_pdf(b"")
    state = Path(f"/proc/{(tmp_path / 'child').read_text().strip()}/stat")
    assert not state.exists() or state.read_text().split()[2] == "Z"


@pytest.mark.parametrize("svg", ["<svg", "<svg xmlns='http://www.w3.org/2000/svg'/>", "<svg viewBox='0 0 4 1'><x"])
def test_a_broken_picture_is_a_failure(svg: str) -> None:
    with pytest.raises(Failure):
        raster.proportion(svg)


def test_a_picture_has_the_resolution_of_print() -> None:
    png = raster.png(SVG, 155)
    width = int.from_bytes(png[16:20], "big")
    assert width / (155 / 25.4) >= 200
    assert raster.proportion(SVG) == pytest.approx(1 / 3)
