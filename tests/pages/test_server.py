"""What the server answers: the same numbers as Python gives, line by line, stopped when nobody waits."""

import http.client
import json
import threading
import time

import numpy as np
import pytest

import peersim
from peersim.app.questions import Question
from peersim.app.runs import Runs
from peersim.app.turns import Stop, Stopped, Turns
from peersim.faces.answers.outcomes import quantiles
from peersim.faces.answers.rests_on import what_turns_it
from peersim.faces.answers.years import SHOWN, TRAITS, Years, imagine
from peersim.model.outcomes import NAMES
from peersim.presentation.in_people import dots
from peersim.run.simulation import simulate
from peersim.scenario.plausible_sets import sets_for
from peersim.scenario.scenario import Scenario, changed

pytestmark = pytest.mark.compiles

SMALL = {
    "population.recipients": 12,
    "population.supporters": 5,
    "population.arrival_weeks": 2,
    "weeks": 14,
}
A = SMALL
B = {**SMALL, "communities": ["one_to_one", "group"], "group.size": 5, "cafe.per_week": 1}
BOTH = {"a": A, "b": B}


def scenarios():
    return {"A": changed(Scenario(), A), "B": changed(Scenario(), B)}


# -- numbers --------------------------------------------------------------------------------------
@pytest.mark.parametrize("parameters", ["plausible", "defaults"])
def test_an_answer_has_the_numbers_that_python_gives(served, parameters):
    outcomes = ["isolated", "retained", "connectedness", "strain", "supporter_hours"]
    asked = {**BOTH, "pairs": 30, "first_seed": 7, "parameters": parameters, "outcomes": outcomes}
    last = served.lines(asked)[-1]
    pair = scenarios()
    table = peersim.compare(
        {"B": pair["B"], "A": pair["A"]}, outcomes, replicates=30, seed=7, parameters=parameters
    )
    sets = sets_for(parameters, pair.values())
    for row in table.rows(named=True):
        found = last["outcomes"][row["outcome"]]
        ends = [row["difference"], row["low"], row["high"]]
        assert found["difference"] == pytest.approx(ends, abs=1e-4)
        told = {"better": "B is better", "worse": "A is better", "higher": "B is higher", "lower": "A is higher", "cannot_tell": "too close to call"}  # fmt: skip
        assert row["verdict"] == told.get(found["verdict"], row["verdict"])
        assert (found["verdict"] == "alike") == row["verdict"].startswith("no difference")
    for name, scenario in zip("ab", pair.values(), strict=True):
        runs = peersim.ensemble(scenario, range(7, 37), parameters=sets)
        for outcome in outcomes:
            values = runs.values[:, :, 0, runs.outcomes.index(outcome)]
            bands = np.array(last["outcomes"][outcome][name], float)
            assert bands == pytest.approx(quantiles(values), abs=1e-4, nan_ok=True)
    gaps = [peersim.ensemble(each, range(7, 37), parameters=sets).at(None, "isolated") for each in pair.values()]  # fmt: skip
    assert last["outcomes"]["isolated"]["dots"] == pytest.approx(dots(gaps[1] - gaps[0]), abs=1e-4)


def test_an_answer_grows_and_is_preliminary_until_a_hundred(served):
    found = served.lines({**BOTH, "pairs": 120})
    assert [line["pairs"] for line in found] == [20, 50, 100, 120]
    assert [line["preliminary"] for line in found] == [True, True, False, False]
    strain = found[-1]["outcomes"]["strain"]
    assert strain["a"][0][0] is None, "nobody is active on the first day: there is no strain yet"
    more = served.lines({**BOTH, "pairs": 400})
    assert [line["pairs"] for line in more] == [20, 50, 100, 200, 400]


def test_people_are_counted_outwards_and_the_years_come_first(served):
    found = served.lines({**BOTH, "pairs": 100})[-1]
    of = found["invited"]
    isolated = found["outcomes"]["isolated"]
    said = isolated["in_people"]
    assert said["of"] == of == 12
    low, high = (abs(each) * of for each in isolated["years"])
    assert set(said["years"]) <= {
        np.floor(min(low, high) + 1e-6),
        np.ceil(max(low, high) - 1e-6),
        0.0,
    }
    assert isolated["better"] + isolated["alike"] <= 100


def test_runs_of_a_design_that_has_not_changed_are_kept(served):
    served.lines({**BOTH, "first_seed": 900})
    before = served.desk.runs.run
    served.lines({**BOTH, "first_seed": 900})
    assert served.desk.runs.run == before
    moved = {**B, "cafe.per_week": 2}
    served.lines({"a": A, "b": moved, "first_seed": 900})
    assert served.desk.runs.run == before + 100, "A was not run again"
    served.lines({"a": moved, "b": A, "first_seed": 900, "pairs": 150})
    assert served.desk.runs.run == before + 200, "only the missing years were run"


def test_what_one_design_sets_by_hand_is_not_drawn_in_the_other(served):
    """As in `peersim.compare`: so the other one is run again where that is an assumption."""
    before = served.desk.runs.run
    served.lines({"a": A, "b": {**B, "departure.drift": 0.01}, "first_seed": 900})
    assert served.desk.runs.run == before + 200


def test_few_designs_are_kept_and_the_oldest_go():
    runs, stop = Runs(designs=2), Stop()
    question = Question({"a": A, "b": B, "parameters": "defaults"})
    both = question.pair()
    other, _ = Question({"a": {**A, "weeks": 13}, "b": {**A, "weeks": 13}}).pair()
    for asked in (*both, both[0], other):
        runs.years(asked, 2, stop)
    assert runs.run == 6
    runs.years(both[0], 2, stop)
    assert runs.run == 6, "it was asked for again, so it was not the oldest"
    runs.years(both[1], 2, stop)
    assert runs.run == 8


def test_years_are_as_they_were_run():
    scenario = changed(Scenario(), B)
    years = imagine(scenario, range(3, 9), [{}])
    runs = peersim.ensemble(scenario, range(3, 9))
    for outcome in SHOWN:
        assert np.array_equal(years.end(outcome), runs.at(None, outcome), equal_nan=True)
    run = simulate(scenario, 4)
    people = run.world.people[:12]
    assert np.array_equal(years.people["isolated"][1], people["isolated"] > 0)
    assert years.people["reached"].mean(axis=1) == pytest.approx(1 - years.end("never_reached"))
    for place, (trait, sign) in enumerate(TRAITS.items()):
        hard = years.people["hard"][1][:, place]
        assert hard.sum() == 4
        assert (sign * people[trait])[hard].max() <= (sign * people[trait])[~hard].min()


# -- stopping -------------------------------------------------------------------------------------
def raw_question(served, body):
    """A connection on which a question was asked, and nothing read."""
    connection = http.client.HTTPConnection("127.0.0.1", served.port)
    headers = {"Content-Type": "application/json", "Authorization": f"Peersim {served.token}"}
    connection.request("POST", "/api/1/compare", json.dumps(body), headers)
    return connection


def test_dragging_runs_the_last_design_alone_to_its_end(served):
    """Twelve changes in 0.7 s: whoever goes away stops their runs before the next one."""
    base = {"first_seed": 3000, "pairs": 100, "a": {**A, "weeks": 104}}
    served.lines({**base, "b": base["a"]})
    before = served.desk.runs.run
    for step in range(12):
        moved = {**B, "weeks": 104, "one_to_one.every": 1 + step / 8}
        connection = raw_question(served, {**base, "b": moved})
        time.sleep(0.06)
        if step < 11:
            connection.close()
    answer = connection.getresponse()
    lines = [json.loads(line) for line in answer.read().splitlines()]
    assert lines[-1]["pairs"] == 100
    done = served.desk.runs.run - before
    assert 100 <= done < 1200 / 2, f"{done} years were run"


def test_a_page_that_asks_anew_stops_its_older_question():
    turns, older, newer = Turns(), Stop(), Stop()
    with turns.turn(older, "page"):
        with turns.turn(newer, "page"):
            assert older.is_set() and not newer.is_set()
        with pytest.raises(Stopped):
            older.check()
    with turns.turn(Stop(), "page"), turns.turn(Stop(), "another"):
        pass


def test_a_page_hears_that_a_newer_question_took_the_place_of_its_older_one(served):
    """Before its answer has begun as an answer of its own; then as its last line."""
    long = {"a": {**A, "weeks": 260}, "b": {**B, "weeks": 260}, "pairs": 400, "first_seed": 5000}
    heard, headers = [], {"peersim-page": "one"}

    def ask():
        heard.append(served.post("compare", long, headers=headers))

    asking = threading.Thread(target=ask)
    asking.start()
    time.sleep(0.3)
    newer = served.post("compare", {**BOTH, "pairs": 2}, headers=headers)
    asking.join(20)
    assert newer.status_code == 200 and not asking.is_alive()
    last = json.loads(heard[0].text.splitlines()[-1])
    assert last["error"]["code"] == "superseded"


def test_two_compute_at_once_others_wait_and_too_many_are_sent_away():
    from peersim.app.refusals import Refused

    turns = Turns(at_once=2, patience=0.2)
    with turns.turn(Stop()), turns.turn(Stop()):
        with pytest.raises(Refused) as refused, turns.turn(Stop()):
            pass
        assert refused.value.code == "busy" and refused.value.status == 429
        gone = Stop()
        gone.set()
        with pytest.raises(Stopped), turns.turn(gone):
            pass
    with turns.turn(Stop()):
        pass


def test_whoever_waits_gets_their_turn():
    turns, had = Turns(at_once=1, patience=5), []

    def ask(name):
        with turns.turn(Stop(), name):
            had.append(name)
            time.sleep(0.01)

    asking = [threading.Thread(target=ask, args=(str(k),)) for k in range(5)]
    for each in asking:
        each.start()
    for each in asking:
        each.join()
    assert sorted(had) == list("01234")


def test_a_server_that_ends_stops_what_it_computes():
    turns, stop = Turns(), Stop()
    with turns.turn(stop):
        turns.end()
        assert stop.is_set()


# -- further questions ----------------------------------------------------------------------------
def test_who_is_left_out_counts_those_who_are_hardest_to_reach(served):
    found = served.post("groups", {**BOTH, "pairs": 40}).json()
    assert [(row["trait"], row["part"], row["of"]) for row in found["traits"][:2]] == [
        ("social_anxiety", "hardest", 4),
        ("social_anxiety", "others", 8),
    ]
    years = imagine(
        changed(Scenario(), A), range(1, 41), sets_for("plausible", scenarios().values())
    )
    shy = years.people["hard"][..., 0]
    never = np.sort((shy & ~years.people["reached"]).sum(axis=1))
    assert found["traits"][0]["a"]["never_reached"] == [never[2], never[20], never[37]]
    assert found["own"] == []


def test_what_is_left_when_the_programme_is_over(served):
    found = served.post("after", {**BOTH, "pairs": 20}).json()
    assert (found["end"], found["last"], found["added"]) == (14, 40, True)
    over = {"weeks": 40, "events": [{"week": 14, "funding_ends": True}]}
    sets = sets_for("plausible", scenarios().values())
    runs = peersim.ensemble(changed(Scenario(), {**B, **over}), range(1, 21), parameters=sets)
    at_the_end = quantiles(runs.at(14, "isolated"), (0.05, 0.5, 0.95))
    assert found["outcomes"]["isolated"]["b"]["end"] == pytest.approx(at_the_end, abs=1e-4)
    ends = {**BOTH, "b": {**B, "events": [{"week": 6, "funding_ends": True}]}, "pairs": 20}
    own = served.post("after", ends).json()
    assert (own["end"], own["last"], own["added"]) == (6, 14, False)


def test_prices_are_those_of_the_runs_and_a_price_of_help_needs_help(served):
    line = served.lines({**BOTH, "cost": 1, "pairs": 50})[-1]
    dear = {"cost.staff_hour": 800}
    dearer = served.lines({"a": {**A, **dear}, "b": {**B, **dear}, "pairs": 50})[-1]
    assert dearer["cost"]["b"]["kroner"][1] > line["cost"]["b"]["kroner"][1]
    assert dearer["cost"]["b"]["staff_hours"] == line["cost"]["b"]["staff_hours"]
    alike = served.lines({"a": A, "b": A, "pairs": 50})[-1]
    assert alike["cost"]["more"] == {"kroner": 0.0, "people": 0.0, "each": None}
    each = line["cost"]["b"]
    assert each["each"][1] == pytest.approx(each["a_year"][1] / 12, abs=0.1)


def years_of(gaps):
    """Years whose outcomes are all the same number."""
    ends = np.repeat(np.asarray(gaps, float)[:, None], len(SHOWN), axis=1)
    nobody = np.zeros((len(ends), 0))
    return Years(np.zeros((len(ends), 1, len(SHOWN)), np.float32), ends, nobody, nobody)


def test_an_assumption_that_turns_the_answer_is_named():
    """A difference that follows one assumption through zero, and not another."""
    random = np.random.default_rng(1)
    sets = [
        {"departure.drift": random.random(), "ties.strong": random.random()} for _ in range(300)
    ]
    none = years_of(np.zeros(300))

    def found(shift, size=1.0):
        gaps = [size * each["departure.drift"] + shift + random.normal(0, 0.05) for each in sets]
        return what_turns_it(none, years_of(gaps), "isolated", sets, 40)

    turned = found(-0.6)
    assert turned["tried"] == ["departure.drift", "ties.strong"]
    assert [row["path"] for row in turned["turns"]] == ["departure.drift"] and not turned["fades"]
    thirds = turned["turns"][0]
    assert thirds["low"]["difference"][2] < 0 < thirds["high"]["difference"][1]
    assert turned["most"][0]["path"] == "departure.drift"
    clear = found(5)
    assert clear["turns"] == clear["fades"] == []
    fading = found(0, size=0.1)
    assert fading["turns"] == [] and [row["path"] for row in fading["fades"]] == ["departure.drift"]
    nothing = what_turns_it(none, none, "isolated", sets, 40)
    assert nothing["turns"] == nothing["fades"] == []


def test_how_hard_it_is_on_peers(served):
    hard = {**SMALL, "strain.per_hour": 0.2, "strain.per_match": 0.2, "departure.overload": 0.3}
    found = served.post("strain", {"a": A, "b": hard, "pairs": 40}).json()
    assert found["a"]["of"] == found["b"]["of"] == 5
    assert found["b"]["pressed"][1] > found["a"]["pressed"][1]
    assert found["b"]["too_much"][2] > found["a"]["too_much"][2]
    for each in (found["a"], found["b"]):
        assert all(
            low <= middle <= high <= 5
            for low, middle, high in (each[n] for n in ("active", "left", "too_much"))
        )
    years = imagine(
        changed(Scenario(), hard),
        range(1, 41),
        sets_for("plausible", [changed(Scenario(), A), changed(Scenario(), hard)]),
    )
    assert (
        years.peers["strain"].max() <= 1 and (years.peers["too_much"] <= years.peers["left"]).all()
    )


def test_what_an_answer_rests_on_names_what_was_tried(served):
    found = served.post("rests_on", {**BOTH, "outcomes": ["connectedness"]}).json()
    assert found["years"] == 300 and len(found["tried"]) > 40 and len(found["most"]) == 5
    assert set(found["kinds"]) <= {"measured", "theory", "calibrated", "assumption"}
    fixed = {"departure.drift": 0.01}
    both = {"a": {**A, **fixed}, "b": {**B, **fixed}}
    assert "departure.drift" in found["tried"]
    assert "departure.drift" not in served.post("rests_on", both).json()["tried"]


def test_a_recorded_year_is_one_of_those_that_were_compared(served):
    made = served.post("recording", {**BOTH, "seed": 5}).json()
    sets = sets_for("plausible", scenarios().values())
    for world, scenario in zip(made["worlds"], scenarios().values(), strict=True):
        run = simulate(changed(scenario, sets[5]), 5)
        retained = run.values[:, 0, NAMES.index("retained")]
        assert world["weekly"]["retained"] == np.rint(12 * retained).tolist()
    assert made["chosen"] is None
    typical = served.post("recording", {**BOTH, "find": "typical"}).json()
    assert typical["chosen"]["by"] == "typical" and typical["chosen"]["of"] == 100
    chosen = served.post("recording", {**BOTH, "find": "largest_difference"}).json()
    assert (chosen["chosen"]["rank"], chosen["chosen"]["of"]) == (1, 200)


def test_a_story_is_told_in_facts(served):
    told = served.post("story", {**BOTH, "design": "b", "seed": 5, "person": "R3"}).json()
    weeks = [week for week, _, _ in told["facts"]]
    assert weeks == sorted(weeks) and told["facts"][0][1] == "invited"
    refused = served.post("story", {**BOTH, "person": "R99"})
    assert refused.status_code == 422 and refused.json()["error"]["path"] == "person"
