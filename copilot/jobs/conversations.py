"""The bodies of the conversations' tasks: each decides nothing and hands its ids to whoever does."""

import asyncio
import uuid
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

from copilot.assets import policy_folders, prompt_folders
from copilot.channel.accounts import Accounts, open_accounts
from copilot.channel.lookup import Lookup
from copilot.channel.outbox import Outbox
from copilot.channel.tasks import (
    APPROVAL_DUE,
    APPROVAL_SOON,
    COMMITMENT_DUE,
    COMMITMENT_SOON,
    DRAFT_CONVERSATION,
    EXPIRE_DRAFT,
    PROPOSE_DUE,
    RESUME_DRAFT,
    SEND_REPLY,
)
from copilot.domain.clock import Clock
from copilot.flow.checkpoints import open_saver
from copilot.flow.driver import Driver
from copilot.flow.graph import compile_graph
from copilot.flow.shops import Shops
from copilot.flow.threads import Threads
from copilot.jobs.approvals import ApprovalJobs
from copilot.jobs.cases import CaseJobs
from copilot.jobs.owed import OwedJobs
from copilot.jobs.warming import Warming
from copilot.jobs.worker import Task
from copilot.model.gateway import Gateway, warm
from copilot.model.prompts import Prompts
from copilot.model.writer import Writer
from copilot.settings import Settings
from copilot.store.engine import Store


def tasks_of(driver: Driver, outbox: Outbox, owed: OwedJobs) -> Mapping[str, Task]:
    """The tasks by name."""
    approvals = ApprovalJobs(owed.store, owed.clock)
    cases = CaseJobs(owed.store, owed.lookup, driver, owed.clock)

    async def draft_conversation(*, merchant: str, ref: str, attempt: int = 0, **_: object) -> None:
        await driver.draft_conversation(uuid.UUID(merchant), uuid.UUID(ref), attempt)

    async def resume_draft(*, merchant: str, ref: str, **_: object) -> None:
        await driver.resume(uuid.UUID(merchant), uuid.UUID(ref))

    async def propose_due(*, merchant: str, ref: str, **_: object) -> None:
        await driver.propose_due(uuid.UUID(merchant), uuid.UUID(ref))

    async def expire_draft(*, merchant: str, ref: str, **_: object) -> None:
        await driver.expire(uuid.UUID(merchant), uuid.UUID(ref))

    async def send_reply(*, merchant: str, ref: str, attempt: int = 0, **_: object) -> None:
        await outbox.send(uuid.UUID(merchant), uuid.UUID(ref), attempt)

    async def commitment_soon(*, merchant: str, ref: str, **_: object) -> None:
        await owed.soon(uuid.UUID(merchant), uuid.UUID(ref))

    async def commitment_due(*, merchant: str, ref: str, **_: object) -> None:
        await owed.due(uuid.UUID(merchant), uuid.UUID(ref))

    async def approval_soon(*, merchant: str, ref: str, **_: object) -> None:
        await approvals.soon(uuid.UUID(merchant), uuid.UUID(ref))

    async def approval_due(*, merchant: str, ref: str, **_: object) -> None:
        await approvals.due(uuid.UUID(merchant), uuid.UUID(ref))

    return {
        APPROVAL_DUE: approval_due,
        APPROVAL_SOON: approval_soon,
        COMMITMENT_DUE: commitment_due,
        COMMITMENT_SOON: commitment_soon,
        DRAFT_CONVERSATION: draft_conversation,
        **cases.tasks(),
        RESUME_DRAFT: resume_draft,
        PROPOSE_DUE: propose_due,
        EXPIRE_DRAFT: expire_draft,
        SEND_REPLY: send_reply,
    }


@asynccontextmanager
async def open_conversations(
    store: Store, settings: Settings, clock: Clock, shops: Shops | None = None, accounts: Accounts | None = None
) -> AsyncGenerator[Mapping[str, Task]]:
    """The tasks over ``store``: opens the checkpointer and, when the settings name one, the model.

    ``shops`` and ``accounts`` are those that this process has already; without them the rules are loaded beside the
    first jobs, and accounts are opened.
    """
    known = shops is not None
    shops = shops or shops_of(settings)
    prompts = shops.prompts
    # The first use of a template compiles it; a draft should not wait for that.
    prompts.warm("write/")
    async with AsyncExitStack() as stack:
        if not known:
            await stack.enter_async_context(_loaded(Warming(store, shops, clock)))
        saver = await stack.enter_async_context(open_saver(store))
        writer = await stack.enter_async_context(_writer(settings, prompts, clock))
        if accounts is None:
            accounts = await stack.enter_async_context(open_accounts(store, settings, clock))
        book = Lookup(store, accounts, clock)
        driver = Driver(store, Threads(compile_graph(saver)), shops, clock, writer, book=book)
        outbox = Outbox(store, accounts, clock, policy_folders(settings.policies_dir))
        yield tasks_of(driver, outbox, OwedJobs(store, book, clock))


def shops_of(settings: Settings) -> Shops:
    """The rules of all shops, over the deployment's folders; nothing is read yet."""
    prompts = Prompts(prompt_folders(settings.prompts_dir))
    return Shops(policy_folders(settings.policies_dir), prompts, settings.cache_dir)


@asynccontextmanager
async def _loaded(warming: Warming) -> AsyncGenerator[None]:
    loading = asyncio.create_task(warming.run(), name="load rules")
    try:
        yield
    finally:
        loading.cancel()
        await asyncio.gather(loading, return_exceptions=True)


@asynccontextmanager
async def _writer(settings: Settings, prompts: Prompts, clock: Clock) -> AsyncGenerator[Writer | None]:
    if settings.model is None:
        yield None
        return
    gateway = Gateway(settings.model, clock=clock, api_base=settings.model_base_url)
    # Loading takes seconds; until it is done drafts are composed.
    loading = asyncio.create_task(asyncio.to_thread(warm), name="load model client")
    try:
        yield Writer(gateway, prompts, clock)
    finally:
        await asyncio.gather(loading, return_exceptions=True)
        await gateway.aclose()
