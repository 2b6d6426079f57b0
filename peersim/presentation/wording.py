"""Names and counts for studies in their first form."""

from peersim.kernel.numbers import written
from peersim.presentation.outcomes import label

__all__ = ["label", "rounded"]


def rounded(count: int) -> str:
    """Write a count in round figures."""
    return written(count, "about")
