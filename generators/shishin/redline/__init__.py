"""Two Word files of ours as one with real tracked changes: accepted it is the new one, rejected the old one.

The text is merged block by block (`merge`), words inside a paragraph by the same segmentation as every comparison
(`runs`), after the old file's pictures, notes and lists were brought into the new package (`package`). What Word
can't track is taken from the new file and told (`told`), on the cover as a comment.

Inserted and deleted are words, paragraphs, table rows and tables. A paragraph whose style, level or number changed is
deleted and inserted; so is a table whose columns changed, and what moved. What only governs where pages break (keep
with next, rows that stay whole, distances on the cover) and page numbers are the new file's, untracked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from lxml import etree

from shishin.problem import Words
from shishin.redline import lists, merge, package, told
from shishin.redline.reading import CODE, END, FIELD, NAME, P_PR, SECT_PR, START, Block, P, Reader, foreign, style_of
from shishin.renderers.word_package import pack, unpack
from shishin.renderers.word_xml import child, element, serialise, w

DOCUMENT, NOTES, NUMBERING, STYLES = (f"word/{name}.xml" for name in ("document", "footnotes", "numbering", "styles"))
_ID, _RUN = w("id"), w("r")


@dataclass(frozen=True, slots=True, kw_only=True)
class Redlined:
    """The file with tracked changes, and what differs but isn't tracked in it."""

    docx: bytes
    untracked: tuple[Words, ...]


def redline(old: bytes, new: bytes, *, author: str, date: str) -> Redlined:
    """Return the new Word file with its differences from the old one as tracked changes.

    Both must be as our renderer wrote them. `author` stands at every change, `date` (2026-11-22) is its day.
    """
    before, after = unpack(old), unpack(new)
    for name in (DOCUMENT, NOTES, NUMBERING, STYLES, told.COMMENTS):
        if name not in before or name not in after:
            raise foreign(name)
    trees = {
        name: (package.parse(before[name]), package.parse(after[name])) for name in (DOCUMENT, NOTES, NUMBERING, STYLES)
    }
    untracked = list(told.settings(before, after, trees[DOCUMENT]))
    _adopt(before, after, trees)
    old_root, new_root = trees[DOCUMENT]
    body = _merged(old_root, new_root, lists.lists_of(trees[NUMBERING][1], trees[STYLES][1]), untracked)
    moment = f"{date}T00:00:00Z"
    if untracked:
        told.comment(body, after, tuple(untracked), author=author, moment=moment)
    _number(new_root, author, moment)
    for name, (_, tree) in trees.items():
        after[name] = serialise(tree)
    return Redlined(docx=pack(after), untracked=tuple(untracked))


def _adopt(
    before: dict[str, bytes], after: dict[str, bytes], trees: dict[str, tuple[etree._Element, etree._Element]]
) -> None:
    """Bring all that the old text refers to into the new package."""
    old, new = trees[DOCUMENT]
    old_notes, notes = trees[NOTES]
    package.adopt_relations(before, after, "document", old)
    package.adopt_relations(before, after, "footnotes", old_notes)
    (old_numbering, numbering), (old_styles, styles) = trees[NUMBERING], trees[STYLES]
    lists.adopt_lists(
        numbering, lists.lists_of(numbering, styles), new, old_numbering, lists.lists_of(old_numbering, old_styles),
        (old_notes,), old,
    )  # fmt: skip
    package.adopt_footnotes(notes, old_notes, old)
    known = {style.get(w("styleId")) for style in styles}
    styles.extend(style for style in old_styles.findall(w("style")) if style.get(w("styleId")) not in known)


# ---------------------------------------------------------------- the text


def _merged(
    old_root: etree._Element, new_root: etree._Element, found: lists.Lists, untracked: list[Words]
) -> etree._Element:
    """Merge the old text into the new body and return it."""
    reader = Reader(found.counts, found.styles)
    old, new = old_root.find(w("body")), new_root.find(w("body"))
    assert old is not None and new is not None
    contents = _contents(old, new)
    sections = _paired(_sections(old), _sections(new))
    blocks = [(reader.blocks(before), reader.blocks(after), end) for before, after, end in sections]
    _drop_places(old, {mark.get(NAME) for mark in new.iter(START)})
    made: list[etree._Element] = []
    for before, after, end in blocks:
        steps, alone = _steps(before, after)
        untracked += told.shapes(steps)
        if alone and told.EMPTY_LINE not in untracked:
            untracked.append(told.EMPTY_LINE)
        made += merge.written(steps)
        if end is not None:
            _end(made[-1], end)
    new[:] = [*made, *(node for node in new if node.tag == SECT_PR)]
    _set_contents(new, contents)
    return new


def _steps(old: list[Block], new: list[Block]) -> tuple[tuple[merge.Step, ...], bool]:
    """Plan a section; where the ends don't go together, both get an empty last line."""
    try:
        return merge.plan(old, new), False
    except merge.Apart:
        line = [Block(element(merge.SEPARATOR), ("p", "end"), ("p", "end"), "", "", style="AfterTable") for _ in "on"]
        return merge.plan([*old, line[0]], [*new, line[1]]), True


Section = tuple[list[etree._Element], etree._Element | None]


def _sections(body: etree._Element) -> list[Section]:
    """Return the blocks of each section, with the properties that end it (None for the last)."""
    found: list[Section] = []
    blocks: list[etree._Element] = []
    for node in body:
        if node.tag == SECT_PR:
            continue
        blocks.append(node)
        properties = child(node, P_PR) if node.tag == P else None
        end = child(properties, SECT_PR) if properties is not None else None
        if properties is not None and end is not None:
            properties.remove(end)
            found.append((blocks, end))
            blocks = []
    return [*found, (blocks, None)]


def _paired(
    old: list[Section], new: list[Section]
) -> Iterator[tuple[list[etree._Element], list[etree._Element], etree._Element | None]]:
    """Pair the sections: the first and last with each other; what one side has more joins or stands alone."""
    while len(old) > len(new):
        (first, _), (second, end) = old[-2], old[-1]
        old = [*old[:-2], (first + second, end)]
    while len(old) < len(new):
        old = [*old[:-1], ([], None), old[-1]]
    for (before, _), (after, end) in zip(old, new, strict=True):
        yield before, after, end


def _end(paragraph: etree._Element, end: etree._Element) -> None:
    properties = child(paragraph, P_PR)
    if properties is None:
        properties = paragraph.makeelement(P_PR)
        paragraph.insert(0, properties)
    properties.append(end)


def _drop_places(old: etree._Element, names: set[str | None]) -> None:
    """Drop the old bookmarks that the new text has too: a name may stand only once in a file."""
    kept = set()
    for mark in list(old.iter(START)):
        if mark.get(NAME) in names:
            mark.getparent().remove(mark)  # type: ignore[union-attr]
        else:
            kept.add(mark.get(_ID))
            mark.set(_ID, f"old {mark.get(_ID)}")
    for mark in list(old.iter(END)):
        if mark.get(_ID) in kept:
            mark.set(_ID, f"old {mark.get(_ID)}")
        else:
            mark.getparent().remove(mark)  # type: ignore[union-attr]


# ---------------------------------------------------------------- the contents' field


def _contents(old: etree._Element, new: etree._Element) -> tuple[list[etree._Element], list[etree._Element]]:
    """Take the field of the contents out of both texts and return the new one: what begins it, what ends it.

    It goes over many paragraphs, of which any may be deleted or inserted; the field itself stays.
    """
    fields = [[run for run in _field_runs(side)] for side in (old, new)]
    if not all(fields):
        return [], []
    for runs in fields:
        for run in runs:
            run.getparent().remove(run)  # type: ignore[union-attr]
    *begin, end = fields[1]
    return begin, [end]


def _field_runs(body: etree._Element) -> Iterator[etree._Element]:
    for paragraph in body.findall(P):
        if style_of(paragraph).startswith("TOC"):
            yield from (run for run in paragraph.findall(_RUN) if any(one.tag in (FIELD, CODE) for one in run))


def _set_contents(body: etree._Element, field: tuple[list[etree._Element], list[etree._Element]]) -> None:
    entries = [one for one in body.findall(P) if style_of(one).startswith("TOC") and style_of(one) != "TOCHeading"]
    if entries:
        entries[0][1:1] = field[0]
        entries[-1].extend(field[1])


# ---------------------------------------------------------------- numbers


def _number(root: etree._Element, author: str, moment: str) -> None:
    """Number all bookmarks, changes and drawings anew; no two of a file may have one number."""
    numbers = count(1)
    places: dict[str, str] = {}
    drawn = count(1)
    ends = {mark.get(_ID) for mark in root.iter(END)}
    for node in list(root.iter(START, END, w("ins"), w("del"))):
        if node.tag in (w("ins"), w("del")):
            node.set(_ID, str(next(numbers)))
            node.set(w("author"), author)
            node.set(w("date"), moment)
        elif node.tag == START and node.get(_ID) in ends:
            places[node.get(_ID, "")] = str(next(numbers))
            node.set(_ID, places[node.get(_ID, "")])
        elif node.tag == END and node.get(_ID) in places:
            node.set(_ID, places.pop(node.get(_ID, "")))
        else:
            node.getparent().remove(node)  # type: ignore[union-attr]
    for node in root.iter("{*}docPr"):
        number = str(next(drawn))
        node.set("id", number)
        for inner in node.getparent().iter("{*}cNvPr"):  # type: ignore[union-attr]
            inner.set("id", number)
