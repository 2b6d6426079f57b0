"""One trial, and many: run, measured, analysed, and held against the effect that a trial cannot
see.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from peersim.run.first_day import Blueprint
from peersim.run.standing import mean_of
from peersim.run.worlds import Progress, Worlds, in_threads
from peersim.scenario.scenario import Scenario
from peersim.studies.trial.analysis import Found, analyse
from peersim.studies.trial.cohort import Cohort, follow, peopled, prepare
from peersim.studies.trial.measurement import Errors, errors_of, measure, true_scores
from peersim.studies.trial.options import Protocol
from peersim.studies.trial.recruitment import Enrolled, enrol, is_lost


class Timetable(NamedTuple):
    """When a trial measures: weeks from a person's own enrolment, and how many weeks are arms for
    it.

    Attributes
    ----------
    end, follow_up : int
        `follow_up` is counted from enrolment too; 0: there is none.
    course : int
        Weeks of the course.
    weeks : int
        From the first enrolment to the last measurement.
    """

    end: int
    follow_up: int
    course: int
    weeks: int


@dataclass(frozen=True)
class Design:
    """What all trials of a study have in common."""

    scenario: Scenario
    protocol: Protocol
    sites: int
    timetable: Timetable


class Attendance(NamedTuple):
    """How the programme's arm took part, up to the end measurement.

    Attributes
    ----------
    started, completed : float
        Shares of those randomised to the programme.
    attended : float
        Meetings that those who began came to, mean.
    share : float
        Share of the meetings offered to them that they came to.
    wait : float
        Weeks from enrolment to taking part, median.
    units : int
        Circles, or supporters with anybody.
    """

    started: float
    completed: float
    attended: float
    share: float
    wait: float
    units: int


class Trial(NamedTuple):
    """One finished trial.

    Attributes
    ----------
    seed, set : int
        `set` is the number of the set of parameters; -1: as configured.
    adjusted, change : Found
        Primary and secondary analysis at the end.
    naive : Found
        The primary analysis as it would be if circles were ignored.
    later : Found or None
        Primary analysis at the follow-up.
    truth, truth_later : array
        What the programme did to those randomised to it, true scores, each compared with
        themselves: one number an outcome.
    gained, harmed : float
        Share of them whose true recovery score is a point or more above, below that without the
        programme.
    by_week : array
        True effect on the recovery score by weeks since enrolment.
    attendance : Attendance
    correlation : array
        Of the measurements at baseline and end within arms.
    """

    seed: int
    set: int
    adjusted: Found
    change: Found
    naive: Found
    later: Found | None
    truth: np.ndarray
    truth_later: np.ndarray | None
    gained: float
    harmed: float
    by_week: np.ndarray
    attendance: Attendance
    correlation: np.ndarray


class _Arms(NamedTuple):
    """Everybody in both arms, and the programme's arm once more without the programme."""

    people: Enrolled
    arm: Cohort  # the programme's arm, places in order
    alone: Cohort  # everybody, without any programme
    place: np.ndarray  # of each person of `arm` among `people`


class _Measured(NamedTuple):
    """What was measured at the start, and how it will be measured later."""

    start: np.ndarray
    seed: int
    errors: Errors
    protocol: Protocol


def _joined_up(parts: Sequence[Cohort]) -> Cohort:
    """Several places as one arm; units are told apart by place."""
    most = max(int(part.unit.max(initial=0)) for part in parts) + 1
    units = [np.where(part.unit < 0, -1, part.unit + k * most) for k, part in enumerate(parts)]
    merged = [
        np.concatenate(columns, axis=1 if columns[0].ndim > 1 else 0)
        for columns in zip(*parts, strict=True)
    ]
    return Cohort(*merged)._replace(unit=np.concatenate(units))


def _both_arms(plan: Blueprint, seed: int, people: Enrolled, sites: int) -> _Arms:
    """Run each place's programme for those randomised to it, and everybody once without any."""
    parts, rows = [], []
    for site in range(sites):
        here = np.flatnonzero(people.treated & (people.site == site))
        local = peopled(plan, people.ids[here], site, plan.scenario.population.all_supporters)
        parts.append(follow(local, seed, len(here)))
        rows.append(here)
    alone = follow(peopled(plan.alone, people.ids, 0, 0), seed, len(people.ids))
    return _Arms(people, _joined_up(parts), alone, np.concatenate(rows))


def _states_at(arms: _Arms, weeks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """States of everybody, each in their own week: in their own arm, and without any programme."""
    without = arms.alone.states[weeks, np.arange(len(weeks))]
    with_it = without.copy()
    with_it[arms.place] = arms.arm.states[weeks[arms.place], np.arange(len(arms.place))]
    return with_it, without


def _attendance(arms: _Arms, lag: int) -> Attendance:
    arm = arms.arm
    at = arm.invited - 1 + lag, np.arange(len(arm.invited))
    started = (arm.joined >= 0) & (arm.joined <= at[0])
    attended, offered = arm.attended[at][started], arm.offered[at][started]
    wait = (arm.joined - arm.invited)[started]
    return Attendance(
        float(started.mean()),
        float((arm.belongs[at] & started).mean()),
        mean_of(attended),
        float(attended.sum() / offered.sum()) if offered.sum() else np.nan,
        float(np.median(wait)) if len(wait) else np.nan,
        len(np.unique(arm.unit[arm.unit >= 0])),
    )


def conduct(plan: Blueprint, design: Design, seed: int, number: int = -1) -> Trial:
    """Conduct one trial.

    Parameters
    ----------
    plan : Blueprint
        For as many weeks as the trial takes.
    design : Design
    seed : int
        Another seed means other people and other draws.
    number : int
        Of the set of parameters, to be remembered.
    """
    people = enrol(seed, design.protocol, design.sites)
    arms = _both_arms(plan, seed, people, design.sites)
    errors = errors_of(plan.scenario.measurement, design.protocol.count_error)
    enrolled = arms.alone.invited - 1
    start = measure(_states_at(arms, enrolled)[0], seed, enrolled, people.ids, errors)
    measured = _Measured(start, seed, errors, design.protocol)
    found = [_found(arms, measured, enrolled + lag) for lag in _lags(design.timetable)]
    ((adjusted, change, naive), effect, correlation), *later = found
    return Trial(
        seed,
        number,
        adjusted,
        change,
        naive,
        later[0][0][0] if later else None,
        effect.mean(axis=0),
        later[0][1].mean(axis=0) if later else None,
        float((effect[:, 0] >= 1).mean()),
        float((effect[:, 0] <= -1).mean()),
        _by_week(arms, design.timetable),
        _attendance(arms, design.timetable.end),
        correlation,
    )


def _lags(timetable: Timetable) -> list[int]:
    return [timetable.end, timetable.follow_up] if timetable.follow_up else [timetable.end]


def _found(
    arms: _Arms, measured: _Measured, weeks: np.ndarray
) -> tuple[tuple[Found, Found, Found], np.ndarray, np.ndarray]:
    """All analyses of one measurement, the true effect on each treated person, and the correlation
    with the start.
    """
    people, n = arms.people, len(arms.people.ids)
    with_it, without = _states_at(arms, weeks)
    end = measure(with_it, measured.seed, weeks, people.ids, measured.errors)
    unit, gone = np.full(n, -1), np.zeros(n, bool)
    unit[arms.place] = arms.arm.unit
    gone[arms.place] = ~arms.arm.belongs[weeks[arms.place], np.arange(len(arms.place))]
    seen = ~is_lost(people, gone, measured.protocol)
    data = end[seen], measured.start[seen], people.treated[seen], unit[seen]
    effect = (true_scores(with_it) - true_scores(without))[people.treated]
    nobody = np.full(len(data[3]), -1)
    found = analyse(*data), analyse(*data, change=True), analyse(*data[:3], nobody)
    return found, effect, _correlation(*data[:3])


def _correlation(end: np.ndarray, start: np.ndarray, treated: np.ndarray) -> np.ndarray:
    end, start = end.copy(), start.copy()
    for arm in (treated, ~treated):
        end[arm] -= end[arm].mean(axis=0)
        start[arm] -= start[arm].mean(axis=0)
    spread = np.sqrt((end**2).sum(axis=0) * (start**2).sum(axis=0))
    return np.asarray((end * start).sum(axis=0) / spread)


def _by_week(arms: _Arms, timetable: Timetable) -> np.ndarray:
    arm, rows = arms.arm, np.arange(len(arms.place))
    last = max(_lags(timetable))
    found = np.zeros(last + 1)
    for lag in range(last + 1):
        week = arm.invited - 1 + lag
        gain = arm.states[week, rows] - arms.alone.states[week, arms.place]
        found[lag] = true_scores(gain)[:, 0].mean()
    return found


def conduct_many(
    design: Design,
    seeds: Sequence[int],
    sets: Sequence[Mapping[str, Any]] = (),
    workers: int = 1,
    progress: Progress | None = None,
) -> list[Trial]:
    """Conduct a trial with each seed, as configured or over sets of parameters: two seeds in a row
    share a set.

    Parameters
    ----------
    design : Design
    seeds : sequence of int
    sets : sequence of mappings of path to value
    workers : int
        Threads; results do not depend on it.
    progress : callable, optional
        Called with 1 after each trial.
    """
    worlds = Worlds(seeds, sets or ({},), workers, progress, first=seeds[0], each=2)
    plans = {
        place: prepare(plan.scenario, design.timetable.weeks)
        for place, plan in worlds.blueprints(design.scenario).items()
    }

    def one(seed: int) -> Trial:
        place = worlds.place(seed)
        return conduct(plans[place], design, seed, place if sets else -1)

    return in_threads(one, seeds, workers, progress)
