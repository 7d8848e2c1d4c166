"""Publishing: editions side by side, each written once, and what leads from one to another; read in Chromium."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from lxml import etree, html
from playwright.sync_api import Browser, Page

import published
from conftest import ROOT
from crawler import Crawler, complaints, crawling
from renderers.chromium import DESK, PHONE, chromium, reader, served
from renderers.test_site import check_links
from shishin import publication, publish, write
from shishin.comparison import Change, Comparison, ItemChange, Side
from shishin.console import _Quiet
from shishin.problem import Failure
from shishin.publication import Content, Guide, Version, latest, lines, listed, moved, newest_first, redirects
from shishin.release import read_release
from shishin.renderers.site import Publication, SiteRenderer
from shishin.tree import DictTree
from test_exits import EXITS, build

EARLY = ("trial", "first", "second-draft")
ALL = (*EARLY, "second")
ATOM = {"a": "http://www.w3.org/2005/Atom"}
GUIDE = Guide(id="g", title="手引き", publisher="図書館", language="ja")


def run(out: Path, tree: DictTree) -> publish.Published:
    return publish.publish(ROOT, out, tree, _Quiet())


def rows(out: Path) -> dict[str, Any]:
    return {row["version"]: row for row in json.loads((out / "versions.json").read_bytes())}


def state(folder: Path) -> dict[str, tuple[bytes, int, int]]:
    """Return bytes, time of change and inode of every file."""
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@dataclass(frozen=True)
class Twice:
    """The folder after two publications, a copy of it after the first, and what a crawler saw meanwhile."""

    out: Path
    early: Path
    done: tuple[publish.Published, publish.Published]
    before: dict[str, tuple[bytes, int, int]]
    crawler: Crawler


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Twice:
    folder = tmp_path_factory.mktemp("publish")
    out = folder / "www"
    with crawling(out) as crawler:
        first = run(out, published.tree(*EARLY))
        early = shutil.copytree(out, folder / "early")
        before = {f"{one}/{path}": said for one in EARLY for path, said in state(out / one).items()}
        second = run(out, published.tree(*ALL))
    return Twice(out=out, early=early, done=(first, second), before=before, crawler=crawler)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


# ---------------------------------------------------------------- what is published


def test_every_edition_is_added_once(twice: Twice) -> None:
    first, second = twice.done
    assert (sorted(first.added), first.kept, first.latest) == (sorted(EARLY), (), "first")
    assert (second.added, sorted(second.kept), second.latest) == (("second",), sorted(EARLY), "second")
    assert sorted(path.name for path in twice.out.iterdir()) == sorted(
        [*ALL, "latest", "index.html", "versions.json", "feed.xml"]
    )


def test_a_published_edition_is_never_touched(twice: Twice) -> None:
    after = {f"{one}/{path}": said for one in EARLY for path, said in state(twice.out / one).items()}
    assert len(after) > 100
    assert after == twice.before


def test_nothing_new_changes_no_file_at_all(twice: Twice, tmp_path: Path) -> None:
    out = shutil.copytree(twice.out, tmp_path / "www")
    before = state(out)
    assert run(out, published.tree(*ALL)).added == ()
    assert state(out) == before


def test_the_same_releases_give_the_same_bytes_whatever_was_published_when(twice: Twice, tmp_path: Path) -> None:
    run(tmp_path / "www", published.tree(*ALL))
    ours, theirs = state(twice.out), state(tmp_path / "www")
    assert ours.keys() == theirs.keys()
    assert [path for path in ours if ours[path][0] != theirs[path][0]] == []


def test_the_list_of_editions_has_the_format_of_mike(twice: Twice) -> None:
    data = json.loads((twice.out / "versions.json").read_bytes())
    assert [row["version"] for row in data] == ["second", "second-draft", "first", "trial"]
    assert [row["aliases"] for row in data] == [["latest"], [], [], []]
    assert [row["title"] for row in data] == [
        "第2版（施行） 令和9年4月1日",
        "第2版（案） 令和8年10月1日",
        "第1版（施行） 令和8年4月1日",
        "試行版（廃止） 令和7年10月1日",
    ]
    own = {row["version"]: row["properties"] for row in data}
    assert own["second"]["dates"] == {"decided": "2027-03-10", "effective": "2027-04-01"}
    assert [(name, own[name]["status"], own[name]["draft"]) for name in own] == [
        ("second", "effective", False),
        ("second-draft", "draft", True),
        ("first", "effective", False),
        ("trial", "abolished", False),
    ]
    assert own["first"]["superseded_by"] == "second"
    assert own["second"]["moved"] == {"act-leaflet": "act-notice", "act-poster": "act-notice"}
    assert own["first"]["moved"] == {"act-cover": "act-repair", "act-notice": "act-poster"}


def test_a_draft_takes_no_place_of_an_edition_in_force(twice: Twice) -> None:
    assert rows(twice.early)["first"]["properties"]["superseded_by"] == ""


def test_a_record_changed_later_changes_only_what_stands_beside(twice: Twice, tmp_path: Path) -> None:
    out = shutil.copytree(twice.out, tmp_path / "www")
    before = {one: state(out / one) for one in ALL}
    tree = published.tree(*ALL)
    record = published.record("first", "abolished") + 'abolished: "2027-03-31"\n'
    run(out, DictTree({**tree.content, "guideline/editions/first/edition.yml": record.encode()}))
    assert rows(out)["first"]["properties"]["status_label"] == "廃止"
    assert rows(out)["first"]["properties"]["dates_label"]["abolished"] == "令和9年3月31日"
    assert {one: state(out / one) for one in ALL} == before


def test_an_edition_whose_release_is_gone_stays_listed(twice: Twice, tmp_path: Path) -> None:
    out = shutil.copytree(twice.out, tmp_path / "www")
    run(out, published.tree("second"))
    assert rows(out).keys() == set(ALL)


def test_stored_papers_are_offered(twice: Twice) -> None:
    for one in ALL:
        for ending in ("docx", "pdf"):
            path = f"downloads/library-volunteers-{one}.{ending}"
            assert f'href="{path}"' in (twice.out / one / "index.html").read_text("utf-8")
            assert (twice.out / one / path).is_file()


def test_an_edition_links_only_within_itself(twice: Twice) -> None:
    links = 0
    for path in (one for edition in ALL for one in (twice.out / edition).rglob("*.html")):
        page, (edition, *_) = path.relative_to(twice.out).as_posix(), path.relative_to(twice.out).parts
        if path.name == "404.html":
            continue
        for link in html.document_fromstring(path.read_bytes()).xpath("//a/@href"):
            parts = urlsplit(urljoin(f"https://x.invalid/{page}", link))
            own = parts.path.startswith(f"/{edition}/") or (parts.path, parts.fragment) == ("/index.html", "editions")
            assert own or parts.netloc != "x.invalid", f"{page} links to {link}"
            links += 1
    assert links > 2000


def test_every_link_leads_somewhere(twice: Twice, tmp_path: Path) -> None:
    out = shutil.copytree(twice.out, tmp_path / "www", ignore=shutil.ignore_patterns("404.html"))
    check_links(out)


def test_what_changed_is_told_from_the_home_page_and_the_navigation(twice: Twice) -> None:
    page = html.document_fromstring((twice.out / "trial/index.html").read_bytes())
    for place in ('//article//p[@class="gl-changes"]', '//nav[@data-md-level="0"]'):
        assert [link.text_content().strip() for link in page.xpath(f'{place}//a[@href="changes.html"]')] == [
            "この版で変わったこと"
        ]
    text = html.document_fromstring((twice.out / "trial/changes.html").read_bytes()).find(".//article").text_content()
    assert "これより前に公表した版はありません。" in text


def test_a_page_belongs_to_the_latest_from_the_start(twice: Twice) -> None:
    for page, way in (("index.html", ".."), ("activity/act-guide.html", "../..")):
        found = html.document_fromstring((twice.out / "trial" / page).read_bytes())
        assert found.xpath('//link[@rel="canonical"]/@href') == [f"{way}/latest/{page}"]
        assert found.xpath('//link[@type="application/atom+xml"]/@href') == [f"{way}/feed.xml"]


def test_an_address_makes_whole_links(tmp_path: Path) -> None:
    tree = published.tree("first", url="https://example.org/guide")
    run(tmp_path / "www", tree)
    page = html.document_fromstring((tmp_path / "www/first/ch-daily/index.html").read_bytes())
    assert page.xpath('//link[@rel="canonical"]/@href') == ["https://example.org/guide/latest/ch-daily/index.html"]
    lost = (tmp_path / "www/first/404.html").read_text("utf-8")
    assert 'href="/guide/first/assets/shishin.css"' in lost
    assert "https://example.org/guide/first/index.html" in (tmp_path / "www/feed.xml").read_text("utf-8")
    latest_page = (tmp_path / "www/latest/ch-daily/index.html").read_text("utf-8")
    assert '<link rel="canonical" href="https://example.org/guide/latest/ch-daily/index.html">' in latest_page


# ---------------------------------------------------------------- latest, index, feed


def test_every_page_there_ever_was_leads_somewhere(twice: Twice) -> None:
    pages = {path.relative_to(twice.out / one).as_posix() for one in ALL for path in (twice.out / one).rglob("*.html")}
    pages.discard("404.html")
    assert pages == {path.relative_to(twice.out / "latest").as_posix() for path in (twice.out / "latest").rglob("*")
                     if path.is_file()}  # fmt: skip
    for page in pages:
        found = html.document_fromstring((twice.out / "latest" / page).read_bytes())
        (way,) = found.xpath("//a/@href")
        assert found.xpath("//noscript/meta/@content") == [f"0; url={way}"]
        path = (twice.out / "latest" / page).parent / way.partition("?")[0].partition("#")[0]
        assert path.resolve().is_relative_to(twice.out / "second"), page
        assert path.resolve().is_file(), page


def test_the_feed_is_atom(twice: Twice) -> None:
    feed = etree.fromstring((twice.out / "feed.xml").read_bytes())
    assert feed.tag == f"{{{ATOM['a']}}}feed"
    for name in ("id", "title", "updated", "author/a:name"):
        assert feed.findtext(f"a:{name}", namespaces=ATOM)
    assert feed.xpath("a:link/@rel", namespaces=ATOM) == ["self", "alternate"]
    entries = feed.findall("a:entry", ATOM)
    assert len(entries) == 4
    days = [entry.findtext("a:updated", namespaces=ATOM) for entry in entries]
    assert days[0] == feed.findtext("a:updated", namespaces=ATOM) == "2027-03-10T00:00:00Z"
    for entry in entries:
        for name in ("title", "summary"):
            assert entry.findtext(f"a:{name}", namespaces=ATOM)
        (link,) = entry.xpath("a:link/@href", namespaces=ATOM)
        assert (twice.out / link).is_file()
    ids = [one.text for one in feed.xpath("//a:id", namespaces=ATOM)]
    assert len(set(ids)) == 5
    assert all(one.startswith("urn:uuid:") for one in ids)
    early = etree.fromstring((twice.early / "feed.xml").read_bytes())
    assert [one.text for one in early.xpath("//a:id", namespaces=ATOM)] == [ids[0], *ids[2:]]


def version(id: str, status: str = "fixed", day: str = "2026-04-01", **more: Any) -> Version:
    return Version(id=id, label=id, status=status, status_label=status, as_of=day, **more)


@pytest.mark.parametrize(
    ("statuses", "chosen"),
    [
        (("draft", "effective", "effective"), 1),
        (("fixed", "effective"), 1),
        (("consultation", "fixed", "fixed"), 1),
        (("draft", "provisional"), 1),
        (("draft", "draft"), 0),
        (("abolished", "postponed", "draft"), 1),
        (("abolished", "abolished"), 0),
    ],
)
def test_the_latest_is_in_force_else_approved_else_the_newest(statuses: tuple[str, ...], chosen: int) -> None:
    editions = [version(f"e{place}", status) for place, status in enumerate(statuses)]
    assert latest(editions) is editions[chosen]


def test_of_one_day_what_supersedes_is_newer() -> None:
    editions = [version("b"), version("a", supersedes="b"), version("c", day="2025-01-01")]
    assert [one.id for one in newest_first(editions)] == ["a", "b", "c"]
    assert [one.id for one in newest_first([version("a", supersedes="b"), version("b", supersedes="a")])] == ["b", "a"]


def test_an_id_is_followed_over_several_editions_and_back() -> None:
    editions = (version("e2", replaces={"a": ["b"]}), version("e3", replaces={"b": ["c", "d"], "x": ["y"], "y": ["x"]}))
    known = lines(editions, {})
    assert moved({"c": "c.html", "d": "d.html"}, known) == {"a": "c", "b": "c"}
    assert moved({"a": "a.html"}, known) == {"b": "a", "c": "a", "d": "a"}
    assert moved({"z": "z.html"}, lines(editions, {"x": ["z"]})) == {"x": "z", "y": "z"}


def test_an_anchor_that_has_moved_to_another_page_is_followed() -> None:
    contents = {
        "old": Content(items={"t": "t.html", "t--a": "t.html#t--a", "u": "t.html#u"}, pages=frozenset({"t.html"})),
        "new": Content(items={"c": "c.html", "t": "c.html#t", "u": "u.html"}, pages=frozenset({"c.html", "u.html"})),
    }
    page = redirects("new", contents, {}, GUIDE)["t.html"]
    assert '<a href="../new/c.html#t">' in page
    assert 'known={"u": "u.html"}' in page


def test_no_text_of_an_edition_becomes_markup() -> None:
    bad = '</script><script>alert(1)</script>"&'
    hostile = (version("e", summary=bad, dates={"decided": "2026-04-01"}), replace(version("f"), label=bad))
    guide = Guide(id=bad, title=bad, publisher=bad, language="ja", url="https://a/?b&c/")
    for text in (publication.front(hostile, guide), publication.feed(hostile, guide)):
        assert "<script>alert" not in text
    etree.fromstring(publication.feed(hostile, guide).encode())


# ---------------------------------------------------------------- releases


def test_ids_of_before_come_from_items_and_from_the_comparison() -> None:
    one = read_release(published.tree("second"), "second")
    bare = replace(one, snapshot=replace(one.snapshot, entries=()))

    def item(kind: str, old: str, new: str, was: object, now: object) -> ItemChange:
        change = Change(kind=kind, field=(), old_path=None, new_path=None, label="", old=was, new=now)
        return ItemChange(kind="activity", old_id=old, new_id=new, old_name="", new_name="", old_place=None,
                          new_place=None, old_data=None, new_data=None, changes=(change,))  # fmt: skip

    side = Side(guideline="g", title="", publisher="", edition="first", label="", status="", status_label="", as_of="")
    items = (item("merged", "m", "", "m", "n"), item("split", "", "q", "p", "q"), item("moved", "x", "y", "", ""))
    comparison = Comparison(old=side, new=side, items=items, dictionary="")
    assert publish._replaces(replace(bare, comparison=comparison)) == {"m": ["n"], "p": ["q"], "x": ["y"]}
    assert publish._replaces(one)["act-repair"] == ["act-cover"]


def test_nothing_released_is_told() -> None:
    with pytest.raises(Failure, match="no released edition"):
        run(Path("nowhere"), published.tree())


def test_an_edition_of_another_content_is_refused(twice: Twice, tmp_path: Path) -> None:
    out = shutil.copytree(twice.out, tmp_path / "www")
    before = state(out)
    with pytest.raises(Failure, match="'first' was published with another content"):
        run(out, published.tree("first", url="https://example.org/"))
    assert state(out) == before


def test_a_retired_id_leads_to_what_took_its_place(twice: Twice, tmp_path: Path) -> None:
    out = shutil.copytree(twice.out, tmp_path / "www")
    tree = published.tree(*ALL)
    retired = tree.content["guideline/retired.yml"].decode()
    retired = (
        retired.replace("  reason: 目録", "  replaced_by:\n    - act-shelf\n  reason: 目録")
        + "- id: odd\n  replaced_by: 1\n"
    )
    run(out, DictTree({**tree.content, "guideline/retired.yml": retired.encode()}))
    assert 'href="../../second/activity/act-shelf.html"' in (out / "latest/activity/act-card.html").read_text("utf-8")
    assert rows(out)["second"]["properties"]["moved"]["act-card"] == "act-shelf"


@pytest.mark.parametrize("name", ["", "guideline/www", "site", ".."])
def test_sources_are_never_published_into(tmp_path: Path, name: str) -> None:
    with pytest.raises(Failure, match="can't be published into"):
        publish.publish(tmp_path, tmp_path / name, published.tree("trial"), _Quiet())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["index.html", "latest", "trial"])
def test_foreign_files_are_never_replaced(tmp_path: Path, name: str) -> None:
    (tmp_path / "www").mkdir()
    (tmp_path / "www" / name).write_text("mine")
    with pytest.raises(Failure, match="can't be published into"):
        run(tmp_path / "www", published.tree("trial"))
    assert (tmp_path / "www" / name).read_text() == "mine"


def test_other_files_may_lie_beside_the_editions(tmp_path: Path) -> None:
    (tmp_path / "www").mkdir()
    (tmp_path / "www/CNAME").write_text("example.org")
    install(tmp_path / "www", "e1")
    assert (tmp_path / "www/CNAME").read_text() == "example.org"


def test_a_broken_list_is_told_and_kept(tmp_path: Path) -> None:
    (tmp_path / "versions.json").write_text('[{"version": 1}]')
    with pytest.raises(Failure, match=r"versions\.json can't be read"):
        publish.announce(tmp_path, (), {}, GUIDE)
    assert listed([]) == ()


# ---------------------------------------------------------------- whole pages at any moment


def prepare(out: Path, edition: str, pages: int = 3) -> Path:
    """Make the finished folder of a tiny edition beside the published ones."""
    folder = out.parent / f"{out.name}-{edition}"
    folder.mkdir(parents=True)
    names = ["index.html", *(f"page-{number}.html" for number in range(1, pages))]
    for name in names:
        (folder / name).write_text(f'<html><p data-edition="{edition}">{"語" * 2000}</p></html>\n', "utf-8")
    items = {name.partition(".")[0]: name for name in names}
    (folder / "items.json").write_text(json.dumps({"items": items, "pages": names}))
    return folder


def day_of(edition: str) -> str:
    number = int(edition[1:])
    return f"{2000 + number // 300:04}-{number % 300 // 28 + 1:02}-{number % 28 + 1:02}"


def install(out: Path, edition: str) -> None:
    """Publish a tiny edition the way `publish` does; its number makes its day."""
    folder = prepare(out, edition)
    with publish._alone(out, ROOT, (edition,)):
        publish.install(folder, out / edition)
        publish.announce(out, (version(edition, day=day_of(edition)),), {}, GUIDE)


def _copied(new: Path, target: Path) -> None:
    """Put a folder in its place file by file, as a plain copy does."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(new, target)


def _written(path: Path, data: bytes) -> None:
    path.write_bytes(b"")
    path.write_bytes(data)


def _announced_first(out: Path, pages: dict[str, str]) -> None:
    shutil.rmtree(out / "latest", ignore_errors=True)
    for path, text in pages.items():
        (out / "latest" / path).parent.mkdir(parents=True, exist_ok=True)
        (out / "latest" / path).write_text(text)


FAULTS: dict[str, tuple[str, Callable[..., None]]] = {
    "folders are copied into their place": ("swap_in", _copied),
    "files are written in place": ("write_file", _written),
    "latest is taken away first": ("_point", _announced_first),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_crawler_notices_what_is_not_atomic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    out = tmp_path / "www"
    install(out, "e0")
    name, plant = FAULTS[fault]
    monkeypatch.setattr(publish, name, plant)
    with crawling(out) as crawler:
        for number in range(1, 60):
            install(out, f"e{number}")
    assert crawler.found
    assert complaints(out)[0] == []


def test_a_mixed_page_is_noticed(tmp_path: Path) -> None:
    out = tmp_path / "www"
    for number in range(3):
        install(out, f"e{number}")
    assert complaints(out) == ([], 9)
    shutil.copyfile(out / "e1/page-1.html", out / "e2/page-1.html")
    assert complaints(out)[0] == ["e2/page-1.html: says ['e1']"]


def test_a_crawler_sees_whole_editions_only(twice: Twice, tmp_path: Path) -> None:
    assert (twice.crawler.found, twice.crawler.pages > 100) == ([], True)  # while four real editions were published
    out = tmp_path / "www"
    with crawling(out) as crawler:
        for number in range(200):
            install(out, f"e{number}")
    assert crawler.found == []
    assert crawler.rounds > 100
    assert len(rows(out)) == 200


def _both(out: Path, first: int) -> None:
    for number in range(first, 40, 2):
        install(out, f"e{number}")


def test_two_who_publish_at_once_lose_nothing(tmp_path: Path) -> None:
    out = tmp_path / "www"
    context = get_context("spawn")
    both = [context.Process(target=_both, args=(out, first)) for first in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert [one.exitcode for one in both] == [0, 0]
    assert len(rows(out)) == 40
    assert complaints(out)[0] == []


class Killed(BaseException):
    """The machine has stopped."""


@pytest.mark.parametrize("edition", ["e0", "e1"])
def test_whatever_breaks_off_the_next_publication_mends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, edition: str
) -> None:
    """Stop at every call that changes the folder: readers see the old or the new whole, and nothing is in the way."""
    start = tmp_path / "start"
    if edition != "e0":
        install(start, "e0")

    def begun(name: str) -> Path:
        return shutil.copytree(start, tmp_path / name) if start.exists() else tmp_path / name

    whole = begun("whole")
    install(whole, edition)
    wanted = {path: said[0] for path, said in state(whole).items()}
    calls: list[str] = []
    limit = 0

    def counting(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **more: Any) -> Any:
            if limit and len(calls) + 1 >= limit:  # from then on nothing is done any more, no clearing away either
                raise Killed
            calls.append(name)
            return real(*args, **more)

        return call

    for name in ("rename", "replace", "mkdir", "write_bytes"):
        monkeypatch.setattr(Path, name, counting(name, getattr(Path, name)))
    monkeypatch.setattr(write, "_exchange", counting("exchange", write._exchange))
    monkeypatch.setattr(shutil, "rmtree", counting("rmtree", shutil.rmtree))
    install(begun("count"), edition)
    total = len(calls)
    assert {"rename", "replace"} <= set(calls)
    assert total > 15
    for limit in range(1, total + 1):
        with monkeypatch.context() as quiet:
            quiet.setattr(shutil, "rmtree", _plain_rmtree)
            out = begun(f"stop-{limit}")
        calls.clear()
        with pytest.raises(Killed):
            install(out, edition)
        at, limit = limit, 0
        assert complaints(out)[0] == [], at
        calls.clear()
        with publish._alone(out, ROOT, (edition,)):
            if not (out / edition).exists():
                publish.install(prepare(tmp_path / f"again-{at}", edition), out / edition)
            publish.announce(out, (version(edition, day=day_of(edition)),), {}, GUIDE)
        assert {path: said[0] for path, said in state(out).items()} == wanted, at


_plain_rmtree = shutil.rmtree


# ---------------------------------------------------------------- ways out of MkDocs


def test_the_exits_make_the_same_of_an_edition(twice: Twice, browser: Browser, tmp_path: Path) -> None:
    tree = published.tree("first", "second")
    others = {one: read_release(tree, one) for one in ("first", "second")}
    root = tmp_path / "root"
    (root / "dist/working").mkdir(parents=True)
    shutil.copytree(ROOT / "site", root / "site")
    shutil.copyfile(ROOT / "mkdocs.yml", root / "mkdocs.yml")
    own = Publication(edition="second", changes=publish._changes(others["second"], others))
    SiteRenderer(root=ROOT, pages=("activity",), publication=own).render(others["second"].paper, root / "dist/working")
    shutil.rmtree(root / "dist/working/site")
    said = {}
    for builder in ("mkdocs", *EXITS):
        site = build(root, builder)
        page = html.document_fromstring((site / "activity/act-guide.html").read_bytes())
        (banner,) = page.xpath('//*[@class="gl-published"]')
        links = page.xpath('//link[@rel="canonical" or @rel="alternate feed"]/@href')
        said[builder] = (banner.xpath("normalize-space(p)"), dict(banner.attrib), links)
    assert said["zensical"] == said["properdocs"] == said["mkdocs"]
    out = shutil.copytree(twice.out, tmp_path / "www")
    shutil.rmtree(out / "second")
    shutil.copytree(root / "zensical", out / "second")
    with served(out) as base, reader(browser, base) as at:
        page = at.open("second/activity/act-notice.html")
        _switch(page, "第1版")
        assert page.url == base + "first/activity/act-poster.html"
        assert at.complaints == []


# ---------------------------------------------------------------- in Chromium


def _axe(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:90]}" for one in found for node in one["nodes"]]


def _said(page: Page) -> str:
    page.wait_for_selector(".gl-switch")
    return page.inner_text(".gl-banner span").strip()


BANNERS = {
    "early/trial/index.html": ("廃止", "試行版（令和7年10月1日現在）　この版は令和8年3月31日に廃止されました。最新は 第1版（施行） 令和8年4月1日 です。"),
    "early/first/index.html": ("施行", "第1版（令和8年4月1日現在）"),
    "early/second-draft/index.html": ("案", "第2版（案）（令和8年10月1日現在）　確定した指針ではありません。今の版は 第1版（施行） 令和8年4月1日 です。"),
    "www/first/index.html": ("旧版", "第1版（令和8年4月1日現在）　これは古い版です。最新は 第2版（施行） 令和9年4月1日 です。"),
    "www/second-draft/index.html": ("案", "第2版（案）（令和8年10月1日現在）　確定した指針ではありません。これは古い版です。最新は 第2版（施行） 令和9年4月1日 です。"),
    "www/second/index.html": ("施行", "第2版（令和9年4月1日現在）"),
}  # fmt: skip


def test_a_page_says_what_became_of_its_edition(twice: Twice, browser: Browser) -> None:
    with served(twice.out.parent) as base, reader(browser, base) as at:
        for path, (badge, words) in BANNERS.items():
            page = at.open(path)
            assert (_said(page), page.inner_text(".gl-badge >> nth=0")) == (words, badge)
            assert page.locator(".gl-banner [role=status]").count() == 1
        assert at.complaints == []
        assert at.strangers == []


def _switch(page: Page, title: str) -> None:
    page.wait_for_selector(".gl-switch")
    page.locator(".gl-switch summary").click()
    with page.expect_navigation():
        page.locator(".gl-switch a", has_text=title).click()
    page.wait_for_selector(".gl-switch")


SWITCHES = {
    "the same page": ("first/activity/act-guide.html", "第2版（施行）", "second/activity/act-guide.html"),
    "the same place": ("first/ch-annex/index.html#ch-annex", "第2版（施行）", "second/ch-annex/index.html"),
    "a part of a page": (
        "second/activity/act-guide.html#act-guide--steps",
        "第1版",
        "first/activity/act-guide.html#act-guide--steps",
    ),
    "the owner of a part that is gone": (
        "first/ch-people/index.html#team-volunteer--gone",
        "第2版（施行）",
        "second/ch-people/index.html#team-volunteer",
    ),
    "its successor": ("first/activity/act-poster.html", "第2版（施行）", "second/activity/act-notice.html"),
    "back to where it came from": ("second/activity/act-cover.html", "第1版", "first/activity/act-repair.html"),
    "a page of no item": ("first/find/words.html", "試行版", "trial/find/words.html"),
    "nothing like it": ("second/activity/act-online.html", "第1版", "first/index.html?gone"),
}


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_the_switch_stays_on_the_item(twice: Twice, browser: Browser, width: int) -> None:
    with served(twice.out) as base, reader(browser, base, width=width) as at:
        for name, (start, title, end) in SWITCHES.items():
            page = at.open(start)
            _switch(page, title)
            assert page.url == base + end, name
        assert "この版にはありません" in page.inner_text(".md-banner")
        assert at.complaints == []


def test_the_switch_works_by_the_keyboard(twice: Twice, browser: Browser) -> None:
    with served(twice.out) as base, reader(browser, base) as at:
        page = at.open("first/activity/act-guide.html")
        page.locator(".gl-switch summary").focus()
        page.keyboard.press("Enter")
        assert page.locator(".gl-switch a").first.is_visible()
        page.keyboard.press("Escape")
        assert not page.locator(".gl-switch a").first.is_visible()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url(base + "second/activity/act-guide.html")


def test_old_links_to_the_latest_arrive(twice: Twice, browser: Browser) -> None:
    ways = {
        "": "second/index.html",
        "latest/": "second/index.html",
        "latest/activity/act-guide.html#act-guide--steps": "second/activity/act-guide.html#act-guide--steps",
        "latest/activity/act-leaflet.html": "second/activity/act-notice.html",
        "latest/activity/act-card.html": "second/index.html?gone",
        "index.html#editions": "index.html#editions",
    }
    with served(twice.out) as base, reader(browser, base) as at:
        for start, end in ways.items():
            page = at.open(start)
            page.wait_for_url(base + end)
        page = at.open("first/activity/act-poster.html")
        page.wait_for_selector(".gl-switch")
        page.locator(".gl-said a").click()
        page.wait_for_url(base + "second/activity/act-notice.html")
        assert at.complaints == []


def test_without_a_script_everything_is_reached(twice: Twice, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    with served(twice.out) as base:
        page = context.new_page()
        page.goto(base + "first/activity/act-guide.html")
        page.get_by_role("link", name="版の一覧").click()
        assert [one.inner_text() for one in page.locator("li a").all()] == ["第2版", "第2版（案）", "第1版", "試行版"]
        page.goto(base + "latest/activity/act-poster.html")
        page.wait_for_url(base + "second/activity/act-notice.html")
    context.close()


def test_the_folder_opens_from_a_disk(twice: Twice, browser: Browser) -> None:
    with reader(browser, twice.out.as_uri() + "/") as at:
        page = at.open("index.html")
        page.wait_for_url(at.base + "second/index.html")
        page = at.open("second-draft/activity/act-guide.html")
        page.wait_for_timeout(200)
        assert page.locator(".gl-switch").count() == 0
        assert "確定した指針ではありません。" in page.inner_text(".gl-banner")
        page.get_by_role("link", name="版の一覧").click()
        page.wait_for_url(at.base + "index.html#editions")
        page = at.open("latest/activity/act-card.html")
        page.wait_for_url(at.base + "second/index.html?gone")
        assert "この版にはありません" in page.inner_text(".md-banner")
        assert at.complaints == []
        assert not [one for one in at.asked if one.endswith(".json")]


def test_an_edition_alone_opens_from_a_disk(twice: Twice, browser: Browser, tmp_path: Path) -> None:
    site = shutil.copytree(twice.out / "second", tmp_path / "second")
    with reader(browser, site.as_uri() + "/") as at:
        at.open("index.html").wait_for_timeout(200)
        assert at.complaints == []


@pytest.mark.parametrize("width", [DESK, PHONE])
@pytest.mark.parametrize("dark", [False, True])
def test_banner_and_switch_are_accessible(twice: Twice, browser: Browser, width: int, dark: bool) -> None:
    with served(twice.out) as base, reader(browser, base, width=width, dark=dark) as at:
        page = at.open("second-draft/activity/act-guide.html")
        page.wait_for_selector(".gl-switch")
        assert _axe(page) == []
        page.locator(".gl-switch summary").click()
        assert _axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.evaluate(
            "[...document.querySelectorAll('.gl-switch > ul')].every((one) => one.getBoundingClientRect().left >= 0"
            " && one.getBoundingClientRect().right <= innerWidth)"
        )
        assert _axe(at.open("index.html#editions")) == []
