"""What a comparison comes to, outcome by outcome: in people, over years first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from peersim.presentation.in_people import TOLD, Verdict, among, is_told, verdict
from peersim.studies.compare.tables import FIRST, SECOND

if TYPE_CHECKING:
    import numpy as np

    from peersim.studies.study import Found

NAMES = {"first": FIRST, "second": SECOND}


def rows_of(found: Found) -> list[dict[str, Any]]:
    """Give the rows of ``differences`` that are shown, in order."""
    rows = {row["outcome"]: row for row in found.tables["differences"].iter_rows(named=True)}
    return [rows[name] for name in found.facts["shown"]]


def by_year(found: Found, outcome: str) -> np.ndarray:
    """Give A less B in each imagined year, in people where it is about them."""
    rows = found.tables["pairs"].filter(outcome=outcome, week=found.facts["week"])
    gaps: np.ndarray = rows["difference"].drop_nans().to_numpy() * counted(found, outcome)
    return gaps


def counted(found: Found, outcome: str) -> float:
    """Give the factor from the model's unit to the one people read: shares are counted in
    people.
    """
    return among(outcome, found.facts["people"]) or 1.0


def verdicts(found: Found) -> Mapping[str, Verdict]:
    """Give what each outcome that is shown comes to: B against A."""
    return {row["outcome"]: _verdict(found, row) for row in rows_of(found)}


def _verdict(found: Found, row: Mapping[str, Any]) -> Verdict:
    outcome, people = row["outcome"], found.facts["people"]
    gaps = by_year(found, outcome) / counted(found, outcome)
    return verdict(-gaps, (-row["high"], -row["low"]), outcome, people)


def first_of(found: Found) -> Verdict:
    """Give the verdict that is told first: of an outcome counted in people that differs, or of the
    first that is shown.
    """
    every = verdicts(found)
    among_people = [every[name] for name in TOLD if name in every]
    worth = [each for each in among_people if is_told(each)]
    return next(iter([*worth, *every.values()]))
