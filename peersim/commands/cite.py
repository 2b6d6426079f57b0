"""How to cite a run: the model, the works behind its parameters and the software, as text or as
BibTeX.
"""

from __future__ import annotations

import os
import re
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from peersim.commands.cited_works import Work, is_calibrated, software, used_parameters, works
from peersim.commands.evidence_coverage import WIDTH, briefly
from peersim.kernel.catalogue import Sentence, listed, say
from peersim.kernel.declaration import InvalidInput
from peersim.kernel.paths import leaves
from peersim.results.folder import MANIFEST, manifest_or_none
from peersim.scenario import evidence
from peersim.scenario.scenario import Scenario

TITLE = "peersim: an agent-based simulation of peer support communities"
AUTHORS = "The peersim authors"


class Credit(NamedTuple):
    """What is to be cited for a folder of results.

    Attributes
    ----------
    folder : str
    runs : list of dict
        Manifests of the runs in it.
    works : list of Work
    packages : list of dict
    parameters : int
        How many parameters these runs used.
    """

    folder: str
    runs: list[dict[str, Any]]
    works: list[Work]
    packages: list[dict[str, str]]
    parameters: int


def manifests(folder: str | os.PathLike[str]) -> list[dict[str, Any]]:
    """Read the manifest of a results folder, or those of the runs below it.

    Raises
    ------
    InvalidInput
        If there is no folder, or nothing in it that can be read.
    """
    root = Path(folder).expanduser()
    if not root.is_dir():
        raise InvalidInput("errors.commands.no_folder", folder=folder)
    files = [root / MANIFEST] if (root / MANIFEST).is_file() else sorted(root.rglob(MANIFEST))
    found = [each for file in files if (each := manifest_or_none(file.parent))]
    if not found:
        raise InvalidInput("errors.folder.no_manifest", folder=folder, manifest=MANIFEST)
    return found


def cite(folder: str | os.PathLike[str], bibtex: bool = False) -> str:
    """Say what to cite for the runs in a results folder.

    Parameters
    ----------
    folder : str
        A folder that an experiment has written.
    bibtex : bool
        As entries of BibTeX, instead of plain text.

    Raises
    ------
    InvalidInput
        If it holds no results.
    """
    found = manifests(folder)
    try:
        credit = _credit(str(folder), found)
        return _bibtex(credit) if bibtex else _text(credit)
    except InvalidInput:
        raise
    except (AttributeError, KeyError, TypeError, ValueError):  # settings of some other shape
        said = {"folder": folder, "manifest": MANIFEST, "field": "identity"}
        raise InvalidInput("errors.folder.other_field", **said) from None


def _credit(folder: str, found: list[dict[str, Any]]) -> Credit:
    used = {path for each in found for path in used_parameters(each["identity"])}
    paths = [path for path in leaves(Scenario) if path in used]
    calibrated = any(is_calibrated(each["identity"]) for each in found)
    packages = {row["package"]: row for each in found for row in software(each)}
    return Credit(folder, found, works(paths, calibrated), list(packages.values()), len(paths))


def _fill(text: str, first: str, later: str) -> str:
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=later,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _address(where: str) -> str:
    return f"https://doi.org/{where}" if where.startswith("10.") else where


def _versions(found: Sequence[Mapping[str, Any]]) -> str:
    unknown = say("commands.cite.unknown")
    return listed(
        dict.fromkeys(str(each.get("versions", {}).get("peersim", unknown)) for each in found)
    )


def _run_text(each: Mapping[str, Any]) -> str:
    known = each["identity"]
    first, runs = int(known.get("seed", 1)), int(known.get("replicates", 1))
    return say(
        "commands.cite.run",
        study=known["study"],
        seeds=Sentence(
            "commands.cite.seeds", {"n": runs, "first": first, "last": first + runs - 1}
        ),
        name=each.get("config_hash", say("commands.cite.unknown")),
        command=each.get("command") or say("commands.cite.from_python"),
    )


def _work_text(work: Work) -> str:
    lines = [_fill(f"{work.source}. {_address(work.where)}".strip(), "  ", "    ")]
    rows = " ".join(key for key in work.keys if key not in evidence.DOCUMENTS)
    seen = say(f"commands.cite.{'rows_seen' if rows else 'seen'}", rows=rows, seen=work.seen)
    stands = []
    if work.paths:
        stands.append(say("commands.cite.behind", paths=", ".join(briefly(work.paths))))
    if work.targets:
        stands.append(say("commands.cite.calibrated_to", targets=", ".join(work.targets)))
    lines.append(_fill(f"[{seen}] {'; '.join(stands)}", " " * 6, " " * 6))
    return "\n".join(lines)


def _package_text(row: Mapping[str, str]) -> str:
    year = f" ({row['year']})" if row["year"] else ""
    where = f" {row['where']}." if row["where"] else ""
    version = f" {row['version']}" if row["version"] else ""
    authors = row["authors"].replace(" and ", "; ")
    address = _address(row["doi_or_url"])
    text = f"{row['package']}{version}: {authors}{year}. {row['title']}.{where} {address}"
    return _fill(text, "  ", "    ")


def _text(credit: Credit) -> str:
    title = say("commands.cite.title", folder=credit.folder)
    runs = "\n".join(_fill(_run_text(each), "  ", "    ") for each in credit.runs)
    aims = "works_and_targets" if any(work.targets for work in credit.works) else "works_of"
    version = say(
        "commands.cite.version", authors=AUTHORS, title=TITLE, version=_versions(credit.runs)
    )
    note = (
        f"{say(f'commands.cite.{aims}', count=credit.parameters)} {say('commands.cite.read_them')}"
    )
    sections = [
        f"{title}\n{'=' * len(title)}",
        f"{say('commands.cite.model')}\n\n{_fill(version, '  ', '    ')}",
        f"{say('commands.cite.runs', n=len(credit.runs))}\n\n{runs}",
        f"{say('commands.cite.works')}\n\n{_fill(note, '  ', '  ')}",
        "\n\n".join(map(_work_text, credit.works)),
        f"{say('commands.cite.software')}\n\n" + "\n".join(map(_package_text, credit.packages)),
    ]
    return "\n\n".join(sections)


# -- BibTeX --------------------------------------------------------------------------------------

_SPECIAL = {"&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_", "$": r"\$"}


def _escaped(text: str) -> str:
    return "".join(_SPECIAL.get(letter, letter) for letter in text)


def _entry(kind: str, key: str, fields: Mapping[str, str]) -> str:
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@{kind}{{{key},\n" + ",\n".join(lines) + "\n}"


def _located(where: str) -> dict[str, str]:
    return {"doi": where} if where.startswith("10.") else {"url": where}


def _authors_and_year(source: str) -> tuple[str, str]:
    """Authors and year as far as the name of a source tells them.

    >>> _authors_and_year("Swift & Greenberg 2012, J Consult Clin Psychol 80:547")
    ('Swift and Greenberg', '2012')
    >>> _authors_and_year("Am J Community Psychol 2016, 57:60 (authors not shown on the page)")
    ('', '2016')
    """
    year = re.search(r"\b(?:19|20)\d\d\b", source)
    named = re.match(r"([^()\d']+?) (?:19|20)\d\d\b", source)
    if (
        named is None
        or "not shown" in source
        or re.search(r" on$|report$|news$|^(TV2|VIVE)", named[1])
    ):
        return "", year[0] if year else ""
    authors = re.sub(r"\s*&\s*|,\s+", " and ", named[1]).replace(" et al.", " and others")
    return authors, year[0] if year else ""


def _work_entry(work: Work) -> str:
    if work.keys[0] in evidence.DOCUMENTS:
        return _entry("misc", f"peersim_{work.keys[0]}", {"title": _escaped(work.source)})
    authors, year = _authors_and_year(work.source)
    note = say("commands.cite.note", rows=" ".join(work.keys), seen=work.seen)
    fields = {"author": _escaped(authors), "year": year, "howpublished": _escaped(work.source)}
    return _entry(
        "misc",
        f"peersim_{work.keys[0]}",
        {**fields, **_located(work.where), "note": _escaped(note)},
    )


def _package_entry(row: Mapping[str, str]) -> str:
    kind = "article" if row["where"] else "software"
    note = say("commands.cite.of_version", version=row["version"]) if row["version"] else ""
    fields = {
        "author": row["authors"],
        "title": f"{{{_escaped(row['title'])}}}",
        "year": row["year"],
    }
    place = {"journal": _escaped(row["where"])}
    return _entry(
        kind, row["package"], {**fields, **place, **_located(row["doi_or_url"]), "note": note}
    )


def _bibtex(credit: Credit) -> str:
    hashes = ", ".join(str(each.get("config_hash", "unknown")) for each in credit.runs)
    model = {"author": f"{{{AUTHORS}}}", "title": f"{{{TITLE}}}", "version": _versions(credit.runs)}
    first = _entry(
        "software", "peersim", {**model, "note": say("commands.cite.configuration", name=hashes)}
    )
    entries = [first, *map(_work_entry, credit.works), *map(_package_entry, credit.packages)]
    return "\n\n".join([f"% {say('commands.cite.title', folder=credit.folder)}", *entries])
