"""A comparison as text for a terminal: chapter by chapter, a sign for each change, the changed words marked in place.

Without colour, removed words stand in [-…-] and added ones in {+…+}. Every sign here exists in cp932 too. Columns are
counted as a terminal in Japan shows them: wide and ambiguous characters take two.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from shishin.comparison import Comparison, Side
from shishin.outputs.lines import NEWLINE
from shishin.outputs.told import KINDS, Told, ToldItem, counted, near, reason_words, tell
from shishin.papers.values import names_of
from shishin.problem import Words
from shishin.segment import Part
from shishin.snapshot import Snapshot
from shishin.visible import visible

SIGNS = {"added": "+", "removed": "-", "moved": "→", "split": "⇔", "merged": "⇔"}
"""The sign of an item to which this happened; ~ where it only says something else."""
SPECIAL = ("wording", "responsibility", "code")
"""Kinds of change of a field that are named beside it."""
WIDTH = 100
"""Columns where nobody tells how many there are."""
KEPT = 14
"""Characters of unchanged text shown beside a change."""
LABEL = 14
"""Columns for a label before the text."""
NOTHING = Words(ja="違いはありません。", en="No differences.")
REASON = Words(ja="理由", en="reason")
TEMPLATES = Words(ja="ひな形の文言", en="Words of the templates")
TOTAL = Words(ja="変更 {} 件（{} 項目）", en="{} changes in {} items")

_STYLES = {"old": "31;9", "new": "32;4", "sign": "1", "head": "1", "dim": "2"}
_MARKS = {"old": ("[-", "-]"), "new": ("{+", "+}")}
_STARTS, _ENDS = zip(*_MARKS.values(), strict=True)
_ATOMS = re.compile(r"\n|[!-~]+ ?| |.", re.DOTALL)
_NOT_FIRST = frozenset("、。，．・：；？！）］｝」』】〕〉》ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ…%％")
_NOT_LAST = frozenset("（［｛「『【〔〈《")


@dataclass(frozen=True, slots=True)
class _Atom:
    """Characters that stay on one line, and how they look."""

    text: str
    style: str = ""

    @property
    def columns(self) -> int:
        return columns(self.text)


def text(
    comparison: Comparison,
    old: Snapshot,
    new: Snapshot,
    *,
    language: str = "ja",
    width: int = WIDTH,
    colour: bool = False,
) -> str:
    """Return a comparison for reading; `width` is the terminal's, `colour` for a terminal that shows colours."""
    told = tell(comparison, old, new, language)
    writer = _Writer(width=max(width, 40), colour=colour)
    lines = list(writer.title(comparison.old, comparison.new, language))
    names = {**names_of(old), **names_of(new)}
    chapter = None
    for item in told:
        if item.chapter != chapter:
            chapter = item.chapter
            lines += ["", writer.styled(visible(chapter), "head"), ""]
        lines += writer.item(item, language)
        lines += [
            line
            for reason in item.reasons
            for line in writer.row("", REASON.said(language), [_Atom(reason_words(reason, names, language))])
        ]
    if comparison.templates:
        lines += ["", writer.styled(TEMPLATES.said(language), "head"), ""]
        for anchor, before, after in comparison.templates:
            parts = tuple(one for one in (("old", before), ("new", after)) if one[1])
            lines += writer.row("~", anchor, writer.marked(parts))  # type: ignore[arg-type]
    return NEWLINE.join([*lines, "", *writer.wrapped([_Atom(total(told, language))], 0), ""])


def total(told: Sequence[ToldItem], language: str) -> str:
    """Return how many changes there are, by kind."""
    counts = counted(told)
    if not counts:
        return NOTHING.said(language)
    said = TOTAL.said(language).format(sum(counts.values()), len(told))
    if language == "ja":
        return f"{said}: " + "、".join(f"{KINDS[kind].ja} {count}" for kind, count in counts.items())
    return f"{said}: " + ", ".join(f"{count} {KINDS[kind].en}" for kind, count in counts.items())


def columns(words: str) -> int:
    """Return how many columns text takes on a terminal."""
    return sum(_columns(char) for char in words)


def _columns(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WFA" else 1


@dataclass(frozen=True, slots=True)
class _Writer:
    width: int
    colour: bool

    def styled(self, words: str, style: str) -> str:
        return f"\x1b[{_STYLES[style]}m{words}\x1b[0m" if self.colour and style and words else words

    def title(self, old: Side, new: Side, language: str) -> Iterator[str]:
        yield self.styled(visible(new.title), "head")
        named = (one.line if language == "ja" else f"{one.label} ({one.as_of})" for one in (old, new))
        yield visible(" → ".join(named))

    def item(self, item: ToldItem, language: str) -> Iterator[str]:
        kinds = {one.change.kind for one in item.told if not one.change.field}
        sign = next((sign for kind, sign in SIGNS.items() if kind in kinds), "~")
        heading = [_Atom(f"{item.heading} "), _Atom(f"({item.item.id})", "dim")]
        yield from self.hung(f"  {self.styled(sign, 'sign')} ", 2 + columns(sign) + 1, heading)
        for one in item.told:
            yield from self.change(one, language)

    def change(self, told: Told, language: str) -> Iterator[str]:
        if told.instead:
            sign, content = "~", [_Atom(f"{told.old} → {told.new}")]
        elif not told.old or not told.new:  # one side only: the sign says which
            sign, style = ("+", "new") if told.new else ("-", "old")
            content = [_Atom(told.new or told.old, style if self.colour else "")]
        else:
            sign, content = "~", self.marked(near(told.parts, KEPT))
        if told.change.kind in SPECIAL:
            content.append(_Atom(f" ［{KINDS[told.change.kind].said(language)}］", "dim"))
        yield from self.row(sign, told.label, content)

    def marked(self, parts: Iterable[Part]) -> list[_Atom]:
        """Return a text with its marks: signs around the words, or their colours."""
        done: list[_Atom] = []
        for tag, words in parts:
            if tag == "same":
                done.append(_Atom(words))
            elif self.colour:
                done.append(_Atom(words, tag))
            else:
                start, end = _MARKS[tag]
                done.append(_Atom(f"{start}{words}{end}"))
        return done

    def row(self, sign: str, label: str, content: Sequence[_Atom]) -> Iterator[str]:
        """Yield the lines of one change: its sign, its label, its text hung beside the label."""
        label = visible(label)
        lead = f"    {sign or ' '} "
        indent = len(lead)
        gap = LABEL - columns(label)
        if gap < 1:
            yield f"{self.lead(lead)}{label}"
            yield from self.hung(" " * (indent + LABEL), indent + LABEL, content)
        else:
            yield from self.hung(f"{self.lead(lead)}{label}{' ' * gap}", indent + columns(label) + gap, content)

    def lead(self, words: str) -> str:
        sign = words.strip()
        return words.replace(sign, self.styled(sign, "sign")) if sign else words

    def hung(self, lead: str, indent: int, content: Sequence[_Atom]) -> Iterator[str]:
        for place, line in enumerate(self.wrapped(content, indent)):
            yield f"{' ' * indent if place else lead}{line}".rstrip()

    def wrapped(self, content: Iterable[_Atom], indent: int) -> Iterator[str]:
        """Yield a text in lines that fit beside an indent."""
        room = max(self.width - indent, 20)
        line: list[_Atom] = []
        used = 0
        for atom in _atoms(content):
            if atom.text == NEWLINE:
                yield self.joined(line)
                line, used = [], 0
            elif line and used + columns(atom.text.rstrip()) > room:
                yield self.joined(line)
                line, used = [atom], atom.columns
            else:
                line.append(atom)
                used += atom.columns
        if line:
            yield self.joined(line)

    def joined(self, line: Sequence[_Atom]) -> str:
        done: list[str] = []
        start = 0
        for end in range(1, len(line) + 1):
            if end == len(line) or line[end].style != line[start].style:
                words = "".join(one.text for one in line[start:end])
                done.append(self.styled(words, line[start].style))
                start = end
        return "".join(done).rstrip(" ")


def _atoms(content: Iterable[_Atom]) -> list[_Atom]:
    """Return a text in what stays together: Latin words, one Japanese character with the signs that cling to it."""
    done: list[_Atom] = []
    for part in content:
        for found in _ATOMS.findall(part.text):
            piece = found if found == NEWLINE else visible(found)
            last = done[-1] if done else None
            if last is not None and last.style == part.style and _cling(last.text, piece):
                done[-1] = _Atom(last.text + piece, last.style)
            else:
                done.append(_Atom(piece, part.style))
    return done


def _cling(before: str, after: str) -> bool:
    """Tell whether no line may end between two pieces: signs that begin or end none, and the marks of a change."""
    if NEWLINE in (before, after):
        return False
    return after[0] in _NOT_FIRST or before[-1] in _NOT_LAST or after in _ENDS or before.endswith(_STARTS)
