"""A page of Mesa's SolaraViz for a scenario: who met this week, outcomes week by week, and sliders
made of declared settings. Every visitor has a model of their own.

Importing this switches off what Solara asks and tells its makers, and its badge, and refuses to go
on where the page would have to be fetched from elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Any

import solara
from mesa.visualization import SolaraViz, make_plot_component
from mesa.visualization.utils import update_counter
from solara.server import settings

from peersim.agents.model import PeerModel
from peersim.faces.recording import SHARES
from peersim.faces.widget import NetworkWidget, state_of
from peersim.kernel.catalogue import say
from peersim.kernel.declaration import InvalidInput
from peersim.kernel.declaration import declared as declared_in
from peersim.kernel.paths import no_such_option
from peersim.model.vocabulary import COMMUNITIES
from peersim.presentation.outcomes import label
from peersim.run.selection import known_outcome
from peersim.scenario.scenario import Scenario, changed

settings.telemetry.mixpanel_enable = False
settings.main.mode = "production"  # else the page asks its makers once whether it works
settings.theme.show_banner = False

ASSETS = "1.58.2"
"""Of the package solara-assets: the version that holds the scripts which Solara 1.64 asks for."""

if not (settings.assets.proxy_cache_dir / "@widgetti").exists():
    raise InvalidInput("errors.widget.no_assets", version=ASSETS)

Ends = tuple[float, float]

SLIDERS: dict[str, Ends | None] = {
    "population.recipients": (5, 200),
    "population.supporters": (1, 60),
    "group.size": None,
    "cafe.per_week": None,
    "departure.social": None,
    "departure.loss": None,
}
"""Settings that have a slider unless others are named; None: as far as they are declared."""

SHOWN = ("isolated", "retained", "connectedness")
"""Outcomes that are drawn unless others are named."""

BETWEEN = " + "
"""Between the names of communities in the list of mixes."""


class PageModel(PeerModel):
    """A model that Mesa's page makes anew at each reset, from what its inputs say.

    Attributes
    ----------
    refused : InvalidInput or None
        Why the scenario is shown as it was first: what the inputs say cannot be.
    """

    first: Scenario
    kinds: Mapping[str, type] | None

    def __init__(self, rng: int = 1, scenario: Any = None, **changes: Any) -> None:
        # `scenario` is one of Mesa's own kind, which its page hands on; ours is that of the page
        settings, refused = self.first, None
        try:
            settings = changed(self.first, read(changes))
        except InvalidInput as error:
            refused = error
        super().__init__(settings, rng, self.kinds)
        self.refused = refused
        live = self.step
        # a page may ask for several weeks at once, past the last one
        self.step = lambda: live() if self.running else None  # type: ignore[method-assign]


def page_of(
    scenario: Scenario,
    sliders: Mapping[str, Ends | None] = SLIDERS,
    outcomes: Sequence[str] = SHOWN,
    agent_types: Mapping[str, type] | None = None,
) -> Callable[[], Any]:
    """Make the page of a scenario, for ``solara run``: ``Page = page_of(scenario)``.

    Parameters
    ----------
    scenario : Scenario
        What is shown first, and what is changed.
    sliders : mapping of str to (lowest, highest) or None
        Paths of declared numbers, and how far each slider goes; None: to the bounds that are
        declared.
    outcomes : sequence of str
        Names of `peersim.OUTCOMES`; the first stands beside the network, all others on the next
        page.
    agent_types : mapping, optional
        As `PeerModel` takes it: people who decide in ways of their own.

    Returns
    -------
    solara component

    Raises
    ------
    InvalidInput
        If a setting or outcome is not known.
    """
    controls = controls_of(scenario, sliders)
    plots = [plot_of(name, scenario.weeks, int(place > 0)) for place, name in enumerate(outcomes)]

    class Shown(PageModel):
        """The scenario with what its page has set."""

        first, kinds = scenario, agent_types

    @solara.component
    def Page() -> None:  # noqa: N802 (components of Solara are written like classes)
        model = solara.use_reactive(solara.use_memo(Shown, []))
        SolaraViz(model, components=[(network, 0), *plots], model_params=controls, name="peersim")

    return Page


@solara.component
def network(model: PageModel) -> Any:
    """Draw who met this week, from the model as it stands."""
    update_counter.get()
    with solara.Column() as column:
        if model.refused is not None:
            solara.Error(say("faces.widget.refused", reason=str(model.refused)))
        NetworkWidget.element(**state_of(model))
    return column


def plot_of(outcome: str, weeks: int, page: int) -> Any:
    """Draw an outcome week by week, on axes that stay as they are, on a page of its own or not."""

    def finish(axes: Any) -> None:
        axes.set_xlim(0, weeks)
        axes.set_ylim(0, 1 if outcome in SHARES else None)
        axes.set_ylabel("")
        axes.set_title(label(outcome))

    drawing = {"post_process": finish, "save_format": "svg"}
    return make_plot_component(known_outcome(outcome), page=page, **drawing)


def controls_of(scenario: Scenario, sliders: Mapping[str, Ends | None]) -> dict[str, Any]:
    """Inputs of SolaraViz by the path of what they set."""
    mixes = [
        BETWEEN.join(mix)
        for number in range(1, len(COMMUNITIES) + 1)
        for mix in combinations(COMMUNITIES, number)
    ]
    first = BETWEEN.join(name for name in COMMUNITIES if name in scenario.communities)
    return {
        "rng": _slider("SliderInt", "seed", 1, (1, 200), 1),
        "communities": {"type": "Select", "label": "communities", "value": first, "values": mixes},
        **{path: _control(scenario, path, ends) for path, ends in sliders.items()},
    }


def _control(scenario: Scenario, path: str, ends: Ends | None) -> dict[str, Any]:
    declared = {each: (value, field) for each, value, field in declared_in(scenario)}
    if path not in declared:
        raise no_such_option("sliders", path, list(declared))
    value, field = declared[path]
    low, high = ends or (field.metadata["low"], field.metadata["high"])
    text = f"{path} ({low:g}–{high:g} {field.metadata['unit']})"
    if isinstance(value, int):
        return _slider("SliderInt", text, value, (low, high), 1)
    return _slider("SliderFloat", text, value, (low, high), step_of(low, high))


def _slider(kind: str, text: str, value: Any, ends: Ends, step: float) -> dict[str, Any]:
    low, high = ends
    return {"type": kind, "label": text, "value": value, "min": low, "max": high, "step": step}


def step_of(low: float, high: float) -> float:
    """About a hundredth of a range: 0.01 from 0 to 4, 0.0001 from 0 to 0.05."""
    return float(f"{10.0 ** (math.floor(math.log10(high - low)) - 2):.0e}")


def read(changes: Mapping[str, Any]) -> dict[str, Any]:
    """What inputs give as settings: a mix is a list of communities."""
    mix = changes.get("communities")
    return {**changes, **({"communities": mix.split(BETWEEN)} if isinstance(mix, str) else {})}
