"""What commands have in common that write a page as one file: their words, beside the settings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from peersim.commands.settings import refuse_unknown
from peersim.kernel.catalogue import LANGUAGES, language
from peersim.kernel.declaration import InvalidInput, whole
from peersim.kernel.paths import no_such_option

YES = {"yes": True, "true": True, "no": False, "false": False}
MOST_WORKERS = 1024
_SETTING = re.compile(r"(?P<key>[\w.]+)=(?P<value>.*)", re.DOTALL)


def parted(
    words: Sequence[str], usual: Mapping[str, str], complaint: str
) -> tuple[dict[str, str], dict[str, str]]:
    """Part the words of a command from the settings of the model.

    Parameters
    ----------
    words : sequence of str
        As they were typed.
    usual : mapping
        The words of the command, with what they are if they are not given.
    complaint : str
        Key of what is said of a word that is neither.

    Raises
    ------
    InvalidInput
        Also about a setting that does not exist.
    """
    own, settings = dict(usual), dict[str, str]()
    for word in words:
        found = _SETTING.fullmatch(word)
        if found is None:
            raise InvalidInput(complaint, word=word)
        (own if found["key"] in usual else settings)[found["key"]] = found["value"]
    refuse_unknown(typed(settings), usual)
    return own, settings


def typed(settings: Mapping[str, str]) -> list[str]:
    """Settings as they are typed."""
    return [f"{key}={value}" for key, value in settings.items()]


def spoken(own: Mapping[str, str]) -> str:
    """The language in which a page opens: the one that is asked for, else the one that is spoken.

    Raises
    ------
    InvalidInput
        If no page speaks it.
    """
    found = own["language"] or language()
    if found not in LANGUAGES:
        raise no_such_option("language", found, LANGUAGES)
    return found


def is_packed(own: Mapping[str, str]) -> bool:
    """Whether the data of a page are packed.

    Raises
    ------
    InvalidInput
        For anything but yes and no.
    """
    if own["pack"] not in YES:
        raise no_such_option("pack", own["pack"], ("yes", "no"))
    return YES[own["pack"]]


def number(own: Mapping[str, str], name: str, low: int, high: int) -> int:
    """A whole number of a command.

    Raises
    ------
    InvalidInput
        If it is none, or out of bounds.
    """
    text = own[name]
    return whole(name, int(text) if text.isdecimal() else text, low, high)
