"""What a calibration found, as tidy tables: targets, parameters, what goes together, waves,
plausible sets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from peersim.studies.calibration.matching.emulator import implausibility
from peersim.studies.calibration.matching.identifiability import recovery_table, tensions_table
from peersim.studies.calibration.parameters import columns_at
from peersim.studies.calibration.targets import GROUPS

if TYPE_CHECKING:
    from peersim.studies.calibration.matching.history_matching import Calibration

HIT, MISSED = "hit", "missed"
WITHIN = 2.0
"""A target is hit if no more standard deviations than this lie between simulated and observed."""
LEARNED, SOMEWHAT, UNKNOWN = "learned", "a little", "not identified"
_MUCH, _LITTLE = 0.35, 0.12
COUPLED = 0.35
PRIOR_SPREAD = float(np.sqrt(1.0 / 12.0))


def calibration_tables(found: Calibration) -> dict[str, pl.DataFrame]:
    """Make every table of a calibration."""
    return {
        "targets": targets_table(found),
        "shrinkage": shrinkage_table(found),
        "couplings": couplings_table(found),
        "tensions": tensions_table(found),
        "recovery": recovery_table(found),
        "waves": waves_table(found),
        "plausible": plausible_table(found),
    }


def verdict(missed: float) -> str:
    """Whether a target is hit.

    >>> verdict(-1.2), verdict(2.5), verdict(float("nan"))
    ('hit', 'missed', 'missed')
    """
    return HIT if abs(missed) <= WITHIN else MISSED


def targets_table(found: Calibration) -> pl.DataFrame:
    """One row a target: observed, simulated at the defaults and over the plausible sets, hit or
    missed.
    """
    defaults = found.defaults.values[:, 0]
    at_defaults = found.misses(defaults.mean(axis=0), len(defaults))
    sets = found.candidates.values[found.chosen].mean(axis=1)
    middle = np.nanmedian(sets, axis=0)
    missed = implausibility(found.targets, middle, np.zeros(len(found.targets)))
    each = np.abs(found.misses(sets, found.plan.each)) <= WITHIN
    rows = []
    for k, target in enumerate(found.targets):
        low, high = np.nanquantile(sets[:, k], (0.05, 0.95))
        rows.append(
            {
                "target": target.name,
                "group": GROUPS[target.group],
                "label": target.label,
                "evidence": target.evidence,
                "setting": target.setting,
                "sense": target.sense,
                "observed": float(target.observed),
                "error": float(target.error),
                "discrepancy": float(target.discrepancy),
                "noise": float(found.noise[k]),
                "default": float(defaults[:, k].mean()),
                "default_missed": float(at_defaults[k]),
                "default_verdict": verdict(at_defaults[k]),
                "median": float(middle[k]),
                "low": float(low),
                "high": float(high),
                "missed": float(missed[k]),
                "verdict": verdict(missed[k]),
                "sets_within": float(each[:, k].mean()),
                "definition": target.definition,
                "why": target.why,
            }
        )
    return pl.DataFrame(rows)


def shrinkage_table(found: Calibration) -> pl.DataFrame:
    """One row a parameter: bounds, what is left of them, how much narrower that is, where the
    default lies in it.
    """
    unit, rows = found.plausible, []
    values = columns_at(unit)
    for k, parameter in enumerate(found.parameters):
        places, ends = unit[:, k], np.quantile(values[parameter.path], (0.05, 0.5, 0.95))
        low, middle, high = np.quantile(places, (0.05, 0.5, 0.95))
        shrunk = 1.0 - float(places.std()) / PRIOR_SPREAD
        default = float(parameter.place(parameter.default))
        rows.append(
            {
                "parameter": parameter.path,
                "unit": parameter.unit,
                "lowest": parameter.low,
                "highest": parameter.high,
                "spread": parameter.spread,
                "carried": not parameter.is_learned,
                "default": parameter.default,
                "median": float(ends[1]),
                "low": float(ends[0]),
                "high": float(ends[2]),
                "low_place": float(low),
                "median_place": float(middle),
                "high_place": float(high),
                "default_place": default,
                "shrinkage": shrunk,
                "verdict": _learned(shrunk, float(places.mean())),
                "default_rank": float((places < default).mean()),
            }
        )
    return pl.DataFrame(rows)


def _learned(shrinkage: float, middle: float) -> str:
    """Whether a parameter was learned: its range is narrower, or its middle has moved."""
    told = max(shrinkage, abs(middle - 0.5) / PRIOR_SPREAD * 0.5)
    return LEARNED if told >= _MUCH else SOMEWHAT if told >= _LITTLE else UNKNOWN


def couplings_table(found: Calibration) -> pl.DataFrame:
    """Pairs of parameters of which the plausible sets only tell a combination: those that are
    correlated.
    """
    names = [parameter.path for parameter in found.parameters]
    together = np.corrcoef(found.plausible, rowvar=False)
    rows = [
        {"parameter": names[i], "other": names[j], "correlation": float(together[i, j])}
        for i in range(len(names))
        for j in range(i + 1, len(names))
        if abs(together[i, j]) >= COUPLED
    ]
    kinds: Any = {"parameter": pl.String, "other": pl.String, "correlation": pl.Float64}
    return pl.DataFrame(rows, kinds).sort(pl.col("correlation").abs(), descending=True)


def waves_table(found: Calibration) -> pl.DataFrame:
    """One row a wave and number of targets missed: how many sets of the wave miss so many
    targets.
    """
    rows = []
    for wave in found.waves:
        runs = wave.values.shape[1]
        missed = np.abs(found.misses(wave.values.mean(axis=1), runs))
        count = (~(missed < 3.0)).sum(axis=1)
        for number in range(len(found.targets) + 1):
            rows.append(
                {
                    "wave": wave.name,
                    "sets": len(count),
                    "targets_missed": number,
                    "share": float((count == number).mean()),
                }
            )
    return pl.DataFrame(rows)


def plausible_table(found: Calibration) -> pl.DataFrame:
    """One row a plausible set: its number, how badly it misses the target it misses most, and its
    values.
    """
    missed = np.abs(
        found.misses(found.candidates.values[found.chosen].mean(axis=1), found.plan.each)
    )
    columns: dict[str, Any] = {
        "set": np.arange(len(found.chosen)),
        "worst": np.nanmax(missed, axis=1),
    }
    return pl.DataFrame(columns | columns_at(found.plausible))
