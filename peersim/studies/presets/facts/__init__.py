"""The facts of each preset. They and their rules were written down before any run was read."""

from __future__ import annotations

from peersim.studies.presets.facts import (
    morgencafeen,
    paths_to_everyday_life,
    reden,
    ung_til_ung,
    weshelter,
)

PRESETS = {
    each.name: each
    for each in (
        reden.PRESET,
        weshelter.PRESET,
        weshelter.WOMEN,
        morgencafeen.PRESET,
        ung_til_ung.PRESET,
        paths_to_everyday_life.PRESET,
    )
}
"""Every preset that has facts, by name."""
