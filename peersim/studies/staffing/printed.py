"""What is printed of a staffing study: the numbers tried, what they come to, the levers, and the
answers to a loss.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from peersim.kernel.statistics import SAME, TOO_CLOSE
from peersim.studies.staffing.levers import AS_CONFIGURED
from peersim.studies.staffing.losses import BEHIND, EVERYONE, OTHERS
from peersim.studies.staffing.needed import AVERAGE, SURELY
from peersim.studies.staffing.remedies import GO_ON
from peersim.studies.staffing.waits import MEASURES, MEETING, PLACE

if TYPE_CHECKING:
    import polars as pl

    from peersim.studies.staffing.study import Staffed

PLACES = "a place (a match, a group, access)"
ANOTHER = "it is another programme rather than an answer to the loss"
SHOWN = (
    ("connectedness", EVERYONE, "connected-\nness, all"),
    ("retained", EVERYONE, "retained,\nall"),
    ("met_again", BEHIND, "met again,\nleft behind"),
    ("gone", BEHIND, "gone,\nleft behind"),
    ("strain", OTHERS, "strain,\nsupporters"),
)
"""Outcomes of an answer that are printed, with their heading."""


def told(tables: Mapping[str, pl.DataFrame], staffed: Staffed) -> str:
    """Print the numbers tried, what follows, what else would help, and what answers a loss."""
    parts = [
        head(staffed, tables),
        _numbers(tables, staffed),
        "\n".join(conclusions(tables, staffed)),
        _levers(tables),
    ]
    if "after_loss" in tables:
        parts += [_loss(tables, week, staffed) for week in staffed.looked_at]
        parts += ["\n".join(after_conclusions(tables, staffed))]
    return "\n\n".join(parts)


def head(staffed: Staffed, tables: Mapping[str, pl.DataFrame]) -> str:
    """Say who is asked for what, and in how many worlds."""
    signed = float(tables["waits"].filter(lever=AS_CONFIGURED)["signed_up"].to_numpy().mean())
    return (
        f"{staffed.scenario.population.recipients} people are invited, {signed:.0f} of them sign up, on average over\n"
        f"{staffed.sets} plausible sets of parameters with {staffed.worlds} worlds each. Asked for: "
        f"{staffed.promise.share:.0%} of those who sign up\nwait less than {staffed.promise.wait} weeks from then."
    )


def _numbers(tables: Mapping[str, pl.DataFrame], staffed: Staffed) -> str:
    rows = tables["waits"].filter(lever=AS_CONFIGURED)
    places = {row["supporters"]: row for row in rows.filter(measure=PLACE).iter_rows(named=True)}
    lines = [
        "supporters   become   a place   first meeting in time   promise kept   median   never",
        "   invited   active   in time    (9 worlds in 10)       in of worlds     wait     met",
    ]
    for row in rows.filter(measure=MEETING).iter_rows(named=True):
        band = f"{row['share']:5.0%} ({row['share_low']:.0%} to {row['share_high']:.0%})"
        wait = "-" if row["median_wait"] is None else f"{row['median_wait']:.0f}"
        own = (
            "   as configured"
            if row["supporters"] == staffed.scenario.population.supporters
            else ""
        )
        lines.append(
            f"{row['supporters']:10}   {row['active']:6.1f}   {places[row['supporters']]['share']:7.0%}   {band:21}   "
            f"{row['kept']:12.0%}   {wait:>6}   {row['never_met']:5.0%}{own}"
        )
    return "\n".join(lines)


def conclusions(tables: Mapping[str, pl.DataFrame], staffed: Staffed) -> list[str]:
    """Say how many it takes, or that no number does and why."""
    needed = tables["needed"].filter(lever=AS_CONFIGURED)
    found = []
    for measure, what in ((MEETING, "their first meeting"), (PLACE, PLACES)):
        average, surely = (
            needed.row(by_predicate=_is(measure, each), named=True) for each in (AVERAGE, SURELY)
        )
        worlds = f"in {staffed.promise.sure:.0%} of worlds"
        if surely["supporters"] is not None and surely["supporters"] == min(
            staffed.tried[0].worlds
        ):
            found.append(
                f"For {what}: the fewest tried, {surely['supporters']}, are enough; nobody waits for that."
            )
            continue
        found.append(
            f"For {what}: {_number(average)} on average; to be so {worlds}, {_number(surely)}."
            if average["supporters"] is not None
            else f"For {what}: no number of supporters up to {average['most']} does it, not even on average; the best "
            f"is {average['best_share']:.0%}."
        )
    return [*found, why(tables), invited(tables, staffed)]


def _is(measure: str, criterion: str) -> Any:
    import polars as pl

    return (pl.col("measure") == measure) & (pl.col("criterion") == criterion)


def _number(row: Mapping[str, Any]) -> str:
    if row["supporters"] is None:
        return f"no number up to {row['most']} does"
    most = (
        f"{row['supporters_high']}"
        if row["supporters_high"] is not None
        else f"more than {row['most']}"
    )
    return (
        f"{row['supporters']} supporters must be invited (somewhere from {row['supporters_low']} to {most}, by the "
        f"interval), of whom {row['active']:.0f} become active"
    )


def why(tables: Mapping[str, pl.DataFrame]) -> str:
    """Say what keeps people from beginning in time where there are most supporters."""
    ends = tables["waiting_ends"].filter(lever=AS_CONFIGURED)
    most = max(ends["supporters"])
    of = dict(ends.filter(supporters=most).select("end", "share").iter_rows())
    return (
        f"With {most} invited, {of['met in time']:.0%} meet in time; {of['a place in time, but not met']:.0%} have a "
        f"place in time and do not meet in time, {of['a place too late']:.0%} have their place too late, "
        f"{of['gave up waiting']:.0%} give up before they have one, and {of['still waiting']:.0%} never get one. More "
        "supporters can shorten the last three only."
    )


def invited(tables: Mapping[str, pl.DataFrame], staffed: Staffed) -> str:
    """Say how many of those invited become supporters at all."""
    rows = tables["waits"].filter(lever=AS_CONFIGURED, measure=PLACE).sort("supporters")
    last = rows.row(-1, named=True)
    return (
        f"Numbers are of people invited to be supporters: {last['active'] / last['supporters']:.0%} of them take up "
        f"and finish the training and become active ({last['active_low'] / last['supporters']:.0%} to "
        f"{last['active_high'] / last['supporters']:.0%} in nine worlds in ten)."
    )


def _levers(tables: Mapping[str, pl.DataFrame]) -> str:
    rows = tables["needed"]
    labels = dict(rows.select("lever", "label").iter_rows())
    width = max(len(label) for label in labels.values())
    lines = [
        "What else would help: supporters to be invited, on average / surely (-: no number tried is enough)",
        f"{'':{width}}   a place       first meeting   most who begin in time",
    ]
    for lever, label in labels.items():
        own = rows.filter(lever=lever)
        cells = {measure: cell_of(own.filter(measure=measure)) for measure in MEASURES}
        best = own.filter(measure=MEETING)["best_share"][0]
        lines.append(f"{label:{width}}   {cells[PLACE]:11}   {cells[MEETING]:13}   {best:.0%}")
    return "\n".join(lines)


def cell_of(rows: pl.DataFrame) -> str:
    """Write the numbers needed on average and surely."""
    of = dict(rows.select("criterion", "supporters").iter_rows())
    return " / ".join("-" if of[each] is None else f"{of[each]}" for each in (AVERAGE, SURELY))


# -- a loss --------------------------------------------------------------------------------------


def _loss(tables: Mapping[str, pl.DataFrame], week: int, staffed: Staffed) -> str:
    rows = tables["after_loss"].filter(week=week)
    labels = dict(rows.select("answer", "label").iter_rows())
    width = max(len(label) for label in labels.values())
    first, second = zip(*(heading.split("\n") for *_, heading in SHOWN), strict=True)
    lines = [
        f"At the end of week {week}, against going on without them (=: the same; ≈: too close to call)",
        f"{'':{width}}   " + "   ".join(f"{text:>17}" for text in first),
        f"{'':{width}}   " + "   ".join(f"{text:>17}" for text in second),
    ]
    for answer, label in labels.items():
        own = rows.filter(answer=answer)
        cells = [_cell(own, outcome, whose) for outcome, whose, _ in SHOWN]
        lines.append(f"{label:{width}}   " + "   ".join(f"{cell:>17}" for cell in cells))
    return "\n".join(lines)


def _cell(rows: pl.DataFrame, outcome: str, whose: str) -> str:
    row = rows.filter(outcome=outcome, whose=whose).row(0, named=True)
    return answer_cell(row)


def answer_cell(row: Mapping[str, Any]) -> str:
    """Write the mean of an outcome, and its difference from going on or that it is too close to
    call.
    """
    if row["mean"] != row["mean"]:
        return "-"
    is_share = row["outcome"] in ("retained", "met_again", "gone", "overloaded")
    mean = f"{row['mean']:.0%}" if is_share else f"{row['mean']:.3f}"
    if row["answer"] == GO_ON:
        return mean
    if row["verdict"] == SAME:
        return f"{mean} (=)"
    gap = f"{100 * row['against_going_on']:+.0f}" if is_share else f"{row['against_going_on']:+.3f}"
    gap = f"{gap[0]}<0.001" if gap[1:] == "0.000" else gap
    return f"{mean} ({'≈' if row['verdict'] == TOO_CLOSE else gap})"


def after_conclusions(tables: Mapping[str, pl.DataFrame], staffed: Staffed) -> list[str]:
    """Say what the loss costs, what serves those left behind best, and which answers are no answers
    to a loss.
    """
    rows, week = tables["after_loss"], staffed.looked_at[0]
    return [*_cost(rows, week, staffed), *_best(rows, week), *_anyway(rows, staffed.looked_at[-1])]


def _cost(rows: pl.DataFrame, week: int, staffed: Staffed) -> Iterator[str]:
    there = rows.filter(answer=GO_ON)
    one = there.row(0, named=True)
    lost, few = staffed.promise.lost, one["left"] < staffed.promise.lost - 0.05
    leave = (
        f"{one['left']:.1f} supporters leave (there are not always {lost})"
        if few
        else f"{lost} supporters leave"
    )
    yield f"In week {staffed.promise.at}, {leave} and {one['behind']:.1f} people lose theirs, on average."
    for outcome in ("connectedness", "retained"):
        row = there.filter(outcome=outcome, whose=EVERYONE, week=week).row(0, named=True)
        gap = [
            row[name] for name in ("against_nobody", "against_nobody_low", "against_nobody_high")
        ]
        digits = 3 if max(map(abs, gap)) >= 0.005 else 4
        cost = f"{gap[0]:+.{digits}f} ({gap[1]:+.{digits}f} to {gap[2]:+.{digits}f})"
        unsure = ", too close to call" if gap[1] <= 0 <= gap[2] else ""
        yield f"If nothing is done, {outcome} of all invited is {cost} by week {week}, against nobody leaving{unsure}."


def _best(rows: pl.DataFrame, week: int) -> Iterator[str]:
    for outcome, text in (("met_again", "have met somebody again"), ("gone", "are gone")):
        there = rows.filter(outcome=outcome, whose=BEHIND, week=week)
        best = there.filter(standing="best")
        if not len(best):
            continue
        row = best.row(0, named=True)
        close = there.filter(standing=TOO_CLOSE)["label"].to_list()
        also = f" Too close to it to call: {'; '.join(close)}." if close else ""
        word = "most" if outcome == "met_again" else "fewest"
        none = there.filter(answer=GO_ON)["mean"][0]
        yield (
            f"Of those left behind, {word} {text} by week {week} with: {row['label']} ({row['mean']:.0%}; if nothing "
            f"is done {none:.0%}).{also}"
        )


def _anyway(rows: pl.DataFrame, week: int) -> Iterator[str]:
    changes = rows.filter(outcome="connectedness", whose=EVERYONE, week=week).drop_nulls("anyway")
    for row in changes.iter_rows(named=True):
        gain, always = row["against_going_on"], row["anyway"]
        if row["verdict"] == TOO_CLOSE:
            yield f"To {row['label']} makes no difference to connectedness of all invited that is told by week {week}."
            continue
        is_same = gain * always > 0 and abs(always) >= abs(gain) / 2
        yield (
            f"To {row['label']} makes {gain:+.3f} in connectedness of all invited by week {week}, and {always:+.3f} "
            f"where nobody has left: {ANOTHER if is_same else 'mostly an answer to the loss'}."
        )
