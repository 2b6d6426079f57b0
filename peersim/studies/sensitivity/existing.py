"""A sweep that was run before, as a sample for an analysis."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from peersim.kernel.catalogue import say
from peersim.kernel.declaration import InvalidInput
from peersim.kernel.paths import leaves
from peersim.results import folder as results
from peersim.scenario.factors import Factor
from peersim.scenario.scenario import Scenario
from peersim.studies.sensitivity.tables import Sample, by_point

if TYPE_CHECKING:
    import numpy as np
FEWEST_POINTS = 50


def checked_sweep(source: Path) -> dict[str, Any]:
    """Read the manifest of a finished sweep.

    Raises
    ------
    InvalidInput
        If there is none.
    """
    manifest = results.read_manifest(source)
    if not (source / "points.parquet").is_file():
        raise InvalidInput("sensitivity.errors.no_sweep", of=source)
    if not str(manifest.get("status", "")).startswith("completed"):
        again = manifest.get("command") or say("study.same_command")
        raise InvalidInput("sensitivity.errors.unfinished", of=source, command=again)
    return manifest


def sample_of(source: Path, runs: pl.DataFrame, outcomes: Sequence[str]) -> Sample:
    """Make a sample of the points and runs of a sweep."""
    points = pl.read_parquet(source / "points.parquet")
    arms = 1 if "arm" not in points.columns else points["arm"].n_unique()
    points = points.sort("point")[::arms]
    varied = [
        name for name in points.columns if name in leaves(Scenario) and points[name].n_unique() > 1
    ]
    if len(points) < FEWEST_POINTS or not varied:
        raise InvalidInput(
            "sensitivity.errors.few_points", of=source, points=len(points), least=FEWEST_POINTS
        )
    factors = [factor_of(points[name]) for name in varied]
    unit = np.column_stack([codes_of(points[factor.path], factor) for factor in factors])
    return Sample("pawn", factors, unit, by_point(runs, outcomes))


def factor_of(values: pl.Series) -> Factor:
    """Make a factor of what a setting was in the points of a sweep."""
    leaf = leaves(Scenario)[values.name]
    unit = leaf.field.metadata.get("unit", "-")
    if values.dtype.is_numeric() and leaf.type in (int, float):
        return Factor(values.name, unit, float(values.min()), float(values.max()), leaf.type is int)  # type: ignore[arg-type]
    there = values.cast(str).unique(maintain_order=True).to_list()
    levels = tuple(sorted(there, key=leaf.options.index) if leaf.options else there)
    return Factor(values.name, unit, 0, len(levels) - 1, True, levels)


def codes_of(values: pl.Series, factor: Factor) -> np.ndarray:
    """Give the values of a setting as numbers: themselves, or the places of options in their
    order.
    """
    if factor.levels is None:
        return values.cast(float).to_numpy()
    return np.array([factor.levels.index(value) for value in values.cast(str)], float)
