"""Run MkDocs in our own process: strict, dated, its warnings are failures."""

from __future__ import annotations

import io
import json
import logging
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from shishin.problem import Failure, Words

_INHERIT = re.compile(rb"^INHERIT:.*$", re.MULTILINE)


def build(settings: Path, navigation: Path, pages: Path, site: Path, date: str) -> None:
    """Build the folder `pages` into `site` with the settings of mkdocs.yml.

    `navigation` takes the place of the file that mkdocs.yml inherits from; `date` is the only date the site may carry.
    """
    moment = datetime.fromisoformat(date).replace(tzinfo=UTC)
    environment = {"SOURCE_DATE_EPOCH": str(int(moment.timestamp())), "NO_MKDOCS_2_WARNING": "1"}
    with _environment(environment), _warnings() as told:
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
        try:
            run(config)
        finally:
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
