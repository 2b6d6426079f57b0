"""What two designs are compared on, when, and how precisely."""

from __future__ import annotations

from dataclasses import dataclass

from peersim.kernel.declaration import InvalidInput
from peersim.scenario.run_options import (
    Asking,
    Detailed,
    OverSets,
    Replicated,
    RunOptions,
    TwoDesigns,
    option,
)
from peersim.scenario.scenario import Scenario


@dataclass(kw_only=True)
class Options(Replicated, Detailed, OverSets, Asking, TwoDesigns, RunOptions):
    """What `experiment=compare` reads."""

    precision: float | None = option(None, "half-width of the interval to be reached")

    def check_with(self, scenario: Scenario) -> None:
        """Refuse outcomes, weeks and a precision that there cannot be."""
        self.check_question(scenario)
        if self.precision is not None and not self.precision > 0:
            raise InvalidInput("compare.errors.precision", precision=f"{self.precision:g}")
