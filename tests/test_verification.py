"""Verification: where the answer is known from theory, the model gives it."""

import itertools
import math

import networkx as nx
import numpy as np
import pytest
from test_vignettes import CALM, SURE

from peersim.model.people import CHIME, log_odds
from peersim.model.vocabulary import CAUSES, N_HAZARDS, ONE_TO_ONE, WITHDRAWN
from peersim.run.first_day import create, draw_up, room_for_outcomes
from peersim.run.simulation import ensemble, run_weeks, simulate
from peersim.scenario.scenario import Scenario, changed, without_programme

pytestmark = pytest.mark.compiles


def standard_errors(observed, expected, spread):
    return abs(observed - expected) / spread


def many(**settings):
    settings = {path.replace("__", "."): value for path, value in settings.items()}
    online = {"communities": ["digital"], "population.recipients": 4000, "population.supporters": 0,
              "digital.screening_weeks": 0, "digital.effort": 0.0, "sign_up.digital": 0.0,
              "digital.use_spread": 0.0, "digital.anxiety_draw": 0.0, "digital.commitment": 0.0}  # fmt: skip
    return changed(Scenario(), SURE | online | settings)


# -- leaving -------------------------------------------------------------------------------------


@pytest.mark.parametrize("rate", [0.003, 0.03])
def test_a_constant_hazard_gives_exponential_retention(rate):
    """Of those who have been members for k weeks, exp(-rate k) are left, within 4 standard
    errors."""
    run = simulate(many(departure__life_event=rate, weeks=60), 1)
    m = run.memberships
    joined, left = m["joined"].to_numpy(), m["left"].fill_null(10**6).to_numpy()
    for weeks in (1, 5, 20, 50):
        known = joined + weeks - 1 <= 60
        stayed = (left[known] > joined[known] + weeks - 1).mean()
        expected = math.exp(-rate * weeks)
        spread = math.sqrt(expected * (1 - expected) / known.sum())
        assert standard_errors(stayed, expected, spread) < 4, (weeks, stayed, expected)
    assert set(run.departures["cause"]) == {"life_event"}


def test_causes_come_in_proportion_to_their_hazards():
    """Life event 0.02 and not relevant 0.1 x (stage - 0): shares of the hazards are shares of the
    causes."""
    run = simulate(
        many(
            departure__life_event=0.02,
            departure__not_relevant=0.1,
            departure__relevant_stage=0.0,
            weeks=40,
        ),
        2,
    )
    shares = run.departures["share_not_relevant"].to_numpy()
    observed = (run.departures["cause"] == "not_relevant").to_numpy()
    assert (
        standard_errors(observed.sum(), shares.sum(), math.sqrt((shares * (1 - shares)).sum())) < 4
    )
    stage = dict(run.people.select("person", "stage").rows())
    for person, share in run.departures.select("person", "share_not_relevant").head(20).rows():
        assert math.isclose(share, 0.1 * stage[person] / (0.02 + 0.1 * stage[person]), rel_tol=1e-9)


def test_hazards_add_up():
    """The rate of leaving is the sum of the rates, however it is divided."""
    one = simulate(many(departure__life_event=0.03, weeks=30), 3)
    two = simulate(many(departure__life_event=0.01, departure__not_relevant=0.02, departure__relevant_stage=0.0,
                        population__stage=0.999, population__trait_spread=0.1, weeks=30), 3)  # fmt: skip
    assert abs(one.departures.height - two.departures.height) < 0.02 * one.departures.height
    assert set(two.departures["cause"]) == {"life_event", "not_relevant"}


def test_without_any_hazard_nobody_leaves():
    run = simulate(changed(Scenario(), CALM | {"communities": ["group", "digital", "availability"], "weeks": 60,
                                               "training.dropout": 0.0, "sign_up.impatience": 0.0}), 1)  # fmt: skip
    assert set(run.memberships["cause"].drop_nulls()) <= {
        "course_completed",
        "community_closed",
        "never_started",
    }


def test_who_waits_gives_up_at_a_constant_rate():
    waiting = many(communities=["group"], group__leaders=0, group__minimum=15, group__size=30, group__most=1,
                   sign_up__impatience=0.05, weeks=30)  # fmt: skip
    m = simulate(waiting, 1).memberships
    m = m.filter(m["joined"].is_null())
    since, left = m["waiting"].to_numpy(), m["left"].fill_null(10**6).to_numpy()
    stayed = (left > since + 9)[since <= 20]
    expected = math.exp(-0.05 * 10)
    assert (
        standard_errors(stayed.mean(), expected, math.sqrt(expected * (1 - expected) / len(stayed)))
        < 4
    )


# -- sign-up, attendance -------------------------------------------------------------------------


def test_sign_up_is_geometric_with_the_chance_of_its_rate():
    """With rate r, 1 - exp(-r) of those left sign up each week."""
    run = simulate(
        many(sign_up__rate=0.2, sign_up__need=0.0, organisations__independent__reach=1.0, weeks=12),
        4,
    )
    for weeks in (1, 4, 12):
        share = (run.memberships["waiting"] <= weeks).sum() / 4000
        expected = 1 - math.exp(-0.2 * weeks)
        assert standard_errors(share, expected, math.sqrt(expected * (1 - expected) / 4000)) < 4


def test_coming_has_the_logistic_chance_of_its_log_odds():
    """Habit and effort alone: everybody comes with the same chance, to each meeting anew."""
    flat = dict.fromkeys(("attendance__safety", "attendance__pull", "attendance__anxiety", "attendance__withdrawal",
                          "attendance__absence", "attendance__need"), 0.0)  # fmt: skip
    for habit, effort in ((0.0, 0.0), (1.0, 0.4), (-1.0, 1.0)):
        run = simulate(
            many(
                attendance__habit=habit,
                digital__effort=effort,
                weeks=20,
                population__spare_hours=40,
                **flat,
            ),
            5,
        )
        offered, attended = (
            run.memberships[name].sum() for name in ("sessions_offered", "attended")
        )
        chance = 1 / (1 + math.exp(-(habit - effort)))
        assert (
            standard_errors(attended, offered * chance, math.sqrt(offered * chance * (1 - chance)))
            < 4
        )


def test_a_match_meets_with_the_chance_that_both_come():
    """The product of two logistic chances; supporters are more reliable."""
    flat = {
        f"attendance.{name}": 0.0
        for name in ("safety", "pull", "anxiety", "withdrawal", "absence", "strain")
    }
    pairs = SURE | flat | {"communities": ["one_to_one"], "population.recipients": 300, "population.supporters": 300,
                           "one_to_one.capacity": 1, "weeks": 20, "attendance.habit": 0.3, "attendance.reliability": 1.0,
                           "one_to_one.effort": 0.5, "population.spare_hours": 40, "population.supporter_hours": 40,
                           "one_to_one.weeks": 104}  # fmt: skip
    m = simulate(changed(Scenario(), pairs), 7).memberships.filter(role="recipient")
    offered, attended = m["sessions_offered"].sum(), m["attended"].sum()
    chance = 1 / (1 + math.exp(0.2)) * 1 / (1 + math.exp(-0.8))
    assert (
        standard_errors(attended, offered * chance, math.sqrt(offered * chance * (1 - chance))) < 4
    )


def test_the_anxious_come_with_the_chance_of_their_own_anxiety():
    """With anxiety and exposure: the sum of everybody's own chances, within 4 standard errors; so
    in each half."""
    run = simulate(many(attendance__habit=0.5, attendance__safety=0, attendance__pull=0, attendance__withdrawal=0,
                        attendance__absence=0, attendance__need=0, attendance__anxiety=3.0, digital__exposure=1.0, weeks=20,
                        population__spare_hours=40), 6)  # fmt: skip
    both = run.memberships.join(run.people.select("person", "social_anxiety"), on="person")
    anxiety, offered, attended = (
        both[name].to_numpy() for name in ("social_anxiety", "sessions_offered", "attended")
    )
    chance = 1 / (1 + np.exp(-(0.5 - 3.0 * anxiety)))
    for half in (anxiety < np.median(anxiety), anxiety >= np.median(anxiety)):
        spread = math.sqrt((offered * chance * (1 - chance))[half].sum())
        assert standard_errors(attended[half].sum(), (offered * chance)[half].sum(), spread) < 4


def test_the_number_of_meetings_is_their_rate_times_the_weeks():
    for rate, weeks in itertools.product((0.25, 0.5, 1.0, 1.5, 2.3), (8, 20, 52)):
        run = simulate(
            many(digital__per_week=rate, weeks=weeks, population__recipients=5, sign_up__rate=2), 1
        )
        early = run.memberships.filter(run.memberships["joined"] == 1)
        assert set(early["sessions_offered"]) <= {math.ceil(rate * weeks)}


# -- ties ----------------------------------------------------------------------------------------

NO_CONTACT = {"ties.own_meetings": 0.0, "ties.introductions": 0.0, "page.contact": 0.0, "cafe.per_week": 0.0,
              "group.self_run_per_week": 0.0, "ties.closure": 0.0}  # fmt: skip
COURSE = SURE | NO_CONTACT | {"communities": ["group"], "population.recipients": 8, "group.leaders": 0, "group.weeks": 10,
                              "group.size": 8, "population.supporters": 0, "population.experience_spread": 0.2,
                              "ties.floor_hours": 0.02, "weeks": 60}  # fmt: skip


def edges(graph, name):
    return {frozenset(pair): value for *pair, value in graph.edges(data=name)}


@pytest.mark.parametrize("half_life", [8.0, 15.0])
def test_without_contact_a_tie_decays_as_it_must(half_life):
    """Hours that count are halved every half-life once the course is over, and so is confidence;
    hours stay."""
    run = simulate(changed(Scenario(), COURSE | {"ties.stability": 0.0, "ties.weak_half_life": half_life,
                                                 "ties.confidence_half_life": 40.0}), 1)  # fmt: skip
    over = run.memberships["left"].max()
    h0 = run.scenario.ties.familiarity_hours
    graphs = {weeks: run.graph(over + weeks) for weeks in (0, 1, 7, 25)}
    familiar = {weeks: {pair: -h0 * math.log(1 - s) for pair, s in edges(graph, "strength").items()}
                for weeks, graph in graphs.items()}  # fmt: skip
    assert len(familiar[0]) == 28
    for weeks, pair in itertools.product((1, 7, 25), familiar[0]):
        assert math.isclose(
            familiar[weeks][pair], familiar[0][pair] * 0.5 ** (weeks / half_life), rel_tol=1e-9
        )
        trust = [edges(graphs[w], "confidence")[pair] for w in (0, weeks)]
        assert math.isclose(trust[1], trust[0] * 0.5 ** (weeks / 40.0), rel_tol=1e-9)
        assert edges(graphs[weeks], "hours")[pair] == edges(graphs[0], "hours")[pair]


def test_a_tie_ends_in_the_week_it_must():
    """From h hours a tie falls below the floor after half-life x log2(h / floor) weeks."""
    run = simulate(
        changed(
            Scenario(),
            COURSE | {"ties.stability": 0.0, "ties.weak_half_life": 4.0, "ties.floor_hours": 1.0},
        ),
        1,
    )
    over = run.memberships["left"].max()
    h0 = run.scenario.ties.familiarity_hours
    familiar = {
        pair: -h0 * math.log(1 - s) for pair, s in edges(run.graph(over), "strength").items()
    }
    ended = {
        frozenset(pair): week
        for *pair, week in run.ties.select("person_a", "person_b", "ended_week").rows()
    }
    assert familiar and {reason for reason in run.ties["end_reason"]} == {"faded"}
    for pair, hours in familiar.items():
        assert ended[pair] == over + math.floor(4.0 * math.log2(hours)) + 1


def test_strong_and_embedded_ties_last_longer_by_the_factors_they_should():
    """Half-life x exp(stability x strength) x (1 + closure x shared friends), one week after
    another."""
    run = simulate(changed(Scenario(), COURSE | {"ties.stability": 6.0, "ties.closure": 0.5}), 1)
    week = run.memberships["left"].max() + 8  # by then everybody has counted shared friends anew
    before, after = (edges(run.graph(w), "strength") for w in (week, week + 1))
    x = run.scenario.ties
    assert len(before) == 28, "all eight know each other: six shared friends for every pair"
    for pair, s in before.items():
        half_life = x.weak_half_life * math.exp(6.0 * s) * (1 + 0.5 * 6)
        assert math.isclose(
            math.log(1 - after[pair]), math.log(1 - s) * 0.5 ** (1 / half_life), rel_tol=1e-9
        )


def test_a_course_makes_a_complete_network_of_its_hours():
    """Everybody comes every week for ten weeks: each pair has twenty hours, and a circle is a
    clique."""
    run = simulate(changed(Scenario(), COURSE | {"attendance.habit": 5.0, "attendance.safety": 0.0, "attendance.anxiety": 0.0,
                                                 "attendance.withdrawal": 0.0, "group.effort": 0.0}), 1)  # fmt: skip
    graph = run.graph(run.memberships["left"].max())
    assert nx.density(graph) == 1.0 and nx.transitivity(graph) == 1.0
    attended = dict(run.memberships.select("person", "attended").rows())
    for a, b, hours in graph.edges(data="hours"):
        assert hours <= 2.0 * min(attended[a], attended[b])
        assert hours >= 2.0 * (attended[a] + attended[b] - 10)


# -- states --------------------------------------------------------------------------------------


def test_without_programme_and_luck_every_state_returns_to_its_own_level():
    """From `low_point` below it, at the speed of the way up: the gap is (1 - speed)^weeks of what
    it was."""
    x = changed(Scenario(), {"outside.luck": 0.0, "outside.spiral": 0.0, "population.low_point": 0.03, "weeks": 30,
                             "population.chime_spread": 0.05, "change.surroundings": 0.0})  # fmt: skip
    run = simulate(without_programme(x), 1)
    people = run.world.people
    for state in CHIME:
        gap = people["own_" + state] - people[state]
        assert np.allclose(gap, 0.03 * (1 - x.change.speed) ** 30, rtol=1e-9), state


def test_outside_luck_has_the_spread_and_the_memory_it_should():
    """A stationary process: after long its standard deviation is one, whatever its memory."""
    for memory in (2.0, 12.0):
        x = changed(
            Scenario(), {"population.recipients": 3000, "outside.memory": memory, "weeks": 60}
        )
        luck = simulate(without_programme(x), 1).world.people["outside_luck"]
        assert standard_errors(luck.std(), 1.0, 1 / math.sqrt(2 * len(luck))) < 4
        assert standard_errors(luck.mean(), 0.0, 1 / math.sqrt(len(luck))) < 4


def test_strain_without_work_is_halved_at_the_rate_of_rest():
    """Sara's programme ends; what she carries mends by `rest` a week."""
    busy = SURE | NO_CONTACT | {"communities": ["one_to_one"], "population.recipients": 4, "population.supporters": 2,
                                "strain.per_match": 0.1, "strain.rest": 0.1, "weeks": 20,
                                "events": [{"week": 11, "funding_ends": True}]}  # fmt: skip
    worn, rested = (
        simulate(changed(Scenario(), busy | {"weeks": w}), 1).people.filter(role="supporter")
        for w in (11, 20)
    )
    assert worn["strain"].min() > 0.1
    assert np.allclose(rested["strain"], worn["strain"] * 0.9**9)


def test_traits_and_states_are_spread_as_declared():
    """Medians and standard deviations of what is drawn, within 4 standard errors."""
    x = Scenario().population
    run = simulate(
        without_programme(changed(Scenario(), {"population.recipients": 6000, "weeks": 1})), 1
    )
    drawn = run.people.filter(role="recipient")
    for trait in (
        "social_anxiety",
        "exclusion",
        "digital_confidence",
        "openness",
        "aversion",
        "stage",
    ):
        z = (
            np.array([log_odds(v) - log_odds(getattr(x, trait)) for v in drawn[trait]])
            / x.trait_spread
        )
        assert standard_errors(z.mean(), 0, 1 / math.sqrt(len(z))) < 4, trait
        assert standard_errors(z.std(), 1, 1 / math.sqrt(2 * len(z))) < 4.5, trait
    anxiety, exclusion = (
        np.array([log_odds(v) for v in drawn[name]]) for name in ("social_anxiety", "exclusion")
    )
    assert (
        standard_errors(np.corrcoef(anxiety, exclusion)[0, 1], x.vulnerability, 1 / math.sqrt(6000))
        < 4
    )
    own = run.world.people[run.world.people["role"] == 0]
    score = np.mean([own["own_" + state] for state in CHIME], axis=0)
    assert abs(score.mean() - x.chime_mean) < 0.01
    expected = x.chime_spread * math.sqrt((1 + 4 * x.chime_correlation) / 5)
    assert abs(score.std() - expected) < 0.06 * expected, "the bounds of a state cut a little off"
    for name, mean in (("spare_hours", x.spare_hours), ("outside_ties", x.outside_ties)):
        assert standard_errors(drawn[name].mean(), mean, drawn[name].std() / math.sqrt(6000)) < 4, (
            name
        )


def test_measured_scores_have_the_two_errors_they_should():
    """Error variance of one measurement: item error and passing state together."""
    x = changed(
        Scenario(), {"population.recipients": 6000, "weeks": 1, "population.chime_spread": 0.05}
    )
    people = simulate(without_programme(x), 1).people
    error = (people["recovery_measured_start"] - people["recovery_start"]).to_numpy()
    expected = math.hypot(x.measurement.item_error, x.measurement.passing_error)
    assert standard_errors(error.std(), expected, expected / math.sqrt(2 * len(error))) < 4
    assert standard_errors(error.mean(), 0.0, expected / math.sqrt(len(error))) < 4


# -- leaving that is not contagious --------------------------------------------------------------


def test_with_all_channels_off_departures_are_independent():
    """Variance of the number of leavers over replicates is that of independent people (within 4
    standard errors)."""
    off = many(population__recipients=40, departure__life_event=0.02, weeks=20, sign_up__rate=2, departure__social=0.0,
               departure__loss=0.0, departure__structure=False)  # fmt: skip
    seeds = range(400)
    runs = ensemble(off, seeds)
    left = 40 * (1 - runs.at(20, "retained"))
    mean = left.mean() / 40
    variance = 40 * mean * (1 - mean)
    assert standard_errors(left.var(), variance, variance * math.sqrt(2 / len(left))) < 4


def test_the_hazards_are_those_that_are_named():
    assert CAUSES[:N_HAZARDS] == ("life_event", "misfit", "unsafe", "overload", "lost_tie", "others_leaving",
                                  "not_relevant", "drift", "moved_on")  # fmt: skip


def test_a_supporter_taken_by_an_event_meets_nobody_from_that_week_on():
    scenario = changed(Scenario(), {"communities": ["one_to_one"], "training.uptake": 1.0, "one_to_one.every": 1.0,
                                    "events": [{"week": 15, "lose_supporters": 4}]})  # fmt: skip
    blueprint = draw_up(scenario)
    world = create(blueprint, 3, np.zeros((0, len(blueprint.ids))))
    run_weeks(world, 0, 14, room_for_outcomes(scenario.weeks))
    before, matched = (
        world.memberships["attended"][:, ONE_TO_ONE].copy(),
        world.memberships["partner"][:, ONE_TO_ONE].copy(),
    )
    run_weeks(world, 14, 15, room_for_outcomes(scenario.weeks))
    gone = np.flatnonzero(
        (world.memberships["cause"][:, ONE_TO_ONE] == WITHDRAWN)
        & (world.memberships["left"][:, ONE_TO_ONE] == 15)
    )
    came = world.memberships["attended"][:, ONE_TO_ONE] - before
    left_behind = np.flatnonzero(np.isin(matched, gone))
    assert len(gone) == 4 and len(left_behind) > 1
    assert came[gone].sum() == 0 and came[left_behind].sum() == 0 and came.sum() > 0
