"""What each lever changes, as a table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from peersim.kernel.catalogue import Sentence
from peersim.kernel.statistics import SMALL, TOO_CLOSE, estimate, is_small
from peersim.studies.dropout_spread.following.knock_outs import AS_IT_HAPPENED
from peersim.studies.dropout_spread.measurements import Noted
from peersim.studies.dropout_spread.reproduction import Mean, difference_of, mean_of
from peersim.studies.dropout_spread.tables import Found

SMALLEST = 0.01
"""Fewer than one more, or less, who follows for each hundred who leave: nobody would notice. An
assumption."""


def levers(found: Found, without: Found) -> pl.DataFrame:
    """One row a design and lever: the reproduction number with the lever and without it, and the
    departures.

    Parameters
    ----------
    found : mapping
        What was noted down with each lever, under ``design/lever``.
    without : mapping
        The same worlds without any.
    """
    rows = []
    for name, worlds in found.items():
        design, lever = name.split("/")
        same = without[design][: len(worlds)]
        now, before = _net(worlds), _net(same)
        change, half = difference_of(now, before), difference_of(now, (0.5 * before[0], before[1]))
        alone = mean_of(*before)
        drop = estimate([a.departures - b.departures for a, b in zip(worlds, same, strict=True)])
        rows.append(
            {
                "design": design,
                "lever": lever,
                "text": Sentence(f"dropout_spread.lever.{lever}").english,
                "without": alone.mean,
                "without_low": alone.low,
                "without_high": alone.high,
                "with": mean_of(*now).mean,
                "difference": change.mean,
                "low": change.low,
                "high": change.high,
                "verdict": _verdict(alone, change, half),
                "departures_without": float(np.mean([noted.departures for noted in same])),
                "departures_difference": drop.mean,
                "departures_low": drop.low,
                "departures_high": drop.high,
                "runs": len(worlds),
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None)


def _net(worlds: Sequence[Noted]) -> tuple[np.ndarray, np.ndarray]:
    rows = [row for noted in worlds for row in noted.knock_outs if row["leaving"] == AS_IT_HAPPENED]
    return np.array([row["net"] for row in rows], float), np.array(
        [row["seed"] for row in rows], int
    )


def _verdict(alone: Mean, change: Mean, half: Mean) -> str:
    """Say whether a lever halves what follows from one leaving; `half`: with it, less half of
    without.
    """
    if not alone.low > 0:
        return "nothing to halve"
    if is_small(change.low, change.high, SMALLEST):
        return SMALL
    if change.low > 0:
        return "more"
    if half.high < 0:
        return "more than halved"
    if half.low > 0:
        return "less than halved" if change.high < 0 else "not halved"
    return "less" if change.high < 0 else TOO_CLOSE
