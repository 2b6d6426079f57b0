"""How long until the first answer? `uv run python benchmarks/first_answer.py`

What people wait for who try the program, or have changed a rule: help, the answer to a slip, an
import, the compilation of the week, what a decision overridden in Python needs besides, the main
job. Processor seconds of a new process each time, in a Markdown table.
`--against ../other/.venv/bin/python` measures another checkout in turn with this one.
"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import NamedTuple

from measuring import arguments, in_turn, machine, spread

NOTHING, WEEK, ALL = "nothing", "the week", "all of it"
"""What is compiled when a job begins: nothing, what `simulate` compiles, or all it needs."""

LOAD = "import peersim; scenario = peersim.load_scenario(['communities=[group]'])\n"
SIMULATE = LOAD + "peersim.simulate(scenario, seed=1)"
STEP = f"""{LOAD}
class Fearful(peersim.Recipient):
    def attend(self, community, propensity):
        return 1 - self.social_anxiety

peersim.PeerModel(scenario, rng=1, agent_types={{"recipient": Fearful}}).step()"""


class Job(NamedTuple):
    """Words after `peersim`, or Python code; and how it is to end."""

    meaning: str
    words: str = ""
    code: str = ""
    compiled: str = ALL
    status: int = 0


JOBS = {
    "help": Job("`peersim --help`", "--help"),
    "describe": Job("`peersim describe`", "describe"),
    "slip": Job("`peersim weks=3`: an error in a sentence", "weks=3", status=2),
    "import": Job("`import peersim`", code="import peersim"),
    "load": Job(
        "the same and `load_scenario([])`", code="import peersim; peersim.load_scenario([])"
    ),
    "simulate": Job("`simulate`, once compiled", code=SIMULATE),
    "first_simulate": Job("first `simulate`, nothing compiled", code=SIMULATE, compiled=NOTHING),
    "step": Job("`step` with an overridden decision, once compiled", code=STEP),
    "first_step": Job(
        "first such `step`, nothing compiled but what `simulate` needs", code=STEP, compiled=WEEK
    ),
    "very_first_step": Job("first such `step`, nothing compiled", code=STEP, compiled=NOTHING),
    "main": Job("the main job `peersim`, once compiled", "out=results"),
}


class Checkout:
    """A checkout, known by its Python, and the folder where it works and keeps what it compiles."""

    def __init__(self, python: str, folder: Path) -> None:
        # not resolved: the program is found beside the Python of an environment
        self.python, self.folder = Path(python).absolute(), folder
        folder.mkdir()

    def prepare(self, jobs: list[Job]) -> None:
        """Compile what is to be there beforehand."""
        if any(job.compiled != ALL for job in jobs):
            self.run(JOBS["simulate"], self.folder / ALL)
            shutil.copytree(self.folder / ALL, self.folder / WEEK)
        for job in jobs:
            if job.compiled == ALL:
                self.run(job, self.folder / ALL)

    def seconds(self, job: Job, repeat: int) -> float:
        """Processor seconds of a job."""
        with tempfile.TemporaryDirectory() as fresh:
            if job.compiled == WEEK:
                shutil.copytree(self.folder / WEEK, fresh, dirs_exist_ok=True)
            begin = seconds_of_children()
            self.run(job, self.folder / ALL if job.compiled == ALL else Path(fresh))
            return seconds_of_children() - begin

    def run(self, job: Job, cache: Path) -> None:
        words = [self.python, "-c", job.code]
        if job.words:
            words = [self.python.with_name("peersim"), *job.words.split()]
        # the bytecode of what is imported stays, as in any checkout that has been in use
        environment = os.environ | {
            "NUMBA_CACHE_DIR": str(cache),
            "PYTHONPYCACHEPREFIX": str(self.folder / "bytecode"),
        }
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        done = subprocess.run(
            words, env=environment, cwd=self.folder, capture_output=True, text=True
        )
        if done.returncode != job.status:
            raise RuntimeError(f"{job.meaning} ended with {done.returncode}: {done.stderr}")


def seconds_of_children() -> float:
    """Processor time of all processes that were started here and have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def show(jobs: list[str], pythons: list[str], repeats: int) -> None:
    """Measure the jobs with each Python in turn, and print a Markdown table."""
    with tempfile.TemporaryDirectory() as elsewhere:
        checkouts = [Checkout(each, Path(elsewhere) / str(k)) for k, each in enumerate(pythons)]
        for checkout in checkouts:
            checkout.prepare([JOBS[name] for name in jobs])
        contestants = {
            (name, k): partial(checkout.seconds, JOBS[name])
            for name in jobs
            for k, checkout in enumerate(checkouts)
        }
        times = in_turn(contestants, repeats)
    heads = ["", "processor seconds", "the other", "ratio"][: 2 * len(pythons)]
    print(f"\n| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    for name in jobs:
        found = [times[name, k] for k in range(len(pythons))]
        cells = [JOBS[name].meaning, *(spread(each, "{:.2f}") for each in found)]
        if len(found) == 2:
            cells.append(
                spread([ours / other for ours, other in zip(*found, strict=True)], "{:.2f}")
            )
        print(f"| {' | '.join(cells)} |")
    print(
        f"\nMedian (lowest to highest) of {repeats}, a new process each; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores."
    )


if __name__ == "__main__":
    o = arguments(__doc__ or "", repeats=3, jobs=list(JOBS), against="")
    print(machine())
    show(o.jobs, [sys.executable, *([o.against] if o.against else [])], o.repeats)
