"""Circles: the norm of attendance, closing by who comes, open groups, leaders apart, and completing
that spreads; every rule switched on."""

from dataclasses import dataclass, field

import numpy as np
import polars as pl
import pytest
from test_vignettes import SURE
from worlds import lively, world_of

from peersim.model.circles import line_up_circles
from peersim.model.courses import cohesion, count_circles, fewest, is_thin
from peersim.model.processes.attendance import Attendance, norm_of_coming
from peersim.model.processes.departure import Departure, following
from peersim.model.ties import tie_at, worth
from peersim.model.vocabulary import (
    ACTIVE,
    CLOSED,
    COMPLETED,
    GROUP,
    LEFT,
    MOVED_ON,
    RECIPIENT,
    SELF_RUN,
)
from peersim.model.world import settings
from peersim.run.first_day import room_for_outcomes
from peersim.run.simulation import run_weeks, simulate
from peersim.scenario.scenario import Scenario, changed
from peersim.studies.dropout_spread.following.diary import weeks_of
from peersim.studies.dropout_spread.story.facts import Names, facts_of

ATTENDANCE, ENROLLED = 1, 0
ON = {"departure.closing": "attendance", "attendance.norm": 1.0, "departure.following": 1.0,
      "group.leaders_in_cohesion": False}  # fmt: skip
TOGETHER = SURE | ON | {"communities": ["group"], "group.leaders": 0, "group.patience": 1, "weeks": 26,
                        "group.weeks": 20, "group.self_run_per_week": 0.0, "attendance.norm": 0.0,
                        "departure.thin_weeks": 3, "population.supporters": 0}  # fmt: skip
"""A group that staff run, in which everybody with time comes; the norm is off unless said."""


@dataclass
class Ring:
    """A circle as the rules see one."""

    came: int = 0
    members: int = 0
    leaders: int = 0
    self_run: int = 0


@dataclass
class Needs:
    """What a type asks of its circles."""

    minimum: int = 4
    leaders: int = 2
    self_run_minimum: int = 3


@dataclass
class Seer:
    """Somebody who has seen others complete."""

    recent_examples: float = field(default=0.0)


@pytest.fixture(autouse=True)
def names_are_labels(monkeypatch):
    monkeypatch.setattr("peersim.scenario.people_file.is_code", lambda text: True)


@pytest.fixture
def people(tmp_path):
    """Recipients, by the weeks they come in, those who lead, and those who never have an hour."""

    def write(recipients, leaders=(), never=()):
        rows = [(name, "recipient", week, 0 if name in never else 5) for name, week in recipients]
        rows += [(name, "supporter", "", 0 if name in never else 9) for name in leaders]
        file = tmp_path / "people.csv"
        lines = [f"{name},{role},{week},{hours},0,1" for name, role, week, hours in rows]
        head = "person,role,arrival_week,spare_hours,social_anxiety,readiness"
        file.write_text("\n".join([head, *lines]) + "\n")
        return {"population.file": str(file)}

    return write


FOUR = [(name, 1) for name in ("Anna", "Bo", "Carl", "Dina")]
BEGIN = {"group.size": 4, "group.minimum": 4}


def run(*settings, seed=1):
    scenario = Scenario()
    merged = TOGETHER
    for each in settings:
        merged = merged | each
    return simulate(changed(scenario, merged), seed)


def ends(found):
    """How each recipient's time in the group ended, and in which week."""
    rows = found.memberships.select("person", "status", "left").rows()
    return {person: (status, left) for person, status, left in rows}


# -- the norm ------------------------------------------------------------------------------------


def test_a_full_room_draws_and_an_empty_one_lets_stay_away():
    x = Attendance(norm=1.0)
    assert (
        norm_of_coming(0.2, 0, x)
        < 0
        == norm_of_coming(x.ordinary, 0, x)
        < norm_of_coming(1.0, 0, x)
    )
    assert norm_of_coming(0.2, 0, Attendance(norm=0.0)) == 0.0


def test_the_norm_is_felt_most_by_those_who_usually_come():
    x = Attendance(norm=1.0)
    felt = [abs(norm_of_coming(0.2, absences, x)) for absences in range(6)]
    assert felt == sorted(felt, reverse=True) and felt[0] > felt[-1] > 0


def attended(found, *names):
    m = found.memberships.filter(pl.col("person").is_in(names))
    return m["attended"].sum() / m["sessions_offered"].sum()


@pytest.mark.compiles
def test_where_half_never_come_the_others_come_less(people):
    """Carl and Dina have no hour to spare. Anna and Bo come more seldom than without the norm; in a
    group of four who have time they come more often."""
    often = {
        "attendance.habit": 2.0,
        "departure.structure": False,
        "group.weeks": 24,
        "attendance.absence": 0.0,
    }
    change = {}
    for never in ((), ("Carl", "Dina")):
        file = people(FOUR, never=never)
        rates = [
            [
                attended(run(file, BEGIN, often, {"attendance.norm": norm}, seed=s), "Anna", "Bo")
                for s in range(25)
            ]
            for norm in (0.0, 3.0)
        ]
        change[never] = np.mean(np.subtract(rates[1], rates[0]))
    assert change["Carl", "Dina"] < -0.1 < 0 < change[()]


# -- closing by who comes ------------------------------------------------------------------------


def test_leaders_do_not_count_among_those_who_come():
    assert [fewest(Needs(4, leaders)) for leaders in (0, 1, 2, 3, 4)] == [2, 3, 2, 1, 1]
    lonely = Ring(came=1, members=1, leaders=2)
    assert is_thin(lonely, Needs(), ATTENDANCE), "three sit in the room, one of them is a member"
    assert not is_thin(Ring(came=2, members=2, leaders=2), Needs(), ATTENDANCE)
    assert is_thin(Ring(came=4, members=4, leaders=0), Needs(), ATTENDANCE), "nobody leads"


def test_whether_they_have_left_does_not_matter_where_nobody_comes():
    absent = Ring(came=1, members=8, leaders=2)
    assert is_thin(absent, Needs(), ATTENDANCE) and not is_thin(absent, Needs(), ENROLLED)


@pytest.mark.compiles
def test_thin_evenings_close_no_group_but_three_in_a_row_do(people):
    """Nobody has the time for meetings of six hours: the evenings of such a week are empty."""
    file = people(FOUR)

    def after(weeks):
        events = [
            {"week": 8, "set": {"group.hours": 6}},
            {"week": 8 + weeks, "set": {"group.hours": 2}},
        ]
        return set(ends(run(file, BEGIN, {"events": events})).values())

    [(begun, _)] = run(file, BEGIN).memberships.select("joined", "status").unique().rows()
    assert after(1) == after(2) == {("completed", begun + 20)}
    assert after(3) == {("closed", 10)}


@pytest.mark.compiles
def test_meetings_count_where_a_group_meets_every_second_week(people):
    """Three of four never come. Three meetings are five weeks; by who has not left, it goes on."""
    file = people(FOUR, never=("Bo", "Carl", "Dina"))
    seldom = {"group.per_week": 0.5}
    weekly, fortnightly = (run(file, BEGIN, each).memberships for each in ({}, seldom))
    assert set(weekly["left"] - weekly["joined"]) == {2}
    assert set(fortnightly["left"] - fortnightly["joined"]) == {4}
    first_edition = run(file, BEGIN, seldom, {"departure.closing": "enrolled"})
    assert {status for status, _ in ends(first_edition).values()} == {"completed"}


@pytest.mark.compiles
def test_a_group_of_three_that_staff_run_meets_on(people):
    gone = BEGIN | {"events": [{"week": 8, "leave": "Dina"}]}
    file = people(FOUR)
    left = {"Anna", "Bo", "Carl"}
    now, before = (
        ends(run(file, gone, {"departure.closing": c})) for c in ("attendance", "enrolled")
    )
    assert {now[name][0] for name in left} == {"completed"}
    assert {before[name] for name in left} == {("closed", 10)}


@pytest.mark.compiles
def test_two_leaders_and_one_member_are_no_group(people):
    file = people(FOUR, leaders=("Lea", "Liv"), never=("Bo", "Carl", "Dina"))
    led = {"group.leaders": 2, "population.supporters": 2}
    m = run(file, BEGIN, led).memberships.filter(pl.col("person").is_in([name for name, _ in FOUR]))
    assert set(m["status"]) == {"closed"} and set(m["left"] - m["joined"]) == {2}
    assert run(file, BEGIN, led).memberships.filter(person="Lea")["status"].item() == "active"


@pytest.mark.compiles
def test_a_group_that_runs_itself_closes_by_who_comes_too(people):
    """Two of four have no hour any more: under three come, and after three meetings it is over, its
    members having completed."""
    file = people(FOUR, never=("Carl", "Dina"))
    alone = BEGIN | {"group.weeks": 2, "group.self_run_per_week": 1.0, "group.self_run_cohesion": 0.0,
                     "group.self_run_minimum": 3}  # fmt: skip
    now, before = (
        run(file, alone, {"departure.closing": c}).memberships for c in ("attendance", "enrolled")
    )
    assert set(now["status"]) == {"completed"} and set(now["left"] - now["joined"]) == {4}
    assert set(before["status"]) == {"self-run"}


@pytest.mark.compiles
def test_a_group_that_runs_itself_has_the_same_norm(people):
    file = people(FOUR, never=("Carl", "Dina"))
    alone = BEGIN | {"group.weeks": 2, "group.self_run_per_week": 1.0, "group.self_run_cohesion": 0.0,
                     "group.self_run_minimum": 2, "attendance.habit": 1.0}  # fmt: skip
    free, bound = (
        [
            attended(run(file, alone, {"attendance.norm": norm}, seed=s), "Anna", "Bo")
            for s in range(25)
        ]
        for norm in (0.0, 4.0)
    )
    assert np.mean(bound) < np.mean(free) - 0.1


# -- leaders apart -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def led():
    """A world of groups with leaders after fifteen weeks."""
    world = world_of(lively(["group"], **{"population.recipients": 24}), 1)
    run_weeks(world, 0, 15, room_for_outcomes(40))
    count_circles(world)
    return world


@pytest.mark.compiles
def test_a_circle_counts_its_members_without_its_leaders(led):
    m, open_ = led.memberships["circle"][:, GROUP], np.flatnonzero(led.circles["open"] == 1)
    there = np.isin(led.status[:, GROUP], (ACTIVE, SELF_RUN))
    assert len(open_) and led.circles["leaders"][open_].max() > 0
    for k in open_:
        roles = led.people["role"][there & (m == k)]
        assert led.circles[k]["members"] == (roles == RECIPIENT).sum()
        assert led.circles[k]["leaders"] == (roles != RECIPIENT).sum()


@pytest.mark.compiles
def test_cohesion_without_leaders_is_that_of_the_members_ties(led):
    """And it differs from what it is with leaders, or the setting would say nothing."""
    line_up_circles(led, np.int64(GROUP), False)
    differ = 0
    for k in np.flatnonzero(led.circles["leaders"] > 0):
        members = np.flatnonzero((led.memberships["circle"][:, GROUP] == k) & (led.people["role"] == RECIPIENT)
                                 & np.isin(led.status[:, GROUP], (ACTIVE, SELF_RUN)))  # fmt: skip
        known = {}
        for i in members:
            for slot in range(led.people[i]["n_ties"]):
                other = int(led.partners[i, slot]["other"])
                known[i, other] = worth(tie_at(led, i, slot), settings(led).ties)
        pairs = [known.get((i, j), 0.0) for i in members for j in members if i != j]
        with_leaders = cohesion(led, k)
        led.params["kinds"]["leaders_in_cohesion"][:] = 0
        assert cohesion(led, k) == pytest.approx(np.mean(pairs) if pairs else 0.0)
        differ += cohesion(led, k) != with_leaders
        led.params["kinds"]["leaders_in_cohesion"][:] = 1
    assert differ > 0


# -- open and closed -----------------------------------------------------------------------------

LATER = [*FOUR, ("Eva", 8)]
ROOM = {"group.size": 5, "group.minimum": 4, "group.patience": 2}


@pytest.mark.compiles
def test_an_open_group_takes_a_newcomer_and_a_closed_one_does_not(people):
    file = people(LATER)
    room = ROOM | {"weeks": 18}
    opened, closed = (run(file, room, {"group.open": each}).memberships for each in (True, False))
    eva = opened.filter(person="Eva")
    assert eva["status"].item() == "active" and 8 <= eva["joined"].item() <= 10
    assert closed.filter(person="Eva")["joined"].item() is None
    assert set(opened["joined"].head(4)) == set(closed["joined"].head(4)), "the four begin alike"


@pytest.mark.compiles
def test_each_member_of_an_open_group_has_weeks_of_their_own(people):
    """The four go after twelve weeks; Eva and Finn, who came later, meet on and go after theirs."""
    file = people([*LATER, ("Finn", 8)])
    m = run(
        file, ROOM, {"group.open": True, "group.size": 6, "group.weeks": 12, "weeks": 40}
    ).memberships
    assert set(m["status"]) == {"completed"} and set(m["left"] - m["joined"]) == {12}
    assert m["left"].n_unique() > 1


@pytest.mark.compiles
def test_a_full_open_group_takes_nobody_until_a_place_is_free_and_leaders_take_none(people):
    file = people(LATER, leaders=("Lea", "Liv"))
    full = BEGIN | {
        "group.open": True,
        "group.leaders": 2,
        "population.supporters": 2,
        "group.weeks": 14,
    }
    m = run(file, full, {"weeks": 30}).memberships
    eva, anna = m.filter(person="Eva"), m.filter(person="Anna")
    assert eva["joined"].item() == anna["left"].item() > 8


@pytest.mark.compiles
def test_nobody_joins_an_open_group_that_has_lost_its_leaders(people):
    file = people(LATER, leaders=("Lea",))
    lost = ROOM | {"group.open": True, "group.leaders": 1, "population.supporters": 1,
                   "departure.structure": False, "events": [{"week": 7, "leave": "Lea"}]}  # fmt: skip
    assert run(file, lost).memberships.filter(person="Eva")["joined"].item() is None


@pytest.mark.compiles
def test_those_who_have_waited_longest_join_first(people):
    """One place is free, and three wait for it."""
    file = people([*FOUR, ("Finn", 12), ("Gry", 9), ("Hans", 15)])
    m = run(
        file, ROOM, {"group.open": True, "group.size": 5, "weeks": 22, "group.weeks": 30}
    ).memberships
    waiting = m.filter(pl.col("person").is_in(["Finn", "Gry", "Hans"]))
    begun = waiting.filter(pl.col("joined").is_not_null())
    assert begun["person"].to_list() == ["Gry"]


# -- completing spreads --------------------------------------------------------------------------


def test_only_own_recovery_makes_ready():
    """The example multiplies a rate that is nought for those who have not come far."""
    x = Departure(following=2.0)
    assert following(Seer(0.5), x) == 2.0 and following(Seer(0.0), x) == 1.0
    assert following(Seer(0.5), Departure(following=0.0)) == 1.0


GOING = ON | {"group.open": True, "group.weeks": 8, "weeks": 40, "departure.following": 5.0, "group.size": 6,
              "population.arrival_weeks": 20, "departure.moved_on": 0.05, "departure.moved_on_from": 0.4}  # fmt: skip


def finished(world, week):
    """Who has completed the group, or moved on from it, in a week."""
    m, status = world.memberships[:, GROUP], world.status[:, GROUP]
    done = (status == COMPLETED) | ((status == LEFT) & (m["cause"] == MOVED_ON))
    return set(np.flatnonzero(done & (m["left"] == week)).tolist())


def went_on(world, j, week):
    """Whether somebody goes on in the group, or did until circles closed at the end of the week."""
    status, left = world.status[j, GROUP], world.memberships["left"][j, GROUP]
    return status in (ACTIVE, SELF_RUN) or (status == CLOSED and left == week)


@pytest.mark.compiles
def test_completing_spreads_through_ties_alone_to_those_who_go_on_there():
    world, told = world_of(changed(lively(["group"]), GOING), 2), 0
    room = room_for_outcomes(40)
    for week in range(1, 41):
        run_weeks(world, week - 1, week, room)
        done = finished(world, week)
        for j in range(int(world.clock["recipients"][0])):
            near = set(world.partners["other"][j, : world.people["n_ties"][j]].tolist())
            sees = bool(done & near) and went_on(world, j, week)
            assert (world.people["pending_examples"][j] > 0) == sees, (week, j)
            told += sees
        assert not world.people["pending_examples"][int(world.clock["recipients"][0]) :].any()
    assert told > 10


@pytest.mark.compiles
def test_who_follows_an_example_is_told_so_and_it_is_no_dropout():
    named = pl.concat(
        [simulate(changed(lively(["group"]), GOING), s).departures for s in range(8)]
    ).filter((pl.col("cause") == "moved_on") & pl.col("caused_by").is_not_null())
    assert named.height > 0
    off = changed(lively(["group"]), GOING | {"departure.following": 0.0})
    without = pl.concat([simulate(off, s).departures for s in range(8)])
    assert (
        without.filter(cause="moved_on")["caused_by"].null_count()
        == without.filter(cause="moved_on").height
    )


@pytest.mark.compiles
def test_the_story_of_somebody_says_whose_example_they_follow():
    run, m, row = next(
        (run, m, int(row))
        for run in (simulate(changed(lively(["group"]), GOING), s) for s in range(8))
        for m in [run.world.memberships[:, GROUP]]
        for row in np.flatnonzero((m["cause"] == MOVED_ON) & (m["caused_by"] >= 0))
    )
    names = Names(run.blueprint.labels, row, run.blueprint.roles, run.scenario.communities)
    facts = facts_of(weeks_of(run.blueprint, run.seed, row), run.world, names)
    said = [known["other"] for _, key, known in facts if key == "follows"]
    assert said == [run.blueprint.labels[m["caused_by"][row]]]


@pytest.mark.compiles
def test_who_sees_others_complete_moves_on_more_readily():
    def moved_on(strength):
        scenario = changed(lively(["group"]), GOING | {"departure.following": strength})
        return sum(
            simulate(scenario, s).departures.filter(cause="moved_on").height for s in range(20)
        )

    assert moved_on(5.0) > 1.1 * moved_on(0.0)


# -- what an event takes in the last week --------------------------------------------------------


@pytest.mark.compiles
@pytest.mark.parametrize("community", ["one_to_one", "group"])
def test_who_is_taken_in_the_week_of_the_end_has_not_completed(community, people):
    file = people(FOUR, leaders=("Lea", "Liv"))
    pairs = BEGIN | {
        "communities": [community],
        "population.supporters": 2,
        "one_to_one.weeks": 10,
        "group.weeks": 10,
    }
    m = run(file, pairs).memberships.filter(person="Anna")
    over = m["left"].item()
    assert m["status"].item() == "completed"
    taken = run(file, pairs, {"events": [{"week": over, "leave": "Anna"}]})
    anna = taken.memberships.filter(person="Anna")
    assert (anna["status"].item(), anna["cause"].item(), anna["left"].item()) == (
        "left",
        "withdrawn",
        over,
    )
    assert taken.departures.filter(person="Anna").height == 1
