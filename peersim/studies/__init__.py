"""Studies: each a set of designs, a run, an analysis, and a folder of results."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from peersim.declaration import InvalidInput

if TYPE_CHECKING:
    from peersim.scenario import Scenario
    from peersim.settings import RunSettings

STUDIES = ("typologies", "single")


def run_study(name: str, scenario: Scenario, settings: RunSettings) -> None:
    """Run a study by name: progress to stderr, a table to stdout, everything else into the results folder."""
    if name not in STUDIES:
        raise InvalidInput(f"There is no study called {name}; it can be {' or '.join(STUDIES)}.")
    import_module(f"peersim.studies.{name}").run(scenario, settings)
