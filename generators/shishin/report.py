"""dist/build.json: every artifact with its hash, and where each item is printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from shishin import __version__
from shishin.cache import code
from shishin.document import Document
from shishin.manifest import digest
from shishin.renderers.data import as_json
from shishin.renderers.rendering import Rendering
from shishin.rewrite import marks
from shishin.snapshot import Snapshot
from shishin.tools import libreoffice, pandoc
from shishin.write import sha256

FONTS = Path(__file__).parent / "fonts"
TOOLS = ("jinja2", "lxml", "markdown-it-py", "mkdocs", "mkdocs-material", "pypdf", "typst")


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """A produced file: its path below the output folder, size in bytes and SHA-256."""

    path: str
    size: int
    sha256: str


def artifacts_of(folder: Path) -> tuple[Artifact, ...]:
    """Return every file below a folder, sorted by path, with its hash."""
    return tuple(
        Artifact(path=path.relative_to(folder).as_posix(), size=path.stat().st_size, sha256=sha256(path))
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    )


def tools(*, exactly: bool = False) -> dict[str, str]:
    """Return the versions of what makes the outputs.

    `exactly` adds what else they depend on: the state of our own code, and LibreOffice, which numbers Word's pages.
    """
    found = {"shishin": __version__, **{name: version(name) for name in TOOLS}, "pandoc": pandoc.version()}
    return {**found, "code": code(), "libreoffice": libreoffice.version() or ""} if exactly else found


def fonts() -> dict[str, str]:
    """Return the revision and the hash of each font of the package."""
    found = {}
    for path in sorted((files("shishin") / "fonts").iterdir(), key=lambda one: one.name):
        if path.name.endswith(".ttf"):
            data = path.read_bytes()
            count = int.from_bytes(data[4:6], "big")
            head = next(data[at : at + 16] for at in range(12, 12 + 16 * count, 16) if data[at : at + 4] == b"head")
            start = int.from_bytes(head[8:12], "big")
            revision = int.from_bytes(data[start + 4 : start + 8], "big") / 65536
            found[path.name] = f"{revision:.3f} sha256:{digest(data)}"
    return found


def report(
    path: Path,
    snapshot: Snapshot,
    document: Document,
    artifacts: Iterable[Artifact],
    renderings: Mapping[str, Rendering],
) -> None:
    """Write the build report."""
    pages = {name: rendering.pages for name, rendering in renderings.items() if rendering.pages}
    kinds = {one.id: one.kind for one in snapshot.entries}
    data = {
        "format": 1,
        "guideline": document.guideline,
        "edition": {
            "id": snapshot.edition,
            "label": snapshot.label,
            "status": snapshot.status,
            "as_of": snapshot.as_of,
        },
        "tools": tools(),
        "artifacts": [{"path": one.path, "size": one.size, "sha256": one.sha256} for one in artifacts],
        "items": [
            {
                "id": item,
                "kind": kinds[item],
                "pages": {name: found[item] for name, found in pages.items() if item in found},
            }
            for item in marks(*document.sections).homes
        ],
    }
    path.write_bytes(as_json(data))
