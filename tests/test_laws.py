"""Laws: what must hold for every programme, because encounters add, hours compete, ties are shared,
luck is keyed."""

import itertools

import numpy as np
import polars as pl
import pytest
from worlds import interpret, lively, lively_run, outcome, same, same_worlds, values, world_of

import peersim
from peersim.kernel.chance import LIFE, draws
from peersim.kernel.declaration import InvalidInput
from peersim.model.people import CHIME, TRAITS
from peersim.model.vocabulary import CAUSES, COMMUNITIES, N_HAZARDS
from peersim.model.week import WEEK
from peersim.run.first_day import room_for_outcomes
from peersim.run.simulation import ensemble, simulate
from peersim.scenario.scenario import changed, without_programme
from peersim.scenario.uncertain_parameters import assumptions
from peersim.studies.patterns.editions import FIRST

pytestmark = pytest.mark.compiles

MIXES = [mix for n in range(1, 5) for mix in itertools.combinations(COMMUNITIES, n)]

# -- mixes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("mix", MIXES, ids="+".join)
def test_every_mix_runs_and_reaches_people(mix):
    recorded = values(lively(mix), [1])
    known = np.isfinite(recorded)
    assert (known[0, :, 0] | np.isnan(recorded[0, 0, 0])).all(), (
        "an outcome disappears during the run"
    )
    for place, name in enumerate(COMMUNITIES, start=1):
        assert np.isfinite(outcome(recorded, "connectedness", place)[0, -1]) == (name in mix)


def people_csv(folder, names, **columns):
    """A file of people who are drawn from the population model but for some columns."""
    rows = [",".join(["person,role", *columns])]
    for k, name in enumerate(names):
        role = "supporter" if name.startswith("S") else "recipient"
        rows.append(",".join([name, role, *(str(column[k]) for column in columns.values())]))
    file = folder / "people.csv"
    file.write_text("\n".join(rows) + "\n")
    return str(file)


PEOPLE = [f"R{k}" for k in range(20)] + [f"S{k}" for k in range(7)]


@pytest.mark.parametrize("pure", COMMUNITIES)
def test_a_mix_of_one_equals_the_pure_type(pure, tmp_path):
    """What is there but takes nobody in leaves no trace: nobody invited to it, or ended before it
    began."""
    file = people_csv(tmp_path, PEOPLE, communities=[pure] * len(PEOPLE))
    alone = simulate(lively([pure], population__file=file), 3)
    for others in MIXES:
        if pure in others:
            mixed = simulate(lively(others, population__file=file), 3)
            assert same(mixed.values, alone.values), others
            assert same_worlds(mixed.world, alone.world) == [], others


@pytest.mark.parametrize("pure, other", itertools.permutations(COMMUNITIES, 2))
def test_what_ends_before_it_begins_leaves_no_trace(pure, other):
    alone = values(lively([pure]))
    assert same(values(lively([pure, other], events=[{"week": 1, "end": other}])), alone)
    assert same(values(lively([other], events=[{"week": 1, "switch": other, "to": pure}])), alone)


def test_the_order_of_communities_is_irrelevant():
    first, *others = [simulate(lively(order), 2) for order in itertools.permutations(COMMUNITIES)]
    for run in others:
        assert same(run.values, first.values)
        assert same_worlds(run.world, first.world) == []


# -- nothing changes nothing ---------------------------------------------------------------------


def test_a_programme_of_nothing_changes_nothing():
    run = simulate(without_programme(lively()), 5)
    for name in (
        "ties",
        "retained",
        "waiting",
        "supporter_hours",
        "staff_hours",
        "cost",
        "harmed",
        "face_to_face",
    ):
        assert (outcome(run.values, name) == 0).all(), name
    assert (outcome(run.values, "never_reached") == 1).all()
    recipients = run.people.filter(role="recipient")
    assert (recipients["recovery"] - recipients["recovery_no_programme"]).abs().max() < 1e-12
    assert run.ties.is_empty() and run.departures.is_empty() and run.memberships.is_empty()


def test_a_programme_that_ends_before_it_begins_changes_nothing():
    nothing = values(without_programme(lively()))
    assert same(
        values(lively(events=[{"week": 1, "funding_ends": True}], page__contact=0.0)), nothing
    )


def test_levers_without_a_community_touch_nobody():
    """A café, supervision or a page alone brings nobody together: there is nobody who belongs."""
    levers = without_programme(lively())
    for path in ("cafe.per_week", "supervision.per_month", "team.per_month", "page.contact"):
        run = simulate(changed(levers, {path: 1.0}), 1)
        assert run.ties.is_empty()
        assert same(run.world.people, simulate(levers, 1).world.people)


def test_an_unused_draw_changes_nothing():
    def daydream(world):
        clock = world.clock[0]
        for person in world.people:
            draws(clock.seed, 10 + person.id % 25, clock.week, person.id, np.int64(0))

    scenario = lively(
        population__recipients=5, population__supporters=2, weeks=8, training__weeks=1
    )
    awake, dreaming = (world_of(scenario, 2) for _ in range(2))
    busier = [phase for pair in itertools.product(WEEK, [daydream]) for phase in pair]
    out = [room_for_outcomes(8) for _ in range(2)]
    interpret(awake, 8, out[0])
    interpret(dreaming, 8, out[1], busier)
    assert same(*out)
    assert same_worlds(awake, dreaming) == []


# -- the same people, the same luck --------------------------------------------------------------


def test_a_person_is_the_same_in_a_small_and_a_large_world():
    small, large = (
        world_of(lively(population__recipients=n, weeks=2), 9).people for n in (40, 400)
    )
    for name in small.dtype.names:
        assert same(small[name][:40], large[name][:40]), name
        assert same(small[name][40:], large[name][400:]), f"{name} of supporters"


def test_people_do_not_depend_on_the_programme():
    alone = world_of(lively(), 4).people
    for mix in MIXES:
        assert same(
            world_of(lively(mix, organisation="integrated", cafe__per_week=2), 4).people, alone
        )


@pytest.mark.parametrize("place", [0, 10, 20])
def test_somebody_who_never_comes_changes_nothing_for_the_others(place, tmp_path):
    """One more name in the file, invited after the end: everybody else lives the same life, to the
    last bit."""
    names = [*PEOPLE[:place], "R99", *PEOPLE[place:]]
    arrivals = {
        name: 1040 if name == "R99" else 1 + k % 5 for k, name in enumerate(PEOPLE + ["R99"])
    }
    runs = []
    for people in (PEOPLE, names):
        file = people_csv(tmp_path, people, arrival_week=[arrivals[name] for name in people])
        runs.append(simulate(lively(population__file=file), 6))
    few, more = runs
    assert few.ties.height > 20
    assert more.people.filter(pl.col("person") != "R99").equals(few.people)
    assert more.memberships.filter(pl.col("person") != "R99").equals(few.memberships)
    assert more.ties.equals(few.ties)
    assert more.departures.equals(few.departures)


def test_another_community_leaves_everybodys_luck_as_it_was():
    few, more = simulate(lively(["group"]), 3), simulate(lively(["group", "digital"]), 3)
    people = few.world.people, more.world.people
    for name in (*TRAITS, "experience_x", "experience_y", "spare_hours", "outside_ties", "outside_luck", "voice",
                 "invited_week", *("own_" + state for state in CHIME)):  # fmt: skip
        if name != "readiness":  # which training adds to
            assert same(people[0][name], people[1][name]), name
    first = [run.memberships.filter(community="group", role="recipient") for run in (few, more)]
    assert first[0]["waiting"].equals(first[1]["waiting"])
    assert not same(people[0]["hope"], people[1]["hope"])


def test_outside_luck_is_keyed_by_person_and_week():
    """The luck of the week is a draw that no programme can reach."""
    world = lively_run().world
    kept = np.exp(-1.0 / 12.0)
    for person in world.people[:5]:
        luck = 0.0
        for week in range(1, 41):
            u = draws(1, LIFE, week, int(person["id"]), 0)
            normal = np.sqrt(-2 * np.log(1 - u[0])) * np.cos(2 * np.pi * u[1])
            luck = kept * luck + np.sqrt(1 - kept**2) * normal
        assert abs(luck - person["outside_luck"]) < 1e-9


EVENTS = {
    "cafe added": (["group", "one_to_one"], {"set": {"cafe.per_week": 2}}, {"cafe__per_week": 0.0}),
    "supporters lost": (["group", "one_to_one"], {"lose_supporters": 2}, {}),
    "switch": (["one_to_one"], {"switch": "one_to_one", "to": "availability"}, {}),
    "funding ends": (COMMUNITIES, {"funding_ends": True}, {}),
    "community added": (["group"], {"add": "digital"}, {}),
    "community ends": (["group", "digital"], {"end": "digital"}, {}),
    "organisation": (["group"], {"set": {"organisation": "integrated"}}, {}),
    "one person leaves": (["group", "one_to_one"], {"leave": "S2"}, {}),
}


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("week", [2, 15, 40])
def test_an_event_leaves_everything_before_it_as_it_was(event, week):
    communities, what, settings = EVENTS[event]
    scenario = lively(communities, **settings)
    before = values(scenario)
    after = values(changed(scenario, {"events": [{"week": week} | what]}))
    assert same(after[:, :week], before[:, :week])
    assert week == 40 or not same(after[:, week:], before[:, week:])


def test_a_longer_horizon_only_adds_weeks():
    assert same(values(lively(weeks=25)), values(lively())[:, :26])


def test_replicates_are_seeds_and_do_not_know_each_other():
    several = ensemble(lively(), range(3, 7)).values
    assert same(several[2], simulate(lively(), 5).values)
    assert same(several, ensemble(lively(), range(3, 7), workers=2).values)
    assert not same(several[0], several[1])


# -- leaving -------------------------------------------------------------------------------------

SEEDS = range(1, 6)


def departures(**more):
    tables = [simulate(lively(**more), seed).departures.with_columns(seed=seed) for seed in SEEDS]
    return pl.concat(tables)


def test_shares_of_hazards_sum_to_one_or_the_end_was_decided_elsewhere():
    table = departures(events=[{"week": 20, "lose_supporters": 2}], one_to_one__rematch=False)
    shares = table.select(f"share_{cause}" for cause in CAUSES[:N_HAZARDS]).to_numpy()
    hazards = table["cause"].is_in(CAUSES[:N_HAZARDS]).to_numpy()
    assert hazards.any() and not hazards.all()
    assert np.allclose(shares.sum(axis=1), hazards)
    causes = [CAUSES.index(cause) for cause in table["cause"].to_list()]
    chosen = np.array(
        [row[k] if k < N_HAZARDS else np.nan for row, k in zip(shares, causes, strict=True)]
    )
    assert (chosen[hazards] > 0).all(), "a cause without a share in the hazards"
    assert ((shares >= 0) & (shares <= 1)).all()


CONTAGION = {"departure__social": 0.02, "departure__lost_tie": 0.3}


def test_others_leaving_is_a_cause_only_while_the_social_channel_is_open():
    assert "others_leaving" in departures(**CONTAGION)["cause"]
    table = departures(**CONTAGION | {"departure__social": 0.0})
    assert "others_leaving" not in table["cause"] and (table["share_others_leaving"] == 0).all()
    assert "lost_tie" in table["cause"]


def test_lost_ties_are_a_cause_only_while_the_loss_channel_is_open():
    assert "lost_tie" in departures(**CONTAGION)["cause"]
    table = departures(**CONTAGION | {"departure__loss": 0.0})
    assert "lost_tie" not in table["cause"] and (table["share_lost_tie"] == 0).all()


def test_matches_and_circles_close_only_while_the_structure_channel_is_open():
    more = {
        "communities": ["one_to_one", "group"],
        "one_to_one__rematch": False,
        "departure__life_event": 0.03,
    }
    assert "community_closed" in closed(**more)
    assert "community_closed" not in closed(**more, departure__structure=False)


def closed(**more):
    return pl.concat([simulate(lively(**more), seed).memberships["cause"] for seed in SEEDS])


CAUSED = CONTAGION | {"one_to_one__rematch": False, "supervision__legitimate_withdrawal": 0.0}


def test_who_caused_a_departure_has_left_before():
    ended = departures(**CAUSED)
    table = ended.filter(pl.col("cause") != "moved_on")
    caused = table.filter(pl.col("caused_by").is_not_null())
    assert set(caused["cause"]) == {"lost_tie", "others_leaving", "community_closed"}
    assert (
        table.filter(pl.col("cause").is_in(["lost_tie", "others_leaving"]))[
            "caused_by"
        ].null_count()
        == 0
    )
    first = ended.group_by("seed", "person").agg(pl.col("week").min().alias("gone"))
    joined = caused.join(
        first, left_on=["seed", "caused_by"], right_on=["seed", "person"], how="left"
    )
    assert joined["gone"].null_count() == 0
    assert (joined["gone"] <= joined["week"]).all()
    assert (joined["caused_by"] != joined["person"]).all()


def test_whose_example_somebody_follows_has_completed_or_moved_on_in_an_earlier_week():
    places = pl.concat(
        [simulate(lively(**CAUSED), seed).memberships.with_columns(seed=seed) for seed in SEEDS]
    )
    follow = places.filter((pl.col("cause") == "moved_on") & pl.col("caused_by").is_not_null())
    done = places.filter(pl.col("cause").is_in(["moved_on", "course_completed"]))
    first = done.group_by("seed", "person").agg(pl.col("left").min().alias("done"))
    joined = follow.join(
        first, left_on=["seed", "caused_by"], right_on=["seed", "person"], how="left"
    )
    assert joined.height > 0 and joined["done"].null_count() == 0
    assert (joined["done"] < joined["left"]).all()
    assert (joined["caused_by"] != joined["person"]).all()


def test_nobody_leaves_a_community_twice():
    assert not departures().select("seed", "person", "community").is_duplicated().any()


def test_each_ended_tie_has_one_reason():
    ties = pl.concat(
        [simulate(lively(population__recipients=45, group__size=30), seed).ties for seed in (1, 2)]
    )
    ended = ties["ended_week"].is_not_null()
    assert ended.any() and not ended.all()
    assert (ties["end_reason"].is_not_null() == ended).all()
    assert (ties["ended_week"] >= ties["formed_week"]).all()


# -- every parameter is live ---------------------------------------------------------------------

CROWD = {"communities": ["group", "digital"], "population__recipients": 70, "group__size": 30, "group__weeks": 30,
         "group__per_week": 2.0, "cafe__talks": 4, "digital__reply": 1.0}  # fmt: skip
COLD_FEET = {"communities": ["one_to_one"], "population__supporters": 0, "population__asked": 60, "population__readiness": 0.2,
             "training__dropout": 1.0, "training__weeks": 10}  # fmt: skip
CLASSES = {"communities": ["availability"], "availability__variant": "instructor", "population__arrival_weeks": 30,
           "group__patience": 1, "sign_up__rate": 0.2, "population__recipients": 30, "departure__life_event": 0.03}  # fmt: skip
FULL_CLASSES = CLASSES | {
    "population__arrival_weeks": 1,
    "sign_up__rate": 2.0,
    "training__uptake": 1.0,
}
WORN = {
    "communities": ["one_to_one"],
    "departure__overload": 0.3,
    "strain__per_hour": 0.2,
    "training__uptake": 1.0,
}
SCENES = {
    "worn": WORN,
    "everything": {},
    "classes": CLASSES,
    "full classes": FULL_CLASSES,
    "webinars, outreach": {"organisation": "outreach", "training__form": "webinar"},
    "integrated": {"organisation": "integrated"},
    "crowd": CROWD,
    "from receiving to giving": {"recruitment__from_recovery": 0.5},
    "referred": {"sign_up__way_in": "referred"},
    "a second community later": {
        "communities": ["one_to_one"],
        "events": [{"week": 6, "add": "group"}],
        "population__supporters": 0,
        "population__asked": 40,
        "training__uptake": 0.3,
    },
    "cold feet at a seminar": COLD_FEET,
    "cold feet at a webinar": COLD_FEET | {"training__form": "webinar"},
    **{community: {"communities": [community]} for community in COMMUNITIES},
    "group and platform": {"communities": ["group", "digital"], "group__weeks": 30},
}
"""Programmes of the second edition, as it is by default."""
BEFORE = FIRST | {"population.asked": 30}
"""The first edition, with people enough who are asked to train."""
FIRST_ALONE = {"change.connectedness", "change.recognition"}
"""What only the first edition reads."""
SECOND_ALONE = {"digital.moderation_enough", "digital.company_hours", "recruitment.from_recovery", "attendance.ordinary",
                "change.emotional", "change.social", "change.clique", "change.not_alone", "change.heard",
                "change.further_on", "change.model_nearness", "change.ordinary_sharing", "strain.weeks_to_adapt"}  # fmt: skip
"""What belongs to rules that the first edition has not: it says nothing where they are taken back."""


def scenes_for(path):
    """The scenes, those of the parameter's own community first."""
    return sorted(SCENES, key=lambda name: name != path.split(".")[0])


def positions(row):
    """Where to move a parameter: its options, or its bounds, but no world of a million people."""
    if row["options"]:
        return row["options"].split()
    if row["path"] == "weeks":
        return [39]
    return [row["low"], row["high"] if row["high"] <= 1000 else row["default"] + 1]


_seen = {}


def what_happens(name, before, changes):
    """Everything recorded or tabled: outcomes of two seeds, and how everybody stands at the end of
    the first."""
    scenario = changed(lively(**before | SCENES[name]), changes)
    return values(scenario), simulate(scenario, 1).people.drop("person")


def as_it_was(name, before):
    if (name, bool(before)) not in _seen:
        _seen[name, bool(before)] = what_happens(name, before, {})
    return _seen[name, bool(before)]


def moves(path, position, name, before):
    """Whether a parameter at another position changes what happens in a scene."""
    try:
        recorded, people = what_happens(name, before, {path: position})
    except InvalidInput:
        return False
    was = as_it_was(name, before)
    return not same(recorded, was[0]) or not people.equals(was[1])


def is_live(row, before=None):
    return any(
        moves(row["path"], p, name, before or {})
        for name in scenes_for(row["path"])
        for p in positions(row)
    )


@pytest.mark.parametrize("row", peersim.parameters().to_dicts(), ids=lambda row: row["path"])
def test_every_parameter_is_live(row):
    assert is_live(row) == (row["path"] not in FIRST_ALONE), (
        f"{row['path']} can be moved without anything happening, or need not be listed"
    )


@pytest.mark.parametrize("row", peersim.parameters().to_dicts(), ids=lambda row: row["path"])
def test_every_parameter_is_live_in_the_first_edition(row):
    """With every step taken back; what only the second edition reads says nothing there."""
    assert is_live(row, BEFORE) == (row["path"] not in SECOND_ALONE), (
        f"{row['path']} can be moved without anything happening, or need not be listed"
    )


def test_no_assumption_that_is_varied_is_idle():
    """A sensitivity analysis does not vary what only the other edition reads."""
    now, then = assumptions(lively()), assumptions(changed(lively(), BEFORE))
    assert not FIRST_ALONE & set(now) and set(then) >= FIRST_ALONE
    assert not {"change.emotional", "change.not_alone"} & set(then)
    assert {"change.emotional", "change.not_alone"} <= set(now)
