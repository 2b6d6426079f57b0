"""What else a project could write down, and what it would read there: taken from a world as a
project would see it.

Answers have the errors of answers: people who say how safe they feel are off by `ANSWER`, a score
by its measured error, and three in ten name a reason of their own life when they leave for another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from peersim.kernel.catalogue import Sentence
from peersim.model.outcomes import NAMES
from peersim.model.people import CHIME
from peersim.model.vocabulary import (
    DRIFT,
    GAVE_UP_WAITING,
    LIFE_EVENT,
    LOST_TIE,
    MISFIT,
    MOVED_ON,
    N_HAZARDS,
    NONE,
    NOT_RELEVANT,
    OTHERS_LEAVING,
    OVERLOAD,
    UNSAFE,
    WAITING,
)
from peersim.run.standing import mean_of
from peersim.studies.check_own_data.model_lists import ModelList

ANSWER = 0.2
"""Error of one answer on a scale from 0 to 1, standard deviation."""

POLITE = 0.3
"""Share who name a reason of their own life when they leave for another."""

Numbers = dict[str, float]


class Kind(NamedTuple):
    """One thing that could be written down.

    Attributes
    ----------
    name : str
        In tables, and of its words.
    read : callable
        From a world, and a source of errors, to numbers by name.
    """

    name: str
    read: Callable[[ModelList, np.random.Generator], Numbers]

    def words(self, which: str = "record") -> str:
        """What it is (``record``) or ``how`` to do it, as tables say it."""
        return Sentence(f"check_own_data.{which}.{self.name}").english


def _asked(values: np.ndarray, chance: np.random.Generator, error: float = ANSWER) -> np.ndarray:
    return values + chance.normal(0.0, error, len(values))


def _outcome(seen: ModelList, name: str, halfway: bool = False) -> float:
    week = len(seen.outcomes) // 2 if halfway else -1
    return float(seen.outcomes[week, 0, NAMES.index(name)])


def _recipients(seen: ModelList) -> int:
    return len(seen.visits)


def _reasons(seen: ModelList, chance: np.random.Generator) -> Numbers:
    causes = seen.world.memberships["cause"][: _recipients(seen)].ravel()
    causes = causes[(causes >= 0) & (causes < N_HAZARDS)].copy()
    causes[chance.random(len(causes)) < POLITE] = LIFE_EVENT
    started = max(1, int(seen.visits.any(axis=1).sum()))
    groups = {
        "misfit": (MISFIT,),
        "unsafe": (UNSAFE,),
        "ties": (LOST_TIE, OTHERS_LEAVING),
        "overload": (OVERLOAD,),
        "drift": (DRIFT,),
        "relevance": (NOT_RELEVANT,),
        "moved_on": (MOVED_ON,),
    }
    return {name: float(np.isin(causes, those).sum()) / started for name, those in groups.items()}


def _first_contact(seen: ModelList, chance: np.random.Generator) -> Numbers:
    came = seen.visits.any(axis=1)
    invited = seen.world.people["invited_week"][: _recipients(seen)]
    waited = (seen.visits > 0).argmax(axis=1) + 1 - invited
    return {
        "came": float(came.mean()),
        "waited": mean_of(waited[came]),
        "longest": float(np.quantile(waited[came], 0.8)) if came.any() else np.nan,
    }


def _queue(seen: ModelList, chance: np.random.Generator) -> Numbers:
    n = _recipients(seen)
    status, causes = seen.world.status[:n], seen.world.memberships["cause"][:n]
    signed = (status != NONE).any(axis=1)
    halfway = seen.midway[2][:n]
    return {
        "signed_up": float(signed.mean()),
        "waiting": float((status == WAITING).any(axis=1).mean()),
        "halfway": float((halfway == WAITING).any(axis=1).mean()),
        "gave_up": float((causes == GAVE_UP_WAITING).any(axis=1).mean()),
    }


def _answers_of_active(name: str) -> Callable[[ModelList, np.random.Generator], Numbers]:
    def read(seen: ModelList, chance: np.random.Generator) -> Numbers:
        n, found = _recipients(seen), {}
        halves = {"halfway": seen.midway[1], "end": seen.world.memberships}
        for when, memberships in halves.items():
            m = memberships[:n]
            values = _asked(m[name][(m["meetings"] > 0) & (m["left"] < 0)], chance)
            found[when] = mean_of(values) if len(values) >= 3 else np.nan
        first = seen.midway[1][:n]
        gone = _asked(first[name][(first["meetings"] > 0) & (first["left"] >= 0)], chance)
        return found | {"gone": mean_of(gone) if len(gone) >= 3 else np.nan}

    return read


def _outcomes(*names: str) -> Callable[[ModelList, np.random.Generator], Numbers]:
    def read(seen: ModelList, chance: np.random.Generator) -> Numbers:
        times = ("halfway", "end")
        return {
            f"{name}_{when}": _outcome(seen, name, when == "halfway")
            for name in names
            for when in times
        }

    return read


def _score(seen: ModelList, people: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    return _asked(12.0 * np.sum([people[name] for name in CHIME], axis=0), chance, _error(seen))


def _error(seen: ModelList) -> float:
    """Error of one measured score, with the passing state of some weeks."""
    x = seen.world.params[0]["measurement"]
    return float(np.hypot(x["item_error"], x["passing_error"]))


def _scores(seen: ModelList, chance: np.random.Generator) -> Numbers:
    n, came = _recipients(seen), seen.visits.any(axis=1)
    halfway = _score(seen, seen.midway[0][:n], chance)[came]
    end = _score(seen, seen.world.people[:n], chance)[came]
    begin = _asked(seen.world.baseline[0][:n], chance, _error(seen))[came]
    return {
        "start": mean_of(begin),
        "change": mean_of(end - begin),
        "halfway": mean_of(halfway - begin),
        "spread": float(begin.std()) if len(begin) else np.nan,
    }


def _friends(seen: ModelList, chance: np.random.Generator) -> Numbers:
    n, came = _recipients(seen), seen.visits.any(axis=1)
    outside = seen.world.people["outside_ties"][:n][came]
    now = seen.world.people["outside_contacts"][:n][came]
    return {
        "start": mean_of(outside),
        "end": mean_of(now),
        "none": mean_of((outside < 1.5).astype(float)),
    }


def _shyness(seen: ModelList, chance: np.random.Generator) -> Numbers:
    people, came = seen.world.people[: _recipients(seen)], seen.visits.any(axis=1)
    answers = _asked(people["social_anxiety"], chance)
    visits = seen.visits.sum(axis=1)
    found = {"level": mean_of(answers[came])}
    with np.errstate(invalid="ignore", divide="ignore"):
        found["visits"] = (
            float(np.corrcoef(answers[came], visits[came])[0, 1]) if came.sum() > 4 else np.nan
        )
    return found


KINDS = (
    Kind("reasons", _reasons),
    Kind("first_contact", _first_contact),
    Kind("queue", _queue),
    Kind("safety", _answers_of_active("safety")),
    Kind("belonging", _answers_of_active("fit")),
    Kind("ties", _outcomes("ties", "strong_ties", "alone", "cross_ties")),
    Kind("reciprocity", _outcomes("reciprocity", "confidence")),
    Kind("supporter_hours", _outcomes("supporter_hours", "supporters_active")),
    Kind("strain", _outcomes("strain")),
    Kind("scores", _scores),
    Kind("friends", _friends),
    Kind("shyness", _shyness),
)
"""Everything that could be written down beside who came."""

ALREADY: Mapping[str, str] = {
    "reason": "reasons",
    "start": "first_contact",
    "role": "supporter_hours",
}
"""What a column of the list already tells, at least in part."""
