"""Options of the study."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from peersim.studies.main import options


@dataclass(kw_only=True)
class Options(options.Options):
    """What `experiment=single` reads: the options of the main job."""

    cites: ClassVar[tuple[str, ...]] = ()
