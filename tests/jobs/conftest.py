"""A worker in this process, with its jobs' runs on record."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from copilot.domain.clock import SystemClock
from copilot.jobs.worker import Pace, Task, run_worker
from copilot.settings import Settings
from copilot.store.engine import Store

Working = Callable[..., AbstractAsyncContextManager[None]]


def opened(tasks: Mapping[str, Task]) -> Callable[[Store], AbstractAsyncContextManager[Mapping[str, Task]]]:
    @asynccontextmanager
    async def open_tasks(_: Store) -> AsyncGenerator[Mapping[str, Task]]:
        yield tasks

    return open_tasks


@pytest.fixture
async def working(store: Store) -> Working:
    """``async with working({"task": body}, pace=…):`` runs a worker on the test's store for the block."""

    @asynccontextmanager
    async def work(tasks: Mapping[str, Task], pace: Pace | None = None) -> AsyncGenerator[None]:
        stop = asyncio.Event()
        running = asyncio.create_task(
            run_worker(Settings(), tasks=opened(tasks), store=store, clock=SystemClock(), stop=stop, pace=pace)
        )
        try:
            yield
        finally:
            stop.set()
            await asyncio.wait_for(running, 30)

    return work


async def until(true: Callable[[], bool], seconds: float = 10) -> None:
    """Wait until ``true()``; fails when it never is."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while not true():
        assert loop.time() < deadline, "it never became true"
        await asyncio.sleep(0.01)
