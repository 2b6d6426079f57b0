"""The words of figures, tables and reports, kept together so that each can be read in other
languages.
"""

from __future__ import annotations

import functools
import json
from importlib import resources
from typing import Any

from peersim.model.communities import REGISTRY

LANGUAGES = ("en",)


@functools.cache
def words(language: str = "en") -> dict[str, Any]:
    """Read the catalogue of one language; a community that it does not name has its own label."""
    text = (resources.files("peersim") / "locales" / f"{language}.json").read_text(encoding="utf-8")
    found = json.loads(text)
    found["places"] = {each.name: each.label for each in REGISTRY} | found["places"]
    return found
