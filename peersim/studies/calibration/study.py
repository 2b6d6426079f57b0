"""Calibration: what published figures say about the parameters that nobody can look up."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from peersim.engine.sweeps.progress import Progress
from peersim.kernel.catalogue import say
from peersim.kernel.compiled import digest
from peersim.results.manifest import config_hash
from peersim.studies.calibration import exhibits, figures, sentences
from peersim.studies.calibration.matching.history_matching import PLANS, Calibration, calibrate
from peersim.studies.calibration.measurements import TARGETS
from peersim.studies.calibration.options import Options
from peersim.studies.calibration.runs import Runner
from peersim.studies.calibration.tables import calibration_tables
from peersim.studies.study import Found, Study


class CalibrationStudy(Study):
    """Runs wave after wave of sets of parameters, and keeps those that go with what was published.

    What has been run is kept beside the results, so that a calibration that was interrupted goes
    on.
    """

    name, Options = "calibration", Options
    sections = ("targets", "parameters", "apart", "recovery", "waves")

    def run(self) -> Found:
        """Run all waves, or what is left of them."""
        found = self.calibrated()
        facts = {"sets": len(found.chosen), "each": found.plan.each, "runs": found.plan.runs}
        return Found(calibration_tables(found), facts | {"targets": len(found.targets)})

    def calibrated(self) -> Calibration:
        """Calibrate, from what has been run before on."""
        plan = PLANS[self.options.size or "quick"]
        waves = f".waves-{config_hash(self.identity)[:8]}-{digest()[:8]}"
        bar = Progress(plan.runs, 0, say("progress.calibrating"))
        folder = Path(self.options.out) / waves
        runner = Runner(self.scenario, folder, TARGETS, self.options.workers, bar.add)
        return calibrate(runner, plan, self.options.seed, lambda wave: print(wave, flush=True))

    exhibits = staticmethod(exhibits.exhibits)
    sentences = staticmethod(sentences.sentences)
    figures = staticmethod(figures.figures)

    def asked(self, found: Found) -> Iterable[tuple[str, Any]]:
        """Say what was asked."""
        return ((key, f"facts.{key}") for key in ("targets", "runs", "each", "sets"))


STUDY = CalibrationStudy
