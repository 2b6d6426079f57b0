"""The words of the model as numbers for compiled code, with the names that tables show.

Every list below is in the order of its numbers: ``CAUSES[MISFIT] == "misfit"``.
"""

import numpy as np

from peersim.model.communities import PLACES as PLACES
from peersim.model.communities import REGISTRY, number_of

# -- communities, and the further places where two people can meet --------------------------------
COMMUNITIES = tuple(each.name for each in REGISTRY)
N_COMMUNITIES = len(COMMUNITIES)
ONE_TO_ONE, GROUP, AVAILABILITY, DIGITAL = map(
    number_of, ("one_to_one", "group", "availability", "digital")
)
CAFE, TEAM, OUTSIDE, PAGE = map(number_of, ("cafe", "team", "outside", "page"))

# -- roles ----------------------------------------------------------------------------------------
ROLES = ("recipient", "supporter")
RECIPIENT, SUPPORTER = map(np.int64, range(2))

# -- belonging to one community -------------------------------------------------------------------
STATUSES = ("none", "in training", "waiting", "active", "self-run", "completed", "left", "closed")
NONE, IN_TRAINING, WAITING, ACTIVE, SELF_RUN, COMPLETED, LEFT, CLOSED = map(np.int64, range(8))

# -- why somebody's time in a community ended: nine competing hazards, then the ends that are
# decided elsewhere ---
CAUSES = (
    "life_event",
    "misfit",
    "unsafe",
    "overload",
    "lost_tie",
    "others_leaving",
    "not_relevant",
    "drift",
    "moved_on",
    "training_dropout",
    "gave_up_waiting",
    "course_completed",
    "community_closed",
    "withdrawn",
    "never_started",
)
N_HAZARDS = 9
LIFE_EVENT, MISFIT, UNSAFE, OVERLOAD, LOST_TIE, OTHERS_LEAVING, NOT_RELEVANT, DRIFT, MOVED_ON = map(
    np.int64, range(9)
)
TRAINING_DROPOUT, GAVE_UP_WAITING, COURSE_COMPLETED, COMMUNITY_CLOSED, WITHDRAWN, NEVER_STARTED = (
    map(np.int64, range(9, 15))
)

# -- why a tie ended ------------------------------------------------------------------------------
TIE_ENDS = ("faded", "displaced", "match broken")
FADED, DISPLACED, MATCH_BROKEN = map(np.int64, range(3))

# -- why a match ended ----------------------------------------------------------------------------
MATCH_ENDS = (
    "completed",
    "recipient_left",
    "another_wanted",
    "supporter_left",
    "supporter_rested",
    "closed",
)
MATCH_COMPLETED, RECIPIENT_LEFT, ANOTHER_WANTED, SUPPORTER_LEFT, SUPPORTER_RESTED, MATCH_CLOSED = (
    map(np.int64, range(6))
)

# -- what an event does ---------------------------------------------------------------------------
EVENTS = ("set", "add", "end", "switch", "lose_supporters", "funding_ends", "leave", "keep")
(
    EVENT_SET,
    EVENT_ADD,
    EVENT_END,
    EVENT_SWITCH,
    EVENT_LOSE_SUPPORTERS,
    EVENT_FUNDING_ENDS,
    EVENT_LEAVE,
    EVENT_KEEP,
) = map(np.int64, range(8))

NOBODY = np.int64(-1)
NEVER = np.int64(-1)
