"""Running designs: the same people and seeds in each, as configured and at equal supporter
hours.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from peersim.kernel.catalogue import say
from peersim.kernel.declaration import declared
from peersim.presentation import terminal
from peersim.run.simulation import Ensemble, ensemble
from peersim.scenario.plausible_sets import sets_for
from peersim.scenario.scenario import Scenario, changed
from peersim.scenario.typology import CONFIGURED, EQUAL_COST, EQUAL_HOURS, NO_PROGRAMME, OWN, Design

HOURS, COST = "supporter_hours", "cost"
SHARED = {EQUAL_HOURS: HOURS, EQUAL_COST: COST}
"""What every design takes as much of, by basis."""

INTENSITY = "programme.intensity"
PILOT_RUNS = 16
PILOTS_EXPECTED = 3
STEPS = 5
CLOSE_ENOUGH = 0.015
REACHED = 0.05
FLATTEST = 0.05


class Arm(NamedTuple):
    """One design on one basis, with its runs."""

    design: Design
    basis: str
    scenario: Scenario
    intensity: float
    target: float | None
    ensemble: Any  # an Ensemble, or what a comparison kept of one

    @property
    def hours(self) -> float:
        """Mean supporter hours up to the last week."""
        return mean_of(self.ensemble, HOURS)

    @property
    def reached(self) -> bool | None:
        """Whether the hours, or the cost, aimed at were reached; None where none were."""
        if self.target is None:
            return None
        return (
            abs(mean_of(self.ensemble, SHARED[self.basis]) - self.target) <= REACHED * self.target
        )


class Runner:
    """Runs scenarios over the same seeds and moves the progress bar."""

    def __init__(
        self,
        seeds: Sequence[int],
        workers: int,
        total: int,
        label: str,
        sets: Sequence[Mapping[str, Any]] | None = None,
    ):
        self.seeds, self.workers, self.sets = list(seeds), workers or 1, sets
        self.bar = terminal.bar(label, total=total)

    def run(self, scenario: Scenario, seeds: Sequence[int]) -> Ensemble:
        """Run a scenario once a seed, and keep how everybody ended."""
        return ensemble(scenario, seeds, self.workers, self.bar.update, True, self.sets)

    def run_the_rest(self, scenario: Scenario, begun: Ensemble) -> Ensemble:
        """Run a scenario with those seeds that come after the first few, which have been run."""
        rest = self.seeds[len(begun.seeds) :]
        if not rest:
            return begun
        parts = begun, self.run(scenario, rest)

        def joined(name: str) -> np.ndarray:
            return np.concatenate([getattr(part, name) for part in parts])

        return Ensemble(
            joined("seeds"),
            begun.weeks,
            begun.communities,
            begun.outcomes,
            joined("values"),
            joined("persons"),
        )

    def close(self) -> None:
        """Fill the bar, whatever the search for equal hours took, and take it away."""
        self.bar.total = self.bar.n
        self.bar.close()


def last_week(ensemble: Ensemble) -> int:
    """Give the last week of the runs."""
    return int(ensemble.weeks[-1])


def mean_of(ensemble: Ensemble, outcome: str) -> float:
    """Mean of an outcome over the runs, at the last week."""
    return float(np.mean(ensemble.at(last_week(ensemble), outcome)))


def configured_arm(design: Design, scenario: Scenario, runner: Runner, seeds: Sequence[int]) -> Arm:
    """Run a design as it is configured."""
    runs = runner.run(scenario, seeds)
    return Arm(design, CONFIGURED, scenario, _intensity(scenario), None, runs)


def run_designs(
    designs: Mapping[str, tuple[Design, Scenario]], settings: Any, bases: Sequence[str]
) -> list[Arm]:
    """Run every design on every basis; the reference comes first and counts on each basis."""
    pilots = min(PILOT_RUNS, settings.replicates) * PILOTS_EXPECTED if EQUAL_HOURS in bases else 0
    programmes = len(designs) - 1
    sets = sets_for(settings.parameters, [scenario for _, scenario in designs.values()])
    runner = Runner(
        range(settings.seed, settings.seed + settings.replicates),
        settings.workers,
        (1 + programmes * len(bases)) * settings.replicates + programmes * pilots,
        say("progress.designs", n=len(designs) - 1),
        sets,
    )
    try:
        configured = [configured_arm(*design, runner, runner.seeds) for design in designs.values()]
        if EQUAL_HOURS not in bases:
            return configured
        target = target_hours(configured)
        return configured + [
            at_equal(arm, EQUAL_HOURS, target, runner, PILOT_RUNS) for arm in configured
        ]
    finally:
        runner.close()


def target_hours(arms: Sequence[Arm]) -> float:
    """Choose the hours to compare at: the median over the designs of the typology, as
    configured.
    """
    hours = [arm.hours for arm in arms if arm.design.name not in (NO_PROGRAMME, OWN)]
    return float(np.median(hours))


def at_equal(arm: Arm, basis: str, target: float, runner: Runner, pilots: int) -> Arm:
    """Run a design again at the intensity that brings its supporter hours, or its cost, nearest to
    the target.
    """
    if arm.design.name == NO_PROGRAMME:
        return arm._replace(basis=basis)
    outcome, pilot = SHARED[basis], runner.seeds[:pilots]
    known, all_of_it = (
        arm.ensemble.at(last_week(arm.ensemble), outcome),
        mean_of(arm.ensemble, outcome),
    )
    few = float(np.mean(known[: len(pilot)]))
    to_all = (
        all_of_it / few if few > 0 else 1.0
    )  # a few runs stand for all: correct by what is known of these
    begun = {arm.intensity: arm.ensemble}

    def at(intensity: float) -> Scenario:
        return changed(arm.scenario, {INTENSITY: intensity})

    def taken_at(intensity: float) -> float:
        begun[intensity] = runner.run(at(intensity), pilot)
        return to_all * mean_of(begun[intensity], outcome)

    low, high = _bounds(arm.scenario)
    intensity = solve(taken_at, target, (arm.intensity, all_of_it), low, high)
    runs = runner.run_the_rest(at(intensity), begun[intensity])
    return Arm(arm.design, basis, at(intensity), intensity, target, runs)


def solve(
    hours_at: Callable[[float], float],
    target: float,
    known: tuple[float, float],
    low: float,
    high: float,
) -> float:
    """Find the intensity at which hours equal the target: secants on logarithms in a shrinking
    bracket.

    Hours that grow in proportion to intensity need one step:

    >>> solve(lambda intensity: 30 * intensity, 90.0, (1.0, 30.0), 0.1, 10)
    3.0

    Where the hours cannot be reached, the least intensity that comes nearest is taken:

    >>> solve(lambda intensity: min(60.0, 30 * intensity), 90.0, (1.0, 30.0), 0.1, 10)
    3.0
    """
    tried = [known]
    for _ in range(STEPS):
        if abs(tried[-1][1] - target) <= CLOSE_ENOUGH * target:
            break
        guess = _next(tried, target, low, high)
        if any(guess == intensity for intensity, _ in tried):
            break
        tried.append((guess, hours_at(guess)))
    return min(tried, key=lambda point: (abs(point[1] - target), point[0]))[0]


def _next(tried: Sequence[tuple[float, float]], target: float, low: float, high: float) -> float:
    """Interpolate between the nearest points on both sides, or step on from those on one side."""
    over = min((point for point in tried if point[1] > target), default=None)
    if over is None:
        return min(high, _step(sorted(tried)[-2:], target, high))
    under = max((point for point in tried if point[1] <= target and point < over), default=None)
    if under is None:
        return max(low, _step(sorted(tried)[1::-1], target, low))
    if under[1] <= 0:
        return math.sqrt(under[0] * over[0])
    return _step([under, over], target, over[0])


def _step(points: Sequence[tuple[float, float]], target: float, bound: float) -> float:
    """Follow the line through two points on logarithms (hours in proportion if there is one) to the
    target.
    """
    (before, few), (last, hours) = points[0], points[-1]
    if hours <= 0 or few <= 0:
        return bound
    slope = math.log(hours / few) / math.log(last / before) if last != before else 1.0
    if slope < FLATTEST:
        return bound
    return float(last * (target / hours) ** (1 / slope))


def _intensity(scenario: Scenario) -> float:
    return float(scenario.programme.intensity)


def _bounds(scenario: Scenario) -> tuple[float, float]:
    field = next(field for path, _, field in declared(scenario.programme) if path == "intensity")
    return float(field.metadata["low"]), float(field.metadata["high"])
