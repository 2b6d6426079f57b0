"""The story of one person: what happened to them, who followed, and what would have kept them."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from peersim.run.first_day import draw_up
from peersim.scenario.events import row_of
from peersim.studies.dropout_spread.following.diary import Week, weeks_of
from peersim.studies.dropout_spread.following.effects import KINDS
from peersim.studies.dropout_spread.following.history import History
from peersim.studies.dropout_spread.following.knock_outs import AS_IT_HAPPENED, KnockOut, compared
from peersim.studies.dropout_spread.following.places import Network
from peersim.studies.dropout_spread.following.remedies import Attempt, Fate, fates
from peersim.studies.dropout_spread.story.facts import Fact, Names, facts_of, sentence_of

if TYPE_CHECKING:
    from peersim.scenario.scenario import Scenario

AS_IT_WAS = "as it was"
MOST_OTHERS = 3
"""So many of those who left before them are tried as people who might have stayed."""


class Story(NamedTuple):
    """Everything about one person in one world.

    Attributes
    ----------
    names : Names
    facts : list of Fact
        What happened, in order.
    fate : Fate
    tried : list of Attempt
        Single changes, the best first.
    followers : KnockOut or None
        What the person's leaving did; None if they did not leave, or too late for it to be seen.
    weeks : list of Week
    """

    names: Names
    facts: list[Fact]
    fate: Fate
    tried: list[Attempt]
    followers: KnockOut | None
    weeks: list[Week]


def story_of(scenario: Scenario, options: Any) -> tuple[dict[str, pl.DataFrame], dict[str, Any]]:
    """Run the person's world, and again with each single change; gives tables and facts."""
    story = told(scenario, options)
    by_kind = followers_by_kind(story.followers, story.names) if story.followers else {}
    facts = {
        "story": [list(fact) for fact in story.facts],
        "took_part": story.fate.took_part,
        "is_followed": story.followers is not None,
        "followers": {kind: sorted(names) for kind, names in by_kind.items()},
        "levers": {one.lever.text: one.lever.label.as_data() for one in story.tried},
    }
    return story_tables(story), facts


def told(scenario: Scenario, options: Any) -> Story:
    """Run the person's world, and again with each single change."""
    row = row_of(scenario, {"week": 1, "keep": options.person})
    blueprint = draw_up(scenario)
    history = History(blueprint, options.seed)
    names = Names(blueprint.labels, row, blueprint.roles, scenario.communities)
    weeks = weeks_of(blueprint, options.seed, row)
    left_before = [blueprint.labels[k] for k in _left_before(history, row, weeks)]
    fate, tried = fates(scenario, options.seed, row, left_before, options.workers)
    tried.sort(key=lambda one: (not one.fate.has_place, not one.fate.took_part, one.fate.chance))
    facts = facts_of(weeks, history.world, names)
    return Story(names, facts, fate, tried, followers(history, row), weeks)


def story_tables(story: Story) -> dict[str, pl.DataFrame]:
    """Make the tables of one person's story."""
    by_week = groupby(story.facts, key=lambda fact: fact[0])
    said = [
        {"week": week, "text": " ".join(sentence_of(key, of).english for _, key, of in facts)}
        for week, facts in by_week
    ]
    each = [(AS_IT_WAS, story.fate), *((one.lever.text, one.fate) for one in story.tried)]
    changes = [{"change": text, **fate._asdict()} for text, fate in each]
    weeks = [
        {
            "week": week.week,
            "planned": week.planned,
            "came": week.came,
            "ties": len(week.ties),
            "close_ties": len(week.close),
            "chance": week.chance,
            "recovery": week.recovery,
            "strain": week.strain,
        }
        for week in story.weeks
    ]
    return {
        "story": pl.DataFrame(said),
        "story_changes": pl.DataFrame(changes, infer_schema_length=None),
        "story_weeks": pl.DataFrame(weeks),
    }


def _left_before(history: History, row: int, weeks: list[Week]) -> list[int]:
    """Those whom the person knew and who dropped out before them, the last first."""
    own = history.ends.left[row].min()
    knew = set().union(*(week.ties for week in weeks if week.week <= own))
    gone = [(history.ends.left[other].min(), other) for other in knew]
    before = sorted(
        ((week, other) for week, other in gone if week < min(own, history.blueprint.weeks)),
        reverse=True,
    )
    return [other for _, other in before[:MOST_OTHERS]]


def followers(history: History, row: int) -> KnockOut | None:
    """Knock the person's leaving out of their world."""
    for leaving in history.leavings():
        if leaving.row == row:
            history.remember([leaving.week - 1])
            week, network = leaving.week, Network(history.before(leaving.week).world)
            ends = history.as_it_went(week), history.without(row, week)
            return compared(history, AS_IT_HAPPENED, leaving, network.place_of(row), ends)
    return None


def followers_by_kind(found: KnockOut, names: Names) -> dict[str, list[str]]:
    """Name those whose leaving changed because the person left, by kind."""
    found_by: dict[str, list[str]] = {}
    for row, kind, there in zip(
        found.changed.row, found.changed.kind, found.changed.was_there, strict=True
    ):
        if there:
            found_by.setdefault(KINDS[kind], []).append(names.labels[int(row)])
    return found_by
