"""Rules on how a text is written: punctuation, brackets, length, fixed codes, abbreviations, characters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from shishin.characters import BROKEN, DOUBTFUL, doubtful
from shishin.problem import Words
from shishin.wording.passage import MENTION, Slip

LONG_SENTENCE = 120
MANY_COMMAS = 4
MANY_AND_OTHERS = 3
MOST_NAMES = 4

_WIDE = "ぁ-ゖァ-ヺー々一-鿿㐀-䶿（）「」『』【】、。・〜～！？：；０-９Ａ-Ｚａ-ｚ"
_COMMAS = {
    "、。": re.compile(rf"(?<![０-９])[，．]|[，．](?![０-９])|(?<=[{_WIDE}])[,.](?![0-9A-Za-z/_])"),
    "，。": re.compile(rf"、|(?<![０-９])．|．(?![０-９])|(?<=[{_WIDE}])[,.](?![0-9A-Za-z/_])"),
}
_PERHAPS_COMMA = {"、。": re.compile("[，．,.]"), "，。": re.compile("[、．,.]")}  # a cheap look first
_RIGHT = {"，": "、", "．": "。", ",": "、", ".": "。", "、": "，"}
_BRACKETS = re.compile(r"[(（](?P<inner>[^()（）\n]*)[)）]")
_NUMBERING = re.compile(r"[0-9]{1,2}|[a-z]|[ivx]{1,4}|[アイウエオカキクケコサシスセソタチツテト]")
_JAPANESE = re.compile(f"[{_WIDE}]")
_SENTENCE = re.compile(r"[^。\n]+")
_AND_OTHERS = re.compile(r"(?<![平均同対高上優一二三初中劣特何])等(?![しぶ級分価身高])|など")
_DOUBLE = re.compile(
    r"ない(?:わけ|こと|もの|訳)(?:で|に)?(?:は|も)(?:な[いく]|ありません)|なく(?:は|も)な[いく]|ない(?:とは|とも)(?:言え|いえ|限ら)ない"
    r"|ないわけに(?:は)?い[かき]"
)
_ABBREVIATION = re.compile(r"(?<![A-Za-z0-9_.@/-])[A-Z]{2,}[0-9]*(?![A-Za-z0-9_@]|-[0-9A-Za-z])")
_ROMAN = re.compile("[IVXL]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """What guideline.yml says about writing, and the codes its items have."""

    punctuation: str = "、。"
    brackets: str = "wide"  # wide | narrow | free
    codes: frozenset[str] = frozenset()  # every fixed code as it is written: "(ア)"
    lone: re.Pattern[str] | None = None  # finds codes that stand in a row
    systems: tuple[str, ...] = ()  # what has to stand before a code


def slips(text: str, style: Style) -> Iterator[Slip]:
    """Yield what these rules find in a passage."""
    yield from _punctuation(text, style)
    if "(" in text or "（" in text:
        yield from _brackets(text, style)
        if style.lone is not None:
            yield from _lone_codes(text, style)
    yield from _sentences(text)
    yield from characters(text, DOUBTFUL)


def _slip(code: str, severity: str, start: int, end: int, message: Words, hint: Words | None = None) -> Slip:
    return Slip(rule=code, code=code, severity=severity, start=start, end=end, message=message, hint=hint)


def _punctuation(text: str, style: Style) -> Iterator[Slip]:
    if _PERHAPS_COMMA[style.punctuation].search(text) is None:
        return
    for found in _COMMAS[style.punctuation].finditer(text):
        right = _RIGHT[found[0]]
        if right not in style.punctuation:
            right = "，"
        yield _slip(
            "K01",
            "warning",
            *found.span(),
            Words(
                ja=f"句読点に「{found[0]}」が使われています。",
                en=f"'{found[0]}' is used as a Japanese punctuation mark.",
            ),
            Words(ja=f"「{right}」にそろえてください。", en=f"Use '{right}'."),
        )


def _brackets(text: str, style: Style) -> Iterator[Slip]:
    for found in _BRACKETS.finditer(text):
        inner, both = found["inner"], found[0][0] + found[0][-1]
        narrow = f"({inner})"
        if narrow in style.codes:
            wanted = "()"
        elif both in ("()", "（）") and _NUMBERING.fullmatch(inner):
            continue  # 3(2), (1): numbers are written either way
        elif both in ("(）", "（)"):
            wanted = "()" if style.brackets == "narrow" else "（）"
        elif style.brackets == "free" or not _is_japanese(text, found):
            continue
        else:
            wanted = "（）" if style.brackets == "wide" else "()"
        if both != wanted:
            right = f"{wanted[0]}{inner}{wanted[1]}"
            yield _slip(
                "K03",
                "warning",
                *found.span(),
                Words(
                    ja=f"括弧の幅がそろっていません: {found[0]}", en=f"The brackets are of another width: {found[0]}"
                ),
                Words(ja=f"「{right}」と書いてください。", en=f"Write '{right}'."),
            )


def _is_japanese(text: str, found: re.Match[str]) -> bool:
    around = found["inner"] + text[max(0, found.start() - 1) : found.start()] + text[found.end() : found.end() + 1]
    return _JAPANESE.search(around) is not None


def code_row(codes: frozenset[str]) -> re.Pattern[str] | None:
    """Return what finds fixed codes, one alone or several in a row: (ア)〜(オ)."""
    if not codes:
        return None
    longest_first = sorted(codes, key=lambda code: (-len(code), code))
    one = "(?:" + "|".join("".join(map(_of_any_width, code)) for code in longest_first) + ")"
    return re.compile(rf"{one}(?:\s*(?:[〜～~・、,－–—-]|から|及び|又は|と|や)\s*{one})*")


def _of_any_width(char: str) -> str:
    return {"(": "[(（]", ")": "[)）]"}.get(char, re.escape(char))


def _lone_codes(text: str, style: Style) -> Iterator[Slip]:
    assert style.lone is not None
    for found in style.lone.finditer(text):
        before = text[max(0, found.start() - 60) : found.start()].rstrip(" 」』のは")
        if not before.endswith((*style.systems, MENTION)):
            names = "、".join(style.systems[:MOST_NAMES])
            yield _slip(
                "K13",
                "warning",
                *found.span(),
                Words(
                    ja=f"符号「{found[0]}」が、何の符号か分かりません。",
                    en=f"The code '{found[0]}' doesn't say which system it belongs to.",
                ),
                Words(
                    ja=f"前に名前を付けてください（{names} など）。",
                    en=f"Put the name of its system before it: {names} …",
                ),
            )


def _sentences(text: str) -> Iterator[Slip]:
    if len(text) > LONG_SENTENCE or text.count("、") >= MANY_COMMAS:
        for found in _SENTENCE.finditer(text):
            length, commas = len(found[0].strip()), found[0].count("、")
            start = found.start() + len(found[0]) - len(found[0].lstrip())
            if length > LONG_SENTENCE:
                yield _slip(
                    "K08",
                    "note",
                    start,
                    found.end(),
                    Words(ja=f"一文が {length} 字あります。", en=f"The sentence has {length} characters."),
                    Words(ja=f"{LONG_SENTENCE} 字までを目安に分けてください。", en=f"Aim at {LONG_SENTENCE} at most."),
                )
            elif commas >= MANY_COMMAS:
                yield _slip(
                    "K08",
                    "note",
                    start,
                    found.end(),
                    Words(ja=f"一文に読点が {commas} あります。", en=f"The sentence has {commas} commas."),
                    Words(ja="文を分けるか、箇条書きにできないか考えてください。", en="Split it, or make it a list."),
                )
    if "等" in text or "など" in text:
        for found in _SENTENCE.finditer(text):
            others = _AND_OTHERS.findall(found[0])
            if len(others) >= MANY_AND_OTHERS:
                yield _slip(
                    "K08",
                    "note",
                    found.start(),
                    found.end(),
                    Words(
                        ja=f"一文に「等」「など」が {len(others)} あります。",
                        en=f"The sentence says 'and others' {len(others)} times.",
                    ),
                    Words(ja="ほかに何があるのか分かるように書いてください。", en="Say what else there is."),
                )
    if "な" in text:
        for found in _DOUBLE.finditer(text):
            yield _slip(
                "K08",
                "note",
                *found.span(),
                Words(ja=f"打消しが重なっています: {found[0]}", en=f"A double negative: {found[0]}"),
                Words(ja="肯定の文にできないか考えてください。", en="Try to say it positively."),
            )


def characters(text: str, pattern: re.Pattern[str] = BROKEN) -> Iterator[Slip]:
    """Yield the characters that look different elsewhere, or the broken ones alone (K15)."""
    for start, end, message, hint in doubtful(text, pattern):
        yield _slip("K15", "warning", start, end, message, hint)


def abbreviations(text: str, known: frozenset[str], seen: set[str]) -> Iterator[Slip]:
    """Yield abbreviations that nothing explains (K14); `seen` grows by those of this text, each told once."""
    for found in _ABBREVIATION.finditer(text):
        name = found[0]
        if name in known or name in seen or _ROMAN.fullmatch(name):
            continue
        seen.add(name)
        explained = text[found.end() : found.end() + 1] in ("（", "(") or (
            text[max(0, found.start() - 1) : found.start()] in ("（", "(")
            and text[found.end() : found.end() + 1] in ("）", ")", "、", "：")
        )
        if not explained:
            yield _slip(
                "K14",
                "warning",
                *found.span(),
                Words(ja=f"略号「{name}」の説明がありません。", en=f"The abbreviation '{name}' is not explained."),
                Words(
                    ja=f"用語集に加えるか、初めに「{name}（正式な名称）」と書いてください。",
                    en=f"Add it to the glossary, or write '{name}（full name）' where it first appears.",
                ),
            )
