"""A file to send on, in a browser: it opens without a net, and each place of its sliders shows the years
that were run there.
"""

import base64
import itertools
import json
import re

import pytest
from browser import NARROW, WIDE, axe

from peersim.app.people import read, with_people
from peersim.faces.sharing.file import Sharing, planned, shared, written
from peersim.kernel.catalogue import say, speaking
from peersim.scenario.scenario import Scenario, changed

pytestmark = [pytest.mark.browser, pytest.mark.compiles]

SETTINGS = {"population.recipients": 12, "population.supporters": 4, "weeks": 12}
A = changed(Scenario(), {**SETTINGS, "communities": ["one_to_one"]})
B = changed(A, {"communities": ["one_to_one", "group"], "cafe.per_week": 1.0, "events": [{"week": 6, "lose_supporters": 1}]})  # fmt: skip
LEVERS = ["cafe.per_week", "population.supporters"]
HOSTILE = "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\"></title>&lt;b&gt; “Reden”"
YEARS = 50


class Sent:
    """A file, where it is, and what stands in it."""

    def __init__(self, folder, name, asked, pack=True):
        self.data = json.loads(json.dumps(shared(planned(asked), "en")))
        self.path = folder / f"{name}.html"
        self.path.write_text(written(self.data, pack), "utf-8")

    def at(self, fragment=""):
        return f"{self.path.as_uri()}#{fragment}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("share")


@pytest.fixture(scope="module")
def sent(folder):
    return Sent(folder, "share", Sharing(A, B, LEVERS, HOSTILE, YEARS, workers=1))


@pytest.fixture
def shown(sent, open_page):
    """The file, opened without a net: `shown("lang=da&l=…", viewport=NARROW)`."""

    def opened(fragment="lang=en", there=sent, **kinds):
        page = open_page(there.at(fragment), offline=True, **kinds)
        page.wait_for_selector(".verdict h2")
        return page

    return opened


def move(page, path, place):
    """Move a slider as a hand or a key does."""
    page.evaluate(
        """([path, place]) => { const field = document.querySelector(`.sliders [data-path="${path}"]`);
        field.value = place; field.dispatchEvent(new Event("input", { bubbles: true })); }""",
        [path, place],
    )


def finding(sent, places, outcome="isolated"):
    """What an answer comes to, in a sentence, as the catalogue has it."""
    found = sent.data["answers"][",".join(map(str, places))]["outcomes"][outcome]
    said = found["in_people"]
    named = {"low": said["years"][0], "high": said["years"][1], "of": said["of"], "name": said["about"].upper()}  # fmt: skip
    if found["verdict"] == "alike":
        key = "alike"
    elif found["verdict"] == "cannot_tell":
        key = "cannot_tell.people" if said["kind"] == "both_ways" else "cannot_tell.plain"
    else:
        key = f"of.{outcome}.{said['kind']}" if found["worth_naming"] else "small"
    with speaking("en"):
        return say(f"faces.verdict.{key}", **named)


# -- what it shows --------------------------------------------------------------------------------
def test_each_place_of_the_sliders_shows_its_own_answer(sent, shown):
    page, told = shown(), set()
    for places in itertools.product(range(3), range(3)):
        for path, place in zip(LEVERS, places, strict=True):
            move(page, path, place)
        assert page.inner_text("#finding") == finding(sent, places)
        told.add(finding(sent, places))
        found = sent.data["answers"][",".join(map(str, places))]["outcomes"]["isolated"]
        people = list(itertools.accumulate(found["dots"]))  # in tenths of a thousandth
        counts = {
            kind: page.locator(f".answer .dots circle.{kind}").count()
            for kind in ("better", "worse", "same")
        }
        rounded = [round(12 * each / 10**4) for each in people]
        assert counts == {
            "better": sum(each < 0 for each in rounded),
            "worse": sum(each > 0 for each in rounded),
            "same": rounded.count(0),
        }
        values = [lever["values"][place] for lever, place in zip(sent.data["levers"], places, strict=True)]  # fmt: skip
        assert page.locator(".sliders .value").all_inner_texts() == [
            f"{value:g}" for value in values
        ]
    assert len(told) > 2


def test_bands_end_where_the_years_end(sent, shown):
    page = shown()
    move(page, "cafe.per_week", 2)
    found = sent.data["answers"]["2,1"]
    ends = []
    for side in "ab":
        middle = sent.data["courses"][found[side]]["isolated"][2]
        ends.append(round(12 * sum(step for step in middle if step is not None) / 10**4))
    label = page.get_attribute(".answer .weeks svg", "aria-label")
    assert re.findall(r"\d+", label) == ["12", *map(str, ends)]


def test_all_outcomes_can_be_looked_at_and_all_tabs_hold_something(sent, shown):
    page = shown()
    buttons = page.locator(".answer .outcome")
    assert buttons.count() == len(sent.data["answers"]["1,1"]["outcomes"])
    for k in range(buttons.count()):
        buttons.nth(k).click()
        assert page.locator(".answer .dots circle").count() == 50
        assert page.locator(".answer [aria-pressed=true].outcome").count() == 1
    for tab in page.locator("[role=tab]").all():
        tab.click()
        assert page.locator("[role=tabpanel] table").count() >= 1
        assert "Working" not in page.inner_text("[role=tabpanel]")
    assert not page.locator("[role=tabpanel] input").count()


def test_what_it_rests_on_is_told_as_long_as_the_sliders_stand_as_at_first(shown):
    page = shown("lang=en&tab=rests_on")
    assert "assumption" in page.inner_text("[role=tabpanel]").lower()
    move(page, "cafe.per_week", 0)
    note = page.locator("[role=tabpanel] .banner")
    assert "as they stood at first" in note.inner_text()
    assert "Working" not in page.inner_text("[role=tabpanel]")
    note.locator("button").click()
    assert page.inner_text(".sliders .value >> nth=0") == "1" and not note.count()


def test_it_says_what_is_compared(shown):
    page = shown()
    question = page.inner_text(".question")
    for part in ("One-to-one", "group and café", "12 people are invited", "12 weeks", "4 trained peers", "Week 6: one peer leaves"):  # fmt: skip
        assert part in question
    move(page, "population.supporters", 2)
    assert "6 trained peers" in page.inner_text(".question")
    assert "does not predict" in page.inner_text("footer >> nth=-1")
    assert "The sliders jump between the values that were run." in page.inner_text(".sliders")


def test_one_year_can_be_watched_in_both_designs(sent, shown):
    page = shown("lang=en&l=cafe.per_week:0")
    assert "are like it" in page.inner_text(".seen-year")
    page.click(".seen-year button")
    page.wait_for_selector(".seen-year canvas")
    assert page.locator(".seen-year canvas").count() == 2
    page.locator("#year").click()
    page.keyboard.press("End")
    active = [
        sum(byte & 15 > 0 for byte in base64.b64decode(world["standing"])[-16:])
        for world in sent.data["recording"]["worlds"]
    ]
    labels = [each.get_attribute("aria-label") for each in page.locator("canvas").all()]
    for label, number in zip(labels, active, strict=True):
        assert f"week 12: {number} take" in label
    assert labels[1].startswith("B: one-to-one, group and café")  # as the sliders stood at first
    page.click("text=Dansk")
    assert page.locator(".seen-year canvas").first.get_attribute("aria-label").startswith("A: en til en, uge")  # fmt: skip
    page.click(".seen-year .main")
    assert not page.locator("canvas").count()


# -- language, address ----------------------------------------------------------------------------
def test_the_language_changes_and_all_else_stays(shown):
    page = shown("lang=en&l=cafe.per_week:2;population.supporters:6&o=hope&tab=price")
    page.click("text=Dansk")
    assert page.evaluate("document.documentElement.lang") == "da"
    assert "Hvad bliver sammenlignet?" in page.inner_text(".question")
    assert page.locator(".sliders .value").all_inner_texts() == ["2", "6"]
    assert page.inner_text("[aria-pressed=true].outcome").startswith("Håb")
    assert page.inner_text("[role=tab][aria-selected=true]") == "Hvad koster det?"
    assert not re.search(r"(?m)^[a-z_]+(\.[a-z_]+)+$", page.inner_text(".answered"))  # no bare key


def test_the_address_keeps_where_the_sliders_stand(shown):
    page = shown()
    move(page, "cafe.per_week", 0)
    page.click("text=Hope")
    page.wait_for_timeout(500)
    address = page.evaluate("location.href")
    assert "l=cafe.per_week:0;population.supporters:4" in address and "o=hope" in address
    page.reload()
    page.wait_for_selector(".verdict h2")
    assert page.locator(".sliders .value").all_inner_texts() == ["0", "4"]
    assert page.inner_text("[aria-pressed=true].outcome").startswith("Hope")


@pytest.mark.parametrize(
    ("asked", "values", "said"),
    [
        ("cafe.per_week:1.7", ["2", "4"], "Now it is 2."),
        ("cafe.per_week:lots", ["1", "4"], "cafe.per_week:lots"),
        ("group.size:8", ["1", "4"], "group.size:8"),
    ],
)
def test_values_that_were_not_run_are_brought_to_the_nearest(shown, asked, values, said):
    page = shown(f"lang=en&l={asked}")
    assert page.locator(".sliders .value").all_inner_texts() == values
    assert said in page.inner_text(".remarks")
    page.click(".remarks button")
    assert not page.locator(".remarks").count()


# -- anybody can use it ---------------------------------------------------------------------------
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_it_is_clean_for_readers_of_the_screen(shown, viewport):
    page = shown("lang=da&l=cafe.per_week:1.7&tab=rests_on", viewport=viewport, bypass_csp=True)
    assert not axe(page), "as the sliders stand elsewhere"
    page.click(".seen-year button")
    page.wait_for_selector("canvas")
    for language in ("da", "en"):
        page.click(f".languages [lang={language}]")
        page.evaluate("location.hash = '#v=1&l=cafe.per_week:1'")
        for tab in ("left_out", "price", "strain", "after", "rests_on"):
            page.click(f"#tab-{tab}")
            assert page.locator("[role=tabpanel] table").count(), (
                "each is there as long as nothing is moved"
            )
            assert not axe(page), tab
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    small = page.evaluate(
        "[...document.querySelectorAll('svg.chart text')].filter((each) => each.getBoundingClientRect().height && parseFloat(getComputedStyle(each).fontSize) * each.ownerSVGElement.getBoundingClientRect().width / each.ownerSVGElement.viewBox.baseVal.width < 11).length"
    )
    assert small == 0


def test_the_verdict_is_told_once_and_only_when_it_changes(sent, shown):
    page = shown()
    assert page.locator("[role=status]").count() == 1
    assert (
        page.inner_text("[role=status]") == ""
    )  # what stands there at first is read as the page is
    move(page, "cafe.per_week", 2)
    assert page.inner_text("[role=status]").startswith(page.inner_text("#finding"))
    before = page.inner_text("[role=status]")
    page.click("[role=tab] >> nth=1")
    assert page.inner_text("[role=status]") == before


def test_it_is_moved_by_keys(shown):
    page = shown()
    page.focus(".sliders input >> nth=0")
    page.keyboard.press("ArrowRight")
    assert page.inner_text(".sliders .value >> nth=0") == "2"
    assert page.get_attribute(".sliders input >> nth=0", "aria-valuetext") == "2"


@pytest.mark.parametrize("language", ["da", "en"])
def test_it_prints_as_one_page(shown, language):
    page = shown(f"lang={language}&l=cafe.per_week:2")
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1
    page.emulate_media(media="print")
    assert not page.is_visible(".sliders") and page.is_visible(".board footer")
    board = page.inner_text(".board")
    assert page.locator("#finding").text_content() in board and ": 2." in board


def test_what_is_long_is_still_one_page(folder, shown):
    """Four communities each, much that happens, much that is not as usual: the sheet is drawn smaller."""
    happens = [{"week": week, "lose_supporters": 1} for week in range(2, 5)]
    more = [{"week": week, "set": {"cafe.per_week": week / 4, "group.size": week}} for week in range(4, 8)]  # fmt: skip
    every = {"communities": ["one_to_one", "group", "availability", "digital"], "events": happens, "digital.moderation": 2.0, "group.weeks": 9, "supervision.per_month": 1.0, "team.per_month": 1.0}  # fmt: skip
    a = changed(A, every | {"departure.drift": 0.01, "population.stage": 0.3, "group.leaders": 1})
    asked = Sharing(a, changed(a, {"page.contact": 0.5, "events": [*happens, *more]}), ["cafe.per_week"], HOSTILE, YEARS, workers=1)  # fmt: skip
    page = shown("lang=da&o=never_reached", Sent(folder, "long", asked))
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1
    assert 0.5 < float(page.evaluate("document.querySelector('.board').style.zoom")) < 1


# -- what must not happen -------------------------------------------------------------------------
def test_hostile_words_are_shown_as_words(shown):
    page = shown()
    assert page.inner_text("h1") == HOSTILE
    assert page.title() == f"peersim · {HOSTILE}"
    assert not page.locator("main script, main img").count()
    assert HOSTILE in page.locator(".board").text_content()


def test_it_may_ask_for_nothing(sent):
    text = sent.path.read_text("utf-8")
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "connect-src" not in policy and "unsafe" not in policy
    assert " style=" not in text.split("<style>")[0] and "onclick" not in text


def test_a_file_of_another_version_is_refused(folder, sent, open_page):
    other = folder / "other.html"
    other.write_text(written({**sent.data, "version": 2}), "utf-8")
    page = open_page(other)
    page.wait_for_selector("[role=alert]")
    assert "(2)" in page.inner_text("[role=alert]")


def test_it_can_be_written_without_packing(folder, sent, open_page):
    plain = folder / "plain.html"
    plain.write_text(written(sent.data, pack=False), "utf-8")
    page = open_page(plain)
    page.wait_for_selector(".verdict h2")
    assert page.inner_text("h1") == HOSTILE


# -- own people, sliders of words, exaggeration ---------------------------------------------------
def test_own_people_stand_there_by_codes(folder, shown):
    rows = [f"Navn {k};deltager;0,{k}3;2" for k in range(10)]
    people = read("\n".join(["navn;rolle;social angst;venner", *rows, "Per;frivillig;;"]).encode())
    own = with_people(Scenario(), people.people)
    a = changed(own, {"weeks": 8, "communities": ["one_to_one"]})
    b = changed(a, {"organisation": "outreach", "cafe.per_week": 1.0})
    asked = Sharing(a, b, ["organisation", "one_to_one.rematch"], years=YEARS, parameters="defaults", own_people="rounded", workers=1)  # fmt: skip
    page = shown("lang=da", Sent(folder, "own", asked))
    assert "Her har de koder, og deres træk er angivet i tredjedele." in page.inner_text(
        ".question"
    )
    assert "Navn" not in page.content()
    radios = page.locator(".sliders input[type=radio]")
    assert radios.count() == 5
    page.check(".sliders input[type=radio] >> nth=2")
    page.wait_for_timeout(500)
    assert "l=organisation:integrated" in page.evaluate("location.hash")
    page.check("text=nej")
    assert page.evaluate("share.places") == [2, 0]


def test_what_is_exaggerated_says_so(folder, shown):
    few = {"population.recipients": 12, "weeks": 8, "demonstration": "contagion"}
    a = changed(Scenario(), few)
    asked = Sharing(a, changed(a, {"cafe.per_week": 1.0}), ["cafe.per_week"], years=YEARS, year="none", parameters="defaults", workers=1)  # fmt: skip
    page = shown("lang=en", Sent(folder, "exaggerated", asked))
    assert page.inner_text(".banner") == "Exaggerated for demonstration."
    assert not page.locator(".seen-year").count()
    page.emulate_media(media="print")
    assert "Exaggerated for demonstration" in page.inner_text(".board")


# -- from the designer's page ---------------------------------------------------------------------
def test_the_server_sends_a_file_that_opens(served, folder, open_page):
    body = {"a": {"weeks": 8}, "b": {"weeks": 8, "cafe.per_week": 1}, "pairs": 50, "levers": ["cafe.per_week"], "parameters": "defaults", "title": HOSTILE}  # fmt: skip
    got = served.post("share?language=da", body)
    assert got.status_code == 200 and got.headers["content-type"].startswith("text/html")
    file = folder / "served.html"
    file.write_bytes(got.content)
    page = open_page(file)
    page.wait_for_selector(".verdict h2")
    assert page.inner_text("h1") == HOSTILE[:80] and page.evaluate("document.documentElement.lang") == "da"  # fmt: skip


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"levers": []}, None),
        ({"levers": ["group.size"]}, "not_shared"),
        ({"levers": ["nothing"]}, "not_a_choice"),
        ({"levers": {"a": 1}}, "not_a_choice"),
        ({"levers": ["cafe.per_week"], "pairs": 75}, "not_shared"),
        ({"levers": ["cafe.per_week"], "year": "last"}, "not_shared"),
    ],
)
def test_the_server_says_what_is_wrong(served, more, code):
    body = {"a": {"weeks": 4}, "b": {"weeks": 4}, "pairs": 50, "parameters": "defaults", **more}
    got = served.post("share", body)
    if code is None:
        assert got.status_code == 200
    else:
        assert got.status_code == 422 and got.json()["error"]["code"] == code
