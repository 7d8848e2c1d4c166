"""Make one paper inside this process and print what that alone took: {"wall": …, "cpu": …}.

    python -m bench.papers WHAT FOLDER

FOLDER holds a composed document (`keep`), so that composing isn't timed. WHAT is docx, docx-pages (with page numbers
by LibreOffice), pdf or redline (tracked changes from old.docx to new.docx) for ours; typst is pandoc's Markdown → Typst → PDF from the same document as Markdown.
Importing isn't timed, for neither.
"""

from __future__ import annotations

import json
import pickle
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bench import peers
from bench.measure import Broken
from shishin.document import Document
from shishin.problem import Failure
from shishin.tools import pandoc

DOCUMENT, MARKDOWN = "document.pickle", "paper.md"


def keep(root: Path, file: Path) -> Document:
    """Compose the guideline in `root`, write its document to `file` and return it."""
    from shishin.check import check
    from shishin.compose import compose
    from shishin.edition import working_edition
    from shishin.tree import FolderTree

    guideline, problems = check(FolderTree(root))
    if guideline is None or problems:
        raise Broken(f"{root}: {problems[0].position} {problems[0].message.en}")
    document = compose(working_edition(guideline)).document
    file.write_bytes(pickle.dumps(document))
    return document


def timed(work: Callable[[], object]) -> dict[str, float]:
    """Return wall and CPU seconds of a call, its child processes included."""
    before, start = _cpu(), time.perf_counter()
    work()
    return {"wall": time.perf_counter() - start, "cpu": _cpu() - before}


def _cpu() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def main(what: str, folder: Path) -> None:
    """Make one paper and print what it took."""
    work = _typst(folder) if what == "typst" else _ours(what, folder)
    print(json.dumps(timed(work)))


def _ours(what: str, folder: Path) -> Callable[[], object]:
    if what == "redline":
        return _redline(folder)
    document: Document = pickle.loads((folder / DOCUMENT).read_bytes())
    if what == "pdf":
        from shishin.renderers.pdf import PdfRenderer
        from shishin.tools import typst  # noqa: F401  # what the renderer would import by itself

        return partial(PdfRenderer().render, document, folder)
    from shishin.renderers.word import WordRenderer

    return partial(WordRenderer(pages=what == "docx-pages").render, document, folder)


def _redline(folder: Path) -> Callable[[], object]:
    from shishin.redline import redline

    old, new = ((folder / f"{side}.docx").read_bytes() for side in ("old", "new"))

    def work() -> None:
        (folder / "ours.docx").write_bytes(redline(old, new, author="shishin", date="2026-11-22").docx)

    return work


def word(root: Path, folder: Path, name: str) -> None:
    """Compose the guideline in `root` and write its Word file as `name` into `folder`."""
    from shishin.renderers.word import WordRenderer

    document = keep(root, root / DOCUMENT)
    WordRenderer(pages=False).render(document, root).files[0].rename(folder / name)


def _typst(folder: Path) -> Callable[[], object]:
    import typst

    from shishin.tools.typst import FONTS, STANDARDS

    shutil.copyfile(peers.TYPST / "look.typ", folder / "look.typ")
    (folder / "header.typ").write_text(peers.TYPST_LOOK, "utf-8")
    options = ["-H", str(folder / "header.typ"), "--toc", "--toc-depth=3", "-V", "section-numbering="]
    stamp = int(datetime(2026, 11, 22, tzinfo=UTC).timestamp())

    def work() -> None:
        subprocess.run(
            [
                str(pandoc.program()),
                str(folder / MARKDOWN),
                "-s",
                "-t",
                "typst",
                *options,
                "-o",
                str(folder / "main.typ"),
            ],
            check=True,
        )
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
        compiler = typst.Compiler(folder / "main.typ", root=folder, font_paths=fonts)
        pdf = compiler.compile(format="pdf", pdf_standards=list(STANDARDS), timestamp=stamp)
        assert isinstance(pdf, bytes)
        (folder / "typst.pdf").write_bytes(pdf)

    return work


if __name__ == "__main__":
    try:
        main(sys.argv[1], Path(sys.argv[2]))
    except Failure as failure:
        sys.exit(str(failure))
