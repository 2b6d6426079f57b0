"""Designs as people read them: tables hold their English labels, and these are worded where they
are shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from peersim.kernel.catalogue import has, say, worded
from peersim.presentation.outcomes import place_name
from peersim.scenario.typology import OWN


def design_label(name: str, label: str) -> str:
    """Name a design for people.

    Parameters
    ----------
    name : str
        In the tables.
    label : str
        What the tables call it.

    >>> design_label("your_design", "Your design (reden)"), design_label("A", "A")
    ('Your design (reden)', 'A')
    """
    if name == OWN:
        project = label.partition("(")[2].rstrip(")")
        return say("designs.own_of", project=project) if project else say("designs.own")
    if "+" in name:
        return say(f"hybrids.mix.{name}")
    if has(f"designs.names.{name}"):
        return say(f"designs.names.{name}")
    return label if name == label else worded("designs", name, label)


def communities_named(text: str) -> str:
    """Name the types of community where a text says which are set.

    >>> communities_named("A: communities=[one_to_one,group]. B: cafe.per_week=1")
    'A: one-to-one + group. B: cafe.per_week=1'
    """
    return re.sub(r"communities=\[([^\]]*)\]", lambda found: mix_name(found[1].split(",")), text)


def mix_name(communities: Iterable[str]) -> str:
    """Name types of community that go together.

    >>> mix_name(["one_to_one", "group"])
    'one-to-one + group'
    """
    return " + ".join(place_name(name.strip()) for name in communities if name.strip())


def design_text(name: str, text: str, communities: Sequence[str]) -> str:
    """Say in a line what a design is; `text` is what the tables say."""
    if name == OWN:
        return say("designs.own_text", communities=mix_name(communities))
    return worded("design_texts", name, text)
