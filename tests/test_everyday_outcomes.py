"""Outcomes that P and T name: everyday life, who would be alone, how matches end, the first meeting,
an educator in the room."""

from types import SimpleNamespace as Record

import numpy as np
import pytest
from worlds import lively, outcome, same, same_worlds, values

from peersim.model.outcomes import NAMES, is_on_their_own
from peersim.model.people import everyday_level
from peersim.model.processes.everyday_life import Everyday, everyday_target, rate_of_steps
from peersim.model.vocabulary import MATCH_ENDS
from peersim.run.simulation import ensemble, simulate
from peersim.scenario.scenario import changed, without_programme

compiles = pytest.mark.compiles
SEEDS = range(1, 13)
EVERYDAY = ("daily_functioning", "quality_of_life", "practical_steps")
ELSEWHERE = [k for k, name in enumerate(NAMES) if not name.startswith(EVERYDAY)]


# -- rules ---------------------------------------------------------------------------------------


def test_what_gains_nothing_stays_at_its_own_level():
    assert everyday_target(0.37, 0.0, 1.2) == 0.37
    assert everyday_target(0.9, 0.5, 1.0) == 1.0


def test_own_levels_go_with_recovery_between_people():
    """A thousand people: the correlation that is set, and the spread."""
    luck, x = np.random.default_rng(1), Everyday(correlation=0.5, spread=0.1)
    ahead, own = luck.normal(size=(2, 4000))
    levels = [everyday_level(0.5, a, z, x) for a, z in zip(ahead, own, strict=True)]
    assert np.corrcoef(ahead, levels)[0, 1] == pytest.approx(0.5, abs=0.05)
    assert np.std(levels) == pytest.approx(0.1, rel=0.05)


def test_steps_need_power_and_peers_move_people():
    x = Everyday(steps=0.05, company=1.0)
    assert rate_of_steps(0.0, 9.0, x) == 0.0
    assert rate_of_steps(0.5, 0.0, x) == pytest.approx(0.05)
    assert rate_of_steps(0.5, 99.0, x) == pytest.approx(0.10)
    assert rate_of_steps(0.5, 99.0, Everyday(steps=0.05, company=0.0)) == pytest.approx(0.05)


@pytest.mark.parametrize(
    "friends, confidence, alone", [(0.4, 0.1, True), (1.4, 0.0, False), (0.4, 0.5, False)]
)
def test_who_would_be_alone_in_the_darkest_week(friends, confidence, alone):
    x = Record(nobody_below=1.0, near_enough=0.3)
    assert is_on_their_own(Record(outside_contacts=friends), confidence, x) is alone


# -- everyday life in a run ----------------------------------------------------------------------


@compiles
def test_nothing_reads_everyday_life():
    """Any other setting of it changes what it is about, and nothing else, to the last bit."""
    quick = {"everyday.functioning_follows": 1.5, "everyday.speed": 0.5, "everyday.steps": 0.5,
             "everyday.company": 5.0, "everyday.spread": 0.05}  # fmt: skip
    one, other = (simulate(changed(lively(), more), 3) for more in ({}, quick))
    assert same(one.values[..., ELSEWHERE], other.values[..., ELSEWHERE])
    assert not same(one.values, other.values)
    assert same_worlds(one.world, other.world, without=("people", "numbers")) == []
    fields = one.world.people.dtype.names
    differ = {name for name in fields if not same(one.world.people[name], other.world.people[name])}
    assert differ == {*EVERYDAY, "own_functioning", "own_quality"}


@compiles
def test_functioning_that_follows_nothing_returns_to_its_own_level():
    scenario = changed(lively(), {"everyday.functioning_follows": 0.0, "everyday.speed": 0.1})
    people = simulate(scenario, 2).world.people
    away = scenario.population.low_point * 0.9**scenario.weeks
    assert np.allclose(people["daily_functioning"], people["own_functioning"] - away, atol=1e-12)


@compiles
def test_functioning_and_quality_of_life_gain_less_and_later_than_recovery():
    with_group = lively(["group"], weeks=52)
    recorded = values(with_group, SEEDS) - values(without_programme(with_group), SEEDS)
    gains = {name: outcome(recorded, name).mean(axis=0) for name in ("recovery", *EVERYDAY[:2])}
    gains["recovery"] /= 60
    for name in EVERYDAY[:2]:
        assert 0 < gains[name][-1] < gains["recovery"][-1], name
        share = [gains[of][20] / gains[of][-1] for of in (name, "recovery")]
        assert share[0] < share[1], f"{name} does not come after recovery"


@compiles
def test_peers_move_people_to_act_and_only_peers_do():
    """With no gain of empowerment and no company that moves, everybody takes the very steps they
    would take without a programme."""
    still = {"change.empowerment": 0.0, "everyday.company": 0.0}
    alone, among_peers, moved = (
        outcome(values(changed(scenario, more), SEEDS), "practical_steps")[:, -1]
        for scenario, more in (
            (without_programme(lively()), still),
            (lively(), still),
            (lively(), still | {"everyday.company": 2.0}),
        )
    )
    assert same(alone, among_peers)
    assert (moved >= alone).all() and moved.mean() > 1.1 * alone.mean()


@compiles
def test_nobody_steps_before_they_are_invited():
    scenario = lively(population__arrival_weeks=30, everyday__steps=0.5, weeks=29)
    people = simulate(scenario, 1).people
    late = people["invited_week"] > 29
    assert late.any() and people.filter(late)["practical_steps"].sum() == 0
    assert people.filter(~late)["practical_steps"].sum() > 0


# -- matches, rest, the first meeting ------------------------------------------------------------

PAIRS = {"one_to_one__weeks": 10, "supervision__legitimate_withdrawal": 0.8}


def ended(**more):
    """How matches ended in the runs, by reason."""
    last = ensemble(lively(["one_to_one"], **PAIRS | more), SEEDS).values[:, -1, 0]
    found = last[:, [NAMES.index(f"matches_{name}") for name in MATCH_ENDS]].sum(axis=0)
    return dict(zip(MATCH_ENDS, found, strict=True))


@compiles
def test_matches_end_for_every_reason_there_is():
    usual = ended(strain__per_match=0.2, departure__overload=0.3, one_to_one__ask_again=0.5)
    assert min(usual[name] for name in MATCH_ENDS if name != "closed") > 0
    assert usual["closed"] == 0
    assert ended(events=[{"week": 20, "end": "one_to_one"}])["closed"] > 0
    assert ended(supervision__legitimate_withdrawal=0.0)["supporter_rested"] == 0


@compiles
def test_every_match_that_was_made_lives_or_has_ended():
    """Staff hours for making matches count those that were made."""
    scenario = lively(["one_to_one"], **PAIRS, one_to_one__staff_match_hours=1.0, cafe__per_week=0.0,
                      supervision__per_month=0.0, team__per_month=0.0, training__staff_hours=0.0)  # fmt: skip
    for seed in SEEDS:
        run = simulate(scenario, seed)
        living = (run.world.memberships["partner"][:, 0] >= 0).sum()
        assert run.world.clock[0].matches_ended.sum() + living == run.world.clock[0].staff_hours


@compiles
def test_supporters_who_rest_are_seen_to_rest():
    scenario = lively(["one_to_one"], **PAIRS, strain__per_match=0.2, departure__overload=0.3)
    run = simulate(scenario, 1)
    begun = run.people.filter(
        (run.people["role"] == "supporter") & run.people["joined"].is_not_null()
    )
    share = run.values[-1, 0, NAMES.index("supporters_resting")]
    assert share == pytest.approx(begun["resting"].mean())
    assert outcome(values(scenario, SEEDS), "supporters_resting")[:, 10:].max() > 0


@compiles
def test_weeks_to_the_first_meeting_are_those_of_the_table():
    run = simulate(lively(["one_to_one"], sign_up__rate=0.1, cafe__recruits=0), 4)
    met = run.people.filter(
        (run.people["role"] == "recipient") & run.people["first_meeting"].is_not_null()
    )
    assert 0 < met.height < 24
    mean = run.values[-1, 0, NAMES.index("weeks_to_meeting")]
    assert mean == pytest.approx((met["first_meeting"] - met["invited_week"]).mean())
    assert (met["received"] + met["given"] > 0).all() and (
        met["first_meeting"] >= met["invited_week"]
    ).all()


@compiles
def test_people_meet_in_the_cafe_before_their_match_begins():
    """T: the café is where the first meetings can happen."""
    sooner, later = (
        np.nanmean(outcome(values(lively(["one_to_one"], cafe__per_week=n), SEEDS), "weeks_to_meeting")[:, -1])
        for n in (1.0, 0.0)
    )  # fmt: skip
    assert sooner < later - 1


# -- an educator in the room ---------------------------------------------------------------------


@compiles
@pytest.mark.parametrize(
    "educators, strength, sign", [(1.0, 0.3, 1), (1.0, -0.3, -1), (0.0, 0.5, 0), (2.0, 0.0, 0)]
)
def test_an_educator_present_makes_the_evening_safer_or_less_safe(educators, strength, sign):
    group = {"communities": ["group"], "group__self_run_per_week": 0.0, "group__weeks": 26}
    with_it, without = (
        simulate(lively(**group, group__educators=educators, group__educator_safety=own), 2)
        for own in (strength, 0.0)
    )
    safety = [run.memberships.filter(attended=0)["safety"].to_list() for run in (with_it, without)]
    assert safety[0] == safety[1], "whoever never came is touched"
    felt = [
        run.memberships.filter(run.memberships["attended"] > 2)["safety"].mean()
        for run in (with_it, without)
    ]
    assert np.sign(felt[0] - felt[1]) == sign


@compiles
def test_a_group_that_runs_itself_has_no_educator():
    """Once the course is over, an educator of the course makes nobody safer or less safe."""
    lasting = {"communities": ["group"], "group__self_run_cohesion": 0.0, "group__self_run_per_week": 1.0,
               "group__weeks": 4, "group__minimum": 3, "group__educators": 1.0}  # fmt: skip
    event = [{"week": 36, "set": {"group.educator_safety": 0.5}}]
    runs = [simulate(lively(**lasting, events=events), 2) for events in (event, [])]
    for run in runs:
        assert "self-run" in run.memberships["status"].to_list()
    alone = [run.memberships.filter(status="self-run")["safety"].to_list() for run in runs]
    assert alone[0] == alone[1]
