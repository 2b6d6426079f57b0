"""From simulated trials to tidy tables; columns.csv says what each column means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from peersim.studies.trial.analysis import Found
from peersim.studies.trial.measurement import OUTCOMES, PRIMARY
from peersim.studies.trial.summary import (
    CONFIGURED,
    END,
    FOLLOW_UP,
    PLAUSIBLE,
    POWERS,
    Summary,
    found_of,
    mean_variances,
    needed,
    power_at,
    summarise,
    truth_of,
    wilson,
)
from peersim.studies.trial.trials import Trial

if TYPE_CHECKING:
    import polars as pl

    from peersim.studies.trial.study import Conducted

ADJUSTED, CHANGE, NAIVE = "adjusted", "change", "circles ignored"
_COLUMNS = (
    "programme",
    "usual",
    "difference",
    "low",
    "high",
    "error",
    "degrees",
    "sd",
    "d",
    "d_low",
    "d_high",
    "icc",
    "design_effect",
)
_CURVE = 40
MOST_DRAWN = 20_000


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


def times_of(trials: Sequence[Trial]) -> list[tuple[str, bool]]:
    """Name the measurements that these trials have."""
    return [(END, False)] + ([(FOLLOW_UP, True)] if trials[0].later is not None else [])


def one_trial(trial: Trial) -> pl.DataFrame:
    """One row an outcome, measurement and analysis of a single trial."""
    import polars as pl

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
        for k, outcome in enumerate(OUTCOMES):
            numbers = {name: float(getattr(found, name)[k]) for name in _COLUMNS}
            people = {
                "people_programme": found.people[0],
                "people_usual": found.people[1],
                "units": found.units,
            }
            known = {"outcome": outcome, "time": time, "analysis": analysis, "seed": trial.seed}
            rows.append(known | numbers | people | {"truth": float(truth[k])})
    return pl.DataFrame(rows)


def each_trial(conducted: Conducted) -> pl.DataFrame:
    """One row an outcome, measurement and trial."""
    import polars as pl

    names = ("difference", "low", "high", "degrees", "sd", "d", "icc", "design_effect")
    parts = []
    for parameters, trials in batches(conducted):
        for time, later in times_of(trials):
            found: list[Found] = [found_of(trial, later) for trial in trials]
            truths = np.array([truth_of(trial, later) for trial in trials])
            for k, outcome in enumerate(OUTCOMES):
                columns: dict[str, Any] = {
                    name: [float(getattr(f, name)[k]) for f in found] for name in names
                }
                columns["degrees"] = [float(f.degrees[k]) for f in found]
                known = {"parameters": parameters, "outcome": outcome, "time": time}
                own = {"seed": [t.seed for t in trials], "set": [t.set for t in trials]}
                parts.append(
                    pl.DataFrame(own | columns | {"truth": truths[:, k]}).select(
                        *[pl.lit(value).alias(name) for name, value in known.items()], pl.all()
                    )
                )
    return pl.concat(parts)


def summaries(conducted: Conducted) -> pl.DataFrame:
    """One row an outcome, measurement and kind of parameters."""
    import polars as pl

    rows = []
    for parameters, trials in batches(conducted):
        for time, later in times_of(trials):
            for k, outcome in enumerate(OUTCOMES):
                found = summarise(trials, k, later)
                known = {"parameters": parameters, "outcome": outcome, "time": time}
                rows.append(known | flattened(found) | people_needed(conducted, trials, k, later))
    return pl.DataFrame(rows, infer_schema_length=None)


def flattened(found: Summary) -> dict[str, Any]:
    """Put a summary on one row: shares with their intervals beside each other."""
    row: dict[str, Any] = {}
    for name, value in found._asdict().items():
        if name in ("power", "coverage", "naive"):
            low_and_high = (value.value, value.low, value.high) if value else (None, None, None)
            row |= dict(zip((name, f"{name}_low", f"{name}_high"), low_and_high, strict=True))
        else:
            row[name] = value
    return row


def people_needed(
    conducted: Conducted, trials: Sequence[Trial], outcome: int, later: bool
) -> dict[str, int | None]:
    """People to be randomised to each arm for the effect that these trials have on average, by the
    formula.
    """
    effect = float(np.mean([truth_of(trial, later)[outcome] for trial in trials]))
    variances = np.mean([found_of(trial, later).variances[:, outcome] for trial in trials], axis=0)
    lost = conducted.design.protocol.lost
    return {
        f"enrol_{100 * p:.0f}": needed(effect, variances, p, lost).enrolled or None for p in POWERS
    }


def attendance(conducted: Conducted) -> pl.DataFrame:
    """One row a trial: how its programme's arm took part, and whom the programme did good or
    harm.
    """
    import polars as pl

    rows = []
    for parameters, trials in batches(conducted):
        for trial in trials:
            known = {"parameters": parameters, "seed": trial.seed, "set": trial.set}
            rows.append(
                known
                | trial.attendance._asdict()
                | {"gained": trial.gained, "harmed": trial.harmed}
            )
    return pl.DataFrame(rows)


def by_week(conducted: Conducted) -> pl.DataFrame:
    """One row a week since enrolment: the true effect on recovery, mean and middle 95 % of
    trials.
    """
    import polars as pl

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
    import polars as pl

    place, rows = OUTCOMES.index(PRIMARY), []
    for size, trials in conducted.sizes:
        shown = [trial.adjusted.low[place] > 0 for trial in trials]
        found = wilson(sum(shown), len(shown)) if shown else (None, None, None)
        checked = dict(zip(("simulated", "simulated_low", "simulated_high"), found, strict=True))
        known = {"parameters": CONFIGURED, "power": size.power, "enrolled": size.enrolled or None}
        rows.append(known | checked | {"trials": len(trials)})
    return pl.DataFrame(rows + sizes_of_sets(conducted), infer_schema_length=None)


def sizes_of_sets(conducted: Conducted) -> list[dict[str, Any]]:
    """People needed with each set of parameters: the median over sets, and the middle half of
    them.
    """
    if not conducted.plausible:
        return []
    place, lost = OUTCOMES.index(PRIMARY), conducted.design.protocol.lost
    effects, variances = (
        effects_of_sets(conducted.plausible, place),
        mean_variances(conducted.plausible, place),
    )
    rows: list[dict[str, Any]] = []
    for power in POWERS:
        people = np.array(
            [needed(effect, variances, power, lost).enrolled or np.inf for effect in effects]
        )
        quarters = np.quantile(people, [0.25, 0.5, 0.75], method="nearest")
        low, middle, high = (int(each) if np.isfinite(each) else None for each in quarters)
        known = {"parameters": PLAUSIBLE, "power": power, "enrolled": middle}
        rows.append(
            known
            | {"enrolled_low": low, "enrolled_high": high, "none": float(np.isinf(people).mean())}
        )
    return rows


def power_curve(conducted: Conducted) -> pl.DataFrame:
    """One row a size of trial and kind of parameters: power for the primary outcome by the
    formula.
    """
    import polars as pl

    place, lost = OUTCOMES.index(PRIMARY), conducted.design.protocol.lost
    needed_ones = [int(n) for n in sizes(conducted)["enrolled"].to_list() if n]
    most = min(max([*needed_ones, 4 * conducted.design.protocol.intervention]), MOST_DRAWN)
    people = np.unique(np.geomspace(20, 1.5 * most, _CURVE).astype(int))
    parts = []
    for parameters, trials in batches(conducted):
        effects = effects_of_sets(trials, place)
        variances = mean_variances(trials, place)
        curves = np.array([power_at(effect, variances, people, lost) for effect in effects])
        parts.append(
            pl.DataFrame(
                {"parameters": parameters, "enrolled": people, "power": curves.mean(axis=0)}
            )
        )
    return pl.concat(parts)


def effects_of_sets(trials: Sequence[Trial], outcome: int) -> np.ndarray:
    """Mean true effect of each set of parameters."""
    sets = np.array([trial.set for trial in trials])
    truth = np.array([trial.truth[outcome] for trial in trials])
    return np.array([truth[sets == one].mean() for one in np.unique(sets)])
