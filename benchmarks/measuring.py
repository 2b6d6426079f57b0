"""What the benchmarks share: CPU time, contestants in turn, tables, which scenario, and what
machine it was."""

import argparse
import importlib.metadata
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterable, Sequence

from peersim.scenario.scenario import Scenario, changed

ONE_TO_ONE, GROUP, AVAILABILITY, DIGITAL = "one_to_one", "group", "availability", "digital"
PROGRAMMES = {
    "one-to-one": [ONE_TO_ONE],
    "group": [GROUP],
    "availability": [AVAILABILITY],
    "digital": [DIGITAL],
    "all four": [ONE_TO_ONE, GROUP, AVAILABILITY, DIGITAL],
}


def scenario_of(communities: list[str], people: int, weeks: int) -> Scenario:
    """Default assumptions; supporters in the usual proportion, one to five recipients."""
    supporters = max(1, people // 6)
    values = {"communities": communities, "weeks": weeks, "population.supporters": supporters}
    return changed(Scenario(), values | {"population.recipients": people - supporters})


def cpu_seconds(work: Callable[[], object]) -> float:
    """CPU time of this thread for a piece of work: on a shared machine steadier than the clock on
    the wall."""
    begin = time.thread_time()
    work()
    return time.thread_time() - begin


def in_turn(contestants: dict[str, Callable[[int], float]], repeats: int) -> dict[str, list[float]]:
    """Let all contestants take their turn in each repeat, so that whatever disturbs the machine
    disturbs all alike."""
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for repeat in range(repeats):
        for name, contestant in contestants.items():
            times[name].append(contestant(repeat))
    return times


def spread(values: Sequence[float], form: str = "{:.3g}") -> str:
    """The median, and the lowest and the highest."""
    low, middle, high = (form.format(f(values)) for f in (min, statistics.median, max))
    return f"{middle} ({low} to {high})"


def table(
    title: str,
    head: Sequence[str],
    rows: Iterable[Sequence[object]],
    notes: Sequence[str] = (),
    words: Sequence[int] = (0,),
) -> None:
    """Print a table: columns of words to the left, the others to the right."""
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[k]) for row in [list(head), *cells]) for k in range(len(head))]
    print(f"\n{title}\n")
    for row in [list(head), ["-" * width for width in widths], *cells]:
        aligned = [
            cell.ljust(w) if k in words else cell.rjust(w)
            for k, (cell, w) in enumerate(zip(row, widths, strict=True))
        ]
        print("  ".join(aligned).rstrip())
    for note in notes:
        print(note)
    print(end="", flush=True)


def machine() -> str:
    """The machine and the versions, in a line."""
    names = ("numpy", "numba", "mesa", "networkx")
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names)
    return f"{processor()}, {os.cpu_count()} cores; {platform.system()}, Python {platform.python_version()}, {versions}"


def processor() -> str:
    """The name of the processor, where the system tells it."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            return next(
                line.split(":")[1].strip() for line in lines if line.startswith("model name")
            )
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def arguments(description: str, **defaults: object) -> argparse.Namespace:
    """Options of a script, each with its default; a default of False becomes a switch, a list takes
    several."""
    parser = argparse.ArgumentParser(description=description)
    for name, default in defaults.items():
        option = "--" + name.replace("_", "-")
        if default is False:
            parser.add_argument(option, action="store_true")
        elif isinstance(default, list):
            parser.add_argument(option, type=type(default[0]), nargs="+", default=default)
        else:
            parser.add_argument(
                option, type=type(default), default=default, help=f"default {default}"
            )
    return parser.parse_args()
