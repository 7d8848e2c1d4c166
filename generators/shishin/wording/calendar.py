"""K09: years, eras and weekdays that can't be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from shishin.era import ERAS, WEEKDAYS, era_year, short_wareki, wareki
from shishin.problem import Words
from shishin.wording.passage import Slip

_NAMES = "|".join(name for _, name, _ in ERAS)
_YEAR = rf"(?P<era>{_NAMES})\s*(?P<year>[0-9]{{1,2}}|元)"
_REST = r"(?:\s*(?P<month>[0-9]{1,2})月(?:\s*(?P<day>[0-9]{1,2})日)?)?"
_WEEKDAY = rf"(?:\s*[（(](?P<weekday>[{WEEKDAYS}])(?:曜日?)?(?:・祝)?[)）])?"
# The year 年 may be missing in a span: 平成30～35年度
_ERA_DATE = re.compile(
    rf"{_YEAR}(?:\s*(?P<unit>年度?)(?:\s*[（(](?P<western>[0-9]{{4}})(?:年度?)?[)）])?{_REST}{_WEEKDAY})?"
    rf"(?:\s*(?:[~〜～・、,–—―-]|から|及び|と)\s*(?P<until>[0-9]{{1,2}})\s*(?P<until_unit>年度?)(?![間後内代余目前先ぶ]|以内))?"
)
_WESTERN_DATE = re.compile(
    rf"(?P<western>[0-9]{{4}})\s*(?P<unit>年度?)(?:\s*[（(]{_YEAR}\s*年?度?[)）])?{_REST}{_WEEKDAY}"
)
_SHORT = re.compile(
    r"(?<![0-9A-Za-z./-])(?:(?P<letter>[MTSHR])(?P<year>[0-9]{1,2}|元)|(?P<western>(?:19|20)[0-9]{2}))"
    r"(?P<mark>[./])(?P<month>0?[1-9]|1[0-2])(?:(?P=mark)(?P<day>0?[1-9]|[12][0-9]|3[01]))?(?![0-9A-Za-z%％]|[./][0-9])"
)
_WIDE_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_BEGIN = {name: first for first, name, _ in ERAS}
_END = {older[1]: newer[0] for newer, older in pairwise(ERAS)}  # the day the next era begins
_LETTERS = {letter: name for _, name, letter in ERAS}


def slips(text: str) -> Iterator[Slip]:
    """Yield the dates of a text that can't be: wrong era, year, weekday or day; and dates in short form."""
    if "年" in text or any(name in text for name in _BEGIN):
        text = text.translate(_WIDE_DIGITS)
        for found in _ERA_DATE.finditer(text):
            yield from _era_date(found)
        for found in _WESTERN_DATE.finditer(text):
            yield from _western_date(found)
    if "." in text or "/" in text:
        for found in _SHORT.finditer(text.translate(_WIDE_DIGITS)):
            yield from _short(found)


def _slip(found: re.Match[str], group: str | int, message: Words, hint: Words, severity: str = "error") -> Slip:
    return Slip(
        rule="K09", code="K09", severity=severity, start=found.start(group), end=found.end(), message=message, hint=hint
    )  # fmt: skip


def _era_date(found: re.Match[str]) -> Iterator[Slip]:
    era, said, unit = found["era"], found["year"], found["unit"]
    year = 1 if said == "元" else int(said)
    if said == "1" and unit:
        yield _slip(
            found,
            0,
            Words(ja=f"「{era}1年」と書いてあります。", en=f"The first year of an era is written 元年, not {era}1年."),
            Words(ja=f"「{era}元{unit}」と書いてください。", en=f"Write {era}元{unit}."),
        )
    if unit or found["until"]:
        yield from _beyond(found, 0, era, year, unit or found["until_unit"] or "年")
    if found["until"]:
        yield from _beyond(found, "until", era, int(found["until"]), found["until_unit"])
    if unit and found["western"]:
        yield from _mismatch(found, int(found["western"]), era, year, unit)
    if unit == "年" and found["month"] and year:
        western = _BEGIN[era].year + year - 1
        yield from _day(found, western)
        if not 1 <= int(found["month"]) <= 12:
            return
        day = int(found["day"] or 0)
        first, last = _bounds(western, int(found["month"]), day)
        if (begun := last < _BEGIN[era]) or (era in _END and first >= _END[era] and not _past(era, year)):
            right = era_year(last if begun else first)
            yield _slip(
                found,
                0,
                Words(
                    ja=f"{era}{said}年{found['month']}月は、{era}ではありません。",
                    en=f"{era}{said}年{found['month']}月 doesn't lie in the era {era}.",
                ),
                Words(ja=f"「{right}{found['month']}月」です。", en=f"It is {right}{found['month']}月."),
            )


def _past(era: str, year: int) -> bool:
    """Tell whether an era never had such a year."""
    return era in _END and _BEGIN[era].year + year - 1 > _END[era].year


def _beyond(found: re.Match[str], group: str | int, era: str, year: int, unit: str) -> Iterator[Slip]:
    if year < 1 or _past(era, year):
        western = _BEGIN[era].year + year - 1
        right = str(era_year(date(western, 4, 1)))[:-1] + unit if year >= 1 else ""
        yield _slip(
            found,
            group,
            Words(ja=f"{era}{year}年という年はありません。", en=f"There is no year {year} of the era {era}."),
            Words(
                ja=f"{western}{unit}は「{right}」です。" if right else "元号の年は元年から始まります。",
                en=f"{western} is {right}." if right else "Years of an era begin with 元年.",
            ),
        )


def _mismatch(found: re.Match[str], western: int, era: str, year: int, unit: str) -> Iterator[Slip]:
    if unit == "年度":
        days = (date(western, 4, 1), date(western, 12, 31))
    elif found["month"] and 1 <= int(found["month"]) <= 12:
        days = _bounds(western, int(found["month"]), int(found["day"] or 0))
    else:
        days = (date(western, 1, 1), date(western, 12, 31))
    allowed = [era_year(day) for day in days]
    if not any((one.era, one.year) == (era, year) for one in allowed):
        right = allowed[-1]
        yield _slip(
            found,
            0,
            Words(
                ja=f"西暦{western}{unit}と{era}{'元' if year == 1 else year}{unit}は、同じ年ではありません。",
                en=f"{western} and {era}{year} are not the same year.",
            ),
            Words(ja=f"{western}年は「{right}」です。", en=f"{western} is {right}."),
        )


def _western_date(found: re.Match[str]) -> Iterator[Slip]:
    western = int(found["western"])
    if not 1873 <= western <= 2199:
        return
    if found["era"]:
        yield from _mismatch(
            found, western, found["era"], 1 if found["year"] == "元" else int(found["year"]), found["unit"]
        )
    if found["month"]:
        yield from _day(found, western)


def _bounds(western: int, month: int, day: int) -> tuple[date, date]:
    """Return first and last day of what a date names (a month where the day is missing or no day)."""
    try:
        return (one := date(western, month, day)), one
    except ValueError:
        following = date(western + month // 12, month % 12 + 1, 1)
        return date(western, month, 1), date.fromordinal(following.toordinal() - 1)


def _day(found: re.Match[str], western: int) -> Iterator[Slip]:
    month, day = int(found["month"]), int(found["day"] or 1)
    try:
        real = date(western, month, day)
    except ValueError:
        yield _slip(
            found,
            0,
            Words(ja=f"{month}月{day}日という日はありません。", en=f"There is no day {western}-{month}-{day}."),
            Words(ja="日付を確かめてください。", en="Check the date."),
        )
        return
    right = WEEKDAYS[real.weekday()]
    if found["day"] and found["weekday"] and found["weekday"] != right:
        yield _slip(
            found,
            0,
            Words(
                ja=f"{real.year}年{month}月{day}日は{found['weekday']}曜日ではありません。",
                en=f"{real.isoformat()} is not a {found['weekday']}曜日.",
            ),
            Words(ja=f"{right}曜日です。日付か曜日を直してください。", en=f"It is a {right}曜日."),
        )


def _short(found: re.Match[str]) -> Iterator[Slip]:
    if found["western"]:
        if not found["day"] and found["mark"] == ".":
            return  # 2020.5 may be a number
        western = int(found["western"])
    else:
        western = _BEGIN[_LETTERS[found["letter"]]].year + (1 if found["year"] == "元" else int(found["year"])) - 1
    iso = f"{western}-{int(found['month']):02}" + (f"-{int(found['day']):02}" if found["day"] else "")
    try:
        right = wareki(iso)
        wrong = not found["western"] and short_wareki(iso)[0] != found["letter"]
    except ValueError:
        right, wrong = "", True
    yield Slip(
        rule="K09",
        code="K09",
        severity="error" if wrong else "warning",
        start=found.start(),
        end=found.end(),
        message=Words(
            ja=f"日付「{found[0]}」は{'暦に合いません' if wrong else '短い書き方です'}。",
            en=f"The date '{found[0]}' {'cannot be' if wrong else 'is in short form'}.",
        ),
        hint=Words(
            ja=f"本文では「{right}」と書きます。" if right else "日付を確かめてください。",
            en=f"In a text write {right}." if right else "Check the date.",
        ),
    )
