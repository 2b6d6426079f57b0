"""One person, week by week: where they stand, whom they know, and how likely they are to leave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from peersim.model.people import CHIME
from peersim.model.vocabulary import (
    ACTIVE,
    COMMUNITIES,
    MOVED_ON,
    N_HAZARDS,
    RECIPIENT,
    SELF_RUN,
    WAITING,
)
from peersim.model.world import World
from peersim.run.first_day import Blueprint
from peersim.run.replicate import Replicate
from peersim.run.standing import worth
from peersim.scenario.scenario import Scenario

HAZARDS = np.array([number != MOVED_ON for number in range(N_HAZARDS)])
"""The hazards that count as dropping out."""
EVERY = tuple(range(len(COMMUNITIES)))


class Week(NamedTuple):
    """One person at the end of one week.

    Attributes
    ----------
    week : int
    status : tuple of int
        How they stand with each community.
    planned, came : int
        Meetings that were held for them, and those they came to.
    absences : int
        Weeks of absence in a row, the most in any community.
    matches : frozenset of int
        Rows of those they are matched with.
    ties : frozenset of int
        Rows of those they have a tie with.
    close : frozenset of int
        Those among them whose tie is strong.
    chance : float
        Chance of dropping out in this week.
    because : int
        The hazard that weighed most, as a place in `CAUSES`; -1: there was none.
    recovery : float
        Recovery score, 0 to 60.
    strain : float
    """

    week: int
    status: tuple[int, ...]
    planned: int
    came: int
    absences: int
    matches: frozenset[int]
    ties: frozenset[int]
    close: frozenset[int]
    chance: float
    because: int
    recovery: float
    strain: float


def _chance(
    world: World, row: int, communities: Sequence[int], impatience: float
) -> tuple[float, int]:
    """Chance of dropping out of some communities this week, and the hazard that weighs most."""
    rate, by_cause = 0.0, np.zeros(N_HAZARDS)
    for community in communities:
        status = world.status[row, community]
        m = world.memberships[row, community]
        if status == ACTIVE or (
            int(m["left"]) == int(world.clock["week"][0]) and m["cause"] < N_HAZARDS
        ):
            by_cause += np.where(HAZARDS, world.chances["hazard"][row, community], 0.0)
        elif status == WAITING and world.people["role"][row] == RECIPIENT:
            rate += impatience
    rate += float(by_cause.sum())
    return 1.0 - float(np.exp(-rate)), int(by_cause.argmax()) if by_cause.any() else -1


def _matches(world: World, row: int) -> frozenset[int]:
    """Rows of a recipient's supporter, or of a supporter's recipients."""
    partner = world.memberships["partner"].max(axis=1)
    own = np.flatnonzero(partner == row).tolist()
    return frozenset(own + ([int(partner[row])] if partner[row] >= 0 else []))


def _today(world: World, row: int, scenario: Scenario, communities: Sequence[int]) -> Week:
    p, m = world.people[row], world.memberships[row]
    slots = world.partners[row, : int(p["n_ties"])]
    ties = world.ties[slots["tie"]]
    is_close = worth(ties, scenario.ties.confidence_value) >= scenario.ties.strong
    bits = [int(mask).bit_count() for mask in (*world.planned[row], *world.present[row])]
    chance, because = _chance(world, row, communities, scenario.sign_up.impatience)
    takes_part = np.isin(world.status[row], (ACTIVE, SELF_RUN))
    return Week(
        week=int(world.clock["week"][0]),
        status=tuple(int(number) for number in world.status[row]),
        planned=sum(bits[: len(COMMUNITIES)]),
        came=sum(bits[len(COMMUNITIES) :]),
        absences=int(m["absences"][takes_part].max(initial=0)),
        matches=_matches(world, row),
        ties=frozenset(slots["other"].tolist()),
        close=frozenset(slots["other"][is_close].tolist()),
        chance=chance,
        because=because,
        recovery=60 * float(np.mean([p[name] for name in CHIME])),
        strain=float(p["strain"]),
    )


def weeks_of(
    blueprint: Blueprint,
    seed: int,
    row: int,
    communities: Sequence[int] = EVERY,
    stays: bool = False,
) -> list[Week]:
    """Run one world and note how one person stands at the end of each week.

    Parameters
    ----------
    blueprint : Blueprint
    seed : int
    row : int
    communities : sequence of int
        Those of which the chance of leaving is noted.
    stays : bool
        Whether the person is kept from the first day, so that the chance of leaving is known for
        every week.
    """
    replicate = Replicate(blueprint, seed)
    if stays:
        replicate.keep(row)
    return [_today(world, row, blueprint.scenario, communities) for world in replicate.weeks()]
