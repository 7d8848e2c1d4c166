"""Two sides that stand beside each other: the changed words underlined, the rest left out, cut into parts.

A `Piece` is what has to stand at the same height on both sides. Where one side grew longer than the other, what
follows begins a row of its own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from shishin.comparison import Change
from shishin.document import (
    Block,
    BulletList,
    CodeText,
    Inline,
    Inserted,
    OrderedList,
    Paragraph,
    Quote,
    Removed,
    Ruby,
    Text,
    Underlined,
    plain,
)
from shishin.marking import merged_blocks
from shishin.marking import sides as two_columns
from shishin.rewrite import map_inlines, walk

Blocks = tuple[Block, ...]
_B = TypeVar("_B", bound=Block)
OMITTED = "（略）"
ADDED = "（新設）"
REMOVED = "（削る）"
LINE = 32
"""Characters in a line of a column, about: a column's share of A4 landscape at 9 pt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of both sides; `changes` are what it shows, `omitted` says that it stands for unchanged text."""

    old: Blocks
    new: Blocks
    changes: tuple[Change, ...] = ()
    omitted: bool = False
    framed: bool = False  # rows of a table


def said(text: str) -> Blocks:
    """Return a line of the paper's own words."""
    return (Paragraph(inlines=(Text(text=text),)),)


LEFT_OUT = Piece(old=said(OMITTED), new=said(OMITTED), omitted=True)


# ---------------------------------------------------------------- marks


def underlined(block: _B, change: str) -> _B:
    """Return a block with all its words underlined."""

    def mark(inline: Inline) -> tuple[Inline, ...]:
        return (
            (Underlined(inlines=(inline,), change=change),) if isinstance(inline, Text | CodeText | Ruby) else (inline,)
        )

    return map_inlines(block, mark)


def whole(parts: Blocks, change: str) -> Blocks:
    """Return blocks with all their words underlined."""
    return tuple(underlined(block, change) for block in parts)


def compared(old: Blocks, new: Blocks) -> tuple[Blocks, Blocks]:
    """Return both sides with the changed words underlined; a side that lacks it all says so."""
    both = joined(aligned(old, new))
    return both.old, both.new


def aligned(old: Blocks, new: Blocks) -> list[Piece]:
    """Return both sides cut into what goes together, with the changed words underlined."""
    if not old or not new:
        return [_piece(whole(old, "old"), whole(new, "new"))]
    merged = merged_blocks(old, new)
    if not any(map(_marked, merged)):  # the difference isn't one of words
        return [Piece(old=whole(old, "old"), new=whole(new, "new"))]
    done: list[Piece] = []
    gone: Blocks = ()
    come: Blocks = ()
    for first, second in _units(merged):
        if bool(first) == bool(second):
            if gone or come:  # what went stands beside what came in its place
                done.append(_piece(gone, come))
            gone = come = ()
            done.append(Piece(old=first, new=second) if first else LEFT_OUT)
        else:
            gone, come = (*gone, *first), (*come, *second)
    done += [_piece(gone, come)] if gone or come else []
    return done if any(not one.omitted for one in done) else [Piece(old=whole(old, "old"), new=whole(new, "new"))]


def _piece(old: Blocks, new: Blocks) -> Piece:
    return Piece(old=old or said(ADDED), new=new or said(REMOVED))


def _units(merged: Blocks) -> Iterator[tuple[Blocks, Blocks]]:
    """Yield both sides of each marked block or entry of a list; nothing on either side for an unchanged one."""
    for block in merged:
        if not _marked(block):
            yield (), ()
        elif isinstance(block, BulletList):
            for entry in block.items:
                yield _sides(BulletList(items=(entry,))) if any(map(_marked, entry)) else ((), ())
        elif isinstance(block, OrderedList):
            yield from _numbered(block)
        else:
            yield _sides(block)


def _numbered(block: OrderedList) -> Iterator[tuple[Blocks, Blocks]]:
    """Yield the entries of a numbered list, each under the number it has on either side."""
    before = after = block.start
    for entry in block.items:
        old, new = _sides(OrderedList(items=(entry,)))
        yield (_from(old, before), _from(new, after)) if any(map(_marked, entry)) else ((), ())
        before, after = before + bool(old), after + bool(new)


def _from(parts: Blocks, start: int) -> Blocks:
    return tuple(replace(one, start=start) if isinstance(one, OrderedList) else one for one in parts)


def _sides(block: Block) -> tuple[Blocks, Blocks]:
    old, new = two_columns((block,))
    return (old if _says(old) else ()), (new if _says(new) else ())


def _says(parts: Blocks) -> bool:
    return any(plain(one.inlines) for one in walk(parts) if isinstance(one, Paragraph))


def _marked(block: Block) -> bool:
    return any(isinstance(node, Inserted | Removed) for node in walk((block,)))


# ---------------------------------------------------------------- putting together


def joined(pieces: Iterable[Piece]) -> Piece:
    """Return pieces as one."""
    every = tuple(pieces)
    return Piece(
        old=tidy(block for piece in every for block in piece.old),
        new=tidy(block for piece in every for block in piece.new),
        changes=tuple(change for piece in every for change in piece.changes),
        framed=any(piece.framed for piece in every),
    )


def level(pieces: Iterable[Piece]) -> list[tuple[Piece, ...]]:
    """Return pieces in groups: within one, both sides stand at the same height as far as can be told."""
    done: list[list[Piece]] = []
    for piece in pieces:
        if piece.omitted and done and done[-1] and done[-1][-1].omitted:
            continue
        if not done or not _even(done[-1]) or _apart(done[-1], piece):
            done.append([])
        done[-1].append(piece)
    if len(done) > 1 and all(piece.omitted for piece in done[-1]):  # no row for nothing but （略）
        last = done.pop()
        done[-1] += last
    return [tuple(group) for group in done]


def _even(group: Sequence[Piece]) -> bool:
    both = joined(group)
    return height(both.old) == height(both.new)


def _apart(group: Sequence[Piece], piece: Piece) -> bool:
    """Tell whether a piece is of a table and what stands before it is not, or the other way round."""
    framed = [one.framed for one in group if not one.omitted and (one.old or one.new)]
    return not piece.omitted and bool(framed) and framed[-1] != piece.framed


def height(parts: Iterable[Block], room: int = LINE) -> int:
    """Return how many lines blocks take in a column, about."""
    return sum(_height(block, room) for block in parts)


def _height(block: Block, room: int) -> int:
    match block:
        case Paragraph(inlines=inlines):
            return max(1, -(-_width(plain(inlines)) // (2 * room)))
        case BulletList(items=items) | OrderedList(items=items):
            return sum(height(entry, room - 2) for entry in items)
        case Quote(blocks=inner):
            return height(inner, room - 2)
        case _:
            return 1


def _width(words: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in words)


def tidy(parts: Iterable[Block]) -> Blocks:
    """Return blocks in which lists that follow each other are one list, and repeated words of the paper once."""
    own = (*said(OMITTED), *said(ADDED), *said(REMOVED))
    done: list[Block] = []
    for block in parts:
        last = done[-1] if done else None
        if isinstance(block, BulletList) and isinstance(last, BulletList):
            done[-1] = BulletList(items=last.items + block.items)
        elif block != last or block not in own:
            done.append(block)
    return tuple(done)
