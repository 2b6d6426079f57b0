"""The Mesa face: a model whose step is one week and whose agents are people, who may decide for
themselves.

The rules are those of every other face: without overridden decisions a step runs the compiled week,
with them the same week in parts. Mesa's random activation is not used: no order of people decides
what happens.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np
import polars as pl

from peersim.agents.collector import Moment, collector
from peersim.agents.decisions import DECISIONS, ask, parts
from peersim.agents.person import PersonView
from peersim.agents.space import connect, network_of
from peersim.kernel.card import Card, Facts
from peersim.kernel.catalogue import Sentence
from peersim.kernel.compiled import EVERYTHING
from peersim.kernel.declaration import InvalidInput, checked_seed
from peersim.model.vocabulary import ROLES
from peersim.model.world import World, copy_of
from peersim.run.first_day import create, draw_up, room_for_outcomes
from peersim.run.graph import everybody, follow
from peersim.run.simulation import Run, baseline_of, run_weeks
from peersim.scenario.parameters import facts_of
from peersim.scenario.scenario import Scenario, changed

if TYPE_CHECKING:
    from mesa.discrete_space import Network


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


@dataclass(repr=False)
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


class PeerModel(Card, mesa.Model):
    """One world that lives week by week.

    Parameters
    ----------
    scenario : Scenario
        From `load_scenario` or `changed`.
    rng : int, numpy.random.SeedSequence or None
        The seed, 0 or more: the same numbers as ``simulate(scenario, seed=rng)``, bit for bit.
        `mesa.batch_run` also hands on a SeedSequence, which gives a seed of its own, and None for
        each of its `iterations`: another seed each time. Which it was, `seed` says.
    agent_types : mapping, optional
        Your own subclasses, as ``{"recipient": MyRecipient, "supporter": MySupporter}``, or one of
        the two.
    collect : bool
        Whether `datacollector` also records how each person stands, week by week; that takes time.
    **changes
        Settings to be changed, by path, as `changed` takes them: ``**{"group.size": 9}``. So
        `mesa.batch_run` varies them.

    Attributes
    ----------
    world : World
        The arrays behind everything; each step puts a new world in the place of the last.
    graph : networkx.Graph
        The living ties, kept in step.
    persons : list of Recipient and Supporter
        Everybody invited, in the order of the rows of the world. A recipient who becomes a
        supporter (see `recruitment`) stays the agent they are; `role` says what they are now.
    labels : list of str
        Their names.
    peer_scenario : Scenario
        What is simulated (`scenario` is a name that Mesa uses itself).
    seed : int
        The seed of the run.
    running : bool
        Whether a week is left. Whoever drives a model of Mesa asks it: ``run_model()`` and
        `mesa.batch_run` end with the scenario.

    Raises
    ------
    InvalidInput
        If anything given cannot be used, and by `step` when the last week is over.

    Examples
    --------
    >>> import peersim
    >>> few = {"population.recipients": 8, "population.supporters": 4, "weeks": 6}
    >>> scenario = peersim.changed(peersim.Scenario(), few)
    >>> model = peersim.PeerModel(scenario, rng=7, **{"group.size": 6})
    >>> model.run_model()
    >>> model.week, model.running
    (6, False)
    >>> len(model.datacollector.get_model_vars_dataframe()), len(model.grid.agents)
    (7, 12)
    """

    def __init__(
        self,
        scenario: Scenario,
        rng: int | np.random.SeedSequence | None = 1,
        agent_types: Mapping[str, type] | None = None,
        collect: bool = False,
        **changes: Any,
    ) -> None:
        if not isinstance(scenario, Scenario):
            raise InvalidInput("errors.agents.no_scenario", given=repr(scenario))
        self.seed = _seed_of(rng)
        kinds = _kinds(agent_types or {})
        super().__init__(rng=self.seed)
        self.peer_scenario = changed(scenario, changes) if changes else scenario
        self._blueprint = draw_up(self.peer_scenario)
        baseline = baseline_of(self._blueprint.alone, self.seed)
        n = len(self._blueprint.ids)
        self.world = create(self._blueprint, self.seed, baseline, rows=(n, n))
        self.labels = self._blueprint.labels
        self._values = room_for_outcomes(self.peer_scenario.weeks)
        run_weeks(self.world, 0, 0, self._values)
        self.persons = [
            kinds[role](self, row) for row, role in enumerate(self.world.people["role"].tolist())
        ]
        self._deciding = {
            d: [p for p in self.persons if _overrides(p, d.method)] for d in DECISIONS
        }
        self.graph = everybody(self.world, self.labels)
        self._run: LivedRun | None = None
        self._grid: Network | None = None
        self._collector = collector(collect)
        self._collects_people = collect
        self._collected = 0
        if collect:
            self._collect()

    def _facts(self) -> tuple[Sentence, Facts]:
        weeks = {"week": self.week, "last": self.peer_scenario.weeks}
        now = Sentence("cards.about.now"), Sentence("cards.now", weeks)
        seed = Sentence("cards.about.seed"), Sentence("cards.seed", {"seed": self.seed})
        return Sentence("cards.model"), [now, seed, *facts_of(self.peer_scenario)]

    @property
    def grid(self) -> Network:
        """The living ties as a network space of Mesa (`mesa.discrete_space.Network`), for its
        drawing: cell k is the place of ``persons[k]``, and cells are connected as people are. Made
        when first asked for, and kept in step.
        """
        if self._grid is None:
            self._grid = network_of(self.persons, self.random)
            connect(self._grid, self.world)
        return self._grid

    @property
    def datacollector(self) -> mesa.DataCollector:
        """What Mesa's data collector holds of each week so far, the first day (week 0) included:
        the seed and the names of `peersim.OUTCOMES` as model reporters (means of everybody), and
        with ``collect=True`` the states of people as agent reporters.
        """
        self._collect()
        return self._collector

    @datacollector.setter
    def datacollector(self, own: mesa.DataCollector) -> None:
        """Put a collector of your own in its place, which your subclass then feeds."""
        self._collector, self._collected = own, self.peer_scenario.weeks + 1

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
        if self._grid is not None:
            connect(self._grid, self.world)
        if self._collects_people:  # outcomes alone are kept anyway and can be collected later
            self._collect()

    def _collect(self) -> None:
        """Show the data collector the weeks that it has not seen."""
        for week in range(self._collected, self.week + 1):
            moment = Moment(float(week), self.seed, self._values[week, 0], self.agents)
            self._collector.collect(moment)
        self._collected = max(self._collected, self.week + 1)

    def _wait_at(self, week: int) -> None:
        """Go back to the end of a week. Mesa drops the next step when one fails, so it is entered
        anew.
        """
        self.time, self.steps = float(week), week
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
            seed, values = self.seed, self._values[: self.week + 1].copy()
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


def _seed_of(rng: Any) -> int:
    """The seed of a run: itself, or one made from what `mesa.batch_run` hands on."""
    if rng is None or isinstance(rng, np.random.SeedSequence):
        source = np.random.SeedSequence() if rng is None else rng
        return int(source.generate_state(1, np.uint64)[0] >> 11)  # any program can write 53 bits
    return checked_seed(rng, "rng")


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
