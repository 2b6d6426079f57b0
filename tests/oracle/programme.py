"""A programme, week by week, and what is recorded of it."""

import math
from collections import Counter

import mesa
import networkx as nx

from oracle.group import Groups
from oracle.luck import Keyed
from oracle.numbers import occasions
from oracle.one_to_one import OneToOne
from oracle.person import Person
from oracle.tie import Tie
from peersim.kernel import chance as streams
from peersim.scenario.scenario import epochs, without_programme

COMMUNITIES = (OneToOne, Groups)
FIRST_SUPPORTER = 2**31
CAFE, TEAM = 4, 5
"""Numbers of gatherings in the keys of draws."""
MOMENT = 0.01
"""Hours below which nobody begins a talk."""


class Programme(mesa.Model):
    """People, their ties, and the communities they meet in.

    `alone` are the scores of the same people without any programme, week by week.
    """

    def __init__(self, scenario, seed, alone=None, luck=Keyed):
        super().__init__(rng=seed)
        self.seed, self.week, self.luck = seed, 0, luck(self)
        self.stages, self.happenings = dict(epochs(scenario)), scenario.events
        self.x = self.stages[0]
        self.recipients = [
            Person(self, k, f"R{k}", "recipient")
            for k in range(1, scenario.population.recipients + 1)
        ]
        trained, asked = scenario.population.supporters, scenario.population.asked
        self.others = [
            Person(self, FIRST_SUPPORTER + k, f"S{k}", "supporter", k <= trained)
            for k in range(1, trained + asked + 1)
        ]
        self.people = self.recipients + self.others
        self.graph = nx.Graph()
        self.graph.add_nodes_from(self.people)
        for row, (person, friends) in enumerate(self.graph.adjacency()):
            person.row, person.friends = row, friends
        ever = {name for stage in self.stages.values() for name in stage.communities}
        ever |= {
            event[what] for event in self.happenings for what in ("add", "to") if what in event
        }
        self.communities = [each(self) for each in COMMUNITIES if each.name in ever]
        self.names = [each.name for each in COMMUNITIES]
        self.look_around()
        self.everybody("be_seen")
        self.ended_ties, self.departures = [], []
        self.ended_matches = Counter()
        self.supporter_hours = self.staff_hours = self.running_cost = self.cost = 0.0
        self.scores, self.outcomes, self.outcomes_of = [], [], []
        self.alone = self.scores if alone is None else alone
        self.record()

    @property
    def supporters(self):
        """In order of row: recipients may have become supporters."""
        return [p for p in self.people if p.supports]

    # -- what is in force

    def look_around(self):
        """What is the same for everybody this week."""
        x = self.x
        for community in self.communities:
            community.look_around()
        self.organisation = getattr(x.organisations, x.organisation.name)
        self.reach = self.organisation.reach
        if x.cafe.per_week > 0:
            self.reach *= 1 + x.cafe.recruits * min(1.0, x.cafe.per_week)
        self.mentoring = min(
            1.0, self.organisation.mentoring + x.programme.mentoring_drift * self.week / 52
        )
        self.equality = self.organisation.equality * (1 - self.mentoring)
        self.on_neutral_ground = False
        self.intimacy = {community.name: community.x.intimacy for community in self.communities}
        self.intimacy |= {"cafe": x.cafe.intimacy, "team": x.team.intimacy}
        self.intimacy |= {"outside": x.ties.own_intimacy, "page": x.digital.intimacy}
        self.forgets = math.exp(-1 / x.departure.memory)
        self.outside_kept = math.exp(-1 / x.outside.memory)
        a_month = (x.supervision.per_month, x.team.per_month)
        self.meetings_of_supporters = [
            occasions(rate * (x.programme.intensity * 12 / 52), self.week - 1) for rate in a_month
        ]

    def gate(self, safety):
        """Whether one confides at all."""
        least = self.x.safety.threshold
        return safety**4 / (safety**4 + least**4) if least > 0 else 1.0

    def role_model(self, me, you, near):
        """What somebody who gives is to me: their hope, or how much further on they are."""
        x = self.x.change
        if not x.separate_sources:
            return you.seen_hope
        ahead = max(0.0, you.seen_hope - me.hope)
        return ahead / (ahead + x.further_on) * (1 - x.model_nearness * (1 - near))

    def fed(self, hours):
        return 1 - math.exp(-hours / self.x.change.half_input)

    # -- one week

    def everybody(self, action):
        """Let everybody act in turn, in order of row."""
        for person in self.people:
            getattr(person, action)()

    def each_community(self, action):
        for community in self.communities:
            getattr(community, action)()

    def step(self):
        self.week += 1
        self.parting = set()
        self.let_things_happen()
        self.look_around()
        self.everybody("begin_week")
        self.each_community("end_what_is_over")
        for person in self.recipients:
            if not person.supports:
                person.sign_up()
        self.train_supporters()
        self.each_community("keep_queue")
        self.each_community("bring_together")
        self.each_community("plan")
        self.everybody("come")
        self.each_community("meet")
        self.hold_cafe()
        self.gather_supporters()
        self.everybody("keep_in_touch")
        self.everybody("be_introduced")
        self.let_ties_fade()
        self.everybody("go_on")
        self.each_community("part")
        self.let_part()
        self.each_community("look_after")
        self.everybody("may_be_asked")
        self.count_price()
        self.everybody("end_week")
        self.record()

    def step_alone(self):
        """A week without any programme, where nobody meets anybody: nothing else can happen to
        them."""
        self.week += 1
        for person in self.people:
            person.live_outside()
            person.change()
        self.scores.append([60 * p.recovery for p in self.people])

    def let_things_happen(self):
        if self.week in self.stages:
            self.x = self.stages[self.week]
            for _, _, tie in self.graph.edges(data="tie"):
                tie.appraise()
        for event in self.happenings:
            if event["week"] == self.week:
                self.carry_out(event)

    def carry_out(self, event):
        """Added communities and changed settings are in force already."""
        if "lose_supporters" in event:
            self.lose_supporters(event["lose_supporters"])
        elif "leave" in event:
            self.withdraw(self.named(event["leave"]))
        elif "keep" in event:
            self.named(event["keep"]).stays = True
        elif "switch" in event:
            old, new = self.community(event["switch"]), self.community(event["to"])
            for person in self.people:
                person.beside_goes_over(old, new)
                if old.name in person.memberships:
                    person.memberships[old.name].cross_over(new)
            old.end_for_all()
        elif "end" in event:
            self.community(event["end"]).end_for_all()
        elif "funding_ends" in event:
            self.each_community("end_for_all")

    def named(self, label):
        return next(p for p in self.people if p.label == label)

    def community(self, name):
        return next(each for each in self.communities if each.name == name)

    def lose_supporters(self, number):
        """Those with the lowest luck."""
        serving = [p for p in self.supporters if p.is_open]
        for person in self.luck.least(streams.LOST_SUPPORTERS, serving, number):
            self.withdraw(person)

    def withdraw(self, person):
        for m in person.memberships.values():
            if m.is_open:
                m.leave("withdrawn")

    def train_supporters(self):
        trained = sum([person.train() for person in self.supporters])
        trained += sum([p.train_beside() for p in self.recipients if not p.supports])
        if trained:
            self.supporter_hours += trained * self.x.training.hours
            self.staff_hours += self.x.training.staff_hours

    # -- gatherings beside the communities

    def hold_cafe(self):
        x = self.x.cafe
        times = occasions(x.per_week, self.week - 1)
        if times:
            guests = [p for p in self.people if p.wants_to_cafe(times * x.hours)]
            for guest in guests:
                guest.hours_left -= times * x.hours
                guest.at_cafe = True
            self.staff_hours += times * x.staff_hours
            self.talk_around(guests, x.talks, times * x.hours, "cafe", CAFE)

    def gather_supporters(self):
        x, (supervision, team) = self.x, self.meetings_of_supporters
        present = [p for p in self.supporters if p.serves] if supervision + team else []
        if supervision:
            self.mend_matches(1 - (1 - x.supervision.mends) ** supervision)
        if present:
            hours = supervision * x.supervision.hours
            common = hours * (1 - x.supervision.individual) + team * x.team.hours
            if common > 0:
                self.talk_around(present, 2, common, "team", TEAM)
            self.supporter_hours += len(present) * (hours + team * x.team.hours)
            self.staff_hours += len(present) * hours * x.supervision.individual + common

    def mend_matches(self, share):
        """Supervision helps both sides of a match to feel nearer to a fit."""
        matches = [match for each in self.communities for match in getattr(each, "matches", ())]
        for match in matches:
            for m in (match.recipient, match.supporter):
                m.fit += share * (1 - m.fit)

    def talk_around(self, guests, talks, hours, place, key):
        """Each guest, in order of the ring, talks with some found by luck on the ring of those
        present."""
        guests = sorted(guests, key=lambda p: p.place)
        if len(guests) < 2:
            return
        if self.x.ties.acquaintance > 0:
            self.sit_together(guests, talks, hours, place, key)
            return
        for guest in guests:
            for other in self.luck.around(guest, guests, talks, key):
                if other is not guest:
                    self.together(guest, other, 0.5 * hours / talks, place)

    def sit_together(self, guests, talks, hours, place, key):
        """Beginning somewhere on the ring, each begins talks with company they choose, as long as
        both have time left."""
        left = dict.fromkeys(guests, hours)
        for guest in self.luck.from_somewhere(guests, key):
            if left[guest] < MOMENT:
                continue
            there = [q for q in guests if q is not guest and left[q] >= MOMENT]
            for other in list(self.luck.company(guest, guests, there, talks, key)):
                length = min(0.5 * hours / talks, left[guest], left[other]) if other else 0.0
                if length >= MOMENT:
                    left[guest] -= length
                    left[other] -= length
                    self.together(guest, other, length, place)

    # -- an encounter

    def together(self, p, q, hours, place, gives=0.5, others=1):
        """Two people spend time together; the first gives the share `gives` of the support."""
        near = p.nearness(q)
        tie, disclosed = self.grow(p, q, hours, others, place, near)
        if place in p.memberships:
            felt = 1 - (1 - near) * (1 - self.x.safety.familiar_fit * tie.confidence)
            for m in (p.memberships[place], q.memberships[place]):
                m.fit += self.x.safety.impression * (felt - m.fit)
        hours /= others
        x = self.x.change
        feeds = 1 - x.shared_time + x.shared_time * disclosed / x.ordinary_sharing
        for me, you, given in ((p, q, gives * hours), (q, p, (1 - gives) * hours)):
            tie.gave[me] += given
            me.given_now += given
            me.received_now += hours - given
            me.given_shared += feeds * given
            me.heard += feeds * (hours - given)
            me.recognition += feeds * hours * self.equality
            me.role_models += feeds * (hours - given) * self.role_model(me, you, near)
            me.distress_met += given * you.seen_low
            if place == "team":
                me.given_in_team += given
            if place != "page":
                me.face_to_face += hours
        return feeds, near

    def grow(self, p, q, hours, others, place, near):
        """Familiarity grows with hours and nearness, confidence with safe disclosure."""
        x = self.x.ties
        if q in p.friends:
            tie = p.friends[q]["tie"]
        else:
            tie = Tie(self, p, q, place, across=place not in p.memberships)
            self.graph.add_edge(p, q, tie=tie)
        company = hours / others**x.circle_sharing
        safety = min(p.safety_with(place, tie), q.safety_with(place, tie))
        openness = 1 - x.openness * (1 - (p.openness + q.openness) / 2)
        depth = self.intimacy["cafe" if self.on_neutral_ground else place]
        disclosed = depth * safety * openness * self.gate(safety)
        tie.hours += hours
        tie.effective += company * (1 - x.nearness * (1 - near))
        tie.confidence += x.confidence_gain * disclosed * min(1.0, company) * (1 - tie.confidence)
        tie.last = self.week
        tie.appraise()
        tie.private = tie.private or place != "one_to_one"
        return tie, disclosed

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
                self.ended_ties.append(tie.story(p, q, ended=self.week))
        for _, _, tie in ties:
            tie.renew(x)

    def let_part(self):
        """Whose time in some community has ended this week."""
        parting = sorted(self.parting, key=lambda p: p.row)
        for person in parting:
            person.tell_others()
            person.set_example()
        for person in parting:
            person.let_go()

    # -- price and outcomes

    def count_price(self):
        x = self.x
        for community in self.communities:
            self.supporter_hours += community.supporter_hours()
            self.staff_hours += community.staff_hours()
        self.running_cost += x.cost.week * bool(x.communities) + x.cafe.per_week * x.cost.cafe
        hours = self.staff_hours * x.cost.staff_hour + self.supporter_hours * x.cost.supporter_hour
        self.cost = self.running_cost + hours

    def all_ties(self):
        """The life of every tie there ever was."""
        living = self.graph.edges(data="tie")
        return self.ended_ties + [tie.story(p, q, None) for p, q, tie in living]

    def record(self):
        """Outcomes of this week: over all recipients, over those reached, of the whole, and over
        those each community has reached."""
        self.scores.append([p.score for p in self.people])
        facts = [(p, self.facts(p)) for p in self.recipients]
        reached = means([row for p, row in facts if p.joined is not None])
        found = dict(zip(FACTS, means([row for _, row in facts]), strict=True))
        found |= dict(zip(FACTS_REACHED, reached, strict=True))
        found["strain"] = mean([p.strain for p in self.supporters if p.joined is not None])
        found["supporters_active"] = mean([p.takes_part for p in self.supporters])
        found["supporter_recovery"] = mean([p.score for p in self.others])
        for name in ("supporter_hours", "staff_hours", "cost"):
            found[name] = getattr(self, name)
        begun = [p for p in self.supporters if p.joined is not None]
        found["supporters_resting"] = mean([p.resting > 0 for p in begun])
        met = [p for p in self.recipients if p.first_meeting is not None]
        found["weeks_to_meeting"] = mean([p.first_meeting - p.invited_week for p in met])
        found |= {f"matches_{end}": self.ended_matches[end] for end in MATCH_ENDS}
        self.outcomes.append(found)
        self.outcomes_of.append(
            [reached] if len(self.communities) == 1 else self.of_each_community(facts)
        )

    def of_each_community(self, facts):
        """Means over those whom each community has reached, with how they stand in it."""
        found = []
        for community in self.communities:
            begun = [
                (p.memberships[community.name], row)
                for p, row in facts
                if community.name in p.memberships
            ]
            begun = [(m, row) for m, row in begun if m.joined is not None]
            of = dict(zip(FACTS, means([row for _, row in begun]), strict=True))
            of["retained"] = mean([m.is_retained for m, _ in begun])
            of["waiting"] = mean([m.status == "waiting" for m, _ in begun])
            found.append(list(of.values()))
        return found

    def facts(self, p):
        """The outcomes of one recipient, in the order of `FACTS`."""
        x, ties = self.x, [edge["tie"] for edge in p.friends.values()]
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
        if x.change.sides:  # only those in their circle count
            worth, room = 0.0, max(1.0, x.change.clique - p.contacts)
            for each in sorted([tie.worth for tie in ties], reverse=True):
                worth += each * min(1.0, max(0.0, room))
                room -= 1
        isolated = p.contacts + worth < x.measurement.isolated_below
        sides = p.sides if x.change.sides else [p.connectedness] * 2
        one, circle = [side < x.measurement.lonely_below for side in sides]
        on_their_own = (
            p.contacts < x.measurement.nobody_below and confidence < x.measurement.near_enough
        )
        harmed = p.score < self.alone[self.week][p.row] - x.measurement.harm_points
        return (p.connectedness, confidence, p.hope, p.identity, p.meaning, p.empowerment, p.score, isolated, p.is_retained,
                len(ties), strong, strongest, across, evenness, p.stands("waiting"), p.joined is None, harmed,
                not ties, p.contacts, p.face_to_face, p.daily_functioning, p.quality_of_life, p.practical_steps, on_their_own,
                1 - sides[0], 1 - sides[1], one and not circle, circle and not one, one and circle)  # fmt: skip


FACTS = ("connectedness", "confidence", "hope", "identity", "meaning", "empowerment", "recovery", "isolated", "retained",
         "ties", "strong_ties", "strongest_tie", "cross_ties", "reciprocity", "waiting", "never_reached", "harmed",
         "alone", "outside_contacts", "face_to_face", "daily_functioning", "quality_of_life", "practical_steps",
         "would_be_alone", "emotional_loneliness", "social_loneliness", "lonely_for_one", "lonely_for_circle",
         "lonely_for_both")  # fmt: skip
MATCH_ENDS = (
    "completed",
    "recipient_left",
    "another_wanted",
    "supporter_left",
    "supporter_rested",
    "closed",
)
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


def scores_alone(scenario, seed, luck=Keyed):
    """Everybody's score, week by week, without any programme."""
    alone = Programme(without_programme(scenario), seed, luck=luck)
    for _ in range(scenario.weeks):
        alone.step_alone()
    return alone.scores


def run(scenario, seed, luck=Keyed):
    """All weeks of a scenario, after those of the same people without any programme."""
    model = Programme(scenario, seed, scores_alone(scenario, seed, luck), luck)
    for _ in range(scenario.weeks):
        model.step()
    return model
