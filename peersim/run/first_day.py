"""Creation: from a checked scenario and a seed to a world on its first day."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

import numpy as np

from peersim.kernel.compiled import call, compile_alone
from peersim.kernel.packing import pack, record_type
from peersim.model.communities.digital import MOST_POSTS
from peersim.model.communities.kind import KIND, kinds
from peersim.model.outcomes import FACTS, NAMES
from peersim.model.people import CHANCES, CHIME, MEMBERSHIP, PERSON, SEEN, draw_people
from peersim.model.ties import LEDGER, PARTNER, TIE
from peersim.model.vocabulary import (
    COMMUNITIES,
    N_COMMUNITIES,
    NOBODY,
    PLACES,
    RECIPIENT,
    SUPPORTER,
)
from peersim.model.world import CIRCLE, CLOCK, DEPARTURE, EVENT, MOST_TIES, World
from peersim.scenario.scenario import Scenario, actions, changed, epochs, without_programme

FIRST_SUPPORTER = 2**31
"""Identities of drawn supporters begin here, so that adding a recipient renumbers nobody."""

SUPPORTERS_ARE_TRAINED = True
"""Whether `population.supporters` counts trained supporters. Until the default turns, they too are
asked to train, as in the first edition."""

_LINE = 64
"""Bytes in a line of the processor's caches."""

_PEOPLE_ALONE = ("weeks", "population", "people", "change", "outside")


@dataclass
class Blueprint:
    """What all replicates of a scenario share.

    Attributes
    ----------
    scenario : Scenario
    params : array of records, one row an epoch
    events : array of `world.EVENT`
    used : int64 array
        The communities that the programme has at any time.
    ids, roles : int64 arrays
        Recipients first, then supporters: those who are trained, then those who are asked to train.
    labels : list of str
        ``R1``, ``R2``, ..., ``S1``, ..., or the codes in the user's file. Who is trained and who is
        asked share one numbering, so the same supporter, trained or not, has the same traits.
    """

    scenario: Scenario
    params: np.ndarray
    events: np.ndarray
    used: np.ndarray
    ids: np.ndarray
    roles: np.ndarray
    labels: list[str] = field(repr=False)

    @property
    def weeks(self) -> int:
        """Number of weeks simulated."""
        return self.scenario.weeks

    @property
    def trained(self) -> np.ndarray:
        """Which rows are trained supporters: those who are asked come last."""
        asked = self.scenario.population.asked if SUPPORTERS_ARE_TRAINED else len(self.roles)
        first_asked = len(self.roles) - asked
        found: np.ndarray = self.roles == SUPPORTER
        return found & (np.arange(len(self.roles)) < first_asked)

    @cached_property
    def alone(self) -> Blueprint:
        """The same people without any programme."""
        global _last_alone
        scenario, last = people_alone(self.scenario), _last_alone
        if last is None or last.scenario != scenario:
            last = _last_alone = draw_up(scenario)
        return last


_last_alone: Blueprint | None = None
"""The last one, which most scenarios of a study share."""


@cache
def _settings_type() -> np.dtype:
    """The record of all settings, which communities are on, and each one's numbers."""
    plain = record_type(Scenario())
    fields = [(name, plain[name]) for name in plain.names or ()]
    more = [("on", "i8", (N_COMMUNITIES,)), ("kinds", KIND, (len(PLACES),))]
    return np.dtype((np.record, [*fields, *more]))


def _packed(scenarios: list[Scenario]) -> np.ndarray:
    params = np.zeros(len(scenarios), _settings_type())
    for row, scenario in zip(params, scenarios, strict=True):
        pack(scenario, row)
        row["on"] = [name in scenario.communities for name in COMMUNITIES]
        row["kinds"] = [tuple(vars(kind).values()) for kind in kinds(scenario)]
    return params


def _scheduled(scenario: Scenario, stages: list[tuple[int, Scenario]]) -> np.ndarray:
    settings = [(week, 0, row, 0) for row, (week, _) in enumerate(stages) if row > 0]
    done = [action for action in actions(scenario) if action[1] > 1]
    in_order = sorted(settings + done, key=lambda event: (event[0], event[1] != 0))
    return np.array(in_order, dtype=EVENT) if in_order else np.zeros(0, EVENT)


def draw_up(scenario: Scenario) -> Blueprint:
    """Prepare what all replicates of a scenario share.

    It keeps a checked copy: whatever is done to the scenario, before or later, no run has settings
    that cannot be.
    """
    scenario = changed(scenario, {})
    stages = epochs(scenario)
    n, m, table = (
        scenario.population.recipients,
        scenario.population.all_supporters,
        scenario.people,
    )
    if table is None:
        ids = np.r_[np.arange(1, n + 1), FIRST_SUPPORTER + np.arange(1, m + 1)].astype(np.int64)
        labels = [f"R{k}" for k in range(1, n + 1)] + [f"S{k}" for k in range(1, m + 1)]
    else:
        labels, ids = list(table.codes), table.keys
    roles = np.r_[np.full(n, RECIPIENT), np.full(m, SUPPORTER)].astype(np.int64)
    params = _packed([stage for _, stage in stages])
    used = np.flatnonzero(params["on"].any(axis=0)).astype(np.int64)
    return Blueprint(scenario, params, _scheduled(scenario, stages), used, ids, roles, labels)


def people_alone(scenario: Scenario) -> Scenario:
    """The counterfactual: the same people without any programme, and nothing else that a programme
    could change.
    """
    alone, fresh = without_programme(scenario), Scenario()
    for name in vars(fresh):
        if name not in _PEOPLE_ALONE and name not in ("communities", "events"):
            setattr(alone, name, getattr(fresh, name))
    return alone


def _write_over(world: World, blueprint: Blueprint) -> None:
    """Put what the user's file says of people in the place of what was drawn."""
    table: Any = blueprint.scenario.people
    if table is None:
        return
    columns = dict(table.columns)
    arrival = columns.pop("arrival_week", None)
    for name, values in columns.items():
        known = ~np.isnan(values)
        world.people[name][known] = values[known]
        if name in CHIME:
            world.people["own_" + name][known] = values[known]
        if name == "connectedness":
            for side in ("emotional", "social", "own_emotional", "own_social"):
                world.people[side][known] = values[known]
        if name == "outside_ties":
            world.people["outside_contacts"][known] = values[known]
    if arrival is not None:
        known = ~np.isnan(arrival)
        world.people["invited_week"][known] = arrival[known].astype(np.int64)
    world.people["invited_to"] = table.communities


@cache
def _drawing() -> Any:
    return compile_alone(draw_people, "people, memberships, params, seed, position")


def _in_lines(shape: tuple[int, ...], kind: np.dtype) -> np.ndarray:
    """Zeros that begin where a line of the processor's caches does, so that a record of its length
    fills one line.
    """
    length = math.prod(shape) * kind.itemsize
    room = np.zeros(length + _LINE, np.uint8)
    start = -room.ctypes.data % _LINE
    return room[start : start + length].view(kind).reshape(shape)


def create(
    blueprint: Blueprint,
    seed: int,
    baseline: np.ndarray,
    traced: bool = False,
    rows: tuple[int, int] = (0, 0),
) -> World:
    """Create the world of one replicate.

    Parameters
    ----------
    blueprint : Blueprint
    seed : int
    baseline : array, (weeks + 1) x people, or 0 x people
        Recovery scores of the same people without any programme.
    traced : bool
        Whether this world writes such scores itself.
    rows : (int, int)
        Room in the ledger of ties and in the list of departures.
    """
    n, weeks = len(blueprint.ids), blueprint.weeks
    n_circles = n // 2 + 2
    people, memberships = np.zeros(n, PERSON), _in_lines((n, N_COMMUNITIES), MEMBERSHIP)
    people["id"], people["role"] = blueprint.ids, blueprint.roles
    people["trained"] = blueprint.trained
    position = np.zeros(n)
    call(_drawing(), people, memberships, blueprint.params, np.int64(seed), position)
    partners = _in_lines((n, MOST_TIES), PARTNER)
    partners["other"] = NOBODY
    clock = np.zeros(1, CLOCK)
    clock["seed"], clock["free_tie"], clock["recipients"] = (
        seed,
        NOBODY,
        (blueprint.roles == RECIPIENT).sum(),
    )
    clock["last"] = n
    facts = np.zeros(1, FACTS)
    world = World(
        people=people,
        seen=np.zeros(n, SEEN),
        status=np.zeros((n, N_COMMUNITIES), np.int8),
        planned=np.zeros((n, N_COMMUNITIES), np.int8),
        present=np.zeros((n, N_COMMUNITIES), np.int8),
        memberships=memberships,
        chances=np.zeros((n, N_COMMUNITIES), CHANCES),
        partners=partners,
        ties=_in_lines((n * MOST_TIES // 2,), TIE),
        ledger=np.zeros(rows[0], LEDGER),
        departures=np.zeros(rows[1], DEPARTURE),
        used=blueprint.used,
        circles=np.zeros(n_circles, CIRCLE),
        params=blueprint.params,
        events=blueprint.events,
        clock=clock,
        queue=np.zeros((N_COMMUNITIES, n), np.int64),
        ring=np.argsort(position, kind="stable").astype(np.int64),
        position=position,
        scratch=np.zeros((2, n + n_circles + MOST_POSTS), np.int64),
        weights=np.zeros((2, n + 4)),
        facts=facts,
        numbers=facts.view(np.float64),
        baseline=baseline,
        trace=np.zeros((weeks + 1 if traced else 0, n)),
    )
    _write_over(world, blueprint)
    return world


def room_for_outcomes(weeks: int) -> np.ndarray:
    """An empty record of outcomes: week 0 to the last, everybody and each community, each
    outcome.
    """
    return np.zeros((weeks + 1, N_COMMUNITIES + 1, len(NAMES)))
