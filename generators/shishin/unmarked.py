"""Text without marks: what of Markdown can be read without asking the parser.

Most fields are plain paragraphs with a mention or a bold word here and there. The parser would read them just so
(a test compares), but takes many times as long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple


class Piece(NamedTuple):
    """As much of a token as text without marks needs."""

    type: str
    content: str = ""
    meta: Mapping[str, str] = {}  # nobody writes to it
    nesting: int = 0


BREAK = Piece("softbreak")
_MENTION = r"\[\[(?P<target>[a-z0-9-]+)\]\]"
_BOLD = r"\*\*(?P<strong>(?=\w)[^*\n]*(?<=\w))\*\*"  # letters inside both ends: no rule about punctuation can apply
_SIMPLE = re.compile(f"{_MENTION}|{_BOLD}")
_TARGET, _STRONG = re.compile(_MENTION), re.compile(_BOLD)
# What may mean something to the parser: a character; at the start of a line also list marks and indentation.
_MARKED = re.compile(
    r"[\\`*_\[\]<>#|&~^｜《》\0\ue000\ue001]|[^\S \n]|^(?:[ ]{4}|[ ]*(?:[-+=]|[0-9]+[.)]))|[ ]$", re.MULTILINE
)


def plain_targets(text: str) -> list[str] | None:
    """Return what a text of plain paragraphs mentions, or None where the parser must be asked."""
    if _MARKED.search(text) is None:
        return []
    return None if _MARKED.search(_STRONG.sub(r"\g<strong>", _TARGET.sub(":", text))) else _TARGET.findall(text)


def pieces_of(row: str) -> Iterator[Piece]:
    """Yield the pieces of one line of such a text."""
    cursor = 0
    for found in _SIMPLE.finditer(row):
        if found.start() > cursor:
            yield Piece("text", row[cursor : found.start()])
        cursor = found.end()
        if found["target"]:
            yield Piece("mention", "", {"target": found["target"]})
        else:
            yield Piece("strong_open", nesting=1)
            yield from pieces_of(found["strong"])
            yield Piece("strong_close", nesting=-1)
    if cursor < len(row):
        yield Piece("text", row[cursor:])
