"""Small worlds in which much happens, for tests of the model as a whole."""

import functools

import numpy as np

from peersim.model.outcomes import NAMES, record
from peersim.model.vocabulary import COMMUNITIES
from peersim.model.week import WEEK
from peersim.run.first_day import create, draw_up, people_alone
from peersim.run.simulation import baseline_of, ensemble, simulate
from peersim.scenario.scenario import Scenario, changed

SOME = {"population.recipients": 24, "population.supporters": 8, "weeks": 40}
LIVELY = SOME | {"cafe.per_week": 1.0, "page.contact": 0.3, "supervision.per_month": 2.0, "team.per_month": 1.0,
                 "group.educators": 1.0, "group.companionship": 0.1, "sign_up.rate": 1.0,
                 "training.uptake": 0.9, "departure.overload": 0.1}  # fmt: skip
"""Everything a programme can have beside its communities."""


def lively(communities=COMMUNITIES, **more):
    """A scenario with many levers in use; `more` as ``group__size=6``."""
    more = {path.replace("__", "."): value for path, value in more.items()}
    return changed(Scenario(), LIVELY | {"communities": list(communities)} | more)


@functools.cache
def lively_run(seed=1):
    return simulate(lively(), seed)


def values(scenario, seeds=(1, 2)):
    return ensemble(scenario, seeds).values


def world_of(scenario, seed):
    """A world on its first day."""
    return create(
        draw_up(scenario),
        seed,
        baseline_of(draw_up(people_alone(scenario)), seed),
        rows=(5000, 500),
    )


def outcome(recorded, name, place=0):
    """One outcome out of recorded values: seed x week."""
    return recorded[..., place, NAMES.index(name)]


def same(a, b):
    """Whether two arrays, also of records, hold the same to the last bit."""
    if a.dtype.names is None:
        return np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
    return all(same(a[name], b[name]) for name in a.dtype.names)


def same_worlds(a, b, without=()):
    """Names of the arrays in which two worlds differ, apart from room that phases use for lists."""
    ignored = {"scratch", "weights", "facts", "params", "events", "used", *without}
    return [
        name
        for name in a._fields
        if name not in ignored and not same(getattr(a, name), getattr(b, name))
    ]


def interpret(world, weeks, out, week=WEEK):
    """What the compiled run does, by Python itself; an index beyond the end of an array raises
    here."""
    with np.errstate(over="ignore"):
        record(world, out[0])
        for number in range(1, weeks + 1):
            world.clock[0].week = number
            for phase in week:
                phase(world)
            record(world, out[number])
