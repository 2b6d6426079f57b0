"""The benchmarks run, at a tiny size, and print what they promise; how fast is not a matter for
tests."""

import itertools
import re
import runpy
import sys
from pathlib import Path

import pytest

from peersim.model.outcomes import NAMES

pytestmark = pytest.mark.compiles

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
TINY = ["--people", "12", "--weeks", "3"]


@pytest.fixture
def printed(monkeypatch, capsys):
    """What a script prints."""

    def of(script, *options):
        monkeypatch.setattr(sys, "argv", [script, *options])
        monkeypatch.syspath_prepend(str(BENCHMARKS))
        runpy.run_path(str(BENCHMARKS / script), run_name="__main__")
        return capsys.readouterr().out

    return of


def numbers(text, line):
    """The numbers in the line of a table that begins with these words."""
    found = next(each for each in text.splitlines() if each.startswith(line))
    return [
        float(number)
        for number in re.findall(
            r"(?<![\w.])\d[\d,]*\.?\d*", found.removeprefix(line).replace(",", "")
        )
    ]


def test_speed_compares_with_plain_mesa_at_the_same_work(printed):
    text = printed("speed.py", *TINY, "--repeats", "2", "--runs", "1", "--without-phases")
    for community, part, chance in itertools.product(
        ("one-to-one", "group"),
        ("the programme's weeks", "a whole run"),
        ("its own random numbers", "keyed draws"),
    ):
        *_, ratio, lowest, highest = numbers(text, f"{community}, {part}: plain Mesa, {chance}")
        assert 1 < lowest <= ratio <= highest
    same = f"{len(NAMES)} outcomes x 4 weeks x 3 seeds are the same"
    assert text.count(same) == 2
    assert all(numbers(text, each)[0] > 0 for each in ("no programme", "digital", "all four"))


def test_scale_tells_cost_and_memory_of_worlds_of_several_sizes(printed):
    text = printed("scale.py", "--sizes", "12", "30", "--weeks", "2", "--programmes", "all four")
    small, large, ratio = numbers(text, "all four ")[:3]
    assert (
        small > 0
        and large > 0
        and ratio == pytest.approx(max(small, large) / min(small, large), rel=0.02)
    )
    assert "two people to each tie: in every world" in text


def test_a_sweep_is_timed_beside_the_compiled_weeks(printed):
    text = printed(
        "sweep.py",
        *TINY,
        "--samples",
        "2",
        "--replicates",
        "2",
        "--workers",
        "1",
        "--programmes",
        "group",
    )
    parts = [each for each in text.splitlines() if each.startswith("a bare loop: ")]
    together = numbers(text, "a bare loop, together")[0]
    assert len(parts) == 4 and together == pytest.approx(
        sum(float(each.split()[-1]) for each in parts), abs=0.03
    )
    assert numbers(text, "the sweep, 1 worker(s)")[0] > 0 and "EXTRAPOLATED" in text


def test_first_answers_are_timed_beside_another_checkout(printed):
    options = ("--jobs", "help", "import", "--repeats", "2", "--against", sys.executable)
    text = printed("first_answer.py", *options)
    for job in ("`peersim --help`", "`import peersim`"):
        row = next(line for line in text.splitlines() if line.startswith(f"| {job} | "))
        ours, other, ratio = (float(cell.split()[0]) for cell in row.split(" | ")[1:])
        assert ours > 0 and other > 0 and ratio == pytest.approx(ours / other, rel=0.5)


@pytest.mark.slow
def test_phases_add_up_to_the_week(printed):
    text = printed("scale.py", "--phases", "--sizes", "12", "--weeks", "3", "--programmes", "group")
    rows = text.split("--\n")[1].splitlines()
    last = [row.split(" ")[0] for row in rows].index("record")
    each = [float(row.split()[-1]) for row in rows[: last + 1]]
    total = numbers(text, "sum of the phases")[0]
    assert rows[0].startswith("begin_week") and last > 30
    assert min(each) > 0 and total == pytest.approx(sum(each), abs=3)


def test_serve(printed):
    text = printed("serve.py", *TINY, "--repeats", "1")
    assert "plausible, only B new" in text and "rests_on" in text
    assert numbers(text, "one line beyond its runs, processor ms")[0] > 0
    assert numbers(text, "page, s")[0] < numbers(text, "engine ready, s")[0]


@pytest.mark.slow
@pytest.mark.browser
def test_the_classroom_page_is_weighed_and_timed(printed):
    text = re.sub(" +", " ", printed("pages.py", "--pages", "contagion", "--repeats", "1"))
    whole, *parts = (
        numbers(text, f"contagion {part}")[0]
        for part in ("kilobytes", "words", "data", "style", "script")
    )
    assert whole == pytest.approx(sum(parts), abs=4)  # rounded, and the frame that holds them
    for what in ("first picture, s", "a week drawn, ms", "a week with all else, ms", "pictures/s"):
        assert numbers(text, f"contagion {what}")[0] > 0


@pytest.mark.slow
@pytest.mark.browser
def test_a_file_to_send_on_is_weighed_and_timed(printed):
    text = printed("share.py", *TINY, "--years", "50", "--repeats", "1")
    assert numbers(text, "the whole file, KB")[0] > numbers(text, "data, KB")[0] > 0
    assert numbers(text, "a slider moves, ms")[0] > 0
