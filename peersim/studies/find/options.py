"""What is looked for, and among how many seeds."""

from __future__ import annotations

from dataclasses import dataclass

from peersim.kernel.declaration import InvalidInput
from peersim.scenario.run_options import Asking, RunOptions, TwoDesigns, option
from peersim.scenario.scenario import Scenario

CHAIN, DIFFERENCE, PERSON = WHATS = ("chain", "difference", "person")


@dataclass(kw_only=True)
class Options(Asking, TwoDesigns, RunOptions):
    """What `experiment=find` reads."""

    chain: str | None = option(None, "look for chains of departures", choices=("longest",))
    difference: str | None = option(
        None, "look for seeds in which two designs differ", choices=("largest",)
    )
    person: str | None = option(
        None, "look for people whose stories in two designs differ", choices=("most_different",)
    )
    seeds: int = option(200, "how many seeds are looked at, from `seed` on", 1, 1_000_000)
    top: int = option(10, "how many of those found are shown", 1, 10_000)

    @property
    def what(self) -> str:
        """What is looked for."""
        return next(name for name in WHATS if getattr(self, name) is not None)

    def check_with(self, scenario: Scenario) -> None:
        """Refuse to look for nothing, for two things at once, or for a difference in one design."""
        asked = [name for name in WHATS if getattr(self, name) is not None]
        if len(asked) != 1:
            raise InvalidInput("find.errors.what")
        if (asked[0] == CHAIN) == bool(self.arms):
            raise InvalidInput(
                f"find.errors.{'one' if self.arms else 'two'}_designs", what=asked[0]
            )
        if asked[0] != DIFFERENCE and self.outcomes or len(self.outcomes or ()) > 1:
            raise InvalidInput("find.errors.outcomes")
        self.check_question(scenario)
