"""The listening socket and the HTTP server on it; both know nothing of what is served."""

import socket
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from typing import Any

import uvicorn

_DRAIN_SECONDS = 2


def bound(host: str, port: int) -> socket.socket:
    """A socket bound to the address; OSError names it when it is taken or not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Connections inherit it. Without, the end of an answer waits 40 ms for the other side to confirm its beginning.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listening.bind((host, port))
        # From here on callers wait instead of being refused, and nobody else can take the port.
        listening.listen()
    except OSError as error:
        listening.close()
        raise OSError(error.errno, f"('{host}', {port})") from None
    return listening


def address_of(listening: socket.socket) -> str:
    """Where a browser on this machine finds it: ``http://127.0.0.1:8000``, also when it listens on every address."""
    host, port = listening.getsockname()[:2]
    here = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host)
    return f"http://{here or (f'[{host}]' if ':' in host else host)}:{port}"


class HttpServer(uvicorn.Server):
    """uvicorn without its own signal handlers: it raises the signal once more, before anything else is closed."""

    def __init__(self, app: Callable[..., Awaitable[Any]], ready: Callable[[], None]) -> None:
        """``ready`` is called when requests are answered."""
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=_DRAIN_SECONDS,
            )
        )
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        self._ready()

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Whoever serves decides when to stop."""
        yield
