"""Calibration: what published figures say about the parameters that nobody can look up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from peersim.engine.sweeps.progress import Progress
from peersim.kernel.compiled import digest
from peersim.results.manifest import config_hash
from peersim.studies.calibration.history_matching import PLANS, Calibration, Plan, calibrate
from peersim.studies.calibration.identifiability import recovery_table, tensions_table
from peersim.studies.calibration.runs import Runner
from peersim.studies.calibration.tables import (
    couplings_table,
    observed,
    plausible_table,
    shrinkage_table,
    targets_table,
    waves_table,
)
from peersim.studies.calibration.targets import TARGETS, Target
from peersim.studies.publishing import Publication

if TYPE_CHECKING:
    import polars as pl

    from peersim.presentation.figures import Drawing
    from peersim.scenario.run_options import RunOptions
    from peersim.scenario.scenario import Scenario

STUDY = "calibration"
HEADS = {
    "group": 10,
    "label": 52,
    "observed": 16,
    "plausible": 24,
    "verdict": 8,
    "default": 9,
    "at default": 10,
}
LEFT = ("group", "label", "verdict", "at default")


def run(scenario: Scenario, settings: RunOptions) -> None:
    """Run all waves, print how the model meets the targets and what was learned, and write the
    results folder.

    What has been run is kept beside the results, so that a calibration that was interrupted goes
    on.
    """
    publication = Publication(STUDY, scenario, settings)
    found = found_by(scenario, settings, publication)
    tables = tables_of(found)
    print("\n".join(printed(tables)), flush=True)
    folder = publication.write(tables, faces)
    print(f"\nReport: {folder / 'report.html'}\nPlausible sets: {folder / 'plausible.parquet'}")


def found_by(
    scenario: Scenario,
    settings: RunOptions,
    publication: Publication,
    targets: tuple[Target, ...] = TARGETS,
    plan: Plan | None = None,
) -> Calibration:
    """Calibrate, from what has been run before on.

    Parameters
    ----------
    scenario, settings
        What to change, and how much to run with how many workers.
    publication : Publication
        Where results will stand.
    targets, plan
        Others than those of the settings, for tests.
    """
    chosen = plan or PLANS[settings.size or "quick"]
    name = f".waves-{config_hash(publication.known)[:8]}-{digest()[:8]}"
    bar = Progress(chosen.runs, 0, "Calibrating")
    runner = Runner(scenario, publication.folder / name, targets, settings.workers, bar.add)
    return calibrate(runner, chosen, settings.seed, lambda text: print(text, flush=True))


def tables_of(found: Calibration) -> dict[str, pl.DataFrame]:
    """Make all tables of a calibration."""
    return {
        "targets": targets_table(found),
        "shrinkage": shrinkage_table(found),
        "couplings": couplings_table(found),
        "tensions": tensions_table(found),
        "recovery": recovery_table(found),
        "waves": waves_table(found),
        "plausible": plausible_table(found),
    }


def faces(
    tables: Mapping[str, pl.DataFrame], manifest: Mapping[str, Any], scenario: Scenario
) -> tuple[list[Drawing], str]:
    """Give the figures and the page of a calibration."""
    from peersim.studies.calibration.figures import draw
    from peersim.studies.calibration.page import page

    drawings = list(draw(tables, manifest["versions"]["peersim"]))
    return drawings, page(tables, drawings, manifest)


def printed(tables: Mapping[str, pl.DataFrame]) -> list[str]:
    """Set out the targets, and say in a few lines what was learned and what cannot be met
    together.
    """
    rows = tables["targets"].to_dicts()
    lines = ["", _line(dict(zip(HEADS, HEADS, strict=True)))]
    for row in rows:
        lines.append(
            _line(
                {
                    "group": str(row["group"]),
                    "label": row["label"],
                    "observed": observed(row),
                    "plausible": f"{row['median']:.3g} ({row['low']:.3g} to {row['high']:.3g})",
                    "verdict": str(row["verdict"]),
                    "default": f"{row['default']:.3g}",
                    "at default": str(row["default_verdict"]),
                }
            )
        )
    hits = {
        name: sum(str(row[name]) == "hit" for row in rows)
        for name in ("verdict", "default_verdict")
    }
    lines += [
        "",
        f"Of {len(rows)} targets the plausible sets hit {hits['verdict']}, the defaults "
        f"{hits['default_verdict']}. Hit: within two standard deviations of the observation.",
    ]
    return [*lines, *learned(tables["shrinkage"]), *apart(tables["tensions"])]


def _line(cells: Mapping[str, str]) -> str:
    return "  ".join(
        cells[name].ljust(width) if name in LEFT else cells[name].rjust(width)
        for name, width in HEADS.items()
    ).rstrip()


def learned(shrinkage: pl.DataFrame) -> list[str]:
    """Name the parameters that were learned, and those that no target tells."""
    rows, lines = sorted(shrinkage.to_dicts(), key=lambda row: -row["shrinkage"]), []
    for verdict, head in (
        ("learned", "Learned"),
        ("a little", "A little"),
        ("not identified", "Not identified"),
    ):
        names = [row["parameter"] for row in rows if str(row["verdict"]) == verdict]
        lines.append(f"{head} ({len(names)}): {', '.join(names)}")
    return lines


def apart(tensions: pl.DataFrame, most: int = 6) -> list[str]:
    """Name the pairs of targets that pull apart most."""
    if not len(tensions):
        return ["No target comes nearer when another is left out."]
    told = [
        f"  {row['target']} is missed by {row['missed']:+.1f}, without {row['other']} by {row['missed_without']:+.1f}"
        for row in tensions.head(most).to_dicts()
    ]
    return ["Pulling apart (standard deviations):", *told]
