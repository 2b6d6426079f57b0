"""Which parameters matter, what can be fixed, and how much is chance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from peersim.presentation.figures.parameters import (
    height_of,
    in_units,
    margins,
    name_rows,
    separate,
)
from peersim.presentation.figures.style import (
    BLUE,
    FAINT,
    GREY,
    INK,
    ORANGE,
    PAPER,
    QUIET,
    SKY,
    sheet,
)
from peersim.presentation.figures.kit import spread_out
from peersim.studies.sensitivity.effects import (
    CHANCE,
    DUMMY,
    FIXED,
    IDLE,
    MATTERS,
    SIZE,
    SMALL,
    UNCLEAR,
)
from peersim.studies.sensitivity.words import UNITS, direction

if TYPE_CHECKING:
    import polars as pl
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_ROWS, FEWEST_ROWS, MOST_PANELS, NAMED, RANKED = 16, 5, 3, 8, 2
COLOURS = {MATTERS: BLUE, UNCLEAR: SKY, FIXED: "#BDBDBD", IDLE: "#BDBDBD", None: PAPER}


class Asked(NamedTuple):
    """What these figures are drawn from."""

    tables: Mapping[str, pl.DataFrame]
    words: Mapping[str, Any]
    method: str
    footer: str
    about: str = ""

    @property
    def meanings(self) -> dict[str, str]:
        """What each parameter is."""
        factors = self.tables["factors"]
        return dict(zip(factors["parameter"], factors["meaning"], strict=True))

    def panels(self) -> list[tuple[str, str]]:
        """Design and outcome of each panel: the outcomes asked for, or of two designs the first of
        them.
        """
        pairs = (
            self.tables["sensitivity"]
            .select("design", "outcome")
            .unique(maintain_order=True)
            .rows()
        )
        if len({design for design, _ in pairs}) > 1:
            return [pair for pair in pairs if pair[1] == pairs[0][1]]
        return pairs[:MOST_PANELS]

    def rows(self, design: str, outcome: str) -> dict[str, dict[str, Any]]:
        """Give what the table says of each parameter."""
        import polars as pl

        here = (pl.col("design").cast(pl.String) == design) & (
            pl.col("outcome").cast(pl.String) == outcome
        )
        return {
            str(row["parameter"]): row for row in self.tables["sensitivity"].filter(here).to_dicts()
        }

    def title_of(self, design: str, outcome: str) -> str:
        """Name a panel."""
        name = named(outcome, self.words)
        return (
            f"{name}, {self.words['sensitivity']['design']} {design}"
            if design in ("A", "B")
            else name
        )


def named(outcome: str, words: Mapping[str, Any]) -> str:
    """Name an outcome for people."""
    return str(words["outcomes"].get(outcome, outcome.replace("_", " ")))


def questions(asked: Asked) -> Iterator[tuple[str, Figure]]:
    """Yield each figure that the tables allow, with its name."""
    yield "what_matters", what_matters(asked)
    if asked.method == "morris":
        yield "interactions", interactions(asked)
    if "ranking" in asked.tables:
        from peersim.studies.sensitivity.figure_of_ranking import what_decides

        outcomes = (
            asked.tables["verdicts"]["outcome"].cast(str).unique(maintain_order=True).to_list()
        )
        for outcome in outcomes[:RANKED]:
            yield f"ranking_{outcome}", what_decides(asked, outcome)


def strongest(asked: Asked) -> list[str]:
    """List the parameters to be drawn: what cannot be fixed in some panel, in the order of the
    first panel.
    """
    size, found = SIZE[asked.method], [asked.rows(*panel) for panel in asked.panels()]
    names = [name for name in found[0] if name not in (CHANCE, DUMMY)]
    largest = [max(rows[name][size] for name in names) or 1.0 for rows in found]
    weight = {
        name: max(rows[name][size] / top for rows, top in zip(found, largest, strict=True))
        for name in names
    }
    in_order = sorted(names, key=lambda name: -weight[name])
    open_ = [name for name in in_order if any(rows[name]["verdict"] not in SMALL for rows in found)]
    chosen = set(open_[:MOST_ROWS]) | set(in_order[:FEWEST_ROWS])
    return [name for name in names if name in chosen]


def what_matters(asked: Asked) -> Figure:
    """Draw the size of each parameter's effect with its interval, and what chance alone would
    show.
    """
    words, panels, names = asked.words["sensitivity"], asked.panels(), strongest(asked)
    rows = [*names, CHANCE] if asked.method != "pawn" else names
    height = height_of(len(rows), 1.45, 0.95)
    figure = sheet(height, words["what_matters_title"], words[f"{asked.method}_sub"], asked.footer)
    grid = margins(figure, 1.35, 0.95) | {"wspace": 0.09}
    all_axes = figure.subplots(1, len(panels), squeeze=False, gridspec_kw=grid)[0]
    meanings = asked.meanings | {CHANCE: words.get(f"{asked.method}_chance", "")}
    for axes, panel in zip(all_axes, panels, strict=True):
        found = asked.rows(*panel)
        for place, name in enumerate(rows):
            _bar(axes, found[name], place, asked.method)
        separate(axes, len(rows))
        axes.set_title(asked.title_of(*panel), loc="left", fontsize=9, fontweight="bold")
        _along(axes, asked, panel[1], found)
        name_rows(axes, rows if axes is all_axes[0] else [""] * len(rows), meanings)
    left_out = len(asked.meanings) - len(names)
    if left_out:
        figure.text(
            0.012,
            0.32 / height,
            words["left_out"].format(count=left_out),
            fontsize=7.5,
            color=QUIET,
        )
    _legend(figure, asked, height)
    return figure


def _along(axes: Axes, asked: Asked, outcome: str, found: Mapping[str, Any]) -> None:
    """Set out the horizontal axis, and the threshold of PAWN."""
    axes.set_xlim(
        0, (1.08 if asked.method == "morris" else 1.0) * axes.get_xlim()[1]
    )  # arrows stand beside the bars
    axes.set_xlabel(_axis(asked, outcome), fontsize=7.5)
    axes.tick_params(axis="x", labelsize=7.5)
    axes.locator_params(axis="x", nbins=5)
    if asked.method != "pawn":
        in_units(axes, UNITS[outcome] if asked.method == "morris" else "share")
        return
    axes.axvline(
        next(iter(found.values()))["chance"], color=ORANGE, lw=1.4, ls=(0, (4, 2)), zorder=1
    )


def _axis(asked: Asked, outcome: str) -> str:
    words = asked.words["sensitivity"]
    unit = UNITS[outcome]
    shown = "" if unit in ("share", "-") else f" ({unit.replace('0-1', words['of_one'])})"
    return str(words[f"{asked.method}_axis"]).format(unit=shown)


def _bar(axes: Axes, row: dict[str, Any], place: int, method: str) -> None:
    size = row[SIZE[method]]
    if row["verdict"] is None:
        axes.barh(
            place, size, 0.5, facecolor=PAPER, edgecolor=ORANGE, hatch="////", lw=0.9, zorder=2
        )
        return
    colour = COLOURS[row["verdict"]]
    if method == "sobol":
        axes.barh(place - 0.16, size, 0.26, facecolor=PAPER, edgecolor=colour, lw=1.1, zorder=2)
        axes.barh(place + 0.16, max(row["first"], 0.0), 0.26, color=colour, zorder=2)
        axes.plot(
            [row["total_low"], row["total_high"]], [place - 0.16] * 2, color=INK, lw=0.9, zorder=4
        )
        alone = [max(row["first_low"], 0.0), max(row["first_high"], 0.0)]
        axes.plot(alone, [place + 0.16] * 2, color=INK, lw=0.9, zorder=4)
    else:
        axes.barh(place, size, 0.5, color=colour, zorder=2)
        axes.plot([row["low"], row["high"]], [place, place], color=INK, lw=1.0, zorder=4)
    if method != "pawn" and row["chance"] is not None:
        bounds = (-0.32, 0.32) if method == "morris" else (-0.36, 0.0)
        axes.plot(
            [row["chance"]] * 2, [place + bound for bound in bounds], color=ORANGE, lw=1.8, zorder=5
        )
    if method == "morris" and row["verdict"] not in SMALL:
        axes.annotate(
            direction(row),
            (row["high"], place),
            (5, 0),
            textcoords="offset points",
            fontsize=6.5,
            va="center",
            color=QUIET,
            zorder=6,
        )


def _legend(figure: Figure, asked: Asked, height: float) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    words = asked.words["sensitivity"]
    keys: list[Any] = [
        Patch(color=COLOURS[verdict], label=words["verdicts"][verdict])
        for verdict in (MATTERS, UNCLEAR, IDLE if asked.method == "pawn" else FIXED)
    ]
    if asked.method == "sobol":
        keys.insert(0, Patch(facecolor=PAPER, edgecolor=BLUE, label=words["with_interactions"]))
    keys.append(Line2D([], [], color=INK, lw=1, label=words["interval"]))
    dash: Any = (0, (4, 2)) if asked.method == "pawn" else "solid"
    keys.append(Line2D([], [], color=ORANGE, lw=1.8, ls=dash, label=words["by_chance"]))
    if asked.method == "morris":
        keys.append(Line2D([], [], color="none", label=words["arrows"]))
    figure.legend(
        handles=keys,
        loc="upper left",
        bbox_to_anchor=(0.005, 1 - 0.76 / height),
        ncol=len(keys),
        fontsize=7.5,
        handlelength=1.3,
        columnspacing=1.1,
        handletextpad=0.5,
    )


def interactions(asked: Asked) -> Figure:
    """Draw the plane of Morris: mean absolute effect against its spread, one panel an outcome."""
    words, panels = asked.words["sensitivity"], asked.panels()[:2]  # three leave no room for names
    figure = sheet(5.1, words["interactions_title"], words["interactions_sub"], asked.footer)
    grid = margins(figure, 1.15, 0.95, left=0.75, right=0.25) | {"wspace": 0.24}
    for axes, panel in zip(
        figure.subplots(1, len(panels), squeeze=False, gridspec_kw=grid)[0], panels, strict=True
    ):
        found = [row for row in asked.rows(*panel).values() if row["verdict"] is not None]
        for row in found:
            marker = {"▲": "^", "▼": "v"}.get(direction(row), "D")
            axes.plot(
                row["mu_star"],
                row["sigma"],
                marker=marker,
                color=COLOURS[row["verdict"]],
                ms=6,
                ls="none",
                mec=PAPER,
                mew=0.5,
                zorder=3,
            )
        reach = 1.12 * max(max(row["mu_star"], row["sigma"]) for row in found) or 1.0
        axes.set_xlim(-0.03 * reach, reach)
        axes.set_ylim(-0.03 * reach, reach)
        axes.plot([0, reach], [0, reach], color=GREY, lw=0.9, ls=(0, (4, 2)), zorder=1)
        axes.text(
            0.97 * reach,
            0.97 * reach,
            words["as_spread"],
            ha="right",
            va="bottom",
            fontsize=6.5,
            color=QUIET,
            rotation=45,
            rotation_mode="anchor",
            transform_rotates_text=True,
        )
        _name_points(axes, sorted(found, key=lambda row: -row["mu_star"])[:NAMED], reach)
        axes.set_title(asked.title_of(*panel), loc="left", fontsize=9, fontweight="bold")
        axes.set_xlabel(words["mu_star"], fontsize=8)
        axes.grid(color=FAINT)
        axes.set_axisbelow(True)
        axes.tick_params(labelsize=7.5)
        axes.locator_params(nbins=5)
    figure.axes[0].set_ylabel(words["sigma"], fontsize=8)
    return figure


def _name_points(axes: Axes, found: Sequence[Mapping[str, Any]], reach: float) -> None:
    """Number the points, and say in the empty corner what the numbers stand for."""
    heights = spread_out([row["sigma"] for row in found], 0.036 * reach)
    for number, (row, height) in enumerate(zip(found, heights, strict=True), 1):
        axes.text(
            row["mu_star"] + 0.022 * reach, height, str(number), fontsize=7, va="center", zorder=5
        )
    names = "\n".join(f"{number}  {row['parameter']}" for number, row in enumerate(found, 1))
    axes.text(
        0.02,
        0.985,
        names,
        transform=axes.transAxes,
        va="top",
        fontsize=6.6,
        linespacing=1.35,
        zorder=6,
        bbox={"fc": PAPER, "ec": "none", "alpha": 0.8, "pad": 1.5},
    )
