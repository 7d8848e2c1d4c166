"""K12: totals that differ from the sum of their parts, where a text states both."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shishin.problem import Words
from shishin.wording.passage import Slip

_NUMBER = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9０-９]+)"
_UNIT = r"(?:か所|か月|[人名件回校園社団体台床部館区市町村県個点組班施設世帯円]+)"
_TOTAL = re.compile(
    rf"(?P<word>合計|総計|総数|合わせて|全部で|計)(?:は|で)?\s*(?P<total>{_NUMBER})\s*(?P<unit>{_UNIT})?"
)
_INNER = re.compile(r"\s*(?:の\S{1,12}?)?[（(](?:内訳[：:]?\s*)?(?P<inner>[^（）()\n。]*)[)）]")
_PLAIN = re.compile(
    rf"(?<![計せで0-9０-９,\s])(?P<total>{_NUMBER})\s*(?P<unit>{_UNIT})\s*[（(](?:内訳[：:]?)?\s*(?P<inner>[^（）()\n。]*)[)）]"
)
_PART = re.compile(rf"(?P<number>{_NUMBER})\s*(?P<unit>{_UNIT})?\s*$")
_BETWEEN = re.compile(r"[、，・；;＋+]|(?<=[0-9０-９所月人名件回校社体台床個])と")
_EQUATION = re.compile(
    rf"(?P<parts>{_NUMBER}(?:{_UNIT})?(?:\s*[+＋][^\n。、（(=＝+＋]{{0,8}}?{_NUMBER}(?:{_UNIT})?){{1,30}})\s*[=＝]\s*(?P<total>{_NUMBER})"
)
_LOOK_BACK = 200
_LONGEST_PART = 30
_LEADING = re.compile(r"[（「『]")


def slips(text: str) -> Iterator[Slip]:
    """Yield totals that differ from the sum of their parts: 計33か所（A 15、B 14、C 1）, 15か所と14か所の計33か所, 15+14=30."""
    for found in _TOTAL.finditer(text):
        unit = found["unit"] or ""
        inner = _INNER.match(text, found.end())
        parts = _listed(inner["inner"], unit) if inner else []
        if len(parts) < 2:
            nearest = max(0, found.start() - _LOOK_BACK)
            start = max(nearest - 1, *(text.rfind(mark, nearest, found.start()) for mark in "。\n"))
            parts = _before(text[start + 1 : found.start()], unit)
        yield from _compare(found, parts)
    if "（" in text or "(" in text:
        for found in _PLAIN.finditer(text):
            yield from _compare(found, _listed(found["inner"], found["unit"], labelled=True))
    if "=" in text or "＝" in text:
        for found in _EQUATION.finditer(text):
            yield from _compare(found, [_value(number) for number in re.findall(_NUMBER, found["parts"])])


def _value(number: str) -> int:
    return int(number.replace(",", ""))


def _listed(inner: str, unit: str, *, labelled: bool = False) -> list[int]:
    """Return the numbers of a list in brackets, or nothing where an entry is no labelled number of this unit."""
    parts = []
    for entry in _BETWEEN.split(inner):
        part = _PART.search(entry)
        if not part or (part["unit"] or unit) != unit or (labelled and not entry[: part.start()].strip()):
            return []
        parts.append(_value(part["number"]))
    return parts


def _before(sentence: str, unit: str) -> list[int]:
    """Return the numbers of this unit that lead up to a total: …15か所、…14か所、…1か所の[計33か所]."""
    lead = sentence.rstrip()
    for end in ("の", "で", "、", "，"):
        lead = lead.removesuffix(end)
    parts: list[int] = []
    for whole in reversed(_BETWEEN.split(lead)):
        entry = whole[-_LONGEST_PART:]
        part = _PART.search(entry)
        if not part or (part["unit"] or "") != unit:
            break
        if not unit and not re.search(r"[^\s0-9０-９]", entry[: part.start()]):
            break  # bare numbers without labels: no list of parts
        parts.append(_value(part["number"]))
        if _LEADING.search(whole):
            break
    return parts


def _compare(found: re.Match[str], parts: list[int]) -> Iterator[Slip]:
    total = _value(found["total"])
    if len(parts) > 1 and sum(parts) != total:
        terms = "＋".join(map(str, parts))
        yield Slip(
            rule="K12",
            code="K12",
            severity="error",
            start=found.start("total"),
            end=found.end("total"),
            message=Words(
                ja=f"合計が「{total}」とありますが、内訳の和は {sum(parts)} です（{terms}）。",
                en=f"The total is given as {total}, but the parts make {sum(parts)} ({'+'.join(map(str, parts))}).",
            ),
            hint=Words(ja="合計か内訳のどちらかを直してください。", en="Mend the total or the parts."),
        )
