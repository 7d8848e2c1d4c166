"""A document as one HTML file: whole, alone, safe, readable by ear, on a phone and in print."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from pypdf import PdfReader

from renderers.chromium import DESK, PHONE, chromium, reader
from renderers.test_pdf import texts
from sample import p, sample_document, t
from sample_papers import line, new, sheet, wide
from shishin.document import (
    Block,
    Cell,
    Document,
    Footnote,
    Link,
    Note,
    Paragraph,
    Reference,
    Section,
    Table,
    Text,
    sections,
)  # fmt: skip
from shishin.problem import Failure
from shishin.renderers.html import HtmlRenderer, html
from shishin.renderers.rendering import Renderer

_: Renderer = HtmlRenderer()

VOID = ("meta", "br", "hr", "img", "col")
PAPERS = {"wide": wide(), "two": wide(columns=2), "sheet": sheet(), "book": sample_document()}


class Page(HTMLParser):
    """The file as a browser would take it; `faults` tells what is not closed as it was opened."""

    def __init__(self, document: Document) -> None:
        """Read the file of a document."""
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.faults: list[str] = []
        self.text = ""
        self.feed(html(document).decode())
        self.close()
        self.faults += self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            if tag == "a" and "a" in self.open:
                self.faults.append("link in link")
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Return the attributes of every element of this name."""
        return [attrs for name, attrs in self.tags if name == tag]


def with_blocks(*blocks: Block) -> Document:
    (first, *_) = sheet().sections
    return replace(sheet(), sections=(replace(first, blocks=blocks),))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.mark.parametrize("name", PAPERS)
def test_nothing_is_lost_and_links_lead_somewhere(name: str) -> None:
    page = Page(PAPERS[name])
    printed = re.sub(r"\s", "", page.text)
    lost = [text for text in texts(PAPERS[name]) if re.sub(r"\s", "", text) not in printed]
    assert lost == (["頁）を見よ。"] if name == "book" else [])  # a file has no pages to look up
    assert "頁" not in "".join(lost) or "を見よ。" in printed
    assert page.faults == []
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert {str(attrs["href"])[1:] for attrs in page.all("a") if str(attrs["href"]).startswith("#")} <= set(ids)


def test_a_lost_text_would_be_noticed() -> None:
    assert "（下線部分は改定部分）" not in Page(replace(wide(), cover=replace(wide().cover, notice=""))).text


def test_the_file_stands_alone(tmp_path: Path) -> None:
    (file,) = HtmlRenderer().render(sample_document(), tmp_path).files
    assert file.name == "sample-working.html"
    assert file.read_bytes() == html(sample_document())
    page = Page(sample_document())
    assert not page.all("script") and not page.all("link")
    assert all(str(attrs["src"]).startswith("data:image/svg+xml;base64,") for attrs in page.all("img"))
    assert "url(" not in file.read_text(encoding="utf-8")


def test_the_frame_of_the_page() -> None:
    page = Page(wide())
    assert page.all("html") == [{"lang": "ja"}]
    assert "<title>在宅医療推進センター コーディネーター活動指針 新旧対照表 " in html(wide()).decode()
    assert len(page.all("main")) == len(page.all("h1")) == 1
    assert {attrs.get("scope") for attrs in page.all("th")} == {"col", "row"}
    assert len(page.all("caption")) == 1  # the great table; those inside have their heads
    assert not page.all("nav") and Page(sample_document()).all("nav")


def test_levels_of_headings_follow_each_other() -> None:
    inner = Section(id="inner", item="", kind="part", level=2, number="1", title=t("中の節"), blocks=(p("中の文。"),))
    silent = Section(id="silent", item="", kind="part", level=1, number="第9章", title=(), blocks=(p("文。"), inner))
    page = Page(replace(sheet(), sections=(silent,)))
    assert [tag for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)] == ["h1", "h2"]
    assert "第9章" not in page.text and "中の節" in page.text


def test_changes_are_said_in_words() -> None:
    written = html(wide()).decode()
    hidden = '<span class="gl-hidden">'
    assert f'<ins class="gl-new">{hidden}［変更後］</span>業務と進め方{hidden}［変更後終わり］</span></ins>' in written
    assert f'<del class="gl-old">{hidden}［変更前］</span>業務{hidden}［変更前終わり］</span></del>' in written
    assert f'<span class="gl-moved">{hidden}［移動］</span>会議は' in written
    written = html(sheet()).decode()
    assert f"<del>{hidden}［削除］</span>旧い考え方{hidden}［削除終わり］</span></del>" in written
    assert f"<ins>{hidden}［追加］</span>新しい考え方{hidden}［追加終わり］</span></ins>" in written


def test_hostile_text_is_only_text() -> None:
    evil = "</style><script>alert(1)</script>\"'&amp;<b>\\ \x00 } @import"
    document = with_blocks(
        p(evil),
        line(Link(url='https://example.org/"><script>', inlines=t(evil)), Reference(target="no", inlines=t(evil))),
        Table(id='"><i>', caption=t(evil), number=evil, widths=(1.0,), head=(), rows=()),
    )
    cover = replace(document.cover, title=evil, subtitle=evil, paper_number=evil)
    page = Page(replace(document, cover=cover, header=evil, language='"><b>'))
    assert page.faults == []
    assert not page.all("script") and not page.all("b") and not page.all("i")
    assert len(page.all("style")) == 1
    assert page.text.count(evil.replace("\x00", "\N{REPLACEMENT CHARACTER}")) == 10


def test_links_never_nest() -> None:
    inside = (Link(url="https://example.org/", inlines=t("外")), Footnote(blocks=(p("注の文。"),)), Text(text="語"))
    page = Page(with_blocks(line(Reference(target="why", inlines=inside))))
    assert page.faults == []
    assert [attrs["href"] for attrs in page.all("a")] == ["#why", "#fn:1", "#fnref:1"]


def test_what_html_does_not_know_is_refused() -> None:
    table = Table(id="", caption=(), number="", widths=(1.0,), head=(), rows=(), look="odd")
    odd: tuple[Block, ...] = (
        line(replace(new("語"), change="odd")),
        table,
        Note(title=(), blocks=(), look="odd"),
        Paragraph(inlines=("odd",)),  # type: ignore[arg-type]
        "odd",  # type: ignore[assignment]
    )
    for block in odd:
        with pytest.raises(Failure, match=r"odd|str"):
            html(with_blocks(block))
    with pytest.raises(Failure, match="poster"):
        html(replace(sheet(), layout="poster"))


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_axe_finds_nothing(width: int, browser: Browser, tmp_path: Path) -> None:
    counts = tuple(
        p(word) for word in ("区分", "新設", "削除", "分割", "統合", "移動", "改題", "内容", "番号", "他", "計")
    )
    row = tuple(Cell(blocks=(count,), header=True) for count in counts)
    many = Table(id="", caption=(), number="", widths=(1 / len(row),) * len(row), head=(row,), rows=())
    papers = {**PAPERS, "many": with_blocks(many)}
    for name, document in papers.items():
        (tmp_path / f"{name}.html").write_bytes(html(document))
    with reader(browser, tmp_path.as_uri() + "/", width=width) as at:
        for name in papers:
            page = at.open(f"{name}.html")
            found = Axe().run(page).response["violations"]
            assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found] == [], name
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert at.complaints == []
        assert at.strangers == []


def test_a_phone_shows_the_older_words_first(browser: Browser, tmp_path: Path) -> None:
    for name in ("wide", "two"):
        (tmp_path / f"{name}.html").write_bytes(html(PAPERS[name]))
    with reader(browser, tmp_path.as_uri() + "/", width=PHONE) as at:
        for name in ("wide", "two"):
            row = at.open(f"{name}.html").locator(".gl-table-compare > tbody > tr").first
            tops = {
                cell.get_attribute("data-label"): cell.bounding_box()["y"]  # type: ignore[index]
                for cell in row.locator("> td").all()
            }
            assert sorted(tops, key=lambda label: tops[label]) == ["改定前", "改定後", "備考"][: len(tops)]
            label = row.locator("> td").first.evaluate("cell => getComputedStyle(cell, '::before').content")
            assert label == '"改定後"'


def test_print_is_on_its_side(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "wide.html").write_bytes(html(wide()))
    with reader(browser, tmp_path.as_uri() + "/") as at:
        at.open("wide.html").pdf(path=tmp_path / "wide.pdf", prefer_css_page_size=True)
    pages = PdfReader(tmp_path / "wide.pdf").pages
    assert pages[0].mediabox.width > pages[0].mediabox.height
    texts = [unicodedata.normalize("NFKC", page.extract_text()) for page in pages]
    header = unicodedata.normalize("NFKC", wide().header)
    assert len(texts) > 2
    assert all("備考" in text for text in texts)  # the head row returns
    assert "- 2 -" in texts[1] and header in texts[1]
    assert header not in texts[0]


def test_every_section_can_be_linked_to() -> None:
    for document in PAPERS.values():
        ids = {attrs.get("id") for attrs in Page(document).all("section")}
        assert {section.id for section in sections(document.sections)} <= ids


def test_nothing_is_underlined_without_words() -> None:
    marks = Page(wide()).tags
    changed = [attrs for tag, attrs in marks if tag in ("ins", "del") or attrs.get("class") == "gl-moved"]
    hidden = [attrs for tag, attrs in marks if attrs.get("class") == "gl-hidden"]
    assert len(hidden) == 2 * len(changed) + 1  # the caption of the table is hidden too
