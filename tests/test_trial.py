"""A simulated trial: chance keyed by person, the analysis against known answers, the folder it
leaves."""

import math
import xml.etree.ElementTree as ElementTree

import numpy as np
import polars as pl
import pytest
from page import Page
from scipy import stats

import peersim
from peersim.commands.configuration import compose, plan
from peersim.engine.restore import recipe_of
from peersim.kernel import chance as streams
from peersim.kernel.declaration import InvalidInput
from peersim.model.people import CHIME
from peersim.results.folder import read_manifest, read_results
from peersim.scenario.scenario import changed
from peersim.studies import options_of, run_study
from peersim.studies.study import Found
from peersim.studies.trial import draws_of_many as luck
from peersim.studies.trial import sentences, study, trials
from peersim.studies.trial.analysis import analyse, arm_mean
from peersim.studies.trial.cohort import follow, peopled, prepare
from peersim.studies.trial.measurement import OUTCOMES, Errors, measure, true_scores
from peersim.studies.trial.options import Options, Protocol
from peersim.studies.trial.planning import planned
from peersim.studies.trial.recruitment import enrol, is_lost
from peersim.studies.trial.summary import from_parameters, needed, power_at
from peersim.studies.trial.trials import conduct_many

pytestmark = pytest.mark.compiles

FEW = Protocol(intervention=20, usual=22, weeks=8, lost=0.1)


@pytest.fixture(scope="module")
def groups(small):
    return small(communities=["group"])


# -- chance --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("low", "high", "enrolled", "key"),
    [(0.2, 0.9, 80, "size"), (-0.4, 0.9, 300, "size_unsure"), (-0.9, 0.2, None, "size_unsure"),
     (-0.9, -0.2, None, "size_none")],
)  # fmt: skip
def test_few_trials_do_not_say_that_no_number_of_people_would_do(low, high, enrolled, key):
    assert sentences._size_key({"low": low, "high": high}, enrolled) == f"trial.{key}"
    assert sentences._size_key(None, enrolled) == "trial.size_unsure"


def test_draws_of_many_are_those_of_one():
    ids, weeks = np.array([1, 17, 2**31 + 5, 2**61 + 11]), np.array([0, 3, 12, 900])
    found = luck.uniform(123_456_789, streams.MEASURED, weeks, ids, other=2)
    for k, (week, person) in enumerate(zip(weeks, ids, strict=True)):
        assert tuple(found[:, k]) == streams.draws(123_456_789, streams.MEASURED, week, person, 2)
    one = streams.normal_pair(*streams.draws(5, streams.MEASURED, 3, 17, 0)[:2])
    assert np.allclose(luck.normal(5, streams.MEASURED, 3, np.array([17]))[:, 0], one, rtol=1e-14)


def test_purposes_of_chance_are_the_trial_s_own():
    taken = {
        int(value)
        for name, value in vars(streams).items()
        if name.isupper() and isinstance(value, np.integer)
    }
    assert int(streams.MEASURED) in taken
    own = {luck.ARM, luck.LOST, luck.ITEMS, luck.COUNTED}
    assert len(own) == 4 and not own & taken


def test_one_more_participant_changes_nobody_else_s_arm_or_place():
    before = enrol(7, Protocol(intervention=145, usual=151), 5)
    assert (
        before.treated.sum() == 145
        and (~before.treated).sum() == 151
        and len(set(before.ids)) == 296
    )
    for more in (Protocol(intervention=146, usual=151), Protocol(intervention=145, usual=152)):
        after = enrol(7, more, 5)
        arm = dict(
            zip(after.ids, zip(after.treated, after.site, after.luck, strict=True), strict=True)
        )
        assert len(arm) == 297
        assert [arm[one] for one in before.ids] == list(
            zip(before.treated, before.site, before.luck, strict=True)
        )


def test_those_who_are_gone_are_lost_more_often_if_so_declared():
    people = enrol(3, Protocol(intervention=2000, usual=2000), 40)
    gone = people.treated & (people.ids % 2 == 0)
    lost = is_lost(people, gone, Protocol(lost=0.2, lost_if_gone=4.0))
    assert (
        abs(lost[gone].mean() - 0.5) < 0.05 and abs(lost[~gone].mean() - 0.2) < 0.03
    )  # odds of 1/4 and of 1


# -- analysis ------------------------------------------------------------------------------------
def made_up(rng, sizes, alone, spread, effect=0.0):
    """People in groups that differ by `spread`, people on their own, and a baseline that tells
    something."""
    unit = np.concatenate([np.repeat(np.arange(len(sizes)), sizes), np.full(alone, -1)])
    treated = np.arange(len(unit)) < sum(sizes)
    start = rng.normal(size=len(unit))
    end = 0.6 * start + rng.normal(size=len(unit)) + effect * treated
    end[treated] += spread * rng.normal(size=len(sizes))[unit[treated]]
    return end[:, None], start[:, None], treated, unit


def test_without_groups_and_baseline_it_is_welch_s_test():
    rng = np.random.default_rng(1)
    end = np.concatenate([rng.normal(1, 3, 31), rng.normal(0, 1, 47)])[:, None]
    treated = np.arange(78) < 31
    found = analyse(end, np.zeros_like(end), treated, np.full(78, -1))
    welch = stats.ttest_ind(end[treated, 0], end[~treated, 0], equal_var=False)
    assert found.degrees[0] == pytest.approx(welch.df) and found.difference[0] / found.error[
        0
    ] == pytest.approx(welch.statistic)
    assert (found.low[0], found.high[0]) == pytest.approx(tuple(welch.confidence_interval()))


def test_with_equal_groups_it_is_the_test_of_their_means():
    end, start, treated, unit = made_up(np.random.default_rng(2), [6] * 7, 40, 1.0)
    found = analyse(end, np.zeros_like(start), treated, unit)
    welch = stats.ttest_ind(
        end[treated, 0].reshape(7, 6).mean(axis=1), end[~treated, 0], equal_var=False
    )
    assert found.degrees[0] == pytest.approx(welch.df) and found.difference[0] / found.error[
        0
    ] == pytest.approx(welch.statistic)


def test_with_unequal_groups_it_is_the_corrected_robust_variance():
    """Against the general formulas, written out with matrices (Bell & McCaffrey 2002)."""
    rng, sizes = np.random.default_rng(3), [1, 1, 2, 5, 9, 4]
    member, n = np.repeat(np.arange(6), sizes), 22
    y, x = rng.normal(size=(n, 1)), np.ones((n, 1))
    rest = np.eye(n) - x @ x.T / n
    variance, columns = 0.0, []
    for g in range(6):
        here = member == g
        values, vectors = np.linalg.eigh(rest[np.ix_(here, here)])
        root = vectors @ np.diag(values**-0.5) @ vectors.T
        variance += float((x[here].T @ root @ (rest @ y)[here]).item()) ** 2 / n**2
        columns.append(rest[:, here] @ root @ x[here] / n)
    between = np.hstack(columns).T @ np.hstack(columns)
    arm = arm_mean(y, np.array(sizes), member)
    assert arm.variance[0] == pytest.approx(variance)
    assert arm.degrees == pytest.approx(np.trace(between) ** 2 / np.trace(between @ between))


def test_intervals_hold_the_truth_as_often_as_they_say_and_would_not_if_groups_were_ignored():
    rng, found = np.random.default_rng(4), []
    for _ in range(600):
        end, start, treated, unit = made_up(
            rng, [3, 8, 8, 7, 8, 5, 8, 8, 1, 1, 1, 1], 60, 0.6, effect=0.4
        )
        each = (
            analyse(end, start, treated, unit),
            analyse(end, start, treated, np.full(len(unit), -1)),
        )
        found.append([one.low[0] <= 0.4 <= one.high[0] for one in each] + [each[0].icc[0]])
    coverage, ignored, icc = np.mean(found, axis=0)
    assert 0.93 < coverage < 0.975
    assert ignored < 0.88
    assert icc == pytest.approx(0.36 / 1.36, abs=0.06)


def test_adjusting_for_the_baseline_is_right_and_surer_than_comparing_changes():
    rng, found = np.random.default_rng(5), []
    for _ in range(200):
        end, start, treated, unit = made_up(rng, [8] * 6, 48, 0.2, effect=0.4)
        both = analyse(end, start, treated, unit), analyse(end, start, treated, unit, change=True)
        found.append([each.difference[0] for each in both])
    assert np.mean(found, axis=0) == pytest.approx([0.4, 0.4], abs=0.06)
    assert np.std(found, axis=0)[0] < 0.98 * np.std(found, axis=0)[1]


def test_share_of_the_variance_that_comes_from_parameters():
    rng = np.random.default_rng(6)
    sets = np.repeat(np.arange(400), 2)
    own = rng.normal(0, 0.1, 400)[sets] + rng.normal(0, 0.03, 800)
    share, low, high = from_parameters(own, own + rng.normal(0, 0.1, 800), sets)
    assert low < 0.01 / (0.01 + 0.0009 + 0.01) < high and high - low < 0.25
    assert from_parameters(rng.normal(0, 0.03, 800), rng.normal(0, 0.1, 800), sets)[0] < 0.02


def test_a_trial_of_the_size_needed_has_the_power_aimed_at():
    variances = np.array([1.3, 0.8])
    size = needed(0.2, variances, 0.9, lost=0.15)
    assert size.enrolled == math.ceil(size.analysed / 0.85)
    assert power_at(0.2, variances, np.array([size.enrolled]), 0.15)[0] == pytest.approx(
        0.9, abs=0.002
    )
    assert needed(-0.1, variances, 0.9, 0.1).enrolled == 0


# -- measurement ---------------------------------------------------------------------------------
def test_measured_recovery_is_that_of_the_table_of_people(small):
    run = peersim.simulate(small(communities=["group"]), 5)
    people, x = run.people, run.scenario.measurement
    states = np.column_stack([people[name] for name in CHIME] + [people["ties"]])
    found = measure(
        states,
        5,
        np.full(len(people), 14),
        run.blueprint.ids,
        Errors(x.item_error, x.passing_error, 0.0),
    )
    assert np.allclose(found[:, 0], people["recovery_measured_end"])
    assert np.allclose(found[:, -1], people["ties"])


def test_parts_are_measured_worse_than_the_whole_and_add_up_to_it():
    n = 20_000
    states, ids = np.full((n, 6), 0.5), np.arange(1, n + 1)
    found = measure(states, 1, np.zeros(n, int), ids, Errors(4.0, 4.6, 1.0))
    error = found - measure(states, 1, np.zeros(n, int), ids, Errors(0.0, 0.0, 0.0))
    assert error[:, 0].std() == pytest.approx(math.hypot(4.0, 4.6), rel=0.02)
    assert 60 * error[:, 1:6].std(axis=0) == pytest.approx(
        [math.hypot(4 * math.sqrt(5), 4.6)] * 5, rel=0.03
    )
    inside = ((found[:, 1:6] > 0) & (found[:, 1:6] < 1)).all(axis=1)
    assert np.allclose(60 * error[inside, 1:6].mean(axis=1), error[inside, 0], atol=1e-9)


# -- cohorts -------------------------------------------------------------------------------------
def test_the_same_person_is_the_same_in_both_worlds_until_she_is_enrolled(groups):
    plan, ids = prepare(groups, 10), np.array([3, 5, 8, 13, 21, 34, 55, 89])
    supporters = plan.scenario.population.supporters
    here = follow(peopled(plan, ids, 1, supporters), 4, len(ids))
    alone = follow(peopled(plan.alone, np.arange(1, 100), 0, 0), 4, 99)
    place = ids - 1
    assert np.array_equal(here.invited, alone.invited[place])
    enrolled = here.invited - 1
    both = [
        life.states[enrolled, rows] for life, rows in ((here, np.arange(len(ids))), (alone, place))
    ]
    assert np.array_equal(*both)
    assert not np.array_equal(here.states[10], alone.states[10, place])
    assert (
        (here.joined > 0).any()
        and (here.unit[here.joined > 0] >= 0).all()
        and (alone.joined == -1).all()
    )


def test_trials_do_not_depend_on_the_number_of_workers_and_two_in_a_row_share_a_set(groups):
    design = planned(groups, FEW)
    assert (design.sites, design.timetable.end) == (
        2,
        8,
    ) and design.scenario.population.recipients == 10
    sets = [{"change.low_below": 0.9}, {}]
    one, two = (conduct_many(design, range(1, 5), sets, workers) for workers in (1, 2))
    assert [trial.set for trial in one] == [0, 0, 1, 1]
    for first, second in zip(one, two, strict=True):
        assert np.array_equal(first.adjusted.difference, second.adjusted.difference)
        assert np.array_equal(first.truth, second.truth)
    as_configured = conduct_many(design, range(1, 5))
    assert np.array_equal(one[2].truth, as_configured[2].truth) and as_configured[0].set == -1


def test_a_programme_that_nobody_joins_has_no_effect_and_no_groups(groups):
    nobody = changed(groups, {"sign_up.rate": 0.02, "group.minimum": 5, "group.patience": 26})
    strangers = Protocol(intervention=8, usual=8, weeks=2, way_in="invited")
    (trial,) = conduct_many(planned(nobody, strangers), [1])
    assert (
        trial.attendance.started == 0
        and np.abs(trial.truth).max() == 0
        and np.isnan(trial.adjusted.icc).all()
    )


def test_who_is_randomised_has_come_the_way_the_protocol_says(groups):
    """Whatever the programme says of those whom it invites; the second arm is the same people."""
    by_way = {
        way: conduct_many(planned(groups, Protocol(**(vars(FEW) | {"way_in": way}))), range(1, 9))
        for way in ("invited", "consented")
    }
    referred = changed(groups, {"sign_up.way_in": "referred"})
    consented = Protocol(**(vars(FEW) | {"way_in": "consented"})).checked()
    assert planned(referred, consented).scenario.sign_up.way_in.name == "consented"
    began = {way: np.mean([each.attendance.started for each in by_way[way]]) for way in by_way}
    assert began["consented"] > began["invited"] + 0.2
    for one, other in zip(*by_way.values(), strict=True):
        assert np.array_equal(one.adjusted.usual, other.adjusted.usual)


def test_an_effect_is_divided_by_everybody_randomised(groups):
    """Those who never begin gain nothing, and count."""
    design = planned(groups, Protocol(**(vars(FEW) | {"way_in": "invited"})))
    plan = prepare(design.scenario, design.timetable.weeks)
    arms = trials._both_arms(plan, 1, enrol(1, design.protocol, design.sites), design.sites)
    end = arms.alone.invited - 1 + 8
    with_it, without = map(true_scores, trials._states_at(arms, end))
    gained = (with_it - without)[arms.place, 0]
    began = (arms.arm.joined >= 0) & (arms.arm.joined <= end[arms.place])
    assert 0 < began.sum() < FEW.intervention and (gained[~began] == 0).all()
    (trial,) = conduct_many(design, [1])
    assert trial.truth[0] == pytest.approx(gained[began].sum() / FEW.intervention)


# -- the study -----------------------------------------------------------------------------------
def options_for(folder, replicates=6, **more):
    protocol = Protocol(**(vars(FEW) | more))
    about = {"seed": 2, "workers": 2, "out": str(folder), "trial": protocol}
    return Options(**about, replicates=replicates, parameters="plausible")


@pytest.fixture(scope="module")
def folder(groups, tmp_path_factory):
    out = tmp_path_factory.mktemp("trial") / "out"
    run_study("trial", groups, options_for(out, follow_up=4))
    return out


def test_the_folder_holds_tables_figures_page_and_protocol(folder):
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    manifest = read_manifest(folder)
    assert files == {*manifest["files"], "manifest.json"}
    assert {"report.html", "figures/effects_of_trial.svg", "figures/power_of_trials.svg"} <= files
    assert manifest["identity"]["trial"]["intervention"] == 20
    recipe = recipe_of(folder, manifest, folder.with_name("again"), options_of("trial"))
    assert recipe.options.trial == Protocol(**(vars(FEW) | {"follow_up": 4}))


def test_tables_agree_with_each_other(folder):
    tables = read_results(folder)
    end = pl.col("time") == "end"
    trials = tables["trials"].filter(end, parameters="as configured", outcome="recovery")
    row = (
        tables["trial_summary"]
        .filter(end, parameters="as configured", outcome="recovery")
        .row(0, named=True)
    )
    assert row["d"] == pytest.approx(trials["d"].mean()) and row["effect"] == pytest.approx(
        trials["truth"].mean()
    )
    assert row["power"] == pytest.approx((trials["low"] > 0).mean())
    one = tables["trial"].filter(end, analysis="adjusted").sort("outcome")
    first = tables["trials"].filter(end, parameters="as configured", seed=2).sort("outcome")
    assert np.allclose(one["difference"], first["difference"]) and set(
        one["outcome"].cast(str)
    ) == set(OUTCOMES)
    assert set(tables["trial_summary"]["time"].cast(str)) == {"end", "follow-up"}
    curve = tables["trial_by_week"].filter(parameters="as configured")
    assert curve["since"].to_list() == list(range(13)) and curve["effect"][0] == 0
    assert curve["effect"][8] == pytest.approx(row["effect"])


def test_figures_say_on_what_they_rest(folder):
    for file in (folder / "figures").glob("*.svg"):
        text = " ".join(ElementTree.fromstring(file.read_text(encoding="utf-8")).itertext())
        assert "?" not in text and "6 imagined trials" in text
        assert "Exploratory, not predictive" in text


def test_every_number_of_the_page_is_in_the_tables(folder):
    page = Page((folder / "report.html").read_text(encoding="utf-8"))
    tables, checked = read_results(folder), 0
    for number in page.numbers:
        about = {name.removeprefix("data-"): value for name, value in number.origin.items()}
        table, what = about.get("table"), about.get("what")
        if "outcome" not in about or table not in ("trial", "trial_summary"):
            continue
        keys = {"outcome", "time", "analysis", "parameters"} & set(about)
        (row,) = tables[table].filter(**{key: about[key] for key in keys}).to_dicts()
        assert float(about["value"]) == pytest.approx(row[what]), about
        checked += 1
    assert checked > 100


def shown_again(folder):
    """What follows from tables and facts alone."""
    found = Found(read_results(folder), read_manifest(folder)["facts"])
    return {each.key: each.values for each in sentences.sentences(found)}, found


def test_everything_that_is_said_follows_from_the_folder(folder):
    said, found = shown_again(folder)
    assert said["trial.head"]["intervention"] == 20 and said["trial.measured_again"]["later"] == 4
    assert {"trial.measured_asked", "trial.over_sets", "trial.published.M04"} <= set(said)
    row = found.tables["trial_sizes"].filter(parameters="as configured", power=0.8)
    key = sentences._size_key(found.facts["effect"], row["enrolled"][0])
    assert said[key]["enrolled"] == row["enrolled"][0]
    exhibits = {each.name: each for each in study.STUDY(None, None).exhibits(found)}
    assert len(exhibits["one_end"].rows) == len(exhibits["one_follow-up"].rows) == len(OUTCOMES)
    assert "coverage" in [column.key for column in exhibits["many_as_configured_end"].columns]
    assert "coverage" not in [column.key for column in exhibits["many_plausible_end"].columns]


def test_what_was_run_is_what_is_said_to_have_been_asked(folder):
    _, found = shown_again(folder)
    asked = dict(study.STUDY(None, None).asked(found))
    trials = found.tables["trials"].filter(
        parameters="as configured", outcome="recovery", time="end"
    )
    assert asked["replicates"] == "facts.trials"  # with size=full there are more than replicates
    assert found.facts["trials"] == trials.height


def test_one_trial_alone_is_reported_too(groups, tmp_path, capsys):
    run_study("trial", groups, options_for(tmp_path / "out", replicates=1))
    assert "nan" not in capsys.readouterr().out


def test_without_plausible_sets_it_says_so_and_runs_as_configured(groups, tmp_path, monkeypatch):
    def none(*_):
        raise InvalidInput("errors.setting.no_plausible", file="none")

    monkeypatch.setattr(study, "plausible_sets", none)
    run_study("trial", groups, options_for(tmp_path / "out"))
    said, found = shown_again(tmp_path / "out")
    assert "trial.no_sets" in said and "trial.over_sets" not in said
    assert set(found.tables["trials"]["parameters"].cast(str)) == {"as configured"}


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (
            ["experiment=trial", "trial.intervention=3"],
            "trial.intervention is 3 people; it can be 8 to 20000.",
        ),
        (["experiment=trial", "trial.sites=200"], "more than the people of one arm"),
        (["experiment=single", "trial.usual=30"], "trial has no meaning in experiment=single"),
    ],
)
def test_what_cannot_be_tried_is_refused_in_a_sentence(overrides, message):
    with pytest.raises(InvalidInput, match=message):
        plan(compose(overrides))


def test_own_people_cannot_be_recruited_anew(groups, tmp_path):
    scenario = changed(groups, {})
    scenario.population.file = "people.csv"
    with pytest.raises(InvalidInput, match="population.file"):
        study.STUDY(scenario, options_for(tmp_path / "out")).check()


@pytest.mark.slow
@pytest.mark.parametrize("project", ["paths_to_everyday_life", "reden", "weshelter", "ung_til_ung"])
def test_intervals_of_the_model_s_own_trials_hold_the_mean_true_effect(project):
    """Also where there are no groups to allow for (a house, a platform), and those of one place
    have only it in common."""
    design = planned(peersim.load_scenario([f"project={project}"]), Protocol())
    trials = conduct_many(design, range(1, 201), workers=2)
    truth = np.mean([trial.truth for trial in trials], axis=0)
    held = np.mean(
        [(trial.adjusted.low <= truth) & (truth <= trial.adjusted.high) for trial in trials], axis=0
    )
    assert (held[:-1] > 0.9).all(), dict(zip(OUTCOMES, held, strict=True))
