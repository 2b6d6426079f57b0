"""The group community written a second time, from the description of the model (docs/ODD.md) alone.

People are plain Mesa agents that act through their own methods, one after another; ties are the
edges of a NetworkX graph; no rule is imported. Shared with the model are only the declared
parameters and the keyed draws, so that both meet the same luck. A rule that is changed in the model
has to be changed here as well: that is the point, for then somebody has read it twice.

It is also what `benchmarks/speed.py` compares the compiled model with, so it is kept lean:
neighbours are read from the graph's own dictionaries, what is the same for everybody is worked out
once a week, outcomes are columns summed once a week. There it lives with Mesa's own random numbers
as well (`Own`), as a model in plain Mesa would.

Covered is everything that happens in a programme of groups: invitation, sign-up, training, queue,
leaders, courses, meetings, café, supervision, team meetings, page, own meetings, introductions,
ties, safety, outside life, change, strain, leaving, parting, closing, price, and the events that
can happen to it. Not covered: full lists of partners (32), which so few people cannot have.
"""

import itertools
import math

import mesa
import networkx as nx
import numba
import numpy as np

from peersim.kernel import chance as streams
from peersim.kernel.compiled import call
from peersim.scenario.scenario import epochs, without_programme

GROUP = 1
"""Number of the community in the keys of draws."""

TAKES_PART = ("active", "self-run")
BELONGS = ("in training", "waiting", "active", "self-run", "completed")
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
CHIME = ("connectedness", "hope", "identity", "meaning", "empowerment")
FIRST_SUPPORTER = 2**31
CAFE, TEAM = 4, 5
"""Numbers of gatherings in the keys of draws."""
HARDLY = 0.002
"""A chance to meet below this is none, unless there is a page."""

# -- small mathematics ----------------------------------------------------------------------------


def logistic(x):
    return 1 / (1 + math.exp(-x))


def log_odds(share):
    share = min(0.999, max(0.001, share))
    return math.log(share / (1 - share))


def clip(x):
    return 0.0 if x < 0 else 1.0 if x > 1 else x


def normals(u, v):
    """Two normal numbers out of two uniform ones (Box and Muller)."""
    radius = math.sqrt(-2 * math.log(1 - u))
    return radius * math.cos(2 * math.pi * v), radius * math.sin(2 * math.pi * v)


def around_one(spread, normal):
    return math.exp(spread * normal - spread**2 / 2)


def occasions(rate, age):
    """Meetings in the week that begins `age` weeks after the first, when `rate` are held a week."""
    return min(4, math.ceil(rate * (age + 1)) - math.ceil(rate * age))


# -- chance --------------------------------------------------------------------------------------


@numba.njit(_nrt=False)
def draws(seed, purpose, week, person, other):
    """Four uniform numbers, those that the model draws for the same event (interpreted they take 60
    times as long)."""
    return streams.draws(seed, purpose, week, person, other)


call(draws, 0, 0, 0, 0, 0)  # compiles it


class Keyed:
    """The model's own luck: each number is a function of the seed and of what is decided, by week
    and by person."""

    def __init__(self, model):
        self.model = model

    def number(self, purpose, person, other=0, week=None, turn=0):
        """The number for an event of this person."""
        week = self.model.week if week is None else week
        return draws(self.model.seed, purpose, week, person.number, other)[turn]

    def four_normals(self, person, part):
        u = draws(self.model.seed, streams.PEOPLE, part, person.number, 0)
        return (*normals(u[0], u[1]), *normals(u[2], u[3]))

    def normal(self, purpose, person):
        u = draws(self.model.seed, purpose, self.model.week, person.number, 0)
        return normals(u[0], u[1])[0]

    def number_of_pair(self, purpose, p, q):
        first, second = sorted([p.number, q.number])
        return draws(self.model.seed, purpose, self.model.week, first, second)[0]

    def choose(self, purpose, person, others, turn):
        """Of others, the one whom a person's luck favours."""
        return max(others, key=lambda q: self.number(purpose, person, q.number, turn=turn))

    def least(self, purpose, people, number):
        return sorted(people, key=lambda p: self.number(purpose, p, week=0))[:number]

    def around(self, guest, guests, talks, key):
        """Whom a guest talks with: those found by luck on the ring of those present."""
        u = draws(self.model.seed, streams.CAFE_TALK, self.model.week, guest.number, key)
        return [next((p for p in guests if p.place >= u[talk]), guests[0]) for talk in range(talks)]

    def seen(self, x):
        """As precise as what the model keeps of what can be seen of others."""
        return float(np.float32(x))


class Own:
    """Luck as it is in plain Mesa: the next numbers of the model's generator, for whoever asks."""

    def __init__(self, model):
        self.random, self.chosen = model.random.random, model.random.choice
        self.gauss, self.sample, self.choices = (
            model.random.gauss,
            model.random.sample,
            model.random.choices,
        )

    def number(self, purpose, person, other=0, week=None, turn=0):
        return self.random()

    def four_normals(self, person, part):
        return [self.gauss(0, 1) for _ in range(4)]

    def normal(self, purpose, person):
        return self.gauss(0, 1)

    def number_of_pair(self, purpose, p, q):
        return self.random()

    def choose(self, purpose, person, others, turn):
        return self.chosen(others)

    def least(self, purpose, people, number):
        return self.sample(people, min(number, len(people)))

    def around(self, guest, guests, talks, key):
        return self.choices(guests, k=talks)

    def seen(self, x):
        return x


# -- a person ------------------------------------------------------------------------------------


class Person(mesa.Agent):
    """Somebody invited: a recipient or a supporter."""

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
        self.status, self.circle, self.training_left = "none", None, 0
        self.joined = self.left = self.waiting = None
        self.cause = self.caused_by = None
        self.safety = self.fit = self.strain = 0.0
        self.offered = self.attended = self.absences = self.meetings = 0
        self.hours = self.given = self.received = 0.0
        self.tried = self.stays = False
        self.losses, self.leavers = Memory(), Memory()
        self.begin_week()

    # -- who she is

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

    @property
    def state(self):
        return {name: getattr(self, name) for name in CHIME}

    def nearness(self, other):
        (x, y), (u, v) = self.experience, other.experience
        return math.exp(-((x - u) ** 2 + (y - v) ** 2))

    # -- where she stands

    @property
    def takes_part(self):
        return self.status in TAKES_PART

    @property
    def serves(self):
        """Whether she is a trained supporter who is active, and so a leader or free to become
        one."""
        return self.supports and self.status == "active"

    @property
    def is_free_to_lead(self):
        return self.serves and self.circle is None

    @property
    def is_open(self):
        return self.status in ("in training", "waiting", *TAKES_PART)

    @property
    def safety_elsewhere(self):
        """Outside communities: the highest safety found so far in one, and at least a neutral
        level."""
        return max(self.model.x.safety.neutral, self.safety)

    @property
    def ties(self):
        """Her ties. `friends` is her part of the graph: whom she has a tie with, and the edge."""
        return [edge["tie"] for edge in self.friends.values()]

    # -- the week, as she lives it

    def begin_week(self):
        self.given_now = self.received_now = self.recognition = self.role_models = 0.0
        self.distress_met = self.face_to_face = self.given_in_team = 0.0
        self.sessions_now, self.planned, self.came = 0, 0, []
        self.hours_left = self.spare_hours

    def sign_up(self):
        x = self.model.x
        if self.status != "none" or self.invited_week > self.model.week or not self.model.runs:
            return
        shy = (
            x.sign_up.anxiety * self.social_anxiety * x.group.exposure
            + x.sign_up.exclusion * self.exclusion
        )
        if self.luck.number(streams.SIGN_UP, self, turn=GROUP) < 1 - math.exp(
            -self.model.reach * x.sign_up.rate * math.exp(-shy)
        ):
            self.safety = max(self.first_safety, x.safety.carried * self.safety)
            self.fit, self.status, self.waiting = x.safety.first_fit, "waiting", self.model.week

    @property
    def first_safety(self):
        return self.model.x.safety.start * (1 - self.model.x.safety.exclusion * self.exclusion)

    def train(self):
        """Begin training, go on with it, drop out of it, or be through with it; says whether she
        trained this week."""
        x = self.model.x.training
        if self.status == "none" and self.model.runs:
            self.status, self.training_left = "in training", x.weeks
            self.safety, self.fit = self.first_safety, self.model.x.safety.first_fit
            if self.luck.number(streams.TRAINING, self, other=1, week=0) >= self.chance_of_uptake:
                self.end("left", "never_started")
        if self.status != "in training":
            return False
        if self.training_left == 0:
            self.status, self.joined = "active", self.model.week
            return False
        rate = x.dropout * self.model.x.group.exposure**2 * (1 - self.readiness)
        if self.luck.number(streams.TRAINING, self) < 1 - math.exp(-rate):
            self.end("left", "training_dropout")
        self.training_left -= 1
        self.readiness += (1 - self.readiness) * (1 - (1 - self.whole_gain) ** (1 / x.weeks))
        return True

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

    def join(self, circle):
        self.status, self.circle, self.absences, self.meetings = "active", circle, 0, 0
        if self.joined is None:
            self.joined = self.model.week

    def come(self):
        """Come to this week's meetings, or to some of them, or stay away."""
        self.planned = self.circle.meetings_this_week() if self.circle and self.takes_part else 0
        if self.planned == 0:
            return
        propensity, hours = self.wish_to_come(), self.model.x.group.hours
        for meeting in range(self.planned):
            if (
                hours <= self.hours_left
                and self.luck.number(streams.ATTENDANCE, self, GROUP, turn=meeting) < propensity
            ):
                self.came.append(meeting)
                self.hours_left -= hours
        self.absences = 0 if self.came else self.absences + 1
        self.offered += self.planned
        self.attended += len(self.came)
        self.hours += len(self.came) * hours
        self.sessions_now += len(self.came)

    def wish_to_come(self):
        a, x = self.model.x.attendance, self.model.x
        there = x.departure.loss == 0
        pull = sum(
            [edge["tie"].worth for q, edge in self.friends.items() if q.seen_active or there]
        )
        withdrawn = 0.5 - 0.5 * (self.connectedness + self.hope)
        odds = (
            a.habit
            + a.safety * (self.safety - 0.5)
            + a.pull * min(1.0, pull)
            - a.withdrawal * withdrawn
        )
        odds -= a.anxiety * self.social_anxiety * x.group.exposure + a.absence * min(
            self.absences, 6
        )
        if self.supports:
            odds += a.reliability - a.strain * self.strain
        return logistic(odds - x.group.effort)

    def readiness_to_give(self, meeting):
        """What she has to give this evening."""
        share = self.model.x.group.luck
        luck = self.luck.number(streams.NEED, self, other=meeting)
        ready = (self.empowerment + self.stage) / 2 * (1 - self.strain)
        return (1 - share) * ready + share * luck

    def sees_leader(self, leader, hours):
        """A leader who leads and shares is a role model for those who do not lead."""
        if leader.supports and not self.supports:
            x = self.model.x.group
            seen = x.role_model * x.leaders_share * (1 - self.model.mentoring)
            self.role_models += seen * hours * leader.seen_hope

    def wants_to_cafe(self, hours):
        x, a = self.model.x.cafe, self.model.x.attendance
        if self.status not in BELONGS or self.hours_left < hours:
            return False
        odds = (
            a.habit
            + a.safety * (self.safety_elsewhere - 0.5)
            - a.anxiety * self.social_anxiety * x.exposure
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
        """Now and then, to a friend of a friend: in both steps her luck favours one of those there
        are."""
        x = self.model.x.ties
        if self.luck.number(streams.INTRODUCTION, self) >= x.introductions or not self.friends:
            return
        friend = self.luck.choose(streams.INTRODUCTION, self, list(self.friends), 0)
        strangers = [q for q in friend.friends if q is not self]
        if strangers:
            stranger = self.luck.choose(streams.INTRODUCTION, self, strangers, 1)
            self.model.together(self, stranger, x.own_hours, "outside")

    def live_on(self):
        """What the week has done to her, and whether she goes on taking part."""
        self.feel_safe()
        self.live_outside()
        self.change()
        self.wear()
        self.losses.fade(self.model.forgets)
        self.leavers.fade(self.model.forgets)
        self.leave_or_stay()

    def feel_safe(self):
        x = self.model.x.safety
        if not self.takes_part:
            return
        if self.came:
            level = self.model.equality * (
                1 - x.anonymity_weight * (1 - self.model.organisation.anonymity)
            )
            won = x.gain * level * (1 - x.fit_weight * (1 - self.fit)) * (1 - self.safety)
            self.safety = clip(self.safety + won - x.misfit * (1 - self.fit) * self.safety)
        elif self.planned:
            self.safety *= 1 - x.absence

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
        support = sum([tie.worth for tie in self.ties]) + x.outside_worth * (
            self.contacts - self.outside_ties
        )
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
        if self.losses.pending or self.distress_met or self.came:
            self.be_hurt(x)

    def moved(self, state, target):
        x = self.model.x.change
        return clip(state + (x.speed if target > state else x.back) * (target - state))

    def be_hurt(self, x):
        broken, rejected = x.broken * self.losses.pending, 0.0
        if self.came and self.meetings > 0:
            rejected = (
                x.rejection * self.model.x.group.exposure * max(0.0, 1 - self.fit / x.fit_enough)
            )
        distress = x.distress * self.distress_met * (1 - self.stage)
        self.hope = clip(self.hope - distress - broken)
        self.connectedness = clip(self.connectedness - rejected - broken)
        self.identity = clip(self.identity - rejected)

    def wear(self):
        x = self.model.x
        given = self.given_now - self.given_in_team
        load = x.strain.per_hour * given + x.strain.distress * self.distress_met
        strain = self.strain * (1 - x.strain.rest) + load * (1 - self.strain)
        strain += x.strain.disappointment * self.losses.pending
        if self.serves:
            supervision, team = self.model.meetings_of_supporters
            strain *= (1 - x.supervision.relief) ** supervision * (1 - x.team.relief) ** team
        self.strain = clip(strain)

    def hazards(self):
        """The nine weekly hazards of leaving."""
        x = self.model.x.departure
        misfit = 0.0
        if self.meetings > 0:
            misfit = x.misfit * (1 + x.early * math.exp(-self.meetings / x.early_meetings))
            misfit += 0.0 if self.tried else x.first_meeting_group
        return {
            "life_event": x.life_event,
            "misfit": misfit * (1 - self.fit) * (x.supporters if self.supports else 1),
            "unsafe": x.unsafe * (1 - self.safety) ** 2 if self.meetings > 0 else 0.0,
            "overload": x.overload * self.strain**2,
            "lost_tie": x.lost_tie * x.loss * self.losses.felt,
            "others_leaving": x.social * self.leavers.felt,
            "not_relevant": 0.0
            if self.supports
            else x.not_relevant * max(0.0, self.stage - x.relevant_stage),
            "drift": x.drift * max(0, self.absences - x.drift_after),
            "moved_on": x.moved_on
            * max(0.0, self.recovery - x.moved_on_from)
            / (1 - x.moved_on_from),
        }

    def leave_or_stay(self):
        if self.takes_part:
            hazards = self.hazards()
            total = sum(hazards.values())
            if not self.stays and self.luck.number(streams.LEAVING, self, GROUP) < 1 - math.exp(
                -total
            ):
                self.leave(
                    chosen(hazards, self.luck.number(streams.LEAVING, self, GROUP, turn=1) * total)
                )
            self.tried = self.tried or self.meetings > 0
        elif self.status == "waiting" and not self.stays:
            if self.luck.number(streams.LEAVING, self, GROUP) < 1 - math.exp(
                -self.model.x.sign_up.impatience
            ):
                self.leave("gave_up_waiting")

    def leave(self, cause):
        if self.status == "self-run":
            self.end("completed", "course_completed")
        else:
            because_of = {"lost_tie": self.losses.whose, "others_leaving": self.leavers.whose}
            self.end("left", cause, because_of.get(cause))

    def end(self, status, cause, caused_by=None):
        self.status, self.cause, self.caused_by, self.left = (
            status,
            cause,
            caused_by,
            self.model.week,
        )
        if cause != "course_completed":
            name = None if caused_by is None else caused_by.label
            self.model.departures.append((self.label, self.model.week, cause, name))

    @property
    def mean_worth(self):
        """What her ties are worth on average, at least a twentieth."""
        worths = [tie.worth for tie in self.ties]
        return max(0.05, sum(worths) / len(worths))

    def tell_others(self):
        """Who has left some community this week, and had taken part, is missed by those with a tie
        to her."""
        if (
            self.status != "left"
            or self.left != self.model.week
            or self.cause == "moved_on"
            or self.joined is None
        ):
            return
        for other, edge in self.friends.items():
            worth = edge["tie"].worth
            if worth >= self.model.x.ties.strong:
                other.losses.add(worth, worth, self)
            else:
                other.leavers.add(worth / other.mean_worth, worth, self)

    def let_go(self):
        if self.circle and not self.takes_part:
            self.circle = None

    def end_week(self):
        """What is remembered of the week, and what others can see of her in the next."""
        self.given += self.given_now
        self.received += self.received_now
        self.be_seen()

    def be_seen(self):
        x, seen = self.model.x, self.luck.seen
        self.score = 60 * self.recovery
        self.seen_active = self.takes_part and self.absences < x.attendance.usual
        self.seen_hope = seen(self.hope)
        self.seen_low = seen(max(0.0, 1 - self.score / 60 / x.change.low_below))


def raised(own, share):
    return own + (1 - own) * min(1.0, share)


def chosen(hazards, left):
    """The cause in whose share of the total a number falls."""
    for name in HAZARDS:
        if left < hazards[name]:
            return name
        left -= hazards[name]
    return HAZARDS[-1]


class Memory:
    """What is remembered of ties lost, or of others who left: how much, and whose leaving counted
    most."""

    def __init__(self):
        self.felt = self.pending = self.most = 0.0
        self.whose = None

    def add(self, amount, worth, who):
        self.pending += amount
        if worth >= self.most:
            self.most, self.whose = worth, who

    def fade(self, share):
        self.felt = self.felt * share + self.pending
        self.most *= share
        self.pending = 0.0


# -- a tie, a circle -----------------------------------------------------------------------------


class Tie:
    """Hours, familiarity, confidence between two people, and what each gave."""

    def __init__(self, model, a, b, met_in, across):
        self.model, self.met_in, self.across = model, met_in, across
        self.hours = self.effective = self.strength = self.confidence = self.worth = 0.0
        self.gave = {a: 0.0, b: 0.0}
        self.formed = self.last = model.week
        self.shared = 0

    def appraise(self):
        """What it is worth, worked out when it has changed."""
        self.worth = 1 - (1 - self.strength) * (
            1 - self.model.x.ties.confidence_value * self.confidence
        )

    def renew(self, x):
        self.strength = 1 - math.exp(-self.effective / x.familiarity_hours)
        self.appraise()

    @property
    def evenness(self):
        one, other = self.gave.values()
        return 1.0 - abs(one - other) / (one + other) if one + other > 0 else 0.0

    def told(self, p, q, ended):
        """Its life story, the one of the lower row first."""
        p, q = (p, q) if p.row < q.row else (q, p)
        return {"person_a": p.label, "person_b": q.label, "met_in": self.met_in, "formed_week": self.formed,
                "ended_week": ended, "hours": self.hours, "strength": self.strength, "confidence": self.confidence,
                "across": self.across}  # fmt: skip

    def fade(self, x, trust):
        half_life = (
            x.weak_half_life * math.exp(x.stability * self.strength) * (1 + x.closure * self.shared)
        )
        self.effective *= 0.5 ** (1 / half_life)
        self.confidence *= trust


class Circle:
    """A group with its course."""

    def __init__(self, model):
        self.model, self.started = model, model.week
        self.ends = model.week + model.x.group.weeks
        self.self_run, self.thin = False, 0
        self.everybody = []  # who has ever joined, in order of row

    @property
    def members(self):
        return [p for p in self.everybody if p.circle is self and p.takes_part]

    def take_in(self, newcomers):
        for person in newcomers:
            person.join(self)
        self.everybody = sorted({*self.everybody, *newcomers}, key=lambda p: p.row)

    def meetings_this_week(self):
        x = self.model.x
        rate = (
            x.group.self_run_per_week if self.self_run else x.group.per_week * x.programme.intensity
        )
        return occasions(rate, self.model.week - self.started)

    def appoint_leaders(self):
        """Free supporters, in order of row."""
        free = [p for p in self.model.supporters if p.is_free_to_lead]
        self.take_in(free[: self.model.x.group.leaders])

    def meet(self):
        members = self.members
        for meeting in range(self.meetings_this_week()):
            present = [p for p in members if meeting in p.came]
            if len(present) > 1:
                self.share_an_evening(present, meeting)

    def share_an_evening(self, present, meeting):
        x = self.model.x.group
        ready = {p: p.readiness_to_give(meeting) for p in present}
        leads = x.lead + x.mentoring_lead * self.model.mentoring
        for p in present:
            p.meetings += 1
        for p, q in itertools.combinations(present, 2):
            lead = leads * (p.supports - q.supports)
            gives = logistic(x.role_slope * (ready[p] - ready[q]) + lead)
            self.model.together(p, q, x.hours, "group", gives, len(present) - 1)
            p.sees_leader(q, x.hours)
            q.sees_leader(p, x.hours)

    def cohesion(self):
        """Mean worth of the ties between all pairs of members."""
        pairs = list(itertools.combinations(self.members, 2))
        worths = [p.friends[q]["tie"].worth for p, q in pairs if q in p.friends]
        return sum(worths) / len(pairs) if pairs else 0.0

    def end_course(self):
        x = self.model.x
        wanted = x.group.self_run_cohesion * (x.page.self_run if x.page.contact > 0 else 1)
        if x.group.self_run_per_week == 0 or self.cohesion() < wanted:
            self.close("completed", "course_completed")
            return
        self.self_run = True
        for p in self.members:
            if p.supports:
                p.circle = None
            else:
                p.status = "self-run"

    def close(self, status, cause):
        self.model.circles.remove(self)
        for p in self.members:
            p.circle = None
            if not p.supports:
                p.end(status, cause)

    def look_after(self):
        """Appoint leaders anew where there are none; close if too few have come for too long."""
        x, members = self.model.x, self.members
        led = any(p.supports for p in members)
        if not led and not self.self_run:
            self.appoint_leaders()
        if self.self_run:
            thin = len(members) < x.group.self_run_minimum
        else:
            thin = len(members) < x.group.minimum or (x.group.leaders > 0 and not led)
        self.thin = self.thin + 1 if thin else 0
        if not members or (self.thin >= x.departure.thin_weeks and x.departure.structure):
            self.close(
                *(
                    ("completed", "course_completed")
                    if self.self_run
                    else ("closed", "community_closed")
                )
            )


# -- the world -----------------------------------------------------------------------------------


class Groups(mesa.Model):
    """A programme of groups, week by week."""

    def __init__(self, scenario, seed, alone=None, luck=Keyed):
        super().__init__(rng=seed)
        self.seed, self.week, self.alone, self.luck = seed, 0, alone, luck(self)
        self.stages, self.happenings = dict(epochs(scenario)), scenario.events
        self.x = self.stages[0]
        self.people = [
            Person(self, k, f"R{k}", "recipient")
            for k in range(1, scenario.population.recipients + 1)
        ]
        self.people += [
            Person(self, FIRST_SUPPORTER + k, f"S{k}", "supporter")
            for k in range(1, scenario.population.supporters + 1)
        ]
        self.recipients = [p for p in self.people if not p.supports]
        self.supporters = [p for p in self.people if p.supports]
        self.graph = nx.Graph()
        self.graph.add_nodes_from(self.people)
        for row, (person, friends) in enumerate(self.graph.adjacency()):
            person.row, person.friends = row, friends
        self.look_around()
        self.everybody("be_seen")
        self.ended_ties, self.departures, self.circles, self.queue = [], [], [], []
        self.supporter_hours = self.staff_hours = self.running_cost = self.cost = 0.0
        self.scores = [[p.score for p in self.people]]
        self.outcomes = [self.measure()]

    # -- what is in force

    def look_around(self):
        """What is the same for everybody this week."""
        x = self.x
        self.runs = "group" in x.communities
        self.organisation = getattr(x.organisations, x.organisation.name)
        self.reach = self.organisation.reach
        if x.cafe.per_week > 0:
            self.reach *= 1 + x.cafe.recruits * min(1.0, x.cafe.per_week)
        self.mentoring = min(
            1.0, self.organisation.mentoring + x.programme.mentoring_drift * self.week / 52
        )
        self.equality = self.organisation.equality * (1 - self.mentoring)
        self.forgets, self.outside_kept = (
            math.exp(-1 / x.departure.memory),
            math.exp(-1 / x.outside.memory),
        )
        a_month = (x.supervision.per_month, x.team.per_month)
        self.meetings_of_supporters = [
            occasions(rate * (x.programme.intensity * 12 / 52), self.week - 1) for rate in a_month
        ]

    def fed(self, hours):
        return 1 - math.exp(-hours / self.x.change.half_input)

    # -- one week

    def everybody(self, action):
        """Let everybody act in turn, in order of row."""
        for person in self.people:
            getattr(person, action)()

    def step(self):
        self.week += 1
        self.let_things_happen()
        self.look_around()
        self.everybody("begin_week")
        for circle in [c for c in self.circles if not c.self_run and self.week >= c.ends]:
            circle.end_course()
        for person in self.recipients:
            person.sign_up()
        self.train_supporters()
        self.keep_queue()
        self.form_circles()
        self.everybody("come")
        for circle in self.circles:
            circle.meet()
        self.hold_cafe()
        self.gather_supporters()
        self.everybody("keep_in_touch")
        self.everybody("be_introduced")
        self.let_ties_fade()
        self.everybody("live_on")
        self.everybody("tell_others")
        self.everybody("let_go")
        for circle in list(self.circles):
            circle.look_after()
        self.count_price()
        self.everybody("end_week")
        self.scores.append([p.score for p in self.people])
        self.outcomes.append(self.measure())

    def let_things_happen(self):
        self.x = self.stages.get(self.week, self.x)
        for event in self.happenings:
            if event["week"] != self.week:
                continue
            if "lose_supporters" in event:
                self.lose_supporters(event["lose_supporters"])
            elif "leave" in event:
                self.withdraw(next(p for p in self.people if p.label == event["leave"]))
            elif "keep" in event:
                next(p for p in self.people if p.label == event["keep"]).stays = True
            elif "funding_ends" in event or event.get("end") == "group":
                self.end_everything()

    def lose_supporters(self, number):
        """Those with the lowest luck."""
        for person in self.luck.least(
            streams.LOST_SUPPORTERS, [p for p in self.supporters if p.is_open], number
        ):
            self.withdraw(person)

    def withdraw(self, person):
        if person.is_open:
            person.leave("withdrawn")

    def end_everything(self):
        """Close it for all; groups that run themselves go on."""
        for person in self.people:
            if person.is_open and person.status != "self-run":
                person.circle = None
                person.end("closed", "community_closed")
        self.circles = [circle for circle in self.circles if circle.self_run]

    def train_supporters(self):
        trained = sum([person.train() for person in self.supporters])
        if trained:
            self.supporter_hours += trained * self.x.training.hours
            self.staff_hours += self.x.training.staff_hours

    def keep_queue(self):
        self.queue = [p for p in self.queue if p.status == "waiting"]
        queued = set(self.queue)
        self.queue += [p for p in self.recipients if p.status == "waiting" and p not in queued]

    def form_circles(self):
        x = self.x.group
        while self.runs:
            size = self.ready_size()
            if size == 0:
                return
            free = sum([p.is_free_to_lead for p in self.supporters])
            if free < x.leaders or sum(not c.self_run for c in self.circles) >= x.most:
                return
            circle = Circle(self)
            self.circles.append(circle)
            circle.appoint_leaders()
            circle.take_in(self.queue[:size])
            del self.queue[:size]

    def ready_size(self):
        """How many can begin: a full group, or a smaller one after a long wait."""
        x, n = self.x.group, len(self.queue)
        if n >= x.size:
            return x.size
        return n if n >= x.minimum and self.week - self.queue[0].waiting >= x.patience else 0

    def hold_cafe(self):
        x = self.x.cafe
        times = occasions(x.per_week, self.week - 1)
        if times:
            guests = [p for p in self.people if p.wants_to_cafe(times * x.hours)]
            for guest in guests:
                guest.hours_left -= times * x.hours
            self.staff_hours += times * x.staff_hours
            self.talk_around(guests, x.talks, times * x.hours, "cafe", CAFE)

    def gather_supporters(self):
        x, (supervision, team) = self.x, self.meetings_of_supporters
        present = [p for p in self.supporters if p.serves] if supervision + team else []
        if present:
            hours = supervision * x.supervision.hours
            common = hours * (1 - x.supervision.individual) + team * x.team.hours
            if common > 0:
                self.talk_around(present, 2, common, "team", TEAM)
            self.supporter_hours += len(present) * (hours + team * x.team.hours)
            self.staff_hours += len(present) * hours * x.supervision.individual + common

    def talk_around(self, guests, talks, hours, place, key):
        """Each guest, in order of the ring, talks with some found by luck on the ring of those
        present."""
        guests = sorted(guests, key=lambda p: p.place)
        if len(guests) < 2:
            return
        for guest in guests:
            for other in self.luck.around(guest, guests, talks, key):
                if other is not guest:
                    self.together(guest, other, 0.5 * hours / talks, place)

    # -- an encounter

    def intimacy(self, place):
        x = self.x
        if place == "outside":
            return x.ties.own_intimacy
        return {"group": x.group, "cafe": x.cafe, "team": x.team, "page": x.digital}[place].intimacy

    def together(self, p, q, hours, place, gives=0.5, others=1):
        """Two people spend time together; the first gives the share `gives` of the support."""
        near = p.nearness(q)
        tie = self.grow(p, q, hours, others, place, near)
        if place == "group":
            for person in (p, q):
                person.fit += self.x.safety.impression * (near - person.fit)
        hours /= others
        for me, you, given in ((p, q, gives * hours), (q, p, (1 - gives) * hours)):
            tie.gave[me] += given
            me.given_now += given
            me.received_now += hours - given
            me.recognition += hours * self.equality
            me.role_models += (hours - given) * you.seen_hope
            me.distress_met += given * you.seen_low
            if place == "team":
                me.given_in_team += given
            if place != "page":
                me.face_to_face += hours

    def grow(self, p, q, hours, others, place, near):
        """Familiarity grows with hours and nearness, confidence with safe disclosure."""
        x, in_group = self.x.ties, place == "group"
        if q in p.friends:
            tie = p.friends[q]["tie"]
        else:
            together = (
                p.circle is not None and p.circle is q.circle and p.takes_part and q.takes_part
            )
            tie = Tie(self, p, q, place, across=not (in_group and together))
            self.graph.add_edge(p, q, tie=tie)
        company = hours / others**x.circle_sharing
        safety = (
            min(p.safety, q.safety) if in_group else min(p.safety_elsewhere, q.safety_elsewhere)
        )
        disclosed = (
            self.intimacy(place) * safety * (1 - x.openness * (1 - (p.openness + q.openness) / 2))
        )
        tie.hours += hours
        tie.effective += company * (1 - x.nearness * (1 - near))
        tie.confidence += x.confidence_gain * disclosed * min(1.0, company) * (1 - tie.confidence)
        tie.last = self.week
        tie.appraise()
        return tie

    def let_ties_fade(self):
        """Without contact ties fade, and end below the floor. Shared friends are counted every
        fourth week."""
        x, trust = self.x.ties, 0.5 ** (1 / self.x.ties.confidence_half_life)
        ties = [(p, q, tie) for p, q, tie in self.graph.edges(data="tie")]
        asleep = [tied for tied in ties if tied[2].last < self.week]
        for p, q, tie in asleep:
            if (self.week + (p.number if p.row < q.row else q.number)) % 4 == 0:
                tie.shared = len(p.friends.keys() & q.friends.keys())
        for p, q, tie in asleep:
            tie.fade(x, trust)
            if tie.effective < x.floor_hours and self.week - tie.last >= x.forgotten_after:
                self.graph.remove_edge(p, q)
                self.ended_ties.append(tie.told(p, q, ended=self.week))
        for _, _, tie in ties:
            tie.renew(x)

    # -- price and outcomes

    def count_price(self):
        x = self.x
        given = sum([len(p.came) * x.group.hours for p in self.supporters])
        self.supporter_hours += given
        led = sum([not circle.self_run for circle in self.circles])
        self.staff_hours += (
            led * x.group.educators * x.group.hours * x.group.per_week * x.programme.intensity
        )
        self.running_cost += x.cost.week * bool(x.communities) + x.cafe.per_week * x.cost.cafe
        hours = self.staff_hours * x.cost.staff_hour + self.supporter_hours * x.cost.supporter_hour
        self.cost = self.running_cost + hours

    def told_ties(self):
        """The life story of every tie there ever was."""
        living = self.graph.edges(data="tie")
        return self.ended_ties + [tie.told(p, q, None) for p, q, tie in living]

    def measure(self):
        """Outcomes of this week: over all recipients, over those reached, and of the whole."""
        facts = [self.facts(p) for p in self.recipients]
        reached = [
            row for row, p in zip(facts, self.recipients, strict=True) if p.joined is not None
        ]
        found = dict(zip(FACTS, means(facts), strict=True))
        found |= dict(zip(FACTS_REACHED, means(reached), strict=True))
        found["strain"] = mean([p.strain for p in self.supporters if p.joined is not None])
        found["supporters_active"] = mean([p.takes_part for p in self.supporters])
        found["supporter_recovery"] = mean([p.score for p in self.supporters])
        for name in ("supporter_hours", "staff_hours", "cost"):
            found[name] = getattr(self, name)
        return found

    def facts(self, p):
        """The outcomes of one recipient, in the order of `FACTS`."""
        x, ties = self.x, p.ties
        own = self.alone.scores[self.week][p.row] if self.alone else p.score
        kept = (
            p.takes_part
            or p.status == "completed"
            or (p.status == "left" and p.cause == "moved_on")
        )
        if ties:
            confidence, strongest = (
                max([tie.confidence for tie in ties]),
                max([tie.strength for tie in ties]),
            )
            strong, across = (
                sum([tie.strength >= x.ties.strong for tie in ties]),
                sum([tie.across for tie in ties]),
            )
            evenness, worth = (
                sum([tie.evenness for tie in ties]) / len(ties),
                sum([tie.worth for tie in ties]),
            )
        else:
            confidence = strongest = strong = across = evenness = worth = 0.0
        isolated = p.contacts + worth < x.measurement.isolated_below
        harmed = p.score < own - x.measurement.harm_points
        return (p.connectedness, confidence, p.hope, p.identity, p.meaning, p.empowerment, p.score, isolated, kept,
                len(ties), strong, strongest, across, evenness, p.status == "waiting", p.joined is None, harmed,
                not ties, p.contacts, p.face_to_face)  # fmt: skip


FACTS = ("connectedness", "confidence", "hope", "identity", "meaning", "empowerment", "recovery", "isolated", "retained",
         "ties", "strong_ties", "strongest_tie", "cross_ties", "reciprocity", "waiting", "never_reached", "harmed",
         "alone", "outside_contacts", "face_to_face")  # fmt: skip
FACTS_REACHED = tuple(name + "_reached" for name in FACTS)


def means(rows):
    """The mean of each column."""
    return (
        [sum(column) / len(rows) for column in zip(*rows, strict=True)]
        if rows
        else [math.nan] * len(FACTS)
    )


def mean(values):
    return sum(values) / len(values) if values else math.nan


def run(scenario, seed, luck=Keyed):
    """Live all weeks of a scenario, after those of the same people without any programme."""
    alone = Groups(without_programme(scenario), seed, luck=luck)
    model = Groups(scenario, seed, alone, luck)
    for world in (alone, model):
        for _ in range(scenario.weeks):
            world.step()
    return model
