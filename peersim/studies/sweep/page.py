"""The page of a sweep: what was varied, figures, and a table of the points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from peersim.presentation.catalogue import words
from peersim.presentation.numbers import DASH, marked, quoted, tagged
from peersim.presentation.page import Grid, Page, Part, Text, say, setting, written
from peersim.presentation.wording import label
from peersim.studies.sensitivity.words import UNITS, number

if TYPE_CHECKING:
    import polars as pl

    from peersim.presentation.figures import Drawing

BY = "connectedness"
SHOWN = (BY, "retained", "isolated", "strain")
MOST_ROWS, ENDS, MOST_SETTINGS = 48, 10, 6


def page(
    points: pl.DataFrame,
    summary: pl.DataFrame,
    varied: Sequence[str],
    drawings: Sequence[Drawing],
    manifest: Mapping[str, Any],
) -> str:
    """Write the page.

    Parameters
    ----------
    points, summary : polars.DataFrame
        As they stand in the folder of the sweep.
    varied : sequence of str
        Settings that take more than one value.
    drawings : sequence of Drawing
    manifest : mapping
        Of the folder.
    """
    t = words()["sweep"]["page"]
    shown = list(varied) if len(varied) <= MOST_SETTINGS else []
    texts: list[Text] = [t["text"]] + ([t["many"]] if len(points) > MOST_ROWS else [])
    parts = [Part("found", t["found"], texts, drawings, list(_grids(points, summary, shown, t)))]
    parts.append(Part("varied", t["varied"], grids=[_factors(points, varied, t)]))
    return written(
        Page(t["title"], _failures(manifest, t), _facts(points, varied, manifest, t), parts),
        manifest,
    )


def _failures(manifest: Mapping[str, Any], t: Any) -> list[Text]:
    if not manifest.get("failed"):
        return []
    counts = {
        what: tagged(manifest[what], "whole", table="manifest", path=what)
        for what in ("failed", "runs")
    }
    return [say(t["failed"], **counts)]


def _facts(
    points: pl.DataFrame, varied: Sequence[str], manifest: Mapping[str, Any], t: Any
) -> list[tuple[Text, Text]]:
    asked = words()["sensitivity"]["page"]
    kind = manifest["identity"]["design"]["kind"]
    scenario = "identity.scenario."
    counts = {
        "points": tagged(len(points), "whole", table="points", what="count"),
        "runs": setting(manifest, "identity.replicates"),
    }
    found: list[tuple[Text, Text]] = [
        (t["design"], t["kinds"].get(kind, kind)),
        (asked["settings"], tagged(len(varied), "whole", table="points", what="settings")),
        (asked["points"], say(asked["points_runs"], **counts)),
    ]
    if "communities" not in varied:
        named = " + ".join(manifest["identity"]["scenario"]["communities"])
        found.append(
            (asked["communities"], quoted(named, table="manifest", path=f"{scenario}communities"))
        )
    for path, term in (("population.recipients", "people"), ("weeks", "weeks")):
        if path not in varied:
            found.append((asked[term], setting(manifest, scenario + path)))
    return found


def _grids(
    points: pl.DataFrame, summary: pl.DataFrame, shown: Sequence[str], t: Any
) -> Iterator[Grid]:
    import polars as pl

    wanted = summary.filter(pl.col("outcome").cast(pl.String).is_in(SHOWN))
    if len(points) <= MOST_ROWS:
        yield _grid(points, wanted, shown, t["all"])
        return
    by = wanted.filter((pl.col("outcome").cast(pl.String) == BY) & pl.col("mean").is_not_null())
    order = by.sort("mean", descending=True)["point"].to_list()
    for caption, numbers in ((t["most"], order[:ENDS]), (t["least"], order[-ENDS:])):
        chosen = pl.DataFrame({"point": numbers}, schema={"point": points["point"].dtype})
        yield _grid(chosen.join(points, on="point", maintain_order="left"), wanted, shown, caption)


def _grid(points: pl.DataFrame, summary: pl.DataFrame, shown: Sequence[str], caption: str) -> Grid:
    cells = {(row["point"], str(row["outcome"])): row for row in summary.to_dicts()}
    rows = []
    for point in points.iter_rows(named=True):
        which = tagged(point["point"], "whole", table="points", what="point")
        values = [
            quoted(_said(point[path]), table="points", point=point["point"], column=path)
            for path in shown
        ]
        rows.append([which, *values, *(_mean(cells[point["point"], name], name) for name in SHOWN)])
    heads = [
        words()["sweep"]["page"]["point"],
        *(Markup("<code>{}</code>").format(path) for path in shown),
    ]
    return Grid(caption, [*heads, *map(label, SHOWN)], rows, is_long=False)


def _said(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _mean(row: Mapping[str, Any], outcome: str) -> Markup:
    if row["mean"] is None:
        return DASH
    origin = {"table": "summary", "point": row["point"], "outcome": outcome}
    mean = marked(row["mean"], number(row["mean"], UNITS[outcome]), **origin, what="mean")
    if row["mean_high"] is None:
        return mean
    half = row["mean_high"] - row["mean"]
    text = number(half, UNITS[outcome]).removesuffix(" %")
    margin = marked(half, text, **origin, what="margin")
    return Markup('<span class="whole">{} <span class="margin">±{}</span></span>').format(
        mean, margin
    )


def _factors(points: pl.DataFrame, varied: Sequence[str], t: Any) -> Grid:
    from peersim.kernel.paths import leaves
    from peersim.scenario.scenario import Scenario

    names, rows = words()["sensitivity"]["page"]["columns"], []
    for path in varied:
        column, known = points[path], leaves(Scenario)[path].field.metadata
        origin = {"table": "points", "column": path}
        if column.dtype.is_numeric():
            ends = [
                quoted(_said(float(end)), **origin, what=what)  # type: ignore[arg-type]
                for end, what in ((column.min(), "lowest"), (column.max(), "highest"))
            ]
        else:
            options = ", ".join(map(str, column.unique(maintain_order=True)))
            ends = [quoted(options, **origin, what="options"), Markup("")]
        meaning = quoted(known.get("meaning", ""), table="parameters", path=path, column="meaning")
        rows.append([Markup("<code>{}</code>").format(path), *ends, meaning])
    return Grid(
        t["varied"], [names[name] for name in ("setting", "lowest", "highest", "meaning")], rows
    )
