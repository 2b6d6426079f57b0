"""Robust choice among mixes: what is computed from known answers, and a small study from end to
end."""

import numpy as np
import polars as pl
import pytest

import peersim
from peersim.kernel.plain_data import flat, plain
from peersim.presentation.designs import design_label
from peersim.results.folder import read_results
from peersim.scenario import plausible_sets as plausible
from peersim.scenario.scenario import Scenario, changed
from peersim.scenario.typology import NO_PROGRAMME, TYPES, mixes_for
from peersim.studies import options_of, run_study
from peersim.studies.hybrids import exhibits, sentences
from peersim.studies.hybrids import study as hybrids
from peersim.studies.hybrids.tables import JUDGED, best_shares, by_set, mean_known, regret_of
from peersim.studies.study import Found

SETS = [{"departure.drift": 0.01}, {"departure.drift": 0.05}]


def test_all_fifteen_mixes_and_the_reference():
    mixes = mixes_for(Scenario())
    assert list(mixes)[0] == NO_PROGRAMME and len(mixes) == 16
    for design, scenario in mixes.values():
        assert scenario.communities == list(design.communities)
        assert scenario.cafe.per_week == scenario.page.contact == scenario.team.per_month == 0


def test_what_is_set_holds_in_every_mix():
    """Elements, and everything else that is not what a mix is made of."""
    own = peersim.load_scenario(["project=reden", "page.contact=0.2", "population.readiness=0.6"])
    asked = dict(flat(plain(own)))
    for name, (design, scenario) in mixes_for(own).items():
        if name != NO_PROGRAMME:
            built = dict(flat(plain(scenario)))
            unlike = {path for path in asked if asked[path] != built[path]}
            assert unlike <= {"communities"} and built["communities"] == list(design.communities)


def test_runs_are_sorted_by_the_set_that_went_with_their_seed():
    choice = hybrids.Choice([], sets=3, worlds=2)
    assert by_set(np.array([4 % 3, 5 % 3, 6 % 3, 7 % 3, 8 % 3, 9 % 3]), choice).tolist() == [
        [1, 1],
        [2, 2],
        [0, 0],
    ]


def test_regret_is_what_the_best_of_each_set_is_ahead():
    values = np.array(
        [[[2.0] * 4, [0.0] * 4], [[1.0] * 4, [3.0] * 4]]
    )  # the first is best in one set, by one
    assert regret_of(values).tolist() == [[0.0, 3.0], [1.0, 0.0]]
    assert best_shares(values.mean(axis=2)).tolist() == [0.5, 0.5]


def test_the_best_of_many_that_differ_by_chance_alone_is_no_better():
    luck = np.random.default_rng(1).normal(size=(15, 400, 6))
    assert np.abs(regret_of(luck).mean(axis=1)).max() < 0.1


def test_sets_in_which_nothing_was_measured_do_not_count():
    gone = np.nan
    values = np.array([[[2.0] * 4, [gone] * 4], [[1.0] * 4, [gone] * 4]])
    assert np.array_equal(regret_of(values), [[0.0, gone], [1.0, gone]], equal_nan=True)
    means = mean_known(values, 2)
    assert best_shares(means).tolist() == [1.0, 0.0]
    assert np.isnan(best_shares(means[:, 1:])).all() and np.isnan(mean_known(values[:, 1]))


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Run the study at a small size."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plausible, "_shipped", lambda: tuple(SETS))
        patch.setitem(hybrids.SIZES, "quick", (2, 4))
        patch.setattr(hybrids, "PILOT_RUNS", 4)

        def small(**more):
            scenario = {
                "population.recipients": 16,
                "population.supporters": 6,
                "weeks": 14,
                "training.weeks": 2,
            } | {name.replace("__", "."): value for name, value in more.items()}
            out = tmp_path_factory.mktemp("hybrids") / "r"
            options = options_of("hybrids")(out=str(out), workers=1, size="quick")
            assert run_study("hybrids", changed(Scenario(), scenario), options) == 0
            return out

        yield small


@pytest.fixture(scope="module")
def found(run):
    return run()


@pytest.mark.compiles
def test_a_programme_in_which_nobody_gives_yet_is_judged_by_what_can_be_measured(run, capsys):
    folder = run(training__weeks=14, population__supporters=0, population__asked=6)
    assert set(read_results(folder)["mixes"]["outcome"].cast(str)) == set(JUDGED) - {"strain"}
    assert "nan" not in (folder / "report.html").read_text("utf-8")
    assert "nan" not in capsys.readouterr().out


@pytest.mark.compiles
def test_a_small_study_from_end_to_end(found):
    tables = read_results(found)
    mixes, regret = tables["mixes"], tables["regret"]
    assert mixes["design"].n_unique() == regret["design"].n_unique() == 15
    assert set(mixes["basis"].cast(pl.String)) == {"equal hours", "equal cost"}
    for basis in ("equal hours", "equal cost"):
        there = pl.col("basis").cast(pl.String) == basis
        connected = mixes.filter(there & (pl.col("outcome").cast(pl.String) == "connectedness"))
        best = connected.sort("mean").row(-1, named=True)
        assert (
            best["verdict"] == "best" and best["behind"] == 0 and (connected["behind"] >= 0).all()
        )
        assert best["front"], "nothing is surely better than the best in both"
        shares = regret.filter(there & (pl.col("outcome").cast(pl.String) == "connectedness"))[
            "best_share"
        ]
        assert shares.sum() == pytest.approx(1)
        taken = connected.filter(pl.col("reached"))["hours" if basis == "equal hours" else "cost"]
        assert taken.max() / taken.min() < 1.11
    assert (found / "report.html").stat().st_size > 20_000
    assert len(list((found / "figures").glob("*.svg"))) == 4
    assert len(list((found / "exhibits").glob("*.csv"))) == 4


@pytest.mark.compiles
def test_what_is_said_and_shown_is_what_the_tables_say(found):
    tables = read_results(found)
    there = Found(tables, {"sets": 2, "worlds": 4, "people": 16})
    said = {each.key: each.values for each in sentences.sentences(there)}
    for basis in ("equal hours", "equal cost"):
        own = [table.filter(basis=basis) for table in (tables["mixes"], tables["regret"])]
        best = own[0].filter(outcome="connectedness", verdict="best")
        (values,) = (said[key] for key in said if key.startswith(f"hybrids.short.{basis}.best"))
        assert values["gain"].number == best["gain"][0]
        assert values["label"] == best["label"][0]
        regret = own[1].filter(outcome="connectedness")
        (values,) = (said[key] for key in said if key.startswith(f"hybrids.short.{basis}.safest"))
        assert values["regret"].number == regret["regret"].min()
        assert said[f"hybrids.short.{basis}.front"]["n"] == number_on_front(own[0])
    shown = exhibits.left_out(there, "equal cost")
    (first, *_) = shown.cells()
    low = tables["left_out"].filter(basis="equal cost", outcome="never_reached", trait="stage",
                                    third="low", design=shown.rows[0]["design"])  # fmt: skip
    assert first[-1].number == low["mean"][0]


def number_on_front(mixes):
    return mixes.filter(outcome="connectedness")["front"].sum()


def test_every_mix_has_a_name_in_the_catalogue():
    mixes = mixes_for(Scenario())
    for name, (design, _) in mixes.items():
        assert name == NO_PROGRAMME or exhibits.label(name)
        alone = name in {pure.name for pure in TYPES}
        assert not alone or exhibits.label(name) == design_label(name, design.label)
