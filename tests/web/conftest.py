"""Two merchants with a shop each before a web application, people of every kind, and a platform that signs."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import select

from copilot.access import people, tokens
from copilot.access.merchants import NewShop, add_merchant, add_shop
from copilot.access.principal import Role
from copilot.access.vault import Vault
from copilot.assets import policy_folders, prompt_folders
from copilot.channel.registry import Registry
from copilot.domain.clock import FrozenClock
from copilot.flow.driver import Driver
from copilot.flow.graph import compile_graph
from copilot.flow.shops import Shops
from copilot.flow.threads import Threads
from copilot.model.prompts import Prompts
from copilot.sdk import FoundBuyer, FoundOrder
from copilot.settings import Settings
from copilot.store.engine import Store
from copilot.store.tables import Base, ConversationRow, DraftRow, ShopRow
from copilot.web.app import make_app
from copilot.web.parts import Parts, open_parts
from tests.channel.platform import NOON, PlainAdapter, PlainSettings, said, signature
from tests.orders import delivered_cups

PASSWORD = "correct horse battery"
ORIGIN = "http://desk.test"
ORDER = "6920348170035512"
_THREADS = Threads(compile_graph())
"""Keeps nothing from one run to the next."""


def cups(id: str = ORDER, key: str = "key-c1") -> FoundOrder:
    """A delivered order of four cups, ¥59.90."""
    order = delivered_cups(id, NOON)
    return FoundOrder(order=order, buyer_key=key)


@dataclass
class Web:
    """The application with what it works on; ``shop`` and ``other_shop`` belong to two merchants."""

    store: Store
    parts: Parts
    app: FastAPI
    clock: FrozenClock
    adapter: PlainAdapter
    merchant: uuid.UUID
    other: uuid.UUID
    shop: uuid.UUID
    other_shop: uuid.UUID
    driver: Driver
    clients: list[httpx.AsyncClient] = field(default_factory=list[httpx.AsyncClient])
    told: int = 0

    def stranger(self) -> httpx.AsyncClient:
        """A browser that nobody has signed in with."""
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
        client = httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers={"Origin": ORIGIN})
        self.clients.append(client)
        return client

    async def enter(self, login: str = "agent") -> httpx.AsyncClient:
        """A browser in which ``login`` is signed in, with the CSRF token at hand."""
        client = self.stranger()
        answer = await client.post("/api/login", json={"login": login, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        client.headers["X-CSRF-Token"] = answer.json()["csrf"]
        return client

    async def machine(self, role: Role = Role.AGENT, name: str = "machine") -> httpx.AsyncClient:
        """A program with a token."""
        client = self.stranger()
        del client.headers["Origin"]
        client.headers["Authorization"] = (
            f"Bearer {await tokens.add(self.store, self.merchant, name, role, self.clock)}"
        )
        return client

    async def deliver(self, *events: dict[str, Any], secret: str = "secret-1") -> httpx.Response:
        """A delivery of the platform."""
        body = json.dumps({"shops": list(dict.fromkeys(one["shop"] for one in events)), "events": events}).encode()
        return await self.stranger().post("/in/plain", content=body, headers={"sign": signature(secret, body)})

    async def buyer(self, words: str, conversation: str = "c1", shop: str = "s1", **more: Any) -> uuid.UUID:
        """The buyer writes; our id of the conversation."""
        self.told += 1
        self.clock.advance(1)
        event = said(
            shop,
            f"m{self.told}",
            words,
            conversation=conversation,
            sent_at=self.clock.now().isoformat(),
            nickname=f"buyer of {conversation}",
            **more,
        )
        answer = await self.deliver(event, secret="secret-1" if shop == "s1" else "secret-2")
        assert answer.status_code == 200, answer.text
        merchant = self.merchant if shop == "s1" else self.other
        async with self.store.merchant(merchant) as session:
            query = select(ConversationRow.id).where(ConversationRow.platform_conversation_id == conversation)
            return (await session.scalars(query)).one()

    async def draft(self, conversation: uuid.UUID, merchant: uuid.UUID | None = None) -> DraftRow:
        """Let the worker's job draft; the newest draft."""
        self.clock.advance(0.1)
        await self.driver.draft_conversation(merchant or self.merchant, conversation)
        rows = await self.rows(DraftRow, merchant)
        return max((row for row in rows if row.conversation == conversation), key=lambda row: row.created_at)

    async def rows(self, table: type[Base], merchant: uuid.UUID | None = None) -> list[Any]:
        """All rows of a merchant."""
        async with self.store.merchant(merchant or self.merchant) as session:
            return list(await session.scalars(select(table)))

    async def broken_cups(self, conversation: str = "c1", shop: str = "s1") -> tuple[uuid.UUID, DraftRow]:
        """A buyer whose cups came broken, with the draft that offers A or B."""
        self.adapter.buyers[conversation] = FoundBuyer(
            order_key=f"key-{conversation}", orders=(cups(key=f"key-{conversation}"),)
        )
        talk = await self.buyer("", conversation, shop, kind="image")
        await self.buyer("收到碎了两个!!包装也太随便了吧", conversation, shop, entered_from_order=ORDER)
        return talk, await self.draft(talk, self.merchant if shop == "s1" else self.other)


@pytest.fixture(scope="session")
def rules(compiled: Path) -> Shops:
    """Shipped rules, loaded once for all tests."""
    shops = Shops(policy_folders(), Prompts(prompt_folders(), compiled), compiled)
    # Compiling takes seconds of this process: nobody's delivery may come in between.
    asyncio.run(_loaded(shops))
    return shops


async def _loaded(shops: Shops) -> None:
    clock = FrozenClock(NOON)
    for number in (1, 2):
        row = ShopRow(slug="cups", pack="douyin.cn", profile="douyin.cn", zone="Asia/Shanghai")
        shops.of_shop(row, f"m{number}", clock.now())
    for name in ("douyin.cn", "tiktok_shop.us", "generic"):
        platform, _, market = name.partition(".")
        shops.of_platform(platform, market, clock.now(), pack=name)


@asynccontextmanager
async def open_web(store: Store, rules: Shops, folder: Path) -> AsyncIterator[Web]:
    """The application over ``store``, with its merchants."""
    clock, adapter = FrozenClock(NOON), PlainAdapter()
    settings = Settings.model_validate({"data_dir": folder})
    vault = Vault.load(settings)
    merchants: list[uuid.UUID] = []
    shops: list[uuid.UUID] = []
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
        shops.append(await add_shop(store, vault, merchant, new, clock))
        merchants.append(merchant)
    for login, role, merchant in (("agent", Role.AGENT, 0), ("qa", Role.QA, 0), ("stranger", Role.AGENT, 1)):
        await people.add_person(store, merchants[merchant], login, login.title(), role, "zh", PASSWORD, clock)
    async with open_parts(store, settings, clock, adapters=Registry([adapter]), shops=rules) as parts:
        driver = Driver(store, _THREADS, rules, clock, book=parts.lookup)
        web = Web(store, parts, make_app(parts), clock, adapter, *merchants, *shops, driver)
        yield web
        for client in web.clients:
            await client.aclose()


@pytest.fixture
async def web(store: Store, rules: Shops, tmp_path: Path) -> AsyncIterator[Web]:
    """The application with two merchants."""
    async with open_web(store, rules, tmp_path) as made:
        yield made
