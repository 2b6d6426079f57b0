"""Simulated trials: what one finds and what many would, how they scatter, how many people it takes,
when to look.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from peersim.kernel.evidence import table as evidence
from peersim.presentation.figures import Drawing, drawn
from peersim.presentation.figures.style import (
    BLUE,
    FAINT,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PAPER,
    QUIET,
    SKY,
    VERMILION,
    inches,
    sheet,
)
from peersim.studies.trial.summary import CONFIGURED, PLAUSIBLE, published

if TYPE_CHECKING:
    import polars as pl
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PUBLISHED = {
    "M04": "recovery, groups (M04)",
    "O13": "befriending (O13)",
    "M01": "recovery, all (M01)",
}
ABOVE = 0.55  # rows that each of these takes
NAMES = {"ties": "people in touch"}
LOOKS = {
    CONFIGURED: (BLUE, "o", "parameters as configured"),
    PLAUSIBLE: (ORANGE, "s", "plausible parameters"),
}
FAR = 0.8  # d beyond which an outcome has an axis of its own


class Asked(NamedTuple):
    """What the figures of trials are drawn from."""

    tables: Mapping[str, pl.DataFrame]
    protocol: Mapping[str, Any]
    footer: str


def draw(
    tables: Mapping[str, pl.DataFrame], protocol: Mapping[str, Any], version: str
) -> Iterator[Drawing]:
    """Draw every figure.

    Parameters
    ----------
    tables : mapping of name to polars.DataFrame
    protocol : mapping
        ``intervention``, ``usual``: people; ``end``: weeks from enrolment to the measurement;
        ``communities``.
    version : str
    """
    seeds = sorted(set(tables["trials"]["seed"].to_list()))
    footer = (
        f"{len(seeds)} simulated trials (seeds {seeds[0]} to {seeds[-1]}), {protocol['intervention']} people "
        f"randomised to the programme and {protocol['usual']} to service as usual. Exploratory, not predictive. "
        f"peersim {version}"
    )
    asked = Asked(tables, protocol, footer)
    return drawn(lambda: questions(asked))


def questions(asked: Asked) -> Iterable[tuple[str, Figure]]:
    """Give each figure and its name."""
    yield "effects_of_trial", forest(asked)
    yield "scatter_of_trials", scatter(asked)
    yield "power_of_trials", power(asked)
    yield "effect_by_week", by_week(asked)


def kinds(table: pl.DataFrame) -> list[str]:
    """Say where parameters come from in a table, in the order of drawing."""
    there = table["parameters"].cast(str).unique().to_list()
    return [name for name in LOOKS if name in there]


# -- what is found -------------------------------------------------------------------------------
def forest(asked: Asked) -> Figure:
    """Draw d of each outcome: one trial with its interval, and the interval in which 95 % of trials
    fall.
    """
    import polars as pl

    one = asked.tables["trial"].filter(pl.col("analysis") == "adjusted", pl.col("time") == "end")
    many = asked.tables["trial_summary"].filter(pl.col("time") == "end")
    (near, far), keys = _sides(many), published(asked.protocol["communities"])
    above = ABOVE * len(keys)
    height = 2.5 + 0.55 * (len(near) + len(far) + above) + (0.45 if far else 0)
    figure = sheet(
        height,
        "What does such a trial find, and what would the next one find?",
        "Cohen's d: difference in standard deviations of people, adjusted for the baseline. Thin: the 95 % "
        "interval of one trial.\nThick: where 95 % of trials fall, each with other people and other luck.",
        asked.footer,
    )
    ratios = [len(near) + above, len(far)] if far else [1]
    gaps = inches(figure, 1.75, 0.35, 1.2, 0.85) | {
        "hspace": 0.16 * len(ratios),
        "height_ratios": ratios,
    }
    panels = np.atleast_1d(figure.subplots(len(ratios), 1, gridspec_kw=gaps))
    for axes, outcomes in zip(panels, (near, far), strict=False):
        _rows(axes, outcomes, one, many)
    _published(panels[0], keys)
    panels[-1].set_xlabel("Cohen's d (above zero: better with the programme)")
    _legend(panels[0], many)
    return figure


def _sides(many: pl.DataFrame) -> tuple[list[str], list[str]]:
    outcomes = list(dict.fromkeys(many["outcome"].cast(str).to_list()))
    reach = {name: many.filter(outcome=name)["d_high"].max() for name in outcomes}
    far = [name for name in outcomes if reach[name] > FAR]  # type: ignore[operator]
    near = [name for name in outcomes if name not in far]
    return (near, far) if near else (far, [])


def _rows(axes: Axes, outcomes: list[str], one: pl.DataFrame, many: pl.DataFrame) -> None:
    shown = kinds(many)
    for place, outcome in enumerate(outcomes):
        for k, parameters in enumerate(shown):
            row = many.filter(parameters=parameters, outcome=outcome).row(0, named=True)
            colour, marker, _ = LOOKS[parameters]
            height = place + (k + 1) * 0.24 - 0.12
            axes.plot(
                [row["d_low"], row["d_high"]],
                [height, height],
                color=colour,
                lw=4,
                alpha=0.55,
                solid_capstyle="butt",
            )
            axes.plot(
                row["d"],
                height,
                marker=marker,
                ms=6,
                mfc=colour,
                mec=PAPER,
                mew=0.8,
                ls="none",
                zorder=3,
            )
        row = one.filter(outcome=outcome).row(0, named=True)
        axes.plot([row["d_low"], row["d_high"]], [place - 0.16] * 2, color=INK, lw=1.2)
        axes.plot(row["d"], place - 0.16, marker="D", ms=4.5, color=INK, ls="none", zorder=3)
    axes.set_yticks(range(len(outcomes)), [NAMES.get(name, name) for name in outcomes])
    axes.set_ylim(len(outcomes) - 0.4, -0.65)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.axvline(0, color=QUIET, lw=1, zorder=0)
    axes.grid(axis="x", color=FAINT)
    axes.set_axisbelow(True)


def _published(axes: Axes, keys: list[str]) -> None:
    """Set what meta-analyses found above the rows."""
    places = [-0.62 - 0.3 * k for k in range(len(keys))]
    for height, key in zip(places, keys, strict=True):
        value, low, high = (float(evidence()[key][column]) for column in ("value", "low", "high"))
        axes.plot(
            [low, high], [height, height], color=GREEN, lw=4, alpha=0.55, solid_capstyle="butt"
        )
        axes.plot(
            value, height, marker="^", ms=6, mfc=GREEN, mec=PAPER, mew=0.8, ls="none", zorder=3
        )
        axes.text(
            -0.01,
            height,
            PUBLISHED[key],
            transform=axes.get_yaxis_transform(),
            ha="right",
            va="center",
            fontsize=8,
            color=GREEN,
        )
    axes.axhline(-0.42, color=FAINT, lw=0.8)
    axes.set_ylim(axes.get_ylim()[0], places[-1] - 0.3)


def _legend(axes: Axes, many: pl.DataFrame) -> None:
    from matplotlib.lines import Line2D

    keys: list[Any] = [Line2D([], [], marker="D", ms=4.5, color=INK, lw=1.2, label="one trial")]
    for parameters in kinds(many):
        colour, marker, label = LOOKS[parameters]
        keys.append(
            Line2D([], [], marker=marker, mec=PAPER, color=colour, lw=4, label=f"trials, {label}")
        )
    keys.append(
        Line2D(
            [], [], marker="^", mec=PAPER, color=GREEN, lw=4, label="meta-analyses of real trials"
        )
    )
    axes.legend(
        handles=keys,
        loc="lower left",
        bbox_to_anchor=(-0.16, 1.0),
        ncol=len(keys),
        fontsize=8,
        columnspacing=1.4,
        handlelength=1.6,
    )


# -- how trials scatter --------------------------------------------------------------------------
def scatter(asked: Asked) -> Figure:
    """Draw the distribution of d for recovery over trials, beside the true effect that each of them
    estimates.
    """
    import polars as pl

    trials = asked.tables["trials"].filter(pl.col("outcome") == "recovery", pl.col("time") == "end")
    shown = kinds(trials)
    figure = sheet(
        1.9 + 1.75 * len(shown),
        "How much do equally good trials differ?",
        "Recovery. Filled: what trials find. Line: the true effect on the people who took part, which no "
        "trial sees.\nDark: trials whose own interval leaves out zero.",
        asked.footer,
    )
    gaps = inches(figure, 0.75, 0.35, 1.15, 0.85) | {"hspace": 0.45}
    panels = np.atleast_1d(figure.subplots(len(shown), 1, sharex=True, gridspec_kw=gaps))
    values = trials["d"].to_numpy()
    bins = np.linspace(min(values.min(), -0.1), max(values.max(), 0.4), 32).tolist()
    for axes, parameters in zip(panels, shown, strict=True):
        _histogram(axes, trials.filter(parameters=parameters), bins, parameters)
    panels[-1].set_xlabel("Cohen's d")
    return figure


def _histogram(axes: Axes, trials: pl.DataFrame, bins: list[float], parameters: str) -> None:
    d, low, high = (trials[name].to_numpy() for name in ("d", "low", "high"))
    shows = (low > 0) | (high < 0)
    colour, _, label = LOOKS[parameters]
    axes.hist(
        [d[shows], d[~shows]],
        bins=bins,
        stacked=True,
        color=[colour, SKY if colour == BLUE else "#F5CE8C"],
    )
    axes.hist(
        trials["truth"].to_numpy() / trials["sd"].to_numpy(),
        bins=bins,
        histtype="step",
        color=INK,
        lw=1.4,
    )
    axes.axvline(0, color=QUIET, lw=1)
    axes.set_ylabel("trials")
    axes.set_title(
        f"{label}: {100 * np.mean(low > 0):.0f} % show a benefit", loc="left", fontweight="bold"
    )


# -- how many people -----------------------------------------------------------------------------
def power(asked: Asked) -> Figure:
    """Draw power against the size of the trial: by the formula, and as simulated."""
    curves, sizes = asked.tables["trial_power"], asked.tables["trial_sizes"]
    figure = sheet(
        4.3,
        "How many people does it take to show the effect on recovery?",
        "Lines: by the formula (over plausible parameters: the mean over sets). Points: share of simulated "
        "trials that show it, with 95 % interval.",
        asked.footer,
    )
    axes = figure.subplots(gridspec_kw=inches(figure, 0.75, 1.7, 0.95, 0.85))
    for parameters in kinds(curves):
        colour, _, label = LOOKS[parameters]
        rows = curves.filter(parameters=parameters)
        axes.plot(rows["enrolled"], rows["power"], color=colour, lw=1.8)
        axes.text(
            1.01,
            rows["power"][-1],
            label,
            transform=axes.get_yaxis_transform(),
            fontsize=8,
            color=colour,
            va="center",
        )
    _simulated(axes, asked)
    for aim in sorted(set(sizes["power"].to_list())):
        axes.axhline(aim, color=GREY, lw=0.8, ls=(0, (2, 2)), zorder=0)
    axes.set_xscale("log")
    most = max(curves["enrolled"].to_list())
    ticks = [
        n for n in (20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000) if n <= most
    ]
    axes.set_xticks(ticks, [f"{n:,}".replace(",", "\N{NO-BREAK SPACE}") for n in ticks])
    axes.minorticks_off()
    axes.set_ylim(0, 1.02)
    axes.set_yticks(
        [0, 0.2, 0.4, 0.6, 0.8, 0.9, 1], [f"{p} %" for p in (0, 20, 40, 60, 80, 90, 100)]
    )
    axes.set_xlabel("people randomised to each arm")
    axes.set_ylabel("power")
    axes.grid(axis="x", color=FAINT)
    return figure


def _simulated(axes: Axes, asked: Asked) -> None:
    people = (asked.protocol["intervention"] + asked.protocol["usual"]) / 2
    points = []
    summary = asked.tables["trial_summary"].filter(outcome="recovery", time="end")
    for row in summary.iter_rows(named=True):
        points.append(
            (
                people,
                row["power"],
                row["power_low"],
                row["power_high"],
                LOOKS[row["parameters"]][:2],
            )
        )
    for row in asked.tables["trial_sizes"].iter_rows(named=True):
        if row["simulated"] is not None:
            ends = row["simulated"], row["simulated_low"], row["simulated_high"]
            points.append((row["enrolled"], *ends, LOOKS[CONFIGURED][:2]))
    for size, share, low, high, (colour, marker) in points:
        axes.plot([size, size], [low, high], color=colour, lw=1.4)
        axes.plot(size, share, marker=marker, ms=6.5, mfc=colour, mec=PAPER, ls="none", zorder=3)


# -- when to look --------------------------------------------------------------------------------
def by_week(asked: Asked) -> Figure:
    """Draw the true effect on recovery by weeks since enrolment, and when this trial measures."""
    curves, end = asked.tables["trial_by_week"], asked.protocol["end"]
    figure = sheet(
        3.7,
        "When does the effect show?",
        "True effect on the recovery score of those randomised to the programme, whether they took part or "
        "not. Band: 95 % of trials.",
        asked.footer,
    )
    axes = figure.subplots(gridspec_kw=inches(figure, 0.75, 1.7, 0.9, 0.85))
    for parameters in kinds(curves):
        colour, _, label = LOOKS[parameters]
        rows = curves.filter(parameters=parameters)
        axes.fill_between(rows["since"], rows["low"], rows["high"], color=colour, alpha=0.18, lw=0)
        axes.plot(rows["since"], rows["effect"], color=colour, lw=1.8)
        axes.text(
            1.01,
            rows["effect"][-1],
            label,
            transform=axes.get_yaxis_transform(),
            fontsize=8,
            color=colour,
            va="center",
        )
    axes.axvline(end, color=VERMILION, lw=1.2, ls=(0, (3, 2)))
    axes.text(
        end - 0.3,
        0.97,
        "measured",
        transform=axes.get_xaxis_transform(),
        ha="right",
        va="top",
        fontsize=8,
        color=VERMILION,
    )
    axes.axhline(0, color=QUIET, lw=1)
    axes.set_xlim(0, max([*curves["since"].to_list(), end + 1]))
    axes.set_xlabel("weeks since enrolment")
    axes.set_ylabel("points (0-60)")
    axes.grid(axis="y", color=FAINT)
    axes.set_axisbelow(True)
    return figure
