"""One offline HTML page about a project's list; every number in it says from which table it
comes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from peersim.presentation.catalogue import words
from peersim.presentation.numbers import marked, quoted
from peersim.presentation.page import Grid, Page, Part, Text, written
from peersim.studies.check_own_data.printed import account_text, accounts, in_a_word, number

if TYPE_CHECKING:
    import polars as pl

    from peersim.presentation.figures import Drawing
    from peersim.studies.check_own_data.checks import Fit
    from peersim.studies.check_own_data.study import Answer


def page(
    answer: Answer,
    tables: Mapping[str, pl.DataFrame],
    drawings: Sequence[Drawing],
    manifest: Mapping[str, Any],
) -> str:
    """Write the page."""
    catalogue = words()["own_data"]["page"]
    short = [quoted(in_a_word(answer.together), table="checks")]
    short += [
        quoted(fit.verdict.capitalize() + ".", table="checks", check=fit.check.name)
        for fit in _missed(answer)
    ]
    curves = [drawing for drawing in drawings if drawing.name != "fit"]
    parts = [
        Part(
            "fit",
            catalogue["fit"],
            [catalogue["fit_text"]],
            [each for each in drawings if each.name == "fit"],
            [
                Grid(
                    catalogue["checks"],
                    catalogue["check_heads"],
                    [_check(fit) for fit in answer.fits],
                )
            ],
        ),
        Part("curves", catalogue["curves"], [catalogue["curves_text"]], curves),
        *_causes(answer, catalogue),
        _records(answer, catalogue),
    ]
    return written(
        Page(words()["own_data"]["title"], short, _facts(answer, catalogue), parts), manifest
    )


def _missed(answer: Answer) -> list[Fit]:
    return [fit for fit in answer.fits if fit.is_miss]


def _facts(answer: Answer, catalogue: Mapping[str, Any]) -> list[tuple[Text, Text]]:
    own, population = answer.own, answer.programme.scenario.population
    facts: list[tuple[Text, Text]] = [
        (
            catalogue["people"],
            quoted(own.attendance.people, table="manifest", path="identity.data"),
        ),
        (catalogue["weeks"], quoted(own.attendance.weeks, table="manifest", path="identity.data")),
        (
            catalogue["invited"],
            quoted(population.recipients, table="manifest", path="identity.scenario.population"),
        ),
        (catalogue["programme"], " + ".join(answer.programme.scenario.communities)),
    ]
    for note in (*own.notes, *answer.programme.notes):
        facts.append((catalogue["note"], quoted(note, table="manifest", path="identity.data")))
    return facts


def _check(fit: Fit) -> list[Text]:
    origin = {"table": "checks", "check": fit.check.name}
    cells = [
        marked(getattr(fit, name), number(getattr(fit, name), fit.check), what=name, **origin)
        for name in ("observed", "median", "low", "high")
    ]
    return [quoted(fit.check.label, **origin), *cells, quoted(fit.verdict, **origin)]


def _causes(answer: Answer, catalogue: Mapping[str, Any]) -> Iterator[Part]:
    if not _missed(answer):
        return
    origin = {"table": "check_causes"}
    rows: list[list[Text]] = [
        [
            quoted(each.path, **origin),
            quoted(each.checks, **origin),
            quoted(account_text(each), **origin),
            quoted(each.meaning, table="parameters"),
        ]
        for each in accounts(answer.causes)
    ]
    grids = [Grid(catalogue["causes"], catalogue["cause_heads"], rows)] if rows else []
    yield Part(
        "causes",
        catalogue["causes"],
        [catalogue["causes_text" if rows else "no_cause"]],
        grids=grids,
    )


def _records(answer: Answer, catalogue: Mapping[str, Any]) -> Part:
    advice, rows = answer.advice, []
    for worth in advice.worths:
        origin = {"table": "records", "record": worth.kind.name}
        shares = [
            marked(getattr(worth, name), f"{100 * getattr(worth, name):.0f} %", what=name, **origin)
            for name in ("narrowed", "low", "high", "parameters")
        ]
        rows.append([quoted(worth.kind.label, **origin), *shares, quoted(worth.kind.how, **origin)])
    first = [
        quoted(
            f"{place}. {worth.kind.label}: {worth.kind.how}.",
            table="records",
            record=worth.kind.name,
        )
        for place, worth in enumerate(advice.chosen, 1)
    ]
    texts = [catalogue["records_text"], *first]
    grid = Grid(catalogue["all_records"], catalogue["record_heads"], rows)
    return Part("records", catalogue["records"], texts, grids=[grid])
