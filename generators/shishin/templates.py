"""The Jinja environment: sandboxed, nothing undefined, everything from the data escaped for Markdown."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from jinja2 import BaseLoader, StrictUndefined, Template, TemplateNotFound
from jinja2.exceptions import TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from shishin.dialect import CLOSE, OPEN
from shishin.problem import Position
from shishin.schema import shipped
from shishin.view import View, finalize

TEMPLATES = "guideline/templates"
_PLACES = re.compile(f"{OPEN}[0-9]+{CLOSE}")
FOLDERS = ("items", "names", "parts")


class TemplateLoader(BaseLoader):
    """The guideline's templates before the tool's own; both held in memory, so no path can lead elsewhere."""

    def __init__(self, own: Mapping[str, str]) -> None:
        self.texts = {**_shipped_templates(), **own}

    def get_source(self, environment: object, template: str) -> tuple[str, str, Callable[[], bool]]:
        """Return a template's text, the path to tell in messages, and that it never goes stale."""
        if template not in self.texts:
            raise TemplateNotFound(template)
        return self.texts[template], f"{TEMPLATES}/{template}", lambda: True


def _shipped_templates() -> dict[str, str]:
    return {
        f"{folder}/{name}": text.decode("utf-8")
        for folder in FOLDERS
        for name, text in shipped(f"templates/{folder}").items()
    }


class _Environment(ImmutableSandboxedEnvironment):
    """The sandbox, with a short way to fields: a view shows nothing but them."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        return obj[attribute] if obj.__class__ is View else super().getattr(obj, attribute)


def make_environment(own: Mapping[str, str]) -> ImmutableSandboxedEnvironment:
    """Return the environment for a guideline with its own templates by name."""
    return _Environment(
        loader=TemplateLoader(own),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


class Call(NamedTuple):
    """A call from a template: its line is looked up only where there is something to report."""

    template: Template
    line: int  # of the compiled template

    @property
    def position(self) -> Position:
        """Where the call stands in the template."""
        return Position(file=str(self.template.filename), line=self.template.get_corresponding_lineno(self.line))


def calling() -> Call | None:
    """Return the call of a template that led here, or None where no template is running."""
    frame = sys._getframe(1)
    while frame is not None:
        template = frame.f_globals.get("__jinja_template__")
        if template is not None:
            return Call(template, frame.f_lineno)
        frame = frame.f_back  # type: ignore[assignment]
    return None


def place_of_words(name: str, source: str, made: str, line: int) -> Position:
    """Return the line of a template that most likely made a line of its text: the one that holds its words."""
    file = f"{TEMPLATES}/{name}"
    rows = made.split("\n")
    words = _PLACES.split(rows[line - 1]) if line <= len(rows) else []
    for part in sorted((part.strip() for part in words), key=len, reverse=True):
        for number, row in enumerate(source.split("\n"), 1):
            if part and part in row:
                return Position(file=file, line=number, column=row.index(part) + 1)
    return Position(file=file)


def place_of_fault(name: str, error: Exception) -> Position:
    """Return the template file and line at which rendering `name` failed."""
    file, line = f"{TEMPLATES}/{name}", 1
    if isinstance(error, TemplateSyntaxError):
        return Position(file=error.filename or file, line=error.lineno)
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith(".j2"):
            file, line = trace.tb_frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next
    return Position(file=file, line=line)
