"""From the runs of all mixes to tables: what each gives, which is best how often, and what choosing
it costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from peersim.kernel.statistics import SMALL, TOO_CLOSE, WORSE, estimate, set_means
from peersim.model.outcomes import OUTCOMES, compared
from peersim.scenario.typology import NO_PROGRAMME
from peersim.studies.main.arms import SHARED, Arm, last_week, mean_of
from peersim.studies.main.persons import everybody, reach

JUDGED = ("connectedness", "recovery", "retained", "isolated", "never_reached", "strain")
"""Outcomes over everybody invited by which mixes are judged (strain: over supporters who became
active)."""

FRONT = ("connectedness", "never_reached")
"""The two that a programme must weigh: what it gives on average, and how many it leaves out."""

_BETTER = {outcome.name: outcome.better for outcome in OUTCOMES}


class Choice(NamedTuple):
    """All that was run.

    Attributes
    ----------
    arms : list of Arm
        The reference and every mix, on each basis.
    sets, worlds : int
        Sets of parameters, and worlds with each.
    """

    arms: list[Arm]
    sets: int
    worlds: int


def choice_tables(choice: Choice) -> dict[str, pl.DataFrame]:
    """Make all tables of the study."""
    parts: dict[str, list[pl.DataFrame]] = {"mixes": [], "regret": [], "left_out": []}
    for basis in dict.fromkeys(arm.basis for arm in choice.arms):
        arms = [arm for arm in choice.arms if arm.basis == basis]
        programmes = [arm for arm in arms if arm.design.name != NO_PROGRAMME]
        parts["mixes"].append(mixes(programmes, arms[0], choice))
        parts["regret"].append(regrets(programmes, choice))
        parts["left_out"].append(
            reach(everybody(arms)).with_columns(pl.col("design").cast(pl.String))
        )
    return {name: pl.concat(frames) for name, frames in parts.items()}


def _at_end(arm: Arm, outcome: str) -> np.ndarray:
    return np.asarray(arm.ensemble.at(last_week(arm.ensemble), outcome))


def judged(arms: Sequence[Arm]) -> list[str]:
    """Outcomes that some mix has a value of: without supporters on duty there is no strain."""
    return [name for name in JUDGED if any(np.isfinite(_at_end(arm, name)).any() for arm in arms)]


def _by_sets(arm: Arm, outcome: str, choice: Choice) -> np.ndarray:
    """Mean over the worlds of each set: these have their parameters in common, so intervals rest on
    sets.
    """
    return set_means(_at_end(arm, outcome), choice.sets)


def mixes(arms: Sequence[Arm], reference: Arm, choice: Choice) -> pl.DataFrame:
    """One row a mix and outcome: its mean, what it adds to no programme, and whether it is
    surely less than the best.
    """
    rows: list[dict[str, Any]] = []
    for outcome in judged(arms):
        values = {arm.design.name: _by_sets(arm, outcome, choice) for arm in arms}
        alone = _by_sets(reference, outcome, choice)
        sign = -1 if _BETTER[outcome] == "lower" else 1
        best = max(values, key=lambda name: _or_least(sign * mean_known(values[name])))
        for arm in arms:
            own = values[arm.design.name]
            gap, gain = (compared(outcome, own, other) for other in (values[best], alone))
            mean = estimate(own)
            rows.append(
                _about(arm)
                | {
                    "outcome": outcome,
                    "mean": mean.mean,
                    "mean_low": mean.low,
                    "mean_high": mean.high,
                    "gain": gain.difference,
                    "gain_low": gain.low,
                    "gain_high": gain.high,
                    "behind": sign * -gap.difference,
                    "verdict": _verdict(arm.design.name == best, gap.verdict),
                    "runs": len(arm.ensemble.seeds),
                }
            )
    found = pl.DataFrame(rows)
    front = on_the_front(arms, choice)
    return found.with_columns(front=pl.col("design").is_in(front))


def _verdict(is_best: bool, verdict: str) -> str:
    if is_best:
        return "best"
    return verdict if verdict in (WORSE, SMALL) else TOO_CLOSE


def _about(arm: Arm) -> dict[str, Any]:
    return {
        "design": arm.design.name,
        "basis": arm.basis,
        "label": arm.design.label,
        "intensity": arm.intensity,
        "hours": arm.hours,
        "cost": mean_of(arm.ensemble, SHARED["equal cost"]),
        "reached": arm.reached,
    }


def on_the_front(arms: Sequence[Arm], choice: Choice) -> list[str]:
    """Mixes that no other is surely better than in both of what must be weighed."""
    return [
        arm.design.name for arm in arms if not any(_beats(other, arm, choice) for other in arms)
    ]


def _beats(other: Arm, arm: Arm, choice: Choice) -> bool:
    found = [
        compared(name, _by_sets(other, name, choice), _by_sets(arm, name, choice)).verdict
        for name in FRONT
    ]
    return all(verdict == "better" for verdict in found)


def regrets(arms: Sequence[Arm], choice: Choice) -> pl.DataFrame:
    """One row a mix and outcome: in how many of the sets it is best, and what choosing it costs
    against the best.

    The best of each set is found in one half of its worlds and compared in the other, and the other
    way round: the best of many would otherwise look better than it is.
    """
    rows: list[dict[str, Any]] = []
    for outcome in judged(arms):
        sign = -1 if _BETTER[outcome] == "lower" else 1
        values = sign * np.stack([by_set(_at_end(arm, outcome), choice) for arm in arms])
        best, regret = best_shares(mean_known(values, 2)), regret_of(values)
        for place, arm in enumerate(arms):
            known = regret[place][np.isfinite(regret[place])]
            low, high = np.quantile(known, [0.05, 0.95]) if len(known) else (np.nan, np.nan)
            rows.append(
                {
                    "design": arm.design.name,
                    "basis": arm.basis,
                    "label": arm.design.label,
                    "outcome": outcome,
                    "best_share": best[place],
                    "regret": mean_known(regret[place]),
                    "regret_low": low,
                    "regret_high": high,
                    "sets": choice.sets,
                }
            )
    return pl.DataFrame(rows)


def by_set(values: np.ndarray, choice: Choice) -> np.ndarray:
    """One value a run, in order of consecutive seeds, as sets x worlds: seed s went with set s
    modulo their number.
    """
    return values.reshape(choice.worlds, choice.sets).T


def best_shares(means: np.ndarray) -> np.ndarray:
    """In what share of the sets (columns) each mix (row) has the greatest mean.

    >>> best_shares(np.array([[1.0, 3.0, 2.0], [2.0, 1.0, 5.0]])).round(2).tolist()
    [0.33, 0.67]
    """
    known = means[:, np.isfinite(means).any(axis=0)]
    if not known.size:
        return np.full(len(means), np.nan)
    return np.bincount(np.nanargmax(known, axis=0), minlength=len(means)) / int(known.shape[1])


def mean_known(values: np.ndarray, axis: int | None = None) -> Any:
    """Mean of the values that are known; nan where none is."""
    known = np.isfinite(values).sum(axis=axis)
    total = np.asarray(np.nansum(values, axis=axis))
    return np.divide(total, known, out=np.full(total.shape, np.nan), where=known > 0)[()]


def _or_least(values: Any) -> Any:
    return np.where(np.isnan(values), -np.inf, values)


def regret_of(values: np.ndarray) -> np.ndarray:
    """What choosing each mix costs in each set: how far the best of the set is ahead of it.

    Parameters
    ----------
    values : float array, mixes x sets x worlds
        Greater is better.
    """
    halves = [mean_known(values[:, :, half::2], 2) for half in (0, 1)]
    found = []
    for chosen_in, judged_in in (halves, halves[::-1]):
        best = np.argmax(_or_least(chosen_in), axis=0)
        cost = judged_in[best, np.arange(values.shape[1])] - judged_in
        found.append(np.where(np.isfinite(chosen_in).any(axis=0), cost, np.nan))
    return (found[0] + found[1]) / 2
