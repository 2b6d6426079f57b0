"""What the server answers, one method a question; it knows nothing of HTTP."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from peersim.app import designs, people
from peersim.app.plain_words import in_words
from peersim.app.questions import LONGEST_TITLE, MOST_PAIRS, MOST_PEOPLE, USUAL_PAIRS, Question
from peersim.app.refusals import Refused, complaint_as_refusal
from peersim.app.runs import Asked, Runs
from peersim.app.turns import Stop, Turns
from peersim.faces import levers, soem
from peersim.faces.answers import left_out
from peersim.faces.answers.afterwards import MOST_WEEKS, afterwards, what_is_left
from peersim.faces.answers.outcomes import about_outcome
from peersim.faces.answers.price import prices
from peersim.faces.answers.rests_on import kinds_of_evidence, what_turns_it
from peersim.faces.answers.strain import strain_of
from peersim.faces.answers.years import Years, imagine
from peersim.faces.lessons.choosing import (
    BY,
    TYPICAL,
    Chosen,
    apart_from_the_middle,
    most_ordinary,
    telling,
)
from peersim.faces.lessons.knock_outs import knock_outs
from peersim.faces.recording import blueprints, record
from peersim.faces.sharing.file import Sharing, checked_year, planned, shared, written
from peersim.faces.sharing.own_people import ROUNDED
from peersim.faces.story import stories_of
from peersim.faces.year import watched
from peersim.kernel.catalogue import Sentence, say, speaking
from peersim.kernel.declaration import InvalidInput, brief
from peersim.kernel.paths import no_such_option
from peersim.scenario.plausible_sets import with_its_set
from peersim.scenario.presets import preset
from peersim.scenario.run_options import DEFAULTS, PLAUSIBLE, cores
from peersim.scenario.scenario import Scenario
from peersim.studies.find.options import CHAIN, DIFFERENCE

PROJECTS = (
    "reden",
    "weshelter",
    "weshelter_women",
    "morgencafeen",
    "ung_til_ung",
    "paths_to_everyday_life",
)
"""Known projects, in the order in which a page offers them."""

FOUND = {TYPICAL: "", "longest_chain": CHAIN, "largest_difference": DIFFERENCE}
"""Years that can be looked for, and what the search calls them."""

MOST_RECORDED = 400
"""People in a year that is shown: of more nothing could be seen, and it would be long to send."""

MOST_SPLIT = 300
"""Years over which it is looked for what an answer rests on: one for each set of assumptions."""

MOST_KNOCK_OUTS = 12


class Desk:
    """Where questions are answered: it keeps runs and lists of people, and nothing that a page
    could not send again.
    """

    def __init__(self) -> None:
        self.runs, self.turns, self.people = Runs(), Turns(), people.OwnPeople()

    # -- what there is --------------------------------------------------------------------------
    def levers(self, asked: Question, stop: Stop) -> Mapping[str, Any]:
        """Give every control, made of the declared settings."""
        with speaking(asked.language):
            return {
                "levers": levers.levers(),
                "assumptions": levers.assumptions(),
                "groups": levers.group_titles(),
                "sources": levers.sources(),
            }

    def projects(self, asked: Question, stop: Stop) -> Sequence[Mapping[str, Any]]:
        """Give known projects to start from."""
        with speaking(asked.language):
            return [
                {"name": name, "title": say(f"presets.names.{name}"), "settings": preset(name)}
                for name in PROJECTS
            ]

    # -- two designs ----------------------------------------------------------------------------
    def pair(self, asked: Question) -> tuple[Asked, Asked]:
        """Both designs of a question, with the people it names."""
        handle = asked.body.get("people")
        own = None if handle is None else self.people.of(handle).people
        return asked.pair(own)

    def check(self, asked: Question, stop: Stop) -> Mapping[str, Any]:
        """Say whether both designs can be run, and how long a year of each takes."""
        taken = []
        both = self.pair(asked)
        with self.turns.turn(stop, asked.page):
            for each in both:
                began = time.perf_counter()
                imagine(each.scenario, [each.first_seed], each.sets, progress=stop.check)
                taken.append(round(1000 * (time.perf_counter() - began), 2))
        return {"ok": True, "milliseconds_a_year": taken}

    def compare(self, asked: Question, stop: Stop) -> Iterator[Mapping[str, Any]]:
        """Compare two designs; the answer grows, a line at a time."""
        both, steps, outcomes = self.pair(asked), asked.steps, asked.outcomes
        with self.turns.turn(stop, asked.page):
            for pairs in steps:
                began = time.process_time()
                a, b = (self.runs.years(each, pairs, stop) for each in both)
                ran = time.process_time()
                invited = both[0].scenario.population.recipients
                found = {name: about_outcome(a, b, name, invited) for name in outcomes}
                cost = prices(a, b, invited)
                seconds = ran - began, time.process_time() - ran
                yield {
                    "pairs": pairs,
                    "of": steps[-1],
                    "preliminary": pairs < min(steps[-1], USUAL_PAIRS),
                    "weeks": both[0].scenario.weeks,
                    "invited": invited,
                    "outcomes": found,
                    "cost": cost,
                    "cpu_ms": [round(1000 * each, 1) for each in seconds],
                }

    def _years(
        self, asked: Question, stop: Stop, of: Sequence[Asked], pairs: int | None = None
    ) -> list[Years]:
        """The years of some designs, when it is their turn."""
        number = asked.number("pairs", USUAL_PAIRS, 2, MOST_PAIRS) if pairs is None else pairs
        with self.turns.turn(stop, asked.page):
            return [self.runs.years(each, number, stop) for each in of]

    def groups(self, asked: Question, stop: Stop) -> Mapping[str, Any]:
        """Say whom the designs leave out."""
        both = self.pair(asked)
        a, b = self._years(asked, stop, both)
        handle = asked.body.get("people")
        names = None if handle is None else self.people.of(handle).groups
        own = left_out.by_groups(a, b, names or ())
        return {"pairs": len(a), "traits": list(left_out.by_traits(a, b)), **own}

    def strain(self, asked: Question, stop: Stop) -> Mapping[str, Any]:
        """Say how hard the designs are on their peers."""
        a, b = self._years(asked, stop, self.pair(asked))
        return {"pairs": len(a), "a": strain_of(a), "b": strain_of(b)}

    def after(self, asked: Question, stop: Stop) -> Mapping[str, Any]:
        """Say what is left when the programme is over."""
        both = self.pair(asked)
        question = afterwards(both[0].scenario, both[1].scenario)
        longer = [replace(both[0], scenario=each) for each in question.designs]
        years = self._years(asked, stop, longer)
        return {"pairs": len(years[0]), **what_is_left(question, years)}

    def rests_on(self, asked: Question, stop: Stop) -> Mapping[str, Any]:
        """Say what the answer rests on, and which assumption turns it."""
        both = self.pair(asked)
        outcome = asked.outcomes[0]
        a, b = self._years(asked, stop, both, MOST_SPLIT)
        sets, first = both[0].sets, both[0].first_seed
        of_years = [sets[seed % len(sets)] for seed in range(first, first + MOST_SPLIT)]
        return {
            "outcome": outcome,
            "kinds": kinds_of_evidence([each.scenario for each in both]),
            **what_turns_it(a, b, outcome, of_years, both[0].scenario.population.recipients),
        }

    def soem(self, asked: Question, stop: Stop) -> Mapping[str, Any]:
        """Put together what the user of SØM has to enter, for both designs."""
        both = self.pair(asked)
        outcome = asked.choice("outcome", soem.SUCCESSES[0], soem.SUCCESSES)
        week = asked.number("week", min(52, both[0].scenario.weeks), 1, MOST_WEEKS)
        (a, without), (b, _) = (soem.designs_for(each.scenario, week) for each in both)
        asked_for = [replace(both[0], scenario=each) for each in (a, b, without)]
        *years, nothing = self._years(asked, stop, asked_for)
        invited = both[0].scenario.population.recipients
        with speaking(asked.language):
            return {
                name: soem.as_data(soem.line(each, nothing, outcome, week, invited))
                for name, each in zip("ab", years, strict=True)
            }

    def share(self, asked: Question, stop: Stop) -> str:
        """Make a file to send on: both designs, with sliders that work."""
        both, body = self.pair(asked), asked.body
        wanted = Sharing(
            both[0].scenario,
            both[1].scenario,
            asked.words("levers"),
            asked.text("title", LONGEST_TITLE),
            asked.number("pairs", USUAL_PAIRS, 2, MOST_PAIRS),
            PLAUSIBLE if len(both[0].sets) > 1 else DEFAULTS,
            both[0].first_seed,
            checked_year(body.get("year", TYPICAL)),
            asked.choice("own_people", "", ("", ROUNDED)),
        )
        try:
            plan = planned(wanted)
        except InvalidInput as complaint:
            if said := in_words(complaint):
                raise complaint_as_refusal(complaint, said=said) from None
            raise
        with self.turns.turn(stop, asked.page):
            return written(shared(plan, asked.language, stop.check))

    # -- one year -------------------------------------------------------------------------------
    def recording(self, asked: Question, stop: Stop) -> Mapping[str, Any]:
        """Record one year in both designs: that of a seed, or one that is looked for."""
        both = self.pair(asked)
        _refuse_crowd(both[0].scenario)
        with self.turns.turn(stop, asked.page):
            found = self._found(asked, both, stop)
            seed = asked.number("seed", 1, 0, 2**31) if found is None else found.seed
            scenarios = _of_year(both, seed, found is None or found.by == TYPICAL)
            stop.check()
            made = record(dict(zip("ab", scenarios, strict=True)), seed)
        return {**made, "chosen": None if found is None else found.as_data()}

    def _found(self, asked: Question, both: Sequence[Asked], stop: Stop) -> Chosen | None:
        what = asked.body.get("find")
        if what is None:
            return None
        if what not in FOUND:
            raise no_such_option("find", what, FOUND)
        if what == TYPICAL:
            years = [self.runs.years(each, USUAL_PAIRS, stop) for each in both]
            apart = apart_from_the_middle([each.end(name) for each in years for name in BY])
            return most_ordinary(apart, range(both[0].first_seed, both[0].first_seed + len(apart)))
        pair = {name: each.scenario for name, each in zip("ab", both, strict=True)}
        designs = {"b": pair["b"]} if FOUND[what] == CHAIN else pair
        return telling(designs, FOUND[what], asked.outcomes[0], cores())

    def story(self, asked: Question, stop: Stop) -> Mapping[str, Any]:
        """Tell one person's year in one design, and who would have stayed without a departure."""
        name = asked.choice("design", "a", ("a", "b"))
        both, seed = self.pair(asked), asked.number("seed", 1, 0, 2**31)
        _refuse_crowd(both[0].scenario)
        scenario = _of_year(both, seed, own_set=True)["ab".index(name)]
        with self.turns.turn(stop, asked.page):
            (plan,) = blueprints({name: scenario}).values()
            year = watched(plan, seed)
            person = asked.body.get("person")
            if person not in plan.labels:
                raise Refused("not_a_choice", _nobody(person), path="person")
            stop.check()
            row = plan.labels.index(str(person))
            others = [
                {
                    "person": plan.labels[each.person],
                    "week": each.week,
                    "stay": [plan.labels[other] for other in each.stay],
                    "later": [[plan.labels[other], week] for other, week in each.later],
                    "new": [plan.labels[other] for other in each.new],
                }
                for each in knock_outs(year, seed, MOST_KNOCK_OUTS)
                if row in (each.person, *each.stay)
            ]
        return {"person": person, "facts": stories_of(year)[str(person)], "knockouts": others}

    # -- files ----------------------------------------------------------------------------------
    def own_people(self, asked: Question, stop: Stop) -> Mapping[str, Any]:
        """Read the user's own people, and keep them without their names."""
        found = people.read(asked.content)
        if len(found.people.codes) > MOST_PEOPLE:
            said = Sentence("faces.refused.most.population", {"most": MOST_PEOPLE})
            raise Refused("too_many_people", said, high=MOST_PEOPLE)
        return people.as_data(found, self.people.keep(found))

    def forget(self, asked: Question, stop: Stop) -> Mapping[str, Any]:
        """Let go of somebody's own people."""
        return {"forgotten": self.people.forget(str(asked.body.get("people", "")))}

    def design_file(self, asked: Question, stop: Stop) -> str:
        """Write both designs as a file that the command line runs."""
        a, b = self.pair(asked)
        pairs = asked.number("pairs", USUAL_PAIRS, 2, MOST_PAIRS)
        parameters = "plausible" if len(a.sets) > 1 else "defaults"
        options = {"parameters": parameters, "replicates": pairs, "seed": a.first_seed}
        with speaking(asked.language):
            return designs.written({"a": a.scenario, "b": b.scenario}, options)

    def design(self, asked: Question, stop: Stop) -> Mapping[str, Any]:
        """Read designs from such a file, or from any that sets a scenario."""
        found = designs.read(asked.content)
        for name in designs.NAMES:
            checked = replace(asked, body=found).design(name)
            found[name] = designs.settings_of(checked)
        return found


def _refuse_crowd(scenario: Scenario) -> None:
    size = scenario.population.recipients + scenario.population.all_supporters
    if size > MOST_RECORDED:
        said = Sentence("faces.refused.most.recorded", {"most": MOST_RECORDED})
        raise Refused("too_many_people", said, value=size, high=MOST_RECORDED)


def _of_year(both: Sequence[Asked], seed: int, own_set: bool) -> list[Scenario]:
    """The designs with the assumptions that this year has in the answer; a year that was looked for
    was found with the usual ones.
    """
    return [with_its_set(each.scenario, each.sets if own_set else [{}], seed) for each in both]


def _nobody(person: Any) -> Sentence:
    return Sentence("faces.refused.nobody", {"person": brief(person)})


FEW = {"population.recipients": 4, "population.supporters": 2, "weeks": 2}


def warm_up() -> None:
    """Answer a small question: reads in all that an answer takes, or compiles it."""
    small = {"a": FEW, "b": {**FEW, "communities": ["group"]}, "pairs": 2, "person": "R1"}
    desk, asked = Desk(), Question(small)
    for _ in desk.compare(asked, Stop()):
        pass
    desk.story(asked, Stop())
