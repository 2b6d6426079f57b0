"""Runs that differ in their parameters as well as in their luck."""

import numpy as np

from peersim import plausible
from peersim.plausible import plausible_sets
from peersim.scenario import Scenario, changed
from peersim.simulation import ensemble

SETS = [{"departure.drift": 0.01, "change.speed": 0.03}, {"departure.drift": 0.05, "change.speed": 0.2}]
SMALL = changed(Scenario(), {"communities": ["group"], "population.recipients": 20, "weeks": 12})


def test_each_run_has_its_own_set_of_parameters():
    together = ensemble(SMALL, range(4), parameters=SETS)
    for k, seed in enumerate(together.seeds):
        alone = ensemble(changed(SMALL, SETS[k % 2]), [int(seed)])
        np.testing.assert_array_equal(together.values[k], alone.values[0])
    assert (together.values[0] != ensemble(SMALL, [0]).values[0]).any()


def test_workers_make_no_difference():
    one, two = (ensemble(SMALL, range(6), workers=n, parameters=SETS) for n in (1, 2))
    np.testing.assert_array_equal(one.values, two.values)


def test_what_somebody_chose_is_not_drawn_anew(monkeypatch):
    monkeypatch.setattr(plausible, "_shipped", lambda: tuple(SETS))
    chosen = changed(SMALL, {"departure.drift": 0.0})
    assert plausible_sets(SMALL, chosen) == [{"change.speed": 0.03}, {"change.speed": 0.2}]
    assert plausible_sets(SMALL, most=1) == SETS[:1]
