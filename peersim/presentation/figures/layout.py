"""What keeps words apart: numbers along axes as far as there is room, names beside points, and
lines that fit the sheet.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

from peersim.kernel.catalogue import LANGUAGES, language
from peersim.kernel.numbers import respelled
from peersim.presentation.figures.style import ALARM, PAPER, QUIET, SMALLEST, settings

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure
    from matplotlib.text import Text

    Box = tuple[float, float, float, float]
    """Left, bottom, right, top, in pixels."""

GAP = 4.0
"""Pixels between neighbouring numbers, at the least."""
RINGS = (10, 15, 22, 31, 42, 55, 70, 88, 108, 132, 160)
"""Points from a point to its name, the first if there is room."""
FEW_NAMES = 4
"""Names for which there is room beside the points of a narrow figure."""
ANGLES = (0, 180, 40, -40, 140, -140, 75, -75, 105, -105)


def pen_of(figure: Figure) -> Any:
    """Give what measures the words of a figure."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    canvas: Any = figure.canvas
    return (
        canvas if isinstance(canvas, FigureCanvasAgg) else FigureCanvasAgg(figure)
    ).get_renderer()  # type: ignore[no-untyped-call]


def width_of(like: Text, words: str | None = None) -> float:
    """How wide words are in the letters of a text, in inches: its own, or others on one line."""
    figure = like.get_figure(root=True)
    assert figure is not None
    said = like.get_text() if words is None else words
    size = pen_of(figure).get_text_width_height_descent(
        said, like.get_fontproperties(), ismath=False
    )
    return float(size[0]) / float(figure.dpi)


def wrapped(words: str, like: Text, room: float) -> str:
    """Break words into lines of a width, in inches, in the letters of a text."""
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and width_of(like, longer) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return "\n".join(lines)


def has_names(axis: Axis) -> bool:
    """Whether words stand along an axis that were set one by one."""
    from matplotlib.ticker import FuncFormatter

    formatter = axis.get_major_formatter()
    by_one = isinstance(formatter, FuncFormatter) and isinstance(formatter.func, functools.partial)
    return by_one and any(text.get_text() for text in axis.get_ticklabels())


def fit(text: Text, room: float) -> None:
    """Make the letters of a text smaller where it is wider than the room for it, in inches."""
    figure = text.get_figure(root=True)
    assert figure is not None  # it has just been written on one
    pen, size = pen_of(figure), float(text.get_fontsize())
    while text.get_window_extent(pen).width > room * figure.dpi and size > SMALLEST:
        size = max(SMALLEST, size - 0.25)
        text.set_fontsize(size)


def stamped(figure: Figure, banners: Sequence[Any]) -> Figure:
    """Write what must be said of a figure above everything else on it."""
    if banners:
        look: dict[str, Any] = {"fontsize": SMALLEST, "fontweight": "bold", "va": "top"}
        look |= {"color": PAPER, "bbox": {"fc": ALARM, "ec": "none", "pad": 1}}
        wide, high = figure.get_size_inches()
        title = figure.texts[0]
        title.set_y(title.get_position()[1] - 0.06 / high)
        said = figure.text(0.012, 1 - 0.02 / high, " ".join(map(str, banners)), **look)
        fit(said, 0.976 * wide)
    return figure


def drawing[**Given](draw: Callable[Given, Figure]) -> Callable[Given, Figure]:
    """Let a function draw under our settings, and leave those of the user as they are."""

    @functools.wraps(draw)
    def drawn(*given: Given.args, **named: Given.kwargs) -> Figure:
        import matplotlib

        with matplotlib.rc_context(settings()):
            figure = draw(*given, **named)
            spell_numbers(figure)
            thin_numbers(figure)
            return figure

    return drawn


# -- numbers along axes ---------------------------------------------------------------------------
def is_empty(figure: Figure) -> bool:
    """Whether nothing is drawn on any axes of a figure: lines that guide the eye do not count."""
    ends = [axes.dataLim.get_points() for axes in figure.axes if axes.axison]
    return not any(all(math.isfinite(end) for end in limits.flat) for limits in ends)


def spell_numbers(figure: Figure) -> None:
    """Write numbers along axes as the language of the moment does, where no format was given."""
    from matplotlib.ticker import ScalarFormatter

    speaks = language()

    class Spoken(ScalarFormatter):
        def __call__(self, value: float, place: int | None = None) -> str:
            return respelled(super().__call__(value, place), speaks)

    if speaks == LANGUAGES[0]:
        return
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            if type(axis.get_major_formatter()) is ScalarFormatter:
                axis.set_major_formatter(Spoken())


def thin_numbers(figure: Figure) -> None:
    """Take as many numbers from each axis as its neighbours need."""
    from matplotlib.ticker import FixedLocator, MaxNLocator

    pen = pen_of(figure)
    _centre(figure)
    for axes in figure.axes:
        for step, axis in enumerate((axes.xaxis, axes.yaxis)):
            locator, count = axis.get_major_locator(), len(axis.get_majorticklocs())
            while isinstance(locator, MaxNLocator) and count > 1 and not _has_room(axis, step, pen):
                count -= 1
                locator.set_params(nbins=count, min_n_ticks=min(2, count))
            named = has_names(axis)
            while isinstance(locator, FixedLocator) and not named and count > 1:
                if _has_room(axis, step, pen):
                    break
                count -= 1
                axis.set_ticks(_without_closest(axis.get_majorticklocs().tolist()))
    _part_neighbours(figure, pen)


def _numbers(figure: Figure) -> dict[Axes, list[Text]]:
    """Give the numbers below each of the axes that have some."""
    numbered = [axes for axes in figure.axes if not has_names(axes.xaxis)]
    return {axes: labels for axes in numbered if (labels := _labels(axes.xaxis))}


def _centre(figure: Figure) -> None:
    for text in itertools.chain(*_numbers(figure).values()):
        text.set_horizontalalignment("center")


def _part_neighbours(figure: Figure, pen: Any) -> None:
    """Move the numbers at the ends of axes that stand beside each other inwards, where they would
    run into each other.
    """
    from matplotlib.ticker import MaxNLocator

    ends = _numbers(figure)
    for one, other in itertools.permutations(ends, 2):
        last, first = ends[one][-1], ends[other][0]
        a, b = last.get_window_extent(pen), first.get_window_extent(pen)
        are_level = a.y0 < b.y1 and b.y0 < a.y1 and one.bbox.x1 <= other.bbox.x0
        if are_level and a.x1 + GAP > b.x0:
            last.set_horizontalalignment("right")
            first.set_horizontalalignment("left")
    for axes, labels in ends.items():
        locator, count = axes.xaxis.get_major_locator(), len(labels)
        if isinstance(locator, MaxNLocator) and count > 2 and not _has_room(axes.xaxis, 0, pen):
            locator.set_params(nbins=count - 2, min_n_ticks=2)
            _centre(figure)
            _part_neighbours(figure, pen)
            return


def _without_closest(places: list[float]) -> list[float]:
    """Leave out that place which is nearest to the one before it.

    >>> _without_closest([4, 11, 12, 30])
    [4, 11, 30]
    """
    gaps = [later - sooner for sooner, later in itertools.pairwise(places)]
    return [place for n, place in enumerate(places) if n != 1 + gaps.index(min(gaps))]


def _labels(axis: Axis) -> list[Text]:
    """Give the numbers or names along an axis that are seen, in order."""
    low, high = sorted(axis.get_view_interval())
    axis.get_ticklabels()  # only when asked do they take their places
    seen = [
        (tick.get_loc(), tick.label1)
        for tick in axis.get_major_ticks()
        if low <= tick.get_loc() <= high and tick.label1.get_visible() and tick.label1.get_text()
    ]
    return [text for _, text in sorted(seen, key=lambda each: each[0])]


def _has_room(axis: Axis, step: int, pen: Any) -> bool:
    boxes = [text.get_window_extent(pen) for text in _labels(axis)]
    ends = sorted((box.min[step], box.max[step]) for box in boxes)
    return all(ends[n][1] + GAP <= ends[n + 1][0] for n in range(len(ends) - 1))


# -- names beside points --------------------------------------------------------------------------
class Named(NamedTuple):
    """What names stand beside the points of some axes, so that they can be written anew."""

    names: Sequence[tuple[str, tuple[float, float]]]
    others: Sequence[tuple[float, float]]
    look: dict[str, Any]
    texts: list[Text]


_named: WeakKeyDictionary[Axes, Named] = WeakKeyDictionary()


def name_again(axes: Axes, room: float, size: float) -> str:
    """Find new places for the names of points, on lines of a width in inches; where they are many,
    number the points, and give what each number stands for.
    """
    if (was := _named.pop(axes, None)) is None:
        return ""
    names = [(wrapped(name, was.texts[0], room), at) for name, at in was.names]
    said = [f"{n}  {name}" for n, (name, _) in enumerate(was.names, 1)]
    if are_many := len(names) > FEW_NAMES:
        names = [(str(n), at) for n, (_, at) in enumerate(names, 1)]
    for text in was.texts:
        text.remove()
    name_points(axes, names, was.others, **{**was.look, "fontsize": size})
    return "\n".join(said) if are_many and not was.names[0][0].isdigit() else ""


def name_points(
    axes: Axes,
    names: Sequence[tuple[str, tuple[float, float]]],
    others: Sequence[tuple[float, float]] = (),
    **look: Any,
) -> None:
    """Write a name beside each point, as near as there is room, with a line to it where it is
    farther.

    Limits and margins of the axes have to be set before.

    Parameters
    ----------
    axes : Axes
    names : sequence of (str, (x, y))
    others : sequence of (x, y)
        Further points that no name may cover.
    """
    from matplotlib.text import Text

    figure = axes.get_figure(root=True)
    assert figure is not None
    pen, unit = pen_of(figure), figure.dpi / 72
    axes.get_xlim(), axes.get_ylim()  # only when asked do axes reckon how far they reach
    places = [*(at for _, at in names), *others]
    spots = [tuple(map(float, axes.transData.transform(place))) for place in places]
    taken = [(x - 5 * unit, y - 5 * unit, x + 5 * unit, y + 5 * unit) for x, y in spots]
    written: list[Box] = []
    _named[axes] = Named(names, others, look, [])
    for (name, place), spot in zip(names, spots, strict=False):
        text = axes.annotate(
            name,
            place,
            (0, 0),
            textcoords="offset points",
            va="center",
            zorder=5,
            arrowprops={"arrowstyle": "-", "color": QUIET, "lw": 0.5, "shrinkA": 0, "shrinkB": 4},
            bbox={"fc": PAPER, "ec": "none", "alpha": 0.7, "pad": 0.5},
            **{"fontsize": 8, **look},
        )
        _named[axes].texts.append(text)
        wide, high = (size / unit for size in Text.get_window_extent(text, pen).size)
        ways = [(_box(spot, way, unit), way) for way in _ways(wide, high)]
        free = [
            each
            for each in ways
            if _is_within(each[0], axes.bbox.extents) and not _meet([each[0]], taken)
        ]
        clear = (each for each in free if not _meet(_line(spot, each[0]), written))
        box, way = next(clear, (free or ways)[0])
        text.set_horizontalalignment("left")
        text.set_position((way[0], way[1]))
        taken += [box, *_line(spot, box)]
        written.append(box)


def _ways(wide: float, high: float) -> Iterator[tuple[float, float, float, float]]:
    """Where a name may stand: its left end and its middle from the point, and its size."""
    for ring in RINGS:
        for angle in ANGLES:
            x, y = math.cos(math.radians(angle)), math.sin(math.radians(angle))
            yield ring * x - (wide if x < 0 else 0.0), ring * y, wide, high


def _box(spot: Sequence[float], way: tuple[float, float, float, float], unit: float) -> Box:
    left, middle, wide, high = (unit * size for size in way)
    x, y = spot[0] + left, spot[1] + middle
    return x - 1, y - high / 2, x + wide + 1, y + high / 2


def _is_within(box: Box, room: Sequence[float]) -> bool:
    left, bottom, right, top = room
    return box[0] >= left and box[1] >= bottom and box[2] <= right and box[3] <= top


def _meet(some: Sequence[Box], others: Sequence[Box]) -> bool:
    return any(
        one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
        for one in some
        for other in others
    )


def _line(spot: Sequence[float], box: Box) -> list[Box]:
    """Places that the line from a point to its name passes."""
    x, y = box[0] if box[0] > spot[0] else box[2], (box[1] + box[3]) / 2
    steps = [n / 8 for n in range(1, 8)]
    passed = [(spot[0] + (x - spot[0]) * part, spot[1] + (y - spot[1]) * part) for part in steps]
    return [(across, up, across, up) for across, up in passed]
