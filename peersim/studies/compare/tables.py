"""From pairs of runs to tidy tables; columns.csv says what each column means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import polars as pl

from peersim.engine import comparison
from peersim.engine.pairs import Aim, Pairs
from peersim.kernel.paths import leaves
from peersim.kernel.plain_data import flat, plain
from peersim.kernel.statistics import estimate, paired
from peersim.results.manifest import config_hash, versions
from peersim.scenario.scenario import Scenario
from peersim.scenario.typology import CONFIGURED, Design
from peersim.studies.main.arms import Arm
from peersim.studies.main.details import details
from peersim.studies.main.tables import runs, weekly

if TYPE_CHECKING:
    from peersim.studies.compare.options import Options

FIRST, SECOND = "A", "B"
NINE_IN_TEN = (0.05, 0.95)
MOST_FOLLOWED = 1000


class Recorded(NamedTuple):
    """The runs of one design as other tables expect them: seed x week x community x outcome."""

    seeds: np.ndarray
    values: np.ndarray
    outcomes: list[str]
    communities: list[str]


def all_tables(
    pairs: Pairs, aim: Aim | None, settings: Options, known: Mapping[str, Any]
) -> dict[str, pl.DataFrame]:
    """Make every table of a comparison."""
    arms = arms_of(pairs)
    origin = {"version": versions()["peersim"], "config_hash": config_hash(known)}
    found = {
        "designs": designs(pairs),
        "differences": comparison.table(pairs, aim).with_columns(pl.lit(len(pairs)).alias("pairs")),
        "differences_by_week": by_week(pairs),
        "pairs": each_pair(pairs),
        "runs": _declared_only(runs(arms, origin).drop("basis")),
        "weekly": followed(pairs),
    }
    if settings.tables == "none":
        return found
    return found | {name: table.drop("basis") for name, table in details(arms, settings).items()}


def arms_of(pairs: Pairs) -> list[Arm]:
    """Give both designs as arms of a study."""
    seeds = np.arange(pairs.seed, pairs.seed + len(pairs))
    return [
        Arm(
            Design(name, name, differs_by(pairs)[name], tuple(scenario.communities)),
            CONFIGURED,
            scenario,
            float(scenario.programme.intensity),
            None,
            Recorded(seeds, values[:, :1, None], list(pairs.outcomes), ["all"]),
        )
        for (name, scenario), values in zip(pairs.designs.items(), pairs.values, strict=True)
    ]


def differs_by(pairs: Pairs) -> dict[str, str]:
    """Say of each design how it is set where the two differ."""
    settings = {name: dict(flat(plain(scenario))) for name, scenario in pairs.designs.items()}
    first, second = settings.values()
    unlike = [path for path in first if first[path] != second[path]]
    return {
        name: "; ".join(f"{path}={_brief(own[path])}" for path in unlike)
        for name, own in settings.items()
    }


def _brief(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_brief, value))}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {_brief(each)}' for key, each in value.items())}}}"
    return (
        f"{value:g}"
        if isinstance(value, float)
        else str(value).lower()
        if isinstance(value, bool)
        else str(value)
    )


def designs(pairs: Pairs) -> pl.DataFrame:
    """One row a design: how it is set where the two differ."""
    texts = differs_by(pairs)
    return pl.DataFrame(
        {
            "design": name,
            "text": texts[name],
            "communities": "+".join(scenario.communities),
            "runs": len(pairs),
        }
        for name, scenario in pairs.designs.items()
    )


def each_pair(pairs: Pairs) -> pl.DataFrame:
    """One row an outcome, week and pair of runs with the same seed."""
    first, second = (values.transpose(2, 1, 0) for values in pairs.values)  # outcome x week x pair
    place = np.indices(first.shape, dtype=np.int32).reshape(3, -1)
    return pl.DataFrame(
        {
            "outcome": pl.Series(np.array(pairs.outcomes, dtype=object)[place[0]], dtype=pl.String),
            "week": np.asarray(pairs.weeks)[place[1]],
            "seed": pairs.seed + place[2].astype(int),
            FIRST: first.ravel(),
            SECOND: second.ravel(),
            "difference": (first - second).ravel(),
        }
    )


def by_week(pairs: Pairs) -> pl.DataFrame:
    """One row an outcome and week: both means, the difference with its interval, and nine pairs in
    ten.
    """
    rows = []
    for k, outcome in enumerate(pairs.traced):
        for week in range(pairs.traces[0].shape[1]):
            first, second = (trace[:, week, k].astype(float) for trace in pairs.traces)
            found = paired(first, second)
            known = (first - second)[np.isfinite(first - second)]
            band = (
                np.quantile(known, NINE_IN_TEN, method="nearest")
                if len(known)
                else (np.nan, np.nan)
            )
            means = estimate(first).mean, estimate(second).mean
            rows.append((outcome, week, *means, found.difference, found.low, found.high, *band))
    columns = (
        "outcome",
        "week",
        FIRST,
        SECOND,
        "difference",
        "low",
        "high",
        "pairs_low",
        "pairs_high",
    )
    kinds: dict[str, Any] = dict.fromkeys(columns, pl.Float64) | {
        "outcome": pl.String,
        "week": pl.Int64,
    }
    return pl.DataFrame(rows, schema=kinds, orient="row")


def followed(pairs: Pairs) -> pl.DataFrame:
    """One row a design, outcome, run and week, of the outcomes followed, for the first
    `MOST_FOLLOWED` pairs.
    """
    seeds = np.arange(pairs.seed, pairs.seed + len(pairs))[:MOST_FOLLOWED]
    arms = [
        arm._replace(
            ensemble=Recorded(seeds, trace[:MOST_FOLLOWED, :, None], list(pairs.traced), ["all"])
        )
        for arm, trace in zip(arms_of(pairs), pairs.traces, strict=True)
    ]
    return weekly(arms, everything=True).drop("basis")


def _declared_only(table: pl.DataFrame) -> pl.DataFrame:
    """Leave out settings that are no parameters, such as the file of the people."""
    others = {name for name, leaf in leaves(Scenario).items() if not leaf.is_declared} - {
        "communities"
    }
    return table.select(name for name in table.columns if name not in others)
