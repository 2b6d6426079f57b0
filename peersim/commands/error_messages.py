"""What Hydra, OmegaConf and YAML complain about, said in one or two sentences a user can act on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from peersim.commands.settings import config_type
from peersim.kernel.declaration import InvalidInput
from peersim.kernel.paths import Leaf, did_you_mean, either, leaves, unknown

_VALUE = re.compile(
    r"Value '(.*?)' (?:of type|is not|could not)|Invalid value '(.*?)', expected|"
    r"is not a subclass of .*value: (.*)",
    re.DOTALL,
)
_OURS = ("config", "hydra/config")  # where a complaint stands first that is about the command line
_HOW = (
    "Write key=value, and lists without blanks, for example weeks=52 communities=[group,digital]."
)
_OWN_FOLDER = "`--config-dir FOLDER` adds a folder of your own."


def _known() -> dict[str, Leaf]:
    return dict(leaves(config_type()))


def refuse_removals(overrides: Iterable[str]) -> None:
    """Refuse ``~key``: a setting has a value always.

    Raises
    ------
    InvalidInput
    """
    for override in overrides:
        if override.startswith("~"):
            key = override.lstrip("~").partition("=")[0]
            raise InvalidInput(
                f"{override} would remove a setting; give {key} another value instead."
            )


def _chain(error: BaseException) -> list[BaseException]:
    chain = [error]
    while chain[-1].__cause__ is not None:
        chain.append(chain[-1].__cause__)
    return chain


def _yaml(error: Any) -> str | None:
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return None
    name = Path(mark.name)
    here = name.relative_to(Path.cwd()) if name.is_relative_to(Path.cwd()) else name
    return f"{here}, line {mark.line + 1}: {error.problem or 'this is not YAML'}."


def _missing_option(text: str) -> str | None:
    if not (found := re.search(r"Could not (?:find|load) '([^']+)'", text)):
        return None
    where = re.match(r"In '([^']+)': ", text)
    inside = f"In {where[1]}.yaml: " if where and where[1] not in _OURS else ""
    group, _, option = found[1].rpartition("/")
    listed = re.search(r"Available options in '[^']*':\n((?:\t.+\n?)+)", text)
    names = listed[1].split() if listed else []
    if not names:
        return f"{inside}There is no configuration called {found[1]}; {_OWN_FOLDER}"
    return f"{inside}{group} has no option {option}; it can be {either(names)}." + did_you_mean(
        option, names
    )


def _ambiguous(text: str) -> str | None:
    if not (found := re.search(r"Ambiguous value for argument '(.+?)=(.+?)'\n", text)):
        return None
    key, value = found[1], found[2]
    leaf = _known().get(key)
    if re.fullmatch(r"\d+,\d+", value) and leaf and leaf.type is float:
        point = value.replace(",", ".")
        return f"{key}={value} has two values: write decimals with a point ({point}), or add -m to run both."
    return f"{key}={value} has several values: add -m to run them in turn, or write a list as {key}=[{value}]."


def _unreadable(error: BaseException, text: str) -> str | None:
    if type(error).__name__ not in ("OverrideParseException", "LexerNoViableAltException"):
        return None
    quoted = re.search(r"Error parsing override '(.*)'", text)
    override = getattr(error, "override", None) or (quoted and quoted[1])
    return f"{override or 'A setting without key or value'} cannot be read. {_HOW}"


def _group_without_option(text: str, overrides: Sequence[str]) -> str | None:
    if "Config group override must be" not in text:
        return None
    empty = [override.partition("=")[0] for override in overrides if override.endswith("=null")]
    if empty:
        return f"{empty[0]} cannot be null; name one of its options, for example {empty[0]}=none."
    odd = [override for override in overrides if not re.match(r"[+\w]", override)]
    return f"{odd[0] if odd else 'A setting without key or value'} cannot be read. {_HOW}"


def _where(chain: Sequence[BaseException]) -> str:
    """The configuration file Hydra was reading, as the beginning of a sentence."""
    for error in chain:
        if (found := re.match(r"In '([^']+)': ", str(error))) and found[1] not in _OURS:
            return f"In {found[1]}.yaml: "
    return ""


def _value(chain: Sequence[BaseException]) -> str:
    text = "\n".join(str(error) for error in chain)
    if "is not Optional" in text:
        return "null"
    if found := _VALUE.search(text):
        return next(group for group in found.groups() if group is not None)
    override = re.search(r"Error merging override [^=\n]+=(.*)", text)
    return override[1] if override else "of another kind"


def _key(chain: Sequence[BaseException]) -> str:
    text = "\n".join(str(error) for error in reversed(chain))
    found = re.search(r"Could not override '(\S+)'", text) or re.search(r"full_key: (\S+)", text)
    return found[1] if found else ""


def _setting(chain: Sequence[BaseException]) -> str | None:
    """About one setting, whose path one of the errors names."""
    text, where, key = "\n".join(map(str, chain)), _where(chain), _key(chain)
    if "Key '" in text and where and key == where[3:].partition("/")[0]:
        return f"{where[3:-2]} must begin with the line `# @package _global_`."
    if "Cannot merge DictConfig with ListConfig" in text:
        return f"{where[3:-2] or 'A configuration'} must hold settings (key: value), not a list."
    known = _known()
    if re.search(r"Key '[^']+' (?:not in|is not in struct)", text) and key:
        return where + str(unknown(key, known))
    if key in known:
        return where + str(known[key].complaint(_value(chain)))
    if key.partition("[")[0] in known:
        return f"{where}{key.partition('[')[0]} must be written as one whole list."
    if "is not a subclass of" in text or "is not Optional" in text:
        name = key or "one of the keys"
        return f"{where}{name} is a group of settings; set its members, for example group.size=8."
    return None


def _unresolved(text: str) -> str | None:
    if found := re.search(r"Interpolation key '([^']+)' not found", text):
        return f"${{{found[1]}}} refers to a setting that does not exist."
    if found := re.search(r"missing mandatory value: (\S+)|Missing mandatory value: (\S+)", text):
        return f"{found[1] or found[2]} has no value."
    if found := re.search(r"config directory '([^']+)' not found", text):
        return f"There is no folder {found[1]}."
    if found := re.search(r"Cannot find primary config '([^']+)'", text):
        return f"There is no configuration called {found[1]}; {_OWN_FOLDER}"
    return None


def _last_line(chain: Sequence[BaseException]) -> str:
    lines = str(chain[-1]).strip().splitlines() or [type(chain[-1]).__name__]
    said = next(
        (line for line in lines if not line.startswith("In '") and "full_key" not in line), lines[0]
    )
    return f"{_where(chain)}{said.strip().rstrip('.')}."


def sentence(error: BaseException, overrides: Sequence[str] = ()) -> str:
    """Any error of composing a configuration, in one or two sentences."""
    chain = _chain(error)
    text = str(error)
    if isinstance(error, InvalidInput):
        return text
    if isinstance(error, UnicodeDecodeError):
        return "A configuration file is not plain text in UTF-8; save it as UTF-8."
    return (
        _yaml(error)
        or _missing_option(text)
        or _ambiguous(text)
        or _unreadable(error, text)
        or _group_without_option(text, overrides)
        or _unresolved("\n".join(map(str, chain)))
        or _setting(chain)
        or _last_line(chain)
    )
