"""How far does it go? `uv run python benchmarks/scale.py [--million]`

One world of 60 to 100,000 people, for each community and all four: time a person-week, memory a
person, and whether what comes out is of the same kind as in small worlds. Each row is a process of
its own, so that its peak of memory is its own.
"""

import json
import math
import resource
import subprocess
import sys
import time
from functools import partial

import numpy as np
from measuring import PROGRAMMES, arguments, cpu_seconds, machine, scenario_of, table

from peersim.model.outcomes import NAMES
from peersim.model.world import World
from peersim.run.first_day import create, draw_up, people_alone, room_for_outcomes
from peersim.run.simulation import baseline_of, run_weeks
from peersim.scenario.scenario import Scenario, changed

ENOUGH = 200_000
"""Person-weeks that are measured at least, or a hundred worlds: small ones are lived several times,
with other seeds."""
TOLD = ("connectedness", "retained", "ties", "never_reached", "waiting")
FLAT = 2.5


def large(communities: list[str], people: int, weeks: int) -> Scenario:
    """Default assumptions; rooms for groups and classes grow with the population, as supporters do,
    to what is allowed."""
    rooms = min(max(10, people // 6), 100_000)
    return changed(
        scenario_of(communities, people, weeks),
        {"group.most": rooms, "availability.most_classes": rooms},
    )


def bytes_of(world: World) -> int:
    """Memory of all arrays of a world, its own record of the weeks without any programme
    included."""
    return sum(array.nbytes for array in world)


def peak_megabytes() -> float:
    """The most memory that this process has ever held."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def is_sound(world: World, out: np.ndarray) -> bool:
    """Whether nothing has run over: shares are shares, everybody's partners exist, each tie stands
    with two people."""
    shares = out[
        :,
        0,
        [NAMES.index(name) for name in ("connectedness", "retained", "never_reached", "waiting")],
    ]
    taken = np.arange(world.partners.shape[1]) < world.people["n_ties"][:, None]
    others, places = world.partners["other"][taken], world.partners["tie"][taken]
    people_exist = ((others >= 0) & (others < len(world.people))).all() and (places >= 0).all()
    sides = np.bincount(places) if len(places) else np.zeros(0)
    return bool(
        ((shares >= 0) & (shares <= 1)).all() and people_exist and np.isin(sides, (0, 2)).all()
    )


def measure(communities: list[str], people: int, weeks: int) -> dict[str, float]:
    """One row: worlds of so many people, lived until there is enough to measure."""
    live_small_world(communities)  # compiles, or reads from disk
    scenario = large(communities, people, weeks)
    blueprint, alone = draw_up(scenario), draw_up(people_alone(scenario))
    seeds, before = range(1, 1 + min(100, math.ceil(ENOUGH / (people * weeks)))), peak_megabytes()
    seconds, drawing, told, circles, sound = 0.0, 0.0, np.zeros(len(NAMES)), 0, True
    for seed in seeds:
        baseline, begin = baseline_of(alone, seed), time.thread_time()
        world, out = create(blueprint, seed, baseline), room_for_outcomes(weeks)
        drawing += time.thread_time() - begin
        seconds += cpu_seconds(partial(run_weeks, world, 0, weeks, out))
        told += out[-1, 0] / len(seeds)
        circles += int(world.circles["open"].sum())
        sound = sound and is_sound(world, out)
    return {name: float(told[NAMES.index(name)]) for name in TOLD} | {
        "groups and classes that meet, per 1,000 people": 1000 * circles / len(seeds) / people,
        "sound": float(sound),
        "nanoseconds": 1e9 * seconds / (len(seeds) * people * weeks),
        "drawing": 1e9 * drawing / (len(seeds) * people),
        "array_bytes": bytes_of(world) / people,
        "peak_megabytes": peak_megabytes(),
        "grown_bytes": (peak_megabytes() - before) * 2**20 / people,
    }


def live_small_world(communities: list[str]) -> None:
    scenario = large(communities, 12, 2)
    run_weeks(
        create(draw_up(scenario), 1, baseline_of(draw_up(people_alone(scenario)), 1)),
        0,
        2,
        room_for_outcomes(2),
    )


def elsewhere(name: str, people: int, weeks: int) -> dict[str, float]:
    """Measure in a fresh process."""
    command = [
        sys.executable,
        __file__,
        "--only",
        name,
        "--sizes",
        str(people),
        "--weeks",
        str(weeks),
    ]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def show(found: dict[str, dict[int, dict[str, float]]], sizes: list[int], weeks: int) -> None:
    """Print what was found."""
    head = ["programme", *(f"{size:,}" for size in sizes)]
    rows = []
    for (name, by_size), cells in zip(
        found.items(), in_cells(found, sizes, "nanoseconds", "{:.0f}"), strict=True
    ):
        costs = [by_size[size]["nanoseconds"] for size in sizes]
        flat = max(costs) / min(costs)
        rows.append([*cells, f"{flat:.2f}", "yes" if flat <= FLAT else "NO"])
        assert name == cells[0]
    notes = [
        "",
        "CPU time of one thread for the weeks of the programme; people are drawn beforehand.",
    ]
    title = f"Nanoseconds a person-week in one world of so many people, {weeks} weeks"
    table(title, [*head, "highest / lowest", f"within {FLAT}x?"], rows, notes)
    memory = "Memory of a world: bytes a person of all its arrays"
    table(memory, head, in_cells(found, sizes, "array_bytes", "{:,.0f}"))
    notes = [
        "",
        "The growth is that of the peak while worlds are drawn and lived, divided by people; it says little below 60,000 people.",
    ]
    peaks = in_cells(found, sizes, "peak_megabytes", "{:,.0f}")
    grown = in_cells(found, sizes, "grown_bytes", "{:,.0f}", ": growth, bytes a person")
    both = [row for pair in zip(peaks, grown, strict=True) for row in pair]
    table(
        "Memory of the process: peak in megabytes, Python and all libraries included",
        head,
        both,
        notes,
    )
    table(
        "Drawing the people: nanoseconds a person, once a run",
        head,
        in_cells(found, sizes, "drawing", "{:,.0f}"),
    )
    names = [*TOLD, "groups and classes that meet, per 1,000 people"]
    kinds = [
        row
        for one in found
        for name in names
        for row in in_cells({one: found[one]}, sizes, name, "{:.3f}", f": {name}")
    ]
    unsound = [
        f"{name} with {size:,} people"
        for name in found
        for size in sizes
        if not found[name][size]["sound"]
    ]
    notes = ["", f"Shares between 0 and 1, partners that exist, two people to each tie: {'; '.join(unsound) + ' FAILED' if unsound else 'in every world'}.",
             "Availability is one house with a few supporters on duty, whatever the population: the larger the world, the fewer find somebody to talk with."]  # fmt: skip
    table("Is it of the same kind? At the last week", head, kinds, notes)


def show_phases(programme: str, sizes: list[int], weeks: int) -> None:
    """Which phases grow dearer with the population."""
    from phases import NAMES as PHASES
    from phases import divide

    columns = [
        divide(large(PROGRAMMES[programme], size, weeks), *((10, 5) if size < 2_000 else (1, 2)))
        for size in sizes
    ]
    rows = [[phase, *(f"{found[k]:.1f}" for found, _ in columns)] for k, phase in enumerate(PHASES)]
    rows += [["sum of the phases", *(f"{found.sum():.0f}" for found, _ in columns)]]
    rows += [["the same run without a clock in it", *(f"{whole:.0f}" for _, whole in columns)]]
    title = f"Nanoseconds a person-week by phase: {programme}, {weeks} weeks"
    table(title, ["phase", *(f"{size:,} people" for size in sizes)], rows)


def in_cells(
    found: dict[str, dict[int, dict[str, float]]],
    sizes: list[int],
    key: str,
    form: str,
    what: str = "",
) -> list[list[str]]:
    """One row a programme, one cell a size."""
    return [
        [name + what, *(form.format(by_size[size][key]) for size in sizes)]
        for name, by_size in found.items()
    ]


if __name__ == "__main__":
    o = arguments(
        __doc__ or "",
        sizes=[60, 600, 6_000, 60_000, 100_000],
        weeks=52,
        only="",
        million=False,
        phases=False,
        programmes=list(PROGRAMMES),
    )
    if o.only:
        print(json.dumps(measure(PROGRAMMES[o.only], o.sizes[0], o.weeks)))
    elif o.phases:
        for each in o.programmes:
            show_phases(each, o.sizes, o.weeks)
    else:
        print(machine())
        everywhere = o.sizes + ([1_000_000] if o.million else [])
        results = {
            name: {size: elsewhere(name, size, o.weeks) for size in everywhere}
            for name in o.programmes
        }
        show(results, everywhere, o.weeks)
