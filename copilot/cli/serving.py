"""Runs the web server, and the worker beside it when asked to, until somebody stops them.

Owns the order in which things come up and go down: the port first, so that a taken one is told at once, the database
last. It knows nothing of what the parts do.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from socket import socket
from typing import TYPE_CHECKING

from copilot.cli.importing import import_for_good
from copilot.cli.listening import HttpServer, address_of, bound
from copilot.cli.stopping import Stopping, on_signals
from copilot.logs import get_logger
from copilot.settings import Settings

if TYPE_CHECKING:
    from starlette.routing import Mount

    from copilot.store.engine import Store
    from copilot.web.parts import Parts

OnReady = Callable[[str, "Parts"], Awaitable[None]]
"""Called with the address once requests are answered; cancelled when the server stops."""

# Whoever presses Ctrl-C is waiting. What a job has not done by then is put back or read back: both are safe.
_DRAIN_BESIDE_WEB = 1.5

log = get_logger(__name__)


async def serve_with(
    settings: Settings,
    *,
    worker: bool = False,
    extra: Sequence["Mount"] = (),
    on_ready: OnReady | None = None,
    stopping: Stopping | None = None,
) -> None:
    """Serve until told to stop by SIGTERM or Ctrl-C (or ``stopping``); a second time ends at once.

    ``worker`` runs the worker in this process too, ``extra`` are mounted below the application.

    Raises:
        OSError: the address is taken or not ours.
        DatabaseUnavailable: the database does not answer.
        SchemaBehind: the external database needs ``db upgrade``.
    """
    with bound(settings.host, settings.port) as listening, contextlib.ExitStack() as stack:
        stop = stopping or stack.enter_context(on_signals())
        serving = asyncio.create_task(_serve(settings, listening, stop, worker, extra, on_ready), name="serve")
        forced = asyncio.create_task(stop.forced.wait())
        await asyncio.wait({serving, forced}, return_when=asyncio.FIRST_COMPLETED)
        forced.cancel()
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving


async def _serve(
    settings: Settings,
    listening: socket,
    stop: Stopping,
    worker: bool,
    extra: Sequence["Mount"],
    on_ready: OnReady | None,
) -> None:
    async with _opened_store(settings, worker=worker) as store:
        if stop.asked.is_set():
            return
        from copilot.web.app import make_app
        from copilot.web.parts import open_parts

        async with open_parts(store, settings) as parts, asyncio.TaskGroup() as group:
            ready = asyncio.Event()
            server = HttpServer(make_app(parts, extra=extra), ready.set)
            beside = [group.create_task(_when_ready(ready, listening, parts, on_ready), name="ready")]
            running = [group.create_task(server.serve(sockets=[listening]), name="web")]
            if worker:
                running.append(group.create_task(_worker(parts, stop), name="worker"))
            await _until(stop, running)
            parts.stopping.set()
            stop.asked.set()
            server.should_exit = True
            for task in beside:
                task.cancel()


async def _until(stop: Stopping, running: Sequence[asyncio.Task[None]]) -> None:
    """Wait for the request to stop, or for a part that ends by itself: then the others must end as well."""
    asked = asyncio.create_task(stop.asked.wait())
    try:
        await asyncio.wait({asked, *running}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        asked.cancel()


async def _when_ready(ready: asyncio.Event, listening: socket, parts: "Parts", on_ready: OnReady | None) -> None:
    await ready.wait()
    host, port = listening.getsockname()[:2]
    log.info("serving", host=host, port=port)
    if on_ready is not None:
        await on_ready(address_of(listening), parts)


async def _worker(parts: "Parts", stop: Stopping) -> None:
    from copilot.jobs.tasks import open_tasks
    from copilot.jobs.worker import Pace, run_worker

    await run_worker(
        parts.settings,
        tasks=partial(
            open_tasks, settings=parts.settings, clock=parts.clock, shops=parts.shops, accounts=parts.accounts
        ),
        store=parts.store,
        clock=parts.clock,
        stop=stop.asked,
        pace=Pace(drain=_DRAIN_BESIDE_WEB),
    )


@asynccontextmanager
async def _opened_store(settings: Settings, *, worker: bool) -> AsyncGenerator["Store"]:
    """The open store; the embedded server comes up while the program is still being imported."""
    starting = None
    if settings.database_url is None:
        from copilot.store.embedded import EmbeddedPostgres

        starting = asyncio.create_task(asyncio.to_thread(EmbeddedPostgres.start, settings.data_dir))
        await asyncio.sleep(0)  # its thread begins before this one is busy
    import_for_good("copilot.web.app", *(["copilot.jobs.tasks"] if worker else []))
    from copilot.flow.checkpoints import HOOKS
    from copilot.store.engine import Store

    early = await starting if starting else None
    try:
        store = await Store.open(settings, hooks=HOOKS)
    finally:
        if early is not None:
            # The store has a lease of its own by now; without it the server stops again.
            early.close()
    async with store:
        yield store
