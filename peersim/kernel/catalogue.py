"""The words of everything that people read: one catalogue a language, whole sentences with named
blanks.

A sentence stands in ``peersim/locales/<language>.json`` under a key (``errors.bounds``). A blank is
``{name}``, ``{name:format}`` for a number (see `peersim.kernel.numbers`), or ``{names:and}`` and
``{names:or}`` for several. Where a sentence has a
form for one and a form for several, they stand under ``key.one`` and ``key.other``, and the blank
``n`` decides. The same files and the same rules serve pages: `peersim/locales/catalogue.js`.
"""

from __future__ import annotations

import contextlib
import functools
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

from peersim.kernel.numbers import written

LANGUAGES = ("en", "da")
_BLANK = re.compile(r"\{(\w+)(?::([+%\w]+))?\}")
_language: ContextVar[str] = ContextVar("language", default=LANGUAGES[0])


@functools.cache
def catalogue(language: str) -> Mapping[str, str]:
    """Read all sentences of a language, by key."""
    text = (resources.files("peersim") / "locales" / f"{language}.json").read_text("utf-8")
    return dict(_flat(json.loads(text)))


def _flat(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, "\n".join(value) if isinstance(value, list) else value


@functools.cache
def declared_words(language: str) -> Mapping[str, Mapping[str, str]]:
    """Read what declarations say in a language that is not theirs: by kind, and by name."""
    text = (resources.files("peersim") / "locales" / f"{language}_declared.json").read_text("utf-8")
    found: Mapping[str, Mapping[str, str]] = json.loads(text)
    return found


def worded(kind: str, name: str, english: str) -> str:
    """Word in the language of the moment what a declaration says in English.

    Parameters
    ----------
    kind : str
        Of what is declared: ``parameters``, ``units``, ``outcomes``, ...
    name : str
        What it is called there: the path of a parameter, for example.
    english : str
        What is declared.
    """
    spoken = language()
    return english if spoken == LANGUAGES[0] else declared_words(spoken)[kind][name]


@dataclass(frozen=True)
class Declared:
    """What a declaration says, as a value in a sentence: worded where it is shown.

    Parameters
    ----------
    kind, name, english : str
        As `worded` takes them.
    """

    kind: str
    name: str
    english: str

    def __str__(self) -> str:
        return worded(self.kind, self.name, self.english)


@dataclass(frozen=True)
class Foreign:
    """What the system or a library says, as a value in a sentence. In another language than English
    it is worded where its words are known (kind ``foreign``; a blank such as ``{x}`` stands for
    anything), and otherwise quoted.

    Parameters
    ----------
    text : str
        In English.
    """

    text: str

    def __str__(self) -> str:
        if language() == LANGUAGES[0]:
            return self.text
        for known, words in declared_words(language())["foreign"].items():
            pattern = re.sub(r"\\\{(\w)\\\}", r"(?P<\1>.+)", re.escape(known))
            if found := re.fullmatch(pattern, self.text, re.DOTALL):
                return words.format(**found.groupdict())
        return say("errors.foreign", text=self.text)


def language() -> str:
    """Give the language that is written at this moment."""
    return _language.get()


def speak(chosen: str) -> None:
    """Write in a language from now on, in this thread."""
    _language.set(chosen)


@contextlib.contextmanager
def speaking(chosen: str) -> Iterator[None]:
    """Write in a language for as long as this holds, in this thread."""
    token = _language.set(chosen)
    try:
        yield
    finally:
        _language.reset(token)


@dataclass(frozen=True)
class Value:
    """A number that knows where it comes from.

    Parameters
    ----------
    number : float or None
    form : str
        How it is written; empty: as the sentence says.
    origin : mapping
        Table, column and row, for whoever wants to check it.
    """

    number: float | None
    form: str = ""
    origin: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return written(self.number, self.form or "g", language())


@dataclass(frozen=True)
class Sentence:
    """A sentence that knows its key and its numbers; how it is written is decided where it is
    shown.

    Parameters
    ----------
    key : str
        In the catalogue.
    values : mapping
        What stands in the blanks: numbers, words, or further sentences.
    """

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return fill(self.key, self.values, plain)

    @property
    def english(self) -> str:
        """Itself in English, in which tables are written whatever is spoken."""
        with speaking("en"):
            return str(self)

    def as_data(self) -> list[Any]:
        """Itself as plain data, for a manifest; `Sentence(*data)` gives it back."""
        return [self.key, dict(self.values)]


def say(key: str, **values: Any) -> str:
    """Write a sentence of the catalogue in the language of the moment."""
    return fill(key, values, plain)


def fill(key: str, values: Mapping[str, Any], show: Callable[[str, Any, str], str]) -> str:
    """Fill the blanks of a sentence.

    Parameters
    ----------
    key : str
    values : mapping
        More than the sentence has blanks for does no harm.
    show : callable
        Writes one value: ``show(name, value, form)``, `form` empty for what is no number.
    """

    def filled(blank: re.Match[str]) -> str:
        name, form, value = blank[1], blank[2] or "", values[blank[1]]
        if form in ("and", "or"):
            return listed([show(name, each, "") for each in value], form)
        return show(name, value, form)

    n = values.get("n")
    return _BLANK.sub(filled, sentence(key, n.number if isinstance(n, Value) else n))


def sentence(key: str, n: Any = None) -> str:
    """Give a sentence with its blanks; of two forms the one that suits `n`."""
    known = catalogue(language())
    if key in known:
        return known[key]
    form = f"{key}.{'one' if n == 1 else 'other'}"
    if form not in known:
        raise KeyError(f"the catalogue of {language()} has no sentence {key!r}")
    return known[form]


def has(key: str) -> bool:
    """Whether there is a sentence of this key."""
    known = catalogue(language())
    return key in known or f"{key}.other" in known


def plain(name: str, value: Any, form: str) -> str:
    """Write the value of a blank as plain text."""
    if isinstance(value, Value):
        return written(value.number, form or value.form or "g", language())
    if form:
        return written(value, form, language())
    if isinstance(value, float):
        return written(value, "g", language())
    return str(value)


def listed(words: Any, last: str = "and") -> str:
    """Put words into a row: ``a, b and c`` (or ``or``).

    >>> listed(["a", "b", "c"]), listed(["a", "b"], "or"), listed(["a"])
    ('a, b and c', 'a or b', 'a')
    """
    parts = [str(word) for word in words]
    if len(parts) < 2:
        return "".join(parts)
    return say(f"lists.{last}", some=", ".join(parts[:-1]), last=parts[-1])
