"""The user's own people: read in memory, kept by a handle for as long as the server runs, with
codes in the place of names. What a list holds stands in no file, log or sentence.
"""

from __future__ import annotations

import re
import secrets
import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

import numpy as np

from peersim.app.refusals import Refused, complaint_as_refusal
from peersim.kernel.catalogue import Sentence
from peersim.kernel.declaration import InvalidInput
from peersim.lists.table import Table
from peersim.model.vocabulary import COMMUNITIES
from peersim.scenario.people_file import (
    ALL_COMMUNITIES,
    KINDS,
    OwnList,
    PopulationTable,
    own_list,
    own_table,
)
from peersim.scenario.scenario import OF_THE_FILE, Scenario

NAME = "own people"
"""What a scenario calls the list, whatever the file was called."""

MOST_LISTS, MOST_GROUPS = 4, 12
_CPR = re.compile(
    r"(?<![\d.,])(?:0?[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{2}[-\s\N{EN DASH}]?\d{4}(?!\d)"
)
"""Day, month, year and four digits; a spreadsheet takes the first zero away."""

_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_SHOWN = {"errors.lists.cell": "errors.lists.hidden_cell"}
"""Sentences that would repeat a cell, and those that do not."""


def read(content: bytes) -> OwnList:
    """Read a list that a page sent.

    Raises
    ------
    Refused
        With row and column, and nothing of what stands there.
    """
    try:
        table = own_table(NAME, content)
        _refuse_numbers_of_persons(table)
        found = own_list(table)
    except InvalidInput as complaint:
        raise _without_cells(complaint) from None
    if found.groups is not None and len(set(found.groups)) > MOST_GROUPS:
        said = Sentence("faces.refused.most.groups", {"most": MOST_GROUPS})
        raise Refused("bad_file", said, high=MOST_GROUPS)
    return found


def _refuse_numbers_of_persons(table: Table) -> None:
    above = table.rows[0].number - 1 if table.rows else 1  # the row of the headings, or above it
    for number, cells in [(above, [*table.titles, *table.headings]), *table.rows]:
        for text in cells:
            kind = "cpr" if _CPR.search(text) else "email" if _ADDRESS.search(text) else ""
            if kind:
                said = Sentence(f"faces.own.{kind}", {"row": number})
                raise Refused("personal_number", said, row=number)


def _without_cells(complaint: InvalidInput) -> Refused:
    """A complaint about a list that repeats nothing of it but a heading."""
    values = {**complaint.values, "file": Sentence("faces.own.the_list")}
    values = {name: each for name, each in values.items() if name != "text"}
    kept = InvalidInput(_SHOWN.get(complaint.key, complaint.key), complaint.hint, **values)
    refused = complaint_as_refusal(kept)
    for name in ("row", "column"):
        if values.get(name) is not None:
            refused.values[name] = values[name]
    return refused


def as_data(found: OwnList, handle: str) -> Mapping[str, Any]:
    """What the page is told of a list: the key of names and codes goes to it alone."""
    people = found.people
    rows = []
    for place, code in enumerate(people.codes):
        traits = {name: float(values[place]) for name, values in people.columns.items()}
        row: dict[str, Any] = {"code": code, "role": KINDS[people.roles[place]]}
        row["traits"] = {name: value for name, value in traits.items() if not np.isnan(value)}
        bits = int(people.communities[place])
        if bits != ALL_COMMUNITIES:
            row["communities"] = [name for c, name in enumerate(COMMUNITIES) if bits >> c & 1]
        if found.groups is not None:
            row["group"] = found.groups[place]
        rows.append(row)
    return {
        "handle": handle,
        "people": rows,
        "key": [[name, code] for name, code in zip(found.names, people.codes, strict=True)],
        "left_out": found.unused,
        "counts": {name: getattr(people, name) for name in OF_THE_FILE},
    }


class OwnPeople:
    """Lists that pages have sent, the latest few, without their names."""

    def __init__(self, room: int = MOST_LISTS) -> None:
        self._room, self._lock = room, threading.Lock()
        self._lists: OrderedDict[str, OwnList] = OrderedDict()

    def keep(self, found: OwnList) -> str:
        """Keep a list and give its handle; the names are left behind."""
        handle = secrets.token_urlsafe(9)
        with self._lock:
            self._lists[handle] = OwnList(found.people, [], found.groups, [])
            while len(self._lists) > self._room:
                self._lists.popitem(last=False)
        return handle

    def forget(self, handle: str) -> bool:
        """Let go of a list; whether there was one."""
        with self._lock:
            return self._lists.pop(handle, None) is not None

    def of(self, handle: Any) -> OwnList:
        """Give the list of a handle.

        Raises
        ------
        Refused
            If it is not kept, or not any more.
        """
        with self._lock:
            if not isinstance(handle, str) or handle not in self._lists:
                raise Refused("people_gone", Sentence("faces.own.again"))
            self._lists.move_to_end(handle)
            return self._lists[handle]


def with_people(scenario: Scenario, own: PopulationTable) -> Scenario:
    """The scenario, with these people in the place of drawn ones; changed in place."""
    scenario.people, scenario.population.file = own, own.file
    for name in OF_THE_FILE:
        setattr(scenario.population, name, getattr(own, name))
    return scenario
