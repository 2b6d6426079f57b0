"""One offline HTML page for a study of many points: what was asked, what came out, how to repeat
it.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from markupsafe import Markup

from peersim.kernel.plain_data import flat
from peersim.presentation.catalogue import words
from peersim.presentation.numbers import quoted

if TYPE_CHECKING:
    from peersim.presentation.figures import Drawing

Text = str | Markup


class Grid(NamedTuple):
    """A table: the first cell of each row names it, and the last may be words."""

    caption: Text
    heads: Sequence[Text]
    rows: Sequence[Sequence[Text]]
    note: Text = ""
    is_long: bool = True


class Part(NamedTuple):
    """One section of the page."""

    name: str
    head: Text
    texts: Sequence[Text] = ()
    drawings: Sequence[Drawing] = ()
    grids: Sequence[Grid] = ()


class Page(NamedTuple):
    """What stands on a page.

    Attributes
    ----------
    title : str
    short : sequence of str
        The answer, in a few lines.
    facts : sequence of (str, str)
        What was asked: a term, and what it was.
    parts : sequence of Part
    sources : sequence of str
        What the method rests on.
    """

    title: Text
    short: Sequence[Text]
    facts: Sequence[tuple[Text, Text]]
    parts: Sequence[Part]
    sources: Sequence[Text] = ()


def written(page: Page, manifest: Mapping[str, Any]) -> str:
    """Write a page as HTML.

    Parameters
    ----------
    page : Page
    manifest : mapping
        Of the results folder in which it will stand.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("peersim", "presentation/templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    catalogue = words()
    parts: Any = [
        {**part._asdict(), "drawings": [Markup(picture(drawing)) for drawing in part.drawings]}
        for part in page.parts
    ]
    return environment.get_template("study.html").render(
        **{**page._asdict(), "parts": parts},
        language="en",
        t=catalogue["study"],
        shared=catalogue["report"],
        say=say,
        settings=functools.partial(setting, manifest),
    )


def say(text: str, **values: Any) -> Markup:
    """Fill numbers into a sentence, everything else escaped."""
    return Markup(text).format(**values)


def picture(drawing: Drawing) -> str:
    """Give the SVG of a figure a name that a screen reader can say."""
    label = drawing.title.replace("&", "&amp;").replace('"', "&quot;")
    return drawing.svg.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)


def setting(manifest: Mapping[str, Any], path: str) -> Markup:
    """Quote one entry of the manifest."""
    return quoted(dict(flat(manifest))[path], table="manifest", path=path)
