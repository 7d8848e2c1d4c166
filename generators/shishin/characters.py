"""The text gate: characters that make a text read otherwise than it looks, in any file, before it is parsed.

Everything is reported as U+XXXX with its place and nothing is rewritten. `findings` are errors and hold for every
file. `doubtful` are characters that other computers show differently (機種依存文字) or that look like ordinary ones; where they
matter is for the caller to say (wording asks for the text of fields, where a quotation or an exception may allow them).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from shishin.problem import Words

_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_INVISIBLE = (
    "\u00a0\u00ad\u034f\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200d\u202f\u205f-\u2064\u206a-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffc\U0001d173-\U0001d17a\U000e0000-\U000e007f\U000e0100-\U000e01ef"
)
_CONTROL = "\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f"
_ELSEWHERE = "\x85\u2028\u2029\ue000-\uf8ff"  # in YAML source.py reports these (Y108, Y109)
# Ordinary text is told apart with one cheap look: nearly every file stops here.
_UNUSUAL = re.compile(
    "[^\n -~\u00a1-\u00ac\u00ae-\u0233\u0370-\u03ff\u2010-\u2027\u2030-\u205e\u2070-\u3163\u3165-\u9fff\uf900-\ufaff\uff01-\uff9f]"
)
_IN_YAML = re.compile(f"[\t{_CONTROL}{_BIDI}{_INVISIBLE}]")
_IN_OTHERS = re.compile(f"[{_CONTROL}{_BIDI}{_INVISIBLE}{_ELSEWHERE}]")
_BIDI_ONE = re.compile(f"[{_BIDI}]")
_SELECTOR = re.compile("[\U000e0100-\U000e01ef]")
_KANJI = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff々]")
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f]")

# Without the twelve of the block that are ordinary kanji (﨎 﨏 﨑 …).
_IDEOGRAPHS = (
    "\uf900-\ufa0d\ufa10\ufa12\ufa15-\ufa1e\ufa20\ufa22\ufa25\ufa26\ufa2a-\ufa6d\ufa70-\ufad9\U0002f800-\U0002fa1d"
)
_RADICALS = "\u2e80-\u2fdf"  # 部首: ⼀ looks like 一
_MARKS = "\u3099-\u309c"  # 濁点 and 半濁点 on their own
BROKEN = re.compile(f"[{_IDEOGRAPHS}{_RADICALS}{_MARKS}]")
"""What a copy from elsewhere brings in: it looks like an ordinary character and isn't one."""
_SYMBOLS = "\u2070-\u209c\u2100-\u2102\u2104-\u214f\u2150-\u2188\u2460-\u24ff\u2776-\u2793\u3200-\u33ff"  # without ℃
DOUBTFUL = re.compile(f"[{_IDEOGRAPHS}{_RADICALS}{_MARKS}{_SYMBOLS}]|[\uff61-\uff9f]+")
_PERHAPS = re.compile(
    "[^\n -~\u00a0-\u206f\u2190-\u245f\u2500-\u2775\u2794-\u2e7f\u3000-\u3098\u309d-\u31ff\u3400-\uf8ff\uff00-\uff60\ufffc]"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One character that doesn't belong, with its place in the text (from 1)."""

    line: int
    column: int
    code: str
    severity: str
    message: Words
    hint: Words | None = None


def findings(text: str, *, yaml: bool = True) -> tuple[Finding, ...]:
    """Return the characters a text may not hold: bidi, invisible and control characters, and tabs in YAML.

    Other files (`yaml=False`) may have tabs, and there the breaks and private-use characters are reported here too.
    """
    unusual = _UNUSUAL.search(text)
    if unusual is None:
        return ()
    found = []
    for match in (_IN_YAML if yaml else _IN_OTHERS).finditer(text, unusual.start()):
        start = match.start()
        if _SELECTOR.match(match[0]) and start and _KANJI.match(text[start - 1]):
            continue
        line, column = place_of(text, start)
        code, message, hint = _forbidden(match[0])
        found.append(Finding(line=line, column=column, code=code, severity="error", message=message, hint=hint))
    return tuple(found)


def doubtful(text: str, pattern: re.Pattern[str] = DOUBTFUL) -> tuple[tuple[int, int, Words, Words], ...]:
    """Return start, end, message and hint of each doubtful character (K15)."""
    perhaps = _PERHAPS.search(text)  # a cheap look: nearly every text stops here
    if perhaps is None:
        return ()
    found = pattern.finditer(text, perhaps.start())
    return tuple((match.start(), match.end(), *_doubt(text, match)) for match in found)


def doubts(text: str) -> tuple[Finding, ...]:
    """Return the doubtful characters of a whole file: a template or a schema, whose words are printed."""
    found = []
    for start, _, message, hint in doubtful(text):
        line, column = place_of(text, start)
        found.append(Finding(line=line, column=column, code="K15", severity="warning", message=message, hint=hint))
    return tuple(found)


def place_of(text: str, index: int) -> tuple[int, int]:
    """Return line and column of an index, from 1."""
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


def shown(char: str) -> str:
    """Return a character as U+XXXX with its name, for messages."""
    name = unicodedata.name(char, "")
    return f"U+{ord(char):04X}" + (f" {name}" if name else "")


def _forbidden(char: str) -> tuple[str, Words, Words]:
    label = shown(char)
    remove = Words(ja="この文字を消してください。", en="Remove the character.")
    if char == "\t":
        return (
            "Y114",
            Words(ja="タブ（U+0009）があります。YAML では使えません。", en="There is a tab (U+0009) in YAML."),
            Words(ja="字下げは半角空白2つです。タブを空白に置き換えてください。", en="Indent with two spaces."),
        )
    if _BIDI_ONE.match(char):
        return (
            "Y111",
            Words(
                ja=f"文字の向きを変える見えない文字があります（{label}）。",
                en=f"There is an invisible character that changes the direction of text ({label}).",
            ),
            Words(
                ja="見た目と中身が違って読めるおそれがあります。消してください。",
                en="The text may read otherwise than it looks. Remove it.",
            ),
        )
    if char in "\x85\u2028\u2029":
        return "Y109", Words(ja=f"見えない改行があります（{label}）。", en=f"Invisible line break ({label})."), remove
    if "\ue000" <= char <= "\uf8ff":
        return (
            "Y108",
            Words(ja=f"外字（{label}）があります。", en=f"There is a private-use character ({label})."),
            Words(ja="ふつうの文字に置き換えてください。", en="Replace it with an ordinary character."),
        )
    if unicodedata.category(char) == "Cc":
        return (
            "Y113",
            Words(ja=f"制御文字があります（{label}）。", en=f"There is a control character ({label})."),
            remove,
        )
    if _SPACES.match(char):
        return (
            "Y112",
            Words(ja=f"空白に見える別の文字があります（{label}）。", en=f"There is a space that isn't one ({label})."),
            Words(ja="ふつうの空白に置き換えるか、消してください。", en="Use an ordinary space, or none."),
        )
    if _SELECTOR.match(char):
        return (
            "Y112",
            Words(
                ja=f"字形を選ぶ見えない文字が、漢字の直後でない所にあります（{label}）。",
                en=f"There is a variation selector that doesn't follow a kanji ({label}).",
            ),
            remove,
        )
    return "Y112", Words(ja=f"見えない文字があります（{label}）。", en=f"Invisible character ({label})."), remove


_COMBINING = {"\u3099": "\u3099", "\u309a": "\u309a", "\u309b": "\u3099", "\u309c": "\u309a"}
_WIDE_BRACKETS = str.maketrans("()", "（）")


def _doubt(text: str, match: re.Match[str]) -> tuple[Words, Words]:
    char = match[0]
    code = f"U+{ord(char[0]):04X}" + (f"–{ord(char[-1]):04X}" if len(char) > 1 else "")
    label, english = f"「{char}」（{code}）", f"'{char}' ({code})"
    if char in _COMBINING:
        base = text[match.start() - 1] if match.start() else ""
        whole = unicodedata.normalize("NFC", base + _COMBINING[char])
        return (
            Words(
                ja=f"濁点が文字から離れています（「{base}」と {code}）。",
                en=f"The voicing mark {code} stands apart from '{base}'.",
            ),
            Words(ja=f"一文字の「{whole}」を打ち直してください。", en=f"Type the single character '{whole}'."),
        )
    plain = unicodedata.normalize("NFKC", char).translate(_WIDE_BRACKETS)
    if BROKEN.match(char):
        return (
            Words(
                ja=f"{label}は互換用の文字です。「{plain}」（U+{ord(plain[0]):04X}）に見えますが別の文字です。",
                en=f"{english} is a compatibility character; it looks like '{plain}' (U+{ord(plain[0]):04X}).",
            ),
            Words(
                ja=f"「{plain}」でよければ打ち直してください。人名などで字を残すときは、理由を exceptions.yml に書いてください。",
                en=f"Type '{plain}' if that is meant; to keep it, give the reason in exceptions.yml.",
            ),
        )
    return (
        Words(
            ja=f"{label}は、機種により見え方が変わることがある文字です。",
            en=f"{english} may look different on other computers.",
        ),
        Words(ja=f"「{plain}」のように書いてください。", en=f"Write it like '{plain}'."),
    )
