"""The user's own people: a CSV or spreadsheet with one row a person, checked cell by cell.

Columns, in any order; all but `role` may be missing, and any cell of them may be empty, which
means: drawn from the population model.

=================================================================  =============================
person                                                             number, code or name, unique
role                                                               recipient, supporter or asked
social_anxiety, exclusion, digital_confidence, openness,           0 to 1
aversion, readiness, stage
connectedness, hope, identity, meaning, empowerment (at the start) 0 to 1
spare_hours                                                        hours a week, 0 to 40
outside_ties (friends outside the programme)                       0 to 30
arrival_week (week of the invitation)                              1 to 1040
communities (types the person is invited to; empty means all)      separated by + or semicolons
=================================================================  =============================

A supporter is trained, and ready from their arrival week on; whoever is asked to become one trains
first, or declines.

Short codes (R1, 17, d-04) are kept. If there is anything else in the column of persons, such as
names, all get codes on reading: R1, R2, ... for recipients, S1, ... for supporters, trained or
asked. Names appear in no results; population.codes=FILE writes the list of codes and names where
you say, and nowhere else. The luck of a person follows the name, so that another row changes
nobody's luck.

Danish headings and words, decimal commas, percentages, any usual encoding and separator, titles
above the headings and columns of your own are understood.
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from peersim.kernel.catalogue import Foreign, Sentence
from peersim.kernel.declaration import InvalidInput
from peersim.kernel.paths import did_you_mean
from peersim.lists.cells import MISSING, is_code, is_rounded, number, role, same_person, whole
from peersim.lists.table import Row, Table, read_table
from peersim.lists.words import clean, meaning, shortened
from peersim.model.people import CHIME, TRAITS
from peersim.model.vocabulary import COMMUNITIES, ROLES

BOUNDS: dict[str, tuple[float, float]] = {
    **dict.fromkeys((*TRAITS, *CHIME), (0.0, 1.0)),
    "spare_hours": (0.0, 40.0),
    "outside_ties": (0.0, 30.0),
    "arrival_week": (1.0, 1040.0),
}
"""Numeric columns with the lowest and highest value allowed."""

COLUMNS = ("person", "surname", "role", *BOUNDS, "communities")
KINDS = (*ROLES, "asked")
"""What a person can be in a file."""
KEY = "chance_key"
"""A column of the copy in a results folder: what the draws of a person without a name depend on."""

GROUP, _GROUP = "group", 30
"""A column of the user's own groups, and how many characters of a group's name are shown."""

ALL_COMMUNITIES = 2 ** len(COMMUNITIES) - 1


def key_of(name: str) -> int:
    """A number that depends on a person's name alone, so that another row in the file changes
    nobody's luck.
    """
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big") >> 2


@dataclass(frozen=True, eq=False)
class PopulationTable:
    """The people of a file, without names: recipients, supporters, those who are asked to become
    supporters, and within these in the order of the file.

    Attributes
    ----------
    file : str
        Where they came from.
    codes : list of str
        The short codes of the file, or ``R1``, ``R2``, ..., ``S1``, ....
    keys : array of int
        What the draws of each person depend on.
    roles : array of int
        Position in `KINDS`.
    columns : dict of str to array of float
        Columns of the file by name; NaN where a value is to be drawn.
    communities : array of int
        Types each person is invited to, one bit each in the order of
        `peersim.vocabulary.COMMUNITIES`.
    fingerprint : str
        SHA-256 of the file.
    notes : tuple of str
        What was done with what was not clear.
    code_list : str, optional
        Where the list of codes and names was written.
    """

    file: str
    codes: list[str]
    keys: np.ndarray
    roles: np.ndarray
    columns: dict[str, np.ndarray]
    communities: np.ndarray
    fingerprint: str
    notes: tuple[Sentence, ...] = ()
    code_list: str | None = None

    @property
    def recipients(self) -> int:
        """Number of recipients."""
        return int(np.sum(self.roles == 0))

    @property
    def supporters(self) -> int:
        """Number of trained supporters."""
        return int(np.sum(self.roles == 1))

    @property
    def asked(self) -> int:
        """Number of people who are asked to become supporters."""
        return int(np.sum(self.roles == 2))

    def code_of(self, name: str) -> str | None:
        """The code of the person who had this name in the file, or None."""
        found = np.flatnonzero(self.keys == key_of(name))
        return self.codes[found[0]] if len(found) else None

    def coded(self) -> str:
        """The table as a CSV that reads as the same people: with codes, without names."""
        has_names = any(
            key != key_of(code) for key, code in zip(self.keys, self.codes, strict=True)
        )
        rows: list[list[str]] = [
            ["person", "role", *self.columns, "communities", *[KEY] * has_names]
        ]
        for k, code in enumerate(self.codes):
            values = [
                "" if math.isnan(x) else repr(float(x))
                for x in (c[k] for c in self.columns.values())
            ]
            bits = int(self.communities[k])
            to = [
                name
                for c, name in enumerate(COMMUNITIES)
                if bits >> c & 1 and bits != ALL_COMMUNITIES
            ]
            rows.append(
                [
                    code,
                    KINDS[self.roles[k]],
                    *values,
                    "+".join(to),
                    *[str(self.keys[k])] * has_names,
                ]
            )
        return _csv(rows)


def _csv(rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _cell(table: Table, row: Row, column: str) -> str | None:
    text = table.cell(row, column)
    return None if text.lower() in MISSING else text


def _role(table: Table, row: Row) -> int:
    said = role(table.cell(row, "role")) if _cell(table, row, "role") else None
    if said not in KINDS:
        allowed = "errors.people.role_of_staff" if said else "errors.people.role"
        complaint = table.complaint(row, "role", allowed, options=KINDS)
        complaint.hint = did_you_mean(table.cell(row, "role"), KINDS)
        raise complaint
    return KINDS.index(said)


def _number(table: Table, row: Row, column: str) -> float:
    text = _cell(table, row, column)
    if text is None:
        return math.nan
    low, high = BOUNDS[column]
    is_week = column == "arrival_week"
    value = number(text)
    if value is None or not low <= value <= high:
        allowed = "errors.people.number_or_empty"
        raise table.complaint(row, column, allowed, low=f"{low:g}", high=f"{high:g}")
    if is_week and whole(text) is None:
        raise table.complaint(row, column, "errors.people.weeks_or_empty")
    return value


def _invited_to(table: Table, row: Row) -> int:
    bits = 0
    parts = re.split(r"[;,|+/&]+", _cell(table, row, "communities") or "")
    named = [
        word for part in parts for word in ([part] if meaning("community", part) else part.split())
    ]
    for word in named:
        if (name := meaning("community", word)) is None:
            complaint = table.complaint(
                row, "communities", "errors.people.communities", options=COMMUNITIES
            )
            complaint.hint = did_you_mean(word, COMMUNITIES)
            raise complaint
        bits |= 1 << COMMUNITIES.index(name)
    return bits or ALL_COMMUNITIES


def _names(table: Table, roles: list[int], letters: str) -> tuple[list[str], list[str]]:
    """Names as they are given, and codes that stand for them."""
    given = [None if (who := table.person(row)).lower() in MISSING else who for row in table.rows]
    counted, counts = [], dict.fromkeys(letters, 0)
    for each in roles:
        letter = letters[min(each, 1)]
        counts[letter] += 1
        counted.append(f"{letter}{counts[letter]}")
    names = [name or code for name, code in zip(given, counted, strict=True)]
    _refuse_same(table, names)
    return names, counted


def _refuse_same(table: Table, names: list[str]) -> None:
    seen: dict[str, Row] = {}
    for row, name in zip(table.rows, names, strict=True):
        if is_rounded(name):
            raise table.complaint(row, "person", "errors.lists.rounded", shows=False)
        before = seen.setdefault(same_person(name), row)
        if before is not row:
            raise table.wrong("errors.people.twice", row.number, before=before.number)


def _keys(table: Table, names: list[str]) -> list[int]:
    keys = []
    for row, name in zip(table.rows, names, strict=True):
        text = table.cell(row, KEY)
        if text and not (text.isascii() and text.isdecimal() and int(text) < 2**62):
            raise table.complaint(row, KEY, "errors.people.key")
        keys.append(int(text) if text else key_of(name))
    return keys


def _write_codes(file: str, codes: Sequence[str], names: Sequence[str]) -> None:
    """Write who is who, over nothing else."""
    path, text = (
        Path(os.path.expanduser(file)),
        "\ufeff" + _csv([["code", "person"], *zip(codes, names, strict=True)]),
    )
    try:
        if path.exists() and path.read_bytes() != text.encode():
            raise InvalidInput("errors.people.codes_exist", file=file)
        path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise InvalidInput(
            "errors.people.codes_unwritable", file=file, reason=Foreign(str(error.strerror))
        ) from None


def read_population(file: str, code_list: str | None = None) -> PopulationTable:
    """Read and check the user's people.

    Parameters
    ----------
    file : str
    code_list : str, optional
        Where to write the list of codes and names.

    Raises
    ------
    InvalidInput
        Naming row (as a spreadsheet numbers it), column, value and what is allowed.
    """
    table = read_table(file, (*COLUMNS, KEY), "role", "errors.people.needs_role")
    notes = table.left_over(COLUMNS)
    found, names = _population(table, "RS", code_list)
    if all(map(is_code, names)):
        found = replace(found, codes=list(map(clean, names)))
    else:
        notes.append(Sentence("notes.coded"))
    found = replace(found, notes=tuple(notes))
    if code_list is not None:
        _write_codes(code_list, found.codes, names)
    return found


@dataclass(frozen=True)
class OwnList:
    """The user's people as a page asks about them.

    Attributes
    ----------
    people : PopulationTable
        With codes, whatever the list called them.
    names : list of str
        What the list called them, in the order of the codes.
    groups : list of str, optional
        The group each belongs to in the list's own words; empty for none.
    unused : list of str
        Headings of columns that are not understood.
    """

    people: PopulationTable
    names: list[str]
    groups: list[str] | None
    unused: list[str]


_OWN = (*COLUMNS, GROUP)


def own_table(file: str, content: bytes) -> Table:
    """Find the headings and rows of a list that is in no file on this machine.

    Raises
    ------
    InvalidInput
        As in `read_table`.
    """
    return read_table(file, _OWN, "role", "errors.people.needs_role", content=content)


def own_list(table: Table, letters: str = "DP") -> OwnList:
    """Check the people of such a list.

    Parameters
    ----------
    table : Table
    letters : str
        What codes of recipients and of supporters begin with.

    Raises
    ------
    InvalidInput
        As in `read_population`.
    """
    table.left_over(_OWN)
    found, names = _population(table, letters)
    groups = None
    if GROUP in table.columns:
        words = [shortened(text, _GROUP) if text else "" for text in table.column(GROUP)]
        groups = [words[i] for i in _in_order(table)]
    unused = [table.named(place) for place in table.unused()]
    return OwnList(found, names, groups, unused)


def _in_order(table: Table) -> np.ndarray:
    """Rows by role, and within these in the order of the list."""
    return np.argsort([_role(table, row) for row in table.rows], kind="stable")


def _population(
    table: Table, letters: str, code_list: str | None = None
) -> tuple[PopulationTable, list[str]]:
    """The people of a table, by codes that are counted, and their names in the same order."""
    roles = [_role(table, row) for row in table.rows]
    if 0 not in roles:
        raise InvalidInput("errors.people.no_recipient", file=table.file)
    names, codes = _names(table, roles, letters)
    keys, order = _keys(table, names), _in_order(table)
    columns = {
        column: np.array([_number(table, row, column) for row in table.rows])[order]
        for column in BOUNDS
        if column in table.columns
    }
    invited = np.array([_invited_to(table, row) for row in table.rows], dtype=np.int64)
    found = PopulationTable(
        table.file,
        [codes[i] for i in order],
        np.array(keys, np.int64)[order],
        np.array(roles, dtype=np.int64)[order],
        columns,
        invited[order],
        table.fingerprint,
        (),
        code_list,
    )
    return found, [names[i] for i in order]
