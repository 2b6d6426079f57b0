"""What is promised to people who sign up: how soon the first meeting is, for how many, and how
surely.
"""

from __future__ import annotations

from dataclasses import dataclass

from peersim.kernel.declaration import parameter, within_bounds
from peersim.scenario.run_options import RunOptions, Sized, option


@dataclass
class Promise:
    """The keys below ``staffing``; the programme itself is what is configured."""

    # fmt: off
    wait: int = parameter(6, "weeks", 1, 52, "weeks from sign-up within which people are to begin: they wait less than this")
    share: float = parameter(0.9, "0-1", 0.05, 1, "share of those who sign up who are to wait less than that")
    sure: float = parameter(0.9, "0-1", 0.5, 1, "share of worlds in which this is to be so, where it is not enough that it is on average")
    most: int = parameter(0, "people", 0, 100_000, "largest number of supporters tried; 0: one for each person invited, ten at least")
    lost: int = parameter(2, "people", 0, 1000, "supporters who leave all at once; 0: nobody does, and nothing is said of it")
    at: int = parameter(10, "weeks", 2, 1000, "week in which they leave")
    # fmt: on

    def checked(self) -> Promise:
        """Itself, if it can be used.

        Raises
        ------
        InvalidInput
            One sentence about the first value out of bounds.
        """
        within_bounds(self, "staffing.")
        return self


@dataclass(kw_only=True)
class Options(Sized, RunOptions):
    """What `experiment=staffing` reads."""

    staffing: Promise = option(Promise, "promise to those who sign up, and a loss of supporters")
