"""Sizes of effects in the units that people read, for terminal, figures and pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from peersim.model.outcomes import OUTCOMES
from peersim.studies.sensitivity.effects import SIZE

UNITS = {outcome.name: outcome.unit for outcome in OUTCOMES}
ENDS = {"morris": ("low", "high"), "sobol": ("total_low", "total_high"), "pawn": ("low", "high")}
"""Columns of the interval of a size."""

ONE_WAY = 0.6  # share of mu in mu_star from which an effect has a direction


def unit_of(method: str, outcome: str) -> str:
    """Give the unit of a size: that of the outcome (Morris), a share (Sobol'), or none (PAWN)."""
    return {"morris": UNITS[outcome], "sobol": "share", "pawn": "-"}[method]


def number(value: float | None, unit: str) -> str:
    """Write a size in the unit people read.

    >>> number(0.0513, "share"), number(0.0513, "0-1"), number(None, "0-1"), number(2345.6, "DKK")
    ('5.1 %', '0.051', '-', '2,346')
    """
    if value is None or not np.isfinite(value):
        return "-"
    if unit == "share":
        return f"{100 * value:.0f} %" if abs(value) >= 0.1 else f"{100 * value:.1f} %"
    if unit in ("0-1", "-"):
        return f"{value:.3f}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def interval(row: Mapping[str, Any], method: str, unit: str) -> str:
    """Write the interval of a size.

    >>> interval({"low": 0.01, "high": 0.05}, "morris", "0-1")
    '0.010 to 0.050'
    """
    low, high = (number(row[name], unit) for name in ENDS[method])
    return f"{low} to {high}"


def direction(row: Mapping[str, Any]) -> str:
    """Whether more of a parameter means more of the outcome, less, or one or the other.

    >>> direction({"mu": -0.2, "mu_star": 0.2}), direction({"mu": 0.05, "mu_star": 0.2})
    ('▼', '▲▼')
    """
    if abs(row["mu"]) < ONE_WAY * row["mu_star"]:
        return "▲▼"
    return "▲" if row["mu"] > 0 else "▼"


def size_of(row: Mapping[str, Any], method: str, unit: str) -> str:
    """Write a size, of Morris with its direction."""
    return number(row[SIZE[method]], unit) + (f" {direction(row)}" if method == "morris" else "")
