"""How many supporters it takes, what people wait for, what else would help, and what answers a
loss.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from peersim import __version__
from peersim.kernel.catalogue import Sentence, language, say
from peersim.kernel.numbers import written
from peersim.kernel.statistics import SMALL, TOO_CLOSE
from peersim.presentation.figures import Plot
from peersim.presentation.figures.kit import (
    key_to_signs,
    line_with_band,
    name_rows,
    number_axis,
    open_sheet,
)
from peersim.presentation.figures.style import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    PAPER,
    QUIET,
    SAND,
    SKY,
    VERMILION,
    inches,
)
from peersim.studies.staffing.exhibits import lever_name
from peersim.studies.staffing.levers import AS_CONFIGURED
from peersim.studies.staffing.losses import BEHIND, EVERYONE, OTHERS
from peersim.studies.staffing.needed import AVERAGE, SURELY
from peersim.studies.staffing.remedies import GO_ON
from peersim.studies.staffing.waits import ENDS, MEETING, PLACE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from peersim.studies.study import Found

SHADES = dict(zip(ENDS, (BLUE, SKY, ORANGE, VERMILION, GREY), strict=True))
HATCHES = dict(zip(ENDS, ("", "", "///", "xxx", "\\\\\\"), strict=True))
"""Told apart without colours too."""
LINES: Mapping[str, Mapping[str, Any]] = {
    PLACE: {"color": ORANGE, "marker": "s", "ls": (0, (4, 1.5))},
    MEETING: {"color": BLUE, "marker": "o", "ls": "solid"},
}
MARKS = {"better": "o", "worse": "s", SMALL: "D", TOO_CLOSE: "^"}
VERDICTS = {"better": BLUE, "worse": VERMILION, SMALL: GREY, TOO_CLOSE: SAND}
PANELS = (
    ("met_again", BEHIND, "%"),
    ("gone", BEHIND, "%"),
    ("connectedness", EVERYONE, "g"),
    ("strain", OTHERS, "g"),
)


def figures(found: Found) -> Iterator[Plot]:
    """Give every figure."""
    yield Plot("how_many_supporters", "numbers", lambda: how_many(found))
    yield Plot("what_people_wait_for", "why", lambda: what_for(found))
    yield Plot("what_else_would_help", "else", lambda: what_else(found))
    if found.facts["looked_at"]:
        yield Plot("after_the_loss", "loss", lambda: after(found))


def _open(found: Found, height: float, name: str, finding: str = "title", **values: Any) -> Figure:
    known = {**found.facts, **found.facts["promise"], "version": __version__, **values}
    footer = "staffing.figures.footer"
    return open_sheet(height, f"staffing.figures.{name}", footer, known, finding)


def _say(key: str, **values: Any) -> str:
    return say(f"staffing.figures.{key}", **values)


def how_many(found: Found) -> Figure:
    """Share of people who begin in time by number of supporters, and in how many worlds the promise
    is kept.
    """
    asked_for = found.facts["promise"]["share"]
    needed = found.tables["needed"].filter(lever=AS_CONFIGURED, measure=MEETING, criterion=AVERAGE)
    enough, most = needed["supporters"][0], needed["most"][0]
    finding = "finding_none" if enough is None else "finding"
    figure = _open(found, 4.6, "how_many", finding, n=enough, most=most)
    left, right = figure.subplots(1, 2, sharex=True, sharey=True)
    figure.subplots_adjust(**inches(figure, 0.6, 0.3, 1.0, 0.85), wspace=0.1)
    for measure, sign in LINES.items():
        rows = found.tables["waits"].filter(lever=AS_CONFIGURED, measure=measure).sort("supporters")
        look = {**sign, "label": _say(f"how_many.have.{measure}")}
        of = {name: rows[name].to_numpy() for name in rows.columns}
        band = (of["share_low"], of["share_high"])
        line_with_band(left, of["supporters"], of["share"], band, look)
        line_with_band(right, of["supporters"], of["kept"], None, look)
    left.set_title(_say("how_many.people"), loc="left")
    right.set_title(_say("how_many.worlds", share=asked_for), loc="left")
    left.axhline(asked_for, color=INK, lw=0.8, ls=(0, (4, 2)))
    beside = left.get_yaxis_transform()
    left.text(0.01, asked_for + 0.015, _say("how_many.asked"), fontsize=7.5, transform=beside)
    for axes in (left, right):
        axes.set_ylim(0, 1.05)
        number_axis(axes, "x", "0")
        number_axis(axes, "y", "%")
        axes.grid()
        axes.set_xlabel(_say("how_many.x"))
    left.legend(loc="lower right")
    return figure


def what_for(found: Found) -> Figure:
    """What became of those who signed up, by number of supporters: a bar each."""
    rows = found.tables["waiting_ends"].filter(lever=AS_CONFIGURED)
    numbers = sorted(rows["supporters"].unique().to_list())
    enough = dict(rows.filter(supporters=numbers[-1]).select("end", "share").iter_rows())
    known = {"supporters": numbers[-1], "met": enough["met in time"]}
    figure = _open(found, 4.6, "what_for", "title", **known)
    axes = figure.subplots()
    figure.subplots_adjust(**inches(figure, 0.6, 2.45, 0.8, 0.7))
    places, bottom = range(len(numbers)), np.zeros(len(numbers))
    for end in ENDS:
        of = dict(rows.filter(end=end).select("supporters", "share").iter_rows())
        heights = np.array([of[number] for number in numbers])
        label = _say(f"what_for.ends.{end}")
        look: dict[str, Any] = {"color": SHADES[end], "hatch": HATCHES[end], "edgecolor": PAPER}
        axes.bar(places, heights, bottom=bottom, label=label, width=0.85, lw=0, **look)
        bottom += heights
    axes.set_xticks(places, [str(number) for number in numbers])
    axes.set_xlabel(_say("how_many.x"))
    axes.set_ylim(0, 1)
    number_axis(axes, "y", "%")
    handles, labels = axes.get_legend_handles_labels()
    axes.legend(handles[::-1], labels[::-1], loc="center left", bbox_to_anchor=(1.01, 0.5))
    return figure


def what_else(found: Found) -> Figure:
    """How many supporters it takes with each lever: on average and surely, for a place and for a
    first meeting.
    """
    needed, labels = found.tables["needed"], found.facts["levers"]
    finding, known = _most_helpful(found)
    figure = _open(found, 2.0 + 0.3 * len(labels), "what_else", finding, **known)
    axes = figure.subplots(1, 2, sharey=True, sharex=True)
    figure.subplots_adjust(**inches(figure, 3.7, 0.35, 1.0, 0.95), wspace=0.08)
    order, most = list(labels), max(needed["most"])
    for panel, measure in zip(axes, (PLACE, MEETING), strict=True):
        for y, lever in enumerate(order):
            _needed_line(panel, y, needed.filter(lever=lever, measure=measure), most)
        panel.set_title(_say(f"what_else.{measure}"), loc="left")
        panel.set_xlim(0, 1.2 * most)
        number_axis(panel, "x", "0")
        panel.grid(axis="x")
        panel.set_xlabel(_say("how_many.x"))
        panel.tick_params(axis="y", length=0)
    name_rows(axes[0], [lever_name(labels, lever) for lever in order])
    signs = [
        (_say("what_else.average"), {"marker": "o", "color": BLUE, "mfc": BLUE}),
        (_say("what_else.surely"), {"marker": "o", "color": BLUE, "mfc": PAPER}),
        (_say("what_else.none", most=most), {"marker": ">", "color": VERMILION}),
    ]
    key_to_signs(figure, signs)
    return figure


def _most_helpful(found: Found) -> tuple[str, dict[str, str]]:
    """The lever with which the fewest supporters are enough for a place, if any takes fewer."""
    needed = found.tables["needed"].filter(measure=PLACE, criterion=AVERAGE)
    takes = dict(needed.select("lever", "supporters").iter_rows())
    known = {name: number for name, number in takes.items() if number is not None}
    best = min(known, key=known.__getitem__, default=AS_CONFIGURED)
    if best == AS_CONFIGURED or known[best] >= known.get(AS_CONFIGURED, np.inf):
        return "title_none", {}
    return "title", {"lever": lever_name(found.facts["levers"], best)}


def _needed_line(axes: Axes, y: int, rows: pl.DataFrame, most: int) -> None:
    of = dict(rows.select("criterion", "supporters").iter_rows())
    for criterion, fill in ((AVERAGE, BLUE), (SURELY, PAPER)):
        if of[criterion] is not None:
            axes.plot(of[criterion], y, "o", color=BLUE, mfc=fill, ms=7, zorder=3)
    if of[AVERAGE] is not None and of[SURELY] is not None:
        axes.plot([of[AVERAGE], of[SURELY]], [y, y], color=BLUE, lw=1.5, zorder=2)
    if of[AVERAGE] is None:
        best = written(rows["best_share"][0], "%", language())
        axes.plot(most, y, ">", color=VERMILION, ms=5)
        axes.text(1.04 * most, y, best, fontsize=8, color=VERMILION, va="center")


def after(found: Found) -> Figure:
    """What each answer to the loss makes of those left behind, of everybody and of the other
    supporters.
    """
    labels, week = found.facts["answers"], found.facts["looked_at"][0]
    rows = found.tables["after_loss"].filter(week=week)
    height = 2.2 + 0.3 * len(labels)
    best = rows.filter(outcome="met_again", whose=BEHIND, standing="best")["answer"].to_list()
    known = {"week": week, "n": found.facts["promise"]["lost"]}
    known |= {"answer": str(Sentence(*labels[best[0]])) if best else ""}
    figure = _open(found, height, "after", "title" if best else "title_none", **known)
    axes = figure.subplots(1, len(PANELS), sharey=True)
    figure.subplots_adjust(**inches(figure, 2.75, 0.3, 1.25, 1.0), wspace=0.18)
    order = list(labels)
    for panel, (outcome, whose, form) in zip(axes, PANELS, strict=True):
        _answers(panel, rows.filter(outcome=outcome, whose=whose), order)
        panel.set_title(_say(f"after.panels.{outcome}"), loc="left", fontsize=8.5)
        panel.grid(axis="x")
        if form == "%":  # intervals may reach beyond what there is
            low, high = panel.get_xlim()
            panel.set_xlim(max(low, -0.05), min(high, 1.05))
        number_axis(panel, "x", form)
    name_rows(axes[0], [str(Sentence(*labels[name])) for name in order])
    signs = [
        (_say(f"after.{verdict}"), {"marker": MARKS[verdict], "ls": "-", "color": colour})
        for verdict, colour in VERDICTS.items()
    ]
    key_to_signs(figure, signs, ncol=4, fontsize=8, bbox_to_anchor=(0.01, 0.2 / height))
    return figure


def _answers(axes: Axes, rows: pl.DataFrame, order: Sequence[str]) -> None:
    base = float(rows.filter(answer=GO_ON)["mean"][0])
    axes.axvline(base, color=QUIET, lw=0.8, ls=(0, (4, 2)))
    for row in rows.iter_rows(named=True):
        y, shade = order.index(row["answer"]), VERDICTS.get(row["verdict"], GREY)
        ends = [base + row[name] for name in ("against_going_on_low", "against_going_on_high")]
        if row["answer"] != GO_ON:
            axes.plot(ends, [y, y], color=shade, lw=1.8)
        axes.plot(row["mean"], y, MARKS.get(row["verdict"], "o"), color=shade, ms=5)
