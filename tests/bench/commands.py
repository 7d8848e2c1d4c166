"""What is measured: groups of commands on the same synthetic guideline, with the starting point of each."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench import papers, peers, revisions, synthetic
from bench.measure import Broken, Command, environment
from bench.synthetic import PER_CHAPTER, PROJECT, chapter_id, measure_id, write_guideline
from shishin.tools import pandoc

WORK = PROJECT / ".cache/bench"
BIN = Path(sys.executable).parent
LARGE = 5000
SETTLED = 3
"""Seconds from writing a source to a build: one that follows at once can't tell later that nothing has changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Commands measured in turn, in this order: each leaves what the next starts from.

    `ready` makes what they need, untimed, and returns them. `most` is the most rounds that are worth their time.
    """

    name: str
    ready: Callable[[], Sequence[Command]]
    most: int = 1000


def groups(sizes: Sequence[int]) -> tuple[Group, ...]:
    """Return what is measured for these numbers of items."""
    found = [Group(name="start", ready=_start)]
    for items in sizes:
        most = 3 if items >= 500 else 1000
        found.append(Group(name=f"check-{items}", ready=partial(_check, items), most=most))
        found.append(Group(name=f"site-{items}", ready=partial(_site, items), most=most))
        if items < LARGE:
            found.append(Group(name=f"build-{items}", ready=partial(_build, items), most=most))
            found.append(Group(name=f"docx-{items}", ready=partial(_docx, items), most=most))
            found.append(Group(name=f"pdf-{items}", ready=partial(_pdf, items), most=3))
            found.append(Group(name=f"redline-{items}", ready=partial(_redline, items), most=3))
        if items >= 500:
            found.append(Group(name=f"diff-{items}", ready=partial(_diff, items)))
    if LARGE in sizes:
        found.append(Group(name="chapters-500", ready=_chapters, most=3))
    return tuple(found)


# ---------------------------------------------------------------- starting points


def _fresh(name: str, items: int, *, pages: bool | None = None) -> Path:
    folder = WORK / name
    shutil.rmtree(folder, ignore_errors=True)
    write_guideline(folder, items, pages=pages)
    time.sleep(SETTLED)
    return folder


def _cold(root: Path, *others: str) -> Callable[[int], None]:
    """Return what removes the cache in `root`, and other folders."""

    def before(number: int) -> None:
        for name in (".cache", *others):
            shutil.rmtree(root / name, ignore_errors=True)

    return before


def _edit(root: Path, items: int) -> Callable[[int], None]:
    """Return what changes the text of one item in the middle, each time to words that no cache has seen."""

    def before(number: int) -> None:
        at = items // 2
        text = synthetic.measure(at, items, edited=number)
        (root / f"guideline/measures/{measure_id(at)}.yml").write_text(text, "utf-8", newline="\n")
        time.sleep(SETTLED)

    return before


def _once(argv: tuple[str, ...], folder: Path) -> None:
    done = subprocess.run(argv, cwd=folder, env=environment(), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Broken(f"{' '.join(argv)}: {(done.stdout + done.stderr).strip()[-300:]}")


def _peer(name: str) -> str:
    return str(WORK / "venv/bin" / name)


def _shishin(*arguments: str) -> tuple[str, ...]:
    return (str(BIN / "shishin"), *arguments)


# ---------------------------------------------------------------- groups


def _start() -> list[Command]:
    return [
        Command(name="shishin --version", argv=_shishin("--version"), folder=WORK),
        Command(name="python -c pass", argv=(sys.executable, "-c", "pass"), folder=WORK),
    ]


def _check(items: int) -> list[Command]:
    root = _fresh(f"check-{items}", items)
    (WORK / "measure.json").write_text(peers.json_schema(), "utf-8")
    files = sorted(f"guideline/measures/{file.name}" for file in (root / "guideline/measures").iterdir())
    schema = (_peer("check-jsonschema"), "--schemafile", str(WORK / "measure.json"), *files)
    quick, check = _shishin("check", "--quick"), _shishin("check")
    return [
        Command(name=f"check --quick, no cache, {items}", argv=quick, folder=root, before=_cold(root)),
        Command(name=f"check, no cache, {items}", argv=check, folder=root, before=_cold(root)),
        Command(name=f"check, one change, {items}", argv=check, folder=root, before=_edit(root, items)),
        Command(name=f"check-jsonschema, {items}", argv=schema, folder=root),
    ]


def _diff(items: int) -> list[Command]:
    root = _fresh(f"diff-{items}", items)
    revisions.commit_twice(root, items)
    sides = (revisions.OLD, revisions.NEW)
    words = ("git", "--no-pager", "diff", "--word-diff-regex=.", *sides)
    return [
        Command(
            name=f"diff --quick, {items}", argv=_shishin("diff", *sides, "--quick"), folder=root, before=_cold(root)
        ),
        Command(name=f"git diff by characters, {items}", argv=words, folder=root),
    ]


def _site(items: int) -> list[Command]:
    root = _fresh(f"site-{items}", items)
    build = _shishin("build", "--to", "site")
    return [
        Command(name=f"site, no cache, {items}", argv=build, folder=root, before=_cold(root, "dist")),
        Command(name=f"site, one change, {items}", argv=build, folder=root, before=_edit(root, items)),
        Command(name=f"site, nothing changed, {items}", argv=build, folder=root),
        _floor(root, f"site, {items}"),
        _mkdocs(root, items),
        *(_strictdoc(items) if items >= LARGE else ()),
    ]


def _chapters() -> list[Command]:
    # For the growth to 5,000 items, which have a page per chapter: the same layout at 500.
    root = _fresh("chapters-500", 500, pages=False)
    build = _shishin("build", "--to", "site")
    return [Command(name="site, no cache, chapters, 500", argv=build, folder=root, before=_cold(root, "dist"))]


def _build(items: int) -> list[Command]:
    root = _fresh(f"build-{items}", items)
    _once(_shishin("build"), root)
    return [
        Command(name=f"build, nothing changed, {items}", argv=_shishin("build"), folder=root),
        _floor(root, f"build, {items}"),
    ]


def _docx(items: int) -> list[Command]:
    folder = _paper(items)
    argv = (str(pandoc.program()), "paper.md", "-o", "pandoc.docx")
    commands = [
        _inner("docx", f"docx, {items}", folder),
        Command(name=f"pandoc md → docx, {items}", argv=argv, folder=folder),
    ]
    if shutil.which("soffice"):
        commands.append(_inner("docx-pages", f"docx with page numbers, {items}", folder, rounds=2))
    return commands


def _pdf(items: int) -> list[Command]:
    folder = _paper(items)
    (folder / "look.html").write_text(peers.html_look(), "utf-8")
    page = (str(pandoc.program()), "paper.md", "-s", "--toc", "-H", "look.html", "-o", "paper.html")
    _once(page, folder)
    weasyprint = (_peer("weasyprint"), "--quiet", "--pdf-variant", "pdf/ua-1", "paper.html", "weasyprint.pdf")
    return [
        _inner("pdf", f"pdf, {items}", folder),
        _inner("typst", f"pandoc → typst, {items}", folder),
        Command(name=f"weasyprint, {items}", argv=weasyprint, folder=folder, rounds=1 if items > 40 else 3),
    ]


def _redline(items: int) -> list[Command]:
    """Return tracked changes between two editions of which every tenth item differs."""
    root, folder = _fresh(f"redline-{items}", items), WORK / f"redline-{items}-files"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    papers.word(root, folder, "old.docx")
    for number in range(0, items, 10):
        text = synthetic.measure(number, items, edited=1)
        (root / f"guideline/measures/{measure_id(number)}.yml").write_text(text, "utf-8", newline="\n")
    papers.word(root, folder, "new.docx")
    peer = (_peer("python"), str(Path(__file__).with_name("redlines.py")), str(folder))
    return [
        _inner("redline", f"tracked changes, {items}", folder),
        Command(name=f"docxodus, {items}", argv=peer, folder=folder, inner=True),
    ]


# ---------------------------------------------------------------- single commands


def _floor(root: Path, name: str) -> Command:
    argv = (sys.executable, str(Path(__file__).with_name("floor.py")), str(root))
    return Command(name=f"python + stat, {name}", argv=argv, folder=root)


def _mkdocs(root: Path, items: int) -> Command:
    """Return plain MkDocs on a copy of the pages that ours made in `root`, with the same settings and theme."""
    folder = WORK / f"mkdocs-{items}"
    working = folder / "dist/working"

    def before(number: int) -> None:
        if number == 1:
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(root / "dist/working/pages", working / "pages")
            shutil.copyfile(root / "dist/working/nav.yml", working / "nav.yml")
            shutil.copytree(root / "site/overrides", folder / "site/overrides")
            shutil.copyfile(root / "mkdocs.yml", folder / "mkdocs.yml")
        shutil.rmtree(working / "site", ignore_errors=True)

    argv = (str(BIN / "mkdocs"), "build", "--quiet")
    return Command(name=f"mkdocs, {items}", argv=argv, folder=folder, before=before)


def _strictdoc(items: int) -> list[Command]:
    folder, out = WORK / f"strictdoc-{items}", WORK / f"strictdoc-{items}-out"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, text in peers.strictdoc_files(items):
        (folder / name).write_text(text, "utf-8")

    def cold(number: int) -> None:
        shutil.rmtree(out, ignore_errors=True)  # its cache is in there

    def edit(number: int) -> None:
        chapter = items // 2 // PER_CHAPTER
        text = peers.strictdoc_chapter(chapter, items, {items // 2: number})
        (folder / f"{chapter_id(chapter)}.sdoc").write_text(text, "utf-8")

    argv = (_peer("strictdoc"), "export", str(folder), "--output-dir", str(out))
    return [
        Command(name=f"strictdoc, no cache, {items}", argv=argv, folder=WORK, before=cold),
        Command(name=f"strictdoc, one change, {items}", argv=argv, folder=WORK, before=edit),
    ]


def _paper(items: int) -> Path:
    """Return a folder with the composed document and its Markdown."""
    folder = _fresh(f"papers-{items}", items)
    document = papers.keep(folder, folder / papers.DOCUMENT)
    (folder / papers.MARKDOWN).write_text(peers.markdown(document), "utf-8")
    return folder


def _inner(what: str, name: str, folder: Path, rounds: int = 1000) -> Command:
    argv = (sys.executable, "-m", "bench.papers", what, str(folder))
    return Command(name=name, argv=argv, folder=PROJECT / "tests", inner=True, rounds=rounds)
