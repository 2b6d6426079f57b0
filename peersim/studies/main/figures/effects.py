"""What designs change against no programme, and what that takes in supporters' hours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from peersim.kernel.catalogue import say
from peersim.kernel.statistics import ONE_RUN, SMALL, TOO_CLOSE
from peersim.presentation.figures.kit import (
    Dots,
    dotplot,
    key_to_signs,
    name_rows,
    number_axis,
    piles_for,
)
from peersim.presentation.figures.layout import name_points
from peersim.presentation.figures.narrow import SIDES
from peersim.presentation.figures.style import (
    BLUE,
    FAINT,
    GREY,
    INK,
    PAPER,
    QUIET,
    VERMILION,
    inches,
    looks,
)
from peersim.presentation.in_people import DOTS, dots
from peersim.scenario.typology import CONFIGURED, EQUAL_HOURS
from peersim.studies.main.figures.sheet import opened, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from peersim.studies.main.compared import Compared
    from peersim.studies.study import Found

ROW, DOT_ROW = 0.42, 0.66
MOST_DOTS = 7
"""Dots above each other for which a row has room."""
SMALL_GAIN = 0.02
"""Connectedness (0 to 1) that an axis shows at the least."""
OFFSET = {CONFIGURED: -0.15, EQUAL_HOURS: 0.15}


SMALL_NUMBER = 2.0
"""People that an axis shows at the least."""


class Question(NamedTuple):
    """What one of these figures asks: its words, how a difference is read, how wide its axis is at
    the least.
    """

    name: str
    row: Callable[[str, str], Mapping[str, Any]]  # of a basis and a design
    direction: int  # 1: more is drawn to the right; -1: fewer is
    least: float


def who_is_less_isolated(found: Found, compared: Compared) -> Figure:
    """Draw how many fewer people are isolated than without any programme, a dot a year."""
    order = compared.most_helpful()
    verdict, runs = compared.gain(CONFIGURED, order[0])["verdict"], found.facts["runs"]
    none = "finding_none" if len(order) > 1 else "one_none"
    finding = {"better": "finding", ONE_RUN: "title"}.get(verdict, none)
    shown = {name: dots(-compared.by_year(CONFIGURED, name), min(DOTS, runs)) for name in order}
    known = {"label": compared.labels[order[0]], "people": compared.people}
    known |= {"years": str(compared.years_of(CONFIGURED, order[0])), "each": runs / min(DOTS, runs)}
    figure = opened(found, 1.9 + DOT_ROW * len(order), "people", finding, **known)
    axes = figure.subplots(gridspec_kw=inches(figure, 2.35, 0.4, 0.95, 0.75))
    how = piles_for(axes, [value for values in shown.values() for value in values], SMALL_NUMBER)
    for row, design in enumerate(order):
        _years(axes, row, shown[design], how)
        axes.axhline(row + 0.5, color=FAINT, lw=0.5, zorder=0)
    name_rows(axes, [compared.labels[design] for design in order])
    axes.set_ylim(len(order) - 0.5, -0.5)
    axes.spines["left"].set_visible(False)
    axes.axvline(0, color=QUIET, lw=1, zorder=1)
    axes.set_xlabel(words("people.axis", people=compared.people))
    number_axis(axes, "x", "0")
    return figure


def _years(axes: Axes, row: int, values: Sequence[float], how: Dots) -> None:
    """Dots of one design, from the foot of its row upwards: filled where it helps."""
    looks = {
        -1: {"mec": VERMILION, "mfc": PAPER},
        0: {"mec": GREY, "mfc": GREY},
        1: {"mec": BLUE, "mfc": BLUE},
    }
    high = -(-max(Counter(round(value / how.step) for value in values).values()) // how.beside)
    dotplot(axes, values, how, looks, (row + 0.38, -0.76 / max(MOST_DOTS, high)))


def who_builds_connectedness(found: Found, compared: Compared) -> Figure:
    """Draw the paired difference in connectedness to no programme, with intervals, on each
    basis.
    """
    order = compared.programmes()
    best = compared.row(CONFIGURED, order[0])
    several = len(order) > 1
    finding = {
        "better": "finding" if several else "one",
        ONE_RUN: "title" if several else "one_year",
    }
    finding |= dict.fromkeys(("worse", SMALL, TOO_CLOSE), "finding_none" if several else "one_none")
    known = {"label": compared.labels[order[0]], "difference": best["difference"]}
    question = Question("effects", compared.row, 1, SMALL_GAIN)
    return _differences(
        found, compared, question, order, finding.get(best["verdict"], "title"), known
    )


def _differences(  # noqa: PLR0913
    found: Found,
    compared: Compared,
    question: Question,
    order: list[str],
    finding: str,
    known: Mapping[str, Any],
) -> Figure:
    bases = list(compared.designs)
    figure = opened(found, 1.95 + ROW * len(order), question.name, finding, **known)
    axes = figure.subplots(
        gridspec_kw=inches(figure, 2.35, 2.5 if len(bases) > 1 else 1.65, 1.2, 0.75)
    )
    for basis in bases:
        for row, design in enumerate(order):
            height = row + (OFFSET[basis] if len(bases) > 1 else 0)
            _interval(axes, question, (basis, design), height)
    axes.set_yticks(range(len(order)), [compared.labels[design] for design in order])
    axes.set_ylim(len(order) - 0.45, -0.55)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(words(f"{question.name}.axis", people=compared.people))
    _zero(axes, question)
    _verdicts(axes, compared, question, order)
    if len(bases) > 1:
        signs = [
            (say("main.bases.as configured"), {"marker": "o", "color": INK}),
            (say("main.bases.equal hours"), {"marker": "s", "color": INK, "mfc": PAPER}),
        ]
        key_to_signs(axes, signs, bbox_to_anchor=(-0.02, 1.05), ncol=2, fontsize=8.5)
    return figure


def _interval(axes: Axes, question: Question, which: tuple[str, str], height: float) -> None:
    (basis, design), row = which, question.row(*which)
    look, sign = looks()[design], question.direction
    axes.plot(
        [sign * row["low"], sign * row["high"]],
        [height, height],
        color=look.colour,
        lw=2.2,
        solid_capstyle="butt",
    )
    fill = look.colour if basis == CONFIGURED else PAPER
    axes.plot(
        sign * row["difference"],
        height,
        marker="o" if basis == CONFIGURED else "s",
        ms=6.5,
        mfc=fill,
        mec=look.colour,
        mew=1.5,
        ls="none",
        zorder=3,
    )


def _zero(axes: Axes, question: Question) -> None:
    number_axis(axes, "x", "g", question.least)
    low, high = axes.get_xlim()
    low, high = min(low, -0.15 * (high - low)), max(high, 0.15 * (high - low))
    axes.set_xlim(low, high)
    axes.axvspan(low, 0, color="#F3F3F3", zorder=0, lw=0)
    axes.axvline(0, color=QUIET, lw=1, zorder=1)
    axes.grid(axis="x")
    axes.set_axisbelow(True)
    reach, top = 0.01 * (high - low), axes.get_ylim()[1]
    look: dict[str, Any] = {"va": "bottom", "fontsize": 8, "color": QUIET, "gid": SIDES}
    axes.text(-reach, top, f"← {words(f'{question.name}.less')}", ha="right", **look)
    axes.text(reach, top, f"{words(f'{question.name}.more')} →", ha="left", **look)


def _verdicts(axes: Axes, compared: Compared, question: Question, order: list[str]) -> None:
    """Say beside the rows where the answer is open, or where the hours were not reached."""
    bases = list(compared.designs)
    for basis in bases:
        for row, design in enumerate(order):
            about, notes = compared.about(basis, design), []
            verdict = question.row(basis, design)["verdict"]
            if verdict in (TOO_CLOSE, SMALL):
                notes.append(words("rows.too_close" if verdict == TOO_CLOSE else "rows.small"))
            if about["reached"] is False:
                hours = {"hours": about["hours"], "target": about["target_hours"]}
                notes.append(words("rows.short_of_hours", **hours))
            height = row + (OFFSET[basis] * 1.3 if len(bases) > 1 else 0)
            beside = axes.get_yaxis_transform()
            said = "; ".join(notes)
            axes.text(1.02, height, said, transform=beside, fontsize=7.5, color=QUIET, va="center")


def what_it_costs(found: Found, compared: Compared) -> Figure | None:
    """Draw the difference in connectedness against supporter hours per person invited, of several
    designs.
    """
    if len(compared.programmes()) < 2:
        return None
    finding, known = _cheapest(compared)
    figure = opened(found, 5.0, "price", finding, **known)
    axes = figure.subplots(gridspec_kw=inches(figure, 1.15, 0.4, 0.85, 0.85))
    axes.axhline(0, color=GREY, lw=1, zorder=1)
    places = {basis: _places(compared, basis) for basis in compared.designs}
    even = places.get(EQUAL_HOURS, {})
    for design, (x, y) in places[CONFIGURED].items():
        look = looks()[design]
        if design in even:
            line: dict[str, Any] = {"color": look.colour, "lw": 0.8, "ls": look.dash, "alpha": 0.45}
            axes.plot([x, even[design][0]], [y, even[design][1]], **line)
            sign: dict[str, Any] = {"marker": look.marker, "mfc": PAPER, "mec": look.colour}
            axes.plot(*even[design], ls="none", zorder=3, ms=5, mew=1.2, **sign)
        axes.plot(x, y, marker=look.marker, ms=9, color=look.colour, ls="none", zorder=4)
    axes.set_xlabel(words("price.x", week=compared.weeks))
    axes.set_ylabel(words("price.y"))
    axes.grid(color=FAINT)
    axes.set_axisbelow(True)
    axes.margins(x=0.1, y=0.15)
    axes.set_xlim(0, 1.1 * axes.get_xlim()[1])
    number_axis(axes, "x", "g")
    number_axis(axes, "y", "g", SMALL_GAIN)
    named = [(compared.labels[design], place) for design, place in places[CONFIGURED].items()]
    name_points(axes, named, list(even.values()))
    return figure


def _cheapest(compared: Compared) -> tuple[str, dict[str, str]]:
    """Which design builds most connectedness for each hour, of those that clearly build some."""
    helpful = compared.with_verdict("better")
    if not helpful:
        return "none", {}
    worth = {
        name: compared.row(CONFIGURED, name)["difference"]
        / max(compared.about(CONFIGURED, name)["hours"], 1e-9)
        for name in helpful
    }
    return "title", {"label": compared.labels[max(worth, key=worth.__getitem__)]}


def _places(compared: Compared, basis: str) -> dict[str, tuple[float, float]]:
    """Hours for each person invited, and difference in connectedness, of each design."""
    return {
        design: (
            compared.about(basis, design)["hours"] / compared.people,
            compared.row(basis, design)["difference"],
        )
        for design in compared.programmes(basis)
    }
