"""From configuration files and overrides to a checked scenario and the settings of a run
(Hydra).
"""

from __future__ import annotations

import functools
import hashlib
import re
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any

from hydra import compose as hydra_compose
from hydra import initialize_config_dir
from hydra.core.config_store import ConfigStore
from hydra.core.global_hydra import GlobalHydra
from omegaconf import DictConfig, OmegaConf

from peersim.kernel.declaration import InvalidInput
from peersim.kernel.paths import did_you_mean, either, groups, leaves, unknown
from peersim.kernel.plain_data import apart, flat, plain
from peersim.scenario.design import verify
from peersim.scenario.scenario import Scenario, changed, check
from peersim.scenario.settings import DEFAULTS, RunSettings, refuse_misplaced
from peersim.scenario.sweep_options import DesignChoice, EngineChoice
from peersim.studies import STUDIES
from peersim.studies.staffing.options import Promise
from peersim.studies.trial.options import Protocol

VERSION_BASE = "1.3"
_LOCK = threading.RLock()
_UNNAMED = (
    "out",
    "workers",
    "engine",
    "engine.address",
)  # keys that do not set one run apart from another
_FREE = ("a", "b", "design.vary", "design.bounds")
"""Nodes below which any setting of a scenario may be named."""


@dataclass
class Config(Scenario):
    """Everything that can be configured: the scenario, and the keys of a run."""

    seed: int = 1
    replicates: int = 100
    workers: int | None = 0
    out: str = "results"
    tables: str = "first"
    kind: str = "main"
    design: DesignChoice = field(default_factory=DesignChoice)
    engine: EngineChoice = field(default_factory=EngineChoice)
    a: dict[str, Any] = field(default_factory=dict)
    b: dict[str, Any] = field(default_factory=dict)
    precision: float | None = None
    outcomes: list[str] | None = None
    week: int | None = None
    size: str | None = None
    trial: Protocol = field(default_factory=Protocol)
    staffing: Promise = field(default_factory=Promise)
    person: str | None = None
    parameters: str = DEFAULTS
    data: str | None = None
    patterns: list[str] | None = None


@functools.cache
def config_folder() -> str:
    """The folder of the configuration files: inside an installed package, or at the top of a
    checkout.
    """
    here = Path(__file__).resolve().parents[1]
    for folder in (here / "configs", here.parent / "configs"):
        if (folder / "config.yaml").is_file():
            return str(folder)
    raise InvalidInput(
        f"The configuration files of peersim are missing; they belong in {here / 'configs'}."
    )


def _quote(text: str) -> str:
    if re.fullmatch(r"[\w/.+-]*|'.*'|\".*\"|\w+\(.*\)|.*\$\{.*|null", text, re.ASCII | re.DOTALL):
        return text
    return "'" + text.replace("'", "\\'") + "'"


def quoted(override: str, several: bool = False) -> str:
    """An override as Hydra can read it: names of files and folders may hold any character without
    quotes.

    Parameters
    ----------
    override : str
    several : bool
        Whether a comma parts several values (``-m``) or belongs to the name.

    >>> quoted("population.file=på café.csv"), quoted("weeks=30"), quoted("out=results/mine")
    ("population.file='på café.csv'", 'weeks=30', 'out=results/mine')
    """
    key, equals, value = override.partition("=")
    leaf = leaves(Config).get(key) or leaves(Scenario).get(re.sub(r"^[ab]\.", "", key))
    if not equals or leaf is None or leaf.type not in (str, str | None):
        return override
    parts = value.split(",") if several and not re.search(r"['\"(]", value) else [value]
    return f"{key}={','.join(map(_quote, parts))}"


def raw(overrides: Any) -> list[str]:
    """Overrides from Hydra's own configuration as they were written, with nothing in them
    resolved.
    """
    listed = OmegaConf.to_container(overrides, resolve=False)
    return [str(override) for override in listed or ()]


@functools.cache
def register() -> None:
    """Make the schema known to Hydra, and the name of a job's folder to OmegaConf."""
    schema = OmegaConf.structured(Config)
    for path in _FREE:
        OmegaConf.set_struct(OmegaConf.select(schema, path), False)
    ConfigStore.instance().store(name="config_schema", node=schema)
    OmegaConf.register_new_resolver(
        "folder_name", lambda overrides: folder_name(raw(overrides)), replace=True
    )


def folder_name(overrides: Sequence[str]) -> str:
    """A readable name for a run, made of what the command line changed; a folder can bear it.

    Commas and equals signs would have to be quoted when the name is given back as `out`; it has
    none.

    >>> folder_name(["communities=[group,digital]", "weeks=78", "out=results/mine"])
    'communities-group+digital__weeks-78'
    """
    parts = [part.lstrip("+") for part in overrides]
    parts = [
        re.sub(r"[\[\]{}'\" ]", "", part)
        for part in parts
        if part.partition("=")[0] not in _UNNAMED
    ]
    name = "__".join(re.sub(r"[^\w.+-]+", "-", part.replace(",", "+")) for part in parts)
    if len(name) <= 120:
        return name
    return f"{name[:100]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


@contextmanager
def _own_hydra() -> Iterator[None]:
    # We may be inside a Hydra job, a thread, or a notebook that has initialised Hydra for itself.
    with _LOCK:
        before = GlobalHydra.instance().hydra
        GlobalHydra.instance().hydra = None
        try:
            yield
        finally:
            GlobalHydra.instance().hydra = before


def compose(overrides: list[str]) -> DictConfig:
    """The configuration that a command line with these overrides has.

    Raises
    ------
    InvalidInput
        In one or two sentences.
    """
    from peersim.commands.error_messages import refuse_removals, sentence

    register()
    refuse_removals(overrides)
    overrides = [quoted(override) for override in overrides]
    with _own_hydra():
        try:
            with initialize_config_dir(config_folder(), version_base=VERSION_BASE):
                return hydra_compose("config", overrides)
        except Exception as error:  # whatever Hydra, OmegaConf or YAML make of what the user wrote
            raise InvalidInput(sentence(error, overrides)) from None


def unknown_keys(node: DictConfig, prefix: str = "") -> list[str]:
    """Keys that the schema does not know, added by ``+key=value``."""
    kind = OmegaConf.get_type(node)
    if not is_dataclass(kind):
        return []
    names = {field.name for field in fields(kind) if "omegaconf_ignore" not in field.metadata}
    found: list[str] = []
    for key in map(str, node):
        if key not in names:
            found.append(f"{prefix}{key}")
        elif isinstance(inner := node._get_node(key), DictConfig):
            found += unknown_keys(inner, f"{prefix}{key}.")
    return found


def _config_of(node: DictConfig) -> Config:
    from peersim.commands.error_messages import sentence

    if extra := unknown_keys(node):
        raise unknown(extra[0], leaves(Config))
    try:
        config = OmegaConf.to_object(node)
    except Exception as error:  # unresolved interpolations, missing values
        raise InvalidInput(sentence(error)) from None
    assert isinstance(config, Config)
    return config


def _scenario(config: Config) -> Scenario:
    return check(
        Scenario(**{field.name: getattr(config, field.name) for field in fields(Scenario)})
    )


def scenario_of(node: DictConfig) -> Scenario:
    """The checked scenario of a composed configuration."""
    return _scenario(_config_of(node))


def _named(tree: Mapping[str, Any], node: str) -> dict[str, Any]:
    """What stands below a free node, by path; `InvalidInput` for a path that no setting has."""
    known = leaves(Scenario)
    found = dict(flat(tree))
    for path in found:
        if path in groups(Scenario):
            member = next(name for name in known if name.startswith(path + "."))
            raise InvalidInput(
                f"{node}.{path} is a group of settings; name one of them, such as {node}.{member}."
            )
        if path not in known:
            raise unknown(f"{node}.{path}", [f"{node}.{name}" for name in known])
    return found


def _arms(config: Config, scenario: Scenario) -> dict[str, Scenario]:
    """The designs that ``a`` and ``b`` make of the scenario: what a project sets, if one is named,
    then the rest.
    """
    found = {}
    for node in ("a", "b"):
        tree = dict(getattr(config, node))
        project = tree.pop("project", None)
        changes = _named(tree, node)
        try:
            if project or changes:
                found[node.upper()] = changed(scenario, _set_by(project) | changes)
        except InvalidInput as complaint:
            raise InvalidInput(f"In {node}: {complaint}") from None
    return found


def _set_by(project: Any) -> dict[str, Any]:
    """What a named project sets, by path."""
    if not project:
        return {}
    usual, named = plain(load_scenario()), plain(load_scenario([f"project={project}"]))
    return apart(usual, named)


def _design(config: Config) -> DesignChoice | None:
    choice = config.design
    choice.vary, choice.bounds = (
        _named(choice.vary, "design.vary"),
        _named(choice.bounds, "design.bounds"),
    )
    choice.check()
    return None if choice.kind == "none" else choice


def _check_place(config: Config, design: DesignChoice | None) -> None:
    """Refuse a kind of experiment that does not exist, and keys that mean nothing to it."""
    if config.kind not in STUDIES:
        hint = did_you_mean(config.kind, STUDIES)
        raise InvalidInput(f"kind is {config.kind}; it can be {either(STUDIES)}.{hint}")
    given = {key: bool(getattr(config, key)) for key in ("a", "b")}
    unset = ("outcomes", "week", "precision", "size", "person", "data", "patterns")
    given |= {key: getattr(config, key) is not None for key in unset}
    given |= {"parameters": config.parameters != DEFAULTS}
    given |= {"design": design is not None, "engine": config.engine.kind != "local"}
    given |= {"trial": config.trial != Protocol(), "staffing": config.staffing != Promise()}
    refuse_misplaced(config.kind, given)
    if config.kind == "sweep" and (design is None or design.kind == "pawn"):
        raise InvalidInput(
            "experiment=sweep needs points to visit: design=grid design.vary.group.size=[6,8,10], "
            "or design=lhs design.over=[group,departure]."
        )
    if config.week is not None and not 0 <= config.week <= config.weeks:
        raise InvalidInput(
            f"week is {config.week}; it can be 0 to {config.weeks} (the number of weeks simulated)."
        )


def plan(
    node: DictConfig, overrides: Sequence[str] = (), command: str = ""
) -> tuple[str, Scenario, RunSettings]:
    """What a composed configuration asks for: kind of experiment, scenario and settings, all
    checked.

    Raises
    ------
    InvalidInput
        In one or two sentences.
    """
    config = _config_of(node)
    design = _design(config)
    _check_place(config, design)
    scenario = _scenario(config)
    keys = (
        "seed",
        "replicates",
        "out",
        "tables",
        "engine",
        "precision",
        "outcomes",
        "week",
        "size",
        "person",
        "parameters",
        "data",
        "patterns",
    )
    settings = RunSettings(
        workers=config.workers or 0,
        command=command,
        overrides=list(overrides),
        design=design,
        arms=_arms(config, scenario),
        trial=config.trial if config.kind == "trial" else None,
        staffing=config.staffing if config.kind == "staffing" else None,
        **{key: getattr(config, key) for key in keys},
    )
    settings.checked()
    if design is not None:
        verify(design, scenario, settings.arms, is_complete=config.kind == "sweep")
    return config.kind, scenario, settings


def own_folder(out: str, overrides: Sequence[str]) -> str:
    """The folder of a run: what the user named, else ``results`` or, if anything was changed, one
    in it.
    """
    named = any(override.startswith("out=") for override in overrides)
    name = folder_name(overrides)
    return out if named or out != Config.out or not name else f"{out}/{name}"


def load_scenario(overrides: Iterable[str] = ()) -> Scenario:
    """The scenario that a command line with these overrides would run.

    Parameters
    ----------
    overrides : iterable of str
        As on the command line: ``["project=reden", "population.recipients=40"]``. Keys of the run
        (`seed`, `out`, ...) are understood and make no difference to the scenario.

    Raises
    ------
    InvalidInput
        In one or two sentences.
    """
    return scenario_of(compose(list(overrides)))
