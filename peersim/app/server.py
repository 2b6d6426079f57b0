"""The local server: which address is answered by what. The page is there before the engine is."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

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
STATIC = {"/app.js": ("serve.js", "text/javascript"), "/app.css": ("app.css", "text/css")}
GET = ("levers", "projects")
"""Questions that send nothing, and need no engine."""

POST = {"check": Whole, "compare": Growing}
"""Questions that send JSON, and how they are answered."""

JSON = ("application/json",)


class Server:
    """The application, its engine and its desk.

    Parameters
    ----------
    language : str
        In which the page opens.
    engine : Engine, optional
    """

    def __init__(self, language: str = "en", engine: Engine | None = None) -> None:
        self.language, self.engine = language, engine or Engine()

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
        handlers = {HTTPException: _http_fault, TooBig: _too_big, Refused: _refused}
        routes = [
            Route("/", self._index),
            *(Route(path, _static(*what)) for path, what in STATIC.items()),
            Route(f"{API}/state", self._state),
            *(Route(f"{API}/{name}", self._told(name)) for name in GET),
            *(Route(f"{API}/{name}", self._asked(name), methods=["POST"]) for name in POST),
        ]
        inside = Starlette(routes=routes, exception_handlers=handlers)
        hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        return Guard(inside, hosts, token)

    async def _index(self, request: Request) -> Response:
        page = index_page(asked_language(request.scope, self.language))
        return Response(page, media_type="text/html")

    async def _state(self, request: Request) -> Response:
        state, seconds = self.engine.state, round(self.engine.seconds, 1)
        return JSONResponse({"engine": state, "seconds": seconds, "version": __version__})

    def _told(self, name: str) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Any:
            return Whole(lambda stop: self._work(name, request, {}, stop))

        return answer

    def _asked(self, name: str) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Any:
            if self.engine.state != READY:
                raise Refused("engine_failed" if self.engine.state == FAILED else "engine_loading")
            body = await _json(request)
            return POST[name](lambda stop: self._work(name, request, body, stop))

        return answer

    def _work(self, name: str, request: Request, body: Any, stop: Stop) -> Any:
        Question = import_module("peersim.app.questions").Question
        page = request.headers.get("peersim-page", "")
        question = Question(body, asked_language(request.scope, self.language), page)
        return getattr(self.desk, name)(question, stop)


def _static(name: str, kind: str) -> Callable[[Request], Any]:
    async def answer(request: Request) -> Response:
        return Response(built(name), media_type=kind)

    return answer


def _kind(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def _json(request: Request) -> Any:
    if _kind(request) not in JSON:
        raise Refused("content_type")
    try:
        body = json.loads(await request.body())
    except (ValueError, RecursionError):
        raise Refused("not_json") from None
    if not isinstance(body, dict):
        raise Refused("not_json")
    return body


async def _http_fault(request: Request, error: Any) -> Response:
    code = {404: "not_found", 405: "method"}.get(error.status_code)
    return refusal(code or unexpected(error), request.scope)


async def _too_big(request: Request, error: Any) -> Response:
    return refusal("too_big", request.scope)


async def _refused(request: Request, error: Any) -> Response:
    return refusal(error, request.scope)
