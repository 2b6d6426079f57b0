"""The page for users of Mesa, in a browser and offline: its server gets a proxy that is dead."""

import os
import socket
import subprocess
import sys
import time
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version

import pytest

import peersim
from peersim import InvalidInput
from peersim.model.vocabulary import COMMUNITIES

for package in ("solara", "solara-assets"):
    try:
        version(package)
    except PackageNotFoundError:
        said = f"no {package} here: the page for Mesa is not tried out (docs/notebooks_and_mesa.md)"
        pytest.skip(said, allow_module_level=True)

made = import_module("peersim.app.mesa_ui.page")
pytestmark = pytest.mark.compiles
NOWHERE = "http://127.0.0.1:9"
GROUP = peersim.changed(peersim.Scenario(), {"communities": ["group"], "weeks": 3})


# -- what its inputs say -------------------------------------------------------------------------
def test_sliders_are_those_of_declared_settings():
    controls = made.controls_of(GROUP, {**made.SLIDERS, "weeks": None})
    declared = {row["path"]: row for row in peersim.parameters().to_dicts()}
    for path in ("group.size", "cafe.per_week", "departure.social", "departure.loss"):
        row, slider = declared[path], controls[path]
        assert (slider["min"], slider["max"], slider["value"]) == (
            row["low"],
            row["high"],
            row["default"],
        )
        steps = (slider["value"] - slider["min"]) / slider["step"]
        assert steps == pytest.approx(round(steps)) and slider["step"] > 0
    assert controls["weeks"]["value"] == 3
    assert controls["communities"]["value"] == "group"
    assert len(set(controls["communities"]["values"])) == 2 ** len(COMMUNITIES) - 1


def test_what_is_no_setting_is_refused():
    with pytest.raises(InvalidInput, match="group.sise"):
        made.page_of(GROUP, {"group.sise": None})
    with pytest.raises(InvalidInput, match="lonely"):
        made.page_of(GROUP, outcomes=["lonely"])


class Page(made.PageModel):
    first, kinds = GROUP, None


def test_a_model_lives_what_its_inputs_say_and_stays_at_its_last_week():
    model = Page(rng=5, communities=made.BETWEEN.join(["one_to_one", "group"]), **{"group.size": 9})
    assert model.refused is None and model.peer_scenario.communities == ["one_to_one", "group"]
    for _ in range(5):
        model.step()
    assert (model.week, model.running, model.time) == (3, False, 3)
    same = peersim.changed(GROUP, {"communities": ["one_to_one", "group"], "group.size": 9})
    assert model.people.equals(peersim.simulate(same, seed=5).people)


def test_what_cannot_be_is_said_and_the_first_scenario_shown():
    model = Page(rng=5, **{"group.size": 3})
    assert model.refused.key == "errors.setting.order" and model.peer_scenario == GROUP


# -- in a browser --------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A server that cannot ask anybody; it shows the page that stands in the package."""
    with socket.socket() as there:
        there.bind(("127.0.0.1", 0))
        port = there.getsockname()[1]
    folder = tmp_path_factory.mktemp("solara")
    proxies = {
        f"{kind}_proxy": NOWHERE for kind in ("http", "https", "HTTP", "HTTPS", "all", "ALL")
    }
    command = [
        sys.executable,
        "-m",
        "solara",
        "run",
        "peersim.app.mesa_ui.app",
        "--host",
        "127.0.0.1",
    ]
    with open(folder / "log", "w") as log:
        server = subprocess.Popen(
            [*command, "--port", str(port), "--no-open", "--no-check-version"],
            env={**os.environ, **proxies, "no_proxy": "127.0.0.1"},
            cwd=folder,
            stdout=log,
            stderr=log,
        )
        while server.poll() is None and "is starting" not in (folder / "log").read_text():
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
        server.terminate()
        server.wait(10)
    said = (folder / "log").read_text()
    assert "Could not load" not in said and "Traceback" not in said


@pytest.fixture
def visit(address, open_page):
    """Open the page as somebody else each time."""

    def visited():
        deadline = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2]))).close()
                break
            except OSError:
                assert time.monotonic() < deadline
                time.sleep(0.2)
        page = open_page(address)
        page.get_by_text("Week 0 of 52").wait_for(timeout=120_000)
        return page

    return visited


def step(page, to):
    page.get_by_role("button", name="Step", exact=True).click()
    page.get_by_text(f"Week {to} of 52").wait_for()


@pytest.mark.browser
def test_visitors_do_not_share_a_model(visit):
    one, other = visit(), visit()
    for week in range(1, 6):
        step(one, week)
    assert other.get_by_text("Week 0 of 52").is_visible()
    step(other, 1)
    assert (
        one.get_by_text("Week 5 of 52").is_visible() and one.get_by_text("Time: 5.0").is_visible()
    )
    for page in (one, other):
        assert page.locator("canvas").count() == 1 and page.locator("img, svg").count() > 0
        page.close()


@pytest.mark.browser
def test_a_reset_takes_up_what_was_chosen(visit):
    page = visit()
    page.get_by_text("one_to_one + group", exact=True).first.click()
    page.get_by_role("option", name="group", exact=True).click()
    step(page, 1)
    page.get_by_role("button", name="Reset").click()
    page.get_by_text("Week 0 of 52").wait_for()
    assert page.locator(".legend").get_by_text("Group").is_visible()
    assert page.locator(".legend").get_by_text("One-to-one").count() == 0
    size = page.locator(".v-input__slider", has_text="group.size").locator("[role=slider]")
    size.focus()
    for _ in range(8):
        page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(300)
    page.get_by_role("button", name="Reset").click()
    page.get_by_text("group.minimum is 4, but group.size is 3").wait_for()
    page.close()
