"""The whole story of `diff`: two sides are read and compared, and the papers about it made."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from shishin.document import Document, Inline, PageOf, Reference, Text, plain
from shishin.problem import Failure, Words
from shishin.rewrite import map_inlines, marks

if TYPE_CHECKING:
    from shishin.cache import Cache
    from shishin.comparison import Comparison, Reason
    from shishin.git import Repository
    from shishin.pipeline import Progress
    from shishin.renderers.rendering import Renderer
    from shishin.sides import Read
    from shishin.snapshot import Snapshot

FORMS = ("table", "marked", "tracked", "clean", "summary", "pack")
"""What `--form` accepts: 新旧対照表, 見え消し (decorated, tracked), 溶け込み版, 改定の概要, all of them."""
READ = ("text", "md", "json")
"""Outputs that are read where the command is given."""
PRINTS = ("html", "docx", "pdf")
"""Outputs that a document is rendered as."""
MADE: Mapping[str, tuple[str, ...]] = {
    "table": (*READ, *PRINTS, "xlsx"),
    "marked": PRINTS,
    "tracked": ("docx",),
    "clean": PRINTS,
    "summary": PRINTS,
    "pack": ("docx", "pdf"),
}
"""Which outputs each form has."""
PACK = ("summary", "table", "marked", "tracked", "clean")
"""The papers of a pack, in the order a committee reads them; the list of them comes first."""


TITLES: Mapping[str, tuple[str, str]] = {
    "list": ("送付資料一覧", ""),
    "summary": ("改定の概要", "改定の概要"),
    "table": ("新旧対照表", "新旧対照表"),
    "marked": ("見え消し版", "見え消し版（取消線と下線で示したもの）"),
    "tracked": ("変更履歴付き", "見え消し版（Word の変更履歴付き）"),
    "clean": ("溶け込み版", "溶け込み版（改定を反映した文）"),
}
"""What the papers of a pack are called: as files, and in its list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What `diff` is asked for. `about` names an item that a change must concern, `chapter` where it must stand."""

    form: str = "table"
    to: tuple[str, ...] = ("text",)
    about: str = ""
    chapter: str = ""
    preset: str = ""
    line_numbers: bool = False
    quick: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """What `diff` has found and made: files by name, and what a user should know."""

    comparison: Comparison
    old: Snapshot
    new: Snapshot
    files: Mapping[str, bytes]
    remarks: tuple[Words, ...] = ()


def diff(root: Path, old: str, new: str, wanted: Wanted, *, cache: Cache, progress: Progress) -> Differences:
    """Compare two editions, revisions or folders, and make the papers about it.

    `old` "" is the last release, `new` "" the content as it stands. What was published is taken as it is stored.
    """
    from shishin.compare import compare, only
    from shishin.git import open_repository
    from shishin.papers.settings import look
    from shishin.sides import WORKING, find_side, last_release, only_changed, partly_read, read_side

    repository = open_repository(root)
    with progress.step("read"):
        places = (
            find_side(root, old or last_release(root), repository),
            find_side(root, new or WORKING, repository),
        )
        if wanted.quick:
            if wanted.chapter or wanted.about:
                raise Failure(
                    Words(
                        ja="--quick は --chapter・--role と使えません。",
                        en="--quick goes without --chapter and --role.",
                    )
                )
            was, now = (partly_read(place, cache) for place in only_changed(places, repository))
            found = compare(was, now)
            files = {f"quick.{ending}": as_read(ending, found, was, now, wanted.preset) for ending in _files(wanted)}
            return Differences(comparison=found, old=was, new=now, files=files)
        sides = []
        for name, place in zip(("old", "new"), places, strict=True):
            own = cache if place.name == WORKING else cache.beside(name)  # one must not push out what the other found
            sides.append(read_side(root, place, own))
            own.save()
        before, after = _told_apart(*sides)
    _known(wanted, before, after)
    look(after.snapshot.settings, wanted.preset)  # a preset that isn't there is told before the work begins
    with progress.step("compare"):
        comparison = _published(before, after) or compared(before, after, repository)
        comparison = only(comparison, before.snapshot, after.snapshot, about=wanted.about, chapter=wanted.chapter)
    files, remarks = _papers(comparison, before, after, wanted, progress)
    remarks = (*_turned(before.snapshot, after.snapshot), *remarks)
    return Differences(comparison=comparison, old=before.snapshot, new=after.snapshot, files=files, remarks=remarks)


def _told_apart(old: Read, new: Read) -> tuple[Read, Read]:
    """Return the sides with other names where both have the same: two revisions of one draft."""
    if (old.snapshot.label, old.snapshot.as_of) != (new.snapshot.label, new.snapshot.as_of):
        return old, new
    named = (
        replace(one, snapshot=replace(one.snapshot, label=f"{one.snapshot.label}〔{one.snapshot.edition}〕"))
        for one in (old, new)
    )
    return next(named), next(named)


def _known(wanted: Wanted, old: Read, new: Read) -> None:
    """Raise Failure where a chapter or an item is asked for that neither side has."""
    chapters = sorted({one.id for side in (old, new) for one in side.document.sections})
    if wanted.chapter and wanted.chapter not in chapters:
        raise Failure(
            Words(ja=f"「{wanted.chapter}」という章はありません。", en=f"There is no chapter '{wanted.chapter}'."),
            Words(ja="章: " + "、".join(chapters), en="Chapters: " + ", ".join(chapters)),
        )
    items = sorted({one.id for side in (old, new) for one in side.snapshot.entries})
    if wanted.about and wanted.about not in items:
        near = get_close_matches(wanted.about, items, 3)
        raise Failure(
            Words(ja=f"「{wanted.about}」という ID はありません。", en=f"There is no id '{wanted.about}'."),
            Words(ja=f"もしかして: {'、'.join(near)}", en=f"Did you mean {', '.join(near)}?") if near else None,
        )


def _turned(old: Snapshot, new: Snapshot) -> tuple[Words, ...]:
    """Tell where the older edition was named second."""
    before = {one.id: one.data.get("supersedes") for one in old.entries if one.kind == "edition"}
    if old.as_of <= new.as_of and before.get(old.edition) != new.edition:
        return ()
    return (
        Words(
            ja=f"後に書いた「{new.label}」の方が前の版です。順を逆にしていませんか（shishin diff 旧 新）。",
            en=f"'{new.label}', named second, is the older one. Is the order right? (shishin diff OLD NEW)",
        ),
    )


def compared(
    old: Read, new: Read, repository: Repository | None, written: Mapping[str, tuple[Reason, ...]] | None = None
) -> Comparison:
    """Compare two sides by what they say and how they are printed; why is told by records, commits and `written`."""
    from shishin.compare import compare, reasons
    from shishin.marking import labels_of, template_changes
    from shishin.sides import by_item, with_files

    comparison = compare(old.snapshot, new.snapshot)
    given = dict(written or {})
    if repository is not None and repository.commit(old.place.commit) and repository.commit(new.place.commit or "HEAD"):
        told = repository.trailers(old.place.commit, new.place.commit or "HEAD")
        old, new = (with_files(side, repository) for side in (old, new))
        meetings = {one.id: one.name for one in new.snapshot.entries if one.kind == "meeting"}
        for item, more in by_item(told, old, new, meetings).items():
            given[item] = (*given.get(item, ()), *more)
    why = reasons(comparison, old.snapshot, new.snapshot, given)
    labels = labels_of(old.snapshot, new.snapshot)
    templates = template_changes(old.document, new.document, comparison, labels)
    return replace(comparison, reasons=why, templates=templates)


def _published(old: Read, new: Read) -> Comparison | None:
    """Return the comparison that was stored with the newer edition, where it is with just this older one."""
    found = new.comparison
    return found if found is not None and old.place.release and found.old.edition == old.place.release else None


# ---------------------------------------------------------------- papers


def _files(wanted: Wanted) -> tuple[str, ...]:
    return tuple(ending for ending in wanted.to if ending != "text")


def _papers(
    comparison: Comparison, old: Read, new: Read, wanted: Wanted, progress: Progress
) -> tuple[dict[str, bytes], tuple[Words, ...]]:
    """Return the papers that are wanted, by file name, and what a user should know about them."""
    forms = PACK if wanted.form == "pack" else (wanted.form,)
    part = "".join(f"-{one}" for one in (wanted.chapter, wanted.about) if one)
    stem = f"{new.snapshot.guideline}-{old.snapshot.edition}-{new.snapshot.edition}{part}"
    files: dict[str, bytes] = {}
    remarks: list[Words] = []
    for number, form in enumerate(forms, 1):
        name = f"{number}-{TITLES[form][0]}_{new.snapshot.edition}{part}" if wanted.form == "pack" else f"{stem}-{form}"
        if form == "tracked":
            if "docx" in wanted.to or wanted.form != "pack":
                data, untracked = _tracked(old, new, wanted, progress)
                files[f"{name}.docx"] = data
                remarks += untracked
            continue
        endings = [ending for ending in _files(wanted) if ending in MADE[form]]
        for ending in endings:
            if ending in READ or ending == "xlsx":
                files[f"{name}.{ending}"] = as_read(ending, comparison, old.snapshot, new.snapshot, wanted.preset)
        prints = [ending for ending in endings if ending in PRINTS]
        if prints:
            document = _document(form, comparison, old, new, wanted)
            files |= {f"{name}.{ending}": printed(ending, document, progress) for ending in prints}
    if wanted.form == "pack":
        cover = _cover(comparison, files, tuple(remarks), new, wanted)
        name = f"0-{TITLES['list'][0]}_{new.snapshot.edition}{part}"
        files |= {f"{name}.{ending}": printed(ending, cover, progress) for ending in wanted.to}
    return dict(sorted(files.items())), tuple(remarks)


def _document(form: str, comparison: Comparison, old: Read, new: Read, wanted: Wanted) -> Document:
    """Return a paper as a document."""
    from shishin.marking import marked
    from shishin.papers.settings import look
    from shishin.papers.summary import summary
    from shishin.papers.table import table

    looks = look(new.snapshot.settings, wanted.preset)
    makers: Mapping[str, Callable[[], Document]] = {
        "table": lambda: table(comparison, old.snapshot, new.snapshot, looks),
        "summary": lambda: summary(comparison, old.snapshot, new.snapshot, looks),
        "marked": lambda: _part(marked(old.document, new.document), wanted.chapter),
        "clean": lambda: _part(new.document, wanted.chapter),
    }
    return replace(makers[form](), line_numbers=wanted.line_numbers and form in ("marked", "clean"))


def _part(document: Document, chapter: str) -> Document:
    """Return a document with one chapter only, where one is named; what it points to elsewhere becomes plain words."""
    if not chapter:
        return document
    found = tuple(one for one in document.sections if chapter in (one.item, one.id, one.id.removesuffix("-old")))
    known = frozenset(marks(*found).anchors)

    def plainly(inline: Inline) -> tuple[Inline, ...]:
        match inline:
            case Reference() if inline.target not in known:
                return inline.inlines
            case PageOf() if inline.target not in known:
                return (Text(text="○"),)
            case _:
                return (inline,)

    title = "".join(f"　抜粋：{one.number} {plain(one.title)}".rstrip() for one in found[:1])
    return replace(
        document,
        sections=tuple(map_inlines(section, plainly) for section in found),
        header=f"{document.header}　抜粋",
        cover=replace(document.cover, edition=f"{document.cover.edition}{title}"),
    )


def _tracked(old: Read, new: Read, wanted: Wanted, progress: Progress) -> tuple[bytes, tuple[Words, ...]]:
    from shishin.redline import redline

    before, after = (printed("docx", _part(side.document, wanted.chapter), progress) for side in (old, new))
    with progress.step("tracked"):
        done = redline(before, after, author=new.snapshot.publisher, date=new.snapshot.as_of)
    return done.docx, done.untracked


def _cover(
    comparison: Comparison, files: Mapping[str, bytes], untracked: tuple[Words, ...], new: Read, wanted: Wanted
) -> Document:
    from shishin.papers.pack import pack_cover
    from shishin.papers.settings import look

    titles = dict(TITLES.values())
    named = tuple((name, titles[name.partition("-")[2].partition("_")[0]]) for name in files)
    return pack_cover(comparison, named, untracked, look(new.snapshot.settings, wanted.preset))


def as_read(ending: str, comparison: Comparison, old: Snapshot, new: Snapshot, preset: str) -> bytes:
    """Return a comparison as Markdown, JSON or Excel: made of what the items say, not of a document."""
    from shishin.papers.settings import look

    looks = look(new.settings, preset)
    if ending == "xlsx":
        from shishin.outputs.workbook import xlsx

        return xlsx(comparison, old, new, looks)
    if ending == "md":
        from shishin.outputs.markdown import md

        return md(comparison, old, new, looks).encode()
    from shishin.outputs.data import json

    return json(comparison, old, new)


def printed(ending: str, document: Document, progress: Progress) -> bytes:
    """Return a document as Word, PDF or one HTML file."""
    with progress.step(ending), tempfile.TemporaryDirectory(prefix="shishin-") as folder:
        return _renderer(ending).render(document, Path(folder)).files[0].read_bytes()


def _renderer(ending: str) -> Renderer:
    if ending == "html":
        from shishin.renderers.html import HtmlRenderer

        return HtmlRenderer()
    if ending == "docx":
        from shishin.renderers.word import WordRenderer

        return WordRenderer()
    from shishin.renderers.pdf import PdfRenderer

    return PdfRenderer()
