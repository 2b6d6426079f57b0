"""The main job: four community types and four combinations, for the same people and the same
luck.
"""

from __future__ import annotations

import importlib
import threading
from typing import TYPE_CHECKING

from peersim.results.manifest import identity
from peersim.scenario.typology import BASES, designs_for
from peersim.studies.main.arms import run_designs
from peersim.studies.publishing import Publication, all_tables

if TYPE_CHECKING:
    import polars as pl

    from peersim.scenario.run_options import RunOptions
    from peersim.scenario.scenario import Scenario

STUDY = "typologies"
OWN_KEYS = ("communities", "project")


def run(scenario: Scenario, settings: RunOptions) -> None:
    """Compare the designs, print the table and write the results folder.

    Parameters
    ----------
    scenario : Scenario
        The people and the horizon, and each type's parameters. Where the user chose communities or
        a project, the scenario as configured is one more design.
    settings : RunOptions
        Seeds, workers, folder.
    """
    from peersim.studies.printed import table

    publication = Publication(STUDY, scenario, settings)
    tables = compare_types(scenario, settings)
    print(table(tables, scenario.population.recipients, scenario.weeks), flush=True)
    folder = publication.write(tables)
    print(f"\nReport: {folder / 'report.html'}")


def compare_types(scenario: Scenario, settings: RunOptions) -> dict[str, pl.DataFrame]:
    """Run every design on both bases and give the tables; nothing is written."""
    designs = designs_for(scenario, own_label(settings))
    # the runs leave the interpreter idle: read in meanwhile what the figures need
    threading.Thread(
        target=importlib.import_module, args=("matplotlib.figure",), daemon=True
    ).start()
    arms = run_designs(designs, settings, BASES, f"Comparing {len(designs)} designs")
    return all_tables(arms, settings, identity(STUDY, scenario, settings))


def own_label(settings: RunOptions) -> str | None:
    """Name the user's own design, if one was chosen: by its project, or as theirs."""
    chosen = dict(
        override.lstrip("+").split("=", 1) for override in settings.overrides if "=" in override
    )
    if not set(chosen) & set(OWN_KEYS):
        return None
    project = chosen.get("project", "none")
    if project != "none":
        return f"Your design ({project})"
    return "Your design" if "communities" in chosen else None
