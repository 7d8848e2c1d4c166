"""The `json` renderer: the document tree as data for other programs (shapes/*.schema.json tell their shape)."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from shishin.document import FORMAT, Document, to_data
from shishin.renderers.rendering import Rendering

RELEASE = "release"
"""The label that gives papers the hash of their release. It is made from document.json and so can't stand in it."""


def as_json(value: Any, *, indent: int | None = 2) -> bytes:
    """Return data as UTF-8 JSON, always laid out the same, with a newline at the end."""
    return (json.dumps(value, ensure_ascii=False, indent=indent) + "\n").encode("utf-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class DataRenderer:
    """Writes edition.json and document.json."""

    edition: dict[str, Any]
    name: str = "json"

    def render(self, document: Document, folder: Path) -> Rendering:
        """Write both files into `folder`."""
        labels = tuple((key, text) for key, text in document.labels if key != RELEASE)
        data = to_data(replace(document, labels=labels))
        assert isinstance(data, dict)
        (folder / "document.json").write_bytes(as_json({"format": FORMAT, **data}, indent=None))
        (folder / "edition.json").write_bytes(as_json(self.edition))
        return Rendering(files=(folder / "document.json", folder / "edition.json"))
