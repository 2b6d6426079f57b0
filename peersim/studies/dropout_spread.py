"""How dropout spreads: the same world with and without one person's leaving, for each type of community and mix."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from peersim.declaration import InvalidInput
from peersim.spread.channels import settings_of
from peersim.spread.knock_outs import WHAT_IF_WEEKS, Sample, blueprints, in_worlds
from peersim.spread.lives import WINDOW
from peersim.spread.readings import Noted, Wanted, note
from peersim.spread.tables import spread_tables
from peersim.studies.publishing import Publication
from peersim.studies.typologies import own_label
from peersim.typology import DESIGNS, OWN, Design, own_design

if TYPE_CHECKING:
    import polars as pl

    from peersim.figures import Drawing
    from peersim.scenario import Scenario
    from peersim.settings import RunSettings

STUDY = "dropout_spread"
FULL = 25
"""How many times as many worlds there are with size=full."""

Designs = Mapping[str, tuple[Design, "Scenario"]]


def run(scenario: Scenario, settings: RunSettings) -> None:
    """Knock out leaving by leaving, print what follows from one, and write the results folder."""
    from peersim.studies.spread_printed import table

    check(scenario)
    publication = Publication(STUDY, scenario, settings)
    tables = all_tables(designs_of(scenario, settings), settings)
    print(table(tables, scenario, worlds(settings)), flush=True)
    folder = publication.write(tables, faces)
    print(f"\nTables and figures: {folder}")


def check(scenario: Scenario) -> None:
    """Refuse what leaves no time to see what follows."""
    if scenario.weeks < 2 * WINDOW:
        raise InvalidInput(
            f"weeks is {scenario.weeks}; experiment=dropout_spread follows each departure for {WINDOW} weeks "
            f"and needs at least {2 * WINDOW}."
        )


def worlds(settings: RunSettings) -> int:
    """Give the number of worlds of each design."""
    return settings.replicates * (FULL if settings.size == "full" else 1)


def designs_of(scenario: Scenario, settings: RunSettings) -> dict[str, tuple[Design, Scenario]]:
    """Give the designs to look into: what was configured, if anything was, or the types and their combinations."""
    if label := own_label(settings):
        return {OWN: (own_design(scenario, label), scenario)}
    return {design.name: (design, design.of(scenario)) for design in DESIGNS}


def all_tables(designs: Designs, settings: RunSettings) -> dict[str, pl.DataFrame]:
    """Live all worlds and make the tables; nothing is written."""
    import polars as pl
    from tqdm import tqdm

    seeds = range(settings.seed, settings.seed + worlds(settings))
    found: dict[str, list[Noted]] = {}
    total = len(designs) * len(seeds)
    with tqdm(total=total, desc="Following departures", unit=" world", disable=None, leave=False) as bar:
        for name, (_, scenario) in designs.items():
            wanted = Wanted(Sample(what_if_weeks=WHAT_IF_WEEKS), settings_of(scenario), cascades=True)
            look = partial(note, wanted=wanted)
            found[name] = in_worlds(blueprints(scenario), seeds, look, settings.workers, bar.update)
    listed = [{"design": name, "label": one.label, "text": one.text} for name, (one, _) in designs.items()]
    return {"designs": pl.DataFrame(listed)} | spread_tables(found)


def faces(
    tables: Mapping[str, pl.DataFrame], manifest: Mapping[str, Any], scenario: Scenario
) -> tuple[list[Drawing], str]:
    """Give the figures and the page."""
    return [], "<!DOCTYPE html><title>How dropout spreads</title>"
