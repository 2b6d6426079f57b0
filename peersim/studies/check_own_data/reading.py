"""A project's attendance list: one row a person and day, or one row a person and one column a week.

====================================  =========================================================
person (navn, deltager, borger, ...)  a name, number or code that tells people apart; not kept
date (dato) or week (uge)             31-12-2024, 2024-12-31, 31. december 2024; 7, uge 7 2024
present (fremmøde, mødt, til stede)   1, x, ja; 0, nej, afbud, empty. If missing, rows are visits
community, group (aktivitet, hold)    which meeting it was, if there are several on a day
role (rolle)                          deltager (or empty), frivillig or peer, ansat
start, stop, reason (årsag)           only whether they are kept is used
====================================  =========================================================

A CSV with any usual encoding and separator, or a spreadsheet. Titles above the headings, rows of
sums and columns with other headings are left out; reading stops where one of these looks as if it
mattered.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from peersim.kernel.catalogue import Sentence
from peersim.kernel.declaration import InvalidInput
from peersim.lists.cells import is_rounded, role, same_person, times_came, whole
from peersim.lists.cells import number as as_number
from peersim.lists.dates import (
    HOW_A_DATE,
    HOW_A_WEEK,
    Period,
    day,
    in_another_year,
    in_order,
    lacks_year,
    looks_like_period,
    month_stands_first,
    turns_back,
    unbroken,
    week,
    week_of,
)
from peersim.lists.table import FEWEST_PERIODS, Row, Table, read_table
from peersim.lists.words import clean, heading, is_total, meaning, month
from peersim.studies.check_own_data.attendance import FEWEST, Attendance

FEWEST_WEEKS = 4
MOST_WEEKS = 520
COLUMNS = (
    "person",
    "surname",
    "date",
    "week",
    "year",
    "present",
    "community",
    "group",
    "role",
    "start",
    "stop",
    "reason",
)
_KEPT = ("reason", "start", "stop")
_DAYS_OF_A_WEEK = 7


class Visit(NamedTuple):
    """One cell of the list that says whether somebody came."""

    row: int
    person: str
    when: Period
    place: tuple[str, str]  # which community and group it was
    times: int
    role: str


@dataclass(frozen=True)
class OwnList:
    """What a project's list holds.

    Attributes
    ----------
    attendance : Attendance
        Of the participants.
    supporters : int
        Supporters in the list, who are not compared.
    never_came : int
        Participants who are listed and never came.
    meetings_a_week : float
        Days (or weeks) with a meeting, for each week of the list.
    has_days, has_groups : bool
        Whether days are given, and not only weeks; whether it says which group met.
    recorded : frozenset of str
        What else is written down: some of ``absences``, ``role``, ``reason``, ``start``, ``stop``.
    fingerprint : str
        SHA-256 of the file.
    notes : tuple of Sentence
        What was done with what was not clear.
    first_visits : int
        Weeks between the earliest first visit and the latest, and one.
    """

    attendance: Attendance
    supporters: int
    never_came: int
    meetings_a_week: float
    has_days: bool
    has_groups: bool
    recorded: frozenset[str]
    fingerprint: str
    notes: tuple[Sentence, ...] = ()
    first_visits: int = 1


# -- rows that are no people ---------------------------------------------------------------------


def _people_only(table: Table) -> list[Sentence]:
    """Leave out rows of sums and remarks, and note it; stop at what looks like either."""
    sums = [row.number for row in table.rows if is_total(table.cell(row, "person"))]
    sums += _unnamed_sums(table, sums)
    remarks = [row.number for row in table.rows if _is_remark(table, row)]
    table.rows = [row for row in table.rows if row.number not in {*sums, *remarks}]
    for row in table.rows:
        if heading(table.cell(row, "person"), ("person",)) and not day(table.cell(row, "date")):
            raise table.wrong("errors.lists.second_headings", row.number)
        if _is_title(table, row):
            raise table.wrong("errors.lists.title_of_rows", row.number)
    rows = ", ".join(map(str, sorted(sums)))
    return [Sentence("notes.sums", {"n": len(sums), "rows": rows})] * bool(sums)


def _is_title(table: Table, row: Row) -> bool:
    """Whether a role or a group stands where a person should: a title of the rows below."""
    text = table.person(row)
    is_alone = sum(bool(cell.strip()) for cell in row.cells) == 1
    first = clean(text).partition(" ")[0]
    is_group = is_alone and bool(heading(first, ("group", "community")))
    return is_group or (bool(clean(text)) and meaning("role", text) is not None)


def _is_remark(table: Table, row: Row) -> bool:
    """Whether there is nothing in a row but an explanation in the column of persons."""
    text = table.cell(row, "person")
    if re.match(r"(udskrevet|udskrift|eksporteret|printed|exported)\b", text, re.I):
        return True
    is_alone = sum(bool(cell.strip()) for cell in row.cells) == 1
    return is_alone and bool(
        re.match(r"\W*(note|noter|obs|bemærk|kilde|forklaring)\b|.*=|\*", text, re.I)
    )


def _unnamed_sums(table: Table, named: Sequence[int]) -> list[int]:
    """Rows that equal the sums of the columns above them or of all others."""
    counts = {
        row.number: np.array([_counted(table.at(row, place)) for place in table.periods])
        for row in table.rows
        if row.number not in named
    }
    above: Any = 0
    whole_list, found = sum(counts.values()), []
    for number, numbers in counts.items():
        if np.sum(numbers > 1) and np.any(
            [(numbers == those).all() for those in (above, whole_list - numbers)]
        ):
            found.append(number)
            above = 0
        else:
            above = above + numbers
    large = [
        number for number, numbers in counts.items() if np.sum(numbers > 1) >= FEWEST_PERIODS - 1
    ]
    if (
        len(large) == 1
        and not found
        and len(counts) > FEWEST
        and not any(
            (numbers > 1).any() for number, numbers in counts.items() if number not in large
        )
    ):
        raise table.wrong("errors.lists.looks_like_sums", large[0])
    return found


def _counted(text: str) -> int:
    return times_came(text) or whole(text) or 0


# -- one row a person and day --------------------------------------------------------------------


def _when(table: Table, row: Row) -> Period:
    if text := table.cell(row, "date"):
        if found := day(text):
            return Period(week_of(found), True, found.isoformat())
        allowed = "errors.lists.day_without_year" if lacks_year(text) else HOW_A_DATE
        raise table.complaint(row, "date", allowed)
    if text := table.cell(row, "week"):
        if numbered := week(text, table.cell(row, "year")):
            return Period(*numbered, str(numbered[0]))
        raise table.complaint(row, "week", HOW_A_WEEK)
    name = "date" if "date" in table.columns else "week"
    raise table.complaint(row, name, HOW_A_DATE if name == "date" else HOW_A_WEEK)


def _person(table: Table, row: Row) -> tuple[str, str]:
    """Who it is, and in which role."""
    text = table.person(row)
    if not clean(text):
        allowed = "errors.lists.person" if table.periods else "errors.lists.person_in_each_row"
        raise table.complaint(row, "person", allowed)
    if is_rounded(text):
        raise table.complaint(row, "person", "errors.lists.rounded", shows=False)
    if (kind := role(table.cell(row, "role"))) is None:
        raise table.complaint(row, "role", "errors.lists.role")
    return same_person(text), "supporter" if kind == "asked" else kind


def _times(table: Table, row: Row, column: int | str) -> int:
    text = table.at(row, column) if isinstance(column, int) else table.cell(row, column)
    if (times := times_came(text)) is None:
        raise table.complaint(row, column, "errors.lists.came_or_not")
    return times


def _place(table: Table, row: Row) -> tuple[str, str]:
    return clean(table.cell(row, "community")).casefold(), clean(
        table.cell(row, "group")
    ).casefold()


def _long(table: Table) -> Iterator[Visit]:
    for row in table.rows:
        has_day = table.cell(row, "date") or table.cell(row, "week")
        if not has_day and (table.cell(row, "reason") or table.cell(row, "stop")):
            continue  # a row that only says that somebody has stopped
        person, kind = _person(table, row)
        when = _when(table, row)
        times = _times(table, row, "present") if "present" in table.columns else 1
        yield Visit(row.number, person, when, _place(table, row), times, kind)


def _refuse_numbered_rows(table: Table, visits: Sequence[Visit]) -> None:
    """Stop where everybody has one row: the column counts rows, or there is nothing to compare."""
    people = {visit.person for visit in visits}
    if len(people) == len(visits) >= FEWEST:
        column = table.named(table.columns["person"])
        raise table.wrong("errors.lists.counts_rows", people=len(people), column=column)


# -- one column a week or day --------------------------------------------------------------------


def _wide(table: Table) -> Iterator[Visit]:
    seen: dict[tuple[str, tuple[str, str]], Row] = {}
    for row in table.rows:
        person, kind = _person(table, row)
        before = seen.setdefault((person, _place(table, row)), row)
        if before is not row:
            raise table.wrong("errors.lists.person_twice", row.number, before=before.number)
        for place, when in table.periods.items():
            times = _times(table, row, place)
            yield Visit(row.number, person, when, _place(table, row), times, kind)


def _check_periods(table: Table) -> None:
    """Stop at headings that could be days or weeks and cannot be read as such with certainty."""
    for place, text in enumerate(table.headings):
        if place not in table.columns.values() and lacks_year(text):
            raise table.wrong("errors.lists.heading_without_year", column=table.named(place))
    if len(table.periods) < FEWEST_PERIODS:
        raise table.wrong("errors.lists.no_when")
    _refuse_twice(table)
    bare = [
        int(t)
        for k in table.periods
        if (t := table.headings[k].strip(" .")).isdecimal() and len(t) < 3
    ]
    are_days = bare and int(np.median(np.diff(bare) if len(bare) > 1 else 1)) == _DAYS_OF_A_WEEK
    under_months = bare and any(
        month(word) for text in table.titles for word in re.findall(r"[^\W\d_]+", text)
    )
    if are_days or under_months:
        raise table.wrong("errors.lists.days_or_weeks", heading=bare[0])


def _refuse_twice(table: Table) -> None:
    """Stop at two columns with one heading, and where months seem to stand before days."""
    texts = [clean(table.headings[place]).lower() for place in table.periods]
    days = [when.name for when in table.periods.values() if when.is_counted_on and day(when.name)]
    before = ""
    for place, text, when in zip(table.periods, texts, table.periods.values(), strict=True):
        if text == before or days.count(when.name) > 1:  # weeks of two years may stand in order
            raise table.wrong("errors.lists.period_twice", column=table.named(place))
        before = text
    if month_stands_first(texts):
        raise table.wrong("errors.lists.month_first")


# -- what is left over ---------------------------------------------------------------------------


def _is_noted(table: Table, place: int) -> bool:
    """Whether an unused column is noted; stop if it looks like a day, a week or who came."""
    values = {clean(text): None for row in table.rows if (text := table.at(row, place))}
    named = table.named(place)
    if looks_like_period(table.headings[place]):
        raise table.wrong("errors.lists.period_not_read", column=named)
    is_sum = is_total(table.headings[place]) or _are_sums(table, place)
    if "present" not in table.columns:
        if not is_sum and all(meaning("presence", text) for text in values):
            raise table.wrong("errors.lists.presence_not_read", column=named)
        if not table.periods and _says_absent(values):
            raise table.wrong("errors.lists.absence_not_read", column=named)
    return not is_sum


def _says_absent(values: Iterable[str]) -> bool:
    """Whether some rows seem to be about people who did not come: a word says so, or a number of
    hours or visits that is 0.
    """
    numbers = [as_number(text) for text in values]
    if numbers and None not in numbers:
        return 0.0 in numbers and len(numbers) > 1
    return any(
        meaning("presence", text) == "stayed_away" for text in values if any(map(str.isalpha, text))
    )


def _are_sums(table: Table, place: int) -> bool:
    return bool(table.periods) and all(
        whole(table.at(row, place) or "0") == sum(_counted(table.at(row, k)) for k in table.periods)
        for row in table.rows
    )


def _same_codes(table: Table, visits: Sequence[Visit]) -> list[Sentence]:
    """Note codes that are written in more than one way; stop if two of them were at one meeting."""
    forms: dict[str, set[str]] = defaultdict(set)
    met: dict[tuple[Any, ...], str] = {}
    written = {row.number: " ".join(table.person(row).split()).casefold() for row in table.rows}
    for visit in visits:
        forms[visit.person].add(written[visit.row])
        at = (visit.person, visit.when.name, visit.place)
        if met.setdefault(at, written[visit.row]) != written[visit.row]:
            raise table.wrong("errors.lists.same_meeting", visit.row)
    several = sum(len(each) > 1 for each in forms.values())
    return [Sentence("notes.codes", {"n": several})] if several else []


# -- from visits to a list -----------------------------------------------------------------------


def _visits(table: Table) -> list[Visit]:
    if "date" in table.columns or "week" in table.columns:
        table.periods = {}
        visits = list(_long(table))
        if month_stands_first(filter(None, (table.cell(row, "date") for row in table.rows))):
            raise table.wrong("errors.lists.month_first")
        _refuse_numbered_rows(table, visits)
        return _counted_on(table, visits)
    _check_periods(table)
    if len({table.cell(row, "year") for row in table.rows}) > 1:
        raise table.wrong("errors.lists.several_years")
    table.columns.pop("present", None)  # who came stands below the days
    if not any(when.is_counted_on for when in table.periods.values()):
        weeks = in_order([when.week for when in table.periods.values()])
        table.periods = {
            place: when._replace(week=number, name=str(number))
            for (place, when), number in zip(table.periods.items(), weeks, strict=True)
        }
    return _counted_on(table, list(_wide(table)))


def _counted_on(table: Table, visits: list[Visit]) -> list[Visit]:
    """Weeks in one unbroken count, from 0."""
    if not visits:
        raise table.wrong("errors.lists.no_rows")
    odd = [visit for visit in visits if not visit.when.is_counted_on]
    if odd and len(odd) < len(visits):
        raise table.wrong("errors.lists.week_without_year", odd[0].row)
    numbers = [visit.when.week for visit in visits]
    if odd and not table.periods:
        numbers = unbroken(numbers)
        _refuse_two_years(table, visits, numbers)
    _refuse_far(table, visits, numbers)
    first = min(numbers)
    return [
        visit._replace(when=visit.when._replace(week=number - first))
        for number, visit in zip(numbers, visits, strict=True)
    ]


def _refuse_two_years(table: Table, visits: Sequence[Visit], numbers: Sequence[int]) -> None:
    """Stop where weeks without a year begin again."""
    courses: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for visit, number in zip(visits, numbers, strict=True):
        courses[visit.person, visit.place].append(number)
    if any(map(turns_back, courses.values())):
        raise table.wrong("errors.lists.two_years")


def _refuse_far(table: Table, visits: Sequence[Visit], numbers: Sequence[int]) -> None:
    """Stop at a day that lies in another year than it should."""
    lone = in_another_year(
        list({v.when.name: n for v, n in zip(visits, numbers, strict=True)}.values())
    )
    if lone is None and max(numbers) - min(numbers) < MOST_WEEKS:
        return
    middle = int(np.median(numbers))
    far = max(numbers, key=lambda number: abs(number - middle)) if lone is None else lone
    weeks = min(abs(far - number) for number in numbers if number != far)
    odd = visits[numbers.index(far)]
    raise table.wrong("errors.lists.far", odd.row, name=odd.when.name, weeks=weeks)


def _counts(
    visits: Sequence[Visit], has_days: bool
) -> tuple[dict[str, dict[int, int]], dict[tuple[Any, ...], set[str]], int]:
    """Visits by person and week, people by meeting, and how many visits were written down twice."""
    count: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    present: dict[tuple[Any, ...], set[str]] = defaultdict(set)
    twice = 0
    for visit in visits:
        count[visit.person]  # noqa: B018 (somebody listed who may never have come)
        if not visit.times:
            continue
        meeting = (visit.when.name, *visit.place)
        if has_days and visit.person in present[meeting]:
            twice += 1
            continue
        present[meeting].add(visit.person)
        count[visit.person][visit.when.week] += visit.times
    return count, present, twice


def _several_a_week(visits: Sequence[Visit]) -> int:
    """How many rows come on top of another of the same person in the same week."""
    came = [(visit.person, visit.when.week, visit.place) for visit in visits if visit.times]
    return len(came) - len(set(came))


def _recorded(table: Table, visits: Sequence[Visit]) -> frozenset[str]:
    filled = {name for name in _KEPT if any(table.cell(row, name) for row in table.rows)}
    filled |= {"absences"} if any(not visit.times for visit in visits) else set()
    filled |= {"role"} if any(visit.role == "supporter" for visit in visits) else set()
    return frozenset(filled)


def read_attendance(file: str) -> OwnList:
    """Read and check a project's attendance list.

    Parameters
    ----------
    file : str

    Raises
    ------
    InvalidInput
        Naming row (as a spreadsheet numbers it), column, value and what is allowed.
    """
    table = read_table(file, COLUMNS, "person", "errors.lists.needs_person", with_periods=True)
    notes = _people_only(table)
    visits = _visits(table)
    matters = [name for name in COLUMNS if name not in _KEPT]
    if table.periods:
        matters = ["role", "group", "community"]
    notes += table.left_over(matters, lambda place: _is_noted(table, place))
    notes += _same_codes(table, visits)
    has_days = "date" in table.columns or any(day(table.headings[k]) for k in table.periods)
    count, present, twice = _counts(
        [visit for visit in visits if visit.role == "recipient"], has_days
    )
    if not has_days and not table.periods and (n := _several_a_week(visits)):
        notes.append(Sentence("notes.several_a_week", {"n": n}))
    if twice:
        notes.append(Sentence("notes.twice", {"n": twice}))
    weeks = max((visit.when.week for visit in visits), default=0) + 1
    came = [person for person in count if any(count[person].values())]
    counted = np.zeros((len(came), weeks), np.int64)
    for each, person in zip(counted, came, strict=True):
        for number, times in count[person].items():
            each[number] = times
    _refuse_too_little(file, len(came), weeks)
    begins = int(np.flatnonzero(counted.any(axis=0))[0])
    counted = counted[:, begins:]
    first = (counted > 0).argmax(axis=1)
    return OwnList(
        attendance=Attendance(
            counted, np.array([len(those) for those in present.values()], np.int64)
        ),
        has_groups="group" in table.columns,
        supporters=len({visit.person for visit in visits if visit.role == "supporter"}),
        never_came=len(count) - len(came),
        meetings_a_week=len({meeting[0] for meeting in present}) / counted.shape[1],
        has_days=has_days,
        recorded=_recorded(table, visits),
        fingerprint=table.fingerprint,
        notes=tuple(notes),
        first_visits=int(first.max() - first.min()) + 1,
    )


def _refuse_too_little(file: str, people: int, weeks: int) -> None:
    if people < FEWEST:
        raise InvalidInput(
            "check_own_data.errors.few_people", file=file, people=people, least=FEWEST
        )
    if weeks < FEWEST_WEEKS:
        raise InvalidInput(
            "check_own_data.errors.few_weeks", file=file, weeks=weeks, least=FEWEST_WEEKS
        )
