"""The tables that simulated trials show: one trial as its report would, what many of them find, and
how many people it would take.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from peersim.kernel.catalogue import Sentence, say
from peersim.presentation.exhibit import Column, Exhibit
from peersim.studies.trial.measurement import PRIMARY
from peersim.studies.trial.summary import CONFIGURED, END, PLAUSIBLE
from peersim.studies.trial.tables import ADJUSTED

if TYPE_CHECKING:
    from peersim.studies.study import Found

KINDS = (CONFIGURED, PLAUSIBLE)


def exhibits(found: Found) -> Iterator[Exhibit]:
    """Give every table."""
    times = found.tables["trial"]["time"].cast(str).unique(maintain_order=True).to_list()
    for time in times:
        yield one(found, time)
    for parameters in kinds(found):
        for time in times:
            yield many(found, parameters, time)
    yield sizes(found)


def kinds(found: Found) -> list[str]:
    """Say where the parameters of the trials come from."""
    there = set(found.tables["trial_summary"]["parameters"].cast(str))
    return [name for name in KINDS if name in there]


def weeks_of(found: Found, time: str) -> int:
    """Weeks from enrolment to a measurement."""
    return int(found.facts["timetable"]["end" if time == END else "follow_up"])


def form_of(row: Mapping[str, Any]) -> str:
    """Decimals with which an outcome is written."""
    return "1" if row["outcome"] in (PRIMARY, "ties") else "3"


def _signed(row: Mapping[str, Any]) -> str:
    return f"+{form_of(row)}"


def _outcome(row: Mapping[str, Any]) -> Sentence:
    return Sentence(f"trial.outcomes.{row['outcome']}")


def one(found: Found, time: str) -> Exhibit:
    """A single trial, as its report would have it."""
    rows = found.tables["trial"].filter(analysis=ADJUSTED, time=time).to_dicts()
    names = ("seed", "people_programme", "people_usual")
    return Exhibit(
        "trial.one",
        columns=[
            Column("outcome", value=_outcome),
            Column("programme", form_of),
            Column("usual", form_of),
            Column("difference", _signed, span=("low", "high")),
            Column("d", "+2", span=("d_low", "d_high"), rank=1),
            Column("icc", "2", rank=2),
            Column("truth", _signed),
        ],
        rows=rows,
        table="trial",
        by=("outcome", "time", "analysis"),
        section="one",
        values={name: rows[0][name] for name in names} | {"weeks": weeks_of(found, time)},
        part=time,
    )


def many(found: Found, parameters: str, time: str) -> Exhibit:
    """What many trials find."""
    rows = found.tables["trial_summary"].filter(parameters=parameters, time=time).to_dicts()
    columns = [
        Column("outcome", value=_outcome),
        Column("effect", _signed),
        Column("d", "+2", span=("d_low", "d_high")),
        Column("power", "%"),
        Column("coverage", "%", rank=1),
        Column("naive", "%", rank=3),
        Column("design_effect", "2", rank=2),
        Column("enrol_80", "about"),
    ]
    values = {"n": rows[0]["trials"], "weeks": weeks_of(found, time)}
    return Exhibit(
        "trial.many",
        columns=_filled(columns, rows),
        rows=rows,
        table="trial_summary",
        by=("parameters", "outcome", "time"),
        section="many",
        values=values | {"parameters": say(f"trial.parameters.{parameters}")},
        part=f"{parameters.replace(' ', '_')}_{time}",
    )


def _filled(columns: list[Column], rows: list[dict[str, Any]]) -> list[Column]:
    """Leave out columns that hold nothing."""
    return [each for each in columns if any(row[each.key] is not None for row in rows)]


def sizes(found: Found) -> Exhibit:
    """How many people it takes, and how many trials of that size show it."""
    only_over_sets = dict.fromkeys(("enrolled_low", "enrolled_high", "none"))
    rows = [only_over_sets | row for row in found.tables["trial_sizes"].to_dicts()]
    columns = [
        Column("power", "%"),
        Column("parameters", value=lambda row: say(f"trial.parameters.{row['parameters']}")),
        Column("enrolled", "about", span=("enrolled_low", "enrolled_high")),
        Column("simulated", "%", span=("simulated_low", "simulated_high")),
        Column("none", "%", rank=1),
    ]
    return Exhibit(
        "trial.sizes",
        columns=_filled(columns, rows),
        rows=rows,
        table="trial_sizes",
        by=("parameters", "power"),
        section="sizes",
    )
