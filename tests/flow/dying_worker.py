"""A worker process whose model never answers: ``python -m tests.flow.dying_worker DATABASE_URL DATA``."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from copilot.assets import policy_folders, prompt_folders
from copilot.channel.accounts import open_accounts
from copilot.channel.lookup import Lookup
from copilot.channel.outbox import Outbox
from copilot.channel.registry import Registry
from copilot.domain.clock import SystemClock
from copilot.flow.checkpoints import CHECKPOINTS, open_saver
from copilot.flow.driver import Driver
from copilot.flow.graph import compile_graph
from copilot.flow.shops import Shops
from copilot.flow.threads import Threads
from copilot.jobs.conversations import tasks_of
from copilot.jobs.owed import OwedJobs
from copilot.jobs.worker import Task, run_worker
from copilot.model.prompts import Prompts
from copilot.model.scripted import ScriptedModel
from copilot.model.writer import Writer
from copilot.settings import Settings
from copilot.store.engine import Store


async def main(url: str, data: str) -> None:
    clock = SystemClock()

    settings = Settings.model_validate({"database_url": url, "data_dir": Path(data)})

    @asynccontextmanager
    async def tasks(store: Store) -> AsyncGenerator[Mapping[str, Task]]:
        prompts = Prompts(prompt_folders(), settings.cache_dir)
        writer = Writer(ScriptedModel([3600.0]), prompts, clock)
        async with open_saver(store) as saver, open_accounts(store, settings, clock, Registry()) as accounts:
            shops = Shops(policy_folders(), prompts, settings.cache_dir)
            driver = Driver(store, Threads(compile_graph(saver)), shops, clock, writer)
            outbox = Outbox(store, accounts, clock, policy_folders())
            yield tasks_of(driver, outbox, OwedJobs(outbox.store, Lookup(outbox.store, outbox.accounts, clock), clock))

    await run_worker(settings, tasks=tasks, hooks=(CHECKPOINTS,))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
