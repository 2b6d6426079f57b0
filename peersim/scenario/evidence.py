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

from peersim.kernel.catalogue import LANGUAGES, declared_words, language, say, worded
from peersim.kernel.numbers import written

DOCUMENTS = {
    "T": "Typology of peer-to-peer communities, from ten Danish projects for vulnerable "
    "adults (in Danish)",
    "P": "Peer-Partnerskabet (K. Serup Rasmussen 2024), article on 'Paths to everyday life' "
    "(PEER), its groups and its randomised trial (in Danish)",
}
"""The two founding documents."""

ASSUMPTION = "assumption"

NO_FIGURES = ("sign", "sign pattern")
"""Units of rows that say in which direction something goes, and no number."""


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


def source_name(source: str) -> str:
    """Give a source string for people: keys as they are, the word ``assumption`` worded.

    >>> source_name("assumption"), source_name("T D02")
    ('assumption', 'T D02')
    """
    return worded("kinds", source, source) if source == ASSUMPTION else source


def document(key: str) -> str:
    """What a founding document is."""
    return worded("documents", key, DOCUMENTS[key])


def quantity(row: Mapping[str, str]) -> str:
    """What the figure of a row is about."""
    return worded("quantities", row["id"], row["quantity"])


def seen(how: str) -> str:
    """How a source was seen."""
    return worded("seen", how, how)


def publication(row: Mapping[str, str]) -> str:
    """Where a row was read: a title stays as it is, what is said about it is worded."""
    spoken, source = language(), row["source"]
    return (
        source if spoken == LANGUAGES[0] else declared_words(spoken)["sources"].get(source, source)
    )


def figure(row: Mapping[str, str]) -> str:
    """The figure of one row in words: value, range and unit.

    >>> figure(table()["D02"]), figure(table()["D01"])
    ('2 weeks', '3 to 6 months')
    """
    value, low, high = (_as_spoken(row[name]) for name in ("value", "low", "high"))
    bounds = say("numbers.span", low=low, high=high) if low or high else ""
    value = f"{value} ({bounds})" if value and bounds else value or bounds
    return f"{value} {worded('figure_units', row['unit'], row['unit'])}".strip()


def _as_spoken(number: str) -> str:
    """A number of the table, or a word that stands in the place of one, as it is written here."""
    if language() == LANGUAGES[0] or not number:
        return number
    try:
        return written(float(number), "g6", language())
    except ValueError:
        return worded("signs", number, number)


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
        return say("evidence.assumption")
    if key in DOCUMENTS:
        return f"{key}: {document(key)}"
    row = table()[key]
    where = f", {row['doi_or_url']}" if row["doi_or_url"].startswith(("10.", "http")) else ""
    return say(
        "evidence.citation",
        name=key,
        quantity=quantity(row),
        figure=figure(row),
        source=f"{publication(row)}{where}",
        seen=seen(row["seen"]),
        use=worded("uses", key, row["use"]),
    )


def in_plain_words(key: str) -> str:
    """What one key stands for, for people who look nothing up: the finding, and who published it.

    >>> in_plain_words("Q08").rpartition(". ")[2]
    'FriSe'
    """
    if key in DOCUMENTS:
        return document(key)
    row = table()[key]
    has_figure = row["unit"] not in NO_FIGURES
    name = "evidence.finding" if has_figure else "evidence.direction"
    figures = {"figure": figure(row)} if has_figure else {}
    return say(name, quantity=quantity(row), source=publication(row), **figures)


def citations(source: str) -> list[str]:
    """The citations of all keys of a source string."""
    return [citation(key) for key in keys(source)]
