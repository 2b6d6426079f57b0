"""The local server: which address is answered by what. The page is there before the engine is.

All below ``/api/1/``, JSON in UTF-8. Every POST carries ``Authorization: Peersim TOKEN``; one that
computes may carry ``Peersim-Page: WORD`` besides, and then takes the place of an older one of the
same page. ``?language=da`` says in which language labels and sentences are.

================== ======================================== ========================================
GET state                                                   ``engine``: loading, ready or failed,
                                                            ``seconds``, ``version``
GET levers                                                  ``levers``, ``assumptions``, ``groups``,
                                                            ``sources``: `peersim.faces.levers`
GET projects                                                name, title, settings of each
POST check         two designs                              ``ok``, ``milliseconds_a_year``: [a, b]
POST compare       two designs, ``outcomes``                a line after 20, 50, 100, ... pairs:
                                                            ``pairs``, ``of``, ``preliminary``,
                                                            ``weeks``, ``invited``, ``cpu_ms``;
                                                            ``outcomes``: see `about_outcome`;
                                                            ``cost``: see `prices`
POST groups        two designs                              who is left out: see `left_out`
POST strain        two designs                              how hard it is on peers: `strain_of`
POST after         two designs                              what is left: see `what_is_left`
POST rests_on      two designs, one of ``outcomes``         ``kinds`` of evidence; see
                                                            `what_turns_it`
POST recording     two designs, ``seed`` or ``find``:       a recording: `peersim.faces.lessons`;
                   typical, longest_chain,                  ``chosen``: why this year, its rank
                   largest_difference
POST story         two designs, ``design``: a or b,         ``facts`` of the person;
                   ``seed``, ``person``                     ``knockouts`` that concern them
POST soem          two designs, ``outcome``, ``week``       the line of each: see `soem.as_data`
POST people        a list of people, as text/csv            ``handle``, ``people``, ``key``:
                                                            [name, code], ``left_out``: columns,
                                                            ``counts``
POST forget        ``people``: a handle                     ``forgotten``
POST design.yaml   two designs                              a file that the command line runs
POST design        such a file, as application/yaml         ``a``, ``b``: settings; ``pairs``,
                                                            ``parameters``, ``first_seed``,
                                                            ``left_out``
================== ======================================== ========================================

Two designs are ``a`` and ``b``: settings by path, what differs from the defaults alone; with them
may stand ``people`` (a handle), ``pairs`` (100), ``first_seed`` (1) and ``parameters`` (plausible,
or defaults). What is refused is ``{"error": {"code", "message", ...}}``: see
`peersim.app.refusals`; a line of it may end an answer that grows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from peersim import __version__
from peersim.app.answering import Growing, Whole
from peersim.app.engine import FAILED, READY, Engine
from peersim.app.guard import Guard, TooBig
from peersim.app.index import index_page
from peersim.app.refusals import Refused, asked_language, refusal, unexpected
from peersim.app.turns import Stop
from peersim.faces.page import built

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from peersim.app.endpoints import Desk

API = "/api/1"
STATIC = {
    "/app.js": ("serve.js", "text/javascript"),
    "/year.js": ("year.js", "text/javascript"),
    "/app.css": ("app.css", "text/css"),
}
GET = ("levers", "projects")
"""Questions that send nothing, and need no engine."""

JSON = ("application/json",)
TABLES = ("text/csv", "text/plain", "application/octet-stream", "application/vnd.ms-excel")
YAML = ("application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml", "text/plain")


class Kind(NamedTuple):
    """What a question sends, and how it is answered.

    Attributes
    ----------
    method : str
        Of the desk.
    takes : tuple of str
        Media types: of JSON, or of a file.
    answer : callable
        `Whole` or `Growing`.
    gives : str
        Media type of a whole answer.
    """

    method: str
    takes: tuple[str, ...] = JSON
    answer: Any = Whole
    gives: str = "application/json"


POST = {
    "check": Kind("check"),
    "compare": Kind("compare", answer=Growing),
    "groups": Kind("groups"),
    "strain": Kind("strain"),
    "after": Kind("after"),
    "rests_on": Kind("rests_on"),
    "recording": Kind("recording"),
    "story": Kind("story"),
    "soem": Kind("soem"),
    "people": Kind("own_people", takes=TABLES),
    "forget": Kind("forget"),
    "share": Kind("share", gives="text/html"),
    "design.yaml": Kind("design_file", gives="application/yaml"),
    "design": Kind("design", takes=YAML),
}
"""Questions that send something, by their address."""


class Server:
    """The application, its engine and its desk.

    Parameters
    ----------
    engine : Engine, optional
    """

    def __init__(self, engine: Engine | None = None) -> None:
        self.engine = engine or Engine()

    @cached_property
    def desk(self) -> Desk:
        """Where questions are answered; it reads in the engine."""
        made: Desk = import_module("peersim.app.endpoints").Desk()
        return made

    def end(self) -> None:
        """Stop whatever is computed."""
        if "desk" in vars(self):
            self.desk.turns.end()

    def application(self, port: int, token: str) -> ASGIApp:
        """All of it, behind its guard."""
        handlers = {
            HTTPException: _http_fault,
            TooBig: _too_big,
            Refused: _refused,
            Exception: _ours,
        }
        routes = [
            Route("/", self._index),
            *(Route(path, _static(*what)) for path, what in STATIC.items()),
            Route(f"{API}/state", self._state),
            *(Route(f"{API}/{name}", self._told(name)) for name in GET),
            *(
                Route(f"{API}/{name}", self._asked(kind), methods=["POST"])
                for name, kind in POST.items()
            ),
        ]
        inside = Starlette(routes=routes, exception_handlers=handlers)
        hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        return Guard(inside, hosts, token)

    async def _index(self, request: Request) -> Response:
        page = index_page(asked_language(request.scope))
        return Response(page, media_type="text/html")

    async def _state(self, request: Request) -> Response:
        state, seconds = self.engine.state, round(self.engine.seconds, 1)
        return JSONResponse({"engine": state, "seconds": seconds, "version": __version__})

    def _told(self, name: str) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Any:
            return Whole(lambda stop: self._work(name, request, {}, stop))

        return answer

    def _asked(self, kind: Kind) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Any:
            if self.engine.state != READY:
                raise Refused("engine_failed" if self.engine.state == FAILED else "engine_loading")
            if _type(request) not in kind.takes:
                raise Refused("content_type")
            content = await request.body()
            sent = {"body": _json(content)} if kind.takes is JSON else {"content": content}

            def work(stop: Stop) -> Any:
                return self._work(kind.method, request, sent, stop)

            return Growing(work) if kind.answer is Growing else Whole(work, kind.gives)

        return answer

    def _work(self, name: str, request: Request, sent: Mapping[str, Any], stop: Stop) -> Any:
        Question = import_module("peersim.app.questions").Question
        page = request.headers.get("peersim-page", "")
        spoken = asked_language(request.scope)
        return getattr(self.desk, name)(Question(language=spoken, page=page, **sent), stop)


def _static(name: str, kind: str) -> Callable[[Request], Any]:
    async def answer(request: Request) -> Response:
        return Response(built(name), media_type=kind)

    return answer


def _type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _json(content: bytes) -> Any:
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        raise Refused("not_json") from None
    if not isinstance(body, dict):
        raise Refused("not_json")
    return body


async def _http_fault(request: Request, error: Any) -> Response:
    code = {404: "not_found", 405: "method"}.get(error.status_code)
    return refusal(code or unexpected(error), request.scope)


async def _ours(request: Request, error: Any) -> Response:
    return refusal(unexpected(error), request.scope)


async def _too_big(request: Request, error: Any) -> Response:
    return refusal("too_big", request.scope)


async def _refused(request: Request, error: Any) -> Response:
    return refusal(error, request.scope)
