"""The scoreboard: every pattern in the whole model, on each rung of the ladder, and beside the null
models.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from peersim.kernel.catalogue import Sentence, Value
from peersim.kernel.declaration import InvalidInput
from peersim.kernel.paths import did_you_mean, leaves
from peersim.scenario.scenario import Scenario
from peersim.scenario.typology import ELEMENTS
from peersim.studies.patterns import exhibits, figures, sentences
from peersim.studies.patterns.ablations import MODELS, WHOLE
from peersim.studies.patterns.catalogue import PATTERNS
from peersim.studies.patterns.options import Options
from peersim.studies.patterns.pattern import Pattern
from peersim.studies.patterns.scores import measure
from peersim.studies.patterns.tables import all_tables
from peersim.studies.study import Found, Study

WEEKS = 52
"""Patterns are read at weeks up to this one."""

THEIR_OWN = (
    "communities",
    "events",
    "population.file",
    *ELEMENTS,
    "supervision.per_month",
    "programme.intensity",
)
"""Settings that patterns set themselves, or that would make their programmes others than they
say."""


class PatternStudy(Study):
    """Measures every pattern in the whole model, on each rung of the ladder, and in null models."""

    name, Options = "patterns", Options
    sections = ("matrix", "effects", "needs", "models", "limits")

    def check(self) -> None:
        """Refuse patterns that are not there, and settings that patterns set themselves."""
        chosen_patterns(self.options.patterns)
        refuse_other_programmes(self.scenario)

    def run(self) -> Found:
        """Measure the patterns in every model."""
        chosen = chosen_patterns(self.options.patterns)
        scores = measure(chosen, self.scenario, self.options)
        most = max(pattern.runs for pattern in chosen)
        facts = {
            "patterns": len(chosen),
            "models": len(MODELS),
            "sets": scores.sets,
            "worlds": scores.worlds,
            "times": min(most, scores.most or most),
            "remarks": {
                pattern.key: [
                    each.as_data() for each in scores.found[WHOLE.key, pattern.key].remarks
                ]
                for pattern in chosen
            },
        }
        return Found(all_tables(scores, self.options.seed), facts)

    exhibits = staticmethod(exhibits.exhibits)
    sentences = staticmethod(sentences.sentences)
    figures = staticmethod(figures.figures)

    def asked(self, found: Found) -> Iterable[tuple[str, Any]]:
        """Say what was asked."""
        return (
            ("people", "identity.scenario.population.recipients"),
            *self.supporters(),
            ("weeks", "identity.scenario.weeks"),
            ("patterns", "facts.patterns"),
            ("models", "facts.models"),
            ("sets", "facts.sets"),
            ("worlds", worlds_run(found.facts)),
        )


STUDY = PatternStudy


def worlds_run(facts: Mapping[str, Any]) -> Sentence:
    """How many worlds were run with each set: more for some patterns than for others."""
    origin = {"table": "manifest", "path": "facts.worlds"}
    values = {"worlds": Value(facts["worlds"], "0", origin), "times": facts["times"]}
    return Sentence(f"patterns.worlds_run.{'more' if facts['times'] > 1 else 'all'}", values)


# -- what can be asked ----------------------------------------------------------------------------
def chosen_patterns(names: Sequence[str] | None) -> list[Pattern]:
    """Give the patterns of these names; a number without a letter stands for all its rows.

    >>> [pattern.key for pattern in chosen_patterns(["A6", "A3"])]
    ['A3', 'A6a', 'A6b']
    """
    if names is None:
        return list(PATTERNS)
    known = {pattern.key for pattern in PATTERNS}
    numbers = {key.rstrip("abcdef") for key in known}
    for name in names:
        if name not in known | numbers:
            all_names = Sentence("patterns.errors.names")
            hint = did_you_mean(name, sorted(known | numbers), all_names)
            raise InvalidInput("patterns.errors.unknown", hint, name=name)
    found = [
        pattern for pattern in PATTERNS if {pattern.key, pattern.key.rstrip("abcdef")} & set(names)
    ]
    if not found:
        raise InvalidInput("patterns.errors.empty")
    return found


def refuse_other_programmes(scenario: Scenario) -> None:
    """Refuse settings that patterns set themselves, and runs that end before they are read."""
    fresh, known = Scenario(), leaves(Scenario)
    for path in THEIR_OWN:
        if path in known and known[path].get(scenario) != known[path].get(fresh):
            raise InvalidInput("patterns.errors.own", path=path)
    if scenario.weeks < WEEKS:
        raise InvalidInput("patterns.errors.weeks", weeks=scenario.weeks, least=WEEKS)
