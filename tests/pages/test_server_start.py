"""Starting: the page is there within a second, the engine comes after it; it ends in one sentence."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import pytest

from peersim.app import start
from peersim.app.engine import READY, Engine
from peersim.kernel.declaration import InvalidInput

COMMAND = [sys.executable, "-m", "peersim.commands.cli", "serve"]


class Process:
    """`peersim serve` in a process of its own, and what it has printed."""

    def __init__(self, *words, **environment):
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [*COMMAND, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **environment},
        )  # fmt: skip
        self.first = self.process.stdout.readline()
        found = re.search(r"(http://127\.0\.0\.1:(\d+)/)#token=([\w-]{20,})&lang=(\w+)", self.first)
        assert found, self.first + self.process.stderr.read()
        self.address, self.port, self.token, self.language = found.groups()

    @property
    def seconds(self):
        """Since it was started: of the processor, which others' work does not prolong; else by the clock."""
        file = Path(f"/proc/{self.process.pid}/stat")
        if not file.exists():
            return time.monotonic() - self.began
        used = file.read_text(encoding="ascii").rpartition(")")[2].split()[11:13]
        return sum(map(int, used)) / os.sysconf("SC_CLK_TCK")

    def read(self, path, body=None, **headers):
        data = None if body is None else json.dumps(body).encode()
        asked = urllib.request.Request(self.address + path, data, headers)
        with urllib.request.urlopen(asked, timeout=100) as answer:
            return answer.read().decode()

    def post(self, path, body):
        headers = {"Content-Type": "application/json", "Authorization": f"Peersim {self.token}"}
        return self.read(f"api/1/{path}", body, **headers)

    def end(self, number=signal.SIGINT):
        self.process.send_signal(number)
        self.process.wait(timeout=20)
        return (
            self.process.returncode,
            self.first + self.process.stdout.read(),
            self.process.stderr.read(),
        )


@pytest.fixture
def started():
    there = []

    def start(*words, **environment):
        there.append(Process("port=0", "open=no", *words, **environment))
        return there[-1]

    yield start
    for each in there:
        if each.process.poll() is None:
            each.process.kill()
        each.process.communicate()


@pytest.mark.compiles
def test_the_page_comes_first_then_the_engine_and_it_ends_in_a_sentence(started):
    there = started("language=da")
    page = there.read("")
    waited = there.seconds
    assert '<main id="page">' in page and '<html lang="da">' in page
    assert waited < 1.0, f"{waited:.2f} s until the page was there"
    state = json.loads(there.read("api/1/state"))
    assert state["engine"] in ("loading", "ready") and state["version"]
    while json.loads(there.read("api/1/state"))["engine"] != "ready":
        time.sleep(0.1)
    few = {"population.recipients": 4, "weeks": 4}
    lines = there.post("compare", {"a": few, "b": few, "pairs": 20}).splitlines()
    assert json.loads(lines[-1])["pairs"] == 20
    code, said, errors = there.end()
    assert (code, errors) == (0, "")
    assert said.splitlines()[-1] == "Siden er lukket." and len(said.splitlines()) == 3


SMALL = (
    "both=population.recipients:12;population.supporters:4;weeks:16&usual=1&a=one_to_one&b=group"
)


@pytest.mark.compiles
def test_a_browser_sees_the_page_at_once_then_the_engine_ready_then_the_first_answer(
    started, open_page
):
    there = started("language=da")
    page = open_page(f"{there.address}#token={there.token}&{SMALL}")
    assert page.evaluate("document.documentElement.lang") == "da"
    seen, until = [], time.monotonic() + 100
    while not page.query_selector("#finding"):
        banner = page.query_selector(".banner")
        if banner and (text := banner.inner_text()) not in seen:
            seen.append(text)
        assert time.monotonic() < until, seen
        page.wait_for_timeout(50)
    assert all("Motoren varmer op" in text and "sekund" in text for text in seen)
    assert not page.query_selector(".banner")
    assert page.inner_text("#finding").endswith(".")
    state = json.loads(there.read("api/1/state"))
    assert state["engine"] == "ready"
    page.goto("about:blank")  # before its server ends


def test_it_ends_in_the_same_way_when_it_is_ended_from_outside(started):
    there = started(NUMBA_DISABLE_JIT="1")
    there.read("")
    assert there.end(signal.SIGTERM)[0] == 0


def test_a_port_that_is_taken_is_told_in_one_sentence(started):
    there = started(NUMBA_DISABLE_JIT="1")
    again = subprocess.run(
        [*COMMAND, f"port={there.port}", "open=no"], capture_output=True, text=True
    )
    assert (again.returncode, again.stdout) == (2, "")
    assert again.stderr.count("\n") == 1 and there.port in again.stderr


def test_it_listens_on_this_machine_alone():
    with start._listen("0") as listening:
        assert listening.getsockname()[0] == "127.0.0.1"


@pytest.mark.parametrize(
    ("words", "key"),
    [
        (["prot=0"], "serve.errors.word"),
        (["8000"], "serve.errors.word"),
        (["port=many"], "errors.setting.whole"),
        (["port=70000"], "errors.setting.whole"),
        (["open=perhaps"], "errors.setting.option"),
        (["language=de"], "errors.setting.option"),
    ],
)
def test_words_that_it_does_not_understand(words, key):
    with pytest.raises(InvalidInput) as refused:
        start.serve(words)
    assert refused.value.key == key


@pytest.mark.parametrize(
    ("platform", "environment", "opens"),
    [("linux", {}, False), ("linux", {"DISPLAY": ":0"}, True), ("linux", {"WAYLAND_DISPLAY": "w"}, True), ("darwin", {}, True), ("win32", {}, True)],
)  # fmt: skip
def test_the_browser_opens_where_there_is_a_display(monkeypatch, platform, environment, opens):
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(start.sys, "platform", platform)
    assert start._has_display() is opens


def test_the_browser_is_given_the_address_with_its_token(monkeypatch, capsys):
    shown = []
    monkeypatch.setattr(start, "_has_display", lambda: True)
    monkeypatch.setattr(start.webbrowser, "open", shown.append)
    monkeypatch.setattr(start.uvicorn.Server, "run", lambda self, sockets: sockets[0].close())
    monkeypatch.setattr(Engine, "start", lambda self: None)
    start.serve(["port=0"])
    printed = capsys.readouterr().out
    assert len(shown) == 1 and shown[0] in printed
    start.serve(["port=0", "open=no"])
    assert len(shown) == 1
    tokens = set(re.findall(r"token=([\w-]+)", printed + capsys.readouterr().out))
    assert len(tokens) == 2, "each start has a token of its own"


def test_an_engine_counts_its_seconds_and_is_ready_once():
    done = threading.Event()
    engine = Engine(lambda: done.wait(5))
    engine.start()
    before = engine.seconds
    done.set()
    for _ in range(100):
        if engine.state == READY:
            break
        time.sleep(0.01)
    assert engine.state == READY and engine.seconds >= before
    assert engine.seconds == engine.seconds


HEAVY = (
    "numpy",
    "numba",
    "polars",
    "scipy",
    "hydra",
    "omegaconf",
    "peersim.scenario",
    "peersim.model",
)


def test_nothing_heavy_is_imported_before_it_listens():
    program = (
        f"import sys; import peersim.app.start; print([n for n in {HEAVY} if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


# -- staying small --------------------------------------------------------------------------------
def resident():
    """Megabytes that this process holds."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


@pytest.mark.slow
@pytest.mark.skipif(
    not os.path.exists("/proc/self/statm"), reason="memory is read where Linux tells it"
)
def test_three_hundred_comparisons_do_not_make_it_grow(served):
    def compare(k):
        a = {"population.recipients": 40, "one_to_one.every": 1 + k / 100}
        served.lines({"a": a, "b": {**a, "communities": ["group"]}, "pairs": 20, "first_seed": k})

    for k in range(30):  # what is kept is full then
        compare(k)
    before = resident()
    for k in range(30, 330):
        compare(k)
    assert resident() - before < 30
