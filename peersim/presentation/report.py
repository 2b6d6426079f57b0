"""A report of a study: what was asked, and section by section what came out; printed, and written
as one offline HTML page in which every number says where it comes from.
"""

from __future__ import annotations

import csv
import functools
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from peersim.kernel.catalogue import Sentence, Value, fill, has, language, say
from peersim.kernel.paths import leaves
from peersim.kernel.plain_data import flat
from peersim.presentation.designs import mix_name
from peersim.presentation.exhibit import (
    NEXT,
    PAGE,
    SHORT,
    TERMINAL,
    Cell,
    Column,
    Exhibit,
    Row,
    Statement,
)
from peersim.presentation.figures import Drawing
from peersim.presentation.settings import plain_meaning, value_name
from peersim.scenario.scenario import Scenario

_CODE = re.compile("`([^`]+)`")
MOST_RANGES = 4
"""Numbers with what they lie between that have room beside each other in a table."""
_JOINT = re.compile(r"([._])(?=\w)")
"""Where what is typed may be broken, if a column is too narrow for it."""
_ENDS = re.compile(r"(\([^()]*\))$")
"""Between what a number lies: it goes to the next line as a whole."""


@dataclass(frozen=True)
class Report:
    """Everything that a study has to show.

    Parameters
    ----------
    study : str
    words : str
        Where its words stand in the catalogue; title and next step stand under its own name.
    sections : sequence of str
        In order; `SHORT` stands before them.
    statements, exhibits, drawings
        What stands in them.
    asked : sequence of (str, str or Cell)
        What was asked: key of a term in the catalogue, and a path in the manifest or a value.
    manifest : mapping
        Of the folder in which the page will stand.
    figures : {"svg", "png", "both"}
        How drawings are saved.
    banners : sequence of str
        What must be said of everything shown: that it is exaggerated, or was chosen.
    headings : mapping of str to Sentence
        What was found, above sections of which no figure says so.
    next : str
        Key of what can always be done next, where that is not usual for the study.
    """

    study: str
    words: str
    sections: Sequence[str]
    statements: Sequence[Statement]
    exhibits: Sequence[Exhibit]
    drawings: Sequence[Drawing]
    asked: Sequence[tuple[str, Any]]
    manifest: Mapping[str, Any]
    figures: str = "svg"
    banners: Sequence[str] = ()
    headings: Mapping[str, Sentence] = field(default_factory=dict)
    next: str = ""

    def printed(self) -> Iterator[str | Exhibit]:
        """What is printed, in order: tables first, the answer last, where it is seen; banners
        before and after everything.
        """
        yield from self.banners
        for section in self.sections:
            yield from (each for each in self._in(self.exhibits, section, TERMINAL))
            yield from map(str, self._in(self.statements, section, TERMINAL))
        yield from self._in(self.exhibits, SHORT, TERMINAL)
        yield from map(str, self._in(self.statements, SHORT, TERMINAL))
        yield from map(str, self._in(self.statements, NEXT, TERMINAL))
        yield from self.banners

    def page(self) -> str:
        """Write the page."""
        return _template().render(
            language=language(),
            study=self.study,
            title=say(f"{self.study}.title"),
            banners=self.banners,
            short=[html(each) for each in self._short()],
            first=[_shown(each) for each in self._in(self.exhibits, SHORT, PAGE)],
            asked=[(say(f"{self.words}.asked.{key}"), self._value(it)) for key, it in self.asked],
            parts=[self._part(name) for name in self.sections if self._holds(name)],
            next=list(self._next()),
            sources=say(f"{self.study}.sources") if has(f"{self.study}.sources") else "",
            files=coded(" ".join(self._held())),
            say=lambda key: coded(say(key)),
            quote=functools.partial(quote, self.manifest),
        )

    def _short(self) -> list[Statement]:
        """The answer in a few sentences: what was found before what was done."""
        every = self._in(self.statements, SHORT, PAGE)
        return sorted(every, key=lambda each: f"{self.study}.head" in each.key)

    def _next(self) -> Iterator[Markup]:
        """Say what to do now: what follows from what was found, and what always can be done."""
        yield from (coded(str(each)) for each in self._in(self.statements, NEXT, PAGE))
        key = self.next or f"{self.study}.next"
        if has(key):
            yield coded(say(key))

    def _held(self) -> Iterator[str]:
        """Say what lies beside the page."""
        yield say("report.about.files")
        if self.drawings:
            yield say("report.about.with_figures")
        if self.exhibits:
            yield say("report.about.with_exhibits")

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Give every file of the report: the page, the figures, and each exhibit as CSV."""
        yield "report.html", self.page().encode()
        for drawing in self.drawings:
            if self.figures != "png":
                yield f"figures/{drawing.name}.svg", drawing.svg.encode()
            if drawing.png is not None:
                yield f"figures/{drawing.name}.png", drawing.png
        for exhibit in self.exhibits:
            yield f"exhibits/{exhibit.name}.csv", as_csv(exhibit, self.banners).encode("utf-8-sig")

    def _part(self, name: str) -> dict[str, Any]:
        return {
            "name": name,
            "head": say(f"{self.words}.sections.{name}"),
            "found": html(self.headings[name]) if name in self.headings else "",
            "texts": [html(each) for each in self._in(self.statements, name, PAGE)],
            "drawings": [picture(each) for each in self.drawings if each.section == name],
            "exhibits": [_shown(each) for each in self._in(self.exhibits, name, PAGE)],
        }

    def _holds(self, name: str) -> bool:
        everything: tuple[Statement | Exhibit | Drawing, ...] = (
            *self.statements,
            *self.exhibits,
            *self.drawings,
        )
        return any(each.section == name for each in everything)

    def _value(self, given: Any) -> Markup | str:
        if isinstance(given, (Sentence, Value)):
            return html(given)
        return quote(self.manifest, given)

    @staticmethod
    def _in(those: Sequence[Any], section: str, outlet: str) -> list[Any]:
        return [each for each in those if each.section == section and outlet in each.outlets]


@functools.cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("peersim", "presentation/templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html")


def _shown(exhibit: Exhibit) -> dict[str, Any]:
    in_page = [column.is_in_page for column in exhibit.columns]
    columns = list(compress(exhibit.columns, in_page))
    rows = []
    for row, cells in zip(exhibit.rows, exhibit.cells(), strict=True):
        shown = zip(columns, compress(cells, in_page), strict=True)
        rows.append([_cell(column, cell, row, exhibit.table) for column, cell in shown])
    return {
        "title": html(exhibit.title),
        "heads": [_head(each) for each in compress(exhibit.headings(), in_page)],
        "is_words": [column.is_words for column in columns],
        "rows": rows,
        "is_crowded": any(sum('"ends"' in cell for cell in row) > MOST_RANGES for row in rows),
        "note": html(exhibit.note) if exhibit.note else "",
    }


def _head(heading: str) -> Markup:
    """Write a heading; where it is a setting, plain words stand above what is typed."""
    is_typed = heading in leaves(Scenario)
    return _above(plain_meaning(heading) if is_typed else "", escape(heading))


def _cell(column: Column, cell: Cell, row: Row, table: str) -> Markup:
    """Write a cell; plain words stand above what is typed."""
    typed = html(cell, table)
    if isinstance(cell, Sentence) and cell.key == "numbers.interval":
        typed = Markup(_ENDS.sub(r'<span class="ends">\1</span>', typed))
    said = column.said(row) if column.said else ""
    return _above(said, typed)


def _above(said: Sentence | str, typed: Markup) -> Markup:
    if not said:
        return typed
    breakable = typed if "<" in typed else Markup(_JOINT.sub(r"\1<wbr>", typed))
    return Markup("{}<br><code>{}</code>").format(html(said), breakable)


def as_csv(exhibit: Exhibit, banners: Sequence[str] = ()) -> str:
    """Write an exhibit as CSV: headings as they are shown, numbers in full; banners in a column of
    their own.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    marks = [" ".join(banners)] if banners else []
    writer.writerow([*exhibit.headings(), *(say("demonstration.column") for _ in marks)])
    for cells in exhibit.cells():
        numbers = [cell.number if isinstance(cell, Value) else str(cell) for cell in cells]
        writer.writerow([*numbers, *marks])
    return out.getvalue()


def picture(drawing: Drawing) -> Markup:
    """Give the SVG of a figure, for wide and for narrow screens, a name that a screen reader can
    say.
    """
    label = escape(drawing.title)
    return Markup("").join(
        Markup(svg.replace("<svg ", f'<svg class="{kind}" role="img" aria-label="{label}" ', 1))
        for kind, svg in (("broad", drawing.svg), ("narrow", drawing.narrow))
    )


# -- numbers that carry their origin --------------------------------------------------------------
def html(cell: Cell, table: str = "") -> Markup:
    """Write words, a number or a sentence for a page; `table` is where numbers come from that do
    not say so themselves.

    >>> print(html(Value(0.4333, "%", {"table": "runs"})))
    <data class="n" value="0.4333" data-table="runs" data-form="%">43%</data>
    """
    if isinstance(cell, Value):
        return _number(table, cell, "")
    if isinstance(cell, Sentence):
        table = cell.table if isinstance(cell, Statement) else table
        filled = fill(cell.key, cell.values, functools.partial(_blank, table))
        return Markup(_CODE.sub(r"<code>\1</code>", filled))
    return coded(cell)


def _blank(table: str, name: str, value: Any, form: str) -> str:
    if isinstance(value, (Sentence, Markup)):
        return html(value, table)
    is_number = isinstance(value, (Value, int, float)) and not isinstance(value, bool)
    if form or is_number:
        if not isinstance(value, Value):
            value = Value(value, form, {"table": table or "facts", "what": name})
        return _number(table, value, form)
    return escape(value)


def _number(table: str, value: Value, form: str) -> Markup:
    origin = dict(value.origin)
    if table:
        origin.setdefault("table", table)
    form = form or value.form or "g"
    return data(value.number, str(Value(value.number, form)), **origin, form=form)


def data(value: Any, text: str, **origin: Any) -> Markup:
    """Write a value as ``<data>``: in full as `value`, with its origin as attributes."""
    if value is None or value != value:
        return Markup('<span class="none">{}</span>').format(text)
    listed = "".join(
        f' data-{name}="{escape(str(item))}"' for name, item in origin.items() if item is not None
    )
    return Markup(f'<data class="n" value="{escape(value)}"{listed}>{escape(text)}</data>')


def quote(manifest: Mapping[str, Any], path: str) -> Markup:
    """Quote one entry of the manifest by its path."""
    value = dict(flat(manifest))[path]
    return data(value, _in_words(path.rpartition(".")[2], value), table="manifest", path=path)


def _in_words(name: str, value: Any) -> str:
    """An entry of the manifest as people read it: options have words in the catalogue."""
    if name == "communities":
        return mix_name(value)
    if isinstance(value, list):
        words = [_in_words(name, each) for each in value]
        return ("; " if any("," in word for word in words) else ", ").join(words)
    for key in (f"report.values.{name}.{value}", f"{name}.names.{value}"):
        if has(key):
            return say(key)
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool) and name != "seed"
    return str(Value(value)) if is_number else value_name(value)


def coded(text: str) -> Markup:
    """Set what is to be typed, which stands in backticks, apart from words."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))
