"""What the web process is made of: opened once, handed to the application, closed at the end.

It joins parts and decides nothing; every route reaches the rest of the product through this.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Final

import httpx

from copilot import __version__
from copilot.access.sessions import Lifetimes
from copilot.assets import policy_folders, prompt_folders
from copilot.channel.accounts import Accounts, open_accounts
from copilot.channel.inbound import Inbound
from copilot.channel.lookup import Lookup
from copilot.channel.registry import Registry, installed
from copilot.desk.known import KnownRows
from copilot.desk.profiles import Profiles
from copilot.domain.clock import Clock, SystemClock
from copilot.flow.knowing import KnowledgeOf
from copilot.flow.shops import Rules, Shops
from copilot.flow.stored_knowledge import stored_knowledge
from copilot.jobs.following import following
from copilot.jobs.warming import Warming
from copilot.knowledge.search import Search
from copilot.knowledge.tokens import tokenizer_of
from copilot.model.embedding import open_embedding
from copilot.model.gateway import Connections
from copilot.model.prompts import Prompts
from copilot.settings import Settings
from copilot.store.ending import end
from copilot.store.engine import Store
from copilot.store.listener import Listener, listening
from copilot.store.tables import ShopRow
from copilot.web.metrics import Exposition
from copilot.web.recent import RecentOrders

_NOTED_WITHIN: Final = 2.0
"""Seconds that the notes of those who left may still take when the process ends."""


@dataclass(frozen=True)
class Parts:
    """The parts of one web process.

    ``stopping`` is set when the process is told to end: streams finish then by themselves. ``warming`` loads the rules
    in the background and says whether they could be loaded. ``pictures`` fetches what messages show, apart from the
    platforms' calls: it keeps no cookie and no connection. ``search`` finds what shops know, ``knowledge`` knows the
    goods of a shop; null: nobody does. ``known`` remembers the rows of the lists. ``leaving`` is what readers who are
    gone still have to have noted.
    """

    settings: Settings
    store: Store
    clock: Clock
    listener: Listener
    inbound: Inbound
    lookup: Lookup
    recent: RecentOrders
    shops: Shops
    accounts: Accounts
    warming: Warming
    profiles: Profiles
    exposition: Exposition
    pictures: httpx.AsyncClient
    search: Search
    knowledge: KnowledgeOf | None = None
    known: KnownRows = field(default_factory=KnownRows)
    leaving: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def lifetimes(self) -> Lifetimes:
        """How long logins last."""
        return Lifetimes.of(self.settings)

    async def rules(self, shop: ShopRow, merchant_slug: str) -> Rules:
        """The rules of a shop; in a thread, because the first time reads and compiles files."""
        return await asyncio.to_thread(self.shops.of_shop, shop, merchant_slug, self.clock.now())


@asynccontextmanager
async def open_parts(
    store: Store,
    settings: Settings,
    clock: Clock | None = None,
    *,
    adapters: Registry | None = None,
    shops: Shops | None = None,
) -> AsyncGenerator[Parts]:
    """The parts over an open store; ``adapters`` are those installed unless given, ``shops`` may bring loaded rules.

    Raises:
        BadConfiguration: a folder or the key for stored settings cannot be used.
    """
    clock = clock or SystemClock()
    folders = policy_folders(settings.policies_dir)
    connections = Connections()
    search = Search(store, tokenizer_of(folders), open_embedding(settings, clock, connections))
    adapters = installed(settings.adapters) if adapters is None else adapters
    prompts = Prompts(prompt_folders(settings.prompts_dir), settings.cache_dir)
    shops = shops or Shops(folders, prompts, settings.cache_dir, limits_of=adapters.limits_of)
    warming = Warming(store, shops, clock)
    async with (
        open_accounts(store, settings, clock, adapters) as accounts,
        listening(store.listen_url) as listener,
        _pictures() as pictures,
        following(store, shops, clock, settings.cache_dir / "published", listener),
    ):
        loading = asyncio.create_task(warming.run(), name="load rules")
        try:
            lookup = Lookup(store, accounts, clock)
            parts = Parts(
                settings=settings,
                store=store,
                clock=clock,
                listener=listener,
                inbound=Inbound(store, accounts, folders, clock, keep=timedelta(days=settings.dead_letter_days)),
                lookup=lookup,
                recent=RecentOrders(lookup, clock),
                shops=shops,
                accounts=accounts,
                warming=warming,
                profiles=Profiles(folders),
                exposition=Exposition(store, clock),
                pictures=pictures,
                search=search,
                knowledge=stored_knowledge(store, search, clock),
            )
            yield parts
            if parts.leaving:
                await asyncio.wait(parts.leaving, timeout=_NOTED_WITHIN)
        finally:
            await connections.aclose()
            await end(loading)


def _pictures() -> httpx.AsyncClient:
    """A client for strangers' pictures: few at a time, and nothing of one is remembered for the next."""
    return httpx.AsyncClient(
        trust_env=False,
        follow_redirects=False,
        timeout=httpx.Timeout(10.0, connect=5.0, pool=5.0),
        # Connections are made by address: a kept one would serve another name with the first one's certificate.
        limits=httpx.Limits(max_connections=8, max_keepalive_connections=0),
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        headers={"User-Agent": f"reply-copilot/{__version__}"},
    )
