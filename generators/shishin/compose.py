"""Edition → document: templates say what stands where, Python keeps identity, order and numbers.

A kind's template (`items/<kind>.md.j2`) yields the body of one item as Markdown; everything that came from the data
stands in it as a placeholder, parsed before and alone. `place(item)` gives an item its home; everywhere else it is a
mention. At the end a conservation check proves that every item has exactly one home.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from shishin.account import homeless, homeless_problem, lost_problems, numbered, resolved, twice
from shishin.cache import Cache, no_cache
from shishin.composer import Composer
from shishin.document import (
    Cover,
    Document,
    Paragraph,
    plain,
)
from shishin.edition import Edition
from shishin.era import wareki
from shishin.markdown import parse_field
from shishin.numbering import number_sections
from shishin.problem import Problem
from shishin.rewrite import marks

PARTS = ("front", "body", "back")


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """A composed document with what was found on the way."""

    document: Document
    problems: tuple[Problem, ...]
    left_out: tuple[str, ...]  # items without a home, reported as problems
    names: Mapping[str, str]  # how each item is named where it is mentioned


def compose(edition: Edition, cache: Cache | None = None) -> Composed:
    """Return the whole guideline as one document."""
    composer = Composer(edition, cache or no_cache())
    chapters = [item for item in edition.items if item.kind.name == "chapter"]
    ordered = sorted(chapters, key=lambda item: (PARTS.index(item.data["part"]), item.data["order"]))
    sections = tuple(replace(composer.section(item), part=item.data["part"]) for item in ordered)
    settings = edition.guideline.settings
    sections = number_sections(sections, settings["numbering"], "図表")
    sections, lost = resolved(sections, composer.by_id, composer.name)
    sections = numbered(sections, composer.by_id, frozenset(settings.get("paper", {}).get("numbered_mentions", ())))
    found = marks(*sections)
    left_out = homeless(found.homes, edition.items)
    told = {one.position for one in composer.problems if one.code == "T505"}  # the same anchor: told once
    problems = (
        *composer.problems,
        *lost_problems(lost, (edition.guideline.own, *edition.items), found.anchors),
        *(one for one in twice(found.anchors, composer.by_id, composer.place_of) if one.position not in told),
        *map(homeless_problem, left_out),
    )
    document = Document(
        guideline=settings["id"],
        edition=edition.id,
        language=settings["language"],
        date=edition.as_of,
        cover=_cover(edition),
        header=f"{settings['title']}　{edition.label}",
        sections=sections,
        labels=(
            ("contents", "目次"),
            ("draft", edition.status_label if edition.draft else ""),
            ("as_of", "基準日　"),
        ),
    )
    names = {item.id: plain(composer.name(item)) for item in edition.items}
    composer.forget()
    return Composed(document=document, problems=problems, left_out=tuple(item.id for item in left_out), names=names)


def _cover(edition: Edition) -> Cover:
    settings = edition.guideline.settings
    paper: Mapping[str, Any] = settings.get("paper", {})
    meeting_date = paper.get("meeting_date", "")
    notice = " ".join(
        plain(block.inlines) for block in parse_field(settings.get("notice", "")).blocks if isinstance(block, Paragraph)
    )
    return Cover(
        title=settings["title"],
        subtitle=settings.get("subtitle", ""),
        edition=edition.label,
        status=edition.status_label,
        as_of=edition.as_of_text,
        publisher=settings["publisher"],
        paper_number=paper.get("number", ""),
        meeting=paper.get("meeting", ""),
        meeting_date=wareki(meeting_date, weekday=True) if meeting_date else "",
        notice=notice,
    )
