"""Calibration: what published figures say about the parameters that nobody can look up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peersim.calibration.emulator import implausibility
from peersim.calibration.parameters import unit_of_defaults
from peersim.calibration.runs import Runner
from peersim.calibration.targets import GROUPS, TARGETS
from peersim.studies.publishing import Publication

if TYPE_CHECKING:
    from peersim.scenario import Scenario
    from peersim.settings import RunSettings

STUDY = "calibration"


def run(scenario: Scenario, settings: RunSettings) -> None:
    """Print how the defaults meet the targets."""
    import numpy as np

    publication = Publication(STUDY, scenario, settings)
    folder = publication.folder / ".waves"
    folder.mkdir(parents=True, exist_ok=True)
    runner = Runner(scenario, folder, TARGETS, settings.workers)
    values = runner.wave("defaults", np.tile(unit_of_defaults(), (20, 1)), range(1, 21))[:, 0]
    mean, noise = values.mean(axis=0), values.std(axis=0, ddof=1)
    missed = implausibility(TARGETS, mean, noise / np.sqrt(len(values)))
    for target, value, miss in zip(TARGETS, mean, missed, strict=True):
        verdict = "hit" if abs(miss) <= 2 else "missed"
        print(f"{GROUPS[target.group]:12} {target.label:52} {target.observed:7.3g} {value:7.3g} {miss:+6.1f}  {verdict}")
