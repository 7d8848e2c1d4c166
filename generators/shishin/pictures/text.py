"""Text in pictures: how wide it is, where it may break, and SVG elements that every program draws alike.

Only attributes and plain shapes are used: no CSS, markers, foreignObject or dominant-baseline, because Typst
(resvg), Word and browsers differ there.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import pairwise

FONT = "BIZ UDGothic, 'Yu Gothic', Meiryo, 'Hiragino Sans', sans-serif"
INK = "#1f2933"
FAINT = "#52606d"
PAPER = "#ffffff"

# Characters that may not begin or end a line (JIS X 4051, the usual set).
_NOT_FIRST = frozenset(
    "、。，．・：；？！）］｝」』】〕〉》,.:;?!)]}ー々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ％〜～"
)
_NOT_LAST = frozenset("（［｛「『【〔〈《([{")
_FORBIDDEN = 1000
_FORBIDDEN_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@cache
def _character_width(character: str) -> float:
    if unicodedata.category(character) in ("Mn", "Me", "Cf", "Cc"):
        return 0.0
    return 1.0 if unicodedata.east_asian_width(character) in "WFA" else 0.5


def measure(text: str) -> float:
    """Return the width of `text` in em: full-width characters are 1, half-width ones 0.5 (exact in BIZ UDGothic)."""
    return sum(map(_character_width, text))


@cache
def _script(character: str) -> str:
    if character.isspace():
        return "space"
    if "ぁ" <= character <= "ゟ":
        return "hiragana"
    if "ァ" <= character <= "ヿ":
        return "katakana"
    if character.isascii() and (character.isalnum() or character in "-_./%"):
        return "latin"
    if character.isalnum():
        return "kanji"
    return "sign"


def _break_cost(before: str, after: str) -> int:
    """Tell how unwelcome a line break is here: 0 between words, more inside one."""
    if after in _NOT_FIRST or before in _NOT_LAST:
        return _FORBIDDEN
    scripts = (_script(before), _script(after))
    if scripts == ("latin", "latin"):
        return 100
    if scripts == ("katakana", "katakana"):
        return 12
    if scripts in (("kanji", "kanji"), ("kanji", "hiragana"), ("latin", "kanji"), ("kanji", "latin")):
        return 4
    return 2 if scripts == ("hiragana", "hiragana") else 0


def wrap(text: str, limit: float) -> tuple[str, ...]:
    """Break `text` into the fewest lines of at most `limit` em, at the best places, evenly filled.

    A single character wider than the limit stands on a line of its own.
    """
    text = " ".join(text.split())
    if measure(text) <= limit:
        return (text,) if text else ()
    edges = [0.0]
    for character in text:
        edges.append(edges[-1] + _character_width(character))
    # best[i] = (lines, cost, start of the last line) for the first i characters
    best: list[tuple[int, float, int]] = [(0, 0.0, 0)]
    for end in range(1, len(text) + 1):
        choices = []
        for start in range(end - 1, -1, -1):
            wide = edges[end] - edges[start]
            if wide > limit and start < end - 1:
                break
            unwelcome = _break_cost(text[end - 1], text[end]) if end < len(text) else 0
            lines, cost, _ = best[start]
            # a forbidden break counts as many lines: taken only where nothing else fits
            extra = 1 + (50 if unwelcome == _FORBIDDEN else 0)
            choices.append((lines + extra, cost + unwelcome + ((limit - wide) / limit) ** 2 * 6, -start))
        lines, cost, start = min(choices)
        best.append((lines, cost, -start))
    cuts = [len(text)]
    while cuts[-1]:
        cuts.append(best[cuts[-1]][2])
    return tuple(text[start:end].strip() for start, end in pairwise(reversed(cuts)))


def number(value: float) -> str:
    """Write a coordinate with at most one decimal."""
    written = f"{value:.1f}".removesuffix(".0")
    return "0" if written == "-0" else written


def escape(text: str) -> str:
    """Escape `text` for XML, in content and in attributes; characters XML can't hold are dropped."""
    text = _FORBIDDEN_IN_XML.sub("", text)
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(sign, entity)
    return text


def element(name: str, content: str = "", /, **attributes: str | float) -> str:
    """Write one SVG element; `_` in attribute names stands for a hyphen."""
    written = "".join(
        f' {key.replace("_", "-")}="{escape(value) if isinstance(value, str) else number(value)}"'
        for key, value in attributes.items()
    )
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def words(
    x: float, y: float, text: str, *, size: float, anchor: str = "middle", bold: bool = False, ink: str = INK
) -> str:
    """Write one line of text with its baseline at `y`."""
    weight = {"font_weight": "bold"} if bold else {}
    return element("text", escape(text), x=x, y=y, font_size=size, text_anchor=anchor, fill=ink, **weight)


def drawing(title: str, description: str, width: float, height: float, parts: list[str]) -> str:
    """Return the whole SVG: its name, its text alternative, a white ground, then `parts`."""
    head = [
        element("title", escape(title)),
        *([element("desc", escape(description))] if description else []),
        element("rect", x=0, y=0, width=width, height=height, fill=PAPER),
    ]
    size = f'width="{number(width)}" height="{number(height)}" viewBox="0 0 {number(width)} {number(height)}"'
    start = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="{FONT}">'
    return "\n".join([start, *head, *parts, "</svg>"]) + "\n"
