"""What is asked of results: a week, an outcome, a community; what is unknown is refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from peersim.kernel.catalogue import Sentence
from peersim.kernel.declaration import InvalidInput
from peersim.kernel.paths import did_you_mean, no_such_option
from peersim.model.outcomes import NAMES, PERSONAL
from peersim.model.vocabulary import COMMUNITIES

EVERYBODY = "all"


def known_week(week: Any, last: int) -> int:
    """Give a week of 0 to the last; `InvalidInput` for anything else.

    >>> known_week(np.int64(3), 52)
    3
    """
    whole = isinstance(week, (int, np.integer)) and not isinstance(week, bool)
    if not whole or not 0 <= week <= last:
        raise InvalidInput("errors.setting.whole", name="week", value=week, low=0, high=last)
    return int(week)


def known_outcome(name: Any) -> str:
    """Give the name of an outcome; `InvalidInput` if there is none called that."""
    if not isinstance(name, str) or name not in NAMES:
        hint = did_you_mean(str(name), NAMES, Sentence("errors.comparison.all_outcomes"))
        raise InvalidInput("errors.comparison.outcome", hint, name=name)
    return name


def known_place(community: Any, outcome: str) -> int:
    """Give the column of a community ("all": everybody) in the values of an outcome; `InvalidInput`
    if there is none, or if the outcome is one of the programme as a whole.
    """
    places = (EVERYBODY, *COMMUNITIES)
    if community not in places:
        raise no_such_option("community", community, places)
    if community != EVERYBODY and outcome not in PERSONAL:
        raise InvalidInput("errors.outcomes.whole", name=outcome, community=community)
    return places.index(community)


def known_outcomes(outcomes: Sequence[str] | str | None, usual: Sequence[str] = NAMES) -> list[str]:
    """Outcomes of the catalogue, each once; those that are `usual` if none are named."""
    if outcomes is None:
        return list(usual)
    names = [outcomes] if isinstance(outcomes, str) else list(outcomes)
    if not names:
        raise InvalidInput("errors.comparison.no_outcome")
    return list(dict.fromkeys(map(known_outcome, names)))
