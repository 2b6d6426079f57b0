"""Company with a memory: who sits down with whom in a room, walks, and the shape of the web."""

import math

import networkx as nx
import numpy as np
import pytest
from worlds import world_of

from peersim.model import gatherings
from peersim.model.communities import availability
from peersim.model.communities.availability import fill_shifts, meet_availability
from peersim.model.encounters import together
from peersim.model.ties import find, tie_at, worth
from peersim.model.vocabulary import ACTIVE, AVAILABILITY, CAFE, OUTSIDE
from peersim.model.world import enlist, settings
from peersim.run.first_day import room_for_outcomes
from peersim.run.network import shape_of
from peersim.run.simulation import ensemble, run_weeks, simulate
from peersim.scenario.scenario import Scenario, changed

compiles = pytest.mark.compiles
ON = {"ties.acquaintance": 6.0}
ROOM = {
    "population.recipients": 24,
    "population.supporters": 0,
    "group.leaders": 0,
    "communities": ["group"],
}
"""A room in which nobody knows anybody yet."""


def room(**more):
    more = {path.replace("__", "."): value for path, value in more.items()}
    return house(ROOM | ON | more, 5)


def house(settings, seed):
    return world_of(changed(Scenario(), settings), seed)


def sit(world, week, guests, talks=3, hours=2.0):
    """All talks of an evening, as (who began, with whom, hours)."""
    world.clock[0].week, n, noted = week, 0, []
    for i in world.ring:
        if i in guests:
            world.weights[1, n] = hours
            n = enlist(world, n, i)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gatherings, "together", lambda world, i, j, time, *_: noted.append((i, j, time[0])))  # fmt: skip
        gatherings.sit_together(world, n, talks, hours, np.int64(CAFE), 0)
    return noted


def make_friends(world, pairs, hours=10.0):
    for i, j in pairs:
        together(world, np.int64(i), np.int64(j), (hours, 1.0), 0.5, np.int64(OUTSIDE))


# -- those one knows -----------------------------------------------------------------------------


@compiles
def test_those_who_know_each_other_sit_together_more_than_by_chance():
    couples = [(2 * k, 2 * k + 1) for k in range(12)]
    share = {}
    for strength in (0.0, 6.0):
        world = room(ties__acquaintance=strength)
        make_friends(world, couples)
        talks = [talk for week in range(1, 60) for talk in sit(world, week, range(24))]
        share[strength] = np.mean([i // 2 == j // 2 for i, j, _ in talks])
    assert 0.02 < share[0.0] < 0.07, "by chance one in 23"
    assert share[6.0] > 0.4


@compiles
def test_the_shortest_waiting_time_is_a_choice_by_weight():
    """Of one friend and whoever comes along, who counts two."""
    world, me, friend, weeks = room(), 3, 11, 3000
    make_friends(world, [(me, friend)])
    t, x = tie_at(world, me, find(world, me, friend)), settings(world).ties
    weight = gatherings.wish_for_company(worth(t, x), x)
    n = 0
    for i in world.ring:
        world.weights[1, n] = 1.0
        world.scratch[1, i] = n
        n = enlist(world, n, i)
    chosen = []
    for week in range(1, weeks + 1):
        world.clock[0].week = week
        gatherings._choose_company(world, me, n, 1, np.int64(4))
        chosen.append(world.scratch[1, n] == friend)
    ring = np.sort(world.position)
    gap = np.diff(np.r_[ring[-1] - 1, ring])  # before each place on the ring
    alone = sum(gap[np.searchsorted(ring, world.position[k])] for k in (me, friend))
    others = gatherings.STRANGER + x.acquaintance * gatherings.ONCE_REMOVED
    expected = (weight + others * alone) / (weight + others)
    assert abs(np.mean(chosen) - expected) < 4 * math.sqrt(expected * (1 - expected) / weeks)


@compiles
def test_a_friend_of_a_friend_is_met_more_than_a_stranger():
    world = room()
    make_friends(world, [(0, 1), (1, 2)], 30.0)
    met = np.zeros(24)
    for week in range(1, 250):
        for i, j, _ in sit(world, week, range(24), talks=1):
            if 0 in (i, j):
                met[i + j] += 1
    assert met[2] > 2 * np.median(met[3:])


@compiles
@pytest.mark.parametrize("strength", [0.0, 6.0])
def test_nobody_is_in_company_longer_than_in_the_room(strength):
    world = room(ties__acquaintance=strength)
    make_friends(
        world, [(0, k) for k in range(1, 24)], 40.0
    )  # whom all know, all want to talk with
    for week in range(1, 30):
        hours = np.zeros(24)
        for i, j, length in sit(world, week, range(24)):
            assert i != j and length >= gatherings.MOMENT
            hours[[i, j]] += length
        assert hours.max() <= 2.0 + 1e-9 and hours.mean() > 1.2
    assert hours[0] == pytest.approx(2.0) or strength == 0.0


@compiles
def test_one_more_guest_changes_only_the_talks_they_win():
    """While all have time left: the first to choose, week by week."""
    world, newcomer, changes = room(), 20, 0
    make_friends(world, [(k, (5 * k + 1) % 20) for k in range(20)])
    for week in range(1, 70):
        few, more = (sit(world, week, range(n))[:1] for n in (20, 21))
        if few[0][0] == more[0][0] and few != more:
            assert more[0][1] == newcomer
            changes += 1
    assert changes > 0


def _met(strength, seed):
    """Who has met whom in a few weeks of a café whose guests know only whom they met there."""
    world = house(ROOM | {"population.recipients": 40, "ties.acquaintance": strength}, seed)  # fmt: skip
    graph, pairs = nx.Graph(), []
    for week in range(1, 7):
        talks = sit(world, week, range(40), talks=1)
        for i, j, length in talks:
            together(world, i, j, (length, 1.0), 0.5, np.int64(CAFE))
        pairs.append({frozenset(talk[:2]) for talk in talks})
        graph.add_edges_from(map(tuple, pairs[-1]))
    again = np.mean([len(a & b) / len(b) for a, b in zip(pairs, pairs[1:], strict=False)])
    return shape_of(graph, {}).excess, again


@compiles
def test_the_order_of_the_ring_alone_makes_no_circles_and_no_neighbours():
    excess, again = np.mean([_met(0.0, seed) for seed in range(5)], axis=0)
    assert abs(excess) < 0.03
    assert again < 0.1, "the same two meet week after week"
    known_excess, known_again = np.mean([_met(6.0, seed) for seed in range(5)], axis=0)
    assert known_again > 3 * again and known_excess > excess + 0.02


@compiles
def test_circles_form_in_a_cafe_where_people_have_a_memory():
    cafe = {"communities": ["one_to_one"], "cafe.per_week": 1.0, "ties.introductions": 0.0, "ties.closure": 0.0,
            "weeks": 40}  # fmt: skip
    excess = {
        strength: np.mean([
            simulate(changed(Scenario(), cafe | {"ties.acquaintance": strength}), seed).shape().excess
            for seed in range(12)
        ])
        for strength in (0.0, 20.0)
    }  # fmt: skip
    assert abs(excess[0.0]) < 0.02 and excess[20.0] > excess[0.0] + 0.01


# -- a drop-in place -----------------------------------------------------------------------------

HOUSE = {"communities": ["availability"], "population.recipients": 14, "population.supporters": 4, "weeks": 12,
         "training.weeks": 0, "training.uptake": 1.0, "population.arrival_weeks": 1, "sign_up.rate": 2.0,
         "availability.effort": 0.0, "ties.own_meetings": 0.0, "ties.introductions": 0.0}  # fmt: skip
OFF = {"availability.among_visitors": 0.0, "availability.walk": 0.0}
VISITORS = HOUSE | ON | {"availability.among_visitors": 0.5, "availability.walk": 0.3}


def test_a_class_knows_neither_walks_nor_visitors():
    """No work for what there is not: the rules are never asked."""
    import inspect

    taught = inspect.getsource(availability._teach) + inspect.getsource(availability._talk_in_class)
    assert not {"walk", "among_visitors", "sit_together"} & set(taught.replace(".", " ").split())


@compiles
def test_nothing_changes_in_a_class():
    school = HOUSE | {"availability.variant": "instructor", "availability.class_minimum": 2}
    plain, other = (
        ensemble(changed(Scenario(), school | more), [1, 2]).values
        for more in (OFF, {"availability.among_visitors": 1.0, "availability.walk": 1.0})
    )
    assert np.array_equal(plain, other, equal_nan=True)


@compiles
def test_a_visitor_talks_with_visitors():
    ties = simulate(changed(Scenario(), VISITORS), 3).ties
    among = ties.filter(
        ~ties["person_b"].str.starts_with("S") & ~ties["person_a"].str.starts_with("S")
    )
    assert among.height > 10 and set(among["met_in"]) == {"availability"}
    alone = simulate(changed(Scenario(), HOUSE | OFF), 3).ties
    assert alone.filter(~alone["person_b"].str.starts_with("S")).is_empty()


@compiles
def test_visitors_support_each_other_evenly_and_are_not_on_duty():
    world = house(VISITORS, 3)
    world.scratch[0, :2], world.scratch[1, :2], world.weights[1, :2] = (0, 1), (0, 1), 1.0
    gatherings._talk(world, 0, np.int64(1), 0.5, np.int64(AVAILABILITY))
    for p in world.people[:2]:
        assert p.given_now == p.received_now == 0.25 and p.given_shift == 0.0
    assert world.weights[1, :2].tolist() == [0.5, 0.5]


@compiles
def test_hours_in_company_never_exceed_hours_spent():
    both = VISITORS | {"cafe.per_week": 1.5, "supervision.per_month": 0.0}
    world, out, most = house(both, 2), room_for_outcomes(12), 0.0
    for week in range(12):
        run_weeks(world, week, week + 1, out)
        p = world.people
        assert (p["face_to_face"] <= p["spare_hours"] - p["hours_left"] + 1e-9).all()
        most = max(most, p["face_to_face"].max())
    assert most > 2.0


def shifts(**more):
    """All talks of some weeks' shifts in a house: (week, supporter or visitor, visitor, hours, whether
    it was a walk)."""  # fmt: skip
    more = {path.replace("__", "."): value for path, value in more.items()}
    world, noted = house(VISITORS | more, 4), []
    world.status[:, AVAILABILITY] = ACTIVE
    with pytest.MonkeyPatch.context() as patch:
        for module in (availability, gatherings):
            patch.setattr(module, "together", lambda world, i, j, time, *_: noted.append(
                (int(world.clock[0].week), int(i), int(j), time[0], int(world.clock[0].walk))))  # fmt: skip
        for week in range(1, 41):
            world.clock[0].week = week
            fill_shifts(world)
            world.present[:, AVAILABILITY] = 1
            world.present[14:, AVAILABILITY] = world.planned[14:, AVAILABILITY] & 1
            meet_availability(world)
    return noted


@compiles
def test_a_walk_is_one_long_talk_of_two():
    noted = shifts()
    walks = [talk for talk in noted if talk[4]]
    with_supporters = [talk for talk in noted if talk[1] >= 14]
    assert 0.1 < len(walks) / len(with_supporters) <= 0.4
    assert all(supporter >= 14 > visitor for _, supporter, visitor, *_ in walks)
    shortest = 0.1 + 0.9 * 0.7**2  # the longest three in ten
    assert min(hours for *_, hours, _ in walks) >= shortest
    for week in range(1, 41):
        hours = {}
        for _, i, j, length, _ in (talk for talk in noted if talk[0] == week):
            hours[i], hours[j] = hours.get(i, 0) + length, hours.get(j, 0) + length
        assert max(hours.values()) <= 2.0 + 1e-9, "somebody was on a walk and in the room"
        met = [visitor for _, _, visitor, *_ in (t for t in with_supporters if t[0] == week)]
        assert len(met) == len(set(met)), "one talk with those on duty"


@compiles
def test_without_walks_nobody_goes_for_one_and_with_them_nothing_else_changes():
    none, some = shifts(availability__walk=0.0), shifts()
    assert not any(talk[4] for talk in none) and any(talk[4] for talk in some)
    assert [talk[:4] for talk in none] == [talk[:4] for talk in some]


@compiles
def test_alone_on_a_walk_people_confide_more():
    confidence = []
    for walk in (0, 1):
        world = house(VISITORS, 4)
        world.memberships["safety"] = 0.6
        world.clock[0].walk = walk
        together(world, np.int64(14), np.int64(2), (1.0, 1.0), 0.7, np.int64(AVAILABILITY))
        confidence.append(tie_at(world, 2, find(world, 2, 14)).confidence)
    assert confidence[1] == pytest.approx(confidence[0] * 0.8 / 0.4)


# -- the shape of a network ----------------------------------------------------------------------


def test_clustering_beyond_chance():
    circles = nx.disjoint_union_all([nx.complete_graph(4)] * 10)
    shape = shape_of(circles, {})
    assert (shape.connected, shape.ties, shape.parts, shape.bridges) == (40, 60, 10, 0)
    assert shape.clustering == 1.0 and shape.largest == 0.1
    assert shape.by_chance < 0.2 and shape.excess == 1.0 - shape.by_chance
    random = shape_of(nx.gnm_random_graph(60, 240, 1), {})
    assert abs(random.excess) < 0.03
    houses = shape_of(nx.complete_bipartite_graph(8, 8), {})  # supporters and those they visit
    assert houses.clustering == 0.0 and houses.excess < -0.2


def test_where_everybody_knows_everybody_there_is_nothing_beyond_chance():
    assert shape_of(nx.complete_graph(8), {}).excess == 0.0


def test_bridges_and_parts():
    shape = shape_of(nx.disjoint_union(nx.barbell_graph(4, 0), nx.path_graph(3)), {})
    assert (shape.parts, shape.bridges, shape.largest) == (2, 3, 8 / 11)


def test_cohorts_know_their_own_or_others():
    first, second = dict.fromkeys(range(4), 1), dict.fromkeys(range(4, 8), 9)
    apart = nx.disjoint_union(nx.complete_graph(4), nx.complete_graph(4))
    assert shape_of(apart, first | second).cohorts == pytest.approx(1.0)
    across = nx.complete_bipartite_graph(4, 4)
    assert shape_of(across, first | second).cohorts == pytest.approx(-1.0)
    never_began = {person: 1 for person in range(3)}
    assert math.isnan(shape_of(across, never_began).cohorts)


def test_of_nobody_nothing_is_said():
    shape = shape_of(nx.empty_graph(5), {})
    assert shape[:3] == (0, 0, 0) and all(map(math.isnan, (shape.largest, shape.excess)))
    assert math.isnan(shape_of(nx.path_graph(2), {}).clustering)


@compiles
def test_a_run_knows_its_shape():
    run = simulate(changed(Scenario(), VISITORS), 1)
    joined = {
        row["person"]: row["joined"] for row in run.people.to_dicts() if row["joined"] is not None
    }
    assert repr(run.shape()) == repr(shape_of(run.graph(), joined))
    assert run.shape(0).ties == 0
