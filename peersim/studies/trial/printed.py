"""What a study of trials prints: one trial as it would be reported, then what many of them say."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import polars as pl

from peersim.kernel.evidence import table as evidence
from peersim.presentation.numbers import MINUS
from peersim.presentation.wording import rounded
from peersim.studies.trial.measurement import PRIMARY
from peersim.studies.trial.summary import CONFIGURED, END, PLAUSIBLE, published
from peersim.studies.trial.tables import ADJUSTED, CHANGE

if TYPE_CHECKING:
    from peersim.studies.trial.study import Conducted

WIDTH = 116
NAMES = {"recovery": "recovery (0-60)", "ties": "people in touch"}
_DIGITS = {"recovery": 1, "ties": 1}
NOMINAL, MANY = 0.95, 99_000


def digits_of(outcome: str) -> int:
    """Decimals with which an outcome is written."""
    return _DIGITS.get(outcome, 3)


def named(outcome: str) -> str:
    """Name an outcome of a trial, with its scale."""
    return NAMES.get(outcome, f"{outcome} (0-1)")


def number(value: float | None, digits: int, signed: bool = False) -> str:
    r"""Write a number; zero has no sign.

    >>> number(-0.123, 2), number(0.5, 1, signed=True), number(0.001, 1, signed=True), number(None, 1)
    ('−0.12', '+0.5', '0.0', '-')
    """
    if value is None or value != value:
        return "-"
    text = f"{value:{'+' if signed else ''}.{digits}f}"
    return (text if any(digit in text for digit in "123456789") else text.lstrip("+-")).replace(
        "-", MINUS
    )


def span(low: float | None, high: float | None, digits: int, signed: bool = False) -> str:
    """Write an interval."""
    return (
        f"{number(low, digits, signed)} to {number(high, digits, signed)}"
        if low is not None
        else "-"
    )


def percent(value: float | None) -> str:
    """Write a share."""
    return "-" if value is None or value != value else f"{100 * value:.0f} %"


def told(tables: Mapping[str, pl.DataFrame], conducted: Conducted) -> str:
    """Set out everything, no wider than `WIDTH` characters."""
    parts = [
        head(conducted),
        one(tables),
        taking_part(tables),
        many(tables, conducted),
        in_words(tables, conducted),
        sizes(tables, conducted),
    ]
    return "\n" + "\n\n".join(parts)


def _filled(*sentences: str) -> str:
    return "\n".join(textwrap.fill(each, WIDTH, subsequent_indent="  ") for each in sentences)


def head(conducted: Conducted) -> str:
    """Say who, what and when."""
    design = conducted.design
    protocol, people, times = design.protocol, design.scenario.population, design.timetable
    what, places = (
        "+".join(design.scenario.communities),
        f"{design.sites} place{'s' if design.sites > 1 else ''}",
    )
    later = f", and again {times.follow_up - times.end} weeks later" if times.follow_up else ""
    gone = ", and more of those who never began or have left" if protocol.lost_if_gone > 1 else ""
    by_rule = f"a wait that four in five of those who begin keep to, and then {times.course} weeks"
    given = "as asked for" if protocol.weeks else by_rule
    return _filled(
        f"A trial of {what}: {protocol.intervention} people randomised to it, {protocol.usual} to service as usual, in "
        f"{places} with {people.supporters} invited supporters each.",
        f"Measured with error at enrolment and {times.end} weeks after it ({given}){later}; {percent(protocol.lost)} "
        f"of both arms are lost to follow-up{gone}.",
    )


def one(tables: Mapping[str, pl.DataFrame]) -> str:
    """Set out a single trial as its report would."""
    rows = tables["trial"].filter(analysis=ADJUSTED)
    first = rows.row(0, named=True)
    lines = [
        _filled(
            f"ONE TRIAL (seed {first['seed']}; {first['people_programme']} and {first['people_usual']} people measured "
            f"at the end; {first['units']} groups, or supporters with several people)"
        ),
        "",
        _columns(
            "",
            "programme",
            "usual",
            "difference",
            "95 % interval",
            "d",
            "95 % interval",
            "ICC",
            "true effect",
        ),
    ]
    for row in rows.iter_rows(named=True):
        digits = digits_of(row["outcome"])
        lines.append(
            _columns(
                _in_time(row),
                number(row["programme"], digits),
                number(row["usual"], digits),
                number(row["difference"], digits, True),
                span(row["low"], row["high"], digits, True),
                number(row["d"], 2, True),
                span(row["d_low"], row["d_high"], 2, True),
                number(row["icc"], 2),
                number(row["truth"], digits, True),
            )
        )
    lines += [
        "",
        _filled(
            _secondary(tables),
            "Differences are adjusted for the baseline (everybody as randomised, complete cases); d is in standard "
            "deviations of people at the end. Intervals allow for groups in one arm only. True effect: on these very "
            "people, each compared with herself in the world without the programme; no real trial can see it.",
        ),
    ]
    return "\n".join(lines)


def _in_time(row: Mapping[str, Any]) -> str:
    return named(row["outcome"]) if row["time"] == END else f"{row['outcome']}, later"


def _secondary(tables: Mapping[str, pl.DataFrame]) -> str:
    row = tables["trial"].filter(analysis=CHANGE, outcome=PRIMARY, time=END).row(0, named=True)
    digits = digits_of(PRIMARY)
    return (
        f"Secondary analysis, changes from the baseline: {PRIMARY} {number(row['difference'], digits, True)} "
        f"({span(row['low'], row['high'], digits, True)})."
    )


def _columns(name: str, *cells: str) -> str:
    widths = (10, 8, 12, 19, 7, 17, 7, 13)
    return (
        name.ljust(21)
        + "".join(cell.rjust(width) for cell, width in zip(cells, widths, strict=True))
    ).rstrip()


def taking_part(tables: Mapping[str, pl.DataFrame]) -> str:
    """Say how the programme's arm took part."""
    row = tables["trial_attendance"].row(0, named=True)
    every = tables["trial_attendance"].filter(parameters=CONFIGURED)
    mean = {name: every[name].mean() for name in ("started", "completed", "gained", "harmed")}
    return _filled(
        f"Taking part: {percent(row['started'])} of those randomised to the programme began, after a wait of "
        f"{number(row['wait'], 0)} weeks (median). They came to {number(row['attended'], 1)} meetings, "
        f"{percent(row['share'])} of those offered to them while they belonged. {percent(row['completed'])} of all "
        f"randomised had completed, moved on or were still there at the end (over all trials: "
        f"{percent(mean['started'])} and {percent(mean['completed'])}).",  # type: ignore[arg-type]
        f"Whom it helped, which only a simulation can know: {percent(mean['gained'])} ended a point of recovery "  # type: ignore[arg-type]
        f"or more above, {percent(mean['harmed'])} a point or more below where they would have been without it.",  # type: ignore[arg-type]
    )


def many(tables: Mapping[str, pl.DataFrame], conducted: Conducted) -> str:
    """Set out what many trials say."""
    blocks = []
    for parameters, heading in (
        (CONFIGURED, "parameters as configured"),
        (PLAUSIBLE, "plausible parameters"),
    ):
        rows = tables["trial_summary"].filter(parameters=parameters)
        if rows.is_empty():
            continue
        sets = (
            f", {len({trial.set for trial in conducted.plausible})} sets"
            if parameters == PLAUSIBLE
            else ""
        )
        lines = [
            f"{rows['trials'][0]} TRIALS, other people and other luck in each, {heading}{sets}",
            "",
        ]
        lines.append(
            _summary_columns(
                "",
                "true effect",
                "d, mean",
                "95 % of trials",
                "power",
                "covers truth",
                "groups ignored",
                "design effect",
                "needed",
            )
        )
        lines += [_summary_row(row) for row in rows.iter_rows(named=True)]
        blocks.append("\n".join(lines))
    return "\n\n".join(
        [
            *blocks,
            _filled(
                "Power: share of trials whose interval lies above zero. Covers truth: share of intervals that hold the mean "
                "true effect (should be 95 %), and how many would if groups were ignored. Needed: people to be randomised to "
                "each arm for a power of 80 %, by the formula.",
                *too_sure(tables),
            ),
        ]
    )


def too_sure(tables: Mapping[str, pl.DataFrame]) -> list[str]:
    """Name the outcomes whose intervals hold the truth less often than they promise, beyond what
    chance explains.
    """
    rows = tables["trial_summary"].filter(pl.col("coverage_high") < NOMINAL).iter_rows(named=True)
    found = [f"{_in_time(row)} ({percent(row['coverage'])})" for row in rows]
    if not found:
        return []
    return [
        f"Too sure: the intervals of {', '.join(found)}. Those who share a place, a house or a platform have it in "
        "common, and so few places cannot tell how much; an analysis by groups does not know of it."
    ]


def _summary_columns(name: str, *cells: str) -> str:
    widths = (12, 9, 17, 7, 13, 15, 14, 9)
    return (
        name.ljust(20)
        + "".join(cell.rjust(width) for cell, width in zip(cells, widths, strict=True))
    ).rstrip()


def _summary_row(row: Mapping[str, Any]) -> str:
    digits = digits_of(row["outcome"])
    return _summary_columns(
        _in_time(row),
        number(row["effect"], digits, True),
        number(row["d"], 2, True),
        span(row["d_low"], row["d_high"], 2, True),
        percent(row["power"]),
        percent(row["coverage"]),
        percent(row["naive"]),
        number(row["design_effect"], 2),
        _people(row["enrol_80"]),
    )


def _people(count: int | None) -> str:
    if count is None or count > MANY:
        return "-" if count is None else f">{rounded(MANY)}"
    return rounded(count)


def in_words(tables: Mapping[str, pl.DataFrame], conducted: Conducted) -> str:
    """Say where the primary outcome's spread comes from, and what has been published."""
    sentences = [conducted.note]
    rows = tables["trial_summary"].filter(parameters=PLAUSIBLE, outcome=PRIMARY, time=END)
    if len(rows) and rows["parameters_share"][0] is not None:
        row = rows.row(0, named=True)
        sentences.append(
            f"Of the variance of d for {PRIMARY} over plausible sets, {percent(row['parameters_share'])} "
            f"({percent(row['parameters_low'])} to {percent(row['parameters_high'])}) comes from not knowing the "
            "parameters; the rest is who was recruited, chance in their lives and error of measurement."
        )
    return _filled(*sentences, already_known(conducted.design.scenario.communities))


def already_known(communities: Sequence[str]) -> str:
    """Say what trials found, as far as it stands in the evidence table."""
    found = [evidence()[key] for key in published(communities)]
    texts = [
        f"{row['quantity']}: {row['value']} ({row['low']} to {row['high']}; {row['id']})"
        for row in found
    ]
    return (
        f"Published, for comparison with d for {PRIMARY}: {'; '.join(texts)}. The calibration may use this, so "
        "agreement is no test of the model."
    )


def sizes(tables: Mapping[str, pl.DataFrame], conducted: Conducted) -> str:
    """Say how many people a real trial would need, and what trials of that size showed."""
    summary = (
        tables["trial_summary"]
        .filter(parameters=CONFIGURED, outcome=PRIMARY, time=END)
        .row(0, named=True)
    )
    lines = [
        f"HOW MANY PEOPLE to show the effect on {PRIMARY} (d {number(summary['d'], 2, True)}, correlation with the "
        f"baseline {number(summary['correlation'], 2)}, ICC {number(summary['icc'], 2)}, design effect of the "
        f"programme's arm {number(summary['design_effect'], 2)}, {percent(conducted.design.protocol.lost)} lost)"
    ]
    for row in tables["trial_sizes"].iter_rows(named=True):
        lines.append(_size(row) if row["parameters"] == CONFIGURED else _size_of_sets(row))
    return _filled(*lines)


def _size(row: Mapping[str, Any]) -> str:
    aim = percent(row["power"])
    if not row["enrolled"]:
        return f"{aim} power: no number of people would do; the programme does not raise {PRIMARY} on average."
    text = f"{aim} power: {rounded(row['enrolled'])} people in each arm"
    if row["simulated"] is None:
        return f"{text} (not checked by simulation: too many)."
    interval = f"{percent(row['simulated_low'])} to {percent(row['simulated_high'])}"
    return f"{text}; of {row['trials']} simulated trials of that size {percent(row['simulated'])} ({interval}) show it."


def _size_of_sets(row: Mapping[str, Any]) -> str:
    names = ("enrolled", "enrolled_low", "enrolled_high")
    enough = [rounded(row[name]) if row[name] else "no number" for name in names]
    return (
        f"{percent(row['power'])} power over plausible parameters: {enough[0]} people in each arm (median of the sets; "
        f"{enough[1]} to {enough[2]} in the middle half); no number would do in {percent(row['none'])} of them."
    )
