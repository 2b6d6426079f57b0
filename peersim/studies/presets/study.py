"""Presets by their own facts: what the source says of a project, and in how many runs of its preset
it is so.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import polars as pl

from peersim.kernel.catalogue import Sentence, say
from peersim.kernel.declaration import InvalidInput
from peersim.kernel.paths import did_you_mean, leaves
from peersim.kernel.statistics import share_of
from peersim.presentation import terminal
from peersim.results.manifest import identity
from peersim.run.first_day import draw_up
from peersim.run.worlds import in_threads
from peersim.scenario.presets import preset as set_by
from peersim.scenario.scenario import Scenario, changed, without_programme
from peersim.studies.presets import exhibits, figures, sentences
from peersim.studies.presets.fact import Fact, Preset, verdict
from peersim.studies.presets.facts import PRESETS
from peersim.studies.presets.options import Options
from peersim.studies.presets.seen import follow
from peersim.studies.study import Found, Study

if TYPE_CHECKING:
    from peersim.engine.restore import Recipe
    from peersim.run.first_day import Blueprint

AS_SET = ""
"""The preset itself, among its variants."""

NO_PROGRAMME = "no_programme"


class PresetStudy(Study):
    """Runs each preset, and the variants that its facts are held against, in the same worlds."""

    name, Options = "presets", Options
    sections = ("facts", "how", "limits")

    def __init__(self, scenario: Scenario, options: Any) -> None:
        super().__init__(scenario, options)
        self._designs: dict[str, Scenario] = {}

    @classmethod
    def again(cls, recipe: Recipe, source: Path) -> Self:
        """Make it once more with the presets as they were."""
        study = cls(recipe.scenario, recipe.options)
        study._designs = dict(recipe.arms)
        return study

    @property
    def presets(self) -> list[Preset]:
        """The presets that were chosen."""
        return [PRESETS[name] for name in chosen(self.options.presets)]

    @property
    def designs(self) -> Mapping[str, Scenario]:
        """Each preset as a scenario: what is configured, and what the preset sets."""
        for each in self.presets:
            if each.name not in self._designs:
                self._designs[each.name] = changed(self.scenario, set_by(each.name))
        return self._designs

    @property
    def identity(self) -> dict[str, Any]:
        """What decides the results: the presets, too."""
        return identity(self.name, self.scenario, self.options, arms=dict(self.designs))

    def check(self) -> None:
        """Refuse presets without facts, and settings that a preset makes itself."""
        chosen(self.options.presets)
        fresh, known = Scenario(), leaves(Scenario)
        for each in self.presets:
            for path in set_by(each.name):
                if known[path].get(self.scenario) != known[path].get(fresh):
                    raise InvalidInput("presets.errors.own", path=path, preset=each.name)

    def run(self) -> Found:
        """Read every fact off every run."""
        options = self.options
        seeds = range(options.seed, options.seed + options.replicates)
        with terminal.bar(say("progress.presets"), "run", len(seeds) * len(self.presets)) as bar:
            rows = []
            for each in self.presets:
                plans = blueprints(each, self.designs[each.name])
                look = functools.partial(read, each, plans)
                readings = in_threads(look, seeds, options.workers, bar.update)
                rows += [row_of(each, fact, readings) for fact in each.facts]
        facts = {"runs": len(seeds), "facts": len(rows), "presets": [p.name for p in self.presets]}
        return Found({"facts": pl.DataFrame(rows, infer_schema_length=None)}, facts)

    exhibits = staticmethod(exhibits.exhibits)
    sentences = staticmethod(sentences.sentences)
    figures = staticmethod(figures.figures)

    def asked(self, found: Found) -> Iterable[tuple[str, Any]]:
        """Say what was asked."""
        return (("presets", "facts.presets"), ("facts", "facts.facts"), ("runs", "facts.runs"))


STUDY = PresetStudy


def chosen(names: Sequence[str] | None) -> list[str]:
    """Give the presets of these names, in their own order.

    Raises
    ------
    InvalidInput
        If there are no facts of one of them.

    Examples
    --------
    >>> chosen(["weshelter", "reden"])
    ['reden', 'weshelter']
    """
    if names is None:
        return list(PRESETS)
    for name in names:
        if name not in PRESETS:
            hint = did_you_mean(
                name, list(PRESETS), Sentence("presets.errors.names", {"names": list(PRESETS)})
            )
            raise InvalidInput("presets.errors.unknown", hint, name=name)
    if not names:
        raise InvalidInput("presets.errors.empty")
    return [name for name in PRESETS if name in names]


# -- running --------------------------------------------------------------------------------------
def blueprints(preset: Preset, design: Scenario) -> dict[str, Blueprint]:
    """Draw up a preset and its variants."""
    others = {
        name: without_programme(design) if name == NO_PROGRAMME else changed(design, settings)
        for name, settings in preset.variants.items()
    }
    return {name: draw_up(each) for name, each in {AS_SET: design, **others}.items()}


def read(preset: Preset, plans: Mapping[str, Blueprint], seed: int) -> dict[str, bool | None]:
    """Read every fact off one run: whether it holds, None where it could not arise."""
    seen = {name: follow(plan, seed) for name, plan in plans.items()}
    return {
        fact.key: fact.holds(*(seen[name] for name in dict.fromkeys((AS_SET, fact.against))))
        for fact in preset.facts
        if fact.is_in_the_model
    }


def row_of(
    preset: Preset, fact: Fact, readings: Sequence[Mapping[str, bool | None]]
) -> dict[str, Any]:
    """What all runs say of a fact."""
    known = [holds for each in readings if (holds := each.get(fact.key)) is not None]
    share = share_of(sum(known), len(known)) if known else None
    value, low, high = share or (None, None, None)
    return {
        "preset": preset.name,
        "fact": fact.key,
        "source": fact.source,
        "kind": fact.kind,
        "least": fact.least,
        "share": value,
        "low": low,
        "high": high,
        "runs": len(known),
        "verdict": verdict(fact, share),
    }
