"""Chance is keyed by event: the same event, the same luck, whatever else is drawn and in whatever
order."""

import inspect

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.random import Generator, Philox

from peersim.kernel import chance as streams
from peersim.kernel.chance import draw, draw_pair, draws, gumbel, normal_pair
from peersim.kernel.compiled import call

pytestmark = pytest.mark.compiles

NUMBERS = st.integers(-(2**63), 2**63 - 1)
EVENTS = st.tuples(st.integers(0, 2**63 - 1), NUMBERS, NUMBERS, NUMBERS, NUMBERS)


def numpys(seed, purpose, week, i, j):
    """The same four numbers as NumPy makes them; a negative number stands for its two's
    complement."""
    words = [int(n) % 2**64 for n in (seed, purpose, 0, week, i, j)]
    return Generator(
        Philox(key=np.array(words[:2], np.uint64), counter=np.array(words[2:], np.uint64))
    ).random(4)


@numba.njit(_nrt=False)
def compiled(events, out):
    for k in range(len(events)):
        e = events[k]
        out[k, 0], out[k, 1], out[k, 2], out[k, 3] = draws(e[0], e[1], e[2], e[3], e[4])


def in_compiled_code(events):
    out = np.zeros((len(events), 4))
    call(compiled, np.array(events, np.int64), out)
    return out


@given(EVENTS)
@settings(max_examples=200, deadline=None, derandomize=True)
def test_draws_are_numpys_philox(event):
    assert draws(*map(np.int64, event)) == tuple(numpys(*event))


@given(st.lists(EVENTS, min_size=1, max_size=50))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_compiled_draws_are_the_same_bit_for_bit(events):
    assert np.array_equal(in_compiled_code(events), [numpys(*event) for event in events])


@given(st.lists(EVENTS, min_size=2, max_size=50), st.randoms())
@settings(max_examples=40, deadline=None, derandomize=True)
def test_neither_order_nor_further_draws_matter(events, shuffler):
    shuffled = events[:]
    shuffler.shuffle(shuffled)
    alone = {event: tuple(in_compiled_code([event])[0]) for event in events}
    assert dict(zip(shuffled, map(tuple, in_compiled_code(shuffled)), strict=True)) == alone


@given(NUMBERS, NUMBERS)
@settings(deadline=None, derandomize=True)
def test_a_pair_has_one_luck_whoever_comes_first(i, j):
    i, j = np.int64(i), np.int64(j)
    assert (
        draw_pair(7, 25, 3, i, j)
        == draw_pair(7, 25, 3, j, i)
        == draw(7, 25, 3, min(i, j), max(i, j))
    )


@pytest.mark.parametrize("place", range(5))
def test_each_part_of_the_key_counts(place):
    event = [3, 11, 5, 17, 2]
    other = [n + (k == place) for k, n in enumerate(event)]
    assert not set(draws(*event)) & set(draws(*other))


def test_draws_are_uniform_and_normal_pairs_normal():
    u = in_compiled_code([(1, 10, week, person, 0) for week in range(50) for person in range(200)])
    assert 0 <= u.min() and u.max() < 1
    counts = np.histogram(u, 20, (0, 1))[0]
    expected = u.size / 20
    assert (
        (counts - expected) ** 2 / expected
    ).sum() < 60  # chi-squared with 19 degrees of freedom
    z = np.array([normal_pair(a, b) for a, b in u[:, :2]])
    assert abs(z.mean()) < 4 / np.sqrt(z.size)
    assert abs(z.std() - 1) < 4 / np.sqrt(2 * z.size)
    assert abs(np.corrcoef(z.T)[0, 1]) < 4 / np.sqrt(len(z))


def test_the_largest_of_log_weight_plus_gumbel_is_a_weighted_choice():
    weights = np.array([1.0, 2.0, 5.0])
    u = in_compiled_code([(2, 10, week, 0, 0) for week in range(8000)])[:, :3]
    chosen = np.argmax(np.log(weights) + np.vectorize(gumbel)(u), axis=1)
    share = np.bincount(chosen, minlength=3) / len(u)
    expected = weights / weights.sum()
    assert (abs(share - expected) < 4 * np.sqrt(expected * (1 - expected) / len(u))).all()


def test_gumbel_numbers_are_finite_at_both_ends():
    assert all(np.isfinite(gumbel(u)) for u in (0.0, 0.5, 1.0 - 2.0**-53))


def test_no_two_purposes_share_a_number():
    purposes = {
        name: int(n)
        for name, n in vars(streams).items()
        if name.isupper() and isinstance(n, np.int64)
    }
    assert len(purposes) > 10
    assert len(set(purposes.values())) == len(purposes)


def test_a_draw_depends_on_its_key_alone():
    """No state: the function reads nothing that any other writes."""
    assert set(inspect.signature(draws).parameters) == {"seed", "purpose", "week", "i", "j"}
    first = draws(7, 3, 12, 17, 0)
    for k in range(100):
        draws(7, 3, 12, 17 + k, k)
    assert draws(7, 3, 12, 17, 0) == first
