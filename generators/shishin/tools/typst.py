"""Typst: the compiler that sets pages, in our process; only the package's own fonts are ever used.

In: a template and texts for it. Out: PDF bytes with what the template reports about itself, or a Fault.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import typst

from shishin.problem import Failure, Words

FONTS = Path(__file__).parents[1] / "fonts"

STANDARDS: tuple[typst.PDFStandard, ...] = ("ua-1", "a-2a")
"""PDF/UA-1 for readers by ear, PDF/A-2a for archives; the compiler refuses what breaks either."""

_FAIL = "panicked with: shishin:"  # walk.typ: fail()
_GLYPH = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')


class Fault(Failure):
    """Typst can't make this document.

    `code` is the template's own ("no-alt" …), "glyph" for characters that no font has, or "typst" for
    anything else the compiler says; `where` is the anchor of the section at fault or "", `what` the rest.
    """

    def __init__(self, code: str, where: str, what: str, hints: tuple[str, ...] = ()) -> None:
        """Keep the parts, so that the caller can tell it better."""
        super().__init__(
            Words(ja=f"組版プログラム（Typst）が止まりました: {what}", en=f"Typst stopped: {what}"),
            Words(ja=" / ".join(hints), en=" / ".join(hints)) if hints else None,
        )
        self.code, self.where, self.what = code, where, what


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """A compiled document and what its template reports under the label <pages>."""

    pdf: bytes
    report: object


def compile_pdf(template: Path, inputs: Mapping[str, str], date: str) -> Compiled:
    """Compile `template` with `inputs` as of the ISO `date`; raise Fault for every error and warning."""
    compiler = typst.Compiler(template, root=template.parent, font_paths=_fonts(), sys_inputs=dict(inputs))
    stamp = datetime.fromisoformat(date).replace(tzinfo=UTC)
    try:
        pdf, warnings = compiler.compile_with_warnings(
            format="pdf", pdf_standards=list(STANDARDS), timestamp=int(stamp.timestamp())
        )
        if warnings:
            raise Fault("typst", "", "; ".join(warning.message for warning in warnings))
        # The layout is in the compiler's cache: asking costs a fraction of compiling.
        report = json.loads(compiler.query("<pages>", field="value", one=True))
    except typst.TypstError as error:
        raise _fault(error) from error
    assert isinstance(pdf, bytes)
    return Compiled(pdf=pdf, report=report)


@cache
def _fonts() -> typst.Fonts:
    # Without system fonts a member's machine and a server give the same pages.
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


def _fault(error: typst.TypstError) -> Fault:
    if error.message.startswith(_FAIL):
        told = json.loads(error.message.removeprefix(_FAIL))
        return Fault(told["code"], told["where"], told["what"])
    glyphs = [_unescaped(text) for text in _GLYPH.findall(error.diagnostic)]
    if glyphs:
        return Fault("glyph", "", "".join(dict.fromkeys(glyphs)))
    return Fault("typst", "", error.message, tuple(error.hints))


def _unescaped(text: str) -> str:
    # The compiler prints Rust's debug form of a string.
    plain = re.sub(r"\\u\{([0-9a-f]+)\}", lambda code: chr(int(code[1], 16)), text)
    return re.sub(r"\\(.)", r"\1", plain)
