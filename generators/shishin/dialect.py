"""The dialect of Markdown: CommonMark with tables, footnotes, mentions of items, and ruby.

`[[id]]` mentions an item, ｜漢字《かんじ》 is ruby, and a number between two private-use characters stands for content
that a template placed. This module only sets up the parser; markdown.py turns its tokens into nodes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline

OPEN, CLOSE = "\ue000", "\ue001"
"""Private-use characters around a placeholder's number. source.py keeps them out of the data."""

MAX_NESTING = 100
"""Deeper, the parser drops text without a word; markdown.py reports a text long before."""

_MENTION = re.compile(r"\[\[(?P<target>[^\[\]\n]*)\]\]")
_RUBY = re.compile(r"｜(?P<base>[^｜《》\n]{1,40})《(?P<reading>[^｜《》\n]{1,40})》")
PLACE = re.compile(f"{OPEN}(?P<number>[0-9]+){CLOSE}")
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~&^=:])")


def escape(text: str) -> str:
    """Return text so that Markdown reads every character as itself."""
    return _SPECIAL.sub(r"\\\1", text).replace("\n", " ")


def _rule(pattern: re.Pattern[str], token_type: str) -> Callable[[StateInline, bool], bool]:
    """Return an inline rule: where `pattern` matches stands a token with its groups in `meta`."""

    def rule(state: StateInline, silent: bool) -> bool:
        found = pattern.match(state.src, state.pos)
        if not found:
            return False
        if not silent:
            token = state.push(token_type, "", 0)
            token.meta = found.groupdict()
        state.pos = found.end()
        return True

    return rule


# markdown-it scans ahead to the next of its own special characters, none of which ours are
_STOPS = frozenset("\n!#$%&*+-:<=>@[\\]^_`{}~｜" + OPEN)


def _text_rule(state: StateInline, silent: bool) -> bool:
    position = state.pos
    while position < state.posMax and state.src[position] not in _STOPS:
        position += 1
    if position == state.pos:
        return False
    if not silent:
        state.pending += state.src[state.pos : position]
    state.pos = position
    return True


@cache
def reader() -> MarkdownIt:
    """Return the parser, set up once, and loaded only where a text needs it."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.footnote import footnote_plugin

    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": MAX_NESTING}).enable("table").use(footnote_plugin)
    parser.disable("footnote_inline")  # notes stand at the end of a field, [^1]: …
    parser.inline.ruler.at("text", _text_rule)
    parser.inline.ruler.before("link", "mention", _rule(_MENTION, "mention"))
    parser.inline.ruler.push("ruby", _rule(_RUBY, "ruby"))
    parser.inline.ruler.push("place", _rule(PLACE, "place"))
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # schemes are checked here, as faults
    return parser
