"""Exceptions: one rule switched off in one place, with a reason, and reported when nothing needs it any more."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from shishin.guideline import Guideline, Item
from shishin.problem import Position, Problem, Words
from shishin.schema import dotted
from shishin.values import leaves


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A problem with the name of the rule that found it and the item it stands in: what an exception speaks of."""

    rule: str
    item: str  # "" for guideline.yml
    problem: Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ready:
    """An exception, its places looked up."""

    source: Item
    rule: str
    item: str | None  # None: anywhere
    field: str
    spans: tuple[tuple[Position, Position], ...] | None  # None: anywhere in the field

    def allows(self, one: Marked) -> bool:
        if self.rule not in (one.rule, one.problem.code) or self.item not in (None, one.item):
            return False
        if self.field and one.problem.path != self.field and not one.problem.path.startswith(self.field + "."):
            return False
        return self.spans is None or any(first <= one.problem.position < last for first, last in self.spans)


def settle(
    guideline: Guideline, found: Iterable[Marked], rules: Collection[str], *, complete: bool = True
) -> Iterator[Problem]:
    """Yield the problems no exception allows, then what is wrong with the exceptions.

    `rules` are the names of the rules behind `found`: exceptions to other rules are left to those who run them.
    Where the guideline isn't `complete`, an exception that leads nowhere may lead to what couldn't be read.
    """
    entries = guideline.aids.get("exception", ())
    ready = []
    for entry in entries:
        if problem := _unknown(guideline, entry, rules):
            if complete or problem.code == "K91":
                yield problem
        elif entry.data["rule"] in rules:
            ready.append(_ready(guideline, entry))
    used: set[str] = set()
    for one in found:
        allowed = [exception.source.id for exception in ready if exception.allows(one)]
        used.update(allowed)
        if not allowed:
            yield one.problem
    for exception in ready if complete else ():
        if exception.source.id not in used:
            yield Problem(
                code="K90",
                severity="warning",
                position=exception.source.position(("rule",)),
                path="rule",
                message=Words(
                    ja=f"例外「{exception.source.id}」は、どこにも当てはまりません。",
                    en=f"The exception '{exception.source.id}' applies nowhere.",
                ),
                hint=Words(
                    ja="要らなくなったら消してください。item・field・text の写し間違いも確かめてください。",
                    en="Remove it if it is no longer needed; else check item, field and text.",
                ),
            )


def _unknown(guideline: Guideline, entry: Item, rules: Collection[str]) -> Problem | None:
    rule, item = entry.data["rule"], entry.data.get("item")
    others = {one.id for members in guideline.aids.values() for one in members if one.kind.name != "exception"}
    if rule not in rules and rule not in others:
        near = get_close_matches(rule, sorted({*rules, *others}), 1)
        return Problem(
            code="K91",
            severity="error",
            position=entry.position(("rule",)),
            path="rule",
            message=Words(ja=f"「{rule}」という規則はありません。", en=f"There is no rule '{rule}'."),
            hint=Words(ja=f"もしかして: {near[0]}", en=f"Did you mean '{near[0]}'?") if near else None,
        )
    if item is not None and item not in guideline.by_id and item != guideline.settings.get("id"):
        near = get_close_matches(item, sorted(guideline.by_id), 1)
        return Problem(
            code="K92",
            severity="error",
            position=entry.position(("item",)),
            path="item",
            message=Words(ja=f"「{item}」という項目はありません。", en=f"There is no item '{item}'."),
            hint=Words(ja=f"もしかして: {near[0]}", en=f"Did you mean '{near[0]}'?") if near else None,
        )
    return None


def _ready(guideline: Guideline, entry: Item) -> _Ready:
    named, field, text = entry.data.get("item"), entry.data.get("field", ""), entry.data.get("text")
    item = None if named is None else guideline.by_id.get(named, guideline.own)
    spans = None
    if text is not None:
        where = (guideline.own, *guideline.items) if item is None else (item,)
        spans = tuple(span for one in where for span in _spans(one, field, text))
    return _Ready(
        source=entry, rule=entry.data["rule"], item=None if item is None else item.id, field=field, spans=spans
    )  # fmt: skip


def _spans(item: Item, field: str, text: str) -> Iterator[tuple[Position, Position]]:
    """Yield where a text stands in an item's fields: first character and the one after the last."""
    for path, _, value in leaves(item.data, item.kind.shape):
        said = dotted(path)
        if not isinstance(value, str) or (field and said != field and not said.startswith(field + ".")):
            continue
        at = value.find(text)
        while at >= 0:
            line, column = value.count("\n", 0, at) + 1, at - value.rfind("\n", 0, at)
            first = item.inside(path, line, column)
            last = item.inside(path, line, column + len(text))
            if last <= first:  # a folded text has one place for all of it
                last = Position(file=first.file, line=first.line, column=first.column + 1)
            yield first, last
            at = value.find(text, at + 1)
