"""Studies of many points: their runs are written as they come, and what is made of them stands
beside them.
"""

from __future__ import annotations

import sys
from abc import abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import polars as pl

from peersim.engine.sweeping import Swept, run_sweep
from peersim.kernel.catalogue import Foreign, Sentence, say
from peersim.presentation import terminal
from peersim.presentation.add_to_folder import add_to_folder
from peersim.presentation.figures import draw_all
from peersim.results import folder as results
from peersim.results.disk import claimed, writing_to
from peersim.studies.study import Found, Study

if TYPE_CHECKING:
    from peersim.scenario.design import Design
    from peersim.scenario.scenario import Scenario


class StudyOfPoints(Study):
    """A kind of experiment that visits points, resumes where it was interrupted, and adds tables,
    figures and a page to the folder of its runs.

    Attributes
    ----------
    added : tuple of str
        Tables that it adds to those of the runs.
    """

    added: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def design(self) -> Design:
        """Give the points."""

    def base(self) -> Scenario:
        """Give what all points have in common."""
        return self.scenario

    @abstractmethod
    def analysed(self, folder: Path) -> Found:
        """Give what the runs in a folder say."""

    def run(self) -> Found:
        """Run what is missing of the sweep, and analyse it."""
        self.swept = self.sweep()
        found = self.analysed(self.swept.folder)
        return Found(found.tables, found.facts, exit_code=1 if self.swept.failed else 0)

    def sweep(self) -> Swept:
        """Run what is missing of the sweep."""
        return run_sweep(self.name, self.base(), self.design(), self.options)

    def carry_out(self) -> int:
        """Run what is missing, print what came out, and add it to the folder."""
        self.check()
        found = self.run()
        folder = self.swept.folder
        if not self.swept.new:
            print(say("study.nothing_left", folder=folder))
        terminal.show(self._report(found, (), {}).printed())
        self.publish(found, folder)
        terminal.show_folder(folder)
        if self.swept.failed:
            print(f"\npeersim: {failures(self.swept)}", file=sys.stderr)
        return found.exit_code

    def publish(self, found: Found, folder: Path) -> None:
        """Add tables, figures, exhibits and page to the runs."""
        manifest = results.read_manifest(folder) | {"facts": dict(found.facts)}
        drawings = draw_all(self.figures(found), self.options.figures, self.banners)
        report = self._report(found, drawings, manifest)
        tables = {name: found.tables[name] for name in self.added if name in found.tables}
        command = self.options.command
        rest = Sentence(f"errors.folder.runs_kept{'_by' if command else ''}", {"command": command})
        with claimed(folder), writing_to(folder, rest):
            add_to_folder(folder, self.scenario, manifest, tables, report.files())


def failures(swept: Swept) -> str:
    """Say how many runs failed, why the first of them did, and how to repeat it."""
    runs = pl.scan_parquet(swept.folder / "runs.parquet")
    first = runs.filter(pl.col("status") == "failed").head(1).collect()
    return say(
        "study.failed",
        failed=swept.failed,
        runs=swept.runs,
        error=Foreign(first["error"][0].rstrip(".")),
        command=first["reproduce"][0],
    )
