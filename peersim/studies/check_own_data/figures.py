"""A project's list on the band of the model's lists: all numbers at a glance, then one figure a
curve.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from peersim.presentation.catalogue import words
from peersim.presentation.figures import Drawing, drawn
from peersim.presentation.figures.style import (
    BLUE,
    FAINT,
    GREY,
    INK,
    QUIET,
    SKY,
    VERMILION,
    inches,
    sheet,
)

if TYPE_CHECKING:
    import polars as pl
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CURVES = ("coming", "still", "visits", "size")
ROW = 0.36


def draw(tables: Mapping[str, pl.DataFrame], manifest: Mapping[str, Any]) -> Iterator[Drawing]:
    """Draw every figure that the tables allow."""
    return drawn(lambda: _questions(tables, manifest))


def _questions(
    tables: Mapping[str, pl.DataFrame], manifest: Mapping[str, Any]
) -> Iterator[tuple[str, Figure]]:
    import polars as pl

    catalogue = words()["own_data"]["figures"]
    footer = catalogue["footer"].format(
        lists=manifest["identity"]["replicates"], version=manifest["versions"]["peersim"]
    )
    yield "fit", at_a_glance(tables["checks"], catalogue, footer)
    for name in CURVES:
        curve = tables["check_curves"].filter(pl.col("curve") == name)
        if curve["observed"].is_not_null().any() and curve["median"].is_not_null().any():
            yield name, on_the_band(name, curve, catalogue, footer)


def at_a_glance(checks: pl.DataFrame, catalogue: Mapping[str, str], footer: str) -> Figure:
    """Draw each number of the list on the range of the model's lists, in units of that range."""
    import polars as pl

    rows = checks.filter(pl.col("median").is_not_null()).to_dicts()
    height = ROW * len(rows) + 1.9
    figure = sheet(height, catalogue["fit_title"], catalogue["fit_sub"], footer)
    axes = figure.subplots(gridspec_kw=inches(figure, 3.3, 1.9, 0.95, 0.55))
    for place, row in enumerate(reversed(rows)):
        _row(axes, row, place)
    axes.set_yticks(range(len(rows)), [row["label"] for row in reversed(rows)])
    axes.tick_params(axis="y", length=0)
    axes.set_xticks([-1, 0, 1], [catalogue["low"], catalogue["middle"], catalogue["high"]])
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
    misses = not row["low"] <= row["observed"] <= row["high"]
    axes.barh(place, 2, left=-1, height=0.5, color=SKY, alpha=0.45, lw=0)
    axes.plot(
        at, place, marker="D" if misses else "o", ms=7, color=VERMILION if misses else INK, zorder=4
    )
    texts = [_written(row[name], row["unit"]) for name in ("observed", "median", "low", "high")]
    axes.text(
        1.02,
        place,
        "{}  ({}; {} to {})".format(*texts),
        transform=axes.get_yaxis_transform(),
        va="center",
        fontsize=7.5,
        color=INK,
    )


def _written(value: float, unit: str) -> str:
    return f"{100 * value:.0f} %" if unit == "share" else f"{value:.1f}"


def on_the_band(
    name: str, curve: pl.DataFrame, catalogue: Mapping[str, str], footer: str
) -> Figure:
    """Draw one curve of the list on the band of the model's lists."""
    from matplotlib.ticker import MaxNLocator

    figure = sheet(4.4, catalogue[f"{name}_title"], catalogue["band_sub"], footer)
    axes = figure.subplots(gridspec_kw=inches(figure, 0.8, 2.1, 0.95, 0.85))
    known = curve.filter(curve["median"].is_not_null())
    at, low, lower, median, upper, high = (
        known[column].to_numpy() for column in ("at", "low", "lower", "median", "upper", "high")
    )
    axes.fill_between(at, low, high, color=SKY, alpha=0.28, lw=0, label=catalogue["nine_in_ten"])
    axes.fill_between(at, lower, upper, color=SKY, alpha=0.5, lw=0, label=catalogue["half"])
    axes.plot(at, median, color=BLUE, lw=1.3, label=catalogue["middle_line"])
    own = curve.filter(curve["observed"].is_not_null())
    axes.plot(
        own["at"], own["observed"], color=INK, lw=1.8, marker="o", ms=3.5, label=catalogue["yours"]
    )
    axes.set_ylim(0, 1.02)
    axes.set_xlim(float(min(curve["at"])), float(max(curve["at"])) or 1.0)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"])
    axes.grid(axis="y")
    axes.set_xlabel(catalogue[f"{name}_across"])
    axes.set_ylabel(catalogue[f"{name}_up"])
    axes.legend(
        loc="upper left", bbox_to_anchor=(1.01, 1.0), fontsize=8, labelcolor=QUIET, edgecolor=GREY
    )
    return figure
