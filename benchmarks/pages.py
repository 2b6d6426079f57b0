"""How large and how fast is the classroom page? `uv run python benchmarks/pages.py`

Its length, what of it are words, script and data; how long until the first picture; what a week
costs while it plays, drawn alone and with all else on the page; how many pictures a second; and what
it takes to work it out, and to record a year. Beside each figure stands what it may be. In a real
Chromium, so the figures are those of this machine at
this moment: take the lowest of several runs on a machine that does something else as well.
"""

import re
import shutil
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from measuring import arguments, cpu_seconds, machine, spread, table
from playwright.sync_api import Browser, sync_playwright

import peersim
from peersim.faces.lessons.player import Player
from peersim.scenario.scenario import Scenario, changed

MOST = {
    "standard": {
        "kilobytes": 250,
        "first picture, s": 1.5,
        "a week drawn, ms": 4,
        "pictures/s": 55,
    },
    "200 people": {
        "kilobytes": 400,
        "first picture, s": 1.5,
        "a week drawn, ms": 4,
        "pictures/s": 55,
    },
}
"""What each may be at most; of pictures a second, at least."""

RECORDED = {60: 80, 200: None}
"""Milliseconds of processor that recording two worlds may take, by the number of people in each."""

LESSON = 15
"""Seconds of processor that the standard lesson may take."""

SIDE_BY_SIDE = {"communities": ["one_to_one", "group"], "cafe.per_week": 1.0}

PLAYED = """async () => {
  const frame = () => new Promise(requestAnimationFrame), weeks = player.scene.recording.weeks, whole = [];
  player.act.skip();
  player.times.length = 0;
  for (let week = 0; week <= weeks; week++) {
    const from = performance.now();
    player.act.go(week);
    whole.push(performance.now() - from);
    await frame();
  }
  const drawn = [...player.times];
  player.act.first();
  player.act.set({speed: 'fast'});
  player.act.toggle();
  const from = performance.now();
  let pictures = 0;
  while (player.state.playing && performance.now() - from < 4000) { await frame(); pictures++ }
  return {drawn, whole, pictures: 1000 * pictures / (performance.now() - from)};
}"""
"""Goes through the year a week at a time, then plays it."""


class Measured(NamedTuple):
    """What a page costs: kilobytes of it and its parts, seconds, milliseconds."""

    sizes: dict[str, float]
    first: list[float]
    drawn: list[float]
    whole: list[float]
    pictures: list[float]


def page_of(name: str) -> Player:
    """The standard lesson, or one of 200 people in the same two designs."""
    if name in ("standard", "contagion"):
        return peersim.play(name)
    return peersim.play(two_designs(int(name.split()[0])))


def two_designs(people: int) -> dict[str, Scenario]:
    """Those of the standard lesson, of so many people."""
    many = {"population.recipients": people * 4 // 5, "population.supporters": people // 5}
    alone = changed(Scenario(), many | {"communities": ["one_to_one"]})
    return {"A": alone, "B": changed(alone, SIDE_BY_SIDE)}


def worked_out(repeats: int) -> list[tuple[object, ...]]:
    """What recording a year takes, and making the standard lesson."""
    rows: list[tuple[object, ...]] = []
    for people, most in RECORDED.items():
        designs = two_designs(people)
        peersim.record(designs, 1)  # compiled, or read from disk
        times = [1000 * cpu_seconds(partial(peersim.record, designs, k)) for k in range(repeats)]
        rows.append((f"recording, 2 x {people}", "ms CPU", spread(times), most or ""))
    rows.append(("standard lesson", "s CPU", spread([cpu_seconds(peersim.play)]), LESSON))
    return rows


def sizes(text: str) -> dict[str, float]:
    """Kilobytes of the whole page and of its parts."""
    parts = {
        "words": r'id="words">(.*?)</script>',
        "data": r'id="data">(.*?)</script>',
        "style": r"<style>(.*?)</style>",
        "script": r"<script>(.*)</script>",
    }
    found = {name: re.search(part, text, re.DOTALL) for name, part in parts.items()}
    return {
        "kilobytes": len(text.encode()) / 1000,
        **{name: len(each[1].encode()) / 1000 for name, each in found.items() if each},
    }


def measured(browser: Browser, name: str, repeats: int) -> Measured:
    """Open a page several times, and play it."""
    page = page_of(name)
    found = Measured(sizes(page.html), [], [], [], [])
    with tempfile.TemporaryDirectory() as folder:
        file = page.save(Path(folder) / "page.html")
        for _ in range(repeats):
            context = browser.new_context(viewport={"width": 1280, "height": 900})
            tab = context.new_page()
            begin = time.perf_counter()
            tab.goto(f"{file.as_uri()}#lang=en&step=see&w=0")
            tab.wait_for_selector("canvas")
            found.first.append(time.perf_counter() - begin)
            played: dict[str, Any] = tab.evaluate(PLAYED)
            found.drawn.append(middle(played["drawn"]))
            found.whole.append(middle(played["whole"]))
            found.pictures.append(played["pictures"])
            context.close()
    return found


def middle(values: list[float]) -> float:
    """The median."""
    return sorted(values)[len(values) // 2]


def show(names: list[str], repeats: int) -> None:
    """Measure and print."""
    made = worked_out(repeats)
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome"))), None)
    with sync_playwright() as there:
        browser = there.chromium.launch(executable_path=path, args=["--no-sandbox"])
        every = {name: measured(browser, name, repeats) for name in names}
        browser.close()
    rows = list(made)
    for name, each in every.items():
        most = MOST.get(name, {})
        rows += [
            (name, part, f"{size:.0f}", most.get(part, "")) for part, size in each.sizes.items()
        ]
        times = {
            "first picture, s": each.first,
            "a week drawn, ms": each.drawn,
            "a week with all else, ms": each.whole,
            "pictures/s": each.pictures,
        }
        rows += [(name, what, spread(values), most.get(what, "")) for what, values in times.items()]
    head = ("page", "", "median (lowest to highest)", "may be")
    table("The classroom page", head, rows, words=(0, 1))


if __name__ == "__main__":
    o = arguments(__doc__ or "", repeats=5, pages=["standard", "200 people"])
    print(machine())
    show(o.pages, o.repeats)
