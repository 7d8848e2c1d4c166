"""The two sides of a changed field: what each edition says, the changed words underlined, the rest left out.

A field is walked down to the places of its changes, so that every change is shown once, beside what it stands with.
What no place was found for (an edition may have other fields) is shown by itself: nothing is dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from shishin.comparison import Aligned, Change, ItemChange, Path
from shishin.document import BulletList, Inline, Paragraph, plain
from shishin.papers.parallel import ADDED, LEFT_OUT, REMOVED, Blocks, Piece, aligned, compared, said, whole
from shishin.papers.values import (
    PLAIN,
    SOURCE,
    STEERING,
    Names,
    blocks,
    columns,
    entry_blocks,
    entry_line,
    fits,
    flat,
    head_fields,
    label,
    labelled,
    table_lines,
    visible,
)
from shishin.rewrite import walk
from shishin.schema import Shape

Pairs = tuple[tuple[int | None, int | None], ...]
SHORT = 12
"""An unchanged line of no more characters is printed beside its changed neighbours, not left out."""


# ---------------------------------------------------------------- a field, walked


@dataclass(slots=True)
class Walk:
    """One item's walk: what is still to be shown, how its lists go together, what names the editions use.

    The walk goes by the newer edition's shapes; values of the older one are printed by `old_shape`, its own.
    """

    old: Names
    new: Names
    old_shape: Shape
    pending: list[Change]
    aligned: Mapping[tuple[Path, Path], Aligned] = field(default_factory=dict)

    def claim(self, old_path: Path | None, new_path: Path | None) -> tuple[Change, ...]:
        """Take the changes at or below a place: each is shown where it is taken."""
        taken = self.below(old_path, new_path)
        self.pending = [one for one in self.pending if not any(one is other for other in taken)]
        return taken

    def below(self, old_path: Path | None, new_path: Path | None) -> tuple[Change, ...]:
        """Return the changes at or below a place that are still to be shown."""
        return tuple(one for one in self.pending if _under(one.old_path, old_path) or _under(one.new_path, new_path))

    def was(self, path: Path | None, shape: Shape) -> Shape:
        """Return the older edition's shape of a place; where it has none, the newer one's."""
        return shape if path is None else shape_at(self.old_shape, path)

    def value(self, old: Any, new: Any, shape: Shape, old_path: Path | None, new_path: Path | None) -> list[Piece]:
        """Return the pieces of a value: its changes, and marks for what is left out."""
        inside = self.below(old_path, new_path)
        if not inside:
            return [LEFT_OUT] if old is not None or new is not None else []
        here = any(one.old_path == old_path and one.new_path == new_path for one in inside)
        alike = fits(old, shape) and fits(new, shape)
        if here or old is None or new is None or old_path is None or new_path is None or flat(shape) or not alike:
            return self.leaf(old, new, shape, old_path, new_path)
        if shape.items is not None:
            return self.entries(old, new, shape, old_path, new_path)
        if shape.properties:
            return self.entry(old, new, shape, old_path, new_path)
        return self.leaf(old, new, shape, old_path, new_path)  # paragraphs

    def leaf(self, old: Any, new: Any, shape: Shape, old_path: Path | None, new_path: Path | None) -> list[Piece]:
        """Return a value in the parts that differ; the first of them shows every change in it."""
        taken = self.claim(old_path, new_path)
        was = self.was(old_path, shape)
        pieces = aligned(blocks(old, was, self.old), blocks(new, shape, self.new))
        rows = table_lines(old, was, self.old) | table_lines(new, shape, self.new)
        pieces = [replace(one, framed=_has_line(one, rows)) for one in pieces]
        first = next(place for place, one in enumerate(pieces) if not one.omitted)
        pieces[first] = replace(pieces[first], changes=taken)
        return pieces

    def entries(self, old: Any, new: Any, shape: Shape, old_path: Path, new_path: Path) -> list[Piece]:
        """Return the pieces of a list, entry by entry in the order the comparison gives."""
        pairs = self.pairs(old, new, shape, old_path, new_path)
        if pairs is None:
            return self.leaf(old, new, shape, old_path, new_path)
        assert shape.items is not None
        done: list[Piece] = []
        for before, after in pairs:
            at = None if before is None else (*old_path, before)
            to = None if after is None else (*new_path, after)
            values = None if before is None else old[before], None if after is None else new[after]
            pieces = self.one_entry(*values, shape, at, to)
            done += pieces if _deep(shape.items) else (one if one.omitted else _bullet(one) for one in pieces)
        return done

    def pairs(self, old: Any, new: Any, shape: Shape, old_path: Path, new_path: Path) -> Pairs | None:
        """Return how the entries of two lists go together; None where nothing tells."""
        aligned = self.aligned.get((old_path, new_path))
        if aligned is None and len(old) == len(new):
            return tuple((place, place) for place in range(len(new)))
        return aligned.pairs if aligned else None

    def one_entry(self, old: Any, new: Any, shape: Shape, old_path: Path | None, new_path: Path | None) -> list[Piece]:
        """Return the pieces of one entry of the list `shape`."""
        assert shape.items is not None
        inside = self.below(old_path, new_path)
        listed = self.was(old_path[:-1] if old_path else None, shape)
        if not inside:
            return [self.unchanged(old, new, (listed, shape))]
        moves = tuple(one for one in inside if one.kind == "moved" and one.new_path == new_path)
        if len(moves) == len(inside):
            return self.moved(old, new, (listed, shape), self.claim(old_path, new_path))
        here = any(one.old_path == old_path and one.new_path == new_path for one in inside if one not in moves)
        if here or old_path is None or new_path is None or not _deep(shape.items):
            taken = self.claim(old_path, new_path)
            before = () if old is None else entry_blocks(old, listed, self.old)
            after = () if new is None else entry_blocks(new, shape, self.new)
            first, second = compared(before, after)
            return [Piece(old=first, new=second, changes=taken)]
        self.pending = [one for one in self.pending if one not in moves]
        first_piece, *others = self.entry(old, new, shape, old_path, new_path)
        return [replace(first_piece, changes=moves + first_piece.changes), *others]

    def moved(self, old: Any, new: Any, shapes: tuple[Shape, Shape], taken: tuple[Change, ...]) -> list[Piece]:
        """Return the pieces of an entry that only stands elsewhere in its list."""
        before, after = entry_blocks(old, shapes[0], self.old), entry_blocks(new, shapes[1], self.new)
        deep = shapes[1].items is not None and _deep(shapes[1].items)
        if deep:
            before, after = before[:1], after[:1]
        piece = Piece(old=whole(before, "moved"), new=whole(after, "moved"), changes=taken)
        return [piece, LEFT_OUT] if deep else [piece]

    def unchanged(self, old: Any, new: Any, shapes: tuple[Shape, Shape]) -> Piece:
        """Return an unchanged entry: itself where it is short, else left out."""
        first, second = entry_blocks(old, shapes[0], self.old), entry_blocks(new, shapes[1], self.new)
        words = "".join(plain(one.inlines) for one in second if isinstance(one, Paragraph))
        entry = shapes[1].items
        if first == second and entry is not None and not _deep(entry) and len(words) <= SHORT:
            return Piece(old=first, new=second)
        return LEFT_OUT

    def entry(self, old: Any, new: Any, shape: Shape, old_path: Path, new_path: Path) -> list[Piece]:
        """Return the pieces of an object: a line of its short fields, below it the long ones."""
        heads = head_fields(shape)
        done: list[Piece] = []
        taken = tuple(one for name, _ in heads for one in self.claim((*old_path, name), (*new_path, name)))
        was = head_fields(self.was(old_path[:-1], shape))
        before, after = _row(entry_line(old, was, self.old)), _row(entry_line(new, heads, self.new))
        if before or after:
            first, second = compared(before, after) if taken else (before, after)
            done.append(Piece(old=first, new=second, changes=taken))
        for name, inner in columns(shape):
            paths = (*old_path, name), (*new_path, name)
            aside = name in STEERING or name == SOURCE  # told by themselves
            if name not in dict(heads) and (not aside or self.below(*paths)):
                done += self.named(old.get(name), new.get(name), inner, *paths)
        return done

    def named(self, old: Any, new: Any, shape: Shape, old_path: Path, new_path: Path) -> list[Piece]:
        """Return the pieces of a field inside an entry, its name before what changed."""
        if flat(shape) and (taken := self.claim(old_path, new_path)):
            first, second = compared(
                () if old is None else labelled(old, self.was(old_path, shape), self.old),
                () if new is None else labelled(new, shape, self.new),
            )
            return [Piece(old=first, new=second, changes=taken)]
        pieces = self.value(old, new, shape, old_path, new_path)
        if any(one.changes for one in pieces) and (named := label(shape)):
            return [Piece(old=named, new=named), *pieces]
        return pieces

    def alone(self, change: Change, shape: Shape) -> Piece:
        """Return a change by itself: the item's shape has no place for it."""
        self.pending = [one for one in self.pending if one is not change]
        inner = PLAIN if change.kind == "moved" else shape_at(shape, change.new_path or change.old_path or ())
        was = PLAIN if change.kind == "moved" else self.was(change.old_path, inner)
        first, second = compared(blocks(change.old, was, self.old), blocks(change.new, inner, self.new))
        return Piece(old=first, new=second, changes=(change,))


def _row(inlines: tuple[Inline, ...]) -> Blocks:
    return (Paragraph(inlines=inlines),) if inlines else ()


def _has_line(piece: Piece, lines: frozenset[str]) -> bool:
    return bool(lines) and any(
        plain(one.inlines) in lines for one in walk((*piece.old, *piece.new)) if isinstance(one, Paragraph)
    )


def _deep(entry: Shape) -> bool:
    """Tell whether entries of this shape are more than a line each."""
    return bool(entry.properties) and not all(flat(inner) for _, inner in visible(entry))


def _bullet(piece: Piece) -> Piece:
    """Return an entry as one of a list; that a side lacks it is no entry."""
    old, new = (
        side if side in (said(ADDED), said(REMOVED)) else (BulletList(items=(side,)),)
        for side in (piece.old, piece.new)
    )
    return replace(piece, old=old, new=new)


def _under(path: Path | None, root: Path | None) -> bool:
    return path is not None and root is not None and path[: len(root)] == root


def shape_at(shape: Shape, path: Iterable[str | int]) -> Shape:
    """Return the shape of a place inside a value; where the edition lacks it, plain text."""
    for part in path:
        inner = shape.items if isinstance(part, int) else shape.properties.get(part)
        if inner is None:
            return PLAIN
        shape = inner
    return shape


def walk_of(item: ItemChange, changes: Iterable[Change], old: Names, new: Names, old_shape: Shape) -> Walk:
    """Return a walk that is to show these changes of an item."""
    aligned = {(one.old_path, one.new_path): one for one in item.aligned}
    return Walk(old=old, new=new, old_shape=old_shape, pending=list(changes), aligned=aligned)
