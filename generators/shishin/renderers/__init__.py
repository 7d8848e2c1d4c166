"""Renderers by name. Each is imported only when it is asked for: none is light."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from shishin.edition import Edition, edition_data
from shishin.renderers.rendering import Renderer

NAMES = ("site", "docx", "pdf", "json")
"""What `--to` accepts. Order of rendering is `ORDER`: the site offers the others for download."""
ORDER = ("json", "docx", "pdf", "site")


def stem(edition: Edition) -> str:
    """Return the file-name stem of an edition's papers: disaster-guide-working."""
    return f"{edition.guideline.settings['id']}-{edition.id}"


def make_renderer(name: str, edition: Edition, root: Path, chosen: tuple[str, ...]) -> Renderer:
    """Return the renderer `name` for an edition; `root` holds mkdocs.yml, `chosen` names all outputs of this build."""

    def data() -> Renderer:
        from shishin.renderers.data import DataRenderer

        return DataRenderer(edition=edition_data(edition))

    def docx() -> Renderer:
        from shishin.renderers.word import WordRenderer

        return WordRenderer()

    def pdf() -> Renderer:
        from shishin.renderers.pdf import PdfRenderer

        return PdfRenderer()

    def site() -> Renderer:
        from shishin.renderers.site import SiteRenderer

        labels = {"docx": "Word", "pdf": "PDF"}
        settings = edition.guideline.settings
        return SiteRenderer(
            root=root,
            pages=tuple(settings.get("site", {}).get("pages", ())),
            downloads=tuple((labels[kind], f"{stem(edition)}.{kind}") for kind in ("docx", "pdf") if kind in chosen),
            index=readings(edition),
            url=settings.get("site", {}).get("url", ""),
        )

    makers: dict[str, Callable[[], Renderer]] = {"json": data, "docx": docx, "pdf": pdf, "site": site}
    return makers[name]()


def readings(edition: Edition) -> tuple[tuple[str, str, str], ...]:
    """Return (reading, title, id) of every item whose kind is sorted by its reading: the 索引."""
    return tuple(
        (str(item.data["reading"]), str(item.data[item.kind.title]), item.id)
        for item in edition.items
        if item.kind.sort == "reading"
    )
