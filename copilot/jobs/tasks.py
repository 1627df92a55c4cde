"""Every task the worker knows, by name: the table of contents of the background."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager

from copilot.channel.accounts import Accounts
from copilot.domain.clock import Clock, SystemClock
from copilot.flow.shops import Shops
from copilot.jobs import maintenance
from copilot.jobs.conversations import open_conversations
from copilot.jobs.worker import Task
from copilot.settings import Settings
from copilot.store.engine import Store


@asynccontextmanager
async def open_tasks(
    store: Store,
    settings: Settings,
    clock: Clock | None = None,
    shops: Shops | None = None,
    accounts: Accounts | None = None,
) -> AsyncGenerator[Mapping[str, Task]]:
    """The tasks over ``store``, with what they need opened.

    ``shops`` and ``accounts`` are those that this process has already, when it does more than work.
    """
    clock = clock or SystemClock()

    async def prune(**_: object) -> None:
        await maintenance.prune(store, clock)

    await maintenance.arm_pruning(store, clock)
    async with open_conversations(store, settings, clock, shops, accounts) as conversations:
        yield {maintenance.PRUNE: prune, **conversations}
