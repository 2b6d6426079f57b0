"""The user's own people: a CSV with one row a person, checked cell by cell.

Columns, in any order; all but `role` may be missing, and any cell of them may be empty, which
means: drawn from the population model.

=================================================================  =============================
person                                                             name or code, unique
role                                                               recipient or supporter
social_anxiety, exclusion, digital_confidence, openness,           0 to 1
aversion, readiness, stage
connectedness, hope, identity, meaning, empowerment (at the start) 0 to 1
spare_hours                                                        hours a week, 0 to 40
outside_ties (friends outside the programme)                       0 to 30
arrival_week (week of the invitation)                              1 to 1040
communities (types the person is invited to; empty means all)      separated by semicolons
=================================================================  =============================

Spreadsheets set to Danish write semicolons between cells and commas in decimals; both are
understood.
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
import os
import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from peersim.kernel.declaration import InvalidInput
from peersim.kernel.paths import did_you_mean, either
from peersim.model.people import CHIME, TRAITS
from peersim.model.vocabulary import COMMUNITIES, ROLES

BOUNDS: dict[str, tuple[float, float]] = {
    **dict.fromkeys((*TRAITS, *CHIME), (0.0, 1.0)),
    "spare_hours": (0.0, 40.0),
    "outside_ties": (0.0, 30.0),
    "arrival_week": (1.0, 1040.0),
}
"""Numeric columns with the lowest and highest value allowed."""

COLUMNS = ("person", "role", *BOUNDS, "communities")
ALL_COMMUNITIES = 2 ** len(COMMUNITIES) - 1
MISSING = ("", "na", "n/a", "nan")
_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+")


@dataclass(frozen=True)
class PopulationTable:
    """The people of a file, recipients first, otherwise in the order of the file.

    Attributes
    ----------
    file : str
        Where they came from.
    names : list of str
        Names, or ``R1``, ``R2``, ..., ``S1``, ... where the file gives none.
    roles : array of int
        Position in `peersim.vocabulary.ROLES`.
    columns : dict of str to array of float
        Columns of the file by name; NaN where a value is to be drawn.
    communities : array of int
        Types each person is invited to, one bit each in the order of
        `peersim.vocabulary.COMMUNITIES`.
    content : bytes
        The file as it was read; a copy of it travels with the results.
    """

    file: str
    names: list[str]
    roles: np.ndarray
    columns: dict[str, np.ndarray]
    communities: np.ndarray
    content: bytes = field(repr=False)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the file."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def recipients(self) -> int:
        """Number of recipients."""
        return int(np.sum(self.roles == 0))

    @property
    def supporters(self) -> int:
        """Number of supporters."""
        return int(np.sum(self.roles == 1))


@dataclass(frozen=True)
class _Row:
    """One row of the file; `line` is its number in a spreadsheet."""

    file: str
    line: int
    cells: dict[str, str]

    def cell(self, column: str) -> str | None:
        value = self.cells.get(column, "").strip()
        return None if value.lower() in MISSING else value

    def complaint(self, column: str, allowed: str) -> InvalidInput:
        value = self.cells.get(column, "").strip()
        return InvalidInput(
            f"{self.file}, row {self.line}: {column} is {value or 'empty'}; {allowed}."
        )

    def role(self) -> int:
        value = (self.cell("role") or "").lower()
        if value not in ROLES:
            raise self.complaint("role", f"it must be {either(ROLES)}")
        return ROLES.index(value)

    def number(self, column: str) -> float:
        text = self.cell(column)
        if text is None:
            return math.nan
        low, high = BOUNDS[column]
        allowed = f"it must be a number from {low:g} to {high:g}, or empty"
        try:
            value = float(text.replace(",", ".") if _DECIMAL_COMMA.fullmatch(text) else text)
        except ValueError:
            raise self.complaint(column, allowed) from None
        if not low <= value <= high:
            raise self.complaint(column, allowed)
        if column == "arrival_week" and value != int(value):
            raise self.complaint(
                column, "it must be a whole number of weeks from 1 to 1040, or empty"
            )
        return value

    def invited_to(self) -> int:
        bits = 0
        for word in re.split(r"[;,|+\s]+", self.cell("communities") or ""):
            if word and word not in COMMUNITIES:
                known = f"each must be {either(COMMUNITIES)}, separated by semicolons"
                raise InvalidInput(
                    str(self.complaint("communities", known)) + did_you_mean(word, COMMUNITIES)
                )
            bits |= 1 << COMMUNITIES.index(word) if word else 0
        return bits or ALL_COMMUNITIES


def _read(file: str) -> bytes:
    try:
        return Path(os.path.expanduser(file)).read_bytes()
    except FileNotFoundError:
        raise InvalidInput(f"There is no file called {file}." + _near(file)) from None
    except OSError as error:
        raise InvalidInput(f"{file} cannot be read: {error.strerror}.") from None


def _text(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _near(file: str) -> str:
    folder = Path(os.path.expanduser(file)).parent
    names = [entry.name for entry in folder.iterdir()] if folder.is_dir() else []
    return did_you_mean(Path(file).name, names)


def _header(file: str, cells: list[str]) -> list[str]:
    names = [re.sub(r"[\s-]+", "_", cell.strip().lower()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    for name in names:
        if name not in COLUMNS:
            known = did_you_mean(name, COLUMNS, f" It can have {either(COLUMNS)}.")
            raise InvalidInput(f"{file} has an unknown column {name or 'without a name'}.{known}")
        if names.count(name) > 1:
            raise InvalidInput(f"{file} has the column {name} twice.")
    if "role" not in names:
        raise InvalidInput(
            f"{file} has no column called role; it must say recipient or supporter for each person."
        )
    return names


def _rows(file: str, content: bytes) -> list[_Row]:
    text = _text(content)
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise InvalidInput(f"{file} cannot be read as a CSV: {error}.") from None
    if not lines or not any(lines[0]):
        raise InvalidInput(
            f"{file} is empty; its first row must name the columns, role among them."
        )
    names, rows = _header(file, lines[0]), []
    for number, cells in enumerate(lines[1:], start=2):
        if any(cell.strip() for cell in cells[len(names) :]):
            raise InvalidInput(
                f"{file}, row {number}: there are more cells than columns ({len(names)})."
            )
        if any(cell.strip() for cell in cells):
            rows.append(_Row(file, number, dict(zip(names, cells, strict=False))))
    return rows


def _names(rows: list[_Row], roles: list[int]) -> list[str]:
    names: list[str] = []
    seen: dict[str, int] = {}
    counts = [0, 0]
    for row, role in zip(rows, roles, strict=True):
        counts[role] += 1
        name = row.cell("person") or f"{'RS'[role]}{counts[role]}"
        if name in seen:
            raise InvalidInput(
                f"{row.file}, row {row.line}: person {name} is already in row {seen[name]}."
            )
        seen[name] = row.line
        names.append(name)
    return names


def read_population(file: str) -> PopulationTable:
    """Read and check the user's people.

    Raises
    ------
    InvalidInput
        Naming row (as a spreadsheet numbers it), column, value and what is allowed.
    """
    content = _read(file)
    rows = _rows(file, content)
    roles = [row.role() for row in rows]
    if 0 not in roles:
        raise InvalidInput(
            f"{file} has no recipient; at least one row must have the role recipient."
        )
    names = _names(rows, roles)
    order = np.argsort(roles, kind="stable")
    columns = {
        column: np.array([row.number(column) for row in rows])[order]
        for column in BOUNDS
        if column in rows[0].cells
    }
    invited = np.array([row.invited_to() for row in rows], dtype=np.int64)[order]
    return PopulationTable(
        file,
        [names[i] for i in order],
        np.array(roles, dtype=np.int64)[order],
        columns,
        invited,
        content,
    )
