"""The account of a composed document: every mention has its words, every anchor is unique, every item has one home."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from shishin.document import Inline, Reference, Section
from shishin.guideline import Item
from shishin.problem import Position, Problem, Words
from shishin.rewrite import anchors, homes, map_inlines


def resolved(
    sections: tuple[Section, ...], by_id: Mapping[str, Item], name: Callable[[Item], tuple[Inline, ...]]
) -> tuple[tuple[Section, ...], tuple[Problem, ...]]:
    """Give every mention without words the name of what it points to.

    A mention of a record that isn't printed becomes plain words; one that points nowhere is a problem.
    """
    known = set(anchors(sections))
    lost: dict[str, None] = {}

    def resolve(inline: Inline) -> tuple[Inline, ...]:
        if not isinstance(inline, Reference):
            return (inline,)
        item = by_id.get(inline.target)
        words = inline.inlines or (name(item) if item else ())
        if inline.target in known:
            return (replace(inline, inlines=words),)
        if item is None:
            lost.setdefault(inline.target)
        return words

    done = tuple(map_inlines(section, resolve) for section in sections)
    return done, tuple(_lost(target, by_id.get(target.partition("--")[0])) for target in lost)


def _lost(target: str, owner: Item | None) -> Problem:
    return _problem(
        "R306",
        owner,
        Words(
            ja=f"「{target}」という場所は文書の中にありません。", en=f"There is no place '{target}' in the document."
        ),
    )


def twice(sections: tuple[Section, ...], by_id: Mapping[str, Item]) -> Iterator[Problem]:
    """Yield a problem for every anchor that is used twice."""
    for anchor, count in Counter(anchors(sections)).items():
        if count > 1:
            yield _problem(
                "T508",
                by_id.get(anchor.partition("--")[0]),
                Words(ja=f"「{anchor}」という場所が二つあります。", en=f"The anchor '{anchor}' is used twice."),
                Words(
                    ja="見出しのキーか表の id を変えてください。",
                    en="Change the key of a heading or the id of a table.",
                ),
            )


def homeless(sections: tuple[Section, ...], items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Return the items that have no home in the document."""
    placed = set(homes(sections))
    return tuple(item for item in items if item.kind.use == "item" and item.id not in placed)


def homeless_problem(item: Item) -> Problem:
    """Return the problem of an item without a home."""
    return _problem(
        "T507",
        item,
        Words(
            ja=f"「{item.id}」が文書のどこにも置かれていません。", en=f"'{item.id}' is placed nowhere in the document."
        ),
        Words(ja="章の show かひな形に place(…) を書いてください。", en="Place it by a chapter's show or a template."),
    )


def _problem(code: str, item: Item | None, message: Words, hint: Words | None = None) -> Problem:
    position = item.position() if item else Position(file="guideline/templates")
    return Problem(code=code, severity="error", position=position, path="", message=message, hint=hint)
