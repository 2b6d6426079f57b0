"""One programme, as configured, against the same people without any programme."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from peersim.scenario.scenario import without_programme
from peersim.scenario.typology import CONFIGURED, NO_PROGRAMME, OWN, REFERENCE, own_design
from peersim.studies.main.study import Main
from peersim.studies.single import network
from peersim.studies.single.options import Options
from peersim.studies.study import Found

if TYPE_CHECKING:
    from peersim.presentation.exhibit import Exhibit, Statement
    from peersim.scenario.scenario import Scenario
    from peersim.scenario.typology import Design


class Single(Main):
    """Compares one programme with none; words and exhibits are those of the main job."""

    name, Options = "single", Options
    words, bases = "main", (CONFIGURED,)

    def designs(self) -> Mapping[str, tuple[Design, Scenario]]:
        """Give the programme, and the same people without it."""
        return {
            NO_PROGRAMME: (REFERENCE, without_programme(self.scenario)),
            OWN: (own_design(self.scenario), self.scenario),
        }

    def run(self) -> Found:
        """Run it, and look at the shape of its web of ties besides."""
        found, shapes = super().run(), network.networks(self.scenario, self.options)
        more = {} if shapes is None else {"networks": shapes}
        return Found({**found.tables, **more}, found.facts)

    def exhibits(self, found: Found) -> Iterator[Exhibit]:
        """Give the tables of a comparison, and the shape of the web."""
        yield from super().exhibits(found)
        if "networks" in found.tables:
            yield from network.exhibits(found.tables["networks"])

    def sentences(self, found: Found) -> Iterator[Statement]:
        """Say what a comparison says, and what the web looks like."""
        yield from super().sentences(found)
        if "networks" in found.tables:
            yield from network.sentences(found.tables["networks"])


STUDY = Single
