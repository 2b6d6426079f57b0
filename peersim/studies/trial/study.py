"""A simulated trial of one programme: what it would find, how sure that would be, and what it would
miss.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from peersim.kernel.catalogue import Value, say
from peersim.kernel.declaration import InvalidInput
from peersim.kernel.plain_data import plain
from peersim.kernel.statistics import estimate
from peersim.presentation import terminal
from peersim.scenario.plausible_sets import plausible_sets
from peersim.scenario.run_options import PLAUSIBLE
from peersim.studies.study import Found, Study
from peersim.studies.trial import exhibits, figures, sentences
from peersim.studies.trial.measurement import OUTCOMES, PRIMARY
from peersim.studies.trial.options import Options
from peersim.studies.trial.planning import planned
from peersim.studies.trial.summary import POWERS, Size, mean_variances, needed, summarise
from peersim.studies.trial.tables import Conducted, trial_tables
from peersim.studies.trial.trials import Design, Trial, conduct_many

if TYPE_CHECKING:
    from tqdm import tqdm

    from peersim.scenario.scenario import Scenario

TIMES_FULL = 10
"""How many times as many trials size=full conducts."""

CHECKED = 0.5
"""Trials with which a sample size is checked, for each trial of the main question."""

MOST_CHECKED = 3000
"""Largest sample size, in each arm, that is checked by simulation."""


class SimulatedTrial(Study):
    """Conducts one trial again and again: as configured, and over plausible sets of parameters."""

    name, Options = "trial", Options
    sections = ("one", "many", "sizes", "when", "limits")

    def check(self) -> None:
        """Refuse people from a file: every trial recruits new ones."""
        if self.scenario.population.file is not None:
            raise InvalidInput("trial.errors.file", file=self.scenario.population.file)

    def run(self) -> Found:
        """Conduct every trial."""
        design = planned(self.scenario, self.options.trial)
        sets, parameters = parameter_sets(design.scenario, self.options.parameters)
        facts = {
            "communities": list(design.scenario.communities),
            "sites": design.sites,
            "supporters": design.scenario.population.all_supporters,
            "protocol": plain(design.protocol),
            "timetable": design.timetable._asdict(),
            "parameters": parameters,
            "sets": len(sets),
        }
        conducted = self.conduct_all(design, sets)
        place = OUTCOMES.index(PRIMARY)
        found = estimate([trial.truth[place] for trial in conducted.configured])
        facts["trials"] = found.runs
        facts["effect"] = {"low": found.low, "high": found.high} if found.runs > 1 else None
        return Found(trial_tables(conducted), facts)

    exhibits = staticmethod(exhibits.exhibits)
    sentences = staticmethod(sentences.sentences)
    figures = staticmethod(figures.figures)

    def asked(self, found: Found) -> Iterable[tuple[str, Any]]:
        """Say what was asked."""
        lost = {"table": "manifest", "path": "identity.trial.lost"}
        return (
            ("programme", "identity.scenario.communities"),
            ("intervention", "identity.trial.intervention"),
            ("usual", "identity.trial.usual"),
            ("lost", Value(found.facts["protocol"]["lost"], "%", lost)),
            ("replicates", "facts.trials"),
            ("parameters", "identity.parameters"),
        )

    # -- running ----------------------------------------------------------------------------------
    def conduct_all(self, design: Design, sets: Sequence[Mapping[str, Any]]) -> Conducted:
        """Conduct trials as configured, over plausible sets, and at the sample sizes that come of
        them.
        """
        options = self.options
        count = options.replicates * (TIMES_FULL if options.size == "full" else 1)
        seeds, workers = range(options.seed, options.seed + count), options.workers
        total = (2 if sets else 1) * count
        with terminal.bar(say("progress.trials"), "trial", total) as bar:
            configured = conduct_many(design, seeds, (), workers, bar.update)
            over_sets = conduct_many(design, seeds, sets, workers, bar.update) if sets else []
            sizes = self.check_sizes(design, configured, bar)
        return Conducted(design, configured, over_sets, sizes)

    def check_sizes(
        self, design: Design, configured: Sequence[Trial], bar: tqdm
    ) -> list[tuple[Size, list[Trial]]]:
        """Find the sample sizes for the primary outcome, and conduct trials of those sizes."""
        place = OUTCOMES.index(PRIMARY)
        effect = summarise(configured, place).effect
        variances = mean_variances(configured, place)
        first = self.options.seed + len(configured)
        seeds = range(first, first + max(2, int(CHECKED * len(configured))))
        sizes = [needed(effect, variances, power, design.protocol.lost) for power in POWERS]
        return [(size, self.trials_of(design, size, seeds, bar)) for size in sizes]

    def trials_of(self, design: Design, size: Size, seeds: range, bar: tqdm) -> list[Trial]:
        """Conduct trials of one size, with places as large as they are; none if that would take too
        long.
        """
        if not 8 <= size.enrolled <= MOST_CHECKED:
            return []
        bar.total += len(seeds)
        sites = max(1, round(size.enrolled * design.sites / design.protocol.intervention))
        protocol = replace(design.protocol, intervention=size.enrolled, usual=size.enrolled)
        larger = replace(design, protocol=protocol, sites=sites)
        return conduct_many(larger, seeds, (), self.options.workers, bar.update)


STUDY = SimulatedTrial


def parameter_sets(scenario: Scenario, parameters: str) -> tuple[list[dict[str, Any]], str]:
    """Give the plausible sets of parameters, if they are asked for, and the key of a sentence about
    them.
    """
    if parameters != PLAUSIBLE:
        return [], "as_configured"
    try:
        return plausible_sets(scenario), "over_sets"
    except InvalidInput:
        return [], "no_sets"
