"""Parameters by their dotted path (``group.size``): listing them, finding the one meant, setting
it.
"""

from __future__ import annotations

import dataclasses
import difflib
import enum
import functools
import math
import numbers
import operator
import os
import sys
import types
import typing
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from peersim.kernel.catalogue import Sentence
from peersim.kernel.declaration import InvalidInput, brief, fault


@dataclasses.dataclass(frozen=True)
class Leaf:
    """One setting at the end of a path: where it is, its type, and the field that declares it."""

    path: str
    type: Any
    field: dataclasses.Field[Any]
    get: Callable[[Any], Any]

    @functools.cached_property
    def is_declared(self) -> bool:
        """Whether it is a parameter with unit, bounds and source."""
        return "meaning" in self.field.metadata

    @functools.cached_property
    def options(self) -> list[str]:
        """Names of the options, if it is one of several."""
        is_option = isinstance(self.type, type) and issubclass(self.type, enum.Enum)
        return [member.name for member in self.type] if is_option else []

    @functools.cached_property
    def _bounds(self) -> tuple[float, float]:
        is_number = self.is_declared and self.type in (int, float)
        return (
            (self.field.metadata["low"], self.field.metadata["high"])
            if is_number
            else (math.inf, -math.inf)
        )

    def fits(self, value: Any) -> bool:
        """Whether a value is surely right as it stands: a number of the right type within bounds,
        or an option.
        """
        if type(value) is not self.type:
            return False
        low, high = self._bounds
        return bool(self.options) or (low < high and low <= value <= high)

    @property
    def allowed(self) -> Sentence:
        """What it can be, as the second half of a sentence."""
        if self.options:
            return Sentence("errors.allowed.options", {"options": self.options})
        wanted = f"errors.allowed.{_WANTED.get(self.type, 'another')}"
        if not (self.is_declared and self.type in (int, float)):
            return Sentence(wanted)
        low, high = self.field.metadata["low"], self.field.metadata["high"]
        return Sentence(f"{wanted}_within", {"low": f"{low:g}", "high": f"{high:g}"})

    def complaint(self, value: Any) -> InvalidInput:
        """That this value will not do, and what would."""
        if self.options:
            return no_such_option(self.path, brief(value), self.options)
        said = {"name": self.path, "value": brief(value), "allowed": self.allowed}
        return InvalidInput("errors.setting.value", **said)


_WANTED: Mapping[Any, str] = {
    bool: "yes_or_no",
    int: "whole",
    float: "number",
    list[str]: "communities",
    list[Any]: "list",
    dict[str, Any]: "settings",
    list[str] | None: "outcomes",
    float | None: "number",
    str: "word",
    str | None: "file",
    int | None: "whole",
}


def group_of(field: dataclasses.Field[Any], hint: Any) -> type | None:
    """The dataclass a field holds, or None if the field is a leaf."""
    is_group = dataclasses.is_dataclass(hint) and "omegaconf_ignore" not in field.metadata
    return hint if is_group and isinstance(hint, type) else None


@functools.cache
def _leaves(group: Any, prefix: str) -> Mapping[str, Leaf]:
    hints = typing.get_type_hints(group)
    found: dict[str, Leaf] = {}
    for field in dataclasses.fields(group):
        path, hint = f"{prefix}{field.name}", hints[field.name]
        if inner := group_of(field, hint):
            found.update(_leaves(inner, path + "."))
        elif "omegaconf_ignore" not in field.metadata:
            found[path] = Leaf(path, hint, field, operator.attrgetter(path))
    return types.MappingProxyType(found)


def leaves(group: Any) -> Mapping[str, Leaf]:
    """All leaves of a tree of dataclasses (a class) by path, depth first in the order of
    declaration.
    """
    return _leaves(group, "")


@functools.cache
def _groups(group: Any, prefix: str) -> Mapping[str, type]:
    hints = typing.get_type_hints(group)
    found: dict[str, type] = {}
    for field in dataclasses.fields(group):
        if inner := group_of(field, hints[field.name]):
            found[f"{prefix}{field.name}"] = inner
            found.update(_groups(inner, f"{prefix}{field.name}."))
    return types.MappingProxyType(found)


def groups(group: Any) -> Mapping[str, type]:
    """All groups of a tree of dataclasses (a class) by path."""
    return _groups(group, "")


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like this one, or None; a path may be meant by its last part.

    >>> known = ["group.size", "population.supporters", "weeks"]
    >>> nearest("grop.size", known), nearest("supporters", known)
    ('group.size', 'population.supporters')
    """
    names = list(known)
    by_spelling = {name.lower().replace("-", "_"): name for name in names}
    plain = word.lower().replace("-", "_")
    last = [name for name in names if name.rpartition(".")[2].lower() == plain.rpartition(".")[2]]
    if plain not in by_spelling and len(last) == 1:
        return last[0]
    close = difflib.get_close_matches(plain, by_spelling, 1, 0.6)
    return by_spelling[close[0]] if close else None


def did_you_mean(
    word: str, known: Iterable[str], otherwise: Sentence | None = None
) -> Sentence | None:
    """A second sentence that offers the nearest known word, or `otherwise`."""
    meant = nearest(word, known)
    return Sentence("errors.did_you_mean", {"meant": meant}) if meant else otherwise


def no_such_option(name: str, value: Any, options: Iterable[str]) -> InvalidInput:
    """The complaint about a value that is none of several."""
    known, said = list(options), brief(value)
    hint = did_you_mean(said, known)
    return InvalidInput("errors.setting.option", hint, name=name, value=said, options=known)


ALL_NAMES = Sentence("errors.all_names")
"""Where all settings are listed."""


def unknown(path: str, known: Collection[str]) -> InvalidInput:
    """The complaint about a setting that does not exist."""
    parents = {name.rpartition(".")[0] for name in known} - {""}
    hint = did_you_mean(path, [*known, *parents], ALL_NAMES)
    return InvalidInput("errors.setting.unknown", hint, name=path)


def no_group(path: str, known: Collection[str]) -> InvalidInput:
    """The complaint about a value in the place of a group of settings."""
    member = next(name for name in known if name.startswith(path + "."))
    return InvalidInput("errors.setting.group", name=path, member=member)


def _is_number(value: Any) -> bool:
    is_number = isinstance(value, numbers.Real) and not isinstance(value, bool)
    return is_number and bool(abs(value) <= sys.float_info.max)


def _are_words(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and all(isinstance(word, str) for word in value)


def _names_a_file(value: Any) -> bool:
    return value is None or isinstance(value, (str, os.PathLike))


_CONVERSIONS: Mapping[Any, tuple[Callable[[Any], bool], Callable[[Any], Any]]] = {
    bool: (lambda value: value in (0, 1) and not isinstance(value, str), bool),
    int: (lambda value: _is_number(value) and value == int(value), int),
    float: (_is_number, float),
    list[str]: (_are_words, list),
    str | None: (_names_a_file, lambda value: value and os.fspath(value)),
}
"""For each type of leaf: what is understood, and how it becomes a value of that type."""


def converted(leaf: Leaf, value: Any) -> Any:
    """The value in the type of its leaf and within its bounds; numbers and names of options are
    understood.

    Raises
    ------
    InvalidInput
        Naming path, value, and what is allowed.
    """
    if leaf.options:
        value = leaf.type[value] if value in leaf.options else value
        if not isinstance(value, leaf.type):
            raise leaf.complaint(value)
    elif leaf.type in _CONVERSIONS and type(value) is not leaf.type:
        understood, convert = _CONVERSIONS[leaf.type]
        value = value.item() if getattr(value, "ndim", 1) == 0 else value  # a number of NumPy
        if not understood(value):
            raise leaf.complaint(value)
        value = convert(value)
    if leaf.is_declared and (complaint := fault(leaf.path, value, leaf.field)):
        raise complaint
    return value


@functools.cache
def _is_copied(kind: Any) -> bool:
    """Whether values of this type are copied with the tree: lists and dataclasses, unless these are
    frozen.
    """
    declared = getattr(kind, "__dataclass_params__", None)
    return kind is list or (declared is not None and not declared.frozen)


def duplicate(group: Any) -> Any:
    """A deep copy of a tree of dataclasses, without the cost of `copy.deepcopy`."""
    if type(group) is list:
        return [dict(item) if isinstance(item, dict) else item for item in group]
    twin = object.__new__(type(group))
    inside = twin.__dict__
    inside.update(group.__dict__)
    for name, value in group.__dict__.items():
        if _is_copied(value.__class__):
            inside[name] = duplicate(value)
    return twin


def assign(group: Any, path: str, value: Any) -> None:
    """Set one leaf of a tree of dataclasses by its path, checked and in its own type."""
    known = leaves(type(group))
    if path not in known:
        if path in groups(type(group)):
            raise no_group(path, known)
        raise unknown(path, known)
    *way, name = path.split(".")
    for step in way:
        group = getattr(group, step)
    setattr(group, name, converted(known[path], value))
