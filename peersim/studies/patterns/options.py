"""Options of the study."""

from __future__ import annotations

from dataclasses import dataclass

from peersim.scenario.run_options import OverSets, Replicated, RunOptions, Sized, option


@dataclass(kw_only=True)
class Options(Replicated, Sized, OverSets, RunOptions):
    """What `experiment=patterns` reads."""

    patterns: list[str] | None = option(None, "keys of the patterns; none: all of them")
