"""Settings as plain data: dictionaries, lists, text and numbers, and how two of them differ."""

from __future__ import annotations

import dataclasses
import enum
import os
from collections.abc import Iterator, Mapping
from typing import Any


def plain(value: Any) -> Any:
    """Turn a scenario into dictionaries, lists, text and numbers.

    >>> plain({"a": (1, 2.5), "b": None})
    {'a': [1, 2.5], 'b': None}
    """
    if dataclasses.is_dataclass(value):
        fields = [
            field
            for field in dataclasses.fields(value)
            if "omegaconf_ignore" not in field.metadata and "beside" not in field.metadata
        ]
        return {field.name: plain(getattr(value, field.name)) for field in fields}
    if isinstance(value, enum.Enum):
        return value.name
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return os.fspath(value) if isinstance(value, os.PathLike) else value


def flat(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the leaves of nested dictionaries with their dotted paths."""
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def apart(base: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Give the settings, by path, in which one configuration differs from another: what they are in
    the other.
    """
    before = dict(flat(base))
    return {path: value for path, value in flat(other) if before.get(path) != value}
