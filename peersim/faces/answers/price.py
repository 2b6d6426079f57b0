"""What designs cost: kroner and hours, and what each person costs whom one helps more."""

from __future__ import annotations

from typing import Any

import numpy as np

from peersim.faces.answers.outcomes import LOW_MIDDLE_HIGH, listed, quantiles
from peersim.faces.answers.years import Years
from peersim.model.outcomes import compared
from peersim.presentation.in_people import worth_naming

YEAR = 52
HELPED = "isolated"
"""What a person is helped out of, where a price is given for each."""


def price_of(years: Years, invited: int) -> dict[str, Any]:
    """What a design costs.

    Returns
    -------
    dict
        ``kroner`` and hours (``peer_hours``, ``staff_hours``) over all weeks, ``a_year`` and
        ``each``: kroner in the first year (all weeks, if there are fewer), and of these for each
        person invited; ``most_hours_a_week``: of peers, in the fullest week. Of each the lowest and
        highest in nine years of ten, and in the middle the middle year.
    """
    last = min(YEAR, years.weekly.shape[1] - 1)
    first_year = years.weeks("cost")[:, last].astype(float)
    found = {
        "kroner": years.end("cost"),
        "a_year": first_year,
        "each": first_year / max(1, invited),
        "peer_hours": years.end("supporter_hours"),
        "staff_hours": years.end("staff_hours"),
        "most_hours_a_week": np.diff(years.weeks("supporter_hours"), axis=1).max(axis=1),
    }
    return {name: listed(quantiles(values, LOW_MIDDLE_HIGH), 1) for name, values in found.items()}


def price_of_help(a: Years, b: Years, invited: int) -> dict[str, Any]:
    """What B costs beyond A on average, how many fewer are isolated with it, and what each of them
    costs: only where their number is worth naming, and sure; null otherwise.
    """
    found = compared(HELPED, b.end(HELPED), a.end(HELPED))
    kroner = float(np.mean(b.end("cost") - a.end("cost")))
    people = -found.difference * invited
    is_sure = not found.low <= 0 <= found.high
    is_worth = is_sure and abs(found.difference) >= worth_naming(HELPED, invited)
    each = kroner / people if is_worth and kroner * people > 0 else None
    return {
        "kroner": listed(kroner, 1),
        "people": listed(people, 1),
        "each": None if each is None else listed(each, 1),
    }


def prices(a: Years, b: Years, invited: int) -> dict[str, Any]:
    """The price of both designs, and of what one does more than the other."""
    return {
        "a": price_of(a, invited),
        "b": price_of(b, invited),
        "more": price_of_help(a, b, invited),
    }
