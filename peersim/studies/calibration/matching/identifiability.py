"""What a calibration cannot do: targets that pull apart, and how well parameters that are known are
found again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from peersim.studies.calibration.matching.emulator import fit, misses, stretched, tolerances
from peersim.studies.calibration.matching.sampling import fitting, walk

if TYPE_CHECKING:
    from peersim.studies.calibration.matching.history_matching import Calibration

APART = 0.2
"""Standard deviations by which one target must come nearer when another is left out."""
STEPS = 400
SAMPLES = 4
GUESSES = 200
"""Walkers that look for one known set."""
ANYWHERE = 0.25
"""Mean distance of a guess at the middle from a truth that could lie anywhere, as places from 0 to
1."""


def _luck(found: Calibration) -> np.ndarray:
    return stretched(found.targets, found.defaults.values[:, 0]).std(axis=0, ddof=1)


def _walkers(found: Calibration) -> np.ndarray:
    unit = found.candidates.unit
    return unit[: min(len(unit) // 2 * 2, found.plan.walkers)]


def tensions_table(found: Calibration) -> pl.DataFrame:
    """Pairs of targets that pull apart: leaving out one brings the other nearer to what was
    observed.

    Sets that fit are drawn by the stand-in; leaving a target out gives each the weight that this
    target took from it.
    """
    targets, luck, rng = found.targets, _luck(found), np.random.default_rng(found.seed + 7)
    fit_of = fitting(found.emulator, luck)
    warm = walk(fit_of, _walkers(found), STEPS, rng)
    points = walk(fit_of, warm, 4 * STEPS, rng, keep_every=STEPS // SAMPLES)
    aim = stretched(targets, np.array([target.observed for target in targets]))
    off = misses(targets, found.emulator.predict(points) - aim)
    width = np.hypot(
        tolerances(targets), np.sqrt(np.maximum(found.emulator.error**2 - luck**2, 0.0))
    )
    names, whole, rows = (
        [target.name for target in targets],
        off.mean(axis=0) / tolerances(targets),
        [],
    )
    for dropped, name in enumerate(names):
        weight = np.exp(np.minimum(0.5 * (off[:, dropped] / width[dropped]) ** 2, 4.0))
        alone = (weight[:, None] * off).sum(axis=0) / weight.sum() / tolerances(targets)
        for k in range(len(names)):
            if k != dropped and abs(whole[k]) - abs(alone[k]) >= APART:
                rows.append(
                    {
                        "target": names[k],
                        "other": name,
                        "missed": float(whole[k]),
                        "missed_without": float(alone[k]),
                    }
                )
    kinds = {
        "target": pl.String,
        "other": pl.String,
        "missed": pl.Float64,
        "missed_without": pl.Float64,
    }
    frame = pl.DataFrame(rows, kinds)
    return (
        frame.sort(frame["missed"].abs() - frame["missed_without"].abs(), descending=True)
        if rows
        else frame
    )


def recovery_table(found: Calibration) -> pl.DataFrame:
    """How well known parameters are found again, one row a parameter.

    Some plausible sets are taken as the truth. What one run of each gives, with an error of the
    size of the targets' own, is what was 'observed' of them; then everything is calibrated to that,
    from the same runs without these.
    """
    rng = np.random.default_rng(found.seed + 8)
    known = rng.choice(found.chosen, min(found.plan.known, len(found.chosen)), replace=False)
    others = np.setdiff1d(np.arange(len(found.candidates.unit)), known)
    before = found.waves[1:-1]  # wide enough to know also what lies around the plausible sets
    unit = np.concatenate([*(wave.unit for wave in before), found.candidates.unit[others]])
    runs = [*(wave.values for wave in before), found.candidates.values[others]]
    values = np.concatenate([each.mean(axis=1) for each in runs])
    emulator, luck = fit(found.targets, unit, values), _luck(found)
    start = found.candidates.unit[others[: min(GUESSES, len(others) // 2 * 2)]]
    inside, misplaced = [], []
    for row in known:
        truth = found.candidates.unit[row]
        seen = stretched(found.targets, found.candidates.values[row, 0])
        seen = seen + rng.standard_normal(len(seen)) * tolerances(found.targets)
        points = walk(
            fitting(emulator, luck, seen), start, 2 * STEPS, rng, keep_every=STEPS // SAMPLES
        )
        points = points[len(points) // 2 :]
        low, middle, high = np.quantile(points, (0.05, 0.5, 0.95), axis=0)
        inside.append((low <= truth) & (truth <= high))
        misplaced.append(np.abs(middle - truth))
    error = np.mean(misplaced, axis=0)
    return pl.DataFrame(
        {
            "parameter": [parameter.path for parameter in found.parameters],
            "known": [len(known)] * len(found.parameters),
            "coverage": np.mean(inside, axis=0),
            "error": error,
            "better": 1.0 - error / ANYWHERE,
        }
    )
