"""Which parameters decide which of two designs is better; points that are too close to call are
told apart from those at which it makes no difference that anyone would notice.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from scipy.special import stdtrit

from peersim.kernel.statistics import share_of
from peersim.studies.sensitivity.chance import error_of, mean_of
from peersim.studies.sensitivity.effects import LEVEL, ranks, trajectory_steps

LOW, HIGH = 1 / 3, 2 / 3
ALIKE = 2


def winners(
    first: np.ndarray, second: np.ndarray, better: str = "higher", smallest: float = 0.0
) -> np.ndarray:
    """Say for each point which of two designs does better: 1 the first, -1 the second, 0 too close
    to call, `ALIKE` no difference anyone would notice.

    Parameters
    ----------
    first, second : float array, points x replicates
        One outcome of two designs, at the same points with the same seeds.
    better : {"higher", "lower", "neither"}
        Which direction is to be wished for; of ``neither``, the design with more of it counts as
        the better.
    smallest : float
        Smallest difference of interest.

    Examples
    --------
    >>> first = np.array([[3.0, 4.0, 3.5], [1.0, 0.0, 2.0]])
    >>> winners(first, np.array([[1.0, 2.1, 1.4], [1.0, 0.1, 1.9]]))
    array([1, 0])
    >>> winners(first, np.array([[1.0, 2.1, 1.4], [1.0, 0.1, 1.9]]), smallest=0.3)
    array([1, 2])
    """
    gap = first - second
    runs = np.isfinite(gap).sum(axis=1)
    mean, error = mean_of(gap), error_of(gap)
    with np.errstate(invalid="ignore"):
        half = stdtrit(np.maximum(runs - 1, 1), 0.5 + LEVEL / 2) * error
        told, alike = np.abs(mean) > half, np.abs(mean) + half <= smallest
    sign = np.sign(np.where(told, mean, 0.0)).astype(int)
    return np.where(alike, ALIKE, -sign if better == "lower" else sign)


def moves(method: str, unit: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """List the pairs of points that differ in one parameter only: first row, last row, which
    parameter.

    In a Morris design these are the steps of its trajectories, in a Sobol' design the changes of
    point A in one parameter at a time; other designs have none.
    """
    parameters = unit.shape[1]
    if method == "morris":
        return trajectory_steps(unit)[:3]
    if method == "sobol":
        starts = np.arange(0, len(unit), parameters + 2)
        first, moved = np.repeat(starts, parameters), np.tile(np.arange(parameters), len(starts))
        return first, first + 1 + moved, moved
    nobody = np.zeros(0, int)
    return nobody, nobody, nobody


def ranking_flips(
    names: Sequence[str], unit: np.ndarray, won: np.ndarray, method: str
) -> pl.DataFrame:
    """Count how often moving one parameter alone changes which of two designs is better.

    A flip counts only if both ends are told apart: the one design is clearly better before, the
    other after.

    Parameters
    ----------
    names : sequence of str
        Parameters, in the order of the columns of `unit`.
    unit : float array, points x parameters
    won : int array, points
        From `winners`.
    method : {"morris", "sobol", "pawn"}
        How the points are laid out.

    Returns
    -------
    polars.DataFrame
        parameter; moves of it alone, told (both ends told apart), flips, flip_share (of those told)
        with flip_low and flip_high; first_wins_low and first_wins_high: of the points told apart,
        the share at which the first design is better where the parameter is in the lowest, and in
        the highest, third of its range.
    """
    before, after, moved = moves(method, unit)
    is_told = np.abs(won) == 1
    told = is_told[before] & is_told[after]
    flipped = told & (won[before] != won[after])
    places, rows = ranks(unit), []
    for k, name in enumerate(names):
        mine, place = moved == k, places[:, k]
        n, flips = int(told[mine].sum()), int(flipped[mine].sum())
        low, high = share_of(flips, n)[1:] if n else (None, None)
        rows.append(
            {
                "parameter": name,
                "moves": int(mine.sum()),
                "told": n,
                "flips": flips,
                "flip_share": flips / n if n else None,
                "flip_low": low,
                "flip_high": high,
                "first_wins_low": _wins(won[place < LOW]),
                "first_wins_high": _wins(won[place > HIGH]),
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None)


def _wins(won: np.ndarray) -> float | None:
    told = won[np.abs(won) == 1]
    return float(np.mean(told > 0)) if len(told) else None
