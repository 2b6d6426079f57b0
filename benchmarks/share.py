"""How large is a file to send on, and how long does it take? `uv run python benchmarks/share.py`

Two designs of 50 people over a year, three sliders of three values each (27 designs of the second,
three of the first), a hundred years of each, over plausible assumptions: processor seconds until it
is worked out, kilobytes of its parts as they stand in the file, seconds until it shows something in
a real Chromium, and milliseconds from a slider that moves to the page that shows it. Beside each
stands what it may be.
"""

import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from measuring import arguments, machine, spread, table
from playwright.sync_api import Browser, sync_playwright

from peersim.faces.page import packed
from peersim.faces.sharing.file import Sharing, planned, shared, written
from peersim.scenario.scenario import Scenario, changed

LEVERS = ("cafe.per_week", "group.size", "population.supporters")
MOST = {"processor seconds": 30, "data, KB": 150, "first sight, s": 1.5, "a slider moves, ms": 100}
"""What each may be at most."""

MOVED = """async () => {
  const found = [];
  for (let k = 0; k < 30; k++) {
    const from = performance.now();
    share.act.move(k % 3, k % 2 ? 0 : 2);
    found.push(performance.now() - from);
    await new Promise(requestAnimationFrame);
  }
  return found;
}"""


def asked(people: int, weeks: int, years: int) -> Sharing:
    """What is sent on."""
    peers = max(4, people // 5)
    settings = {"population.recipients": people, "population.supporters": peers, "weeks": weeks}
    alone = changed(Scenario(), settings | {"communities": ["one_to_one"]})
    more = {"communities": ["one_to_one", "group"], "cafe.per_week": 1.0}
    return Sharing(alone, changed(alone, more), LEVERS, years=years)


def opened(browser: Browser, file: Path) -> tuple[float, list[float]]:
    """Seconds until it shows something, and milliseconds of each move."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    begin = time.perf_counter()
    page.goto(file.as_uri())
    page.wait_for_selector("#finding")
    first = time.perf_counter() - begin
    moved: list[float] = page.evaluate(MOVED)
    context.close()
    return first, moved


def show(people: int, weeks: int, years: int, repeats: int) -> None:
    """Measure and print."""
    plan = planned(asked(people, weeks, years))
    begin = time.process_time()
    data = shared(plan, "en")
    took = time.process_time() - begin
    page = written(data)
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome"))), None)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as there:
        file = Path(folder) / "share.html"
        file.write_text(page, "utf-8")
        browser = there.chromium.launch(executable_path=path, args=["--no-sandbox"])
        seen = [opened(browser, file) for _ in range(repeats)]
        browser.close()
    parts: dict[str, Any] = {name: len(packed(each)) / 1000 for name, each in data.items()}
    sizes = {
        "the whole file, KB": len(page.encode()) / 1000,
        "data, KB": len(packed(data)) / 1000,
        **{f"of these {name}": size for name, size in parts.items() if size > 1},
    }
    rows = [
        ("years that are run", plan.runs, ""),
        ("processor seconds", f"{took:.1f}", MOST["processor seconds"]),
        *((name, f"{size:.0f}", MOST.get(name, "")) for name, size in sizes.items()),
        ("first sight, s", spread([first for first, _ in seen]), MOST["first sight, s"]),
        (
            "a slider moves, ms",
            spread([statistics.median(moved) for _, moved in seen]),
            MOST["a slider moves, ms"],
        ),
    ]
    table("A file to send on", ("", "median (lowest to highest)", "may be"), rows)


if __name__ == "__main__":
    o = arguments(__doc__ or "", people=50, weeks=52, years=100, repeats=4)
    print(machine())
    show(o.people, o.weeks, o.years, o.repeats)
