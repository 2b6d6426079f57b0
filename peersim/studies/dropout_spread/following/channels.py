"""Through which channel: the same knock-out with each of the three channels open or shut, in all
eight ways.

Channels interact: a match that ends (structure) is also a tie lost (loss). What a channel adds
therefore depends on which of the others are open. Each gets the mean of what it adds over all
orders in which they can be opened (Shapley 1953), so that the three, and what is left when all are
shut, add up to the whole; what it does alone and what it adds last show how far they interact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import factorial
from typing import Any

import numpy as np

from peersim.run.first_day import draw_up
from peersim.run.replicate import Replicate
from peersim.scenario.scenario import Scenario, changed
from peersim.studies.dropout_spread.following.effects import has_taken_part
from peersim.studies.dropout_spread.following.history import WINDOW, History, Leaving, ends_of

CHANNELS = ("structure", "loss", "social")
SHUT: Mapping[str, Mapping[str, Any]] = {
    "structure": {"departure.structure": False},
    "loss": {"departure.loss": 0.0},
    "social": {"departure.social": 0.0},
}
REST = "the rest"
"""What a leaving does with all channels shut: company and support are missing, places come free."""


def combinations() -> list[tuple[str, ...]]:
    """List which channels are open, in all eight ways: none, ..., all.

    >>> combinations()[1], len(combinations())
    (('structure',), 8)
    """
    return [
        tuple(name for bit, name in enumerate(CHANNELS) if number >> bit & 1) for number in range(8)
    ]


def settings_of(scenario: Scenario) -> list[np.ndarray]:
    """Give the packed settings of a scenario with the channels open or shut, in the order of
    `combinations`.
    """
    found = []
    for is_open in combinations():
        shut = [SHUT[name] for name in CHANNELS if name not in is_open]
        changes = {path: value for each in shut for path, value in each.items()}
        found.append(draw_up(changed(scenario, changes)).params)
    return found


def net_within(history: History, leaving: Leaving, params: np.ndarray) -> int:
    """Net number of departures within the window when one person leaves now, under other settings
    from now on.

    They leave at the beginning of the week, or are kept. Both worlds have the past that was: the
    settings differ from this week on only.
    """
    before = history.before(leaving.week)
    there = has_taken_part(before.world)
    there[leaving.row] = False

    def left(other: Replicate) -> int:
        other.world = other.world._replace(params=params)
        ends = ends_of(other.run_to(leaving.week + WINDOW))
        return int((ends.left[there] <= leaving.week + WINDOW).sum())

    return left(before.copy().withdraw(leaving.row)) - left(before.copy().keep(leaving.row))


def effects_by_combination(
    history: History, leaving: Leaving, settings: Sequence[np.ndarray]
) -> np.ndarray:
    """Give the net number of departures with the channels open or shut, in the order of
    `combinations`.
    """
    return np.array([net_within(history, leaving, params) for params in settings], float)


def shares(effects: np.ndarray) -> dict[str, np.ndarray]:
    """Divide the whole effect among the channels and the rest.

    Parameters
    ----------
    effects : float array, ... x 8
        In the order of `combinations`.

    Returns
    -------
    dict of str to float array
        For each channel its share, by Shapley's mean over all orders; for `REST` the effect with
        all shut. They add up to the effect with all open.

    Examples
    --------
    Structure alone does nothing, but with the loss channel open it does two more:

    >>> found = shares(np.array([0.5, 0.5, 1.5, 3.5, 0.5, 0.5, 1.5, 3.5]))
    >>> {name: float(value) for name, value in found.items()}
    {'structure': 1.0, 'loss': 2.0, 'social': 0.0, 'the rest': 0.5}
    """
    n = len(CHANNELS)
    found = {}
    for bit, name in enumerate(CHANNELS):
        total = np.zeros(effects.shape[:-1])
        for others in range(2**n):
            if others >> bit & 1:
                continue
            size = others.bit_count()
            weight = factorial(size) * factorial(n - size - 1) / factorial(n)
            total = total + weight * (effects[..., others | 1 << bit] - effects[..., others])
        found[name] = total
    return found | {REST: effects[..., 0]}


def alone_and_last(effects: np.ndarray) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Give what each channel does alone (the others shut), and what it adds last (the others
    open).
    """
    every = effects.shape[-1] - 1
    return {
        name: (
            effects[..., 1 << bit] - effects[..., 0],
            effects[..., every] - effects[..., every & ~(1 << bit)],
        )
        for bit, name in enumerate(CHANNELS)
    }
