"""The Mesa face: a model whose step is one week and whose agents are people, who may decide for
themselves.

The rules are those of every other face: without overridden decisions a step runs the compiled week,
with them the same week in parts. Mesa's random activation is not used: no order of people decides
what happens.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import mesa
import numpy as np
import polars as pl

from peersim.agents.decisions import DECISIONS, ask, parts
from peersim.agents.person import PersonView
from peersim.kernel.compiled import EVERYTHING
from peersim.kernel.declaration import InvalidInput
from peersim.model.vocabulary import ROLES
from peersim.model.world import World, copy_of
from peersim.run.first_day import create, draw_up, room_for_outcomes
from peersim.run.graph import everybody, follow
from peersim.run.simulation import Run, baseline_of, run_weeks
from peersim.scenario.scenario import Scenario


class Recipient(PersonView, mesa.Agent):
    """A person who looks for support. Override `sign_up`, `attend` or `leave` to let them decide
    otherwise.
    """

    def sign_up(self, community: str, propensity: float) -> float:
        """Decide how likely the person is to sign up this week for a community they are invited to.

        Parameters
        ----------
        community : str
        propensity : float
            The chance that the model has worked out, 0-1.

        Returns
        -------
        float
            The chance that is to hold, 0-1.
        """
        return propensity


class Supporter(PersonView, mesa.Agent):
    """A person with lived experience who gives support. Override `attend` or `leave` as for
    `Recipient`.
    """


PEOPLE: dict[str, type] = {"recipient": Recipient, "supporter": Supporter}


@dataclass
class LivedRun(Run):
    """What a model has lived so far; see `peersim.Run`."""

    decided: bool = False

    def _world_in(self, week: int | None) -> World:
        """The world at the end of a week (None: the last lived), where the week can be lived
        again.
        """
        if self.decided and week not in (None, self.blueprint.weeks):
            raise InvalidInput("errors.agents.decided", week=week)
        return super()._world_in(week)


class PeerModel(mesa.Model):
    """One world that lives week by week.

    Parameters
    ----------
    scenario : Scenario
        From `load_scenario` or `changed`.
    rng : int
        The seed, 0 or more: the same numbers as ``simulate(scenario, seed=rng)``, bit for bit.
    agent_types : mapping, optional
        Your own subclasses, as ``{"recipient": MyRecipient, "supporter": MySupporter}``, or one of
        the two.

    Attributes
    ----------
    world : World
        The arrays behind everything; each step puts a new world in the place of the last.
    graph : networkx.Graph
        The living ties, kept in step.
    persons : list of Recipient and Supporter
        Everybody invited, in the order of the rows of the world.
    labels : list of str
        Their names.
    peer_scenario : Scenario
        What is simulated (`scenario` is a name that Mesa uses itself).
    """

    def __init__(
        self, scenario: Scenario, rng: int = 1, agent_types: Mapping[str, type] | None = None
    ) -> None:
        _check(scenario, rng)
        kinds = _kinds(agent_types or {})
        super().__init__(rng=int(rng))
        self.peer_scenario = scenario
        self._blueprint = draw_up(scenario)
        baseline = baseline_of(self._blueprint.alone, int(rng))
        n = len(self._blueprint.ids)
        self.world = create(self._blueprint, int(rng), baseline, rows=(n, n))
        self.labels = self._blueprint.labels
        self._values = room_for_outcomes(scenario.weeks)
        run_weeks(self.world, 0, 0, self._values)
        self.persons = [
            kinds[role](self, row) for row, role in enumerate(self.world.people["role"].tolist())
        ]
        self._deciding = {
            d: [p for p in self.persons if _overrides(p, d.method)] for d in DECISIONS
        }
        self.graph = everybody(self.world, self.labels)
        self._run: LivedRun | None = None

    @property
    def week(self) -> int:
        """Weeks lived so far."""
        return int(self.world.clock["week"].item())

    def person(self, label: str) -> Any:
        """The agent with this name."""
        if label not in self.labels:
            raise InvalidInput("errors.agents.nobody", name=label, first=self.labels[0])
        return self.persons[self.labels.index(label)]

    def step(self) -> None:
        """Live one week. After the last one `running` is false, and a further step is refused.

        If a step fails, the model stays as it was before that week.
        """
        before = self.world
        try:
            if self.week == self.peer_scenario.weeks:
                raise InvalidInput("errors.agents.over", weeks=self.week)
            self._live()
        except BaseException:
            self.world = before
            self._wait_at(self.week)
            raise
        self._run = None
        self.running = self.week < self.peer_scenario.weeks
        follow(self.graph, self.world, self.labels)

    def _wait_at(self, week: int) -> None:
        """Go back to the end of a week. Mesa drops the next step when one fails, so it is entered
        anew.
        """
        self.time = float(week)
        self._default_schedule.pause()
        self._default_schedule.resume()

    def _live(self) -> None:
        if any(self._deciding.values()):
            self._live_in_parts()
        else:
            self._let(self.week, EVERYTHING)

    def _live_in_parts(self) -> None:
        """The same week, with people asked between its parts."""
        week = self.week
        for part, decision in parts():
            self._let(week, part)
            if decision is not None:
                for person in self._deciding[decision]:
                    ask(decision, self.world, person)

    def _let(self, week: int, acting: np.int64) -> None:
        """Let the phases `acting` act in a copy of the world after a week; again with more room if
        its lists have run over.
        """
        before = self.world
        self.world = _copy(before)
        run_weeks(self.world, week, week + 1, self._values, acting)
        clock = self.world.clock[0]
        rows = int(clock.n_ledger), int(clock.n_departures)
        if rows[0] > len(before.ledger) or rows[1] > len(before.departures):
            self.world = _with_room(before, 2 * rows[0], 2 * rows[1])
            run_weeks(self.world, week, week + 1, self._values, acting)

    @property
    def run(self) -> LivedRun:
        """All that has happened so far, as if the scenario ended here; later steps do not change
        it.
        """
        if self._run is None:
            shorter = replace(
                self._blueprint, scenario=replace(self.peer_scenario, weeks=self.week)
            )
            seed, values = self.world.clock["seed"].item(), self._values[: self.week + 1].copy()
            decided = any(self._deciding.values())
            self._run = LivedRun(
                shorter.scenario, seed, shorter, self.world, values, decided=decided
            )
        return self._run

    @property
    def weekly(self) -> pl.DataFrame:
        """Outcomes of each week so far: week, community, outcome, value."""
        return self.run.weekly

    @property
    def people(self) -> pl.DataFrame:
        """One row a person, as they stand now."""
        return self.run.people

    @property
    def memberships(self) -> pl.DataFrame:
        """One row a person and community, as they stand now."""
        return self.run.memberships

    @property
    def ties(self) -> pl.DataFrame:
        """One row for each tie that ever was."""
        return self.run.ties

    @property
    def departures(self) -> pl.DataFrame:
        """One row a departure so far."""
        return self.run.departures


def _check(scenario: Any, rng: Any) -> None:
    if not isinstance(scenario, Scenario):
        raise InvalidInput("errors.agents.no_scenario", given=repr(scenario))
    if not isinstance(rng, int | np.integer) or isinstance(rng, bool) or not 0 <= rng <= 2**62:
        raise InvalidInput("errors.agents.rng", value=repr(rng))


def _kinds(agent_types: Mapping[str, type]) -> list[type]:
    """The class of each role, in the order of `ROLES`."""
    for role, kind in agent_types.items():
        if role not in PEOPLE:
            raise InvalidInput("errors.agents.role", name=repr(role), options=list(PEOPLE))
        if not isinstance(kind, type) or not issubclass(kind, PEOPLE[role]):
            wanted = PEOPLE[role].__name__
            said = {"kind": repr(kind), "role": role, "wanted": wanted}
            raise InvalidInput("errors.agents.kind", **said)
        if role == "supporter" and hasattr(kind, "sign_up"):
            raise InvalidInput("errors.agents.sign_up", kind=kind.__name__)
    return [agent_types.get(role, PEOPLE[role]) for role in ROLES]


def _overrides(person: PersonView, method: str) -> bool:
    """Whether a person's class has its own way of deciding."""
    return getattr(type(person), method, None) is not getattr(PEOPLE[person.role], method, None)


def _copy(world: World) -> World:
    return copy_of(world)


def _with_room(world: World, ledger: int, departures: int) -> World:
    """A copy of a world with so many rows in its lists of ties and departures."""
    wider = _copy(world)
    return wider._replace(
        ledger=_longer(world.ledger, ledger), departures=_longer(world.departures, departures)
    )


def _longer(rows: np.ndarray, number: int) -> np.ndarray:
    longer = np.zeros(max(number, len(rows)), rows.dtype)
    longer[: len(rows)] = rows
    return longer
