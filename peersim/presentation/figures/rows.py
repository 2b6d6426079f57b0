"""Rows of a figure that have names: where the names stand when there is no room beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from peersim.presentation.figures.layout import has_names, width_of, wrapped
from peersim.presentation.figures.style import FAINT, INK, PAPER

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

MARKS, MARK = 0.29, 0.1
"""Inches of a row for what is drawn in it, at the least, and for each of several marks."""
BEFORE = 0.15
"""Inches left of the axes that half a number at their edge may take."""
LINE = 0.135
"""Inches of a line of its name."""
SHORT, AT_SIDE = 0.95, 1.2
"""Inches of names that may stand at the side, and of those that must: beside cells, which fill
their rows.
"""
CELL = 0.26


def names_of(axes: Axes) -> dict[float, str]:
    """Give the names of rows, by their place; empty where rows have none."""
    if has_names(axes.yaxis):
        places = axes.yaxis.get_majorticklocs()
        texts = [text.get_text() for text in axes.yaxis.get_ticklabels()]
        return {float(at): text for at, text in zip(places, texts, strict=False) if text}
    found: dict[float, str] = {}
    for text in _written_beside(axes):
        found[text.xy[1]] = f"{found.get(text.xy[1], '')} {text.get_text()}".strip()
    return found


def _written_beside(axes: Axes) -> list[Any]:
    """Lines of names that were written beside rows, not as labels of the axis."""
    beside = axes.get_yaxis_transform()
    return [
        text
        for text in axes.texts
        if getattr(text, "xycoords", None) == beside and text.get_horizontalalignment() == "right"
    ]


def has_cells(axes: Axes) -> bool:
    """Whether what is drawn fills the rows."""
    return any(type(each).__name__ == "QuadMesh" for each in axes.collections)


def set_names(line: Sequence[Axes], room: float) -> float:
    """Set the names of the rows of some axes that stand beside each other, on a narrow sheet.

    Parameters
    ----------
    line : sequence of Axes
        The names are those of the first.
    room : float
        Width of the sheet, in inches.

    Returns
    -------
    float
        How high the rows are together, in inches; 0 where they have no names.
    """
    first, names = line[0], names_of(line[0])
    if not names:
        return 0.0
    labels = first.yaxis.get_ticklabels()
    like = labels[0] if labels else first.texts[0]
    if has_cells(first) or max(_width(text, like) for text in names.values()) <= SHORT:
        return _beside(first, names, like)
    return _above(line, names, room)


def _width(text: str, like: Text) -> float:
    return max(width_of(like, part) for part in text.split("\n"))


def _beside(axes: Axes, names: dict[float, str], like: Text) -> float:
    """Leave the names at the side, on as many lines as they need."""
    said = [wrapped(text.replace("\n", " "), like, AT_SIDE) for text in names.values()]
    axes.set_yticks(list(names), said)
    most = max(text.count("\n") + 1 for text in said)
    low, high = sorted(axes.get_ylim())
    needed = CELL if has_cells(axes) else _room_for_marks(axes)
    return max(needed, LINE * most + 0.06) * (high - low)


def _room_for_marks(axes: Axes) -> float:
    """Inches of a row for its marks, which may lie below each other."""
    own = [line for line in axes.lines if line.get_transform() == axes.transData]
    heights = {round(y, 2) for line in own for y in _heights(line)}
    heights |= {round(text.get_position()[1], 2) for text in axes.texts if not text.get_in_layout()}
    rows = [round(y) for y in heights]
    return max(MARKS, MARK * max(map(rows.count, rows), default=0) + 0.08)


def _above(line: Sequence[Axes], names: dict[float, str], room: float) -> float:
    """Write each name above its row, and lower what is drawn there."""
    first = line[0]
    like = first.text(0, 0, "", fontsize=8.0)
    said = {at: wrapped(text.replace("\n", " "), like, room - BEFORE) for at, text in names.items()}
    like.remove()
    for note in _notes(first, said):
        said[note.get_position()[1]] += f"\n{note.get_text()}"
        note.remove()
    lines = max(text.count("\n") + 1 for text in said.values())
    marks = max(map(_room_for_marks, line))
    pitch = marks + LINE * lines + 0.04
    share = 1 - marks / pitch
    for each in _written_beside(first):
        each.remove()
    for axes in line:
        lower_rows(axes, share)
        axes.tick_params(axis="y", left=False, labelleft=False)
        axes.spines["left"].set_visible(False)
        axes.patch.set_visible(False)  # names reach across
        for at in names:
            axes.axhline(at - 0.5, color=FAINT, lw=0.5, zorder=0)
    first.set_zorder(1)
    down = 1 if first.yaxis_inverted() else -1
    box = {"fc": PAPER, "ec": "none", "pad": 0.5}
    for at, text in said.items():
        where = (0.0, at + down * (share / 2 - 0.5))
        beside = first.get_yaxis_transform()
        look: dict[str, Any] = {"transform": beside, "va": "center", "color": INK, "bbox": box}
        first.text(*where, text, fontsize=8.0, zorder=6, **look).set_in_layout(False)
    low, high = sorted(first.get_ylim())
    return pitch * (high - low)


def _notes(axes: Axes, names: Mapping[float, str]) -> list[Text]:
    """Notes in the middle of a row, which would cover what is drawn there."""
    beside = axes.get_yaxis_transform()
    return [
        text
        for text in axes.texts
        if not text.get_in_layout()
        and text.get_transform() == beside
        and text.get_position()[1] in names
    ]


def lower_rows(axes: Axes, share: float) -> None:
    """Lower what is drawn in each row, so that its upper `share` is free."""
    down = 1 if axes.yaxis_inverted() else -1

    def lowered(y: float) -> float:
        row = round(y)
        off = down * (y - row)
        return row + down * (share + (off + 0.5) * (1 - share) - 0.5)

    for each in axes.lines:
        if each.get_transform() == axes.transData:
            each.set_ydata([lowered(float(y)) for y in _heights(each)])
    for bar in axes.patches:
        if bar.get_data_transform() == axes.transData:
            ends = [lowered(bar.get_y() + part * bar.get_height()) for part in (0.0, 1.0)]  # type: ignore[attr-defined]
            bar.set(y=ends[0], height=ends[1] - ends[0])
    _lower_words(axes, lowered)
    low, high = sorted(axes.get_ylim())
    ends = [round(low + 0.5) - 0.5, round(high - 0.5) + 0.5]
    axes.set_ylim(*(ends[::-1] if down > 0 else ends))


def _heights(line: Line2D) -> list[float]:
    values: Any = line.get_ydata(orig=False)
    return [float(y) for y in values]


def _lower_words(axes: Axes, lowered: Callable[[float], float]) -> None:
    beside = axes.get_yaxis_transform()
    for text in axes.texts:
        if hasattr(text, "xycoords"):
            text.xy = (text.xy[0], lowered(text.xy[1]))  # type: ignore[attr-defined]
        elif text.get_transform() in (axes.transData, beside):
            text.set_y(lowered(text.get_position()[1]))
