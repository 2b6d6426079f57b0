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


STRANGER = 2.0
"""Weight of whoever comes along."""


def wishes_for_company(guest, there):
    """How readily a guest sits down with those there whom they know."""
    x = guest.model.x.ties.acquaintance
    known = {q: edge["tie"] for q, edge in guest.friends.items() if q in there}
    return {q: x * (0.5 + tie.worth) for q, tie in known.items()}


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

    def company(self, guest, guests, there, talks, key):
        """For each talk, of those there whom the guest knows and of somebody else, the one whose
        waiting time is the shortest."""
        seed, week, number = self.model.seed, self.model.week, guest.number
        wishes = wishes_for_company(guest, there)
        when = week + 4096 * (key + 1)
        of = {q: draws(seed, streams.ACQUAINTANCE, when, number, q.number) for q in wishes}
        own = draws(seed, streams.ACQUAINTANCE, week, number, key)
        for talk in range(talks):
            waits = {q: -math.log(u[talk]) / wishes[q] for q, u in of.items()}
            known = min(waits, key=waits.get, default=None)
            weight = STRANGER + self.model.x.ties.acquaintance / 6
            wins = known is None or -math.log(own[talk]) / weight < waits[known]
            other = self.somebody_else(guest, guests, there, talk, key) if wins else None
            yield other or known

    def somebody_else(self, guest, guests, there, talk, key):
        """A friend of a friend, or the first who is free of eight from a place on the ring on."""
        seed, week, number = self.model.seed, self.model.week, guest.number
        u = draws(seed, streams.CAFE_TALK, week, number, key)[talk]
        v = draws(seed, streams.ACQUAINTANCE, week + 4096, number, key)[talk]
        from_there = sorted(guests, key=lambda p: (p.place - u) % 1.0)
        removed = self.model.x.ties.acquaintance / 6
        if v < removed / (STRANGER + removed):
            friend = next((p for p in from_there if p in guest.friends), None)
            theirs = friend.friends if friend else ()
            other = next((p for p in from_there if p in theirs and p is not guest), None)
            if other in there:
                return other
        return next((p for p in from_there[:8] if p in there), None)

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

    def company(self, guest, guests, there, talks, key):
        if not there:
            return
        wishes = wishes_for_company(guest, there)
        removed = self.model.x.ties.acquaintance / 6
        for _ in range(talks):
            friend = self.chosen([q for q in guests if q in guest.friends] or [guest])
            theirs = [q for q in friend.friends if q in there]
            chosen = {"free": STRANGER, "removed": removed} | wishes
            other = self.choices([*chosen], weights=[*chosen.values()])[0]
            if isinstance(other, str):
                other = self.chosen(theirs if other == "removed" and theirs else there)
            yield other

    def seen(self, x):
        return x
