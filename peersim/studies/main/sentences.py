"""What a comparison of designs says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from peersim.kernel.catalogue import listed
from peersim.kernel.statistics import ONE_RUN, SAME, SMALL, TOO_CLOSE
from peersim.presentation.exhibit import PAGE, TERMINAL, Statement
from peersim.scenario.typology import CONFIGURED, EQUAL_HOURS
from peersim.studies.main.compared import GAIN, Compared
from peersim.studies.main.persons import TRAITS

if TYPE_CHECKING:
    from peersim.studies.study import Found


def sentences(found: Found) -> Iterator[Statement]:
    """Give every sentence."""
    compared = Compared(found)
    facts = {"people": compared.people, "weeks": compared.weeks, "n": found.facts["runs"]}
    yield Statement("main.outcome_foot", facts, section="outcome", outlets=(TERMINAL,))
    yield from short(compared)
    yield from _sure(compared, found.facts["runs"])
    yield from _leaves(compared)
    yield from _explained(compared, found)


# -- the answer -----------------------------------------------------------------------------------
def short(compared: Compared) -> Iterator[Statement]:
    """Say which design does best, for whom, and at what price."""
    programmes = compared.programmes()
    first, several = programmes[0], len(programmes) > 1
    yield _first(compared, first, several)
    yield from _isolated(compared, first)
    if several:
        yield from _level(compared, CONFIGURED, first)
        if EQUAL_HOURS in compared.designs:
            yield from _equal(compared)
        for key, *verdicts in (("worse", "worse"), ("alike", SMALL, SAME), ("unclear", TOO_CLOSE)):
            if those := compared.with_verdict(*verdicts):
                yield _short(key, labels=_labels(compared, those))
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


def _isolated(compared: Compared, first: str) -> Iterator[Statement]:
    row = compared.row(CONFIGURED, first, "isolated")
    if row["verdict"] == "better":
        ends = {"fewer": row["difference"], "low": row["high"], "high": row["low"]}
        fewer = {name: -value * compared.people for name, value in ends.items()}
        yield _short("isolated", people=compared.people, label=compared.labels[first], **fewer)


def _level(compared: Compared, basis: str, first: str) -> Iterator[Statement]:
    for key, *verdicts in (("level", TOO_CLOSE, ONE_RUN), ("level_alike", SMALL, SAME)):
        if level := compared.level_with(basis, first, *verdicts):
            yield _short(key, labels=_labels(compared, level))


def _equal(compared: Compared) -> Iterator[Statement]:
    even = compared.programmes(EQUAL_HOURS)[0]
    if compared.row(EQUAL_HOURS, even)["verdict"] == "better":
        yield _short("equal", **_gap(compared, EQUAL_HOURS, even), hours=target(compared))
        yield from _level(compared, EQUAL_HOURS, even)


def target(compared: Compared) -> float:
    """Give the supporter hours at which designs are compared."""
    given = (row["target_hours"] for row in compared.designs[EQUAL_HOURS])
    return next(float(hours) for hours in given if hours is not None)


def _harm(compared: Compared, programmes: list[str]) -> Iterator[Statement]:
    worst = max(programmes, key=lambda name: compared.row(CONFIGURED, name, "harmed")["mean"])
    if compared.row(CONFIGURED, worst, "harmed")["mean"] > 0:
        harmed = compared.number(CONFIGURED, worst, "harmed")
        yield _short("harm", label=compared.labels[worst], harmed=harmed)


def _reach(compared: Compared, programmes: list[str]) -> Statement:
    order = sorted(
        programmes, key=lambda name: compared.row(CONFIGURED, name, "never_reached")["mean"]
    )
    best, worst = order[0], order[-1]
    return _short(
        "reach",
        best=compared.labels[best],
        worst=compared.labels[worst],
        least=compared.number(CONFIGURED, best, "never_reached"),
        most=compared.number(CONFIGURED, worst, "never_reached"),
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
    for trait in TRAITS:
        low, high = ("high", "low") if trait == "stage" else ("low", "high")

        def missed(name: str, trait: str = trait, third: str = high) -> float:
            found = compared.third(name, trait, third).number
            return 0.0 if found is None or found != found else found

        worst = max(compared.programmes(), key=missed)
        most, least = (compared.third(worst, trait, third) for third in (high, low))
        label = compared.labels[worst]
        yield _page(f"gap.{trait}", "leaves", label=label, most=most, least=least)


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
    yield _page("compared.organisation", "compared", organisation=facts["organisation"])
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
