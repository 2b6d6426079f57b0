"""Options of the study."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from peersim.scenario.run_options import Detailed, OverSets, Replicated, RunOptions


@dataclass(kw_only=True)
class Options(Replicated, Detailed, OverSets, RunOptions):
    """What `experiment=main` reads."""

    cites: ClassVar[tuple[str, ...]] = ("designs",)
