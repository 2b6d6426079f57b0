"""The tables that a comparison of two designs shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from peersim.kernel.catalogue import Sentence, say
from peersim.presentation.designs import communities_named, mix_name
from peersim.presentation.exhibit import BOTH, PAGE, Cell, Column, Exhibit, Row
from peersim.presentation.in_people import ALIKE, CANNOT_TELL, Verdict, is_a_little, is_told, span
from peersim.presentation.outcomes import definition_of, form_of, half_of, label, named
from peersim.studies.compare.verdicts import NAMES, rows_of, verdicts

if TYPE_CHECKING:
    from peersim.studies.study import Found


def exhibits(found: Found) -> Iterator[Exhibit]:
    """Give every table."""
    yield Exhibit(
        "compare.designs",
        [
            Column("design"),
            Column("text", said=described),
            Column(
                "communities",
                value=lambda row: mix_name(row["communities"].split("+")),
                is_in_page=False,
            ),
        ],
        found.tables["designs"].to_dicts(),
        table="designs",
        by=("design",),
        section="compared",
        outlets=BOTH,
    )
    yield differences(found)
    if found.facts["pairs"] > 1:
        yield years(found)
    yield Exhibit(
        "compare.definitions",
        [
            Column("outcome", value=lambda row: label(row["outcome"])),
            Column("definition", value=lambda row: definition_of(row["outcome"])),
        ],
        [{"outcome": name} for name in found.facts["shown"]],
        table="",
        section="words",
        outlets=(PAGE,),
    )


def described(row: Row) -> str:
    """Say what a design is where the two differ: its communities by name, the rest as it was
    set.
    """
    return communities_named(str(row["text"]))


def differences(found: Found) -> Exhibit:
    """Both designs, outcome by outcome, and how far they are apart."""
    every = verdicts(found)

    def verdict(row: Row) -> Cell:
        each = every[row["outcome"]]
        if is_a_little(each):
            return Sentence("compare.hardly", {"name": NAMES[each.about]})
        return say(f"compare.verdict.{row['verdict']}")

    def form(row: Row) -> str:
        return form_of(row["outcome"], half_of(row))

    def signed(row: Row) -> str:
        return form_of(row["outcome"], half_of(row), signed=True)

    return Exhibit(
        "compare.differences",
        [
            Column("outcome", value=lambda row: named(row["outcome"])),
            Column("A", form, rank=2),
            Column("B", form, rank=2),
            Column("difference", signed, span=("low", "high")),
            Column("verdict", value=verdict),
            Column("p_better", "%", rank=1),
        ],
        rows_of(found),
        table="differences",
        by=("outcome", "week"),
        section="outcome",
        values={"week": found.facts["week"]},
    )


def years(found: Found) -> Exhibit:
    """How each outcome goes in nine imagined years of ten, and on average."""
    every = verdicts(found)

    def goes(which: str) -> Callable[[Row], Cell]:
        def cell(row: Row) -> Cell:
            each = every[row["outcome"]]
            said = span(each, getattr(each, which), {"table": "pairs", "outcome": each.outcome})
            if getattr(each, which).kind == "none":
                return said
            return Sentence("in_people.with", {"span": said, "name": NAMES[each.about]})

        return cell

    def better(row: Row) -> Cell:
        each = every[row["outcome"]]
        values = {"name": NAMES[each.about], "n": each.wins, "of": each.runs}
        if each.kind not in (CANNOT_TELL, ALIKE):
            return Sentence("compare.years.better", values)
        other = each.runs - each.wins - each.alike
        a, b = (other, each.wins) if each.about == "second" else (each.wins, other)
        return Sentence("compare.years.each", {**values, "a": a, "b": b})

    return Exhibit(
        "compare.years",
        [
            Column("outcome", value=lambda row: label(row["outcome"])),
            Column("years", value=goes("years")),
            Column("mean", value=goes("mean")),
            Column("better", value=better),
            Column("verdict", value=lambda row: in_a_word(every[row["outcome"]])),
        ],
        [row for row in rows_of(found) if every[row["outcome"]].runs > 1],
        table="pairs",
        by=("outcome", "week"),
        values={"week": found.facts["week"], "people": found.facts["people"]},
        outlets=(PAGE,),
    )


def in_a_word(found: Verdict) -> Sentence:
    """Say which is better, if one is by what is worth naming."""
    kind = found.kind
    if is_told(found):
        kind = "better" if found.better else "more" if found.mean.kind[:4] == "more" else "less"
    return Sentence(f"compare.years.verdict.{kind}", {"name": NAMES[found.about]})
