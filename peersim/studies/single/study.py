"""One programme, as configured, against the same people without any programme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peersim.results.manifest import identity
from peersim.scenario.scenario import without_programme
from peersim.scenario.typology import CONFIGURED, NO_PROGRAMME, OWN, REFERENCE, own_design
from peersim.studies.main.arms import run_designs
from peersim.studies.publishing import Publication, all_tables

if TYPE_CHECKING:
    import polars as pl

    from peersim.scenario.run_options import RunOptions
    from peersim.scenario.scenario import Scenario

STUDY = "single"


def run(scenario: Scenario, settings: RunOptions) -> None:
    """Run one programme, print the table and write the results folder."""
    from peersim.studies.printed import table

    publication = Publication(STUDY, scenario, settings)
    tables = run_single(scenario, settings)
    print(table(tables, scenario.population.recipients, scenario.weeks), flush=True)
    folder = publication.write(tables)
    print(f"\nReport: {folder / 'report.html'}")


def run_single(scenario: Scenario, settings: RunOptions) -> dict[str, pl.DataFrame]:
    """Run the programme and its counterfactual and give the tables; nothing is written."""
    designs = {
        NO_PROGRAMME: (REFERENCE, without_programme(scenario)),
        OWN: (own_design(scenario), scenario),
    }
    arms = run_designs(designs, settings, (CONFIGURED,), "Running your design")
    return all_tables(arms, settings, identity(STUDY, scenario, settings))
