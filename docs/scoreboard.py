"""Measure every pattern after each step from the first edition to the second.

    uv run python docs/scoreboard.py results/scoreboard.json            all steps
    uv run python docs/scoreboard.py results/scoreboard.json 4 5        the states after steps 4 and 5

Each state is the model with the later steps taken back (`peersim.studies.patterns.editions`), at
the defaults, with the same seeds; what one step did is the difference run by run. States that the
file already holds are measured again only if they are named. `docs/second_edition.md` is written
from it by hand.
"""

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
from peersim.studies.patterns.scores import carry_out, tasks_for
from peersim.studies.patterns.statements.programmes import TYPES

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


def show(kept: dict) -> None:
    """Print the scoreboard, a pattern a line and a state a column, and what each type brings."""
    states = sorted(kept, key=int)
    for pattern in PATTERNS:
        line = f"{pattern.key:<5}"
        for state in states:
            found = estimate(kept[state]["patterns"][pattern.key])
            verdict = standing(found, pattern.expected)
            line += f" {verdict[:9]:>9} {found.mean:+.3g}".ljust(20)
        print(line)
    for name in TYPES:
        for each in GAINS:
            values = [np.nanmean(kept[state]["gains"][name][each]) for state in states]
            print(f"{name:>14} {each:<14}" + " ".join(f"{value:+.4f}" for value in values))


if __name__ == "__main__":
    main(Path(sys.argv[1]), [int(each) for each in sys.argv[2:]])
