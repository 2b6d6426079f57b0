"""Robust choice: all fifteen mixes of the four community types, over plausible parameters, at equal
hours and cost.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from peersim.scenario.plausible_sets import plausible_sets
from peersim.scenario.typology import EQUAL_COST, EQUAL_HOURS, NO_PROGRAMME, mixes_for
from peersim.studies.main.arms import COST, HOURS, Arm, Runner, at_equal, configured_arm, mean_of
from peersim.studies.publishing import Publication

if TYPE_CHECKING:
    import polars as pl

    from peersim.presentation.figures import Drawing
    from peersim.scenario.run_options import RunOptions
    from peersim.scenario.scenario import Scenario

STUDY = "hybrids"
BASES = {EQUAL_HOURS: HOURS, EQUAL_COST: COST}
SIZES = {"quick": (60, 6), "full": (300, 20)}
"""Sets of plausible parameters, and worlds lived with each of them."""

PILOT_RUNS = 60


class Choice(NamedTuple):
    """All that was run.

    Attributes
    ----------
    arms : list of Arm
        The reference and every mix, on each basis.
    sets, worlds : int
        Sets of parameters, and worlds with each.
    """

    arms: list[Arm]
    sets: int
    worlds: int


def run(scenario: Scenario, settings: RunOptions) -> None:
    """Run the mixes, print which is best how often, and write the results folder."""
    from peersim.studies.hybrids.printed import told
    from peersim.studies.hybrids.tables import choice_tables

    publication = Publication(STUDY, scenario, settings)
    choice = run_mixes(scenario, settings)
    tables = choice_tables(choice)
    print(told(tables, choice), flush=True)
    folder = publication.write(tables, functools.partial(faces, choice))
    print(f"\nReport: {folder / 'report.html'}")


def run_mixes(scenario: Scenario, settings: RunOptions) -> Choice:
    """Run every mix at the hours, and at the cost, of the mix in the middle as configured."""
    designs = mixes_for(scenario)
    every = plausible_sets(*(each for _, each in designs.values()))
    n_sets, worlds = SIZES[settings.size or "quick"]
    sets = every[:n_sets]
    pilots = (1 + 3 * len(BASES)) * pilot_runs(len(sets)) * len(designs)
    total = (1 + len(BASES) * (len(designs) - 1)) * len(sets) * worlds + pilots
    runner = Runner(settings, total, "Running all mixes", sets)
    runner.seeds = list(range(settings.seed, settings.seed + len(sets) * worlds))
    try:
        first = runner.seeds[: pilot_runs(len(sets))]
        pilot = [configured_arm(design, each, runner, first) for design, each in designs.values()]
        reference = configured_arm(*designs[NO_PROGRAMME], runner, runner.seeds)
        arms = [arm for basis in BASES for arm in at_basis(pilot, reference, basis, runner)]
    finally:
        runner.close()
    return Choice(arms, len(sets), worlds)


def pilot_runs(sets: int) -> int:
    """How many runs a pilot takes: every set at least once, or its hours are those of other
    parameters.
    """
    return max(PILOT_RUNS, sets)


def at_basis(pilot: Sequence[Arm], reference: Arm, basis: str, runner: Runner) -> list[Arm]:
    """Run every mix at the intensity that takes the hours, or the money, of the mix in the
    middle.
    """
    import numpy as np

    outcome = BASES[basis]
    programmes = [arm for arm in pilot if arm.design.name != NO_PROGRAMME]
    target = float(np.median([mean_of(arm.ensemble, outcome) for arm in programmes]))
    arms = [at_equal(arm, basis, target, runner, len(arm.ensemble.seeds)) for arm in programmes]
    return [reference._replace(basis=basis), *arms]


def faces(
    choice: Choice,
    tables: Mapping[str, pl.DataFrame],
    manifest: Mapping[str, Any],
    scenario: Scenario,
) -> tuple[list[Drawing], str]:
    """Give the figures and the page."""
    from peersim.studies.hybrids.figures import draw
    from peersim.studies.hybrids.page import page

    drawings = list(
        draw(
            tables, {"sets": choice.sets, "worlds": choice.worlds}, manifest["versions"]["peersim"]
        )
    )
    return drawings, page(tables, choice, drawings, manifest)
