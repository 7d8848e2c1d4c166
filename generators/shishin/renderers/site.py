"""The website: Markdown pages for MkDocs, its navigation, and the site MkDocs makes of them."""

from __future__ import annotations

import html
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from shishin.cache import Cache, no_cache
from shishin.describe import Description
from shishin.document import NODES, Document, Figure, Section, plain
from shishin.problem import Failure, Words
from shishin.renderers.rendering import Rendering
from shishin.renderers.site_doors import SUFFIX, Door, Download, Entry, Helpers, door_text, read_door, read_doors
from shishin.renderers.site_editors import EditorPage, editor_pages
from shishin.renderers.site_inlines import Sheet, inline_text
from shishin.renderers.site_markdown import figure_path, line, notes_text, numbered, section_text, summary
from shishin.renderers.site_pages import Page, Plan, navigation, plan_pages
from shishin.renderers.site_text import WORDS, attributes
from shishin.tools import mkdocs
from shishin.tree import FolderTree

PAGES, SITE, NAVIGATION, ITEMS = "pages", "site", "nav.yml", "items.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What a site knows that stands beside those of other editions: its edition, and the page of what changed.

    `url` is the address of the folder that holds the editions, "" where nobody knows it.
    """

    edition: str
    changes: Section
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRenderer:
    """Renders the website.

    `root` holds mkdocs.yml and site/ (the hand-written half). `pages` names the kinds whose items, and the sections
    by id, that get a page of their own. `downloads` are files (label, path below the output folder) written before
    the site; they are copied into it. `index` holds reading, label and target of each entry, in 五十音 order.
    `editors` adds pages that tell editors what is defined. `cache` keeps the HTML of pages that stay the same.
    `publication` makes it one of several editions, side by side.
    """

    root: Path
    pages: tuple[str, ...] = ()
    downloads: tuple[tuple[str, str], ...] = ()
    index: tuple[Entry, ...] = ()
    url: str = ""
    editors: Description | None = None
    cache: Cache = field(default_factory=no_cache)
    publication: Publication | None = None

    @property
    def name(self) -> str:
        """The name of this output."""
        return "site"

    def render(self, document: Document, folder: Path) -> Rendering:
        """Write folder/pages, folder/nav.yml and folder/site."""
        sources = FolderTree(self.root)
        for path in sources.files("site"):
            sources.admit(path)  # what a link points to must not be published
        plan = plan_pages(document, self.pages)
        extra = _changes_page(self.publication)
        plan = replace(plan, addresses={**plan.addresses, **{page.section.id: page.path for page in extra}})
        doors = read_doors(self.root / "site/pages", _kinds(plan), plan, self.index)
        home = read_door(self.root / f"site/pages/index{SUFFIX}", "index.md")
        target = folder / PAGES
        _copy_assets(self.root / "site/assets", target / "assets")
        downloads = tuple(_copy_download(label, folder / path, target) for label, path in self.downloads)
        for figure in _figures(document):
            _write(target / figure_path(figure), figure.svg.rstrip() + "\n")
        for page in plan.pages:
            _write(target / page.path, _page_text(page, document, plan))
        for page in extra:  # it stands outside the guideline's reading order, and finds nothing its items don't
            meta = {"search": {"exclude": True}, "door": True}
            _write(target / page.path, _page_text(page, document, plan, meta))
        for door in (home, *doors):
            if not door.target:
                sheet = _sheet(door.path, document, plan)
                helpers = Helpers(
                    sheet=sheet, document=document, plan=plan, doors=doors, downloads=downloads, index=self.index
                )
                _write(target / door.path, _front(_door_meta(door, home)) + door_text(door, helpers) + "\n")
        editors = tuple(editor_pages(self.editors)) if self.editors else ()
        for editor in editors:
            _write(target / editor.path, _front(_editor_meta(editor)) + editor.text + "\n")
        settings = _settings(document, plan, home, doors, editors, self.url)
        if self.publication:
            settings["nav"][1:1] = [{html.escape(page.title): page.path} for page in extra]
            settings |= _published(self.publication, settings["extra"])
            paths = [page.path for page in (*plan.pages, *extra)]
            paths += [door.path for door in (home, *doors) if not door.target]
            _write(target / ITEMS, _items(plan, paths))
        _write(folder / NAVIGATION, yaml.safe_dump(settings, allow_unicode=True, sort_keys=False, width=10_000))
        mkdocs.build(self.root / "mkdocs.yml", folder / NAVIGATION, target, folder / SITE, document.date, self.cache)
        return Rendering(files=(folder / PAGES, folder / NAVIGATION, folder / SITE))


def _words(document: Document) -> Mapping[str, str]:
    return {**WORDS, **{key: text for key, text in document.labels if key in WORDS and text}}


def _kinds(plan: Plan) -> tuple[str, ...]:
    return tuple(dict.fromkeys(home.section.kind for home in plan.homes if home.section.item))


def _sheet(path: str, document: Document, plan: Plan, top: int = 1) -> Sheet:
    return Sheet(path=path, addresses=plan.addresses, own=plan.own, top=top, words=_words(document))


# ---------------------------------------------------------------- pages


def _page_text(page: Page, document: Document, plan: Plan, more: Mapping[str, Any] | None = None) -> str:
    sheet = _sheet(page.path, document, plan, top=page.section.level)
    meta = {"title": page.title, "description": _about(page, document), **(more or {})}
    parts = [_place(page, sheet), section_text(page.section, sheet)]
    parts.append(notes_text(sheet))  # after the text: it lists what the text called
    return _front(meta) + "\n\n".join(part for part in parts if part) + "\n"


def _place(page: Page, sheet: Sheet) -> str:
    """Return where the page stands: the chapter, then the sections inside it, each a link."""
    if not page.chain:
        return ""
    links = [
        f"[{numbered(section.number, inline_text(section.title, sheet))}]({sheet.link(section.id)})"
        for section in page.chain
    ]
    attrs = attributes(class_="gl-place", aria_label=sheet.words["place"], data_search_exclude="true")
    return line("nav", attrs, ' <span class="gl-then">›</span> '.join(links))


def _about(page: Page, document: Document) -> str:
    text = plain(summary(page.section)) or f"{document.cover.title} {page.title}"
    return text if len(text) <= 120 else text[:119] + "…"


def _front(meta: Mapping[str, Any]) -> str:
    """Return front matter; Material prints its texts into HTML as they are."""
    safe = {key: html.escape(value) if isinstance(value, str) else value for key, value in meta.items()}
    return f"---\n{yaml.safe_dump(safe, allow_unicode=True, sort_keys=False, width=10_000)}---\n\n"


def _door_meta(door: Door, home: Door) -> dict[str, Any]:
    own = {key: door.meta[key] for key in ("title", "description", "hide") if key in door.meta}
    # A list of links would stand before what it links to in every search.
    return own | ({} if door is home else {"search": {"exclude": True}}) | {"door": True}


def _editor_meta(editor: EditorPage) -> dict[str, Any]:
    # A reader's search must not find what is meant for editors; nor do these pages follow the last chapter.
    return {"title": editor.title, "description": editor.about, "search": {"exclude": True}, "door": True}


# ---------------------------------------------------------------- settings


def _settings(
    document: Document, plan: Plan, home: Door, doors: tuple[Door, ...], editors: tuple[EditorPage, ...], url: str
) -> dict[str, Any]:
    words, cover = _words(document), document.cover
    name = document.header or cover.title
    ways = [{html.escape(door.title): _nav_target(door, plan)} for door in doors]
    nav: list[Any] = [{words["home"]: home.path}]
    nav += [{words["find"]: ways}] if ways else []
    nav.append({words["contents"]: _escaped(navigation(plan))})
    if editors:  # one entry beside the guideline; the kinds unfold below it
        first, *others = ({html.escape(editor.title): editor.path} for editor in editors)
        nav.append({words["editors"]: [first, {words["kinds"]: others}]})
    edition = {
        "title": cover.title,
        "subtitle": cover.subtitle,
        "label": cover.edition,
        "status": cover.status,
        "as_of": cover.as_of,
        "publisher": cover.publisher,
        "notice": cover.notice,
    }
    release = dict(document.labels).get("release", "")
    foot = [
        f"{cover.title} {cover.edition}".strip(),
        f"{words['as_of']} {cover.as_of}" if cover.as_of else "",
        cover.publisher,
        f"照合番号 {release[:16]}" if release else "",
    ]
    return {
        "site_name": html.escape(name),
        "site_description": html.escape(
            " ".join(part for part in (cover.subtitle, cover.title, cover.edition) if part)
        ),
        **({"site_url": url} if url else {}),
        "copyright": "<br>".join(html.escape(part) for part in foot if part),
        "nav": nav,
        "extra": {"edition": {key: html.escape(value) for key, value in edition.items()}},
    }


def _changes_page(publication: Publication | None) -> tuple[Page, ...]:
    return (Page(path="changes.md", section=publication.changes),) if publication else ()


def _published(publication: Publication, extra: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a site that stands beside other editions."""
    url = f"{publication.url.rstrip('/')}/" if publication.url else ""
    own = {"edition": publication.edition, "latest": url and f"{url}latest/"}
    return {"extra": {**extra, "published": own}, **({"site_url": f"{url}{publication.edition}/"} if url else {})}


def _items(plan: Plan, paths: list[str]) -> str:
    """Return where each anchor lies and which pages there are, for the way to the same item of another edition."""
    items = {anchor: _address(place) for anchor, place in sorted(plan.addresses.items())}
    data = {"items": items, "pages": sorted(_address(path) for path in paths)}
    return json.dumps(data, ensure_ascii=False, indent=0) + "\n"


def _address(place: str) -> str:
    path, mark, anchor = place.partition("#")
    return f"{PurePosixPath(path).with_suffix('.html')}{mark}{anchor}"


def _nav_target(door: Door, plan: Plan) -> str:
    """Return the page of a way in, or the address of the place it names: MkDocs links to that as it is.

    An address always has its "#": without, Zensical takes the link for the page's own place in the reading order.
    """
    if not door.target:
        return door.path
    path, _, anchor = plan.addresses[door.target].partition("#")
    return f"{PurePosixPath(path).with_suffix('.html')}#{anchor}"


def _escaped(nav: Any) -> Any:
    if isinstance(nav, list):
        return [_escaped(entry) for entry in nav]
    if isinstance(nav, dict):
        return {html.escape(title): _escaped(inner) for title, inner in nav.items()}
    return nav


# ---------------------------------------------------------------- files


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8", newline="\n")


def _copy_assets(source: Path, target: Path) -> None:
    for file in sorted(source.rglob("*")):
        if file.is_file() and not file.name.startswith("."):
            place = target / file.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            data = file.read_bytes()
            # a checkout on Windows may have CRLF; what holds a NUL is no text, as Git sees it
            place.write_bytes(data if b"\0" in data else data.replace(b"\r\n", b"\n"))


def _copy_download(label: str, source: Path, pages: Path) -> Download:
    path = f"downloads/{source.name}"
    try:
        (pages / "downloads").mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, pages / path)
    except OSError as missing:
        raise Failure(
            Words(
                ja=f"ウェブサイトに載せる {source.name} がありません: {missing}",
                en=f"{source.name}, which the site offers, isn't there: {missing}",
            )
        ) from missing
    return Download(label=label, path=path, size=source.stat().st_size)


def _figures(value: object) -> Iterator[Figure]:
    if isinstance(value, tuple):
        for part in value:
            yield from _figures(part)
    elif isinstance(value, NODES):
        if isinstance(value, Figure):
            yield value
        for name in value.__slots__:
            yield from _figures(getattr(value, name))
