"""What a fact is: what a source says of a project, read off single runs of its preset, and in what
share of the runs it must hold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from peersim.kernel.catalogue import Sentence
from peersim.kernel.statistics import Share
from peersim.model.people import PERSON

HOLDS, FAILS, UNDECIDED = "holds", "fails", "undecided"
ABSENT, DOES_NOT_ARISE = "not in the model", "does not arise"
BUILT_IN, EMERGENT = "built in", "emergent"

NEARLY_ALL = 0.95
"""Of what the project was: without it, it would be another."""
USUAL = 0.8
"""Of what the source reports as the project's experience."""
MORE_THAN_NOT = 0.5
"""Of what the source reports as having happened, or of how strongly something was felt: a run that
shows it must be no surprise.
"""

EFFECT_POINTS = 2.4
"""A small effect on the recovery score, a fifth of the standard deviation between people (P05)."""
EFFECT_STATE = 0.044
"""A small effect on one of the five states, likewise a fifth of a standard deviation (P05)."""

Reading = Callable[..., bool | None]
"""From what was seen of a run (and of another that it is held against, with the same people and
luck) to whether the fact holds in it; None where it could not arise.
"""


@dataclass(frozen=True)
class Fact:
    """One thing that a source says of a project.

    Its words stand in the catalogue under ``presets.facts.<preset>.<key>``: what the source
    ``says``, and the ``rule`` by which it is read off one run.

    Attributes
    ----------
    key : str
    source : str
        ``T`` or ``P``.
    kind : str
        ``"built in"`` where a rule states it nearly directly, else ``"emergent"``.
    least : float
        Share of the runs in which it must hold.
    holds : callable
        See `Reading`.
    against : str
        The variant of the preset that each run is held against.
    needs : sequence of str
        What the model must know of a person; until it does, the fact is not in the model.
    """

    key: str
    source: str
    kind: str
    least: float
    holds: Reading
    against: str = ""
    needs: tuple[str, ...] = ()

    @property
    def is_in_the_model(self) -> bool:
        """Whether there is anything that the fact can be read off."""
        return set(self.needs) <= set(PERSON.names or ())


class Preset(NamedTuple):
    """A named project: its variants, which its runs are held against, and its facts; `words` is the
    preset whose words they have, if not their own.
    """

    name: str
    variants: Mapping[str, Mapping[str, Any]]
    facts: tuple[Fact, ...]
    words: str = ""

    def word(self, fact: str, what: str) -> Sentence:
        """What a source ``says``, or the ``rule`` by which it is read."""
        return Sentence(f"presets.facts.{self.words or self.name}.{fact}.{what}")


def verdict(fact: Fact, share: Share | None) -> str:
    """What the runs say of a fact: it holds if the whole interval of the share of runs lies at or
    above the share in which it must hold, it fails if the whole interval lies below.

    >>> from peersim.kernel.statistics import share_of
    >>> fact = Fact("anything", "T", EMERGENT, USUAL, lambda seen: True)
    >>> [verdict(fact, share_of(hits, 200)) for hits in (175, 160, 140)]
    ['holds', 'undecided', 'fails']
    >>> verdict(fact, None)
    'does not arise'
    """
    if not fact.is_in_the_model:
        return ABSENT
    if share is None:
        return DOES_NOT_ARISE
    if share.low >= fact.least:
        return HOLDS
    return FAILS if share.high < fact.least else UNDECIDED
