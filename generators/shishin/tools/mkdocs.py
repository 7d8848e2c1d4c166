"""Run MkDocs in our own process: strict, dated, its warnings are failures."""

from __future__ import annotations

import gc
import io
import json
import logging
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from shishin.cache import Cache, digest
from shishin.problem import Failure, Words

_INHERIT = re.compile(rb"^INHERIT:.*$", re.MULTILINE)


def build(settings: Path, navigation: Path, pages: Path, site: Path, date: str, cache: Cache) -> None:
    """Build the folder `pages` into `site` with the settings of mkdocs.yml.

    `navigation` takes the place of the file that mkdocs.yml inherits from; `date` is the only date the site may carry.
    `cache` keeps the HTML of pages whose Markdown is the same as before.
    """
    moment = datetime.fromisoformat(date).replace(tzinfo=UTC)
    environment = {"SOURCE_DATE_EPOCH": str(int(moment.timestamp())), "NO_MKDOCS_2_WARNING": "1"}
    with _environment(environment), _warnings() as told, _remembering(cache, settings, told):
        problem = _build(_Settings(settings, navigation), pages, site)
    if problem or told:
        lines = [*told, *([problem] if problem else [])]
        shown = "".join(f"\n  - {line}" for line in dict.fromkeys(lines))
        raise Failure(
            Words(
                ja=f"MkDocs がウェブサイトを作れませんでした。{shown}", en=f"MkDocs could not build the website.{shown}"
            )
        )


def _build(settings: _Settings, pages: Path, site: Path) -> str:
    """Build and return what went wrong, "" for nothing."""
    from mkdocs.commands.build import build as run
    from mkdocs.config import load_config

    try:
        config = load_config(settings, docs_dir=str(pages), site_dir=str(site), strict=False)
        config.plugins.on_startup(command="build", dirty=False)
        gc.collect()
        gc.freeze()  # the document lies in memory: looking through it again and again would take as long as MkDocs
        try:
            run(config)
        finally:
            gc.unfreeze()
            config.plugins.on_shutdown()
    except Exception as wrong:  # templates of the theme and plugins may raise anything; a user may have changed them
        return f"{type(wrong).__name__}: {wrong}"
    return ""


class _Settings(io.BytesIO):
    """mkdocs.yml as MkDocs reads an open file, inheriting from another file than the one on disk says."""

    def __init__(self, settings: Path, navigation: Path) -> None:
        self.name = str(settings.absolute())
        try:
            text = settings.read_bytes()
        except OSError as missing:
            raise Failure(
                Words(ja=f"{settings.name} を読めません: {missing}", en=f"{settings.name} can't be read: {missing}")
            ) from missing
        # A JSON string is a YAML string, whatever the path holds.
        inherit = b"INHERIT: " + json.dumps(str(navigation.absolute())).encode("ascii")
        rest = _INHERIT.sub(b"", text)
        super().__init__(inherit + b"\n" + rest)


@contextmanager
def _remembering(cache: Cache, settings: Path, told: list[str]) -> Iterator[None]:
    """Let MkDocs take a page's HTML from the cache where the page, its settings and all addresses are the same.

    Python-Markdown takes about half of MkDocs' time. What it warned of is not kept, so that it warns again.
    """
    from mkdocs.structure.pages import Page
    from mkdocs.structure.toc import TableOfContents

    render = Page.render
    addresses: dict[int, str] = {}

    def remembered(page: Any, config: Any, files: Any) -> None:
        if id(files) not in addresses:
            rows = sorted(f"{file.src_uri} {file.url} {file.inclusion}" for file in files)
            addresses[id(files)] = digest(settings.read_bytes(), repr(config.mdx_configs), *rows)
        made_from = digest(page.file.src_uri, page.markdown, addresses[id(files)])
        known = cache.recall("html", page.file.src_uri, made_from)
        if known is None:
            before = len(told)
            render(page, config, files)
            if len(told) == before:
                cache.keep("html", page.file.src_uri, made_from, _rendered(page))
            return
        page.content, page._title_from_render = known["content"], known["title"]
        page.toc = TableOfContents([_entry(entry) for entry in known["toc"]])
        page.present_anchor_ids = set(known["anchors"])
        page.links_to_anchors = {files.src_uris[uri]: dict(links) for uri, links in known["links"]}

    Page.render = remembered  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        Page.render = render  # type: ignore[method-assign]


def _rendered(page: Any) -> dict[str, Any]:
    return {
        "content": page.content,
        "title": page._title_from_render,
        "toc": [_entry_data(entry) for entry in page.toc],
        "anchors": sorted(page.present_anchor_ids),
        "links": [[file.src_uri, links] for file, links in (page.links_to_anchors or {}).items()],
    }


def _entry_data(entry: Any) -> list[Any]:
    return [
        entry.title,
        entry.id,
        entry.level,
        [_entry_data(child) for child in entry.children],
        getattr(entry, "active", False),
    ]


def _entry(data: list[Any]) -> Any:
    from mkdocs.structure.toc import AnchorLink

    title, anchor, level, children, active = data
    entry = AnchorLink(title, anchor, level)
    entry.children = [_entry(child) for child in children]
    if active:
        entry.active = True  # type: ignore[attr-defined]
    return entry


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(record.getMessage())


@contextmanager
def _warnings() -> Iterator[list[str]]:
    """Collect what MkDocs and Python-Markdown warn of; nothing is printed."""
    collector = _Collector()
    loggers = [logging.getLogger(name) for name in ("mkdocs", "MARKDOWN")]
    before = [(logger.propagate, logger.level) for logger in loggers]
    for logger in loggers:
        logger.addHandler(collector)
        logger.propagate, logger.level = False, logging.INFO
    try:
        yield collector.told
    finally:
        for logger, (propagate, level) in zip(loggers, before, strict=True):
            logger.removeHandler(collector)
            logger.propagate, logger.level = propagate, level
