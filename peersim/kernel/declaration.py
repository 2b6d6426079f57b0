"""Declaring and checking parameters: one declaration each, read by everything else.

A group of parameters is a plain dataclass whose fields are made by :func:`parameter`. The
declaration feeds validation, the Hydra schema, the compiled record, sweep bounds and the parameter
tables of the documentation.
"""

from __future__ import annotations

import dataclasses
import enum
import math
from collections.abc import Iterator
from typing import Any

from peersim.kernel.catalogue import has, say

BESIDE = {"beside": True}
"""Marks a setting that decides nothing, such as where a list is written: no part of what a run is."""

KINDS = ("measured", "theory", "calibrated", "assumption")


class InvalidInput(ValueError):
    """Something the user wrote cannot be used; it is said in one plain sentence or two.

    Parameters
    ----------
    key : str
        Of the sentence in the catalogue.
    values
        What stands in its blanks.
    """

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.key, self.values = key, values

    def __str__(self) -> str:
        return say(self.key, **self.values) if has(self.key) else self.key


def parameter(  # noqa: PLR0913 (a declaration is a row of a table)
    default: Any,
    unit: str,
    low: float,
    high: float,
    meaning: str,
    source: str = "assumption",
    evidence: str = "assumption",
) -> Any:
    """Declare one parameter as a dataclass field.

    Parameters
    ----------
    default : float, int, bool or Enum
        Default value, in `unit`.
    unit : str
        Unit of the value; ``"0-1"`` for shares and states, ``"-"`` for a pure number.
    low, high : float
        Bounds, both allowed. For an assumption they are honest and wide.
    meaning : str
        What it is, in one sentence of plain words.
    source : str
        Keys into the evidence table or the two founding documents (``T``, ``P``), blank-separated,
        or ``assumption``.
    evidence : str
        One of `KINDS`.
    """
    metadata = {
        "unit": unit,
        "low": low,
        "high": high,
        "meaning": meaning,
        "source": source,
        "evidence": evidence,
    }
    return dataclasses.field(default=default, metadata=metadata)


def declared(group: Any, prefix: str = "") -> Iterator[tuple[str, Any, dataclasses.Field]]:
    """Yield (path, value, field) for each declared parameter of a dataclass instance, depth
    first.
    """
    for field in dataclasses.fields(group):
        value, path = getattr(group, field.name), f"{prefix}{field.name}"
        if dataclasses.is_dataclass(value):
            yield from declared(value, path + ".")
        elif "meaning" in field.metadata:
            yield path, value, field


def fault(path: str, value: Any, field: dataclasses.Field) -> str | None:
    """Say in one sentence what is wrong with a value, or None.

    >>> fault("group.size", 99, dataclasses.fields(dataclasses.make_dataclass(
    ...     "G", [("size", int, parameter(8, "people", 3, 30, "members"))]))[0])
    'group.size is 99 people; it can be 3 to 30.'
    """
    low, high, unit = field.metadata["low"], field.metadata["high"], field.metadata["unit"]
    if isinstance(value, enum.Enum):
        return None
    if not isinstance(value, (int, float)) or math.isnan(value):
        return f"{path} is {value!r}; it must be a number from {low:g} to {high:g}."
    if low <= value <= high:
        return None
    shown = "" if unit in ("-", "0-1") else f" {unit}"
    return f"{path} is {value:g}{shown}; it can be {low:g} to {high:g}."


def within_bounds(group: Any, prefix: str) -> None:
    """Check every declared value of a group.

    Raises
    ------
    InvalidInput
        One sentence about the first value out of bounds.
    """
    for path, value, field in declared(group, prefix):
        if complaint := fault(path, value, field):
            raise InvalidInput(complaint)
