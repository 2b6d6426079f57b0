"""Staffing: how many supporters it takes that people begin as soon as promised, and what to do when
some leave.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from peersim.kernel.catalogue import Value, say
from peersim.kernel.declaration import InvalidInput
from peersim.presentation import terminal
from peersim.run.worlds import Worlds
from peersim.scenario.plausible_sets import plausible_sets
from peersim.scenario.scenario import Scenario, changed
from peersim.studies.staffing import exhibits, figures, sentences
from peersim.studies.staffing.levers import Variant, variants
from peersim.studies.staffing.losses import After, after_loss
from peersim.studies.staffing.needed import (
    Tried,
    kind_of_supporter,
    number_of_supporters,
    numbers,
    try_out,
)
from peersim.studies.staffing.options import Options, Promise
from peersim.studies.staffing.remedies import Remedy, remedies
from peersim.studies.staffing.tables import Answered, Staffed, staffing_tables
from peersim.studies.staffing.waits import waits_in
from peersim.studies.study import Found, Study

SIZES = {"quick": (60, 4), "full": (300, 20)}
"""Sets of plausible parameters, and worlds that are run with each of them."""

A_QUARTER = 13
"""Weeks after a loss at which to look, besides the last."""


class Staffing(Study):
    """Tries numbers of supporters, with and without further levers, and answers a loss."""

    name, Options = "staffing", Options
    sections = ("numbers", "why", "else", "loss", "limits")

    @property
    def promise(self) -> Promise:
        """What is promised to people who sign up."""
        promise: Promise = self.options.staffing
        return promise

    def check(self) -> None:
        """Refuse people from a file, whose number is fixed, and weeks that leave nothing to see."""
        scenario, promise = self.scenario, self.promise
        if scenario.population.file is not None:
            raise InvalidInput("staffing.errors.file")
        if scenario.weeks < 2 * promise.wait:
            raise InvalidInput(
                "staffing.errors.weeks",
                weeks=scenario.weeks,
                wait=promise.wait,
                least=2 * promise.wait,
            )
        if promise.lost and scenario.weeks <= promise.at:
            raise InvalidInput("staffing.errors.at", at=promise.at, weeks=scenario.weeks)
        if promise.lost > (there := scenario.population.all_supporters):
            raise InvalidInput("staffing.errors.lost", lost=promise.lost, supporters=there)

    def run(self) -> Found:
        """Try the programme and every lever with more and more supporters, then answer the loss."""
        staffed = self.run_all()
        facts = {
            "sets": staffed.sets,
            "worlds": staffed.worlds,
            "fewest": min(staffed.tried[0].worlds),
            "looked_at": staffed.looked_at,
            "people": self.scenario.population.recipients,
            "supporters": number_of_supporters(self.scenario),
            "trained": kind_of_supporter(self.scenario) == "population.supporters",
            "promise": vars(staffed.promise),
            "levers": {each.variant.name: each.variant.label.as_data() for each in staffed.tried},
            "answers": {each.remedy.name: each.remedy.label.as_data() for each in staffed.answers},
        }
        return Found(staffing_tables(staffed), facts)

    exhibits = staticmethod(exhibits.exhibits)
    sentences = staticmethod(sentences.sentences)
    figures = staticmethod(figures.figures)

    def asked(self, found: Found) -> Iterable[tuple[str, str | Value]]:
        """Say what was asked."""
        path = "identity.staffing.share"
        share = Value(found.facts["promise"]["share"], "%", {"table": "manifest", "path": path})
        promise = [
            (key, share if key == "share" else f"identity.staffing.{key}")
            for key in ("wait", "share", "lost", "at")
        ]
        return (
            ("programme", "identity.scenario.communities"),
            ("people", "identity.scenario.population.recipients"),
            *promise,
            ("sets", "facts.sets"),
            ("worlds", "facts.worlds"),
        )

    # -- running ----------------------------------------------------------------------------------
    def run_all(self) -> Staffed:
        """Run every number of supporters and every answer in the same worlds."""
        programmes = variants(self.scenario)
        n_sets, worlds = SIZES[self.options.size or "quick"]
        sets = plausible_sets(*(each.scenario for each in programmes))[:n_sets]
        seeds = range(self.options.seed, self.options.seed + len(sets) * worlds)
        grid = numbers(self.scenario, self.promise.most)
        total = len(programmes) * (len(grid) + 4) * len(seeds)
        label = say("progress.numbers")
        with terminal.bar(label, "world", total) as bar:
            runs = Worlds(seeds, sets, self.options.workers, bar.update)
            tried = [try_out(each, self.promise, runs, with_own(grid, each)) for each in programmes]
            answers, looked_at = self.answers(runs, tried[0]) if self.promise.lost else ([], [])
            bar.total = bar.n
        return Staffed(self.promise, tried, answers, looked_at, len(sets), worlds)

    def answers(self, runs: Worlds, tried: Tried) -> tuple[list[Answered], list[int]]:
        """Run every answer to the loss in the same worlds."""
        promise, last = self.promise, self.scenario.weeks
        weeks = sorted({min(promise.at + A_QUARTER, last), last})

        def run(each: Scenario, remedy: Remedy) -> list[After]:
            at = (promise.at, promise.lost)
            return runs.watch(each, lambda plan, seed: after_loss(plan, seed, remedy, at, weeks))

        replaced = to_replace(promise.lost, self.scenario, tried, runs)
        found = [
            Answered(
                each,
                run(each.scenario, each),
                [] if each.anyway is None else run(each.anyway, each),
            )
            for each in remedies(self.scenario, promise, replaced)
        ]
        return found, weeks


STUDY = Staffing


def with_own(grid: list[int], variant: Variant) -> list[int]:
    """Numbers to try, and the one that is configured."""
    return sorted({*grid, max(number_of_supporters(variant.scenario), grid[0])})


def to_replace(lost: int, scenario: Scenario, tried: Tried, runs: Worlds) -> int:
    """How many must be asked that as many become active, on average, as have left.

    Where the programme has its supporters trained, as many are asked instead of them, to see what
    becomes of those.
    """
    number = max(number_of_supporters(scenario), min(tried.worlds))
    if scenario.population.supporters:
        everybody = changed(scenario, {"population.supporters": 0, "population.asked": number})
        asked = runs.watch(everybody, lambda plan, seed: waits_in(plan, seed).active)
    else:
        asked = [world.active for world in tried.worlds[number]]
    active = float(np.mean(asked))
    return max(lost, math.ceil(lost * number / active)) if active > 0 else lost
