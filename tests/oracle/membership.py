"""One person's time in one community: what is the same in all of them."""

import math

from oracle.numbers import happens, logistic
from peersim.kernel import chance as streams

TAKES_PART = ("active", "self-run")
HAZARDS = (
    "life_event",
    "misfit",
    "unsafe",
    "overload",
    "lost_tie",
    "others_leaving",
    "not_relevant",
    "drift",
    "moved_on",
)


class Membership:
    """Where a person stands in a community."""

    def __init__(self, person, community):
        self.person, self.community = person, community
        self.model, self.luck = person.model, person.luck
        self.status, self.training_left = None, 0
        self.joined = self.left = self.waiting = None
        self.cause = self.caused_by = None
        self.safety = self.fit = self.hours = 0.0
        self.offered = self.attended = self.absences = self.meetings = 0
        self.planned, self.due, self.came = 0, 0, []
        self.tried = False

    @property
    def takes_part(self):
        return self.status in TAKES_PART

    @property
    def is_open(self):
        return self.status in ("in training", "waiting", *TAKES_PART)

    @property
    def is_retained(self):
        moved_on = self.status == "left" and self.cause == "moved_on"
        gives = self.person.asked_week is not None and self.person.supports
        return self.takes_part or self.status == "completed" or moved_on or gives

    @property
    def is_free_to_support(self):
        """Whether a supporter who is trained and does not rest could take on something more."""
        return self.status == "active" and self.person.resting == 0

    # -- coming in

    def wait(self):
        """Enter as a newcomer."""
        x, person = self.model.x.safety, self.person
        self.safety = max(person.first_safety, x.carried * person.safety_found)
        self.fit, self.status = person.expected(x.first_fit), "waiting"
        self.waiting = self.model.week

    def begin_training(self, willing):
        weeks = 0 if self.person.is_trained else self.model.x.training.weeks
        self.status, self.training_left = "in training", weeks
        self.safety = self.person.first_safety
        self.fit = self.person.expected(self.model.x.safety.first_fit)
        if not willing:
            self.end("left", "never_started")

    def train(self, luck):
        """A week of training; or they drop out, or it is over and they are active."""
        rate = self.model.x.training.dropout * self.community.x.exposure**2
        if self.training_left == 0:
            self.status = "active"
            self.person.supporter_since = self.person.supporter_since or self.model.week
            self.take_part()
        elif happens(luck, rate * (1 - self.person.readiness)):
            self.end("left", "training_dropout")
        else:
            self.training_left -= 1

    def serve(self):
        """A new stay on the other side: they gave nothing here before, and give now."""
        x, person = self.model.x.safety, self.person
        self.let_go()
        self.status, self.joined, self.left = "active", self.model.week, None
        self.cause = self.caused_by = None
        self.meetings, self.absences, self.tried = 0, 0, False
        self.safety = max(self.safety, person.first_safety)
        self.fit = max(self.fit, person.expected(x.first_fit))
        if person.joined is None:
            person.joined = self.model.week

    def begin(self):
        """Be active from now on, in a match or circle that begins."""
        self.status, self.absences, self.meetings = "active", 0, 0
        self.take_part()

    def take_part(self):
        """Remember when they first did."""
        if self.joined is None:
            self.joined = self.model.week
        if self.person.joined is None:
            self.person.joined = self.model.week

    def cross_over(self, community):
        """Go to another community as they stand; supporters keep their training."""
        person = self.person
        if not self.is_open or community.name in person.memberships:
            return
        new = person.belong_to(community)
        if not person.supports:
            new.wait()
            return
        new.status = "in training" if self.status == "in training" else "active"
        new.training_left = self.training_left
        new.fit = person.expected(self.model.x.safety.first_fit)
        new.safety = max(self.safety, person.first_safety)
        if new.status == "active":
            new.take_part()

    # -- coming to meetings

    def wish_to_come(self):
        a, x, person = self.model.x.attendance, self.community.x, self.person
        here, all_count = self.community.name, self.model.x.departure.loss == 0
        pull = sum(
            [
                edge["tie"].worth
                for q, edge in person.friends.items()
                if here in q.seen_in or all_count
            ]
        )
        anywhere = a.withdrawal * (1 - a.exposed_withdrawal) * person.lowness
        odds = (
            a.habit
            + a.safety * (self.safety - 0.5)
            + a.pull * min(1.0, pull)
            + person.need_or_withdrawal(self.exposure)
            - anywhere
        )
        odds -= a.anxiety * person.social_anxiety * self.exposure + a.absence * min(
            self.absences, 6
        )
        if person.supports:
            odds += a.reliability - a.strain * person.strain
        return logistic(odds + self.norm() - x.effort)

    @property
    def exposure(self):
        """How exposed they feel where the next meeting is."""
        return self.community.x.exposure

    def norm(self):
        """What others make of coming, where there is such a thing."""
        return 0.0

    def hours_of_a_meeting(self):
        return self.community.x.hours

    def come(self, wish):
        """Come to this week's meetings, or to some of them, or stay away."""
        hours, person, key = self.hours_of_a_meeting(), self.person, self.community.key
        for meeting in range(self.planned):
            if (
                hours <= person.hours_left
                and self.luck.number(streams.ATTENDANCE, person, key, turn=meeting) < wish
            ):
                self.came.append(meeting)
                person.hours_left -= hours
        self.absences = 0 if self.came else self.absences + 1

    def count(self, meetings, hours=None):
        """Count meetings that they attended, and how long these were if not as planned."""
        self.attended += meetings
        self.hours += meetings * (self.community.x.hours if hours is None else hours)
        self.person.sessions_now += meetings * self.person.part_taken(self.safety)

    def feel_safe(self):
        x = self.model.x.safety
        if not self.takes_part:
            return
        if self.came and (not x.company or self.person.face_to_face > 0):
            level = self.model.equality * (
                1 - x.anonymity_weight * (1 - self.model.organisation.anonymity)
            )
            if self.status == "active":
                level = max(0.0, level + self.community.staffed_safety * (1 - level))
            won = x.gain * level * (1 - x.fit_weight * (1 - self.fit)) * (1 - self.safety)
            safety = self.safety + won - x.misfit * (1 - self.fit) * self.safety
            self.safety = min(1.0, max(0.0, safety))
        elif self.planned and not self.came:
            self.safety *= 1 - x.absence

    def rejection(self):
        """How far they felt rejected this week."""
        x = self.model.x.change
        return x.rejection * self.community.x.exposure * max(0.0, 1 - self.fit / x.fit_enough)

    # -- leaving

    def hazards(self):
        """The nine weekly hazards of leaving."""
        x, person = self.model.x.departure, self.person
        misfit = 0.0
        if self.meetings > 0:
            misfit = x.misfit * (1 + x.early * math.exp(-self.meetings / x.early_meetings))
            misfit += 0.0 if self.tried else self.community.first_meeting
        return {
            "life_event": x.life_event,
            "misfit": misfit * (1 - self.fit) * (x.supporters if person.supports else 1),
            "unsafe": x.unsafe * (1 - self.safety) ** 2 if self.meetings > 0 else 0.0,
            "overload": x.overload * person.strain**2,
            "lost_tie": x.lost_tie * x.loss * person.losses.felt,
            "others_leaving": x.social * person.leavers.felt,
            "not_relevant": 0.0
            if person.supports
            else x.not_relevant * max(0.0, person.stage - x.relevant_stage),
            "drift": x.drift * max(0, self.absences - x.drift_after),
            "moved_on": x.moved_on
            * max(0.0, person.recovery - x.moved_on_from)
            / (1 - x.moved_on_from)
            * (1 + x.following * person.examples.felt),
        }

    def leave_or_stay(self):
        person, key = self.person, self.community.key
        if self.takes_part:
            hazards = self.hazards()
            total = sum(hazards.values())
            luck = self.luck.number(streams.LEAVING, person, key)
            if happens(luck, total):
                part = self.luck.number(streams.LEAVING, person, key, turn=1)
                self.go(chosen(hazards, part * total))
            self.tried = self.tried or self.meetings > 0
        elif self.status == "waiting" and not person.stays:
            luck = self.luck.number(streams.LEAVING, person, key)
            if happens(luck, self.model.x.sign_up.impatience):
                self.leave("gave_up_waiting")
                person.hope = max(0.0, person.hope - self.model.x.sign_up.in_vain)

    def go(self, cause):
        """What a hazard of leaving comes to; whom an event keeps does not leave."""
        if not self.person.stays:
            self.leave(cause)

    def leave(self, cause):
        if self.status == "self-run":
            self.end("completed", "course_completed")
        else:
            person = self.person
            because_of = {"lost_tie": person.losses.whose, "others_leaving": person.leavers.whose}
            if cause == "moved_on" and self.follows():
                because_of[cause] = person.examples.whose
            self.end("left", cause, because_of.get(cause))

    def follows(self):
        """Whether somebody who moves on follows an example, rather than going by themselves."""
        luck = self.luck.number(streams.LEAVING, self.person, self.community.key, turn=2)
        return luck * (1 + self.model.x.departure.following * self.person.examples.felt) >= 1

    @property
    def has_just_finished(self):
        """Whether they completed or moved on this week."""
        done = self.status == "completed" or self.cause == "moved_on"
        return done and self.left == self.model.week and self.joined is not None

    def end(self, status, cause, caused_by=None):
        self.status, self.cause, self.caused_by = status, cause, caused_by
        self.left = self.model.week
        self.model.parting.add(self.person)
        if cause != "course_completed":
            name = None if caused_by is None else caused_by.label
            departure = (self.person.label, self.left, self.community.name, cause, name)
            self.model.departures.append(departure)

    @property
    def has_just_left(self):
        """Whether they left this week, other than by moving on, and had taken part."""
        return (
            self.status == "left"
            and self.left == self.model.week
            and self.cause != "moved_on"
            and self.joined is not None
        )


def chosen(hazards, left):
    """The cause in whose share of the total a number falls."""
    for name in HAZARDS:
        if left < hazards[name]:
            return name
        left -= hazards[name]
    return HAZARDS[-1]
