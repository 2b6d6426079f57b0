"""A list as a table: where its headings stand, which columns are understood, and what is left over.

Reading stops, with a sentence, where what is left over looks as if it mattered.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from peersim.kernel.catalogue import Sentence, say
from peersim.kernel.declaration import InvalidInput
from peersim.lists.cells import is_code, whole
from peersim.lists.dates import Period, looks_like_period, period
from peersim.lists.files import Grid, content_of, grids
from peersim.lists.words import heading, headings_of, plain, rank, resembled, shortened

FEWEST_PERIODS = 4
"""So many columns headed by weeks or days make a list with a column for each."""

_TITLE_ROWS = 15
_HEADING = 24
"""So many characters of a heading may stand in a sentence."""


class Row(NamedTuple):
    """One row; `number` is that of a spreadsheet."""

    number: int
    cells: list[str]


@dataclass
class Table:
    """The rows of a list, and where each thing stands.

    Attributes
    ----------
    file : str
    headings : list of str
    rows : list of Row
        Those below the headings that hold anything.
    columns : dict of field to place
    periods : dict of place to Period
        Columns that are headed by a day or week.
    titles : list of str
        Cells above the headings.
    fingerprint : str
        SHA-256 of the file.
    """

    file: str
    headings: list[str]
    rows: list[Row]
    columns: dict[str, int]
    periods: dict[int, Period]
    titles: list[str] = field(default_factory=list)
    fingerprint: str = ""

    def at(self, row: Row, place: int) -> str:
        """What stands in one column of a row."""
        return row.cells[place].strip() if 0 <= place < len(row.cells) else ""

    def cell(self, row: Row, name: str) -> str:
        """What stands in a row under a field; nothing if the list has no such column."""
        return self.at(row, self.columns.get(name, -1))

    def column(self, name: str) -> list[str]:
        """What stands under a field, a cell a row."""
        return [self.cell(row, name) for row in self.rows]

    def person(self, row: Row) -> str:
        """Who a row is about: a name, number or code, with the surname if that stands apart."""
        return f"{self.cell(row, 'person')} {self.cell(row, 'surname')}".strip()

    def named(self, place: int) -> str:
        """The heading of a column as a sentence repeats it."""
        text = self.headings[place] if place < len(self.headings) else ""
        if not text.strip():
            return say("errors.lists.column", number=place + 1)
        return shortened(text, _HEADING)

    def wrong(self, key: str, row: int | None = None, **values: Any) -> InvalidInput:
        """What is wrong with the list, or with a row of it: a sentence of the catalogue."""
        return InvalidInput(key, file=self.file, row=row, **values)

    def complaint(
        self, row: Row, column: str | int, allowed: str, shows: bool = True, **values: Any
    ) -> InvalidInput:
        """That a cell will not do, and what would: the second half of a sentence.

        With `shows` off the cell is not quoted: who a person is is never shown.
        """
        place = column if isinstance(column, int) else self.columns[column]
        text = self.at(row, place)
        said = "cell" if text and shows else "hidden_cell" if text else "empty_cell"
        return self.wrong(
            f"errors.lists.{said}",
            row.number,
            column=self.named(place),
            text=shortened(text) if shows else "",
            allowed=Sentence(allowed, values),
        )

    def unused(self) -> Iterator[int]:
        """Columns that hold something and are not understood."""
        used = {*self.columns.values(), *self.periods}
        for place in range(len(self.headings)):
            if place not in used and any(self.at(row, place) for row in self.rows):
                yield place

    def left_over(
        self, matters: Collection[str], is_noted: Callable[[int], bool] | None = None
    ) -> list[Sentence]:
        """Note which columns are not used; stop at those that look as if they mattered.

        Parameters
        ----------
        matters : collection of fields
            Fields whose headings are looked for in the headings that are left over.
        is_noted : callable, optional
            What else is looked at in a column: false if it can be left alone without a note.
        """
        missing, others = [name for name in matters if name not in self.columns], []
        for place in self.unused():
            if not plain(self.headings[place]) and not self.headings[place].strip():
                self._refuse_nameless(place)
            elif not looks_like_period(self.headings[place]) and (
                word := resembled(self.headings[place], missing)
            ):
                column = self.named(place)
                raise self.wrong("errors.lists.not_understood", column=column, meant=word)
            elif is_noted is None or is_noted(place):
                others.append(self.named(place))
        return [Sentence("notes.not_used", {"columns": ", ".join(others)})] if others else []

    def _refuse_nameless(self, place: int) -> None:
        numbers = [whole(self.at(row, place)) for row in self.rows]
        if numbers[0] is None or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
            row = next(row for row in self.rows if self.at(row, place))
            raise self.wrong("errors.lists.nameless_column", row.number, number=place + 1)


class _Head(NamedTuple):
    score: int
    before: int
    grid: Grid
    columns: dict[str, list[int]]
    periods: dict[int, Period]


def _heads(every: Sequence[Grid], fields: Collection[str], with_periods: bool) -> Iterator[_Head]:
    """Read each of the first rows as if it were the one with the headings."""
    for grid in every:
        for number, cells in enumerate(grid.rows[:_TITLE_ROWS]):
            columns: dict[str, list[int]] = {}
            for place, text in enumerate(cells):
                if name := heading(text, fields):
                    columns.setdefault(name, []).append(place)
            named = {place for places in columns.values() for place in places}
            found = (
                {
                    k: when
                    for k, text in enumerate(cells)
                    if k not in named and (when := period(text))
                }
                if with_periods
                else {}
            )
            if len(found) >= FEWEST_PERIODS and not cells[0].strip():
                columns.setdefault("person", [0])  # an empty corner above the names
            yield _Head(len(columns) + len(found), -number, grid, columns, found)


def read_table(
    file: str,
    fields: Sequence[str],
    needed: str,
    why: str,
    with_periods: bool = False,
    content: bytes | None = None,
) -> Table:
    """Read a list and find its headings.

    Parameters
    ----------
    file : str
    fields : sequence of str
        What can stand in a column.
    needed : str
        The field without which a row can be no row of headings.
    why : str
        What the column of this field is for: in the catalogue, as the end of a sentence.
    with_periods : bool
        Whether columns may be headed by days and weeks.
    content : bytes, optional
        What stands in it, if it is no file on this machine.

    Raises
    ------
    InvalidInput
        One or two sentences: what is wrong, in which row and column, and what to do.
    """
    content = content_of(file) if content is None else content
    every = grids(file, content)
    if not any(cell.strip() for grid in every for cells in grid.rows for cell in cells):
        raise InvalidInput("errors.lists.empty", file=file, needed=needed)
    heads = list(_heads(every, fields, with_periods))
    fit = [head for head in heads if needed in head.columns]
    if not fit:
        raise _headless(file, max(heads, key=lambda head: head[:2]), needed, why)
    head = max(fit, key=lambda head: head[:2])
    _refuse_second_sheet(file, head, fit)
    if head.grid.stray_quote:
        raise InvalidInput("errors.lists.stray_quote", file=file, row=head.grid.stray_quote)
    lines = head.grid.rows
    rows = [
        Row(number, cells)
        for number, cells in enumerate(lines[1 - head.before :], 2 - head.before)
        if any(map(str.strip, cells))
    ]
    headings = _trimmed(lines[-head.before], rows)
    titles = [cell for cells in lines[: -head.before] for cell in cells]
    table = Table(
        file, headings, rows, {}, head.periods, titles, hashlib.sha256(content).hexdigest()
    )
    is_long = bool({"date", "week"} & set(head.columns))
    table.columns = {
        name: _plainest(table, name, places, is_long) for name, places in head.columns.items()
    }
    _refuse_more_cells(table, head.grid.separator)
    return table


def _trimmed(headings: list[str], rows: Sequence[Row]) -> list[str]:
    """Headings without the empty ones at the end, below which nothing stands."""
    filled = [
        k
        for row in rows
        for k in range(len(headings))
        if k < len(row.cells) and row.cells[k].strip()
    ]
    last = max([k for k, text in enumerate(headings) if text.strip()] + filled, default=-1)
    return headings[: last + 1]


def _headless(file: str, best: _Head, needed: str, why: str) -> InvalidInput:
    if best.grid.stray_quote:
        return InvalidInput("errors.lists.stray_quote", file=file, row=best.grid.stray_quote)
    cells = best.grid.rows[-best.before]
    meant = next((word for text in cells if (word := resembled(text, [needed]))), None)
    names = headings_of(needed, 3)
    hint = None
    if meant:
        hint = Sentence("errors.did_you_mean", {"meant": meant})
    elif len(names) > 2:
        hint = Sentence("errors.lists.can_be_called", {"names": names})
    return InvalidInput("errors.lists.no_column", hint, file=file, needed=needed, why=Sentence(why))


def _refuse_second_sheet(file: str, head: _Head, fit: Sequence[_Head]) -> None:
    sheets = {id(each.grid) for each in fit}
    if not head.grid.separator and len(sheets) > 1:
        raise InvalidInput("errors.lists.several_sheets", file=file, sheets=len(sheets))


def _plainest(table: Table, name: str, places: Sequence[int], is_long: bool) -> int:
    """Of several columns for one field, the one with the plainest heading."""
    headings = [plain(table.headings[place]) for place in places]
    for text in headings:
        if headings.count(text) > 1:
            raise table.wrong("errors.lists.column_twice", column=text)
    if name == "person" and len(places) > 1:
        return _telling_apart(table, places, is_long)
    return min(places, key=lambda place: rank(table.headings[place], name))


def _telling_apart(table: Table, places: Sequence[int], is_long: bool) -> int:
    """Of several columns for the person, the one that tells most people apart, codes before names;
    where people have several rows, not one that counts rows.
    """

    def different(place: int) -> int:
        return len({table.at(row, place) for row in table.rows} - {""})

    counting = [k for k in places if different(k) == len(table.rows) > 1]
    chosen = [k for k in places if not (is_long and k in counting)] or list(places)

    def rating(place: int) -> tuple[int, bool, int]:
        has_codes = all(is_code(table.at(row, place) or "0") for row in table.rows)
        return different(place), has_codes, -rank(table.headings[place], "person")

    return max(chosen, key=rating)


def _refuse_more_cells(table: Table, separator: str) -> None:
    width = len(table.headings)
    for row in table.rows:
        if any(cell.strip() for cell in row.cells[width:]):
            said = "more_cells_or_plus" if "communities" in table.columns else "more_cells"
            mark = {"\t": "tab", "": "more"}.get(separator, "mark")
            named = Sentence(f"errors.lists.{mark}", {"mark": separator})
            raise table.wrong(f"errors.lists.{said}", row.number, columns=width, mark=named)
