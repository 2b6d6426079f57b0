"""What a protocol leaves open: how many places, and when to measure."""

from __future__ import annotations

from dataclasses import replace
from math import ceil

import numpy as np

from peersim.kernel.declaration import InvalidInput
from peersim.model.communities.kind import CIRCLE, MATCH
from peersim.model.processes.sign_up import WayIn
from peersim.scenario.scenario import Scenario
from peersim.studies.trial.cohort import follow, peopled, prepare
from peersim.studies.trial.options import Protocol
from peersim.studies.trial.trials import Design, Timetable

OPEN_WEEKS = 26
"""How long a programme without a planned end is tried (weeks): about what a match takes (D01)."""

BEGUN = 0.8
"""Share of those who begin at all for whose whole course there is time before they are measured."""

PILOT_SEEDS = range(1_000_000, 1_000_040)
PILOT_WEEKS = 52
"""How long a pilot waits, from the last invitation on, for people to begin."""


def planned(scenario: Scenario, protocol: Protocol) -> Design:
    """Settle places and weeks of a trial.

    Parameters
    ----------
    scenario : Scenario
        The programme, and the people for one place.
    protocol : Protocol

    Raises
    ------
    InvalidInput
        If nobody takes part in the programme.
    """
    sites = protocol.sites or max(1, round(protocol.intervention / scenario.population.recipients))
    local = one_place(come_in(scenario, protocol.way_in), protocol.intervention / sites)
    course = course_weeks(local)
    end = protocol.weeks or waiting(local) + course
    follow_up = end + protocol.follow_up if protocol.follow_up else 0
    last = max(end, follow_up) + local.population.arrival_weeks
    return Design(local, protocol, sites, Timetable(end, follow_up, course, last))


def come_in(scenario: Scenario, way: WayIn) -> Scenario:
    """The scenario with people who come in another way, such as those who have said yes to a
    trial.
    """
    return replace(scenario, sign_up=replace(scenario.sign_up, way_in=way))


def one_place(scenario: Scenario, recipients: float) -> Scenario:
    """The scenario with as many supporters for each recipient as configured, for so many recipients
    at one place.
    """
    people = scenario.population
    share = recipients / people.recipients
    supporters, asked = (ceil(n * share - 1e-9) for n in (people.supporters, people.asked))
    is_led = "group" in scenario.communities and people.all_supporters
    short = max(0, scenario.group.leaders - supporters - asked) if is_led else 0
    if people.supporters:
        supporters += short
    else:
        asked += short
    size = replace(people, recipients=ceil(recipients), supporters=supporters, asked=asked)
    return replace(scenario, population=size)


def course_weeks(scenario: Scenario) -> int:
    """The longest course among a programme's communities; without a planned end: `OPEN_WEEKS`.

    >>> [course_weeks(Scenario(communities=[name])) for name in ("group", "digital")]
    [11, 26]
    """
    kinds = [getattr(scenario, name).kind(scenario) for name in scenario.communities]
    return max(each.weeks if each.opens in (MATCH, CIRCLE) else OPEN_WEEKS for each in kinds)


def waiting(scenario: Scenario) -> int:
    """Weeks from the invitation within which `BEGUN` of those who begin at all have begun, in a
    pilot.
    """
    people = scenario.population
    programme = prepare(scenario, people.arrival_weeks + PILOT_WEEKS)
    plan = peopled(programme, np.arange(1, people.recipients + 1), 0, people.all_supporters)
    found = []
    for seed in PILOT_SEEDS:
        cohort = follow(plan, seed, people.recipients)
        found.append((cohort.joined - cohort.invited)[cohort.joined >= 0])
    waits = np.concatenate(found)
    if not len(waits):
        raise InvalidInput("trial.errors.nobody")
    return int(np.quantile(waits, BEGUN, method="higher"))
