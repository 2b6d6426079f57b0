"""Comparing two designs: what is said, how sure it is, and how many pairs of runs that takes."""

import numpy as np
import polars as pl
import pytest
from small_scenarios import small_scenario

import peersim
from peersim.engine.comparison import AIMED_AT, sentence
from peersim.engine.pairs import LEAST_PILOT, MOST_PAIRS, Aim, Missed, Pairs, gap, run_until_precise
from peersim.kernel.declaration import InvalidInput
from peersim.kernel.statistics import paired
from peersim.run.simulation import ensemble
from peersim.scenario.scenario import changed, without_programme

pytestmark = pytest.mark.compiles

COLUMNS = ["outcome", "week", "A", "B", "difference", "low", "high", "p_better", "sd_paired", "sd_unpaired",
           "replicates_needed", "verdict"]  # fmt: skip


@pytest.fixture(scope="module")
def designs():
    a = small_scenario()
    return {"A": a, "B": changed(a, {"communities": ["one_to_one", "group"]})}


# -- what it says --------------------------------------------------------------------------------


def test_it_says_of_each_outcome_and_week_what_the_runs_say(designs):
    found = peersim.compare(designs, ["ties", "retained"], week=[7, 14], replicates=40, seed=5)
    assert found.columns == COLUMNS
    assert found.select("outcome", "week").rows() == [
        ("ties", 7),
        ("ties", 14),
        ("retained", 7),
        ("retained", 14),
    ]
    runs = {name: ensemble(scenario, range(5, 45)) for name, scenario in designs.items()}
    for row in found.iter_rows(named=True):
        a, b = (runs[name].at(row["week"], row["outcome"]) for name in "AB")
        by_hand = paired(a, b)
        assert (row["A"], row["B"]) == (a.mean(), b.mean())
        assert (row["difference"], row["low"], row["high"]) == (
            by_hand.difference,
            by_hand.low,
            by_hand.high,
        )
        assert (row["p_better"], row["replicates_needed"]) == (by_hand.better, by_hand.runs_needed)
        assert row["sd_unpaired"] == pytest.approx(np.hypot(a.std(ddof=1), b.std(ddof=1)))
        assert row["sd_paired"] == (a - b).std(ddof=1)
    assert set(found["verdict"]) <= {"A is better", "B is better", "too close to call"}
    assert "B is better" in found["verdict"]


def test_designs_have_the_names_they_were_given_and_no_direction_where_none_is_better(designs):
    found = peersim.compare({"without café": designs["A"], "med café": changed(designs["A"], {"cafe.per_week": 1})},
                            ["supporter_hours", "ties"], replicates=20)  # fmt: skip
    assert found.columns[2:4] == ["without café", "med café"]
    assert found["verdict"].to_list() == ["med café is higher", "med café is better"]


def test_the_same_twice_makes_no_difference(designs):
    found = peersim.compare({"A": designs["A"], "B": designs["A"]}, replicates=5)
    assert found["outcome"].to_list() == [outcome.name for outcome in peersim.OUTCOMES]
    assert set(found["verdict"]) <= {"no difference", "not applicable"}
    assert (found.filter(verdict="no difference")["p_better"] == 0.5).all()


def test_one_pair_says_nothing_and_what_nobody_has_cannot_be_compared(designs):
    assert peersim.compare(designs, "ties", replicates=1)["verdict"].item() == "one run only"
    nobody = {"A": without_programme(designs["A"]), "B": designs["B"]}
    row = peersim.compare(nobody, "strain", replicates=3)
    assert row["verdict"].item() == "not applicable"
    assert np.isnan(row["A"].item())


def test_workers_and_blocks_do_not_matter(designs, monkeypatch):
    alone = peersim.compare(designs, replicates=9)
    monkeypatch.setattr("peersim.engine.pairs._BLOCK_BYTES", 1)
    assert peersim.compare(designs, replicates=9, workers=3).equals(alone)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"outcomes": ["conectedness"]}, "Did you mean connectedness?"),
        ({"outcomes": []}, "outcomes is empty"),
        ({"week": 15}, "week is 15; it can be a whole number from 0 to 14."),
        ({"week": 1.5}, "week is 1.5"),
        ({"week": []}, "week is empty"),
        ({"replicates": 0}, "replicates is 0"),
        ({"seed": -1}, "seed is -1"),
        ({"workers": 1.5}, "workers is 1.5"),
        ({"precision": 0}, "precision is 0; it must be a number above 0"),
        ({"precision": True}, "precision is True"),
        ({"precision": float("nan")}, "precision is nan"),
    ],
)
def test_what_cannot_be_done_is_refused(designs, wrong, said):
    with pytest.raises(InvalidInput, match=said.replace("?", r"\?")):
        peersim.compare(designs, **wrong)


def test_designs_that_cannot_be_compared_are_refused(designs):
    a, b = designs.values()
    for wrong, said in (
        ({"A": a}, "two scenarios with names"),
        ([a, b], "two scenarios with names"),
        ({"A": a, "low": b}, "cannot be called low"),
        ({"A": a, "B": "b"}, "B is no scenario"),
        ({"A": a, "B": changed(b, {"weeks": 10})}, "A lasts 14 weeks and B lasts 10 weeks"),
    ):
        with pytest.raises(InvalidInput, match=said):
            peersim.compare(wrong)
    assert (
        peersim.compare(
            {"A": a, "B": changed(b, {"weeks": 10})}, "ties", week=10, replicates=2
        ).height
        == 1
    )


# -- as many as a precision takes ----------------------------------------------------------------


def test_it_runs_until_the_interval_is_as_narrow_as_asked_for(designs):
    found = peersim.compare(
        designs, ["connectedness", "never_reached"], precision=0.02, replicates=30
    )
    assert ((found["high"] - found["low"]) / 2 <= 0.02).all()
    assert found["replicates_needed"].max() > 100


def test_without_names_a_precision_holds_for_what_runs_from_0_to_1(designs):
    found = peersim.compare(designs, precision=0.03, replicates=30)
    aimed = found.filter(pl.col("outcome").is_in(AIMED_AT))
    assert ((aimed["high"] - aimed["low"]) / 2 <= 0.03).all()
    scales = {outcome.name: outcome.unit for outcome in peersim.OUTCOMES}
    assert {scales[name] for name in AIMED_AT} == {"0-1", "share"}


def test_a_precision_out_of_reach_is_said_at_once_and_the_others_are_kept(designs):
    with pytest.warns(UserWarning, match="not reached for cost in week 14: it takes") as said:
        found = peersim.compare(designs, ["cost", "connectedness"], precision=0.02, replicates=30)
    assert len(said) == 1
    row = found.row(1, named=True)
    assert (row["high"] - row["low"]) / 2 <= 0.02
    assert "more than a million" in sentence(Missed("cost", 52, None), Aim(0.01, 30, ["cost"]))


class Drawn(Pairs):
    """Pairs whose differences come from known distributions, one an outcome."""

    def __init__(self, rng, *kinds):
        self.rng, self.kinds, self.weeks = rng, kinds, [1]
        self.outcomes = ("connectedness", "retained")[: len(kinds)]
        self.values = [np.zeros((0, 1, len(kinds))) for _ in range(2)]

    def extend(self, pairs, workers=1, bar=None):
        people = self.rng.normal(
            0, 2.0, (pairs - len(self), 1, len(self.kinds))
        )  # what both designs share
        gaps = np.stack([kind(self.rng, len(people)) for kind in self.kinds], axis=-1)[:, None]
        for place, more in enumerate((people + gaps, people)):
            self.values[place] = np.concatenate([self.values[place], np.round(more, 12)])


def normal(rng, n):
    return rng.normal(0.1, 0.5, n)


def lopsided(rng, n):
    return rng.exponential(0.1, n)


def mostly_none(rng, n):
    return np.where(rng.random(n) < 0.12, rng.choice([1 / 60, 2 / 60], n), 0.0)


KINDS = {
    normal: (0.1, 0.5, 970),
    lopsided: (0.1, 0.1, 975),
    mostly_none: (0.12 * 0.025, 0.0099, 990),
}
"""Ways in which differences come about, with mean and standard deviation, and how often they may be
covered at most."""


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("pilot", "takes"), [(100, 60), (100, 110), (200, 300)])
def test_the_interval_covers_the_truth_also_where_its_width_decided_how_many_were_run(
    kind, pilot, takes
):
    (truth, sd, most), rng = KINDS[kind], np.random.default_rng(3)
    aim = Aim(1.96 * sd / takes**0.5, pilot, ["connectedness"])
    covered, runs = 0, []
    for _ in range(1000):
        pairs = Drawn(rng, kind)
        assert run_until_precise(pairs, aim, 1) == []
        found = gap(pairs, 1, "connectedness", aim)
        assert found.high - found.low <= 2 * aim.half_width * (1 + 1e-12)
        covered += found.low <= truth <= found.high
        runs.append(len(pairs))
    assert 930 <= covered <= most
    assert np.mean(runs) <= 1.6 * max(pilot, takes), "far more pairs than are needed"


def test_two_outcomes_decide_together_and_each_interval_holds():
    aim = Aim(1.96 * 0.5 / 200**0.5, 100, ["connectedness", "retained"])
    rng, covered = np.random.default_rng(4), np.zeros(2)
    for _ in range(1000):
        pairs = Drawn(rng, normal, lopsided)
        run_until_precise(pairs, aim, 1)
        gaps = [gap(pairs, 1, outcome, aim) for outcome in pairs.outcomes]
        assert max(found.high - found.low for found in gaps) <= 2 * aim.half_width
        covered += [found.low <= 0.1 <= found.high for found in gaps]
    assert ((covered >= 930) & (covered <= 970)).all()


def test_no_spread_at_all_needs_no_more_than_the_pilot():
    pairs = Drawn(np.random.default_rng(1), lambda rng, n: np.full(n, 0.25))
    aim = Aim(0.001, LEAST_PILOT, ["connectedness"])
    assert run_until_precise(pairs, aim, 1) == []
    assert len(pairs) == LEAST_PILOT
    assert gap(pairs, 1, "connectedness", aim).difference == pytest.approx(0.25)


def test_no_more_pairs_are_run_than_the_limit():
    pairs = Drawn(np.random.default_rng(1), normal)
    missed = run_until_precise(pairs, Aim(1e-4, 50, ["connectedness"]), 1)
    assert len(pairs) == 50
    assert missed[0].needed is None or missed[0].needed > MOST_PAIRS


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "each", "least"),
    [
        ({"communities": ["one_to_one", "group"]}, 30, 0.92),
        ({"communities": ["group"], "group.hours": 2.2}, 200, 0.86),
    ],
    ids=["another community", "a tenth"],
)
def test_the_interval_covers_what_very_many_runs_of_the_model_say(changes, each, least):
    """The truth is what 30,000 pairs say; an experiment is a block of `each` of them.

    A small change mostly does next to nothing and now and then keeps somebody who would have left:
    its differences have a long tail, and fewer intervals cover.
    """
    b = changed(small_scenario(), changes)
    a = changed(b, {"group.hours": 2.0}) if "group.hours" in changes else small_scenario()
    pairs = Pairs({"A": a, "B": b}, 1, [14])
    pairs.extend(30_000, 2)
    for outcome in (*AIMED_AT, "ties", "hope", "supporter_hours"):
        first, second = pairs.at(14, outcome)
        truth = np.nanmean(first - second)
        experiments = [
            paired(first[n : n + each], second[n : n + each]) for n in range(0, 30_000, each)
        ]
        covered = np.mean([found.low <= truth <= found.high for found in experiments])
        rare = (
            each * np.mean(first != second) < 3
        )  # then there may be no difference in any of the pairs
        assert covered >= least or rare, (outcome, covered)
