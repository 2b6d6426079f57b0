"""One person's story in print, as tables, and as a page."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from peersim.presentation.numbers import quoted, tagged
from peersim.presentation.page import Grid, Page, Part, written
from peersim.studies.dropout_spread.lives import WINDOW
from peersim.studies.dropout_spread.remedies import Fate, Tried
from peersim.studies.dropout_spread.story.study import Story, followers_by_kind
from peersim.studies.dropout_spread.story.words import KINDS_OF_SUPPORT, REASONS, listed

if TYPE_CHECKING:
    import polars as pl

    from peersim.presentation.figures import Drawing
    from peersim.scenario.scenario import Scenario

WIDTH = 110
AS_IT_WAS = "as it was"
CAUTION = (
    "Each change was made from the first week on, in the same world: the same people, the same luck. That she would "
    "have stayed holds for this one world. The last column leaves her own luck in leaving out: it says how likely she "
    "was to drop out if everything around her went as it did. A change that keeps her and hardly lowers it kept her "
    "by luck; one that lowers it much is worth a thought although she left all the same."
)
FOLLOWED: Mapping[str, str] = {
    "caused": "left because of it, and would not have within the year",
    "brought forward": "left because of it, and would have later",
    "sooner": "left sooner",
    "later": "left later",
    "prevented": "stayed because of it",
    "put off": "stayed longer because of it",
}


def told(story: Story, seed: int) -> str:
    """Write the story for the screen."""
    lines = ["", *_filled(f"What happened to {story.names.her} (world {seed})"), ""]
    for week, text in story.sentences:
        lines += textwrap.wrap(
            text, WIDTH, initial_indent=f"week {week:>3}  ", subsequent_indent=" " * 10
        )
    lines += ["", *_filled(what_followed(story)), ""]
    lines += [*_filled(" ".join(verdict(story))), ""]
    if story.tried and has_dropped_out(story.fate):
        lines += _table(story)
        lines += ["", *_filled(CAUTION)]
    return "\n".join(lines)


def _filled(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH)


def has_dropped_out(fate: Fate) -> bool:
    """Whether there is anything that could have been prevented."""
    return fate.left is not None and not fate.has_place


def what_followed(story: Story) -> str:
    """Say what her leaving did to the others."""
    name, found = story.names.her, story.followers
    if not story.fate.took_part:
        return f"{name} had not taken part: there was nobody to follow her."
    if found is None:
        return f"{name} did not leave of herself, or too late in the year for what followed to be seen."
    by_kind = followers_by_kind(found, story.names)
    told = [
        f"{listed(sorted(by_kind[kind]))} {text}"
        for kind, text in FOLLOWED.items()
        if kind in by_kind
    ]
    what = (
        "; ".join(told)
        if told
        else "nobody among those who took part left, or stayed, because of it"
    )
    return (
        f"What her leaving did within {WINDOW} weeks, by the same world in which she stays: {what}."
    )


def verdict(story: Story) -> Iterator[str]:
    """Say whether her leaving could have been prevented, in a few sentences."""
    name, fate = story.names.her, story.fate
    if fate.left is None:
        took = "took part and" if fate.took_part else "never took part, and so"
        yield f"{name} {took} did not drop out: there is nothing that could have been prevented."
        return
    if fate.has_place:
        yield f"{name} dropped out of {_place(fate)} and has a place elsewhere: she was not lost to the programme."
        return
    keeping = [one.lever.text for one in story.tried if one.fate.has_place]
    yield f"Could her leaving have been prevented? {len(story.tried)} single changes were tried."
    if not keeping:
        yield "None of them would have kept her."
    else:
        yield f"{len(keeping)} of them would have kept her in this world: {listed(keeping)}."
    best = min(
        (one for one in story.tried if one.fate.took_part),
        key=lambda one: one.fate.chance,
        default=None,
    )
    if best and best.fate.chance < fate.chance:
        yield (
            f"What lowers her chance of dropping out of {_place(fate)} most is {best.lever.text}: from "
            f"{_in_100(fate)} to {_in_100(best.fate)}."
        )


def _place(fate: Fate) -> str:
    return KINDS_OF_SUPPORT[fate.community or ""]


def _in_100(fate: Fate) -> str:
    return f"{100 * fate.chance:.0f} in 100"


def ended(fate: Fate) -> str:
    """Say in a few words how her time ended."""
    if fate.has_place:
        return "stays, completes or moves on"
    if fate.left is None:
        return "still waiting" if not fate.took_part else "has no place at the end"
    return f"week {fate.left}: {REASONS[fate.cause or '']}"


def _table(story: Story) -> list[str]:
    rows = [("with", "what becomes of her", "chance of dropping out")]
    rows += [(AS_IT_WAS, ended(story.fate), _in_100(story.fate))]
    rows += [(one.lever.text, ended(one.fate), _in_100(one.fate)) for one in story.tried]
    return [f"{what:<50}{then:<52}{chance:>22}".rstrip() for what, then, chance in rows]


# -- tables and page -----------------------------------------------------------------------------


def story_tables(story: Story) -> dict[str, pl.DataFrame]:
    """Make the tables of one person's story."""
    import polars as pl

    told = [{"week": week, "text": text} for week, text in story.sentences]
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
        "story": pl.DataFrame(told),
        "story_changes": pl.DataFrame(changes, infer_schema_length=None),
        "story_weeks": pl.DataFrame(weeks),
    }


def faces(
    story: Story,
    tables: Mapping[str, pl.DataFrame],
    manifest: Mapping[str, Any],
    scenario: Scenario,
) -> tuple[list[Drawing], str]:
    """Give the page; a story has no figures."""
    return [], page(story, manifest)


def page(story: Story, manifest: Mapping[str, Any]) -> str:
    """Write the story as a page."""
    name = story.names.her
    weeks = [
        (quoted(week, table="story", column="week"), quoted(text, table="story", week=week))
        for week, text in story.sentences
    ]
    parts = [Part("story", "Week by week", grids=[Grid("What happened", ("week", ""), weeks)])]
    if has_dropped_out(story.fate):
        each = [Tried(_as_it_was(story), story.fate), *story.tried]
        rows = [
            (
                one.lever.text,
                tagged(one.fate.chance, "percent", table="story_changes", change=one.lever.text),
                ended(one.fate),
            )
            for one in each
        ]
        heads = ("with", "chance of dropping out", "what becomes of her")
        grid = Grid("Single changes", heads, rows)
        parts.append(Part("changes", "What would have kept her?", [CAUTION], grids=[grid]))
    facts = [
        ("Who", name),
        ("Programme", " + ".join(story.names.communities).replace("_", "-")),
        ("World", "one run; the same people and the same luck in every variant"),
    ]
    return written(
        Page(f"The story of {name}", [*verdict(story), what_followed(story)], facts, parts),
        manifest,
    )


def _as_it_was(story: Story) -> Any:
    return story.tried[0].lever._replace(text=AS_IT_WAS) if story.tried else None
