"""Who is enrolled, in which arm and place, and who is not measured again: all keyed by the
person.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from peersim.studies.trial.draws_of_many import ARM, LOST, uniform
from peersim.studies.trial.options import Protocol


class Enrolled(NamedTuple):
    """Everybody in a trial, those of the programme first, each arm in order of enrolment.

    Attributes
    ----------
    ids : int array
        Identities: the same number is the same person, in this arm or that.
    treated : bool array
        Randomised to the programme.
    site : int array
    luck : array
        A uniform number each: who is not measured again.
    """

    ids: np.ndarray
    treated: np.ndarray
    site: np.ndarray
    luck: np.ndarray


def enrol(seed: int, protocol: Protocol, sites: int) -> Enrolled:
    """Enrol people until both arms are full.

    Each candidate's own fair coin decides their arm, whoever else comes; a candidate whose arm is
    full is not enrolled. So arms have exactly the size asked for, and one more participant changes
    nobody else's arm or place.
    """
    wanted = {True: protocol.intervention, False: protocol.usual}
    candidates = 2 * max(wanted.values())
    while True:
        ids = np.arange(1, candidates + 1)
        heads = uniform(seed, ARM, 0, ids)[0] < 0.5
        if heads.sum() >= wanted[True] and (~heads).sum() >= wanted[False]:
            break
        candidates += 64 + candidates // 8
    arms = [ids[heads == arm][:size] for arm, size in wanted.items()]
    both = np.concatenate(arms)
    return Enrolled(
        ids=both,
        treated=np.arange(len(both)) < protocol.intervention,
        site=np.concatenate([np.arange(len(arm)) % sites for arm in arms]),
        luck=uniform(seed, LOST, 0, both)[0],
    )


def is_lost(people: Enrolled, gone: np.ndarray, protocol: Protocol) -> np.ndarray:
    """Who is not measured again: a coin, weighted against those who are `gone` from the programme.

    Parameters
    ----------
    people : Enrolled
    gone : bool array
        Those of the programme's arm who have never begun or have left.
    protocol : Protocol
    """
    odds = protocol.lost / (1.0 - protocol.lost) * np.where(gone, protocol.lost_if_gone, 1.0)
    return people.luck < odds / (1.0 + odds)
