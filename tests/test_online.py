"""Online: a few use a platform much, tasks change, somebody moderates, a group and a platform feed
each other; each rule with its parameter on.
"""

import math
from statistics import NormalDist
from types import SimpleNamespace as Record

import numpy as np
import pytest
from worlds import lively, same, world_of

import peersim
from peersim.model.communities.digital import (
    CHATS,
    FOLLOWS,
    WRITES,
    chance_of_posting,
    commitment,
    company_forgone,
    coping_shown,
    length_of_visit,
    meet_online,
    met_by_screen,
    open_platform,
    task,
    wish,
)
from peersim.model.encounters import together
from peersim.model.people import CHIME, logistic
from peersim.model.processes.attendance import attendance_propensity, exposure_felt
from peersim.model.processes.departure import leaving_propensity
from peersim.model.vocabulary import ACTIVE, DIGITAL, GROUP, NOT_RELEVANT, OUTSIDE
from peersim.run.simulation import simulate
from peersim.scenario.scenario import Scenario, changed

compiles = pytest.mark.compiles

# -- how often and how long ----------------------------------------------------------------------

EVERYBODY = [NormalDist().inv_cdf((k + 0.5) / 2000) for k in range(2000)]
"""Standard normal numbers of two thousand people."""


def kind(**more):
    return Record(**{"use_spread": 0.0, "anxiety_draw": 0.0, "commitment": 0.0} | more)


def member(use=0.0, anxiety=0.5, role=0):
    return Record(use=use, social_anxiety=anxiety, role=role)


def test_wishes_differ_around_the_mean_of_the_service():
    wishes = [math.exp(wish(member(z), kind(use_spread=1.5))) for z in EVERYBODY]
    assert np.mean(wishes) == pytest.approx(1.0, abs=0.02)
    assert wishes[1000] < 0.4, "most log on less than the mean"
    assert {wish(member(z), kind()) for z in EVERYBODY} == {0.0}
    assert wish(member(2.0, role=1), kind(use_spread=1.5)) == 0.0, "supporters come to serve"


@pytest.mark.parametrize("odds", [-3.0, 0.0, 4.0])
@pytest.mark.parametrize("use", [-1.0, 0.5, 2.5])
def test_a_wish_that_visits_cannot_meet_makes_them_longer(odds, use):
    """Expected hours are those of somebody without the wish, times the wish."""
    p, x = member(use), kind(use_spread=1.2)
    chance = logistic(odds + wish(p, x))
    assert chance * length_of_visit(chance, p, x) == pytest.approx(
        logistic(odds) * math.exp(wish(p, x))
    )


@pytest.mark.parametrize("anxiety", [0.0, 0.5, 0.9])
def test_the_anxious_come_more_often_and_not_for_more_hours(anxiety):
    p, x = member(anxiety=anxiety), kind(anxiety_draw=2.0)
    chance = logistic(-1.0 + 2.0 * (anxiety - 0.5))
    assert chance * length_of_visit(chance, p, x) == pytest.approx(logistic(-1.0))


FLAT = {
    f"attendance.{name}": 0.0
    for name in ("safety", "pull", "anxiety", "withdrawal", "absence", "need")
}
STAY = {f"departure.{name}": 0.0 for name in ("life_event", "misfit", "first_meeting_digital", "unsafe", "drift",
        "not_relevant", "moved_on")}  # fmt: skip
SERVICE = FLAT | STAY | {"communities": ["digital"], "population.recipients": 3000, "population.supporters": 0,
                         "population.spare_hours": 40, "population.spare_spread": 0, "population.arrival_weeks": 1,
                         "sign_up.rate": 2.0, "digital.per_week": 4.0, "weeks": 40}  # fmt: skip


def service(**more):
    alike = dict.fromkeys(("use_spread", "anxiety_draw", "commitment"), 0.0)
    more = {f"digital.{name}": value for name, value in (alike | more).items()}
    world = simulate(changed(Scenario(), SERVICE | more), 3).world
    return world.memberships[:, DIGITAL], world.people


@compiles
def test_a_tenth_of_the_members_use_a_platform_most_of_the_hours():
    """The share of the top tenth is that of a log-normal distribution, the mean as without."""
    alike, unequal = (service(use_spread=spread)[0] for spread in (0.0, 1.5))
    expected = NormalDist().cdf(1.5 - NormalDist().inv_cdf(0.9))
    shares = []
    for m in (alike, unequal):
        weekly = np.sort(m["hours"] / np.maximum(1, m["offered"]))[::-1]
        shares.append(weekly[:300].sum() / weekly.sum())
    assert shares[0] < 0.2 and abs(shares[1] - expected) < 0.06
    assert unequal["hours"].mean() == pytest.approx(alike["hours"].mean(), rel=0.15)
    assert (unequal["meetings"] == 1).mean() > 3 * (alike["meetings"] == 1).mean()


@compiles
def test_anxiety_draws_to_the_screen_in_visits_alone():
    m, people = service(anxiety_draw=2.0)
    of_anxiety = [np.corrcoef(people["social_anxiety"], m[name] / np.maximum(1, m["offered"]))[0, 1]
                  for name in ("attended", "hours")]  # fmt: skip
    assert of_anxiety[0] > 0.5 and abs(of_anxiety[1]) < 0.1


@compiles
def test_nobody_stays_longer_than_their_hours():
    run = simulate(changed(Scenario(), SERVICE | {"population.recipients": 400, "population.spare_hours": 3,
                                                  "digital.use_spread": 2.5}), 1)  # fmt: skip
    assert run.world.people["online_hours"].max() <= 3.0 + 1e-9
    assert run.world.people["online_hours"].max() > 2.9, "somebody spends them all there"


# -- displacement --------------------------------------------------------------------------------


def test_only_time_online_and_anxiety_make_company_forgone():
    x = Record(meets_company=0.8, company_hours=2.0)
    assert met_by_screen(0.0, x) == 0.0 and met_by_screen(2.0, x) == pytest.approx(0.632, abs=1e-3)
    forgone = [company_forgone(Record(met_online=met, social_anxiety=shy), x)
               for met, shy in ((0.0, 0.9), (0.5, 0.0), (0.5, 0.9))]  # fmt: skip
    assert forgone[:2] == [0.0, 0.0] and forgone[2] == pytest.approx(0.36)


@compiles
def test_the_screen_takes_contacts_from_those_who_are_there_alone():
    online = {"communities": ["digital"], "digital__use_spread": 2.0, "digital__displacement": 0.0,
              "cafe__per_week": 0.0}  # fmt: skip
    met, free = (
        simulate(lively(**online, population__recipients=80, digital__meets_company=m), 1).world
        for m in (1.0, 0.0)
    )
    hours = met.memberships["hours"][:, DIGITAL]
    contacts = [world.people["outside_contacts"] for world in (met, free)]
    never = (hours == 0) & (met.people["role"] == 0)
    assert never.sum() > 5 and same(contacts[0][never], contacts[1][never])
    held = hours > np.quantile(hours, 0.9)
    assert (contacts[0][held] < contacts[1][held]).all()
    assert contacts[0][held].sum() < 0.93 * contacts[1][held].sum()


@compiles
def test_company_met_by_the_screen_keeps_the_anxious_from_exposed_places_only():
    world = world_of(lively(["group", "digital"], digital__meets_company=0.8), 1)
    world.status[:, [GROUP, DIGITAL]], world.planned[:, [GROUP, DIGITAL]] = ACTIVE, 1
    attendance_propensity(world)
    before = world.chances["propensity"].copy()
    world.people["met_online"] = 1.0
    attendance_propensity(world)
    exposed = world.params[0]["group"]["exposure"]
    ratio = world.chances["propensity"][:, GROUP] / before[:, GROUP]
    assert np.allclose(ratio, 1 - 0.8 * world.people["social_anxiety"] * exposed)
    assert same(world.chances["propensity"][:, DIGITAL], before[:, DIGITAL])


# -- tasks ---------------------------------------------------------------------------------------


def test_three_kinds_of_task_by_stage():
    x = Record(contributor_stage=0.6, chat_stage=0.4)
    assert [task(stage, x) for stage in (0.3, 0.4, 0.6)] == [FOLLOWS, CHATS, WRITES]
    first_edition = Record(contributor_stage=0.6, chat_stage=1.0)
    assert [task(stage, first_edition) for stage in (0.3, 0.59, 1.0)] == [FOLLOWS, FOLLOWS, WRITES]


@compiles
def test_tasks_change_as_people_get_further_and_are_not_taken_away():
    world = world_of(lively(["digital"], digital__chat_stage=0.4, digital__contributor_stage=0.6,
                            digital__tasks_grow=2.0, digital__screening_weeks=0), 1)  # fmt: skip
    ida, week = world.people[0], world.clock[0]
    world.status[0, DIGITAL], ida.stage, week.week = 2, 0.3, 1  # she waits for the call

    def recovered(gain):
        for name in CHIME:
            world.people[name][0] = world.people["own_" + name][0] + gain
        week.week += 1
        open_platform(world)
        return world.memberships[0, DIGITAL].contributor

    assert [recovered(gain) for gain in (0.0, 0.06, 0.02, 0.16, -0.1)] == [
        FOLLOWS,
        CHATS,
        CHATS,
        WRITES,
        WRITES,
    ]


@compiles
def test_a_task_binds():
    more = {"communities": ["digital"], "digital__commitment": 1.0}
    world = world_of(lively(**more), 1)
    world.status[:, DIGITAL], world.planned[:, DIGITAL], world.people["stage"] = ACTIVE, 1, 0.9
    chance, hazard = [], []
    for contributes in (FOLLOWS, CHATS, WRITES):
        world.memberships["contributor"][:, DIGITAL] = contributes
        attendance_propensity(world)
        leaving_propensity(world)
        chance.append(world.chances["propensity"][0, DIGITAL])
        hazard.append(world.chances["hazard"][0, DIGITAL, NOT_RELEVANT])
    odds = [c / (1 - c) for c in chance]
    assert odds[1] == odds[2] == pytest.approx(math.e * odds[0])
    assert hazard[1] == hazard[2] == pytest.approx(hazard[0] / math.e) and hazard[0] > 0
    assert commitment(Record(contributor=2), kind(commitment=1.0)) == 1.0


def platform(seed=1, mix=("digital",), **more):
    """A week in which everybody is on the platform; the first only follows, the others write."""
    settings = {"population__recipients": 6, "population__supporters": 0, "digital__posting": 1.0, "digital__reads": 4,
                "digital__performance_anxiety": 0.0, "digital__reply": 0.0, "group__leaders": 0}  # fmt: skip
    world = world_of(lively(list(mix), **settings | more), seed)
    world.status[:, DIGITAL], world.present[:, DIGITAL] = ACTIVE, 1
    world.people["online_hours"] = world.params[0]["digital"]["hours"]
    world.people["hope"], world.seen["hope"], world.clock[0].week = 0.2, 0.5, 1
    world.memberships["safety"][:, DIGITAL] = 0.5
    world.memberships["contributor"][1:, DIGITAL] = WRITES
    return world


@compiles
def test_who_keeps_the_chat_talks_with_those_who_come_by():
    world = platform(digital__technical_trouble=0.0)
    world.memberships["contributor"][1:, DIGITAL] = CHATS
    meet_online(world)
    assert world.people["n_ties"][0] > 0 and world.people["contributed"].sum() == 0
    silent = platform(digital__technical_trouble=1.0)
    silent.memberships["contributor"][1:, DIGITAL] = CHATS
    meet_online(silent)
    assert silent.people["n_ties"].sum() == 0, "chat does not work"


# -- moderation ----------------------------------------------------------------------------------


def test_moderation_raises_the_share_of_coping_and_saturates():
    def shown(moderation, effect=0.6):
        return coping_shown(
            Record(
                coping=0.7, moderation_effect=effect, moderation=moderation, moderation_enough=0.5
            )
        )

    shares = [shown(hours) for hours in (0.0, 0.5, 1.0, 10.0)]
    assert shares[0] == pytest.approx(0.28) and shares[-1] == pytest.approx(0.7)
    assert shares == sorted(shares)
    assert shares[1] - shares[0] > shares[2] - shares[1], "the first hours do most"
    assert {shown(hours, effect=0.0) for hours in (0.0, 1.0)} == {0.7}


@compiles
def test_where_nobody_moderates_people_meet_distress_alone():
    met = {}
    for hours in (0.0, 10.0):
        world = platform(digital__coping=1.0, digital__moderation_effect=1.0, digital__moderation=hours)  # fmt: skip
        meet_online(world)
        met[hours] = [world.people[name].sum() for name in ("role_models", "distress_met")]
    assert met[0.0][0] == 0 < met[0.0][1] and met[10.0][1] == 0 < met[10.0][0]


# -- a group beside the platform -----------------------------------------------------------------


def test_topics_make_up_for_part_of_the_posts_that_are_missing():
    p, x = Record(social_anxiety=1.0), Record(posting=0.8, performance_anxiety=0.5)
    assert [chance_of_posting(p, x, topics) for topics in (0.0, 0.5, 1.0)] == [0.4, 0.7, 1.0]


@compiles
def test_who_came_to_the_group_has_something_to_write_about():
    world = platform(mix=("group", "digital"), digital__posting=0.0, digital__group_topics=1.0)
    world.status[:, GROUP], world.present[[2, 4], GROUP] = ACTIVE, 1
    meet_online(world)
    assert set(np.flatnonzero(world.people["contributed"])) <= {2, 4}
    assert world.people["contributed"].sum() > 0


def share_read_of(friend, met_in, **more):
    """Share of the first person's readings that were of one author, and hope met in a reading."""
    times = total = hope = 0.0
    for seed in range(1, 31):
        world = platform(seed, digital__voice_spread=0.0, digital__coping=1.0, **more)
        for _ in range(4):
            together(world, 0, friend, (100.0, 1.0), 0.5, np.int64(met_in))
        world.ties["strength"] = 1.0 - np.exp(-world.ties["effective"] / 130)
        world.people["online_hours"][1:] = 0.0  # only the first reads
        world.people["role_models"] = 0.0
        meet_online(world)
        times += world.people["contributed"][friend]
        total += world.people["contributed"].sum()
        hope += world.people["role_models"][0]
    return times / total, hope / total


@compiles
def test_people_read_those_they_have_met_and_it_counts_more():
    as_strangers, plain = share_read_of(3, OUTSIDE, digital__known=0.0)
    chosen, weight = share_read_of(3, OUTSIDE, digital__known=10.0)
    online, plain_online = share_read_of(3, DIGITAL, digital__known=10.0)
    assert chosen > 1.5 * as_strangers and weight > 1.5 * plain
    assert online == pytest.approx(as_strangers), "knowing somebody from the screen is not meeting"
    assert plain_online == pytest.approx(plain)


@compiles
def test_a_group_exposes_less_where_people_are_known_from_the_screen():
    world = world_of(lively(["group", "digital"], digital__eases_group=0.6), 1)
    group, full = np.int64(GROUP), world.params[0]["group"]["exposure"]
    together(world, 0, 1, (1.0, 1.0), 0.5, np.int64(DIGITAL))
    together(world, 0, 2, (1.0, 1.0), 0.5, np.int64(OUTSIDE))
    assert exposure_felt(world, 0, group) == full, "nobody known is usually there"
    world.seen["active"] = 1 << GROUP
    assert exposure_felt(world, 0, group) == pytest.approx(full * (1 - 0.6 / 2))
    assert exposure_felt(world, 2, group) == full, "who has met face to face is no news here"
    together(world, 0, 3, (1.0, 1.0), 0.5, np.int64(DIGITAL))
    assert exposure_felt(world, 0, group) == pytest.approx(full * (1 - 0.6 * 2 / 3))
    assert exposure_felt(world, 0, np.int64(DIGITAL)) == world.params[0]["digital"]["exposure"]


# -- a small platform with a call ----------------------------------------------------------------


@compiles
def test_ung_til_ung_has_its_own_dose_and_three_kinds_of_task():
    """More log-ons than on one large anonymous service (N10: five in half a year), fewer single
    ones (N09: a third); more follow than write, and some keep the chat.
    """
    project = peersim.load_scenario(["project=ung_til_ung"])
    kinds, visits = [], []
    for seed in range(1, 41):
        m = simulate(changed(project, {"weeks": 30}), seed).world.memberships[:60, DIGITAL]
        begun = m["contributor"][m["joined"] >= 0]
        kinds.append([np.sum(begun == does) for does in (FOLLOWS, CHATS, WRITES)])
        visits.append(m["meetings"][(m["meetings"] > 0) & (m["joined"] <= 12)])
    held = [min(each) > 0 and each[0] > each[2] for each in kinds]
    assert np.mean(held) >= 0.9
    every = np.concatenate(visits)
    assert len(every) > 500  # of fewer nothing can be told
    assert every.mean() > 2 * 5.11 and (every == 1).mean() < 0.25
