"""How many others one leaving of a long group takes along, set by set: ``uv run python
experiments/dropout_spread/over_plausible_sets.py [results/calibration/plausible.parquet]``.

Each plausible set (those that ship, or those of the file) is run in the calibration's own groups of
seven months, with three seeds of its own: one member of each group leaves in one world and stays in
the other, in week 6 and in week 12. Counted is how many more others have left or lost their place
thirteen weeks later, for each who left. About a minute for 300 sets.
"""

import sys
from typing import Any

import numpy as np
import polars as pl

from peersim.kernel.paths import leaves
from peersim.run.worlds import in_threads
from peersim.scenario.plausible_sets import plausible_sets
from peersim.scenario.run_options import cores
from peersim.scenario.scenario import Scenario
from peersim.studies.calibration.settings import LONG_GROUPS, run_setting

WEEKS, SEEDS = 13, 3
BANDS = (0.0, 0.04, 0.1, 0.31)
"""Of `departure.lost_tie`."""


def followers(point: dict[str, Any], first: int) -> float:
    """More others who leave within the weeks, for each who left."""
    apart = [
        each
        for seed in range(first, first + SEEDS)
        for each in run_setting(LONG_GROUPS, Scenario(), point, seed).apart
    ]
    more = sum(with_it - without for with_it, without in (each.gone(WEEKS) for each in apart))
    return more / max(1, sum(len(each.leavers) for each in apart))


def main() -> None:
    """Print the distribution, and how it goes with the strength of the channel."""
    if len(sys.argv) > 1:
        table = pl.read_parquet(sys.argv[1])
        sets = list(table.select(set(table.columns) & set(leaves(Scenario))).iter_rows(named=True))
    else:
        sets = plausible_sets()
    jobs = [(point, SEEDS * number) for number, point in enumerate(sets)]
    found = np.array(in_threads(lambda job: followers(*job), jobs, cores()))
    low, middle, high = np.quantile(found, (0.05, 0.5, 0.95))
    print(f"{len(sets)} sets: one leaving makes {middle:.2f} others leave within {WEEKS} weeks")
    print(f"(nine sets in ten: {low:.2f} to {high:.2f}; mean {found.mean():.2f})")
    print(f"more than one other: {np.mean(found > 1):.0%} of the sets")
    print(f"fewer than one in twenty: {np.mean(found < 0.05):.0%}")
    strength = np.array([point["departure.lost_tie"] for point in sets])
    for start, stop in zip(BANDS, BANDS[1:], strict=False):
        there = found[(strength >= start) & (strength < stop)]
        if len(there):
            print(f"lost_tie {start:g} to {stop:g}: {len(there)} sets, mean {there.mean():.2f}")


if __name__ == "__main__":
    main()
