"""The runner of worlds: a world can be copied and changed on the way; seeds go with their sets; threads change
nothing and stop when they are told to."""

import time

import numpy as np
import polars as pl
import pytest

from peersim.run.first_day import draw_up
from peersim.run.replicate import Replicate
from peersim.run.simulation import ensemble, simulate
from peersim.run.worlds import Worlds, in_threads
from peersim.scenario.scenario import Scenario, changed

GROUPS = changed(Scenario(), {"communities": ["group"], "weeks": 30, "departure.life_event": 0.03})
SETS = ({"departure.drift": 0.01}, {"departure.drift": 0.05}, {})


class Stopped(Exception):
    pass


def replicate(**options):
    return Replicate(draw_up(GROUPS), 3, **options)


@pytest.mark.compiles
# -- one world -----------------------------------------------------------------------------------
def test_week_by_week_is_the_run_as_a_whole():
    whole, weekly = simulate(GROUPS, 3), replicate(with_baseline=True)
    assert sum(1 for _ in weekly.weeks()) == GROUPS.weeks == weekly.week
    assert (weekly.world.people == whole.world.people).all()
    assert np.array_equal(weekly.outcomes, whole.values, equal_nan=True)


@pytest.mark.compiles
def test_a_world_ends_with_its_last_week():
    assert replicate().run_to(400).clock["week"][0] == GROUPS.weeks
    assert replicate(weeks=12).run().clock["week"][0] == 12


def somebody_who_leaves(after):
    """Row and label of somebody who is in their group by then, and leaves it later."""
    run = simulate(GROUPS, 3)
    gone = run.memberships.filter(pl.col("joined") < after, pl.col("left") > after)
    label = gone.filter(pl.col("cause").is_in(["misfit", "drift", "life_event", "moved_on"]))[
        "person"
    ][0]
    return run.blueprint.labels.index(label), label


@pytest.mark.compiles
@pytest.mark.parametrize("kind", ["leave", "keep"])
def test_what_is_done_to_somebody_is_the_event_of_that_name(kind):
    row, label = somebody_who_leaves(after=14)
    one, as_it_went = replicate(), replicate()
    one.run_to(13)
    {"leave": one.withdraw, "keep": one.keep}[kind](row)
    written = simulate(changed(GROUPS, {"events": [{"week": 14, kind: label}]}), seed=3)
    assert (one.run().people == written.world.people).all()
    assert (one.world.memberships == written.world.memberships).all()
    assert (one.world.memberships != as_it_went.run().memberships).any()


@pytest.mark.compiles
def test_a_copy_has_the_same_draws_to_come_and_touches_nothing():
    row, _ = somebody_who_leaves(after=14)
    one = replicate()
    one.run_to(13)
    before, other, without = one.world.people.copy(), one.copy(), one.copy().withdraw(row)
    assert (without.run().people != other.run().people).any()
    assert (one.world.people == before).all() and one.week == 13
    assert (one.run().people == other.world.people).all()
    assert np.array_equal(one.outcomes, other.outcomes, equal_nan=True)


def test_people_alone_are_drawn_up_once_for_all_who_share_them(tmp_path):
    file = tmp_path / "people.csv"
    file.write_text("role,stage\n" + 8 * "recipient,0.2\n" + 4 * "supporter,0.8\n")
    own, other = (changed(GROUPS, {"population.file": str(file)}) for _ in range(2))
    with_cafe = draw_up(changed(GROUPS, {"cafe.per_week": 1.0}))
    assert with_cafe.alone is draw_up(GROUPS).alone
    assert draw_up(own).alone is not draw_up(GROUPS).alone
    for each in (own, other):
        assert draw_up(each).alone.scenario.people is each.people


# -- many worlds ---------------------------------------------------------------------------------
@pytest.mark.parametrize("workers", [1, 2])
def test_each_seed_meets_its_own_set_in_order(workers):
    worlds = Worlds(range(4, 9), SETS, workers)
    seen = worlds.watch(GROUPS, lambda plan, seed: (seed, plan.params[0]["departure"]["drift"]))
    usual = Scenario().departure.drift
    of_set = [0.01, 0.05, usual]
    assert seen == [(seed, of_set[seed % 3]) for seed in range(4, 9)]


def test_seeds_in_a_row_can_share_a_set():
    worlds = Worlds(range(7, 14), SETS, first=7, each=2)
    assert [worlds.place(seed) for seed in worlds.seeds] == [0, 0, 1, 1, 2, 2, 0]


def test_only_sets_that_a_seed_goes_with_are_drawn_up():
    assert set(Worlds([1, 4], [{}, {}, {"no.such": 1}]).blueprints(GROUPS)) == {1}


@pytest.mark.compiles
def test_an_ensemble_has_the_runs_of_each_seeds_own_scenario():
    runs = ensemble(GROUPS, [4, 2, 3], workers=2, parameters=SETS)
    for values, seed in zip(runs.values, (4, 2, 3), strict=True):
        alone = simulate(changed(GROUPS, SETS[seed % 3]), seed).values
        assert np.array_equal(values, alone, equal_nan=True)


@pytest.mark.parametrize("workers", [1, 2])
def test_progress_that_raises_an_error_stops_what_has_not_begun(workers):
    begun, counted = [], []

    def work(item):
        begun.append(item)
        time.sleep(0.002)

    def stop(count):
        counted.append(count)
        if len(counted) == 3:
            raise Stopped

    with pytest.raises(Stopped):
        in_threads(work, range(500), workers, stop)
    assert counted == [1, 1, 1] and len(begun) < 500


def test_an_error_in_a_run_reaches_the_caller():
    with pytest.raises(ZeroDivisionError):
        in_threads(lambda item: 1 // item, [1, 0, 1], workers=2)
