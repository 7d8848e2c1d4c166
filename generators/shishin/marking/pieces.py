"""Inlines taken apart into words and put together again: what marking.py compares, and how styles come back.

A style that begins inside a word doesn't cut it; two texts in one style become one text again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple, TypeAlias, assert_never

from shishin.document import (
    Anchor,
    CodeText,
    Emphasis,
    Footnote,
    Inline,
    Inserted,
    LineBreak,
    Link,
    PageOf,
    Reference,
    Removed,
    Ruby,
    Small,
    Strong,
    Text,
    Underlined,
)
from shishin.marking.versions import Mark
from shishin.segment import segments

Inlines: TypeAlias = tuple[Inline, ...]
Wrapper: TypeAlias = Emphasis | Strong | Link | Reference | Anchor | Small | Underlined

_CONTENT = re.compile(r"[^\W_ぁ-ゖ]")
"""What makes a word worth finding again: not only hiragana and signs."""
_STYLES = 0xF0000  # private characters that stand for a style, and for inlines that aren't text, among the words


class Piece(NamedTuple):
    """A leaf of inlines: what stands around it (styles, links, without their words), the leaf, its mark."""

    path: tuple[Inline, ...]
    leaf: Inline
    mark: Mark | None = None


class Word(NamedTuple):
    """What is compared as one: a word, perhaps in more than one style, or an inline that isn't text."""

    key: str
    pieces: tuple[Piece, ...]


def pieces(inlines: Inlines, path: tuple[Inline, ...] = ()) -> Iterator[Piece]:
    """Yield the leaves of inlines, each with what stands around it."""
    for inline in inlines:
        match inline:
            case Text(text=""):
                pass
            case Text() | CodeText() | Ruby() | LineBreak() | PageOf() | Footnote():
                yield Piece(path, inline)
            case Emphasis() | Strong() | Link() | Reference() | Anchor() | Small() | Underlined():
                empty = replace(inline, inlines=())
                if inline.inlines:
                    yield from pieces(inline.inlines, (*path, empty))
                else:
                    yield Piece(path, empty)
            case Inserted() | Removed():
                raise ValueError("this text has marks already")
            case _:
                assert_never(inline)


def words(parts: Iterable[Piece], styles: dict[object, str]) -> Iterator[Word]:
    """Yield the words of pieces; text is cut as a whole, so that a style that begins inside a word doesn't cut it."""

    def key(style: object) -> str:
        return styles.setdefault(style, chr(_STYLES + len(styles))) if style else ""

    for of_text, run in groupby(parts, lambda piece: isinstance(piece.leaf, Text)):
        if not of_text:
            for piece in run:
                leaf = Footnote if isinstance(piece.leaf, Footnote) else piece.leaf  # footnotes: by their place
                yield Word(key((piece.path, leaf)), (piece,))
            continue
        texts = [(piece.path, piece.leaf.text) for piece in run if isinstance(piece.leaf, Text)]
        for word in segments("".join(text for _, text in texts)):
            found: list[tuple[tuple[Inline, ...], str]] = []
            while word:
                path, text = texts[0]
                found.append((path, text[: len(word)]))
                word, rest = word[len(text) :], text[len(word) :]
                texts[:1] = [(path, rest)] if rest else []
            yield Word(
                "".join(key(path) + text for path, text in found),
                tuple(Piece(path, Text(text=text)) for path, text in found),
            )


def unlike(old: tuple[Word, ...], new: tuple[Word, ...]) -> bool:
    """Tell whether two texts have nothing in common that would be worth showing."""
    if any(isinstance(word.pieces[0].leaf, Footnote) for word in (*old, *new)):
        return False
    kept = [{word.key for word in side if _CONTENT.search(word.key)} for side in (old, new)]
    return min(map(len, kept)) > 1 and not kept[0] & kept[1]


def built(parts: list[Piece]) -> Inlines:
    """Return pieces as inlines: a mark stands around a style where all of it is marked, else inside."""
    done: list[tuple[Mark | None, Inlines]] = []
    for wrapper, run in groupby(parts, lambda piece: piece.path[:1]):
        group = list(run)
        marks = {piece.mark for piece in group}
        if not wrapper:
            done += ((piece.mark, (piece.leaf,)) for piece in group)
        elif len(marks) == 1:
            inner = built([Piece(piece.path[1:], piece.leaf) for piece in group])
            done.append((marks.pop(), (_around(wrapper[0], inner),)))
        else:
            done.append((None, (_around(wrapper[0], built([piece._replace(path=piece.path[1:]) for piece in group])),)))
    result: list[Inline] = []
    for mark, same in groupby(done, lambda one: one[0]):
        inlines = joined([inline for _, some in same for inline in some])
        result += (mark(inlines=inlines),) if mark else inlines
    return tuple(result)


def _around(wrapper: Inline, inlines: Inlines) -> Inline:
    assert isinstance(wrapper, Wrapper)
    return replace(wrapper, inlines=inlines)


def joined(inlines: Iterable[Inline]) -> Inlines:
    """Return inlines with neighbouring texts as one."""
    done: list[Inline] = []
    for inline in inlines:
        last = done[-1] if done else None
        if isinstance(inline, Text) and isinstance(last, Text):
            done[-1] = Text(text=last.text + inline.text)
        else:
            done.append(inline)
    return tuple(done)
