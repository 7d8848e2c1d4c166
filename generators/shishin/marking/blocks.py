"""Two versions of a text as one: what only the old one says is Removed, what only the new one says is Inserted.

Words are never cut, a mark never stands inside a mark, styles are kept. A footnote is marked inside, at its own place.
Numbers of sections, tables and figures become words of their titles and captions, marked where they changed.
Either version comes back by `taken`. Stage: of 見え消し and of the two columns of a 対照表.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias, assert_never

from shishin.document import (
    Anchor,
    Block,
    BulletList,
    Cell,
    Figure,
    Footnote,
    Inline,
    Inserted,
    Note,
    OrderedList,
    Paragraph,
    Quote,
    Removed,
    Rule,
    Section,
    Table,
    Text,
)
from shishin.marking.pairing import Row, of_block, of_entry, of_rows, paired, row_groups, spanning
from shishin.marking.pieces import Inlines, Piece, Word, built, joined, pieces, unlike, words
from shishin.marking.versions import Mark, there
from shishin.rewrite import map_inlines, walk
from shishin.segment import matched

Blocks: TypeAlias = tuple[Block, ...]

# ---------------------------------------------------------------- inlines


def merged_inlines(old: Inlines, new: Inlines) -> Inlines:
    """Return two versions of some words as one, each word once where both have it."""
    if old == new:
        return old
    styles: dict[object, str] = {}
    before, after = (tuple(words(pieces(inlines), styles)) for inlines in (old, new))
    steps: Sequence[tuple[str, int, int, int, int]]
    if unlike(before, after):
        steps = (("replace", 0, len(before), 0, len(after)),)
    else:
        steps = matched(tuple(word.key for word in before), tuple(word.key for word in after))
    done: list[Piece] = []
    for tag, i1, i2, j1, j2 in steps:
        if tag == "equal":
            for one, other in zip(before[i1:i2], after[j1:j2], strict=True):
                done += _both(one, other)
        else:
            done += _marked([piece for word in before[i1:i2] for piece in word.pieces], Removed)
            done += _marked([piece for word in after[j1:j2] for piece in word.pieces], Inserted)
    return _once(built(done))


def _once(inlines: Inlines) -> Inlines:
    """Return words in which an anchor that other words cut in two is there once, rather not among the removed."""
    anchors = [node.id for node in walk(inlines) if isinstance(node, Anchor)]
    if len(anchors) == len(set(anchors)):
        return inlines
    seen: set[str] = set()

    def first(inline: Inline) -> Inlines:
        if not isinstance(inline, Anchor) or inline.id not in seen:
            seen.update((inline.id,) if isinstance(inline, Anchor) else ())
            return (inline,)
        return inline.inlines

    done: list[Inlines] = [()] * len(inlines)
    for place in sorted(range(len(inlines)), key=lambda place: isinstance(inlines[place], Removed)):
        done[place] = map_inlines(Paragraph(inlines=inlines[place : place + 1]), first).inlines
    return tuple(inline for some in done for inline in some)


def one_sided(inlines: Inlines, mark: Mark) -> Inlines:
    """Return words that only one version has, in one mark; no words give an empty mark, so that either side is known."""
    return built(list(_marked(pieces(inlines), mark))) or (mark(inlines=()),)


def _both(old: Word, new: Word) -> Iterable[Piece]:
    """Return a word of both versions; two footnotes at the same place are merged inside."""
    before, after = old.pieces[0].leaf, new.pieces[0].leaf
    if isinstance(before, Footnote) and isinstance(after, Footnote) and before != after:
        return (Piece(new.pieces[0].path, Footnote(blocks=merged_blocks(before.blocks, after.blocks))),)
    return new.pieces


def _marked(some: Iterable[Piece], mark: Mark) -> Iterator[Piece]:
    for piece in some:
        if isinstance(piece.leaf, Footnote):
            yield Piece(piece.path, Footnote(blocks=tuple(only_on(block, mark) for block in piece.leaf.blocks)))
        else:
            yield piece._replace(mark=mark)


# ---------------------------------------------------------------- numbers as words


def with_number(number: str, inlines: Inlines) -> Inlines:
    """Return a title or caption that begins with its number."""
    return joined((Text(text=f"{number}　"), *inlines)) if number and inlines else inlines


def literal(block: Block) -> Block:
    """Return a block whose numbers are words of its titles and captions; the block itself where it has none."""
    match block:
        case Section():
            blocks = tuple(map(literal, block.blocks))
            same = not block.number and all(a is b for a, b in zip(blocks, block.blocks, strict=True))
            title = with_number(block.number, block.title)
            return block if same else replace(block, number="", title=title, blocks=blocks)
        case Table() | Figure() if block.number:
            return replace(block, number="", caption=with_number(block.number, block.caption))
        case _:
            return block


def _titles(old: Section | Table | Figure, new: Section | Table | Figure) -> Inlines:
    before, after = (one.title if isinstance(one, Section) else one.caption for one in (old, new))
    if old.number == new.number or not before or not after:
        return merged_inlines(with_number(old.number, before), with_number(new.number, after))
    numbers = (Removed, old.number), (Inserted, new.number)
    shared = "　" if old.number and new.number else ""
    marks = (mark(inlines=(Text(text=number if shared else f"{number}　"),)) for mark, number in numbers if number)
    return (*marks, *joined(([Text(text=shared)] if shared else []) + list(merged_inlines(before, after))))


# ---------------------------------------------------------------- blocks


def merged_blocks(old: Blocks, new: Blocks) -> Blocks:
    """Return two versions of some blocks as one sequence.

    Sections go together by id, tables by id or likeness, everything else by likeness and order. What stands elsewhere
    now is removed there and inserted here. Numbers become words of titles and captions.
    """
    if old == new:
        return tuple(map(literal, new))
    done: list[Block] = []
    for i, j in paired(old, new, of_block):
        if i is not None and j is not None:
            done.append(_merged(old[i], new[j]))
        elif j is not None:
            done.append(only_on(new[j], Inserted))
        elif i is not None and not isinstance(old[i], Rule):  # a line between thoughts has no words to strike
            done.append(only_on(old[i], Removed))
    return tuple(done)


def _merged(old: Block, new: Block) -> Block:
    if old == new:
        return literal(new)
    match old, new:
        case Paragraph(), Paragraph():
            return Paragraph(inlines=merged_inlines(old.inlines, new.inlines))
        case Section(), Section():
            return replace(new, number="", title=_titles(old, new), blocks=merged_blocks(old.blocks, new.blocks))
        case BulletList(), BulletList():
            return BulletList(items=_entries(old.items, new.items))
        case OrderedList(), OrderedList():
            return replace(new, items=_entries(old.items, new.items))
        case Table(), Table():
            return replace(
                new,
                number="",
                caption=_titles(old, new),
                head=_rows(old.head, new.head),
                rows=_rows(old.rows, new.rows),
                note=merged_inlines(old.note, new.note),
            )
        case Figure(), Figure():
            caption = _titles(old, new)
            caption += tuple(inline for sign in _sign((Paragraph(inlines=caption),)) for inline in sign.inlines)
            return replace(new, number="", caption=caption, note=merged_inlines(old.note, new.note))
        case Quote(), Quote():
            return Quote(blocks=merged_blocks(old.blocks, new.blocks))
        case Note(), Note():
            title = merged_inlines(old.title, new.title)
            return replace(new, title=title, blocks=merged_blocks(old.blocks, new.blocks))
        case _:
            raise ValueError(f"{type(old).__name__} and {type(new).__name__} can't be merged")


def _entries(old: tuple[Blocks, ...], new: tuple[Blocks, ...]) -> tuple[Blocks, ...]:
    done: list[Blocks] = []
    for i, j in paired(old, new, of_entry):
        if i is not None and j is not None:
            entry = _paired_blocks(old[i], new[j])
            done.append((*entry, *_sign(entry)))
        elif j is not None:
            done.append(_entry(new[j], Inserted))
        elif i is not None:
            done.append(_entry(old[i], Removed))
    return tuple(done)


def _entry(entry: Blocks, mark: Mark) -> Blocks:
    done = tuple(only_on(block, mark) for block in entry)
    return done if there(done, mark) is False else (*done, _empty(mark))


def _paired_blocks(old: Blocks, new: Blocks) -> Blocks:
    """Return what stands at the same place in both versions: one paragraph stays one, however unlike the words."""
    if len(old) == len(new) == 1 and isinstance(old[0], Paragraph) and isinstance(new[0], Paragraph):
        return (_merged(old[0], new[0]),)
    return merged_blocks(old, new)


def _rows(old: tuple[Row, ...], new: tuple[Row, ...]) -> tuple[Row, ...]:
    if old == new:
        return new
    before, after = row_groups(old), row_groups(new)
    done: list[Row] = []
    for i, j in paired(before, after, of_rows):
        if i is not None and j is not None:
            done += _group(before[i], after[j])
        elif j is not None:
            done += (_one_sided_row(row, Inserted) for row in after[j])
        elif i is not None:
            done += (_one_sided_row(row, Removed) for row in before[i])
    return tuple(done)


def _group(old: tuple[Row, ...], new: tuple[Row, ...]) -> Iterator[Row]:
    """Yield rows that share cells: the shared cells once, beside the rows of both versions."""
    both = spanning(old), spanning(new)
    shared = both[0] or both[1]
    if not shared:
        yield from map(_row, old, new)
    elif both[0] and both[1] and both[0] != both[1]:
        yield from (_one_sided_row(row, Removed) for row in old)
        yield from (_one_sided_row(row, Inserted) for row in new)
    else:
        first, *rows = _rows(_without(old, shared), _without(new, shared))
        cells = iter(first)
        yield tuple(
            _shared(old[0][place], cell, 1 + len(rows)) if place in shared else next(cells)
            for place, cell in enumerate(new[0])
        )
        yield from rows


def _without(rows: tuple[Row, ...], shared: frozenset[int]) -> tuple[Row, ...]:
    return (tuple(cell for place, cell in enumerate(rows[0]) if place not in shared), *rows[1:])


def _shared(old: Cell, new: Cell, rows: int) -> Cell:
    blocks = _paired_blocks(old.blocks, new.blocks)
    return replace(new, rows=rows, blocks=(*blocks, *_sign(blocks)))


def _row(old: Row, new: Row) -> Row:
    if old == new:
        return new
    row = tuple(
        replace(cell, blocks=_paired_blocks(was.blocks, cell.blocks)) for was, cell in zip(old, new, strict=True)
    )
    sign = _sign(tuple(block for cell in row for block in cell.blocks))
    return (replace(row[0], blocks=(*row[0].blocks, *sign)), *row[1:])


def _one_sided_row(row: Row, mark: Mark) -> Row:
    done = tuple(replace(cell, blocks=tuple(only_on(block, mark) for block in cell.blocks)) for cell in row)
    own = tuple(block for cell in done if cell.rows == 1 for block in cell.blocks)
    if there(own, mark) is False or not row:
        return done
    return (*done[:-1], replace(done[-1], blocks=(*done[-1].blocks, _empty(mark))))


def only_on(block: Block, mark: Mark) -> Block:
    """Return a block that only one version has: all its words in marks."""
    match block:
        case Paragraph():
            return Paragraph(inlines=one_sided(block.inlines, mark))
        case Section():
            title = with_number(block.number, block.title)
            blocks = tuple(only_on(inner, mark) for inner in block.blocks) if title else _entry(block.blocks, mark)
            return replace(block, number="", title=_if_any(title, mark), blocks=blocks)
        case BulletList() | OrderedList():
            return replace(block, items=tuple(_entry(entry, mark) for entry in block.items))
        case Table():
            return replace(
                block,
                number="",
                caption=_if_any(with_number(block.number, block.caption), mark),
                head=tuple(_one_sided_row(row, mark) for row in block.head),
                rows=tuple(_one_sided_row(row, mark) for row in block.rows),
                note=_if_any(block.note, mark),
            )
        case Figure():
            caption = one_sided(with_number(block.number, block.caption), mark)
            return replace(block, number="", caption=caption, note=_if_any(block.note, mark))
        case Quote():
            return Quote(blocks=tuple(only_on(inner, mark) for inner in block.blocks))
        case Note():
            blocks = tuple(only_on(inner, mark) for inner in block.blocks)
            return replace(block, title=_if_any(block.title, mark), blocks=blocks)
        case Rule():
            return block
        case _:
            assert_never(block)


def _if_any(inlines: Inlines, mark: Mark) -> Inlines:
    return one_sided(inlines, mark) if inlines else ()


def _empty(mark: Mark) -> Paragraph:
    return Paragraph(inlines=(mark(inlines=()),))


def _sign(blocks: Blocks) -> tuple[Paragraph, ...]:
    """Return what says that a place is in both versions, where its words would say that it is in one only."""
    return tuple(
        _empty(mark) for gone, mark in ((Removed, Inserted), (Inserted, Removed)) if there(blocks, gone) is False
    )
