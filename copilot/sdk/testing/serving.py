"""An ASGI app on a port of its own, within the running loop; for tests and for emulators that run alone."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncGenerator, Generator

import uvicorn
from starlette.types import ASGIApp


class _Server(uvicorn.Server):
    """Leaves signals to whoever owns the loop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


@contextlib.asynccontextmanager
async def serve(app: ASGIApp, port: int = 0) -> AsyncGenerator[str]:
    """Serve ``app`` on 127.0.0.1 while the block runs; yields its address, such as ``http://127.0.0.1:40213``.

    The app's lifespan is not run.

    Raises:
        OSError: ``port`` is taken; 0 takes any free one.
    """
    config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=1)
    with socket.create_server(("127.0.0.1", port)) as listening:
        # Connections inherit it. Without, the end of an answer waits 40 ms for the other side to confirm its beginning.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        async with _running(config, listening):
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"


@contextlib.asynccontextmanager
async def _running(config: uvicorn.Config, listening: socket.socket) -> AsyncGenerator[None]:
    server = _Server(config)
    running = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        while not server.started:
            if running.done():
                await running
            await asyncio.sleep(0.005)
        yield
    finally:
        server.should_exit = True
        await running
