"""Which assumptions matter: screening (Morris), shares of the variance (Sobol'), or from an
existing sweep (PAWN).
"""

from __future__ import annotations

import dataclasses
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from peersim.engine.sweeping import run_sweep
from peersim.kernel.declaration import InvalidInput
from peersim.kernel.paths import leaves
from peersim.kernel.plain_data import flat, plain
from peersim.presentation.add_to_folder import supplement
from peersim.results import folder as results
from peersim.results.manifest import identity, provenance
from peersim.scenario.design import Design, chosen
from peersim.scenario.factors import Factor, differing
from peersim.scenario.scenario import Scenario, changed
from peersim.scenario.uncertain_parameters import assumptions, key_assumptions
from peersim.studies.sensitivity.tables import ARMS, Sample, by_point, sensitivity_tables

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    from peersim.presentation.figures import Drawing
    from peersim.scenario.run_options import RunOptions
    from peersim.scenario.sweep_options import DesignChoice

STUDY = "sensitivity"
OUTCOMES = ("connectedness", "retained", "isolated", "harmed", "strain")
"""What is analysed if no outcomes are named."""

AROUND = 0.5
"""How far assumptions go from their present values unless it is said which of them vary, as a share
of these.

Declared bounds of assumptions are wide. All of them at once anywhere within make worlds in which
nobody comes or nobody stays, and in such worlds other things matter than in those that anybody
believes in.
"""

METHODS = {"morris": "morris", "sobol": "sobol", "lhs": "pawn", "pawn": "pawn"}
FEWEST_POINTS = 50
TIMED = 20


class Found(NamedTuple):
    """What an analysis found, and what is needed to tell it.

    Attributes
    ----------
    sample : Sample
    tables : dict of str to polars.DataFrame
    about : str
        What sets the two designs apart, if there are two.
    choice : DesignChoice
    seconds_a_run : float, optional
        Of all workers together.
    """

    sample: Sample
    tables: dict[str, pl.DataFrame]
    about: str
    choice: DesignChoice
    seconds_a_run: float | None = None


def run(scenario: Scenario, settings: RunOptions) -> int:
    """Run or read a sweep, analyse it, print what matters, and write everything beside the runs.

    Returns
    -------
    int
        1 if some of the runs failed.
    """
    kind = settings.design.kind if settings.design is not None else "none"
    if kind not in METHODS:
        raise InvalidInput(
            f"experiment=sensitivity cannot use design={kind}; it can be design=morris (screening), design=sobol "
            "(shares of the variance), design=lhs, or design=pawn design.of=FOLDER (on an existing sweep)."
        )
    return of_existing(settings) if kind == "pawn" else of_new(scenario, settings)


def of_new(scenario: Scenario, settings: RunOptions) -> int:
    """Run the sweep, or what is missing of it, and analyse it."""
    from peersim.studies.sensitivity.printed import told
    from peersim.studies.sweep.study import failures

    scenario, arms = until(scenario, settings.week), {}
    if settings.arms:
        arms = {arm: until(settings.arms.get(arm, scenario), settings.week) for arm in ARMS}
    choice = with_ranges(settings.design)
    design = chosen(
        choice, scenario, arms, over=default_factors(choice.kind, list(arms.values()) or [scenario])
    )
    swept = run_sweep(STUDY, scenario, design, settings)
    found = analysed(swept.folder, design, choice, settings)
    if choice.kind == "morris":
        found = found._replace(seconds_a_run=timed(scenario, design) / settings.workers)
    if not swept.new:
        print(f"{swept.folder} holds these runs already; nothing was left to run.")
    print(told(found, settings), flush=True)
    publish(swept.folder, found, scenario)
    print(f"\nReport: {swept.folder / 'report.html'}")
    if swept.failed:
        print(f"\npeersim: {failures(swept)}", file=sys.stderr)
    return 1 if swept.failed else 0


def timed(scenario: Scenario, design: Design) -> float:
    """Measure the seconds that a run takes, on some points of a design."""
    from peersim.run.simulation import ensemble

    bases = design.bases(scenario)
    step = max(len(design) // TIMED, 1) | 1  # odd, so that both designs are among them
    worlds = [
        changed(bases[design.arm_of(k)], design.points[k]) for k in range(0, len(design), step)
    ]
    ensemble(worlds[0], [0])  # reads in what is compiled
    began = time.perf_counter()
    for world in worlds:
        ensemble(world, [0])
    return (time.perf_counter() - began) / len(worlds)


def until(scenario: Scenario, week: int | None) -> Scenario:
    """Give the same world up to a week; what would come later does not matter to it."""
    if week is None or week == scenario.weeks:
        return scenario
    events = [event for event in scenario.events if event["week"] <= week]
    return changed(scenario, {"weeks": max(week, 1), "events": events})


def with_ranges(choice: DesignChoice) -> DesignChoice:
    """Let assumptions go only so far from their present values, if it is not said which are to vary
    or how far.
    """
    is_said = choice.over or choice.bounds or choice.around is not None
    return choice if is_said else dataclasses.replace(choice, around=AROUND)


def default_factors(kind: str, scenarios: list[Scenario]) -> list[str]:
    """Take all assumptions for a screening, and those on which most hangs for what needs more
    runs.
    """
    found = assumptions(scenarios) if kind == "morris" else key_assumptions(scenarios)
    set_apart = differing(scenarios)
    return [path for path in found if path not in set_apart]


def analysed(folder: Path, design: Design, choice: DesignChoice, settings: RunOptions) -> Found:
    """Analyse the runs in a folder as the design they were made with asks for."""
    import numpy as np

    assert design.unit is not None
    unit = design.unit[:: max(len(design.arms), 1)]
    values = by_point(read_runs(folder, settings.outcomes), settings.outcomes or OUTCOMES)
    levels = design.settings.get("levels", 8)
    sample = Sample(METHODS[design.kind], design.factors, np.asarray(unit), values, levels)
    base = next(iter(design.arms.values()), None) if design.arms else None
    configured = dict(flat(results.read_manifest(folder)["identity"]["scenario"]))
    configured |= dict(flat(plain(base))) if isinstance(base, Scenario) else {}
    return Found(sample, sensitivity_tables(sample, configured), told_apart(design.arms), choice)


def read_runs(folder: Path, outcomes: list[str] | None) -> pl.DataFrame:
    """Read what is needed of the table of runs."""
    import polars as pl

    runs = pl.scan_parquet(folder / "runs.parquet")
    wanted = ["point", "replicate", "arm", *(outcomes or OUTCOMES)]
    return runs.select([name for name in wanted if name in runs.collect_schema().names()]).collect()


def told_apart(arms: Mapping[str, Any]) -> str:
    """Say what sets two designs apart.

    >>> told_apart({"A": Scenario(), "B": changed(Scenario(), {"cafe.per_week": 1})})
    'A: cafe.per_week=0.  B: cafe.per_week=1.'
    """
    if not arms:
        return ""
    paths = sorted(differing(arms.values()))
    settings = {name: dict(flat(plain(arm))) for name, arm in arms.items()}
    return "  ".join(
        f"{name}: {', '.join(f'{path}={_value(known[path])}' for path in paths)}."
        for name, known in settings.items()
    )


def _value(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ",".join(map(str, value)) + "]"
    return f"{value:g}" if isinstance(value, float) else str(value)


def publish(folder: Path, found: Found, scenario: Scenario) -> None:
    """Write tables, figures and page beside the runs."""
    manifest = results.read_manifest(folder)
    drawings, text = faces(found, manifest)
    supplement(folder, scenario, found.tables, drawings, text)


def faces(found: Found, manifest: Mapping[str, Any]) -> tuple[list[Drawing], str]:
    """Give the figures and the page."""
    from peersim.presentation.figures import draw_sensitivity
    from peersim.studies.sensitivity.page import page
    from peersim.studies.sensitivity.printed import ranges

    method = found.sample.method
    drawings = list(draw_sensitivity(found.tables, method, manifest, found.about))
    asked = {"ranges": ranges(found), "about": found.about}
    return drawings, page(found.tables, method, drawings, manifest, asked)


# -- an existing sweep ---------------------------------------------------------------------------
def of_existing(settings: RunOptions) -> int:
    """Analyse a sweep that was run before; nothing is run."""
    from peersim.studies.sensitivity.printed import told

    source = Path(settings.design.of)
    manifest = checked_sweep(source)
    started, known = (
        datetime.now(UTC),
        identity(STUDY, Scenario(), settings) | {"of": manifest["config_hash"]},
    )
    known["scenario"] = manifest["identity"]["scenario"]
    known |= {key: manifest["identity"][key] for key in ("seed", "replicates")}
    folder = Path(settings.out)
    results.guard(folder, known)
    found = of_folder(source, manifest, settings)
    print(told(found, settings), flush=True)
    own = provenance(known, settings, started)
    with results.staged(folder, own) as staging:
        results.write_tables(staging, found.tables, own, Scenario())
        drawings, text = faces(found, own)
        (staging / "report.html").write_text(text, encoding="utf-8")
        (staging / "figures").mkdir()
        for drawing in drawings:
            (staging / "figures" / f"{drawing.name}.png").write_bytes(drawing.png)
            (staging / "figures" / f"{drawing.name}.svg").write_text(drawing.svg, encoding="utf-8")
    print(f"\nReport: {folder / 'report.html'}")
    return 0


def checked_sweep(source: Path) -> dict[str, Any]:
    """Read the manifest of a finished sweep.

    Raises
    ------
    InvalidInput
        If there is none.
    """
    manifest = results.read_manifest(source)
    if not (source / "points.parquet").is_file():
        raise InvalidInput(
            f"design.of={source} holds results, but not of a sweep (no points.parquet)."
        )
    if not str(manifest.get("status", "")).startswith("completed"):
        again = manifest.get("command") or "the same command"
        raise InvalidInput(
            f"design.of={source} holds a sweep that is not finished; go on with it: {again}"
        )
    return manifest


def of_folder(source: Path, manifest: Mapping[str, Any], settings: RunOptions) -> Found:
    """Make a sample of the points and runs of a sweep."""
    import numpy as np
    import polars as pl

    points = pl.read_parquet(source / "points.parquet")
    arms = 1 if "arm" not in points.columns else points["arm"].n_unique()
    points = points.sort("point")[::arms]
    varied = [
        name for name in points.columns if name in leaves(Scenario) and points[name].n_unique() > 1
    ]
    if len(points) < FEWEST_POINTS or not varied:
        raise InvalidInput(
            f"design.of={source} has {len(points)} points; PAWN needs at least {FEWEST_POINTS}, better hundreds: "
            "experiment=sweep design=lhs design.points=500 ..."
        )
    factors = [factor_of(points[name]) for name in varied]
    unit = np.column_stack([codes_of(points[factor.path], factor) for factor in factors])
    values = by_point(read_runs(source, settings.outcomes), settings.outcomes or OUTCOMES)
    sample = Sample("pawn", factors, unit, values)
    configured = dict(flat(manifest["identity"]["scenario"]))
    return Found(sample, sensitivity_tables(sample, configured), "", settings.design)


def factor_of(values: pl.Series) -> Factor:
    """Make a factor of what a setting was in the points of a sweep."""
    leaf = leaves(Scenario)[values.name]
    unit = leaf.field.metadata.get("unit", "-")
    if values.dtype.is_numeric() and leaf.type in (int, float):
        return Factor(values.name, unit, float(values.min()), float(values.max()), leaf.type is int)  # type: ignore[arg-type]
    there = values.cast(str).unique(maintain_order=True).to_list()
    levels = tuple(sorted(there, key=leaf.options.index) if leaf.options else there)
    return Factor(values.name, unit, 0, len(levels) - 1, True, levels)


def codes_of(values: pl.Series, factor: Factor) -> np.ndarray:
    """Give the values of a setting as numbers: themselves, or the places of options in their
    order.
    """
    import numpy as np

    if factor.levels is None:
        return values.cast(float).to_numpy()
    return np.array([factor.levels.index(value) for value in values.cast(str)], float)
