"""Widgets of notebooks in a browser, under a host as small as anywidget's: what they show, what they
tell the other side, and that nothing is left of them when their cell goes.
"""

import re
from pathlib import Path

import pytest
from browser import NARROW, WIDE, axe

import peersim
from peersim.faces.page import built
from peersim.faces.widget import NetworkWidget

pytestmark = [pytest.mark.browser, pytest.mark.compiles]

HOST = Path(__file__).with_name("anywidget_host.html")
TRAITS = ("language", "person", "week", "world", "_shows", "_words", "_recording")
LIVING = ("language", "person", "_shows", "_words", "_people", "_names", "_used", "_weeks", "_now")
FEW = {"population.recipients": 14, "population.supporters": 6, "training.weeks": 1, "weeks": 30}
WATCHED = """() => {
  const kept = (window.kept = { frames: 0, waiting: new Set(), observers: 0, listeners: 0 });
  const { requestAnimationFrame: ask, cancelAnimationFrame: drop } = window;
  window.requestAnimationFrame = (does) => {
    const id = ask((now) => { kept.waiting.delete(id); kept.frames++; does(now); });
    kept.waiting.add(id);
    return id;
  };
  window.cancelAnimationFrame = (id) => { kept.waiting.delete(id); drop(id); };
  const { observe, disconnect } = ResizeObserver.prototype;
  ResizeObserver.prototype.observe = function (...all) { kept.observers++; observe.apply(this, all); };
  ResizeObserver.prototype.disconnect = function () { kept.observers--; disconnect.call(this); };
  for (const where of [window, document]) {
    const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
    where.addEventListener = (...all) => { kept.listeners++; add.apply(where, all); };
    where.removeEventListener = (...all) => { kept.listeners--; remove.apply(where, all); };
  }
}"""
"""Counts what a widget could leave behind."""


@pytest.fixture(scope="module")
def designs():
    a = peersim.changed(peersim.Scenario(), FEW | {"communities": ["group"]})
    return {
        "A": a,
        "B": peersim.changed(a, {"cafe.per_week": 1.0, "communities": ["group", "one_to_one"]}),
    }


@pytest.fixture(scope="module")
def recording(designs):
    return peersim.record(designs, seed=7, stories=True)


@pytest.fixture
def notebook(open_page):
    """Open a page with cells: `notebook(widget, ...)` gives the page."""

    def opened(*widgets, viewport=WIDE):
        page = open_page(HOST, viewport=viewport)
        page.wait_for_function("() => document.body")  # playwright's own listeners are there by now
        page.evaluate(WATCHED)
        for widget in widgets:
            add(page, widget)
        return page

    return opened


def add(page, widget):
    """One more cell, shown once it has drawn."""
    state, names = widget.get_state(), LIVING if isinstance(widget, NetworkWidget) else TRAITS
    page.evaluate(
        "([script, state]) => show(script, state)",
        [built("widget.js"), {name: state[name] for name in names}],
    )
    page.wait_for_function("() => cells.at(-1).root.querySelector('canvas')")


def told(page, cell=0):
    """What the page has told the other side, in turn."""
    return page.evaluate("(k) => cells[k].model.saved", cell)


def receive(page, cell=0, **state):
    page.evaluate("([k, state]) => cells[k].model.receive(state)", [cell, state])


def week_shown(page, cell=0):
    text = page.locator(".widget").nth(cell).locator(".now").inner_text()
    return int(re.search(r"\d+", text)[0])


# -- traits go both ways -------------------------------------------------------------------------
def test_week_goes_both_ways(notebook, recording):
    page = notebook(peersim.PlayerWidget(recording, week=4))
    assert week_shown(page) == 4 and told(page) == []
    assert "It does not predict." in page.locator(".widget").inner_text()
    receive(page, week=10)
    assert week_shown(page) == 10 and page.locator("input[type=range]").input_value() == "10"
    assert told(page) == []  # what comes from there is not sent back
    page.get_by_role("button", name="One week on").click()
    page.locator("input[type=range]").fill("20")
    page.get_by_role("button", name="Last week").click()
    assert told(page) == [{"week": 11}, {"week": 20}, {"week": 30}]


def test_person_goes_both_ways_and_is_told_of(notebook, recording):
    page = notebook(peersim.PlayerWidget(recording, week=30))
    receive(page, person="R3")
    assert page.locator(".person h2").inner_text() == "Participant 3 in the two communities"
    assert page.get_by_label("Choose a person").input_value() == "2"
    page.get_by_label("Choose a person").select_option(label="Peer 2")
    page.get_by_role("button", name="Let go of the person").click()
    assert told(page) == [{"person": "S2"}, {"person": None}]
    assert page.locator(".person").count() == 0
    page.locator("canvas").first.click(position=page.evaluate(WHERE_FIRST))
    assert told(page)[-1]["person"] in {each["id"] for each in recording["people"]}


WHERE_FIRST = """() => {
  const canvas = cells[0].root.querySelector("canvas"), { data, width } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const at = Array.from({ length: data.length / 4 }, (_, k) => k).find((k) => data[4 * k] < 100);
  return { x: at % width / devicePixelRatio, y: Math.floor(at / width) / devicePixelRatio + 3 };
}"""
"""Where the first dark spot of a picture is: somebody's edge."""


def test_one_world_is_shown_or_all(notebook, recording):
    page = notebook(peersim.PlayerWidget(recording))
    assert page.locator(".world h3").all_inner_texts() == ["A", "B"]
    receive(page, world="B")
    assert page.locator(".world h3").all_inner_texts() == ["B"] and told(page) == []
    page.locator(".which-world select").select_option(label="A")
    page.locator(".which-world select").select_option(index=0)
    assert told(page) == [{"world": "A"}, {"world": None}]
    assert page.locator("canvas").count() == 2


def test_three_designs_and_one_alone(notebook, designs):
    three = peersim.record({**designs, "C": designs["A"]}, seed=3)
    page = notebook(
        peersim.PlayerWidget(three),
        peersim.PlayerWidget(peersim.record({"A": designs["A"]}, seed=3)),
    )
    assert page.locator(".widget").first.locator(".world h3").all_inner_texts() == ["A", "B", "C"]
    assert page.locator(".widget").last.locator(".world h3").all_inner_texts() == ["A"]
    assert page.locator(".widget").last.locator(".which-world").count() == 0


def test_language_follows(notebook, recording):
    page = notebook(peersim.PlayerWidget(recording, person="R3"))
    receive(page, language="da")
    assert page.get_by_role("button", name="Afspil").is_visible()
    assert page.locator(".widget > [lang]").get_attribute("lang") == "da"
    assert "Play" not in page.locator(".widget").inner_text()


def test_keys_work_in_the_cell_and_nowhere_else(notebook, recording):
    page = notebook(peersim.PlayerWidget(recording, week=4))
    page.keyboard.press("ArrowRight")
    assert week_shown(page) == 4
    page.get_by_role("button", name="One week back").focus()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("p")
    assert told(page) == [{"week": 8}, {"person": "R1"}]


# -- time ----------------------------------------------------------------------------------------
def playing(page):
    page.get_by_text("fast", exact=True).click()
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("() => cells[0].model.get('week') > 1")


def test_while_it_plays_each_week_is_told_and_another_week_stops_it(notebook, recording):
    page = notebook(peersim.PlayerWidget(recording))
    playing(page)
    receive(page, week=25)
    assert week_shown(page) == 25 and page.get_by_role("button", name="Play").is_visible()
    weeks = [each["week"] for each in told(page)]
    assert weeks == list(range(1, len(weeks) + 1))
    page.wait_for_timeout(400)
    assert week_shown(page) == 25


def test_nothing_is_left_when_the_cell_goes(notebook, recording):
    page = notebook(peersim.PlayerWidget(recording))
    playing(page)
    page.evaluate("cells[0].clean()")
    left = page.evaluate(
        "({ ...kept, waiting: kept.waiting.size, heard: cells[0].model.listeners.length, inside: cells[0].el.childNodes.length })"
    )
    frames = left.pop("frames")
    assert left == {"waiting": 0, "observers": 0, "listeners": 0, "heard": 0, "inside": 0}
    week = page.evaluate("cells[0].model.get('week')")
    page.wait_for_timeout(500)
    assert page.evaluate("[kept.frames, cells[0].model.get('week')]") == [frames, week]
    receive(page, week=9)  # nobody listens any more


def test_a_cell_that_goes_before_it_has_drawn_draws_nothing(notebook, recording):
    page = notebook()
    state = peersim.PlayerWidget(recording).get_state()
    page.evaluate(
        "async ([script, state]) => { await show(script, state); cells[0].clean(); }",
        [built("widget.js"), {name: state[name] for name in TRAITS}],
    )
    page.wait_for_timeout(300)
    assert page.evaluate(
        "[cells[0].el.childNodes.length, kept.waiting.size, cells[0].model.listeners.length]"
    ) == [0, 0, 0]


def test_cells_do_not_know_each_other(notebook, recording):
    page = notebook(peersim.PlayerWidget(recording), peersim.PlayerWidget(recording))
    receive(page, cell=1, week=12)
    assert [week_shown(page, 0), week_shown(page, 1)] == [0, 12]
    page.evaluate("cells[0].clean()")
    receive(page, cell=1, week=13)
    assert page.locator(".widget").count() == 1 and week_shown(page) == 13


# -- looks ---------------------------------------------------------------------------------------
def test_styles_of_page_and_widget_stay_apart(notebook, recording):
    page = notebook(peersim.PlayerWidget(recording))
    seen = page.evaluate("""() => [getComputedStyle(cells[0].root.querySelector("button.plain")).backgroundColor,
      getComputedStyle(cells[0].root.querySelector("h3")).fontSize, getComputedStyle(document.querySelector("h1")).fontSize]""")
    assert seen[0] != "rgb(255, 0, 0)" and seen[1] != "40px" and seen[2] == "32px"


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("language", ["en", "da"])
def test_everybody_can_use_it(notebook, recording, designs, viewport, language):
    model = peersim.PeerModel(designs["B"], rng=7)
    model.run_for(12)
    page = notebook(
        peersim.PlayerWidget(recording, person="R3", week=20, language=language),
        NetworkWidget(model, language=language),
        viewport=viewport,
    )
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


# -- a model that is being lived -----------------------------------------------------------------
def test_the_network_of_a_model_shows_who_met_week_by_week(notebook, designs):
    model = peersim.PeerModel(designs["B"], rng=7)
    page = notebook(NetworkWidget(model))
    page.get_by_text("Who met this week?").click()
    met_at_all = 0
    for week in range(1, 13):
        model.step()
        widget = NetworkWidget(model)
        receive(page, _now=widget.get_state()["_now"])
        assert page.locator(".world h3").inner_text() == f"Week {week} of 30"
        lines = page.locator(".met li").all_inner_texts()
        shown = {
            frozenset((name, other))
            for name, others in (each.split(": ") for each in lines)
            for other in re.split(", | and ", others)
        }
        assert shown == {frozenset(map(called, pair)) for pair in pairs(model)}
        met_at_all += len(shown)
        active = sum(
            any(each.status in ("active", "self-run") for each in person.memberships.values())
            for person in model.persons
        )
        assert page.locator(".counts b").inner_text() == (
            f"{active} take part" if active != 1 else "1 takes part"
        )
    assert met_at_all > 10


def pairs(model):
    """Who met this week, from the ties of the model."""
    world = model.world
    for person in model.persons:
        for slot in world.partners[person.row, : person.ties]:
            if world.ties[slot["tie"]]["last"] == model.week:
                yield person.label, model.persons[slot["other"]].label


def called(label):
    return f"{'Participant' if label[0] == 'R' else 'Peer'} {label[1:]}"


def test_a_model_made_anew_begins_anew(notebook, designs):
    model = peersim.PeerModel(designs["B"], rng=7)
    model.run_for(9)
    page = notebook(NetworkWidget(model, person="S1"))
    assert page.locator(".looked").inner_text().startswith("Peer 1")
    page.get_by_label("Choose a person").select_option(label="Participant 4")
    assert told(page) == [{"person": "R4"}]
    fewer = peersim.changed(designs["B"], {"population.recipients": 5, "population.supporters": 3})
    state = NetworkWidget(peersim.PeerModel(fewer, rng=1)).get_state()
    receive(
        page, person=None, **{name: state[name] for name in ("_people", "_used", "_weeks", "_now")}
    )
    assert page.locator(".world h3").inner_text() == "Week 0 of 30"
    assert page.get_by_label("Choose a person").locator("option").count() == 1 + 8
    page.evaluate("cells[0].clean()")
    page.wait_for_timeout(400)
    assert page.evaluate("kept.waiting.size") == 0
