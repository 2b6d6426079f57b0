"""The types of community: a file each, which says who meets whom, and a line each in the registry.

All else follows from the line: the field of a scenario that holds a type's parameters, its number
in compiled code, its phases in the week, the key of its draws, its name and look in figures.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from peersim.kernel.rules import Rule


@dataclass(frozen=True, kw_only=True)
class Registered:
    """One type of community.

    Attributes
    ----------
    name : str
        Of its file beside this one, of its field in a scenario, and in all tables.
    parameters : str
        The class of its parameters, a :class:`peersim.model.communities.kind.Community`.
    label, colour, marker, line : str
        What it is called and how it is drawn in figures, in English and for Matplotlib; `line` is
        ``solid`` or ``dashed``.
    meets : str
        The phase in which its people meet.
    ends, opens, forms, plans, parts : str
        Phases it adds, if any: what is over at the beginning of a week; who is let in; who is
        brought together; what is planned; what ends with those who have left.
    submodel : int
        The submodel of ``docs/ODD.md`` that gives the reasoning behind its parameters.
    """

    name: str
    parameters: str = ""
    label: str = ""
    colour: str = ""
    marker: str = ""
    line: str = "solid"
    meets: str = ""
    ends: str = ""
    opens: str = ""
    forms: str = ""
    plans: str = ""
    parts: str = ""
    submodel: int = 7

    def found(self, what: str) -> Any:
        """Something that this type's file holds.

        Raises
        ------
        LookupError
            A sentence that says what is missing.
        """
        home = f"{__name__}.{self.name}"
        where = f"peersim/model/communities/{self.name}.py"
        try:
            return getattr(import_module(home), what)
        except ModuleNotFoundError as missing:
            if missing.name != home:
                raise
            raise LookupError(f"The community {self.name} has no file: {where}.") from None
        except AttributeError:
            raise LookupError(
                f"The community {self.name} needs {what or 'a name for all its parts'}, "
                f"which is not in {where}."
            ) from None


# fmt: off
REGISTRY = (
    Registered(name="one_to_one", parameters="OneToOne", label="one-to-one", colour="#0072B2", marker="o", ends="end_matches", forms="match", plans="plan_matches", meets="meet_one_to_one", parts="break_matches", submodel=5),
    Registered(name="group", parameters="Group", label="group", colour="#D55E00", marker="s", meets="meet_groups", submodel=5),
    Registered(name="availability", parameters="Availability", label="drop-in place", colour="#009E73", marker="^", plans="fill_shifts", meets="meet_availability", submodel=5),
    Registered(name="digital", parameters="Digital", label="platform", colour="#CC79A7", marker="D", line="dashed", opens="open_platform", meets="meet_online"),
)
# fmt: on

PLACES = (*(each.name for each in REGISTRY), "cafe", "team", "outside", "page")
"""Where two people can meet, in the order of the numbers by which compiled code knows them."""

KEYS = {"one_to_one": 0, "group": 1, "availability": 2, "digital": 3, "cafe": 4, "team": 5, "outside": 6, "page": 7}  # fmt: skip
"""The keys of draws that were once positions. Never renumber one, and add none."""


def phases(stage: str) -> tuple[Rule, ...]:
    """What the communities add to one stage of the week, in the order of the registry."""
    return tuple(each.found(name) for each in REGISTRY if (name := getattr(each, stage)))


def number_of(place: str) -> np.int64:
    """The number by which compiled code knows a place."""
    return np.int64(PLACES.index(place))


def key_of(place: str) -> int:
    """What the draws of a place are keyed by: it depends on the name alone, so that one more
    community changes nobody's luck in another.

    A key made from a name lies above every other number that draws are keyed by.

    >>> key_of("group"), key_of("walks") > 2**56
    (1, True)
    """
    made = hashlib.blake2b(place.encode(), digest_size=7).digest()
    return KEYS.get(place, 2**56 + int.from_bytes(made, "big"))
