"""The worker: runs jobs, turns timers that are due into jobs, and takes over the jobs of workers that died.

It decides nothing about drafts or shops. A failing job is logged and stays failed; whoever wants another attempt arms
a timer.
"""

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable, Generator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

import procrastinate
import psycopg
import structlog
from procrastinate.exceptions import ConnectorException
from procrastinate.job_context import AbortReason, JobContext
from sqlalchemy.exc import SQLAlchemyError

from copilot.domain.clock import Clock, SystemClock
from copilot.logs import get_logger
from copilot.metrics import observe_job
from copilot.settings import Settings
from copilot.store import queue, timers
from copilot.store.engine import Store
from copilot.store.schema import UpgradeHook

Task = Callable[..., Awaitable[None]]
"""A task: gets its ids as keywords (uuids as text), may run twice, and must bear it."""

OpenTasks = Callable[[Store], AbstractAsyncContextManager[Mapping[str, Task]]]
"""Opens what tasks need and gives them by name; closed when the worker has stopped."""

_DATABASE_ERRORS = (SQLAlchemyError, psycopg.Error, ConnectorException, OSError)

_log = get_logger(__name__)


@dataclass(frozen=True)
class Pace:
    """How often and how long, in seconds."""

    poll: float = 0.25
    sweep: float = 0.25
    heartbeat: float = 2.0
    silent: float = 8.0
    """A worker not heard of for so long is taken for dead."""
    rescue: float = 5.0
    drain: float = 20.0
    """How long running jobs may take after the worker was told to stop; then they are put back."""
    again: float = 1.0
    """Before the worker starts anew after it lost the database."""


CONCURRENCY = 16
# Rows of dead workers are removed when a worker starts. Much later than jobs are taken over: a worker that was only
# slow would lose its row, and with it the right to fetch.
_FORGET_WORKERS = 300.0


async def run_worker(
    settings: Settings,
    *,
    tasks: OpenTasks,
    hooks: Sequence[UpgradeHook] = (),
    store: Store | None = None,
    clock: Clock | None = None,
    stop: asyncio.Event | None = None,
    pace: Pace | None = None,
) -> None:
    """Work until told to stop: by ``stop``, or without one by SIGTERM or SIGINT.

    ``store`` is used and left open when given, else one is opened from ``settings`` with ``hooks``.

    Raises:
        DatabaseUnavailable: at the start; later failures are waited out.
        SchemaBehind: the external database needs ``db upgrade``.
    """
    async with contextlib.AsyncExitStack() as stack:
        stopped = stop or stack.enter_context(_signals())
        if store is None:
            store = await stack.enter_async_context(await Store.open(settings, hooks=hooks))
        bodies = await stack.enter_async_context(tasks(store))
        app = queue.make_app(store.url)
        for name, body in bodies.items():
            app.task(name=name)(_task(body))
        await stack.enter_async_context(app.open_async())
        await _Worker(app, store, clock or SystemClock(), pace or Pace(), stopped).run()


@contextlib.contextmanager
def _signals() -> Generator[asyncio.Event]:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    try:
        yield stop
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


def _task(body: Task) -> Callable[..., Awaitable[None]]:
    async def run(**ids: Any) -> None:
        # The result is dropped here: the queue would log it.
        await body(**ids)

    return run


class _Worker:
    def __init__(self, app: procrastinate.App, store: Store, clock: Clock, pace: Pace, stop: asyncio.Event) -> None:
        self._app = app
        self._store = store
        self._clock = clock
        self._pace = pace
        self._stop = stop
        self._number: int | None = None

    async def run(self) -> None:
        """Work until the stop event is set."""
        _log.info("worker.started")
        side = [
            asyncio.create_task(self._every(self._pace.rescue, self._rescue), name="rescue"),
            asyncio.create_task(self._every(self._pace.sweep, self._sweep), name="sweep"),
        ]
        try:
            while not self._stop.is_set():
                await self._work()
        finally:
            for task in side:
                task.cancel()
            await asyncio.gather(*side, return_exceptions=True)
        _log.info("worker.stopped")

    async def _work(self) -> None:
        """Run the queue's worker until we are told to stop or it breaks off, as it does when the database is gone."""
        working = asyncio.create_task(
            self._app.run_worker_async(
                concurrency=CONCURRENCY,
                fetch_job_polling_interval=self._pace.poll,
                update_heartbeat_interval=self._pace.heartbeat,
                stalled_worker_timeout=_FORGET_WORKERS,
                shutdown_graceful_timeout=self._pace.drain,
                install_signal_handlers=False,
                worker_middleware=[self._around],
            )
        )
        stopping = asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
            # Cancelling is how the queue's worker is asked to finish its jobs and leave.
            working.cancel()
            await self._drain(working)
            outcome = (await asyncio.gather(working, return_exceptions=True))[0]
        if not self._stop.is_set():
            error = outcome if isinstance(outcome, Exception) else None
            _log.error("worker.interrupted", error=error)
            await self._pause(self._pace.again)

    async def _drain(self, working: asyncio.Task[None]) -> None:
        # A leaving worker stops its heartbeat before its jobs are done; others would take them over meanwhile.
        while not (await asyncio.wait({working}, timeout=self._pace.heartbeat))[0]:
            if self._number is not None:
                with contextlib.suppress(*_DATABASE_ERRORS):
                    await self._app.job_manager.update_heartbeat(self._number)

    async def _around(self, call_next: Callable[[], Awaitable[Any]], context: JobContext, worker: Any) -> Any:
        """Log each job by name and number, and put back the one that did not finish in time."""
        job = context.job
        self._number = worker.worker_id
        started = self._clock.monotonic()
        outcome = "put_back"
        with structlog.contextvars.bound_contextvars(task=job.task_name, job=job.id):
            try:
                result = await call_next()
                outcome = "done"
            except asyncio.CancelledError:
                if context.abort_reason() == AbortReason.SHUTDOWN and job.id is not None:
                    async with self._store.system() as session:
                        await queue.put_back(session, job.id)
                    _log.warning("job.put_back")
                raise
            except Exception:  # one of the four places for it: a job must not take others with it
                outcome = "failed"
                _log.exception("job.failed", seconds=self._since(started))
                raise
            finally:
                observe_job(job.task_name, outcome, self._since(started))
            _log.info("job.done", seconds=self._since(started))
            return result

    def _since(self, started: float) -> float:
        return round(self._clock.monotonic() - started, 3)

    async def _rescue(self) -> None:
        async with self._store.system() as session:
            rescued = await queue.rescue(session, self._pace.silent)
        for one in rescued:
            _log.warning("job.rescued" if one.again else "job.given_up", job=one.job, task=one.task, again=one.again)

    async def _sweep(self) -> None:
        swept = timers.BATCH
        while swept == timers.BATCH:
            async with self._store.system() as session:
                swept = await timers.sweep(session, self._clock.now())

    async def _every(self, seconds: float, action: Callable[[], Awaitable[None]]) -> None:
        broken = False
        while not self._stop.is_set():
            try:
                await action()
                broken = False
            except _DATABASE_ERRORS as error:
                if not broken:  # once for each outage
                    _log.warning("worker.database_lost", error=error)
                broken = True
            await self._pause(seconds)

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stop.wait(), seconds)
