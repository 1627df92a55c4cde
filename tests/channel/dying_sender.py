"""A worker process that sends and may kill itself; it is called with ``URL DATA ADAPTER WHEN CALL``.

``WHEN`` is ``before`` (written down, not called), ``after`` (the platform took it, we have committed nothing) or
``never``; ``CALL`` is which send it happens at, counted from 1. Nothing else in it is other than in a real worker.
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from copilot.assets import policy_folders
from copilot.channel.accounts import open_accounts
from copilot.channel.lookup import Lookup
from copilot.channel.outbox import Outbox
from copilot.channel.registry import Registry, installed
from copilot.channel.tasks import DRAFT_CONVERSATION, SEND_REPLY
from copilot.domain.clock import SystemClock
from copilot.jobs.conversations import tasks_of
from copilot.jobs.owed import OwedJobs
from copilot.jobs.worker import Task, run_worker
from copilot.sdk import Account, Receipt, Reply
from copilot.settings import Settings
from copilot.store.engine import Store


def deadly(adapter: Any, when: str, call: int) -> Any:
    """The real adapter; ends the process at one of its sends, as a power cut would."""
    real, calls = adapter.send, 0

    async def send(account: Account, reply: Reply, idempotency_key: str) -> Receipt:
        nonlocal calls
        calls += 1
        if when == "before" and calls == call:
            os.kill(os.getpid(), signal.SIGKILL)
        receipt = await real(account, reply, idempotency_key)
        if when == "after" and calls == call:
            os.kill(os.getpid(), signal.SIGKILL)
        return receipt

    adapter.send = send
    return adapter


async def main(url: str, data: str, name: str, when: str, call: str) -> None:
    settings = Settings.model_validate({"database_url": url, "data_dir": Path(data)})
    adapters = Registry([deadly(installed().get(name), when, int(call))])

    @asynccontextmanager
    async def tasks(store: Store) -> AsyncGenerator[Mapping[str, Task]]:
        async with opened(store, settings, adapters) as found:
            print("ready", flush=True)  # noqa: T201
            yield found

    await run_worker(settings, tasks=tasks)


@asynccontextmanager
async def opened(store: Store, settings: Settings, adapters: Registry) -> AsyncGenerator[Mapping[str, Task]]:
    """The sending task as the worker has it; drafting is left out, so that a test sees replies only."""
    clock = SystemClock()

    async def nothing(**_: object) -> None:
        return None

    async with open_accounts(store, settings, clock, adapters) as accounts:
        outbox = Outbox(store, accounts, clock, policy_folders())
        every = tasks_of(None, outbox, OwedJobs(outbox.store, Lookup(outbox.store, outbox.accounts, clock), clock))  # type: ignore[arg-type]
        yield {SEND_REPLY: every[SEND_REPLY], DRAFT_CONVERSATION: nothing}


def run() -> None:
    """The process."""
    asyncio.run(main(*sys.argv[1:]))
