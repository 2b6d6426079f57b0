"""What the scoreboard says: how many patterns hold, which fail, and what emerges from which
mechanism.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from peersim.kernel.catalogue import Sentence, listed
from peersim.presentation.exhibit import PAGE, TERMINAL, Statement
from peersim.studies.patterns.ablations import NULLS
from peersim.studies.patterns.exhibits import MECHANISM, claim
from peersim.studies.patterns.judgement import (
    ABSENT,
    BLOCKED,
    HELD_BACK,
    NEEDS,
    REVERSED,
    UNDECIDED,
)
from peersim.studies.patterns.pattern import BUILT_IN, EMERGENT, FAILS, HOLDS

if TYPE_CHECKING:
    from peersim.studies.study import Found

NAMED = (NEEDS, BLOCKED, HELD_BACK)
"""Roles of a mechanism that are said for each."""

LIMITS = ("chosen", "implied", "many")


def sentences(found: Found) -> Iterator[Statement]:
    """Give every sentence."""
    patterns, roles = found.tables["patterns"], found.tables["needs"]
    yield head(found)
    for kind in (EMERGENT, BUILT_IN):
        if kind in patterns["kind"]:
            yield tally(patterns, kind)
    for verdict in (FAILS, REVERSED, UNDECIDED, ABSENT):
        keys = patterns.filter(verdict=verdict)["pattern"].to_list()
        yield from _standing(verdict, keys)
    yield from by_mechanism(roles)
    yield from _named("needing_nothing", needing_nothing(patterns, roles))
    for key, section in (("how", "matrix"), ("how_models", "matrix"), ("how_needs", "needs")):
        yield Statement(f"patterns.{key}", section=section, outlets=(PAGE,))
    if found.facts["sets"] > 1:
        yield Statement("patterns.how_sets", section="effects", outlets=(PAGE,))
    for limit in LIMITS:
        yield Statement(f"patterns.limits.{limit}", section="limits", outlets=(PAGE,))


def head(found: Found) -> Statement:
    """Say what was run."""
    which = "sets" if found.facts["sets"] > 1 else "configured"
    more = "_more" if found.facts["times"] > 1 else ""
    return Statement(f"patterns.head.{which}{more}", found.facts)


def tally(patterns: pl.DataFrame, kind: str) -> Statement:
    """Say how many patterns of a kind hold."""
    there = patterns.filter(kind=kind)
    holding = there.filter(verdict=HOLDS).height
    values = {"holding": holding, "n": there.height}
    return Statement(f"patterns.tally.{kind}", values, table="patterns")


def _named(key: str, patterns: list[str], **values: str) -> Iterator[Statement]:
    if patterns:
        known = {"n": len(patterns), "patterns": listed(patterns), **values}
        yield Statement(f"patterns.{key}", known, table="needs" if values else "patterns")


def _standing(verdict: str, keys: list[str]) -> Iterator[Statement]:
    """Say which patterns have a verdict: by their keys in the terminal, in words on a page."""
    for each in _named(f"standing.{verdict}", keys):
        yield replace(each, outlets=(TERMINAL,))
    if keys:
        claims = [Sentence("patterns.with_key", {"claim": claim(key), "key": key}) for key in keys]
        values = {"patterns": claims}
        yield Statement(f"patterns.said.{verdict}", values, table="patterns", outlets=(PAGE,))


def by_mechanism(roles: pl.DataFrame) -> Iterator[Statement]:
    """Say what is needed for which patterns, and what stands in the way of which."""
    for role in NAMED:
        for model in NULLS:
            keys = roles.filter(role=role, model=model.key)["pattern"].to_list()
            yield from _named(
                f"mechanism.{role}", keys, mechanism=MECHANISM[model.key].word("name")
            )


def needing_nothing(patterns: pl.DataFrame, roles: pl.DataFrame) -> list[str]:
    """Patterns that hold, and of which no mechanism is seen to be needed."""
    needing = set(roles.filter(role=NEEDS)["pattern"])
    return [key for key in patterns.filter(verdict=HOLDS)["pattern"] if key not in needing]
