"""Text rules: how the words of a guideline are written (K01 … K16), and the exceptions to them.

What depends on the rest of the guideline (glossary, words.yml, fixed codes, settings) is gathered once by
`compile_rules`. `item_findings` is a pure function of one item and those rules, so that its result may be kept as long
as both stay the same. `check_wording` goes over everything and applies exceptions.yml.

Read are fields of Markdown (`x-text`) and titles. Left out are others' words: fields marked `x-quote`, Markdown
quotations (> …), code, addresses, and a word that stands alone in 「」 because the text is about it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from shishin.guideline import Guideline, Item
from shishin.problem import Problem
from shishin.schema import dotted
from shishin.source import Path
from shishin.values import leaves
from shishin.wording import calendar, prose, sums
from shishin.wording.exceptions import Marked, settle
from shishin.wording.passage import Passage, Slip, read
from shishin.wording.prose import Style
from shishin.wording.words import Lexicon, compile_lexicon, faults

CODES = ("K01", "K03", "K04", "K05", "K06", "K07", "K08", "K09", "K10", "K12", "K13", "K14", "K15", "K16")
_WHOLE_SENTENCE = ("K08",)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledRules:
    """Everything the text rules need to know of the rest of the guideline."""

    lexicon: Lexicon
    style: Style
    fingerprint: str  # SHA-256 over what these rules were made from: the same fingerprint, the same findings

    @property
    def names(self) -> frozenset[str]:
        """What an exception may name as a rule."""
        return self.lexicon.ids | frozenset(CODES)


def check_wording(guideline: Guideline) -> Iterator[Problem]:
    """Yield what the text rules find in a guideline, without what its exceptions allow."""
    rules = compile_rules(guideline)
    found = [one for item in (guideline.own, *guideline.items) for one in item_findings(item, rules)]
    yield from settled(guideline, rules, found)


def settled(
    guideline: Guideline,
    rules: CompiledRules,
    found: Iterable[Marked],
    *,
    others: Collection[str] = (),
    complete: bool = True,
) -> Iterator[Problem]:
    """Yield the findings of all items that no exception allows, and what is wrong with words and exceptions.

    `others` are the names of rules from elsewhere whose findings stand in `found` too. `complete` False tells that
    some files couldn't be read: no exception is then called needless.
    """
    yield from faults(guideline)
    yield from settle(guideline, found, {*rules.names, *others}, complete=complete)


def compile_rules(guideline: Guideline) -> CompiledRules:
    """Return the rules of a guideline, ready for its items."""
    lexicon, made_from = compile_lexicon(guideline)
    codes, systems = _codes(guideline)
    settings = guideline.settings.get("wording", {})
    style = Style(
        punctuation=settings.get("punctuation", "、。"),
        brackets=settings.get("brackets", "wide"),
        codes=codes,
        lone=prose.code_row(codes),
        systems=systems,
    )
    source = repr((made_from, style.punctuation, style.brackets, sorted(codes), systems))
    return CompiledRules(lexicon=lexicon, style=style, fingerprint=hashlib.sha256(source.encode()).hexdigest())


def _codes(guideline: Guideline) -> tuple[frozenset[str], tuple[str, ...]]:
    """Return every fixed code (`x-code`) and the names that tell which system a code belongs to.

    An item with a code belongs to the items it refers to: any of their names may stand before the code.
    """
    codes: set[str] = set()
    systems: set[str] = set()
    for kind in guideline.schemas.kinds.values():
        fields = [name for name, shape in kind.shape.properties.items() if shape.code]
        owners = [name for name, shape in kind.shape.properties.items() if shape.ref and shape.type == "string"]
        for item in guideline.of(kind.name) if fields else ():
            codes.update(item.data[name] for name in fields if name in item.data)
            for owner in filter(None, (guideline.by_id.get(item.data.get(name, "")) for name in owners)):
                systems.update(str(owner.data[name]) for name in (owner.kind.title, "short") if name in owner.data)
                systems.update(alias["name"] for alias in owner.data.get("aliases", ()) if isinstance(alias, dict))
    return frozenset(codes), tuple(sorted(systems, key=lambda name: (len(name), name)))


def item_findings(item: Item, rules: CompiledRules) -> tuple[Marked, ...]:
    """Return what the text rules find in one item, each with the rule's name; exceptions are not applied."""
    found: list[Marked] = []
    seen: set[str] = set()
    for path, shape, value in leaves(item.data, item.kind.shape):
        if not isinstance(value, str) or shape.ref or shape.enum:
            continue
        if shape.quote or not (shape.text or path == (item.kind.title,)):
            slips = prose.characters(value)
            passage = None
        else:
            passage = read(value)
            slips = _slips(passage.text, item, rules, seen)
        found += (_marked(item, path, slip, value, passage) for slip in slips)
    return tuple(found)


def _slips(text: str, item: Item, rules: CompiledRules, seen: set[str]) -> Iterator[Slip]:
    for slip in _all(text, item, rules, seen):
        if slip.code in _WHOLE_SENTENCE or not _spoken_of(text, slip):
            yield slip


def _all(text: str, item: Item, rules: CompiledRules, seen: set[str]) -> Iterator[Slip]:
    words = tuple(rules.lexicon.slips(text, item.id))
    yield from words
    yield from prose.slips(text, rules.style)
    for slip in prose.abbreviations(text, rules.lexicon.known, seen):
        if not any(word.start <= slip.start < word.end for word in words):
            yield slip
    yield from calendar.slips(text)
    yield from sums.slips(text)


def _spoken_of(text: str, slip: Slip) -> bool:
    """Tell whether what was found stands alone in 「」 or 『』: the text is about the word, it doesn't use it."""
    return text[slip.start - 1 : slip.start] in ("「", "『") and text[slip.end : slip.end + 1] in ("」", "』")


def _marked(item: Item, path: Path, slip: Slip, value: str, passage: Passage | None) -> Marked:
    if passage is not None:
        line, column = passage.place(slip.start)
    else:
        line, column = value.count("\n", 0, slip.start) + 1, slip.start - value.rfind("\n", 0, slip.start)
    problem = Problem(
        code=slip.code,
        severity=slip.severity,
        position=item.inside(path, line, column),
        path=dotted(path),
        message=slip.message,
        hint=slip.hint,
    )
    return Marked(rule=slip.rule, item=item.id, problem=problem)


__all__ = ["CODES", "CompiledRules", "Marked", "check_wording", "compile_rules", "item_findings", "settled"]
