"""Golden runs: one small run of each community type, of all together and of a redesign, as numbers
in a file each.

They say that numbers have changed, not which are right. If a change is meant, renew them and look
at what moved::

    uv run python tests/golden/renew.py
    git diff tests/golden
"""

from pathlib import Path

import polars as pl

from peersim.model.outcomes import NAMES
from peersim.model.vocabulary import COMMUNITIES
from peersim.run.simulation import simulate
from peersim.scenario.scenario import Scenario, changed
from peersim.studies.patterns.editions import FIRST as FIRST_EDITION

SEED = 11
WEEKS = (0, 4, 13, 26, 52)
SMALL = {"population.recipients": 24, "population.supporters": 8, "weeks": 52}
FIRST = FIRST_EDITION | SMALL | {"population.supporters": 0, "population.asked": 8}
"""Settings that give the first edition back: its numbers are kept, and never renewed."""
LEVERS = {
    "cafe.per_week": 1.0,
    "page.contact": 0.2,
    "supervision.per_month": 1.0,
    "team.per_month": 1.0,
}
RUNS = {
    **{name: {"communities": [name]} for name in COMMUNITIES},
    "instructor": {"communities": ["availability"], "availability.variant": "instructor", "training.form": "webinar"},
    "everything": {"communities": list(COMMUNITIES), "organisation": "outreach"} | LEVERS,
    "redesign": {"communities": ["one_to_one"], "organisation": "integrated",
                 "events": [{"week": 4, "switch": "one_to_one", "to": "availability"}, {"week": 10, "add": "digital"},
                            {"week": 20, "lose_supporters": 2}, {"week": 30, "set": LEVERS},
                            {"week": 45, "funding_ends": True}]},
}  # fmt: skip


def file(name: str, edition: str = "") -> Path:
    """Where the numbers of a golden run are kept."""
    return Path(__file__).parent / edition / f"{name}.csv"


def lived(name: str, small: dict = SMALL) -> pl.DataFrame:
    """One row an outcome, one column a week; and how many ties and departures there were."""
    run = simulate(changed(Scenario(), small | RUNS[name]), SEED)
    columns = {f"week {week}": run.values[week, 0].tolist() for week in WEEKS}
    table = pl.DataFrame({"outcome": list(NAMES)} | columns).with_columns(
        pl.selectors.float().fill_nan(None)
    )
    counts = {"ties ever": run.ties.height, "departures ever": run.departures.height}
    more = pl.DataFrame(
        {"outcome": list(counts), f"week {WEEKS[-1]}": [float(n) for n in counts.values()]}
    )
    return pl.concat([table, more], how="diagonal")


def main() -> None:
    """Write all golden runs anew."""
    for name in RUNS:
        lived(name).write_csv(file(name))
        print(f"{file(name).name}: renewed")


if __name__ == "__main__":
    main()
