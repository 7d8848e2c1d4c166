"""Characters that nobody sees, made visible: what comes from the data never steers a terminal."""

from __future__ import annotations

import unicodedata

# Control, format (bidi, zero width, tags), surrogate, private use, line and paragraph separator.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def is_unseen(char: str) -> bool:
    """Tell whether a character controls how text is shown instead of being seen itself."""
    return unicodedata.category(char) in _UNSEEN


def visible(text: str) -> str:
    """Return text with every unseen character (line breaks and tabs too) written as <U+XXXX>."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(f"<U+{ord(char):04X}>" if is_unseen(char) else char for char in text)
