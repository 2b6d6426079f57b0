"""The words of one person's story: plain sentences, only of weeks in which something happens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from peersim.model.vocabulary import CAUSES, COMMUNITIES, COMPLETED, STATUSES, SUPPORTER
from peersim.studies.dropout_spread.diary import Week

if TYPE_CHECKING:
    from peersim.model.world import World
    from peersim.scenario.scenario import Scenario

KINDS_OF_SUPPORT = {
    "one_to_one": "one-to-one support",
    "group": "the group",
    "availability": "the drop-in place",
    "digital": "the platform",
}
REASONS = {
    "life_event": "something in her own life",
    "misfit": "she did not feel that she fitted in",
    "unsafe": "she did not feel safe there",
    "overload": "she was worn out",
    "lost_tie": "somebody close to her had left",
    "others_leaving": "others she knew had left",
    "not_relevant": "the offer no longer felt relevant to her",
    "drift": "she had stayed away for weeks and drifted off",
    "moved_on": "she had moved on: work, a home, friends of her own",
    "training_dropout": "she got cold feet in the training",
    "gave_up_waiting": "she gave up waiting",
    "course_completed": "the course was over",
    "community_closed": "it was closed",
    "withdrawn": "she was made to leave (an event)",
    "never_started": "she never started the training",
}
"""Why somebody's time ended, after a colon."""
PRESSURES = {
    "life_event": "because of what may happen in anybody's life",
    "misfit": "because she does not feel that she fits in",
    "unsafe": "because she does not feel safe there",
    "overload": "because she is worn out",
    "lost_tie": "because somebody close to her has left",
    "others_leaving": "because others she knows have left",
    "not_relevant": "because the offer does not feel relevant to her",
    "drift": "because she has stayed away so often",
}
"""What weighs on somebody who may leave."""
RISK_FROM, RISK_GROWS = 0.03, 1.5
"""A weekly chance of leaving is told from here on, and again when it has grown so many times."""
ABSENT = 3
"""Weeks away in a row that are worth telling."""


class Names(NamedTuple):
    """Who is who: labels and roles of all people, the row of the one who is told about, and the
    communities.
    """

    labels: Sequence[str]
    row: int
    roles: np.ndarray
    communities: Sequence[str]

    @property
    def her(self) -> str:
        """Her name."""
        return self.labels[self.row]

    @property
    def supports(self) -> bool:
        """Whether she is a supporter."""
        return bool(self.roles[self.row] == SUPPORTER)

    def of(self, rows: Iterable[int]) -> str:
        """Name some people: "R3, R5 and S1"."""
        return listed([self.labels[row] for row in sorted(rows)])


def listed(names: Sequence[str]) -> str:
    """Join names as a sentence does.

    >>> listed(["R3", "R5", "S1"])
    'R3, R5 and S1'
    """
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def sentences(
    weeks: Sequence[Week], end: World, names: Names, scenario: Scenario
) -> list[tuple[int, str]]:
    """Tell one person's story.

    Parameters
    ----------
    weeks : sequence of Week
    end : World
        The world at its end, which knows when and why everybody left.
    names : Names
    scenario : Scenario

    Returns
    -------
    list of (int, str)
        Week and sentences, for weeks in which something happened.
    """
    teller = _Teller(end, names)
    invited = int(end.people["invited_week"][names.row])
    told = []
    for before, now in zip([None, *weeks[:-1]], weeks, strict=True):
        said = [f"{names.her} is invited."] if now.week == invited else []
        said += list(teller.of_week(before, now))
        if said:
            told.append((now.week, " ".join(said)))
    last = weeks[-1]
    told.append((last.week, _last_word(weeks[0], last)))
    return told


def _last_word(first: Week, last: Week) -> str:
    friends = (
        f"{len(last.ties)} people from the programme"
        if len(last.ties) != 1
        else "one person from the programme"
    )
    return (
        f"At the end she is in touch with {friends if last.ties else 'nobody from the programme'}; her recovery score "
        f"has gone from {first.recovery:.0f} to {last.recovery:.0f} of 60."
    )


class _Teller:
    """Tells one week after the other; remembers what has been told."""

    def __init__(self, end: World, names: Names) -> None:
        self.end, self.names = end, names
        self.has_met = False
        self.told_risk = RISK_FROM / RISK_GROWS
        self.told_absence = False
        self.told_close: set[int] = set()
        self.told_met: set[int] = set()

    def of_week(self, before: Week | None, now: Week) -> Iterator[str]:
        """Tell what happened in one week."""
        yield from self._places(before, now)
        yield from self._matches(before, now)
        yield from self._meetings(now)
        yield from self._people(before, now)
        yield from self._risk(now)
        yield from self._endings(now)

    def _places(self, before: Week | None, now: Week) -> Iterator[str]:
        for number, name in enumerate(COMMUNITIES):
            was, is_now = (
                STATUSES[before.status[number] if before else 0],
                STATUSES[now.status[number]],
            )
            if was == is_now:
                continue
            if said := _new_place(name, was, is_now, self.names.supports):
                yield said

    def _matches(self, before: Week | None, now: Week) -> Iterator[str]:
        were = before.matches if before else frozenset()
        if new := now.matches - were:
            yield f"She is matched with {self.names.of(new)}."
        for other in sorted(were - now.matches):
            if self._left(other, now.week):
                yield f"Her match with {self.names.labels[other]} ends: {self._why(other, now.week)}."
            elif self.end.status[self.names.row, 0] != COMPLETED and not self._left(
                self.names.row, now.week
            ):
                yield f"Her match with {self.names.labels[other]} ends."

    def _meetings(self, now: Week) -> Iterator[str]:
        if now.came and not self.has_met:
            self.has_met = True
            yield "She comes for the first time."
        if now.absences >= ABSENT and not self.told_absence:
            yield f"She has stayed away {now.absences} times in a row."
        elif self.told_absence and now.came:
            yield "She comes again."
        self.told_absence = now.absences >= ABSENT

    def _people(self, before: Week | None, now: Week) -> Iterator[str]:
        if before is None:
            return
        new = now.ties - before.ties - now.matches
        if fresh := new - self.told_met:
            yield f"She gets to know {self.names.of(fresh)}."
        if again := new & self.told_met:
            yield f"She is in touch with {self.names.of(again)} again."
        self.told_met |= now.ties
        if close := now.close - before.close - self.told_close:
            self.told_close |= close
            yield f"{self.names.of(close)} {'has' if len(close) == 1 else 'have'} become close to her."
        for other in sorted((before.ties | now.ties) - before.matches):
            if self._left(other, now.week):
                yield f"{self.names.labels[other]}, whom she knows, leaves: {self._why(other, now.week)}."

    def _risk(self, now: Week) -> Iterator[str]:
        if now.because >= 0 and now.chance >= RISK_GROWS * self.told_risk:
            self.told_risk = now.chance
            reason = PRESSURES[CAUSES[now.because]]
            yield f"The chance that she leaves is now {100 * now.chance:.0f} in 100 a week, most of it {reason}."

    def _endings(self, now: Week) -> Iterator[str]:
        m = self.end.memberships[self.names.row]
        for number in np.flatnonzero(m["left"] == now.week):
            place, cause = KINDS_OF_SUPPORT[COMMUNITIES[number]], CAUSES[int(m["cause"][number])]
            if cause == "course_completed":
                yield f"She completes her time in {place}."
            elif cause == "moved_on":
                yield f"She leaves {place} behind: {REASONS[cause]}."
            elif cause in ("never_started", "training_dropout"):
                yield f"She does not become a supporter in {place}: {REASONS[cause]}."
            elif cause == "gave_up_waiting":
                yield f"SHE GIVES UP waiting for {place}."
            else:
                by = int(m["caused_by"][number])
                who = f" (most of all {self.names.labels[by]})" if by >= 0 else ""
                yield f"SHE LEAVES {place}: {REASONS[cause]}{who}."

    def _left(self, row: int, week: int) -> bool:
        m = self.end.memberships[row]
        return bool(((m["left"] == week) & (self.end.status[row] != COMPLETED)).any())

    def _why(self, row: int, week: int) -> str:
        m = self.end.memberships[row]
        return REASONS[CAUSES[int(m["cause"][m["left"] == week][0])]]


def _new_place(community: str, was: str, is_now: str, supports: bool) -> str | None:
    """Say that somebody stands otherwise with a community than the week before; ends are told
    elsewhere.
    """
    place, pairs = KINDS_OF_SUPPORT[community], community == "one_to_one"
    if is_now == "active" and supports:
        return f"Her training is over; she is {'ready to be matched' if pairs else f'a supporter in {place} now'}."
    if is_now == "active" and pairs:
        return (
            "She asks for one-to-one support, and there is somebody for her at once."
            if was == "none"
            else None
        )
    told = {
        "in training": f"She begins her training as a supporter for {place}.",
        "waiting": _begins_to_wait(community, was == "active"),
        "active": f"She takes part in {place}.",
        "self-run": "The course is over, and the group goes on by itself, with her.",
    }
    return told.get(is_now)


def _begins_to_wait(community: str, again: bool) -> str:
    if community == "one_to_one":
        return (
            "She waits for another supporter."
            if again
            else "She asks for one-to-one support and waits for a match."
        )
    return f"She signs up for {KINDS_OF_SUPPORT[community]} and waits for it to begin."
