"""The scoreboard on the ladder of models: what is switched off is off, what is judged has known
answers, and a small study from end to end."""

import numpy as np
import polars as pl
import pytest

import peersim
from peersim.commands.configuration import compose, plan
from peersim.kernel.catalogue import Sentence
from peersim.kernel.declaration import InvalidInput
from peersim.kernel.statistics import estimate
from peersim.model.people import CHIME
from peersim.model.vocabulary import DIGITAL, NOBODY, ONE_TO_ONE
from peersim.model.week import WEEK
from peersim.results.folder import read_manifest, read_results
from peersim.run.simulation import simulate
from peersim.scenario import plausible_sets as plausible
from peersim.scenario.scenario import Scenario, changed
from peersim.studies import options_of, run_study
from peersim.studies.patterns import scores
from peersim.studies.patterns.ablations import LADDER, MECHANISMS, MODELS, NULLS, WHOLE
from peersim.studies.patterns.catalogue import PATTERNS
from peersim.studies.patterns.exhibits import in_whole
from peersim.studies.patterns.judgement import (
    ABSENT,
    BLOCKED,
    FREE,
    HELD_BACK,
    HELPED,
    NEEDS,
    OPEN,
    REVERSED,
    UNDECIDED,
    effect_of,
    need,
    share_of_sets,
    standing,
)
from peersim.studies.patterns.laboratory import Conditions, Laboratory, Times
from peersim.studies.patterns.pattern import FAILS, HOLDS, above, below, within
from peersim.studies.patterns.scores import tasks_for
from peersim.studies.patterns.sentences import sentences
from peersim.studies.patterns.statements.programmes import GROUP
from peersim.studies.patterns.study import chosen_patterns, refuse_other_programmes
from peersim.studies.patterns.tables import first_rung, statement
from peersim.studies.study import Found

SETS = [
    {"departure.social": 0.0, "departure.misfit": 0.002},
    {"departure.social": 0.01, "departure.misfit": 0.01},
]
RIFE = {"communities": ["group", "one_to_one"], "departure.social": 0.02, "departure.lost_tie": 0.3,
        "departure.loss": 2.0, "strain.per_hour": 0.1}  # fmt: skip
"""A world in which departures spread, and supporters are worn."""


def lived(model, seed=1, **more):
    """A run of a world rich in everything, in one of the models."""
    (found,) = [each for each in MODELS if each.key == model]
    return simulate(changed(Scenario(), RIFE | more | found.switches), seed)


# -- the ladder ----------------------------------------------------------------------------------
def test_every_switch_is_a_setting_that_the_user_could_write():
    for model in MODELS:
        assert changed(Scenario(), model.switches)  # within bounds
        written = [f"{path}={str(value).lower()}" for path, value in model.switches.items()]
        plan(compose(["experiment=single", *written]))


def test_each_rung_has_one_mechanism_more_and_each_null_model_lacks_one():
    left = [len(model.without) for model in LADDER]
    assert left == sorted(left, reverse=True) and left[-1] == 0
    for lower, higher in zip(LADDER, LADDER[1:], strict=False):
        assert [each for each in lower.without if each in higher.without] == list(higher.without)
    assert [model.without for model in NULLS] == [(mechanism,) for mechanism in MECHANISMS]
    assert len({model.key for model in MODELS}) == len(MODELS)


@pytest.mark.compiles
def test_without_contagion_nobody_leaves_because_of_another():
    full, without = (lived(name).departures for name in ("full", "no_contagion"))
    assert full["caused_by"].is_not_null().sum() > 0
    assert without["caused_by"].is_not_null().sum() == 0
    assert not {"lost_tie", "others_leaving", "community_closed"} & set(
        without["cause"].cast(pl.String)
    )


@pytest.mark.compiles
def test_without_contagion_one_exit_moves_nobodys_hazard_by_itself():
    """In a house where people hardly meet, the hazards of those who stay are the same to the last
    bit."""
    alone = {"communities": ["digital"], "digital.reads": 1, "digital.reply": 0.0, "digital.posting": 0.0,
             "digital.coping": 0.0, "weeks": 30}  # fmt: skip
    stays = lived("no_contagion", **alone)
    goes = lived("no_contagion", **alone, events=[{"week": 12, "leave": "R5"}])
    others = [row for row, label in enumerate(stays.blueprint.labels) if label != "R5"]
    assert (stays.world.chances["hazard"][others] == goes.world.chances["hazard"][others]).all()


@pytest.mark.compiles
def test_without_strain_nobody_is_worn():
    assert lived("full").world.people["strain"].max() > 0.2
    assert lived("no_strain").world.people["strain"].max() == 0


@pytest.mark.compiles
def test_without_safety_everybody_feels_alike():
    def felt(run):
        taken_part = run.world.memberships["joined"] >= 0
        return run.world.memberships["safety"][taken_part]

    assert np.ptp(felt(lived("full"))) > 0.1
    assert (felt(lived("no_safety")) == 0.5).all()


@pytest.mark.compiles
def test_without_fit_nobody_leaves_as_a_misfit():
    assert "misfit" in set(lived("full").departures["cause"].cast(pl.String))
    assert "misfit" not in set(lived("no_fit").departures["cause"].cast(pl.String))


@pytest.mark.compiles
def test_without_ties_people_stay_strangers_and_carry_nobody():
    full, without = lived("full").world, lived("no_ties").world
    assert full.ties["confidence"].max() > 0.3 and without.ties["confidence"].max() == 0
    assert without.people["n_ties"].mean() < full.people["n_ties"].mean() / 2
    people = without.people[without.memberships["joined"].max(axis=1) >= 0]
    assert (people["connectedness"] <= people["own_connectedness"] + 1e-9).all()


LEFT_OVER = {
    "no_contagion": {"departure.lost_tie": 0.0, "departure.memory": 20, "departure.thin_weeks": 12,
                     "attendance.ordinary": 0.3},
    "no_strain": {"strain.rest": 0.5, "strain.weeks_to_adapt": 52, "attendance.strain": 5.0, "departure.overload": 0.3,
                  "supervision.relief": 0.6, "supervision.legitimate_withdrawal": 1.0},
    "no_safety": {"safety.carried": 1.0, "safety.anonymity_weight": 1.0, "attendance.safety": 5.0, "group.educators": 2,
                  "change.ordinary_sharing": 0.6, "organisations.independent.anonymity": 0.0},
    "no_fit": {"safety.first_fit": 0.0, "safety.impression": 1.0, "departure.early": 10, "change.fit_enough": 1.0,
               "departure.supporters": 1.0},
    "no_ties": {"change.clique": 1, "change.outside_worth": 0.0, "ties.confidence_half_life": 8.0,
                "ties.confidence_value": 1.0, "departure.lost_tie": 0.0, "departure.memory": 20},
}  # fmt: skip
"""Settings that do something in the full model, and nothing at all where a mechanism is off."""


@pytest.mark.compiles
@pytest.mark.parametrize("model", LEFT_OVER)
def test_nothing_else_of_a_mechanism_acts_where_it_is_off(model):
    """To the last bit: who is there, how often they came, and how they are."""
    rich = {"communities": ["group", "one_to_one", "digital"], "cafe.per_week": 1.0, "supervision.per_month": 2.0,
            "group.self_run_cohesion": 1.0, "departure.misfit": 0.03, "weeks": 30}  # fmt: skip

    def seen(name, **more):
        world = lived(name, **rich, **more).world
        return (
            [world.people[each].tolist() for each in CHIME],
            world.memberships["attended"].tolist(),
            world.status.tolist(),
        )

    assert seen(model) == seen(model, **LEFT_OVER[model])
    for path, value in LEFT_OVER[model].items():
        if path not in ("safety.carried", "departure.supporters"):  # rarely decisive
            assert seen("full") != seen("full", **{path: value}), path


@pytest.mark.compiles
def test_without_contagion_a_match_that_breaks_keeps_its_tie():
    pairs = {"communities": ["one_to_one"], "departure.life_event": 0.03}
    ends = [
        set(lived(name, **pairs).ties["end_reason"].drop_nulls())
        for name in ("full", "no_contagion")
    ]
    assert "match broken" in ends[0] and "match broken" not in ends[1]


@pytest.mark.compiles
def test_in_random_mixing_people_sit_down_with_whoever_comes_along():
    """In a café they meet more people, and each of them for fewer hours."""
    cafe = {"communities": ["group"], "cafe.per_week": 2.0, "cafe.effort": 0.0}
    hours, met = [], []
    for model in ("full", "random_mixing"):
        ties = pl.concat([lived(model, seed, **cafe).ties.filter(met_in="cafe") for seed in (1, 2)])
        hours.append(ties["hours"].mean())
        met.append(ties.height)
    assert hours[0] > 1.2 * hours[1] and met[0] < met[1]


@pytest.mark.compiles
def test_random_mixing_matches_by_lot():
    """In random mixing who is matched is no nearer than those who are not."""
    many_wait = {"population.arrival_weeks": 1, "sign_up.rate": 2.0, "population.supporters": 5}
    nearer = []
    for model in ("full", "random_mixing"):
        near = []
        for seed in range(1, 31):
            world = lived(model, seed, weeks=8, **many_wait).world
            partner = world.memberships["partner"][:, ONE_TO_ONE]
            p, q = world.people[partner != NOBODY], world.people[partner[partner != NOBODY]]
            near.append(np.exp(-sum((p[x] - q[x]) ** 2 for x in ("experience_x", "experience_y"))))
        nearer.append(np.concatenate(near).mean())
    assert nearer[0] > nearer[1] + 0.03


@pytest.mark.compiles
def test_identical_people_are_nearly_alike():
    people = lived("identical_people").world.people
    for name in ("social_anxiety", "exclusion", "stage", "own_hope"):
        of_recipients = people[name][people["role"] == 0]
        assert of_recipients.std() < 0.06
    assert (people["own_emotional"] == people["own_social"]).all()
    online = lived("identical_people", communities=["digital"]).world.memberships[:, DIGITAL]
    online = online[online["attended"] > 0]
    lengths = online["hours"] / online["attended"]
    assert lengths.std() < 0.1 * lengths.mean()
    assert np.ptp(people["experience_x"]) == 0 and len(np.unique(people["outside_ties"])) == 1


@pytest.mark.compiles
def test_on_the_lowest_rung_all_of_it_is_off_at_once():
    run = lived("hazards")
    assert run.departures["caused_by"].is_not_null().sum() == 0
    assert run.world.people["strain"].max() == 0 and run.world.ties["confidence"].max() == 0
    assert set(run.departures["cause"].cast(pl.String)) <= {
        "life_event", "not_relevant", "drift", "moved_on", "course_completed", "gave_up_waiting", "never_started",
        "training_dropout",
    }  # fmt: skip


# -- the laboratory with sets of parameters ------------------------------------------------------
def test_each_seed_goes_with_its_set_and_what_is_switched_off_wins():
    lab = Laboratory(Scenario(), 4, 6, 1, Conditions(SETS, {"departure.social": 0.005}))
    assert lab.scenario(GROUP, 7).departure.misfit == 0.01
    assert (
        lab.scenario(
            {**GROUP, "departure.misfit": 0.05, "departure.social": 0.0}, 7
        ).departure.misfit
        == 0.05
    )
    assert lab.scenario({"departure.social": 0.0}, 7).departure.social == 0.005
    assert lab.scenario({"departure.misfit": Times(3.0)}, 6).departure.misfit == pytest.approx(
        0.006
    )
    assert (
        lab.scenario({"departure.misfit": Times(300.0)}, 7).departure.misfit == 0.15
    )  # the highest value allowed


@pytest.mark.compiles
def test_runs_of_the_laboratory_are_those_of_each_seeds_own_scenario():
    base = changed(Scenario(), {"population.recipients": 12, "population.supporters": 5})
    lab = Laboratory(base, 3, 5, 1, Conditions(SETS, WHOLE.switches))
    alone = [simulate(changed(base, {**GROUP, **SETS[seed % 2]}), seed) for seed in lab.seeds]
    assert lab.outcome(GROUP, "connectedness").tolist() == [run.values[-1, 0, 0] for run in alone]
    left = lab.each_end(GROUP, lambda world: float(world.people["connectedness"].sum()))
    assert left.tolist() == [float(run.world.people["connectedness"].sum()) for run in alone]


# -- judging -------------------------------------------------------------------------------------
def test_worlds_of_one_set_do_not_count_as_independent():
    values = np.tile(np.array([1.0, 2.0, 3.0]), 50)  # three sets, fifty equal worlds of each
    assert effect_of(values, 3) == estimate([1.0, 2.0, 3.0])
    assert effect_of(values, 1).high - effect_of(values, 1).low < 0.3


@pytest.mark.parametrize(
    ("middle", "between", "true"),
    [(0.5, 1.0, 0.691), (0.5, 0.25, 0.977), (0.0, 1.0, 0.5), (-0.5, 0.5, 0.159)],
)
def test_share_of_sets_has_luck_taken_off(middle, between, true):
    rng = np.random.default_rng(3)
    sets, worlds = 2000, 2
    effect = rng.normal(middle, between, sets)
    values = effect + rng.normal(0.0, 1.0, (worlds, sets))
    found = share_of_sets(values.ravel(), sets, above(0.0))
    counted = (values.mean(axis=0) > 0).mean()
    assert found.share == pytest.approx(true, abs=0.03)
    assert found.low <= found.share <= found.high
    assert abs(counted - true) > abs(found.share - true) or true == 0.5, (
        "counting sets would be as good"
    )


def test_share_of_sets_where_there_is_no_luck_is_a_count():
    values = np.tile([0.3, -0.1, 0.01, 0.2], 3)
    assert share_of_sets(values, 4, above(0.05)).share == 0.5
    assert share_of_sets(-values, 4, below(0.05)).share == 0.5
    assert share_of_sets(values, 4, within(0.0, 0.25)).share == 0.5


def test_share_of_sets_needs_more_than_one_world_of_a_set():
    assert np.isnan(share_of_sets(np.array([1.0, 2.0, 3.0, 4.0]), 4, above(0.0)).share)


def test_verdicts():
    many = np.linspace(-0.1, 0.1, 20)
    assert standing(estimate(many + 1), above(0.5)) == HOLDS
    assert standing(estimate(many + 0.1), above(0.5)) == FAILS
    assert (
        standing(estimate(many - 0.1), above(0.5)) == FAILS
    )  # the wrong way, but too small to be named
    assert standing(estimate(many - 1), above(0.5)) == REVERSED
    assert standing(estimate(many + 1), below(0.5)) == REVERSED
    assert standing(estimate(many), above(0.001)) == UNDECIDED
    assert standing(estimate([np.nan]), above(0.001)) == ABSENT


def test_what_a_pattern_needs():
    luck = np.linspace(-0.1, 0.1, 40)
    full = 1 + luck

    def role(without, expected=None):
        expected = expected or above(0.05)
        sign = 1 if expected.direction != "below" else -1
        return need(sign * full, sign * without, 1, expected).role

    assert role(luck / 100) == role(luck / 100, below(0.05)) == NEEDS
    assert role(np.full(40, np.nan)) == NEEDS
    assert role(0.05 + 5 * luck[::-1]) == NEEDS  # undecided, and surely less than half
    assert (
        role(0.1 + luck / 10) == role(0.1 + luck / 10, below(0.05)) == NEEDS
    )  # holds, and so little of it
    assert role(0.8 + luck) == role(0.8 + luck, below(0.05)) == HELPED
    assert role(1.2 + luck) == role(1.2 + luck, below(0.05)) == HELD_BACK
    assert role(1 + luck[::-1]) == FREE
    assert role(0.9 + 50 * luck) == OPEN
    assert role(2 + luck, within(0.5, 1.5)) == NEEDS
    assert need(luck / 100, full, 1, above(0.05)).role == BLOCKED
    assert need(full - 1, full - 1, 1, above(0.05)).role == ""


def test_statements():
    def said(verdict, **roles):
        return statement(verdict, [(role, mechanism) for mechanism, role in roles.items()])

    assert (
        said(HOLDS, ties=NEEDS, fit=HELPED, strain=NEEDS) == "needs ties and strain; helped by fit"
    )
    assert said(HOLDS, ties=FREE, fit=HELPED) == "needs none of them alone; helped by fit"
    assert said(FAILS, ties=BLOCKED, fit="") == "fails in the full model; holds without ties"


def test_the_rung_from_which_a_pattern_holds():
    keys = [model.key for model in LADDER]
    assert (
        first_rung(dict(zip(keys, [FAILS, HOLDS, FAILS, HOLDS, HOLDS], strict=True)))
        == LADDER[3].label
    )
    assert first_rung(dict(zip(keys, [HOLDS] * 4 + [FAILS], strict=True))) == ""


# -- the study -----------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def found(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plausible, "_shipped", lambda: (*SETS, SETS[0]))
        patch.setitem(scores.SIZES, "quick", (3, 1))
        out = tmp_path_factory.mktemp("patterns") / "r"
        small = changed(Scenario(), {"population.recipients": 16, "population.supporters": 6})
        options = options_of("patterns")(
            out=str(out),
            workers=1,
            replicates=2,
            size="quick",
            patterns=["A6", "A14a", "A17a"],
            parameters="plausible",
        )
        assert run_study("patterns", small, options) == 0
    return out


@pytest.mark.compiles
def test_a_small_study_from_end_to_end(found, capsys):
    tables = read_results(found)
    board = tables["scoreboard"].with_columns(pl.col("pattern", "model", "verdict").cast(pl.String))
    assert board.height == 4 * len(MODELS) and tables["patterns"].height == 4
    assert tables["pattern_sets"].height == 4 * 3 and tables["needs"].height == 4 * len(MECHANISMS)
    shown = {(row["pattern"], row["model"]): row for row in board.to_dicts()}
    assert shown["A6a", "no_strain"]["effect"] == shown["A6b", "hazards"]["effect"] == 0
    assert shown["A6a", "no_strain"]["verdict"] == FAILS
    assert shown["A17a", "no_safety"]["effect"] == 0
    assert shown["A14a", "no_safety"]["verdict"] == "says nothing"
    assert (found / "report.html").stat().st_size > 20_000
    assert len(list((found / "figures").glob("*.svg"))) == 2
    assert len(list((found / "exhibits").glob("*.csv"))) == 5


@pytest.mark.compiles
def test_what_is_said_and_shown_is_what_the_tables_say(found):
    there = Found(read_results(found), read_manifest(found)["facts"])
    said = {each.key: each.values for each in sentences(there)}
    about = there.tables["patterns"]
    for kind in ("built in", "emergent"):
        holding = about.filter(kind=kind, verdict=HOLDS).height
        assert said.get(f"patterns.tally.{kind}", {"holding": 0})["holding"] == holding
    assert said["patterns.head.sets"]["worlds"] == 2
    strained = [each for each in sentences(there) if each.values.get("mechanism") == "strain"]
    needs = there.tables["needs"].filter(role=NEEDS, model="no_strain")["pattern"].to_list()
    assert {each.values["n"] for each in strained if "needs" in each.key} == {len(needs)} - {0}
    board = there.tables["scoreboard"].filter(model="full")
    assert [row["effect"] for row in in_whole(there)] == board["effect"].to_list()
    remarks = there.facts["remarks"]["A17a"]
    assert "; ".join(Sentence(*each).english for each in remarks) == about["note"][3]


@pytest.mark.compiles
def test_a_study_repeated_gives_equal_tables(found, tmp_path, monkeypatch):
    monkeypatch.setattr(plausible, "_shipped", lambda: (*SETS, SETS[0]))
    monkeypatch.setitem(scores.SIZES, "quick", (3, 1))
    again = peersim.rerun(found, out=tmp_path / "again", workers=1)
    assert again.height == len(read_results(found)) and again["equal"].all()


@pytest.mark.compiles
def test_a_model_is_what_its_settings_make_of_it(found):
    """The effect in a null model is the one found by switching its settings by hand."""
    models = read_results(found)["models"].with_columns(pl.col("model").cast(pl.String))
    line = models.filter(pl.col("model") == "no_strain")["settings"][0]
    _, scenario, _ = plan(compose(["experiment=single", *line.split()]))
    assert scenario == changed(
        Scenario(), dict(next(m for m in NULLS if m.key == "no_strain").switches)
    )


@pytest.mark.compiles
def test_the_number_of_workers_changes_nothing():
    (pattern,) = chosen_patterns(["A6b"])
    base = changed(Scenario(), {"population.recipients": 12, "population.supporters": 5})
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(scores.SIZES, "quick", (2, 1))
        one, two = (
            scores.measure([pattern], base, options_of("patterns")(workers=n, replicates=2))
            for n in (1, 2)
        )
    for key, measured in one.found.items():
        assert np.array_equal(measured.values, two.found[key].values, equal_nan=True)


def test_every_pattern_is_measured_once_in_every_model():
    tasks = tasks_for(PATTERNS, (1, 4), 2)
    parts = [(task.model.key, key) for task in tasks for key in task.patterns]
    assert len(parts) == len(set(parts)) == len(MODELS) * len(PATTERNS)


def test_rules_do_not_know_the_ladder():
    assert not [phase for phase in WEEK if "patterns" in phase.__module__]


# -- what cannot be meant ------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["A4z"], "Did you mean A4"),
        (["contagion"], "They are A1 to A25"),
        ([], "patterns is empty"),
    ],
)
def test_patterns_that_are_not_there(names, expected):
    with pytest.raises(InvalidInput, match=expected):
        chosen_patterns(names)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [({"communities": ["group"]}, "communities has no meaning"), ({"cafe.per_week": 1.0}, "cafe.per_week has no"),
     ({"weeks": 30}, "needs 52 or more"), ({"events": [{"week": 3, "leave": "R1"}]}, "events has no meaning")],
)  # fmt: skip
def test_programmes_of_ones_own_are_refused(changes, expected):
    with pytest.raises(InvalidInput, match=expected):
        refuse_other_programmes(changed(Scenario(), changes))


def test_patterns_belong_to_this_experiment():
    with pytest.raises(InvalidInput, match="it belongs to experiment=patterns"):
        plan(compose(["patterns=[A1]"]))
    _, _, settings = plan(compose(["experiment=patterns", "patterns=[A1,A4b]"]))
    assert (
        settings.patterns == ["A1", "A4b"]
        and settings.parameters == "plausible"
        and settings.size == "quick"
    )
