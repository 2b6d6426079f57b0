"""Sizes of effects in the units that people read, for tables and figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from peersim.model.outcomes import OUTCOMES

UNITS = {outcome.name: outcome.unit for outcome in OUTCOMES}
ENDS = {"morris": ("low", "high"), "sobol": ("total_low", "total_high"), "pawn": ("low", "high")}
"""Columns of the interval of a size."""

ONE_WAY = 0.6  # share of mu in mu_star from which an effect has a direction
FINE, LARGE = 0.1, 100
"""Below, a share has a decimal; from then on, other numbers have none."""


def unit_of(method: str, outcome: str) -> str:
    """Give the unit of a size: that of the outcome (Morris), a share (Sobol'), or none (PAWN)."""
    return {"morris": UNITS[outcome], "sobol": "share", "pawn": "-"}[method]


def form_of_size(value: float | None, unit: str) -> str:
    """Give the format in which people read a size.

    >>> form_of_size(0.0513, "share"), form_of_size(0.0513, "0-1"), form_of_size(2345.6, "DKK")
    ('%1', '3', '0')
    """
    if unit == "share":
        return "%1" if value is not None and abs(value) < FINE else "%"
    if unit in ("0-1", "-"):
        return "3"
    return "0" if value is not None and abs(value) >= LARGE else "2"


def direction(row: Mapping[str, Any]) -> str:
    """Whether more of a parameter means more of the outcome, less, or one or the other.

    >>> direction({"mu": -0.2, "mu_star": 0.2}), direction({"mu": 0.05, "mu_star": 0.2})
    ('▼', '▲▼')
    >>> direction({"mu": 0.0, "mu_star": 0.0})
    ''
    """
    if not row["mu_star"]:
        return ""
    if abs(row["mu"]) < ONE_WAY * row["mu_star"]:
        return "▲▼"
    return "▲" if row["mu"] > 0 else "▼"
