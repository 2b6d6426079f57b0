"""How the time of a week divides over its phases: a clock read inside the compiled week.

The week is compiled once more with a look at the clock after each phase, so phases are
measured where they stand: inlined as in the real run, in their order, on worlds in the middle of
their year. A clock read takes about 25 ns, some 30 of them a week. Each world is lived several
times; it is the same to the last bit, so for each phase of each week the shortest time counts: what
is longer was somebody else's doing. Large worlds are lived once and by the clock of CPU time:
reading that one takes longer, which does not matter there.
"""

import time
from functools import partial
from typing import NamedTuple

import numpy as np
from measuring import cpu_seconds
from numba import types
from numba.extending import intrinsic

from peersim.kernel.compiled import EVERYTHING, call, compile_run
from peersim.kernel.rules import phase, rule
from peersim.model.outcomes import record
from peersim.model.week import WEEK
from peersim.model.world import World
from peersim.run.first_day import create, draw_up, people_alone, room_for_outcomes
from peersim.run.simulation import baseline_of, run_weeks
from peersim.scenario.scenario import Scenario

LARGE = 2_000
NAMES = [*(each.__name__ for each in WEEK), record.__name__]
ClockedWorld = NamedTuple(
    "ClockedWorld", [*((name, np.ndarray) for name in World._fields), ("ticks", np.ndarray)]
)  # type: ignore[misc]


@intrinsic
def nanoseconds(typing_context, clock):
    """One of the system's clocks, called from compiled code."""
    from llvmlite import ir

    def codegen(context, builder, signature, arguments):
        whole, half = ir.IntType(64), ir.IntType(32)
        moment = ir.LiteralStructType([whole, whole])
        kind = ir.FunctionType(half, [half, moment.as_pointer()])
        number = builder.trunc(arguments[0], half)
        known = builder.module.globals.get("clock_gettime")
        read = known or ir.Function(builder.module, kind, "clock_gettime")
        room = builder.alloca(moment)
        builder.call(read, [number, room])
        seconds, rest = (builder.extract_value(builder.load(room), k) for k in (0, 1))
        return builder.add(builder.mul(seconds, ir.Constant(whole, 10**9)), rest)

    return types.int64(types.int64), codegen


@rule
def note_the_time(world):
    """Note the time. (The compiled week is kept on disk under the names of its phases: whoever
    changes this renames `and_note`.)"""
    place = world.ticks[0]
    world.ticks[place] = nanoseconds(world.ticks[1])
    world.ticks[0] = place + 1


def and_note(one):
    """A phase with a look at the clock after it."""

    def timed(world):
        one(world)
        note_the_time(world)

    timed.__qualname__ = f"{and_note.__name__}.{one.__name__}"
    return phase(timed)


@phase
def record_and_note(world, row):
    """Outcomes are recorded once before the first week, and after the last phase of each."""
    record(world, row)
    note_the_time(world)


_CLOCKED = compile_run([and_note(one) for one in WEEK], record_and_note)


def clocked(world: World, weeks: int, out: np.ndarray, clock: int) -> np.ndarray:
    """Live all weeks of a world; nanoseconds of each phase, weeks x phases."""
    ticks = np.zeros(weeks * len(NAMES) + 3, np.int64)
    ticks[:2] = 2, clock
    call(_CLOCKED, ClockedWorld(*world, ticks), 0, weeks, out, EVERYTHING)
    return np.diff(ticks[2:]).reshape(weeks, -1)


def divide(scenario: Scenario, worlds: int, repeats: int) -> tuple[np.ndarray, float]:
    """Nanoseconds a person-week of each phase (in the order of `NAMES`), and of the whole run
    without a clock in it."""
    blueprint, alone = draw_up(scenario), draw_up(people_alone(scenario))
    out, phases, whole = room_for_outcomes(scenario.weeks), np.zeros(len(NAMES)), 0.0
    clock = time.CLOCK_MONOTONIC if len(blueprint.ids) < LARGE else time.CLOCK_THREAD_CPUTIME_ID
    for seed in range(1, worlds + 1):
        baseline, shortest, quickest = (
            baseline_of(alone, seed),
            np.full((scenario.weeks, len(NAMES)), np.inf),
            np.inf,
        )
        for _ in range(repeats):
            shortest = np.minimum(
                shortest, clocked(create(blueprint, seed, baseline), scenario.weeks, out, clock)
            )
            world = create(blueprint, seed, baseline)
            quickest = min(quickest, cpu_seconds(partial(run_weeks, world, 0, scenario.weeks, out)))
        phases += shortest.sum(axis=0)
        whole += quickest
    person_weeks = worlds * len(blueprint.ids) * scenario.weeks
    return phases / person_weeks, whole * 1e9 / person_weeks


def meaning(name: str) -> str:
    """What happens in a phase: the first sentence of its own description."""
    each = next(each for each in (*WEEK, record) if each.__name__ == name)
    text = " ".join((each.__doc__ or "").split("\n\n")[0].split())
    sentence = text.split(". ")[0].split(": ")[0].split("; ")[0].split(" (")[0].rstrip(".")
    return sentence if len(sentence) <= 74 else sentence[:71].rsplit(" ", 1)[0] + " ..."
