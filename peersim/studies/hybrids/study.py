"""Robust choice: all fifteen mixes of the four community types, over plausible parameters, at equal
hours and cost.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from peersim.kernel.catalogue import say
from peersim.scenario.plausible_sets import plausible_sets
from peersim.scenario.typology import EQUAL_COST, EQUAL_HOURS, NO_PROGRAMME, mixes_for, set_back
from peersim.studies.hybrids import exhibits, figures, sentences
from peersim.studies.hybrids.options import Options
from peersim.studies.hybrids.tables import Choice, choice_tables
from peersim.studies.main.arms import SHARED, Arm, Runner, at_equal, configured_arm, mean_of
from peersim.studies.study import Found, Study

if TYPE_CHECKING:
    from peersim.scenario.scenario import Scenario

BASES = (EQUAL_HOURS, EQUAL_COST)
SIZES = {"quick": (60, 6), "full": (300, 20)}
"""Sets of plausible parameters, and worlds that are run with each of them."""

PILOT_RUNS = 60


class RobustChoice(Study):
    """Runs every mix at the hours, and at the cost, of the mix in the middle as configured."""

    name, Options = "hybrids", Options
    sections = ("compared", "weighed", "out", "regret", "limits")

    def run(self) -> Found:
        """Run every mix on each basis."""
        choice = run_mixes(self.scenario, self.options)
        people = self.scenario.population.recipients
        facts = {
            "sets": choice.sets,
            "worlds": choice.worlds,
            "people": people,
            "set_back": set_back(self.scenario, mixes_for(self.scenario)),
        }
        return Found(choice_tables(choice), facts)

    exhibits = staticmethod(exhibits.exhibits)
    sentences = staticmethod(sentences.sentences)
    figures = staticmethod(figures.figures)

    def asked(self, found: Found) -> Iterable[tuple[str, str]]:
        """Say what was asked."""
        return (
            ("people", "identity.scenario.population.recipients"),
            *self.supporters(),
            ("weeks", "identity.scenario.weeks"),
            ("sets", "facts.sets"),
            ("worlds", "facts.worlds"),
        )


STUDY = RobustChoice


# -- running --------------------------------------------------------------------------------------
def run_mixes(scenario: Scenario, options: Options) -> Choice:
    """Run every mix in the same worlds."""
    designs = mixes_for(scenario)
    n_sets, worlds = SIZES[options.size or "quick"]
    sets = plausible_sets(*(each for _, each in designs.values()))[:n_sets]
    seeds = range(options.seed, options.seed + len(sets) * worlds)
    first = list(seeds[: pilot_runs(len(sets))])
    pilots = (1 + 3 * len(BASES)) * len(first) * len(designs)
    total = (1 + len(BASES) * (len(designs) - 1)) * len(seeds) + pilots
    runner = Runner(seeds, options.workers, total, say("progress.mixes"), sets)
    try:
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
    programmes = [arm for arm in pilot if arm.design.name != NO_PROGRAMME]
    target = float(np.median([mean_of(arm.ensemble, SHARED[basis]) for arm in programmes]))
    arms = [at_equal(arm, basis, target, runner, len(arm.ensemble.seeds)) for arm in programmes]
    return [reference._replace(basis=basis), *arms]
