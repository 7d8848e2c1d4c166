"""改定の概要: what changed, why, for whom, and whom it concerns, on one page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from shishin.comparison import Comparison, ItemChange
from shishin.document import Block, BulletList, Cell, Document, Section, Table, Text
from shishin.papers.counts import by_chapter, counted, sentences, sort_of
from shishin.papers.headings import Editions, both, reason_lines
from shishin.papers.settings import Look
from shishin.papers.table import paper, text
from shishin.papers.values import key_of, visible
from shishin.snapshot import Snapshot

WIDTH = 40
"""Characters in a line of the page."""
LINES = 26
"""Lines that a page has for sentences, reasons and tables under a title of one line."""
TITLE = 26
"""Characters of the title in one line; a longer one breaks at its spaces."""
CHAPTERS = 12
"""So many chapters a table of their counts has room for."""
_CHAPTER = re.compile("第([0-9]+)[章編]")
ROWS = 3
"""Lines that the table of the chapters takes."""
NARROW = 30
"""Characters in a line of the table's second column."""


def summary(comparison: Comparison, old: Snapshot, new: Snapshot, look: Look) -> Document:
    """Return the summary of a revision: one page, whatever its size."""
    editions = both(old, new)
    name = f"{look.verb}の概要"
    room = LINES - _taller(f"{comparison.new.title}　{name}", look)
    tables = tuple(_tables(comparison, editions, look, room // 3))
    reasons = within(_why(comparison, editions), room // 4)
    audience = _audience(new)
    left = room - sum(map(_lines, (*reasons, audience))) - sum(len(one.rows) + 2 for _, one in tables)
    parts: list[tuple[str, tuple[Block, ...]]] = [
        (f"{look.verb}の内容", tuple(_what(comparison, editions, look, left))),
        (f"{look.verb}の理由", (bullets(reasons),) if reasons else (text("理由の記録はない。"),)),
    ]
    if audience:
        parts.append(("対象", (text(audience),)))
    parts += ((title, (one,)) for title, one in tables)
    sections = tuple(
        Section(
            id=f"part-{place}",
            item="",
            kind="part",
            level=1,
            number=str(place),
            title=(Text(text=title),),
            blocks=blocks,
        )
        for place, (title, blocks) in enumerate(parts, 1)
    )
    return paper(comparison, look, name, sections)


def _taller(title: str, look: Look) -> int:
    """Return how many lines the title block takes more than one with a title of one line and nothing above."""
    rows = 1 if len(title) <= TITLE else len(title.split())
    return 2 * (rows - 1) + (3 if look.number else 0) + (2 if look.meeting else 0)


def _what(comparison: Comparison, editions: Editions, look: Look, lines: int) -> Iterator[Block]:
    found = counted(comparison)
    if not found:
        yield text(f"{look.verb}した箇所はない。")
        return
    yield counts_table(found)
    said = within(list(sentences(comparison, editions)), lines)
    if said:
        yield bullets(said)
    shares = by_chapter(comparison, editions)
    if 1 < len(shares) <= CHAPTERS and sum(map(_lines, said)) + ROWS <= lines:
        yield _shares(shares, sum(number for _, number in found), look)


def _shares(shares: Sequence[tuple[str, int]], total: int, look: Look) -> Table:
    """Return how many items changed in each chapter, as a table of two rows that sums up to the total."""
    others = total - sum(number for _, number in shares)
    columns = [*shares, *([("ほか", others)] if others else []), ("計", total)]
    words = [_CHAPTER.sub(r"\1", one) for one, _ in columns]
    return Table(
        id="chapters",
        caption=(),
        number="",
        widths=_widths(words),
        head=(
            (
                cell(f"{look.new_word}の章", header=True),
                *(cell(one, header=True, align="center") for one in words),
            ),
        ),
        rows=((cell("項目の数", header=True), *(cell(str(number), align="center") for _, number in columns)),),
    )


def _why(comparison: Comparison, editions: Editions) -> list[str]:
    """Return the reasons, each once, with the opinions and the meeting behind it in brackets."""
    said: dict[str, None] = {}
    for item in comparison.items:
        for one in comparison.reasons.get(item.id, ()):
            first, *more = reason_lines(one, editions)
            said[f"{first}（{'、'.join(more)}）" if more else first] = None
    return list(said)


def _tables(comparison: Comparison, editions: Editions, look: Look, rows: int) -> Iterator[tuple[str, Table]]:
    """Yield a table for each kind of whom a revision concerns, as long as there are lines."""
    for title, concerns in concerned(comparison, editions):
        if rows > 1:
            table = _table(title, concerns, rows)
            rows -= len(table.rows) + 2
            yield f"{title}ごとに見た{look.verb}", table


def _audience(new: Snapshot) -> str:
    """Return whom the newer edition is for, as its record says; "" without one."""
    record = next((one for one in new.entries if one.kind == "edition" and one.id == new.edition), None)
    return str(record.data.get("audience", "")) if record else ""


def counts_table(found: Sequence[tuple[str, int]]) -> Table:
    """Return how many items of each sort changed, as a table of two rows."""
    head = (
        cell("区分", header=True),
        *(cell(word, header=True, align="center") for word, _ in found),
        cell("計", header=True, align="center"),
    )
    numbers = [number for _, number in found]
    row = (cell("項目の数", header=True), *(cell(str(number), align="center") for number in (*numbers, sum(numbers))))
    widths = _widths([word for word, _ in found] + ["計"])
    return Table(id="counts", caption=(), number="", widths=widths, head=(head,), rows=(row,))


def _widths(words: Sequence[str]) -> tuple[float, ...]:
    """Return the shares of columns under these words, after a first one: as wide as the words, none broken."""
    needed = [len(word) + 1.2 for word in words]
    shares = [round(0.84 * one / sum(needed), 4) for one in needed]
    return (round(1 - sum(shares), 4), *shares)


# ---------------------------------------------------------------- whom it concerns


def concerned(
    comparison: Comparison, editions: Editions
) -> Iterator[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]]]:
    """Yield, for each kind that keyed lists of other kinds refer to, its items with the changed items that concern them.

    The kind is told by its title; items in the order of the newer edition.
    """
    found: dict[str, dict[str, dict[str, None]]] = {}
    for item in comparison.items:
        if sort_of(item) in ("renumbered", "sources", "record"):
            continue
        for kind, target in _targets(item, editions):
            found.setdefault(kind, {}).setdefault(target, {})[_name(item)] = None
    order = {one.id: place for place, one in enumerate((*editions.new.entries, *editions.old.entries))}
    for kind in sorted(found):
        defined = editions.new.kinds.get(kind) or editions.old.kinds[kind]
        rows = sorted(found[kind].items(), key=lambda row: order.get(row[0], len(order)))
        yield defined.shape.title, tuple((editions.name(target), tuple(names)) for target, names in rows)


def _targets(item: ItemChange, editions: Editions) -> Iterator[tuple[str, str]]:
    """Yield kind and id of what an item's keyed lists refer to, in either edition, and of the item itself if it is one."""
    for edition, data in ((editions.new, item.new_data), (editions.old, item.old_data)):
        entries = editions.new_entries if edition is editions.new else editions.old_entries
        if data is None:
            continue
        for name, shape in visible(edition.kinds[item.kind].shape):
            key = key_of(shape)
            inner = shape.items.properties.get(key) if shape.items else None
            if inner is None or not inner.ref or item.kind in inner.ref:
                continue
            for entry in data.get(name, ()):
                if target := entries.get(entry[key]):
                    yield target.kind, target.id


def _name(item: ItemChange) -> str:
    return item.new_name or item.old_name


def _table(title: str, concerns: Sequence[tuple[str, tuple[str, ...]]], lines: int) -> Table:
    """Return whom a revision concerns; where there are too many, those whom it concerns most."""
    most = sorted(range(len(concerns)), key=lambda place: (-len(concerns[place][1]), place))
    kept = sorted(most[: lines if len(most) <= lines else lines - 1])
    rows = [(name, f"{len(items)}項目　{_few(items)}") for name, items in (concerns[place] for place in kept)]
    if len(kept) < len(concerns):
        others = [name for place, (name, _) in enumerate(concerns) if place not in kept]
        rows.append((f"ほか{len(others)}件", _few(others)))
    return Table(
        id=f"concerns-{len(concerns)}",
        caption=(),
        number="",
        widths=(0.3, 0.7),
        head=((cell(title, header=True), cell("関わる変更", header=True)),),
        rows=tuple((cell(name, header=True), cell(said)) for name, said in rows),
    )


def _few(items: Sequence[str]) -> str:
    """Return as many names as one line holds, and how many more there are."""
    kept: list[str] = []
    for item in items:
        rest = len(items) - len(kept) - 1
        if len("、".join((*kept, item)) + (f"、ほか{rest}件" if rest else "")) <= NARROW - 5:
            kept.append(item)
    if not kept:
        kept = [f"{items[0][: NARROW - 13]}…"]
    rest = len(items) - len(kept)
    return "、".join(kept) + (f"、ほか{rest}件" if rest else "")


# ---------------------------------------------------------------- fitting


def within(said: Sequence[str], lines: int) -> list[str]:
    """Return the sentences that so many lines hold, and how many more there are."""
    if sum(map(_lines, said)) <= lines:
        return list(said)
    kept: list[str] = []
    for sentence in said:
        if sum(map(_lines, (*kept, sentence))) < lines:
            kept.append(sentence)
    return [*kept, f"ほか{len(said) - len(kept)}件"]


def _lines(sentence: str) -> int:
    return -(-len(sentence) // WIDTH)


def bullets(said: Sequence[str]) -> BulletList:
    """Return sentences as a list."""
    return BulletList(items=tuple((text(one),) for one in said))


def cell(words: str, *, header: bool = False, align: str = "left") -> Cell:
    """Return a cell of plain words."""
    return Cell(blocks=(text(words),) if words else (), header=header, align=align)
