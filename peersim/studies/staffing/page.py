"""The page of a staffing study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from peersim.presentation.numbers import quoted, tagged
from peersim.presentation.page import Grid, Page, Part, Text, written
from peersim.presentation.report import setting
from peersim.studies.staffing.levers import AS_CONFIGURED
from peersim.studies.staffing.printed import (
    SHOWN,
    after_conclusions,
    answer_cell,
    cell_of,
    conclusions,
    head,
)
from peersim.studies.staffing.waits import MEASURES, MEETING, PLACE

if TYPE_CHECKING:
    import polars as pl

    from peersim.presentation.figures import Drawing
    from peersim.studies.staffing.study import Staffed

TITLE = "How many supporters does it take, and what if some leave?"
_HOW = (
    "The same people with the same luck meet more and more supporters. Parameters are not fixed: each world has one of "
    "the sets that the calibration left standing, so the bands carry what is not known as well as chance. Waiting is "
    "counted from the week of sign-up. A place is a match, a place in a group, or access to a drop-in or a platform; a "
    "first meeting is the first that somebody comes to (in a drop-in place: the first talk). People who sign up too "
    "late to be followed that long do not count."
)
_ELSE = (
    "One lever at a time, everything else as configured. Filled: the average share of people is as asked for. Hollow: "
    "it is so in as many worlds as are to be sure."
)
_LOSS = (
    "The same worlds, and the same supporters leave, whatever the answer. Going on without them: those left behind are "
    "not matched again. Those left behind were matched with one of the leavers, or in a circle with one (where there "
    "is neither: had a tie to one). A verdict compares with going on, the same worlds set by set of parameters."
)
_LIMITS = [
    "Supporters are all invited, and begin their training, in the first week; the model knows no later recruitment "
    "besides that after the loss. Who is invited late waits for nobody's training.",
    "Those invited while a loss is answered train as all others do, and are ready weeks later.",
    "A supporter who leaves is drawn by chance. In life those leave who are worn, and the loss is not news to all.",
    "Merging circles and inviting supporters later are done to the world itself; no setting or event does the same.",
    "Whether a coordinator can find so many people with lived experience is not asked.",
]


def page(
    tables: Mapping[str, pl.DataFrame],
    staffed: Staffed,
    drawings: Sequence[Drawing],
    manifest: Mapping[str, Any],
) -> str:
    """Write the page."""
    of = {drawing.name: [drawing] for drawing in drawings}
    numbers = [quoted(line, table="needed") for line in conclusions(tables, staffed)]
    parts = [
        Part(
            "numbers", "How many supporters", [_HOW], of["how_many_supporters"], [_numbers(tables)]
        ),
        Part("why", "What people wait for", numbers[-2:], of["what_people_wait_for"]),
        Part(
            "else", "What else would help", [_ELSE], of["what_else_would_help"], [_levers(tables)]
        ),
    ]
    short = [
        *(quoted(line, table="waits") for line in head(staffed, tables).splitlines()),
        *numbers[:2],
    ]
    if "after_loss" in tables:
        said = [quoted(line, table="after_loss") for line in after_conclusions(tables, staffed)]
        grids = [_answers(tables, week) for week in staffed.looked_at]
        parts.append(
            Part("loss", "When supporters leave", [_LOSS, *said], of["after_the_loss"], grids)
        )
        short += said[:1]
    parts.append(Part("limits", "What this leaves out", _LIMITS))
    return written(Page(TITLE, short, _facts(manifest, staffed), parts), manifest)


def _facts(manifest: Mapping[str, Any], staffed: Staffed) -> list[tuple[Text, Text]]:
    communities = " + ".join(manifest["identity"]["scenario"]["communities"])
    asked = "identity.staffing."
    names = {
        "wait": "weeks within which people are to begin",
        "share": "share of people who are to",
        "lost": "supporters who leave",
        "at": "in week",
    }
    size = f"{staffed.sets} plausible sets of parameters, {staffed.worlds} worlds with each"
    return [
        ("programme", quoted(communities, table="manifest", path="identity.scenario.communities")),
        ("people invited", setting(manifest, "identity.scenario.population.recipients")),
        *((text, setting(manifest, asked + name)) for name, text in names.items()),
        ("parameters", quoted(size, table="waits")),
        ("command", manifest["command"] or "from Python"),
    ]


def _numbers(tables: Mapping[str, pl.DataFrame]) -> Grid:
    rows = tables["waits"].filter(lever=AS_CONFIGURED)
    places = dict(rows.filter(measure=PLACE).select("supporters", "share").iter_rows())
    cells = []
    for row in rows.filter(measure=MEETING).iter_rows(named=True):
        origin = {"table": "waits", "lever": AS_CONFIGURED, "supporters": row["supporters"]}
        band = [
            tagged(row[name], "percent", what=name, measure=MEETING, **origin)
            for name in ("share", "share_low", "share_high", "kept", "never_met")
        ]
        cells.append(
            [
                quoted(row["supporters"], table="waits"),
                tagged(row["active"], "one", what="active", **origin),
                tagged(places[row["supporters"]], "percent", what="share", measure=PLACE, **origin),
                *band[:4],
                tagged(row["median_wait"], "whole", what="median_wait", measure=MEETING, **origin),
                band[4],
            ]
        )
    heads = [
        "supporters invited",
        "become active",
        "a place in time",
        "first meeting in time",
        "in bad worlds",
        "in good worlds",
        "promise kept in",
        "median wait (weeks)",
        "never met",
    ]
    note = "Bad and good worlds: a twentieth of the worlds lie below and above."
    return Grid("More and more supporters", heads, cells, note)


def _levers(tables: Mapping[str, pl.DataFrame]) -> Grid:
    needed = tables["needed"]
    cells = []
    for lever, label in dict(needed.select("lever", "label").iter_rows()).items():
        own = needed.filter(lever=lever)
        best = own.filter(measure=MEETING)["best_share"][0]
        numbers = [
            quoted(cell_of(own.filter(measure=measure)), table="needed", lever=lever)
            for measure in MEASURES
        ]
        cells.append(
            [
                label,
                *numbers,
                tagged(best, "percent", table="needed", lever=lever, what="best_share"),
            ]
        )
    heads = [
        "",
        "for a place: on average / surely",
        "for a first meeting: on average / surely",
        "most who begin in time",
    ]
    return Grid(
        "Supporters to be invited, with one lever pulled",
        heads,
        cells,
        "-: no number tried is enough.",
    )


def _answers(tables: Mapping[str, pl.DataFrame], week: int) -> Grid:
    rows = tables["after_loss"].filter(week=week)
    cells = []
    for answer, label in dict(rows.select("answer", "label").iter_rows()).items():
        own = rows.filter(answer=answer)
        found = [
            own.filter(outcome=outcome, whose=whose).row(0, named=True)
            for outcome, whose, _ in SHOWN
        ]
        cells.append(
            [label, *(quoted(answer_cell(row), table="after_loss", answer=answer) for row in found)]
        )
    heads = ["", *(heading.replace("-\n", "").replace("\n", " ") for *_, heading in SHOWN)]
    note = "In brackets: against going on without them (shares in points); =: the same; ≈: too close to call."
    return Grid(f"At the end of week {week}", heads, cells, note)
