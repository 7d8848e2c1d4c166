"""The preview: the built website at a loopback address, rebuilt on every save."""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.livereload import LiveReloadServer

from shishin.problem import Failure, Words
from shishin.reasons import in_japanese

if TYPE_CHECKING:
    from shishin.pipeline import Built

HOST = "127.0.0.1"
WATCHED = ("guideline", "schemas", "site", "mkdocs.yml")


def serve(
    root: Path,
    out: Path,
    *,
    port: int,
    rebuild: Callable[[], Built],
    told: Callable[[Built, float], None],
    failed: Callable[[Failure], None],
) -> LiveReloadServer | None:
    """Build once, then return the server; its `serve()` blocks until interrupted.

    None where the first build finds problems. MkDocs' own live-reload server does the watching and reloads open
    pages. It listens on 127.0.0.1 only. A port in use raises Failure.
    """

    def build() -> None:
        began = time.perf_counter()
        told(rebuild(), time.perf_counter() - began)

    def build_again(*_: object) -> None:
        try:
            build()
        except Failure as failure:  # the pages of the last good build stay
            failed(failure)

    _claim(port)
    build()
    sites = sorted(out.glob("*/site"))
    if not sites:
        return None
    server = LiveReloadServer(builder=build_again, host=HOST, port=port, root=str(sites[0]), mount_path="/")
    for name in WATCHED:
        if (root / name).exists():
            server.watch(str(root / name))
    return server


def _claim(port: int) -> None:
    """Raise Failure where something else listens, before the first build has taken its time."""
    with socket.socket() as probe:
        if sys.platform != "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as error:
            raise Failure(
                Words(
                    ja=f"ポート {port} は使えません（{in_japanese(str(error.strerror or error) if isinstance(error, OSError) else str(error))}）。",
                    en=f"Port {port} can't be used: {error}.",
                ),
                Words(ja="--port で別の番号を指してください。", en="Name another with --port."),
            ) from error
