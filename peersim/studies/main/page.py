"""One offline HTML page for a programme designer; every number in it says from which table it
comes.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup

from peersim.kernel.declaration import declared
from peersim.kernel.plain_data import flat, plain
from peersim.kernel.statistics import TOO_CLOSE, chance_of_best, paired
from peersim.presentation.catalogue import words
from peersim.presentation.numbers import DASH, quoted, tagged
from peersim.scenario.typology import BASES, CONFIGURED, EQUAL_HOURS, NO_PROGRAMME

if TYPE_CHECKING:
    import polars as pl

    from peersim.presentation.figures import Drawing
    from peersim.scenario.scenario import Scenario

GAIN = "connectedness"
KEY_ASSUMPTIONS = (
    "change.connectedness",
    "change.half_input",
    "safety.start",
    "sign_up.anxiety",
    "departure.misfit",
    "departure.social",
    "strain.per_match",
    "availability.presence_cost",
    "digital.displacement",
    "group.self_run_cohesion",
)
"""Assumptions that no figure in the literature settles and that much hangs on."""

STYLES = (
    dict.fromkeys(("connectedness", "strain"), "two")
    | dict.fromkeys(("isolated", "retained", "harmed", "never_reached"), "percent")
    | dict.fromkeys(("supporter_hours", "staff_hours", "cost"), "whole")
    | {"ties": "one"}
)
"""How each outcome is written."""


class Findings:
    """What the tables say, as numbers that carry their origin."""

    def __init__(self, tables: Mapping[str, pl.DataFrame], scenario: Scenario):
        self.tables = tables
        self.people = scenario.population.recipients
        self.weeks = scenario.weeks
        self.own_people = scenario.population.file is not None
        self.designs = {
            basis: [row for row in tables["designs"].to_dicts() if row["basis"] == basis]
            for basis in BASES
        }
        self._compared = {
            (r["basis"], r["design"], r["outcome"]): r for r in tables["comparison"].to_dicts()
        }
        self.labels = {row["design"]: row["label"] for row in tables["designs"].to_dicts()}

    # -- which designs ----------------------------------------------------------------------------
    def programmes(self, basis: str) -> list[str]:
        """List the designs other than no programme, most connectedness first."""
        names = [row["design"] for row in self.designs[basis] if not row["reference"]]
        return sorted(names, key=lambda name: -self._compared[basis, name, GAIN]["difference"])

    def verdict(self, basis: str, design: str, outcome: str = GAIN) -> str:
        """Say whether a design does better than no programme."""
        return self._compared[basis, design, outcome]["verdict"]

    def about(self, basis: str, design: str) -> dict[str, Any]:
        """Give what the table of designs says of one."""
        return next(row for row in self.designs[basis] if row["design"] == design)

    def level_with(self, basis: str, best: str) -> list[str]:
        """List the designs that cannot be told from the best."""
        others = [name for name in self.programmes(basis) if name != best]
        return [
            name
            for name in others
            if self.against(basis, best, name).verdict not in ("better", "worse")
        ]

    def with_verdict(self, basis: str, verdict: str) -> list[str]:
        """List the designs of which this can be said against no programme."""
        return [name for name in self.programmes(basis) if self.verdict(basis, name) == verdict]

    def highest(self, basis: str, outcome: str) -> str:
        """Name the design with the highest mean of an outcome."""
        return max(self.programmes(basis), key=lambda name: self.mean(basis, name, outcome))

    def lowest(self, basis: str, outcome: str) -> str:
        """Name the design with the lowest mean of an outcome."""
        return min(self.programmes(basis), key=lambda name: self.mean(basis, name, outcome))

    def misses_most(self, trait: str, third: str) -> str:
        """Name the design that fails to reach most people of a third."""
        names = self.programmes(CONFIGURED)
        return max(
            names,
            key=lambda name: np.nan_to_num(self.third_value(name, "never_reached", trait, third)),
        )

    def mean(self, basis: str, design: str, outcome: str) -> float:
        """Give a mean as a bare number."""
        return self._compared[basis, design, outcome]["mean"]

    # -- numbers ----------------------------------------------------------------------------------
    def _row(self, what: str, basis: str, design: str, outcome: str) -> float:
        row = self._compared[basis, design, outcome]
        if what == "margin":
            return row["mean_high"] - row["mean"]
        if what == "difference_margin":
            return (row["high"] - row["low"]) / 2
        return -row["difference"] if what == "fewer" else row[what]

    def people_invited(self) -> Markup:
        """Give the number of people who look for support."""
        return setting_of("identity.scenario.population.recipients", self.people)

    def target(self) -> Markup:
        """Give the supporter hours at which designs are compared."""
        hours = next(
            row["target_hours"]
            for row in self.designs[EQUAL_HOURS]
            if row["target_hours"] is not None
        )
        return tagged(hours, "whole", table="designs", what="target_hours")

    def number(
        self,
        what: str,
        basis: str,
        design: str,
        outcome: str = GAIN,
        style: str | None = None,
        per: str | None = None,
    ) -> Markup:
        """Give a mean, a difference to no programme, a margin or a share of runs; `per` person if
        asked.
        """
        value = self._row(what, basis, design, outcome)
        if value is not None and per == "person":
            value /= self.people
        if value is not None and per == "people":
            value *= self.people
        if style is None:
            style = STYLES[outcome]
        return tagged(
            value,
            style,
            table="runs",
            what=what,
            basis=basis,
            design=design,
            outcome=outcome,
            per=per,
        )

    def against(self, basis: str, one: str, other: str) -> Any:
        """Compare the connectedness of two designs, run by run."""
        return paired(self._last[basis, one], self._last[basis, other])

    def gap(self, what: str, basis: str, one: str, other: str, style: str = "three") -> Markup:
        """Give a number of the comparison of two designs."""
        found = self.against(basis, one, other)
        value = (
            (found.high - found.low) / 2 if what == "difference_margin" else getattr(found, what)
        )
        return tagged(
            value,
            style,
            table="runs",
            what=what,
            basis=basis,
            design=one,
            outcome=GAIN,
            against=other,
        )

    def best(self, basis: str, design: str) -> Markup:
        """Give the share of runs in which a design builds the most connectedness."""
        names = self.programmes(basis)
        share = chance_of_best([self._last[basis, name] for name in names])[names.index(design)]
        return tagged(
            float(share),
            "percent",
            table="runs",
            what="best",
            basis=basis,
            design=design,
            outcome=GAIN,
        )

    @functools.cached_property
    def _last(self) -> dict[tuple[str, str], np.ndarray]:
        runs = self.tables["runs"].sort("seed")
        parts = runs.partition_by("basis", "design", as_dict=True)
        return {
            (str(basis), str(design)): part[GAIN].to_numpy()
            for (basis, design), part in parts.items()
        }

    def at_week(self, what: str, design: str, outcome: str, week: int, style: str) -> Markup:
        """Give a mean, or a difference to no programme, as it stood in a week (as configured)."""
        mean = self._mean_at(design, outcome, week)
        value = mean - self._mean_at(NO_PROGRAMME, outcome, week) if what == "difference" else mean
        return tagged(
            value,
            style,
            table="weekly",
            what=what,
            basis=CONFIGURED,
            design=design,
            outcome=outcome,
            week=week,
        )

    def _mean_at(self, design: str, outcome: str, week: int) -> float:
        return self._means[design, outcome, week]

    @functools.cached_property
    def _means(self) -> dict[tuple[str, str, int], float]:
        import polars as pl

        rows = self.tables["summary"].filter(
            pl.col("basis") == CONFIGURED,
            pl.col("community") == "all",
            pl.col("outcome").cast(pl.String).is_in(["connectedness", "ties"]),
        )
        return {
            (r["design"], r["outcome"], r["week"]): r["mean"] for r in rows.iter_rows(named=True)
        }

    def third(self, design: str, outcome: str, trait: str, third: str, style: str) -> Markup:
        """Give the mean in a third of the people by a trait (as configured)."""
        return tagged(
            self.third_value(design, outcome, trait, third),
            style,
            table="reach",
            what="mean",
            basis=CONFIGURED,
            design=design,
            outcome=outcome,
            trait=trait,
            third=third,
        )

    def third_value(self, design: str, outcome: str, trait: str, third: str) -> float:
        """Give the same as a bare number."""
        return self._thirds[design, outcome, trait, third]

    @functools.cached_property
    def _thirds(self) -> dict[tuple[str, str, str, str], float]:
        rows = [row for row in self.tables["reach"].to_dicts() if row["basis"] == CONFIGURED]
        return {
            (row["design"], row["outcome"], row["trait"], row["third"]): row["mean"] for row in rows
        }

    def ended(self, design: str, ends: Sequence[str], role: str = "recipient") -> Markup:
        """Give the share of those invited whose time ended in one of some ways (as configured)."""
        return tagged(
            self.ended_value(design, ends, role),
            "percent",
            table="causes",
            what="share",
            basis=CONFIGURED,
            design=design,
            role=role,
            ends=",".join(ends),
        )

    def ended_value(self, design: str, ends: Sequence[str], role: str = "recipient") -> float:
        """Give the same as a bare number."""
        return sum(
            row["share"]
            for row in self.tables["causes"].to_dicts()
            if (row["basis"], row["design"], row["role"]) == (CONFIGURED, design, role)
            and row["end"] in ends
        )

    def price(self, basis: str, design: str) -> Markup:
        """Give the cost for each person who is clearly no longer isolated."""
        fewer = self._compared[basis, design, "isolated"]
        if fewer["verdict"] != "better":
            return DASH
        value = self._compared[basis, design, "cost"]["mean"] / (-fewer["difference"] * self.people)
        return tagged(value, "whole", table="runs", what="price", basis=basis, design=design)


def report(
    tables: Mapping[str, pl.DataFrame],
    drawings: Sequence[Drawing],
    manifest: Mapping[str, Any],
    scenario: Scenario,
    language: str = "en",
) -> str:
    """Write the page.

    Parameters
    ----------
    tables : mapping of name to polars.DataFrame
        As they are stored beside the page.
    drawings : sequence of Drawing
        Figures; their SVG is put into the page.
    manifest : mapping
        As from `peersim.provenance.provenance`.
    scenario : Scenario
        The people and the horizon.
    language : str
        One of `peersim.words.LANGUAGES`.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("peersim", "presentation/templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    catalogue = words(language)
    page = environment.get_template("report.html")
    found = Findings(tables, scenario)
    return page.render(
        language=language,
        t=catalogue["report"],
        words=catalogue,
        say=say,
        f=found,
        bases=[basis for basis in BASES if found.designs[basis]],
        CONFIGURED=CONFIGURED,
        EQUAL_HOURS=EQUAL_HOURS,
        TOO_CLOSE=TOO_CLOSE,
        drawings={drawing.name: Markup(picture(drawing)) for drawing in drawings},
        settings=functools.partial(setting, manifest),
        changed=changed_parameters(scenario),
        evidence=evidence_counts(scenario),
        assumptions=key_assumptions(scenario),
        quoted=quoted,
        tagged=tagged,
        ends=told_together(),
        runs=int(tables["runs"]["seed"].n_unique()),
        versions=manifest["versions"],
    )


def say(text: str, **values: Any) -> Markup:
    """Fill numbers into a sentence, everything else escaped."""
    return Markup(text).format(**values)


def picture(drawing: Drawing) -> str:
    """Give the SVG of a figure a name that a screen reader can say."""
    label = drawing.title.replace("&", "&amp;").replace('"', "&quot;")
    return drawing.svg.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)


def told_together() -> dict[str, list[str]]:
    """Group the ends of somebody's time as the figure does."""
    from peersim.presentation.figures.leaving import TOLD_AS

    groups: dict[str, list[str]] = {}
    for end, group in TOLD_AS.items():
        groups.setdefault(group, []).append(end)
    return groups


def setting(manifest: Mapping[str, Any], path: str) -> Markup:
    """Quote one entry of the manifest."""
    return setting_of(path, dict(flat(manifest))[path])


def setting_of(path: str, value: Any) -> Markup:
    """Quote a value that the manifest holds under this path."""
    return quoted(value, table="manifest", path=path)


def changed_parameters(scenario: Scenario) -> list[dict[str, Any]]:
    """List the parameters that differ from their defaults."""
    default = {path: value for path, value, _ in declared(type(scenario)())}
    return [
        _parameter(path, value, field)
        | {"default": quoted(plain(default[path]), table="parameters", path=path, column="default")}
        for path, value, field in declared(scenario)
        if value != default[path]
    ]


def key_assumptions(scenario: Scenario) -> list[dict[str, Any]]:
    """Describe the assumptions that much hangs on."""
    known = {path: (value, field) for path, value, field in declared(scenario)}
    return [_parameter(path, *known[path]) for path in KEY_ASSUMPTIONS]


def _parameter(path: str, value: Any, field: Any) -> dict[str, Any]:
    origin = {"table": "parameters", "path": path}
    about = field.metadata
    found = {
        name: quoted(about[name], **origin, column=name)
        for name in ("meaning", "unit", "low", "high")
    }
    return {
        "path": path,
        "value": quoted(plain(value), table="manifest", path=f"identity.scenario.{path}"),
        **found,
    }


def evidence_counts(scenario: Scenario) -> dict[str, Markup]:
    """Count the parameters by what they rest on."""
    from peersim.kernel.declaration import KINDS

    kinds = [field.metadata["evidence"] for _, _, field in declared(scenario)]
    counts = {kind: kinds.count(kind) for kind in KINDS} | {"all": len(kinds)}
    return {
        kind: tagged(n, "whole", table="parameters", what="count", evidence=kind)
        for kind, n in counts.items()
    }
