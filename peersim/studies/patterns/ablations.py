"""The ladder of models and the null models: each switches mechanisms off by parameters that
everybody can set.

A model is named by what it has, a null model by what the whole model lacks in it. What parameters
cannot express is said with each (`cannot`), and so are patterns about which it says nothing because
they set the same thing themselves.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from peersim.kernel.catalogue import has, say

Switches = dict[str, Any]


class Mechanism(NamedTuple):
    """Something that the model has and a null model has not.

    Attributes
    ----------
    key : str
        Name in tables; its words stand in the catalogue under ``patterns.mechanisms.<key>``.
    switches : mapping of path to value
        Parameters that switch it off.
    silent : tuple of str
        Patterns whose own design sets what is switched off here.
    """

    key: str
    switches: Switches
    silent: tuple[str, ...] = ()

    def word(self, what: str) -> str:
        """Its ``name``, what is switched ``off`` and how, or what of it ``cannot`` be: nothing if
        nothing remains.
        """
        key = f"patterns.mechanisms.{self.key}.{what}"
        return say(key) if has(key) else ""


CONTAGION = Mechanism(
    "contagion",
    {
        "departure.structure": False,
        "departure.loss": 0.0,
        "departure.social": 0.0,
        "departure.following": 0.0,
        "strain.disappointment": 0.0,
        "change.broken": 0.0,
        "one_to_one.promise": 0.0,
        "one_to_one.tie_ends": False,
        "attendance.norm": 0.0,
    },
)

STRAIN = Mechanism(
    "strain",
    {
        "strain.per_hour": 0.0,
        "strain.per_match": 0.0,
        "strain.distress": 0.0,
        "strain.disappointment": 0.0,
        "strain.closeness": 0.0,
        "strain.newness": 0.0,
        "change.worn": 0.0,
    },
)

SAFETY = Mechanism(
    "safety",
    {
        "safety.start": 0.5,
        "safety.exclusion": 0.0,
        "safety.neutral": 0.5,
        "safety.gain": 0.0,
        "safety.misfit": 0.0,
        "safety.absence": 0.0,
        "safety.threshold": 0.0,
        "safety.relation": False,
        "safety.company": False,
        "group.educator_safety": 0.0,
        "change.shared_time": 0.0,
        "departure.unsafe": 0.0,
    },
    ("A14a", "A14b"),
)

FIT = Mechanism(
    "fit",
    {
        "departure.misfit": 0.0,
        "departure.first_meeting_one_to_one": 0.0,
        "departure.first_meeting_group": 0.0,
        "departure.first_meeting_digital": 0.0,
        "change.rejection": 0.0,
        "safety.fit_weight": 0.0,
        "safety.misfit": 0.0,
        "safety.familiar_fit": 0.0,
        "safety.fit_exclusion": 0.0,
        "one_to_one.ask_again": 0.0,
        "supervision.mends": 0.0,
    },
)

TIES = Mechanism(
    "ties",
    {
        "ties.familiarity_hours": 400.0,
        "ties.confidence_gain": 0.0,
        "ties.weak_half_life": 4.0,
        "ties.stability": 0.0,
        "ties.closure": 0.0,
        "ties.floor_hours": 5.0,
        "ties.forgotten_after": 0,
        "ties.introductions": 0.0,
        "ties.own_meetings": 0.0,
        "ties.acquaintance": 0.0,
        "digital.known": 0.0,
        "digital.eases_group": 0.0,
        "attendance.pull": 0.0,
        "change.connectedness": 0.0,
        "change.emotional": 0.0,
        "change.social": 0.0,
        "change.broken": 0.0,
        "departure.loss": 0.0,
        "departure.social": 0.0,
        "departure.following": 0.0,
    },
)

MIXING = Mechanism(
    "mixing",
    {
        "one_to_one.match_weight": 0.0,
        "ties.nearness": 0.0,
        "ties.acquaintance": 0.0,
        "ties.own_meetings": 0.0,
        "ties.introductions": 0.0,
        "attendance.pull": 0.0,
        "digital.known": 0.0,
        "digital.eases_group": 0.0,
    },
)

PEOPLE = Mechanism(
    "people",
    {
        "population.trait_spread": 0.1,
        "population.vulnerability": 0.0,
        "population.experience_spread": 0.0,
        "population.spare_spread": 0.0,
        "population.outside_spread": 0.0,
        "population.outside_correlation": 0.0,
        "population.chime_spread": 0.05,
        "population.sides_spread": 0.0,
        "digital.voice_spread": 0.0,
        "digital.use_spread": 0.0,
    },
)

MECHANISMS = (CONTAGION, STRAIN, SAFETY, FIT, TIES, MIXING, PEOPLE)
"""What the whole model has, each taken away alone in one null model."""

FULL, RUNG, NULL = "full", "rung", "null"


class Model(NamedTuple):
    """One column of the scoreboard.

    Attributes
    ----------
    key : str
        Name in tables; its name for people stands in the catalogue under ``patterns.models``.
    kind : str
        ``"full"``, ``"rung"`` of the ladder, or ``"null"`` model.
    without : tuple of Mechanism
        What is switched off.
    """

    key: str
    kind: str
    without: tuple[Mechanism, ...] = ()

    @property
    def label(self) -> str:
        """Name for people."""
        return say(f"patterns.models.{self.key}")

    @property
    def switches(self) -> Switches:
        """Every parameter that is switched off, with its value."""
        return {
            path: value for mechanism in self.without for path, value in mechanism.switches.items()
        }

    @property
    def silent(self) -> set[str]:
        """Patterns about which this model says nothing."""
        return {key for mechanism in self.without for key in mechanism.silent}


WHOLE = Model("full", FULL)
NO_CONTAGION = Model("no_contagion", NULL, (CONTAGION,))
LADDER = (
    Model("hazards", RUNG, (CONTAGION, STRAIN, SAFETY, FIT, TIES)),
    Model("hazards_ties", RUNG, (CONTAGION, STRAIN, SAFETY, FIT)),
    Model("hazards_ties_safety", RUNG, (CONTAGION, STRAIN)),
    NO_CONTAGION,  # + strain
    WHOLE,  # + contagion
)
"""Each rung has what the one before it has, and one mechanism more. The last but one is also a null
model."""

NULLS = (
    NO_CONTAGION,
    Model("no_strain", NULL, (STRAIN,)),
    Model("no_safety", NULL, (SAFETY,)),
    Model("no_fit", NULL, (FIT,)),
    Model("no_ties", NULL, (TIES,)),
    Model("random_mixing", NULL, (MIXING,)),
    Model("identical_people", NULL, (PEOPLE,)),
)

MODELS = tuple({model.key: model for model in (*LADDER, *NULLS)}.values())
"""All models, the ladder first."""
