"""Answers that take time: computed in a thread, stopped when nobody waits any more, sent as one
JSON or line by line.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from peersim.app.refusals import Refused, asked_language, complaint_as_refusal, refusal, unexpected
from peersim.app.turns import Stop, Stopped
from peersim.kernel.catalogue import speaking
from peersim.kernel.declaration import InvalidInput

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send

LINES = "application/x-ndjson"
_END = object()
_threads = ThreadPoolExecutor(16, "answer")


def as_json(data: Any) -> bytes:
    """Data as JSON that every browser reads: NaN is refused rather than written."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


async def in_thread[Found](work: Callable[..., Found], *given: Any) -> Found:
    """Do something that takes time while others are answered."""
    return await asyncio.get_running_loop().run_in_executor(_threads, work, *given)


def as_refusal(error: Exception) -> Refused:
    """Whatever went wrong, as something to tell whoever asked."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, Stopped):  # who has gone away does not hear it
        return Refused("superseded")
    return complaint_as_refusal(error) if isinstance(error, InvalidInput) else unexpected(error)


class Growing:
    """An answer, a line of JSON at a time.

    Parameters
    ----------
    lines : callable
        From a `Stop` to what is to be sent, a line each.
    """

    def __init__(self, lines: Callable[[Stop], Iterator[Any]]) -> None:
        self._lines = lines

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, and look at the same time whether anybody is still there."""
        stop = Stop()
        gone = asyncio.create_task(_when_gone(receive, stop))
        lines = self._lines(stop)
        try:
            await self._send(lines, scope, receive, send)
        finally:
            stop.set()
            gone.cancel()
            with suppress(ValueError):  # it is still at work, and will find that it is over
                lines.close()  # type: ignore[attr-defined]

    async def _send(self, lines: Iterator[Any], scope: Scope, receive: Receive, send: Send) -> None:
        begun = False
        try:
            while (line := await in_thread(_next, lines)) is not _END:
                if not begun:
                    await send(_head(200, LINES))
                    begun = True
                await send(_body(as_json(line) + b"\n", more=True))
        except Exception as error:
            refused = as_refusal(error)
            if not begun:
                return await refusal(refused, scope)(scope, receive, send)
            with speaking(asked_language(scope)):
                await send(_body(as_json(refused.as_data()) + b"\n", more=True))
        await send(_body(b"", more=False))


class Whole:
    """An answer in one.

    Parameters
    ----------
    work : callable
        From a `Stop` to what is to be sent: plain data, or text.
    kind : str
        Media type of the answer.
    """

    def __init__(self, work: Callable[[Stop], Any], kind: str = "application/json") -> None:
        self._work, self._kind = work, kind

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, unless whoever asked goes away meanwhile."""
        stop = Stop()
        gone = asyncio.create_task(_when_gone(receive, stop))
        try:
            found = await in_thread(self._work, stop)
            content = found if isinstance(found, str) else as_json(found)
            answer: Any = Response(content, media_type=self._kind)
        except Exception as error:
            answer = refusal(as_refusal(error), scope)
        finally:
            stop.set()
            gone.cancel()
        await answer(scope, receive, send)


def _next(lines: Iterator[Any]) -> Any:
    return next(lines, _END)


async def _when_gone(receive: Receive, stop: Stop) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stop.set()


def _head(status: int, kind: str) -> Message:
    return {
        "type": "http.response.start",
        "status": status,
        "headers": [(b"content-type", kind.encode())],
    }


def _body(content: bytes, more: bool) -> Message:
    return {"type": "http.response.body", "body": content, "more_body": more}
