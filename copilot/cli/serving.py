"""Binds the port first, so that a taken one is told at once, then opens the store and serves."""

import asyncio
import signal
import socket
from collections.abc import Generator
from contextlib import contextmanager

import uvicorn

from copilot.flow.checkpoints import HOOKS
from copilot.logs import get_logger
from copilot.settings import Settings
from copilot.store.engine import Store
from copilot.web.app import make_app

log = get_logger(__name__)

_DRAIN_SECONDS = 3


class _Server(uvicorn.Server):
    """uvicorn raises the signal that ended it once more, which would kill us before the store is closed."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.remove_signal_handler(number)


def bound(host: str, port: int) -> socket.socket:
    """A socket bound to the address; OSError names it when it is taken or not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        # From here on callers wait instead of being refused, and nobody else can take the port.
        listening.listen()
    except OSError as error:
        listening.close()
        raise OSError(error.errno, f"('{host}', {port})") from None
    return listening


async def serve_forever(settings: Settings) -> None:
    """Serve until told to stop."""
    with bound(settings.host, settings.port) as listening:
        async with await Store.open(settings, hooks=HOOKS) as store:
            config = uvicorn.Config(
                make_app(store), log_config=None, access_log=False, timeout_graceful_shutdown=_DRAIN_SECONDS
            )
            log.info("serving", host=settings.host, port=listening.getsockname()[1])
            await _Server(config).serve(sockets=[listening])
