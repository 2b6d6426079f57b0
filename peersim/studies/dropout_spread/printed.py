"""What `experiment=dropout_spread` prints."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from peersim.studies.dropout_spread.knock_outs import AS_IT_HAPPENED, WHAT_IF
from peersim.studies.dropout_spread.lives import WINDOW
from peersim.studies.dropout_spread.tables import EVERYBODY

if TYPE_CHECKING:
    import polars as pl

    from peersim.scenario.scenario import Scenario

NAME_WIDTH, CELL = 28, 22
WIDTH = 114
FEW = 20
"""Of fewer leavings than that no mean is shown."""
WHO = {
    "supporter": "a supporter",
    "bridge": "a bridge",
    "popular": "somebody popular",
    "other recipient": "another recipient",
}
CHANNELS = {
    "structure": "places close",
    "loss": "friends lost",
    "social": "others seen to leave",
    "the rest": "the rest",
}
FOOT = (
    "± : 95 % interval; worlds, not persons, are taken as independent. * : the interval does not hold zero. Numbers "
    "are net: others who drop out because of it, less those who stay because of it; negative numbers are possible."
)


def table(tables: Mapping[str, pl.DataFrame], scenario: Scenario, worlds: int) -> str:
    """Set out what one departure brings about, who is followed, through what, and what helps."""
    labels = dict(tables["designs"].select("design", "label").iter_rows())
    people = scenario.population.recipients + scenario.population.supporters
    lines = [
        "",
        f"When one person drops out, how many others who took part drop out within {WINDOW} weeks because of it?",
        f"{people} people, {worlds} worlds of each kind; the same world with and without each leaving",
        "",
        *_numbers(tables, labels, worlds),
        "",
        "Whose leaving is followed? Somebody drawn by lot is made to leave:",
        *_by(tables["reproduction"].filter(measure="net", leaving=WHAT_IF), "who", WHO, labels),
    ]
    if "spread_channels" in tables:
        lines += ["", "Through what? The four add up to the whole:"]
        lines += _by(tables["spread_channels"], "channel", CHANNELS, labels)
    if tables["spread_levers"].height:
        lines += ["", "What would halve it? Change in the number who follow:"]
        lines += _levers(tables["spread_levers"], labels)
    lines += ["", *_books(tables["attribution"]), "", *textwrap.wrap(FOOT, WIDTH)]
    return "\n".join(lines)


def _line(name: str, cells: Sequence[str]) -> str:
    return (name.ljust(NAME_WIDTH) + "".join(cell.rjust(CELL) for cell in cells)).rstrip()


def with_margin(row: Mapping[str, Any], mean: str = "mean", form: str = "+.2f") -> str:
    """Write a mean with its margin, and a star where the interval does not hold zero.

    >>> with_margin({"mean": 0.106, "low": 0.03, "high": 0.182})
    '+0.11 ±0.08*'
    """
    value, low, high = row[mean], row["low"], row["high"]
    if value is None or not np.isfinite(value):
        return "-"
    if row.get("persons", FEW) < FEW:
        return "too few"
    if not np.isfinite(low):
        return f"{value:{form}}"
    return f"{value:{form}} ±{(high - low) / 2:.2f}" + ("*" if low > 0 or high < 0 else "")


def _numbers(
    tables: Mapping[str, pl.DataFrame], labels: Mapping[str, str], worlds: int
) -> Iterator[str]:
    yield _line(
        "", ["who left (a world)", "others who follow", "drop out / stay", "without a place"]
    )
    rows = measures(tables["reproduction"], AS_IT_HAPPENED, EVERYBODY)
    for design, label in labels.items():
        mine = rows.get(design)
        if mine is None:
            yield _line(label, ["0", "-", "-", "-"])
            continue
        more = mine["caused"]["mean"] + mine["brought_forward"]["mean"]
        fewer = mine["prevented"]["mean"] + mine["put_off"]["mean"]
        left = f"{mine['net']['persons'] / worlds:.1f}"
        yield _line(
            label,
            [
                left,
                with_margin(mine["net"]),
                f"{more:.2f} / {fewer:.2f}",
                with_margin(mine["without_place"]),
            ],
        )
    yield ""
    yield from textwrap.wrap(
        f"Without a place: net number of other people looking for support who after {WINDOW} weeks neither take part "
        "nor have completed nor moved on, also because nobody was there for them any more, or as places came free.",
        WIDTH,
    )


def measures(
    reproduction: pl.DataFrame, leaving: str, who: str
) -> dict[str, dict[str, dict[str, Any]]]:
    """Give the rows of one kind of leaving and of leaver, by design and measure."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for row in reproduction.filter(leaving=leaving, who=who).iter_rows(named=True):
        found.setdefault(row["design"], {})[row["measure"]] = row
    return found


def _by(
    rows: pl.DataFrame, key: str, names: Mapping[str, str], labels: Mapping[str, str]
) -> Iterator[str]:
    yield _line("", list(names.values()))
    found = {(row["design"], row[key]): row for row in rows.iter_rows(named=True)}
    for design, label in labels.items():
        cells = [
            with_margin(found[design, name]) if (design, name) in found else "-" for name in names
        ]
        yield _line(label, cells)


def _levers(rows: pl.DataFrame, labels: Mapping[str, str]) -> Iterator[str]:
    for row in rows.iter_rows(named=True):
        change = (
            f"{row['without']:+.2f} -> {row['with']:+.2f}, change {with_margin(row, 'difference')}"
        )
        yield f"{labels[row['design']]:<16}{row['text']:<44}{change:<36}{row['verdict']}"


def _books(rows: pl.DataFrame) -> Iterator[str]:
    """Say how far the books, which name a person behind a departure, agree with the knock-outs."""
    named, caused, both = (
        int(rows[name].sum()) for name in ("named", "caused_or_brought_forward", "both")
    )
    yield from textwrap.wrap(
        f"The books name somebody's leaving behind {named} of the departures that were followed; the knock-outs find "
        f"{caused} that would not have happened within {WINDOW} weeks without it. {both} are both.",
        WIDTH,
    )
