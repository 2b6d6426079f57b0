"""A project's own attendance list beside the model's: does it fit, where not, and what to start
writing down.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from peersim.kernel.catalogue import say
from peersim.kernel.declaration import InvalidInput
from peersim.presentation import terminal
from peersim.scenario.run_options import PLAUSIBLE
from peersim.studies.check_own_data import exhibits, figures, sentences
from peersim.studies.check_own_data.attendance import statistics
from peersim.studies.check_own_data.causes import causes_of, move_each, unknowns, with_plausible
from peersim.studies.check_own_data.checks import fits, together
from peersim.studies.check_own_data.options import Options
from peersim.studies.check_own_data.programme import lists_of, programme_for
from peersim.studies.check_own_data.reading import OwnList, read_attendance
from peersim.studies.check_own_data.tables import Answer, own_data_tables
from peersim.studies.check_own_data.value_of_records import advise, run_at_all
from peersim.studies.study import Found, Study

if TYPE_CHECKING:
    from peersim.scenario.scenario import Scenario


class Effort(NamedTuple):
    """How much is run: worlds for each parameter moved, sets of parameters, and worlds for each
    set.
    """

    moved: int
    sets: int
    each: int


SIZES = {"quick": Effort(10, 200, 3), "full": Effort(300, 4000, 8)}


class CheckOwnData(Study):
    """Compares a list with the model's, and says what else would be worth writing down."""

    name, Options = "check_own_data", Options
    sections = ("fit", "curves", "causes", "records")

    def __init__(self, scenario: Scenario, options: Any) -> None:
        super().__init__(scenario, options)
        self.own: OwnList | None = None

    def check(self) -> None:
        """Refuse a list that is not there or cannot be read, and a programme of no kind."""
        if not self.options.data:
            raise InvalidInput("check_own_data.errors.no_list")
        if not self.scenario.communities:
            raise InvalidInput("check_own_data.errors.no_programme")
        self.own = read_attendance(self.options.data)

    def run(self) -> Found:
        """Run the programme beside the list."""
        own = self.own or read_attendance(self.options.data)
        answer = answer_for(own, self.scenario, self.options)
        notes = (*own.notes, *answer.programme.notes)
        facts = {
            "file": self.options.data,
            "people": own.attendance.people,
            "visits": int(own.attendance.count.sum()),
            "weeks": own.attendance.weeks,
            "never_came": own.never_came,
            "supporters": own.supporters,
            "invited": answer.programme.scenario.population.recipients,
            "communities": list(answer.programme.scenario.communities),
            "notes": [each.as_data() for each in notes],
            "lists": self.options.replicates,
            "sets": answer.advice.sets,
            "known_now": answer.advice.known_now,
            "unanswered": {
                fit.check.name: fit.verdict for fit in answer.fits if math.isnan(fit.low)
            },
            **answer.together._asdict(),
        }
        return Found(own_data_tables(answer), facts)

    exhibits = staticmethod(exhibits.exhibits)
    sentences = staticmethod(sentences.sentences)
    figures = staticmethod(figures.figures)

    def asked(self, found: Found) -> Iterable[tuple[str, str]]:
        """Say what was asked."""
        names = ("people", "weeks", "communities", "invited", "lists")
        return ((name, f"facts.{name}") for name in names)


STUDY = CheckOwnData


def answer_for(own: OwnList, scenario: Scenario, options: Any) -> Answer:
    """Run the programme beside a list; nothing is written."""
    effort = SIZES[options.size or "quick"]
    seed, workers = options.seed, options.workers
    is_plausible = options.parameters == PLAUSIBLE
    chosen = {override.lstrip("+").partition("=")[0] for override in options.overrides}
    programme = programme_for(own, scenario, seed, workers, is_plausible, chosen)
    moves = (4 * len(unknowns(programme.scenario)) + 1) * effort.moved
    total = options.replicates + moves + effort.sets * effort.each
    with terminal.bar(say("progress.lists"), "run", total) as bar:
        seeds = range(seed, seed + options.replicates)
        lists = lists_of(programme, seeds, workers, bar.update)
        observed = programme.read(own.attendance)
        numbers = [statistics(each, programme.rhythm) for each in lists]
        found = fits(statistics(observed, programme.rhythm), numbers)
        missed = [fit for fit in found if fit.is_miss]
        seeds = range(seed, seed + effort.moved)
        moved = move_each(programme, seeds, workers, bar.update) if missed else []
        each_alone = [cause for fit in missed for cause in causes_of(fit, found, moved)]
        causes = with_plausible(each_alone, programme.points)
        known = run_at_all(programme, effort.sets, effort.each, seed, workers, bar.update)
    advice = advise(known, own.recorded, seed)
    return Answer(observed, programme, lists, found, together(found, numbers), causes, advice)
