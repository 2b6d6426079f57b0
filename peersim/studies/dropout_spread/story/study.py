"""The story of one person: what happened to her, who followed her, and what would have kept her."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from peersim.run.first_day import draw_up
from peersim.scenario.events import row_of
from peersim.studies.dropout_spread.diary import Week, weeks_of
from peersim.studies.dropout_spread.effects import KINDS
from peersim.studies.dropout_spread.knock_outs import AS_IT_HAPPENED, KnockOut, compared
from peersim.studies.dropout_spread.lives import History, keep
from peersim.studies.dropout_spread.places import Network
from peersim.studies.dropout_spread.remedies import Fate, Tried, fates
from peersim.studies.dropout_spread.story.words import Names, sentences

if TYPE_CHECKING:
    from peersim.scenario.run_options import RunOptions
    from peersim.scenario.scenario import Scenario

MOST_OTHERS = 3
"""So many of those who left before her are tried as people who might have stayed."""


class Story(NamedTuple):
    """Everything about one person in one world.

    Attributes
    ----------
    names : Names
    sentences : list of (int, str)
        Week and what happened.
    fate : Fate
    tried : list of Tried
        Single changes, the best first.
    followers : KnockOut or None
        What her leaving did; None if she did not leave, or too late for it to be seen.
    weeks : list of Week
    """

    names: Names
    sentences: list[tuple[int, str]]
    fate: Fate
    tried: list[Tried]
    followers: KnockOut | None
    weeks: list[Week]


def story_of(scenario: Scenario, settings: RunOptions) -> Story:
    """Live her world, and live it again with each single change."""
    row = row_of(scenario, {"week": 1, "keep": settings.person})
    blueprint = draw_up(scenario)
    history = History(blueprint, settings.seed)
    names = Names(blueprint.labels, row, blueprint.roles, scenario.communities)
    weeks = weeks_of(blueprint, settings.seed, row)
    left_before = _left_before(history, row, weeks)
    fate, tried = fates(
        scenario, settings.seed, row, [blueprint.labels[k] for k in left_before], settings.workers
    )
    told = sentences(weeks, history.world, names, scenario)
    tried.sort(key=lambda one: (not one.fate.has_place, not one.fate.took_part, one.fate.chance))
    return Story(names, told, fate, tried, followers(history, row), weeks)


def _left_before(history: History, row: int, weeks: list[Week]) -> list[int]:
    """Those she had a tie with who dropped out before she did, the last first."""
    hers = history.ends.left[row].min()
    knew = set().union(*(week.ties for week in weeks if week.week <= hers))
    gone = [(history.ends.left[other].min(), other) for other in knew]
    before = sorted(
        ((week, other) for week, other in gone if week < min(hers, history.blueprint.weeks)),
        reverse=True,
    )
    return [other for _, other in before[:MOST_OTHERS]]


def followers(history: History, row: int) -> KnockOut | None:
    """Knock her leaving out of her world."""
    for leaving in history.leavings():
        if leaving.row == row:
            history.remember([leaving.week - 1])
            before, week = history.before(leaving.week), leaving.week
            ends = history.as_it_went(week), history.follow(keep(before, row), week)
            return compared(history, AS_IT_HAPPENED, leaving, Network(before).place_of(row), ends)
    return None


def followers_by_kind(found: KnockOut, names: Names) -> dict[str, list[str]]:
    """Name those whose leaving changed because she left, by kind."""
    told: dict[str, list[str]] = {}
    for row, kind, there in zip(
        found.changed.row, found.changed.kind, found.changed.was_there, strict=True
    ):
        if there:
            told.setdefault(KINDS[kind], []).append(names.labels[int(row)])
    return told
