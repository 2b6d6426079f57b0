"""Who may ask, and what: only this machine's own page, with the token of its address, and not too
much at once. Every answer carries the policy under which a browser shows it.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING

from peersim.app.refusals import refusal, unexpected

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 2_000_000
"""Of what is sent with one question."""

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
_HEADERS = {
    "content-security-policy": "; ".join(f"{name} {value}" for name, value in _POLICY.items()),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


class Guard:
    """Stand before an application and let through what is its own page's.

    Parameters
    ----------
    app : ASGI application
    hosts : set of str
        What the browser may call this machine; with it falls a name that somebody else's name
        server turns into 127.0.0.1.
    token : str
        What each question that sends something must carry: on a machine that several people are
        logged on to, 127.0.0.1 belongs to all of them.
    """

    def __init__(self, app: ASGIApp, hosts: set[str], token: str) -> None:
        self.app, self.hosts, self.token = app, hosts, token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or ask the application."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        begun = False

        async def with_policy(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                ours = [(name.encode(), text.encode()) for name, text in _HEADERS.items()]
                message, begun = {**message, "headers": [*message["headers"], *ours]}, True
            await send(message)

        headers = {
            name.decode("latin-1"): text.decode("latin-1") for name, text in scope["headers"]
        }
        if refused := self._fault(scope["method"], headers):
            return await refusal(refused, scope)(scope, receive, with_policy)
        try:
            await self.app(scope, _Measured(receive), with_policy)
        except Exception as error:
            if not begun:  # otherwise it has been told
                await refusal(unexpected(error), scope)(scope, receive, with_policy)

    def _fault(self, method: str, headers: Mapping[str, str]) -> str:
        host, origin = headers.get("host", ""), headers.get("origin")
        if host not in self.hosts or origin not in (None, f"http://{host}"):
            return "host"
        if method in ("GET", "HEAD"):
            return ""
        said = headers.get("authorization", "")
        if not secrets.compare_digest(said.encode(), f"Peersim {self.token}".encode()):
            return "token"
        length = headers.get("content-length", "0")
        return "" if length.isdecimal() and int(length) <= MOST_BYTES else "too_big"


class TooBig(Exception):
    """More was sent than is read."""


class _Measured:
    """What comes in, as long as it is not too much."""

    def __init__(self, receive: Receive) -> None:
        self.receive, self.bytes = receive, 0

    async def __call__(self) -> Message:
        message = await self.receive()
        self.bytes += len(message.get("body", b""))
        if self.bytes > MOST_BYTES:
            raise TooBig
        return message
