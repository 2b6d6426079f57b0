"""What can be measured of a figure."""

import itertools
import re

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

SMALLEST = 7.5
"""Points, at the usual width of nine inches."""
NARROW, SMALLEST_NARROW = 4.0, 8.0
"""Inches of a figure for a narrow screen, and points on it: shown 350 pixels wide, these are 11
pixels."""
TOUCH = 1.5
"""Pixels by which two texts may lie over each other: the room above and below letters."""
APART = 3
"""Pixels between numbers of neighbouring axes, at the least."""
SHARED = re.compile(r"(share|andel)\b")
COUNTED = re.compile(r"(weeks?|supporters|people|pairs|trials|runs|sets|departures|visits)\b")
PART = re.compile(r"\b(share|per|hours)\b|%")
"""Words at the beginning of what stands along an axis of whole things; and words of parts."""


def words_of(figure):
    """Texts that are seen."""
    FigureCanvasAgg(figure).draw()
    beyond = set()  # ticks outside what an axis shows are not drawn
    for axis in (axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)):
        low, high = sorted(axis.get_view_interval())
        slack = 1e-9 * (high - low)
        for tick in axis.get_major_ticks() + axis.get_minor_ticks():
            if not low - slack <= tick.get_loc() <= high + slack:
                beyond |= {tick.label1, tick.label2}
    return [
        text
        for text in figure.findobj(Text)
        if text.get_text().strip() and text.get_visible() and text not in beyond
    ]


def off_the_edge(figure):
    """Words that a figure would cut off."""
    box = figure.bbox
    boxes = [(text.get_text(), Text.get_window_extent(text)) for text in words_of(figure)]
    return [
        text
        for text, at in boxes
        if at.x0 < -1 or at.y0 < -1 or at.x1 > box.x1 + 1 or at.y1 > box.y1 + 1
    ]


def overlapping(figure):
    """Pairs of words that lie on each other."""
    shapes = [(text.get_text(), *_rectangle(text)) for text in words_of(figure)]
    return [
        (one, other)
        for (one, *a), (other, *b) in itertools.combinations(shapes, 2)
        if _meet(a, b) and _meet(b, a)
    ]


def _rectangle(text):
    """Middle of a text, the directions of its sides, and half their lengths."""
    turned, at = text.get_rotation(), Text.get_window_extent(text)  # without its arrow
    text.set_rotation(0)
    flat = Text.get_window_extent(text)
    text.set_rotation(turned)
    angle = np.radians(turned)
    sides = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    middle = np.array([(at.x0 + at.x1) / 2, (at.y0 + at.y1) / 2])
    return middle, sides, np.maximum(np.array([flat.width, flat.height]) / 2 - TOUCH / 2, 0)


def _meet(one, other):
    """Whether no side of the first rectangle separates the two."""
    (middle, sides, half), (other_middle, other_sides, other_half) = one, other
    apart = np.abs(sides @ (other_middle - middle))
    reach = half + np.abs(sides @ other_sides.T) @ other_half
    return bool((apart < reach).all())


def too_small(figure):
    """Words in letters that are smaller than they may be."""
    least = SMALLEST_NARROW if figure.get_size_inches()[0] < NARROW else SMALLEST
    return [text.get_text() for text in words_of(figure) if text.get_fontsize() < least]


def fractional(figure):
    """Numbers between whole ones along an axis of what is counted."""
    found = []
    for axes, which in itertools.product(figure.axes, "xy"):
        of = axes.get_xlabel() if which == "x" else axes.get_ylabel()
        labels = getattr(axes, f"get_{which}ticklabels")()
        ticks = [text.get_text() for text in labels if text.get_visible()]
        if COUNTED.match(of) and not PART.search(" ".join([of, *ticks])):
            found += [(of, tick) for tick in ticks if not re.fullmatch(r"−?[\d,]*", tick)]
    return found


def false_numbers(figure):
    """Numbers that stand twice along an axis, or are in powers of ten beside it."""
    found = []
    for axis in (axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)):
        low, high = sorted(axis.get_view_interval())
        shown = [
            tick.label1.get_text()
            for tick in axis.get_major_ticks()
            if low <= tick.get_loc() <= high and tick.label1.get_text()
        ]
        found += [text for text in shown if shown.count(text) > 1 or re.search(r"\de", text)]
        found += [axis.get_offset_text().get_text()] if axis.get_offset_text().get_text() else []
    return found


def empty_axes(figure):
    """Axes on which there is nothing but lines that guide the eye."""
    limits = [axes.dataLim.get_points() for axes in figure.axes]
    return [n for n, points in enumerate(limits) if not np.isfinite(points).all()]


def run_together(figure):
    """Numbers of axes that stand beside each other, with less than a letter between them."""
    FigureCanvasAgg(figure).draw()
    ends = []
    for axes in figure.axes:
        low, high = sorted(axes.xaxis.get_view_interval())
        ticks = [tick for tick in axes.xaxis.get_major_ticks() if low <= tick.get_loc() <= high]
        boxes = [Text.get_window_extent(tick.label1) for tick in ticks if tick.label1.get_text()]
        ends += [(axes, tick, box) for tick, box in zip(ticks, boxes, strict=False)]
    return [
        (a[1].label1.get_text(), b[1].label1.get_text())
        for a, b in itertools.permutations(ends, 2)
        if a[0] is not b[0]
        and a[2].y0 < b[2].y1
        and b[2].y0 < a[2].y1
        and a[2].x0 < b[2].x0 < a[2].x1 + APART
    ]


def below_nothing(figure):
    """Numbers below nothing along an axis of what is a share of people, or of sets."""
    return [
        (axes.get_xlabel(), text.get_text())
        for axes in figure.axes
        if SHARED.match(axes.get_xlabel())
        for text in axes.get_xticklabels()
        if text in words_of(figure) and text.get_text().startswith("−")
    ]


def faults(figure):
    """All that is wrong with how a figure is drawn, by kind."""
    kinds = (
        *(off_the_edge, overlapping, too_small, fractional, false_numbers, empty_axes),
        *(run_together, below_nothing),
    )
    return {kind.__name__: wrong for kind in kinds if (wrong := kind(figure))}
