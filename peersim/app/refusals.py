"""What is refused, as data that a page can say in either language: a code, where, and a sentence.

This is imported before there is an engine, and by nothing that needs one.
"""

from __future__ import annotations

import itertools
import re
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from peersim.kernel.catalogue import LANGUAGES, Sentence, language, say, speaking

if TYPE_CHECKING:
    from starlette.responses import JSONResponse
    from starlette.types import Scope

    from peersim.kernel.declaration import InvalidInput

STATUS = {
    "not_json": 400,
    "token": 401,
    "host": 403,
    "not_found": 404,
    "method": 405,
    "engine_loading": 409,
    "engine_failed": 409,
    "superseded": 409,
    "too_big": 413,
    "content_type": 415,
    "busy": 429,
    "unexpected": 500,
}
"""By code; whatever else a person may have got wrong is 422."""

_CODES = (
    (r"errors\.setting\.(bounds.*|whole)", "out_of_bounds"),
    (r"errors\.setting\.(unknown|group)", "unknown_setting"),
    (r"errors\.setting\.(leaders.*|order)", "not_together"),
    (r"errors\.setting\..*|errors\.communities\..*|errors\.outcomes\..*", "not_a_choice"),
    (r"errors\.(comparison|lesson)\..*", "not_together"),
    (r"errors\.share\..*", "not_shared"),
    (r"find\.errors\..*", "nothing_found"),
    (r"errors\.events\..*", "bad_event"),
    (r"errors\.(lists|people)\..*", "bad_file"),
)
"""The code of a refusal by its key in the catalogue."""

_numbers = itertools.count(1)


class Refused(Exception):
    """A question that is not answered.

    Parameters
    ----------
    code : str
        One of `STATUS`, or what a person got wrong.
    said : InvalidInput or Sentence, optional
        What to say; by default the sentence of the code.
    values
        What a page may want to know of it, and what stands in the sentence of the code.
    """

    def __init__(
        self, code: str, said: InvalidInput | Sentence | None = None, /, **values: Any
    ) -> None:
        super().__init__(code)
        self.code, self.values = code, values
        self.said = said or Sentence(f"faces.refused.{code}", values)

    @property
    def status(self) -> int:
        """Of the answer."""
        return STATUS.get(self.code, 422)

    def as_data(self) -> dict[str, Any]:
        """Itself for a page, with its sentence in the language of the moment."""
        return {"error": {"code": self.code, **self.values, "message": str(self.said)}}


def complaint_as_refusal(
    complaint: InvalidInput, design: str = "", said: Sentence | None = None
) -> Refused:
    """A complaint about somebody's input as data.

    Parameters
    ----------
    complaint : InvalidInput
    design : str
        Which of the designs it is about.
    said : Sentence, optional
        What to say instead.

    >>> from peersim.kernel.declaration import InvalidInput
    >>> found = complaint_as_refusal(InvalidInput("errors.setting.unknown", name="grop.size"), "a")
    >>> found.code, found.values
    ('unknown_setting', {'path': 'a.grop.size'})
    """
    code = next(code for pattern, code in _CODES if re.fullmatch(pattern, complaint.key))
    told = {name: complaint.values.get(name) for name in ("value", "low", "high")}
    path = ".".join(part for part in (design, _place(complaint)) if part)
    values = {**told, "path": path or None}
    plain = {name: each for name, each in values.items() if isinstance(each, (str, int, float))}
    return Refused(code, said or complaint, **plain)


def _place(complaint: InvalidInput) -> str:
    """Which setting a complaint is about."""
    part = complaint.key.split(".")[1]
    if part == "setting":
        return str(complaint.values.get("name", ""))
    return part if part in ("communities", "events", "outcomes") else ""


def asked_language(scope: Scope) -> str:
    """Give the language that a question asks for in its address; else the one that is spoken."""
    query = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("language", [])
    return next((each for each in query if each in LANGUAGES), language())


def refusal(what: str | Refused, scope: Scope) -> JSONResponse:
    """Answer that a question is refused."""
    from starlette.responses import JSONResponse

    refused = Refused(what) if isinstance(what, str) else what
    with speaking(asked_language(scope)):
        return JSONResponse(refused.as_data(), refused.status)


def unexpected(error: BaseException) -> Refused:
    """Give an error of ours a number, which also stands in the terminal: where it happened, never
    what somebody had sent.
    """
    number, at = next(_numbers), error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    where = "" if at is None else f"{at.tb_frame.f_code.co_filename}:{at.tb_lineno}"
    with suppress(OSError):
        kind = type(error).__name__
        print(say("serve.unexpected", number=number, kind=kind, where=where), file=sys.stderr)
    said = Sentence("faces.error.unexpected", {"number": number})
    return Refused("unexpected", said, number=number)
