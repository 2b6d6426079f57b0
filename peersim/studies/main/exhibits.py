"""The tables that a comparison of designs shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from peersim.kernel.catalogue import Sentence, Value, say
from peersim.kernel.declaration import KINDS, declared
from peersim.kernel.plain_data import plain
from peersim.kernel.statistics import ONE_RUN, TOO_CLOSE, runs_to_tell
from peersim.model.outcomes import smallest_of
from peersim.presentation.designs import design_text, mix_name
from peersim.presentation.exhibit import BOTH, PAGE, SHORT, Cell, Column, Exhibit, Row, ranged
from peersim.presentation.settings import meaning_in
from peersim.scenario.typology import CONFIGURED, NO_PROGRAMME
from peersim.studies.main.compared import FORMS, GAIN, Compared
from peersim.studies.main.ends import GROUPS, members
from peersim.studies.main.gains import EVERYBODY, REACHED
from peersim.studies.main.persons import TRAITS

if TYPE_CHECKING:
    from peersim.scenario.scenario import Scenario
    from peersim.studies.study import Found

KEY_ASSUMPTIONS = (
    "change.emotional",
    "change.social",
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

SHOWN = {"connectedness": 2, "isolated": 0, "retained": 0, "harmed": 1, "strain": 1}
"""Outcomes beside the difference, with the rank in which they make room."""


def exhibits(found: Found) -> Iterator[Exhibit]:
    """Give every table."""
    compared = Compared(found)
    for basis in compared.designs:
        yield people(compared, basis)
    for basis in compared.designs:
        yield outcome(compared, basis)
        yield means(compared, basis)
    if len(compared.programmes()) > 1:
        for basis in compared.designs:
            yield sure(compared, basis)
    yield leaves(compared)
    for basis in compared.designs:
        yield costs(compared, basis)
    yield last(compared)
    yield leaving(compared)
    yield designs(compared)
    yield terms(compared)
    yield from numbers(found.facts["parameters"])


def _table(
    compared: Compared,
    name: str,
    section: str,
    columns: Sequence[Column],
    basis: str = CONFIGURED,
    with_reference: bool = False,
    **more: Any,
) -> Exhibit:
    """A table with a row for each design."""
    names = more.pop("designs", None) or compared.programmes(basis)
    names = [*names, *([NO_PROGRAMME] if with_reference else [])]
    first = Column("design", value=lambda row: _label(compared, basis, row["design"]))
    values = {"basis": say(f"main.bases.{basis}"), **more.pop("values", {})}
    table = more.pop("table", "comparison")
    return Exhibit(
        f"main.{name}",
        [first, *columns],
        [{"design": design, "basis": basis} for design in names],
        table=table,
        by=("basis", "design"),
        section=section,
        values=values,
        part=basis.replace(" ", "_"),
        **more,
    )


def _label(compared: Compared, basis: str, design: str) -> str:
    is_short = compared.about(basis, design)["reached"] is False
    return compared.labels[design] + ("*" if is_short else "")


def _of_programmes(give: Callable[[str], Cell]) -> Callable[[Row], Cell]:
    """A cell that is empty in the row of no programme."""
    return lambda row: "" if row["design"] == NO_PROGRAMME else give(row["design"])


def people(compared: Compared, basis: str) -> Exhibit:
    """What each design does, in people first: for those it reaches, and over everybody invited."""

    def reached(design: str) -> Cell:
        return compared.of_gain(compared.gain(basis, design, REACHED), "people")

    def gain(whom: str) -> Callable[[Row], Cell]:
        return _of_programmes(
            lambda design: compared.of_gain(
                compared.gain(basis, design, whom, GAIN), "difference", "+3"
            )
        )

    columns = [
        Column("reached", "0", value=_of_programmes(reached)),
        Column("of_reached", value=_of_programmes(partial(_of_reached, compared, basis))),
        Column("of_all", value=partial(_in_years, compared, basis)),
        Column("on_average", value=_of_programmes(partial(_on_average, compared, basis)), rank=1),
        Column("gain_reached", "+3", value=gain(REACHED), rank=3),
        Column("gain_all", "+3", value=gain(EVERYBODY), rank=2),
    ]
    return _table(
        compared,
        "people",
        SHORT if basis == CONFIGURED else "outcome",
        columns,
        basis,
        with_reference=True,
        designs=compared.most_helpful(basis),
        table="gains",
        values={"people": compared.people, "weeks": compared.weeks},
        outlets=BOTH if basis == CONFIGURED else (PAGE,),
    )


def _of_reached(compared: Compared, basis: str, design: str) -> Cell:
    """Of those reached, how many are isolated with and without the programme."""
    row = compared.gain(basis, design, REACHED)
    if row["people"] == 0:
        return Sentence("main.people.nobody")
    both = {name: compared.of_gain(row, name) for name in ("with_it", "without")}
    key = row["verdict"]
    if key in ("better", "worse") and round(row["with_it"]) == round(row["without"]):
        key = f"hardly {key}"
    return Sentence(f"main.people.of_reached.{key}", both)


def _in_years(compared: Compared, basis: str, row: Row) -> Cell:
    """How many fewer are isolated in nine years of ten; without any programme, how many are."""
    if row["design"] != NO_PROGRAMME:
        return compared.years_of(basis, row["design"])
    without = compared.gain(basis, compared.programmes(basis)[0])
    return Sentence("main.people.without", {"n": compared.of_gain(without, "without")})


def _on_average(compared: Compared, basis: str, design: str) -> Cell:
    """How many fewer are isolated on average, if that can be told."""
    found = compared.gain(basis, design)
    if found["verdict"] == ONE_RUN:
        return ""
    return Sentence(f"main.people.verdicts.{found['verdict']}", compared.range_of(found))


def outcome(compared: Compared, basis: str) -> Exhibit:
    """Connectedness against no programme, and the means of what else matters."""

    def gap(design: str) -> Sentence:
        ends = {"mean": "difference", "low": "low", "high": "high"}
        of = {
            name: compared.number(basis, design, what=what, form="+3")
            for name, what in ends.items()
        }
        if of["low"].number is None or of["low"].number != of["low"].number:
            return Sentence("numbers.alone", of)
        return Sentence("numbers.interval", of)

    def mean(name: str) -> Callable[[Row], Cell]:
        if name in ("connectedness", "isolated"):
            return lambda row: compared.number(basis, row["design"], name)
        return _of_programmes(lambda design: compared.number(basis, design, name))

    hours = _of_programmes(
        lambda design: compared.for_each_person(basis, design, "supporter_hours", "1")
    )
    columns = [
        Column("difference", "+3", value=_of_programmes(gap)),
        Column(
            "verdict",
            value=_of_programmes(
                lambda design: say(f"main.verdicts.{compared.row(basis, design)['verdict']}")
            ),
        ),
        *(Column(name, FORMS[name], value=mean(name), rank=rank) for name, rank in SHOWN.items()),
        Column("hours", "1", value=hours, rank=3),
    ]
    every = compared.programmes(basis)
    falls_short = any(compared.about(basis, name)["reached"] is False for name in every)
    short = Sentence("main.outcome.short") if falls_short else ""
    return _table(
        compared,
        "outcome",
        "outcome",
        columns,
        basis,
        with_reference=True,
        outlets=(PAGE,),
        values={"short": short},
    )


def means(compared: Compared, basis: str) -> Exhibit:
    """Means with their intervals."""

    def interval(name: str, row: Row) -> Cell:
        ends = {"mean": "mean", "low": "mean_low", "high": "mean_high"}
        of = {end: compared.number(basis, row["design"], name, it) for end, it in ends.items()}
        return ranged(of)

    columns = [Column(name, FORMS[name], value=partial(interval, name)) for name in SHOWN]
    return _table(compared, "means", "outcome", columns, basis, outlets=(PAGE,))


def sure(compared: Compared, basis: str) -> Exhibit:
    """How the designs stand against the first."""
    top = compared.programmes(basis)[0]

    def gap(what: str, form: str) -> Callable[[Row], Cell]:
        return lambda row: _gap(compared, basis, top, row["design"], what, form)

    def first(row: Row) -> Cell:
        origin = {"table": "runs", "basis": basis, "design": row["design"], "what": "came_first"}
        return Value(compared.best(basis, row["design"]), "%", origin)

    def verdict(row: Row) -> str:
        if row["design"] == top:
            return ""
        return say(f"main.against.{compared.against(basis, top, row['design']).verdict}")

    columns = [
        Column("first", "%", value=first),
        Column("gap", "+3", value=gap("difference", "3")),
        Column("ahead", "%", value=gap("better", "%")),
        Column("verdict", value=verdict),
        Column("needed", "about", value=gap("runs_needed", "about")),
    ]
    return _table(
        compared,
        "sure",
        "sure",
        columns,
        basis,
        values={"label": compared.labels[top]},
        outlets=(PAGE,),
    )


def _gap(compared: Compared, basis: str, top: str, design: str, what: str, form: str) -> Cell:
    if design == top:
        return ""
    gap = compared.against(basis, top, design)
    origin = {"table": "runs", "basis": basis, "design": design, "against": top, "outcome": GAIN}

    def number(value: float | None, name: str) -> Value:
        return Value(value, form, {**origin, "what": name})

    if what == "runs_needed":
        needed = runs_to_tell(gap.sd_paired, gap.difference, smallest_of(GAIN))
        is_more = needed is not None and needed > compared.runs
        return number(needed, what) if gap.verdict == TOO_CLOSE and is_more else ""
    if what == "better":
        return number(1 - gap.better, what)
    of = {"mean": gap.difference, "low": gap.low, "high": gap.high}
    return Sentence("numbers.interval", {name: number(value, name) for name, value in of.items()})


def leaves(compared: Compared) -> Exhibit:
    """Who is never reached."""

    def never(trait: str, third: str) -> Callable[[Row], Cell]:
        return lambda row: compared.third(row["design"], trait, third)

    columns = [
        Column(
            "all",
            "%",
            value=lambda row: compared.number(CONFIGURED, row["design"], "never_reached"),
        ),
        *(
            Column(f"{trait.removeprefix('social_')}_{third}", "%", value=never(trait, third))
            for trait in TRAITS
            for third in ("low", "high")
        ),
    ]
    return _table(compared, "leaves", "leaves", columns, outlets=(PAGE,))


def costs(compared: Compared, basis: str) -> Exhibit:
    """Hours and money."""

    def total(name: str, form: str = "") -> Callable[[Row], Cell]:
        return lambda row: compared.number(basis, row["design"], name, form=form)

    def each(name: str, form: str) -> Callable[[Row], Cell]:
        return lambda row: compared.for_each_person(basis, row["design"], name, form)

    columns = [
        Column("supporter_hours", "0", value=total("supporter_hours")),
        Column("per_person", "1", value=each("supporter_hours", "1")),
        Column("staff_hours", "0", value=total("staff_hours")),
        Column("cost", "kr", value=total("cost")),
        Column("cost_person", "kr", value=each("cost", "kr")),
        Column("price", "kr", value=lambda row: compared.price(basis, row["design"])),
    ]
    return _table(compared, "costs", "costs", columns, basis, outlets=(PAGE,))


def last(compared: Compared) -> Exhibit:
    """Half-way and at the end."""
    middle = compared.weeks // 2

    def at(outcome: str, week: int, form: str) -> Callable[[Row], Cell]:
        is_gain = outcome == GAIN
        return lambda row: compared.at_week(row["design"], outcome, week, is_gain, form)

    columns = [
        Column("middle", "+3", value=at(GAIN, middle, "+3")),
        Column("end", "+3", value=at(GAIN, compared.weeks, "+3")),
        Column("ties_middle", "1", value=at("ties", middle, "1")),
        Column("ties", "1", value=at("ties", compared.weeks, "1")),
    ]
    values = {"middle": middle, "weeks": compared.weeks}
    return _table(compared, "last", "last", columns, values=values, outlets=(PAGE,))


def leaving(compared: Compared) -> Exhibit:
    """How the time of those invited ended."""

    def share(group: str) -> Callable[[Row], Any]:
        ends = members(group)
        return lambda row: compared.ended(row["design"], ends)

    columns = [
        Column(group, "%", value=share(group), heading=say(f"ends.{group}")) for group in GROUPS
    ]
    return _table(compared, "leaving", "leaving", columns, outlets=(PAGE,))


# -- what is explained ----------------------------------------------------------------------------
def designs(compared: Compared) -> Exhibit:
    """What each design is."""
    return Exhibit(
        "main.designs",
        [
            Column("label", value=lambda row: compared.labels[row["design"]]),
            Column("text", value=_text),
            Column("communities", said=lambda row: mix_name(row["communities"].split("+"))),
        ],
        compared.designs[CONFIGURED],
        table="designs",
        by=("design",),
        section="compared",
        outlets=(PAGE,),
    )


def _text(row: Row) -> str:
    return design_text(row["design"], row["text"], str(row["communities"]).split("+"))


def terms(compared: Compared) -> Exhibit:
    """What the words mean."""
    names = (
        "connectedness",
        "isolated",
        "retained",
        "harmed",
        "strain",
        "years",
        "interval",
        "small",
        "close",
    )
    return Exhibit(
        "main.terms",
        [
            Column("term", value=lambda row: say(f"main.terms.names.{row['term']}")),
            Column("meaning", value=lambda row: say(f"main.terms.meanings.{row['term']}")),
        ],
        [{"term": name} for name in names],
        table="",
        section="compared",
        outlets=(PAGE,),
    )


def parameters(scenario: Scenario) -> dict[str, Any]:
    """Describe the parameters that matter here, as plain data: how many rest on what, those that
    much hangs on, and those that differ from their usual values.
    """
    usual = {path: value for path, value, _ in declared(type(scenario)())}
    rows = {path: _parameter(path, value, field) for path, value, field in declared(scenario)}
    kinds = [field.metadata["evidence"] for _, _, field in declared(scenario)]
    return {
        "counts": {kind: kinds.count(kind) for kind in KINDS} | {"all": len(kinds)},
        "key": [rows[path] for path in KEY_ASSUMPTIONS],
        "changed": [
            rows[path] | {"default": plain(usual[path])}
            for path, value, _ in declared(scenario)
            if value != usual[path]
        ],
    }


def _parameter(path: str, value: Any, field: Any) -> dict[str, Any]:
    about = {name: field.metadata[name] for name in ("meaning", "low", "high")}
    return {"path": path, "value": plain(value), **about}


def numbers(known: Mapping[str, Any]) -> Iterator[Exhibit]:
    """The assumptions that much hangs on, and what was changed."""
    meaning = meaning_in("path")
    for name, rows in (("key_assumptions", known["key"]), ("changed", known["changed"])):
        if not rows:
            continue
        default = [Column("default", value=lambda row: _quoted(row, "default"))]
        yield Exhibit(
            f"main.{name}",
            [
                Column("path", said=meaning),
                Column("value", value=lambda row: _quoted(row, "value")),
                *(default if name == "changed" else []),
                Column("range", value=_range),
                Column("meaning", value=meaning, is_in_page=False),
            ],
            rows,
            table="parameters",
            by=("path",),
            section="assumed",
            outlets=(PAGE,),
        )


def _quoted(row: Row, name: str) -> Cell:
    value = row[name]
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Value(value, "g", {"table": "parameters", "path": row["path"], "what": name})
    return str(value)


def _range(row: Row) -> Sentence:
    return Sentence(
        "main.key_assumptions.range", {name: _quoted(row, name) for name in ("low", "high")}
    )
