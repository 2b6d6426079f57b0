"""Declaring, checking and packing parameters: one declaration each, read by everything else.

A group of parameters is a plain dataclass whose fields are made by :func:`parameter`. The
declaration feeds validation, the Hydra schema, the compiled record, sweep bounds and the parameter
tables of the documentation.
"""

from __future__ import annotations

import dataclasses
import enum
import functools
import math
import typing
from collections.abc import Iterator
from typing import Any

import numpy as np

from peersim.kernel.catalogue import Sentence, has, say

BESIDE = {"beside": True}
"""Marks a setting that decides nothing, such as where a list is written; no part of the run."""

KINDS = ("measured", "theory", "calibrated", "assumption")


class InvalidInput(ValueError):
    """Something the user wrote cannot be used; it is said in one plain sentence or two.

    Parameters
    ----------
    key : str
        Of the sentence in the catalogue.
    hint : Sentence, optional
        A second sentence, such as what may have been meant.
    values
        What stands in the blanks. Values of settings stand there as people type them, the same in
        every language.
    """

    def __init__(self, key: str, hint: Sentence | None = None, /, **values: Any) -> None:
        if not has(key):
            raise KeyError(f"the catalogue has no sentence {key!r}")
        super().__init__(key)
        self.key, self.values, self.hint = key, values, hint

    def __str__(self) -> str:
        said = say(self.key, **self.values)
        return said if self.hint is None else f"{said} {self.hint}"


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


def fault(path: str, value: Any, field: dataclasses.Field) -> InvalidInput | None:
    """Say in one sentence what is wrong with a value, or None.

    >>> print(fault("group.size", 99, dataclasses.fields(dataclasses.make_dataclass(
    ...     "G", [("size", int, parameter(8, "people", 3, 30, "members"))]))[0]))
    group.size is 99 people; it can be 3 to 30.
    """
    low, high, unit = field.metadata["low"], field.metadata["high"], field.metadata["unit"]
    if isinstance(value, enum.Enum):
        return None
    bounds = {"name": path, "low": f"{low:g}", "high": f"{high:g}"}
    if not isinstance(value, (int, float)) or math.isnan(value):
        return InvalidInput("errors.setting.no_number", value=repr(value), **bounds)
    if low <= value <= high:
        return None
    if unit in ("-", "0-1"):
        return InvalidInput("errors.setting.bounds", value=f"{value:g}", **bounds)
    return InvalidInput("errors.setting.bounds_in_unit", value=f"{value:g}", unit=unit, **bounds)


def within_bounds(group: Any, prefix: str) -> None:
    """Check every declared value of a group.

    Raises
    ------
    InvalidInput
        One sentence about the first value out of bounds.
    """
    for path, value, field in declared(group, prefix):
        if complaint := fault(path, value, field):
            raise complaint


def _is_group(value: Any) -> bool:
    """Whether a field holds a group of parameters; the frozen table of a user's people is none.

    Were it packed, a file of people would make another type of world, and so ask for another
    compilation.
    """
    if not dataclasses.is_dataclass(value):
        return False
    fields = dataclasses.fields(value)
    return any(
        "meaning" in field.metadata or _is_group(getattr(value, field.name)) for field in fields
    )


def record_type(group: Any) -> np.dtype:
    """The record that compiled code reads: integers, yes/no and options as int64, the rest
    float64.
    """
    fields: list[Any] = []
    hints = typing.get_type_hints(type(group))
    for field in dataclasses.fields(group):
        value = getattr(group, field.name)
        if _is_group(value):
            fields.append((field.name, record_type(value)))
        elif "meaning" in field.metadata:
            fields.append((field.name, "f8" if hints[field.name] is float else "i8"))
    return np.dtype((np.record, fields))


@functools.cache
def _packing(kind: Any) -> list[tuple[str, str, dict[Any, int]]]:
    """What is packed of a group: name, whether it is a group, one of several options or a number,
    and the options.
    """
    found: list[tuple[str, str, dict[Any, int]]] = []
    hints = typing.get_type_hints(kind)
    for field in dataclasses.fields(kind):
        hint = hints[field.name]
        if dataclasses.is_dataclass(hint) and "omegaconf_ignore" not in field.metadata:
            found.append((field.name, "group", {}))
        elif isinstance(hint, type) and issubclass(hint, enum.Enum):
            found.append(
                (field.name, "option", {option: number for number, option in enumerate(hint)})
            )
        elif "meaning" in field.metadata:
            found.append((field.name, "number", {}))
    return found


def pack(group: Any, record: Any) -> None:
    """Copy the values of a dataclass into its record (options become their position in the
    Enum).
    """
    for name, what, options in _packing(group.__class__):
        value = getattr(group, name)
        if what == "group":
            pack(value, record[name])
        else:
            record[name] = options[value] if options else value
