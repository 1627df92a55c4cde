"""The bodies of the conversations' tasks: each decides nothing and hands its ids to whoever does."""

import asyncio
import uuid
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

from copilot.assets import policy_folders, prompt_folders
from copilot.channel.accounts import Accounts, open_accounts
from copilot.channel.attending import Attendance
from copilot.channel.avatars import Avatars
from copilot.channel.connecting import Connector, connections
from copilot.channel.entering import Enterer
from copilot.channel.erasing.rows import forget_threads
from copilot.channel.lookup import Lookup
from copilot.channel.outbox import Outbox
from copilot.channel.polling import Poller
from copilot.channel.presenting.notebook import Notebook
from copilot.channel.registry import Registry, installed
from copilot.channel.taking import Taking
from copilot.channel.tasks import (
    APPROVAL_DUE,
    APPROVAL_SOON,
    ATTENDED_TALK,
    AUTO_ANSWER,
    AVATAR_LOOK,
    COMMITMENT_DUE,
    COMMITMENT_SOON,
    DRAFT_CONVERSATION,
    ENTER_TALK,
    EXPIRE_DRAFT,
    FORGET_THREADS,
    PROPOSE_DUE,
    RESUME_DRAFT,
    SEND_REPLY,
)
from copilot.desk.benches import Benches, RulesOf
from copilot.desk.presenting.presenter import Presenter
from copilot.desk.presenting.presser import Presser
from copilot.domain.clock import Clock
from copilot.flow.auto import AutoReplies
from copilot.flow.checkpoints import open_saver
from copilot.flow.driver import Driver
from copilot.flow.graph import compile_graph
from copilot.flow.shops import Rules, Shops
from copilot.flow.stored_knowledge import stored_knowledge
from copilot.flow.threads import Threads
from copilot.flow.translations import Translations
from copilot.jobs.approvals import ApprovalJobs
from copilot.jobs.cases import CaseJobs
from copilot.jobs.embedding import EmbeddingJobs
from copilot.jobs.feeding import FeedJobs
from copilot.jobs.following import following
from copilot.jobs.owed import OwedJobs
from copilot.jobs.presenting import PresentingJobs
from copilot.jobs.queueing import QueueJobs
from copilot.jobs.rota import RotaJobs
from copilot.jobs.translations import TranslationJobs
from copilot.jobs.warming import Warming
from copilot.jobs.worker import Task
from copilot.knowledge.search import Search
from copilot.knowledge.tokens import Tokenizer
from copilot.knowledge.words import load_words
from copilot.model.embedding import open_embedding
from copilot.model.fallbacks import open_models
from copilot.model.gateway import Connections, warm
from copilot.model.prompts import Prompts
from copilot.model.translation import Translator
from copilot.model.writer import Writer
from copilot.sdk import Connecting, Polling
from copilot.settings import Settings
from copilot.store.engine import Store
from copilot.store.tables import ShopRow


def tasks_of(
    driver: Driver, outbox: Outbox, owed: OwedJobs, translations: Translations | None = None
) -> Mapping[str, Task]:
    """The tasks by name; without a model there are no ``translations``."""
    after = TranslationJobs(translations)
    approvals = ApprovalJobs(owed.store, owed.clock)
    cases = CaseJobs(owed.store, owed.lookup, driver, owed.clock)

    async def draft_conversation(*, merchant: str, ref: str, attempt: int = 0, **_: object) -> None:
        await driver.draft_conversation(uuid.UUID(merchant), uuid.UUID(ref), attempt)
        await after.after_conversation(merchant, ref)

    async def resume_draft(*, merchant: str, ref: str, **_: object) -> None:
        await driver.resume(uuid.UUID(merchant), uuid.UUID(ref))
        await after.after_draft(merchant, ref)

    async def propose_due(*, merchant: str, ref: str, **_: object) -> None:
        await driver.propose_due(uuid.UUID(merchant), uuid.UUID(ref))
        await after.after_draft(merchant, ref)

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
        FORGET_THREADS: _forgetting(owed.store),
        SEND_REPLY: send_reply,
        **after.tasks(),
    }


def _forgetting(store: Store) -> Task:
    """What an erasure leaves to do behind whoever was drafting meanwhile."""

    async def forget(*, merchant: str, ref: str, **_: object) -> None:
        async with store.merchant(uuid.UUID(merchant)) as session:
            await forget_threads(session, [uuid.UUID(ref)])

    return forget


@asynccontextmanager
async def open_conversations(
    store: Store, settings: Settings, clock: Clock, shops: Shops | None = None, accounts: Accounts | None = None
) -> AsyncGenerator[Mapping[str, Task]]:
    """The tasks over ``store``: opens the checkpointer and, when the settings name one, the model.

    ``shops`` and ``accounts`` are those that this process has already; without them the rules are loaded beside the
    first jobs, and accounts are opened.
    """
    known = shops is not None
    adapters = accounts.adapters if accounts is not None else installed(settings.adapters)
    shops = shops or shops_of(settings, adapters)
    prompts = shops.prompts
    # The first use of a template compiles it; a draft should not wait for that.
    prompts.warm("write/")
    async with AsyncExitStack() as stack:
        if not known:
            await stack.enter_async_context(following(store, shops, clock, settings.cache_dir / "published"))
            await stack.enter_async_context(_loaded(Warming(store, shops, clock)))
        saver = await stack.enter_async_context(open_saver(store))
        connections = Connections()
        embedder = open_embedding(settings, clock, connections)
        stack.push_async_callback(connections.aclose)
        writer = await stack.enter_async_context(_writer(settings, prompts, clock, connections))
        if accounts is None:
            accounts = await stack.enter_async_context(open_accounts(store, settings, clock, adapters))
        book = Lookup(store, accounts, clock)
        search = Search(store, Tokenizer(load_words(tuple(shops.folders))), embedder)
        knowledge = stored_knowledge(store, search, clock)
        driver = Driver(store, Threads(compile_graph(saver)), shops, clock, writer, book=book, knowledge=knowledge)
        outbox = Outbox(store, accounts, clock, policy_folders(settings.policies_dir))
        translations = None
        if writer is not None:
            translator = Translator(writer.completer, prompts, clock)
            translations = Translations(store, shops, clock, translator, settings.model_seconds)
        embedding = EmbeddingJobs(store, clock, embedder)
        await embedding.arm()
        feeds = await stack.enter_async_context(_feeds(store, accounts, settings, clock))
        own = tasks_of(driver, outbox, OwedJobs(store, book, clock), translations)
        queueing = QueueJobs(store, shops.folders, clock)
        rota = RotaJobs(store, queueing.profiles, clock)
        auto = AutoReplies(store, shops, clock)

        async def answer(*, merchant: str, ref: str, **_: object) -> None:
            await auto.answer(uuid.UUID(merchant), uuid.UUID(ref))

        notebook = Notebook(store, accounts, clock)
        presenter = Presenter(store, notebook, models=writer is not None)
        presser = Presser(store, notebook, Benches(store, clock, shops_rules(shops, clock), knowledge))
        avatars = Avatars(store, accounts, clock)

        async def look_at_avatar(*, merchant: str, ref: str, attempt: int = 0, **_: object) -> None:
            await avatars.look(uuid.UUID(merchant), uuid.UUID(ref), attempt)

        presenting = PresentingJobs(presenter, presser)
        desk = {**queueing.tasks(), **rota.tasks(), **presenting.tasks(), AVATAR_LOOK: look_at_avatar}
        yield {AUTO_ANSWER: answer, **own, **desk, **embedding.tasks(), **feeds}


def shops_rules(shops: Shops, clock: Clock) -> RulesOf:
    """The rules of shops, off the event loop: the first time reads and compiles files."""

    async def rules(shop: ShopRow, merchant_slug: str) -> Rules:
        return await asyncio.to_thread(shops.of_shop, shop, merchant_slug, clock.now())

    return rules


@asynccontextmanager
async def _feeds(
    store: Store, accounts: Accounts, settings: Settings, clock: Clock
) -> AsyncGenerator[Mapping[str, Task]]:
    """Platforms that push nothing: the jobs that ask them, and the connections that are held beside all jobs."""
    folders, keep = policy_folders(settings.policies_dir), timedelta(days=settings.dead_letter_days)
    taking = Taking(store, accounts.vault, folders, clock, keep)
    jobs = FeedJobs(Poller(store, accounts, taking, clock))
    enterer = Enterer(store, accounts, taking, clock)

    async def enter(*, merchant: str, ref: str, attempt: int = 0, **_: object) -> None:
        await enterer.enter(uuid.UUID(merchant), uuid.UUID(ref), attempt)

    attendance = Attendance(store, accounts, taking, clock)

    async def attended(*, merchant: str, ref: str, attempt: int = 0, **_: object) -> None:
        await attendance.ask(uuid.UUID(merchant), uuid.UUID(ref), attempt)

    used = [accounts.adapters.get(name) for name in accounts.adapters.names()]
    async with AsyncExitStack() as stack:
        # Where every platform calls us there is nothing to look for.
        if any(isinstance(one, Polling) for one in used):
            await jobs.begin()
        if any(isinstance(one, Connecting) for one in used):
            await stack.enter_async_context(connections(Connector(store, accounts, taking, clock)))
        yield {**jobs.tasks(), ENTER_TALK: enter, ATTENDED_TALK: attended}


def shops_of(settings: Settings, adapters: Registry) -> Shops:
    """The rules of all shops, over the deployment's folders; nothing is read yet."""
    prompts = Prompts(prompt_folders(settings.prompts_dir), settings.cache_dir)
    folders = policy_folders(settings.policies_dir)
    return Shops(folders, prompts, settings.cache_dir, limits_of=adapters.limits_of)


@asynccontextmanager
async def _loaded(warming: Warming) -> AsyncGenerator[None]:
    loading = asyncio.create_task(warming.run(), name="load rules")
    try:
        yield
    finally:
        loading.cancel()
        await asyncio.gather(loading, return_exceptions=True)


@asynccontextmanager
async def _writer(
    settings: Settings, prompts: Prompts, clock: Clock, connections: Connections
) -> AsyncGenerator[Writer | None]:
    if settings.model is None:
        yield None
        return
    gateway = open_models(settings, clock, connections)
    # Loading takes seconds; until it is done drafts are composed.
    loading = asyncio.create_task(asyncio.to_thread(warm), name="load model client")
    try:
        yield Writer(gateway, prompts, clock)
    finally:
        await asyncio.gather(loading, return_exceptions=True)
        await gateway.aclose()
