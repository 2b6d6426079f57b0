"""Which patterns does the model bring about, and which mechanism does each need: options."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from peersim.scenario.run_options import (
    Distributed,
    OverSets,
    Replicated,
    RunOptions,
    Sized,
    option,
)


@dataclass(kw_only=True)
class Options(Replicated, Sized, OverSets, Distributed, RunOptions):
    """What `experiment=patterns` reads."""

    cites: ClassVar[tuple[str, ...]] = ("types",)

    patterns: list[str] | None = option(None, "keys of the patterns; none: all of them")
