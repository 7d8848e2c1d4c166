"""Japanese text as words, and the difference of two texts by words.

SudachiPy cuts (mode A, the shortest units); here units that belong together for a reader are joined again: a number
with its unit (7日前, 第3章, 令和2年5月), a verb with its ending, a suffix with its noun (看護師). difflib then compares
words, never characters: 地域医療 → 地域療養 shows 医療 → 療養, not 医 → 養. The dictionary loads when the first text is cut.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import cache, lru_cache
from typing import Any, Literal, TypeAlias

Tag: TypeAlias = Literal["equal", "replace", "delete", "insert"]
Step: TypeAlias = tuple[Tag, int, int, int, int]
"""What difflib calls an opcode: words i1 to i2 of the old text against words j1 to j2 of the new."""
Part: TypeAlias = tuple[Literal["same", "old", "new"], str]
Unit: TypeAlias = tuple[str, str]
"""What the dictionary cuts: the text and its class, "" where it doesn't matter for joining."""

LONGEST = 16_000
"""Characters cut in one go: the dictionary refuses more than 49,149 bytes of UTF-8."""
DEAREST = 1_000_000
"""Words times words that difflib may compare at once; longer texts are aligned by sentences first."""
PARTICLE = re.compile(
    "は|が|を|に|へ|と|で|の|も|や|か|ば|て|し|から|まで|より|など|ほど|だけ|のみ|しか|こそ|さえ|でも|とも|ても"
)
"""What may stand between two changes and is taken into one change with them."""

_UNCUT = re.compile(
    r"https?://[!-~]+"
    r"|[A-Za-zＡ-Ｚａ-ｚ][A-Za-zＡ-Ｚａ-ｚ0-9０-９]*(?:[-._/@&][A-Za-z0-9]+)*"
    r"|[0-9０-９]+(?:[.,．，:：/／~～〜\-－‐–][0-9０-９]+)*"
)
_SENTENCE = re.compile(r"[^。！？\n]*[。！？\n]+|[^。！？\n]+")
_HYPHENS = ("-", "－", "‐", "–")
_ERAS = frozenset({"明治", "大正", "昭和", "平成", "令和", "西暦", "午前", "午後"})
_NUMBERED = frozenset(
    {"図表", "図", "表", "別添", "別紙", "別表", "別記", "様式", "資料", "参考", "注", "附則", "付則"}
)
_AFTER_UNIT = re.compile(
    "前|後|以内|以上|以下|未満|以降|以前|以後|超|間|目|ごと|毎|程度|頃|ころ|ごろ|末|初|中|内|台|弱|強"
)
_NOTHING: Unit = ("", "")


@cache
def _tokenizer() -> Any:
    from sudachipy import Dictionary  # type: ignore[import-untyped]

    return Dictionary(dict="core").tokenizer(mode="A", fields={"pos", "normalized_form", "reading_form"})


def dictionary() -> str:
    """Return the names and versions of what cuts text into words: another dictionary can change a comparison's look."""
    from importlib.metadata import version

    return f"SudachiPy {version('SudachiPy')}, SudachiDict-core {version('SudachiDict-core')}"


# ---------------------------------------------------------------- words


def segments(text: str) -> tuple[str, ...]:
    """Return the words of a text in order; joined they give exactly the text."""
    return tuple(word for piece in _pieces(text) for word in _words(piece))


def _pieces(text: str) -> Iterator[str]:
    """Yield the sentences of a text, longer ones in pieces that the dictionary accepts."""
    for found in _SENTENCE.finditer(text):
        sentence = found[0]
        for start in range(0, len(sentence), LONGEST):
            yield sentence[start : start + LONGEST]


@lru_cache(maxsize=8192)  # most of two versions of a text is the same sentences
def _words(text: str) -> tuple[str, ...]:
    units = _units(text)
    words: list[str] = []
    end, beyond = 0, [*units, _NOTHING, _NOTHING, _NOTHING]
    while end < len(units):
        start, end = end, _end_of_word(beyond, end)
        words.append("".join(surface for surface, _ in units[start:end]))
    return tuple(words)


def _end_of_word(units: list[Unit], start: int) -> int:
    """Return where the word that begins with a unit ends."""
    if end := _end_of_number(units, start):
        return end
    end, kind = start + 1, units[start][1]
    if kind == "prefix" and units[end][1] in ("noun", "action", "counter", "stem"):
        return _end_of_word(units, end)
    if kind in ("noun", "action", "counter"):
        while units[end][1] == "suffix":
            end += 1
    if kind == "stem":
        while units[end][1] == "ending":
            end += 1
    return end


def _end_of_number(units: list[Unit], start: int) -> int:
    """Return where a number ends with what stands before and after it (令和2年5月, 7日前, 図表－6), 0 if none begins."""
    at, (first, kind) = start, units[start]
    if first in _NUMBERED or first in _ERAS or kind == "prefix":
        at += 2 if first in _NUMBERED and units[at + 1][0] in _HYPHENS else 1
    if units[at][1] != "number":
        return 0
    while units[at][1] == "number":
        at += 1
        if units[at][1] == "noun" and first not in _NUMBERED:  # 1,741|市区町村
            at += 1
        while units[at][1] in ("counter", "suffix") or _AFTER_UNIT.fullmatch(units[at][0]):
            at += 1
        if units[at - 1][0][-1] not in "年月日時分":
            break
    return at


def _units(text: str) -> list[Unit]:
    """Return the dictionary's units with their classes; addresses, Latin words and numbers are never cut."""
    ends = {found.start(): found.end() for found in _UNCUT.finditer(text)}
    units: list[Unit] = []
    covered = 0
    for start, end, kind in _cut(text):
        surface = text[start:end]
        if start < covered:  # goes on with what must not be cut
            units[-1] = (units[-1][0] + surface, units[-1][1])
        else:
            units.append((surface, kind))
        if ends:
            covered = max(covered, *(ends.get(place, 0) for place in range(start, end)))
    return units


def _cut(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and class of the dictionary's units: all of the text, whatever the dictionary leaves out."""
    last = 0
    for one in _tokenizer().tokenize(text):
        start, end = one.begin(), one.end()
        if start > last:
            yield last, start, ""
        if end > start:
            number = one.part_of_speech_id()
            if (kind := _KINDS.get(number)) is None:
                kind = _KINDS[number] = _kind(one.part_of_speech())
            yield start, end, kind
        last = end
    if last < len(text):
        yield last, len(text), ""


_KINDS: dict[int, str] = {}


def _kind(speech: Sequence[str]) -> str:
    """Return the class of a part of speech, as far as joining needs it."""
    first, second, third = speech[:3]
    if second == "数詞":
        return "number"
    if third in ("助数詞", "助数詞可能"):
        return "counter"
    if first == "名詞":
        return "noun" if third != "サ変可能" else "action"
    if first in ("動詞", "形容詞"):
        return "stem"
    return {"接尾辞": "suffix", "接頭辞": "prefix", "助動詞": "ending"}.get(first, "")


# ---------------------------------------------------------------- differences


def matched(old: Sequence[str], new: Sequence[str]) -> tuple[Step, ...]:
    """Return how two lists of words go together, like difflib's opcodes; they cover both lists in order.

    Two changes with just one particle between them are one.
    """
    steps: list[Step] = []
    for step in _steps(old, new):
        tag, _, i2, _, j2 = step
        if steps and tag == "equal" == steps[-1][0]:
            last = steps.pop()
            steps.append(("equal", last[1], i2, last[3], j2))
        elif len(steps) > 1 and tag != "equal" and _particle(steps[-1], old):
            steps.pop()
            last = steps.pop()
            steps.append(("replace", last[1], i2, last[3], j2))
        else:
            steps.append(step)
    return tuple(steps)


def _particle(step: Step, old: Sequence[str]) -> bool:
    return step[2] - step[1] == 1 and PARTICLE.fullmatch(old[step[1]]) is not None


def _steps(old: Sequence[str], new: Sequence[str]) -> Iterator[Step]:
    """Yield difflib's steps; what both begin and end with is set aside first, which is nearly all of most texts."""
    head, tail = _common_ends(old, new)
    i, j = len(old) - tail, len(new) - tail
    if head:
        yield "equal", 0, head, 0, head
    for tag, i1, i2, j1, j2 in _inner_steps(old[head:i], new[head:j]):
        yield tag, i1 + head, i2 + head, j1 + head, j2 + head
    if tail:
        yield "equal", i, len(old), j, len(new)


def _common_ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """Return how much both begin with, and how much of the rest both end with."""
    shorter = min(len(old), len(new))
    head = next((place for place in range(shorter) if old[place] != new[place]), shorter)
    tail = next((place for place in range(shorter - head) if old[-1 - place] != new[-1 - place]), shorter - head)
    return head, tail


def _inner_steps(old: Sequence[str], new: Sequence[str]) -> Iterator[Step]:
    if not old or not new:
        if old or new:
            yield ("delete" if old else "insert"), 0, len(old), 0, len(new)
    elif len(old) * len(new) <= DEAREST:
        yield from SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    else:
        yield from _by_sentence(_sentences(old), _sentences(new))


def _by_sentence(old: list[tuple[str, ...]], new: list[tuple[str, ...]]) -> Iterator[Step]:
    """Yield the steps of long texts: whole sentences first, words only inside what differs."""
    if len(old) * len(new) > DEAREST:
        rough: list[Step] = [("replace", 0, len(old), 0, len(new))]
    else:
        rough = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    i = j = 0
    for tag, i1, i2, j1, j2 in rough:
        before = [word for one in old[i1:i2] for word in one]
        after = [word for one in new[j1:j2] for word in one]
        if tag != "replace" or len(before) * len(after) > DEAREST:
            yield tag, i, i + len(before), j, j + len(after)
        else:
            for step in _steps(before, after):
                yield step[0], step[1] + i, step[2] + i, step[3] + j, step[4] + j
        i, j = i + len(before), j + len(after)


def _sentences(words: Sequence[str]) -> list[tuple[str, ...]]:
    sentences: list[list[str]] = [[]]
    for word in words:
        sentences[-1].append(word)
        if word[-1:] in "。！？\n":
            sentences.append([])
    return [tuple(one) for one in sentences if one]


@lru_cache(maxsize=1024)
def differences(old: str, new: str) -> tuple[Part, ...]:
    """Return two texts as one: what both say, what only the old one says, what only the new one says, in order."""
    before, after = segments(old), segments(new)
    parts: list[Part] = []
    for tag, i1, i2, j1, j2 in matched(before, after):
        if tag == "equal":
            parts.append(("same", "".join(before[i1:i2])))
            continue
        if i2 > i1:
            parts.append(("old", "".join(before[i1:i2])))
        if j2 > j1:
            parts.append(("new", "".join(after[j1:j2])))
    return tuple(parts)


# ---------------------------------------------------------------- only how it is written


_FOLDED = str.maketrans(
    {
        **dict.fromkeys("‐‑–—―−", "-"),
        **dict.fromkeys("〜～", "~"),
        **dict.fromkeys("『“‟”", "「"),
        "』": "」",
        "·": "・",
        "‘": "'",
        "’": "'",
    }
)
_COUNTED = re.compile(r"(?<=[0-9〇一二三四五六七八九十数何])[ヶケヵカか箇ヵ](?=[月所年国条村])")
_LONG = re.compile(r"(?<=[ァ-ヴー]{3})ー(?![ァ-ヴー])")
_BROKEN = re.compile(r"(?<!\n)\n(?!\n|\s*(?:[-*+#|>]|[0-9]+[.)]))")  # a line that goes on, no list and no heading
_CONTENT = re.compile(r"[一-鿿ァ-ヴA-Za-z0-9]")  # where it only came or went, more than writing changed
_KANA = re.compile(r"[ぁ-ゖァ-ヺー]+")


def only_writing(old: str, new: str) -> bool:
    """Tell whether two different texts say the same words, written differently (表記のみ).

    That is: width, punctuation, dashes, quotes, spaces and single line breaks, か/ヶ/箇 in counting, a long vowel at
    the end of a katakana word, and kanji or kana and okurigana where the dictionary gives both the same word and the
    same reading (取組み → 取り組み, 及び → および).
    """
    start, end = _common_ends(old, new)
    parts = old[start : len(old) - end], new[start : len(new) - end]
    if old == new or (not all(parts) and _CONTENT.search("".join(parts))):
        return False
    before, after = _folded(old), _folded(new)
    return before == after or (_may_read_alike(before, after) and _read(before) == _read(after))


def _folded(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).translate(_FOLDED)
    text = re.sub(r"(?<![0-9]),|,(?![0-9])", "、", text)
    text = re.sub(r"(?<=[^!-~\s])\.(?![0-9])", "。", text)
    text = _COUNTED.sub("か", text)
    text = _LONG.sub("", text)
    return re.sub(r"(?<![!-~\n]) +| +(?![!-~])", "", _BROKEN.sub(" ", text))


def _may_read_alike(old: str, new: str) -> bool:
    """Tell whether it's worth asking the dictionary: the kanji that one side lacks must stand there as kana."""
    less, more = sorted((_KANA.sub("", old), _KANA.sub("", new)), key=len)
    if len(less) == len(more):
        return less == more
    rest = iter(more)
    short, long = (old, new) if less == _KANA.sub("", old) else (new, old)
    return all(sign in rest for sign in less) and len(short) - len(less) > len(long) - len(more)


def _read(text: str) -> list[tuple[str, str]]:
    return [
        (one.normalized_form(), one.reading_form()) for piece in _pieces(text) for one in _tokenizer().tokenize(piece)
    ]
