"""What every code of a problem means: the catalogue codes.yml, told on the terminal and in the manual."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import yaml

from shishin.problem import Words
from shishin.visible import visible

if TYPE_CHECKING:
    from shishin.guideline import Item

SEVERITIES = {
    "error": Words(ja="誤り", en="error"),
    "warning": Words(ja="注意", en="warning"),
    "note": Words(ja="参考", en="note"),
}
_WRONG = Words(ja="誤った例", en="Wrong")
_MENDED = Words(ja="直した例", en="Mended")
_LANGUAGES = {"yml": "yaml", "json": "json", "j2": "jinja"}  # of a code block, by the file's ending


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One code: what it means, and a wrong and a mended example (a net for the unforeseen has none)."""

    code: str
    severity: str  # error | warning | note
    title: Words
    meaning: Words
    file: str = ""  # where the wrong example stands
    moved: str = ""  # where the mended one stands, if elsewhere
    wrong: str = ""
    mended: str = ""

    def help(self, language: str) -> str:
        """Return the meaning and the examples."""
        return "\n".join(_help(self, language))


NO_RULES: Mapping[str, Entry] = MappingProxyType({})
"""No rules of a guideline's own."""


@cache
def raw() -> Mapping[str, Any]:
    """Return codes.yml as it is written: groups, and codes with the examples' settings."""
    text = files("shishin").joinpath("codes.yml").read_text(encoding="utf-8")
    # Not source.py: it refuses what some of the examples must hold.
    found: Mapping[str, Any] = yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
    return found


@cache
def catalogue() -> Mapping[str, Entry]:
    """Return every code with its entry, in the order of codes.yml."""
    return {
        code: Entry(
            code=code,
            severity=one["severity"],
            title=Words(**one["title"]),
            meaning=Words(**one["meaning"]),
            **{name: one[name] for name in ("file", "moved", "wrong", "mended") if name in one},
        )
        for code, one in raw()["codes"].items()
    }


def own_entries(items: Iterable[Item]) -> Mapping[str, Entry]:
    """Return the entries of a guideline's own rules and words, by their ids: what their authors wrote about them."""
    return {item.id: _own(item) for item in items}


def _own(item: Item) -> Entry:
    data, place = item.data, item.position()
    at = f"{place.file}:{place.line}"
    if "holds" in data:
        when = f"{data['when']} → {data['holds']}" if "when" in data else data["holds"]
        ja = f"指針の規則です（{at}）。種別 {data['kind']} の項目ごとに、次が成り立つかを調べます: {when}"
        en = f"A rule of the guideline ({at}). For each item of the kind {data['kind']} this must hold: {when}"
        title = Words(ja=data["title"], en=data["title"])
    else:
        ja = f"言葉の決まりです（{at}）。{data['reason']}"
        en = f"A rule on words ({at}): {data['reason']}"
        title = Words(ja=f"「{data['title']}」と書く", en=f"Write '{data['title']}'")
    return Entry(code=item.id, severity=data.get("severity", "error"), title=title, meaning=Words(ja=ja, en=en))


def near(code: str, own: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the known codes (and ids of rules) closest to one that isn't known, for 「もしかして」."""
    family = [known for known in catalogue() if known[0] == code[:1].upper()] or list(catalogue())
    return tuple(get_close_matches(code.upper(), family, 3, 0.5)) or tuple(get_close_matches(code, sorted(own), 3))


def explain(code: str, language: str, own: Mapping[str, Entry] = NO_RULES) -> str | None:
    """Return what a code (or a guideline's own rule) means, for a terminal; None where it isn't known."""
    entry = catalogue().get(code.upper()) or own.get(code)
    return None if entry is None else "\n".join(_told(entry, language)) + "\n"


def listed(language: str, own: Mapping[str, Entry] = NO_RULES) -> str:
    """Return all codes with their titles, one a line."""
    return "".join(
        f"{entry.code}  {visible(entry.title.said(language))}\n" for entry in (*catalogue().values(), *own.values())
    )


def _told(entry: Entry, language: str) -> Iterator[str]:
    said = SEVERITIES[entry.severity].said(language)
    title = visible(entry.title.said(language))
    yield f"{entry.code}  {title}" + (f"［{said}］" if language == "ja" else f" [{said}]")
    yield ""
    yield from (f"  {line}".rstrip() for line in _help(entry, language))


def _help(entry: Entry, language: str) -> Iterator[str]:
    yield visible(entry.meaning.said(language))
    for words, text, file in _examples(entry):
        yield ""
        yield f"{words.said(language)} ({file})"
        yield ""
        yield from (f"  {line}".rstrip() for line in text.splitlines())


def _examples(entry: Entry) -> Iterator[tuple[Words, str, str]]:
    if entry.wrong:
        yield _WRONG, _shown(entry.wrong), entry.file
        yield _MENDED, _shown(entry.mended), entry.moved or entry.file


def _shown(text: str) -> str:
    return "".join(visible(line) + "\n" for line in text.removesuffix("\n").split("\n"))


def manual() -> str:
    """Return the manual's list of codes: Japanese, in Markdown, by groups, each code an anchor."""
    return "\n".join(_manual()) + "\n"


def _manual() -> Iterator[str]:
    groups: Mapping[str, Mapping[str, str]] = raw()["groups"]
    yield "# 6　知らせの一覧"
    yield ""
    yield (
        "`shishin check` が出す知らせの番号と意味です。一つだけ見るときは `shishin check --explain S102` のように打ちます。"
    )
    yield (
        "例は小さな見本の指針の一部で、その知らせが実際に出ることを確かめてあります。"
        "見えない文字は `<U+2028>` の形で示します。"
    )
    yield ""
    yield "| 番号の頭 | 何の知らせか |"
    yield "|---|---|"
    for letter, words in groups.items():
        yield f"| [{letter}](#{letter.lower()}) | {words['ja']} |"
    for letter, words in groups.items():
        name, _, about = words["ja"].partition("。")
        yield ""
        yield f'## <a id="{letter.lower()}"></a>{letter}　{name}'
        yield ""
        yield about
        for entry in catalogue().values():
            if entry.code.startswith(letter):
                yield from _manual_entry(entry)


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>])", r"\\\1", text)


def _manual_entry(entry: Entry) -> Iterator[str]:
    yield ""
    yield f'### <a id="{entry.code.lower()}"></a>{entry.code}　{_escaped(entry.title.ja)}'
    yield ""
    severity = "" if entry.severity == "error" else f"（{SEVERITIES[entry.severity].ja}）"
    yield severity + _escaped(entry.meaning.ja)
    for words, text, file in _examples(entry):
        yield ""
        yield f"{words.ja}（`{file}`）"
        yield ""
        fence = "````" if "```" in text else "```"
        yield fence + _LANGUAGES.get(file.rpartition(".")[2], "")
        yield text.rstrip("\n")
        yield fence
