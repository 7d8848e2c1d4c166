"""The account of a composed document: every mention has its words, every anchor is unique, every item has one home."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches

from shishin.document import Block, Inline, Reference, Section, Table, Text, plain
from shishin.guideline import Item
from shishin.markdown import parse_field, parse_inline
from shishin.numbering import below
from shishin.problem import Position, Problem, Words
from shishin.rewrite import map_inlines, marks
from shishin.schema import dotted
from shishin.values import leaves


def resolved(
    sections: tuple[Section, ...], by_id: Mapping[str, Item], name: Callable[[Item], tuple[Inline, ...]]
) -> tuple[tuple[Section, ...], tuple[str, ...]]:
    """Give every mention without words the name of what it points to, and return the targets that are nowhere.

    A mention of a record that isn't printed becomes plain words.
    """
    known = set(marks(*sections).anchors)
    lost: dict[str, None] = {}

    def resolve(inline: Inline) -> tuple[Inline, ...]:
        if not isinstance(inline, Reference):
            return (inline,)
        item = by_id.get(inline.target)
        words = inline.inlines or (name(item) if item else ())
        if inline.target in known:
            return (inline if inline.inlines else Reference(target=inline.target, inlines=words),)
        if item is None:
            lost.setdefault(inline.target)
        return words

    done = tuple(map_inlines(section, resolve) for section in sections)
    return done, tuple(lost)


def lost_problems(targets: tuple[str, ...], items: Iterable[Item], known: Iterable[str]) -> Iterator[Problem]:
    """Yield a problem for every mention of an anchor that is nowhere; for one made by a template, at its item."""
    told: set[str] = set()
    anchors = list(known)
    wanted = set(targets)
    for item in items if wanted else ():
        for path, shape, value in leaves(item.data, item.kind.shape):
            if not shape.text or not isinstance(value, str):
                continue
            parsed = parse_field(value) if shape.text == "markdown" else parse_inline(value)
            for target, line, column in parsed.mentions:
                if target in wanted:
                    told.add(target)
                    yield _lost(target, item.inside(path, line, column), dotted(path), anchors)
    by_id = {item.id: item for item in items}
    for target in targets:
        if target not in told:
            owner = by_id.get(target.partition("--")[0])
            yield _lost(target, owner.position() if owner else Position(file="guideline/templates"), "", anchors)


def _lost(target: str, position: Position, path: str, anchors: list[str]) -> Problem:
    near = get_close_matches(target, anchors, 1)
    return Problem(
        code="R306",
        severity="error",
        position=position,
        path=path,
        message=Words(
            ja=f"「{target}」という場所は文書の中にありません。", en=f"There is no place '{target}' in the document."
        ),
        hint=Words(ja=f"もしかして: {near[0]}", en=f"Did you mean '{near[0]}'?") if near else None,
    )


NUMBER = "\ue010"
"""What a template prints for `number(item)` until the numbers are known."""


def numbered(sections: tuple[Section, ...], by_id: Mapping[str, Item], kinds: frozenset[str]) -> tuple[Section, ...]:
    """Print where a mentioned item stands: 題名（第5章3(2)）, at its first mention in each section.

    On paper a title alone can't be followed. Only items of `kinds`, and not inside tables: there a template asks for
    the number where it has room.
    """
    paths = dict(_paths(sections, ""))

    def numbers_in_tables(inline: Inline) -> tuple[Inline, ...]:
        if isinstance(inline, Reference) and plain(inline.inlines) == NUMBER:
            return (replace(inline, inlines=(Text(text=paths.get(inline.target, "")),)),)
        return (inline,)

    def walk(section: Section, own: frozenset[str], seen: set[str]) -> Section:
        if section.item or section.level <= 2:
            own, seen = own | {section.id}, set()

        def add(inline: Inline) -> tuple[Inline, ...]:
            if not isinstance(inline, Reference) or inline.target in seen or inline.target in own:
                return (inline,)
            item = by_id.get(inline.target.partition("--")[0])
            path = paths.get(inline.target, "")
            if item is None or item.kind.name not in kinds or not path:
                return (inline,)
            seen.add(inline.target)
            return (inline, Text(text=f"（{path}）"))

        blocks: list[Block] = []
        for block in section.blocks:
            match block:
                case Section():
                    blocks.append(walk(block, own, seen))
                case Table():
                    blocks.append(map_inlines(block, numbers_in_tables))
                case _:
                    blocks.append(map_inlines(block, add))
        return replace(section, blocks=tuple(blocks))

    return tuple(walk(section, frozenset(), set()) for section in sections)


def _paths(blocks: tuple[Block, ...], above: str) -> Iterator[tuple[str, str]]:
    for block in blocks:
        if isinstance(block, Section):
            path = below(above, block.number) if block.number else ""
            yield block.id, path
            yield from _paths(block.blocks, path)


def twice(
    anchors: Iterable[str], by_id: Mapping[str, Item], made: Callable[[str], Position | None]
) -> Iterator[Problem]:
    """Yield a problem for every anchor that is used twice; `made` tells where a template made one."""
    for anchor, count in Counter(anchors).items():
        if count > 1:
            yield _problem(
                "T508",
                made(anchor),
                by_id.get(anchor.partition("--")[0]),
                Words(ja=f"「{anchor}」という場所が二つあります。", en=f"The anchor '{anchor}' is used twice."),
                Words(
                    ja="見出しのキーか表の id を変えてください。",
                    en="Change the key of a heading or the id of a table.",
                ),
            )


def homeless(homes: Iterable[str], items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Return the items that have no home in the document."""
    placed = set(homes)
    return tuple(item for item in items if item.kind.use == "item" and item.id not in placed)


def homeless_problem(item: Item) -> Problem:
    """Return the problem of an item without a home."""
    return _problem(
        "T507",
        item.position(("id",)),
        item,
        Words(
            ja=f"「{item.id}」が文書のどこにも置かれていません。", en=f"'{item.id}' is placed nowhere in the document."
        ),
        Words(ja="章の show かひな形に place(…) を書いてください。", en="Place it by a chapter's show or a template."),
    )


def _problem(
    code: str, position: Position | None, item: Item | None, message: Words, hint: Words | None = None
) -> Problem:
    at = position or (item.position() if item else Position(file="guideline/templates"))
    return Problem(code=code, severity="error", position=at, path="", message=message, hint=hint)
