"""Somebody invited: who they are, and a week as they spend it."""

import math

import mesa

from oracle.numbers import around_one, clip, happens, log_odds, logistic, raised
from oracle.tie import Memory
from peersim.kernel import chance as streams

CHIME = ("connectedness", "hope", "identity", "meaning", "empowerment")
BELONGS = ("in training", "waiting", "active", "self-run", "completed")
HARDLY = 0.002
"""A chance to meet below this is none, unless there is a page."""


class Person(mesa.Agent):
    """A recipient or a supporter."""

    def __init__(self, model, number, label, role):
        super().__init__(model)
        self.number, self.label, self.role, self.luck = number, label, role, model.luck
        self.supports = role == "supporter"
        self.draw_traits(model.x.population)
        self.draw_states(model.x.population)
        luck = self.luck.number(streams.PEOPLE, self, week=6)
        self.invited_week = 1 if self.supports else 1 + int(luck * model.x.population.arrival_weeks)
        self.place = self.luck.number(streams.PEOPLE, self, week=6, turn=1)  # on the ring
        self.contacts, self.outside_luck = self.outside_ties, 0.0
        self.memberships = {}  # by the name of the community
        self.places = self.memberships.values()
        self.joined = None  # the week in which they first took part in anything
        self.strain = self.given = self.received = 0.0
        self.dyads = self.resting = 0
        self.stays = False
        self.losses, self.leavers = Memory(), Memory()
        self.begin_week()

    # -- who they are

    def draw_traits(self, x):
        self.common, anxious, excluded, staged = self.luck.four_normals(self, 1)
        _, open_, _, ready = self.luck.four_normals(self, 2)
        east, north, spare, _ = self.luck.four_normals(self, 3)
        common, own = math.sqrt(x.vulnerability) * self.common, math.sqrt(1 - x.vulnerability)
        ahead = x.supporter_lead if self.supports else 0.0

        def trait(typical, normal, lead=0.0):
            return logistic(log_odds(typical) + x.trait_spread * normal + lead)

        self.social_anxiety = trait(x.social_anxiety, common + own * anxious, -ahead)
        self.exclusion = trait(x.exclusion, common + own * excluded)
        self.stage = trait(x.stage, own * staged - common, ahead)
        self.openness = trait(x.openness, open_, ahead)
        self.readiness = trait(x.readiness, ready)
        self.experience = x.experience_spread * east, x.experience_spread * north
        self.spare_hours = (x.supporter_hours if self.supports else x.spare_hours) * around_one(
            x.spare_spread, spare
        )

    def draw_states(self, x):
        general, connected, *others = self.luck.four_normals(self, 4)
        *more, friends, _ = self.luck.four_normals(self, 5)
        general = (
            math.sqrt(1 - x.vulnerability) * general - math.sqrt(x.vulnerability) * self.common
        )
        lead = x.supporter_recovery * x.chime_spread if self.supports else 0.0
        for name, own in zip(CHIME, [connected, *others, *more], strict=True):
            z = math.sqrt(x.chime_correlation) * general + math.sqrt(1 - x.chime_correlation) * own
            level = min(0.97, max(0.03, x.chime_mean + lead + x.chime_spread * z))
            setattr(self, "own_" + name, level)
            setattr(self, name, clip(level - x.low_point))
        r = x.outside_correlation
        self.outside_ties = x.outside_ties * around_one(
            x.outside_spread, r * connected + math.sqrt(1 - r**2) * friends
        )

    @property
    def recovery(self):
        return (
            self.connectedness + self.hope + self.identity + self.meaning + self.empowerment
        ) / 5

    def nearness(self, other):
        (x, y), (u, v) = self.experience, other.experience
        return math.exp(-((x - u) ** 2 + (y - v) ** 2))

    # -- where they stand

    def belong_to(self, community):
        """A new membership, in which nothing has happened yet."""
        new = self.memberships[community.name] = community.membership(self, community)
        return new

    def stands(self, *statuses):
        """Whether they stand in one of these ways in some community."""
        return any([m.status in statuses for m in self.places])

    @property
    def takes_part(self):
        return self.stands("active", "self-run")

    @property
    def serves(self):
        """Whether they are a trained supporter of some community."""
        return self.supports and self.stands("active")

    @property
    def is_open(self):
        return any([m.is_open for m in self.places])

    @property
    def is_retained(self):
        return any([m.is_retained for m in self.places])

    # -- safety

    @property
    def first_safety(self):
        return self.model.x.safety.start * (1 - self.model.x.safety.exclusion * self.exclusion)

    def expected(self, fit):
        """How far they expect to fit in, where nobody was excluded that far."""
        return fit * (1 - self.model.x.safety.fit_exclusion * self.exclusion)

    @property
    def safety_found(self):
        """The highest they have found so far in a community."""
        return max([m.safety for m in self.places], default=0.0)

    def felt_safety(self, place):
        """In a community the safety there; elsewhere the highest found, and at least a neutral
        level."""
        if place in self.memberships:
            return self.memberships[place].safety
        return max(self.model.x.safety.neutral, self.safety_found)

    # -- need and withdrawal

    @property
    def lowness(self):
        return 0.5 - (self.connectedness + self.hope) / 2

    def need_or_withdrawal(self, exposure):
        """What being low does to coming: it draws where nothing exposes them, and keeps away where
        something does."""
        a = self.model.x.attendance
        kept_away = a.exposed_withdrawal * a.withdrawal * exposure
        return (a.need * (1 - exposure) - kept_away) * self.lowness

    # -- the week

    def begin_week(self):
        self.given_now = self.received_now = self.recognition = self.role_models = 0.0
        self.distress_met = self.face_to_face = self.given_in_team = 0.0
        self.sessions_now, self.hours_left = 0, self.spare_hours
        for m in self.places:
            m.planned, m.came = 0, []

    def sign_up(self):
        x = self.model.x.sign_up
        if self.invited_week > self.model.week:
            return
        for community in self.model.communities:
            if not community.runs or community.name in self.memberships:
                continue
            if x.way_in.name == "consented" or happens(
                self.luck.number(streams.SIGN_UP, self, turn=community.key),
                self.model.reach * self.sign_up_rate(x, community.x.exposure),
            ):
                self.belong_to(community).wait()

    def sign_up_rate(self, x, exposure):
        threshold = x.anxiety * self.social_anxiety * exposure + x.exclusion * self.exclusion
        alone_with_it = 1 - x.referral if x.way_in.name == "referred" else 1
        sought = x.need * (1 - exposure) * self.lowness
        return x.rate * math.exp(sought - alone_with_it * threshold)

    def train(self):
        """Begin training for each role or decline it, go on with it, drop out of it, or be through
        with it; says whether they trained this week."""
        x = self.model.x.training
        for community in self.model.communities:
            if community.runs and community.name not in self.memberships:
                luck = self.luck.number(streams.TRAINING, self, other=1, week=0)
                self.belong_to(community).begin_training(luck < self.chance_of_uptake)
        trained_for = [m for m in self.places if m.status == "in training"]
        if not trained_for:
            return False
        learns = any([m.training_left > 0 for m in trained_for])
        luck = self.luck.number(streams.TRAINING, self)
        for m in trained_for:
            m.train(luck)
        if learns and x.weeks > 0:
            gain = 1 - (1 - self.whole_gain) ** (1 / x.weeks)
            self.readiness += (1 - self.readiness) * gain
        return learns

    @property
    def chance_of_uptake(self):
        x = self.model.x.training
        shyness = x.anxiety * self.social_anxiety
        asks = (
            x.seminar_effort + shyness if x.form.name == "seminar" else x.webinar_anxiety * shyness
        )
        return logistic(log_odds(x.uptake) - asks)

    @property
    def whole_gain(self):
        x = self.model.x.training
        return x.readiness_seminar if x.form.name == "seminar" else x.readiness_webinar

    def come(self):
        """Come to what is planned, or stay away: the most attractive community first, as far as
        their hours go."""
        wishes = [(m.wish_to_come(), m) for m in self.places if m.planned]
        if len(wishes) > 1:
            wishes.sort(key=lambda each: -each[0])
        for wish, m in wishes:
            m.come(wish)

    def wants_to_cafe(self, hours):
        x, a = self.model.x.cafe, self.model.x.attendance
        if not self.stands(*BELONGS) or self.hours_left < hours:
            return False
        odds = (
            a.habit
            + a.safety * (self.felt_safety("cafe") - 0.5)
            - a.anxiety * self.social_anxiety * x.exposure
            + self.need_or_withdrawal(x.exposure)
            - x.effort
        )
        return self.luck.number(streams.CAFE_TALK, self, other=-1) < logistic(odds)

    def keep_in_touch(self):
        """With each of those further down the list: meet on their own, or be in touch on the
        page."""
        x = self.model.x
        for other, tie in [
            (q, edge["tie"]) for q, edge in self.friends.items() if q.row > self.row
        ]:
            chance = (
                x.ties.own_meetings + x.group.companionship * (tie.met_in == "group")
            ) * tie.worth
            chance = min(1.0, chance * (1 - max(self.seen_low, other.seen_low)))
            if chance < HARDLY and x.page.contact == 0:
                continue
            luck = self.luck.number_of_pair(streams.OWN_MEETING, self, other)
            if luck < chance:
                self.model.together(self, other, x.ties.own_hours, "outside")
            elif x.page.contact > 0 and luck > 1 - x.page.contact:
                self.model.together(self, other, x.page.hours, "page")

    def be_introduced(self):
        """Now and then, to a friend of a friend: in both steps their luck favours one of those there
        are."""
        x = self.model.x.ties
        if self.luck.number(streams.INTRODUCTION, self) >= x.introductions or not self.friends:
            return
        friend = self.luck.choose(streams.INTRODUCTION, self, list(self.friends), 0)
        strangers = [q for q in friend.friends if q is not self]
        if strangers:
            stranger = self.luck.choose(streams.INTRODUCTION, self, strangers, 1)
            self.model.together(self, stranger, x.own_hours, "outside")

    # -- what the week has done to them

    def go_on(self):
        """What the week has done to them, and whether they go on taking part."""
        for m in self.places:
            m.feel_safe()
        self.live_outside()
        self.change()
        self.wear()
        self.losses.fade(self.model.forgets)
        self.leavers.fade(self.model.forgets)
        for m in self.places:
            m.leave_or_stay()

    def live_outside(self):
        x, kept = self.model.x.outside, self.model.outside_kept
        self.outside_luck = kept * self.outside_luck + math.sqrt(1 - kept**2) * self.luck.normal(
            streams.LIFE, self
        )
        mood = 0.5 * (self.connectedness - self.own_connectedness + self.hope - self.own_hope)
        sought = (
            self.outside_ties
            * math.exp(x.luck * self.outside_luck)
            * max(x.least, 1 + x.spiral * mood)
        )
        self.contacts += x.speed * (sought - self.contacts)

    def change(self):
        x = self.model.x.change
        early = max(0.0, 1 + x.stage_slope * (0.5 - self.stage))
        late = max(0.0, 1 + x.stage_slope * (self.stage - 0.5))
        support = sum([edge["tie"].worth for edge in self.friends.values()])
        support += x.outside_worth * (self.contacts - self.outside_ties)
        support = min(8.0, max(-2.0, support))
        fed, given = self.model.fed, self.given_now
        hope = x.hope * early * fed(self.role_models + x.recognition * self.recognition)
        identity = x.identity * fed(self.recognition + given)
        meaning = x.meaning * late * fed(self.sessions_now + given)
        power = x.empowerment * late * fed(given)
        cap = max(1 - x.surroundings * self.exclusion, self.own_hope)
        connected = 1 - (1 - self.own_connectedness) * math.exp(-x.connectedness * early * support)
        self.connectedness = self.moved(self.connectedness, clip(connected))
        self.hope = self.moved(self.hope, min(cap, raised(self.own_hope, hope)))
        self.identity = self.moved(self.identity, raised(self.own_identity, identity))
        self.meaning = self.moved(self.meaning, raised(self.own_meaning, meaning))
        self.empowerment = self.moved(self.empowerment, raised(self.own_empowerment, power))
        if self.losses.pending or self.distress_met or self.recognition:
            self.be_hurt(x)

    def moved(self, state, target):
        x = self.model.x.change
        return clip(state + (x.speed if target > state else x.back) * (target - state))

    def be_hurt(self, x):
        """By distress, by ties that broke, by rejection where they came and met somebody."""
        broken, rejected = x.broken * self.losses.pending, 0.0
        if self.recognition > 0:
            rejected = sum([m.rejection() for m in self.places if m.came])
        distress = x.distress * self.distress_met * (1 - self.stage)
        self.hope = clip(self.hope - distress - broken)
        self.connectedness = clip(self.connectedness - rejected - broken)
        self.identity = clip(self.identity - rejected)

    def wear(self):
        x = self.model.x
        load = (
            x.strain.per_hour * (self.given_now - self.given_in_team)
            + x.strain.per_match * self.dyads
            + x.strain.distress * self.distress_met
        )
        strain = self.strain * (1 - x.strain.rest) + load * (1 - self.strain)
        strain += x.strain.disappointment * self.losses.pending
        if self.serves:
            supervision, team = self.model.meetings_of_supporters
            strain *= (1 - x.supervision.relief) ** supervision * (1 - x.team.relief) ** team
        self.strain = clip(strain)
        self.resting = max(0, self.resting - 1)

    # -- what their leaving does to others

    @property
    def mean_worth(self):
        """What their ties are worth on average, at least a twentieth."""
        worths = [edge["tie"].worth for edge in self.friends.values()]
        return max(0.05, sum(worths) / len(worths))

    def still_meets(self, other):
        """Whether both still take part in some community, and there in the same match or circle if
        it has them."""
        shared = [
            (m, other.memberships[name])
            for name, m in self.memberships.items()
            if m.takes_part and name in other.memberships
        ]
        return any([theirs.takes_part and mine.meets(theirs) for mine, theirs in shared])

    def tell_others(self):
        """Who has left some community this week is missed by those with a tie to them, unless the
        two still meet."""
        if not any([m.has_just_left for m in self.places]):
            return
        for other, edge in self.friends.items():
            worth = edge["tie"].worth
            if self.still_meets(other):
                continue
            if worth >= self.model.x.ties.strong:
                other.losses.add(worth, worth, self)
            else:
                other.leavers.add(worth / other.mean_worth, worth, self)

    def let_go(self):
        for m in self.places:
            if not m.takes_part:
                m.let_go()

    def end_week(self):
        """What is remembered of the week, and what others can see of them in the next."""
        self.given += self.given_now
        self.received += self.received_now
        self.be_seen()

    def be_seen(self):
        x, seen = self.model.x, self.luck.seen
        self.score = 60 * self.recovery
        self.seen_in = [
            name
            for name, m in self.memberships.items()
            if m.takes_part and m.absences < x.attendance.usual
        ]
        self.seen_hope = seen(self.hope)
        self.seen_low = seen(max(0.0, 1 - self.score / 60 / x.change.low_below))
