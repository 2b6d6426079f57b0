"""The tables that a staffing study shows: the numbers tried, the levers, and the answers to a
loss.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from peersim.kernel.catalogue import Sentence, Value, say
from peersim.kernel.statistics import SAME, SMALL, TOO_CLOSE
from peersim.presentation.exhibit import Cell, Column, Exhibit, Row
from peersim.studies.staffing.levers import AS_CONFIGURED
from peersim.studies.staffing.losses import BEHIND, EVERYONE, OTHERS
from peersim.studies.staffing.needed import AVERAGE, SURELY
from peersim.studies.staffing.remedies import GO_ON
from peersim.studies.staffing.waits import MEETING, PLACE

if TYPE_CHECKING:
    from peersim.studies.study import Found

ANSWERS = (
    ("connectedness", EVERYONE),
    ("retained", EVERYONE),
    ("met_again", BEHIND),
    ("gone", BEHIND),
    ("strain", OTHERS),
)
"""Outcomes of an answer that are shown, and of whom."""


def exhibits(found: Found) -> Iterator[Exhibit]:
    """Give every table."""
    yield numbers(found)
    yield levers(found.tables["needed"], found.facts["levers"])
    for week in found.facts["looked_at"]:
        yield answers(found.tables["after_loss"], week, found.facts["answers"])


def lever_name(labels: Mapping[str, Any], lever: str) -> str:
    """Name what was tried."""
    return say("staffing.own") if lever == AS_CONFIGURED else str(Sentence(*labels[lever]))


def numbers(found: Found) -> Exhibit:
    """More and more supporters, the programme as configured."""
    rows = found.tables["waits"].filter(lever=AS_CONFIGURED)
    places = dict(rows.filter(measure=PLACE).select("supporters", "share").iter_rows())
    own = found.facts["supporters"]
    return Exhibit(
        "staffing.numbers",
        columns=[
            Column("supporters", "0"),
            Column("active", "1", rank=1),
            Column("place", "%", value=lambda row: Value(places[row["supporters"]], "%")),
            Column("meeting", "%", "share", span=("share_low", "share_high")),
            Column("kept", "%"),
            Column("median_wait", "0", rank=2),
            Column("never_met", "%", rank=3),
            Column(
                "own", value=lambda row: say("staffing.own") if row["supporters"] == own else ""
            ),
        ],
        rows=rows.filter(measure=MEETING).to_dicts(),
        table="waits",
        by=("lever", "measure", "supporters"),
        section="numbers",
    )


def levers(needed: pl.DataFrame, labels: Mapping[str, Any]) -> Exhibit:
    """What each lever makes of the number that is needed."""
    rows = []
    for lever in needed["lever"].unique(maintain_order=True):
        own = needed.filter(lever=lever)
        best = own.filter(measure=MEETING)["best_share"][0]
        rows.append({"lever": lever, "best_share": best, "of": own})

    def enough(measure: str) -> Any:
        return lambda row: Sentence(
            "staffing.levers.enough",
            {
                name: Value(_supporters(row["of"], measure, criterion), "0")
                for name, criterion in (("average", AVERAGE), ("surely", SURELY))
            },
        )

    return Exhibit(
        "staffing.levers",
        columns=[
            Column("lever", value=lambda row: lever_name(labels, row["lever"])),
            Column("place", "0", value=enough(PLACE)),
            Column("meeting", "0", value=enough(MEETING)),
            Column("best_share", "%", rank=1),
        ],
        rows=rows,
        table="needed",
        by=("lever",),
        section="else",
    )


def _supporters(needed: pl.DataFrame, measure: str, criterion: str) -> int | None:
    found: int | None = needed.filter(measure=measure, criterion=criterion)["supporters"][0]
    return found


def answers(after: pl.DataFrame, week: int, labels: Mapping[str, Any]) -> Exhibit:
    """What each answer to the loss makes of people, by one week."""

    def of(outcome: str, whose: str) -> Callable[[Row], Cell]:
        return lambda row: difference(row["of"][outcome, whose])

    by_answer = after.filter(week=week).partition_by("answer", as_dict=True, maintain_order=True)
    rows = [
        {"answer": answer[0], "of": {(row["outcome"], row["whose"]): row for row in own.to_dicts()}}
        for answer, own in by_answer.items()
    ]
    return Exhibit(
        "staffing.answers",
        columns=[
            Column("answer", value=lambda row: Sentence(*labels[row["answer"]])),
            *(Column(outcome, "g", value=of(outcome, whose)) for outcome, whose in ANSWERS),
        ],
        rows=rows,
        table="after_loss",
        by=("answer",),
        section="loss",
        values={"week": week},
    )


def difference(row: Mapping[str, Any]) -> Sentence | Value:
    """Give the mean of an outcome, and its difference from going on, or that nobody can tell."""
    is_share = row["outcome"] in ("retained", "met_again", "gone", "overloaded")
    origin = {
        "table": "after_loss",
        **{key: row[key] for key in ("answer", "outcome", "whose", "week")},
    }
    mean = Value(row["mean"], "%" if is_share else "3", {**origin, "what": "mean"})
    if row["mean"] != row["mean"] or row["answer"] == GO_ON:
        return mean
    gap = Value(
        row["against_going_on"],
        "+points" if is_share else "+3",
        {**origin, "what": "against_going_on"},
    )
    kind = {SAME: "same", SMALL: "small", TOO_CLOSE: "too_close"}.get(row["verdict"], "differs")
    return Sentence(f"staffing.answers.{kind}", {"mean": mean, "gap": gap})
