"""Sensitivity analysis, checked against functions of which the answer is known."""

import numpy as np
import pytest
from SALib.analyze import pawn as salib_pawn
from SALib.sample import morris as morris_sample
from SALib.sample import sobol as sobol_sample

from peersim.studies.sensitivity.chance import chance_share, mean_of
from peersim.studies.sensitivity.effects import (
    CHANCE,
    DUMMY,
    FIXED,
    IDLE,
    MATTERS,
    UNCLEAR,
    morris_effects,
    pawn_indices,
    ranks,
    slice_distances,
    sobol_indices,
)
from peersim.studies.sensitivity.ranking import moves, ranking_flips, winners

XYZ = ("x", "y", "z")


def cube(names):
    return {"num_vars": len(names), "names": list(names), "bounds": [[0, 1]] * len(names)}


def trajectories(names, n=20):
    return morris_sample.sample(cube(names), n, num_levels=8, seed=3)


def sobol_points(names, n=1024):
    return sobol_sample.sample(cube(names), n, calc_second_order=False, seed=3)


def once(values):
    return np.asarray(values)[:, None]


def with_luck(values, sd, replicates=10, seed=1):
    """The same outcome with luck that is drawn anew at each point and each replicate."""
    return once(values) + np.random.default_rng(seed).normal(
        scale=sd, size=(len(values), replicates)
    )


def by_parameter(table):
    return {row["parameter"]: row for row in table.iter_rows(named=True)}


def ishigami(unit):
    x = np.pi * (2 * unit - 1)
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


# -- Morris --------------------------------------------------------------------------------------
def test_effects_of_a_sum_are_its_weights():
    unit = trajectories(XYZ)
    found = by_parameter(morris_effects(XYZ, unit, once(unit @ [3.0, -2.0, 0.0])))
    assert [found[name]["mu_star"] for name in XYZ] == pytest.approx([3, 2, 0], abs=1e-12)
    assert [found[name]["mu"] for name in XYZ] == pytest.approx([3, -2, 0], abs=1e-12)
    assert [found[name]["sigma"] for name in XYZ] == pytest.approx([0, 0, 0], abs=1e-9)
    assert [found[name]["verdict"] for name in XYZ] == [MATTERS, MATTERS, FIXED]


def test_an_interaction_shows_in_sigma():
    unit = trajectories(XYZ)
    found = by_parameter(
        morris_effects(XYZ, unit, once(unit[:, 0] + unit[:, 1] * (unit[:, 2] - 0.5)))
    )
    assert found["x"]["sigma"] < 1e-9 < found["y"]["sigma"]
    assert abs(found["y"]["mu"]) < 0.3 * found["y"]["mu_star"] + 0.1


def test_a_parameter_without_effect_shows_what_chance_shows():
    names = ("strong", *(f"idle_{k}" for k in range(15)))
    unit = trajectories(names, 40)
    found = by_parameter(morris_effects(names, unit, with_luck(2 * unit[:, 0], 1.0)))
    idle = [found[name] for name in names[1:]]
    assert np.mean([row["mu_star"] for row in idle]) == pytest.approx(
        np.mean([row["chance"] for row in idle]), rel=0.1
    )
    assert found["strong"]["verdict"] == MATTERS
    assert {row["verdict"] for row in idle} <= {UNCLEAR, FIXED}  # never that it matters
    assert found[CHANCE]["mu_star"] == pytest.approx(
        2 / np.sqrt(np.pi), rel=0.05
    )  # two runs with sd 1


def test_a_trajectory_with_a_failed_point_is_left_out():
    unit = trajectories(XYZ)
    values = once(unit @ [3.0, -2.0, 0.0])
    values[5] = np.nan
    found = by_parameter(morris_effects(XYZ, unit, values))
    assert found["x"]["mu_star"] == pytest.approx(3)


def test_an_outcome_that_never_varies():
    unit = trajectories(XYZ)
    for table in (
        morris_effects(XYZ, unit, np.ones((len(unit), 3))),
        sobol_indices(XYZ, np.ones((5 * 16, 3))),
    ):
        assert set(table["verdict"].drop_nulls()) == {FIXED}


# -- Sobol' --------------------------------------------------------------------------------------
def test_ishigami_has_its_known_indices_within_the_intervals():
    found = by_parameter(sobol_indices(XYZ, once(ishigami(sobol_points(XYZ)))))
    for name, first, total in (("x", 0.314, 0.558), ("y", 0.442, 0.442), ("z", 0.0, 0.244)):
        row = found[name]
        assert row["first"] == pytest.approx(first, abs=0.03) and row["total"] == pytest.approx(
            total, abs=0.03
        )
        assert (
            row["first_low"] <= first <= row["first_high"]
            and row["total_low"] <= total <= row["total_high"]
        )


def test_luck_in_the_means_is_a_factor_of_its_own():
    names = ("strong", "weak", "idle")
    unit = sobol_points(names)
    outcome = 4 * unit[:, 0] + unit[:, 1]  # variance (16 + 1) / 12
    table = sobol_indices(names, with_luck(outcome, 1.0))
    found, spread = by_parameter(table), 17 / 12 + 1 / 10
    assert table["parameter"][-1] == CHANCE
    assert found[CHANCE]["total"] == pytest.approx(0.1 / spread, rel=0.1)
    assert found["idle"]["total"] == pytest.approx(
        found["idle"]["chance"], rel=0.1
    )  # luck, and nothing but luck
    assert found["idle"]["chance"] == pytest.approx(0.1 / spread, rel=0.1)
    assert found["strong"]["first"] == pytest.approx(16 / 12 / spread, abs=0.05)
    assert found["idle"]["verdict"] != MATTERS


def test_a_block_with_a_failed_point_is_left_out():
    values = once(ishigami(sobol_points(XYZ)))
    values[7] = np.nan
    assert by_parameter(sobol_indices(XYZ, values))["y"]["total"] == pytest.approx(0.442, abs=0.03)


# -- PAWN ----------------------------------------------------------------------------------------
def test_what_does_nothing_stays_below_the_dummies():
    names = ("strong", *(f"idle_{k}" for k in range(9)))
    unit = np.random.default_rng(2).random((500, 10))
    found = by_parameter(pawn_indices(names, unit, with_luck(unit[:, 0], 0.2)))
    assert found["strong"]["verdict"] == MATTERS
    assert MATTERS not in {found[name]["verdict"] for name in names[1:]}
    assert [found[name]["verdict"] for name in names].count(IDLE) >= 8
    assert sum(found[name]["median"] <= found[name]["chance"] for name in names[1:]) >= 8
    assert found[DUMMY]["median"] < found["strong"]["chance"] < found["strong"]["low"]


def test_the_quick_distance_is_that_of_salib():
    generator = np.random.default_rng(4)
    unit, values = generator.random((200, 3)), generator.normal(size=200).round(1)  # with ties
    theirs = salib_pawn.analyze(cube(XYZ), ranks(unit), values)
    ours = [slice_distances(column, values) for column in ranks(unit).T]
    assert [np.median(each) for each in ours] == pytest.approx(list(theirs["median"]))
    assert [max(each) for each in ours] == pytest.approx(list(theirs["maximum"]))


def test_what_matters_in_one_slice_only_is_found():
    unit = np.random.default_rng(2).random((500, 2))
    outcome = with_luck(np.where(unit[:, 0] > 0.9, 3.0, 0.0) + unit[:, 1], 0.1)
    assert (
        by_parameter(pawn_indices(["rare", "common"], unit, outcome))["rare"]["verdict"] == MATTERS
    )


def test_pawn_takes_options_that_have_no_order():
    option = np.random.default_rng(5).integers(2, size=(300, 1))
    found = by_parameter(pawn_indices(["option"], option, once(option[:, 0] * 1.0)))
    assert found["option"]["median"] == pytest.approx(0.5, abs=0.06)


# -- chance --------------------------------------------------------------------------------------
def test_chance_gets_its_share_of_the_variance():
    points = np.random.default_rng(6).normal(scale=2.0, size=400)
    found = chance_share(with_luck(points, 1.0))
    assert found.low < 0.2 < found.high
    assert found.share == pytest.approx(0.2, abs=0.03)
    assert found.share_of_mean == pytest.approx(0.1 / 4.1, abs=0.01)
    assert np.isnan(chance_share(once(points)).share)  # one run each: nothing is known of chance


def test_luck_that_all_points_share_does_not_part_them():
    """All points have the same seeds: a lucky seed is lucky everywhere, and hides no parameter."""
    generator = np.random.default_rng(7)
    points, lucky = generator.normal(scale=0.1, size=(400, 1)), generator.normal(size=10)
    found = chance_share(points + lucky)
    assert found.sd_parameters == pytest.approx(0.1, rel=0.1)
    assert found.share > 0.9 and found.share_of_mean == pytest.approx(0, abs=1e-9)


# -- the order of two designs --------------------------------------------------------------------
@pytest.mark.parametrize(
    "method, sample", [("morris", trajectories), ("sobol", lambda names: sobol_points(names, 64))]
)
def test_only_the_parameter_that_decides_the_order_flips_it(method, sample):
    unit = sample(XYZ)
    first = with_luck(unit[:, 0] - 0.5 + 0.001 * unit[:, 1], 0.02)  # x decides, y hardly, z never
    won = winners(first, np.zeros_like(first))
    found = by_parameter(ranking_flips(XYZ, unit, won, method))
    assert found["x"]["flips"] > 0.2 * found["x"]["told"] > 0
    assert found["y"]["flips"] == found["z"]["flips"] == 0 < found["z"]["told"]
    assert found["x"]["first_wins_low"] < 0.1 and found["x"]["first_wins_high"] > 0.9


def test_what_is_too_close_to_call_never_counts_as_a_flip():
    unit = trajectories(XYZ, 100)
    won = winners(with_luck(np.zeros(len(unit)), 1.0), np.zeros((len(unit), 10)))
    assert np.mean(won == 0) == pytest.approx(0.95, abs=0.04)
    found = ranking_flips(XYZ, unit, won, "morris")
    assert found["moves"].sum() == 300 and found["told"].sum() < 12


def test_the_better_of_two_depends_on_what_is_wished_for():
    more, less = np.array([[3.0, 3.1, 2.9]]), np.array([[1.0, 1.2, 0.9]])
    assert winners(more, less)[0] == 1 and winners(more, less, "lower")[0] == -1
    assert winners(more[:, :1], less[:, :1])[0] == 0  # one run only


@pytest.mark.parametrize(
    "method, sample", [("morris", trajectories), ("sobol", lambda names: sobol_points(names, 8))]
)
def test_a_move_changes_one_parameter_and_no_other(method, sample):
    unit = sample(XYZ)
    before, after, moved = moves(method, unit)
    changed = ~np.isclose(unit[before], unit[after])
    assert (
        len(before)
        and (changed.sum(axis=1) <= 1).all()
        and changed[np.arange(len(moved)), moved].mean() > 0.9
    )


def test_means_leave_out_what_is_missing():
    assert mean_of(np.array([[1.0, np.nan], [np.nan, np.nan]]))[0] == 1.0
