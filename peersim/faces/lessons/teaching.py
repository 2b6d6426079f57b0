"""What a teacher needs besides: a plan for the hour, role cards, questions with answers, what is
assumed.
"""

from __future__ import annotations

from typing import Any

from peersim.faces.lessons.saying import as_data
from peersim.kernel.catalogue import Sentence

PLAN = {"guess": 5, "see": 10, "explain": 10, "puzzle": 10, "talk": 10}
"""Steps of the hour, in minutes."""

ROLES = ("participant", "peer", "coordinator", "councillor", "absent")
QUESTIONS = range(1, 7)
ASSUMED = ("people", "spread", "figures", "years", "left_out")
EXAMPLE = "peersim play project=reden a.communities=[one_to_one] b.communities=[one_to_one,group]"
"""What a class can ask the program itself."""


def teaching() -> dict[str, Any]:
    """The pages for the teacher, as sentences."""
    return {
        "plan": [
            [minutes, as_data(Sentence(f"faces.teacher.steps.{step}"))]
            for step, minutes in PLAN.items()
        ],
        "roles": [
            {
                "title": as_data(Sentence(f"faces.role.{role}")),
                "goal": as_data(Sentence(f"faces.teacher.goals.{role}")),
            }
            for role in ROLES
        ],
        "questions": [
            {
                "ask": as_data(Sentence(f"faces.teacher.q{number}")),
                "answer": as_data(Sentence(f"faces.teacher.a{number}")),
            }
            for number in QUESTIONS
        ],
        "assumptions": [as_data(Sentence(f"faces.teacher.assumed.{name}")) for name in ASSUMED],
        "more": as_data(Sentence("faces.teacher.more", {"command": EXAMPLE})),
    }
