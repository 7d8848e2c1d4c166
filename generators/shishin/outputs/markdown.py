"""A comparison as a 新旧対照表 in Markdown, for a pull request or a wiki.

Added words stand in <ins>, removed ones in <del>: both are shown by sign, not by colour. Whatever Markdown or a
forge would read as its own (tables, mentions of people, numbers of threads) is written as a character reference.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from shishin.comparison import Comparison
from shishin.outputs.lines import NEWLINE
from shishin.outputs.told import ADDED, KINDS, REMOVED, Told, ToldItem, counted, near, reason_words, tell
from shishin.papers.settings import DEFAULT, PRESETS, Look
from shishin.papers.values import names_of
from shishin.segment import Part
from shishin.snapshot import Snapshot

LEAD = "（下線は加えた字句、取消線は削った字句）"
KEPT = 24
"""Characters of unchanged text shown beside a change."""
_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|@~&$]|(?<=:)//")
_TAGS = {"old": "del", "new": "ins"}


def md(comparison: Comparison, old: Snapshot, new: Snapshot, look: Look = PRESETS[DEFAULT]) -> str:
    """Return a comparison as Markdown: what was compared, how much changed, then a table for each chapter."""
    told = tell(comparison, old, new)
    names = {**names_of(old), **names_of(new)}
    first, second = comparison.old, comparison.new
    lines = [
        f"# {escaped(second.title)}　新旧対照表",
        "",
        f"{escaped(first.line)} → **{escaped(second.line)}**",
        "",
        *_summary(told),
    ]
    chapter = None
    for item in told:
        if item.chapter != chapter:
            chapter = item.chapter
            columns = [look.item_word, "欄", *look_sides(look, look.new_word, look.old_word), look.remark_word]
            lines += ["", f"## {escaped(chapter)}", "", _row(columns), _row(["---"] * len(columns))]
        lines += _rows(item, look, [reason_words(one, names) for one in item.reasons])
    if comparison.templates:
        sides = look_sides(look, look.new_word, look.old_word)
        lines += ["", "## ひな形の文言", "", _row(["所在", *sides]), _row(["---"] * 3)]
        for anchor, before, after in comparison.templates:
            lines.append(_row([f"`{anchor}`", *look_sides(look, *_sides((("old", before), ("new", after))))]))
    return NEWLINE.join([*lines, ""])


def look_sides(look: Look, new: str, old: str) -> tuple[str, str]:
    """Return the newer and the older side in the order of the columns."""
    return (new, old) if look.new_left else (old, new)


def escaped(words: str) -> str:
    """Return text that Markdown prints as it is, in one line."""
    return _SPECIAL.sub(lambda found: "".join(f"&#{ord(char)};" for char in found[0]), words).replace(NEWLINE, "<br>")


def _summary(told: tuple[ToldItem, ...]) -> list[str]:
    counts = counted(told)
    if not counts:
        return ["違いはありません。"]
    kinds, numbers = [KINDS[kind].ja for kind in counts], [str(count) for count in counts.values()]
    total = f"変更 {sum(counts.values())} 件（{len(told)} 項目）{LEAD}"
    return [total, "", _row(kinds), _row(["--:"] * len(kinds)), _row(numbers)]


def _rows(item: ToldItem, look: Look, reasons: Iterable[str]) -> list[str]:
    done = []
    heading, remarks = f"**{escaped(item.heading)}**<br>`{item.item.id}`", [*map(escaped, reasons)]
    for one in item.told:
        kind = KINDS[one.change.kind].ja
        said = remarks if one.label == kind or one.change.kind == "changed" else [kind, *remarks]
        done.append(_row([heading, escaped(one.label), *look_sides(look, *_cells(one)), "<br>".join(said)]))
        heading, remarks = "", []  # said once, on the item's first row
    return done


def _cells(told: Told) -> tuple[str, str]:
    """Return what the newer and the older side say."""
    if told.instead:
        return _marked("new", told.new), _marked("old", told.old)
    return _sides(tuple(near(told.parts, KEPT)))


def _sides(parts: tuple[Part, ...]) -> tuple[str, str]:
    new = "".join(_marked(tag, words) for tag, words in parts if tag != "old")
    old = "".join(_marked(tag, words) for tag, words in parts if tag != "new")
    return new or REMOVED, old or ADDED


def _marked(tag: str, words: str) -> str:
    if tag == "same" or not words:
        return escaped(words)
    name = _TAGS[tag]
    return f"<{name}>{escaped(words)}</{name}>"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
