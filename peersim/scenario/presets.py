"""Presets: what a named project sets, read from its configuration file."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from peersim.kernel.declaration import InvalidInput
from peersim.kernel.plain_data import flat


@functools.cache
def config_folder() -> str:
    """The folder of the configuration files: inside an installed package, or at the top of a
    checkout.
    """
    here = Path(__file__).resolve().parents[1]
    for folder in (here / "configs", here.parent / "configs"):
        if (folder / "config.yaml").is_file():
            return str(folder)
    raise InvalidInput("errors.configuration.files_missing", folder=here / "configs")


def preset(name: str) -> dict[str, Any]:
    """What a named project sets, by path.

    >>> preset("reden")["cafe.per_week"]
    1
    """
    from omegaconf import OmegaConf

    tree: Any = OmegaConf.to_container(
        OmegaConf.load(Path(config_folder(), "project", f"{name}.yaml"))
    )
    return dict(flat(tree))
