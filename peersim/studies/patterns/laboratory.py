"""The laboratory: the same people and draws under different programmes, and in worlds that are
tampered with.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from peersim.kernel.catalogue import Sentence
from peersim.kernel.declaration import declared
from peersim.kernel.paths import leaves
from peersim.kernel.statistics import estimate
from peersim.model.world import World
from peersim.run.first_day import Blueprint
from peersim.run.replicate import Replicate
from peersim.run.simulation import Ensemble, Run, ensemble, simulate
from peersim.run.worlds import Worlds
from peersim.scenario.scenario import Scenario, changed, without_programme
from peersim.studies.main.arms import CLOSE_ENOUGH, HOURS, INTENSITY, mean_of, solve
from peersim.studies.patterns.finding import Finding, remark
from peersim.studies.patterns.measurements import in_batches

Changes = Mapping[str, Any]

NO_PROGRAMME: Changes = {"communities": []}
"""The same people without any programme."""

PILOT = 24
LEAST, MOST = 0.1, 10.0


class Times(NamedTuple):
    """Instead of a value in a change: so many times what the setting is anyway, within its
    bounds.
    """

    factor: float


class Conditions(NamedTuple):
    """Under which parameters a laboratory runs everything.

    Attributes
    ----------
    sets : sequence of mappings
        Sets of parameter values, path to value: seed s goes with set s modulo their number, in
        every design.
    switched : mapping of path to value
        What a model of the ladder switches off. It wins over the sets, and over what a pattern
        changes.
    """

    sets: Sequence[Mapping[str, Any]] = ({},)
    switched: Changes = {}


AS_CONFIGURED = Conditions()


class Laboratory:
    """Runs programmes for the same people and the same draws.

    Parameters
    ----------
    base : Scenario
        The people, the horizon and every setting that a pattern does not change.
    replicates, seed : int
        Seeds `seed`, `seed` + 1, ...
    workers : int
        Threads.
    conditions : Conditions
        Sets of parameters, and what is switched off; by default the parameters of the base, and
        nothing.
    """

    def __init__(
        self,
        base: Scenario,
        replicates: int,
        seed: int = 1,
        workers: int = 2,
        conditions: Conditions = AS_CONFIGURED,
    ):
        self.base, self.seeds, self.workers = base, list(range(seed, seed + replicates)), workers
        self.conditions = conditions
        self._kept: dict[Any, Any] = {}

    def _with_seeds(self, count: int) -> Laboratory:
        return Laboratory(self.base, count, self.seeds[0], self.workers, self.conditions)

    def enlarged(self, times: int) -> Laboratory:
        """A laboratory with more seeds."""
        return self._with_seeds(times * len(self.seeds))

    def smaller(self, share: int) -> Laboratory:
        """A laboratory with a fraction of the seeds, for what is only remarked."""
        return self._with_seeds(max(8, len(self.seeds) // share))

    def scenario(self, changes: Changes, seed: int = 0) -> Scenario:
        """The scenario with some settings changed, or without any programme where `communities` is
        empty.

        Parameters
        ----------
        changes : mapping of path to value
        seed : int
            Which of the sets of parameters counts.
        """
        values = {**changes, **self._parameters(changes, seed)}
        if values.get("communities", True):
            return changed(self.base, values)
        del values["communities"]
        return without_programme(changed(self.base, values))

    def _parameters(self, changes: Changes, seed: int) -> dict[str, Any]:
        """Values of the set that goes with a seed, of what is multiplied, and of what is switched
        off.
        """
        own = self.conditions.sets[seed % len(self.conditions.sets)]
        kept = {path: value for path, value in own.items() if path not in changes}
        times = {path: value.factor for path, value in changes.items() if isinstance(value, Times)}
        return {
            **kept,
            **{path: self._times(path, own, factor) for path, factor in times.items()},
            **self.conditions.switched,
        }

    def _times(self, path: str, own: Mapping[str, Any], factor: float) -> float:
        bounds = next(field.metadata for name, _, field in declared(self.base) if name == path)
        value = factor * own.get(path, leaves(Scenario)[path].get(self.base))
        return float(np.clip(value, bounds["low"], bounds["high"]))

    def _once[T](self, key: Any, make: Callable[[], T]) -> T:
        if key not in self._kept:
            self._kept[key] = make()
        found: T = self._kept[key]
        return found

    def _worlds(self, changes: Changes) -> Worlds:
        sets = [self._parameters(changes, place) for place in range(len(self.conditions.sets))]
        return Worlds(self.seeds, sets, self.workers)

    def _run(self, changes: Changes, seeds: Sequence[int]) -> Ensemble:
        sets = self._worlds(changes).sets
        return ensemble(self.scenario(changes), seeds, self.workers, parameters=sets)

    def ensemble(self, changes: Changes) -> Ensemble:
        """All outcomes of the programme as a whole, week by week, of every run."""

        def run() -> Ensemble:
            found = self._run(changes, self.seeds)
            return replace(
                found, values=found.values[:, :, :1].copy(), communities=found.communities[:1]
            )

        return self._once(json.dumps(changes, sort_keys=True), run)

    def outcome(self, changes: Changes, name: str, week: int | None = None) -> np.ndarray:
        """One outcome in one week (by default the last), a number a run."""
        return self.ensemble(changes).at(week, name)

    def over_weeks(self, changes: Changes, name: str) -> np.ndarray:
        """Mean of one outcome over the weeks in which it is defined, a number a run; NaN where it
        never is.
        """
        runs = self.ensemble(changes)
        values = np.stack([runs.at(int(week), name) for week in runs.weeks])
        known = np.isfinite(values)
        sums, weeks = np.where(known, values, 0.0).sum(axis=0), known.sum(axis=0)
        return np.asarray(np.divide(sums, weeks, out=np.full(len(sums), np.nan), where=weeks > 0))

    def each_run(self, changes: Changes, measure: Callable[[Run], Any]) -> np.ndarray:
        """What is measured in every finished run."""
        return self._each(
            changes, measure, lambda plan, seed: measure(simulate(plan.scenario, seed))
        )

    def each_end(
        self, changes: Changes, measure: Callable[[World], Any], week: int | None = None
    ) -> np.ndarray:
        """What is measured in every world at the end of a week (by default the last), a row a
        run.
        """

        def look(plan: Blueprint, seed: int) -> Any:
            return measure(Replicate(plan, seed).run_to(plan.weeks if week is None else week))

        return self._each(changes, (measure, week), look)

    def each_world(self, changes: Changes, watch: Callable[[Replicate], Any]) -> np.ndarray:
        """What is seen of every world on the way."""
        return self._each(changes, watch, lambda plan, seed: watch(Replicate(plan, seed)))

    def _each(
        self, changes: Changes, key: Any, look: Callable[[Blueprint, int], Any]
    ) -> np.ndarray:
        def run() -> np.ndarray:
            return np.array(self._worlds(changes).watch(self.scenario(changes), look))

        return self._once((json.dumps(changes, sort_keys=True), key), run)

    def shares(self, parts: np.ndarray, wholes: np.ndarray) -> np.ndarray:
        """Shares of events too rare in one run: over batches of runs, or, with several sets, a
        number a run.

        With several sets each run's part is divided by the mean of all wholes, so that their mean
        is the share over all runs, and sets in which little happens weigh little.
        """
        if len(self.conditions.sets) == 1:
            return in_batches(parts, wholes)
        whole = float(np.mean(wholes))
        return np.asarray(parts, float) / (whole if whole > 0 else np.nan)

    def equal(self, *designs: Changes) -> list[Changes]:
        """Designs at the intensity at which each takes the same supporter hours: the mean over them
        as configured.
        """
        key = json.dumps(designs, sort_keys=True)
        return self._once(key, lambda: self._equal(designs))

    def _equal(self, designs: tuple[Changes, ...]) -> list[Changes]:
        hours = [self._hours(design) for design in designs]
        target = float(np.mean(hours))
        return [
            self._at(design, target, known) for design, known in zip(designs, hours, strict=True)
        ]

    def _hours(self, changes: Changes) -> float:
        return float(np.mean(self.outcome(changes, HOURS)))

    def _at(self, design: Changes, target: float, known: float) -> Changes:
        if abs(known - target) <= CLOSE_ENOUGH * target:
            return design
        pilot = self.seeds[:PILOT]
        few = float(
            np.mean(self.outcome(design, HOURS)[: len(pilot)])
        )  # stand for all: corrected by what is known

        def hours_at(intensity: float) -> float:
            return known / few * mean_of(self._run({**design, INTENSITY: intensity}, pilot), HOURS)

        return {**design, INTENSITY: solve(hours_at, target, (1.0, known), LEAST, MOST)}

    def compare(
        self, plain: Changes, more: Changes, read: Callable[[Changes], np.ndarray]
    ) -> Finding:
        """What `more` changes against `plain` at equal supporter hours; the remarks add what it
        changes as configured.

        Parameters
        ----------
        plain, more : changes
        read : function
            From a design to one number a run.
        """
        first, second = self.equal(plain, more)
        without, with_it = read(first), read(second)

        def remarks() -> list[Sentence]:
            means = {"more": np.nanmean(with_it), "plain": np.nanmean(without)}
            level = remark("level", **{name: f"{mean:.3g}" for name, mean in means.items()})
            hours = self.hours_remark(first, second)
            if first == plain and second == more:
                return [level, hours]
            asis = estimate(read(more) - read(plain))
            ends = {"low": f"{asis.low:.3g}", "high": f"{asis.high:.3g}"}
            return [level, remark("as_configured", mean=f"{asis.mean:+.3g}", **ends), hours]

        return Finding(with_it - without, remarks)

    def hours_remark(self, *designs: Changes) -> Sentence:
        """What it took to make hours equal, in words."""
        intensities = ", ".join(f"{design.get(INTENSITY, 1.0):.2g}" for design in designs)
        hours = [float(np.mean(self.outcome(design, HOURS))) for design in designs]
        key = "equal_hours" if max(hours) <= 1.1 * min(hours) else "hours_not_equal"
        written = ", ".join(f"{value:.0f}" for value in hours)
        return remark(key, hours=written, intensities=intensities)
