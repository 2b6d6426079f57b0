"""The designer's page in a real browser: what it shows is what the server was asked, and it keeps what
somebody has chosen whatever happens.
"""

import json
import re
import time
from urllib.parse import unquote

import numpy as np
import pytest
import yaml
from browser import NARROW, WIDE, axe

from peersim import compare
from peersim.app import runs
from peersim.app.engine import READY, Engine
from peersim.faces import levers
from peersim.faces.answers.years import imagine
from peersim.model.outcomes import NAMES
from peersim.presentation.in_people import dots
from peersim.run.simulation import ensemble
from peersim.scenario.scenario import Scenario, changed

SMALL = "both=population.recipients:12;population.supporters:4;weeks:16&usual=1"
DESIGNS = f"{SMALL}&a=one_to_one&b=one_to_one,group;cafe.per_week:1"
PEOPLE = 12
ANSWERED = "Boolean(designer.line && designer.line.pairs === designer.line.of && designer.question.isSettled)"
SETTINGS = {"population.recipients": 12, "population.supporters": 4, "weeks": 16}
A = {**SETTINGS, "communities": ["one_to_one"]}
B = {**SETTINGS, "communities": ["one_to_one", "group"], "cafe.per_week": 1}


def wait_for(page, expression, seconds=20):
    """Wait until something is true; the page's policy forbids what playwright would do."""
    until = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < until, (
            f"{expression} after {seconds} s: {page.evaluate('designer.error')}"
        )
        page.wait_for_timeout(20)
    return page


@pytest.fixture
def designer(served, open_page):
    """The page with a small design: `designer("lang=en", design=..., viewport=NARROW)`."""

    def opened(more="lang=en", design=DESIGNS, there=served, **kinds):
        page = open_page(f"{there.address}/#token={there.token}&{more}&{design}", **kinds)
        return wait_for(page, f"Boolean(window.designer && designer.state) && {ANSWERED}")

    return opened


def chosen(page):
    return page.evaluate("designer.state")


def sent(page, name="compare"):
    """Bodies of the questions of a kind that the page asks from now on."""
    bodies = []
    page.on(
        "request",
        lambda asked: (
            bodies.append(json.loads(asked.post_data))
            if asked.url.split("?")[0].endswith(f"/{name}")
            else None
        ),
    )
    return bodies


def move(page, path, side, value):
    """Move a control as a hand or a key does."""
    page.evaluate(
        """([path, side, value]) => { const field = document.querySelector(`[data-path="${path}"]${side ? `[data-side=${side}]` : ""}`);
        if (field.type === "checkbox") { field.click(); return; }
        field.value = value; field.dispatchEvent(new Event(field.type === "range" ? "input" : "change", { bubbles: true })); }""",
        [path, side, value],
    )


# -- what is shown is what was run ----------------------------------------------------------------
def test_the_first_answer_is_there_without_a_click(served, open_page):
    page = open_page(f"{served.address}/#token={served.token}&lang=en")
    wait_for(page, f"Boolean(window.designer && designer.state) && {ANSWERED}", 60)
    assert re.fullmatch(
        r"(\d+ to|Up to) \d+ fewer are isolated with B, of 40\.", page.inner_text("#finding")
    )
    assert served.token not in page.url


def test_while_the_engine_warms_up_the_page_says_so_in_seconds(served, open_page):
    loading = json.dumps({"engine": "loading", "seconds": 7.3, "version": "0"})
    page = open_page("about:blank")
    page.route(
        "**/api/1/state*",
        lambda route: route.fulfill(body=loading, content_type="application/json"),
    )
    page.goto(f"{served.address}/#token={served.token}&lang=da&{DESIGNS}")
    page.wait_for_selector(".banner")
    assert "Motoren varmer op" in page.inner_text(".banner") and "7 sekunder" in page.inner_text(
        ".banner"
    )
    page.unroute("**/api/1/state*")
    wait_for(page, ANSWERED)
    assert not page.query_selector(".banner")


def test_the_weeks_have_months_beside_them(designer):
    texts = designer("lang=da").eval_on_selector_all(
        ".weeks text", "all => all.map((each) => each.textContent)"
    )
    assert "uge 0" in texts and "måned" in texts and len(texts) > 8


def test_verdict_dots_and_bands_are_those_of_the_runs(designer):
    page = designer()
    a, b = (ensemble(changed(Scenario(), each), range(1, 101)).values[:, :, 0] for each in (A, B))
    place = NAMES.index("isolated")
    gaps = b[:, -1, place] - a[:, -1, place]
    line = page.evaluate("designer.line.outcomes.isolated")
    assert line["dots"] == pytest.approx(dots(gaps), abs=1e-4)
    assert line["b"][2] == pytest.approx(np.sort(b[..., place], axis=0)[50], abs=1e-4)
    table = compare(
        {"B": changed(Scenario(), B), "A": changed(Scenario(), A)}, ["isolated"], replicates=100
    ).to_dicts()[0]
    assert line["difference"] == pytest.approx(
        [table["difference"], table["low"], table["high"]], abs=1e-4
    )
    low, high = np.quantile(gaps * PEOPLE, [0.05, 0.95], method="nearest").round(6)
    said = [int(number) for number in re.findall(r"\d+", page.inner_text("#finding"))]
    assert set(said) <= {int(abs(low)), int(abs(high)), PEOPLE} and said
    circles = page.eval_on_selector_all(
        ".answer .dots circle", "all => all.map(each => each.classList[0])"
    )
    assert {kind: circles.count(kind) for kind in set(circles)} == {
        kind: count
        for kind, count in {
            "better": sum(value < 0 for value in line["dots"]), "worse": sum(value > 0 for value in line["dots"]),
            "same": sum(value == 0 for value in line["dots"]),
        }.items() if count
    }  # fmt: skip


def test_the_answer_grows_and_is_preliminary_until_the_last_line(designer):
    page = designer(design=DESIGNS.replace("recipients:12", "recipients:120").replace("16", "52"))
    page.evaluate(
        """() => { window.seen = []; window.read = 0; new MutationObserver(() => { const said = document.querySelector(".verdict .done").textContent;
        if (seen.at(-1) !== said) seen.push(said); }).observe(document.querySelector("#page"), { subtree: true, childList: true, characterData: true });
        new MutationObserver(() => { read += 1; }).observe(document.querySelector("[role=status]"), { subtree: true, childList: true, characterData: true }); }"""
    )
    move(page, "cafe.per_week", "b", "0.5")
    wait_for(page, f"seen.length > 1 && {ANSWERED}")
    told = page.evaluate("seen.filter((text) => !text.startsWith('100'))")
    growing = [f"Preliminary: {pairs} of 100 imagined years are done." for pairs in (20, 50)]
    assert told and told == [each for each in growing if each in told]  # a busy page may skip one
    assert page.inner_text(".verdict .done") == "100 imagined years are done."
    assert page.evaluate("read") <= 1, "the verdict is read aloud once"
    assert len(page.query_selector_all("[role=status]")) == 1
    page.click(".verdict button")
    wait_for(page, f"designer.line.of === 200 && {ANSWERED}")
    assert page.inner_text(".verdict .done") == "200 imagined years are done."


def test_a_drag_asks_once_and_what_has_not_changed_is_not_run_again(designer, monkeypatch):
    page = designer()
    bodies, ran = sent(page), []
    monkeypatch.setattr(runs, "imagine", lambda *asked: ran.append(asked[0]) or imagine(*asked))
    page.evaluate(
        """async () => { const field = document.querySelector("[data-path='group.size'][data-side=b]");
        for (let step = 0; step < 12; step++) { field.value = 5 + step % 6 + (step > 5); field.dispatchEvent(new Event("input", { bubbles: true }));
          await new Promise((done) => setTimeout(done, 45)); } }"""
    )
    last = page.evaluate("designer.state.b['group.size']")
    wait_for(page, f"designer.asked === 2 && {ANSWERED}")
    assert [body["b"].get("group.size") for body in bodies] == [last]
    assert any(each.group.size == last for each in ran)
    assert changed(Scenario(), A) not in ran, "only B was run"
    page.click(".outcome >> nth=3")
    page.wait_for_timeout(300)
    assert len(bodies) == 1, "another outcome of the same runs asks for no runs"


# -- controls -------------------------------------------------------------------------------------
EVERYTHING = (
    f"{SMALL}&a=one_to_one,group,availability,digital&b=one_to_one,group,availability,digital"
)


def test_each_control_of_a_design_moves_its_setting_and_no_other(designer):
    page = designer(design=EVERYTHING)
    page.route("**/api/1/compare*", lambda route: route.abort())
    page.evaluate("() => { window.fetch = () => new Promise(() => {}); }")
    moved = page.evaluate(
        """() => { const found = [];
        document.querySelectorAll("details").forEach((each) => { each.open = true; });
        for (const field of [...document.querySelectorAll("[data-path][data-side]")]) {
          const { path, side } = field.dataset, before = structuredClone(designer.state);
          if (field.type === "checkbox") field.click();
          else {
            field.value = field.type === "range" ? (field.value === field.max ? field.min : field.max) : [...field.options].find((option) => !option.selected).value;
            field.dispatchEvent(new Event(field.type === "range" ? "input" : "change", { bubbles: true }));
          }
          const after = designer.state, changed = ["both", "a", "b"].flatMap((each) => [...new Set([...Object.keys(before[each]), ...Object.keys(after[each])])]
            .filter((name) => JSON.stringify(before[each][name]) !== JSON.stringify(after[each][name])).map((name) => `${each} ${name}`));
          found.push([`${side} ${path}`, changed]);
        }
        return found; }"""
    )
    assert [each for each in moved if each[1] != [each[0]]] == []
    there = {name for name, _ in moved}
    table = [row for row in levers.table() if row["group"] not in ("who", "price")]
    assert there == {f"{side} {row['path']}" for row in table for side in "ab"} | {
        f"both {row['path']}"
        for row in levers.table()
        if row["group"] == "who" and row["level"] == "more"
    }


def test_the_sentences_of_the_form_set_people_peers_and_weeks(designer):
    page = designer()
    for path, value in (
        ("population.supporters", 6),
        ("population.recipients", 15),
        ("population.arrival_weeks", 3),
        ("weeks", 20),
    ):
        page.fill(f"[data-path='{path}']", str(value))
        page.press(f"[data-path='{path}']", "Tab")
        assert chosen(page)["both"][path] == value
    page.check("[data-path=untrained]")
    assert (
        chosen(page)["both"]["population.asked"] == 6
        and chosen(page)["both"]["population.supporters"] == 0
    )
    page.fill("[data-path='population.recipients']", "9000")
    page.press("[data-path='population.recipients']", "Tab")
    assert chosen(page)["both"]["population.recipients"] == 300, (
        "brought back to the most there can be"
    )


def test_an_answer_that_arrives_leaves_what_is_being_typed(designer):
    page = designer()
    field = "[data-path='population.recipients']"
    page.fill(field, "17")
    page.evaluate("designer.update()")
    assert page.input_value(field) == "17" and chosen(page)["both"]["population.recipients"] == 12
    page.press(field, "Tab")
    assert chosen(page)["both"]["population.recipients"] == 17
    page.fill(field, "")
    page.press(field, "Tab")
    assert page.input_value(field) == "17"


def test_a_community_must_be_chosen_and_projects_begin_anew(designer):
    page = designer()
    page.click("[data-community=one_to_one][data-side=a]")
    assert chosen(page)["a"]["communities"] == ["one_to_one"]
    assert page.inner_text(".refused") == "Choose at least one community in A."
    bodies = sent(page)
    page.click("text=Reden")
    wait_for(page, ANSWERED, 40)
    assert bodies[-1]["a"]["population.recipients"] == 8 and bodies[-1]["a"]["communities"] == [
        "one_to_one"
    ]
    assert (
        bodies[-1]["b"]["communities"] == ["one_to_one", "group"]
        and bodies[-1]["b"]["cafe.per_week"] == 1
    )


def test_an_assumption_is_found_as_one_types_under_the_heading_of_its_subject(designer):
    page = designer("lang=da")
    page.fill(".find", "caféen kræver")
    assert page.inner_text(".assumptions h3") == "Café eller fællesspisning"
    found = page.query_selector_all(".assumptions [data-path]")
    assert [each.get_attribute("data-path") for each in found] == ["cafe.effort"]
    page.fill(".find", "korrelation")  # stands in what it means, and not in its label
    assert "1 antagelse" not in page.inner_text(".assumptions")
    assert page.query_selector("[data-path='everyday.correlation']")
    page.fill(".find", "zzz")
    assert "Prøv et andet ord" in page.inner_text(".assumptions")
    page.fill(".find", "")
    page.click("text=Alle antagelser efter emne")
    wait_for(page, "document.querySelectorAll('.of-group').length > 20")
    titles = page.evaluate(
        "[...document.querySelectorAll('.of-group summary')].map((each) => each.textContent)"
    )
    assert len({*titles}) == len(titles) and not [title for title in titles if len(title) > 50]


def test_what_an_answer_rests_on_begins_with_what_moves_it_and_folds_the_rest(designer):
    page = designer("lang=da", design=DESIGNS.replace("&usual=1", ""))
    page.click("#tab-rests_on")
    wait_for(page, "Boolean(designer.told.rests_on)")
    found = page.evaluate("designer.told.rests_on")
    assert len(page.query_selector_all("[role=tabpanel] tbody tr")) == len(found["most"]) == 5
    assert len(found["most"] + found["others"]) == len(found["tried"])
    page.click(f"text=De andre {len(found['others'])}, der blev prøvet")
    rows = f"document.querySelectorAll('[role=tabpanel] tbody tr').length === {len(found['tried'])}"
    wait_for(page, rows)
    gap = found["most"][0]["low"]["difference"][0] * PEOPLE
    said = f"{abs(gap):.1f}".replace(".", ",") + (" færre" if gap < 0 else " flere")
    assert page.inner_text("[role=tabpanel] tbody td").replace("0,0", "0") in (
        said,
        said.replace(",0", ""),
    )


def test_the_answer_stays_in_sight_while_the_form_scrolls(designer):
    page = designer()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_timeout(50)
    box = page.locator(".answer .dots").bounding_box()
    assert box["y"] > 0 and box["y"] + box["height"] < WIDE["height"]
    page = designer(viewport=NARROW)
    page.locator("[data-path='cafe.per_week'][data-side=b]").scroll_into_view_if_needed()
    box = page.locator("#finding").bounding_box()
    assert box["y"] >= 0 and box["y"] + box["height"] < 150, "the verdict, small, above all sliders"


# -- events ---------------------------------------------------------------------------------------
def test_events_are_added_moved_and_removed_by_keyboard(designer):
    page = designer()
    page.focus(".adding summary")
    page.keyboard.press("Enter")
    wait_for(page, "designer.draft.open")
    page.keyboard.press("Tab")
    for kind in ("end", "switch", "lose_supporters"):
        page.keyboard.press("ArrowDown")
        wait_for(page, f"designer.draft.kind === '{kind}'")
    page.focus(".add-event")
    bodies = sent(page)
    page.keyboard.press("Enter")
    assert chosen(page)["events"] == [{"week": 8, "on": "both", "lose_supporters": 2}]
    page.focus("[data-event='0']")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert "Week 11: 2 peers leave" in page.inner_text(".events")
    wait_for(page, ANSWERED)
    assert (
        bodies[-1]["a"]["events"]
        == bodies[-1]["b"]["events"]
        == [{"week": 11, "lose_supporters": 2}]
    )
    with page.expect_download() as got:
        page.click("text=Save")
    saved = yaml.safe_load(got.value.path().read_text("utf-8"))
    assert saved["events"] == [{"week": 11, "lose_supporters": 2}]
    page.focus(".events button")
    page.keyboard.press("Enter")
    assert chosen(page)["events"] == []


def test_events_are_moved_by_the_mouse_and_may_hold_for_one_design(designer):
    page = designer(design=f"{DESIGNS}&e=4-funding_ends:true@b")
    assert page.evaluate("designer.state.events") == [{"week": 4, "on": "b", "funding_ends": True}]
    page.locator(".strip").scroll_into_view_if_needed()
    mark, strip = (
        page.locator(".strip .event").bounding_box(),
        page.locator(".strip").bounding_box(),
    )
    page.mouse.move(mark["x"] + 10, mark["y"] + 10)
    page.mouse.down()
    page.mouse.move(strip["x"] + strip["width"] / 2, mark["y"] + 10, steps=4)
    page.mouse.up()
    assert page.evaluate("designer.state.events[0].week") == 8
    bodies = sent(page)
    move(page, "cafe.per_week", "b", "0.5")
    wait_for(page, ANSWERED)
    assert "events" not in bodies[-1]["a"] and bodies[-1]["b"]["events"] == [
        {"week": 8, "funding_ends": True}
    ]


# -- own people -----------------------------------------------------------------------------------
NAME = "Zenobia Quistgaard"
LIST = "Navn;Rolle;Gruppe;Sko\n" + "".join(
    f"{NAME if row == 0 else f'Person {row}'};{'peer' if row > 11 else 'deltager'};<script>alert(1)</script>;42\n" for row in range(16)
)  # fmt: skip


def test_an_own_list_is_used_and_leaves_no_trace(designer, tmp_path):
    page = designer("lang=da")
    faults, bodies = [], sent(page)
    page.on("dialog", lambda dialog: faults.append(dialog.message))
    page.click(".own summary")
    file = {"name": "vores.csv", "mimeType": "text/csv", "buffer": LIST.encode()}
    page.set_input_files(".own input", file)
    page.wait_for_selector(".own.in-use")
    assert "12 deltagere og 4 peers er læst." in page.inner_text(
        ".own"
    ) and "Sko" in page.inner_text(".own")
    wait_for(page, f"{ANSWERED} && Boolean(designer.told.groups?.own.length)")
    assert bodies[-1]["people"] and "population.recipients" not in bodies[-1]["a"]
    assert "i gruppen <script>alert(1)</script>" in page.inner_text("[role=tabpanel]"), (
        "text stays text"
    )
    assert not faults and not page.query_selector("[role=tabpanel] script")
    with page.expect_download() as got:
        page.click("text=Hent nøglen")
    assert NAME in got.value.path().read_text("utf-8-sig")
    with page.expect_download() as got:
        page.click("text=Gem")
    assert NAME not in got.value.path().read_text("utf-8")
    page.wait_for_timeout(400)
    kept = page.evaluate(
        "JSON.stringify([location.href, { ...sessionStorage }, { ...localStorage }])"
    )
    assert (
        NAME not in unquote(kept) and "people=own" in page.url and bodies[-1]["people"] not in kept
    )
    page.click("text=Glem listen")
    page.wait_for_selector(".own summary")
    wait_for(page, ANSWERED)
    assert NAME not in heap(page)


def heap(page):
    """Everything the page still holds in memory."""
    session, parts = page.context.new_cdp_session(page), []
    session.on("HeapProfiler.addHeapSnapshotChunk", lambda told: parts.append(told["chunk"]))
    session.send("HeapProfiler.collectGarbage")
    session.send("HeapProfiler.takeHeapSnapshot", {"reportProgress": False})
    assert parts
    return "".join(parts)


def test_numbers_of_persons_are_refused_in_a_sentence(designer):
    page = designer("lang=da")
    page.click(".own summary")
    page.faults.clear()
    file = {
        "name": "vores.csv",
        "mimeType": "text/csv",
        "buffer": b"navn;rolle\n0101901234;deltager\n",
    }
    page.set_input_files(".own input", file)
    page.wait_for_selector(".own .refused")
    assert "CPR-numre" in page.inner_text(".own .refused") and "0101901234" not in page.content()
    page.faults[:] = [fault for fault in page.faults if "422" not in fault]


# -- the address, undo, files ---------------------------------------------------------------------
def test_a_reload_and_another_browser_give_the_same_page(designer, served):
    page = designer(
        "lang=da",
        design=f"{DESIGNS}&e=5-add:availability@b;9-lose_supporters:1&t=Sj%C3%A6lland%20%26%20%C3%98erne",
    )
    move(page, "group.size", "b", "9")
    move(page, "departure.social", "", "0") if page.query_selector(
        "[data-path='departure.social']"
    ) else None
    page.wait_for_timeout(500)
    wait_for(page, ANSWERED)
    before, finding, address = chosen(page), page.inner_text("#finding"), page.url
    assert served.token not in address and before["b"]["group.size"] == 9
    page.reload()
    wait_for(page, f"Boolean(window.designer && designer.state) && {ANSWERED}")
    assert (chosen(page), page.inner_text("#finding"), page.url) == (before, finding, address)
    other = designer("lang=en", design=address.partition("#")[2])
    assert chosen(other) == before and other.evaluate("document.documentElement.lang") == "da"


def test_what_an_address_says_wrongly_is_brought_back_and_noted(designer):
    bad = f"{SMALL}&a=one_to_one,nonsense;group.size:900;no.such:1&b=group;cafe.per_week:x&e=900-lose_supporters:2;3-explode:all&pairs=99999&o=zzz"
    page = designer(design=bad)
    state = chosen(page)
    assert (
        state["a"]["group.size"] == 30
        and state["a"]["communities"] == ["one_to_one"]
        and "cafe.per_week" not in state["b"]
    )
    assert (
        state["events"] == [{"week": 16, "on": "both", "lose_supporters": 2}]
        and state["pairs"] == 400
    )
    notes = page.inner_text(".remarks")
    assert "no.such" in notes and "explode" in notes and "was out of bounds and is now 30" in notes


def test_ten_changes_and_ten_undos_give_the_first_answer(designer):
    page = designer()
    first, finding = chosen(page), page.inner_text("#finding")
    for change in ("group", "availability", "digital"):
        page.click(f"[data-community={change}][data-side=a]")
    for path, side, value in (("cafe.per_week", "a", "1"), ("cafe.per_week", "b", "0"), ("supervision.per_month", "b", "2"), ("team.per_month", "a", "1"), ("organisation", "a", "outreach"), ("page.contact", "b", "0.5")):  # fmt: skip
        move(page, path, side, value)
    page.click("text=Make B like A")
    page.reload()
    wait_for(page, f"Boolean(window.designer && designer.state) && {ANSWERED}")
    assert chosen(page)["a"] == chosen(page)["b"] != first["a"]
    for _ in range(9):
        page.keyboard.press("Control+z")
    assert chosen(page) != first
    page.keyboard.press("Control+z")
    assert chosen(page) == first
    wait_for(page, ANSWERED)
    assert page.inner_text("#finding") == finding
    assert page.is_disabled("text=Undo")
    page.keyboard.press("Control+Shift+Z")
    assert chosen(page)["a"]["communities"] == ["one_to_one", "group"]


def test_a_saved_file_opens_as_the_same_page(designer, tmp_path):
    page = designer(design=f"{DESIGNS}&e=5-add:availability@b;9-lose_supporters:1")
    with page.expect_download() as got:
        page.click("text=Save")
    path = tmp_path / "saved.yaml"
    got.value.save_as(path)
    before = chosen(page)
    page.click("text=Start from nothing")
    assert chosen(page) != before
    page.set_input_files(".tools input", path)
    wait_for(page, "designer.state.events.length === 2")
    wait_for(page, ANSWERED)
    assert {name: chosen(page)[name] for name in ("a", "b", "both", "events", "parameters")} == {
        name: before[name] for name in ("a", "b", "both", "events", "parameters")
    }


# -- the engine goes away -------------------------------------------------------------------------
def test_when_the_engine_stops_the_design_stays_and_goes_on_afterwards(designer, open_page):
    from tests.pages.conftest import Served

    engine = Engine(lambda: None)
    engine.state = READY
    there = Served(engine)
    page = designer(there=there, design=DESIGNS)
    there.end()
    page.faults.clear()
    move(page, "cafe.per_week", "b", "2")
    page.wait_for_selector(".banner")
    assert "peersim serve" in page.inner_text(".banner") and chosen(page)["b"]["cafe.per_week"] == 2
    again = Served(engine, port=there.port, token="another-token")
    try:
        page.context.new_page().goto(f"{again.address}/#token={again.token}&lang=en&{DESIGNS}")
        wait_for(page, f"designer.engine.now.state === 'ready' && {ANSWERED}")
        assert (
            not page.query_selector(".banner")
            and page.evaluate("designer.state.b['cafe.per_week']") == 2
        )
        page.faults[:] = [
            fault for fault in page.faults if "ERR_CONNECTION" not in fault and "401" not in fault
        ]
    finally:
        page.context.close()
        again.end()


def test_refusals_are_said_in_the_language_of_the_page(designer):
    page = designer("lang=da", design=f"{DESIGNS}&e=5-end:group@b")
    move(page, "group.leaders", "b", "0")
    page.faults.clear()
    page.evaluate(
        "designer.change({ ...designer.state, both: { ...designer.state.both, weeks: 9000 } })"
    )
    wait_for(page, "designer.error !== ''")
    assert "kan være fra" in page.inner_text(".refused") or "uger" in page.inner_text(".refused")
    assert page.query_selector(".verdict.working"), (
        "the answer shown is no longer that of the design"
    )
    page.keyboard.press("Control+z")
    wait_for(page, f"designer.error === '' && {ANSWERED}")
    page.faults[:] = [fault for fault in page.faults if "422" not in fault]


def test_a_busy_server_is_asked_again_by_itself(designer):
    page = designer("lang=da")
    refused = json.dumps({"error": {"code": "busy", "message": "…"}})
    page.route(
        "**/api/1/compare*",
        lambda route: route.fulfill(status=429, body=refused, content_type="application/json"),
        times=1,
    )
    move(page, "cafe.per_week", "b", "2")
    page.wait_for_selector(".banner")
    assert page.inner_text(".banner") == "Der regnes på noget andet. Jeres svar kommer om lidt."
    wait_for(page, f"designer.engine.now.state === 'ready' && {ANSWERED}")
    assert not page.query_selector(".banner")
    page.faults[:] = [fault for fault in page.faults if "429" not in fault]


def test_another_language_keeps_the_design_and_the_answer(designer):
    page = designer("lang=da")
    before, finding, bodies = chosen(page), page.inner_text("#finding"), sent(page)
    page.click("text=English")
    wait_for(page, "designer.language === 'en' && document.documentElement.lang === 'en'")
    wait_for(page, f"document.querySelector('#finding').textContent !== {json.dumps(finding)}")
    wait_for(page, "location.hash.includes('lang=en')")
    assert chosen(page) == before and bodies == []
    assert "Times a week" not in page.inner_text(
        "form"
    ) and "Café or shared meal, times a week" in page.inner_text("form")
    assert page.title() == "peersim · What if?"


def test_back_turns_the_pages_back_one_by_one(designer):
    page = designer()
    for step, name in (("soem", "SØM"), ("share", "Share"), ("board", "Print")):
        page.click(f".tools >> text={name}")
        wait_for(page, f"location.hash.includes('step={step}')")
    for step in ("share", "soem", ""):
        page.go_back()
        wait_for(page, f"designer.view === '{step}'")
        page.wait_for_timeout(350)  # the address has settled
        assert ("step=" in page.url) is bool(step)
    page.go_forward()
    wait_for(page, "designer.view === 'soem'")


def test_a_first_answer_that_is_refused_is_no_answer_under_way(served, open_page):
    lonely = "both=population.recipients:12;population.supporters:1;weeks:16&usual=1&a=one_to_one&b=group"
    page = open_page(f"{served.address}/#token={served.token}&lang=da&{lonely}")
    page.wait_for_selector(".refused")
    said = "I B skal en gruppe ledes af 2 peers, men der er kun 1. Vælg færre ledere eller flere peers."
    assert page.inner_text(".refused") == said and page.inner_text(".verdict") == ""
    move(page, "group.leaders", "b", "1")
    wait_for(page, ANSWERED)
    assert not page.query_selector(".refused") and page.inner_text("#finding")
    assert all("422" in fault for fault in page.faults)
    page.faults.clear()


def test_two_pages_at_once_do_not_disturb_each_other(designer):
    one, other = designer(), designer(design=f"{SMALL}&a=group&b=digital")
    before = one.inner_text("#finding")
    move(other, "digital.moderation", "b", "2")
    move(one, "cafe.per_week", "b", "0.5")
    for page in (one, other):
        wait_for(page, ANSWERED, 40)
        assert not page.query_selector(".banner")
    assert chosen(other)["a"]["communities"] == ["group"] and before


def test_clicking_everything_twice_breaks_nothing(designer):
    page = designer("lang=da")
    for part in (
        ".between button",
        ".outcome",
        "[role=tab]",
        ".community input",
        "summary",
        ".languages button",
    ):
        for k in range(min(6, page.locator(part).count())):
            page.locator(part).nth(k).dblclick()
    wait_for(page, ANSWERED, 40)
    assert page.inner_text("#finding") and not page.query_selector(".banner")


def test_an_address_that_cannot_hold_the_design_holds_nothing_and_says_so(designer):
    page = designer()
    page.evaluate(
        "designer.change({ ...designer.state, both: { ...designer.state.both, ...Object.fromEntries([...designer.controls.values()].filter((each) => each.level === 'assumption' && each.kind === 'number').slice(0, 60).map((each) => [each.path, each.default])) } })"
    )
    wait_for(page, "location.hash === '#v=1&lang=en'")
    assert "Save it as a file" in page.inner_text(".banner")


# -- board page and SØM ---------------------------------------------------------------------------
def test_the_board_page_is_one_page_and_nothing_else_prints(designer):
    page = designer("lang=da", design="t=%3Cb%3EVores%3C%2Fb%3E%20projekt&" + DESIGNS)
    page.click("text=Udskriv")
    wait_for(page, "Boolean(designer.told.rests_on)")
    page.emulate_media(media="print")
    seen = page.evaluate(
        "[...document.querySelectorAll('main > *')].filter((each) => each.getBoundingClientRect().height > 1).map((each) => each.className)"
    )
    assert seen == ["paper"]
    text = page.inner_text(".board")
    for part in (page.evaluate("document.querySelector('.board h1').textContent"), "<b>Vores</b> projekt", "Hvem bliver udenfor?", "Hvad koster det?", "Hvad hviler det på?", "12 mennesker inviteres"):  # fmt: skip
        assert part in text
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1
    page.emulate_media(media="screen")
    page.click("text=Tilbage til svaret")
    page.emulate_media(media="print")
    assert page.evaluate("document.querySelector('.work').getBoundingClientRect().height") == 0
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1


LONG_DESIGN = (
    "t=" + 3 * "Et%20langt%20navn%20" + "&both=population.recipients:12;population.supporters:4;weeks:16;change.hope:0.3;departure.drift:0.02;strain.rest:0.3"
    "&a=one_to_one,group,availability,digital;cafe.per_week:1;group.size:9;supervision.per_month:2;organisation:integrated"
    "&b=one_to_one,group,availability,digital;cafe.per_week:2;group.weeks:20;team.per_month:2;organisation:outreach"
    "&e=3-lose_supporters:1@a;5-lose_supporters:1;7-lose_supporters:1;12-funding_ends:true&usual=1"
)  # fmt: skip


def test_a_long_board_page_is_one_page_too_however_often_it_is_printed(designer):
    page = designer("lang=da&step=board", design=LONG_DESIGN)
    wait_for(page, "Boolean(designer.told.rests_on)")
    for _ in range(3):
        assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1
    assert float(page.evaluate("document.querySelector('.board').style.zoom")) < 1
    assert "Hvem driver det: kommunen selv." in page.inner_text(".board")


def test_the_line_for_som_is_the_paired_difference_and_saves_with_commas(designer):
    page = designer("lang=da", permissions=["clipboard-read", "clipboard-write"])
    page.click("text=SØM")
    page.wait_for_selector(".soem")
    assert "Svarer ikke til niveau 1-3" in page.inner_text(".sheet-view")
    found = page.evaluate("designer.soem.found.b")
    net = found["numbers"]["net"][0]
    assert net == pytest.approx(found["numbers"]["with"] - found["numbers"]["without"], abs=2e-4)
    assert f"{100 * net:.0f} procentpoint" in page.inner_text(".soem >> nth=1")
    page.fill("[data-field=target_group]", "borgere; i socialpsykiatrien")
    with page.expect_download() as got:
        page.click("text=Gem til regneark >> nth=1")
    rows = got.value.path().read_text("utf-8-sig").splitlines()
    assert rows[0].endswith('"borgere; i socialpsykiatrien"')
    assert str(net).replace(".", ",")[:5] in next(
        row for row in rows if "netto, af alle" in row
    ) and not any("\t" in row for row in rows)
    page.click("text=Kopiér >> nth=1")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert (
        all(row.count("\t") == 1 for row in copied.splitlines())
        and "Svarer ikke til niveau 1-3" in copied
    )


# -- everybody ------------------------------------------------------------------------------------
def test_a_year_can_be_watched_and_is_silent_while_it_plays(designer):
    page = designer()
    page.click("text=See one such year")
    page.wait_for_selector("#player canvas")
    page.evaluate(
        "window.read = 0; new MutationObserver(() => { read += 1; }).observe(document.querySelector('[role=status]'), { subtree: true, childList: true, characterData: true })"
    )
    before = page.evaluate("document.querySelector('canvas').toDataURL()")
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    assert "Week 10 of 16" in page.inner_text(".transport")
    assert page.evaluate("document.querySelector('canvas').toDataURL()") != before
    assert page.evaluate("read") == 0 and len(page.query_selector_all("[role=status]")) == 1
    page.click("text=Back to the answer")
    assert page.query_selector("#finding")
    page.click("text=See one such year")
    page.wait_for_selector("#player canvas")  # again, and in another language
    page.click(".languages [lang=da]")
    wait_for(page, "document.querySelector('.transport')?.textContent.includes('Uge 0 af 16')")


TABS = ("price", "strain", "after", "rests_on", "left_out")
THERE = {
    "soem": "Boolean(designer.soem.found)",
    "board": "Boolean(designer.told.rests_on)",
    "share": "true",
    "year": "Boolean(document.querySelector('#player canvas'))",
}
"""Views, and what there is once they are there."""


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1280", "390"])
def test_everybody_can_use_every_view_in_both_languages(designer, viewport):
    events = f"{DESIGNS}&e=5-lose_supporters:1;7-add:digital@a;12-funding_ends:true"
    page = designer("lang=da", design=events, viewport=viewport, bypass_csp=True)
    for language in ("da", "en"):
        page.click(f".languages [lang={language}]")
        wait_for(page, f"document.documentElement.lang === '{language}' && {ANSWERED}")
        page.evaluate(
            "document.querySelectorAll('details').forEach((each) => { each.open = true; })"
        )
        page.wait_for_timeout(100)
        for tab in TABS:
            page.click(f"#tab-{tab}")
            wait_for(
                page,
                f"designer.tab === '{tab}' && !document.querySelector('[role=tabpanel]').textContent.includes('…')",
            )
            assert fits(page), tab
            assert cut_tables(page) == [], tab
            assert smallest_letters(page) >= 11
            assert axe(page) == [], tab
        for view, there in THERE.items():
            page.evaluate(
                f"location.hash = location.hash.replace(/&step=\\w+/, '') + '&step={view}'"
            )
            wait_for(page, f"designer.view === '{view}' && {there}")
            page.wait_for_timeout(50)
            assert fits(page), view
            assert axe(page) == [], view
        page.click(".back button")


def cut_tables(page):
    """Tables that are wider than the room they have."""
    return page.evaluate(
        "[...document.querySelectorAll('[role=tabpanel] .sideways')].filter((each) => each.scrollWidth > each.clientWidth + 1).map((each) => each.ariaLabel)"
    )


def fits(page):
    """Nothing stands out on the right."""
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def smallest_letters(page):
    return page.evaluate(
        "Math.min(...[...document.querySelectorAll('.result .chart text')].map((text) => parseFloat(getComputedStyle(text).fontSize) * text.ownerSVGElement.getBoundingClientRect().width / text.ownerSVGElement.viewBox.baseVal.width))"
    )


def test_it_is_usable_without_motion_at_double_size_and_in_forced_colours(designer):
    half = {"width": 640, "height": 450}
    page = designer(
        viewport=half, device_scale_factor=2, reduced_motion="reduce", forced_colors="active"
    )
    assert fits(page)
    assert page.evaluate(
        "getComputedStyle(document.querySelector('.verdict')).transitionDuration"
    ) in ("0s", "0s, 0s")
    box = page.locator("#finding").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 640
    page.evaluate("scrollTo(0, 2000)")
    assert (
        page.evaluate("document.querySelector('.verdict').getBoundingClientRect().bottom") < 225
    ), "what sticks leaves room"


def test_hostile_text_stays_text(designer):
    page = designer("lang=en", design="t=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E&" + DESIGNS)
    assert not page.query_selector("main img")
    page.click("text=Print")
    assert "<img src=x onerror=alert(1)>" in page.inner_text(".board")
