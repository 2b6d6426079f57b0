"""The ladder of models and the null models: each switches mechanisms off by parameters that
everybody can set.

A model is named by what it has, a null model by what the whole model lacks in it. What parameters
cannot express is said with each (`cannot`), and so are patterns about which it says nothing because
they set the same thing themselves.
"""

from __future__ import annotations

from typing import Any, NamedTuple

Switches = dict[str, Any]


class Mechanism(NamedTuple):
    """Something that the model has and a null model has not.

    Attributes
    ----------
    key, label : str
        Name in tables, name for people.
    switches : mapping of path to value
        Parameters that switch it off.
    off : str
        What is switched off, and how.
    cannot : str
        What of it remains, because no parameter switches it off.
    silent : tuple of str
        Patterns whose own design sets what is switched off here.
    """

    key: str
    label: str
    switches: Switches
    off: str
    cannot: str = ""
    silent: tuple[str, ...] = ()


CONTAGION = Mechanism(
    "contagion",
    "contagion",
    {
        "departure.structure": False,
        "departure.loss": 0.0,
        "departure.social": 0.0,
        "strain.disappointment": 0.0,
        "change.broken": 0.0,
    },
    "nobody's leaving moves anybody else to leave: all three channels are off (structure, loss, social), it "
    "disappoints no supporter, and a tie to somebody who has left hurts nobody",
    "she is still not met any more, so there is less company, and what follows from that",
)

STRAIN = Mechanism(
    "strain",
    "strain",
    {
        "strain.per_hour": 0.0,
        "strain.per_match": 0.0,
        "strain.distress": 0.0,
        "strain.disappointment": 0.0,
    },
    "nothing wears anybody: strain stays at nil, and so do overload and staying away from weariness",
)

SAFETY = Mechanism(
    "safety",
    "safety",
    {
        "safety.start": 0.5,
        "safety.exclusion": 0.0,
        "safety.neutral": 0.5,
        "safety.gain": 0.0,
        "safety.misfit": 0.0,
        "safety.absence": 0.0,
        "departure.unsafe": 0.0,
    },
    "everybody feels equally safe everywhere: safety is held at 0.5, where it neither draws nor keeps away, and "
    "nobody leaves for lack of it",
    "what people disclose is still multiplied by that 0.5; equality still counts as recognition",
    ("A14a", "A14b"),
)

FIT = Mechanism(
    "fit",
    "fit",
    {
        "departure.misfit": 0.0,
        "departure.first_meeting_one_to_one": 0.0,
        "departure.first_meeting_group": 0.0,
        "departure.first_meeting_digital": 0.0,
        "change.rejection": 0.0,
        "safety.fit_weight": 0.0,
        "safety.misfit": 0.0,
    },
    "whether one fits in has no consequence: nobody leaves for it, after the first meeting or later, nobody is "
    "rejected, and safety does not depend on it",
    "fit is still felt; fewer leave in all, and no other hazard is raised to make up for it",
)

TIES = Mechanism(
    "ties",
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
        "attendance.pull": 0.0,
        "change.connectedness": 0.0,
        "change.broken": 0.0,
        "departure.loss": 0.0,
        "departure.social": 0.0,
    },
    "people meet and stay strangers: no confidence grows, an acquaintance is forgotten when it is not renewed, ties "
    "draw nobody, carry no support, and no departure spreads along them",
    "familiarity grows as slowly as its bounds allow (400 hours), so those who meet often keep a tie worth a few per "
    "cent; friends outside the programme carry no support either, since one parameter serves both",
)

MIXING = Mechanism(
    "mixing",
    "choice of company",
    {
        "one_to_one.match_weight": 0.0,
        "ties.nearness": 0.0,
        "attendance.pull": 0.0,
        "ties.own_meetings": 0.0,
        "ties.introductions": 0.0,
    },
    "random mixing: matches are drawn by lot, nobody comes because of, or meets alone, those she knows, no friend is "
    "introduced to another, and likeness brings nobody closer",
    "on a shift likeness still decides a little who talks with whom; ties grow as fast as between people alike; a page "
    "and companionship still go along ties",
)

PEOPLE = Mechanism(
    "people",
    "differences between people",
    {
        "population.trait_spread": 0.1,
        "population.vulnerability": 0.0,
        "population.experience_spread": 0.0,
        "population.spare_spread": 0.0,
        "population.outside_spread": 0.0,
        "population.outside_correlation": 0.0,
        "population.chime_spread": 0.05,
        "digital.voice_spread": 0.0,
    },
    "identical people: one kind of recipient and one kind of supporter, with the same experience, traits, states, "
    "hours and friends",
    "traits and states keep the least spread that their bounds allow (a tenth of a logit, 0.05); supporters stay "
    "further in recovery than recipients; with one stage of recovery for all, either all recipients or none are given "
    "tasks on the platform",
)

MECHANISMS = (CONTAGION, STRAIN, SAFETY, FIT, TIES, MIXING, PEOPLE)
"""What the whole model has, each taken away alone in one null model."""

FULL, RUNG, NULL = "full", "rung", "null"


class Model(NamedTuple):
    """One column of the scoreboard.

    Attributes
    ----------
    key, label : str
        Name in tables, name for people.
    kind : str
        ``"full"``, ``"rung"`` of the ladder, or ``"null"`` model.
    without : tuple of Mechanism
        What is switched off.
    """

    key: str
    label: str
    kind: str
    without: tuple[Mechanism, ...] = ()

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


WHOLE = Model("full", "full model", FULL)
NO_CONTAGION = Model("no_contagion", "no contagion", NULL, (CONTAGION,))
LADDER = (
    Model("hazards", "hazards only", RUNG, (CONTAGION, STRAIN, SAFETY, FIT, TIES)),
    Model("hazards_ties", "+ ties", RUNG, (CONTAGION, STRAIN, SAFETY, FIT)),
    Model("hazards_ties_safety", "+ safety and fit", RUNG, (CONTAGION, STRAIN)),
    NO_CONTAGION,  # + strain
    WHOLE,  # + contagion
)
"""Each rung has what the one before it has, and one mechanism more. The last but one is also a null
model."""

NULLS = (
    NO_CONTAGION,
    Model("no_strain", "no strain", NULL, (STRAIN,)),
    Model("no_safety", "no safety", NULL, (SAFETY,)),
    Model("no_fit", "no fit", NULL, (FIT,)),
    Model("no_ties", "no ties", NULL, (TIES,)),
    Model("random_mixing", "random mixing", NULL, (MIXING,)),
    Model("identical_people", "identical people", NULL, (PEOPLE,)),
)

MODELS = tuple({model.key: model for model in (*LADDER, *NULLS)}.values())
"""All models, the ladder first."""
