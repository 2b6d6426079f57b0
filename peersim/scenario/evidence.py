"""The evidence table: published figures with their sources; every source key of a parameter
resolves here.

A *source* is a string of blank-separated keys. A key is the id of a row (``D02``, ``T04``), one of
the two founding documents (``T``, ``P``), or the word ``assumption``.
"""

import csv
import functools
from collections.abc import Mapping
from importlib import resources
from types import MappingProxyType

DOCUMENTS = {
    "T": "Typology of peer-to-peer communities, from ten Danish projects for vulnerable "
    "adults (in Danish)",
    "P": "Peer-Partnerskabet (K. Serup Rasmussen 2024), article on 'Paths to everyday life' "
    "(PEER), its groups and its randomised trial (in Danish)",
}
"""The two founding documents."""

ASSUMPTION = "assumption"


@functools.cache
def table() -> Mapping[str, Mapping[str, str]]:
    """All rows of the evidence table by id, in the order of the file."""
    text = resources.files("peersim").joinpath("data/evidence.csv").read_text(encoding="utf-8")
    return MappingProxyType(
        {row["id"]: MappingProxyType(row) for row in csv.DictReader(text.splitlines())}
    )


def keys(source: str) -> list[str]:
    """Split a source string into its keys.

    >>> keys("T D02")
    ['T', 'D02']
    """
    return source.split()


def unresolved(source: str) -> list[str]:
    """Keys of a source string that stand for nothing; an empty source is itself unresolved.

    >>> unresolved("T D02"), unresolved("D99 assumption"), unresolved("")
    ([], ['D99'], [''])
    """
    known = {*table(), *DOCUMENTS, ASSUMPTION}
    return [key for key in keys(source) or [""] if key not in known]


def figure(row: Mapping[str, str]) -> str:
    """The figure of one row in words: value, range and unit.

    >>> figure(table()["D02"]), figure(table()["D01"])
    ('2 weeks', '3 to 6 months')
    """
    bounds = f"{row['low']} to {row['high']}" if row["low"] or row["high"] else ""
    value = f"{row['value']} ({bounds})" if row["value"] and bounds else row["value"] or bounds
    return f"{value} {row['unit']}".strip()


def citation(key: str) -> str:
    """What one key stands for, in one line that can be printed below a table.

    Raises
    ------
    KeyError
        If the key is unknown.

    >>> citation("assumption")
    'assumption: no source gives this number'
    """
    if key == ASSUMPTION:
        return "assumption: no source gives this number"
    if key in DOCUMENTS:
        return f"{key}: {DOCUMENTS[key]}"
    row = table()[key]
    where = f", {row['doi_or_url']}" if row["doi_or_url"].startswith(("10.", "http")) else ""
    read = f"seen: {row['seen']}; use: {row['use']}"
    return f"{key}: {row['quantity']}: {figure(row)}. {row['source']}{where} ({read})"


def citations(source: str) -> list[str]:
    """The citations of all keys of a source string."""
    return [citation(key) for key in keys(source)]
