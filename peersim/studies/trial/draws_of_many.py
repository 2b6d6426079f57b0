"""Keyed chance for many people at once: the same numbers as `peersim.streams`, in whole arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

ARM, LOST, ITEMS, COUNTED = 40, 41, 42, 43
"""Purposes of chance that no world uses: to which arm, whether lost, errors of the items, errors of
a count."""

_FACTORS = np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157)
_STEPS = 0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B
_WORD, _HALF, _LOW = 0xFFFFFFFFFFFFFFFF, np.uint64(32), np.uint64(0xFFFFFFFF)
_SHIFT, _UNIT = np.uint64(11), 1.0 / 9007199254740992.0


def _high(a: np.uint64, b: np.ndarray) -> np.ndarray:
    """The upper 64 bits of products of 64-bit words, by halves."""
    a0, a1, b0, b1 = a & _LOW, a >> _HALF, b & _LOW, b >> _HALF
    first = a1 * b0 + (a0 * b0 >> _HALF)
    second = a0 * b1 + (first & _LOW)
    return np.asarray(a1 * b1 + (first >> _HALF) + (second >> _HALF))


def uniform(
    seed: int, purpose: Any, week: int | np.ndarray, ids: np.ndarray, other: int = 0
) -> np.ndarray:
    """Four uniform numbers for each person, as `peersim.streams.draws` gives them one by one.

    Parameters
    ----------
    seed, purpose : int
    week : int, or one for each person
    ids : int array
        Identities of people.
    other : int

    Returns
    -------
    array, 4 x people

    Examples
    --------
    >>> uniform(7, 3, 12, np.array([17]))[:, 0].round(6).tolist()
    [0.859066, 0.029492, 0.475853, 0.315187]
    """
    c2 = np.asarray(ids).astype(np.uint64)
    c0, c3 = np.ones_like(c2), np.full_like(c2, other)
    c1 = np.broadcast_to(np.asarray(week).astype(np.uint64), c2.shape).copy()
    keys = [int(seed), int(purpose)]
    for _ in range(10):
        high0, low0 = _high(_FACTORS[0], c0), _FACTORS[0] * c0
        high1, low1 = _high(_FACTORS[1], c2), _FACTORS[1] * c2
        c0, c1, c2, c3 = (
            high1 ^ c1 ^ np.uint64(keys[0]),
            low1,
            high0 ^ c3 ^ np.uint64(keys[1]),
            low0,
        )
        keys = [(key + step) & _WORD for key, step in zip(keys, _STEPS, strict=True)]
    return np.stack([(c >> _SHIFT) * _UNIT for c in (c0, c1, c2, c3)])


def normal(
    seed: int, purpose: Any, week: int | np.ndarray, ids: np.ndarray, other: int = 0
) -> np.ndarray:
    """Two independent standard normal numbers for each person: those of `normal_pair` on the first
    two draws.
    """
    u, v = uniform(seed, purpose, week, ids, other)[:2]
    radius, angle = np.sqrt(-2.0 * np.log(1.0 - u)), 6.283185307179586 * v
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)])
