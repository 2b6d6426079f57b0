"""What an object is: one line for the console, and a small table for a notebook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from peersim.kernel.catalogue import Sentence

Facts = Sequence[tuple[Sentence, Any]]
"""What each fact is about, and the fact in words that stand for themselves."""


class Card:
    """An object that says what it is by its `_facts`."""

    def _facts(self) -> tuple[Any, Facts]:
        """What it is, in a word or two, and the facts about it."""
        raise NotImplementedError

    def __repr__(self) -> str:
        title, facts = self._facts()
        return one_line(title, [fact for _, fact in facts])

    def _repr_html_(self) -> str:
        title, facts = self._facts()
        return html_table(title, (), [(about, fact) for about, fact in facts])


def one_line(title: Any, facts: Iterable[Any]) -> str:
    """What an object is, for the console.

    >>> one_line("Run", ["52 weeks", "seed 7"])
    '<Run: 52 weeks, seed 7>'
    """
    text = f"{title}: {', '.join(map(str, facts))}"
    return f"<{''.join(letter if letter.isprintable() else ' ' for letter in text)}>"


def html_table(title: Any, head: Sequence[Any], rows: Iterable[Sequence[Any]]) -> str:
    """A small table for a notebook; whatever stands in it is text.

    Parameters
    ----------
    title : str or Sentence
    head : sequence
        Headings of the columns; none for a list of facts.
    rows : iterable of sequences
        The first cell of each is its heading.

    >>> html_table("A < B", (), [("weeks", 52)])
    '<table><caption>A &lt; B</caption><tr><th>weeks</th><td>52</td></tr></table>'
    """
    top = _row("".join(f"<th>{escape(str(each))}</th>" for each in head)) if head else ""
    body = (
        f"<th>{escape(str(first))}</th>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in rest)
        for first, *rest in rows
    )
    caption = f"<caption>{escape(str(title))}</caption>"
    return f"<table>{caption}{top}{''.join(map(_row, body))}</table>"


def _row(cells: str) -> str:
    return f"<tr>{cells}</tr>"
