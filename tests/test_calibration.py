"""Calibration: resumable, reproducible, two targets of a few sets; and what ships is what the
document says."""

import re

import numpy as np
import polars as pl
import pytest

from peersim.kernel.numbers import written
from peersim.kernel.paths import leaves
from peersim.model.people import CHIME
from peersim.model.vocabulary import GROUP, RECIPIENT
from peersim.results import columns as dictionary
from peersim.scenario.evidence import table
from peersim.scenario.scenario import Scenario, changed
from peersim.studies.calibration import document, exhibits, tables
from peersim.studies.calibration.matching import emulator, sampling
from peersim.studies.calibration.matching import history_matching as waves
from peersim.studies.calibration.matching import identifiability as limits
from peersim.studies.calibration.measurements import TARGETS, effect_of_a_course, score_without
from peersim.studies.calibration.parameters import parameters, points_at, unit_of_defaults
from peersim.studies.calibration.runs import Runner
from peersim.studies.calibration.settings import (
    AFTER_THE_COURSE,
    COURSE,
    LONG_GROUPS,
    MATCHES,
    SERVICE,
    SETTINGS,
    SHORT_COURSES,
    run_setting,
)
from peersim.studies.calibration.targets import NOT_USED, REGISTERED, Ratio
from peersim.studies.study import Found

FEW = tuple(target for target in TARGETS if target.name in ("dropped_out", "sessions_attended"))
THIN = waves.Plan(
    first=12,
    later=8,
    waves=1,
    candidates=8,
    each=2,
    plausible=4,
    walkers=8,
    steps=20,
    defaults=3,
    known=2,
)


class Stopped(Exception):
    pass


def run(folder, progress=lambda done: None, workers=1):
    return waves.calibrate(Runner(Scenario(), folder, FEW, workers, progress), THIN, seed=1)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return run(tmp_path_factory.mktemp("waves"))


@pytest.mark.compiles
def test_goes_on_where_it_was_stopped_and_finds_the_same(tmp_path, found):
    parts = []

    def stop(done):
        parts.append(done)
        if len(parts) == 3:
            raise Stopped

    with pytest.raises(Stopped):
        run(tmp_path, stop)
    kept = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    again = run(tmp_path, workers=2)
    assert kept == {path: path.stat().st_mtime_ns for path in kept}  # nothing was run twice
    assert np.array_equal(again.plausible, found.plausible)
    assert np.array_equal(again.candidates.values, found.candidates.values, equal_nan=True)


@pytest.mark.compiles
def test_tables_say_what_was_found(found):
    targets, shrinkage = tables.targets_table(found), tables.shrinkage_table(found)
    assert targets["target"].to_list() == [target.name for target in FEW]
    expected = found.defaults.values[:, 0].mean(axis=0)
    assert targets["default"].to_list() == pytest.approx(expected)
    assert shrinkage["parameter"].to_list() == [each.path for each in parameters()]
    plausible = tables.plausible_table(found)
    assert len(plausible) == THIN.plausible
    assert limits.recovery_table(found)["coverage"].is_between(0, 1).all()
    assert set(limits.tensions_table(found).columns) == {
        "target",
        "other",
        "missed",
        "missed_without",
    }


@pytest.mark.compiles
def test_every_column_of_its_tables_is_described(found):
    made = tables.calibration_tables(found)
    assert dictionary.dictionary_of(made, dictionary.parameter_columns(Scenario()))
    assert {name for name, frame in made.items() if not frame.columns} == set()


def test_defaults_lie_where_they_are_said_to():
    point = points_at(unit_of_defaults()[None])[0]
    base = Scenario()
    for path, value in point.items():
        assert value == pytest.approx(float(leaves(Scenario)[path].get(base)), abs=1e-9), path


def test_every_target_stands_on_the_evidence_it_names():
    rows = (
        "O01 O02 O03 O04 O05 O14 O15 O16 O17 O18 O22 O23 G01 G03 G12 N01 N02 N08 N09 N10 N15 N16 V01 V02 V03 O32 O33 O34 "
        "M01 M04 P02 P05 T07 X05 X07 T01 T02 T03 T04 T05 T08 C01 C04 C05 Q40 Q44 Q45"
    ).split()
    used = {key for target in REGISTERED for key in target.evidence.split()}
    assert used <= set(rows) and used <= set(table())
    assert used | set(NOT_USED) == set(
        rows
    )  # each row of the groups is a target, or it is said why not
    names = {setting.name for setting in SETTINGS}
    assert all(set(each.setting.split()) <= names and each.tolerance > 0 for each in REGISTERED)
    assert all(
        " / " in target.definition
        for target in REGISTERED
        if target.name != "effect_of_peer_support"
    )


def test_stand_in_finds_a_quadratic_and_its_walkers_the_place_that_fits():
    rng = np.random.default_rng(1)
    targets = tuple(
        target for target in TARGETS if target.name in ("loneliness", "friends_outside")
    )
    unit = rng.random((400, 4))
    values = np.stack([5 + 2 * unit[:, 0], 3 + unit[:, 1] * unit[:, 1]], axis=1)
    found = emulator.fit(targets, unit, values)
    assert np.allclose(found.predict(unit), values, atol=1e-2) and (found.explained > 0.999).all()
    sharp = [target._replace(error=0.02, discrepancy=0.0) for target in targets]
    fit = sampling.fitting(found._replace(targets=tuple(sharp)), np.zeros(2))
    ended = sampling.walk(fit, rng.random((40, 4)), 600, rng)
    assert ended[:, 0].mean() == pytest.approx(0.5, abs=0.02)  # 5 + 2 x = 6
    assert (ended[:, 1] ** 2).mean() == pytest.approx(0.4, abs=0.03)  # 3 + x^2 = 3.4
    assert 0.2 < ended[:, 2].std() < 0.4  # nothing is said about the others


def test_bounds_only_count_on_their_side():
    target = next(each for each in TARGETS if each.sense == "at most")
    miss = emulator.implausibility((target,), np.array([[0.1], [0.5]]), np.zeros(1))[:, 0]
    assert miss[0] == 0 and miss[1] == pytest.approx(0.25 / target.tolerance)


def test_ratio_without_anybody_is_not_defined():
    assert np.isnan(Ratio(0, 0).value) and Ratio(1, 4).value == 0.25


def test_shipped_sets_can_be_run_and_are_what_the_document_says():
    shipped, text = pl.read_parquet(document.SHIPPED), document.DOCUMENT.read_text(encoding="utf-8")
    assert shipped.columns == [each.path for each in parameters()] and len(shipped) >= 200
    for each in parameters():
        assert shipped[each.path].is_between(each.low, each.high).all(), each.path
        bounds = f"{written(each.low)} to {written(each.high)}"
        median = written(shipped[each.path].median(), "g3")
        assert f"| `{each.path}` | {bounds} | {written(each.default)} | {median} (" in text
    for target in TARGETS:
        row = {
            "target": target.name,
            "observed": target.observed,
            "error": target.error,
            "discrepancy": target.discrepancy,
            "sense": target.sense,
        }
        about = (f"`{target.name}`", target.label, target.evidence)
        assert f"| {' | '.join(about)} | {exhibits.observed(row)} |" in text
    for row in shipped.sample(3, seed=1).iter_rows(named=True):
        changed(Scenario(), row)


@pytest.mark.compiles
def test_the_document_is_written_from_what_was_found(found):
    """Also where sets miss targets, and nothing pulls apart."""
    made = tables.calibration_tables(found)
    facts = {"each": THIN.each, "sets": THIN.plausible}
    manifest = {"identity": {"seed": 1}, "versions": {"peersim": "9.9"}}
    for alone in (False, True):
        shown = made | {"tensions": made["tensions"].clear()} if alone else made
        text = document.document(Found(shown, facts), manifest)
        assert "Version 9.9, seed 1, size quick." in text and "{" not in text
        for target in FEW:
            assert f"| `{target.name}` | {target.label} |" in text
        tight = [line for line in text.split("\n") if line.startswith("|") and line.count("|") < 4]
        assert not tight
    learned = re.search(r"^- Learned \((\d+)\): (.*)\.$", text, re.M)
    assert len(re.findall(r"`([^`]+)`", learned[2])) == int(learned[1])


def test_what_is_called_calibrated_was_learned():
    """A default is labelled as calibrated only where the targets tell something about it."""
    line = next(
        line
        for line in document.DOCUMENT.read_text(encoding="utf-8").split("\n")
        if line.startswith("- Learned")
    )
    learned = set(re.findall(r"`([^`]+)`", line))
    called = {
        path
        for path, leaf in leaves(Scenario).items()
        if leaf.is_declared and leaf.field.metadata["evidence"] == "calibrated"
    }
    assert called and called <= learned


@pytest.mark.compiles
def test_effects_are_divided_by_everybody_randomised_as_in_the_trial():
    """Where some never begin, they count with the nothing that they gain."""
    few = {"population.recipients": 24, "population.supporters": 20, "sign_up.way_in": "invited"}
    run = run_setting(COURSE, Scenario(), few, 3)
    look, runs = run.looks[AFTER_THE_COURSE], {"course": run}
    gained = 12.0 * np.sum([look.people[name] for name in CHIME], axis=0) - look.alone
    who = look.people["role"] == RECIPIENT
    began = who & (look.memberships["joined"][:, GROUP] >= 0)
    assert 0 < began.sum() < who.sum() == 24
    assert np.abs(gained[who & ~began]).max() < 1e-9
    found = effect_of_a_course(runs)
    assert found.part == pytest.approx(gained[began].sum() / 24)
    assert score_without(runs).whole == 24


@pytest.mark.compiles
def test_the_course_of_people_who_have_consented_is_over_when_its_effect_is_measured():
    trained = {"training.weeks": 0, "training.uptake": 1.0, "training.form": "webinar",
               "training.webinar_anxiety": 0.0}  # fmt: skip
    run = run_setting(COURSE, Scenario(), trained, 2)
    m, who = run.world.memberships[:, GROUP], run.world.people["role"] == RECIPIENT
    assert (m["joined"][who] == 1).all()  # however anxious
    assert m["left"][who].max() <= AFTER_THE_COURSE - 2


def test_settings_say_who_takes_part():
    """Trials have people who have consented and supporters who are trained; what measures training
    asks people to train."""
    for trial in (MATCHES, COURSE):
        assert trial.changes["sign_up.way_in"] == "consented"
        assert trial.changes["population.supporters"] > 0
        assert "population.asked" not in trial.changes
    of_training = [each for each in TARGETS if "training" in each.name]
    assert {each.setting for each in of_training} == {"service"}
    assert SERVICE.changes["population.asked"] > SERVICE.changes["population.supporters"] == 0


@pytest.mark.compiles
def test_one_leaving_is_told_from_none_and_told_the_same_again():
    """Nobody is taken along where nothing spreads; with every channel at its highest, many are."""
    nothing = {"departure.lost_tie": 0.0, "departure.social": 0.0, "departure.structure": False}
    much = {"departure.lost_tie": 0.3, "departure.social": 0.02}
    small = LONG_GROUPS._replace(
        changes=LONG_GROUPS.changes | {"population.recipients": 100, "population.supporters": 30}
    )
    net = {}
    for name, point in (("nothing", nothing), ("much", much)):
        runs = [run_setting(small, Scenario(), point, seed).apart for seed in range(4)]
        gone = [apart.gone(13) for both in runs for apart in both]
        leavers = sum(len(apart.leavers) for both in runs for apart in both)
        net[name] = sum(more - fewer for more, fewer in gone) / leavers
    again = run_setting(small, Scenario(), much, 3).apart
    assert [apart.gone(19) for apart in again] == [apart.gone(19) for apart in runs[-1]]
    assert abs(net["nothing"]) < 0.1
    assert net["much"] > 0.5


@pytest.mark.compiles
def test_of_each_circle_one_leaves_and_the_others_are_watched():
    (apart,) = run_setting(SHORT_COURSES, Scenario(), {}, 1).apart
    assert len(apart.leavers) > 15
    assert not set(apart.leavers) & set(apart.others)
    assert len(apart.others) == len(apart.with_it) == len(apart.without)
    assert (apart.with_it >= apart.week).all() and (apart.without >= apart.week).all()
