"""The model against a second implementation, by other means and from the description alone: the
same numbers."""

import itertools
import math

import polars as pl
import pytest
from oracle import CHIME, run

from peersim.model.outcomes import NAMES, PERSONAL
from peersim.run.simulation import simulate
from peersim.scenario.scenario import Scenario, changed

pytestmark = pytest.mark.compiles

CLOSE = 1e-9
PEOPLE = {"communities": ["group"], "population.recipients": 16, "population.supporters": 5, "weeks": 26,
          "population.arrival_weeks": 3, "sign_up.rate": 1.0, "training.weeks": 2, "training.uptake": 0.9,
          "group.patience": 2}  # fmt: skip
PLAIN = PEOPLE | {"group.size": 6}
FULL = PEOPLE | {
    "group.size": 5, "group.minimum": 3, "group.weeks": 9, "group.per_week": 1.5, "group.educators": 1.0,
    "group.companionship": 0.2, "group.self_run_cohesion": 0.1, "cafe.per_week": 1.0, "page.contact": 0.3,
    "supervision.per_month": 2.0, "team.per_month": 1.0, "organisation": "outreach", "training.form": "webinar",
    "programme.mentoring_drift": 0.5, "departure.social": 0.02, "departure.lost_tie": 0.3, "ties.strong": 0.2,
    "ties.introductions": 0.1, "strain.per_hour": 0.1, "ties.weak_half_life": 5.0,
    "ties.forgotten_after": 3, "programme.intensity": 1.2,
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
SCENES = {"plain": PLAIN, "full": FULL, "ends": ENDS, "not led": NOT_LED}


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
        for k, outcome in enumerate(PERSONAL):
            assert close(model.values[week, 2, k], float(found[outcome + "_reached"])), (
                f"week {week}: {outcome} of the group"
            )


@each_scene
def test_everybody_stands_where_the_other_says(both, name, seed):
    oracle, model = both(name, seed)
    people, members = model.people, {row["person"]: row for row in model.memberships.to_dicts()}
    assert people["person"].to_list() == [p.label for p in oracle.people]
    for p, row in zip(oracle.people, people.to_dicts(), strict=True):
        for trait in ("social_anxiety", "exclusion", "openness", "readiness", "stage", "spare_hours", "outside_ties",
                      "strain", "given", "received"):  # fmt: skip
            assert close(row[trait], getattr(p, trait)), (p.label, trait)
        for state in CHIME:
            assert close(row[state], p.state[state]), (p.label, state)
        assert row["invited_week"] == p.invited_week
        assert (p.status == "none") == (p.label not in members)
        if p.status != "none":
            found = members[p.label]
            for mine, theirs in {"status": "status", "waiting": "waiting", "joined": "joined", "attended": "attended",
                                 "sessions_offered": "offered"}.items():  # fmt: skip
                assert found[mine] == getattr(p, theirs), (p.label, mine)
            for name_ in ("hours", "safety", "fit"):
                assert close(found[name_], getattr(p, name_)), (p.label, name_)


@each_scene
def test_every_tie_has_the_same_life(both, name, seed):
    oracle, model = both(name, seed)
    key = ["person_a", "person_b", "formed_week"]
    told = pl.DataFrame(oracle.told_ties(), infer_schema_length=None).sort(key)
    ties = model.ties.sort(key)
    for column in (*key, "met_in", "ended_week", "across"):
        assert told[column].to_list() == ties[column].to_list(), column
    for column in ("hours", "strength", "confidence"):
        assert (told[column] - ties[column]).abs().max() < CLOSE, column


@each_scene
def test_everybody_leaves_at_the_same_time_for_the_same_reason(both, name, seed):
    oracle, model = both(name, seed)
    found = model.departures.select("person", "week", "cause", "caused_by").rows()
    assert sorted(oracle.departures, key=str) == sorted(found, key=str)


def test_the_scenes_hold_what_can_happen_in_a_programme_of_groups(both):
    """Else agreement would say little."""
    statuses, causes, places, first_week = set(), set(), set(), 0.0
    for name, seed in itertools.product(SCENES, SEEDS):
        oracle, _ = both(name, seed)
        statuses |= {p.status for p in oracle.people}
        causes |= {departure[2] for departure in oracle.departures}
        places |= {tie["met_in"] for tie in oracle.told_ties()}
        first_week += oracle.outcomes[1]["face_to_face"]
    assert statuses >= {"waiting", "active", "self-run", "completed", "left", "closed"}
    assert places >= {"group", "cafe", "outside", "team"}
    assert causes >= {"life_event", "misfit", "others_leaving", "gave_up_waiting", "community_closed", "withdrawn",
                      "never_started", "lost_tie", "overload", "training_dropout"}  # fmt: skip
    assert first_week > 0
