"""Small mathematics."""

import math


def logistic(x):
    return 1 / (1 + math.exp(-x))


def log_odds(share):
    share = min(0.999, max(0.001, share))
    return math.log(share / (1 - share))


def clip(x):
    return 0.0 if x < 0 else 1.0 if x > 1 else x


def around_one(spread, normal):
    return math.exp(spread * normal - spread**2 / 2)


def happens(luck, rate):
    """Whether what has a weekly rate happens this week."""
    return luck < 1 - math.exp(-rate)


def occasions(rate, age):
    """Meetings in the week that begins `age` weeks after the first, when `rate` are held a week."""
    return min(4, math.ceil(rate * (age + 1)) - math.ceil(rate * age))


def raised(own, share):
    return own + (1 - own) * min(1.0, share)
