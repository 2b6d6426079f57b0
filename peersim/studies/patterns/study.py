"""The scoreboard: every pattern in the whole model, on each rung of the ladder, and beside the null
models.
"""

from __future__ import annotations

import functools
import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from peersim.kernel.declaration import InvalidInput
from peersim.kernel.paths import did_you_mean, leaves
from peersim.scenario.plausible_sets import sets_for
from peersim.scenario.scenario import Scenario
from peersim.scenario.typology import ELEMENTS
from peersim.studies.patterns.ablations import MODELS, WHOLE, Model
from peersim.studies.patterns.catalogue import PATTERNS, Pattern
from peersim.studies.publishing import Publication

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    from peersim.presentation.figures import Drawing
    from peersim.scenario.run_options import RunOptions

STUDY = "patterns"

SIZES = {"quick": (40, 2), "full": (300, None)}
"""Sets of plausible parameters, and how many times the usual number of runs those patterns get that
need more (None: as many as they need)."""

WEEKS = 52
"""Patterns are read at weeks up to this one."""

THEIR_OWN = (
    "communities",
    "events",
    "population.file",
    *ELEMENTS,
    "supervision.per_month",
    "programme.intensity",
)
"""Settings that patterns set themselves, or that would make their programmes others than they
say."""


class Measured(NamedTuple):
    """A pattern in one model.

    Attributes
    ----------
    values : float array
        One number a run; run k has seed first + k, which goes with one set.
    note : str
        What else is worth saying; in the whole model only.
    """

    values: np.ndarray
    note: str


class Scores(NamedTuple):
    """All that was measured.

    Attributes
    ----------
    patterns : sequence of Pattern
    found : mapping of (key of a model, key of a pattern) to Measured
    sets, worlds : int
        Sets of parameters (1: as configured), and worlds with each.
    most : int or None
        How many times as many runs patterns get at most.
    """

    patterns: Sequence[Pattern]
    found: Mapping[tuple[str, str], Measured]
    sets: int
    worlds: int
    most: int | None


def run(scenario: Scenario, settings: RunOptions) -> None:
    """Measure the patterns in every model, print the scoreboard, and write the results folder."""
    from peersim.studies.patterns.printed import told
    from peersim.studies.patterns.tables import all_tables

    chosen = chosen_patterns(settings.patterns)
    refuse_other_programmes(scenario)
    publication = Publication(STUDY, scenario, settings)
    scores = measure(chosen, scenario, settings)
    tables = all_tables(scores, scenario, settings.seed)
    print(told(tables, scores), flush=True)
    folder = publication.write(tables, functools.partial(faces, scores))
    print(f"\nReport: {folder / 'report.html'}")


def chosen_patterns(names: Sequence[str] | None) -> list[Pattern]:
    """Give the patterns of these names; a number without a letter stands for all its rows.

    >>> [pattern.key for pattern in chosen_patterns(["A6", "A3"])]
    ['A3', 'A6a', 'A6b']
    """
    if names is None:
        return list(PATTERNS)
    known = {pattern.key for pattern in PATTERNS}
    numbers = {key.rstrip("abcdef") for key in known}
    for name in names:
        if name not in known | numbers:
            hint = did_you_mean(
                name,
                sorted(known | numbers),
                " They are A1 to A25, some with a letter, such as A4b.",
            )
            raise InvalidInput(f"patterns holds {name}; there is no pattern of that name.{hint}")
    found = [
        pattern for pattern in PATTERNS if {pattern.key, pattern.key.rstrip("abcdef")} & set(names)
    ]
    if not found:
        raise InvalidInput(
            "patterns is empty; name some, for example patterns=[A1,A4b], or leave it out."
        )
    return found


def refuse_other_programmes(scenario: Scenario) -> None:
    """Refuse settings that patterns set themselves, and runs that end before they are read."""
    fresh, known = Scenario(), leaves(Scenario)
    for path in THEIR_OWN:
        if path in known and known[path].get(scenario) != known[path].get(fresh):
            raise InvalidInput(
                f"{path} has no meaning in experiment=patterns: each pattern compares programmes and people of its own."
            )
    if scenario.weeks < WEEKS:
        raise InvalidInput(f"weeks is {scenario.weeks}; experiment=patterns needs {WEEKS} or more.")


# -- measuring -----------------------------------------------------------------------------------


class Task(NamedTuple):
    """Some patterns in one model, measured together since they share runs."""

    model: Model
    patterns: tuple[str, ...]
    seeds: tuple[int, int]  # the first, and how many
    most: int | None


def measure(patterns: Sequence[Pattern], scenario: Scenario, settings: RunOptions) -> Scores:
    """Measure patterns in every model; each task may run in a process of its own."""
    from tqdm import tqdm

    from peersim.engine.sweeps.engine import engine_for

    n_sets, most = SIZES[settings.size or "quick"]
    sets = sets_for(settings.parameters, [scenario])[:n_sets]
    tasks = tasks_for(patterns, (settings.seed, n_sets * settings.replicates), most)
    bar = tqdm(
        total=len(patterns) * len(MODELS),
        desc="Measuring",
        unit=" pattern",
        disable=None,
        leave=False,
    )
    found: dict[tuple[str, str], Measured] = {}
    engine = engine_for(settings.engine, settings.workers or 1)
    numbered = ((number, (task, scenario, sets)) for number, task in enumerate(tasks))
    for number, answer in engine.results(carry_out, numbered):
        if isinstance(answer, Exception):
            raise answer
        found |= {(tasks[number].model.key, key): measured for key, measured in answer.items()}
        bar.update(len(answer))
    bar.close()
    return Scores(patterns, found, len(sets), n_sets * settings.replicates // len(sets), most)


def tasks_for(patterns: Sequence[Pattern], seeds: tuple[int, int], most: int | None) -> list[Task]:
    """Parcel out the work: patterns of one file share runs; the largest parcels come first."""
    files: dict[str, list[str]] = {}
    for pattern in patterns:
        files.setdefault(pattern.measure.__module__, []).append(pattern.key)
    parcels = sorted(files.values(), key=len, reverse=True)
    models = (
        WHOLE,
        *(model for model in MODELS if model != WHOLE),
    )  # with its notes the whole model takes longest
    return [Task(model, tuple(keys), seeds, most) for model in models for keys in parcels]


def carry_out(
    task: Task, scenario: Scenario, sets: Sequence[Mapping[str, Any]]
) -> dict[str, Measured]:
    """Measure the patterns of one task."""
    from peersim.studies.patterns.laboratory import Conditions, Laboratory

    first, runs = task.seeds
    laboratory = Laboratory(scenario, runs, first, 1, Conditions(sets, task.model.switches))
    larger = {1: laboratory}
    found = {}
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", RuntimeWarning
        )  # what does not arise in a model has no mean
        for pattern in PATTERNS:
            if pattern.key in task.patterns:
                times = min(pattern.runs, task.most or pattern.runs)
                larger.setdefault(times, laboratory.enlarged(times))
                finding = pattern.measure(larger[times])
                found[pattern.key] = Measured(
                    finding.values, finding.told() if task.model == WHOLE else ""
                )
    return found


def faces(
    scores: Scores,
    tables: Mapping[str, pl.DataFrame],
    manifest: Mapping[str, Any],
    scenario: Scenario,
) -> tuple[list[Drawing], str]:
    """Give the figures and the page."""
    from peersim.studies.patterns.figures import draw
    from peersim.studies.patterns.page import page
    from peersim.studies.patterns.printed import head

    drawings = list(draw(tables, head(scores), manifest["versions"]["peersim"]))
    return drawings, page(tables, scores, drawings, manifest)
