"""The next step after a screening: shares of the variance, for the settings that matter most."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import polars as pl

from peersim.studies.sensitivity.effects import CHANCE, DUMMY, SMALL

if TYPE_CHECKING:
    from peersim.scenario.sweep_options import DesignChoice

MOST_NEXT = 20
SAMPLES, NEXT_REPLICATES = (1024, 512, 256), 20
PATIENCE = 1200  # seconds: the largest number of samples that takes no longer is proposed


def facts(
    options: Any,
    choice: DesignChoice,
    tables: Mapping[str, pl.DataFrame],
    known: Mapping[str, Any],
    seconds_a_run: float | None,
) -> dict[str, Any]:
    """Give the next command after a screening, with the runs it takes and how long."""
    if known["method"] != "morris":
        return {}
    paths = worth_a_closer_look(tables, known["printed"])
    if not paths:
        return {"next": None}
    designs = 2 if "ranking" in tables else 1
    a_sample = (len(paths) + 2) * NEXT_REPLICATES * designs
    seconds = seconds_a_run or 0.0
    samples = next((n for n in SAMPLES if n * a_sample * seconds <= PATIENCE), SAMPLES[-1])
    return {
        "next": {
            "settings": len(paths),
            "runs": samples * a_sample,
            "minutes": max(1, round(samples * a_sample * seconds / 60)),
            "command": next_command(options, choice, paths, samples),
        }
    }


def worth_a_closer_look(tables: Mapping[str, pl.DataFrame], outcomes: Iterable[str]) -> list[str]:
    """List the settings that no outcome lets us fix, the most important first, twenty at most."""
    weight: dict[str, float] = {}
    for outcome in outcomes:
        here = pl.col("outcome") == outcome
        if "ranking" in tables:
            rows, size, verdict = (
                tables["ranking"].filter(here).to_dicts(),
                "gap_size",
                "gap_verdict",
            )
        else:
            rows, size, verdict = (
                tables["sensitivity"].filter(here).to_dicts(),
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


def next_command(
    options: Any, choice: DesignChoice, paths: Sequence[str], samples: int = SAMPLES[0]
) -> str:
    """Write the command that looks more closely at some settings, as it can be typed.

    What was given of the programme stays; what was given of the screening goes.
    """
    dropped = ("design", "replicates", "out", "experiment")
    kept = [
        text
        for text in options.overrides
        if text.lstrip("+").split("=")[0].split(".")[0] not in dropped
    ]
    bounds = [
        f"design.bounds.{path}={_listed(ends)}"
        for path, ends in choice.bounds.items()
        if path in paths
    ]
    around = [f"design.around={choice.around:g}"] if choice.around is not None else []
    size = [f"design.samples={samples}"] if samples != SAMPLES[0] else []
    over = f"design.over=[{','.join(paths)}]"
    is_named = any(
        text.startswith("out=") for text in options.overrides
    )  # else the folder names itself
    out = [f"out={options.out.rstrip('/')}-sobol"] if is_named else []
    words = ["experiment=sensitivity", "design=sobol", *size, *around, over, *bounds, *kept]
    return f"{prefix()}peersim {shlex.join([*words, f'replicates={NEXT_REPLICATES}', *out])}"


def _listed(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return f"[{','.join(map(_listed, value))}]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def prefix() -> str:
    """Give ``uv run`` in front of a command if this one was called that way."""
    return "uv run " if "UV_RUN_RECURSION_DEPTH" in os.environ else ""
