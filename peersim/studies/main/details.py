"""Single runs of a comparison in detail: people, memberships, ties and departures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from peersim.run.simulation import simulate
from peersim.scenario.plausible_sets import sets_for, with_its_set
from peersim.studies.main.arms import Arm

DETAILS = ("people", "memberships", "ties", "departures")


def details(arms: Sequence[Arm], options: Any) -> dict[str, pl.DataFrame]:
    """Repeat single runs: the first of each design, all of them, or (``tables=none``) none."""
    if options.tables == "none":
        return {}
    sets = sets_for(options.parameters, [arm.scenario for arm in arms])
    parts: dict[str, list[pl.DataFrame]] = {name: [] for name in DETAILS}
    for arm in arms:
        for seed in map(int, arm.ensemble.seeds[: None if options.tables == "all" else 1]):
            run = simulate(with_its_set(arm.scenario, sets, seed), seed)
            labels = {"design": arm.design.name, "basis": arm.basis, "seed": seed}
            own = [pl.lit(value).alias(name) for name, value in labels.items()]
            for name, frames in parts.items():
                frames.append(getattr(run, name).select(*own, pl.all()))
    return {name: pl.concat(frames, how="vertical_relaxed") for name, frames in parts.items()}
