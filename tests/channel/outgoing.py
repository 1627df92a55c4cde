"""A shop whose platform keeps a record, and what tests need to queue replies and to look at what became of them."""

import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from cryptography.fernet import Fernet
from sqlalchemy import select
from sqlalchemy import text as sql

from copilot.access.vault import Vault
from copilot.assets import policy_folders
from copilot.channel.accounts import Accounts
from copilot.channel.outbox import Outbox
from copilot.channel.registry import Registry
from copilot.channel.typed import queue_typed
from copilot.domain.clock import FrozenClock
from copilot.domain.message import Role, SentBy
from copilot.domain.plan import Promise
from copilot.flow.judging import text_hash
from copilot.sdk import ADAPTER_API, Account, AdapterSettings, Level, Limits, PlatformMessage, Receipt, Reply, Transport
from copilot.store import timers
from copilot.store.engine import Store
from copilot.store.tables import (
    ConversationRow,
    DecisionRow,
    DraftRow,
    EventRow,
    MerchantRow,
    MessageRow,
    OutboxRow,
    ShopRow,
    TimerRow,
)

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
SETTLE = 10.0
"""Of the profile that the shop has; a test holds this to the profile."""


@dataclass
class Platform:
    """What the platform has: one conversation's messages of the shop's side, and how it treats the next calls.

    ``script`` holds what happens to the next sends: None takes it, an exception refuses it, a pair ``(when, error)``
    stores it and raises; with ``when`` in seconds the message appears that much later.
    """

    clock: FrozenClock
    said: list[PlatformMessage] = field(default_factory=list[PlatformMessage])
    script: list[Any] = field(default_factory=list[Any])
    unreadable: list[Exception] = field(default_factory=list[Exception])
    sends: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    reads: int = 0
    skew: timedelta = timedelta(0)

    def put(self, text: str, later: float = 0) -> PlatformMessage:
        """A message of the shop's side stands in the conversation; a colleague may have written it."""
        at = self.clock.now() + timedelta(seconds=later) + self.skew
        message = PlatformMessage(message_id=f"p{len(self.said) + 1}", text=text, sent_at=at)
        self.said.append(message)
        return message

    def take(self, reply: Reply, key: str) -> Receipt:
        self.sends.append((reply.text, key))
        fate = self.script.pop(0) if self.script else None
        if isinstance(fate, BaseException):
            raise fate
        if isinstance(fate, tuple):
            self.put(reply.text, fate[0])
            raise fate[1]
        message = self.put(reply.text)
        return Receipt(message_id=message.message_id, sent_at=message.sent_at)

    def texts(self) -> list[str]:
        return [message.text for message in self.said]


@dataclass
class Bare:
    """An adapter that can only send."""

    platform: Platform
    name: str = "platform"
    api: int = ADAPTER_API
    transport: Transport = Transport.PUBLIC
    settings: type[AdapterSettings] = AdapterSettings
    idempotent_send: bool = False
    limits: Limits = field(default_factory=Limits)
    level: Level = Level.LISTED

    async def send(self, account: Account, reply: Reply, idempotency_key: str) -> Receipt:
        return self.platform.take(reply, idempotency_key)


@dataclass
class Keyed(Bare):
    """An adapter whose platform knows keys: the same one again is the same message."""

    idempotent_send: bool = True
    taken: dict[str, PlatformMessage] = field(default_factory=dict[str, PlatformMessage])

    async def send(self, account: Account, reply: Reply, idempotency_key: str) -> Receipt:
        known = self.taken.get(idempotency_key)
        if known is not None:
            self.platform.sends.append((reply.text, idempotency_key))
            return Receipt(message_id=known.message_id, sent_at=known.sent_at)
        before = len(self.platform.said)
        try:
            return self.platform.take(reply, idempotency_key)
        finally:
            if len(self.platform.said) > before:
                self.taken[idempotency_key] = self.platform.said[-1]


@dataclass
class Recorded(Bare):
    """An adapter whose platform's record can be read."""

    async def sent_since(self, account: Account, conversation: str, since: datetime) -> tuple[PlatformMessage, ...]:
        self.platform.reads += 1
        if self.platform.unreadable:
            raise self.platform.unreadable.pop(0)
        now = self.platform.clock.now() + self.platform.skew
        return tuple(message for message in self.platform.said if since <= message.sent_at <= now)


@dataclass
class Desk:
    """One shop with one conversation, an outbox over it, and the platform behind it."""

    store: Store
    outbox: Outbox
    platform: Platform
    clock: FrozenClock
    merchant: uuid.UUID
    shop: ShopRow
    conversation: uuid.UUID
    heard: int = 0

    async def typed(self, text: str, id: uuid.UUID | None = None, owes: Sequence[Promise] = ()) -> uuid.UUID:
        """A person types a reply; returns its id."""
        id = id or uuid.uuid4()
        async with self.store.merchant(self.merchant) as session:
            await queue_typed(
                session,
                merchant=self.merchant,
                shop=self.shop.id,
                conversation=self.conversation,
                id=id,
                text=text,
                by="agent-1",
                clock=self.clock,
                owes=owes,
            )
        return id

    async def approved(
        self, text: str, *, burst: tuple[str, ...] = (), view: dict[str, Any] | None = None
    ) -> uuid.UUID:
        """A draft that an agent accepted, queued as the decision queues it; returns the reply's id."""
        now, draft, reply = self.clock.now(), uuid.uuid4(), uuid.uuid4()
        shared = {"merchant": self.merchant, "created_at": now, "updated_at": now}
        place = {"shop": self.shop.id, "conversation": self.conversation}
        async with self.store.merchant(self.merchant) as session:
            session.add(
                DraftRow(
                    id=draft,
                    state="approved",
                    text=text,
                    text_hash=text_hash(text),
                    flow_version="f",
                    burst=list(burst),
                    view=view,
                    **shared,
                    **place,
                )
            )
            await session.flush()
            session.add(
                DecisionRow(
                    merchant=self.merchant,
                    id=uuid.uuid4(),
                    draft=draft,
                    revision=1,
                    kind="accept",
                    text_hash=text_hash(text),
                    by="agent-1",
                    at=now,
                )
            )
            session.add(
                OutboxRow(
                    id=reply,
                    source_kind="draft",
                    source_id=draft,
                    text=text,
                    state="queued",
                    by="agent-1",
                    **shared,
                    **place,
                )
            )
        return reply

    async def send(self, reply: uuid.UUID, tries: int = 0) -> OutboxRow:
        """The job runs once; returns the row as it stands then."""
        await self.outbox.send(self.merchant, reply, tries)
        return await self.row(reply)

    async def until_settled(self, reply: uuid.UUID, seconds: float = 7200) -> OutboxRow:
        """Let the reply's timer fire whenever it is due, as a worker does, until nothing is armed any more."""
        end = self.clock.now() + timedelta(seconds=seconds)
        while (timer := await self.timer(reply)) is not None and timer.due_at <= end:
            self.clock.advance(max(0.0, (timer.due_at - self.clock.now()).total_seconds()))
            async with self.store.system() as session:
                await timers.cancel(session, timer.kind, timer.ref)
            await self.outbox.send(self.merchant, reply, timer.attempt)
        return await self.row(reply)

    async def hears(self, role: Role, text: str, *, id: str | None = None, **more: Any) -> str:
        """A message is stored as the inbox stores it; returns the platform's id."""
        self.heard += 1
        id = id or f"in{self.heard}"
        values = {"kind": "text", "sent_at": self.clock.now(), "received_at": self.clock.now(), **more}
        async with self.store.merchant(self.merchant) as session:
            session.add(
                MessageRow(
                    merchant=self.merchant,
                    id=uuid.uuid4(),
                    conversation=self.conversation,
                    platform_message_id=id,
                    role=role,
                    text=text,
                    **values,
                )
            )
        return id

    async def echoes(self, message: PlatformMessage, sent_by: SentBy | None = SentBy.PERSON) -> None:
        """The platform tells us of a message of the shop's side."""
        await self.hears(Role.AGENT, message.text, id=message.message_id, sent_at=message.sent_at, sent_by=sent_by)

    async def row(self, reply: uuid.UUID) -> OutboxRow:
        async with self.store.merchant(self.merchant) as session:
            return (await session.scalars(select(OutboxRow).where(OutboxRow.id == reply))).one()

    async def draft_of(self, reply: uuid.UUID) -> DraftRow:
        source = (await self.row(reply)).source_id
        async with self.store.merchant(self.merchant) as session:
            return (await session.scalars(select(DraftRow).where(DraftRow.id == source))).one()

    async def rows(self, table: type[Any]) -> list[Any]:
        async with self.store.merchant(self.merchant) as session:
            return list(await session.scalars(select(table)))

    async def messages(self) -> list[MessageRow]:
        async with self.store.merchant(self.merchant) as session:
            return list(await session.scalars(select(MessageRow).order_by(MessageRow.position)))

    async def topics(self) -> list[str]:
        async with self.store.merchant(self.merchant) as session:
            return list(await session.scalars(select(EventRow.topic).order_by(EventRow.id)))

    async def timer(self, reply: uuid.UUID) -> TimerRow | None:
        async with self.store.system() as session:
            return await session.scalar(select(TimerRow).where(TimerRow.ref == str(reply)))

    async def jobs(self, task: str) -> list[dict[str, Any]]:
        """The arguments of the jobs of a task that were put in, oldest first."""
        query = sql("SELECT args FROM procrastinate_jobs WHERE task_name = :task ORDER BY id")
        async with self.store.system() as session:
            return list((await session.scalars(query, {"task": task})).all())


@asynccontextmanager
async def open_desk(store: Store, adapter: Callable[[Platform], Bare] = Recorded) -> AsyncIterator[Desk]:
    """A merchant with a shop and one conversation, all at noon."""
    clock = FrozenClock(NOON)
    platform = Platform(clock)
    merchant, conversation = uuid.uuid4(), uuid.uuid4()
    shop = _shop(merchant, clock.now())
    async with store.merchant(merchant) as session:
        session.add(MerchantRow(id=merchant, slug=f"m-{merchant.hex[:8]}", name="M", created_at=clock.now()))
        await session.flush()
        session.add(shop)
        await session.flush()
        session.add(
            ConversationRow(
                merchant=merchant,
                id=conversation,
                shop=shop.id,
                platform_conversation_id="c1",
                created_at=clock.now(),
                updated_at=clock.now(),
            )
        )
    async with httpx.AsyncClient(trust_env=False) as http:
        vault = Vault([Fernet.generate_key().decode()], "a test")
        accounts = Accounts(store, vault, Registry([adapter(platform)]), clock, http, policy_folders())
        outbox = Outbox(store, accounts, clock, policy_folders())
        yield Desk(store, outbox, platform, clock, merchant, shop, conversation)


def _shop(merchant: uuid.UUID, now: datetime) -> ShopRow:
    return ShopRow(
        merchant=merchant,
        id=uuid.uuid4(),
        slug="cups",
        name="Cups",
        platform="tiktok_shop",
        market="us",
        platform_shop_id="shop-1",
        adapter="platform",
        zone="America/New_York",
        pack="tiktok_shop.us",
        profile="tiktok_shop.us",
        posture="draft_only",
        settings={},
        created_at=now,
    )
