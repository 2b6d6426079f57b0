"""A project's list on the band of the model's lists: all numbers at a glance, then one figure a
curve.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from peersim import __version__
from peersim.kernel.catalogue import say
from peersim.presentation.figures import Plot
from peersim.presentation.figures.kit import number_axis, open_sheet
from peersim.presentation.figures.style import BLUE, FAINT, GREY, INK, QUIET, SKY, VERMILION, inches
from peersim.studies.check_own_data.checks import HIGHER, LOWER
from peersim.studies.check_own_data.exhibits import is_miss, number_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from peersim.studies.study import Found

CURVES = ("coming", "still", "visits", "size")
ROW = 0.36
OFTEN = 0.2
"""Share of a curve that lies outside the band, on one side, from which its title says so: of the
points where it could, for nothing lies below nought."""


def figures(found: Found) -> Iterator[Plot]:
    """Give every figure that the tables allow."""
    yield Plot("fit", "fit", lambda: at_a_glance(found))
    for name in CURVES:
        curve = found.tables["check_curves"].filter(curve=name)
        if curve["observed"].is_not_null().any() and curve["median"].is_not_null().any():
            yield Plot(name, "curves", functools.partial(on_the_band, found, name, curve))


def _open(found: Found, height: float, name: str, finding: str, **values: Any) -> Figure:
    known = {"lists": found.facts["lists"], "version": __version__, **values}
    words = f"check_own_data.figures.{name}"
    return open_sheet(height, words, "check_own_data.figures.footer", known, finding)


def _say(key: str, **values: Any) -> str:
    return say(f"check_own_data.figures.{key}", **values)


def at_a_glance(found: Found) -> Figure | None:
    """Draw each number of the list on the range of the model's lists, in units of that range."""
    rows = found.tables["checks"].drop_nulls("median").to_dicts()
    if not rows:
        return None
    missed, height = sum(map(is_miss, rows)), ROW * len(rows) + 2.1
    finding = "finding" if missed else "finding_all"
    figure = _open(found, height, "fit", finding, n=missed, answered=len(rows))
    axes = figure.subplots(gridspec_kw=inches(figure, 3.3, 1.9, 1.1, 0.55))
    for place, row in enumerate(reversed(rows)):
        _row(axes, row, place)
    names = [say(f"check_own_data.check.{row['check']}") for row in reversed(rows)]
    axes.set_yticks(range(len(rows)), names)
    axes.tick_params(axis="y", length=0)
    axes.set_xticks([-1, 0, 1], [_say(name) for name in ("low", "middle", "high")])
    axes.set_xlim(-3.2, 3.2)
    axes.tick_params(axis="x", labelsize=7.5)
    axes.set_ylim(-0.7, len(rows) - 0.3)
    axes.axvline(0, color=FAINT, lw=0.8, zorder=0)
    return figure


def _row(axes: Axes, row: Mapping[str, Any], place: int) -> None:
    half = max(
        row["high"] - row["median"]
        if row["observed"] > row["median"]
        else row["median"] - row["low"],
        1e-9,
    )
    at = float(np.clip((row["observed"] - row["median"]) / half, -3, 3))
    colour, marker = (VERMILION, "D") if is_miss(row) else (INK, "o")
    axes.barh(place, 2, left=-1, height=0.5, color=SKY, alpha=0.45, lw=0)
    axes.plot(at, place, marker, ms=7, color=colour, zorder=4)
    numbers = {name: number_of(row, name) for name in ("observed", "median", "low", "high")}
    text, beside = _say("written", **numbers), axes.get_yaxis_transform()
    axes.text(1.02, place, text, transform=beside, va="center", fontsize=7.5, color=INK)


def side_of(curve: pl.DataFrame) -> str:
    """Say on which side of the band a curve lies: lower, higher, or within, by and large."""
    both = curve.drop_nulls(["observed", "low"])
    could_be_lower = both.filter(pl.col("low") > 0)
    outside = {
        LOWER: could_be_lower["observed"] < could_be_lower["low"],
        HIGHER: both["observed"] > both["high"],
    }
    shares = {side: float(there.to_numpy().mean()) for side, there in outside.items() if len(there)}
    most = max(shares, key=lambda side: shares[side], default="within")
    return most if shares.get(most, 0) >= OFTEN else "within"


def on_the_band(found: Found, name: str, curve: pl.DataFrame) -> Figure:
    """Draw one curve of the list on the band of the model's lists."""
    figure = _open(found, 4.4, name, side_of(curve))
    axes = figure.subplots(gridspec_kw=inches(figure, 0.8, 2.1, 0.95, 0.85))
    known = curve.filter(curve["median"].is_not_null())
    at, low, lower, median, upper, high = (
        known[column].to_numpy() for column in ("at", "low", "lower", "median", "upper", "high")
    )
    axes.fill_between(at, low, high, color=SKY, alpha=0.28, lw=0, label=_say("nine_in_ten"))
    axes.fill_between(at, lower, upper, color=SKY, alpha=0.5, lw=0, label=_say("half"))
    axes.plot(at, median, color=BLUE, lw=1.3, label=_say("middle_line"))
    own = curve.filter(curve["observed"].is_not_null())
    axes.plot(
        own["at"], own["observed"], color=INK, lw=1.8, marker="o", ms=3.5, label=_say("yours")
    )
    axes.set_ylim(0, 1.02)
    axes.set_xlim(float(min(curve["at"])), float(max(curve["at"])) or 1.0)
    number_axis(axes, "x", "0")
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1])
    number_axis(axes, "y", "%")
    axes.grid(axis="y")
    axes.set_xlabel(_say(f"{name}_across"))
    axes.set_ylabel(_say(f"{name}_up"))
    axes.legend(
        loc="upper left", bbox_to_anchor=(1.01, 1.0), fontsize=8, labelcolor=QUIET, edgecolor=GREY
    )
    return figure
