"""Rules across items as data: rules.yml says what must hold, this package looks whether it does.

A rule is one expression over an item and what refers to it. The rules the tool ships come first; a guideline's own
rule with the same id takes the place of one. A rule that is wrong itself is a problem inside rules.yml, told once.

Here is which rules are in force; `judge` makes one ready and finds what breaks it, `reader` checks its expressions
before anything is looked at, `world` is what they see while they run.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

from shishin.cache import digest
from shishin.guideline import SETTINGS, Guideline, Item
from shishin.problem import Position, Problem, Words
from shishin.rules.judge import Judge
from shishin.rules.world import World
from shishin.schema import Kind, Shape
from shishin.values import quick

KIND = "rule"
SHIPPED = "rules.yml"

_NEEDED = ("title", "kind", "holds", "severity")


def findings(guideline: Guideline, *, complete: bool = True) -> Iterator[tuple[Item, Problem]]:
    """Yield every problem the rules find with the item it stands in: the one that breaks a rule, or the rule.

    `complete` False tells that some files couldn't be read: rules that look at more than the item are left out then
    (they would accuse items falsely), and a note says so.
    """
    world = World(guideline)
    left_out: list[Item] = []
    for item in rules_of(guideline):
        if missing := [name for name in _NEEDED if not isinstance(item.data.get(name), str)]:
            yield item, _unusable(item, missing[0])
            continue
        judge = Judge(guideline, world, item, complete=complete)
        if judge.looks_elsewhere and not complete:
            left_out.append(item)
            yield from judge.own_faults()
        else:
            yield from judge.judge()
    if left_out:
        ids = [item.id for item in left_out]
        yield (
            left_out[-1],
            Problem(
                code="R405",
                severity="note",
                position=Position(file=SETTINGS),
                path="",
                message=Words(
                    ja=f"ほかの問題があるため、ほかの項目を見る規則は調べていません（{'、'.join(ids)}）。",
                    en=f"Rules that look at other items were left out, as there are other problems ({', '.join(ids)}).",
                ),
            ),
        )


def rules_of(guideline: Guideline) -> tuple[Item, ...]:
    """Return the rules in force: the shipped ones that the guideline doesn't replace, then its own."""
    own = guideline.aids.get(KIND, ())
    replaced = {item.id for item in own}
    kinds = guideline.schemas.kinds
    given = _shipped(kinds[KIND]) if KIND in kinds else ()
    return (*(item for item in given if item.id not in replaced and item.data["kind"] in kinds), *own)


def _unusable(rule: Item, missing: str) -> Problem:
    """Return what is wrong with a rule that only a guideline's own schema of rules lets through."""
    return Problem(
        code="R401",
        severity="error",
        position=rule.position(),
        path="",
        message=Words(ja=f"規則に「{missing}」がありません。", en=f"The rule has no '{missing}'."),
    )


def _shipped(kind: Kind) -> tuple[Item, ...]:
    text = files("shishin").joinpath(SHIPPED).read_text(encoding="utf-8")
    entries = quick(text, Shape(type="array", title="", items=kind.shape)) or ()
    return tuple(
        Item(id=data["id"], kind=kind, file=SHIPPED, data=data, text=text, digest=digest(text), entry=entry)
        for entry, data in enumerate(entries)
    )
