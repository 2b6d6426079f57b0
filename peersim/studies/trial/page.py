"""The page of simulated trials; every number in it says from which table it comes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from peersim.kernel.evidence import citation
from peersim.presentation.numbers import marked, quoted, tagged
from peersim.presentation.page import Grid, Page, Part, Text, setting, written
from peersim.studies.trial import printed
from peersim.studies.trial.measurement import PRIMARY
from peersim.studies.trial.summary import CONFIGURED, END, PLAUSIBLE, published
from peersim.studies.trial.tables import ADJUSTED

if TYPE_CHECKING:
    import polars as pl

    from peersim.presentation.figures import Drawing
    from peersim.studies.trial.study import Conducted

TITLE = "A simulated trial: what would it find?"
SOURCES = ("P08", "O12", "P15", "P16")
_WHERE = {
    "effects_of_trial": "one",
    "scatter_of_trials": "many",
    "power_of_trials": "sizes",
    "effect_by_week": "when",
}


def page(
    tables: Mapping[str, pl.DataFrame],
    conducted: Conducted,
    drawings: Sequence[Drawing],
    manifest: Mapping[str, Any],
) -> str:
    """Write the page.

    Parameters
    ----------
    tables : mapping of name to polars.DataFrame
    conducted : Conducted
    drawings : sequence of Drawing
    manifest : mapping
        Of the folder.
    """
    of = {
        part: [drawing for drawing in drawings if _WHERE[drawing.name] == part]
        for part in _WHERE.values()
    }
    parts = [
        Part(
            "one",
            "One trial, as it would be reported",
            [_ABOUT_ONE, *_lines(printed.taking_part(tables))],
            of["one"],
            [_one(tables)],
        ),
        Part(
            "many",
            "Many trials",
            [_ABOUT_MANY, *_lines(printed.in_words(tables, conducted))],
            of["many"],
            list(_many(tables)),
        ),
        Part(
            "sizes",
            "How many people it would take",
            _lines(printed.sizes(tables, conducted)),
            of["sizes"],
        ),
        Part("when", "When the effect shows", [_ABOUT_WHEN], of["when"]),
        Part("limits", "What this trial leaves out", _LIMITS),
    ]
    short = [*_lines(printed.head(conducted)), *_short(tables)]
    return written(Page(TITLE, short, _facts(manifest), parts, _sources(conducted)), manifest)


_ABOUT_ONE = (
    "Differences are adjusted for the baseline; everybody is analysed as randomised, as far as measured. The intervals "
    "allow for groups in one arm only. The true effect compares the very people of the programme's arm with themselves "
    "in the world without the programme, without error of measurement; no real trial can see it."
)
_ABOUT_MANY = (
    "The same trial again and again with other people and other luck. Power: share of trials whose interval lies above "
    "zero. Covers truth: share of intervals that hold the mean true effect. Groups ignored: the same share had the "
    "analysis treated people of one group as independent."
)
_ABOUT_WHEN = (
    "Everybody is measured so many weeks after her own enrolment; people wait for a place and courses take their time, "
    "so an early measurement finds less."
)
_LIMITS = [
    "The two arms do not meet: those with service as usual live in a world of their own, without any programme.",
    "Supporters are not randomised and not measured.",
    "Service as usual is the absence of the programme; what else people are offered is not simulated.",
    "People are lost to follow-up by a coin that knows nothing about them. In a real trial those who gave up are lost "
    "more often, and complete cases then flatter the programme or wrong it.",
    "Nobody knows better or worse than she feels which arm she is in: there is no bias of answering.",
]


def _sources(conducted: Conducted) -> list[Text]:
    return [
        quoted(citation(key))
        for key in (*published(conducted.design.scenario.communities), *SOURCES)
    ]


def _lines(text: str) -> list[Text]:
    """Give the sentences of a printed part; their numbers come from its tables."""
    joined = text.replace("\n  ", " ").splitlines()
    return [quoted(line, table="trial_summary") for line in joined if line.strip()]


def _short(tables: Mapping[str, pl.DataFrame]) -> Iterator[Text]:
    for parameters in (CONFIGURED, PLAUSIBLE):
        rows = tables["trial_summary"].filter(parameters=parameters, outcome=PRIMARY, time=END)
        for row in rows.iter_rows(named=True):
            origin = {"table": "trial_summary", "parameters": parameters, "outcome": PRIMARY}
            ends = [_cell(row[end], 2, True, what=end, **origin) for end in ("d_low", "d_high")]
            yield Markup(
                "{}, parameters {}: Cohen’s d {} on average, {} to {} in nineteen of twenty trials; {} of "
                "trials show a benefit."
            ).format(
                PRIMARY.capitalize(),
                parameters,
                _cell(row["d"], 2, True, what="d", **origin),
                *ends,
                tagged(row["power"], "percent", what="power", **origin),
            )


def _facts(manifest: Mapping[str, Any]) -> list[tuple[Text, Text]]:
    asked = "identity.trial."
    names = {
        "intervention": "people randomised to the programme",
        "usual": "people with service as usual",
        "lost": "share lost to follow-up",
    }
    communities = " + ".join(manifest["identity"]["scenario"]["communities"])
    return [
        ("programme", quoted(communities, table="manifest", path="identity.scenario.communities")),
        *((text, setting(manifest, asked + name)) for name, text in names.items()),
    ]


def _cell(value: float | None, digits: int, signed: bool = False, **origin: Any) -> Markup:
    return marked(value, printed.number(value, digits, signed), **origin)


def _ends(
    row: Mapping[str, Any], names: tuple[str, str], digits: int, origin: Mapping[str, Any]
) -> Markup:
    ends = [_cell(row[name], digits, True, what=name, **origin) for name in names]
    return Markup('<span class="whole">{} to {}</span>').format(*ends)


def _one(tables: Mapping[str, pl.DataFrame]) -> Grid:
    heads = [
        "outcome",
        "programme",
        "usual",
        "difference",
        "interval",
        "d",
        "interval",
        "ICC",
        "true effect",
    ]
    cells = []
    for row in tables["trial"].filter(analysis=ADJUSTED).iter_rows(named=True):
        digits, origin = (
            printed.digits_of(row["outcome"]),
            {"table": "trial", "outcome": row["outcome"]},
        )
        cells.append(
            [
                _name(row),
                *(_cell(row[name], digits, what=name, **origin) for name in ("programme", "usual")),
                _cell(row["difference"], digits, True, what="difference", **origin),
                _ends(row, ("low", "high"), digits, origin),
                _cell(row["d"], 2, True, what="d", **origin),
                _ends(row, ("d_low", "d_high"), 2, origin),
                _cell(row["icc"], 2, what="icc", **origin),
                _cell(row["truth"], digits, True, what="truth", **origin),
            ]
        )
    return Grid("One trial", heads, cells, is_long=False)


def _name(row: Mapping[str, Any]) -> Markup:
    later = "" if row["time"] == END else ", later"
    return quoted(printed.named(row["outcome"]) + later, table="outcomes")


def _many(tables: Mapping[str, pl.DataFrame]) -> Iterator[Grid]:
    heads = [
        "outcome",
        "true effect",
        "d, mean",
        "where most trials fall",
        "power",
        "covers truth",
        "groups ignored",
        "design effect",
        "people needed",
    ]
    for parameters in (CONFIGURED, PLAUSIBLE):
        cells = []
        for row in tables["trial_summary"].filter(parameters=parameters).iter_rows(named=True):
            origin = {"table": "trial_summary", "parameters": parameters, "outcome": row["outcome"]}
            shares = [
                tagged(row[name], "percent", what=name, **origin)
                for name in ("power", "coverage", "naive")
            ]
            cells.append(
                [
                    _name(row),
                    _cell(
                        row["effect"],
                        printed.digits_of(row["outcome"]),
                        True,
                        what="effect",
                        **origin,
                    ),
                    _cell(row["d"], 2, True, what="d", **origin),
                    _ends(row, ("d_low", "d_high"), 2, origin),
                    *shares,
                    _cell(row["design_effect"], 2, what="design_effect", **origin),
                    tagged(row["enrol_80"], "whole", what="enrol_80", **origin),
                ]
            )
        if cells:
            yield Grid(f"Trials, parameters {parameters}", heads, cells, is_long=False)
