"""A sweep from the command line: run what is missing, and show what came out in a few lines."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from peersim.engine.sweeping import Swept, run_sweep
from peersim.kernel.statistics import paired
from peersim.presentation.add_to_folder import supplement
from peersim.results.folder import read_manifest
from peersim.scenario.design import chosen, idle

if TYPE_CHECKING:
    import polars as pl

    from peersim.scenario.run_options import RunOptions
    from peersim.scenario.scenario import Scenario

STUDY = "sweep"
SHOWN, ENDS = 24, 5
"""So many points are listed; of more than that, so many at each end."""
WIDEST = 4  # settings for which there is room in a line
BY, ALSO = "connectedness", "retained"


def run(scenario: Scenario, settings: RunOptions) -> int:
    """Run a sweep, print what came out and where it is.

    Returns
    -------
    int
        1 if some runs failed.
    """
    design = chosen(settings.design, scenario)
    for community, paths in idle(design, scenario).items():
        print(f"peersim: {in_vain(community, paths, scenario)}", file=sys.stderr)
    swept = run_sweep(STUDY, scenario, design, settings)
    print(told(swept, settings, scenario), flush=True)
    publish(swept, scenario)
    print(f"Report: {swept.folder / 'report.html'}")
    if swept.failed:
        print(f"\npeersim: {failures(swept)}", file=sys.stderr)
    return 1 if swept.failed else 0


def publish(swept: Swept, scenario: Scenario) -> None:
    """Put figures and a page beside the tables."""
    import polars as pl

    from peersim.presentation.figures import draw_sweep
    from peersim.studies.sweep.figures import varied_in
    from peersim.studies.sweep.page import page

    tables = {
        name: pl.read_parquet(swept.folder / f"{name}.parquet") for name in ("points", "summary")
    }
    manifest = read_manifest(swept.folder)
    drawings = list(draw_sweep(tables, manifest))
    text = page(
        tables["points"], tables["summary"], varied_in(tables["points"]), drawings, manifest
    )
    supplement(swept.folder, scenario, {}, drawings, text)


def in_vain(community: str, paths: list[str], scenario: Scenario) -> str:
    """Say that settings vary without any effect."""
    what = paths[0] if len(paths) == 1 else f"{paths[0]} and {len(paths) - 1} more of {community}"
    now, meant = ",".join(scenario.communities), ",".join([*scenario.communities, community])
    verb = "changes" if len(paths) == 1 else "change"
    return f"{what} {verb} nothing as long as communities is [{now}]; did you mean communities=[{meant}]?"


def told(swept: Swept, settings: RunOptions, scenario: Scenario) -> str:
    """Say what came out, and where everything is."""
    points = len(swept.design)
    counted = "1 point" if points == 1 else f"{points:,} points"
    title = f"{counted} x {settings.replicates:,} replicates, the same people and the same luck at every point"
    head = (
        [] if swept.new else [f"{swept.folder} holds this sweep already; nothing was left to run."]
    )
    files = ", ".join(sorted(path.stem for path in swept.folder.glob("*.parquet")))
    foot = [
        "± : 95 % interval over the replicates; of a difference, over the pairs of runs with the same seed.",
        "",
        f"Tables: {swept.folder} ({files}; data_dictionary.md says what stands in them)",
    ]
    if points > SHOWN:
        foot.append(
            f"What matters: peersim experiment=sensitivity design=pawn design.of={swept.folder}"
        )
    return "\n".join([*head, "", title, *_lines(swept), *foot])


def failures(swept: Swept) -> str:
    """Say how many runs failed, why the first of them did, and how to repeat it."""
    import polars as pl

    first = (
        pl.scan_parquet(swept.folder / "runs.parquet")
        .filter(pl.col("status") == "failed")
        .head(1)
        .collect()
    )
    return (
        f"{swept.failed:,} of {swept.runs:,} runs failed; runs.parquet says why (column error). The first: "
        f"{first['error'][0].rstrip('.')}. To repeat it: {first['reproduce'][0]}"
    )


class _Row(NamedTuple):
    """One point as it is shown."""

    point: int
    settings: dict[str, Any]
    by: str
    difference: str
    also: str


def _lines(swept: Swept) -> list[str]:
    import polars as pl

    summary = (
        pl.scan_parquet(swept.folder / "summary.parquet")
        .filter(pl.col("outcome").is_in([BY, ALSO]))
        .collect()
    )
    found = {outcome: summary.filter(pl.col("outcome") == outcome) for outcome in (BY, ALSO)}
    if len(swept.design) <= SHOWN:
        return ["", *_table(swept, found, range(len(swept.design)))]
    order = (
        found[BY]
        .filter(pl.col("mean").is_not_null())
        .sort("mean", descending=True)["point"]
        .to_list()
    )
    return [
        "",
        f"The {ENDS} points with the most {BY}:",
        *_table(swept, found, order[:ENDS]),
        "",
        f"The {ENDS} points with the least:",
        *_table(swept, found, order[-ENDS:]),
    ]


def _table(swept: Swept, found: dict[str, pl.DataFrame], numbers: Any) -> list[str]:
    rows = _rows(swept, found, list(numbers))
    names = list(rows[0].settings) if rows else []
    cells = [["point", *names, BY, "difference from point 0", ALSO]]
    cells += [
        [str(row.point), *map(_short, row.settings.values()), row.by, row.difference, row.also]
        for row in rows
    ]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [
        "  ".join(text.rjust(width) for text, width in zip(line, widths, strict=True))
        for line in cells
    ]


def _rows(swept: Swept, found: dict[str, pl.DataFrame], numbers: list[int]) -> list[_Row]:
    import polars as pl

    paths = [factor.path for factor in swept.design.factors]
    shown = paths if len(paths) <= WIDEST else []
    table = pl.read_parquet(swept.folder / "points.parquet").select("point", *shown)
    runs = pl.scan_parquet(swept.folder / "runs.parquet").select("point", "seed", BY)
    values = runs.filter(pl.col("point").is_in([0, *numbers])).collect()
    of = {point[0]: frame.sort("seed")[BY].to_numpy() for point, frame in values.group_by("point")}
    rows = []
    for number in numbers:
        by, also = (found[outcome].row(number, named=True) for outcome in (BY, ALSO))
        gap = paired(of[number], of[0])
        difference = _plus_minus(gap.difference, (gap.high - gap.low) / 2, "+.3f") if number else ""
        settings = table.row(number, named=True)
        del settings["point"]
        rows.append(
            _Row(number, settings, _shown(by, 1, ".3f"), difference, _shown(also, 100, ".1f", " %"))
        )
    return rows


def _shown(row: dict[str, Any], times: float, form: str, unit: str = "") -> str:
    if row["mean"] is None:
        return "-"
    high = float("nan") if row["mean_high"] is None else row["mean_high"]
    return _plus_minus(times * row["mean"], times * (high - row["mean"]), form) + unit


def _plus_minus(mean: float, half: float, form: str) -> str:
    if mean != mean:
        return "-"
    return f"{mean:{form}}" + (f" ±{half:{form.lstrip('+')}}" if half == half else "")


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
