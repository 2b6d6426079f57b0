"""Studies: each a set of designs, a run, an analysis, and a folder of results."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from peersim.declaration import InvalidInput
from peersim.paths import either
from peersim.settings import STUDIES

if TYPE_CHECKING:
    from peersim.scenario import Scenario
    from peersim.settings import RunSettings


def run_study(name: str, scenario: Scenario, settings: RunSettings) -> int:
    """Run a study by name: progress to stderr, a table to stdout, everything else into the results
    folder.

    Returns
    -------
    int
        0 if all went well, 1 if some of the runs failed.
    """
    if name not in STUDIES.values():
        raise InvalidInput(
            f"There is no study called {name}; it can be {either(STUDIES.values())}."
        )
    return import_module(f"peersim.studies.{name}").run(scenario, settings) or 0
