"""The programme that a list is compared with: as configured, with as many people and as many weeks
as the list has.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from peersim.kernel.catalogue import Sentence
from peersim.kernel.declaration import InvalidInput
from peersim.run.worlds import Progress, Worlds
from peersim.scenario.plausible_sets import plausible_sets
from peersim.scenario.scenario import Scenario, changed
from peersim.studies.check_own_data.attendance import (
    FEWEST,
    Attendance,
    Rhythm,
    by_week,
    listed,
    rhythm_of,
)
from peersim.studies.check_own_data.model_lists import ModelList, model_lists
from peersim.studies.check_own_data.reading import OwnList

PILOT = 30
FEWEST_SUPPORTERS = 8
SUPPORTERS = {"population.supporters", "population.asked"}
MOST_LEAD = 26
IN_CIRCLES = ("group", "availability")
NO_KIND = Sentence("check_own_data.notes.no_kind")


@dataclass(frozen=True)
class Programme:
    """What is run, and how a list is read off it.

    Attributes
    ----------
    scenario : Scenario
    points : sequence of mappings of path to value
        Plausible sets of parameters; empty if there are none.
    rhythm : Rhythm
    weeks : int
        Weeks of the list.
    is_by_group : bool
        Whether sizes are those of single meetings; otherwise of all who came in a week.
    notes : tuple of Sentence
    """

    scenario: Scenario
    points: Sequence[Mapping[str, Any]]
    rhythm: Rhythm
    weeks: int
    is_by_group: bool
    notes: tuple[Sentence, ...] = field(default=())

    def read(self, attendance: Attendance) -> Attendance:
        """Give a list with the sizes that are compared."""
        if not set(self.scenario.communities) & set(IN_CIRCLES):
            return Attendance(attendance.count)
        return attendance if self.is_by_group else by_week(attendance)

    def list_of(self, seen: ModelList) -> Attendance:
        """Give the list that a project would have kept of one world."""
        return self.read(listed(seen.visits, seen.sizes, self.weeks))


def weeks_between(scenario: Scenario) -> float:
    """Weeks between the meetings of that community which meets most often.

    >>> weeks_between(Scenario(communities=["one_to_one"]))
    2.0
    >>> weeks_between(Scenario(communities=["group", "digital"]))
    0.5
    """
    rates = {
        "one_to_one": 1.0 / scenario.one_to_one.every,
        "group": scenario.group.per_week,
        "availability": scenario.availability.per_week,
        "digital": scenario.digital.per_week,
    }
    return 1.0 / (scenario.programme.intensity * max(rates[name] for name in scenario.communities))


def sets_of(scenario: Scenario) -> list[dict[str, Any]]:
    """Plausible sets of parameters, or none if the calibration has not been run."""
    try:
        return plausible_sets(scenario)
    except InvalidInput:
        return []


def _started(weeks: int, seen: ModelList) -> tuple[int, int]:
    """How many came in the weeks of a list, and the week in which it begins."""
    busy = np.flatnonzero(seen.visits.any(axis=0))
    return listed(seen.visits, seen.sizes, weeks).people, int(busy[0]) if len(busy) else MOST_LEAD


def _usual(scenario: Scenario, weeks: int, worlds: Worlds) -> tuple[float, int]:
    """Median number of those who come, and the week by which nine runs in ten have begun."""
    found = np.array(model_lists(scenario, worlds, partial(_started, weeks)))
    return float(np.median(found[:, 0])), int(min(MOST_LEAD, np.quantile(found[:, 1], 0.9)))


def programme_for(
    own: OwnList,
    scenario: Scenario,
    seed: int,
    workers: int = 1,
    is_plausible: bool = True,
    chosen: Collection[str] = (),
) -> Programme:
    """Fit the number of people and weeks to a list; what the user set, and their own people, stay
    as they are.

    Some of those invited never come, so that more must be invited than stand in a list: how many
    more is found by running the programme a few times.

    Parameters
    ----------
    own : OwnList
    scenario : Scenario
    seed, workers : int
    is_plausible : bool
        Whether runs have plausible sets of parameters, if there are any.
    chosen : collection of str
        Paths that the user set for this run.

    Raises
    ------
    InvalidInput
        If nobody ever comes in the programme as it is configured.
    """
    sets = sets_of(scenario) if is_plausible else []
    worlds = Worlds(range(seed, seed + PILOT), sets or ({},), workers, first=seed)
    changes = _fitted(own, scenario, worlds, chosen)
    fitted = changed(scenario, changes)
    notes = _notes(own, fitted, "population.recipients" in changes, len(sets), is_plausible)
    if (
        not {"communities", "project"} & set(chosen)
        and scenario.communities == Scenario().communities
    ):
        notes = (NO_KIND, *notes)
    weeks = own.attendance.weeks
    has_groups = own.has_groups or set(scenario.communities) & set(IN_CIRCLES) == {"availability"}
    return Programme(
        fitted,
        sets,
        rhythm_of(weeks_between(scenario), weeks),
        weeks,
        has_groups and own.has_days,
        notes,
    )


def _fitted(
    own: OwnList, scenario: Scenario, worlds: Worlds, chosen: Collection[str]
) -> dict[str, Any]:
    """Weeks, and how many are invited over how long, so that about as many come as stand in the
    list.
    """
    weeks, came = own.attendance.weeks, own.attendance.people
    changes: dict[str, Any] = {"weeks": min(1040, weeks + MOST_LEAD)}
    if scenario.people is None and "population.arrival_weeks" not in chosen:
        changes["population.arrival_weeks"] = max(1, own.first_visits)
    is_free = scenario.people is None and "population.recipients" not in chosen
    with_supporters = SUPPORTERS.isdisjoint(chosen)
    for doubled in (2, 4, 8, 16):
        if is_free:
            changes |= _invited(doubled * came, scenario, with_supporters)
        usual, lead = _usual(changed(scenario, changes), weeks, worlds)
        if usual >= FEWEST or not is_free:
            break
    if usual < 1:
        raise InvalidInput("check_own_data.errors.nobody_comes")
    if is_free:
        changes |= _invited(
            came * changes["population.recipients"] / usual, scenario, with_supporters
        )
    return changes | {"weeks": min(1040, weeks + lead)}


def _invited(recipients: float, scenario: Scenario, with_supporters: bool) -> dict[str, Any]:
    n = max(1, math.ceil(recipients))
    people = scenario.population
    found: dict[str, Any] = {"population.recipients": n}
    for name in ("supporters", "asked") if with_supporters else ():
        if there := getattr(people, name):
            number = max(FEWEST_SUPPORTERS, round(n * (there / people.recipients)))
            found[f"population.{name}"] = number
    return found


def _notes(
    own: OwnList, scenario: Scenario, is_free: bool, sets: int, is_plausible: bool
) -> tuple[Sentence, ...]:
    n, came = scenario.population.recipients, own.attendance.people
    invited = "fitted" if is_free else "more_came" if came > n else "as_set"
    parameters = "sets" if sets else "no_sets" if is_plausible else "defaults"
    keys = [invited, parameters]
    planned = 1.0 / weeks_between(scenario)
    ratio = max(own.meetings_a_week, 0.01) / planned
    if abs(math.log(ratio)) > math.log(1.8) and not own.has_groups:
        keys.append("schedule")
    values = {
        "n": n,
        "came": came,
        "sets": sets,
        "listed": own.meetings_a_week,
        "planned": planned,
        "setting": _schedule(scenario),
    }
    return tuple(Sentence(f"check_own_data.notes.{key}", values) for key in keys)


def _schedule(scenario: Scenario) -> str:
    name = scenario.communities[0]
    return "one_to_one.every" if name == "one_to_one" else f"{name}.per_week"


def lists_of(
    programme: Programme, seeds: range, workers: int = 1, progress: Progress | None = None
) -> list[Attendance]:
    """Run the programme many times and keep the lists."""
    worlds = Worlds(seeds, programme.points or ({},), workers, progress, first=seeds[0])
    return model_lists(programme.scenario, worlds, programme.list_of)
