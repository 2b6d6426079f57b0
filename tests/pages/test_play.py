"""The classroom page in a browser: what it shows is what the model gives, and one can find one's way."""

import json
import re
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from browser import NARROW, WIDE, axe

import peersim
from peersim.faces.lessons.lesson import SWITCHED_OFF
from peersim.faces.lessons.plan import lesson_of
from peersim.faces.lessons.player import made
from peersim.faces.lessons.reading import read
from peersim.faces.story import reason
from peersim.kernel.catalogue import catalogue
from peersim.model.vocabulary import (
    ACTIVE,
    CLOSED,
    COMPLETED,
    IN_TRAINING,
    LEFT,
    MOVED_ON,
    NEVER_STARTED,
    SELF_RUN,
    WAITING,
)
from peersim.run.first_day import draw_up
from peersim.run.replicate import Replicate
from peersim.scenario.scenario import Scenario, changed

pytestmark = [pytest.mark.browser, pytest.mark.compiles]

PAPERS = {"worksheet": 2, "plan": 1, "roles": 1, "debrief": 1, "answers": 1}
"""How many pages each takes."""

STEPS = ("guess", "see", "explain", "puzzles", "try", "sheet", "teacher")
COUNTED = """
const painted = (window.painted = []);
const { beginPath, lineTo, stroke } = CanvasRenderingContext2D.prototype;
Object.assign(CanvasRenderingContext2D.prototype, {
  beginPath() { this.segments = 0; beginPath.call(this); },
  lineTo(x, y) { this.segments++; lineTo.call(this, x, y); },
  stroke() { painted.push([this.canvas.dataset.side, this.strokeStyle, this.segments, this.getLineDash().length]); stroke.call(this); },
});
"""
"""Notes what is painted, whatever the page says of it."""


class Made:
    """A lesson, its file, and what the model gives for it."""

    def __init__(self, lesson, folder):
        self.player, self.lesson = made(lesson, "en", "peersim play"), lesson
        self.path, self.data = self.player.save(folder / "play.html"), self.player.data
        self.recording, self.seed = self.player.recording, self.player.seed
        self.ids = [each["id"] for each in self.recording["people"]]

    def at(self, fragment=""):
        return f"{self.path.as_uri()}#{fragment}"


@pytest.fixture(scope="session")
def standard(tmp_path_factory):
    return Made(lesson_of("standard"), tmp_path_factory.mktemp("standard"))


@pytest.fixture(scope="session")
def contagion(tmp_path_factory):
    """Without its puzzles, which are those of the standard lesson."""
    return Made(replace(lesson_of("contagion"), puzzles=()), tmp_path_factory.mktemp("contagion"))


def standing(scenario, seed, weeks):
    """Who takes part in some weeks, and who has left, by the statuses of the model; of several that
    have ended the last one counts.
    """
    run, found = Replicate(draw_up(scenario), seed, departure_rows=4000), {}
    for week in weeks:
        world = run.run_to(week)
        there = np.isin(world.status, (ACTIVE, SELF_RUN)).any(axis=1)
        still_to_come = np.isin(world.status, (WAITING, IN_TRAINING)).any(axis=1)
        gone = [has_left(world, row) for row in range(len(there))]
        found[week] = (there.tolist(), (np.array(gone) & ~there & ~still_to_come).tolist())
    return found


def has_left(world, row):
    ends = []
    for status, membership in zip(world.status[row], world.memberships[row], strict=True):
        if status in (LEFT, CLOSED, COMPLETED):
            if membership["cause"] == NEVER_STARTED:
                continue
            lost = status == CLOSED or (status == LEFT and membership["cause"] != MOVED_ON)
            ends.append((int(membership["left"]), not lost))
    return bool(ends) and not max(ends)[1]


SHOWN = """([side, weeks]) => { const { scene } = player, n = scene.recording.people.length;
  const byte = (week, k) => scene.worlds[side].standing(week, k);
  return weeks.map(week => [Array.from({length: n}, (_, k) => (byte(week, k) & 15) > 0),
                            Array.from({length: n}, (_, k) => [0x40, 0x50].includes(byte(week, k)))]); }"""


@pytest.fixture
def open_lesson(open_page):
    """Open a lesson at an address, and wait until it is drawn."""

    def opened(lesson, fragment="", viewport=WIDE, **kinds):
        page = open_page(lesson.at(fragment), viewport, **kinds)
        page.wait_for_function("() => window.player")
        return page

    return opened


def give(page, guess=7, years=4):
    """Bet, as a class does."""
    page.locator("#guess").fill(str(guess))
    page.locator("#years").fill(str(years))
    page.get_by_role("button", name="Show me").click()


def week(page):
    return page.evaluate("player.state.week")


# -- the file, and the picture -------------------------------------------------------------------
@pytest.mark.parametrize("name", ["standard", "contagion"])
def test_a_file_that_opens_without_a_network(name, request, open_lesson):
    lesson = request.getfixturevalue(name)
    page = open_lesson(lesson, "lang=en&step=see&w=0", offline=True)
    pictures = []
    for go in ("first", "last"):
        page.evaluate(f"player.act.{go}()")
        pictures.append(
            page.evaluate("[...document.querySelectorAll('canvas')].map(c => c.toDataURL())")
        )
    blank = page.evaluate(
        "() => { const c = document.createElement('canvas'), of = document.querySelector('canvas'); c.width = of.width; c.height = of.height; return c.toDataURL() }"
    )
    assert all(picture != blank and len(picture) > 3000 for pair in pictures for picture in pair)
    assert pictures[0][0] != pictures[1][0] and pictures[0][1] != pictures[1][1]
    assert lesson.path.stat().st_size < 250_000


@pytest.mark.slow
def test_two_hundred_people_fit_into_a_page(open_page, tmp_path):
    many = {"population.recipients": 160, "population.supporters": 40}
    alone = changed(Scenario(), many | {"communities": ["one_to_one"]})
    mixed = changed(alone, {"communities": ["one_to_one", "group"], "cafe.per_week": 1.0})
    file = peersim.play({"A": alone, "B": mixed}).save(tmp_path / "play.html")
    assert file.stat().st_size < 400_000
    page = open_page(f"{file.as_uri()}#lang=en&step=see&w=30")
    page.wait_for_function("() => window.player")
    assert len(page.evaluate("player.shapes[1].at")) == 200


def test_the_first_screen_moves_by_itself_and_stops(standard, open_lesson):
    page = open_lesson(standard)
    page.wait_for_function("() => player.state.week > 0", timeout=5000)
    page.evaluate("player.act.set({speed: 'fast'})")
    page.wait_for_function("() => !player.state.playing", timeout=10_000)
    assert week(page) == 12 and page.evaluate("player.state.step") == "guess"


def test_two_worlds_are_in_step_and_people_stand_still(standard, open_lesson):
    page = open_lesson(standard, "lang=en&step=see&w=0")
    where = "player.shapes.map(shape => shape.at)"
    first = page.evaluate(where)
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    labels = page.locator("canvas").evaluate_all("all => all.map(each => each.ariaLabel)")
    assert len(labels) == 2 and all("week 10:" in label for label in labels)
    assert first[0] == first[1] == page.evaluate(where)[0] == page.evaluate(where)[1]
    page.keyboard.press("End")
    page.evaluate("player.act.switchTo('000')")
    assert page.evaluate(where) == first


def test_the_picture_is_the_data(standard, open_page):
    page = open_page("about:blank")
    page.add_init_script(COUNTED)
    page.goto(standard.at("lang=en&step=see&w=0"))
    page.wait_for_selector("canvas")
    weeks = (6, 20, 52)
    expected = {
        key: standing(scenario, standard.seed, weeks)
        for key, scenario in standard.lesson.designs.items()
    }
    for now in weeks:
        painted = page.evaluate(
            "(w) => { painted.length = 0; player.act.go(w); return [...painted] }", now
        )
        for side, world in enumerate(standard.recording["worlds"]):
            digits = digits_of(world, now)
            lines = [each for each in painted if each[0] == str(side) and each[3] == 0]
            assert sum(n for _, colour, n, _ in lines if colour == "#1f6aa5") == sum(
                d >= 4 for d in digits
            )
            assert sum(n for _, colour, n, _ in lines if colour == "#8a97a3") == sum(
                d in (1, 2) for d in digits
            )
            crosses = [
                n for _, colour, n, _ in lines if colour in ("#5f666d", "#a84300") and n == 2
            ]
            assert len(crosses) == sum(expected[world["key"]][now][1])


def digits_of(world, week):
    """The digits of the ties that live in a week."""
    spans = [(since, digits) for *_, since, digits in world["ties"]]
    spans += [(since, "4" + "0" * (weeks - 1)) for *_, since, weeks in world["once"]]
    return [
        int(digits[week - since]) for since, digits in spans if since <= week < since + len(digits)
    ]


def test_what_a_world_shows_is_what_the_model_gives(contagion, open_lesson):
    """Each setting of the switches is the world that the model gives with these settings."""
    page, weeks = open_lesson(contagion, "lang=en&step=explain&w=52"), [5, 20, 52]
    page.get_by_role("button", name="Skip").click()
    boxes = page.get_by_role("switch")
    assert boxes.count() == 3
    for bits in product((True, False), repeat=3):
        for k, on in enumerate(bits):
            boxes.nth(k).set_checked(on)
        shut = dict(SWITCHED_OFF[way] for way, on in zip(SWITCHED_OFF, bits, strict=True) if not on)
        for side, (key, scenario) in enumerate(contagion.lesson.designs.items()):
            expected = standing(changed(scenario, shut), contagion.seed, weeks)
            shown = page.evaluate(SHOWN, [side, weeks])
            assert [tuple(each) for each in shown] == [expected[w] for w in weeks], (key, bits)
        if shut:
            gone = [sum(page.evaluate(SHOWN, [side, weeks[-1:]])[0][1]) for side in (0, 1)]
            said = page.locator(".switches .said").inner_text()
            assert said.startswith(f"By the end {gone[0]} have left in A and {gone[1]} in B.")
    page.locator(".switches .said", has_text="Now nobody can pull others along.").wait_for()


# -- keys -----------------------------------------------------------------------------------------
def test_keys(standard, open_lesson):
    page = open_lesson(standard, "lang=en&step=see&w=10", reduced_motion="reduce")
    press = page.keyboard.press
    for key, expected in [
        ("ArrowRight", 11),
        ("ArrowLeft", 10),
        ("Shift+ArrowRight", 14),
        ("Shift+ArrowLeft", 10),
        ("End", 52),
        ("Home", 0),
    ]:
        press(key)
        assert week(page) == expected, key
    press("p")
    press("p")
    assert page.evaluate("player.state.person") == 1
    page.evaluate("player.act.go(30); player.act.pin(player.scene.worlds[1].living(30)[0].i)")
    centre = page.evaluate("player.state.person")
    press("n")
    beside = page.evaluate("player.state.person")
    near = {
        k
        for w in (0, 1)
        for i, j, *_ in living(standard.recording["worlds"][w], 30)
        for k in (i, j)
        if centre in (i, j)
    }
    assert beside != centre and beside in near
    press("Escape")
    assert page.evaluate("player.state.person") is None
    press(" ")
    assert page.evaluate("player.state.playing")
    press(" ")
    assert not page.evaluate("player.state.playing")


def living(world, week):
    """Who has a tie with whom in a week."""
    spans = [(i, j, since, len(digits)) for i, j, _, since, digits in world["ties"]]
    spans += [(i, j, since, weeks) for i, j, _, since, weeks in world["once"]]
    return [(i, j) for i, j, since, weeks in spans if since <= week < since + weeks]


def test_no_key_while_a_field_has_the_focus(contagion, open_lesson):
    """But for what a key does in the field itself."""
    page = open_lesson(contagion, "lang=en&step=explain&w=10&p=R7")
    page.get_by_role("button", name="Skip").click()
    state = "[player.state.week, player.state.person, player.state.playing]"
    before = page.evaluate(state)
    keys = {
        "textarea": ("p", "n", " ", "Escape", "ArrowRight", "ArrowLeft", "Home", "End"),
        ".scrub input": ("p", "n", " ", "Escape"),
        ".choose select": ("Escape",),
    }
    for field, pressed in keys.items():
        page.locator(field).focus()
        for key in pressed:
            page.keyboard.press(key)
            assert page.evaluate(state) == before, (field, key)
    page.locator(".speeds input:checked").focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate(state) == before and page.evaluate("player.state.speed") == "fast"


# -- one person -----------------------------------------------------------------------------------
def test_clicking_and_choosing_are_the_same(contagion, open_lesson):
    page = open_lesson(contagion, "lang=en&step=explain&w=30")
    row = contagion.ids.index("R7")
    x, y = page.evaluate("(k) => player.shapes[1].at[k]", row)
    page.locator("canvas").nth(1).click(position={"x": x, "y": y})
    assert page.locator(".person h2").inner_text() == "Participant 7 in the two communities"
    assert (
        page.get_by_label("Choose a person").evaluate("each => each.selectedOptions[0].text")
        == "Participant 7"
    )
    clicked = page.locator(".person").inner_text()
    page.get_by_role("button", name="Let go of the person").click()
    assert page.locator(".person").count() == 0
    page.get_by_label("Choose a person").select_option(label="Participant 7")
    assert page.locator(".person").inner_text() == clicked


def test_a_story_is_what_the_model_did(contagion, open_lesson):
    """Weeks and reasons of departures are those of the run."""
    page = open_lesson(contagion, "lang=en&step=explain&w=52")
    words, told = catalogue("en"), page.evaluate(DEPARTURES)
    for side, scenario in enumerate(contagion.lesson.designs.values()):
        departures = peersim.simulate(scenario, contagion.seed).departures
        departures = departures.filter(~departures["cause"].is_in(["moved_on", "course_completed"]))
        assert sum(len(each[side]) for each in told) == departures.height > 5
        for label, both in zip(contagion.ids, told, strict=True):
            mine = departures.filter(departures["person"] == label)
            weeks = [int(re.match(r"Week (\d+): leaves", each)[1]) for each in both[side]]
            assert weeks == mine["week"].to_list(), label
            for text, cause in zip(both[side], mine["cause"], strict=True):
                assert words[f"faces.reason.{reason(cause)}"] in text, (label, cause)


DEPARTURES = """() => player.scene.recording.people.map((_, k) => {
  player.act.pin(k);
  return [...document.querySelectorAll('.person .pair > div')].map(side =>
    [...side.querySelectorAll('li.left, li.left_after')].map(each => each.innerText)) })"""
"""What is told of everybody's departures, in both worlds."""


def test_the_same_year_without_one_departure(contagion, open_lesson):
    """A knock-out is a run in which that person stays."""
    page = open_lesson(contagion, "lang=en&step=explain&w=52")
    scenario, found = contagion.lesson.designs["a"], contagion.data["knockouts"]["a"]
    before = standing(scenario, contagion.seed, [52])[52][1]
    for number, each in enumerate(found[:3]):
        label = contagion.ids[each["person"]]
        name = page.locator(".drew button").nth(number)
        name.click()
        kept = changed(scenario, {"events": [{"week": each["week"], "keep": label}]})
        there, gone = standing(kept, contagion.seed, [52])[52]
        assert page.evaluate(SHOWN, [0, [52]])[0] == [there, gone]
        stay = sum(
            was and not now
            for k, (was, now) in enumerate(zip(before, gone, strict=True))
            if k != each["person"]
        )
        assert f"{stay} other" in page.locator(".panel .said").last.inner_text()
        assert f"{stay} other" in page.get_by_role("status").inner_text()
        follower = each["stay"][0]
        page.evaluate("(k) => player.act.pin(k)", follower)
        assert "would have stayed." in page.locator(".person .a .said").inner_text()
    page.get_by_role("button", name="As it was").click()
    assert page.evaluate(SHOWN, [0, [52]])[0][1] == before


# -- the bet --------------------------------------------------------------------------------------
def test_the_chart_waits_for_the_guess_and_the_gap_is_right(contagion, open_lesson):
    page = open_lesson(contagion, "lang=en&w=0")
    asked, words = contagion.data["asked"], contagion.recording["years"]
    for step in ("See", "Explain", "Try yourself", "Guess"):
        page.get_by_role("button", name=step).click()
        assert page.locator("figure.course, details.numbers").count() == 0
        assert page.get_by_text("The chart waits for your guess.").count() >= 1
    give(page, 9, 3)
    assert page.evaluate("player.state.step") == "see" and page.evaluate("player.state.playing")
    assert page.locator("figure.course").count() == 1 and page.locator(".gap").count() == 0
    page.keyboard.press("End")
    ends = np.array(words[asked["world"]]["retained"]["ends"])
    low, high = np.quantile(ends, [0.05, 0.95], method="inverted_cdf").astype(int)
    found = contagion.recording["worlds"][0]["weekly"]["retained"][-1]
    said = page.locator(".gap .said").inner_text()
    assert (
        said
        == f"You guessed 9. It was {found} in this year, and between {low} and {high} in 9 years of 10."
    )
    assert said in page.get_by_role("status").inner_text()
    better = int(
        (np.array(words["b"]["retained"]["ends"]) > np.array(words["a"]["retained"]["ends"])).sum()
    )
    assert f"better in {better} of 100" in page.locator(".gap").inner_text()
    page.get_by_role("button", name="Explain").click()
    page.get_by_label("What had you not reckoned with?").fill("That the <b>peers</b> left")
    page.get_by_role("button", name="Worksheet").click()
    sheet = page.locator(".paper").inner_text()
    assert said in sheet and "That the <b>peers</b> left" in sheet
    assert page.locator(".answers td").all_inner_texts()[:2] == ["9", "3"]


def test_what_is_guessed_may_be_skipped(contagion, open_lesson):
    page = open_lesson(contagion, "lang=en&w=0")
    page.get_by_role("button", name="Skip").click()
    page.keyboard.press("End")
    assert page.locator("figure.course").count() == 1
    assert page.locator(".gap .said").inner_text().startswith("It was ")
    assert page.locator(".mark").count() == 0


def test_the_table_holds_every_fourth_week_and_the_file_all(contagion, open_lesson):
    page = open_lesson(contagion, "lang=en&step=see&w=0")
    page.get_by_role("button", name="Skip").click()
    page.get_by_text("The numbers, week by week").click()
    weekly = [world["weekly"]["retained"] for world in contagion.recording["worlds"]]
    rows = page.locator(".numbers tbody tr").evaluate_all(
        "all => all.map(row => [...row.cells].map(cell => cell.innerText))"
    )
    head = page.locator(".numbers thead tr").first.locator("th").all_inner_texts()
    place = 1 + 2 * (head.index("stayed or moved on") - 1)
    assert [int(row[0]) for row in rows] == list(range(0, 53, 4))
    assert [row[place : place + 2] for row in rows] == [
        [str(one[w]) for one in weekly] for w in range(0, 53, 4)
    ]
    with page.expect_download() as kept:
        page.get_by_role("button", name="Keep all weeks as a file").click()
    lines = kept.value.path().read_text("utf-8-sig").splitlines()
    assert len(lines) == 54 and lines[1].startswith("0;")


def test_another_year_is_another_one_of_the_same_designs(standard, open_lesson):
    page = open_lesson(standard, "lang=en&step=see&w=10")
    page.get_by_role("button", name="Show another year").click()
    assert page.get_by_text("Other years go differently.").count() >= 1
    second = standard.data["recordings"][1]
    expected = standing(standard.lesson.designs["b"], second["made"]["seed"], [40])[40]
    assert page.evaluate(SHOWN, [1, [40]])[0] == list(expected)


# -- puzzles --------------------------------------------------------------------------------------
def test_a_puzzle_tells_right_from_wrong(standard, open_lesson):
    page = open_lesson(standard, "lang=en&step=puzzles")
    for number, puzzle in enumerate(standard.data["puzzles"]):
        if puzzle["kind"] == "which":
            continue
        page.locator(".which button").nth(number).click()
        (solution,) = puzzle["solutions"]
        wrong = "1" + "0" * (len(solution) - 1)
        for bits in (wrong, solution):
            for k, bit in enumerate(bits):
                page.locator(".choices input").nth(k).set_checked(bit == "1")
            share = puzzle["tried"][bits]["share"]
            said = page.locator(".result .said").inner_text()
            assert said.startswith(f"It works in {share} of 100 years.")
            assert said == page.get_by_role("status").inner_text()
            assert page.locator(".hundred .holds").count() == share
            assert page.locator(".hundred .fails").count() == 100 - share
            assert page.locator(".result.solved").count() == (bits == solution)
            world = page.evaluate("player.scene.worlds[1].key")
            assert world == bits and page.evaluate("player.scene.worlds[0].key") == "0" * len(bits)
        for box in page.locator(".choices input").all():
            box.check()
        assert page.locator(".over").inner_text() == f"That is {len(solution)}. Choose at most 2."
        assert page.locator(".result").count() == 0


def test_likeness_or_contagion(standard, open_lesson):
    """The picture says nothing of reasons; one departure taken away does."""
    page = open_lesson(standard, "lang=en&step=puzzles")
    (number,) = (k for k, each in enumerate(standard.data["puzzles"]) if each["kind"] == "which")
    puzzle = standard.data["puzzles"][number]
    page.locator(".which button").nth(number).click()
    page.evaluate("player.act.last()")
    assert "Exaggerated for demonstration." in page.locator(".banner").last.inner_text()
    assert page.get_by_text("Show who drew whom along").count() == 0
    for k in range(len(puzzle["recording"]["people"])):
        page.evaluate("(k) => player.act.pin(k)", k)
        assert "Reason" not in page.locator(".person").inner_text()
        assert page.locator(".person .shares").count() == 0
    kept = {key: [len(each["stay"]) for each in puzzle["knockouts"][key]] for key in ("a", "b")}
    for side, key in enumerate(("a", "b")):
        for k, stay in enumerate(kept[key]):
            page.locator(".drew").nth(side).get_by_role("button").nth(k).click()
            said = page.locator(".panel > .said").inner_text()
            assert f"{stay} other" in said if stay else "just the same" in said
    assert max(kept[puzzle["answer"]]) > max(kept["b" if puzzle["answer"] == "a" else "a"])
    page.get_by_role("button", name="B", exact=True).click()
    assert page.get_by_role("status").inner_text().startswith("No.")
    page.get_by_role("button", name="A", exact=True).click()
    assert page.get_by_role("status").inner_text().startswith("Yes")
    assert page.locator(".result.solved").count() == 1


# -- honesty --------------------------------------------------------------------------------------
def test_the_banner_stands_everywhere(contagion, open_lesson):
    page = open_lesson(contagion, "lang=en&step=see&w=3")
    for step in STEPS:
        page.evaluate("(step) => player.act.step(step)", step)
        for media in ("screen", "print"):
            page.emulate_media(media=media)
            text = page.locator(".banner").first.inner_text()
            assert page.locator(".banner").first.is_visible()
            assert "Exaggerated for demonstration." in text and "1 of 200 imagined years" in text
        assert page.locator(".banner button, .banner input, .banner a").count() == 0


def test_the_banner_is_about_the_year_that_is_shown(standard, open_lesson):
    """A puzzle and another year are not the ordinary year that the lesson has chosen."""
    page = open_lesson(standard, "lang=en&step=see&w=3")

    def said():
        (text,) = page.locator(".banner").all_inner_texts()
        return text.removesuffix(" This is one imagined year. Other years go differently.")

    ordinary = "A quite ordinary year: {n} of {of} are like it.".format
    lesson = ordinary(**standard.data["banners"][0]["values"])
    assert said() == lesson
    page.evaluate("player.act.anotherYear()")
    assert said() == "This is one imagined year. Other years go differently."
    page.evaluate("player.act.step('sheet')")
    assert said() == lesson
    page.evaluate("player.act.step('puzzles')")
    for number, puzzle in enumerate(standard.data["puzzles"]):
        page.locator(".which button").nth(number).click()
        if puzzle["kind"] == "which":
            assert said().startswith("Exaggerated for demonstration. Chosen because")
        else:
            assert said() == ordinary(**puzzle["chosen"]["values"]) != lesson
        if puzzle.get("marks") == "alone":
            assert page.locator(".legend").get_by_text("no contact from the programme").count() == 1
            marked = "player.scene.worlds.map(w => player.scene.recording.people.filter((p, k) => !p.role && w.isolated(52, k)).length)"
            assert page.evaluate(marked) == [without_contact(standard, puzzle)] * 2
    page.evaluate("player.act.step('try')")
    assert said() == lesson
    page.locator(".choice select").first.select_option(label="The people of year 2")
    assert said() == "This is one imagined year. Other years go differently."


def without_contact(lesson, puzzle):
    """How many have no contact at the end where nothing is chosen, as the model has it."""
    name, of = puzzle["key"], puzzle["of"]
    scenario = changed(Scenario(), read("puzzles", name)["settings"])
    many = peersim.ensemble(scenario, [puzzle["recording"]["made"]["seed"]])
    return round(of * float(many.at(puzzle["recording"]["weeks"], "alone")[0]))


def test_each_paper_prints_alone_with_its_banner(standard, open_lesson):
    page = open_lesson(standard, "lang=en&step=sheet")
    page.evaluate("window.print = () => {}")
    for name, length in PAPERS.items():
        page.evaluate(
            "(step) => player.act.step(step)", "sheet" if name == "worksheet" else "teacher"
        )
        page.emulate_media(media="screen")
        paper = page.locator(f"[data-paper={name}]")
        paper.evaluate(
            "each => { const fold = each.closest('details'); if (fold) fold.open = true }"
        )
        paper.get_by_role("button").click()
        page.emulate_media(media="print")
        shown = page.locator(".paper").evaluate_all(
            "all => all.filter(each => each.checkVisibility()).map(each => each.dataset.paper)"
        )
        assert shown == [name]
        assert paper.locator(".banner").is_visible()
        assert not page.locator("nav").is_visible() and not paper.locator("button").is_visible()
        assert len(re.findall(rb"/Type\s*/Page[^s]", page.pdf(format="A4"))) == length, name


# -- languages ------------------------------------------------------------------------------------
def test_switching_the_language_keeps_week_person_and_step(contagion, open_lesson):
    page = open_lesson(contagion, "lang=en&step=explain&w=21&p=R7&on=011")
    keeps = "[player.state.week, player.state.person, player.state.step, player.state.switches]"
    before = page.evaluate(keeps)
    assert before == [21, contagion.ids.index("R7"), "explain", "011"]
    page.get_by_role("button", name="Dansk").click()
    assert page.evaluate(keeps) == before
    assert page.locator("html").get_attribute("lang") == "da"
    assert page.locator(".person h2").inner_text() == "Deltager 7 i de to fællesskaber"
    page.wait_for_function("() => location.hash.includes('lang=da')")
    page.reload()
    assert page.evaluate(keeps) == before and page.locator("html").get_attribute("lang") == "da"


ENGLISH = set(
    "the and of with without week weeks year years people who has left leaves show next back "
    "guess see explain puzzles try community communities chart numbers print worksheet teacher same world is are".split()
)
KEY = re.compile(
    r"\b(?:app|step|play|stage|see|guess|explain|story|reason|puzzle|teacher|sheet|course|try|role|kind)\.[a-z_]+"
)


TEXT = """() => {
  for (const each of document.querySelectorAll('details')) each.open = true;
  const named = [...document.querySelectorAll('[aria-label], [aria-valuetext], [title]')];
  return [document.body.innerText, ...named.flatMap(each => [each.ariaLabel, each.ariaValueText, each.title])].join(' ') }"""


@pytest.mark.parametrize("name", ["standard", "contagion"])
def test_no_key_is_shown_and_no_english_in_danish(name, request, open_lesson):
    page = open_lesson(request.getfixturevalue(name), "lang=da&step=explain&w=30&p=R7")
    page.evaluate("player.act.skip()")
    for language, step in product(("da", "en"), STEPS):
        page.evaluate(
            "([language, step]) => { player.act.speak(language); player.act.step(step) }",
            [language, step],
        )
        text = page.evaluate(TEXT)
        assert not KEY.findall(text)
        if language == "da":
            text = re.sub(r"peersim play( \S+=\S+)*", "", text).replace("English", "")
            found = sorted(set(re.findall(r"[a-zæøå]+", text.lower())) & ENGLISH)
            assert not found, step


# -- for everybody --------------------------------------------------------------------------------
VIEWS = {
    "guess": "player.act.guessAgain(); player.act.step('guess')",
    "see": "player.act.give(); player.act.last()",
    "explain": "player.act.step('explain'); player.act.switchTo('000'); player.act.pin(6)",
    "without": "player.act.switchTo('111'); player.act.without(player.scene.knockouts.a ? 'a-0' : 'b-0')",
    "choosing": "player.act.step('puzzles'); player.act.puzzle(0); player.act.choose('11000')",
    "telling": "player.act.puzzle(2); player.act.answer('a')",
    "try": "player.act.step('try')",
    "sheet": "player.act.step('sheet')",
    "teacher": "player.act.step('teacher')",
}
"""Each step and each paper with as much on it as there can be."""


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1280", "390"])
def test_nothing_is_in_the_way_of_a_reader(standard, open_lesson, viewport):
    kinds = {"bypass_csp": True, "reduced_motion": "reduce"}
    page = open_lesson(standard, "lang=en&step=see&w=30", viewport, **kinds)
    unfolded = "document.querySelectorAll('details').forEach(each => { each.open = true })"
    for language, (view, does) in product(("en", "da"), VIEWS.items()):
        page.evaluate(f"player.act.speak('{language}'); {does}; {unfolded}")
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], view
        assert page.locator("h1").count() == 1
        assert axe(page) == [], (language, view)


def test_it_is_silent_while_it_plays(contagion, open_lesson):
    page = open_lesson(contagion, "lang=en&w=0")
    assert (
        page.get_by_role("status").count() == 1
        and page.locator("[aria-live], output, [role=alert]").count() == 0
    )
    page.evaluate("""() => { window.changes = []; new MutationObserver(() => changes.push(document.querySelector('[role=status]').textContent))
        .observe(document.querySelector('[role=status]'), {childList: true, characterData: true, subtree: true}) }""")
    page.evaluate("player.act.set({speed: 'fast'})")
    give(page)
    page.wait_for_function("() => player.state.week >= 20", timeout=10_000)
    assert page.evaluate("changes") == []
    page.evaluate("player.act.last()")
    assert len(page.evaluate("changes")) == 1
    page.evaluate("player.act.go(3); player.act.last()")
    assert len(page.evaluate("changes")) == 1


def test_reduced_motion_goes_by_single_steps(standard, open_lesson):
    page = open_lesson(standard, "lang=en&step=see&w=0", reduced_motion="reduce")
    page.evaluate("player.times.length = 0")
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("() => player.state.week >= 1", timeout=6000)
    pictures, now = page.evaluate("[player.times.length, player.state.week]")
    assert pictures <= now + 3  # none between the weeks, whatever else is drawn anew


@pytest.mark.parametrize("kind", ["zoom", "forced"])
def test_large_letters_and_forced_colours(contagion, open_lesson, kind):
    # a zoom of 200 % on 1280 x 900 leaves 640 x 450 points
    kinds = {
        "zoom": {"viewport": {"width": 640, "height": 450}, "device_scale_factor": 2},
        "forced": {"forced_colors": "active"},
    }[kind]
    page = open_lesson(contagion, "lang=da&step=explain&w=30&p=R7", **kinds)
    page.evaluate("player.act.skip()")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    cut = page.locator(
        "button, h1, h2, h3, p, label"
    ).evaluate_all("""all => all.filter(each => each.checkVisibility() && !each.closest('.unseen') && !each.matches('.unseen')
        && each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).overflow !== 'visible').map(each => each.innerText)""")
    assert not cut
    # what is drawn in fixed colours stands on paper of its own, whatever the colours of the page are
    papers = page.locator("canvas, .chart, .sign").evaluate_all(
        "all => new Set(all.map(each => getComputedStyle(each).backgroundColor)).size"
    )
    assert papers == 1 or kind == "zoom"
    page.locator(".transport .play").scroll_into_view_if_needed()
    box = page.locator(".transport").bounding_box()
    assert box["y"] + box["height"] <= page.viewport_size["height"] + 1
    page.locator(".transport .play").click()
    assert page.evaluate("player.state.playing")


def test_the_transport_stays_in_sight_on_a_telephone(contagion, open_lesson):
    page = open_lesson(contagion, "lang=da&step=see&w=5", NARROW)
    for side in (0, 1):
        page.locator("canvas").nth(side).scroll_into_view_if_needed()
        box = page.locator(".transport").bounding_box()
        assert 0 <= box["y"] and box["y"] + box["height"] <= NARROW["height"] + 1
        assert box["height"] < 120
    sizes = page.locator("svg text").evaluate_all(
        "all => all.map(each => each.getBoundingClientRect().height)"
    )
    page.evaluate("player.act.skip(); player.act.last()")
    sizes = page.locator(".chart text").evaluate_all(
        "all => all.map(each => parseFloat(getComputedStyle(each).fontSize))"
    )
    drawn = page.locator(".chart").evaluate_all(
        "all => all.map(each => each.getBoundingClientRect().width / each.viewBox.baseVal.width)"
    )
    assert sizes and min(sizes) * min(drawn) >= 11


# -- addresses, other versions, other places -------------------------------------------------------
def test_the_address_holds_the_page(contagion, open_lesson):
    page = open_lesson(contagion, "lang=en&step=2&w=9")
    assert page.evaluate("[player.state.step, player.state.week]") == ["see", 9]
    page.get_by_role("button", name="Explain").click()
    page.evaluate("player.act.pin(3)")
    page.wait_for_function(
        "() => location.hash.includes('step=3') && location.hash.includes('p=R4')"
    )
    page.go_back()
    page.wait_for_function("() => player.state.step === 'see'")
    page.goto(contagion.at("lang=xx&step=nowhere&w=999&p=nobody&zz=1"))
    page.reload()
    assert page.evaluate("[player.state.step, player.state.week, player.state.person]") == [
        "guess",
        52,
        None,
    ]


def with_data(lesson, change, tmp_path, **kinds):
    """The same page with other data."""
    from peersim.faces.page import single_file

    data = json.loads(json.dumps(lesson.data))
    change(data)
    path = tmp_path / "other.html"
    path.write_text(single_file("play", "title", data, "en", **kinds), "utf-8")
    return path


def test_another_version_is_refused_in_a_sentence(contagion, open_page, tmp_path):
    path = with_data(contagion, lambda data: data["recordings"][0].update(version=2), tmp_path)
    page = open_page(path)
    assert (
        page.locator("main").inner_text()
        == "The page was made with another version (2) and cannot be shown."
    )


def test_an_old_browser_is_told(contagion, open_page, tmp_path):
    page = open_page("about:blank")
    page.add_init_script("delete window.DecompressionStream")
    page.goto(contagion.at())
    assert page.locator("main").inner_text().startswith("This browser is too old")
    page.goto(with_data(contagion, lambda data: None, tmp_path, pack=False).as_uri())
    assert page.locator("canvas").count() == 2


HOSTILE = '<img src=x onerror="window.hurt=1"><script>window.hurt=1</script>'


def test_hostile_names_are_shown_as_text(contagion, open_page, tmp_path):
    def change(data):
        data["recordings"][0]["people"][0]["id"] = HOSTILE
        for world in data["recordings"][0]["worlds"]:
            world["title"] = {"key": "world.named", "values": {"letter": "A", "name": HOSTILE}}
        data["command"] = HOSTILE

    page = open_page(with_data(contagion, change, tmp_path))
    page.wait_for_function("() => window.player")
    page.evaluate("player.act.step('see'); player.act.pin(0)")
    assert (
        HOSTILE in page.locator(".person h2").inner_text()
        and HOSTILE in page.locator(".world h3").first.inner_text()
    )
    page.evaluate("player.act.step('teacher')")
    assert HOSTILE in page.locator("code").inner_text()
    assert page.evaluate("window.hurt") is None and page.locator("img").count() == 0


def test_it_shows_itself_in_a_notebook(contagion, open_page, tmp_path):
    """In a frame, in a page with a policy of its own."""
    policy = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; img-src data:; script-src 'unsafe-inline'"
    host = tmp_path / "notebook.html"
    host.write_text(
        f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{policy}">{contagion.player._repr_html_()}',
        "utf-8",
    )
    page = open_page(host)
    inside = page.frame_locator("iframe")
    inside.locator("canvas").first.wait_for()
    inside.get_by_role("button", name="See").click()
    inside.get_by_role("button", name="Last week").click()
    assert "Week 52 of 52" in inside.locator(".transport .now").inner_text()
