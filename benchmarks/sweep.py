"""How long does a study take? `uv run python benchmarks/sweep.py`

A real sweep, with its folder, its worker processes and its tables: part of a Sobol' study of 20
parameters, what its runs cost beside the compiled weeks, what the whole study would take, and how
much memory it holds.
"""

import os
import tempfile
import threading
import time
from pathlib import Path

from measuring import PROGRAMMES, arguments, machine, scenario_of, table

import peersim
from peersim.run.first_day import create, draw_up, people_alone, room_for_outcomes
from peersim.run.simulation import baseline_of, run_weeks
from peersim.scenario.design import Design, points, sobol
from peersim.scenario.factors import factors
from peersim.scenario.scenario import Scenario, changed

WHOLE_STUDY = 22_528
"""Points of a Sobol' study of 20 parameters with 1,024 samples: 1,024 x (20 + 2)."""
PARAMETERS = 20


def part_of_study(scenario: Scenario, samples: int) -> Design:
    """The same design with fewer samples: its points lie in the same twenty-dimensional box."""
    paths = [each.path for each in factors(["group", "departure"], scenario)][:PARAMETERS]
    return sobol(scenario, paths, samples=samples)


# -- time ----------------------------------------------------------------------------------------


def compiled_alone(scenario: Scenario, design: Design, replicates: int) -> dict[str, float]:
    """CPU seconds of the same runs in a bare loop, by what they are spent on."""
    spent = dict.fromkeys(
        (
            "settings of each point",
            "drawing the people",
            "weeks without any programme",
            "weeks of the programme",
        ),
        0.0,
    )
    out = room_for_outcomes(scenario.weeks)

    def counted(what, work, *given):
        begin = time.thread_time()
        found = work(*given)
        spent[what] += time.thread_time() - begin
        return found

    for point in design.points:
        blueprint, alone = counted("settings of each point", drawn_up, scenario, point)
        for seed in range(1, replicates + 1):
            baseline = counted("weeks without any programme", baseline_of, alone, seed)
            world = counted("drawing the people", create, blueprint, seed, baseline)
            counted("weeks of the programme", run_weeks, world, 0, scenario.weeks, out)
    return spent


def drawn_up(scenario, point):
    this = changed(scenario, point)
    return draw_up(this), draw_up(people_alone(this))


def swept(scenario: Scenario, design: Design, replicates: int, workers: int) -> dict[str, float]:
    """One whole sweep, workers and tables included: seconds until its first batch is there, and
    from then on; CPU; memory."""
    answers: list[tuple[float, int]] = []
    with tempfile.TemporaryDirectory() as folder, Processes() as processes:
        begin = time.perf_counter()
        peersim.sweep(
            scenario, design, replicates, seed=1, workers=workers, out=str(Path(folder, "sweep")),
            progress=lambda runs: answers.append((time.perf_counter(), runs)),
        )  # fmt: skip
        end = time.perf_counter()
    first, runs = answers[0]
    rest = len(design) * replicates - runs
    return {
        "start": first - begin,
        "a run": (end - first) / rest if rest else (end - begin) / runs,
        **processes.found,
    }


# -- who used and held what ----------------------------------------------------------------------


class Processes:
    """Looks at this process and those it starts every tenth of a second (where the system tells
    it)."""

    def __enter__(self) -> "Processes":
        self.held: list[tuple[float, float]] = []
        self.used: dict[int, float] = {}
        self.own, self.over = time.process_time(), threading.Event()
        self.watch = threading.Thread(target=self.look_on, daemon=True)
        self.watch.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.over.set()
        self.watch.join()
        self.own = time.process_time() - self.own

    def look_on(self) -> None:
        while not self.over.wait(0.1):
            others = descendants(os.getpid())
            self.used |= {number: seconds for number in others if (seconds := cpu_of(number)) > 0}
            self.held.append(
                (megabytes(os.getpid()), max([megabytes(number) for number in others], default=0.0))
            )

    @property
    def found(self) -> dict[str, float]:
        """CPU seconds of all; megabytes of the driver and its largest worker, half-way and at
        most."""
        held = self.held or [(0.0, 0.0)]
        driver, worker = zip(*held, strict=True)
        half = len(held) // 2
        return {
            "cpu": self.own + sum(self.used.values()),
            "driver, half-way": driver[half],
            "driver, at most": max(driver),
            "largest worker, half-way": worker[half],
            "largest worker, at most": max(worker),
        }


def told(process: int, what: str) -> list[str]:
    """What the system tells of a process, in words; nothing if it has ended, or if this system does
    not."""
    try:
        return (
            Path(f"/proc/{process}/{what}").read_text(encoding="utf-8").rpartition(")")[2].split()
        )
    except OSError:
        return []


def megabytes(process: int) -> float:
    words = told(process, "statm")
    return int(words[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20 if words else 0.0


def cpu_of(process: int) -> float:
    words = told(process, "stat")
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK") if words else 0.0


def descendants(process: int) -> list[int]:
    threads = [path.name for path in Path(f"/proc/{process}/task").glob("*")]
    children = [
        int(word) for thread in threads for word in told(process, f"task/{thread}/children")
    ]
    return [each for child in children for each in (child, *descendants(child))]


# -- tables --------------------------------------------------------------------------------------


def show(name: str, scenario: Scenario, samples: int, replicates: int, workers: int) -> None:
    """One programme: the sweep with one process and with several, the share of the compiled weeks,
    the whole study."""
    design = part_of_study(scenario, samples)
    runs, study = len(design) * replicates, WHOLE_STUDY * replicates
    swept(scenario, points(design.points[:2]), 2, 1)  # compiles, imports
    bare = compiled_alone(scenario, design, replicates)
    rows = [
        [f"a bare loop: {what}", f"{1e3 * seconds / runs:.2f}", "", "", ""]
        for what, seconds in bare.items()
    ]
    rows.append(["a bare loop, together", f"{1e3 * sum(bare.values()) / runs:.2f}", "", "", ""])
    for number in dict.fromkeys((1, workers)):
        took = swept(scenario, design, replicates, number)
        beside = f"{100 * (took['cpu'] / sum(bare.values()) - 1):+.0f} %"
        whole = minutes(took["start"] + study * took["a run"])
        rows.append(
            [
                f"the sweep, {number} worker(s)",
                f"{1e3 * took['cpu'] / runs:.2f}",
                beside,
                f"{1 / took['a run']:,.0f}",
                whole,
            ]
        )
    free = minutes(study * sum(bare.values()) / runs / workers)
    held = ", ".join(f"{who} {megabytes:,.0f}" for who, megabytes in took.items() if ", " in who)
    notes = [
        "",
        f"{len(design)} points x {replicates} replicates were run; the whole study of {WHOLE_STUDY:,} points is EXTRAPOLATED from their pace, without its analysis.",
        "CPU of the sweep holds what is done once as well: starting workers that import the package, joining the tables.",
        f"Load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores meanwhile: on {workers} cores with nothing else to do, {free} by CPU time of the bare loop.",
        f"Memory with {workers} workers, megabytes: {held}.",
    ]
    head = ["", "CPU ms a run", "beside the bare loop", "runs a second", f"all {study:,} runs"]
    table(
        f"Part of a Sobol' study of {PARAMETERS} parameters: {name}, {scenario.weeks} weeks",
        head,
        rows,
        notes,
    )


def minutes(seconds: float) -> str:
    return f"{seconds / 60:.1f} min"


if __name__ == "__main__":
    o = arguments(
        __doc__ or "",
        people=60,
        weeks=52,
        samples=8,
        replicates=20,
        workers=2,
        programmes=["group", "all four"],
    )
    print(machine())
    for each in o.programmes:
        show(
            each,
            scenario_of(PROGRAMMES[each], o.people, o.weeks),
            o.samples,
            o.replicates,
            o.workers,
        )
