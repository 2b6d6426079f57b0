"""From the worlds of a staffing study to tables: who waits how long, how many it takes, what
answers a loss.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import polars as pl

from peersim.kernel.statistics import (
    SMALL,
    TOO_CLOSE,
    WORSE,
    chance_of_best,
    estimate,
    paired,
    set_means,
)
from peersim.model.outcomes import SMALLEST
from peersim.studies.staffing.losses import MEASUREMENTS, After
from peersim.studies.staffing.needed import CRITERIA, SURELY, Tried, kept
from peersim.studies.staffing.remedies import GO_ON, NOBODY_LEFT
from peersim.studies.staffing.waits import ENDS, MEASURES

if TYPE_CHECKING:
    from peersim.studies.staffing.options import Promise
    from peersim.studies.staffing.remedies import Remedy

    Values = Callable[[Sequence[After]], np.ndarray]

NINE_IN_TEN = (0.05, 0.95)
BEST = "best"


class Answered(NamedTuple):
    """What one answer to a loss led to: in the worlds with the loss, and its design in worlds
    without.
    """

    remedy: Remedy
    after: list[After]
    anyway: list[After]


class Staffed(NamedTuple):
    """All that was run.

    Attributes
    ----------
    promise : Promise
    tried : list of Tried
        The programme as configured first, then with each lever.
    answers : list of Answered
        The reference in which nobody leaves first, then going on; none if nobody is to leave.
    looked_at : list of int
        Weeks after the loss at which the answers are compared.
    sets, worlds : int
        Sets of parameters, and worlds with each.
    """

    promise: Promise
    tried: list[Tried]
    answers: list[Answered]
    looked_at: list[int]
    sets: int
    worlds: int


def staffing_tables(staffed: Staffed) -> dict[str, pl.DataFrame]:
    """Make all tables of the study."""
    tried = staffed.tried
    tables = {
        "waits": pl.DataFrame([row for each in tried for row in _waits(each, staffed)]),
        "waiting_ends": pl.DataFrame([row for each in tried for row in _ends(each)]),
        "needed": pl.DataFrame(
            [row for each in tried for row in _needed(each, staffed)], infer_schema_length=None
        ),
    }
    if staffed.answers:
        tables["after_loss"] = pl.DataFrame(list(_answers(staffed)), infer_schema_length=None)
    return tables


def _about(tried: Tried) -> dict[str, Any]:
    return {"lever": tried.variant.name, "label": tried.variant.label.english}


def _waits(tried: Tried, staffed: Staffed) -> Iterator[dict[str, Any]]:
    """One row a number of supporters and measure."""
    for number, worlds in sorted(tried.worlds.items()):
        active, signed = np.array([w.active for w in worlds]), np.array([w.signed for w in worlds])
        low, high = np.quantile(active, NINE_IN_TEN)
        lengths = np.sum([world.lengths for world in worlds], axis=0)
        for measure in MEASURES:
            shares = tried.shares(number, measure)
            least, most = np.nanquantile(shares, NINE_IN_TEN)
            yield _about(tried) | {
                "supporters": number,
                "active": active.mean(),
                "active_low": low,
                "active_high": high,
                "signed_up": signed.mean(),
                "measure": measure,
                "share": float(np.nanmean(shares)),
                "share_low": least,
                "share_high": most,
                "kept": kept(shares, staffed.promise.share),
                "median_wait": median_wait(lengths),
                "never_met": lengths[-1] / max(1, lengths.sum()),
                "runs": len(worlds),
            }


def median_wait(lengths: np.ndarray) -> float | None:
    """The median of waits given as how many waited 0, 1, 2, ... weeks, the last being those who
    wait for ever.

    >>> median_wait(np.array([2, 5, 1, 0])), median_wait(np.array([1, 0, 3]))
    (1.0, None)
    """
    place = int(np.searchsorted(np.cumsum(lengths), lengths.sum() / 2))
    return float(place) if place < len(lengths) - 1 else None


def _ends(tried: Tried) -> Iterator[dict[str, Any]]:
    """One row a number of supporters and what became of those who signed up."""
    for number, worlds in sorted(tried.worlds.items()):
        shares = np.nanmean([world.ends for world in worlds], axis=0)
        for end, share in zip(ENDS, shares, strict=True):
            yield _about(tried) | {
                "supporters": number,
                "end": end,
                "share": share,
                "runs": len(worlds),
            }


def _needed(tried: Tried, staffed: Staffed) -> Iterator[dict[str, Any]]:
    """One row a lever, measure and criterion: the smallest number that keeps the promise, and the
    best any does.
    """
    for measure in MEASURES:
        best = max(float(np.nanmean(tried.shares(number, measure))) for number in tried.worlds)
        for criterion in CRITERIA:
            number = tried.needed[measure, criterion]
            active = (
                None
                if number is None
                else float(np.mean([world.active for world in tried.worlds[number]]))
            )
            yield _about(tried) | {
                "measure": measure,
                "criterion": criterion,
                "supporters": number,
                **_between(tried, measure, criterion, staffed),
                "active": active,
                "best_share": best,
                "most": max(tried.worlds),
            }


def _between(tried: Tried, measure: str, criterion: str, staffed: Staffed) -> dict[str, int | None]:
    """From which number on it may be enough, and from which it is by the whole interval of what is
    asked for.
    """
    promise, low, high = staffed.promise, None, None
    for number in sorted(tried.worlds):
        shares, asked = tried.shares(number, measure), promise.share
        if criterion == SURELY:
            shares = np.where(np.isfinite(shares), shares >= promise.share - 1e-9, np.nan)
            asked = promise.sure
        found = estimate(set_means(shares, staffed.sets))
        low = number if low is None and found.high >= asked else low
        high = number if high is None and found.low >= asked else high
    return {"supporters_low": low, "supporters_high": high}


def _answers(staffed: Staffed) -> Iterator[dict[str, Any]]:
    """One row an answer, week and reading, set by set of parameters against nobody leaving and
    against going on.
    """
    by_name = {each.remedy.name: each for each in staffed.answers}
    reference, go_on = by_name[NOBODY_LEFT].after, by_name[GO_ON].after
    for place, week in enumerate(staffed.looked_at):
        for kind, (outcome, whose, better, unit) in enumerate(MEASUREMENTS):
            smallest = SMALLEST[unit].difference

            def values(after: Sequence[After], place: int = place, kind: int = kind) -> np.ndarray:
                return set_means(
                    np.array([each.values[place, kind] for each in after]), staffed.sets
                )

            best, standing = (
                best_answers(staffed, values, better),
                against_best(staffed, values, (better, smallest)),
            )
            for each in staffed.answers:
                own = values(each.after)
                short, gain = (
                    paired(own, values(other), better, smallest=smallest)
                    for other in (reference, go_on)
                )
                always = (
                    paired(values(each.anyway), values(reference), better) if each.anyway else None
                )
                yield {
                    "answer": each.remedy.name,
                    "label": each.remedy.label.english,
                    "week": week,
                    "whose": whose,
                    "outcome": outcome,
                    "mean": estimate(own).mean,
                    "against_nobody": short.difference,
                    "against_nobody_low": short.low,
                    "against_nobody_high": short.high,
                    "against_going_on": gain.difference,
                    "against_going_on_low": gain.low,
                    "against_going_on_high": gain.high,
                    "verdict": gain.verdict,
                    "standing": standing.get(each.remedy.name),
                    "best_share": best.get(each.remedy.name),
                    "anyway": always and always.difference,
                    "left": float(np.mean([one.left for one in each.after])),
                    "behind": float(np.mean([one.behind for one in each.after])),
                    "sets": gain.runs,
                    "runs": len(each.after),
                }


def against_best(staffed: Staffed, values: Values, interest: tuple[str, float]) -> dict[str, str]:
    """Say of each answer whether it is the best on average, worse than it, no different that anyone
    would notice, or too close to it to call; `interest`: direction and smallest difference.
    """
    real = {
        each.remedy.name: values(each.after)
        for each in staffed.answers
        if each.remedy.name != NOBODY_LEFT
    }
    known = {name: own for name, own in real.items() if np.isfinite(own).any()}
    if not known:
        return {}
    better, smallest = interest
    sign = 1 if better == "higher" else -1
    best = max(known, key=lambda name: sign * float(np.nanmean(known[name])))
    found = {
        name: paired(own, known[best], better, smallest=smallest).verdict
        for name, own in known.items()
    }
    return {
        name: verdict if verdict in (WORSE, SMALL) else TOO_CLOSE for name, verdict in found.items()
    } | {best: BEST}


def best_answers(staffed: Staffed, values: Values, better: str) -> dict[str, float]:
    """In what share of the sets of parameters each answer is best on average; those level at the
    top share it.
    """
    real = [each for each in staffed.answers if each.remedy.name != NOBODY_LEFT]
    by_set = np.array([values(each.after) for each in real])
    known = by_set[:, np.isfinite(by_set).all(axis=0)]
    if not known.size:
        return {}
    shares = chance_of_best(np.round(known, 12), better)
    return {each.remedy.name: float(share) for each, share in zip(real, shares, strict=True)}
