"""Options of the study."""

from __future__ import annotations

from dataclasses import dataclass

from peersim.kernel.declaration import InvalidInput
from peersim.scenario.run_options import RunOptions, Sweeping
from peersim.scenario.scenario import Scenario


@dataclass(kw_only=True)
class Options(Sweeping, RunOptions):
    """What `experiment=sweep` reads."""

    def check_with(self, scenario: Scenario) -> None:
        """Refuse a sweep without points, and points that cannot be run."""
        if self.design.kind in ("none", "pawn"):
            raise InvalidInput("sweep.errors.no_points")
        self.check_points(scenario, is_complete=True)
