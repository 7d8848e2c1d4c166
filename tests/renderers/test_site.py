"""The website, as readers get it: in Chromium, on a phone and on a desk, in the light and in the dark."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from hypothesis import given
from hypothesis import strategies as st
from markdown import markdown
from playwright.sync_api import Browser, Page

from renderers.chromium import DESK, PHONE, chromium, reader, served
from sample import cell, p, sample_document, t
from shishin.compose import Composed
from shishin.document import (
    NODES,
    Anchor,
    BulletList,
    Cell,
    CodeText,
    Document,
    Emphasis,
    Figure,
    Footnote,
    Link,
    Note,
    OrderedList,
    PageOf,
    Paragraph,
    Quote,
    Reference,
    Ruby,
    Section,
    Small,
    Strong,
    Table,
    Text,
)  # fmt: skip
from shishin.problem import Failure
from shishin.renderers import readings
from shishin.renderers.site import SiteRenderer
from shishin.renderers.site_inlines import Sheet, inline_text
from shishin.renderers.site_text import escaped
from shishin.snapshot import Snapshot

ROOT = Path(__file__).parents[2]
LOOKS = [(DESK, False), (DESK, True), (PHONE, False), (PHONE, True)]
HOSTILE = [
    "*強調* _下線_ **太字**",
    "<script>alert(1)</script>",
    "<b>太字</b> <!-- 注釈 -->",
    "[語](https://example.org/) ![絵](x.png) [語][1]",
    "`符号` ``二重``",
    "&amp; &lt; &#65; & AT&T",
    "$x$ $$y$$",
    "{#id} {: .class } { .class }",
    "{{ cover.title }} {% raw %}",
    "1. 番号",
    "# 見出し",
    "- 点",
    "+ 点",
    "| 列 | 列 |",
    "> 引用",
    "    四字下げ",
    "--- 線",
    "=== 線",
    "!!! note",
    ": 意味",
    "[^1] [^1]: 脚注",
    r"\* \\ \n C:\temp",
    "~~消~~ ==目立たせ== ^上^ ~下~",
    "https://example.org/ <https://example.org/> a@example.org",
    "\"引用符\" '一重'",
    "*[HTML]: 略語",
    "\u3000字下げ　　全角",
    "</td></tr></table> </p>",
]


def _render(document: Document, folder: Path, root: Path = ROOT, **options: object) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    SiteRenderer(root=root, pages=("task", "role"), **options).render(document, folder)  # type: ignore[arg-type]
    return folder / "site"


def _hostile_document() -> Document:
    """Return the sample with every hostile text in every place that holds text."""
    sections = []
    for number, text in enumerate(HOSTILE):
        name = f"x{number}"
        blocks = (
            p(text),
            Paragraph(inlines=(Strong(inlines=t(text)), Emphasis(inlines=t(text)), CodeText(text=text))),
            Paragraph(inlines=(Link(url="https://example.org/?a=1&b=[2]`*", inlines=t(text)), Small(inlines=t(text)))),
            Paragraph(inlines=(Reference(target=name, inlines=t(text)), Ruby(base=text, reading=text))),
            Paragraph(inlines=(Text(text="語"), Footnote(blocks=(p(text),)))),
            BulletList(items=((p(text),), (p(text), p(text)))),
            OrderedList(items=((p(text), BulletList(items=((p(text),),))),), start=3),
            Quote(blocks=(p(text),)),
            Note(title=t(text), blocks=(p(text),)),
            Table(
                id=f"{name}-tab", caption=t(text), number="図表1", widths=(0.5, 0.25, 0.25),
                head=((cell(text, header=True), cell(text, header=True), cell("三", header=True)),),
                rows=((Cell(blocks=(Paragraph(inlines=(Anchor(id=f"{name}-row", item="", inlines=t(text)),)),)),
                       Cell(blocks=(p(text), p(text))), cell(text)),), note=t(text),
            ),
            Figure(id=f"{name}-fig", caption=t(text), number="図表2", alt=text, svg="<svg/>"),
        )  # fmt: skip
        sections.append(
            Section(id=name, item=name, kind="task", level=2, number="1", title=t(f"題 {text}"), blocks=blocks)
        )
    chapter = Section(
        id="ch-x", item="ch-x", kind="chapter", level=1, number="第1章", title=t(HOSTILE[1]), blocks=tuple(sections)
    )
    cover = replace(sample_document().cover, notice=HOSTILE[2], title=f"題 {HOSTILE[1]}")
    return replace(sample_document(), sections=(chapter,), cover=cover, header=f"頭 {HOSTILE[1]}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    (folder / "sample.docx").write_bytes(b"docx" * 400_000)
    (folder / "sample.pdf").write_bytes(b"pdf" * 1000)
    index = (
        ("こーでぃねーたー", "コーディネーター", "role-one"),
        ("ぎょうむ", "業務", "task-one"),
        ("たしょくしゅれんけい", "多職種連携", "term-one"),
        ("ICT", "ICT", "term-one"),
    )
    downloads = (("Word", "sample.docx"), ("PDF", "sample.pdf"))
    return _render(sample_document(), folder, index=index, downloads=downloads)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _render(_hostile_document(), tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def real(composed: Composed, snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the shipped guideline."""
    folder = tmp_path_factory.mktemp("real")
    pages = tuple(snapshot.settings["site"]["pages"])
    SiteRenderer(root=ROOT, pages=pages, index=readings(snapshot)).render(composed.document, folder)
    return folder / "site"


class _Links(HTMLParser):
    """The anchors and links of one page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and value:
                self.ids.append(value)
            if name in ("href", "src") and value:
                self.links.append(value)


def _pages(site: Path) -> dict[str, _Links]:
    return {path.relative_to(site).as_posix(): _Links(path.read_text("utf-8")) for path in sorted(site.rglob("*.html"))}


def _hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _complaints(page: Page) -> list[tuple[str, list[str]]]:
    """Return what axe finds wrong on a page, with the elements at fault."""
    found = Axe().run(page).response["violations"]
    return [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found]


def _nodes(value: object) -> Iterator[object]:
    if isinstance(value, tuple):
        for part in value:
            yield from _nodes(part)
    elif isinstance(value, NODES):
        yield value
        for name in value.__slots__:
            yield from _nodes(getattr(value, name))


def check_links(site: Path) -> None:
    """Fail unless every link of every page leads somewhere inside the site, and no id is there twice."""
    pages = _pages(site)
    for page, found in pages.items():
        # Material gives its icons' masks and its toggles no ids of their own sort; ours must be unique.
        assert sorted(set(found.ids)) == sorted(found.ids), page
        for link in found.links:
            parts = urlsplit(urljoin(page, link) if not link.startswith("#") else page + link)
            if parts.scheme or parts.netloc or (page == "404.html" and link.startswith("/")):
                continue
            path = unquote(parts.path).lstrip("/")
            assert (site / path).is_file(), f"{page} links to {link}"
            if parts.fragment and path in pages:
                assert unquote(parts.fragment) in pages[path].ids, f"{page} links to {link}"


# ---------------------------------------------------------------- what is on the pages


@pytest.mark.parametrize("site", ["sample", "hostile", "real"])
def test_every_link_leads_somewhere(site: str, request: pytest.FixtureRequest) -> None:
    check_links(request.getfixturevalue(site))


def test_every_item_of_the_guideline_has_its_anchor(real: Path, composed: Composed) -> None:
    ids = {anchor for page in _pages(real).values() for anchor in page.ids}
    items = {one.item for one in _nodes(composed.document) if isinstance(one, Section | Anchor) and one.item}
    assert len(items) > 150
    assert items <= ids


def test_items_have_their_pages_and_anchors(sample: Path) -> None:
    pages = _pages(sample)
    assert {
        "index.html", "preface/index.html", "ch-one/index.html", "ch-two/index.html", "colophon/index.html",
        "role/role-one.html", "task/task-one.html", "find/task.html", "find/role.html", "find/words.html",
    } <= set(pages)  # fmt: skip
    for anchor in ("task-one", "task-one--steps", "tab-roles", "tab-terms", "term-one"):
        assert anchor in pages["task/task-one.html"].ids
    assert {"role-one", "fig-layers", "tab-card"} <= set(pages["role/role-one.html"].ids)
    assert "ch-one--bodies" in pages["ch-one/index.html"].ids
    assert "role-one" not in pages["ch-one/index.html"].ids


def test_a_chapter_tells_of_its_items(sample: Path) -> None:
    text = (sample / "ch-two/index.html").read_text("utf-8")
    assert '<a href="../task/task-one.html">入退院支援と入退院先の調整</a>' in text
    assert "病院と在宅の間をつなぐ。" in text
    assert "相談を受け、記録票に書く。" not in text


def test_page_numbers_leave_nothing_behind(sample: Path) -> None:
    text = (sample / "role/role-one.html").read_text("utf-8")
    assert "入退院支援と入退院先の調整</a>を見よ。" in text


@pytest.mark.parametrize(
    ("before", "after", "printed"),
    [
        ("（", "頁）を見よ。", "を見よ。"),
        ("（p. ", "）", ""),
        (" ", "頁", ""),
        ("表（", "頁、別記）", "表（、別記）"),
        ("", "のとおり", "のとおり"),
    ],
)
def test_words_around_a_page_number_go_with_it(before: str, after: str, printed: str) -> None:
    inlines = (Text(text=before), PageOf(target="a"), Text(text=after))
    assert inline_text(inlines, Sheet(path="index.md", addresses={})) == printed


def test_table_heads_have_a_scope_and_captions_name_the_table(sample: Path) -> None:
    text = (sample / "task/task-one.html").read_text("utf-8")
    assert re.search(r'<th class="gl-w30" scope="col">主体</th>', text)
    assert re.search(r'<th class="gl-name" scope="row">郡市医師会</th>', text)
    assert 'aria-labelledby="tab-roles--caption"' in text
    assert 'id="tab-roles--caption"' in text
    assert not re.findall(r"<th(?![^>]*scope=)[ >]", text)


def test_every_page_says_what_it_is(sample: Path) -> None:
    for path in sorted(sample.rglob("*.html")):
        text = path.read_text("utf-8")
        assert '<strong class="gl-badge">案</strong>' in text, path
        assert "再構成版（案）" in text, path
        assert "基準日 令和8年11月22日" in text, path
        assert re.search(r"<title>[^<]+</title>", text), path
        assert '<meta name="description" content="' in text, path
        assert not re.search(r"markdown=\"|data-search-exclude|\{ #", text), path


def test_the_home_page_offers_ways_and_files(sample: Path) -> None:
    text = (sample / "index.html").read_text("utf-8")
    for words in ("業務から探す", "役割から探す", "索引", "第1章", "Word", "（1.6 MB）", "（3 KB）"):
        assert words in text
    assert "場面から探す" not in text  # the sample has no scenes
    assert (sample / "downloads/sample.pdf").is_file()


def test_the_index_stands_in_rows(sample: Path) -> None:
    text = (sample / "find/words.html").read_text("utf-8")
    rows = re.findall(r'<h2 id="row-([a-z]+)"', text)
    assert rows == ["ka", "ta", "other"]


def test_a_released_edition_has_no_banner(tmp_path: Path) -> None:
    document = sample_document()
    document = replace(document, cover=replace(document.cover, status="施行", edition="第1版"))
    site = _render(document, tmp_path)
    assert "gl-banner" not in (site / "index.html").read_text("utf-8")


# ---------------------------------------------------------------- hostile text


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1))
def test_escaped_text_comes_out_literally(text: str) -> None:
    html = markdown(
        f"前{escaped(text)}後\n\n{escaped(text)}語", extensions=["attr_list", "md_in_html", "toc", "tables"]
    )
    parts: list[str] = []
    parser = HTMLParser()
    parser.handle_data = parts.append  # type: ignore[method-assign]
    parser.feed(html)
    parser.close()
    assert "".join(parts) == f"前{text}後\n{text}語"
    assert re.findall(r"<[^>]*>", html) == ["<p>", "</p>", "<p>", "</p>"]


def test_hostile_text_is_printed_as_it_is(hostile: Path, browser: Browser) -> None:
    with served(hostile) as base, reader(browser, base) as at:
        for number, text in enumerate(HOSTILE):
            page = at.open(f"task/x{number}.html")
            article = page.locator("article")
            seen = article.evaluate(
                """article => {
                    const text = node => node.textContent;
                    const all = (selector) => [...article.querySelectorAll(selector)].map(text);
                    return {
                        p: text(article.querySelector("h1 + p")), strong: all("p > strong"), em: all("p > em"),
                        code: all("code"), link: all('a[href^="https"]'), small: all(".gl-small"),
                        own: all('p > a[href^="#x"]'), rt: all("rt"), note: all(".footnote li p"), li: all("ul li, ol li"),
                        quote: all("blockquote p"), title: all(".admonition-title"), th: all("thead th"),
                        anchor: all("td span"), td: all("td p"), last: all("td:last-child"),
                        caption: all("figcaption"), remark: all(".gl-remark"),
                        alt: [...article.querySelectorAll("img")].map(one => one.alt),
                        label: [...article.querySelectorAll("td[data-label]")].map(one => one.dataset.label),
                        start: article.querySelector(".md-typeset > ol, article > ol").start,
                    };
                }"""
            )
            for key in (
                "strong",
                "em",
                "code",
                "link",
                "small",
                "own",
                "rt",
                "quote",
                "title",
                "anchor",
                "last",
                "remark",
            ):
                assert seen[key] == [text], (key, text)
            assert seen["p"] == text
            assert seen["note"] == [f"{text} ↩"]
            assert [one for one in seen["li"] if text not in one] == []
            assert seen["th"] == [text, text, "三"]
            assert seen["td"] == [text, text]
            assert seen["caption"][0] == f"図表1 {text}"
            assert seen["caption"][1].startswith(f"図表2 {text} ")
            assert seen["alt"] == [text]
            assert [one.strip() for one in seen["label"][:2]] == [text.strip()] * 2
            assert seen["start"] == 3
            assert (
                page.locator("h1").evaluate("h1 => h1.firstElementChild.nextSibling.data").strip()
                == f"題 {text}".strip()
            )
            assert page.title().startswith(re.sub(" +", " ", f"題 {text}").strip(" "))
        at.open("index.html")
        assert at.page.locator(".gl-notice").text_content() == HOSTILE[2]
        assert at.page.locator("h1").evaluate("h1 => h1.firstChild.data") == f"題 {HOSTILE[1]}"
        assert at.complaints == []
        assert at.strangers == []


# ---------------------------------------------------------------- what is refused


def test_a_reference_into_nothing_is_a_failure(tmp_path: Path) -> None:
    document = sample_document()
    lost = replace(document.sections[0], blocks=(Paragraph(inlines=(Reference(target="nowhere", inlines=t("語")),)),))
    with pytest.raises(Failure) as told:
        _render(replace(document, sections=(lost, *document.sections[1:])), tmp_path)
    assert "nowhere" in told.value.message.ja
    assert "preface" in told.value.message.ja


def test_an_anchor_given_twice_is_a_failure(tmp_path: Path) -> None:
    document = sample_document()
    with pytest.raises(Failure, match="preface"):
        _render(replace(document, sections=(document.sections[0], *document.sections)), tmp_path)


def test_a_missing_download_is_a_failure(tmp_path: Path) -> None:
    with pytest.raises(Failure, match=r"no\.docx"):
        _render(sample_document(), tmp_path, downloads=(("Word", "no.docx"),))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A root with the hand-written half of the site."""
    root = tmp_path / "root"
    shutil.copytree(ROOT / "site", root / "site")
    shutil.copyfile(ROOT / "mkdocs.yml", root / "mkdocs.yml")
    return root


def test_warnings_of_mkdocs_are_told_in_one_message(copy: Path, tmp_path: Path) -> None:
    home = copy / "site/pages/index.md.j2"
    home.write_text(home.read_text("utf-8") + "\n[語](nowhere.md) [語](#nowhere)\n", "utf-8")
    with pytest.raises(Failure) as told:
        _render(sample_document(), tmp_path / "out", root=copy)
    assert told.value.message.ja.count("nowhere") >= 2
    assert "SOURCE_DATE_EPOCH" not in os.environ


@pytest.mark.parametrize("wrong", ["{{ nothing.here }}", "{% for %}", "{{ 1 / 0 }}", "{% include 'none.html' %}"])
def test_a_wrong_template_of_the_theme_is_a_failure(copy: Path, tmp_path: Path, wrong: str) -> None:
    (copy / "site/overrides/partials/footer.html").write_text(wrong, "utf-8")
    with pytest.raises(Failure, match="MkDocs"):
        _render(sample_document(), tmp_path / "out", root=copy)


@pytest.mark.parametrize("wrong", ["theme: {name: none}", "plugins: [none]", "theme: [", "markdown_extensions: [none]"])
def test_wrong_settings_are_a_failure(copy: Path, tmp_path: Path, wrong: str) -> None:
    (copy / "mkdocs.yml").write_text(wrong, "utf-8")
    with pytest.raises(Failure, match="MkDocs"):
        _render(sample_document(), tmp_path / "out", root=copy)


@pytest.mark.parametrize("wrong", ["{{ nothing }}", "{% for %}", "{{ link('nowhere', '語') }}"])
def test_a_wrong_page_of_the_site_is_a_failure(copy: Path, tmp_path: Path, wrong: str) -> None:
    (copy / "site/pages/index.md.j2").write_text(f"---\ntitle: 家\n---\n{wrong}\n", "utf-8")
    with pytest.raises(Failure, match=r"index\.md"):
        _render(sample_document(), tmp_path / "out", root=copy)


# ---------------------------------------------------------------- building


def test_plain_mkdocs_builds_the_same_and_leaves_site_alone(copy: Path) -> None:
    ours = _render(sample_document(), copy / "dist/working", root=copy)
    built, written = _hashes(ours), _hashes(copy / "site")
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1", "SOURCE_DATE_EPOCH": "1795305600"}
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict"],
        cwd=copy,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    assert _hashes(copy / "site") == written
    assert _hashes(ours) == built


_RUN = """
import os, sys
from pathlib import Path
os.umask(int(sys.argv[2], 8))
from sample import sample_document
from shishin.renderers.site import SiteRenderer
folder = Path(sys.argv[1])
folder.mkdir(parents=True)
SiteRenderer(root=Path(sys.argv[3]), pages=("task",)).render(sample_document(), folder)
"""


def test_the_same_document_gives_the_same_bytes(tmp_path: Path) -> None:
    results = []
    for number, (zone, umask, seed) in enumerate([("Asia/Tokyo", "022", "1"), ("America/Lima", "077", "2")]):
        folder = tmp_path / str(number) / ("x" * number) / "out"
        environment = os.environ | {"TZ": zone, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        subprocess.run(
            [sys.executable, "-c", _RUN, str(folder), umask, str(ROOT)], env=environment, cwd=tmp_path, check=True
        )
        results.append(_hashes(folder))
    assert results[0] == results[1]


# ---------------------------------------------------------------- in the browser


def _look_at_all(site: Path, browser: Browser, width: int, dark: bool) -> None:
    with served(site) as base, reader(browser, base, width=width, dark=dark) as at:
        for path in _pages(site):
            page = at.open(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            assert page.evaluate("document.body.dataset.mdColorScheme") == ("slate" if dark else "default")
        assert at.complaints == []
        assert at.strangers == []


@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_no_page_is_wider_than_the_screen_or_complains(sample: Path, browser: Browser, width: int, dark: bool) -> None:
    _look_at_all(sample, browser, width, dark)


def test_hostile_text_makes_no_page_wider(hostile: Path, browser: Browser) -> None:
    _look_at_all(hostile, browser, PHONE, False)


def _one_of_each(site: Path) -> list[str]:
    """Return one page of each folder."""
    return sorted({path.rpartition("/")[0]: path for path in _pages(site)}.values())


def test_no_page_of_the_guideline_is_wider_than_a_phone(real: Path, browser: Browser) -> None:
    _look_at_all(real, browser, PHONE, False)


@pytest.mark.parametrize(("width", "dark"), [(DESK, True), (PHONE, False)])
def test_axe_finds_nothing_in_the_guideline(real: Path, browser: Browser, width: int, dark: bool) -> None:
    with served(real) as base, reader(browser, base, width=width, dark=dark) as at:
        for path in _one_of_each(real):
            page = at.open(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            assert _complaints(page) == [], path


@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_axe_finds_nothing(sample: Path, browser: Browser, width: int, dark: bool) -> None:
    with served(sample) as base, reader(browser, base, width=width, dark=dark) as at:
        for path in ("index.html", "task/task-one.html", "role/role-one.html", "ch-one/index.html", "find/words.html"):
            assert _complaints(at.open(path)) == [], path


def test_the_site_opens_from_a_folder(sample: Path, browser: Browser) -> None:
    with reader(browser, sample.as_uri() + "/") as at:
        page = at.open("index.html")
        assert page.locator(".md-search").count() == 0
        page.get_by_role("link", name="役割から探す").first.click()
        page.locator("article").get_by_role("link", name="コーディネーター").click()
        assert page.url.endswith("role/role-one.html")
        assert page.locator("h1").is_visible()
        assert page.locator("figure img").evaluate("image => image.complete && image.naturalWidth > 0")
        assert at.complaints == []
        assert at.strangers == []


def test_search_finds_an_item(sample: Path, browser: Browser) -> None:
    with served(sample) as base, reader(browser, base) as at:
        page = at.open("index.html")
        page.get_by_role("textbox").fill("入退院")
        page.keyboard.press("End")  # Material looks when a key is let go
        found = page.locator(".md-search-result__link").first
        found.wait_for()
        assert "task/task-one.html" in str(found.get_attribute("href"))
        assert at.complaints == []
        assert at.strangers == []


def test_a_phone_shows_table_rows_as_cards(sample: Path, browser: Browser) -> None:
    with served(sample) as base, reader(browser, base, width=PHONE) as at:
        page = at.open("task/task-one.html")
        assert page.locator("#tab-roles tbody tr").first.evaluate("row => getComputedStyle(row).display") == "block"
        box = page.locator("#tab-roles .gl-box")
        assert box.evaluate("box => box.scrollWidth <= box.clientWidth")
        assert box.get_attribute("tabindex") is None


def test_a_wide_table_scrolls_in_its_own_box_by_keyboard(browser: Browser, tmp_path: Path) -> None:
    wide = Table(
        id="tab-wide", caption=t("広い表"), number="", widths=(0.1,) * 10,
        head=((cell("上", header=True, columns=10),), tuple(cell(f"欄{n}", header=True) for n in range(10))),
        rows=(tuple(cell("値" * 4) for _ in range(10)),),
    )  # fmt: skip
    document = sample_document()
    chapter = replace(document.sections[0], blocks=(wide,))
    site = _render(replace(document, sections=(chapter, *document.sections[1:])), tmp_path)
    with served(site) as base, reader(browser, base, width=PHONE) as at:
        page = at.open("preface/index.html")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
        box = page.locator("#tab-wide .gl-box")
        assert box.evaluate("box => box.scrollWidth > box.clientWidth")
        assert box.get_attribute("tabindex") == "0"
        assert _complaints(page) == []


def test_pictures_stand_on_white_in_the_dark(sample: Path, browser: Browser) -> None:
    with served(sample) as base, reader(browser, base, dark=True) as at:
        image = at.open("role/role-one.html").locator("#fig-layers img")
        assert image.evaluate("image => getComputedStyle(image).backgroundColor") == "rgb(255, 255, 255)"
        assert image.get_attribute("alt") == "県医師会がセンターを支援する。"
