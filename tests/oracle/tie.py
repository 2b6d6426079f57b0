"""A tie between two people, and what is remembered of ties and people lost."""

import math


class Tie:
    """Hours, familiarity, confidence between two people, and what each gave."""

    def __init__(self, model, a, b, met_in, across):
        self.model, self.met_in, self.across = model, met_in, across
        self.hours = self.effective = self.strength = self.confidence = self.worth = 0.0
        self.gave = {a: 0.0, b: 0.0}
        self.formed = self.last = model.week
        self.shared = 0
        self.private = False  # whether they have met otherwise than in a match

    def appraise(self):
        """What it is worth, worked out when it has changed."""
        self.worth = 1 - (1 - self.strength) * (
            1 - self.model.x.ties.confidence_value * self.confidence
        )

    def renew(self, x):
        self.strength = 1 - math.exp(-self.effective / x.familiarity_hours)
        self.appraise()

    @property
    def evenness(self):
        one, other = self.gave.values()
        return 1.0 - abs(one - other) / (one + other) if one + other > 0 else 0.0

    def story(self, p, q, ended):
        """Its life, the one of the lower row first."""
        p, q = (p, q) if p.row < q.row else (q, p)
        return {"person_a": p.label, "person_b": q.label, "met_in": self.met_in, "formed_week": self.formed,
                "ended_week": ended, "hours": self.hours, "strength": self.strength, "confidence": self.confidence,
                "across": self.across}  # fmt: skip

    def fade(self, x, trust):
        half_life = (
            x.weak_half_life * math.exp(x.stability * self.strength) * (1 + x.closure * self.shared)
        )
        self.effective *= 0.5 ** (1 / half_life)
        self.confidence *= trust


class Memory:
    """What is remembered of ties lost, or of others who left: how much, and whose leaving counted
    most."""

    def __init__(self):
        self.felt = self.pending = self.most = 0.0
        self.whose = None

    def add(self, amount, worth, who):
        self.pending += amount
        if worth >= self.most:
            self.most, self.whose = worth, who

    def fade(self, share):
        self.felt = self.felt * share + self.pending
        self.most *= share
        self.pending = 0.0
