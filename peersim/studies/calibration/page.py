"""The page of a calibration: targets, parameters, what pulls apart, and how well all this could be
known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from peersim.presentation.numbers import marked, quoted
from peersim.presentation.page import Grid, Page, Part, Text, setting, written

if TYPE_CHECKING:
    import polars as pl

    from peersim.presentation.figures import Drawing

TITLE = "Calibration: which values go with what has been published"
_TARGETS = (
    "Simulated: median of the plausible sets, and where nine in ten of them lie. Hit: no more than two standard "
    "deviations of the observation and of the discrepancy that was declared for it."
)
_PARAMETERS = (
    "Shrinkage: how much narrower the plausible sets are than what was possible before. What is not identified keeps "
    "its range: conclusions have to hold across it."
)
_TENSIONS = (
    "How far one target is missed, with all targets and without another, in standard deviations."
)
_RECOVERY = (
    "Some plausible sets were taken as the truth, and everything was calibrated to what one run of each gives. "
    "Coverage: how many of the intervals that should hold nine truths in ten did. Saved: error against a guess at the "
    "middle of the bounds."
)
_COUPLED = "Pairs of parameters of which only a combination was learned: their correlation over the plausible sets."


def page(
    tables: Mapping[str, pl.DataFrame], drawings: Sequence[Drawing], manifest: Mapping[str, Any]
) -> str:
    """Write the page.

    Parameters
    ----------
    tables : mapping of name to polars.DataFrame
        As they stand in the folder.
    drawings : sequence of Drawing
    manifest : mapping
        Of the folder.
    """
    by_name = {drawing.name: drawing for drawing in drawings}
    parts = [
        Part(
            "targets",
            "The targets",
            [_TARGETS],
            [by_name["targets"]],
            [_targets(tables["targets"])],
        ),
        Part(
            "parameters",
            "The parameters",
            [_PARAMETERS],
            [by_name["shrinkage"]],
            [_parameters(tables["shrinkage"]), _couplings(tables["couplings"])],
        ),
        Part("apart", "What pulls apart", [_TENSIONS], grids=[_tensions(tables["tensions"])]),
        Part(
            "recovery",
            "How well could it be known",
            [_RECOVERY],
            [by_name["recovery"]],
            [_recovery(tables["recovery"])],
        ),
    ]
    facts: list[tuple[Text, Text]] = [("size", setting(manifest, "identity.size"))]
    return written(Page(TITLE, [], facts, parts), manifest)


def _number(row: Mapping[str, Any], column: str, table: str, style: str = ".3g") -> Text:
    key = "target" if table == "targets" else "parameter"
    return marked(
        row[column], f"{row[column]:{style}}", table=table, column=column, row=row.get(key)
    )


def _targets(table: pl.DataFrame) -> Grid:
    heads = (
        "target",
        "evidence",
        "observed",
        "plausible",
        "from",
        "to",
        "",
        "default",
        "",
        "how it was got",
    )
    rows = [
        [
            row["label"],
            quoted(row["evidence"], table="targets"),
            _number(row, "observed", "targets"),
            *(_number(row, name, "targets") for name in ("median", "low", "high")),
            str(row["verdict"]),
            _number(row, "default", "targets"),
            str(row["default_verdict"]),
            quoted(row["why"], table="targets"),
        ]
        for row in table.to_dicts()
    ]
    rows = [[quoted(row[0], table="targets"), *row[1:]] for row in rows]
    return Grid("Observed and simulated", heads, rows)


def _parameters(table: pl.DataFrame) -> Grid:
    heads = ("parameter", "default", "plausible", "from", "to", "shrinkage", "")
    rows = [
        [
            row["parameter"],
            *(_number(row, name, "shrinkage") for name in ("default", "median", "low", "high")),
            _number(row, "shrinkage", "shrinkage", ".2f"),
            str(row["verdict"]),
        ]
        for row in table.sort("shrinkage", descending=True).to_dicts()
    ]
    return Grid("Parameters", heads, rows)


def _couplings(table: pl.DataFrame) -> Grid:
    rows = [
        [row["parameter"], row["other"], _number(row, "correlation", "couplings", "+.2f")]
        for row in table.to_dicts()
    ]
    return Grid(_COUPLED, ("parameter", "and", "correlation"), rows, is_long=False)


def _tensions(table: pl.DataFrame) -> Grid:
    rows = [
        [
            row["target"],
            _number(row, "missed", "tensions", "+.2f"),
            row["other"],
            _number(row, "missed_without", "tensions", "+.2f"),
        ]
        for row in table.to_dicts()
    ]
    return Grid(
        "Targets that pull apart",
        ("target", "missed by", "without", "missed by"),
        rows,
        is_long=False,
    )


def _recovery(table: pl.DataFrame) -> Grid:
    rows = [
        [
            row["parameter"],
            _number(row, "coverage", "recovery", ".0%"),
            _number(row, "better", "recovery", ".0%"),
        ]
        for row in table.sort("better", descending=True).to_dicts()
    ]
    return Grid("Known sets found again", ("parameter", "coverage", "saved"), rows, is_long=False)
