"""What a renderer is and what it hands back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from shishin.document import Document, Inline, Removed, Section, plain
from shishin.problem import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """The result of one renderer: files or folders below the output folder, and what it learnt.

    `pages` gives the printed page on which each anchor begins, where the output has pages.
    `remarks` are things a user should know (no page numbers, because LibreOffice is missing …).
    """

    files: tuple[Path, ...]
    pages: Mapping[str, int] = field(default_factory=dict)
    remarks: tuple[Words, ...] = ()


def heading_words(section: Section) -> str:
    """Return the words of a heading for contents and bookmarks; one that is removed as a whole says so."""
    return plain(section.title) or f"{_removed(section.title)}（削除）"


def _removed(inlines: tuple[Inline, ...]) -> str:
    return "".join(plain(inline.inlines) for inline in inlines if isinstance(inline, Removed))


class Renderer(Protocol):
    """Turns a document into artifacts inside `folder` (which exists and is empty of them)."""

    @property
    def name(self) -> str:
        """The renderer's name on the command line."""
        ...

    def render(self, document: Document, folder: Path) -> Rendering:
        """Write the artifacts into `folder` and say what was written."""
        ...
