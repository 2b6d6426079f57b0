"""The words of figures, tables and reports, kept together so that each can be read in other
languages.
"""

from __future__ import annotations

import functools
import json
from importlib import resources
from typing import Any

LANGUAGES = ("en",)


@functools.cache
def words(language: str = "en") -> dict[str, Any]:
    """Read the catalogue of one language."""
    text = (resources.files("peersim") / "locales" / f"{language}.json").read_text(encoding="utf-8")
    return json.loads(text)
