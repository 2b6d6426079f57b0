"""What a study of spreading dropout reads."""

from __future__ import annotations

from dataclasses import dataclass

from peersim.scenario.run_options import OverSets, Replicated, RunOptions, Sized, option


@dataclass(kw_only=True)
class Options(Replicated, Sized, OverSets, RunOptions):
    """What `experiment=dropout_spread` reads."""

    person: str | None = option(None, "the person whose story is asked for")
