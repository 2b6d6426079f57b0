"""Settings as people read them: what each is, its unit, and words that it can be."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from typing import Any

from peersim.kernel.catalogue import has, say, worded
from peersim.kernel.paths import leaves
from peersim.scenario.run_options import PARAMETERS
from peersim.scenario.scenario import Scenario

OTHERS = ("chain", "difference", "person", "grid")
"""Words that studies say of what was asked for: what was found, and how points were laid out."""


_ASIDE = re.compile(
    r"\s*(?<!exp)\([^()]*(?:`|\w_\w| x )[^()]*\)"  # in parentheses
    r"|; [^;()]*(?:`|\w_\w)[^;]*"
    r"|, standard deviation of [^;:(]*"
    r"| `[^`]*`(?= \()"
)
"""What names other settings as they are typed, or says how it is reckoned."""

_FORMULA = re.compile(r"exp\(|[x/] \(|\^|`|logarit|standard deviation|standardafvigelse")
"""Behind a colon: how it is reckoned."""


def meaning_of(path: str) -> str:
    """Say what a setting is; nothing if it is not declared.

    >>> meaning_of("cafe.per_week"), meaning_of("communities")
    ('cafés or shared meals a week; in the projects, from one a month to two a week', '')
    """
    meaning = leaves(Scenario)[path].field.metadata.get("meaning", "")
    return worded("parameters", path, meaning) if meaning else ""


def plain_meaning(path: str) -> str:
    """Say what a setting is in plain words, without the formula that may stand behind it, and
    without the names under which other settings are typed.

    >>> plain_meaning("sign_up.exclusion"), plain_meaning("departure.closing")
    ('how strongly earlier exclusion slows sign-up', 'what a circle closes by')
    """
    if has(f"settings.plain.{path}"):
        return say(f"settings.plain.{path}")
    meaning = _ASIDE.sub("", meaning_of(path))
    said, _, more = meaning.partition(": ")
    return said if _FORMULA.search(more) else meaning


def meaning_in(column: str) -> Callable[[Mapping[str, Any]], str]:
    """Give what says in plain words what the setting is that a column names, row by row."""
    return lambda row: plain_meaning(str(row[column]))


def unit_name(unit: str) -> str:
    """Name a unit."""
    return worded("units", unit, unit)


def value_name(value: Any) -> str:
    """Name the value of a setting; one that is typed as a word is worded.

    >>> value_name("independent"), value_name("my people.csv")
    ('independent', 'my people.csv')
    """
    typed = str(value)
    return worded("values", typed, typed) if typed in words() else typed


@functools.cache
def words() -> frozenset[str]:
    """Give every word that a setting or an option can be."""
    found = {option for leaf in leaves(Scenario).values() for option in leaf.options}
    return frozenset(found | {str(True), str(False), *PARAMETERS, *OTHERS})
