"""What the rules read: a field's Markdown without its marks and line breaks, knowing where each character stands."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from shishin.problem import Words
from shishin.source import is_wide

MENTION = "\ufffc"
"""Stands for what can't be read here: a mention of an item, code, a web address. No file may hold it (text gate)."""

_MARKUP = re.compile(
    r"`[^`\n]*`"
    r"|\[\[[^\[\]\n]*\]\]"  # a mention
    r"|\[\^[^\]\s]+\]:?"  # the call of a footnote
    r"|\[(?=[^\[\]\n]{0,500}\]\()"  # [words](target): the words stay
    r"|\]\([^)\n]{0,500}\)"
    r"|https?://[!-~]+"
    r"|｜(?=[^｜《》\n]+《)"  # ruby: ｜漢字《かんじ》
    r"|《[^｜《》\n]*》"
    r"|\*\**"
    r"|\\[!-/:-@\[-`{-~]"
)
_KEPT = ("`", "[[", "http")  # these leave a MENTION behind
_BLOCK = re.compile(
    r"(?:[-*+]|[0-9]{1,9}[.)]|#{1,6})\s+|\||\[\^[^\]\s]+\]:\s*|(?P<quote>>)|(?P<fence>```|~~~)|(?P<note>:::)"
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A field as it is read: paragraphs, entries and rows are separated by line breaks, everything else is prose."""

    text: str
    steps: tuple[tuple[int, int, int], ...]  # from this character on: line and column in the field

    def place(self, index: int) -> tuple[int, int]:
        """Return line and column in the field of a character of the text."""
        start, line, column = self.steps[bisect_right(self.steps, (index, 1 << 30, 0)) - 1]
        return line, column + index - start


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """Something a rule has found in a passage: from one character to another."""

    rule: str  # the id of the word, or the code again where the rule has no id
    code: str
    severity: str
    start: int
    end: int
    message: Words
    hint: Words | None = None


def read(value: str) -> Passage:
    """Return a field's text as it is read. Quotations (> …) and code blocks are left out: they are others' words."""
    if "\n" not in value and not _BLOCK.match(value):
        return _single(value) if _MARKUP.search(value) else Passage(value, ((0, 1, 1),))
    parts: list[str] = []
    steps: list[tuple[int, int, int]] = []
    length = 0
    last = ""  # the last character read of the paragraph; "" before a paragraph
    fenced = False
    for number, row in enumerate(value.split("\n"), 1):
        line = row.strip()
        block = _BLOCK.match(line)
        if block and block["fence"]:
            fenced = not fenced
        if not line or fenced or (block and (block["quote"] or block["fence"] or block["note"])):
            last = ""
            continue
        skip = block.end() if block else 0
        pieces = _pieces(line[skip:])
        if parts and pieces:
            joins = last and not block
            seam = ("" if _wide(last) and _wide(pieces[0][0][0]) else " ") if joins else "\n"
            parts.append(seam)
            length += len(seam)
        column = row.index(line) + 1 + skip
        for piece, at in pieces:
            steps.append((length, number, column + at))
            parts.append(piece)
            length += len(piece)
        last = pieces[-1][0][-1] if pieces else ""
        if row.endswith(("  ", "\\")):  # a hard break
            last = ""
    return Passage("".join(parts), tuple(steps) or ((0, 1, 1),))


def _wide(char: str) -> bool:
    return char == MENTION or is_wide(char)


def _single(value: str) -> Passage:
    parts: list[str] = []
    steps: list[tuple[int, int, int]] = []
    length = 0
    for piece, at in _pieces(value):
        steps.append((length, 1, at + 1))
        parts.append(piece)
        length += len(piece)
    return Passage("".join(parts), tuple(steps) or ((0, 1, 1),))


def _pieces(line: str) -> list[tuple[str, int]]:
    """Return what is read of a line, piece by piece, each with its place in the line (from 0)."""
    found: list[tuple[str, int]] = []
    position = 0
    for mark in _MARKUP.finditer(line):
        if mark.start() > position:
            found.append((line[position : mark.start()], position))
        if mark[0].startswith(_KEPT):
            found.append((MENTION, mark.start()))
        elif mark[0][0] == "\\":
            found.append((mark[0][1], mark.start() + 1))
        position = mark.end()
    if position < len(line):
        found.append((line[position:], position))
    return found
