"""What is printed of the scoreboard."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from peersim.studies.patterns.ablations import LADDER, MODELS, NULLS, WHOLE
from peersim.studies.patterns.judgement import (
    ABSENT,
    BLOCKED,
    HELD_BACK,
    NEEDS,
    REVERSED,
    SILENT,
    UNDECIDED,
    VERDICTS,
)
from peersim.studies.patterns.pattern import EMERGENT, FAILS, HOLDS

if TYPE_CHECKING:
    import polars as pl

    from peersim.studies.patterns.study import Scores

MARKS = {HOLDS: "+", UNDECIDED: "?", FAILS: "o", REVERSED: "-", ABSENT: ".", SILENT: "x"}
COLUMNS = (*LADDER, *(model for model in NULLS if model not in LADDER))
WIDTH = 118
WORDS = {NEEDS: "Needs {}:", BLOCKED: "Holds only without {}:", HELD_BACK: "Larger without {}:"}


def told(tables: Mapping[str, pl.DataFrame], scores: Scores) -> str:
    """Print the board, what each pattern needs, and what stands out."""
    return "\n\n".join(
        [head(scores), _board(tables, scores), _statements(tables), "\n".join(conclusions(tables))]
    )


def head(scores: Scores) -> str:
    """Say what was run."""
    models = f"{len(MODELS)} models, the same people and luck in each"
    if scores.sets == 1:
        text = f"{len(scores.patterns)} patterns, {models}, parameters as configured, {scores.worlds} worlds"
    else:
        text = f"{len(scores.patterns)} patterns, {models}, {scores.sets} plausible sets of parameters, "
        text += f"{scores.worlds} worlds with each"
    rare = [pattern.runs for pattern in scores.patterns if pattern.runs > 1]
    if rare:
        most = min(max(rare), scores.most or max(rare))
        text += f" (up to {most} times as many for what is rare)"
    return text + "."


def _board(tables: Mapping[str, pl.DataFrame], scores: Scores) -> str:
    import polars as pl

    lines = [_heads(), *_column_names(), ""]
    for row in tables["patterns"].iter_rows(named=True):
        board = tables["scoreboard"].filter(pl.col("pattern") == row["pattern"])
        verdicts = dict(board.select("model", "verdict").iter_rows())
        full = board.filter(pl.col("model") == WHOLE.key).row(0, named=True)
        marks = "".join(
            f"{MARKS[verdicts[model.key]]:>3}" + " " * (model == WHOLE) for model in COLUMNS
        )
        kind = "emergent" if row["kind"] == EMERGENT else "built in"
        lines.append(
            f"{row['pattern']:5}{kind:9}{full['verdict']:15}{_effect(full):48}{_share(full):>6} {marks}"
        )
    legend = ", ".join(f"{MARKS[verdict]} {verdict}" for verdict in VERDICTS)
    return "\n".join([*lines, "", f"Marks: {legend}.", *_explained(scores)])


def _heads() -> str:
    return f"{'':5}{'':9}{'full model':15}{'effect (95 % interval)':48}{'sets':>6}   models"


def _column_names() -> list[str]:
    """Numbers over the columns of marks, and what they stand for."""
    numbers = "".join(
        f"{number:>3}" + " " * (model == WHOLE) for number, model in enumerate(COLUMNS, 1)
    )
    names = [f"{number} {model.label}" for number, model in enumerate(COLUMNS, 1)]
    names[3] = "4 + strain (no contagion)"
    names[4] = "5 + contagion (full model)"
    width = 5 + 9 + 15 + 48 + 6 + 1
    return [" " * width + numbers, *textwrap.wrap("; ".join(names), WIDTH)]


def _explained(scores: Scores) -> list[str]:
    if scores.sets == 1:
        return []
    return [
        "Sets: the share of plausible sets in which the effect is as expected and large enough to be named, with luck",
        "taken off (a set's few worlds are read together with those of all others).",
    ]


def _effect(row: Mapping[str, Any]) -> str:
    if not np.isfinite(row["effect"]):
        return "-"
    interval = f"({number(row['low'])} to {number(row['high'])})" if np.isfinite(row["low"]) else ""
    return f"{number(row['effect'])} {interval} {row['unit']}"


def number(value: float) -> str:
    """Write an effect with three digits or so.

    >>> number(0.01234), number(13.21), number(-0.5), number(0.0)
    ('+0.012', '+13.2', '-0.500', '0')
    """
    if value == 0:
        return "0"
    return (
        f"{value:+.1f}"
        if abs(value) >= 10
        else f"{value:+.2f}"
        if abs(value) >= 1
        else f"{value:+.3f}"
    )


def _share(row: Mapping[str, Any]) -> str:
    return f"{row['share']:.0%}" if np.isfinite(row["share"]) else "-"


def _statements(tables: Mapping[str, pl.DataFrame]) -> str:
    lines = ["What each says, and what it needs"]
    for row in tables["patterns"].iter_rows(named=True):
        lines += textwrap.wrap(
            f"{row['pattern']:5}{row['claim']}: {row['needs']}.", WIDTH, subsequent_indent=" " * 5
        )
    return "\n".join(lines)


def conclusions(tables: Mapping[str, pl.DataFrame]) -> list[str]:
    """Say what stands out: how many hold, which fail, what emerges from which mechanism."""
    import polars as pl

    patterns, needs = tables["patterns"], tables["needs"]
    lines = [_tally(patterns, kind) for kind in patterns["kind"].unique(maintain_order=True)]
    for verdict in (FAILS, REVERSED, UNDECIDED, ABSENT):
        keys = patterns.filter(pl.col("verdict") == verdict)["pattern"].to_list()
        if keys:
            lines.append(f"In the full model {_named(keys)} {_stands(verdict, len(keys))}.")
    return lines + _by_mechanism(needs) + _needing_nothing(patterns, needs)


def _by_mechanism(needs: pl.DataFrame) -> list[str]:
    lines = []
    for role, words in WORDS.items():
        for mechanism in needs["mechanism"].unique(maintain_order=True):
            keys = needs.filter((needs["role"] == role) & (needs["mechanism"] == mechanism))[
                "pattern"
            ].to_list()
            if keys:
                lines.append(f"{words.format(mechanism)} {_named(keys)}.")
    return lines


def _needing_nothing(patterns: pl.DataFrame, needs: pl.DataFrame) -> list[str]:
    needing = set(needs.filter(needs["role"] == NEEDS)["pattern"])
    keys = [
        key
        for key in patterns.filter(patterns["verdict"] == HOLDS)["pattern"]
        if key not in needing
    ]
    return (
        [f"Whichever one mechanism is taken away, nothing shows that it is needed: {_named(keys)}."]
        if keys
        else []
    )


def _tally(patterns: pl.DataFrame, kind: str) -> str:
    there = patterns.filter(patterns["kind"] == kind)
    holding = there.filter(there["verdict"] == HOLDS).height
    more = " (only these support the model)" if kind == EMERGENT else ""
    return f"{holding} of {there.height} {kind} patterns hold in the full model{more}."


def _named(keys: list[str]) -> str:
    return " and ".join(part for part in (", ".join(keys[:-1]), keys[-1]) if part)


def _stands(verdict: str, count: int) -> str:
    if verdict in (REVERSED, UNDECIDED):
        return f"{'is' if count == 1 else 'are'} {verdict}"
    if verdict == ABSENT:
        return verdict if count == 1 else "do not arise"
    return verdict if count == 1 else "fail"
