"""What is shown of one person's story: what happened week by week, who followed, and what would have
kept them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from peersim.kernel.catalogue import Sentence, listed
from peersim.presentation.exhibit import Column, Exhibit, Row, Statement
from peersim.studies.dropout_spread.story.facts import WORDS, sentence_of
from peersim.studies.dropout_spread.story.story import AS_IT_WAS

if TYPE_CHECKING:
    from peersim.studies.study import Found

FOLLOWED = ("caused", "brought forward", "sooner", "later", "prevented", "put off")


def has_dropped_out(fate: Row) -> bool:
    """Whether there is anything that could have been prevented."""
    return fate["left"] is not None and not fate["has_place"]


def exhibits(found: Found) -> Iterator[Exhibit]:
    """Give the story, and the single changes."""
    yield Exhibit(
        f"{WORDS}.weeks",
        [Column("week", "0"), Column("text", value=_text)],
        [{"week": week, "facts": facts} for week, facts in _by_week(found.facts["story"])],
        table="story",
        by=("week",),
        section="story",
        values={"who": found.facts["person"], "world": found.facts["seed"]},
    )
    rows = found.tables["story_changes"].to_dicts()
    if has_dropped_out(rows[0]) and len(rows) > 1:
        levers = found.facts["levers"]
        yield Exhibit(
            f"{WORDS}.tried",
            [
                Column("change", value=lambda row: _lever(row["change"], levers)),
                Column("end", value=ended),
                Column("chance", "%"),
            ],
            rows,
            table="story_changes",
            by=("change",),
            section="changes",
        )


def _by_week(story: list[Any]) -> list[tuple[int, list[Any]]]:
    weeks: dict[int, list[Any]] = {}
    for week, key, values in story:
        weeks.setdefault(week, []).append((key, values))
    return list(weeks.items())


def _text(row: Row) -> str:
    return " ".join(str(sentence_of(key, values)) for key, values in row["facts"])


def _lever(text: str, levers: Mapping[str, Any]) -> Sentence:
    return Sentence(*levers[text]) if text in levers else Sentence("dropout_spread.lever.as_it_was")


def ended(fate: Row) -> Sentence:
    """Say in a few words how somebody's time ended."""
    if fate["has_place"]:
        return Sentence(f"{WORDS}.ended.stays")
    if fate["left"] is None:
        return Sentence(f"{WORDS}.ended.{'no_place' if fate['took_part'] else 'waiting'}")
    reason = Sentence(f"{WORDS}.reasons.{fate['cause']}")
    return Sentence(f"{WORDS}.ended.left", {"week": fate["left"], "reason": reason})


def sentences(found: Found) -> Iterator[Statement]:
    """Say whether the leaving could have been prevented, and what it did to the others."""
    rows = found.tables["story_changes"].to_dicts()
    assert rows[0]["change"] == AS_IT_WAS
    for key, values in (*_verdict(rows, found.facts), *_followed(found.facts)):
        who = {"who": found.facts["person"]}
        yield Statement(f"{WORDS}.{key}", {**who, **values}, table="story_changes")
    if has_dropped_out(rows[0]) and len(rows) > 1:
        yield Statement(f"{WORDS}.caution", section="changes")


Keyed = Iterator[tuple[str, dict[str, Any]]]


def _verdict(rows: list[Row], facts: Mapping[str, Any]) -> Keyed:
    fate, tried = rows[0], rows[1:]
    if fate["left"] is None:
        yield f"no_dropout.{'took_part' if fate['took_part'] else 'never_took_part'}", {}
        return
    place = Sentence(f"{WORDS}.places.{fate['community']}")
    if fate["has_place"]:
        yield "has_another_place", {"place": place}
        return
    keeping = [_lever(row["change"], facts["levers"]) for row in tried if row["has_place"]]
    yield "prevented", {"n": len(tried)}
    yield ("kept_by", {"n": len(keeping), "levers": listed(keeping)}) if keeping else ("none", {})
    there = [row for row in tried if row["took_part"]]
    best = min(there, key=lambda row: row["chance"], default=None)
    if best and best["chance"] < fate["chance"]:
        lever = _lever(best["change"], facts["levers"])
        values = {"before": fate["chance"], "after": best["chance"]}
        yield "lowers_most", {"place": place, "lever": lever, **values}


def _followed(facts: Mapping[str, Any]) -> Keyed:
    if not facts["took_part"]:
        yield "followed.not_there", {}
    elif not facts["is_followed"]:
        yield "followed.not_seen", {}
    elif not facts["followers"]:
        yield "followed.nobody", {"window": facts["window"]}
    else:
        yield "followed.some", {"window": facts["window"]}
        for kind in FOLLOWED:
            if others := facts["followers"].get(kind):
                yield f"followed.{kind}", {"n": len(others), "others": listed(others)}
