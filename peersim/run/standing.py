"""How people and their ties stand in a world today, in whole arrays."""

from __future__ import annotations

import numpy as np

from peersim.model.ties import value
from peersim.model.vocabulary import (
    ACTIVE,
    COMMUNITIES,
    COMPLETED,
    LEFT,
    MOVED_ON,
    NEVER_STARTED,
    NONE,
    RECIPIENT,
    SELF_RUN,
    SUPPORTER,
)
from peersim.model.world import World


def stand(world: World, *statuses: np.int64) -> np.ndarray:
    """Who stands in one of these ways with any community."""
    found: np.ndarray = np.isin(world.status, statuses).any(axis=1)
    return found


def came_as_recipients(people: np.ndarray) -> np.ndarray:
    """Who was invited to look for support, whatever they have become since."""
    found: np.ndarray = (people["role"] == RECIPIENT) | (people["asked_week"] >= 0)
    return found


def roles_in(world: World, rows: np.ndarray, weeks: np.ndarray) -> np.ndarray:
    """The roles that people had in certain weeks: recipients may become supporters."""
    people = world.people[rows]
    later = came_as_recipients(people) & (people["supporter_since"] > weeks)
    return np.where(later, RECIPIENT, people["role"])


def have_a_place(world: World) -> np.ndarray:
    """Who takes part somewhere, has completed, has moved on or has become a supporter, as the
    outcome `retained` counts them.
    """
    moved_on = (world.status == LEFT) & (world.memberships["cause"] == MOVED_ON)
    people = world.people
    gives = (people["asked_week"] >= 0) & (people["role"] == SUPPORTER)
    found: np.ndarray = stand(world, ACTIVE, SELF_RUN, COMPLETED) | moved_on.any(axis=1) | gives
    return found


def communities_of(world: World) -> list[str]:
    """The communities that each person has ever joined, with commas."""
    return [
        ",".join(name for name, here in zip(COMMUNITIES, row, strict=True) if here)
        for row in (world.memberships["joined"] >= 0).tolist()
    ]


def causes_of(world: World) -> np.ndarray:
    """Why each person's time in the programme as a whole is over, or has not begun; -1: neither."""
    return np.where((world.status != NONE).any(axis=1), world.people["cause"], NEVER_STARTED)


def living(world: World) -> np.ndarray:
    """Which places for ties, person x place, hold a tie."""
    return np.arange(world.partners.shape[1]) < world.people["n_ties"][:, None]


def worth(ties: np.ndarray, confidence_value: float) -> np.ndarray:
    """What ties are worth, in friends."""
    found: np.ndarray = value(ties["strength"], ties["confidence"], confidence_value)
    return found


def mean_of(values: np.ndarray, who: np.ndarray | slice = slice(None)) -> float:
    """Mean over everybody, or over some; NaN where there is nobody.

    >>> mean_of(np.array([1.0, 2.0])), mean_of(np.array([1.0, 2.0]), np.array([False, False]))
    (1.5, nan)
    """
    those = values[who]
    return float(those.mean()) if len(those) else np.nan
