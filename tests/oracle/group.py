"""Groups: a course of meetings with or without leaders, and what goes on after it."""

import itertools

from oracle.community import Community
from oracle.membership import Membership
from oracle.numbers import logistic, occasions
from peersim.kernel import chance as streams


class InGroup(Membership):
    """A member or leader of groups."""

    circle = None

    @property
    def is_free_to_lead(self):
        return self.is_free_to_support and self.circle is None

    def come(self, wish):
        super().come(wish)
        self.offered += self.planned
        self.count(len(self.came))

    def readiness_to_give(self, meeting):
        """What they have to give this evening."""
        person, share = self.person, self.community.x.luck
        luck = self.luck.number(streams.NEED, person, other=meeting)
        ready = (person.empowerment + person.stage) / 2 * (1 - person.strain)
        return (1 - share) * ready + share * luck

    def meets(self, other):
        return self.circle is other.circle

    def norm(self):
        x = self.model.x.attendance
        return x.norm * (self.circle.share - x.ordinary) / (1 + self.absences)

    @property
    def is_bound(self):
        return self.circle is not None

    def let_go(self):
        self.circle = None


class Circle:
    """A group with its course."""

    def __init__(self, groups):
        self.groups, self.model = groups, groups.model
        self.started, self.ends = self.model.week, self.model.week + groups.x.weeks
        self.self_run, self.thin = False, 0
        self.share, self.came = self.model.x.attendance.ordinary, 0
        self.everybody = []  # who has ever joined, in order of row

    @property
    def members(self):
        return [m for m in self.everybody if m.circle is self and m.takes_part]

    @property
    def recipients(self):
        """Members without leaders."""
        return [m for m in self.members if not m.person.supports]

    @property
    def is_led(self):
        return self.groups.x.leaders == 0 or len(self.recipients) < len(self.members)

    def take_in(self, newcomers):
        for m in newcomers:
            m.begin()
            m.circle = self
        self.everybody = sorted({*self.everybody, *newcomers}, key=lambda m: m.person.row)

    def appoint_leaders(self):
        """Free supporters, in order of row."""
        self.take_in(self.groups.free_leaders()[: self.groups.x.leaders])

    def meetings_this_week(self):
        x = self.groups.x
        intensity = self.model.x.programme.intensity
        rate = x.self_run_per_week if self.self_run else x.per_week * intensity
        return occasions(rate, self.model.week - self.started)

    def plan(self):
        planned = self.meetings_this_week()
        if planned:
            for m in self.members:
                m.planned = planned

    def meet(self):
        members = self.members
        if self.meetings_this_week():
            self.came = len([m for m in self.recipients if m.came])
            self.share = self.came / len(self.recipients) if self.recipients else self.share
        for meeting in range(self.meetings_this_week()):
            present = [m for m in members if meeting in m.came]
            if len(present) > 1:
                self.share_an_evening(present, meeting)

    def share_an_evening(self, present, meeting):
        """Every two of those who came, by who has more to give; leaders lead."""
        x, mentoring, together = self.groups.x, self.model.mentoring, self.model.together
        ready = [(m.person, m.readiness_to_give(meeting)) for m in present]
        leads = x.lead + x.mentoring_lead * mentoring
        seen = x.role_model * x.leaders_share * (1 - mentoring) * x.hours
        for m in present:
            m.meetings += 1
        for (p, p_ready), (q, q_ready) in itertools.combinations(ready, 2):
            lead = leads * (p.supports - q.supports)
            gives = logistic(x.role_slope * (p_ready - q_ready) + lead)
            feeds, near = together(p, q, x.hours, "group", gives, len(present) - 1)
            if p.supports != q.supports:  # who does not lead sees the leader lead and share
                leader, member = (p, q) if p.supports else (q, p)
                member.role_models += seen * feeds * self.model.role_model(member, leader, near)

    def cohesion(self):
        """Mean worth of the ties between all pairs of members, or of recipients alone."""
        those = self.members if self.groups.x.leaders_in_cohesion else self.recipients
        pairs = list(itertools.combinations([m.person for m in those], 2))
        worths = [p.friends[q]["tie"].worth for p, q in pairs if q in p.friends]
        return sum(worths) / len(pairs) if pairs else 0.0

    def end_course(self):
        """A close group goes on by itself, without its leaders; otherwise they have completed."""
        x, page = self.groups.x, self.model.x.page
        wanted = x.self_run_cohesion * (page.self_run if page.contact > 0 else 1)
        if x.self_run_per_week == 0 or self.cohesion() < wanted:
            self.close("completed", "course_completed")
            return
        self.self_run = True
        for m in self.members:
            if m.person.supports:
                m.circle = None
            else:
                m.status = "self-run"

    def close(self, status, cause):
        self.groups.circles.remove(self)
        for m in self.members:
            m.circle = None
            if not m.person.supports:
                m.end(status, cause)

    def look_after(self):
        """Appoint leaders anew where there are none; close if too few have come for too long."""
        departure, without_leaders = (
            self.model.x.departure,
            len(self.recipients) == len(self.members),
        )
        by_who_comes = departure.closing.name == "attendance"
        thin = self.is_thin(by_who_comes)
        if without_leaders and not self.self_run:
            self.appoint_leaders()
        if not by_who_comes or self.meetings_this_week():
            self.thin = self.thin + 1 if thin else 0
        left = self.recipients if by_who_comes else self.members
        if left and (self.thin < departure.thin_weeks or not departure.structure):
            return
        if self.self_run:
            self.close("completed", "course_completed")
        else:
            self.close("closed", "community_closed")

    def is_thin(self, by_who_comes):
        """Too few came, or too few are left; or there is nobody to lead."""
        x = self.groups.x
        if by_who_comes:
            there, enough = self.came, max(1, x.minimum - x.leaders) if x.leaders else 2
        else:
            there, enough = len(self.members), x.minimum
        return there < x.self_run_minimum if self.self_run else there < enough or not self.is_led


class Groups(Community):
    """All groups, and who waits for one."""

    name, key, membership = "group", 1, InGroup

    def __init__(self, model):
        super().__init__(model)
        self.circles, self.joined_later = [], 0

    @property
    def first_meeting(self):
        return self.model.x.departure.first_meeting_group

    def free_leaders(self):
        return [m for m in self.memberships(self.model.supporters) if m.is_free_to_lead]

    def led(self):
        return [circle for circle in self.circles if not circle.self_run]

    def end_what_is_over(self):
        for circle in self.led():
            if self.x.open:
                self.complete(m for m in circle.recipients if self.is_over_for(m))
            elif self.model.week >= circle.ends:
                circle.end_course()

    def is_over_for(self, member):
        return self.model.week - member.joined >= self.x.weeks

    def complete(self, members):
        for m in list(members):
            m.circle = None
            m.end("completed", "course_completed")

    def let_in(self):
        """Who waits joins the smallest group with room, of equals the oldest."""
        while self.queue:
            room = [k for k in self.led() if k.is_led and len(k.recipients) < self.x.size]
            if not room:
                return
            min(room, key=lambda k: (len(k.recipients), k.started)).take_in([self.queue.pop(0)])
            self.joined_later += 1

    def bring_together(self):
        """Begin groups while enough people wait and enough leaders are free."""
        if self.x.open and self.runs:
            self.let_in()
        while self.runs and len(self.led()) < self.x.most:
            size, free = self.ready_size(), len(self.free_leaders())
            if size == 0 or free < self.x.leaders and not self.fewer_will_do(free):
                return
            circle = Circle(self)
            self.circles.append(circle)
            circle.appoint_leaders()
            circle.take_in(self.queue[:size])
            del self.queue[:size]

    @property
    def has_waited(self):
        return self.model.week - self.queue[0].waiting >= self.x.patience

    def fewer_will_do(self, free):
        """After a long wait a group begins with fewer leaders than it should have."""
        return free >= self.x.fewest_leaders and self.has_waited

    def ready_size(self):
        """How many can begin: a full group, or a smaller one after a long wait."""
        x, n = self.x, len(self.queue)
        if n >= x.size:
            return x.size
        return n if n >= x.minimum and self.has_waited else 0

    def plan(self):
        for circle in self.circles:
            circle.plan()

    def meet(self):
        for circle in self.circles:
            circle.meet()

    def part(self):
        """Nothing ends at once when somebody has left a group."""

    def look_after(self):
        for circle in list(self.circles):
            circle.look_after()

    def end_for_all(self):
        super().end_for_all()
        self.circles = [circle for circle in self.circles if circle.self_run]

    def supporter_hours(self):
        came = sum([len(m.came) for m in self.memberships(self.model.supporters)])
        return came * self.x.hours

    @property
    def staffed_safety(self):
        return 1 - (1 - self.x.educator_safety) ** self.x.educators

    def staff_hours(self):
        held = len(self.led()) * self.x.per_week * self.model.x.programme.intensity
        return held * self.x.educators * self.x.hours
