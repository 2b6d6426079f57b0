"""A recording is the run: whoever reads it finds the standing, ties, departures and circles of the
model, week by week.
"""

import base64
import json

import numpy as np
import pytest
from small_scenarios import small_scenario

import peersim
from peersim import InvalidInput, changed, record, simulate
from peersim.faces.layout import Growing
from peersim.faces.recording import Detail, blueprints, variant_of, world_of
from peersim.faces.story import REASONS, stories_of
from peersim.faces.year import STANDINGS, watched
from peersim.kernel.catalogue import say, speaking
from peersim.model.vocabulary import (
    ACTIVE,
    CAUSES,
    CLOSED,
    COMMUNITIES,
    COMPLETED,
    IN_TRAINING,
    LEFT,
    MOVED_ON,
    PLACES,
    SELF_RUN,
    WAITING,
)
from peersim.run.first_day import draw_up
from peersim.run.replicate import Replicate

pytestmark = pytest.mark.compiles

SEED = 5
BUSY = {
    "communities": ["one_to_one", "group", "availability"],
    "cafe.per_week": 1.0,
    "weeks": 40,
    "departure.misfit": 0.02,
    "sign_up.way_in": "consented",
    "events": [{"week": 20, "lose_supporters": 2}],
}


@pytest.fixture(scope="module")
def designs():
    alone = small_scenario(communities=["one_to_one"], weeks=40)
    return {"a": alone, "b": changed(alone, BUSY)}


@pytest.fixture(scope="module")
def recorded(designs):
    return record(designs, SEED, stories=True)


@pytest.fixture(scope="module")
def runs(designs):
    return {name: simulate(scenario, SEED) for name, scenario in designs.items()}


def weeks_of(scenario):
    """The world at the end of each week, lived once more."""
    replicate = Replicate(draw_up(scenario), SEED, with_baseline=True, departure_rows=4000)
    yield 0, replicate.world
    yield from enumerate(replicate.weeks(), 1)


class Reader:
    """A world as a page reads it."""

    def __init__(self, world, people, base=None):
        base = base or {}
        self.people, self.world = people, world
        raw = {name: decoded(world[name]) for name in ("standing", "connected", "isolated")}
        if base:
            raw = {name: array ^ decoded(base[name]) for name, array in raw.items()}
        self.standing = raw["standing"].reshape(-1, people)
        self.connected = raw["connected"].reshape(-1, people).cumsum(axis=0, dtype=np.uint8)
        self.isolated = np.unpackbits(
            raw["isolated"], bitorder="little", count=self.standing.size
        ).reshape(-1, people)
        self.ties = [*listed(world["ties"], base.get("ties"))]
        for *tie, weeks in listed(world["once"], base.get("once")):
            self.ties.append([*tie, "4" + "0" * (weeks - 1)])

    def living(self, week):
        """Digit and place of each tie that lives in a week, by the two rows."""
        return {
            (i, j): (int(digits[week - since]), place)
            for i, j, place, since, digits in self.ties
            if since <= week < since + len(digits)
        }


def decoded(text):
    return np.frombuffer(base64.b64decode(text), np.uint8)


def listed(items, known):
    for item in items:
        yield from known[slice(*item)] if len(item) == 2 else [item]


@pytest.fixture(scope="module")
def readers(recorded):
    people = len(recorded["people"])
    return {world["key"]: Reader(world, people) for world in recorded["worlds"]}


# -- against the model ---------------------------------------------------------------------------
def test_everybody_stands_as_in_the_model(designs, readers):
    seen = set()
    for key, scenario in designs.items():
        for week, world in weeks_of(scenario):
            for row, byte in enumerate(readers[key].standing[week].tolist()):
                assert byte == expected_byte(world, row), (key, week, row)
                seen.add(STANDINGS[byte >> 4] if byte < 0x70 and not byte & 15 else "active")
    assert seen >= {"nothing", "waiting", "completed", "left", "active"}


def expected_byte(world, row):
    """How somebody stands, worked out one community at a time."""
    status, stays = world.status[row].tolist(), world.memberships[row]
    bits = sum(1 << c for c, each in enumerate(status) if each in (ACTIVE, SELF_RUN))
    if bits:
        return bits
    if WAITING in status:
        return STANDINGS.index("waiting") << 4
    if IN_TRAINING in status:
        return STANDINGS.index("training") << 4
    ends = []
    for each, stay in zip(status, stays, strict=True):
        moved_on = each == LEFT and stay["cause"] == MOVED_ON
        rank = 3 if each == COMPLETED else 2 if moved_on else 1 if each == LEFT else 0
        name = ("closed", "left", "moved_on", "completed")[rank]
        if each in (COMPLETED, LEFT, CLOSED):
            ends.append((int(stay["left"]), rank, name))
    return STANDINGS.index(max(ends)[2]) << 4 if ends else 0


def test_ties_live_as_in_the_model(designs, readers):
    met = close = 0
    for key, scenario in designs.items():
        for week, world in weeks_of(scenario):
            living = {}
            for row, n in enumerate(world.people["n_ties"].tolist()):
                for slot in world.partners[row, :n]:
                    tie = world.ties[slot["tie"]]
                    level = 2 if tie["strength"] >= 0.3 else int(tie["confidence"] >= 0.3)
                    digit = level + 4 * int(tie["last"] == week)
                    if row < slot["other"]:
                        living[row, int(slot["other"])] = (digit, int(tie["met_in"]))
            assert readers[key].living(week) == living, (key, week)
            met += sum(digit >= 4 for digit, _ in living.values())
            close += sum(digit % 4 > 0 for digit, _ in living.values())
    assert met > 100 and close > 100


def test_a_graph_of_the_run_has_the_same_ties(recorded, readers, runs):
    labels = [each["id"] for each in recorded["people"]]
    for key, run in runs.items():
        graph = run.graph(30)
        edges = {frozenset((labels[i], labels[j])) for i, j in readers[key].living(30)}
        assert edges == set(map(frozenset, graph.edges))


def test_connectedness_and_isolation_are_those_of_everybody(designs, readers):
    for key, scenario in designs.items():
        for week, world in weeks_of(scenario):
            found = readers[key].connected[week]
            assert np.abs(found - 100 * world.people["connectedness"]).max() <= 0.5 + 1e-9
            if week:
                assert (readers[key].isolated[week] == world.people["isolated"]).all()


def test_weekly_numbers_are_those_of_simulate(recorded, readers, runs):
    for world in recorded["worlds"]:
        weekly = runs[world["key"]].weekly
        whole = weekly.filter(weekly["community"] == "all")
        for name in ("isolated", "retained"):
            shares = whole.filter(whole["outcome"] == name)["value"].to_numpy()
            assert world["weekly"][name] == np.rint(12 * shares).astype(int).tolist()
        connected = whole.filter(whole["outcome"] == "connectedness")["value"].to_numpy()
        assert world["weekly"]["connectedness"] == connected.round(3).tolist()
        alone = readers[world["key"]].isolated[:, :12].sum(axis=1)
        assert alone.tolist() == world["weekly"]["isolated"]


def test_departures_are_those_of_simulate(recorded, runs):
    labels = [each["id"] for each in recorded["people"]]
    names = recorded["names"]
    assert names == {
        "places": list(PLACES),
        "causes": list(CAUSES),
        "communities": list(COMMUNITIES),
    }
    for world in recorded["worlds"]:
        told = [
            (week, labels[who], COMMUNITIES[where], CAUSES[why], labels[by] if by >= 0 else None)
            for week, who, where, why, by in world["departures"]
        ]
        table = runs[world["key"]].departures
        columns = table["week", "person", "community", "cause", "caused_by"]
        assert told == columns.rows()
        assert told


def test_circles_hold_those_who_are_in_them(designs, recorded):
    for world in recorded["worlds"]:
        inside = {
            (week, row, community)
            for _, community, first, last, members in world["circles"]
            for row in members
            for week in range(first, last + 1)
        }
        for week, now in weeks_of(designs[world["key"]]):
            for row, community in zip(*np.nonzero(now.memberships["circle"] >= 0), strict=True):
                if now.status[row, community] in (ACTIVE, SELF_RUN):
                    assert (week, int(row), int(community)) in inside
        ever = {(row, community) for _, row, community in inside}
        joined = simulate(designs[world["key"]], SEED).world.memberships["joined"]
        assert all(joined[row, community] >= 0 for row, community in ever)
    assert recorded["worlds"][1]["circles"] and not recorded["worlds"][0]["circles"]


# -- people ---------------------------------------------------------------------------------------
def test_own_people_bear_the_codes_of_the_file(tmp_path):
    file = tmp_path / "people.csv"
    file.write_text("id,role,social_anxiety\nd-04,recipient,0.9\nd-07,recipient,\np-1,supporter,\n")
    scenario = changed(
        peersim.Scenario(),
        {"population.file": str(file), "weeks": 6, "group.leaders": 1, "communities": ["group"]},
    )
    made = record({"a": scenario, "b": changed(scenario, {"cafe.per_week": 1})}, 1)
    assert [(each["id"], each["role"]) for each in made["people"]] == [
        ("d-04", 0),
        ("d-07", 0),
        ("p-1", 1),
    ]
    assert made["people"][0]["anxiety"] == 90
    assert str(tmp_path) not in json.dumps(made)


def test_settings_are_those_that_set_designs_apart(recorded):
    a, b = (world["settings"] for world in recorded["worlds"])
    assert set(a) == set(b) == set(BUSY) - {"weeks"}
    assert b["cafe.per_week"] == 1.0 and a["communities"] == ["one_to_one"]


def test_a_recording_is_plain_data_without_nan(recorded):
    assert json.loads(json.dumps(recorded, allow_nan=False)) == recorded


def test_the_same_again(designs, recorded):
    assert record(designs, SEED, stories=True) == recorded
    assert record(designs, SEED + 1)["worlds"] != recorded["worlds"]


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"population.recipients": 13}, "errors.lesson.other_people"),
        ({"weeks": 12, "events": []}, "errors.lesson.other_weeks"),
    ],
)
def test_designs_that_cannot_stand_beside_each_other(designs, changes, key):
    with pytest.raises(InvalidInput) as refused:
        record({"a": designs["a"], "b": changed(designs["a"], changes)}, 1)
    assert refused.value.key == key


@pytest.mark.parametrize("designs", [{}, None, {"a": 3}, {3: peersim.Scenario()}])
def test_what_is_no_design_is_refused(designs):
    with pytest.raises(InvalidInput):
        record(designs, 1)


# -- variants -------------------------------------------------------------------------------------
@pytest.mark.parametrize("detail", [Detail(), Detail(5, ("isolated",))])
def test_a_variant_with_its_base_is_the_world(designs, detail):
    plans = blueprints(designs)
    base = watched(plans["b"], SEED)
    shut = {"departure.structure": False, "departure.social": 0.0}
    other = watched(draw_up(changed(designs["b"], shut)), SEED)
    people = len(base.blueprint.ids)
    variant, whole = variant_of(other, base, "b", detail), world_of(other, detail)
    read = Reader(variant, people, world_of(base, detail))
    alone = Reader(whole, people)
    for name in ("standing", "connected", "isolated"):
        assert (getattr(read, name) == getattr(alone, name)).all()
    assert sorted(map(tuple, read.ties)) == sorted(map(tuple, alone.ties))
    assert variant["departures"] == whole["departures"] != world_of(base)["departures"]
    assert len(json.dumps(variant)) < len(json.dumps(whole))


def test_a_person_can_be_kept(designs):
    """As by the event `keep`."""
    plan = draw_up(designs["b"])
    year = watched(plan, SEED)
    departure = next(each for each in year.departures if each["cause"] < 8)
    person, week = int(departure["person"]), int(departure["week"])
    kept = watched(plan, SEED, {person: week})
    events = [*BUSY["events"], {"week": week, "keep": plan.labels[person]}]
    run = simulate(changed(designs["b"], {"events": events}), SEED)
    assert (kept.status[-1] == run.world.status).all()
    assert (kept.status[-1] != year.status[-1]).any()


# -- stories --------------------------------------------------------------------------------------
def test_every_departure_is_told_with_its_reason(recorded, runs):
    endings = ("left", "left_after", "moved_on")
    for key, run in runs.items():
        for person, facts in recorded["stories"][key].items():
            told = [(week, values["where"]) for week, what, values in facts if what in endings]
            mine = run.departures.filter(run.departures["person"] == person)
            assert sorted(told) == sorted(mine["week", "community"].rows())
            for week, what, values in facts:
                if what in ("left", "left_after"):
                    row = mine.filter(
                        (mine["week"] == week) & (mine["community"] == values["where"])
                    ).row(0, named=True)
                    assert values["reason"] == REASONS.get(row["cause"], row["cause"])
                    assert values.get("other") == row["caused_by"]
                    shares = {name: row[f"share_{name}"] for name in CAUSES[:9]}
                    said = {REASONS.get(name, name): share for name, share in shares.items()}
                    if row["cause"] in CAUSES[:9]:
                        assert dict(map(tuple, values["shares"])) == {
                            name: round(100 * share)
                            for name, share in said.items()
                            if share > 0.005
                        }


def test_a_story_begins_with_the_invitation_and_runs_forward(recorded, runs):
    for key, run in runs.items():
        for person, facts in recorded["stories"][key].items():
            weeks = [week for week, _, _ in facts]
            assert weeks == sorted(weeks)
            row = run.people.filter(run.people["person"] == person).row(0, named=True)
            if row["role"] == "recipient" and row["invited_week"] > 0:
                assert facts[0] == [row["invited_week"], "invited", {}]


def test_matches_are_told_to_both_sides(recorded):
    stories = recorded["stories"]["a"]
    told = [
        (week, person, values["other"])
        for person, facts in stories.items()
        for week, what, values in facts
        if what == "matched"
    ]
    assert told and {(week, other, person) for week, person, other in told} == set(told)


def test_who_has_gone_loses_nobody(designs, recorded):
    lost = 0
    for key, scenario in designs.items():
        year = watched(draw_up(scenario), SEED)
        for row, facts in enumerate(recorded["stories"][key].values()):
            for week, what, _ in facts:
                if what == "lost":
                    assert year.takes_part[week - 1, row].any()
                    lost += 1
    assert lost


def test_who_comes_again_had_been_away(recorded):
    found = 0
    for world in recorded["stories"].values():
        for facts in world.values():
            away = False
            for _, what, values in facts:
                if what == "away":
                    assert values["n"] >= 3 and not away
                    away = True
                elif what == "back":
                    assert away
                    away, found = False, found + 1
    assert found


@pytest.mark.parametrize("language", ["en", "da"])
def test_every_fact_is_a_sentence(recorded, language):
    with speaking(language):
        for world in recorded["stories"].values():
            for facts in world.values():
                for week, what, values in facts:
                    words = {
                        **values,
                        "week": week,
                        "where": say(f"faces.story.where.{values.get('where', 'group')}"),
                        "reason": say(f"faces.reason.{values.get('reason', 'drift')}"),
                    }
                    said = say(f"faces.story.{what}", **words)
                    assert said.endswith(".") and "{" not in said
    with speaking(language):
        for cause in CAUSES:
            assert say(f"faces.reason.{REASONS.get(cause, cause)}")


def test_who_never_came_is_said_to_have_never_come():
    scenario = small_scenario(communities=["digital"], sign_up__rate=0.02, weeks=6)
    year = watched(draw_up(scenario), 1)
    stories = stories_of(year)
    joined = (year.world.memberships["joined"] >= 0).any(axis=1)
    never = [facts[-1][1] == "never" for facts in stories.values()]
    assert never == (~joined).tolist() and any(never) and not all(never)


# -- the picture ----------------------------------------------------------------------------------
def test_who_meet_often_stand_near_each_other(recorded):
    at = np.array(recorded["at"])
    assert at.shape == (len(recorded["people"]), 2)
    assert (at.min(axis=0) == 0).all() and (at.max(axis=0) == 1000).all()
    often = [
        (i, j)
        for world in recorded["worlds"]
        for i, j, _, _, digits in world["ties"]
        if sum(digit >= "4" for digit in digits) >= 10
    ]
    far = np.linalg.norm(at[:, None] - at[None], axis=2)
    assert len(often) > 10
    assert np.mean([far[pair] for pair in often]) < 0.8 * far[np.triu_indices(len(at), 1)].mean()


def test_people_of_a_living_model_move_on_from_where_they_stood():
    pairs = [(0, 1, 6), (1, 2, 6), (3, 4, 6)]
    growing = Growing(6)
    first = np.array(growing.grown(1, pairs))
    assert growing.grown(1, pairs) == first.tolist()  # the same week again
    second = np.array(growing.grown(2, [*pairs, (0, 5, 4)]))
    moved = np.linalg.norm(second - first, axis=1)
    assert 0 < moved.max() < 400
