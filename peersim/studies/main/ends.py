"""Ends of somebody's time in a programme, and those that are shown as one."""

from __future__ import annotations

GROUPS = (
    "taking part",
    "moved_on",
    "course_completed",
    "community_closed",
    "lost_tie",
    "misfit",
    "unsafe",
    "not_relevant",
    "overload",
    "drift",
    "never_started",
)
TOGETHER = {
    "others_leaving": "lost_tie",
    "withdrawn": "overload",
    "life_event": "drift",
    "training_dropout": "never_started",
    "gave_up_waiting": "never_started",
    "waiting": "never_started",
}


def group_of(end: str) -> str:
    """Give the group with which an end is shown."""
    return TOGETHER.get(end, end)


def members(group: str) -> list[str]:
    """List the ends of a group."""
    return [group, *(end for end, shown_with in TOGETHER.items() if shown_with == group)]
