"""The hand-written pages of the site: site/pages/index.md.j2 and the ways into the guideline, site/pages/find/*.md.j2.

A page is front matter and Markdown with Jinja. What a template prints is escaped; what a helper returns is Markdown
already. The front matter of a way in says where it leads: `kind: term` (the page lists the items of that kind),
`target: ch-annex--words` (no page, only a link to that anchor), or `index: true` (the index by reading).
One whose kind, target or index the document hasn't got is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import yaml
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from shishin.document import Document, Section, plain
from shishin.problem import Failure, Words
from shishin.renderers.site_inlines import Sheet, inline_text
from shishin.renderers.site_markdown import element, entries, line, numbered
from shishin.renderers.site_pages import Plan
from shishin.renderers.site_text import attributes, escaped

FOLDER: Final = "find"
SUFFIX: Final = ".md.j2"
FEW: Final = 6
"""How many items a main card on the home page names by itself."""

_ROWS: Final = (
    ("あ", "a", "あいうえおぁぃぅぇぉゔ"),
    ("か", "ka", "かきくけこがぎぐげごゕゖ"),
    ("さ", "sa", "さしすせそざじずぜぞ"),
    ("た", "ta", "たちつてとだぢづでどっ"),
    ("な", "na", "なにぬねの"),
    ("は", "ha", "はひふへほばびぶべぼぱぴぷぺぽ"),
    ("ま", "ma", "まみむめも"),
    ("や", "ya", "やゆよゃゅょ"),
    ("ら", "ra", "らりるれろ"),
    ("わ", "wa", "わゐゑをんゎ"),
)
_OTHER: Final = ("英数字", "other")

Entry = tuple[str, str, str]
"""An entry of the index: reading, label, target."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A file to take along: what it is, where it lies below the pages, how large it is."""

    label: str
    path: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """A hand-written page, or a named way to an anchor."""

    path: str
    meta: Mapping[str, Any]
    text: str

    @property
    def title(self) -> str:
        """Its name in the navigation and on its card."""
        return str(self.meta["title"])

    @property
    def target(self) -> str:
        """The anchor it leads to, or "" where it is a page."""
        return str(self.meta.get("target", ""))


def read_door(file: Path, path: str) -> Door:
    """Return the hand-written page in `file`, which becomes the page `path`."""
    try:
        _, head, text = file.read_text("utf-8").split("---\n", 2)
        meta = yaml.safe_load(head)
        order = int(meta.get("order", 0))
        return Door(path=path, meta={"title": meta["title"], **meta, "order": order}, text=text.strip())
    except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError) as wrong:
        raise Failure(
            Words(ja=f"{file.name} を読めません: {wrong}", en=f"{file.name} can't be read: {wrong}"),
            Words(
                ja="「---」の行で囲んだ題名（title）から始まる、UTF-8 のファイルにしてください。",
                en="It must be UTF-8 and start with front matter between lines '---' that gives a title.",
            ),
        ) from wrong


def read_doors(folder: Path, document: Sequence[str], plan: Plan, index: Sequence[Entry]) -> tuple[Door, ...]:
    """Return the ways in that this document has, in their order; `document` names the kinds it holds."""
    files = sorted((folder / FOLDER).glob("*" + SUFFIX), key=lambda file: file.name)
    doors = [read_door(file, f"{FOLDER}/{file.name.removesuffix(SUFFIX)}.md") for file in files]
    kept = [door for door in doors if _open(door, document, plan, index)]
    return tuple(sorted(kept, key=lambda door: (door.meta["order"], door.path)))


def _open(door: Door, kinds: Sequence[str], plan: Plan, index: Sequence[Entry]) -> bool:
    if door.target:
        return door.target in plan.addresses
    if "kind" in door.meta:
        return door.meta["kind"] in kinds
    return bool(index) if door.meta.get("index") else True


@dataclass(frozen=True, slots=True, kw_only=True)
class Helpers:
    """What a hand-written page may call; each returns Markdown."""

    sheet: Sheet
    document: Document
    plan: Plan
    doors: tuple[Door, ...] = ()
    downloads: tuple[Download, ...] = ()
    index: tuple[Entry, ...] = ()

    def names(self) -> dict[str, Any]:
        """Return the names a template sees."""
        return {
            "cover": self.document.cover,
            "has": lambda target: target in self.plan.addresses,
            "count": lambda kind: len(self._items(kind)),
            "link": self.link,
            "chapters": self.chapters,
            "ways": self.ways,
            "files": self.files,
            "entries": self.entries,
            "words": self.words,
        }

    def link(self, target: str, words: str) -> Markup:
        """A link to an anchor."""
        return Markup(f"[{escaped(words)}]({self.sheet.link(target)})")

    def chapters(self) -> Markup:
        """The chapters, each a link."""
        chapters = [page.section for page in self.plan.pages if not page.chain]
        return Markup(element("ul", attributes(class_="gl-chapters"), "\n".join(map(self._chapter, chapters))))

    def _chapter(self, chapter: Section) -> str:
        title = f"[{numbered(chapter.number, inline_text(chapter.title, self.sheet))}]({self.sheet.link(chapter.id)})"
        return line("li", attributes(class_=f"gl-{chapter.part}"), title)

    def ways(self, *, main: bool) -> Markup:
        """The ways in, each a card with its name, what it is for, and its items where they are few."""
        doors = [door for door in self.doors if bool(door.meta.get("main")) is main]
        attrs = attributes(class_="gl-ways" if main else "gl-ways gl-more")
        return Markup(element("ul", attrs, "\n".join(map(self._way, doors))) if doors else "")

    def _way(self, door: Door) -> str:
        link = self.sheet.link(door.target) if door.target else self.sheet.to(door.path)
        items = self._items(str(door.meta.get("kind", "")))
        count = f' <span class="gl-count">{len(items)}</span>' if items else ""
        inner = [line("p", attributes(class_="gl-way"), f"[{escaped(door.title)}]({link}){count}")]
        if about := door.meta.get("description"):
            inner.append(line("p", "", escaped(str(about))))
        if door.meta.get("main") and 0 < len(items) <= FEW:
            few = [line("li", "", str(self.link(item.id, plain(item.title)))) for item in items]
            inner.append(element("ul", attributes(class_="gl-few"), "\n".join(few)))
        return element("li", "", "\n".join(inner))

    def files(self) -> Markup:
        """The files to take along, each with its size."""
        items = [
            line("li", "", f"[{escaped(one.label)}]({self.sheet.to(one.path)}) {escaped(f'（{_size(one.size)}）')}")
            for one in self.downloads
        ]
        return Markup(element("ul", attributes(class_="gl-files"), "\n".join(items)) if items else "")

    def entries(self, kind: str) -> Markup:
        """All items of a kind, under the headings of the sections that hold them."""
        groups: list[str] = []
        homes = [home for home in self.plan.homes if home.section.item and home.section.kind == kind]
        parts = [(group, list(run)) for group, run in groupby(homes, lambda home: home.chain[-1])]
        for group, run in parts:
            title = f"[{inline_text(group.title, self.sheet)}]({self.sheet.link(group.id)})"
            head = f"## {title} {{ #{group.id} }}\n\n" if len(parts) > 1 else ""
            groups.append(head + entries([home.section for home in run], self.sheet, numbers=False))
        return Markup("\n\n".join(groups))

    def words(self) -> Markup:
        """The index: entries under the row of their first kana."""
        rows: dict[tuple[str, str], list[str]] = {}
        for reading, label, target in self.index:
            rows.setdefault(_row(reading), []).append(line("li", "", str(self.link(target, label))))
        order = [(f"{head}行", name) for head, name, _ in _ROWS] + [_OTHER]
        present = [row for row in order if row in rows]
        jumps = " ".join(f"[{escaped(head.removesuffix('行'))}](#row-{name})" for head, name in present)
        parts = [line("nav", attributes(class_="gl-jump", aria_label="行"), jumps)]
        for head, name in present:
            items = element("ul", attributes(class_="gl-index"), "\n".join(rows[head, name]))
            parts.append(f"## {head} {{ #row-{name} }}\n\n{items}")
        return Markup("\n\n".join(parts))

    def _items(self, kind: str) -> list[Section]:
        return [home.section for home in self.plan.homes if home.section.item and home.section.kind == kind]


def _size(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(1, round(size / 1000))} KB"


def _row(reading: str) -> tuple[str, str]:
    first = reading[:1]
    if "ァ" <= first <= "ヶ":
        first = chr(ord(first) - 0x60)
    return next(((f"{head}行", name) for head, name, kana in _ROWS if first in kana), _OTHER)


def door_text(door: Door, helpers: Helpers) -> str:
    """Return the Markdown of a hand-written page."""
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, finalize=_printed, trim_blocks=True)
    try:
        return environment.from_string(door.text).render({**helpers.names(), "title": door.title})
    except TemplateError as wrong:
        raise Failure(
            Words(
                ja=f"site/pages の {door.path} に誤りがあります: {wrong}",
                en=f"site/pages: {door.path} is wrong: {wrong}",
            )
        ) from wrong


def _printed(value: object) -> object:
    return value if isinstance(value, Markup) else Markup(escaped(str(value)))
