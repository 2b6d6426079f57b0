"""An attendance list as numbers: who came how often in which week, and how many sat together."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

MISSED_PERIODS = 3
"""Periods missed in a row that make a break."""

THIN = 4
"""With fewer than this many present a meeting is thin."""

FEWEST = 5
"""A share is taken of at least so many people."""


@dataclass(frozen=True)
class Attendance:
    """Who came: of a project, or of one run of the model.

    Attributes
    ----------
    count : int array, people x weeks
        How often each person who ever came did so in each week; week 0 is the first in which
        anybody came.
    sizes : int array
        How many of them were present at each meeting in a circle or common room; empty where people
        meet in pairs.
    """

    count: np.ndarray
    sizes: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))

    @property
    def people(self) -> int:
        """Number of people who ever came."""
        return len(self.count)

    @property
    def weeks(self) -> int:
        """Number of weeks from the first in the list to the last."""
        return int(self.count.shape[1])


def listed(count: np.ndarray, sizes: np.ndarray, weeks: int) -> Attendance:
    """Keep who ever came within so many weeks from the first in which anybody did.

    Parameters
    ----------
    count : int array, people x weeks
    sizes : int array, meetings x 2
        Week of each meeting and number present.
    weeks : int
    """
    busy = np.flatnonzero(count.any(axis=0))
    first = int(busy[0]) if len(busy) else 0
    window = count[:, first : first + weeks]
    window = np.pad(window, ((0, 0), (0, weeks - window.shape[1])))
    inside = (sizes[:, 0] >= first) & (sizes[:, 0] < first + weeks)
    return Attendance(window[window.any(axis=1)], sizes[inside, 1])


class Rhythm(NamedTuple):
    """How time is cut.

    Attributes
    ----------
    period : int
        Weeks in which somebody who takes part is expected at least once.
    gone : int
        Weeks without a visit until the end of the list after which somebody has stopped.
    weeks : int
        Weeks since a person's first visit that are looked at.
    """

    period: int
    gone: int
    weeks: int

    @property
    def periods(self) -> int:
        """Whole periods in the weeks that are looked at."""
        return max(1, self.weeks // self.period)


def rhythm_of(weeks_between: float, weeks: int) -> Rhythm:
    """Cut time for meetings so many weeks apart, in a list of so many weeks.

    >>> rhythm_of(1.0, 30), rhythm_of(2.0, 30).gone
    (Rhythm(period=1, gone=4, weeks=30), 6)
    """
    period = max(1, math.ceil(weeks_between))
    return Rhythm(period, max(4, 3 * period), min(52, weeks))


class Since(NamedTuple):
    """A list told from each person's first visit on.

    Attributes
    ----------
    came : bool array, people x periods
    is_known : bool array, people x periods
        Whether the whole period lies within the list.
    last : int array
        Weeks from the first visit to the last.
    followed : int array
        Weeks from the first visit to the end of the list.
    """

    came: np.ndarray
    is_known: np.ndarray
    last: np.ndarray
    followed: np.ndarray


def since_start(attendance: Attendance, rhythm: Rhythm) -> Since:
    """Tell a list from each person's first visit on."""
    there = attendance.count > 0
    weeks = attendance.weeks
    first = there.argmax(axis=1) if attendance.people else np.zeros(0, int)
    last = weeks - 1 - there[:, ::-1].argmax(axis=1) if attendance.people else np.zeros(0, int)
    n, width = rhythm.periods, rhythm.periods * rhythm.period
    columns = first[:, None] + np.arange(width)
    shifted = np.where(
        columns < weeks, np.take_along_axis(there, np.minimum(columns, weeks - 1), axis=1), False
    )
    came = shifted.reshape(len(first), n, rhythm.period).any(axis=2)
    ends = first[:, None] + (np.arange(n) + 1) * rhythm.period
    return Since(came, ends <= weeks, last - first, weeks - 1 - first)


def _share(part: np.ndarray, whole: np.ndarray) -> float:
    n = int(whole.sum())
    return float((part & whole).sum()) / n if n >= FEWEST else math.nan


def coming_by_period(since: Since) -> np.ndarray:
    """Share who came at least once in each period since their first visit, of those followed so
    long.
    """
    n = since.is_known.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = (since.came & since.is_known).sum(axis=0) / n
    return np.where(n >= FEWEST, shares, np.nan)


def still_coming(since: Since, rhythm: Rhythm) -> np.ndarray:
    """Share who came in a week or later, by week since the first visit.

    Of those alone who were followed for `rhythm.gone` weeks beyond: somebody who was last seen
    shortly before the end of the list may come again.
    """
    found = np.full(rhythm.weeks, np.nan)
    for week in range(rhythm.weeks):
        found[week] = _share(since.last >= week, since.followed >= week + rhythm.gone)
    return found


def came_back_later(since: Since) -> np.ndarray:
    """Say of each person whether they came again after a break of at least `MISSED_PERIODS`
    periods.
    """
    found = np.zeros(len(since.came), bool)
    for k, came in enumerate(since.came):
        gaps = np.diff(np.flatnonzero(came)) - 1
        found[k] = bool((gaps >= MISSED_PERIODS).any())
    return found


def _between(since: Since, rhythm: Rhythm, first: int, last: int) -> float:
    """Share of periods attended from week `first` to week `last` since the first visit."""
    columns = np.arange(rhythm.periods) * rhythm.period
    chosen = (columns >= first) & (columns <= last)
    known = since.is_known[:, chosen]
    n = int(known.sum())
    return float((since.came[:, chosen] & known).sum()) / n if n >= FEWEST else math.nan


def _at(curve: np.ndarray, week: int) -> float:
    return float(curve[week]) if week < len(curve) else math.nan


def _missed_between(since: Since) -> float:
    """Share of periods missed between a person's first visit and their last."""
    missed, all_ = 0, 0
    for came, is_known in zip(since.came, since.is_known, strict=True):
        at = np.flatnonzero(came & is_known)
        missed += int(at[-1] - at[0] + 1 - len(at)) if len(at) else 0
        all_ += int(at[-1] - at[0]) if len(at) else 0
    return missed / all_ if all_ >= FEWEST else math.nan


def _of_the_busiest(visits: np.ndarray) -> float:
    ordered = np.sort(visits)[::-1]
    return (
        float(ordered[: max(1, round(0.2 * len(ordered)))].sum() / ordered.sum())
        if len(ordered)
        else math.nan
    )


def statistics(attendance: Attendance, rhythm: Rhythm) -> dict[str, float]:
    """Give the single numbers that are compared; NaN where too few people stand behind one.

    Returns
    -------
    dict of str to float
        By the names in `peersim.records.checks.CHECKS`.
    """
    since = since_start(attendance, rhythm)
    visits = attendance.count.sum(axis=1)
    survival = still_coming(since, rhythm)
    sizes = attendance.sizes
    return {
        "came_back": 1.0 - _share(visits == 1, since.followed >= rhythm.gone),
        "early": _between(since, rhythm, rhythm.period, 4),
        "later": _between(since, rhythm, 5, 12),
        "still_4": _at(survival, 4),
        "still_12": _at(survival, 12),
        "still_26": _at(survival, 26),
        "missed": _missed_between(since),
        "returned": _share(came_back_later(since), since.followed >= 2 * rhythm.gone),
        "visits": float(visits.mean()) if len(visits) else math.nan,
        "busiest": _of_the_busiest(visits),
        "size": float(sizes.mean()) if len(sizes) >= FEWEST else math.nan,
        "thin": float((sizes < THIN).mean()) if len(sizes) >= FEWEST else math.nan,
    }


def by_week(attendance: Attendance) -> Attendance:
    """The same list, with how many came in each week as sizes: where it does not say which group
    met.
    """
    present = (attendance.count > 0).sum(axis=0)
    return Attendance(attendance.count, present[present > 0])


def _at_least(values: np.ndarray, most: int) -> np.ndarray:
    """Share of values that reach 1, 2, ... `most`."""
    if not len(values):
        return np.full(most, np.nan)
    return (values[:, None] >= np.arange(1, most + 1)).mean(axis=0)


def curves(
    attendance: Attendance, rhythm: Rhythm, most: Mapping[str, int]
) -> dict[str, np.ndarray]:
    """Give the curves that are drawn: by period or week since the first visit, by number of visits,
    by size.

    Parameters
    ----------
    attendance : Attendance
    rhythm : Rhythm
    most : mapping
        How far the curves of ``visits`` and ``size`` reach.
    """
    since = since_start(attendance, rhythm)
    return {
        "coming": coming_by_period(since),
        "still": still_coming(since, rhythm),
        "visits": _at_least(attendance.count.sum(axis=1), most["visits"]),
        "size": _at_least(attendance.sizes, most["size"]),
    }


def reach(attendance: Attendance) -> dict[str, Any]:
    """How far the curves over visits and sizes need to reach for one list."""
    visits = attendance.count.sum(axis=1)
    return {
        "visits": int(visits.max()) if len(visits) else 1,
        "size": int(attendance.sizes.max()) if len(attendance.sizes) else 1,
    }
