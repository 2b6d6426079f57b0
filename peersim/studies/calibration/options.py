"""A calibration asks which values of the parameters that nobody can look up go with what has been
published; it reads how much is to be run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from peersim.scenario.run_options import RunOptions, Sized


@dataclass(kw_only=True)
class Options(Sized, RunOptions):
    """What `experiment=calibration` reads."""

    cites: ClassVar[tuple[str, ...]] = ("types", "targets")
