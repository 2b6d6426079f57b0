"""The model against a second implementation, by other means and from the description alone: the
same numbers."""

import itertools
import math

import polars as pl
import pytest
from oracle import CHIME, Programme, run, scores_alone

from peersim.model.outcomes import NAMES, PERSONAL
from peersim.run.simulation import simulate
from peersim.scenario.scenario import Scenario, changed, without_programme

pytestmark = pytest.mark.compiles

CLOSE = 1e-9
PEOPLE = {"communities": ["group"], "population.recipients": 16, "population.supporters": 0, "population.asked": 5, "weeks": 26,
          "population.arrival_weeks": 3, "sign_up.rate": 1.0, "training.weeks": 2, "training.uptake": 0.9,
          "group.patience": 2}  # fmt: skip
PLAIN = PEOPLE | {"group.size": 6}
FULL = PEOPLE | {
    "group.size": 5, "group.minimum": 3, "group.weeks": 9, "group.per_week": 1.5, "group.educators": 1.0,
    "group.educator_safety": 0.2,
    "group.companionship": 0.2, "group.self_run_cohesion": 0.1, "cafe.per_week": 1.0, "page.contact": 0.3,
    "supervision.per_month": 2.0, "team.per_month": 1.0, "organisation": "outreach", "training.form": "webinar",
    "programme.mentoring_drift": 0.5, "departure.social": 0.02, "departure.lost_tie": 0.3, "ties.strong": 0.2,
    "ties.introductions": 0.1, "strain.per_hour": 0.1, "ties.weak_half_life": 5.0,
    "ties.forgotten_after": 3, "programme.intensity": 1.2, "sign_up.way_in": "referred", "sign_up.need": 2.0,
    "attendance.need": 1.5, "attendance.exposed_withdrawal": 0.7, "safety.fit_exclusion": 0.4,
}  # fmt: skip
ENDS = FULL | {
    "group.leaders": 1, "departure.life_event": 0.03, "departure.thin_weeks": 1, "change.rejection": 0.2,
    "population.experience_spread": 1.0, "population.chime_mean": 0.35,
    "events": [{"week": 7, "lose_supporters": 2}, {"week": 10, "set": {"cafe.per_week": 2, "group.hours": 1.5}},
               {"week": 12, "leave": "R3"}, {"week": 4, "keep": "R5"}, {"week": 6, "keep": "S2"}, {"week": 20, "funding_ends": True}],
}  # fmt: skip
NOT_LED = FULL | {"group.leaders": 0, "departure.structure": False, "departure.loss": 0.0, "group.patience": 1,
                  "group.weeks": 6, "group.self_run_cohesion": 0.05, "group.self_run_per_week": 1.0,
                  "population.arrival_weeks": 1, "sign_up.rate": 2.0, "training.weeks": 0}  # fmt: skip
IN_PAIRS = {"communities": ["one_to_one"], "weeks": 40, "one_to_one.weeks": 14}
PAIRS = PEOPLE | IN_PAIRS
PAIRS_FULL = FULL | IN_PAIRS | {
    "one_to_one.every": 0.6, "one_to_one.hours": 1.2, "one_to_one.capacity": 3, "one_to_one.one_way": 0.7,
    "one_to_one.match_weight": 1.0, "supervision.legitimate_withdrawal": 0.8, "supervision.rest_weeks": 4,
    "departure.overload": 0.1, "strain.per_match": 0.05, "population.supporter_hours": 4.0,
}  # fmt: skip
PAIRS_END = PAIRS_FULL | {
    "one_to_one.rematch": False, "departure.life_event": 0.03, "change.rejection": 0.2,
    "population.experience_spread": 1.0, "population.chime_mean": 0.35, "supervision.legitimate_withdrawal": 0.0,
    "events": [{"week": 9, "lose_supporters": 1}, {"week": 12, "set": {"one_to_one.every": 0.3, "ties.confidence_value": 0.8}},
               {"week": 12, "leave": "R3"}, {"week": 4, "keep": "R5"}, {"week": 6, "keep": "S2"}, {"week": 35, "funding_ends": True}],
}  # fmt: skip
MANY_WAIT = PAIRS_FULL | {"sign_up.way_in": "consented", "population.recipients": 30, "population.arrival_weeks": 1, "departure.structure": False,
                          "departure.loss": 0.0, "training.weeks": 0, "one_to_one.match_weight": 5.0, "one_to_one.effort": 2.0,
                          "change.rejection": 0.3, "population.experience_spread": 1.0}  # fmt: skip
BOTH = FULL | IN_PAIRS | {"communities": ["one_to_one", "group"], "population.spare_hours": 3.0, "ties.strong": 0.1,
                          "sign_up.rate": 0.3, "safety.carried": 0.9, "safety.gain": 0.4, "departure.lost_tie": 0.02}  # fmt: skip
SWITCHED = PAIRS_FULL | {
    "safety.carried": 0.9, "safety.gain": 0.4,
    "events": [{"week": 10, "switch": "one_to_one", "to": "group"}, {"week": 24, "add": "one_to_one"}, {"week": 33, "end": "group"}],
}  # fmt: skip
NORM = {"attendance.norm": 1.5, "departure.closing": "attendance", "group.leaders_in_cohesion": False,
        "departure.following": 3.0, "departure.moved_on": 0.1, "departure.moved_on_from": 0.3, "departure.drift": 0.02}  # fmt: skip
COMES = ENDS | NORM | {"weeks": 40, "group.self_run_per_week": 0.6}
STAFF = (
    NOT_LED
    | NORM
    | {
        "group.per_week": 0.6,
        "departure.structure": True,
        "departure.thin_weeks": 2,
        "departure.loss": 1.0,
    }
)
OPEN = COMES | {
    "group.open": True,
    "group.weeks": 8,
    "population.arrival_weeks": 20,
    "group.size": 4,
    "events": ENDS["events"][:-1],
}
OPEN_STAFF = STAFF | {
    "group.open": True,
    "group.weeks": 12,
    "population.arrival_weeks": 20,
    "weeks": 40,
    "population.chime_mean": 0.45,  # who is well moves on before a course is over
}
RULES = {"change.shared_time": 1.0, "change.separate_sources": True, "change.sides": True, "change.worn": 0.05,
         "safety.threshold": 0.2, "safety.relation": True, "safety.company": True, "safety.familiar_fit": 0.8,
         "one_to_one.tie_ends": True, "one_to_one.promise": 0.9, "one_to_one.ask_again": 0.6, "one_to_one.first_in_cafe": 2, "sign_up.in_vain": 0.1,
         "strain.closeness": 0.05, "strain.newness": 1.0, "supervision.mends": 0.2}  # fmt: skip
KNOWN = BOTH | {"ties.acquaintance": 6.0, "population.recipients": 24, "cafe.effort": 0.0, "cafe.per_week": 2.0,
                "cafe.talks": 4}  # fmt: skip
SUPPLIED = {"population.supporters": 2, "population.asked": 3, "population.asked_weeks": 10, "training.declines_once": True,
            "group.fewest_leaders": 1, "group.leaders": 2, "one_to_one.within_hours": True, "training.uptake": 0.4}  # fmt: skip
GIVING = {"recruitment.met": 0.1, "recruitment.members": 0.1, "recruitment.completed": 0.2, "recruitment.from_recovery": 0.4,
          "training.uptake": 1.0, "training.weeks": 3, "training.form": "webinar"}  # fmt: skip
FEW_HOURS = PAIRS_FULL | SUPPLIED | {"population.supporter_hours": 2.0, "one_to_one.every": 0.6}
ALL = {"trained and asked": BOTH | SUPPLIED, "who gives, in both": BOTH | GIVING | {"weeks": 60}, "who gives, in open groups": OPEN | GIVING,
       "who gives, switched": SWITCHED | GIVING, "few hours for several matches": FEW_HOURS,
       "asked, and switched": SWITCHED | SUPPLIED, "who know each other": KNOWN, "plain groups": PLAIN, "groups, full": FULL, "groups end": ENDS, "groups, not led": NOT_LED, "plain pairs": PAIRS,
       "pairs, full": PAIRS_FULL, "pairs end": PAIRS_END, "many wait for a match": MANY_WAIT, "both": BOTH | NORM,
       "from pairs to groups": SWITCHED, "who comes": COMES, "who comes, staff": STAFF, "open groups": OPEN,
       "open groups, staff": OPEN_STAFF}  # fmt: skip
FIRST = {f"{name}, first edition": ALL[name] for name in ("groups, full", "pairs end", "both")}
SCENES = {name: scene | RULES for name, scene in ALL.items()} | FIRST


GIVES = [name for name in ALL if name.startswith("who gives")]
PAIRED = ("plain pairs", "pairs, full", "pairs end", "many wait for a match")
SEEDS = (1, 2, 3)
each_scene = pytest.mark.parametrize("name, seed", list(itertools.product(SCENES, SEEDS)))


@pytest.fixture(scope="module")
def both():
    """One scene by both implementations, kept for the next test."""
    kept = {}

    def runs(name, seed):
        if (name, seed) not in kept:
            scenario = changed(Scenario(), SCENES[name])
            kept[name, seed] = run(scenario, seed), simulate(scenario, seed)
        return kept[name, seed]

    return runs


def close(a, b):
    return (math.isnan(a) and math.isnan(b)) or abs(a - b) <= CLOSE * max(1.0, abs(b))


@each_scene
def test_every_outcome_of_every_week_is_the_same(both, name, seed):
    oracle, model = both(name, seed)
    for week, found in enumerate(oracle.outcomes):
        assert set(found) == set(NAMES)
        for k, outcome in enumerate(NAMES):
            assert close(model.values[week, 0, k], float(found[outcome])), f"week {week}: {outcome}"
        for community, means in zip(oracle.communities, oracle.outcomes_of[week], strict=True):
            for k, (outcome, mean) in enumerate(zip(PERSONAL, means, strict=True)):
                assert close(model.values[week, 1 + community.key, k], float(mean)), (
                    f"week {week}: {outcome} of {community.name}"
                )


@each_scene
def test_everybody_is_as_the_other_says(both, name, seed):
    oracle, model = both(name, seed)
    people = model.people
    assert people["person"].to_list() == [p.label for p in oracle.people]
    for p, row in zip(oracle.people, people.to_dicts(), strict=True):
        for own in ("social_anxiety", "exclusion", "openness", "readiness", "stage", "spare_hours", "outside_ties",
                    "strain", "given", "received", *CHIME):  # fmt: skip
            assert close(row[own], getattr(p, own)), (p.label, own)
        assert row["invited_week"] == p.invited_week


@each_scene
def test_everybody_stands_where_the_other_says(both, name, seed):
    oracle, model = both(name, seed)
    rows = {(row["person"], row["community"]): row for row in model.memberships.to_dicts()}
    stands = {(p.label, c): m for p in oracle.people for c, m in p.memberships.items()}
    assert set(rows) == set(stands)
    for who, m in stands.items():
        for column in ("status", "waiting", "joined", "left", "cause", "attended"):
            assert rows[who][column] == getattr(m, column), (who, column)
        assert rows[who]["sessions_offered"] == m.offered, who
        assert rows[who]["caused_by"] == (m.caused_by and m.caused_by.label), who
        for column in ("hours", "safety", "fit"):
            assert close(rows[who][column], getattr(m, column)), (who, column)


@each_scene
def test_every_tie_has_the_same_life(both, name, seed):
    oracle, model = both(name, seed)
    key = ["person_a", "person_b", "formed_week"]
    found = pl.DataFrame(oracle.all_ties(), infer_schema_length=None).sort(key)
    ties = model.ties.sort(key)
    for column in (*key, "met_in", "ended_week", "across"):
        assert found[column].to_list() == ties[column].to_list(), column
    for column in ("hours", "strength", "confidence"):
        assert (found[column] - ties[column]).abs().max() < CLOSE, column


@each_scene
def test_everybody_leaves_at_the_same_time_for_the_same_reason(both, name, seed):
    oracle, model = both(name, seed)
    found = model.departures.select("person", "week", "community", "cause", "caused_by").rows()
    assert sorted(oracle.departures, key=str) == sorted(found, key=str)


@pytest.mark.parametrize("name", ["groups, full", "pairs, full"])
def test_a_year_without_programme_holds_all_that_can_happen_in_one(name):
    scenario = changed(Scenario(), SCENES[name])
    whole = Programme(without_programme(scenario), 1)
    for _ in range(scenario.weeks):
        whole.step()
    assert whole.scores == scores_alone(scenario, 1)


def what_happens(both, community):
    """Statuses and causes in a community, and places where people met, over all scenes with it
    alone."""
    statuses, causes, places = set(), set(), set()
    for name, seed in itertools.product(SCENES, SEEDS):
        if (name in PAIRED) != (community == "one_to_one") or name in (
            "both",
            "from pairs to groups",
            "both, second edition",
        ):
            continue
        oracle, _ = both(name, seed)
        statuses |= {m.status for p in oracle.people for m in p.memberships.values()}
        causes |= {departure[3] for departure in oracle.departures}
        places |= {tie["met_in"] for tie in oracle.all_ties()}
    return statuses, causes, places


ALWAYS = {"life_event", "misfit", "others_leaving", "gave_up_waiting", "community_closed", "withdrawn", "never_started",
          "lost_tie", "overload", "training_dropout"}  # fmt: skip


@pytest.mark.parametrize("community", ["group", "one_to_one"])
def test_the_scenes_hold_what_can_happen(both, community):
    """Else agreement would say little."""
    statuses, causes, places = what_happens(both, community)
    assert statuses >= {"waiting", "active", "completed", "left", "closed"}
    assert ("self-run" in statuses) == (community == "group")
    assert places >= {community, "cafe", "outside", "team"}
    assert causes >= ALWAYS


def test_the_scenes_hold_what_can_happen_to_a_match(both):
    """A second match, a supporter who rests, a recipient whose match was all there was, a match
    that lasted, more people waiting than a supporter is compared with."""
    rematched = rested = bereft = lasted = compared = 0
    for name, seed in itertools.product(PAIRED, SEEDS):
        oracle, _ = both(name, seed)
        matched = [p.memberships["one_to_one"] for p in oracle.recipients if p.joined is not None]
        rematched += sum(m.waiting > m.joined for m in matched)
        rested += any(week["supporters_resting"] > 0 for week in oracle.outcomes)
        bereft += sum(m.status == "closed" and m.caused_by is not None for m in matched)
        lasted += sum(m.status == "completed" for m in matched)
        waiting = max(week["waiting"] for week in oracle.outcomes)
        compared += waiting * len(oracle.recipients) > 12
    assert min(rematched, rested, bereft, lasted, compared) > 0


def test_the_scenes_hold_recipients_who_become_supporters(both):
    for name in GIVES:
        recipients = [p for seed in SEEDS for p in both(name, seed)[0].recipients]
        assert sum(p.supports for p in recipients) > 2, name
        assert sum(p.given for p in recipients if p.supports) > 0, name


def test_the_scenes_hold_what_can_happen_to_a_circle(both):
    """Somebody joins a group that is running, completes before others, or follows an example."""
    joined = apart = followed = 0
    for name, seed in itertools.product(("open groups", "open groups, staff"), SEEDS):
        oracle, _ = both(name, seed)
        groups = oracle.communities[0]
        joined += groups.joined_later
        done = {m.left for m in groups.memberships(oracle.recipients) if m.status == "completed"}
        apart += len(done)
        followed += sum(
            cause == "moved_on" and by is not None for *_, cause, by in oracle.departures
        )
    assert joined > 0 and followed > 0 and apart > 2 * len(SEEDS)


def test_somebody_is_met_in_the_first_week(both):
    """People are seen from the first day on."""
    assert sum(both("groups, not led", seed)[0].outcomes[1]["face_to_face"] for seed in SEEDS) > 0


def test_hours_compete_and_some_still_meet_elsewhere(both):
    """What only a programme of two communities can show."""
    come_to_both = still_there = 0
    for seed in SEEDS:
        oracle, _ = both("both", seed)
        attended = [[m.attended > 0 for m in p.memberships.values()] for p in oracle.people]
        come_to_both += attended.count([True, True])
        still_there += sum(p.stands("left") and p.takes_part for p in oracle.people)
    assert come_to_both > 0 and still_there > 0
