"""What a sensitivity analysis says: what matters, what can be fixed, how much is chance, and what
decides the better of two designs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from peersim.kernel.catalogue import Sentence, Value, listed, say
from peersim.presentation.exhibit import BOTH, NEXT, PAGE, TERMINAL, Statement
from peersim.presentation.figures.parameters import short
from peersim.presentation.outcomes import leading
from peersim.studies.sensitivity.effects import MATTERS, SMALL, UNCLEAR
from peersim.studies.sensitivity.exhibits import meanings, panels, rows_of, title_of
from peersim.studies.sensitivity.sizes import UNITS, form_of_size

if TYPE_CHECKING:
    from peersim.studies.study import Found

MOST_NAMED = 5
LETTERS = 60
"""Letters of what a setting is, in a sentence."""


def sentences(found: Found) -> Iterator[Statement]:
    """Give every sentence."""
    facts, method = found.facts, found.facts["method"]
    last = facts["seed"] + facts["runs"] - 1
    values = {**facts, "n": facts["settings"], "first": facts["seed"], "last": last}
    yield Statement("sensitivity.head", values, outlets=(TERMINAL,))
    if "ranking" in found.tables:
        yield Statement("sensitivity.about", {"about": facts["about"]}, outlets=(TERMINAL,))
        yield from order(found)
        yield Statement("sensitivity.ranking_text", section="ranking", outlets=(PAGE,))
    else:
        yield from matters(found)
    yield Statement(f"sensitivity.text.{method}", section="matters", outlets=(PAGE,))
    yield Statement("sensitivity.chance_text", section="matters", outlets=(PAGE,))
    yield from chance(found)
    yield Statement("sensitivity.varied_text", section="varied", outlets=(PAGE,))
    yield from next_step(facts)


def ranges(found: Found) -> Sentence:
    """Say from where to where the settings went."""
    facts = found.facts
    if facts["of"]:
        return Sentence("sensitivity.ranges.existing", {"of": facts["of"]})
    if facts["around"] is not None:
        ends = {"low": 1 - facts["around"], "high": 1 + facts["around"]}
        return Sentence("sensitivity.ranges.around", ends)
    return Sentence(f"sensitivity.ranges.{'given' if facts['has_bounds'] else 'declared'}")


def matters(found: Found) -> Iterator[Statement]:
    """Say of each outcome how many settings matter, and which first of all."""
    chances = found.tables["chance"].cast({"design": str, "outcome": str})
    for design, outcome in panels(found):
        rows = rows_of(found, design, outcome)
        matter = [row["parameter"] for row in rows if row["verdict"] == MATTERS]
        luck = chances.filter(design=design, outcome=outcome)["share"][0]
        origin = {"table": "chance", "design": design, "outcome": outcome, "what": "share"}
        is_unknown = luck is None or not np.isfinite(luck)
        by_chance = {"chance": Value(luck, "%", origin)}
        values = {
            "outcome": title_of(design, outcome),
            "n": len(matter),
            "fixed": sum(row["verdict"] in SMALL for row in rows),
            "all": len(rows),
            "chance": "" if is_unknown else Sentence("sensitivity.short.by_chance", by_chance),
        }
        kind = "pawn" if found.facts["method"] == "pawn" else "fixed"
        key = f"matter_{kind}" if matter else f"nothing_{kind}"
        outlets = BOTH if outcome in found.facts["printed"] else (PAGE,)
        said = Statement(f"sensitivity.short.{key}", values, outlets=outlets)
        yield from _typed_and_said(found, said, "first", matter)
        if unclear := sum(row["verdict"] == UNCLEAR for row in rows):
            unsaid = {"outcome": values["outcome"], "n": unclear}
            yield Statement("sensitivity.unclear", unsaid, outlets=outlets)


def _typed_and_said(
    found: Found, statement: Statement, blank: str, paths: Sequence[str]
) -> Iterator[Statement]:
    """Say something of settings: on a page what they are, in the terminal as they are typed."""
    explained = meanings(found)
    said = listed(
        say("lists.quoted", text=short(explained[path], LETTERS, 1)) for path in paths[:MOST_NAMED]
    )
    for outlet, named in ((PAGE, said), (TERMINAL, listed(paths[:MOST_NAMED]))):
        if outlet in statement.outlets:
            values = {**statement.values, blank: named}
            yield replace(statement, values=values, outlets=(outlet,))


def order(found: Found) -> Iterator[Statement]:
    """Say of each outcome how often each design is better, and what flips that."""
    verdicts = found.tables["verdicts"].cast({"outcome": str, "verdict": str})
    ranking = found.tables["ranking"].cast({"outcome": str, "parameter": str})
    for outcome in ranking["outcome"].unique(maintain_order=True):
        rows = verdicts.filter(outcome=outcome).iter_rows(named=True)
        shares = " ".join(
            say(f"sensitivity.share_of.{row['verdict']}", share=Value(row["share"], "%"))
            for row in rows
            if row["share"] > 0
        )
        own = ranking.filter(outcome=outcome).iter_rows(named=True)
        flipping = [row["parameter"] for row in own if row["flips"]]
        values = {"outcome": leading(outcome), "shares": shares}
        key = "flipped" if flipping else _why_none(ranking.filter(outcome=outcome))
        outlets = BOTH if outcome in found.facts["printed"] else (PAGE,)
        said = Statement(f"sensitivity.short.{key}", values, table="verdicts", outlets=outlets)
        yield from _typed_and_said(found, said, "paths", flipping)


def _why_none(ranking: pl.DataFrame) -> str:
    """Why no setting flips the order: none was moved alone, no two points were told apart, or none
    does.
    """
    if not ranking["moves"].sum():
        return "not_moved"
    return "never_flipped" if ranking["told"].sum() else "untold"


def chance(found: Found) -> Iterator[Statement]:
    """Say how much of what differs between runs is chance."""
    for row in found.tables["chance"].iter_rows(named=True):
        outcome = str(row["outcome"])
        if outcome not in found.facts["printed"]:
            continue
        values: dict[str, Any] = {"outcome": title_of(str(row["design"]), outcome)}
        if row["share"] is None or not np.isfinite(row["share"]):
            yield Statement("sensitivity.chance_unknown", values, section="matters")
            continue
        spread = row["sd_chance"] * 2 / np.pi**0.5
        values["spread"] = Value(spread, form_of_size(spread, UNITS[outcome]))
        values |= {name: row[name] for name in ("share", "share_of_mean", "replicates")}
        yield Statement("sensitivity.chance", values, section="matters", table="chance")


def next_step(facts: Any) -> Iterator[Statement]:
    """Offer the next step after a screening."""
    if "next" not in facts:
        return
    if facts["next"] is None:
        yield Statement("sensitivity.nothing_next", section=NEXT)
        return
    step = facts["next"]
    values = {**step, "n": step["settings"]}
    yield Statement("sensitivity.next_step", values, section=NEXT)
    yield Statement("sensitivity.next_command", values, section=NEXT, outlets=(TERMINAL,))
    yield Statement("sensitivity.next_typed", values, section=NEXT, outlets=(PAGE,))
