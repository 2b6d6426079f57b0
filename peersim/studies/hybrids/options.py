"""Which of all fifteen mixes of the four types to choose when so much is uncertain: options."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from peersim.scenario.run_options import RunOptions, Sized


@dataclass(kw_only=True)
class Options(Sized, RunOptions):
    """What `experiment=hybrids` reads."""

    cites: ClassVar[tuple[str, ...]] = ("types",)
