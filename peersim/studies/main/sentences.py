"""What a comparison of designs says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from peersim.kernel.catalogue import Sentence, listed
from peersim.kernel.statistics import ONE_RUN, SAME, SMALL, TOO_CLOSE
from peersim.presentation.exhibit import PAGE, TERMINAL, Statement
from peersim.presentation.settings import value_name
from peersim.scenario.typology import CONFIGURED, EQUAL_HOURS
from peersim.studies.main.compared import GAIN, Compared
from peersim.studies.main.gains import EVERYBODY, REACHED
from peersim.studies.main.persons import TRAITS

if TYPE_CHECKING:
    from peersim.studies.study import Found


def sentences(found: Found) -> Iterator[Statement]:
    """Give every sentence."""
    compared = Compared(found)
    facts = {"people": compared.people, "weeks": compared.weeks, "n": found.facts["runs"]}
    yield from short(compared)
    yield Statement("main.outcome_foot", facts, outlets=(TERMINAL,))
    yield from _sure(compared, found.facts["runs"])
    yield from _leaves(compared)
    yield from _explained(compared, found)


def headings(found: Found) -> Mapping[str, Sentence]:
    """Say what was found where no figure does."""
    compared, several = Compared(found), found.facts["runs"] > 1
    first = compared.programmes()[0]
    label, best = compared.labels[first], compared.best(CONFIGURED, first)
    gain = {
        name: compared.at_week(first, GAIN, week, is_gain=True, form="+3")
        for name, week in (("middle", compared.weeks // 2), ("end", compared.weeks))
    }
    sure = Sentence("main.headings.sure", {"label": label, "best": best})
    alone = len(compared.programmes()) == 1
    return {
        **(
            {}
            if alone and several
            else {"sure": sure if several else Sentence("main.headings.sure_one")}
        ),
        "last": Sentence("main.headings.last", {"label": label, **gain}),
        "assumed": Sentence("main.headings.assumed", found.facts["parameters"]["counts"]),
    }


ONE = 0.5
"""A mean from which on it is one person at least."""


# -- the answer -----------------------------------------------------------------------------------
def short(compared: Compared) -> Iterator[Statement]:
    """Say which design does best, for whom, and at what price."""
    programmes = compared.programmes()
    first, several = programmes[0], len(programmes) > 1
    yield _people_first(compared, several)
    yield _first(compared, first, several)
    if several:
        yield from _level(compared, CONFIGURED, first)
        if EQUAL_HOURS in compared.designs:
            yield from _equal(compared)
        yield from _listed(compared)
    yield from _harm(compared, programmes)
    if several:
        yield _reach(compared, programmes)


def _short(key: str, **values: Any) -> Statement:
    return Statement(f"main.short.{key}", values, table="comparison")


def _labels(compared: Compared, designs: list[str]) -> str:
    return listed(compared.labels[name] for name in designs)


def _gap(compared: Compared, basis: str, design: str, outcome: str = GAIN) -> dict[str, Any]:
    return {
        what: compared.number(basis, design, outcome, what, "+3")
        for what in ("difference", "low", "high")
    } | {"label": compared.labels[design]}


def _first(compared: Compared, first: str, several: bool) -> Statement:
    verdict, gap = compared.row(CONFIGURED, first)["verdict"], _gap(compared, CONFIGURED, first)
    if not several or verdict == ONE_RUN:
        return _short(f"own.{verdict}", **gap)
    if verdict == "better":
        return _short("best", **gap, best=compared.best(CONFIGURED, first))
    return _short("none", **gap)


def _people_first(compared: Compared, several: bool) -> Statement:
    """How many fewer are isolated, with the design that leaves the fewest so."""
    first = compared.most_helpful()[0]
    row, reached = (compared.gain(CONFIGURED, first, whom) for whom in (EVERYBODY, REACHED))
    verdict = row["verdict"]
    if several and verdict not in ("better", ONE_RUN):
        return _short("people_none", people=compared.people)
    values: dict[str, Any] = {"label": compared.labels[first], "people": compared.people}
    values |= {name: compared.of_gain(row, name) for name in ("with_it", "without")}
    values["reached"] = compared.of_gain(reached, "people")
    values["years"] = compared.years_of(CONFIGURED, first)
    return Statement(f"main.short.people.{verdict}", values | compared.range_of(row), table="gains")


def _listed(compared: Compared) -> Iterator[Statement]:
    """Which change nothing that anyone would notice, which make it worse, which are open."""
    alike = {name: compared.with_verdict(SMALL, SAME, outcome=name) for name in (GAIN, "isolated")}
    both = [name for name in alike[GAIN] if name in alike["isolated"]]
    groups = {
        "people_worse": compared.with_verdict("worse", outcome="isolated"),
        "worse": compared.with_verdict("worse"),
        "alike_both": both,
        "people_alike": [name for name in alike["isolated"] if name not in both],
        "alike": [name for name in alike[GAIN] if name not in both],
        "people_unclear": compared.with_verdict(TOO_CLOSE, outcome="isolated"),
        "unclear": compared.with_verdict(TOO_CLOSE),
    }
    for key, those in groups.items():
        if those:
            yield _short(key, labels=_labels(compared, those), n=len(those))


def _level(compared: Compared, basis: str, first: str) -> Iterator[Statement]:
    label, of = compared.labels[first], "_equal" if basis == EQUAL_HOURS else ""
    for key, *verdicts in (("level", TOO_CLOSE, ONE_RUN), ("level_alike", SMALL, SAME)):
        if level := compared.level_with(basis, first, *verdicts):
            yield _short(f"{key}{of}", label=label, labels=_labels(compared, level))


def _equal(compared: Compared) -> Iterator[Statement]:
    hours = target(compared)
    helpful = compared.most_helpful(EQUAL_HOURS)[0]
    row = compared.gain(EQUAL_HOURS, helpful)
    if row["verdict"] == "better":
        values = {"label": compared.labels[helpful], "hours": hours, "people": compared.people}
        values["years"] = compared.years_of(EQUAL_HOURS, helpful)
        yield Statement("main.short.people_equal", values, table="gains")
    even = compared.programmes(EQUAL_HOURS)[0]
    if compared.row(EQUAL_HOURS, even)["verdict"] == "better":
        yield _short("equal", **_gap(compared, EQUAL_HOURS, even), hours=hours)
        yield from _level(compared, EQUAL_HOURS, even)


def target(compared: Compared) -> float:
    """Give the supporter hours at which designs are compared."""
    given = (row["target_hours"] for row in compared.designs[EQUAL_HOURS])
    return next(float(hours) for hours in given if hours is not None)


def _harm(compared: Compared, programmes: list[str]) -> Iterator[Statement]:
    worst = max(programmes, key=lambda name: compared.row(CONFIGURED, name, "harmed")["mean"])
    if compared.row(CONFIGURED, worst, "harmed")["mean"] > 0:
        harmed = compared.of_all(CONFIGURED, worst, "harmed")
        label = compared.labels[worst]
        key = "harm" if (harmed.number or 0) >= ONE else "harm_few"
        yield _short(key, label=label, harmed=harmed, people=compared.people)


def _reach(compared: Compared, programmes: list[str]) -> Statement:
    order = sorted(
        programmes, key=lambda name: compared.row(CONFIGURED, name, "never_reached")["mean"]
    )
    best, worst = order[0], order[-1]
    least = compared.of_all(CONFIGURED, best, "never_reached")
    return _short(
        "reach" if (least.number or 0) >= ONE else "reach_nearly",
        best=compared.labels[best],
        worst=compared.labels[worst],
        least=least,
        most=compared.of_all(CONFIGURED, worst, "never_reached"),
        people=compared.people,
    )


# -- the page -------------------------------------------------------------------------------------
def _page(key: str, section: str, **values: Any) -> Statement:
    return Statement(f"main.{key}", values, section=section, outlets=(PAGE,))


def _sure(compared: Compared, runs: int) -> Iterator[Statement]:
    first = compared.programmes()[0]
    if runs > 1:
        better = compared.number(CONFIGURED, first, what="better", form="%")
        yield _page("sure_runs", "sure", runs=runs, label=compared.labels[first], better=better)
    else:
        yield _page("sure_one", "sure")
    yield _page("sure_inside", "sure")


def _leaves(compared: Compared) -> Iterator[Statement]:
    yield _page("leaves_intro", "leaves")
    several = len(compared.programmes()) > 1
    gaps = [_gap_of(compared, trait, "gap" if several else "gap_one") for trait in TRAITS]
    told = [gap for gap in gaps if gap is not None]
    yield from told or [_page("gap.none", "leaves")]


def _gap_of(compared: Compared, trait: str, key: str) -> Statement | None:
    """Say who is missed most of those with most of a trait; None where nobody is."""
    low, high = ("high", "low") if trait == "stage" else ("low", "high")

    def missed(name: str, third: str = high) -> float:
        found = compared.third(name, trait, third).number
        return 0.0 if found is None or found != found else found

    worst = max(compared.programmes(), key=missed)
    if not missed(worst) and not missed(worst, low):
        return None
    most, least = (compared.third(worst, trait, third) for third in (high, low))
    label = compared.labels[worst]
    return _page(f"{key}.{trait}", "leaves", label=label, most=most, least=least)


def _explained(compared: Compared, found: Found) -> Iterator[Statement]:
    facts = found.facts
    yield _page(
        "compared.people",
        "compared",
        recipients=facts["people"],
        supporters=facts["supporters"],
        weeks=facts["weeks"],
    )
    drawn = "drawn" if facts["runs"] > 1 else "drawn_one"
    source = "file" if facts["own_people"] else drawn
    yield _page(f"compared.{source}", "compared", runs=facts["runs"])
    yield _page("compared.luck", "compared")
    runs_it = value_name(facts["organisation"])
    yield _page("compared.organisation", "compared", organisation=runs_it)
    yield _page("compared.everyone", "compared")
    if EQUAL_HOURS in compared.designs:
        yield _page("compared.bases", "compared", hours=target(compared))
    for section in ("costs", "last", "leaving"):
        yield _page(f"{section}_intro", section)
    if "people" in found.tables:
        yield _page("network_intro", "network")
    yield _page("assumed.counts", "assumed", **facts["parameters"]["counts"])
    if not facts["parameters"]["changed"]:
        yield _page("assumed.unchanged", "assumed")
    yield _page("assumed.how", "assumed")
