"""The website of all released editions: a folder for each that is never touched again, and what points to them.

An edition's folder appears whole, by one rename. After that `latest/` is exchanged in one step, and versions.json is
written last. Pages link only within their own edition, so that a reader never sees two of them mixed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shishin.document import Anchor, Figure, Paragraph, Reference, Section, Table, Text
from shishin.problem import Failure, Words
from shishin.publication import (
    DATES,
    LATEST,
    Guide,
    Steps,
    Version,
    content_of,
    feed,
    front,
    latest,
    lines,
    listed,
    listing,
    moved,
    newest_first,
    redirects,
)
from shishin.rewrite import map_inlines, walk
from shishin.tree import Tree
from shishin.write import alone, discard, new_folder, swap_in, write_file

if TYPE_CHECKING:
    from shishin.document import Inline
    from shishin.guideline import Guideline, Item
    from shishin.pipeline import Progress
    from shishin.register import Record
    from shishin.release import Released

VERSIONS, FEED, FRONT, ITEMS = "versions.json", "feed.xml", "index.html", "items.json"
PAPERS = (("docx", "Word"), ("pdf", "PDF"))
TITLE = "この版で変わったこと"
FIRST = "これより前に公表した版はありません。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What a publication did: the editions it added, those that were there before, and where `latest` points."""

    added: tuple[str, ...]
    kept: tuple[str, ...]
    latest: str


def publish(root: Path, out: Path, tree: Tree, progress: Progress) -> Published:
    """Add every released edition that the folder `out` lacks, and bring up to date what stands beside them."""
    from shishin.cache import no_cache
    from shishin.guideline import read_guideline
    from shishin.manifest import released
    from shishin.register import records
    from shishin.release import read_release

    root, out = root.resolve(), out.resolve()
    ids = released(tree)
    if not ids:
        raise Failure(
            Words(ja="公表できる版がありません。", en="There is no released edition to publish."),
            Words(ja="shishin release で版を確定してください。", en="Release an edition with 'shishin release'."),
        )
    guideline, _ = read_guideline(tree, no_cache())  # what is asked of it is there in spite of problems
    said = {one.id: one for one in records(tree)}
    by_id = {one: read_release(tree, one) for one in ids}
    versions = newest_first(version_of(one, said.get(one.id)) for one in by_id.values())
    newest = by_id[latest(versions).id].snapshot
    guide = Guide(
        id=newest.guideline,
        title=newest.title,
        publisher=newest.publisher,
        language=newest.language,
        url=_url(newest.settings),
    )
    added = []
    with _alone(out, root, ids):
        _unchanged(_listed(out / VERSIONS), versions)
        for version in reversed(versions):
            if not (out / version.id).exists():
                with progress.step("site"):
                    _add(root, out, by_id[version.id], tree, by_id)
                added.append(version.id)
        with progress.step("write"):
            chosen = announce(out, versions, _retired(guideline), guide)
    return Published(added=tuple(added), kept=tuple(one for one in ids if one not in added), latest=chosen)


def _url(settings: Mapping[str, Any]) -> str:
    url = str(settings.get("site", {}).get("url", ""))
    return url and f"{url.rstrip('/')}/"


# ---------------------------------------------------------------- what an edition says of itself


def _retired(guideline: Guideline | None) -> dict[str, list[str]]:
    found: tuple[Item, ...] = guideline.aids.get("retired", ()) if guideline else ()
    said = {one.id: one.data.get("replaced_by") for one in found}  # unchecked: it may say anything
    return {id: [one for one in new if isinstance(one, str)] for id, new in said.items() if isinstance(new, list)}


def version_of(released: Released, record: Record | None) -> Version:
    """Return a stored edition as the website lists it; the record says what became of it since."""
    snapshot = released.snapshot
    return Version(
        id=released.id,
        label=snapshot.label,
        status=record.status if record else snapshot.status,
        status_label=record.status_label if record else snapshot.status_label,
        as_of=snapshot.as_of,
        dates={name: getattr(record, name) for name in DATES if record and getattr(record, name)},
        supersedes=record.supersedes if record else "",
        summary=record.summary if record else "",
        replaces=_replaces(released),
        release=released.hash,
    )


def _replaces(released: Released) -> dict[str, list[str]]:
    """Return the ids of earlier editions with what took their place, as items and the comparison tell it."""
    steps: dict[str, list[str]] = {}

    def note(old: object, new: str) -> None:
        if isinstance(old, str) and old and new and old != new and new not in steps.setdefault(old, []):
            steps[old].append(new)

    for entry in released.snapshot.entries:
        shapes = released.snapshot.kinds[entry.kind].shape.properties
        if "replaces" in shapes and not (shapes["replaces"].items or shapes["replaces"]).ref:
            for old in entry.data.get("replaces", ()):
                note(old, entry.id)
        if "split_from" in shapes and not shapes["split_from"].ref:
            note(entry.data.get("split_from"), entry.id)
    for item in released.comparison.items if released.comparison else ():
        note(item.old_id, item.new_id)
        for change in item.changes:
            if change.kind == "split":
                note(change.old, item.new_id)
            elif change.kind == "merged":
                note(item.old_id, str(change.new))
    return steps


# ---------------------------------------------------------------- an edition's folder


def _add(root: Path, out: Path, released: Released, tree: Tree, others: Mapping[str, Released]) -> None:
    """Render an edition's site and put it in its place."""
    from shishin.release import stored_file
    from shishin.renderers import readings
    from shishin.renderers.site import SITE, Publication, SiteRenderer

    snapshot = released.snapshot
    with new_folder(out / released.id) as folder:
        offered = []
        for ending, label in PAPERS:
            for name in sorted(one for one in released.files if one.endswith(f".{ending}")):
                (folder / name).write_bytes(stored_file(tree, released.id, name))
                offered.append((label, name))
        SiteRenderer(
            root=root,
            pages=tuple(snapshot.settings.get("site", {}).get("pages", ())),
            downloads=tuple(offered),
            index=readings(snapshot),
            publication=Publication(
                edition=released.id, changes=_changes(released, others), url=_url(snapshot.settings)
            ),
        ).render(released.paper, folder)
        install(folder / SITE, out / released.id)


def install(folder: Path, target: Path) -> None:
    """Move a finished folder to its place, which must be free: an edition that is there is never replaced."""
    if target.exists():
        raise Failure(
            Words(ja=f"{target} は公表済みです。", en=f"{target} is published already."),
            Words(ja="公表した版は変えられません。", en="A published edition can't be changed."),
        )
    swap_in(folder, target)


def _changes(released: Released, others: Mapping[str, Released]) -> Section:
    """Return the section 「この版で変わったこと」; what it mentions and the edition lacks is no link."""
    comparison = released.comparison
    old = others.get(comparison.old.edition) if comparison else None
    if comparison is None or old is None:
        blocks = (Paragraph(inlines=(Text(text=FIRST),)),)
        title = (Text(text=TITLE),)
        return Section(id="changes", item="", kind="part", level=1, number="", title=title, blocks=blocks, part="back")
    from shishin.papers.settings import look
    from shishin.papers.site import changes_section

    settings = released.snapshot.settings
    section = changes_section(comparison, old.snapshot, released.snapshot, look(settings))
    anchors = {
        node.id for node in walk(released.document.sections) if isinstance(node, Section | Table | Figure | Anchor)
    }

    def kept(inline: Inline) -> tuple[Inline, ...]:
        lost = isinstance(inline, Reference) and inline.target not in anchors
        return inline.inlines if isinstance(inline, Reference) and lost else (inline,)

    return map_inlines(section, kept)


# ---------------------------------------------------------------- what stands beside the editions


def announce(out: Path, versions: tuple[Version, ...], retired: Steps, guide: Guide) -> str:
    """Write what points to the editions in `out`, versions.json last; return the edition that is the latest.

    Editions that an earlier publication listed stay listed, though nobody holds their release any more.
    """
    known = {one.id for one in versions}
    before = tuple(one for one in _listed(out / VERSIONS) if one.id not in known)
    editions = newest_first(one for one in (*versions, *before) if (out / one.id / ITEMS).is_file())
    contents = {one.id: content_of((out / one.id / ITEMS).read_bytes()) for one in editions}
    chosen = latest(editions)
    descent = lines(editions, retired)
    gone = moved(contents[chosen.id].items, descent)
    _point(out, redirects(chosen.id, contents, gone, guide))
    _put(out / FRONT, front(editions, guide))
    _put(out / FEED, feed(editions, guide))
    rows = listing(editions, contents, descent)
    _put(out / VERSIONS, json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
    return chosen.id


def _listed(path: Path) -> tuple[Version, ...]:
    if not path.exists():
        return ()
    try:
        return listed(json.loads(path.read_bytes()))
    except (ValueError, KeyError, TypeError) as wrong:
        raise Failure(
            Words(ja=f"{path} を読めません: {wrong}", en=f"{path} can't be read: {wrong}"),
            Words(ja="shishin publish が書いたものに戻してください。", en="Restore what 'shishin publish' wrote."),
        ) from wrong


def _unchanged(before: tuple[Version, ...], now: tuple[Version, ...]) -> None:
    """Raise Failure where an edition was published from another release than the one of its id today."""
    known = {one.id: one.release for one in before}
    for one in now:
        if known.get(one.id, one.release) != one.release:
            raise Failure(
                Words(
                    ja=f"公表済みの版「{one.id}」と、確定した版の内容が違います。",
                    en=f"The edition '{one.id}' was published with another content than the released one.",
                ),
                Words(
                    ja=f"shishin verify {one.id} で、確定した版が変わっていないか確かめてください。",
                    en=f"See with 'shishin verify {one.id}' whether the release has changed.",
                ),
            )


def _point(out: Path, pages: Mapping[str, str]) -> None:
    """Let `latest/` hold these pages, all of them at once."""
    target = out / LATEST
    held = {
        path.relative_to(target).as_posix(): path.read_bytes() for path in target.rglob("*") if path.is_file()
    }  # nothing where there is no folder yet
    if held == {path: text.encode() for path, text in pages.items()}:
        return
    with new_folder(target) as folder:
        for path, text in pages.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(text.encode())
        swap_in(folder, target)


def _put(path: Path, text: str) -> None:
    data = text.encode()
    if not path.exists() or path.read_bytes() != data:
        write_file(path, data)


# ---------------------------------------------------------------- the folder itself


@contextmanager
def _alone(out: Path, root: Path, ids: tuple[str, ...]) -> Iterator[None]:
    """Keep other publications out of the folder, which must be new or a publication's, and clear away what broke off."""
    _usable(out, root, ids)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Failure(
            Words(ja=f"{out} を作れません。", en=f"Can't make {out}: {error.strerror}."),
            Words(ja="書けるフォルダを指してください。", en="Name a folder you may write to."),
        ) from error
    with alone(out):
        for rest in sorted(out.iterdir()):
            if _BROKEN_OFF.fullmatch(rest.name):
                discard(rest) if rest.is_dir() else rest.unlink()
        if not (out / VERSIONS).exists():  # from now on the folder is a publication, though nothing is in it yet
            write_file(out / VERSIONS, b"[]\n")
        yield


_BROKEN_OFF = re.compile(r"\.[a-z0-9.-]+-[0-9]+\.(new|old)")
"""What a publication that was killed leaves behind: see write.py."""


def _usable(out: Path, root: Path, ids: tuple[str, ...]) -> None:
    """Raise Failure where publishing would write into sources, or over things that no publication has made."""
    sources = [root / name for name in ("guideline", "schemas", "site", "generators", "tests", ".git")]
    around = out == root or out in root.parents
    inside = any(out == source or source in out.parents for source in sources)
    ours = (out / VERSIONS).is_file() or not out.exists()
    foreign = [name for name in (FRONT, LATEST, FEED, *ids) if not ours and (out / name).exists()]
    if around or inside or (out.exists() and not out.is_dir()) or foreign:
        raise Failure(
            Words(
                ja=f"{out} には公表できません（元のファイルか、公表したものではないファイルがあります）。",
                en=f"{out} can't be published into: it holds sources or files that no publication has made.",
            ),
            Words(ja="別のフォルダを指してください。", en="Name another folder."),
        )
    if LATEST in ids:
        raise Failure(Words(ja=f"版の ID「{LATEST}」は使えません。", en=f"No edition can have the id '{LATEST}'."))
