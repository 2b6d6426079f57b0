"""Verdicts in people: what each kind takes, and that they agree with those of the tables."""

import numpy as np
import pytest

from peersim.kernel.statistics import BETTER, SAME, SMALL, TOO_CLOSE, WORSE, paired
from peersim.model.outcomes import compared
from peersim.presentation.in_people import dots, one_in, verdict, worth_naming

OF = 40


def people(*counts):
    return np.array(counts) / OF


def judged(counts, outcome="isolated", invited=OF):
    gaps = people(*counts)
    found = paired(gaps, np.zeros(len(gaps)))
    return verdict(gaps, (found.low, found.high), outcome, invited)


@pytest.mark.parametrize(
    ("counts", "kind", "low", "high"),
    [
        ([-4, -6, -5, -7, -5, -6], "fewer", 4, 7),
        ([-4, 0, -5, -7, -5, -6, -5, -4, -6, -5], "fewer_up_to", 0, 7),
        ([-4, -6, -5, -7] * 6 + [1, 1], "both_ways", 7, 1),
        ([-9, 8, -3, 4, 0, 1], "cannot_tell", 9, 8),
        ([0, 0, 0, 0], "alike", 0, 0),
        ([-0.6, -0.7, -0.5, -0.6], "small", 0, 1),
        ([3], "one_year", 3, 3),
        ([np.nan], "unknown", 0, 0),
    ],
)
def test_every_kind(counts, kind, low, high):
    found = judged(counts)
    assert (found.kind, found.years.low, found.years.high) == (kind, low, high)
    assert found.of == OF and found.runs == np.isfinite(counts).sum()


def test_it_is_about_the_better_design_and_counts_its_years():
    worse = judged([4, 6, 5, 7] * 6 + [0, -1, -1])
    assert (worse.about, worse.better, worse.kind) == ("first", "first", "both_ways")
    assert (worse.years.low, worse.years.high) == (7, 1)
    assert (worse.wins, worse.alike, worse.runs) == (24, 1, 27)
    more = judged([4, 6, 5, 7], "retained")
    assert (more.about, more.kind) == ("second", "more")
    hours = verdict([50.0, 60.0, 55.0], (42.0, 67.0), "supporter_hours", OF)
    assert (hours.about, hours.better, hours.kind, hours.of) == ("second", "", "more", 0)


@pytest.mark.parametrize("outcome", ["isolated", "retained", "connectedness", "harmed_reached"])
def test_verdicts_agree_with_those_of_the_tables(outcome):
    agrees = {
        BETTER: {"fewer", "more", "fewer_up_to", "more_up_to", "both_ways", "small"},
        TOO_CLOSE: {"cannot_tell"},
        SAME: {"alike"},
        SMALL: {"alike", "small"},
    }
    agrees[WORSE] = agrees[BETTER]
    random, seen = np.random.default_rng(1), set()
    for size in (0.0, 0.002, 0.005, 0.02, 0.1) * 8:
        first, second = random.normal(0.5, size, 30), random.normal(0.5 + size / 2, size, 30)
        table = compared(outcome, second, first)
        found = verdict(second - first, (table.low, table.high), outcome, 60)
        assert found.kind in agrees[table.verdict]
        assert (found.better == "second") == (
            table.verdict == BETTER or (found.kind == "small" and found.about == "second")
        )
        seen.add(table.verdict)
    assert {TOO_CLOSE, SAME, SMALL} < seen


def test_less_than_one_person_is_not_worth_naming():
    assert worth_naming("isolated", 20) * 20 == 1
    assert judged([-0.9, -0.8, -0.9], invited=OF).kind == "small"
    assert one_in("isolated", 20) == 20 and one_in("isolated", 300) == 50
    of_many = verdict([-0.016, -0.014, -0.015], (-0.0165, -0.0135), "isolated", 300)
    assert of_many.kind == "small", "of 300 people 4 or 5, which is under one in 50"


def test_a_scale_is_named_from_what_somebody_might_notice_on():
    for outcome, little, enough in (("hope", 0.02, 0.04), ("recovery", 1.5, 2.5)):
        kinds = [
            verdict([gap, 1.1 * gap] * 5, (0.9 * gap, 1.2 * gap), outcome, OF).kind
            for gap in (little, enough)
        ]
        assert kinds == ["small", "more"]


def test_dots_stand_for_the_years_as_they_are():
    years = np.arange(100.0)
    assert dots(years[::-1]) == list(np.arange(50) * 2.0 + 1)
    assert dots(np.arange(50.0)) == list(np.arange(50.0))
    assert dots([np.nan]) == []
