"""Paired statistics keep what they promise."""

import math

import numpy as np
import pytest

from peersim.kernel.statistics import (
    chance_of_best,
    estimate,
    is_small,
    paired,
    runs_needed,
    runs_to_tell,
    t_quantile,
)


def test_quantiles_are_those_of_the_tables():
    for degrees, quantile in ((1, 12.706), (4, 2.776), (9, 2.262), (99, 1.984)):
        assert t_quantile(degrees) == pytest.approx(quantile, abs=5e-4)


def test_an_interval_by_hand():
    found = estimate([2.0, 4.0, 4.0, 6.0])
    half = 3.182 * math.sqrt(8 / 3) / 2
    assert found.mean == 4
    assert (found.low, found.high) == pytest.approx((4 - half, 4 + half), abs=1e-3)


def test_runs_without_the_outcome_are_left_out():
    assert estimate([1.0, np.nan, 3.0])[:1] == (2.0,)
    assert estimate([1.0, np.nan, 3.0]).runs == 2
    assert estimate([np.nan]).runs == 0
    assert paired([1.0, np.nan, 3.0], [0.0, 0.0, 1.0]).runs == 2


def mostly_none(share):
    return lambda rng, n: np.where(rng.random(n) < share, rng.choice([1 / 60, 2 / 60], n), 0.0)


@pytest.mark.parametrize(
    ("kind", "truth", "runs", "most"),
    [
        (lambda rng, n: rng.normal(0.3, 0.5, n), 0.3, 20, 970),
        (lambda rng, n: rng.normal(0.3, 0.5, n), 0.3, 200, 970),
        (lambda rng, n: rng.exponential(0.3, n), 0.3, 200, 970),
        (lambda rng, n: rng.choice([-1.0, 0.0, 1.0], n, p=[0.1, 0.65, 0.25]), 0.15, 50, 970),
        (lambda rng, n: rng.lognormal(0.0, 1.3, n), np.exp(1.3**2 / 2), 200, 970),
        (mostly_none(0.3), 0.3 * 0.025, 100, 980),
        (mostly_none(0.12), 0.12 * 0.025, 100, 995),
        (mostly_none(0.05), 0.05 * 0.025, 200, 995),
    ],
    ids=["normal, few", "normal", "lopsided", "three values", "very lopsided", "alike in 70 %", "alike in 88 %",
         "alike in 95 %"],
)  # fmt: skip
def test_the_interval_covers_a_known_truth_as_often_as_it_says(kind, truth, runs, most):
    rng, covered = np.random.default_rng(5), 0
    for _ in range(1000):
        people = rng.normal(0, 2.0, runs)  # what both designs share
        gap = paired(np.round(people + kind(rng, runs), 12), np.round(people, 12))
        covered += gap.low <= truth <= gap.high
    assert 930 <= covered <= most


def test_rounding_errors_are_no_difference():
    values = np.array([0.1 + 0.2, 1e6 + 0.1, 0.5])
    assert paired(values, [0.3, 1e6 + 0.1 + 1e-10, 0.5]).verdict == "no difference"
    assert paired(values, [0.3 + 1e-9, 1e6 + 0.1, 0.5]).better == pytest.approx(1 / 3)


def test_an_interval_after_a_pilot_is_as_wide_as_the_pilot_says_or_wider():
    rng = np.random.default_rng(8)
    calm, wild = rng.normal(0, 0.1, 50), rng.normal(0, 1, 450)
    late, early = np.append(calm, wild), np.append(wild, calm)
    half = [
        (found.high - found.low) / 2
        for found in (paired(late, 0 * late, pilot=50), paired(late, 0 * late))
    ]
    assert half[0] == half[1], "the pilot understated the spread: all runs say how wide"
    half = [
        (found.high - found.low) / 2
        for found in (paired(early, 0 * early, pilot=50), paired(early, 0 * early))
    ]
    assert half[0] == pytest.approx(t_quantile(49) * early[:50].std(ddof=1) / 500**0.5)
    assert half[0] > half[1]


def test_pairing_takes_away_what_both_designs_share():
    rng = np.random.default_rng(6)
    people = rng.normal(0, 2.0, 50)
    gap = paired(people + 0.3 + rng.normal(0, 0.1, 50), people)
    assert gap.sd_paired < 0.15
    assert gap.sd_unpaired > 2
    assert gap.verdict == "better"


@pytest.mark.parametrize(
    ("values", "reference", "better", "verdict"),
    [
        ([5, 6, 5, 6], [1, 2, 1, 3], "higher", "better"),
        ([5, 6, 5, 6], [1, 2, 1, 3], "lower", "worse"),
        ([1, 2, 1, 3], [5, 6, 5, 6], "lower", "better"),
        ([5, 6, 5, 6], [1, 2, 1, 3], "neither", "higher"),
        ([1, 2, 1, 3], [5, 6, 5, 6], "neither", "lower"),
        ([1, 5, 1, 5], [3, 3, 3, 3.5], "higher", "too close to call"),
        ([1, 2, 3], [1, 2, 3], "higher", "no difference"),
        ([1], [2], "higher", "one run only"),
        ([np.nan], [2], "higher", "not applicable"),
    ],
)
def test_verdicts(values, reference, better, verdict):
    assert paired(values, reference, better).verdict == verdict


@pytest.mark.parametrize(
    ("middle", "spread", "verdict"),
    [
        (0.0, 0.004, "no difference anyone would notice"),
        (0.005, 0.004, "no difference anyone would notice"),  # clear of zero, and small
        (-0.005, 0.004, "no difference anyone would notice"),
        (0.009, 0.004, "better"),  # clear of zero, and beyond what is small
        (-0.009, 0.004, "worse"),
        (0.0, 0.015, "too close to call"),  # may be more, may be less
        (0.009, 0.015, "too close to call"),
        (0.1, 0.004, "better"),
        (-0.1, 0.004, "worse"),
    ],
)
def test_a_difference_counts_from_the_smallest_of_interest_on(middle, spread, verdict):
    there = middle + spread * np.array([-1.0, -0.5, 0.0, 0.5, 1.0])
    found = paired(there, np.zeros(5), smallest=0.01)
    assert found.verdict == verdict, found
    assert paired(-there, np.zeros(5), "lower", smallest=0.01).verdict == verdict
    if verdict != "too close to call":
        assert verdict.startswith("no") == (-0.01 <= found.low and found.high <= 0.01)


@pytest.mark.parametrize("difference", [0.0, 0.002, -0.007, 0.02])
def test_as_many_runs_as_tell_give_an_answer(difference):
    """With so many runs the interval leaves out zero, or lies within the smallest difference."""
    needed = runs_to_tell(0.05, difference, 0.01)
    half = t_quantile(needed - 1) * 0.05 / needed**0.5
    assert half <= abs(difference) or is_small(difference - half, difference + half, 0.01)


def test_the_share_of_pairs_counts_ties_half():
    assert paired([1, 2, 3, 4], [0, 2, 4, 0]).better == pytest.approx((1 + 0.5 + 0 + 1) / 4)
    assert paired([1, 2, 3, 4], [0, 2, 4, 0], "lower").better == pytest.approx(
        (0 + 0.5 + 1 + 0) / 4
    )


@pytest.mark.parametrize("sd", [0.02, 0.3, 1.0, 7.0])
@pytest.mark.parametrize("half_width", [0.1, 0.5, 3.0])
def test_runs_needed_are_just_enough(sd, half_width):
    def reaches(runs):
        return t_quantile(runs - 1) * sd / math.sqrt(runs) <= half_width

    needed = runs_needed(sd, half_width)
    assert reaches(needed)
    assert needed == 2 or not reaches(needed - 1)


def test_no_number_of_runs_settles_nothing():
    assert runs_needed(0.3, 0.0) is None
    assert runs_needed(np.nan, 0.1) is None
    assert paired([1.0], [2.0]).runs_needed is None


def test_different_runs_cannot_be_paired():
    with pytest.raises(ValueError, match="same runs"):
        paired([1, 2, 3], [1, 2])


def test_the_best_of_all_is_counted_run_by_run():
    assert chance_of_best([[1, 5, 2], [3, 4, 2]]).tolist() == pytest.approx([1.5 / 3, 1.5 / 3])
    assert chance_of_best([[1, 5, 2], [3, 4, 1]], "lower").tolist() == pytest.approx([1 / 3, 2 / 3])
