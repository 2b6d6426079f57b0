"""What makes the engine ready: whatever an answer takes, taken once."""

from __future__ import annotations

from peersim.app import endpoints
from peersim.app.questions import Question
from peersim.app.turns import Stop

FEW = {"population.recipients": 4, "population.supporters": 2, "weeks": 2}


def answer_once() -> None:
    """Answer a question about few people and two weeks: reads in all code, or compiles it."""
    small = {"a": FEW, "b": {**FEW, "communities": ["group"]}, "pairs": 2}
    desk = endpoints.Desk()
    for _ in desk.compare(Question(small), Stop()):
        pass
