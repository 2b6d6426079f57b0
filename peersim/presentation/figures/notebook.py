"""Figures that a notebook shows by themselves, whether or not pyplot is in use."""

import io

from matplotlib.figure import Figure


class Sheet(Figure):
    """A figure of Matplotlib with its picture for a notebook."""

    def _repr_png_(self) -> bytes:
        out = io.BytesIO()
        self.savefig(out, format="png", metadata={"Software": None})
        return out.getvalue()
