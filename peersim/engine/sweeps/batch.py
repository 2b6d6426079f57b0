"""What one worker does: some points of a design, some replicates each, compiled, and back comes
what is kept of them.

A run that fails is an answer too: its error comes back in its place, and the others go on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from peersim.kernel.compiled import digest
from peersim.kernel.declaration import InvalidInput
from peersim.model.outcomes import NAMES
from peersim.run.first_day import Blueprint, create, draw_up, people_alone, room_for_outcomes
from peersim.run.simulation import baseline_of, ensemble, live
from peersim.scenario.scenario import Scenario, changed

EVERYBODY = 0  # the row of `room_for_outcomes` that is about everybody


class Work(NamedTuple):
    """Some replicates of one point: which arm it starts from, what it changes, and the seeds."""

    arm: str
    changes: Mapping[str, Any]
    seeds: range


class Lived(NamedTuple):
    """What comes back from a batch.

    Attributes
    ----------
    last : float array, runs x outcomes
        At the last week, for everybody; NaN where undefined or where the run failed.
    errors : dict of int to str
        What went wrong, by position of the run.
    weekly : list of float arrays
        For each piece of work, where asked for: ``first``: sums over its runs and numbers of runs
        that have a value, 2 x weeks x outcomes; ``all``: every run that did not fail, runs x weeks
        x outcomes.
    rules : str
        Digest of the rules that this worker has.
    """

    last: np.ndarray
    errors: dict[int, str]
    weekly: list[np.ndarray]
    rules: str


@cache
def rules() -> str:
    """Give the digest of all sources that compiled code comes from."""
    return digest()


def warm_up() -> None:
    """Compile the week, or read it from disk, by living one."""
    scenario = Scenario(weeks=1)
    scenario.population.recipients = scenario.population.supporters = 1
    ensemble(scenario, [0])


class _People:
    """The people without programme, which most points of a design share."""

    def __init__(self) -> None:
        self._scenario: Scenario | None = None
        self._blueprint: Blueprint | None = None

    def blueprint(self, scenario: Scenario) -> Blueprint:
        """Give the blueprint of a scenario's people alone, the last one if it is the same."""
        alone = people_alone(scenario)
        if self._blueprint is None or alone != self._scenario:
            self._scenario, self._blueprint = alone, draw_up(alone)
        return self._blueprint


def run_batch(bases: Mapping[str, Scenario], works: Sequence[Work], tables: str) -> Lived:
    """Live every run of a batch.

    Parameters
    ----------
    bases : mapping of arm to Scenario
    works : sequence of Work
    tables : {"none", "first", "all"}
        What is wanted of the weeks before the last.
    """
    people = _People()
    last = np.full((sum(len(work.seeds) for work in works), len(NAMES)), np.nan)
    errors: dict[int, str] = {}
    weekly: list[np.ndarray] = []
    row = 0
    for work in works:
        weeks = _Weeks(tables)
        for values in _runs(bases[work.arm], work, people):
            if isinstance(values, str):
                errors[row] = values
            else:
                last[row] = values[-1]
                weeks.add(values)
            row += 1
        weekly.append(weeks.kept())
    return Lived(last, errors, weekly if tables != "none" else [], rules())


def _runs(base: Scenario, work: Work, people: _People) -> Iterator[np.ndarray | str]:
    """Outcomes of each run, weeks x outcomes, or what went wrong."""
    try:
        scenario = changed(base, work.changes)
        blueprint, alone = draw_up(scenario), people.blueprint(scenario)
    except Exception as error:
        yield from [_said(error)] * len(work.seeds)
        return
    for seed in work.seeds:
        try:
            world = create(blueprint, seed, baseline_of(alone, seed))
            values = room_for_outcomes(blueprint.weeks)
            live(world, 0, blueprint.weeks, values)
            yield values[:, EVERYBODY]
        except Exception as error:
            yield _said(error)


def _said(error: Exception) -> str:
    return str(error) if isinstance(error, InvalidInput) else f"{type(error).__name__}: {error}"


class _Weeks:
    """What is kept of the weeks before the last."""

    def __init__(self, tables: str) -> None:
        self._tables, self._stories = tables, list[np.ndarray]()

    def add(self, values: np.ndarray) -> None:
        if self._tables == "all":
            self._stories.append(values.copy())
        elif self._tables == "first":
            there = ~np.isnan(values)
            new = np.stack([np.where(there, values, 0.0), there])
            self._stories = [self._stories[0] + new] if self._stories else [new]

    def kept(self) -> np.ndarray:
        if not self._stories:
            return np.zeros((0, 0, len(NAMES)))
        return np.stack(self._stories) if self._tables == "all" else self._stories[0]


def together(singles: Sequence[tuple[int, Any]], pieces: int, tables: str) -> Lived:
    """Put runs that were lived one by one together, as if they had come back from one batch.

    Parameters
    ----------
    singles : sequence of (int, Lived or Exception)
        In order: the piece of work that a run belongs to, and what came back.
    pieces : int
    tables : {"none", "first", "all"}
    """
    nothing = Lived(np.full((1, len(NAMES)), np.nan), {}, [np.zeros((0, 0, len(NAMES)))], rules())
    lived = [
        (number, nothing if isinstance(answer, Exception) else answer) for number, answer in singles
    ]
    errors = {row: error for row, (_, each) in enumerate(lived) for error in each.errors.values()}
    errors |= {
        row: str(answer) for row, (_, answer) in enumerate(singles) if isinstance(answer, Exception)
    }
    weekly = []
    for piece in range(pieces if tables != "none" else 0):
        found = [
            each.weekly[0] for number, each in lived if number == piece and each.weekly[0].size
        ]
        empty = nothing.weekly[0]
        weekly.append(
            (np.concatenate(found) if tables == "all" else np.sum(found, axis=0))
            if found
            else empty
        )
    return Lived(np.concatenate([each.last for _, each in lived]), errors, weekly, rules())
