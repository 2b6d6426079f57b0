"""Two designs side by side: the same people and the same luck, as many pairs of runs as a precision
takes.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from peersim.engine.comparison import AIMED_AT, aim_of, check_designs, sentence, weeks_of
from peersim.engine.pairs import Pairs, run_until_precise
from peersim.kernel.declaration import InvalidInput
from peersim.presentation.wording import asked
from peersim.scenario.plausible_sets import sets_for
from peersim.studies.compare.tables import FIRST, SECOND, all_tables
from peersim.studies.publishing import Publication

if TYPE_CHECKING:
    import polars as pl

    from peersim.presentation.figures import Drawing
    from peersim.scenario.run_options import RunOptions
    from peersim.scenario.scenario import Scenario

STUDY = "comparison"
SHOWN = (
    "connectedness",
    "isolated",
    "retained",
    "never_reached",
    "harmed",
    "strain",
    "ties",
    "supporter_hours",
    "cost",
)
"""Outcomes that are printed, drawn and followed week by week if none are named."""


class Answer(NamedTuple):
    """What a comparison found.

    Attributes
    ----------
    tables : dict of str to polars.DataFrame
    pairs : int
        Pairs of runs.
    asked, missed : list of str
        What precision was asked for, and a sentence for each outcome for which it was not reached.
    """

    tables: dict[str, pl.DataFrame]
    pairs: int
    asked: list[str]
    missed: list[str]


def run(scenario: Scenario, settings: RunOptions) -> None:
    """Compare ``settings.arms``, print which is better on what, and write the results folder."""
    from peersim.studies.compare.printed import table

    designs = designs_of(scenario, settings)
    week, shown = weeks_of(designs, settings.week)[0], settings.outcomes or SHOWN
    publication = Publication(STUDY, scenario, settings)
    answer = compare_designs(designs, settings, publication.known)
    about = {
        "week": week,
        "people": scenario.population.recipients,
        "seed": settings.seed,
        "pairs": answer.pairs,
    }
    print(
        "\n".join([table(answer.tables, shown, about | {"asked": answer.asked}), *answer.missed]),
        flush=True,
    )
    folder = publication.write(
        answer.tables, functools.partial(faces, shown, [*answer.asked, *answer.missed])
    )
    print(f"\nReport: {folder / 'report.html'}")


def designs_of(scenario: Scenario, settings: RunOptions) -> dict[str, Scenario]:
    """Give both designs; one that changes nothing is the scenario as configured."""
    if not settings.arms:
        raise InvalidInput(
            "experiment=compare needs two designs: a.communities=[one_to_one] b.communities=[one_to_one,group], "
            "or one that differs from what is configured: b.group.hours=2.2."
        )
    designs = {name: settings.arms.get(name, scenario) for name in (FIRST, SECOND)}
    check_designs(designs)
    return designs


def compare_designs(
    designs: dict[str, Scenario], settings: RunOptions, known: dict[str, Any]
) -> Answer:
    """Run the pairs and make the tables; nothing is written."""
    from tqdm import tqdm

    shown = settings.outcomes or list(SHOWN)
    pairs = Pairs(
        designs,
        settings.seed,
        weeks_of(designs, settings.week),
        traced=shown,
        parameters=sets_for(settings.parameters, designs.values()),
    )
    aim, asked_for, missed = None, [], []
    with tqdm(desc="Comparing A and B", unit=" run", disable=None, leave=False) as bar:
        if settings.precision is None:
            pairs.extend(settings.replicates, settings.workers, bar)
        else:
            aim = aim_of(settings.precision, settings.replicates, settings.outcomes or AIMED_AT)
            asked_for = [asked(aim.half_width, aim.outcomes)]
            missed = [
                sentence(each, aim) for each in run_until_precise(pairs, aim, settings.workers, bar)
            ]
    return Answer(all_tables(pairs, aim, settings, known), len(pairs), asked_for, missed)


def faces(
    shown: Sequence[str],
    notes: Sequence[str],
    tables: Mapping[str, pl.DataFrame],
    manifest: Mapping[str, Any],
    scenario: Scenario,
) -> tuple[list[Drawing], str]:
    """Give the figures and the page of a comparison."""
    from peersim.studies.compare.figures import draw
    from peersim.studies.compare.page import page

    drawings = list(draw(tables, shown, manifest["versions"]["peersim"]))
    return drawings, page(tables, drawings, manifest, scenario, shown, notes)
