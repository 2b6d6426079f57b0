"""Days and weeks as people write them: 31-12-2024, 31/12 2024, 2024-12-31, a spreadsheet's number,
uge 7, 2024-W07.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

_DAY_FIRST = re.compile(r"(\d{1,2})[-./ ]+(\d{1,2})[-./ ]+(\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})")
_TIME = re.compile(r"[ T]+(?:kl\.? *)?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\.\d+)?$")
_WEEK_OF_YEAR = re.compile(r"(\d{4})[-/ ]*[wu](?:ge|eek)?[ -]?(\d{1,2})")
_WEEK = re.compile(r"(?:uge|week|u|w)?[ ._-]*(\d{1,3})(?:[ ,/-]+((?:19|20)\d\d))?")
_SPREADSHEET_BEGINS = date(1899, 12, 30)

HOW_A_DATE = "write it as day-month-year, such as 31-12-2024, or as 2024-12-31"
HOW_A_WEEK = "write it as a number such as 7, or with its year, such as 2024-W07 or uge 7 2024"


def day(text: str) -> date | None:
    """The day that a cell names, or None.

    >>> day("31-12-2024") == day("31.12.24") == day("2024-12-31") == day("31/12 2024 kl. 18.30") == day("45657")
    True
    >>> day("12/31/2024") is None
    True
    """
    words = _TIME.sub("", text.strip().rstrip("."))
    if found := _YEAR_FIRST.fullmatch(words):
        year, month, number = map(int, found.groups())
    elif found := _DAY_FIRST.fullmatch(words):
        number, month, year = map(int, found.groups())
        year += 2000 if year < 100 else 0
    elif re.fullmatch(r"[3-6]\d{4}(?:[.,]0+)?", words):
        return _SPREADSHEET_BEGINS + timedelta(days=int(words[:5]))
    else:
        return None
    try:
        return date(year, month, number)
    except ValueError:
        return None


def week_of(when: date) -> int:
    """The number of a day's week, Monday to Sunday, in an unbroken count.

    >>> week_of(date(2025, 1, 1)) - week_of(date(2024, 12, 30))
    0
    """
    return (when.toordinal() - 1) // 7


def week(text: str, year: str = "") -> tuple[int, bool] | None:
    """The week that a cell names: a number, and whether it is one of the unbroken count; or None.

    >>> week("uge 7"), week("7", "2024") == week("2024-W07"), week("uge 60 2024"), week("maj")
    ((7, False), True, None, None)
    """
    words = text.strip().lower().rstrip(".")
    if found := _WEEK_OF_YEAR.fullmatch(words):
        return _of_year(int(found[1]), int(found[2]))
    found = _WEEK.fullmatch(words)
    if found is None:
        return None
    if named := found[2] or re.sub(r"\D", "", year):
        return _of_year(int(named), int(found[1]))
    return (int(found[1]), False) if 0 <= int(found[1]) <= 520 else None


def _of_year(year: int, number: int) -> tuple[int, bool] | None:
    try:
        return week_of(date.fromisocalendar(year, number, 1)), True
    except ValueError:
        return None


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
    return [number if number >= begins else number + 52 for number in numbers]
