"""Marks of what is compiled: rules and phases. They stay the plain Python functions they are, and
Numba is not imported before something is compiled.
"""

from collections.abc import Callable, Mapping
from typing import Any

Rule = Callable[..., Any]
"""A function that can be compiled; its arguments carry no types."""

MARKED: list[tuple[Rule, Mapping[str, bool]]] = []
"""What is marked, with options of its own, until the compiler takes it in."""


def rule(function: Rule) -> Rule:
    """Mark a scalar rule: it stays a plain Python function (doctests, subclasses) that compiled
    code can call.
    """
    MARKED.append((function, {}))
    return function


def rule_in_place(function: Rule) -> Rule:
    """Mark a rule so small, or called so often, that its machine code is put into each caller; of
    other rules LLVM decides.
    """
    MARKED.append((function, {"forceinline": True}))
    return function


def phase(function: Rule) -> Rule:
    """Mark a loop over people, one step of the week. Like a rule it stays plain Python until a week
    is compiled.
    """
    return rule(function)


def phase_apart(function: Rule) -> Rule:
    """Mark a phase that each person lives apart: it reads and writes their own rows alone, and what
    is settled of others.

    It goes over `world.everybody`, `recipients` or `supporters`. Several such phases in a row can
    be lived by one block of people after the other: see `peersim.kernel.compiled.compile_run`.
    """
    function.apart = True  # type: ignore[attr-defined]
    return phase(function)


def fetch(rows: Any, row: Any, line: Any = 0) -> None:
    """Ask for a row that will be needed soon, from its 64 bytes number `line` on; it changes
    nothing else.

    In a large world people who meet are far from each other in memory. Who is asked for in time has
    arrived by then.
    """
