"""From simulated trials to tidy tables; columns.csv says what each column means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from peersim.kernel.statistics import Share, share_of
from peersim.studies.trial.measurement import OUTCOMES, PRIMARY
from peersim.studies.trial.summary import (
    CONFIGURED,
    END,
    FOLLOW_UP,
    PLAUSIBLE,
    POWERS,
    Size,
    Summary,
    found_of,
    mean_variances,
    needed,
    power_at,
    summarise,
    truth_of,
)
from peersim.studies.trial.trials import Design, Trial

ADJUSTED, CHANGE, NAIVE = "adjusted", "change", "circles ignored"
_ARMS = ("programme", "usual")
_DIFFERENCE = ("difference", "low", "high")
_OF_ONE = (
    *_ARMS,
    *_DIFFERENCE,
    *("error", "degrees", "sd", "d", "d_low", "d_high", "icc", "design_effect"),
)
_OF_EACH = (*_DIFFERENCE, "degrees", "sd", "d", "icc", "design_effect")
_CURVE = 40
MOST_DRAWN = 20_000


class Conducted(NamedTuple):
    """All that was run.

    Attributes
    ----------
    design : Design
    configured, plausible : list of Trial
        With the parameters as configured, and over plausible sets of them (empty if there are
        none).
    sizes : list of (Size, list of Trial)
        Sample sizes for the primary outcome, with the trials that check them (empty: too large).
    """

    design: Design
    configured: list[Trial]
    plausible: list[Trial]
    sizes: list[tuple[Size, list[Trial]]]

    @property
    def lost(self) -> float:
        """Share of people who are not measured again."""
        return self.design.protocol.lost


def trial_tables(conducted: Conducted) -> dict[str, pl.DataFrame]:
    """Make every table of a study of trials."""
    return {
        "trial": one_trial(conducted.configured[0]),
        "trials": each_trial(conducted),
        "trial_summary": summaries(conducted),
        "trial_attendance": attendance(conducted),
        "trial_by_week": by_week(conducted),
        "trial_sizes": sizes(conducted),
        "trial_power": power_curve(conducted),
    }


def batches(conducted: Conducted) -> Iterator[tuple[str, list[Trial]]]:
    """Give the trials by where their parameters come from."""
    yield CONFIGURED, conducted.configured
    if conducted.plausible:
        yield PLAUSIBLE, conducted.plausible


def measured(conducted: Conducted) -> Iterator[tuple[dict[str, str], list[Trial], int, bool]]:
    """Give the trials once for each of their measurements and outcomes: what they are known by, the
    outcome's place, and whether it is the later measurement.
    """
    for parameters, trials in batches(conducted):
        later = (False,) if trials[0].later is None else (False, True)
        for is_later in later:
            time = FOLLOW_UP if is_later else END
            for k, outcome in enumerate(OUTCOMES):
                known = {"parameters": parameters, "outcome": outcome, "time": time}
                yield known, trials, k, is_later


def one_trial(trial: Trial) -> pl.DataFrame:
    """One row an outcome, measurement and analysis of a single trial."""
    analyses = [
        (END, ADJUSTED, trial.adjusted),
        (END, CHANGE, trial.change),
        (END, NAIVE, trial.naive),
    ]
    if trial.later is not None:
        analyses.append((FOLLOW_UP, ADJUSTED, trial.later))
    rows = []
    for time, analysis, found in analyses:
        truth = truth_of(trial, time == FOLLOW_UP)
        people = {f"people_{arm}": n for arm, n in zip(_ARMS, found.people, strict=True)}
        for k, outcome in enumerate(OUTCOMES):
            known = {"outcome": outcome, "time": time, "analysis": analysis, "seed": trial.seed}
            numbers = {name: float(getattr(found, name)[k]) for name in _OF_ONE}
            rows.append(known | numbers | people | {"units": found.units, "truth": float(truth[k])})
    return pl.DataFrame(rows)


def each_trial(conducted: Conducted) -> pl.DataFrame:
    """One row an outcome, measurement and trial."""
    parts = []
    for known, trials, k, is_later in measured(conducted):
        found = [found_of(trial, is_later) for trial in trials]
        columns: dict[str, Any] = {
            "seed": [trial.seed for trial in trials],
            "set": [trial.set for trial in trials],
            **{name: [float(getattr(f, name)[k]) for f in found] for name in _OF_EACH},
            "truth": [float(truth_of(trial, is_later)[k]) for trial in trials],
        }
        own = [pl.lit(value).alias(name) for name, value in known.items()]
        parts.append(pl.DataFrame(columns).select(*own, pl.all()))
    return pl.concat(parts)


def summaries(conducted: Conducted) -> pl.DataFrame:
    """One row an outcome, measurement and kind of parameters."""
    rows = [
        known
        | flattened(summarise(trials, k, is_later))
        | people_needed(trials, k, is_later, conducted.lost)
        for known, trials, k, is_later in measured(conducted)
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def flattened(found: Summary) -> dict[str, Any]:
    """Put a summary on one row: shares with their intervals beside each other."""
    row: dict[str, Any] = {}
    for name, value in found._asdict().items():
        if name in ("power", "coverage", "naive"):
            row |= spread(name, value)
        else:
            row[name] = value
    return row


def spread(name: str, share: Share | None) -> dict[str, float | None]:
    """Put a share and its interval into three columns."""
    columns = (name, f"{name}_low", f"{name}_high")
    return dict(zip(columns, share or (None, None, None), strict=True))


def people_needed(
    trials: Sequence[Trial], outcome: int, is_later: bool, lost: float
) -> dict[str, int | None]:
    """People to be randomised to each arm for the effect that these trials have on average, by the
    formula.
    """
    effect = float(np.mean([truth_of(trial, is_later)[outcome] for trial in trials]))
    variances = np.mean(
        [found_of(trial, is_later).variances[:, outcome] for trial in trials], axis=0
    )
    return {
        f"enrol_{100 * p:.0f}": needed(effect, variances, p, lost).enrolled or None for p in POWERS
    }


def attendance(conducted: Conducted) -> pl.DataFrame:
    """One row a trial: how its programme's arm took part, and whom the programme did good or
    harm.
    """
    return pl.DataFrame(
        [
            {"parameters": parameters, "seed": trial.seed, "set": trial.set}
            | trial.attendance._asdict()
            | {"gained": trial.gained, "harmed": trial.harmed}
            for parameters, trials in batches(conducted)
            for trial in trials
        ]
    )


def by_week(conducted: Conducted) -> pl.DataFrame:
    """One row a week since enrolment: the true effect on recovery, mean and middle 95% of
    trials.
    """
    parts = []
    for parameters, trials in batches(conducted):
        curves = np.array([trial.by_week for trial in trials])
        low, high = np.quantile(curves, [0.025, 0.975], axis=0)
        columns = {
            "since": np.arange(curves.shape[1]),
            "effect": curves.mean(axis=0),
            "low": low,
            "high": high,
        }
        parts.append(pl.DataFrame(columns).insert_column(0, pl.lit(parameters).alias("parameters")))
    return pl.concat(parts)


def sizes(conducted: Conducted) -> pl.DataFrame:
    """One row a power aimed at: people needed for the primary outcome, and how many trials of that
    size show it.
    """
    place, rows = OUTCOMES.index(PRIMARY), []
    for size, trials in conducted.sizes:
        shown = [trial.adjusted.low[place] > 0 for trial in trials]
        checked = spread("simulated", share_of(sum(shown), len(shown)) if shown else None)
        known = {"parameters": CONFIGURED, "power": size.power, "enrolled": size.enrolled or None}
        rows.append(known | checked | {"trials": len(trials)})
    return pl.DataFrame(rows + sizes_of_sets(conducted), infer_schema_length=None)


def sizes_of_sets(conducted: Conducted) -> list[dict[str, Any]]:
    """People needed with each set of parameters: the median over sets, and the middle half of
    them.
    """
    if not conducted.plausible:
        return []
    place, rows = OUTCOMES.index(PRIMARY), []
    effects = effects_of_sets(conducted.plausible, place)
    variances = mean_variances(conducted.plausible, place)
    for power in POWERS:
        enough = [needed(each, variances, power, conducted.lost).enrolled for each in effects]
        people = np.array([each or np.inf for each in enough])
        quarters = np.quantile(people, [0.25, 0.5, 0.75], method="nearest")
        low, middle, high = (int(each) if np.isfinite(each) else None for each in quarters)
        known = {"parameters": PLAUSIBLE, "power": power, "enrolled": middle}
        none = float(np.isinf(people).mean())
        rows.append(known | {"enrolled_low": low, "enrolled_high": high, "none": none})
    return rows


def power_curve(conducted: Conducted) -> pl.DataFrame:
    """One row a size of trial and kind of parameters: power for the primary outcome by the
    formula.
    """
    place, lost = OUTCOMES.index(PRIMARY), conducted.lost
    needed_ones = [int(n) for n in sizes(conducted)["enrolled"].to_list() if n]
    most = min(max([*needed_ones, 4 * conducted.design.protocol.intervention]), MOST_DRAWN)
    people = np.unique(np.geomspace(20, 1.5 * most, _CURVE).astype(int))
    parts = []
    for parameters, trials in batches(conducted):
        variances = mean_variances(trials, place)
        curves = [
            power_at(each, variances, people, lost) for each in effects_of_sets(trials, place)
        ]
        columns = {"parameters": parameters, "enrolled": people, "power": np.mean(curves, axis=0)}
        parts.append(pl.DataFrame(columns))
    return pl.concat(parts)


def effects_of_sets(trials: Sequence[Trial], outcome: int) -> np.ndarray:
    """Mean true effect of each set of parameters."""
    sets = np.array([trial.set for trial in trials])
    truth = np.array([trial.truth[outcome] for trial in trials])
    return np.array([truth[sets == one].mean() for one in np.unique(sets)])
