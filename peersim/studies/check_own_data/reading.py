"""A project's attendance list: one row a person and day, or one row a person and one column a week.

====================================  =========================================================
person (navn, deltager, borger, ...)  a name, number or code that tells people apart; not kept
date (dato) or week (uge)             31-12-2024, 2024-12-31; 7, uge 7 2024, 2024-W07
present (fremmøde, mødt, til stede)   1, x, ja; 0, nej, afbud, empty. If missing, rows are visits
community, group (aktivitet, hold)    which meeting it was, if there are several on a day
role (rolle)                          deltager (or empty), frivillig or peer, ansat
start, stop, reason (årsag)           only whether they are kept is used
====================================  =========================================================

Cells are parted by semicolons, commas or tabs. Columns with other headings are left alone.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from peersim.kernel.declaration import InvalidInput
from peersim.scenario.people_file import _read, _text
from peersim.studies.check_own_data.attendance import FEWEST, Attendance
from peersim.studies.check_own_data.dates import (
    HOW_A_DATE,
    HOW_A_WEEK,
    day,
    unbroken,
    week,
    week_of,
)
from peersim.studies.check_own_data.headings import (
    HEADINGS,
    TOTALS,
    heading,
    plain,
    role,
    times_came,
)

FEWEST_WEEKS = 4
MOST_WEEKS = 520
_TITLE_ROWS = 10
_KEPT = ("reason", "start", "stop")


class Visit(NamedTuple):
    """One cell of the list that says whether somebody came."""

    line: int
    person: str
    week: int
    is_counted_on: bool  # the week is one of the unbroken count
    meeting: tuple[str, ...]  # what tells meetings apart
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
    notes : tuple of str
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
    notes: tuple[str, ...] = ()
    first_visits: int = 1


@dataclass
class _Sheet:
    """The cells of a file, with the columns that are understood."""

    file: str
    heads: list[str]
    rows: list[tuple[int, list[str]]]  # line in the file, cells
    columns: Mapping[str, int] = field(default_factory=dict)

    def cell(self, cells: Sequence[str], name: str) -> str:
        place = self.columns.get(name, -1)
        return cells[place].strip() if 0 <= place < len(cells) else ""

    def complaint(self, line: int, column: int, value: str, allowed: str) -> InvalidInput:
        return InvalidInput(
            f"{self.file}, row {line}: {self.heads[column].strip()} is {value or 'empty'}; {allowed}."
        )


def _cells(file: str, content: bytes) -> list[list[str]]:
    text = _text(content)
    head = "\n".join(text.splitlines()[:_TITLE_ROWS])
    delimiter = max(";,\t", key=head.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise InvalidInput(f"{file} cannot be read as a CSV: {error}.") from None
    if not any(any(cell.strip() for cell in line) for line in lines):
        raise InvalidInput(
            f"{file} is empty; its first row must name the columns, such as person;date."
        )
    if "\x00" in text[:1000] or text[:2] == "PK":
        raise InvalidInput(
            f"{file} is not a CSV; save it from your spreadsheet as CSV (semicolon separated)."
        )
    return lines


def _sheet(file: str, content: bytes) -> _Sheet:
    lines = _cells(file, content)
    for number, line in enumerate(lines[:_TITLE_ROWS]):
        names = [heading(cell) for cell in line]
        if "person" in names:
            rows = [
                (k, cells)
                for k, cells in enumerate(lines[number + 1 :], number + 2)
                if any(map(str.strip, cells))
            ]
            sheet = _Sheet(file, line, rows, _columns(line, names))
            sheet.rows = [
                row
                for row in rows
                if sheet.cell(row[1], "person").casefold().rstrip(":") not in TOTALS
            ]
            return sheet
    first = next(line for line in lines if any(map(str.strip, line)))
    found = ", ".join(cell.strip() for cell in first[:6] if cell.strip())
    raise InvalidInput(
        f"{file} has no column for the person (its first row says {found}); call it person, navn, deltager or borger."
    )


def _columns(heads: Sequence[str], names: Sequence[str | None]) -> dict[str, int]:
    """Where each thing stands; of two columns for one thing, the one with the plainer heading."""
    found: dict[str, int] = {}
    for place, name in enumerate(names):
        if name is None:
            continue
        words = HEADINGS[name]
        if name not in found or words.index(plain(heads[place])) < words.index(
            plain(heads[found[name]])
        ):
            found[name] = place
    return found


# -- one row a person and day --------------------------------------------------------------------


def _when(sheet: _Sheet, line: int, cells: Sequence[str]) -> tuple[int, bool, str]:
    """Week, whether it is one of the unbroken count, and what tells the day apart."""
    if "date" in sheet.columns and (text := sheet.cell(cells, "date")):
        if found := day(text):
            return week_of(found), True, found.isoformat()
        raise sheet.complaint(line, sheet.columns["date"], text, HOW_A_DATE)
    if "week" in sheet.columns and (text := sheet.cell(cells, "week")):
        if numbered := week(text, sheet.cell(cells, "year")):
            return *numbered, str(numbered[0])
        raise sheet.complaint(line, sheet.columns["week"], text, HOW_A_WEEK)
    name = "date" if "date" in sheet.columns else "week"
    raise sheet.complaint(
        line, sheet.columns[name], "", HOW_A_DATE if name == "date" else HOW_A_WEEK
    )


def _person(sheet: _Sheet, line: int, cells: Sequence[str]) -> tuple[str, str]:
    """Who it is, and in which role."""
    person = " ".join(sheet.cell(cells, "person").split())
    if not person:
        raise sheet.complaint(
            line, sheet.columns["person"], "", "it must be a name, number or code"
        )
    text = sheet.cell(cells, "role")
    if (kind := role(text)) is None:
        allowed = "it can be deltager (participant), frivillig or peer (supporter), ansat (staff), or empty"
        raise sheet.complaint(line, sheet.columns["role"], text, allowed)
    return person.casefold(), kind


def _times(sheet: _Sheet, line: int, column: int, text: str) -> int:
    times = times_came(text)
    if times is None:
        raise sheet.complaint(
            line, column, text, "it can be 1, x or ja (came), 0, nej, afbud or empty (did not come)"
        )
    return times


def _long(sheet: _Sheet) -> Iterator[Visit]:
    for line, cells in sheet.rows:
        has_day = sheet.cell(cells, "date") or sheet.cell(cells, "week")
        if not has_day and (sheet.cell(cells, "reason") or sheet.cell(cells, "stop")):
            continue  # a row that only says that somebody has stopped
        person, kind = _person(sheet, line, cells)
        number, is_counted_on, when = _when(sheet, line, cells)
        times = 1
        if "present" in sheet.columns:
            times = _times(sheet, line, sheet.columns["present"], sheet.cell(cells, "present"))
        meeting = (
            when,
            sheet.cell(cells, "community").casefold(),
            sheet.cell(cells, "group").casefold(),
        )
        yield Visit(line, person, number, is_counted_on, meeting, times, kind)


# -- one column a week or day --------------------------------------------------------------------


def _crossed(sheet: _Sheet) -> dict[int, tuple[int, bool, str]]:
    """Columns headed by a week or a day: week, whether one of the unbroken count, and what tells
    the day apart.
    """
    found: dict[int, tuple[int, bool, str]] = {}
    for place, text in enumerate(sheet.heads):
        if place in sheet.columns.values():
            continue
        if when := day(text):
            found[place] = (week_of(when), True, when.isoformat())
        elif text.strip() and (numbered := week(text)):
            found[place] = (*numbered, str(numbered[0]))
    return found


def _wide(sheet: _Sheet, crossed: Mapping[int, tuple[int, bool, str]]) -> Iterator[Visit]:
    for line, cells in sheet.rows:
        person, kind = _person(sheet, line, cells)
        apart = (sheet.cell(cells, "community").casefold(), sheet.cell(cells, "group").casefold())
        for place, (number, is_counted_on, when) in crossed.items():
            text = cells[place].strip() if place < len(cells) else ""
            times = _times(sheet, line, place, text)
            yield Visit(line, person, number, is_counted_on, (when, *apart), times, kind)


# -- from visits to a list -----------------------------------------------------------------------


def _visits(sheet: _Sheet) -> tuple[list[Visit], bool]:
    """All visits, and whether days are given."""
    if "date" in sheet.columns or "week" in sheet.columns:
        visits = list(_long(sheet))
        return _counted_on(sheet, visits), "date" in sheet.columns
    crossed = _crossed(sheet)
    if len(crossed) < FEWEST_WEEKS:
        raise InvalidInput(
            f"{sheet.file} says who but not when: it needs a column date (dato) or week (uge), or one column for each "
            "week or day, headed by it."
        )
    has_days = any(day(sheet.heads[place]) for place in crossed)
    return _counted_on(sheet, list(_wide(sheet, crossed))), has_days


def _counted_on(sheet: _Sheet, visits: list[Visit]) -> list[Visit]:
    """Weeks in one unbroken count, from 0."""
    if not visits:
        raise InvalidInput(f"{sheet.file} has no rows below its headings.")
    if len({visit.is_counted_on for visit in visits}) == 2:
        odd = next(visit for visit in visits if not visit.is_counted_on)
        raise InvalidInput(
            f"{sheet.file}, row {odd.line}: the week has no year, while others have; write 2024-W07."
        )
    numbers = [visit.week for visit in visits]
    if not visits[0].is_counted_on:
        numbers = unbroken(numbers)
    middle = int(np.median(numbers))
    far = max(range(len(numbers)), key=lambda k: abs(numbers[k] - middle))
    if max(numbers) - min(numbers) >= MOST_WEEKS:
        raise InvalidInput(
            f"{sheet.file}, row {visits[far].line}: {visits[far].meeting[0]} lies {abs(numbers[far] - middle)} weeks "
            f"from most others; a list can span {MOST_WEEKS} weeks. Is the year right?"
        )
    first = min(number for number, visit in zip(numbers, visits, strict=True))
    return [
        visit._replace(week=number - first) for number, visit in zip(numbers, visits, strict=True)
    ]


def _counts(
    visits: Sequence[Visit], has_days: bool
) -> tuple[dict[str, dict[int, int]], dict[tuple, set[str]], int]:
    """Visits by person and week, people by meeting, and how many visits were written down twice."""
    count: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    present: dict[tuple, set[str]] = defaultdict(set)
    twice = 0
    for visit in visits:
        count[visit.person]  # noqa: B018 (somebody listed who may never have come)
        if not visit.times:
            continue
        if has_days and visit.person in present[visit.meeting]:
            twice += 1
            continue
        present[visit.meeting].add(visit.person)
        count[visit.person][visit.week] += visit.times
    return count, present, twice


def _recorded(sheet: _Sheet, visits: Sequence[Visit]) -> frozenset[str]:
    filled = {name for name in _KEPT if any(sheet.cell(cells, name) for _, cells in sheet.rows)}
    filled |= {"absences"} if any(not visit.times for visit in visits) else set()
    filled |= {"role"} if any(visit.role == "supporter" for visit in visits) else set()
    return frozenset(filled)


def _notes(sheet: _Sheet, twice: int, crossed: bool) -> list[str]:
    used = {*sheet.columns.values(), *(_crossed(sheet) if crossed else ())}
    others = [
        text.strip() for place, text in enumerate(sheet.heads) if place not in used and text.strip()
    ]
    notes = [f"Not used: {', '.join(others)}."] if others else []
    if twice:
        notes.append(f"{twice} visits stand in the list twice; each is counted once.")
    return notes


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
    content = _read(file)
    sheet = _sheet(file, content)
    visits, has_days = _visits(sheet)
    count, present, twice = _counts(
        [visit for visit in visits if visit.role == "recipient"], has_days
    )
    weeks = max((visit.week for visit in visits), default=0) + 1
    came = [person for person in count if any(count[person].values())]
    table = np.zeros((len(came), weeks), np.int64)
    for row, person in zip(table, came, strict=True):
        for number, times in count[person].items():
            row[number] = times
    _refuse_too_little(file, len(came), weeks)
    begins = int(np.flatnonzero(table.any(axis=0))[0])
    table = table[:, begins:]
    first = (table > 0).argmax(axis=1)
    attendance = Attendance(table, np.array([len(those) for those in present.values()], np.int64))
    return OwnList(
        attendance=attendance,
        has_groups="group" in sheet.columns,
        supporters=len({visit.person for visit in visits if visit.role == "supporter"}),
        never_came=len(count) - len(came),
        meetings_a_week=len({meeting[0] for meeting in present}) / table.shape[1],
        has_days=has_days,
        recorded=_recorded(sheet, visits),
        fingerprint=hashlib.sha256(content).hexdigest(),
        notes=tuple(
            _notes(sheet, twice, "date" not in sheet.columns and "week" not in sheet.columns)
        ),
        first_visits=int(first.max() - first.min()) + 1,
    )


def _refuse_too_little(file: str, people: int, weeks: int) -> None:
    if people < FEWEST:
        raise InvalidInput(
            f"{file} holds {people} participants who ever came; a comparison needs at least {FEWEST}."
        )
    if weeks < FEWEST_WEEKS:
        raise InvalidInput(
            f"{file} spans {weeks} weeks; a comparison needs at least {FEWEST_WEEKS}."
        )
