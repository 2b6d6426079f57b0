"""The tables that are shown: the facts of each preset, and in how many runs each holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from peersim.kernel.catalogue import say
from peersim.presentation.exhibit import PAGE, Column, Exhibit, Row
from peersim.studies.presets.facts import PRESETS

if TYPE_CHECKING:
    from peersim.studies.study import Found


def words(row: Row, what: str) -> str:
    """What the source ``says``, or the ``rule`` by which it is read."""
    return str(PRESETS[row["preset"]].word(row["fact"], what))


VERDICT = Column("verdict", value=lambda row: say(f"presets.verdicts.{row['verdict']}"))
SAYS = Column("says", value=lambda row: words(row, "says"))
RULE = Column("rule", value=lambda row: words(row, "rule"))
KIND = Column("kind", value=lambda row: say(f"presets.kinds.{row['kind']}"), rank=2)
LEAST = Column("least", "%", rank=1)
SHARE = Column("share", "%", span=("low", "high"))


def exhibits(found: Found) -> Iterator[Exhibit]:
    """Give a table a preset."""
    for preset in found.facts["presets"]:
        rows = found.tables["facts"].filter(preset=preset).to_dicts()
        values = {"preset": say(f"presets.names.{preset}"), "runs": found.facts["runs"]}
        yield Exhibit(
            "presets.board",
            columns=[SAYS, KIND, LEAST, SHARE, VERDICT],
            rows=rows,
            table="facts",
            by=("preset", "fact"),
            section="facts",
            values=values,
            part=preset,
        )
        yield Exhibit(
            "presets.rules",
            columns=[SAYS, Column("source"), RULE],
            rows=rows,
            table="facts",
            section="how",
            values=values,
            outlets=(PAGE,),
            part=preset,
        )
