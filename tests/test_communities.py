"""Communities: one file and one line. Whatever is forgotten is said in a sentence, and one more moves
no draw of the others."""

import importlib
import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
import types
from dataclasses import replace
from pathlib import Path

import pytest

from peersim.kernel.declaration import InvalidInput
from peersim.model import communities
from peersim.model.communities import KEYS, PLACES, REGISTRY, Registered, key_of
from peersim.model.communities.kind import Community
from peersim.scenario.scenario import Scenario

ROOT = Path(__file__).resolve().parent.parent
ODD = (ROOT / "docs/ODD.md").read_text(encoding="utf-8")
STAGES = ("meets", "ends", "opens", "forms", "plans", "parts")
RECIPE = re.search(
    r"## Add a community.*?```\n(.*?)```.*?```\n(.*?)```",
    (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"),
    re.S,
)
FILE, LINE = (textwrap.dedent(" " * 3 + text.strip()) + "\n" for text in RECIPE.groups())


def _held(each):
    """Sentences about what a type's file should hold and does not."""
    found = []
    for what in (each.parameters, *(name for stage in STAGES if (name := getattr(each, stage)))):
        try:
            each.found(what)
        except LookupError as missing:
            found.append(str(missing))
    return found


def _numbers(each):
    kind = each.found(each.parameters)
    if not issubclass(kind, Community):
        return [f"{kind.__name__} is not a Community: write class {kind.__name__}(Community)."]
    try:
        kind().kind(Scenario())
    except InvalidInput as missing:
        return [str(missing)]
    return []


def _look(each, others):
    found = [
        f"{each.name} has no {what} in the registry."
        for what in ("parameters", "label", "colour", "marker", "meets")
        if not getattr(each, what)
    ]
    return found + [
        f"{each.name} has the {what} of {other.name}."
        for what in ("name", "label", "colour", "marker")
        for other in others
        if getattr(each, what) == getattr(other, what)
    ]


def _described(each, text):
    titles = " ".join(re.findall(r"^### \d+\. (.+)$", text, re.M))
    phases = [getattr(each, stage) for stage in STAGES if getattr(each, stage)]
    found = [
        f"docs/ODD.md names `{phase}` in the title of no submodel."
        for phase in phases
        if f"`{phase}`" not in titles
    ]
    if f"`{each.name}`" not in text:
        found.append(f"docs/ODD.md does not name the parameter group `{each.name}`.")
    return found


def missing(each, others, text=ODD):
    """Sentences that say what is missing of one type of community."""
    said = _look(each, others)
    held = [] if said else _held(each)
    return said + held + ([] if said or held else _numbers(each)) + _described(each, text)


def without_line(names):
    """Sentences about files that no line of the registry names."""
    known = {each.name for each in REGISTRY} | {"__init__", "kind"}
    return [
        f"peersim/model/communities/{name}.py has no line in REGISTRY." for name in names - known
    ]


@pytest.mark.parametrize("each", REGISTRY, ids=[each.name for each in REGISTRY])
def test_nothing_is_missing_of_a_community(each):
    assert missing(each, [other for other in REGISTRY if other is not each]) == []


def test_every_file_has_its_line():
    assert (
        without_line({file.stem for file in Path(communities.__file__).parent.glob("*.py")}) == []
    )


def test_keys_of_chance_depend_on_names_alone():
    assert [key_of(place) for place in KEYS] == list(range(8)) and set(KEYS) == set(PLACES[:8])
    made = [key_of(name) for name in ("walks", "choir", "cafe_of_walks")]
    assert len(set(made)) == 3 and all(2**56 <= key < 2**63 for key in made)


# -- a toy community by the recipe of CONTRIBUTING ------------------------------------------------


@pytest.fixture
def walks(monkeypatch):
    """The line and the file of the recipe, without any other process."""
    monkeypatch.setattr(communities, "PLACES", (*PLACES, "walks"))

    def made(text=FILE, **more):
        module = types.ModuleType("peersim.model.communities.walks")
        monkeypatch.setitem(sys.modules, module.__name__, module)
        exec(text, module.__dict__)
        return replace(eval(LINE.strip().rstrip(","), {"Registered": Registered}), **more)

    yield made


DESCRIBED = ODD + "\n### 7. Encounters (`meet_on_walks`)\nParameters: `walks`.\n"


def test_the_recipe_forgets_nothing(walks):
    assert missing(walks(), REGISTRY, DESCRIBED) == []


@pytest.mark.parametrize(
    "name", ["per_week", "hours", "intimacy", "exposure", "effort", "first_meeting"]
)
def test_a_forgotten_number_is_named(walks, name):
    text = re.sub(rf"^    {name}: .*\n", "", FILE, flags=re.M)
    assert missing(walks(text), REGISTRY, DESCRIBED) == [
        f"Walks has no {name}; every community needs them, as a parameter or from its method kind."
    ]


@pytest.mark.parametrize("what", ["parameters", "label", "colour", "marker", "meets"])
def test_a_forgotten_part_of_the_line_is_named(walks, what):
    said = missing(walks(**{what: ""}), REGISTRY, DESCRIBED)
    assert said == [f"walks has no {what} in the registry."]


def test_what_the_file_does_not_hold_is_named(walks):
    where = "which is not in peersim/model/communities/walks.py."
    others = {"parameters": "Strolls", "meets": "meet", "plans": "plan_walks"}
    text = DESCRIBED.replace("`meet_on_walks`", "`meet_on_walks`, `meet`, `plan_walks`")
    for stage, name in others.items():
        said = missing(walks(**{stage: name}), REGISTRY, text)
        assert said == [f"The community walks needs {name}, {where}"]


def test_what_else_can_be_forgotten_is_named(walks):
    plain = FILE.replace("class Walks(Community)", "class Walks")
    assert "not a Community" in missing(walks(plain), REGISTRY, DESCRIBED)[0]
    assert missing(walks(colour="#D55E00"), REGISTRY, DESCRIBED) == [
        "walks has the colour of group."
    ]
    assert len(missing(walks(), REGISTRY)) == 2  # neither the phase nor the group is described
    assert without_line({"walks", "group"}) == [
        "peersim/model/communities/walks.py has no line in REGISTRY."
    ]
    nowhere = Registered(name="nowhere", parameters="Nowhere")
    with pytest.raises(LookupError, match="The community nowhere has no file"):
        nowhere.found("Nowhere")


FOUR = ["one_to_one", "group", "availability", "digital"]
SMALL = {"population.recipients": 9, "population.supporters": 4, "population.arrival_weeks": 2, "weeks": 8,
         "training.weeks": 1, "training.uptake": 0.9, "sign_up.rate": 1.0, "group.size": 4, "group.minimum": 3,
         "group.patience": 1, "availability.class_minimum": 2, "availability.class_size": 3}  # fmt: skip
LEVERS = {"cafe.per_week": 1.0, "page.contact": 0.2, "supervision.per_month": 1.0, "team.per_month": 1.0}  # fmt: skip
QUICK = {
    **{name: {"communities": [name]} for name in FOUR},
    "instructor": {"communities": ["availability"], "availability.variant": "instructor"},
    "everything": {"communities": FOUR} | LEVERS,
    "redesign": {"communities": ["one_to_one"], "events": [
        {"week": 3, "switch": "one_to_one", "to": "availability"}, {"week": 4, "add": "digital"},
        {"week": 5, "lose_supporters": 1}, {"week": 6, "set": LEVERS}, {"week": 8, "funding_ends": True}]},
}  # fmt: skip
TOY = {
    "walks": {"communities": ["walks"]},
    "walks and group": {"communities": ["group", "walks"]} | LEVERS,
}
SCRIPT = """
import hashlib, json, sys
from peersim import simulate
from peersim.scenario.scenario import Scenario, changed
found = {}
for name, settings in json.loads(sys.argv[1]).items():
    run = simulate(changed(Scenario(), settings), 11)
    world = run.world
    parts = [run.values[:, :5].tobytes(), world.seen.tobytes()]
    parts += [world.people[each].tobytes() for each in world.people.dtype.names if each != "invited_to"]
    parts += [world.memberships[:, :4].tobytes(), world.ties["hours"].tobytes()]
    met = sorted(set(run.ties["met_in"].cast(str).to_list())) if run.ties.height else []
    found[name] = [hashlib.sha256(b"".join(parts)).hexdigest(), met, float(run.values[-1, -1, 8])]
print(json.dumps(found))
"""


def runs(package, settings, compiled=False):
    """What a package makes of some scenarios: a digest of all numbers, where people met, who stayed."""
    environment = os.environ | {"PYTHONPATH": str(package), "NUMBA_DISABLE_JIT": "01"[not compiled]}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SCRIPT, json.dumps(settings)],
        capture_output=True, text=True, cwd=package, env=environment, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def with_walks(tmp_path_factory):
    """A copy of the package to which the community was added by the recipe."""
    copied = tmp_path_factory.mktemp("with_walks")
    shutil.copytree(
        ROOT / "peersim", copied / "peersim", ignore=shutil.ignore_patterns("__pycache__")
    )
    home = copied / "peersim/model/communities"
    (home / "walks.py").write_text(FILE, encoding="utf-8")
    registry = (home / "__init__.py").read_text(encoding="utf-8")
    last = re.search(r"^REGISTRY = \(\n.*?^\)", registry, re.M | re.S).end() - 1
    text = f"{registry[:last]}    {LINE}{registry[last:]}"
    (home / "__init__.py").write_text(text, encoding="utf-8")
    return copied


def _check(with_walks, settings, toy, compiled):
    before, after = runs(ROOT, settings, compiled), runs(with_walks, settings | toy, compiled)
    assert {name: found[0] for name, found in before.items()} == {
        name: after[name][0] for name in before
    }
    assert len({found[0] for found in after.values()}) == len(after)
    for name in toy:
        _, met, retained = after[name]
        assert "walks" in met and retained > 0.0


@pytest.mark.compiles
def test_one_more_community_moves_no_draw_of_the_others(with_walks):
    """Interpreted, in small worlds: seven programmes as in the golden runs, and the toy at work."""
    small = {name: SMALL | each for name, each in QUICK.items()}
    _check(with_walks, small, {name: SMALL | each for name, each in TOY.items()}, False)


@pytest.mark.slow
def test_golden_runs_are_equal_to_the_last_bit_with_one_more_community(with_walks):
    golden = importlib.util.spec_from_file_location("renew", ROOT / "tests/golden/renew.py")
    renew = importlib.util.module_from_spec(golden)
    golden.loader.exec_module(renew)
    settings = {name: renew.SMALL | each for name, each in renew.RUNS.items()}
    assert set(settings) == set(QUICK)
    _check(with_walks, settings, {name: renew.SMALL | each for name, each in TOY.items()}, True)
