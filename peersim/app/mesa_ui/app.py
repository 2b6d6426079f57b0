"""What ``solara run peersim.app.mesa_ui.app`` shows; a page of your own takes as many lines."""

from peersim.app.mesa_ui.page import page_of
from peersim.scenario.scenario import Scenario, changed

Page = page_of(changed(Scenario(), {"communities": ["one_to_one", "group"]}))
