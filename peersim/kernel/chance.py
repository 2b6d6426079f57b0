"""Chance keyed by event: every draw is a pure function of (seed, purpose, week, person, other).

The order of calls never matters, so the same people meet the same luck in every design. The
generator is Philox4x64-10 (Salmon et al. 2011), equal bit for bit to
``Generator(Philox(key=uint64[seed, purpose], counter=uint64[0, week, person, other])).random(4)``.
"""

import math

import numpy as np

from peersim.kernel.rules import rule, rule_in_place

_WORD = 0xFFFFFFFFFFFFFFFF
_M0, _M1 = np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157)
_W0, _W1 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B)
_SHIFT = np.uint64(11)
_ONE = np.uint64(1)
_UNIT = 1.0 / 9007199254740992.0

# One number per purpose; never reuse or renumber (a renumbering changes every result). From 40 to
# 43 they are those of the simulated trial.
PEOPLE, SIGN_UP, TRAINING, MATCHING, ATTENDANCE, LEAVING = map(np.int64, range(10, 16))
NEED, SHIFT, POSTS, REPLIES, CAFE_TALK, OWN_MEETING, INTRODUCTION, LIFE, MEASURED = map(
    np.int64, range(20, 29)
)
LOST_SUPPORTERS, RESTING, ACQUAINTANCE, RECRUITMENT, USE = map(np.int64, (30, 32, 50, 53, 54))


def high(a, b):
    """Give the high word of the product of two words (interpreted: exact Python integers)."""
    return np.uint64((int(a) * int(b)) >> 64)


def low(a, b):
    """Give the low word of the product of two words."""
    return np.uint64((int(a) * int(b)) & _WORD)


def plus(a, b):
    """Give the sum of two words, without what is carried over."""
    return np.uint64((int(a) + int(b)) & _WORD)


@rule_in_place
def _philox(key0, key1, week, i, j):
    """Ten rounds of Philox4x64 on the counter (1, week, i, j): four 64-bit words."""
    c0, c1, c2, c3 = _ONE, week, i, j
    for _ in range(10):
        h0, l0 = high(_M0, c0), low(_M0, c0)
        h1, l1 = high(_M1, c2), low(_M1, c2)
        c0, c1, c2, c3 = h1 ^ c1 ^ key0, l1, h0 ^ c3 ^ key1, l0
        key0, key1 = plus(key0, _W0), plus(key1, _W1)
    return c0, c1, c2, c3


@rule_in_place
def draws(seed, purpose, week, i, j):
    """Four uniform numbers in [0, 1) for one event.

    >>> [round(float(u), 6) for u in draws(7, 3, 12, 17, 0)]
    [0.859066, 0.029492, 0.475853, 0.315187]
    """
    a, b, c, d = _philox(
        np.uint64(seed), np.uint64(purpose), np.uint64(week), np.uint64(i), np.uint64(j)
    )
    return (
        (a >> _SHIFT) * _UNIT,
        (b >> _SHIFT) * _UNIT,
        (c >> _SHIFT) * _UNIT,
        (d >> _SHIFT) * _UNIT,
    )


@rule_in_place
def draw(seed, purpose, week, i, j):
    """The first of :func:`draws`."""
    return draws(seed, purpose, week, i, j)[0]


@rule
def draw_pair(seed, purpose, week, i, j):
    """One uniform number for an unordered pair of people: the same for (i, j) and (j, i)."""
    if i < j:
        return draws(seed, purpose, week, i, j)[0]
    return draws(seed, purpose, week, j, i)[0]


@rule
def happens(u, rate):
    """Whether what has a weekly rate happens this week: u < 1 - exp(-rate), which is never more
    than the rate itself.

    >>> happens(0.09, 0.1), happens(0.099, 0.1), happens(0.11, 0.1)
    (True, False, False)
    """
    return u < rate and u < 1.0 - math.exp(-rate)


@rule
def normal_pair(u, v):
    """Two independent standard normal numbers from two uniform ones (Box and Muller 1958)."""
    radius = math.sqrt(-2.0 * math.log(1.0 - u))
    angle = 6.283185307179586 * v
    return radius * math.cos(angle), radius * math.sin(angle)


@rule
def gumbel(u):
    """A Gumbel number from a uniform one: the largest of (log weight + Gumbel) is a weighted
    choice.
    """
    return -math.log(-math.log(u + 1e-300) + 1e-300)


@rule
def race(u, weight):
    """An exponential waiting time from a uniform number: the shortest is a weighted choice, like
    the largest Gumbel.
    """
    return -math.log(u + 1e-300) / weight
