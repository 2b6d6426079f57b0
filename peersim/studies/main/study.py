"""The main job: four community types and four combinations, for the same people and the same
luck.
"""

from __future__ import annotations

import importlib
import threading
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from peersim.results.manifest import config_hash, versions
from peersim.scenario.typology import BASES, designs_for, set_back
from peersim.studies.main import exhibits, figures, sentences
from peersim.studies.main.arms import run_designs
from peersim.studies.main.details import details
from peersim.studies.main.options import Options
from peersim.studies.main.tables import aggregate_tables
from peersim.studies.study import Found, Study

if TYPE_CHECKING:
    from peersim.scenario.scenario import Scenario
    from peersim.scenario.typology import Design

OWN_KEYS = ("communities", "project")


class Main(Study):
    """Compares designs with no programme: the same people, with the same luck, in each of them."""

    name, Options = "main", Options
    sections = (
        "outcome",
        "sure",
        "leaves",
        "costs",
        "last",
        "leaving",
        "network",
        "compared",
        "assumed",
    )
    bases: ClassVar[tuple[str, ...]] = BASES
    """On which bases designs are compared."""

    def designs(self) -> Mapping[str, tuple[Design, Scenario]]:
        """Give the designs: each type, each combination, and the user's own if one was chosen."""
        return designs_for(self.scenario, own_label(self.options.overrides))

    def run(self) -> Found:
        """Run every design on every basis."""
        designs = self.designs()
        # the runs leave the interpreter idle: read in meanwhile what the figures need
        reading = {"target": importlib.import_module, "args": ("matplotlib.figure",)}
        threading.Thread(**reading, daemon=True).start()  # type: ignore[arg-type]
        arms = run_designs(designs, self.options, self.bases)
        origin = {"version": versions()["peersim"], "config_hash": config_hash(self.identity)}
        tables = aggregate_tables(arms, self.options, origin) | details(arms, self.options)
        return Found(tables, self.facts(tables) | {"set_back": set_back(self.scenario, designs)})

    def facts(self, tables: Mapping[str, Any]) -> dict[str, Any]:
        """What must be known to read the tables."""
        population, seeds = self.scenario.population, tables["runs"]["seed"]
        return {
            "people": population.recipients,
            "supporters": population.all_supporters,
            "own_people": population.file is not None,
            "weeks": self.scenario.weeks,
            "organisation": self.scenario.organisation.name,
            "runs": int(seeds.n_unique()),
            "seed": int(seeds.min()),
            "parameters": exhibits.parameters(self.scenario),
        }

    exhibits = staticmethod(exhibits.exhibits)
    headings = staticmethod(sentences.headings)
    sentences = staticmethod(sentences.sentences)
    figures = staticmethod(figures.figures)

    def asked(self, found: Found) -> Iterable[tuple[str, str]]:
        """Say what was asked."""
        return (
            ("people", "identity.scenario.population.recipients"),
            *self.supporters(),
            ("weeks", "identity.scenario.weeks"),
            ("replicates", "identity.replicates"),
            ("organisation", "identity.scenario.organisation"),
            ("parameters", "identity.parameters"),
        )


STUDY = Main


def own_label(overrides: Iterable[str]) -> str | None:
    """Name the user's own design, if one was chosen: by its project, or as theirs."""
    chosen = dict(override.lstrip("+").split("=", 1) for override in overrides if "=" in override)
    if not set(chosen) & set(OWN_KEYS):
        return None
    project = chosen.get("project", "none")
    if project != "none":
        return f"Your design ({project})"
    return "Your design" if "communities" in chosen else None
