"""Complaints about a design in the words of a page: labels of controls and names of communities in
the place of what is typed on a command line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from peersim.faces.levers import label_of
from peersim.kernel.catalogue import Declared, Sentence
from peersim.kernel.declaration import InvalidInput
from peersim.kernel.paths import leaves
from peersim.scenario.scenario import Scenario

Values = Mapping[str, Any]
"""What stands in the blanks of a sentence."""


def _label(path: str) -> Sentence | Declared:
    meaning = leaves(Scenario)[path].field.metadata["meaning"]
    return label_of(path) or Declared("parameters", path, meaning)


def _kind(name: str) -> Sentence:
    return Sentence(f"faces.mix.{name}")


def _leaders(values: Values) -> Values:
    peers = values["supporters"] + values.get("asked", 0)
    return {"leaders": values["leaders"], "n": peers}


def _order(values: Values) -> Values:
    labels = {name: _label(values[name]) for name in ("lower", "upper")}
    return {"low": float(values["low"]), "high": float(values["high"]), **labels}


def _event(values: Values) -> Values:
    return {"week": values["week"], "kind": _kind(values["name"])}


def _idle(values: Values) -> Values:
    return {"label": _label(values["name"]), "kind": _kind(values["community"])}


_WORDS: Mapping[str, tuple[str, Callable[[Values], Values]]] = {
    "errors.setting.leaders": ("leaders", _leaders),
    "errors.setting.leaders_asked": ("leaders", _leaders),
    "errors.setting.order": ("order", _order),
    "errors.events.already_running": ("running", _event),
    "errors.events.not_running": ("not_running", _event),
    "errors.events.nothing_running": ("not_running", _event),
    "errors.share.idle": ("idle", _idle),
    "errors.share.fixed": ("fixed", lambda values: {"label": _label(values["name"])}),
}
"""By the key of a complaint: that of the sentence on a page, and what stands in its blanks."""


def in_words(complaint: InvalidInput, design: str = "") -> Sentence | None:
    """A complaint in the words of the page; None for one that no control of a page can bring about.

    >>> complaint = InvalidInput("errors.setting.leaders", leaders=2, supporters=1)
    >>> str(in_words(complaint, "b"))
    'In B a group is led by 2 peers, but there is only 1. Choose fewer leaders, or more peers.'
    """
    if complaint.key not in _WORDS:
        return _bounds(complaint)
    name, values = _WORDS[complaint.key]
    return Sentence(f"faces.refused.{name}", {"name": design.upper(), **values(complaint.values)})


def _bounds(complaint: InvalidInput) -> Sentence | None:
    label = label_of(str(complaint.values.get("name")))
    if label is None or not {"low", "high"} <= complaint.values.keys():
        return None
    bounds = {name: complaint.values[name] for name in ("low", "high")}
    return Sentence("faces.error.bounds", {"label": label, **bounds})
