"""Keep the figures that a README shows: ``uv run python experiments/keep_figures.py group_size
...``.

Each is taken from the results of the README's command with
``figures=png`` (``out=results/NAME``) and made small: at
most 1,100 pixels wide and as few colours as a drawing has. Without a name: those of every
experiment that has results.
"""

import re
import sys
from pathlib import Path

from PIL import Image

HERE = Path(__file__).resolve().parent
WIDEST, COLOURS = 1100, 256


def keep(folder: Path, results: Path) -> None:
    """Copy the figures that the README of one folder shows."""
    for name in re.findall(
        r"!\[[^\]]*\]\((\w+\.png)\)", (folder / "README.md").read_text(encoding="utf-8")
    ):
        picture = Image.open(results / "figures" / name).convert("RGB")
        if picture.width > WIDEST:
            picture = picture.resize(
                (WIDEST, picture.height * WIDEST // picture.width), Image.Resampling.LANCZOS
            )
        few = picture.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        few.save(folder / name, optimize=True)
        print(f"{folder.name}/{name}: {(folder / name).stat().st_size // 1000} kB")


if __name__ == "__main__":
    for name in sys.argv[1:] or [path.parent.name for path in HERE.glob("*/README.md")]:
        results = HERE.parent / "results" / name
        if sys.argv[1:] or results.exists():
            keep(HERE / name, results)
