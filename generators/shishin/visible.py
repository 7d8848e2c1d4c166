"""Characters that nobody sees, made visible: what comes from the data never steers a terminal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

# Control, format (bidi, zero width, tags), surrogate, private use, line and paragraph separator.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_BLANK = re.compile(
    "[\u00a0\u034f\u115f\u1160\u17b4\u17b5\u2000-\u200a\u202f\u205f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


def is_unseen(char: str) -> bool:
    """Tell whether a character controls how text is shown instead of being seen itself."""
    return unicodedata.category(char) in _UNSEEN


def is_blank(char: str) -> bool:
    """Tell whether a character is unseen, or looks like a space or like nothing without being an ordinary space."""
    return is_unseen(char) or unicodedata.category(char) == "Cn" or _BLANK.match(char) is not None


def visible(text: str, hidden: Callable[[str], bool] = is_unseen) -> str:
    """Return text with every unseen character (line breaks and tabs too) written as <U+XXXX>.

    `hidden` tells which characters those are; printable ASCII never is.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(f"<U+{ord(char):04X}>" if hidden(char) else char for char in text)
