"""What several tests share: small studies, run once with the real model and written to a folder."""

import functools

import pytest

from peersim.scenario.scenario import Scenario, changed
from peersim.studies import options_of, run_study

SMALL = {"population.recipients": 12, "population.supporters": 5, "population.arrival_weeks": 2, "weeks": 14,
         "training.weeks": 1, "group.size": 5, "group.minimum": 3, "group.weeks": 6}  # fmt: skip


def small_scenario(**more):
    """Few people and few weeks; `more` as ``population__stage=0.2``."""
    return changed(
        Scenario(), SMALL | {path.replace("__", "."): value for path, value in more.items()}
    )


@pytest.fixture(scope="session")
def small():
    """Make small scenarios."""
    return small_scenario


@pytest.fixture(scope="session")
def study(tmp_path_factory):
    """Run a small study once per wording of the question and give its folder."""

    @functools.cache
    def run(name="main", replicates=4, overrides=(), tables="first"):
        folder = tmp_path_factory.mktemp(name) / "out"
        options = options_of(name)(
            seed=3,
            replicates=replicates,
            workers=2,
            out=str(folder),
            tables=tables,
            command=f"peersim {' '.join(overrides)}",
            overrides=list(overrides),
        )
        run_study(name, small_scenario(), options)
        return folder

    return run
