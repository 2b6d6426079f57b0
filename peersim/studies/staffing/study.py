"""Staffing: how many supporters it takes that people begin as soon as promised, and what to do when
some leave.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from peersim.kernel.declaration import InvalidInput
from peersim.scenario.plausible_sets import plausible_sets
from peersim.studies.publishing import Publication
from peersim.studies.staffing.levers import Variant, variants
from peersim.studies.staffing.losses import After, after_loss
from peersim.studies.staffing.needed import Tried, numbers, try_out
from peersim.studies.staffing.options import Promise
from peersim.studies.staffing.remedies import Remedy, remedies
from peersim.studies.staffing.worlds import Runs, look_at

if TYPE_CHECKING:
    import polars as pl

    from peersim.presentation.figures import Drawing
    from peersim.scenario.scenario import Scenario
    from peersim.scenario.settings import RunSettings

STUDY = "staffing"
SIZES = {"quick": (60, 4), "full": (300, 20)}
"""Sets of plausible parameters, and worlds lived with each of them."""

A_QUARTER = 13
"""Weeks after a loss at which to look, besides the last."""


class Answered(NamedTuple):
    """What one answer to a loss led to: in the worlds with the loss, and its design in worlds
    without.
    """

    remedy: Remedy
    after: list[After]
    anyway: list[After]


class Staffed(NamedTuple):
    """All that was run.

    Attributes
    ----------
    scenario : Scenario
    promise : Promise
    tried : list of Tried
        The programme as configured first, then with each lever.
    answers : list of Answered
        The reference in which nobody leaves first, then going on; none if nobody is to leave.
    looked_at : list of int
        Weeks after the loss at which the answers are compared.
    sets, worlds : int
        Sets of parameters, and worlds with each.
    """

    scenario: Scenario
    promise: Promise
    tried: list[Tried]
    answers: list[Answered]
    looked_at: list[int]
    sets: int
    worlds: int


def run(scenario: Scenario, settings: RunSettings) -> None:
    """Try numbers of supporters, answer a loss, print both, and write the results folder."""
    from peersim.studies.staffing.printed import told
    from peersim.studies.staffing.tables import staffing_tables

    promise = settings.staffing or Promise()
    check(scenario, promise)
    publication = Publication(STUDY, scenario, settings)
    staffed = run_all(scenario, promise, settings)
    tables = staffing_tables(staffed)
    print(told(tables, staffed), flush=True)
    folder = publication.write(tables, functools.partial(faces, staffed))
    print(f"\nReport: {folder / 'report.html'}")


def check(scenario: Scenario, promise: Promise) -> None:
    """Refuse people from a file, whose number is fixed, and weeks that leave nothing to see."""
    if scenario.population.file is not None:
        raise InvalidInput(
            "experiment=staffing tries other numbers of supporters, but population.file fixes them; leave the file out "
            "and set population.recipients."
        )
    if scenario.weeks < 2 * promise.wait:
        raise InvalidInput(
            f"weeks is {scenario.weeks}; to see who waits less than staffing.wait={promise.wait} it must be at least "
            f"{2 * promise.wait}."
        )
    if promise.lost and scenario.weeks <= promise.at:
        raise InvalidInput(
            f"staffing.at is {promise.at}, but weeks is {scenario.weeks}; supporters must leave before the last week, "
            "or staffing.lost=0 says that none does."
        )
    if promise.lost > scenario.population.supporters:
        raise InvalidInput(
            f"staffing.lost is {promise.lost}, but population.supporters is {scenario.population.supporters}; no more "
            "can leave than there are."
        )


def run_all(scenario: Scenario, promise: Promise, settings: RunSettings) -> Staffed:
    """Try the programme and every lever with more and more supporters, then answer the loss."""
    from tqdm import tqdm

    programmes = variants(scenario)
    n_sets, worlds = SIZES[settings.size or "quick"]
    sets = plausible_sets(*(each.scenario for each in programmes))[:n_sets]
    seeds = range(settings.seed, settings.seed + len(sets) * worlds)
    grid = numbers(scenario, promise.most)
    total = len(programmes) * (len(grid) + 4) * len(seeds)
    with tqdm(total=total, desc="Trying numbers", unit=" world", disable=None, leave=False) as bar:
        runs = Runs(sets, seeds, settings.workers, bar.update)
        tried = [try_out(each, promise, runs, with_own(grid, each)) for each in programmes]
        answers, looked_at = (
            answers_to(scenario, promise, runs, tried[0]) if promise.lost else ([], [])
        )
        bar.total = bar.n
    return Staffed(scenario, promise, tried, answers, looked_at, len(sets), worlds)


def with_own(grid: list[int], variant: Variant) -> list[int]:
    """Numbers to try, and the one that is configured."""
    return sorted({*grid, max(variant.scenario.population.supporters, grid[0])})


def answers_to(
    scenario: Scenario, promise: Promise, runs: Runs, tried: Tried
) -> tuple[list[Answered], list[int]]:
    """Live every answer to the loss in the same worlds."""
    weeks = sorted({min(promise.at + A_QUARTER, scenario.weeks), scenario.weeks})

    def lived(each: Scenario, remedy: Remedy) -> list[After]:
        at = (promise.at, promise.lost)
        return look_at(each, runs, lambda plan, seed: after_loss(plan, seed, remedy, at, weeks))

    found = [
        Answered(
            each,
            lived(each.scenario, each),
            [] if each.anyway is None else lived(each.anyway, each),
        )
        for each in remedies(scenario, promise, to_replace(promise.lost, scenario, tried))
    ]
    return found, weeks


def to_replace(lost: int, scenario: Scenario, tried: Tried) -> int:
    """How many supporters must be invited that as many become active, on average, as have left."""
    invited = max(scenario.population.supporters, min(tried.worlds))
    active = float(np.mean([world.active for world in tried.worlds[invited]]))
    return max(lost, math.ceil(lost * invited / active)) if active > 0 else lost


def faces(
    staffed: Staffed,
    tables: Mapping[str, pl.DataFrame],
    manifest: Mapping[str, Any],
    scenario: Scenario,
) -> tuple[list[Drawing], str]:
    """Give the figures and the page."""
    from peersim.studies.staffing.figures import draw
    from peersim.studies.staffing.page import page

    asked = {
        "sets": staffed.sets,
        "worlds": staffed.worlds,
        "share": staffed.promise.share,
        "wait": staffed.promise.wait,
        "lost": staffed.promise.lost,
        "at": staffed.promise.at,
    }
    drawings = list(draw(tables, asked, manifest["versions"]["peersim"]))
    return drawings, page(tables, staffed, drawings, manifest)
