"""Widgets for notebooks (anywidget): the player of a recording, and the network of a model that is
still being lived. They load the script that pages have, and ask for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from peersim.faces.layout import Growing
from peersim.faces.moment import bits_of, moment, people_now
from peersim.faces.page import built, packed, words
from peersim.faces.recording import FORMAT, VERSION
from peersim.kernel.catalogue import LANGUAGES
from peersim.kernel.catalogue import language as spoken
from peersim.kernel.declaration import InvalidInput, whole
from peersim.kernel.paths import no_such_option
from peersim.model.vocabulary import CAUSES, COMMUNITIES

try:
    import traitlets as t
    from anywidget import AnyWidget
except ModuleNotFoundError:
    from peersim.faces import no_widget as t  # type: ignore[no-redef]
    from peersim.faces.no_widget import AnyWidget  # type: ignore[assignment]

PARTS = (
    "app.not_prediction",
    *("kind.", "person.", "play.", "reason.", "stage.", "story.", "widget."),
)
"""First words of the keys that widgets need."""


class Shown(AnyWidget):
    """What all widgets have: the script, the words of both languages, and the person looked at."""

    _esm = built("widget.js")
    _shows = t.Unicode().tag(sync=True)
    _words = t.Dict().tag(sync=True)
    language = t.Unicode().tag(sync=True)
    person = t.Unicode(None, allow_none=True).tag(sync=True)

    @t.default("_words")
    def _all_words(self) -> dict[str, dict[str, str]]:
        return words(PARTS)

    @t.default("language")
    def _as_spoken(self) -> str:
        return spoken()

    @t.validate("language")
    def _known_language(self, proposal: Any) -> str:
        return _one_of("language", proposal["value"], LANGUAGES)


def _one_of(name: str, value: Any, options: Sequence[str]) -> str:
    if value not in options:
        raise no_such_option(name, value, options)
    return str(value)


class PlayerWidget(Shown):
    """The player of the classroom page as a widget, for Jupyter, marimo and Solara.

    Parameters
    ----------
    recording : dict
        From `record`, with ``stories=True`` if people's stories are to be told with their reasons.
    **traits
        First values of the traits below.

    Attributes
    ----------
    week : int
        The week shown. This and the next two are set by the player as well as from Python, and
        observed with ``observe``.
    person : str or None
        The person looked at, such as ``"R3"``.
    world : str or None
        The design shown alone; None: all of them side by side.
    language : {"en", "da"}
        By default the language that is spoken.
    recording : dict

    Raises
    ------
    InvalidInput
        If `recording` is none, has no such week, person or world, or if anywidget is not installed
        (``pip install 'peersim[notebook]'``).
    """

    _shows = t.Unicode("recording").tag(sync=True)
    _recording = t.Unicode().tag(sync=True)
    week = t.Int(0).tag(sync=True)
    world = t.Unicode(None, allow_none=True).tag(sync=True)

    def __init__(self, recording: Mapping[str, Any], **traits: Any) -> None:
        known = isinstance(recording, Mapping) and recording.get("format") == FORMAT
        if not known or recording.get("version") != VERSION:
            raise InvalidInput("errors.widget.no_recording", version=VERSION)
        self.recording = recording
        super().__init__(_recording=packed(recording), **traits)

    @t.validate("week")
    def _known_week(self, proposal: Any) -> int:
        return whole("week", proposal["value"], 0, self.recording["weeks"])

    @t.validate("person")
    def _known_person(self, proposal: Any) -> str | None:
        name, people = proposal["value"], [each["id"] for each in self.recording["people"]]
        if name is not None and name not in people:
            raise InvalidInput("errors.agents.nobody", name=name, first=people[0])
        return name  # type: ignore[no-any-return]

    @t.validate("world")
    def _known_world(self, proposal: Any) -> str | None:
        key, worlds = proposal["value"], [each["key"] for each in self.recording["worlds"]]
        return None if key is None else _one_of("world", key, worlds)


class NetworkWidget(Shown):
    """Who met this week in a model that is being lived: its network, drawn as on the pages.

    Parameters
    ----------
    model : PeerModel
        It is shown as it stands now; `follow` shows what has become of it.
    """

    _shows = t.Unicode("model").tag(sync=True)
    _people: Any = t.List().tag(sync=True)
    _names = t.Dict({"communities": list(COMMUNITIES), "causes": list(CAUSES)}).tag(sync=True)
    _used = t.Int().tag(sync=True)
    _weeks = t.Int().tag(sync=True)
    _now = t.Dict().tag(sync=True)

    def __init__(self, model: Any = None, **traits: Any) -> None:
        super().__init__(**(state_of(model) if model is not None else {}), **traits)

    def follow(self, model: Any) -> None:
        """Show a model as it stands now."""
        with self.hold_sync():
            for name, value in state_of(model).items():
                setattr(self, name, value)


_GROWING: WeakKeyDictionary[Any, Growing] = WeakKeyDictionary()
"""Where the people of each model stand that is shown while it is being lived."""


def state_of(model: Any) -> dict[str, Any]:
    """Traits of a `NetworkWidget` that shows a `PeerModel` as it stands now."""
    scenario, now = model.peer_scenario, moment(model.world)
    growing = _GROWING.setdefault(model, Growing(len(model.labels)))
    return {
        "_people": people_now(model.world, model.labels),
        "_used": bits_of(scenario.communities),
        "_weeks": scenario.weeks,
        "_now": now | {"at": growing.grown(now["week"], now["ties"])},
    }
