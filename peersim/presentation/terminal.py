"""What is printed: sentences that fit the terminal, and tables that drop or wrap columns where
there is no room. In a pipe it is plain text.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rich.box import SIMPLE_HEAD
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from peersim.kernel.catalogue import listed, say
from peersim.presentation.exhibit import Exhibit

if TYPE_CHECKING:
    from tqdm import tqdm

IN_A_PIPE = 100
"""Width where nobody says how wide the terminal is."""

GAP = 3
"""Between two columns."""

COMMANDS = ("peersim ", "uv run ")

PHRASE = 16
"""Letters of a phrase that is kept on one line."""

WIDEST = 120
"""Width up to which sentences run."""


def console() -> Console:
    """Give the console of standard output."""
    found = Console(highlight=False, soft_wrap=False, markup=False, emoji=False)
    return (
        found
        if found.is_terminal
        else Console(highlight=False, markup=False, emoji=False, no_color=True, width=IN_A_PIPE)
    )


def show(parts: Iterable[str | Exhibit]) -> None:
    """Print tables and sentences, each table and each run of sentences apart."""
    to = console()
    before: str | Exhibit | None = None
    for part in parts:
        if isinstance(part, Exhibit) or not isinstance(before, str):
            to.print()
        before = part
        if isinstance(part, Exhibit):
            for each in drawn(part, to):
                to.print(each)
        elif part.startswith(COMMANDS):  # to be copied: never broken in two
            to.print(Text(part), soft_wrap=True)
        else:
            to.print(Text(part), width=min(to.width, WIDEST))


def show_folder(folder: Path) -> None:
    """Say where everything is."""
    print(f"\n{say('study.report', file=folder / 'report.html')}", flush=True)


def as_text(exhibit: Exhibit, width: int = IN_A_PIPE) -> str:
    """Write an exhibit as plain text of a width."""
    file = io.StringIO()
    to = Console(file=file, width=width, no_color=True, highlight=False, markup=False)
    for part in drawn(exhibit, to):
        to.print(part)
    return file.getvalue()


def drawn(exhibit: Exhibit, to: Console) -> Iterable[RenderableType]:
    """Give a table as wide as there is room for, and what stands below it."""
    rows = [[str(cell) for cell in cells] for cells in exhibit.cells()]
    headings, kept = exhibit.headings(), list(range(len(exhibit.columns)))
    needs = [_needed(k, exhibit, headings, rows) for k in kept]
    while sum(needs[k] + GAP for k in kept) - GAP > to.width:
        last = max(kept, key=lambda k: (exhibit.columns[k].rank, k))
        if exhibit.columns[last].rank == 0:
            break
        kept.remove(last)
    texts = {k: ([row[k] for row in rows], [headings[k]]) for k in kept}
    widths = _shared(to.width - GAP * (len(kept) - 1), {k: needs[k] for k in kept}, texts)
    table = Table(
        box=SIMPLE_HEAD,
        title=str(exhibit.title),
        title_justify="left",
        title_style="bold",
        show_edge=False,
        pad_edge=False,
        header_style="",
    )
    for k in kept:
        side: Literal["left", "right"] = "left" if exhibit.columns[k].is_words else "right"
        table.add_column(headings[k], justify=side, vertical="top", width=widths[k])
    for row in rows:
        table.add_row(*(row[k] for k in kept))
    yield table
    if exhibit.note is not None:
        yield Text(str(exhibit.note))
    gone = [headings[k] for k in range(len(headings)) if k not in kept]
    if gone:
        yield Text(say("tables.no_room", columns=listed(gone)))


def _shared(
    room: int, needs: Mapping[int, int], texts: Mapping[int, Sequence[Sequence[str]]]
) -> dict[int, int]:
    """Widths of columns: where there is room, first words and then headings wrap less, most where
    they wrap most.
    """
    widths, free = dict(needs), room - sum(needs.values())
    for which in (0, 1):
        longest = {k: max(map(len, [*texts[k][which], ""])) for k in widths}
        while free > 0 and (short := [k for k in widths if longest[k] > widths[k]]):
            _, squeezed = max((longest[k] / widths[k], k) for k in short)
            widths[squeezed], free = widths[squeezed] + 1, free - 1
    return widths


def _needed(
    k: int, exhibit: Exhibit, headings: Sequence[str], rows: Sequence[Sequence[str]]
) -> int:
    """Least width of a column: no number and no short phrase is broken in two."""
    cells = [row[k] for row in rows]
    if exhibit.columns[k].is_words:
        words = [word for cell in cells for word in cell.split()]
        cells = [*words, *(cell for cell in cells if len(cell) <= PHRASE)]
    return max(map(len, [*headings[k].split(), *cells, ""]))


def bar(label: str, of: str = "run", total: int | None = None) -> tqdm:
    """Give a bar that counts on a terminal, and shows nothing elsewhere."""
    from tqdm import tqdm

    unit = f" {say(f'progress.of.{of}')}"
    return tqdm(total=total, desc=label, unit=unit, disable=None, leave=False)
