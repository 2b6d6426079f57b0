"""What a list and the model say to each other, in a terminal of 100 columns."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from peersim.kernel.paths import leaves
from peersim.scenario.scenario import Scenario

if TYPE_CHECKING:
    from peersim.studies.check_own_data.causes import Cause
    from peersim.studies.check_own_data.checks import Check, Fit, Together
    from peersim.studies.check_own_data.study import Answer
    from peersim.studies.check_own_data.value_of_records import Advice

WIDTH = 100
UNUSUAL, DOUBTFUL = 0.05, 0.2
ACCOUNTS = 4
NO_CAUSE = "No parameter alone, within its bounds: a process may be missing from the model, or be another one."
CAUTION = (
    "Each was moved alone, everything else as configured, for the same people and luck. These are readings of the "
    "model, not findings about your project: several parameters can do the same, and you may know which is meant."
)
LEAST = 0.02
"""A record that takes away less than this of what is not known is not worth the trouble for this
purpose."""


def heading(text: str) -> str:
    """A line with a line below it."""
    return f"{text}\n{'=' * len(text)}"


def paragraph(text: str, first: str = "", later: str = "") -> str:
    """Words in lines of the right length."""
    return textwrap.fill(
        text, WIDTH, initial_indent=first, subsequent_indent=later, break_long_words=False
    )


def number(value: float, check: Check) -> str:
    """A number of a check: a share in percent, or a count."""
    if math.isnan(value):
        return "-"
    return f"{100 * value:.0f} %" if check.is_share else f"{value:.1f}"


def span(fit: Fit) -> str:
    """Between which numbers nine in ten of the model's lists lie."""
    if math.isnan(fit.low):
        return "-"
    if fit.check.is_share:
        return f"{100 * fit.low:.0f} to {100 * fit.high:.0f} %"
    return f"{fit.low:.1f} to {fit.high:.1f}"


def short_verdict(fit: Fit) -> str:
    """One or two words: the sentence stands below the table."""
    if math.isnan(fit.median):
        return "cannot tell"
    if not fit.is_miss:
        return "as expected"
    return "LOWER" if fit.observed < fit.low else "HIGHER"


def in_a_word(found: Together) -> str:
    """Say whether the model fits, and how sure that is."""
    if not found.answered:
        return "The list is too short, or holds too few people, to tell."
    if not found.missed:
        return (
            f"Yes, as far as this list can tell: none of {found.answered} numbers lies outside nine in ten of the "
            f"model's own lists. Of such a list {found.usual:.1f} do on average."
        )
    by_chance = (
        f"{found.missed} of {found.answered} numbers lie outside nine in ten of the model's own lists; of such a list "
        f"{found.usual:.1f} do on average, and {100 * found.as_many:.0f} in 100 lists miss as many."
    )
    if found.as_many < UNUSUAL:
        return f"No: the model does not fit your list. {by_chance}"
    if found.as_many < DOUBTFUL:
        return f"In part: more stands out than there usually would by chance, though not by much. {by_chance}"
    return (
        f"Yes, as far as this list can tell: no more stands out than would by chance. {by_chance}"
    )


def _about(answer: Answer, file: str) -> str:
    own = answer.own
    visits, weeks = int(own.attendance.count.sum()), own.attendance.weeks
    parts = [f"{file}: {own.attendance.people} people came {visits} times in {weeks} weeks."]
    if own.never_came:
        parts.append(f"{own.never_came} more are listed and never came.")
    if own.supporters:
        parts.append(f"{own.supporters} supporters are listed; they are not compared.")
    kinds = " + ".join(name.replace("_", "-") for name in answer.programme.scenario.communities)
    parts += [*own.notes, f"Compared with: {kinds}.", *answer.programme.notes]
    return paragraph(" ".join(parts))


def _table(fits: Sequence[Fit]) -> str:
    heads = ("your", "the", "nine in ten"), ("list", "model", "of its lists")
    lines = ["{:<46}{:>8}{:>9}{:>17}".format("", *head) for head in heads]
    for fit in fits:
        cells = (
            number(fit.observed, fit.check),
            number(fit.median, fit.check),
            span(fit),
            short_verdict(fit),
        )
        lines.append("{:<46}{:>8}{:>9}{:>17}   {}".format(fit.check.label, *cells))
    return "\n".join(lines)


class Account(NamedTuple):
    """What one parameter would account for.

    Attributes
    ----------
    path, unit, meaning : str
    default, low, high : float
        As configured, and between which values it would have to be.
    plausible : (float, float) or None
    checks : int
        How many of the checks that are missed it would account for.
    spoils : tuple of str
        What fits now, and would then fit no more.
    """

    path: str
    unit: str
    meaning: str
    default: float
    low: float
    high: float
    plausible: tuple[float, float] | None
    checks: int
    spoils: tuple[str, ...]


def accounts(causes: Sequence[Cause]) -> list[Account]:
    """Give each parameter that would account for something: those for most first, then those that
    spoil least.
    """
    by_path: dict[str, list[Cause]] = {}
    for cause in causes:
        by_path.setdefault(cause.path, []).append(cause)
    found = []
    for path, own in by_path.items():
        needed = [cause.needed for cause in own]
        spoils = tuple(dict.fromkeys(label for cause in own for label in cause.spoils))
        meaning = leaves(Scenario)[path].field.metadata["meaning"]
        unit = "" if own[0].unit in ("-", "0-1") else f" {own[0].unit}"
        found.append(
            Account(
                path,
                unit,
                meaning,
                own[0].default,
                min(needed),
                max(needed),
                own[0].plausible,
                len(own),
                spoils,
            )
        )
    reach = {path: min(cause.distance for cause in own) for path, own in by_path.items()}
    return sorted(found, key=lambda each: (-each.checks, len(each.spoils), reach[each.path]))


def account_text(each: Account) -> str:
    """One parameter in words."""
    between = (
        f"{each.low:.2g}"
        if each.high - each.low < 0.1 * abs(each.high)
        else f"{each.low:.2g} to {each.high:.2g}"
    )
    text = f"{between}{each.unit} instead of {each.default:.2g}"
    if each.plausible:
        low, high = each.plausible
        text += (
            f" (nine in ten plausible sets: {low if low > 0.01 * high else 0:.2g} to {high:.2g})"
        )
    if each.spoils:
        text += f"; but then these would fit no more: {', '.join(each.spoils)}"
    return text


def _causes(answer: Answer) -> str:
    missed = [fit for fit in answer.fits if fit.is_miss]
    lines = [paragraph(f"{fit.check.label}: {fit.verdict}", "* ", "  ") for fit in missed]
    found = accounts(answer.causes)
    lines += ["", "Moved alone, these would account for it:" if found else paragraph(NO_CAUSE)]
    for each in found[:ACCOUNTS]:
        lines.append(
            paragraph(
                f"{each.path}, for {each.checks} of {len(missed)}: {each.meaning}", "  ", "    "
            )
        )
        lines.append(paragraph(account_text(each), "    ", "    "))
    if len(found) > ACCOUNTS:
        lines.append(
            f"  ... and {len(found) - ACCOUNTS} more for some of it: see check_causes.parquet."
        )
    return "\n".join([*lines, "", paragraph(CAUTION)])


def _shares(advice: Advice) -> str:
    from peersim.studies.check_own_data.value_of_records import TARGETS

    return "; ".join(
        f"{100 * share:.0f} % of {TARGETS[name]}" for name, share in advice.known_now.items()
    )


def _advice(advice: Advice) -> str:
    lines = [
        paragraph(
            f"Over {advice.sets} sets of parameters, what you write down now tells this much of what differs: "
            f"{_shares(advice)}. Of what is left, on average of the three, these would tell most:"
        )
    ]
    for place, worth in enumerate(advice.chosen, 1):
        text = f"{worth.kind.label}: {worth.kind.how}"
        lines.append(paragraph(text, f"  {place}. ", "     "))
        beside = "those above" if place > 1 else "the list"
        hardly = "" if worth.next >= LEAST else ": hardly worth the trouble for this"
        lines.append(f"     takes away {_percent(worth.next)}, beside {beside}{hardly}")
    return "\n".join([*lines, "", *_each_alone(advice)])


def _each_alone(advice: Advice) -> list[str]:
    lines = [
        "  Each alone, beside what you have now: how much it takes away of what is not known",
        f"{'':<55}{'of what comes out':>22}{'of the parameters':>20}",
    ]
    for worth in advice.worths:
        between = f"({100 * worth.low:.0f} to {100 * worth.high:.0f})"
        lines.append(
            f"     {worth.kind.label:<50}{_percent(worth.narrowed):>10} {between:>11}"
            f"{_percent(worth.parameters):>14}"
        )
    note = "In brackets: eight in ten random halves of the sets, which tell less than all of them."
    return [*lines, f"     {note}"]


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def printed(answer: Answer, file: str) -> str:
    """Everything."""
    parts = [
        heading("Does the model fit your list?"),
        _about(answer, file),
        _table(answer.fits),
        paragraph(in_a_word(answer.together)),
    ]
    if any(fit.is_miss for fit in answer.fits):
        parts += [heading("Where it does not, and what it would have to believe"), _causes(answer)]
    parts += [heading("Three things to start writing down"), _advice(answer.advice)]
    return "\n\n".join(parts)
