"""The tidy tables of a run, made from its world."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import polars as pl

from peersim.kernel.chance import MEASURED, draws, normal_pair
from peersim.model.outcomes import NAMES, PERSONAL
from peersim.model.people import CHIME, EVERYDAY, TRAITS
from peersim.model.vocabulary import (
    CAUSES,
    COMMUNITIES,
    N_HAZARDS,
    PLACES,
    ROLES,
    STATUSES,
    TIE_ENDS,
)
from peersim.run.standing import causes_of, communities_of, living, roles_in
from peersim.run.stays import ENDS_OF_STAYS

if TYPE_CHECKING:
    from peersim.model.world import World
    from peersim.run.first_day import Blueprint
    from peersim.scenario.scenario import Scenario


class Run(Protocol):
    """What the tables are made from: see `peersim.run.simulation.Run`."""

    scenario: Scenario
    seed: int
    blueprint: Blueprint
    world: World
    values: np.ndarray


def _named(numbers: np.ndarray, names: Any) -> pl.Series:
    """Names for numbers; negative numbers are null."""
    return pl.Series([names[k] if k >= 0 else None for k in numbers.tolist()], dtype=pl.String)


def _weeks(numbers: np.ndarray) -> pl.Series:
    """Weeks, null where negative."""
    series = pl.Series(numbers.astype(np.int64))
    return series.set(series < 0, None)


def tidy(values: np.ndarray, seeds: np.ndarray | None = None) -> pl.DataFrame:
    """Recorded outcomes, (seed x) week x community x outcome, as a long table without undefined
    values.
    """
    if seeds is None:
        values = values[None]
    places = np.array(["all", *COMMUNITIES])
    s, w, c, o = (axis.ravel() for axis in np.indices(values.shape, dtype=np.int32))
    flat = values.ravel()
    kept = ~np.isnan(flat) & ((c == 0) | (o < len(PERSONAL)))
    frame = pl.DataFrame(
        {
            "week": w[kept].astype(np.int64),
            "community": pl.Series(places[c[kept]].astype(object), dtype=pl.String),
            "outcome": pl.Series(np.array(NAMES, dtype=object)[o[kept]], dtype=pl.String),
            "value": flat[kept],
        }
    )
    if seeds is None:
        return frame
    return frame.insert_column(0, pl.Series("seed", np.asarray(seeds)[s[kept]]))


def weekly(run: Run) -> pl.DataFrame:
    """week, community, outcome, value."""
    return tidy(run.values)


def _measured(run: Run, scores: np.ndarray, week: int) -> np.ndarray:
    """Scores as a questionnaire would find them in a week: with an item error and a passing state
    (P15, P16).
    """
    x = run.scenario.measurement
    luck = _luck_of_measuring(run.seed, week, tuple(run.blueprint.ids.tolist()))
    error = np.array([x.item_error * a + x.passing_error * b for a, b in luck])
    return np.asarray(np.clip(scores + error, 0.0, 60.0))


@functools.lru_cache(16)
def _luck_of_measuring(seed: int, week: int, ids: tuple[int, ...]) -> list[tuple[float, float]]:
    """The same in every design, and drawn in Python, which takes its time."""
    return [normal_pair(*draws(seed, MEASURED, week, k, 0)[:2]) for k in ids]


def _scores(run: Run) -> dict[str, np.ndarray]:
    p = run.world.people
    end = 60.0 * np.mean([p[name] for name in CHIME], axis=0)
    x = run.blueprint.params[0].population
    start = 60.0 * np.mean(
        [np.clip(p["own_" + name] - x.low_point, 0, 1) for name in CHIME], axis=0
    )
    return {
        "recovery": end,
        "recovery_start": start,
        "recovery_measured_start": _measured(run, start, 0),
        "recovery_measured_end": _measured(run, end, run.blueprint.weeks),
        "recovery_no_programme": run.world.baseline[run.blueprint.weeks],
    }


def people(run: Run) -> pl.DataFrame:
    """One row a person: traits, communities, states at the end, and how the programme as a whole
    ended for them.
    """
    p, n_traits = (
        run.world.people,
        (*TRAITS, "experience_x", "experience_y", "spare_hours", "outside_ties"),
    )
    frame = {"person": run.blueprint.labels, "role": _named(p["role"], ROLES)}
    frame |= {"supporter_since": _weeks(p["supporter_since"])}
    frame |= {name: p[name].copy() for name in n_traits}
    frame |= {"invited_week": p["invited_week"].copy(), "communities": communities_of(run.world)}
    frame |= {name: p[name].copy() for name in CHIME} | _scores(run)
    more = ("strain", "outside_contacts", "given", "received", *EVERYDAY)
    frame |= {name: p[name].copy() for name in more} | {
        name: p[name] > 0 for name in ("resting", "isolated")
    }
    frame |= {"first_meeting": _weeks(p["first_meeting"])}
    frame |= {"ties": p["n_ties"].copy(), "joined": _weeks(p["joined"]), "left": _weeks(p["left"])}
    return pl.DataFrame(frame | {"cause": _named(causes_of(run.world), CAUSES)})


def memberships(run: Run) -> pl.DataFrame:
    """One row a person and community they were ever asked into: waiting, joined, left, cause,
    sessions, hours.
    """
    row, c = np.nonzero(run.world.status != 0)
    m, labels = run.world.memberships[row, c], run.blueprint.labels
    return pl.DataFrame(
        {
            "person": [labels[k] for k in row.tolist()],
            "role": _named(run.world.people["role"][row], ROLES),
            "community": _named(c, COMMUNITIES),
            "status": _named(run.world.status[row, c], STATUSES),
            "waiting": _weeks(m["waiting"]),
            "joined": _weeks(m["joined"]),
            "left": _weeks(m["left"]),
            "cause": _named(m["cause"], CAUSES),
            "caused_by": _named(m["caused_by"], labels),
            "sessions_offered": m["offered"].astype(np.int64),
            "attended": m["attended"].astype(np.int64),
            "hours": m["hours"].copy(),
            "safety": m["safety"].copy(),
            "fit": m["fit"].copy(),
            "contributor": m["contributor"] > 0,
        }
    )


def _today(run: Run, story: np.ndarray) -> np.ndarray:
    """The ledger with hours, strength and confidence of ties that still exist taken from the
    world.
    """
    world = run.world
    today = world.ties[world.partners["tie"][living(world)]]
    for name in ("hours", "strength", "confidence"):
        story[name][today["row"]] = today[name]
    return story


def ties(run: Run) -> pl.DataFrame:
    """The ledger: one row a tie that ever was."""
    story = _today(run, run.world.ledger[: int(run.world.clock[0].n_ledger)].copy())
    labels = run.blueprint.labels
    return pl.DataFrame(
        {
            "person_a": [labels[k] for k in story["a"].tolist()],
            "person_b": [labels[k] for k in story["b"].tolist()],
            "met_in": _named(story["met_in"], PLACES),
            "formed_week": story["formed"].astype(np.int64),
            "ended_week": _weeks(story["ended"]),
            "end_reason": _named(story["reason"], TIE_ENDS),
            "hours": story["hours"].copy(),
            "strength": story["strength"].copy(),
            "confidence": story["confidence"].copy(),
            "across": story["across"] == 1,
        }
    )


def departures(run: Run) -> pl.DataFrame:
    """One row a departure, in order, with the share of each hazard at that moment (0 for ends
    decided elsewhere).
    """
    d, labels = run.world.departures[: int(run.world.clock[0].n_departures)], run.blueprint.labels
    frame = {
        "person": [labels[k] for k in d["person"].tolist()],
        "role": _named(roles_in(run.world, d["person"], d["week"]), ROLES),
        "week": d["week"].copy(),
        "community": _named(d["community"], COMMUNITIES),
        "cause": _named(d["cause"], CAUSES),
        "caused_by": _named(d["caused_by"], labels),
    }
    return pl.DataFrame(
        frame | {f"share_{CAUSES[k]}": d["share"][:, k].copy() for k in range(N_HAZARDS)}
    )


def survival(
    found: np.ndarray, labels: Sequence[str], roles: np.ndarray, seeds: np.ndarray | None = None
) -> pl.DataFrame:
    """One row a stay, as programs for survival analysis take it.

    Parameters
    ----------
    found : array of `stays.STAY`, (seeds x) people x communities
    labels : sequence of str
        Of the people.
    roles : int array, (seeds x) people
    seeds : int array, optional
    """
    several = found if seeds is not None else found[None]
    s, i, c = np.nonzero(several["began"])
    rows = several[s, i, c]
    columns = {
        "person": _named(i, labels),
        "role": _named(np.reshape(roles, several.shape[:2])[s, i], ROLES),
        "community": _named(c, COMMUNITIES),
        "duration": rows["duration"].astype(np.int64),
        "event": rows["event"].copy(),
        "end": _named(rows["end"], ENDS_OF_STAYS),
        "cause": _named(rows["cause"], CAUSES),
        "horizon": rows["horizon"].astype(np.int64),
    }
    return pl.DataFrame(columns if seeds is None else {"seed": np.asarray(seeds)[s]} | columns)
