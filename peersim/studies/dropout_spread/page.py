"""The page about how dropout spreads; every number in it says from which table it comes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from peersim.presentation.numbers import marked, tagged
from peersim.presentation.page import Grid, Page, Part, Text, say, setting, written

if TYPE_CHECKING:
    import polars as pl

    from peersim.presentation.figures import Drawing

HAPPENED = "as it happened"
TITLE = "How dropout spreads"
MEANS = (
    "For each person who left, the same world was lived again in which she stays: the same people, the same luck, the "
    "same past. Whatever differs afterwards is an effect of her leaving. Counted are others who took part when she "
    "left: those who then drop out within 26 weeks because of it, less those who stay because of it. Followers of "
    "followers are counted too."
)
PARTS: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "follow": ("How many follow?", MEANS, ("reproduction",)),
    "whose": (
        "Whose leaving is followed?",
        "Here people drawn by lot are made to leave, so that who they are does not depend on why they left.",
        ("who",),
    ),
    "what": (
        "Through what?",
        "The channels can be shut one by one. They interact, so each gets what it adds on average over all orders in "
        "which they can be opened; what is left with all three shut is the rest: her company and support are missing, "
        "and places come free.",
        ("channels",),
    ),
    "near": (
        "How near, and how soon?",
        "Steps along ties in the week before she left.",
        ("near_and_soon",),
    ),
    "long": (
        "How long do people stay?",
        "Kaplan and Meier's estimate of the share who have not dropped out.",
        ("survival",),
    ),
    "helps": ("What keeps one departure from becoming two?", "", ("levers",)),
    "books": (
        "What the books say",
        "With each departure the model notes whose leaving weighed most, if lost ties or others' leaving decided. That "
        "is a reason, not an effect: the person might have left anyway, and people also leave because of somebody "
        "whom nobody names, when support or company is missing or a group has become too small.",
        ("cascade",),
    ),
}


def page(
    tables: Mapping[str, pl.DataFrame], drawings: Sequence[Drawing], manifest: Mapping[str, Any]
) -> str:
    """Write the page.

    Parameters
    ----------
    tables : mapping of name to polars.DataFrame
    drawings : sequence of Drawing
    manifest : mapping
    """
    of = {drawing.name: drawing for drawing in drawings}
    labels = dict(tables["designs"].select("design", "label").iter_rows())
    grids = {
        "follow": _numbers(tables, labels),
        "helps": _levers(tables, labels),
        "books": _books(tables, labels),
    }
    parts = [
        Part(
            name,
            head,
            [text] if text else [],
            [of[one] for one in names if one in of],
            list(grids.get(name, [])),
        )
        for name, (head, text, names) in PARTS.items()
    ]
    facts: list[tuple[Text, Text]] = [
        (
            "Worlds",
            say(
                "{n} of each kind",
                n=tagged(_runs(tables), "whole", table="attribution", column="runs"),
            ),
        ),
        ("Weeks", setting(manifest, "identity.scenario.weeks")),
        (
            "People who look for support",
            setting(manifest, "identity.scenario.population.recipients"),
        ),
        ("Supporters", setting(manifest, "identity.scenario.population.supporters")),
    ]
    return written(Page(TITLE, list(_short(tables, labels)), facts, parts), manifest)


def _runs(tables: Mapping[str, pl.DataFrame]) -> float:
    return float(tables["attribution"]["runs"].max() or 0)  # type: ignore[arg-type]


def _rows(table: pl.DataFrame, **where: Any) -> list[dict[str, Any]]:
    return list(table.filter(**where).iter_rows(named=True)) if table.width else []


def _short(tables: Mapping[str, pl.DataFrame], labels: Mapping[str, str]) -> Iterator[Text]:
    rows = _rows(tables["reproduction"], measure="net", who="everybody", leaving=HAPPENED)
    clear = [row for row in rows if row["low"] > 0]
    for row in sorted(clear, key=lambda each: -each["mean"]):
        yield say(
            "{label}: 100 people who drop out are followed by about {n} others ({low} to {high}).",
            label=labels[row["design"]],
            **{
                key: _per_100(row, name)
                for key, name in (("n", "mean"), ("low", "low"), ("high", "high"))
            },
        )
    if open_ones := [labels[row["design"]] for row in rows if row not in clear]:
        yield say("Not told apart from none: {names}.", names=", ".join(open_ones))


def _per_100(row: Mapping[str, Any], name: str) -> Markup:
    value = float(row[name])
    return marked(
        value, f"{100 * value:.0f}", table="reproduction", design=row["design"], column=name
    )


def _numbers(tables: Mapping[str, pl.DataFrame], labels: Mapping[str, str]) -> Iterator[Grid]:
    measures = {
        "net": "follow, net",
        "caused": "caused",
        "brought_forward": "brought forward",
        "prevented": "prevented",
        "put_off": "put off",
        "newcomers": "among newcomers, net",
        "without_place": "without a place, net",
    }
    found = {
        (row["design"], row["measure"]): row
        for row in _rows(tables["reproduction"], who="everybody", leaving=HAPPENED)
    }
    rows = [
        (label, *(_cell(found.get((design, measure)), design, measure) for measure in measures))
        for design, label in labels.items()
    ]
    note = (
        "Caused: not within the year after otherwise. Brought forward: would have left later. Prevented and put off: "
        "the same the other way round. Newcomers took a place only after she left, perhaps hers, and may leave it too."
    )
    yield Grid("For each person who left", ("", *measures.values()), rows, note, is_long=False)


def _cell(row: Mapping[str, Any] | None, design: str, measure: str) -> Text:
    if row is None:
        return "–"
    mean = tagged(row["mean"], "two", table="reproduction", design=design, measure=measure)
    return say(
        "{mean} ({low} to {high})",
        mean=mean,
        **{
            end: tagged(
                row[end], "two", table="reproduction", design=design, measure=measure, column=end
            )
            for end in ("low", "high")
        },
    )


def _levers(tables: Mapping[str, pl.DataFrame], labels: Mapping[str, str]) -> Iterator[Grid]:
    rows = [
        (
            say("{label}: {what}", label=labels[row["design"]], what=row["text"]),
            *(
                tagged(
                    row[name],
                    "two",
                    table="spread_levers",
                    design=row["design"],
                    lever=row["lever"],
                    column=name,
                )
                for name in (
                    "without",
                    "with",
                    "difference",
                    "low",
                    "high",
                    "departures_difference",
                )
            ),
            row["verdict"],
        )
        for row in _rows(tables["spread_levers"])
    ]
    heads = (
        "",
        "followers without it",
        "with it",
        "change",
        "from",
        "to",
        "change in all who drop out in a world",
        "",
    )
    if rows:
        yield Grid("What each change does", heads, rows)


def _books(tables: Mapping[str, pl.DataFrame], labels: Mapping[str, str]) -> Iterator[Grid]:
    styles = {
        "share_named": "percent",
        "share_of_hazard": "percent",
        "named_for_each": "two",
        "net_for_each": "two",
        "named": "whole",
        "caused_or_brought_forward": "whole",
        "both": "whole",
    }
    rows = [
        (
            labels[row["design"]],
            *(
                tagged(row[name], style, table="attribution", design=row["design"], column=name)
                for name, style in styles.items()
            ),
        )
        for row in _rows(tables["attribution"])
    ]
    heads = (
        "",
        "departures with a name behind them",
        "share of the risk from others' leaving",
        "named for each who left",
        "followers for each who left",
        "named",
        "would not have happened",
        "both",
    )
    yield Grid("The books beside the knock-outs", heads, rows, is_long=False)
