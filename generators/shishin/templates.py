"""The Jinja environment: sandboxed, nothing undefined, everything from the data escaped for Markdown."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from jinja2 import BaseLoader, StrictUndefined, TemplateNotFound
from jinja2.exceptions import TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from shishin.problem import Position
from shishin.schema import shipped
from shishin.view import finalize

TEMPLATES = "guideline/templates"
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


def make_environment(own: Mapping[str, str]) -> ImmutableSandboxedEnvironment:
    """Return the environment for a guideline with its own templates by name."""
    return ImmutableSandboxedEnvironment(
        loader=TemplateLoader(own),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


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
