"""What simulated trials say: who takes part, what one trial and many of them find, how many people
it takes, and what is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from peersim.kernel.catalogue import Value, listed, say
from peersim.presentation.exhibit import PAGE, Statement
from peersim.presentation.outcomes import place_name
from peersim.scenario.evidence import table as evidence
from peersim.studies.trial.measurement import PRIMARY
from peersim.studies.trial.summary import CONFIGURED, END, PLAUSIBLE, POWERS, published
from peersim.studies.trial.tables import CHANGE

if TYPE_CHECKING:
    from peersim.studies.study import Found

LIMITS = ("arms", "supporters", "usual", "blind")
NOMINAL = 0.95
"""Share of intervals that promise to hold the truth."""


def sentences(found: Found) -> Iterator[Statement]:
    """Give every sentence."""
    facts = found.facts
    programme = listed(place_name(name) for name in facts["communities"])
    about = {**facts, **facts["protocol"], "n": facts["sites"], "programme": programme}
    yield from _found(found)
    yield Statement("trial.head", about)
    yield Statement(f"trial.way_in.{facts['protocol']['way_in']}")
    yield from _measured(facts["protocol"], facts["timetable"])
    yield from _one(found)
    yield from _many(found)
    yield from _sizes(found)
    yield Statement("trial.about_when", section="when", outlets=(PAGE,))
    lost = "lost_if_gone" if facts["protocol"]["lost_if_gone"] > 1 else "lost"
    for limit in (*LIMITS, lost):
        yield Statement(f"trial.limits.{limit}", section="limits", outlets=(PAGE,))


# -- the answer -----------------------------------------------------------------------------------
def _found(found: Found) -> Iterator[Statement]:
    """Say what trials find on average, how far they scatter, and how many people it would take."""
    of_primary = found.tables["trial_summary"].filter(outcome=PRIMARY, time=END)
    for row in of_primary.iter_rows(named=True):
        values = {**row, "n": row["trials"]}
        yield Statement(f"trial.found.{row['parameters']}", values, table="trial_summary")
    size = found.tables["trial_sizes"].filter(parameters=CONFIGURED, power=POWERS[0])
    values = size.select("power", "enrolled").row(0, named=True)
    effect = found.facts["effect"]
    key = _size_key(effect, values["enrolled"])
    trials = of_primary.filter(parameters=CONFIGURED)["trials"].item()
    yield Statement(key, {**values, **(effect or {}), "n": trials}, table="trial_sizes")


def _size_key(effect: Mapping[str, float] | None, enrolled: int | None) -> str:
    """Which sentence: how many people it takes, that no number would do, or that so few trials do
    not tell.
    """
    if effect and effect["high"] < 0:
        return "trial.size_none"
    return "trial.size" if effect and effect["low"] > 0 and enrolled else "trial.size_unsure"


# -- one trial ------------------------------------------------------------------------------------
def _measured(protocol: Mapping[str, Any], times: Mapping[str, Any]) -> Iterator[Statement]:
    """Say when people are measured, and who is not."""
    key = "measured_asked" if protocol["weeks"] else "measured"
    yield Statement(f"trial.{key}", times, section="one")
    if times["follow_up"]:
        later = {"later": times["follow_up"] - times["end"]}
        yield Statement("trial.measured_again", later, section="one")
    key = "lost_more" if protocol["lost_if_gone"] > 1 else "lost"
    yield Statement(f"trial.{key}", protocol, section="one")


def _one(found: Found) -> Iterator[Statement]:
    row = found.tables["trial"].filter(analysis=CHANGE, outcome=PRIMARY, time=END)
    values = row.row(0, named=True)
    yield Statement("trial.about_one", {"n": values["units"]}, section="one")
    yield Statement("trial.secondary", values, section="one", table="trial")
    every = found.tables["trial_attendance"].filter(parameters=CONFIGURED)
    first = every.row(0, named=True)
    over_all = every.select(pl.col("started", "completed", "gained", "harmed").mean())
    key = "began" if first["started"] else "nobody_began"
    for name, of in (
        (key, first),
        ("began_over_all", over_all.row(0, named=True)),
        ("helped", over_all.row(0, named=True)),
    ):
        yield Statement(f"trial.{name}", of, section="one", table="trial_attendance")


# -- many trials ----------------------------------------------------------------------------------
def _many(found: Found) -> Iterator[Statement]:
    yield Statement("trial.about_many", section="many")
    summary = found.tables["trial_summary"]
    too_sure = summary.filter(pl.col("coverage_high") < NOMINAL)["outcome"].cast(str).unique()
    if len(too_sure):
        names = listed(say(f"trial.outcomes.{name}") for name in sorted(too_sure))
        yield Statement("trial.too_sure", {"outcomes": names}, section="many")
    sets = {"n": found.facts["sets"]}
    yield Statement(f"trial.{found.facts['parameters']}", sets, section="many")
    over_sets = summary.filter(parameters=PLAUSIBLE, outcome=PRIMARY, time=END)
    for row in over_sets.filter(pl.col("parameters_share").is_finite()).iter_rows(named=True):
        yield Statement("trial.doubt", row, section="many", table="trial_summary")
    for key in published(found.facts["communities"]):
        origin = {"table": "evidence", "key": key}
        values = {
            name: Value(float(evidence()[key][name]), "2", {**origin, "what": name})
            for name in ("value", "low", "high")
        }
        yield Statement(f"trial.published.{key}", values, section="many")
    yield Statement("trial.no_test", section="many")


def _sizes(found: Found) -> Iterator[Statement]:
    summary = found.tables["trial_summary"]
    own = summary.filter(parameters=CONFIGURED, outcome=PRIMARY, time=END).row(0, named=True)
    values = {**own, "lost": found.facts["protocol"]["lost"]}
    yield Statement("trial.about_sizes", values, section="sizes", table="trial_summary")
