"""Sentences as a page's script takes them: key and values, to be written in either language."""

from __future__ import annotations

from typing import Any

from peersim.faces.page import FACES
from peersim.kernel.catalogue import Sentence


def as_data(sentence: Sentence) -> dict[str, Any]:
    """A sentence as plain data, its key without the first word.

    >>> as_data(Sentence("faces.play.rare", {"n": 1, "of": 200}))
    {'key': 'play.rare', 'values': {'n': 1, 'of': 200}}
    """
    return {
        "key": sentence.key.removeprefix(FACES),
        "values": {name: _plain(value) for name, value in sentence.values.items()},
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Sentence):
        return as_data(value)
    return [_plain(each) for each in value] if isinstance(value, (list, tuple)) else value
