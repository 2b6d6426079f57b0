"""Running sets of parameters: in parts, each a file that exists only when complete, so that nothing
runs twice.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from peersim.results.disk import is_sealed, put_sealed, unsealed
from peersim.run.worlds import in_threads
from peersim.scenario.scenario import Scenario
from peersim.studies.calibration.measurements import TARGETS
from peersim.studies.calibration.parameters import points_at
from peersim.studies.calibration.settings import SETTINGS, run_setting
from peersim.studies.calibration.targets import Target, settings_needed

PART = 25
"""Sets in one file."""


class Runner(NamedTuple):
    """What all runs of a calibration share.

    Attributes
    ----------
    base : Scenario
        What the settings and the sets change.
    folder : Path
        Where parts are kept.
    targets : tuple of Target
    workers : int
        Threads; results do not depend on it.
    progress : callable
        Called with the number of sets done.
    """

    base: Scenario
    folder: Path
    targets: tuple[Target, ...] = TARGETS
    workers: int = 1
    progress: Callable[[int], Any] = lambda done: None

    def values(self, point: dict[str, float], seed: int) -> np.ndarray:
        """What one set gives with one seed: one number a target, NaN where it is not defined."""
        needed = settings_needed(self.targets)
        runs = {
            each.name: run_setting(each, self.base, point, seed)
            for each in SETTINGS
            if each.name in needed
        }
        return np.array([target.measure(runs).value for target in self.targets])

    def wave(self, name: str, unit: np.ndarray, seeds: range, each: int = 1) -> np.ndarray:
        """Run every set of a wave, `each` times.

        Parameters
        ----------
        name : str
            Of the wave.
        unit : float array, sets x parameters
        seeds : range
            A seed for each run: those of the first set, then those of the second, ...
        each : int
            Runs of each set.

        Returns
        -------
        float array, sets x runs x targets
        """
        parts = range(0, len(unit), PART)
        part = partial(self._part, name, unit, seeds, each)
        return np.concatenate(in_threads(part, parts, self.workers))

    def _part(self, name: str, unit: np.ndarray, seeds: range, each: int, first: int) -> np.ndarray:
        def run_part() -> np.ndarray:
            return np.array(
                [
                    [self.values(point, seeds[(first + k) * each + r]) for r in range(each)]
                    for k, point in enumerate(points_at(unit[first : first + PART]))
                ]
            )

        found = once(self.folder / f"{name}-{first // PART:04d}.npy", run_part)
        self.progress(min(PART, len(unit) - first))
        return found


def once(file: Path, work_out: Callable[[], np.ndarray]) -> np.ndarray:
    """Read an array, or work it out and write it, if it is not there or has been damaged."""
    for there in file.parent.glob(f"{file.stem}*{file.suffix}"):
        if unsealed(there) != file.stem:
            continue
        with contextlib.suppress(ValueError, EOFError):
            if is_sealed(there) is not False:
                return np.asarray(np.load(there))
        there.unlink()
    found, content = work_out(), io.BytesIO()
    np.save(content, found)
    put_sealed(file, content.getvalue())
    return found
