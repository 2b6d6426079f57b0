"""One programme, as configured, against the same people without any programme."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from peersim.scenario.scenario import without_programme
from peersim.scenario.typology import CONFIGURED, NO_PROGRAMME, OWN, REFERENCE, own_design
from peersim.studies.main.study import Main
from peersim.studies.single.options import Options

if TYPE_CHECKING:
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


STUDY = Single
