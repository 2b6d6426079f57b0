"""Write the generated documents anew: ``uv run python docs/renew.py``.

docs/parameters.md is what ``peersim describe --markdown`` prints; docs/data_dictionary.md is made
from the columns declared in peersim/data/columns.csv and the catalogue of outcomes. In the
checklists (stress_abs.md, rat_rs.md) what stands between ``<!-- NAME: generated -->`` and ``<!--
end -->`` is written by the function NAME below. ``uv run python docs/renew.py results/presets``, after
``uv run peersim experiment=presets out=results/presets``, also writes the last column of presets.md.
"""

import re
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from peersim.commands import evidence_coverage as foundations
from peersim.commands.configuration import compose
from peersim.commands.describe import markdown, phases, rows
from peersim.kernel import chance as streams
from peersim.kernel.numbers import written
from peersim.model.outcomes import OUTCOMES
from peersim.model.people import PERSON
from peersim.results.columns import as_markdown, declared_columns, outcome_columns
from peersim.results.folder import read_results
from peersim.scenario import evidence
from peersim.scenario.presets import config_folder
from peersim.scenario.typology import DESIGNS
from peersim.studies.calibration.measurements import TARGETS

DOCS = Path(__file__).resolve().parent
CHECKLISTS = ("stress_abs.md", "rat_rs.md")


def read(name: str) -> str:
    """A document, or another file of the repository, by its path from docs/."""
    return (DOCS / name).read_text(encoding="utf-8")


def data_dictionary() -> str:
    """Every column a results folder can hold, then every outcome."""
    columns = [*declared_columns().values(), *outcome_columns().values()]
    text = as_markdown(columns).replace("## *.parquet", "## Columns of many tables")
    return text.replace(
        "# What stands in these tables", "# What stands in the tables of a results folder", 1
    )


def table(heads: Iterable[str], lines: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    heads = list(heads)
    cells = [heads, ["---"] * len(heads), *lines]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "/") for cell in row) + " |" for row in cells
    )


def code(words: Iterable[str]) -> str:
    """Words in code style, with commas."""
    return ", ".join(f"`{word}`" for word in words)


# -- for the checklist STRESS-ABS ----------------------------------------------------------------


def submodels() -> dict[str, str]:
    """Title of the submodel (docs/ODD.md, III.iv) to which each phase belongs."""
    found = {}
    for title, names in re.findall(r"^### \d+\. ([^(\n]+) \((.+)\)$", read("ODD.md"), re.M):
        found |= {name: title for name in re.findall(r"`(\w+)`", names.partition("parameters")[0])}
    return found


def diagram() -> str:
    """The week as a diagram: submodels in the order in which they act, and their phases."""
    belongs, steps = submodels(), []
    for name, _ in phases():
        title = belongs[name]
        if not steps or steps[-1][0] != title:
            steps.append((title, []))
        steps[-1][1].append(name)
    boxes = [
        f'  s{i}["{title}<br/><small>{", ".join(names)}</small>"]'
        for i, (title, names) in enumerate(steps)
    ]
    arrows = " --> ".join(f"s{i}" for i in range(len(steps)))
    return "\n".join(
        ["```mermaid", "flowchart TD", '  begin(["people drawn or read; week 0"])', *boxes,
         '  seen(["outcomes of the week recorded"])', f"  begin --> {arrows} --> seen",
         "  seen -- next week --> s0", "```"]
    )  # fmt: skip


def outcomes() -> str:
    """How many outcomes there are, and of what kind."""
    names = [outcome.name for outcome in OUTCOMES]
    again = [name for name in names if name.endswith("_reached") and name != "never_reached"]
    own = [name.removesuffix("_reached") for name in again]
    whole = [name for name in names if name not in {*own, *again}]
    return (
        f"{len(names)} outcomes a week: {len(own)} as means over everyone invited ({code(own)}), the same over those "
        f"reached and for each community, and {len(whole)} of the programme as a whole ({code(whole)})."
    )


def first_sentence(path: Path) -> str:
    """What a configuration file says of itself: its first comment, up to the first full stop or
    list of settings."""
    lines = [
        line.removeprefix("#").strip()
        for line in path.read_text("utf-8").splitlines()
        if line.startswith("# ")
    ]
    text = " ".join(line for line in lines if not line.startswith("@"))
    return re.split(r"(?<=[.?]) |: (?=a\.|data=)", text)[0]


def experiments() -> str:
    """Every kind of experiment, what it does, and how many runs it takes if nothing is said."""
    lines = []
    for file in sorted(Path(config_folder(), "experiment").glob("*.yaml")):
        config = compose([f"experiment={file.stem}"])
        size = f", `size={config.size}`" if config.size else ""
        lines.append([f"`{file.stem}`", first_sentence(file), f"{config.replicates}{size}"])
    return table(("`experiment=`", "what it does", "replicates"), lines)


def designs() -> str:
    """The designs that the main job compares."""
    return "\n".join(f"- *{each.label}*: {each.text}." for each in DESIGNS)


def agents() -> str:
    """What a person is made of."""
    return f"Each person has {len(PERSON.names)} entries ({code(PERSON.names)})."


def algorithms() -> str:
    """How many rules stand as equations in the description of the model."""
    blocks = re.findall(r"^```equation\n(.*?)^```", read("ODD.md"), re.M | re.S)
    rules = sum(len(block.strip().split("\n\n")) for block in blocks)
    return f"{rules} rules stand there as equations; a test evaluates each equation and the program's rule and compares."


def inputs() -> str:
    """How many parameters, and on what they stand."""
    return foundations.summary()


def chance() -> str:
    """The purposes of random draws."""
    names = [name for name in vars(streams) if name.isupper() and not name.startswith("_")]
    return f"{len(names)} purposes, each with draws of its own: {code(names)}."


def software() -> str:
    """Python and the packages that the model needs, as tested."""
    project = tomllib.loads(read("../pyproject.toml"))
    pins = dict(pin.split("==") for pin in project["tool"]["uv"]["constraint-dependencies"])
    needed = [re.split(r"[<>=]", each)[0] for each in project["project"]["dependencies"]]
    versions = ", ".join(f"{name} {pins[name]}" for name in needed)
    return f"Python {project['project']['requires-python']}; tested with {versions}."


# -- for the table of data use, RAT-RS -----------------------------------------------------------


def in_patterns() -> dict[str, list[str]]:
    """Which patterns each row of the evidence table bears on, by the list in docs/ODD.md."""
    found: dict[str, list[str]] = {}
    for pattern, line in re.findall(r"^\| (A\d+) (\|.+)$", read("ODD.md"), re.M):
        for key in re.findall(r"`([A-Z]\d\d)`", line):
            found.setdefault(key, []).append(pattern)
    return found


def kinds() -> dict[str, str]:
    """Kind of evidence of each parameter."""
    return {row["path"]: row["evidence"] for row in rows()}


def ways() -> dict[str, dict[str, list[str]]]:
    """For each row of the evidence table: what it is used for, and the parameters, targets or
    patterns concerned."""
    kind, patterns, found = kinds(), in_patterns(), {}
    for use in foundations.uses():
        by: dict[str, list[str]] = {"value": [], "tuned": [], "bounds": [], "design": []}
        for path in use.parameters:
            by["design" if path.startswith("trial.") else _WAY_OF[kind[path]]].append(path)
        found[use.key] = by | {"target": list(use.targets), "pattern": patterns.get(use.key, [])}
    return found


_WAY_OF = {"measured": "value", "theory": "value", "calibrated": "tuned", "assumption": "bounds"}
WAYS = {
    "value": "specification: a default is this figure, or has the direction it states",
    "tuned": "specification and calibration: it bears on a default that the calibration has set",
    "bounds": "specification: it bears on an assumption (direction, order of magnitude, bounds), without giving it",
    "design": "experimentation: a setting of the simulated trial",
    "target": "calibration: a target",
    "pattern": "evaluation: a pattern of docs/ODD.md, I.i, that tests look for",
}


def data_uses() -> str:
    """How many rows serve which purpose; a row can serve several."""
    used = ways()
    lines = [[text, str(sum(bool(by[way]) for by in used.values()))] for way, text in WAYS.items()]
    idle = sum(not any(by.values()) for by in used.values())
    return table(("use", "rows"), [*lines, ["none of these", str(idle)]]) + (
        f"\n\nThere are {len(evidence.table())} rows and {len(evidence.DOCUMENTS)} founding documents, "
        f"{len(TARGETS)} targets and {len(kinds())} parameters."
    )


def seen() -> str:
    """How the rows were read."""
    read_as = Counter(row["seen"].partition(" +")[0] for row in evidence.table().values())
    return "As " + ", ".join(f"{how} ({number})" for how, number in read_as.most_common()) + "."


def twice() -> str:
    """Rows that a default or a bound rests on and that are a target as well."""
    used = ways()
    both = [key for key, by in used.items() if by["target"] and by["value"]]
    near = [
        key
        for key, by in used.items()
        if by["target"] and (by["bounds"] or by["tuned"]) and not by["value"]
    ]
    return (
        f"A default is taken from the row and it is a target: {code(both)}. It bears on an assumption, or on a default "
        f"that the calibration has set, and is a target: {code(near)}. Hitting such a target says that the model can hold what was put in, and nothing more."
    )


def not_used() -> str:
    """Rows that could be calibrated to, or are so only in part, and why."""
    why = [
        [f"`{key}`", foundations.what_a_key_says(key), foundations.why_not(key)]
        for key in foundations.WHY_NOT
    ]
    return table(("key", "what it says", "why not, or only in part"), why)


def all_rows() -> str:
    """One line a row of the evidence table: what it says, about whom, how it was read, what for."""
    lines, used, who = [], ways(), ""
    words = {"value": "value of", "tuned": "calibrated", "bounds": "bears on", "design": "setting", "target": "target",
             "pattern": "pattern"}  # fmt: skip
    for key, row in evidence.table().items():
        who = who if row["population"] == "same" else row["population"]
        uses = "; ".join(f"{words[way]} {code(used[key][way])}" for way in WAYS if used[key][way])
        lines.append(
            [f"`{key}`", foundations.what_a_key_says(key), who, row["seen"], uses or "not used"]
        )
    return table(("key", "what", "who", "seen", "used for"), lines)


GENERATED: dict[str, Callable[[], str]] = {
    each.__name__: each
    for each in (diagram, outcomes, experiments, designs, agents, algorithms, inputs, chance, software, data_uses, seen,
                 twice, not_used, all_rows)
}  # fmt: skip


def renewed(text: str) -> str:
    """A checklist with every generated part written anew."""
    return re.sub(
        r"(<!-- (\w+): generated -->\n)(?:(?!<!-- end).)*(<!-- end -->)",
        lambda found: f"{found[1]}\n{GENERATED[found[2]]()}\n\n{found[3]}",
        text,
        flags=re.S,
    )


def documents() -> dict[str, str]:
    """Text of each generated document by its file name."""
    whole = {"parameters.md": markdown() + "\n", "data_dictionary.md": data_dictionary()}
    return whole | {name: renewed(read(name)) for name in CHECKLISTS}


def with_presets(text: str, folder: str) -> str:
    """docs/presets.md with the last column of each fact as a folder of `experiment=presets` has it."""
    for row in read_results(Path(folder))["facts"].to_dicts():
        name = re.escape(f"{row['preset']}.{row['fact']}")
        last = rf"^(\| `{name}` \|.*\|)[^|]+\|$"
        text = re.sub(
            last, lambda found, row=row: f"{found[1]} {in_words(row)} |", text, flags=re.M
        )
    return text


def in_words(row: dict) -> str:
    """What a fact's row ends with: the verdict, and the share of runs."""
    return row["verdict"] + ("" if row["share"] is None else f" ({written(row['share'], '%')})")


if __name__ == "__main__":
    for folder in sys.argv[1:]:
        text = with_presets(read("presets.md"), folder)
        (DOCS / "presets.md").write_text(text, encoding="utf-8")
    for name, text in documents().items():
        (DOCS / name).write_text(text, encoding="utf-8")
        print(f"docs/{name}")
