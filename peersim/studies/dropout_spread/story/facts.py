"""One person's story as facts: week, key of a sentence, and who and what it is about. Only weeks in
which something happens are told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from peersim.kernel.catalogue import Sentence, listed
from peersim.model.vocabulary import CAUSES, COMMUNITIES, COMPLETED, STATUSES, SUPPORTER
from peersim.studies.dropout_spread.following.diary import Week

if TYPE_CHECKING:
    from peersim.model.world import World

WORDS = "dropout_spread.story"
RISK_FROM, RISK_GROWS = 0.03, 1.5
"""A weekly chance of leaving is told from here on, and again when it has grown so many times."""
ABSENT = 3
"""Weeks away in a row that are worth telling."""

Fact = tuple[int, str, dict[str, Any]]
ENDS_OF_A_COURSE = ("course_completed", "moved_on", "gave_up_waiting")
NEVER_BEGAN = ("never_started", "training_dropout")


class Names(NamedTuple):
    """Who is who: labels and roles of all people, the row of the one who is told about, and the
    communities.
    """

    labels: Sequence[str]
    row: int
    roles: np.ndarray
    communities: Sequence[str]

    @property
    def name(self) -> str:
        """Name of the person."""
        return self.labels[self.row]

    @property
    def supports(self) -> bool:
        """Whether the person came as a supporter."""
        return bool(self.roles[self.row] == SUPPORTER)

    def of(self, rows: Iterable[int]) -> list[str]:
        """Name some people."""
        return [self.labels[row] for row in sorted(rows)]


def sentence_of(key: str, values: Mapping[str, Any]) -> Sentence:
    """Put a fact into a sentence: names in a row, places and reasons as words."""
    words: dict[str, Any] = dict(values)
    if "others" in words:
        words |= {"n": len(words["others"]), "others": listed(words["others"])}
    for name in ("place", "reason", "pressure"):
        if name in words:
            words[name] = Sentence(f"{WORDS}.{name}s.{words[name]}")
    return Sentence(f"{WORDS}.{key}", words)


def facts_of(weeks: Sequence[Week], end: World, names: Names) -> list[Fact]:
    """Tell one person's story.

    Parameters
    ----------
    weeks : sequence of Week
    end : World
        The world at its end, which knows when and why everybody left.
    names : Names
    """
    teller = _Teller(end, names)
    invited = int(end.people["invited_week"][names.row])
    found: list[Fact] = []
    for before, now in zip([None, *weeks[:-1]], weeks, strict=True):
        said = list(teller.of_week(before, now))
        if now.week == invited:
            said.insert(0, ("invited", {}))
        found += [(now.week, key, {"who": names.name, **values}) for key, values in said]
    first, last = weeks[0], weeks[-1]
    friends = {"n": len(last.ties), "before": first.recovery, "after": last.recovery}
    return [*found, (last.week, "last" if last.ties else "last_alone", friends)]


Said = Iterator[tuple[str, dict[str, Any]]]


class _Teller:
    """Tells one week after the other; remembers what has been told."""

    def __init__(self, end: World, names: Names) -> None:
        self.end, self.names = end, names
        self.has_met = False
        self.known_risk = RISK_FROM / RISK_GROWS
        self.was_absent = False
        self.close: set[int] = set()
        self.met: set[int] = set()

    def of_week(self, before: Week | None, now: Week) -> Said:
        """Tell what happened in one week."""
        yield from self._role(now)
        yield from self._places(before, now)
        yield from self._matches(before, now)
        yield from self._meetings(now)
        yield from self._people(before, now)
        yield from self._risk(now)
        yield from self._endings(now)

    def _role(self, now: Week) -> Said:
        """From receiving to giving."""
        p = self.end.people[self.names.row]
        if now.week == int(p["asked_week"]):
            yield "asked", {}
        if not self.names.supports and now.week == int(p["supporter_since"]):
            yield "gives", {}

    def _supports(self, week: int) -> bool:
        since = int(self.end.people["supporter_since"][self.names.row])
        return self.names.supports or 0 <= since <= week

    def _places(self, before: Week | None, now: Week) -> Said:
        for number, name in enumerate(COMMUNITIES):
            was = STATUSES[before.status[number] if before else 0]
            is_now = STATUSES[now.status[number]]
            if was != is_now and (key := _new_place(name, was, is_now, self._supports(now.week))):
                yield key, {"place": name}

    def _matches(self, before: Week | None, now: Week) -> Said:
        were = before.matches if before else frozenset()
        if new := now.matches - were:
            yield "matched", {"others": self.names.of(new)}
        for other in sorted(were - now.matches):
            known = {"other": self.names.labels[other]}
            if self._left(other, now.week):
                yield "match_ends_because", {**known, "reason": self._why(other, now.week)}
            elif self.end.status[self.names.row, 0] != COMPLETED and not self._left(
                self.names.row, now.week
            ):
                yield "match_ends", known

    def _meetings(self, now: Week) -> Said:
        if now.came and not self.has_met:
            self.has_met = True
            yield "first_time", {}
        if now.absences >= ABSENT and not self.was_absent:
            yield "stays_away", {"times": now.absences}
        elif self.was_absent and now.came:
            yield "comes_again", {}
        self.was_absent = now.absences >= ABSENT

    def _people(self, before: Week | None, now: Week) -> Said:
        if before is None:
            return
        new = now.ties - before.ties - now.matches
        if fresh := new - self.met:
            yield "gets_to_know", {"others": self.names.of(fresh)}
        if again := new & self.met:
            yield "in_touch_again", {"others": self.names.of(again)}
        self.met |= now.ties
        if close := now.close - before.close - self.close:
            self.close |= close
            yield "close", {"others": self.names.of(close)}
        for other in sorted((before.ties | now.ties) - before.matches):
            if self._left(other, now.week):
                reason = self._why(other, now.week)
                yield "friend_leaves", {"other": self.names.labels[other], "reason": reason}

    def _risk(self, now: Week) -> Said:
        if now.because >= 0 and now.chance >= RISK_GROWS * self.known_risk:
            self.known_risk = now.chance
            yield "risk", {"chance": 100 * now.chance, "pressure": CAUSES[now.because]}

    def _endings(self, now: Week) -> Said:
        m = self.end.memberships[self.names.row]
        for number in np.flatnonzero(m["left"] == now.week):
            cause = CAUSES[int(m["cause"][number])]
            known = {"place": COMMUNITIES[number], "reason": cause}
            by = int(m["caused_by"][number])
            if by >= 0 and cause == "moved_on":
                yield "follows", {**known, "other": self.names.labels[by]}
            elif cause in ENDS_OF_A_COURSE:
                yield cause, known
            elif cause in NEVER_BEGAN:
                yield "never_began", known
            elif by >= 0:
                yield "leaves_after", {**known, "other": self.names.labels[by]}
            else:
                yield "leaves", known

    def _left(self, row: int, week: int) -> bool:
        m = self.end.memberships[row]
        return bool(((m["left"] == week) & (self.end.status[row] != COMPLETED)).any())

    def _why(self, row: int, week: int) -> str:
        m = self.end.memberships[row]
        return CAUSES[int(m["cause"][m["left"] == week][0])]


def _new_place(community: str, was: str, is_now: str, supports: bool) -> str | None:
    """Say that somebody stands otherwise with a community than the week before; ends are told
    elsewhere.
    """
    pairs = community == "one_to_one"
    if is_now == "active" and supports:
        return "ready" if pairs else "supports"
    if is_now == "active" and pairs:
        return "matched_at_once" if was == "none" else None
    if is_now == "waiting" and pairs:
        return "waits_again" if was == "active" else "waits_for_match"
    told = {
        "in training": "training",
        "waiting": "waits",
        "active": "takes_part",
        "self-run": "goes_on",
    }
    return told.get(is_now)
