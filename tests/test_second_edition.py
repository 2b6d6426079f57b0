"""The rules of the second edition, each switched on: what they do, and that they do nothing else."""

import functools

import numpy as np
import pytest
from worlds import outcome, world_of

from peersim.model.communities.one_to_one import break_matches, let_down, promised
from peersim.model.encounters import gate, role_model, safety_between, together
from peersim.model.processes.recovery import two_sides
from peersim.model.ties import find, form_tie, tie_at
from peersim.model.vocabulary import (
    ACTIVE,
    CAFE,
    GROUP,
    LEFT,
    MATCH_BROKEN,
    ONE_TO_ONE,
    OUTSIDE,
    TIE_ENDS,
    WAITING,
)
from peersim.run.simulation import simulate
from peersim.scenario.scenario import Scenario, changed, without_programme

pytestmark = pytest.mark.compiles

STATES = ("hope", "identity", "meaning", "empowerment")
SHARED = {"change.shared_time": 1.0, "safety.threshold": 0.2, "change.separate_sources": True}
HOURS = {"change.shared_time": 0.0, "safety.threshold": 0.0, "change.separate_sources": False}
MATCHES = {"one_to_one.tie_ends": True, "one_to_one.promise": 1.0, "one_to_one.ask_again": 1.0}
FEW = {"communities": ["one_to_one", "group"], "population.recipients": 12, "weeks": 30}


def world_with(**more):
    settings = {path.replace("__", "."): value for path, value in more.items()}
    world = world_of(changed(Scenario(), FEW | settings), 3)
    world.clock[0].week = 1
    return world


def matched(weeks_ago=2, **more):
    """A world in which the first supporter has had the first recipient for so many weeks."""
    world = world_with(**{path.replace(".", "__"): value for path, value in MATCHES.items()} | more)
    recipient, supporter = 0, int(world.clock[0].recipients)
    world.clock[0].week = 1 + weeks_ago
    world.status[[recipient, supporter], ONE_TO_ONE] = ACTIVE
    m = world.memberships[recipient, ONE_TO_ONE]
    m.partner, m.matched = supporter, 1
    world.people[supporter].dyads = 1
    world.memberships["safety"][:, ONE_TO_ONE] = 0.5
    together(world, supporter, recipient, (1.5, 1.0), 0.85, ONE_TO_ONE)
    return world, recipient, supporter


# -- safety first -------------------------------------------------------------------------------
def held(safety):
    """Safety stays as it is, and does nothing but open people: it neither draws nor keeps away."""
    still = {f"safety.{name}": 0.0 for name in ("gain", "misfit", "absence", "exclusion")}
    return still | {"safety.start": safety, "safety.neutral": safety, "attendance.safety": 0.0, "attendance.pull": 0.0, "ties.own_meetings": 0.0,
                    "departure.unsafe": 0.0, "safety.relation": True}  # fmt: skip


@functools.cache
def gains(safety, shared=True):
    """What a group brings a person by the last week, on average, state by state."""
    on = SHARED if shared else HOURS
    settings = {"communities": ["group"], "population.supporters": 30, "sign_up.rate": 1.0}
    scenario = changed(Scenario(), settings | on | held(safety))
    found = {name: 0.0 for name in STATES}
    for seed in range(8):
        run, alone = simulate(scenario, seed), simulate(without_programme(scenario), seed)
        for name in STATES:
            found[name] += outcome(run.values[None] - alone.values[None], name)[0, -1] / 8
    return found


@pytest.mark.parametrize("state", STATES)
def test_states_gain_little_where_nobody_feels_safe_and_more_where_people_do(state):
    low, high = gains(0.05)[state], gains(0.9)[state]
    assert high > 0.004 and low < 0.3 * high


def test_in_the_first_edition_they_gained_by_hours_alone():
    assert gains(0.05, shared=False)["hope"] > 0.6 * gains(0.9, shared=False)["hope"]


def test_nobody_confides_below_the_threshold():
    assert gate(0.05, 0.2) < 0.005 and gate(0.6, 0.2) > 0.98
    for safety, won in ((0.04, False), (0.6, True)):
        world = world_with(safety__threshold=0.2)
        world.memberships["safety"][:, GROUP] = safety
        together(world, 0, 1, (2.0, 1.0), 0.5, GROUP)
        assert (tie_at(world, 0, 0).confidence > 0.01) == won


def test_company_outside_is_as_safe_as_the_relation():
    world = world_with(safety__relation=True, safety__neutral=0.9)
    world.memberships["safety"][:, GROUP] = 0.1
    together(world, 0, 1, (2.0, 1.0), 0.5, GROUP)
    t = tie_at(world, 0, 0)
    before = safety_between(world, 0, OUTSIDE, t)
    t.confidence = 0.8
    assert before < 0.2 and safety_between(world, 0, OUTSIDE, t) == pytest.approx(0.82)


def test_somebody_with_less_hope_is_no_role_model():
    x = world_with(change__separate_sources=True).params[0].change
    assert role_model(0.6, 0.5, 1.0, x) == 0.0
    assert role_model(0.4, 0.7, 1.0, x) > role_model(0.4, 0.7, 0.2, x) > 0.0


# -- fit is felt ---------------------------------------------------------------------------------
def test_fit_grows_with_confidence_between_unlike_people():
    for on in (0.0, 1.0):
        world = world_with(safety__familiar_fit=on, ties__confidence_gain=1.0)
        world.people[0].experience_x, world.people[1].experience_x = -1.0, 1.0
        world.memberships["safety"][:, GROUP] = 1.0
        for _ in range(40):
            together(world, 0, 1, (2.0, 1.0), 0.5, GROUP)
        assert (world.memberships[0, GROUP].fit > 0.9) == (on == 1.0)


# -- a match is a role, and a promise -------------------------------------------------------------
def test_a_broken_match_ends_its_tie_and_says_why():
    world, recipient, supporter = matched()
    world.status[supporter, ONE_TO_ONE] = LEFT
    break_matches(world)
    assert find(world, recipient, supporter) < 0
    assert (
        TIE_ENDS[world.ledger[0].reason] == "match broken"
        and world.ledger[0].reason == MATCH_BROKEN
    )


def test_two_who_have_met_otherwise_keep_their_tie():
    world, recipient, supporter = matched()
    together(world, supporter, recipient, (0.5, 1.0), 0.5, CAFE)
    world.status[supporter, ONE_TO_ONE] = LEFT
    break_matches(world)
    assert find(world, recipient, supporter) >= 0


def test_a_promise_broken_early_costs_more_and_the_planned_end_nothing():
    costs = []
    for weeks in (2, 20, 26):
        world, recipient, _ = matched(weeks)
        let_down(world, recipient, world.params[0])
        costs.append(float(world.people[recipient].let_down))
    assert costs == [pytest.approx(24 / 26), pytest.approx(6 / 26), 0.0]
    assert promised(30.0, 26.0) == 0.0


def test_to_rest_breaks_no_promise_and_to_leave_does():
    for resting, hurt in ((3, False), (0, True)):
        world, recipient, supporter = matched()
        world.people[supporter].resting = resting
        if not resting:
            world.status[supporter, ONE_TO_ONE] = LEFT
        break_matches(world)
        assert (world.people[recipient].let_down > 0.0) == hurt
        assert world.status[recipient, ONE_TO_ONE] == WAITING


def test_who_asks_for_another_waits_and_is_not_matched_with_the_same_next():
    from peersim.model.communities.one_to_one import match

    world, recipient, supporter = matched()
    world.status[recipient, ONE_TO_ONE] = WAITING
    break_matches(world)
    assert world.people[recipient].former == supporter and world.people[supporter].strain > 0.0
    world.queue[ONE_TO_ONE, 0], world.clock[0].queue[ONE_TO_ONE] = recipient, 1
    match(world)
    assert world.status[recipient, ONE_TO_ONE] == WAITING
    other = supporter + 1
    world.status[other, ONE_TO_ONE] = ACTIVE
    match(world)
    assert world.memberships[recipient, ONE_TO_ONE].partner == other


@functools.cache
def year(**more):
    settings = {"communities": ["one_to_one"], "weeks": 52, "training.weeks": 0} | MATCHES
    settings |= {path.replace("__", "."): value for path, value in more.items()}
    return [simulate(changed(Scenario(), settings), seed) for seed in range(4)]


def test_broken_matches_stand_in_the_ledger_and_asking_again_is_no_departure():
    reasons = [reason for run in year() for reason in run.ties["end_reason"].to_list()]
    assert "match broken" in reasons
    asked = sum(len(run.departures.filter(cause="misfit")) for run in year())
    left = sum(
        len(run.departures.filter(cause="misfit")) for run in year(one_to_one__ask_again=0.0)
    )
    assert asked < left


def test_waiting_in_vain_costs_hope():
    given_up = 0.0
    for run in year(sign_up__in_vain=0.3, sign_up__impatience=0.2, population__supporters=1):
        usual = simulate(changed(run.scenario, {"sign_up.in_vain": 0.0}), run.seed)
        given_up += (
            outcome(usual.values[None], "hope")[0, -1] - outcome(run.values[None], "hope")[0, -1]
        )
    assert given_up > 0.0


# -- supporters ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "settings, higher",
    [
        ({"strain.closeness": 0.1}, True),
        ({"strain.closeness": 0.1, "supervision.legitimate_withdrawal": 1.0}, False),
        ({"strain.newness": 2.0}, True),
    ],
)
def test_closeness_wears_where_withdrawal_is_not_legitimate_and_newness_wears(settings, higher):
    more = {path.replace(".", "__"): value for path, value in settings.items()}
    usual = {path: value for path, value in more.items() if "legit" in path}
    on = np.mean([run.values[8, 0, _place("strain")] for run in year(**more)])
    off = np.mean([run.values[8, 0, _place("strain")] for run in year(**usual)])
    assert (on > off + 1e-6) == higher


def _place(name):
    from peersim.model.outcomes import NAMES

    return NAMES.index(name)


def test_who_is_worn_loses_hope_and_meaning():
    on, off = year(change__worn=0.1), year()
    recovery = [
        np.mean([run.values[-1, 0, _place("supporter_recovery")] for run in runs])
        for runs in (on, off)
    ]
    assert recovery[0] < recovery[1]


def test_supervision_mends_matches():
    supervised = {"supervision__per_month": 4.0}
    left = [
        sum(
            len(run.departures.filter(cause="misfit"))
            for run in year(one_to_one__ask_again=0.0, **more)
        )
        for more in (supervised, supervised | {"supervision__mends": 0.6})
    ]
    assert left[1] < left[0]


# -- two sides of connectedness -------------------------------------------------------------------
def test_a_clique_of_five_takes_no_sixth():
    world = world_with(change__sides=True)
    world.people[0].outside_contacts = 0.0
    for other in range(1, 8):
        form_tie(world, 0, other, GROUP, 0)
        tie_at(world, 0, find(world, 0, other)).strength = 0.1 * other
    _, circle = two_sides(world, 0, world.params[0])
    assert circle == pytest.approx(0.7 + 0.6 + 0.5 + 0.4 + 0.3)
    world.people[0].outside_contacts = 3.5
    assert two_sides(world, 0, world.params[0])[1] == pytest.approx(0.7 + 0.5 * 0.6)
    world.people[0].outside_contacts = 9.0
    assert two_sides(world, 0, world.params[0])[1] == pytest.approx(0.7)


def test_a_confidant_is_no_circle_and_a_circle_no_confidant():
    ends = {}
    for name, confidence, strengths in (("confidant", 1.0, (0.01,)), ("circle", 0.0, (0.5,) * 5)):
        world = world_with(change__sides=True, change__back=0.005)
        for place, strength in enumerate(strengths):
            form_tie(world, 0, place + 1, GROUP, 0)
            t = tie_at(world, 0, place)
            t.strength, t.confidence = strength, confidence
        p = world.people[0]
        before = p.emotional - p.own_emotional, p.social - p.own_social
        p.outside_contacts = p.outside_ties = 0.0
        from peersim.model.processes.recovery import change

        for _ in range(10):
            change(world)
        ends[name] = (
            p.emotional - p.own_emotional - before[0],
            p.social - p.own_social - before[1],
        )
        assert p.connectedness == pytest.approx(0.5 * (p.emotional + p.social))
    assert ends["confidant"][0] > ends["circle"][0] + 0.01
    assert ends["circle"][1] > ends["confidant"][1] + 0.01


def test_both_sides_begin_around_the_same_level():
    people = world_with(population__recipients=400, change__sides=True).people
    mean = 0.5 * (people["own_emotional"] + people["own_social"])
    assert mean == pytest.approx(people["own_connectedness"])
    assert np.std(people["own_emotional"] - people["own_social"]) > 0.1
