"""One offline HTML page about two designs; every number in it says from which table it comes."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup

from peersim.kernel.statistics import TOO_CLOSE, runs_needed
from peersim.model.outcomes import OUTCOMES
from peersim.presentation.catalogue import words
from peersim.presentation.numbers import DASH, marked, quoted, tagged
from peersim.presentation.page import picture, say, setting
from peersim.presentation.wording import grouped, half_of, label, named, rounded, written

if TYPE_CHECKING:
    import polars as pl

    from peersim.presentation.figures import Drawing
    from peersim.scenario.scenario import Scenario

_DEFINITIONS = {outcome.name: outcome.definition for outcome in OUTCOMES}


def page(
    tables: Mapping[str, pl.DataFrame],
    drawings: Sequence[Drawing],
    manifest: Mapping[str, Any],
    scenario: Scenario,
    shown: Sequence[str],
    notes: Sequence[str] = (),
) -> str:
    """Write the page.

    Parameters
    ----------
    tables : mapping of name to polars.DataFrame
        As they are stored beside the page.
    drawings : sequence of Drawing
    manifest : mapping
        As from `peersim.provenance.provenance`.
    scenario : Scenario
        What both designs have in common.
    shown : sequence of str
        Outcomes, in the order of the table.
    notes : sequence of str
        What precision was asked for, and where it was not reached.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("peersim", "presentation/templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    catalogue = words()
    rows = {row["outcome"]: row for row in tables["differences"].iter_rows(named=True)}
    rows = {name: rows[name] for name in shown}
    return environment.get_template("comparison.html").render(
        language="en",
        t=catalogue["comparison"]["page"],
        shared=catalogue["report"],
        say=say,
        dash=DASH,
        groups=[
            (verdict, [_in_short(row) for row in those])
            for verdict, those in grouped(rows.values())
        ],
        designs=[_design(row) for row in tables["designs"].iter_rows(named=True)],
        facts=_facts(rows[shown[0]], scenario),
        rows=[_row(row) for row in rows.values()],
        spread=_spread(rows.values()),
        notes=[quoted(text, table="manifest", path="identity.precision") for text in notes],
        drawings=[Markup(picture(drawing)) for drawing in drawings],
        settings=functools.partial(setting, manifest),
    )


def _design(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "design": row["design"],
        "text": quoted(row["text"], table="designs", design=row["design"]),
    }


def _facts(row: Mapping[str, Any], scenario: Scenario) -> dict[str, Any]:
    known = {"recipients": "population.recipients", "supporters": "population.supporters"}
    population = scenario.population
    found: dict[str, Any] = {
        name: quoted(getattr(population, name), table="manifest", path=f"identity.scenario.{path}")
        for name, path in known.items()
    }
    found["week"] = tagged(
        row["week"], "whole", table="differences", outcome=row["outcome"], what="week"
    )
    found["pairs"] = tagged(
        row["pairs"], "whole", table="differences", outcome=row["outcome"], what="pairs"
    )
    return found | {"several": row["pairs"] > 1}


def _cell(row: Mapping[str, Any], what: str, signed: bool = False) -> Markup:
    text = written(row[what], row["outcome"], half_of(row), signed)
    return marked(row[what], text, table="differences", outcome=row["outcome"], what=what)


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    cells = {name: _cell(row, name) for name in ("A", "B")}
    cells |= {name: _cell(row, name, signed=True) for name in ("difference", "low", "high")}
    share = tagged(
        row["p_better"], "percent", table="differences", outcome=row["outcome"], what="p_better"
    )
    return cells | {
        "label": label(row["outcome"]),
        "name": _without_digits(named(row["outcome"])),
        "sure": np.isfinite(half_of(row)),
        "verdict": row["verdict"],
        "p_better": share,
        "definition": _without_digits(_DEFINITIONS[row["outcome"]]),
    }


def _without_digits(text: str) -> Any:
    """A name or definition with a number in it is quoted as such."""
    return quoted(text, table="outcomes") if any(letter.isdigit() for letter in text) else text


def _in_short(row: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"name": label(row["outcome"]), "needed": None}
    if row["verdict"] == TOO_CLOSE and (
        needed := runs_needed(row["sd_paired"], abs(row["difference"]))
    ):
        origin = {"table": "differences", "outcome": row["outcome"], "what": "would_tell"}
        found["needed"] = marked(needed, rounded(needed), **origin)
    return found


def _spread(rows: Any) -> dict[str, Any] | None:
    """Of the first outcome that varies, how much pairing took away: its name, and runs that would
    have been needed.
    """
    for row in rows:
        if row["pairs"] > 1 and row["sd_paired"] > 0 and row["sd_unpaired"] > row["sd_paired"]:
            times = (row["sd_unpaired"] / row["sd_paired"]) ** 2
            several = f"{times:.1f}" if times < 9.95 else rounded(round(times))
            return {
                "outcome": label(row["outcome"]),
                "times": marked(
                    times, several, table="differences", outcome=row["outcome"], what="times"
                ),
            }
    return None
