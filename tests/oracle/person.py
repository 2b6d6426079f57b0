"""Somebody invited: who they are, and a week as they spend it."""

import math

import mesa

from oracle.numbers import around_one, clip, happens, log_odds, logistic, raised
from oracle.tie import Memory
from peersim.kernel import chance as streams

CHIME = ("connectedness", "hope", "identity", "meaning", "empowerment")
EVERYDAY = ("daily_functioning", "quality_of_life")
BELONGS = ("in training", "waiting", "active", "self-run", "completed")
COLD_FEET, READY = -1, 1
"""Of a recipient's training: the role is given up; the last week, in which they are ready."""
HARDLY = 0.002
"""A chance to meet below this is none, unless there is a page."""


class Person(mesa.Agent):
    """A recipient or a supporter."""

    def __init__(self, model, number, label, role, trained=False):
        super().__init__(model)
        self.number, self.label, self.role, self.luck = number, label, role, model.luck
        self.supports, self.is_trained = role == "supporter", trained
        self.draw_traits(model.x.population)
        self.draw_states(model.x.population)
        self.draw_everyday(model.x.population, model.x.everyday)
        luck = self.luck.number(streams.PEOPLE, self, week=6)
        people = model.x.population
        weeks = people.asked_weeks if self.supports else people.arrival_weeks
        self.invited_week = 1 if trained else 1 + int(luck * weeks)
        self.place = self.luck.number(streams.PEOPLE, self, week=6, turn=1)  # on the ring
        self.contacts, self.outside_luck = self.outside_ties, 0.0
        self.memberships = {}  # by the name of the community
        self.places = self.memberships.values()
        self.joined = None  # the week in which they first took part in anything
        self.strain = self.given = self.received = 0.0
        self.dyads = 0
        self.let_down, self.former = 0.0, None  # promises broken; from whom they asked to part
        self.stays = False
        self.losses, self.leavers, self.examples = Memory(), Memory(), Memory()
        self.practical_steps, self.first_meeting, self.resting = 0.0, None, 0
        self.asked_week = self.supporter_since = None
        self.beside = {}  # weeks of training left, of a recipient, by community; see `train_beside`
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
        lean = x.sides_spread * self.luck.four_normals(self, 7)[0]
        room = min(self.own_connectedness - 0.03, 0.97 - self.own_connectedness)
        lean = max(-room, min(room, lean))
        self.own_sides = self.own_connectedness + lean, self.own_connectedness - lean
        self.sides = [clip(own - x.low_point) for own in self.own_sides]
        r = x.outside_correlation
        self.outside_ties = x.outside_ties * around_one(
            x.outside_spread, r * connected + math.sqrt(1 - r**2) * friends
        )

    def draw_everyday(self, x, everyday):
        """Two normal numbers of their own, beside what goes with recovery."""
        own = self.luck.four_normals(self, 8)
        spread = x.chime_spread * math.sqrt(x.chime_correlation + (1 - x.chime_correlation) / 5)
        z, r = (self.own_recovery - x.chime_mean) / spread, everyday.correlation
        typical = (everyday.functioning, everyday.quality)
        for name, level, normal in zip(EVERYDAY, typical, own[:2], strict=True):
            level += everyday.spread * (r * z + math.sqrt(1 - r**2) * normal)
            level = min(0.97, max(0.03, level))
            setattr(self, "own_" + name, level)
            setattr(self, name, clip(level - x.low_point))

    @property
    def own_recovery(self):
        return sum([getattr(self, "own_" + name) for name in CHIME]) / 5

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
            safety, neutral = self.memberships[place].safety, self.model.x.safety.neutral
            return max(safety, neutral) if self.model.on_neutral_ground else safety
        return max(self.model.x.safety.neutral, self.safety_found)

    def safety_with(self, place, tie):
        """With somebody: in company outside it is that of the relation."""
        x = self.model.x.safety
        if not x.relation or place not in ("outside", "page"):
            return self.felt_safety(place)
        met = x.neutral
        if tie.met_in in self.model.names:
            met = self.memberships[tie.met_in].safety if tie.met_in in self.memberships else 0.0
        return 1 - (1 - met) * (1 - tie.confidence)

    def part_taken(self, safety):
        """How much a meeting counts as taking part."""
        share = self.model.x.change.shared_time
        return 1 - share + share * 2 * safety * self.model.gate(safety)

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
        self.given_shared = self.heard = self.bound = 0.0
        self.sessions_now, self.hours_left, self.at_cafe = 0, self.spare_hours, False
        for m in self.places:
            m.planned, m.due, m.came = 0, 0, []

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
        if self.invited_week > self.model.week:
            return False
        for community in self.model.communities:
            if self.beside.get(community.name) == COLD_FEET:
                continue
            if community.runs and community.name not in self.memberships:
                luck = self.luck.number(streams.TRAINING, self, other=1, week=0)
                willing = self.is_trained or luck < self.chance_of_uptake
                if willing or not x.declines_once or not self.has_declined:
                    self.belong_to(community).begin_training(willing)
        trained_for = [m for m in self.places if m.status == "in training"]
        if not trained_for:
            return False
        learns = any([m.training_left > 0 for m in trained_for])
        luck = self.luck.number(streams.TRAINING, self)
        for m in trained_for:
            m.train(luck)
        if learns:
            self.become_readier()
        return learns

    def become_readier(self):
        if (weeks := self.model.x.training.weeks) > 0:
            gain = 1 - (1 - self.whole_gain) ** (1 / weeks)
            self.readiness += (1 - self.readiness) * gain

    # -- from receiving to giving

    def may_be_asked(self):
        """At the end of a week, recipients who are well enough, once."""
        x = self.model.x.recruitment
        if self.supports or self.asked_week is not None or self.recovery < x.from_recovery:
            return
        rate = x.met * self.at_cafe + x.members * self.takes_part
        rate += x.completed * self.stands("completed")
        if happens(self.luck.number(streams.RECRUITMENT, self), rate):
            self.asked_week = self.model.week

    def beside_goes_over(self, old, new):
        left = self.beside.get(old.name, 0)
        if not self.supports and left > self.beside.get(new.name, 0):
            self.beside[new.name] = left

    def train_beside(self):
        """Say yes, or go on as before; a week of training; or be ready, and go over to giving when
        nothing of one's own is under way. Says whether they trained this week."""
        if self.asked_week is None:
            return False
        x, running = self.model.x.training, [c for c in self.model.communities if c.runs]
        if self.asked_week == self.model.week - 1:
            willing = self.luck.number(streams.TRAINING, self, other=1, week=0)
            if willing < self.chance_of_uptake:
                self.beside |= {community.name: x.weeks + READY for community in running}
        training = [name for name, left in self.beside.items() if left > READY]
        luck = self.luck.number(streams.TRAINING, self)
        for name in training:
            exposed = getattr(self.model.x, name).exposure
            afraid = happens(luck, x.dropout * exposed**2 * (1 - self.readiness))
            self.beside[name] = COLD_FEET if afraid else self.beside[name] - 1
        if training:
            self.become_readier()
        else:
            self.go_over([c for c in running if self.beside.get(c.name) == READY])
        return bool(training)

    def go_over(self, ready):
        bound = [m for m in self.places if m.status == "active" and m.is_bound]
        if bound or not ready:
            return
        self.supports, self.supporter_since = True, self.model.week
        names = [community.name for community in ready]
        for name, m in list(self.memberships.items()):
            if name not in names and m.status == "waiting":
                del self.memberships[name]
            elif name not in names and m.takes_part:
                m.let_go()
                m.end("completed", "course_completed")
        for community in ready:
            self.beside[community.name] = 0
            m = self.memberships.get(community.name) or self.belong_to(community)
            m.serve()

    @property
    def has_declined(self):
        """In an earlier week: they are not lost a second time."""
        declined = [m.left for m in self.places if m.cause == "never_started"]
        return any([week < self.model.week for week in declined])

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
        self.live_everyday()
        self.losses.fade(self.model.forgets)
        self.leavers.fade(self.model.forgets)
        self.examples.fade(self.model.forgets)
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
        fed, given = self.model.fed, self.given_shared
        identity = x.identity * fed(self.recognition + given)
        meaning = x.meaning * late * fed(self.sessions_now + given)
        power = x.empowerment * late * fed(given)
        cap = max(1 - x.surroundings * self.exclusion, self.own_hope)
        self.connect(x, early)
        self.hope = self.moved(self.hope, min(cap, self.hope_fed(x, early)))
        self.identity = self.moved(self.identity, raised(self.own_identity, identity))
        self.meaning = self.moved(self.meaning, raised(self.own_meaning, meaning))
        self.empowerment = self.moved(self.empowerment, raised(self.own_empowerment, power))
        self.be_hurt(x)

    def connect(self, x, early):
        """All ties add up; or a confidant and a circle are two things."""
        ties = [edge["tie"] for edge in self.friends.values()]
        gained = x.outside_worth * (self.contacts - self.outside_ties)

        def lifted(own, support, most):
            return clip(1 - (1 - own) * math.exp(-most * early * support))

        if not x.sides:
            support = min(8.0, max(-2.0, sum([tie.worth for tie in ties]) + gained))
            target = lifted(self.own_connectedness, support, x.connectedness)
            self.connectedness = self.moved(self.connectedness, target)
            return
        circle, room = 0.0, max(1.0, x.clique - self.contacts)
        for worth in sorted([tie.worth for tie in ties], reverse=True):
            circle += worth * min(1.0, max(0.0, room))
            room -= 1
        circle = min(8.0, max(-2.0, circle + gained))
        confidant = max([tie.confidence for tie in ties], default=0.0)
        targets = (
            lifted(self.own_sides[0], confidant, x.emotional),
            lifted(self.own_sides[1], circle, x.social),
        )
        self.sides = [self.moved(*both) for both in zip(self.sides, targets, strict=True)]
        self.connectedness = sum(self.sides) / 2

    def hope_fed(self, x, early):
        """One source of hope, or three that do not replace each other."""
        fed = self.model.fed
        if not x.separate_sources:
            both = fed(self.role_models + x.recognition * self.recognition)
            return raised(self.own_hope, x.hope * early * both)
        missing = 1 - self.own_hope
        for share, hours in (
            (x.not_alone, self.recognition),
            (x.hope, self.role_models),
            (x.heard, self.heard),
        ):
            missing *= 1 - min(1.0, share * early * fed(hours))
        return 1 - missing

    def moved(self, state, target):
        x = self.model.x.change
        return clip(state + (x.speed if target > state else x.back) * (target - state))

    def be_hurt(self, x):
        """By distress, by ties and promises that broke, by rejection where they came and met
        somebody, and by being worn."""
        broken, rejected = x.broken * (self.losses.pending + self.let_down), 0.0
        worn, self.let_down = x.worn * self.strain**2, 0.0
        if self.given_now + self.received_now > 0:
            rejected = sum([m.rejection() for m in self.places if m.came])
        distress = x.distress * self.distress_met * (1 - self.stage)
        self.hope = clip(self.hope - distress - broken - worn)
        self.meaning = clip(self.meaning - worn)
        self.identity = clip(self.identity - rejected)
        self.sides = [clip(side - rejected - broken) for side in self.sides]
        self.connectedness = clip(self.connectedness - rejected - broken)
        if x.sides:
            self.connectedness = sum(self.sides) / 2

    def wear(self):
        x = self.model.x
        load = (
            x.strain.per_hour * (self.given_now - self.given_in_team)
            + x.strain.per_match * self.dyads
            + x.strain.distress * self.distress_met
            + x.strain.closeness * self.bound * (1 - x.supervision.legitimate_withdrawal)
        )
        if self.serves:
            weeks = self.model.week - self.supporter_since
            load *= 1 + x.strain.newness * math.exp(-weeks / x.strain.weeks_to_adapt)
        strain = self.strain * (1 - x.strain.rest) + load * (1 - self.strain)
        strain += x.strain.disappointment * self.losses.pending
        if self.serves:
            supervision, team = self.model.meetings_of_supporters
            strain *= (1 - x.supervision.relief) ** supervision * (1 - x.team.relief) ** team
        self.strain = clip(strain)
        self.resting = max(0, self.resting - 1)

    def live_everyday(self):
        """Functioning and quality of life follow; a practical step is taken or not."""
        x, gained = self.model.x.everyday, self.recovery - self.own_recovery
        for name, follows in zip(EVERYDAY, (x.functioning_follows, x.quality_follows), strict=True):
            own = getattr(self, "own_" + name)
            target, now = clip(own + follows * gained), getattr(self, name)
            setattr(self, name, now + x.speed * (target - now))
            gained = (gained + getattr(self, name) - own) / 2
        rate = x.steps * 2 * self.empowerment
        rate *= 1 + x.company * (1 - math.exp(-self.received_now / x.hours))
        invited = self.model.week >= self.invited_week
        self.practical_steps += invited and happens(
            self.luck.number(streams.LIFE, self, turn=2), rate
        )
        if self.first_meeting is None and self.given_now + self.received_now > 0:
            self.first_meeting = self.model.week

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
        for other in list(self.friends):
            self.tell(other)

    def tell(self, other):
        """One with a tie to them, who loses it or sees one more leave."""
        for edge in [self.friends[other]]:
            worth = edge["tie"].worth
            if self.still_meets(other):
                continue
            if worth >= self.model.x.ties.strong:
                other.losses.add(worth, worth, self)
            else:
                other.leavers.add(worth / other.mean_worth, worth, self)

    def set_example(self):
        """Recipients with a tie to them who go on where they have completed, or moved on, see that
        it can be done."""
        if self.model.x.departure.following == 0:
            return
        for name in [name for name, m in self.memberships.items() if m.has_just_finished]:
            for other, edge in self.friends.items():
                here = other.memberships.get(name)
                if here and here.takes_part and not other.supports:
                    worth = edge["tie"].worth
                    other.examples.add(worth / other.mean_worth, worth, self)

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
