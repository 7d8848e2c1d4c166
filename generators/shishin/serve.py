"""The preview: the built website at a loopback address, rebuilt on every save."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.livereload import LiveReloadServer

if TYPE_CHECKING:
    from shishin.pipeline import Built

WATCHED = ("guideline", "schemas", "site", "mkdocs.yml")


def serve(
    root: Path, site: Path, *, port: int, rebuild: Callable[[], Built], told: Callable[[Built, float], None]
) -> LiveReloadServer:
    """Build once, then return the server; its `serve()` blocks until interrupted.

    MkDocs' own live-reload server does the watching and reloads open pages. It listens on 127.0.0.1 only.
    """

    def builder() -> None:
        began = time.perf_counter()
        told(rebuild(), time.perf_counter() - began)

    builder()
    server = LiveReloadServer(builder=lambda *_: builder(), host="127.0.0.1", port=port, root=str(site), mount_path="/")
    for name in WATCHED:
        if (root / name).exists():
            server.watch(str(root / name))
    return server
