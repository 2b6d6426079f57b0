"""The page of the scoreboard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from peersim.presentation.numbers import quoted
from peersim.presentation.page import Grid, Page, Part, written
from peersim.studies.patterns.ablations import WHOLE
from peersim.studies.patterns.printed import COLUMNS, conclusions, head, number

if TYPE_CHECKING:
    import polars as pl

    from peersim.presentation.figures import Drawing
    from peersim.studies.patterns.study import Scores

TITLE = "What does the model bring about, and which mechanism does it take?"
_HOW = (
    "Each pattern is something that the sources report, or that a credible model should show, turned into a number "
    "with an expected direction (or range) and a smallest size worth naming. It holds if the whole interval lies on "
    "the expected side; it fails if the interval stays short of the smallest size worth naming; it is reversed if "
    "the interval lies on the other side and the effect is large enough to be named; otherwise it is undecided. "
    "Built in: a rule states it nearly directly. Only patterns that emerge support the model."
)
_LADDER = (
    "The ladder adds one mechanism after the other: hazards only, ties, safety and fit, strain, contagion. A null "
    "model is the whole model without one mechanism. Both are made by settings that everybody can change; the table "
    "of models says which, and what they leave in place."
)
_NEEDS = (
    "A pattern needs a mechanism if it holds in the whole model and, without it, fails, is reversed, does not arise, "
    "or surely loses more than half of its size. It is helped by what makes it surely larger, and held back by what "
    "makes it surely smaller. Surely: at a level of 99.9 % for the difference run by run, since so many are compared. "
    "This is about one mechanism at a time; what two do only together is not seen."
)
_SETS = (
    "The share of sets is that of plausible sets of parameters in which the effect is as expected and at least as "
    "large as is worth naming. A few worlds tell the effect of one set badly, so luck is taken off the variance "
    "between sets, each set's effect is read between its own mean and that of all sets (empirical Bayes), and the "
    "chances that it is as expected are added up. The interval comes from drawing the sets again."
)
_LIMITS = (
    "Patterns were chosen before they were measured, but some rules were changed after a pattern had failed; the "
    "defence of the design says which. A pattern that holds shows what the rules imply, not that the world is like "
    "that. With some three hundred comparisons a few verdicts on what helps or hinders will be wrong."
)


def page(
    tables: Mapping[str, pl.DataFrame],
    scores: Scores,
    drawings: Sequence[Drawing],
    manifest: Mapping[str, Any],
) -> str:
    """Write the page."""
    of = {drawing.name: [drawing] for drawing in drawings}
    parts = [
        Part(
            "matrix", "Which patterns hold in which model", [_HOW, _LADDER], of["patterns_by_model"]
        ),
        Part("effects", "How large the effects are", [], of["patterns_effects"], [_board(tables)]),
        Part("needs", "What each pattern needs", [_NEEDS], [], [_needs(tables)]),
        Part("models", "The models", [], [], [_models(tables)]),
        Part("limits", "What this leaves out", [_LIMITS]),
    ]
    if scores.sets > 1:
        parts[1] = parts[1]._replace(texts=[_SETS])
    scenario = manifest["identity"]["scenario"]
    people = scenario["population"]
    facts = [
        (
            "People",
            quoted(
                f"{people['recipients']} recipients, {people['supporters']} supporters",
                table="manifest",
            ),
        ),
        ("Weeks", quoted(str(scenario["weeks"]), table="manifest")),
        ("Measured", quoted(head(scores), table="scoreboard")),
        ("Command", manifest["command"] or "from Python"),
    ]
    short = [quoted(line, table="patterns") for line in conclusions(tables)]
    return written(Page(TITLE, short, facts, parts), manifest)


def _board(tables: Mapping[str, pl.DataFrame]) -> Grid:
    full = tables["scoreboard"].filter(tables["scoreboard"]["model"] == WHOLE.key)
    rows = full.join(
        tables["patterns"].select("pattern", "claim", "kind", "note"),
        on="pattern",
        maintain_order="left",
    )
    return Grid(
        "The full model",
        [
            "Pattern",
            "Claim",
            "Kind",
            "Verdict",
            "Effect",
            "95 % interval",
            "Unit",
            "Share of sets",
            "Spread",
            "Note",
        ],
        [
            [
                row["pattern"],
                row["claim"],
                row["kind"],
                row["verdict"],
                *(
                    quoted(cell, table="scoreboard", pattern=row["pattern"])
                    for cell in (
                        _shown(row["effect"]),
                        f"{_shown(row['low'])} to {_shown(row['high'])}",
                    )
                ),
                row["unit"],
                *(
                    quoted(cell, table="scoreboard", pattern=row["pattern"])
                    for cell in (_share(row), _shown(row["spread"]))
                ),
                quoted(row["note"], table="patterns"),
            ]
            for row in rows.iter_rows(named=True)
        ],
        "Spread: standard deviation of the effect between sets of parameters, luck taken off.",
    )


def _shown(value: float) -> str:
    return number(value) if np.isfinite(value) else "-"


def _share(row: Mapping[str, Any]) -> str:
    if not np.isfinite(row["share"]):
        return "-"
    return f"{row['share']:.0%} ({row['share_low']:.0%} to {row['share_high']:.0%})"


def _needs(tables: Mapping[str, pl.DataFrame]) -> Grid:
    return Grid(
        "What each pattern needs",
        ["Pattern", "Claim", "Kind", "Holds from", "Needs"],
        [
            [row["pattern"], row["claim"], row["kind"], row["rung"], row["needs"]]
            for row in tables["patterns"].iter_rows(named=True)
        ],
        "Holds from: the lowest rung of the ladder from which it holds on every rung up to the full model.",
    )


def _models(tables: Mapping[str, pl.DataFrame]) -> Grid:
    rows = {row["model"]: row for row in tables["models"].iter_rows(named=True)}
    return Grid(
        "What is switched off in each, how, and what remains",
        ["Model", "Without", "What is switched off", "What remains", "Settings"],
        [
            [
                rows[model.key]["label"],
                rows[model.key]["without"],
                *(
                    quoted(rows[model.key][name], table="models")
                    for name in ("off", "cannot", "settings")
                ),
            ]
            for model in COLUMNS
        ],
    )
