"""Measure every pattern after each step from the first edition to the second.

    uv run python docs/scoreboard.py results/scoreboard.json            all steps
    uv run python docs/scoreboard.py results/scoreboard.json 4 5        the states after steps 4 and 5

Each state is the model with the later steps taken back (`peersim.studies.patterns.editions`), at
the defaults, with the same seeds; what one step did is the difference run by run. States that the
file already holds are measured again only if they are named. The tables of
`docs/second_edition.md` are written from it.
"""

import itertools
import json
import sys
import warnings
from pathlib import Path

import numpy as np

from peersim.engine.sweeps.engine import Processes
from peersim.kernel.statistics import estimate
from peersim.run.simulation import ensemble
from peersim.scenario.scenario import Scenario, changed, without_programme
from peersim.studies.patterns.catalogue import PATTERNS
from peersim.studies.patterns.editions import STEPS, edition
from peersim.studies.patterns.judgement import standing
from peersim.studies.patterns.pattern import Pattern
from peersim.studies.patterns.scores import carry_out, tasks_for
from peersim.studies.patterns.statements.programmes import TYPES

PAGE = Path(__file__).with_name("second_edition.md")
RUNS, SEED = 60, 1
GAINS = ("connectedness", "hope", "isolated", "recovery", "harmed", "never_reached")


def measured(steps: int) -> dict[str, list[float]]:
    """Values of every pattern after so many steps."""
    model = edition(steps)
    tasks = [
        task._replace(model=model)
        for task in tasks_for(PATTERNS, (SEED, RUNS), 4)
        if task.model.kind == "full"
    ]
    found: dict[str, list[float]] = {}
    numbered = ((n, (task, Scenario(), [{}])) for n, task in enumerate(tasks))
    for _, answer in Processes(2).results(carry_out, numbered):
        if isinstance(answer, Exception):
            raise answer
        found |= {key: np.asarray(each.values).tolist() for key, each in answer.items()}
    return found


def gains(steps: int) -> dict[str, dict[str, list[float]]]:
    """What each type of community brings over no programme, run by run."""
    seeds, found = range(SEED, SEED + RUNS), {}
    for name, design in TYPES.items():
        scenario = changed(Scenario(), {**design, **edition(steps).switches})
        with_it, alone = (
            ensemble(scenario, seeds, 2),
            ensemble(without_programme(scenario), seeds, 2),
        )
        found[name] = {
            each: (with_it.at(None, each) - alone.at(None, each)).tolist() for each in GAINS
        }
    return found


def main(file: Path, named: list[int]) -> None:
    """Measure, keep and print."""
    kept = json.loads(file.read_text()) if file.exists() else {}
    for steps in named or range(len(STEPS) + 1):
        if named or str(steps) not in kept:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", RuntimeWarning)
                kept[str(steps)] = {"patterns": measured(steps), "gains": gains(steps)}
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(kept))
            print(f"after {steps} steps", flush=True)
    show(kept)


def moved(before: list[float], after: list[float]) -> str:
    """By how much a step moved a pattern, run by run; nothing where the interval holds zero."""
    found = estimate(np.asarray(after) - np.asarray(before))
    sure = np.isfinite([found.low, found.high]).all() and (found.low > 0 or found.high < 0)
    return f"{found.mean:+.2g}" if sure else ""


def sentence(pattern: Pattern, values: list[float]) -> str:
    """Effect and verdict of a pattern."""
    found = estimate(values)
    return f"{found.mean:+.3g} {standing(found, pattern.expected)}"


def rows_of_patterns(kept: dict) -> list[list[str]]:
    """A row a pattern: before the first step, what each step moved, after the last."""
    states = [kept[each]["patterns"] for each in sorted(kept, key=int)]
    rows = []
    for pattern in PATTERNS:
        runs = [state[pattern.key] for state in states]
        steps = [moved(*pair) for pair in itertools.pairwise(runs)]
        ends = sentence(pattern, runs[0]), sentence(pattern, runs[-1])
        rows.append([pattern.key, pattern.kind, ends[0], *steps, ends[1]])
    return rows


def rows_of_gains(kept: dict) -> list[list[str]]:
    """A row a type and outcome: what the type brings over no programme after each step."""
    states = [kept[each]["gains"] for each in sorted(kept, key=int)]
    return [
        [name, each, *(f"{np.nanmean(state[name][each]):+.3f}" for state in states)]
        for name in TYPES
        for each in GAINS
    ]


def markdown(head: list[str], rows: list[list[str]]) -> str:
    """A table for a page."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def show(kept: dict) -> None:
    """Write both tables into the page, between the marks that stand there."""
    numbers = [str(k + 1) for k in range(len(kept) - 1)]
    patterns = markdown(
        ["pattern", "kind", "first edition", *numbers, "second edition"], rows_of_patterns(kept)
    )
    gains = markdown(["type", "outcome", "first", *numbers], rows_of_gains(kept))
    text = PAGE.read_text(encoding="utf-8")
    for name, table in (("patterns", patterns), ("gains", gains)):
        head, _, rest = text.partition(f"<!-- {name} -->\n")
        _, _, tail = rest.partition(f"<!-- end of {name} -->")
        text = f"{head}<!-- {name} -->\n\n{table}\n<!-- end of {name} -->{tail}"
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), [int(each) for each in sys.argv[2:]])
