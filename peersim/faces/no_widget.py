"""Stands in for anywidget and its traits where they are not installed, so that whoever uses a
widget, and nobody else, reads what is missing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from peersim.kernel.declaration import InvalidInput


class AnyWidget:
    """A widget that cannot be made."""

    def __init__(self, *given: Any, **named: Any) -> None:
        raise InvalidInput("errors.widget.no_package", name="anywidget", extra="notebook")


class Trait:
    """A trait that nobody reads."""

    def __init__(self, *given: Any, **named: Any) -> None:
        pass

    def tag(self, **tags: Any) -> Trait:
        """Itself."""
        return self


Dict = Int = List = Unicode = Trait


def validate(*names: str) -> Callable[[Any], Any]:
    """Leave a method as it is."""
    return lambda method: method


default = validate
