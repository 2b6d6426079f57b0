"""How fast is it? `uv run python benchmarks/speed.py`

The compiled model against the same rules in plain Mesa and NetworkX (tests/oracle), weeks with
weeks, in one process, in turn, in CPU time of one thread; how the time divides over the phases of
the week.
"""

import statistics
import sys
from functools import partial
from pathlib import Path

import numpy as np
from measuring import (
    GROUP,
    PROGRAMMES,
    arguments,
    cpu_seconds,
    in_turn,
    machine,
    scenario_of,
    spread,
    table,
)

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
import oracle

from peersim.model.outcomes import NAMES
from peersim.run.first_day import create, draw_up, people_alone, room_for_outcomes
from peersim.run.simulation import baseline_of, ensemble, run_weeks
from peersim.scenario.scenario import without_programme

TOLD = (
    "connectedness",
    "recovery",
    "retained",
    "ties",
    "strongest_tie",
    "confidence",
    "never_reached",
    "staff_hours",
)
PLAIN = {name: PROGRAMMES[name] for name in ("one-to-one", "group")}
"""Programmes that the plain version covers."""
EACH = 10
"""The compiled model runs so many times the seeds of the plain one: its runs are too short to be
timed alone."""


def seeds_of(repeat, number):
    """Seeds that nobody has seen before: nothing is kept from an earlier repeat."""
    return range(1000 + repeat * number, 1000 + (repeat + 1) * number)


# -- the weeks alone and whole runs, by each contestant: CPU seconds a run -----------------------


def plain_run(scenario, runs, luck, repeat):
    """People, their weeks without any programme, their weeks with it. As in the compiled model,
    nothing is done in weeks without programme but what can happen in them."""
    return (
        cpu_seconds(
            lambda: [
                oracle.run(scenario, seed, luck) for seed in seeds_of(repeat, EACH * runs)[:runs]
            ]
        )
        / runs
    )


def compiled_run(scenario, runs, repeat):
    seeds = seeds_of(repeat, EACH * runs)
    return cpu_seconds(lambda: ensemble(scenario, seeds)) / len(seeds)


def plain_weeks(scenario, runs, luck, repeat):
    """The weeks of the programme alone: people are there, and so is how they fare without it."""
    seconds = 0.0
    for seed in seeds_of(repeat, EACH * runs)[:runs]:
        population = scenario.population
        nobody_harmed = [[0.0] * population.everybody]
        alone = nobody_harmed * (scenario.weeks + 1)  # whatever it says: only the time counts here
        model = oracle.Programme(scenario, seed, alone, luck)
        seconds += cpu_seconds(partial(run_plainly, model, scenario.weeks))
    return seconds / runs


def run_plainly(model, weeks):
    for _ in range(weeks):
        model.step()


def compiled_weeks(scenario, runs, repeat):
    blueprint, alone, seeds = (
        draw_up(scenario),
        draw_up(people_alone(scenario)),
        seeds_of(repeat, EACH * runs),
    )
    worlds = [create(blueprint, seed, baseline_of(alone, seed)) for seed in seeds]
    out = room_for_outcomes(scenario.weeks)
    return cpu_seconds(
        lambda: [run_weeks(world, 0, scenario.weeks, out) for world in worlds]
    ) / len(seeds)


# -- the tables ----------------------------------------------------------------------------------


def contest(name, people, weeks, runs, repeats):
    """Rows of a table: one programme by each contestant, the programme's weeks and whole runs."""
    scenario = scenario_of(PLAIN[name], people, weeks)
    parts = {
        "the programme's weeks": (compiled_weeks, plain_weeks),
        "a whole run": (compiled_run, plain_run),
    }
    for part, (compiled, plain) in parts.items():
        contestants = {
            "peersim, compiled": partial(compiled, scenario, runs),
            "plain Mesa, its own random numbers": partial(plain, scenario, runs, oracle.Own),
            "plain Mesa, keyed draws": partial(plain, scenario, runs, oracle.Keyed),
        }
        for contestant in contestants.values():
            contestant(-1)  # compiles, imports, warms up
        times = in_turn(contestants, repeats)
        ours = times["peersim, compiled"]
        for who, taken in times.items():
            milliseconds = f"{1e3 * statistics.median(taken):.2f}"
            microseconds = spread([1e6 * t / people / weeks for t in taken])
            ratios = [t / o for t, o in zip(taken, ours, strict=True)]
            ratio = "1" if taken is ours else spread(ratios, "{:.1f}")
            yield [f"{name}, {part}: {who}", milliseconds, microseconds, ratio]


def compare_speed(people, weeks, runs, repeats):
    """Ratios to plain Mesa, for the weeks of a programme alone and for whole runs."""
    rows = [row for name in PLAIN for row in contest(name, people, weeks, runs, repeats)]
    notes = [
        "",
        "Both follow the same rules and record the same outcomes every week, on one core, in turn; median (lowest to",
        f"highest) of {repeats} repeats with new seeds, CPU time of one thread. Weeks are compared with weeks: the people are",
        "there already, and so is how they fare without programme (the outcome 'harmed' needs that). A whole run draws the",
        "people and runs their weeks without programme as well; there both do only what can happen without one, which is",
        "life outside and change, and record nothing but the score. Plain Mesa covers one-to-one and groups, alone or",
        "together, with all their levers; the other communities have no plain version to compare with. 'Keyed draws' are",
        "peersim's own: there the plain version calls a compiled generator.",
    ]
    title = f"Against plain Mesa + NetworkX: {people} people, {weeks} weeks"
    table(title, ["", "ms a run", "us a person-week", "ratio"], rows, notes)


def check_same_work(name, people, weeks, runs):
    """With the same luck the same numbers; with Mesa's own luck the same means but for chance."""
    scenario = scenario_of(PLAIN[name], people, weeks)
    keyed, own = range(1, 4), range(5000, 5000 + runs)
    ours = ensemble(scenario, [*keyed, *range(1000, 1000 + 10 * runs)]).values[:, :, 0]
    theirs = [oracle.run(scenario, seed).outcomes for seed in keyed]
    plain = np.array(
        [[[week[name] for name in NAMES] for week in outcomes] for outcomes in theirs], float
    )
    both = np.nan_to_num(ours[: len(keyed)]), np.nan_to_num(plain)
    apart = (np.abs(both[0] - both[1]) / np.maximum(1, np.abs(both[0]))).max()
    last = [oracle.run(scenario, seed, oracle.Own).outcomes[-1] for seed in own]
    rows = []
    for outcome in TOLD:
        a, b = (
            ours[len(keyed) :, -1, NAMES.index(outcome)],
            np.array([found[outcome] for found in last], float),
        )
        noise = np.sqrt(a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b))
        error = (b.mean() - a.mean()) / noise if noise > 0 else 0.0
        rows.append(
            [outcome, f"{a.mean():.4g}", f"{b.mean():.4g}", f"{noise:.2g}", f"{error:+.1f}"]
        )
    sound = "the same" if apart < 1e-9 else "NOT THE SAME"
    notes = [
        "",
        f"With keyed draws: {len(NAMES)} outcomes x {weeks + 1} weeks x {len(keyed)} seeds are {sound} (largest relative difference {apart:.0e}).",
        f"With its own random numbers plain Mesa has other luck: above, means over {runs} plain and {10 * runs} compiled runs.",
        "A difference of up to about 2.5 standard errors is what chance alone gives.",
    ]
    head = [
        "outcome at the last week",
        "peersim",
        "plain Mesa",
        "standard error",
        "difference / error",
    ]
    table(f"The same work? {name}", head, rows, notes)


def compare_programmes(people, weeks, runs, repeats):
    """Microseconds a person-week of each programme."""
    scenarios = {"no programme": without_programme(scenario_of([GROUP], people, weeks))}
    scenarios |= {
        name: scenario_of(communities, people, weeks) for name, communities in PROGRAMMES.items()
    }
    times = in_turn(
        {name: partial(compiled_weeks, each, 2 * runs) for name, each in scenarios.items()}, repeats
    )
    rows = [
        [name, spread([1e6 * t / people / weeks for t in taken])] for name, taken in times.items()
    ]
    table(
        f"Each programme, compiled: {people} people, {weeks} weeks", ["", "us a person-week"], rows
    )


def show_phases(people, weeks, worlds, repeats):
    """How the time divides over the phases of the week, with all four communities."""
    from phases import NAMES as PHASES
    from phases import divide, meaning

    found, whole = divide(scenario_of(PROGRAMMES["all four"], people, weeks), worlds, repeats)
    rows = [
        [name, f"{100 * ns / found.sum():.1f}", f"{ns:.1f}", meaning(name)]
        for name, ns in zip(PHASES, found, strict=True)
    ]
    rows += [
        ["sum of the phases", "100.0", f"{found.sum():.1f}", ""],
        ["the same run without a clock in it", "", f"{whole:.1f}", ""],
    ]
    notes = [
        "",
        "Measured by reading the clock between the phases inside the compiled week, on whole years (benchmarks/phases.py);",
        f"means over {worlds} worlds, for each phase of each week the shortest of {repeats} times. The sum is {100 * (found.sum() / whole - 1):+.0f} % off the whole.",
    ]
    title = f"How the time of a week divides: all four communities, {people} people, {weeks} weeks"
    table(title, ["phase", "%", "ns a person-week", "what happens"], rows, notes, words=(0, 3))


if __name__ == "__main__":
    o = arguments(
        __doc__ or "", people=60, weeks=52, repeats=9, runs=3, worlds=20, without_phases=False
    )
    print(machine())
    compare_speed(o.people, o.weeks, o.runs, o.repeats)
    for name in PLAIN:
        check_same_work(name, o.people, o.weeks, 10 * o.runs)
    compare_programmes(o.people, o.weeks, o.runs, o.repeats)
    if not o.without_phases:
        show_phases(o.people, o.weeks, o.worlds, o.repeats)
