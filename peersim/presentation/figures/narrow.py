"""Figures for narrow screens: the same drawing laid out anew, not made smaller. Words wrap, panels
stand below each other, and rows have their names above them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import batched, groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from peersim.presentation.figures.layout import (
    has_names,
    name_again,
    pen_of,
    thin_numbers,
    width_of,
    wrapped,
)
from peersim.presentation.figures.rows import has_cells, names_of, set_names
from peersim.presentation.figures.style import ALARM, PAPER

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure
    from matplotlib.legend import Legend
    from matplotlib.text import Text

WIDTH = 3.4
"""Inches; where it is shown 350 pixels wide, a point is 1.4 pixels."""
LETTERS, TITLE = 8.0, 12.0
"""Points of the smallest letters, which are 11 pixels there, and of the title."""
EDGE, GAP = 0.06, 0.14
ROOM = WIDTH - 2 * EDGE
TALLEST = 3.0
SIGN = 0.4
"""Inches of a sign beside its words."""
AFTER = 0.1
"""Inches for half a number at the right end, which may come only when the axes are wider."""
LITTLE = 0.5
"""Inches of a note that may stand at the right of its row."""


SIDES, BY_COLUMN = "sides", "by_column"
"""Marks (`gid`) of words at the top that say what lies to the left and to the right, and of a
figure whose panels are read down each column.
"""


class Block(NamedTuple):
    """Something that takes the whole width: its height, and what sets it so far below the top of a
    figure of that height, all in inches.
    """

    height: float
    place: Callable[[float, float], None]


def narrowed(figure: Figure, banners: Sequence[Any] = ()) -> Figure:
    """Lay out a finished figure for a narrow screen; the banners stand above everything else."""
    lines = list(_lines(figure))
    _, was = figure.get_size_inches()
    heights = [max(axes.get_position().height for axes in line) * was for line in lines]
    title, sub, foot, *more = figure.texts
    figure.set_size_inches(WIDTH, was)
    blocks = [_banner(figure, banners)] if banners else []
    blocks += [_words(title, TITLE), _words(sub)]
    blocks += [_key(figure, legend) for legend in figure.legends[:]]
    for line, height in zip(lines, heights, strict=True):
        blocks += _keys_of(figure, line)
        blocks += _panels(figure, line, height)
    blocks += [_words(each) for each in (*more, foot)]
    total = sum(block.height + GAP for block in blocks)
    figure.set_size_inches(WIDTH, total)
    top = GAP / 2
    for block in blocks:
        block.place(top, total)
        top += block.height + GAP
    return figure


# -- words and keys -------------------------------------------------------------------------------
def _words(text: Text, size: float = 0.0) -> Block:
    """A text over the whole width."""
    text.set(fontsize=max(size, LETTERS, 0.0 if size else float(text.get_fontsize())), va="top")
    _wrap(text, ROOM)
    left = 0.5 if text.get_horizontalalignment() == "center" else EDGE / WIDTH

    def place(top: float, total: float) -> None:
        text.set_position((left, 1 - top / total))

    return Block(_height_of(text), place)


def _banner(figure: Figure, banners: Sequence[Any]) -> Block:
    look: dict[str, Any] = {"fontweight": "bold", "color": PAPER}
    look["bbox"] = {"fc": ALARM, "ec": "none", "pad": 2}
    return _words(figure.text(0, 0, " ".join(map(str, banners)), **look), LETTERS)


def _wrap(text: Text, room: float) -> None:
    """Break the lines of a text where there is no more room, and join those that were broken for a
    wider sheet.
    """
    said = text.get_text()
    lines = said.split("\n")
    whole = [lines[0]]
    for before, line in zip(lines, lines[1:], strict=False):
        if before.rstrip()[-1:] in ".:?!" or re.match(r"[AB]:|←|\d+  ", line):
            whole.append(line)
        else:
            whole[-1] += f" {line}"
    text.set_text("\n".join(wrapped(line, text, room) for line in whole))


def _height_of(text: Text) -> float:
    figure = text.get_figure(root=True)
    assert figure is not None
    return float(text.get_window_extent(pen_of(figure)).height) / figure.dpi


def _keys_of(figure: Figure, line: Sequence[Axes]) -> Iterator[Block]:
    """The keys to the signs of some axes, which then stand above them."""
    for axes in line:
        if (legend := axes.get_legend()) is not None:
            legend.remove()
            yield _key(figure, legend)


def _key(figure: Figure, old: Legend) -> Block:
    """A key to the signs, in as many columns as there is room for."""
    handles: list[Any] = list(old.legend_handles)
    labels = [text.get_text() for text in old.get_texts()]
    if old in figure.legends:
        old.remove()
    look: dict[str, Any] = {"loc": "upper left", "fontsize": LETTERS, "borderaxespad": 0}
    look |= {"columnspacing": 1.0, "handletextpad": 0.4, "borderpad": 0, "handlelength": 1.6}
    pen, like = pen_of(figure), old.get_texts()[0]
    like.set_fontsize(LETTERS)
    labels = [wrapped(label, like, ROOM - SIGN) for label in labels]
    if heading := old.get_title().get_text():
        look |= {"title": wrapped(heading, like, ROOM), "title_fontsize": LETTERS}
        look |= {"alignment": "left"}
    for columns in range(min(4, len(labels)), 0, -1):
        key = figure.legend(handles, labels, ncols=columns, **look)
        size = key.get_window_extent(pen)
        if size.width <= ROOM * figure.dpi or columns == 1:
            break
        key.remove()

    def place(top: float, total: float) -> None:
        key.set_bbox_to_anchor((EDGE / WIDTH, 1 - top / total))

    return Block(float(size.height) / figure.dpi, place)


# -- what stands beside what ----------------------------------------------------------------------
def _lines(figure: Figure) -> Iterator[list[Axes]]:
    """Panels in reading order, one below the other, but for those that share the names of their
    rows, and small pictures.
    """
    is_by_column = figure.get_gid() == BY_COLUMN

    def cell(axes: Axes) -> tuple[float, float]:
        place = axes.get_position()
        row, column = -round(place.y1, 2), round(place.x0, 2)
        return (column, row) if is_by_column else (row, column)

    in_order = sorted(figure.axes, key=cell)
    for _, some in groupby(in_order, key=lambda axes: cell(axes)[0]):
        beside = list(some)
        across = 1 if is_by_column else _across(beside)
        for line in batched(beside, across):
            for axes in line:
                _label_again(axes, in_order, is_first=axes is line[0])
            yield list(line)


def _across(beside: Sequence[Axes]) -> int:
    """How many panels stand beside each other: small pictures, and panels with the same rows."""
    if is_picture(beside[0]):
        return 2
    if len(beside) == 1 or has_cells(beside[0]) or not names_of(beside[0]):
        return 1
    return 3 if len(beside) == 3 else 2


def _label_again(axes: Axes, every: Sequence[Axes], is_first: bool) -> None:
    """Give a panel numbers and words of its own along its axes, where it had those of others."""
    if not axes.axison or is_picture(axes):
        return
    shows_top = axes.xaxis.get_ticks_position() == "top"
    axes.tick_params(labelleft=is_first, labelbottom=not shows_top)
    for which in "xy":
        twins = getattr(axes, f"get_shared_{which}_axes")().get_siblings(axes)
        said = [getattr(each, f"get_{which}label")() for each in (axes, *every) if each in twins]
        if (which == "x" or is_first) and not said[0]:
            getattr(axes, f"set_{which}label")(next(filter(None, said), ""))


# -- panels ---------------------------------------------------------------------------------------
def _panels(figure: Figure, line: list[Axes], height: float) -> Iterator[Block]:
    """Some axes beside each other, and what they have in common below them."""
    for axes in line:
        _enlarge(axes)
    if is_picture(line[0]):
        yield _pictures(figure, line)
        return
    common, lists = _in_common(figure, line), [said for axes in line for said in _lists(axes)]
    _set_across(figure, line)
    height = set_names(line, ROOM) or min(height, TALLEST)
    _set_heights(figure, line, height)
    widths = _set_across(figure, line)
    for axes, (_, wide) in zip(line, widths, strict=True):
        _wrap_labels(axes, wide, height)
    thin_numbers(figure)
    widths = _set_across(figure, line)  # other numbers may stand at the edges now
    below = [said for axes in line if (said := name_again(axes, 1.1, LETTERS))]
    over, under = _overhang(figure, line, "y")

    def place(top: float, total: float) -> None:
        for axes, (left, wide) in zip(line, widths, strict=True):
            bottom = total - top - over - height
            axes.set_position((left / WIDTH, bottom / total, wide / WIDTH, height / total))

    yield Block(over + height + under, place)
    if common is not None:
        yield _words(common)
    for text in (*lists, *below):
        yield _words(figure.text(0, 0, text, fontsize=LETTERS))


def _lists(axes: Axes) -> Iterator[str]:
    """What was written below some axes, not in them."""
    for text in list(axes.texts):
        if getattr(text, "xycoords", None) == "axes fraction":
            text.remove()
            yield text.get_text()


def _in_common(figure: Figure, line: list[Axes]) -> Text | None:
    """What stands along all of some axes, as one text."""
    said = {axes.get_xlabel() for axes in line}
    if len(line) == 1 or len(said) > 1 or not any(said):
        return None
    for axes in line:
        axes.set_xlabel("")
    return figure.text(0.5, 0, said.pop(), ha="center", fontsize=LETTERS)


def is_picture(axes: Axes) -> bool:
    """Whether there is nothing to be read off along the edges."""
    return bool(axes.get_aspect() != "auto")


def _pictures(figure: Figure, line: list[Axes]) -> Block:
    """Small pictures beside each other, each with its title and a note above it."""
    wide, notes = (ROOM - GAP) / 2, [text for axes in line for text in axes.texts]
    for text in notes:
        _wrap(text, wide)
    above = max(map(_height_of, notes), default=0.0)
    for axes in line:
        look: dict[str, Any] = {"fontsize": 9.0, "fontweight": "bold", "pad": 72 * above + 8}
        axes.set_title(axes.get_title("left"), loc="left", **look)
        _wrap(_titles(axes)[1], wide)
    above += max(_height_of(_titles(axes)[1]) for axes in line) + 0.15

    def place(top: float, total: float) -> None:
        for n, axes in enumerate(line):
            left, bottom = EDGE + n * (wide + GAP), total - top - above - wide
            axes.set_position((left / WIDTH, bottom / total, wide / WIDTH, wide / total))

    return Block(above + wide, place)


def _enlarge(axes: Axes) -> None:
    """No letters are smaller than can be read, and notes beside rows stand within."""
    axes.tick_params(labelsize=LETTERS)
    for text in (*_along(axes), *axes.texts, axes.yaxis.label):
        text.set_fontsize(min(9.0, max(LETTERS, text.get_fontsize())))
    sides = [text for text in axes.texts if text.get_gid() == SIDES]
    if sides:
        axes.set_xlabel("\n".join([axes.get_xlabel(), "  ·  ".join(t.get_text() for t in sides)]))
    for text in sides:
        text.remove()
    for text in axes.texts:
        beside = text.get_transform() == axes.get_yaxis_transform()
        if beside and text.get_position()[0] > 1 and width_of(text) > LITTLE:
            text.set(x=1.0, ha="right", bbox={"fc": PAPER, "ec": "none", "alpha": 0.8, "pad": 0.5})
            text.set_text(wrapped(text.get_text(), text, ROOM / 2))
            text.set_in_layout(False)


def _titles(axes: Axes) -> list[Text]:
    return [axes.title, axes._left_title, axes._right_title]  # type: ignore[attr-defined]


def _along(axes: Axes) -> list[Text]:
    """Words that run along axes."""
    return [axes.xaxis.label, *_titles(axes)]


def _set_across(figure: Figure, line: list[Axes]) -> list[tuple[float, float]]:
    """Give each of some axes its width, as far as its words beside it leave room; returns left ends
    and widths, in inches.
    """
    sides = [_overhang(figure, [axes], "x") for axes in line]
    sides[-1] = (sides[-1][0], max(sides[-1][1], AFTER))
    free = ROOM - sum(map(sum, sides)) - GAP * (len(line) - 1)
    wide, left, found = max(0.5, free / len(line)), EDGE, []
    for axes, (before, after) in zip(line, sides, strict=True):
        at = axes.get_position()
        left += before
        axes.set_position((left / WIDTH, at.y0, wide / WIDTH, at.height))
        found.append((left, wide))
        left += wide + after + GAP
    return found


def _set_heights(figure: Figure, line: list[Axes], height: float) -> None:
    tall = figure.get_size_inches()[1]
    for axes in line:
        at = axes.get_position()
        axes.set_position((at.x0, 0.4, at.width, height / tall))


def _overhang(figure: Figure, line: list[Axes], which: str) -> tuple[float, float]:
    """How far words reach beyond some axes: to the left and right, or above and below."""
    pen, ends = pen_of(figure), []
    for axes in line:
        for text in _along(axes):  # these are broken when it is known how wide the axes are
            text.set_visible(which == "y")
        words, box = axes.get_tightbbox(pen), axes.get_window_extent()
        assert words is not None
        if which == "x":
            ends.append((box.x0 - words.x0, words.x1 - box.x1))
        else:
            ends.append((words.y1 - box.y1, box.y0 - words.y0))
    first, last = (max(0.0, max(each)) / figure.dpi for each in zip(*ends, strict=True))
    return first, last


def _wrap_labels(axes: Axes, wide: float, height: float) -> None:
    """Break titles and labels of axes where there is no more room."""
    for words in _along(axes):
        _wrap(words, wide)
    _wrap(axes.yaxis.label, max(height, 1.0))
    if has_names(axes.xaxis):
        _part_names(axes.xaxis, wide)


def _part_names(axis: Axis, wide: float) -> None:
    """Keep the names along an axis apart: upright where they slant, narrow where they are words,
    fewer where they are numbers.
    """
    labels = [text for text in axis.get_ticklabels() if text.get_text()]
    if any(text.get_rotation() for text in labels):
        axis.set_tick_params(rotation=90)
        for text in labels:
            text.set(rotation=90, ha="center")
        return
    each = wide / max(1, len(labels))
    if max(map(width_of, labels), default=0.0) <= each:
        return
    said = [text.get_text() for text in labels]
    if all(text.isdigit() for text in said):
        kept = [text if n % 2 == 0 else "" for n, text in enumerate(said)]
        axis.set_ticks(axis.get_majorticklocs(), kept)
    else:
        axis.set_ticks(axis.get_majorticklocs(), [wrapped(s, labels[0], each) for s in said])
