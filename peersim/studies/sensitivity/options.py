"""Options of the study."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from peersim.scenario.run_options import Asking, RunOptions, Sweeping, TwoDesigns
from peersim.scenario.scenario import Scenario


@dataclass(kw_only=True)
class Options(Sweeping, Asking, TwoDesigns, RunOptions):
    """What `experiment=sensitivity` reads."""

    cites: ClassVar[tuple[str, ...]] = ("salib",)

    def check_with(self, scenario: Scenario) -> None:
        """Refuse outcomes, weeks and points that there cannot be."""
        self.check_question(scenario)
        if self.design.kind != "none":
            self.check_points(scenario, is_complete=False)
