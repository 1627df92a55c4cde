"""A platform of our own for tests: signed deliveries in, orders to look up, and everything that may go wrong."""

import asyncio
import hashlib
import hmac
import json
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
from pydantic import SecretStr
from sqlalchemy import select, text

from copilot.access.merchants import NewShop, add_merchant, add_shop
from copilot.access.vault import Vault
from copilot.assets import policy_folders
from copilot.channel.accounts import Accounts
from copilot.channel.inbound import Inbound
from copilot.channel.lookup import Lookup
from copilot.channel.registry import Registry
from copilot.domain.clock import FrozenClock
from copilot.domain.message import Message
from copilot.domain.order import Order, OrderStatus
from copilot.sdk import (
    ADAPTER_API,
    Account,
    AdapterSettings,
    Answer,
    ConversationChanged,
    Deauthorized,
    Delivery,
    Event,
    FoundBuyer,
    FoundOrder,
    Identity,
    Level,
    Limits,
    Malformed,
    MessageEvent,
    OrderChanged,
    Receipt,
    Reply,
    Transport,
    Who,
)
from copilot.store.engine import Store
from copilot.store.tables import Base, ShopRow

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
EVENTS: Mapping[str, type[Any]] = {
    "message": MessageEvent,
    "order_changed": OrderChanged,
    "conversation_changed": ConversationChanged,
    "deauthorized": Deauthorized,
}


class PlainSettings(AdapterSettings):
    """One secret."""

    secret: SecretStr
    app: str | None = None

    def app_id(self) -> str | None:
        return self.app


@dataclass
class PlainAdapter:
    """Deliveries are JSON ``{"shops": [...], "app": …, "events": [...]}``, signed with the shop's secret.

    ``buyers`` are answers by the platform's id of a conversation, ``orders`` by number; an exception is raised.
    """

    name: str = "plain"
    api: int = ADAPTER_API
    transport: Transport = Transport.PUBLIC
    settings: type[AdapterSettings] = PlainSettings
    idempotent_send: bool = False
    limits: Limits = field(default_factory=Limits)
    level: Level = Level.LISTED
    buyers: dict[str, FoundBuyer | Exception] = field(default_factory=dict)
    found: dict[str, FoundOrder | Exception] = field(default_factory=dict)
    asked: list[Who] = field(default_factory=list)
    asked_orders: list[str] = field(default_factory=list)
    hold: asyncio.Event | None = None
    asking: asyncio.Event = field(default_factory=asyncio.Event)
    breaks: str = ""

    def identify(self, delivery: Delivery) -> Identity:
        if self.breaks == "identify":
            raise KeyError("identify")
        try:
            body = json.loads(delivery.body)
            return Identity(shops=tuple(dict.fromkeys(body["shops"])), app=body.get("app"))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise Malformed("no delivery") from None

    def verify(self, delivery: Delivery, account: Account) -> bool:
        if self.breaks == "verify":
            raise KeyError("verify")
        given = delivery.headers.get("sign", "").encode("utf-8", "replace")
        return hmac.compare_digest(given, signature(account.settings.secret.get_secret_value(), delivery.body).encode())

    def parse(self, delivery: Delivery, account: Account) -> tuple[Event, ...]:
        if self.breaks == "parse":
            raise KeyError("13812345678")
        found: list[Event] = []
        for one in json.loads(delivery.body)["events"]:
            try:
                found.append(EVENTS[one["type"]].model_validate(one))
            except KeyError:
                continue
            except ValueError:
                raise Malformed("an event cannot be read") from None
        return tuple(found)

    def acknowledge(self, delivery: Delivery, account: Account) -> Answer:
        if self.breaks == "acknowledge":
            raise KeyError("acknowledge")
        return Answer(body=b"taken")

    async def send(self, account: Account, reply: Reply, idempotency_key: str) -> Receipt:
        raise NotImplementedError

    async def buyer(self, account: Account, who: Who) -> FoundBuyer:
        self.asked.append(who)
        self.asking.set()
        if self.hold is not None:
            await self.hold.wait()
        return _answer(self.buyers.get(who.conversation, FoundBuyer()))

    async def order(self, account: Account, order_id: str) -> FoundOrder | None:
        self.asked_orders.append(order_id)
        if self.hold is not None:
            await self.hold.wait()
        found = self.found.get(order_id)
        return None if found is None else _answer(found)


def _answer(found: Any) -> Any:
    if isinstance(found, Exception):
        raise found
    return found


def signature(secret: str, body: bytes) -> str:
    """What the platform signs a body with."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def delivery(secret: str, *events: Mapping[str, Any], shops: tuple[str, ...] | None = None, **more: Any) -> Delivery:
    """A signed delivery that names the shops of its events, or ``shops``."""
    named = list(dict.fromkeys(one["shop"] for one in events)) if shops is None else list(shops)
    body = json.dumps({"shops": named, "events": list(events), **more}).encode()
    return Delivery("POST", {"sign": signature(secret, body)}, {}, body)


def said(shop: str, id: str, words: str = "hello", *, conversation: str = "c1", **more: Any) -> dict[str, Any]:
    """The event of a message; ``role``, ``sent_at``, ``kind`` … go into the message, the rest into the event."""
    inner = {name: more.pop(name) for name in list(more) if name in Message.model_fields}
    message = {"id": id, "role": "buyer", "text": words, "sent_at": NOON.isoformat(), **inner}
    buyer = {"buyer": f"b-{conversation}"} if message["role"] == "buyer" else {}
    return {"type": "message", "shop": shop, "conversation": conversation, "message": message, **buyer, **more}


def order(id: str, key: str | None = None, status: str = "shipped", minute: int = 0) -> FoundOrder:
    """An order of the buyer with ``key``."""
    created = NOON.replace(day=1, minute=minute)
    return FoundOrder(order=Order(id=id, status=OrderStatus(status), created_at=created), buyer_key=key)


@dataclass
class Channel:
    """Two merchants with a shop each ("s1" signed with "secret-1", "s2" with "secret-2"), and what works on them."""

    store: Store
    accounts: Accounts
    adapter: PlainAdapter
    clock: FrozenClock
    inbound: Inbound
    lookup: Lookup
    merchants: dict[str, uuid.UUID]

    async def take(self, *events: Mapping[str, Any], secret: str = "secret-1", **more: Any) -> Answer:
        """A good delivery arrives."""
        return await self.inbound.take("plain", delivery(secret, *events, **more))

    async def rows(self, table: type[Base], shop: str = "s1") -> list[Any]:
        """All rows of the merchant of ``shop``, in the order of insertion where the table has one."""
        async with self.store.merchant(self.merchants[shop]) as session:
            query = select(table)
            if hasattr(table, "position"):
                query = query.order_by(table.position)
            return list(await session.scalars(query))

    async def shop(self, platform_id: str = "s1") -> ShopRow:
        """The shop's row."""
        rows: list[ShopRow] = await self.rows(ShopRow, platform_id)
        return rows[0]

    async def jobs(self) -> list[str]:
        """The tasks that wait, in order."""
        async with self.store.system() as session:
            rows = await session.execute(text("SELECT task_name FROM procrastinate_jobs ORDER BY id"))
            return list(rows.scalars())

    async def topics(self, shop: str = "s1") -> list[str]:
        """The topics told to watchers of the merchant of ``shop``, in order."""
        async with self.store.merchant(self.merchants[shop]) as session:
            return list((await session.execute(text("SELECT topic FROM events ORDER BY id"))).scalars())


@asynccontextmanager
async def open_channel(store: Store, adapter: PlainAdapter | None = None) -> AsyncIterator[Channel]:
    """The two shops on ``store``."""
    clock, adapter = FrozenClock(NOON), adapter or PlainAdapter()
    vault = Vault(["q0Vc2kgSk9vJ9Fh8c4sEJ3zM1qvkz1yQm1lXk5m0n3E="], "test")
    merchants: dict[str, uuid.UUID] = {}
    for number in (1, 2):
        merchant = await add_merchant(store, f"m{number}", f"Merchant {number}", clock)
        new = NewShop(
            slug="cups",
            name="Cups",
            platform="douyin",
            market="cn",
            platform_shop_id=f"s{number}",
            adapter="plain",
            pack="douyin.cn",
            profile="douyin.cn",
            zone="Asia/Shanghai",
            settings=PlainSettings(secret=SecretStr(f"secret-{number}"), app=f"app{number}"),
        )
        await add_shop(store, vault, merchant, new, clock)
        merchants[f"s{number}"] = merchant
    async with httpx.AsyncClient(trust_env=False) as http:
        accounts = Accounts(store, vault, Registry([adapter]), clock, http)
        inbound = Inbound(store, accounts, policy_folders(), clock)
        yield Channel(store, accounts, adapter, clock, inbound, Lookup(store, accounts, clock), merchants)
