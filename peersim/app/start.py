"""``peersim serve``: listen on this machine alone, say where, open the browser, end in order."""

from __future__ import annotations

import ctypes
import os
import secrets
import socket
import sys
import webbrowser
from collections.abc import Mapping, Sequence
from contextlib import suppress

import uvicorn

from peersim.app.server import Server
from peersim.kernel.catalogue import LANGUAGES, language, say, speaking
from peersim.kernel.declaration import InvalidInput
from peersim.kernel.paths import did_you_mean, no_such_option

HOST, PORT = "127.0.0.1", 8642
OPTIONS = {"language": LANGUAGES, "port": (), "open": ("yes", "no")}
"""Words of the command, and what each can be."""

_GLIBC = {-8: 2, -3: 131_072, -1: 131_072}  # M_ARENA_MAX, M_MMAP_THRESHOLD, M_TRIM_THRESHOLD
"""What the C library is told: what many threads had arrays in is then given back to the system, and
not kept for each of them.
"""


def serve(words: Sequence[str]) -> None:
    """Serve the page until Ctrl-C.

    Parameters
    ----------
    words : sequence of str
        ``language=da``, ``port=0`` (any free one), ``open=no`` (no browser).

    Raises
    ------
    InvalidInput
        If a word is not understood, or the port is taken.
    """
    chosen = _understood(words)
    with speaking(chosen["language"]):
        _serve(chosen)


def _give_memory_back() -> None:
    """Tell glibc so; other systems have nothing of the kind, or do it by themselves."""
    if sys.platform != "linux":
        return
    with suppress(OSError, AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        for option, value in _GLIBC.items():
            mallopt(option, value)


def _serve(chosen: Mapping[str, str]) -> None:
    _give_memory_back()
    listening = _listen(chosen["port"])
    port, token = listening.getsockname()[1], secrets.token_urlsafe(18)
    server = Server()
    settings = uvicorn.Config(
        server.application(port, token),
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
        timeout_keep_alive=30,
    )
    address = f"http://{HOST}:{port}/#token={token}&lang={chosen['language']}"
    with suppress(KeyboardInterrupt):
        print(say("serve.address", address=address), say("serve.how_to_end"), sep="\n", flush=True)
        server.engine.start()
        if chosen["open"] == "yes" and _has_display():
            with suppress(webbrowser.Error, OSError):
                webbrowser.open(address)
        uvicorn.Server(settings).run(sockets=[listening])
    server.end()
    print(say("serve.ended"), flush=True)


def _understood(words: Sequence[str]) -> dict[str, str]:
    chosen = {"language": language(), "port": str(PORT), "open": "yes"}
    for word in words:
        name, equals, value = word.partition("=")
        if name not in OPTIONS or not equals:
            raise InvalidInput("serve.errors.word", did_you_mean(name, OPTIONS), word=word)
        if OPTIONS[name] and value not in OPTIONS[name]:
            raise no_such_option(name, value, OPTIONS[name])
        chosen[name] = value
    return chosen


def _listen(port: str) -> socket.socket:
    if not port.isascii() or not port.isdecimal() or int(port) > 65535:
        raise InvalidInput("errors.setting.whole", name="port", value=port, low=0, high=65535)
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name == "posix":
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, int(port)))
        listening.listen()  # a browser that is faster than we are waits
    except OSError:
        listening.close()
        raise InvalidInput("serve.errors.taken", port=port) from None
    return listening


def _has_display() -> bool:
    """Whether there is a screen that a browser could open on."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
