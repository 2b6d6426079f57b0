"""Waves: sets spread over everything that is possible, then around what is left, then a sample of
plausible sets.

The first wave is spread evenly (a Latin hypercube). Each later one is drawn where a quadratic
stand-in for the simulation, fitted to the runs of the last two waves, says that the targets are
met; how far the stand-in itself may be off counts in favour of a set, so that early waves are wide.
What the runs of the last wave say decides which sets are plausible.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from peersim.kernel.catalogue import Sentence
from peersim.studies.calibration.matching.emulator import Emulator, fit, implausibility, stretched
from peersim.studies.calibration.matching.sampling import fitting, walk
from peersim.studies.calibration.parameters import Parameter, parameters, unit_of_defaults
from peersim.studies.calibration.runs import Runner, once
from peersim.studies.calibration.targets import Target

IMPLAUSIBLE = 3.0
"""A set is implausible if some target is missed by more standard deviations than this (Pukelsheim's
rule)."""
WAVE_SEEDS = 100_000
"""Seeds set aside for each wave."""


class Plan(NamedTuple):
    """How much is run.

    Attributes
    ----------
    first, later : int
        Sets in the first wave and in each later one.
    waves : int
        Number of waves between the first and the last.
    candidates, each : int
        Sets in the last wave, and runs of each.
    plausible : int
        Sets in the final sample.
    walkers, steps : int
        Of the sampling between waves.
    defaults : int
        Runs of the defaults.
    known : int
        Known sets that are to be recovered.
    """

    first: int
    later: int
    waves: int
    candidates: int
    each: int
    plausible: int = 300
    walkers: int = 600
    steps: int = 1500
    defaults: int = 20
    known: int = 40

    @property
    def runs(self) -> int:
        """Sets run in all, each as often as it is run."""
        return self.defaults + self.first + self.later * self.waves + self.candidates * self.each


PLANS = {
    "quick": Plan(first=600, later=400, waves=3, candidates=500, each=1, known=10),
    "full": Plan(first=2000, later=800, waves=6, candidates=1800, each=2, steps=2500),
}


class Wave(NamedTuple):
    """Sets of one wave and what their runs gave: `unit` sets x parameters, `values` sets x runs x
    targets.
    """

    name: str
    unit: np.ndarray
    values: np.ndarray


class Calibration(NamedTuple):
    """What a calibration found.

    Attributes
    ----------
    targets : tuple of Target
    parameters : tuple of Parameter
    defaults : Wave
        The defaults, run with many seeds: each run stands as a set of its own.
    waves : list of Wave
        The last holds the candidates.
    noise : float array, targets
        Standard deviation of a run's value from luck alone.
    emulator : Emulator
        Fitted to the last two waves.
    chosen : int array
        The plausible sets: rows of the last wave.
    weights : float array
        How likely each candidate was to be chosen.
    plan : Plan
    seed : int
    """

    targets: tuple[Target, ...]
    parameters: tuple[Parameter, ...]
    defaults: Wave
    waves: list[Wave]
    noise: np.ndarray
    emulator: Emulator
    chosen: np.ndarray
    weights: np.ndarray
    plan: Plan
    seed: int

    @property
    def candidates(self) -> Wave:
        """The last wave."""
        return self.waves[-1]

    @property
    def plausible(self) -> np.ndarray:
        """Places of the plausible sets in the unit cube, sets x parameters."""
        return np.asarray(self.candidates.unit[self.chosen])

    def misses(self, values: np.ndarray, runs: int) -> np.ndarray:
        """Implausibility of mean values of so many runs."""
        return implausibility(self.targets, values, self.noise / np.sqrt(runs))


def calibrate(
    runner: Runner, plan: Plan, seed: int, after_wave: Callable[[Sentence], Any] = lambda text: None
) -> Calibration:
    """Run all waves, or what is left of them, and choose the plausible sets.

    Parameters
    ----------
    runner : Runner
    plan : Plan
    seed : int
        Decides everything: points, seeds of the runs, the final sample.
    after_wave : callable
        Called with a sentence about each wave.
    """
    runner.folder.mkdir(parents=True, exist_ok=True)
    same = np.tile(unit_of_defaults(), (plan.defaults, 1))
    defaults = Wave("defaults", same, runner.wave("defaults", same, _seeds(seed, 0, plan.defaults)))
    luck = stretched(runner.targets, defaults.values[:, 0]).std(axis=0, ddof=1)
    first = _spread(runner.folder / "wave-1-points.npy", plan.first, seed)
    waves = [Wave("wave-1", first, runner.wave("wave-1", first, _seeds(seed, 1, plan.first)))]
    after_wave(_left(runner.targets, waves[-1]))
    for number in range(2, plan.waves + 3):
        is_last = number == plan.waves + 2
        name, each = f"wave-{number}", plan.each if is_last else 1
        size = plan.candidates if is_last else plan.later
        emulator = fit(runner.targets, *_last_two(waves))
        unit = _drawn(
            runner.folder / f"{name}-points.npy", emulator, luck, (size, plan, seed + number)
        )
        waves.append(
            Wave(name, unit, runner.wave(name, unit, _seeds(seed, number, size * each), each))
        )
        after_wave(_left(runner.targets, waves[-1]))
    noise = _noise(defaults, waves[-1])
    chosen, weights = _choose(runner.targets, waves[-1], (emulator, luck), noise, (plan, seed))
    found = fit(runner.targets, *_last_two(waves))
    return Calibration(
        runner.targets, parameters(), defaults, waves, noise, found, chosen, weights, plan, seed
    )


def _seeds(seed: int, wave: int, runs: int) -> range:
    first = seed + wave * WAVE_SEEDS
    return range(first, first + runs)


def _spread(file: Path, points: int, seed: int) -> np.ndarray:
    """Spread the sets of the first wave over the unit cube, or read them if that has been done
    before.
    """
    from scipy.stats import qmc

    return once(file, lambda: qmc.LatinHypercube(len(parameters()), rng=seed).random(points))


def _last_two(waves: list[Wave]) -> tuple[np.ndarray, np.ndarray]:
    """Places and values of the runs of the last two waves, the mean where a set was run several
    times.
    """
    recent = waves[-2:]
    return np.concatenate([wave.unit for wave in recent]), np.concatenate(
        [wave.values.mean(axis=1) for wave in recent]
    )


def _drawn(
    file: Path, emulator: Emulator, luck: np.ndarray, size: tuple[int, Plan, int]
) -> np.ndarray:
    """Draw the sets of a later wave, or read them if they have been drawn before."""
    return once(file, lambda: _walked(emulator, luck, size))


def _walked(emulator: Emulator, luck: np.ndarray, size: tuple[int, Plan, int]) -> np.ndarray:
    wanted, plan, seed = size
    rng = np.random.default_rng(seed)
    fit_of = fitting(emulator, luck)
    start = rng.random((plan.walkers, len(parameters())))
    warm = walk(fit_of, start, plan.steps, rng)
    rounds = -(-wanted // plan.walkers)
    return walk(fit_of, warm, 200 * rounds, rng, keep_every=200)[:wanted]


def _noise(defaults: Wave, candidates: Wave) -> np.ndarray:
    """Standard deviation from luck alone: within the candidates if each ran several times, else at
    the defaults.
    """
    if candidates.values.shape[1] > 1:
        return np.sqrt(np.nanmean(candidates.values.var(axis=1, ddof=1), axis=0))
    return defaults.values[:, 0].std(axis=0, ddof=1)


def _left(targets: tuple[Target, ...], wave: Wave) -> Sentence:
    """Say how many sets of a wave meet the targets."""
    values = wave.values.mean(axis=1)
    missed = np.abs(implausibility(targets, values, np.zeros(len(targets))))
    worst = np.where(np.isfinite(missed), missed, np.inf).max(axis=1)
    met = np.isfinite(missed) & (missed < IMPLAUSIBLE)
    share = {
        "all": float((worst < IMPLAUSIBLE).mean()),
        "but_one": float((met.sum(axis=1) >= len(targets) - 1).mean()),
    }
    named = Sentence("calibration.wave_name", {"number": wave.name.rpartition("-")[2]})
    return Sentence("calibration.wave", {"wave": named, "sets": len(wave.unit), **share})


def _choose(
    targets: tuple[Target, ...],
    candidates: Wave,
    by: tuple[Emulator, np.ndarray],
    noise: np.ndarray,
    how: tuple[Plan, int],
) -> tuple[np.ndarray, np.ndarray]:
    """Weigh candidates by how well their runs meet the targets, and draw the plausible ones without
    replacement.

    Candidates were drawn where the stand-in met the targets, so what it said of them is divided out
    again. Where too few miss no target, those that miss least of all join them.
    """
    (emulator, luck), (plan, seed) = by, how
    missed = implausibility(
        targets, candidates.values.mean(axis=1), noise / np.sqrt(candidates.values.shape[1])
    )
    missed = np.where(np.isfinite(missed), np.abs(missed), np.inf)
    fits = -0.5 * (missed**2).sum(axis=1)
    worst = missed.max(axis=1)
    limit = max(IMPLAUSIBLE, float(np.sort(worst)[min(plan.plausible, len(worst)) - 1]))
    is_plausible = (worst <= limit) & np.isfinite(worst)
    gain = fits - fitting(emulator, luck)(candidates.unit)
    weights = np.zeros(len(worst))
    weights[is_plausible] = np.exp(
        np.clip(gain[is_plausible] - np.median(gain[is_plausible]), -2.0, 2.0)
    )
    weights /= weights.sum()
    rng = np.random.default_rng(seed + 99)
    number = min(plan.plausible, int(is_plausible.sum()))
    return rng.choice(len(weights), number, replace=False, p=weights), weights
