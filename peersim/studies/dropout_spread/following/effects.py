"""What one leaving did to the others: caused, merely brought forward, put off or prevented."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from peersim.model.vocabulary import ACTIVE, SELF_RUN, WAITING
from peersim.model.world import World
from peersim.studies.dropout_spread.following.history import LOOK_ON, WINDOW, After

KINDS = ("caused", "brought forward", "prevented", "put off", "sooner", "later")
CAUSED, BROUGHT_FORWARD, PREVENTED, PUT_OFF, SOONER, LATER = range(6)
COUNTS = (1, 1, -1, -1, 0, 0)
"""What each kind adds to the net number of departures within the window."""


class Changed(NamedTuple):
    """Places in a community that were given up in another week, or in one of the two worlds only.

    Attributes
    ----------
    row, community : int array
    kind : int array
        Place in `KINDS`.
    was_there : bool array
        Whether it is a place that somebody had already taken when the one left. The others are
        places taken later, in one of the two worlds or in both: who takes the place that one has
        left may leave it again.
    with_it, without : float array
        Week of leaving in the world with the leaving and without it; infinite: not until everything
        was looked at.
    """

    row: np.ndarray
    community: np.ndarray
    kind: np.ndarray
    was_there: np.ndarray
    with_it: np.ndarray
    without: np.ndarray

    @property
    def sign(self) -> np.ndarray:
        """What each adds to the net number of departures within the window: 1, -1 or 0."""
        return np.asarray(np.array(COUNTS)[self.kind])


def kinds_of(with_it: np.ndarray, without: np.ndarray, week: int) -> np.ndarray:
    """Give the kind of difference between two weeks of leaving, -1 where there is none.

    Parameters
    ----------
    with_it, without : float array
        Weeks of leaving in the two worlds.
    week : int
        Week of the one leaving that is looked into.

    Examples
    --------
    Left in week 12 instead of never, of week 40, of week 20, and never instead of in week 12; all
    after week 10:

    >>> found = kinds_of(np.array([12, 12, 12, np.inf]), np.array([np.inf, 40, 20, 12]), 10)
    >>> [KINDS[kind] for kind in found]
    ['caused', 'brought forward', 'sooner', 'prevented']
    """
    end, known = week + WINDOW, week + WINDOW + LOOK_ON
    kind = np.full(np.shape(with_it), -1)
    inside, inside_without = with_it <= end, without <= end
    kind[inside & (without > end)] = BROUGHT_FORWARD
    kind[inside & (without > known)] = CAUSED
    kind[inside_without & (with_it > end)] = PUT_OFF
    kind[inside_without & (with_it > known)] = PREVENTED
    both = inside & inside_without
    kind[both & (with_it < without)] = SOONER
    kind[both & (with_it > without)] = LATER
    return kind


def changed_by(leaver: int, before: World, with_it: After, without: After) -> Changed:
    """Find the others who leave in one world only, or in another week, because one left the week
    after `before`.
    """
    kind = kinds_of(with_it.ends.left, without.ends.left, int(before.clock["week"][0]) + 1)
    kind[leaver] = -1
    of = row, community = np.nonzero(kind >= 0)
    was_there = has_taken_part(before)[of]
    return Changed(
        row, community, kind[of], was_there, with_it.ends.left[of], without.ends.left[of]
    )


def has_taken_part(world: World) -> np.ndarray:
    """Whether each person has begun in each community and has not ended there (they may wait for a
    new match).
    """
    begun = world.memberships["joined"] >= 0
    return begun & np.isin(world.status, (ACTIVE, SELF_RUN, WAITING))


def counted(changed: Changed) -> np.ndarray:
    """Count the changed departures of each kind, of those who were there."""
    return np.bincount(changed.kind[changed.was_there], minlength=len(KINDS))


def net_of(changed: Changed, among: np.ndarray) -> int:
    """Net number of departures within the window of some of the changed (a mask over them)."""
    return int(changed.sign[among].sum())


def net_gave_up(leaver: int, week: int, with_it: After, without: After) -> int:
    """Net number of others who give up waiting within the window and never took part."""
    more, fewer = (world.ends.gave_up <= week + WINDOW for world in (with_it, without))
    more[leaver] = fewer[leaver] = False
    return int(more.sum()) - int(fewer.sum())


def net_out(leaver: int, rows: np.ndarray, with_it: After, without: After) -> int:
    """How many fewer others, among some people, have a place at the end of the window."""
    others = rows.copy()
    others[leaver] = False
    return int(without.placed[others].sum()) - int(with_it.placed[others].sum())
