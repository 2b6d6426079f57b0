"""One-to-one: a trained supporter and a recipient, matched by staff who know both."""

import math

from oracle.community import Community
from oracle.membership import Membership
from oracle.numbers import occasions
from peersim.kernel import chance as streams

LONGEST_WAITING = 12
"""Among how many of those longest in the queue a supporter's recipient is chosen."""


class InMatch(Membership):
    """A supporter, or a recipient with at most one match."""

    match = None

    def suits(self, other):
        """How well a supporter and a recipient go together, chance included (Gumbel)."""
        luck = self.luck.number(streams.MATCHING, self.person, other.person.number)
        chance = -math.log(-math.log(luck + 1e-300) + 1e-300)
        return self.community.x.match_weight * self.person.nearness(other.person) + chance

    def hours_of_a_meeting(self):
        """A supporter's are those of all matches, as far as their hours go."""
        hours, person = self.community.x.hours, self.person
        if person.supports:
            return min(hours * person.dyads, max(hours, person.hours_left))
        return hours

    def go(self, cause):
        """A worn supporter may hand over all matches and rest, where that is legitimate."""
        x, person = self.model.x.supervision, self.person
        worn = cause == "overload" and person.supports
        if worn and self.luck.number(streams.RESTING, person) < x.legitimate_withdrawal:
            person.resting = x.rest_weeks
        else:
            self.leave(cause)

    def meets(self, other):
        return any(m.match and m.match.supporter is o for m, o in ((self, other), (other, self)))

    def let_go(self):
        """Give up one's match, if it stands at one's own place."""
        if self.match:
            self.match.dissolve()


class Match:
    """A pair, from the week it was made."""

    def __init__(self, supporter, recipient):
        self.supporter, self.recipient = supporter, recipient
        self.pairs, self.model = supporter.community, supporter.model
        self.since = self.model.week
        supporter.person.dyads += 1
        recipient.match = self
        recipient.begin()
        near = supporter.person.nearness(recipient.person)
        for m in (supporter, recipient):
            m.fit = m.person.expected(near)

    def dissolve(self):
        self.pairs.matches.remove(self)
        self.recipient.match = None
        self.supporter.person.dyads -= 1

    def plan(self):
        """Meetings of this week, unless one of the two has been taken away this morning."""
        rate = self.model.x.programme.intensity / self.pairs.x.every
        meetings = occasions(rate, self.model.week - self.since)
        if self.recipient.takes_part and self.supporter.takes_part:
            self.recipient.planned = meetings
            self.recipient.offered += meetings
            self.supporter.planned = max(self.supporter.planned, meetings)
            self.supporter.offered += meetings

    def meet(self):
        """If both came: the supporter gives most of the support. Returns how often they met."""
        meetings = sum([meeting in self.supporter.came for meeting in self.recipient.came])
        x, p, q = self.pairs.x, self.supporter.person, self.recipient.person
        for m in (self.supporter, self.recipient):
            m.count(meetings)
            m.meetings += meetings
        for _ in range(meetings):
            self.model.together(p, q, x.hours, "one_to_one", x.one_way)
        return meetings

    def end_if_over(self):
        if self.model.week - self.since >= self.pairs.x.weeks:
            self.dissolve()
            self.recipient.end("completed", "course_completed")

    def end_if_parted(self):
        """A match ends with either side, or when the supporter rests."""
        x, supporter = self.model.x, self.supporter.person
        if self.recipient.status != "active":
            supporter.strain = min(1.0, supporter.strain + x.strain.disappointment)
            self.dissolve()
        elif not self.supporter.is_free_to_support:
            self.dissolve()
            if not x.departure.structure:
                return
            if self.pairs.x.rematch:
                self.recipient.status, self.recipient.waiting = "waiting", self.model.week
            else:
                self.recipient.end("closed", "community_closed", supporter)


class OneToOne(Community):
    """All matches, in order of the recipients' rows, and who waits for one."""

    name, key, membership = "one_to_one", 0, InMatch

    def __init__(self, model):
        super().__init__(model)
        self.matches, self.hours_given = [], 0.0

    @property
    def first_meeting(self):
        return self.model.x.departure.first_meeting_one_to_one

    def for_each_match(self, action):
        for match in list(self.matches):
            getattr(match, action)()

    def end_what_is_over(self):
        self.for_each_match("end_if_over")

    def bring_together(self):
        """Each free supporter in turn takes whoever suits best of those longest in the queue."""
        if not self.runs or not self.queue:
            return
        for supporter in self.memberships(self.model.supporters):
            while (
                self.queue
                and supporter.is_free_to_support
                and supporter.person.dyads < self.x.capacity
            ):
                recipient = max(self.queue[:LONGEST_WAITING], key=supporter.suits)
                self.queue.remove(recipient)
                self.matches.append(Match(supporter, recipient))
                self.model.staff_hours += self.x.staff_match_hours
        self.matches.sort(key=lambda match: match.recipient.person.row)

    def plan(self):
        self.for_each_match("plan")

    def meet(self):
        self.hours_given = sum([match.meet() for match in self.matches]) * self.x.hours

    def part(self):
        self.for_each_match("end_if_parted")

    def look_after(self):
        """Nothing else ends."""

    def supporter_hours(self):
        return self.hours_given

    def staff_hours(self):
        return 0.0
