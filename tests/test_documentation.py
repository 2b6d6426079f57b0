"""The documents and the program say the same: phases, state, parameters, chance, outcomes,
equations, examples."""

import functools
import importlib
import importlib.util
import inspect
import math
import random
import re
from enum import Enum
from pathlib import Path

import pytest

import peersim
from peersim.commands import evidence_coverage as foundations
from peersim.kernel import chance as streams
from peersim.model import people, ties, vocabulary, world
from peersim.model.communities import digital
from peersim.model.week import WEEK
from peersim.scenario import evidence
from peersim.scenario.evidence import unresolved
from peersim.scenario.scenario import Scenario

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
ODD = (DOCS / "ODD.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
RAT_RS = (DOCS / "rat_rs.md").read_text(encoding="utf-8")

HEADINGS = [
    "I Overview", "I.i Purpose and patterns", "I.ii Entities, state variables and scales",
    "I.iii Process overview and scheduling", "II Design concepts", "II.i Theoretical and empirical background",
    "II.ii Individual decision-making", "II.iii Learning", "II.iv Individual sensing", "II.v Individual prediction",
    "II.vi Interaction", "II.vii Collectives", "II.viii Heterogeneity", "II.ix Stochasticity",
    "II.x Observation and emergence", "III Details", "III.i Implementation details", "III.ii Initialisation",
    "III.iii Input data", "III.iv Submodels",
]  # fmt: skip


def section(text: str, heading: str) -> str:
    """The text below a heading, up to the next heading of its level or above."""
    level, _, after = next(
        (m.group(1), m.group(2), text[m.end() :])
        for m in re.finditer(r"^(#+) (.+)$", text, re.M)
        if m.group(2).startswith(heading)
    )
    end = re.search(rf"^#{{1,{len(level)}}} ", after, re.M)
    return after[: end.start()] if end else after


# -- the description of the model ----------------------------------------------------------------


def test_headings_are_those_of_the_protocol_in_order():
    found = re.findall(r"^#{1,2} ((?:I|II|III)(?:\.[ivx]+)? .+)$", ODD, re.M)
    assert found == HEADINGS


def test_process_overview_names_the_phases_of_the_week_in_order():
    listed = re.findall(r"^\d+\. `(\w+)`\. \w.+\.$", section(ODD, "I.iii"), re.M)
    assert listed == [phase.__name__ for phase in WEEK]


def test_numbers_of_the_process_overview_are_consecutive():
    numbers = [int(n) for n in re.findall(r"^(\d+)\. `", section(ODD, "I.iii"), re.M)]
    assert numbers == list(range(1, len(WEEK) + 1))


@pytest.mark.parametrize(
    "phase", [phase.__name__ for phase in WEEK if phase.__name__ != "keep_records"]
)
def test_every_phase_belongs_to_a_submodel(phase):
    titles = " ".join(re.findall(r"^### \d+\. (.+)$", section(ODD, "III.iv"), re.M))
    assert f"`{phase}`" in titles


@pytest.mark.parametrize(
    "record",
    [
        people.PERSON,
        people.MEMBERSHIP,
        people.CHANCES,
        people.SEEN,
        ties.TIE,
        world.CIRCLE,
        world.CLOCK,
    ],
)
def test_every_state_variable_is_described(record):
    described = section(ODD, "I.ii")
    assert [name for name in record.names if f"`{name}`" not in described] == []


def _used_streams() -> list[str]:
    purposes = [name for name in vars(streams) if name.isupper() and not name.startswith("_")]
    sources = [
        p.read_text(encoding="utf-8")
        for p in (ROOT / "peersim").rglob("*.py")
        if p.name != "chance.py"
    ]
    return [name for name in purposes if any(re.search(rf"\b{name}\b", text) for text in sources)]


def test_every_purpose_of_chance_is_described():
    listed = re.findall(r"^\| `(\w+)` \|", section(ODD, "II.ix"), re.M)
    assert sorted(listed) == sorted(_used_streams())


def test_patterns_are_those_declared_and_marked_alike():
    from peersim.studies.patterns.catalogue import PATTERNS

    listed = dict(re.findall(r"^\| (A\d+) \|.*\| ([a-z, ]+) \|$", section(ODD, "Patterns"), re.M))
    declared: dict[str, set[str]] = {}
    for pattern in PATTERNS:
        declared.setdefault(pattern.key.rstrip("abcdefgh"), set()).add(pattern.kind)
    assert {key: set(kinds.split(", ")) for key, kinds in listed.items()} == declared


def test_every_outcome_is_described():
    described = section(ODD, "II.x")
    names = [outcome.name for outcome in peersim.OUTCOMES if not outcome.name.endswith("_reached")]
    assert [name for name in names if f"`{name}`" not in described] == []


def test_every_outcome_is_written_by_its_name():
    text = inspect.getsource(importlib.import_module("peersim.model.outcomes"))
    names = [outcome.name for outcome in peersim.OUTCOMES if not outcome.name.endswith("_reached")]
    assert [
        f"nothing writes facts.{n}"
        for n in names
        if not re.search(rf"facts\.{n}\b[^=\n]* = ", text)
    ] == []


def _groups() -> list[str]:
    from peersim.kernel.paths import groups

    return [path for path in groups(Scenario) if path and "." not in path]


def test_every_parameter_group_is_named_and_belongs_to_a_submodel():
    named = section(ODD, "Entities")
    titles = section(ODD, "III.iv")
    places = {"cafe", "page", "digital"}  # described with the encounters they make
    assert [group for group in _groups() if f"`{group}`" not in section(ODD, "I.ii")] == [], named
    assert [g for g in _groups() if f"`{g}`" not in titles and g not in places] == []


def test_every_evidence_key_resolves():
    keys = re.findall(r"`([A-Z]\d\d)`", ODD)
    assert keys and [key for key in keys if unresolved(key)] == []


def test_every_parameter_path_that_is_named_exists():
    from peersim.kernel.paths import groups, leaves

    known = {*leaves(Scenario), *groups(Scenario)}
    for document in map(ROOT.joinpath, WRITTEN):
        text = re.sub(r"```.*?```", "", document.read_text(encoding="utf-8"), flags=re.S)
        named = re.findall(rf"`((?:{'|'.join(_groups())})\.\w+)`", text)
        modules = {p.stem for p in (ROOT / "peersim").rglob("*.py")}
        wrong = [
            n
            for n in named
            if n not in known and not _is_code(n) and n.split(".")[1] not in ("py", "md")
        ]
        assert wrong == [], (document.name, modules & set(wrong))


def _is_code(path: str) -> bool:
    module, _, name = path.rpartition(".")
    for home in ("peersim.", "peersim.model.", "peersim.model.processes.", "peersim.kernel."):
        try:
            return hasattr(importlib.import_module(home + module), name)
        except ImportError:
            continue
    return False


# -- the equations -------------------------------------------------------------------------------

WHOLE = {
    "role": (0, 1), "form": (0, 1), "organisation": (0, 2), "meetings": (0, 3), "tried": (0, 1), "absences": (0, 8),
    "met_in": (0, 7), "weeks": (1, 9), "dyads": (0, 3), "c": (0, 3), "week": (1, 200), "place": (0, 7),
    "leads": (-1, 1), "way_in": (0, 2), "drift_after": (0, 4), "shared": (0, 4), "age": (0, 60), "pair": (0, 1), "others": (1, 9),
}  # fmt: skip
"""What is a whole number, and from where to where; everything else is drawn from 0 to 1."""


class Number(float):
    """A number that is also a record: x.strain is a number and x.strain.rest another, drawn when
    first asked for."""

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        value = [0.0] * 9 if name == "hazard" else _drawn(f"{self._seed}.{name}", name)
        self.__dict__[name] = value
        return value

    def __getitem__(self, place):
        return getattr(self, f"at_{place}")


def _drawn(seed: str, name: str):
    luck = random.Random(seed)
    value = Number(luck.randint(*WHOLE[name]) if name in WHOLE else luck.random())
    value._seed = seed
    return int(value) if name in ("c", "place") else value


def _equations() -> list[tuple[str, list[str], list[str]]]:
    found = []
    for block in re.findall(r"^```equation\n(.*?)^```", ODD, re.M | re.S):
        for entry in block.strip().split("\n\n"):
            head, *body = entry.splitlines()
            name, arguments = re.fullmatch(r"([\w.]+)\((.*)\)", head).groups()
            found.append((name, arguments.split(", "), [line.strip() for line in body]))
    return found


EQUATIONS = _equations()


def _rule(name: str):
    module, _, function = name.rpartition(".")
    home = "peersim" if module.startswith("kernel.") else "peersim.model"
    return getattr(importlib.import_module(f"{home}.{module}"), function)


def _scope() -> dict:
    scope = {name: value for name, value in vars(vocabulary).items() if name.isupper()}
    scope |= {name: getattr(math, name) for name in ("exp", "log", "sqrt", "ceil")} | {
        "clip": people.clip
    }
    scope |= {name: getattr(digital, name) for name in ("FOLLOWS", "WRITES", "CHATS")}
    scope["organisation_in_force"] = _rule("programme.organisation_in_force")
    return scope | {name.rpartition(".")[2]: _rule(name) for name, _, _ in EQUATIONS}


def _state(values: list) -> list[dict]:
    return [
        {name: held for name, held in vars(value).items() if name != "_seed"}
        for value in values
        if isinstance(value, Number)
    ]


def _evaluate(names: list[str], body: list[str], values: list) -> object:
    scope = _scope() | dict(zip(names, values, strict=True))
    for line in body[:-1]:
        exec(line, scope)
    if re.match(r"[\w., \[\]]+ = ", body[-1]):
        return exec(body[-1], scope)
    return eval(body[-1], scope)


@pytest.mark.parametrize("name, arguments, body", EQUATIONS, ids=[name for name, _, _ in EQUATIONS])
def test_equation_is_the_rule(name, arguments, body):
    rule = _rule(name)
    assert list(inspect.signature(rule).parameters) == arguments
    for trial in range(200):
        once = [_drawn(f"{trial}.{argument}", argument) for argument in arguments]
        again = [_drawn(f"{trial}.{argument}", argument) for argument in arguments]
        said, done = _evaluate(arguments, body, once), rule(*again)
        if done is not None:
            assert said == pytest.approx(done, rel=1e-9, abs=1e-12), trial
            continue
        for left, right in zip(_state(once), _state(again), strict=True):
            for key in left.keys() & right.keys():
                assert left[key] == pytest.approx(right[key], rel=1e-9, abs=1e-12), (trial, key)


# -- the generated documents, the examples, the commands -----------------------------------------


@functools.cache
def _renewal():
    import runpy

    return runpy.run_path(str(DOCS / "renew.py"))


@functools.cache
def _renewed():
    return _renewal()["documents"]()


@pytest.mark.parametrize(
    "name", ["parameters.md", "data_dictionary.md", "stress_abs.md", "rat_rs.md"]
)
def test_generated_documents_are_up_to_date(name):
    expected = _renewed()[name]
    assert (DOCS / name).read_text(encoding="utf-8") == expected, (
        "renew it: uv run python docs/renew.py"
    )


def _texts() -> list[tuple[str, str, str]]:
    """Name, text and unit of everything that is declared with a text: parameters, settings of the
    trial, outcomes, columns."""
    from peersim.kernel.declaration import declared
    from peersim.results.columns import declared_columns
    from peersim.studies.trial.options import Protocol

    fields = [*declared(Scenario()), *declared(Protocol(), "trial.")]
    found = [(path, field.metadata["meaning"], field.metadata["unit"]) for path, _, field in fields]
    found += [(each.name, each.definition, each.unit) for each in peersim.OUTCOMES]
    return found + [
        (f"{c.table}: {c.column}", c.description, c.unit) for c in declared_columns().values()
    ]


def test_everything_that_is_declared_has_its_text_and_unit():
    assert [
        name for name, text, unit in _texts() if len(text.split()) < 2 or not unit.strip()
    ] == []


def test_every_outcome_has_a_direction_and_an_instrument():
    wrong = [
        each.name
        for each in peersim.OUTCOMES
        if each.better not in ("higher", "lower", "neither") or not each.instrument
    ]
    assert wrong == []


def test_every_column_that_is_described_is_one_that_the_program_writes():
    from peersim.model.vocabulary import CAUSES
    from peersim.results.columns import declared_columns

    sources = "\n".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "peersim").rglob("*.py")
    )
    names = {column for _, column in declared_columns()} - {f"share_{cause}" for cause in CAUSES}
    words = {word for name in re.findall(r"\w+", sources) for word in (name, *name.split("_"))}
    put_together = {
        name for name in names if set(name.split("_")) <= words
    }  # winner and low: f"{name}_low"
    assert sorted(names - words - put_together - {"population.file"}) == []


def test_every_setting_of_the_trial_is_explained_with_its_default():
    from peersim.kernel.declaration import declared
    from peersim.studies.trial.options import Protocol

    rows = re.findall(
        r"^\| (`trial\..+?) \| (.+?) \|", (DOCS / "trial.md").read_text(encoding="utf-8"), re.M
    )
    said = {
        name: value
        for names, values in rows
        for name, value in zip(re.findall(r"`([\w.]+)`", names), values.split(", "), strict=True)
    }
    values = {path: value for path, value, _ in declared(Protocol(), "trial.")}
    assert said == {
        path: value.name if isinstance(value, Enum) else f"{value:g}"
        for path, value in values.items()
    }


def test_every_key_of_a_run_is_explained():
    from dataclasses import fields

    from peersim.commands.configuration import config_type

    texts = "\n".join((ROOT / name).read_text(encoding="utf-8") for name in WRITTEN)
    keys = [field.name for field in fields(config_type())]
    assert [key for key in keys if not re.search(rf"(?<![\w/]){key}[=.`]", texts)] == []


STRESS = """1.1 Purpose of the model, 1.2 Model outputs, 1.3 Experimentation aims, 2.1 Base model overview diagram,
2.2 Base model logic, 2.3 Scenario logic, 2.4 Algorithms, 2.5.1 Components: environment, 2.5.2 Components: agents,
2.5.3 Components: interaction topology, 2.5.4 Components: entry and exit, 3.1 Data sources, 3.2 Pre-processing,
3.3 Input parameters, 3.4 Assumptions, 4.1 Initialisation, 4.2 Run length, 4.3 Estimation approach,
5.1 Software or programming language, 5.2 Random sampling, 5.3 Model execution, 5.4 System specification,
6.1 Computer model sharing statement""".replace("\n", " ").split(", ")
"""The twenty items of the guideline; 2.5, components, in its four parts."""


def test_every_item_of_the_reporting_guideline_is_answered():
    text = (DOCS / "stress_abs.md").read_text(encoding="utf-8")
    assert re.findall(r"^### (.+)$", text, re.M) == STRESS
    for item in STRESS:
        answer = re.sub(r"<!--.*?-->", "", section(text, item))
        assert len(answer.split()) > 20, item


def test_every_generated_part_is_in_a_checklist_and_known():
    renewal = _renewal()
    parts = [
        part
        for name in renewal["CHECKLISTS"]
        for part in re.findall(r"<!-- (\w+): ", (DOCS / name).read_text("utf-8"))
    ]
    assert sorted(parts) == sorted(renewal["GENERATED"])


def test_use_of_every_row_of_evidence_is_stated():
    listed = dict(
        re.findall(r"^\| `([A-Z]\d\d)` \|.*\| ([^|]+) \|$", section(RAT_RS, "Every row"), re.M)
    )
    assert set(listed) == set(evidence.table())
    for use in foundations.uses():
        named = [*use.parameters, *use.targets]
        assert [
            name for name in named if use.key in listed and f"`{name}`" not in listed[use.key]
        ] == []


def test_rows_that_could_be_calibrated_to_and_are_not_have_a_reason():
    assert set(foundations.unused().get("calibrate", ())) <= set(foundations.WHY_NOT)


def test_every_parameter_and_outcome_stands_in_the_tables():
    parameters, outcomes = (
        (DOCS / "parameters.md").read_text("utf-8"),
        (DOCS / "data_dictionary.md").read_text("utf-8"),
    )
    assert [path for path in peersim.parameters()["path"] if f"`{path}`" not in parameters] == []
    assert [each.name for each in peersim.OUTCOMES if f"| {each.name} |" not in outcomes] == []


@pytest.mark.parametrize("name", [name for name in peersim.__all__ if name != "__version__"])
def test_every_public_name_is_documented(name):
    module = importlib.util.find_spec(f"peersim.{peersim._HOME[name]}")
    if module is None:
        pytest.skip(f"peersim.{peersim._HOME[name]} is not there yet")
    thing = getattr(peersim, name)
    text = inspect.getdoc(thing) if callable(thing) else _words_below(name)
    assert text and len(text.split()) > 3


def _words_below(name: str) -> str | None:
    """The string that stands below an assignment, which is where a value is documented."""
    source = inspect.getsource(importlib.import_module(f"peersim.{peersim._HOME[name]}"))
    found = re.search(rf'^{name}\b[^\n]*= .*?\n"""(.+?)"""', source, re.M | re.S)
    return found and found.group(1)


def _examples(text: str = README) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", text, re.M | re.S)


@pytest.mark.docs
def test_python_examples_of_the_readme_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names: dict = {}
    for example in _examples():
        if "PeerModel" in example and importlib.util.find_spec("peersim.agents.model") is None:
            continue
        small = (
            example.replace("weeks=78", "weeks=24")
            .replace("at(78,", "at(24,")
            .replace("range(20)", "range(3)")
        )
        exec(compile(small, "README.md", "exec"), names)
    assert names["run"].weekly.columns == ["week", "community", "outcome", "value"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.docs
def test_python_examples_for_other_tools_run(tmp_path, monkeypatch):
    """All but those for the EMA Workbench, unless it is installed: it is no dependency."""
    monkeypatch.chdir(tmp_path)
    names: dict = {}
    page = (DOCS / "other_tools.md").read_text(encoding="utf-8")
    for example in _examples(page):
        if "ema_workbench" in example and importlib.util.find_spec("ema_workbench") is None:
            continue
        small = example.replace("problem, 64,", "problem, 2,").replace("range(20)", "range(2)")
        exec(compile(small.replace("scenarios=50", "scenarios=3"), "other_tools.md", "exec"), names)
    found = names["programme"](**{"group.size": 7.5, "departure.drift": 0.01, "cafe.per_week": 1.0})
    assert 0 < found["connectedness"] < 1
    assert (tmp_path / "life.gexf").exists() and names["indices"]["S1"].shape == (3,)
    if "outcomes" in names:
        assert names["outcomes"]["connectedness"].shape == (3,)


@pytest.mark.docs
def test_python_examples_for_notebooks_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names: dict = {}
    for example in _examples((DOCS / "notebooks_and_mesa.md").read_text(encoding="utf-8")):
        exec(compile(example, "notebooks_and_mesa.md", "exec"), names)
    assert (tmp_path / "lesson.html").exists()
    assert (names["widget"].week, names["widget"].person) == (20, "R3")


def _commands(text: str) -> list[str]:
    blocks = re.findall(r"^```\n(.*?)^```", text, re.M | re.S)
    inline = re.findall(r"`(uv run [^`]+)`", text)
    lines = [
        part.strip() for block in blocks for line in block.splitlines() for part in line.split("&&")
    ]
    return sorted({re.sub(r"\s+#.*", "", line) for line in [*lines, *inline] if "uv run " in line})


CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
COMPARING = (DOCS / "comparing.md").read_text(encoding="utf-8")
SENSITIVITY = (DOCS / "sensitivity.md").read_text(encoding="utf-8")
SWEEPS = (DOCS / "sweeps.md").read_text(encoding="utf-8")
PATTERNS = (DOCS / "patterns.md").read_text(encoding="utf-8")
TEXTS = (README, CONTRIBUTING, ODD, COMPARING, SENSITIVITY, SWEEPS, PATTERNS)
ADDED = re.compile("walks|luck")  # what the recipes of CONTRIBUTING add
COMMANDS = [
    c
    for c in sorted({command for text in TEXTS for command in _commands(text)})
    if not ADDED.search(c)
]


@pytest.mark.docs
@pytest.mark.parametrize("command", COMMANDS)
def test_commands_of_the_documents_exist(command, tmp_path, monkeypatch):
    import shlex

    from peersim.commands import cli, share
    from peersim.commands.describe import describe
    from peersim.commands.pages import parted
    from peersim.commands.rerun import asked

    (tmp_path / "people.csv").write_text(
        (ROOT / "configs/examples/people.csv").read_text("utf-8"), "utf-8"
    )
    monkeypatch.chdir(tmp_path)
    program, *words = shlex.split(command.removeprefix("uv run "))
    if program == "peersim" and words[:1] == ["rerun"]:
        assert asked(words[1:])
    elif program == "peersim" and words[:1] == ["share"]:
        own, settings = parted(words[1:], share.OWN, "errors.share.words")
        assert own["levers"] and share._designs(settings)
    elif program == "peersim" and words and words[0] in cli.COMMANDS:
        assert describe(words[1:])
    elif program == "peersim":
        for overrides in _jobs(words):
            peersim.load_scenario(overrides)
    elif program == "python":
        assert (ROOT / words[0]).exists()
    else:
        assert program in ("coverage", "pytest", "ruff", "mypy", "lint-imports")


def _jobs(words: list[str]) -> list[list[str]]:
    """Overrides of the job, or of each job where one setting has several values."""
    several, written = words[:1] == ["-m"], [word for word in words if word != "-m"]
    if not several:
        return [written]
    swept = next(word for word in written if "," in word)
    key, values = swept.split("=")
    return [
        [f"{key}={value}", *(word for word in written if word != swept)]
        for value in values.split(",")
    ]


def test_named_projects_are_those_of_the_configuration():
    listed = re.findall(r"^\| `(\w+)` \|", section(README, "Named projects"), re.M)
    assert set(listed) == {file.stem for file in (ROOT / "configs/project").glob("*.yaml")} - {
        "none"
    }


WRITTEN = sorted(
    str(path.relative_to(ROOT))
    for where in ("*.md", "docs/*.md", "experiments/**/*.md")
    for path in ROOT.glob(where)
)


@pytest.mark.parametrize("document", WRITTEN)
def test_links_and_files_that_are_named_exist(document):
    text, home = (ROOT / document).read_text(encoding="utf-8"), (ROOT / document).parent
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    files = [
        f
        for f in re.findall(r"`((?:peersim|docs|configs|tests)/[\w/.]+)`", text)
        if not ADDED.search(f)
    ]
    assert [link for link in links if not (home / link).exists()] == []
    assert [file for file in files if not (ROOT / file).exists()] == []


def test_functions_that_the_recipes_name_exist():
    sources = "\n".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "peersim").rglob("*.py")
    )
    for name in ("REGISTRY", "Kind", "state_facts", "_tie_facts", "_state_whole", "_PERSONAL", "_WHOLE", "came",
                 "together"):  # fmt: skip
        assert f"`{name}`" in CONTRIBUTING
        assert re.search(rf"(def {name}\(|^class {name}\b|^{name} =)", sources, re.M), name


def test_picture_of_the_readme_is_small():
    assert (DOCS / "images/effects.png").stat().st_size < 200_000
