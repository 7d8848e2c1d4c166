"""The PDF: nothing lost, nothing invented, readable by ear, the same bytes everywhere."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject

from sample import SVG, cell, p, sample_document, t
from shishin.document import (
    NODES,
    Anchor,
    Block,
    BulletList,
    Cell,
    CodeText,
    Cover,
    Document,
    Emphasis,
    Figure,
    Footnote,
    Inline,
    Inserted,
    LineBreak,
    Link,
    Note,
    OrderedList,
    PageOf,
    Paragraph,
    Quote,
    Reference,
    Removed,
    Ruby,
    Section,
    Small,
    Strong,
    Table,
    Text,
    plain,
    sections,
    to_data,
)
from shishin.problem import Failure
from shishin.renderers.pdf import TEMPLATE, PdfRenderer
from shishin.tools import typst

FIGURE = Figure(id="fig", caption=t("図"), number="図表3-1", alt="図の説明", svg=SVG)

HOSTILE = (
    '#read("/etc/passwd") $x$ @ref <tag> #{panic()} \\ \\n [a] *b* _c_ `d` // e /* f */ -- --- "q" 髙﨑𠮷 = 1. + -'
)

Made: TypeAlias = tuple[Document, Path, dict[str, int]]


def adding(*blocks: Block) -> Document:
    document = sample_document()
    more = Section(
        id="more", item="more", kind="x", level=1, number="第3章", title=t("追加"), part="body", blocks=blocks
    )
    return replace(document, sections=(*document.sections[:-1], more, document.sections[-1]))


def rendered(document: Document, folder: Path) -> Path:
    return PdfRenderer().render(document, folder).files[0]


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def pages_of(pdf: Path) -> list[str]:
    # -raw keeps the order of writing: a cell's lines stay together.
    raw = subprocess.run(["pdftotext", "-raw", pdf, "-"], check=True, capture_output=True).stdout
    return [squeezed(page) for page in raw.decode("utf-8").split("\f")]


def texts(value: object) -> Iterator[str]:
    """Yield every text a reader must find on paper."""
    match value:
        case Text(text=text):
            yield text
        case Ruby(base=base, reading=reading):
            yield from (base, reading)
        case Cover():
            yield from (getattr(value, field.name) for field in fields(value) if field.name != "status")
        case tuple():
            for part in value:
                yield from texts(part)
        case _ if is_dataclass(value):
            if isinstance(value, Section | Table | Figure):
                yield value.number
            for field in fields(value):
                if field.name not in ("header", "labels"):
                    yield from texts(getattr(value, field.name))


def missing(document: Document, pdf: Path) -> list[str]:
    printed = pages_of(pdf)
    return [text for text in texts(document) if not any(squeezed(text) in page for page in printed)]


def root_of(pdf: Path) -> Any:
    return PdfReader(pdf).trailer["/Root"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    document = sample_document()
    rendering = PdfRenderer().render(document, tmp_path_factory.mktemp("pdf"))
    return document, rendering.files[0], dict(rendering.pages)


def test_file_name(made: Made) -> None:
    assert made[1].name == "sample-working.pdf"


def test_sample_has_every_node() -> None:
    def names(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            yield value["node"]
        for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            yield from names(part)

    assert set(names(to_data(sample_document()))) == {node.__name__ for node in NODES}


def test_metadata_and_standards(made: Made) -> None:
    reader = PdfReader(made[1])
    root = root_of(made[1])
    xmp = root["/Metadata"].get_data().decode("utf-8")
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert "<pdfaid:part>2</pdfaid:part>" in xmp
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in xmp
    assert root["/Lang"].lower().startswith("ja")
    assert root["/MarkInfo"]["/Marked"]
    assert reader.metadata is not None
    assert reader.metadata.title == "在宅医療推進センター コーディネーター活動指針　新潟県"
    assert isinstance(reader.metadata.creation_date, datetime)
    assert reader.metadata.creation_date.date().isoformat() == "2026-11-22"


def test_bookmarks_are_the_printed_headings(made: Made) -> None:
    def walk(nodes: list[Any], level: int = 1) -> Iterator[tuple[int, str]]:
        for node in nodes:
            if isinstance(node, list):
                yield from walk(node, level + 1)
            else:
                yield level, node.title

    expected = [
        (section.level, "　".join(words for words in (section.number, plain(section.title)) if words))
        for section in sections(made[0].sections)
    ]
    assert list(walk(PdfReader(made[1]).outline)) == [(1, "目次"), *expected]


def test_no_text_is_lost(made: Made) -> None:
    assert missing(made[0], made[1]) == []


def test_pages_and_page_labels(made: Made) -> None:
    document, pdf, pages = made
    labels = PdfReader(pdf).page_labels
    printed = dict(zip(labels, pages_of(pdf), strict=False))
    assert labels[1:4] == ["i", "ii", "1"]
    for section in sections(document.sections):
        if section.id == "preface":
            assert section.id not in pages  # its page number is Roman
        else:
            assert squeezed(section.number + plain(section.title)) in printed[str(pages[section.id])]
    assert {"fig-layers", "tab-roles", "tab-card", "term-one"} < set(pages)
    assert f"（{pages['task-one']}頁）" in printed[str(pages["role-one"])]


def test_header_on_every_page_but_the_cover(made: Made) -> None:
    cover, *others = [page for page in pages_of(made[1]) if page]
    assert squeezed(made[0].header) not in cover
    assert all(squeezed(made[0].header) in page for page in others)


def test_draft_mark_where_the_header_lacks_it(tmp_path: Path) -> None:
    document = replace(sample_document(), header="活動指針 第2稿")
    _, *others = [page for page in pages_of(rendered(document, tmp_path)) if page]
    assert all("活動指針第2稿案" in page for page in others)


def elements(pdf: Path) -> Iterator[DictionaryObject]:
    def walk(node: Any) -> Iterator[DictionaryObject]:
        node = node.get_object()
        if isinstance(node, ArrayObject):
            for part in node:
                yield from walk(part)
        elif isinstance(node, DictionaryObject) and "/S" in node:
            yield node
            yield from walk(node.get("/K", ArrayObject()))

    yield from walk(root_of(pdf)["/StructTreeRoot"]["/K"])


def test_structure_for_readers_by_ear(made: Made) -> None:
    found = list(elements(made[1]))
    kinds = {str(element["/S"]).removeprefix("/") for element in found}
    assert {"H1", "H2", "H3", "H4", "P", "L", "LI", "Table", "THead", "TH", "TD", "Caption", "Note", "TOC"} <= kinds
    assert [str(element["/Alt"]) for element in found if str(element["/S"]) == "/Figure"] == [
        "県医師会がセンターを支援する。"
    ]


def test_hostile_text_is_only_text(tmp_path: Path) -> None:
    document = adding(
        p(HOSTILE),
        Paragraph(inlines=(Strong(inlines=t(HOSTILE)), Link(url="https://example.org/#$@<>", inlines=t(HOSTILE)))),
        Table(
            id="hostile", caption=t(HOSTILE), number="図表3-1", widths=(0.5, 0.5), head=(),
            rows=((cell(HOSTILE, header=True), cell(HOSTILE)),), note=t(HOSTILE),
        ),
        Section(id="h", item="", kind="part", level=2, number="1", title=t(HOSTILE), blocks=()),
    )  # fmt: skip
    document = replace(document, cover=replace(document.cover, title=HOSTILE, notice=HOSTILE))
    pdf = rendered(document, tmp_path)
    assert missing(document, pdf) == []
    assert "root:" not in "".join(pages_of(pdf))


def test_long_rows_and_tables_break(tmp_path: Path) -> None:
    long_cell = replace(cell(""), blocks=tuple(p(f"第{number}文。" + "長い行を試す。" * 9) for number in range(60)))
    document = adding(
        Table(
            id="long", caption=t("長い表"), number="図表3-1", widths=(0.2, 0.8),
            head=((cell("見出し一", header=True), cell("見出し二", header=True)),),
            rows=(
                *((cell(f"行{number}", header=True), cell("値" * 90)) for number in range(50)),
                (cell("長い行", header=True), long_cell),
            ),
        ),
    )  # fmt: skip
    pdf = rendered(document, tmp_path)
    assert missing(document, pdf) == []
    with_table = [page for page in pages_of(pdf) if "行1" in page or "長い行を試す。" in page]
    assert len(with_table) > 3
    assert all("見出し一見出し二" in page for page in with_table)


def test_what_belongs_together_stands_together(tmp_path: Path) -> None:
    # The same item at every height of a page: chapters begin pages, and each has one more line before the item.
    def item(at: int) -> Section:
        head = (cell("主体", header=True), cell("すること", header=True))
        rows = tuple((cell(f"行{row}の{at}番"), cell("値")) for row in range(6))
        table = Table(id="", caption=(), number="", widths=(0.3, 0.7), head=(head,), rows=rows)
        points = BulletList(items=tuple((p(f"点{point}の{at}番"),) for point in range(3)))
        note = Note(title=t(f"箱の{at}番"), blocks=(BulletList(items=((p(f"箱中の{at}番"),), (p(f"箱尾の{at}番"),))),))
        sources = Paragraph(inlines=(Small(inlines=t(f"出典の{at}番　［long-id-of-an-item-{at}］")),))
        blocks = (p(f"要旨の{at}番"), table, note, p("間の文。" * 60), points, p(f"用語の{at}番"), sources)
        return Section(id=f"i{at}", item="", kind="part", level=2, number="1", title=t(f"題の{at}番"), blocks=blocks)

    chapters = tuple(
        Section(
            id=f"c{at}", item="", kind="x", level=1, number="章", title=t("題"),
            blocks=(*(p("行") for _ in range(at)), item(at)),
        )
        for at in range(40)
    )  # fmt: skip
    pages = pages_of(rendered(replace(sample_document(), sections=chapters, labels=()), tmp_path))

    def page(words: str, at: int) -> int:
        return next(number for number, page in enumerate(pages) if f"{words}の{at}番" in page)

    for at in range(40):
        rows = [page(f"行{row}", at) for row in range(6)]
        assert page("題", at) == page("要旨", at) == rows[0] == rows[1], at
        assert rows[4] == rows[5], at
        assert page("箱", at) == page("箱中", at) == page("箱尾", at), at
        assert page("点2", at) == page("用語", at) == page("出典", at), at
    assert len({page("行0", at) - page("行5", at) for at in range(40)}) == 2  # some tables do break


def test_rows_that_all_but_fill_their_lines_stand_together(tmp_path: Path) -> None:
    # Heights of rows are reckoned from the text: with a line too few, one row would stand alone on its page.
    words = "値、値。" * 40

    def table(at: int) -> Table:
        rows = tuple((cell(f"行{row}の{at}番"), cell(words[: 20 + at])) for row in range(6))
        return Table(id="", caption=(), number="", widths=(0.3, 0.7), head=(), rows=rows)

    chapters = tuple(
        Section(
            id=f"c{at}", item="", kind="x", level=1, number="章", title=t("題"),
            blocks=(*(p("行") for _ in range(25 + at % 12)), table(at)),
        )
        for at in range(60)
    )  # fmt: skip
    pages = pages_of(rendered(replace(sample_document(), sections=chapters, labels=()), tmp_path))
    for at in range(60):
        rows = [next(n for n, page in enumerate(pages) if f"行{row}の{at}番" in page) for row in range(6)]
        assert rows[0] == rows[1] and rows[4] == rows[5], at


def test_groups_of_rows_are_named_again_overleaf(tmp_path: Path) -> None:
    rows = tuple(
        ((cell("組の名", rows=60),) if number == 0 else ()) + (cell(f"行{number}"), cell("値")) for number in range(60)
    )
    table = Table(id="", caption=(), number="", widths=(0.2, 0.4, 0.4), head=(), rows=rows)
    pages = [page for page in pages_of(rendered(adding(table), tmp_path)) if re.search(r"行\d", page)]
    assert len(pages) > 1
    assert all(page.count("組の名") == 1 for page in pages)


def test_long_chapter_titles_stay_in_the_running_head(tmp_path: Path) -> None:
    title = "市町村の在宅医療・介護連携推進事業との関係とこれからの進め方"
    document = adding(*(p("行") for _ in range(60)))
    more = replace(document.sections[-2], title=t(title))
    document = replace(document, sections=(*document.sections[:-2], more, document.sections[-1]))
    pages = [page for page in pages_of(rendered(document, tmp_path)) if page.count("行") > 9]
    assert len(pages) == 2
    assert all(f"第3章{title}" in page for page in pages)


def test_head_rows_that_link_repeat_without_links(tmp_path: Path) -> None:
    def table(id: str, *inlines: Any) -> Table:
        head = cell("", header=True)
        return Table(
            id=id, caption=(), number="", widths=(0.5, 0.5), head=((replace(head, blocks=(Paragraph(inlines=inlines),)), head),),
            rows=tuple((cell(f"行{number}"), cell("値" * 60)) for number in range(40)),
        )  # fmt: skip

    linking = (Reference(target="task-one", inlines=t("参照する見出し")), PageOf(target="task-one"))
    document = adding(
        table("one", *linking, Link(url="https://example.org/", inlines=t("外"))),
        table("two", Text(text="脚注のある見出し"), Footnote(blocks=(p("見出しの脚注"),))),
        table("three", Anchor(id="here", item="here", inlines=t("行き先の見出し"))),
        Paragraph(inlines=(Reference(target="here", inlines=t("表の見出しへ")),)),
    )
    pdf = rendered(document, tmp_path)
    assert missing(document, pdf) == []
    assert sum("参照する見出し" in page for page in pages_of(pdf)) > 1


def test_nodes_nest(tmp_path: Path) -> None:
    inlines: tuple[Inline, ...] = (
        Ruby(base="看取", reading="みと"),
        Strong(inlines=(Emphasis(inlines=(CodeText(text="深い"),)), LineBreak(), Small(inlines=t("小")))),
        Footnote(blocks=(p("注の一"), BulletList(items=((p("注の箇条"),),)))),
        Reference(target="task-one", inlines=(Strong(inlines=t("業務")),)),
        Link(url="https://example.org/a?b=c#d", inlines=(Ruby(base="頁", reading="ぺえじ"),)),
        Inserted(inlines=(Reference(target="role-one", inlines=t("足した先")),)),
        Removed(inlines=(Strong(inlines=t("消した")),)),
        PageOf(target="preface"),
    )
    inner = Table(
        id="", caption=(), number="", widths=(), head=(), rows=((cell("内の表"), cell("内の値")),), look="plain"
    )
    lists = OrderedList(items=((Paragraph(inlines=inlines), inner, Quote(blocks=(p("引用"),))),), start=7)
    document = adding(
        Section(
            id="rich", item="", kind="part", level=2, number="1", title=inlines,
            blocks=(
                Note(title=inlines, blocks=(lists, Note(title=(), blocks=(p("箱の中の箱"),), look="source"))),
                Table(
                    id="t", caption=inlines, number="図表3-1", widths=(0.3, 0.3, 0.4),
                    head=((cell("二列", columns=2, header=True), cell("一列", header=True)),),
                    rows=(
                        (cell("縦二つ", rows=2, header=True), cell("右", align="right"), Cell(blocks=(lists, inner))),
                        (cell("下"), Cell(blocks=())),
                    ),
                    note=inlines,
                ),
                replace(FIGURE, caption=(), note=inlines),
                Paragraph(inlines=()),
            ),
        ),
    )  # fmt: skip
    pdf = rendered(document, tmp_path)
    assert missing(document, pdf) == []
    assert "ii" in pages_of(pdf)[-3]  # the page of the preface


@dataclass(frozen=True)
class Blink:
    text: str = "あ"


@pytest.mark.parametrize(
    ("block", "told"),
    [
        pytest.param(Blink(), ("more", "追加", "Blink"), id="unknown_node"),
        pytest.param(replace(FIGURE, alt=" "), ("more", "fig", "代替テキスト"), id="no_alt"),
        pytest.param(replace(FIGURE, svg="<svg"), ("more", "SVG"), id="bad_svg"),
        pytest.param(replace(FIGURE, svg=SVG.replace("センター", "😀")), ("more", "U+1F600"), id="glyph_in_svg"),
        pytest.param(p("笑う😀顔"), ("more", "😀", "U+1F600"), id="glyph"),
        pytest.param(Paragraph(inlines=(Reference(target="gone", inlines=t("先")),)), ("more", "gone"), id="no_target"),
        pytest.param(Paragraph(inlines=(PageOf(target="gone"),)), ("more", "gone"), id="no_page"),
        pytest.param(replace(FIGURE, id="more"), ("more", "二度"), id="same_anchor"),
        pytest.param(
            Section(id="deep", item="", kind="part", level=4, number="", title=t("段"), blocks=()),
            ("deep", "4"), id="heading_jump",
        ),
        pytest.param(
            Paragraph(inlines=(Inserted(inlines=(Removed(inlines=t("印")),)),)), ("more", "印"), id="mark_in_mark"
        ),
        pytest.param(
            Table(id="wide", caption=(), number="", widths=(1.0,), head=(), rows=((cell("一"), cell("二")),)),
            ("more", "wide", "列幅"), id="widths",
        ),
    ],
)  # fmt: skip
def test_faults_name_the_item(block: Any, told: tuple[str, ...], tmp_path: Path) -> None:
    with pytest.raises(Failure) as caught:
        rendered(adding(p("前"), block), tmp_path)
    for words in told:
        assert words in caught.value.message.ja
    assert told[0] in caught.value.message.en
    assert list(tmp_path.iterdir()) == []


def test_template_refuses_a_node_it_does_not_know() -> None:
    data = json.dumps(to_data(adding(p("あ")))).replace('"node": "Rule"', '"node": "Blink"')
    with pytest.raises(typst.Fault) as caught:
        typst.compile_pdf(TEMPLATE, {"document": data}, "2026-11-22")
    assert (caught.value.code, caught.value.where, caught.value.what) == ("unknown-node", "role-one", "Blink")


def test_warnings_are_failures(tmp_path: Path) -> None:
    template = tmp_path / "t.typ"
    template.write_text(
        '#set document(title: "t", date: datetime(year: 2026, month: 1, day: 1))\n= あ\n#text(font: "nowhere")[い]'
    )
    with pytest.raises(typst.Fault, match="unknown font family"):
        typst.compile_pdf(template, {}, "2026-11-22")


def test_papers_without_cover_lines_contents_or_chapters(tmp_path: Path) -> None:
    empty = Cover(title="題", **{f.name: "" for f in fields(Cover) if f.name != "title"})
    document = replace(sample_document(), cover=empty, sections=(), labels=())
    assert pages_of(rendered(document, tmp_path))[0] == "題"


def test_same_bytes_wherever_it_runs(tmp_path: Path, made: Made) -> None:
    root = Path(__file__).parents[2]
    code = (
        "import os, sys; os.umask(int(sys.argv[2], 8))\n"
        "from pathlib import Path; from sample import sample_document; from shishin.renderers.pdf import PdfRenderer\n"
        "PdfRenderer().render(sample_document(), Path(sys.argv[1]))"
    )
    outputs = set()
    for number, (zone, mask, seed) in enumerate((("Asia/Tokyo", "077", "1"), ("America/New_York", "000", "2"))):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = os.pathsep.join((str(root / "generators"), str(root / "tests")))
        settings = os.environ | {"TZ": zone, "PYTHONHASHSEED": seed, "PYTHONPATH": path}
        subprocess.run([sys.executable, "-c", code, folder, mask], check=True, cwd=folder, env=settings)
        outputs.add((folder / made[1].name).read_bytes())
    assert outputs == {made[1].read_bytes()}
