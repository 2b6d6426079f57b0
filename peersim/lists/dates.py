"""Days and weeks as people write them: 31-12-2024, 31/12 2024 kl. 18.30, tirsdag d. 31. december
2024, 2024-12-31T18:30:00+01:00, a spreadsheet's number, uge 7, 2024-W07.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from peersim.lists.words import clean, month

_WEEKDAY = re.compile(
    r"^(?:(?:(?:man|tirs|ons|tors|fre|lør|søn)dag|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|man|tirs?|ons|tors?|fre|lør|søn|mon|tue|wed|thu|fri|sat|sun|ti|on|to|fr|lø|sø)\.?,? +)?"
    r"(?:d(?:en)?\.? +)?",
    re.I,
)
_CLOCK = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:[.,]\d+)? *(?:[ap]\.?m\.?)?"
_TIME = re.compile(
    rf"(?:[ T,]+(?:kl\.? *)?|(?<=\d)T){_CLOCK}(?: *[-–] *{_CLOCK})?"
    r" *(?:Z|(?:GMT|UTC)?[+-]\d\d?:?\d{0,2}|[A-Z]{3,4})?$",
    re.I,
)
_DAY_FIRST = re.compile(r"(\d{1,2})[-./ ]+(\d{1,2})[-./ ]+(\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})|(20\d\d)(\d\d)(\d\d)")
_NAMED = re.compile(r"(\d{1,2})\.?[-/ ]*([a-zæøå]{3,9})\.?[-/, ]*(\d{4}|\d{2})", re.I)
_NAME_FIRST = re.compile(r"([a-z]{3,9})\.? +(\d{1,2})(?:st|nd|rd|th)?,? +(\d{4})", re.I)
_NUMBER = re.compile(r"([3-6]\d{4})(?:[.,]\d+)?")
_NO_YEAR = re.compile(r"\d{1,2} ?[./-] ?\d{1,2}\.?|\d{1,2}\.? ?-?([a-zæøå]{3,9})\.?", re.I)
_WEEK_OF_YEAR = re.compile(r"(\d{4})[-/ ]*[wu](?:ge|eek)?[ -]?(\d{1,2})")
_WEEK = re.compile(r"(?:uge|week|u|w)?[ ._-]*(\d{1,3})(?:[ ,/-]+((?:19|20)\d\d))?")
_PERIOD = re.compile(
    r"(?:uge|week|[uw])[ ._-]*\d|\d{1,2} ?[./-] ?\d{1,2}|(?:19|20)\d\d[-/ ]*[wu]|\d+\.?$"
)
_SPREADSHEET_BEGINS = date(1899, 12, 30)
_YEAR, _HOLIDAYS = 52, 8
_MONTHS, _FEWEST_DAYS = 12, 4

HOW_A_DATE, HOW_A_WEEK = "errors.lists.how_a_date", "errors.lists.how_a_week"


class Period(NamedTuple):
    """A day or week: its number, whether it is one of the unbroken count, and how it is known."""

    week: int
    is_counted_on: bool
    name: str


def day(text: str) -> date | None:
    """The day that a cell names, as written there, or None.

    >>> texts = ("31-12-2024", "31.12.24", "31/12 2024 kl. 18.30", "2024-12-31T23:30:00-05:00",
    ...     "tirsdag d. 31. december 2024", "Dec 31, 2024", "20241231", "45657,75")
    >>> {str(day(text)) for text in texts}
    {'2024-12-31'}
    >>> day("12/31/2024") is None
    True
    """
    line = _WEEKDAY.sub("", re.sub(r"\(.*?\)", "", clean(text)).strip())
    line = _TIME.sub("", line).rstrip("., ")
    if found := _YEAR_FIRST.fullmatch(line):
        year, number, of_month = (int(part) for part in found.groups() if part)
    elif found := _DAY_FIRST.fullmatch(line):
        of_month, number, year = map(int, found.groups())
    elif found := _NAMED.fullmatch(line):
        of_month, number, year = int(found[1]), month(found[2]) or 0, int(found[3])
    elif found := _NAME_FIRST.fullmatch(line):
        of_month, number, year = int(found[2]), month(found[1]) or 0, int(found[3])
    elif found := _NUMBER.fullmatch(line):
        return _SPREADSHEET_BEGINS + timedelta(days=int(found[1]))
    else:
        return None
    try:
        return date(year + 2000 if year < 100 else year, number, of_month)
    except ValueError:
        return None


def month_stands_first(texts: Iterable[str]) -> bool:
    """Whether days such as 1/9/2024 seem to be written month first, as in America: then all of them
    are the same day of the week, and read as day first they are not.

    >>> month_stands_first(["1/2/2024", "1/9/2024", "2/6/2024", "3/5/2024"])
    True
    >>> month_stands_first(["2/1/2024", "9/1/2024", "6/2/2024", "5/3/2024"])
    False
    """
    found = {text: re.match(r"(\d\d?)/(\d\d?)/(\d{4})\b", clean(text)) for text in set(texts)}
    parts = [tuple(map(int, each.groups())) for each in found.values() if each]
    if len(parts) < max(_FEWEST_DAYS, len(found)) or max(max(each[:2]) for each in parts) > _MONTHS:
        return False
    as_written = {date(year, month_, day_).weekday() for day_, month_, year in parts}
    turned_round = {date(year, month_, day_).weekday() for month_, day_, year in parts}
    return len(turned_round) == 1 < len(as_written)


def lacks_year(text: str) -> bool:
    """Whether a day is named without its year.

    >>> lacks_year("20/8"), lacks_year("ti 20. aug"), lacks_year("20/8 2024"), lacks_year("7")
    (True, True, False, False)
    """
    found = _NO_YEAR.fullmatch(_WEEKDAY.sub("", re.sub(r"\(.*?\)", "", clean(text)).strip()))
    return bool(found and (found[1] is None or month(found[1])))


def week_of(when: date) -> int:
    """The number of a day's week, Monday to Sunday, in an unbroken count.

    >>> week_of(date(2025, 1, 1)) - week_of(date(2024, 12, 30))
    0
    """
    return (when.toordinal() - 1) // 7


def week(text: str, year: str = "") -> tuple[int, bool] | None:
    """The week that a cell names: a number, and whether it is one of the unbroken count; or None.

    >>> week("uge 7 (tur)"), week("7", "2024") == week("2024-W07"), week("uge 60 2024"), week("maj")
    ((7, False), True, None, None)
    """
    line = re.sub(r"\(.*?\)", "", clean(text).lower()).strip(" .")
    if found := _WEEK_OF_YEAR.fullmatch(line):
        return _of_year(int(found[1]), int(found[2]))
    found = _WEEK.fullmatch(re.sub(r"^(\d+)[.,]0+$", r"\1", line))
    if found is None:
        return None
    if named := found[2] or re.sub(r"[.,]0+$|\D", "", year):
        return _of_year(int(named), int(found[1]))
    return (int(found[1]), False) if 0 <= int(found[1]) <= 520 else None


def _of_year(year: int, number: int) -> tuple[int, bool] | None:
    try:
        return week_of(date.fromisocalendar(year, number, 1)), True
    except ValueError:
        return None


def period(text: str) -> Period | None:
    """The day or week that a heading names, or None."""
    if when := day(text):
        return Period(week_of(when), True, when.isoformat())
    found = week(text) if text.strip() else None
    return Period(*found, str(found[0])) if found else None


def looks_like_period(text: str) -> bool:
    """Whether a heading looks like a day or week, understood or not.

    >>> looks_like_period("Uge 38 tur"), looks_like_period("20. aug"), looks_like_period("Alder")
    (True, True, False)
    """
    line = _WEEKDAY.sub("", clean(text).lower())
    return bool(_PERIOD.match(line)) or lacks_year(line) or day(line) is not None


def unbroken(numbers: list[int]) -> list[int]:
    """Count weeks on over New Year: weeks of two calendar years become one count if they lie so.

    Weeks without a year that hold the last and the first of a year, with a gap in between, begin
    after the gap.

    >>> unbroken([50, 51, 52, 1, 2]), unbroken([1, 2, 3]), unbroken([30, 60])
    ([50, 51, 52, 53, 54], [1, 2, 3], [30, 60])
    """
    held = sorted(set(numbers))
    if not held or held[-1] > 53 or held[-1] < 50 or held[0] > 4:
        return numbers
    gap, begins = max(
        (later - earlier, later) for earlier, later in zip(held, held[1:], strict=False)
    )
    if gap <= 4:
        return numbers
    year = 53 if held[-1] == 53 else _YEAR
    return [number if number >= begins else number + year for number in numbers]


def in_order(numbers: Sequence[int]) -> list[int]:
    """Weeks that stand in the order of time, counted on over New Year.

    >>> in_order([51, 52, 1, 2]), in_order([2, 1, 52]), in_order([36, 38, 37])
    ([51, 52, 53, 54], [54, 53, 52], [36, 38, 37])
    """
    steps = [b - a for a, b in zip(numbers, numbers[1:], strict=False)]
    if sum(step for step in steps if abs(step) <= _HOLIDAYS) < 0:
        return in_order(numbers[::-1])[::-1]
    if not numbers or max(numbers) > 53:
        return list(numbers)
    found, before = [], 0
    year = 53 if 53 in numbers else _YEAR
    for place, number in enumerate(numbers):
        before += year if place and numbers[place - 1] - number > _HOLIDAYS else 0
        found.append(number + before)
    return found


def turns_back(numbers: Sequence[int]) -> bool:
    """Whether weeks in the order of a list begin again: they are weeks of more than one year.

    >>> turns_back([36, 52, 1, 40]), turns_back([5, 6, 7]), turns_back([7, 6, 5])
    (True, False, False)
    """
    steps = [b - a for a, b in zip(numbers, numbers[1:], strict=False)]
    is_rising = sum(step > 0 for step in steps) >= sum(step < 0 for step in steps)
    return any(-step > _HOLIDAYS if is_rising else step > _HOLIDAYS for step in steps)


def in_another_year(weeks: Sequence[int]) -> int | None:
    """A week that lies a year away from the rest of them, or None; one number a day.

    >>> in_another_year([10, 62, 63, 64, 65, 66]), in_another_year([1, 2, 3, 12, 13]) is None
    (10, True)
    """
    held = sorted(weeks)
    few = max(2, len(held) // 10)
    for those, rest in [(held[:k], held[k:]) for k in range(1, few + 1)] + [
        (held[-k:], held[:-k]) for k in range(1, few + 1)
    ]:
        gap = (
            rest[0] - those[-1]
            if rest and those[-1] < rest[0]
            else those[0] - rest[-1]
            if rest
            else 0
        )
        shifts = (_YEAR, -_YEAR)
        if (
            len(rest) > len(those)
            and gap > _HOLIDAYS + 2
            and any(
                rest[0] - 1 <= number + shift <= rest[-1] + 1
                for number in those[:1]
                for shift in shifts
            )
        ):
            return those[0]
    return None
