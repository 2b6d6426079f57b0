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
from dataclasses import fields, is_dataclass
from typing import Any

from hydra import compose as hydra_compose
from hydra import initialize_config_dir
from hydra.core.config_store import ConfigStore
from hydra.core.global_hydra import GlobalHydra
from omegaconf import DictConfig, OmegaConf

from peersim import studies
from peersim.commands.error_messages import complaint_of
from peersim.commands.overrides import refuse_overrides
from peersim.commands.settings import config_type, designs, free, options
from peersim.kernel.declaration import InvalidInput
from peersim.kernel.paths import groups, leaves, no_group, unknown
from peersim.kernel.plain_data import apart, flat, plain
from peersim.scenario.demonstration import Demonstration, settings_of
from peersim.scenario.presets import config_folder
from peersim.scenario.run_options import RunOptions
from peersim.scenario.scenario import Scenario, changed, check

VERSION_BASE = "1.3"
_LOCK = threading.RLock()
TWO = ("a", "b")
"""Nodes of two designs."""

_UNNAMED = (
    "out",
    "workers",
    "figures",
    "language",
    "engine",
    "engine.address",
    "population.codes",
)  # keys that do not set one run apart from another


_NO_WORD = re.compile(r"true|false|[+-]?(nan|inf|[\d_]*\.?[\d_]+\.?(e[+-]?\d+)?)", re.I)
"""What Hydra takes for something else than a word, unless it stands in quotation marks."""


def _quote(text: str) -> str:
    plain = r"[\w/.+-]*|'.*'|\".*\"|\w+\(.*\)|.*\$\{.*|null"
    if re.fullmatch(plain, text, re.ASCII | re.DOTALL) and not _NO_WORD.fullmatch(text):
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
    >>> quoted("out=true"), quoted("out=1e3")
    ("out='true'", "out='1e3'")
    """
    key, equals, value = override.partition("=")
    leaf = leaves(config_type()).get(key) or leaves(Scenario).get(re.sub(r"^[ab]\.", "", key))
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
    schema = OmegaConf.structured(config_type())
    for path in free():
        OmegaConf.set_struct(OmegaConf.select(schema, path), False)
    ConfigStore.instance().store(name="config_schema", node=schema)
    for each in Demonstration:
        given = settings_of(Scenario, each) | {"demonstration": each.name}
        ConfigStore.instance().store(
            group="demonstration", name=each.name, node=_nested(given), package="_global_"
        )
    OmegaConf.register_new_resolver(
        "folder_name", lambda overrides: folder_name(raw(overrides)), replace=True
    )


def _nested(settings: Mapping[str, Any]) -> DictConfig:
    """Settings by path, in levels."""
    tree = OmegaConf.create()
    for path, value in settings.items():
        OmegaConf.update(tree, path, value)
    return tree


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


def compose(overrides: list[str], with_hydra: bool = False) -> DictConfig:
    """The configuration that a command line with these overrides has; if asked for, with Hydra's
    own part.

    Raises
    ------
    InvalidInput
        In one or two sentences.
    """
    register()
    refuse_overrides(overrides)
    overrides = [quoted(override) for override in overrides]
    with _own_hydra():
        try:
            with initialize_config_dir(config_folder(), version_base=VERSION_BASE):
                return hydra_compose("config", overrides, return_hydra_config=with_hydra)
        except Exception as error:  # whatever Hydra, OmegaConf or YAML make of what the user wrote
            raise complaint_of(error, overrides) from None


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


def _config_of(node: DictConfig) -> Any:
    if extra := unknown_keys(node):
        raise unknown(extra[0], leaves(config_type()))
    try:
        config = OmegaConf.to_object(node)
    except Exception as error:  # unresolved interpolations, missing values
        raise complaint_of(error) from None
    _check_kinds(config)
    return config


def _check_kinds(config: Any) -> None:
    """Refuse what has come in the place of a group when interpolations were resolved."""
    known = leaves(config_type())
    for path, kind in groups(config_type()).items():
        if not isinstance(functools.reduce(getattr, path.split("."), config), kind):
            raise no_group(path, known)
    for path in free():
        value = known[path].get(config)
        if not isinstance(value, dict):
            raise known[path].complaint(value)


def _scenario(config: Any) -> Scenario:
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
            said = {"name": f"{node}.{path}", "member": f"{node}.{member}"}
            raise InvalidInput("errors.setting.group", **said)
        if path not in known:
            raise unknown(f"{node}.{path}", [f"{node}.{name}" for name in known])
    return found


def _design_at(config: Any, node: str, scenario: Scenario) -> Scenario | None:
    """The design that a node makes of the scenario: what a project sets, if one is named, then the
    rest; None if it says nothing.
    """
    tree = dict(getattr(config, node))
    project = tree.pop("project", None)
    _refuse_named(project, tree.get("demonstration", scenario.demonstration.name))
    changes = _named(tree, node)
    if not (project or changes):
        return None
    try:
        return changed(scenario, _set_by(project) | changes)
    except InvalidInput as complaint:
        said = {"node": node, "complaint": complaint}
        raise InvalidInput("errors.configuration.in_node", **said) from None


def _refuse_named(project: Any, demonstration: Any) -> None:
    """A named project is never exaggerated: it would be taken for what is known of it."""
    nothing = (None, "none")
    if project not in nothing and demonstration not in nothing:
        raise InvalidInput("errors.setting.exaggerated_project", project=project)


def _refuse_exaggerated(overrides: Iterable[str]) -> None:
    given = dict(each.split("=", 1) for each in overrides if "=" in each)
    for node in ("", *(f"{name}." for name in TWO)):
        _refuse_named(given.get("project"), given.get(f"{node}demonstration"))


def _set_by(project: Any) -> dict[str, Any]:
    """What a named project sets, by path."""
    if not project:
        return {}
    usual, named = plain(load_scenario()), plain(load_scenario([f"project={project}"]))
    return apart(usual, named)


def _refuse_misplaced(config: Any, overrides: Sequence[str]) -> None:
    """Refuse options that this kind of experiment does not read: whoever wrote them meant
    another.
    """
    own = {each.name for each in fields(studies.options_of(config.kind))}
    usual = config_type()()
    written = {re.split(r"[.=]", override.lstrip("+"), maxsplit=1)[0] for override in overrides}
    for name in options():
        if name not in own and (name in written or getattr(config, name) != getattr(usual, name)):
            read_by = [
                study
                for study in studies.names()
                if name in {each.name for each in fields(studies.options_of(study))}
            ]
            meant = [f"experiment={study}" for study in read_by]
            raise InvalidInput(
                "errors.setting.misplaced", name=name, study=config.kind, meant=meant
            )


def plan(
    node: DictConfig, overrides: Sequence[str] = (), command: str = ""
) -> tuple[str, Scenario, RunOptions]:
    """What a composed configuration asks for: kind of experiment, scenario and options, all
    checked.

    Raises
    ------
    InvalidInput
        In one or two sentences.
    """
    _refuse_exaggerated(overrides)
    config = _config_of(node)
    config.kind = studies.known(config.kind)
    for name in ("vary", "bounds"):
        setattr(config.design, name, _named(getattr(config.design, name), f"design.{name}"))
    config.design.checked()
    _refuse_misplaced(config, overrides)
    scenario = _scenario(config)
    Options = studies.options_of(config.kind)
    own = [each.name for each in fields(Options) if each.name in options()]
    given = {name: getattr(config, name) for name in own}
    given |= {name: _design_at(config, name, scenario) for name in designs() if name in own}
    chosen = Options(command=command, overrides=list(overrides), **given).checked()
    chosen.check_with(scenario)
    return config.kind, scenario, chosen


def designs_of(overrides: Sequence[str]) -> tuple[Scenario, dict[str, Scenario]]:
    """The scenario that settings make, and the designs of it that are named below a and b.

    Raises
    ------
    InvalidInput
        In one or two sentences; also for an option of an experiment.
    """
    _refuse_exaggerated(overrides)
    config = _config_of(compose(list(overrides)))
    scenario = _scenario(config)
    for each in overrides:
        name = re.split(r"[.=]", each, maxsplit=1)[0]
        if name in options() and name not in TWO or name in ("experiment", "kind", "engine"):
            raise InvalidInput("errors.configuration.no_experiment", name=name)
    given = {name: _design_at(config, name, scenario) for name in TWO}
    return scenario, {name: each for name, each in given.items() if each is not None}


def own_folder(out: str, overrides: Sequence[str]) -> str:
    """The folder of a run: what the user named, else ``results`` or, if anything was changed, one
    in it.
    """
    named = any(override.startswith("out=") for override in overrides)
    name = folder_name(overrides)
    return out if named or out != RunOptions.out or not name else f"{out}/{name}"


def load_scenario(overrides: Iterable[str] | str | Mapping[str, Any] = ()) -> Scenario:
    """The scenario that a command line with these overrides would run.

    Parameters
    ----------
    overrides : list of str, str, or mapping
        As on the command line, ``["project=reden", "population.recipients=40"]``, or the same in
        one string; or a dictionary, of paths or in levels, with values as `changed` takes them:
        ``{"project": "reden", "population": {"recipients": 40}}``. Keys of the run (`seed`, `out`,
        ...) are understood and make no difference to the scenario.

    Returns
    -------
    Scenario

    Raises
    ------
    InvalidInput
        In one or two sentences.

    Examples
    --------
    >>> a = load_scenario(["communities=[group, digital]", "weeks=30"])
    >>> a == load_scenario("communities=[group, digital] weeks=30")
    True
    >>> a == load_scenario({"communities": ["group", "digital"], "weeks": 30})
    True
    """
    if isinstance(overrides, Mapping):
        values = dict(flat(overrides))
        settings = {path: value for path, value in values.items() if path in leaves(Scenario)}
        others = [f"{key}={value}" for key, value in values.items() if key not in settings]
        return changed(load_scenario(others), settings)
    if not isinstance(overrides, Iterable):
        raise InvalidInput("errors.configuration.overrides", given=type(overrides).__name__)
    written = _apart(overrides) if isinstance(overrides, str) else list(overrides)
    for each in written:
        if not isinstance(each, str):
            raise InvalidInput("errors.configuration.overrides", given=type(each).__name__)
    _refuse_exaggerated(written)
    return scenario_of(compose(written))


def _apart(line: str) -> list[str]:
    """Part overrides that stand in one line: each begins with a key, and blanks inside it stay.

    >>> _apart("weeks=30 communities=[group, digital] 'population.file=my people.csv'")
    ['weeks=30', 'communities=[group, digital]', 'population.file=my people.csv']
    """
    parts = re.split(r"\s+(?=['\"]?[+~]*[\w.@/]+=)", line.strip())
    return [re.sub(r"^(['\"])(.*)\1$", r"\2", part, flags=re.DOTALL) for part in parts if part]
