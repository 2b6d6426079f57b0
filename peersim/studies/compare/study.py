"""Two designs side by side: the same people and the same luck, as many pairs of runs as a precision
takes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from peersim.engine.comparison import AIMED_AT, aim_of, check_designs, weeks_of
from peersim.engine.pairs import Pairs, run_until_precise
from peersim.kernel.catalogue import say
from peersim.kernel.declaration import InvalidInput
from peersim.presentation import terminal
from peersim.scenario.plausible_sets import sets_for
from peersim.studies.compare import exhibits, figures, sentences
from peersim.studies.compare.options import Options
from peersim.studies.compare.tables import FIRST, SECOND, all_tables
from peersim.studies.study import Found, Study

if TYPE_CHECKING:
    from peersim.engine.pairs import Aim, Missed
    from peersim.scenario.scenario import Scenario

SHOWN = (
    "connectedness",
    "isolated",
    "retained",
    "never_reached",
    "harmed",
    "strain",
    "ties",
    "supporter_hours",
    "cost",
)
"""Outcomes that are shown and followed week by week if none are named."""


class Compare(Study):
    """Runs two designs in pairs, and says which is better on what."""

    name, Options = "compare", Options
    sections = ("compared", "outcome", "by_week", "sure", "words")

    def designs(self) -> dict[str, Scenario]:
        """Give both designs; one that changes nothing is the scenario as configured."""
        arms = self.options.arms
        return {name: arms.get(name, self.scenario) for name in (FIRST, SECOND)}

    def check(self) -> None:
        """Refuse one design alone, and two that end in different weeks."""
        if not self.options.arms:
            raise InvalidInput("compare.errors.none")
        check_designs(self.designs())
        weeks_of(self.designs(), self.options.week)

    def run(self) -> Found:
        """Run the pairs and make the tables."""
        pairs, aim, missed = self.pairs()
        tables = all_tables(pairs, aim, self.options, self.identity)
        population = self.scenario.population
        facts: dict[str, Any] = {
            "week": pairs.weeks[0],
            "pairs": len(pairs),
            "seed": self.options.seed,
            "people": population.recipients,
            "supporters": population.all_supporters,
            "shown": list(self.options.outcomes or SHOWN),
            "aim": {"precision": aim.half_width, "outcomes": list(aim.outcomes)} if aim else None,
            "missed": [each._asdict() for each in missed],
        }
        return Found(tables, facts)

    def pairs(self) -> tuple[Pairs, Aim | None, list[Missed]]:
        """Run as many pairs as were asked for, or as the precision takes."""
        options, designs = self.options, self.designs()
        pairs = Pairs(
            designs,
            options.seed,
            weeks_of(designs, options.week),
            traced=options.outcomes or list(SHOWN),
            parameters=sets_for(options.parameters, designs.values()),
        )
        bar = terminal.bar(say("progress.pairs"))
        with bar:
            if options.precision is None:
                pairs.extend(options.replicates, options.workers, bar)
                return pairs, None, []
            aim = aim_of(options.precision, options.replicates, options.outcomes or AIMED_AT)
            return pairs, aim, run_until_precise(pairs, aim, options.workers, bar)

    exhibits = staticmethod(exhibits.exhibits)
    headings = staticmethod(sentences.headings)
    sentences = staticmethod(sentences.sentences)
    figures = staticmethod(figures.figures)

    def asked(self, found: Found) -> Iterable[tuple[str, str]]:
        """Say what was asked."""
        return (
            ("people", "identity.scenario.population.recipients"),
            ("week", "facts.week"),
            ("pairs", "facts.pairs"),
            ("parameters", "identity.parameters"),
        )


STUDY = Compare
