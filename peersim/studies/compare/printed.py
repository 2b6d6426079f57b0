"""The short table that a comparison prints: which of the two is better on what, by how much, and
how sure that is.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from peersim.presentation.catalogue import words
from peersim.presentation.wording import half_of, in_short, named, written

if TYPE_CHECKING:
    import polars as pl

WIDTH = 116
WIDTHS = {
    "outcome": 31,
    "A": 9,
    "B": 9,
    "difference": 9,
    "interval": 19,
    "verdict": 21,
    "share": 12,
}


def table(
    tables: Mapping[str, pl.DataFrame], shown: Sequence[str], about: Mapping[str, Any]
) -> str:
    """Set out the outcomes `shown`, no wider than `WIDTH` characters.

    Parameters
    ----------
    tables : mapping of name to polars.DataFrame
    shown : sequence of str
        Outcomes in the order of the rows.
    about : mapping
        ``people``, ``week``, ``seed``, ``pairs`` and ``asked`` (about the precision): what the head
        says of the runs.
    """
    catalogue = words()["comparison"]
    rows = {row["outcome"]: row for row in tables["differences"].iter_rows(named=True)}
    lines = [
        "",
        *(f"{row['design']}: {row['text']}" for row in tables["designs"].iter_rows(named=True)),
    ]
    several = about["pairs"] > 1
    head = catalogue["head"] if several else catalogue["head_one"]
    lines += [
        "",
        head.format(**about, last=about["seed"] + about["pairs"] - 1),
        *map(_wrapped, about["asked"]),
        "",
    ]
    lines.append(_set(catalogue["columns"]))
    lines += [_set(cells(rows[name])) for name in shown]
    foot = (
        ["", *map(_wrapped, in_short(rows[name] for name in shown)), catalogue["foot"]]
        if several
        else []
    )
    return "\n".join([*lines, *foot])


def cells(row: Mapping[str, Any]) -> dict[str, str]:
    """Write one row of `differences`."""
    outcome, half = row["outcome"], half_of(row)
    ends = [written(row[end], outcome, half, signed=True) for end in ("low", "high")]
    known = np.isfinite(half)
    return {
        "outcome": named(outcome),
        "A": written(row["A"], outcome, half),
        "B": written(row["B"], outcome, half),
        "difference": written(row["difference"], outcome, half, signed=True),
        "interval": " to ".join(ends) if known else "",
        "verdict": "  " + row["verdict"],
        "share": f"{100 * row['p_better']:.0f} %" if known else "",
    }


def _wrapped(text: str) -> str:
    return textwrap.fill(text, WIDTH, subsequent_indent="  ")


def _set(texts: Mapping[str, str]) -> str:
    left = ("outcome", "verdict")
    parts = [
        texts[name].ljust(width) if name in left else texts[name].rjust(width)
        for name, width in WIDTHS.items()
    ]
    return "".join(parts).rstrip()
