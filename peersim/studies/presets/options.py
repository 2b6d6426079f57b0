"""Options of the study: which presets, and how many runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from peersim.scenario.run_options import Replicated, RunOptions, option


@dataclass(kw_only=True)
class Options(Replicated, RunOptions):
    """What `experiment=presets` reads."""

    cites: ClassVar[tuple[str, ...]] = ("types",)

    presets: list[str] | None = option(None, "presets whose facts are read; none: all")
