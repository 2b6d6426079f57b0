"""Options of the study."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from peersim.scenario.run_options import (
    OverSets,
    Replicated,
    RunOptions,
    Sized,
    fingerprint,
    option,
)


@dataclass(kw_only=True)
class Options(Replicated, Sized, OverSets, RunOptions):
    """What `experiment=check_own_data` reads."""

    data: str | None = option(None, "file of a project's own attendance list")

    def identity(self) -> dict[str, Any]:
        """Say what decides the results: the content of the list, not only its name."""
        found = super().identity()
        return found | {"records": fingerprint(self.data)} if self.data else found
