"""How dropout spreads: the same world with and without one person's leaving, for each type of
community and mix.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from peersim.kernel.declaration import InvalidInput
from peersim.kernel.paths import did_you_mean
from peersim.run.first_day import Blueprint, draw_up
from peersim.scenario.plausible_sets import sets_for
from peersim.scenario.scenario import changed
from peersim.scenario.typology import DESIGNS, OWN, TYPES, Design, own_design
from peersim.studies.dropout_spread.channels import settings_of
from peersim.studies.dropout_spread.knock_outs import WHAT_IF_WEEKS, Sample, blueprints, in_worlds
from peersim.studies.dropout_spread.levers import LEVERS, is_a_change
from peersim.studies.dropout_spread.lives import WINDOW, History
from peersim.studies.dropout_spread.measurements import Noted, Wanted, note
from peersim.studies.dropout_spread.tables import levers, spread_tables
from peersim.studies.main.study import own_label
from peersim.studies.publishing import Publication

if TYPE_CHECKING:
    import polars as pl

    from peersim.presentation.figures import Drawing
    from peersim.scenario.run_options import RunOptions
    from peersim.scenario.scenario import Scenario

STUDY = "dropout_spread"
FULL = 25
"""How many times as many worlds there are with size=full."""
CHANNELS_IN_ONE_OF = 2
"""Channels are looked into in one of so many worlds: it takes eight times as long."""

Designs = Mapping[str, tuple[Design, "Scenario"]]


def run(scenario: Scenario, settings: RunOptions) -> None:
    """Knock out leaving by leaving, print what follows from one, and write the results folder."""
    from peersim.studies.dropout_spread.printed import table

    check(scenario)
    if settings.person is not None:
        return tell(scenario, settings)
    publication = Publication(STUDY, scenario, settings)
    tables = all_tables(designs_of(scenario, settings), settings)
    if "reproduction" not in tables:
        raise InvalidInput(
            f"In {worlds(settings)} worlds nobody dropped out or took part in time to be followed for {WINDOW} weeks; "
            "there is nothing that could spread. More weeks, people or replicates may help."
        )
    print(table(tables, scenario, worlds(settings)), flush=True)
    folder = publication.write(tables, faces)
    print(f"\nReport: {folder / 'report.html'}")


def tell(scenario: Scenario, settings: RunOptions) -> None:
    """Tell one person's story, and write it into the results folder."""
    from peersim.studies.dropout_spread.story.printed import faces, story_tables, told
    from peersim.studies.dropout_spread.story.study import story_of

    known = draw_up(scenario).labels
    if settings.person not in known:
        hint = did_you_mean(str(settings.person), known)
        raise InvalidInput(
            f"person is {settings.person}; there is nobody of that name in this world.{hint}"
        )
    publication = Publication(STUDY, scenario, settings)
    story = story_of(scenario, settings)
    print(told(story, settings.seed), flush=True)
    folder = publication.write(story_tables(story), partial(faces, story))
    print(f"\nReport: {folder / 'report.html'}")


def check(scenario: Scenario) -> None:
    """Refuse what leaves no time to see what follows."""
    if scenario.weeks < 2 * WINDOW:
        raise InvalidInput(
            f"weeks is {scenario.weeks}; experiment=dropout_spread follows each departure for {WINDOW} weeks "
            f"and needs at least {2 * WINDOW}."
        )


def worlds(settings: RunOptions) -> int:
    """Give the number of worlds of each design."""
    return settings.replicates * (FULL if settings.size == "full" else 1)


def seeds_of(settings: RunOptions) -> range:
    """Give the seeds of the worlds: the same for every design."""
    return range(settings.seed, settings.seed + worlds(settings))


def designs_of(scenario: Scenario, settings: RunOptions) -> dict[str, tuple[Design, Scenario]]:
    """Give the designs to look into: what was configured, if anything was, or the types and their
    combinations.
    """
    if label := own_label(settings):
        return {OWN: (own_design(scenario, label), scenario)}
    return {design.name: (design, design.of(scenario)) for design in DESIGNS}


def all_tables(designs: Designs, settings: RunOptions) -> dict[str, pl.DataFrame]:
    """Live all worlds and make the tables; nothing is written."""
    import polars as pl
    from tqdm import tqdm

    pulled = with_levers(designs)
    sets = sets_for(
        settings.parameters, [*(scenario for _, scenario in designs.values()), *pulled.values()]
    )
    seeds = seeds_of(settings)[: len(sets)]
    plans = partial(
        blueprints, sets=[sets[seed % len(sets)] for seed in seeds]
    )  # in turn, as in other experiments
    total = (len(designs) + len(pulled)) * worlds(settings)
    with tqdm(
        total=total, desc="Following departures", unit=" world", disable=None, leave=False
    ) as bar:
        found = {
            name: in_detail(plans(scenario), settings, bar)
            for name, (_, scenario) in designs.items()
        }
        levered = {
            name: in_short(plans(scenario), settings, bar) for name, scenario in pulled.items()
        }
    listed = [
        {"design": name, "label": one.label, "text": one.text} for name, (one, _) in designs.items()
    ]
    texts = {lever.name: lever.text for lever in LEVERS}
    return {
        "designs": pl.DataFrame(listed),
        "spread_levers": levers(levered, found, texts),
    } | spread_tables(found)


def with_levers(designs: Designs) -> dict[str, Scenario]:
    """Add each lever to each pure type (or to the user's own design), where it changes anything."""
    pure = {
        name: designs[name][1]
        for name in (OWN, *(design.name for design in TYPES))
        if name in designs
    }
    return {
        f"{name}/{lever.name}": changed(scenario, lever.changes)
        for name, scenario in pure.items()
        for lever in LEVERS
        if is_a_change(scenario, lever.changes)
    }


def in_detail(plans: Sequence[Blueprint], settings: RunOptions, bar: Any) -> list[Noted]:
    """Look into every leaving of every world: as it happened and what if, and in one world of so
    many the channels.
    """
    sample = Sample(what_if_weeks=WHAT_IF_WEEKS)

    def look(history: History) -> Noted:
        in_turn = (history.seed - settings.seed) % CHANNELS_IN_ONE_OF == 0
        open_or_shut = settings_of(history.blueprint.scenario) if in_turn else ()
        return note(history, Wanted(sample, open_or_shut, cascades=True))

    return in_worlds(plans, seeds_of(settings), look, settings.workers, bar.update)


def in_short(plans: Sequence[Blueprint], settings: RunOptions, bar: Any) -> list[Noted]:
    """Look into the leavings as they happened, no more."""
    look = partial(note, wanted=Wanted(Sample()))
    return in_worlds(plans, seeds_of(settings), look, settings.workers, bar.update)


def faces(
    tables: Mapping[str, pl.DataFrame], manifest: Mapping[str, Any], scenario: Scenario
) -> tuple[list[Drawing], str]:
    """Give the figures and the page."""
    from peersim.studies.dropout_spread.figures import draw
    from peersim.studies.dropout_spread.page import page

    drawings = list(draw(tables, manifest["versions"]["peersim"]))
    return drawings, page(tables, drawings, manifest)
