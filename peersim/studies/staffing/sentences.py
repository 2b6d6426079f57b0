"""What a staffing study says: how many it takes, why people wait, and what a loss does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from peersim.kernel.catalogue import Sentence
from peersim.kernel.statistics import SAME, SMALL, TOO_CLOSE, is_small
from peersim.model.outcomes import smallest_of
from peersim.presentation.exhibit import PAGE, Statement
from peersim.presentation.in_people import outwards, said
from peersim.studies.staffing.levers import AS_CONFIGURED
from peersim.studies.staffing.losses import BEHIND, EVERYONE
from peersim.studies.staffing.needed import AVERAGE, SURELY
from peersim.studies.staffing.remedies import GO_ON
from peersim.studies.staffing.waits import MEETING, PLACE

if TYPE_CHECKING:
    from peersim.studies.study import Found

SEEN = 0.005
"""A share that is shown as more than nothing."""
LIMITS = ("invited", "trained", "chance", "events", "found")
KEYS = {MEETING: "meeting", PLACE: "place"}


def sentences(found: Found) -> Iterator[Statement]:
    """Give every sentence."""
    waits = found.tables["waits"].filter(lever=AS_CONFIGURED)
    promise, facts = found.facts["promise"], found.facts
    signed = float(waits["signed_up"].to_numpy().mean())
    about = {"people": facts["people"], "share": promise["share"], "wait": promise["wait"]}
    yield Statement("staffing.head", {**about, "signed": signed}, table="waits")
    for measure in (MEETING, PLACE):
        yield from enough(found, measure)
    yield why(found.tables["waiting_ends"])
    trained = Statement("staffing.trained", section="why")
    yield trained if facts["trained"] else invited(waits)
    for key, section in (("how", "numbers"), ("how_else", "else")):
        yield Statement(f"staffing.{key}", section=section, outlets=(PAGE,))
    if facts["looked_at"]:
        yield Statement("staffing.how_loss", section="loss", outlets=(PAGE,))
        yield from after_loss(found)
    for limit in LIMITS:
        yield Statement(f"staffing.limits.{limit}", section="limits", outlets=(PAGE,))


def enough(found: Found, measure: str) -> Iterator[Statement]:
    """Say how many supporters it takes, or that no number does."""
    needed = found.tables["needed"].filter(lever=AS_CONFIGURED, measure=measure)
    average, surely = (
        needed.filter(criterion=each).row(0, named=True) for each in (AVERAGE, SURELY)
    )
    words = f"staffing.enough.{KEYS[measure]}"
    if surely["supporters"] is not None and surely["supporters"] == found.facts["fewest"]:
        yield Statement(f"{words}.fewest", {"n": surely["supporters"]}, table="needed")
        return
    yield _enough(f"{words}.average", average, {"best": average["best_share"]}, f"{words}.none")
    if average["supporters"] is not None:
        sure = {"sure": found.facts["promise"]["sure"]}
        yield _enough(f"{words}.surely", surely, sure, f"{words}.surely_none")


def _enough(key: str, row: Mapping[str, Any], more: Mapping[str, Any], if_none: str) -> Statement:
    values = {
        **more,
        "n": row["supporters"],
        "low": row["supporters_low"],
        "high": row["supporters_high"],
        "active": row["active"],
        "most": row["most"],
    }
    if row["supporters"] is None:
        return Statement(if_none, values, table="needed")
    is_open = row["supporters_high"] is None
    return Statement(f"{key}_open" if is_open else key, values, table="needed")


def why(ends: pl.DataFrame) -> Statement:
    """Say what keeps people from beginning in time where there are most supporters."""
    own = ends.filter(lever=AS_CONFIGURED)
    most = max(own["supporters"])
    of = dict(own.filter(supporters=most).select("end", "share").iter_rows())
    values = {
        "supporters": most,
        "met": of["met in time"],
        "unmet": of["a place in time, but not met"],
        "late": of["a place too late"],
        "gave_up": of["gave up waiting"],
        "waiting": of["still waiting"],
    }
    late = max(values[name] for name in ("late", "gave_up", "waiting"))
    key = "why" if late >= SEEN else "why_enough"
    return Statement(f"staffing.{key}", values, section="why", table="waiting_ends")


def invited(waits: pl.DataFrame) -> Statement:
    """Say how many of those who are asked become supporters at all."""
    last = waits.filter(measure=PLACE).sort("supporters").row(-1, named=True)
    names = {"share": "active", "low": "active_low", "high": "active_high"}
    values = {name: last[column] / last["supporters"] for name, column in names.items()}
    return Statement("staffing.invited", values, section="why", table="waits")


# -- a loss ---------------------------------------------------------------------------------------
def after_loss(found: Found) -> Iterator[Statement]:
    """Say what the loss costs, what serves those left behind best, and which answers are none."""
    rows, weeks = found.tables["after_loss"], found.facts["looked_at"]
    for key, values in (
        *_cost(rows, weeks[0], found.facts["promise"], found.facts["people"]),
        *_best(rows, weeks[0], found.facts["answers"]),
        *_anyway(rows, weeks[-1], found.facts["answers"]),
    ):
        yield Statement(f"staffing.loss.{key}", values, section="loss", table="after_loss")


Keyed = Iterator[tuple[str, dict[str, Any]]]


def _cost(rows: pl.DataFrame, week: int, promise: Mapping[str, Any], people: int) -> Keyed:
    there = rows.filter(answer=GO_ON)
    one = there.row(0, named=True)
    key = "few" if one["left"] < promise["lost"] - 0.05 else "all"
    yield key, {**promise, "n": promise["lost"], "left": one["left"], "behind": one["behind"]}
    for outcome in ("connectedness", "retained"):
        row = there.filter(outcome=outcome, whose=EVERYONE, week=week).row(0, named=True)
        names = {
            "gap": "against_nobody",
            "low": "against_nobody_low",
            "high": "against_nobody_high",
        }
        values = {name: row[column] for name, column in names.items()}
        more: dict[str, Any] = {"week": week}
        if outcome == "retained":
            ends = outwards(values["low"], values["high"], outcome, people)
            more |= {"span": said(ends, outcome, people, {"table": "after_loss"}), "people": people}
        yield f"{outcome}{_how_sure(values, outcome)}", {**values, **more}


def _how_sure(values: Mapping[str, float], outcome: str) -> str:
    """End of the key: whether a change is clear, too small for anyone to notice, or open."""
    if is_small(values["low"], values["high"], smallest_of(outcome)):
        return "_small"
    return "_unsure" if values["low"] <= 0 <= values["high"] else ""


def _best(rows: pl.DataFrame, week: int, answers: Mapping[str, Any]) -> Keyed:
    for outcome in ("met_again", "gone"):
        there = rows.filter(outcome=outcome, whose=BEHIND, week=week)
        best = there.filter(standing="best")
        if not len(best):
            continue
        row = best.row(0, named=True)
        none = there.filter(answer=GO_ON)["mean"][0]
        answer = Sentence(*answers[row["answer"]])
        yield outcome, {"week": week, "answer": answer, "mean": row["mean"], "none": none}
        for key, standing in (("close", TOO_CLOSE), ("alike", SMALL)):
            if those := there.filter(standing=standing)["answer"].to_list():
                names = "; ".join(str(Sentence(*answers[each])) for each in those)
                yield key, {"answers": names}


def _anyway(rows: pl.DataFrame, week: int, answers: Mapping[str, Any]) -> Keyed:
    changes = rows.filter(outcome="connectedness", whose=EVERYONE, week=week).drop_nulls("anyway")
    for row in changes.iter_rows(named=True):
        gain, always = row["against_going_on"], row["anyway"]
        values = {
            "week": week,
            "answer": Sentence(*answers[row["answer"]]),
            "gain": gain,
            "always": always,
        }
        if row["verdict"] in (TOO_CLOSE, SMALL, SAME):
            yield "no_difference" if row["verdict"] == TOO_CLOSE else "too_small", values
            continue
        is_same = gain * always > 0 and abs(always) >= abs(gain) / 2
        yield "another" if is_same else "an_answer", values
