"""Studies: kinds of experiment, a folder each, found by themselves.

A folder holds ``options.py`` with the study's ``Options``, and ``study.py`` with its class. To add
one see CONTRIBUTING.md.
"""

from __future__ import annotations

import functools
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from peersim.kernel.catalogue import speaking
from peersim.kernel.paths import no_such_option

if TYPE_CHECKING:
    from peersim.scenario.run_options import RunOptions
    from peersim.scenario.scenario import Scenario
    from peersim.studies.study import Study

_FORMERLY = {"typologies": "main", "comparison": "compare", "own_data": "check_own_data"}
"""Names under which manifests of the first edition know a study."""


@functools.cache
def names() -> tuple[str, ...]:
    """Name all studies, as in ``experiment=<name>``."""
    return tuple(sorted(file.parent.name for file in Path(__file__).parent.glob("*/options.py")))


def known(name: str) -> str:
    """Give the name of a study that goes by this name, or once did.

    Raises
    ------
    InvalidInput
        If there is none.
    """
    name = _FORMERLY.get(name, name)
    if name not in names():
        raise no_such_option("kind", name, names())
    return name


def options_of(name: str) -> type[RunOptions]:
    """Give the options of a study; cheap, since nothing that runs is imported."""
    found: type[RunOptions] = import_module(f"peersim.studies.{known(name)}.options").Options
    return found


def study_of(name: str) -> type[Study]:
    """Give the class of a study."""
    found: type[Study] = import_module(f"peersim.studies.{known(name)}.study").STUDY
    return found


def run_study(name: str, scenario: Scenario, options: Any) -> int:
    """Run a study by name: progress to stderr, tables to stdout, everything else into the folder of
    results.

    Returns
    -------
    int
        0 if all went well, 1 if some of the runs failed.
    """
    study = study_of(name)
    with speaking(options.language):
        return study(scenario, options).carry_out()
