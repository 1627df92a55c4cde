"""A shop on a real database, a driver over it, and an adapter that remembers what it was asked to send."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select

from copilot.access.vault import Vault
from copilot.assets import policy_folders
from copilot.channel.accounts import Accounts
from copilot.channel.inbox import receive
from copilot.channel.outbox import Outbox
from copilot.channel.registry import Registry
from copilot.channel.typed import queue_typed
from copilot.clock import load_profile
from copilot.domain.clock import Clock, FrozenClock
from copilot.domain.draft import DraftState
from copilot.domain.message import Message, Role
from copilot.domain.plan import Promise
from copilot.flow.checkpoints import open_saver
from copilot.flow.driver import Driver
from copilot.flow.graph import compile_graph
from copilot.flow.shops import Shops
from copilot.flow.threads import Threads
from copilot.sdk import ADAPTER_API, Account, AdapterSettings, Level, Limits, MessageEvent, Receipt, Reply, Transport
from copilot.store.engine import Store
from copilot.store.tables import DirectoryRow, DraftRow, MerchantRow, MessageRow, OutboxRow, ShopRow

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


@dataclass
class RecordingAdapter:
    """Keeps every call; ``behaviour`` may raise instead of answering."""

    name: str = "recording"
    api: int = ADAPTER_API
    transport: Transport = Transport.PUBLIC
    settings: type[AdapterSettings] = AdapterSettings
    idempotent_send: bool = False
    limits: Limits = field(default_factory=Limits)
    level: Level = Level.LISTED
    calls: list[tuple[Reply, str]] = field(default_factory=list[tuple[Reply, str]])
    behaviour: Callable[[], None] = lambda: None

    async def send(self, account: Account, reply: Reply, idempotency_key: str) -> Receipt:
        self.calls.append((reply, idempotency_key))
        self.behaviour()
        return Receipt(message_id=f"platform-{len(self.calls)}")


@dataclass
class World:
    """One merchant with one shop, and everything that works on it."""

    store: Store
    driver: Driver
    outbox: Outbox
    adapter: RecordingAdapter
    clock: FrozenClock
    merchant: uuid.UUID
    shop: ShopRow
    said: int = 0

    async def buyer(self, text: str, conversation: str = "c1", clock: Clock | None = None) -> uuid.UUID:
        """The buyer writes; returns our id of the conversation."""
        return await self.hears(Role.BUYER, text, conversation, clock)

    async def types(self, conversation: uuid.UUID, text: str, promises: tuple[Promise, ...] = ()) -> uuid.UUID:
        """An agent's own reply, sent; returns its id."""
        reply = uuid.uuid4()
        async with self.store.merchant(self.merchant) as session:
            await queue_typed(
                session,
                merchant=self.merchant,
                shop=self.shop.id,
                conversation=conversation,
                id=reply,
                text=text,
                by="agent-1",
                clock=self.clock,
                owes=promises,
            )
        await self.outbox.send(self.merchant, reply)
        return reply

    async def hears(self, role: Role, text: str, conversation: str = "c1", clock: Clock | None = None) -> uuid.UUID:
        """A message arrives from the platform."""
        self.said += 1
        now = clock or self.clock
        message = Message(id=f"m{self.said}", role=role, text=text, sent_at=now.now(), sent_by=None)
        async with self.store.merchant(self.merchant) as session:
            profile = load_profile(self.shop.profile, policy_folders(), now.now())
            event = MessageEvent(
                shop=self.shop.platform_shop_id,
                conversation=conversation,
                message=message,
                buyer=f"buyer-{conversation}",
            )
            return (await receive(session, self.shop, event, profile, now)).conversation

    async def draft(self, conversation: uuid.UUID) -> DraftRow:
        """Run the drafting job and return the newest draft."""
        await self.driver.draft_conversation(self.merchant, conversation)
        return (await self.drafts(conversation))[-1]

    async def drafts(self, conversation: uuid.UUID) -> list[DraftRow]:
        """All drafts of the conversation, oldest first."""
        async with self.store.merchant(self.merchant) as session:
            rows = (await session.scalars(select(DraftRow).where(DraftRow.conversation == conversation))).all()
            said = select(MessageRow.platform_message_id, MessageRow.position)
            known = await session.execute(said.where(MessageRow.conversation == conversation))
            place: dict[str, int] = {id: position for id, position in known.all()}
        # The clock stands still: what was made at one time is told apart by what it answers.
        return sorted(rows, key=lambda row: (row.created_at, max((place.get(id, 0) for id in row.burst), default=0)))

    async def composed(self, conversation: uuid.UUID, seconds: float = 40) -> DraftRow:
        """The draft, once its composed text is kept while a model is still asked."""
        return await self._until(conversation, lambda row: row.composed is not None, seconds)

    async def reaches(self, row: DraftRow, state: DraftState, seconds: float) -> DraftRow:
        """The same draft in ``state``; fails when it is not there in time."""
        return await self._until(row.conversation, lambda found: found.state == state, seconds)

    async def _until(self, conversation: uuid.UUID, true: Callable[[DraftRow], bool], seconds: float) -> DraftRow:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for row in await self.drafts(conversation):
                if true(row):
                    return row
            await asyncio.sleep(0.05)
        raise AssertionError(f"still {[row.state for row in await self.drafts(conversation)]}")

    async def replies(self) -> list[OutboxRow]:
        """The outbox, in order."""
        async with self.store.merchant(self.merchant) as session:
            return list(await session.scalars(select(OutboxRow).order_by(OutboxRow.position)))


NewWorld = Callable[..., Awaitable[World]]


async def make_shop(store: Store, now: datetime) -> tuple[uuid.UUID, ShopRow]:
    """A merchant with a Chinese shop."""
    merchant = uuid.uuid4()
    slug = f"m-{merchant.hex[:8]}"
    async with store.merchant(merchant) as session:
        session.add(MerchantRow(id=merchant, slug=slug, name="Merchant", created_at=now))
        await session.flush()
        shop = ShopRow(
            merchant=merchant,
            id=uuid.uuid4(),
            slug="cups",
            name="Cups",
            platform="douyin",
            market="cn",
            platform_shop_id="shop-1",
            adapter="recording",
            zone="Asia/Shanghai",
            pack="douyin.cn",
            profile="douyin.cn",
            posture="draft_only",
            settings={},
            created_at=now,
        )
        session.add(shop)
        await session.flush()
        session.add(DirectoryRow(kind="shop", key=f"recording:{slug}", merchant=merchant, shop=shop.id))
    return merchant, shop


@pytest.fixture
async def world(store: Store, shops: Shops) -> AsyncIterator[World]:
    """A shop with a driver that has no model."""
    clock = FrozenClock(NOON)
    merchant, shop = await make_shop(store, clock.now() - timedelta(days=1))
    adapter = RecordingAdapter()
    async with open_saver(store) as saver, httpx.AsyncClient(trust_env=False) as http:
        driver = Driver(store, Threads(compile_graph(saver)), shops, clock)
        vault = Vault([Fernet.generate_key().decode()], "a test")
        accounts = Accounts(store, vault, Registry([adapter]), clock, http, policy_folders())
        yield World(store, driver, Outbox(store, accounts, clock, policy_folders()), adapter, clock, merchant, shop)
