"""Japanese era dates from ISO dates.

Eras by the government ordinances on their change: 明治 begins 1868-10-23 (as printed since the solar calendar,
Meiji 6, only dates from 1873 are meaningful), 大正 1912-07-30, 昭和 1926-12-25, 平成 1989-01-08, 令和 2019-05-01.
The first year is written 元年. A fiscal year (年度) runs from 1 April and is named by the era of its first day of
April, except that the year in which Reiwa began is commonly written 令和元年度 (notice of the Cabinet Office, 2019-04-02).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

ERAS: tuple[tuple[date, str, str], ...] = (
    (date(2019, 5, 1), "令和", "R"),
    (date(1989, 1, 8), "平成", "H"),
    (date(1926, 12, 25), "昭和", "S"),
    (date(1912, 7, 30), "大正", "T"),
    (date(1868, 10, 23), "明治", "M"),
)
WEEKDAYS = "月火水木金土日"


@dataclass(frozen=True, slots=True)
class EraYear:
    """A year of an era: 令和 1 is printed 令和元年."""

    era: str
    letter: str
    year: int

    def __str__(self) -> str:
        return f"{self.era}{'元' if self.year == 1 else self.year}年"


def era_year(day: date) -> EraYear:
    """Return the era and year a day lies in; days before Meiji raise ValueError."""
    for first, name, letter in ERAS:
        if day >= first:
            return EraYear(name, letter, day.year - first.year + 1)
    raise ValueError(f"{day} lies before the Meiji era")


def wareki(iso: str, *, weekday: bool = False) -> str:
    """Return an ISO date (YYYY, YYYY-MM or YYYY-MM-DD) in the Japanese calendar.

    A bare year or month is named by its last day's era (2019 → 令和元年, 2019-04 → 平成31年4月), the way
    papers written afterwards name them.
    """
    parts = [int(part) for part in iso.split("-")]
    if len(parts) == 1:
        return str(era_year(date(parts[0], 12, 31)))
    if len(parts) == 2:
        month_end = date(parts[0] + parts[1] // 12, parts[1] % 12 + 1, 1).toordinal() - 1
        return f"{era_year(date.fromordinal(month_end))}{parts[1]}月"
    day = date(*parts)
    text = f"{era_year(day)}{day.month}月{day.day}日"
    return f"{text}（{WEEKDAYS[day.weekday()]}）" if weekday else text


def short_wareki(iso: str) -> str:
    """Return an ISO date in the short form R2.3.4."""
    parts = [int(part) for part in iso.split("-")]
    day = date(parts[0], parts[1] if len(parts) > 1 else 12, parts[2] if len(parts) > 2 else 28)
    year = era_year(day)
    return ".".join([f"{year.letter}{year.year}", *map(str, parts[1:])])


def fiscal_year(iso: str) -> str:
    """Return the fiscal year an ISO date (or month) lies in: 2020-03-04 → 令和元年度."""
    day = _day(iso)
    start = day.year if day.month >= 4 else day.year - 1
    if start == 2019:
        return "令和元年度"
    year = era_year(date(start, 4, 1))
    return f"{str(year)[:-1]}年度"


def span(first: str, last: str, *, weekday: bool = False) -> str:
    """Return two dates as a span, naming the era again only where it changes, the year likewise.

    平成31年4月1日から令和元年5月31日まで · 令和元年10月1日から11月6日まで
    """
    begin, end = wareki(first, weekday=weekday), wareki(last, weekday=weekday)
    head = str(era_year(_day(first)))
    if head == str(era_year(_day(last))) and end.startswith(head) and len(first) > 4:
        end = end[len(head) :]
    return f"{begin}から{end}まで"


def _day(iso: str) -> date:
    parts = [int(part) for part in iso.split("-")]
    return date(parts[0], parts[1] if len(parts) > 1 else 12, parts[2] if len(parts) > 2 else 28)
