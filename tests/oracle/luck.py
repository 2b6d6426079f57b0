"""Chance: the model's own, keyed by event, or Mesa's."""

import math

import numba
import numpy as np

from peersim.kernel import chance as streams
from peersim.kernel.compiled import call


@numba.njit(_nrt=False)
def draws(seed, purpose, week, person, other):
    """Four uniform numbers, those that the model draws for the same event (interpreted they take 60
    times as long)."""
    return streams.draws(seed, purpose, week, person, other)


call(draws, 0, 0, 0, 0, 0)  # compiles it


def normals(u, v):
    """Two normal numbers out of two uniform ones (Box and Muller)."""
    radius = math.sqrt(-2 * math.log(1 - u))
    return radius * math.cos(2 * math.pi * v), radius * math.sin(2 * math.pi * v)


class Keyed:
    """The model's own luck: each number is a function of the seed and of what is decided, by week
    and by person."""

    def __init__(self, model):
        self.model = model

    def number(self, purpose, person, other=0, week=None, turn=0):
        """The number for an event of this person."""
        week = self.model.week if week is None else week
        return draws(self.model.seed, purpose, week, person.number, other)[turn]

    def four_normals(self, person, part):
        u = draws(self.model.seed, streams.PEOPLE, part, person.number, 0)
        return (*normals(u[0], u[1]), *normals(u[2], u[3]))

    def normal(self, purpose, person):
        u = draws(self.model.seed, purpose, self.model.week, person.number, 0)
        return normals(u[0], u[1])[0]

    def number_of_pair(self, purpose, p, q):
        first, second = sorted([p.number, q.number])
        return draws(self.model.seed, purpose, self.model.week, first, second)[0]

    def choose(self, purpose, person, others, turn):
        """Of others, the one whom a person's luck favours."""
        return max(others, key=lambda q: self.number(purpose, person, q.number, turn=turn))

    def least(self, purpose, people, number):
        return sorted(people, key=lambda p: self.number(purpose, p, week=0))[:number]

    def around(self, guest, guests, talks, key):
        """Whom a guest talks with: those found by luck on the ring of those present."""
        u = draws(self.model.seed, streams.CAFE_TALK, self.model.week, guest.number, key)
        return [next((p for p in guests if p.place >= u[talk]), guests[0]) for talk in range(talks)]

    def from_somewhere(self, guests, key):
        """All guests in order of the ring, from a place found by luck."""
        u = draws(self.model.seed, streams.ACQUAINTANCE, self.model.week, -1, key)[0]
        return [p for p in guests if p.place >= u] + [p for p in guests if p.place < u]

    def first_on_ring(self, guest, people, key):
        """Of some people, the first from a place on the ring found by the guest's luck."""
        u = draws(self.model.seed, streams.CAFE_TALK, self.model.week, guest.number, key)[0]
        return min(people, key=lambda p: (p.place - u) % 1.0, default=None)

    def whoever_is_free(self, guest, guests, there, talks, key):
        """For each talk, of the eight from a place on the ring found by luck on, the first who is
        free."""
        for first in map(guests.index, self.around(guest, guests, talks, key)):
            eight = (guests[first:] + guests[:first])[:8]
            yield next((p for p in eight if p in there), None)

    def company(self, guest, strangers, wishes, key):
        """For each talk, of the stranger (who counts two) and all others wished for, the one whose
        waiting time is the shortest."""
        week, number = self.model.week, guest.number
        own = draws(self.model.seed, streams.ACQUAINTANCE, week, number, key)
        when = week + 4096 * (key + 1)
        of = {
            q: draws(self.model.seed, streams.ACQUAINTANCE, when, number, q.number) for q in wishes
        }
        for talk, stranger in enumerate(strangers):
            waits = [(-math.log(u[talk]) / wishes[q], q) for q, u in of.items()]
            waits += [(-math.log(own[talk]) / 2, stranger)] * (stranger is not None)
            yield min(waits, key=lambda each: each[0])[1] if waits else None

    def seen(self, x):
        """As precise as what the model keeps of what can be seen of others."""
        return float(np.float32(x))


class Own:
    """Luck as it is in plain Mesa: the next numbers of the model's generator, for whoever asks."""

    def __init__(self, model):
        self.random, self.chosen = model.random.random, model.random.choice
        self.gauss, self.sample, self.choices = (
            model.random.gauss,
            model.random.sample,
            model.random.choices,
        )

    def number(self, purpose, person, other=0, week=None, turn=0):
        return self.random()

    def four_normals(self, person, part):
        return [self.gauss(0, 1) for _ in range(4)]

    def normal(self, purpose, person):
        return self.gauss(0, 1)

    def number_of_pair(self, purpose, p, q):
        return self.random()

    def choose(self, purpose, person, others, turn):
        return self.chosen(others)

    def least(self, purpose, people, number):
        return self.sample(people, min(number, len(people)))

    def around(self, guest, guests, talks, key):
        return self.choices(guests, k=talks)

    def from_somewhere(self, guests, key):
        first = int(self.random() * len(guests))
        return guests[first:] + guests[:first]

    def first_on_ring(self, guest, people, key):
        return self.chosen(people) if people else None

    def whoever_is_free(self, guest, guests, there, talks, key):
        return self.choices(there, k=talks) if there else []

    def company(self, guest, strangers, wishes, key):
        for stranger in strangers:
            weights = wishes | {stranger: 2 + wishes.get(stranger, 0)}
            yield self.choices([*weights], weights=[*weights.values()])[0]

    def seen(self, x):
        return x
