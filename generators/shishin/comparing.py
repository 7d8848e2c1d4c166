"""The whole story of `diff`: two sides are read and compared, and the papers about it made."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from shishin.problem import Words

if TYPE_CHECKING:
    from shishin.cache import Cache
    from shishin.comparison import Comparison, Reason
    from shishin.document import Document
    from shishin.git import Repository
    from shishin.pipeline import Progress
    from shishin.sides import Read
    from shishin.snapshot import Snapshot

FORMS = ("table", "marked", "tracked", "clean", "summary", "pack")
"""What `--form` accepts: 新旧対照表, 見え消し (decorated, tracked), 溶け込み版, 改定の概要, all of them."""
READ = ("text", "md", "json")
"""Outputs that are read where the command is given."""
MADE: Mapping[str, tuple[str, ...]] = {
    "table": (*READ, "html", "docx", "pdf", "xlsx"),
    "marked": ("html", "docx", "pdf"),
    "tracked": ("docx",),
    "clean": ("html", "docx", "pdf"),
    "summary": ("html", "docx", "pdf"),
    "pack": ("docx", "pdf"),
}
"""Which outputs each form has."""
PACK = ("summary", "table", "marked", "tracked", "clean")
"""The papers of a pack, in the order a committee reads them; the list of them comes first."""


TITLES: Mapping[str, str] = {
    "summary": "改定の概要",
    "table": "新旧対照表",
    "marked": "見え消し版（取消線と下線で示したもの）",
    "tracked": "見え消し版（Word の変更履歴。承諾・元に戻すができる）",
    "clean": "溶け込み版（改定後の全文）",
}
"""What the papers of a pack are called in its list."""


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
    from shishin.sides import WORKING, find_side, last_release, only_changed, partly_read, read_side

    repository = open_repository(root)
    with progress.step("read"):
        places = (
            find_side(root, old or last_release(root), repository),
            find_side(root, new or WORKING, repository),
        )
        if wanted.quick:
            parts = tuple(partly_read(place, cache) for place in only_changed(places, repository))
            return Differences(comparison=compare(*parts), old=parts[0], new=parts[1], files={})
        before, after = (read_side(root, place, cache) for place in places)
        cache.save()
    with progress.step("compare"):
        comparison = _published(before, after) or compared(before, after, repository)
        comparison = only(comparison, before.snapshot, after.snapshot, about=wanted.about, chapter=wanted.chapter)
    files, remarks = _papers(comparison, before, after, wanted, progress)
    return Differences(comparison=comparison, old=before.snapshot, new=after.snapshot, files=files, remarks=remarks)


def compared(
    old: Read, new: Read, repository: Repository | None, written: Mapping[str, tuple[Reason, ...]] | None = None
) -> Comparison:
    """Compare two sides by what they say and how they are printed; why is told by records, commits and `written`."""
    from shishin.compare import compare, reasons
    from shishin.merge import template_changes
    from shishin.sides import by_item

    comparison = compare(old.snapshot, new.snapshot)
    given = dict(written or {})
    if repository is not None and repository.commit(old.place.commit) and repository.commit(new.place.commit or "HEAD"):
        told = repository.trailers(old.place.commit, new.place.commit or "HEAD")
        meetings = {one.id: one.name for one in new.snapshot.entries if one.kind == "meeting"}
        for item, more in by_item(told, old, new, meetings).items():
            given[item] = (*given.get(item, ()), *more)
    why = reasons(comparison, old.snapshot, new.snapshot, given)
    templates = template_changes(old.document, new.document, comparison)
    return replace(comparison, reasons=why, templates=templates)


def _published(old: Read, new: Read) -> Comparison | None:
    """Return the comparison that was stored with the newer edition, where it is with just this older one."""
    found = new.comparison
    return found if found is not None and old.place.release and found.old.edition == old.place.release else None


# ---------------------------------------------------------------- papers


def _papers(
    comparison: Comparison, old: Read, new: Read, wanted: Wanted, progress: Progress
) -> tuple[dict[str, bytes], tuple[Words, ...]]:
    """Return the papers that are wanted, by file name, and what a user should know about them."""
    forms = PACK if wanted.form == "pack" else (wanted.form,)
    stem = f"{new.snapshot.guideline}-{old.snapshot.edition}-{new.snapshot.edition}"
    files: dict[str, bytes] = {}
    remarks: list[Words] = []
    for number, form in enumerate(forms, 1):
        before = f"{number}-" if wanted.form == "pack" else f"{stem}-"
        if form == "tracked":
            if "docx" in wanted.to or wanted.form != "pack":
                data, untracked = _tracked(old, new, wanted, progress)
                files[f"{before}{form}.docx"] = data
                remarks += untracked
            continue
        document = _document(form, comparison, old, new, wanted)
        for ending in wanted.to:
            if ending in MADE[form] and ending != "text":
                files[f"{before}{form}.{ending}"] = _as(ending, document, comparison, old, new, wanted, progress)
    if wanted.form == "pack":
        cover = _cover(comparison, files, tuple(remarks), new, wanted)
        files |= {f"0-list.{ending}": printed(ending, cover, progress) for ending in wanted.to}
    return dict(sorted(files.items())), tuple(remarks)


def _document(form: str, comparison: Comparison, old: Read, new: Read, wanted: Wanted) -> Document:
    """Return a paper as a document."""
    from shishin.merge import marked
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
    """Return a document with one chapter only, where one is named."""
    if not chapter:
        return document
    found = tuple(section for section in document.sections if section.item == chapter or section.id == chapter)
    return replace(document, sections=found)


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

    named = tuple((name, TITLES[name.partition("-")[2].partition(".")[0]]) for name in files)
    return pack_cover(comparison, named, untracked, look(new.snapshot.settings, wanted.preset))


def _as(
    ending: str,
    document: Document,
    comparison: Comparison,
    old: Read,
    new: Read,
    wanted: Wanted,
    progress: Progress,
) -> bytes:
    """Return a paper as a file of the kind that its ending says."""
    from shishin.papers.settings import look

    looks = look(new.snapshot.settings, wanted.preset)
    if ending == "xlsx":
        from shishin.outputs.workbook import xlsx

        return xlsx(comparison, old.snapshot, new.snapshot, looks)
    if ending == "md":
        from shishin.outputs.markdown import md

        return md(comparison, old.snapshot, new.snapshot, looks).encode()
    if ending == "json":
        from shishin.outputs.data import json

        return json(comparison, old.snapshot, new.snapshot)
    return printed(ending, document, progress)


def printed(ending: str, document: Document, progress: Progress) -> bytes:
    """Return a document as Word, PDF or one HTML file."""
    with progress.step(ending):
        if ending == "html":
            from shishin.renderers.html import html

            return html(document)
        if ending == "docx":
            from shishin.renderers.word import WordRenderer as Printer
        else:
            from shishin.renderers.pdf import PdfRenderer as Printer  # type: ignore[assignment]
        with tempfile.TemporaryDirectory(prefix="shishin-") as folder:
            return Printer().render(document, Path(folder)).files[0].read_bytes()
