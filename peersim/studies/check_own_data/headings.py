"""Words of a project's list that are understood, in English and Danish: headings, and what stands
below them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "person": (
        "person",
        "name",
        "id",
        "participant",
        "member",
        "initials",
        "code",
        "navn",
        "deltager",
        "deltagere",
        "borger",
        "medlem",
        "initialer",
        "kode",
        "nr",
        "deltagernr",
        "deltagernummer",
        "bruger",
    ),
    "date": ("date", "day", "dato", "dag", "mødedato"),
    "week": ("week", "week_number", "uge", "ugenr", "ugenummer", "uge_nr"),
    "year": ("year", "år"),
    "present": (
        "present",
        "attended",
        "attendance",
        "came",
        "status",
        "fremmøde",
        "fremmødt",
        "mødt",
        "mødte",
        "deltog",
        "til_stede",
        "tilstede",
        "kom",
        "deltaget",
    ),
    "community": (
        "community",
        "activity",
        "meeting",
        "place",
        "programme",
        "fællesskab",
        "aktivitet",
        "møde",
        "tilbud",
        "sted",
        "forløb",
        "indsats",
    ),
    "group": ("group", "circle", "class", "gruppe", "hold", "cirkel"),
    "role": ("role", "rolle"),
    "start": (
        "start",
        "first_contact",
        "started",
        "startdato",
        "opstart",
        "start_dato",
        "første_kontakt",
        "henvist",
        "henvisningsdato",
        "visitationsdato",
    ),
    "stop": (
        "stop",
        "end",
        "stopped",
        "left",
        "slut",
        "stopdato",
        "slutdato",
        "stop_dato",
        "slut_dato",
        "ophør",
        "afsluttet",
        "ophørsdato",
    ),
    "reason": (
        "reason",
        "reason_for_stopping",
        "cause",
        "årsag",
        "stopårsag",
        "årsag_til_stop",
        "grund",
        "afslutningsårsag",
        "årsag_til_ophør",
    ),
}
"""Headings of columns, by what stands in the column."""

CAME = (
    "1",
    "x",
    "xx",
    "v",
    "✓",
    "✔",
    "+",
    "yes",
    "y",
    "true",
    "present",
    "came",
    "attended",
    "ja",
    "j",
    "sand",
    "mødt",
    "mødte",
    "mødte op",
    "fremmødt",
    "til stede",
    "tilstede",
    "kom",
    "deltog",
    "deltaget",
)
STAYED_AWAY = (
    "",
    "0",
    "-",
    "–",
    "no",
    "n",
    "false",
    "absent",
    "cancelled",
    "canceled",
    "excused",
    "sick",
    "nej",
    "falsk",
    "afbud",
    "meldt afbud",
    "udeblevet",
    "udeblev",
    "ikke mødt",
    "ikke fremmødt",
    "fravær",
    "fraværende",
    "syg",
    "ferie",
    "aflyst",
    "na",
    "n/a",
    "nan",
)

RECIPIENT = (
    "recipient",
    "participant",
    "member",
    "user",
    "visitor",
    "deltager",
    "modtager",
    "borger",
    "bruger",
    "medlem",
    "gæst",
    "besøgende",
)
SUPPORTER = (
    "supporter",
    "peer",
    "volunteer",
    "leader",
    "mentor",
    "instructor",
    "frivillig",
    "støtteperson",
    "støtte",
    "peer-støtte",
    "peerstøtte",
    "peer-støtter",
    "gruppeleder",
    "leder",
    "instruktør",
    "tovholder",
    "brobygger",
)
TOTALS = ("i alt", "ialt", "total", "sum", "antal", "antal fremmødte", "fremmødte i alt", "all")
"""What stands in the column of persons where a row is a sum."""

STAFF = ("staff", "employee", "ansat", "medarbejder", "personale", "fagperson")


MOST_TIMES = 14
"""Nobody comes more often in one cell: a larger number is a sum, or something else."""


def plain(text: str) -> str:
    """A heading as it is looked up: small letters, one underscore for whatever parts words.

    >>> plain(" Til-stede "), plain("Årsag til stop:")
    ('til_stede', 'årsag_til_stop')
    """
    return re.sub(r"\W+", "_", text.strip().lower()).strip("_")


def heading(text: str) -> str | None:
    """What stands in a column with this heading, or None.

    >>> heading("Navn"), heading("Dato"), heading("Bemærkninger")
    ('person', 'date', None)
    """
    word = plain(text)
    return next((name for name, words in HEADINGS.items() if word in words), None)


def times_came(text: str) -> int | None:
    """How often somebody came, by what stands in a cell; None if that cannot be told.

    >>> times_came("ja"), times_came("afbud"), times_came("2"), times_came("1,0"), times_came("måske")
    (1, 0, 2, 1, None)
    """
    word = " ".join(text.lower().split()).rstrip(".")
    if word in CAME:
        return 1
    if word in STAYED_AWAY:
        return 0
    number = re.fullmatch(r"(\d{1,2})(?:[.,]0+)?", word)
    return int(number[1]) if number and int(number[1]) <= MOST_TIMES else None


def role(text: str) -> str | None:
    """``recipient``, ``supporter`` or ``staff``; None if a cell says something else.

    >>> role("Frivillig"), role(""), role("direktør")
    ('supporter', 'recipient', None)
    """
    word = " ".join(text.lower().split())
    for name, words in (
        ("recipient", ("", *RECIPIENT)),
        ("supporter", SUPPORTER),
        ("staff", STAFF),
    ):
        if word in words:
            return name
    return None
