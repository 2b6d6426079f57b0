"""The tables that a robust choice shows: every mix on each basis, and whom those worth choosing
leave out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from peersim.kernel.catalogue import Sentence, Value, say
from peersim.presentation.exhibit import Column, Exhibit, Row
from peersim.scenario.typology import EQUAL_HOURS

if TYPE_CHECKING:
    from peersim.studies.study import Found

HARDEST = {"anxious": ("social_anxiety", "high"), "excluded": ("exclusion", "high")}
HARDEST |= {"early": ("stage", "low")}
"""Thirds of those invited who are hardest to reach."""

ONE_OF_100 = 0.01
"""A share from which on it is one person of a hundred."""

IN_REGRET = ("best_share", "regret", "regret_low", "regret_high")


def exhibits(found: Found) -> Iterator[Exhibit]:
    """Give every table."""
    for basis in bases(found):
        yield mixes(found, basis)
        yield left_out(found, basis)


def bases(found: Found) -> list[str]:
    """On which bases mixes are compared."""
    return found.tables["mixes"]["basis"].unique(maintain_order=True).to_list()


def label(design: str) -> str:
    """Name a mix."""
    return say(f"hybrids.mix.{design}")


def rows_of(found: Found, basis: str) -> list[dict[str, Any]]:
    """What the tables say of each mix: connectedness, regret, and how many are never reached; most
    gained first.
    """
    of = found.tables["mixes"].filter(basis=basis)
    regret = found.tables["regret"].filter(basis=basis, outcome="connectedness")
    never = dict(of.filter(outcome="never_reached").select("design", "mean").iter_rows())
    costs = {row["design"]: row for row in regret.iter_rows(named=True)}
    gained = of.filter(outcome="connectedness").sort("gain", descending=True, maintain_order=True)
    return [
        row
        | {name: costs[row["design"]][name] for name in IN_REGRET}
        | {"never_reached": never[row["design"]]}
        for row in gained.iter_rows(named=True)
    ]


def number(row: Row, what: str, form: str = "") -> Value:
    """Give a number of `rows_of` with its origin."""
    is_never = what == "never_reached"
    origin = {
        "table": "regret" if what in IN_REGRET else "mixes",
        "basis": row["basis"],
        "design": row["design"],
        "outcome": what if is_never else "connectedness",
        "what": "mean" if is_never else what,
    }
    return Value(row[what], form, origin)


def of_100(share: Value) -> Sentence:
    """Say a share in people of a hundred."""
    some = share.number or 0.0
    key = "none" if some <= 0 else "under" if some < ONE_OF_100 else "n"
    return Sentence(f"hybrids.of_100.{key}", {"n": share})


def mixes(found: Found, basis: str) -> Exhibit:
    """Every mix, most gained first."""

    def of(name: str, form: str, rank: int) -> Column:
        return Column(name, form, value=lambda row: number(row, name, form), rank=rank)

    rows = rows_of(found, basis)
    return Exhibit(
        "hybrids.mixes",
        columns=[
            Column("mix", value=lambda row: label(row["design"]) + ("" if row["reached"] else "*")),
            Column("gain", "+3", span=("gain_low", "gain_high")),
            of("best_share", "%", 1),
            of("regret", "3", 2),
            of("regret_high", "3", 5),
            of("never_reached", "%", 0),
            Column("standing", value=lambda row: say(f"hybrids.standing.{row['verdict']}"), rank=3),
            Column("front", value=lambda row: say("hybrids.front") if row["front"] else "", rank=4),
        ],
        rows=rows,
        table="mixes",
        by=("basis", "design", "outcome"),
        section="compared",
        values={
            "basis": Sentence(f"hybrids.bases.{basis}", {"much": taken(rows, basis)}),
            "short": "" if all(row["reached"] for row in rows) else Sentence("hybrids.mixes.short"),
        },
        part=basis.replace(" ", "_"),
    )


def taken(rows: list[dict[str, Any]], basis: str) -> Value:
    """How much every mix takes that can take as much."""
    column = "hours" if basis == EQUAL_HOURS else "cost"
    reached = [row for row in rows if row["reached"]]
    much = float(np.median([row[column] for row in reached or rows]))
    return Value(much, origin={"table": "mixes", "basis": basis, "what": column})


def left_out(found: Found, basis: str) -> Exhibit:
    """How many the mixes on the front never reach: of all, and of those who are hardest to
    reach.
    """
    reach = found.tables["left_out"].filter(basis=basis, outcome="never_reached")
    shares = {
        (row["design"], row["trait"], row["third"]): row["mean"]
        for row in reach.iter_rows(named=True)
    }

    def share(of: tuple[str, str]) -> Any:
        trait, third = of
        where = {"table": "left_out", "basis": basis, "trait": trait, "third": third}
        return lambda row: Value(
            shares[row["design"], trait, third],
            "%",
            {**where, "design": row["design"], "outcome": "never_reached", "what": "mean"},
        )

    return Exhibit(
        "hybrids.left_out",
        columns=[
            Column("mix", value=lambda row: label(row["design"])),
            Column("never_reached", "%", value=lambda row: number(row, "never_reached", "%")),
            *(Column(key, "%", value=share(of)) for key, of in HARDEST.items()),
        ],
        rows=on_the_front(found, basis),
        table="mixes",
        section="out",
        values={"basis": say(f"hybrids.on.{basis}")},
        part=basis.replace(" ", "_"),
    )


def on_the_front(found: Found, basis: str) -> list[dict[str, Any]]:
    """Mixes on the front, fewest left out first."""
    there = [row for row in rows_of(found, basis) if row["front"]]
    return sorted(there, key=lambda row: row["never_reached"])


def least(rows: list[dict[str, Any]], what: str) -> dict[str, Any]:
    """The mix that has least of something."""
    return min(rows, key=lambda row: row[what])
