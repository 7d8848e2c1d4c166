"""Renderers by name. Each is imported only when it is asked for: none is light."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import AbstractContextManager
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from shishin.cache import Cache
from shishin.document import Document
from shishin.problem import Failure, Words
from shishin.renderers.rendering import Renderer, Rendering
from shishin.snapshot import Snapshot, to_data

if TYPE_CHECKING:
    from shishin.describe import Description

NAMES = ("site", "docx", "pdf", "json")
"""What `--to` accepts. Order of rendering is `ORDER`: the site offers the others for download."""
ORDER = ("json", "docx", "pdf", "site")


def stem(snapshot: Snapshot) -> str:
    """Return the file-name stem of an edition's papers: city-guide-working."""
    return f"{snapshot.guideline}-{snapshot.edition}"


def make_renderer(
    name: str, snapshot: Snapshot, root: Path, chosen: tuple[str, ...], cache: Cache, editors: Description | None
) -> Renderer:
    """Return the renderer `name` for an edition; `root` holds mkdocs.yml, `chosen` names all outputs of this build."""

    def data() -> Renderer:
        from shishin.renderers.data import DataRenderer

        return DataRenderer(edition=to_data(snapshot))

    def docx() -> Renderer:
        from shishin.renderers.word import WordRenderer

        return WordRenderer()

    def pdf() -> Renderer:
        from shishin.renderers.pdf import PdfRenderer

        return PdfRenderer()

    def site() -> Renderer:
        from shishin.renderers.site import SiteRenderer

        labels = {"docx": "Word", "pdf": "PDF"}
        settings = snapshot.settings.get("site", {})
        return SiteRenderer(
            root=root,
            pages=tuple(settings.get("pages", ())),
            downloads=tuple((labels[kind], f"{stem(snapshot)}.{kind}") for kind in ("docx", "pdf") if kind in chosen),
            index=readings(snapshot),
            url=settings.get("url", ""),
            editors=editors,
            cache=cache,
        )

    makers: dict[str, Callable[[], Renderer]] = {"json": data, "docx": docx, "pdf": pdf, "site": site}
    return makers[name]()


def render(
    snapshot: Snapshot,
    document: Document,
    folder: Path,
    *,
    root: Path,
    to: tuple[str, ...],
    jobs: int,
    cache: Cache,
    editors: Description | None,
    step: Callable[[str], AbstractContextManager[None]],
) -> Mapping[str, Rendering]:
    """Write the outputs `to` into `folder`, `jobs` of them at a time; the site comes last, as it offers the others.

    `editors` adds pages to the site that tell what can be written.
    """
    names = [name for name in ORDER if name in to]
    renderers = {name: make_renderer(name, snapshot, root, to, cache, editors) for name in names}
    apart = [name for name in names if name in _SLOW]
    done: dict[str, Rendering] = {}
    if jobs < 2 or len(apart) < 2:
        for name in names:
            with step(name):
                done[name] = renderers[name].render(document, folder)
        return done
    with ProcessPoolExecutor(min(jobs, len(apart)), mp_context=get_context("spawn")) as pool:
        waiting: dict[str, Future[Rendering | tuple[Words, Words | None]]] = {
            name: pool.submit(_rendered, renderers[name], document, folder) for name in apart
        }
        for name in names:
            with step(name):
                made = waiting[name].result() if name in waiting else renderers[name].render(document, folder)
            if isinstance(made, tuple):
                raise Failure(*made)
            done[name] = made
    return done


_SLOW = ("docx", "pdf")


def _rendered(renderer: Renderer, document: Document, folder: Path) -> Rendering | tuple[Words, Words | None]:
    """Render in a process of its own; a failure comes back as words."""
    try:
        return renderer.render(document, folder)
    except Failure as failure:
        return failure.message, failure.hint


def readings(snapshot: Snapshot) -> tuple[tuple[str, str, str], ...]:
    """Return (reading, title, id) of every item whose kind is sorted by its reading: the 索引."""
    return tuple(
        (str(one.data["reading"]), str(one.data[snapshot.kinds[one.kind].title]), one.id)
        for one in snapshot.entries
        if snapshot.kinds[one.kind].sort == "reading"
    )
