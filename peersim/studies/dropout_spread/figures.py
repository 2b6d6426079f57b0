"""How dropout spreads, in figures: how many follow, who is followed, how near and soon, through
what, what helps.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from peersim.presentation.figures import Plot
from peersim.studies.dropout_spread import courses, forests

if TYPE_CHECKING:
    from peersim.studies.study import Found


def figures(found: Found) -> Iterator[Plot]:
    """Give every figure that the tables allow."""
    yield Plot("reproduction", "follow", lambda: forests.how_many_follow(found))
    yield Plot("who", "whose", lambda: forests.whose_leaving(found))
    yield Plot("channels", "what", lambda: forests.through_what(found))
    yield Plot("near_and_soon", "near", lambda: courses.how_near_how_soon(found))
    yield Plot("survival", "long", lambda: courses.how_long_they_stay(found))
    yield Plot("levers", "helps", lambda: forests.what_halves_it(found))
    yield Plot("cascade", "books", lambda: courses.one_cascade(found))
