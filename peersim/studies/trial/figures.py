"""Simulated trials: what one finds and what many would, how they scatter, how many people it takes,
when to look.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from peersim import __version__
from peersim.kernel.catalogue import say
from peersim.presentation.figures import Plot
from peersim.presentation.figures.kit import estimate, key_to_signs, number_axis, open_sheet
from peersim.presentation.figures.style import (
    BLUE,
    FAINT,
    GREEN,
    GREY,
    INK,
    ORANGE,
    QUIET,
    SAND,
    SKY,
    VERMILION,
    inches,
)
from peersim.scenario.evidence import table as evidence
from peersim.studies.trial.exhibits import kinds
from peersim.studies.trial.measurement import PRIMARY
from peersim.studies.trial.summary import CONFIGURED, END, PLAUSIBLE, POWERS, published
from peersim.studies.trial.tables import ADJUSTED

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from peersim.studies.study import Found

LOOKS = {CONFIGURED: (BLUE, "o", SKY), PLAUSIBLE: (ORANGE, "s", SAND)}
"""Colour, marker, and the lighter colour of trials that show nothing."""

DASHES: dict[str, Any] = {CONFIGURED: "solid", PLAUSIBLE: (0, (5, 2))}
THICK = {"lw": 4, "alpha": 0.55, "ms": 6}

FAR = 0.8
"""Cohen's d beyond which an outcome has an axis of its own."""

TICKS = (20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000)


def figures(found: Found) -> Iterator[Plot]:
    """Give every figure."""
    yield Plot("effects_of_trial", "one", lambda: forest(found))
    yield Plot("scatter_of_trials", "many", lambda: scatter(found))
    yield Plot("power_of_trials", "sizes", lambda: power(found))
    yield Plot("effect_by_week", "when", lambda: by_week(found))


def _say(key: str, **values: Any) -> str:
    return say(f"trial.figures.{key}", **values)


def _open(
    found: Found, height: float, name: str, finding: str = "finding", **values: Any
) -> Figure:
    seeds = found.tables["trials"]["seed"]
    about = {"n": seeds.n_unique(), "first": seeds.min(), "last": seeds.max()}
    known = {**found.facts["protocol"], **about, "version": __version__, **values}
    return open_sheet(height, f"trial.figures.{name}", "trial.figures.footer", known, finding)


def _of_primary(found: Found) -> dict[str, Any]:
    rows = found.tables["trial_summary"].filter(outcome=PRIMARY, time=END, parameters=CONFIGURED)
    return rows.row(0, named=True)


# -- what is found -------------------------------------------------------------------------------
def forest(found: Found) -> Figure:
    """Draw d of each outcome: one trial with its interval, and the interval in which 95% of trials
    fall.
    """
    one = found.tables["trial"].filter(analysis=ADJUSTED, time=END)
    many = found.tables["trial_summary"].filter(time=END)
    near, far = _sides(many)
    keys = published(found.facts["communities"])
    rows = [len(near) + 0.55 * len(keys), *([len(far)] if far else [])]
    height = 2.5 + 0.55 * sum(rows) + (0.45 if far else 0)
    figure = _open(found, height, "forest", **_of_primary(found))
    gaps = inches(figure, 1.95, 0.35, 1.2, 0.85) | {
        "hspace": 0.16 * len(rows),
        "height_ratios": rows,
    }
    panels = np.atleast_1d(figure.subplots(len(rows), 1, gridspec_kw=gaps))
    for axes, outcomes in zip(panels, (near, far), strict=False):
        _rows(axes, outcomes, one, many, kinds(found))
    _published(panels[0], keys)
    panels[-1].set_xlabel(_say("forest.x"))
    signs = [(_say("forest.one"), {"marker": "D", "color": INK, "ls": "-"})]
    for kind in kinds(found):
        colour, marker, _ = LOOKS[kind]
        signs.append((_say(f"forest.{kind}"), {"marker": marker, "color": colour, "ls": "-"}))
    signs.append((_say("forest.published"), {"marker": "^", "color": GREEN, "ls": "-"}))
    place = {"bbox_to_anchor": (-0.16, 1.0), "ncol": len(signs), "fontsize": 8}
    key_to_signs(panels[0], signs, **place)
    return figure


def _sides(many: pl.DataFrame) -> tuple[list[str], list[str]]:
    """Outcomes that are drawn on one axis, and those that reach so far that they need another."""
    outcomes = many["outcome"].cast(str).unique(maintain_order=True).to_list()
    reach = dict(many.group_by(pl.col("outcome").cast(str)).agg(pl.max("d_high")).iter_rows())
    far = [name for name in outcomes if reach[name] > FAR]
    near = [name for name in outcomes if name not in far]
    return (near, far) if near else (far, [])


def _rows(
    axes: Axes, outcomes: list[str], one: pl.DataFrame, many: pl.DataFrame, shown: list[str]
) -> None:
    for place, outcome in enumerate(outcomes):
        for k, kind in enumerate(shown):
            colour, marker, _ = LOOKS[kind]
            row = many.filter(parameters=kind, outcome=outcome)
            look = {**THICK, "color": colour, "marker": marker}
            estimate(axes, place + 0.24 * k + 0.12, _d(row), look)
        look = {"color": INK, "marker": "D", "lw": 1.2, "ms": 4.5}
        estimate(axes, place - 0.16, _d(one.filter(outcome=outcome)), look)
    names = [say(f"trial.outcomes.{outcome}") for outcome in outcomes]
    axes.set_yticks(range(len(outcomes)), names)
    axes.set_ylim(len(outcomes) - 0.4, -0.65)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.axvline(0, color=QUIET, lw=1, zorder=0)
    number_axis(axes, "x", "g")
    axes.grid(axis="x", color=FAINT)
    axes.set_axisbelow(True)


def _d(rows: pl.DataFrame) -> tuple[float, float, float]:
    return rows.select("d", "d_low", "d_high").row(0)


def _published(axes: Axes, keys: list[str]) -> None:
    """Set what meta-analyses found above the rows."""
    places = [-0.64 - 0.36 * k for k in range(len(keys))]
    beside: Any = {"transform": axes.get_yaxis_transform(), "ha": "right", "va": "center"}
    for height, key in zip(places, keys, strict=True):
        value, low, high = (float(evidence()[key][name]) for name in ("value", "low", "high"))
        estimate(axes, height, (value, low, high), {**THICK, "color": GREEN, "marker": "^"})
        axes.text(-0.01, height, _say(f"forest.{key}"), fontsize=8, color=GREEN, **beside)
    axes.axhline(-0.42, color=FAINT, lw=0.8)
    axes.set_ylim(axes.get_ylim()[0], places[-1] - 0.3)


# -- how trials scatter --------------------------------------------------------------------------
def scatter(found: Found) -> Figure:
    """Draw the distribution of d for recovery over trials, beside the true effect that each of them
    estimates.
    """
    trials, shown = found.tables["trials"].filter(outcome=PRIMARY, time=END), kinds(found)
    figure = _open(found, 1.9 + 1.75 * len(shown), "scatter", **_of_primary(found))
    gaps = inches(figure, 0.75, 0.35, 1.15, 0.85) | {"hspace": 0.45}
    panels = np.atleast_1d(figure.subplots(len(shown), 1, sharex=True, gridspec_kw=gaps))
    d = trials["d"].to_numpy()
    bins = np.linspace(min(d.min(), -0.1), max(d.max(), 0.4), 32).tolist()
    for axes, kind in zip(panels, shown, strict=True):
        own, (dark, _, light) = trials.filter(parameters=kind), LOOKS[kind]
        d, low, high, sd, truth = (
            own[name].to_numpy() for name in ("d", "low", "high", "sd", "truth")
        )
        shows = (low > 0) | (high < 0)
        axes.hist([d[shows], d[~shows]], bins=bins, stacked=True, color=[dark, light])
        axes.hist(truth / sd, bins=bins, histtype="step", color=INK, lw=1.4)
        axes.axvline(0, color=QUIET, lw=1)
        axes.set_ylabel(_say("scatter.y"))
        title = _say(f"scatter.{kind}", share=float(np.mean(low > 0)))
        axes.set_title(title, loc="left", fontweight="bold")
        number_axis(axes, "y", "0")
    panels[-1].set_xlabel(_say("scatter.x"))
    number_axis(panels[-1], "x", "g")
    return figure


# -- how many people -----------------------------------------------------------------------------
def power(found: Found) -> Figure:
    """Draw power against the size of the trial: by the formula, and as simulated."""
    curves, sizes = found.tables["trial_power"], found.tables["trial_sizes"]
    needed = sizes.filter(parameters=CONFIGURED, power=POWERS[0])["enrolled"][0]
    finding = "finding" if needed else "finding_none"
    figure = _open(found, 4.3, "power", finding, aim=POWERS[0], enrolled=needed)
    axes = figure.subplots(gridspec_kw=inches(figure, 0.75, 0.35, 0.95, 0.85))
    for kind in kinds(found):
        rows, (colour, *_) = curves.filter(parameters=kind), LOOKS[kind]
        look = {"color": colour, "ls": DASHES[kind], "lw": 1.8, "label": _say(f"curve.{kind}")}
        axes.plot(rows["enrolled"], rows["power"], **look)
    _simulated(axes, found)
    for aim in POWERS:
        axes.axhline(aim, color=GREY, lw=0.8, ls=(0, (2, 2)), zorder=0)
    axes.set_xscale("log")
    axes.set_xticks([n for n in TICKS if n <= max(curves["enrolled"])])
    number_axis(axes, "x", "0")
    axes.minorticks_off()
    axes.set_ylim(0, 1.02)
    axes.set_yticks([0, 0.2, 0.4, 0.6, 0.8, 0.9, 1])
    number_axis(axes, "y", "%")
    axes.set_xlabel(_say("power.x"))
    axes.set_ylabel(_say("power.y"))
    axes.legend(loc="upper left")
    axes.grid(axis="x", color=FAINT)
    return figure


def _simulated(axes: Axes, found: Found) -> None:
    """Mark shares of simulated trials that show the effect: of the size asked for, and of the sizes
    that the formula gives.
    """
    protocol, names = found.facts["protocol"], ("power", "power_low", "power_high")
    people = (protocol["intervention"] + protocol["usual"]) / 2
    own = found.tables["trial_summary"].filter(outcome=PRIMARY, time=END)
    points = [(people, kind, *share) for kind, *share in own.select("parameters", *names).rows()]
    checked = found.tables["trial_sizes"].drop_nulls("simulated")
    points += checked.select("enrolled", "parameters", r"^simulated.*$").rows()
    for size, kind, *share in points:
        colour, marker, _ = LOOKS[kind]
        look = {"color": colour, "marker": marker, "lw": 1.4, "ms": 6.5}
        estimate(axes, size, (share[0], share[1], share[2]), look, is_upright=True)


# -- when to look --------------------------------------------------------------------------------
def by_week(found: Found) -> Figure:
    """Draw the true effect on recovery by weeks since enrolment, and when this trial measures."""
    curves, end = found.tables["trial_by_week"], found.facts["timetable"]["end"]
    figure = _open(found, 3.7, "by_week", end=end, effect=_of_primary(found)["effect"])
    axes = figure.subplots(gridspec_kw=inches(figure, 0.75, 0.35, 0.9, 0.85))
    for kind in kinds(found):
        rows, (colour, *_) = curves.filter(parameters=kind), LOOKS[kind]
        axes.fill_between(rows["since"], rows["low"], rows["high"], color=colour, alpha=0.18, lw=0)
        look = {"color": colour, "ls": DASHES[kind], "lw": 1.8, "label": _say(f"curve.{kind}")}
        axes.plot(rows["since"], rows["effect"], **look)
    axes.axvline(end, color=VERMILION, lw=1.2, ls=(0, (3, 2)))
    at_top: Any = {"transform": axes.get_xaxis_transform(), "ha": "right", "va": "top"}
    axes.text(end - 0.3, 0.97, _say("by_week.measured"), fontsize=8, color=VERMILION, **at_top)
    axes.axhline(0, color=QUIET, lw=1)
    axes.set_xlim(0, max(*curves["since"], end + 1))
    axes.set_xlabel(_say("by_week.x"))
    number_axis(axes, "x", "0")
    axes.set_ylabel(_say("by_week.y"))
    number_axis(axes, "y", "g")
    axes.legend(loc="upper left")
    axes.grid(axis="y", color=FAINT)
    axes.set_axisbelow(True)
    return figure
