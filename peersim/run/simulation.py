"""Running: one scenario and one seed to a `Run`; many seeds to an `Ensemble`. No files, no
printing.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from peersim.kernel.card import Card, Facts
from peersim.kernel.catalogue import Sentence
from peersim.kernel.compiled import EVERYTHING, call, compile_run, these
from peersim.kernel.declaration import InvalidInput, checked_seed
from peersim.model.outcomes import NAMES, record
from peersim.model.people import CHIME, EVERYDAY, TRAITS
from peersim.model.vocabulary import COMMUNITIES, NONE
from peersim.model.week import ALONE, WEEK
from peersim.model.world import World
from peersim.run.first_day import Blueprint, create, draw_up, room_for_outcomes
from peersim.run.selection import EVERYBODY, known_outcome, known_outcomes, known_place, known_week
from peersim.run.stays import STAY, stays
from peersim.run.worlds import Worlds, in_threads
from peersim.scenario.demonstration import banner_of
from peersim.scenario.parameters import facts_of
from peersim.scenario.scenario import Scenario

if TYPE_CHECKING:
    import os

    import networkx as nx
    import pandas
    import polars as pl
    import xarray
    from matplotlib.figure import Figure

    from peersim.run.network import Shape

PLACES = (EVERYBODY, *COMMUNITIES)
_NO_RUNS = Sentence("cards.no_runs")


@cache
def compiled_week() -> Any:
    """``run(world, first, last, out, acting)``: compiled once, then read from disk."""
    return compile_run(WEEK, record)


def run_weeks(
    world: World, first: int, last: int, out: np.ndarray, acting: np.int64 = EVERYTHING
) -> None:
    """Run the weeks after `first` up to `last` in a world, writing outcomes (week 0 too when
    beginning); `acting` are the phases that are to act, see `peersim.kernel.compiled.these`.
    """
    call(compiled_week(), world, first, last, out, acting)


_ALONE = these([*map(WEEK.index, ALONE), len(WEEK)]) | 1
"""What acts in a year without programme, and the records before and after each week."""


class Kept:
    """Arrays by their keys, the latest, as many as there is room for.

    Parameters
    ----------
    room : int
        Bytes.
    """

    def __init__(self, room: int) -> None:
        self.room, self.bytes = room, 0
        self._arrays, self._lock = OrderedDict[bytes, np.ndarray](), threading.Lock()

    def get(self, key: bytes) -> np.ndarray | None:
        """Give what is kept under a key."""
        return self._arrays.get(key)

    def put(self, key: bytes, array: np.ndarray) -> None:
        """Keep an array; the oldest make room, though never the last one."""
        with self._lock:
            if key in self._arrays:  # another thread was faster
                return
            self._arrays[key] = array
            self.bytes += array.nbytes + _BESIDES
            while self.bytes > self.room and len(self._arrays) > 1:
                self.bytes -= self._arrays.popitem(last=False)[1].nbytes + _BESIDES


_BESIDES = 500
"""Bytes that an array takes beside its numbers: itself, its key and its place."""
_without_programme = Kept(64_000_000)


def _fingerprint(blueprint: Blueprint, seed: int) -> bytes:
    """Tell worlds apart: settings and people, the user's own too; short, for it is kept as long as
    the array.
    """
    found = hashlib.sha256(f"{int(seed)} {blueprint.weeks}".encode())
    found.update(blueprint.params.tobytes() + blueprint.ids.tobytes())
    people = blueprint.scenario.people
    for name, values in sorted(people.columns.items()) if people is not None else ():
        found.update(name.encode() + values.tobytes())
    return found.digest()


def baseline_of(alone: Blueprint, seed: int) -> np.ndarray:
    """Recovery scores, (weeks + 1) x people, of the same people and draws without programme; the
    last few are kept.
    """
    key = _fingerprint(alone, seed)
    if (kept := _without_programme.get(key)) is not None:
        return kept
    nobody = np.zeros((0, len(alone.ids)))
    world = create(alone, seed, nobody, traced=True)
    run_weeks(world, 0, alone.weeks, room_for_outcomes(alone.weeks), _ALONE)
    _without_programme.put(key, world.trace)
    return world.trace


@dataclass(repr=False)
class Run(Card):
    """One run of one scenario with one seed; its tables are made when first asked for.

    Attributes
    ----------
    weekly : polars.DataFrame
        week, community ("all" or a type), outcome, value.
    people, memberships, ties, departures : polars.DataFrame
        See the data dictionary (``docs/``, or `peersim.dictionary`).
    """

    scenario: Scenario
    seed: int
    blueprint: Blueprint = field(repr=False)
    world: World = field(repr=False)
    values: np.ndarray = field(repr=False)
    _made: dict[str, pl.DataFrame] = field(default_factory=dict, repr=False)

    def __getattr__(self, name: str) -> pl.DataFrame:
        if name not in ("weekly", "people", "memberships", "ties", "departures"):
            raise AttributeError(f"a Run has no {name!r}")
        if name not in self._made:
            from peersim.run import tables

            self._made[name] = getattr(tables, name)(self)
        return self._made[name]

    def _facts(self) -> tuple[Sentence, Facts]:
        seed = Sentence("cards.seed", {"seed": self.seed})
        about = (Sentence("cards.about.seed"), seed)
        return Sentence("cards.run"), [about, *facts_of(self.scenario)]

    def plot(self, outcomes: Sequence[str] | str | None = None) -> Figure:
        """Draw outcomes of everybody week by week.

        Parameters
        ----------
        outcomes : list of str, optional
            Names from `peersim.OUTCOMES`, a panel each; some that are usual if none are named.

        Returns
        -------
        matplotlib.figure.Figure
            Made without pyplot; save it with ``.savefig("run.png")``. Shares are in per cent, other
            outcomes in the unit that stands in the catalogue.

        Raises
        ------
        InvalidInput
            If there is no such outcome.

        Examples
        --------
        >>> from peersim.scenario.scenario import Scenario, changed
        >>> few = {"population.recipients": 8, "population.supporters": 4, "weeks": 6}
        >>> figure = simulate(changed(Scenario(), few), seed=7).plot(["connectedness", "isolated"])
        >>> [axes.get_title(loc="left") for axes in figure.axes]
        ['connectedness (0 to 1)', 'isolated (%)']
        """
        from peersim.presentation.figures.courses import USUAL, courses

        names = known_outcomes(outcomes, USUAL)
        seed = {"first": self.seed}
        return courses(self.values[None, :, 0], names, seed, banner_of(self.scenario))

    def graph(self, week: int | None = None) -> nx.Graph:
        """The ties at the end of a week (None: the last) as a graph of everybody invited.

        Parameters
        ----------
        week : int, optional
            0 to the last week. For an earlier week the run is repeated up to there.

        Returns
        -------
        networkx.Graph
            Nodes are labels, with `role`, the traits and the five CHIME states (0-1),
            `communities` (with commas) and, once they have, `supporter_since`, `joined` and `left`
            (weeks) and `cause`, all as they stand at the end of that week and as table `people`
            names them. Edges have `strength`, `confidence`, `hours`, `met_in`, `formed_week`,
            `across` and `support` (the direction of support, in words); their `weight` is the
            strength, 0-1.

        Raises
        ------
        InvalidInput
            If the run does not have that week.

        Examples
        --------
        >>> from peersim.scenario.scenario import changed
        >>> run = simulate(changed(Scenario(), {"population.recipients": 5, "weeks": 8}), seed=1)
        >>> graph = run.graph(4)
        >>> len(graph), graph.nodes["R1"]["role"]
        (15, 'recipient')
        """
        from peersim.run.graph import graph_of

        return graph_of(self._world_in(week), self.blueprint.labels)

    def shape(self, week: int | None = None) -> Shape:
        """What the network of ties looks like at the end of a week, in numbers.

        Parameters
        ----------
        week : int, optional
            As for `graph`.

        Returns
        -------
        peersim.run.network.Shape
            Ties, parts and bridges, clustering beside that of networks in which everybody has as
            many ties with people at random, and how far those know each other who began to take
            part when they did. NaN for what cannot be said.

        Raises
        ------
        InvalidInput
            If the run does not have that week.

        Examples
        --------
        >>> from peersim.scenario.scenario import changed
        >>> run = simulate(changed(Scenario(), {"population.recipients": 5, "weeks": 12}), seed=1)
        >>> run.shape().ties == run.graph().number_of_edges()
        True
        """
        from peersim.run.network import shape_of

        graph = self.graph(week)
        entered = {label: node["joined"] for label, node in graph.nodes.items() if "joined" in node}
        return shape_of(graph, entered)

    def digraph(self, week: int | None = None) -> nx.DiGraph:
        """Who has given support to whom, by the ties that live at the end of a week.

        Parameters
        ----------
        week : int, optional
            As for `graph`.

        Returns
        -------
        networkx.DiGraph
            Nodes as in `graph`. An edge leads from the one who has given to the one who has
            received; its `weight` is the hours of support that went this way since the tie formed
            (the hours together, times the share that the giver gave, divided among those present).
            The other attributes are those of the tie. Support in ties that have ended is not kept
            by direction; in all, it stands in the columns `given` and `received` of table `people`.

        Raises
        ------
        InvalidInput
            If the run does not have that week.

        Examples
        --------
        >>> from peersim.scenario.scenario import changed
        >>> run = simulate(changed(Scenario(), {"population.recipients": 5, "weeks": 12}), seed=1)
        >>> [(giver[0], receiver[0]) for giver, receiver in run.digraph().edges][:1]
        [('R', 'S')]
        """
        from peersim.run.graph import digraph_of

        return digraph_of(self._world_in(week), self.blueprint.labels)

    def write_gexf(self, path: str | os.PathLike[str]) -> None:
        """Write the whole life of the network as a dynamic GEXF file, for Gephi's timeline.

        Parameters
        ----------
        path : str or path
            Of the file; one that is there is replaced.

        Raises
        ------
        InvalidInput
            If the file cannot be written.

        Notes
        -----
        A person is there from the week of the invitation to the end of the run, with the attributes
        of `graph` at the end. A tie is there from the first to the last week at whose end it lived,
        so that a week on the timeline shows what ``graph(week)`` shows; two people who lost touch
        and met again have two. Hours, strength (the weight) and confidence are those at its end.

        Examples
        --------
        >>> from peersim.scenario.scenario import changed
        >>> run = simulate(changed(Scenario(), {"population.recipients": 5, "weeks": 12}), seed=1)
        >>> run.write_gexf("life.gexf")  # doctest: +SKIP
        """
        from peersim.run.gexf import write

        write(path, self.world, self.graph(), self.ties, banner_of(self.scenario))

    def survival(self) -> pl.DataFrame:
        """How long each person took part in each community, for survival analysis.

        Returns
        -------
        polars.DataFrame
            One row a person and community that they joined: person, role, community; `duration`,
            weeks from joining until they dropped out or were watched no longer; `event`, whether
            they dropped out; `end`, what ended it: ``dropped_out``, ``completed`` or ``moved_on``
            (ends of another kind: competing events), or ``still_there`` (right-censored, by the end
            of the run); `cause`, null while there is none; `horizon`, weeks from joining to the end
            of the run, the most that could be seen. A recipient has completed a group when its
            course is over, whether or not it goes on by itself.

        Examples
        --------
        >>> from peersim.scenario.scenario import changed
        >>> run = simulate(changed(Scenario(), {"population.recipients": 5, "weeks": 20}), seed=1)
        >>> run.survival().columns[3:]
        ['duration', 'event', 'end', 'cause', 'horizon']
        """
        from peersim.run.tables import survival

        found = stays(self.world, self.scenario, int(self.world.clock["week"].item()))
        return survival(found, self.blueprint.labels, self.world.people["role"])

    def _world_in(self, week: int | None) -> World:
        """The world as it was at the end of a week."""
        weeks = self.blueprint.weeks
        if week is None or known_week(week, weeks) == weeks:
            return self.world
        world = create(self.blueprint, self.seed, self.world.baseline)
        run_weeks(world, 0, int(week), room_for_outcomes(weeks))
        return world


def _has_overflowed(world: World) -> bool:
    clock = world.clock[0]
    return bool(clock.n_ledger > len(world.ledger) or clock.n_departures > len(world.departures))


def simulate(scenario: Scenario, seed: int) -> Run:
    """Run a scenario once.

    Parameters
    ----------
    scenario : Scenario
        From `load_scenario` or `changed`; it is checked once more, in case it was changed since.
    seed : int
        0 to 2**62. The same seed means the same people and draws, whatever the programme.

    Returns
    -------
    Run
    """
    seed = checked_seed(seed)
    blueprint = draw_up(scenario)
    baseline = baseline_of(blueprint.alone, seed)
    n = len(blueprint.ids)
    rows = (12 * n + 64, 4 * n + 16)
    while True:
        world = create(blueprint, seed, baseline, rows=rows)
        values = room_for_outcomes(blueprint.weeks)
        run_weeks(world, 0, blueprint.weeks, values)
        if not _has_overflowed(world):
            return Run(blueprint.scenario, seed, blueprint, world, values)
        rows = (2 * int(world.clock[0].n_ledger), 2 * int(world.clock[0].n_departures))


@dataclass(repr=False)
class Ensemble(Card):
    """Many runs of one scenario.

    Attributes
    ----------
    seeds : int array
    weeks : int array
        0 to the last week.
    communities, outcomes : list of str
    values : float array, seed x week x community x outcome
        NaN where an outcome is not defined.
    persons : record array, seed x person, or None
        How everybody stood at the end (`PERSONS`), where asked for.
    stays : record array, seed x person x community, or None
        How long everybody took part (`peersim.run.stays.STAY`), likewise.
    labels : list of str
        Of the people.
    scenario : Scenario or None
        What was run.
    """

    seeds: np.ndarray
    weeks: np.ndarray
    communities: list[str]
    outcomes: list[str]
    values: np.ndarray = field(repr=False)
    persons: np.ndarray | None = field(default=None, repr=False)
    stays: np.ndarray | None = field(default=None, repr=False)
    labels: list[str] = field(default_factory=list, repr=False)
    scenario: Scenario | None = None

    def _facts(self) -> tuple[Sentence, Facts]:
        seeds = Sentence("cards.seeds", self._seeds()) if len(self.seeds) else _NO_RUNS
        about = Sentence("cards.about.seeds"), seeds
        known = () if self.scenario is None else facts_of(self.scenario)
        return Sentence("cards.ensemble"), [about, *known]

    def _seeds(self) -> dict[str, Any]:
        """How many, from which to which."""
        first, last = int(self.seeds.min()), int(self.seeds.max())
        return {"n": len(self.seeds), "first": first, "last": last}

    def plot(self, outcomes: Sequence[str] | str | None = None) -> Figure:
        """Draw outcomes of everybody week by week: the mean over the runs, and nine runs in ten.

        Parameters
        ----------
        outcomes : list of str, optional
            Names from `peersim.OUTCOMES`, a panel each; some that are usual if none are named.

        Returns
        -------
        matplotlib.figure.Figure
            As of `Run.plot`.

        Raises
        ------
        InvalidInput
            If there is no such outcome, or no run.
        """
        from peersim.presentation.figures.courses import USUAL, courses

        if not len(self.seeds):
            raise InvalidInput("errors.plots.nothing")
        marks = [] if self.scenario is None else banner_of(self.scenario)
        return courses(self.values[:, :, 0], known_outcomes(outcomes, USUAL), self._seeds(), marks)

    def at(self, week: int | None, outcome: str, community: str = EVERYBODY) -> np.ndarray:
        """One number a seed.

        Parameters
        ----------
        week : int or None
            0 to the last, at the end of which the number is taken; None: the last.
        outcome : str
            From `peersim.OUTCOMES`.
        community : str
            One of the types, or "all".

        Returns
        -------
        float array, seeds
            In the unit of the outcome; NaN where it is not defined, as where the programme does not
            have the community.

        Raises
        ------
        InvalidInput
            If there is no such week, outcome or community, or if the outcome is of the programme as
            a whole and a community is named.

        Examples
        --------
        >>> from peersim.scenario.scenario import changed
        >>> scenario = changed(Scenario(), {"population.recipients": 5, "weeks": 8})
        >>> ensemble(scenario, seeds=range(3)).at(8, "never_reached").shape
        (3,)
        """
        last = int(self.weeks[-1])
        place = known_place(community, known_outcome(outcome))
        return self.values[
            :, last if week is None else known_week(week, last), place, NAMES.index(outcome)
        ]

    def weekly(self) -> pl.DataFrame:
        """All values as a tidy table: seed, week, community, outcome, value."""
        from peersim.run.tables import tidy

        return tidy(self.values, self.seeds)

    def survival(self) -> pl.DataFrame:
        """How long each person took part in each community, in every run: the columns of
        `Run.survival`, with `seed` before them.

        Raises
        ------
        InvalidInput
            Unless ``ensemble(..., persons=True)`` has kept what people did.

        Examples
        --------
        >>> from peersim.scenario.scenario import changed
        >>> few = changed(Scenario(), {"population.recipients": 5, "weeks": 12})
        >>> ensemble(few, range(3), persons=True).survival().columns[:4]
        ['seed', 'person', 'role', 'community']
        """
        from peersim.run.tables import survival

        if self.stays is None or self.persons is None:
            raise InvalidInput("errors.outcomes.no_persons")
        return survival(self.stays, self.labels, self.persons["role"], self.seeds)

    def to_pandas(self) -> pandas.DataFrame:
        """All values as a tidy pandas table (``pip install peersim[tables]``).

        Returns
        -------
        pandas.DataFrame
            The rows and columns of `weekly`; community and outcome are categories. Under
            ``.attrs["units"]`` stands the unit of each outcome.

        Raises
        ------
        InvalidInput
            If pandas is not installed.

        Examples
        --------
        >>> from peersim.scenario.scenario import changed
        >>> few = changed(Scenario(), {"population.recipients": 5, "weeks": 12})
        >>> ensemble(few, range(3)).to_pandas().columns.tolist()
        ['seed', 'week', 'community', 'outcome', 'value']
        """
        from peersim.run.labelled import pandas_of

        return pandas_of(self)

    def to_xarray(self) -> xarray.Dataset:
        """All values as an xarray data set (``pip install peersim[tables]``).

        Returns
        -------
        xarray.Dataset
            One variable an outcome, with the dimensions seed, week and community, or seed and week
            where the outcome is of the programme as a whole. Attributes: `units`, `long_name` (the
            definition), `better` and `instrument`. NaN where an outcome is not defined.

        Raises
        ------
        InvalidInput
            If xarray is not installed.

        Examples
        --------
        >>> from peersim.scenario.scenario import changed
        >>> few = changed(Scenario(), {"population.recipients": 5, "weeks": 12})
        >>> data = ensemble(few, range(3)).to_xarray()
        >>> data["recovery"].dims, data["recovery"].attrs["units"]
        (('seed', 'week', 'community'), 'points 0-60')
        """
        from peersim.run.labelled import xarray_of

        return xarray_of(self)


PERSONS = np.dtype(
    [("role", "i8"), ("asked_week", "i8"), ("started", "?")]
    + [("joined", "i8"), ("left", "i8"), ("cause", "i8")]
    + [("invited_week", "i8"), ("first_meeting", "i8"), ("isolated", "i8")]
    + [
        (name, "f8")
        for name in (*TRAITS, *CHIME, *EVERYDAY, "outside_contacts", "strain", "given", "received")
    ]
)
"""What an ensemble keeps of each person: numbers of roles and causes as in `vocabulary`, -1 for
none; `asked_week` is that in which a recipient was asked to become a supporter."""


def _standing(world: World) -> np.ndarray:
    """How everybody in a world stands today."""
    found = np.zeros(len(world.people), PERSONS)
    for name in PERSONS.names or ():
        if name != "started":
            found[name] = world.people[name]
    found["started"] = (world.status != NONE).any(axis=1)
    return found


def ensemble(
    scenario: Scenario,
    seeds: Iterable[int],
    workers: int = 1,
    progress: Callable[[int], None] | None = None,
    persons: bool = False,
    parameters: Sequence[Mapping[str, Any]] | None = None,
) -> Ensemble:
    """Run a scenario with many seeds, compiled, without files.

    Parameters
    ----------
    scenario : Scenario
    seeds : iterable of int
        One run each.
    workers : int
        Threads; results do not depend on it.
    progress : callable, optional
        Called with 1 after each run; if it raises an error, no further run begins.
    persons : bool
        Whether to keep how everybody stood at the end of each run, and how long they took part.
    parameters : sequence of mappings, optional
        Sets of parameters, path to value, such as `peersim.plausible.plausible_sets` gives: seed s
        goes with set s modulo their number, so that the runs differ by what is not known of the
        parameters as well as by chance.
    """
    numbers = np.fromiter(map(checked_seed, seeds), np.int64)
    worlds = Worlds(numbers.tolist(), parameters or ({},))
    plans = worlds.blueprints(scenario)
    blueprint = next(iter(plans.values())) if plans else draw_up(scenario)
    values = np.zeros((len(numbers), *room_for_outcomes(blueprint.weeks).shape))
    n = len(blueprint.ids)
    people = np.zeros((len(numbers), n), PERSONS) if persons else None
    took_part = np.zeros((len(numbers), n, len(COMMUNITIES)), STAY) if persons else None

    def run(k: int) -> None:
        seed = worlds.seeds[k]
        plan = plans[worlds.place(seed)]
        world = create(plan, seed, baseline_of(plan.alone, seed))
        run_weeks(world, 0, plan.weeks, values[k])
        if people is not None and took_part is not None:
            people[k] = _standing(world)
            took_part[k] = stays(world, plan.scenario, plan.weeks)

    in_threads(run, range(len(numbers)), workers, progress)
    weeks = np.arange(blueprint.weeks + 1)
    kept = (values, people, took_part, blueprint.labels, scenario)
    return Ensemble(numbers, weeks, list(PLACES), list(NAMES), *kept)
