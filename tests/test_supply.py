"""Supply: trained supporters, people who are asked, recipients who go over to giving, and what keeps
supporters from standing idle or giving more than they have.
"""

import numpy as np
import polars as pl
import pytest

from peersim.commands.configuration import load_scenario
from peersim.kernel.declaration import InvalidInput
from peersim.model.outcomes import NAMES
from peersim.model.vocabulary import ACTIVE, NOBODY, ONE_TO_ONE, SUPPORTER
from peersim.run.first_day import draw_up
from peersim.run.replicate import Replicate
from peersim.run.simulation import simulate
from peersim.scenario.people_file import read_population
from peersim.scenario.scenario import Scenario, changed
from peersim.studies.dropout_spread.following.diary import weeks_of
from peersim.studies.dropout_spread.story.facts import Names, facts_of, sentence_of

runs = pytest.mark.compiles
FEW = {"population.recipients": 12, "population.supporters": 3, "population.asked": 4,
       "population.arrival_weeks": 1, "weeks": 10, "communities": ["one_to_one"]}  # fmt: skip
ASKING = {"recruitment.met": 0.2, "recruitment.members": 0.2, "recruitment.completed": 0.3,
          "recruitment.from_recovery": 0.4, "training.uptake": 1.0, "training.form": "webinar"}  # fmt: skip
NOBODY_IS_ASKED = dict.fromkeys(
    ("recruitment.met", "recruitment.members", "recruitment.completed"), 0.0
)
EVERYTHING = {"communities": ["one_to_one", "group", "availability", "digital"], "cafe.per_week": 1.0,
              "population.recipients": 40, "weeks": 60, "one_to_one.weeks": 10}  # fmt: skip


def scenario(*changes):
    every = {}
    for more in changes:
        every |= more
    return changed(Scenario(), every)


def places_of(run, letter):
    return run.memberships.filter(pl.col("person").str.starts_with(letter))


# -- who there is ----------------------------------------------------------------------------------


@runs
def test_trained_supporters_are_ready_in_the_first_week_and_those_asked_are_not():
    run = simulate(scenario(FEW), 5)
    joined = dict(places_of(run, "S").select("person", "joined").iter_rows())
    assert [joined[name] for name in ("S1", "S2", "S3")] == [1, 1, 1]
    later = [week for name, week in joined.items() if name in ("S4", "S5", "S6", "S7") and week]
    assert later
    assert set(later) == {1 + Scenario().training.weeks}
    since = dict(run.people.select("person", "supporter_since").iter_rows())
    assert {name: since[name] for name in joined} == joined
    assert since["R1"] is None


@runs
def test_trained_supporters_cost_no_training():
    alone = {**FEW, "population.asked": 0, "weeks": 4, "one_to_one.staff_match_hours": 0}
    assert simulate(scenario(alone), 5).values[4, 0, NAMES.index("staff_hours")] == 0


@runs
def test_the_same_supporter_is_who_they_are_trained_or_asked():
    names = ("person", "social_anxiety", "stage", "experience_x", "spare_hours", "own_hope")[:-1]
    each = [
        simulate(scenario(FEW, {"population.supporters": n, "population.asked": 7 - n}), 5)
        for n in (0, 3, 7)
    ]
    first, *others = (run.people.select(names) for run in each)
    assert all(first.equals(other) for other in others)
    assert first["person"].to_list()[-1] == "S7"


@runs
def test_people_are_asked_evenly_over_the_first_weeks():
    many = {"population.asked": 300, "population.asked_weeks": 20, "weeks": 30}
    run = simulate(scenario(FEW, many), 5)
    weeks = run.world.people["invited_week"][-300:]
    assert set(run.world.people["invited_week"][12:15]) == {1}
    assert (weeks.min(), weeks.max()) == (1, 20)
    assert weeks.mean() == pytest.approx(10.5, abs=1)
    served = run.world.memberships["joined"][-300:, ONE_TO_ONE]
    length = Scenario().training.weeks
    assert (served[served >= 0] == weeks[served >= 0] + length).all()
    declined = run.departures.filter(cause="never_started")
    invited = dict(run.people.select("person", "invited_week").iter_rows())
    assert declined.height > 50
    assert all(
        week == invited[name] for name, week in declined.select("person", "week").iter_rows()
    )


def people_in(folder, *rows):
    (folder / "people.csv").write_text("\n".join(["person,role,arrival_week", *rows]) + "\n")
    return str(folder / "people.csv")


@runs
def test_arrival_weeks_of_supporters_hold(tmp_path):
    file = people_in(tmp_path, *[f"R{k},recipient,1" for k in range(6)], "A1,supporter,5",
                     *[f"B{k},asked,3" for k in range(40)])  # fmt: skip
    run = simulate(scenario({"population.file": file, "communities": ["group"], "weeks": 12}), 2)
    joined = dict(run.memberships.select("person", "joined").iter_rows())
    assert joined["A1"] == 5
    weeks = {joined[f"B{k}"] for k in range(40)} - {None}
    assert weeks == {3 + Scenario().training.weeks}
    assert set(run.departures.filter(cause="never_started")["week"]) == {3}


def test_a_file_of_people_has_a_word_for_those_who_are_asked(tmp_path):
    file = people_in(tmp_path, "Bo Berg,spurgt,", "Ada,recipient,", "Carl,Kommende frivillig,2",
                     "Dan,frivillig,", "Eva,trainee,")  # fmt: skip
    found = read_population(file)
    assert (found.recipients, found.supporters, found.asked) == (1, 1, 3)
    assert found.codes == ["R1", "S3", "S1", "S2", "S4"]
    plan = changed(Scenario(), {"population.file": file, "communities": ["one_to_one"]})
    assert (plan.population.supporters, plan.population.asked) == (1, 3)
    assert draw_up(plan).trained.tolist() == [False, True, False, False, False]
    (tmp_path / "again.csv").write_text(found.coded())
    again = read_population(str(tmp_path / "again.csv"))
    assert (again.roles.tolist(), again.keys.tolist()) == (
        found.roles.tolist(),
        found.keys.tolist(),
    )


def test_a_word_that_is_nearly_right_is_named(tmp_path):
    with pytest.raises(InvalidInput, match="Did you mean asked?"):
        read_population(people_in(tmp_path, "Ada,recipient,", "Bo,askd,"))


def test_leaders_are_counted_among_both_kinds():
    group = {"communities": ["group"], "group.leaders": 3}
    scenario(group, {"population.supporters": 1, "population.asked": 2})
    with pytest.raises(InvalidInput, match="population.supporters is 1 and population.asked is 1"):
        scenario(group, {"population.supporters": 1, "population.asked": 1})


# -- from receiving to giving ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def recruiting():
    return simulate(scenario(EVERYTHING, ASKING), 4)


@runs
def test_recipients_become_supporters_and_serve(recruiting):
    run, people = recruiting, recruiting.world.people
    n = run.scenario.population.recipients
    became = (people["role"] == SUPPORTER) & (np.arange(len(people)) < n)
    assert became.sum() >= 5
    wait = people["supporter_since"][became] - people["asked_week"][became]
    assert (wait > run.scenario.training.weeks).all()
    assert (run.world.memberships["partner"][became] == NOBODY).all()
    assert (people["given"][became] > 0).any()
    shown = run.people.filter(pl.col("person").str.starts_with("R"))
    told = shown.filter(pl.col("supporter_since").is_not_null())
    assert told.height == became.sum()
    assert set(told["role"]) == {"supporter"}
    nodes = dict(run.graph().nodes(data="supporter_since"))
    assert nodes[told["person"][0]] == told["supporter_since"][0]
    before = run.departures.join(told.select("person", since="supporter_since"), on="person")
    early = before.filter(pl.col("week") < pl.col("since"))
    assert set(early["role"]) <= {"recipient"}


@runs
def test_the_story_of_somebody_tells_that_they_go_over_to_giving(recruiting):
    people, plan = recruiting.world.people, recruiting.blueprint
    row = int(np.flatnonzero((people["role"] == SUPPORTER) & (people["asked_week"] >= 0))[0])
    names = Names(plan.labels, row, plan.roles, plan.scenario.communities)
    facts = facts_of(weeks_of(plan, recruiting.seed, row), recruiting.world, names)
    told = {key: week for week, key, _ in facts if key in ("asked", "gives")}
    assert told == {"asked": people["asked_week"][row], "gives": people["supporter_since"][row]}
    assert "giving" in sentence_of("gives", {"who": names.name}).english


@runs
def test_who_becomes_a_supporter_stays_among_those_invited(recruiting):
    run, last = recruiting, recruiting.scenario.weeks
    n = run.scenario.population.recipients
    own = run.world.people[:n]
    said = dict(zip(NAMES, run.values[last, 0], strict=True))
    assert said["hope"] == pytest.approx(own["hope"].mean())
    assert said["ties"] == pytest.approx(own["n_ties"].mean())
    states = [own[name] for name in ("connectedness", "hope", "identity", "meaning", "empowerment")]
    assert said["recovery"] == pytest.approx(12 * np.sum(states, axis=0).mean())
    others = run.world.people[n:]
    score = 12 * np.sum(
        [others[name] for name in ("connectedness", "hope", "identity", "meaning", "empowerment")],
        axis=0,
    )
    assert said["supporter_recovery"] == pytest.approx(score.mean())
    gives = run.world.people["role"] == SUPPORTER
    active = (np.isin(run.world.status, (3, 4)).any(axis=1) & gives).sum()
    assert said["supporters_active"] == pytest.approx(active / gives.sum())
    begun = gives & (run.world.people["joined"] >= 0)
    assert said["strain"] == pytest.approx(run.world.people["strain"][begun].mean())


@runs
def test_nobody_gives_and_receives_in_two_roles_at_once():
    plan = draw_up(scenario(EVERYTHING, ASKING))
    n, seen, matched, before = plan.scenario.population.recipients, 0, False, None
    for world in Replicate(plan, 4).weeks():
        gives = world.people["role"] == SUPPORTER
        recruits = gives[:n]
        seen = max(seen, int(recruits.sum()))
        assert (world.memberships["partner"][gives] == NOBODY).all()
        partner = world.memberships["partner"][:, ONE_TO_ONE]
        assert gives[partner[partner >= 0]].all()
        matched |= bool((partner[partner >= 0] < n).any())
        dyads = np.bincount(partner[partner >= 0], minlength=len(gives))
        assert (dyads == world.people["dyads"]).all()
        assert dyads.max() <= plan.scenario.one_to_one.capacity
        if before is not None:
            assert (recruits | ~before).all()  # nobody goes back
        before = recruits.copy()
        for circle in np.flatnonzero(world.circles["open"] == 1):
            c = world.circles["community"][circle]
            here = (world.memberships["circle"][:, c] == circle) & (world.status[:, c] == ACTIVE)
            assert (here & gives).sum() <= 4
    assert seen >= 5
    assert matched  # with somebody who once looked for support


@runs
def test_hours_received_in_a_match_are_not_paid_as_given():
    free = {"training.hours": 0, "strain.per_match": 0, "weeks": 80}
    pairs = {**EVERYTHING, **free, "communities": ["one_to_one"], "recruitment.completed": 0.5}
    plan, paid, received = draw_up(scenario(pairs, ASKING)), 0.0, {}
    hours = np.zeros(len(plan.ids))
    for world in Replicate(plan, 4).weeks():
        now = world.memberships["hours"][:, ONE_TO_ONE].copy()
        gives = world.people["role"] == SUPPORTER
        received |= {i: hours[i] for i in np.flatnonzero(gives) if i not in received}
        given, before = world.clock["supporter_hours"][0], paid
        assert given - before == pytest.approx((now - hours)[gives].sum())
        hours, paid = now, given
    assert max(received.values()) > 5


def outcomes(run, without=()):
    kept = [k for k, name in enumerate(NAMES) if name not in without]
    return run.values[..., kept]


@runs
def test_who_declines_or_gets_cold_feet_loses_nothing():
    hard = {
        "training.uptake": 0.05,
        "training.anxiety": 5,
        "training.seminar_effort": 4,
        "training.form": "seminar",
    }
    plain = simulate(scenario(EVERYTHING, hard, NOBODY_IS_ASKED), 4)
    declined = simulate(scenario(EVERYTHING, ASKING, hard), 4)
    asked = declined.world.people["asked_week"] >= 0
    assert asked.sum() >= 5
    assert not (declined.world.people["supporter_since"][:40] >= 0).any()
    assert np.array_equal(declined.values, plain.values, equal_nan=True)
    afraid = {"training.dropout": 1.0, "training.weeks": 26, "population.readiness": 0.001}
    only = {"communities": ["group"]}
    feet = simulate(scenario(EVERYTHING, ASKING, afraid, only), 4)
    none = simulate(scenario(EVERYTHING, ASKING, afraid, only, NOBODY_IS_ASKED), 4)
    assert (feet.world.people["asked_week"] >= 0).any()
    assert not (feet.world.people["supporter_since"][:40] >= 0).any()
    hours = ("supporter_hours", "staff_hours", "cost")
    assert np.array_equal(outcomes(feet, hours), outcomes(none, hours), equal_nan=True)


@runs
def test_nobody_is_asked_before_they_are_well_enough():
    few = simulate(scenario(EVERYTHING, ASKING, {"recruitment.from_recovery": 0.95}), 4)
    none = simulate(scenario(EVERYTHING, ASKING, NOBODY_IS_ASKED), 4)
    assert not (few.world.people["asked_week"] >= 0).any()
    assert np.array_equal(few.values, none.values, equal_nan=True)


@runs
@pytest.mark.parametrize("way, programme", [
    ("met", {"communities": ["availability"]}), ("met", {"communities": ["group"], "cafe.per_week": 1}),
    ("members", {"communities": ["digital"]}), ("completed", {"communities": ["group"], "group.weeks": 4}),
])  # fmt: skip
def test_each_way_of_being_asked_is_one(way, programme):
    others = dict.fromkeys({"met", "members", "completed"} - {way}, 0.0)
    only = {f"recruitment.{name}": rate for name, rate in others.items()}
    few = {"population.recipients": 30, "weeks": 40}
    run = simulate(scenario(few, programme, ASKING, only), 4)
    asked = run.world.people["asked_week"]
    assert (asked >= 0).any()
    if way == "completed":
        left = run.world.memberships["left"][asked >= 0, 1]
        gives = run.world.people["role"][asked >= 0] == SUPPORTER
        assert (left[~gives] >= 0).all()


@runs
def test_recruits_go_on_training_after_a_switch():
    programme = {"communities": ["availability"], "population.recipients": 30, "weeks": 30,
                 "training.weeks": 10, "training.dropout": 0,
                 "events": [{"week": 12, "switch": "availability", "to": "digital"}]}  # fmt: skip
    run = simulate(scenario(programme, ASKING), 4)
    p = run.world.people[:30]
    spanning = (p["asked_week"] >= 3) & (p["asked_week"] < 11) & (p["role"] == SUPPORTER)
    assert spanning.any()
    assert (p["supporter_since"][spanning] == p["asked_week"][spanning] + 11).all()
    served = run.world.memberships["joined"][:30][spanning]
    assert (served[:, 3] == p["supporter_since"][spanning]).all()


# -- who declined, who leads, what hours allow -----------------------------------------------------


@runs
@pytest.mark.parametrize("once, most", [(True, 1), (False, 2)])
def test_who_has_declined_is_lost_once(once, most):
    switched = {"communities": ["one_to_one"], "population.supporters": 0, "population.asked": 60,
                "population.recipients": 5, "weeks": 10, "training.declines_once": once,
                "events": [{"week": 4, "switch": "one_to_one", "to": "availability"}]}  # fmt: skip
    run = simulate(scenario(switched), 3)
    declined = run.departures.filter(cause="never_started").group_by("person").len()
    assert declined.height > 10
    assert set(declined["len"]) == {most}


@runs
@pytest.mark.parametrize("programme", [
    {"communities": ["group"]}, {"communities": ["availability"], "availability.variant": "instructor"},
])  # fmt: skip
def test_a_last_single_leader_does_not_stand_idle(programme, tmp_path):
    rows = [f"R{k},recipient,1" for k in range(24)]
    late = {"population.file": people_in(tmp_path, *rows, "S1,supporter,1", "S2,supporter,40")}
    eager = {"sign_up.rate": 2.0, "weeks": 12}
    c = 1 if programme["communities"] == ["group"] else 2
    begun = {}
    for fewest in (1, 2, 4):
        run = simulate(scenario(programme, eager, late, {"group.fewest_leaders": fewest}), 3)
        m = run.world.memberships[:24, c]
        begun[fewest] = m[m["joined"] >= 0]
    first = begun[1]["joined"].min()
    assert begun[1]["waiting"].min() + Scenario().group.patience == first
    assert (len(begun[2]), len(begun[4])) == (0, 0)


@runs
def test_supporters_give_no_more_hours_than_they_have(tmp_path):
    rows = [*[f"R{k},recipient,10" for k in range(8)], "S1,supporter,2", "S2,supporter,9"]
    (tmp_path / "p.csv").write_text("\n".join(["person,role,spare_hours", *rows]) + "\n")
    busy = {"population.file": str(tmp_path / "p.csv"), "communities": ["one_to_one"], "weeks": 30,
            "one_to_one.every": 1, "one_to_one.hours": 1.5, "one_to_one.capacity": 4, "sign_up.rate": 2.0,
            "attendance.habit": 5.0, "departure.first_meeting_one_to_one": 0}  # fmt: skip
    most = {}
    for within in (False, True):
        plan, weekly = draw_up(scenario(busy, {"one_to_one.within_hours": within})), []
        hours = np.zeros(10)
        for world in Replicate(plan, 3).weeks():
            now = world.memberships["hours"][:, ONE_TO_ONE].copy()
            weekly.append(now - hours)
            hours = now
        most[within] = np.max(weekly, axis=0)
        assert world.people["dyads"][8:].max() >= 2
    assert most[False][8] > 2.0
    assert 0 < most[True][8] <= 2.0 + 1e-9
    assert most[True][9] == most[False][9] > 3.0


# -- what the presets say of it --------------------------------------------------------------------


@runs
def test_the_groups_of_paths_to_everyday_life_take_place():
    plan = draw_up(load_scenario(["project=paths_to_everyday_life"]))
    for seed in range(60):
        world = Replicate(plan, seed).run()
        assert (world.memberships["joined"][: plan.scenario.population.recipients] >= 0).sum() >= 4


def test_presets_whose_story_is_training_ask_people():
    """Reden had its first three matches soon: three are trained, the others are asked over time."""
    for name, numbers in {"weshelter": (0, 10), "ung_til_ung": (0, 12), "reden": (3, 9)}.items():
        people = load_scenario([f"project={name}"]).population
        assert (people.supporters, people.asked) == numbers
