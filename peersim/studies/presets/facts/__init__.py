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
    part.PRESET.name: part.PRESET
    for part in (reden, weshelter, morgencafeen, ung_til_ung, paths_to_everyday_life)
}
"""Every preset that has facts, by name."""
