"""What a calibration says: which targets are met, what was learned, what pulls apart, and how well
all this could be known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import polars as pl

from peersim.kernel.catalogue import Sentence, listed, say
from peersim.presentation.exhibit import PAGE, TERMINAL, Statement
from peersim.presentation.figures.parameters import without_aside
from peersim.presentation.settings import plain_meaning
from peersim.studies.calibration.matching.history_matching import IMPLAUSIBLE
from peersim.studies.calibration.tables import LEARNED, MISSED, SOMEWHAT, UNKNOWN

if TYPE_CHECKING:
    from peersim.studies.study import Found

BEST = 8
"""Parameters that are named as found again best."""

GUESSED = 0.05
"""Share of the error saved, below which a parameter is found again no better than by a guess."""

ABOUT = {"targets": "met", "parameters": "learned", "apart": "tensions"}


def sentences(found: Found) -> Iterator[Statement]:
    """Give every sentence."""
    yield from short(found)
    for section, key in ABOUT.items():
        yield Statement(f"calibration.about.{key}", section=section, outlets=(PAGE,))
    if not len(found.tables["tensions"]):
        yield Statement("calibration.no_tensions", section="apart")
    yield recovery(found.tables["recovery"])
    yield candidates(found.tables["plausible"])


def short(found: Found) -> Iterator[Statement]:
    """Say which targets are met and which are not, and what was learned."""
    targets = found.tables["targets"]
    for column, who in (("verdict", "plausible"), ("default_verdict", "defaults")):
        missed = targets.filter(**{column: MISSED})["target"].cast(str).to_list()
        hits = {"hit": len(targets) - len(missed), "targets": len(targets)}
        key = f"calibration.hits.{who}" if missed else f"calibration.hits.{who}_all"
        labels = _quoted(say(f"calibration.targets.{name}") for name in missed)
        yield Statement(key, {**hits, "missed": labels}, table="targets")
    rows = found.tables["shrinkage"].sort("shrinkage", descending=True)
    for verdict in (LEARNED, SOMEWHAT, UNKNOWN):
        names = rows.filter(verdict=verdict)["parameter"].cast(str).to_list()
        values = {"count": len(names), "names": ", ".join(names)}
        where: dict[str, Any] = {"table": "shrinkage", "outlets": (TERMINAL,)}
        yield Statement(f"calibration.parameters_by.{verdict}", values, **where)
    kinds = {"learned": LEARNED, "little": SOMEWHAT, "unknown": UNKNOWN}
    counts = {name: rows.filter(verdict=verdict).height for name, verdict in kinds.items()}
    values = {**counts, "all": rows.height}
    yield Statement("calibration.counts", values, table="shrinkage", outlets=(PAGE,))
    outside = rows.filter(~pl.col("default").is_between(pl.col("low"), pl.col("high")))
    if len(outside):
        values = {"n": len(outside), "names": _said(outside["parameter"].cast(str))}
        yield Statement("calibration.outside", values, table="shrinkage")


def recovery(table: pl.DataFrame) -> Statement:
    """Say how well known sets were found again."""
    rows = table.sort("better", descending=True)
    names = rows["parameter"].cast(str).to_list()
    guessed = [
        name for name, better in zip(names, rows["better"], strict=True) if better <= GUESSED
    ]
    values = {
        "known": rows["known"][0],
        "coverage": float(table["coverage"].to_numpy().mean()),
        "best": _said(names[:BEST]),
        "guessed": _said(guessed) or Sentence("calibration.none"),
    }
    return Statement("calibration.recovery", values, section="recovery", outlets=(PAGE,))


def _said(assumptions: Iterable[str]) -> str:
    """Say in words which assumptions these are."""
    return _quoted(without_aside(plain_meaning(name)) for name in assumptions)


def _quoted(texts: Iterable[str]) -> str:
    """Put what may hold commas itself into a row."""
    return listed(say("lists.quoted", text=text) for text in texts)


def candidates(plausible: pl.DataFrame) -> Statement:
    """Say how many of the plausible sets miss no target."""
    worst = plausible["worst"].to_numpy()
    clean, sets = int((worst < IMPLAUSIBLE).sum()), len(worst)
    key = "calibration.clean_all" if clean == sets else "calibration.clean_some"
    values = {"clean": clean, "sets": sets, "worst": float(worst.max())}
    return Statement(key, values, section="waves", table="plausible", outlets=(PAGE,))
