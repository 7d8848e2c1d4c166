"""Markdown of inline nodes, and the sheet a page is written on."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import assert_never

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
)  # fmt: skip
from shishin.problem import Failure, Words
from shishin.renderers.site_text import WORDS, attributes, escaped


@dataclass(slots=True, kw_only=True)
class Sheet:
    """One page while it is written.

    `addresses` gives the place of every anchor of the document ("ch-one/index.md#tab-one"); `own` holds the
    sections that have a page of their own; `top` is the heading level that counts as first on this page.
    `notes` collects the footnotes met so far.
    """

    path: str
    addresses: Mapping[str, str]
    own: frozenset[str] = frozenset()
    top: int = 1
    words: Mapping[str, str] = field(default_factory=lambda: WORDS)
    notes: list[Footnote] = field(default_factory=list)

    def link(self, target: str) -> str:
        """Return the relative link from this page to the anchor `target`."""
        if target not in self.addresses:
            raise Failure(
                Words(
                    ja=f"{self.path} から参照している「{target}」は、この版のどこにもありません。",
                    en=f"{self.path} refers to '{target}', which is nowhere in this edition.",
                ),
                Words(ja="参照先の ID を確かめてください。", en="Check the id that is referred to."),
            )
        path, _, anchor = self.addresses[target].partition("#")
        if path == self.path:
            return f"#{target}"
        return self.to(path) + (f"#{anchor}" if anchor else "")

    def to(self, path: str) -> str:
        """Return the relative link from this page to a file below the folder of all pages."""
        return posixpath.relpath(path, posixpath.dirname(self.path) or ".")


def inline_text(inlines: Sequence[Inline], sheet: Sheet) -> str:
    """Return inlines as one line of Markdown."""
    return "".join(_inline(one, sheet) for one in without_pages(inlines, sheet.words["page"]))


def _inline(inline: Inline, sheet: Sheet) -> str:
    match inline:
        case Text():
            return escaped(inline.text)
        case Emphasis():
            return f"<em>{inline_text(inline.inlines, sheet)}</em>"
        case Strong():
            return f"<strong>{inline_text(inline.inlines, sheet)}</strong>"
        case CodeText():
            return f"<code>{escaped(inline.text)}</code>"
        case Link():
            return _link(inline, sheet)
        case Reference():
            return _reference(inline, sheet)
        case Anchor():
            return f"<span{attributes(id=inline.id)}>{inline_text(inline.inlines, sheet)}</span>"
        case PageOf():
            return ""
        case Footnote():
            return _footnote(inline, sheet)
        case Ruby():
            return f"<ruby>{escaped(inline.base)}<rp>（</rp><rt>{escaped(inline.reading)}</rt><rp>）</rp></ruby>"
        case LineBreak():
            return "<br>"
        case Small():
            return f'<span class="gl-small">{inline_text(inline.inlines, sheet)}</span>'
        case Inserted():
            return _change("ins", "inserted", inline.inlines, sheet)
        case Removed():
            return _change("del", "removed", inline.inlines, sheet)
        case Underlined():
            return _underlined(inline, sheet)
        case _:
            assert_never(inline)


def _link(link: Link, sheet: Sheet) -> str:
    inner, notes = linked(link.inlines, sheet)
    return f"<a{attributes(href=link.url)}>{inner}</a>{notes}"


def _reference(reference: Reference, sheet: Sheet) -> str:
    inner, notes = linked(reference.inlines, sheet)
    return f"[{inner}]({sheet.link(reference.target)}){notes}"


def linked(inlines: Sequence[Inline], sheet: Sheet) -> tuple[str, str]:
    """Return what stands inside a link, and the footnote marks that must follow it (a link can't hold another)."""
    notes = [one for one in inlines if isinstance(one, Footnote)]
    kept: list[Inline] = []
    for one in inlines:
        match one:
            case Footnote():
                continue
            case Link(inlines=inner) | Reference(inlines=inner):
                kept.extend(inner)
            case _:
                kept.append(one)
    return inline_text(kept, sheet), inline_text(notes, sheet)


def _footnote(note: Footnote, sheet: Sheet) -> str:
    sheet.notes.append(note)
    number = len(sheet.notes)
    # A word joiner: the mark must not begin a line of its own.
    return (
        f'\N{WORD JOINER}<sup class="gl-noteref" id="fnref:{number}"><a class="footnote-ref" href="#fn:{number}" role="doc-noteref">'
        f"{escaped(sheet.words['note'])}{number}</a></sup>"
    )


def _change(tag: str, word: str, inlines: Sequence[Inline], sheet: Sheet, look: str | None = None) -> str:
    # Colour and lines alone would not reach the ear.
    before, after = (f'<span class="gl-hidden">{sheet.words[key]}</span>' for key in (word, f"{word}_end"))
    return f"<{tag}{attributes(class_=look)}>{before}{inline_text(inlines, sheet)}{after}</{tag}>"


_SIDES = {"old": ("del", "old"), "new": ("ins", "new"), "moved": ("span", "moved")}


def _underlined(words: Underlined, sheet: Sheet) -> str:
    if words.change not in _SIDES:
        raise Failure(
            Words(
                ja=f"ウェブサイトの出力が知らない下線「{words.change}」です。",
                en=f"The website knows no underline '{words.change}'.",
            )
        )
    tag, word = _SIDES[words.change]
    return _change(tag, word, words.inlines, sheet, f"gl-{word}")


_BRACKETS = (re.compile(r"[ \u3000]*[（(](?:p\.|pp\.)?[ \u3000]*\Z"), r"\A[ \u3000]*(?:{page}|ページ)?[）)]")
_BARE = (re.compile(r"[ \u3000]*(?:p\.|pp\.)?[ \u3000]*\Z"), r"\A[ \u3000]*(?:{page}|ページ)")


def without_pages(inlines: Sequence[Inline], page: str) -> Sequence[Inline]:
    """Drop page numbers with the words around them: 「…（12頁）を見よ」 becomes 「…を見よ」."""
    if not any(isinstance(one, PageOf) for one in inlines):
        return inlines
    kept: list[Inline] = []
    rest = list(inlines)
    while rest:
        one = rest.pop(0)
        if not isinstance(one, PageOf):
            kept.append(one)
            continue
        before = kept[-1] if kept else None
        after = rest[0] if rest else None
        if not isinstance(after, Text):
            continue
        for opening, closing in (_BRACKETS, _BARE):
            start = opening.search(before.text) if isinstance(before, Text) else None
            end = re.match(closing.format(page=re.escape(page)), after.text)
            if end and (start or opening is _BARE[0]):
                rest[0] = Text(text=after.text[end.end() :])
                if start and isinstance(before, Text):
                    kept[-1] = Text(text=before.text[: start.start()])
                break
    return kept
