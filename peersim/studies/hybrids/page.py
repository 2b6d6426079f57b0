"""The page of the fifteen mixes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from peersim.presentation.numbers import quoted
from peersim.presentation.page import Grid, Page, Part, written
from peersim.studies.hybrids.printed import conclusions, head

if TYPE_CHECKING:
    import polars as pl

    from peersim.presentation.figures import Drawing
    from peersim.studies.hybrids.study import Choice

TITLE = "Which mix of communities, when so much is uncertain?"
_HOW = (
    "Every mix of the four pure types, for the same people with the same luck. Each is held as often as takes the same "
    "hours of supporters, or the same money, as the mix in the middle takes as configured. Parameters are not fixed: "
    "each world has one of the sets that the calibration left standing, so the intervals carry what is not known."
)
_REGRET = (
    "Regret is what choosing a mix costs, in connectedness of everybody invited, where another would have been better. "
    "The best of each set is found in one half of its worlds and compared in the other half: the best of fifteen would "
    "otherwise look better than it is."
)
_LIMITS = (
    "Mixes are made of pure types without a café, a page or team meetings; experiment=main shows these elements. "
    "A mix may be unable to take as many hours, however often its meetings are held (open circles). Hours of staff "
    "differ at equal hours of supporters; at equal cost they are counted, with prices that are assumptions."
)


def page(
    tables: Mapping[str, pl.DataFrame],
    choice: Choice,
    drawings: Sequence[Drawing],
    manifest: Mapping[str, Any],
) -> str:
    """Write the page."""
    of = {drawing.name: [drawing] for drawing in drawings}
    parts = [
        Part("compared", "Which gives most", [_HOW], of["mixes_compared"], [_grid(tables)]),
        Part("weighed", "What must be weighed", [], of["mixes_to_weigh"]),
        Part("out", "Whom each leaves out", [], of["mixes_left_out"]),
        Part("regret", "What a wrong choice costs", [_REGRET], of["mixes_regretted"]),
        Part("limits", "What this leaves out", [_LIMITS]),
    ]
    scenario = manifest["identity"]["scenario"]
    people = scenario["population"]
    facts = [
        (
            "People",
            quoted(
                f"{people['recipients']} recipients, {people['supporters']} supporters",
                table="manifest",
            ),
        ),
        ("Weeks", quoted(str(scenario["weeks"]), table="manifest")),
        ("Parameters", quoted(head(choice), table="regret")),
        ("Command", manifest["command"] or "from Python"),
    ]
    short = [quoted(line, table="regret") for line in conclusions(tables)]
    return written(Page(TITLE, short, facts, parts), manifest)


def _grid(tables: Mapping[str, pl.DataFrame]) -> Grid:
    import polars as pl

    keys = ["design", "basis"]
    connected = tables["mixes"].filter(pl.col("outcome") == "connectedness")
    costs = (
        tables["regret"]
        .filter(pl.col("outcome") == "connectedness")
        .select(*keys, "best_share", "regret")
    )
    rows = connected.join(costs, on=keys, maintain_order="left").sort(
        "basis", "gain", descending=[True, True]
    )
    return Grid(
        "Connectedness gained, best first",
        ["Mix", "Compared at", "Gain", "95 % interval", "Best in", "Regret", ""],
        [
            [
                row["label"],
                row["basis"],
                *(
                    quoted(cell, table="mixes")
                    for cell in (
                        f"{row['gain']:+.3f}",
                        f"{row['gain_low']:+.3f} to {row['gain_high']:+.3f}",
                        f"{row['best_share']:.0%}",
                        f"{row['regret']:.3f}",
                    )
                ),
                row["verdict"],
            ]
            for row in rows.iter_rows(named=True)
        ],
    )
