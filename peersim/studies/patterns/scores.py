"""Measuring patterns in every model: what shares runs is measured together, in one process."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from peersim.engine.sweeps.engine import engine_for
from peersim.kernel.catalogue import Sentence, say
from peersim.presentation import terminal
from peersim.scenario.plausible_sets import sets_for
from peersim.studies.patterns.ablations import MODELS, WHOLE, Model
from peersim.studies.patterns.catalogue import PATTERNS
from peersim.studies.patterns.pattern import Pattern

if TYPE_CHECKING:
    import numpy as np

    from peersim.scenario.scenario import Scenario
    from peersim.studies.patterns.options import Options

SIZES = {"quick": (40, 2), "full": (300, None)}
"""Sets of plausible parameters, and how many times the usual number of runs those patterns get that
need more (None: as many as they need)."""


class Measured(NamedTuple):
    """A pattern in one model.

    Attributes
    ----------
    values : float array
        One number a run; run k has seed first + k, which goes with one set.
    remarks : list of Sentence
        What else is worth saying; in the whole model only.
    """

    values: np.ndarray
    remarks: list[Sentence]


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


class Task(NamedTuple):
    """Some patterns in one model, measured together since they share runs."""

    model: Model
    patterns: tuple[str, ...]
    seeds: tuple[int, int]  # the first, and how many
    most: int | None


def measure(patterns: Sequence[Pattern], scenario: Scenario, options: Options) -> Scores:
    """Measure patterns in every model; each task may run in a process of its own."""
    n_sets, most = SIZES[options.size or "quick"]
    sets = sets_for(options.parameters, [scenario])[:n_sets]
    tasks = tasks_for(patterns, (options.seed, n_sets * options.replicates), most)
    total, label = len(patterns) * len(MODELS), say("progress.patterns")
    bar = terminal.bar(label, "pattern", total)
    found: dict[tuple[str, str], Measured] = {}
    engine = engine_for(options.engine, options.workers or 1)
    numbered = ((number, (task, scenario, sets)) for number, task in enumerate(tasks))
    for number, answer in engine.results(carry_out, numbered):
        if isinstance(answer, Exception):
            raise answer
        found |= {(tasks[number].model.key, key): measured for key, measured in answer.items()}
        bar.update(len(answer))
    bar.close()
    return Scores(patterns, found, len(sets), n_sets * options.replicates // len(sets), most)


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
                remarks = finding.all_remarks() if task.model == WHOLE else []
                found[pattern.key] = Measured(finding.values, remarks)
    return found
