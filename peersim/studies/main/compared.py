"""What the tables of a comparison say of its designs; every number with its origin."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from peersim.kernel.catalogue import Sentence, Value
from peersim.kernel.statistics import Paired, chance_of_best
from peersim.model.outcomes import compared
from peersim.presentation.designs import design_label
from peersim.presentation.in_people import Verdict, of_second, span, verdict
from peersim.scenario.typology import BASES, CONFIGURED, NO_PROGRAMME
from peersim.studies.main.gains import EVERYBODY

if TYPE_CHECKING:
    from peersim.studies.study import Found

GAIN = "connectedness"
FORMS = {
    "connectedness": "2",
    "strain": "2",
    "isolated": "%",
    "retained": "%",
    "harmed": "%",
    "never_reached": "%",
    "supporter_hours": "0",
    "staff_hours": "0",
    "cost": "kr",
    "ties": "1",
}
"""How the mean of each outcome is written."""


class Compared:
    """What the tables of one study of designs say.

    Parameters
    ----------
    found : Found
    """

    def __init__(self, found: Found) -> None:
        self.runs = found.facts["runs"]
        self.tables, self.people, self.weeks = (
            found.tables,
            found.facts["people"],
            found.facts["weeks"],
        )
        designs = found.tables["designs"].to_dicts()
        self.designs = {
            basis: own
            for basis in BASES
            if (own := [row for row in designs if row["basis"] == basis])
        }
        self.labels: dict[str, str] = {
            row["design"]: design_label(row["design"], row["label"]) for row in designs
        }
        self._gains = {
            (row["basis"], row["design"], row["whom"], row["outcome"]): row
            for row in found.tables["gains"].iter_rows(named=True)
        }
        self._rows = {
            (row["basis"], row["design"], row["outcome"]): row
            for row in found.tables["comparison"].iter_rows(named=True)
        }

    # -- which designs ----------------------------------------------------------------------------
    def programmes(self, basis: str = CONFIGURED) -> list[str]:
        """List the designs other than no programme, most connectedness first."""
        names = [row["design"] for row in self.designs[basis] if not row["reference"]]
        return sorted(names, key=lambda name: -self.row(basis, name)["difference"])

    def most_helpful(self, basis: str = CONFIGURED) -> list[str]:
        """List the designs other than no programme, those that leave the fewest isolated first."""
        names = self.programmes(basis)
        return sorted(names, key=lambda name: self.gain(basis, name)["difference"])

    def gain(
        self, basis: str, design: str, whom: str = EVERYBODY, outcome: str = "isolated"
    ) -> dict[str, Any]:
        """Give a row of the table ``gains``."""
        return self._gains[basis, design, whom, outcome]

    def of_gain(self, row: Mapping[str, Any], what: str, form: str = "0") -> Value:
        """Give a number of such a row."""
        keys = ("basis", "design", "whom", "outcome")
        origin = {"table": "gains", **{key: row[key] for key in keys}, "what": what}
        return Value(row[what], form, origin)

    def range_of(self, row: Mapping[str, Any]) -> dict[str, Sentence | Value]:
        """Give a difference in whole people, for a sentence: as `range`, whether more or fewer
        (``6 to 7``, ``up to 3``), and how many `more` and `fewer` it may be.
        """
        if row["most"] is None:
            return {}
        ends = {what: self._unsigned(row, what) for what in ("fewest", "most")}
        low, high = sorted(ends.values(), key=lambda end: end.number or 0)
        kind = "exactly" if low.number == high.number else "span" if low.number else "up_to"
        span = Sentence(f"main.people.{kind}", {"low": low, "high": high})
        return {"range": span, "more": ends["fewest"], "fewer": ends["most"]}

    def _unsigned(self, row: Mapping[str, Any], what: str) -> Value:
        value, number = self.of_gain(row, what), row[what]
        if number >= 0:
            return value
        return Value(-number, value.form, {**value.origin, "what": f"minus_{what}"})

    def by_year(self, basis: str, design: str) -> np.ndarray:
        """Give how many more are isolated than without any programme, a number a year."""
        own, without = (self._isolated[basis, name] for name in (design, NO_PROGRAMME))
        gaps: np.ndarray = (own - without) * self.people
        return gaps

    def goes(self, basis: str, design: str) -> Verdict:
        """Give how it goes with the isolated, a year at a time, against no programme."""
        row = self.gain(basis, design)
        mean = (row["low"] / self.people, row["high"] / self.people)
        gaps = self.by_year(basis, design) / self.people
        return of_second(verdict(gaps, mean, "isolated", self.people))

    def years_of(self, basis: str, design: str) -> Sentence:
        """Say how many fewer are isolated in nine years of ten."""
        found = self.goes(basis, design)
        return span(found, found.years, {"table": "runs", "basis": basis, "design": design})

    def row(self, basis: str, design: str, outcome: str = GAIN) -> dict[str, Any]:
        """Give a row of the table ``comparison``."""
        return self._rows[basis, design, outcome]

    def about(self, basis: str, design: str) -> dict[str, Any]:
        """Give what the table of designs says of one."""
        return next(row for row in self.designs[basis] if row["design"] == design)

    def level_with(self, basis: str, best: str, *verdicts: str) -> list[str]:
        """List the designs of which one of these verdicts holds beside the best."""
        return [
            name
            for name in self.programmes(basis)
            if name != best and self.against(basis, best, name).verdict in verdicts
        ]

    def with_verdict(self, *verdicts: str, outcome: str = GAIN) -> list[str]:
        """List the designs of which this can be said against no programme."""

        def verdict(name: str) -> str:
            if outcome == "isolated":
                return str(self.gain(CONFIGURED, name)["verdict"])
            return str(self.row(CONFIGURED, name, outcome)["verdict"])

        return [name for name in self.programmes() if verdict(name) in verdicts]

    # -- numbers ----------------------------------------------------------------------------------
    def number(
        self, basis: str, design: str, outcome: str = GAIN, what: str = "mean", form: str = ""
    ) -> Value:
        """Give a number of the table ``comparison``."""
        origin = {"table": "comparison", "basis": basis, "design": design, "outcome": outcome}
        found = self.row(basis, design, outcome)[what]
        return Value(found, form or FORMS[outcome], {**origin, "what": what})

    def for_each_person(self, basis: str, design: str, outcome: str, form: str) -> Value:
        """Give a total divided by the people invited."""
        total = self.number(basis, design, outcome)
        return Value(
            _part(total.number, self.people), form, {**total.origin, "what": "for_each_person"}
        )

    def of_all(self, basis: str, design: str, outcome: str) -> Value:
        """Give the mean of a share in people."""
        share = self.number(basis, design, outcome)
        people = None if share.number is None else round(share.number * self.people, 9)
        return Value(people, "0", {**share.origin, "what": "people"})

    def price(self, basis: str, design: str) -> Value | Sentence:
        """Give the cost for each person who is clearly no longer isolated, or say why there is
        none.
        """
        fewer = self.row(basis, design, "isolated")
        origin = {"table": "comparison", "basis": basis, "design": design, "what": "price"}
        if fewer["verdict"] != "better":
            return Sentence(f"main.no_price.{fewer['verdict']}")
        cost = self.row(basis, design, "cost")["mean"]
        ends = {"mean": "difference", "low": "low", "high": "high"}
        prices = {name: cost / (-fewer[end] * self.people) for name, end in ends.items()}
        of = {name: Value(each, "kr", {**origin, "what": name}) for name, each in prices.items()}
        return Sentence("numbers.interval", of)

    def against(self, basis: str, one: str, other: str) -> Paired:
        """Compare the connectedness of two designs, run by run."""
        return compared(GAIN, self._last[basis, one], self._last[basis, other])

    def best(self, basis: str, design: str) -> float:
        """Give the share of runs in which a design builds the most connectedness."""
        return self._chances(basis)[self.programmes(basis).index(design)]

    @functools.cache  # noqa: B019 (lives as long as one report)
    def _chances(self, basis: str) -> Sequence[float]:
        names = self.programmes(basis)
        return [
            float(share) for share in chance_of_best([self._last[basis, name] for name in names])
        ]

    @functools.cached_property
    def _last(self) -> dict[tuple[str, str], np.ndarray]:
        return self._at_last(GAIN)

    @functools.cached_property
    def _isolated(self) -> dict[tuple[str, str], np.ndarray]:
        return self._at_last("isolated")

    def _at_last(self, outcome: str) -> dict[tuple[str, str], np.ndarray]:
        parts = self.tables["runs"].sort("seed").partition_by("basis", "design", as_dict=True)
        return {
            (str(basis), str(design)): part[outcome].to_numpy()
            for (basis, design), part in parts.items()
        }

    def at_week(self, design: str, outcome: str, week: int, is_gain: bool, form: str) -> Value:
        """Give a mean, or a difference to no programme, as it stood in a week (as configured)."""
        mean = self._means[design, outcome, week]
        number = mean - self._means[NO_PROGRAMME, outcome, week] if is_gain else mean
        origin = {"basis": CONFIGURED, "design": design, "outcome": outcome, "week": week}
        what = "against_no_programme" if is_gain else "mean"
        return Value(number, form, {"table": "summary", "community": "all", **origin, "what": what})

    @functools.cached_property
    def _means(self) -> dict[tuple[str, str, int], float]:
        rows = self.tables["summary"].filter(
            pl.col("basis") == CONFIGURED,
            pl.col("community") == "all",
            pl.col("outcome").cast(pl.String).is_in(["connectedness", "ties"]),
        )
        return {
            (r["design"], r["outcome"], r["week"]): r["mean"] for r in rows.iter_rows(named=True)
        }

    def third(self, design: str, trait: str, third: str, outcome: str = "never_reached") -> Value:
        """Give the mean in a third of the people by a trait (as configured)."""
        origin = {
            "basis": CONFIGURED,
            "design": design,
            "outcome": outcome,
            "trait": trait,
            "third": third,
        }
        return Value(
            self._thirds[design, outcome, trait, third],
            "%",
            {"table": "reach", **origin, "what": "mean"},
        )

    @functools.cached_property
    def _thirds(self) -> dict[tuple[str, str, str, str], float]:
        rows = self.tables["reach"].filter(basis=CONFIGURED).iter_rows(named=True)
        return {
            (row["design"], row["outcome"], row["trait"], row["third"]): row["mean"] for row in rows
        }

    def ended(self, design: str, ends: Sequence[str]) -> Value:
        """Give the share of those invited whose time ended in one of some ways (as configured)."""
        share = sum(
            row["share"]
            for row in self.tables["causes"].filter(design=design).iter_rows(named=True)
            if (row["basis"], row["role"]) == (CONFIGURED, "recipient") and row["end"] in ends
        )
        origin = {"table": "causes", "basis": CONFIGURED, "design": design, "role": "recipient"}
        return Value(share, "%", {**origin, "what": "share", "ends": ",".join(ends)})


def _part(total: float | None, people: int) -> float | None:
    return None if total is None else total / people
