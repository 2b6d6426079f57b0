"""One look for all figures: colours that differ for everyone, shapes beside colours, plain
words.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from peersim.model.communities import REGISTRY
from peersim.scenario.typology import COMBINATIONS, NO_PROGRAMME, OWN, TYPES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, QUIET, FAINT, PAPER = "#1A1A1A", "#595959", "#D9D9D9", "#FFFFFF"
BLUE, VERMILION, GREEN, PINK = "#0072B2", "#D55E00", "#009E73", "#CC79A7"  # Okabe and Ito
ORANGE, SKY, YELLOW, GREY = "#E69F00", "#56B4E9", "#F0E442", "#8C8C8C"
BROWN, SAND, STONE = "#7A3E00", "#F5CE8C", "#6E6A5E"
ALARM = "#A83200"
"""Behind a banner; white letters on it can be read."""
PIXELS_PER_INCH = 110
WIDTH = 9.0
SMALLEST = 7.5
"""Points of the smallest letters, on a sheet of that width."""


class Look(NamedTuple):
    """How one design is drawn everywhere."""

    colour: str
    marker: str
    dash: str | tuple[int, tuple[float, ...]]
    filled: bool


def looks() -> dict[str, Look]:
    """Give each design its look: a colour and shape for each type, dashed for the type alone."""
    found = {NO_PROGRAMME: Look(GREY, "x", (0, (1, 1.5)), True), OWN: Look(INK, "*", "solid", True)}
    of_type = {each.name: each for each in REGISTRY}
    for pure, mixed in zip(TYPES, COMBINATIONS, strict=True):
        of = of_type[pure.name]
        found[pure.name] = Look(of.colour, of.marker, (0, (4, 2)), False)
        found[mixed.name] = Look(of.colour, of.marker, "solid", True)
    return found


def settings() -> Any:
    """Give the settings of Matplotlib under which figures are drawn and saved."""
    return {
        "font.family": "sans-serif",
        "font.sans-serif": ["DejaVu Sans"],
        "font.size": 9,
        "text.color": INK,
        "text.hinting": "none",  # letters are as wide at any size and on any screen
        "axes.edgecolor": QUIET,
        "axes.labelcolor": INK,
        "axes.linewidth": 0.8,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.titlesize": 9,
        "xtick.color": QUIET,
        "ytick.color": QUIET,
        "xtick.labelcolor": INK,
        "ytick.labelcolor": INK,
        "axes.formatter.useoffset": False,
        "axes.formatter.limits": (-6, 9),
        "grid.color": FAINT,
        "grid.linewidth": 0.6,
        "legend.frameon": False,
        "svg.fonttype": "none",
        "path.simplify": True,
    }


def inches(
    figure: Figure, left: float, right: float, top: float, bottom: float
) -> dict[str, float]:
    """Turn margins in inches into the fractions that Matplotlib asks for."""
    width, height = figure.get_size_inches()
    return {
        "left": left / width,
        "right": 1 - right / width,
        "top": 1 - top / height,
        "bottom": bottom / height,
    }


def without_frame(axes: Axes) -> None:
    """Take away everything but what is drawn."""
    axes.set_xticks([])
    axes.set_yticks([])
    for side in axes.spines.values():
        side.set_visible(False)


def as_png(figure: Figure) -> bytes:
    """Save as PNG."""
    out = io.BytesIO()
    figure.savefig(
        out,
        format="png",
        dpi=PIXELS_PER_INCH,
        metadata={"Software": None},
        pil_kwargs={"compress_level": 3},
    )
    return out.getvalue()


def as_svg(figure: Figure, name: str) -> str:
    """Save as SVG, small and reproducible, with ids that no other figure on the same page has."""
    import matplotlib

    out = io.StringIO()
    with matplotlib.rc_context({"svg.hashsalt": name}):
        figure.savefig(
            out,
            format="svg",
            metadata={"Date": None, "Creator": None, "Format": None, "Type": None},
        )
    text = out.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.S)
    text = re.sub(r'(id="|href="#|url\(#)', rf"\g<1>{name}-", text)
    text = re.sub(r"<[^>]*>", _shortened, text)
    return _smaller(re.sub(r"\n\s*", "\n", text), name)


def _smaller(svg: str, name: str) -> str:
    """Say once what is said again and again: a figure then takes half the room."""
    svg = re.sub(r' transform="rotate\(-0 [^"]*\)"', "", svg)
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', svg))
    svg = re.sub(r' id="([^"]*)"', lambda each: each[0] if each[1] in used else "", svg)
    looks = Counter(re.findall(r'style="([^"]*)"', svg))
    often = {look: f"{name}-{n}" for n, (look, times) in enumerate(looks.items()) if times > 2}
    svg = re.sub(
        r'style="([^"]*)"',
        lambda each: f'class="{often[each[1]]}"' if each[1] in often else each[0],
        svg,
    )
    rules = "".join(f".{of}{{{look}}}" for look, of in often.items())
    return re.sub(r"<g/>\n|<g>\n</g>\n", "", svg).replace("</style>", f"{rules}</style>", 1)


def _shortened(tag: re.Match[str]) -> str:
    """A hundredth of a point is fine enough for what is drawn; words between tags stay."""
    return re.sub(r"(\d+\.\d{2})\d+", r"\1", tag[0])
