"""What one worker does: some points of a design, some replicates each, compiled, and back comes
what is kept of them.

A run that fails is an answer too: its error comes back in its place, and the others go on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, partial
from typing import Any, NamedTuple

import numpy as np

from peersim.kernel.catalogue import LANGUAGES, speaking
from peersim.kernel.compiled import digest
from peersim.kernel.declaration import InvalidInput
from peersim.model.outcomes import NAMES
from peersim.run.first_day import draw_up
from peersim.run.replicate import Replicate
from peersim.scenario.scenario import Scenario, changed

EVERYBODY = 0  # the row of `room_for_outcomes` that is about everybody
NO_WEEKS = np.zeros((0, 0, len(NAMES)))


class Work(NamedTuple):
    """Some replicates of one point: which arm it starts from, what it changes, and the seeds."""

    arm: str
    changes: Mapping[str, Any]
    seeds: range


class BatchResult(NamedTuple):
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
    """Compile the week, or read it from disk, by running one."""
    scenario = Scenario(weeks=1)
    scenario.population.recipients = scenario.population.supporters = 1
    Replicate(draw_up(scenario), 0, with_baseline=True).run()


def run_batch(bases: Mapping[str, Scenario], works: Sequence[Work], tables: str) -> BatchResult:
    """Run every run of a batch.

    Parameters
    ----------
    bases : mapping of arm to Scenario
    works : sequence of Work
    tables : {"none", "first", "all"}
        What is wanted of the weeks before the last.
    """
    last = np.full((sum(len(work.seeds) for work in works), len(NAMES)), np.nan)
    errors: dict[int, str] = {}
    weekly: list[np.ndarray] = []
    row = 0
    for work in works:
        weeks = _Weeks(tables)
        for values in _runs(bases[work.arm], work):
            if isinstance(values, str):
                errors[row] = values
            else:
                last[row] = values[-1]
                weeks.add(values)
            row += 1
        weekly.append(weeks.kept())
    return BatchResult(last, errors, weekly if tables != "none" else [], rules())


def _runs(base: Scenario, work: Work) -> Iterator[np.ndarray | str]:
    """Outcomes of each run, weeks x outcomes, or what went wrong."""
    try:
        plan = draw_up(changed(base, work.changes))
    except Exception as error:
        yield from [_sentence(error)] * len(work.seeds)
        return
    for seed in work.seeds:
        try:
            replicate = Replicate(plan, seed, with_baseline=True)
            replicate.run()
            yield replicate.outcomes[:, EVERYBODY]
        except Exception as error:
            yield _sentence(error)


def _sentence(error: Exception) -> str:
    """Say it in English, as everything in tables is."""
    with speaking(LANGUAGES[0]):
        return str(error) if isinstance(error, InvalidInput) else f"{type(error).__name__}: {error}"


class _Weeks:
    """What is kept of the weeks before the last."""

    def __init__(self, tables: str) -> None:
        self._tables, self._kept = tables, list[np.ndarray]()

    def add(self, values: np.ndarray) -> None:
        if self._tables == "all":
            self._kept.append(values.copy())
        elif self._tables == "first":
            there = ~np.isnan(values)
            new = np.stack([np.where(there, values, 0.0), there])
            self._kept = [self._kept[0] + new] if self._kept else [new]

    def kept(self) -> np.ndarray:
        if not self._kept:
            return NO_WEEKS
        return np.stack(self._kept) if self._tables == "all" else self._kept[0]


def together(singles: Sequence[tuple[int, Any]], pieces: int, tables: str) -> BatchResult:
    """Put runs that were done one by one together, as if they had come back from one batch.

    Parameters
    ----------
    singles : sequence of (int, BatchResult or Exception)
        In order: the piece of work that a run belongs to, and what came back.
    pieces : int
    tables : {"none", "first", "all"}
    """
    last, errors = np.full((len(singles), len(NAMES)), np.nan), dict[int, str]()
    weekly: list[list[np.ndarray]] = [[] for _ in range(pieces if tables != "none" else 0)]
    for row, (piece, answer) in enumerate(singles):
        if isinstance(answer, Exception):
            errors[row] = str(answer)
            continue
        last[row] = answer.last[0]
        if answer.errors:
            errors[row] = answer.errors[0]
        if weekly and answer.weekly[0].size:
            weekly[piece].append(answer.weekly[0])
    join: Any = np.concatenate if tables == "all" else partial(np.sum, axis=0)
    return BatchResult(last, errors, [join(each) if each else NO_WEEKS for each in weekly], rules())
