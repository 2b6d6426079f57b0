"""The contract: whatever the parameters, within their bounds, every state stays what it says it is.

Parametrised over the four communities, alone and all together: each passes the same suite.
"""

import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from worlds import lively, world_of

from peersim.kernel.declaration import InvalidInput
from peersim.kernel.paths import leaves
from peersim.model.outcomes import NAMES, OUTCOMES
from peersim.model.people import CHIME, TRAITS
from peersim.model.vocabulary import (
    ACTIVE,
    CLOSED,
    COMMUNITIES,
    COMPLETED,
    DISPLACED,
    LEFT,
    NONE,
    SELF_RUN,
    SUPPORTER,
)
from peersim.model.world import MOST_TIES
from peersim.run.first_day import room_for_outcomes
from peersim.run.simulation import run_weeks, simulate
from peersim.scenario.scenario import Scenario, changed

pytestmark = pytest.mark.compiles

WEEKS = 16
SMALL = {"population__recipients": 14, "population__supporters": 6, "population__arrival_weeks": 2, "weeks": WEEKS,
         "training__weeks": 1}  # fmt: skip
FIXED = ("weeks", "population.recipients", "population.supporters")
PROGRAMMES = {name: [name] for name in COMMUNITIES} | {"all four": list(COMMUNITIES)}

each_programme = pytest.mark.parametrize("programme", PROGRAMMES)


# -- what must hold at the end of any week -------------------------------------------------------


def check_people(world):
    p = world.people
    for name in (*TRAITS, *CHIME, *("own_" + state for state in CHIME), "strain", "kept_away"):
        assert within(p[name], 0, 1), name
    for name in p.dtype.names:
        assert p[name].dtype.kind != "f" or np.isfinite(p[name]).all(), name
    for name in ("given_now", "received_now", "recognition", "role_models", "distress_met", "sessions_now",
                 "contributed", "online_hours", "given", "received", "outside_contacts", "recent_loss",
                 "recent_leavers", "dyads", "n_ties", "resting", "face_to_face", "counted_hours"):  # fmt: skip
        assert (p[name] >= 0).all(), name
    assert (p["hours_left"] >= -1e-9).all(), "more hours were spent than there were"
    assert (p["n_ties"] <= MOST_TIES).all()
    assert within(world.seen["low"], 0, 1) and within(world.seen["hope"], 0, 1)


def within(values, low, high):
    return bool(((values >= low) & (values <= high)).all())


def check_memberships(world):
    m, week = world.memberships, world.clock[0].week
    assert within(m["safety"], 0, 1) and within(m["fit"], 0, 1)
    chances = world.chances
    assert within(chances["sign_up"], 0, 1) and within(chances["propensity"], 0, 1)
    assert (chances["hazard"] >= 0).all() and np.isfinite(chances["hazard"]).all()
    assert (m["attended"] <= m["offered"]).all()
    assert (m["hours"] >= 0).all()
    takes_part = np.isin(world.status, (ACTIVE, SELF_RUN))
    assert (takes_part | (m["circle"] < 0)).all(), (
        "somebody sits in a circle that she does not take part in"
    )
    assert (takes_part | (m["partner"] < 0)).all(), (
        "somebody has a match that she does not take part in"
    )
    assert (~takes_part | (m["joined"] >= 1)).all()
    assert (m["joined"] <= week).all() and (m["left"] <= week).all()
    assert ((m["left"] >= 0) == np.isin(world.status, (COMPLETED, LEFT, CLOSED))).all()
    assert ((world.status != NONE) | (m["joined"] < 0)).all()


def check_presence(world, before):
    """Nobody comes while not a member, or unplanned; what has ended stays as it was, unless who
    received begins to give."""
    m, week = world.memberships, world.clock[0].week
    came = world.present != 0
    was, status, role = before
    member = np.isin(status, (ACTIVE, SELF_RUN)) | (m["joined"] == week) | (m["matched"] == week)
    assert (~came | member).all(), "somebody came who was not a member"
    assert (world.present & ~world.planned == 0).all(), "somebody came to what was not planned"
    serves_now = went_over(world, role)[:, None] & (m["joined"] == week)
    over = np.isin(status, (COMPLETED, LEFT, CLOSED)) & ~serves_now
    assert (world.status[over] == status[over]).all(), (
        "somebody whose time there is over has come back"
    )
    for name in ("cause", "left", "attended", "hours", "offered", "meetings", "safety"):
        assert (m[name][over] == was[name][over]).all(), (
            f"{name} of somebody whose time there is over"
        )
    check_attendance(world, m["attended"] - was["attended"], m["hours"] - was["hours"])


def went_over(world, role):
    """Who received support until this week and gives it from now on: they had been asked, and begin
    to serve somewhere. Nobody goes back."""
    people, week = world.people, world.clock[0].week
    assert ((role != SUPPORTER) | (people["role"] == SUPPORTER)).all()
    over = (role != SUPPORTER) & (people["role"] == SUPPORTER)
    asked = people["asked_week"][over]
    assert ((asked >= 0) & (asked < week) & (people["supporter_since"][over] == week)).all()
    begins = (world.memberships["joined"] == week) & (world.memberships["contributor"] == 1)
    assert begins[over].any(axis=1).all(), "somebody gives nowhere"
    return over


def check_attendance(world, attended, hours):
    """Attended is what was come to; in a match, what both came to. Nobody spends more hours than
    she has."""
    m, people = world.memberships, world.people
    came = np.array([bin(mask).count("1") for mask in world.present.ravel()]).reshape(m.shape)
    assert (attended[:, 1:] == came[:, 1:]).all()
    looks_for_support = people["role"] != SUPPORTER
    assert (attended[looks_for_support, 0] <= came[looks_for_support, 0]).all(), (
        "a match met without one of the two"
    )
    spent = people["spare_hours"] - people["hours_left"]
    sees_one = looks_for_support | (
        people["dyads"] == 0
    )  # a supporter's matches share what hours she has
    assert (hours.sum(axis=1) <= spent + 1e-9)[sees_one & (came[:, 0] == 0)].all(), (
        "hours were spent twice"
    )
    assert (people["hours_left"] <= people["spare_hours"]).all()


def check_ties(world):
    n = world.people["n_ties"]
    owner, slot = np.nonzero(np.arange(MOST_TIES) < n[:, None])
    mine = world.partners[owner, slot]
    other, place = mine["other"].astype(np.int64), mine["tie"].astype(np.int64)
    assert (other != owner).all(), "somebody has a tie to herself"
    forth, back = owner * len(n) + other, other * len(n) + owner
    assert len(np.unique(forth)) == len(forth), "two ties to one person"
    assert np.array_equal(np.sort(forth), np.sort(back)), "a tie with one side"
    theirs = place[np.argsort(forth)][np.argsort(np.argsort(back))]
    assert np.array_equal(place, theirs), "two people think of different ties"
    assert (np.bincount(place) <= 2).all() and (place < world.clock[0].tie_places).all(), (
        "a tie of more than two"
    )
    ties = world.ties[place]
    assert within(ties["strength"], 0, 1) and within(ties["confidence"], 0, 1)
    for name in ("hours", "effective", "given_low", "given_high"):
        assert (ties[name] >= 0).all(), name
    assert (ties["effective"] <= ties["hours"] + 1e-9).all(), "familiarity without company"
    assert (ties["given_low"] + ties["given_high"] <= ties["hours"] + 1e-9).all(), (
        "more support than company"
    )


def check_matches(world):
    one = world.memberships[:, 0]
    paired = np.flatnonzero(one["partner"] >= 0)
    assert (world.people["role"][paired] != SUPPORTER).all()
    assert (world.people["role"][one["partner"][paired]] == SUPPORTER).all()
    assert (world.status[:, 0][one["partner"][paired]] == ACTIVE).all()
    assert (np.bincount(one["partner"][paired], minlength=len(one)) == world.people["dyads"]).all()
    assert (world.people["dyads"] <= world.params[world.clock[0].epoch].one_to_one.capacity).all()


def check_totals(world):
    clock = world.clock[0]
    given, received = (world.people[name].sum() for name in ("given", "received"))
    assert math.isclose(given, received, abs_tol=1e-9), "what is given is received"
    for name in ("supporter_hours", "staff_hours", "cost", "running_cost"):
        assert clock[name] >= 0 and np.isfinite(clock[name])


SHARES = {o.name for o in OUTCOMES if o.unit in ("0-1", "share")}


def check_outcomes(row):
    for name, column in zip(NAMES, row.T, strict=True):
        known = column[np.isfinite(column)]
        assert (known >= -1e-12).all(), name
        if name in SHARES:
            assert (known <= 1 + 1e-12).all(), name
    recovery = row[0, NAMES.index("recovery")]
    assert math.isclose(recovery, 60 * np.mean([row[0, NAMES.index(state)] for state in CHIME]))
    assert np.isfinite(row[0, : len(CHIME)]).all()


def live_and_check(scenario, seed):
    """Live week by week; check everything at the end of each."""
    world, out = world_of(scenario, seed), room_for_outcomes(scenario.weeks)
    for week in range(scenario.weeks):
        before = world.memberships.copy(), world.status.copy(), world.people["role"].copy()
        run_weeks(world, week, week + 1, out)
        check_people(world)
        check_memberships(world)
        check_presence(world, before)
        check_ties(world)
        check_matches(world)
        check_totals(world)
        check_outcomes(out[week + 1])
    totals = out[:, 0, NAMES.index("supporter_hours") : NAMES.index("cost") + 1]
    assert (np.diff(totals, axis=0) >= 0).all(), "hours and cost so far fall"
    return world, out


@each_programme
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_state_stays_in_its_range_under_lively_parameters(programme, seed):
    world, _ = live_and_check(lively(PROGRAMMES[programme], weeks=30), seed)
    assert world.clock[0].n_ledger > 0


def test_full_lists_of_partners_displace_on_both_sides():
    crowd = lively(["group", "digital"], population__recipients=70, group__size=30, group__weeks=30, digital__reply=1.0,
                   group__per_week=2.0, cafe__talks=4, ties__settled_hours=50, weeks=35)  # fmt: skip
    world, _ = live_and_check(crowd, 1)
    assert world.people["n_ties"].max() == MOST_TIES
    assert (world.ledger["reason"][: world.clock[0].n_ledger] == DISPLACED).any()


# -- any parameters within their bounds ----------------------------------------------------------


def within_bounds(leaf):
    """Any value a parameter may have, its bounds among them more often."""
    low, high = leaf.field.metadata["low"], min(leaf.field.metadata["high"], 1000)
    if leaf.options:
        return st.sampled_from(leaf.options)
    if leaf.type is bool:
        return st.booleans()
    if leaf.type is int:
        return st.sampled_from([low, high]) | st.integers(low, high)
    return st.sampled_from([low, high]) | st.floats(low, high)


MOVABLE = {
    path: leaf for path, leaf in leaves(Scenario).items() if leaf.is_declared and path not in FIXED
}
ANYTHING = st.lists(st.sampled_from(sorted(MOVABLE)), min_size=1, max_size=40, unique=True).flatmap(
    lambda paths: st.fixed_dictionaries({path: within_bounds(MOVABLE[path]) for path in paths})
)
HAPPENINGS = st.lists(
    st.sampled_from([{"lose_supporters": 1}, {"lose_supporters": 6}, {"set": {"cafe.per_week": 2.0}}, {"leave": "R1"}, {"keep": "R2"},
                     {"leave": "S2"}, {"set": {"programme.intensity": 4.0}}]).flatmap(
        lambda what: st.integers(1, WEEKS).map(lambda week: {"week": week} | what)
    ),
    max_size=3,
)  # fmt: skip


def few(examples):
    return settings(max_examples=examples, deadline=None, derandomize=True, database=None,
                    suppress_health_check=list(HealthCheck))  # fmt: skip


def any_parameters(programme, moved, events, seed):
    base = lively(PROGRAMMES[programme], **SMALL)
    try:
        scenario = changed(base, moved | {"events": events})
    except InvalidInput as refused:  # a rule across parameters, such as a minimum above the size
        assert str(refused)
        return
    live_and_check(scenario, seed)


@each_programme
@given(moved=ANYTHING, events=HAPPENINGS, seed=st.integers(0, 2**31))
@few(25)
def test_any_parameters_within_bounds_keep_every_state_in_its_range(programme, moved, events, seed):
    any_parameters(programme, moved, events, seed)


@pytest.mark.slow
@each_programme
@given(moved=ANYTHING, events=HAPPENINGS, seed=st.integers(0, 2**31))
@few(400)
def test_any_parameters_within_bounds_keep_every_state_in_its_range_again_and_again(
    programme, moved, events, seed
):
    any_parameters(programme, moved, events, seed)


@pytest.mark.parametrize(
    "programme", ["all four", *(pytest.param(c, marks=pytest.mark.slow) for c in COMMUNITIES)]
)
@pytest.mark.parametrize("bound", ["low", "high"])
def test_all_parameters_of_a_group_at_a_bound_keep_every_state_in_its_range(programme, bound):
    """Each group of parameters as a whole at its lower and at its upper bounds."""
    groups = {path.split(".")[0] for path in MOVABLE if "." in path}
    for group in sorted(groups):
        moved = {path: leaf.field.metadata[bound] for path, leaf in MOVABLE.items()
                 if path.startswith(group + ".") and not leaf.options and leaf.type is not bool}  # fmt: skip
        any_parameters(programme, {path: min(value, 1000) for path, value in moved.items()}, [], 7)


# -- extremes ------------------------------------------------------------------------------------


@each_programme
@pytest.mark.parametrize(
    "people", [(1, 1), (1, 4), (3, 0), (2, 30), (60, 1)], ids="{0[0]} and {0[1]}".format
)
def test_few_people_many_people_or_no_supporters(programme, people):
    recipients, supporters = people
    scenario = lively(PROGRAMMES[programme], population__recipients=recipients, population__supporters=supporters,
                      group__leaders=min(2, supporters), weeks=20)  # fmt: skip
    live_and_check(scenario, 1)


@each_programme
def test_where_many_go_over_to_giving(programme):
    """Also into communities where their time as recipients was over."""
    asked = {"met": 0.3, "members": 0.3, "completed": 0.5, "from_recovery": 0}
    scenario = lively(PROGRAMMES[programme], training__weeks=1, training__uptake=1, departure__life_event=0.03,
                      **{f"recruitment__{name}": value for name, value in asked.items()})  # fmt: skip
    world, _ = live_and_check(scenario, 1)
    assert (world.people["asked_week"][world.people["role"] == SUPPORTER] >= 0).sum() > 5


@each_programme
def test_nobody_meets_while_absent(programme):
    """With no café, page or company of one's own, support is given and received only by those who
    came."""
    scenario = lively(PROGRAMMES[programme], cafe__per_week=0, page__contact=0, team__per_month=0, weeks=25,
                      supervision__per_month=0, ties__own_meetings=0, group__companionship=0, ties__introductions=0)  # fmt: skip
    world, out, met = world_of(scenario, 2), room_for_outcomes(25), 0
    for week in range(25):
        run_weeks(world, week, week + 1, out)
        in_company = world.people["given_now"] + world.people["received_now"] > 0
        came = (world.present != 0).any(axis=1)
        read = world.people["contributed"] > 0  # an author of this week's post is answered
        assert (~in_company | came | read).all()
        met += in_company.sum()
    assert met > 0


@each_programme
def test_who_never_signs_up_is_never_touched(programme):
    """No meetings, no support, no ties; the programme does not exist for her."""
    rare = lively(PROGRAMMES[programme], sign_up__rate=0.05, cafe__recruits=0, weeks=25)
    run = simulate(rare, 1)
    known = run.memberships["person"]
    outside = run.people.filter(~run.people["person"].is_in(known.to_list()))
    assert not outside.is_empty()
    assert outside["ties"].sum() == outside["received"].sum() == outside["given"].sum() == 0
    assert outside["joined"].null_count() == outside.height
    assert set(outside["cause"]) == {"never_started"}
