"""What a sensitivity analysis says on the terminal: what matters, what can be fixed, how much is
chance, what next.
"""

from __future__ import annotations

import os
import shlex
import textwrap
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from peersim.presentation.figures.parameters import short
from peersim.presentation.wording import label
from peersim.studies.sensitivity.effects import CHANCE, DUMMY, FIXED, IDLE, MATTERS, SMALL, UNCLEAR
from peersim.studies.sensitivity.words import UNITS, interval, number, size_of, unit_of

if TYPE_CHECKING:
    from peersim.scenario.run_options import RunOptions
    from peersim.studies.sensitivity.study import Found

SHOWN_OUTCOMES, SHOWN_ROWS, MOST_NEXT = 2, 10, 20
SAMPLES, NEXT_REPLICATES = (1024, 512, 256), 20
PATIENCE = 1200  # seconds: the largest number of samples that takes no longer is proposed
WIDTH = 110
WHAT = {
    "morris": "Screening (Morris): what moving one setting alone changes, wherever the others are.",
    "sobol": "Shares of the variance (Sobol'): what each setting decides, alone and together with others.",
    "pawn": "Distances of distributions (PAWN): how far the outcome's distribution moves with each setting.",
}
HEADS = {
    "morris": ("change", "95 % interval", "by chance"),
    "sobol": ("together", "95 % interval", "alone", "by chance"),
    "pawn": ("distance", "95 % interval", "by chance"),
}
FEET = {
    "morris": "change: mean size of the change of the outcome when the setting goes over its whole range (shares: in "
    "points\nof a hundred), ▲ if more of it brings more, ▼ if less, ▲▼ either. by chance: about what a setting without "
    "any\neffect would show.",
    "sobol": "together: share of the variance of the outcome that the setting decides, alone and with others. by "
    "chance:\nabout what a setting without any effect would show.",
    "pawn": "distance: 0 none, 1 most. by chance: 95 of 100 made-up settings without effect stay below it.",
}


ORDER = (
    "flips: moves of the setting alone after which the other design is better, of those with a clear winner at both "
    "ends; points that are too close to call never count. moves it: size of its effect on the difference. A better: "
    "share of the clear cases in which A is, where the setting is in the lowest and in the highest third of its range."
)


def told(found: Found, settings: RunOptions) -> str:
    """Say what was found, in lines no wider than 110 characters."""
    sample, tables = found.sample, found.tables
    first = next(iter(next(iter(sample.values.values())).values()))
    size = f"{len(sample.factors)} settings, {len(first):,} points x {first.shape[1]} runs"
    lines = ["", WHAT[sample.method], f"{size}; {ranges(found)}"]
    outcomes = list(next(iter(sample.values.values())))[
        : len(settings.outcomes or ()) or SHOWN_OUTCOMES
    ]
    for outcome in outcomes:
        lines += _ranking(found, outcome) if "ranking" in tables else _sizes(found, outcome)
    if "ranking" not in tables:
        lines += ["", FEET[sample.method]]
    lines += [""] + further(found, settings, outcomes)
    return "\n".join(lines).rstrip()


def ranges(found: Found) -> str:
    """Say from where to where the settings went."""
    if found.sample.method == "pawn" and found.choice.kind == "pawn":
        return f"runs of {found.choice.of}"
    if found.choice.around is not None:
        share = found.choice.around
        return f"each from {1 - share:g} to {1 + share:g} times its value, within its bounds"
    return "each over its declared bounds" + (", or those given" if found.choice.bounds else "")


def _sizes(found: Found, outcome: str) -> list[str]:
    import polars as pl

    method, table = (
        found.sample.method,
        found.tables["sensitivity"].filter(pl.col("outcome") == outcome),
    )
    rows = [row for row in table.to_dicts() if row["parameter"] not in (CHANCE, DUMMY)]
    counts = {
        verdict: sum(row["verdict"] == verdict for row in rows)
        for verdict in (MATTERS, UNCLEAR, FIXED, IDLE)
    }
    rest = IDLE if method == "pawn" else FIXED
    said = ", ".join(f"{verdict} {counts[verdict]}" for verdict in (MATTERS, UNCLEAR, rest))
    lines = ["", f"{label(outcome)} (settings: {said})"]
    shown = [row for row in rows if row["verdict"] not in SMALL][:SHOWN_ROWS] or rows[:3]
    meanings = dict(
        zip(*(found.tables["factors"][name] for name in ("parameter", "meaning")), strict=True)
    )
    cells = [["setting", *HEADS[method], ""]]
    cells += [
        [
            row["parameter"],
            *_numbers(row, method, outcome),
            short(meanings[row["parameter"]], 44, 1),
        ]
        for row in shown
    ]
    lines += [f"  {line}" for line in columns(cells)]
    left = counts[MATTERS] + counts[UNCLEAR] - len(shown)
    if left > 0:
        lines.append(f"  ... and {left} more that matter, or are unclear")
    return [*lines, f"  {chance_line(found, outcome)}"]


def _numbers(row: dict[str, Any], method: str, outcome: str) -> list[str]:
    unit = unit_of(method, outcome)
    alone = [number(row["first"], unit)] if method == "sobol" else []
    return [
        size_of(row, method, unit),
        interval(row, method, unit),
        *alone,
        number(row["chance"], unit),
    ]


def columns(cells: Sequence[Sequence[str]]) -> list[str]:
    """Set out cells in columns: the first and the last to the left, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = []
    for line in cells:
        numbers = [text.rjust(width) for text, width in zip(line[1:-1], widths[1:-1], strict=True)]
        lines.append("  ".join([line[0].ljust(widths[0]), *numbers, line[-1]]).rstrip())
    return lines


def chance_line(found: Found, outcome: str) -> str:
    """Say how much of what differs between runs is chance."""
    import polars as pl

    row = found.tables["chance"].filter(pl.col("outcome") == outcome).to_dicts()[0]
    if row["share"] is None or not np.isfinite(row["share"]):
        return "chance: not known; at least two runs of each point are needed (replicates=10)"
    spread = number(row["sd_chance"] * 2 / np.pi**0.5, UNITS[outcome])
    return (
        f"chance: two runs with the same settings differ by {spread}; {100 * row['share']:.0f} % of the variance of "
        f"runs,\n  {100 * row['share_of_mean']:.1f} % of that of means over {row['replicates']}"
    )


def _ranking(found: Found, outcome: str) -> list[str]:
    import polars as pl

    here = pl.col("outcome") == outcome
    verdicts = found.tables["verdicts"].filter(here).to_dicts()
    rows = found.tables["ranking"].filter(here).to_dicts()
    shares = ", ".join(
        f"{row['verdict']} at {100 * row['share']:.0f} %" for row in verdicts if row["share"] > 0
    )
    lines = ["", f"{label(outcome)}: of all points, {shares}"]
    flipping = [row for row in rows if row["flips"]]
    shown = (flipping or sorted(rows, key=lambda row: -row["gap_size"]))[:SHOWN_ROWS]
    unit = unit_of(found.sample.method, outcome)
    cells = [["setting", "flips", "moves it", "A better where low", "where high", ""]]
    cells += [
        [
            row["parameter"],
            f"{row['flips']} of {row['told']}" if row["moves"] else "-",
            number(row["gap_size"], unit),
            *(_share(row[end]) for end in ("first_wins_low", "first_wins_high")),
            "",
        ]
        for row in shown
    ]
    if not flipping and any(row["moves"] for row in rows):
        lines.append("  no setting flips it when moved alone; those that move the difference most:")
    return [*lines, *(f"  {line}" for line in columns(cells))]


def _share(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.0f} %"


def further(found: Found, settings: RunOptions, outcomes: Sequence[str]) -> list[str]:
    """Explain two designs, and offer the next step after a screening."""
    lines = []
    if "ranking" in found.tables:
        lines += [*textwrap.wrap(found.about, WIDTH), *textwrap.wrap(ORDER, WIDTH), ""]
    if found.sample.method != "morris":
        return lines
    paths = worth_a_closer_look(found, outcomes)
    if not paths:
        return [*lines, "Nothing stands out; more trajectories or replicates would tell more."]
    a_sample = (len(paths) + 2) * NEXT_REPLICATES * len(found.sample.values)
    seconds = found.seconds_a_run or 0.0
    samples = next((n for n in SAMPLES if n * a_sample * seconds <= PATIENCE), SAMPLES[-1])
    taking = f", about {_minutes(samples * a_sample * seconds)} here" if seconds else ""
    those = "one that matters" if len(paths) == 1 else f"{len(paths)} that matter"
    head = (
        f"Next, shares of the variance for the {those} most ({samples * a_sample:,} runs{taking}):"
    )
    return [*lines, head, f"  {next_command(settings, found, paths, samples)}"]


def worth_a_closer_look(found: Found, outcomes: Iterable[str]) -> list[str]:
    """List the settings that no outcome lets us fix, the most important first, twenty at most."""
    import polars as pl

    weight: dict[str, float] = {}
    for outcome in outcomes:
        here = pl.col("outcome") == outcome
        if "ranking" in found.tables:
            rows, size, verdict = (
                found.tables["ranking"].filter(here).to_dicts(),
                "gap_size",
                "gap_verdict",
            )
        else:
            rows, size, verdict = (
                found.tables["sensitivity"].filter(here).to_dicts(),
                "mu_star",
                "verdict",
            )
        rows = [row for row in rows if row["parameter"] not in (CHANCE, DUMMY)]
        largest = max((row[size] for row in rows), default=0.0) or 1.0
        for row in rows:
            if row[verdict] not in SMALL:
                weight[row["parameter"]] = max(
                    weight.get(row["parameter"], 0.0), row[size] / largest
                )
    return sorted(weight, key=lambda path: -weight[path])[:MOST_NEXT]


def _minutes(seconds: float) -> str:
    return (
        f"{max(1, round(seconds / 60))} minutes"
        if seconds > 90
        else f"{max(1, round(seconds))} seconds"
    )


def next_command(
    settings: RunOptions, found: Found, paths: Sequence[str], samples: int = SAMPLES[0]
) -> str:
    """Write the command that looks more closely at some settings, as it can be typed.

    What was given of the programme stays; what was given of the screening goes.
    """
    dropped = ("design", "replicates", "out", "experiment")
    kept = [
        text
        for text in settings.overrides
        if text.lstrip("+").split("=")[0].split(".")[0] not in dropped
    ]
    bounds = [
        f"design.bounds.{path}={_listed(ends)}"
        for path, ends in found.choice.bounds.items()
        if path in paths
    ]
    around = [f"design.around={found.choice.around:g}"] if found.choice.around is not None else []
    size = [f"design.samples={samples}"] if samples != SAMPLES[0] else []
    over = f"design.over=[{','.join(paths)}]"
    is_named = any(
        text.startswith("out=") for text in settings.overrides
    )  # else the folder names itself
    out = [f"out={settings.out.rstrip('/')}-sobol"] if is_named else []
    words = ["experiment=sensitivity", "design=sobol", *size, *around, over, *bounds, *kept]
    return f"{prefix()}peersim {shlex.join([*words, f'replicates={NEXT_REPLICATES}', *out])}"


def _listed(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return f"[{','.join(map(_listed, value))}]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def prefix() -> str:
    """Give ``uv run`` in front of a command if this one was called that way."""
    return "uv run " if "UV_RUN_RECURSION_DEPTH" in os.environ else ""


__all__ = ["columns", "next_command", "number", "told"]
