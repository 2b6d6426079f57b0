"""Studies: each a set of designs, a run, an analysis, and a folder of results."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from peersim.kernel.declaration import InvalidInput
from peersim.kernel.paths import either

if TYPE_CHECKING:
    from peersim.scenario.scenario import Scenario
    from peersim.scenario.settings import RunSettings

STUDIES: Mapping[str, str] = {
    "main": "typologies",
    "single": "single",
    "sweep": "sweep",
    "sensitivity": "sensitivity",
    "compare": "comparison",
    "dropout_spread": "dropout_spread",
    "calibration": "calibration",
    "trial": "trial",
    "check_own_data": "own_data",
    "hybrids": "hybrids",
    "patterns": "patterns",
    "staffing": "staffing",
}
"""Kinds of experiment, and the module of `peersim.studies` that runs each."""

_FOLDERS = {"typologies": "main", "comparison": "compare", "own_data": "check_own_data"}


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
    return (
        import_module(f"peersim.studies.{_FOLDERS.get(name, name)}.study").run(scenario, settings)
        or 0
    )
