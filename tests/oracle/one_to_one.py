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

    @property
    def is_bound(self):
        return self.match is not None

    def suits(self, other):
        """How well a supporter and a recipient go together, chance included (Gumbel)."""
        luck = self.luck.number(streams.MATCHING, self.person, other.person.number)
        chance = -math.log(-math.log(luck + 1e-300) + 1e-300)
        return self.community.x.match_weight * self.person.nearness(other.person) + chance

    @property
    def exposure(self):
        """In the café, where the first meetings are, it is the café's."""
        mine, cafe = self.community.x.exposure, self.model.x.cafe
        return min(mine, cafe.exposure) if self.in_cafe(self.meetings) else mine

    def in_cafe(self, meetings):
        """Whether a meeting after so many is held in the café."""
        return self.model.x.cafe.per_week > 0 and meetings < self.community.x.first_in_cafe

    def hours_of_a_meeting(self):
        """A supporter's are those of all matches, or of the meetings due, as far as their hours go."""
        hours, person = self.community.x.hours, self.person
        if not person.supports:
            return hours
        several, self.meeting_lasts = person.dyads, hours
        if self.community.x.within_hours:
            several = self.due / max(self.planned, 1)
        kept = min(hours * several, max(hours, person.hours_left))
        if self.community.x.within_hours:
            self.meeting_lasts = min(hours, kept / max(several, 1))
        return kept

    def go(self, cause):
        """Who does not fit may ask for another supporter, also if an event keeps them; a worn
        supporter may hand over all matches and rest, where that is legitimate."""
        x, person = self.model.x.supervision, self.person
        worn = cause == "overload" and person.supports
        misfit = cause == "misfit" and not person.supports and self.status == "active"
        if misfit and self.community.x.rematch and self.asks_for_another():
            self.status = "waiting"
        elif person.stays:
            return
        elif worn and self.luck.number(streams.RESTING, person) < x.legitimate_withdrawal:
            person.resting = x.rest_weeks
        else:
            self.leave(cause)

    def asks_for_another(self):
        luck = self.luck.number(streams.LEAVING, self.person, self.community.key, turn=2)
        return luck < self.community.x.ask_again

    def meets(self, other):
        return any(m.match and m.match.supporter is o for m, o in ((self, other), (other, self)))

    def let_go(self):
        """Give up one's match, if it stands at one's own place: the programme breaks it off."""
        if self.match:
            match = self.match
            match.let_down()
            match.dissolve()
            match.end_role(match.supporter.person)


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
        if self.pairs.x.ask_again > 0:
            recipient.tried = False

    def dissolve(self, reason="closed"):
        self.model.ended_matches[reason] += 1
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
            self.supporter.due += meetings
            self.supporter.offered += meetings

    def meet(self):
        """If both came: the supporter gives most of the support. Returns their hours together."""
        meetings = sum([meeting in self.supporter.came for meeting in self.recipient.came])
        x, p, q = self.pairs.x, self.supporter.person, self.recipient.person
        lasts = self.supporter.meeting_lasts if meetings else x.hours
        before = self.recipient.meetings
        for m in (self.supporter, self.recipient):
            m.count(meetings, lasts)
            m.meetings += meetings
        for meeting in range(meetings):
            self.model.on_neutral_ground = self.recipient.in_cafe(before + meeting)
            self.model.together(p, q, lasts, "one_to_one", x.one_way)
        self.model.on_neutral_ground = False
        if meetings and q in p.friends:
            p.bound += p.friends[q]["tie"].confidence
        return meetings * lasts

    def end_if_over(self):
        if self.recipient.takes_part and self.model.week - self.since >= self.pairs.x.weeks:
            self.dissolve("completed")
            self.recipient.end("completed", "course_completed")

    def let_down(self):
        """The other side breaks its promise: what is left of it, less a strong tie lost with it."""
        p, q, x = self.recipient.person, self.supporter.person, self.model.x
        left = max(0.0, 1 - (self.model.week - self.since) / self.pairs.x.weeks)
        worth = p.friends[q]["tie"].worth if q in p.friends else 0.0
        lost = worth if worth >= x.ties.strong else 0.0
        p.let_down += max(0.0, self.pairs.x.promise * left - lost)

    def end_role(self, leaver):
        """The tie ends with the role, unless the two have met otherwise."""
        p, q = self.supporter.person, self.recipient.person
        other = q if leaver is p else p
        if not self.pairs.x.tie_ends or q not in p.friends or p.friends[q]["tie"].private:
            return
        if any([m.has_just_left for m in leaver.places]):
            leaver.tell(other)
        tie = p.friends[q]["tie"]
        self.model.graph.remove_edge(p, q)
        self.model.ended_ties.append(tie.story(p, q, ended=self.model.week))

    def end_if_parted(self):
        """A match ends with either side, or when the supporter rests, or another is asked for."""
        x, supporter = self.model.x, self.supporter.person
        if self.recipient.status != "active":
            supporter.strain = min(1.0, supporter.strain + x.strain.disappointment)
            asks = self.recipient.status == "waiting"
            self.dissolve("another_wanted" if asks else "recipient_left")
            self.end_role(self.recipient.person)
            if asks:
                self.recipient.person.former = supporter
                self.recipient.waiting = self.model.week
        elif not self.supporter.is_free_to_support:
            if supporter.resting == 0:
                self.let_down()
            rests = self.supporter.status == "active"
            self.dissolve("supporter_rested" if rests else "supporter_left")
            self.end_role(supporter)
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
                willing = [m for m in self.queue if m.person.former is not supporter.person]
                if not willing:
                    break
                recipient = max(willing[:LONGEST_WAITING], key=supporter.suits)
                self.queue.remove(recipient)
                self.matches.append(Match(supporter, recipient))
                self.model.staff_hours += self.x.staff_match_hours
        self.matches.sort(key=lambda match: match.recipient.person.row)

    def plan(self):
        self.for_each_match("plan")

    def meet(self):
        self.hours_given = sum([match.meet() for match in self.matches])

    def part(self):
        self.for_each_match("end_if_parted")

    def look_after(self):
        """Nothing else ends."""

    def supporter_hours(self):
        return self.hours_given

    def staff_hours(self):
        return 0.0
