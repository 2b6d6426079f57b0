"""A sweep: many points, each run with the same people and the same luck, and never twice."""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import polars as pl

from peersim.engine.restore import Recipe, design_of
from peersim.kernel.catalogue import listed, say
from peersim.results.folder import read_manifest
from peersim.scenario.design import chosen, idle
from peersim.studies.points import StudyOfPoints
from peersim.studies.study import Found
from peersim.studies.sweep import exhibits, figures, sentences
from peersim.studies.sweep.options import Options
from peersim.studies.sweep.tables import differences_from_first, varied_in

if TYPE_CHECKING:
    from peersim.scenario.design import Design


class Sweep(StudyOfPoints):
    """Visits the points of a design."""

    name, Options = "sweep", Options
    sections = ("found", "varied")
    added = ("differences_from_first",)
    restored: Design | None = None
    """The points that stand in a folder of results, where the study is made from one."""

    @functools.cache  # noqa: B019 (lives as long as one study)
    def design(self) -> Design:
        """Give the points."""
        if self.restored is not None:
            return self.restored
        return chosen(self.options.design, self.scenario)

    @classmethod
    def again(cls, recipe: Recipe, source: Path) -> Self:
        """Make the study once more from a folder of its results, with the points that stand
        there.
        """
        study = cls(recipe.scenario, recipe.options)
        study.restored = design_of(recipe, source)
        return study

    def check(self) -> None:
        """Warn of settings that change nothing."""
        now = ",".join(self.scenario.communities)
        for community, paths in idle(self.design(), self.scenario).items():
            meant = ",".join([*self.scenario.communities, community])
            said = say("sweep.in_vain", n=len(paths), paths=listed(paths[:3]), now=now, meant=meant)
            print(f"peersim: {said}", file=sys.stderr)

    def analysed(self, folder: Path) -> Found:
        """Read the points and their means, and compare each point with the first."""
        manifest = read_manifest(folder)
        tables = {
            name: pl.read_parquet(folder / f"{name}.parquet") for name in ("points", "summary")
        }
        known = manifest["identity"]
        facts: dict[str, Any] = {
            "points": len(tables["points"]),
            "varied": varied_in(tables["points"]),
            "kind": known["design"]["kind"],
            "runs": known["replicates"],
            "seed": known["seed"],
            "week": known["scenario"]["weeks"],
            "failed": manifest["failed"],
            "all_runs": manifest["runs"],
        }
        if "population.recipients" not in facts["varied"] and "arm" not in tables["points"].columns:
            facts["people"] = known["scenario"]["population"]["recipients"]
        tables["differences_from_first"] = differences_from_first(folder, tables)
        return Found(tables, facts)

    exhibits = staticmethod(exhibits.exhibits)
    sentences = staticmethod(sentences.sentences)
    figures = staticmethod(figures.figures)

    def asked(self, found: Found) -> Iterable[tuple[str, Any]]:
        """Say what was asked, as far as it did not vary."""
        scenario = {
            "communities": "communities",
            "people": "population.recipients",
            "weeks": "weeks",
        }
        varied = found.facts["varied"]
        return (
            ("design", "facts.kind"),
            ("points", "facts.points"),
            ("runs", "identity.replicates"),
            *((key, f"identity.scenario.{p}") for key, p in scenario.items() if p not in varied),
        )


STUDY = Sweep
