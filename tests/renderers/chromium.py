"""Read a built site in the Chromium of the system, by Playwright; its requests and complaints are written down."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response, sync_playwright

PHONE, DESK = 375, 1280


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder at a loopback address and yield that, with a slash at the end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the system's Chromium without a window."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert program, "Chromium is not installed: run tests/install-programs"
    with sync_playwright() as playwright:
        # Inside a container there is no user namespace to build Chromium's sandbox from; what it reads is ours.
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


@dataclass(slots=True)
class Reader:
    """A browser of one width and colour scheme, with what it has asked for and complained of."""

    context: BrowserContext
    page: Page
    base: str
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Open a page of the site and wait until it is drawn."""
        self.page.goto(self.base + path, wait_until="load")
        return self.page

    @property
    def strangers(self) -> list[str]:
        """What was asked of other hosts."""
        return [url for url in self.asked if not url.startswith((self.base, "data:", "blob:"))]


@contextmanager
def reader(browser: Browser, base: str, *, width: int = DESK, dark: bool = False) -> Iterator[Reader]:
    """Open a browser window of a width and colour scheme."""
    context = browser.new_context(
        viewport={"width": width, "height": 812 if width == PHONE else 900},
        color_scheme="dark" if dark else "light",
        is_mobile=width == PHONE,
        has_touch=width == PHONE,
        locale="ja-JP",
    )
    page = context.new_page()
    made = Reader(context=context, page=page, base=base)

    def asked(request: Request) -> None:
        made.asked.append(request.url)

    def answered(response: Response) -> None:
        if response.status >= 400:
            made.complaints.append(f"{response.status} {response.url}")

    def said(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            made.complaints.append(f"{page.url}: {message.text}")

    page.on("request", asked)
    page.on("response", answered)
    page.on("console", said)
    page.on("pageerror", lambda error: made.complaints.append(f"{page.url}: {error}"))
    try:
        yield made
    finally:
        context.close()
