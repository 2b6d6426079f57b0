"""A week of a world that is still being lived, as plain data that a page can show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from peersim.faces.recording import coded, hundredths, listed, people_of
from peersim.faces.year import departures_of, standing_of, ties_of
from peersim.model.vocabulary import COMMUNITIES, RECIPIENT, SUPPORTER
from peersim.model.world import World
from peersim.run.standing import came_as_recipients


def people_now(world: World, labels: Sequence[str]) -> list[dict[str, Any]]:
    """Everybody, as recordings have them."""
    roles = np.where(came_as_recipients(world.people), RECIPIENT, SUPPORTER)
    return people_of(world, labels, roles)


def moment(world: World) -> dict[str, Any]:
    """How everybody stands at the end of the week that a world has come to.

    Returns
    -------
    dict
        ``week``; ``standing``, ``connected`` (0-100) and ``isolated``, a byte a person each, in
        base64; ``ties``, ``[i, j, digit]`` for each that lives; ``departures`` so far. Bytes,
        digits and departures are those of recordings.
    """
    week, people, memberships = int(world.clock["week"][0]), world.people, world.memberships
    i, j, _, _, _, digit = ties_of(world, week)
    return {
        "week": week,
        "standing": coded(standing_of(world.status, memberships["left"], memberships["cause"])),
        "connected": coded(hundredths(people["connectedness"])),
        "isolated": coded(people["isolated"].astype(np.uint8)),
        "ties": np.array([i, j, digit]).T.tolist(),
        "departures": listed(departures_of(world)),
    }


def bits_of(communities: Sequence[str]) -> int:
    """Communities as bits, in the order of the engine.

    >>> bits_of(["one_to_one", "group"])
    3
    """
    return sum(1 << COMMUNITIES.index(name) for name in communities)
