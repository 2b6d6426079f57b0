"""An exhibit: a table declared once, and shown in the terminal, on a page and as a file.

What it declares are columns: a heading in the catalogue, the field that holds the number, and the
format in which it is written. A statement is the same for a sentence: its key in the catalogue and
its numbers. Both say in which section of a report they stand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from peersim.kernel.catalogue import Sentence, Value, has, say

TERMINAL, PAGE = "terminal", "page"
BOTH = (TERMINAL, PAGE)
SHORT = "short"
"""The section that stands first: the answer in a few sentences."""

NEXT = "next"
"""The section that stands last: what to do now."""

Row = Mapping[str, Any]
Cell = Value | Sentence | str


@dataclass(frozen=True)
class Statement(Sentence):
    """A sentence with its place in a report.

    Parameters
    ----------
    key, values
        As in `Sentence`.
    section : str
    table : str
        Table of the results from which its numbers come.
    outlets : sequence of str
        Where it is shown.
    """

    section: str = SHORT
    table: str = ""
    outlets: tuple[str, ...] = BOTH


@dataclass(frozen=True)
class Column:
    """One column of an exhibit.

    Parameters
    ----------
    key : str
        Of its heading, below the words of the exhibit.
    form : str or callable
        Format of its numbers (see `peersim.kernel.numbers`), or what gives it for a row; empty for
        words.
    field : str
        Field of the row; by default `key`.
    span : pair of str, optional
        Fields of an interval, written behind the number: ``+0.05 (0.01 to 0.09)``.
    value : callable, optional
        Gives the cell of a row, where it is no field: a number, words, or a sentence.
    heading : str
        Instead of the catalogue's, where columns depend on what was asked.
    rank : int
        Where there is no room, columns of the highest rank go first; 0 stays.
    said : callable, optional
        Plain words for what is typed, which stand above it in the page.
    is_in_page : bool
        Whether it stands in the page.
    """

    key: str
    form: str | Callable[[Row], str] = ""
    field: str = ""
    span: tuple[str, str] | None = None
    value: Callable[[Row], Any] | None = None
    heading: str = ""
    rank: int = 0
    said: Callable[[Row], Sentence | str] | None = None
    is_in_page: bool = True

    @property
    def is_words(self) -> bool:
        """Whether it holds words, which stand to the left."""
        return not self.form

    def cell(self, row: Row, origin: Mapping[str, Any]) -> Cell:
        """What stands in this column of a row."""
        name = self.field or self.key
        found = self.value(row) if self.value else row[name]
        if isinstance(found, Value):
            return Value(found.number, found.form, {**origin, "what": name, **found.origin})
        if isinstance(found, (Sentence, str)):
            return found
        form = self.form(row) if callable(self.form) else self.form
        if not form:
            return "" if found is None else str(found)
        number = Value(found, form, {**origin, "what": name})
        if self.span is None or found is None or row[self.span[0]] is None:
            return number
        low, high = (Value(row[end], form, {**origin, "what": end}) for end in self.span)
        return ranged({"mean": number, "low": low, "high": high})


def ranged(of: Mapping[str, Value]) -> Sentence:
    """Write a mean, and between what it lies.

    Parameters
    ----------
    of : mapping
        ``mean``, ``low`` and ``high``.
    """
    ends = {name: within_scale(of[name]) for name in ("low", "high")}
    return Sentence("numbers.interval", {**of, **ends})


def within_scale(value: Value) -> Value:
    """Give an end of the range of a share, which cannot lie below none or above all.

    >>> [str(within_scale(Value(end, "%1"))) for end in (-0.0001, 0.4, 1.02)]
    ['0.0%', '40.0%', '100.0%']
    """
    if not value.form.startswith("%") or value.number is None or 0 <= value.number <= 1:
        return value
    if value.number != value.number:
        return value
    origin = {**value.origin, "what": f"{value.origin.get('what', '')}_within_scale"}
    return Value(min(1.0, max(0.0, value.number)), value.form, origin)


@dataclass(frozen=True)
class Exhibit:
    """A table to be shown.

    Parameters
    ----------
    words : str
        Where its words stand in the catalogue: ``title``, ``note`` (if there is one), and
        ``columns`` with a heading each.
    columns : sequence of Column
    rows : sequence of mapping
    table : str
        Table of the results from which its numbers come.
    by : sequence of str
        Fields that tell its rows apart.
    section : str
        Section of the report in which it stands.
    values : mapping
        What stands in the blanks of title and note.
    outlets : sequence of str
        Where it is shown.
    part : str
        Tells apart the files of exhibits that have their words in common.
    """

    words: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    table: str
    by: Sequence[str] = ()
    section: str = SHORT
    values: Mapping[str, Any] = field(default_factory=dict)
    outlets: tuple[str, ...] = BOTH
    part: str = ""

    @property
    def name(self) -> str:
        """Of its file."""
        return self.words.rpartition(".")[2] + (f"_{self.part}" if self.part else "")

    @property
    def title(self) -> Sentence:
        """What it is called."""
        return Sentence(f"{self.words}.title", self.values)

    @property
    def note(self) -> Sentence | None:
        """What is to be said below it."""
        key = f"{self.words}.note"
        return Sentence(key, self.values) if has(key) else None

    def headings(self) -> list[str]:
        """Words above the columns."""
        return [
            column.heading or say(f"{self.words}.columns.{column.key}", **self.values)
            for column in self.columns
        ]

    def cells(self) -> Iterator[list[Cell]]:
        """Give the cells, row by row."""
        for row in self.rows:
            origin = {"table": self.table, **{name: row[name] for name in self.by}}
            yield [column.cell(row, origin) for column in self.columns]
