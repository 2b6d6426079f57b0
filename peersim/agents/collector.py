"""What a data collector of Mesa records of a model: the outcomes of the catalogue, and how people
stand.
"""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import mesa
import numpy as np

from peersim.model.outcomes import NAMES
from peersim.model.people import CHIME

STATES = ("role", *CHIME, "recovery", "strain", "outside_contacts", "ties", "joined", "left")
"""What is recorded of each person, beside their name and why they left."""


class Moment(NamedTuple):
    """The end of one week, as a data collector asks for it."""

    time: float
    seed: int
    outcomes: np.ndarray
    agents: Any


def _outcome(moment: Moment, number: int) -> float:
    return float(moment.outcomes[number])


def _seed(moment: Moment) -> int:
    return moment.seed


def collector(with_people: bool) -> mesa.DataCollector:
    """A data collector that is to be shown `Moment`s.

    Parameters
    ----------
    with_people : bool
        Whether it records states of people too.
    """
    outcomes = {name: partial(_outcome, number=k) for k, name in enumerate(NAMES)}
    states = {"person": "label"} | {name: name for name in (*STATES, "cause")}
    return mesa.DataCollector(
        model_reporters={"seed": partial(_seed), **outcomes},
        agent_reporters=states if with_people else None,
    )
