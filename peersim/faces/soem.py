"""A line for SØM, the Danish model of what social programmes cost and are worth: what its user has
to put in, as far as a model can say it.

SØM counts an effect net of what would have happened anyway. That is what a paired difference from
the same people without any programme is. A model is no effect study, and the line says so.
"""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from peersim import __version__
from peersim.faces.answers.outcomes import listed
from peersim.faces.answers.price import YEAR
from peersim.faces.answers.years import Years
from peersim.kernel.catalogue import say
from peersim.kernel.statistics import interval
from peersim.scenario.scenario import Scenario, changed, without_programme

WEEKS = (26, 52, 78, 104)
"""When a success is looked for again, to say how long it lasts."""

SUCCESSES = ("isolated", "would_be_alone", "lonely_for_both")
"""Outcomes of which the opposite is a success: it has a meaning without a programme too."""


@dataclass(frozen=True)
class Line:
    """What stands in the line.

    Attributes
    ----------
    outcome : str
        Of `SUCCESSES`.
    week : int
        When success is counted.
    numbers : mapping
        By field; null where there is none.
    """

    outcome: str
    week: int
    numbers: Mapping[str, Any]


def designs_for(scenario: Scenario, week: int) -> tuple[Scenario, Scenario]:
    """The design and the same people without it, long enough to see how long an effect lasts."""
    weeks = max(week, scenario.weeks, *WEEKS)
    longer = changed(scenario, {"weeks": weeks})
    return longer, without_programme(longer)


def line(years: Years, without: Years, outcome: str, week: int, invited: int) -> Line:
    """Put the line together.

    Parameters
    ----------
    years, without : Years
        Of the design and of the same people without it, as `designs_for` gives them.
    outcome : str
        Of `SUCCESSES`.
    week : int
    invited : int
    """
    success = [1.0 - each.weeks(outcome).astype(float) for each in (years, without)]
    net = success[0] - success[1]
    numbers = {
        "years": len(years),
        "invited": invited,
        "begun": listed(_middle(years.people["reached"]), 0),
        "completed": listed(_middle(years.people["completed"]), 0),
        "without": listed(success[1][:, week].mean()),
        "with": listed(success[0][:, week].mean()),
        "net": listed([net[:, week].mean(), *interval(net[:, week])]),
        "net_of_completed": _of_completed(years, without) if outcome == "isolated" else None,
        "lasts": {str(each): listed(net[:, each].mean()) for each in WEEKS},
        "year_of_effect": -(-week // YEAR),
        "a_year": listed(years.weeks("cost")[:, YEAR].mean(), 0),
        "staff_hours": listed(years.weeks("staff_hours")[:, YEAR].mean(), 0),
        "peer_hours": listed(years.weeks("supporter_hours")[:, YEAR].mean(), 0),
    }
    completed = float(years.people["completed"].sum(axis=1).mean())
    each = numbers["a_year"] / completed if completed >= 0.5 else None
    return Line(outcome, week, {**numbers, "for_each_completed": each and round(each)})


def _middle(who: np.ndarray) -> float:
    return float(np.median(who.sum(axis=1)))


def _of_completed(years: Years, without: Years) -> Any:
    """The net rate among those who had not dropped out by the last week, who are compared with
    themselves.
    """
    done = years.people["completed"]
    some = done.sum(axis=1) > 0
    gain = without.people["isolated"].astype(float) - years.people["isolated"]
    rates = (gain * done).sum(axis=1)[some] / done.sum(axis=1)[some]
    return listed([rates.mean(), *interval(rates)]) if len(rates) > 1 else None


# -- as it is shown -------------------------------------------------------------------------------
TYPED = ("target_group", "start", "years_of_operation", "consequences")
"""Fields that a model knows nothing of: whoever fills them in does."""

_ORDER = (
    "target_group",
    "invited",
    "begun",
    "completed",
    "success",
    "without",
    "with",
    "net",
    "net_of_completed",
    "lasts",
    "year_of_effect",
    "start",
    "a_year",
    "for_each_completed",
    "staff_hours",
    "peer_hours",
    "years_of_operation",
    "level",
    "premises",
    "consequences",
)


def as_data(found: Line) -> dict[str, Any]:
    """The line for a page, in the language of the moment.

    Returns
    -------
    dict
        ``numbers`` by field; ``rows``: ``[field, label, text]``, the text empty where the user is
        to write; ``tsv`` and ``csv``: the same, to copy and to save, the latter with semicolons and
        decimal commas.
    """
    rows = [[name, say(f"faces.soem.fields.{name}"), _text(name, found)] for name in _ORDER]
    return {
        "outcome": found.outcome,
        "week": found.week,
        "numbers": found.numbers,
        "rows": rows,
        "typed": list(TYPED),
        "tsv": "\n".join(f"{label}\t{text}" for _, label, text in rows),
        "csv": _csv(found),
    }


def _text(name: str, found: Line) -> str:
    numbers = found.numbers
    value: Any = numbers.get(name)
    if name in TYPED or (name in numbers and value is None):
        return ""
    match name:
        case "success":
            return say(f"faces.soem.success.{found.outcome}", week=found.week)
        case "level":
            return say("faces.file.soem_level")
        case "premises":
            year, month, day = datetime.date.today().isoformat().split("-")
            date = {"year": year, "month": month, "day": day}
            return say("faces.soem.premises", version=__version__, years=numbers["years"], **date)
        case "net" | "net_of_completed":
            return say("faces.soem.net", **dict(zip(("net", "low", "high"), value, strict=True)))
        case "lasts":
            each = [say("faces.soem.lasts", week=week, net=net) for week, net in value.items()]
            return " · ".join(each)
    return say(f"faces.soem.values.{_FORMS[name]}", value=value)


_FORMS = {
    **dict.fromkeys(("invited", "begun", "completed", "year_of_effect"), "count"),
    **dict.fromkeys(("without", "with"), "share"),
    **dict.fromkeys(("a_year", "for_each_completed"), "kroner"),
    **dict.fromkeys(("staff_hours", "peer_hours"), "hours"),
}
"""How each number is written."""


def _csv(found: Line) -> str:
    """A field a row: its label, its number with a decimal comma where it has one, what it says."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    for name in _ORDER:
        label = say(f"faces.soem.fields.{name}")
        writer.writerow([label, *_cells(name, found), _text(name, found)])
    return "\ufeff" + text.getvalue()


def _cells(name: str, found: Line) -> list[str]:
    """The number of a field as a spreadsheet reads it, with the ends of its interval."""
    value = found.numbers.get(name)
    many = value if isinstance(value, list) else [value]
    numbers = [_comma(each) for each in many] if not isinstance(value, dict) else []
    return (numbers + ["", "", ""])[:3]


def _comma(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}".replace(".", ",")
