"""What stands in the tables of a sweep: points, runs, weeks and summary, from what batches bring
back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
from polars import selectors

from peersim.engine.sweeps.batch import BatchResult
from peersim.engine.sweeps.workload import Workload
from peersim.kernel.paths import leaves
from peersim.kernel.plain_data import plain
from peersim.kernel.statistics import t_quantile
from peersim.model.outcomes import NAMES
from peersim.scenario.scenario import Scenario

COMPLETED, FAILED = "completed", "failed"


def cell(value: Any) -> Any:
    """One value of a setting as it stands in a table.

    >>> cell(["group", "digital"]), cell(8), cell([{"week": 3, "end": "group"}])
    ('group+digital', 8, '[{"week": 3, "end": "group"}]')
    """
    if isinstance(value, list):
        return (
            "+".join(value)
            if value and all(isinstance(word, str) for word in value)
            else json.dumps(value)
        )
    return value


def setting(path: str, written: Any) -> Any:
    """What `cell` was made from, as `changed` takes it.

    >>> setting("communities", "group+digital"), setting("group.size", 8)
    (['group', 'digital'], 8)
    """
    if leaves(Scenario)[path].type not in (list[str], list[Any]):
        return written
    return json.loads(written) if written.startswith("[") else written.split("+")


class Tables:
    """The tables of one sweep.

    Parameters
    ----------
    load : Workload
    reproduce : callable
        Gives the line that repeats a run, from its point and seed.
    """

    def __init__(self, load: Workload, reproduce: Callable[[int, int], str]) -> None:
        self.load, self._reproduce, self._settings = load, reproduce, _columns(load)
        number = pl.Int32()
        point = {"point": number}
        settings = {name: column.dtype for name, column in self._settings.items()}
        run = point | {"replicate": number, "seed": pl.Int64()}
        status = {
            "status": pl.Enum([COMPLETED, FAILED]),
            "error": pl.String(),
            "reproduce": pl.String(),
        }
        outcomes = dict.fromkeys(NAMES, pl.Float64())
        interval = dict.fromkeys(("mean", "sd", "mean_low", "mean_high"), pl.Float64())
        self.schemas: dict[str, dict[str, Any]] = {
            "points": point | settings,
            "runs": run | status | settings | outcomes,
            "summary": point | {"outcome": pl.Enum(NAMES)} | interval | {"runs": number},
        }
        if load.tables != "none":
            self.schemas["weekly"] = (
                (run if load.tables == "all" else point) | {"week": number} | outcomes
            )

    def points(self) -> pl.DataFrame:
        """Give one row a point."""
        return self._frame("points", {"point": np.arange(len(self.load.design))} | self._settings)

    def runs(self, batch: int, result: BatchResult) -> pl.DataFrame:
        """Give one row a run of a batch."""
        labels = self._labels(batch)
        errors = [result.errors.get(row) for row in range(len(result.last))]
        frame: dict[str, Any] = labels | {
            "status": [COMPLETED if error is None else FAILED for error in errors],
            "error": errors,
            "reproduce": [
                None
                if error is None
                else self._reproduce(int(labels["point"][row]), int(labels["seed"][row]))
                for row, error in enumerate(errors)
            ],
        }
        frame |= {name: column.gather(labels["point"]) for name, column in self._settings.items()}
        return self._frame("runs", frame | _by_name(result.last))

    def _labels(self, batch: int) -> dict[str, np.ndarray]:
        point, replicate = np.divmod(np.asarray(self.load.runs_of(batch)), self.load.replicates)
        return {"point": point, "replicate": replicate, "seed": self.load.seed + replicate}

    def weeks_of_runs(self, batch: int, result: BatchResult) -> pl.DataFrame:
        """Give one row a run and week of a batch, of the runs that did not fail."""
        lasted = [row for row in range(len(result.last)) if row not in result.errors]
        stories = [story for piece in result.weekly for story in piece]
        labels = {name: column[lasted] for name, column in self._labels(batch).items()}
        frames = [
            self._weekly({name: column[k] for name, column in labels.items()}, story)
            for k, story in enumerate(stories)
        ]
        return pl.concat(frames) if frames else pl.DataFrame(schema=self.schemas["weekly"])

    def mean_weeks(self, point: int, sums: np.ndarray) -> pl.DataFrame:
        """Give one row a week of a point, from sums over its runs and numbers of runs that have a
        value.
        """
        with np.errstate(invalid="ignore"):
            return self._weekly({"point": point}, sums[0] / sums[1])

    def _weekly(self, labels: Mapping[str, Any], values: np.ndarray) -> pl.DataFrame:
        columns: dict[str, Any] = {
            name: np.full(len(values), value) for name, value in labels.items()
        }
        return self._frame("weekly", columns | {"week": np.arange(len(values))} | _by_name(values))

    def summary(self, first: int, values: np.ndarray) -> pl.DataFrame:
        """Give one row a point and outcome, from runs of points in a row: points x replicates x
        outcomes.
        """
        points = np.repeat(np.arange(first, first + len(values)), len(NAMES))
        return self._frame(
            "summary", {"point": points, "outcome": NAMES * len(values)} | interval_of(values)
        )

    def _frame(self, table: str, columns: Mapping[str, Any]) -> pl.DataFrame:
        """Typed, and with nothing (null) where there is no number."""
        frame = pl.DataFrame(dict(columns), schema=self.schemas[table], strict=False)
        return frame.with_columns(selectors.float().fill_nan(None))


def _by_name(values: np.ndarray) -> dict[str, np.ndarray]:
    return {name: values[:, column] for column, name in enumerate(NAMES)}


def _columns(load: Workload) -> dict[str, pl.Series]:
    """What varies, one value a point; a point that does not name a setting has it as in the
    scenario.
    """
    design, found = load.design, {}
    for name, values in design.labels.items():
        found[name] = pl.Series(name, values, dtype=pl.Enum(list(dict.fromkeys(values))))
    for factor in design.factors:
        leaf = leaves(Scenario)[factor.path]
        usual = {arm: plain(leaf.get(base)) for arm, base in load.bases.items()}
        cells = [
            cell(point.get(factor.path, usual[design.arm_of(k)]))
            for k, point in enumerate(design.points)
        ]
        kinds: dict[Any, Any] = {bool: pl.Boolean(), int: pl.Int64(), float: pl.Float64()}
        kind = pl.Enum(leaf.options) if leaf.options else kinds.get(leaf.type, pl.String())
        found[factor.path] = pl.Series(factor.path, cells, dtype=kind)
    return found


def interval_of(values: np.ndarray) -> dict[str, np.ndarray]:
    """Mean, standard deviation and t interval over replicates, as flat columns.

    Parameters
    ----------
    values : float array, points x replicates x outcomes
        NaN where a run has no value; such runs are left out.
    """
    there = ~np.isnan(values)
    n = there.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(there, values, 0.0).sum(axis=1) / n
        gaps = np.where(there, values - mean[:, None], 0.0)
        sd = np.where(n > 1, np.sqrt((gaps * gaps).sum(axis=1) / (n - 1)), np.nan)
        half = _quantiles(n) * sd / np.sqrt(n)
    columns: Sequence[np.ndarray] = (mean, sd, mean - half, mean + half, n)
    return dict(
        zip(("mean", "sd", "mean_low", "mean_high", "runs"), map(np.ravel, columns), strict=True)
    )


def _quantiles(n: np.ndarray) -> np.ndarray:
    known = {int(k): t_quantile(int(k) - 1) if k > 1 else np.nan for k in np.unique(n)}
    found: np.ndarray = np.vectorize(known.__getitem__, otypes=[float])(n)
    return found
