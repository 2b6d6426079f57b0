"""Puzzles hold in the model: every combination of choices is run, and those that are listed solve
them, and no others. A puzzle that the model no longer carries fails here instead of teaching
something false.
"""

from itertools import product

import numpy as np
import pytest

import peersim
from peersim import changed
from peersim.faces.lessons.plan import OWN, lesson_of, own_lesson
from peersim.faces.lessons.puzzles import SOLVED, UNSOLVED, YEARS, combinations, puzzle_of, steps
from peersim.faces.lessons.reading import names, read
from peersim.faces.year import watched
from peersim.kernel.catalogue import Sentence, fill, plain, speaking
from peersim.run.first_day import draw_up
from peersim.scenario.scenario import Scenario

PUZZLES = names("puzzles")
CHOOSE = [name for name in PUZZLES if read("puzzles", name)["kind"] == "choose"]
WHICH = [name for name in PUZZLES if name not in CHOOSE]


def test_there_are_three_of_both_kinds():
    assert len(PUZZLES) >= 3 and CHOOSE and WHICH
    assert set(lesson_of("standard").puzzles) <= set(PUZZLES)
    both = {"A": Scenario(), "B": changed(Scenario(), {"cafe.per_week": 1})}
    lesson = own_lesson(both)
    assert (lesson.name, lesson.puzzles) == (OWN, lesson_of("standard").puzzles)


# -- choices --------------------------------------------------------------------------------------
def chosen(told, bits):
    """The design that a combination makes."""
    changes = {}
    for each, bit in zip(told["choices"].values(), bits, strict=True):
        changes |= each if bit else {}
    return changed(changed(Scenario(), told["settings"]), changes)


@pytest.mark.compiles
@pytest.mark.parametrize("name", CHOOSE)
def test_the_solutions_that_are_listed_solve_it_and_no_others(name):
    told, found = read("puzzles", name), {}
    for bits in product((0, 1), repeat=len(told["choices"])):
        if sum(bits) > told["choose"]:
            continue
        runs = peersim.ensemble(chosen(told, bits), range(1, YEARS + 1), workers=2)
        people = told["settings"]["population.recipients"]
        reached = np.ones(YEARS, bool)
        for outcome, bounds in told["goal"].items():
            reached &= runs.at(52, outcome) * people < bounds["at_most"] + 0.5
        found["".join(map(str, bits))] = int(reached.sum())
    made = puzzle_of(name)
    assert {bits: each["share"] for bits, each in made["tried"].items()} == found
    solved = [bits for bits, share in found.items() if share >= SOLVED]
    assert solved == made["solutions"]
    assert all(share <= UNSOLVED for bits, share in found.items() if bits not in solved)
    # neither of two things alone does it: otherwise it is no puzzle
    assert all(bits.count("1") > 1 for bits in solved)


@pytest.mark.compiles
@pytest.mark.parametrize("name", CHOOSE)
def test_each_combination_is_shown_in_the_same_usual_year(name):
    told, made = read("puzzles", name), puzzle_of(name)
    recording = made["recording"]
    assert [world["key"] for world in recording["worlds"]] == list(made["tried"])
    seed, last = recording["made"]["seed"], recording["worlds"][-1]
    year = watched(draw_up(chosen(told, map(int, last["key"]))), seed)
    assert last["departures"] == [
        [int(each[name]) for name in ("week", "person", "community", "cause", "caused_by")]
        for each in year.departures
    ]
    most = max(
        chosen(told, map(int, bits)).population.all_supporters for bits in made["tried"]
    ) + int(told["settings"]["population.recipients"])
    assert len(recording["people"]) == most
    for each in made["tried"].values():
        assert each["share"] + len(each["failed"]) == YEARS
        assert set(each["failed"]) <= set(range(1, YEARS + 1))


@pytest.mark.compiles
@pytest.mark.parametrize("name", CHOOSE)
def test_what_a_choice_takes_is_what_the_model_says(name):
    told, made = read("puzzles", name), puzzle_of(name)
    nothing = [0] * len(made["choices"])
    seeds = range(1, YEARS + 1)
    before = peersim.ensemble(chosen(told, nothing), seeds)
    for k, each in enumerate(made["choices"]):
        alone = peersim.ensemble(chosen(told, [int(k == place) for place in range(5)]), seeds)
        for what, outcome in (("peer_hours", "supporter_hours"), ("staff_hours", "staff_hours")):
            gap = (alone.at(52, outcome) - before.at(52, outcome)).mean() / 52
            assert each[what] == pytest.approx(gap, abs=0.051)


def test_every_way_to_choose():
    assert list(combinations(3, 1)) == ["000", "001", "010", "100"]
    assert len(list(combinations(5, 2))) == 1 + 5 + 10
    assert steps("leaders") == 16 * YEARS


# -- which is which -------------------------------------------------------------------------------
@pytest.mark.compiles
@pytest.mark.parametrize("name", WHICH)
def test_one_departure_taken_away_tells_and_the_picture_does_not(name):
    told, made = read("puzzles", name), puzzle_of(name)
    answer = made["answer"]
    (other,) = set(made["share"]) - {answer}
    assert made["share"][answer] >= SOLVED and made["share"][other] <= UNSOLVED
    stay = {key: [len(each["stay"]) for each in all_] for key, all_ in made["knockouts"].items()}
    assert max(stay[answer]) >= told["others"] > max(stay[other])
    assert made["chosen"]["values"]["n"] <= YEARS
    assert made["exaggerated"] is True


@pytest.mark.compiles
@pytest.mark.parametrize("name", WHICH)
def test_about_as_many_leave_in_both(name):
    """Of those invited on average, of everybody in the year that is shown."""
    told, made = read("puzzles", name), puzzle_of(name)
    base = changed(Scenario(), told["settings"])
    left = {}
    for key, changes in told["designs"].items():
        runs = [peersim.simulate(changed(base, changes), seed) for seed in range(1, YEARS + 1)]
        left[key] = np.array([has_left(run.world) for run in runs])
    invited = told["settings"]["population.recipients"]
    average = {key: each[:, :invited].sum(axis=1).mean() for key, each in left.items()}
    assert abs(average["a"] - average["b"]) < 1 < average["a"]
    seed = made["recording"]["made"]["seed"]
    assert abs(left["a"][seed - 1].sum() - left["b"][seed - 1].sum()) <= 1


def has_left(world):
    """Who has left or lost their place, and takes part in nothing else."""
    takes_part = np.isin(world.status, (1, 2, 3, 4)).any(axis=1)
    lost = (world.status == 7) | (
        (world.status == 6) & ~np.isin(world.memberships["cause"], (8, 14))
    )
    return lost.any(axis=1) & ~takes_part


# -- words ----------------------------------------------------------------------------------------
@pytest.mark.compiles
@pytest.mark.parametrize("language", ["en", "da"])
@pytest.mark.parametrize("name", PUZZLES)
def test_a_puzzle_says_its_own_numbers(name, language):
    made = puzzle_of(name)
    parts = [made["title"], *made["story"], *made["hints"], made["explain"]]
    parts += [made["goal"]] if "goal" in made else []
    parts += [each["name"] for each in made.get("choices", ())]
    with speaking(language):
        said = [fill(f"faces.{each['key']}", each["values"], plain) for each in parts]
        assert all(said) and not any("{" in each for each in said)
    if "goal" in made:
        told = read("puzzles", name)
        people = told["settings"]["population.recipients"]
        for outcome, bounds in told["goal"].items():
            numbers = (bounds["at_most"], people - bounds["at_most"])
            assert any(str(number) in fill_in(made["goal"], language) for number in numbers), (
                outcome
            )


def fill_in(saying, language):
    with speaking(language):
        return str(Sentence(f"faces.{saying['key']}", saying["values"]))
