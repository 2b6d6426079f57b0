"""What measuring a pattern brings: numbers, and what else is worth saying."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from peersim.kernel.catalogue import Sentence


class Finding(NamedTuple):
    """What measuring brought: one number a run (or a batch of runs), and what else is worth saying.

    Remarks that take runs of their own are a function, called only by those who want to read them.
    """

    values: np.ndarray
    remarks: Sequence[Sentence] | Callable[[], Sequence[Sentence]] = ()

    def all_remarks(self) -> list[Sentence]:
        """What else is worth saying."""
        return list(self.remarks() if callable(self.remarks) else self.remarks)


def remark(key: str, **values: Any) -> Sentence:
    """Something that is said beside a pattern's effect; its numbers are written already, and what
    no run could measure is a dash.
    """
    shown = {name: "–" if value == "nan" else value for name, value in values.items()}
    return Sentence(f"patterns.remarks.{key}", shown)


def together(remarks: Iterable[Sentence]) -> str:
    """Remarks one after the other."""
    return "; ".join(map(str, remarks))
