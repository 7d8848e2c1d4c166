"""One paragraph of two: words only the old one has in w:del, words only the new one has in w:ins."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from copy import deepcopy
from itertools import accumulate, pairwise
from typing import Literal, TypeAlias

from lxml import etree

from shishin.redline.reading import CODE, LINK, P_PR, R_PR, RUN, SECT_PR, Content, Piece, T, content
from shishin.renderers.word_xml import child, w
from shishin.segment import matched, segments

Change: TypeAlias = Literal["", "ins", "del"]
Part: TypeAlias = tuple[str, Change, etree._Element | None, etree._Element]
"""("run" or "mark", how it is changed, the link around it, the element)."""

_SIGN = re.compile("([\U000f0000-\U000fffff])")
_DELETED = {T: w("delText"), CODE: w("delInstrText")}
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


# ---------------------------------------------------------------- whole paragraphs, rows and tables


def track_all(node: etree._Element, change: Change) -> etree._Element:
    """Mark all that a paragraph, row or table holds, with its paragraph and row marks, as one change; in place."""
    if not change:
        return node
    for row in node.iter(w("tr")):
        row_mark(row, change)
    for paragraph in node.iter(w("p")):
        _wrap(paragraph, change)
        paragraph_mark(paragraph, change)
    return node


def _wrap(parent: etree._Element, change: Change) -> None:
    holder: etree._Element | None = None
    for node in list(parent):
        if node.tag == RUN:
            if holder is None:
                holder = parent.makeelement(w(change))
                node.addprevious(holder)
            holder.append(_as(change, node))
        else:
            holder = None
            if node.tag == LINK:
                _wrap(node, change)


def _as(change: Change, run: etree._Element) -> etree._Element:
    if change == "del":
        for part in run.iter(T, CODE):
            part.tag = _DELETED[part.tag]
    return run


def paragraph_mark(paragraph: etree._Element, *changes: Change) -> None:
    """Track the mark that ends a paragraph."""
    properties = child(paragraph, P_PR)
    if properties is None:
        properties = paragraph.makeelement(P_PR)
        paragraph.insert(0, properties)
    look = child(properties, R_PR)
    if look is None:
        look = properties.makeelement(R_PR)
        end = child(properties, SECT_PR)
        properties.insert(len(properties) if end is None else properties.index(end), look)
    look[:0] = [look.makeelement(w(change)) for change in changes if change]


def row_mark(row: etree._Element, change: Change) -> None:
    """Track a table row."""
    properties = child(row, w("trPr"))
    if properties is None:
        properties = row.makeelement(w("trPr"))
        row.insert(0, properties)
    properties.append(properties.makeelement(w(change)))


# ---------------------------------------------------------------- words


def merged(old: etree._Element, new: etree._Element) -> etree._Element:
    """Return one paragraph that holds both: accepted it is the new one, rejected the old one."""
    properties = child(new, P_PR)
    made = new.makeelement(new.tag)
    if properties is not None:
        made.append(deepcopy(properties))
    _fill(made, list(_parts(content(old), content(new))))
    return made


def _parts(old: Content, new: Content) -> Iterator[Part]:
    sides = {"del": _Side(old), "ins": _Side(new)}
    words, others = sides["del"].words, sides["ins"].words
    for tag, i1, i2, j1, j2 in matched(words, others):
        if tag != "equal":
            yield from sides["del"].take(i2 - i1, "del")
            yield from sides["ins"].take(j2 - j1, "ins")
            continue
        while sides["del"].word < i2:
            # The same word in another look (or leading elsewhere) is a change too.
            if alike := _alike_words(sides["del"], sides["ins"], i2):
                yield from sides["del"].pass_by(alike)
                yield from sides["ins"].take(alike, "")
            else:
                yield from sides["del"].take(1, "del")
                yield from sides["ins"].take(1, "ins")
    yield from sides["del"].rest()
    yield from sides["ins"].rest()


def _alike_words(old: _Side, new: _Side, end: int) -> int:
    """Return how many of the next words, up to an old one, look the same on both sides; old bookmarks end the row."""
    count = 0
    while old.word + count < end and old.looks(count) == new.looks(count):
        count += 1
        if old.marked(count):
            break
    return count


class _Side:
    """One side of a paragraph, read word by word."""

    def __init__(self, held: Content) -> None:
        self.pieces = held.pieces
        self.marks = list(held.marks)
        self.words = _words(held.text, {at for at, _ in held.marks})
        self.ends = list(accumulate(map(len, self.words), initial=0))
        self.word = 0  # words passed
        self.starts = list(accumulate((len(piece.text) for piece in held.pieces), initial=0))

    def looks(self, ahead: int) -> list[tuple[str, object]]:
        """Return how one of the next words looks, letters of one look together."""
        found: list[tuple[str, object]] = []
        place = self.word + ahead
        for piece, text in self._between(self.ends[place], self.ends[place + 1]):
            if found and found[-1][1] == piece.look and piece.node is None:
                found[-1] = (found[-1][0] + text, piece.look)
            else:
                found.append((text, piece.look))
        return found

    def marked(self, ahead: int) -> bool:
        """Say whether a bookmark stands before one of the next words."""
        return bool(self.marks) and self.marks[0][0] <= self.ends[self.word + ahead]

    def take(self, words: int, change: Change) -> Iterator[Part]:
        """Yield the runs of the next words, and the bookmarks among them."""
        at, end = self.ends[self.word], self.ends[self.word + words]
        self.word += words
        while at < end:
            yield from self._marks(at)
            stop = min(end, self.marks[0][0]) if self.marks else end
            for piece, text in self._between(at, stop):
                for run in _runs(piece, text, change):
                    yield "run", change, piece.link, run
            at = stop

    def pass_by(self, words: int) -> Iterator[Part]:
        """Pass words that the other side gives; only a bookmark before them stays."""
        yield from self._marks(self.ends[self.word])
        self.word += words

    def rest(self) -> Iterator[Part]:
        """Yield the bookmarks behind the last word."""
        yield from self._marks(self.ends[-1])

    def _marks(self, at: int) -> Iterator[Part]:
        while self.marks and self.marks[0][0] <= at:
            yield "mark", "", None, self.marks.pop(0)[1]

    def _between(self, at: int, end: int) -> Iterator[tuple[Piece, str]]:
        place = bisect_right(self.starts, at) - 1
        while at < end:
            piece, start = self.pieces[place], self.starts[place]
            stop = min(end, start + len(piece.text))
            yield piece, piece.text[at - start : stop - start]
            at, place = stop, place + 1


def _words(text: str, cuts: set[int]) -> list[str]:
    """Return the words of a text; a thing that is no text is a word, and a bookmark stands between words."""
    places = sorted({0, len(text), *cuts})
    parts = [sign for a, b in pairwise(places) for sign in _SIGN.split(text[a:b]) if sign]
    return [word for part in parts for word in ((part,) if _SIGN.fullmatch(part) else segments(part))]


def _runs(piece: Piece, text: str, change: Change) -> Iterator[etree._Element]:
    if piece.runs:
        for run in piece.runs:
            yield _as(change, deepcopy(run))
        return
    maker = piece.properties if piece.properties is not None else piece.node
    run = maker.makeelement(RUN) if maker is not None else etree.Element(RUN)
    if piece.properties is not None:
        run.append(deepcopy(piece.properties))
    if piece.node is not None:
        run.append(deepcopy(piece.node))
    else:
        written = etree.SubElement(run, T)
        written.set(_SPACE, "preserve")
        written.text = text
    yield _as(change, run)


# ---------------------------------------------------------------- putting together


def _fill(paragraph: etree._Element, parts: Sequence[Part]) -> None:
    """Set the parts into a paragraph: links around changes, never changes around links."""
    link: etree._Element | None = None  # the link that we are in, as it stands in one of the files
    place = paragraph  # where parts go: the paragraph or the link made in it
    holder: etree._Element | None = None
    for at, (kind, change, inside, node) in enumerate(parts):
        if kind == "mark":
            following = next((part[2] for part in parts[at:] if part[0] == "run"), None)
            if link is not None and not _same_link(link, following):
                link, place = None, paragraph
            place.append(node)
            holder = None
            continue
        if inside is None and link is not None:
            link, place, holder = None, paragraph, None
        elif inside is not None and not (link is not None and _same_link(link, inside)):
            place = etree.SubElement(paragraph, LINK)
            place.attrib.update(inside.attrib)
            link, holder = inside, None
        if not change:
            holder = None
            _append_run(place, node)
        else:
            if holder is None or holder.tag != w(change):
                holder = etree.SubElement(place, w(change))
            _append_run(holder, node)


def _same_link(link: etree._Element, other: etree._Element | None) -> bool:
    """Say whether two links are one: the same element, or one of each file that leads to the same place."""
    if other is None or link is other:
        return link is other
    return (
        link.attrib == other.attrib
        and link.getroottree() is not other.getroottree()
        and _file(link) is not _file(other)
    )


def _file(node: etree._Element) -> etree._Element:
    return node.getroottree().getroot()


def _append_run(parent: etree._Element, run: etree._Element) -> None:
    """Append a run; text that goes on in the same look goes on in the same run."""
    last = parent[-1] if len(parent) else None
    if last is not None and last.tag == RUN == run.tag and _plain(last) and _plain(run) and _look(last) == _look(run):
        last[-1].text = (last[-1].text or "") + (run[-1].text or "")
    else:
        parent.append(run)


def _plain(run: etree._Element) -> bool:
    return (
        len(run) > 0 and run[-1].tag in (T, w("delText")) and (len(run) == 1 or (len(run) == 2 and run[0].tag == R_PR))
    )


def _look(run: etree._Element) -> object:
    properties = child(run, R_PR)
    return [_exact(one) for one in properties] if properties is not None else []


def _exact(node: etree._Element) -> object:
    return node.tag, sorted(node.attrib.items()), [_exact(one) for one in node]
