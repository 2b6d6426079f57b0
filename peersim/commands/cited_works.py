"""The works behind a run: which parameters its communities and levers used, and what these rest
on.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import resources
from typing import Any, NamedTuple

from peersim.kernel.paths import leaves
from peersim.kernel.plain_data import flat
from peersim.model.vocabulary import COMMUNITIES
from peersim.scenario import evidence
from peersim.scenario.run_options import PLAUSIBLE
from peersim.scenario.scenario import Scenario
from peersim.scenario.typology import DESIGNS, ELEMENTS
from peersim.scenario.uncertain_parameters import ONLY_WITH, is_read
from peersim.studies import options_of
from peersim.studies.calibration.measurements import TARGETS

LEVERS = {
    "cafe": "cafe.per_week",
    "page": "page.contact",
    "supervision": "supervision.per_month",
    "team": "team.per_month",
}
"""Groups of parameters that say nothing while this setting is zero."""

SUPPORTERS = ("population.supporters", "population.asked")
OF_SUPPORTERS = dict.fromkeys(("training", "strain"), SUPPORTERS)
"""Groups of parameters that say nothing while there is nobody whom they are about."""
ONLY_FOR = ("salib", "distributed")
"""Packages that only some kinds of run use."""

_DOI = re.compile(r"10\.\d{4,}/[^\s;]+")

Settings = Mapping[str, Any]


class Work(NamedTuple):
    """One work behind a run.

    Attributes
    ----------
    source : str
        As the evidence table names it.
    where : str
        DOI or address, or nothing.
    keys : tuple of str
        Rows of the evidence table.
    seen : str
        What of it was read.
    paths : tuple of str
        Parameters of the run that rest on it.
    targets : tuple of str
        Calibration targets that come from it, where the run has calibrated sets of parameters.
    """

    source: str
    where: str
    keys: tuple[str, ...]
    seen: str
    paths: tuple[str, ...]
    targets: tuple[str, ...] = ()


# -- what a run used -----------------------------------------------------------------------------


def _variants(known: Mapping[str, Any]) -> Iterator[Settings]:
    """Settings of every design that a run lived, as far as its manifest tells, by path."""
    base = dict(flat(known["scenario"]))
    yield base
    for changes in known.get("arms", {}).values():
        yield base | changes
    for path, levels in known.get("design", {}).get("vary", {}).items():
        yield from (base | {path: level} for level in levels)
    for event in base.get("events") or ():
        yield base | _of_event(event, base)
    if "designs" in _cited(known):
        for design in DESIGNS:
            yield base | {"communities": list(design.communities), **ELEMENTS, **design.elements}
    if "types" in _cited(known):
        yield base | {"communities": list(COMMUNITIES)}


def _cited(known: Mapping[str, Any]) -> tuple[str, ...]:
    return options_of(known["study"]).cites


def _of_event(event: Mapping[str, Any], base: Settings) -> dict[str, Any]:
    named = [value for value in event.values() if isinstance(value, str) and value in COMMUNITIES]
    changes = dict(flat({key: value for key, value in event.items() if isinstance(value, Mapping)}))
    plain = {path.partition(".")[2]: value for path, value in changes.items()}
    return {**plain, "communities": [*(base.get("communities") or []), *named]}


def _is_used(path: str, settings: Settings) -> bool:
    group = path.partition(".")[0]
    if group in COMMUNITIES:
        return group in (settings.get("communities") or ())
    if group in LEVERS:
        return bool(settings.get(LEVERS[group]))
    if group == "organisations":
        return path.split(".")[1] == settings.get("organisation")
    if group in OF_SUPPORTERS and not any(map(settings.get, OF_SUPPORTERS[group])):
        return False
    needed = ONLY_WITH.get(path)
    if not is_read(path, settings.get):
        return False
    return needed is None or needed in (
        *(settings.get("communities") or ()),
        settings.get("training.form"),
    )


def used_parameters(known: Mapping[str, Any]) -> list[str]:
    """List the parameters that a run used, by what its manifest says of it."""
    variants = [
        {**each, "communities": _listed(each.get("communities"))} for each in _variants(known)
    ]
    declared = [path for path, leaf in leaves(Scenario).items() if leaf.is_declared]
    return [
        path
        for path in declared
        if any(_is_used(path, each) for each in variants if each["communities"])
    ]


def _listed(communities: Any) -> list[str]:
    """Names of communities, also where a design wrote several in one word."""
    if isinstance(communities, str):
        return re.split(r"\W+", communities)
    return [str(name) for name in communities or ()]


# -- works ---------------------------------------------------------------------------------------


def _place(row: Mapping[str, str]) -> str:
    """The DOI or address of a row; what another row gives where it refers to one."""
    where = row["doi_or_url"]
    if other := re.fullmatch(r"same as (\w+)", where):
        rows = evidence.table()
        return _place(rows[other[1]]) if other[1] in rows else ""
    if doi := _DOI.search(where):
        return doi[0].rstrip(".,")
    return where.split()[0].rstrip(";") if where.startswith("http") else ""


def _source(row: Mapping[str, str]) -> str:
    """How a row names its source, or the row that it refers to; nothing if it was computed from
    other rows.
    """
    if row["source"].startswith("computed"):
        return ""
    if other := re.fullmatch(r"same as (\w+)", row["source"]):
        return _source(evidence.table()[other[1]])
    return row["source"]


def _named_elsewhere(place: str) -> list[str]:
    """What other rows with this address call their source."""
    return [
        text for row in evidence.table().values() if _place(row) == place and (text := _source(row))
    ]


def _document(row: Mapping[str, str]) -> str | None:
    """The founding document that a row was read in, or None."""
    if row["topic"].startswith("0 "):
        return "P" if "Peer-Partnerskabet" in row["source"] else "T"
    return None


def is_calibrated(known: Mapping[str, Any]) -> bool:
    """Whether a run calibrated parameters, or ran over the sets that a calibration left
    standing.
    """
    return "targets" in _cited(known) or known.get("parameters") == PLAUSIBLE


def works(paths: Iterable[str], with_targets: bool = False) -> list[Work]:
    """Give the works behind some parameters, each once: the founding documents, then by name.

    Parameters
    ----------
    paths : iterable of str
    with_targets : bool
        Whether to add the works that the calibration targets come from.
    """
    known, behind = leaves(Scenario), defaultdict[str, list[str]](list)
    for path in paths:
        for key in evidence.keys(known[path].field.metadata["source"]):
            if key != evidence.ASSUMPTION:
                behind[key].append(path)
    aimed = defaultdict[str, list[str]](list)
    for target in TARGETS if with_targets else ():
        for key in evidence.keys(target.evidence):
            aimed[key].append(target.name)
    together = defaultdict[str, list[str]](list)
    for key in dict.fromkeys([*behind, *aimed]):
        together[_same(key)].append(key)
    found = [
        _work(name, keys, behind)._replace(
            targets=tuple(dict.fromkeys(name for key in keys for name in aimed[key]))
        )
        for name, keys in together.items()
    ]
    return sorted(found, key=lambda work: _order(work.keys[0], work.source))


def _order(key: str, source: str) -> tuple[int, str]:
    documents = list(evidence.DOCUMENTS)
    return (
        (documents.index(key), "")
        if key in documents
        else (len(documents), source.lower().lstrip("'"))
    )


def _same(key: str) -> str:
    """What rows of one work have in common: its document, its DOI or address, or its name."""
    if key in evidence.DOCUMENTS:
        return key
    row = evidence.table()[key]
    quoted = re.match(
        r"(.+?), in ", row["source"]
    )  # one work as quoted in another, which has the address
    return _document(row) or (quoted[1] if quoted else "") or _place(row) or _source(row)


def _work(name: str, keys: list[str], behind: Mapping[str, Sequence[str]]) -> Work:
    paths = tuple(
        path for path in leaves(Scenario) if any(path in behind.get(key, ()) for key in keys)
    )
    if name in evidence.DOCUMENTS:
        ordered = (name, *(key for key in keys if key != name))
        itself = evidence.seen("the document itself")
        return Work(evidence.document(name), "", ordered, itself, paths)
    rows = [evidence.table()[key] for key in keys]
    sources = (
        [text for row in rows if (text := _source(row))]
        or _named_elsewhere(name)
        or [rows[0]["source"]]
    )
    seen = ", ".join(dict.fromkeys(evidence.seen(row["seen"]) for row in rows))
    return Work(max(sources, key=len), _place(rows[0]), tuple(keys), seen, paths)


# -- software ------------------------------------------------------------------------------------


def software(manifest: Mapping[str, Any]) -> list[dict[str, str]]:
    """Give the packages of a run that have something to cite, with the version that was used."""
    text = resources.files("peersim").joinpath("data/software.csv").read_text(encoding="utf-8")
    versions, known = manifest.get("versions", {}), manifest["identity"]
    used = {name for name in versions if name not in ONLY_FOR}
    used |= set(ONLY_FOR) & set(_cited(known))
    if known.get("design", {}).get("kind") in ("morris", "sobol"):
        used.add("salib")
    if manifest.get("options", {}).get("engine", {}).get("kind") == "dask":
        used.add("distributed")
    rows = csv.DictReader(text.splitlines())
    return [
        row | {"version": versions.get(row["package"], "")}
        for row in rows
        if row["package"] in used
    ]
