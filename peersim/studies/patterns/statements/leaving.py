"""Patterns of leaving: when misfits go, and whether departures spread along ties (A15, A20)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from peersim.kernel.catalogue import Sentence
from peersim.kernel.statistics import estimate
from peersim.model.vocabulary import CLOSED, LEFT, MISFIT, MOVED_ON
from peersim.model.world import World
from peersim.run.simulation import Run
from peersim.studies.main.arms import solve
from peersim.studies.patterns.finding import Finding, remark
from peersim.studies.patterns.laboratory import Changes, Laboratory, Times
from peersim.studies.patterns.measurements import NUMBER, recipients
from peersim.studies.patterns.pattern import BUILT_IN, EMERGENT, Pattern, above, within
from peersim.studies.patterns.statements.programmes import GROUP

LEAST, MOST = 0.01, 20.0
"""How many times as strong misfit may be made, so that as many leave by it."""

# -- misfits --------------------------------------------------------------------------------------


def _misfits(world: World) -> tuple[int, int]:
    """Recipients who leave a group as misfits within its course, and those of them in its first
    third.
    """
    who, group = recipients(world), NUMBER["group"]
    m, status = world.memberships[who, group], world.status[who, group]
    gone = (m["joined"] >= 0) & (status == LEFT) & (m["cause"] == MISFIT)
    weeks = (m["left"] - m["joined"])[gone]
    return int((weeks <= 11).sum()), int((weeks <= 11 / 3).sum())


def misfits_leave_early(lab: Laboratory) -> Finding:
    """Share of misfits who leave in the first third: less that where misfit counts alike at all
    times.

    In the comparison the rate of misfit is raised until as many leave by misfit in all, so that the
    frail are selected just as strongly.
    """
    found = lab.each_end(GROUP, _misfits)
    alike: Changes = {**GROUP, "departure.early": 0.0, "departure.first_meeting_group": 0.0}

    def misfits_at(factor: float) -> float:
        return float(
            lab.each_end({**alike, "departure.misfit": Times(factor)}, _misfits)[:, 0].mean()
        )

    factor = solve(misfits_at, float(found[:, 0].mean()), (1.0, misfits_at(1.0)), LEAST, MOST)
    null = lab.each_end({**alike, "departure.misfit": Times(factor)}, _misfits)
    real, selected = lab.shares(found[:, 1], found[:, 0]), lab.shares(null[:, 1], null[:, 0])
    text = remark(
        "misfits",
        real=f"{np.nanmean(real):.2f}",
        misfits=f"{found[:, 0].mean():.1f}",
        selected=f"{np.nanmean(selected):.2f}",
        alike=f"{null[:, 0].mean():.1f}",
        factor=f"{factor:.1f}",
    )
    return Finding(real - selected, [text])


# -- contagion -----------------------------------------------------------------------------------

WINDOW = 8
"""Weeks within which an exit counts as following another."""
SAME_START = 4
"""Weeks apart that two people may have begun to count as having begun together."""
DEGREES = (1, 3, 5, 7, 9, 12)
"""Where classes by number of living ties begin. Halves are too coarse: who comes more often has
more ties and stays."""
STILL_HERE, NOT_YET = 10_000, 20_000

MIXED: Changes = {
    "communities": ["group", "one_to_one"],
    "population.recipients": 200,
    "population.supporters": 40,
    "group.most": 40,
}
"""Four times as many people as by default, only to see more departures a run; circles are no
larger."""
OFF: Changes = {"departure.structure": False, "departure.loss": 0.0, "departure.social": 0.0}
"""All three channels by which departures spread, switched off."""


class Members(NamedTuple):
    """Everybody who took part in one community of one run, and their ties to each other."""

    began: np.ndarray
    left: (
        np.ndarray
    )  # week of leaving; for those who did not leave STILL_HERE, and the week of another end added
    kind: np.ndarray  # number of the class by role, traits and time of beginning
    formed: np.ndarray  # N x N, week in which the tie formed; NOT_YET
    ended: np.ndarray


def _kinds(world: World, rows: np.ndarray, began: np.ndarray) -> np.ndarray:
    """Role, third by a sum of the traits that feed leaving (exclusion, anxiety, being unlike
    others), and beginning.
    """
    p = world.people[rows]
    unlike = np.hypot(p["experience_x"], p["experience_y"])
    traits = (p["exclusion"], p["social_anxiety"], unlike)
    risk = sum(
        ((trait - trait.mean()) / (trait.std() + 1e-9) for trait in traits), np.zeros(len(rows))
    )
    third = 3 * np.argsort(np.argsort(risk, kind="stable"), kind="stable") // max(1, len(rows))
    return np.asarray((p["role"] * 3 + third) * 1000 + began // SAME_START)


def _tie_weeks(run: Run, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """When the ties among some people formed and ended, as matrices."""
    story = run.world.ledger[: int(run.world.clock[0]["n_ledger"])]
    place = np.full(len(run.world.people), -1)
    place[rows] = np.arange(len(rows))
    a, b = place[story["a"]], place[story["b"]]
    kept = (a >= 0) & (b >= 0)
    formed = np.full((len(rows), len(rows)), NOT_YET)
    ended = np.full((len(rows), len(rows)), -1)
    for one, other in ((a[kept], b[kept]), (b[kept], a[kept])):
        formed[one, other] = story["formed"][kept]
        ended[one, other] = np.where(story["ended"][kept] < 0, STILL_HERE, story["ended"][kept])
    return formed, ended


def _members(run: Run) -> Iterator[Members]:
    for name in MIXED["communities"]:
        m = run.world.memberships[:, NUMBER[name]]
        rows = np.flatnonzero(m["joined"] >= 0)
        m, status = m[rows], run.world.status[rows, NUMBER[name]]
        out = ((status == LEFT) & (m["cause"] != MOVED_ON)) | (status == CLOSED)
        over = np.where(m["left"] >= 0, m["left"], STILL_HERE)
        left = np.where(out, over, STILL_HERE + over)
        yield Members(
            m["joined"], left, _kinds(run.world, rows, m["joined"]), *_tie_weeks(run, rows)
        )


def follow_one(members: Members, leaver: int) -> tuple[float, float]:
    """How many with a tie to one leaver leave within the window after them, and how many would by
    chance.

    Chance is the mean over all permutations, among those of one kind and number of ties who are
    still there, of who is tied to the leaver.
    """
    week = members.left[leaver]
    ended = np.where(members.left >= STILL_HERE, members.left - STILL_HERE, members.left)
    there = (members.began <= week) & (ended > week)
    there[leaver] = False
    alive = (members.formed < week) & (members.ended >= week)
    degree = np.digitize(alive.sum(axis=1), DEGREES)
    kind = np.unique(len(DEGREES) * 2 * members.kind[there] + degree[there], return_inverse=True)[1]
    tied, going = alive[leaver, there], (members.left <= week + WINDOW)[there]
    size = np.bincount(kind)
    chance = np.bincount(kind, tied, len(size)) * np.bincount(kind, going, len(size)) / size
    return float((tied & going).sum()), float(chance.sum())


def _along_ties(run: Run) -> tuple[float, float, int]:
    """Exits that follow another along a tie; how many would by chance; and all departures."""
    pairs = [
        follow_one(members, leaver)
        for members in _members(run)
        for leaver in np.flatnonzero(members.left < STILL_HERE).tolist()
    ]
    seen, by_chance = np.sum(pairs, axis=0) if pairs else (0.0, 0.0)
    return float(seen), float(by_chance), len(pairs)


def _excess(lab: Laboratory, channel: str = "") -> Finding:
    """Exits along ties beyond chance, as a share of chance, with one channel on; a remark adds
    what it causes.
    """
    others = {path: value for path, value in OFF.items() if path != channel}
    found = lab.each_run({**MIXED, **others}, _along_ties)

    def remarks() -> list[Sentence]:
        seen, chance = found[:, 0].mean(), found[:, 1].mean()
        along = remark("along_ties", seen=f"{seen:.1f}", chance=f"{chance:.1f}")
        if not channel:
            return [along]
        off = lab.each_run({**MIXED, **OFF}, _along_ties)[:, 2]
        caused = estimate(found[:, 2] - off)
        ends = {"low": f"{caused.low:.1f}", "high": f"{caused.high:.1f}"}
        numbers = {"more": f"{caused.mean:+.1f}", "off": f"{off.mean():.0f}", **ends}
        return [along, remark("channel_adds", **numbers)]

    return Finding(lab.shares(found[:, 0] - found[:, 1], found[:, 1]), remarks)


def no_channel_no_contagion(lab: Laboratory) -> Finding:
    """Excess of exits along ties with all channels off: likeness alone."""
    return _excess(lab)


def structure_spreads(lab: Laboratory) -> Finding:
    """Excess with the structure channel alone: matches end with either side, groups too small
    close.
    """
    return _excess(lab, "departure.structure")


def loss_spreads(lab: Laboratory) -> Finding:
    """Excess with the loss channel alone: lost ties hurt and stop drawing."""
    return _excess(lab, "departure.loss")


def social_spreads(lab: Laboratory) -> Finding:
    """Excess with the social channel alone: others are seen to leave."""
    return _excess(lab, "departure.social")


PATTERNS = (
    Pattern(
        "A15", "P (a) G12 G17", BUILT_IN, above(0.02), "share of misfits", misfits_leave_early, 2
    ),
    Pattern(
        "A20a",
        "T (a)",
        EMERGENT,
        within(-0.1, 0.1),
        "excess over chance",
        no_channel_no_contagion,
        8,
    ),
    Pattern("A20b", "T (a)", BUILT_IN, above(0.02), "excess over chance", structure_spreads, 8),
    Pattern("A20c", "T (a)", BUILT_IN, above(0.02), "excess over chance", loss_spreads, 8),
    Pattern("A20d", "T (a)", BUILT_IN, above(0.02), "excess over chance", social_spreads, 8),
)
