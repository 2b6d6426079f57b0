"""What is kept of years without programme is bounded by what it holds, keys and all."""

import tracemalloc

import numpy as np
import pytest

from peersim.run import simulation
from peersim.run.simulation import Kept, baseline_of, ensemble

pytestmark = pytest.mark.compiles


def test_room_is_counted_in_bytes_whatever_the_sizes():
    kept = Kept(room=10_000)
    for k in range(200):
        kept.put(str(k).encode(), np.zeros(k))
        assert kept.bytes <= 10_000
    assert kept.get(b"199") is not None and kept.get(b"150") is None


def test_the_last_one_is_kept_though_it_needs_more_than_there_is():
    kept = Kept(room=10)
    kept.put(b"small", np.zeros(1))
    kept.put(b"large", np.zeros(1000))
    assert kept.get(b"small") is None and len(kept.get(b"large")) == 1000


def test_what_is_put_twice_counts_once():
    kept = Kept(room=100_000)
    kept.put(b"x", np.zeros(10))
    before = kept.bytes
    kept.put(b"x", np.zeros(10))
    assert kept.bytes == before


def test_memory_of_many_runs_stays_flat(small, monkeypatch):
    few = small(
        weeks=2, communities=["one_to_one"], population__recipients=2, population__supporters=2
    )
    monkeypatch.setattr(simulation, "_without_programme", Kept(200_000))
    ensemble(few, range(600))
    tracemalloc.start()
    try:
        ensemble(few, range(600, 1200))
        middle = tracemalloc.get_traced_memory()[0]
        ensemble(few, range(1200, 2400))
        assert tracemalloc.get_traced_memory()[0] < middle + 50_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "other", [{"weeks": 9}, {"population__stage": 0.2}, {"change__speed": 0.2}]
)
def test_other_worlds_and_seeds_have_years_of_their_own(small, other):
    from peersim.run.first_day import draw_up

    here = draw_up(small()).alone
    assert baseline_of(here, 3) is baseline_of(here, 3)
    assert not np.array_equal(baseline_of(here, 3), baseline_of(here, 4))
    there = draw_up(small(**other)).alone
    assert not np.array_equal(baseline_of(here, 3), baseline_of(there, 3))
