"""Ways out of MkDocs: ProperDocs and Zensical make the same website of the same pages and settings."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from importlib.metadata import version
from itertools import zip_longest
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

import pytest
from lxml import html
from playwright.sync_api import Browser

from conftest import ROOT
from renderers.chromium import DESK, PHONE, chromium, reader, served
from renderers.test_site import check_links

COMMANDS = {
    "mkdocs": ("mkdocs", "build", "--strict", "--quiet"),
    "properdocs": ("properdocs", "build", "--strict", "--quiet", "-f", "mkdocs.yml"),
    "zensical": ("zensical", "build", "--strict", "--clean"),
}
EXITS = ("properdocs", "zensical")
SITE = "dist/working/site"
HOST = "site.invalid"


def build(root: Path, builder: str) -> Path:
    """Build the pages in `root` by a builder's own command, and return the website, moved out of the way."""
    done = subprocess.run(
        [sys.executable, "-m", *COMMANDS[builder]],
        cwd=root,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1", "SOURCE_DATE_EPOCH": "1795305600"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNING" not in done.stderr, done.stderr
    return (root / SITE).rename(root / builder)


def copy(source: Path, root: Path) -> Path:
    """Copy what the builders read: the generated pages, the navigation, the settings, the hand-written half."""
    for name in ("dist/working/pages", "site"):
        shutil.copytree(source / name, root / name)
    for name in ("dist/working/nav.yml", "mkdocs.yml"):
        shutil.copyfile(source / name, root / name)
    return root


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped guideline, and below it the website of each builder."""
    root = tmp_path_factory.mktemp("exits")
    for name in ("guideline", "schemas", "site"):
        shutil.copytree(ROOT / name, root / name)
    shutil.copyfile(ROOT / "mkdocs.yml", root / "mkdocs.yml")
    done = subprocess.run(
        [sys.executable, "-m", "shishin", "build", "--to", "site"],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(ROOT / "generators")},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    shutil.rmtree(root / SITE)
    for builder in COMMANDS:
        build(root, builder)
    return root


@pytest.fixture(scope="module")
def bare(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same websites without our overrides."""
    root = copy(made, tmp_path_factory.mktemp("bare"))
    settings = root / "mkdocs.yml"
    settings.write_text(settings.read_text("utf-8").replace("  custom_dir: site/overrides\n", ""), "utf-8")
    shutil.rmtree(root / "site")
    for builder in COMMANDS:
        build(root, builder)
    return root


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


# ---------------------------------------------------------------- what a page says


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What must be the same on a page, whoever built it; each in the order of the page.

    `links` are all links of the page with their targets resolved, from the header to the footer, `current` those that
    the navigation shows as the reader's place; `ids` and `content` (tags and text) are the article's. The link that
    skips to the text is left out, and the empty anchor `__…` at which it aims in Zensical.
    """

    links: tuple[str, ...]
    current: tuple[str, ...]
    ids: tuple[str, ...]
    content: tuple[str, ...]


def parse(page: Path) -> html.HtmlElement:
    """Parse a page of a website."""
    return html.document_fromstring(page.read_bytes(), parser=html.HTMLParser(encoding="utf-8"))


def pages_of(site: Path) -> dict[str, html.HtmlElement]:
    """Parse every page of a website."""
    return {path.relative_to(site).as_posix(): parse(path) for path in sorted(site.rglob("*.html"))}


def read(site: Path) -> dict[str, Reading]:
    """Return what each page of a website says."""
    return {path: _read(path, page) for path, page in pages_of(site).items()}


def _read(path: str, page: html.HtmlElement) -> Reading:
    (article,) = page.xpath("//article")
    for own in article.xpath('.//a[starts-with(@id, "__") and not(node())]'):
        own.drop_tree()
    links = [(_target(path, link), str(link.get("class"))) for link in page.xpath('//a[@href][not(@class="md-skip")]')]
    return Reading(
        links=tuple(target for target, _ in links),
        current=tuple(target for target, looks in links if "md-nav__link--active" in looks),
        ids=tuple(article.xpath(".//@id")),
        content=tuple(_tags(article)),
    )


def _target(path: str, link: html.HtmlElement) -> str:
    """Return where a link leads: a path from the site's root with its anchor, or an address of another host."""
    url, anchor = urldefrag(urljoin(f"http://{HOST}/{path}", link.get("href")))
    return unquote(url.removeprefix(f"http://{HOST}/") + (f"#{anchor}" if anchor else ""))


def _tags(article: html.HtmlElement) -> Iterator[str]:
    """Yield each tag with the text after it, blanks folded."""
    text = "".join(html.tostring(part, encoding="unicode") for part in article)
    return (" ".join(part.split()) for part in re.split("(?=<)", text) if part.strip())


def differences(ours: dict[str, Reading], theirs: dict[str, Reading]) -> list[str]:
    """Return how a website differs from MkDocs' one, for each page and each thing the first difference."""
    found = [f"{path}: missing" for path in sorted(ours.keys() - theirs.keys())]
    found += [f"{path}: unknown to MkDocs" for path in sorted(theirs.keys() - ours.keys())]
    for path in sorted(ours.keys() & theirs.keys()):
        for field in fields(Reading):
            both = zip_longest(getattr(ours[path], field.name), getattr(theirs[path], field.name))
            if first := next((pair for pair in both if pair[0] != pair[1]), None):
                found.append(f"{path}: {field.name}: {first[0]} ≠ {first[1]}")
    return found


@pytest.fixture(scope="module")
def ours(made: Path) -> dict[str, Reading]:
    return read(made / "mkdocs")


@pytest.mark.parametrize("builder", EXITS)
def test_the_pages_are_the_same(made: Path, ours: dict[str, Reading], builder: str) -> None:
    assert len(ours) > 60
    assert sum(len(page.links) for page in ours.values()) > 3000
    assert sum(len(page.ids) for page in ours.values()) > 500
    assert any(link.startswith("https://") for page in ours.values() for link in page.links)
    assert differences(ours, read(made / builder)) == []


@pytest.mark.parametrize("builder", EXITS)
def test_every_link_leads_somewhere(made: Path, builder: str) -> None:
    check_links(made / builder)


def test_properdocs_makes_the_same_files_but_for_its_name(made: Path) -> None:
    sites = [
        {path.relative_to(made / builder): path.read_bytes() for path in (made / builder).rglob("*") if path.is_file()}
        for builder in ("mkdocs", "properdocs")
    ]
    theirs, ours = f"mkdocs-ProperDocs {version('properdocs')}", f"mkdocs-{version('mkdocs')}"
    sites[1] = {path: text.replace(theirs.encode(), ours.encode()) for path, text in sites[1].items()}
    assert [path for path in sites[0].keys() | sites[1].keys() if sites[0].get(path) != sites[1].get(path)] == []


# ---------------------------------------------------------------- the comparison bites


def _drop(site: Path) -> None:
    (site / "role/role-gma.html").unlink()


def _change(path: str, before: str, after: str) -> Callable[[Path], None]:
    def change(site: Path) -> None:
        text = (site / path).read_text("utf-8")
        assert before in text
        (site / path).write_text(text.replace(before, after, 1), "utf-8")

    return change


FAULTS = {
    "a page is missing": (_drop, "role/role-gma.html: missing"),
    "a page too many": (
        lambda site: shutil.copyfile(site / "index.html", site / "new.html"),
        "new.html: unknown to MkDocs",
    ),
    "an id is another": (
        _change("ch-about/index.html", '<h1 id="ch-about">', '<h1 id="ch-abuot">'),
        "ch-about/index.html: ids: ch-about ≠ ch-abuot",
    ),
    "a link in the text is broken": (
        _change("find/task.html", 'href="../task/task-acp.html"', 'href="../task-acp.html"'),
        "find/task.html: links: task/task-acp.html ≠ task-acp.html",
    ),
    "a link to another place of the page": (
        _change("ch-tasks/index.html", 'href="#ch-tasks--start"', 'href="#ch-tasks"'),
        "ch-tasks/index.html: links: ch-tasks/index.html#ch-tasks--start ≠ ch-tasks/index.html#ch-tasks",
    ),
    "a link to another host is another": (
        _change("ch-references/index.html", 'href="https://', 'href="https://www.'),
        "ch-references/index.html: links: https://",
    ),
    "the reader's place is lost": (
        _change("ch-tasks/index.html", "md-nav__link--active", ""),
        "ch-tasks/index.html: current: ch-tasks/index.html ≠ None",
    ),
    "a word is another": (
        _change("404.html", "誤っています", "あやまっています"),
        "404.html: content: <p>アドレスが変わったか、誤っています。 ≠ <p>アドレスが変わったか、あやまっています。",
    ),
    "a cell has lost its label": (
        _change("task/task-acp.html", " data-label=", " data-lable="),
        "task/task-acp.html: content: <td class=",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_every_planted_fault_is_told(made: Path, ours: dict[str, Reading], tmp_path: Path, fault: str) -> None:
    plant, told = FAULTS[fault]
    site = shutil.copytree(made / "zensical", tmp_path / "site")
    plant(site)
    found = differences(ours, read(site))
    assert any(told in one for one in found), found


# ---------------------------------------------------------------- what each override does


EFFECTS = {
    "main.html": ("role/role-gma.html", '//aside//p[@class="gl-banner"]/strong[@class="gl-badge"]="案"'),
    "404.html": ("404.html", '//article/h1="ページが見つかりません"'),
    "partials/footer.html": ("find/task.html", 'not(//a[contains(@class, "md-footer__link")])'),
    "partials/nav-item.html": ("index.html", '//nav//nav[@aria-label="目次"]'),
    "partials/search.html": ("index.html", '//div[@role="dialog"][@aria-label="サイト内検索"]'),
}
"""What an override is for, as a test of a page of the site; a theme left alone does none of it."""


def _holds(site: Path, override: str) -> bool:
    path, effect = EFFECTS[override]
    return bool(parse(site / path).xpath(effect))


def test_every_override_is_looked_at() -> None:
    folder = ROOT / "site/overrides"
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} == EFFECTS.keys()


@pytest.mark.parametrize("builder", COMMANDS)
@pytest.mark.parametrize("override", EFFECTS)
def test_every_override_works(made: Path, bare: Path, builder: str, override: str) -> None:
    assert _holds(made / builder, override)
    assert not _holds(bare / builder, override)


@pytest.mark.parametrize("builder", COMMANDS)
def test_every_page_carries_the_banner_and_the_name_of_the_search(made: Path, builder: str) -> None:
    for path, page in pages_of(made / builder).items():
        for override in ("main.html", "partials/search.html"):
            assert page.xpath(EFFECTS[override][1]), (path, override)


# ---------------------------------------------------------------- in the browser: Zensical's theme is one of its own


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_no_page_of_zensical_is_wider_than_the_screen_or_complains(made: Path, browser: Browser, width: int) -> None:
    with served(made / "zensical") as base, reader(browser, base, width=width) as at:
        for path in ("index.html", "ch-tasks/index.html", "task/task-acp.html", "find/words.html", "404.html"):
            page = at.open(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            # the header is one line high: nothing of a theme's other markup lies about in it
            assert page.locator(".md-header").evaluate("header => header.offsetHeight") <= 60, path
        assert at.complaints == []
        assert at.strangers == []


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_zensical_search_finds_an_item(made: Path, browser: Browser, width: int) -> None:
    with served(made / "zensical") as base, reader(browser, base, width=width) as at:
        page = at.open("index.html")
        page.locator(".md-search__button" if width == DESK else 'label[for="__search"]').locator("visible=true").click()
        page.keyboard.type("入退院")
        page.locator('a[href*="task/task-discharge.html"]', has_text="入退院").locator("visible=true").first.wait_for()
        assert at.complaints == []
        assert at.strangers == []


def test_the_site_of_zensical_opens_from_a_folder(made: Path, browser: Browser) -> None:
    with reader(browser, (made / "zensical").as_uri() + "/") as at:
        page = at.open("index.html")
        assert page.locator('.md-search, label[for="__search"]').count() == 0
        page.get_by_role("link", name="業務から探す").first.click()
        assert page.url.endswith("find/task.html")
        assert at.complaints == []
        assert at.strangers == []
