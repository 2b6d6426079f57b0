"""Settings as people read them: what each is, its unit, and words that it can be."""

from __future__ import annotations

import functools
from typing import Any

from peersim.kernel.catalogue import has, say, worded
from peersim.kernel.paths import leaves
from peersim.scenario.run_options import PARAMETERS
from peersim.scenario.scenario import Scenario

OTHERS = ("chain", "difference", "person", "grid")
"""Words that studies say of what was asked for: what was found, and how points were laid out."""


def meaning_of(path: str) -> str:
    """Say what a setting is; nothing if it is not declared.

    >>> meaning_of("cafe.per_week"), meaning_of("communities")
    ('cafés or shared meals a week; T: from once a month to twice a week', '')
    """
    meaning = leaves(Scenario)[path].field.metadata.get("meaning", "")
    return worded("parameters", path, meaning) if meaning else ""


def plain_meaning(path: str) -> str:
    """Say what a setting is in plain words, without the formula that may stand behind it.

    >>> plain_meaning("sign_up.exclusion")
    'how strongly earlier exclusion slows sign-up'
    """
    if has(f"settings.plain.{path}"):
        return say(f"settings.plain.{path}")
    said, _, more = meaning_of(path).partition(": ")
    return said if "exp(" in more else meaning_of(path)


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
