"""What Hydra, OmegaConf and YAML complain about, said in one or two sentences a user can act on."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from peersim.commands.settings import config_type, options_of
from peersim.kernel.catalogue import Foreign, say
from peersim.kernel.declaration import InvalidInput
from peersim.kernel.paths import Leaf, did_you_mean, leaves, unknown

_VALUE = re.compile(
    r"Value '(.*?)' (?:of type|is not|could not)|Invalid value '(.*?)', expected|"
    r"is not a subclass of .*value: (.*)",
    re.DOTALL,
)
_OURS = ("config", "hydra/config")  # where a complaint stands first that is about the command line


def _known() -> dict[str, Leaf]:
    return dict(leaves(config_type()))


def _chain(error: BaseException) -> list[BaseException]:
    chain = [error]
    while chain[-1].__cause__ is not None:
        chain.append(chain[-1].__cause__)
    return chain


def _yaml(error: Any) -> InvalidInput | None:
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return None
    name = Path(mark.name)
    here = name.relative_to(Path.cwd()) if name.is_relative_to(Path.cwd()) else name
    said = {"file": here, "line": mark.line + 1}
    if not error.problem:
        return InvalidInput("errors.configuration.no_yaml", **said)
    return InvalidInput("errors.configuration.yaml", problem=Foreign(error.problem), **said)


def _inside(where: str, complaint: InvalidInput) -> InvalidInput:
    """Put the file before a complaint, if it is known."""
    if not where:
        return complaint
    return InvalidInput("errors.configuration.inside", file=where, complaint=complaint)


def _missing_option(text: str) -> InvalidInput | None:
    if not (found := re.search(r"Could not (?:find|load) '([^']+)'", text)):
        return None
    inside = functools.partial(_inside, _file_in(text))
    group, _, option = found[1].rpartition("/")
    listed = re.search(r"Available options in '[^']*':\n((?:\t.+\n?)+)", text)
    names = listed[1].split() if listed else []
    if not names:
        return inside(InvalidInput("errors.configuration.unknown", name=found[1]))
    hint, said = did_you_mean(option, names), {"group": group, "option": option, "options": names}
    return inside(InvalidInput("errors.configuration.no_option", hint, **said))


def _ambiguous(text: str) -> InvalidInput | None:
    if not (found := re.search(r"Ambiguous value for argument '(.+?)=(.+?)'\n", text)):
        return None
    key, value = found[1], found[2]
    leaf = _known().get(key)
    if re.fullmatch(r"\d+,\d+", value) and leaf and leaf.type is float:
        point = value.replace(",", ".")
        said = {"name": key, "value": value, "point": point}
        return InvalidInput("errors.configuration.decimal_comma", **said)
    return InvalidInput("errors.configuration.several_values", name=key, value=value)


def _unreadable(error: BaseException, text: str) -> InvalidInput | None:
    if type(error).__name__ not in ("OverrideParseException", "LexerNoViableAltException"):
        return None
    quoted = re.search(r"Error parsing override '(.*)'", text)
    override = getattr(error, "override", None) or (quoted and quoted[1])
    return _not_read(override)


def _not_read(override: str | None) -> InvalidInput:
    if not override:
        return InvalidInput("errors.configuration.no_key")
    group, _, option = override.partition("=")
    if names := options_of(group):
        said = {"group": group, "option": option, "options": names}
        return InvalidInput("errors.configuration.no_option", did_you_mean(option, names), **said)
    if re.search(r"[{,]\s*[\"'][^\"']*[\"']\s*:", override):
        return InvalidInput("errors.configuration.quoted_keys", override=override)
    return InvalidInput("errors.configuration.unreadable", override=override)


def _group_without_option(text: str, overrides: Sequence[str]) -> InvalidInput | None:
    if "Config group override must be" not in text:
        return None
    empty = [override.partition("=")[0] for override in overrides if override.endswith("=null")]
    if empty:
        return InvalidInput("errors.configuration.null", name=empty[0])
    odd = [override for override in overrides if not re.match(r"[+\w]", override)]
    return _not_read(odd[0] if odd else None)


def _file_in(text: str) -> str:
    found = re.match(r"In '([^']+)': ", text)
    return f"{found[1]}.yaml" if found and found[1] not in _OURS else ""


def _where(chain: Sequence[BaseException]) -> str:
    """The configuration file Hydra was reading, or nothing."""
    return next((file for error in chain if (file := _file_in(str(error)))), "")


def _value(chain: Sequence[BaseException]) -> str:
    text = "\n".join(str(error) for error in chain)
    if "is not Optional" in text:
        return "null"
    if found := _VALUE.search(text):
        return next(group for group in found.groups() if group is not None)
    override = re.search(r"Error merging override [^=\n]+=(.*)", text)
    return override[1] if override else say("errors.configuration.another_kind")


def _key(chain: Sequence[BaseException]) -> str:
    text = "\n".join(str(error) for error in reversed(chain))
    found = re.search(r"Could not override '(\S+)'", text) or re.search(r"full_key: (\S+)", text)
    return found[1] if found else ""


def _setting(chain: Sequence[BaseException]) -> InvalidInput | None:
    """About one setting, whose path one of the errors names."""
    text, where, key = "\n".join(map(str, chain)), _where(chain), _key(chain)
    if "Key '" in text and where and key == where.partition("/")[0]:
        return InvalidInput("errors.configuration.package", file=where)
    if "Cannot merge DictConfig with ListConfig" in text:
        return InvalidInput(
            "errors.configuration.list", file=where or say("errors.configuration.some")
        )
    if complaint := _about(key, text, chain):
        return _inside(where, complaint)
    return None


def _about(key: str, text: str, chain: Sequence[BaseException]) -> InvalidInput | None:
    known = _known()
    if re.search(r"Key '[^']+' (?:not in|is not in struct)", text) and key:
        return unknown(key, known)
    if key in known:
        return known[key].complaint(_value(chain))
    if key.partition("[")[0] in known:
        return InvalidInput("errors.configuration.whole_list", name=key.partition("[")[0])
    if "is not a subclass of" in text or "is not Optional" in text:
        name = key or say("errors.configuration.some_key")
        return InvalidInput("errors.configuration.group", name=name)
    return None


_UNRESOLVED = (
    (r"Interpolation key '([^']+)' not found", "errors.configuration.interpolation"),
    (r"[mM]issing mandatory value: (\S+)", "errors.configuration.no_value"),
    (r"config directory '([^']+)' not found", "errors.configuration.no_folder"),
    (r"Cannot find primary config '([^']+)'", "errors.configuration.unknown"),
)


def _unresolved(text: str) -> InvalidInput | None:
    for pattern, key in _UNRESOLVED:
        if found := re.search(pattern, text):
            return InvalidInput(key, name=found[1])
    return None


def _last_line(chain: Sequence[BaseException]) -> InvalidInput:
    lines = str(chain[-1]).strip().splitlines() or [type(chain[-1]).__name__]
    said = next(
        (line for line in lines if not line.startswith("In '") and "full_key" not in line), lines[0]
    )
    complaint = InvalidInput("errors.configuration.as_said", said=Foreign(said.strip().rstrip(".")))
    return _inside(_where(chain), complaint)


def complaint_of(error: BaseException, overrides: Sequence[str] = ()) -> InvalidInput:
    """Any error of composing a configuration, in one or two sentences."""
    chain = _chain(error)
    text = str(error)
    if isinstance(error, InvalidInput):
        return error
    if isinstance(error, UnicodeDecodeError):
        return InvalidInput("errors.configuration.encoding")
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
