"""The programmes that patterns compare, as changes to the default scenario."""

from __future__ import annotations

from peersim.scenario.typology import COMBINATIONS, ELEMENTS
from peersim.studies.patterns.laboratory import Changes

ONE_TO_ONE: Changes = {"communities": ["one_to_one"]}
GROUP: Changes = {"communities": ["group"]}
AVAILABILITY: Changes = {"communities": ["availability"]}
DIGITAL: Changes = {"communities": ["digital"]}
TYPES = {"one-to-one": ONE_TO_ONE, "group": GROUP, "availability": AVAILABILITY, "digital": DIGITAL}

_COMBINED: dict[str, Changes] = {
    design.name: {"communities": list(design.communities), **ELEMENTS, **design.elements}
    for design in COMBINATIONS
}
ONE_TO_ONE_WITH_GROUP_ELEMENT = _COMBINED["one_to_one_with_group_element"]
GROUP_WITH_VIRTUAL_ELEMENT = _COMBINED["group_with_one_to_one_and_virtual_element"]
AVAILABILITY_WITH_GROUP_ELEMENT = _COMBINED["availability_with_group_element"]
DIGITAL_WITH_GROUP = _COMBINED["digital_with_face_to_face_group"]
