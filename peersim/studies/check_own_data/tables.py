"""From a list beside the model's to tidy tables; columns.csv says what each column means. No names
are kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from peersim.studies.check_own_data.attendance import curves, reach
from peersim.studies.check_own_data.checks import in_words

if TYPE_CHECKING:
    from peersim.studies.check_own_data.attendance import Attendance
    from peersim.studies.check_own_data.causes import Cause
    from peersim.studies.check_own_data.checks import Fit, Together
    from peersim.studies.check_own_data.programme import Programme
    from peersim.studies.check_own_data.value_of_records import Advice


BAND = (0.05, 0.25, 0.5, 0.75, 0.95)
LONGEST = 60


class Answer(NamedTuple):
    """What was found.

    Attributes
    ----------
    observed : Attendance
        The list, with the sizes that are compared.
    programme : Programme
    lists : list of Attendance
        Of the model.
    fits : list of Fit
    together : Together
    causes : list of Cause
        For each check that is missed, those that need to move least first.
    advice : Advice
    """

    observed: Attendance
    programme: Programme
    lists: list[Attendance]
    fits: list[Fit]
    together: Together
    causes: list[Cause]
    advice: Advice


def own_data_tables(answer: Answer) -> dict[str, pl.DataFrame]:
    """Make all tables."""
    return {
        "checks": _checks(answer),
        "check_curves": _curves(answer),
        "check_causes": _causes(answer),
        "records": _records(answer),
    }


def _checks(answer: Answer) -> pl.DataFrame:
    rows = [
        {
            "check": fit.check.name,
            "label": fit.check.label.english,
            "unit": "share" if fit.check.is_share else "number",
            "observed": fit.observed,
            "median": fit.median,
            "low": fit.low,
            "high": fit.high,
            "below": fit.below,
            "lists": fit.runs,
            "verdict": in_words(fit.check.name, fit.verdict).english,
        }
        for fit in answer.fits
    ]
    return pl.DataFrame(rows).with_columns(pl.col(pl.Float64).fill_nan(None))


def _curves(answer: Answer) -> pl.DataFrame:
    rhythm, parts = answer.programme.rhythm, []
    most = {
        name: min(LONGEST, max(reach(each)[name] for each in (answer.observed, *answer.lists)))
        for name in ("visits", "size")
    }
    own = curves(answer.observed, rhythm, most)
    simulated = [curves(each, rhythm, most) for each in answer.lists if each.people]
    for name, observed in own.items():
        band = _band(np.array([each[name] for each in simulated]))
        first = 1 if name in ("visits", "size") else 0
        step = rhythm.period if name == "coming" else 1
        at = (np.arange(len(observed)) + first) * step
        table = {"curve": [name] * len(at), "at": at.astype(float), "observed": observed}
        parts.append(
            pl.DataFrame(
                table | dict(zip(("low", "lower", "median", "upper", "high"), band, strict=True))
            )
        )
    joined = pl.concat(parts).with_columns(pl.col(pl.Float64).fill_nan(None))
    return joined.filter(pl.col("observed").is_not_null() | pl.col("median").is_not_null())


def _band(values: np.ndarray) -> np.ndarray:
    """Quantiles at each place, where at least half of the lists have a value."""
    found = np.full((len(BAND), values.shape[1]), np.nan)
    for place in np.flatnonzero(np.isfinite(values).mean(axis=0) >= 0.5):
        column = values[:, place]
        found[:, place] = np.quantile(column[np.isfinite(column)], BAND)
    return found


def _causes(answer: Answer) -> pl.DataFrame:
    kinds = dict.fromkeys(("check", "parameter", "unit"), pl.String)
    names = (
        "configured",
        "needed",
        "lowest",
        "highest",
        "distance",
        "plausible_low",
        "plausible_high",
    )
    numbers = dict.fromkeys(names, pl.Float64)
    rows = [
        (
            cause.check,
            cause.path,
            cause.unit,
            cause.default,
            cause.needed,
            cause.low,
            cause.high,
            cause.distance,
            *(cause.plausible or (None, None)),
            "; ".join(cause.spoils),
        )
        for cause in answer.causes
    ]
    return pl.DataFrame(rows, schema={**kinds, **numbers, "spoils": pl.String}, orient="row")


def _records(answer: Answer) -> pl.DataFrame:
    order = {worth.kind.name: place for place, worth in enumerate(answer.advice.chosen, 1)}
    added = {worth.kind.name: worth.next for worth in answer.advice.chosen}
    rows = [
        {
            "record": worth.kind.name,
            "label": worth.kind.words(),
            "how": worth.kind.words("how"),
            "narrowed": worth.narrowed,
            "low": worth.low,
            "high": worth.high,
            **{f"narrowed_{name}": share for name, share in worth.each.items()},
            "narrowed_parameters": worth.parameters,
            "chosen": order.get(worth.kind.name),
            "added": added.get(worth.kind.name),
        }
        for worth in answer.advice.worths
    ]
    return pl.DataFrame(rows, schema_overrides={"chosen": pl.Int64, "added": pl.Float64})
