"""Declaring and checking parameters: one declaration each, read by everything else.

A group of parameters is a plain dataclass whose fields are made by :func:`parameter`. The
declaration feeds validation, the Hydra schema, the compiled record, sweep bounds and the parameter
tables of the documentation.
"""

from __future__ import annotations

import dataclasses
import enum
import numbers
import sys
from collections.abc import Iterator
from typing import Any

from peersim.kernel.catalogue import Declared, Sentence, has, say

BESIDE = {"beside": True}
"""Marks a setting that decides nothing, such as where a list is written; no part of the run."""

LARGEST_SEED = 2**62
_LONGEST = 300
"""So many characters of what a user wrote may stand in a sentence."""

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
        values = {
            name: brief(value, _LONGEST) if isinstance(value, str) and value else value
            for name, value in self.values.items()
        }
        said = say(self.key, **values)
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


def whole(name: str, value: Any, low: int, high: int) -> int:
    """A whole number within bounds; True and 2.0 are none.

    Raises
    ------
    InvalidInput
    """
    is_number = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    if not (is_number and low <= value <= high):
        bounds = {"low": low, "high": high}
        raise InvalidInput("errors.setting.whole", name=name, value=brief(value), **bounds)
    return int(value)


def checked_seed(value: Any, name: str = "seed", most: int = LARGEST_SEED) -> int:
    """A seed as a whole number. All seeds are checked here, wherever they come from.

    Raises
    ------
    InvalidInput
        If it is negative, a fraction, true or false, too large, or none at all.
    """
    return whole(name, value, 0, most)


def brief(value: Any, most: int = 60) -> str:
    """A value the way a sentence quotes it: not more than so many characters of it.

    >>> brief("twelve"), brief(""), brief(None), brief(10**5000)
    ('twelve', "''", 'None', 'a number of more than 308 digits')
    """
    if isinstance(value, int) and abs(value) > sys.float_info.max:
        return say("errors.setting.many_digits")
    try:
        text = value if isinstance(value, str) and value else repr(value)
    except ValueError:  # such a number in a list
        return say("errors.setting.many_digits")
    return text if len(text) <= most else f"{text[:most]}…"


def declared(group: Any, prefix: str = "") -> Iterator[tuple[str, Any, dataclasses.Field[Any]]]:
    """Yield (path, value, field) for each declared parameter of a dataclass instance, depth
    first.
    """
    for field in dataclasses.fields(group):
        value, path = getattr(group, field.name), f"{prefix}{field.name}"
        if dataclasses.is_dataclass(value):
            yield from declared(value, path + ".")
        elif "meaning" in field.metadata:
            yield path, value, field


def fault(path: str, value: Any, field: dataclasses.Field[Any]) -> InvalidInput | None:
    """Say in one sentence what is wrong with a value, or None.

    >>> print(fault("group.size", 99, dataclasses.fields(dataclasses.make_dataclass(
    ...     "G", [("size", int, parameter(8, "people", 3, 30, "members"))]))[0]))
    group.size is 99 people; it can be 3 to 30.
    """
    low, high, unit = field.metadata["low"], field.metadata["high"], field.metadata["unit"]
    if isinstance(value, enum.Enum):
        return None
    bounds = {"name": path, "low": f"{low:g}", "high": f"{high:g}"}
    if not isinstance(value, (int, float)) or value != value:
        return InvalidInput("errors.setting.no_number", value=brief(value), **bounds)
    if low <= value <= high:
        return None
    shown = f"{value:g}" if abs(value) <= sys.float_info.max else brief(value)
    if unit in ("-", "0-1"):
        return InvalidInput("errors.setting.bounds", value=shown, **bounds)
    in_words = Declared("units", unit, unit)
    return InvalidInput("errors.setting.bounds_in_unit", value=shown, unit=in_words, **bounds)


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
