"""Parameters as the record that compiled code reads."""

from __future__ import annotations

import dataclasses
import enum
import functools
import typing
from typing import Any

import numpy as np


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
        elif "meaning" not in field.metadata:
            continue
        elif isinstance(hint, type) and issubclass(hint, enum.Enum):
            found.append(
                (field.name, "option", {option: number for number, option in enumerate(hint)})
            )
        else:
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
