"""The goals: which commands are compared, by what, and how large the ratio may be."""

from __future__ import annotations

from collections.abc import Sequence

from bench.commands import LARGE
from bench.measure import Row


def rows(sizes: Sequence[int]) -> tuple[Row, ...]:
    """Return the goals for these numbers of items."""
    found = [_row("start-up / python -c pass", "shishin --version", "python -c pass", 3)]
    for n in sizes:
        found += [*_checks(n), *_sites(n), *(_large(n) if n >= LARGE else _papers(n)), *(_diffs(n) if n >= 500 else [])]
    return tuple(found)


def _row(what: str, ours: str, peer: str, goal: float | None, by: str = "wall") -> Row:
    return Row(what=what, ours=ours, peer=peer, by=by, goal=goal)


def _checks(n: int) -> list[Row]:
    large, schema, cold = n >= LARGE, f"check-jsonschema, {n}", f"check, no cache, {n}"
    quick = f"check --quick, no cache, {n}"
    return [
        _row(f"{n:,}: schema and references / check-jsonschema (CPU)", quick, schema, 0.10 if large else None, "cpu"),
        _row(f"{n:,}: whole check / check-jsonschema (CPU)", cold, schema, 0.5 if large else None, "cpu"),
        _row(f"{n:,}: check after one change / cold", f"check, one change, {n}", cold, 0.25 if n >= 500 else None),
    ]


def _sites(n: int) -> list[Row]:
    cold, change, mkdocs = f"site, no cache, {n}", f"site, one change, {n}", f"mkdocs, {n}"
    what, to = ("site", " --to site") if n >= LARGE else ("build", "")
    nothing, floor = f"{what}, nothing changed, {n}", f"python + stat, {what}, {n}"
    return [
        _row(f"{n:,}: build{to}, nothing changed / python + stat", nothing, floor, 3),
        _row(f"{n:,}: site, no cache / plain mkdocs", cold, mkdocs, 1.4),
        _row(f"{n:,}: site, one change / plain mkdocs", change, mkdocs, 1.1),
        _row(f"{n:,}: site / plain mkdocs (memory)", cold, mkdocs, 2, "rss"),
    ]


def _diffs(n: int) -> list[Row]:
    what = f"{n:,}: two revisions, a tenth changed / git diff --word-diff-regex=."
    return [_row(what, f"diff --quick, {n}", f"git diff by characters, {n}", 2 if n >= LARGE else None)]


def _large(n: int) -> list[Row]:
    check, site = f"check, no cache, {n}", f"site, no cache, {n}"
    change, strictdoc = f"site, one change, {n}", f"strictdoc, one change, {n}"
    return [
        _row(f"{n:,}: site, no cache / StrictDoc", site, f"strictdoc, no cache, {n}", 0.5),
        _row(f"{n:,}: site, one change / StrictDoc", change, strictdoc, 0.1),
        _row(f"{n:,}: whole check (memory)", check, "", 150, "rss"),
        _row(f"growth 500 → {n:,}: whole check", check, "check, no cache, 500", 12),
        _row(f"growth 500 → {n:,}: site of chapter pages", site, "site, no cache, chapters, 500", 12),
    ]


def _papers(n: int) -> list[Row]:
    docx, pdf, small = f"pandoc md → docx, {n}", f"pdf, {n}", n <= 40
    tracked, docxodus = f"tracked changes, {n}", f"docxodus, {n}"
    return [
        _row(f"{n:,}: tracked changes / Docxodus", tracked, docxodus, None if small else 0.3),
        _row(f"{n:,}: docx / pandoc md → docx", f"docx, {n}", docx, 0.8 if small else 0.65),
        _row(f"{n:,}: docx with page numbers / pandoc md → docx", f"docx with page numbers, {n}", docx, None),
        _row(f"{n:,}: pdf / pandoc → typst", pdf, f"pandoc → typst, {n}", 0.9),
        _row(f"{n:,}: pdf / WeasyPrint", pdf, f"weasyprint, {n}", 0.2),
    ]
