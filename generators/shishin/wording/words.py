"""Words and names: what words.yml and the glossary decide, made ready for a quick search.

Kinds the tool works with itself are read here: term (the glossary), word, and the `aliases` any kind may have.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from shishin.guideline import Guideline
from shishin.problem import Problem, Words
from shishin.reasons import in_japanese
from shishin.schema import Kind, Shape
from shishin.values import quick
from shishin.wording.passage import Slip

SEVERITIES = {
    "K04": "warning", "K05": "warning", "K06": "warning", "K07": "warning", "K08": "note", "K09": "error",
    "K10": "error", "K12": "error", "K14": "warning", "K16": "warning",
}  # fmt: skip
_KATAKANA = re.compile("[ァ-ヺー]")
# A noun is followed by a particle, a mark or another noun; what continues a verb is none of them.
_AFTER_NOUN = re.compile(
    r"$|[をがはもやでとへの」』）)。・：:｜\n]|に(?!く)|から|まで|など|より|だけ|[ァ-ヺ]|(?![始続終直込合切過出易難方])[一-鿿]"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Avoided:
    """Something not to write, what to write for it, and why."""

    id: str  # of the word, the term or the item that says so: the name of the rule
    code: str
    severity: str
    right: str
    reason: str
    noun: bool = False
    keep: tuple[str, ...] = ()
    value: str = ""  # what the group `value` of the pattern has to be
    but: str = ""  # the one item in which it may stand


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """All words of a guideline, ready for the search."""

    any_word: re.Pattern[str] | None  # finds where one of the words might begin
    words: Mapping[str, tuple[tuple[str, Avoided], ...]]  # by first character, the longest first
    patterns: tuple[tuple[re.Pattern[str], Avoided], ...]
    covers: Mapping[str, tuple[tuple[str, int], ...]]  # word → longer right names it is part of, and where in them
    known: frozenset[str]  # abbreviations
    ids: frozenset[str]  # every name an exception may use for a rule of this lexicon

    def slips(self, text: str, item: str) -> Iterator[Slip]:
        """Yield what a text should not say."""
        if self.any_word is not None:
            found = self.any_word.search(text)
            while found:
                start = found.start()
                after = start + 1
                for word, avoided in self.words[text[start]]:
                    if text.startswith(word, start) and self._wrong(text, start, word, avoided, item):
                        yield _slip(text, start, start + len(word), avoided)
                        after = start + len(word)
                        break
                found = self.any_word.search(text, after)
        for pattern, avoided in self.patterns:
            for match in pattern.finditer(text):
                if avoided.value:
                    start, end = match.span("value")
                    if start < 0 or plain_value(match["value"]) == plain_value(avoided.value):
                        continue
                else:
                    start, end = match.span()
                if not _kept(text, start, end, avoided.keep):
                    yield _slip(text, start, end, avoided)

    def _wrong(self, text: str, start: int, word: str, avoided: Avoided, item: str) -> bool:
        end = start + len(word)
        if avoided.but and avoided.but == item:
            return False
        if _KATAKANA.match(word[-1]) and _KATAKANA.match(text[end : end + 1]):
            return False  # サーバ in サーバー, モニタ in モニタリング
        if avoided.noun and not _AFTER_NOUN.match(text, end):
            return False
        if any(text.startswith(name, start - at) for name, at in self.covers.get(word, ()) if at <= start):
            return False
        return not _kept(text, start, end, avoided.keep)


def plain_value(value: str) -> str:
    """Return a value as it is compared: wide digits as narrow ones, no commas in numbers, no spaces."""
    return re.sub(r"(?<=[0-9]),(?=[0-9]{3})|\s", "", value.translate(_WIDE))


_WIDE = str.maketrans("０１２３４５６７８９", "0123456789")


def _kept(text: str, start: int, end: int, keep: tuple[str, ...]) -> bool:
    """Tell whether a place lies within one of the longer words that are right as they are."""
    for name in keep:
        at = text.find(name, max(0, end - len(name)), start + len(name))
        if 0 <= at <= start:
            return True
    return False


def _slip(text: str, start: int, end: int, avoided: Avoided) -> Slip:
    said = text[start:end].replace("\n", "")
    if avoided.value:
        message = Words(
            ja=f"「{said}」は、定めた値「{avoided.value}」と違います（{avoided.reason}）。",
            en=f"'{said}' differs from the agreed value '{avoided.value}' ({avoided.right}).",
        )
    else:
        message = Words(
            ja=f"「{said}」は「{avoided.right}」と書きます（{avoided.reason}）。",
            en=f"Write '{avoided.right}' instead of '{said}'.",
        )
    return Slip(
        rule=avoided.id,
        code=avoided.code,
        severity=avoided.severity,
        start=start,
        end=end,
        message=message,
        hint=Words(
            ja=f"このままにするときは、規則「{avoided.id}」を理由とともに exceptions.yml に書いてください。",
            en=f"To keep it, name the rule '{avoided.id}' and the reason in exceptions.yml.",
        ),
    )


@cache
def _shipped_text() -> str:
    return files("shishin").joinpath("words.yml").read_text(encoding="utf-8")


def shipped(kind: Kind) -> tuple[Mapping[str, Any], ...]:
    """Return the general words the tool ships."""
    values = quick(_shipped_text(), Shape(type="array", title="", items=kind.shape))
    return tuple(values or ())


def entries(guideline: Guideline) -> tuple[Mapping[str, Any], ...]:
    """Return every entry of words.yml: the guideline's own, then the shipped ones it doesn't replace."""
    own = [item.data for item in guideline.aids.get("word", ())]
    replaced = {entry["id"] for entry in own}
    kind = guideline.schemas.kinds.get("word")
    general = shipped(kind) if kind else ()
    return (*own, *(entry for entry in general if entry["id"] not in replaced))


def fault_of(entry: Mapping[str, Any]) -> tuple[str, str, str] | None:
    """Return field, Japanese and English reason where an entry of words.yml makes no sense."""
    given = [name for name in ("words", "pattern", "known") if name in entry]
    if len(given) != 1:
        return "id", "words・pattern・known のどれか一つだけを書きます", "give exactly one of words, pattern, known"
    if "pattern" in entry:
        try:
            pattern = re.compile(entry["pattern"])
        except (re.error, OverflowError) as error:
            return (
                "pattern",
                f"正規表現として読めません（{in_japanese(str(error))}）",
                f"not a regular expression: {error}",
            )
        if pattern.search("") is not None:
            return "pattern", "何もない所にも当てはまります", "it matches where there is nothing"
        if ("value" in entry) != ("value" in pattern.groupindex):
            return (
                "pattern",
                "value と (?P<value>…) は、両方を書きます",
                "value needs a group (?P<value>…), and the group a value",
            )
    elif "value" in entry:
        return "value", "value は pattern とともに書きます", "value goes with a pattern"
    return None


def faults(guideline: Guideline) -> Iterator[Problem]:
    """Yield what is wrong with the guideline's own words."""
    for item in guideline.aids.get("word", ()):
        if fault := fault_of(item.data):
            field, japanese, english = fault
            yield Problem(
                code="K93",
                severity="error",
                position=item.position((field,)),
                path=field,
                message=Words(
                    ja=f"言葉の決まりが正しくありません（{japanese}）。", en=f"The word is not valid: {english}."
                ),
                hint=Words(ja="書き方は word.schema.json にあります。", en="See word.schema.json."),
            )


def compile_lexicon(guideline: Guideline) -> tuple[Lexicon, str]:
    """Return the words ready for the search, and a text that holds everything they were made from."""
    literal: dict[str, Avoided] = {}
    patterns: list[tuple[str, Avoided]] = []
    right: set[str] = set()
    known: set[str] = set()
    for entry in entries(guideline):
        if fault_of(entry):
            continue
        known.update(entry.get("known", ()))
        code = entry.get("rule", "K12" if "value" in entry else "K10")
        avoided = Avoided(
            id=entry["id"],
            code=code,
            severity=entry.get("severity", SEVERITIES[code]),
            right=entry["title"],
            reason=entry["reason"].rstrip("。"),
            noun=entry.get("part") == "noun",
            keep=tuple(entry.get("keep", ())),
            value=entry.get("value", ""),
        )
        for word in entry.get("words", ()):
            literal.setdefault(word, avoided)
        if "pattern" in entry:
            patterns.append((entry["pattern"], avoided))
    for term in guideline.of("term"):
        right.update((term.data["title"], *term.data.get("aliases", ())))
        for avoid in term.data.get("avoid", ()):
            reason = _MARKS.sub(lambda mark: _said(mark[1], guideline), avoid.get("reason", "用語集で決めた言い方"))
            literal[avoid["word"]] = Avoided(
                id=term.id, code="K10", severity="error", right=term.data["title"], reason=reason
            )  # fmt: skip
    right.update(_titles_of_others(guideline))
    for word, avoided in _other_names(guideline, right):
        literal.setdefault(word, avoided)
    right -= literal.keys()
    known.update(one for name in right for one in re.findall("[A-Z][A-Z0-9]+", name))
    longer = right | {avoided.right for avoided in literal.values()}
    covers = {
        word: found
        for word in literal
        if (found := tuple(sorted((name, at.start()) for name in longer for at in re.finditer(re.escape(word), name))))
    }
    by_first: dict[str, list[tuple[str, Avoided]]] = {}
    for word, avoided in sorted(literal.items(), key=lambda pair: (-len(pair[0]), pair[0])):
        by_first.setdefault(word[0], []).append((word, avoided))
    lexicon = Lexicon(
        any_word=re.compile(_trie(literal)) if literal else None,
        words={first: tuple(found) for first, found in by_first.items()},
        patterns=tuple((re.compile(pattern), avoided) for pattern, avoided in patterns),
        covers=covers,
        known=frozenset(known),
        ids=frozenset(avoided.id for avoided in (*literal.values(), *(one for _, one in patterns))),
    )
    made_from = repr((sorted(literal.items()), patterns, sorted(covers.items()), sorted(known)))
    return lexicon, made_from


_MARKS = re.compile(r"\[\[([^\[\]]*)\]\]")


def _said(target: str, guideline: Guideline) -> str:
    """Return the title of an item that a reason mentions."""
    item = guideline.by_id.get(target)
    return f"「{item.data[item.kind.title]}」" if item else target


def _titles_of_others(guideline: Guideline) -> Iterator[str]:
    """Yield titles that stand as others gave them: documents and laws."""
    for item in guideline.items:
        shape = item.kind.shape.properties.get(item.kind.title)
        if shape is not None and shape.quote:
            yield item.data[item.kind.title]


def _other_names(guideline: Guideline, right: set[str]) -> Iterator[tuple[str, Avoided]]:
    """Yield the names other documents use for an item (`aliases`), where they are no right name of anything."""
    taken = right | {str(item.data.get(name)) for item in guideline.items for name in (item.kind.title, "short")}
    for item in guideline.items:
        for alias in item.data.get("aliases", ()):
            if isinstance(alias, dict) and alias["name"] not in taken and len(alias["name"]) > 2:
                title = str(item.data[item.kind.title])
                reason = f"「{alias['name']}」は別の文書での言い方"
                yield (
                    alias["name"],
                    Avoided(id=item.id, code="K10", severity="warning", right=title, reason=reason, but=item.id),
                )


def _trie(words: Iterable[str]) -> str:
    """Return a regular expression for any of the words, without trying one after the other."""
    root: dict[str, Any] = {}
    for word in words:
        node = root
        for char in word:
            node = node.setdefault(char, {})
        node[""] = {}

    def written(node: dict[str, Any]) -> str:
        if "" in node:
            return ""  # the shortest is enough: the caller tries the longest first
        branches = [re.escape(char) + written(inner) for char, inner in sorted(node.items())]
        return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"

    return written(root)
