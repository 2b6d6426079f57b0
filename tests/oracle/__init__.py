"""One-to-one and groups written a second time, from the description of the model (docs/ODD.md)
alone.

People are plain Mesa agents that act through their own methods, one after another; ties are the
edges of a NetworkX graph; no rule is imported. Shared with the model are only the declared
parameters and the keyed draws, so that both meet the same luck. A rule that is changed in the model
has to be changed here as well: that is the point, for then somebody has read it twice.

It is also what `benchmarks/speed.py` compares the compiled model with, so it is kept lean:
neighbours are read from the graph's own dictionaries, what is the same for everybody is worked out
once a week, outcomes are columns summed once a week. There it runs with Mesa's own random numbers
as well (`Own`), as a model in plain Mesa would.

Covered is everything that happens in a programme of matches, of groups, or of both: invitation,
sign-up, training, queues, matching, leaders, courses, meetings, café, supervision, team meetings,
page, own meetings, introductions, ties, safety, outside life, change, strain, rest, leaving,
parting, rematching, closing, price, and the events that can happen to it. Not covered: full lists
of partners (32), which so few people cannot have; a drop-in place; a platform.
"""

from oracle.luck import Keyed, Own
from oracle.person import CHIME
from oracle.programme import Programme, run, scores_alone

__all__ = ["CHIME", "Keyed", "Own", "Programme", "run", "scores_alone"]
