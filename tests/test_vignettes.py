"""Vignettes: a few people with names, a few weeks, and how it must end."""

import math

import numpy as np
import polars as pl
import pytest
from worlds import world_of

from peersim.model.encounters import together
from peersim.model.people import CHIME
from peersim.model.ties import given_and_received, tie_at
from peersim.model.vocabulary import GROUP, ONE_TO_ONE, OUTSIDE
from peersim.run.first_day import draw_up
from peersim.run.replicate import Replicate
from peersim.run.simulation import simulate
from peersim.scenario.scenario import Scenario, changed, without_programme

pytestmark = pytest.mark.compiles

CALM = {f"departure.{name}": 0.0 for name in ("life_event", "misfit", "first_meeting_one_to_one", "first_meeting_group",
        "first_meeting_digital", "unsafe", "overload", "lost_tie", "social", "not_relevant", "drift", "moved_on")}  # fmt: skip
SURE = CALM | {"sign_up.rate": 2.0, "sign_up.impatience": 0.0, "sign_up.anxiety": 0.0, "sign_up.exclusion": 0.0,
               "training.weeks": 0, "training.uptake": 1.0, "training.form": "webinar", "training.anxiety": 0.0,
               "attendance.habit": 5.0, "population.arrival_weeks": 1, "one_to_one.every": 1.0,
               "programme.intensity": 1.0, "recruitment.met": 0.0, "recruitment.members": 0.0,
               "recruitment.completed": 0.0}  # fmt: skip
"""Nobody leaves of themselves or goes over to giving, everybody who is asked comes."""


@pytest.fixture(autouse=True)
def names_are_labels(monkeypatch):
    """A story is easier to read with names than with the codes that people get for them."""
    monkeypatch.setattr("peersim.scenario.people_file.is_code", lambda text: True)


@pytest.fixture
def people(tmp_path):
    """Write people into a file: a name, a role and what is said of each."""

    def write(*rows):
        columns = ["person", "role", *sorted({key for *_, traits in rows for key in traits})]
        file = tmp_path / "people.csv"
        with file.open("w") as text:
            print(",".join(columns), file=text)
            for name, role, traits in rows:
                facts = {"person": name, "role": role} | traits
                print(",".join(str(facts.get(column, "")) for column in columns), file=text)
        return {"population.file": str(file)}

    return write


def recipient(name, **traits):
    return name, "recipient", {"spare_hours": 10} | traits


def supporter(name, **traits):
    return name, "supporter", {"spare_hours": 10, "social_anxiety": 0, "readiness": 1} | traits


def lived(settings, seed=1):
    return simulate(changed(Scenario(), SURE | settings), seed)


def row(table, person, **where):
    return table.filter(person=person, **where).to_dicts()[0]


# -- matches -------------------------------------------------------------------------------------


def test_anna_whose_supporter_leaves_waits_for_another(people):
    """Anna and Bo each have a supporter. Anna's goes in week 12; Bo's is free again when his match
    is over."""
    file = people(recipient("Anna"), recipient("Bo"), supporter("Sara"), supporter("Sune"))
    match = file | {"communities": ["one_to_one"], "one_to_one.capacity": 1, "one_to_one.weeks": 20}
    before = lived(match | {"weeks": 11}).graph()
    [hers] = [person for person in before.neighbors("Anna") if person != "Bo"]
    [his] = {"Sara", "Sune"} - {hers}
    loss = match | {"events": [{"week": 12, "leave": hers}]}

    after = lived(loss | {"weeks": 14})
    anna = row(after.memberships, "Anna")
    assert (anna["status"], anna["waiting"], anna["left"]) == ("waiting", 12, None)
    assert after.graph().has_edge("Anna", hers), "they have met on their own: a private tie now"
    alone = {"ties.own_meetings": 0.0, "ties.introductions": 0.0, "weeks": 14}
    assert not lived(loss | alone).graph().has_edge("Anna", hers), "a match is a role; its tie ends"
    first = lived(loss | alone | {"one_to_one.tie_ends": False})
    assert first.graph().has_edge("Anna", hers), "or it only loses its occasion"
    assert row(after.departures, hers)["cause"] == "withdrawn"
    assert row(after.memberships, "Bo")["status"] == "active"

    later = lived(loss | {"weeks": 30})
    assert row(later.memberships, "Bo")["cause"] == "course_completed"
    assert row(later.memberships, "Anna")["status"] == "active"
    assert later.graph().has_edge("Anna", his)


def test_anna_is_left_alone_where_nobody_is_matched_again(people):
    file = people(recipient("Anna"), supporter("Sara"))
    run = lived(file | {"communities": ["one_to_one"], "one_to_one.rematch": False, "weeks": 14,
                        "events": [{"week": 12, "leave": "Sara"}]})  # fmt: skip
    anna = row(run.memberships, "Anna")
    assert (anna["status"], anna["left"], anna["cause"], anna["caused_by"]) == (
        "closed",
        12,
        "community_closed",
        "Sara",
    )


def test_anna_who_is_shy_dares_to_meet_in_the_cafe_first_and_confides_later(people):
    """Anna is afraid of being alone with one other. Her first two meetings are in the café, where
    she comes sooner and confides less; they do not make the tie a private one."""
    file = people(recipient("Anna", social_anxiety=1, spare_hours=1.6), supporter("Sara"))
    match = file | {"communities": ["one_to_one"], "weeks": 30, "attendance.habit": 0.5, "cafe.per_week": 0.1,
                    "cafe.effort": 4, "one_to_one.weeks": 104, "ties.own_meetings": 0.0, "ties.introductions": 0.0}  # fmt: skip

    def first_two(first_in_cafe, seed):
        """Weeks until the second meeting, and the confidence then."""
        scenario = changed(Scenario(), SURE | match | {"one_to_one.first_in_cafe": first_in_cafe})
        replicate = Replicate(draw_up(scenario), seed, ledger_rows=9, departure_rows=9)
        for world in replicate.weeks():
            if world.memberships[0, ONE_TO_ONE].meetings >= 2:
                return replicate.week, tie_at(world, 0, 0)
        return 31, None

    cafe, alone = ([first_two(number, seed) for seed in range(1, 41)] for number in (2, 0))
    assert np.mean([week for week, _ in cafe]) < np.mean([week for week, _ in alone]) - 0.5
    both = [(one.confidence, other.confidence)
            for (week, one), (same, other) in zip(cafe, alone, strict=True) if one and week == same]  # fmt: skip
    assert len(both) > 3 and all(one < other for one, other in both)
    assert all(one.private == 0 and one.met_in == ONE_TO_ONE for _, one in cafe if one)


def test_without_a_cafe_there_is_nothing_to_meet_in_first(people):
    file = people(recipient("Anna", social_anxiety=1), supporter("Sara"))
    match = file | {"communities": ["one_to_one"], "weeks": 20}
    alike = [lived(match | {"one_to_one.first_in_cafe": number}).values for number in (0, 8)]
    assert np.array_equal(*alike, equal_nan=True)


def test_three_people_in_a_row_go_one_after_the_other(people):
    """Anna goes; Sam, who supported her, cannot bear it and goes; Carl, whom Sam supported too, has
    nobody left."""
    file = people(recipient("Anna"), recipient("Carl"), supporter("Sam"))
    chain = file | {"communities": ["one_to_one"], "one_to_one.capacity": 2, "one_to_one.rematch": False,
                    "one_to_one.weeks": 104, "departure.lost_tie": 0.3, "departure.loss": 2.0, "departure.memory": 20,
                    "ties.strong": 0.05, "weeks": 60}  # fmt: skip
    run = lived(chain | {"events": [{"week": 15, "leave": "Anna"}]})
    tree = {
        person: (cause, by)
        for person, cause, by in run.departures.select("person", "cause", "caused_by").rows()
    }
    assert tree == {
        "Anna": ("withdrawn", None),
        "Sam": ("lost_tie", "Anna"),
        "Carl": ("community_closed", "Sam"),
    }
    weeks = dict(run.departures.select("person", "week").rows())
    assert 15 == weeks["Anna"] < weeks["Sam"] == weeks["Carl"]
    assert lived(chain).departures.is_empty(), "the same world without her leaving"
    assert set(
        lived(
            chain | {"departure.loss": 0.0, "events": [{"week": 15, "leave": "Anna"}]}
        ).departures["person"]
    ) == {"Anna"}


def test_who_is_kept_stays_and_nothing_else_is_changed_until_she_would_have_left(people):
    """Anna would have gone in some week; the same world in which she is kept is the same up to that
    week."""
    file = people(recipient("Anna"), recipient("Bo"), recipient("Carl"), supporter("Sara"))
    going = file | {"communities": ["availability"], "departure.life_event": 0.03, "weeks": 40}
    gone = lived(going)
    who, week = gone.departures.select("person", "week").row(0)
    stays = lived(going | {"events": [{"week": week, "keep": who}]})
    assert row(stays.memberships, who)["status"] == "active"
    assert set(stays.departures["person"].to_list()) == set(gone.departures["person"].to_list()) - {
        who
    }
    before = pl.col("week") < week
    assert stays.weekly.filter(before).equals(gone.weekly.filter(before), null_equal=True)


def test_a_worn_supporter_rests_where_withdrawing_is_legitimate_and_leaves_where_it_is_not(people):
    file = people(recipient("Anna"), recipient("Bo"), supporter("Sara"))
    wearing = file | {"communities": ["one_to_one"], "strain.per_match": 0.06, "strain.per_hour": 0.06, "strain.rest": 0.1,
                      "departure.overload": 0.3, "supervision.rest_weeks": 6, "weeks": 60, "attendance.strain": 0.0,
                      "one_to_one.weeks": 104}  # fmt: skip
    gone = lived(wearing | {"supervision.legitimate_withdrawal": 0.0})
    assert row(gone.departures, "Sara")["cause"] == "overload"
    rested = lived(wearing | {"supervision.legitimate_withdrawal": 1.0})
    assert rested.departures.is_empty()
    anna = row(rested.memberships, "Anna")
    assert anna["waiting"] > anna["joined"], "she was handed over meanwhile"
    assert row(gone.memberships, "Sara")["hours"] < row(rested.memberships, "Sara")["hours"]
    assert (
        row(rested.memberships, "Sara")["hours"]
        < row(lived(wearing | CALM).memberships, "Sara")["hours"]
    )


# -- being reached -------------------------------------------------------------------------------


def test_bo_who_never_dares_is_never_reached(people):
    """His life is the one he would have had without any programme; Anna's is not."""
    file = people(recipient("Anna", social_anxiety=0, exclusion=0), recipient("Bo", social_anxiety=1, exclusion=1),
                  *(recipient(f"Member {k}", social_anxiety=0) for k in range(4)))  # fmt: skip
    run = lived(file | {"communities": ["group"], "group.leaders": 0, "sign_up.anxiety": 5.0, "sign_up.exclusion": 5.0,
                        "group.exposure": 1.0, "weeks": 52, "group.minimum": 2, "group.patience": 1})  # fmt: skip
    bo, anna = row(run.people, "Bo"), row(run.people, "Anna")
    assert (bo["joined"], bo["cause"], bo["ties"], bo["communities"]) == (
        None,
        "never_started",
        0,
        "",
    )
    alone = row(simulate(without_programme(run.blueprint.scenario), 1).people, "Bo")
    assert [bo[name] for name in CHIME] == [alone[name] for name in CHIME]
    assert math.isclose(bo["recovery"], bo["recovery_no_programme"], rel_tol=1e-14)
    assert run.memberships.filter(person="Bo").is_empty()
    assert anna["joined"] is not None and anna["recovery"] > anna["recovery_no_programme"]


def test_five_wait_for_a_group_begin_it_together_and_complete_it_together(people):
    """The fifth is invited in week 6; before that the group is not full, and patience lasts
    longer."""
    file = people(*(recipient(f"Member {k}", arrival_week=6 if k == 4 else 1) for k in range(5)))
    run = lived(file | {"communities": ["group"], "group.size": 5, "group.minimum": 5, "group.leaders": 0,
                        "group.patience": 20, "group.weeks": 9, "group.self_run_per_week": 0.0, "weeks": 30})  # fmt: skip
    begun = set(run.memberships["joined"])
    assert len(begun) == 1 and min(begun) == run.memberships["waiting"].max() >= 6
    assert set(run.memberships["status"]) == {"completed"} and set(run.memberships["cause"]) == {
        "course_completed"
    }
    assert set(run.memberships["left"]) == {min(begun) + 9}
    assert set(run.memberships["sessions_offered"]) == {9}
    assert run.ties.height == 10, "everybody has met everybody"
    assert run.departures.is_empty()


def test_a_group_closes_when_too_few_are_left(people):
    """Three of four go in week 8; who comes alone is too few, and the group closes after three
    meetings. Where two of four go, the two others are enough: staff run it."""
    file = people(*(recipient(name) for name in ("Anna", "Bo", "Carl", "Dina")))
    group = file | {"communities": ["group"], "group.size": 4, "group.minimum": 3, "group.leaders": 0, "weeks": 20,
                    "group.weeks": 40, "departure.thin_weeks": 3}  # fmt: skip
    two_go = group | {"events": [{"week": 8, "leave": name} for name in ("Anna", "Bo")]}
    three_go = group | {"events": [{"week": 8, "leave": name} for name in ("Anna", "Bo", "Carl")]}

    def end(settings, name):
        member = row(lived(settings).memberships, name)
        return member["status"], member["cause"], member["left"]

    active, closed = ("active", None, None), ("closed", "community_closed", 10)
    assert end(three_go, "Dina") == closed
    assert end(three_go | {"departure.structure": False}, "Dina") == active
    assert {end(two_go, name) for name in ("Carl", "Dina")} == {active}
    first = two_go | {"departure.closing": "enrolled"}
    assert {end(first, name) for name in ("Carl", "Dina")} == {closed}


def test_eva_follows_and_finn_contributes(people):
    """The telephone call finds the stage of recovery: Finn is given a task, Eva is not; chat does
    not work."""
    file = people(
        recipient("Eva", stage=0.2, digital_confidence=1),
        recipient("Finn", stage=0.9, digital_confidence=1),
    )
    run = lived(file | {"communities": ["digital"], "digital.contributor_stage": 0.5, "digital.screening_weeks": 2,
                        "digital.performance_anxiety": 0.0, "digital.posting": 1.0, "digital.reply": 0.0, "weeks": 20})  # fmt: skip
    eva, finn = row(run.memberships, "Eva"), row(run.memberships, "Finn")
    assert (eva["contributor"], finn["contributor"]) == (False, True)
    assert eva["joined"] == eva["waiting"] + 2 and finn["joined"] == finn["waiting"] + 2
    alone = simulate(without_programme(run.scenario), 1)
    power = {
        name: [row(r.people, name)["empowerment"] for r in (run, alone)] for name in ("Eva", "Finn")
    }
    assert power["Finn"][0] > power["Finn"][1], "being read is a contribution"
    assert power["Eva"][0] == power["Eva"][1], "who only reads has contributed nothing"


def test_gry_who_has_two_hours_a_week_spends_no_more(people):
    file = people(
        recipient("Gry", spare_hours=2),
        *(recipient(f"Member {k}", spare_hours=20) for k in range(6)),
    )
    busy = file | {"communities": ["group", "digital"], "group.leaders": 0, "group.hours": 2.0, "digital.hours": 1.0,
                   "group.per_week": 1.0, "digital.per_week": 2.0, "weeks": 30, "group.weeks": 30}  # fmt: skip
    run = lived(busy)
    for name in ("Gry", "Member 1"):
        spent = run.memberships.filter(person=name)["hours"].sum()
        assert (spent <= 2 * 30) == (name == "Gry")


def test_hans_who_wants_no_peers_in_his_rooms_keeps_away_and_loses_contacts(people):
    """Ida, who does not mind, loses hardly any; the same people, the same luck, with and without
    the programme."""
    file = people(recipient("Hans", aversion=1, social_anxiety=1), recipient("Ida", aversion=0, social_anxiety=1),
                  supporter("Sara"), supporter("Sune"))  # fmt: skip
    scenario = changed(Scenario(), SURE | file | {"communities": ["availability"], "availability.presence_cost": 6.0,
                                                  "sign_up.rate": 0.02, "weeks": 20, "attendance.habit": 0.0})  # fmt: skip
    with_peers, without = (simulate(s, 1).people for s in (scenario, without_programme(scenario)))
    lost = {name: 1 - row(with_peers, name)["outside_contacts"] / row(without, name)["outside_contacts"]
            for name in ("Hans", "Ida")}  # fmt: skip
    assert lost["Hans"] > 0.1 > 0.05 > lost["Ida"]


def test_hans_loses_nothing_where_nobody_is_on_duty(people):
    """The programme is announced, but there is no supporter to come."""
    file = people(recipient("Hans", aversion=1), recipient("Ida", aversion=0))
    empty = changed(Scenario(), SURE | file | {"communities": ["availability"], "weeks": 20})
    with_nobody, without = (
        simulate(s, 1).people["outside_contacts"].to_list()
        for s in (empty, without_programme(empty))
    )
    assert with_nobody == without


def test_everybody_goes_over_when_one_to_one_becomes_availability(people):
    """In week 3, in the middle of training: who would have got cold feet serves after all."""
    file = people(
        *(
            (f"S{k}", "asked", {"spare_hours": 10, "social_anxiety": 0, "readiness": 0})
            for k in range(12)
        ),
        *(recipient(f"R{k}") for k in range(4)),
    )
    frightened = file | {"communities": ["one_to_one"], "training.weeks": 6, "training.dropout": 0.4, "weeks": 12,
                         "training.readiness_webinar": 0.0}  # fmt: skip
    stayed = {}
    for name, events in {
        "as meant": [],
        "redesigned": [{"week": 3, "switch": "one_to_one", "to": "availability"}],
    }.items():
        run = lived(frightened | {"events": events})
        stayed[name] = set(run.memberships.filter(role="supporter", status="active")["person"])
    assert stayed["as meant"] < stayed["redesigned"]


# -- one encounter, by hand ----------------------------------------------------------------------


def test_two_people_talk_for_two_hours():
    """Anna gives a quarter. Worked out with pencil and paper."""
    world = world_of(
        changed(
            Scenario(),
            {"communities": ["group"], "population.recipients": 2, "population.supporters": 2},
        ),
        1,
    )
    anna, bo = world.people[0], world.people[1]
    world.clock[0].week = 5
    for person, x in ((anna, 0.0), (bo, 1.0)):
        person.experience_x, person.experience_y, person.openness = x, 0.0, 0.8
    world.memberships["safety"][:2, GROUP], world.memberships["fit"][:2, GROUP] = (0.5, 0.7), 0.5
    anna.hope, bo.hope = 0.05, 0.4
    world.seen["hope"][:2], world.seen["low"][:2] = (0.5, 0.25), (0.0, 0.5)

    together(world, 0, 1, (2.0, 1.0), 0.25, np.int64(GROUP))

    x = world.params[0]
    near = math.exp(-1.0)
    assert (world.partners[0, 0]["other"], world.partners[1, 0]["other"]) == (1, 0)
    tie = tie_at(world, 0, 0)
    assert tie == tie_at(world, 1, 0), "one tie, seen from both sides"
    assert (tie["hours"], tie["formed"], tie["last"]) == (2.0, 5, 5)
    assert math.isclose(tie["effective"], 2.0 * (1 - x.ties.nearness * (1 - near)))
    gate = 0.5**4 / (0.5**4 + x.safety.threshold**4)
    disclosed = x.group.intimacy * 0.5 * (1 - x.ties.openness * 0.2) * gate
    assert math.isclose(tie["confidence"], x.ties.confidence_gain * disclosed)
    assert given_and_received(tie, 0, 1) == (0.5, 1.5) and given_and_received(tie, 1, 0) == (
        1.5,
        0.5,
    )
    assert (anna.given_now, anna.received_now, bo.given_now, bo.received_now) == (
        0.5,
        1.5,
        1.5,
        0.5,
    )
    shared = disclosed / x.change.ordinary_sharing  # how much an hour feeds
    near_enough = 1 - x.change.model_nearness * (1 - near)
    further_on = x.change.further_on
    seen = [0.2 / (0.2 + further_on), 0.1 / (0.1 + further_on)]  # hope beyond one's own
    expected = [1.5 * shared * seen[0] * near_enough, 0.5 * shared * seen[1] * near_enough]
    assert np.allclose([anna.role_models, bo.role_models], expected, rtol=1e-12)
    assert np.allclose([anna.given_shared, anna.heard], [0.5 * shared, 1.5 * shared], rtol=1e-12)
    assert (anna.distress_met, bo.distress_met) == (0.5 * 0.5, 0.0), "distress of whom one gives to"
    assert anna.face_to_face == bo.face_to_face == 2.0
    felt = near + tie["confidence"] * (1 - near)  # confidence takes the place of likeness
    assert math.isclose(
        world.memberships[0, GROUP]["fit"], 0.5 + x.safety.impression * (felt - 0.5)
    )


def test_the_hours_of_a_circle_are_divided_among_its_members():
    """Five people, two hours: each pair is in company for two hours, but the support is shared
    among four."""
    world = world_of(
        changed(
            Scenario(),
            {"communities": ["group"], "population.recipients": 2, "ties.circle_sharing": 0.5},
        ),
        1,
    )
    together(world, 0, 1, (2.0, 4.0), 0.5, np.int64(OUTSIDE))
    tie = tie_at(world, 0, 0)
    assert tie["hours"] == 2.0
    assert tie["given_low"] == tie["given_high"] == 0.25
    assert math.isclose(world.people[0].face_to_face, 0.5)
    assert tie["effective"] <= 2.0 / 4.0**0.5


def test_the_table_of_people_tells_what_was_lived(people):
    """Two who met once a week for ten weeks, an hour and a half, the supporter giving most."""
    file = people(recipient("Anna"), supporter("Sara"))
    run = lived(file | {"communities": ["one_to_one"], "one_to_one.hours": 1.5, "one_to_one.one_way": 0.8, "weeks": 12,
                        "ties.own_meetings": 0.0, "ties.introductions": 0.0})  # fmt: skip
    met = row(run.memberships, "Anna")["attended"]
    assert 8 <= met <= 12
    anna, sara = row(run.people, "Anna"), row(run.people, "Sara")
    assert math.isclose(anna["received"], met * 1.5 * 0.8) and math.isclose(
        anna["given"], met * 1.5 * 0.2
    )
    assert math.isclose(sara["given"], anna["received"])
    assert run.ties.select("person_a", "person_b", "met_in", "hours").rows() == [
        ("Anna", "Sara", "one_to_one", met * 1.5)
    ]
    assert run.weekly.filter(pl.col("outcome") == "supporter_hours")["value"].max() == met * 1.5
