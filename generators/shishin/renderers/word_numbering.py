"""Word's automatic numbers: read off the printed numbers of a document, so that Word prints the same ones.

The document carries every number as text (第1章, (2), ア). Here they become a multilevel list bound to the
heading styles. What Word will count is simulated heading by heading; where it would differ (a chapter
that starts at 3, numbers that begin again below an unnumbered heading), a new list instance
with other start values begins. A level whose numbers follow no pattern is printed as text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from shishin.document import Document, Section, sections
from shishin.renderers.word_styles import HEADING_INDENTS

LEVELS = 5
_KANA = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
_KANJI = "一二三四五六七八九"
HANGING = (4.0, 1.5, 2.5, 2.0, 2.5)
"""How far the second line of a heading hangs, in characters of its own size."""


def _kanji(value: int) -> str:
    tens, ones = divmod(value, 10)
    return ("" if tens == 0 else ("" if tens == 1 else _KANJI[tens - 1]) + "十") + (
        "" if ones == 0 else _KANJI[ones - 1]
    )


def _fullwidth(value: int) -> str:
    return "".join(chr(ord(digit) + 0xFEE0) for digit in str(value))


COUNTERS: tuple[tuple[str, str, Callable[[int], str], int], ...] = (
    ("decimal", r"[0-9]+", str, 999),
    ("decimalFullWidth", r"[０-９]+", _fullwidth, 999),
    ("aiueoFullWidth", "[ア-ン]", lambda value: _KANA[value - 1], len(_KANA)),
    ("japaneseCounting", "[一二三四五六七八九十]+", _kanji, 99),
    ("decimalEnclosedCircle", "[①-⑳]", lambda value: chr(ord("①") + value - 1), 20),
    ("lowerLetter", "[a-z]", lambda value: chr(ord("a") + value - 1), 26),
)
"""Word's name of a way to count, what it looks like, and how a value is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One level of the list: Word's way to count and the text around the count (第%1章)."""

    counter: str
    before: str
    after: str
    restarts: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbering:
    """The list of a document: its levels (None = printed as text), its instances, and who uses which.

    `instances` holds the start values of every instance; instance 0 is the one bound to the styles.
    `headings` gives the instance of each heading in reading order, None where no number is automatic.
    """

    levels: tuple[Level | None, ...]
    instances: tuple[tuple[int, ...], ...]
    headings: tuple[int | None, ...]


def numbering(document: Document) -> Numbering:
    """Return the list that makes Word print the numbers of the document."""
    # A section without a title prints no heading, so it takes no number.
    found = tuple(one if one.title else replace(one, number="") for one in sections(document.sections))
    values: list[dict[str, int]] = []
    levels: list[Level | None] = []
    for depth in range(1, LEVELS + 1):
        level, known = _level([section.number for section in found if section.level == depth and section.number])
        levels.append(level)
        values.append(known)
    plan = _instances(found, tuple(levels), values)
    if len(plan.instances) > 1:
        # Chapters may run on through parts (編): the way of counting that needs the fewest instances is meant.
        candidates = [tuple(levels)]
        for depth in range(1, LEVELS):
            candidates += [_runs_on(one, depth) for one in candidates if one[depth] is not None]
        plan = min((_instances(found, one, values) for one in candidates), key=lambda plan: len(plan.instances))
    return plan


def _runs_on(levels: tuple[Level | None, ...], depth: int) -> tuple[Level | None, ...]:
    level = levels[depth]
    assert level is not None
    return (
        *levels[:depth],
        Level(counter=level.counter, before=level.before, after=level.after, restarts=False),
        *levels[depth + 1 :],
    )


def _level(numbers: Sequence[str]) -> tuple[Level | None, dict[str, int]]:
    for name, pattern, write, last in COUNTERS:
        matches = [re.fullmatch(f"(.*?)({pattern})(.*?)", number) for number in numbers]
        frames = {(match[1], match[3]) for match in matches if match}
        if not numbers or None in matches or len(frames) != 1:
            continue
        before, after = frames.pop()
        known = {f"{before}{write(value)}{after}": value for value in range(1, last + 1)}
        # A frame with digits (1-2) would be a number of several levels, which no preset has.
        if set(numbers) <= known.keys() and not re.search(r"[0-9０-９%]", before + after):
            return Level(counter=name, before=before, after=after), known
    return None, {}


def _instances(
    found: Sequence[Section], levels: tuple[Level | None, ...], values: Sequence[Mapping[str, int]]
) -> Numbering:
    starts = [(1,) * LEVELS]
    last = [0] * LEVELS  # the last value used on each level of the present instance, 0 = none yet
    seen = [0] * LEVELS  # the last value used on each level at all
    headings: list[int | None] = []
    for section in found:
        depth = section.level - 1
        if not section.number or levels[depth] is None:
            headings.append(None)
            continue
        wanted = values[depth][section.number]
        if wanted != (last[depth] + 1 if last[depth] else starts[-1][depth]):
            starts.append(tuple(
                wanted if other == depth else seen[other] + 1 if other < depth or not _restarts(levels[other]) else 1
                for other in range(LEVELS)
            ))  # fmt: skip
            last = [0] * LEVELS
        last[depth] = seen[depth] = wanted
        for below in range(depth + 1, LEVELS):
            if _restarts(levels[below]):
                last[below] = 0
        headings.append(len(starts) - 1)
    return Numbering(levels=levels, instances=tuple(starts), headings=tuple(headings))


def _restarts(level: Level | None) -> bool:
    return level is None or level.restarts


def numbering_xml(plan: Numbering, sizes: Sequence[int]) -> Iterator[str]:
    """Yield the definition of the headings' list and of each instance; `sizes` are the headings' half points."""
    yield '<w:abstractNum w:abstractNumId="1"><w:nsid w:val="5A155001"/><w:multiLevelType w:val="multilevel"/>'
    for depth, level in enumerate(plan.levels):
        hanging = heading_hanging(depth, sizes[depth])
        style = f'<w:pStyle w:val="Heading{depth + 1}"/>'
        yield f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/>'
        if level is None:
            yield f'<w:numFmt w:val="none"/>{style}<w:suff w:val="nothing"/><w:lvlText w:val=""/>'
        else:
            restart = "" if level.restarts else '<w:lvlRestart w:val="0"/>'
            yield f'<w:numFmt w:val="{level.counter}"/>{restart}{style}<w:suff w:val="nothing"/>'
            yield f'<w:lvlText w:val="{level.before}%{depth + 1}{level.after}　"/>'
        yield f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{HEADING_INDENTS[depth] + hanging}" w:hanging="{hanging}"/>'
        yield "</w:pPr></w:lvl>"
    yield "</w:abstractNum>"
    for instance, starts in enumerate(plan.instances):
        yield f'<w:num w:numId="{instance + 1}"><w:abstractNumId w:val="1"/>'
        if instance:
            for depth, start in enumerate(starts):
                yield f'<w:lvlOverride w:ilvl="{depth}"><w:startOverride w:val="{start}"/></w:lvlOverride>'
        yield "</w:num>"


def heading_hanging(depth: int, size: int) -> int:
    """Return by how many twips the later lines of a numbered heading hang; `size` in half points."""
    return round(HANGING[depth] * size * 10)
