"""A reader of a published website that never sleeps: it reads whole page sets and writes down what was not right."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from pathlib import Path

WAY = re.compile(r'<a href="([^"]+)">')
OWN = re.compile(r'data-edition="([^"]+)"')


def complaints(out: Path) -> tuple[list[str], int]:
    """Read what is published once, from latest/ and from versions.json; return what was wrong and how many pages."""
    found: list[str] = []
    pages = 0
    if not (out / "versions.json").exists():
        return [], 0
    rows = _json(out / "versions.json", found)
    if not rows:  # nothing is announced yet
        return found, 0
    if [row["version"] for row in rows if "latest" in row["aliases"]].__len__() != 1:
        found.append("versions.json: not one latest")
    way = WAY.search(_text(out / "latest/index.html", found))
    start = way[1].split("/")[1] if way else ""
    listed = [row["version"] for row in rows]
    for edition in dict.fromkeys((start, listed[0], listed[len(listed) // 2], listed[-1])):
        content = _json(out / edition / "items.json", found) if edition else None
        for page in content["pages"] if content else ():
            pages += 1
            text = _text(out / edition / page, found)
            if set(OWN.findall(text)) != {edition}:
                found.append(f"{edition}/{page}: says {OWN.findall(text)}")
            if not text.rstrip().endswith("</html>"):
                found.append(f"{edition}/{page}: half a page")
            if edition == start:  # the way from latest/ to each page of the set the reader began with
                led = WAY.search(_text(out / "latest" / page, found))
                target = led[1].partition("#")[0].partition("?")[0] if led else ""
                if not led or not (out / "latest" / page).parent.joinpath(target).resolve().is_file():
                    found.append(f"latest/{page}: leads to {target or 'nothing'}")
    return found, pages


def _text(path: Path, found: list[str]) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as wrong:
        found.append(f"{path.parent.name}/{path.name}: {wrong.strerror}")
        return ""


def _json(path: Path, found: list[str]) -> list[dict] | dict | None:  # type: ignore[type-arg]
    text = _text(path, found)
    try:
        return json.loads(text)  # type: ignore[no-any-return]
    except ValueError:
        found.append(f"{path.parent.name}/{path.name}: no JSON")
        return None


def crawl(out: Path, begun: Event, end: Event, told: Queue[tuple[list[str], int, int]]) -> None:
    """Read again and again until told to end; tell the complaints, and how many rounds and pages were read."""
    found: list[str] = []
    rounds = pages = 0
    while not end.is_set():
        wrong, read = complaints(out)
        found += wrong
        rounds, pages = rounds + bool(read), pages + read
        begun.set()
    told.put((found, rounds, pages))


class Crawler:
    """What a crawler has found in the end."""

    found: list[str]
    rounds: int
    pages: int


@contextmanager
def crawling(out: Path) -> Iterator[Crawler]:
    """Read the folder in another process while the context lasts."""
    context = get_context("spawn")
    begun, end, told = context.Event(), context.Event(), context.Queue()
    process = context.Process(target=crawl, args=(out, begun, end, told))
    process.start()
    crawler = Crawler()
    try:
        assert begun.wait(30)
        yield crawler
    finally:
        end.set()
        crawler.found, crawler.rounds, crawler.pages = told.get(timeout=30)
        process.join()
