"""What is said of the presets: how many facts hold, and which do not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from peersim.kernel.catalogue import say
from peersim.presentation.exhibit import PAGE, Statement
from peersim.studies.presets.fact import ABSENT, DOES_NOT_ARISE, FAILS, HOLDS, UNDECIDED
from peersim.studies.presets.facts import PRESETS

if TYPE_CHECKING:
    from peersim.studies.study import Found

COUNTED = {"holding": HOLDS, "failing": FAILS, "undecided": UNDECIDED}
LIMITS = ("chosen", "one", "told")


def sentences(found: Found) -> Iterator[Statement]:
    """Give every sentence."""
    facts, presets = found.tables["facts"], found.facts["presets"]
    yield Statement("presets.head", {**found.facts, "n": len(presets)})
    if len(presets) > 1:
        counts = {name: facts.filter(verdict=verdict).height for name, verdict in COUNTED.items()}
        every = {**counts, "facts": facts.height, "n": len(presets), "runs": found.facts["runs"]}
        yield Statement("presets.all", every, table="facts")
    for preset in presets:
        own = facts.filter(preset=preset)
        values = {"preset": say(f"presets.names.{preset}"), "facts": own.height}
        holding = own.filter(verdict=HOLDS).height
        yield Statement("presets.tally", values | {"holding": holding}, table="facts")
        for verdict in (FAILS, UNDECIDED, DOES_NOT_ARISE, ABSENT):
            keys = own.filter(verdict=verdict)["fact"].to_list()
            if keys:
                said = " ".join(str(PRESETS[preset].word(key, "says")) for key in keys)
                yield Statement(
                    f"presets.standing.{verdict}", {"facts": said}, outlets=(PAGE,), table="facts"
                )
    yield Statement("presets.how", section="how", outlets=(PAGE,))
    for limit in LIMITS:
        yield Statement(f"presets.limits.{limit}", section="limits", outlets=(PAGE,))
