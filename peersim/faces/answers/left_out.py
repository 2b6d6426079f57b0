"""Whom a design leaves out: the shyest, those who were shut out before, those who are furthest from
recovery, and the user's own groups.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from peersim.faces.answers.outcomes import LOW_MIDDLE_HIGH, listed, quantiles
from peersim.faces.answers.years import TRAITS, Years

FEWEST = 5
"""Of a group of fewer nothing is said: it would be about single persons."""


def _counts(people: np.ndarray, who: np.ndarray) -> dict[str, Any]:
    """How many of some people, over the years: never reached, have left something, are isolated."""
    happened = {
        "never_reached": ~people["reached"],
        "left": people["left"],
        "isolated": people["isolated"],
    }
    return {
        name: listed(quantiles((values & who).sum(axis=1).astype(float), LOW_MIDDLE_HIGH))
        for name, values in happened.items()
    }


def _row(a: Years, b: Years, who: Sequence[np.ndarray]) -> dict[str, Any]:
    return {
        "of": round(float(who[0].sum(axis=1).mean())),
        "a": _counts(a.people, who[0]),
        "b": _counts(b.people, who[1]),
    }


def by_traits(a: Years, b: Years) -> Iterator[dict[str, Any]]:
    """The third that is hardest to reach by each trait, and all others."""
    for place, trait in enumerate(TRAITS):
        hard = [each.people["hard"][..., place] for each in (a, b)]
        yield {"trait": trait, "part": "hardest", **_row(a, b, hard)}
        yield {"trait": trait, "part": "others", **_row(a, b, [~each for each in hard])}


def by_groups(a: Years, b: Years, groups: Sequence[str]) -> dict[str, Any]:
    """The user's own groups, in the order in which they first stand in the list.

    Returns
    -------
    dict
        ``own``: a row a group; ``too_small``: the groups of fewer than `FEWEST`.
    """
    names = np.array(groups[: a.people.shape[1]])
    found: dict[str, Any] = {"own": [], "too_small": []}
    for name in dict.fromkeys(names.tolist()):
        belongs = names == name
        if name and belongs.sum() < FEWEST:
            found["too_small"].append(name)
        elif name:
            who = [np.broadcast_to(belongs, each.people.shape) for each in (a, b)]
            found["own"].append({"group": name, **_row(a, b, who)})
    return found
