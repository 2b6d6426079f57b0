"""A simulated trial of one programme: what it would find, how sure that would be, and what it would
miss.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from peersim.kernel.declaration import InvalidInput
from peersim.scenario.plausible_sets import plausible_sets
from peersim.scenario.run_options import PLAUSIBLE as SETS
from peersim.studies.publishing import Publication
from peersim.studies.trial.measurement import OUTCOMES, PRIMARY
from peersim.studies.trial.options import Protocol
from peersim.studies.trial.planning import planned
from peersim.studies.trial.summary import POWERS, Size, mean_variances, needed, summarise
from peersim.studies.trial.tables import trial_tables
from peersim.studies.trial.trials import Design, Trial, conduct_many

if TYPE_CHECKING:
    import polars as pl
    from tqdm import tqdm

    from peersim.presentation.figures import Drawing
    from peersim.scenario.run_options import RunOptions
    from peersim.scenario.scenario import Scenario

STUDY = "trial"
TIMES_FULL = 10
"""How many times as many trials size=full conducts."""

CHECKED = 0.5
"""Trials with which a sample size is checked, for each trial of the main question."""

MOST_CHECKED = 3000
"""Largest sample size, in each arm, that is checked by simulation."""


class Conducted(NamedTuple):
    """All that was run.

    Attributes
    ----------
    design : Design
    configured, plausible : list of Trial
        With the parameters as configured, and over plausible sets of them (empty if there are
        none).
    sizes : list of (Size, list of Trial)
        Sample sizes for the primary outcome, with the trials that check them (empty: too large).
    note : str
        What is to be said of the sets of parameters.
    """

    design: Design
    configured: list[Trial]
    plausible: list[Trial]
    sizes: list[tuple[Size, list[Trial]]]
    note: str


def run(scenario: Scenario, settings: RunOptions) -> None:
    """Conduct the trials, print what they find, and write the results folder."""
    from peersim.studies.trial.printed import told

    design = planned(scenario, settings.trial or Protocol())
    publication = Publication(STUDY, scenario, settings)
    conducted = conduct_all(design, settings)
    tables = trial_tables(conducted)
    print(told(tables, conducted), flush=True)
    folder = publication.write(tables, functools.partial(faces, conducted))
    print(f"\nReport: {folder / 'report.html'}")


def parameter_sets(scenario: Scenario, parameters: str) -> tuple[list[dict[str, Any]], str]:
    """Give the plausible sets of parameters, if they are asked for, and a sentence about them."""
    if parameters != SETS:
        return (
            [],
            "All trials run with the parameters as configured, so what varies is chance alone.",
        )
    try:
        sets = plausible_sets(scenario)
    except InvalidInput:
        return [], (
            "No plausible sets of parameters are at hand (experiment=calibration makes them), so all trials run with "
            "the parameters as configured: what varies below is chance alone, and too narrow."
        )
    return (
        sets,
        f"Plausible sets: {len(sets)}, as the calibration left them; what is set by hand stays.",
    )


def conduct_all(design: Design, settings: RunOptions) -> Conducted:
    """Conduct trials as configured, over plausible sets, and at the sample sizes that come of
    them.
    """
    from tqdm import tqdm

    sets, note = parameter_sets(design.scenario, settings.parameters)
    count = settings.replicates * (TIMES_FULL if settings.size == "full" else 1)
    seeds = range(settings.seed, settings.seed + count)
    batches = 2 if sets else 1
    with tqdm(
        total=batches * count, desc="Trials", unit=" trial", disable=None, leave=False
    ) as bar:
        configured = conduct_many(design, seeds, (), settings.workers, bar.update)
        plausible = conduct_many(design, seeds, sets, settings.workers, bar.update) if sets else []
        sizes = check_sizes(design, configured, settings, bar)
    return Conducted(design, configured, plausible, sizes, note)


def check_sizes(
    design: Design, configured: Sequence[Trial], settings: RunOptions, bar: tqdm
) -> list[tuple[Size, list[Trial]]]:
    """Find the sample sizes for the primary outcome, and conduct trials of those sizes."""
    place = OUTCOMES.index(PRIMARY)
    effect = summarise(configured, place).effect
    variances = mean_variances(configured, place)
    sizes = [needed(effect, variances, power, design.protocol.lost) for power in POWERS]
    count = max(2, int(CHECKED * len(configured)))
    first = settings.seed + len(configured)
    return [
        (size, trials_of(design, size, range(first, first + count), settings.workers, bar))
        for size in sizes
    ]


def trials_of(design: Design, size: Size, seeds: range, workers: int, bar: tqdm) -> list[Trial]:
    """Conduct trials of one size, with places as large as they are; none if that would take too
    long.
    """
    if not 8 <= size.enrolled <= MOST_CHECKED:
        return []
    bar.total += len(seeds)
    sites = max(1, round(size.enrolled * design.sites / design.protocol.intervention))
    protocol = replace(design.protocol, intervention=size.enrolled, usual=size.enrolled)
    return conduct_many(
        replace(design, protocol=protocol, sites=sites), seeds, (), workers, bar.update
    )


def faces(
    conducted: Conducted,
    tables: Mapping[str, pl.DataFrame],
    manifest: Mapping[str, Any],
    scenario: Scenario,
) -> tuple[list[Drawing], str]:
    """Give the figures and the page."""
    from peersim.studies.trial.figures import draw
    from peersim.studies.trial.page import page

    design = conducted.design
    size = design.protocol
    protocol: dict[str, Any] = {
        "intervention": size.intervention,
        "usual": size.usual,
        "end": design.timetable.end,
    }
    protocol |= {"communities": design.scenario.communities}
    drawings = list(draw(tables, protocol, manifest["versions"]["peersim"]))
    return drawings, page(tables, conducted, drawings, manifest)
