"""A project's own attendance list beside the model's: does it fit, where not, and what to start
writing down.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from peersim.kernel.declaration import InvalidInput
from peersim.scenario.run_options import PLAUSIBLE
from peersim.studies.publishing import Publication

if TYPE_CHECKING:
    import polars as pl

    from peersim.presentation.figures import Drawing
    from peersim.scenario.run_options import RunOptions
    from peersim.scenario.scenario import Scenario
    from peersim.studies.check_own_data.attendance import Attendance
    from peersim.studies.check_own_data.causes import Cause
    from peersim.studies.check_own_data.checks import Fit, Together
    from peersim.studies.check_own_data.programme import Programme
    from peersim.studies.check_own_data.reading import OwnList
    from peersim.studies.check_own_data.value_of_records import Advice

STUDY = "own_data"


class Effort(NamedTuple):
    """How much is run: worlds for each parameter moved, sets of parameters, and worlds for each
    set.
    """

    moved: int
    sets: int
    each: int


EFFORTS = {"quick": Effort(10, 200, 3), "full": Effort(300, 4000, 8)}


class Answer(NamedTuple):
    """What was found.

    Attributes
    ----------
    own : OwnList
    observed : Attendance
        The list, with the sizes that are compared.
    programme : Programme
    lists : list of Attendance
        Of the model.
    fits : list of Fit
    together : Together
    causes : list of Cause
        For each check that is missed, those that need to move least first.
    advice : Advice
    """

    own: OwnList
    observed: Attendance
    programme: Programme
    lists: list[Attendance]
    fits: list[Fit]
    together: Together
    causes: list[Cause]
    advice: Advice


def run(scenario: Scenario, settings: RunOptions) -> None:
    """Compare the list ``settings.data`` with the model, print what fits, and write the results
    folder.

    Parameters
    ----------
    scenario : Scenario
        The programme; its number of people and weeks are fitted to the list.
    settings : RunOptions
        `data`, `replicates` (lists of the model), `seed`, `size`, `workers`, folder.
    """
    from peersim.studies.check_own_data.printed import printed
    from peersim.studies.check_own_data.reading import read_attendance
    from peersim.studies.check_own_data.tables import own_data_tables

    if not settings.data:
        raise InvalidInput(
            "experiment=check_own_data needs your attendance list: data=attendance.csv; "
            "data=configs/examples/attendance.csv is an example to try."
        )
    own = read_attendance(settings.data)
    publication = Publication(STUDY, scenario, settings)
    answer = answer_for(own, scenario, settings)
    print(printed(answer, settings.data), flush=True)
    folder = publication.write(own_data_tables(answer), functools.partial(faces, answer))
    print(f"\nReport: {folder / 'report.html'}")


def answer_for(own: OwnList, scenario: Scenario, settings: RunOptions) -> Answer:
    """Live the programme beside a list; nothing is written."""
    from tqdm import tqdm

    from peersim.studies.check_own_data.attendance import statistics
    from peersim.studies.check_own_data.causes import causes_of, move_each, unknowns, with_plausible
    from peersim.studies.check_own_data.checks import fits, together
    from peersim.studies.check_own_data.programme import lived_lists, programme_for
    from peersim.studies.check_own_data.value_of_records import advise, live_with_all

    effort = EFFORTS[settings.size or "quick"]
    seed, workers = settings.seed, settings.workers
    programme = programme_for(
        own, scenario, seed, workers, settings.parameters == PLAUSIBLE, _chosen(settings)
    )
    moves = (4 * len(unknowns(programme.scenario)) + 1) * effort.moved
    total = settings.replicates + moves + effort.sets * effort.each
    with tqdm(
        total=total, desc="Living the programme", unit=" run", disable=None, leave=False
    ) as bar:
        lists = lived_lists(programme, range(seed, seed + settings.replicates), workers, bar.update)
        observed = programme.read(own.attendance)
        numbers = [statistics(each, programme.rhythm) for each in lists]
        found = fits(statistics(observed, programme.rhythm), numbers)
        missed = [fit for fit in found if fit.is_miss]
        moved = (
            move_each(programme, range(seed, seed + effort.moved), workers, bar.update)
            if missed
            else []
        )
        causes = with_plausible(
            [cause for fit in missed for cause in causes_of(fit, found, moved)], programme.points
        )
        known = live_with_all(programme, effort.sets, effort.each, seed, workers, bar.update)
    advice = advise(known, own.recorded, seed)
    return Answer(own, observed, programme, lists, found, together(found, numbers), causes, advice)


def _chosen(settings: RunOptions) -> set[str]:
    """Paths that the command line sets."""
    return {override.lstrip("+").partition("=")[0] for override in settings.overrides}


def faces(
    answer: Answer,
    tables: Mapping[str, pl.DataFrame],
    manifest: Mapping[str, Any],
    scenario: Scenario,
) -> tuple[list[Drawing], str]:
    """Give the figures and the page."""
    from peersim.studies.check_own_data.figures import draw
    from peersim.studies.check_own_data.page import page

    drawings = list(draw(tables, manifest))
    return drawings, page(answer, tables, drawings, manifest)
