"""Which assumptions matter: screening (Morris), shares of the variance (Sobol'), or from an
existing sweep (PAWN).
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from peersim.kernel.catalogue import Sentence
from peersim.kernel.declaration import InvalidInput
from peersim.kernel.plain_data import flat, plain
from peersim.presentation.designs import communities_named
from peersim.results import folder as results
from peersim.run.simulation import ensemble
from peersim.scenario.design import Design, chosen
from peersim.scenario.factors import differing
from peersim.scenario.scenario import Scenario, changed
from peersim.scenario.uncertain_parameters import assumptions, key_assumptions
from peersim.studies.points import StudyOfPoints
from peersim.studies.sensitivity import exhibits, figures, next_step, sentences
from peersim.studies.sensitivity.existing import checked_sweep, sample_of
from peersim.studies.sensitivity.options import Options
from peersim.studies.sensitivity.tables import ARMS, Sample, by_point, sensitivity_tables
from peersim.studies.study import Found, Study

if TYPE_CHECKING:
    from peersim.scenario.sweep_options import DesignChoice

OUTCOMES = ("connectedness", "retained", "isolated", "harmed", "strain")
"""What is analysed if no outcomes are named."""

AROUND = 0.5
"""How far assumptions go from their present values unless it is said which of them vary, as a share
of these.

Declared bounds of assumptions are wide. All of them at once anywhere within make worlds in which
nobody comes or nobody stays, and in such worlds other things matter than in those that anybody
believes in.
"""

METHODS = {"morris": "morris", "sobol": "sobol", "lhs": "pawn", "pawn": "pawn"}
TIMED = 20
MOST_SHOWN = 2
"""Outcomes that are printed if none are named."""


class Sensitivity(StudyOfPoints):
    """Runs or reads a sweep, and says which of its settings matter."""

    name, Options = "sensitivity", Options
    sections = ("ranking", "matters", "varied")
    added = ("factors", "sensitivity", "chance", "ranking", "verdicts")

    def check(self) -> None:
        """Refuse designs that say nothing about what matters."""
        if self.options.design.kind not in METHODS:
            raise InvalidInput("sensitivity.errors.design", kind=self.options.design.kind)

    # -- a new sweep ------------------------------------------------------------------------------
    def base(self) -> Scenario:
        """Give the scenario up to the week that is asked for."""
        return until(self.scenario, self.options.week)

    @property
    def arms(self) -> dict[str, Scenario]:
        """Both designs, if two are compared, up to the week that is asked for."""
        given, week = self.options.arms, self.options.week
        if not given:
            return {}
        return {arm: until(given.get(arm, self.base()), week) for arm in ARMS}

    @property
    def choice(self) -> DesignChoice:
        """What was asked of the points."""
        return with_ranges(self.options.design)

    def design(self) -> Design:
        """Give the points."""
        base, arms = self.base(), self.arms
        over = default_factors(self.choice.kind, list(arms.values()) or [base])
        return chosen(self.choice, base, arms, over=over)

    def analysed(self, folder: Path) -> Found:
        """Analyse the runs in a folder as the design they were made with asks for."""
        design = self.design()
        assert design.unit is not None
        unit = design.unit[:: max(len(design.arms), 1)]
        values = by_point(read_runs(folder, self.outcomes), self.outcomes)
        levels = design.settings.get("levels", 8)
        sample = Sample(METHODS[design.kind], design.factors, np.asarray(unit), values, levels)
        base = next(iter(design.arms.values()), None) if design.arms else None
        configured = dict(flat(results.read_manifest(folder)["identity"]["scenario"]))
        configured |= dict(flat(plain(base))) if isinstance(base, Scenario) else {}
        tables = sensitivity_tables(sample, configured)
        seconds = None
        if sample.method == "morris":
            seconds = timed(self.base(), design) / self.options.workers
        facts = self.facts(sample, told_apart(design.arms))
        commands = next_step.facts(self.options, self.choice, tables, facts, seconds)
        return Found(tables, facts | commands)

    # -- an existing one --------------------------------------------------------------------------
    @property
    def is_of_existing(self) -> bool:
        """Whether a sweep that was run before is analysed."""
        return bool(self.options.design.kind == "pawn")

    def carry_out(self) -> int:
        """Run and analyse, or analyse what was run before."""
        return Study.carry_out(self) if self.is_of_existing else super().carry_out()

    @property
    def identity(self) -> dict[str, Any]:
        """What decides the results: of an existing sweep, what that was."""
        known = super().identity
        if not self.is_of_existing:
            return known
        there = checked_sweep(Path(self.options.design.of))
        known |= {key: there["identity"].get(key) for key in ("scenario", "seed", "replicates")}
        return known | {"of": there["config_hash"]}

    def run(self) -> Found:
        """Run the sweep, or read it, and analyse it."""
        if not self.is_of_existing:
            return super().run()
        source = Path(self.options.design.of)
        manifest = checked_sweep(source)
        sample = sample_of(source, read_runs(source, self.outcomes), self.outcomes)
        configured = dict(flat(manifest["identity"]["scenario"]))
        known = manifest["identity"]
        run = {"seed": known["seed"], "week": known["scenario"]["weeks"]}
        return Found(sensitivity_tables(sample, configured), self.facts(sample, "") | run)

    def publish(self, found: Found, folder: Path) -> None:
        """Add to the runs, or write a folder of its own."""
        (Study if self.is_of_existing else StudyOfPoints).publish(self, found, folder)

    # -- what is shown ----------------------------------------------------------------------------
    @property
    def outcomes(self) -> tuple[str, ...]:
        """Outcomes that are analysed."""
        return tuple(self.options.outcomes or OUTCOMES)

    def facts(self, sample: Sample, about: str) -> dict[str, Any]:
        """What must be known to read the tables."""
        first = next(iter(next(iter(sample.values.values())).values()))
        choice = self.choice
        printed = self.outcomes[: len(self.options.outcomes or ()) or MOST_SHOWN]
        return {
            "method": sample.method,
            "settings": len(sample.factors),
            "points": len(first),
            "runs": int(first.shape[1]),
            "seed": self.options.seed,
            "week": self.options.week or self.scenario.weeks,
            "about": about,
            "around": choice.around,
            "of": choice.of if choice.kind == "pawn" else None,
            "has_bounds": bool(choice.bounds),
            "printed": list(printed),
        }

    exhibits = staticmethod(exhibits.exhibits)
    sentences = staticmethod(sentences.sentences)
    figures = staticmethod(figures.figures)

    def asked(self, found: Found) -> Iterable[tuple[str, Any]]:
        """Say what was asked."""
        about = communities_named(found.facts["about"])
        two = ("designs", Sentence("sensitivity.about", {"about": about}))
        one = ("communities", "identity.scenario.communities")
        return (
            ("settings", "facts.settings"),
            ("points", "facts.points"),
            ("runs", "facts.runs"),
            ("ranges", sentences.ranges(found)),
            two if found.facts["about"] else one,
            ("people", "identity.scenario.population.recipients"),
            ("weeks", "identity.scenario.weeks"),
        )


STUDY = Sensitivity


def timed(scenario: Scenario, design: Design) -> float:
    """Measure the seconds that a run takes, on some points of a design."""
    bases = design.bases(scenario)
    step = max(len(design) // TIMED, 1) | 1  # odd, so that both designs are among them
    worlds = [
        changed(bases[design.arm_of(k)], design.points[k]) for k in range(0, len(design), step)
    ]
    ensemble(worlds[0], [0])  # reads in what is compiled
    began = time.perf_counter()
    for world in worlds:
        ensemble(world, [0])
    return (time.perf_counter() - began) / len(worlds)


def until(scenario: Scenario, week: int | None) -> Scenario:
    """Give the same world up to a week; what would come later does not matter to it."""
    if week is None or week == scenario.weeks:
        return scenario
    events = [event for event in scenario.events if event["week"] <= week]
    return changed(scenario, {"weeks": max(week, 1), "events": events})


def with_ranges(choice: DesignChoice) -> DesignChoice:
    """Let assumptions go only so far from their present values, if it is not said which are to vary
    or how far.
    """
    is_said = choice.over or choice.bounds or choice.around is not None
    return choice if is_said else dataclasses.replace(choice, around=AROUND)


def default_factors(kind: str, scenarios: list[Scenario]) -> list[str]:
    """Take all assumptions for a screening, and those on which most hangs for what needs more
    runs.
    """
    found = assumptions(scenarios) if kind == "morris" else key_assumptions(scenarios)
    set_apart = differing(scenarios)
    return [path for path in found if path not in set_apart]


def read_runs(folder: Path, outcomes: Sequence[str]) -> pl.DataFrame:
    """Read what is needed of the table of runs."""
    runs = pl.scan_parquet(folder / "runs.parquet")
    wanted = ["point", "replicate", "arm", *outcomes]
    return runs.select([name for name in wanted if name in runs.collect_schema().names()]).collect()


def told_apart(arms: Mapping[str, Any]) -> str:
    """Say what sets two designs apart.

    >>> told_apart({"A": Scenario(), "B": changed(Scenario(), {"cafe.per_week": 1})})
    'A: cafe.per_week=0.  B: cafe.per_week=1.'
    """
    if not arms:
        return ""
    paths = sorted(differing(arms.values()))
    settings = {name: dict(flat(plain(arm))) for name, arm in arms.items()}
    return "  ".join(
        f"{name}: {', '.join(f'{path}={_value(known[path])}' for path in paths)}."
        for name, known in settings.items()
    )


def _value(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ",".join(map(str, value)) + "]"
    return f"{value:g}" if isinstance(value, float) else str(value)
