"""Settings as people read them: what each is, its unit, and words that it can be."""

from __future__ import annotations

from typing import Any

from peersim.kernel.catalogue import worded
from peersim.kernel.paths import leaves
from peersim.scenario.scenario import Scenario


def meaning_of(path: str) -> str:
    """Say what a setting is; nothing if it is not declared.

    >>> meaning_of("cafe.per_week"), meaning_of("communities")
    ('cafés or shared meals a week; T: from once a month to twice a week', '')
    """
    meaning = leaves(Scenario)[path].field.metadata.get("meaning", "")
    return worded("parameters", path, meaning) if meaning else ""


def unit_name(unit: str) -> str:
    """Name a unit."""
    return worded("units", unit, unit)


def value_name(value: Any) -> str:
    """Name a value that is one of several words.

    >>> value_name("independent"), value_name(True)
    ('independent', 'True')
    """
    return worded("values", str(value), str(value))
