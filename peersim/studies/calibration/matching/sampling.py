"""Sampling sets of parameters that fit: many walkers in the unit cube, each guided by the
differences of others.

Differential evolution Markov chains (ter Braak 2006, with updates of some dimensions at a time as
in DREAM, Vrugt 2009): they need no gradients and no tuning, and a step of all walkers is one
product of matrices.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from peersim.studies.calibration.matching.emulator import Emulator, misses, stretched, tolerances

Fit = Callable[[np.ndarray], np.ndarray]
"""From points of the unit cube to the logarithm of how well they fit."""

AT_A_TIME = (0.05, 0.15, 0.5)
JUMP_EVERY = 10


def fitting(
    emulator: Emulator, noise: np.ndarray, aim: np.ndarray | None = None, without: int | None = None
) -> Fit:
    """How well points fit the targets, by the stand-in: -1/2 of the summed squares of the
    implausibilities.

    Parameters
    ----------
    emulator : Emulator
    noise : float array, targets
        Standard deviation of a run's values from luck, on the stretched scales: it is no fault of
        the stand-in.
    aim : float array, optional
        Other values to be met than those observed, on the stretched scales, two-sided.
    without : int, optional
        A target to be left out.
    """
    targets, is_synthetic = emulator.targets, aim is not None
    if aim is None:
        aim = stretched(targets, np.array([target.observed for target in targets]))
    off = np.sqrt(np.maximum(emulator.error**2 - noise**2, 0.0))
    width = np.hypot(tolerances(targets), off)
    counts = np.ones(len(targets))
    if without is not None:
        counts[without] = 0.0

    def fit(unit: np.ndarray) -> np.ndarray:
        difference = emulator.predict(unit) - aim
        if not is_synthetic:
            difference = misses(targets, difference)
        return np.asarray(-0.5 * ((difference / width) ** 2 * counts).sum(axis=1))

    return fit


def walk(
    fit: Fit, start: np.ndarray, steps: int, rng: np.random.Generator, keep_every: int = 0
) -> np.ndarray:
    """Where walkers are after some steps; or everywhere they were after each `keep_every` steps.

    Parameters
    ----------
    fit : callable
    start : float array, walkers x parameters
        An even number of walkers.
    steps : int
    rng : numpy Generator
    keep_every : int
        0: only the end.
    """
    now, kept = start.copy(), []
    height = fit(now)
    half = len(now) // 2
    halves = (np.arange(half), np.arange(half, 2 * half))
    for step in range(1, steps + 1):
        for moving, others in (halves, halves[::-1]):
            to = _proposed(now[moving], now[others], rng, is_jump=step % JUMP_EVERY == 0)
            there = fit(to)
            better = np.log(rng.random(len(moving))) < there - height[moving]
            now[moving[better]], height[moving[better]] = to[better], there[better]
        if keep_every and step % keep_every == 0:
            kept.append(now.copy())
    return np.concatenate(kept) if kept else now


def _proposed(
    at: np.ndarray, others: np.ndarray, rng: np.random.Generator, is_jump: bool
) -> np.ndarray:
    n, d = at.shape
    first = rng.integers(len(others), size=n)
    second = (first + rng.integers(1, len(others), size=n)) % len(others)
    share = rng.choice(AT_A_TIME, size=(n, 1))
    moves = rng.random((n, d)) < share
    stride = 1.0 if is_jump else 2.38 / np.sqrt(2.0 * np.maximum(share * d, 1.0))
    to = at + moves * (
        stride * (others[first] - others[second]) + 0.01 * rng.standard_normal((n, d))
    )
    return np.asarray(1.0 - np.abs(1.0 - to % 2.0))  # reflected at both ends
