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
            raise InvalidInput(
                "experiment=sweep needs points to visit: design=grid design.vary.group.size=[6,8,10], "
                "or design=lhs design.over=[group,departure]."
            )
        self.check_points(scenario, is_complete=True)
