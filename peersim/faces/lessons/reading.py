"""Files of lessons and puzzles, in ``configs``."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from peersim.scenario.presets import config_folder


def names(group: str) -> list[str]:
    """What there is of a kind: ``"lessons"`` or ``"puzzles"``."""
    return sorted(file.stem for file in Path(config_folder(), group).glob("*.yaml"))


@functools.cache
def read(group: str, name: str) -> dict[str, Any]:
    """A file as plain data."""
    from omegaconf import OmegaConf

    found: Any = OmegaConf.to_container(
        OmegaConf.load(Path(config_folder(), group, f"{name}.yaml"))
    )
    return dict(found)
