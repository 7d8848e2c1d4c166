"""Text made safe for Python-Markdown and for HTML attributes, and the words the site prints of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

WORDS: Final[Mapping[str, str]] = {
    "home": "ホーム",
    "find": "探す",
    "contents": "目次",
    "editors": "編集者向け",
    "kinds": "種別ごとの書き方",
    "inserted": "［追加］",
    "inserted_end": "［追加終わり］",
    "removed": "［削除］",
    "removed_end": "［削除終わり］",
    "old": "［変更前］",
    "old_end": "［変更前終わり］",
    "new": "［変更後］",
    "new_end": "［変更後終わり］",
    "moved": "［移動］",
    "moved_end": "［移動終わり］",
    "note": "注",
    "notes": "注",
    "back": "本文へ戻る",
    "enlarge": "図を大きく開く",
    "place": "この項目の位置",
    "as_of": "基準日",
    "page": "頁",
}
"""What the site says by itself; a document's `labels` of the same keys win."""

# Marks that mean something to Python-Markdown somewhere. It takes a backslash before these and prints them clean …
_ESCAPED: Final = {ord(mark): f"\\{mark}" for mark in "*_{}[]#+-.!"}
# … and these must be character references: because they are HTML's, because a backslash doesn't help, or because an
# extension that somebody adds to mkdocs.yml would read them.
_REFERRED: Final = {ord(mark): f"&#{ord(mark)};" for mark in "\\`|~^=$\n\t\u2028\u2029"}
_MARKS: Final = _ESCAPED | _REFERRED | {ord("<"): "&lt;", ord(">"): "&gt;", ord("&"): "&amp;"}

# Controls and lone surrogates have no place in HTML; the reader should see that something was there.
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

# Blanks at the ends would be stripped.
_EDGE: Final = re.compile(r"\A\s+|\s+\Z")


def escaped(text: str) -> str:
    """Return `text` so that Markdown prints it literally, wherever it stands."""
    marked = printable(text).translate(_MARKS)
    return _EDGE.sub(lambda blanks: "".join(f"&#{ord(blank)};" for blank in blanks[0]), marked)


def printable(text: str) -> str:
    """Return `text` with a sign in the place of what HTML can't hold."""
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n"))


# Inside a tag only what ends it or what Python-Markdown replaces before it knows tags: code, escapes, links.
_QUOTED: Final = {ord(mark): f"&#{ord(mark)};" for mark in '\\`[]<>&!"\n\t'}


def attributes(**values: str | int | None) -> str:
    """Return HTML attributes, each with a blank before it; None leaves one out, `class_` means class."""
    return "".join(
        f' {name.rstrip("_").replace("_", "-")}="{printable(str(value)).translate(_QUOTED)}"'
        for name, value in values.items()
        if value is not None
    )
