"""All mixes of the four types: what each gives, what must be weighed, whom each leaves out, and
what a wrong choice costs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from peersim import __version__
from peersim.kernel.catalogue import Value, language, say
from peersim.kernel.numbers import written
from peersim.kernel.statistics import SMALL, TOO_CLOSE
from peersim.presentation.figures import Plot
from peersim.presentation.figures.kit import (
    coloured_cells,
    estimate,
    key_to_signs,
    name_rows,
    number_axis,
    open_sheet,
)
from peersim.presentation.figures.layout import name_points
from peersim.presentation.figures.style import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    PAPER,
    SAND,
    SMALLEST,
    VERMILION,
    inches,
)
from peersim.studies.hybrids.exhibits import bases, label, least, of_100, rows_of
from peersim.studies.hybrids.sentences import best_and, is_chance
from peersim.studies.main.persons import THIRDS, TRAITS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from peersim.studies.study import Found

REGRET = ("regret", "regret_low", "regret_high")
MOST_NAMES, LINE = 5, 0.135
"""Names beside points for which there is room, and inches of a line below the axes."""
SIGNS = {"best": "D", SMALL: "s", TOO_CLOSE: "^", "worse": "o"}
SHADES = {"best": BLUE, SMALL: SAND, TOO_CLOSE: ORANGE, "worse": GREY}


def figures(found: Found) -> Iterator[Plot]:
    """Give every figure."""
    yield Plot("mixes_compared", "compared", lambda: compared(found))
    yield Plot("mixes_to_weigh", "weighed", lambda: weighed(found))
    yield Plot("mixes_left_out", "out", lambda: left_out(found))
    yield Plot("mixes_regretted", "regret", lambda: regretted(found))


def _say(key: str, **values: Any) -> str:
    return say(f"hybrids.figures.{key}", **values)


def _open(found: Found, height: float, name: str, finding: str, **values: Any) -> Figure:
    basis = _say(f"titled.{bases(found)[0]}")
    known = {**found.facts, "version": __version__, "basis": basis, **values}
    words = f"hybrids.figures.{name}"
    return open_sheet(height, words, "hybrids.figures.footer", known, finding)


def _panels(found: Found, figure: Figure, margins: tuple[float, ...], **how: Any) -> Any:
    """One panel a basis, with the name of the basis above it and what is known of the mixes."""
    names = bases(found)
    axes = figure.subplots(1, len(names), sharex=True, squeeze=False, **how)[0]
    figure.subplots_adjust(**inches(figure, *margins), wspace=0.2)
    for panel, basis in zip(axes, names, strict=True):
        panel.set_title(_say(f"basis.{basis}"), loc="left")
        panel.grid(axis="x")
        panel.tick_params(axis="y", length=0)
        yield panel, rows_of(found, basis)


def compared(found: Found) -> Figure:
    """What each mix gives to everybody invited, with interval, best first."""
    first = rows_of(found, bases(found)[0])
    best, close = best_and(first)
    known = {"label": label(best["design"]), "gain": best["gain"], "n": len(close)}
    figure = _open(found, 5.6, "compared", "close" if close else "finding", **known)
    order = [row["design"] for row in first]
    for panel, rows in _panels(found, figure, (2.45, 0.2, 1.1, 1.0), sharey=True):
        for row in rows:
            shade, y = SHADES[row["verdict"]], order.index(row["design"])
            fill = shade if row["reached"] else PAPER
            look = {
                "marker": SIGNS[row["verdict"]],
                "color": shade,
                "mfc": fill,
                "mec": shade,
                "mew": 1.2,
            }
            estimate(panel, y, (row["gain"], row["gain_low"], row["gain_high"]), look)
        panel.axvline(0, color=INK, lw=0.8)
        panel.set_xlabel(_say("compared.x"))
    name_rows(figure.axes[0], [label(design) for design in order])
    signs = [
        (_say(f"compared.{key}"), {"marker": SIGNS[key], "color": SHADES[key]}) for key in SHADES
    ]
    signs.append((_say("compared.short"), {"marker": "o", "color": INK, "mfc": PAPER}))
    key_to_signs(figure, signs, ncol=5)
    return figure


def weighed(found: Found) -> Figure:
    """What a mix gives on average against how many it leaves out."""
    first = rows_of(found, bases(found)[0])
    best, fewest = best_and(first)[0]["design"], least(first, "never_reached")["design"]
    finding = "same" if best == fewest else "finding"
    known = {"label": label(best), "other": label(fewest)}
    most = max(sum(row["front"] for row in rows_of(found, basis)) for basis in bases(found))
    below = LINE * most if most > MOST_NAMES else 0.0
    figure = _open(found, 5.2 + below, "weighed", finding, **known)
    for panel, rows in _panels(found, figure, (0.75, 0.3, 1.1, 0.85 + below), sharey=True):
        _front(panel, rows)
        panel.set_xlabel(_say("weighed.x"))
    figure.axes[0].set_xlim(-0.03 * figure.axes[0].get_xlim()[1], None)
    for panel, basis in zip(figure.axes, bases(found), strict=True):
        places = {
            row["design"]: (row["never_reached"], row["mean"]) for row in rows_of(found, basis)
        }
        front = [row["design"] for row in rows_of(found, basis) if row["front"]]
        names = [label(design) for design in front]
        if below:
            names = _numbered(panel, names)
        named = [(name, places[design]) for name, design in zip(names, front, strict=True)]
        name_points(panel, named, list(places.values()), fontsize=SMALLEST)
    figure.axes[0].set_ylabel(_say("weighed.y"))
    return figure


def _numbered(axes: Axes, names: list[str]) -> list[str]:
    """Write below some axes what numbers stand for, and give these."""
    said = "\n".join(f"{n}  {name}" for n, name in enumerate(names, 1))
    place: Any = {"xytext": (0, -40), "textcoords": "offset points", "va": "top"}
    axes.annotate(said, (0, 0), xycoords="axes fraction", fontsize=SMALLEST, **place)
    return [str(n) for n, _ in enumerate(names, 1)]


def _front(axes: Axes, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        shade, size = (VERMILION, 8) if row["front"] else (GREY, 5)
        axes.plot(row["never_reached"], row["mean"], "o", color=shade, ms=size)
    number_axis(axes, "x", "%", least=0.05)
    number_axis(axes, "y", "g", least=0.02)
    axes.margins(x=0.25, y=0.1)
    axes.grid()


def regretted(found: Found) -> Figure:
    """What choosing each mix costs where another is better, over the sets of parameters, and how
    often it is best.
    """
    first = sorted(rows_of(found, bases(found)[0]), key=lambda row: row["regret"])
    safest = first[0]
    known = {"label": label(safest["design"]), "regret": safest["regret"]}
    finding = "by_chance" if is_chance(safest) else "finding"
    figure = _open(found, 5.6, "regretted", finding, **known)
    order = [row["design"] for row in first]
    for panel, rows in _panels(found, figure, (2.45, 0.5, 1.1, 0.75), sharey=True):
        beside = panel.get_yaxis_transform()
        for row in rows:
            y, numbers = order.index(row["design"]), [row[name] for name in REGRET]
            estimate(panel, y, numbers, {"marker": "o", "color": GREY, "mfc": BLUE})
            share = written(row["best_share"], "%", language())
            panel.text(1.02, y, share, fontsize=7.5, va="center", transform=beside)
        panel.axvline(0, color=INK, lw=0.8)
        panel.set_xlabel(_say("regretted.x"))
    name_rows(figure.axes[0], [label(design) for design in order])
    return figure


def left_out(found: Found) -> Figure:
    """How many of those low and high on each trait are never reached, with the fewest first."""
    basis = bases(found)[0]
    order = [
        row["design"] for row in sorted(rows_of(found, basis), key=lambda row: row["never_reached"])
    ]
    there = found.tables["left_out"].filter(basis=basis, outcome="never_reached")
    of = {
        (row["design"], row["trait"], row["third"]): row["mean"]
        for row in there.iter_rows(named=True)
    }
    best = min(order, key=lambda design: of[design, "exclusion", "high"])
    share = of_100(Value(of[best, "exclusion", "high"]))
    basis_said = _say(f"basis.{basis}")
    figure = _open(
        found, 5.8, "left_out", "finding", label=label(best), share=share, basis=basis_said
    )
    axes = figure.subplots(1, len(TRAITS), sharey=True)
    figure.subplots_adjust(**inches(figure, 2.45, 0.2, 1.1, 0.5), wspace=0.06)
    for panel, trait in zip(axes, TRAITS, strict=True):
        _cells(panel, np.array([[of[name, trait, third] for third in THIRDS] for name in order]))
        panel.set_title(say(f"traits.{trait}"), loc="left")
        panel.set_xticks(range(len(THIRDS)), [_say(f"left_out.{third}") for third in THIRDS])
    name_rows(axes[0], [label(design) for design in order])
    return figure


def _cells(axes: Axes, shares: np.ndarray) -> None:
    coloured_cells(axes, shares, {"cmap": "Oranges", "vmin": 0, "vmax": 1})
    for (y, x), share in np.ndenumerate(shares):
        ink = PAPER if share > 0.6 else INK
        look: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 7.5, "color": ink}
        axes.text(x, y, written(share, "%", language()), **look)
