"""From what was measured to tables: the scoreboard, what each pattern needs, the models, the effect
in each set.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from peersim.kernel.catalogue import listed, say, speaking
from peersim.studies.patterns.ablations import LADDER, MODELS, NULLS, WHOLE, Mechanism, Model
from peersim.studies.patterns.finding import together
from peersim.studies.patterns.judgement import (
    BLOCKED,
    HELD_BACK,
    HELPED,
    NEEDS,
    NO_SHARE,
    OPEN,
    SILENT,
    by_set,
    effect_of,
    need,
    share_of_sets,
    standing,
)
from peersim.studies.patterns.pattern import HOLDS, Pattern

if TYPE_CHECKING:
    from peersim.studies.patterns.scores import Scores

ROLES = (NEEDS, HELPED, HELD_BACK, BLOCKED, OPEN)
"""In the order in which they are named; what a pattern does without is not."""


def all_tables(scores: Scores, first: int) -> dict[str, pl.DataFrame]:
    """Make all tables of the study; words in them are English whatever is spoken."""
    with speaking("en"):
        board, needs = scoreboard(scores), needed(scores)
        return {
            "patterns": about(scores, board, needs),
            "scoreboard": board,
            "needs": needs,
            "models": models(),
            "pattern_sets": each_set(scores, first),
        }


def scoreboard(scores: Scores) -> pl.DataFrame:
    """One row a pattern and model."""
    return pl.DataFrame(
        [_score(scores, pattern, model) for pattern in scores.patterns for model in MODELS]
    )


def _score(scores: Scores, pattern: Pattern, model: Model) -> dict[str, Any]:
    values = scores.found[model.key, pattern.key].values
    found = effect_of(values, scores.sets)
    share = share_of_sets(values, scores.sets, pattern.expected) if scores.sets > 1 else NO_SHARE
    verdict = SILENT if pattern.key in model.silent else standing(found, pattern.expected)
    return {
        "pattern": pattern.key,
        "model": model.key,
        "verdict": verdict,
        "effect": found.mean,
        "low": found.low,
        "high": found.high,
        "unit": pattern.unit,
        "share": share.share,
        "share_low": share.low,
        "share_high": share.high,
        "spread": share.spread,
        "sets": scores.sets,
        "values": int(np.isfinite(values).sum()),
    }


def needed(scores: Scores) -> pl.DataFrame:
    """One row a pattern and null model: what taking its mechanism away does."""
    rows = []
    for pattern in scores.patterns:
        full = scores.found[WHOLE.key, pattern.key].values
        for model in NULLS:
            found = need(
                full, scores.found[model.key, pattern.key].values, scores.sets, pattern.expected
            )
            role = SILENT if pattern.key in model.silent else found.role
            rows.append(
                {
                    "pattern": pattern.key,
                    "model": model.key,
                    "mechanism": model.without[0].word("name"),
                    "role": role,
                    "change": found.change,
                    "low": found.low,
                    "high": found.high,
                    "unit": pattern.unit,
                }
            )
    return pl.DataFrame(rows)


def about(scores: Scores, board: pl.DataFrame, needs: pl.DataFrame) -> pl.DataFrame:
    """One row a pattern: what it claims, what would make it hold, from which rung it does, what it
    needs.
    """
    rows = []
    for pattern in scores.patterns:
        verdicts = dict(
            board.filter(pl.col("pattern") == pattern.key).select("model", "verdict").iter_rows()
        )
        expected, needing = pattern.expected, needs.filter(pl.col("pattern") == pattern.key)
        rows.append(
            {
                "pattern": pattern.key,
                "claim": str(pattern.claim),
                "source": pattern.source,
                "kind": pattern.kind,
                "why": str(pattern.why),
                "unit": pattern.unit,
                "direction": expected.direction,
                "worth": expected.worth,
                "lowest": expected.low,
                "highest": expected.high,
                "verdict": verdicts[WHOLE.key],
                "rung": first_rung(verdicts),
                "needs": statement(verdicts[WHOLE.key], needing.select("role", "mechanism").rows()),
                "note": together(scores.found[WHOLE.key, pattern.key].remarks),
            }
        )
    return pl.DataFrame(rows)


def first_rung(verdicts: dict[str, str]) -> str:
    """The lowest rung from which a pattern holds on every rung up to the whole model; nothing if it
    does not there.
    """
    found = ""
    for model in reversed(LADDER):
        if verdicts[model.key] not in (HOLDS, SILENT):
            break
        found = model.label if verdicts[model.key] == HOLDS else found
    return found


def statement(verdict: str, needs: Sequence[tuple[str, str]]) -> str:
    """Say in words what a pattern needs, what helps it, and what stands in its way.

    Parameters
    ----------
    verdict : str
        In the full model.
    needs : sequence of (role, mechanism's name)
    """
    said = {
        role: say(f"patterns.roles.{role}", mechanisms=listed(names))
        for role in ROLES
        if (names := [name for each, name in needs if each == role])
    }
    if verdict != HOLDS:
        return "; ".join([say(f"patterns.in_full.{verdict}"), *said.values()])
    return "; ".join([*([] if NEEDS in said else [say("patterns.needs_none")]), *said.values()])


def models() -> pl.DataFrame:
    """One row a model: what is switched off in it, and how."""
    rows = []
    for model in MODELS:
        said = {
            what: [in_table(mechanism, what) for mechanism in model.without]
            for what in ("name", "off", "cannot")
        }
        rows.append(
            {
                "model": model.key,
                "label": model.label,
                "kind": model.kind,
                "rung": LADDER.index(model) + 1 if model in LADDER else None,
                "without": ", ".join(said["name"]),
                "off": ". ".join(said["off"]) or say("patterns.nothing_off"),
                "cannot": ". ".join(filter(None, said["cannot"])),
                "settings": " ".join(
                    f"{path}={_written(value)}" for path, value in model.switches.items()
                ),
            }
        )
    return pl.DataFrame(rows, schema_overrides={"rung": pl.Int32})


def in_table(mechanism: Mechanism, what: str) -> str:
    """A word of a mechanism as the first edition wrote it: tables stay as they are."""
    return mechanism.word(f"{what}_in_tables") or mechanism.word(what)


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else f"{value:g}"


def each_set(scores: Scores, first: int) -> pl.DataFrame:
    """One row a pattern and set of parameters: the mean effect in its worlds of the whole model."""
    rows = []
    for pattern in scores.patterns:
        values = scores.found[WHOLE.key, pattern.key].values
        table = (
            by_set(values, scores.sets) if scores.sets > 1 else np.asarray(values, float)[:, None]
        )
        known = np.isfinite(table)
        for place in range(scores.sets):
            count = int(known[:, place].sum())
            effect = float(table[known[:, place], place].mean()) if count else np.nan
            number = (first + place) % scores.sets if scores.sets > 1 else -1
            rows.append({"pattern": pattern.key, "set": number, "effect": effect, "values": count})
    return pl.DataFrame(rows).sort("pattern", "set", maintain_order=True)
