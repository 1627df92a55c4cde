"""Tells a worker's own metrics over HTTP on this machine: the worker has no other door."""

from collections.abc import Generator
from contextlib import contextmanager

from prometheus_client import start_http_server

from copilot.logs import get_logger

_HERE = "127.0.0.1"


@contextmanager
def metrics_told(port: int | None) -> Generator[None]:
    """``/metrics`` on loopback at ``port`` for the block (0: any free one, as the log says); None: nowhere.

    Raises:
        OSError: the port is taken.
    """
    if port is None:
        yield
        return
    try:
        server, thread = start_http_server(port, addr=_HERE)
    except OSError as error:
        raise OSError(error.errno, f"('{_HERE}', {port})") from None
    get_logger(__name__).info("worker.metrics", port=server.server_port)
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
