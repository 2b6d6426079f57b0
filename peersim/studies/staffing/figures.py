"""How many supporters it takes, what people wait for, what else would help, and what answers a
loss.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from peersim.kernel.statistics import TOO_CLOSE
from peersim.presentation.figures import Drawing, drawn
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
    sheet,
)
from peersim.studies.staffing.levers import AS_CONFIGURED
from peersim.studies.staffing.losses import BEHIND, EVERYONE, OTHERS
from peersim.studies.staffing.needed import AVERAGE, SURELY
from peersim.studies.staffing.remedies import GO_ON
from peersim.studies.staffing.waits import ENDS, MEETING, PLACE

if TYPE_CHECKING:
    import polars as pl
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHADES = dict(zip(ENDS, (BLUE, SKY, ORANGE, VERMILION, GREY), strict=True))
PANELS = (
    ("met_again", BEHIND, "have met somebody\nagain (left behind)"),
    ("gone", BEHIND, "are gone\n(left behind)"),
    ("connectedness", EVERYONE, "connectedness\n(everyone invited)"),
    ("strain", OTHERS, "strain\n(other supporters)"),
)


class Asked(NamedTuple):
    """What the figures are drawn from."""

    tables: Mapping[str, pl.DataFrame]
    about: Mapping[str, Any]
    footer: str


def draw(
    tables: Mapping[str, pl.DataFrame], about: Mapping[str, Any], version: str
) -> Iterator[Drawing]:
    """Draw every figure.

    Parameters
    ----------
    tables : mapping of name to polars.DataFrame
    about : mapping
        ``sets``, ``worlds``, and the promise: ``share``, ``wait``, ``lost``, ``at``.
    version : str
    """
    footer = f"{about['sets']} plausible sets of parameters, {about['worlds']} worlds with each. peersim {version}"
    asked = Asked(tables, about, footer)
    return drawn(lambda: questions(asked))


def questions(asked: Asked) -> Iterable[tuple[str, Figure]]:
    """Give each figure and its name."""
    yield "how_many_supporters", how_many(asked)
    yield "what_people_wait_for", what_for(asked)
    yield "what_else_would_help", what_else(asked)
    if "after_loss" in asked.tables:
        yield "after_the_loss", after(asked)


def how_many(asked: Asked) -> Figure:
    """Share of people who begin in time by number of supporters, and in how many worlds the promise
    is kept.
    """
    figure = sheet(
        4.6,
        "How many supporters does it take?",
        f"those who sign up and wait less than {asked.about['wait']} weeks; bands: nine worlds in ten",
        asked.footer,
    )
    left, right = figure.subplots(1, 2, sharex=True, sharey=True)
    figure.subplots_adjust(**inches(figure, 0.6, 0.3, 1.0, 0.85), wspace=0.1)
    for measure, shade in ((PLACE, ORANGE), (MEETING, BLUE)):
        rows = asked.tables["waits"].filter(lever=AS_CONFIGURED, measure=measure).sort("supporters")
        x, label = (
            rows["supporters"].to_numpy(),
            "have a place" if measure == PLACE else "have met somebody",
        )
        left.plot(x, rows["share"].to_numpy(), "o-", color=shade, label=label, ms=4)
        left.fill_between(
            x,
            rows["share_low"].to_numpy(),
            rows["share_high"].to_numpy(),
            color=shade,
            alpha=0.15,
            lw=0,
        )
        right.plot(x, rows["kept"].to_numpy(), "o-", color=shade, label=label, ms=4)
    left.set_title("share of people who begin in time", loc="left")
    right.set_title(f"share of worlds in which {asked.about['share']:.0%} do", loc="left")
    left.axhline(asked.about["share"], color=INK, lw=0.8, ls=(0, (4, 2)))
    left.text(
        0.01,
        asked.about["share"] + 0.015,
        "asked for",
        fontsize=7.5,
        transform=left.get_yaxis_transform(),
    )
    for axes in (left, right):
        _percent(axes, "y")
        axes.set_ylim(0, 1.05)
        axes.grid()
        axes.set_xlabel("supporters invited")
    left.legend(loc="lower right")
    return figure


def _percent(axes: Axes, which: str) -> None:
    from matplotlib.ticker import PercentFormatter

    getattr(axes, f"{which}axis").set_major_formatter(PercentFormatter(1.0, 0))


def what_for(asked: Asked) -> Figure:
    """What became of those who signed up, by number of supporters: a bar each."""
    rows = asked.tables["waiting_ends"].filter(lever=AS_CONFIGURED)
    numbers = sorted(rows["supporters"].unique().to_list())
    figure = sheet(
        4.6,
        "What are people waiting for?",
        f"what became of those who signed up, by number of supporters invited; in time: in less than "
        f"{asked.about['wait']} weeks",
        asked.footer,
    )
    axes = figure.subplots()
    figure.subplots_adjust(**inches(figure, 0.6, 2.45, 0.8, 0.7))
    bottom = np.zeros(len(numbers))
    for end in ENDS:
        of = dict(rows.filter(end=end).select("supporters", "share").iter_rows())
        heights = np.array([of[number] for number in numbers])
        axes.bar(
            range(len(numbers)), heights, bottom=bottom, color=SHADES[end], label=end, width=0.85
        )
        bottom += heights
    axes.set_xticks(range(len(numbers)), [str(number) for number in numbers])
    axes.set_xlabel("supporters invited")
    axes.set_ylim(0, 1)
    _percent(axes, "y")
    handles, labels = axes.get_legend_handles_labels()
    axes.legend(handles[::-1], labels[::-1], loc="center left", bbox_to_anchor=(1.01, 0.5))
    return figure


def what_else(asked: Asked) -> Figure:
    """How many supporters it takes with each lever: on average and surely, for a place and for a
    first meeting.
    """
    needed = asked.tables["needed"]
    labels = dict(needed.select("lever", "label").iter_rows())
    figure = sheet(
        2.0 + 0.3 * len(labels),
        "What else would help?",
        f"supporters to be invited so that {asked.about['share']:.0%} wait less than {asked.about['wait']} weeks",
        asked.footer,
    )
    axes = figure.subplots(1, 2, sharey=True, sharex=True)
    figure.subplots_adjust(**inches(figure, 3.7, 0.35, 1.0, 0.95), wspace=0.08)
    order = list(labels)[::-1]
    most = max(needed["most"])
    for panel, measure in zip(axes, (PLACE, MEETING), strict=True):
        for y, lever in enumerate(order):
            _needed_line(panel, y, needed.filter(lever=lever, measure=measure), most)
        panel.set_title(
            "for a place in time" if measure == PLACE else "for a first meeting in time", loc="left"
        )
        panel.set_xlim(0, 1.14 * most)
        panel.grid(axis="x")
        panel.set_xlabel("supporters invited")
    axes[0].set_yticks(range(len(order)), [labels[lever] for lever in order])
    _needed_legend(figure, most)
    return figure


def _needed_line(axes: Axes, y: int, rows: pl.DataFrame, most: int) -> None:
    of = dict(rows.select("criterion", "supporters").iter_rows())
    for criterion, filled in ((AVERAGE, True), (SURELY, False)):
        if of[criterion] is not None:
            axes.plot(
                of[criterion], y, "o", color=BLUE, mfc=BLUE if filled else PAPER, ms=7, zorder=3
            )
    if of[AVERAGE] is not None and of[SURELY] is not None:
        axes.plot([of[AVERAGE], of[SURELY]], [y, y], color=BLUE, lw=1.5, zorder=2)
    if of[AVERAGE] is None:
        axes.text(
            1.03 * most, y, f"{rows['best_share'][0]:.0%}", fontsize=8, color=VERMILION, va="center"
        )


def _needed_legend(figure: Figure, most: int) -> None:
    from matplotlib.lines import Line2D

    texts = (("on average", BLUE), ("surely", PAPER))
    handles = [
        Line2D([], [], marker="o", ls="none", color=BLUE, mfc=fill, label=text)
        for text, fill in texts
    ]
    label = f"no number up to {most} is enough: the most who begin in time"
    handles.append(Line2D([], [], marker=r"$\%$", ls="none", color=VERMILION, label=label))
    figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.01, 0.04), ncols=3, handletextpad=0.2
    )


def after(asked: Asked) -> Figure:
    """What each answer to the loss makes of those left behind, of everybody and of the other
    supporters.
    """
    rows = asked.tables["after_loss"]
    rows = rows.filter(week=int(rows["week"].min()))  # type: ignore[arg-type]
    labels = dict(rows.select("answer", "label").iter_rows())
    lost = (
        f"{asked.about['lost']} supporters have left"
        if asked.about["lost"] > 1
        else "a supporter has left"
    )
    figure = sheet(
        1.9 + 0.3 * len(labels),
        f"It is week {asked.about['at']} and {lost}: what now?",
        f"end of week {rows['week'][0]}; dot: mean; line: 95 % interval of the difference from going on without them",
        asked.footer,
    )
    axes = figure.subplots(1, len(PANELS), sharey=True)
    figure.subplots_adjust(**inches(figure, 2.75, 0.3, 1.25, 0.75), wspace=0.18)
    order = list(labels)[::-1]
    for panel, (outcome, whose, title) in zip(axes, PANELS, strict=True):
        _answers(panel, rows.filter(outcome=outcome, whose=whose), order)
        panel.set_title(title, loc="left", fontsize=8.5)
        panel.grid(axis="x")
        if outcome in ("met_again", "gone"):
            _percent(panel, "x")
    axes[0].set_yticks(range(len(order)), [labels[name] for name in order])
    _answers_legend(figure)
    return figure


def _answers(axes: Axes, rows: pl.DataFrame, order: list[str]) -> None:
    base = float(rows.filter(answer=GO_ON)["mean"][0])
    axes.axvline(base, color=QUIET, lw=0.8, ls=(0, (4, 2)))
    axes.locator_params(axis="x", nbins=3)
    for row in rows.iter_rows(named=True):
        y, shade = order.index(row["answer"]), VERDICTS.get(row["verdict"], GREY)
        ends = [base + row[name] for name in ("against_going_on_low", "against_going_on_high")]
        if row["answer"] != GO_ON:
            axes.plot(ends, [y, y], color=shade, lw=1.8)
        axes.plot(row["mean"], y, "o", color=shade, ms=5)


VERDICTS = {"better": BLUE, "worse": VERMILION, TOO_CLOSE: SAND}


def _answers_legend(figure: Figure) -> None:
    from matplotlib.lines import Line2D

    texts = {"better": "better than going on", "worse": "worse", TOO_CLOSE: "too close to call"}
    handles = [
        Line2D([], [], marker="o", ls="-", color=VERDICTS[key], label=text)
        for key, text in texts.items()
    ]
    figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.01, 0.035), ncols=3, handletextpad=0.4
    )
