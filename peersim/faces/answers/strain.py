"""How hard it is on the peers: who leaves, who leaves because it was too much, and how strained
those are who have given support.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from peersim.faces.answers.outcomes import LOW_MIDDLE_HIGH, listed, quantiles
from peersim.faces.answers.years import Years

HARD = 0.5
"""Strain from which a peer is hard pressed: half of what can be borne."""


def strain_of(years: Years) -> dict[str, Any]:
    """How hard a design is on its peers.

    Returns
    -------
    dict
        ``of``: how many peers there are. The lowest, middle and highest in nine years of ten of
        ``active`` (have ever given support), ``left`` (have dropped out), ``too_much`` (of these,
        because it was too much) and ``pressed`` (have a strain of `HARD` or more in the end); and
        of ``hours``: of an active peer in the fullest week.
    """
    peers = years.peers
    active = peers["gave"]
    counts = {
        "active": active,
        "left": peers["left"],
        "too_much": peers["too_much"],
        "pressed": active & (peers["strain"] >= HARD),
    }
    found = {name: who.sum(axis=1).astype(float) for name, who in counts.items()}
    fullest = np.diff(years.weeks("supporter_hours"), axis=1).max(axis=1)
    found["hours"] = fullest / np.maximum(1, active.sum(axis=1))
    told = {name: listed(quantiles(values, LOW_MIDDLE_HIGH)) for name, values in found.items()}
    return {"of": peers.shape[1], **told}
