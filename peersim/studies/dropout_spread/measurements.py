"""What is noted down of one world: rows for the tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from peersim.model.vocabulary import CAUSES, COMMUNITIES, ROLES
from peersim.run.standing import roles_in
from peersim.run.stays import stays
from peersim.studies.dropout_spread.attribution import (
    Departures,
    departures_of,
    followers_of,
    parents,
    trees,
    up_to,
)
from peersim.studies.dropout_spread.following.channels import combinations, effects_by_combination
from peersim.studies.dropout_spread.following.effects import KINDS
from peersim.studies.dropout_spread.following.history import WINDOW, History
from peersim.studies.dropout_spread.following.knock_outs import (
    AS_IT_HAPPENED,
    KnockOut,
    Sample,
    knock_outs,
)
from peersim.studies.dropout_spread.survival import Counts, count_up

Rows = list[dict[str, Any]]


class Noted(NamedTuple):
    """What is noted down of one world.

    Attributes
    ----------
    knock_outs, followers, channels, cascades : list of dict
        Rows of the tables with these names.
    departures : int
        Places given up before the last week.
    survival : dict of role to Counts
    named : dict
        Sums over the departures of this world: how many, and how many have a name behind them.
    """

    knock_outs: Rows
    followers: Rows
    channels: Rows
    cascades: Rows
    departures: int
    survival: dict[str, Counts]
    named: dict[str, float]


class Wanted(NamedTuple):
    """What is to be noted down.

    Attributes
    ----------
    sample : Sample
    open_or_shut : sequence of arrays
        Settings with the channels open or shut, for each blueprint; empty: channels are not looked
        into.
    cascades : bool
        Whether to keep the trees.
    """

    sample: Sample
    open_or_shut: Sequence[np.ndarray] = ()
    cascades: bool = False


def note(history: History, wanted: Wanted) -> Noted:
    """Look into every leaving of one world."""
    departures, labels = departures_of(history.world), history.blueprint.labels
    noted = Noted([], [], [], [], *_summed(history, departures))
    for found in knock_outs(history, wanted.sample):
        noted.knock_outs.append(_knock_out(found, departures, labels))
        noted.followers.extend(_followers(found, departures, history))
        if wanted.open_or_shut and found.kind == AS_IT_HAPPENED:
            effects = effects_by_combination(history, found.leaving, wanted.open_or_shut)
            names = ("+".join(names) or "none" for names in combinations())
            noted.channels.append(
                _about(found, labels) | dict(zip(names, effects.tolist(), strict=True))
            )
    if wanted.cascades:
        noted.cascades.extend(_cascades(up_to(departures, history.blueprint.weeks), history))
    return noted


def _about(found: KnockOut, labels: list[str]) -> dict[str, Any]:
    leaving = found.leaving
    return {
        "seed": found.seed,
        "leaving": found.kind,
        "person": labels[leaving.row],
        "week": leaving.week,
    }


def _knock_out(found: KnockOut, departures: Departures, labels: list[str]) -> dict[str, Any]:
    leaving, place = found.leaving, found.place
    named = (0, 0)
    if found.kind == AS_IT_HAPPENED:
        direct, every = followers_of(departures, leaving.row, leaving.week, leaving.week + WINDOW)
        named = int(direct.sum()), int(every.sum())
    return _about(found, labels) | {
        "role": ROLES[found.role],
        "community": COMMUNITIES[leaving.community],
        "cause": CAUSES[leaving.cause] if leaving.cause >= 0 else None,
        "ties": place.ties,
        "betweenness": place.betweenness,
        "popular": place.is_popular,
        "bridge": place.is_bridge,
        "net": found.net,
        **{
            name.replace(" ", "_"): int(count)
            for name, count in zip(KINDS, found.counts, strict=True)
        },
        "net_recipients": found.net_recipients,
        "net_supporters": found.net_supporters,
        "newcomers": found.net_newcomers,
        "gave_up": found.net_gave_up,
        "without_place": found.net_out,
        "named_direct": named[0],
        "named": named[1],
    }


def _followers(
    found: KnockOut, departures: Departures, history: History
) -> Iterator[dict[str, Any]]:
    """One row for each place that is given up in another week, or in one world only."""
    labels, role = history.blueprint.labels, history.blueprint.roles
    change, about = found.changed, _about(found, labels)
    named = set()
    if found.kind == AS_IT_HAPPENED:
        _, every = followers_of(
            departures, found.leaving.row, found.leaving.week, found.leaving.week + WINDOW
        )
        named = set(
            zip(departures.row[every].tolist(), departures.community[every].tolist(), strict=True)
        )
    for k, row in enumerate(change.row.tolist()):
        community, distance = int(change.community[k]), found.place.distance[row]
        yield about | {
            "follower": labels[row],
            "role": ROLES[int(role[row])],
            "community": COMMUNITIES[community],
            "was_there": bool(change.was_there[k]),
            "change": KINDS[change.kind[k]],
            "distance": int(distance) if np.isfinite(distance) else None,
            "week_with": _week(change.with_it[k]),
            "week_without": _week(change.without[k]),
            "named": (row, community) in named,
        }


def _week(week: float) -> int | None:
    return int(week) if np.isfinite(week) else None


def _summed(
    history: History, departures: Departures
) -> tuple[int, dict[str, Counts], dict[str, float]]:
    """Departures up to the last week, how long people stayed, and who is named behind these."""
    last = history.blueprint.weeks
    left = history.ends.left
    real = (departures.week <= last) & (
        left[departures.row, departures.community] == departures.week
    )
    said = {
        "departures": float(real.sum()),
        "named": float((real & (parents(departures) >= 0)).sum()),
        "share_of_hazard": float(departures.share[real].sum()),
    }
    return int((left <= last).sum()), _survival(history, last), said


def _survival(history: History, last: int) -> dict[str, Counts]:
    found = stays(history.world, history.blueprint.scenario, last)
    roles = history.world.people["role"]
    these = {name: found[found["began"] & (roles == k)[:, None]] for k, name in enumerate(ROLES)}
    return {name: count_up(each["duration"], each["event"], last) for name, each in these.items()}


def _cascades(departures: Departures, history: History) -> Iterator[dict[str, Any]]:
    """One row for each departure that belongs to a tree of more than one."""
    labels, parent = history.blueprint.labels, parents(departures)
    role = roles_in(history.world, departures.row, departures.week)
    for number, tree in enumerate(trees(departures)):
        if len(tree.places) < 2:
            return
        for place, generation in zip(tree.places.tolist(), tree.generation.tolist(), strict=True):
            yield {
                "seed": history.seed,
                "tree": number,
                "departures": len(tree.places),
                "generation": generation,
                "person": labels[departures.row[place]],
                "role": ROLES[int(role[place])],
                "week": int(departures.week[place]),
                "community": COMMUNITIES[int(departures.community[place])],
                "cause": CAUSES[int(departures.cause[place])],
                "caused_by": labels[departures.row[parent[place]]] if parent[place] >= 0 else None,
            }
