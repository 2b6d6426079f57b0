"""From the runs of all arms to tidy tables; columns.csv says what each column means."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from peersim.kernel.plain_data import flat, plain
from peersim.kernel.statistics import estimate
from peersim.model.outcomes import compared
from peersim.scenario.typology import NO_PROGRAMME
from peersim.studies.main.arms import Arm
from peersim.studies.main.gains import gains
from peersim.studies.main.persons import causes, everybody, median_wait, reach

if TYPE_CHECKING:
    from peersim.studies.main.options import Options

REACHED_ONLY = "_reached"
SHARES_BELOW = (0.05, 0.95)
INTENSITY = "programme.intensity"


def aggregate_tables(
    arms: Sequence[Arm], settings: Options, origin: Mapping[str, str]
) -> dict[str, pl.DataFrame]:
    """Make every table that rests on all runs."""
    people = everybody(arms)

    return {
        "designs": designs(arms),
        "runs": runs(arms, origin),
        "weekly": weekly(arms, everything=settings.tables == "all"),
        "summary": summary(arms),
        "comparison": comparison(arms),
        "causes": causes(people),
        "reach": reach(people),
        "gains": gains(people, NO_PROGRAMME),
    }


def designs(arms: Sequence[Arm]) -> pl.DataFrame:
    """One row a design and basis: what it is, how intense, how many supporter hours."""
    return pl.DataFrame(
        {
            "design": arm.design.name,
            "basis": arm.basis,
            "label": arm.design.label,
            "text": arm.design.text,
            "reference": arm.design.name == NO_PROGRAMME,
            "communities": "+".join(arm.scenario.communities),
            "intensity": arm.intensity,
            "target_hours": arm.target,
            "hours": arm.hours,
            "reached": arm.reached,
            "weeks_to_meeting": median_wait(arm.ensemble.persons),
            "runs": len(arm.ensemble.seeds),
        }
        for arm in arms
    )


def runs(arms: Sequence[Arm], origin: Mapping[str, str]) -> pl.DataFrame:
    """One row a run: which it is, the parameters in which designs differ, the outcomes at the last
    week.
    """
    differing = _differing([arm.scenario for arm in arms])
    frames = []
    for arm, own in zip(arms, differing, strict=True):
        seeds, last = arm.ensemble.seeds, arm.ensemble.values[:, -1, 0, :]
        frame = pl.DataFrame({"seed": np.asarray(seeds), "replicate": np.arange(len(seeds))})
        known: dict[str, Any] = {"design": arm.design.name, "basis": arm.basis}
        known |= {"intensity": arm.intensity, "communities": "+".join(arm.scenario.communities)}
        known |= {"status": "completed", **origin, **own}
        outcomes = pl.from_numpy(last, schema=list(arm.ensemble.outcomes))
        frames.append(
            pl.concat([frame.with_columns(**_constants(known)), outcomes], how="horizontal")
        )
    table = pl.concat(frames, how="vertical_relaxed").with_row_index("run")
    return table.select("run", "design", "basis", pl.exclude("run", "design", "basis"))


def _constants(values: Mapping[str, Any]) -> dict[str, pl.Expr]:
    return {name: pl.lit(value) for name, value in values.items()}


def _differing(scenarios: Sequence[Any]) -> list[dict[str, Any]]:
    """Find the parameters in which the scenarios differ, and their values in each."""
    leaves = [dict(flat(plain(scenario))) for scenario in scenarios]
    own_columns = ("communities", "events", INTENSITY)
    names = [name for name in leaves[0] if name not in own_columns]
    differ = [name for name in names if any(each[name] != leaves[0][name] for each in leaves)]
    return [{name: each[name] for name in differ} for each in leaves]


def weekly(arms: Sequence[Arm], everything: bool = False) -> pl.DataFrame:
    """One row a run, week, community and outcome.

    By default only the outcomes over everyone invited and the programme as a whole, which keeps the
    table of the main job at a few megabytes; the rest stands in `summary`. With `everything`, all
    of it.
    """
    ensemble = arms[0].ensemble
    outcomes = [
        n
        for n, name in enumerate(ensemble.outcomes)
        if everything or not name.endswith(REACHED_ONLY)
    ]
    communities = list(range(len(ensemble.communities))) if everything else [0]
    # arm, community, outcome, seed, week: runs of equal labels compress well
    seeds, weeks = ensemble.values.shape[:2]
    shape = len(arms), len(communities), len(outcomes), seeds, weeks
    values = np.empty(shape, np.float32)
    for own, arm in zip(values, arms, strict=True):
        own[:] = arm.ensemble.values[:, :, communities][..., outcomes].transpose(2, 3, 0, 1)
    return pl.DataFrame(
        {
            "design": _labels([arm.design.name for arm in arms], shape, 0),
            "basis": _labels([arm.basis for arm in arms], shape, 0),
            "community": _labels([ensemble.communities[n] for n in communities], shape, 1),
            "outcome": _labels([ensemble.outcomes[n] for n in outcomes], shape, 2),
            "seed": _along(np.asarray(ensemble.seeds), shape, 3),
            "week": _along(np.arange(weeks, dtype=np.int32), shape, 4),
            "value": values.ravel(),
        }
    )


def _along(values: np.ndarray, shape: tuple[int, ...], axis: int) -> np.ndarray:
    """Repeat the values of one axis over all others, as a column."""
    behind = (1,) * (len(shape) - axis - 1)
    return np.broadcast_to(values.reshape(-1, *behind), shape).ravel()


def _labels(names: Sequence[str], shape: tuple[int, ...], axis: int) -> pl.Series:
    """Make a column of words out of those along one axis, without making each word."""
    kinds = list(dict.fromkeys(names))
    codes = np.array([kinds.index(name) for name in names], dtype=np.uint8)
    return pl.Series(_along(codes, shape, axis)).cat.to(pl.Enum(kinds))


def summary(arms: Sequence[Arm]) -> pl.DataFrame:
    """One row a design, week, community and outcome: mean and spread over the runs."""
    return pl.concat([_summary_of(arm) for arm in arms])


def _summary_of(arm: Arm) -> pl.DataFrame:
    ensemble = arm.ensemble
    present = [
        n
        for n, name in enumerate(ensemble.communities)
        if n == 0 or np.isfinite(ensemble.values[:, :, n]).any()
    ]
    values = ensemble.values[:, :, present, :].transpose(
        0, 2, 3, 1
    )  # seed, community, outcome, week
    mean, sd, low, high = _spread(values)
    names = {
        "design": _labels([arm.design.name], mean.shape, 0),
        "basis": _labels([arm.basis], mean.shape, 0),
        "community": _labels([ensemble.communities[n] for n in present], mean.shape, 0),
        "outcome": _labels(ensemble.outcomes, mean.shape, 1),
    }
    return pl.DataFrame(
        {
            **{name: labels.cast(pl.Categorical) for name, labels in names.items()},
            "week": _along(np.arange(mean.shape[2], dtype=np.int32), mean.shape, 2),
            "mean": mean.ravel(),
            "sd": sd.ravel(),
            "low": low.ravel(),
            "high": high.ravel(),
            "runs": np.isfinite(values).sum(axis=0).ravel().astype(np.int32),
        }
    )


def _spread(values: np.ndarray) -> tuple[np.ndarray, ...]:
    """Mean, standard deviation and outer quantiles over the first axis; runs without a value are
    left out.
    """
    runs_known = len(values)
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", RuntimeWarning
        )  # an outcome that no run has is NaN, as it should be
        mean = np.nanmean(values, axis=0)
        sd = np.nanstd(values, axis=0, ddof=1) if runs_known > 1 else np.full_like(mean, np.nan)
    ordered = np.sort(values, axis=0)  # NaN last
    known = np.isfinite(ordered).sum(axis=0, keepdims=True)
    low, high = (
        np.take_along_axis(
            ordered, np.clip(np.round(share * (known - 1)).astype(int), 0, None), axis=0
        )[0]
        for share in SHARES_BELOW
    )
    return mean, sd, low, high


def comparison(arms: Sequence[Arm]) -> pl.DataFrame:
    """One row a design, basis and outcome at the last week: mean, and paired difference to no
    programme.
    """
    references = {arm.basis: arm for arm in arms if arm.design.name == NO_PROGRAMME}
    rows = []
    for arm in arms:
        last, reference = (a.ensemble.values[:, -1, 0, :] for a in (arm, references[arm.basis]))
        for n, name in enumerate(arm.ensemble.outcomes):
            mean = estimate(last[:, n])
            gap = compared(name, last[:, n], reference[:, n])
            rows.append(
                {
                    "design": arm.design.name,
                    "basis": arm.basis,
                    "outcome": name,
                    "mean": mean.mean,
                    "mean_low": mean.low,
                    "mean_high": mean.high,
                    **gap._asdict(),
                }
            )
    return pl.DataFrame(rows, infer_schema_length=None)
