"""What stands beside the editions of a published website, as text: their list, the ways to the latest, the feed.

Pure functions. An edition's own folder never changes; all that changes later is in the files made here, and the
pages read it from versions.json when they are looked at. `latest/` holds no pages but redirects: a reader who starts
there goes on inside one edition.
"""

from __future__ import annotations

import html
import json
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from shishin.edition import DRAFTS
from shishin.era import wareki

LATEST = "latest"
GONE = "index.html?gone"
"""Where a link to something that the edition lacks leads; the home page then says so."""
DATES = {"decided": "決定", "published": "公表", "effective": "施行", "abolished": "廃止"}
IN_FORCE = ("effective", "fixed", "provisional")
"""What counts as approved, the strongest first."""

Steps = Mapping[str, Sequence[str]]
"""Which ids took the place of an id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """The guideline whose editions these are; `url` is the address of their folder, with a slash, or ""."""

    id: str
    title: str
    publisher: str
    language: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """An edition as the website lists it.

    `replaces` are the ids of before and what took their place in it; `release` is the hash of what was released.
    """

    id: str
    label: str
    status: str
    status_label: str
    as_of: str
    dates: Mapping[str, str] = field(default_factory=dict)
    supersedes: str = ""
    summary: str = ""
    replaces: Steps = field(default_factory=dict)
    release: str = ""

    @property
    def title(self) -> str:
        """Its name in a list: two drafts of one label are told apart by their dates."""
        status = "" if self.status_label in self.label else f"（{self.status_label}）"
        return f"{self.label}{status} {wareki(self.as_of)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What an edition's site holds: where each anchor lies, and its pages."""

    items: Mapping[str, str]
    pages: frozenset[str]


def content_of(data: bytes) -> Content:
    """Return what an edition's items.json says."""
    found = json.loads(data)
    return Content(items=found["items"], pages=frozenset(found["pages"]))


def newest_first(versions: Iterable[Version]) -> tuple[Version, ...]:
    """Return editions by their dates; of the same day, what supersedes stands before what is superseded."""
    by_id = {one.id: one for one in versions}

    def depth(one: Version) -> int:
        seen = {one.id}
        while (before := by_id.get(one.supersedes)) and before.id not in seen:
            seen.add(before.id)
            one = before
        return len(seen)

    return tuple(sorted(by_id.values(), key=lambda one: (one.as_of, depth(one), one.id), reverse=True))


def latest(versions: Sequence[Version]) -> Version:
    """Return the edition to read, of editions ordered newest first: in force, else approved, else the newest."""
    for status in IN_FORCE:
        for one in versions:
            if one.status == status:
                return one
    return next((one for one in versions if one.status != "abolished"), versions[0])


# ---------------------------------------------------------------- where an item has gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Which ids came after which, over all editions, and the way back."""

    after: Steps
    before: Steps


def lines(versions: Iterable[Version], retired: Steps) -> Lines:
    """Return what took the place of what, as all editions and the list of retired ids tell it."""
    after: dict[str, list[str]] = {}
    before: dict[str, list[str]] = {}
    for steps in (*(one.replaces for one in versions), retired):
        for old, new in steps.items():
            for one in new:
                after.setdefault(old, []).append(one)
                before.setdefault(one, []).append(old)
    return Lines(after=after, before=before)


def moved(items: Mapping[str, str], known: Lines) -> dict[str, str]:
    """Return for each id that an edition lacks the id in it that came after it, else the one that it came from."""
    lacking = sorted({*known.after, *known.before} - items.keys())
    found = ((old, _reached(old, known.after, items) or _reached(old, known.before, items)) for old in lacking)
    return {old: new for old, new in found if new}


def _reached(start: str, steps: Steps, items: Mapping[str, str]) -> str:
    waiting, seen = deque([start]), {start}
    while waiting:
        for one in steps.get(waiting.popleft(), ()):
            if one in items:
                return one
            if one not in seen:
                seen.add(one)
                waiting.append(one)
    return ""


def place(anchor: str, target: Content, gone: Mapping[str, str]) -> str:
    """Return where an anchor of any edition lies in this one: itself, its successor, else its owner's place; or ""."""
    for one in (anchor, anchor.partition("--")[0]):
        if found := target.items.get(gone.get(one, one)):
            return found
    return ""


# ---------------------------------------------------------------- versions.json


def listing(versions: Sequence[Version], contents: Mapping[str, Content], known: Lines) -> list[dict[str, Any]]:
    """Return the content of versions.json in mike's format: editions as given, newest first."""
    chosen = latest(versions)
    rows = []
    for one in versions:
        properties = {
            "label": one.label,
            "status": one.status,
            "status_label": one.status_label,
            "draft": one.status in DRAFTS,
            "as_of": one.as_of,
            "dates": dict(one.dates),
            "dates_label": {name: wareki(day) for name, day in one.dates.items()},
            "summary": one.summary,
            "supersedes": one.supersedes,
            "superseded_by": _successor(one, versions),
            "replaces": {old: list(new) for old, new in sorted(one.replaces.items())},
            "release": one.release,
            "moved": moved(contents[one.id].items, known),
        }
        aliases = [LATEST] if one is chosen else []
        rows.append({"version": one.id, "title": one.title, "aliases": aliases, "properties": properties})
    return rows


def _successor(one: Version, versions: Iterable[Version]) -> str:
    """Return the edition that took another's place; a mere draft takes no place but a draft's."""
    after = (other for other in versions if other.supersedes == one.id)
    return next((other.id for other in after if other.status in IN_FORCE or one.status not in IN_FORCE), "")


def listed(rows: Sequence[Mapping[str, Any]]) -> tuple[Version, ...]:
    """Return the editions that a versions.json of ours lists."""
    names = ("label", "status", "status_label", "as_of", "dates", "supersedes", "summary", "replaces", "release")
    return tuple(Version(id=row["version"], **{name: row["properties"][name] for name in names}) for row in rows)


# ---------------------------------------------------------------- pages

_HEAD = '<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
_LOOK = """<style>
body{background:#fff;color:#1c2524;font-family:"BIZ UDPGothic","Hiragino Sans","Yu Gothic UI",Meiryo,sans-serif;
line-height:1.8;margin:0 auto;max-width:46rem;padding:1rem 1.2rem}
h1{font-size:1.5rem;line-height:1.4}h2{border-bottom:2px solid #1f7668;font-size:1.15rem}a{color:#00574b}
ul{list-style:none;padding:0}li{border-bottom:1px solid #c8d5d1;padding:.7rem 0}li p{margin:.1rem 0 0}
b{border:1px solid;border-radius:.2rem;color:#8a3b00;font-size:.9rem;padding:0 .4em;white-space:nowrap}
.latest{color:#00574b}.dates{color:#4d5958;font-size:.9rem}
</style>
"""


def redirects(chosen: str, contents: Mapping[str, Content], gone: Mapping[str, str], guide: Guide) -> dict[str, str]:
    """Return the pages of `latest/`: for every page that any edition has or had, the way into the edition `chosen`."""
    target = contents[chosen]
    here: dict[str, set[str]] = {path: set() for one in contents.values() for path in one.pages}
    heads: dict[str, set[str]] = {}
    for one in contents.values():
        for anchor, address in one.items.items():
            path, mark, _ = address.partition("#")
            here.setdefault(path, set()).add(anchor)
            if not mark:
                heads.setdefault(path, set()).add(anchor)
    made = {}
    for path, anchors in sorted(here.items()):
        own = path if path in target.pages else ""
        way = own or next(filter(None, (place(one, target, gone) for one in sorted(heads.get(path, ())))), GONE)
        strays = {}
        for anchor in sorted(anchors):
            found = place(anchor, target, gone)
            if found and found not in (way, f"{way}#{anchor}"):
                strays[anchor] = found
        made[path] = _redirect(path, way, strays, chosen, guide)
    return made


def _redirect(path: str, way: str, strays: Mapping[str, str], chosen: str, guide: Guide) -> str:
    up = "../" * path.count("/")
    into = f"{up}../{chosen}/"
    name = way.partition("#")[0].partition("?")[0]
    lasting = f"{guide.url}{LATEST}/{name}" if guide.url else f"{up}{name}"
    link = html.escape(into + way)
    known = json.dumps(strays, ensure_ascii=True).replace("<", "\\u003c")
    to = json.dumps(into + way, ensure_ascii=True).replace("<", "\\u003c")
    base = json.dumps(into, ensure_ascii=True).replace("<", "\\u003c")
    script = (
        f"const known={known},to={to},at=decodeURIComponent(location.hash.slice(1));"
        f"location.replace(Object.hasOwn(known,at)?{base}+known[at]:/[#?]/.test(to)?to:to+location.hash)"
    )
    return (
        _HEAD.format(language=html.escape(guide.language))
        + f'<title>最新の版</title>\n<link rel="canonical" href="{html.escape(lasting)}">\n'
        + f'<noscript><meta http-equiv="refresh" content="0; url={link}"></noscript>\n<script>{script}</script>\n'
        + '<meta name="viewport" content="width=device-width,initial-scale=1">\n</head>\n'
        + f'<body><main><h1>最新の版</h1><p><a href="{link}">最新の版を開く</a></p></main></body>\n</html>\n'
    )


def front(versions: Sequence[Version], guide: Guide) -> str:
    """Return the page in front of the editions: it leads to the latest, and lists them all for who has no script."""
    chosen = latest(versions)
    entries = "\n".join(_entry(one, one is chosen) for one in versions)
    name = html.escape(guide.title)
    return (
        _HEAD.format(language=html.escape(guide.language))
        + f'<script>if(!location.hash)location.replace("{LATEST}/index.html")</script>\n'
        + f'<title>{name} 版の一覧</title>\n<link rel="icon" href="data:,">\n<link rel="canonical" href="index.html">\n'
        + f'<link rel="alternate" type="application/atom+xml" title="{name} 版の公表" href="feed.xml">\n'
        + '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        + _LOOK
        + f'</head>\n<body>\n<main>\n<h1>{name}</h1>\n<h2 id="editions">版の一覧</h2>\n<ul>\n{entries}\n</ul>\n'
        + '<p><a href="feed.xml">版の公表を知らせるフィード（Atom）</a></p>\n</main>\n</body>\n</html>\n'
    )


def _entry(one: Version, chosen: bool) -> str:
    days = [f"{wareki(one.as_of)}現在"]
    days += [f"{wareki(one.dates[name])}{word}" for name, word in DATES.items() if name in one.dates]
    mark = '<b class="latest">最新</b> ' if chosen else ""
    about = f"<p>{html.escape(one.summary)}</p>" if one.summary else ""
    return (
        f'<li>{mark}<b>{html.escape(one.status_label)}</b> <a href="{one.id}/index.html">{html.escape(one.label)}</a>'
        f'{about}<p class="dates">{html.escape("　".join(days))}</p></li>'
    )


# ---------------------------------------------------------------- feed


def feed(versions: Sequence[Version], guide: Guide) -> str:
    """Return the Atom feed of editions. Its days are the editions' own, its ids the same wherever it lies."""
    entries, url = [], html.escape(guide.url)
    for one in versions:
        day = f"{_day(one)}T00:00:00Z"
        entries.append(
            f"  <entry>\n    <id>{_urn(guide.id, one.id)}</id>\n"
            f"    <title>{html.escape(one.title)}</title>\n    <updated>{day}</updated>\n"
            f'    <link rel="alternate" type="text/html" href="{url}{one.id}/index.html"/>\n'
            f'    <category term="{one.status}" label="{html.escape(one.status_label)}"/>\n'
            f"    <summary>{html.escape(one.summary or one.title)}</summary>\n  </entry>\n"
        )
    newest = max(map(_day, versions))
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f"  <id>{_urn(guide.id)}</id>\n  <title>{html.escape(guide.title)}</title>\n  <updated>{newest}T00:00:00Z</updated>\n"
        f"  <author><name>{html.escape(guide.publisher)}</name></author>\n"
        f'  <link rel="self" type="application/atom+xml" href="{url}feed.xml"/>\n'
        f'  <link rel="alternate" type="text/html" href="{url}index.html"/>\n' + "".join(entries) + "</feed>\n"
    )


def _day(one: Version) -> str:
    return one.dates.get("published") or one.dates.get("decided") or one.as_of


def _urn(*names: str) -> str:
    return uuid5(NAMESPACE_URL, "/".join(("urn:shishin", *names))).urn
