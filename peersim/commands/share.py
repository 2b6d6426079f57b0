"""``peersim share``: two designs, the answer and sliders that work, as one file to send on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from peersim.commands.pages import MOST_WORKERS, is_packed, number, parted, spoken, typed
from peersim.kernel.catalogue import say
from peersim.kernel.declaration import LARGEST_SEED, InvalidInput
from peersim.kernel.paths import no_such_option

if TYPE_CHECKING:
    from peersim.faces.sharing.file import Sharing
    from peersim.scenario.scenario import Scenario

OWN = {
    "levers": "",
    "title": "",
    "year": "typical",
    "replicates": "100",
    "parameters": "plausible",
    "seed": "1",
    "own_people": "",
    "language": "",
    "out": "share.html",
    "pack": "yes",
    "workers": "0",
}
"""Words of this command, with what they are if they are not given; all others are settings."""


def command(words: Sequence[str]) -> None:
    """Make the file, and say where it is.

    Raises
    ------
    InvalidInput
        In one or two sentences; nothing is written.
    """
    own, settings = parted(words, OWN, "errors.share.words")
    language, packed = spoken(own), is_packed(own)

    from peersim.faces.page import checked_place, save
    from peersim.faces.sharing.file import planned, shared, written
    from peersim.presentation import terminal

    place = checked_place(own["out"])
    plan = planned(_asked(own, *_designs(settings)))
    with terminal.bar(say("progress.share"), "year", plan.runs) as bar:
        page = written(shared(plan, language, bar.update), packed)
    save(page, place)
    size = len(page.encode()) / 1000
    print(say("commands.share.written", file=place, size=size), flush=True)


def _designs(settings: Mapping[str, str]) -> tuple[Scenario, Scenario]:
    from peersim.commands.configuration import designs_of

    if not any(key.startswith(("a.", "b.")) for key in settings):
        raise InvalidInput("errors.share.two_designs")
    scenario, arms = designs_of(typed(settings))
    return arms.get("a", scenario), arms.get("b", scenario)


def _asked(own: Mapping[str, str], a: Scenario, b: Scenario) -> Sharing:
    from peersim.faces.sharing.file import MOST_YEARS, Sharing, checked_year
    from peersim.faces.sharing.own_people import ROUNDED
    from peersim.scenario.run_options import PARAMETERS

    if own["parameters"] not in PARAMETERS:
        raise no_such_option("parameters", own["parameters"], PARAMETERS)
    if own["own_people"] not in ("", ROUNDED):
        raise InvalidInput("errors.share.own_people_word", value=own["own_people"])
    return Sharing(
        a,
        b,
        re.findall(r"[^\s,\[\]]+", own["levers"]),
        own["title"],
        number(own, "replicates", 1, MOST_YEARS),
        own["parameters"],
        number(own, "seed", 0, LARGEST_SEED),
        checked_year(own["year"]),
        own["own_people"],
        number(own, "workers", 0, MOST_WORKERS),
    )
