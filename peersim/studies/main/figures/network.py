"""The web of ties at the end of the first run."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from peersim.kernel.catalogue import say
from peersim.model.communities import REGISTRY
from peersim.presentation.designs import design_label
from peersim.presentation.figures.kit import key_to_signs
from peersim.presentation.figures.layout import fit
from peersim.presentation.figures.style import (
    BROWN,
    GREY,
    INK,
    ORANGE,
    PAPER,
    SKY,
    inches,
    without_frame,
)
from peersim.presentation.outcomes import place_name
from peersim.scenario.typology import CONFIGURED, NO_PROGRAMME
from peersim.studies.main.figures.sheet import opened, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from peersim.studies.main.compared import Compared
    from peersim.studies.study import Found

DASHES = {"solid": "solid", "dashed": (0, (4, 1.5))}
PLACES = {each.name: (each.colour, DASHES[each.line]) for each in REGISTRY} | {
    "cafe": (ORANGE, (0, (1.5, 1))),
    "team": (BROWN, (0, (1.5, 1))),
    "page": (SKY, DASHES["dashed"]),
    "outside": (GREY, (0, (1, 1.5))),
}
ROLES = {"recipient": (SKY, "o"), "supporter": (ORANGE, "^")}
MOST_PEOPLE = 400
ROUNDS = 80
ROOM = 2.1
"""Inches of the name of a panel."""
SIGNS = 5
"""Signs in a line of the key."""


def web_of_ties(found: Found, compared: Compared) -> Figure | None:
    """Draw the ties alive at the last week, one panel a design; None where they are too many to
    see.
    """
    tables, seed = found.tables, found.facts["seed"]
    if "people" not in tables or tables["people"].is_empty():
        return None
    rows = tables["designs"].filter(basis=CONFIGURED).iter_rows(named=True)
    designs = [row for row in rows if row["design"] != NO_PROGRAMME]
    if _of(tables["people"], designs[0]["design"], seed).height > MOST_PEOPLE:
        return None
    across = min(4, len(designs))
    down = math.ceil(len(designs) / across)
    height = 1.9 + 2.3 * down
    alone = {row["design"]: _without_contact(tables, row["design"], seed) for row in designs}
    best = min(alone, key=alone.__getitem__)
    known = {"label": compared.labels[best], "alone": alone[best], "people": compared.people}
    finding = "title" if len(designs) > 1 else "one"
    figure = opened(found, height, "network", finding, **known)
    grid = inches(figure, 0.1, 0.1, 1.45, 0.35) | {"hspace": 0.22, "wspace": 0.04}
    panels = figure.subplots(down, across, squeeze=False, gridspec_kw=grid)
    met: set[str] = set()
    for axes, row in zip(panels.flat, designs, strict=False):
        met |= _panel(axes, tables, row, seed)
        ties = _of(tables["ties"], row["design"], seed).filter(pl.col("ended_week").is_null())
        numbers = {"ties": ties.height, "alone": alone[row["design"]], "people": compared.people}
        note = words("network.ties", **numbers)
        axes.text(0, 1.02, note, transform=axes.transAxes, fontsize=7.5, va="bottom")
    for axes in panels.flat[: len(designs)]:
        without_frame(axes)
    for axes in panels.flat[len(designs) :]:
        axes.remove()
    _legend(figure, height, met)
    return figure


def _of(table: pl.DataFrame, design: str, seed: int) -> pl.DataFrame:
    return table.filter(design=design, basis=CONFIGURED, seed=seed)


def _without_contact(tables: Mapping[str, pl.DataFrame], design: str, seed: int) -> int:
    """How many of those invited have no living contact from the programme."""
    people = _of(tables["people"], design, seed).filter(
        pl.col("role").cast(pl.String) == "recipient"
    )
    ties = _of(tables["ties"], design, seed).filter(pl.col("ended_week").is_null())
    tied = set(ties["person_a"]) | set(ties["person_b"])
    return sum(person not in tied for person in people["person"])


def _panel(
    axes: Axes, tables: Mapping[str, pl.DataFrame], row: Mapping[str, Any], seed: int
) -> set[str]:
    from matplotlib.collections import LineCollection

    people = _of(tables["people"], row["design"], seed)
    ties = _of(tables["ties"], row["design"], seed).filter(pl.col("ended_week").is_null())
    places = positions(people["person"].to_list(), ties.select("person_a", "person_b").rows(), seed)
    for met_in, some in ties.sort("met_in").group_by("met_in", maintain_order=True):
        colour, dash = PLACES[str(met_in[0])]
        lines = [(places[a], places[b]) for a, b in some.select("person_a", "person_b").iter_rows()]
        widths = 0.8 + 2.4 * some["strength"].fill_null(0).to_numpy()
        axes.add_collection(
            LineCollection(lines, colors=colour, linewidths=widths, linestyles=[dash], zorder=1)
        )
    for role, (colour, marker) in ROLES.items():
        spots = np.array(
            [places[p] for p in people.filter(pl.col("role").cast(pl.String) == role)["person"]]
        )
        if len(spots):
            x, y = spots.T
            axes.scatter(
                x, y, s=22, c=colour, marker=marker, edgecolors=INK, linewidths=0.6, zorder=2
            )
    axes.set(xlim=(-1.12, 1.12), ylim=(-1.12, 1.12), aspect="equal")
    name = design_label(row["design"], row["label"])
    fit(axes.set_title(name, loc="left", fontweight="bold", pad=14), ROOM)
    return set(ties["met_in"].cast(pl.String))


def positions(
    people: list[str], ties: list[tuple[str, str]], seed: int
) -> dict[str, tuple[float, float]]:
    """Place people with ties by springs along the ties, and those without on a ring around them."""
    has_tie = {person for tie in ties for person in tie}
    tied = [person for person in people if person in has_tie]
    alone = [person for person in people if person not in has_tie]
    place = {person: n for n, person in enumerate(tied)}
    links = np.zeros((len(tied), len(tied)))
    for a, b in ties:
        links[place[a], place[b]] = links[place[b], place[a]] = 1.0
    spots = dict(zip(tied, springs(links, seed) * (0.86 if alone else 1.05), strict=True))
    angles = 2 * math.pi * np.arange(len(alone)) / max(1, len(alone))
    ring = zip(alone, np.stack([np.cos(angles), np.sin(angles)], axis=1) * 1.06, strict=True)
    return {person: (float(x), float(y)) for person, (x, y) in [*spots.items(), *ring]}


def springs(links: np.ndarray, seed: int) -> np.ndarray:
    """Lay out a graph within the unit circle (Fruchterman and Reingold 1991): ties pull, everybody
    pushes.

    NetworkX has the same, and takes longer to import than all panels take to draw.
    """
    n = len(links)
    spots = np.random.default_rng(seed).uniform(-1, 1, (n, 2))
    distance = 1.6 / math.sqrt(max(1, n))
    for step in np.linspace(0.2, 0.002, ROUNDS):
        gap = spots[:, None] - spots[None]
        far = np.maximum(np.sqrt((gap**2).sum(axis=2)), 0.01)[..., None]
        force = (gap * (distance**2 / far**2 - links[..., None] * far / distance)).sum(axis=1)
        spots += force / np.maximum(np.sqrt((force**2).sum(axis=1, keepdims=True)), 0.01) * step
    spots -= spots.mean(axis=0) if n else 0
    return spots / max(1e-9, float(np.sqrt((spots**2).sum(axis=1)).max(initial=0)))


def _legend(figure: Figure, height: float, met: set[str]) -> None:
    signs: list[tuple[str, dict[str, Any]]] = [
        (say(f"roles.{role}"), {"marker": marker, "color": colour, "mec": INK})
        for role, (colour, marker) in ROLES.items()
    ]
    signs += [
        (place_name(place), {"color": colour, "ls": dash, "lw": 2})
        for place, (colour, dash) in PLACES.items()
        if place in met
    ]
    look = {"fontsize": 8, "facecolor": PAPER, "columnspacing": 1.1, "handlelength": 1.6}
    place = {"loc": "upper left", "bbox_to_anchor": (0.0, 1 - 0.58 / height), "ncol": SIGNS}
    key_to_signs(figure, signs, **place, **look)
