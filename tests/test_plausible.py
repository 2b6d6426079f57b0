"""Runs that differ in their parameters as well as in their luck."""

import numpy as np
import pytest

import peersim
from peersim.run.simulation import ensemble
from peersim.scenario import plausible_sets as plausible
from peersim.scenario.plausible_sets import plausible_sets
from peersim.scenario.scenario import Scenario, changed

pytestmark = pytest.mark.compiles

SETS = [
    {"departure.drift": 0.01, "change.speed": 0.03},
    {"departure.drift": 0.05, "change.speed": 0.2},
]
SMALL = changed(Scenario(), {"communities": ["group"], "population.recipients": 20, "weeks": 12})


def test_each_run_has_the_set_of_parameters_that_goes_with_its_seed():
    together = ensemble(SMALL, range(3, 7), parameters=SETS)
    for seed, values in zip(range(3, 7), together.values, strict=True):
        alone = ensemble(changed(SMALL, SETS[seed % 2]), [seed])
        np.testing.assert_array_equal(values, alone.values[0])
    assert (together.values[0] != ensemble(SMALL, [3]).values[0]).any()


def test_workers_make_no_difference():
    one, two = (ensemble(SMALL, range(6), workers=n, parameters=SETS) for n in (1, 2))
    np.testing.assert_array_equal(one.values, two.values)


def test_what_somebody_chose_is_not_drawn_anew(monkeypatch):
    monkeypatch.setattr(plausible, "_shipped", lambda: tuple(SETS))
    chosen = changed(SMALL, {"departure.drift": 0.0})
    assert plausible_sets(SMALL, chosen) == [{"change.speed": 0.03}, {"change.speed": 0.2}]
    assert plausible_sets(SMALL, most=1) == SETS[:1]


def test_a_comparison_carries_what_is_not_known_of_the_parameters(monkeypatch):
    monkeypatch.setattr(plausible, "_shipped", lambda: tuple(SETS))
    designs = {"A": SMALL, "B": changed(SMALL, {"cafe.per_week": 1})}
    known, carried = (
        peersim.compare(designs, ["ties"], replicates=20, parameters=p)
        for p in ("defaults", "plausible")
    )
    pairs = [
        ensemble(each, range(1, 21), parameters=SETS).at(12, "ties") for each in designs.values()
    ]
    assert carried["difference"][0] == pytest.approx((pairs[0] - pairs[1]).mean())
    assert carried["difference"][0] != known["difference"][0]
    with pytest.raises(peersim.InvalidInput, match="parameters is plausibel"):
        peersim.compare(designs, parameters="plausibel")
